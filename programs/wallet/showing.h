/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_SHOWING_H
#define YAO_WALLET_SHOWING_H

/**
 * One showing: what a profile asks of the documents in a wallet, and the bytes
 * that answer it.
 *
 * Files: asker.c (who asks), showing.c (choose and ask the person),
 * showing_mdoc.c, showing_sdjwt.c, showing_card.c (make the answer),
 * showing_codes.c (QR codes on paper, screen and terminal); present.c is the
 * verb.
 */

#include "card/card.h"
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

/** In which form an answer is made. */
typedef enum yao_showing_form {
    YAO_SHOWING_MDOC     = 0, /* a DeviceResponse, within a session */
    YAO_SHOWING_SDJWT    = 1, /* a line for each token */
    YAO_SHOWING_CARD     = 2, /* one QR code for each document */
    YAO_SHOWING_ANIMATED = 3  /* a DeviceResponse as QR codes that change */
} yao_showing_form;

typedef struct yao_showing {
    yao_arena            outside; /* what others say: read before the wallet is
                                     opened, since a picture is looked at by a
                                     child, which has a copy of our memory */
    yao_wallet          *wallet;
    const yao_profile   *profile;
    uint32_t             step;
    yao_text             choice;
    yao_text             subject; /* of whom, of which vehicle; empty: the
                                     person's own */
    yao_text             party;   /* who asks, as registered */
    yao_text             place;   /* where, as a challenge says; may be empty */
    yao_showing_form     form;
    yao_bytes            challenge; /* that a checker shows; empty: none */
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
 *                          CHOICE is none of the profile's, or nothing that
 *                          is asked for is of SUBJECT
 *         YAO_E_REFUSED    the profile is match-only
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_showing_choose(yao_showing *showing);

/** Say who asks for what; on a terminal, ask. False: the person said no. */
bool yao_showing_consent(const yao_showing *showing, bool yes);

/** Whether ELEMENT of the definition can be shown in the form of SHOWING; an
 *  animated showing has the small portrait in place of the large one. */
const yao_element *yao_showing_element(const yao_showing    *showing,
                                       const yao_definition *definition,
                                       yao_text              name);

/**
 * Find out who asks: by the reader certificate that was given, or by the
 * challenge that a checker shows. Tells the person when nobody may be answered.
 *
 * Out     showing->party, ->place
 *         ret  the exit code; 0: there is somebody, or --unidentified
 */
int yao_asker_identify(const yao_invocation *call, yao_showing *showing);

/** The bytes to hand over: a DeviceResponse, or a line for each token.
 *  Errors: those of presenting; YAO_E_SECRET a key of the wallet is broken. */
YAO_MUST_USE yao_status yao_showing_make_mdoc(yao_showing *showing,
                                              yao_bytes   *ret);
YAO_MUST_USE yao_status yao_showing_make_sdjwt(yao_showing *showing,
                                               yao_bytes   *ret);

/** Letters for QR codes: a card for each document, or the parts of one mdoc. */
typedef struct yao_showing_codes {
    yao_bytes *list;
    size_t     count;
    bool       parts; /* of one thing: they are shown in turn */
} yao_showing_codes;

/**
 * Make the codes of a card or an animated showing, sealed to the challenge
 * when there is one.
 *
 * Errors  YAO_E_REFUSED  the profile wants a challenge, and there is none
 *         YAO_E_EXPIRED  the cards are over
 *         YAO_E_LIMIT    longer than codes can be
 *         as above
 */
YAO_MUST_USE yao_status yao_showing_make_codes(yao_showing       *showing,
                                               yao_showing_codes *ret);

/** Hand the codes over as the options --output, --png and --terminal say.
 *  Errors: YAO_E_FILE, YAO_E_LIMIT, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_showing_put_codes(const yao_invocation *call,
                                              yao_arena            *arena,
                                              const yao_showing_codes *codes);

/** Mark the copies as shown, write history and index: before handing over. */
YAO_MUST_USE yao_status yao_showing_record(yao_showing *showing);

#endif
