/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_GRANT_H
#define YAO_STORE_GRANT_H

/** Which relying party may ask for which item of a person, until when. */

#include "store/store.h"

typedef struct store_grant {
    yao_bytes id;     /* STORE_ID_LEN random bytes */
    yao_bytes person; /* look-up STORE_BY_NUMBER */
    yao_text  party;  /* its code */
    yao_text  item;   /* "resident_id.full_name" */
    yao_time  granted, ends;
    yao_time  withdrawn; /* 0: it was not; when read */
} store_grant;

/** Grant it, or grant it anew: there is one row of person, party and item.
 *  RET (may be NULL) gets its id, in the change's arena. No claim that could be
 *  lost: of two at once the last one's end holds. */
void store_put_grant(store_change *change, const store_grant *grant,
                     yao_bytes *ret);

/** Withdraw the grant ID of PERSON. Claims that it is there and was not
 *  withdrawn; lost: YAO_E_NOT_FOUND. */
void store_withdraw_grant(store_change *change, yao_bytes id, yao_bytes person,
                          yao_time now);

/** Withdraw all of PERSON, if there are any. */
void store_withdraw_grants(store_change *change, yao_bytes person,
                           yao_time now);

/** Up to LIMIT of PERSON, newest first, also those that are over. Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_list_grants(store *s, yao_bytes person,
                                          size_t limit, yao_arena *arena,
                                          store_grant **ret, size_t *count);

/** May PARTY ask for ITEM of PERSON at NOW? An empty ITEM: for anything? */
YAO_MUST_USE yao_status store_has_grant(store *s, const store_grant *what,
                                        yao_time now, bool *ret);

#endif
