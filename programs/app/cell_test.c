/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cell.h"

#include "check.h"

static const struct {
    const char *name, *text, *written;
} rows[] = {
    {"gives a text in quotes", "a,b", "\"a,b\""},
    {"gives nothing in quotes", "", "\"\""},
    {"gives a quote twice", "a\"b", "\"a\"\"b\""},
    {"never writes N269: a formula", "=HYPERLINK(\"x\")",
     "\"'=HYPERLINK(\"\"x\"\")\""},
    {"never writes N269: a formula with plus", "+1", "\"'+1\""},
    {"never writes N269: a formula with minus", "-1", "\"'-1\""},
    {"never writes N269: a formula with at", "@SUM(A1)", "\"'@SUM(A1)\""},
    {"never writes N269: a tab before a formula", "\t=1", "\"'\t=1\""},
    {"never writes N269: a return before a formula", "\r=1", "\"'\r=1\""},
    {"gives letters behind as they are", "a=1", "\"a=1\""},
};

static void writes(void **state)
{
    size_t     i = (size_t)(uintptr_t)*state;
    uint8_t    room[64];
    yao_writer w = yao_writer_open(room, sizeof room);

    app_put_cell(&w, yao_text_of(rows[i].text));
    assert_status(w.status, YAO_OK);
    assert_bytes(((yao_bytes){room, w.len}),
                 yao_text_bytes(yao_text_of(rows[i].written)));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("cell", rows[i].name, writes, (void *)(uintptr_t)i);
    return test_run("app/cell");
}
