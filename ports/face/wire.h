/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_FACE_WIRE_H
#define YAO_FACE_WIRE_H

/** What is said to an engine. Private to this folder. */

#include "cbor/cbor.h"
#include "face/face.h"

/** Bytes of a request without pixels: two vectors; and of an answer. */
enum {
    FACE_MAX_HEAD   = 2 * FACE_MAX_VECTOR + 64,
    FACE_MAX_ANSWER = FACE_MAX_VECTOR + 1024
};

/* Requests, up to the pixels, which follow them as they are. */
void face_put_info(yao_writer *w, uint64_t number, bool demo);
void face_put_detect(yao_writer *w, uint64_t number, const face_picture *p);
void face_put_extract(yao_writer *w, uint64_t number, const face_picture *p,
                      const face_found *face);
void face_put_match(yao_writer *w, uint64_t number, yao_bytes a, yao_bytes b);

/** Bytes of the pixels of a picture. */
size_t face_pixels(const face_picture *p);

/** Is FACE a part of P? */
bool face_within(const face_found *face, const face_picture *p);

#endif
