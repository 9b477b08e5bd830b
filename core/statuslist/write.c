/* SPDX-License-Identifier: Apache-2.0 */
#include "statuslist/parts.h"

enum { MAX_URI = 2048 };

static bool dates_good(const yao_statuslist_request *q)
{
    return q->issued_at >= 0 && q->expires <= YAO_TIME_MAX &&
           q->issued_at < q->expires && q->ttl >= YAO_STATUS_TTL_MIN &&
           q->ttl <= YAO_STATUS_TTL_MAX;
}

static bool request_good(const yao_statuslist_request *q)
{
    if (q->uri.len == 0 || q->uri.len > MAX_URI || q->compressed.len == 0)
        return false;
    if (q->chain_count == 0 || q->chain_count > YAO_MAX_CHAIN)
        return false;

    return yao_statuslist_bits_good(q->bits) &&
           yao_sig_by_alg(q->alg) != NULL && dates_good(q);
}

/* ---- JWT ---- */

static void put_header(yao_writer *w, const yao_statuslist_request *q)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "alg");
    yao_json_put_string(w, yao_text_of(yao_sig_by_alg(q->alg)->jose));
    yao_json_put_name(w, &first, "typ");
    yao_json_put_string(w, YAO_STATUSLIST_TYPE_JWT);
    yao_put_byte(w, ',');
    yao_jws_put_x5c(w, q->chain, q->chain_count);
    yao_put_byte(w, '}');
}

static void put_claims_json(yao_writer *w, const yao_statuslist_request *q)
{
    bool first = true, inner = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "exp");
    yao_json_put_int(w, q->expires);
    yao_json_put_name(w, &first, "iat");
    yao_json_put_int(w, q->issued_at);
    yao_json_put_name(w, &first, "status_list");
    yao_put_byte(w, '{');
    yao_json_put_name(w, &inner, "bits");
    yao_json_put_int(w, q->bits);
    yao_json_put_name(w, &inner, "lst");
    yao_put_byte(w, '"');
    yao_put_base64url(w, q->compressed);
    yao_put_text(w, "\"}");
    yao_json_put_name(w, &first, "sub");
    yao_json_put_string(w, q->uri);
    yao_json_put_name(w, &first, "ttl");
    yao_json_put_int(w, q->ttl);
    yao_put_byte(w, '}');
}

static yao_status write_jwt(yao_arena *arena, yao_statuslist_issuing *issuing)
{
    const yao_statuslist_request *q = &issuing->request;
    yao_bytes                     header, claims;

    yao_writer w = yao_writer_in(arena);
    put_header(&w, q);
    YAO_TRY(yao_writer_keep(&w, arena, &header));

    w = yao_writer_in(arena);
    put_claims_json(&w, q);
    YAO_TRY(yao_writer_keep(&w, arena, &claims));

    w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, claims);
    YAO_TRY(yao_writer_keep(&w, arena, &issuing->payload));
    if (issuing->payload.len + 1 + YAO_MAX_SIGNATURE / 3 * 4 > YAO_MAX_JWT)
        return YAO_E_LIMIT;

    issuing->wish = yao_sign_wish_of(q->alg, issuing->payload);
    return YAO_OK;
}

/* ---- CWT ---- */

/* In the order of RFC 8949 section 4.2.1. */
static void put_claims_cbor(yao_writer *w, const yao_statuslist_request *q)
{
    yao_cbor_put_map(w, 5);
    yao_cbor_put_uint(w, YAO_CWT_SUB);
    yao_cbor_put_text(w, q->uri);
    yao_cbor_put_uint(w, YAO_CWT_EXP);
    yao_cbor_put_int(w, q->expires);
    yao_cbor_put_uint(w, YAO_CWT_IAT);
    yao_cbor_put_int(w, q->issued_at);
    yao_cbor_put_uint(w, YAO_CWT_STATUS_LIST);
    yao_cbor_put_map(w, 2);
    yao_cbor_put_string(w, "lst");
    yao_cbor_put_bytes(w, q->compressed);
    yao_cbor_put_string(w, "bits");
    yao_cbor_put_uint(w, q->bits);
    yao_cbor_put_uint(w, YAO_CWT_TTL);
    yao_cbor_put_int(w, q->ttl);
}

static yao_cose_headers headers_of(const yao_statuslist_request *q)
{
    return (yao_cose_headers){.alg             = q->alg,
                              .type            = YAO_STATUSLIST_TYPE_CWT,
                              .chain           = q->chain,
                              .chain_count     = q->chain_count,
                              .chain_protected = true};
}

static yao_status write_cwt(yao_arena *arena, yao_statuslist_issuing *issuing)
{
    const yao_statuslist_request *q       = &issuing->request;
    yao_cose_headers              headers = headers_of(q);
    yao_writer                    w       = yao_writer_in(arena);

    put_claims_cbor(&w, q);
    YAO_TRY(yao_writer_keep(&w, arena, &issuing->payload));
    if (issuing->payload.len > YAO_MAX_MESSAGE / 2)
        return YAO_E_LIMIT;

    return yao_cose_wish_sign1(&headers, &issuing->payload, 1, arena,
                               &issuing->wish);
}

/* ---- both ---- */

yao_status yao_statuslist_write(yao_arena                    *arena,
                                const yao_statuslist_request *request,
                                yao_statuslist_issuing       *ret)
{
    yao_statuslist_issuing issuing = {.request = *request};

    if (!request_good(request))
        return YAO_E_USAGE;
    switch (request->form) {
    case YAO_STATUSLIST_JWT: YAO_TRY(write_jwt(arena, &issuing)); break;
    case YAO_STATUSLIST_CWT: YAO_TRY(write_cwt(arena, &issuing)); break;
    default:                 return YAO_E_USAGE;
    }

    *ret = issuing;
    return YAO_OK;
}

yao_status yao_statuslist_put(yao_writer                   *w,
                              const yao_statuslist_issuing *issuing,
                              yao_bytes                     signature)
{
    const yao_sig_row *row     = yao_sig_by_alg(issuing->request.alg);
    yao_cose_headers   headers = headers_of(&issuing->request);

    if (row == NULL || signature.len != row->signature_len) {
        yao_writer_fail(w, YAO_E_USAGE);
        return w->status;
    }
    if (issuing->request.form == YAO_STATUSLIST_JWT) {
        yao_put_bytes(w, issuing->payload);
        yao_jws_put_signature(w, signature);
    } else {
        yao_cbor_put_tag(w, YAO_COSE_TAG_SIGN1);
        yao_cose_put_sign1(w, &headers, &issuing->payload, signature);
    }
    return w->status;
}
