/* SPDX-License-Identifier: Apache-2.0 */
#include "load/run.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WAIT 10 /* seconds for one answer */

enum { SAMPLE_MS = 200 };

/* Proofs that are ready to be sent. */
typedef struct ready {
    yao_bytes *requests;
    size_t     count, sent;
} ready;

/* One connection with its wallet. */
typedef struct slot {
    load_line   line;
    load_wallet wallet;
    ready       ready;
    bool        open, busy;
    double      asked; /* when */
} slot;

typedef struct field {
    const load_run   *run;
    atomic_size_t     next; /* wallet, or request */
    pthread_barrier_t start;
    double            end;
    atomic_bool       failed; /* while preparing: nobody starts */
} field;

typedef struct worker {
    field       *field;
    size_t       number;
    pthread_t    thread;
    load_home    home;
    slot        *slots;
    size_t       slot_count;
    load_figures figures;
    yao_status   status;
} worker;

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double clock_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

size_t load_run_slots(const load_run *run)
{
    size_t all = run->workers * run->connections;

    return run->wallets < all ? run->wallets : all;
}

/* ---- what is noted ------------------------------------------------------ */

static void note_failure(worker *k, const slot *s, int http, yao_status why)
{
    if (k->figures.failed++ != 0)
        return;
    k->figures.failed_at   = s->wallet.step;
    k->figures.failed_http = http;
    k->figures.failed_why  = why;
}

static void note_time(worker *k, const slot *s, load_step step)
{
    load_times *t = &k->figures.times[step];

    t->us[t->count++] = (uint32_t)((clock_now() - s->asked) * 1e6);
}

static size_t jobs_of(const load_run *run)
{
    return run->plan->alone ? run->requests : run->wallets;
}

/* Room for all that one worker may do. */
static yao_status open_times(worker *k)
{
    size_t most = jobs_of(k->field->run) + 1;

    for (size_t i = 0; i < LOAD_STEPS; i++) {
        k->figures.times[i].us = calloc(most, sizeof(uint32_t));
        if (k->figures.times[i].us == NULL)
            return YAO_E_SPACE;
    }
    return YAO_OK;
}

/* ---- making ready ------------------------------------------------------- */

static yao_status open_home(worker *k)
{
    k->home.openssl = yao_openssl_open();
    if (k->home.openssl == NULL)
        return YAO_E_CRYPTO;
    k->home.crypto = yao_openssl_crypto(k->home.openssl);
    return yao_key_open(k->field->run->attester, &k->home.attester);
}

static yao_status open_slots(worker *k)
{
    const load_run *run = k->field->run;

    k->slots = calloc(run->connections, sizeof *k->slots);
    if (k->slots == NULL)
        return YAO_E_SPACE;
    /* wallets, one to each worker in turn */
    size_t all = load_run_slots(run);
    k->slot_count =
        all / run->workers + (k->number < all % run->workers ? 1 : 0);
    for (size_t i = 0; i < k->slot_count; i++) {
        slot *s = &k->slots[i];
        s->open = true;
        YAO_TRY(load_line_open(&s->line, &run->plan->place, run->plan->room));
        YAO_TRY(load_wallet_open(&s->wallet, run->plan, &k->home));
    }
    return YAO_OK;
}

/* One step, waited for. */
static yao_status step_now(worker *k, slot *s)
{
    yao_bytes   request;
    load_answer answer = {.status = 0};
    yao_status  status = load_wallet_ask(&s->wallet, &request);

    if (status == YAO_OK)
        status = load_line_ask(&s->line, request, WAIT, &answer);
    if (status == YAO_OK)
        status = load_wallet_take(&s->wallet, &answer);
    if (status != YAO_OK)
        note_failure(k, s, answer.status, status);
    return status;
}

static yao_status get_token(worker *k, slot *s, yao_text offer)
{
    YAO_TRY(load_wallet_begin(&s->wallet, offer));
    while (s->wallet.step != LOAD_NONCE)
        YAO_TRY(step_now(k, s));
    return YAO_OK;
}

