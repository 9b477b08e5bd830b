/* SPDX-License-Identifier: Apache-2.0 */

/** What rows of a table promise, without a network: requests in, replies out.
 */

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "app/log.h"
#include "app/router.h"
#include "oauth/form.h"
#include "yaopai/openssl.h"

enum { PUBLIC = 0, CONSOLE = 1, ADMIN = 3 };

/* ---- a server ------------------------------------------------------------ */

static unsigned calls; /* of the handlers */

static yao_status give_parts(app_call *call, app_reply *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    calls++;
    yao_put_bytes(&w, yao_text_bytes(call->http->path));
    for (size_t i = 0; i < APP_MAX_PARTS && call->parts[i].len > 0; i++) {
        yao_put_text(&w, " ");
        yao_put_bytes(&w, yao_text_bytes(call->parts[i]));
    }
    return app_reply_json(ret, call, 200, &w);
}

static yao_status give_literal(app_call *call, app_reply *ret)
{
    (void)call;
    calls++;
    return app_reply_bytes(ret, 200, "text/plain", YAO_LIT("literal"));
}

static yao_status give_cached(app_call *call, app_reply *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    calls++;
    yao_put_text(&w, "a list");
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return app_reply_cache(ret, call, 60);
}

static yao_status give_page(app_call *call, app_reply *ret)
{
    (void)call;
    calls++;
    YAO_TRY(app_reply_header(ret, "Content-Security-Policy",
                             YAO_TEXT("default-src 'self'")));
    return app_reply_bytes(ret, 200, "text/html; charset=utf-8",
                           YAO_LIT("<p>"));
}

static yao_status give_cookie(app_call *call, app_reply *ret)
{
    calls++;
    return app_reply_bytes(
        ret, 200, "text/plain",
        yao_text_bytes(net_header_find(call->http, "cookie", NULL)));
}

static yao_status give_code(app_call *call, app_reply *ret)
{
    yao_form        form;
    const yao_text *code;

    calls++;
    YAO_TRY(yao_form_read(call->arena, call->http->body, &form));
    code = yao_form_get(&form, "code");
    if (code == NULL)
        return YAO_E_MISSING;
    return app_reply_bytes(ret, 200, "text/plain", yao_text_bytes(*code));
}

static yao_status give_json(app_call *call, app_reply *ret)
{
    const yao_json *root;
    yao_text        text;

    calls++;
    YAO_TRY(app_body_json(call, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "a"), call->arena, &text));
    return app_reply_bytes(ret, 200, "text/plain", yao_text_bytes(text));
}

static yao_status give_who(app_call *call, app_reply *ret)
{
    calls++;
    return app_reply_bytes(ret, 200, "text/plain",
                           yao_text_bytes(yao_text_of(call->who)));
}

static yao_status fail_with(app_call *call, app_reply *ret)
{
    yao_text word;

    (void)ret;
    calls++;
    YAO_TRY(app_query_value(call, "s", &word));
    return (yao_status)((word.ptr[0] - '0') * 100 + (word.ptr[1] - '0') * 10 +
                        (word.ptr[2] - '0'));
}

static yao_status forget(app_call *call, app_reply *ret)
{
    (void)call;
    (void)ret;
    calls++;
    return YAO_OK;
}

