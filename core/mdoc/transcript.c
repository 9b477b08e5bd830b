/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/*
 * SessionTranscript = [DeviceEngagementBytes / null, EReaderKeyBytes / null,
 *                      Handover]
 * What stands in Handover says which way was taken; a transcript of one way
 * never equals that of another.
 */

/* Both empty: null, null. */
static void begin(yao_writer *w, yao_bytes engagement, yao_bytes reader_key)
{
    yao_cbor_put_array(w, 3);
    if (engagement.len != 0)
        yao_cbor_put_raw(w, engagement);
    else
        yao_cbor_put_null(w);
    if (reader_key.len != 0)
        yao_cbor_put_raw(w, reader_key);
    else
        yao_cbor_put_null(w);
}

/* Handovers hash CBOR of an info array; its items are hashed one by one, each
 * as a head and a body, so that nothing of the caller's is copied. */
enum { MAX_INFO = 4, MAX_HEAD = 9 };

typedef struct info {
    yao_bytes parts[1 + 2 * MAX_INFO];
    size_t    count;
    uint8_t   heads[1 + MAX_INFO][MAX_HEAD];
    size_t    head_count;
} info;

/* A head written by PUT is a part of its own. */
static void add_head(info *i, const yao_writer *w)
{
    i->parts[i->count++] = (yao_bytes){w->ptr, w->len};
    i->head_count++;
}

static void begin_info(info *i, uint64_t items)
{
    yao_writer w = yao_writer_open(i->heads[0], MAX_HEAD);

    i->count      = 0;
    i->head_count = 0;
    yao_cbor_put_array(&w, items);
    add_head(i, &w);
}

/* A tstr's head is a bstr's with another major type (RFC 8949 section 3.1). */
static void add_text(info *i, yao_text text)
{
    uint8_t   *head = i->heads[i->head_count];
    yao_writer w    = yao_writer_open(head, MAX_HEAD);

    yao_cbor_put_bytes_head(&w, text.len);
    head[0] = (uint8_t)(head[0] | 0x20);
    add_head(i, &w);
    i->parts[i->count++] = yao_text_bytes(text);
}

/* A bstr; null when BYTES are empty. */
static void add_bytes(info *i, yao_bytes bytes)
{
    yao_writer w = yao_writer_open(i->heads[i->head_count], MAX_HEAD);

    if (bytes.len == 0)
        yao_cbor_put_null(&w);
    else
        yao_cbor_put_bytes_head(&w, bytes.len);
    add_head(i, &w);
    i->parts[i->count++] = bytes;
}

static yao_status hash_info(const info *i, const yao_crypto *crypto,
                            uint8_t out[YAO_SHA256_LEN])
{
    return crypto->hash(crypto->ctx, YAO_SHA256, i->parts, i->count, out);
}

/* [null, null, [NAME, SHA-256(info)]] */
static yao_status put_named(yao_writer *w, const yao_crypto *crypto,
                            const char *name, const info *i)
{
    uint8_t hash[YAO_SHA256_LEN];

    YAO_TRY(hash_info(i, crypto, hash));
    begin(w, (yao_bytes){NULL, 0}, (yao_bytes){NULL, 0});
    yao_cbor_put_array(w, 2);
    yao_cbor_put_string(w, name);
    yao_cbor_put_bytes(w, (yao_bytes){hash, sizeof hash});

    return w->status;
}

/* ISO/IEC 18013-5:2021 9.1.5.1: QRHandover = null */
void yao_mdoc_put_transcript_qr(yao_writer *w, yao_bytes engagement_bytes,
                                yao_bytes reader_key_bytes)
{
    begin(w, engagement_bytes, reader_key_bytes);
    yao_cbor_put_null(w);
}

/* ISO/IEC 18013-5:2021 9.1.5.1: NFCHandover = [Hs bstr, Hr bstr / null] */
void yao_mdoc_put_transcript_nfc(yao_writer *w, yao_bytes engagement_bytes,
                                 yao_bytes reader_key_bytes, yao_bytes select,
                                 yao_bytes request)
{
    begin(w, engagement_bytes, reader_key_bytes);
    yao_cbor_put_array(w, 2);
    yao_cbor_put_bytes(w, select);
    if (request.len != 0)
        yao_cbor_put_bytes(w, request);
    else
        yao_cbor_put_null(w);
}

