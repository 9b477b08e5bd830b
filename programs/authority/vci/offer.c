/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pre-authorised code becomes a token, once.
 *
 * Invariants
 *   1. Of all who bring one code, one gets a token: taking it is a claim.
 *   2. A wrong transaction code never uses up the code of the offer, and each
 *      try, right or wrong, claims one of five places before it is answered:
 *      who tries 64 at once gets five answers.
 *   3. Wrong ones of everybody are counted too: who tries one number at a
 *      thousand offers has to wait (misuse N160).
 */

#include "authority/enrol/level.h"
#include "authority/vci/parts.h"
#include "authority/wrong.h"
#include "yaopai/openssl.h"

#include <string.h>

enum { TRIES = 5 };

typedef struct redeeming {
    app_call          *call;
    authority         *a;
    const vci_asker   *asker;
    yao_text           code, tx_code;
    bool               asked; /* with authorization_details: then the answer
                                 has them, and identifiers are used. Wallets
                                 that did not ask may not know these */
    yao_oauth_refusal *refusal;
    vci_kept_offer     offer;
    uint8_t            hash[STORE_HASH_LEN]; /* what the code is known by */
} redeeming;

static yao_status refuse(const redeeming *r, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_oauth_refuse(r->refusal, error, why, status);
}

static yao_status refuse_grant(const redeeming *r, const char *why)
{
    return refuse(r, YAO_OAUTH_INVALID_GRANT, why, YAO_E_NOT_FOUND);
}

static yao_status find(redeeming *r)
{
    yao_bytes  json;
    yao_status status =
        vci_box_get(r->call, ONCE_OFFER, r->code, r->hash, &json);

    if (status == YAO_E_NOT_FOUND)
        return refuse_grant(r, "the code is not known, over, or was used");
    YAO_TRY(status);
    return vci_kept_offer_read(json, r->call->arena, &r->offer);
}

/* ---- transaction codes ---- */

static yao_status check_form(const redeeming *r)
{
    if (!r->offer.tx_wanted)
        return r->tx_code.len == 0
                   ? YAO_OK
                   : refuse(r, YAO_OAUTH_INVALID_REQUEST,
                            "tx_code is not expected", YAO_E_VALUE);
    if (r->tx_code.len == 0)
        return refuse(r, YAO_OAUTH_INVALID_REQUEST, "tx_code is missing",
                      YAO_E_MISSING);
    if (!vci_tx_fits(&r->offer, r->tx_code))
        return refuse(r, YAO_OAUTH_INVALID_REQUEST,
                      "tx_code has another length or letters", YAO_E_VALUE);
    return YAO_OK;
}

static yao_status is_right(const redeeming *r, bool *ret)
{
    uint8_t hash[STORE_HASH_LEN];

    YAO_TRY(
        vci_tx_hash(r->a, r->code, r->tx_code, r->call->arena, hash));
    *ret = yao_bytes_equal_secret(
        (yao_bytes){hash, sizeof hash},
        (yao_bytes){r->offer.tx_hash, STORE_HASH_LEN});
    return YAO_OK;
}

/* The place of the N-th try at this code. */
static yao_status put_try(const redeeming *r, store_change *change, int n)
{
    uint8_t  *hash  = yao_arena_take(change->arena, STORE_HASH_LEN);
    uint8_t   count = (uint8_t)n;
    yao_bytes parts[] = {{r->hash, STORE_HASH_LEN}, {&count, 1}};

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(r->a->crypto->hash(r->a->crypto->ctx, YAO_SHA256, parts, 2, hash));
    const store_once once = {.kind    = ONCE_TRY,
                             .hash    = {hash, STORE_HASH_LEN},
                             .expires = r->offer.expires,
                             .payload = {(const uint8_t *)"", 0}};
    store_put_once(change, &once);
    return YAO_OK;
}

static wrong_codes everybody(const redeeming *r)
{
    return (wrong_codes){.a       = r->a,
                         .arena   = r->call->arena,
                         .now     = r->call->now,
                         .kind    = WRONG_TX,
                         .setting = SETTING_TX_WRONG};
}

static yao_status check_rate(const redeeming *r)
{
    const wrong_codes w      = everybody(r);
    yao_status        status = wrong_check(&w);

    return status != YAO_E_LIMIT
               ? status
               : refuse(r, YAO_OAUTH_SLOW_DOWN,
                        "too many wrong codes: try later", status);
}

/* ---- trying ---- */

typedef struct outcome {
    vci_kept_token token;
    vci_tokens     tokens;
} outcome;

/* An offer that ends an enrolment binds the device that takes it: by the key
 * that was attested, else by the one that it proves. */