#define WALLET  APP_ANY_WALLET
#define CLERK   APP_CLERK
static const app_route public_routes[] = {
    {"GET", "/lists/{number}", WALLET, give_parts, 0, 0},
    {"GET", "/lists/all", WALLET, give_literal, 0, 0},
    {"GET", "/a/{b}/c/{d}", WALLET, give_parts, 0, 0},
    {"GET", "/cached", WALLET, give_cached, 0, 0},
    {"GET", "/.well-known/issuer", WALLET, give_parts, 0, 0},
    {"POST", "/token", WALLET | APP_FORM, give_code, 0, 0},
    {"POST", "/credential", WALLET | APP_JSON | APP_JWT, give_json, 0, 100},
    {"POST", "/picture", WALLET | APP_RAW, give_literal, 0, 0},
    {"POST", "/nonce", WALLET, give_literal, 0, 0},
    {"GET", "/cookie", WALLET, give_cookie, 0, 0},
    {"GET", "/page", APP_PAGE, give_page, 0, 0},
    {"POST", "/page", APP_PAGE | APP_FORM, give_code, 0, 0},
    {"GET", "/page/cookie", APP_PAGE, give_cookie, 0, 0},
    {"GET", "/mine", APP_SESSION, give_who, 0, 0},
    {"POST", "/mine", APP_SESSION, give_who, 0, 0},
    {"GET", "/held", APP_WALLET, give_who, 0, 0},
    {"POST", "/held", APP_WALLET, give_who, 0, 0},
    {"GET", "/held/cookie", APP_WALLET, give_cookie, 0, 0},
    {"GET", "/kiosk", APP_KIOSK, give_who, 0, 0},
    {"POST", "/program", APP_PROGRAM, give_who, 0, 0},
    {"GET", "/fail", WALLET, fail_with, 0, 0},
    {"GET", "/forget", WALLET, forget, 0, 0},
};
static const app_route console_routes[] = {
    {"GET", "/cases", APP_OPERATOR, give_who, CLERK, 0},
    {"POST", "/cases", APP_OPERATOR, give_who, CLERK, 0},
};
static const app_route admin_routes[] = {
    {"GET", "/inside", APP_ADMIN, give_literal, 0, 0},
};
static const app_routes tables[] = {
    {public_routes, COUNT(public_routes), 1u << PUBLIC},
    {console_routes, COUNT(console_routes), 1u << CONSOLE},
    {admin_routes, COUNT(admin_routes), 1u << ADMIN},
    /* the same by mistake on a listener of the public's: still closed */
    {admin_routes, COUNT(admin_routes), 1u << PUBLIC},
};

/* The door: "X-Who" says what it finds. */
static yao_status door(app_call *call)
{
    yao_text who = net_header_find(call->http, "x-who", NULL);

    if (who.len == 0)
        return YAO_E_MISSING;
    if (yao_text_equal(who, YAO_TEXT("other")))
        return YAO_E_NOT_AUTHORISED;
    if (yao_text_equal(who, YAO_TEXT("broken")))
        return YAO_E_STORE;
    if (!yao_text_equal(who, YAO_TEXT("zero")))
        call->who = "somebody";
    return YAO_OK;
}

static yao_openssl *openssl;

static const yao_crypto *crypto_of(void *server, unsigned worker)
{
    (void)server;
    (void)worker;
    return yao_openssl_crypto(openssl);
}

static app_router *open_router(bool doors)
{
    app_router        *r = NULL;
    app_router_options o = {.tables      = tables,
                            .table_count = COUNT(tables),
                            .crypto      = crypto_of,
                            .admin       = ADMIN};

    o.urls[PUBLIC]  = YAO_TEXT("https://a.example:444/issuer1");
    o.urls[CONSOLE] = YAO_TEXT("https://console.example");
    if (doors)
        o.doors = (app_doors){door, door, NULL, door, door};
    assert_status(app_router_open(&o, &r), YAO_OK);
    return r;
}

/* ---- requests ----------------------------------------------------------- */

/* "name: value" lines. */
static size_t read_headers(const char *text, net_header *out)
{
    size_t count = 0;

    while (text != NULL && *text != '\0') {
        const char *colon = strchr(text, ':');
        const char *end   = strchr(text, '\n');
        if (end == NULL)
            end = text + strlen(text);
        out[count++] = (net_header){
            {(const uint8_t *)text, (size_t)(colon - text)},
            {(const uint8_t *)colon + 2, (size_t)(end - colon - 2)}};
        text = *end == '\n' ? end + 1 : end;
    }
    return count;
}

typedef struct row {
    const char *name;
    const char *method, *path, *headers, *body;
    int         status;
    const char *answer; /* the body; NULL: not looked at */
    unsigned    listener;
} row;

static net_response ask(app_router *r, const row *w)
{
    static net_header headers[16];
    net_response      ret  = {.status = 0};
    yao_text          path = yao_text_of(w->path);
    net_request       q    = {.method   = yao_text_of(w->method),
                              .headers  = headers,
                              .listener = w->listener,
                              .uid      = (int64_t)geteuid(),
                              .arena    = test_arena()};

    size_t at = yao_bytes_find(yao_text_bytes(path), '?');
    q.path    = (yao_text){path.ptr, at};
    if (at < path.len)
        q.query = (yao_text){path.ptr + at + 1, path.len - at - 1};
    q.header_count = read_headers(w->headers, headers);
    if (w->body != NULL)
        q.body = yao_text_bytes(yao_text_of(w->body));
    app_router_handle(r, &q, &ret);
    return ret;
}

