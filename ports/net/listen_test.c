/* SPDX-License-Identifier: Apache-2.0 */

/** Where a server listens: addresses, paths, sockets that are open already. */

#define _GNU_SOURCE
#include "net_world.h"

#include <sys/stat.h>
#include <sys/un.h>

/* ---- places -------------------------------------------------------------- */

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
    assert_int_equal(status_of(read_all(fd, PATIENCE_MS)), 200);
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
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("listen", places[i].name, listens, (void *)(uintptr_t)i);
    test_add("listen", "refuses a port that is taken", refuses_twice, NULL);
    test_add("listen", "accepts a path, for its owner only", listens_on_path,
             NULL);
    test_add("listen", "accepts a socket that is open already", takes_a_socket,
             NULL);
    test_add("open", "refuses no handler, and too many workers",
             refuses_options, NULL);
    return test_run("net/listen");
}
