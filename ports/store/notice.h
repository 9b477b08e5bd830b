/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_NOTICE_H
#define YAO_STORE_NOTICE_H

/** What a person is told, when they look: there is no push (design 9). */

#include "store/store.h"

typedef struct store_notice {
    yao_bytes id; /* STORE_ID_LEN random bytes */
    yao_bytes holder;
    yao_text  kind;   /* "renew" */
    yao_bytes about;  /* of one kind and about one thing there is one notice */
    yao_time  at;
    yao_text  detail; /* JSON without personal values */
    yao_time  seen;   /* 0: not yet; when read */
} store_notice;

/** Tell it, if it was not told before: no claim. */
void store_put_notice(store_change *change, const store_notice *notice);

/** HOLDER has seen it. Claims that it is theirs, and was not seen. */
void store_see_notice(store_change *change, yao_bytes id, yao_bytes holder,
                      yao_time now);

/** The newest LIMIT of HOLDER's. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_notices(store *s, yao_bytes holder,
                                           size_t limit, yao_arena *arena,
                                           store_notice **ret, size_t *count);

/** Documents in the last quarter of their life, that end within SOON seconds,
 *  without a later one or this notice; a few hundred batches at most. */
#define STORE_MAX_RENEWALS 256
#define STORE_NOTICE_RENEW "renew"
YAO_MUST_USE yao_status store_list_due_renewals(store *s, yao_time now,
                                                int64_t          soon,
                                                yao_arena       *arena,
                                                store_document **ret,
                                                size_t          *count);

#endif
