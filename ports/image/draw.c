/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"

yao_status image_canvas_open(yao_arena *arena, uint32_t width, uint32_t height,
                             image_canvas *ret)
{
    if (width == 0 || height == 0)
        return YAO_E_USAGE;

    uint8_t *pixels =
        yao_arena_take_array(arena, (size_t)width * 3, (size_t)height);
    if (pixels == NULL)
        return YAO_E_SPACE;
    *ret = (image_canvas){pixels, width, height};
    return YAO_OK;
}

static void dot(image_canvas *c, int32_t x, int32_t y, image_colour colour)
{
    if (x < 0 || y < 0 || (uint32_t)x >= c->width || (uint32_t)y >= c->height)
        return;

    uint8_t *p = c->pixels + ((size_t)y * c->width + (size_t)x) * 3;
    p[0]       = colour.red;
    p[1]       = colour.green;
    p[2]       = colour.blue;
}

void image_draw_box(image_canvas *c, image_box box, image_colour colour)
{
    for (int32_t y = 0; y < box.height; y++)
        for (int32_t x = 0; x < box.width; x++)
            dot(c, box.left + x, box.top + y, colour);
}

/* In integers, so that a drawing is the same on every machine: a pixel is
 * inside when (2x-w)²h² + (2y-h)²w² <= w²h². */
void image_draw_ellipse(image_canvas *c, image_box box, image_colour colour)
{
    int64_t w = box.width, h = box.height;

    for (int64_t y = 0; y < h; y++)
        for (int64_t x = 0; x < w; x++) {
            int64_t a = 2 * x + 1 - w, b = 2 * y + 1 - h;
            if (a * a * h * h + b * b * w * w <= w * w * h * h)
                dot(c, box.left + (int32_t)x, box.top + (int32_t)y, colour);
        }
}

/* ---- letters ------------------------------------------------------------ */

/* Rows from above, the leftmost dot is the highest of five bits. */
static const struct {
    char    letter;
    uint8_t rows[7];
} letters_known[] = {
    {'S', {0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e}},
    {'P', {0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10}},
    {'E', {0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f}},
    {'C', {0x0f, 0x10, 0x10, 0x10, 0x10, 0x10, 0x0f}},
    {'I', {0x0e, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0e}},
    {'M', {0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11}},
    {'N', {0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11}},
};

static const uint8_t *find_letter(char letter)
{
    for (size_t i = 0; i < sizeof letters_known / sizeof letters_known[0]; i++)
        if (letters_known[i].letter == letter)
            return letters_known[i].rows;
    return NULL;
}

static void draw_letter(image_canvas *c, int32_t left, int32_t top,
                        int32_t size, const uint8_t *rows, image_colour colour)
{
    for (int32_t i = 0; i < 35; i++)
        if (rows[i / 5] >> (4 - i % 5) & 1)
            image_draw_box(c,
                           (image_box){left + i % 5 * size, top + i / 5 * size,
                                       size, size},
                           colour);
}

void image_draw_letters(image_canvas *c, int32_t left, int32_t top,
                        int32_t dot_size, const char *letters,
                        image_colour colour)
{
    for (; *letters != '\0'; letters++, left += 6 * dot_size) {
        const uint8_t *rows = find_letter(*letters);
        if (rows != NULL)
            draw_letter(c, left, top, dot_size, rows, colour);
    }
}

/* ---- scaling ------------------------------------------------------------ */

/* Mean of the source pixels that fall into one pixel (at least one). */
static void mean(const image_canvas *c, image_box box, uint8_t *out)
{
    uint32_t red = 0, green = 0, blue = 0;
    uint32_t count = (uint32_t)(box.width * box.height);

    for (int32_t y = box.top; y < box.top + box.height; y++) {
        const uint8_t *p =
            c->pixels + ((size_t)y * c->width + (size_t)box.left) * 3;
        for (int32_t x = 0; x < box.width; x++, p += 3) {
            red += p[0];
            green += p[1];
            blue += p[2];
        }
    }
    out[0] = (uint8_t)((red + count / 2) / count);
    out[1] = (uint8_t)((green + count / 2) / count);
    out[2] = (uint8_t)((blue + count / 2) / count);
}

/* From..to of pixel AT when FROM pixels become TO pixels. */
static void span(uint32_t at, uint32_t from, uint32_t to, int32_t *first,
                 int32_t *count)
{
    uint64_t a = (uint64_t)at * from / to;
    uint64_t b = ((uint64_t)at + 1) * from / to;

    *first = (int32_t)a;
    *count = b > a ? (int32_t)(b - a) : 1;
}

yao_status image_scale(const image_canvas *c, yao_arena *arena, uint32_t width,
                       uint32_t height, image_canvas *ret)
{
    image_canvas scaled;

    YAO_TRY(image_canvas_open(arena, width, height, &scaled));
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            image_box box;
            span(x, c->width, width, &box.left, &box.width);
            span(y, c->height, height, &box.top, &box.height);
            mean(c, box, scaled.pixels + ((size_t)y * width + x) * 3);
        }
    *ret = scaled;
    return YAO_OK;
}
