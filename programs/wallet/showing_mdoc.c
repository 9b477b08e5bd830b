/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/mdoc.h"
#include "wallet/showing.h"

/* Every page of a booklet stands in its own namespace; a profile asks for the
 * holder's own page, which is the first. */
static yao_status select_elements(yao_arena *arena,
                                  const yao_showing_part *part,
                                  yao_mdoc_selector     **ret)
{
    yao_mdoc_selector *out =
        yao_arena_take_array(arena, part->element_count, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < part->element_count; i++)
        out[i] = (yao_mdoc_selector){part->elements[i]->space,
                                     part->elements[i]->identifier};
    *ret = out;
    return YAO_OK;
}

/* The reader's ephemeral key is the second item of the transcript. */
static yao_status reader_key(yao_bytes transcript, yao_public_key *ret)
{
    yao_cbor_reader r = yao_cbor_open_foreign(transcript);

    yao_cbor_get_array(&r, 3);
    yao_cbor_get_any(&r);
    if (yao_cbor_peek(&r) != YAO_CBOR_TAG)
        return YAO_E_MISSING;

    yao_cbor_reader key = yao_cbor_open_foreign(yao_cbor_get_wrapped(&r).inner);
    yao_public_key  read = {.curve = YAO_CURVE_NONE};
    yao_cose_get_key(&key, &read);
    YAO_TRY(yao_cbor_close(&key));
    *ret = read;
    return r.status;
}

static yao_status put_signed(yao_writer *w, yao_key *key,
                             yao_mdoc_presenting *presenting)
{
    uint8_t signature[YAO_MAX_SIGNATURE];
    size_t  len;

    YAO_TRY(yao_key_sign(key, &presenting->wish, signature, &len));
    return yao_mdoc_put_document_signed(w, presenting,
                                        (yao_bytes){signature, len});
}

static yao_status put_maced(yao_writer *w, yao_key *key,
                            const yao_mdoc_presenting *presenting,
                            const yao_crypto *crypto, yao_bytes transcript)
{
    uint8_t        secret[YAO_MAX_AGREEMENT];
    yao_agree_wish wish;

    YAO_TRY(reader_key(transcript, &wish.peer));
    yao_status status = yao_key_agree(key, &wish, secret);
    if (status == YAO_OK)
        status = yao_mdoc_put_document_maced(
            w, presenting, crypto,
            (yao_bytes){secret, wish.peer.curve == YAO_P384 ? 48 : 32},
            transcript);
    yao_wipe(secret, sizeof secret);
    return status;
}

static yao_status make_document(yao_showing *s, const yao_showing_part *part,
                                const yao_crypto *crypto, yao_bytes *ret)
{
    yao_arena          *arena = &s->wallet->arena;
    yao_wallet_copy     copies[YAO_MAX_BATCH];
    yao_mdoc_selector  *selectors;
    yao_mdoc_presenting presenting;
    yao_key            *key;

    YAO_TRY(yao_wallet_read_batch(s->wallet, part->batch, copies));
    YAO_TRY(select_elements(arena, part, &selectors));
    YAO_TRY(yao_mdoc_present(arena, copies[part->copy].bytes, selectors,
                             part->element_count, s->transcript,
                             &presenting));
    YAO_TRY(yao_wallet_open_key(s->wallet, &copies[part->copy], &key));
    presenting.wish.alg = yao_key_alg(key);

    yao_writer w = yao_writer_in(arena);
    yao_status status =
        s->mac ? put_maced(&w, key, &presenting, crypto, s->transcript)
               : put_signed(&w, key, &presenting);
    if (status == YAO_OK)
        status = yao_writer_keep(&w, arena, ret);
    yao_key_close(key);
    return status;
}

yao_status yao_showing_make_mdoc(yao_showing *s, yao_bytes *ret)
{
    yao_openssl *openssl = yao_openssl_open();
    yao_bytes    documents[YAO_MAX_DOCUMENTS];
    yao_status   status = openssl == NULL ? YAO_E_CRYPTO : YAO_OK;

    for (size_t i = 0; i < s->part_count && status == YAO_OK; i++)
        status = make_document(s, &s->parts[i], yao_openssl_crypto(openssl),
                               &documents[i]);
    if (status == YAO_OK) {
        yao_writer w = yao_writer_in(&s->wallet->arena);

        yao_mdoc_put_response(&w, documents, s->part_count);
        status = yao_writer_keep(&w, &s->wallet->arena, ret);
    }
    yao_openssl_close(openssl);
    return status;
}
