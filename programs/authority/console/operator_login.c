/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in and registering. A challenge is one that was given here, for this
 * use, and is taken before anything else of the response is believed. To the
 * other side all that is wrong is the same.
 */
#include "authority/console/operator_inside.h"

#include <string.h>

#include "authority/once.h"

static passkey_ceremony passkeys_of(authority *a, yao_time now,
                                    yao_arena *arena)
{
    return (passkey_ceremony){.store  = a->store,
                              .crypto = a->crypto,
                              .url    = yao_text_of(
                                  config_get(&a->config, SETTING_CONSOLE_URL)),
                              .once   = ONCE_OPERATOR_CHALLENGE,
                              .now    = now,
                              .arena  = arena};
}

yao_status console_place_of(authority *a, passkey_place *ret)
{
    const passkey_ceremony c = passkeys_of(a, 0, NULL);

    return passkey_place_of(&c, ret);
}

yao_status console_new_challenge(authority *a, const char *use, yao_time now,
                                 yao_arena *arena, yao_bytes *ret)
{
    const passkey_ceremony c = passkeys_of(a, now, arena);

    return passkey_new_challenge(&c, use, ret);
}

static yao_status note(store_change *change, yao_arena *arena,
                       const char *kind, yao_bytes operator)
{
    yao_text detail;

    YAO_TRY(authority_name_id(arena, "operator", operator, & detail));
    return authority_put_event(change, arena, kind, (yao_bytes){NULL, 0},
                               detail);
}

/* ---- logging in --------------------------------------------------------- */

static yao_status put_login(authority *a, const store_passkey *kept,
                            const yao_webauthn_credential *shown, yao_time now,
                            yao_arena *arena, yao_text *token)
{
    store_change  change = store_change_open(arena);
    store_passkey after  = *kept;

    after.counter = shown->counter;
    after.moved   = shown->moved;
    after.used    = now;
    store_use_passkey(&change, &after, kept->counter);
    YAO_TRY(console_put_session(a, &change, kept->operator, now, arena, token));
    YAO_TRY(note(&change, arena, "operator.login", kept->operator));
    return store_commit(a->store, &change);
}

static yao_status log_in(authority *a, const yao_json *response, yao_time now,
                         yao_arena *arena, yao_text *token,
                         console_operator *who)
{
    const passkey_ceremony c      = passkeys_of(a, now, arena);
    store_change            change = store_change_open(arena);
    yao_webauthn_response   r;
    yao_webauthn_credential known, shown;
    store_passkey           kept;
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "login", &r, &change, &challenge));
    YAO_TRY(store_commit(a->store, &change));
    YAO_TRY(store_get_passkey(a->store, r.id, arena, &kept));
    const passkey_row row = {kept.id, kept.point, kept.counter,
                              kept.may_move};
    YAO_TRY(passkey_known(&row, &known));
    YAO_TRY(passkey_check_shown(&c, &r, challenge, &known, &shown));
    YAO_TRY(put_login(a, &kept, &shown, now, arena, token));
    /* an operator who was ended has a session, and nobody lets it in */
    return console_find_session(a, *token, now, arena, who);
}

yao_status console_log_in(authority *a, const yao_json *response, yao_time now,
                          yao_arena *arena, yao_text *token,
                          console_operator *who)
{
    return passkey_to_others(log_in(a, response, now, arena, token, who));
}

/* ---- registering -------------------------------------------------------- */

static void put_passkey(store_change *change, yao_bytes operator,
                        const yao_webauthn_credential *c, yao_time now)
{
    store_put_passkey(change, &(store_passkey){.id       = c->id,
                                               .operator = operator,
                                               .point    = {c->key.point, 65},
                                               .counter  = c->counter,
                                               .may_move = c->may_move,
                                               .moved    = c->moved,
                                               .model    = {c->model, 16},
                                               .added    = now});
}

/* Code, challenge and passkey in one change: of two who come with one code,
 * one registers. */
static yao_status put_registration(authority *a, const console_code *code,
                                   store_change                  *change,
                                   const yao_webauthn_credential *c,
                                   yao_time now)
{
    uint8_t   hash[STORE_HASH_LEN];
    yao_bytes operator = {code->bytes, STORE_ID_LEN};

    YAO_TRY(console_hash_code(a, code, hash));
    store_take_once(change, ONCE_OPERATOR_CODE, (yao_bytes){hash, sizeof hash},
                    now, NULL);
    put_passkey(change, operator, c, now);
    YAO_TRY(note(change, change->arena, "operator.register", operator));
    return store_commit(a->store, change);
}

static yao_status register_passkey(authority *a, yao_text code,
                                   const yao_json *response, yao_time now,
                                   yao_arena *arena)
{
    const passkey_ceremony c      = passkeys_of(a, now, arena);
    store_change            change = store_change_open(arena);
    console_code            typed;
    yao_webauthn_response   r;
    yao_webauthn_credential made;
    yao_bytes               challenge;

    YAO_TRY(console_read_code(a, code, &typed));
    YAO_TRY(yao_webauthn_read_response(response, arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "register", &r, &change, &challenge));
    YAO_TRY(passkey_check_new(&c, &r, challenge, &made));
    return put_registration(a, &typed, &change, &made, now);
}

yao_status console_register(authority *a, yao_text code,
                            const yao_json *response, yao_time now,
                            yao_arena *arena)
{
    return passkey_to_others(
        register_passkey(a, code, response, now, arena));
}

/* ---- one more ----------------------------------------------------------- */

static yao_status add_passkey(authority *a, yao_bytes operator,
                              const yao_json *response, yao_time now,
                              yao_arena *arena)
{
    const passkey_ceremony  c      = passkeys_of(a, now, arena);
    store_change            change = store_change_open(arena);
    yao_webauthn_response   r;
    yao_webauthn_credential made;
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "passkey", &r, &change, &challenge));
    YAO_TRY(passkey_check_new(&c, &r, challenge, &made));
    put_passkey(&change, operator, &made, now);
    YAO_TRY(note(&change, arena, "operator.passkey", operator));
    return store_commit(a->store, &change);
}

yao_status console_add_passkey(authority *a, yao_bytes operator,
                               const yao_json *response, yao_time now,
                               yao_arena *arena)
{
    return passkey_to_others(add_passkey(a, operator, response, now, arena));
}
