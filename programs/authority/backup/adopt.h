/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_BACKUP_ADOPT_H
#define YAO_AUTHORITY_BACKUP_ADOPT_H

/**
 * A register that came from a backup learns what was published since: leaves of
 * the log that it has lost, and status lists that know more than it. Without
 * this it would sign another log of the same name, and take revocations back.
 */

#include "authority/authority.h"

/**
 * Take over the leaves of the published log in FOLDER that the register has
 * not; what they say is lost, the tree goes on.
 *
 * In      folder  a copy of what /log/ serves
 * Out     lost    how many
 * Errors  YAO_E_MISMATCH       the folder is another log, or one that is no
 *                              continuation of the register's
 *         YAO_E_BAD_SIGNATURE  its checkpoint is not signed by the log's key
 *         YAO_E_FILE           something of it is missing
 *         YAO_E_MISSING        it is older than the register's own log
 *         those of the store;  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status adopt_log(const authority *a, const char *folder,
                                  yao_arena *arena, int64_t *lost);

/**
 * Remember the status lists (N.jwt) that lie in FOLDER as the last that were
 * signed, when the register has signed others: nothing that they revoke is
 * taken back then. They are due to be signed at once, for the register has no
 * CWT of them.
 *
 * Out     count  how many were remembered
 * Errors  YAO_E_MISSING  one that the register has signed, and that is not
 *                        over, is not there
 *         those of lists_read_before() and of the store; YAO_E_FILE
 */
YAO_MUST_USE yao_status adopt_lists(const authority *a, const char *folder,
                                    yao_arena *arena, size_t *count);

/** What became of revocation lists. */
typedef struct adopted_crls {
    size_t lists;  /* that were taken over */
    size_t in_use; /* keys that the settings name, and that are revoked */
} adopted_crls;

/**
 * Take over the revocation lists (NAME.crl) in FOLDER that were signed after
 * the register's: no key is good again that was taken back.
 *
 * Errors  YAO_E_MISSING        one is not there that the register has signed
 *         YAO_E_BAD_SIGNATURE, YAO_E_UNTRUSTED  not signed by that root
 *         those of yao_crl_read() and of the store; YAO_E_FILE
 */
YAO_MUST_USE yao_status adopt_crls(const authority *a, const char *folder,
                                   yao_arena *arena, adopted_crls *ret);

/** Has the register signed any? Errors: the store's. */
YAO_MUST_USE yao_status adopt_has_crls(const authority *a, yao_arena *arena,
                                       bool *ret);

#endif
