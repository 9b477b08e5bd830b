/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A stream of a stranger's; and bytes that we pack.
 *
 * Properties
 *   1. What is unpacked fits its bound, and one byte less is refused as LIMIT.
 *   2. The same stream gives the same bytes; with one byte more behind it, it
 *      is refused.
 *   3. What is packed unpacks to the same.
 */

#include <stdlib.h>
#include <string.h>

#include "inflate/inflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 18, MOST = 1 << 16 };

static _Alignas(max_align_t) uint8_t memory[ROOM];
static uint8_t                       longer[MOST + 1];

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_stream(yao_bytes stream)
{
    yao_arena        arena = {memory, sizeof memory, 0};
    yao_inflate_wish wish  = {stream, MOST};
    yao_bytes        out   = {0}, again = {0};

    if (yao_inflate(&wish, &arena, &out) != YAO_OK) {
        require(arena.used == 0);
        return;
    }
    require(out.len <= MOST);
    wish.max = out.len;
    require(yao_inflate(&wish, &arena, &again) == YAO_OK);
    require(yao_bytes_equal(out, again));
    if (out.len > 0) {
        wish.max--;
        require(yao_inflate(&wish, &arena, &again) == YAO_E_LIMIT);
    }
    if (stream.len >= sizeof longer)
        return;
    memcpy(longer, stream.ptr, stream.len);
    longer[stream.len] = 0;
    wish = (yao_inflate_wish){{longer, stream.len + 1}, MOST};
    require(yao_inflate(&wish, &arena, &again) == YAO_E_TRAILING);
}

static void check_back(yao_bytes plain)
{
    yao_arena        arena  = {memory, sizeof memory, 0};
    yao_deflate_wish wish   = {plain};
    yao_bytes        packed = {0}, out = {0};

    if (plain.len > MOST)
        return;
    require(yao_deflate(&wish, &arena, &packed) == YAO_OK);
    yao_inflate_wish back = {packed, plain.len};
    require(yao_inflate(&back, &arena, &out) == YAO_OK);
    require(yao_bytes_equal(out, plain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_stream((yao_bytes){data, size});
    check_back((yao_bytes){data, size});
    return 0;
}
