/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libjpeg ends a failed call by a jump: each public function sets the jump in
 * the one place where it also releases what libjpeg holds.
 */

#include "image/image.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

/* Bytes of a file: what comes from a phone carries megabytes of other things.
 */
#define MAX_FILE_BYTES (8u * 1024u * 1024u)

/* More scans than any encoder makes: a file of thousands keeps us busy. */
#define MAX_SCANS 64

const image_limits image_portrait = {200, 1200, 240, 1600, 64u * 1024u};

typedef struct trouble {
    struct jpeg_error_mgr base;
    jmp_buf               jump;
    yao_status            status;
} trouble;

static void give_up(j_common_ptr c)
{
    trouble *t = (trouble *)c->err;

    if (t->status == YAO_OK)
        t->status = t->base.msg_code == JERR_BAD_PRECISION ||
                            t->base.msg_code == JERR_SOF_UNSUPPORTED
                        ? YAO_E_UNSUPPORTED
                        : YAO_E_MALFORMED;
    longjmp(t->jump, 1);
}

/* A warning is data that libjpeg had to invent: for us an error. */
static void note(j_common_ptr c, int level)
{
    if (level < 0)
        give_up(c);
}

static void say_nothing(j_common_ptr c)
{
    (void)c;
}

static struct jpeg_error_mgr *watch(trouble *t)
{
    jpeg_std_error(&t->base);
    t->base.error_exit     = give_up;
    t->base.emit_message   = note;
    t->base.output_message = say_nothing;
    t->status              = YAO_OK;
    return &t->base;
}

static void refuse(void *c, yao_status status)
{
    ((trouble *)((j_common_ptr)c)->err)->status = status;
    give_up(c);
}

static void count_scans(j_common_ptr c)
{
    if (c->is_decompressor &&
        ((j_decompress_ptr)c)->input_scan_number > MAX_SCANS)
        refuse(c, YAO_E_LIMIT);
}

/* ---- reading ------------------------------------------------------------ */

typedef struct reading {
    struct jpeg_decompress_struct c;
    struct jpeg_progress_mgr      progress;
    trouble                       trouble;
} reading;

/* Leaves by the jump when it fails. */
static void open_reading(reading *r, yao_bytes jpeg, const image_limits *limits)
{
    jpeg_create_decompress(&r->c);
    r->progress.progress_monitor = count_scans;
    r->c.progress                = &r->progress;
    jpeg_mem_src(&r->c, jpeg.ptr, jpeg.len);
    jpeg_read_header(&r->c, TRUE);

    if (r->c.data_precision != 8 || (r->c.jpeg_color_space != JCS_YCbCr &&
                                     r->c.jpeg_color_space != JCS_GRAYSCALE))
        refuse(&r->c, YAO_E_UNSUPPORTED);
    if (r->c.image_width < limits->min_width ||
        r->c.image_width > limits->max_width ||
        r->c.image_height < limits->min_height ||
        r->c.image_height > limits->max_height || jpeg.len > MAX_FILE_BYTES)
        refuse(&r->c, YAO_E_LIMIT);
}

/* What our own files and cleaned ones never exceed. */
static const image_limits sane = {1, 4096, 1, 4096, 4u * 1024u * 1024u};

static void read_rows(reading *r, image_canvas *c)
{
    while (r->c.output_scanline < r->c.output_height) {
        JSAMPROW row = c->pixels + (size_t)r->c.output_scanline * c->width * 3;
        jpeg_read_scanlines(&r->c, &row, 1);
    }
    jpeg_finish_decompress(&r->c);
}

/* A half, a quarter or an eighth of a picture costs less to decode; never
 * narrower than LEAST. */
static unsigned denominator(const reading *r, uint32_t least)
{
    unsigned denom = 8;

    while (denom > 1 && r->c.image_width / denom < least)
        denom /= 2;
    return denom;
}

/* Leaves by the jump when it fails. */
static void read_colours(reading *r, unsigned denom, yao_arena *arena,
                         image_canvas *ret)
{
    r->c.out_color_space = JCS_RGB;
    r->c.scale_num       = 1;
    r->c.scale_denom     = denom;
    jpeg_start_decompress(&r->c);
    yao_status status = image_canvas_open(arena, r->c.output_width,
                                          r->c.output_height, ret);
    if (status != YAO_OK)
        refuse(&r->c, status);
    read_rows(r, ret);
}

