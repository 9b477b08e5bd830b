/* SPDX-License-Identifier: Apache-2.0 */
#include "app/value.h"

#include "check.h"

static const struct {
    const char *name;
    const char *cbor;
    const char *json;
    const char *plain;
} values[] = {
    {"gives a number", "18 64", "100", "100"},
    {"gives a negative number", "38 63", "-100", "-100"},
    {"gives the largest number of 63 bits", "1b 7fffffffffffffff",
     "9223372036854775807", "9223372036854775807"},
    {"gives the first number that needs 64", "1b 8000000000000000",
     "9223372036854775808", "9223372036854775808"},
    {"gives the largest number", "1b ffffffffffffffff",
     "18446744073709551615", "18446744073709551615"},
    {"gives bytes of a number below -2^63 to programs", "3b ffffffffffffffff",
     "\"O___________\"", NULL},
    {"gives a text", "65 68656c6c6f", "\"hello\"", "hello"},
    {"gives an escape to programs, none to people", "64 1b5b324a",
     "\"\\u001b[2J\"", "?[2J"},
    {"gives a date without its tag", "d9 03ec 6a 323032362d31312d3232",
     "\"2026-11-22\"", "2026-11-22"},
    {"gives bytes, or how many", "43 010203", "\"AQID\"", "(3 bytes)"},
    {"gives a list", "82 01 02", "[1,2]", "1, 2"},
    {"gives an empty list", "80", "[]", ""},
    {"gives a map", "a1 61 61 01", "{\"a\":1}", "(a 1)"},
    {"gives a map with a number for a name", "a1 01 02", "{\"1\":2}", "(1 2)"},
    {"gives bytes of a map with a list for a name", "a1 81 01 02",
     "\"oYEBAg\"", NULL},
    {"gives truth", "f5", "true", "true"},
    {"gives nothing for null", "f6", "null", "null"},
    {"gives nothing for floating point", "f9 3c00", "null", "null"},
};

static void value(void **state)
{
    size_t     i    = *(const size_t *)*state;
    yao_bytes  cbor = test_unhex(values[i].cbor), got;
    uint8_t    buffer[256];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    yao_value_put_json(&w, cbor);
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(got, yao_text_bytes(yao_text_of(values[i].json)));

    w = yao_writer_open(buffer, sizeof buffer);
    yao_value_put_plain(&w, cbor);
    if (values[i].plain == NULL) {
        assert_true(w.status != YAO_OK || w.len > 0);
        return;
    }
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(got, yao_text_bytes(yao_text_of(values[i].plain)));
}

static yao_status write_json(yao_writer *w, void *context)
{
    yao_value_put_json(w, *(yao_bytes *)context);
    return w->status;
}

static void every_room(void **state)
{
    yao_bytes good = test_unhex("82 a1 61 61 43 010203 65 68656c6c6f");
    yao_bytes odd  = test_unhex("a1 81 01 02");

    (void)state;
    test_every_room(write_json, &good);
    test_every_room(write_json, &odd);
}

/* Deeper than YAO_MAX_DEPTH: a program gets the bytes, a person an error. */
static void deep(void **state)
{
    uint8_t    nested[200], buffer[512];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    (void)state;
    memset(nested, 0x81, sizeof nested);
    nested[sizeof nested - 1] = 0x01;
    yao_value_put_json(&w, (yao_bytes){nested, sizeof nested});
    assert_status(w.status, YAO_OK);
    assert_int_equal(buffer[0], '"');

    w = yao_writer_open(buffer, sizeof buffer);
    yao_value_put_plain(&w, (yao_bytes){nested, sizeof nested});
    assert_status(w.status, YAO_E_LIMIT);
}

static const struct {
    const char *name;
    const char *text;
    const char *want;
} texts[] = {
    {"accepts letters, Chinese and an emoji",
     "a \xe8\x85\xb0\xe7\x89\x8c \xf0\x9f\x98\x80",
     "a \xe8\x85\xb0\xe7\x89\x8c \xf0\x9f\x98\x80"},
    {"never gives ESC, BEL, a line end or DEL", "\x1b\x07\n\x7f", "????"},
    {"never gives a C1 control", "\xc2\x80\xc2\x9b\xc2\x9f", "???"},
    {"accepts the first letter behind C1", "\xc2\xa0", "\xc2\xa0"},
    {"never gives what turns the direction of writing",
     "\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9",
     "??????"},
    {"never gives a line or paragraph separator", "\xe2\x80\xa8\xe2\x80\xa9",
     "??"},
    {"accepts quotation marks and dashes",
     "\xe2\x80\x94\xe2\x80\x9c\xe2\x80\x9d", "\xe2\x80\x94\xe2\x80\x9c\xe2\x80\x9d"},
    {"accepts a text that ends within a letter", "a\xe2\x80", "a\xe2\x80"},
    {"accepts nothing", "", ""},
};

static void text(void **state)
{
    size_t     i = *(const size_t *)*state;
    uint8_t    buffer[64];
    char       printed[64] = "";
    yao_writer w           = yao_writer_open(buffer, sizeof buffer);
    yao_bytes  got, want = yao_text_bytes(yao_text_of(texts[i].want));

    yao_value_put_text(&w, yao_text_of(texts[i].text));
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(got, want);

    FILE *out = fmemopen(printed, sizeof printed, "w");
    assert_non_null(out);
    yao_value_print(out, yao_text_of(texts[i].text));
    fclose(out);
    assert_bytes(yao_text_bytes(yao_text_of(printed)), want);
}

static void columns(void **state)
{
    (void)state;
    assert_int_equal(yao_value_columns(YAO_TEXT("")), 0);
    assert_int_equal(yao_value_columns(YAO_TEXT("Sex")), 3);
    assert_int_equal(yao_value_columns(YAO_TEXT("\xc3\xa9")), 1);
    assert_int_equal(yao_value_columns(YAO_TEXT("姓名")), 4);
    assert_int_equal(yao_value_columns(YAO_TEXT("陈\xf0\xac\xa3\x99")), 4);
}

int main(void)
{
    static size_t numbers[COUNT(values)];

    test_add("columns", "gives two for a Chinese letter", columns, NULL);

    for (size_t i = 0; i < COUNT(values); i++) {
        numbers[i] = i;
        test_add("value", values[i].name, value, &numbers[i]);
    }
    test_add("value", "refuses every buffer that is too small", every_room,
             NULL);
    test_add("value", "gives bytes of what is nested too deeply", deep, NULL);
    for (size_t i = 0; i < COUNT(texts); i++)
        test_add("text", texts[i].name, text, &numbers[i]);

    return test_run("app/value");
}
