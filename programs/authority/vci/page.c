/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of the authorization endpoint: no picture, nothing from elsewhere;
 * in the language of the browser. Everything that came from somebody is
 * escaped. The ids yp-allow, yp-deny and yp-error are fixed: others drive these
 * pages by them.
 *
 * Invariant: all of it works without a script. The one there is asks for a
 * passkey where the browser has such; style and script run by their hashes.
 */

#include "authority/vci/parts.h"

#include "app/words.h"
#include "base/ascii.h"
#include "oauth/oauth.h"
#include "vci/configuration.h"

#include <string.h>

static const char style[] =
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:#f6f4ef;"
    "color:#1c1b19}main{max-width:28rem;margin:0 auto;padding:1.5rem}"
    "h1{font-size:1.4rem;margin:.5rem 0}ul{padding-left:1.2rem}"
    "label{display:block;margin:.8rem 0 .2rem}"
    "input{font:inherit;width:100%;box-sizing:border-box;padding:.6rem;"
    "border:1px solid #8a857b;border-radius:.4rem;background:#fff}"
    "button{font:inherit;padding:.7rem 1.2rem;margin:1.2rem .6rem 0 0;"
    "border-radius:.4rem;border:1px solid #8c2f1b;cursor:pointer}"
    "#yp-allow{background:#8c2f1b;color:#fff}#yp-deny{background:#fff;"
    "color:#8c2f1b}#yp-place{overflow-wrap:anywhere}#yp-error{border-left:.3rem solid #8c2f1b;"
    "padding:.4rem .8rem;background:#fff}small{color:#5a564e}"
    "@media(prefers-color-scheme:dark){body{background:#1c1b19;"
    "color:#f0ede6}input,#yp-deny,#yp-error{background:#2a2825;"
    "color:#f0ede6}#yp-deny{color:#ff9d85}small{color:#b5b0a5}}";

/* What comes of the passkey goes with the form, as if it had been typed: no
 * cookie says later who sat here. */
static const char script[] =
    "(()=>{const by=id=>document.getElementById(id),use=by('yp-passkey'),"
    "said=by('yp-said'),kind=window.PublicKeyCredential;"
    "if(!use||!kind||!kind.parseRequestOptionsFromJSON)return;"
    "use.hidden=false;use.onclick=async()=>{try{"
    "const r=await fetch('person/passkey/begin',{method:'POST'});"
    "if(!r.ok)throw 0;"
    "const publicKey=kind.parseRequestOptionsFromJSON("
    "(await r.json()).publicKey);"
    "const c=await navigator.credentials.get({publicKey});"
    "said.value=JSON.stringify(c.toJSON());by('yp-allow').click()"
    "}catch{by('yp-trouble').hidden=false}}})()";

typedef struct pen {
    yao_writer w;
    bool       zh;
} pen;

static void raw(pen *p, const char *html)
{
    yao_put_text(&p->w, html);
}

static void escaped(pen *p, yao_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '&': raw(p, "&amp;"); break;
        case '<': raw(p, "&lt;"); break;
        case '>': raw(p, "&gt;"); break;
        case '"': raw(p, "&quot;"); break;
        case '\'': raw(p, "&#39;"); break;
        default: yao_put_byte(&p->w, text.ptr[i]);
        }
    }
}

static void say(pen *p, yao_words words)
{
    escaped(p, yao_text_of(p->zh ? words.zh : words.en));
}

static void begin(pen *p, yao_words title)
{
    raw(p, p->zh ? "<!doctype html><html lang=\"zh\">"
                 : "<!doctype html><html lang=\"en\">");
    raw(p, "<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
           "content=\"width=device-width,initial-scale=1\"><title>");
    say(p, title);
    raw(p, "</title><style>");
    raw(p, style);
    raw(p, "</style></head><body><main><h1>");
    say(p, title);
    raw(p, "</h1>");
}

static void end(pen *p)
{
    raw(p, "</main></body></html>");
}

/* ---- what the browser may do with it ---- */

/* A place that a form's answer may lead to, as CSP spells it: browsers hold
 * form-action against the redirect too. */
static void put_target(yao_writer *w, yao_text redirect)
{
    yao_bytes bytes  = yao_text_bytes(redirect);
    size_t    colon  = yao_bytes_find(bytes, ':');
    size_t    from   = colon + 3, to = from;
    bool      web    = colon <= 5 && yao_bytes_starts(bytes, YAO_LIT("http"));
    bool      usable = web && from < redirect.len;

    for (; usable && to < redirect.len && redirect.ptr[to] != '/' &&
           redirect.ptr[to] != '?';
         to++) {
        uint8_t b = redirect.ptr[to];
        if (b == ';' || b == ',' || b == '\'' || b == '*' || b == '@')
            usable = false;
    }
    yao_put_byte(w, ' ');
    yao_put_bytes(w, (yao_bytes){redirect.ptr, usable ? to : colon + 1});
}

