/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_QR_PNG_H
#define YAO_QR_PNG_H

/** The chunks of a PNG, which an animation takes apart and puts together
 *  again. */

#include "yaopai/writer.h"

extern const yao_bytes png_signature;

typedef struct png_chunk {
    yao_bytes type; /* four letters */
    yao_bytes data;
} png_chunk;

/** The next chunk of REST, which moves behind it. Errors: YAO_E_MALFORMED: cut
 *  short, or its CRC is wrong. */
YAO_MUST_USE yao_status png_next(yao_bytes *rest, png_chunk *ret);

/** Is C a chunk TYPE? */
bool png_is(const png_chunk *c, const char *type);

/** Big-endian numbers, as PNG has them. */
uint32_t png_get_number(const uint8_t *at);
void     png_put_number(yao_writer *w, uint32_t number);

/** Write a chunk: its length, TYPE, A, B and the CRC of these three. */
void png_put_chunk(yao_writer *w, const char *type, yao_bytes a, yao_bytes b);

#endif
