/* SPDX-License-Identifier: Apache-2.0 */
#include "app/router.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/log.h"
#include "base/ascii.h"

/* A body for a path that nobody has: so that 404 can be said, not 413. */
enum { UNKNOWN_BODY = 16 * 1024, MAX_PART = 128 };

typedef struct entry {
    const app_route *route;
    unsigned         listeners;
} entry;

struct app_router {
    app_router_options options;
    entry             *entries;
    size_t             count;
    app_metrics       *metrics;
};

/* ---- paths -------------------------------------------------------------- */

/* "." and ".." are walks, not names. */
static bool is_part(yao_text part)
{
    if (part.len == 0 || part.len > MAX_PART ||
        yao_text_equal(part, YAO_TEXT(".")) ||
        yao_text_equal(part, YAO_TEXT("..")))
        return false;
    for (size_t i = 0; i < part.len; i++)
        if (!yao_ascii_unreserved(part.ptr[i]))
            return false;
    return true;
}

/* What stands between the slash at its beginning and the next. */
static yao_text first_part(yao_text path)
{
    yao_text rest = {path.ptr + 1, path.len - 1};

    return (yao_text){rest.ptr, yao_bytes_find(yao_text_bytes(rest), '/')};
}

static yao_text behind(yao_text path, size_t len)
{
    return (yao_text){path.ptr + len, path.len - len};
}

bool app_path_matches(const char *pattern, yao_text path,
                      yao_text parts[APP_MAX_PARTS], size_t *count)
{
    yao_text wanted = yao_text_of(pattern);

    *count = 0;
    while (wanted.len > 0 && path.len > 0) {
        if (wanted.ptr[0] != '/' || path.ptr[0] != '/')
            return false;
        yao_text want = first_part(wanted), part = first_part(path);
        if (want.len > 0 && want.ptr[0] == '{') {
            if (*count == APP_MAX_PARTS || !is_part(part))
                return false;
            parts[(*count)++] = part;
        } else if (!yao_text_equal(want, part)) {
            return false;
        }
        wanted = behind(wanted, want.len + 1);
        path   = behind(path, part.len + 1);
    }
    return wanted.len == 0 && path.len == 0;
}

