/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PAPER_H
#define YAO_PAPER_H

/**
 * One sheet of A4 as PDF: a document on paper, for whoever has no telephone.
 * By cairo and pango; in Chinese and English.
 *
 *     paper_sheet sheet = {.title = ..., .code = {modules, width}, ...};
 *     YAO_TRY(paper_draw(&sheet, &w));
 *
 * Both are opened when something is drawn, and not linked (library.h).
 *
 * What stands on the sheet is the caller's affair, and so is that the words are
 * those of the code: this is a pen. It refuses to draw a box in the place of a
 * letter that no font has: a name is written as it is, or not at all.
 *
 * Fonts    any that fontconfig finds for the letters; fonts-noto-cjk has all
 *          8,105 of the table of standard characters
 * Memory   libraries take theirs from the heap, some of it for good
 */

#include "image/image.h"
#include "yaopai/writer.h"

/** Words in both languages. */
typedef struct paper_words {
    yao_text zh, en;
} paper_words;

/** One line of what the document says. */
typedef struct paper_row {
    paper_words label;
    yao_text    value;
} paper_row;

/** Modules of a code, without margin: width * width, 1 is dark. */
typedef struct paper_code {
    const uint8_t *modules;
    uint32_t       width;
} paper_code;

#define PAPER_MAX_ROWS  16u
#define PAPER_MAX_NOTES 8u

typedef struct paper_sheet {
    paper_words        title;   /* of the document */
    paper_words        purpose; /* for which alone it is, in a word */
    paper_words        reason;  /* and in a sentence */
    paper_words        basis;   /* the law; may be empty */
    yao_text           from, until; /* "2026-11-29" */
    yao_text           issuer;
    const paper_row   *rows;
    size_t             row_count;
    image_canvas       portrait; /* no pixels: none */
    paper_code         code;
    const paper_words *notes; /* for who checks it, numbered */
    size_t             note_count;
    paper_words        foot;  /* for who carries it; may be empty */
    bool               specimen; /* says SPECIMEN across everything */
} paper_sheet;

/**
 * Draw SHEET as a PDF of one page.
 *
 * Errors  YAO_E_USAGE      no title or code, more than PAPER_MAX_ROWS or
 *                          PAPER_MAX_NOTES, text that is not UTF-8
 *         YAO_E_UNSUPPORTED  cairo and pango are not installed
 *         YAO_E_NOT_FOUND  no font here has one of the letters
 *         YAO_E_LIMIT      it does not fit on one page
 *         YAO_E_SPACE      recorded in W as well; no memory
 */
YAO_MUST_USE yao_status paper_draw(const paper_sheet *sheet, yao_writer *w);

#endif
