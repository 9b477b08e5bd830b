/* SPDX-License-Identifier: Apache-2.0 */

/* What a verifier says about itself: the key to encrypt to, and the formats
 * and algorithms that it can check. */

#include "vp/parts.h"

static yao_status refuse(const yao_vp_reading *r, const char *why,
                         yao_status status)
{
    return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST, why, status);
}

/* ---- encryption --------------------------------------------------------- */

/* One that we can use: on P-256, with a name (OpenID4VP 1.0 section 8.3). All
 * others are ignored: they may be for wallets of another age. */
static bool read_key(yao_vp_reading *r, const yao_json *jwk)
{
    const yao_json *kid = yao_json_get(jwk, "kid");
    yao_public_key  key;
    yao_text        name;

    if (kid == NULL || yao_json_string(kid, r->source.arena, &name) != YAO_OK ||
        name.len == 0 || name.len > YAO_OAUTH_MAX_ID)
        return false;
    if (yao_jwk_read_agreement(jwk, r->source.arena, &key) != YAO_OK ||
        key.curve != YAO_P256)
        return false;
    r->request.key = key;
    r->request.kid = name;
    return true;
}

static yao_status read_keys(yao_vp_reading *r)
{
    const yao_json *jwks = yao_json_get(r->request.metadata, "jwks");
    const yao_json *keys = yao_json_get(jwks, "keys");

    if (keys == NULL)
        return refuse(r, "there is no key to encrypt to", YAO_E_MISSING);
    if (keys->kind != YAO_JSON_ARRAY)
        return refuse(r, "jwks is no set of keys", YAO_E_MALFORMED);
    if (keys->count > YAO_VP_MAX_KEYS)
        return refuse(r, "too many keys", YAO_E_LIMIT);
    for (const yao_json *jwk = keys->first; jwk != NULL; jwk = jwk->next)
        if (read_key(r, jwk))
            return YAO_OK;
    return refuse(r, "no key of a kind that we have", YAO_E_MISSING);
}

/* HAIP 1.0 section 5: rather A256GCM. Without a list it is A128GCM
 * (OpenID4VP 1.0 section 5.1). */
static yao_status read_enc(yao_vp_reading *r)
{
    const yao_json *list = yao_json_get(
        r->request.metadata, "encrypted_response_enc_values_supported");
    yao_aead_alg best = YAO_AEAD_NONE;

    if (list == NULL) {
        r->request.enc = YAO_A128GCM;
        return YAO_OK;
    }
    if (list->kind != YAO_JSON_ARRAY)
        return refuse(r, "encrypted_response_enc_values_supported is no array",
                      YAO_E_MALFORMED);
    for (const yao_json *name = list->first; name != NULL; name = name->next) {
        if (yao_json_is(name, "A256GCM"))
            best = YAO_A256GCM;
        else if (best == YAO_AEAD_NONE && yao_json_is(name, "A128GCM"))
            best = YAO_A128GCM;
    }
    if (best == YAO_AEAD_NONE)
        return refuse(r, "no encryption that we have", YAO_E_UNSUPPORTED);
    r->request.enc = best;
    return YAO_OK;
}

static yao_status read_encryption(yao_vp_reading *r)
{
    yao_vp_binding *b = &r->request.binding;

    if (!yao_vp_mode_sealed(r->request.mode))
        return YAO_OK;
    YAO_TRY(read_keys(r));
    YAO_TRY(read_enc(r));
    b->sealed = true;
    return yao_jwk_thumbprint(&r->request.key, r->terms->crypto,
                              b->thumbprint);
}

/* ---- formats ------------------------------------------------------------ */

/* A list that is absent restricts nothing (OpenID4VP 1.0 B.2.2, B.3.4). */
static bool allows_name(const yao_json *format, const char *list)
{
    const yao_json *names = yao_json_get(format, list);

    if (names == NULL)
        return true;
    for (const yao_json *n = names->first; n != NULL; n = n->next)
        if (yao_json_is(n, "ES256"))
            return true;
    return false;
}

/* -7 is ES256, -9 the same, fully specified (RFC 9864). */
static bool allows_number(const yao_json *format, const char *list)
{
    const yao_json *numbers = yao_json_get(format, list);
    int64_t         number;

    if (numbers == NULL)
        return true;
    for (const yao_json *n = numbers->first; n != NULL; n = n->next)
        if (yao_json_int(n, &number) == YAO_OK &&
            (number == -7 || number == -9))
            return true;
    return false;
}

static yao_status read_formats(yao_vp_reading *r)
{
    const yao_json *all  = yao_json_get(r->request.metadata,
                                        "vp_formats_supported");
    const yao_json *mdoc = yao_json_get(all, "mso_mdoc");
    const yao_json *sd   = yao_json_get(all, "dc+sd-jwt");

    r->request.formats = all != NULL;
    if (all == NULL)
        return YAO_OK;
    if (all->kind != YAO_JSON_OBJECT)
        return refuse(r, "vp_formats_supported is no object",
                      YAO_E_MALFORMED);
    r->request.mdoc = mdoc != NULL &&
                      allows_number(mdoc, "issuerauth_alg_values") &&
                      allows_number(mdoc, "deviceauth_alg_values");
    r->request.sdjwt = sd != NULL && allows_name(sd, "sd-jwt_alg_values") &&
                       allows_name(sd, "kb-jwt_alg_values");
    if (!r->request.mdoc && !r->request.sdjwt)
        return yao_vp_refuse(r->refusal, YAO_OAUTH_VP_FORMATS_NOT_SUPPORTED,
                             "no format that we have", YAO_E_UNSUPPORTED);
    return YAO_OK;
}

yao_status yao_vp_read_metadata(yao_vp_reading *r)
{
    yao_status status = yao_vp_value(&r->source, "client_metadata",
                                     YAO_JSON_OBJECT, &r->request.metadata);

    if (status != YAO_OK)
        return refuse(r, "client_metadata is no object", status);
    YAO_TRY(read_encryption(r));
    return read_formats(r);
}
