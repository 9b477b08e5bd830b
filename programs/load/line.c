/* SPDX-License-Identifier: Apache-2.0 */
#include "load/line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "base/ascii.h"

enum { MAX_HEAD = 16 * 1024, MAX_HOST = 100 };

/* ---- where -------------------------------------------------------------- */

static bool ends(const char *text, const char *end)
{
    size_t len = strlen(text), at = strlen(end);

    return len >= at && strcmp(text + len - at, end) == 0;
}

/* The two names for this machine that nobody has to be asked about. */
static bool find_address(const char *host, uint16_t port, load_place *p)
{
    struct sockaddr_in  *four = (struct sockaddr_in *)&p->address;
    struct sockaddr_in6 *six  = (struct sockaddr_in6 *)&p->address;

    if (strcmp(host, "[::1]") == 0) {
        *six = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                     .sin6_port   = htons(port),
                                     .sin6_addr   = in6addr_loopback};
        p->len = sizeof *six;
        return true;
    }
    *four  = (struct sockaddr_in){.sin_family = AF_INET,
                                  .sin_port   = htons(port),
                                  .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    p->len = sizeof *four;
    if (strcmp(host, "localhost") == 0 || ends(host, ".localhost"))
        return true;
    return inet_pton(AF_INET, host, &four->sin_addr) == 1 &&
           ntohl(four->sin_addr.s_addr) >> 24 == 127;
}

static bool read_port(const char *text, uint16_t *ret)
{
    char *end;
    long  port = strtol(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || port < 1 || port > 65535)
        return false;
    *ret = (uint16_t)port;
    return true;
}

yao_status load_place_read(yao_text url, load_place *ret)
{
    static const char scheme[] = "http://";
    load_place        p        = {.len = 0};
    char              host[MAX_HOST];
    uint16_t          port = 80;
    const size_t      skip = sizeof scheme - 1;

    if (url.len < skip || memcmp(url.ptr, scheme, skip) != 0)
        return YAO_E_NOT_AUTHORISED;
    size_t len = 0, rest = url.len - skip;
    while (len < rest && url.ptr[skip + len] != '/')
        len++;
    if (len == 0)
        return YAO_E_MALFORMED;
    if (len >= sizeof host || rest - len >= sizeof p.path)
        return YAO_E_LIMIT;
    memcpy(host, url.ptr + skip, len);
    host[len] = '\0';
    memcpy(p.host, host, len + 1);
    memcpy(p.path, url.ptr + skip + len, rest - len);
    for (size_t n = rest - len; n > 0 && p.path[n - 1] == '/'; n--)
        p.path[n - 1] = '\0';

    char *colon = strrchr(host, ':');
    if (colon != NULL && strchr(colon, ']') == NULL) {
        if (!read_port(colon + 1, &port))
            return YAO_E_MALFORMED;
        *colon = '\0';
    }
    if (!find_address(host, port, &p))
        return YAO_E_NOT_AUTHORISED;
    *ret = p;
    return YAO_OK;
}

yao_status load_place_socket(const char *path, load_place *ret)
{
    load_place          p  = {.host = "localhost"};
    struct sockaddr_un *un = (struct sockaddr_un *)&p.address;

    un->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof un->sun_path)
        return YAO_E_LIMIT;
    memcpy(un->sun_path, path, strlen(path) + 1);
    p.len = sizeof *un;
    *ret  = p;
    return YAO_OK;
}

/* ---- connections -------------------------------------------------------- */

static yao_status link_up(load_line *line)
{
    const struct sockaddr *to = (const struct sockaddr *)&line->place->address;
    int                    on = 1;

    line->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line->fd < 0)
        return YAO_E_NET;
    if (to->sa_family != AF_UNIX)
        (void)setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(line->fd, to, line->place->len) == 0)
        return YAO_OK;
    close(line->fd);
    line->fd = -1;
    return YAO_E_NET;
}

static void hang_up(load_line *line)
{
    if (line->fd >= 0)
        close(line->fd);
    line->fd = -1;
}

yao_status load_line_open(load_line *line, const load_place *place, size_t most)
{
    *line = (load_line){.place = place, .fd = -1, .cap = most + 1};
    line->in = malloc(line->cap);
    return line->in == NULL ? YAO_E_SPACE : link_up(line);
}

