/* SPDX-License-Identifier: Apache-2.0 */
#include "paper/pen.h"

#include <stdio.h>

/*
 *  +------------------------------------------+
 *  | title                          for print |
 *  |------------------------------------------|
 *  | portrait   rows                          |
 *  | purpose, reason, basis       valid until |
 *  | code                       what to check |
 *  | foot                              issuer |
 *  +------------------------------------------+
 */

/* Points: A4. */
#define WIDTH  595.0
#define HEIGHT 842.0
#define MARGIN 42.0
#define INNER  (WIDTH - 2 * MARGIN)
#define FOOT   (HEIGHT - MARGIN - 28) /* where the foot begins */
#define FACE   102.0 /* 36 mm wide, as a portrait is printed */
#define CODE   226.0 /* 80 mm: 0.6 mm and more a module */

static const pen_ink black = {0.08, 0.09, 0.11, 1};
static const pen_ink grey  = {0.38, 0.40, 0.44, 1};
static const pen_ink red   = {0.70, 0.11, 0.11, 1};
static const pen_ink blue  = {0.09, 0.25, 0.45, 1};
static const pen_ink wash  = {0.93, 0.95, 0.98, 1};
static const pen_ink faint = {0.70, 0.11, 0.11, 0.07};

/* Chinese above, English smaller below; gives where it ends. */
static double put_words(pen *p, const paper_words *words, pen_at at,
                        double size, pen_ink ink)
{
    at.top += pen_write(p, words->zh, &(pen_style){size, true, ink}, at);
    at.top += pen_write(p, words->en, &(pen_style){size * 0.6, false, grey}, at);
    return at.top;
}

/* ---- the head ----------------------------------------------------------- */

static double put_head(pen *p, const paper_sheet *s)
{
    static const paper_words kind = {YAO_INIT("纸质凭证"),
                                     YAO_INIT("Document on paper")};
    pen_at right = {MARGIN + INNER - 130, MARGIN + 6, 130, true};
    double end   = put_words(p, &s->title, (pen_at){MARGIN, MARGIN, 350, false},
                             24, black);

    (void)put_words(p, &kind, right, 13, blue);
    pen_line(p, MARGIN, end + 8, INNER, blue);
    return end + 18;
}

static void put_specimen(pen *p)
{
    static const yao_text mark = YAO_INIT("SPECIMEN 样本");

    for (int i = 0; i < 3; i++)
        pen_slant(p, mark, 74, faint, 70, 330 + 240 * i);
}

static double put_banner(pen *p, double top)
{
    static const yao_text words =
        YAO_INIT("样本 SPECIMEN：人物与内容均为虚构，不是真实证件  "
                 "fictitious, no real document");

    pen_box(p, (pen_at){MARGIN, top, INNER, false}, 20, faint);
    (void)pen_write(p, words, &(pen_style){9, true, red},
                    (pen_at){MARGIN + 8, top + 3, INNER - 16, false});
    return top + 32;
}

/* ---- what it says ------------------------------------------------------- */

static double put_row(pen *p, const paper_row *row, pen_at at)
{
    const pen_style label = {9.5, false, grey}, small = {6.5, false, grey};
    const pen_style value = {12, false, black};
    pen_at          left  = {at.left, at.top + 1, 108, false};
    pen_at          right = {at.left + 114, at.top, at.width - 114, false};

    left.top += pen_write(p, row->label.zh, &label, left) - 2;
    left.top += pen_write(p, row->label.en, &small, left);
    right.top += pen_write(p, row->value, &value, right);
    return (left.top > right.top ? left.top : right.top) + 3;
}

static double put_face(pen *p, const paper_sheet *s, double top)
{
    double height = (double)FACE * (double)s->portrait.height /
                    (double)s->portrait.width;

    pen_picture(p, &s->portrait, (pen_at){MARGIN, top, FACE, false});
    return top + height;
}

static double put_rows(pen *p, const paper_sheet *s, double top)
{
    bool   face = s->portrait.pixels != NULL;
    double left = face ? MARGIN + FACE + 22 : MARGIN, end = top;
    pen_at at   = {left, top, MARGIN + INNER - left, false};

    if (face)
        end = put_face(p, s, top);
    for (size_t i = 0; i < s->row_count; i++)
        at.top = put_row(p, &s->rows[i], at);
    return (at.top > end ? at.top : end) + 12;
}

/* ---- what it is for, and until when ------------------------------------- */

