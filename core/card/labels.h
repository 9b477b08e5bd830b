/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CARD_LABELS_H
#define YAO_CARD_LABELS_H

/**
 * Labels of a card's claims, and what reading and writing have in common.
 * Private to this folder. docs/formats/card.md section 2.
 */

#include "card/card.h"

/* RFC 8392 section 4; RFC 8747; IANA's registry of CWT claims */
enum yao_card_claim {
    YAO_CLAIM_ISS     = 1,
    YAO_CLAIM_EXP     = 4,
    YAO_CLAIM_NBF     = 5,
    YAO_CLAIM_IAT     = 6,
    YAO_CLAIM_CNF     = 8,
    YAO_CLAIM_169     = 169,
    YAO_CLAIM_STATUS  = 65535,
    YAO_CLAIM_PRIVATE = -65537
};

/* Inside the private claim. */
enum yao_card_label {
    YAO_CARD_TYPE          = 0,
    YAO_CARD_PROFILE       = 1,
    YAO_CARD_FIRST_ELEMENT = 2,
    YAO_CARD_LAST_ELEMENT  = 255,
    YAO_CARD_SEALED        = -1
};

#define YAO_CARD_HOLDER_CONTEXT "yaopai-card-1"
#define YAO_CARD_SIGNATURE_LEN  64 /* of the holder: ES256 */

/** SHA-256 over CONTENT. */
static inline yao_status yao_card_hash(const yao_crypto *crypto,
                                       yao_bytes         content,
                                       uint8_t out[YAO_SHA256_LEN])
{
    return crypto->hash(crypto->ctx, YAO_SHA256, &content, 1, out);
}

/** Write what stands for MOMENT where it is signed: step, or challenge's
 *  hash. (show.c) */
void yao_card_put_moment(yao_writer *w, const yao_card_moment *moment);

/**
 * What the holder signs. (show.c)
 *
 * Shape   ["yaopai-card-1", SHA-256(issuer part), moment]
 * Out     ret  in ARENA
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_card_holder_message(
    yao_arena *arena, const uint8_t issued_hash[YAO_SHA256_LEN],
    const yao_card_moment *moment, yao_bytes *ret);

/**
 * Read an issuer part, as it must be: tag 18, {1: alg, 4: kid} and nothing
 * else in its headers. (read.c)
 *
 * Errors  those of the CBOR reader; YAO_E_MALFORMED for anything else
 */
YAO_MUST_USE yao_status yao_card_read_sign1(yao_bytes         input,
                                            yao_cose_message *ret);

/** Read it with {33: x5chain} in the unprotected header, or without. */
YAO_MUST_USE yao_status yao_card_read_sign1_chain(yao_bytes         input,
                                                  yao_cose_message *ret);

/* ---- answers of the home (answers.c) ------------------------------------ */

/** What became of one check. */
yao_status yao_card_status_of(const yao_signature_check *check);

/** Of a chain every signature must be good: the worst counts. */
yao_status yao_card_worst(const yao_signature_check *checks, size_t count);

/** YAO_OK when every row is PASS, NOTE or ABSENT. What failed says more than
 *  what could not be checked. */
yao_status yao_card_first_failure(const yao_report *report);

#endif
