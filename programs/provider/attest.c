/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attestations. That a wallet is registered is all that is said: nothing of
 * where its keys lie, which a page can't know. What was attested is forgotten
 * with the request.
 */

#include "provider/provider.h"

#include "oauth/attestation.h"
#include "vci/proof.h"

#define HOUR 3600
#define CLIENT_LIFE (24 * HOUR)
#define KEYS_LIFE (1 * HOUR)

/* All of an hour alike, and good from its beginning. */
static yao_time hour_of(yao_time moment)
{
    return moment / HOUR * HOUR;
}

/* ---- who ---- */

/* A wallet that is registered and came today. Errors: YAO_E_REFUSED with the
 * answer written; those of the store. */
static yao_status registered(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    uint8_t      hash[STORE_HASH_LEN];

    YAO_TRY(provider_asker(call, &change, hash, ret));
    store_touch_instance(&change, (yao_bytes){hash, STORE_HASH_LEN},
                         provider_day(call->now));
    yao_status status = store_commit(provider_of(call)->store, &change);
    if (status != YAO_E_NOT_FOUND && status != YAO_E_EXISTS)
        return status;
    YAO_TRY(status == YAO_E_EXISTS
                ? provider_refuse(call, ret, 400, "invalid_dpop_proof")
                : provider_refuse(call, ret, 403, "access_denied"));
    YAO_TRY(provider_put_nonce(call, ret));
    return YAO_E_REFUSED;
}

/* ---- answers ---- */

static yao_status tell(app_call *call, yao_bytes token, yao_time expires,
                       app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "attestation",
                        (yao_text){token.ptr, token.len});
    yao_json_put_member_int(&w, &first, "expires_in", expires - call->now);
    yao_put_byte(&w, '}');
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return provider_put_nonce(call, ret);
}

static yao_status refuse(app_call *call, app_reply *ret, const char *word)
{
    YAO_TRY(provider_refuse(call, ret, 400, word));
    return provider_put_nonce(call, ret);
}

static yao_status sign(const app_call *call, const yao_sign_wish *wish,
                       uint8_t out[YAO_MAX_SIGNATURE], yao_bytes *ret)
{
    yao_key *key = provider_key(call);
    size_t   len = 0;

    if (key == NULL)
        return YAO_E_CRYPTO;
    YAO_TRY(yao_key_sign(key, wish, out, &len));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

/* ---- of the client ---- */

static yao_status make_client(app_call *call, const yao_public_key *key,
                              yao_time expires, yao_bytes *ret)
{
    provider               *p   = provider_of(call);
    yao_key                *own = provider_key(call);
    yao_attestation_request request = {
        .issuer      = provider_url(call),
        .client_id   = yao_text_of(provider_get(&p->config,
                                                PROVIDER_CLIENT_ID)),
        .issued_at   = hour_of(call->now),
        .expires     = expires,
        .key         = *key,
        .chain       = &p->attester,
        .chain_count = 1,
        .wallet_name = yao_text_of(provider_get(&p->config, PROVIDER_NAME)),
        .wallet_link = provider_url(call)};
    uint8_t            out[YAO_MAX_SIGNATURE];
    yao_oauth_unsigned token;
    yao_bytes          signature;

    if (own == NULL)
        return YAO_E_CRYPTO;
    request.alg = yao_key_alg(own);
    YAO_TRY(yao_attestation_make(call->arena, &request, &token));
    YAO_TRY(sign(call, &token.wish, out, &signature));
    return yao_oauth_sign(call->arena, &token, signature, ret);
}

static yao_status attest_client(app_call *call, app_reply *ret)
{
    const yao_json *body;
    yao_public_key  key;
    yao_bytes       token;
    yao_time        expires = hour_of(call->now) + CLIENT_LIFE;

    yao_status status = registered(call, ret);
    if (status == YAO_E_REFUSED)
        return YAO_OK;
    YAO_TRY(status);
    if (app_body_json(call, &body) != YAO_OK ||
        yao_jwk_read(yao_json_get(body, "jwk"), call->arena, &key) != YAO_OK)
        return refuse(call, ret, "invalid_request");
    YAO_TRY(make_client(call, &key, expires, &token));
    return tell(call, token, expires, ret);
}

/* ---- of keys ---- */

/* The body is a credential request for the configuration "keys": so are its
 * proofs those that issuers get. */
static yao_status read_keys(app_call *call, yao_vci_keys *ret)
{
    provider           *p     = provider_of(call);
    yao_vci_error       error = YAO_VCI_FINE;
    yao_vci_request     request;
    yao_vci_proofs      proofs;
    yao_vci_proof_rules rules = {
        .issuer    = provider_url(call),
        .client_id = yao_text_of(provider_get(&p->config,
                                              PROVIDER_CLIENT_ID)),
        .now       = call->now};

    YAO_TRY(yao_vci_read_request(call->arena, call->http->body, false,
                                 &request, &error));
    if (!yao_text_equal(request.configuration, YAO_TEXT("keys")))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_begin_proofs(call->arena, &request, &rules, &proofs,
                                 &error));
    YAO_TRY(provider_check_nonce(call, proofs.nonce));
    YAO_TRY(call->crypto->verify(call->crypto->ctx, proofs.checks,
                                 proofs.check_count));
    return yao_vci_conclude_proofs(&proofs, proofs.checks, ret, &error);
}

