/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/decode.h"

#include <png.h>

#include "qr/png.h"

static bool is_jpeg(yao_bytes file)
{
    return yao_bytes_starts(file, YAO_LIT("\xff\xd8\xff"));
}

bool qr_is_picture(yao_bytes file)
{
    return is_jpeg(file) || yao_bytes_starts(file, png_signature);
}

/* ---- one PNG ------------------------------------------------------------ */

static yao_status read_pixels(png_image *png, yao_arena *arena,
                              image_grey *ret)
{
    static const png_color white = {255, 255, 255};

    if (png->width > QR_MAX_SIDE || png->height > QR_MAX_SIDE)
        return YAO_E_LIMIT;
    uint8_t *pixels = yao_arena_take_array(arena, png->width, png->height);
    if (pixels == NULL)
        return YAO_E_SPACE;

    /* what lets the paper shine through is white */
    png->format = PNG_FORMAT_GRAY;
    if (!png_image_finish_read(png, &white, pixels, (png_int_32)png->width,
                               NULL))
        return YAO_E_MALFORMED;
    *ret = (image_grey){pixels, png->width, png->height};
    return YAO_OK;
}

static yao_status scan_png(yao_bytes file, qr_found *found)
{
    png_image  png  = {.version = PNG_IMAGE_VERSION};
    size_t     mark = found->scratch->used;
    image_grey grey;

    if (!png_image_begin_read_from_memory(&png, file.ptr, file.len))
        return YAO_E_MALFORMED;
    yao_status status = read_pixels(&png, found->scratch, &grey);
    png_image_free(&png);
    if (status == YAO_OK)
        status = qr_look(&grey, found);
    found->scratch->used = mark;
    return status;
}

/* ---- animated PNG ------------------------------------------------------- */

/* All chunks are there, as they were written; is there an acTL among them? */
static yao_status look_through(yao_bytes file, bool *animated)
{
    yao_bytes rest = {file.ptr + png_signature.len,
                      file.len - png_signature.len};
    png_chunk c;

    *animated = false;
    do {
        YAO_TRY(png_next(&rest, &c));
        *animated = *animated || png_is(&c, "acTL");
    } while (!png_is(&c, "IEND"));
    return YAO_OK;
}

/* Each frame becomes a file of its own, put together from the chunks. */
typedef struct animation {
    qr_found  *found;
    yao_bytes  header, palette, transparency; /* of IHDR, PLTE, tRNS */
    yao_writer frame;
    size_t     mark;
    bool       open; /* a frame is being put together */
    uint64_t   pixels;
    size_t     count;
} animation;

static yao_status open_frame(animation *a)
{
    if (a->open)
        return YAO_OK;
    if (a->header.len != 13)
        return YAO_E_MALFORMED;
    a->pixels += (uint64_t)png_get_number(a->header.ptr) *
                 png_get_number(a->header.ptr + 4);
    if (++a->count > QR_MAX_FRAMES || a->pixels > QR_MAX_PIXELS)
        return YAO_E_LIMIT;

    a->open  = true;
    a->mark  = a->found->scratch->used;
    a->frame = yao_writer_in(a->found->scratch);
    yao_put_bytes(&a->frame, png_signature);
    png_put_chunk(&a->frame, "IHDR", a->header, YAO_LIT(""));
    if (a->palette.len > 0)
        png_put_chunk(&a->frame, "PLTE", a->palette, YAO_LIT(""));
    if (a->transparency.len > 0)
        png_put_chunk(&a->frame, "tRNS", a->transparency, YAO_LIT(""));
    return YAO_OK;
}

static yao_status close_frame(animation *a)
{
    yao_bytes file;

    if (!a->open)
        return YAO_OK;
    a->open = false;
    png_put_chunk(&a->frame, "IEND", YAO_LIT(""), YAO_LIT(""));
    YAO_TRY(yao_writer_keep(&a->frame, a->found->scratch, &file));
    yao_status status       = scan_png(file, a->found);
    a->found->scratch->used = a->mark;
    return status;
}

/* Frames that change a part only would have to be painted over each other. */
static yao_status take_control(animation *a, yao_bytes control)
{
    YAO_TRY(close_frame(a));
    if (control.len != 26 || a->header.len != 13)
        return YAO_E_MALFORMED;
    if (!yao_bytes_equal((yao_bytes){control.ptr + 4, 8},
                         (yao_bytes){a->header.ptr, 8}) ||
        !yao_bytes_equal((yao_bytes){control.ptr + 12, 8},
                         YAO_LIT("\0\0\0\0\0\0\0\0")))
        return YAO_E_UNSUPPORTED;
    return YAO_OK;
}

static yao_status take_data(animation *a, yao_bytes data)
{
    YAO_TRY(open_frame(a));
    png_put_chunk(&a->frame, "IDAT", data, YAO_LIT(""));
    return a->frame.status;
}

static yao_status take_chunk(animation *a, const png_chunk *c)
{
    if (png_is(c, "IHDR"))
        a->header = c->data;
    else if (png_is(c, "PLTE"))
        a->palette = c->data;
    else if (png_is(c, "tRNS"))
        a->transparency = c->data;
    else if (png_is(c, "fcTL"))
        return take_control(a, c->data);
    else if (png_is(c, "IDAT"))
        return take_data(a, c->data);
    else if (png_is(c, "fdAT"))
        return c->data.len > 4 ? take_data(a, (yao_bytes){c->data.ptr + 4,
                                                          c->data.len - 4})
                               : YAO_E_MALFORMED;
    return YAO_OK;
}

static yao_status scan_animation(yao_bytes file, qr_found *found)
{
    animation a    = {.found = found};
    yao_bytes rest = {file.ptr + png_signature.len,
                      file.len - png_signature.len};
    png_chunk c;

    do {
        YAO_TRY(png_next(&rest, &c));
        YAO_TRY(take_chunk(&a, &c));
    } while (!png_is(&c, "IEND"));
    return close_frame(&a);
}

/* ---- all ---------------------------------------------------------------- */

static yao_status scan_jpeg(yao_bytes file, qr_found *found)
{
    image_grey grey;
    size_t     mark   = found->scratch->used;
    yao_status status = image_read_grey_jpeg(file, found->scratch, &grey);

    if (status == YAO_OK)
        status = qr_look(&grey, found);
    found->scratch->used = mark;
    return status;
}

static yao_status scan_chunks(yao_bytes file, qr_found *found)
{
    bool animated;

    YAO_TRY(look_through(file, &animated));
    return animated ? scan_animation(file, found) : scan_png(file, found);
}

yao_status qr_decode(yao_bytes file, qr_found *found)
{
    if (file.len > QR_MAX_FILE)
        return YAO_E_LIMIT;
    if (!qr_is_picture(file))
        return YAO_E_MALFORMED;
    YAO_TRY(is_jpeg(file) ? scan_jpeg(file, found) : scan_chunks(file, found));
    return found->count > 0 ? YAO_OK : YAO_E_MISSING;
}
