/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include "check.h"

static const yao_json *parsed(yao_bytes text)
{
    const yao_json *root = NULL;

    assert_status(yao_json_parse(test_arena(), text, &root), YAO_OK);
    return root;
}

/* ---- strings ---- */

static const struct string_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
    yao_bytes   text;
} strings[] = {
    {"gives letters as they are", YAO_INIT("\"abc\""), YAO_OK,
     YAO_INIT("abc")},
    {"gives an empty string", YAO_INIT("\"\""), YAO_OK, YAO_INIT("")},
    {"gives the short escapes", YAO_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
     YAO_OK, YAO_INIT("\"\\/\b\f\n\r\t")},
    {"gives one byte of UTF-8", YAO_INIT("\"\\u0041\\u007f\""), YAO_OK,
     YAO_INIT("A\x7f")},
    {"gives two bytes", YAO_INIT("\"\\u0080\\u07ff\""), YAO_OK,
     YAO_INIT("\xc2\x80\xdf\xbf")},
    {"gives three bytes", YAO_INIT("\"\\u0800\\uFFff\""), YAO_OK,
     YAO_INIT("\xe0\xa0\x80\xef\xbf\xbf")},
    {"gives four bytes", YAO_INIT("\"\\ud800\\udc00\\udbff\\udfff\""), YAO_OK,
     YAO_INIT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf")},
    {"gives NUL, which ends nothing", YAO_INIT("\"a\\u0000b\""), YAO_OK,
     YAO_INIT("a\0b")},
    {"gives escapes between letters", YAO_INIT("\"a\\nb\\u0063d\""), YAO_OK,
     YAO_INIT("a\nbcd")},
    {"refuses a number", YAO_INIT("1"), YAO_E_MALFORMED, YAO_INIT("")},
    {"refuses an object", YAO_INIT("{}"), YAO_E_MALFORMED, YAO_INIT("")},
    {"refuses null", YAO_INIT("null"), YAO_E_MALFORMED, YAO_INIT("")},
};

static void string(void **state)
{
    const struct string_row *r   = *state;
    yao_text                 got = {0};

    assert_status(yao_json_string(parsed(r->input), test_arena(), &got),
                  r->want);
    assert_bytes(yao_text_bytes(got), r->text);
    if (r->want == YAO_OK) {
        assert_true(yao_json_is_text(parsed(r->input), got));
        assert_false(yao_json_is_text(parsed(r->input), YAO_TEXT("another")));
    }
}

/* The same strings as names. */
static void name(void **state)
{
    const struct string_row *r   = *state;
    yao_text                 got = {0};
    yao_writer               w   = yao_writer_in(test_arena());
    yao_bytes                text;

    yao_put_text(&w, "{");
    yao_put_bytes(&w, r->input);
    yao_put_text(&w, ":7}");
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);

    const yao_json *object = parsed(text);
    assert_status(yao_json_name(object->first, test_arena(), &got), YAO_OK);
    assert_bytes(yao_text_bytes(got), r->text);
    assert_true(yao_json_named(object->first, got));
    assert_ptr_equal(yao_json_get_text(object, got), object->first);
    assert_null(yao_json_get_text(object, YAO_TEXT("another")));
}

static void string_space(void **state)
{
    uint8_t   room[3];
    yao_arena small = {room, sizeof room, 0};
    yao_text  got   = {0};

    (void)state;
    assert_status(yao_json_string(parsed(YAO_LIT("\"\\n\\n\\n\\n\"")), &small,
                                  &got),
                  YAO_E_SPACE);
    assert_status(yao_json_name(
                      parsed(YAO_LIT("{\"\\n\\n\\n\\n\":1}"))->first, &small,
                      &got),
                  YAO_E_SPACE);
    assert_null(got.ptr);
}

/* ---- numbers ---- */

static const struct int_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
    int64_t     number;
} ints[] = {
    {"gives 0", YAO_INIT("0"), YAO_OK, 0},
    {"gives 0 for -0", YAO_INIT("-0"), YAO_OK, 0},
    {"gives a NumericDate", YAO_INIT("1883000000"), YAO_OK, 1883000000},
    {"gives a negative number", YAO_INIT("-17"), YAO_OK, -17},
    {"gives 2^53 + 1 exactly", YAO_INIT("9007199254740993"), YAO_OK,
     INT64_C(9007199254740993)},
    {"gives the largest", YAO_INIT("9223372036854775807"), YAO_OK, INT64_MAX},
    {"gives the smallest", YAO_INIT("-9223372036854775808"), YAO_OK,
     INT64_MIN},
    {"refuses one above the largest", YAO_INIT("9223372036854775808"),
     YAO_E_LIMIT, 0},
    {"refuses one below the smallest", YAO_INIT("-9223372036854775809"),
     YAO_E_LIMIT, 0},
    {"refuses twenty digits", YAO_INIT("18446744073709551616"), YAO_E_LIMIT,
     0},
    {"refuses a fraction", YAO_INIT("1.0"), YAO_E_MALFORMED, 0},
    {"refuses an exponent", YAO_INIT("1e3"), YAO_E_MALFORMED, 0},
    {"refuses a capital exponent", YAO_INIT("1E400"), YAO_E_MALFORMED, 0},
    {"refuses a string", YAO_INIT("\"1\""), YAO_E_MALFORMED, 0},
    {"refuses true", YAO_INIT("true"), YAO_E_MALFORMED, 0},
};

