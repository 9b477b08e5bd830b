/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/pen.h"

#include "paper/library.h"

#include <stdlib.h>
#include <string.h>

/* Simplified Chinese forms of letters that the neighbours write otherwise. */
#define FAMILIES "Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, " \
                 "Droid Sans Fallback, sans-serif"
#define LANGUAGE "zh-CN"
#define QUIET    4u /* modules around a code: ISO/IEC 18004 9.1 */

void pen_fail(pen *p, yao_status status)
{
    if (p->status == YAO_OK)
        p->status = status;
}

void pen_measure(pen *p)
{
    p->measuring = true;
}

void pen_draw(pen *p)
{
    p->measuring = false;
}

/* ---- the file ----------------------------------------------------------- */

static cairo_status_t take(void *closure, const unsigned char *data,
                           unsigned int len)
{
    yao_writer *w = closure;

    yao_put_bytes(w, (yao_bytes){data, len});
    return w->status == YAO_OK ? CAIRO_STATUS_SUCCESS
                               : CAIRO_STATUS_WRITE_ERROR;
}

yao_status pen_open(pen *p, double width, double height, yao_writer *out)
{
    paper_library *lib = malloc(sizeof *lib);
    yao_status status = lib == NULL ? YAO_E_SPACE : paper_library_open(PAPER_LIBRARY, lib);

    if (status != YAO_OK) {
        free(lib);
        return status;
    }
    *p         = (pen){.out = out, .lib = lib};
    p->surface = p->lib->cairo_pdf_surface_create_for_stream(take, out, width, height);
    p->cairo   = p->lib->cairo_create(p->surface);
    if (p->lib->cairo_status(p->cairo) == CAIRO_STATUS_SUCCESS)
        return YAO_OK;
    p->lib->cairo_destroy(p->cairo);
    p->lib->cairo_surface_destroy(p->surface);
    free(lib);
    return YAO_E_SPACE;
}

/* Neither who printed it nor with what is anybody's affair. */
static void put_title(pen *p, yao_text title)
{
    char letters[256];

    if (title.len >= sizeof letters)
        return;
    memcpy(letters, title.ptr, title.len);
    letters[title.len] = '\0';
    p->lib->cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE,
                                   letters);
}

yao_status pen_close(pen *p, yao_text title)
{
    put_title(p, title);
    p->lib->cairo_show_page(p->cairo);
    cairo_status_t drawn = p->lib->cairo_status(p->cairo);
    p->lib->cairo_destroy(p->cairo);
    p->lib->cairo_surface_finish(p->surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = p->lib->cairo_surface_status(p->surface);
    p->lib->cairo_surface_destroy(p->surface);
    p->lib->pango_cairo_font_map_set_default(NULL); /* its caches go */
    free(p->lib);
    if (drawn != CAIRO_STATUS_SUCCESS)
        pen_fail(p, YAO_E_SPACE);
    if (p->out->status != YAO_OK)
        return p->out->status;
    return p->status;
}

/* ---- text --------------------------------------------------------------- */

static void set_font(pen *p, PangoLayout *layout, const pen_style *style)
{
    PangoFontDescription *font = p->lib->pango_font_description_from_string(FAMILIES);

    p->lib->pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    p->lib->pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD
                                                        : PANGO_WEIGHT_NORMAL);
    p->lib->pango_layout_set_font_description(layout, font);
    p->lib->pango_font_description_free(font);
}

/* Paper has no pixels to which letters would have to be moved. */
static void set_context(pen *p, PangoContext *context)
{
    cairo_font_options_t *options = p->lib->cairo_font_options_create();

    p->lib->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    p->lib->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    p->lib->pango_cairo_context_set_font_options(context, options);
    p->lib->cairo_font_options_destroy(options);
    p->lib->pango_context_set_round_glyph_positions(context, FALSE);
    p->lib->pango_context_set_language(context, p->lib->pango_language_from_string(LANGUAGE));
}

/* TEXT laid out, or NULL. */
static PangoLayout *lay(pen *p, yao_text text, const pen_style *style)
{
    yao_text     checked;
    PangoLayout *layout = NULL;

    if (p->status != YAO_OK || text.len == 0)
        return NULL;
    if (text.len > 4096 ||
        yao_text_check(yao_text_bytes(text), &checked) != YAO_OK)
        pen_fail(p, YAO_E_USAGE);
    else
        layout = p->lib->pango_cairo_create_layout(p->cairo);
    if (layout == NULL)
        return NULL;
    set_context(p, p->lib->pango_layout_get_context(layout));
    set_font(p, layout, style);
    p->lib->pango_layout_set_text(layout, (const char *)text.ptr, (int)text.len);
    if (p->lib->pango_layout_get_unknown_glyphs_count(layout) > 0)
        pen_fail(p, YAO_E_NOT_FOUND);
    return layout;
}

static void set_ink(pen *p, pen_ink ink)
{
    p->lib->cairo_set_source_rgba(p->cairo, ink.red, ink.green, ink.blue, ink.alpha);
}

