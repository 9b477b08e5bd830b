/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libmicrohttpd calls: a connection begins and ends, a first line, a head,
 * pieces of a body, and the moment in which all of it is there.
 *
 * Its own timeout is of inactivity only, so it is not used; its reading of
 * heads is kind, so net_gate() looks at them again. What it makes invisible (a
 * NUL within a value, folded lines) is seen in how it left its buffer: see
 * is_as_sent().
 */
#define _GNU_SOURCE
#include "net/serving.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ascii.h"

/* Of a connection, in the library: a head of NET_MAX_HEAD, what it notes of
 * NET_MAX_HEADERS headers, and the head of an answer. */
enum { POOL = 40 * 1024, STACK = 256 * 1024 };

static yao_text text_of(const char *string)
{
    return (yao_text){(const uint8_t *)string, strlen(string)};
}

/* ---- answers ------------------------------------------------------------ */

static struct MHD_Response *make_response(yao_bytes body)
{
    static const uint8_t nothing[1];
    union {
        const uint8_t *from;
        void          *to; /* it only reads, and copies */
    } data = {body.len > 0 ? body.ptr : nothing};

    return MHD_create_response_from_buffer(body.len, data.to,
                                           MHD_RESPMEM_MUST_COPY);
}

static bool add_header(struct MHD_Response *r, yao_text name, yao_text value)
{
    char names[128], values[NET_MAX_VALUE];

    if (name.len >= sizeof names || value.len >= sizeof values)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.ptr[i] < 0x20 || value.ptr[i] > 0x7e)
            return false;
    memcpy(names, name.ptr, name.len);
    names[name.len] = '\0';
    if (value.len > 0)
        memcpy(values, value.ptr, value.len);
    values[value.len] = '\0';
    return MHD_add_response_header(r, names, values) == MHD_YES;
}

static bool add_literal(struct MHD_Response *r, const char *name,
                        const char *value)
{
    return MHD_add_response_header(r, name, value) == MHD_YES;
}

static bool is_stopping(net_server *s)
{
    pthread_mutex_lock(&s->shared->lock);
    bool stopping = s->shared->stopping;
    pthread_mutex_unlock(&s->shared->lock);
    return stopping;
}

static struct MHD_Response *make_answer(net_exchange       *x,
                                        const net_response *response)
{
    struct MHD_Response *r = make_response(response->body);
    bool                 ok = r != NULL;

    for (size_t i = 0; ok && i < response->header_count; i++)
        ok = add_header(r, response->headers[i].name,
                        response->headers[i].value);
    if (ok && is_stopping(x->listener->server))
        ok = add_literal(r, "Connection", "close");
    if (ok)
        return r;
    if (r != NULL)
        MHD_destroy_response(r);
    return NULL;
}

void net_exchange_answer(net_exchange *x, const net_response *response)
{
    if (response->status < 200 || response->status > 599 ||
        response->header_count > NET_MAX_ANSWER_HEADERS) {
        net_exchange_refuse(x, 500);
        return;
    }
    struct MHD_Response *r = make_answer(x, response);
    if (r == NULL) {
        net_exchange_refuse(x, 500);
        return;
    }
    x->status   = (unsigned)response->status;
    x->response = r;
    x->stage    = NET_ANSWERED;
}

/* A refusal says what kind it is and nothing else; the connection ends, since
 * nobody knows where the next request would begin. */
void net_exchange_refuse(net_exchange *x, unsigned status)
{
    static const uint8_t body[] = "{\"error\":\"refused\"}";
    struct MHD_Response *r =
        make_response((yao_bytes){body, sizeof body - 1});

    x->status   = status;
    x->response = r;
    x->stage    = NET_ANSWERED;
    if (r == NULL)
        return;
    bool ok = add_literal(r, "Content-Type", "application/json") &&
              add_literal(r, "Cache-Control", "no-store") &&
              add_literal(r, "X-Content-Type-Options", "nosniff") &&
              add_literal(r, "Content-Security-Policy",
                          "default-src 'none'; frame-ancestors 'none'") &&
              add_literal(r, "Referrer-Policy", "no-referrer") &&
              add_literal(r, "Connection", "close");
    if (ok && status == 503)
        ok = add_literal(r, "Retry-After", "1");
    if (!ok) {
        MHD_destroy_response(r);
        x->response = NULL;
    }
}

