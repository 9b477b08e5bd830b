/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. A key is in the file, synced, before gate_memory_put() says YAO_OK.
 * 2. Only whole lines count; only the last may be cut.
 * 3. SEEN never falls.
 */
#include "gate/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/files.h"
#include "yaopai/writer.h"

/* "SEEN UNTIL KEY\n" at most; what a file may hold when it is opened. */
enum { LINE = 12 + 1 + 12 + 1 + 2 * GATE_KEY_LEN + 1 };
enum { MOST_LINES = 4 * GATE_MEMORY_MOST };

/* ---- reading ------------------------------------------------------------ */

/* Decimal digits at the front of LINE, and the blank behind them. */
static bool take_time(yao_bytes *line, yao_time *ret)
{
    yao_time time = 0;
    size_t   len  = 0;

    while (len < line->len && len < 12 && line->ptr[len] >= '0' &&
           line->ptr[len] <= '9')
        time = time * 10 + (line->ptr[len++] - '0');
    if (len == 0 || len == line->len || line->ptr[len] != ' ' ||
        time > YAO_TIME_MAX)
        return false;
    *line = (yao_bytes){line->ptr + len + 1, line->len - len - 1};
    *ret  = time;
    return true;
}

/* Whether a key is over is not told by a clock alone that nothing was accepted
 * by: one that runs ahead for a while, and is put right, would make a showing
 * good again. */
static yao_time surely(const gate_memory *m, yao_time now)
{
    return now < m->seen ? now : m->seen;
}

static void forget_old(gate_memory *m, yao_time now)
{
    yao_time over = surely(m, now);
    size_t   kept = 0;

    for (size_t i = 0; i < m->count; i++)
        if (m->list[i].until >= over)
            m->list[kept++] = m->list[i];
    m->count = kept;
}

static yao_status remember(gate_memory *m, const gate_consumed *c,
                           yao_time now)
{
    if (c->until < surely(m, now))
        return YAO_OK;
    if (m->count == GATE_MEMORY_MOST)
        forget_old(m, now);
    if (m->count == GATE_MEMORY_MOST)
        return YAO_E_LIMIT;
    m->list[m->count++] = *c;
    return YAO_OK;
}

static yao_status take_line(gate_memory *m, yao_bytes line, yao_time now)
{
    gate_consumed c;
    yao_time      seen;
    yao_writer    key = yao_writer_open(c.key, sizeof c.key);

    if (!take_time(&line, &seen) || !take_time(&line, &c.until) ||
        line.len != 2 * GATE_KEY_LEN || yao_get_hex(line, &key) != YAO_OK)
        return YAO_E_MALFORMED;
    if (seen > m->seen)
        m->seen = seen;
    m->lines++;
    return remember(m, &c, now);
}

static yao_status take_lines(gate_memory *m, yao_bytes file, yao_time now)
{
    while (file.len > 0) {
        yao_bytes line = {file.ptr, yao_bytes_find(file, '\n')};

        if (line.len == file.len)
            return YAO_OK; /* cut: nobody was let in for it */
        YAO_TRY(take_line(m, line, now));
        file.ptr += line.len + 1;
        file.len -= line.len + 1;
    }
    return YAO_OK;
}

/* ---- writing ------------------------------------------------------------ */

static size_t format(char out[LINE + 1], yao_time seen, const gate_consumed *c)
{
    uint8_t    hex[2 * GATE_KEY_LEN];
    yao_writer w = yao_writer_open(hex, sizeof hex);

    yao_put_hex(&w, (yao_bytes){c->key, sizeof c->key});
    int len = snprintf(out, LINE + 1, "%lld %lld %.*s\n", (long long)seen,
                       (long long)c->until, (int)w.len, (const char *)hex);
    return len > 0 && len <= LINE ? (size_t)len : 0;
}

