/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_FACE_WORLD_H
#define YAO_TEST_FACE_WORLD_H

/** Pictures that tests/tools/face_mock.py sees faces in, and that engine. */

#include <stdio.h>
#include <unistd.h>

#include "check.h"
#include "face/face.h"
#include "image/image.h"

/** What is to be seen in a picture. */
typedef struct face_scene {
    unsigned faces;
    int      yaw;    /* degrees, -60..60 */
    unsigned side;   /* of the face, pixels, up to 480 */
    unsigned whose;  /* degrees between people, 0..180 */
    unsigned speck;  /* tells pictures of one scene apart, 0..100 */
    bool     flat;   /* without the pattern that makes it a good picture */
} face_scene;

/** The command of the engine in MODE; NULL where it can't run here. In a
 *  buffer of this function's. */
static inline const char *face_mock(const char *mode)
{
    static char command[1024];
    const char *source = getenv("YAOPAI_SOURCE");

    if (source == NULL || strchr(source, ' ') != NULL ||
        access("/usr/bin/python3", X_OK) != 0)
        return NULL;
    snprintf(command, sizeof command,
             "/usr/bin/python3 -I -S -B %s/tests/tools/face_mock.py %s", source,
             mode);
    return command;
}

/** A picture of 480 x 480 in ARENA, or NULL pixels. */
static inline image_canvas face_draw(const face_scene *s, yao_arena *arena)
{
    image_canvas c = {NULL, 0, 0};

    if (image_canvas_open(arena, 480, 480, &c) != YAO_OK)
        return (image_canvas){NULL, 0, 0};
    image_draw_box(&c, (image_box){0, 0, 480, 480},
                   (image_colour){128, 128, 128});
    for (int32_t i = 0; i < 480 && !s->flat; i += 16)
        image_draw_box(&c, (image_box){i, 16, 8, 464},
                       (image_colour){200, 190, 180});
    image_draw_box(&c, (image_box){0, 0, 16, 16},
                   (image_colour){(uint8_t)(s->faces * 40),
                                  (uint8_t)(128 + 2 * s->yaw),
                                  (uint8_t)(s->side / 2)});
    image_draw_box(&c, (image_box){16, 0, 16, 16},
                   (image_colour){(uint8_t)s->whose, 250, 0});
    image_draw_box(&c, (image_box){200, 200, 16, 16},
                   (image_colour){(uint8_t)(2 * s->speck), 100, 100});
    return c;
}

/** The same as a JPEG; empty on failure. */
static inline yao_bytes face_photograph(const face_scene *s, yao_arena *arena)
{
    image_canvas c    = face_draw(s, arena);
    yao_writer   w    = yao_writer_in(arena);
    yao_bytes    jpeg = {NULL, 0};

    if (c.pixels == NULL || image_write_jpeg(&c, 95, &w) != YAO_OK ||
        yao_writer_keep(&w, arena, &jpeg) != YAO_OK)
        return (yao_bytes){NULL, 0};
    return jpeg;
}

#endif
