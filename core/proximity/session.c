/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *  1. No key is used with one number twice: a wish raises the number first.
 *  2. Numbers begin at 1 in each direction and never go back.
 *  3. After the end both keys are zero and the side is NOBODY, which every
 *     wish refuses.
 */

#include "proximity/session.h"

/* ISO/IEC 18013-5:2021 9.1.1.5: salt = SHA-256(SessionTranscriptBytes) */
static yao_status make_salt(const yao_crypto *crypto, yao_bytes transcript,
                            uint8_t out[YAO_SHA256_LEN])
{
    uint8_t    head[2 + 9];
    yao_writer w = yao_writer_open(head, sizeof head);

    yao_cbor_put_tag(&w, 24);
    yao_cbor_put_bytes_head(&w, transcript.len);
    yao_bytes bytes[2] = {{head, w.len}, transcript};
    return crypto->hash(crypto->ctx, YAO_SHA256, bytes, 2, out);
}

yao_status yao_prox_open_session(const yao_crypto *crypto, yao_prox_side side,
                                 yao_curve curve, yao_bytes shared,
                                 yao_bytes transcript, yao_prox_session *ret)
{
    yao_prox_session s = {.side = side};
    uint8_t          salt[YAO_SHA256_LEN];
    yao_bytes        salted = {salt, sizeof salt};
    bool             holder = side == YAO_PROX_HOLDER;

    if ((!holder && side != YAO_PROX_READER) || transcript.len == 0)
        return YAO_E_USAGE;
    if (!yao_agreement_usable(curve, shared))
        return YAO_E_KEY;
    YAO_TRY(make_salt(crypto, transcript, salt));

    yao_status status = crypto->hkdf(
        crypto->ctx, YAO_SHA256, shared, salted, YAO_LIT("SKReader"),
        holder ? s.open_key : s.seal_key, YAO_PROX_KEY);
    if (status == YAO_OK)
        status = crypto->hkdf(crypto->ctx, YAO_SHA256, shared, salted,
                              YAO_LIT("SKDevice"),
                              holder ? s.seal_key : s.open_key, YAO_PROX_KEY);
    if (status == YAO_OK)
        *ret = s;

    yao_wipe(&s, sizeof s);
    return status;
}

void yao_prox_end_session(yao_prox_session *session)
{
    yao_wipe(session, sizeof *session);
}

/* 9.1.1.5: IV = identifier of who seals (8 bytes) || counter (4 bytes); the
 * first seven are zero from the beginning */
static void write_nonce(yao_prox_session *s, bool by_holder, uint32_t number)
{
    s->nonce[7]  = by_holder ? 1 : 0;
    s->nonce[8]  = (uint8_t)(number >> 24);
    s->nonce[9]  = (uint8_t)(number >> 16);
    s->nonce[10] = (uint8_t)(number >> 8);
    s->nonce[11] = (uint8_t)number;
}

yao_status yao_prox_wish_seal(yao_prox_session *session, yao_bytes plain,
                              yao_aead_wish *ret)
{
    if (session->side == YAO_PROX_NOBODY || plain.len == 0)
        return YAO_E_USAGE;
    if (session->sealed == UINT32_MAX || plain.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    session->sealed++;
    write_nonce(session, session->side == YAO_PROX_HOLDER, session->sealed);

    *ret = (yao_aead_wish){.alg   = YAO_A256GCM,
                           .key   = {session->seal_key, YAO_PROX_KEY},
                           .nonce = {session->nonce, YAO_AEAD_NONCE},
                           .input = plain};
    return YAO_OK;
}

yao_status yao_prox_wish_open(yao_prox_session *session, yao_bytes sealed,
                              yao_aead_wish *ret)
{
    if (session->side == YAO_PROX_NOBODY)
        return YAO_E_USAGE;
    if (sealed.len < YAO_AEAD_TAG)
        return YAO_E_TRUNCATED;
    if (session->opened == UINT32_MAX ||
        sealed.len - YAO_AEAD_TAG > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    session->opened++;
    write_nonce(session, session->side == YAO_PROX_READER, session->opened);

    *ret = (yao_aead_wish){.alg   = YAO_A256GCM,
                           .open  = true,
                           .key   = {session->open_key, YAO_PROX_KEY},
                           .nonce = {session->nonce, YAO_AEAD_NONCE},
                           .input = sealed};
    return YAO_OK;
}

yao_status yao_prox_derive_ident(const yao_crypto *crypto, yao_bytes key_bytes,
                                 uint8_t out[YAO_PROX_IDENT])
{
    return crypto->hkdf(crypto->ctx, YAO_SHA256, key_bytes,
                        (yao_bytes){NULL, 0}, YAO_LIT("BLEIdent"), out,
                        YAO_PROX_IDENT);
}
