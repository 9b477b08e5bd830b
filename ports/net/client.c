/* SPDX-License-Identifier: Apache-2.0 */
#include "net/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "net/address.h"
#include "net/origin.h"

/*
 * Invariants
 *  1. A connection is only made to an origin of the list: the URL that was
 *     looked up there is, letter for letter, the one that libcurl gets.
 *  2. libcurl follows nothing and learns nothing: no redirects, no cookies, no
 *     alternative services, no proxy, no .netrc.
 *  3. Names of this machine never reach a resolver.
 */

enum {
    MAX_ORIGINS  = 16,
    MAX_SOCKET   = 104,
    USUAL_TIME   = 5000,
    USUAL_MOST   = 65536,
    HEADER_LINE  = NET_MAX_HEAD
};

struct net_client {
    CURL      *curl;
    char      *ca_file;
    bool       loopback, outside;
    unsigned   timeout_ms;
    net_origin origins[MAX_ORIGINS];
    size_t     origin_count;
    char       socket[MAX_SOCKET + 1]; /* of "unix:"; empty: none */
};

/* An answer that is arriving. */
typedef struct arrival {
    yao_arena *arena;
    size_t     most;
    yao_status status;
    net_header headers[NET_MAX_HEADERS];
    size_t     header_count;
    uint8_t   *body; /* at the end of the arena */
    size_t     body_len;
    bool       began; /* the body has: what looks like a header is a trailer */
} arrival;

/* ---- open, close, allow ------------------------------------------------- */

static void start_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static yao_status keep_ca_file(net_client *c, const char *path)
{
    if (path == NULL)
        return YAO_OK;
    if (access(path, R_OK) != 0)
        return YAO_E_FILE;
    c->ca_file = strdup(path);
    return c->ca_file != NULL ? YAO_OK : YAO_E_SPACE;
}

yao_status net_client_open(const net_client_options *options, net_client **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    net_client           *c    = calloc(1, sizeof *c);

    if (c == NULL)
        return YAO_E_SPACE;
    pthread_once(&once, start_curl);
    c->loopback   = options->loopback;
    c->outside    = options->outside;
    c->timeout_ms = options->timeout_ms != 0 ? options->timeout_ms : USUAL_TIME;
    c->curl       = curl_easy_init();

    yao_status status = c->curl != NULL ? YAO_OK : YAO_E_SPACE;
    if (status == YAO_OK)
        status = keep_ca_file(c, options->ca_file);
    if (status == YAO_OK)
        *ret = c;
    else
        net_client_close(c);
    return status;
}

void net_client_close(net_client *c)
{
    if (c == NULL)
        return;
    curl_easy_cleanup(c->curl);
    free(c->ca_file);
    free(c);
}

static yao_status allow_socket(net_client *c, const char *path)
{
    size_t len = strlen(path);

    if (len == 0 || len > MAX_SOCKET || c->socket[0] != '\0')
        return YAO_E_USAGE;
    memcpy(c->socket, path, len + 1);
    return YAO_OK;
}

yao_status net_client_allow(net_client *c, const char *origin)
{
    net_origin o;
    yao_text   rest;

    if (strncmp(origin, "unix:", 5) == 0)
        return allow_socket(c, origin + 5);
    YAO_TRY(net_origin_read(yao_text_of(origin), &o, &rest));
    if (rest.len != 0 || (!o.tls && !(o.local && c->loopback)))
        return YAO_E_USAGE;
    for (size_t i = 0; i < c->origin_count; i++)
        if (net_origin_same(&c->origins[i], &o))
            return YAO_OK;
    if (c->origin_count == MAX_ORIGINS)
        return YAO_E_LIMIT;
    c->origins[c->origin_count++] = o;
    return YAO_OK;
}

/* ---- what arrives ------------------------------------------------------- */

static bool printable(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((p[i] < 0x20 || p[i] > 0x7e) && p[i] != '\t')
            return false;
    return true;
}

static bool is_token(const uint8_t *p, size_t len)
{
    static const char more[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < len; i++) {
        if (!yao_ascii_letter(p[i]) && !yao_ascii_digit(p[i]) &&
            (p[i] == 0 || strchr(more, p[i]) == NULL))
            return false;
    }
    return len != 0;
}

