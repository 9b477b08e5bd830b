/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same device: the browser that opens the link of a session is the only one
 * that can end it, with the code that the wallet was given. Who sends his link
 * to somebody else gets nothing (misuse N222, N230): the other's browser has
 * not the cookie, and his own never learns the code.
 */

#include "desk/session.h"

#include <string.h>

#include "app/random.h"
#include "desk/webhook.h"

enum { COOKIE_S = 900, NAME_LETTERS = 8 };

/* ---- the cookie: one for each session ---- */

static yao_status cookie_name(app_call *call, yao_text *ret)
{
    yao_text   url = desk_url(call);
    yao_writer w   = yao_writer_in(call->arena);
    yao_bytes  out;

    if (yao_bytes_starts(yao_text_bytes(url), YAO_LIT("https://")))
        yao_put_text(&w, "__Host-");
    yao_put_text(&w, "yaopai-desk-");
    yao_put_bytes(&w, (yao_bytes){call->parts[0].ptr, NAME_LETTERS});
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* One that stands there twice is none. */
static yao_text find_cookie(yao_text header, yao_text name)
{
    yao_text found = {NULL, 0};

    for (size_t at = 0; at < header.len;) {
        yao_bytes rest = {header.ptr + at, header.len - at};
        size_t    end  = yao_bytes_find(rest, ';');
        size_t    skip = 0;

        while (skip < end && rest.ptr[skip] == ' ')
            skip++;
        yao_bytes one = {rest.ptr + skip, end - skip};
        size_t    eq  = yao_bytes_find(one, '=');
        if (eq < one.len &&
            yao_bytes_equal((yao_bytes){one.ptr, eq}, yao_text_bytes(name))) {
            if (found.ptr != NULL)
                return (yao_text){NULL, 0};
            found = (yao_text){one.ptr + eq + 1, one.len - eq - 1};
        }
        at += end + 1;
    }
    return found;
}

/* The hash of what this browser brings; empty: nothing. */
static yao_status read_cookie(app_call *call, yao_bytes *ret)
{
    size_t   count  = 0;
    yao_text header = net_header_find(call->http, "cookie", &count), name;

    *ret = (yao_bytes){NULL, 0};
    YAO_TRY(cookie_name(call, &name));
    yao_text value =
        count == 1 ? find_cookie(header, name) : (yao_text){NULL, 0};
    return value.len > 0 ? desk_hash(call, value, ret) : YAO_OK;
}

/* Lax: the wallet sends the browser back from elsewhere. */
static yao_status put_cookie(app_call *call, app_reply *ret, yao_text value)
{
    yao_text  name;
    yao_bytes out;

    YAO_TRY(cookie_name(call, &name));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_bytes(&w, yao_text_bytes(name));
    yao_put_byte(&w, '=');
    yao_put_bytes(&w, yao_text_bytes(value));
    yao_put_text(&w, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=");
    yao_put_decimal(&w, COOKIE_S);
    if (name.ptr[0] == '_')
        yao_put_text(&w, "; Secure");
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    return app_reply_header(ret, "Set-Cookie", (yao_text){out.ptr, out.len});
}

/* ---- pages: a sentence each, nothing of anybody ---- */

#define PAGE(en, zh)                                                           \
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"                \
    "<meta name=\"viewport\" content=\"width=device-width\">"                  \
    "<title>Yaopai</title><p lang=\"zh\">" zh "</p><p>" en "</p></html>\n"

static yao_status give_page(app_reply *ret, int status, const char *text)
{
    return app_reply_bytes(ret, status, "text/html; charset=utf-8",
                           yao_text_bytes(yao_text_of(text)));
}

static yao_status refuse_page(app_reply *ret)
{
    return give_page(
        ret, 403,
        PAGE("This was not begun in this browser, or it is over. Begin again "
             "where you were asked.",
             "此请求不是在本浏览器中发起的，或已结束。请在原处重新开始。"));
}

static yao_status thank(app_reply *ret)
{
    return give_page(ret, 200,
                     PAGE("Done. You may go on where you were asked.",
                          "已完成，请回到原处继续。"));
}

static yao_status send_to(app_reply *ret, yao_text place)
{
    YAO_TRY(app_reply_empty(ret, 302));
    return app_reply_header(ret, "Location", place);
}

/* ---- going to the wallet ---- */

static bool is_same_device(const store_enquiry *e, yao_time now)
{
    return (e->device & STORE_DEVICE_SAME) != 0 &&
           e->state == STORE_ENQUIRY_OPEN && now < e->expires;
}

static yao_status find(app_call *call, store_enquiry *ret)
{
    uint8_t id[STORE_ID_LEN];

    if (!desk_read_id(call->parts[0], id))
        return YAO_E_NOT_FOUND;
    return store_get_enquiry(desk_of(call)->store,
                             (yao_bytes){id, STORE_ID_LEN}, call->now,
                             call->arena, ret);
}

static yao_status bind(app_call *call, const store_enquiry *e, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    yao_text     letters;
    yao_bytes    hash;

    YAO_TRY(app_random_letters(call->arena, DESK_LETTERS, &letters));
    YAO_TRY(desk_hash(call, letters, &hash));
    store_bind_enquiry(&change, e->id, hash, call->now);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    return put_cookie(call, ret, letters);
}

static yao_status link_of(app_call *call, yao_text *ret)
{
    desk_session s;

    YAO_TRY(desk_session_read(call, call->parts[0], &s));
    yao_status status = desk_session_link(call, &s, ret);
    desk_session_close(&s);
    return status;
}

static yao_status go(app_call *call, app_reply *ret)
{
    store_enquiry e;
    yao_bytes     mine;
    yao_text      link;

    yao_status status = find(call, &e);
    if (status == YAO_E_NOT_FOUND ||
        (status == YAO_OK && !is_same_device(&e, call->now)))
        return refuse_page(ret);
    YAO_TRY(status);
    status = link_of(call, &link);
    if (status == YAO_E_NOT_FOUND)
        return refuse_page(ret);
    YAO_TRY(status);
    YAO_TRY(read_cookie(call, &mine));
    YAO_TRY(send_to(ret, link));
    if (e.browser.len > 0)
        status = yao_bytes_equal(e.browser, mine) ? YAO_OK : YAO_E_NOT_FOUND;
    else
        status = bind(call, &e, ret);
    if (status != YAO_E_NOT_FOUND)
        return status;
    *ret = (app_reply){.status = 0};
    return refuse_page(ret); /* another browser has it */
}

/* ---- coming back ---- */

/* The result that nobody could fetch before. */
static yao_status announce(app_call *call, const store_enquiry *e,
                           store_change *change)
{
    desk_announcement a = {.id      = e->id,
                           .client  = e->client,
                           .event   = "session.done",
                           .profile = e->profile,
                           .state   = "done"};
    store_judgement   j;

    YAO_TRY(store_get_judgement(desk_of(call)->store, e->id, call->now,
                                call->arena, &j));
    a.verdict = desk_verdict_word((yao_verdict)j.verdict);
    return desk_announce(call, change, &a);
}

/* What may be kept from now on as the profile says. */
yao_status desk_session_finish(app_call *call, const store_enquiry *e,
                               const desk_trust        *t,
                               const store_enquiry_end *end,
                               store_change            *change)
{
    store_enquiry_end  last   = *end;
    const yao_profile *p =
        t != NULL ? yao_profile_by_name(&t->bundle.catalogue, e->profile)
                  : NULL;

    last.ends =
        p != NULL ? desk_retention_end(call, t, p) : call->now + DESK_GRACE;
    store_finish_enquiry(change, &last);
    store_keep_judgement(change, e->id, last.ends, call->now);
    YAO_TRY(announce(call, e, change));
    YAO_TRY(store_commit(desk_of(call)->store, change));
    desk_wake(desk_of(call), e->id);
    return YAO_OK;
}

static yao_status welcome(const store_enquiry *e, app_reply *ret)
{
    return e->back.len > 0 ? send_to(ret, e->back) : thank(ret);
}

static yao_status come_back(app_call *call, const store_enquiry *e,
                            app_reply *ret)
{
    desk             *d   = desk_of(call);
    store_enquiry_end end = {.id = e->id, .now = call->now};
    yao_text          code;

    YAO_TRY(read_cookie(call, &end.browser));
    if (!yao_bytes_equal(end.browser, e->browser))
        return refuse_page(ret);
    if (e->state == STORE_ENQUIRY_DONE || e->state == STORE_ENQUIRY_REFUSED)
        return welcome(e, ret); /* the page was loaded again */
    if (app_query_value(call, "response_code", &code) != YAO_OK)
        return refuse_page(ret);
    YAO_TRY(desk_hash(call, code, &end.code));
    store_change change = store_change_open(call->arena);
    desk_trust  *t      = desk_trust_take(&d->trust);
    yao_status   status = desk_session_finish(call, e, t, &end, &change);
    desk_trust_give(&d->trust, t);
    if (status == YAO_E_NOT_FOUND)
        return refuse_page(ret);
    YAO_TRY(status);
    return welcome(e, ret);
}

static yao_status done(app_call *call, app_reply *ret)
{
    store_enquiry e;

    yao_status status = find(call, &e);
    if (status == YAO_E_NOT_FOUND)
        return refuse_page(ret);
    YAO_TRY(status);
    if (e.state == STORE_ENQUIRY_OPEN)
        return refuse_page(ret);
    if (e.browser.len == 0) /* it went by a code to another device */
        return thank(ret);
    return come_back(call, &e, ret);
}

static const app_route routes[] = {
    {"GET", "/go/{id}", APP_PAGE, go, 0, 0},
    {"GET", "/done/{id}", APP_PAGE, done, 0, 0},
};

const app_routes desk_browser_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
