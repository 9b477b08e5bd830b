/* SPDX-License-Identifier: Apache-2.0 */
#include "inflate/inflate.h"

#include <libdeflate.h>

/* The highest level but the slow searches above it: a list of a million
 * entries takes 10 ms. */
enum { LEVEL = 9 };

typedef struct libdeflate_decompressor unpacker;
typedef struct libdeflate_compressor   packer;

static void free_unpacker(unpacker **u) { libdeflate_free_decompressor(*u); }
static void free_packer(packer **p) { libdeflate_free_compressor(*p); }
#define OWNED_UNPACKER __attribute__((cleanup(free_unpacker))) unpacker
#define OWNED_PACKER   __attribute__((cleanup(free_packer))) packer

static yao_status keep(yao_writer *w, size_t len, yao_arena *arena,
                       yao_bytes *ret)
{
    w->len = len;
    return yao_writer_keep(w, arena, ret);
}

yao_status yao_inflate(const yao_inflate_wish *wish, yao_arena *arena,
                       yao_bytes *ret)
{
    OWNED_UNPACKER *u    = libdeflate_alloc_decompressor();
    yao_writer      w    = yao_writer_in(arena);
    size_t          most = wish->max < w.cap ? wish->max : w.cap;
    size_t          read, len;

    if (u == NULL)
        return YAO_E_SPACE;
    switch (libdeflate_zlib_decompress_ex(u, wish->input.ptr, wish->input.len,
                                          w.ptr, most, &read, &len)) {
    case LIBDEFLATE_SUCCESS:
        break;
    case LIBDEFLATE_INSUFFICIENT_SPACE:
        return most == wish->max ? YAO_E_LIMIT : YAO_E_SPACE;
    default:
        return YAO_E_MALFORMED;
    }
    if (read != wish->input.len)
        return YAO_E_TRAILING;

    return keep(&w, len, arena, ret);
}

yao_status yao_deflate(const yao_deflate_wish *wish, yao_arena *arena,
                       yao_bytes *ret)
{
    OWNED_PACKER *p = libdeflate_alloc_compressor(LEVEL);
    yao_writer    w = yao_writer_in(arena);

    if (p == NULL)
        return YAO_E_SPACE;

    size_t len = libdeflate_zlib_compress(p, wish->input.ptr, wish->input.len,
                                          w.ptr, w.cap);
    if (len == 0)
        return YAO_E_SPACE;

    return keep(&w, len, arena, ret);
}