/* And then to the desk. */
static yao_status get_document(worker *k, slot *s)
{
    const load_plan *plan = k->field->run->plan;

    while (!s->wallet.over)
        YAO_TRY(step_now(k, s));
    load_line_close(&s->line);
    return load_line_open(&s->line, &plan->desk->place, plan->room);
}

static yao_status keep_request(slot *s)
{
    yao_bytes request;

    YAO_TRY(load_wallet_ask(&s->wallet, &request));
    uint8_t *copy = malloc(request.len);
    if (copy == NULL)
        return YAO_E_SPACE;
    memcpy(copy, request.ptr, request.len);
    s->ready.requests[s->ready.count++] = (yao_bytes){copy, request.len};
    return YAO_OK;
}

static yao_status sign_before(worker *k, slot *s, size_t count)
{
    s->ready.requests = calloc(count, sizeof *s->ready.requests);
    if (s->ready.requests == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        load_wallet_again(&s->wallet);
        YAO_TRY(step_now(k, s)); /* the nonce */
        YAO_TRY(keep_request(s));
    }
    return YAO_OK;
}

static yao_status prepare(worker *k)
{
    const load_run *run   = k->field->run;
    size_t          slots = load_run_slots(run);

    YAO_TRY(open_times(k));
    YAO_TRY(open_home(k));
    YAO_TRY(open_slots(k));
    for (size_t i = 0; run->plan->alone && i < k->slot_count; i++) {
        size_t n = i * run->workers + k->number;
        YAO_TRY(get_token(k, &k->slots[i], run->offers[n]));
        if (run->plan->desk != NULL)
            YAO_TRY(get_document(k, &k->slots[i]));
        if (run->plan->presigned)
            YAO_TRY(sign_before(k, &k->slots[i],
                                run->requests / slots +
                                    (n < run->requests % slots ? 1 : 0)));
    }
    return YAO_OK;
}

/* ---- at work ------------------------------------------------------------ */

static bool take_job(field *f, size_t *ret)
{
    *ret = atomic_fetch_add(&f->next, 1);
    return *ret < jobs_of(f->run) && clock_now() < f->end;
}

static yao_status send_step(slot *s)
{
    yao_bytes request;

    YAO_TRY(load_wallet_ask(&s->wallet, &request));
    s->asked = clock_now();
    return load_line_send(&s->line, request);
}

static yao_status send_ready(slot *s)
{
    s->wallet.step = LOAD_CREDENTIAL;
    s->asked       = clock_now();
    return load_line_send(&s->line, s->ready.requests[s->ready.sent++]);
}

static yao_status begin_job(worker *k, slot *s, size_t job)
{
    const load_plan *plan = k->field->run->plan;

    if (plan->presigned)
        return send_ready(s);
    if (plan->alone)
        load_wallet_again(&s->wallet);
    else
        YAO_TRY(load_wallet_begin(&s->wallet, k->field->run->offers[job]));
    return send_step(s);
}

/* The next job of this connection, if there is one; the clock may be over. */
static void go_on(worker *k, slot *s)
{
    size_t job;

    s->busy = false;
    if (k->field->run->plan->presigned && s->ready.sent == s->ready.count)
        return;
    while (take_job(k->field, &job)) {
        yao_status status = begin_job(k, s, job);
        s->busy           = status == YAO_OK;
        if (s->busy)
            return;
        note_failure(k, s, 0, status);
        if (status == YAO_E_NET)
            return; /* nobody is there */
    }
}

static yao_status take_answer(worker *k, slot *s, const load_answer *answer)
{
    load_step step = s->wallet.step;

    note_time(k, s, step);
    YAO_TRY(load_wallet_take(&s->wallet, answer));
    return s->wallet.over ? YAO_OK : send_step(s);
}

