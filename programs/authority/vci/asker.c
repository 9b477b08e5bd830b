/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/asker.h"

#include "authority/once.h"
#include "authority/server/server.h"
#include "authority/vci/access.h"
#include "oauth/assertion.h"
#include "oauth/nonce.h"
#include "yaopai/openssl.h"

#include <string.h>

enum { NONCE_SECONDS = 600, MAX_CHECKS = YAO_MAX_CHAIN + 4 };

/* ---- small things ---- */

yao_oauth_clock vci_clock(const app_call *call)
{
    const authority *a = server_authority(call);

    return (yao_oauth_clock){
        .now    = call->now,
        .window = VCI_PROOF_WINDOW,
        .skew   = config_number(&a->config, SETTING_CLOCK_SKEW)};
}

yao_status vci_address(app_call *call, const char *path, yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  text;

    yao_put_bytes(&w, yao_text_bytes(server_url(call)));
    yao_put_text(&w, path);
    YAO_TRY(yao_writer_keep(&w, call->arena, &text));

    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

yao_status vci_read_form(app_call *call, yao_form *ret,
                         yao_oauth_refusal *refusal)
{
    yao_status status = yao_form_read(call->arena, call->http->body, ret);

    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;
    return yao_oauth_refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                            status == YAO_E_DUPLICATE
                                ? "a parameter came twice"
                                : "the body is no form",
                            status);
}

/* All processes of an authority share the look-up key, and so this one. */
static yao_status nonce_key(const app_call *call, uint8_t out[YAO_NONCE_KEY])
{
    const authority *a = server_authority(call);

    return a->crypto->hkdf(a->crypto->ctx, YAO_SHA256,
                           (yao_bytes){a->keys.lookup, SEAL_KEY_LEN},
                           (yao_bytes){NULL, 0},
                           YAO_LIT("yaopai-oauth-nonce-1"), out,
                           YAO_NONCE_KEY);
}

yao_status vci_nonce_make(app_call *call, uint8_t kind, yao_text *ret)
{
    uint8_t    random[YAO_NONCE_RANDOM], key[YAO_NONCE_KEY];
    uint8_t   *out = yao_arena_take(call->arena, YAO_NONCE_LEN);
    yao_status status;

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(random, sizeof random));
    status = nonce_key(call, key);
    if (status == YAO_OK)
        status = yao_nonce_make(call->crypto, (yao_bytes){key, sizeof key},
                                kind, call->now,
                                (yao_bytes){random, sizeof random}, out);
    yao_wipe(key, sizeof key);
    if (status == YAO_OK)
        *ret = (yao_text){out, YAO_NONCE_LEN};
    return status;
}

yao_status vci_nonce_check(app_call *call, uint8_t kind, yao_text nonce)
{
    uint8_t    key[YAO_NONCE_KEY];
    yao_status status = nonce_key(call, key);

    if (status == YAO_OK)
        status = yao_nonce_check(call->crypto, (yao_bytes){key, sizeof key},
                                 kind, call->now, NONCE_SECONDS, nonce);
    yao_wipe(key, sizeof key);
    return status;
}

/* ---- answers ---- */

yao_status vci_put_dpop_nonce(app_call *call, app_reply *reply)
{
    const authority *a = server_authority(call);
    yao_text         nonce;

    if (!config_yes(&a->config, SETTING_DPOP_NONCES))
        return YAO_OK;
    YAO_TRY(vci_nonce_make(call, VCI_NONCE_DPOP, &nonce));
    return app_reply_header(reply, "DPoP-Nonce", nonce);
}

static yao_status put_headers(app_call *call, yao_oauth_error error,
                              app_reply *reply)
{
    yao_text challenge;

    if (error == YAO_OAUTH_USE_DPOP_NONCE)
        return vci_put_dpop_nonce(call, reply);
    if (error == YAO_OAUTH_SLOW_DOWN)
        return app_reply_header(reply, "Retry-After", YAO_TEXT("60"));
    if (error != YAO_OAUTH_USE_ATTESTATION_CHALLENGE)
        return YAO_OK;
    YAO_TRY(vci_nonce_make(call, VCI_NONCE_CHALLENGE, &challenge));
    return app_reply_header(reply, "OAuth-Client-Attestation-Challenge",
                            challenge);
}

