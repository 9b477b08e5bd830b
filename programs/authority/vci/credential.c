/* SPDX-License-Identifier: Apache-2.0 */

/*
 * POST /credential.
 *
 * Invariants
 *   1. Nothing is used up by a request that is refused: nonce, proof of the
 *      token and device keys are claimed in the change that issues.
 *   2. Who asks again with the same token for the same keys gets the same
 *      bytes, whatever the nonce says by then; the token, and the proofs'
 *      signatures, are checked before.
 *   3. Whose document it is comes from the grant alone.
 */

#include "authority/once.h"
#include "authority/vci/asker.h"
#include "authority/vci/credentials.h"
#include "authority/vci/making.h"
#include "authority/vci/message.h"
#include "authority/vci/waiting.h"

/* A request on its way. */
typedef struct fetching {
    app_call         *call;
    const vci_access *access;
    vci_message       message;
    yao_vci_request   request;
    yao_text          configuration_id;
    yao_vci_configuration configuration;
    yao_vci_proofs        proofs;
    yao_vci_keys          keys;
    yao_status            nonce; /* is it ours, and not over? */
    uint8_t               nonce_hash[STORE_HASH_LEN];
    uint8_t               answer[STORE_HASH_LEN];
    yao_vci_error         error;
} fetching;

/* ---- what is asked for -------------------------------------------------- */

static yao_status refuse(fetching *f, yao_vci_error error)
{
    f->error = error;
    return YAO_E_REFUSED;
}

static bool named(const yao_detail *detail, yao_text identifier)
{
    for (size_t i = 0; i < detail->identifier_count; i++)
        if (yao_text_equal(detail->identifiers[i], identifier))
            return true;
    return false;
}

static const yao_detail *by_identifier(const vci_grant *grant, yao_text id)
{
    for (size_t i = 0; i < grant->details.count; i++)
        if (named(&grant->details.items[i], id))
            return &grant->details.items[i];
    return NULL;
}

static const yao_detail *by_configuration(const vci_grant *grant, yao_text id)
{
    for (size_t i = 0; i < grant->details.count; i++)
        if (yao_text_equal(grant->details.items[i].configuration, id))
            return &grant->details.items[i];
    return NULL;
}

/* Somebody may be trying names: that is told to the log (misuse N181). */
static yao_status note_stranger(const fetching *f)
{
    authority   *a      = server_authority(f->call);
    store_change change = store_change_open(f->call->arena);

    vci_access_claim(f->access, &change);
    YAO_TRY(authority_put_event(&change, f->call->arena, "credential.unknown",
                                (yao_bytes){NULL, 0}, YAO_TEXT("{}")));
    return store_commit(a->store, &change);
}

static yao_status choose_identified(fetching *f)
{
    const yao_detail *detail =
        by_identifier(&f->access->grant, f->request.identifier);

    if (detail == NULL || !f->access->grant.by_identifier) {
        yao_status status = note_stranger(f);
        if (status != YAO_OK && status != YAO_E_EXISTS)
            return status;
        return refuse(f, YAO_VCI_UNKNOWN_IDENTIFIER);
    }
    f->configuration_id = detail->configuration;
    return yao_vci_find_configuration(server_catalogue(f->call),
                                      f->configuration_id, &f->configuration);
}

static yao_status choose_configured(fetching *f)
{
    const vci_grant *grant = &f->access->grant;

    f->configuration_id = f->request.configuration;
    if (yao_vci_find_configuration(server_catalogue(f->call),
                                   f->configuration_id,
                                   &f->configuration) != YAO_OK)
        return refuse(f, YAO_VCI_UNKNOWN_CONFIGURATION);
    if (by_configuration(grant, f->configuration_id) == NULL)
        return refuse(f, YAO_VCI_INSUFFICIENT_SCOPE);
    /* OpenID4VCI 1.0 8.2: who was given identifiers uses them */
    return grant->by_identifier ? refuse(f, YAO_VCI_INVALID_REQUEST) : YAO_OK;
}

