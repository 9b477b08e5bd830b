/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "store/socket/frame.h"

#include "store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- putting ------------------------------------------------------------ */

void frame_free(frame *f)
{
    free(f->data);
    *f = (frame){.data = NULL};
}

void frame_clear(frame *f)
{
    f->len = 0;
    f->at  = 0;
    f->bad = false;
}

/* Room for MORE bytes, or NULL. */
static uint8_t *make_room(frame *f, size_t more)
{
    if (f->bad || more > FRAME_MAX || f->len > FRAME_MAX - more) {
        f->bad = true;
        return NULL;
    }
    if (f->len + more > f->cap || f->data == NULL) {
        size_t   cap  = 2 * (f->len + more) + 256;
        uint8_t *data = realloc(f->data, cap);

        if (data == NULL) {
            f->bad = true;
            return NULL;
        }
        f->data = data;
        f->cap  = cap;
    }
    f->len += more;
    return f->data + f->len - more;
}

static void put_raw(frame *f, const void *from, size_t len)
{
    uint8_t *to = make_room(f, len);

    if (to != NULL && len > 0)
        memcpy(to, from, len);
}

void frame_put_number(frame *f, int64_t number)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    put_raw(f, bytes, sizeof bytes);
}

void frame_put_bytes(frame *f, yao_bytes bytes)
{
    frame_put_number(f, (int64_t)bytes.len);
    put_raw(f, bytes.ptr, bytes.len);
}

void frame_put_value(frame *f, const store_value *value)
{
    frame_put_number(f, value->kind);
    if (value->kind == STORE_INT)
        frame_put_number(f, value->number);
    else if (value->kind != STORE_NULL)
        frame_put_bytes(f, value->bytes);
}

void frame_put_op(frame *f, const store_op *op)
{
    frame_put_number(f, op->statement);
    frame_put_number(f, op->about);
    frame_put_number(f, op->lost);
    frame_put_number(f, (int64_t)op->count);
    for (size_t i = 0; i < op->count; i++)
        frame_put_value(f, &op->values[i]);
}

/* ---- getting ------------------------------------------------------------ */

static const uint8_t *get_raw(frame *f, size_t len)
{
    if (f->bad || len > f->len - f->at) {
        f->bad = true;
        return NULL;
    }
    f->at += len;
    return f->data + f->at - len;
}

int64_t frame_get_number(frame *f)
{
    const uint8_t *from   = get_raw(f, 8);
    uint64_t       number = 0;

    for (int i = 0; from != NULL && i < 8; i++)
        number = number << 8 | from[i];
    return (int64_t)number;
}

yao_bytes frame_get_bytes(frame *f)
{
    int64_t len = frame_get_number(f);

    if (len < 0 || len > (int64_t)FRAME_MAX)
        f->bad = true;
    const uint8_t *from = get_raw(f, f->bad ? 0 : (size_t)len);
    return f->bad ? (yao_bytes){NULL, 0} : (yao_bytes){from, (size_t)len};
}

void frame_get_value(frame *f, store_value *ret)
{
    int64_t kind = frame_get_number(f);

    *ret = (store_value){.kind = STORE_NULL};
    if (f->bad || kind < STORE_NULL || kind > STORE_TEXT) {
        f->bad = true;
        return;
    }
    ret->kind = (store_value_kind)kind;
    if (ret->kind == STORE_INT)
        ret->number = frame_get_number(f);
    else if (ret->kind != STORE_NULL)
        ret->bytes = frame_get_bytes(f);
}

void frame_get_op(frame *f, store_op *ret)
{
    int64_t statement = frame_get_number(f);

    ret->about    = (int)frame_get_number(f);
    ret->lost     = (yao_status)frame_get_number(f);
    int64_t count = frame_get_number(f);
    if (f->bad || statement < 0 || statement >= STORE_SQL_COUNT || count < 0 ||
        (size_t)count != store_statements[statement].params) {
        f->bad = true;
        return;
    }
    ret->statement = (int)statement;
    ret->count     = (size_t)count;
    for (size_t i = 0; i < ret->count; i++)
        frame_get_value(f, &ret->values[i]);
}

yao_bytes frame_version(void)
{
    return YAO_LIT(STORE_SQL_VERSION);
}

/* ---- the wire ----------------------------------------------------------- */

static yao_status send_all(int fd, const uint8_t *from, size_t len)
{
    while (len > 0) {
        ssize_t put = send(fd, from, len, MSG_NOSIGNAL);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return YAO_E_STORE;
        from += put;
        len -= (size_t)put;
    }
    return YAO_OK;
}

yao_status frame_send(int fd, frame_kind kind, const frame *f)
{
    size_t  len     = f != NULL ? f->len : 0;
    uint8_t head[5] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16),
                       (uint8_t)(len >> 8), (uint8_t)len, (uint8_t)kind};

    if (f != NULL && f->bad)
        return YAO_E_STORE;
    YAO_TRY(send_all(fd, head, sizeof head));
    return len > 0 ? send_all(fd, f->data, len) : YAO_OK;
}

static yao_status receive_all(int fd, int ms, uint8_t *to, size_t len)
{
    while (len > 0) {
        struct pollfd waits = {fd, POLLIN, 0};
        int           ready = poll(&waits, 1, ms);

        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return YAO_E_STORE;
        ssize_t got = read(fd, to, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return YAO_E_STORE;
        to += got;
        len -= (size_t)got;
    }
    return YAO_OK;
}

yao_status frame_receive(int fd, int ms, frame_kind *kind, frame *f)
{
    uint8_t head[5];

    frame_clear(f);
    YAO_TRY(receive_all(fd, ms, head, sizeof head));
    size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 |
                 (size_t)head[2] << 8 | head[3];
    if (head[4] < FRAME_HELLO || head[4] > FRAME_RESULT)
        return YAO_E_STORE;
    uint8_t *to = make_room(f, len);
    if (to == NULL)
        return YAO_E_STORE;
    *kind = (frame_kind)head[4];
    return receive_all(fd, ms < 0 ? 10000 : ms, to, len);
}

/* ---- sockets ------------------------------------------------------------ */

/* A socket's name has 107 letters at most: by its folder, which is opened, any
 * path is short enough. */
static int open_folder(const char *path, char name[108])
{
    char        folder[4096];
    const char *slash = strrchr(path, '/');
    int         len   = slash != NULL ? (int)(slash - path) : 0;

    snprintf(folder, sizeof folder, "%.*s", len > 0 ? len : 1,
             slash == NULL ? "." : path);
    int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    snprintf(name, 108, "/proc/self/fd/%d/%s", fd,
             slash != NULL ? slash + 1 : path);
    return fd;
}

int frame_socket(const char *path, bool listening)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                folder  = open_folder(path, address.sun_path);
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool               done = false;

    if (folder >= 0 && fd >= 0 && listening) {
        (void)unlink(path);
        /* before it is bound: then nobody else can ever connect */
        done = fchmod(fd, 0600) == 0 &&
               bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
               chmod(path, 0600) == 0 && listen(fd, STORE_MAX_GROUP) == 0;
    } else if (folder >= 0 && fd >= 0) {
        done = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    }
    if (folder >= 0)
        close(folder);
    if (!done && fd >= 0)
        close(fd);
    return done ? fd : -1;
}
