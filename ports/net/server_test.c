/* SPDX-License-Identifier: Apache-2.0 */

/** A server that is spoken to byte by byte, by those who mean well and by those
 *  who don't. The hostile input is the table of what eight HTTP libraries made
 *  of it; here all of it is refused. */

#define _GNU_SOURCE
#include "check.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>

#include "net/server.h"

#define HOST "Host: a.example\r\n"
#define GET  "GET /hello HTTP/1.1\r\n" HOST

enum { LIMIT = 65536 };

/* ---- the server --------------------------------------------------------- */

typedef struct world {
    net_server *server;
    unsigned    port;
    char        path[108];
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            held;    /* "/hold" waits */
    unsigned        holding; /* so many do */
    bool            told;    /* "/park" waits for it */
    unsigned        seen;    /* requests that reached the handler */
} world;

static void say(net_response *ret, yao_arena *arena, int status, yao_bytes body)
{
    yao_bytes kept = body;

    (void)!yao_arena_keep(arena, body, &kept);
    ret->status     = status;
    ret->headers[0] = (net_header){YAO_TEXT("Content-Type"),
                                   YAO_TEXT("text/plain")};
    ret->header_count = 1;
    ret->body         = kept;
}

static void hold(world *w)
{
    pthread_mutex_lock(&w->lock);
    w->holding++;
    pthread_cond_broadcast(&w->changed);
    while (w->held)
        pthread_cond_wait(&w->changed, &w->lock);
    w->holding--;
    pthread_mutex_unlock(&w->lock);
}

static void park(world *w, const net_request *q, net_response *ret)
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
static void look(const net_request *q, net_response *ret)
{
    const uint8_t *rest  = q->arena->base + q->arena->used;
    size_t         dirty = 0;

    for (size_t i = 0; i < q->arena->cap - q->arena->used; i++)
        dirty += rest[i] != 0;
    memset(q->arena->base + q->arena->used, 0x5a, 300000); /* not taken */
    say(ret, q->arena, dirty == 0 ? 200 : 500, YAO_LIT("looked"));
}

static void handle(void *ctx, const net_request *q, net_response *ret)
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
        ret->headers[0] = (net_header){YAO_TEXT("X-A"),
                                       YAO_TEXT("a\r\nX-B: b")},
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

static size_t limit(void *ctx, unsigned listener, yao_text method,
                    yao_text path)
{
    (void)ctx;
    (void)listener;
    (void)path;
    return yao_text_equal(method, YAO_TEXT("POST")) ? LIMIT : 0;
}

static const net_server_options usual = {.workers = 4};

static void start(world *w, const net_server_options *options)
{
    net_server_options o = *options;

    *w         = (world){.port = 0};
    o.handler  = handle;
    o.body_limit = limit;
    o.ctx      = w;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    assert_status(net_server_open(&o, &w->server), YAO_OK);
    assert_status(net_server_listen(w->server, "localhost:0", 3, &w->port),
                  YAO_OK);
    assert_true(w->port > 0);
    assert_status(net_server_start(w->server), YAO_OK);
}

