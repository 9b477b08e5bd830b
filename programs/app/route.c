/* SPDX-License-Identifier: Apache-2.0 */
#include "app/route.h"

#include <stdio.h>

#include "app/words.h"
#include "oauth/form.h"

/* ---- what came ---------------------------------------------------------- */

yao_status app_body_json(app_call *call, const yao_json **ret)
{
    return yao_json_parse(call->arena, call->http->body, ret);
}

yao_status app_query_value(app_call *call, const char *name, yao_text *ret)
{
    yao_form        form;
    const yao_text *value;

    YAO_TRY(
        yao_form_read(call->arena, yao_text_bytes(call->http->query), &form));
    value = yao_form_get(&form, name);
    if (value == NULL)
        return YAO_E_MISSING;
    *ret = *value;
    return YAO_OK;
}

/* ---- replies ------------------------------------------------------------ */

yao_status app_reply_header(app_reply *ret, const char *name, yao_text value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] < 0x20 || value.ptr[i] > 0x7e)
            return YAO_E_USAGE;
    if (ret->header_count == NET_MAX_ANSWER_HEADERS)
        return YAO_E_LIMIT;
    ret->headers[ret->header_count++] = (net_header){yao_text_of(name), value};
    return YAO_OK;
}

/* Headers that a handler added before stay. */
yao_status app_reply_bytes(app_reply *ret, int status, const char *type,
                           yao_bytes body)
{
    ret->status = status;
    ret->body   = body;
    return app_reply_header(ret, "Content-Type", yao_text_of(type));
}

yao_status app_reply_json(app_reply *ret, app_call *call, int status,
                          yao_writer *w)
{
    yao_bytes body;

    YAO_TRY(yao_writer_keep(w, call->arena, &body));
    return app_reply_bytes(ret, status, "application/json", body);
}

yao_status app_reply_id(app_reply *ret, app_call *call, int status,
                        const char *name, yao_bytes id)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, name, id);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

