/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_ARENA_H
#define YAO_ARENA_H

/**
 * Memory the caller owns, handed out from the front.
 *
 *     static _Alignas(max_align_t) uint8_t memory[65536];
 *     yao_arena arena = {memory, sizeof memory, 0};
 *
 * There is no free: whatever was taken is given back at once, by winding back
 * to a mark (save and restore `used`) or by forgetting the arena. A server
 * keeps one per request, a microcontroller one static array per session.
 */

#include "yaopai/base.h"

typedef struct yao_arena {
    uint8_t *base;
    size_t   cap;  /* bytes */
    size_t   used; /* bytes; save it as a mark, restore it to wind back */
} yao_arena;

/** Take LEN zeroed bytes aligned for any type; NULL when they do not fit. */
YAO_API void *yao_arena_take(yao_arena *arena, size_t len);

/** The same for COUNT things of SIZE bytes; NULL also when the product
 *  overflows. */
YAO_API void *yao_arena_take_array(yao_arena *arena, size_t count, size_t size);

/**
 * Keep a copy of INPUT.
 *
 * Out     ret  the copy, living as long as the arena
 * Errors  YAO_E_SPACE  it does not fit
 */
YAO_API YAO_MUST_USE yao_status yao_arena_keep(yao_arena *arena, yao_bytes input,
                                               yao_bytes *ret);

#endif
