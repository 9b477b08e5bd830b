/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The group-commit writer: one thread, one connection, groups of changes.
 *
 * Invariants
 *   1. Only the writer's thread touches the engine.
 *   2. A change is done exactly once; its owner may free it from then on.
 *   3. A change is YAO_OK only after the commit it was in succeeded, and then
 *      with all its claims won and all its rows there.
 *   4. Whatever else happens to a change, nothing of it is in the store.
 *
 *   queue --take up to 64--> begin, claims of all, rows of the winners, commit
 *     a claim lost, the member's first ......... lost: answered after commit
 *     a claim lost after others were won ....... the group is run again
 *                                                without the member, which is
 *                                                then run alone
 *     a lock that stays ........................ each member is told
 *     another error ............................ rolled back, each member alone
 *
 * Who waits for a change sleeps on its word `done` alone (a futex): nobody is
 * woken for what another waits for, and nobody takes the lock to be told.
 *
 *     PENDING --its owner sleeps--> AWAITED --+
 *        +------------------------------------+--> DONE (status, returned)
 *
 * How long the first member waits: not at all when the last group had one
 * member (a command line has one thread), else until as many are there as the
 * last time, at most STORE_GROUP_MS.
 */

#define _GNU_SOURCE /* syscall(): the C library has no futex() */
#include "store/engine.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* A transaction that met a lock is tried again so often, for so long; the first
 * pause is doubled each time, up to the longest. Several processes that change
 * the same row (a status list's) need most of it. */
#define TRIES 24
#define TRY_SECONDS 10
#define FIRST_PAUSE_NS 2000000L
#define DOUBLINGS 6

typedef struct group {
    store_member members[STORE_MAX_GROUP];
    size_t       count;
    bool         ran; /* its transaction was begun, the last time */
} group;

struct store_writer {
    store_engine   *engine;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  work; /* something in the queue, or stopping */
    pthread_cond_t  done; /* a stream is done */

    /* below: under the lock */
    store_change     *first, *last;
    size_t            queued;
    size_t            wanted; /* so many must be queued to wake the thread */
    bool              stopping;
    store_next_change stream; /* a commit_all that waits for the thread */
    void             *stream_ctx;
    yao_status        stream_status;
    bool              stream_done;
    bool              streaming; /* a caller is in stream(); others wait */
    store_counts      counts; /* but for its members */

    uint64_t members; /* that were committed; atomic */
    size_t   last_size; /* members of the last group; the thread's own */
};

/* ---- one transaction ---------------------------------------------------- */

/* The statements of a group in the open transaction; *PARTIALS counts those
 * because of whom it can't be committed. */
static yao_status run_group(store_engine *engine, group *g, size_t *partials)
{
    YAO_TRY(store_run_claims(engine, g->members, g->count));
    for (size_t i = 0; i < g->count; i++)
        *partials += g->members[i].fate == STORE_PARTIAL;
    return *partials > 0 ? YAO_OK
                         : store_run_rows(engine, g->members, g->count, true);
}

static yao_status try_group(store_engine *engine, group *g, size_t *partials)
{
    g->ran    = false;
    *partials = 0;
    YAO_TRY(engine->call->begin(engine));
    g->ran = true;

    yao_status status = run_group(engine, g, partials);
    if (status != YAO_OK || *partials > 0)
        engine->call->rollback(engine);
    return status;
}

/* Some part of a pause that doubles: two processes that met each other's rows
 * don't meet again at once. */
static void nap(unsigned try_number)
{
    struct timespec now;
    long            most = FIRST_PAUSE_NS
                << (try_number < DOUBLINGS ? try_number : DOUBLINGS);

    clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec pause = {0, most / 8 + now.tv_nsec / 7 % most};
    nanosleep(&pause, NULL);
}

static yao_status try_often(store_engine *engine, group *g, size_t *partials)
{
    double     until  = store_seconds() + TRY_SECONDS;
    yao_status status = try_group(engine, g, partials);

    for (unsigned i = 0;
         i + 1 < TRIES && status == YAO_E_LOCKED && store_seconds() < until;
         i++) {
        nap(i);
        status = try_group(engine, g, partials);
    }
    return status;
}

/* ---- answers ------------------------------------------------------------ */

static void give_returned(const store_change *change)
{
    for (const store_op *op = change->claims; op != NULL; op = op->next) {
        if (op->ret != NULL)
            *op->ret = op->returned;
        if (op->ret_number != NULL)
            *op->ret_number = op->returned_number;
    }
}

/* The owner may free CHANGE as soon as it is DONE: a wake at an address where
 * nothing is any more finds nobody, or somebody who looks again. */
static void finish(store_change *change)
{
    uint32_t *word = &change->done;

    if (__atomic_exchange_n(word, STORE_DONE, __ATOMIC_ACQ_REL) ==
        STORE_AWAITED)
        (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void sleep_until_done(store_change *change)
{
    uint32_t *word = &change->done, was = STORE_PENDING;

    (void)__atomic_compare_exchange_n(word, &was, STORE_AWAITED, false,
                                      __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != STORE_DONE)
        (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, STORE_AWAITED, NULL,
                      NULL, 0);
}

static void answer(store_writer *w, store_change *change, yao_status status)
{
    if (status == YAO_OK) {
        give_returned(change);
        __atomic_fetch_add(&w->members, 1, __ATOMIC_RELAXED);
    }
    change->status = status;
    finish(change);
}

static void count_group(store_writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->counts.groups++;
    pthread_mutex_unlock(&w->lock);
}

static void commit_alone(store_writer *w, store_change *change)
{
    group      g        = {.members = {{.change = change}}, .count = 1};
    size_t     partials = 0;
    yao_status status   = try_often(w->engine, &g, &partials);

    if (status == YAO_OK && partials == 0)
        count_group(w);
    answer(w, change, status != YAO_OK ? status : g.members[0].answer);
}

static void split(store_writer *w, const group *g)
{
    pthread_mutex_lock(&w->lock);
    w->counts.splits++;
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < g->count; i++)
        commit_alone(w, g->members[i].change);
}

/* A lock, or a store that can't be reached, is no member's fault: members
 * would only meet it one after the other. */
static void fail_all(store_writer *w, const group *g, yao_status status)
{
    for (size_t i = 0; i < g->count; i++)
        answer(w, g->members[i].change, status);
}

/* Move the members that were partly won from G to ALONE. */
static void part(group *g, group *alone)
{
    group rest = {.count = 0};

    alone->count = 0;
    for (size_t i = 0; i < g->count; i++) {
        group *to = g->members[i].fate == STORE_PARTIAL ? alone : &rest;
        to->members[to->count++] = g->members[i];
    }
    *g = rest;
}

/* Another process groups them. */
static void forward_group(store_writer *w, const group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        store_change *change = g->members[i].change;
        yao_status    status = w->engine->call->forward(w->engine, change);

        if (status == YAO_OK)
            count_group(w);
        answer(w, change, status);
    }
}

/*
 * Each round that meets partly won members takes them out, so there are at
 * most as many rounds as members; in practice one, rarely two.
 */
static void commit_group(store_writer *w, group *g)
{
    group  late     = {.count = 0};
    size_t partials = 0;

    while (g->count > 0) {
        yao_status status = try_often(w->engine, g, &partials);
        if (status == YAO_E_LOCKED || (status != YAO_OK && !g->ran)) {
            fail_all(w, g, status);
            break;
        }
        if (status != YAO_OK) {
            split(w, g);
            break;
        }
        if (partials == 0) {
            count_group(w);
            for (size_t i = 0; i < g->count; i++)
                answer(w, g->members[i].change, g->members[i].answer);
            break;
        }
        group alone;
        part(g, &alone);
        for (size_t i = 0; i < alone.count; i++)
            late.members[late.count++] = alone.members[i];
    }
    for (size_t i = 0; i < late.count; i++)
        commit_alone(w, late.members[i].change);
}

/* ---- streams ------------------------------------------------------------ */

static yao_status run_stream(store_engine *engine, store_next_change next,
                             void *ctx)
{
    for (;;) {
        store_member m = {.change = NULL};

        YAO_TRY(next(ctx, &m.change));
        if (m.change == NULL)
            return YAO_OK;
        YAO_TRY(m.change->status);
        YAO_TRY(store_run_claims(engine, &m, 1));
        YAO_TRY(m.answer);
        YAO_TRY(store_run_rows(engine, &m, 1, false));
    }
}

static yao_status commit_stream(store_engine *engine, store_next_change next,
                                void *ctx)
{
    if (engine->call->forward_all != NULL)
        return engine->call->forward_all(engine, next, ctx);
    YAO_TRY(engine->call->begin(engine));

    yao_status status = run_stream(engine, next, ctx);
    if (status == YAO_OK)
        status = engine->call->commit(engine);
    if (status != YAO_OK)
        engine->call->rollback(engine);
    return status;
}

/* ---- the thread --------------------------------------------------------- */

static struct timespec soon(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += STORE_GROUP_MS * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_nsec -= 1000000000L;
        t.tv_sec++;
    }
    return t;
}

