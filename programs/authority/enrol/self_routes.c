/* SPDX-License-Identifier: Apache-2.0 */
/* A person with a telephone: log-in, devices, a lost one. */
#include "authority/enrol/routes.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/level.h"

#include <string.h>

/* ---- the cookie ---- */

static bool is_https(const app_call *call)
{
    return yao_bytes_starts(yao_text_bytes(server_url(call)),
                            YAO_LIT("https://"));
}

/* A browser keeps the __Host- name only where there is TLS (RFC 6265bis 4.1.3);
 * loopback demos have none. */
static const char *cookie_name(const app_call *call)
{
    return is_https(call) ? "__Host-yaopai-person" : "yaopai-person";
}

yao_status enrol_set_cookie(const app_call *call, app_reply *ret,
                            yao_text token)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  value;

    yao_put_text(&w, cookie_name(call));
    yao_put_byte(&w, '=');
    yao_put_bytes(&w, yao_text_bytes(token));
    yao_put_text(&w, "; Path=/; HttpOnly; SameSite=Strict; Max-Age=");
    yao_put_decimal(&w, token.len != 0 ? ENROL_PERSON_SECONDS : 0);
    if (is_https(call))
        yao_put_text(&w, "; Secure");
    YAO_TRY(yao_writer_keep(&w, call->arena, &value));
    return app_reply_header(ret, "Set-Cookie",
                            (yao_text){value.ptr, value.len});
}

/* The value of our cookie in one Cookie header; one that stands there twice is
 * none. */
static yao_text find_cookie(const app_call *call, yao_text header)
{
    yao_text name  = yao_text_of(cookie_name(call));
    yao_text found = YAO_TEXT("");
    bool     seen  = false;

    for (size_t at = 0; at < header.len;) {
        size_t end = at, equals;
        while (end < header.len && header.ptr[end] != ';')
            end++;
        while (at < end && header.ptr[at] == ' ')
            at++;
        equals = at;
        while (equals < end && header.ptr[equals] != '=')
            equals++;
        if (yao_text_equal((yao_text){header.ptr + at, equals - at}, name)) {
            if (seen)
                return YAO_TEXT("");
            seen = true;
            if (equals < end)
                found = (yao_text){header.ptr + equals + 1, end - equals - 1};
        }
        at = end + 1;
    }
    return found;
}

static bool is_for_wallet(const app_call *call)
{
    return (call->route->needs & APP_WHO) == APP_WALLET;
}

static yao_text token_of(const app_call *call)
{
    size_t   count  = 0;
    yao_text header = net_header_find(call->http, "cookie", &count);

    if (is_for_wallet(call))
        return enrol_bearer(call);
    return count == 1 ? find_cookie(call, header) : YAO_TEXT("");
}

yao_status enrol_session_door(app_call *call)
{
    enrol          e   = enrol_of(call);
    enrol_visitor *who = yao_arena_take(call->arena, sizeof *who);

    if (who == NULL)
        return YAO_E_SPACE;
    YAO_TRY(enrol_find_person(&e, token_of(call), &who->person));
    /* what opened the one does not open the other: a key alone may less */
    if (who->person.wallet != is_for_wallet(call)) {
        yao_wipe(&who->person, sizeof who->person);
        return YAO_E_NOT_FOUND;
    }
    memcpy(who->shown.lookup, who->person.lookup, STORE_HASH_LEN);
    memcpy(who->shown.holder, who->person.holder, STORE_HASH_LEN);
    who->shown.level    = who->person.level;
    who->shown.guardian = who->person.guardian;
    call->who        = who;
    return YAO_OK;
}

static const enrol_person *person_of(const app_call *call)
{
    return &((const enrol_visitor *)call->who)->person;
}

/* ---- logging in and out ---- */

