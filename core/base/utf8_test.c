/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

typedef struct row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
    size_t      count; /* code points */
} row;

static const row rows[] = {
    {"accepts nothing", YAO_INIT(""), YAO_OK, 0},
    {"accepts a zero byte", YAO_INIT("a\0b"), YAO_OK, 3},
    {"RFC 3629 7: accepts A<NOT IDENTICAL TO><ALPHA>.",
     YAO_INIT("\x41\xe2\x89\xa2\xce\x91\x2e"), YAO_OK, 4},
    {"RFC 3629 7: accepts hangugeo",
     YAO_INIT("\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4"), YAO_OK, 3},
    {"RFC 3629 7: accepts nihongo",
     YAO_INIT("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), YAO_OK, 3},
    {"RFC 3629 7: accepts a stump after a mark",
     YAO_INIT("\xef\xbb\xbf\xf0\xa3\x8e\xb4"), YAO_OK, 2},
    {"accepts a middle dot in a name",
     YAO_INIT("\xe9\x98\xbf\xc2\xb7\xe4\xb8\x81"), YAO_OK, 3},
    {"refuses a continuation that continues nothing", YAO_INIT("\x80"),
     YAO_E_UTF8, 0},
    {"refuses fe", YAO_INIT("\xfe"), YAO_E_UTF8, 0},
    {"refuses five bytes", YAO_INIT("\xf8\x88\x80\x80\x80"), YAO_E_UTF8, 0},
    {"RFC 3629 10: refuses an overlong zero", YAO_INIT("\xc0\x80"), YAO_E_UTF8,
     0},
    {"refuses an overlong slash", YAO_INIT("\xe0\x80\xaf"), YAO_E_UTF8, 0},
    {"RFC 3629 10: refuses 2f c0 ae 2e 2f", YAO_INIT("\x2f\xc0\xae\x2e\x2f"),
     YAO_E_UTF8, 0},
    {"refuses the first surrogate", YAO_INIT("\xed\xa0\x80"), YAO_E_UTF8, 0},
    {"refuses the last surrogate", YAO_INIT("\xed\xbf\xbf"), YAO_E_UTF8, 0},
    {"refuses what is above U+10FFFF", YAO_INIT("\xf4\x90\x80\x80"),
     YAO_E_UTF8, 0},
    {"refuses a letter cut after one byte", YAO_INIT("a\xe6"), YAO_E_UTF8, 0},
    {"refuses a letter cut after two bytes", YAO_INIT("a\xe6\x97"), YAO_E_UTF8,
     0},
    {"refuses a letter cut by another", YAO_INIT("\xe6\x97" "a"), YAO_E_UTF8,
     0},
    {"refuses Latin-1", YAO_INIT("Z\xfcrich"), YAO_E_UTF8, 0},
    {"refuses GB 18030", YAO_INIT("\xd6\xd0\xb9\xfa"), YAO_E_UTF8, 0},
};

static void row_case(void **state)
{
    const row *r    = *state;
    yao_text   text = YAO_INIT("untouched");

    assert_status(yao_text_check(r->input, &text), r->want);
    if (r->want != YAO_OK) {
        assert_int_equal(text.len, 9);
        return;
    }
    assert_ptr_equal(text.ptr, r->input.ptr);
    assert_int_equal(text.len, r->input.len);
    assert_int_equal(yao_text_count(text), r->count);
}

static size_t encode(uint32_t point, uint8_t out[4])
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    for (size_t i = len; i-- > 1; point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 63));
    out[0] = (uint8_t)((0xf00 >> len) | point);
    return len;
}

static void accepts_every_code_point_but_surrogates(void **state)
{
    (void)state;
    for (uint32_t point = 0; point < 0x110400; point++) {
        uint8_t  bytes[4];
        size_t   len = encode(point, bytes);
        yao_text text;
        bool     good = point < 0x110000 && (point < 0xd800 || point > 0xdfff);

        if ((yao_text_check((yao_bytes){bytes, len}, &text) == YAO_OK) != good)
            fail_msg("U+%04X", point);
    }
}

/* The table of RFC 3629 section 4, written another way: exactly the encodings
 * of code points are accepted, of all two- and three-byte strings. */
static void accepts_nothing_else_of_three_bytes(void **state)
{
    size_t two = 0, three = 0;

    (void)state;
    for (uint32_t value = 0x80 << 16; value < 0x1000000; value++) {
        uint8_t  bytes[3] = {(uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
        yao_text text;

        if (value % 256 == 0)
            two += yao_text_check((yao_bytes){bytes, 2}, &text) == YAO_OK;
        three += yao_text_check((yao_bytes){bytes, 3}, &text) == YAO_OK;
    }
    assert_int_equal(two, 0x800 - 0x80);
    /* one letter of three bytes, or one of two before one of one */
    assert_int_equal(three, 0x10000 - 0x800 - 0x800 + (0x800 - 0x80) * 0x80);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("text_check", rows[i].name, row_case, &rows[i]);
    test_add("text_check", "accepts every code point but surrogates",
             accepts_every_code_point_but_surrogates, NULL);
    test_add("text_check", "accepts nothing else of two and three bytes",
             accepts_nothing_else_of_three_bytes, NULL);
    return test_run("base/utf8");
}
