/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_SERVE_H
#define YAO_AUTHORITY_AUDIT_SERVE_H

/**
 * The audit log on the network: /log/... of docs/formats/audit.md, and the job
 * "log" that makes leaves and heads.
 */

#include "authority/server/server.h"

extern const authority_part authority_audit_part;

/** What is known of a head: at most of what SIZE says anything is served. */
typedef struct audit_published {
    int64_t   size;
    yao_bytes note;
} audit_published;

/** The newest head. Errors: YAO_E_NOT_FOUND: none yet; those of the store. */
YAO_MUST_USE yao_status audit_get_published(const authority *a,
                                            yao_arena       *arena,
                                            audit_published *ret);

/** The tile that PATH (behind "tile/") names. Errors: those of
 *  audit_read_path() and audit_get_tile(); YAO_E_NOT_FOUND: beyond the newest
 *  head. */
YAO_MUST_USE yao_status audit_serve_tile(const authority *a, yao_text path,
                                         yao_arena *arena, yao_bytes *ret);

#endif