static yao_status make_keys(app_call *call, const yao_vci_keys *keys,
                            yao_text nonce, yao_time expires, yao_bytes *ret)
{
    provider                *p    = provider_of(call);
    yao_key                 *own  = provider_key(call);
    yao_vci_attestation_wish wish = {.keys        = keys->items,
                                     .key_count   = keys->count,
                                     .nonce       = nonce,
                                     .now         = hour_of(call->now),
                                     .expires     = expires,
                                     .chain       = &p->attester,
                                     .chain_count = 1};
    uint8_t       out[YAO_MAX_SIGNATURE];
    yao_vci_token token;
    yao_bytes     signature;

    if (own == NULL)
        return YAO_E_CRYPTO;
    wish.alg = yao_key_alg(own);
    YAO_TRY(yao_vci_make_attestation(call->arena, &wish, &token));
    YAO_TRY(sign(call, &token.wish, out, &signature));
    yao_writer w = yao_writer_in(call->arena);
    yao_vci_put_token(&w, &token, signature);
    return yao_writer_keep(&w, call->arena, ret);
}

static yao_status attest_keys(app_call *call, app_reply *ret)
{
    const yao_json *body;
    yao_text        nonce = {NULL, 0};
    yao_vci_keys    keys;
    yao_bytes       token;
    yao_time        expires = hour_of(call->now) + 2 * KEYS_LIFE;

    yao_status status = registered(call, ret);
    if (status == YAO_E_REFUSED)
        return YAO_OK;
    YAO_TRY(status);
    if (app_body_json(call, &body) != YAO_OK)
        return refuse(call, ret, "invalid_request");
    if (yao_json_get(body, "nonce") != NULL &&
        (yao_json_string(yao_json_get(body, "nonce"), call->arena, &nonce) !=
             YAO_OK ||
         nonce.len > YAO_OAUTH_MAX_SECRET))
        return refuse(call, ret, "invalid_request");
    status = read_keys(call, &keys);
    if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
        return status;
    if (status != YAO_OK)
        return refuse(call, ret, "invalid_proof");
    YAO_TRY(make_keys(call, &keys, nonce, expires, &token));
    return tell(call, token, expires, ret);
}

static const app_route routes[] = {
    {"POST", "/attestations/client", APP_ANY_WALLET | APP_JSON, attest_client,
     0, 0},
    {"POST", "/attestations/keys", APP_ANY_WALLET | APP_JSON, attest_keys, 0,
     0},
};

const app_routes provider_attest_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
