/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_FOLDER_H
#define YAO_AUTHORITY_AUDIT_FOLDER_H

/** The log as files: what /log/ serves, for a web server or an auditor. */

#include "authority/audit/verify.h"
#include "authority/authority.h"

/**
 * Write checkpoint, key and tiles of the newest head below FOLDER. Full tiles
 * that are there are left: they don't change. The checkpoint comes last.
 *
 * Out     size  leaves under the head
 * Errors  YAO_E_NOT_FOUND  no head was signed yet
 *         YAO_E_FILE, YAO_E_LIMIT, YAO_E_SPACE, those of the store
 */
YAO_MUST_USE yao_status audit_write_folder(const authority *a,
                                           const char      *folder,
                                           yao_arena *arena, int64_t *size);

/** Sources for audit_verify(): a folder (CTX is its name), a store (CTX is a
 *  const authority). */
audit_source audit_folder_source(const char *folder);
audit_source audit_store_source(const authority *a);

#endif