static void put_until(pen *p, const paper_sheet *s, pen_at at)
{
    static const yao_text until = YAO_INIT("有效期至  Valid until");
    char                  from[64];

    snprintf(from, sizeof from, "签发 Issued %.*s", (int)s->from.len,
             (const char *)s->from.ptr);
    at.top += pen_write(p, until, &(pen_style){9, false, grey}, at);
    at.top += pen_write(p, s->until, &(pen_style){20, true, red}, at);
    (void)pen_write(p, yao_text_of(from), &(pen_style){8, false, grey}, at);
}

static double put_sentences(pen *p, const paper_sheet *s, pen_at at)
{
    static const yao_text only = YAO_INIT("仅限此用途  For this purpose only");
    const pen_style       words = {9, false, black}, small = {7, false, grey};

    at.top += pen_write(p, only, &(pen_style){9, false, grey}, at);
    at.top += pen_write(p, s->purpose.zh, &(pen_style){18, true, blue}, at);
    at.top += pen_write(p, s->purpose.en, &(pen_style){10, false, blue}, at) + 3;
    at.top += pen_write(p, s->reason.zh, &words, at);
    at.top += pen_write(p, s->reason.en, &small, at);
    at.top += pen_write(p, s->basis.zh, &words, at);
    at.top += pen_write(p, s->basis.en, &small, at);
    return at.top;
}

static double put_purpose(pen *p, const paper_sheet *s, double top)
{
    const pen_at text = {MARGIN + 12, top + 8, INNER - 174, false};

    pen_measure(p); /* what the box has to hold */
    double end = put_sentences(p, s, text);
    pen_draw(p);
    pen_box(p, (pen_at){MARGIN, top, INNER, false}, end - top + 8, wash);
    (void)put_sentences(p, s, text);
    put_until(p, s, (pen_at){MARGIN + INNER - 152, top + 8, 140, true});
    return end + 8 + 14;
}

/* ---- the code, and what to do with it ----------------------------------- */

static double put_note(pen *p, const paper_words *note, size_t number,
                       pen_at at)
{
    char digit[24];

    snprintf(digit, sizeof digit, "%zu.", number);
    (void)pen_write(p, yao_text_of(digit), &(pen_style){9.5, true, blue}, at);
    at.left += 16;
    at.width -= 16;
    at.top += pen_write(p, note->zh, &(pen_style){9.5, false, black}, at);
    at.top += pen_write(p, note->en, &(pen_style){7, false, grey}, at);
    return at.top + 4;
}

static double put_code(pen *p, const paper_sheet *s, double top)
{
    static const paper_words heading = {YAO_INIT("查验步骤"),
                                        YAO_INIT("How to check it")};
    double left = MARGIN + CODE + 18;
    pen_at at   = {left, top, MARGIN + INNER - left, false};

    pen_code(p, &s->code, (pen_at){MARGIN, top, CODE, false});
    at.top = put_words(p, &heading, at, 13, blue) + 6;
    for (size_t i = 0; i < s->note_count; i++)
        at.top = put_note(p, &s->notes[i], i + 1, at);
    const double under = top + (double)CODE;
    return at.top > under ? at.top : under;
}

static void put_foot(pen *p, const paper_sheet *s)
{
    pen_at at    = {MARGIN, FOOT + 6, 330, false};
    pen_at right = {MARGIN + INNER - 165, FOOT + 6, 165, true};

    pen_line(p, MARGIN, FOOT, INNER, grey);
    at.top += pen_write(p, s->foot.zh, &(pen_style){8, false, black}, at);
    (void)pen_write(p, s->foot.en, &(pen_style){6.5, false, grey}, at);
    (void)pen_write(p, s->issuer, &(pen_style){8, false, grey}, right);
}

/* ---- the sheet ---------------------------------------------------------- */

static bool is_complete(const paper_sheet *s)
{
    return s->title.zh.len > 0 && s->code.modules != NULL &&
           s->code.width > 0 && s->row_count <= PAPER_MAX_ROWS &&
           s->note_count <= PAPER_MAX_NOTES;
}

yao_status paper_draw(const paper_sheet *sheet, yao_writer *w)
{
    pen p;

    if (!is_complete(sheet))
        return YAO_E_USAGE;
    YAO_TRY(pen_open(&p, WIDTH, HEIGHT, w));
    if (sheet->specimen)
        put_specimen(&p);

    double top = put_head(&p, sheet);
    if (sheet->specimen)
        top = put_banner(&p, top);
    top = put_rows(&p, sheet, top);
    top = put_purpose(&p, sheet, top);
    if (put_code(&p, sheet, top) > (double)FOOT)
        pen_fail(&p, YAO_E_LIMIT);
    put_foot(&p, sheet);
    return pen_close(&p, sheet->title.zh);
}