static void let_go(world *w)
{
    pthread_mutex_lock(&w->lock);
    w->held = false;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

static void stop(world *w)
{
    let_go(w);
    net_server_close(w->server);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
}

/* ---- a client ----------------------------------------------------------- */

static int dial(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port   = htons((uint16_t)port)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void send_all(int fd, yao_bytes bytes)
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
static yao_text read_all(int fd, int ms)
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

/* Is it closed within MS? What comes before is thrown away. */
static bool is_closed(int fd, int ms)
{
    uint8_t       dust[4096];
    struct pollfd p = {fd, POLLIN, 0};

    while (poll(&p, 1, ms) > 0)
        if (recv(fd, dust, sizeof dust, 0) <= 0)
            return true;
    return false;
}

static int status_of(yao_text answer)
{
    if (answer.len < 12 || memcmp(answer.ptr, "HTTP/1.1 ", 9) != 0)
        return 0;
    return (answer.ptr[9] - '0') * 100 + (answer.ptr[10] - '0') * 10 +
           (answer.ptr[11] - '0');
}

static const char *body_of(yao_text answer)
{
    const char *at = strstr((const char *)answer.ptr, "\r\n\r\n");

    return at != NULL ? at + 4 : "";
}

static unsigned count_of(yao_text answer, const char *what)
{
    unsigned    count = 0;
    const char *at    = (const char *)answer.ptr;

    while ((at = strstr(at, what)) != NULL) {
        at++;
        count++;
    }
    return count;
}

/* One exchange; the answer ends with the connection. */
static yao_text ask(unsigned port, yao_bytes request)
{
    int fd = dial(port);

    send_all(fd, request);
    yao_text answer = read_all(fd, 2000);
    close(fd);
    return answer;
}

/* ---- what is accepted and refused --------------------------------------- */

typedef struct row {
    const char *name;
    yao_bytes   request;
    int         status;
    const char *body; /* NULL: not looked at */
} row;

#define CLOSE "Connection: close\r\n"

static const row rows[] = {
    {"accepts a request", YAO_INIT(GET CLOSE "\r\n"), 200, "/hello"},
    {"accepts HTTP/1.0",
     YAO_INIT("GET /hello HTTP/1.0\r\n" HOST CLOSE "\r\n"), 200, "/hello"},
    {"gives a path as it was sent",
     YAO_INIT("GET /a%2Fb%00c HTTP/1.1\r\n" HOST CLOSE "\r\n"), 200,
     "/a%2Fb%00c"},
    {"gives a query as it was sent",
     YAO_INIT("GET /query?a=%20&b=1+2&&c HTTP/1.1\r\n" HOST CLOSE "\r\n"), 200,
     "a=%20&b=1+2&&c"},
    {"gives a header without blanks around it",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "X-Want: \t a b \t\r\n" CLOSE
              "\r\n"),
     200, "a b"},
    {"gives a header of any case",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "x-WANT:v\r\n" CLOSE "\r\n"), 200,
     "v"},
    {"accepts an empty header",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "X-Want:\r\nX-B: \r\n" CLOSE
              "\r\n"),
     200, ""},
    {"gives back a body",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n\r\nhello"),
     200, "hello"},
    {"accepts 100-continue",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"),
     100, NULL},
    {"gives 500 when the handler forgot", YAO_INIT("GET /forget HTTP/1.1\r\n" HOST
                                                   CLOSE "\r\n"),
     500, NULL},
    {"never sends a header with a line end (N269)",
     YAO_INIT("GET /split HTTP/1.1\r\n" HOST CLOSE "\r\n"), 500, NULL},

    {"refuses Content-Length and Transfer-Encoding (N305)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"refuses two Content-Length (N305)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Content-Length: 6\r\n\r\nhello!"),
     400, NULL},
    {"refuses Content-Length said twice alike",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Content-Length: 5\r\n\r\nhello"),
     400, NULL},
    {"refuses a list of Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 5, 5\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length +5",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: +5\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length -1",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: -1\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length 0x5",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 0x5\r\n\r\nhello"),
     400, NULL},
    {"refuses an empty Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length:\r\n\r\nhello"),
     400, NULL},
    {"refuses chunks (N304, N305: no end, extensions)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"),
     411, NULL},
    {"refuses a coding that is unknown",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"refuses two Host (N305)",
     YAO_INIT(GET "Host: b.example\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses no Host (N305)",
     YAO_INIT("GET /hello HTTP/1.1\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses no Host in HTTP/1.0",
     YAO_INIT("GET /hello HTTP/1.0\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses an empty Host",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost:\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a Host with a path",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost: a/b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in a header (N305)",
     YAO_INIT(GET "X-Want: a\0b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL at the end of the last header",
     YAO_INIT(GET CLOSE "X-Want: a\0\r\n\r\n"), 400, NULL},
    {"refuses a NUL and more in the last header",
     YAO_INIT(GET CLOSE "X-Want: a\0Content-Length: 9\r\n\r\n"), 400, NULL},
    {"refuses a NUL in a name", YAO_INIT(GET "X-W\0ant: a\r\n" CLOSE "\r\n"), 400,
     NULL},
    {"refuses a control letter in a header",
     YAO_INIT(GET "X-Want: a\x01" "b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses DEL in a header", YAO_INIT(GET "X-Want: a\x7f\r\n" CLOSE "\r\n"),
     400, NULL},
    {"refuses a letter above ASCII in a header",
     YAO_INIT(GET "X-Want: \xc3\xa9\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a lone CR in a header",
     YAO_INIT(GET "X-Want: a\rX: b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a control letter in a name",
     YAO_INIT(GET "X\x01Want: a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a blank before the colon",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length : 5\r\n\r\nhello"),
     400, NULL},
    {"refuses a name that is no token",
     YAO_INIT(GET "X(Want: a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a line without a colon",
     YAO_INIT(GET "nonsense\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses an empty name", YAO_INIT(GET ": a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a folded line (N305)",
     YAO_INIT(GET "X-Want: a\r\n b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a folded last line",
     YAO_INIT(GET CLOSE "X-Want: a\r\n\tb\r\n\r\n"), 400, NULL},
    {"refuses a folded Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length:\r\n 5\r\n\r\nhello"),
     400, NULL},
    {"refuses lines that end in LF (N305)",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost: a\nConnection: close\n\n"), 400,
     NULL},
    {"refuses a last line that ends in LF",
     YAO_INIT(GET "Connection: close\n\r\n"), 400, NULL},
    {"refuses a URL of a proxy",
     YAO_INIT("GET http://a/hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a star", YAO_INIT("OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400,
     NULL},
    {"refuses a fragment",
     YAO_INIT("GET /hello#x HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the path",
     YAO_INIT("GET /he\0llo HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the query",
     YAO_INIT("GET /hello?a=\0b HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the method",
     YAO_INIT("G\0ET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses two blanks in the first line",
     YAO_INIT("GET  /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a blank at the end of the first line",
     YAO_INIT("GET /hello HTTP/1.1 \r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a tab in the first line",
     YAO_INIT("GET\t/hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a control letter in the path",
     YAO_INIT("GET /he\x01llo HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a letter above ASCII in the path",
     YAO_INIT("GET /\xc3\xa9 HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses HTTP/2 by its old name",
     YAO_INIT("GET /hello HTTP/2.0\r\n" HOST CLOSE "\r\n"), 505, NULL},
    {"refuses another protocol",
     YAO_INIT("GET /hello ICAP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a method that is no token",
     YAO_INIT("G(T /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a body where none is wanted",
     YAO_INIT("GET /hello HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 1\r\n\r\nx"),
     413, NULL},
    {"refuses a body that is said to be endless",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 99999999999999999999\r\n\r\n"),
     413, NULL},
    {"refuses another expectation",
     YAO_INIT(GET CLOSE "Expect: tea\r\n\r\n"), 417, NULL},
};

static void exchange(void **state)
{
    const row *r = *state;
    world      w;

    start(&w, &usual);
    yao_text answer = ask(w.port, r->request);
    int      got    = status_of(answer);
    /* the library's own word for what it cannot read at all */
    if (got != r->status)
        print_message("# %.*s\n", (int)answer.len, (const char *)answer.ptr);
    assert_int_equal(got, r->status);
    if (r->body != NULL)
        assert_string_equal(body_of(answer), r->body);
    assert_int_equal(w.seen, r->status == 200 || r->status == 500 ||
                                 r->status == 100);
    stop(&w);
}

/* ---- sizes --------------------------------------------------------------- */

/* BEFORE, N letters "a", AFTER */
static yao_bytes stretch(const char *before, size_t n, const char *after)
{
    size_t   b = strlen(before), a = strlen(after);
    uint8_t *at = yao_arena_take(test_arena(), b + n + a + 1);

    memcpy(at, before, b);
    memset(at + b, 'a', n);
    memcpy(at + b + n, after, a);
    return (yao_bytes){at, b + n + a};
}

static const struct {
    const char *name, *before;
    size_t      n;
    const char *after;
    int         status;
} sizes[] = {
    {"accepts a path of 1,024 bytes", "GET /", 1023,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 200},
    {"refuses a path of 1,025 bytes", "GET /", 1024,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"accepts a query of 1,024 bytes", "GET /query?", 1024,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 200},
    {"refuses a query of 1,025 bytes", "GET /query?", 1025,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"refuses a path of 10,000 bytes", "GET /", 10000,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"accepts a head of 16 KiB", GET CLOSE "X-Want: ", 16384 - 69,
     "\r\n\r\n", 200},
    {"refuses a head of 16 KiB and one", GET CLOSE "X-Want: ", 16384 - 68,
     "\r\n\r\n", 431},
    {"refuses a head of 20 kB", GET CLOSE "X-Want: ", 20000, "\r\n\r\n", 431},
    {"refuses a head of 200 kB", GET CLOSE "X-Want: ", 200000, "\r\n\r\n",
     431},
    {"accepts a body of the limit",
     "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 65536\r\n\r\n", 65536,
     "", 200},
    {"refuses a body of the limit and one (N304)",
     "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 65537\r\n\r\n", 0, "",
     413},
    {"refuses it also with Expect (N304)",
     "POST / HTTP/1.1\r\n" HOST CLOSE
     "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n",
     0, "", 413},
};

static void sized(void **state)
{
    size_t i = (size_t)(uintptr_t)*state;
    world  w;

    start(&w, &usual);
    yao_text answer = ask(w.port, stretch(sizes[i].before, sizes[i].n,
                                          sizes[i].after));
    if (status_of(answer) != sizes[i].status)
        print_message("# %.*s\n", (int)(answer.len < 300 ? answer.len : 300),
                      (const char *)answer.ptr);
    assert_int_equal(status_of(answer), sizes[i].status);
    stop(&w);
}

static void many_headers(void **state)
{
    uint8_t    text[4000];
    yao_bytes  request;
    yao_writer to = yao_writer_open(text, sizeof text);
    yao_text   answer;
    world      w;
    int        count = *state == NULL ? 62 : 63; /* with Host, Connection */

    yao_put_text(&to, GET CLOSE);
    for (int i = 0; i < count; i++)
        yao_put_text(&to, "X-A: b\r\n");
    yao_put_text(&to, "\r\n");
    assert_status(yao_writer_close(&to, &request), YAO_OK);
    start(&w, &usual);
    answer = ask(w.port, request);
    assert_int_equal(status_of(answer), *state == NULL ? 200 : 431);
    stop(&w);
}

/* ---- connections ---------------------------------------------------------- */

static void keeps_connections(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    int fd = dial(w.port);
    for (int i = 0; i < 3; i++) {
        send_all(fd, YAO_LIT(GET "\r\n"));
        assert_int_equal(status_of(read_all(fd, 100)), 200);
    }
    assert_int_equal(net_server_count(w.server).connections, 1);
    assert_int_equal(net_server_count(w.server).requests, 3);
    close(fd);
    stop(&w);
}

static void pipelines(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    yao_text answer = ask(
        w.port, YAO_LIT("POST / HTTP/1.1\r\n" HOST
                        "Content-Length: 5\r\n\r\nfirst" GET "\r\n"
                        "GET /query?last HTTP/1.1\r\n" HOST CLOSE "\r\n"));
    assert_int_equal(count_of(answer, "HTTP/1.1 200"), 3);
    const char *text = (const char *)answer.ptr;
    const char *a = strstr(text, "first"), *b = strstr(text, "/hello"),
               *c = strstr(text, "last");
    assert_true(a != NULL && b != NULL && c != NULL && a < b && b < c);
    stop(&w);
}

/* After a refusal nobody knows where the next request begins. */
static void closes_after_refusal(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    yao_text answer = ask(
        w.port, YAO_LIT("POST / HTTP/1.1\r\n" HOST
                        "Content-Length: 5\r\nContent-Length: 0\r\n\r\n" GET
                        "\r\n"));
    assert_int_equal(status_of(answer), 400);
    assert_int_equal(count_of(answer, "HTTP/1.1"), 1);
    assert_int_equal(count_of(answer, "Connection: close"), 1);
    assert_int_equal(count_of(answer, "X-Content-Type-Options: nosniff"), 1);
    assert_int_equal(w.seen, 0);
    stop(&w);
}

static const net_server_options hasty = {
    .workers = 2, .head_ms = 300, .request_ms = 400, .idle_ms = 300};

/* What is sent a byte at a time, and never comes to its end (N303). */
static void dribble(void **state)
{
    const char *begin = *state;
    world       w;

    start(&w, &hasty);
    int fd = dial(w.port);
    send_all(fd, (yao_bytes){(const uint8_t *)begin, strlen(begin)});
    bool closed = false;
    for (int i = 0; i < 60 && !closed; i++) {
        send_all(fd, YAO_LIT("a"));
        closed = is_closed(fd, 50);
    }
    assert_true(closed);
    assert_int_equal(net_server_count(w.server).cut, 1);
    assert_int_equal(w.seen, 0);
    close(fd);

    /* who does not dribble is served */
    assert_int_equal(status_of(ask(w.port, YAO_LIT(GET CLOSE "\r\n"))), 200);
    stop(&w);
}

static void idles(void **state)
{
    world w;

    (void)state;
    start(&w, &hasty);
    int fd = dial(w.port);
    send_all(fd, YAO_LIT(GET "\r\n"));
    assert_int_equal(status_of(read_all(fd, 100)), 200);
    assert_true(is_closed(fd, 5000));
    close(fd);
    stop(&w);
}

/* Eight thousand bytes are more than sockets keep; so nobody reads. */
static void reads_slowly(void **state)
{
    world w;
    int   small = 4096;

    (void)state;
    start(&w, &hasty);
    int fd = dial(w.port);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 200; i++) /* answered one after another */
        send_all(fd, stretch("POST / HTTP/1.1\r\n" HOST
                             "Content-Length: 65536\r\n\r\n",
                             65536, ""));
    for (int i = 0; i < 100 && net_server_count(w.server).cut == 0; i++)
        usleep(50000);
    assert_true(net_server_count(w.server).cut > 0);
    close(fd);
    stop(&w);
}

static void carries_many(void **state)
{
    static int fds[1000];
    world      w;

    (void)state;
    start(&w, &(net_server_options){.workers = 4, .connections = 1200});
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = dial(w.port);
    for (int i = 0; i < 100 && net_server_count(w.server).open < 1000; i++)
        usleep(20000);
    assert_int_equal(net_server_count(w.server).open, 1000);
    assert_int_equal(status_of(ask(w.port, YAO_LIT(GET CLOSE "\r\n"))), 200);
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    for (int i = 0; i < 100 && net_server_count(w.server).open > 0; i++)
        usleep(20000);
    assert_int_equal(net_server_count(w.server).open, 0);
    stop(&w);
}

/* Clients that go away at any moment leave nothing behind. */
static void goes_away(void **state)
{
    static const char whole[] =
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello";
    world w;

    (void)state;
    start(&w, &hasty); /* half a head may be waited for until then */
    for (size_t i = 0; i < sizeof whole; i++) {
        int fd = dial(w.port);
        send_all(fd, (yao_bytes){(const uint8_t *)whole, i});
        close(fd);
    }
    for (int i = 0; i < 100 && net_server_count(w.server).open > 0; i++)
        usleep(20000);
    assert_int_equal(net_server_count(w.server).open, 0);
    assert_int_equal(net_server_count(w.server).busy, 0);
    stop(&w);
}

/* ---- workers --------------------------------------------------------------- */

static void wipes(void **state)
{
    world w;

    (void)state;
    start(&w, &(net_server_options){.workers = 1});
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            status_of(ask(w.port, YAO_LIT("GET /look HTTP/1.1\r\n" HOST CLOSE
                                          "\r\n"))),
            200);
    stop(&w);
}

static void wait_until_held(world *w, unsigned count)
{
    pthread_mutex_lock(&w->lock);
    while (w->holding < count)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

/* One worker, eight that wait, and no more. */
static void fills_up(void **state)
{
    int   fds[9];
    world w;

    (void)state;
    start(&w, &(net_server_options){.workers = 1});
    w.held = true;
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(w.port);
        send_all(fds[i], YAO_LIT("GET /hold HTTP/1.1\r\n" HOST "\r\n"));
        if (i == 0)
            wait_until_held(&w, 1);
    }
    for (int i = 0; i < 100 && net_server_count(w.server).requests < 9; i++)
        usleep(10000);
    yao_text answer = ask(w.port, YAO_LIT(GET CLOSE "\r\n"));
    assert_int_equal(status_of(answer), 503);
    assert_int_equal(count_of(answer, "Retry-After: 1"), 1);
    let_go(&w);
    for (size_t i = 0; i < COUNT(fds); i++) {
        assert_int_equal(status_of(read_all(fds[i], 300)), 200);
        close(fds[i]);
    }
    stop(&w);
}

/* ---- parking --------------------------------------------------------------- */

static void *wake_soon(void *ctx)
{
    world *w = ctx;

    for (int i = 0; i < 200 && net_server_count(w->server).parked < 3; i++)
        usleep(10000);
    pthread_mutex_lock(&w->lock);
    w->told = true;
    pthread_mutex_unlock(&w->lock);
    net_server_wake(w->server, 8); /* somebody else's */
    net_server_wake(w->server, 7);
    return NULL;
}

static void wakes(void **state)
{
    int       fds[3];
    pthread_t thread;
    world     w;

    (void)state;
    start(&w, &(net_server_options){.workers = 1});
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial(w.port);
        send_all(fds[i], YAO_LIT("GET /park HTTP/1.1\r\n" HOST CLOSE "\r\n"));
    }
    assert_int_equal(pthread_create(&thread, NULL, wake_soon, &w), 0);
    for (size_t i = 0; i < COUNT(fds); i++) {
        yao_text answer = read_all(fds[i], 5000);
        assert_int_equal(status_of(answer), 200);
        assert_string_equal(body_of(answer), "told 1");
        close(fds[i]);
    }
    pthread_join(thread, NULL);
    assert_int_equal(net_server_count(w.server).parked, 0);
    stop(&w);
}

static void is_late(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    yao_text answer = ask(
        w.port, YAO_LIT("GET /park?soon HTTP/1.1\r\n" HOST CLOSE "\r\n"));
    assert_string_equal(body_of(answer), "late 2");
    stop(&w);
}

/* ---- stopping -------------------------------------------------------------- */

static void *stop_it(void *ctx)
{
    net_server_stop(((world *)ctx)->server, 5000);
    return NULL;
}

static void ends_work(void **state)
{
    pthread_t thread;
    world     w;

    (void)state;
    start(&w, &usual);
    w.held  = true;
    int one = dial(w.port), idle = dial(w.port), late;
    send_all(one, YAO_LIT("GET /hold HTTP/1.1\r\n" HOST "\r\n"));
    wait_until_held(&w, 1);
    assert_int_equal(pthread_create(&thread, NULL, stop_it, &w), 0);
    assert_true(is_closed(idle, 3000)); /* nothing was asked there */
    late = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port   = htons((uint16_t)w.port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(connect(late, (struct sockaddr *)&a, sizeof a), 0);
    let_go(&w);
    yao_text answer = read_all(one, 3000);
    assert_int_equal(status_of(answer), 200);
    assert_int_equal(count_of(answer, "Connection: close"), 1);
    pthread_join(thread, NULL);
    assert_int_equal(net_server_count(w.server).open, 0);
    close(one);
    close(idle);
    close(late);
    stop(&w);
}

static void ends_parked(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    int fd = dial(w.port);
    send_all(fd, YAO_LIT("GET /park HTTP/1.1\r\n" HOST "\r\n"));
    for (int i = 0; i < 200 && net_server_count(w.server).parked == 0; i++)
        usleep(10000);
    net_server_stop(w.server, 5000);
    assert_int_equal(status_of(read_all(fd, 1000)), 503);
    close(fd);
    stop(&w);
}

/* ---- places ------------------------------------------------------------------ */

static const struct {
    const char *name, *place;
    yao_status  want;
} places[] = {
    {"accepts an address and a free port", "127.0.0.1:0", YAO_OK},
    {"accepts localhost", "localhost:0", YAO_OK},
    {"refuses a name", "a.example:0", YAO_E_USAGE},
    {"refuses an address without a port", "127.0.0.1", YAO_E_USAGE},
    {"refuses an address with an empty port", "127.0.0.1:", YAO_E_USAGE},
    {"refuses a port above 65535", "127.0.0.1:65536", YAO_E_USAGE},
    {"refuses a port that is none", "127.0.0.1:8x", YAO_E_USAGE},
    {"refuses a bare IPv6 address", "::1:0", YAO_E_USAGE},
    {"refuses nothing", "", YAO_E_USAGE},
    {"refuses an empty path", "unix:", YAO_E_USAGE},
    {"refuses standard input", "fd:0", YAO_E_USAGE},
    {"refuses a file that is no socket", "fd:999", YAO_E_USAGE},
    {"refuses an address of another machine", "192.0.2.1:0", YAO_E_NET},
    {"refuses a folder that is not there", "unix:/nowhere/s", YAO_E_NET},
    {"refuses a path that is too long",
     "unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     YAO_E_USAGE},
};

static void listens(void **state)
{
    size_t             i = (size_t)(uintptr_t)*state;
    net_server_options o = {.handler = handle};
    net_server        *s;

    assert_status(net_server_open(&o, &s), YAO_OK);
    assert_status(net_server_listen(s, places[i].place, 0, NULL),
                  places[i].want);
    net_server_close(s);
}

static void refuses_options(void **state)
{
    net_server *s = NULL;

    (void)state;
    assert_status(net_server_open(&(net_server_options){.workers = 1}, &s),
                  YAO_E_USAGE);
    assert_status(net_server_open(&(net_server_options){.handler = handle,
                                                        .workers = 129},
                                  &s),
                  YAO_E_USAGE);
    assert_null(s);
    net_server_close(NULL);
}

static void refuses_twice(void **state)
{
    char  place[32];
    world w;
    net_server        *other;
    net_server_options o = {.handler = handle};

    (void)state;
    start(&w, &usual);
    snprintf(place, sizeof place, "127.0.0.1:%u", w.port);
    assert_status(net_server_open(&o, &other), YAO_OK);
    assert_status(net_server_listen(other, place, 0, NULL), YAO_E_EXISTS);
    net_server_close(other);
    stop(&w);
}

static int dial_path(const char *path)
{
    struct sockaddr_un a  = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void listens_on_path(void **state)
{
    char               folder[] = "/tmp/yaopai-net-XXXXXX", place[64];
    world              w        = {.port = 0};
    net_server_options o        = {.handler = handle, .ctx = &w, .workers = 2};
    net_server        *other;
    struct stat        about;

    (void)state;
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.changed, NULL);
    assert_non_null(mkdtemp(folder));
    snprintf(place, sizeof place, "unix:%s/s", folder);

    /* what a process that died left behind */
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", place + 5);
    int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(dead, (struct sockaddr *)&a, sizeof a), 0);
    close(dead);

    assert_status(net_server_open(&o, &w.server), YAO_OK);
    assert_status(net_server_listen(w.server, place, 0, NULL), YAO_OK);
    assert_status(net_server_start(w.server), YAO_OK);
    assert_int_equal(stat(place + 5, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    int fd = dial_path(place + 5);
    send_all(fd, YAO_LIT(GET CLOSE "\r\n"));
    assert_int_equal(status_of(read_all(fd, 2000)), 200);
    close(fd);

    /* somebody lives there now */
    assert_status(net_server_open(&o, &other), YAO_OK);
    assert_status(net_server_listen(other, place, 0, NULL), YAO_E_EXISTS);
    net_server_close(other);
    assert_int_equal(access(place + 5, F_OK), 0);
    stop(&w);
    assert_int_not_equal(access(place + 5, F_OK), 0);

    /* a file is no socket, and is not removed */
    FILE *file = fopen(place + 5, "w");
    assert_non_null(file);
    fclose(file);
    assert_status(net_server_open(&o, &other), YAO_OK);
    assert_status(net_server_listen(other, place, 0, NULL), YAO_E_EXISTS);
    net_server_close(other);
    assert_int_equal(unlink(place + 5), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void takes_a_socket(void **state)
{
    struct sockaddr_in a   = {.sin_family = AF_INET};
    socklen_t          len = sizeof a;
    char               place[16];
    unsigned           port = 0;
    world              w    = {.port = 0};
    net_server_options o    = {.handler = handle, .ctx = &w, .workers = 1};

    (void)state;
    pthread_mutex_init(&w.lock, NULL);
    pthread_cond_init(&w.changed, NULL);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd            = socket(AF_INET, SOCK_STREAM, 0);
    snprintf(place, sizeof place, "fd:%d", fd);
    assert_status(net_server_open(&o, &w.server), YAO_OK);
    assert_status(net_server_listen(w.server, place, 0, NULL), YAO_E_USAGE);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    assert_status(net_server_listen(w.server, place, 0, &port), YAO_OK);
    assert_int_equal(port, ntohs(a.sin_port));
    assert_status(net_server_start(w.server), YAO_OK);
    assert_int_equal(status_of(ask(port, YAO_LIT(GET CLOSE "\r\n"))), 200);
    stop(&w);
}

int main(void)
{
    static const char slow_line[] = "GET /";
    static const char slow_head[] = GET "X-A: ";
    static const char slow_body[] =
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n";

    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("exchange", rows[i].name, exchange, &rows[i]);
    for (size_t i = 0; i < COUNT(sizes); i++)
        test_add("exchange", sizes[i].name, sized, (void *)(uintptr_t)i);
    test_add("exchange", "accepts 64 headers", many_headers, NULL);
    test_add("exchange", "refuses 65 headers", many_headers, "");

    test_add("connection", "gives several answers on one", keeps_connections,
             NULL);
    test_add("connection", "gives answers in the order of requests", pipelines,
             NULL);
    test_add("connection", "refuses and ends it", closes_after_refusal, NULL);
    test_add("connection", "refuses a slow first line (N303)", dribble,
             slow_line);
    test_add("connection", "refuses a slow head (N303)", dribble, slow_head);
    test_add("connection", "refuses a slow body (N303)", dribble, slow_body);
    test_add("connection", "refuses a slow reader (N303)", reads_slowly, NULL);
    test_add("connection", "never keeps an idle one for long", idles, NULL);
    test_add("connection", "accepts one more beside 1,000 idle ones",
             carries_many, NULL);
    test_add("connection", "accepts that clients go away at any byte",
             goes_away, NULL);

    test_add("worker", "never sees what was there before", wipes, NULL);
    test_add("worker", "refuses with Retry-After when too many wait (N314)",
             fills_up, NULL);
    test_add("parked", "gives an answer when it is woken", wakes, NULL);
    test_add("parked", "gives an answer when it is too late", is_late, NULL);
    test_add("stop", "gives the answers that are under way", ends_work, NULL);
    test_add("stop", "gives 503 to who is parked", ends_parked, NULL);

    for (size_t i = 0; i < COUNT(places); i++)
        test_add("listen", places[i].name, listens, (void *)(uintptr_t)i);
    test_add("listen", "refuses a port that is taken", refuses_twice, NULL);
    test_add("listen", "accepts a path, for its owner only", listens_on_path,
             NULL);
    test_add("listen", "accepts a socket that is open already", takes_a_socket,
             NULL);
    test_add("open", "refuses no handler, and too many workers",
             refuses_options, NULL);
    return test_run("net/server");
}
