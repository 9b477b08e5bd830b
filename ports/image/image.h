/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_IMAGE_H
#define YAO_IMAGE_H

/**
 * Portraits: checking and cleaning JPEG files that others made, a small copy
 * for codes and small screens, and drawn placeholders. By libjpeg.
 *
 *     YAO_TRY(image_clean_jpeg(file, &image_portrait, &w));     // no metadata
 *     YAO_TRY(image_shrink_jpeg(portrait, IMAGE_SMALL_BYTES, arena, &w));
 *
 * Limits   stated by the caller in image_limits, checked before a pixel is
 *          decoded; a progressive file may have 64 scans
 * Memory   pixels are in the arena, three bytes each; libjpeg takes what it
 *          needs from the heap, bounded by the limits, and gives it back
 */

#include "yaopai/writer.h"

/** What a JPEG may be. */
typedef struct image_limits {
    uint32_t min_width, max_width; /* pixels */
    uint32_t min_height, max_height;
    size_t   max_bytes; /* after cleaning; a file before it: 8 MB */
} image_limits;

/** A portrait for a document: 358 x 441 is usual, 350 dpi (GA 490). */
extern const image_limits image_portrait;

/** Bytes that portrait_small may have (design 4). */
#define IMAGE_SMALL_BYTES 2048

/**
 * Check a JPEG and write it again without anything but the picture: no Exif
 * (it may say where a photo was taken), no comment, nothing behind its end.
 * The picture itself is not coded anew and loses nothing.
 *
 * Errors  YAO_E_MALFORMED    not a JPEG, or one that ends early or is damaged
 *         YAO_E_UNSUPPORTED  neither grey nor YCbCr with 8 bits
 *         YAO_E_LIMIT        wider, higher, smaller or longer than LIMITS
 *         YAO_E_SPACE        recorded in W as well
 */
YAO_MUST_USE yao_status image_clean_jpeg(yao_bytes           jpeg,
                                         const image_limits *limits,
                                         yao_writer         *w);

/**
 * Make the picture so small that it has MOST bytes at most.
 *
 * In      jpeg   cleaned
 *         most   1024 at least
 * Errors  YAO_E_LIMIT  it doesn't fit even at its smallest
 *         YAO_E_MALFORMED, YAO_E_UNSUPPORTED; YAO_E_SPACE: the arena is full
 */
YAO_MUST_USE yao_status image_shrink_jpeg(yao_bytes jpeg, size_t most,
                                          yao_arena *arena, yao_writer *w);

/** How wide and high a JPEG says it is. Errors: YAO_E_MALFORMED. */
YAO_MUST_USE yao_status image_size_jpeg(yao_bytes jpeg, uint32_t *width,
                                        uint32_t *height);

/* ---- drawing ---- */

typedef struct image_colour {
    uint8_t red, green, blue;
} image_colour;

typedef struct image_canvas {
    uint8_t *pixels; /* red, green, blue; rows from above */
    uint32_t width, height;
} image_canvas;

/** A black canvas in ARENA. Errors: YAO_E_SPACE; YAO_E_USAGE: no pixels. */
YAO_MUST_USE yao_status image_canvas_open(yao_arena *arena, uint32_t width,
                                          uint32_t height, image_canvas *ret);

/** A box in pixels; what lies outside of the canvas is not drawn. */
typedef struct image_box {
    int32_t left, top, width, height;
} image_box;

/** Fill BOX, or the ellipse that touches its sides. */
void image_draw_box(image_canvas *c, image_box box, image_colour colour);
void image_draw_ellipse(image_canvas *c, image_box box, image_colour colour);

/** The letters of SPECIMEN and blanks, each 5 x 7 dots of DOT pixels, one dot
 *  apart; others are left blank. */
void image_draw_letters(image_canvas *c, int32_t left, int32_t top, int32_t dot,
                        const char *letters, image_colour colour);

/** Another canvas with the mean of the pixels. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status image_scale(const image_canvas *c, yao_arena *arena,
                                    uint32_t width, uint32_t height,
                                    image_canvas *ret);

/** Write a canvas as JPEG. In: quality 1..100. Errors: YAO_E_SPACE, recorded
 *  in W as well. */
YAO_MUST_USE yao_status image_write_jpeg(const image_canvas *c, int quality,
                                         yao_writer *w);

/** Pixels of a JPEG. Errors as image_shrink_jpeg(). */
YAO_MUST_USE yao_status image_read_jpeg(yao_bytes jpeg, yao_arena *arena,
                                        image_canvas *ret);

/**
 * Pixels of a JPEG that came from a stranger's camera, no side longer than
 * MOST: a large one is made 2, 4 or 8 times smaller while it is decoded.
 *
 * In      limits     of the file as it is
 * Out     reduction  1, 2, 4 or 8
 * Errors  as image_clean_jpeg(); YAO_E_LIMIT also: too large even so
 */
YAO_MUST_USE yao_status image_read_frame(yao_bytes           jpeg,
                                         const image_limits *limits,
                                         uint32_t most, yao_arena *arena,
                                         image_canvas *ret, unsigned *reduction);

/** Pixels of a grey picture, one byte each. */
typedef struct image_grey {
    uint8_t *pixels; /* rows from above */
    uint32_t width, height;
} image_grey;

/** How bright the pixels of a JPEG are. Errors as image_shrink_jpeg(). */
YAO_MUST_USE yao_status image_read_grey_jpeg(yao_bytes jpeg, yao_arena *arena,
                                             image_grey *ret);

/* ---- placeholders ------------------------------------------------------- */

/** How many different drawn faces there are. */
#define IMAGE_SPECIMENS 24

/**
 * Draw face WHICH (modulo IMAGE_SPECIMENS), marked SPECIMEN, 358 x 441: a
 * drawing that can be taken for nobody. The even ones wear their hair long.
 *
 * In      grey  hair of an old person
 *         child a face on a smaller head
 * Errors  YAO_E_SPACE: the arena (4 MB are enough), or recorded in W
 */
YAO_MUST_USE yao_status image_draw_specimen(unsigned which, bool grey,
                                            bool child, yao_arena *arena,
                                            yao_writer *w);

#endif
