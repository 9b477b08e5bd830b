/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PAPER_PEN_H
#define YAO_PAPER_PEN_H

/** What paper.c draws with; the only file that knows cairo and pango is pen.c.
 *  Points of 1/72 inch from the upper left corner. The first failure sticks. */

#include "paper/paper.h"

typedef struct pen {
    struct paper_library  *lib; /* what draws */
    struct _cairo_surface *surface;
    struct _cairo         *cairo;
    yao_writer            *out;
    yao_status             status;
    bool                   measuring; /* nothing is drawn */
} pen;

typedef struct pen_ink {
    double red, green, blue, alpha;
} pen_ink;

typedef struct pen_style {
    double  size;
    bool    bold;
    pen_ink ink;
} pen_style;

/** Where text begins and how wide it may be; RIGHT: it ends at the right. */
typedef struct pen_at {
    double left, top, width;
    bool   right;
} pen_at;

/** Errors: YAO_E_UNSUPPORTED, YAO_E_SPACE. Otherwise pen_close() is to be called. */
YAO_MUST_USE yao_status pen_open(pen *p, double width, double height,
                                 yao_writer *out);

/** Finish page and file, whose title is TITLE. Errors: the first one's. */
YAO_MUST_USE yao_status pen_close(pen *p, yao_text title);

/** Remember STATUS, unless something failed before. */
void pen_fail(pen *p, yao_status status);

/** From now on only measure; draw again. */
void pen_measure(pen *p);

/** The end of that. */
void pen_draw(pen *p);

/** Write TEXT in as many lines as it takes; gives its height. Nothing: 0.
 *  Fails with YAO_E_NOT_FOUND, YAO_E_USAGE. */
double pen_write(pen *p, yao_text text, const pen_style *style, pen_at at);

/** The same from lower left to upper right, for marks behind everything. */
void pen_slant(pen *p, yao_text text, double size, pen_ink ink, double left,
               double top);

/** A line from left to right. */
void pen_line(pen *p, double left, double top, double width, pen_ink ink);

/** A box, filled; as wide as AT says. */
void pen_box(pen *p, pen_at at, double height, pen_ink ink);

/** A picture, as wide as AT says. */
void pen_picture(pen *p, const image_canvas *picture, pen_at at);

/** A code on white, with its margin of four modules, all of it as wide as AT
 *  says. */
void pen_code(pen *p, const paper_code *code, pen_at at);

#endif