/* ISO/IEC TS 18013-7 annex A: Handover = SHA-256(ReaderEngagementBytes) */
yao_status yao_mdoc_put_transcript_web(yao_writer       *w,
                                       const yao_crypto *crypto,
                                       yao_bytes         engagement_bytes,
                                       yao_bytes         reader_key_bytes,
                                       yao_bytes reader_engagement_bytes)
{
    uint8_t hash[YAO_SHA256_LEN];

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &reader_engagement_bytes, 1,
                         hash));
    begin(w, engagement_bytes, reader_key_bytes);
    yao_cbor_put_bytes(w, (yao_bytes){hash, sizeof hash});

    return w->status;
}

/* OpenID4VP 1.0 B.2.6.1 */
yao_status yao_mdoc_put_transcript_openid4vp(yao_writer       *w,
                                             const yao_crypto *crypto,
                                             yao_text          client_id,
                                             yao_text          nonce,
                                             yao_bytes         thumbprint,
                                             yao_text          response_uri)
{
    info i;

    begin_info(&i, 4);
    add_text(&i, client_id);
    add_text(&i, nonce);
    add_bytes(&i, thumbprint);
    add_text(&i, response_uri);

    return put_named(w, crypto, "OpenID4VPHandover", &i);
}

/* OpenID4VP 1.0 B.2.6.2 */
yao_status yao_mdoc_put_transcript_dcapi(yao_writer       *w,
                                         const yao_crypto *crypto,
                                         yao_text origin, yao_text nonce,
                                         yao_bytes thumbprint)
{
    info i;

    begin_info(&i, 3);
    add_text(&i, origin);
    add_text(&i, nonce);
    add_bytes(&i, thumbprint);

    return put_named(w, crypto, "OpenID4VPDCAPIHandover", &i);
}

/* SHA-256(CBOR [text, mdoc nonce]) as a bstr */
static yao_status put_pair_hash(yao_writer *w, const yao_crypto *crypto,
                                yao_text text, yao_text mdoc_nonce)
{
    uint8_t hash[YAO_SHA256_LEN];
    info    i;

    begin_info(&i, 2);
    add_text(&i, text);
    add_text(&i, mdoc_nonce);
    YAO_TRY(hash_info(&i, crypto, hash));
    yao_cbor_put_bytes(w, (yao_bytes){hash, sizeof hash});

    return w->status;
}

/* ISO/IEC TS 18013-7:2024 B.4.4:
 * [SHA-256([client_id, mdoc nonce]), SHA-256([response_uri, mdoc nonce]),
 *  nonce] */
yao_status yao_mdoc_put_transcript_annex_b(yao_writer       *w,
                                           const yao_crypto *crypto,
                                           yao_text          client_id,
                                           yao_text          response_uri,
                                           yao_text          nonce,
                                           yao_text          mdoc_nonce)
{
    begin(w, (yao_bytes){NULL, 0}, (yao_bytes){NULL, 0});
    yao_cbor_put_array(w, 3);
    YAO_TRY(put_pair_hash(w, crypto, client_id, mdoc_nonce));
    YAO_TRY(put_pair_hash(w, crypto, response_uri, mdoc_nonce));
    yao_cbor_put_text(w, nonce);

    return w->status;
}

/* ISO/IEC TS 18013-7 annex C: ["dcapi", SHA-256([EncryptionInfo in base64url,
 * origin])] */
yao_status yao_mdoc_put_transcript_annex_c(yao_writer       *w,
                                           const yao_crypto *crypto,
                                           yao_text          encryption_info,
                                           yao_text          origin)
{
    info i;

    begin_info(&i, 2);
    add_text(&i, encryption_info);
    add_text(&i, origin);

    return put_named(w, crypto, "dcapi", &i);
}

/* docs/formats/card.md section 5: ["yaopai-offline-1", step /
 * SHA-256(challenge)] */
void yao_mdoc_put_transcript_offline(yao_writer *w, uint64_t step,
                                     yao_bytes challenge_hash)
{
    begin(w, (yao_bytes){NULL, 0}, (yao_bytes){NULL, 0});
    yao_cbor_put_array(w, 2);
    yao_cbor_put_string(w, "yaopai-offline-1");
    if (challenge_hash.len != 0)
        yao_cbor_put_bytes(w, challenge_hash);
    else
        yao_cbor_put_uint(w, step);
}
