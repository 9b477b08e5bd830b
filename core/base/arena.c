/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/arena.h"

#include "base/copy.h"

enum { ALIGN = _Alignof(max_align_t) };

void *yao_arena_take(yao_arena *arena, size_t len)
{
    if (arena->base == NULL || arena->used > arena->cap)
        return NULL;

    size_t start = (size_t)((uintptr_t)(arena->base + arena->used) % ALIGN);
    size_t pad   = (ALIGN - start) % ALIGN;

    if (pad > arena->cap - arena->used || len > arena->cap - arena->used - pad)
        return NULL;

    uint8_t *taken = arena->base + arena->used + pad;
    arena->used += pad + len;
    yao_clear(taken, len);

    return taken;
}

void *yao_arena_take_array(yao_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;

    return yao_arena_take(arena, count * size);
}

yao_status yao_arena_keep(yao_arena *arena, yao_bytes input, yao_bytes *ret)
{
    uint8_t *copy = yao_arena_take(arena, input.len);

    if (copy == NULL)
        return YAO_E_SPACE;
    yao_copy(copy, input);

    *ret = (yao_bytes){copy, input.len};
    return YAO_OK;
}