static yao_status read_pixels(yao_bytes jpeg, uint32_t least, yao_arena *arena,
                              image_canvas *ret)
{
    reading      r = {.trouble = {.status = YAO_OK}};
    image_canvas canvas;

    if (jpeg.len == 0)
        return YAO_E_MALFORMED;
    r.c.err = watch(&r.trouble);
    if (setjmp(r.trouble.jump) == 0) {
        open_reading(&r, jpeg, &sane);
        read_colours(&r, denominator(&r, least), arena, &canvas);
        *ret = canvas;
    }
    jpeg_destroy_decompress(&r.c);
    return r.trouble.status;
}

/* Leaves by the jump when it fails. */
static unsigned reduction_to(reading *r, uint32_t most)
{
    unsigned denom = 1;

    while (denom < 8 && (r->c.image_width > most * denom ||
                         r->c.image_height > most * denom))
        denom *= 2;
    if (r->c.image_width > most * denom || r->c.image_height > most * denom)
        refuse(&r->c, YAO_E_LIMIT);
    return denom;
}

yao_status image_read_frame(yao_bytes jpeg, const image_limits *limits,
                            uint32_t most, yao_arena *arena, image_canvas *ret,
                            unsigned *reduction)
{
    reading      r = {.trouble = {.status = YAO_OK}};
    image_canvas canvas;

    if (jpeg.len == 0)
        return YAO_E_MALFORMED;
    if (jpeg.len > limits->max_bytes)
        return YAO_E_LIMIT;
    r.c.err = watch(&r.trouble);
    if (setjmp(r.trouble.jump) == 0) {
        open_reading(&r, jpeg, limits);
        unsigned denom = reduction_to(&r, most);
        read_colours(&r, denom, arena, &canvas);
        *ret       = canvas;
        *reduction = denom;
    }
    jpeg_destroy_decompress(&r.c);
    return r.trouble.status;
}

yao_status image_read_jpeg(yao_bytes jpeg, yao_arena *arena, image_canvas *ret)
{
    return read_pixels(jpeg, UINT32_MAX, arena, ret);
}

/* Leaves by the jump when it fails. */
static void read_grey_rows(reading *r, yao_arena *arena, image_grey *grey)
{
    r->c.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&r->c);
    *grey = (image_grey){yao_arena_take_array(arena, r->c.output_width,
                                              r->c.output_height),
                         r->c.output_width, r->c.output_height};
    if (grey->pixels == NULL)
        refuse(&r->c, YAO_E_SPACE);
    while (r->c.output_scanline < r->c.output_height) {
        JSAMPROW row =
            grey->pixels + (size_t)r->c.output_scanline * grey->width;
        jpeg_read_scanlines(&r->c, &row, 1);
    }
    jpeg_finish_decompress(&r->c);
}

yao_status image_read_grey_jpeg(yao_bytes jpeg, yao_arena *arena,
                                image_grey *ret)
{
    reading    r = {.trouble = {.status = YAO_OK}};
    image_grey grey;

    if (jpeg.len == 0)
        return YAO_E_MALFORMED;
    r.c.err = watch(&r.trouble);
    if (setjmp(r.trouble.jump) == 0) {
        open_reading(&r, jpeg, &sane);
        read_grey_rows(&r, arena, &grey);
        *ret = grey;
    }
    jpeg_destroy_decompress(&r.c);
    return r.trouble.status;
}

yao_status image_size_jpeg(yao_bytes jpeg, uint32_t *width, uint32_t *height)
{
    reading r = {.trouble = {.status = YAO_OK}};

    if (jpeg.len == 0)
        return YAO_E_MALFORMED;
    r.c.err = watch(&r.trouble);
    if (setjmp(r.trouble.jump) == 0) {
        open_reading(&r, jpeg, &sane);
        *width  = r.c.image_width;
        *height = r.c.image_height;
    }
    jpeg_destroy_decompress(&r.c);
    return r.trouble.status;
}

/* ---- writing ------------------------------------------------------------ */

typedef struct writing {
    struct jpeg_compress_struct c;
    trouble                     trouble;
    unsigned char              *out;
    unsigned long               out_len;
} writing;

static void open_writing(writing *o)
{
    jpeg_create_compress(&o->c);
    jpeg_mem_dest(&o->c, &o->out, &o->out_len);
}

static yao_status close_writing(writing *o, yao_writer *w)
{
    yao_status status = o->trouble.status;

    if (status == YAO_OK) {
        yao_put_bytes(w, (yao_bytes){o->out, o->out_len});
        status = w->status;
    }
    jpeg_destroy_compress(&o->c);
    free(o->out);
    return status;
}

