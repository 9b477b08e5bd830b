/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_INFLATE_H
#define YAO_INFLATE_H

/**
 * The home that fulfils wishes to pack and to unpack: zlib streams (RFC 1950)
 * by libdeflate, a third of zlib's time, and an output that cannot grow beyond
 * the room it is given.
 *
 *     yao_bytes entries = {0};
 *     yao_status said = yao_inflate(&wish, &arena, &entries);
 *
 * Memory   the answer is in the arena; libdeflate takes 11 kB from the heap to
 *          unpack, about a megabyte to pack, and gives them back
 */

#include "yaopai/writer.h"
#include "yaopai/crypto.h"

/**
 * Unpack one stream.
 *
 * Out     ret  in ARENA, at most WISH->max bytes
 * Errors  YAO_E_MALFORMED  no zlib stream: another header, a preset
 *                          dictionary, damaged, ends early, wrong Adler-32
 *         YAO_E_TRAILING   something follows it
 *         YAO_E_LIMIT      it holds more than WISH->max bytes
 *         YAO_E_SPACE      ARENA has no room for what it holds, or the heap
 *                          is exhausted
 * Source  RFC 1950 section 2.2, RFC 1951
 * Cost    time and room of the answer; of a bomb those of WISH->max
 */
YAO_MUST_USE yao_status yao_inflate(const yao_inflate_wish *wish,
                                    yao_arena *arena, yao_bytes *ret);

/**
 * Pack into one stream, as small as it gets: lists are written once and read
 * by everybody.
 *
 * Errors  YAO_E_SPACE as above
 */
YAO_MUST_USE yao_status yao_deflate(const yao_deflate_wish *wish,
                                    yao_arena *arena, yao_bytes *ret);

#endif