static yao_text header_of(const net_response *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (yao_text_equal(answer->headers[i].name, yao_text_of(name)))
            return answer->headers[i].value;
    return (yao_text){NULL, 0};
}

#define OURS  "origin: https://a.example:444"
#define FORM  "content-type: application/x-www-form-urlencoded"
#define JSON  "content-type: application/json"
#define WHO   "x-who: me\n"

static const row rows[] = {
    {"gives what stood for a part", "GET", "/lists/7", NULL, NULL, 200,
     "/lists/7 7", 0},
    {"gives the more exact of two", "GET", "/lists/all", NULL, NULL, 200,
     "literal", 0},
    {"gives several parts", "GET", "/a/x-1/c/y.2~_", NULL, NULL, 200,
     "/a/x-1/c/y.2~_ x-1 y.2~_", 0},
    {"gives HEAD where there is GET", "HEAD", "/lists/7", NULL, NULL, 200, NULL,
     0},
    {"gives a path without the public one (A1)", "GET", "/issuer1/lists/7",
     NULL, NULL, 200, "/lists/7 7", 0},
    {"gives a well-known path with the public one inserted (A1)", "GET",
     "/.well-known/issuer/issuer1", NULL, NULL, 200, "/.well-known/issuer", 0},
    {"refuses another path inserted", "GET", "/.well-known/issuer/issuer2",
     NULL, NULL, 404, NULL, 0},
    {"refuses the beginning of the public path", "GET", "/issuer12/lists/7",
     NULL, NULL, 404, NULL, 0},
    {"refuses the public path twice", "GET", "/issuer1/issuer1/lists/7", NULL,
     NULL, 404, NULL, 0},
    {"refuses no part", "GET", "/lists/", NULL, NULL, 404, NULL, 0},
    {"refuses a slash more", "GET", "/lists/7/", NULL, NULL, 404, NULL, 0},
    {"refuses two slashes", "GET", "//lists/7", NULL, NULL, 404, NULL, 0},
    {"refuses a part that walks", "GET", "/lists/..", NULL, NULL, 404, NULL, 0},
    {"refuses a part that stays", "GET", "/lists/.", NULL, NULL, 404, NULL, 0},
    {"refuses an escape in a part", "GET", "/lists/%2e%2e", NULL, NULL, 404,
     NULL, 0},
    {"refuses another case", "GET", "/Lists/7", NULL, NULL, 404, NULL, 0},
    {"refuses what is not there", "GET", "/none", NULL, NULL, 404, NULL, 0},
    {"refuses another listener's route", "GET", "/cases", WHO, NULL, 404, NULL,
     PUBLIC},
    {"refuses a listener that nobody has", "GET", "/lists/7", NULL, NULL, 404,
     NULL, 77},
    {"refuses another method", "DELETE", "/lists/7", NULL, NULL, 405, NULL, 0},
    {"refuses OPTIONS where no other page may ask", "OPTIONS", "/page", NULL,
     NULL, 405, NULL, 0},
    {"accepts that a page asks whether it may", "OPTIONS", "/token", NULL, NULL,
     204, "", 0},

    {"gives a value of a form", "POST", "/token", FORM, "a=1&code=x%20y+z", 200,
     "x y z", 0},
    {"accepts a type with parameters and of any case", "POST", "/token",
     "content-type: Application/X-WWW-Form-Urlencoded ; charset=utf-8",
     "code=1", 200, "1", 0},
    {"refuses a form without the value", "POST", "/token", FORM, "a=1", 400,
     NULL, 0},
    {"refuses a form with the value twice", "POST", "/token", FORM,
     "code=1&code=2", 400, NULL, 0},
    {"refuses a form with another value twice", "POST", "/token", FORM,
     "code=1&b=1&b=2", 400, NULL, 0},
    {"refuses a form with an empty value", "POST", "/token", FORM, "code=", 400,
     NULL, 0},
    {"refuses a form with half an escape", "POST", "/token", FORM, "code=%4",
     400, NULL, 0},
    {"refuses a form of another type", "POST", "/token", JSON, "code=1", 415,
     NULL, 0},
    {"refuses a body without a type", "POST", "/token", NULL, "code=1", 415,
     NULL, 0},
    {"refuses two types", "POST", "/token", FORM "\n" FORM, "code=1", 400, NULL,
     0},
    {"refuses a type that begins alike", "POST", "/token",
     "content-type: application/x-www-form-urlencodedx", "code=1", 415, NULL,
     0},
    {"refuses a packed body (N312)", "POST", "/token",
     FORM "\ncontent-encoding: gzip", "code=1", 415, NULL, 0},
    {"gives a value of JSON", "POST", "/credential", JSON, "{\"a\":\"b\"}", 200,
     "b", 0},
    {"accepts the other type of two", "POST", "/credential",
     "content-type: application/jwt", "{\"a\":\"b\"}", 200, "b", 0},
    {"refuses what is no JSON", "POST", "/credential", JSON, "{\"a\":", 400,
     NULL, 0},
    {"refuses JSON that is too deep (N307)", "POST", "/credential", JSON,
     "[[[[[[[[[[[[[[[[[", 400, NULL, 0},
    {"accepts a picture", "POST", "/picture", "content-type: image/jpeg", "x",
     200, "literal", 0},
    {"accepts bytes", "POST", "/picture",
     "content-type: application/octet-stream", "x", 200, "literal", 0},
    {"refuses image/ and nothing", "POST", "/picture", "content-type: image/",
     "x", 415, NULL, 0},
    {"accepts no body where none is wanted", "POST", "/nonce", NULL, NULL, 200,
     "literal", 0},
    {"refuses a body where none is wanted", "POST", "/nonce", JSON, "{}", 413,
     NULL, 0},

    {"never shows a cookie to what any page may ask", "GET", "/cookie",
     "cookie: s=1\nx-a: b\ncookie: t=2", NULL, 200, "", 0},
    {"gives a cookie to a page of our own", "GET", "/page/cookie",
     "cookie: s=1", NULL, 200, "s=1", 0},
    {"accepts a change by our own page", "POST", "/page", FORM "\n" OURS,
     "code=1", 200, "1", 0},
    {"accepts what both headers say", "POST", "/page",
     FORM "\n" OURS "\nsec-fetch-site: same-origin", "code=1", 200, "1", 0},
    {"refuses a change by another page (N337)", "POST", "/page",
     FORM "\norigin: https://b.example", "code=1", 403, NULL, 0},
    {"refuses a change by a page of another port", "POST", "/page",
     FORM "\norigin: https://a.example", "code=1", 403, NULL, 0},
    {"refuses an origin that is null", "POST", "/page", FORM "\norigin: null",
     "code=1", 403, NULL, 0},
    {"refuses two origins", "POST", "/page", FORM "\n" OURS "\n" OURS,
     "code=1", 403, NULL, 0},
    {"refuses a change from the same site only", "POST", "/page",
     FORM "\nsec-fetch-site: same-site", "code=1", 403, NULL, 0},
    {"refuses our origin from another site", "POST", "/page",
     FORM "\n" OURS "\nsec-fetch-site: cross-site", "code=1", 403, NULL, 0},
    {"accepts a link from elsewhere", "GET", "/mine",
     WHO "sec-fetch-site: cross-site\nsec-fetch-mode: navigate", NULL, 200,
     "somebody", 0},
    {"refuses what another page fetches", "GET", "/mine",
     WHO "sec-fetch-site: cross-site\nsec-fetch-mode: no-cors", NULL, 403, NULL,
     0},

    {"accepts a session", "GET", "/mine", WHO, NULL, 200, "somebody", 0},
    {"accepts a change in a session", "POST", "/mine", WHO OURS, NULL, 200,
     "somebody", 0},
    {"refuses a change in a session without any origin", "POST", "/mine", WHO,
     NULL, 403, NULL, 0},
    {"refuses nobody", "GET", "/mine", NULL, NULL, 401, NULL, 0},
    {"refuses somebody else", "GET", "/mine", "x-who: other", NULL, 403, NULL,
     0},
    {"refuses when it is not known who", "GET", "/mine", "x-who: broken", NULL,
     503, NULL, 0},
    {"accepts the session of a wallet's page of any origin", "POST", "/held",
     WHO "origin: https://wallet.example\nsec-fetch-site: cross-site\n", NULL,
     200, "somebody", 0},
    {"refuses a wallet's page without one", "POST", "/held",
     "origin: https://wallet.example\n", NULL, 401, NULL, 0},
    {"never shows a cookie to a wallet's session", "GET", "/held/cookie",
     WHO "cookie: a=b\n", NULL, 200, "", 0},
    {"refuses a door that found nobody and says yes", "GET", "/mine",
     "x-who: zero", NULL, 401, NULL, 0},
    {"refuses a kind without a door", "GET", "/kiosk", WHO, NULL, 403, NULL, 0},
    {"accepts a program by its door", "POST", "/program", WHO, NULL, 200,
     "somebody", 0},
    {"refuses a program that the door does not know", "POST", "/program", NULL,
     NULL, 401, NULL, 0},
    {"accepts an operator", "GET", "/cases", WHO, NULL, 200, "somebody",
     CONSOLE},
    {"refuses an operator's change from the public page", "POST", "/cases",
     WHO OURS, NULL, 403, NULL, CONSOLE},
    {"accepts an operator's change", "POST", "/cases",
     WHO "origin: https://console.example", NULL, 200, "somebody", CONSOLE},
    {"accepts us on the admin socket", "GET", "/inside", NULL, NULL, 200,
     "literal", ADMIN},
    {"refuses an admin's route elsewhere", "GET", "/inside", NULL, NULL, 403,
     NULL, PUBLIC},

    {"gives 400 for what is wrong", "GET", "/fail?s=201", NULL, NULL, 400, NULL,
     0},
    {"gives 403 for what is not allowed", "GET", "/fail?s=309", NULL, NULL, 403,
     NULL, 0},
    {"gives 404 for what is not there", "GET", "/fail?s=506", NULL, NULL, 404,
     NULL, 0},
    {"gives 409 for what is there", "GET", "/fail?s=313", NULL, NULL, 409, NULL,
     0},
    {"gives 503 for a store that failed", "GET", "/fail?s=501", NULL, NULL, 503,
     NULL, 0},
    {"gives 500 for what we did wrong", "GET", "/fail?s=100", NULL, NULL, 500,
     NULL, 0},
    {"gives 500 when nothing was answered", "GET", "/forget", NULL, NULL, 500,
     NULL, 0},
};

