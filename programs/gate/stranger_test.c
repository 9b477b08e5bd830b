/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem() */

/** What scanners read that is no card of ours, and what is on paper. */

#include "gate_fixture.h"

/* ---- strangers ---------------------------------------------------------- */

static const struct {
    const char *name;
    yao_bytes   text;
} strangers[] = {
    {"refuses a statement of SQL (N244)", YAO_INIT("'; DROP TABLE person; --")},
    {"refuses an address (N244)", YAO_INIT("https://example.org/")},
    {"refuses an address in capitals (N244)", YAO_INIT("HTTP://EXAMPLE.ORG/")},
    {"refuses a network (N244)", YAO_INIT("WIFI:T:WPA;S:free;P:12345678;;")},
    {"refuses a format string (N244)", YAO_INIT("%n%n%n%s")},
    {"refuses a card without content", YAO_INIT("YP1:")},
    {"refuses half a card", YAO_INIT("YP1:6BFOXN")},
    {"refuses half a part", YAO_INIT("YPA1:6BFOXN")},
    {"refuses a challenge of somebody", YAO_INIT("YPQ1:6BFOXN")},
    {"refuses a token of nothing", YAO_INIT("ey~")},
    {"refuses control letters", YAO_INIT("\x1b[2J\x07")},
    {"refuses zeros", YAO_INIT("\0\0\0\0")},
};

static void strange(void **state)
{
    size_t i = (size_t)*state;

    start("age");
    gate_answer answer = scan(strangers[i].text, CARD_NOW);
    assert_says(answer, "{\"verdict\":\"reject\"");
    assert_says(answer, "\"check\":\"structure\",\"outcome\":\"fail\"");
    assert_int_equal(memory.count, 0);
}

static void refuses_many_letters(void **state)
{
    uint8_t *text = yao_arena_take(test_arena(), 5000);

    (void)state;
    memset(text, 'A', 5000);
    start("age");
    assert_false(says(scan((yao_bytes){text, 4296}, CARD_NOW), "\"accept\""));
    assert_false(says(scan((yao_bytes){text, 5000}, CARD_NOW), "\"accept\""));
}

/* Paper: nobody proves to be its holder. */
static void never_accepts_paper(void **state)
{
    yao_card_content c = card_fixture_content();
    yao_writer       w;
    yao_bytes        zlib;

    (void)state;
    c.device_key = (yao_public_key){.curve = YAO_CURVE_NONE};
    c.status     = YAO_CARD_STATUS_NONE;
    c.profile    = YAO_TEXT("hotel");
    yao_bytes printed = card_fixture_issue(&c);
    w                 = yao_writer_in(test_arena());
    yao_card_put_zlib(&w, printed);
    assert_status(yao_writer_keep(&w, test_arena(), &zlib), YAO_OK);
    start("hotel");
    gate_answer answer = scan(letters(YAO_CARD_CODE_PRINTED, zlib), CARD_NOW);
    assert_says(answer, "{\"verdict\":\"indeterminate\"");
    assert_says(answer, "\"check\":\"card_holder\",\"outcome\":\"unknown\"");
}

int main(void)
{
    for (size_t i = 0; i < COUNT(strangers); i++)
        test_add("stranger", strangers[i].name, strange, (const void *)i);
    test_add("stranger", "refuses 4,296 letters, and more (N244)",
             refuses_many_letters, NULL);
    test_add("printed", "never accepts paper without a look at the holder",
             never_accepts_paper, NULL);

    int code = test_run("gate/stranger");
    close_gate();
    return code;
}
