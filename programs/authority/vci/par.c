/* SPDX-License-Identifier: Apache-2.0 */
/* POST /par: a wallet pushes what it wants, before any browser is opened. */

#include "authority/vci/parts.h"

#include "oauth/authorize.h"
#include "oauth/dpop.h"
#include "vci/configuration.h"

#include <string.h>

static yao_status refuse(yao_oauth_refusal *refusal, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_oauth_refuse(refusal, error, why, status);
}

static yao_status check_client(const vci_asker             *asker,
                               const yao_authorize_request *request,
                               yao_oauth_refusal           *refusal)
{
    if (!yao_text_equal(asker->client_id, request->client_id))
        return refuse(refusal, YAO_OAUTH_INVALID_CLIENT,
                      "client_id is not who authenticates", YAO_E_MISMATCH);
    if (vci_client_check_redirect(asker->client, asker->any_redirect,
                                  request->redirect_uri) != YAO_OK)
        return refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                      "redirect_uri is not registered", YAO_E_REFUSED);
    return YAO_OK;
}

static bool known(app_call *call, yao_text id)
{
    yao_vci_configuration found;

    return yao_vci_find_configuration(server_catalogue(call), id, &found) ==
           YAO_OK;
}

static bool is_wanted(const vci_grant *grant, yao_text id)
{
    for (size_t i = 0; i < grant->details.count; i++)
        if (yao_text_equal(grant->details.items[i].configuration, id))
            return true;
    return false;
}

/* The scope of a configuration is its id; who says it twice says it. */
static yao_status want_scopes(app_call *call, yao_text scope, vci_grant *grant,
                              yao_oauth_refusal *refusal)
{
    yao_text rest = scope, name;

    while (yao_scope_next(&rest, &name)) {
        if (!known(call, name))
            return refuse(refusal, YAO_OAUTH_INVALID_SCOPE,
                          "a scope is not known", YAO_E_VALUE);
        if (is_wanted(grant, name))
            continue;
        if (grant->details.count == YAO_OAUTH_MAX_DETAILS)
            return refuse(refusal, YAO_OAUTH_INVALID_SCOPE, "too many scopes",
                          YAO_E_LIMIT);
        grant->details.items[grant->details.count++] =
            (yao_detail){.configuration = name};
    }
    return YAO_OK;
}

static yao_status want_details(app_call *call, const yao_details *details,
                               vci_grant *grant, yao_oauth_refusal *refusal)
{
    for (size_t i = 0; i < details->count; i++)
        if (!known(call, details->items[i].configuration))
            return refuse(refusal, YAO_OAUTH_INVALID_AUTHORIZATION_DETAILS,
                          "a credential configuration is not known",
                          YAO_E_VALUE);
    grant->details       = *details;
    grant->by_identifier = true;
    return YAO_OK;
}

/* An issuer_state is a stranger's until it is found here; what it stands for
 * binds who may say yes, and nothing is taken from it on trust. */
static yao_status follow_offer(app_call *call, yao_text state,
                               vci_kept_request  *kept,
                               yao_oauth_refusal *refusal)
{
    vci_kept_offer offer;
    uint8_t        hash[STORE_HASH_LEN];
    yao_bytes      json;

    if (state.len == 0)
        return YAO_OK;
    yao_status status =
        vci_box_get(call, ONCE_ISSUER_STATE, state, hash, &json);
    if (status == YAO_E_NOT_FOUND)
        return refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                      "issuer_state is not known, or over", status);
    YAO_TRY(status);
    YAO_TRY(vci_kept_offer_read(json, call->arena, &offer));
    kept->person_known = offer.person_known;
    kept->grant.level  = offer.grant.level;
    kept->grant.note   = offer.grant.note;
    memcpy(kept->grant.person, offer.grant.person, STORE_HASH_LEN);
    return YAO_OK;
}

/* What goes back to the browser stands in one header; that it does not fit is
 * to be known before somebody says yes to it. */
static yao_status check_room(app_call                    *call,
                             const yao_authorize_request *request,
                             yao_oauth_refusal           *refusal)
{
    yao_writer           w      = yao_writer_open(NULL, 0);
    const yao_authorized answer = {.code  = request->code_challenge, /* as long
                                                                       as one */
                                   .state = request->state,
                                   .iss   = server_url(call)};

    yao_authorized_put(&w, request->redirect_uri, &answer);
    return w.len < NET_MAX_VALUE
               ? YAO_OK
               : refuse(refusal, YAO_OAUTH_INVALID_REQUEST,
                        "redirect_uri and state are too long together",
                        YAO_E_LIMIT);
}

