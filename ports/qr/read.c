/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent's side of qr_read():
 *
 *   1. the child is forked before any of the file is looked at,
 *   2. it can do nothing but compute and write to one pipe (jail.c),
 *   3. what it writes is a stranger's word too: lengths are checked,
 *   4. it is always waited for, and ended when it takes too long.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "qr/decode.h"
#include "qr/jail.h"

/* The child's answer: a status and a count, then length and bytes of each. */
typedef struct head {
    uint32_t status;
    uint32_t count;
} head;

/* ---- the child ---------------------------------------------------------- */

static bool write_all(int fd, const void *data, size_t len)
{
    const uint8_t *at = data;

    while (len > 0) {
        ssize_t wrote = write(fd, at, len);
        if (wrote <= 0)
            return false;
        at += wrote;
        len -= (size_t)wrote;
    }
    return true;
}

static void answer(int fd, yao_status status, const qr_found *found)
{
    head h = {(uint32_t)status, status == YAO_OK ? (uint32_t)found->count : 0};

    if (!write_all(fd, &h, sizeof h))
        return;
    for (uint32_t i = 0; i < h.count; i++) {
        uint32_t len = (uint32_t)found->list[i].len;
        if (!write_all(fd, &len, sizeof len) ||
            !write_all(fd, found->list[i].ptr, len))
            return;
    }
}

/* Memory is taken before the jail closes; all of it goes with the process. */
static _Noreturn void be_child(const qr_work *work, yao_bytes file, int fd)
{
    uint8_t   *memory  = malloc(QR_TEXT_MEMORY + QR_SCRATCH_MEMORY);
    yao_arena  texts   = {memory, QR_TEXT_MEMORY, 0};
    yao_arena  scratch = {memory + QR_TEXT_MEMORY, QR_SCRATCH_MEMORY, 0};
    qr_found   found   = {.texts = &texts, .scratch = &scratch};
    yao_status status  = YAO_E_LIMIT;

    if (memory != NULL && qr_jail_enter(fd, work->seconds))
        status = work->decode(file, &found);
    answer(fd, status, &found);
    _exit(0);
}

/* ---- the parent --------------------------------------------------------- */

static int64_t milliseconds(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

typedef struct pipe_reader {
    int     fd;
    int64_t deadline;
} pipe_reader;

/* YAO_E_MALFORMED: the child ended before it had said this much. */
static yao_status read_all(const pipe_reader *p, void *data, size_t len)
{
    uint8_t *at = data;

    while (len > 0) {
        struct pollfd wait = {p->fd, POLLIN, 0};
        int64_t       left = p->deadline - milliseconds();

        if (left <= 0)
            return YAO_E_LIMIT;
        if (poll(&wait, 1, (int)left) <= 0)
            continue;
        ssize_t got = read(p->fd, at, len);
        if (got == 0 || (got < 0 && errno != EINTR))
            return YAO_E_MALFORMED;
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
    return YAO_OK;
}

static yao_status read_text(const pipe_reader *p, yao_arena *arena,
                            yao_bytes *ret)
{
    uint32_t len;

    YAO_TRY(read_all(p, &len, sizeof len));
    if (len == 0 || len > QR_MAX_TEXT)
        return YAO_E_MALFORMED;
    uint8_t *text = yao_arena_take(arena, len);
    if (text == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_all(p, text, len));
    *ret = (yao_bytes){text, len};
    return YAO_OK;
}

/* What the child may have ended with; it knows no other words. */
static yao_status checked_status(uint32_t status)
{
    static const yao_status known[] = {YAO_E_MISSING, YAO_E_UNSUPPORTED,
                                       YAO_E_LIMIT};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (status == (uint32_t)known[i])
            return known[i];
    /* its memory is a limit, not the caller's arena */
    return status == (uint32_t)YAO_E_SPACE ? YAO_E_LIMIT : YAO_E_MALFORMED;
}

static yao_status read_answer(const pipe_reader *p, yao_arena *arena,
                              qr_texts *ret)
{
    yao_bytes *list;
    head       h;

    YAO_TRY(read_all(p, &h, sizeof h));
    if (h.status != YAO_OK)
        return checked_status(h.status);
    if (h.count == 0 || h.count > QR_MAX_TEXTS)
        return YAO_E_MALFORMED;
    list = yao_arena_take_array(arena, h.count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (uint32_t i = 0; i < h.count; i++)
        YAO_TRY(read_text(p, arena, &list[i]));
    *ret = (qr_texts){list, h.count};
    return YAO_OK;
}

/* A child that used up its time or its memory was ended by the kernel. One that
 * has answered is ended as well: it may not be what it was any more. */
static yao_status end_child(pid_t child, yao_status status)
{
    int how = 0;

    kill(child, SIGKILL);
    while (waitpid(child, &how, 0) < 0 && errno == EINTR)
        continue;
    if (status == YAO_E_MALFORMED && WIFSIGNALED(how) &&
        WTERMSIG(how) == SIGXCPU)
        return YAO_E_LIMIT;
    return status;
}

yao_status qr_ask_child(const qr_work *work, yao_bytes file, yao_arena *arena,
                        qr_texts *ret)
{
    size_t mark = arena->used;
    int    ends[2];

    if (pipe(ends) != 0)
        return YAO_E_FILE;

    pid_t child = fork();
    if (child == 0)
        be_child(work, file, ends[1]);
    close(ends[1]);
    pipe_reader p      = {ends[0], milliseconds() + work->patience};
    yao_status  status = child > 0 ? read_answer(&p, arena, ret) : YAO_E_FILE;
    close(ends[0]);
    if (child > 0)
        status = end_child(child, status);
    if (status != YAO_OK)
        arena->used = mark;
    return status;
}

yao_status qr_read(yao_bytes file, yao_arena *arena, qr_texts *ret)
{
    static const qr_work work = {qr_decode, 10, 60 * 1000};

    if (file.len > QR_MAX_FILE)
        return YAO_E_LIMIT;
    if (!qr_is_picture(file))
        return YAO_E_MALFORMED;
    return qr_ask_child(&work, file, arena, ret);
}
