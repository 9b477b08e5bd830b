/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_FACE_FRAMES_H
#define YAO_AUTHORITY_FACE_FRAMES_H

/** What a page sends for a check, and what may be seen in one picture of it.
 *  For this folder. */

#include "authority/face/check.h"
#include "image/image.h"

typedef struct face_frame {
    size_t    move; /* index in the challenge's moves */
    yao_bytes jpeg; /* a view into what was sent */
} face_frame;

typedef struct face_frames {
    yao_bytes  nonce;
    face_frame list[FACE_MAX_FRAMES];
    size_t     count;
} face_frames;

/**
 * Read what was sent.
 *
 * Shape   face-frames of docs/formats/face.md
 * Out     ret  views into INPUT
 * Errors  those of yao_cbor_close(); YAO_E_MALFORMED: another number of
 *         frames, one out of its sequence, a move left out or gone back to,
 *         a picture above FACE_FRAME_BYTES;  YAO_E_DUPLICATE: the same picture
 *         twice
 */
YAO_MUST_USE yao_status face_read_frames(yao_bytes input, face_frames *ret);

/** Pixels of a frame, or of a portrait, as an engine wants them. Errors as
 *  image_read_frame(). */
YAO_MUST_USE yao_status face_read_picture(yao_bytes jpeg, yao_arena *arena,
                                          face_picture *ret,
                                          unsigned     *reduction);

/** What a face in a frame must be, from the settings. */
typedef struct face_limits {
    uint32_t size;          /* pixels of the frame as it was sent */
    int32_t  turn, centre;  /* tenths of a degree */
    int32_t  threshold, same; /* of FACE_ONE */
} face_limits;

/** Those of the settings C. */
face_limits face_limits_of(const config *c);

/** FACE_FINE, or why FACES of a picture that was made REDUCTION times smaller
 *  are not the one good face that is wanted. */
face_reason face_check_picture(const face_limits *limits,
                               const face_picture *picture, unsigned reduction,
                               const face_list *faces);

/** Does a face look where it was asked to? */
bool face_looks(const face_limits *limits, const face_found *face,
                face_move move);

#endif
