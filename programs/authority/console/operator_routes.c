/* SPDX-License-Identifier: Apache-2.0 */
/* Routes of operators, and the door that the others stand behind. */
#include "authority/console/operator_inside.h"

#include <string.h>

#include "store/session.h"

enum { RESPONSE_BODY = 64 * 1024 };

/* ---- cookies ------------------------------------------------------------ */

static bool is_https(const authority *a)
{
    return strncmp(config_get(&a->config, SETTING_CONSOLE_URL), "https://",
                   8) == 0;
}

/* __Host- binds it to this origin; browsers want Secure with it, so a
 * demonstration by http has another name. */
static const char *cookie_name(const authority *a)
{
    return is_https(a) ? "__Host-yaopai-operator" : "yaopai-operator";
}

static yao_status set_cookie(app_call *call, app_reply *ret, yao_text token)
{
    authority *a = server_authority(call);
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  value;

    yao_put_text(&w, cookie_name(a));
    yao_put_byte(&w, '=');
    yao_put_bytes(&w, yao_text_bytes(token));
    yao_put_text(&w, "; Path=/; HttpOnly; SameSite=Strict");
    if (token.len == 0)
        yao_put_text(&w, "; Max-Age=0");
    if (is_https(a))
        yao_put_text(&w, "; Secure");
    YAO_TRY(yao_writer_keep(&w, call->arena, &value));
    return app_reply_header(ret, "Set-Cookie",
                            (yao_text){value.ptr, value.len});
}

/* The next "name=value" of HEADER from *AT on. */
static bool next_cookie(yao_text header, size_t *at, yao_text *name,
                        yao_text *value)
{
    while (*at < header.len &&
           (header.ptr[*at] == ' ' || header.ptr[*at] == ';'))
        (*at)++;
    if (*at >= header.len)
        return false;
    yao_bytes rest   = {header.ptr + *at, header.len - *at};
    size_t    end    = yao_bytes_find(rest, ';');
    size_t    equals = yao_bytes_find((yao_bytes){rest.ptr, end}, '=');
    size_t    from   = equals < end ? equals + 1 : end;
    *name            = (yao_text){rest.ptr, equals};
    *value           = (yao_text){rest.ptr + from, end - from};
    *at += end;
    return true;
}

/* One that stands there twice is none. */
static yao_text token_of(const app_call *call)
{
    yao_text want = yao_text_of(cookie_name(server_authority(call)));
    yao_text found = YAO_TEXT(""), name, value;
    size_t   count = 0, seen = 0, at = 0;
    yao_text header = net_header_find(call->http, "cookie", &count);

    if (count != 1)
        return found;
    while (next_cookie(header, &at, &name, &value))
        if (yao_text_equal(name, want)) {
            found = value;
            seen++;
        }
    return seen == 1 ? found : YAO_TEXT("");
}

/* ---- the door ----------------------------------------------------------- */

yao_status console_operator_door(app_call *call)
{
    console_operator *who = yao_arena_take(call->arena, sizeof *who);

    if (who == NULL)
        return YAO_E_SPACE;
    YAO_TRY(console_find_session(server_authority(call), token_of(call),
                                 call->now, call->arena, who));
    if ((who->roles & call->route->roles) == 0)
        return YAO_E_NOT_AUTHORISED;
    call->who = who;
    return YAO_OK;
}

/* ---- replies ------------------------------------------------------------ */

static yao_status reply_who(app_reply *ret, app_call *call,
                            const console_operator *who)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "name", who->name);
    yao_json_put_name(&w, &first, "roles");
    console_put_roles(&w, who->roles);
    yao_json_put_name(&w, &first, "id");
    yao_put_byte(&w, '"');
    yao_put_hex(&w, console_operator_id(who));
    yao_put_text(&w, "\"}");
    return app_reply_json(ret, call, 200, &w);
}

/* ---- logging in and out -------------------------------------------------- */

static yao_status begin_login(app_call *call, app_reply *ret)
{
    authority    *a = server_authority(call);
    passkey_place place;
    yao_bytes     challenge;

    YAO_TRY(console_place_of(a, &place));
    YAO_TRY(console_new_challenge(a, "login", call->now, call->arena,
                                  &challenge));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_request(&w, place.rp_id, challenge, NULL, 0);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status finish_login(app_call *call, app_reply *ret)
{
    const yao_json  *body;
    yao_text         token;
    console_operator who;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_log_in(server_authority(call),
                           yao_json_get(body, "credential"), call->now,
                           call->arena, &token, &who));
    YAO_TRY(reply_who(ret, call, &who));
    return set_cookie(call, ret, token);
}

static yao_status log_out(app_call *call, app_reply *ret)
{
    const console_operator *who    = call->who;
    store_change            change = store_change_open(call->arena);

    store_end_session(&change, (yao_bytes){who->session, STORE_HASH_LEN});
    yao_status status = store_commit(server_authority(call)->store, &change);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    YAO_TRY(app_reply_empty(ret, 204));
    return set_cookie(call, ret, YAO_TEXT(""));
}

static yao_status give_who(app_call *call, app_reply *ret)
{
    return reply_who(ret, call, call->who);
}

/* ---- registering -------------------------------------------------------- */