static enum MHD_Result send_answer(net_exchange *x)
{
    net_server *s = x->listener->server;

    if (x->response == NULL)
        return MHD_NO; /* no memory: the connection is closed */
    net_pool_expect(s, x->connection, net_now() + s->options.request_ms,
                    false); /* who reads slowly is cut off too */
    enum MHD_Result result =
        MHD_queue_response(x->mhd, x->status, x->response);
    MHD_destroy_response(x->response);
    x->response = NULL;
    x->stage    = NET_SENDING;
    return result;
}

static enum MHD_Result refuse(net_exchange *x, unsigned status)
{
    net_shared *h = x->listener->server->shared;

    pthread_mutex_lock(&h->lock);
    h->counts.refused++;
    pthread_mutex_unlock(&h->lock);
    net_exchange_refuse(x, status);
    return send_answer(x);
}

/* ---- heads -------------------------------------------------------------- */

typedef struct reading {
    net_exchange *x;
    size_t        names_len;
    const char   *last_end; /* of the value (or first line) before */
    bool          as_sent;
    bool          too_many;
} reading;

/*
 * The library (before 1.0) cuts its buffer in place: NULs where colons and line
 * ends were. A header follows the end of the value before by exactly the two
 * bytes of its line end, and the head ends four bytes behind the last value. A
 * NUL within a value leaves bytes between; a folded line is copied to another
 * place; a line that ends in a bare LF leaves one byte. From 1.0 on it refuses
 * all three itself when it is told to be strict.
 */
static bool is_as_sent(const reading *r, const char *name)
{
    return name - r->last_end == 2 && r->last_end[1] == '\0';
}

/* Its first line: three words with one blank between. URL is where the second
 * one lies; a NUL within it makes it shorter than the room it takes. */
static bool is_line_as_sent(const net_exchange *x, const char *method,
                            const char *url, const char *version)
{
    return url - method == (ptrdiff_t)strlen(method) + 1 &&
           version - url == (ptrdiff_t)x->uri_len + 1;
}

static bool reads_in_place(void)
{
    const char *version = MHD_get_version();

    return version[0] == '0' && version[1] == '.';
}

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind,
                                 const char *name, const char *value)
{
    reading      *r = ctx;
    net_exchange *x = r->x;

    (void)kind;
    if (x->http.header_count == NET_MAX_HEADERS) {
        r->too_many = true;
        return MHD_NO;
    }
    if (value == NULL)
        value = name + strlen(name);
    r->as_sent  = r->as_sent && is_as_sent(r, name);
    r->last_end = value + strlen(value);
    x->headers[x->http.header_count++] =
        (net_header){text_of(name), net_trim(text_of(value))};
    r->names_len += strlen(name);
    return MHD_YES;
}

/* METHOD is where the head begins. */
static bool ends_as_sent(const reading *r, const char *method, size_t len)
{
    return r->last_end + 4 == method + len;
}

static bool keep_names(net_exchange *x, size_t len)
{
    uint8_t *at = malloc(len + 1);

    x->names = at;
    if (at == NULL)
        return false;
    for (size_t i = 0; i < x->http.header_count; i++) {
        yao_text *name = &x->headers[i].name;
        for (size_t k = 0; k < name->len; k++)
            at[k] = yao_ascii_small(name->ptr[k]);
        name->ptr = at;
        at += name->len;
    }
    return true;
}

