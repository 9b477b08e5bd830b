/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_LINE_H
#define YAO_AUTHORITY_AUDIT_LINE_H

/** A line of what an auditor gets: an entry opened, with the key by which it is
 *  seen to be what the leaf commits to. docs/formats/audit.md section 5. */

#include "authority/authority.h"
#include "store/log.h"

/**
 * Shape   {"index": n, "leaf": b64u, "text": JSON in a string, "key": b64u} LF,
 *         or {"index": n, "leaf": b64u, "erased": true} LF
 * Out     ret     in ARENA
 *         erased  nobody can open it any more
 * Errors  YAO_E_SECRET, YAO_E_BAD_DIGEST  it is not what the leaf says
 *         YAO_E_SPACE, YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status audit_write_line(const authority       *a,
                                         const store_log_entry *entry,
                                         yao_arena *arena, yao_bytes *ret,
                                         bool *erased);

#endif
