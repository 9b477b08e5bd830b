/* SPDX-License-Identifier: Apache-2.0 */

/* The verifier's requests. What is written here is read by request_read.c, and
 * by wallets of others. */

#include "vp/parts.h"

/* ---- what is fresh ------------------------------------------------------ */

static yao_status draw(yao_arena *arena, yao_entropy *entropy, size_t len,
                       yao_text *ret)
{
    yao_bytes random;

    YAO_TRY(yao_entropy_take(entropy, len, &random));
    return yao_letters_encode(arena, random, ret);
}

yao_status yao_vp_make_fresh(yao_arena *arena, yao_entropy *entropy,
                             yao_vp_fresh *ret)
{
    yao_vp_fresh fresh;

    YAO_TRY(draw(arena, entropy, 32, &fresh.nonce));
    YAO_TRY(draw(arena, entropy, 32, &fresh.state));
    YAO_TRY(draw(arena, entropy, 32, &fresh.response_code));
    YAO_TRY(draw(arena, entropy, 16, &fresh.kid));
    *ret = fresh;
    return YAO_OK;
}

yao_status yao_vp_make_client_id(yao_arena *arena, const yao_crypto *crypto,
                                 yao_bytes leaf, yao_text *ret)
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &leaf, 1, hash));
    yao_put_text(&w, "x509_hash:");
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    *ret = yao_vp_text_of(text);
    return YAO_OK;
}

/* ---- client_metadata ---------------------------------------------------- */

static void put_coordinate(yao_writer *w, const char *name, yao_bytes bytes)
{
    yao_put_text(w, name);
    yao_put_base64url(w, bytes);
    yao_put_byte(w, '"');
}

/* HAIP 1.0 section 5: one key on P-256, and both encryptions. */
static void put_key(yao_writer *w, const yao_vp_ask *ask)
{
    const uint8_t *point = ask->key.point;

    yao_put_text(w, "\"encrypted_response_enc_values_supported\":"
                    "[\"A128GCM\",\"A256GCM\"],\"jwks\":{\"keys\":[{"
                    "\"alg\":\"ECDH-ES\",\"crv\":\"P-256\",\"kid\":");
    yao_json_put_string(w, ask->kid);
    yao_put_text(w, ",\"kty\":\"EC\",\"use\":\"enc\"");
    put_coordinate(w, ",\"x\":\"", (yao_bytes){point + 1, 32});
    put_coordinate(w, ",\"y\":\"", (yao_bytes){point + 33, 32});
    yao_put_text(w, "}]},");
}

static void put_metadata(yao_writer *w, bool *first, const yao_vp_ask *ask)
{
    yao_json_put_name(w, first, "client_metadata");
    yao_put_byte(w, '{');
    if (yao_vp_mode_sealed(ask->mode))
        put_key(w, ask);
    yao_put_text(w, "\"vp_formats_supported\":" YAO_VP_FORMATS "}");
}

/* ---- the parameters ----------------------------------------------------- */

static bool words_good(const yao_vp_ask *ask)
{
    return ask->query.len != 0 &&
           ask->transaction_count <= YAO_VP_MAX_TRANSACTIONS &&
           ask->origin_count <= YAO_VP_MAX_ORIGINS &&
           yao_vp_is_safe(ask->nonce, YAO_VP_MIN_NONCE, YAO_VP_MAX_NONCE) &&
           yao_vp_is_safe(ask->state, 0, YAO_VP_MAX_STATE) &&
           yao_vp_is_safe(ask->wallet_nonce, 0, YAO_VP_MAX_NONCE);
}

static bool writable(const yao_vp_ask *ask)
{
    if (ask->mode == YAO_VP_NO_MODE || !words_good(ask))
        return false;
    if (yao_vp_mode_dcapi(ask->mode)
            ? ask->response_uri.len != 0 || ask->state.len != 0
            : ask->response_uri.len == 0 || ask->origin_count != 0)
        return false;
    if (!yao_vp_mode_sealed(ask->mode))
        return ask->key.curve == YAO_CURVE_NONE;
    return ask->key.curve == YAO_P256 && ask->key.len == 65 &&
           ask->kid.len != 0;
}

static void put_transactions(yao_writer *w, bool *first, const yao_vp_ask *ask)
{
    bool inner = true;

    if (ask->transaction_count == 0)
        return;
    yao_json_put_name(w, first, "transaction_data");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < ask->transaction_count; i++) {
        yao_json_put_next(w, &inner);
        yao_put_byte(w, '"');
        yao_put_base64url(w, ask->transactions[i]);
        yao_put_byte(w, '"');
    }
    yao_put_byte(w, ']');
}

static void put_origins(yao_writer *w, bool *first, const yao_vp_ask *ask)
{
    bool inner = true;

    if (ask->origin_count == 0)
        return;
    yao_json_put_name(w, first, "expected_origins");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < ask->origin_count; i++) {
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, ask->origins[i]);
    }
    yao_put_byte(w, ']');
}