static void answers(void **state)
{
    const row  *w = *state;
    app_router *r   = open_router(true);

    calls = 0;
    net_response answer = ask(r, w);
    assert_int_equal(answer.status, w->status);
    if (w->answer != NULL)
        assert_bytes(answer.body, yao_text_bytes(yao_text_of(w->answer)));
    /* none but those that fail by themselves is called in vain */
    if (w->status == 401 || w->status == 403 || w->status == 405 ||
        w->status == 413 || w->status == 415)
        assert_int_equal(calls, strncmp(w->path, "/fail", 5) == 0);

    /* and everything says: */
    yao_text nosniff = header_of(&answer, "X-Content-Type-Options");
    assert_bytes(yao_text_bytes(nosniff), YAO_LIT("nosniff"));
    assert_bytes(yao_text_bytes(header_of(&answer, "Cache-Control")),
                 YAO_LIT("no-store"));
    assert_bytes(yao_text_bytes(header_of(&answer, "Referrer-Policy")),
                 YAO_LIT("no-referrer"));
    assert_true(header_of(&answer, "Content-Security-Policy").len > 0);
    app_router_close(r);
}

static yao_text ask_header(const char *method, const char *path,
                           const char *name)
{
    app_router  *r      = open_router(true);
    const row    what   = {.method = method, .path = path};
    net_response answer = ask(r, &what);
    yao_text     ret    = header_of(&answer, name);

    app_router_close(r);
    return ret;
}

