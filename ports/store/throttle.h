/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_THROTTLE_H
#define YAO_STORE_THROTTLE_H

/** How often something was tried. Each try is counted before it is made: of
 *  two who count at the same time one is told to look again. */

#include "store/store.h"

typedef struct store_throttle {
    int64_t   kind;    /* the caller's */
    yao_bytes subject; /* STORE_HASH_LEN bytes: a keyed hash */
    int64_t   tries;
    yao_time  until;   /* no try before this second */
    yao_time  expires; /* forgotten then */
} store_throttle;

/** Put THROTTLE in the place of the one that had BEFORE tries (0: there was
 *  none). Claims that: lost is YAO_E_EXISTS. */
void store_put_throttle(store_change *change, const store_throttle *throttle,
                        int64_t before);

/** Begin anew; forget what is expired at NOW. */
void store_end_throttle(store_change *change, int64_t kind, yao_bytes subject);
void store_forget_throttles(store_change *change, yao_time now);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_throttle(store *s, int64_t kind,
                                           yao_bytes subject, yao_arena *arena,
                                           store_throttle *ret);

#endif
