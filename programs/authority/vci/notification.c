/* SPDX-License-Identifier: Apache-2.0 */

/* POST /notification: what became of the copies in the wallet. It goes to the
 * log and changes nothing: the ledger says what was issued, a status list what
 * holds. */

#include "authority/issue.h"
#include "authority/once.h"
#include "authority/vci/credentials.h"
#include "authority/vci/making.h"
#include "authority/vci/message.h"

/* Long after it was said, the same is noted again: no harm. */
#define REMEMBERED (30 * YAO_TIME_DAY)

typedef struct telling {
    app_call            *call;
    const vci_access    *access;
    yao_vci_notification said;
    uint8_t              issuance[STORE_ID_LEN];
    uint8_t              once[STORE_HASH_LEN]; /* of issuance and event */
    yao_vci_error        error;
} telling;

static yao_status read_request(telling *t)
{
    const authority  *a      = server_authority(t->call);
    const yao_crypto *crypto = t->call->crypto;

    YAO_TRY(yao_vci_read_notification(t->call->arena, t->call->http->body,
                                      &t->said, &t->error));
    yao_status status = vci_notification_check(
        a, t->said.id, t->access->grant.id, t->issuance);
    if (status == YAO_E_REFUSED)
        t->error = YAO_VCI_INVALID_NOTIFICATION_ID;
    YAO_TRY(status);

    const yao_bytes parts[2] = {
        {t->issuance, STORE_ID_LEN},
        yao_text_bytes(yao_text_of(yao_vci_event_name(t->said.event)))};
    return crypto->hash(crypto->ctx, YAO_SHA256, parts, 2, t->once);
}

/* The wallet's own words are not kept: nobody can say what stands in them. */
static yao_status describe(const telling *t, yao_text *ret)
{
    yao_writer w     = yao_writer_in(t->call->arena);
    bool       first = true;
    char       id[2 * STORE_ID_LEN + 1];
    yao_bytes  bytes;

    issue_id_text((yao_bytes){t->issuance, STORE_ID_LEN}, id);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "id", yao_text_of(id));
    yao_json_put_member(&w, &first, "event",
                        yao_text_of(yao_vci_event_name(t->said.event)));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, t->call->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_status note(telling *t, store_change *change)
{
    const store_once once = {.kind    = ONCE_NOTIFICATION,
                             .hash    = {t->once, STORE_HASH_LEN},
                             .expires = t->call->now + REMEMBERED};
    yao_text         detail;

    YAO_TRY(describe(t, &detail));
    vci_access_claim(t->access, change);
    store_put_once(change, &once);
    return authority_put_event(change, t->call->arena, "credential.notify",
                               (yao_bytes){NULL, 0}, detail);
}

/* The same was said before: only the proof of the token is used up. */
static yao_status claim_only(telling *t, store_change *change)
{
    *change = store_change_open(t->call->arena);
    vci_access_claim(t->access, change);
    return store_commit(server_authority(t->call)->store, change);
}

static yao_status serve(telling *t, app_reply *reply)
{
    authority   *a      = server_authority(t->call);
    store_change change = store_change_open(t->call->arena);

    YAO_TRY(read_request(t));
    YAO_TRY(note(t, &change));
    yao_status status = store_commit(a->store, &change);
    if (status == YAO_E_EXISTS && change.lost_about == ONCE_NOTIFICATION)
        status = claim_only(t, &change);
    if (vci_access_lost(t->call, &change, status, reply))
        return YAO_OK;
    YAO_TRY(status);
    return app_reply_empty(reply, 204);
}

yao_status vci_take_notification(app_call *call, app_reply *reply)
{
    vci_access access;
    telling   *t = yao_arena_take(call->arena, sizeof *t);

    if (t == NULL)
        return YAO_E_SPACE;
    if (!vci_access_check(call, &access, reply))
        return YAO_OK;
    t->call           = call;
    t->access         = &access;
    yao_status status = serve(t, reply);
    vci_access_close(&access);
    return vci_end(call, status, t->error, reply);
}
