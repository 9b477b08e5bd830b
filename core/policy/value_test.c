/* SPDX-License-Identifier: Apache-2.0 */

/* A value as a program gets it and as a person reads it, and what would move
 * a terminal's cursor. */

#include "policy/value.h"

#include "check.h"

/* A list in a list in a list: 17 deep, and one more. */
#define DEEP  "\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81"
#define OPEN  "[[[[[[[[[[[[[[[["
#define CLOSE "]]]]]]]]]]]]]]]]"

static const struct row {
    const char *name;
    yao_bytes   cbor;
    const char *json;
    const char *plain; /* NULL: refused */
} rows[] = {
    {"gives a number", YAO_INIT("\x18\x2a"), "42", "42"},
    {"gives nought", YAO_INIT("\x00"), "0", "0"},
    {"gives the largest signed number",
     YAO_INIT("\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"), "9223372036854775807",
     "9223372036854775807"},
    {"gives the number behind it",
     YAO_INIT("\x1b\x80\x00\x00\x00\x00\x00\x00\x00"), "9223372036854775808",
     "9223372036854775808"},
    {"gives the largest number",
     YAO_INIT("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), "18446744073709551615",
     "18446744073709551615"},
    {"gives a negative number", YAO_INIT("\x29"), "-10", "-10"},
    {"gives the least number",
     YAO_INIT("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), "-9223372036854775808",
     "-9223372036854775808"},
    {"gives the bytes of one below it",
     YAO_INIT("\x3b\x80\x00\x00\x00\x00\x00\x00\x00"), "\"O4AAAAAAAAAA\"",
     NULL},
    {"gives bytes", YAO_INIT("\x42\x01\x02"), "\"AQI\"", "(2 bytes)"},
    {"gives a text", YAO_INIT("\x68" "SPECIMEN"), "\"SPECIMEN\"", "SPECIMEN"},
    {"gives a text that quotes", YAO_INIT("\x63" "a\"b"), "\"a\\\"b\"",
     "a\"b"},
    {"gives a text that would move the cursor", YAO_INIT("\x63" "a\x1b" "b"),
     "\"a\\u001bb\"", "a?b"},
    {"gives a list", YAO_INIT("\x83\x01\x61x\x80"), "[1,\"x\",[]]", "1, x, "},
    {"gives a map", YAO_INIT("\xa2\x61" "a\x01\x61" "b\x02"),
     "{\"a\":1,\"b\":2}", "(a 1, b 2)"},
    {"gives a map of numbers", YAO_INIT("\xa2\x01\x02\x20\x03"),
     "{\"1\":2,\"-1\":3}", "(1 2, -1 3)"},
    {"gives a map of bytes", YAO_INIT("\xa1\x41\x01\x02"), "{\"AQ\":2}",
     "((1 bytes) 2)"},
    {"gives the bytes of a map whose key is a list",
     YAO_INIT("\xa1\x81\x01\x02"), "\"oYEBAg\"", "(1 2)"},
    {"gives the bytes of a map whose key is a truth", YAO_INIT("\xa1\xf5\x02"),
     "\"ofUC\"", "(true 2)"},
    {"gives the bytes of a list with such a map",
     YAO_INIT("\x82\xa1\xf5\x02\x01"), "\"gqH1AgE\"", "(true 2), 1"},
    {"gives a date without its tag", YAO_INIT("\xd9\x03\xec\x6a" "2026-11-22"),
     "\"2026-11-22\"", "2026-11-22"},
    {"gives true", YAO_INIT("\xf5"), "true", "true"},
    {"gives false", YAO_INIT("\xf4"), "false", "false"},
    {"gives null", YAO_INIT("\xf6"), "null", "null"},
    {"gives null for a fraction", YAO_INIT("\x82\xf9\x3c\x00\x01"), "[null,1]",
     "null, 1"},
    {"gives what is 16 deep", YAO_INIT(DEEP "\x01"), OPEN "1" CLOSE, "1"},
    {"gives the bytes of what is 17 deep", YAO_INIT(DEEP "\x81\x01"),
     "\"gYGBgYGBgYGBgYGBgYGBgYEB\"", NULL},
    {"gives the bytes of what ends early", YAO_INIT("\x82\x01"), "\"ggE\"",
     NULL},
    {"gives the bytes of two values", YAO_INIT("\x01\x02"), "\"AQI\"", NULL},
    {"gives an empty text for nothing", YAO_INIT(""), "\"\"", NULL},
};

static yao_writer put(const struct row *r, bool json, uint8_t *out, size_t cap)
{
    yao_writer w = yao_writer_open(out, cap);

    yao_put_text(&w, "<"); /* what stands before stays */
    if (json)
        yao_value_put_json(&w, r->cbor);
    else
        yao_value_put_plain(&w, r->cbor);
    return w;
}

static void one_row(void **state)
{
    const struct row *r = *state;
    uint8_t           out[128];
    yao_bytes         got;

    yao_writer w = put(r, true, out, sizeof out);
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_int_equal(got.ptr[0], '<');
    assert_bytes(((yao_bytes){got.ptr + 1, got.len - 1}),
                 yao_text_bytes(yao_text_of(r->json)));

    w = put(r, false, out, sizeof out);
    if (r->plain == NULL) {
        assert_true(w.status >= 200 && w.status != YAO_E_SPACE);
        return;
    }
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(((yao_bytes){got.ptr + 1, got.len - 1}),
                 yao_text_bytes(yao_text_of(r->plain)));
}

static yao_status json_in(yao_writer *w, void *context)
{
    yao_value_put_json(w, *(yao_bytes *)context);
    return w->status;
}

static yao_status plain_in(yao_writer *w, void *context)
{
    yao_value_put_plain(w, *(yao_bytes *)context);
    return w->status;
}

static void rooms(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        yao_bytes cbor = rows[i].cbor;

        test_every_room(json_in, &cbor);
        if (rows[i].plain != NULL)
            test_every_room(plain_in, &cbor);
    }
}

/* ---- what steers a terminal --------------------------------------------- */

static const struct {
    const char *name;
    yao_text    text;
    size_t      steers;
} letters[] = {
    {"never replaces a letter", YAO_INIT("x"), 0},
    {"never replaces a blank", YAO_INIT(" "), 0},
    {"never replaces a tilde", YAO_INIT("~"), 0},
    {"replaces NUL", YAO_INIT("\0"), 1},
    {"replaces U+001F", YAO_INIT("\x1f"), 1},
    {"replaces DEL", YAO_INIT("\x7f"), 1},
    {"replaces U+0080", YAO_INIT("\xc2\x80"), 2},
    {"replaces U+009F", YAO_INIT("\xc2\x9f" "x"), 2},
    {"never replaces U+00A0", YAO_INIT("\xc2\xa0"), 0},
    {"never replaces U+00DB", YAO_INIT("\xc3\x9b"), 0},
    {"never reads behind half a letter", YAO_INIT("\xc2"), 0},
    {"never replaces U+200D", YAO_INIT("\xe2\x80\x8d"), 0},
    {"replaces U+200E", YAO_INIT("\xe2\x80\x8e"), 3},
    {"replaces U+200F", YAO_INIT("\xe2\x80\x8f"), 3},
    {"never replaces U+2010", YAO_INIT("\xe2\x80\x90"), 0},
    {"never replaces U+2027", YAO_INIT("\xe2\x80\xa7"), 0},
    {"replaces U+2028", YAO_INIT("\xe2\x80\xa8"), 3},
    {"replaces U+061C", YAO_INIT("\xd8\x9c" "x"), 2},
    {"never replaces U+061B", YAO_INIT("\xd8\x9b" "x"), 0},
    {"replaces U+202E", YAO_INIT("\xe2\x80\xae" "x"), 3},
    {"never replaces U+202F", YAO_INIT("\xe2\x80\xaf"), 0},
    {"never replaces U+2065", YAO_INIT("\xe2\x81\xa5"), 0},
    {"replaces U+2066", YAO_INIT("\xe2\x81\xa6"), 3},
    {"replaces U+2069", YAO_INIT("\xe2\x81\xa9"), 3},
    {"never replaces U+206A", YAO_INIT("\xe2\x81\xaa"), 0},
    {"never replaces U+204E", YAO_INIT("\xe2\x81\x8e"), 0},
    {"never replaces U+20A8", YAO_INIT("\xe2\x82\xa8"), 0},
    {"never replaces U+3028", YAO_INIT("\xe3\x80\xa8"), 0},
    {"never reads behind two thirds of a letter",
     {(const uint8_t *)"\xe2\x80\xa8", 2}, 0},
};

static void one_letter(void **state)
{
    size_t     i = *(const size_t *)*state;
    uint8_t    out[8];
    yao_writer w = yao_writer_open(out, sizeof out);

    assert_int_equal(yao_value_steering(letters[i].text), letters[i].steers);
    yao_value_put_text(&w, letters[i].text);
    assert_status(w.status, YAO_OK);
    assert_int_equal(w.len, letters[i].text.len + (letters[i].steers != 0) -
                                letters[i].steers);
    assert_int_equal(out[0] == '?', letters[i].steers != 0);
}

static void columns(void **state)
{
    static const struct {
        yao_text text;
        int      want;
    } texts[] = {{YAO_INIT(""), 0},
                 {YAO_INIT("ab"), 2},
                 {YAO_INIT("é"), 1},
                 {YAO_INIT("…"), 1},
                 {YAO_INIT("　"), 2},
                 {YAO_INIT("李示例"), 6},
                 {YAO_INIT("a李"), 3},
                 {YAO_INIT("𠀀"), 2}};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(yao_value_columns(texts[i].text), texts[i].want);
}

int main(void)
{
    static size_t index[COUNT(letters)];

    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("value", rows[i].name, one_row, &rows[i]);
    test_add("value", "gives YAO_E_SPACE in every smaller room", rooms, NULL);
    for (size_t i = 0; i < COUNT(letters); i++) {
        index[i] = i;
        test_add("steering", letters[i].name, one_letter, &index[i]);
    }
    test_add("columns", "gives two to a Chinese letter", columns, NULL);
    return test_run("policy/value");
}