void load_line_close(load_line *line)
{
    hang_up(line);
    free(line->in);
    line->in = NULL;
}

static bool send_all(int fd, yao_bytes bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    return true;
}

yao_status load_line_send(load_line *line, yao_bytes request)
{
    if (line->last)
        hang_up(line);
    line->len   = 0;
    line->whole = 0;
    line->last  = false;
    if (line->fd < 0)
        YAO_TRY(link_up(line));
    return send_all(line->fd, request) ? YAO_OK : YAO_E_NET;
}

/* ---- answers ------------------------------------------------------------ */

yao_text load_answer_header(const load_answer *answer, const char *name)
{
    const uint8_t *at  = answer->head.ptr, *end = at + answer->head.len;
    size_t         len = strlen(name);

    while (at < end) {
        const uint8_t *eol = memchr(at, '\r', (size_t)(end - at));
        if (eol == NULL)
            break;
        if ((size_t)(eol - at) > len && at[len] == ':' &&
            yao_ascii_starts((yao_text){at, len}, name)) {
            at += len + 1;
            while (at < eol && *at == ' ')
                at++;
            return (yao_text){at, (size_t)(eol - at)};
        }
        at = eol + 2 <= end ? eol + 2 : end;
    }
    return (yao_text){NULL, 0};
}

/* The length of the head with its empty line; 0: not there yet. */
static size_t head_length(const load_line *line)
{
    for (size_t i = 3; i < line->len; i++)
        if (line->in[i] == '\n' && memcmp(line->in + i - 3, "\r\n\r", 3) == 0)
            return i + 1;
    return 0;
}

static bool read_length(yao_text text, size_t *ret)
{
    size_t length = 0;

    if (text.len == 0 || text.len > 9)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        length = length * 10 + (size_t)(text.ptr[i] - '0');
    }
    *ret = length;
    return true;
}

/* What the head says; the body's length into RET. */
static yao_status read_head(load_line *line, size_t head, load_answer *ret)
{
    size_t length = 0;

    if (head < 16 || memcmp(line->in, "HTTP/1.1 ", 9) != 0)
        return YAO_E_MALFORMED;
    for (int i = 9; i < 12; i++)
        ret->status = ret->status * 10 + (line->in[i] - '0');
    ret->head = (yao_bytes){line->in, head};
    if (ret->status != 204 &&
        !read_length(load_answer_header(ret, "content-length"), &length))
        return YAO_E_MALFORMED;
    if (length > line->cap - head)
        return YAO_E_LIMIT;
    line->whole = head + length;
    line->last  = yao_text_equal(load_answer_header(ret, "connection"),
                                 YAO_TEXT("close"));
    return YAO_OK;
}

static yao_status look(load_line *line, load_answer *ret)
{
    size_t head = head_length(line);

    if (head == 0)
        return line->len > MAX_HEAD ? YAO_E_MALFORMED : YAO_E_TRUNCATED;
    *ret = (load_answer){.status = 0};
    YAO_TRY(read_head(line, head, ret));
    ret->body = (yao_bytes){line->in + head, line->whole - head};
    return line->len < line->whole ? YAO_E_TRUNCATED : YAO_OK;
}

yao_status load_line_read(load_line *line, load_answer *ret)
{
    for (;;) {
        if (line->len == line->cap)
            return YAO_E_LIMIT;
        ssize_t n = recv(line->fd, line->in + line->len, line->cap - line->len,
                         MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return YAO_E_TRUNCATED;
        if (n <= 0)
            return YAO_E_NET;
        line->len += (size_t)n;
        if (line->whole != 0 && line->len < line->whole)
            continue;
        yao_status status = look(line, ret);
        if (status != YAO_E_TRUNCATED)
            return status;
    }
}

yao_status load_line_ask(load_line *line, yao_bytes request, int seconds,
                         load_answer *ret)
{
    long long  until = yao_milliseconds() + seconds * 1000LL;
    yao_status status;

    YAO_TRY(load_line_send(line, request));
    while ((status = load_line_read(line, ret)) == YAO_E_TRUNCATED) {
        struct pollfd on   = {.fd = line->fd, .events = POLLIN};
        long long     left = until - yao_milliseconds();
        if (left <= 0)
            return YAO_E_NET;
        (void)poll(&on, 1, (int)left);
    }
    return status;
}
