/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_SHOWING_H
#define YAO_WALLET_SHOWING_H

/**
 * One showing: what a profile asks of the documents in a wallet, and the bytes
 * that answer it. showing.c chooses and asks, showing_mdoc.c and
 * showing_sdjwt.c make the presentation; present.c is the verb.
 */

#include "document/document.h"
#include "wallet/wallet.h"

/** An ask of the profile, met with a batch of the wallet. */
typedef struct yao_showing_part {
    const yao_ask        *ask;
    yao_wallet_batch     *batch;
    size_t                copy;     /* which of the batch */
    bool                  again;    /* all are spent: it was shown before */
    const yao_element   **elements; /* to be shown */
    size_t                element_count;
} yao_showing_part;

typedef struct yao_showing {
    yao_wallet          *wallet;
    const yao_profile   *profile;
    uint32_t             step;
    yao_text             choice;
    yao_text             party;   /* who asks, as registered */
    bool                 sdjwt;
    bool                 mac;     /* deviceMac to the transcript's reader key */
    yao_text             nonce, audience;
    yao_bytes            transcript;
    yao_time             now;
    yao_showing_part     parts[YAO_MAX_DOCUMENTS];
    size_t               part_count;
} yao_showing;

/**
 * Choose batches, copies and elements.
 *
 * Errors  YAO_E_NOT_FOUND  a document that is asked for is not in the wallet,
 *                          or CHOICE is none of the profile's
 *         YAO_E_REFUSED    the profile is match-only
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_showing_choose(yao_showing *showing);

/** Say who asks for what; on a terminal, ask. False: the person said no. */
bool yao_showing_consent(const yao_showing *showing, bool yes);

/** The bytes to hand over: a DeviceResponse, or a line for each token.
 *  Errors: those of presenting; YAO_E_SECRET a key of the wallet is broken. */
YAO_MUST_USE yao_status yao_showing_make_mdoc(yao_showing *showing,
                                              yao_bytes   *ret);
YAO_MUST_USE yao_status yao_showing_make_sdjwt(yao_showing *showing,
                                               yao_bytes   *ret);

/** Mark the copies as shown, write history and index: before handing over. */
YAO_MUST_USE yao_status yao_showing_record(yao_showing *showing);

#endif
