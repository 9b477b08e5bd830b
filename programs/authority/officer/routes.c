/* SPDX-License-Identifier: Apache-2.0 */
/* Officers' certificates over HTTP. */
#include "authority/officer/officer.h"

#include "authority/enrol/routes.h"

#define MOST_BODY (16u * 1024u)

/* What is told of a record has lengths of so many. */
#define ANSWER_LEN 128

static const enrol_tale tales[] = {
    {YAO_E_UNTRUSTED, 401, "request",
     WORDS_INIT("The request is not one of a registered party or its officer, "
                "for this address, of this minute and used once. Sign a new "
                "one.",
                "请求未通过验证：签名、对象、时间或唯一性不符。请重新签署。")},
    {YAO_E_REVOKED, 403, "suspended",
     WORDS_INIT("The party may not ask now. Ask the registrar.",
                "该依赖方已被暂停。请联系登记机关。")},
    {YAO_E_SUSPENDED, 403, "officer",
     WORDS_INIT("This officer was ended by the party. Add a new number.",
                "该人员已被所属单位注销。请使用新的编号。")},
    {YAO_E_NOT_AUTHORISED, 403, "profile",
     WORDS_INIT("The party is not registered for this profile, or it is none "
                "for officers. Ask what is registered.",
                "该依赖方未登记此类型，或该类型不由执法人员使用。"
                "请按登记内容请求。")},
    {YAO_E_NOT_FOUND, 503, "registrar",
     WORDS_INIT("The registrar's key is not here. Ask the registrar.",
                "登记机关密钥不在本机。请联系登记机关。")},
};

static yao_status refuse(app_call *call, app_reply *ret, yao_status status,
                         int64_t wait)
{
    if (status == YAO_E_LIMIT)
        return enrol_refuse(
            ret, call, 429, "wait",
            WORDS("This was tried too often. Wait, then try again.",
                  "尝试过于频繁。请稍候再试。"),
            wait);
    return enrol_tell(ret, call, tales, sizeof tales / sizeof tales[0], status);
}

static yao_status post_certificate(app_call *call, app_reply *ret)
{
    enrol             e = enrol_of(call);
    officer_certified made;
    int64_t           wait;
    bool              first  = true;
    yao_status        status = officer_certify(
        &e, server_url(call), call->http->body, &made, &wait);

    if (status != YAO_OK)
        return refuse(call, ret, status, wait);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "certificate");
    yao_put_byte(&w, '"');
    yao_put_base64url(&w, made.certificate);
    yao_put_byte(&w, '"');
    yao_json_put_member_int(&w, &first, "expires", made.expires);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status post_end(app_call *call, app_reply *ret)
{
    enrol      e = enrol_of(call);
    yao_status status =
        officer_end(&e, server_url(call), call->http->body);

    return status == YAO_OK ? app_reply_empty(ret, 204)
                            : refuse(call, ret, status, 0);
}

static yao_status post_lookup(app_call *call, app_reply *ret)
{
    enrol          e = enrol_of(call);
    officer_looked found;
    int64_t        wait;
    bool           first = true, next = true;
    yao_status     status =
        officer_look_up(&e, server_url(call), call->http->body, &found, &wait);

    if (status != YAO_OK)
        return refuse(call, ret, status, wait);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "state", yao_text_of(found.state));
    yao_json_put_name(&w, &first, "flags");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < found.flag_count; i++) {
        yao_json_put_next(&w, &next);
        yao_json_put_string(&w, found.flags[i]);
    }
    yao_put_byte(&w, ']');
    yao_json_put_member_int(&w, &first, "as_of", call->now);
    yao_put_byte(&w, '}');
    while (w.status == YAO_OK && w.len % ANSWER_LEN != 0)
        yao_put_byte(&w, ' ');
    return app_reply_json(ret, call, 200, &w);
}

static const app_route routes[] = {
    {"POST", "/officer/certificate", APP_ANY_WALLET | APP_JWT,
     post_certificate, 0, MOST_BODY},
    {"POST", "/officer/end", APP_ANY_WALLET | APP_JWT, post_end, 0, MOST_BODY},
    {"POST", "/officer/lookup", APP_ANY_WALLET | APP_JWT, post_lookup, 0,
     MOST_BODY},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

const authority_part authority_officer_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
};
