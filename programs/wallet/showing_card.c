/* SPDX-License-Identifier: Apache-2.0 */

/** Cards, and mdocs as codes that change: docs/formats/card.md. */

#include "app/files.h"
#include "card/challenge.h"
#include "card/parts.h"
#include "card/seal.h"
#include "mdoc/mdoc.h"
#include "wallet/showing.h"

enum { PART = 500 }; /* bytes: version 15 at level L */

static yao_status moment_of(const yao_showing *s, const yao_crypto *crypto,
                            yao_card_moment *ret)
{
    if (s->challenge.len > 0)
        return yao_card_moment_of(crypto, s->challenge, ret);
    *ret = yao_card_moment_at(yao_wallet_now()); /* not when the person was asked */
    return YAO_OK;
}

/* ---- sealing ------------------------------------------------------------ */

static yao_status put_sealed(yao_arena *arena, const yao_card_sealing *sealing,
                             yao_bytes *ret)
{
    size_t   len  = sealing->wish.input.len + YAO_AEAD_TAG;
    uint8_t *text = yao_arena_take(arena, len);

    if (text == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_aead(&sealing->wish, text));

    yao_writer w = yao_writer_in(arena);
    yao_card_put_sealed(&w, sealing, (yao_bytes){text, len});
    return yao_writer_keep(&w, arena, ret);
}

/* By a key that is made for this and forgotten. */
static yao_status seal_by(yao_showing *s, const yao_crypto *crypto,
                          yao_openssl_key *ephemeral, yao_bytes whole,
                          yao_bytes *ret)
{
    uint8_t            shared[YAO_MAX_AGREEMENT];
    yao_card_challenge challenge;
    yao_card_sealing   sealing;

    YAO_TRY(yao_card_read_challenge(s->challenge, &challenge));

    yao_agree_wish wish   = {challenge.key};
    yao_public_key enc    = yao_openssl_key_public(ephemeral);
    yao_status     status = yao_openssl_agree(ephemeral, &wish, shared);
    if (status == YAO_OK)
        status = yao_card_seal(crypto, s->challenge, &challenge.key, &enc,
                               (yao_bytes){shared, 32}, whole, &sealing);
    yao_wipe(shared, sizeof shared);
    if (status != YAO_OK)
        return status;
    status = put_sealed(&s->wallet->arena, &sealing, ret);
    yao_card_wipe_sealing(&sealing);
    return status;
}

/* What answers a challenge is for the eyes of its checker. */
static yao_status seal(yao_showing *s, const yao_crypto *crypto,
                       yao_bytes whole, yao_bytes *ret)
{
    yao_openssl_key *ephemeral;

    if (s->challenge.len == 0) {
        *ret = whole;
        return YAO_OK;
    }
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &ephemeral));
    yao_status status = seal_by(s, crypto, ephemeral, whole, ret);
    yao_openssl_key_close(ephemeral);
    return status;
}

/* ---- cards -------------------------------------------------------------- */

static yao_status letters_of(yao_arena *arena, yao_card_code code,
                             yao_bytes content, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_card_put_text(&w, code, content);
    return yao_writer_keep(&w, arena, ret);
}

