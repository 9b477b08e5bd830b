/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_WITNESS_H
#define YAO_AUTHORITY_AUDIT_WITNESS_H

/** What somebody has seen of a log: docs/formats/audit.md section 6. */

#include "tlog/tlog.h"
#include "yaopai/arena.h"

#define AUDIT_MAX_WITNESS (1024u * 1024u)

/** Heads that are kept: what is older is the beginning of these. */
#define AUDIT_MAX_HEADS 1000

typedef struct audit_witness {
    yao_text       origin;
    yao_tlog_head *heads; /* sizes rise; room for one more */
    size_t         count;
} audit_witness;

/**
 * Read a witness file.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_MALFORMED  another shape, sizes that don't rise
 *         YAO_E_UTF8, YAO_E_BASE64
 *         YAO_E_LIMIT      a size that no log has; more than AUDIT_MAX_HEADS;
 *                          longer than AUDIT_MAX_WITNESS
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status audit_witness_read(yao_arena *arena, yao_bytes input,
                                           audit_witness *ret);

/** One that has seen nothing yet. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status audit_witness_new(yao_arena *arena, yao_text origin,
                                          audit_witness *ret);

/** Remember HEAD, when it is larger than what is there. */
void audit_witness_add(audit_witness *witness, const yao_tlog_head *head);

/** Write it. */
void audit_witness_put(yao_writer *w, const audit_witness *witness);

#endif
