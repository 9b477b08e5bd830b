/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pthread_condattr_setclock() */
#include "app/turns.h"

#include <time.h>

/* Under the lock: until the next turn, or until it ends. By a clock that nobody
 * sets: one that is set back would keep what has ended from being forgotten. */
static void wait_turn(app_turns *t)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += t->every != 0 ? t->every : APP_TURN_S;
    if (!t->ending)
        pthread_cond_timedwait(&t->changed, &t->lock, &until);
}

static void *take_turns(void *ctx)
{
    app_turns *t = ctx;

    pthread_mutex_lock(&t->lock);
    for (unsigned turn = 0; !t->ending; turn++) {
        pthread_mutex_unlock(&t->lock);
        t->run(t->ctx, turn);
        pthread_mutex_lock(&t->lock);
        wait_turn(t);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

yao_status app_turns_start(app_turns *t, app_turn run, void *ctx)
{
    pthread_condattr_t clock;

    t->run = run;
    t->ctx = ctx;
    if (pthread_condattr_init(&clock) != 0)
        return YAO_E_SPACE;
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, &clock);
    pthread_condattr_destroy(&clock);
    t->running = pthread_create(&t->thread, NULL, take_turns, t) == 0;
    return t->running ? YAO_OK : YAO_E_SPACE;
}

bool app_turns_ending(app_turns *t)
{
    pthread_mutex_lock(&t->lock);
    bool ending = t->ending;
    pthread_mutex_unlock(&t->lock);
    return ending;
}

void app_turns_stop(app_turns *t)
{
    if (!t->running)
        return;
    pthread_mutex_lock(&t->lock);
    t->ending = true;
    pthread_cond_signal(&t->changed);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->changed);
    pthread_mutex_destroy(&t->lock);
    t->running = false;
}
