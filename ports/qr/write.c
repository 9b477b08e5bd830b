/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/png.h"
#include "qr/qr.h"

#include <setjmp.h>

#include <png.h>

/* Is the module dark? The margin is not. */
static bool is_dark(const qr_code *code, uint32_t x, uint32_t y)
{
    if (x < QR_MARGIN || y < QR_MARGIN || x - QR_MARGIN >= code->width ||
        y - QR_MARGIN >= code->width)
        return false;
    return code->modules[(y - QR_MARGIN) * code->width + x - QR_MARGIN] != 0;
}

static uint32_t modules_across(const qr_code *code)
{
    return code->width + 2 * QR_MARGIN;
}

/* ---- PNG ---------------------------------------------------------------- */

enum { ROW = (QR_LEAST_SIDE + QR_MAX_WIDTH + 2 * QR_MARGIN) / 8 + 1 };

static void put_png(png_structp png, png_bytep data, size_t len)
{
    yao_put_bytes(png_get_io_ptr(png), (yao_bytes){data, len});
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static void say_nothing(png_structp png, png_const_charp words)
{
    (void)png;
    (void)words;
}

/* One row of pixels: a bit each, white is 1. */
static void draw_row(const qr_code *code, uint32_t y, uint32_t scale,
                     uint8_t row[ROW])
{
    uint32_t side = modules_across(code) * scale;

    for (size_t i = 0; i < ROW; i++)
        row[i] = 0;
    for (uint32_t x = 0; x < side; x++)
        if (!is_dark(code, x / scale, y))
            row[x / 8] |= (uint8_t)(0x80u >> x % 8);
}

/* Leaves by libpng's jump when it fails. */
static void write_rows(png_structp png, png_infop info, const qr_code *code)
{
    uint32_t across = modules_across(code);
    uint32_t scale  = (QR_LEAST_SIDE + across - 1) / across;
    uint8_t  row[ROW];

    png_set_compression_level(png, 9);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_set_IHDR(png, info, across * scale, across * scale, 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < across; y++) {
        draw_row(code, y, scale, row);
        for (uint32_t i = 0; i < scale; i++)
            png_write_row(png, row);
    }
    png_write_end(png, NULL);
}

yao_status qr_write_png(const qr_code *code, yao_writer *w)
{
    if (code->width == 0 || code->width > QR_MAX_WIDTH)
        return YAO_E_USAGE;

    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
                                              NULL, say_nothing);
    png_infop   info = png != NULL ? png_create_info_struct(png) : NULL;
    if (info == NULL) {
        yao_writer_fail(w, YAO_E_SPACE);
    } else if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, w, put_png, flush_nothing);
        write_rows(png, info, code);
    } else {
        yao_writer_fail(w, YAO_E_SPACE); /* the heap is full */
    }
    png_destroy_write_struct(&png, &info);
    return w->status;
}

/* ---- animated PNG ------------------------------------------------------- */

typedef struct animation {
    yao_writer *w;
    uint32_t    sequence; /* of fcTL and fdAT together */
    unsigned    delay;
} animation;

/* The whole picture, for DELAY, in place of what was there. */
static void put_frame_control(animation *a, yao_bytes size)
{
    uint8_t    buffer[26];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    png_put_number(&w, a->sequence++);
    yao_put_bytes(&w, size);
    png_put_number(&w, 0);
    png_put_number(&w, 0);
    yao_put_byte(&w, (uint8_t)(a->delay >> 8));
    yao_put_byte(&w, (uint8_t)a->delay);
    yao_put_byte(&w, 1000 >> 8);
    yao_put_byte(&w, 1000 & 0xff);
    yao_put_byte(&w, 0); /* dispose: leave */
    yao_put_byte(&w, 0); /* blend: replace */
    png_put_chunk(a->w, "fcTL", (yao_bytes){buffer, w.len}, YAO_LIT(""));
}

static void put_frame_data(animation *a, yao_bytes data)
{
    uint8_t    buffer[4];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    png_put_number(&w, a->sequence++);
    png_put_chunk(a->w, "fdAT", (yao_bytes){buffer, sizeof buffer}, data);
}

static void put_header(animation *a, yao_bytes header, size_t count)
{
    uint8_t    buffer[8];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    png_put_number(&w, (uint32_t)count);
    png_put_number(&w, 0); /* plays: for ever */
    yao_put_bytes(a->w, png_signature);
    png_put_chunk(a->w, "IHDR", header, YAO_LIT(""));
    png_put_chunk(a->w, "acTL", (yao_bytes){buffer, sizeof buffer},
                  YAO_LIT(""));
}

/* FRAME is a PNG that we wrote; the first one is also what those see who
 * don't know animations. */
static yao_status put_frame(animation *a, yao_bytes frame, size_t count)
{
    bool      first = a->sequence == 0;
    yao_bytes rest  = {frame.ptr + png_signature.len,
                       frame.len - png_signature.len};

    while (rest.len > 0) {
        png_chunk c;

        YAO_TRY(png_next(&rest, &c));
        if (png_is(&c, "IHDR")) {
            if (first)
                put_header(a, c.data, count);
            put_frame_control(a, (yao_bytes){c.data.ptr, 8});
        } else if (png_is(&c, "IDAT") && first) {
            png_put_chunk(a->w, "IDAT", c.data, YAO_LIT(""));
        } else if (png_is(&c, "IDAT")) {
            put_frame_data(a, c.data);
        }
    }
    return a->w->status;
}

yao_status qr_write_animation(const qr_code *codes, size_t count,
                              unsigned delay, yao_arena *arena, yao_writer *w)
{
    animation  a      = {w, 0, delay};
    size_t     mark   = arena->used;
    yao_status status = YAO_OK;

    if (count == 0 || count > QR_MAX_FRAMES || delay * QR_MAX_RATE < 1000 ||
        delay > 60000)
        return YAO_E_USAGE;
    for (size_t i = 1; i < count; i++)
        if (codes[i].width != codes[0].width)
            return YAO_E_USAGE;
    for (size_t i = 0; i < count && status == YAO_OK; i++) {
        yao_writer room = yao_writer_in(arena);
        yao_bytes  frame;

        status = qr_write_png(&codes[i], &room);
        if (status == YAO_OK)
            status = yao_writer_keep(&room, arena, &frame);
        if (status == YAO_OK)
            status = put_frame(&a, frame, count);
        arena->used = mark;
    }
    if (status != YAO_OK)
        yao_writer_fail(w, status);
    else
        png_put_chunk(w, "IEND", YAO_LIT(""), YAO_LIT(""));
    return w->status;
}

/* ---- terminal ----------------------------------------------------------- */

void qr_write_terminal(const qr_code *code, yao_writer *w)
{
    static const char *const halves[] = {" ", "\u2584", "\u2580", "\u2588"};

    uint32_t across = modules_across(code);

    for (uint32_t y = 0; y < across; y += 2) {
        yao_put_text(w, "\033[38;5;16m\033[48;5;231m");
        for (uint32_t x = 0; x < across; x++)
            yao_put_text(w, halves[is_dark(code, x, y) * 2 +
                                   is_dark(code, x, y + 1)]);
        yao_put_text(w, "\033[0m\n");
    }
}
