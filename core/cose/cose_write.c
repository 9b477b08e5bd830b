/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose_parts.h"

/* RFC 9360 section 2: COSE_X509 = bstr / [2*certs: bstr] */
static void put_chain(yao_writer *w, const yao_cose_headers *headers)
{
    yao_cbor_put_uint(w, YAO_HEADER_X5CHAIN);
    if (headers->chain_count > 1)
        yao_cbor_put_array(w, headers->chain_count);
    for (size_t i = 0; i < headers->chain_count; i++)
        yao_cbor_put_bytes(w, headers->chain[i]);
}

/* The protected header, in the order of RFC 8949 section 4.2.1. */
static void put_protected(yao_writer *w, const yao_cose_headers *headers)
{
    const yao_sig_row *row   = yao_sig_by_alg(headers->alg);
    size_t             mark  = yao_cbor_begin_bytes(w);
    bool               chain = headers->chain_protected &&
                               headers->chain_count != 0;

    if (row == NULL) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_cbor_put_map(w, 1 + (uint64_t)(headers->kid.len != 0) +
                            (headers->type.len != 0) + chain);
    yao_cbor_put_uint(w, YAO_HEADER_ALG);
    yao_cbor_put_int(w, row->cose);
    if (headers->kid.len != 0) {
        yao_cbor_put_uint(w, YAO_HEADER_KID);
        yao_cbor_put_bytes(w, headers->kid);
    }
    if (headers->type.len != 0) { /* RFC 9596 */
        yao_cbor_put_uint(w, YAO_HEADER_TYPE);
        yao_cbor_put_text(w, headers->type);
    }
    if (chain)
        put_chain(w, headers);
    yao_cbor_end_bytes(w, mark);
}

static void put_unprotected(yao_writer *w, const yao_cose_headers *headers)
{
    bool chain = !headers->chain_protected && headers->chain_count != 0;

    yao_cbor_put_map(w, chain);
    if (chain)
        put_chain(w, headers);
}

yao_status yao_cose_wish_sign1(const yao_cose_headers *headers,
                               const yao_bytes *payload, size_t count,
                               yao_arena *arena, yao_sign_wish *ret)
{
    yao_sign_wish wish = {.alg = headers->alg, .part_count = 1 + count};
    yao_writer    w    = yao_writer_in(arena);
    uint64_t      len;

    YAO_TRY(yao_cose_parts_len(payload, count, &len));

    yao_cbor_put_array(&w, 4);
    yao_cbor_put_string(&w, "Signature1");
    put_protected(&w, headers);
    yao_cbor_put_bytes_head(&w, 0);
    yao_cbor_put_bytes_head(&w, len);
    for (size_t i = 0; i < count; i++)
        wish.parts[1 + i] = payload[i];
    YAO_TRY(yao_writer_keep(&w, arena, &wish.parts[0]));

    *ret = wish;
    return YAO_OK;
}

void yao_cose_put_sign1(yao_writer *w, const yao_cose_headers *headers,
                        const yao_bytes *payload, yao_bytes signature)
{
    const yao_sig_row *row = yao_sig_by_alg(headers->alg);

    if (row == NULL || signature.len != row->signature_len ||
        headers->chain_count > YAO_MAX_CHAIN) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_cbor_put_array(w, 4);
    put_protected(w, headers);
    put_unprotected(w, headers);
    if (payload != NULL)
        yao_cbor_put_bytes(w, *payload);
    else
        yao_cbor_put_null(w);
    yao_cbor_put_bytes(w, signature);
}
