/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/dpop.h"

#include "base/ascii.h"
#include "base/copy.h"
#include "oauth/parts.h"

enum { JKT_LETTERS = 43 };

/* ---- addresses, as htu is compared (RFC 9449 section 4.3, check 9) ---- */

static void put_small(yao_writer *w, yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        yao_put_byte(w, yao_ascii_small(text.ptr[i]));
}

static bool ends(yao_text text, yao_text tail)
{
    return text.len >= tail.len &&
           yao_text_equal(
               (yao_text){text.ptr + text.len - tail.len, tail.len}, tail);
}

/* RFC 3986 6.2.3: a port that is the scheme's own, or an empty one, is none. */
static yao_text without_port(yao_text authority, bool https)
{
    yao_text usual = https ? YAO_TEXT(":443") : YAO_TEXT(":80");

    if (ends(authority, usual))
        authority.len -= usual.len;
    else if (ends(authority, YAO_TEXT(":")))
        authority.len--;
    return authority;
}

/* RFC 3986 6.2.2.1 and 6.2.2.2: escapes of unreserved letters undone, the
 * others in capitals. */
static yao_status put_path(yao_writer *w, yao_text path)
{
    static const char digits[] = "0123456789ABCDEF";

    if (path.len == 0)
        yao_put_byte(w, '/');
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] != '%') {
            yao_put_byte(w, path.ptr[i]);
            continue;
        }
        if (path.len - i < 3)
            return YAO_E_MALFORMED;
        int high = yao_ascii_hex(path.ptr[i + 1]);
        int low  = yao_ascii_hex(path.ptr[i + 2]);
        if (high < 0 || low < 0)
            return YAO_E_MALFORMED;
        uint8_t byte = (uint8_t)(high * 16 + low);
        i += 2;
        if (yao_ascii_unreserved(byte)) {
            yao_put_byte(w, byte);
            continue;
        }
        yao_put_byte(w, '%');
        yao_put_byte(w, (uint8_t)digits[high]);
        yao_put_byte(w, (uint8_t)digits[low]);
    }
    return YAO_OK;
}

static yao_status normalise(yao_arena *arena, yao_text url, yao_bytes *ret)
{
    yao_writer    w = yao_writer_in(arena);
    yao_oauth_url u;

    if (url.len > YAO_OAUTH_MAX_URI || !yao_oauth_cut_url(url, &u))
        return YAO_E_MALFORMED;
    put_small(&w, u.scheme);
    bool https = ends((yao_text){w.ptr, w.len}, YAO_TEXT("https"));
    yao_put_text(&w, "://");
    put_small(&w, without_port(u.authority, https));
    YAO_TRY(put_path(&w, u.path));
    return yao_writer_keep(&w, arena, ret);
}

/* YAO_OK when they are the same. */
static yao_status compare_uri(yao_arena *arena, yao_text a, yao_text b)
{
    yao_bytes one, two;

    YAO_TRY(normalise(arena, a, &one));
    YAO_TRY(normalise(arena, b, &two));
    return yao_bytes_equal(one, two) ? YAO_OK : YAO_E_MISMATCH;
}

bool yao_dpop_same_uri(yao_arena *arena, yao_text a, yao_text b)
{
    size_t mark = arena->used;
    bool   same = compare_uri(arena, a, b) == YAO_OK;

    arena->used = mark;
    return same;
}

/* ---- thumbprints and hashes ---- */

void yao_dpop_put_jkt(yao_writer *w, const uint8_t jkt[YAO_SHA256_LEN])
{
    yao_put_base64url(w, (yao_bytes){jkt, YAO_SHA256_LEN});
}

yao_status yao_dpop_read_jkt(yao_text letters, uint8_t out[YAO_SHA256_LEN])
{
    uint8_t    jkt[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(jkt, sizeof jkt);

    if (letters.len != JKT_LETTERS)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));

    yao_copy(out, (yao_bytes){jkt, sizeof jkt});
    return YAO_OK;
}

/* BASE64URL(SHA-256(access token)). */
static yao_status make_ath(const yao_crypto *crypto, yao_text token,
                           uint8_t out[JKT_LETTERS])
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_bytes  bytes = yao_text_bytes(token);
    yao_writer w     = yao_writer_open(out, JKT_LETTERS);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &bytes, 1, hash));
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    return w.status;
}

