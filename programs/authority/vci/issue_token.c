/* SPDX-License-Identifier: Apache-2.0 */
/* What the token endpoint hands out, and how it is taken back. */

#include "authority/vci/parts.h"

#include "oauth/token.h"

#include <string.h>

static yao_status put_token(app_call *call, store_change *change, int kind,
                            vci_kept_token *kept, yao_time expires,
                            yao_text *ret)
{
    authority *a = server_authority(call);
    yao_writer w;
    yao_bytes  json;
    yao_text   secret;

    kept->expires = expires;
    w             = yao_writer_in(call->arena);
    vci_kept_token_write(&w, kept);
    YAO_TRY(yao_writer_keep(&w, call->arena, &json));
    YAO_TRY(vci_secret_new(call->arena, &secret));
    YAO_TRY(vci_box_put(a->crypto, change, kind, secret, json, expires));

    *ret = secret;
    return YAO_OK;
}

/* A grant that is alive has a row; without it all its tokens are worthless,
 * also those that somebody else just got. */
static yao_status put_alive(store_change *change, const vci_kept_token *kept)
{
    uint8_t *id = yao_arena_take(change->arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    memcpy(id, kept->grant.id, STORE_ID_LEN);
    const store_once once = {.kind    = ONCE_GRANT,
                             .hash    = {id, STORE_ID_LEN},
                             .expires = kept->ends,
                             .payload = {(const uint8_t *)"", 0}};
    store_put_once(change, &once);
    return YAO_OK;
}

yao_status vci_tokens_put(app_call *call, store_change *change,
                          vci_kept_token *kept, bool first, vci_tokens *ret)
{
    const authority *a = server_authority(call);
    vci_tokens       tokens = {
              .expires_in = config_number(&a->config, SETTING_ACCESS_SECONDS)};
    int64_t  days    = config_number(&a->config, SETTING_REFRESH_DAYS);
    yao_time expires = call->now + tokens.expires_in;

    if (first) {
        kept->ends = days != 0 ? call->now + days * YAO_TIME_DAY : expires;
        YAO_TRY(put_alive(change, kept));
    }
    if (expires > kept->ends) {
        expires           = kept->ends;
        tokens.expires_in = expires - call->now;
    }
    YAO_TRY(put_token(call, change, ONCE_ACCESS, kept, expires,
                      &tokens.access));
    if (days != 0)
        YAO_TRY(put_token(call, change, ONCE_REFRESH, kept, kept->ends,
                          &tokens.refresh));

    *ret = tokens;
    return YAO_OK;
}

yao_status vci_tokens_reply(app_call *call, const vci_kept_token *kept,
                            const vci_tokens *tokens, app_reply *reply)
{
    yao_token_answer answer = {.access_token  = tokens->access,
                               .dpop          = true,
                               .expires_in    = tokens->expires_in,
                               .refresh_token = tokens->refresh,
                               .scope         = kept->scope};
    yao_writer       w      = yao_writer_in(call->arena);

    if (kept->grant.by_identifier)
        answer.details = kept->grant.details;
    yao_token_answer_put(&w, &answer);
    YAO_TRY(app_reply_json(reply, call, 200, &w));
    YAO_TRY(app_reply_header(reply, "Cache-Control", YAO_TEXT("no-store")));
    return vci_put_dpop_nonce(call, reply);
}

/* ---- used before ---- */

yao_status vci_note_used(app_call *call, store_change *change, int kind,
                         yao_text secret, const vci_grant *grant,
                         yao_time until)
{
    const authority *a = server_authority(call);

    return vci_box_put(a->crypto, change, kind, secret,
                       (yao_bytes){grant->id, STORE_ID_LEN}, until);
}

yao_status vci_end_reused(app_call *call, int used_kind, yao_text secret,
                          const char *kind)
{
    authority   *a      = server_authority(call);
    store_change change = store_change_open(call->arena);
    uint8_t      hash[STORE_HASH_LEN];
    yao_bytes    id;
    yao_status   status = vci_box_get(call, used_kind, secret, hash, &id);

    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    if (id.len != STORE_ID_LEN)
        return YAO_E_MALFORMED;
    vci_grant_end(&change, id.ptr);
    YAO_TRY(authority_put_event(&change, call->arena, kind,
                                (yao_bytes){NULL, 0}, YAO_TEXT("{}")));
    return store_commit(a->store, &change);
}
