/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/access.h"

#include "authority/vci/parts.h"
#include "oauth/token.h"

#include <string.h>

typedef struct opening {
    app_call          *call;
    authority         *a;
    yao_text           token;
    vci_access        *out;
    yao_oauth_refusal *refusal;
} opening;

static yao_status refuse(const opening *o, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_oauth_refuse(o->refusal, error, why, status);
}

/* Is there a parameter access_token in TEXT? Whatever else is in it. */
static bool has_token(yao_text text)
{
    static const char name[] = "access_token=";
    const size_t      len    = sizeof name - 1;

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, name, len) == 0 &&
            (i == 0 || text.ptr[i - 1] == '&'))
            return true;
    return false;
}

static bool is_form(const app_call *call)
{
    yao_text type = net_header_find(call->http, "content-type", NULL);

    return yao_bytes_starts(yao_text_bytes(type),
                            YAO_LIT("application/x-www-form-urlencoded"));
}

static yao_status read_token(opening *o)
{
    const net_request *http   = o->call->http;
    size_t             count  = 0;
    yao_text           header = net_header_find(http, "authorization", &count);
    yao_text           body   = {http->body.ptr, http->body.len};
    yao_token_scheme   scheme;

    if (has_token(http->query) || (is_form(o->call) && has_token(body)))
        return refuse(o, YAO_OAUTH_INVALID_TOKEN,
                      "a token may come in a header only", YAO_E_REFUSED);
    if (count > 1)
        return refuse(o, YAO_OAUTH_INVALID_TOKEN,
                      "the Authorization header came twice", YAO_E_DUPLICATE);
    yao_status status = yao_token_read_header(header, &scheme, &o->token);
    if (status != YAO_OK)
        return refuse(o, YAO_OAUTH_INVALID_TOKEN, "there is no access token",
                      status);
    if (scheme != YAO_TOKEN_DPOP)
        return refuse(o, YAO_OAUTH_INVALID_TOKEN,
                      "the token is bound to a key: scheme DPoP",
                      YAO_E_REFUSED);
    return YAO_OK;
}

static yao_status find_grant(const opening *o)
{
    vci_kept_token kept;
    yao_bytes      json, nothing;
    yao_status     status = vci_box_get(o->call, ONCE_ACCESS, o->token,
                                        o->out->token_hash, &json);

    if (status == YAO_E_NOT_FOUND)
        return refuse(o, YAO_OAUTH_INVALID_TOKEN,
                      "the token is not known, or over", status);
    YAO_TRY(status);
    YAO_TRY(vci_kept_token_read(json, o->call->arena, &kept));
    status = store_get_once(o->a->store, ONCE_GRANT,
                            (yao_bytes){kept.grant.id, STORE_ID_LEN},
                            o->call->now, o->call->arena, &nothing);
    if (status == YAO_E_NOT_FOUND)
        return refuse(o, YAO_OAUTH_INVALID_TOKEN, "the grant was ended",
                      status);
    YAO_TRY(status);

    o->out->grant   = kept.grant;
    o->out->expires = kept.expires;
    memcpy(o->out->jkt, kept.jkt, STORE_HASH_LEN);
    return vci_secret_key(o->a->crypto, ONCE_ANSWER, o->token,
                          o->out->retry_key);
}

static yao_status check_nonce(const opening *o, yao_text nonce)
{
    if (!config_yes(&o->a->config, SETTING_DPOP_NONCES))
        return YAO_OK;
    if (nonce.len != 0 &&
        vci_nonce_check(o->call, VCI_NONCE_DPOP, nonce) == YAO_OK)
        return YAO_OK;
    return refuse(o, YAO_OAUTH_USE_DPOP_NONCE,
                  "nonce is missing, too old or not ours", YAO_E_MISMATCH);
}

