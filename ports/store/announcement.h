/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_ANNOUNCEMENT_H
#define YAO_STORE_ANNOUNCEMENT_H

/**
 * What the programs of a desk (schema STORE_DESK) are still to be told: an
 * outbox. It is written with what it tells of, in one change, and goes when it
 * was told or when nobody will be any more.
 *
 *     store_put_judgement(&change, &judgement);
 *     store_put_announcement(&change, &announcement);
 *     ... whoever holds the lease ...
 *     store_list_due_announcements(s, now, 16, arena, &list, &count);
 *     ... tells; then ...
 *     store_drop_announcement(&change, list[0].id);
 */

#include "store/store.h"

typedef struct store_announcement {
    yao_bytes id;     /* STORE_ID_LEN: of what it tells of */
    yao_bytes client; /* whom; STORE_ID_LEN bytes */
    yao_text  body;   /* nothing of anybody */
    yao_time  made;
    yao_time  due;    /* when it is tried next; a new one: MADE */
    int64_t   tries;
    yao_time  ends;   /* not told at this second any more; after MADE */
} store_announcement;

/** Claims the id: one is told of once. */
void store_put_announcement(store_change             *change,
                            const store_announcement *a);

/** Those that are due at NOW and have not ended, the longest due first, at most
 *  MOST. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_due_announcements(
    store *s, yao_time now, size_t most, yao_arena *arena,
    store_announcement **ret, size_t *count);

/** It was tried in vain: again at DUE. A claim: nobody else tried it since A
 *  was read. */
void store_delay_announcement(store_change             *change,
                              const store_announcement *a, yao_time due);

/** All others of CLIENT too not before DUE: who does not answer holds up nobody
 *  else. */
void store_delay_announcements_of(store_change *change, yao_bytes client,
                                  yao_time due);

/** Remove it, if it is there; those that have ended at NOW. */
void store_drop_announcement(store_change *change, yao_bytes id);
void store_forget_announcements(store_change *change, yao_time now);

/** How many there are. Errors as store_count_persons(). */
YAO_MUST_USE yao_status store_count_announcements(store *s, uint64_t *ret);

#endif