static yao_status open_file(gate_memory *m)
{
    if (m->fd >= 0)
        close(m->fd);
    m->fd = open(m->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return m->fd >= 0 ? YAO_OK : YAO_E_FILE;
}

/* All that is not over, in a new file that replaces the old one. */
static yao_status write_anew(gate_memory *m)
{
    static uint8_t buffer[(GATE_MEMORY_MOST + 1) * LINE];
    yao_writer     w    = yao_writer_open(buffer, sizeof buffer);
    gate_consumed  time = {.until = 0};
    char           line[LINE + 1];

    size_t len = format(line, m->seen, &time);
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)line, len});
    for (size_t i = 0; i < m->count; i++) {
        len = format(line, m->seen, &m->list[i]);
        yao_put_bytes(&w, (yao_bytes){(const uint8_t *)line, len});
    }
    YAO_TRY(w.status);
    YAO_TRY(yao_file_write(m->path, (yao_bytes){w.ptr, w.len}, 0600, false));
    m->lines = m->count + 1;
    return open_file(m);
}

/* On the disk, or not at all: half a line in the middle would refuse the file
 * for good. A file that can't be put right is not written any more. */
static yao_status append(gate_memory *m, const char *line, size_t len)
{
    off_t end = m->fd >= 0 ? lseek(m->fd, 0, SEEK_END) : -1;

    if (end < 0 || len == 0)
        return YAO_E_FILE;
    if (write(m->fd, line, len) == (ssize_t)len && fsync(m->fd) == 0)
        return YAO_OK;
    if (ftruncate(m->fd, end) != 0) {
        close(m->fd);
        m->fd = -1;
    }
    return YAO_E_FILE;
}

/* ---- all ---------------------------------------------------------------- */

/* The lock is a file of its own: the other one is replaced. */
static yao_status take_lock(gate_memory *m)
{
    char path[sizeof m->path + 8];

    snprintf(path, sizeof path, "%s.lock", m->path);
    m->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m->lock < 0)
        return YAO_E_FILE;
    if (flock(m->lock, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? YAO_E_LOCKED : YAO_E_FILE;
    return YAO_OK;
}

static yao_status load(gate_memory *m, yao_time now)
{
    yao_bytes file;

    YAO_TRY(take_lock(m));
    if (yao_path_exists(m->path)) {
        YAO_TRY(yao_file_read(m->path, (size_t)MOST_LINES * LINE + LINE,
                              &file));
        yao_status status = take_lines(m, file, now);
        yao_file_free(&file);
        YAO_TRY(status);
        forget_old(m, now);
    }
    return write_anew(m);
}

yao_status gate_memory_open(const char *path, yao_time now, gate_memory *ret)
{
    int len = snprintf(ret->path, sizeof ret->path, "%s", path);

    ret->fd = ret->lock = -1;
    ret->count = ret->lines = 0;
    ret->seen               = 0;
    ret->open               = true;
    yao_status status = len > 0 && (size_t)len < sizeof ret->path
                            ? load(ret, now)
                            : YAO_E_LIMIT;
    if (status != YAO_OK)
        gate_memory_close(ret);
    return status;
}

void gate_memory_close(gate_memory *m)
{
    if (!m->open)
        return;
    if (m->fd >= 0)
        close(m->fd);
    if (m->lock >= 0)
        close(m->lock);
    m->open = false;
}

yao_status gate_memory_check_clock(const gate_memory *m, yao_time now)
{
    return now < m->seen - GATE_MEMORY_SKEW ? YAO_E_NOT_YET_VALID : YAO_OK;
}

bool gate_memory_has(const gate_memory *m, const uint8_t key[GATE_KEY_LEN],
                     yao_time now)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->list[i].until >= now &&
            memcmp(m->list[i].key, key, GATE_KEY_LEN) == 0)
            return true;
    return false;
}

yao_status gate_memory_put(gate_memory *m, const uint8_t key[GATE_KEY_LEN],
                           yao_time until, yao_time now)
{
    gate_consumed c = {.until = until};
    char          line[LINE + 1];

    memcpy(c.key, key, GATE_KEY_LEN);
    if (now > m->seen)
        m->seen = now;
    if (m->count == GATE_MEMORY_MOST)
        forget_old(m, now);
    if (m->count == GATE_MEMORY_MOST)
        return YAO_E_LIMIT;
    if (m->lines >= MOST_LINES) {
        forget_old(m, now);
        YAO_TRY(write_anew(m));
    }

    size_t len = format(line, m->seen, &c);
    YAO_TRY(append(m, line, len));
    m->lines++;
    m->list[m->count++] = c;
    return YAO_OK;
}
