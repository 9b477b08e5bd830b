/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_ROOM_H
#define YAO_DESK_ROOM_H

/**
 * How many requests a desk keeps at once. To count rows for each new one would
 * cost more the more there are, so the rows are counted from time to time, and
 * when no room seems left; what is made here meanwhile is added.
 *
 *     YAO_TRY(desk_room_take(&d->room, d->store, most));
 *     ... make and keep one request ...
 *     desk_room_give(&d->room);
 *
 * Invariants
 *   1. What this process keeps is never counted too low: who is making a
 *      request is counted as well, and what landed while rows were counted is
 *      added to their number.
 *   2. What it is too high by, a request that was not made after all or one
 *      that landed during a count, goes with the next count.
 *   3. What other processes add between two counts is let through.
 *
 * Threads: any.
 */

#include <pthread.h>

#include "store/desk.h"

typedef struct desk_room {
    pthread_mutex_t lock;
    bool            ready;  /* LOCK was made */
    uint64_t        kept;   /* rows at the last count, and what landed since */
    uint64_t        making; /* taken, and not given back yet */
    uint64_t        landed; /* ever */
} desk_room;

/** Begin with nothing kept. */
void desk_room_init(desk_room *r);
/** When nobody uses it any more. */
void desk_room_close(desk_room *r);

/** Count the rows. Errors: those of the store. */
YAO_MUST_USE yao_status desk_room_count(desk_room *r, store *s);

/** One more where MOST may be kept; to be given back when it was kept, or will
 *  not be. Errors: YAO_E_LIMIT  there is no room; those of the store. */
YAO_MUST_USE yao_status desk_room_take(desk_room *r, store *s, uint64_t most);
void                    desk_room_give(desk_room *r);

/** Is half of MOST taken? */
bool desk_room_half(desk_room *r, uint64_t most);

#endif