/* Nothing is looked up: whoever has no code is refused at the end. */
static yao_status begin_register(app_call *call, app_reply *ret)
{
    authority      *a = server_authority(call);
    const yao_json *body;
    passkey_place   place;
    yao_text        code, name;
    console_code    typed;
    yao_bytes       challenge;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    YAO_TRY(yao_json_string(yao_json_get(body, "name"), call->arena, &name));
    YAO_TRY(console_check_new(name, APP_CLERK));
    YAO_TRY(console_read_code(a, code, &typed));
    YAO_TRY(console_place_of(a, &place));
    YAO_TRY(console_new_challenge(a, "register", call->now, call->arena,
                                  &challenge));
    const yao_webauthn_creation creation = {.rp_id     = place.rp_id,
                                            .rp_name   = YAO_TEXT("Yaopai"),
                                            .challenge = challenge,
                                            .user = {typed.bytes, STORE_ID_LEN},
                                            .user_name = name};
    yao_writer                  w        = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_creation(&w, &creation);
    yao_put_byte(&w, '}');
    yao_wipe(&typed, sizeof typed);
    return app_reply_json(ret, call, 200, &w);
}

static yao_status finish_register(app_call *call, app_reply *ret)
{
    const yao_json *body;
    yao_text        code;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    YAO_TRY(console_register(server_authority(call), code,
                             yao_json_get(body, "credential"), call->now,
                             call->arena));
    return app_reply_empty(ret, 204);
}

/* ---- operators ---------------------------------------------------------- */

static void put_operator(yao_writer *w, const void *item)
{
    const store_operator    *o        = item;
    static const char *const states[] = {"none", "invited", "active", "ended"};
    bool                     first    = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", o->id);
    yao_json_put_member(w, &first, "name", o->name);
    yao_json_put_name(w, &first, "roles");
    console_put_roles(w, o->roles);
    yao_json_put_member(w, &first, "state", yao_text_of(states[o->state & 3]));
    yao_put_byte(w, '}');
}

static yao_status list(app_call *call, app_reply *ret)
{
    store_operator *all;
    size_t          count;

    YAO_TRY(store_list_operators(server_authority(call)->store, call->arena,
                                 &all, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"operators", all, count, sizeof *all, put_operator});
}

static yao_status propose(app_call *call, app_reply *ret,
                          const console_proposal *what)
{
    console_proposed made;
    bool             first = true;

    YAO_TRY(console_propose(server_authority(call),
                            console_operator_id(call->who), what, call->now,
                            call->arena, &made));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "case", made.id);
    if (made.half.len != 0)
        yao_json_put_member(&w, &first, "half", made.half);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 202, &w);
}

static yao_status add(app_call *call, app_reply *ret)
{
    console_proposal what = {.roles = 0};
    const yao_json  *body, *roles;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "name"), call->arena,
                            &what.name));
    roles = yao_json_get(body, "roles");
    if (what.name.len == 0 || roles == NULL || roles->kind != YAO_JSON_ARRAY)
        return YAO_E_VALUE;
    for (const yao_json *r = roles->first; r != NULL; r = r->next) {
        int role = r->kind == YAO_JSON_STRING ? console_role(r->raw) : 0;
        if (role == 0)
            return YAO_E_VALUE;
        what.roles |= role;
    }
    return propose(call, ret, &what);
}

static yao_status end(app_call *call, app_reply *ret)
{
    uint8_t          id[STORE_ID_LEN];
    console_proposal what = {.id = {id, sizeof id}};

    YAO_TRY(authority_read_id(call->parts[0], id, sizeof id));
    return propose(call, ret, &what);
}

static yao_status confirm(app_call *call, app_reply *ret)
{
    uint8_t  id[STORE_ID_LEN];
    yao_text code;

    YAO_TRY(authority_read_id(call->parts[0], id, sizeof id));
    YAO_TRY(console_confirm(server_authority(call),
                            console_operator_id(call->who),
                            (yao_bytes){id, sizeof id}, call->now, call->arena,
                            &code));
    if (code.ptr == NULL)
        return app_reply_id(ret, call, 202, "case",
                            (yao_bytes){id, sizeof id});
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"code\":");
    yao_json_put_string(&w, code);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"POST", "/api/operator/login/begin", APP_PAGE, begin_login, 0, 0},
    {"POST", "/api/operator/login", APP_PAGE | APP_JSON, finish_login, 0,
     RESPONSE_BODY},
    {"POST", "/api/operator/logout", APP_OPERATOR, log_out, CONSOLE_ANY_ROLE,
     0},
    {"GET", "/api/operator", APP_OPERATOR, give_who, CONSOLE_ANY_ROLE, 0},
    {"POST", "/api/operator/register/begin", APP_PAGE | APP_JSON,
     begin_register, 0, 0},
    {"POST", "/api/operator/register", APP_PAGE | APP_JSON, finish_register, 0,
     RESPONSE_BODY},
    {"GET", "/api/operators", APP_OPERATOR, list,
     APP_ADMINISTRATOR | APP_AUDITOR, 0},
    {"POST", "/api/operators", APP_OPERATOR | APP_JSON, add, APP_ADMINISTRATOR,
     0},
    {"POST", "/api/operators/{id}/end", APP_OPERATOR, end, APP_ADMINISTRATOR,
     0},
    {"POST", "/api/operators/cases/{id}/confirm", APP_OPERATOR, confirm,
     APP_ADMINISTRATOR, 0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE}};

const authority_part console_operator_part = {
    .tables      = tables,
    .table_count = 1,
    .doors       = {.operator = console_operator_door},
};
