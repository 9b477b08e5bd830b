/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cose_parts.h"

/*
 * What is signed and what is MACed have one shape (RFC 9052 sections 4.4 and
 * 6.3), of which the external data is always empty here:
 *
 *     [context: tstr, protected: bstr, external: h'', payload: bstr]
 *
 * It is never put together: the parts are the heads, which we write, and the
 * protected header and the payload as they were received.
 */

enum { STRUCTURE_HEADS = 40 }; /* "Signature1", and three longest heads */

yao_status yao_cose_parts_len(const yao_bytes *parts, size_t count,
                              uint64_t *ret)
{
    uint64_t len = 0;

    if (count == 0 || count > YAO_MAX_PAYLOAD_PARTS)
        return YAO_E_USAGE;
    for (size_t i = 0; i < count; i++)
        len += parts[i].len;

    *ret = len;
    return YAO_OK;
}

/* Where the payload is: in the message or outside, never both. */
static yao_status find_payload(const yao_cose_message *message,
                               const yao_bytes **parts, size_t *count)
{
    if (message->detached != (*count != 0))
        return YAO_E_USAGE;
    if (!message->detached) {
        *parts = &message->payload;
        *count = 1;
    }
    return YAO_OK;
}

/* Write the heads into W, and the parts that lie in W's memory into PARTS. */
static yao_status split(const yao_cose_message *message, const char *context,
                        const yao_bytes *payload, size_t count, yao_writer *w,
                        yao_bytes parts[YAO_MAX_PARTS])
{
    yao_bytes heads;
    uint64_t  len;

    YAO_TRY(yao_cose_parts_len(payload, count, &len));

    yao_cbor_put_array(w, 4);
    yao_cbor_put_string(w, context);
    yao_cbor_put_bytes_head(w, message->protected_bytes.len);
    size_t middle = w->len;
    yao_cbor_put_bytes_head(w, 0);
    yao_cbor_put_bytes_head(w, len);
    YAO_TRY(yao_writer_close(w, &heads));

    parts[0] = (yao_bytes){heads.ptr, middle};
    parts[1] = message->protected_bytes;
    parts[2] = (yao_bytes){heads.ptr + middle, heads.len - middle};
    for (size_t i = 0; i < count; i++)
        parts[3 + i] = payload[i];

    return YAO_OK;
}

yao_status yao_cose_check_sign1(const yao_cose_message *message,
                                const yao_public_key   *key,
                                const yao_bytes        *external,
                                size_t external_count, yao_arena *arena,
                                yao_signature_check *ret)
{
    const yao_sig_row *row = yao_sig_by_cose(message->alg);
    yao_writer         w   = yao_writer_in(arena);
    yao_bytes          heads;

    YAO_TRY(find_payload(message, &external, &external_count));
    if (row == NULL || row->curve != key->curve)
        return YAO_E_ALGORITHM;
    if (message->signature.len != row->signature_len)
        return YAO_E_MALFORMED;

    yao_signature_check check = {.alg        = row->alg,
                                 .key        = *key,
                                 .part_count = 3 + external_count,
                                 .signature  = message->signature};

    YAO_TRY(split(message, "Signature1", external, external_count, &w,
                  check.parts));
    YAO_TRY(yao_writer_keep(&w, arena, &heads));

    *ret = check;
    return YAO_OK;
}

/* The tag of MESSAGE under KEY, into OUT. */
static yao_status compute_mac0(const yao_cose_message *message, yao_bytes key,
                               const yao_bytes *payload, size_t count,
                               const yao_crypto *crypto,
                               uint8_t           out[YAO_SHA256_LEN])
{
    uint8_t    heads[STRUCTURE_HEADS];
    yao_writer w = yao_writer_open(heads, sizeof heads);
    yao_bytes  parts[YAO_MAX_PARTS];

    if (key.len == 0)
        return YAO_E_USAGE;
    YAO_TRY(split(message, "MAC0", payload, count, &w, parts));

    return crypto->hmac(crypto->ctx, YAO_SHA256, key, parts, 3 + count, out);
}

yao_status yao_cose_verify_mac0(const yao_cose_message *message, yao_bytes key,
                                const yao_bytes *external,
                                size_t external_count, const yao_crypto *crypto)
{
    uint8_t    tag[YAO_SHA256_LEN] = {0};
    yao_status status;

    YAO_TRY(find_payload(message, &external, &external_count));
    if (message->alg != YAO_COSE_HMAC_256)
        return YAO_E_ALGORITHM;

    status = compute_mac0(message, key, external, external_count, crypto, tag);
    if (status == YAO_OK &&
        !yao_bytes_equal_secret((yao_bytes){tag, sizeof tag},
                                message->signature))
        status = YAO_E_BAD_SIGNATURE;

    yao_wipe(tag, sizeof tag);
    return status;
}

yao_status yao_cose_put_mac0(yao_writer *w, yao_bytes key,
                             const yao_bytes *external, size_t external_count,
                             const yao_crypto *crypto)
{
    yao_cose_message message = {.protected_bytes = YAO_INIT("\xa1\x01\x05"),
                                .detached        = true};
    uint8_t          tag[YAO_SHA256_LEN];

    yao_status status =
        compute_mac0(&message, key, external, external_count, crypto, tag);
    if (status != YAO_OK) {
        yao_writer_fail(w, status);
        return status;
    }

    yao_cbor_put_array(w, 4);
    yao_cbor_put_bytes(w, message.protected_bytes);
    yao_cbor_put_map(w, 0);
    yao_cbor_put_null(w);
    yao_cbor_put_bytes(w, (yao_bytes){tag, sizeof tag});
    return w->status;
}
