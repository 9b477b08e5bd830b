/* SPDX-License-Identifier: Apache-2.0 */
/* An operator's own passkeys; other roles for somebody else. */
#include "authority/console/console.h"
#include "authority/console/operator_inside.h"

enum { FRESH = 300, RESPONSE_BODY = 64 * 1024 };

/* A session that was left open adds no key: a passkey was shown lately. */
static yao_status check_fresh(const app_call *call)
{
    return call->now - console_who(call)->since <= FRESH ? YAO_OK
                                                         : YAO_E_EXPIRED;
}

static yao_status tell(app_reply *ret, app_call *call, yao_status status)
{
    if (status == YAO_E_EXPIRED)
        return enrol_refuse(
            ret, call, 403, "log_in_again",
            WORDS("A passkey must have been shown within five minutes. Log "
                  "in again.",
                  "须在五分钟内出示过通行密钥。请重新登录。"),
            0);
    return console_tell(ret, call, status);
}

static yao_status list(app_call *call, app_reply *ret)
{
    store_passkey *all;
    size_t         count;
    bool           next = true;

    YAO_TRY(store_list_passkeys(server_authority(call)->store,
                                console_operator_id(console_who(call)),
                                call->arena, &all, &count));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"passkeys\":[");
    for (size_t i = 0; i < count; i++) {
        bool first = true;
        yao_json_put_next(&w, &next);
        yao_put_byte(&w, '{');
        yao_json_put_member_hex(&w, &first, "model", all[i].model);
        yao_json_put_member_int(&w, &first, "added", all[i].added);
        yao_json_put_member_int(&w, &first, "used", all[i].used);
        yao_put_byte(&w, '}');
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

static yao_status write_options(app_call *call, app_reply *ret)
{
    const console_operator *who = console_who(call);
    passkey_place           place;
    yao_bytes               challenge;

    YAO_TRY(console_place_of(server_authority(call), &place));
    YAO_TRY(console_new_challenge(server_authority(call), "passkey", call->now,
                                  call->arena, &challenge));
    const yao_webauthn_creation creation = {
        .rp_id     = place.rp_id,
        .rp_name   = YAO_TEXT("Yaopai"),
        .challenge = challenge,
        .user      = console_operator_id(who),
        .user_name = who->name};
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_creation(&w, &creation);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status begin(app_call *call, app_reply *ret)
{
    yao_status status = check_fresh(call);

    if (status != YAO_OK)
        return tell(ret, call, status);
    return write_options(call, ret);
}

static yao_status finish(app_call *call, app_reply *ret)
{
    const yao_json *body;
    yao_status      status = check_fresh(call);

    if (status != YAO_OK)
        return tell(ret, call, status);
    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_add_passkey(server_authority(call),
                                console_operator_id(console_who(call)),
                                yao_json_get(body, "credential"), call->now,
                                call->arena));
    return app_reply_empty(ret, 204);
}

/* ---- roles -------------------------------------------------------------- */

static yao_status read_roles(app_call *call, int64_t *ret)
{
    const yao_json *body, *list;

    YAO_TRY(app_body_json(call, &body));
    list = yao_json_get(body, "roles");
    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MISSING;
    *ret = 0;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        int role = i->kind == YAO_JSON_STRING ? console_role(i->raw) : 0;
        if (role == 0)
            return YAO_E_VALUE;
        *ret |= role;
    }
    return YAO_OK;
}

static yao_status change_roles(app_call *call, app_reply *ret)
{
    console_proposal what   = {.name = YAO_TEXT("")};
    console_proposed made;

    YAO_TRY(console_read_hex(call, call->parts[0], STORE_ID_LEN, &what.id));
    yao_status status = read_roles(call, &what.roles);
    if (status == YAO_OK)
        status = console_propose(server_authority(call),
                                 console_operator_id(console_who(call)), &what,
                                 call->now, call->arena, &made);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_id(ret, call, 202, "case", made.id);
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"GET", "/api/operator/passkeys", APP_OPERATOR, list, CONSOLE_ANY_ROLE, 0},
    {"POST", "/api/operator/passkeys/begin", APP_OPERATOR, begin,
     CONSOLE_ANY_ROLE, 0},
    {"POST", "/api/operator/passkeys", APP_OPERATOR | APP_JSON, finish,
     CONSOLE_ANY_ROLE, RESPONSE_BODY},
    {"POST", "/api/operators/{id}/roles", APP_OPERATOR | APP_JSON,
     change_roles, APP_ADMINISTRATOR, 1024},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

const authority_part console_account_part = {.tables      = tables,
                                            .table_count = 1};