/* Members of the object, without its braces. */
static void put_members(yao_writer *w, bool *first, const yao_vp_ask *ask)
{
    yao_json_put_optional(w, first, "client_id", ask->client_id);
    yao_json_put_optional(w, first, "response_type", YAO_TEXT("vp_token"));
    yao_json_put_optional(w, first, "response_mode",
                          yao_text_of(yao_vp_mode_name(ask->mode)));
    yao_json_put_optional(w, first, "response_uri", ask->response_uri);
    yao_json_put_optional(w, first, "nonce", ask->nonce);
    yao_json_put_optional(w, first, "state", ask->state);
    yao_json_put_optional(w, first, "wallet_nonce", ask->wallet_nonce);
    yao_json_put_name(w, first, "dcql_query");
    yao_put_bytes(w, ask->query);
    put_metadata(w, first, ask);
    put_transactions(w, first, ask);
    put_origins(w, first, ask);
    if (ask->infos.len != 0) {
        yao_json_put_name(w, first, "verifier_info");
        yao_put_bytes(w, ask->infos);
    }
}

void yao_vp_put_request(yao_writer *w, const yao_vp_ask *ask)
{
    bool first = true;

    if (!writable(ask)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_byte(w, '{');
    put_members(w, &first, ask);
    yao_put_byte(w, '}');
}

/* ---- signed ------------------------------------------------------------- */

static bool signable(const yao_vp_ask *ask, size_t chain_count)
{
    yao_text name;

    if (chain_count == 0 || chain_count > YAO_MAX_CHAIN ||
        ask->issued < 0 || ask->expires <= ask->issued ||
        ask->expires > YAO_TIME_MAX)
        return false;
    if (yao_vp_mode_dcapi(ask->mode) && ask->origin_count == 0)
        return false;

    yao_vp_prefix prefix = yao_vp_cut_client_id(ask->client_id, &name);
    return prefix == YAO_VP_HASH || prefix == YAO_VP_SAN_DNS;
}

static yao_status write_header(yao_arena *arena, const yao_sig_row *row,
                               const yao_bytes *chain, size_t count,
                               yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_put_text(&w, "{\"alg\":\"");
    yao_put_text(&w, row->jose);
    yao_put_text(&w, "\",\"typ\":\"oauth-authz-req+jwt\",");
    yao_jws_put_x5c(&w, chain, count);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

/* aud is any wallet's: it is not known which one will read it (OpenID4VP 1.0
 * section 5.8). */
static yao_status write_payload(yao_arena *arena, const yao_vp_ask *ask,
                                yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    put_members(&w, &first, ask);
    if (!yao_vp_mode_dcapi(ask->mode))
        yao_json_put_optional(&w, &first, "aud", YAO_TEXT(YAO_VP_ANY_WALLET));
    yao_json_put_name(&w, &first, "iat");
    yao_json_put_int(&w, ask->issued);
    yao_json_put_name(&w, &first, "exp");
    yao_json_put_int(&w, ask->expires);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_vp_make_request(yao_arena *arena, const yao_vp_ask *ask,
                               yao_sig_alg alg, const yao_bytes *chain,
                               size_t chain_count, yao_oauth_unsigned *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(alg);
    yao_oauth_unsigned token;
    yao_bytes          header, payload;

    if (row == NULL || !writable(ask) || !signable(ask, chain_count))
        return YAO_E_USAGE;
    YAO_TRY(write_header(arena, row, chain, chain_count, &header));
    YAO_TRY(write_payload(arena, ask, &payload));
    yao_writer w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, payload);
    YAO_TRY(yao_writer_keep(&w, arena, &token.text));
    token.wish = yao_sign_wish_of(alg, token.text);

    *ret = token;
    return YAO_OK;
}

void yao_vp_put_dcapi(yao_writer *w, yao_bytes token)
{
    yao_put_text(w, "{\"request\":\"");
    yao_put_bytes(w, token);
    yao_put_text(w, "\"}");
}

/* ---- bindings ----------------------------------------------------------- */

yao_status yao_vp_bind(const yao_crypto *crypto, const yao_vp_ask *ask,
                       yao_text origin, yao_vp_binding *ret)
{
    yao_vp_binding b = {.dcapi        = yao_vp_mode_dcapi(ask->mode),
                        .client_id    = ask->client_id,
                        .origin       = origin,
                        .nonce        = ask->nonce,
                        .response_uri = ask->response_uri,
                        .sealed       = yao_vp_mode_sealed(ask->mode)};

    if (b.sealed)
        YAO_TRY(yao_jwk_thumbprint(&ask->key, crypto, b.thumbprint));
    *ret = b;
    return YAO_OK;
}
