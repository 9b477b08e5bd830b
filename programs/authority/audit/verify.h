/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_VERIFY_H
#define YAO_AUTHORITY_AUDIT_VERIFY_H

/**
 * Is a log what it says it is? Everything is computed anew from the leaves;
 * nothing of what writes the log takes part but the paths of tiles.
 *
 *     const audit_check check = {crypto, source, keys, count, &witness};
 *     YAO_TRY(audit_verify(&check, &arena, &result));
 *     if (result.finding == AUDIT_RIGHT)
 *         audit_witness_add(&witness, &result.head);
 *
 * Cost    a hash for each leaf and each node; memory for one tile a level
 */

#include "authority/audit/witness.h"

/** Where a log lies. Errors of FETCH: YAO_E_NOT_FOUND, YAO_E_NET, YAO_E_FILE:
 *  it can't be had; others end the verification. */
typedef struct audit_source {
    yao_status (*fetch)(void *ctx, const char *path, yao_arena *arena,
                        yao_bytes *ret);
    void *ctx;
} audit_source;

typedef struct audit_check {
    const yao_crypto    *crypto;
    audit_source         source;
    const yao_tlog_key  *keys; /* all of one name, which is the origin */
    size_t               key_count;
    const audit_witness *witness; /* NULL: nobody has seen it before */
    /* gets each leaf, in order; its status ends the walk. May be NULL */
    yao_status (*each)(void *ctx, uint64_t index, yao_bytes leaf);
    void *ctx;
} audit_check;

typedef enum audit_finding {
    AUDIT_UNKNOWN = 0, /* nobody looked */
    AUDIT_RIGHT,
    AUDIT_ROLLBACK,
    AUDIT_FORK,
    AUDIT_HEAD_INVALID,
    AUDIT_CHANGED,
    AUDIT_MISSING,
    AUDIT_PAGE_HIDDEN /* of verify_pages.h */
} audit_finding;

/** "LOG_FORK" and the others of the table. */
const char *audit_finding_name(audit_finding finding);

typedef struct audit_result {
    audit_finding finding;
    yao_tlog_head head;      /* as signed, unless HEAD_INVALID */
    uint64_t      index;     /* of CHANGED: the first that may be another; of
                                FORK and ROLLBACK: size of the witnessed head */
    char          path[80];  /* of MISSING and CHANGED: what was looked at */
    yao_status    why;       /* of HEAD_INVALID and MISSING */
} audit_result;

/** Errors: YAO_E_SPACE, YAO_E_CRYPTO, those of EACH. */
YAO_MUST_USE yao_status audit_verify(const audit_check *check,
                                     yao_arena *arena, audit_result *ret);

/** The next leaf of a bundle. Errors: YAO_E_TRUNCATED. */
YAO_MUST_USE yao_status audit_take_leaf(yao_bytes *bundle, yao_bytes *leaf);

#endif