/* ---- making ---- */

/* htu is the address of the request without query and fragment. */
static yao_text bare(yao_text url)
{
    url.len = yao_bytes_find(yao_text_bytes(url), '#');
    url.len = yao_bytes_find(yao_text_bytes(url), '?');
    return url;
}

static void put_payload(yao_writer *w, const yao_dpop_request *r, yao_text ath)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "jti", r->jti);
    yao_json_put_optional(w, &first, "htm", r->method);
    yao_json_put_optional(w, &first, "htu", bare(r->uri));
    yao_oauth_put_time(w, &first, "iat", r->iat);
    yao_json_put_optional(w, &first, "ath", ath);
    yao_json_put_optional(w, &first, "nonce", r->nonce);
    yao_put_byte(w, '}');
}

yao_status yao_dpop_make(yao_arena *arena, const yao_dpop_request *request,
                         const yao_crypto *crypto, yao_oauth_unsigned *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(request->alg);
    uint8_t            ath[JKT_LETTERS];
    yao_text           hash = {NULL, 0};

    if (row == NULL || row->curve != request->key.curve ||
        request->jti.len == 0 || request->method.len == 0 ||
        request->uri.len == 0 || request->iat < 0)
        return YAO_E_USAGE;
    if (request->token.len != 0) {
        YAO_TRY(make_ath(crypto, request->token, ath));
        hash = (yao_text){ath, sizeof ath};
    }

    yao_writer w = yao_writer_in(arena);
    yao_oauth_put_header(&w, request->alg, "dpop+jwt");
    yao_put_text(&w, ",\"jwk\":");
    yao_jwk_put(&w, &request->key);
    yao_put_byte(&w, '}');
    size_t split = w.len;
    put_payload(&w, request, hash);
    return yao_oauth_close(&w, split, arena, request->alg, ret);
}

/* ---- checking ---- */

typedef struct reading {
    yao_arena          *arena;
    const yao_dpop_ask *ask;
    yao_jws             jws;
    yao_oauth_refusal  *refusal;
} reading;

static yao_status refuse(const reading *r, const char *why, yao_status status)
{
    if (status == YAO_E_SPACE || (int)status >= 500 || status == YAO_E_USAGE)
        return yao_oauth_refuse(r->refusal, YAO_OAUTH_SERVER_ERROR, "", status);
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_DPOP_PROOF, why,
                            status);
}

static yao_status check_header(const reading *r, yao_dpop_unverified *proof)
{
    const yao_crypto *crypto = r->ask->crypto;
    yao_status        status;

    if (!yao_text_equal(r->jws.type, YAO_TEXT("dpop+jwt")))
        return refuse(r, "typ is not dpop+jwt", YAO_E_HEADER);
    if (r->jws.jwk == NULL || r->jws.chain_count != 0)
        return refuse(r, "jwk is missing, or not alone", YAO_E_HEADER);
    status = yao_jwk_read(r->jws.jwk, r->arena, &proof->key);
    if (status != YAO_OK)
        return refuse(r, "jwk is no public key for signatures", status);
    status = yao_jws_check(&r->jws, &proof->key, &proof->check);
    if (status != YAO_OK)
        return refuse(r, "alg does not fit the key", status);
    status = yao_jwk_thumbprint(&proof->key, crypto, proof->jkt);
    if (status != YAO_OK)
        return refuse(r, "", status);
    if (r->ask->jkt != NULL &&
        !yao_bytes_equal((yao_bytes){proof->jkt, YAO_SHA256_LEN},
                         (yao_bytes){r->ask->jkt, YAO_SHA256_LEN}))
        return refuse(r, "made with another key", YAO_E_MISMATCH);

    return YAO_OK;
}

static yao_status check_place(const reading *r)
{
    static const yao_oauth_claim htm = {"htm", YAO_OAUTH_MAX_ID, true};
    static const yao_oauth_claim htu = {"htu", YAO_OAUTH_MAX_URI, true};
    yao_text                     method, uri;
    yao_status                   status;

    status = yao_oauth_get(r->jws.payload, r->arena, &htm, &method);
    if (status != YAO_OK)
        return refuse(r, "htm is missing", status);
    if (!yao_text_equal(method, r->ask->method))
        return refuse(r, "htm is another method", YAO_E_MISMATCH);
    status = yao_oauth_get(r->jws.payload, r->arena, &htu, &uri);
    if (status != YAO_OK)
        return refuse(r, "htu is missing", status);
    status = compare_uri(r->arena, uri, r->ask->uri);
    if (status != YAO_OK)
        return refuse(r, "htu is another address", status);

    return YAO_OK;
}

