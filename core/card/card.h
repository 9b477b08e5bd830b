/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CARD_H
#define YAO_CARD_H

/**
 * QR cards: documents that are shown with no network on either side.
 *
 * An issuer signs a CWT for one profile of a document; its holder signs that
 * again at each showing, for the moment or for the challenge that a checker
 * shows; what is sensitive is sealed to that challenge. On paper the CWT stands
 * alone. The format is docs/formats/card.md.
 *
 *   issue:   content --issue--> wish --put_issued--> issuer part (the wallet's)
 *   show:    issuer part --show--> wish --put_shown--> card --put_text--> code
 *   check:   code --get_text--> card --parse--> unverified --begin--> checks
 *            (for the home) --conclude--> verified + rows in the report
 *
 * This module knows no catalogue: an element is a label in a space, and CBOR.
 *
 * Files: issue.c, show.c, read.c (cards), verify.c, text.c (what stands in a
 * code), challenge.c, seal.c; parts.h (animated)
 */

#include "cose/cose.h"
#include "x509/x509.h"
#include "yaopai/report.h"

/* ---- what a card says --------------------------------------------------- */

/** Where an element stands. */
typedef enum yao_card_space {
    YAO_CARD_PRIVATE = 0, /* claim -65537: labels of the catalogue, 2..255 */
    YAO_CARD_169     = 1  /* claim 169: labels of IANA's registry, 1..255 */
} yao_card_space;

typedef struct yao_card_element {
    yao_card_space space;
    uint64_t       label;
    yao_bytes      value; /* one deterministic CBOR item */
} yao_card_element;

/** Where the status of a card stands. */
typedef enum yao_card_status {
    YAO_CARD_STATUS_NONE    = 0, /* nothing is said */
    YAO_CARD_STATUS_NUMBER  = 1, /* list NUMBER of the issuer, INDEX */
    YAO_CARD_STATUS_URI     = 2, /* in a printed card that was read: URI */
    YAO_CARD_STATUS_UNKNOWN = 3  /* a kind that we do not know */
} yao_card_status;

/** The claims of a card, to be issued or as they were read. */
typedef struct yao_card_content {
    yao_text        issuer;     /* iss */
    yao_time        issued_at;  /* iat */
    yao_time        not_before; /* nbf: of printed cards that were read; else
                                   YAO_TIME_NONE */
    yao_time        expires;    /* exp */
    yao_public_key  device_key; /* on P-256; curve NONE: a printed card */
    yao_text        type;       /* vct */
    yao_text        profile;
    bool            sealed;     /* to be shown after a challenge only */
    yao_card_status status;
    uint64_t        status_list, status_index;
    yao_text        status_uri;
    const yao_card_element *elements; /* of each space together, upwards */
    size_t                  element_count;
} yao_card_content;

/** The URI of list LIST of ISSUER: ISSUER "/statuslists/" LIST. Recorded in
 *  W: YAO_E_SPACE. */
void yao_card_put_status_uri(yao_writer *w, yao_text issuer, uint64_t list);

/* ---- issuing ------------------------------------------------------------ */

/** How a signer is named: the first bytes of SHA-256 over its certificate. */
#define YAO_CARD_KID 8

/** Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash */
YAO_MUST_USE yao_status yao_card_kid(const yao_crypto *crypto,
                                     yao_bytes         certificate,
                                     uint8_t           out[YAO_CARD_KID]);

/** What lies between the wish and the finished card. */
typedef struct yao_card_issuing {
    yao_sign_wish    wish;    /* fulfil this */
    yao_cose_headers headers;
    yao_bytes        payload; /* the claims, written */
} yao_card_issuing;

/**
 * Write the claims.
 *
 * In      content  a device key makes a card, none a printed card
 *         alg      of the signer
 *         signer   its certificate, DER: it is named by its hash
 * Out     ret      lives as long as ARENA
 * Errors  YAO_E_USAGE      no issuer, type, profile or element; dates outside
 *                          their range or out of order; a label outside its
 *                          range; no value; a device key that is not on P-256;
 *                          no algorithm; a printed card that wants a challenge
 *         YAO_E_DUPLICATE  an element twice
 *         YAO_E_LIMIT      above YAO_MAX_CARD_ISSUED (a printed card:
 *                          YAO_MAX_CARD) or YAO_MAX_CARD_ELEMENTS
 *         YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  docs/formats/card.md sections 2, 6
 */
YAO_MUST_USE yao_status yao_card_issue(yao_arena              *arena,
                                       const yao_crypto       *crypto,
                                       const yao_card_content *content,
                                       yao_sig_alg alg, yao_bytes signer,
                                       yao_card_issuing *ret);

/** Write the issuer part, or the printed card, with the signature that came.
 *  Errors: YAO_E_USAGE for a signature of another length, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_card_put_issued(yao_writer             *w,
                                            const yao_card_issuing *issuing,
                                            yao_bytes signature);

/* ---- the moment --------------------------------------------------------- */

/** Seconds of one step of an open card. */
#define YAO_CARD_STEP 30

