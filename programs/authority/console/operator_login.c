/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in and registering. A challenge is one that was given here, for this
 * use, and is taken before anything else of the response is believed. To the
 * other side all that is wrong is the same.
 */
#include "authority/console/operator_inside.h"

#include <string.h>

#include "app/router.h"
#include "authority/once.h"

enum { CHALLENGE_SECONDS = 120 };

/* ---- where -------------------------------------------------------------- */

yao_status console_place_of(const authority *a, console_place *ret)
{
    yao_text origin =
        app_url_origin(yao_text_of(config_get(&a->config, SETTING_CONSOLE_URL)));
    size_t   at    = yao_bytes_find(yao_text_bytes(origin), '/');

    if (at + 2 >= origin.len || origin.ptr[at + 1] != '/')
        return YAO_E_VALUE;
    yao_bytes host = {origin.ptr + at + 2, origin.len - at - 2};
    *ret           = (console_place){origin,
                                     {host.ptr, yao_bytes_find(host, ':')}};
    return ret->rp_id.len != 0 ? YAO_OK : YAO_E_VALUE;
}

/* ---- challenges --------------------------------------------------------- */

yao_status console_new_challenge(authority *a, const char *use, yao_time now,
                                 yao_arena *arena, yao_bytes *ret)
{
    uint8_t      hash[STORE_HASH_LEN];
    uint8_t     *challenge = yao_arena_take(arena, CONSOLE_SECRET);
    store_change change    = store_change_open(arena);

    if (challenge == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(challenge, CONSOLE_SECRET));
    yao_bytes bytes = {challenge, CONSOLE_SECRET};
    YAO_TRY(console_hash(a, use, bytes, hash));
    store_put_once(&change,
                   &(store_once){.kind    = ONCE_OPERATOR_CHALLENGE,
                                 .hash    = {hash, sizeof hash},
                                 .expires = now + CHALLENGE_SECONDS,
                                 .payload = YAO_LIT("1")});
    YAO_TRY(store_commit(a->store, &change));
    *ret = bytes;
    return YAO_OK;
}

/* The challenge that the client data name, whatever it is; the core compares
 * it with what is expected, which is what the store knew. */
static yao_status named_challenge(const yao_webauthn_response *r,
                                  yao_arena *arena, yao_bytes *ret)
{
    const yao_json *client;
    yao_text        letters;
    uint8_t        *bytes = yao_arena_take(arena, CONSOLE_SECRET);

    if (bytes == NULL)
        return YAO_E_SPACE;
    if (r->client_data.len > YAO_WEBAUTHN_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_json_parse(arena, r->client_data, &client));
    YAO_TRY(yao_json_string(yao_json_get(client, "challenge"), arena,
                            &letters));
    YAO_TRY(console_read_letters(letters, bytes, CONSOLE_SECRET));
    *ret = (yao_bytes){bytes, CONSOLE_SECRET};
    return YAO_OK;
}

/* Note in CHANGE that the challenge is taken. */
static yao_status take_challenge(authority *a, const char *use,
                                 yao_bytes challenge, yao_time now,
                                 store_change *change)
{
    uint8_t *hash = yao_arena_take(change->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(console_hash(a, use, challenge, hash));
    store_take_once(change, ONCE_OPERATOR_CHALLENGE,
                    (yao_bytes){hash, STORE_HASH_LEN}, now, NULL);
    return YAO_OK;
}

/* What the other side did wrong is one word to it; what is wrong here is not. */
static yao_status to_others(yao_status status)
{
    if (status == YAO_OK || status == YAO_E_SPACE || status == YAO_E_STORE ||
        status == YAO_E_LOCKED || status == YAO_E_CRYPTO)
        return status;
    return YAO_E_REFUSED;
}

static yao_status note(store_change *change, yao_arena *arena,
                       const char *kind, yao_bytes operator)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  detail;

    yao_put_text(&w, "{\"operator\":\"");
    yao_put_hex(&w, operator);
    yao_put_text(&w, "\"}");
    YAO_TRY(yao_writer_keep(&w, arena, &detail));
    return authority_put_event(change, arena, kind, (yao_bytes){NULL, 0},
                               (yao_text){detail.ptr, detail.len});
}

/* ---- logging in --------------------------------------------------------- */

static yao_status known_of(const store_passkey     *kept,
                           yao_webauthn_credential *ret)
{
    if (kept->point.len != 65 || kept->counter < 0 ||
        kept->counter > UINT32_MAX)
        return YAO_E_STORE;
    *ret = (yao_webauthn_credential){.id       = kept->id,
                                     .key      = {.curve = YAO_P256, .len = 65},
                                     .counter  = (uint32_t)kept->counter,
                                     .may_move = kept->may_move};
    memcpy(ret->key.point, kept->point.ptr, 65);
    return YAO_OK;
}

