/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_H
#define YAO_VCI_H

/**
 * OpenID4VCI 1.0, both sides, without I/O: what an issuer and a wallet say to
 * each other. This header has the words that all share; the messages are in
 *
 *     offer.h          what a wallet scans or is handed
 *     configuration.h  which documents there are, as the catalogue says
 *     metadata.h       how an issuer describes itself and them
 *     nonce.h          the answer of the nonce endpoint
 *     proof.h          proofs of possession, key attestations
 *     request.h        requests, responses, deferred ones, notifications
 *
 * Tokens that need a secret key are wishes (yao_vci_token); signatures of
 * others are checks for the home. Encrypted messages are JWEs of jose/jwe.h
 * around the same JSON, sent as application/jwt.
 *
 * A reader of the issuer's side says besides its status which error the other
 * side is told: a yao_vci_error, always written (YAO_VCI_FINE on YAO_OK).
 * Unknown members are ignored everywhere (misuse N185), known ones of another
 * type never.
 */

#include "document/document.h"
#include "jose/jwe.h"

/* ---- formats ------------------------------------------------------------ */

typedef enum yao_vci_format {
    YAO_VCI_NO_FORMAT = 0,
    YAO_VCI_MDOC      = 1, /* "mso_mdoc": base64url of IssuerSigned */
    YAO_VCI_SDJWT     = 2, /* "dc+sd-jwt" */
    YAO_VCI_CARD      = 3, /* "org.yaopai.card": docs/formats/vci-card.md */
    YAO_VCI_PAPER     = 4  /* "org.yaopai.paper": the same, to be printed */
} yao_vci_format;

/** The word on the wire, and back. Never NULL; "" and NO_FORMAT for others. */
const char    *yao_vci_format_name(yao_vci_format format);
yao_vci_format yao_vci_format_by_name(yao_text name);

/** Is it made for one request profile? */
bool yao_vci_is_card(yao_vci_format format);

/* ---- limits ------------------------------------------------------------- */

/* Copies in one credential response: more keys in a telephone's chip at once
 * is slow, and a wallet may ask again. */
#define YAO_VCI_MAX_BATCH 20

/* Configurations in one offer: a dozen documents of a person, each in both
 * formats and with its cards. */
#define YAO_VCI_MAX_OFFERED 64

/* Bytes of an offer, by value or behind its reference. */
#define YAO_VCI_MAX_OFFER (64u * 1024u)

/* Letters of an error's description that a person is shown (misuse N143), and
 * of a notification's that an issuer takes (misuse N190). */
#define YAO_VCI_MAX_SHOWN       200
#define YAO_VCI_MAX_DESCRIPTION 1024

/* ---- errors ------------------------------------------------------------- */

typedef enum yao_vci_error {
    YAO_VCI_FINE = 0,
    YAO_VCI_INVALID_REQUEST,       /* invalid_credential_request */
    YAO_VCI_UNKNOWN_CONFIGURATION, /* unknown_credential_configuration */
    YAO_VCI_UNKNOWN_IDENTIFIER,    /* unknown_credential_identifier */
    YAO_VCI_INVALID_PROOF,         /* also: no nonce in it */
    YAO_VCI_INVALID_NONCE,         /* wrong, used, or over: fetch a new one */
    YAO_VCI_INVALID_ENCRYPTION,    /* invalid_encryption_parameters */
    YAO_VCI_DENIED,                /* credential_request_denied; final */
    YAO_VCI_INVALID_TRANSACTION,   /* invalid_transaction_id */
    YAO_VCI_INVALID_NOTIFICATION_ID,
    YAO_VCI_INVALID_NOTIFICATION,  /* invalid_notification_request */
    YAO_VCI_INVALID_TOKEN,         /* 401 */
    YAO_VCI_INSUFFICIENT_SCOPE,    /* 403 */
    YAO_VCI_OTHER_ERROR            /* when read: a code that is none of these */
} yao_vci_error;

typedef struct yao_vci_error_row {
    yao_vci_error error;
    const char   *code;
    int           status; /* of HTTP */
} yao_vci_error_row;

/** The row of ERROR; NULL for FINE and OTHER_ERROR. The error of CODE;
 *  OTHER_ERROR when there is none. Source: OpenID4VCI 1.0 sections 8.3.1, 9.3,
 *  11.3; RFC 6750 section 3.1. */
const yao_vci_error_row *yao_vci_error_find(yao_vci_error error);
yao_vci_error            yao_vci_error_by_code(yao_text code);

/** Write {"error": code, ?"error_description": ...}. A description with a
 *  letter that the standard does not allow is left out. */
void yao_vci_put_error(yao_writer *w, yao_vci_error error,
                       yao_text description);

/** An error as a wallet reads it. */
typedef struct yao_vci_failure {
    yao_vci_error error;
    yao_text      code;
    yao_text      description; /* for people: printable ASCII, others became
                                  "?", at most YAO_VCI_MAX_SHOWN */
    uint32_t      interval;    /* of a deferred answer; 0: none */
} yao_vci_failure;

/**
 * Read the body of an answer that is no success.
 *
 * Out     ret  lives as long as ARENA and BODY
 * Errors  YAO_E_MALFORMED  no object, no `error`, or it is no string
 *         those of yao_json_parse(); YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vci_read_error(yao_arena *arena, yao_bytes body,
                                           yao_vci_failure *ret);

/* ---- levels ------------------------------------------------------------- */

/** How well a key, or the way its user is recognised, resists an attacker of
 *  ISO/IEC 18045; as bits. */
enum {
    YAO_VCI_BASIC          = 1,
    YAO_VCI_ENHANCED_BASIC = 2,
    YAO_VCI_MODERATE       = 4,
    YAO_VCI_HIGH           = 8,
    YAO_VCI_OTHER_LEVEL    = 16 /* a word of somebody else's */
};

/* ---- addresses ---------------------------------------------------------- */

/**
 * May a wallet speak with this issuer at all? Nothing is fetched before.
 *
 * Shape   https://host[:port][/path], nothing behind it. The host is a name of
 *         ASCII letters with a dot in it: no address, no "xn--" label
 * In      loopback  also names that end in "localhost", 127.0.0.1 and [::1],
 *                   and those by http; by https also "NAME.local" and
 *                   private addresses (RFC 1918): for demos and tests
 * Errors  YAO_E_VALUE  it is another
 * Source  OpenID4VCI 1.0 section 12.2.1; misuse N132
 */
YAO_MUST_USE yao_status yao_vci_check_issuer(yao_text url, bool loopback);

/** The same for an endpoint, which may have a query.
 *  Errors: YAO_E_VALUE. */
YAO_MUST_USE yao_status yao_vci_check_endpoint(yao_text url, bool loopback);

/** Write where WHAT ("openid-credential-issuer") of ISSUER is described: the
 *  well-known path stands between host and path.
 *  Source: OpenID4VCI 1.0 section 12.2.2; RFC 8414 section 3.1 */
void yao_vci_put_well_known(yao_writer *w, yao_text issuer, const char *what);

/* ---- tokens to be signed ------------------------------------------------ */

/** A JWT on its way: fulfil the wish, then put the token. */
typedef struct yao_vci_token {
    yao_sign_wish wish;
    yao_bytes     unsigned_jwt;
} yao_vci_token;

/** Append the token with its signature. */
void yao_vci_put_token(yao_writer *w, const yao_vci_token *token,
                       yao_bytes signature);

#endif
