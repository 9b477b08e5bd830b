/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A second look at a picture in which nothing was found. zbar follows rows and
 * columns: it loses codes that lie across them, the sooner the grainier the
 * picture is. Half as large it has less grain; turned by 45 degrees what lay
 * across lies straight.
 */
#include "qr/decode.h"

/* Below this side a half would lose modules; above this one a half does not. */
enum { LEAST = 480, MOST = 1600 };

static uint8_t mean(const image_grey *p, uint32_t x, uint32_t y)
{
    const uint8_t *at = p->pixels + (size_t)y * p->width + x;

    return (uint8_t)((at[0] + at[1] + at[p->width] + at[p->width + 1] + 2) / 4);
}

static yao_status halve(const image_grey *p, yao_arena *arena, image_grey *ret)
{
    image_grey half = {NULL, p->width / 2, p->height / 2};

    half.pixels = yao_arena_take_array(arena, half.width, half.height);
    if (half.pixels == NULL)
        return YAO_E_SPACE;
    for (uint32_t y = 0; y < half.height; y++)
        for (uint32_t x = 0; x < half.width; x++)
            half.pixels[(size_t)y * half.width + x] = mean(p, 2 * x, 2 * y);
    *ret = half;
    return YAO_OK;
}

/* Where there is nothing it is white. 181 / 256 is the sine of 45 degrees. */
static yao_status turn(const image_grey *p, yao_arena *arena, image_grey *ret)
{
    int32_t    side   = (int32_t)((p->width + p->height) * 181 / 256 + 1);
    image_grey turned = {NULL, (uint32_t)side, (uint32_t)side};

    turned.pixels = yao_arena_take_array(arena, turned.width, turned.height);
    if (turned.pixels == NULL)
        return YAO_E_SPACE;
    for (int32_t y = 0; y < side; y++)
        for (int32_t x = 0; x < side; x++) {
            int32_t a = x - side / 2, b = y - side / 2;
            int32_t u = (a + b) * 181 / 256 + (int32_t)p->width / 2;
            int32_t v = (b - a) * 181 / 256 + (int32_t)p->height / 2;
            bool in = u >= 0 && v >= 0 && u < (int32_t)p->width &&
                      v < (int32_t)p->height;

            turned.pixels[(size_t)y * turned.width + (size_t)x] =
                in ? p->pixels[(size_t)v * p->width + (size_t)u] : 255;
        }
    *ret = turned;
    return YAO_OK;
}

static yao_status look_turned(const image_grey *picture, qr_found *found)
{
    size_t     mark = found->scratch->used;
    image_grey turned;

    YAO_TRY(turn(picture, found->scratch, &turned));
    yao_status status    = qr_scan(&turned, found);
    found->scratch->used = mark;
    return status;
}

yao_status qr_look(const image_grey *picture, qr_found *found)
{
    size_t     before = found->count, mark = found->scratch->used;
    image_grey small = *picture;
    yao_status status = qr_scan(picture, found);

    if (status != YAO_OK || found->count > before)
        return status;
    if (picture->width >= LEAST && picture->height >= LEAST) {
        status = halve(picture, found->scratch, &small);
        if (status == YAO_OK)
            status = qr_scan(&small, found);
    }
    if (status == YAO_OK && found->count == before)
        status = look_turned(&small, found);
    if (status == YAO_OK && found->count == before &&
        small.width < picture->width && picture->width <= MOST &&
        picture->height <= MOST)
        status = look_turned(picture, found);
    found->scratch->used = mark;
    return status;
}