double pen_write(pen *p, yao_text text, const pen_style *style, pen_at at)
{
    PangoLayout *layout = lay(p, text, style);
    int          width, height;

    if (layout == NULL)
        return 0;
    p->lib->pango_layout_set_width(layout, (int)(at.width * PANGO_SCALE));
    p->lib->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    p->lib->pango_layout_set_alignment(layout,
                               at.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    p->lib->pango_layout_get_size(layout, &width, &height);
    if (!p->measuring) {
        set_ink(p, style->ink);
        p->lib->cairo_move_to(p->cairo, at.left, at.top);
        p->lib->pango_cairo_show_layout(p->cairo, layout);
    }
    p->lib->g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

void pen_slant(pen *p, yao_text text, double size, pen_ink ink, double left,
               double top)
{
    const double    angle  = -0.42; /* about 24 degrees */
    const pen_style style  = {size, true, ink};
    PangoLayout    *layout = lay(p, text, &style);

    if (layout == NULL)
        return;
    p->lib->cairo_save(p->cairo);
    set_ink(p, ink);
    p->lib->cairo_translate(p->cairo, left, top);
    p->lib->cairo_rotate(p->cairo, angle);
    p->lib->cairo_move_to(p->cairo, 0, -size);
    p->lib->pango_cairo_layout_path(p->cairo, layout); /* a picture: who copies text
                                                  gets none of it */
    p->lib->cairo_fill(p->cairo);
    p->lib->cairo_restore(p->cairo);
    p->lib->g_object_unref(layout);
}

/* ---- lines, boxes, pictures --------------------------------------------- */

void pen_line(pen *p, double left, double top, double width, pen_ink ink)
{
    set_ink(p, ink);
    p->lib->cairo_rectangle(p->cairo, left, top, width, 0.8);
    p->lib->cairo_fill(p->cairo);
}

void pen_box(pen *p, pen_at at, double height, pen_ink ink)
{
    set_ink(p, ink);
    p->lib->cairo_rectangle(p->cairo, at.left, at.top, at.width, height);
    p->lib->cairo_fill(p->cairo);
}

/* Pixels of CANVAS as cairo has them: blue, green, red, nothing. */
static void copy_pixels(const image_canvas *canvas, uint8_t *out, size_t stride)
{
    for (size_t y = 0; y < canvas->height; y++) {
        const uint8_t *from = canvas->pixels + y * canvas->width * 3;
        uint8_t       *to   = out + y * stride;

        for (size_t x = 0; x < canvas->width; x++) {
            uint32_t pixel = (uint32_t)from[3 * x] << 16 |
                             (uint32_t)from[3 * x + 1] << 8 | from[3 * x + 2];
            memcpy(to + 4 * x, &pixel, sizeof pixel);
        }
    }
}

static cairo_surface_t *surface_of(pen *p, const image_canvas *canvas)
{
    cairo_surface_t *s =
        p->lib->cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)canvas->width,
                                   (int)canvas->height);

    if (p->lib->cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        return s;
    p->lib->cairo_surface_flush(s);
    copy_pixels(canvas, p->lib->cairo_image_surface_get_data(s),
                (size_t)p->lib->cairo_image_surface_get_stride(s));
    p->lib->cairo_surface_mark_dirty(s);
    return s;
}

void pen_picture(pen *p, const image_canvas *picture, pen_at at)
{
    double           scale = at.width / (double)picture->width;
    cairo_surface_t *s     = surface_of(p, picture);

    p->lib->cairo_save(p->cairo);
    p->lib->cairo_translate(p->cairo, at.left, at.top);
    p->lib->cairo_scale(p->cairo, scale, scale);
    p->lib->cairo_set_source_surface(p->cairo, s, 0, 0);
    p->lib->cairo_paint(p->cairo);
    p->lib->cairo_restore(p->cairo);
    p->lib->cairo_surface_destroy(s);
}

/* Dark modules of one row that follow each other are one box: no hair lines
 * between them on any printer. */
static void fill_row(pen *p, const paper_code *code, uint32_t y)
{
    const uint8_t *row = code->modules + (size_t)y * code->width;

    for (uint32_t x = 0; x < code->width;) {
        uint32_t from = x;

        while (x < code->width && row[x] != 0)
            x++;
        if (x > from)
            p->lib->cairo_rectangle(p->cairo, QUIET + from, QUIET + y, x - from, 1);
        x += x == from;
    }
}

void pen_code(pen *p, const paper_code *code, pen_at at)
{
    double side = code->width + 2 * QUIET;

    pen_box(p, at, at.width, (pen_ink){1, 1, 1, 1});
    p->lib->cairo_save(p->cairo);
    p->lib->cairo_translate(p->cairo, at.left, at.top);
    p->lib->cairo_scale(p->cairo, at.width / side, at.width / side);
    set_ink(p, (pen_ink){0, 0, 0, 1});
    for (uint32_t y = 0; y < code->width; y++)
        fill_row(p, code, y);
    p->lib->cairo_fill(p->cairo);
    p->lib->cairo_restore(p->cairo);
}
