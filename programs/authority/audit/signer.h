/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_SIGNER_H
#define YAO_AUTHORITY_AUDIT_SIGNER_H

/**
 * Who signs the log's checkpoints, and under which name.
 */

#include "app/key.h"
#include "authority/authority.h"
#include "tlog/tlog.h"

/** The origin: CONFIGURED, or of the URL what stands behind "://", and "/log".
 *  Out: in ARENA. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status audit_name_origin(const char *configured,
                                          const char *url, yao_arena *arena,
                                          yao_text *ret);
YAO_MUST_USE yao_status audit_origin(const authority *a, yao_arena *arena,
                                     yao_text *ret);

/** Append a key as `/log/key` gives it: a line. Errors as
 *  yao_tlog_key_make(). */
YAO_MUST_USE yao_status audit_put_key(const yao_crypto     *crypto,
                                      yao_text              origin,
                                      const yao_public_key *key, yao_writer *w);

/** The keys of log.key and log.previous_key. */
typedef struct audit_signer {
    yao_text     origin;
    yao_key     *keys[2];
    yao_tlog_key names[2];
    size_t       count;
} audit_signer;

/**
 * Open the keys; close with audit_signer_close().
 *
 * Errors  YAO_E_MISSING  there is no log.key
 *         those of yao_key_open() and yao_tlog_key_make(); YAO_E_SPACE
 */
YAO_MUST_USE yao_status audit_signer_open(const authority *a, yao_arena *arena,
                                          audit_signer *ret);
void                    audit_signer_close(audit_signer *signer);

/** Sign HEAD. Out: ret in ARENA. Errors: YAO_E_SPACE, those of
 *  yao_key_sign(). */
YAO_MUST_USE yao_status audit_sign(const audit_signer  *signer,
                                   const yao_tlog_head *head,
                                   yao_arena *arena, yao_bytes *ret);

#endif