static void integer(void **state)
{
    const struct int_row *r   = *state;
    int64_t               got = 0;

    assert_status(yao_json_int(parsed(r->input), &got), r->want);
    assert_true(got == r->number);
}

/* ---- the rest ---- */

static void bools(void **state)
{
    bool got = false;

    (void)state;
    assert_status(yao_json_bool(parsed(YAO_LIT("true")), &got), YAO_OK);
    assert_true(got);
    assert_status(yao_json_bool(parsed(YAO_LIT("false")), &got), YAO_OK);
    assert_false(got);
    assert_status(yao_json_bool(parsed(YAO_LIT("\"true\"")), &got),
                  YAO_E_MALFORMED);
    assert_status(yao_json_bool(parsed(YAO_LIT("1")), &got), YAO_E_MALFORMED);
    assert_status(yao_json_bool(NULL, &got), YAO_E_MISSING);
}

static void nothing(void **state)
{
    yao_text text   = {0};
    int64_t  number = 0;

    (void)state;
    assert_status(yao_json_string(NULL, test_arena(), &text), YAO_E_MISSING);
    assert_status(yao_json_name(NULL, test_arena(), &text), YAO_E_MISSING);
    assert_status(yao_json_int(NULL, &number), YAO_E_MISSING);
    assert_null(yao_json_get(NULL, "a"));
    assert_null(yao_json_get(parsed(YAO_LIT("[1]")), "a"));
    assert_null(yao_json_get(parsed(YAO_LIT("\"a\"")), "a"));
    assert_false(yao_json_is(NULL, ""));
    assert_false(yao_json_is(parsed(YAO_LIT("1")), "1"));
    assert_false(yao_json_named(NULL, YAO_TEXT("")));
}

static void members(void **state)
{
    const yao_json *o =
        parsed(YAO_LIT("{\"ab\":1,\"a\":\"x\",\"abc\":[true],\"\":2}"));

    (void)state;
    assert_int_equal(o->count, 4);
    assert_true(yao_json_is(yao_json_get(o, "a"), "x"));
    assert_false(yao_json_is(yao_json_get(o, "a"), "xy"));
    assert_false(yao_json_is(yao_json_get(o, "a"), ""));
    assert_int_equal(yao_json_get(o, "abc")->count, 1);
    assert_non_null(yao_json_get(o, ""));
    assert_null(yao_json_get(o, "b"));
    assert_null(yao_json_get(o, "A"));
    assert_bytes(yao_text_bytes(yao_json_get(o, "abc")->raw),
                 YAO_LIT("[true]"));
}

/* ---- writing ---- */

static const struct put_row {
    const char *name;
    yao_bytes   value, want;
} puts_[] = {
    {"gives plain letters", YAO_INIT("abc"), YAO_INIT("\"abc\"")},
    {"gives an empty string", YAO_INIT(""), YAO_INIT("\"\"")},
    {"gives the short escapes", YAO_INIT("\"\\\b\f\n\r\t"),
     YAO_INIT("\"\\\"\\\\\\b\\f\\n\\r\\t\"")},
    {"gives control letters in hex", YAO_INIT("\0\x1f"),
     YAO_INIT("\"\\u0000\\u001f\"")},
    {"gives slash and DEL as they are", YAO_INIT("/\x7f"),
     YAO_INIT("\"/\x7f\"")},
    {"gives Chinese as it is", YAO_INIT("\xe8\x85\xb0\n\xe7\x89\x8c"),
     YAO_INIT("\"\xe8\x85\xb0\\n\xe7\x89\x8c\"")},
};

static void put(void **state)
{
    const struct put_row *r = *state;
    yao_writer            w = yao_writer_in(test_arena());
    yao_bytes             got;
    yao_text              back;

    yao_json_put_string(&w, (yao_text){r->value.ptr, r->value.len});
    assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    assert_bytes(got, r->want);
    assert_status(yao_json_string(parsed(got), test_arena(), &back), YAO_OK);
    assert_bytes(yao_text_bytes(back), r->value);
}

