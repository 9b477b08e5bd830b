/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads: workers, in which handlers may wait; and the reaper, which cuts
 * connections at absolute deadlines and gives parked requests another turn.
 *
 *   1. An exchange is in one place: the queue, a worker, parked, the library.
 *   2. A wake that comes while a handler decides to park is not lost: each
 *      wake has a number, and who parks with one that is older than the last
 *      wake of its key goes back to the queue.
 *   3. A worker's arena is wiped after each turn, and given back when idle.
 *   4. Of idle workers the one that worked last is called first, so that under
 *      little load few of them have anything in memory.
 */
#define _GNU_SOURCE /* MADV_DONTDUMP, explicit_bzero(), mincore() */
#include "net/serving.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Kept warm between requests: wiping it costs less than faulting it in. How far
 * a request wrote nobody knows, since what it took may have been wound back;
 * but pages that are there were written to. */
#define WARM (1024u * 1024u)
#define LEAST_PAGE 4096u

enum { STACK = 512 * 1024, IDLE_MS = 1000 };

int64_t net_now(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct timespec moment(int64_t ms)
{
    return (struct timespec){(time_t)(ms / 1000),
                             (long)(ms % 1000) * 1000000};
}

/* ---- connections -------------------------------------------------------- */

/* Under the lock. */
static void alarm_at(net_shared *h, int64_t when)
{
    if (when < h->alarm)
        pthread_cond_signal(&h->clock);
}

void net_pool_add(net_server *s, net_connection *c)
{
    net_shared *h = s->shared;

    pthread_mutex_lock(&h->lock);
    c->next = h->connections;
    if (c->next != NULL)
        c->next->previous = c;
    h->connections = c;
    h->counts.connections++;
    h->counts.open++;
    if (h->stopping) /* it came while the door was being closed */
        (void)shutdown(c->fd, SHUT_RDWR);
    alarm_at(h, c->deadline);
    pthread_mutex_unlock(&h->lock);
}

void net_pool_expect(net_server *s, net_connection *c, int64_t deadline,
                     bool idle)
{
    net_shared *h = s->shared;

    pthread_mutex_lock(&h->lock);
    c->deadline = deadline;
    c->idle     = idle;
    if (idle && h->stopping)
        (void)shutdown(c->fd, SHUT_RDWR);
    alarm_at(h, deadline);
    pthread_mutex_unlock(&h->lock);
}

void net_pool_remove(net_server *s, net_connection *c)
{
    net_shared *h = s->shared;

    pthread_mutex_lock(&h->lock);
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        h->connections = c->next;
    if (c->next != NULL)
        c->next->previous = c->previous;
    h->counts.open--;
    pthread_cond_broadcast(&h->empty);
    pthread_mutex_unlock(&h->lock);
}

void net_pool_cut(net_server *s, bool all)
{
    for (net_connection *c = s->shared->connections; c != NULL; c = c->next)
        if (all || c->idle)
            (void)shutdown(c->fd, SHUT_RDWR);
}

/* ---- the queue ---------------------------------------------------------- */

/* Under the lock. Who is called may find that another was faster. */
static void call_worker(net_shared *h)
{
    net_worker *w = h->idle;

    if (w == NULL)
        return;
    h->idle = w->below;
    w->idle = false;
    pthread_cond_signal(&w->wake);
}

/* Under the lock. */
static void push(net_shared *h, net_exchange *x)
{
    x->next = NULL;
    if (h->last != NULL)
        h->last->next = x;
    else
        h->first = x;
    h->last = x;
    h->queued++;
    call_worker(h);
}

static net_exchange *pull(net_shared *h)
{
    net_exchange *x = h->first;

    if (x != NULL) {
        h->first = x->next;
        if (h->first == NULL)
            h->last = NULL;
        h->queued--;
        x->next = NULL;
    }
    return x;
}

bool net_pool_take(net_server *s, net_exchange *x)
{
    net_shared *h = s->shared;
    bool        fits;

    pthread_mutex_lock(&h->lock);
    fits = !h->ending && h->queued < (size_t)s->worker_count * NET_QUEUE;
    if (fits) {
        h->counts.requests++;
        push(h, x);
    } else {
        h->counts.refused++;
    }
    pthread_mutex_unlock(&h->lock);
    return fits;
}

/* ---- parking ------------------------------------------------------------ */

/* Under the lock: have the parked ones that are DUE called again. */
static void unpark(net_shared *h, bool (*due)(const net_exchange *, int64_t),
                   int64_t what)
{
    net_exchange **at = &h->parked;

    while (*at != NULL) {
        net_exchange *x = *at;
        if (!due(x, what)) {
            at = &x->next;
            continue;
        }
        *at = x->next;
        h->counts.parked--;
        x->http.waited++;
        push(h, x);
    }
}

static bool any(const net_exchange *x, int64_t what)
{
    (void)x;
    (void)what;
    return true;
}

static bool has_key(const net_exchange *x, int64_t key)
{
    return x->key == (uint64_t)key;
}

static bool is_over(const net_exchange *x, int64_t now)
{
    return x->until <= now;
}

void net_server_wake(net_server *s, uint64_t key)
{
    net_shared *h = s->shared;

    pthread_mutex_lock(&h->lock);
    h->wakes[key % NET_WAKES] = ++h->wake;
    unpark(h, has_key, (int64_t)key);
    pthread_mutex_unlock(&h->lock);
}

void net_pool_unpark(net_server *s)
{
    pthread_mutex_lock(&s->shared->lock);
    unpark(s->shared, any, 0);
    pthread_mutex_unlock(&s->shared->lock);
}

/* SINCE is the last wake when the handler was called. False: the server ends,
 * nobody would call it again. */
static bool park(net_shared *h, net_exchange *x, const net_response *response,
                 uint64_t since)
{
    unsigned ms = response->park_ms;

    if (ms > NET_PARK_MOST)
        ms = NET_PARK_MOST;
    x->key   = response->park_key;
    x->until = net_now() + ms;
    pthread_mutex_lock(&h->lock);
    bool stays = !h->stopping;
    if (stays && h->wakes[x->key % NET_WAKES] > since) {
        x->http.waited++;
        push(h, x);
    } else if (stays) {
        x->next   = h->parked;
        h->parked = x;
        h->counts.parked++;
        alarm_at(h, x->until);
    }
    pthread_mutex_unlock(&h->lock);
    return stays;
}

/* ---- workers ------------------------------------------------------------ */

/* Pages that are there are wiped, others given back: they were never written
 * to, or are swapped out. False: it can't be told which. */
static bool wipe_pages(uint8_t *base, size_t len)
{
    unsigned char there[WARM / LEAST_PAGE];
    const size_t  page = (size_t)sysconf(_SC_PAGESIZE);

    if (page < LEAST_PAGE || len % page != 0 || mincore(base, len, there) != 0)
        return false;
    for (size_t i = 0, first = 0; i < len / page; first = i) {
        bool here = (there[i] & 1) != 0;
        while (i < len / page && ((there[i] & 1) != 0) == here)
            i++;
        if (here)
            explicit_bzero(base + first * page, (i - first) * page);
        else
            madvise(base + first * page, (i - first) * page, MADV_DONTNEED);
    }
    return true;
}

static void clean(net_worker *w)
{
    size_t warm = w->arena.cap < WARM ? w->arena.cap : WARM;

    if (!wipe_pages(w->arena.base, warm))
        warm = 0;
    if (w->arena.cap > warm)
        madvise(w->arena.base + warm, w->arena.cap - warm, MADV_DONTNEED);
    w->arena.used = 0;
    w->warm       = true;
}

static void work_on(net_worker *w, net_exchange *x, uint64_t since)
{
    net_server   *s        = w->server;
    net_shared   *h        = s->shared;
    net_response *response = yao_arena_take(&w->arena, sizeof *response);

    x->http.arena  = &w->arena;
    x->http.worker = w->number;
    if (response == NULL) {
        net_exchange_refuse(x, 500);
    } else {
        s->options.handler(s->options.ctx, &x->http, response);
        if (response->park_ms == 0)
            net_exchange_answer(x, response);
        else if (park(h, x, response, since))
            x = NULL;
        else
            net_exchange_refuse(x, 503);
    }
    clean(w);
    pthread_mutex_lock(&h->lock);
    h->counts.busy--;
    pthread_mutex_unlock(&h->lock);
    if (x != NULL)
        MHD_resume_connection(x->mhd);
}

/* Under the lock: until somebody calls; after a second memory goes back. */
static void rest(net_worker *w)
{
    net_shared     *h    = w->server->shared;
    struct timespec when = moment(net_now() + IDLE_MS);

    w->idle  = true;
    w->below = h->idle;
    h->idle  = w;
    while (w->idle && !h->ending) {
        if (!w->warm) {
            pthread_cond_wait(&w->wake, &h->lock);
        } else if (pthread_cond_timedwait(&w->wake, &h->lock, &when) ==
                   ETIMEDOUT) {
            madvise(w->arena.base, w->arena.cap, MADV_DONTNEED);
            w->warm = false;
        }
    }
}

/* Under the lock. False: end. */
static bool wait_for_work(net_worker *w)
{
    net_shared *h = w->server->shared;

    while (h->first == NULL && !h->ending)
        rest(w);
    return h->first != NULL;
}

static void *run_worker(void *ctx)
{
    net_worker *w = ctx;
    net_shared *h = w->server->shared;

    pthread_mutex_lock(&h->lock);
    while (wait_for_work(w)) {
        net_exchange *x     = pull(h);
        uint64_t      since = h->wake;
        h->counts.busy++;
        pthread_mutex_unlock(&h->lock);
        work_on(w, x, since);
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

/* ---- the reaper --------------------------------------------------------- */

/* Under the lock: cut who is late; when is the next? */
static int64_t reap(net_shared *h)
{
    int64_t now = net_now(), next = NET_NEVER;

    for (net_connection *c = h->connections; c != NULL; c = c->next) {
        if (c->deadline <= now) {
            (void)shutdown(c->fd, SHUT_RDWR);
            c->deadline = NET_NEVER;
            h->counts.cut++;
        }
        if (c->deadline < next)
            next = c->deadline;
    }
    unpark(h, is_over, now);
    for (net_exchange *x = h->parked; x != NULL; x = x->next)
        if (x->until < next)
            next = x->until;
    return next;
}

static void *run_reaper(void *ctx)
{
    net_shared *h = ((net_server *)ctx)->shared;

    pthread_mutex_lock(&h->lock);
    while (!h->ending) {
        h->alarm = reap(h);
        if (h->alarm == NET_NEVER) {
            pthread_cond_wait(&h->clock, &h->lock);
        } else {
            struct timespec when = moment(h->alarm);
            pthread_cond_timedwait(&h->clock, &h->lock, &when);
        }
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

/* ---- starting and ending ------------------------------------------------ */

static yao_status open_memory(net_worker *w, size_t cap)
{
    void *memory = mmap(NULL, cap, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return YAO_E_SPACE;
    madvise(memory, cap, MADV_DONTDUMP);
    /* whole pages of 2 MB would stay with every idle worker */
    madvise(memory, cap, MADV_NOHUGEPAGE);
    w->arena = (yao_arena){memory, cap, 0};
    return YAO_OK;
}

static yao_status start_worker(net_server *s, net_worker *w,
                               const pthread_attr_t *attributes)
{
    w->server = s;
    w->number = s->worker_count;
    YAO_TRY(open_memory(w, s->options.memory));
    if (!net_make_condition(&w->wake) ||
        pthread_create(&w->thread, attributes, run_worker, w) != 0) {
        munmap(w->arena.base, w->arena.cap);
        return YAO_E_NET;
    }
    s->worker_count++;
    return YAO_OK;
}

yao_status net_pool_start(net_server *s)
{
    pthread_attr_t attributes;
    yao_status     status = YAO_OK;

    s->workers = calloc(s->options.workers, sizeof *s->workers);
    if (s->workers == NULL)
        return YAO_E_SPACE;
    if (pthread_attr_init(&attributes) != 0)
        return YAO_E_NET;
    (void)pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&s->reaper, &attributes, run_reaper, s) != 0)
        status = YAO_E_NET;
    s->reaping = status == YAO_OK;
    for (unsigned i = 0; i < s->options.workers && status == YAO_OK; i++)
        status = start_worker(s, &s->workers[i], &attributes);
    pthread_attr_destroy(&attributes);
    return status;
}

void net_pool_stop(net_server *s)
{
    net_shared *h = s->shared;

    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    unpark(h, any, 0);
    h->ending = true;
    for (unsigned i = 0; i < s->worker_count; i++)
        pthread_cond_signal(&s->workers[i].wake);
    pthread_cond_broadcast(&h->clock);
    pthread_mutex_unlock(&h->lock);
    for (unsigned i = 0; i < s->worker_count; i++) {
        pthread_join(s->workers[i].thread, NULL);
        pthread_cond_destroy(&s->workers[i].wake);
        munmap(s->workers[i].arena.base, s->workers[i].arena.cap);
    }
    if (s->reaping)
        pthread_join(s->reaper, NULL);
    s->worker_count = 0;
    s->reaping      = false;
    free(s->workers);
    s->workers = NULL;
}