/* What cannot be looked up is never "not seen before" (misuse N196). */
static yao_oauth_refusal outside(yao_status status)
{
    if (status == YAO_E_STORE || status == YAO_E_LOCKED)
        return (yao_oauth_refusal){YAO_OAUTH_TEMPORARILY_UNAVAILABLE,
                                   "try again later"};
    return (yao_oauth_refusal){YAO_OAUTH_SERVER_ERROR, ""};
}

yao_status vci_finish(app_call *call, yao_status status,
                      const yao_oauth_refusal *refusal, app_reply *reply)
{
    yao_oauth_refusal said = *refusal;
    yao_writer        w    = yao_writer_in(call->arena);

    if (status == YAO_OK)
        return YAO_OK;
    if (said.error == YAO_OAUTH_NONE || said.error == YAO_OAUTH_SERVER_ERROR)
        said = outside(status);
    yao_oauth_put_error(&w, &said);
    YAO_TRY(app_reply_json(reply, call, yao_oauth_error_http(said.error), &w));
    YAO_TRY(app_reply_header(reply, "Cache-Control", YAO_TEXT("no-store")));
    return put_headers(call, said.error, reply);
}

/* ---- who asks ---- */

/* One request as it is being checked; all its signatures at once. */
typedef struct asking {
    app_call                  *call;
    const yao_form            *form;
    const char                *path;
    const vci_clients         *clients;
    vci_asker                 *out;
    yao_oauth_refusal         *refusal;
    yao_dpop_unverified        proof;
    yao_attestation_unverified attested;
    yao_assertion_unverified   assertion;
    yao_signature_check        checks[MAX_CHECKS];
    size_t                     check_count;
    size_t                     dpop_at; /* of them, the DPoP proof's */
} asking;

static yao_status refuse(const asking *a, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_oauth_refuse(a->refusal, error, why, status);
}

/* The one header NAME; two are refused, none is empty. */
static yao_status one_header(const asking *a, const char *name,
                             yao_oauth_error error, yao_bytes *ret)
{
    size_t   count = 0;
    yao_text value = net_header_find(a->call->http, name, &count);

    if (count > 1)
        return refuse(a, error, "a header came twice", YAO_E_DUPLICATE);
    *ret = yao_text_bytes(value);
    return YAO_OK;
}

static void note_seen(vci_asker *out, int kind, const uint8_t *replay,
                      yao_time forget_at)
{
    size_t n = out->seen_count++;

    memcpy(out->hashes[n], replay, STORE_HASH_LEN);
    out->seen[n] = (store_once){.kind    = kind,
                                .hash    = {out->hashes[n], STORE_HASH_LEN},
                                .expires = forget_at,
                                .payload = {(const uint8_t *)"", 0}};
}

static yao_status check_dpop_nonce(const asking *a)
{
    const authority *own    = server_authority(a->call);
    bool             wanted = config_yes(&own->config, SETTING_DPOP_NONCES);

    if (!wanted)
        return YAO_OK;
    if (a->proof.nonce.len == 0 ||
        vci_nonce_check(a->call, VCI_NONCE_DPOP, a->proof.nonce) != YAO_OK)
        return refuse(a, YAO_OAUTH_USE_DPOP_NONCE,
                      "nonce is missing, too old or not ours", YAO_E_MISMATCH);
    return YAO_OK;
}

static yao_status read_dpop(asking *a, bool required)
{
    yao_dpop_ask ask = {.method = a->call->http->method,
                        .clock  = vci_clock(a->call),
                        .crypto = a->call->crypto};
    yao_bytes    header;

    YAO_TRY(one_header(a, "dpop", YAO_OAUTH_INVALID_DPOP_PROOF, &header));
    if (header.len == 0)
        return required ? refuse(a, YAO_OAUTH_INVALID_DPOP_PROOF,
                                 "the DPoP header is missing", YAO_E_MISSING)
                        : YAO_OK;
    YAO_TRY(vci_address(a->call, a->path, &ask.uri));
    YAO_TRY(yao_dpop_read(a->call->arena, header, &ask, &a->proof,
                          a->refusal));
    YAO_TRY(check_dpop_nonce(a));

    a->out->proven = true;
    memcpy(a->out->jkt, a->proof.jkt, STORE_HASH_LEN);
    note_seen(a->out, ONCE_DPOP, a->proof.replay, a->proof.forget_at);
    a->dpop_at                 = a->check_count;
    a->checks[a->check_count++] = a->proof.check;
    return YAO_OK;
}

