/* SPDX-License-Identifier: Apache-2.0 */
/* POST /token: codes, offers and refresh tokens become access tokens. */

#include "oauth/token.h"
#include "authority/vci/parts.h"
#include "oauth/pkce.h"
#include "store/bar.h"
#include "yaopai/openssl.h"

#include <string.h>

/* How long a code that was used is remembered after the code is over. */
enum { USED_SECONDS = 3600 };

typedef struct redeeming {
    app_call                *call;
    authority               *a;
    const vci_asker         *asker;
    const yao_token_request *request;
    app_reply               *reply;
    yao_oauth_refusal       *refusal;
} redeeming;

static yao_status refuse(const redeeming *r, const char *why, yao_status status)
{
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_GRANT, why, status);
}

/* One client_id is that of many: is it the same wallet instance as began? */
static bool is_instance(const redeeming *r, const vci_grant *g)
{
    if (g->instance_known != r->asker->attested)
        return false;
    return !g->instance_known ||
           memcmp(g->instance, r->asker->instance, STORE_HASH_LEN) == 0;
}

/* ---- authorization_code ---- */

static yao_status check_code(const redeeming *r, const vci_kept_request *kept)
{
    const yao_token_request *q = r->request;

    if (!yao_text_equal(kept->client_id, r->asker->client_id))
        return refuse(r, "the code is of another client", YAO_E_MISMATCH);
    if (!yao_text_equal(kept->redirect_uri, q->redirect_uri))
        return refuse(r, "redirect_uri is not that of the request",
                      YAO_E_MISMATCH);
    yao_status status =
        yao_pkce_check(kept->challenge, q->code_verifier, r->call->crypto);
    if (status == YAO_E_MISMATCH || status == YAO_E_MALFORMED)
        return refuse(r, "code_verifier is another one's", status);
    YAO_TRY(status);
    if (kept->bound && memcmp(kept->jkt, r->asker->jkt, STORE_HASH_LEN) != 0)
        return refuse(r, "the code is bound to another DPoP key",
                      YAO_E_MISMATCH);
    return is_instance(r, &kept->grant)
               ? YAO_OK
               : refuse(r, "the code is another instance's", YAO_E_MISMATCH);
}

/* A code that is gone may have been used: then somebody has it who should not,
 * and what was given for it ends (RFC 6749 section 4.1.2; misuse N155). */
static yao_status refuse_gone(const redeeming *r, int used, yao_text secret,
                              const char *event)
{
    YAO_TRY(vci_end_reused(r->call, used, secret, event));
    return refuse(r, "it is not known, over, or was used", YAO_E_NOT_FOUND);
}

static yao_status give(const redeeming *r, store_change *change,
                       vci_kept_token *token, bool first)
{
    vci_tokens tokens;

    memcpy(token->jkt, r->asker->jkt, STORE_HASH_LEN);
    YAO_TRY(vci_grant_name(&token->grant, r->call->arena));
    YAO_TRY(vci_tokens_put(r->call, change, token, first, &tokens));
    YAO_TRY(vci_asker_commit(r->call, r->asker, change, r->refusal));
    return vci_tokens_reply(r->call, token, &tokens, r->reply);
}

static yao_status redeem_code(const redeeming *r)
{
    app_call        *call   = r->call;
    yao_text         code   = r->request->code;
    store_change     change = store_change_open(call->arena);
    vci_kept_token   token  = {.expires = 0};
    vci_kept_request kept;
    uint8_t          hash[STORE_HASH_LEN];
    yao_bytes        json;

    yao_status status = vci_box_get(call, ONCE_CODE, code, hash, &json);
    if (status == YAO_E_NOT_FOUND)
        return refuse_gone(r, ONCE_CODE_USED, code, "oauth.code_reuse");
    YAO_TRY(status);
    YAO_TRY(vci_kept_request_read(json, call->arena, &kept));
    YAO_TRY(check_code(r, &kept));

    token.grant = kept.grant;
    token.scope = kept.scope;
    store_take_once(&change, ONCE_CODE, (yao_bytes){hash, sizeof hash},
                    call->now, NULL);
    YAO_TRY(vci_note_used(call, &change, ONCE_CODE_USED, code, &kept.grant,
                          call->now + USED_SECONDS));
    status = give(r, &change, &token, true);
    if (status == YAO_E_NOT_FOUND && change.lost_about == ONCE_CODE)
        return refuse_gone(r, ONCE_CODE_USED, code, "oauth.code_reuse");
    return status;
}

/* ---- refresh_token ---- */

/* A refresh token in other hands is a theft, whoever it was: the family ends
 * (misuse N165). */
