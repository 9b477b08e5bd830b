/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_TURNS_H
#define YAO_APP_TURNS_H

/**
 * What a server does from time to time, in a thread of its own: what is over is
 * forgotten, what changed is read anew.
 *
 *     static void do_turn(void *ctx, unsigned turn) { ... }
 *     YAO_TRY(app_turns_start(&s->turns, do_turn, s));
 *     app_turns_stop(&s->turns);
 *
 * All zero is one that does not run.
 */

#include <pthread.h>

#include "yaopai/base.h"

/** Seconds between two turns. */
enum { APP_TURN_S = 10 };

/** The turns are numbered from 0; the first is at once. */
typedef void (*app_turn)(void *ctx, unsigned turn);

typedef struct app_turns {
    unsigned        every; /* seconds; 0: APP_TURN_S */
    app_turn        run;
    void           *ctx;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            running, ending;
} app_turns;

/** T must be all zero, but for EVERY, and stay where it is. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status app_turns_start(app_turns *t, app_turn run, void *ctx);

/** Is it to end? For a turn that could go on. */
bool app_turns_ending(app_turns *t);

/** Wait for the turn that is under way; none comes after it. */
void app_turns_stop(app_turns *t);

#endif