static void write_rows(writing *o, const image_canvas *c, int quality)
{
    o->c.image_width      = c->width;
    o->c.image_height     = c->height;
    o->c.input_components = 3;
    o->c.in_color_space   = JCS_RGB;
    jpeg_set_defaults(&o->c);
    jpeg_set_quality(&o->c, quality, TRUE);
    o->c.optimize_coding   = TRUE;
    o->c.write_JFIF_header = FALSE;
    jpeg_start_compress(&o->c, TRUE);
    while (o->c.next_scanline < c->height) {
        JSAMPROW row = c->pixels + (size_t)o->c.next_scanline * c->width * 3;
        jpeg_write_scanlines(&o->c, &row, 1);
    }
    jpeg_finish_compress(&o->c);
}

yao_status image_write_jpeg(const image_canvas *c, int quality, yao_writer *w)
{
    writing o = {.out = NULL};

    o.c.err = watch(&o.trouble);
    if (setjmp(o.trouble.jump) == 0) {
        open_writing(&o);
        write_rows(&o, c, quality);
    }
    return close_writing(&o, w);
}

/* ---- cleaning ----------------------------------------------------------- */

/* The coefficients go over as they are; markers that are not the picture's
 * were not kept by the reader. */
static void copy_picture(reading *r, writing *o)
{
    jvirt_barray_ptr *coefficients = jpeg_read_coefficients(&r->c);

    open_writing(o);
    jpeg_copy_critical_parameters(&r->c, &o->c);
    o->c.optimize_coding    = TRUE;
    o->c.write_JFIF_header  = FALSE;
    o->c.write_Adobe_marker = FALSE;
    jpeg_write_coefficients(&o->c, coefficients);
    jpeg_finish_compress(&o->c);
    jpeg_finish_decompress(&r->c);
}

yao_status image_clean_jpeg(yao_bytes jpeg, const image_limits *limits,
                            yao_writer *w)
{
    reading r = {.trouble = {.status = YAO_OK}};
    writing o = {.out = NULL};

    if (jpeg.len == 0)
        return YAO_E_MALFORMED;
    r.c.err = watch(&r.trouble);
    o.c.err = watch(&o.trouble);
    if (setjmp(r.trouble.jump) == 0 && setjmp(o.trouble.jump) == 0) {
        open_reading(&r, jpeg, limits);
        copy_picture(&r, &o);
    }
    if (o.trouble.status == YAO_OK)
        o.trouble.status = r.trouble.status;
    if (o.trouble.status == YAO_OK && o.out_len > limits->max_bytes)
        o.trouble.status = YAO_E_LIMIT;
    yao_status status = close_writing(&o, w);
    jpeg_destroy_decompress(&r.c);
    return status;
}

/* ---- shrinking ---------------------------------------------------------- */

/* Width and quality, the best first; the height follows the picture. */
static const struct {
    uint32_t width;
    int      quality;
} attempts[] = {
    {144, 50}, {120, 50}, {120, 35}, {104, 40}, {96, 40}, {96, 28},
    {80, 40},  {80, 28},  {64, 35},  {64, 22},  {48, 30}, {48, 15},
};

static yao_status try_small(const image_canvas *large, size_t attempt,
                            yao_arena *arena, yao_writer *w)
{
    uint32_t     width  = attempts[attempt].width;
    uint32_t     height = width * large->height / large->width;
    image_canvas small;

    YAO_TRY(image_scale(large, arena, width, height > 0 ? height : 1, &small));
    return image_write_jpeg(&small, attempts[attempt].quality, w);
}

static yao_status shrink(const image_canvas *large, size_t most,
                         yao_arena *arena, yao_writer *w)
{
    uint8_t *buffer = yao_arena_take(arena, most);

    if (buffer == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        size_t     mark = arena->used;
        yao_writer room = yao_writer_open(buffer, most);

        if (attempts[i].width > large->width)
            continue;
        yao_status status = try_small(large, i, arena, &room);
        arena->used       = mark;
        if (status == YAO_E_SPACE && room.status == YAO_E_SPACE)
            continue; /* the buffer was too small, not the arena */
        if (status != YAO_OK)
            return status;
        yao_put_bytes(w, (yao_bytes){buffer, room.len});
        return w->status;
    }
    return YAO_E_LIMIT;
}

yao_status image_shrink_jpeg(yao_bytes jpeg, size_t most, yao_arena *arena,
                             yao_writer *w)
{
    size_t       mark = arena->used;
    image_canvas large;

    yao_status status = read_pixels(jpeg, attempts[0].width, arena, &large);
    if (status == YAO_OK)
        status = shrink(&large, most, arena, w);
    arena->used = mark;
    return status;
}
