/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_TAPE_H
#define YAO_TEST_TAPE_H

/**
 * For fuzz targets: what must hold, and a stranger's bytes read one after the
 * other, to decide what goes wrong. A zero, and the end of the tape, is "as it
 * should be".
 */

#include <stdlib.h>
#include <string.h>

#include "yaopai/arena.h"

typedef struct tape {
    const uint8_t *data;
    size_t         len;
} tape;

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static inline uint8_t tape_next(tape *t)
{
    if (t->len == 0)
        return 0;
    t->len--;
    return *t->data++;
}

/** BYTES with one changed, or cut; as they are when ARENA is full. */
static inline yao_bytes tape_spoil(tape *t, yao_arena *arena, yao_bytes bytes,
                                   bool cut)
{
    size_t   at  = (size_t)tape_next(t) << 8 | tape_next(t);
    uint8_t *out = yao_arena_take(arena, bytes.len);

    if (bytes.len == 0 || out == NULL)
        return bytes;
    memcpy(out, bytes.ptr, bytes.len);
    at %= bytes.len;
    out[at] ^= cut ? 0 : tape_next(t);
    return (yao_bytes){out, cut ? at : bytes.len};
}

#endif