static yao_status check_shown(authority *a, const yao_webauthn_response *r,
                              yao_bytes challenge, yao_arena *arena,
                              store_passkey *kept, yao_webauthn_credential *ret)
{
    console_place           place;
    yao_webauthn_credential known;
    yao_webauthn_pending    p;

    YAO_TRY(console_place_of(a, &place));
    YAO_TRY(store_get_passkey(a->store, r->id, arena, kept));
    YAO_TRY(known_of(kept, &known));
    const yao_webauthn_expected e = {place.rp_id, place.origin, challenge};
    YAO_TRY(yao_webauthn_check_assertion(a->crypto, &e, &known, r, arena, &p));
    YAO_TRY(a->crypto->verify(a->crypto->ctx, p.checks, p.count));
    return yao_webauthn_finish(&p, ret);
}

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
    yao_webauthn_response   r;
    yao_webauthn_credential shown;
    store_passkey           kept;
    store_change            change = store_change_open(arena);
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, arena, &r));
    YAO_TRY(named_challenge(&r, arena, &challenge));
    YAO_TRY(take_challenge(a, "login", challenge, now, &change));
    YAO_TRY(store_commit(a->store, &change));
    YAO_TRY(check_shown(a, &r, challenge, arena, &kept, &shown));
    YAO_TRY(put_login(a, &kept, &shown, now, arena, token));
    /* an operator who was ended has a session, and nobody lets it in */
    return console_find_session(a, *token, now, arena, who);
}

yao_status console_log_in(authority *a, const yao_json *response, yao_time now,
                          yao_arena *arena, yao_text *token,
                          console_operator *who)
{
    return to_others(log_in(a, response, now, arena, token, who));
}

/* ---- registering -------------------------------------------------------- */

static yao_status check_new(authority *a, const yao_webauthn_response *r,
                            yao_bytes challenge, yao_arena *arena,
                            yao_webauthn_credential *ret)
{
    console_place        place;
    yao_webauthn_pending p;

    YAO_TRY(console_place_of(a, &place));
    const yao_webauthn_expected e = {place.rp_id, place.origin, challenge};
    YAO_TRY(yao_webauthn_check_creation(a->crypto, &e, r, arena, &p));
    YAO_TRY(a->crypto->verify(a->crypto->ctx, p.checks, p.count));
    YAO_TRY(yao_webauthn_finish(&p, ret));
    return ret->key.len == 65 ? YAO_OK : YAO_E_KEY;
}

/* Code, challenge and passkey in one change: of two who come with one code,
 * one registers. */
static yao_status put_registration(authority *a, const uint8_t *code,
                                   yao_bytes challenge,
                                   const yao_webauthn_credential *c,
                                   yao_time now, yao_arena *arena)
{
    uint8_t      hash[STORE_HASH_LEN];
    store_change change   = store_change_open(arena);
    yao_bytes    operator = {code, STORE_ID_LEN};

    YAO_TRY(console_hash(a, "code", (yao_bytes){code, CONSOLE_CODE}, hash));
    store_take_once(&change, ONCE_OPERATOR_CODE,
                    (yao_bytes){hash, sizeof hash}, now, NULL);
    YAO_TRY(take_challenge(a, "register", challenge, now, &change));
    store_put_passkey(&change, &(store_passkey){.id       = c->id,
                                                .operator = operator,
                                                .point    = {c->key.point, 65},
                                                .counter  = c->counter,
                                                .may_move = c->may_move,
                                                .moved    = c->moved,
                                                .model    = {c->model, 16},
                                                .added    = now});
    YAO_TRY(note(&change, arena, "operator.register", operator));
    return store_commit(a->store, &change);
}

static yao_status register_passkey(authority *a, yao_text code,
                                   const yao_json *response, yao_time now,
                                   yao_arena *arena)
{
    uint8_t                 bytes[CONSOLE_CODE];
    yao_webauthn_response   r;
    yao_webauthn_credential c;
    yao_bytes               challenge;

    YAO_TRY(console_read_letters(code, bytes, sizeof bytes));
    YAO_TRY(yao_webauthn_read_response(response, arena, &r));
    YAO_TRY(named_challenge(&r, arena, &challenge));
    YAO_TRY(check_new(a, &r, challenge, arena, &c));
    return put_registration(a, bytes, challenge, &c, now, arena);
}

yao_status console_register(authority *a, yao_text code,
                            const yao_json *response, yao_time now,
                            yao_arena *arena)
{
    return to_others(register_passkey(a, code, response, now, arena));
}
