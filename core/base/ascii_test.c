/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ascii.h"
#include "check.h"

static bool among(const char *letters, int c)
{
    return c != 0 && strchr(letters, c) != NULL;
}

#define DIGITS   "0123456789"
#define SMALLS   "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Every byte against a list of letters. */
static void says_what_each_byte_is(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        uint8_t b = (uint8_t)c;
        assert_int_equal(yao_ascii_digit(b), among(DIGITS, c));
        assert_int_equal(yao_ascii_letter(b), among(SMALLS CAPITALS, c));
        assert_int_equal(yao_ascii_unreserved(b),
                         among(DIGITS SMALLS CAPITALS "-._~", c));
    }
}

static void gives_the_small_letter_of_each_byte(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        int want = among(CAPITALS, c) ? SMALLS[strchr(CAPITALS, c) - CAPITALS]
                                      : c;
        assert_int_equal(yao_ascii_small((uint8_t)c), want);
    }
}

static void gives_the_value_of_each_byte(void **state)
{
    static const char small[] = "0123456789abcdef", big[] = "0123456789ABCDEF";

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char *at = among(small, c) ? strchr(small, c) : NULL;
        int         want = at != NULL ? (int)(at - small) : -1;
        if (at == NULL && among(big, c))
            want = (int)(strchr(big, c) - big);
        assert_int_equal(yao_ascii_hex((uint8_t)c), want);
    }
}

typedef struct row {
    const char *name, *text, *word;
    bool        starts, is;
} row;

static const row rows[] = {
    {"the same", "https", "https", true, true},
    {"capitals", "HttpS", "https", true, true},
    {"more behind it", "https:", "https", true, false},
    {"its beginning", "http", "https", false, false},
    {"another letter", "httpt", "https", false, false},
    {"nothing", "", "https", false, false},
    {"nothing of nothing", "", "", true, true},
    {"what differs in the bit of capitals only", "x@y", "x`y", false, false},
    {"a mark as it is", "X-Y", "x-y", true, true},
};

static void compares(void **state)
{
    const row *r = *state;

    assert_int_equal(yao_ascii_starts(yao_text_of(r->text), r->word),
                     r->starts);
    assert_int_equal(yao_ascii_is(yao_text_of(r->text), r->word), r->is);
}

static void never_takes_a_nul_for_an_end(void **state)
{
    (void)state;
    assert_false(yao_ascii_is(YAO_TEXT("a\0"), "a"));
    assert_false(yao_ascii_starts(YAO_TEXT("\0a"), "a"));
}

static void accepts_digits_only(void **state)
{
    (void)state;
    assert_true(yao_ascii_digits(YAO_TEXT("0123456789")));
    assert_true(yao_ascii_digits(YAO_TEXT("")));
    assert_false(yao_ascii_digits(YAO_TEXT("12a")));
    assert_false(yao_ascii_digits(YAO_TEXT("-1")));
    assert_false(yao_ascii_digits(YAO_TEXT("1\0")));
}

static void gives_which_media_type(void **state)
{
    static const char word[] = "application/json";

    (void)state;
    assert_true(yao_ascii_media(YAO_TEXT("application/json"), word));
    assert_true(yao_ascii_media(YAO_TEXT("Application/JSON; a=b"), word));
    assert_true(yao_ascii_media(YAO_TEXT("application/json ;a=b"), word));
    assert_false(yao_ascii_media(YAO_TEXT("application/json5"), word));
    assert_false(yao_ascii_media(YAO_TEXT("application/json+a"), word));
    assert_false(yao_ascii_media(YAO_TEXT("application/jso"), word));
    assert_false(yao_ascii_media(YAO_TEXT(""), word));
}

int main(void)
{
    test_add("ascii", "gives what each byte is", says_what_each_byte_is, NULL);
    test_add("ascii", "gives the small letter of each byte",
             gives_the_small_letter_of_each_byte, NULL);
    test_add("ascii", "gives the value of each byte",
             gives_the_value_of_each_byte, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("compares", rows[i].name, compares, &rows[i]);
    test_add("compares", "never takes a NUL for an end",
             never_takes_a_nul_for_an_end, NULL);
    test_add("digits", "accepts digits only", accepts_digits_only, NULL);
    test_add("media", "gives which media type it is", gives_which_media_type,
             NULL);
    return test_run("base/ascii");
}
