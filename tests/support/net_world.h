/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_NET_WORLD_H
#define YAO_TEST_NET_WORLD_H

/** A server whose handler does what its path says, and a client that speaks to
 *  it byte by byte. */

#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/server.h"

#define HOST "Host: a.example\r\n"
#define GET "GET /hello HTTP/1.1\r\n" HOST
#define CLOSE "Connection: close\r\n"

/* How long is waited for what must come; and in how many naps of 10 ms. */
enum { LIMIT = 65536, PATIENCE_MS = 60000, SHORT_NAPS = PATIENCE_MS / 10 };

/* ---- the server --------------------------------------------------------- */

typedef struct world {
    net_server     *server;
    unsigned        port;
    char            path[108];
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            held;    /* "/hold" waits */
    unsigned        holding; /* so many do */
    bool            told;    /* "/park" waits for it */
    unsigned        seen;    /* requests that reached the handler */
} world;

static inline void say(net_response *ret, yao_arena *arena, int status,
                       yao_bytes body)
{
    yao_bytes kept = body;

    (void)!yao_arena_keep(arena, body, &kept);
    ret->status = status;
    ret->headers[0] =
        (net_header){YAO_TEXT("Content-Type"), YAO_TEXT("text/plain")};
    ret->header_count = 1;
    ret->body         = kept;
}

static inline void hold(world *w)
{
    pthread_mutex_lock(&w->lock);
    w->holding++;
    pthread_cond_broadcast(&w->changed);
    while (w->held)
        pthread_cond_wait(&w->changed, &w->lock);
    w->holding--;
    pthread_mutex_unlock(&w->lock);
}

static inline void park(world *w, const net_request *q, net_response *ret)
{
    char text[32];

    pthread_mutex_lock(&w->lock);
    bool told = w->told;
    pthread_mutex_unlock(&w->lock);
    if (!told && q->waited < 2) {
        ret->park_ms  = q->query.len > 0 ? 20 : 20000;
        ret->park_key = 7;
        return;
    }
    snprintf(text, sizeof text, "%s %u", told ? "told" : "late", q->waited);
    say(ret, q->arena, 200, (yao_bytes){(const uint8_t *)text, strlen(text)});
}

/* What a worker left in its arena: nothing, ever. */
static inline void look(const net_request *q, net_response *ret)
{
    const uint8_t *rest  = q->arena->base + q->arena->used;
    size_t         dirty = 0;

    for (size_t i = 0; i < q->arena->cap - q->arena->used; i++)
        dirty += rest[i] != 0;
    memset(q->arena->base + q->arena->used, 0x5a, 300000); /* not taken */
    say(ret, q->arena, dirty == 0 ? 200 : 500, YAO_LIT("looked"));
}

static inline void handle(void *ctx, const net_request *q, net_response *ret)
{
    world *w = ctx;

    pthread_mutex_lock(&w->lock);
    w->seen++;
    pthread_mutex_unlock(&w->lock);
    if (yao_text_equal(q->path, YAO_TEXT("/hold")))
        hold(w);
    if (yao_text_equal(q->path, YAO_TEXT("/park")))
        park(w, q, ret);
    else if (yao_text_equal(q->path, YAO_TEXT("/look")))
        look(q, ret);
    else if (yao_text_equal(q->path, YAO_TEXT("/forget")))
        return;
    else if (yao_text_equal(q->path, YAO_TEXT("/split")))
        ret->headers[0] =
            (net_header){YAO_TEXT("X-A"), YAO_TEXT("a\r\nX-B: b")},
        ret->header_count = 1, ret->status = 200;
    else if (yao_text_equal(q->path, YAO_TEXT("/header")))
        say(ret, q->arena, 200,
            yao_text_bytes(net_header_find(q, "x-want", NULL)));
    else if (yao_text_equal(q->path, YAO_TEXT("/query")))
        say(ret, q->arena, 200, yao_text_bytes(q->query));
    else if (q->body.len > 0)
        say(ret, q->arena, 200, q->body);
    else
        say(ret, q->arena, 200, yao_text_bytes(q->path));
}