/* Whose challenge is it? Without the setting it may be missing, but never be
 * another's. A DPoP proof that serves as proof of possession carries its own
 * nonce, or a challenge in its place. */
static yao_status check_challenge(const asking *a)
{
    const authority *own      = server_authority(a->call);
    bool             wanted   = config_yes(&own->config, SETTING_CHALLENGES);
    yao_text         said     = a->attested.challenge;
    bool             combined = a->attested.combined;

    if (said.len == 0 && !wanted)
        return YAO_OK;
    if (said.len != 0 &&
        vci_nonce_check(a->call, VCI_NONCE_CHALLENGE, said) == YAO_OK)
        return YAO_OK;
    if (combined && said.len != 0 &&
        vci_nonce_check(a->call, VCI_NONCE_DPOP, said) == YAO_OK)
        return YAO_OK;
    if (combined && !wanted)
        return YAO_OK;
    return refuse(a, YAO_OAUTH_USE_ATTESTATION_CHALLENGE,
                  "the challenge is missing, too old or not ours",
                  YAO_E_MISMATCH);
}

static size_t attester_index(const asking *a)
{
    return (size_t)(a->attested.attester - a->clients->attesters);
}

static yao_status accept_attested(asking *a)
{
    vci_asker *out = a->out;

    out->client_id    = a->attested.client_id;
    out->client       = vci_client_find(a->clients, out->client_id);
    out->any_redirect = a->clients->any_client[attester_index(a)];
    out->attested     = true;
    memcpy(out->instance, a->attested.jkt, STORE_HASH_LEN);
    if (!a->clients->for_wallets[attester_index(a)])
        return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                      "the attester vouches for keys only", YAO_E_UNTRUSTED);
    if (out->client == NULL && !out->any_redirect)
        return refuse(a, YAO_OAUTH_INVALID_CLIENT, "the client is not known",
                      YAO_E_UNTRUSTED);
    if (out->client != NULL && out->client->key_count != 0)
        return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                      "the client is registered with another method",
                      YAO_E_UNTRUSTED);
    if (!a->attested.combined)
        note_seen(out, ONCE_ATTESTATION, a->attested.replay,
                  a->attested.forget_at);
    return YAO_OK;
}

static yao_status read_attestation(asking *a, yao_bytes attestation,
                                   yao_bytes pop)
{
    const yao_attestation_ask ask = {
        .attesters      = a->clients->attesters,
        .attester_count = a->clients->attester_count,
        .audience       = server_url(a->call),
        .client_id      = yao_form_text(a->form, "client_id"),
        .clock          = vci_clock(a->call),
        .dpop           = a->out->proven ? &a->proof : NULL,
        .crypto         = a->call->crypto};

    YAO_TRY(yao_attestation_read(a->call->arena, attestation, pop, &ask,
                                 &a->attested, a->refusal));
    YAO_TRY(check_challenge(a));
    for (size_t i = 0; i < a->attested.check_count; i++) {
        if (a->check_count == MAX_CHECKS)
            return YAO_E_LIMIT;
        a->checks[a->check_count++] = a->attested.checks[i];
    }
    return accept_attested(a);
}

/* Which of a client's keys: by kid, else there must be one. */
static const yao_public_key *choose_key(const vci_client *client, yao_text kid)
{
    if (client->key_count == 1 && kid.len == 0)
        return &client->keys[0];
    for (size_t i = 0; kid.len != 0 && i < client->key_count; i++)
        if (yao_text_equal(client->kids[i], kid))
            return &client->keys[i];
    return client->key_count == 1 && client->kids[0].len == 0
               ? &client->keys[0]
               : NULL;
}