#define assert_header(method, path, name, want)                                \
    assert_bytes(yao_text_bytes(ask_header(method, path, name)), YAO_LIT(want))

static void crosses_origins(void **state)
{
    (void)state;
    assert_header("GET", "/lists/7", "Access-Control-Allow-Origin", "*");
    assert_header("GET", "/lists/7", "Access-Control-Allow-Credentials", "");
    assert_header("OPTIONS", "/token", "Access-Control-Allow-Origin", "*");
    assert_header("OPTIONS", "/token", "Access-Control-Allow-Methods",
                  "POST, OPTIONS");
    assert_header("OPTIONS", "/token", "Access-Control-Allow-Headers",
                  "Authorization, Content-Type, Accept, Accept-Language, "
                  "DPoP, OAuth-Client-Attestation, "
                  "OAuth-Client-Attestation-PoP, If-Match");
    assert_header("GET", "/lists/7", "Access-Control-Expose-Headers",
                  "DPoP-Nonce, OAuth-Client-Attestation-Challenge, "
                  "WWW-Authenticate, Location, Retry-After, ETag, "
                  "Yaopai-Message");
    assert_header("GET", "/token", "Access-Control-Allow-Origin", "*");
    assert_header("GET", "/token", "Allow", "POST, OPTIONS");
    assert_header("GET", "/page", "Access-Control-Allow-Origin", "");
    assert_header("GET", "/mine", "Access-Control-Allow-Origin", "");
    assert_header("GET", "/held", "Access-Control-Allow-Origin", "*");
    assert_header("GET", "/held", "Access-Control-Allow-Credentials", "");
    assert_header("OPTIONS", "/held", "Access-Control-Allow-Methods",
                  "GET, POST, OPTIONS");
    assert_header("GET", "/none", "Access-Control-Allow-Origin", "");
    assert_header("DELETE", "/page", "Allow", "GET, POST");
    assert_header("GET", "/page", "Content-Security-Policy",
                  "default-src 'self'");
    assert_header("GET", "/lists/7", "Content-Security-Policy",
                  "default-src 'none'; frame-ancestors 'none'");
    assert_header("GET", "/fail?s=501", "Retry-After", "1");
}