static yao_status bind_device(const redeeming *r, store_change *change)
{
    const enrol e    = {.a     = r->a,
                        .arena = r->call->arena,
                        .now   = r->call->now};
    yao_bytes   note = r->offer.grant.note;
    uint8_t    *hash = yao_arena_take(r->call->arena, STORE_HASH_LEN);

    if (note.len != STORE_ID_LEN)
        return YAO_OK;
    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_hash(r->a->crypto, &r->a->keys, SEAL_LEDGER_KEY,
                      (yao_bytes){r->asker->attested ? r->asker->instance
                                                     : r->asker->jkt,
                                  STORE_HASH_LEN},
                      hash));
    yao_status status =
        enrol_bind(&e, change, note, (yao_bytes){hash, STORE_HASH_LEN});
    if (status == YAO_E_NOT_FOUND || status == YAO_E_EXISTS)
        return refuse_grant(r, "the enrolment has ended");
    if (status == YAO_E_LIMIT)
        return refuse_grant(r, "too many people enrolled this device");
    return status;
}

static yao_status put_grant(const redeeming *r, store_change *change,
                            outcome *out)
{
    vci_kept_token *token = &out->token;

    memset(token, 0, sizeof *token);
    token->grant                = r->offer.grant;
    token->grant.client_id      = r->asker->client_id;
    token->grant.instance_known = r->asker->attested;
    token->grant.by_identifier  = r->asked;
    token->grant.pre_authorized = true;
    memcpy(token->grant.instance, r->asker->instance, STORE_HASH_LEN);
    memcpy(token->jkt, r->asker->jkt, STORE_HASH_LEN);
    YAO_TRY(yao_openssl_random(token->grant.id, STORE_ID_LEN));
    YAO_TRY(vci_grant_name(&token->grant, r->call->arena));
    store_take_once(change, ONCE_OFFER, (yao_bytes){r->hash, STORE_HASH_LEN},
                    r->call->now, NULL);
    YAO_TRY(bind_device(r, change));
    return vci_tokens_put(r->call, change, token, true, &out->tokens);
}

/* One try with the N-th place (0: no transaction code is asked for). */
static yao_status try_once(const redeeming *r, int n, bool right, outcome *out)
{
    store_change change = store_change_open(r->call->arena);

    if (n != 0)
        YAO_TRY(put_try(r, &change, n));
    if (right)
        YAO_TRY(put_grant(r, &change, out));
    else if (n == TRIES)
        YAO_TRY(authority_put_event(&change, r->call->arena,
                                    "oauth.tx_code_locked",
                                    vci_grant_holder(&r->offer.grant),
                                    YAO_TEXT("{}")));

    yao_status status = vci_asker_commit(r->call, r->asker, &change,
                                         r->refusal);
    if (status == YAO_E_EXISTS && change.lost_about == ONCE_TRY)
        return YAO_E_DUPLICATE; /* for the loop: another place */
    if (status == YAO_E_NOT_FOUND && change.lost_about == ONCE_OFFER)
        return refuse_grant(r, "the code was used");
    if (status == YAO_E_NOT_FOUND || status == YAO_E_NOT_AUTHORISED)
        return refuse_grant(r, "the enrolment has ended");
    return status;
}

static yao_status try_places(const redeeming *r, outcome *out, bool *right)
{
    YAO_TRY(is_right(r, right));
    for (int n = 1; n <= TRIES; n++) {
        size_t     mark   = r->call->arena->used;
        yao_status status = try_once(r, n, *right, out);
        if (status != YAO_E_DUPLICATE)
            return status;
        r->call->arena->used = mark;
    }
    *right = false;
    return refuse_grant(r, "too many wrong transaction codes");
}

yao_status vci_redeem_offer(app_call *call, const vci_asker *asker,
                            const yao_token_request *request, app_reply *reply,
                            yao_oauth_refusal *refusal)
{
    redeeming r = {.call    = call,
                   .a       = server_authority(call),
                   .asker   = asker,
                   .code    = request->code,
                   .tx_code = request->tx_code,
                   .asked   = request->details.count != 0,
                   .refusal = refusal};
    outcome  *out = yao_arena_take(call->arena, sizeof *out);
    bool      right = true;

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(find(&r));
    YAO_TRY(check_form(&r));
    if (r.offer.tx_wanted) {
        YAO_TRY(check_rate(&r));
        YAO_TRY(try_places(&r, out, &right));
    } else {
        YAO_TRY(try_once(&r, 0, true, out));
    }
    if (!right) {
        const wrong_codes w = everybody(&r);
        YAO_TRY(wrong_note(&w));
        return refuse_grant(&r, "the transaction code is wrong");
    }
    return vci_tokens_reply(call, &out->token, &out->tokens, reply);
}
