/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to be done from time to time, in one thread. A job for which one
 * process leads is run by who holds the lease of its name; the lease is held on
 * while the process lives, and given back when it ends.
 */
#define _GNU_SOURCE /* pthread_condattr_setclock, MADV_DONTNEED */
#include "authority/server/inside.h"

#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "app/files.h"
#include "app/log.h"

enum { STACK = 1024 * 1024, HOLD_MS = SERVER_LEASE_S * 1000 / 3 };

/* ---- nudging ------------------------------------------------------------ */

void server_nudge(authority_server *server, const char *name)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->job_count; i++)
        if (strcmp(server->jobs[i].job->name, name) == 0)
            server->jobs[i].nudged = true;
    pthread_cond_signal(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

void server_nudge_call(const app_call *call, const char *name)
{
    server_nudge(call->server, name);
}

/* ---- one job ------------------------------------------------------------ */

/* YAO_E_LOCKED: another process leads. */
static yao_status lead(authority_server *s, server_job *j, int64_t *fence)
{
    *fence = 0;
    if (!j->job->leader)
        return YAO_OK;
    yao_status status =
        store_take_lease(s->first->store, yao_text_of(j->job->name),
                         (yao_bytes){s->owner, STORE_ID_LEN}, yao_now(),
                         SERVER_LEASE_S, fence);
    j->leading = status == YAO_OK;
    return status;
}

static void run_job(authority_server *s, server_job *j)
{
    int64_t    fence;
    yao_status status = lead(s, j, &fence);

    if (status == YAO_OK) {
        server_refresh(s, &s->own);
        status = j->job->run(s, &s->own.authority, &s->arena, fence);
        yao_wipe(s->arena.base, s->arena.used);
        s->arena.used = 0;
        madvise(s->arena.base, s->arena.cap, MADV_DONTNEED);
    }
    bool failed = status != YAO_OK && status != YAO_E_LOCKED;
    if (failed)
        app_log_status(APP_LOG_ERROR, "job-failed", j->job->name, status);
    pthread_mutex_lock(&s->lock);
    s->jobs_run++;
    s->jobs_failed += failed;
    j->due =
        yao_milliseconds() +
        (int64_t)1000 * (status == YAO_OK ? j->job->every_s : SERVER_RETRY_S);
    pthread_mutex_unlock(&s->lock);
}

/* Between two runs the lease is held on, so that the leader stays the same. */
static void hold_on(authority_server *s)
{
    for (size_t i = 0; i < s->job_count; i++) {
        int64_t fence;
        if (s->jobs[i].leading &&
            lead(s, &s->jobs[i], &fence) == YAO_E_LOCKED)
            app_log_event(APP_LOG_WARN, "lease-lost");
    }
}

static void give_back(authority_server *s)
{
    for (size_t i = 0; i < s->job_count; i++) {
        if (!s->jobs[i].leading)
            continue;
        yao_status status =
            store_give_lease(s->first->store,
                             yao_text_of(s->jobs[i].job->name),
                             (yao_bytes){s->owner, STORE_ID_LEN});
        if (status != YAO_OK)
            app_log_status(APP_LOG_WARN, "lease-not-given",
                           s->jobs[i].job->name, status);
    }
}

/* ---- the thread --------------------------------------------------------- */

/* Under the lock: a job that is due, or NULL; UNTIL when the next one is. */
static server_job *next_due(authority_server *s, int64_t *until)
{
    int64_t now = yao_milliseconds();

    *until = now + HOLD_MS;
    for (size_t i = 0; i < s->job_count; i++) {
        server_job *j = &s->jobs[i];
        if (j->nudged || j->due <= now) {
            j->nudged = false;
            return j;
        }
        if (j->due < *until)
            *until = j->due;
    }
    return NULL;
}

/* Under the lock. */
static void wait_until(authority_server *s, int64_t until)
{
    struct timespec when = {(time_t)(until / 1000),
                            (long)(until % 1000) * 1000000};

    pthread_cond_timedwait(&s->changed, &s->lock, &when);
}

static void *run_jobs(void *ctx)
{
    authority_server *s    = ctx;
    int64_t           held = yao_milliseconds();

    pthread_mutex_lock(&s->lock);
    while (!s->ending) {
        int64_t     until;
        server_job *j = next_due(s, &until);
        if (j == NULL && yao_milliseconds() - held < HOLD_MS) {
            wait_until(s, until);
            continue;
        }
        pthread_mutex_unlock(&s->lock);
        if (j != NULL)
            run_job(s, j);
        if (yao_milliseconds() - held >= HOLD_MS) {
            hold_on(s);
            held = yao_milliseconds();
        }
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    give_back(s);
    return NULL;
}

static yao_status gather(authority_server *s)
{
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t i = 0; i < server_parts[p]->job_count; i++) {
            if (s->job_count == SERVER_MAX_JOBS)
                return YAO_E_LIMIT;
            s->jobs[s->job_count++] = (server_job){
                .job = &server_parts[p]->jobs[i], .due = yao_milliseconds()};
        }
    return YAO_OK;
}

static yao_status start_thread(authority_server *s)
{
    pthread_attr_t attributes;

    if (pthread_attr_init(&attributes) != 0)
        return YAO_E_SPACE;
    (void)pthread_attr_setstacksize(&attributes, STACK);
    int failed = pthread_create(&s->thread, &attributes, run_jobs, s);
    pthread_attr_destroy(&attributes);
    s->running = failed == 0;
    return failed == 0 ? YAO_OK : YAO_E_SPACE;
}

/* Who is alone with a file holds its lock, and goes on leading where one that
 * was killed stopped; of several each is another. */
static yao_status name_owner(authority_server *s)
{
    if (!s->alone)
        return yao_openssl_random(s->owner, sizeof s->owner);
    memset(s->owner, 1, sizeof s->owner);
    return YAO_OK;
}

yao_status server_jobs_start(authority_server *s)
{
    pthread_condattr_t clock;

    YAO_TRY(gather(s));
    YAO_TRY(name_owner(s));
    YAO_TRY(server_worker_open(s->first, &s->own));
    YAO_TRY(yao_memory_open(SERVER_JOBS_MEMORY, &s->arena));
    if (pthread_condattr_init(&clock) != 0)
        return YAO_E_SPACE;
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_destroy(&s->changed);
    int failed = pthread_cond_init(&s->changed, &clock);
    pthread_condattr_destroy(&clock);
    return failed != 0 ? YAO_E_SPACE : start_thread(s);
}

void server_jobs_stop(authority_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->ending = true;
    pthread_cond_signal(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->running)
        pthread_join(s->thread, NULL);
    s->running = false;
    server_worker_close(&s->own);
    yao_memory_free(&s->arena);
}
