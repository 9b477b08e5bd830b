/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_QR_DECODE_H
#define YAO_QR_DECODE_H

/** What the child process of qr_read() does; in the open for the fuzzer. */

#include "image/image.h"
#include "qr/qr.h"

/** What is looked at: 4096 x 4096 pixels, animations have them all together
 *  four times. */
enum { QR_MAX_SIDE = 4096, QR_MAX_PIXELS = 4 * QR_MAX_SIDE * QR_MAX_SIDE };

/** Memory of a child: all texts, and beside them one picture in grey, its half
 *  turned, and one frame as a file. */
enum {
    QR_TEXT_MEMORY    = QR_MAX_TEXTS * (QR_MAX_TEXT + 16),
    QR_SCRATCH_MEMORY = 40 * 1024 * 1024
};

/** Texts as they are collected; room for QR_MAX_TEXTS. */
typedef struct qr_found {
    yao_arena *texts;
    yao_arena *scratch;
    yao_bytes  list[QR_MAX_TEXTS];
    size_t     count;
} qr_found;

/** The codes in one picture in grey, added to FOUND unless they are there.
 *  Errors: YAO_E_LIMIT, YAO_E_SPACE. None at all is no error. */
YAO_MUST_USE yao_status qr_scan(const image_grey *picture, qr_found *found);

/** The same, with a second look at the picture, halved and turned, when there
 *  was none. */
YAO_MUST_USE yao_status qr_look(const image_grey *picture, qr_found *found);

/** All of qr_read() but the child. Errors: as qr_read(). */
YAO_MUST_USE yao_status qr_decode(yao_bytes file, qr_found *found);

/** What is done in a child, and how long it may take. */
typedef struct qr_work {
    yao_status (*decode)(yao_bytes file, qr_found *found);
    int seconds;  /* of computing */
    int patience; /* milliseconds in all */
} qr_work;

/** Let a child do WORK on FILE. Errors: as qr_read(). */
YAO_MUST_USE yao_status qr_ask_child(const qr_work *work, yao_bytes file,
                                     yao_arena *arena, qr_texts *ret);

#endif
