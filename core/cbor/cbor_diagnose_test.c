/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cbor/cbor.h"

static yao_bytes notation(yao_bytes input, bool indent, yao_status want)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  got = {0};

    assert_status(yao_cbor_diagnose(input, indent, &w), want);
    if (want != YAO_OK)
        assert_int_equal(w.len, 0);
    else
        assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    return got;
}

#define SIXTEEN "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1"

static const struct line {
    const char *name;
    const char *hex;
    const char *want;
} lines[] = {
    {"gives numbers", "83 00 20 1bffffffffffffffff",
     "[0, -1, 18446744073709551615]"},
    {"gives the smallest number", "3bffffffffffffffff",
     "-18446744073709551616"},
    {"gives the next but smallest", "3bfffffffffffffffe",
     "-18446744073709551615"},
    {"gives a foreign number as its value", "1900ff", "255"},
    {"gives bytes", "824040", "[h'', h'']"},
    {"gives text with escapes", "6a 22 5c 0a 09 0d 08 0c 00 1b 7f",
     "\"\\\"\\\\\\n\\t\\r\\b\\f\\u0000\\u001b\\u007f\""},
    {"gives letters as they are", "6a e6b0b4 f0908591 c3bc 61",
     "\"\xe6\xb0\xb4\xf0\x90\x85\x91\xc3\xbc" "a\""},
    {"never turns the direction of a line", "66 e280ae e281a6",
     "\"\\u202e\\u2066\""},
    {"never prints control letters of the upper half", "64 c280 c29f",
     "\"\\u0080\\u009f\""},
    {"gives true, false, null, undefined", "84 f5 f4 f6 f7",
     "[true, false, null, undefined]"},
    {"gives simple values", "83 e0 f0 f8ff",
     "[simple(0), simple(16), simple(255)]"},
    {"gives floats", "83 f90000 f98000 f97bff", "[0.0, -0.0, 65504.0]"},
    {"gives what is no number", "84 f97e00 f9fe00 f97c00 fbfff0000000000000",
     "[NaN, NaN, Infinity, -Infinity]"},
    {"gives the smallest halves", "82 f90001 f90400",
     "[5.960464477539063e-8, 0.00006103515625]"},
    {"gives singles", "83 fa47c35000 fa7f7fffff fa00000001",
     "[100000.0, 3.4028234663852886e+38, 1.401298464324817e-45]"},
    {"gives empty arrays and maps", "82 80 a0", "[[], {}]"},
    {"gives maps in the order they have", "a2 03f6 01f5", "{3: null, 1: true}"},
    {"gives a map as a key", "a1 a1 01 02 80", "{{1: 2}: []}"},
    {"gives tags", "c1 d9d9f7 00", "1(55799(0))"},
    {"gives what is wrapped", "d818 45 a1 01 d81840", "24(<<{1: 24(h'')}>>)"},
    {"gives wrapped bytes that are no item as bytes", "d818 41 ff",
     "24(h'ff')"},
    {"gives two wrapped items as bytes", "d818 42 0101", "24(h'0101')"},
    {"gives wrapped text as text", "d818 6161", "24(\"a\")"},
    {"gives bytes of another tag as bytes", "d819 4101", "25(h'01')"},
    {"gives what is wrapped with longer heads", "d818 58 02 1801",
     "24(<<1>>)"},
    {"gives what is wrapped too deep as bytes",
     "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1 d818 42 8100",
     "1(1(1(1(1(1(1(1(1(1(1(1(1(1(1(24(h'8100'))))))))))))))))"},
    {"gives what is wrapped just deep enough",
     "c1c1c1c1c1c1c1c1c1c1c1c1c1c1 d818 42 8100",
     "1(1(1(1(1(1(1(1(1(1(1(1(1(1(24(<<[0]>>)))))))))))))))"},
};