static yao_status read_assertion(asking *a, yao_text assertion)
{
    yao_text          audiences[3] = {server_url(a->call)};
    yao_assertion_ask ask = {.client_id = yao_form_text(a->form, "client_id"),
                             .audiences = audiences,
                             .audience_count = 3,
                             .clock          = vci_clock(a->call),
                             .crypto         = a->call->crypto};

    if (!yao_text_equal(yao_form_text(a->form, "client_assertion_type"),
                        YAO_TEXT(YAO_ASSERTION_TYPE)))
        return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                      "client_assertion_type is another one", YAO_E_VALUE);
    YAO_TRY(vci_address(a->call, a->path, &audiences[1]));
    YAO_TRY(vci_address(a->call, "/token", &audiences[2]));
    YAO_TRY(yao_assertion_read(a->call->arena, yao_text_bytes(assertion), &ask,
                               &a->assertion, a->refusal));

    const vci_client *client =
        vci_client_find(a->clients, a->assertion.client_id);
    const yao_public_key *key =
        client == NULL ? NULL : choose_key(client, a->assertion.jws.kid);
    if (key == NULL || yao_jws_check(&a->assertion.jws, key,
                                     &a->checks[a->check_count]) != YAO_OK)
        return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                      "the client, or its key, is not known", YAO_E_UNTRUSTED);
    a->check_count++;
    a->out->client_id = client->id;
    a->out->client    = client;
    note_seen(a->out, ONCE_ASSERTION, a->assertion.replay,
              a->assertion.forget_at);
    return YAO_OK;
}

static yao_status read_client(asking *a)
{
    yao_text  assertion = yao_form_text(a->form, "client_assertion");
    yao_bytes attestation, pop;

    YAO_TRY(one_header(a, "oauth-client-attestation", YAO_OAUTH_INVALID_CLIENT,
                       &attestation));
    YAO_TRY(one_header(a, "oauth-client-attestation-pop",
                       YAO_OAUTH_INVALID_CLIENT, &pop));
    if (attestation.len != 0 && assertion.len != 0)
        return refuse(a, YAO_OAUTH_INVALID_REQUEST,
                      "the client authenticates in two ways", YAO_E_VALUE);
    if (attestation.len != 0)
        return read_attestation(a, attestation, pop);
    if (assertion.len != 0)
        return read_assertion(a, assertion);

    return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                  "the client does not authenticate itself", YAO_E_MISSING);
}

/* Which of them was wrong says what the other side is told. */
static yao_status verify(asking *a)
{
    const yao_crypto *crypto = a->call->crypto;

    YAO_TRY(crypto->verify(crypto->ctx, a->checks, a->check_count));
    if (a->out->proven) {
        yao_status status = yao_oauth_answers(&a->checks[a->dpop_at], 1);
        if (status == YAO_E_BAD_SIGNATURE)
            return refuse(a, YAO_OAUTH_INVALID_DPOP_PROOF,
                          "the signature of the DPoP proof is wrong", status);
    }
    yao_status status = yao_oauth_answers(a->checks, a->check_count);
    if (status == YAO_E_BAD_SIGNATURE)
        return refuse(a, YAO_OAUTH_INVALID_CLIENT,
                      "a signature that says who the client is is wrong",
                      status);
    return status;
}

yao_status vci_asker_check(app_call *call, const yao_form *form,
                           const char *path, bool dpop, vci_asker *ret,
                           yao_oauth_refusal *refusal)
{
    asking *a = yao_arena_take(call->arena, sizeof *a);

    memset(ret, 0, sizeof *ret);
    if (a == NULL)
        return YAO_E_SPACE;
    a->call    = call;
    a->form    = form;
    a->path    = path;
    a->out     = ret;
    a->refusal = refusal;
    YAO_TRY(vci_clients_of(server_authority(call), &a->clients));
    YAO_TRY(read_dpop(a, dpop));
    YAO_TRY(read_client(a));
    return verify(a);
}

yao_status vci_asker_commit(app_call *call, const vci_asker *asker,
                            store_change *change, yao_oauth_refusal *refusal)
{
    for (size_t i = 0; i < asker->seen_count; i++)
        store_put_once(change, &asker->seen[i]);

    yao_status status = store_commit(server_authority(call)->store, change);
    if (status != YAO_E_EXISTS)
        return status;
    if (change->lost_about == ONCE_DPOP)
        return yao_oauth_refuse(refusal, YAO_OAUTH_INVALID_DPOP_PROOF,
                                "the DPoP proof came before", YAO_E_MISMATCH);
    if (change->lost_about == ONCE_ATTESTATION ||
        change->lost_about == ONCE_ASSERTION)
        return yao_oauth_refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                                "the proof of the client came before",
                                YAO_E_MISMATCH);
    return status;
}
