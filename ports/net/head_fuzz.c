/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two readings of a stream agree: the server's (a library, and our gate) and a
 * strict one here, which knows no kindness. What reaches a handler is, request
 * by request, what the strict reader read; what the strict reader finds right
 * reaches the handler. So nothing that a proxy in front could read otherwise
 * gets through, and nothing that is right is refused.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "net/server.h"

enum { MOST_BODY = 64, MOST_CALLS = 16, MOST_INPUT = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* ---- one request, as both see it ---------------------------------------- */

typedef struct seen {
    uint8_t text[MOST_INPUT + 4096]; /* method uri, headers, body */
    size_t  len;
} seen;

static void put(seen *s, yao_bytes bytes, const char *behind)
{
    size_t n = strlen(behind);

    if (s->len + bytes.len + n > sizeof s->text)
        abort();
    if (bytes.len > 0)
        memcpy(s->text + s->len, bytes.ptr, bytes.len);
    memcpy(s->text + s->len + bytes.len, behind, n);
    s->len += bytes.len + n;
}

static void put_small(seen *s, yao_bytes name)
{
    size_t at = s->len;

    put(s, name, ":");
    for (; at < s->len; at++)
        if (s->text[at] >= 'A' && s->text[at] <= 'Z')
            s->text[at] = (uint8_t)(s->text[at] + 32);
}

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "head: %s\n", what);
        abort();
    }
}

/* ---- the strict reading ------------------------------------------------- */

typedef struct strict {
    yao_bytes rest;
    yao_bytes host, length;
    size_t    hosts, lengths, headers;
    bool      expects;
    size_t    body;
} strict;

/* The bytes before CRLF; false: there is none, or a letter that may not be. */
static bool take_line(yao_bytes *rest, yao_bytes *line)
{
    for (size_t i = 0; i < rest->len; i++) {
        uint8_t c = rest->ptr[i];
        if (c == '\r' && i + 1 < rest->len && rest->ptr[i + 1] == '\n') {
            *line = (yao_bytes){rest->ptr, i};
            *rest = (yao_bytes){rest->ptr + i + 2, rest->len - i - 2};
            return true;
        }
        if ((c < 0x20 && c != '\t') || c > 0x7e)
            return false;
    }
    return false;
}

static bool is_token(yao_bytes t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.ptr[i] <= ' ' || t.ptr[i] > 0x7e ||
            strchr("\"(),/:;<=>?@[\\]{}", t.ptr[i]) != NULL)
            return false;
    return t.len > 0;
}

static yao_bytes trim(yao_bytes b)
{
    while (b.len > 0 && (b.ptr[0] == ' ' || b.ptr[0] == '\t')) {
        b.ptr++;
        b.len--;
    }
    while (b.len > 0 &&
           (b.ptr[b.len - 1] == ' ' || b.ptr[b.len - 1] == '\t'))
        b.len--;
    return b;
}

static bool is_word(yao_bytes b, const char *word)
{
    return b.len == strlen(word) &&
           strncasecmp((const char *)b.ptr, word, b.len) == 0;
}

static bool read_first(yao_bytes line, seen *s)
{
    size_t a = yao_bytes_find(line, ' ');
    if (a == line.len)
        return false;
    yao_bytes method = {line.ptr, a};
    yao_bytes rest   = {line.ptr + a + 1, line.len - a - 1};
    size_t    b      = yao_bytes_find(rest, ' ');
    if (b == rest.len)
        return false;
    yao_bytes uri     = {rest.ptr, b};
    yao_bytes version = {rest.ptr + b + 1, rest.len - b - 1};
    if (!is_token(method) || method.len > 16 || uri.len == 0 ||
        uri.ptr[0] != '/' || yao_bytes_find(uri, '#') < uri.len ||
        yao_bytes_find(uri, '\t') < uri.len)
        return false;
    size_t mark = yao_bytes_find(uri, '?');
    if (mark > NET_MAX_PATH ||
        (mark < uri.len && uri.len - mark - 1 > NET_MAX_PATH))
        return false;
    if (!yao_bytes_equal(version, YAO_LIT("HTTP/1.1")) &&
        !yao_bytes_equal(version, YAO_LIT("HTTP/1.0")))
        return false;
    put(s, method, " ");
    put(s, uri, "\n");
    return true;
}