static bool plain_scheme(yao_text redirect)
{
    for (size_t i = 0; i < redirect.len && redirect.ptr[i] != ':'; i++) {
        uint8_t b = redirect.ptr[i];
        if (!yao_ascii_letter(b) && !yao_ascii_digit(b) && b != '+' &&
            b != '-' && b != '.')
            return false;
    }
    return true;
}

static void put_hash(app_call *call, yao_writer *w, yao_bytes of)
{
    uint8_t hash[YAO_SHA256_LEN];

    if (call->crypto->hash(call->crypto->ctx, YAO_SHA256, &of, 1, hash) !=
        YAO_OK) {
        w->status = YAO_E_CRYPTO;
        return;
    }
    yao_put_text(w, "'sha256-");
    yao_put_base64(w, (yao_bytes){hash, sizeof hash});
    yao_put_byte(w, '\'');
}

static yao_status put_policy(app_call *call, yao_text redirect,
                             app_reply *reply)
{
    yao_bytes  text;
    yao_writer w = yao_writer_in(call->arena);

    yao_put_text(&w, "default-src 'none'; base-uri 'none'; "
                     "frame-ancestors 'none'; style-src ");
    put_hash(call, &w, (yao_bytes){(const uint8_t *)style, sizeof style - 1});
    yao_put_text(&w, "; connect-src 'self'; script-src ");
    put_hash(call, &w, (yao_bytes){(const uint8_t *)script, sizeof script - 1});
    yao_put_text(&w, "; form-action 'self'");
    if (redirect.len != 0 && plain_scheme(redirect))
        put_target(&w, redirect);
    YAO_TRY(yao_writer_keep(&w, call->arena, &text));
    return app_reply_header(reply, "Content-Security-Policy",
                            (yao_text){text.ptr, text.len});
}

static yao_status finish(app_call *call, pen *p, int status, yao_text redirect,
                         app_reply *reply)
{
    yao_bytes html;

    end(p);
    YAO_TRY(yao_writer_keep(&p->w, call->arena, &html));
    YAO_TRY(app_reply_bytes(reply, status, "text/html; charset=utf-8", html));
    YAO_TRY(put_policy(call, redirect, reply));
    /* with no-referrer a browser sends its own form as from "null" (Fetch,
     * "append a request Origin header"), and it would be refused */
    YAO_TRY(app_reply_header(reply, "Referrer-Policy",
                             YAO_TEXT("same-origin")));
    return app_reply_header(reply, "Cache-Control", YAO_TEXT("no-store"));
}

/* ---- who asks for what ---- */

static const char *format_words(yao_vci_format format)
{
    switch (format) {
    case YAO_VCI_MDOC: return " (mdoc)";
    case YAO_VCI_SDJWT: return " (SD-JWT)";
    case YAO_VCI_CARD: return " (QR)";
    case YAO_VCI_PAPER: return " (paper)";
    case YAO_VCI_NO_FORMAT:
    default: return "";
    }
}

static void put_document(app_call *call, pen *p, yao_text id)
{
    yao_vci_configuration c;

    raw(p, "<li>");
    if (yao_vci_find_configuration(server_catalogue(call), id, &c) == YAO_OK) {
        escaped(p, yao_label_in(c.definition->title, p->zh ? YAO_ZH : YAO_EN));
        raw(p, format_words(c.format));
    } else {
        escaped(p, id);
    }
    raw(p, "</li>");
}

/* Scheme, host and port of where the answer goes: a name is what a client says
 * of itself, this is who gets the code. */
static yao_text place_of(yao_text redirect)
{
    size_t at = yao_bytes_find(yao_text_bytes(redirect), ':') + 3;

    while (at < redirect.len && redirect.ptr[at] != '/' &&
           redirect.ptr[at] != '?')
        at++;
    return (yao_text){redirect.ptr, at < redirect.len ? at : redirect.len};
}

static void put_place(pen *p, yao_text redirect)
{
    raw(p, "<p>");
    say(p, WORDS("Your answer goes to:", "您的答复将发往："));
    raw(p, " <strong id=\"yp-place\">");
    escaped(p, place_of(redirect));
    raw(p, "</strong></p>");
}

static void put_asked(app_call *call, pen *p, const vci_page *page)
{
    const yao_details *details = &page->request->grant.details;
    yao_text           who     = page->request->client_id;

    if (page->client != NULL && page->client->name.len != 0)
        who = page->client->name;
    raw(p, "<p>");
    say(p, WORDS("This wallet wants to receive your documents:",
                 "以下钱包请求领取您的证件："));
    raw(p, " <strong>");
    escaped(p, who);
    raw(p, "</strong></p><ul>");
    for (size_t i = 0; i < details->count; i++)
        put_document(call, p, details->items[i].configuration);
    raw(p, "</ul>");
    put_place(p, page->request->redirect_uri);
    raw(p, "<p><small>");
    say(p, WORDS("Allow it only if you began this yourself, in your own "
                 "wallet, just now.",
                 "仅当您刚刚在自己的钱包中主动发起时才应同意。"));
    raw(p, "</small></p>");
}