static void line(void **state)
{
    const struct line *row = *state;

    assert_bytes(notation(test_unhex(row->hex), false, YAO_OK),
                 yao_text_bytes(yao_text_of(row->want)));
}

static void indented(void **state)
{
    (void)state;
    assert_bytes(
        notation(test_unhex("a3 01 8201a0 6161 d8184482f5a080 02 80"), true,
                 YAO_OK),
        YAO_LIT("{\n"
                "  1: [\n"
                "    1,\n"
                "    {}\n"
                "  ],\n"
                "  \"a\": 24(h'82f5a080'),\n"
                "  2: []\n"
                "}"));
    assert_bytes(notation(test_unhex("81 d8184482f5a0"), true, YAO_E_TRUNCATED),
                 YAO_LIT(""));
    assert_bytes(notation(test_unhex("81 d8184382f5a0"), true, YAO_OK),
                 YAO_LIT("[\n"
                         "  24(<<[\n"
                         "      true,\n"
                         "      {}\n"
                         "    ]>>)\n"
                         "]"));
}

static const struct bad {
    const char *name;
    const char *hex;
    yao_status  want;
} bads[] = {
    {"refuses nothing", "", YAO_E_TRUNCATED},
    {"refuses a cut item", "8200", YAO_E_TRUNCATED},
    {"refuses an indefinite array", "9fff", YAO_E_MALFORMED},
    {"refuses text that is not UTF-8", "61ff", YAO_E_UTF8},
    {"refuses equal keys", "a2 00f6 00f6", YAO_E_DUPLICATE},
    {"refuses what is too deep", SIXTEEN "c100", YAO_E_LIMIT},
    {"refuses bytes left over", "0000", YAO_E_TRAILING},
};

static void bad(void **state)
{
    const struct bad *row = *state;

    notation(test_unhex(row->hex), false, row->want);
}

/* ---- what others say: tests/vectors/cbor/README ---- */

/* The next line of TEXT: hex, a blank, the notation. */
static bool next_line(yao_bytes *text, yao_bytes *item, yao_bytes *want)
{
    size_t     blank = 0, end = 0;
    yao_writer w = yao_writer_in(test_arena());

    while (end < text->len && text->ptr[end] != '\n')
        end++;
    if (end == text->len)
        return false;
    while (text->ptr[blank] != ' ')
        blank++;
    *want = (yao_bytes){text->ptr + blank + 1, end - blank - 1};
    assert_status(yao_get_hex((yao_bytes){text->ptr, blank}, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), item), YAO_OK);

    text->ptr += end + 1;
    text->len -= end + 1;
    return true;
}

static void others(void **state)
{
    yao_bytes text = test_file(*state), item, want;
    size_t    count = 0;

    for (; next_line(&text, &item, &want); count++)
        assert_bytes(notation(item, false, YAO_OK), want);
    assert_true(count >= 300);
}

static yao_status diagnose(yao_writer *w, void *context)
{
    const yao_bytes *input = context;

    return yao_cbor_diagnose(*input, true, w);
}

static void every_room(void **state)
{
    yao_bytes input = test_unhex("a3 01 84 01f5f7f6 6161 d8184382f5a0 02 "
                                 "84 fb3ff199999999999a f8ff 3903e7 63610a62");

    (void)state;
    test_every_room(diagnose, &input);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(lines); i++)
        test_add("line", lines[i].name, line, &lines[i]);
    test_add("indent", "gives an item a line", indented, NULL);
    for (size_t i = 0; i < COUNT(bads); i++)
        test_add("bad", bads[i].name, bad, &bads[i]);
    test_add("others", "gives what cbor2 gives", others,
             "tests/vectors/cbor/items.txt");
    test_add("others", "gives the shortest decimals", others,
             "tests/vectors/cbor/floats.txt");
    test_add("sweep", "gives YAO_E_SPACE in every room that is too small",
             every_room, NULL);
    return test_run("cbor/diagnose");
}
