/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_KEEPER_SERVE_H
#define YAO_AUTHORITY_KEEPER_SERVE_H

/**
 * What is signed for everybody is kept fresh by the jobs "lists" and "trust";
 * "forget" drops what is over.
 */

#include "authority/server/server.h"

extern const authority_part authority_keeper_part;

/** What the jobs do, for tests and for who leads: each opens memory of its
 *  own. FENCE 0: nobody leads. Errors: the first failure's. */
YAO_MUST_USE yao_status keeper_run_lists(const authority *a, int64_t fence,
                                         size_t *count);
YAO_MUST_USE yao_status keeper_run_trust(const authority *a, int64_t fence,
                                         bool *done);
YAO_MUST_USE yao_status keeper_run_forget(const authority *a, int64_t fence);

#endif