static void caches(void **state)
{
    app_router  *r      = open_router(true);
    row          what   = {.method = "GET", .path = "/cached"};
    net_response answer = ask(r, &what);
    char         again[80];
    yao_text     etag = header_of(&answer, "ETag");

    (void)state;
    assert_bytes(answer.body, YAO_LIT("a list"));
    assert_bytes(yao_text_bytes(header_of(&answer, "Cache-Control")),
                 YAO_LIT("public, max-age=60"));
    snprintf(again, sizeof again, "if-none-match: \"x\", %.*s", (int)etag.len,
             (const char *)etag.ptr);
    what.headers = again;
    answer       = ask(r, &what);
    assert_int_equal(answer.status, 304);
    assert_int_equal(answer.body.len, 0);
    what.headers = "if-none-match: \"x\"";
    answer       = ask(r, &what);
    assert_int_equal(answer.status, 200);
    app_router_close(r);
}

/* A forgotten door does not open. */
static void without_doors(void **state)
{
    static const row wants[] = {
        {.method = "GET", .path = "/mine", .headers = WHO},
        {.method   = "GET",
         .path     = "/cases",
         .headers  = WHO,
         .listener = CONSOLE},
        {.method = "GET", .path = "/held", .headers = WHO},
        {.method = "GET", .path = "/kiosk", .headers = WHO}};
    app_router *r = open_router(false);

    (void)state;
    for (size_t i = 0; i < COUNT(wants); i++)
        assert_int_equal(ask(r, &wants[i]).status, 403);
    app_router_close(r);
}

static void refuses_strangers(void **state)
{
    app_router  *r   = open_router(true);
    net_response ret = {.status = 0};
    net_request  q   = {.method   = YAO_TEXT("GET"),
                        .path     = YAO_TEXT("/inside"),
                        .listener = ADMIN,
                        .uid      = (int64_t)geteuid() + 12345,
                        .arena    = test_arena()};

    (void)state;
    app_router_handle(r, &q, &ret);
    assert_int_equal(ret.status, 403);
    q.uid = -1; /* TCP by mistake */
    ret   = (net_response){.status = 0};
    app_router_handle(r, &q, &ret);
    assert_int_equal(ret.status, 403);
    app_router_close(r);
}

static void gives_limits(void **state)
{
    app_router *r = open_router(true);
    yao_text    get = YAO_TEXT("GET"), post = YAO_TEXT("POST");

    (void)state;
    assert_int_equal(app_router_limit(r, PUBLIC, post, YAO_TEXT("/token")),
                     APP_BODY);
    assert_int_equal(
        app_router_limit(r, PUBLIC, post, YAO_TEXT("/issuer1/credential")),
        100);
    assert_int_equal(app_router_limit(r, PUBLIC, post, YAO_TEXT("/nonce")), 0);
    assert_int_equal(app_router_limit(r, PUBLIC, get, YAO_TEXT("/lists/1")), 0);
    assert_true(app_router_limit(r, PUBLIC, post, YAO_TEXT("/none")) <
                APP_BODY);
    app_router_close(r);
}