static void trim(yao_bytes *b)
{
    while (b->len != 0 && (b->ptr[0] == ' ' || b->ptr[0] == '\t')) {
        b->ptr++;
        b->len--;
    }
    while (b->len != 0 && strchr(" \t\r\n", b->ptr[b->len - 1]) != NULL &&
           b->ptr[b->len - 1] != 0)
        b->len--;
}

/* NAME in small letters and VALUE, kept. */
static yao_status keep_header(arrival *a, yao_bytes name, yao_bytes value)
{
    yao_bytes v;
    uint8_t  *n;

    if (a->header_count == NET_MAX_HEADERS)
        return YAO_E_LIMIT;
    n = yao_arena_take(a->arena, name.len);
    if (n == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < name.len; i++)
        n[i] = yao_ascii_small(name.ptr[i]);
    YAO_TRY(yao_arena_keep(a->arena, value, &v));
    a->headers[a->header_count++] =
        (net_header){{n, name.len}, {v.ptr, v.len}};
    return YAO_OK;
}

/* A value in other letters than US-ASCII is nothing that we look at. */
static yao_status take_header(arrival *a, yao_bytes line)
{
    size_t    colon = yao_bytes_find(line, ':');
    yao_bytes name  = {line.ptr, colon}, value;

    if (colon == line.len || !is_token(name.ptr, name.len))
        return YAO_E_MALFORMED;
    value = (yao_bytes){line.ptr + colon + 1, line.len - colon - 1};
    trim(&value);
    return printable(value.ptr, value.len) ? keep_header(a, name, value)
                                           : YAO_OK;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    arrival  *a    = context;
    yao_bytes line = {(const uint8_t *)data, size * count};
    yao_bytes bare = line;

    trim(&bare);
    if (a->began || bare.len == 0)
        return line.len;
    if (yao_bytes_starts(line, YAO_LIT("HTTP/"))) {
        a->header_count = 0; /* what came with a 100 Continue is over */
        return line.len;
    }
    a->status = take_header(a, line);
    return a->status == YAO_OK ? line.len : 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    arrival *a   = context;
    size_t   len = size * count;

    if (len > a->most - a->body_len)
        a->status = YAO_E_LIMIT;
    else if (len > a->arena->cap - a->arena->used - a->body_len)
        a->status = YAO_E_SPACE;
    if (a->status != YAO_OK)
        return 0;
    a->began = true;
    a->body  = a->arena->base + a->arena->used;
    memcpy(a->body + a->body_len, data, len);
    a->body_len += len;
    return len;
}

/* ---- what is sent ------------------------------------------------------- */

static bool method_good(const char *method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "DELETE"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (method != NULL && strcmp(method, known[i]) == 0)
            return true;
    return false;
}

static bool name_is(yao_text name, const char *word)
{
    size_t len = strlen(word);

    return name.len == len &&
           strncasecmp((const char *)name.ptr, word, len) == 0;
}

/* What libcurl writes itself: another one would be a second request inside
 * the first. */
static bool header_good(const net_header *h)
{
    static const char *const ours[] = {"host", "content-length",
                                       "transfer-encoding", "connection",
                                       "expect", "upgrade"};

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (name_is(h->name, ours[i]))
            return false;
    return is_token(h->name.ptr, h->name.len) &&
           printable(h->value.ptr, h->value.len);
}

static yao_status add_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer == NULL)
        return YAO_E_SPACE;
    *list = longer;
    return YAO_OK;
}

/* "Name: value"; "Name;" sends one without a value. */
static yao_status add_header(struct curl_slist **list, const net_header *h)
{
    size_t len = h->name.len + h->value.len + 3;

    if (!header_good(h))
        return YAO_E_USAGE;
    if (len > HEADER_LINE)
        return YAO_E_LIMIT;

    char *line = calloc(1, len);
    if (line == NULL)
        return YAO_E_SPACE;
    memcpy(line, h->name.ptr, h->name.len);
    memcpy(line + h->name.len, h->value.len != 0 ? ": " : ";",
           h->value.len != 0 ? 2 : 1);
    if (h->value.len != 0)
        memcpy(line + h->name.len + 2, h->value.ptr, h->value.len);
    yao_status status = add_line(list, line);
    yao_wipe(line, len); /* a token may have been in it */
    free(line);
    return status;
}

