/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_WAITING_H
#define YAO_AUTHORITY_VCI_WAITING_H

/**
 * Documents at which an officer looks first: the wallet gets a transaction,
 * the officers a case; when that is closed, the document is issued, or not.
 *
 * Invariants
 *   1. A transaction is kept under what only the wallet holds (vci/box.h): its
 *      id is a secret, the row says nothing.
 *   2. It is used up in the change that issues.
 *   3. A document of a grant waits once: who asks anew (the answer was lost,
 *      and with it the wallet's keys) gets another transaction for the same
 *      case, and the one before is over; after a no there is no further case.
 */

#include "authority/vci/making.h"

/** What the case is called, and the decision that lets the document be. */
#define VCI_CASE          "credential.issue"
#define VCI_CASE_APPROVED "accept"

typedef struct vci_wait {
    const vci_access     *access;
    yao_text              configuration;
    const yao_public_key *keys;
    size_t                count;
    /** Add the claims of what is used up. */
    yao_status (*add)(void *ctx, store_change *change);
    void *ctx;
} vci_wait;

/** Open a transaction, and a case where there is none. Out: json  the answer.
 *  Errors: YAO_E_NOT_ENTITLED  an officer said no; those of the commit;
 *  YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_wait_begin(app_call *call, const vci_wait *wait,
                                       store_change *change, yao_bytes *json);

/** A transaction that was found. */
typedef struct vci_waiting {
    uint8_t        hash[STORE_HASH_LEN]; /* what it is known by */
    uint8_t        place[STORE_HASH_LEN]; /* of ONCE_WAITING */
    uint8_t        grant[STORE_ID_LEN];
    uint8_t        person[STORE_HASH_LEN];
    uint8_t        officer_case[STORE_ID_LEN];
    int64_t        level;
    yao_text       configuration;
    yao_public_key keys[YAO_VCI_MAX_BATCH];
    size_t         count;
} vci_waiting;

/** Errors  YAO_E_NOT_FOUND  no such transaction, or over; those of the store */
YAO_MUST_USE yao_status vci_wait_find(const app_call *call, yao_text id,
                                      vci_waiting *ret);

/** It is used up in CHANGE, which issues. */
void vci_wait_end(const app_call *call, const vci_waiting *waiting,
                  store_change *change);

/** The answer while it goes on. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status vci_wait_answer(const app_call *call, yao_text id,
                                        yao_bytes *json);

#endif
