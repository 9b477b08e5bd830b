/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_GUEST_H
#define YAO_STORE_GUEST_H

/**
 * The guest register of a desk (schema STORE_DESK): an entry for a result, of
 * one program, until it ends.
 *
 *     store_put_guest(&change, &guest);
 *     store_list_guests(s, &(store_guest_query){...}, arena, &list, &count);
 *     store_forget_guests(&change, now);
 */

#include "store/store.h"

typedef struct store_guest {
    yao_bytes id;      /* STORE_ID_LEN: of the result */
    yao_bytes client;  /* whose register; STORE_ID_LEN bytes */
    int64_t   arrival; /* days since 1970 */
    yao_time  made;
    yao_time  ends;    /* not found at this second any more; after MADE */
    yao_bytes sealed;
} store_guest;

/** Claims the id: a result gives one entry. */
void store_put_guest(store_change *change, const store_guest *g);

/** Errors as store_get_person(); another program's is not found. */
YAO_MUST_USE yao_status store_get_guest(store *s, yao_bytes id,
                                        yao_bytes client, yao_time now,
                                        yao_arena *arena, store_guest *ret);

/** Which entries: of CLIENT, not ended at NOW, arrived before day BEFORE, and
 *  behind (AFTER, AFTER_ID) in the order of arrival. */
typedef struct store_guest_query {
    yao_bytes client;
    yao_time  now;
    int64_t   before;
    int64_t   after;
    yao_bytes after_id; /* empty: from the beginning of that day */
    size_t    most;
} store_guest_query;

/** Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_guests(store *s, const store_guest_query *q,
                                          yao_arena    *arena,
                                          store_guest **ret, size_t *count);

/** Put another SEALED into what G names. A claim: it must be there at NOW. */
void store_change_guest(store_change *change, const store_guest *g,
                        yao_time now);

/** Remove it, if it is there and CLIENT's; those that have ended at NOW. */
void store_drop_guest(store_change *change, yao_bytes id, yao_bytes client);
void store_forget_guests(store_change *change, yao_time now);

/** How many there are. Errors as store_count_persons(). */
YAO_MUST_USE yao_status store_count_guests(store *s, uint64_t *ret);

#endif