static yao_status read_request(fetching *f)
{
    YAO_TRY(vci_read_message(f->call, &f->message, &f->error));
    YAO_TRY(yao_vci_read_request(f->call->arena, f->message.json,
                                 f->message.encrypted, &f->request,
                                 &f->error));
    if (vci_check_encryption(f->call, &f->request.encryption) != YAO_OK)
        return refuse(f, YAO_VCI_INVALID_ENCRYPTION);
    return f->request.identifier.len > 0 ? choose_identified(f)
                                         : choose_configured(f);
}

/* ---- proofs ------------------------------------------------------------- */

static yao_status begin_proofs(fetching *f)
{
    app_call          *call = f->call;
    authority         *a    = server_authority(call);
    const vci_clients *clients;

    YAO_TRY(vci_clients_of(a, &clients));
    const yao_vci_proof_rules rules = {
        .issuer       = server_url(call),
        .client_id    = f->access->grant.client_id,
        .now          = call->now,
        .anchors      = clients->key_anchors,
        .anchor_count = clients->key_anchor_count,
        .attested     = config_yes(&a->config, SETTING_KEY_ATTESTATION)};
    YAO_TRY(yao_vci_begin_proofs(call->arena, &f->request, &rules, &f->proofs,
                                 &f->error));
    return f->proofs.count > (size_t)config_number(&a->config, SETTING_BATCH)
               ? refuse(f, YAO_VCI_INVALID_REQUEST)
               : YAO_OK;
}

static yao_status check_nonce(fetching *f)
{
    const yao_crypto *crypto = f->call->crypto;
    const yao_bytes   text   = yao_text_bytes(f->proofs.nonce);

    f->nonce = vci_nonce_check(f->call, VCI_NONCE_PROOF, f->proofs.nonce);
    if (f->nonce == YAO_E_CRYPTO || f->nonce == YAO_E_UNSUPPORTED)
        return f->nonce;
    return crypto->hash(crypto->ctx, YAO_SHA256, &text, 1, f->nonce_hash);
}

static yao_status check_proofs(fetching *f)
{
    const yao_crypto *crypto = f->call->crypto;

    YAO_TRY(begin_proofs(f));
    YAO_TRY(check_nonce(f));
    YAO_TRY(crypto->verify(crypto->ctx, f->proofs.checks,
                           f->proofs.check_count));
    YAO_TRY(yao_vci_conclude_proofs(&f->proofs, f->proofs.checks, &f->keys,
                                    &f->error));
    return vci_answer_id(f->call, f->access, f->configuration_id,
                         f->keys.items, f->keys.count, f->answer);
}

/* ---- what comes of it --------------------------------------------------- */

static yao_status add_claims(void *ctx, store_change *change)
{
    const fetching  *f    = ctx;
    const store_once once = {.kind    = ONCE_NONCE,
                             .hash    = {f->nonce_hash, STORE_HASH_LEN},
                             .expires = f->call->now + VCI_NONCE_SECONDS};

    vci_access_claim(f->access, change);
    store_put_once(change, &once);
    return YAO_OK;
}

static yao_status answer(fetching *f, int status, yao_bytes json,
                         app_reply *reply)
{
    return vci_answer(f->call, status, json, &f->request.encryption, reply);
}

/* Whose claim was lost says what the other side did. */
static yao_status lost(fetching *f, const store_change *change,
                       yao_status status)
{
    if (status == YAO_E_NOT_ENTITLED || status == YAO_E_VALUE ||
        status == YAO_E_REVOKED || status == YAO_E_NOT_AUTHORISED)
        return refuse(f, YAO_VCI_DENIED);
    if (status == YAO_E_NOT_FOUND)
        return YAO_E_LOCKED; /* two of one device came first; again, later */
    if (status != YAO_E_EXISTS)
        return status;
    if (change->lost_about == STORE_ABOUT_KEY)
        return refuse(f, YAO_VCI_INVALID_PROOF);
    if (change->lost_about == ONCE_NONCE || change->lost_about == ONCE_ANSWER)
        return refuse(f, YAO_VCI_INVALID_NONCE);
    return change->lost_about == ONCE_WAITING ? YAO_E_LOCKED : status;
}

