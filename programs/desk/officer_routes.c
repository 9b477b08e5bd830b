/* SPDX-License-Identifier: Apache-2.0 */
/* Officers at the desk's own page: a passkey is registered with a code, and
 * shown to begin the hours. */
#include "desk/officer.h"

#include "app/log.h"

enum { RESPONSE_BODY = 64 * 1024 };

static yao_status refuse(app_call *call, app_reply *ret)
{
    return desk_refuse(call, ret, 403, "refused");
}

/* ---- registering ---- */

/* Nothing is looked up: whoever has no code is refused at the end. */
static yao_status begin_register(app_call *call, app_reply *ret)
{
    uint8_t         bytes[DESK_OFFICER_CODE];
    const yao_json *body;
    passkey_place   place;
    yao_text        code;
    yao_bytes       challenge;

    YAO_TRY(app_body_json(call, &body));
    if (yao_json_string(yao_json_get(body, "code"), call->arena, &code) !=
            YAO_OK ||
        desk_officer_letters(code, bytes, sizeof bytes) != YAO_OK)
        return refuse(call, ret);
    YAO_TRY(desk_officer_challenge(call, "register", &challenge, &place));
    const yao_webauthn_creation creation = {.rp_id     = place.rp_id,
                                            .rp_name   = YAO_TEXT("Yaopai"),
                                            .challenge = challenge,
                                            .user      = {bytes, STORE_ID_LEN},
                                            .user_name = YAO_TEXT("officer")};
    yao_writer                  w        = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_creation(&w, &creation);
    yao_put_byte(&w, '}');
    yao_wipe(bytes, sizeof bytes);
    return app_reply_json(ret, call, 200, &w);
}

static yao_status finish_register(app_call *call, app_reply *ret)
{
    const yao_json *body;
    yao_text        code;

    YAO_TRY(app_body_json(call, &body));
    if (yao_json_string(yao_json_get(body, "code"), call->arena, &code) !=
        YAO_OK)
        return refuse(call, ret);
    yao_status status = desk_officer_register(
        call, code, yao_json_get(body, "credential"));
    if (status == YAO_E_REFUSED)
        return refuse(call, ret);
    YAO_TRY(status);
    return app_reply_empty(ret, 204);
}

/* ---- the hours ---- */

static yao_status begin_login(app_call *call, app_reply *ret)
{
    passkey_place place;
    yao_bytes     challenge;

    YAO_TRY(desk_officer_challenge(call, "login", &challenge, &place));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"publicKey\":");
    yao_webauthn_put_request(&w, place.rp_id, challenge, NULL, 0);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status tell_hours(app_call *call, const store_officer *who,
                             const desk_hours *hours, app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "officer", hours->token);
    yao_json_put_member(&w, &first, "number", who->number);
    yao_json_put_member(&w, &first, "profiles", who->profiles);
    yao_json_put_member_int(&w, &first, "expires", hours->expires);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status begin_hours(app_call *call, const desk_trust *t,
                              const store_officer *who, app_reply *ret)
{
    desk_hours hours;
    yao_status status = desk_officer_begin(call, t, who, &hours);

    switch (status) {
    case YAO_OK:
        return tell_hours(call, who, &hours, ret);
    case YAO_E_REFUSED:
        return refuse(call, ret);
    case YAO_E_NOT_AUTHORISED:
        return desk_refuse(call, ret, 403, "not_certified");
    case YAO_E_SPACE:
    case YAO_E_STORE:
        return status;
    default:
        app_log_status(APP_LOG_WARN, "officer-not-certified", "authority",
                       status);
        return desk_refuse(call, ret, 503, "authority_unreachable");
    }
}

static yao_status finish_login_by(app_call *call, const desk_trust *t,
                                  app_reply *ret)
{
    const yao_json *body;
    store_officer   who;

    YAO_TRY(app_body_json(call, &body));
    yao_status status =
        desk_officer_show(call, yao_json_get(body, "credential"), &who);
    if (status == YAO_E_REFUSED)
        return refuse(call, ret);
    YAO_TRY(status);
    return begin_hours(call, t, &who, ret);
}

static yao_status finish_login(app_call *call, app_reply *ret)
{
    desk       *d = desk_of(call);
    desk_trust *t = desk_trust_take(&d->trust);

    yao_status status = t != NULL && desk_trust_in_force(t, call->now)
                            ? finish_login_by(call, t, ret)
                            : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    return status;
}

static yao_status log_out(app_call *call, app_reply *ret)
{
    store_change    change = store_change_open(call->arena);
    const yao_json *body;
    yao_text        token;
    yao_bytes       login;

    YAO_TRY(app_body_json(call, &body));
    if (yao_json_string(yao_json_get(body, "officer"), call->arena, &token) !=
            YAO_OK ||
        desk_officer_login_id(call, token, &login) != YAO_OK)
        return refuse(call, ret);
    store_end_officer_login(&change, login);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    return app_reply_empty(ret, 204);
}

static const app_route routes[] = {
    {"POST", "/officer/register/begin", APP_PAGE | APP_JSON, begin_register, 0,
     0},
    {"POST", "/officer/register", APP_PAGE | APP_JSON, finish_register, 0,
     RESPONSE_BODY},
    {"POST", "/officer/login/begin", APP_PAGE, begin_login, 0, 0},
    {"POST", "/officer/login", APP_PAGE | APP_JSON, finish_login, 0,
     RESPONSE_BODY},
    {"POST", "/officer/logout", APP_PAGE | APP_JSON, log_out, 0, 0},
};

const app_routes desk_officer_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