/* Lock held. */
static void gather(store_writer *w)
{
    struct timespec until = soon();

    w->wanted =
        w->last_size < STORE_MAX_GROUP ? w->last_size : STORE_MAX_GROUP;
    while (w->queued < w->wanted && !w->stopping && w->stream == NULL)
        if (pthread_cond_timedwait(&w->work, &w->lock, &until) == ETIMEDOUT)
            return;
}

/* Lock held. */
static void take_group(store_writer *w, group *g)
{
    g->count = 0;
    while (w->first != NULL && g->count < STORE_MAX_GROUP) {
        store_change *change   = w->first;
        w->first               = change->next;
        g->members[g->count++] = (store_member){.change = change};
    }
    if (w->first == NULL)
        w->last = NULL;
    w->queued -= g->count;
    w->last_size = g->count;
}

/* Lock held on entry and on return. */
static void serve_stream(store_writer *w)
{
    store_next_change next = w->stream;

    pthread_mutex_unlock(&w->lock);
    yao_status status = commit_stream(w->engine, next, w->stream_ctx);
    pthread_mutex_lock(&w->lock);

    w->counts.groups += status == YAO_OK;
    w->stream        = NULL;
    w->stream_status = status;
    w->stream_done   = true;
    pthread_cond_broadcast(&w->done);
}

