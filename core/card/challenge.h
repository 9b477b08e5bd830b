/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CARD_CHALLENGE_H
#define YAO_CARD_CHALLENGE_H

/**
 * What a checker shows before it is shown a card: who asks, where, for which
 * profile, and a key to seal the answer to.
 *
 *   checker: request --make--> wish --put--> challenge --put_text--> code
 *   wallet:  code --get_text--> challenge --read--> begin --conclude--> reader
 *            (its name, place and profile are shown to the person, who agrees)
 *
 * docs/formats/card.md section 3.
 */

#include "card/card.h"

#define YAO_CARD_NONCE 16

/** Seconds: how long a challenge lives at most, and for how long after it an
 *  answer is taken. */
#define YAO_CARD_CHALLENGE_LIFE 60
#define YAO_CARD_ANSWER_GRACE   60

/** A challenge as it was read: views. */
typedef struct yao_card_challenge {
    yao_cose_message message;
    yao_bytes        nonce;
    yao_time         expires;
    yao_text         profile;
    yao_public_key   key;   /* on P-256, uncompressed: answers are sealed to */
    yao_text         place;
} yao_card_challenge;

/**
 * Read a challenge.
 *
 * Shape   docs/formats/card.md section 3
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING, YAO_E_UTF8,
 *         YAO_E_NOT_SHORTEST  as the CBOR reader; whatever is not as it would
 *                      be written
 *         YAO_E_KEY    a key that is not on P-256, or compressed
 *         YAO_E_LIMIT  above YAO_MAX_CARD_WHOLE; a place above
 *                      YAO_MAX_CARD_PLACE
 */
YAO_MUST_USE yao_status yao_card_read_challenge(yao_bytes           input,
                                                yao_card_challenge *ret);

/**
 * Is it in time to answer, as the checker sees it?
 *
 * Errors  YAO_E_EXPIRED        more than YAO_CARD_ANSWER_GRACE after its expiry
 *         YAO_E_NOT_YET_VALID  before it can have been made
 */
YAO_MUST_USE yao_status yao_card_check_answer(const yao_card_challenge *c,
                                              yao_time now, yao_time skew);

/* ---- making ------------------------------------------------------------- */

typedef struct yao_card_challenge_request {
    yao_bytes        nonce;   /* YAO_CARD_NONCE random bytes, used once */
    yao_time         expires; /* at most YAO_CARD_CHALLENGE_LIFE from now */
    yao_text         profile;
    yao_public_key   key;     /* made for this challenge, on P-256 */
    yao_text         place;
    yao_sig_alg      alg;     /* of the reader's key */
    yao_bytes        reader;  /* its certificate, DER */
    const yao_bytes *chain;   /* to go along, leaf first; none: by hash only */
    size_t           chain_count;
} yao_card_challenge_request;

/**
 * Write the payload.
 *
 * Out     ret  lives as long as ARENA and the request's chain; then
 *              yao_card_put_issued() writes the challenge
 * Errors  YAO_E_USAGE  a nonce of another length, a time outside its range, no
 *                      profile or place, a key that is not on P-256 or not
 *                      uncompressed, no reader, no algorithm, too long a chain
 *         YAO_E_LIMIT  a place above YAO_MAX_CARD_PLACE
 *         YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_card_make_challenge(
    yao_arena *arena, const yao_crypto *crypto,
    const yao_card_challenge_request *request, yao_card_issuing *ret);

/* ---- checking, before anything is shown --------------------------------- */

typedef struct yao_card_reader_options {
    const yao_anchor *anchors;   /* those for readers count */
    size_t            anchor_count;
    const yao_bytes  *readers;   /* certificates of the bundle, DER */
    size_t            reader_count;
    yao_time          now;
    yao_time          skew;      /* seconds, 0..86400; 60 is usual */
    bool              strict;
    bool              officer;   /* the profile wants an officer's */
} yao_card_reader_options;

typedef struct yao_card_reader_check {
    const yao_card_challenge *input;
    yao_signature_check      *checks; /* in the arena */
    size_t                    check_count;
    yao_x509_path            *path;
    bool                      concluded;
    yao_status                begun; /* the first failure of begin's rows */
} yao_card_reader_check;

/**
 * Who asks, and may they? Every check that needs no signature.
 *
 * Out     ret     lives as long as ARENA, INPUT and what OPTIONS points to
 *         report  rows for document 0: STRUCTURE, those of the path,
 *                 ALGORITHM, VALIDITY (made within the last minute, not over),
 *                 CARD_PROFILE (the certificate names the profile,
 *                 and is an officer's where one is wanted)
 * Errors  YAO_E_USAGE  time or skew outside its range;  YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_card_begin_reader(
    yao_arena *arena, const yao_crypto *crypto, const yao_card_challenge *input,
    const yao_card_reader_options *options, yao_card_reader_check *ret,
    yao_report *report);

/** A reader that may ask. Made by conclude only. */
typedef struct yao_card_reader {
    const yao_certificate *certificate; /* common name, organisation, credit
                                           code: for the person to read */
    yao_text               profile;
    yao_text               place;
} yao_card_reader;

/**
 * Draw the conclusion from the home's answers.
 *
 * Out     ret     only on YAO_OK: every row is PASS, NOTE or ABSENT
 *         report  CHAIN_SIGNATURE, ISSUER_SIGNATURE
 * Errors  the first failure's status; YAO_E_UNSUPPORTED, YAO_E_CRYPTO when
 *         something could not be checked; YAO_E_USAGE the second time
 */
YAO_MUST_USE yao_status yao_card_conclude_reader(yao_card_reader_check *check,
                                                 yao_card_reader       *ret,
                                                 yao_report *report);

#endif