/** When a card is shown: a step of time, or the challenge it answers. */
typedef struct yao_card_moment {
    bool     challenged;
    uint64_t step;
    uint8_t  challenge[YAO_SHA256_LEN]; /* its hash */
} yao_card_moment;

/** That of a clock: NOW in 0..YAO_TIME_MAX; else step 0, which is over. */
yao_card_moment yao_card_moment_at(yao_time now);

/** That of a challenge. Errors: YAO_E_CRYPTO, YAO_E_UNSUPPORTED (the hash). */
YAO_MUST_USE yao_status yao_card_moment_of(const yao_crypto *crypto,
                                           yao_bytes         challenge,
                                           yao_card_moment  *ret);

/**
 * Does what a card says of its moment, STEP or (STEPPED false) null, fit?
 *
 * In      challenged  a challenge was shown
 *         now         0..YAO_TIME_MAX
 * Errors  YAO_E_MISSING        no step, and no challenge was shown
 *         YAO_E_MISMATCH       a step, and a challenge was shown
 *         YAO_E_EXPIRED        more than one step ago
 *         YAO_E_NOT_YET_VALID  more than one step ahead
 * Source  docs/formats/card.md section 2.2
 */
YAO_MUST_USE yao_status yao_card_check_step(bool stepped, uint64_t step,
                                            bool challenged, yao_time now);

/* ---- showing ------------------------------------------------------------ */

typedef struct yao_card_showing {
    yao_sign_wish   wish;   /* of the device key */
    yao_bytes       issued;
    yao_card_moment moment;
} yao_card_showing;

/**
 * Say what the holder's key must sign.
 *
 * In      issued  the issuer part, as it was issued
 * Out     ret     lives as long as ARENA and ISSUED
 * Errors  YAO_E_LIMIT  ISSUED is above YAO_MAX_CARD_ISSUED
 *         YAO_E_USAGE  ISSUED is empty;  YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  docs/formats/card.md section 2.1
 */
YAO_MUST_USE yao_status yao_card_show(yao_arena              *arena,
                                      const yao_crypto       *crypto,
                                      yao_bytes               issued,
                                      const yao_card_moment  *moment,
                                      yao_card_showing       *ret);

/** Write the card with the signature that came.
 *  Errors  YAO_E_USAGE  a signature that is not 64 bytes long; YAO_E_SPACE */
YAO_MUST_USE yao_status yao_card_put_shown(yao_writer             *w,
                                           const yao_card_showing *showing,
                                           yao_bytes               signature);

/** Write a shown mdoc: [step / null, bstr RESPONSE]. Errors recorded in W. */
void yao_card_put_mdoc(yao_writer *w, const yao_card_moment *moment,
                       yao_bytes response);

/* ---- what stands in a code ---------------------------------------------- */

typedef enum yao_card_code {
    YAO_CARD_CODE_NONE      = 0,
    YAO_CARD_CODE_CARD      = 1, /* "YP1:"  look at yao_card_kind_of() */
    YAO_CARD_CODE_CHALLENGE = 2, /* "YPQ1:" */
    YAO_CARD_CODE_PART      = 3, /* "YPA1:" look at parts.h */
    YAO_CARD_CODE_PRINTED   = 4  /* no prefix: zlib, to be inflated */
} yao_card_code;

/** Write the letters of a code: prefix and base45. A printed card is packed
 *  with yao_card_put_zlib() before. Errors recorded in W: YAO_E_USAGE for NONE
 *  or nothing to write, YAO_E_LIMIT above YAO_MAX_CODE_LETTERS. */
void yao_card_put_text(yao_writer *w, yao_card_code code, yao_bytes content);

/**
 * Read the letters of a code, appending the bytes to W.
 *
 * Out     ret   which code it is
 * Errors  YAO_E_MALFORMED  no code of ours: another prefix, or without one
 *                          bytes that are no zlib stream; nothing in it
 *         YAO_E_BASE64     letters that are no base45
 *         YAO_E_LIMIT      above YAO_MAX_CODE_LETTERS
 *         YAO_E_SPACE      recorded in W
 */
YAO_MUST_USE yao_status yao_card_get_text(yao_bytes letters, yao_writer *w,
                                          yao_card_code *ret);

/** A zlib stream (RFC 1950) of CONTENT, stored: small texts do not shrink.
 *  Recorded in W: YAO_E_LIMIT above YAO_MAX_CARD_WHOLE. */
void yao_card_put_zlib(yao_writer *w, yao_bytes content);

/** How a printed card is to be unpacked. */
yao_inflate_wish yao_card_wish_inflate(yao_bytes zlib);

/** What the bytes of a card, or of a whole, claim to be. */
typedef enum yao_card_kind_of_whole {
    YAO_CARD_WHOLE_UNKNOWN = 0,
    YAO_CARD_WHOLE_CARD    = 1,
    YAO_CARD_WHOLE_SEALED  = 2,
    YAO_CARD_WHOLE_MDOC    = 3, /* shown mdoc */
    YAO_CARD_WHOLE_SIGNED  = 4  /* challenge, or unpacked printed card */
} yao_card_kind_of_whole;

yao_card_kind_of_whole yao_card_kind_of(yao_bytes whole);

#endif
