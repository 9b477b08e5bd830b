/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PAPER_LIBRARY_H
#define YAO_PAPER_LIBRARY_H

/**
 * Cairo and pango, opened when somebody prints and not before: linked, they and
 * what they need are 3.6 MB in the memory of each server of this program, none
 * of which prints (DESIGN.md).
 */

#include <cairo-pdf.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include "yaopai/base.h"

/** What pen.c calls. */
#define PAPER_CALLS(X)                                                         \
    X(cairo_create)                                                            \
    X(cairo_destroy)                                                           \
    X(cairo_fill)                                                              \
    X(cairo_font_options_create)                                               \
    X(cairo_font_options_destroy)                                              \
    X(cairo_font_options_set_hint_metrics)                                     \
    X(cairo_font_options_set_hint_style)                                       \
    X(cairo_image_surface_create)                                              \
    X(cairo_image_surface_get_data)                                            \
    X(cairo_image_surface_get_stride)                                          \
    X(cairo_move_to)                                                           \
    X(cairo_paint)                                                             \
    X(cairo_pdf_surface_create_for_stream)                                     \
    X(cairo_pdf_surface_set_metadata)                                          \
    X(cairo_rectangle)                                                         \
    X(cairo_restore)                                                           \
    X(cairo_rotate)                                                            \
    X(cairo_save)                                                              \
    X(cairo_scale)                                                             \
    X(cairo_set_source_rgba)                                                   \
    X(cairo_set_source_surface)                                                \
    X(cairo_show_page)                                                         \
    X(cairo_status)                                                            \
    X(cairo_surface_destroy)                                                   \
    X(cairo_surface_finish)                                                    \
    X(cairo_surface_flush)                                                     \
    X(cairo_surface_mark_dirty)                                                \
    X(cairo_surface_status)                                                    \
    X(cairo_translate)                                                         \
    X(g_object_unref)                                                          \
    X(pango_cairo_context_set_font_options)                                    \
    X(pango_cairo_create_layout)                                               \
    X(pango_cairo_font_map_set_default)                                        \
    X(pango_cairo_layout_path)                                                 \
    X(pango_cairo_show_layout)                                                 \
    X(pango_context_set_language)                                              \
    X(pango_context_set_round_glyph_positions)                                 \
    X(pango_font_description_free)                                             \
    X(pango_font_description_from_string)                                      \
    X(pango_font_description_set_absolute_size)                                \
    X(pango_font_description_set_weight)                                       \
    X(pango_language_from_string)                                              \
    X(pango_layout_get_context)                                                \
    X(pango_layout_get_size)                                                   \
    X(pango_layout_get_unknown_glyphs_count)                                   \
    X(pango_layout_set_alignment)                                              \
    X(pango_layout_set_font_description)                                       \
    X(pango_layout_set_text)                                                   \
    X(pango_layout_set_width)                                                  \
    X(pango_layout_set_wrap)

#define PAPER_MEMBER(name) __typeof__(name) *name;

typedef struct paper_library {
    PAPER_CALLS(PAPER_MEMBER)
} paper_library;

/** It needs the others, so that all names are found through it. */
#define PAPER_LIBRARY "libpangocairo-1.0.so.0"

/**
 * Open NAME, which is PAPER_LIBRARY, and find all calls. It is never closed:
 * glib keeps types of its own for good.
 *
 * Errors  YAO_E_UNSUPPORTED  it is not installed, or too old
 */
YAO_MUST_USE yao_status paper_library_open(const char    *name,
                                           paper_library *ret);

#endif
