/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drawn placeholders for portraits. Twice as large as needed and then scaled
 * down, which smooths the edges; quite obviously nobody's photo.
 */

#include "image/image.h"

#define WIDTH 716
#define HEIGHT 882

static const image_colour backgrounds[] = {
    {0xdc, 0xe8, 0xf4}, {0xe8, 0xee, 0xe0}, {0xf2, 0xe8, 0xdc},
    {0xe6, 0xe2, 0xf0}, {0xe0, 0xee, 0xec}, {0xf0, 0xe4, 0xe8},
};
static const image_colour skins[] = {
    {0xf3, 0xd3, 0xb4},
    {0xe8, 0xc0, 0x9c},
    {0xf7, 0xdc, 0xc4},
    {0xdc, 0xb0, 0x88},
};
static const image_colour hairs[] = {
    {0x24, 0x20, 0x22},
    {0x3c, 0x2c, 0x24},
    {0x18, 0x1a, 0x22},
};
static const image_colour clothes[] = {
    {0x34, 0x4c, 0x6c}, {0x7c, 0x3c, 0x44}, {0x3c, 0x64, 0x50},
    {0x54, 0x4c, 0x74}, {0x6c, 0x5c, 0x3c}, {0x44, 0x48, 0x50},
    {0x2c, 0x6c, 0x78},
};
static const image_colour grey_hair = {0xb4, 0xb4, 0xb8};
static const image_colour dark      = {0x30, 0x28, 0x28};
static const image_colour white     = {0xfc, 0xfc, 0xfc};
static const image_colour red       = {0xb0, 0x28, 0x28};

#define PICK(table, n) ((table)[(n) % (sizeof(table) / sizeof(table)[0])])

typedef struct face {
    image_colour back, skin, hair, cloth;
    bool         long_hair, glasses, collar;
    int32_t      shrink; /* of the head, pixels on each side */
} face;

static face choose(unsigned which, bool grey, bool child)
{
    face f = {PICK(backgrounds, which),
              PICK(skins, which / 2),
              grey ? grey_hair : PICK(hairs, which),
              PICK(clothes, which),
              false,
              false,
              false,
              0};

    f.long_hair = which % 2 == 0;
    f.glasses   = which % 5 == 3;
    f.collar    = which % 3 != 0;
    f.shrink    = child ? 26 : (int32_t)(which % 3) * 6;
    return f;
}

static image_box inset(image_box b, int32_t by)
{
    return (image_box){b.left + by, b.top + by, b.width - 2 * by,
                       b.height - 2 * by};
}

static void draw_body(image_canvas *c, const face *f)
{
    image_draw_ellipse(c, (image_box){78, 640, 560, 520}, f->cloth);
    image_draw_box(c, (image_box){298, 540, 120, 130}, f->skin);
    image_draw_ellipse(c, (image_box){288, 610, 140, 110}, f->skin);
    if (f->collar) {
        image_draw_ellipse(c, (image_box){228, 672, 120, 36}, white);
        image_draw_ellipse(c, (image_box){368, 672, 120, 36}, white);
    }
}

static void draw_head(image_canvas *c, const face *f)
{
    image_box head = inset((image_box){198, 190, 320, 410}, f->shrink);

    if (f->long_hair)
        image_draw_ellipse(c, inset((image_box){150, 132, 416, 560}, f->shrink),
                           f->hair);
    else
        image_draw_ellipse(c, inset((image_box){178, 138, 360, 330}, f->shrink),
                           f->hair);
    draw_body(c, f);
    image_draw_ellipse(c, head, f->skin);
    /* the fringe */
    image_draw_ellipse(
        c, (image_box){head.left + 16, head.top - 14, head.width - 32, 120},
        f->hair);
}

static void draw_features(image_canvas *c, const face *f)
{
    for (int32_t side = 0; side < 2; side++) {
        int32_t x = side == 0 ? 280 : 404;
        if (f->glasses) {
            image_draw_ellipse(c, (image_box){x - 24, 366, 80, 68}, dark);
            image_draw_ellipse(c, (image_box){x - 17, 373, 66, 54}, f->skin);
        }
        image_draw_ellipse(c, (image_box){x, 384, 32, 32}, dark);
        image_draw_box(c, (image_box){x - 8, 346, 48, 9}, f->hair);
    }
    if (f->glasses)
        image_draw_box(c, (image_box){332, 394, 52, 8}, dark);
    image_draw_ellipse(c, (image_box){346, 440, 24, 34}, dark);
    image_draw_ellipse(c, (image_box){343, 434, 28, 34}, f->skin);
    image_draw_ellipse(c, (image_box){310, 500, 96, 28}, red);
    image_draw_ellipse(c, (image_box){306, 490, 104, 26}, f->skin);
}

static void draw_mark(image_canvas *c)
{
    image_draw_box(c, (image_box){0, HEIGHT - 118, WIDTH, 118}, white);
    image_draw_letters(c, 30, HEIGHT - 108, 14, "SPECIMEN", red);
}

yao_status image_draw_specimen(unsigned which, bool grey, bool child,
                               yao_arena *arena, yao_writer *w)
{
    face         f    = choose(which % IMAGE_SPECIMENS, grey, child);
    size_t       mark = arena->used;
    image_canvas large, portrait;

    yao_status status = image_canvas_open(arena, WIDTH, HEIGHT, &large);
    if (status != YAO_OK)
        goto done;
    image_draw_box(&large, (image_box){0, 0, WIDTH, HEIGHT}, f.back);
    draw_head(&large, &f);
    draw_features(&large, &f);
    draw_mark(&large);
    status = image_scale(&large, arena, WIDTH / 2, HEIGHT / 2, &portrait);
    if (status == YAO_OK)
        status = image_write_jpeg(&portrait, 75, w);
done:
    arena->used = mark;
    return status;
}
