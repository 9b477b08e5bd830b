/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WRITER_H
#define YAO_WRITER_H

/**
 * Output into a buffer of the caller's, or into nothing, to be counted.
 *
 *     yao_writer w = yao_writer_open(buffer, sizeof buffer);
 *     yao_put_bytes(&w, header);
 *     YAO_TRY(yao_writer_close(&w, &out));
 *
 * With a NULL buffer only `len` grows: measuring and writing are one code
 * path. The first failure is sticky; what follows it writes nothing.
 */

#include "yaopai/arena.h"

typedef struct yao_writer {
    uint8_t   *ptr; /* NULL: count only */
    size_t     cap;
    size_t     len; /* written, or wanted when counting */
    yao_status status;
} yao_writer;

/** Write into BUFFER of CAP bytes, or count when BUFFER is NULL. */
YAO_API yao_writer yao_writer_open(uint8_t *buffer, size_t cap);

/** Count. */
YAO_API yao_writer yao_writer_count(void);

/**
 * Write into all that is left of ARENA; yao_writer_keep() takes what was
 * written. Nothing else may be taken from the arena in between.
 */
YAO_API yao_writer yao_writer_in(const yao_arena *arena);

/**
 * Finish.
 *
 * Out     ret  what was written; ptr is NULL when counting
 * Errors  the first failure met on the way: YAO_E_SPACE, or what a caller
 *         recorded with yao_writer_fail()
 */
YAO_API YAO_MUST_USE yao_status yao_writer_close(const yao_writer *w,
                                                 yao_bytes        *ret);

/**
 * Finish a writer of yao_writer_in(ARENA) and take its bytes from ARENA.
 *
 * Errors  YAO_E_USAGE  W is of another arena, or something was taken from
 *                      this one in between
 *         else as yao_writer_close()
 */
YAO_API YAO_MUST_USE yao_status yao_writer_keep(yao_writer *w, yao_arena *arena,
                                                yao_bytes *ret);

/** Record FAILURE unless an earlier one stands. */
YAO_API void yao_writer_fail(yao_writer *w, yao_status failure);

/** Append. */
YAO_API void yao_put_byte(yao_writer *w, uint8_t byte);
YAO_API void yao_put_bytes(yao_writer *w, yao_bytes bytes);
YAO_API void yao_put_text(yao_writer *w, const char *string);

/** Append NUMBER in decimal. */
YAO_API void yao_put_decimal(yao_writer *w, int64_t number);

/** Open a gap of LEN bytes at AT (0..len) and copy BYTES into it: for heads
 *  whose length is known only after their content. */
YAO_API void yao_put_at(yao_writer *w, size_t at, yao_bytes bytes);

/* ---- letters ---------------------------------------------------------- */

/** Append IN in base64url without padding (RFC 4648 section 5), in standard
 *  base64 with padding (section 4; x5c and data URIs only), in lower-case
 *  hex, in base45 (RFC 9285). */
YAO_API void yao_put_base64url(yao_writer *w, yao_bytes in);
YAO_API void yao_put_base64(yao_writer *w, yao_bytes in);
YAO_API void yao_put_hex(yao_writer *w, yao_bytes in);
YAO_API void yao_put_base45(yao_writer *w, yao_bytes in);

/**
 * Read letters back, appending the bytes to W.
 *
 * Out     W       on an error what it holds is of no use
 * Errors  YAO_E_BASE64  a letter that does not belong, padding where there is
 *                       none (base64url) or wrong padding (base64), bits left
 *                       over that are not zero, an odd length (hex), a group
 *                       above its range (base45)
 *         YAO_E_SPACE   recorded in W
 * Source  RFC 4648 sections 3.5, 4, 5, 8; RFC 9285 section 4
 */
YAO_API YAO_MUST_USE yao_status yao_get_base64url(yao_bytes in, yao_writer *w);
YAO_API YAO_MUST_USE yao_status yao_get_base64(yao_bytes in, yao_writer *w);
YAO_API YAO_MUST_USE yao_status yao_get_hex(yao_bytes in, yao_writer *w);
YAO_API YAO_MUST_USE yao_status yao_get_base45(yao_bytes in, yao_writer *w);

/* ---- random bytes ----------------------------------------------------- */

/** Random bytes the caller brought, used from the front, never twice. */
typedef struct yao_entropy {
    yao_bytes rest;
} yao_entropy;

/**
 * Take the next LEN bytes.
 *
 * Errors  YAO_E_ENTROPY  the caller brought too few; nothing was taken
 */
YAO_API YAO_MUST_USE yao_status yao_entropy_take(yao_entropy *entropy, size_t len,
                                                 yao_bytes *ret);

#endif
