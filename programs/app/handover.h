/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_HANDOVER_H
#define YAO_APP_HANDOVER_H

/**
 * How an authority on the command line hands finished copies to a wallet,
 * without either program knowing the other: cli passes the wallet's functions
 * to the authority.
 *
 *     app_wallet *wallet;
 *     YAO_TRY(handover->open("w", &wallet));
 *     handover->make_keys(wallet, YAO_ES256, 8, keys);
 *     ... sign eight copies, commit the ledger ...
 *     handover->store(wallet, &delivery);
 *     handover->close(wallet);
 *
 * Between servers the same three steps are OpenID4VCI.
 */

#include "yaopai/crypto.h"

/** An opened wallet; its inside is the wallet program's own. */
typedef struct app_wallet app_wallet;

/** The format of a copy, named as in yaopai verify: "mdoc-issuer-signed",
 *  "sd-jwt-vc", "card" or "printed-card". */
typedef struct app_copy {
    yao_public_key key;   /* one that make_keys() gave; of a printed card, which
                             is bound to none, curve NONE */
    yao_bytes      bytes; /* IssuerSigned in CBOR, <JWT>~<D1>~...~<Dn>~, the
                             issuer part of a card, or the COSE_Sign1 of a
                             printed card */
} app_copy;

/** One batch: copies of one document in one format. */
typedef struct app_delivery {
    yao_text        document; /* catalogue name, "resident_id" */
    yao_text        subject;  /* which, where a person may have several: what
                                 stays the same when it is issued anew, as a
                                 vehicle's VIN; else empty */
    yao_text        format;
    yao_text        profile;  /* of cards: what they are for; else empty */
    yao_text        choice;   /* of cards: which of the profile's choices */
    yao_text        type;     /* docType or vct */
    yao_text        issuer;   /* who gave it, for the wallet's screen */
    yao_time        issued;   /* seconds since 1970, UTC */
    const app_copy *copies;
    size_t          count;    /* 1..YAO_MAX_BATCH */
} app_delivery;

typedef struct app_handover {
    /**
     * Open the wallet in FOLDER; how it is unlocked is the wallet's affair.
     *
     * Out     ret  to be closed with close(); written only on YAO_OK
     * Errors  YAO_E_NOT_FOUND  no wallet there
     *         YAO_E_SECRET     the passphrase does not open it
     *         YAO_E_LOCKED     another process has it open
     *         YAO_E_FILE, YAO_E_STORE
     */
    yao_status (*open)(const char *folder, app_wallet **ret);

    /**
     * Make COUNT device keys. They live in WALLET until it is closed; those
     * that a delivery names are kept for good.
     *
     * Out     ret  COUNT public keys, uncompressed points
     * Errors  YAO_E_UNSUPPORTED  no such algorithm;  YAO_E_CRYPTO
     *         YAO_E_LIMIT        more than YAO_MAX_BATCH at once
     */
    yao_status (*make_keys)(app_wallet *wallet, yao_sig_alg alg, size_t count,
                            yao_public_key *ret);

    /**
     * Keep a batch with its keys, all of it or nothing. The wallet reads each
     * copy before it keeps it; older batches of the same document, subject,
     * format, profile and choice are then given up, with their keys.
     *
     * Errors  YAO_E_MISMATCH  a copy is bound to another key than stated, or
     *                         to one that this wallet did not make; a card of
     *                         another profile or type than stated
     *         YAO_E_EXISTS    paper with a key
     *         YAO_E_REFUSED   a card with more than its profile asks for, or one
     *                         that does not say that it is to be sealed; an
     *                         SD-JWT that is bound already
     *         YAO_E_NOT_FOUND a card of a profile that is not known here
     *         2xx             a copy is not of the stated format
     *         YAO_E_STORE, YAO_E_FILE
     */
    yao_status (*store)(app_wallet *wallet, const app_delivery *delivery);

    /** Close; keys that no delivery named are wiped. NULL is fine. */
    void (*close)(app_wallet *wallet);
} app_handover;

#endif
