/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jose.h"

enum { MAX_FIELD = 48, MAX_JWK = 256 };

/* RFC 7517 sections 4.2 to 4.4: what a key says of its own use must allow
 * checking signatures by the algorithm of its curve. */
static bool may_verify(const yao_json *jwk, const yao_curve_row *curve)
{
    const yao_json *use = yao_json_get(jwk, "use");
    const yao_json *alg = yao_json_get(jwk, "alg");
    const yao_json *ops = yao_json_get(jwk, "key_ops");

    if (use != NULL && !yao_json_is(use, "sig"))
        return false;
    if (alg != NULL && !yao_json_is(alg, yao_sig_by_curve(curve->curve)->jose))
        return false;
    if (ops == NULL)
        return true;
    if (ops->kind != YAO_JSON_ARRAY)
        return false;
    for (const yao_json *op = ops->first; op != NULL; op = op->next)
        if (yao_json_is(op, "verify"))
            return true;
    return false;
}

/* The same for agreements: ECDH-ES itself (RFC 7518 section 4.6). A public
 * key has no part in deriving, so its key_ops may be empty, as WebCrypto
 * writes it. */
static bool may_agree(const yao_json *jwk, const yao_curve_row *curve)
{
    const yao_json *use = yao_json_get(jwk, "use");
    const yao_json *alg = yao_json_get(jwk, "alg");
    const yao_json *ops = yao_json_get(jwk, "key_ops");

    (void)curve;
    if (use != NULL && !yao_json_is(use, "enc"))
        return false;
    if (alg != NULL && !yao_json_is(alg, "ECDH-ES"))
        return false;
    if (ops == NULL)
        return true;
    if (ops->kind != YAO_JSON_ARRAY)
        return false;
    for (const yao_json *op = ops->first; op != NULL; op = op->next)
        if (!yao_json_is(op, "deriveKey") && !yao_json_is(op, "deriveBits"))
            return false;
    return true;
}

/* A coordinate has the full length of its field, leading zeros included
 * (RFC 7518 section 6.2.1.2). */
static yao_status read_coordinate(const yao_json *value, yao_arena *arena,
                                  size_t field_len, uint8_t out[MAX_FIELD])
{
    yao_writer w = yao_writer_open(out, MAX_FIELD);
    yao_text   letters;

    if (value == NULL || value->kind != YAO_JSON_STRING)
        return YAO_E_KEY;
    YAO_TRY(yao_json_string(value, arena, &letters));
    if (letters.len != (field_len * 8 + 5) / 6)
        return YAO_E_KEY;

    return yao_get_base64url(yao_text_bytes(letters), &w);
}

typedef bool may_be(const yao_json *jwk, const yao_curve_row *curve);

static yao_status read_key(const yao_json *jwk, yao_arena *arena, may_be *may,
                           yao_public_key *ret)
{
    uint8_t  x[MAX_FIELD], y[MAX_FIELD];
    yao_text name;

    if (jwk == NULL)
        return YAO_E_MISSING;
    if (jwk->kind != YAO_JSON_OBJECT || yao_json_get(jwk, "d") != NULL ||
        !yao_json_is(yao_json_get(jwk, "kty"), "EC"))
        return YAO_E_KEY;

    const yao_json *crv = yao_json_get(jwk, "crv");
    if (crv == NULL || crv->kind != YAO_JSON_STRING)
        return YAO_E_KEY;
    YAO_TRY(yao_json_string(crv, arena, &name));
    const yao_curve_row *curve = yao_curve_by_jose(name);
    if (curve == NULL || !may(jwk, curve))
        return YAO_E_KEY;

    size_t len = curve->field_len;
    YAO_TRY(read_coordinate(yao_json_get(jwk, "x"), arena, len, x));
    YAO_TRY(read_coordinate(yao_json_get(jwk, "y"), arena, len, y));
    return yao_public_key_make(curve->curve, (yao_bytes){x, len},
                               (yao_bytes){y, len}, ret);
}

yao_status yao_jwk_read(const yao_json *jwk, yao_arena *arena,
                        yao_public_key *ret)
{
    return read_key(jwk, arena, may_verify, ret);
}

yao_status yao_jwk_read_agreement(const yao_json *jwk, yao_arena *arena,
                                  yao_public_key *ret)
{
    return read_key(jwk, arena, may_agree, ret);
}

/* The members in the order of RFC 7638 section 3.2, which is good for all. */
void yao_jwk_put(yao_writer *w, const yao_public_key *key)
{
    const yao_curve_row *curve = yao_curve_by_id(key->curve);

    if (curve == NULL || !yao_public_key_well_formed(key) ||
        key->point[0] != 0x04) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_text(w, "{\"crv\":\"");
    yao_put_text(w, curve->jose);
    yao_put_text(w, "\",\"kty\":\"EC\",\"x\":\"");
    yao_put_base64url(w, (yao_bytes){key->point + 1, curve->field_len});
    yao_put_text(w, "\",\"y\":\"");
    yao_put_base64url(w, (yao_bytes){key->point + 1 + curve->field_len,
                                     curve->field_len});
    yao_put_text(w, "\"}");
}

yao_status yao_jwk_thumbprint(const yao_public_key *key,
                              const yao_crypto     *crypto,
                              uint8_t               out[YAO_SHA256_LEN])
{
    uint8_t    room[MAX_JWK];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_bytes  text;

    yao_jwk_put(&w, key);
    YAO_TRY(yao_writer_close(&w, &text));
    return crypto->hash(crypto->ctx, YAO_SHA256, &text, 1, out);
}
