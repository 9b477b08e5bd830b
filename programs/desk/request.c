/* SPDX-License-Identifier: Apache-2.0 */
/* The request object, as a wallet fetches it: once, or again when the first
 * answer was lost, with a nonce of its own or without. */

#include "desk/session.h"

/* The body is a nonce, and what the wallet says it can. */
enum { MOST_BODY = 32 * 1024 };

static yao_status unknown(app_call *call, app_reply *ret)
{
    return desk_refuse(call, ret, 404, "not_found");
}

yao_status desk_session_sign(app_call *call, const desk_session *s,
                             const yao_vp_ask *ask, yao_bytes *ret)
{
    yao_key           *key = s->reader.key;
    uint8_t            signature[YAO_MAX_SIGNATURE];
    size_t             len;
    yao_oauth_unsigned token;

    YAO_TRY(yao_vp_make_request(call->arena, ask, yao_key_alg(key),
                                &s->reader.certificate.der, 1, &token));
    YAO_TRY(yao_key_sign(key, &token.wish, signature, &len));
    return yao_oauth_sign(call->arena, &token, (yao_bytes){signature, len},
                          ret);
}

/* Who began on the same device has to have opened the link there first. */
static bool may_be_asked(const desk_session *s, yao_time now)
{
    return desk_session_open(s, now) && s->extras.origin_count == 0 &&
           (s->enquiry.device != STORE_DEVICE_SAME ||
            s->enquiry.browser.len > 0);
}

static yao_status give(app_call *call, const desk_session *s, yao_text nonce,
                       app_reply *ret)
{
    yao_vp_ask ask;
    yao_bytes  token;

    YAO_TRY(desk_session_ask(call, s, nonce, &ask));
    YAO_TRY(desk_session_sign(call, s, &ask, &token));
    return app_reply_bytes(ret, 200, "application/oauth-authz-req+jwt", token);
}

/* Never heard of, over and answered look the same (misuse N228). */
static yao_status give_request(app_call *call, yao_text nonce, app_reply *ret)
{
    desk_session s;

    yao_status status = desk_session_read(call, call->parts[0], &s);
    if (status == YAO_E_NOT_FOUND)
        return unknown(call, ret);
    YAO_TRY(status);
    status = may_be_asked(&s, call->now) ? give(call, &s, nonce, ret)
                                         : unknown(call, ret);
    desk_session_close(&s);
    return status;
}

static yao_status get_request(app_call *call, app_reply *ret)
{
    return give_request(call, YAO_TEXT(""), ret);
}

static yao_status post_request(app_call *call, app_reply *ret)
{
    yao_text nonce;

    if (yao_vp_read_wallet(call->arena, call->http->body, &nonce) != YAO_OK)
        return desk_refuse(call, ret, 400, "invalid_request");
    return give_request(call, nonce, ret);
}

static const app_route routes[] = {
    {"GET", "/request/{id}", APP_ANY_WALLET, get_request, 0, 0},
    {"POST", "/request/{id}", APP_ANY_WALLET | APP_FORM, post_request, 0,
     MOST_BODY},
};

const app_routes desk_request_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
