/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/writer.h"

#include "base/copy.h"

yao_writer yao_writer_open(uint8_t *buffer, size_t cap)
{
    if (buffer == NULL)
        return yao_writer_count();

    return (yao_writer){.ptr = buffer, .cap = cap, .len = 0, .status = YAO_OK};
}

yao_writer yao_writer_count(void)
{
    return (yao_writer){.ptr = NULL, .cap = SIZE_MAX, .len = 0,
                        .status = YAO_OK};
}

yao_writer yao_writer_in(const yao_arena *arena)
{
    if (arena->base == NULL) /* no memory is not the wish to count */
        return (yao_writer){.ptr = NULL, .cap = 0, .len = 0, .status = YAO_OK};

    return (yao_writer){.ptr    = arena->base + arena->used,
                        .cap    = arena->cap - arena->used,
                        .len    = 0,
                        .status = YAO_OK};
}

yao_status yao_writer_close(const yao_writer *w, yao_bytes *ret)
{
    if (w->status != YAO_OK)
        return w->status;

    *ret = (yao_bytes){w->ptr, w->len};
    return YAO_OK;
}

yao_status yao_writer_keep(yao_writer *w, yao_arena *arena, yao_bytes *ret)
{
    const uint8_t *front = arena->base == NULL ? NULL
                                               : arena->base + arena->used;

    if (w->status == YAO_OK &&
        (w->ptr != front || w->len > arena->cap - arena->used))
        return YAO_E_USAGE;

    yao_status status = yao_writer_close(w, ret);
    if (status == YAO_OK)
        arena->used += w->len;
    return status;
}

void yao_writer_fail(yao_writer *w, yao_status failure)
{
    if (w->status == YAO_OK)
        w->status = failure;
}

/* Room for LEN more bytes, or a sticky failure. */
static bool room(yao_writer *w, size_t len)
{
    if (w->status == YAO_OK && len > w->cap - w->len)
        w->status = YAO_E_SPACE;

    return w->status == YAO_OK;
}

void yao_put_byte(yao_writer *w, uint8_t byte)
{
    if (!room(w, 1))
        return;
    if (w->ptr != NULL)
        w->ptr[w->len] = byte;
    w->len++;
}

void yao_put_bytes(yao_writer *w, yao_bytes bytes)
{
    if (!room(w, bytes.len))
        return;
    if (w->ptr != NULL)
        yao_copy(w->ptr + w->len, bytes);
    w->len += bytes.len;
}

void yao_put_text(yao_writer *w, const char *string)
{
    yao_put_bytes(w, yao_text_bytes(yao_text_of(string)));
}

void yao_put_decimal(yao_writer *w, int64_t number)
{
    uint8_t  digits[20];
    size_t   len  = 0;
    uint64_t rest = number < 0 ? (uint64_t)(-(number + 1)) + 1
                               : (uint64_t)number;

    do {
        digits[sizeof digits - ++len] = (uint8_t)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);

    if (number < 0)
        yao_put_byte(w, '-');
    yao_put_bytes(w, (yao_bytes){digits + sizeof digits - len, len});
}

void yao_put_at(yao_writer *w, size_t at, yao_bytes bytes)
{
    if (at > w->len) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    if (!room(w, bytes.len))
        return;
    if (w->ptr != NULL) {
        yao_move(w->ptr + at + bytes.len,
                 (yao_bytes){w->ptr + at, w->len - at});
        yao_copy(w->ptr + at, bytes);
    }
    w->len += bytes.len;
}

yao_status yao_entropy_take(yao_entropy *entropy, size_t len, yao_bytes *ret)
{
    if (len > entropy->rest.len)
        return YAO_E_ENTROPY;

    *ret = (yao_bytes){entropy->rest.ptr, len};
    entropy->rest.ptr += len;
    entropy->rest.len -= len;
    return YAO_OK;
}