static yao_status sign_card(yao_arena *arena, yao_key *key,
                            const yao_card_showing *showing, yao_bytes *ret)
{
    uint8_t signature[YAO_MAX_SIGNATURE];
    size_t  len;

    YAO_TRY(yao_key_sign(key, &showing->wish, signature, &len));
    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_card_put_shown(&w, showing, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

/* A card that is over would only be refused: better to hear it here. */
static yao_status check_end(yao_arena *arena, yao_bytes card)
{
    yao_card_unverified read;

    YAO_TRY(yao_card_parse(arena, card, &read));
    if (yao_wallet_now() < read.content.expires)
        return YAO_OK;
    yao_explain(YAO_E_EXPIRED,
                WORDS("the cards in this wallet are over",
                      "钱包中的卡码已过期"),
                WORDS("get new ones, or show the document itself with "
                      "--format animated",
                      "请重新领取，或用 --format animated 出示证件本身"));
    return YAO_E_EXPIRED;
}

static yao_status make_card(yao_showing *s, const yao_showing_part *part,
                            const yao_crypto *crypto, yao_bytes *ret)
{
    yao_arena       *arena = &s->wallet->arena;
    yao_wallet_copy  copies[YAO_MAX_BATCH];
    yao_card_moment  moment;
    yao_card_showing showing;
    yao_key         *key;
    yao_bytes        card, whole;

    YAO_TRY(yao_wallet_read_batch(s->wallet, part->batch, copies));
    YAO_TRY(moment_of(s, crypto, &moment));
    YAO_TRY(yao_card_show(arena, crypto, copies[part->copy].bytes, &moment,
                          &showing));
    YAO_TRY(yao_wallet_open_key(s->wallet, &copies[part->copy], &key));
    yao_status status = sign_card(arena, key, &showing, &card);
    yao_key_close(key);
    if (status != YAO_OK)
        return status;

    YAO_TRY(check_end(arena, card));
    YAO_TRY(seal(s, crypto, card, &whole));
    return letters_of(arena, YAO_CARD_CODE_CARD, whole, ret);
}

static yao_status make_cards(yao_showing *s, const yao_crypto *crypto,
                             yao_showing_codes *ret)
{
    for (size_t i = 0; i < s->part_count; i++)
        YAO_TRY(make_card(s, &s->parts[i], crypto, &ret->list[i]));
    ret->count = s->part_count;
    return YAO_OK;
}

/* ---- an mdoc as codes that change --------------------------------------- */

static yao_status make_transcript(yao_showing *s, const yao_card_moment *moment)
{
    yao_writer w    = yao_writer_in(&s->wallet->arena);
    yao_bytes  hash = {moment->challenge,
                      moment->challenged ? sizeof moment->challenge : 0};

    yao_mdoc_put_transcript_offline(&w, moment->step, hash);
    return yao_writer_keep(&w, &s->wallet->arena, &s->transcript);
}

static yao_status make_parts(yao_showing *s, const yao_crypto *crypto,
                             yao_showing_codes *ret)
{
    yao_arena      *arena = &s->wallet->arena;
    yao_card_moment moment;
    yao_card_split  split;
    yao_bytes       response, shown, whole;

    YAO_TRY(moment_of(s, crypto, &moment));
    YAO_TRY(make_transcript(s, &moment));
    YAO_TRY(yao_showing_make_mdoc(s, &response));

    yao_writer w = yao_writer_in(arena);
    yao_card_put_mdoc(&w, &moment, response);
    YAO_TRY(yao_writer_keep(&w, arena, &shown));
    YAO_TRY(seal(s, crypto, shown, &whole));
    YAO_TRY(yao_card_split_whole(crypto, whole, PART, &split));
    for (size_t i = 0; i < split.count; i++) {
        yao_writer part = yao_writer_in(arena);
        yao_bytes  bytes;

        yao_card_put_part(&part, &split, i);
        YAO_TRY(yao_writer_keep(&part, arena, &bytes));
        YAO_TRY(letters_of(arena, YAO_CARD_CODE_PART, bytes, &ret->list[i]));
    }
    ret->count = split.count;
    ret->parts = true;
    return YAO_OK;
}

yao_status yao_showing_make_codes(yao_showing *s, yao_showing_codes *ret)
{
    yao_showing_codes codes   = {.count = 0};
    yao_openssl      *openssl = yao_openssl_open();
    yao_status        status  = openssl == NULL ? YAO_E_CRYPTO : YAO_OK;

    codes.list = yao_arena_take_array(&s->wallet->arena, YAO_MAX_CARD_PARTS,
                                      sizeof *codes.list);
    if (codes.list == NULL)
        status = YAO_E_SPACE;
    if (s->challenge.len == 0 && s->profile->card != YAO_CARD_OPEN)
        status = YAO_E_REFUSED;
    if (status == YAO_OK)
        status = s->form == YAO_SHOWING_CARD
                     ? make_cards(s, yao_openssl_crypto(openssl), &codes)
                     : make_parts(s, yao_openssl_crypto(openssl), &codes);
    yao_openssl_close(openssl);
    if (status == YAO_OK)
        *ret = codes;
    return status;
}