static yao_status add_headers(struct curl_slist **list, const net_call *call)
{
    bool typed = false;

    YAO_TRY(add_line(list, "Expect:"));
    for (size_t i = 0; i < call->header_count; i++) {
        YAO_TRY(add_header(list, &call->headers[i]));
        typed |= name_is(call->headers[i].name, "content-type");
    }
    return typed ? YAO_OK : add_line(list, "Content-Type:");
}

static void free_lines(struct curl_slist *list)
{
    for (struct curl_slist *l = list; l != NULL; l = l->next)
        yao_wipe(l->data, strlen(l->data));
    curl_slist_free_all(list);
}

/* ---- where it leads ----------------------------------------------------- */

/* Libcurl resolved a name and is about to connect. */
static curl_socket_t on_socket(void *context, curlsocktype purpose,
                               struct curl_sockaddr *a)
{
    arrival *arriving = context;

    if (purpose != CURLSOCKTYPE_IPCXN || !net_address_public(&a->addr)) {
        arriving->status = YAO_E_NOT_AUTHORISED;
        return CURL_SOCKET_BAD;
    }
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static bool set_outside(net_client *c, arrival *a)
{
    return !c->outside ||
           (curl_easy_setopt(c->curl, CURLOPT_OPENSOCKETFUNCTION, on_socket) ==
                CURLE_OK &&
            curl_easy_setopt(c->curl, CURLOPT_OPENSOCKETDATA, a) == CURLE_OK);
}

/* ---- the exchange ------------------------------------------------------- */

/* Everything that libcurl would do by itself, switched off. */
static bool set_limits(net_client *c, unsigned timeout_ms)
{
    CURL *h  = c->curl;
    bool  ok = true;

    ok &= curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_NOPROXY, "*") == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) ==
          CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_HTTP_VERSION,
                           (long)CURL_HTTP_VERSION_1_1) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_HTTP09_ALLOWED, 0L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)timeout_ms) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    ok &= curl_easy_setopt(h, CURLOPT_SSLVERSION,
                           (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
    if (c->ca_file != NULL) {
        ok &= curl_easy_setopt(h, CURLOPT_CAINFO, c->ca_file) == CURLE_OK;
        /* else the system's folder would be believed as well */
        ok &= curl_easy_setopt(h, CURLOPT_CAPATH, (char *)NULL) == CURLE_OK;
    }
    return ok;
}

static bool set_body(net_client *c, const net_call *call)
{
    bool posted = strcmp(call->method, "POST") == 0 ||
                  strcmp(call->method, "PUT") == 0;
    bool ok = curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L) == CURLE_OK;

    if (posted) {
        ok &= curl_easy_setopt(c->curl, CURLOPT_POST, 1L) == CURLE_OK;
        ok &= curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
                               (curl_off_t)call->body.len) == CURLE_OK;
        ok &= curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS,
                               call->body.len != 0 ? call->body.ptr
                                                   : (const uint8_t *)"") ==
              CURLE_OK;
    }
    ok &= curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, call->method) ==
          CURLE_OK;
    return ok;
}

static bool set_arrival(net_client *c, arrival *a)
{
    bool ok = true;

    ok &= curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, on_header) ==
          CURLE_OK;
    ok &= curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, a) == CURLE_OK;
    ok &= curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK;
    ok &= curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, a) == CURLE_OK;
    return ok;
}

/* Where ORIGIN is: names of this machine are 127.0.0.1, without asking. */
static yao_status set_place(net_client *c, const net_origin *o, bool by_socket,
                            struct curl_slist **resolve)
{
    char line[NET_MAX_HOST + 64];

    if (by_socket)
        return curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH,
                                c->socket) == CURLE_OK
                   ? YAO_OK
                   : YAO_E_SPACE;
    if (!o->local || strstr(o->host, "localhost") == NULL)
        return YAO_OK; /* an address, or somebody's affair to resolve */
    snprintf(line, sizeof line, "%s:%u:127.0.0.1", o->host, o->port);
    YAO_TRY(add_line(resolve, line));
    return curl_easy_setopt(c->curl, CURLOPT_RESOLVE, *resolve) == CURLE_OK
               ? YAO_OK
               : YAO_E_SPACE;
}