/* RFC 9449 section 10: by the proof, by dpop_jkt, or by both alike. */
static yao_status bind_key(const vci_asker             *asker,
                           const yao_authorize_request *request,
                           vci_kept_request            *kept,
                           yao_oauth_refusal           *refusal)
{
    kept->bound = asker->proven || request->dpop_jkt.len != 0;
    if (request->dpop_jkt.len != 0)
        YAO_TRY(yao_dpop_read_jkt(request->dpop_jkt, kept->jkt));
    if (!asker->proven)
        return YAO_OK;
    if (request->dpop_jkt.len != 0 &&
        memcmp(kept->jkt, asker->jkt, STORE_HASH_LEN) != 0)
        return refuse(refusal, YAO_OAUTH_INVALID_DPOP_PROOF,
                      "dpop_jkt is of another key", YAO_E_MISMATCH);
    memcpy(kept->jkt, asker->jkt, STORE_HASH_LEN);
    return YAO_OK;
}

static yao_status keep(app_call *call, const vci_asker *asker,
                       const vci_kept_request *kept, yao_text *secret,
                       yao_oauth_refusal *refusal)
{
    authority   *a       = server_authority(call);
    long         seconds = config_number(&a->config, SETTING_PUSHED_SECONDS);
    store_change change  = store_change_open(call->arena);
    yao_writer   w       = yao_writer_in(call->arena);
    yao_bytes    json;

    vci_kept_request_write(&w, kept);
    YAO_TRY(yao_writer_keep(&w, call->arena, &json));
    YAO_TRY(vci_secret_new(call->arena, secret));
    YAO_TRY(vci_box_put(a->crypto, &change, ONCE_PUSHED, *secret, json,
                        call->now + seconds));
    return vci_asker_commit(call, asker, &change, refusal);
}

static yao_status answer(app_call *call, yao_text secret, app_reply *reply)
{
    authority *a = server_authority(call);
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  uri;

    yao_put_text(&w, VCI_REQUEST_URI);
    yao_put_bytes(&w, yao_text_bytes(secret));
    YAO_TRY(yao_writer_keep(&w, call->arena, &uri));

    const yao_pushed pushed = {
        {uri.ptr, uri.len}, config_number(&a->config, SETTING_PUSHED_SECONDS)};
    yao_writer json = yao_writer_in(call->arena);
    yao_pushed_put(&json, &pushed);
    YAO_TRY(app_reply_json(reply, call, 201, &json));
    YAO_TRY(app_reply_header(reply, "Cache-Control", YAO_TEXT("no-store")));
    return vci_put_dpop_nonce(call, reply);
}

static yao_status push(app_call *call, app_reply *reply,
                       yao_oauth_refusal *refusal)
{
    yao_form              form;
    vci_asker             asker;
    yao_authorize_request request;
    vci_kept_request      kept = {.bound = false};
    yao_text              secret;

    YAO_TRY(vci_read_form(call, &form, refusal));
    YAO_TRY(vci_asker_check(call, &form, "/par", false, &asker, refusal));
    YAO_TRY(yao_authorize_read(call->arena, &form, server_url(call), &request,
                               refusal));
    YAO_TRY(check_client(&asker, &request, refusal));
    YAO_TRY(check_room(call, &request, refusal));
    YAO_TRY(bind_key(&asker, &request, &kept, refusal));
    if (request.details.count != 0)
        YAO_TRY(want_details(call, &request.details, &kept.grant, refusal));
    else
        YAO_TRY(want_scopes(call, request.scope, &kept.grant, refusal));
    YAO_TRY(follow_offer(call, request.issuer_state, &kept, refusal));

    kept.client_id            = request.client_id;
    kept.redirect_uri         = request.redirect_uri;
    kept.state                = request.state;
    kept.challenge            = request.code_challenge;
    kept.scope                = request.details.count != 0 ? (yao_text){NULL, 0}
                                                           : request.scope;
    kept.grant.client_id      = request.client_id;
    kept.grant.instance_known = asker.attested;
    memcpy(kept.grant.instance, asker.instance, STORE_HASH_LEN);
    YAO_TRY(keep(call, &asker, &kept, &secret, refusal));
    return answer(call, secret, reply);
}

yao_status vci_push(app_call *call, app_reply *ret)
{
    yao_oauth_refusal refusal = {YAO_OAUTH_NONE, ""};
    yao_status        status  = push(call, ret, &refusal);

    return vci_finish(call, status, &refusal, ret);
}
