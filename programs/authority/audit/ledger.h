/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_LEDGER_H
#define YAO_AUTHORITY_AUDIT_LEDGER_H

/**
 * Is everything that was done in the log, and everything in the log done? Each
 * batch of the ledger, each change of a document's state and each person who
 * is registered has just one event, in the log or waiting for it, and the other
 * way round.
 */

#include "authority/authority.h"

typedef struct audit_balance {
    size_t deeds;   /* batches, changes, people */
    size_t events;  /* that are of such a deed */
    size_t entries; /* leaves */
    size_t waiting; /* events in the outbox */
    size_t erased;  /* entries that nobody can open any more */
    size_t damaged; /* entries that are not what their leaf says */
    size_t missing; /* deeds without an event; more than ERASED is a fault */
    size_t extra;   /* events without a deed */
    size_t doubled; /* event ids that come twice */
    int64_t first_damaged; /* index; -1: none */
} audit_balance;

/** Errors: YAO_E_SPACE, YAO_E_CRYPTO, those of the store. */
YAO_MUST_USE yao_status audit_compare_ledger(const authority *a,
                                             yao_arena       *arena,
                                             audit_balance   *ret);

/** Is nothing wrong? */
bool audit_balanced(const audit_balance *b);

#endif