static yao_status claim_access(void *ctx, store_change *change)
{
    const fetching *f = ctx;

    vci_access_claim(f->access, change);
    return YAO_OK;
}

/* The same again: only the proof of the token is used up. What was signed then
 * for a record, or by a signer, that is another by now is not given. */
static yao_status repeat(fetching *f, const vci_recipe *recipe,
                         app_reply *reply)
{
    const vci_repeat asked = {f->access, recipe, claim_access, f};
    store_change     change;
    yao_bytes        json;

    yao_status status = vci_make_again(f->call, &asked, &change, &json);
    if (vci_access_lost(f->call, &change, status, reply))
        return YAO_OK;
    if (status == YAO_E_MISMATCH)
        return refuse(f, YAO_VCI_INVALID_NONCE);
    if (status != YAO_OK)
        return lost(f, &change, status);
    return answer(f, 200, json, reply);
}

static yao_status issue(fetching *f, app_reply *reply)
{
    const vci_grant *grant = &f->access->grant;
    const vci_order  order = {.access = f->access,
                              .person = {grant->person, STORE_HASH_LEN},
                              .level  = grant->level,
                              .note   = grant->note,
                              .configuration    = f->configuration,
                              .configuration_id = f->configuration_id,
                              .keys             = f->keys.items,
                              .count            = f->keys.count,
                              .answer           = f->answer,
                              .add              = add_claims,
                              .ctx              = f};
    store_change     change;
    yao_bytes        json;

    yao_status status = vci_make(f->call, &order, &change, &json);
    if (vci_access_lost(f->call, &change, status, reply))
        return YAO_OK;
    if (status != YAO_OK)
        return lost(f, &change, status);
    return answer(f, 200, json, reply);
}

static yao_status defer(fetching *f, app_reply *reply)
{
    const vci_wait wait = {.access        = f->access,
                           .configuration = f->configuration_id,
                           .keys          = f->keys.items,
                           .count         = f->keys.count,
                           .add           = add_claims,
                           .ctx           = f};
    store_change   change;
    yao_bytes      json;

    yao_status status = vci_wait_begin(f->call, &wait, &change, &json);
    if (vci_access_lost(f->call, &change, status, reply))
        return YAO_OK;
    if (status != YAO_OK)
        return lost(f, &change, status);
    return answer(f, 202, json, reply);
}

static yao_status serve(fetching *f, app_reply *reply)
{
    vci_recipe *recipe = yao_arena_take(f->call->arena, sizeof *recipe);

    if (recipe == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_request(f));
    YAO_TRY(check_proofs(f));
    yao_status status = vci_find_answer(f->call, f->access, f->answer, recipe);
    if (status == YAO_OK)
        return repeat(f, recipe, reply);
    if (status != YAO_E_NOT_FOUND)
        return status;
    if (f->nonce != YAO_OK)
        return refuse(f, YAO_VCI_INVALID_NONCE);
    return vci_note_read(f->access->grant.note).officer ? defer(f, reply)
                                                        : issue(f, reply);
}

yao_status vci_give_credential(app_call *call, app_reply *reply)
{
    vci_access access;
    fetching  *f = yao_arena_take(call->arena, sizeof *f);

    if (f == NULL)
        return YAO_E_SPACE;
    if (!vci_access_check(call, &access, reply))
        return YAO_OK;
    f->call           = call;
    f->access         = &access;
    yao_status status = serve(f, reply);
    vci_access_close(&access);
    return vci_end(call, status, f->error, reply);
}
