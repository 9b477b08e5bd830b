/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_COPY_H
#define YAO_COPY_H

/**
 * Copying, moving, comparing and clearing by the compiler's own functions.
 *
 * A loop over bytes stays a loop over bytes at -O2 and took a fifth of an
 * mdoc's issuance. The compiler may put memcpy, memmove, memcmp or memset for
 * these, which every C environment has to have, freestanding ones too.
 */

#include "yaopai/base.h"

/** TO has room for FROM; they do not overlap. */
static inline void yao_copy(uint8_t *to, yao_bytes from)
{
    if (from.len != 0)
        __builtin_memcpy(to, from.ptr, from.len);
}

/** The same; they may overlap. */
static inline void yao_move(uint8_t *to, yao_bytes from)
{
    if (from.len != 0)
        __builtin_memmove(to, from.ptr, from.len);
}

/** Are the first LEN bytes the same? Views of one name often are one. */
static inline bool yao_same(const uint8_t *a, const uint8_t *b, size_t len)
{
    return a == b || len == 0 || __builtin_memcmp(a, b, len) == 0;
}

/** Zero LEN bytes; not for secrets (yao_wipe). */
static inline void yao_clear(uint8_t *at, size_t len)
{
    if (len != 0)
        __builtin_memset(at, 0, len);
}

#endif
