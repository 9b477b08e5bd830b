/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static yao_status failed(int fd)
{
    yao_status status = errno == EADDRINUSE ? YAO_E_EXISTS : YAO_E_NET;

    if (fd >= 0)
        close(fd);
    return status;
}

static yao_status bind_and_listen(int fd, const struct sockaddr *address,
                                  socklen_t len)
{
    if (bind(fd, address, len) != 0 || listen(fd, BACKLOG) != 0)
        return failed(fd);
    return YAO_OK;
}

/* ---- TCP ---- */

typedef union any_address {
    struct sockaddr     any;
    struct sockaddr_in  v4;
    struct sockaddr_in6 v6;
} any_address;

/* "8440" */
static bool read_port(const char *text, unsigned *ret)
{
    unsigned port = 0;
    size_t   len  = strlen(text);

    if (len == 0 || len > 5)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    *ret = port;
    return port <= 65535;
}

/* "127.0.0.1", "[::1]", "localhost", which is this machine and no question to
 * anybody */
static bool read_address(const char *host, unsigned port, any_address *ret,
                         socklen_t *len)
{
    char   inner[64];
    size_t n = strlen(host);

    memset(ret, 0, sizeof *ret);
    ret->v4.sin_family = AF_INET;
    ret->v4.sin_port   = htons((uint16_t)port);
    *len               = sizeof ret->v4;
    if (strcmp(host, "localhost") == 0)
        return inet_pton(AF_INET, "127.0.0.1", &ret->v4.sin_addr) == 1;
    if (inet_pton(AF_INET, host, &ret->v4.sin_addr) == 1)
        return true;
    if (n < 3 || n >= sizeof inner || host[0] != '[' || host[n - 1] != ']')
        return false;
    memcpy(inner, host + 1, n - 2);
    inner[n - 2]        = '\0';
    ret->v6.sin6_family = AF_INET6;
    ret->v6.sin6_port   = htons((uint16_t)port);
    *len                = sizeof ret->v6;
    return inet_pton(AF_INET6, inner, &ret->v6.sin6_addr) == 1;
}

static yao_status read_back_port(int fd, unsigned *ret)
{
    any_address address;
    socklen_t   len = sizeof address;

    if (getsockname(fd, &address.any, &len) != 0)
        return YAO_E_NET;
    *ret = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port
                                                   : address.v4.sin_port);
    return YAO_OK;
}

static yao_status open_tcp(const char *place, net_socket *ret)
{
    const char *colon = strrchr(place, ':');
    char        host[64];
    unsigned    port;
    any_address address;
    socklen_t   len;
    int         on = 1;

    if (colon == NULL || (size_t)(colon - place) >= sizeof host ||
        !read_port(colon + 1, &port))
        return YAO_E_USAGE;
    memcpy(host, place, (size_t)(colon - place));
    host[colon - place] = '\0';
    if (!read_address(host, port, &address, &len))
        return YAO_E_USAGE;

    int fd = socket(address.any.sa_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return YAO_E_NET;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.any.sa_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    YAO_TRY(bind_and_listen(fd, &address.any, len));
    ret->fd = fd;
    return read_back_port(fd, &ret->port);
}

/* ---- Unix sockets ---- */

/* Remove what a process that died left behind; never what somebody listens
 * at, and never what is no socket. */
static yao_status remove_stale(const struct sockaddr_un *address)
{
    struct stat about;

    if (lstat(address->sun_path, &about) != 0)
        return errno == ENOENT ? YAO_OK : YAO_E_NET;
    if (!S_ISSOCK(about.st_mode))
        return YAO_E_EXISTS;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return YAO_E_NET;
    int  done = connect(fd, (const struct sockaddr *)address, sizeof *address);
    bool dead = done != 0 && errno == ECONNREFUSED;
    close(fd);
    if (!dead)
        return YAO_E_EXISTS;
    return unlink(address->sun_path) == 0 ? YAO_OK : YAO_E_NET;
}

static yao_status open_unix(const char *path, net_socket *ret)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return YAO_E_USAGE;
    memcpy(address.sun_path, path, strlen(path) + 1);
    YAO_TRY(remove_stale(&address));

    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* before bind(): the path is never there with more rights */
    if (fd < 0 || fchmod(fd, 0600) != 0)
        return failed(fd);
    YAO_TRY(bind_and_listen(fd, (const struct sockaddr *)&address,
                            sizeof address));
    ret->fd    = fd;
    ret->local = true;
    snprintf(ret->path, sizeof ret->path, "%s", path);
    return YAO_OK;
}

/* ---- a socket that somebody opened for us ---- */

static yao_status take_fd(const char *number, net_socket *ret)
{
    unsigned    fd;
    int         listening = 0;
    socklen_t   len       = sizeof listening;
    any_address address;

    if (!read_port(number, &fd) || fd < 3)
        return YAO_E_USAGE;
    ret->fd    = (int)fd;
    ret->given = true;
    if (getsockopt(ret->fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &len) != 0 ||
        listening == 0)
        return YAO_E_USAGE;
    int flags = fcntl(ret->fd, F_GETFL);
    if (flags < 0 || fcntl(ret->fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        fcntl(ret->fd, F_SETFD, FD_CLOEXEC) != 0)
        return YAO_E_NET;
    len = sizeof address;
    if (getsockname(ret->fd, &address.any, &len) != 0)
        return YAO_E_NET;
    ret->local = address.any.sa_family == AF_UNIX;
    return ret->local ? YAO_OK : read_back_port(ret->fd, &ret->port);
}

yao_status net_socket_open(const char *place, net_socket *ret)
{
    net_socket opened = {.fd = -1};

    if (strncmp(place, "unix:", 5) == 0)
        YAO_TRY(open_unix(place + 5, &opened));
    else if (strncmp(place, "fd:", 3) == 0)
        YAO_TRY(take_fd(place + 3, &opened));
    else
        YAO_TRY(open_tcp(place, &opened));
    *ret = opened;
    return YAO_OK;
}

void net_socket_end(net_socket *socket)
{
    if (socket->path[0] != '\0')
        (void)unlink(socket->path); /* while it is still ours */
    if (socket->fd >= 0 && !socket->given)
        (void)shutdown(socket->fd, SHUT_RDWR);
    socket->path[0] = '\0'; /* LOCAL stays: others may be reading it */
}

void net_socket_close(net_socket *socket)
{
    net_socket_end(socket);
    if (socket->fd >= 0)
        close(socket->fd);
    socket->fd = -1;
}