static yao_status check_times(const reading *r, yao_dpop_unverified *proof)
{
    const yao_oauth_clock *clock   = &r->ask->clock;
    const yao_json        *payload = r->jws.payload;
    yao_time               iat, nbf, exp;
    yao_status status = yao_oauth_get_time(payload, "iat", true, &iat);

    if (status == YAO_OK)
        status = yao_oauth_get_time(payload, "nbf", false, &nbf);
    if (status == YAO_OK)
        status = yao_oauth_get_time(payload, "exp", false, &exp);
    if (status != YAO_OK)
        return refuse(r, "iat is missing, or a time is none", status);
    status = yao_oauth_check_iat(clock, iat);
    if (status != YAO_OK)
        return refuse(r, "iat is too far from now", status);
    status = yao_oauth_check_life(clock, nbf, exp);
    if (status != YAO_OK)
        return refuse(r, "it is over, or not yet valid", status);

    proof->forget_at = iat + clock->window + clock->skew + 1;
    return YAO_OK;
}

static yao_status check_ath(const reading *r)
{
    static const yao_oauth_claim claim = {"ath", JKT_LETTERS, true};
    uint8_t                      made[JKT_LETTERS];
    yao_text                     ath;
    yao_status                   status;

    if (r->ask->token.len == 0)
        return YAO_OK;
    status = yao_oauth_get(r->jws.payload, r->arena, &claim, &ath);
    if (status != YAO_OK)
        return refuse(r, "ath is missing", status);
    status = make_ath(r->ask->crypto, r->ask->token, made);
    if (status != YAO_OK)
        return refuse(r, "", status);
    if (!yao_bytes_equal((yao_bytes){made, sizeof made}, yao_text_bytes(ath)))
        return refuse(r, "ath is of another token", YAO_E_MISMATCH);

    return YAO_OK;
}

/* The key is part of what is remembered: whoever has another key cannot use
 * up this one's identifiers. Method and address are not: however they are
 * spelt, it is the same proof. */
static yao_status read_identity(const reading *r, yao_dpop_unverified *proof)
{
    static const yao_oauth_claim jti   = {"jti", YAO_OAUTH_MAX_ID, true};
    static const yao_oauth_claim nonce = {"nonce", YAO_OAUTH_MAX_SECRET, false};
    yao_status                   status;

    status = yao_oauth_get(r->jws.payload, r->arena, &jti, &proof->jti);
    if (status != YAO_OK)
        return refuse(r, "jti is missing, empty or too long", status);
    status = yao_oauth_get(r->jws.payload, r->arena, &nonce, &proof->nonce);
    if (status != YAO_OK)
        return refuse(r, "nonce is no string", status);
    status = yao_oauth_hash_once(r->ask->crypto, "yaopai-dpop-1",
                                 (yao_bytes){proof->jkt, YAO_SHA256_LEN},
                                 yao_text_bytes(proof->jti), proof->replay);
    return status == YAO_OK ? YAO_OK : refuse(r, "", status);
}

yao_status yao_dpop_read(yao_arena *arena, yao_bytes proof,
                         const yao_dpop_ask *ask, yao_dpop_unverified *ret,
                         yao_oauth_refusal *refusal)
{
    reading             r     = {arena, ask, {.header = NULL}, refusal};
    yao_dpop_unverified found = {.forget_at = 0};
    yao_status          status;

    status = yao_oauth_check_clock(&ask->clock);
    if (status != YAO_OK)
        return refuse(&r, "", status);
    status = yao_jws_read(arena, proof, &r.jws);
    if (status != YAO_OK)
        return refuse(&r, "no signed token", status);
    YAO_TRY(check_header(&r, &found));
    YAO_TRY(check_place(&r));
    YAO_TRY(check_times(&r, &found));
    YAO_TRY(check_ath(&r));
    YAO_TRY(read_identity(&r, &found));

    *ret = found;
    return YAO_OK;
}