static yao_status refuse_foreign(const redeeming *r,
                                 const vci_kept_token *kept)
{
    store_change change = store_change_open(r->call->arena);

    vci_grant_end(&change, kept->grant.id);
    YAO_TRY(authority_put_event(&change, r->call->arena,
                                "oauth.refresh_foreign", (yao_bytes){NULL, 0},
                                YAO_TEXT("{}")));
    YAO_TRY(store_commit(r->a->store, &change));
    return refuse(r, "the token is another client's", YAO_E_MISMATCH);
}

static bool is_owner(const redeeming *r, const vci_kept_token *kept)
{
    return yao_text_equal(kept->grant.client_id, r->asker->client_id) &&
           memcmp(kept->jkt, r->asker->jkt, STORE_HASH_LEN) == 0 &&
           is_instance(r, &kept->grant);
}

static yao_status check_alive(const redeeming *r, const vci_grant *grant)
{
    yao_bytes  nothing;
    yao_status status = store_get_once(
        r->a->store, ONCE_GRANT, (yao_bytes){grant->id, STORE_ID_LEN},
        r->call->now, r->call->arena, &nothing);

    return status == YAO_E_NOT_FOUND
               ? refuse(r, "the grant was ended", YAO_E_NOT_FOUND)
               : status;
}

/* Nothing is issued to who froze their documents; the token stays good for
 * afterwards. */
static yao_status check_unbarred(const redeeming *r, const vci_grant *grant)
{
    uint64_t count = 0;

    YAO_TRY(store_count_bars_by(
        r->a->store, (yao_bytes){grant->person, STORE_HASH_LEN}, &count));
    return count == 0 ? YAO_OK
                      : refuse(r, "the documents are frozen or held",
                               YAO_E_SUSPENDED);
}

static yao_status redeem_refresh(const redeeming *r)
{
    app_call      *call   = r->call;
    yao_text       secret = r->request->refresh_token;
    store_change   change = store_change_open(call->arena);
    vci_kept_token kept;
    uint8_t        hash[STORE_HASH_LEN];
    yao_bytes      json;

    yao_status status = vci_box_get(call, ONCE_REFRESH, secret, hash, &json);
    if (status == YAO_E_NOT_FOUND)
        return refuse_gone(r, ONCE_REFRESH_USED, secret,
                           "oauth.refresh_reuse");
    YAO_TRY(status);
    YAO_TRY(vci_kept_token_read(json, call->arena, &kept));
    YAO_TRY(check_alive(r, &kept.grant));
    if (!is_owner(r, &kept))
        return refuse_foreign(r, &kept);
    YAO_TRY(check_unbarred(r, &kept.grant));

    store_take_once(&change, ONCE_REFRESH, (yao_bytes){hash, sizeof hash},
                    call->now, NULL);
    YAO_TRY(vci_note_used(call, &change, ONCE_REFRESH_USED, secret,
                          &kept.grant, kept.ends));
    status = give(r, &change, &kept, false);
    if (status == YAO_E_NOT_FOUND && change.lost_about == ONCE_REFRESH)
        return refuse_gone(r, ONCE_REFRESH_USED, secret,
                           "oauth.refresh_reuse");
    return status;
}

/* ---- the endpoint ---- */

static yao_status redeem(app_call *call, app_reply *reply,
                         yao_oauth_refusal *refusal)
{
    yao_form          form;
    vci_asker         asker;
    yao_token_request request;
    const redeeming   r = {call,     server_authority(call), &asker,
                           &request, reply,                  refusal};

    YAO_TRY(vci_read_form(call, &form, refusal));
    YAO_TRY(vci_asker_check(call, &form, "/token", true, &asker, refusal));
    YAO_TRY(yao_token_request_read(call->arena, &form, server_url(call),
                                   &request, refusal));
    if (request.client_id.len != 0 &&
        !yao_text_equal(request.client_id, asker.client_id))
        return yao_oauth_refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                                "client_id is not who authenticates",
                                YAO_E_MISMATCH);

    switch (request.grant) {
    case YAO_GRANT_CODE:
        return redeem_code(&r);
    case YAO_GRANT_PRE_CODE:
        return vci_redeem_offer(call, &asker, &request, reply, refusal);
    case YAO_GRANT_REFRESH:
        return redeem_refresh(&r);
    case YAO_GRANT_NONE:
    default:
        return YAO_E_USAGE;
    }
}

yao_status vci_give_token(app_call *call, app_reply *ret)
{
    yao_oauth_refusal refusal = {YAO_OAUTH_NONE, ""};
    yao_status        status  = redeem(call, ret, &refusal);

    return vci_finish(call, status, &refusal, ret);
}