static void says_why(void **state)
{
    app_router *r    = open_router(true);
    row         what = {.method = "GET", .path = "/fail?s=201"};
    const yao_json *root;

    (void)state;
    net_response answer = ask(r, &what);
    assert_status(yao_json_parse(test_arena(), answer.body, &root), YAO_OK);
    assert_true(yao_json_is(yao_json_get(root, "error"), "invalid_request"));
    assert_non_null(yao_json_get(root, "error_description"));
    assert_non_null(yao_json_get(root, "next"));
    what.headers = "accept-language: zh-CN,zh";
    answer       = ask(r, &what);
    assert_status(yao_json_parse(test_arena(), answer.body, &root), YAO_OK);
    assert_true(yao_json_is(yao_json_get(root, "error_description"),
                            "请求不符合要求"));
    app_router_close(r);
}

/* ---- tables ------------------------------------------------------------- */

static const struct {
    const char *name;
    app_route   route;
    yao_status  want;
} bad[] = {
    {"accepts a complete row", {"GET", "/x", WALLET, forget, 0, 0}, YAO_OK},
    {"refuses a row without a need",
     {"GET", "/x", APP_NOBODY, forget, 0, 0}, YAO_E_USAGE},
    {"refuses a row with a body only",
     {"POST", "/x", APP_JSON, forget, 0, 0}, YAO_E_USAGE},
    {"refuses a row without a function",
     {"GET", "/x", WALLET, NULL, 0, 0}, YAO_E_USAGE},
    {"refuses an operator's row without roles",
     {"GET", "/x", APP_OPERATOR, forget, 0, 0}, YAO_E_USAGE},
    {"refuses roles of nobody",
     {"GET", "/x", WALLET, forget, APP_CLERK, 0}, YAO_E_USAGE},
    {"refuses a path without a slash",
     {"GET", "x", WALLET, forget, 0, 0}, YAO_E_USAGE},
    {"refuses a part with letters beside it",
     {"GET", "/a{b}", WALLET, forget, 0, 0}, YAO_E_USAGE},
    {"refuses five parts",
     {"GET", "/{a}/{b}/{c}/{d}/{e}", WALLET, forget, 0, 0}, YAO_E_USAGE},
    {"refuses a row twice",
     {"GET", "/lists/{other}", WALLET, forget, 0, 0}, YAO_E_DUPLICATE},
};

static void looks_at_rows(void **state)
{
    size_t             i    = (size_t)(uintptr_t)*state;
    app_routes         two[] = {tables[0], {&bad[i].route, 1, 1u << PUBLIC}};
    app_router_options o     = {
            .tables = two, .table_count = 2, .crypto = crypto_of};
    app_router *r = NULL;

    assert_status(app_router_open(&o, &r), bad[i].want);
    app_router_close(r);
    o.table_count = APP_MAX_TABLES + 1;
    assert_status(app_router_open(&o, &r), YAO_E_LIMIT);
}

/* ---- log and metrics ---------------------------------------------------- */

/* What FN prints on standard error. */
static const char *printed(void (*fn)(void))
{
    static char text[65536];
    int         ends[2], saved = dup(STDERR_FILENO);

    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    fn();
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    size_t  len = 0;
    ssize_t n;
    while ((n = read(ends[0], text + len, sizeof text - 1 - len)) > 0)
        len += (size_t)n;
    text[len] = '\0';
    close(ends[0]);
    return text;
}

static void log_values(void)
{
    const app_log_field fields[] = {
        {"route", "/lists/{number}", 0},   {"count", NULL, 17},
        {"a", "11010119900307", 0},        {"b", "张三", 0},
        {"c", "two words", 0},             {"d", "line\nevent=fake", 0}};

    app_log(APP_LOG_WARN, "test", fields, COUNT(fields));
}

static void logs_no_values(void **state)
{
    const char *text = printed(log_values);

    (void)state;
    assert_non_null(strstr(text, " level=warn event=test route=/lists/{number} "
                                 "count=17 a=? b=? c=? d=?\n"));
}

static void log_canary(void)
{
    app_router *r    = open_router(true);
    row         what = {.method  = "GET",
                        .path    = "/lists/CANARY-110101199003070000?q=CANARY",
                        .headers = "x-who: CANARY"};

    (void)ask(r, &what);
    what.path = "/CANARY";
    (void)ask(r, &what);
    what.method = "CANARY";
    (void)ask(r, &what);
    app_router_close(r);
}

/* N316, N317: what somebody sends is not in any line. */
static void logs_no_canary(void **state)
{
    sleep(1); /* a new second: the cases before filled theirs */
    const char *text = printed(log_canary);

    (void)state;
    assert_null(strstr(text, "CANARY"));
    assert_null(strstr(text, "110101"));
    assert_non_null(strstr(text, "event=request method=GET "
                                 "route=/lists/{number} status=200 us="));
    assert_non_null(strstr(text, "method=other route=none status=404"));
}

