/* SPDX-License-Identifier: Apache-2.0 */
#include "sdjwt/sdjwt.h"
#include "wallet/showing.h"

/* "address.formatted" as its steps. */
static yao_status split(yao_arena *arena, yao_text claim, yao_sdjwt_path *ret)
{
    size_t    count = 1, at = 0;
    yao_text *steps;

    for (size_t i = 0; i < claim.len; i++)
        count += claim.ptr[i] == '.';
    steps = yao_arena_take_array(arena, count, sizeof *steps);
    if (steps == NULL)
        return YAO_E_SPACE;

    steps[0] = (yao_text){claim.ptr, 0};
    for (size_t i = 0; i < claim.len; i++) {
        if (claim.ptr[i] == '.')
            steps[++at] = (yao_text){claim.ptr + i + 1, 0};
        else
            steps[at].len++;
    }
    *ret = (yao_sdjwt_path){steps, count};
    return YAO_OK;
}

static yao_status choose_paths(yao_arena *arena, const yao_showing_part *part,
                               yao_sdjwt_path **ret)
{
    yao_sdjwt_path *out =
        yao_arena_take_array(arena, part->element_count, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < part->element_count; i++)
        YAO_TRY(split(arena, part->elements[i]->claim, &out[i]));
    *ret = out;
    return YAO_OK;
}

static yao_status put_token(yao_writer *w, yao_key *key,
                            const yao_sdjwt_presenting *presenting)
{
    uint8_t signature[YAO_MAX_SIGNATURE];
    size_t  len;

    YAO_TRY(yao_key_sign(key, &presenting->wish, signature, &len));
    return yao_sdjwt_put_presented(w, presenting, (yao_bytes){signature, len});
}

static yao_status make_token(yao_showing *s, const yao_showing_part *part,
                             const yao_crypto *crypto, yao_bytes *ret)
{
    yao_arena           *arena = &s->wallet->arena;
    yao_wallet_copy      copies[YAO_MAX_BATCH];
    yao_sdjwt_path      *paths;
    yao_sdjwt_presenting presenting;
    yao_key             *key;

    YAO_TRY(yao_wallet_read_batch(s->wallet, part->batch, copies));
    YAO_TRY(choose_paths(arena, part, &paths));
    YAO_TRY(yao_wallet_open_key(s->wallet, &copies[part->copy], &key));

    yao_status status = yao_sdjwt_present(
        arena, crypto, copies[part->copy].bytes, paths, part->element_count,
        s->nonce, s->audience, s->now, yao_key_alg(key), &presenting);
    if (status == YAO_OK) {
        yao_writer w = yao_writer_in(arena);

        status = put_token(&w, key, &presenting);
        if (status == YAO_OK)
            status = yao_writer_keep(&w, arena, ret);
    }
    yao_key_close(key);
    return status;
}

yao_status yao_showing_make_sdjwt(yao_showing *s, yao_bytes *ret)
{
    yao_openssl *openssl = yao_openssl_open();
    yao_bytes    tokens[YAO_MAX_DOCUMENTS];
    yao_status   status = openssl == NULL ? YAO_E_CRYPTO : YAO_OK;

    for (size_t i = 0; i < s->part_count && status == YAO_OK; i++)
        status = make_token(s, &s->parts[i], yao_openssl_crypto(openssl),
                            &tokens[i]);
    if (status == YAO_OK) {
        yao_writer w = yao_writer_in(&s->wallet->arena);

        for (size_t i = 0; i < s->part_count; i++) {
            yao_put_bytes(&w, tokens[i]);
            yao_put_byte(&w, '\n');
        }
        status = yao_writer_keep(&w, &s->wallet->arena, ret);
    }
    yao_openssl_close(openssl);
    return status;
}