static void read_slot(worker *k, slot *s)
{
    load_answer answer = {.status = 0};
    yao_status  status = load_line_read(&s->line, &answer);

    if (status == YAO_E_TRUNCATED)
        return;
    size_t before = s->wallet.copies;
    s->wallet.over = false;
    if (status == YAO_OK)
        status = take_answer(k, s, &answer);
    k->figures.copies += s->wallet.copies - before;
    if (status != YAO_OK) {
        note_failure(k, s, answer.status, status);
        s->line.last = true; /* whatever came: a new connection */
    } else if (!s->wallet.over) {
        return;
    } else {
        k->figures.walks++;
    }
    go_on(k, s);
}

static void give_up(worker *k)
{
    for (size_t i = 0; i < k->slot_count; i++)
        if (k->slots[i].busy)
            note_failure(k, &k->slots[i], 0, YAO_E_NET);
}

static void work(worker *k)
{
    struct pollfd *polled = calloc(k->slot_count + 1, sizeof *polled);
    double         end    = k->field->end + (double)WAIT;

    for (size_t i = 0; polled != NULL && i < k->slot_count; i++)
        go_on(k, &k->slots[i]);
    while (polled != NULL) {
        size_t busy = 0;
        for (size_t i = 0; i < k->slot_count; i++) {
            bool on   = k->slots[i].busy;
            polled[i] = (struct pollfd){.fd     = on ? k->slots[i].line.fd : -1,
                                        .events = POLLIN};
            busy += on;
        }
        if (busy == 0)
            break;
        if (clock_now() > end) {
            give_up(k);
            break;
        }
        (void)poll(polled, k->slot_count, 1000);
        for (size_t i = 0; i < k->slot_count; i++)
            if (polled[i].revents != 0)
                read_slot(k, &k->slots[i]);
    }
    free(polled);
}

static void close_worker(worker *k)
{
    for (size_t i = 0; k->slots != NULL && i < k->field->run->connections;
         i++) {
        slot *s = &k->slots[i];
        if (!s->open)
            continue;
        load_line_close(&s->line);
        load_wallet_close(&s->wallet);
        for (size_t n = 0; n < s->ready.count; n++)
            free((void *)(uintptr_t)s->ready.requests[n].ptr);
        free(s->ready.requests);
    }
    free(k->slots);
    yao_key_close(k->home.attester);
    yao_openssl_close(k->home.openssl);
}

static void *run_worker(void *ctx)
{
    worker *k = ctx;

    k->status = prepare(k);
    if (k->status != YAO_OK)
        atomic_store(&k->field->failed, true);
    pthread_barrier_wait(&k->field->start); /* all are ready */
    pthread_barrier_wait(&k->field->start); /* the clock runs */
    double before = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    if (!atomic_load(&k->field->failed))
        work(k);
    k->figures.client_cpu = seconds_of(CLOCK_THREAD_CPUTIME_ID) - before;
    pthread_barrier_wait(&k->field->start); /* all are done */
    close_worker(k);
    return NULL;
}

/* ---- bare operations ---------------------------------------------------- */

static void *measure_bare(void *ctx)
{
    yao_bare_costs *costs = ctx;
    yao_bare       *bare  = yao_bare_open();

    if (bare == NULL || !yao_bare_measure(bare, costs))
        costs->sign = 0;
    yao_bare_close(bare);
    return NULL;
}

/* On all processors at once, as it will be under load; the mean. */
static yao_status measure_all_bare(yao_bare_costs *ret)
{
    enum { MOST = 16 };
    yao_bare_costs costs[MOST], sum = {.sign = 0};
    pthread_t      threads[MOST];
    long           here = sysconf(_SC_NPROCESSORS_ONLN);
    size_t         n    = here < 1 ? 1 : here > MOST ? MOST : (size_t)here;
    size_t         on   = 0;
    bool           good = true;

    while (on < n && pthread_create(&threads[on], NULL, measure_bare,
                                    &costs[on]) == 0)
        on++;
    for (size_t i = 0; i < on; i++) {
        pthread_join(threads[i], NULL);
        good &= costs[i].sign > 0;
        sum.sign += costs[i].sign / (double)on;
        sum.verify += costs[i].verify / (double)on;
        sum.hash += costs[i].hash / (double)on;
        sum.generate += costs[i].generate / (double)on;
        sum.agree += costs[i].agree / (double)on;
    }
    *ret = sum;
    return on > 0 && good ? YAO_OK : YAO_E_CRYPTO;
}

