/* SPDX-License-Identifier: Apache-2.0 */

/** Connections, workers, requests that wait, and the end of it all. */

#define _GNU_SOURCE
#include "net_world.h"

#include <errno.h>
#include <time.h>

/* ---- connections -------------------------------------------------------- */

static void keeps_connections(void **state)
{
    world w;

    (void)state;
    start(&w, &usual);
    int fd = dial(w.port);
    for (int i = 0; i < 3; i++) {
        send_all(fd, YAO_LIT(GET "\r\n"));
        assert_int_equal(status_of(read_one(fd)), 200);
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

/* Who does not dribble is served: unless this machine stood still between our
 * connection and our request, so not each time. */
static void serves_others(const world *w)
{
    int status = 0;

    for (int i = 0; i < 200 && status != 200; i++)
        status = status_of(ask(w->port, YAO_LIT(GET CLOSE "\r\n")));
    assert_int_equal(status, 200);
}

/* What is sent a byte at a time, and never comes to its end (N303). */
static void dribble(void **state)
{
    const char *begin = *state;
    world       w;

    start(&w, &hasty);
    int fd = dial(w.port);
    send_all(fd, (yao_bytes){(const uint8_t *)begin, strlen(begin)});
    bool closed = false;
    for (int i = 0; i < 900 && !closed; i++) { /* less than the body */
        send_all(fd, YAO_LIT("a"));
        closed = is_closed(fd, 50);
    }
    assert_true(closed);
    assert_int_equal(net_server_count(w.server).cut, 1);
    assert_int_equal(w.seen, 0);
    close(fd);

    serves_others(&w);
    stop(&w);
}

static void idles(void **state)
{
    world w;

    (void)state;
    start(&w, &(net_server_options){.workers = 2, .idle_ms = 300});
    int fd = dial(w.port);
    send_all(fd, YAO_LIT(GET "\r\n"));
    assert_int_equal(status_of(read_one(fd)), 200);
    assert_true(is_closed(fd, PATIENCE_MS));
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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).cut == 0; i++)
        usleep(10000);
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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).open < 1000;
         i++)
        usleep(10000);
    assert_int_equal(net_server_count(w.server).open, 1000);
    assert_int_equal(status_of(ask(w.port, YAO_LIT(GET CLOSE "\r\n"))), 200);
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).open > 0; i++)
        usleep(10000);
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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).open > 0; i++)
        usleep(10000);
    assert_int_equal(net_server_count(w.server).open, 0);
    assert_int_equal(net_server_count(w.server).busy, 0);
    stop(&w);
}

/* ---- workers ------------------------------------------------------------- */

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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).requests < 9;
         i++)
        usleep(10000);
    yao_text answer = ask(w.port, YAO_LIT(GET CLOSE "\r\n"));
    assert_int_equal(status_of(answer), 503);
    assert_int_equal(count_of(answer, "Retry-After: 1"), 1);
    let_go(&w);
    for (size_t i = 0; i < COUNT(fds); i++) {
        assert_int_equal(status_of(read_one(fds[i])), 200);
        close(fds[i]);
    }
    stop(&w);
}

/* ---- parking ------------------------------------------------------------- */

static void *wake_soon(void *ctx)
{
    world *w = ctx;

    for (int i = 0; i < SHORT_NAPS && net_server_count(w->server).parked < 3;
         i++)
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
        yao_text answer = read_all(fds[i], PATIENCE_MS);
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

/* ---- stopping ------------------------------------------------------------ */

static void *stop_it(void *ctx)
{
    net_server_stop(((world *)ctx)->server, PATIENCE_MS);
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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).open < 2; i++)
        usleep(10000); /* who comes later is sent away at once */
    assert_int_equal(pthread_create(&thread, NULL, stop_it, &w), 0);
    assert_true(is_closed(idle, PATIENCE_MS)); /* nothing was asked there */
    late = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port   = htons((uint16_t)w.port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(connect(late, (struct sockaddr *)&a, sizeof a), 0);
    let_go(&w);
    yao_text answer = read_all(one, PATIENCE_MS);
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
    for (int i = 0; i < SHORT_NAPS && net_server_count(w.server).parked == 0;
         i++)
        usleep(10000);
    net_server_stop(w.server, PATIENCE_MS);
    assert_int_equal(status_of(read_all(fd, PATIENCE_MS)), 503);
    close(fd);
    stop(&w);
}

int main(void)
{
    static const char slow_line[] = "GET /";
    static const char slow_head[] = GET "X-A: ";
    static const char slow_body[] =
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n";

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
    return test_run("net/server");
}
