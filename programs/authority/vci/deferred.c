/* SPDX-License-Identifier: Apache-2.0 */

/* POST /deferred: has an officer decided? Then the document, once. */

#include "authority/once.h"
#include "authority/vci/credentials.h"
#include "authority/vci/message.h"
#include "authority/vci/waiting.h"
#include "store/case.h"

#include <string.h>

typedef struct asking {
    app_call         *call;
    const vci_access *access;
    yao_vci_deferred  request;
    vci_waiting       waiting;
    uint8_t           answer[STORE_HASH_LEN];
    yao_vci_error     error;
} asking;

static yao_status refuse(asking *k, yao_vci_error error)
{
    k->error = error;
    return YAO_E_REFUSED;
}

static yao_status read_request(asking *k)
{
    vci_message message;

    YAO_TRY(vci_read_message(k->call, &message, &k->error));
    YAO_TRY(yao_vci_read_deferred(k->call->arena, message.json,
                                  message.encrypted, &k->request, &k->error));
    if (vci_check_encryption(k->call, &k->request.encryption) != YAO_OK)
        return refuse(k, YAO_VCI_INVALID_ENCRYPTION);
    return vci_answer_id(k->call, k->access, k->request.transaction_id, NULL,
                         0, k->answer);
}

static yao_status add_claims(void *ctx, store_change *change)
{
    const asking *k = ctx;

    vci_access_claim(k->access, change);
    vci_wait_end(k->call, &k->waiting, change);
    return YAO_OK;
}

/* Only the proof of the token is used up. */
static yao_status say(asking *k, int status, yao_bytes json, app_reply *reply)
{
    authority   *a      = server_authority(k->call);
    store_change change = store_change_open(k->call->arena);

    vci_access_claim(k->access, &change);
    yao_status committed = store_commit(a->store, &change);
    if (vci_access_lost(k->call, &change, committed, reply))
        return YAO_OK;
    YAO_TRY(committed);
    return vci_answer(k->call, status, json, &k->request.encryption, reply);
}

static yao_status go_on(asking *k, app_reply *reply)
{
    yao_bytes json;

    YAO_TRY(vci_wait_answer(k->call, k->request.transaction_id, &json));
    return say(k, 202, json, reply);
}

static yao_status lost(asking *k, const store_change *change, yao_status status)
{
    if (status == YAO_E_NOT_ENTITLED || status == YAO_E_VALUE ||
        status == YAO_E_REVOKED || status == YAO_E_NOT_AUTHORISED)
        return refuse(k, YAO_VCI_DENIED);
    if (status == YAO_E_EXISTS && change->lost_about == STORE_ABOUT_KEY)
        return refuse(k, YAO_VCI_DENIED);
    if (status == YAO_E_NOT_FOUND && change->lost_about == ONCE_TRANSACTION)
        return refuse(k, YAO_VCI_INVALID_TRANSACTION);
    /* two of one device came first; again, later */
    return status == YAO_E_NOT_FOUND ? YAO_E_LOCKED : status;
}

static yao_status issue(asking *k, app_reply *reply)
{
    const vci_waiting *w     = &k->waiting;
    vci_order          order = {.access = k->access,
                                .person = {w->person, STORE_HASH_LEN},
                                .level  = w->level,
                                .note   = k->access->grant.note,
                                .configuration_id = w->configuration,
                                .keys             = w->keys,
                                .count            = w->count,
                                .answer           = k->answer,
                                .add              = add_claims,
                                .ctx              = k};
    store_change       change;
    yao_bytes          json;

    if (yao_vci_find_configuration(server_catalogue(k->call), w->configuration,
                                   &order.configuration) != YAO_OK)
        return refuse(k, YAO_VCI_DENIED);
    yao_status status = vci_make(k->call, &order, &change, &json);
    if (vci_access_lost(k->call, &change, status, reply))
        return YAO_OK;
    if (status != YAO_OK)
        return lost(k, &change, status);
    return vci_answer(k->call, 200, json, &k->request.encryption, reply);
}

/* What became of the case. Denied is for good. */
static yao_status decide(asking *k, app_reply *reply)
{
    authority *a = server_authority(k->call);
    store_case officer;

    YAO_TRY(store_get_case(a->store,
                           (yao_bytes){k->waiting.officer_case, STORE_ID_LEN},
                           k->call->arena, &officer));
    if (officer.state != STORE_CASE_CLOSED)
        return go_on(k, reply);
    return yao_text_equal(officer.decision, YAO_TEXT(VCI_CASE_APPROVED))
               ? issue(k, reply)
               : refuse(k, YAO_VCI_DENIED);
}

static yao_status claim_access(void *ctx, store_change *change)
{
    const asking *k = ctx;

    vci_access_claim(k->access, change);
    return YAO_OK;
}

/* The same again, unless the record, or the signer, is another by now: the
 * transaction is over then. */
static yao_status repeat(asking *k, const vci_recipe *recipe, app_reply *reply)
{
    const vci_repeat asked = {k->access, recipe, claim_access, k};
    store_change     change;
    yao_bytes        json;

    yao_status status = vci_make_again(k->call, &asked, &change, &json);
    if (vci_access_lost(k->call, &change, status, reply))
        return YAO_OK;
    if (status == YAO_E_MISMATCH)
        return refuse(k, YAO_VCI_INVALID_TRANSACTION);
    if (status != YAO_OK)
        return lost(k, &change, status);
    return vci_answer(k->call, 200, json, &k->request.encryption, reply);
}

static yao_status serve(asking *k, app_reply *reply)
{
    vci_recipe *recipe = yao_arena_take(k->call->arena, sizeof *recipe);

    if (recipe == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_request(k));
    yao_status status = vci_find_answer(k->call, k->access, k->answer, recipe);
    if (status == YAO_OK)
        return repeat(k, recipe, reply);
    if (status != YAO_E_NOT_FOUND)
        return status;
    status = vci_wait_find(k->call, k->request.transaction_id, &k->waiting);
    if (status == YAO_E_NOT_FOUND ||
        (status == YAO_OK && memcmp(k->waiting.grant, k->access->grant.id,
                                    STORE_ID_LEN) != 0))
        return refuse(k, YAO_VCI_INVALID_TRANSACTION);
    YAO_TRY(status);
    return decide(k, reply);
}

yao_status vci_give_deferred(app_call *call, app_reply *reply)
{
    vci_access access;
    asking    *k = yao_arena_take(call->arena, sizeof *k);

    if (k == NULL)
        return YAO_E_SPACE;
    if (!vci_access_check(call, &access, reply))
        return YAO_OK;
    k->call           = call;
    k->access         = &access;
    yao_status status = serve(k, reply);
    vci_access_close(&access);
    return vci_end(call, status, k->error, reply);
}