static yao_status reply_level(app_reply *ret, app_call *call,
                              const enrol_person *who)
{
    yao_writer w = yao_writer_in(call->arena);

    yao_put_text(&w, "{\"level\":");
    yao_put_decimal(&w, who->level);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

yao_status enrol_tell_login(app_reply *ret, app_call *call, yao_status status,
                            int64_t wait)
{
    if (status == YAO_E_LIMIT)
        return enrol_refuse(
            ret, call, 429, "wait",
            WORDS("Wrong codes were tried too often. Wait, or ask at a kiosk.",
                  "错误次数过多。请稍候，或到终端办理。"),
            wait);
    if (status == YAO_E_REFUSED)
        return enrol_refuse(
            ret, call, 403, "login",
            WORDS("Number or access code are not right. Type them again; a "
                  "kiosk gives a new code.",
                  "号码或访问口令不正确。请重新输入；可到终端重设口令。"),
            0);
    return status;
}

static yao_status log_in(app_call *call, app_reply *ret)
{
    enrol           e = enrol_of(call);
    const yao_json *body;
    yao_text        number, code, token;
    enrol_person    who;
    int64_t         wait = 0;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(
        yao_json_string(yao_json_get(body, "number"), call->arena, &number));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    yao_status status = enrol_log_in(&e, number, code, &who, &wait);
    if (status != YAO_OK)
        return enrol_tell_login(ret, call, status, wait);
    status = enrol_start_session(&e, &who, &token);
    if (status == YAO_OK)
        status = enrol_set_cookie(call, ret, token);
    if (status == YAO_OK)
        status = reply_level(ret, call, &who);
    yao_wipe(&who, sizeof who);
    return status;
}

static yao_status log_out(app_call *call, app_reply *ret)
{
    enrol e = enrol_of(call);

    YAO_TRY(enrol_end_session(&e, token_of(call)));
    YAO_TRY(enrol_set_cookie(call, ret, YAO_TEXT("")));
    return app_reply_empty(ret, 204);
}

static yao_status change_code(app_call *call, app_reply *ret)
{
    enrol           e = enrol_of(call);
    enrol_new_code  codes;
    const yao_json *body;
    int64_t         wait;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "old_code"), call->arena,
                            &codes.old));
    YAO_TRY(
        yao_json_string(yao_json_get(body, "code"), call->arena, &codes.code));
    yao_status status =
        enrol_change_code(&e, person_of(call), &codes, &wait);
    if (status == YAO_E_LIMIT || status == YAO_E_REFUSED)
        return enrol_tell_login(ret, call, status, wait);
    if (status == YAO_E_VALUE)
        return enrol_refuse(
            ret, call, 400, "weak_code",
            WORDS("Others would guess this code. Choose another one.",
                  "此口令容易被猜到。请另选。"),
            0);
    YAO_TRY(status);
    YAO_TRY(enrol_set_cookie(call, ret, YAO_TEXT("")));
    return app_reply_empty(ret, 204);
}

/* ---- devices ---- */

typedef struct listed_device {
    store_enrolment row;
    bool            mine; /* whose key opened this session */
} listed_device;

static void put_device(yao_writer *w, const void *item)
{
    const listed_device   *one   = item;
    const store_enrolment *d     = &one->row;
    bool                   first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", d->id);
    yao_json_put_member_int(w, &first, "level", d->level);
    yao_json_put_member(w, &first, "state",
                        yao_text_of(enrol_state_word(d->state)));
    yao_json_put_member_int(w, &first, "started", d->started);
    yao_json_put_member_int(w, &first, "active_from", d->active_from);
    yao_json_put_member_bool(w, &first, "guardian",
                             (d->factors & ENROL_GUARDED) != 0);
    yao_json_put_member_bool(w, &first, "this", one->mine);
    yao_put_byte(w, '}');
}

static yao_status list_devices(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    const yao_bytes     mine = {who->device, STORE_HASH_LEN};
    store_enrolment    *list;
    listed_device      *all;
    size_t              count;

    YAO_TRY(store_list_enrolments(e.a->store,
                                  (yao_bytes){who->holder, STORE_HASH_LEN},
                                  call->arena, &list, &count));
    all = yao_arena_take_array(call->arena, count + 1, sizeof *all);
    if (all == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        all[i] = (listed_device){list[i], yao_bytes_equal(list[i].device, mine)};
    return app_reply_list(
        ret, call,
        &(app_listed){"devices", all, count, sizeof *all, put_device});
}

/* Who does it goes on; a session on the device that ends does not. */
static yao_status end_device(app_call *call, app_reply *ret)
{
    enrol                 e   = enrol_of(call);
    const enrol_person   *who = person_of(call);
    store_change          change = store_change_open(call->arena);
    uint8_t               id[STORE_ID_LEN];
    const store_enrolment which = {.id     = {id, sizeof id},
                                   .holder = {who->holder, STORE_HASH_LEN},
                                   .level  = who->code_level};

    YAO_TRY(authority_read_id(call->parts[0], id, sizeof id));
    YAO_TRY(enrol_end_guarded(&e, &which));
    YAO_TRY(enrol_put_end(&e, &change, &which));
    YAO_TRY(enrol_end_other_sessions(&e, &change, who, token_of(call)));
    YAO_TRY(store_commit(e.a->store, &change));
    server_nudge_call(call, "enrol");
    return app_reply_empty(ret, 204);
}

const app_route enrol_person_routes[ENROL_PERSON_ROUTES] = {
    {"POST", "/person/login", APP_PAGE | APP_JSON, log_in, 0, 0},
    {"POST", "/person/logout", APP_SESSION, log_out, 0, 0},
    {"POST", "/person/code", APP_SESSION | APP_JSON, change_code, 0, 0},
    {"GET", "/person/devices", APP_SESSION, list_devices, 0, 0},
    {"DELETE", "/person/devices/{id}", APP_SESSION, end_device, 0, 0},
    {"GET", "/wallet/devices", APP_WALLET, list_devices, 0, 0},
    {"DELETE", "/wallet/devices/{id}", APP_WALLET, end_device, 0, 0},
};
