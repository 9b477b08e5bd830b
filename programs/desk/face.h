/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_FACE_H
#define YAO_DESK_FACE_H

/**
 * Comparing the person before the desk's camera with the portrait that was
 * shown, where [face] names an engine. It is a hint to the clerk, who decides:
 * no verdict depends on it, and nothing of it is kept. docs/formats/desk.md,
 * section 11.
 *
 *     POST /api/sessions/ID/face, a JPEG     {"face": "alike", "grade": ...}
 *
 * Memory   pictures and templates live in one block that is wiped before the
 *          answer is given
 */

#include "desk/desk.h"
#include "face/face.h"

/** A picture of the camera, bytes at most. */
#define DESK_FACE_BYTES 400000u

/** What was found. Zero is no likeness. */
typedef enum desk_likeness {
    DESK_FACE_CANNOT_TELL = 0,
    DESK_FACE_ALIKE       = 1,
    DESK_FACE_OTHER       = 2
} desk_likeness;

/**
 * The engine of [face], for D; started when it is needed.
 *
 * Out     d->face  NULL where the provider is `none`
 * Errors  YAO_E_VALUE    [face] names none
 *         YAO_E_REFUSED  `mock`, or an engine for tests, without demo = yes
 *         those of face_open(), face_get_info()
 */
YAO_MUST_USE yao_status desk_face_open(desk *d);

/** Put what a page is told of the engine: "none", "demo", "test", "vendor", or
 *  "away" when it did not answer at first. */
void desk_face_tell(const desk *d, yao_writer *w, bool *first);

#endif