static yao_status find_origin(const net_client *c, yao_text url,
                              net_origin *ret, bool *by_socket)
{
    yao_text rest;

    YAO_TRY(net_origin_read(url, ret, &rest));
    *by_socket = c->socket[0] != '\0' && !ret->tls && ret->port == 80 &&
                 strcmp(ret->host, "unix") == 0;
    if (*by_socket)
        return YAO_OK;
    for (size_t i = 0; i < c->origin_count; i++)
        if (net_origin_same(&c->origins[i], ret))
            return YAO_OK;
    return YAO_E_NOT_AUTHORISED;
}

static yao_status failure(const arrival *a, CURLcode code)
{
    if (a->status != YAO_OK)
        return a->status;
    switch (code) {
    case CURLE_OK:
        return YAO_OK;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9 */
    case CURLE_BAD_CONTENT_ENCODING:
        return YAO_E_MALFORMED;
    case CURLE_OUT_OF_MEMORY:
        return YAO_E_SPACE;
    default:
        return YAO_E_NET;
    }
}

/* With CURLOPT_NOSIGNAL a peer that hangs up would end the process. */
static CURLcode perform(CURL *curl)
{
    struct timespec none = {0, 0};
    sigset_t        pipe, before;
    CURLcode        code;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    code = curl_easy_perform(curl);
    if (!sigismember(&before, SIGPIPE))
        while (sigtimedwait(&pipe, NULL, &none) > 0)
            ;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

static yao_status give(net_client *c, arrival *a, net_answer *ret)
{
    long        status = 0;
    net_header *headers;

    a->arena->used += a->body_len;
    headers = yao_arena_take_array(a->arena, a->header_count, sizeof *headers);
    if (headers == NULL)
        return YAO_E_SPACE;
    memcpy(headers, a->headers, a->header_count * sizeof *headers);
    if (curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status) !=
            CURLE_OK || status < 100 || status > 599)
        return YAO_E_MALFORMED;
    *ret = (net_answer){.status       = (int)status,
                        .headers      = headers,
                        .header_count = a->header_count,
                        .body         = {a->body, a->body_len}};
    return YAO_OK;
}

static yao_status exchange(net_client *c, const net_call *call, const char *url,
                           arrival *a, net_answer *ret)
{
    struct curl_slist *lines = NULL, *resolve = NULL;
    net_origin         origin;
    bool               by_socket = false;
    unsigned           time = call->timeout_ms != 0 ? call->timeout_ms
                                                    : c->timeout_ms;

    curl_easy_reset(c->curl);
    yao_status status = find_origin(c, call->url, &origin, &by_socket);
    if (status == YAO_OK)
        status = add_headers(&lines, call);
    if (status == YAO_OK)
        status = set_place(c, &origin, by_socket, &resolve);
    if (status == YAO_OK &&
        (!set_limits(c, time) || !set_body(c, call) || !set_arrival(c, a) ||
         !set_outside(c, a) ||
         curl_easy_setopt(c->curl, CURLOPT_URL, url) != CURLE_OK ||
         curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, lines) != CURLE_OK))
        status = YAO_E_SPACE;
    if (status == YAO_OK)
        status = failure(a, perform(c->curl));
    if (status == YAO_OK)
        status = give(c, a, ret);
    curl_easy_reset(c->curl); /* it points to what is freed now */
    free_lines(lines);
    curl_slist_free_all(resolve);
    return status;
}

yao_status net_client_fetch(net_client *c, const net_call *call,
                            yao_arena *arena, net_answer *ret)
{
    arrival a    = {.arena = arena,
                    .most  = call->most != 0 ? call->most : USUAL_MOST};
    size_t  mark = arena->used;
    char    url[NET_MAX_URL + 1];

    if (!method_good(call->method) || call->url.len == 0 ||
        call->url.len > NET_MAX_URL)
        return YAO_E_USAGE;
    memcpy(url, call->url.ptr, call->url.len);
    url[call->url.len] = '\0';

    yao_status status = exchange(c, call, url, &a, ret);
    if (status != YAO_OK)
        arena->used = mark;
    return status;
}

yao_text net_answer_header(const net_answer *answer, const char *name)
{
    yao_text none = {NULL, 0};

    for (size_t i = 0; i < answer->header_count; i++)
        if (yao_text_equal(answer->headers[i].name, yao_text_of(name)))
            return answer->headers[i].value;
    return none;
}