static void put_hidden(pen *p, const char *name, yao_text value)
{
    raw(p, "<input type=\"hidden\" name=\"");
    raw(p, name);
    raw(p, "\" value=\"");
    escaped(p, value);
    raw(p, "\">");
}

static void put_login(pen *p)
{
    raw(p, "<label for=\"yp-number\">");
    say(p, WORDS("Identity number", "公民身份号码"));
    raw(p, "</label><input id=\"yp-number\" name=\"number\" maxlength=\"32\" "
           "autocomplete=\"off\" inputmode=\"text\">"
           "<label for=\"yp-code\">");
    say(p, WORDS("Access code", "访问码"));
    raw(p, "</label><input id=\"yp-code\" name=\"code\" type=\"password\" "
           "maxlength=\"64\" autocomplete=\"off\">");
}

static void put_passkey(pen *p)
{
    raw(p, "<input type=\"hidden\" id=\"yp-said\" name=\"passkey\">"
           "<button id=\"yp-passkey\" type=\"button\" hidden>");
    say(p, WORDS("Allow with a passkey", "使用通行密钥同意"));
    raw(p, "</button><p id=\"yp-trouble\" role=\"alert\" hidden>");
    say(p, WORDS("That did not work. Try again, or use your number and access "
                 "code.",
                 "未能完成。请重试，或使用号码与访问码。"));
    raw(p, "</p><script>");
    raw(p, script);
    raw(p, "</script>");
}

static void put_trouble(pen *p, const vci_page *page)
{
    if (!page->wrong)
        return;
    raw(p, "<p id=\"yp-error\" role=\"alert\">");
    if (page->wait)
        say(p, WORDS("Too many wrong tries. Wait a while, or ask at a counter.",
                     "错误次数过多，请稍后再试，或到窗口办理。"));
    else
        say(p, WORDS("Number or access code are wrong, or this offer is for "
                     "somebody else. Please check and try again.",
                     "号码或访问码有误，或该邀约属于他人，请核对后重试。"));
    raw(p, "</p>");
}

/* The form is sent to where the page came from: its own address. */
static yao_status put_form(app_call *call, pen *p, const vci_page *page)
{
    yao_text action = server_url(call);

    raw(p, "<form method=\"post\" action=\"");
    escaped(p, action);
    raw(p, "/authorize\">");
    put_hidden(p, "client_id", page->request->client_id);
    put_hidden(p, "request_uri", page->request_uri);
    if (page->login)
        put_login(p);
    raw(p, "<button id=\"yp-allow\" name=\"answer\" value=\"allow\">");
    say(p, WORDS("Allow", "同意"));
    raw(p, "</button><button id=\"yp-deny\" name=\"answer\" value=\"deny\">");
    say(p, WORDS("Deny", "拒绝"));
    raw(p, "</button>");
    if (page->login)
        put_passkey(p);
    raw(p, "</form>");
    return p->w.status;
}

yao_status vci_page_reply(app_call *call, const vci_page *page,
                          app_reply *reply)
{
    pen p = {yao_writer_in(call->arena), app_wants_chinese(call)};

    begin(&p, WORDS("Receive documents", "领取证件"));
    if (server_demo(call)) {
        raw(&p, "<p><strong>SPECIMEN</strong> ");
        say(&p, WORDS("A demonstration: nobody here is real.",
                      "演示系统，人员均为虚构。"));
        raw(&p, "</p>");
    }
    put_trouble(&p, page);
    put_asked(call, &p, page);
    YAO_TRY(put_form(call, &p, page));
    return finish(call, &p, page->wait ? 429 : page->wrong ? 403 : 200,
                  page->request->redirect_uri, reply);
}

yao_status vci_error_page(app_call *call, int status, app_reply *reply)
{
    yao_text none = {NULL, 0};

    *reply = (app_reply){.status = 0};
    pen p  = {yao_writer_in(call->arena), app_wants_chinese(call)};
    begin(&p, WORDS("This does not work", "无法继续"));
    raw(&p, "<p id=\"yp-error\" role=\"alert\">");
    if (status >= 500)
        say(&p, WORDS("The server cannot do it now. Try again in a moment.",
                      "服务暂时不可用，请稍后重试。"));
    else
        say(&p, WORDS("This request is not known, was used already, or is over "
                      "(invalid_request_uri). Begin again in your wallet.",
                      "该请求不存在、已使用或已过期（invalid_request_uri），"
                      "请在钱包中重新开始。"));
    raw(&p, "</p>");
    return finish(call, &p, status, none, reply);
}