static bool read_header(strict *r, yao_bytes line, seen *s)
{
    size_t    colon = yao_bytes_find(line, ':');
    yao_bytes name  = {line.ptr, colon}, value;

    if (colon == line.len || !is_token(name) || ++r->headers > 64)
        return false;
    value = trim((yao_bytes){line.ptr + colon + 1, line.len - colon - 1});
    if (yao_bytes_find(value, '\t') < value.len)
        return false;
    if (is_word(name, "host")) {
        r->host = value;
        r->hosts++;
    }
    if (is_word(name, "content-length")) {
        r->length = value;
        r->lengths++;
    }
    if (is_word(name, "transfer-encoding"))
        return false;
    if (is_word(name, "expect") && !is_word(value, "100-continue"))
        return false;
    if (is_word(name, "expect") && r->expects)
        r->hosts = 9; /* twice: either reading is fine, none is taken */
    r->expects = r->expects || is_word(name, "expect");
    put_small(s, name);
    put(s, value, "\n");
    return true;
}

static bool is_framed(strict *r)
{
    if (r->hosts != 1 || r->host.len == 0 || r->host.len > 260)
        return false;
    for (size_t i = 0; i < r->host.len; i++) {
        uint8_t c = r->host.ptr[i];
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                   "0123456789.-_:[]",
                   c) == NULL)
            return false;
    }
    if (r->lengths > 1 || (r->lengths == 1 && r->length.len == 0))
        return false;
    for (size_t i = 0; i < r->length.len; i++) {
        if (r->length.ptr[i] < '0' || r->length.ptr[i] > '9' || i >= 15)
            return false;
        r->body = r->body * 10 + (size_t)(r->length.ptr[i] - '0');
    }
    return r->body <= MOST_BODY;
}

/* Empty lines before a request are nobody's, however they end. */
static yao_bytes skip_empty(yao_bytes rest)
{
    while (rest.len > 0) {
        size_t n = rest.ptr[0] == '\n'                              ? 1
                   : rest.len > 1 && memcmp(rest.ptr, "\r\n", 2) == 0 ? 2
                                                                     : 0;
        if (n == 0)
            break;
        rest = (yao_bytes){rest.ptr + n, rest.len - n};
    }
    return rest;
}

/* The library takes a line before a request that begins with NUL for an empty
 * one, and leaves no trace of it; a proxy refuses it. It is left out here. */
static bool goes_on_with_nul(yao_bytes rest)
{
    rest = skip_empty(rest);
    return rest.len > 0 && rest.ptr[0] == '\0';
}

/* The next request of REST; false: none that is whole and right. */
static bool read_strictly(yao_bytes *rest, seen *s)
{
    strict    r = {.rest = *rest};
    yao_bytes line;

    s->len = 0;
    r.rest = skip_empty(r.rest);
    if (!take_line(&r.rest, &line) || !read_first(line, s))
        return false;
    for (;;) {
        if (!take_line(&r.rest, &line))
            return false;
        if (line.len == 0)
            break;
        if (!read_header(&r, line, s))
            return false;
    }
    if (!is_framed(&r) || r.rest.len < r.body)
        return false;
    put(s, (yao_bytes){r.rest.ptr, r.body}, "");
    *rest = (yao_bytes){r.rest.ptr + r.body, r.rest.len - r.body};
    return true;
}

/* ---- the server --------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    net_server     *server;
    char            path[64];
    int             barrier; /* a connection of its own */
    uint64_t        opened;  /* connections */
    seen            calls[MOST_CALLS];
    size_t          count;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void handle(void *ctx, const net_request *q, net_response *ret)
{
    (void)ctx;
    ret->status = 204;
    if (yao_text_equal(q->path, YAO_TEXT("/barrier-of-the-fuzzer")))
        return;
    pthread_mutex_lock(&world.lock);
    demand(world.count < MOST_CALLS, "more requests than were sent");
    seen *s = &world.calls[world.count++];
    s->len  = 0;
    put(s, yao_text_bytes(q->method), " ");
    put(s, yao_text_bytes(q->path), q->query.ptr != NULL ? "?" : "");
    put(s, yao_text_bytes(q->query), "\n");
    for (size_t i = 0; i < q->header_count; i++) {
        put(s, yao_text_bytes(q->headers[i].name), ":");
        put(s, yao_text_bytes(q->headers[i].value), "\n");
    }
    put(s, q->body, "");
    pthread_mutex_unlock(&world.lock);
}

static size_t limit(void *ctx, unsigned listener, yao_text method,
                    yao_text path)
{
    (void)ctx;
    (void)listener;
    (void)method;
    (void)path;
    return MOST_BODY;
}

static int dial(void)
{
    struct sockaddr_un a  = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(a.sun_path, world.path, strlen(world.path) + 1);
    demand(fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0,
           "no connection");
    return fd;
}

