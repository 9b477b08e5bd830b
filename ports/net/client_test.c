/* SPDX-License-Identifier: Apache-2.0 */
/* The client against a server that says what a row tells it to say, byte for
 * byte: what no well-behaved server would. */
#include "net/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "net/origin.h"
#include "program.h"

enum { PATIENCE_MS = 60000 };

/* ---- a server that says one thing --------------------------------------- */

typedef struct sayer {
    int         fd;
    unsigned    port;
    const char *says;   /* the whole answer */
    size_t      repeat; /* so many "x" after it */
    unsigned    drip_ms; /* between the bytes of the answer */
    char        heard[8192];
    size_t      heard_len;
    atomic_int  calls;
    pthread_t   thread;
    atomic_bool over;
} sayer;

static void nap(unsigned ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

/* Until the head is there, and the body that it announces. */
static void hear(sayer *s, int fd)
{
    s->heard_len = 0;
    while (s->heard_len < sizeof s->heard - 1) {
        ssize_t got = recv(fd, s->heard + s->heard_len,
                           sizeof s->heard - 1 - s->heard_len, 0);
        if (got <= 0)
            return;
        s->heard_len += (size_t)got;
        s->heard[s->heard_len] = '\0';
        const char *end = strstr(s->heard, "\r\n\r\n");
        const char *len = strstr(s->heard, "Content-Length: ");
        size_t      body = len != NULL ? strtoul(len + 16, NULL, 10) : 0;
        if (end != NULL &&
            s->heard_len >= (size_t)(end + 4 - s->heard) + body)
            return;
    }
}

static bool put(int fd, const void *bytes, size_t len)
{
    return send(fd, bytes, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static void say(const sayer *s, int fd)
{
    char   more[4096];
    size_t left = s->repeat;
    bool   ok   = true;

    memset(more, 'x', sizeof more);
    if (s->drip_ms == 0)
        ok = put(fd, s->says, strlen(s->says));
    for (size_t i = 0; s->drip_ms != 0 && ok && i < strlen(s->says); i++) {
        ok = !s->over && put(fd, s->says + i, 1);
        nap(s->drip_ms);
    }
    while (ok && left != 0) {
        size_t len = left < sizeof more ? left : sizeof more;
        ok = put(fd, more, len);
        left -= len;
    }
}

static void *serve(void *context)
{
    sayer *s = context;

    while (!s->over) {
        struct pollfd p = {s->fd, POLLIN, 0};
        if (poll(&p, 1, 20) <= 0)
            continue;
        int fd = accept(s->fd, NULL, NULL);
        if (fd < 0)
            continue;
        s->calls++;
        hear(s, fd);
        say(s, fd);
        shutdown(fd, SHUT_WR);
        close(fd);
    }
    return NULL;
}

static void sayer_start(sayer *s, const char *says, const char *path)
{
    struct sockaddr_in in  = {.sin_family = AF_INET,
                              .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_un un  = {.sun_family = AF_UNIX};
    socklen_t          len = sizeof in;

    *s    = (sayer){.says = says};
    s->fd = socket(path != NULL ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
    assert_true(s->fd >= 0);
    if (path != NULL) {
        snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
        assert_int_equal(bind(s->fd, (void *)&un, sizeof un), 0);
    } else {
        assert_int_equal(bind(s->fd, (void *)&in, sizeof in), 0);
        assert_int_equal(getsockname(s->fd, (void *)&in, &len), 0);
        s->port = ntohs(in.sin_port);
    }
    assert_int_equal(listen(s->fd, 8), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void sayer_stop(sayer *s)
{
    s->over = true;
    pthread_join(s->thread, NULL);
    close(s->fd);
}

/* ---- origins ------------------------------------------------------------ */

static const struct {
    const char *name, *url;
    yao_status  want;
    bool        local;
    unsigned    port;
} origins[] = {
    {"accepts a name", "https://authority.example", YAO_OK, false, 443},
    {"accepts a port and a path", "https://a.example:8443/x?y=%20", YAO_OK,
     false, 8443},
    {"accepts large letters", "HTTPS://A.Example/", YAO_OK, false, 443},
    {"accepts a query without a path", "https://a.example?x", YAO_OK, false,
     443},
    {"accepts a name of this machine", "http://wallet.localhost:8441/",
     YAO_OK, true, 8441},
    {"accepts localhost", "http://localhost", YAO_OK, true, 80},
    {"accepts 127.0.0.2", "http://127.0.0.2:81", YAO_OK, true, 81},
    {"accepts [::1]", "http://[::1]:8440/x", YAO_OK, true, 8440},
    {"accepts an address that is not this machine", "https://10.1.2.3",
     YAO_OK, false, 443},
    {"refuses N132: a user before the host", "https://a@b.example/",
     YAO_E_USAGE, false, 0},
    {"refuses N132: a user and a password", "https://a:b@c.example/",
     YAO_E_USAGE, false, 0},
    {"refuses N132: a name in other letters", "https://\xd0\xb0.example/",
     YAO_E_USAGE, false, 0},
    {"accepts a name that begins as localhost as somebody else's",
     "https://localhost.example", YAO_OK, false, 443},
    {"refuses another scheme", "ftp://a.example", YAO_E_USAGE, false, 0},
    {"refuses file", "file:///etc/passwd", YAO_E_USAGE, false, 0},
    {"refuses no scheme", "a.example/", YAO_E_USAGE, false, 0},
    {"refuses no host", "https:///x", YAO_E_USAGE, false, 0},
    {"refuses an empty label", "https://a..example", YAO_E_USAGE, false, 0},
    {"refuses a point at the end", "https://a.example.", YAO_E_USAGE, false,
     0},
    {"refuses a dash at the beginning", "https://-a.example", YAO_E_USAGE,
     false, 0},
    {"refuses port 0", "https://a.example:0/", YAO_E_USAGE, false, 0},
    {"refuses port 65536", "https://a.example:65536/", YAO_E_USAGE, false, 0},
    {"refuses a port without digits", "https://a.example:/", YAO_E_USAGE,
     false, 0},
    {"refuses a fragment", "https://a.example/#x", YAO_E_USAGE, false, 0},
    {"refuses a blank", "https://a.example/a b", YAO_E_USAGE, false, 0},
    {"refuses a line feed", "https://a.example/a\nb", YAO_E_USAGE, false, 0},
    {"refuses a backslash", "https://a.example\\@b.example/", YAO_E_USAGE,
     false, 0},
    {"refuses an address of one number", "http://2130706433/", YAO_E_USAGE,
     false, 0},
    {"refuses an address with leading zeros", "http://0177.0.0.1/",
     YAO_E_USAGE, false, 0},
    {"refuses an address in hexadecimal", "http://0x7f.1/", YAO_E_USAGE,
     false, 0},
    {"refuses an address of five numbers", "http://1.2.3.4.5/", YAO_E_USAGE,
     false, 0},
    {"refuses an address with 256", "http://256.0.0.1/", YAO_E_USAGE, false,
     0},
    {"refuses an unended [", "http://[::1/", YAO_E_USAGE, false, 0},
};

static void read_origin(void **state)
{
    size_t     i = (size_t)(uintptr_t)*state;
    net_origin o = {.port = 77};
    yao_text   rest;

    assert_status(net_origin_read(yao_text_of(origins[i].url), &o, &rest),
                  origins[i].want);
    if (origins[i].want != YAO_OK) {
        assert_int_equal(o.port, 77); /* untouched */
        return;
    }
    assert_int_equal(o.port, origins[i].port);
    assert_int_equal(o.local, origins[i].local);
}

static const struct {
    const char *name, *origin;
    bool        loopback;
    yao_status  want;
} allowed[] = {
    {"accepts https", "https://a.example", false, YAO_OK},
    {"accepts http to this machine", "http://a.localhost:1", true, YAO_OK},
    {"accepts a socket", "unix:/run/x", false, YAO_OK},
    {"refuses http to this machine when it wasn't asked for",
     "http://a.localhost:1", false, YAO_E_USAGE},
    {"refuses http to another machine", "http://a.example", true,
     YAO_E_USAGE},
    {"refuses a path", "https://a.example/", false, YAO_E_USAGE},
    {"refuses a user", "https://a@b.example", false, YAO_E_USAGE},
    {"refuses no origin", "", false, YAO_E_USAGE},
    {"refuses a socket without a name", "unix:", false, YAO_E_USAGE},
};

static void allow(void **state)
{
    size_t      i = (size_t)(uintptr_t)*state;
    net_client *c;

    assert_status(net_client_open(
                      &(net_client_options){.loopback = allowed[i].loopback},
                      &c),
                  YAO_OK);
    assert_status(net_client_allow(c, allowed[i].origin), allowed[i].want);
    net_client_close(c);
}

static void refuse_a_seventeenth(void **state)
{
    net_client *c;
    char        origin[64];

    (void)state;
    assert_status(net_client_open(&(net_client_options){0}, &c), YAO_OK);
    for (int i = 0; i < 16; i++) {
        snprintf(origin, sizeof origin, "https://a%d.example", i);
        assert_status(net_client_allow(c, origin), YAO_OK);
    }
    assert_status(net_client_allow(c, "https://a3.example:443"), YAO_OK);
    assert_status(net_client_allow(c, "https://a16.example"), YAO_E_LIMIT);
    net_client_close(c);
}

static void refuse_missing_ca(void **state)
{
    net_client *c = NULL;

    (void)state;
    assert_status(net_client_open(&(net_client_options){.ca_file = "/nowhere"},
                                  &c),
                  YAO_E_FILE);
    assert_null(c);
}

/* ---- exchanges ---------------------------------------------------------- */

#define OK200 "HTTP/1.1 200 OK\r\n"
#define LEN(n) "Content-Length: " #n "\r\n"

typedef struct exchange {
    const char *name, *says;
    yao_status  want;
    int         status;
    const char *body;
    size_t      repeat, most, arena;
    unsigned    drip_ms, timeout_ms; /* 0: long enough for any machine */
} exchange;

static const exchange exchanges[] = {
    {.name = "accepts an answer", .says = OK200 LEN(5) "\r\nhello",
     .status = 200, .body = "hello"},
    {.name = "accepts no body", .says = "HTTP/1.1 204 No\r\n\r\n",
     .status = 204, .body = ""},
    {.name = "accepts chunks",
     .says = OK200 "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n"
                   "0\r\nX-Late: 1\r\n\r\n",
     .status = 200, .body = "hello"},
    {.name = "accepts what follows 100 Continue",
     .says = "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n" OK200 LEN(1) "\r\nx",
     .status = 200, .body = "x"},
    {.name = "refuses N134: to follow a redirect",
     .says = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n" LEN(
         0) "\r\n",
     .status = 302, .body = ""},
    {.name = "accepts a body of exactly the limit", .says = OK200 LEN(6) "\r\n",
     .repeat = 6, .most = 6, .status = 200, .body = "xxxxxx"},
    {.name = "refuses N134: a body one above the limit",
     .says = OK200 LEN(7) "\r\n", .repeat = 7, .most = 6, .want = YAO_E_LIMIT},
    {.name = "refuses N134: a body without end", .says = OK200 "\r\n",
     .repeat = 5000000, .want = YAO_E_LIMIT},
    {.name = "refuses N134: a slow drip",
     .says = OK200 LEN(50) "\r\n"
             "12345678901234567890123456789012345678901234567890",
     .drip_ms = 50, .timeout_ms = 1500, .want = YAO_E_NET},
    {.name = "refuses an answer that is no HTTP", .says = "hello\n",
     .want = YAO_E_MALFORMED},
    {.name = "refuses a header without a colon",
     .says = OK200 "What\r\n" LEN(0) "\r\n", .want = YAO_E_MALFORMED},
    {.name = "refuses an answer that breaks off",
     .says = OK200 LEN(50) "\r\nx", .want = YAO_E_NET},
    {.name = "refuses silence", .says = "", .want = YAO_E_NET},
    {.name = "refuses a body that the arena has no room for",
     .says = OK200 LEN(500) "\r\n", .repeat = 500, .arena = 300,
     .want = YAO_E_SPACE},
};

static yao_status fetch(sayer *s, net_client *c, const net_call *call,
                        yao_arena *arena, net_answer *ret)
{
    char     url[128];
    net_call mine = *call;

    if (mine.url.len == 0) {
        snprintf(url, sizeof url, "http://x.localhost:%u/path?q=1", s->port);
        mine.url = yao_text_of(url);
    }
    return net_client_fetch(c, &mine, arena, ret);
}

static void start_hasty(sayer *s, net_client **c, const char *says,
                        unsigned timeout_ms)
{
    const net_client_options o = {.loopback = true, .timeout_ms = timeout_ms};
    char                     origin[128];

    sayer_start(s, says, NULL);
    assert_status(net_client_open(&o, c), YAO_OK);
    snprintf(origin, sizeof origin, "http://x.localhost:%u", s->port);
    assert_status(net_client_allow(*c, origin), YAO_OK);
}

static void start(sayer *s, net_client **c, const char *says)
{
    start_hasty(s, c, says, PATIENCE_MS);
}

static void stop(sayer *s, net_client *c)
{
    net_client_close(c);
    sayer_stop(s);
}

/* Whatever the name says: what it leads to is looked at. */
static void stays_outside(void **state)
{
    net_answer  answer;
    net_client *c;
    char        origin[128];
    sayer       s;

    (void)state;
    sayer_start(&s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", NULL);
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .outside    = true,
                                                        .timeout_ms =
                                                            PATIENCE_MS},
                                  &c),
                  YAO_OK);
    snprintf(origin, sizeof origin, "http://x.localhost:%u", s.port);
    assert_status(net_client_allow(c, origin), YAO_OK);
    assert_status(
        fetch(&s, c, &(net_call){.method = "GET"}, test_arena(), &answer),
        YAO_E_NOT_AUTHORISED);
    stop(&s, c);
    assert_int_equal(s.calls, 0);
}

static void exchange_one(void **state)
{
    const exchange *e = *state;
    yao_arena       arena = *test_arena();
    net_answer      answer = {.status = 7};
    net_client     *c;
    sayer           s;

    start_hasty(&s, &c, e->says,
                e->timeout_ms != 0 ? e->timeout_ms : PATIENCE_MS);
    s.repeat  = e->repeat;
    s.drip_ms = e->drip_ms;
    if (e->arena != 0)
        arena.cap = arena.used + e->arena;
    size_t     mark = arena.used;
    yao_status got =
        fetch(&s, c, &(net_call){.method = "GET", .most = e->most}, &arena,
              &answer);
    for (int i = 0; i < PATIENCE_MS / 10 && s.calls == 0; i++)
        nap(10); /* who has no time left may be gone before it is heard */
    stop(&s, c);

    assert_status(got, e->want);
    assert_int_equal(s.calls, 1);
    if (e->want != YAO_OK) {
        assert_int_equal(answer.status, 7);
        assert_int_equal(arena.used, mark);
        return;
    }
    assert_int_equal(answer.status, e->status);
    assert_bytes(answer.body, yao_text_bytes(yao_text_of(e->body)));
    assert_int_equal(net_answer_header(&answer, "x-late").len, 0);
    assert_int_equal(net_answer_header(&answer, "x-early").len, 0);
}

static void give_headers(void **state)
{
    net_answer  answer;
    net_client *c;
    sayer       s;

    (void)state;
    start(&s, &c,
          OK200 "DPoP-Nonce:  abc \r\nX-Two: 1\r\nX-Two: 2\r\n"
                "X-Name: \xe8\x85\xb0\r\n" LEN(0) "\r\n");
    assert_status(
        fetch(&s, c, &(net_call){.method = "GET"}, test_arena(), &answer),
        YAO_OK);
    assert_bytes(yao_text_bytes(net_answer_header(&answer, "dpop-nonce")),
                 YAO_LIT("abc"));
    assert_bytes(yao_text_bytes(net_answer_header(&answer, "x-two")),
                 YAO_LIT("1"));
    assert_int_equal(net_answer_header(&answer, "x-name").len, 0);
    stop(&s, c);
}

/* 64 headers, with Content-Length among them; one more is too many. */
static void limit_headers(void **state)
{
    bool        many = *state != NULL;
    char        says[4096];
    size_t      len = (size_t)snprintf(says, sizeof says, OK200 LEN(0));
    net_answer  answer;
    net_client *c;
    sayer       s;

    for (int i = 0; i < (many ? 64 : 63); i++)
        len += (size_t)snprintf(says + len, sizeof says - len, "X-A: %d\r\n",
                                i);
    snprintf(says + len, sizeof says - len, "\r\n");
    start(&s, &c, says);
    assert_status(
        fetch(&s, c, &(net_call){.method = "GET"}, test_arena(), &answer),
        many ? YAO_E_LIMIT : YAO_OK);
    stop(&s, c);
}

static const char *const environment[] = {"http_proxy", "HTTP_PROXY",
                                          "all_proxy", "ALL_PROXY"};

static void give_request(void **state)
{
    net_header  headers[] = {{YAO_TEXT("Content-Type"), YAO_TEXT("a/b")},
                             {YAO_TEXT("X-Empty"), {NULL, 0}},
                             {YAO_TEXT("DPoP"), YAO_TEXT("x.y.z")}};
    net_answer  answer;
    net_client *c;
    sayer       s;

    (void)state;
    for (size_t i = 0; i < COUNT(environment); i++)
        setenv(environment[i], "http://127.0.0.1:1/", 1);
    start(&s, &c, OK200 LEN(0) "Set-Cookie: a=b\r\n\r\n");
    for (int i = 0; i < 2; i++)
        assert_status(fetch(&s, c,
                            &(net_call){.method       = "POST",
                                        .headers      = headers,
                                        .header_count = COUNT(headers),
                                        .body         = YAO_LIT("hel\0lo")},
                            test_arena(), &answer),
                      YAO_OK);
    stop(&s, c);
    for (size_t i = 0; i < COUNT(environment); i++)
        unsetenv(environment[i]);
    assert_non_null(strstr(s.heard, "POST /path?q=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(s.heard, "Host: x.localhost:"));
    assert_non_null(strstr(s.heard, "\r\nContent-Type: a/b\r\n"));
    assert_non_null(strstr(s.heard, "\r\nX-Empty:\r\n"));
    assert_non_null(strstr(s.heard, "\r\nDPoP: x.y.z\r\n"));
    assert_non_null(strstr(s.heard, "\r\nContent-Length: 6\r\n"));
    assert_null(strstr(s.heard, "Cookie"));
    assert_null(strstr(s.heard, "Expect"));
    assert_memory_equal(s.heard + s.heard_len - 6, "hel\0lo", 6);
}

static void give_empty_post(void **state)
{
    net_answer  answer;
    net_client *c;
    sayer       s;

    (void)state;
    start(&s, &c, OK200 LEN(0) "\r\n");
    assert_status(
        fetch(&s, c, &(net_call){.method = "POST"}, test_arena(), &answer),
        YAO_OK);
    stop(&s, c);
    assert_non_null(strstr(s.heard, "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(s.heard, "Content-Type"));
}

static const struct {
    const char *name;
    net_header  header;
} injected[] = {
    {"refuses a line feed in a value",
     {YAO_INIT("X"), YAO_INIT("a\r\nY: b")}},
    {"refuses a NUL in a value", {YAO_INIT("X"), YAO_INIT("a\0b")}},
    {"refuses other letters in a value", {YAO_INIT("X"), YAO_INIT("\xc3")}},
    {"refuses a blank in a name", {YAO_INIT("X Y"), YAO_INIT("a")}},
    {"refuses a colon in a name", {YAO_INIT("X:Y"), YAO_INIT("a")}},
    {"refuses no name", {{NULL, 0}, YAO_INIT("a")}},
    {"refuses a second Host", {YAO_INIT("hOst"), YAO_INIT("a")}},
    {"refuses a Content-Length", {YAO_INIT("Content-Length"), YAO_INIT("1")}},
    {"refuses a Transfer-Encoding",
     {YAO_INIT("Transfer-Encoding"), YAO_INIT("chunked")}},
};

static void inject(void **state)
{
    size_t      i = (size_t)(uintptr_t)*state;
    net_answer  answer;
    net_client *c;
    sayer       s;

    start(&s, &c, OK200 LEN(0) "\r\n");
    assert_status(fetch(&s, c,
                        &(net_call){.method       = "GET",
                                    .headers      = &injected[i].header,
                                    .header_count = 1},
                        test_arena(), &answer),
                  YAO_E_USAGE);
    assert_int_equal(s.calls, 0);
    stop(&s, c);
}

static const struct {
    const char *name, *url; /* %u: its port */
    yao_status  want;
} places[] = {
    {"accepts the origin", "http://x.localhost:%u/", YAO_OK},
    {"accepts the origin in large letters", "HTTP://X.LocalHost:%u/", YAO_OK},
    {"refuses another name of the same machine", "http://y.localhost:%u/",
     YAO_E_NOT_AUTHORISED},
    {"refuses its address", "http://127.0.0.1:%u/", YAO_E_NOT_AUTHORISED},
    {"refuses another scheme", "https://x.localhost:%u/",
     YAO_E_NOT_AUTHORISED},
    {"refuses another port", "http://x.localhost:1%u/", YAO_E_USAGE},
    {"refuses the default port", "http://x.localhost/",
     YAO_E_NOT_AUTHORISED},
    {"refuses a user", "http://x.localhost:%u@y.example/", YAO_E_USAGE},
    {"refuses a socket that was not given", "http://unix/",
     YAO_E_NOT_AUTHORISED},
    {"refuses a line feed", "http://x.localhost:%u/\r\nX: y", YAO_E_USAGE},
};

static void go(void **state)
{
    size_t      i = (size_t)(uintptr_t)*state;
    char        url[128];
    net_answer  answer;
    net_client *c;
    sayer       s;

    start(&s, &c, OK200 LEN(0) "\r\n");
    snprintf(url, sizeof url, places[i].url, s.port % 100000);
    yao_status got = fetch(&s, c,
                           &(net_call){.method = "GET",
                                       .url    = yao_text_of(url)},
                           test_arena(), &answer);
    if (strstr(places[i].url, ":1%u") != NULL && got == YAO_E_NOT_AUTHORISED)
        got = YAO_E_USAGE; /* a short port, with a digit more still one */
    assert_status(got, places[i].want);
    assert_int_equal(s.calls, places[i].want == YAO_OK ? 1 : 0);
    stop(&s, c);
}

static void refuse_methods(void **state)
{
    static const char *const methods[] = {"get", "TRACE", "GET / HTTP/1.1\r\n",
                                          "", NULL};
    net_answer  answer;
    net_client *c;
    sayer       s;

    (void)state;
    start(&s, &c, OK200 LEN(0) "\r\n");
    for (size_t i = 0; i < COUNT(methods); i++)
        assert_status(fetch(&s, c, &(net_call){.method = methods[i]},
                            test_arena(), &answer),
                      YAO_E_USAGE);
    assert_int_equal(s.calls, 0);
    stop(&s, c);
}

/* A port that only who says so may share: until *FD is closed nobody gets it
 * who asks for any port, or connects from one. */
static unsigned hold_port(int *fd)
{
    struct sockaddr_in in  = {.sin_family = AF_INET,
                              .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    socklen_t          len = sizeof in;
    int                on  = 1;

    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*fd, (void *)&in, sizeof in), 0);
    assert_int_equal(getsockname(*fd, (void *)&in, &len), 0);
    assert_int_equal(
        setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    return ntohs(in.sin_port);
}

static void refuse_nobody(void **state)
{
    net_client_options o = {.loopback = true, .timeout_ms = PATIENCE_MS};
    net_answer         answer;
    net_client        *c;
    char               origin[128];
    int                held;
    sayer              s = {.port = hold_port(&held)};

    (void)state;
    assert_status(net_client_open(&o, &c), YAO_OK);
    snprintf(origin, sizeof origin, "http://x.localhost:%u", s.port);
    assert_status(net_client_allow(c, origin), YAO_OK);
    assert_status(
        fetch(&s, c, &(net_call){.method = "GET"}, test_arena(), &answer),
        YAO_E_NET);
    net_client_close(c);
    close(held);
}

static void speak_to_a_socket(void **state)
{
    const char *path = test_scratch_path("s");
    char        origin[300];
    net_answer  answer;
    net_client *c;
    sayer       s;

    (void)state;
    sayer_start(&s, OK200 LEN(2) "\r\nhi", path);
    assert_status(net_client_open(&(net_client_options){0}, &c), YAO_OK);
    snprintf(origin, sizeof origin, "unix:%s", path);
    assert_status(net_client_allow(c, origin), YAO_OK);
    assert_status(fetch(&s, c,
                        &(net_call){.method = "GET",
                                    .url = YAO_TEXT("http://unix/health")},
                        test_arena(), &answer),
                  YAO_OK);
    assert_bytes(answer.body, YAO_LIT("hi"));
    assert_non_null(strstr(s.heard, "GET /health HTTP/1.1"));
    stop(&s, c);
}

/* ---- TLS: openssl's own server ------------------------------------------ */

typedef struct tls_row {
    const char *name, *server; /* options of s_server */
    bool        believed;      /* our file has its root */
    const char *host;
    yao_status  want;
} tls_row;

static const tls_row tls_rows[] = {
    {"accepts a server whose root is in the file", "", true, "x.localhost",
     YAO_OK},
    {"accepts TLS 1.2", "-tls1_2", true, "x.localhost", YAO_OK},
    {"refuses a server whose root is in no file", "", false, "x.localhost",
     YAO_E_NET},
    {"refuses a certificate of another name", "", true, "y.localhost",
     YAO_E_NET},
    {"refuses TLS 1.1", "-tls1_1 -cipher ALL:@SECLEVEL=0", true,
     "x.localhost", YAO_E_NET},
};

static void make_certificates(const char *folder)
{
    char command[4096];

    snprintf(command, sizeof command,
             "cd %s && test -e leaf.pem || { for n in root other; do "
             "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
             "-nodes -keyout $n.key -out $n.pem -days 2 -subj /CN=$n; done; "
             "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
             "-keyout leaf.key -out leaf.csr -subj /CN=leaf; "
             "echo subjectAltName=DNS:x.localhost > ext; "
             "openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key "
             "-CAcreateserial -days 2 -extfile ext -out leaf.pem; "
             "} >make.log 2>&1",
             folder);
    assert_int_equal(system(command), 0);
}

static long start_tls(const char *folder, const char *options, unsigned port)
{
    char  command[4096], line[64] = "";
    FILE *out;

    snprintf(command, sizeof command,
             "cd %s && { openssl s_server -accept %u -cert leaf.pem -key "
             "leaf.key -www -quiet %s >s.log 2>&1 & echo $!; }",
             folder, port, options);
    out = popen(command, "r");
    assert_non_null(out);
    assert_non_null(fgets(line, sizeof line, out));
    pclose(out);
    return strtol(line, NULL, 10);
}

static void wait_for_port(unsigned port)
{
    for (int i = 0; i < PATIENCE_MS / 50; i++) {
        struct sockaddr_in in = {.sin_family = AF_INET,
                                 .sin_port   = htons((uint16_t)port),
                                 .sin_addr   = {htonl(INADDR_LOOPBACK)}};
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        int got = connect(fd, (void *)&in, sizeof in);
        close(fd);
        if (got == 0)
            return;
        nap(50);
    }
    fail_msg("openssl s_server did not start");
}

static void speak_tls(void **state)
{
    const tls_row *r      = *state;
    const char    *folder = test_scratch();
    char           file[300], origin[100], url[120], kill_it[64];
    net_answer     answer;
    net_client    *c;

    make_certificates(folder);
    int      held;
    unsigned port = hold_port(&held);
    long     pid  = start_tls(folder, r->server, port);
    wait_for_port(port);
    snprintf(file, sizeof file, "%s/%s.pem", folder,
             r->believed ? "root" : "other");
    const net_client_options o = {.ca_file = file, .timeout_ms = PATIENCE_MS};
    assert_status(net_client_open(&o, &c), YAO_OK);
    snprintf(origin, sizeof origin, "https://%s:%u", r->host, port);
    snprintf(url, sizeof url, "%s/", origin);
    assert_status(net_client_allow(c, origin), YAO_OK);
    yao_status got =
        net_client_fetch(c, &(net_call){.method = "GET",
                                        .url    = yao_text_of(url)},
                         test_arena(), &answer);
    net_client_close(c);
    close(held);
    snprintf(kill_it, sizeof kill_it, "kill %ld", pid);
    assert_int_equal(system(kill_it), 0);
    assert_status(got, r->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(origins); i++)
        test_add("origin", origins[i].name, read_origin,
                 (void *)(uintptr_t)i);
    for (size_t i = 0; i < COUNT(allowed); i++)
        test_add("allow", allowed[i].name, allow, (void *)(uintptr_t)i);
    test_add("allow", "refuses a seventeenth origin", refuse_a_seventeenth,
             NULL);
    test_add("open", "refuses a file that isn't there", refuse_missing_ca,
             NULL);
    for (size_t i = 0; i < COUNT(exchanges); i++)
        test_add("fetch", exchanges[i].name, exchange_one, &exchanges[i]);
    test_add("fetch", "gives headers in small letters", give_headers, NULL);
    test_add("fetch", "accepts 64 headers", limit_headers, NULL);
    test_add("fetch", "refuses a 65th header", limit_headers, "");
    test_add("fetch", "never sends a cookie, never asks a proxy",
             give_request, NULL);
    test_add("fetch", "gives a POST without a body", give_empty_post, NULL);
    for (size_t i = 0; i < COUNT(injected); i++)
        test_add("fetch", injected[i].name, inject, (void *)(uintptr_t)i);
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("fetch", places[i].name, go, (void *)(uintptr_t)i);
    test_add("fetch", "refuses N113: a name that leads into our own network",
             stays_outside, NULL);
    test_add("fetch", "refuses other methods", refuse_methods, NULL);
    test_add("fetch", "refuses when nobody listens", refuse_nobody, NULL);
    test_add("fetch", "accepts a Unix socket", speak_to_a_socket, NULL);
    for (size_t i = 0; i < COUNT(tls_rows); i++)
        test_add("tls", tls_rows[i].name, speak_tls, &tls_rows[i]);
    int code = test_run("net/client");
    test_scratch_remove();
    return code;
}