yao_text app_url_path(yao_text url)
{
    yao_text rest = url;
    size_t   at   = yao_bytes_find(yao_text_bytes(url), ':');

    if (url.len < 3 || at >= url.len - 3)
        return (yao_text){NULL, 0};
    rest = behind(url, at + 3); /* "://" */
    at   = yao_bytes_find(yao_text_bytes(rest), '/');
    rest = behind(rest, at);
    while (rest.len > 0 && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    return rest;
}

yao_text app_url_origin(yao_text url)
{
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return (yao_text){url.ptr, url.len - app_url_path(url).len};
}

static bool starts(yao_text text, yao_text with)
{
    return yao_bytes_starts(yao_text_bytes(text), yao_text_bytes(with));
}

/* "/.well-known/NAME/issuer1" and "/issuer1/x" without the public path. */
static yao_text without_prefix(yao_text path, yao_text prefix)
{
    if (prefix.len == 0 || path.len <= prefix.len)
        return path;
    if (starts(path, prefix) && path.ptr[prefix.len] == '/')
        return behind(path, prefix.len);
    if (starts(path, YAO_TEXT("/.well-known/")) &&
        yao_text_equal(behind(path, path.len - prefix.len), prefix))
        return (yao_text){path.ptr, path.len - prefix.len};
    return path;
}

/* ---- opening ------------------------------------------------------------ */

static bool is_pattern(const char *path)
{
    const char *open = strchr(path, '{');
    size_t      parts = 0;

    for (; open != NULL; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        if (open[-1] != '/' || close == NULL ||
            (close[1] != '/' && close[1] != '\0'))
            return false;
        parts++;
    }
    return path[0] == '/' && parts <= APP_MAX_PARTS;
}

static bool is_complete(const app_route *r)
{
    int who = r->needs & APP_WHO;

    return r->method != NULL && r->path != NULL && r->run != NULL &&
           is_pattern(r->path) && who != APP_NOBODY &&
           (who == APP_OPERATOR) == (r->roles != 0);
}

/* "/a/{b}" and "/a/{c}" are the same path. */
static bool is_same_path(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        if (*a == '{') {
            a = strchr(a, '}');
            b = strchr(b, '}');
        }
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_taken(const app_router *r, const entry *e)
{
    for (size_t i = 0; i < r->count; i++)
        if ((r->entries[i].listeners & e->listeners) != 0 &&
            strcmp(r->entries[i].route->method, e->route->method) == 0 &&
            is_same_path(r->entries[i].route->path, e->route->path))
            return true;
    return false;
}

static yao_status add_table(app_router *r, const app_routes *table)
{
    for (size_t i = 0; i < table->count; i++) {
        entry e = {&table->routes[i], table->listeners};
        if (!is_complete(e.route))
            return YAO_E_USAGE;
        if (is_taken(r, &e))
            return YAO_E_DUPLICATE;
        r->entries[r->count++] = e;
    }
    return YAO_OK;
}

yao_status app_router_open(const app_router_options *options, app_router **ret)
{
    app_router *r      = calloc(1, sizeof *r);
    size_t      total  = 0;
    yao_status  status = YAO_OK;

    if (r == NULL)
        return YAO_E_SPACE;
    r->options = *options;
    if (options->table_count > APP_MAX_TABLES)
        status = YAO_E_LIMIT;
    for (size_t i = 0; status == YAO_OK && i < options->table_count; i++)
        total += options->tables[i].count;
    r->entries = calloc(total + 1, sizeof *r->entries);
    if (r->entries == NULL)
        status = YAO_E_SPACE;
    for (size_t i = 0; status == YAO_OK && i < options->table_count; i++)
        status = add_table(r, &options->tables[i]);
    if (status == YAO_OK)
        status = app_metrics_open(total, &r->metrics);
    if (status != YAO_OK) {
        app_router_close(r);
        return status;
    }
    *ret = r;
    return YAO_OK;
}

void app_router_close(app_router *r)
{
    if (r == NULL)
        return;
    app_metrics_close(r->metrics);
    free(r->entries);
    free(r);
}

app_metrics *app_router_metrics(app_router *r)
{
    return r->metrics;
}

/* NULL behind the last. */
static const app_route *route_at(const app_router *r, size_t number)
{
    return number < r->count ? r->entries[number].route : NULL;
}

static const app_route *label(const void *router, size_t number)
{
    return route_at(router, number);
}

void app_router_put_metrics(const app_router *r, yao_writer *w)
{
    app_metrics_put(r->metrics, label, r, w);
}

/* ---- finding ------------------------------------------------------------ */

typedef struct found {
    size_t           number;   /* of the route; the router's count: none */
    const app_route *route;
    yao_text         parts[APP_MAX_PARTS];
    bool             any;      /* the path is somebody's */
    bool             wallet;   /* a page of any origin may ask for it */
    const entry     *methods[8]; /* that it has */
    size_t           method_count;
} found;

static bool has_method(const app_route *route, yao_text method)
{
    yao_text want = yao_text_of(route->method);

    return yao_text_equal(method, want) ||
           (yao_text_equal(method, YAO_TEXT("HEAD")) &&
            yao_text_equal(want, YAO_TEXT("GET")));
}

static void note_method(found *f, const entry *e)
{
    int who = e->route->needs & APP_WHO;

    f->any = true;
    if (who == APP_ANY_WALLET || who == APP_WALLET)
        f->wallet = true;
    if (f->method_count < sizeof f->methods / sizeof f->methods[0])
        f->methods[f->method_count++] = e;
}

/* Of two patterns that match, the one with more of its own words. */
static void find(const app_router *r, unsigned listener, yao_text method,
                 yao_text path, found *ret)
{
    yao_text parts[APP_MAX_PARTS];
    size_t   count, least = APP_MAX_PARTS + 1;

    *ret = (found){.number = r->count};
    for (size_t i = 0; i < r->count; i++) {
        const entry *e = &r->entries[i];
        if (listener >= 32 || (e->listeners >> listener & 1) == 0 ||
            !app_path_matches(e->route->path, path, parts, &count))
            continue;
        note_method(ret, e);
        if (!has_method(e->route, method) || count >= least)
            continue;
        least       = count;
        ret->number = i;
        ret->route  = e->route;
        memset(ret->parts, 0, sizeof ret->parts);
        memcpy(ret->parts, parts, count * sizeof parts[0]);
    }
}

static yao_text path_of(const app_router *r, unsigned listener, yao_text path)
{
    if (listener >= APP_MAX_LISTENERS)
        return path;
    return without_prefix(path, app_url_path(r->options.urls[listener]));
}

size_t app_router_limit(void *router, unsigned listener, yao_text method,
                        yao_text path)
{
    const app_router *r = router;
    found             f;

    find(r, listener, method, path_of(r, listener, path), &f);
    if (f.route == NULL)
        return UNKNOWN_BODY;
    if ((f.route->needs & (APP_FORM | APP_JSON | APP_JWT | APP_RAW)) == 0)
        return 0;
    return f.route->body != 0 ? f.route->body : APP_BODY;
}

/* ---- what a route needs -------------------------------------------------- */

static yao_text header(const app_call *call, const char *name)
{
    return net_header_find(call->http, name, NULL);
}

static bool changes(const app_call *call)
{
    return !yao_text_equal(call->http->method, YAO_TEXT("GET")) &&
           !yao_text_equal(call->http->method, YAO_TEXT("HEAD"));
}

static yao_text origin_of(const app_router *r, const app_call *call)
{
    unsigned listener = call->http->listener;

    if (listener >= APP_MAX_LISTENERS)
        return (yao_text){NULL, 0};
    return app_url_origin(r->options.urls[listener]);
}

/*
 * Did one of our own pages send this? A browser says so in Origin, newer ones
 * in Sec-Fetch-Site too; both must agree, and with a session one must be there.
 * What only reads may be followed from elsewhere as a link, not fetched.
 */
static bool is_from_us(const app_router *r, const app_call *call, bool strict)
{
    size_t   origins, sites;
    yao_text origin = net_header_find(call->http, "origin", &origins);
    yao_text site = net_header_find(call->http, "sec-fetch-site", &sites);

    if (origins > 1 || sites > 1)
        return false;
    if (!changes(call))
        return sites == 0 || yao_text_equal(site, YAO_TEXT("same-origin")) ||
               yao_text_equal(site, YAO_TEXT("none")) ||
               yao_text_equal(header(call, "sec-fetch-mode"),
                              YAO_TEXT("navigate"));
    if (origins > 0 && !yao_text_equal(origin, origin_of(r, call)))
        return false;
    if (sites > 0 && !yao_text_equal(site, YAO_TEXT("same-origin")))
        return false;
    return origins > 0 || sites > 0 || !strict;
}

/* A wallet's route knows no session, whatever a browser sends along. */
static yao_status drop_cookies(app_call *call)
{
    const net_request *http    = call->http;
    size_t             cookies = 0;
    net_request       *copy;
    net_header        *headers;

    (void)net_header_find(http, "cookie", &cookies);
    if (cookies == 0)
        return YAO_OK;
    copy    = yao_arena_take(call->arena, sizeof *copy);
    headers = yao_arena_take_array(call->arena, http->header_count,
                                   sizeof *headers);
    if (copy == NULL || headers == NULL)
        return YAO_E_SPACE;
    *copy              = *http;
    copy->headers      = headers;
    copy->header_count = 0;
    for (size_t i = 0; i < http->header_count; i++)
        if (!yao_text_equal(http->headers[i].name, YAO_TEXT("cookie")))
            headers[copy->header_count++] = http->headers[i];
    call->http = copy;
    return YAO_OK;
}

static int code_of_door(yao_status status)
{
    switch (status) {
    case YAO_OK: return 0;
    case YAO_E_NOT_AUTHORISED:
    case YAO_E_REFUSED:
    case YAO_E_REVOKED: return 403;
    case YAO_E_LOCKED:
    case YAO_E_STORE:
    case YAO_E_FILE: return 503;
    default: return 401;
    }
}

static int knock(app_door door, app_call *call)
{
    if (door == NULL)
        return 403;
    int code = code_of_door(door(call));
    return code == 0 && call->who == NULL ? 401 : code;
}

/* Our own user, or root, on our own socket. */
static int check_admin(const app_router *r, const app_call *call)
{
    if (call->http->listener != r->options.admin)
        return 403;
    return call->http->uid == (int64_t)geteuid() || call->http->uid == 0
               ? 0
               : 403;
}

/* 0, or why not. */
static int check_who(const app_router *r, app_call *call)
{
    const app_doors *doors = &r->options.doors;

    switch (call->route->needs & APP_WHO) {
    case APP_ANY_WALLET:
        return drop_cookies(call) == YAO_OK ? 0 : 500;
    case APP_PAGE: return is_from_us(r, call, false) ? 0 : 403;
    case APP_SESSION:
        return is_from_us(r, call, true) ? knock(doors->session, call) : 403;
    case APP_OPERATOR:
        return is_from_us(r, call, true) ? knock(doors->operator, call) : 403;
    case APP_KIOSK:
        return is_from_us(r, call, false) ? knock(doors->kiosk, call) : 403;
    case APP_ADMIN: return check_admin(r, call);
    case APP_PROGRAM: return knock(doors->program, call);
    case APP_WALLET:
        return drop_cookies(call) == YAO_OK ? knock(doors->wallet, call) : 500;
    default: return 403;
    }
}

/* "Application/JSON; charset=utf-8" is application/json. */
static bool is_type(yao_text value, const char *want)
{
    size_t   at   = yao_bytes_find(yao_text_bytes(value), ';');
    yao_text type = {value.ptr, at};
    size_t   len  = strlen(want);

    while (type.len > 0 && type.ptr[type.len - 1] == ' ')
        type.len--;
    if (want[len - 1] == '/' ? type.len <= len : type.len != len)
        return false;
    return yao_ascii_starts(type, want);
}

static int check_body(const app_call *call)
{
    static const struct {
        int         kind;
        const char *type;
    } kinds[] = {{APP_FORM, "application/x-www-form-urlencoded"},
                 {APP_JSON, "application/json"},
                 {APP_JWT, "application/jwt"},
                 {APP_RAW, "application/octet-stream"},
                 {APP_RAW, "image/"}};
    size_t   types;
    yao_text type = net_header_find(call->http, "content-type", &types);

    if (header(call, "content-encoding").len > 0)
        return 415; /* nothing is unpacked for a stranger */
    if (call->http->body.len == 0 && types == 0)
        return 0;
    if (types > 1)
        return 400;
    if ((call->route->needs & (APP_FORM | APP_JSON | APP_JWT | APP_RAW)) == 0)
        return call->http->body.len == 0 ? 0 : 413;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((call->route->needs & kinds[i].kind) != 0 &&
            is_type(type, kinds[i].type))
            return 0;
    return 415;
}

/* ---- replies of our own ------------------------------------------------- */

static void put_header(app_reply *ret, const char *name, const char *value)
{
    yao_status status = app_reply_header(ret, name, yao_text_of(value));

    if (status != YAO_OK)
        app_log_status(APP_LOG_ERROR, "header-left-out", name, status);
}

static bool has_header(const app_reply *ret, const char *name)
{
    for (size_t i = 0; i < ret->header_count; i++)
        if (yao_text_equal(ret->headers[i].name, yao_text_of(name)))
            return true;
    return false;
}

static void put_unless(app_reply *ret, const char *name, const char *value)
{
    if (!has_header(ret, name))
        put_header(ret, name, value);
}

static void put_cors(app_reply *ret)
{
    put_header(ret, "Access-Control-Allow-Origin", "*");
    put_header(ret, "Access-Control-Expose-Headers",
               "DPoP-Nonce, OAuth-Client-Attestation-Challenge, "
               "WWW-Authenticate, Location, Retry-After, ETag, "
               "Yaopai-Message");
    put_header(ret, "Cross-Origin-Resource-Policy", "cross-origin");
}

/* Everything has these, also what was refused. */
static void put_security(app_reply *ret, bool wallet)
{
    if (wallet)
        put_cors(ret);
    else
        put_unless(ret, "Cross-Origin-Resource-Policy", "same-origin");
    put_unless(ret, "X-Content-Type-Options", "nosniff");
    put_unless(ret, "Cache-Control", "no-store");
    put_unless(ret, "Content-Security-Policy",
               "default-src 'none'; frame-ancestors 'none'");
    put_unless(ret, "Referrer-Policy", "no-referrer");
}

static yao_text list_methods(const found *f, yao_arena *arena)
{
    yao_writer w   = yao_writer_in(arena);
    yao_bytes  out = {NULL, 0};

    for (size_t i = 0; i < f->method_count; i++) {
        yao_put_text(&w, i > 0 ? ", " : "");
        yao_put_text(&w, f->methods[i]->route->method);
    }
    yao_put_text(&w, f->wallet ? ", OPTIONS" : "");
    if (yao_writer_keep(&w, arena, &out) != YAO_OK)
        return YAO_TEXT("GET");
    return (yao_text){out.ptr, out.len};
}

static void put_methods(app_reply *ret, const char *name, const found *f,
                        yao_arena *arena)
{
    yao_status status = app_reply_header(ret, name, list_methods(f, arena));

    if (status != YAO_OK)
        app_log_status(APP_LOG_ERROR, "header-left-out", name, status);
}

/* A page of another origin asks whether it may. */
static void answer_preflight(const found *f, yao_arena *arena, app_reply *ret)
{
    *ret = (app_reply){.status = 204};
    put_methods(ret, "Access-Control-Allow-Methods", f, arena);
    put_header(ret, "Access-Control-Allow-Headers",
               "Authorization, Content-Type, Accept, Accept-Language, DPoP, "
               "OAuth-Client-Attestation, OAuth-Client-Attestation-PoP, "
               "If-Match");
    put_header(ret, "Access-Control-Max-Age", "86400");
}

static yao_status status_of_code(int code)
{
    switch (code) {
    case 401: return YAO_E_MISSING;
    case 403: return YAO_E_NOT_AUTHORISED;
    case 404:
    case 405: return YAO_E_NOT_FOUND;
    case 503: return YAO_E_STORE;
    case 500: return YAO_E_SPACE;
    default: return YAO_E_MALFORMED;
    }
}

/* ---- one request -------------------------------------------------------- */

static void refuse(app_call *call, int code, app_reply *ret)
{
    app_reply_fail(ret, call, status_of_code(code));
    ret->status = code;
    if (code == 401 && !has_header(ret, "WWW-Authenticate"))
        put_header(ret, "WWW-Authenticate", "Yaopai");
}

static yao_status run(const app_router *r, app_call *call, app_reply *ret)
{
    int code = check_who(r, call);

    if (code == 0)
        code = check_body(call);
    if (code != 0) {
        refuse(call, code, ret);
        return YAO_OK;
    }
    yao_status status = call->route->run(call, ret);
    if (status == YAO_OK && ret->status == 0 && ret->park_ms == 0)
        status = YAO_E_USAGE; /* it forgot to answer */
    if (status != YAO_OK)
        app_reply_fail(ret, call, status);
    return status;
}

static yao_status dispatch(const app_router *r, app_call *call, const found *f,
                           app_reply *ret)
{
    if (call->crypto == NULL) {
        refuse(call, 503, ret);
        return YAO_E_CRYPTO;
    }
    if (f->route != NULL) {
        memcpy(call->parts, f->parts, sizeof call->parts);
        return run(r, call, ret);
    }
    if (f->wallet &&
        yao_text_equal(call->http->method, YAO_TEXT("OPTIONS"))) {
        answer_preflight(f, call->arena, ret);
    } else {
        refuse(call, f->any ? 405 : 404, ret);
        if (f->any)
            put_methods(ret, "Allow", f, call->arena);
    }
    return YAO_OK;
}

static int64_t microseconds(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void app_router_handle(void *router, const net_request *request,
                       net_response *ret)
{
    app_router *r     = router;
    int64_t     begun = microseconds();
    net_request http  = *request;
    found       f;

    http.path = path_of(r, request->listener, request->path);
    find(r, http.listener, http.method, http.path, &f);
    app_call call = {.route  = f.route,
                     .http   = &http,
                     .server = r->options.server,
                     .arena  = request->arena,
                     .crypto = r->options.crypto(r->options.server,
                                                 request->worker),
                     .now    = yao_now()};
    yao_status failed = dispatch(r, &call, &f, ret);
    if (ret->park_ms > 0)
        return;
    put_security(ret, f.wallet);
    int64_t us = microseconds() - begun;
    app_metrics_count(r->metrics, f.number, ret->status, us);
    app_log_request_done(&(app_log_request){
        .route  = f.route != NULL ? f.route->path : NULL,
        .method = http.method,
        .status = ret->status,
        .us     = us,
        .failed = failed});
}
