/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_SEQUENCE_H
#define YAO_AUTHORITY_AUDIT_SEQUENCE_H

/**
 * From the outbox into the log, and the head over it. One process at a time
 * does this: the one that holds the lease "log". Two that believe to lead do no
 * harm: an index has one owner, and an event is taken once.
 *
 * Invariants
 *   1. An event is in the outbox or in the log, never in both, never in none.
 *   2. Leaves are numbered from 0 without a gap, and never change.
 *   3. A head is signed over leaves that are durable.
 *   4. Heads grow, in size and in time.
 */

#include "authority/audit/signer.h"

#define AUDIT_LEASE YAO_TEXT("log")

/** Events that become leaves in one transaction. */
#define AUDIT_MAX_BATCH AUDIT_TILE

/** How many heads are kept: those of so many days. */
#define AUDIT_HEAD_DAYS 35

/**
 * Make leaves of the events that wait, and sign a head over all leaves unless
 * the newest one is, by the same keys.
 *
 * In      fence  of the lease, claimed in every change; 0: nobody leads
 * Out     count  how many leaves; written also on failure
 * Errors  YAO_E_LOCKED    somebody else did it at the same time
 *         YAO_E_MISMATCH  the log is shorter than what was signed: the store
 *                         came from a backup, and nothing may be signed
 *         YAO_E_SPACE, YAO_E_CRYPTO, those of the store, of
 *         audit_signer_open(), audit_root(), audit_sign()
 */
YAO_MUST_USE yao_status audit_advance(const authority *a, yao_arena *arena,
                                      int64_t fence, size_t *count);

/**
 * Give everybody the look-up by which the log finds their key: a register of an
 * older version has none. Once; then a fact says that it was done.
 *
 * Errors  those of seal_person_open(), JSON's, YAO_E_SPACE, those of the store
 * Cost    the first time a record of every person is opened
 */
YAO_MUST_USE yao_status audit_index_holders(const authority *a,
                                            yao_arena       *arena);

/** The fact. */
#define AUDIT_HOLDERS YAO_TEXT("log_holders")

/** Whose key seals what is about SUBJECT. *KNOWN false: nobody's that is in the
 *  register; RET is then audit_nobody()'s. Wipe it. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO, those of the store. */
YAO_MUST_USE yao_status audit_find_owner(const authority *a, yao_bytes subject,
                                         yao_arena *arena, seal_person *ret,
                                         bool *known);

#endif
