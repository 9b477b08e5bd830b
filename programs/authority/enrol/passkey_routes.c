/* SPDX-License-Identifier: Apache-2.0 */
/* A person's passkeys over HTTP: bound with a session that number and code
 * opened, shown to open one. */

#include "authority/enrol/passkey.h"
#include "authority/enrol/routes.h"

#include <string.h>

static const enrol_person *person_of(const app_call *call)
{
    return &((const enrol_visitor *)call->who)->person;
}

static yao_status new_challenge(app_call *call, const char *use,
                                passkey_place *place, yao_bytes *challenge)
{
    const enrol            e = enrol_of(call);
    const passkey_ceremony c = enrol_passkeys_of(&e, server_url(call));

    YAO_TRY(passkey_place_of(&c, place));
    return passkey_new_challenge(&c, use, challenge);
}

/* Whatever is wrong with it is one answer. */
static yao_status refuse(app_reply *ret, app_call *call, yao_status status)
{
    if (status == YAO_E_LIMIT)
        return enrol_refuse(ret, call, 409, "passkeys",
                            WORDS("You have ten passkeys. Remove one first.",
                                  "您已有十个通行密钥，请先移除一个。"),
                            0);
    if (status != YAO_E_REFUSED)
        return status;
    return enrol_refuse(
        ret, call, 403, "passkey",
        WORDS("This passkey does not fit. Try again, or use your number and "
              "access code.",
              "此通行密钥无效。请重试，或使用号码与访问口令。"),
        0);
}

/* ---- binding ---- */

static yao_status list_known(const enrol *e, const enrol_person *who,
                             store_person_passkey **ret, size_t *count)
{
    return store_list_person_passkeys(e->a->store,
                                      (yao_bytes){who->holder, STORE_HASH_LEN},
                                      e->arena, ret, count);
}

/* The authenticator keeps a name; a person's number is none for it. */
static yao_status begin_bind(app_call *call, app_reply *ret)
{
    const enrol_person *who = person_of(call);
    passkey_place       place;
    yao_bytes           challenge;
    uint8_t             handle[16];

    if (who->proof != ENROL_BY_CODE)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(new_challenge(call, "bind", &place, &challenge));
    YAO_TRY(yao_openssl_random(handle, sizeof handle));
    const yao_webauthn_creation creation = {.rp_id     = place.rp_id,
                                            .rp_name   = YAO_TEXT("Yaopai"),
                                            .challenge = challenge,
                                            .user = {handle, sizeof handle},
                                            .user_name = YAO_TEXT("Yaopai")};
    yao_writer                  w        = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_creation(&w, &creation);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status finish_bind(app_call *call, app_reply *ret)
{
    const enrol         e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    const yao_json     *body;

    YAO_TRY(app_body_json(call, &body));
    yao_status status = enrol_bind_passkey(&e, server_url(call), who,
                                           yao_json_get(body, "credential"));
    return status == YAO_OK ? app_reply_empty(ret, 204)
                            : refuse(ret, call, status);
}

/* ---- what there is ---- */

static void put_passkey(yao_writer *w, const void *item)
{
    const store_person_passkey *p     = item;
    bool                        first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", p->id);
    yao_json_put_member_int(w, &first, "added", p->added);
    yao_json_put_member_int(w, &first, "used", p->used);
    yao_json_put_member_bool(w, &first, "synced", p->moved);
    yao_put_byte(w, '}');
}

static yao_status list(app_call *call, app_reply *ret)
{
    const enrol           e     = enrol_of(call);
    store_person_passkey *all;
    size_t                count;

    YAO_TRY(list_known(&e, person_of(call), &all, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"passkeys", all, count, sizeof *all, put_passkey});
}

static yao_status drop(app_call *call, app_reply *ret)
{
    const enrol     e      = enrol_of(call);
    const yao_bytes holder = {person_of(call)->holder, STORE_HASH_LEN};
    store_change    change = store_change_open(call->arena);
    uint8_t         id[STORE_HASH_LEN];

    YAO_TRY(authority_read_id(call->parts[0], id, sizeof id));
    store_drop_person_passkey(&change, (yao_bytes){id, sizeof id}, holder);
    YAO_TRY(authority_put_event(&change, call->arena, "person.passkey.end",
                                holder, YAO_TEXT("{}")));
    YAO_TRY(store_commit(e.a->store, &change));
    return app_reply_empty(ret, 204);
}

/* ---- logging in ---- */

static yao_status begin_login(app_call *call, app_reply *ret)
{
    passkey_place place;
    yao_bytes     challenge;
    yao_writer    w;

    YAO_TRY(new_challenge(call, "login", &place, &challenge));
    w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_request(&w, place.rp_id, challenge, NULL, 0);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status tell_level(app_reply *ret, app_call *call,
                             const enrol_person *who, yao_text token)
{
    yao_writer w = yao_writer_in(call->arena);

    yao_put_text(&w, "{\"level\":");
    yao_put_decimal(&w, who->level);
    yao_put_byte(&w, '}');
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return enrol_set_cookie(call, ret, token);
}

static yao_status finish_login(app_call *call, app_reply *ret)
{
    const enrol     e = enrol_of(call);
    const yao_json *body;
    enrol_person    who;
    yao_text        token;

    YAO_TRY(app_body_json(call, &body));
    yao_status status = enrol_show_passkey(
        &e, server_url(call), yao_json_get(body, "credential"), &who);
    if (status != YAO_OK)
        return refuse(ret, call, status);
    status = enrol_start_session(&e, &who, &token);
    if (status == YAO_OK)
        status = tell_level(ret, call, &who, token);
    yao_wipe(&who, sizeof who);
    return status;
}

const app_route enrol_passkey_routes[ENROL_PASSKEY_ROUTES] = {
    {"POST", "/person/passkeys/begin", APP_SESSION, begin_bind, 0, 0},
    {"POST", "/person/passkeys", APP_SESSION | APP_JSON, finish_bind, 0, 0},
    {"GET", "/person/passkeys", APP_SESSION, list, 0, 0},
    {"DELETE", "/person/passkeys/{id}", APP_SESSION, drop, 0, 0},
    {"POST", "/person/passkey/begin", APP_PAGE, begin_login, 0, 0},
    {"POST", "/person/passkey", APP_PAGE | APP_JSON, finish_login, 0, 0},
};