/* ---- all of it ---------------------------------------------------------- */

static void add_figures(load_figures *sum, worker *k)
{
    load_figures *f = &k->figures;

    if (sum->failed == 0 && f->failed != 0) {
        sum->failed_at   = f->failed_at;
        sum->failed_http = f->failed_http;
        sum->failed_why  = f->failed_why;
    }
    sum->walks += f->walks;
    sum->copies += f->copies;
    sum->failed += f->failed;
    sum->client_cpu += f->client_cpu;
    for (size_t i = 0; i < LOAD_STEPS; i++) {
        load_times *t = &sum->times[i];
        if (f->times[i].count != 0)
            memcpy(t->us + t->count, f->times[i].us,
                   f->times[i].count * sizeof *t->us);
        t->count += f->times[i].count;
        free(f->times[i].us);
    }
}

/* While the others work: how much memory the server has. */
typedef struct watching {
    pid_t       server;
    size_t      most;
    atomic_bool over;
} watching;

static void *watch(void *ctx)
{
    watching *w = ctx;

    while (!atomic_load(&w->over)) {
        size_t now = load_process_pss(w->server);
        if (now > w->most)
            w->most = now;
        (void)poll(NULL, 0, SAMPLE_MS);
    }
    return NULL;
}

static void measure(field *f, load_figures *ret)
{
    watching  watched = {.server = f->run->server};
    pthread_t watcher;

    pthread_barrier_wait(&f->start);
    ret->pss_before   = load_process_pss(f->run->server);
    bool   watches    = pthread_create(&watcher, NULL, watch, &watched) == 0;
    double server_cpu = load_process_cpu(f->run->server);
    double began      = clock_now();
    f->end            = began + f->run->seconds;
    pthread_barrier_wait(&f->start);
    pthread_barrier_wait(&f->start);
    ret->seconds    = clock_now() - began;
    ret->server_cpu = load_process_cpu(f->run->server) - server_cpu;
    atomic_store(&watched.over, true);
    if (watches)
        pthread_join(watcher, NULL);
    ret->pss_most = watched.most;
}

static yao_status open_sum(const load_run *run, load_figures *ret)
{
    *ret = (load_figures){.plan        = run->plan,
                          .workers     = run->workers,
                          .connections = run->connections};
    for (size_t i = 0; i < LOAD_STEPS; i++) {
        ret->times[i].us =
            calloc(jobs_of(run) + run->workers, sizeof(uint32_t));
        if (ret->times[i].us == NULL)
            return YAO_E_SPACE;
    }
    return measure_all_bare(&ret->bare);
}

yao_status load_run_do(const load_run *run, load_figures *ret)
{
    field      f       = {.run = run};
    worker    *workers = calloc(run->workers, sizeof *workers);
    yao_status status  = YAO_OK;

    if (workers == NULL)
        return YAO_E_SPACE;
    YAO_TRY(open_sum(run, ret));
    if (pthread_barrier_init(&f.start, NULL, (unsigned)run->workers + 1) != 0)
        return YAO_E_SPACE;
    for (size_t i = 0; i < run->workers; i++) {
        workers[i] = (worker){.field = &f, .number = i};
        if (pthread_create(&workers[i].thread, NULL, run_worker,
                           &workers[i]) != 0)
            abort(); /* the others wait for it */
    }
    measure(&f, ret);
    for (size_t i = 0; i < run->workers; i++) {
        pthread_join(workers[i].thread, NULL);
        add_figures(ret, &workers[i]);
        if (status == YAO_OK)
            status = workers[i].status;
    }
    pthread_barrier_destroy(&f.start);
    free(workers);
    return status;
}