static int read_head(net_exchange *x, const char *method, const char *url,
                     const char *version)
{
    reading r = {
        .x = x, .as_sent = true, .last_end = version + strlen(version)};
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(
        x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, on_header, &r);
    if (!x->uri_fits)
        return 414;
    if (r.too_many)
        return 431;
    if (size == NULL ||
        (reads_in_place() &&
         !(r.as_sent && is_line_as_sent(x, method, url, version) &&
           ends_as_sent(&r, method, size->header_size))))
        return 400;
    net_head head = {.method       = text_of(method),
                     .version      = text_of(version),
                     .uri          = {x->uri, x->uri_len},
                     .headers      = x->headers,
                     .header_count = x->http.header_count,
                     .len          = size->header_size};
    int code = net_gate(&head, &x->body_want);
    if (code == 0 && !keep_names(x, r.names_len))
        code = 503;
    net_split(head.uri, &x->http.path, &x->http.query);
    x->http.method  = head.method;
    x->http.headers = x->headers;
    return code;
}

static enum MHD_Result begin(net_exchange *x, const char *method,
                             const char *url, const char *version)
{
    net_server *s    = x->listener->server;
    size_t      most = 0;
    int         code = read_head(x, method, url, version);

    if (code == 0 && x->body_want > 0) {
        most = s->options.body_limit(s->options.ctx, x->http.listener,
                                     x->http.method, x->http.path);
        if (x->body_want > most)
            code = 413;
    }
    if (code != 0)
        return refuse(x, (unsigned)code);
    x->stage = NET_READING;
    net_pool_expect(s, x->connection, net_now() + s->options.request_ms,
                    false);
    return MHD_YES;
}

/* ---- bodies ------------------------------------------------------------- */

/* Room grows with what arrived, never with what was announced. */
static bool make_room(net_exchange *x, size_t len)
{
    size_t cap = x->body_cap == 0 ? 2048 : x->body_cap;

    while (cap < x->body_len + len)
        cap *= 2;
    if (cap == x->body_cap)
        return true;
    uint8_t *more = malloc(cap);
    if (more == NULL)
        return false;
    if (x->body_len > 0)
        memcpy(more, x->body, x->body_len);
    if (x->body != NULL) {
        yao_wipe(x->body, x->body_len);
        free(x->body);
    }
    x->body     = more;
    x->body_cap = cap;
    return true;
}

static enum MHD_Result take_body(net_exchange *x, const char *data, size_t len)
{
    if (len > x->body_want - x->body_len)
        return MHD_NO; /* the library counts as well; never reached */
    if (!make_room(x, len))
        return MHD_NO;
    memcpy(x->body + x->body_len, data, len);
    x->body_len += len;
    return MHD_YES;
}

static enum MHD_Result submit(net_exchange *x)
{
    net_server *s = x->listener->server;

    if (x->body_len != x->body_want)
        return refuse(x, 400);
    x->http.body = (yao_bytes){x->body, x->body_len};
    x->stage     = NET_WORKING;
    net_pool_expect(s, x->connection, NET_NEVER, false);
    MHD_suspend_connection(x->mhd);
    if (!net_pool_take(s, x)) {
        net_exchange_refuse(x, 503);
        MHD_resume_connection(x->mhd);
    }
    return MHD_YES;
}

/* ---- the library's calls ------------------------------------------------ */

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **ctx)
{
    net_exchange *x = *ctx;

    (void)cls;
    (void)mhd;
    if (x == NULL)
        return MHD_NO;
    switch (x->stage) {
    case NET_FRESH: return begin(x, method, url, version);
    case NET_READING:
        if (*len == 0)
            return submit(x);
        enum MHD_Result result = take_body(x, data, *len);
        *len                   = 0;
        return result;
    case NET_ANSWERED: return send_answer(x);
    case NET_SENDING: *len = 0; return MHD_YES;
    default: return MHD_NO;
    }
}