/* Lock held on entry and on return. */
static void serve_group(store_writer *w)
{
    group g;

    gather(w);
    take_group(w, &g);
    pthread_mutex_unlock(&w->lock);
    if (w->engine->call->forward != NULL)
        forward_group(w, &g);
    else
        commit_group(w, &g);
    pthread_mutex_lock(&w->lock);
}

/* Under load there is always a group: a stream that waits comes after the one
 * at hand, and the next group after the stream. */
static void *writer_main(void *arg)
{
    store_writer *w       = arg;
    bool          grouped = false;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        if (w->stream != NULL && (grouped || w->first == NULL)) {
            grouped = false;
            serve_stream(w);
        } else if (w->first != NULL) {
            grouped = true;
            serve_group(w);
        } else if (w->stopping) {
            break;
        } else {
            w->wanted = 1;
            pthread_cond_wait(&w->work, &w->lock);
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- what callers use --------------------------------------------------- */

static yao_status start(store_writer *w)
{
    pthread_condattr_t attr;

    if (pthread_condattr_init(&attr) != 0)
        return YAO_E_STORE;
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->work, &attr);
    pthread_cond_init(&w->done, &attr);
    pthread_condattr_destroy(&attr);
    return store_start_thread(&w->thread, writer_main, w) ? YAO_OK
                                                          : YAO_E_STORE;
}

yao_status store_writer_new(store_engine *engine, store_writer **ret)
{
    store_writer *w = calloc(1, sizeof *w);

    if (w == NULL)
        return YAO_E_STORE;
    w->engine = engine;
    if (start(w) != YAO_OK) {
        free(w);
        return YAO_E_STORE;
    }
    *ret = w;
    return YAO_OK;
}

void store_writer_free(store_writer *w)
{
    if (w == NULL)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->work);
    pthread_cond_destroy(&w->done);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void store_writer_submit(store_writer *w, store_change *change)
{
    change->submitted = true;
    change->next      = NULL;
    change->done      = STORE_PENDING;
    if (change->status != YAO_OK) { /* it did not fit its arena */
        change->done = STORE_DONE;
        return;
    }
    pthread_mutex_lock(&w->lock);
    if (w->last != NULL)
        w->last->next = change;
    else
        w->first = change;
    w->last = change;
    if (++w->queued == w->wanted)
        pthread_cond_signal(&w->work);
    pthread_mutex_unlock(&w->lock);
}

yao_status store_writer_wait(store_writer *w, store_change *change)
{
    (void)w;
    sleep_until_done(change);
    return change->status;
}

yao_status store_writer_stream(store_writer *w, store_next_change next,
                               void *ctx)
{
    pthread_mutex_lock(&w->lock);
    while (w->streaming)
        pthread_cond_wait(&w->done, &w->lock);
    w->streaming   = true;
    w->stream_ctx  = ctx;
    w->stream_done = false;
    w->stream      = next;
    pthread_cond_signal(&w->work);
    while (!w->stream_done)
        pthread_cond_wait(&w->done, &w->lock);
    yao_status status = w->stream_status;
    w->streaming      = false;
    pthread_cond_broadcast(&w->done);
    pthread_mutex_unlock(&w->lock);
    return status;
}

store_counts store_writer_counts(store_writer *w)
{
    pthread_mutex_lock(&w->lock);
    store_counts counts = w->counts;
    counts.members      = __atomic_load_n(&w->members, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&w->lock);
    return counts;
}
