/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Officers' passkeys. A challenge is one that was given here, for this use, and
 * is taken before anything else of the response is believed. To the other side
 * all that is wrong is the same.
 */
#include "desk/officer.h"

#include <string.h>

/* ---- words ---- */

yao_status desk_officer_hash(const yao_crypto *crypto, const char *what,
                             yao_bytes secret, uint8_t out[YAO_SHA256_LEN])
{
    const yao_bytes parts[] = {YAO_LIT("yaopai-officer-1"),
                               yao_text_bytes(yao_text_of(what)), secret};

    return crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, out);
}

yao_status desk_officer_letters(yao_text letters, uint8_t *out, size_t len)
{
    yao_writer w = yao_writer_open(out, len);

    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return w.status == YAO_OK && w.len == len ? YAO_OK : YAO_E_BASE64;
}

/* ---- ceremonies ---- */

static passkey_ceremony ceremony_of(const app_call *call)
{
    return (passkey_ceremony){.store  = desk_of(call)->store,
                              .crypto = call->crypto,
                              .url    = desk_url(call),
                              .once   = DESK_ONCE_OFFICER_CHALLENGE,
                              .now    = call->now,
                              .arena  = call->arena};
}

yao_status desk_officer_challenge(app_call *call, const char *use,
                                  yao_bytes *ret, passkey_place *place)
{
    const passkey_ceremony c = ceremony_of(call);

    YAO_TRY(passkey_place_of(&c, place));
    return passkey_new_challenge(&c, use, ret);
}

/* ---- registering ---- */

/* Code, challenge and passkey in one change: of two who come with one code, one
 * registers. */
static yao_status put_key(app_call *call, store_change *change,
                          const uint8_t                 *code,
                          const yao_webauthn_credential *c)
{
    uint8_t  *hash = yao_arena_take(call->arena, YAO_SHA256_LEN);
    yao_bytes id;

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(desk_officer_hash(call->crypto, "code",
                              (yao_bytes){code, DESK_OFFICER_CODE}, hash));
    store_take_once(change, DESK_ONCE_OFFICER_CODE,
                    (yao_bytes){hash, YAO_SHA256_LEN}, call->now, NULL);
    YAO_TRY(yao_arena_keep(call->arena, (yao_bytes){code, STORE_ID_LEN}, &id));
    store_put_officer_key(change,
                          &(store_officer_key){.id       = c->id,
                                               .officer  = id,
                                               .point    = {c->key.point, 65},
                                               .counter  = c->counter,
                                               .may_move = c->may_move,
                                               .moved    = c->moved,
                                               .added    = call->now});
    return store_commit(desk_of(call)->store, change);
}

static yao_status register_by(app_call *call, const uint8_t *code,
                              const yao_json *response)
{
    const passkey_ceremony  c      = ceremony_of(call);
    store_change            change = store_change_open(call->arena);
    yao_webauthn_response   r;
    yao_webauthn_credential made;
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, call->arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "register", &r, &change, &challenge));
    YAO_TRY(passkey_check_new(&c, &r, challenge, &made));
    return put_key(call, &change, code, &made);
}

yao_status desk_officer_register(app_call *call, yao_text code,
                                 const yao_json *response)
{
    uint8_t    bytes[DESK_OFFICER_CODE];
    yao_status status = desk_officer_letters(code, bytes, sizeof bytes);

    if (status == YAO_OK)
        status = register_by(call, bytes, response);
    yao_wipe(bytes, sizeof bytes);
    return passkey_to_others(status);
}

/* ---- showing ---- */

static yao_status note_shown(app_call *call, const store_officer_key *kept,
                             const yao_webauthn_credential *shown)
{
    store_change      change = store_change_open(call->arena);
    store_officer_key after  = *kept;

    after.counter = shown->counter;
    after.moved   = shown->moved;
    after.used    = call->now;
    store_use_officer_key(&change, &after, kept->counter);
    return store_commit(desk_of(call)->store, &change);
}

static yao_status show(app_call *call, const yao_json *response,
                       store_officer *ret)
{
    const passkey_ceremony  c      = ceremony_of(call);
    store                  *s      = desk_of(call)->store;
    store_change            change = store_change_open(call->arena);
    yao_webauthn_response   r;
    yao_webauthn_credential known, shown;
    store_officer_key       kept;
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, call->arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "login", &r, &change, &challenge));
    YAO_TRY(store_commit(s, &change));
    YAO_TRY(store_get_officer_key(s, r.id, call->arena, &kept));
    const passkey_row row = {kept.id, kept.point, kept.counter, kept.may_move};
    YAO_TRY(passkey_known(&row, &known));
    YAO_TRY(passkey_check_shown(&c, &r, challenge, &known, &shown));
    YAO_TRY(note_shown(call, &kept, &shown));
    YAO_TRY(store_get_officer(s, kept.officer, call->arena, ret));
    return ret->state == STORE_OFFICER_ACTIVE ? YAO_OK : YAO_E_REVOKED;
}

yao_status desk_officer_show(app_call *call, const yao_json *response,
                             store_officer *ret)
{
    return passkey_to_others(show(call, response, ret));
}