static void log_flood(void)
{
    for (int i = 0; i < 5000; i++)
        app_log_request_done(&(app_log_request){
            .route = "/x", .method = YAO_TEXT("GET"), .status = 400});
}

static void logs_no_flood(void **state)
{
    yao_time    began   = yao_now();
    const char *text    = printed(log_flood);
    size_t      seconds = (size_t)(yao_now() - began) + 1, lines = 0;

    (void)state;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    assert_true(lines <= seconds * (APP_LOG_SECOND + 1));
}

static double nine(void *ctx)
{
    (void)ctx;
    return 9;
}

static void counts(void **state)
{
    app_router *r    = open_router(true);
    row         what = {.method = "GET", .path = "/lists/CANARY"};
    char        text[65536];
    yao_bytes   out;

    (void)state;
    for (int i = 0; i < 3; i++)
        (void)ask(r, &what);
    what.path = "/none/CANARY";
    (void)ask(r, &what);
    assert_int_equal(app_metrics_get(app_router_metrics(r), 0, 2), 3);
    assert_status(app_metrics_gauge(app_router_metrics(r), "yaopai_nine",
                                    "Nine", nine, NULL),
                  YAO_OK);
    assert_status(app_metrics_gauge(app_router_metrics(r), "Bad name", "", nine,
                                    NULL),
                  YAO_E_USAGE);
    yao_writer w = yao_writer_open((uint8_t *)text, sizeof text - 1);
    app_router_put_metrics(r, &w);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    text[out.len] = '\0';
    assert_non_null(strstr(text, "yaopai_requests_total{method=\"GET\",route=\""
                                 "/lists/{number}\",class=\"2xx\"} 3\n"));
    assert_non_null(strstr(text, "route=\"none\",class=\"4xx\"} 1\n"));
    assert_non_null(strstr(text, "le=\"+Inf\"} 3\n"));
    assert_non_null(strstr(text, "# TYPE yaopai_nine gauge\nyaopai_nine 9\n"));
    assert_null(strstr(text, "CANARY")); /* N322 */
    int more = 0;
    while (app_metrics_gauge(app_router_metrics(r), "yaopai_more", "", nine,
                             NULL) == YAO_OK)
        more++;
    assert_int_equal(more, APP_MAX_GAUGES - 1);
    app_router_close(r);
}

static void cuts_urls(void **state)
{
    static const struct {
        const char *url, *origin, *path;
    } urls[] = {{"https://a.example", "https://a.example", ""},
                {"https://a.example/", "https://a.example", ""},
                {"https://a.example:444/i/j/", "https://a.example:444", "/i/j"},
                {"", "", ""}};

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        yao_text url = yao_text_of(urls[i].url);
        assert_bytes(yao_text_bytes(app_url_origin(url)),
                     yao_text_bytes(yao_text_of(urls[i].origin)));
        assert_bytes(yao_text_bytes(app_url_path(url)),
                     yao_text_bytes(yao_text_of(urls[i].path)));
    }
}

int main(void)
{
    openssl = yao_openssl_open();
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("router", rows[i].name, answers, &rows[i]);
    test_add("router", "gives other pages what they may have", crosses_origins,
             NULL);
    test_add("router", "gives 304 for what is known", caches, NULL);
    test_add("router", "never opens where there is no door", without_doors,
             NULL);
    test_add("router", "refuses other users on the admin socket",
             refuses_strangers, NULL);
    test_add("router", "gives the limit of a body (N304, N308)", gives_limits,
             NULL);
    test_add("router", "gives what failed, why and what to do", says_why, NULL);
    for (size_t i = 0; i < COUNT(bad); i++)
        test_add("table", bad[i].name, looks_at_rows, (void *)(uintptr_t)i);
    test_add("log", "never prints what is no word of ours (N281)",
             logs_no_values, NULL);
    test_add("log", "never prints what was sent (N316, N317)", logs_no_canary,
             NULL);
    test_add("log", "never fills a disk (N279)", logs_no_flood, NULL);
    test_add("metrics", "gives counts by pattern only (N322)", counts, NULL);
    test_add("url", "gives origin and path", cuts_urls, NULL);
    int code = test_run("app/router");
    yao_openssl_close(openssl);
    return code;
}
