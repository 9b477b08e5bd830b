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
 * Files: issue.c, show.c, read.c, verify.c, text.c (what stands in a code);
 * challenge.h, seal.h, parts.h (animated) beside this header
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
    const yao_card_element *elements; /* to be issued in any order; as read of
                                         each space together, upwards */
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

/**
 * The key by which a gate remembers a showing, however its code was rewritten.
 *
 * Shape   SHA-256([SHA-256(SIGNED), moment])
 * In      signed_part  the issuer part of a card; of a shown mdoc what its
 *                      first issuerAuth signs
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  docs/formats/card.md section 2.3
 */
YAO_MUST_USE yao_status yao_card_replay_key(const yao_crypto *crypto,
                                            yao_bytes         signed_part,
                                            const yao_card_moment *moment,
                                            uint8_t out[YAO_SHA256_LEN]);

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
 *  or nothing to write, YAO_E_LIMIT above YAO_MAX_CARD, on paper above 2,864
 *  bytes (YAO_MAX_CODE_LETTERS). */
void yao_card_put_text(yao_writer *w, yao_card_code code, yao_bytes content);

/**
 * Read the letters of a code, appending the bytes to W.
 *
 * Out     ret   which code it is
 * Errors  YAO_E_MALFORMED  no code of ours: another prefix, or without one
 *                          bytes that are no zlib stream; nothing in it
 *         YAO_E_BASE64     letters that are no base45
 *         YAO_E_LIMIT      longer than put_text() would write
 *         YAO_E_SPACE      recorded in W
 */
YAO_MUST_USE yao_status yao_card_get_text(yao_bytes letters, yao_writer *w,
                                          yao_card_code *ret);

/** A zlib stream (RFC 1950) of CONTENT, of literals: small texts don't shrink.
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

/** By its first bytes only: nothing is believed because of it. */
yao_card_kind_of_whole yao_card_kind_of(yao_bytes whole);

/* ---- reading ------------------------------------------------------------ */

/** A card as it was read: nothing of it is believed yet. */
typedef struct yao_card_unverified {
    bool             printed;
    yao_bytes        issued;  /* the issuer part, or the printed card whole */
    yao_cose_message message; /* its parts */
    yao_card_content content; /* device key: none on paper */
    bool             torn;    /* on paper, but a device key belongs to it */
    bool             stepped; /* else null stood there */
    uint64_t         step;
    yao_bytes        holder_signature;
} yao_card_unverified;

/**
 * Read a card, or a printed card that was unpacked.
 *
 * Shape   docs/formats/card.md sections 2 and 6
 * Out     ret  views into INPUT, elements in ARENA
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING, YAO_E_UTF8,
 *         YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE  as the CBOR reader; of a card
 *                      whatever is not as it would be written, or not there
 *         YAO_E_HEADER as cose.h, of printed cards
 *         YAO_E_KEY    a device key that is not on P-256, compressed
 *         YAO_E_LIMIT  above YAO_MAX_CARD, YAO_MAX_CARD_ELEMENTS; a printed
 *                      card above YAO_MAX_CARD_WHOLE
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_card_parse(yao_arena *arena, yao_bytes input,
                                       yao_card_unverified *ret);
YAO_MUST_USE yao_status yao_card_parse_printed(yao_arena           *arena,
                                               yao_bytes            input,
                                               yao_card_unverified *ret);

/** A shown mdoc. */
typedef struct yao_card_mdoc {
    bool      stepped;
    uint64_t  step;
    yao_bytes response; /* DeviceResponse */
} yao_card_mdoc;

/**
 * Read a shown mdoc: its step is to be checked, its response is for mdoc/.
 *
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST
 *         YAO_E_LIMIT  above YAO_MAX_CARD_WHOLE
 */
YAO_MUST_USE yao_status yao_card_read_mdoc(yao_bytes      input,
                                           yao_card_mdoc *ret);

/* ---- checking ----------------------------------------------------------- */

typedef struct yao_card_verify_options {
    const yao_anchor *anchors;
    size_t            anchor_count;
    const yao_bytes  *signers; /* document signers' certificates, DER. Each is
                                  hashed: of many give those of the kid */
    size_t            signer_count;
    yao_time          now;
    yao_time          skew;      /* seconds, 0..86400 */
    bool              strict;    /* refuse certificates with deviations */
    yao_bytes         challenge; /* that was shown; empty: none */
    yao_text          profile;   /* that was asked for; empty: any, or the
                                    challenge's */
    bool              bound;     /* a holder is asked for: paper will not do */
} yao_card_verify_options;

/** A verification that waits for its home: fulfil `checks` (crypto->verify),
 *  then conclude. */
typedef struct yao_card_verification {
    const yao_card_unverified *input;
    yao_signature_check       *checks; /* in the arena */
    size_t                     check_count;
    yao_x509_path             *path; /* anchor NULL: there is none */
    bool    replayable; /* REPLAY_KEY is there: the moment is known */
    uint8_t replay_key[YAO_SHA256_LEN];
    void   *internal;
} yao_card_verification;

/**
 * Make every check that needs no signature, and say which are needed.
 *
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to
 *         report  rows for document 0
 * Errors  YAO_E_USAGE  time or skew outside its range; CHALLENGE is none
 *         YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 *         A card that fails a check is no error: that is in the report.
 * Source  docs/formats/card.md section 7
 */
YAO_MUST_USE yao_status yao_card_begin(yao_arena        *arena,
                                       const yao_crypto *crypto,
                                       const yao_card_unverified     *input,
                                       const yao_card_verify_options *options,
                                       yao_card_verification         *ret,
                                       yao_report                    *report);

/** What a checked card says. Made by conclude only. */
typedef struct yao_card_verified {
    const yao_card_content *content;
    const yao_certificate  *signer; /* NULL: a key that was pinned */
    bool                    bound;  /* shown by its holder */
} yao_card_verified;

/**
 * Draw the conclusion from the home's answers.
 *
 * Out     ret     only on YAO_OK, that is when every row is PASS, NOTE or
 *                 ABSENT; and of paper also when only its holder is not known:
 *                 a checker has to see whom to compare
 *         report  the remaining rows
 * Errors  the first failure's status; YAO_E_UNSUPPORTED, YAO_E_CRYPTO or
 *         YAO_E_MISSING when something could not be checked; YAO_E_USAGE the
 *         second time
 */
YAO_MUST_USE yao_status yao_card_conclude(yao_card_verification *v,
                                          yao_card_verified     *ret,
                                          yao_report            *report);

#endif