static yao_status put_all(yao_writer *w, void *context)
{
    bool first = true, inner = true;

    (void)context;
    yao_put_text(w, "{");
    yao_json_put_name(w, &first, "a\n");
    yao_json_put_int(w, INT64_MIN);
    yao_json_put_name_text(w, &first, YAO_TEXT("b"));
    yao_put_text(w, "[");
    yao_json_put_next(w, &inner);
    yao_json_put_bool(w, true);
    yao_json_put_next(w, &inner);
    yao_json_put_bool(w, false);
    yao_put_text(w, "]}");
    return w->status;
}

static void writes(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  got;

    (void)state;
    assert_status(put_all(&w, NULL), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    assert_bytes(got, YAO_LIT("{\"a\\n\":-9223372036854775808,"
                              "\"b\":[true,false]}"));
}

static yao_status put_members(yao_writer *w, void *context)
{
    bool first = true;

    (void)context;
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "none", YAO_TEXT(""));
    yao_json_put_member(w, &first, "text", YAO_TEXT("a\"b"));
    yao_json_put_member(w, &first, "empty", YAO_TEXT(""));
    yao_json_put_optional(w, &first, "some", YAO_TEXT("x"));
    yao_json_put_member_int(w, &first, "int", -7);
    yao_json_put_member_bool(w, &first, "bool", false);
    yao_json_put_member_hex(w, &first, "hex", YAO_LIT("\x0f\xf0"));
    yao_json_put_member_base64url(w, &first, "letters", YAO_LIT("\xfb\xff"));
    yao_put_byte(w, '}');
    return w->status;
}

static void writes_members(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  got;

    (void)state;
    assert_status(put_members(&w, NULL), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    assert_bytes(got, YAO_LIT("{\"text\":\"a\\\"b\",\"empty\":\"\","
                              "\"some\":\"x\",\"int\":-7,\"bool\":false,"
                              "\"hex\":\"0ff0\",\"letters\":\"-_8\"}"));
}

static void every_room(void **state)
{
    (void)state;
    test_every_room(put_all, NULL);
    test_every_room(put_members, NULL);
}

static void objects(void **state)
{
    static const char *const others[] = {"[]", "\"a\"", "1", "null", "true"};
    const yao_json          *root     = NULL;

    (void)state;
    assert_status(yao_json_parse_object(test_arena(), YAO_LIT("{}"), &root),
                  YAO_OK);
    assert_int_equal(root->kind, YAO_JSON_OBJECT);
    root = NULL;
    for (size_t i = 0; i < COUNT(others); i++)
        assert_status(
            yao_json_parse_object(test_arena(),
                                  yao_text_bytes(yao_text_of(others[i])),
                                  &root),
            YAO_E_MALFORMED);
    assert_status(yao_json_parse_object(test_arena(), YAO_LIT("{"), &root),
                  YAO_E_TRUNCATED);
    assert_null(root);
}

static void too_deep(void **state)
{
    yao_json   levels[YAO_MAX_DEPTH + 2] = {{0}};
    yao_writer w                         = yao_writer_count();

    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        levels[i].kind = YAO_JSON_ARRAY;
        if (i + 1 < COUNT(levels))
            levels[i].first = &levels[i + 1];
    }
    yao_json_put_value(&w, levels);
    assert_status(w.status, YAO_E_LIMIT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(strings); i++)
        test_add("string", strings[i].name, string, &strings[i]);
    for (size_t i = 0; i < COUNT(strings); i++)
        if (strings[i].want == YAO_OK)
            test_add("name", strings[i].name, name, &strings[i]);
    for (size_t i = 0; i < COUNT(ints); i++)
        test_add("int", ints[i].name, integer, &ints[i]);
    for (size_t i = 0; i < COUNT(puts_); i++)
        test_add("put_string", puts_[i].name, put, &puts_[i]);
    test_add("string", "gives SPACE when the arena is full", string_space,
             NULL);
    test_add("bool", "accepts true and false only", bools, NULL);
    test_add("all getters", "refuses what is not there", nothing, NULL);
    test_add("get", "gives the member of exactly that name", members, NULL);
    test_add("put", "gives members and items with commas between", writes,
             NULL);
    test_add("put", "gives whole members, none that is empty and need not be",
             writes_members, NULL);
    test_add("parse_object", "refuses what is no object", objects, NULL);
    test_add("put", "gives SPACE in every buffer that is too small",
             every_room, NULL);
    test_add("put_value", "refuses a tree that is too deep", too_deep, NULL);

    return test_run("json/value");
}