static void nap(void)
{
    (void)nanosleep(&(struct timespec){0, 50000}, NULL);
}

/* It may still be in the system's hands. */
static void wait_for_opening(uint64_t number)
{
    for (int i = 0;
         i < 40000 && net_server_count(world.server).connections < number; i++)
        nap();
}

static void finish(void)
{
    close(world.barrier);
    net_server_close(world.server);
    *strrchr(world.path, '/') = '\0';
    (void)rmdir(world.path);
}

static void start(void)
{
    net_server_options o = {.handler    = handle,
                            .body_limit = limit,
                            .workers    = 1,
                            .head_ms    = 20000,
                            .request_ms = 20000,
                            .idle_ms    = 1000000000};
    char               place[80];

    memcpy(world.path, "/tmp/yaopai-head-XXXXXX", 24);
    demand(mkdtemp(world.path) != NULL, "no folder");
    memcpy(world.path + 23, "/s", 3);
    snprintf(place, sizeof place, "unix:%s", world.path);
    demand(net_server_open(&o, &world.server) == YAO_OK &&
               net_server_listen(world.server, place, 0, NULL) == YAO_OK &&
               net_server_start(world.server) == YAO_OK,
           "no server");
    world.barrier = dial();
    wait_for_opening(++world.opened);
    atexit(finish);
}

/* When this is answered, what was sent before was read. */
static void pass_barrier(void)
{
    static const char ask[] =
        "GET /barrier-of-the-fuzzer HTTP/1.1\r\nHost: a\r\n\r\n";
    char    answer[512];
    ssize_t got;

    demand(send(world.barrier, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0,
           "the barrier fell");
    do /* the fuzzer's own clock interrupts */
        got = recv(world.barrier, answer, sizeof answer, 0);
    while (got < 0 && errno == EINTR);
    demand(got > 0, "the barrier fell");
}

static size_t count_calls(void)
{
    pthread_mutex_lock(&world.lock);
    size_t count = world.count;
    pthread_mutex_unlock(&world.lock);
    return count;
}

static void wait_for_calls(size_t want)
{
    for (int i = 0; i < 40000 && count_calls() < want; i++)
        nap();
}

/* But for the barrier's. */
static void wait_for_closing(void)
{
    for (int i = 0; i < 40000 && net_server_count(world.server).open > 1; i++)
        nap();
    demand(net_server_count(world.server).open <= 1,
           "a connection is never closed");
}

/* Whether the connection ends after a request is not looked at. */
static bool ends_early(const seen *s)
{
    return memmem(s->text, s->len, "connection:", 11) != NULL;
}

/* The library reads cookies, and refuses some. */
static bool may_be_refused(const seen *s)
{
    return memmem(s->text, s->len, "cookie:", 7) != NULL;
}

/*
 * The library cuts its buffer in place, so two things leave the same trace: a
 * line that ends in NUL LF and one that ends in CR LF; a line that begins with
 * a colon and an empty one. Neither changes what the handler reads, and a proxy
 * refuses both; they are left out here.
 */
static bool is_traceless(const uint8_t *data, size_t len)
{
    return memmem(data, len, "\0\n", 2) != NULL ||
           memmem(data, len, "\n:", 2) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static seen want[MOST_CALLS];
    yao_bytes   rest   = {data, len};
    size_t      wanted = 0, sure;

    if (world.server == NULL)
        start();
    if (len > MOST_INPUT || is_traceless(data, len) ||
        memmem(data, len, "barrier-of", 10) != NULL)
        return 0;
    while (wanted < MOST_CALLS && read_strictly(&rest, &want[wanted]))
        wanted++;
    if (wanted == MOST_CALLS || goes_on_with_nul(rest))
        return 0;
    for (sure = 0; sure < wanted && !may_be_refused(&want[sure]); sure++)
        if (ends_early(&want[sure]) ||
            memmem(data, len, "HTTP/1.0", 8) != NULL) {
            sure++;
            break;
        }

    pthread_mutex_lock(&world.lock);
    world.count = 0;
    pthread_mutex_unlock(&world.lock);
    int fd = dial();
    wait_for_opening(++world.opened);
    (void)!send(fd, data, len, MSG_NOSIGNAL);
    wait_for_calls(sure);
    pass_barrier();
    close(fd);
    wait_for_closing();

    demand(world.count >= sure, "what is right was refused");
    demand(world.count <= wanted, "what is wrong was taken");
    for (size_t i = 0; i < world.count; i++)
        demand(world.calls[i].len == want[i].len &&
                   memcmp(world.calls[i].text, want[i].text, want[i].len) == 0,
               "two readings differ");
    return 0;
}