static yao_status check_proof(const opening *o)
{
    size_t   count  = 0;
    yao_text header = net_header_find(o->call->http, "dpop", &count);
    yao_text uri;
    yao_dpop_unverified proof;

    if (count != 1)
        return refuse(o, YAO_OAUTH_INVALID_DPOP_PROOF,
                      "there is not one DPoP header", YAO_E_MISSING);
    YAO_TRY(vci_address(o->call, "", &uri));
    yao_writer w = yao_writer_in(o->call->arena);
    yao_bytes  whole;
    yao_put_bytes(&w, yao_text_bytes(uri));
    yao_put_bytes(&w, yao_text_bytes(o->call->http->path));
    YAO_TRY(yao_writer_keep(&w, o->call->arena, &whole));

    const yao_dpop_ask ask = {.method = o->call->http->method,
                              .uri    = {whole.ptr, whole.len},
                              .clock  = vci_clock(o->call),
                              .token  = o->token,
                              .jkt    = o->out->jkt,
                              .crypto = o->call->crypto};
    YAO_TRY(yao_dpop_read(o->call->arena, yao_text_bytes(header), &ask, &proof,
                          o->refusal));
    YAO_TRY(check_nonce(o, proof.nonce));
    YAO_TRY(o->call->crypto->verify(o->call->crypto->ctx, &proof.check, 1));
    yao_status status = yao_oauth_answers(&proof.check, 1);
    if (status == YAO_E_BAD_SIGNATURE)
        return refuse(o, YAO_OAUTH_INVALID_DPOP_PROOF,
                      "the signature of the DPoP proof is wrong", status);
    YAO_TRY(status);

    memcpy(o->out->replay, proof.replay, STORE_HASH_LEN);
    o->out->proof = (store_once){.kind    = ONCE_DPOP,
                                 .expires = proof.forget_at,
                                 .payload = {(const uint8_t *)"", 0}};
    return YAO_OK;
}

/* ---- answers ---- */

/* RFC 6750 section 3, RFC 9449 section 7.1. */
static yao_status put_challenge(app_call *call, const yao_oauth_refusal *r,
                                app_reply *reply)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  text;

    yao_put_text(&w, "DPoP error=\"");
    yao_put_text(&w, yao_oauth_error_name(r->error));
    yao_put_text(&w, "\", algs=\"ES256\"");
    YAO_TRY(yao_writer_keep(&w, call->arena, &text));
    return app_reply_header(reply, "WWW-Authenticate",
                            (yao_text){text.ptr, text.len});
}

static yao_status answer(app_call *call, yao_status status,
                         const yao_oauth_refusal *refusal, app_reply *reply)
{
    yao_writer w = yao_writer_in(call->arena);

    if (refusal->error == YAO_OAUTH_NONE ||
        refusal->error == YAO_OAUTH_SERVER_ERROR)
        return vci_finish(call, status, refusal, reply);
    yao_oauth_put_error(&w, refusal);
    YAO_TRY(app_reply_json(reply, call, 401, &w));
    YAO_TRY(app_reply_header(reply, "Cache-Control", YAO_TEXT("no-store")));
    YAO_TRY(put_challenge(call, refusal, reply));
    return refusal->error == YAO_OAUTH_USE_DPOP_NONCE
               ? vci_put_dpop_nonce(call, reply)
               : YAO_OK;
}

static yao_status open_access(opening *o)
{
    YAO_TRY(read_token(o));
    YAO_TRY(find_grant(o));
    return check_proof(o);
}

bool vci_access_check(app_call *call, vci_access *ret, app_reply *reply)
{
    yao_oauth_refusal refusal = {YAO_OAUTH_NONE, ""};
    opening           o = {.call = call, .a = server_authority(call),
                           .out = ret, .refusal = &refusal};

    memset(ret, 0, sizeof *ret);
    yao_status status = open_access(&o);
    if (status == YAO_OK)
        return true;
    vci_access_close(ret);
    status = answer(call, status, &refusal, reply);
    if (status != YAO_OK)
        app_reply_fail(reply, call, status);
    return false;
}

void vci_access_claim(const vci_access *access, store_change *change)
{
    store_once proof = access->proof;

    proof.hash = (yao_bytes){access->replay, STORE_HASH_LEN};
    store_put_once(change, &proof);
}

bool vci_access_lost(app_call *call, const store_change *change,
                     yao_status status, app_reply *reply)
{
    const yao_oauth_refusal refusal = {YAO_OAUTH_INVALID_DPOP_PROOF,
                                       "the DPoP proof came before"};

    if (status != YAO_E_EXISTS || change->lost_about != ONCE_DPOP)
        return false;
    status = answer(call, status, &refusal, reply);
    if (status != YAO_OK)
        app_reply_fail(reply, call, status);
    return true;
}

void vci_access_close(vci_access *access)
{
    yao_wipe(access->retry_key, sizeof access->retry_key);
}
