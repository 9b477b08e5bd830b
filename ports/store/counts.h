/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_COUNTS_H
#define YAO_STORE_COUNTS_H

/** Numbers for a dashboard: of many, never of one person. */

#include "store/store.h"

typedef struct store_document_count {
    yao_text name, format;
    int64_t  batches, copies;
} store_document_count;

typedef struct store_enrolment_count {
    int64_t state; /* store_enrolment_state */
    int64_t level, count;
} store_enrolment_count;

/** What was issued since SINCE, by document and format. Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_count_documents(store *s, yao_time since,
                                              yao_arena             *arena,
                                              store_document_count **ret,
                                              size_t                *count);

/** What became of enrolments that were begun since SINCE. Errors as above. */
YAO_MUST_USE yao_status store_count_enrolments(store *s, yao_time since,
                                               yao_arena              *arena,
                                               store_enrolment_count **ret,
                                               size_t                 *count);

#endif