static inline size_t limit(void *ctx, unsigned listener, yao_text method,
                           yao_text path)
{
    (void)ctx;
    (void)listener;
    (void)path;
    return yao_text_equal(method, YAO_TEXT("POST")) ? LIMIT : 0;
}

static const net_server_options usual = {.workers = 4};

static inline void start(world *w, const net_server_options *options)
{
    net_server_options o = *options;

    *w           = (world){.port = 0};
    o.handler    = handle;
    o.body_limit = limit;
    o.ctx        = w;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    assert_status(net_server_open(&o, &w->server), YAO_OK);
    assert_status(net_server_listen(w->server, "localhost:0", 3, &w->port),
                  YAO_OK);
    assert_true(w->port > 0);
    assert_status(net_server_start(w->server), YAO_OK);
}

static inline void let_go(world *w)
{
    pthread_mutex_lock(&w->lock);
    w->held = false;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static inline void stop(world *w)
{
    let_go(w);
    net_server_close(w->server);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
}

/* ---- a client ----------------------------------------------------------- */

static inline int dial(unsigned port)
{
    struct sockaddr_in a  = {.sin_family = AF_INET,
                             .sin_port   = htons((uint16_t)port)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static inline void send_all(int fd, yao_bytes bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* it was cut off, and that is what is looked at */
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
}

/* All until the other side closes, or until it is silent for MS. */
static inline yao_text read_all(int fd, int ms)
{
    size_t   cap = 200000, len = 0;
    uint8_t *out = yao_arena_take(test_arena(), cap);

    for (;;) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, ms) <= 0)
            break;
        ssize_t n = recv(fd, out + len, cap - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    return (yao_text){out, len};
}

/* One answer, whose length is said, on a connection that stays. */
static inline yao_text read_one(int fd)
{
    size_t   cap = 200000, len = 0, want = SIZE_MAX;
    uint8_t *out = yao_arena_take(test_arena(), cap);

    out[0] = '\0';
    while (len < want) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, PATIENCE_MS) <= 0)
            break;
        ssize_t n = recv(fd, out + len, cap - 1 - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
        out[len] = '\0';
        const char *head = (const char *)out, *end = strstr(head, "\r\n\r\n");
        const char *said = strstr(head, "Content-Length: ");
        if (end != NULL)
            want = (size_t)(end + 4 - head) +
                   (said != NULL ? strtoul(said + 16, NULL, 10) : 0);
    }
    return (yao_text){out, len};
}

/* Is it closed within MS? What comes before is thrown away. */
static inline bool is_closed(int fd, int ms)
{
    uint8_t       dust[4096];
    struct pollfd p = {fd, POLLIN, 0};

    while (poll(&p, 1, ms) > 0)
        if (recv(fd, dust, sizeof dust, 0) <= 0)
            return true;
    return false;
}

static inline int status_of(yao_text answer)
{
    if (answer.len < 12 || memcmp(answer.ptr, "HTTP/1.1 ", 9) != 0)
        return 0;
    return (answer.ptr[9] - '0') * 100 + (answer.ptr[10] - '0') * 10 +
           (answer.ptr[11] - '0');
}

static inline const char *body_of(yao_text answer)
{
    const char *at = strstr((const char *)answer.ptr, "\r\n\r\n");

    return at != NULL ? at + 4 : "";
}

static inline unsigned count_of(yao_text answer, const char *what)
{
    unsigned    count = 0;
    const char *at    = (const char *)answer.ptr;

    while ((at = strstr(at, what)) != NULL) {
        at++;
        count++;
    }
    return count;
}

/* BEFORE, N letters "a", AFTER */
static inline yao_bytes stretch(const char *before, size_t n, const char *after)
{
    size_t   b = strlen(before), a = strlen(after);
    uint8_t *at = yao_arena_take(test_arena(), b + n + a + 1);

    memcpy(at, before, b);
    memset(at + b, 'a', n);
    memcpy(at + b + n, after, a);
    return (yao_bytes){at, b + n + a};
}

/* One exchange; the answer ends with the connection. */
static inline yao_text ask(unsigned port, yao_bytes request)
{
    int fd = dial(port);

    send_all(fd, request);
    yao_text answer = read_all(fd, PATIENCE_MS);
    close(fd);
    return answer;
}

#endif
