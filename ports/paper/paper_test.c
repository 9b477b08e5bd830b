/* SPDX-License-Identifier: Apache-2.0 */

/** A sheet, and what is no sheet. What it looks like: journeys/print_test.c. */

#include "check.h"

#include <stdlib.h>

#include "paper/library.h"
#include "paper/paper.h"

enum { SHEET = 4 * 1024 * 1024 };

static const uint8_t modules[21 * 21] = {1, 0, 1, 1};

static const paper_row rows[PAPER_MAX_ROWS + 1] = {
    {{YAO_INIT("姓名"), YAO_INIT("Name")}, YAO_INIT("李示例")},
    {{YAO_INIT("号码"), YAO_INIT("Number")}, YAO_INIT("SPECIMEN")}};

static const paper_words notes[PAPER_MAX_NOTES + 1] = {
    {YAO_INIT("比对相片"), YAO_INIT("Compare the portrait")}};

static paper_sheet sheet(void)
{
    return (paper_sheet){.title     = {YAO_INIT("证件"), YAO_INIT("Document")},
                         .purpose   = {YAO_INIT("入住"), YAO_INIT("Hotel")},
                         .until     = YAO_INIT("2026-11-29"),
                         .issuer    = YAO_INIT("SPECIMEN"),
                         .rows      = rows,
                         .row_count = 2,
                         .code      = {modules, 21},
                         .notes     = notes,
                         .note_count = 1,
                         .specimen   = true};
}

static yao_status draw(const paper_sheet *s, size_t cap, size_t *len)
{
    uint8_t   *out    = malloc(cap);
    yao_writer w      = yao_writer_open(out, cap);
    yao_status status = YAO_E_SPACE;

    assert_non_null(out);
    status = paper_draw(s, &w);
    if (status == YAO_OK)
        assert_memory_equal(out, "%PDF-", 5);
    else
        assert_true(status != YAO_E_SPACE || w.status == YAO_E_SPACE);
    *len = w.len;
    free(out);
    return status;
}

/* ---- what is drawn ------------------------------------------------------ */

static void no_title(paper_sheet *s)  { s->title.zh.len = 0; }
static void no_code(paper_sheet *s)   { s->code.modules = NULL; }
static void no_width(paper_sheet *s)  { s->code.width = 0; }
static void many_rows(paper_sheet *s) { s->row_count = PAPER_MAX_ROWS + 1; }
static void all_rows(paper_sheet *s)  { s->row_count = PAPER_MAX_ROWS; }
static void many_notes(paper_sheet *s) { s->note_count = PAPER_MAX_NOTES + 1; }
static void earnest(paper_sheet *s)   { s->specimen = false; }
static void no_words(paper_sheet *s)
{
    s->issuer = s->from = s->until = YAO_TEXT("");
    s->row_count = s->note_count = 0;
}
static void rare(paper_sheet *s)
{
    s->issuer = YAO_TEXT("𬱖㐂䶮"); /* of the table of standard characters */
}
static void unknown(paper_sheet *s)
{
    s->issuer = YAO_TEXT("\xf4\x8f\xbf\xb5"); /* private, of no font */
}
static void broken(paper_sheet *s)
{
    s->issuer = YAO_TEXT("\xff\xfe");
}
static void face(paper_sheet *s)
{
    static uint8_t pixels[3 * 4 * 3];

    s->portrait = (image_canvas){pixels, 3, 4};
}
static void long_face(paper_sheet *s)
{
    static uint8_t pixels[3 * 100];

    s->portrait = (image_canvas){pixels, 1, 100};
}

static const struct {
    const char *name;
    void (*how)(paper_sheet *s);
    yao_status want;
} sheets[] = {
    {"accepts a sheet", NULL, YAO_OK},
    {"accepts one in earnest", earnest, YAO_OK},
    {"accepts one with a portrait", face, YAO_OK},
    {"accepts as many rows as there may be", all_rows, YAO_OK},
    {"accepts rare letters of names", rare, YAO_OK},
    {"accepts one that says little", no_words, YAO_OK},
    {"refuses one without title", no_title, YAO_E_USAGE},
    {"refuses one without code", no_code, YAO_E_USAGE},
    {"refuses a code without modules", no_width, YAO_E_USAGE},
    {"refuses too many rows", many_rows, YAO_E_USAGE},
    {"refuses too many notes", many_notes, YAO_E_USAGE},
    {"refuses what is no text", broken, YAO_E_USAGE},
    {"never draws a box for a letter", unknown, YAO_E_NOT_FOUND},
    {"refuses what is longer than a page", long_face, YAO_E_LIMIT},
};

static void draws(void **state)
{
    size_t      i = *(const size_t *)*state, len;
    paper_sheet s = sheet();

    if (sheets[i].how != NULL)
        sheets[i].how(&s);
    assert_status(draw(&s, SHEET, &len), sheets[i].want);
}

static void refuses_small_room(void **state)
{
    paper_sheet s = sheet();
    size_t      len, full;

    (void)state;
    assert_status(draw(&s, SHEET, &full), YAO_OK);
    assert_status(draw(&s, full, &len), YAO_OK);
    assert_status(draw(&s, full / 2, &len), YAO_E_SPACE);
    assert_status(draw(&s, 1, &len), YAO_E_SPACE);
}

/* ---- the libraries ------------------------------------------------------ */

static void opens_libraries(void **state)
{
    paper_library lib = {0};

    (void)state;
    assert_status(paper_library_open("libnothing-of-this-name.so.0", &lib),
                  YAO_E_UNSUPPORTED);
    assert_status(paper_library_open("libm.so.6", &lib), YAO_E_UNSUPPORTED);
    assert_null(lib.cairo_create);
    assert_status(paper_library_open(PAPER_LIBRARY, &lib), YAO_OK);
    assert_non_null(lib.cairo_create);
}

int main(void)
{
    static size_t numbers[COUNT(sheets)];

    for (size_t i = 0; i < COUNT(sheets); i++) {
        numbers[i] = i;
        test_add("paper", sheets[i].name, draws, &numbers[i]);
    }
    test_add("paper", "refuses a file that has no room", refuses_small_room,
             NULL);
    test_add("paper", "refuses where the libraries are missing",
             opens_libraries, NULL);
    return test_run("paper");
}
