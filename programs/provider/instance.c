/* SPDX-License-Identifier: Apache-2.0 */
/* Wallets: who they are to their provider, which is a key and nothing else. */

#include "provider/provider.h"

#include <string.h>

#include "oauth/dpop.h"

#define LABEL "yaopai-instance-1"

enum { WINDOW_S = 300, SKEW_S = 60 };

/* store_once.kind: proofs that were used; wallets that came on a day. */
enum { ONCE_PROOF = 1, ONCE_NEW = 2 };

/* ---- who asks ---- */

static yao_status hash_instance(const app_call *call,
                                const uint8_t   jkt[YAO_SHA256_LEN],
                                uint8_t         out[STORE_HASH_LEN])
{
    const provider *p       = provider_of(call);
    const yao_bytes parts[] = {YAO_LIT(LABEL), {jkt, YAO_SHA256_LEN}};

    return call->crypto->hmac(call->crypto->ctx, YAO_SHA256,
                              (yao_bytes){p->secret, PROVIDER_SECRET}, parts,
                              2, out);
}

/* The address as the wallet was given it: never from a Host header. */
static yao_status address_of(const app_call *call, yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  bytes;

    yao_put_bytes(&w, yao_text_bytes(provider_url(call)));
    yao_put_bytes(&w, yao_text_bytes(call->http->path));
    YAO_TRY(yao_writer_keep(&w, call->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_status refuse_proof(app_call *call, app_reply *reply,
                               const char *word)
{
    YAO_TRY(provider_refuse(call, reply, 400, word));
    YAO_TRY(provider_put_nonce(call, reply));
    return YAO_E_REFUSED;
}

static yao_status check_signature(const app_call            *call,
                                  const yao_signature_check *check)
{
    yao_signature_check asked = *check;

    YAO_TRY(call->crypto->verify(call->crypto->ctx, &asked, 1));
    return yao_oauth_answers(&asked, 1);
}

/* What was used is remembered as long as it could be used again. */
static yao_status put_used(const app_call *call, store_change *change,
                           const yao_dpop_unverified *proof)
{
    uint8_t *hash = yao_arena_take(call->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    memcpy(hash, proof->replay, STORE_HASH_LEN);
    const store_once once = {.kind    = ONCE_PROOF,
                             .hash    = {hash, STORE_HASH_LEN},
                             .expires = proof->forget_at,
                             .payload = YAO_LIT("")};
    store_put_once(change, &once);
    return YAO_OK;
}

yao_status provider_asker(app_call *call, store_change *change,
                          uint8_t hash[STORE_HASH_LEN], app_reply *reply)
{
    size_t              count  = 0;
    yao_text            header = net_header_find(call->http, "dpop", &count);
    yao_oauth_refusal   why    = {YAO_OAUTH_NONE, NULL};
    yao_dpop_unverified proof;
    yao_dpop_ask        ask = {.method = call->http->method,
                               .clock  = {call->now, WINDOW_S, SKEW_S},
                               .crypto = call->crypto};

    if (count != 1)
        return refuse_proof(call, reply, "invalid_dpop_proof");
    YAO_TRY(address_of(call, &ask.uri));
    yao_status status = yao_dpop_read(call->arena, yao_text_bytes(header),
                                      &ask, &proof, &why);
    if (status == YAO_OK &&
        (proof.nonce.len == 0 ||
         provider_check_nonce(call, proof.nonce) != YAO_OK))
        return refuse_proof(call, reply, "use_dpop_nonce");
    if (status == YAO_OK)
        status = check_signature(call, &proof.check);
    if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
        return status;
    if (status != YAO_OK)
        return refuse_proof(call, reply, "invalid_dpop_proof");
    YAO_TRY(put_used(call, change, &proof));
    return hash_instance(call, proof.jkt, hash);
}

/* ---- routes ---- */

static yao_status give_nonce(app_call *call, app_reply *ret)
{
    yao_writer w;
    bool       first = true;
    yao_text   nonce;

    YAO_TRY(provider_make_nonce(call, &nonce));
    w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "nonce", nonce);
    yao_put_byte(&w, '}');
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return app_reply_header(ret, "DPoP-Nonce", nonce);
}

/* Draws of a place: on a day that is nine tenths full 81 of 100 wallets find
 * one at once. */
enum { DRAWS = 16 };

/* A place among those of the day. It goes when the day is over, and says
 * nothing of who took it. */
static yao_status take_place(const app_call *call, store_change *change)
{
    provider *p    = provider_of(call);
    long      most = provider_number(&p->config, PROVIDER_INSTANCES_A_DAY);
    uint64_t  drawn;
    uint8_t  *name = yao_arena_take(call->arena, 16);

    if (name == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random((uint8_t *)&drawn, sizeof drawn));
    yao_time day = provider_day(call->now);
    drawn %= (uint64_t)most;
    memcpy(name, &day, 8);
    memcpy(name + 8, &drawn, 8);
    const store_once once = {.kind    = ONCE_NEW,
                             .hash    = {name, 16},
                             .expires = day + YAO_TIME_DAY,
                             .payload = YAO_LIT("")};
    store_put_once(change, &once);
    return YAO_OK;
}

static yao_status tell_instance(app_call *call, int status, app_reply *ret)
{
    provider  *p     = provider_of(call);
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "client_id");
    yao_json_put_string(
        &w, yao_text_of(provider_get(&p->config, PROVIDER_CLIENT_ID)));
    yao_json_put_member(&w, &first, "issuer", provider_url(call));
    yao_put_byte(&w, '}');
    YAO_TRY(app_reply_json(ret, call, status, &w));
    return provider_put_nonce(call, ret);
}

/* Registering twice is no fault: an answer may have been lost. */
static yao_status known_already(app_call *call, const uint8_t *hash,
                                app_reply *ret)
{
    store_instance there;

    yao_status status =
        store_get_instance(provider_of(call)->store,
                           (yao_bytes){hash, STORE_HASH_LEN}, call->arena,
                           &there);
    if (status == YAO_E_NOT_FOUND) {
        YAO_TRY(provider_refuse(call, ret, 429, "slow_down"));
        return app_reply_header(ret, "Retry-After", YAO_TEXT("3600"));
    }
    YAO_TRY(status);
    return there.state == STORE_INSTANCE_ACTIVE
               ? tell_instance(call, 200, ret)
               : provider_refuse(call, ret, 403, "access_denied");
}

static yao_status add_instance(app_call *call, app_reply *ret)
{
    provider    *p      = provider_of(call);
    store_change change = store_change_open(call->arena);
    uint8_t      hash[STORE_HASH_LEN];

    yao_status status = provider_asker(call, &change, hash, ret);
    if (status == YAO_E_REFUSED)
        return YAO_OK;
    YAO_TRY(status);
    const store_instance instance = {
        .hash  = {hash, STORE_HASH_LEN},
        .state = STORE_INSTANCE_ACTIVE,
        .day   = provider_day(call->now)};
    const store_change asked = change;
    for (int i = 0; i < DRAWS; i++) {
        change = asked;
        store_put_instance(&change, &instance);
        YAO_TRY(take_place(call, &change));
        status = store_commit(p->store, &change);
        if (status != YAO_E_EXISTS || change.lost_about != ONCE_NEW)
            break;
    }
    if (status == YAO_E_EXISTS)
        return known_already(call, hash, ret);
    YAO_TRY(status);
    return tell_instance(call, 201, ret);
}

static yao_status drop_instance(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    uint8_t      hash[STORE_HASH_LEN];

    yao_status status = provider_asker(call, &change, hash, ret);
    if (status == YAO_E_REFUSED)
        return YAO_OK;
    YAO_TRY(status);
    store_set_instance_state(&change, (yao_bytes){hash, STORE_HASH_LEN},
                             STORE_INSTANCE_REVOKED, provider_day(call->now));
    status = store_commit(provider_of(call)->store, &change);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND &&
        status != YAO_E_EXISTS)
        return status;
    return app_reply_empty(ret, 204);
}

static const app_route routes[] = {
    {"POST", "/nonce", APP_ANY_WALLET, give_nonce, 0, 0},
    {"POST", "/instances", APP_ANY_WALLET, add_instance, 0, 0},
    {"DELETE", "/instances", APP_ANY_WALLET, drop_instance, 0, 0},
};

const app_routes provider_instance_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
