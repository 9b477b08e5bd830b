/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"

/* A whole line in the buffer, when there is one. */
static bool take_line(gate_lines *l, yao_bytes *ret)
{
    yao_bytes rest = {l->buffer + l->taken, l->len - l->taken};
    yao_bytes line = {rest.ptr, yao_bytes_find(rest, '\n')};

    if (line.len == rest.len && !(l->over && rest.len > 0))
        return false;
    l->taken += line.len + (line.len < rest.len);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    *ret = line;
    return true;
}

void gate_lines_forget(gate_lines *l)
{
    size_t before = l->len;

    memmove(l->buffer, l->buffer + l->taken, l->len - l->taken);
    l->len -= l->taken;
    l->taken = 0;
    yao_wipe(l->buffer + l->len, before - l->len);
}

static void make_room(gate_lines *l)
{
    gate_lines_forget(l);
    if (l->len == sizeof l->buffer) {
        l->skip = true;
        l->len  = 0;
    }
}

/* False: no line came until END (below 0: never), whatever came of it. */
static bool read_more(gate_lines *l, int64_t end)
{
    struct pollfd wait = {l->fd, POLLIN, 0};
    int64_t       left = end < 0 ? -1 : end - yao_milliseconds();

    if ((end >= 0 && left < 0) || poll(&wait, 1, (int)left) == 0)
        return false;
    make_room(l);
    ssize_t len = read(l->fd, l->buffer + l->len, sizeof l->buffer - l->len);
    if (len > 0)
        l->len += (size_t)len;
    else if (len == 0 || (errno != EINTR && errno != EAGAIN))
        l->over = true;
    return true;
}

gate_event gate_lines_next(gate_lines *l, int patience, yao_bytes *ret)
{
    int64_t end = patience < 0 ? -1 : yao_milliseconds() + patience;

    for (;;) {
        if (take_line(l, ret)) {
            if (!l->skip)
                return GATE_LINE_READ;
            l->skip = false;
            return GATE_LINE_LONG;
        }
        if (l->over)
            return l->skip ? (l->skip = false, GATE_LINE_LONG) : GATE_END;
        if (!read_more(l, end))
            return GATE_TIME;
    }
}