/* The first line was read, and nothing of it was cut yet. */
static void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    net_listener *l = cls;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    net_exchange *x = calloc(1, sizeof *x);

    if (x == NULL || info == NULL || info->socket_context == NULL) {
        free(x);
        return NULL;
    }
    x->listener      = l;
    x->mhd           = mhd;
    x->connection    = info->socket_context;
    x->http.listener = l->label;
    x->http.peer     = text_of(x->connection->peer);
    x->http.uid      = x->connection->uid;
    x->uri_len       = strlen(uri);
    x->uri_fits      = x->uri_len < sizeof x->uri;
    if (x->uri_fits)
        memcpy(x->uri, uri, x->uri_len + 1);
    net_pool_expect(l->server, x->connection,
                    net_now() + l->server->options.head_ms, false);
    return x;
}

static void free_exchange(net_exchange *x)
{
    if (x->response != NULL)
        MHD_destroy_response(x->response);
    if (x->body != NULL) {
        yao_wipe(x->body, x->body_len);
        free(x->body);
    }
    free(x->names);
    yao_wipe(x, sizeof *x);
    free(x);
}

static void on_completed(void *cls, struct MHD_Connection *mhd, void **ctx,
                         enum MHD_RequestTerminationCode why)
{
    net_listener *l = cls;
    net_exchange *x = *ctx;

    (void)mhd;
    (void)why;
    if (x == NULL)
        return;
    *ctx = NULL;
    net_pool_expect(l->server, x->connection,
                    net_now() + l->server->options.idle_ms, true);
    free_exchange(x);
}

static void read_peer(struct MHD_Connection *mhd, char out[48])
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *any = info != NULL ? info->client_addr : NULL;

    out[0] = '\0';
    if (any != NULL && any->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, any, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, out, 48);
    } else if (any != NULL && any->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, any, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, out, 48);
    }
}

static int64_t read_uid(const net_listener *l, int fd)
{
    struct ucred who;
    socklen_t    len = sizeof who;

    if (!l->socket.local ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
        return -1;
    return who.uid;
}

static void on_connection(void *cls, struct MHD_Connection *mhd, void **ctx,
                          enum MHD_ConnectionNotificationCode what)
{
    net_listener *l = cls;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        net_connection *c = calloc(1, sizeof *c);
        *ctx              = c;
        if (c == NULL || fd == NULL)
            return; /* on_uri() finds no context: it is closed there */
        c->fd       = fd->connect_fd;
        c->deadline = net_now() + l->server->options.head_ms;
        c->idle     = true;
        c->uid      = read_uid(l, c->fd);
        read_peer(mhd, c->peer);
        net_pool_add(l->server, c);
    } else if (*ctx != NULL) {
        net_pool_remove(l->server, *ctx);
        free(*ctx);
        *ctx = NULL;
    }
}

/* Escapes stay as they were sent. */
static size_t keep_escapes(void *cls, struct MHD_Connection *mhd, char *text)
{
    (void)cls;
    (void)mhd;
    return strlen(text);
}

static void be_silent(void *cls, const char *format, va_list list)
{
    (void)cls;
    (void)format;
    (void)list;
}

yao_status net_exchange_start(net_listener *l)
{
    const net_server_options *o = &l->server->options;
    struct MHD_OptionItem     options[] = {
        {MHD_OPTION_LISTEN_SOCKET, l->socket.fd, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)o->connections, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT,
             l->socket.local ? 0 : (intptr_t)o->per_address, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_THREAD_STACK_SIZE, STACK, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    l->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG |
            MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, on_request, l, MHD_OPTION_EXTERNAL_LOGGER, be_silent,
        NULL, MHD_OPTION_URI_LOG_CALLBACK, on_uri, l,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, l,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, l,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_ARRAY,
        options, MHD_OPTION_END);
    return l->daemon != NULL ? YAO_OK : YAO_E_NET;
}
