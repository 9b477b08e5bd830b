/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_ENTRY_H
#define YAO_AUTHORITY_AUDIT_ENTRY_H

/**
 * One entry of the audit log: the leaf that everybody sees, and what it is
 * about, sealed to the person whom it is about.
 *
 *     YAO_TRY(audit_seal(crypto, &owner, &event, index, arena, &entry));
 *     ...
 *     YAO_TRY(audit_open(crypto, &owner, &entry, arena, &opened));
 *
 * Formats: docs/formats/audit.md sections 1 and 2.
 */

#include "audit/audit.h"
#include "authority/seal.h"
#include "store/log.h"

/** Whose key seals entries about nobody: derived of the look-up key. Wipe it.
 *  Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status audit_nobody(const yao_crypto *crypto,
                                     const seal_keys *keys, seal_person *ret);

/**
 * Make the entry INDEX of EVENT, whose subject may be empty.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status audit_seal(const yao_crypto  *crypto,
                                   const seal_person *owner,
                                   const store_event *event, int64_t index,
                                   yao_arena *arena, store_log_entry *ret);

/** What an entry says, and the key with which others see that it does. */
typedef struct audit_opened {
    yao_text text;
    uint8_t  key[YAO_AUDIT_KEY_LEN];
} audit_opened;

/**
 * Open an entry.
 *
 * Out     ret  text in ARENA
 * Errors  YAO_E_NOT_FOUND   erased
 *         YAO_E_SECRET      not this owner's, or another's in its place
 *         YAO_E_BAD_DIGEST  it is not what the leaf commits to
 *         YAO_E_TRUNCATED, YAO_E_UTF8, those of yao_audit_read_leaf();
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status audit_open(const yao_crypto      *crypto,
                                   const seal_person     *owner,
                                   const store_log_entry *entry,
                                   yao_arena *arena, audit_opened *ret);

#endif