yao_status app_reply_list(app_reply *ret, app_call *call,
                          const app_listed *listed)
{
    const uint8_t *item = listed->items;
    yao_writer     w    = yao_writer_in(call->arena);
    bool           none = true;

    yao_put_text(&w, "{\"");
    yao_put_text(&w, listed->name);
    yao_put_text(&w, "\":[");
    for (size_t i = 0; i < listed->count; i++, item += listed->size) {
        yao_json_put_next(&w, &none);
        listed->put(&w, item);
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

yao_status app_reply_empty(app_reply *ret, int status)
{
    ret->status = status;
    ret->body   = (yao_bytes){NULL, 0};
    return YAO_OK;
}

/* ---- what may be kept --------------------------------------------------- */

static yao_status make_etag(app_call *call, yao_bytes body, yao_text *ret)
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w;
    yao_bytes  out;

    YAO_TRY(call->crypto->hash(call->crypto->ctx, YAO_SHA256, &body, 1, hash));
    w = yao_writer_in(call->arena);
    yao_put_text(&w, "\"");
    yao_put_base64url(&w, (yao_bytes){hash, 16});
    yao_put_text(&w, "\"");
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* If-None-Match: "a", W/"b", or *; is ETAG among them? */
static bool is_known(yao_text list, yao_text etag)
{
    for (size_t i = 0; i + etag.len <= list.len; i++)
        if (yao_text_equal((yao_text){list.ptr + i, etag.len}, etag))
            return true;
    return yao_text_equal(list, YAO_TEXT("*"));
}

yao_status app_reply_cache(app_reply *ret, app_call *call, unsigned seconds)
{
    yao_text   etag;
    yao_writer w;
    yao_bytes  value;

    YAO_TRY(make_etag(call, ret->body, &etag));
    w = yao_writer_in(call->arena);
    yao_put_text(&w, "public, max-age=");
    yao_put_decimal(&w, (int64_t)seconds);
    YAO_TRY(yao_writer_keep(&w, call->arena, &value));
    YAO_TRY(app_reply_header(ret, "Cache-Control",
                             (yao_text){value.ptr, value.len}));
    YAO_TRY(app_reply_header(ret, "ETag", etag));
    if (ret->status == 200 &&
        is_known(net_header_find(call->http, "if-none-match", NULL), etag)) {
        ret->status = 304;
        ret->body   = (yao_bytes){NULL, 0};
    }
    return YAO_OK;
}

/* ---- failures ----------------------------------------------------------- */

typedef struct meaning {
    int         code;
    const char *word; /* for programs */
    yao_words   why, next;
} meaning;

static const meaning wrong = {
    400, "invalid_request",
    WORDS_INIT("the request is not as it must be", "请求不符合要求"),
    WORDS_INIT("correct it; see docs/api", "请更正，见 docs/api")};
static const meaning forbidden = {
    403, "forbidden",
    WORDS_INIT("that is not allowed here", "此处不允许该操作"),
    WORDS_INIT("ask who runs this server", "请咨询服务管理方")};
static const meaning absent = {
    404, "not_found", WORDS_INIT("there is no such thing", "没有此内容"),
    WORDS_INIT("look at the address", "请检查地址")};
static const meaning taken = {
    409, "conflict", WORDS_INIT("it is there already, or was changed meanwhile",
                                "已存在，或其间已被更改"),
    WORDS_INIT("read it again, then decide", "请重新读取后再决定")};
static const meaning busy = {
    503, "temporarily_unavailable",
    WORDS_INIT("the server cannot do it now", "服务暂时不可用"),
    WORDS_INIT("try again in a moment", "请稍后重试")};
static const meaning broken = {
    500, "server_error", WORDS_INIT("the server failed", "服务出错"),
    WORDS_INIT("try again; tell who runs this server when it stays",
               "请重试；若持续出现请告知服务管理方")};

static const meaning *meaning_of(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_AUTHORISED:
    case YAO_E_NOT_ENTITLED:
    case YAO_E_REFUSED:
    case YAO_E_REVOKED:
    case YAO_E_SUSPENDED: return &forbidden;
    case YAO_E_NOT_FOUND: return &absent;
    case YAO_E_EXISTS: return &taken;
    case YAO_E_STORE:
    case YAO_E_FILE:
    case YAO_E_LOCKED:
    case YAO_E_NET: return &busy;
    case YAO_E_LIMIT: return &wrong;
    default: break;
    }
    return status >= 200 && status < 400 ? &wrong : &broken;
}

bool app_wants_chinese(const app_call *call)
{
    yao_text wish = net_header_find(call->http, "accept-language", NULL);

    return wish.len >= 2 && (wish.ptr[0] | 32) == 'z' &&
           (wish.ptr[1] | 32) == 'h';
}

static void put_failure(yao_writer *w, const meaning *m, bool zh)
{
    bool first = true;

    yao_put_text(w, "{");
    yao_json_put_name(w, &first, "error");
    yao_json_put_string(w, yao_text_of(m->word));
    yao_json_put_name(w, &first, "error_description");
    yao_json_put_string(w, yao_text_of(zh ? m->why.zh : m->why.en));
    yao_json_put_name(w, &first, "next");
    yao_json_put_string(w, yao_text_of(zh ? m->next.zh : m->next.en));
    yao_put_text(w, "}");
}

/* What went wrong inside is not told: the log has its name. */
void app_reply_fail(app_reply *ret, app_call *call, yao_status status)
{
    static const uint8_t bare[] = "{\"error\":\"server_error\"}";
    const meaning       *m      = meaning_of(status);
    yao_writer           w      = yao_writer_in(call->arena);
    yao_bytes            body;

    *ret = (app_reply){.status = m->code};
    put_failure(&w, m, app_wants_chinese(call));
    if (yao_writer_keep(&w, call->arena, &body) != YAO_OK)
        body = (yao_bytes){bare, sizeof bare - 1};
    ret->headers[0] = (net_header){YAO_TEXT("Content-Type"),
                                   YAO_TEXT("application/json")};
    ret->header_count = 1;
    ret->body         = body;
    if (m == &busy)
        ret->headers[ret->header_count++] =
            (net_header){YAO_TEXT("Retry-After"), YAO_TEXT("1")};
}
