/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static const struct {
    const char *name;
    yao_bytes   a, b;
    int         order; /* -1, 0, 1; equal exactly when 0 */
    bool        starts;
} pairs[] = {
    {"finds nothing equal to nothing", {NULL, 0}, {NULL, 0}, 0, true},
    {"sorts nothing before anything", {NULL, 0}, YAO_INIT("a"), -1, false},
    {"finds that anything starts with nothing", YAO_INIT("a"), {NULL, 0}, 1,
     true},
    {"finds equal bytes equal", YAO_INIT("abc"), YAO_INIT("abc"), 0, true},
    {"sees a difference in the first byte", YAO_INIT("xbc"), YAO_INIT("abc"), 1,
     false},
    {"sees a difference in the last byte", YAO_INIT("abc"), YAO_INIT("abd"), -1,
     false},
    {"sorts a prefix first", YAO_INIT("ab"), YAO_INIT("abc"), -1, false},
    {"finds a prefix", YAO_INIT("abc"), YAO_INIT("ab"), 1, true},
    {"ends nothing at a zero byte", YAO_INIT("a\0b"), YAO_INIT("a\0c"), -1,
     false},
    {"sorts bytes as unsigned", YAO_INIT("\xff"), YAO_INIT("\x01"), 1, false},
    {"sees a single bit", YAO_INIT("\x80"), YAO_INIT("\x00"), 1, false},
};

static void compares(void **state)
{
    size_t    i = *(const size_t *)*state;
    yao_bytes a = pairs[i].a, b = pairs[i].b;
    yao_text  s = {a.ptr, a.len}, t = {b.ptr, b.len};
    bool      equal = pairs[i].order == 0;

    assert_int_equal(yao_bytes_equal(a, b), equal);
    assert_int_equal(yao_bytes_equal(b, a), equal);
    assert_int_equal(yao_text_equal(s, t), equal);
    assert_int_equal(yao_bytes_equal_secret(a, b), equal);
    assert_int_equal(yao_bytes_equal_secret(b, a), equal);
    assert_int_equal(yao_bytes_compare(a, b), pairs[i].order);
    assert_int_equal(yao_bytes_compare(b, a), -pairs[i].order);
    assert_int_equal(yao_bytes_starts(a, b), pairs[i].starts);
}

/* Every place in every length, among neighbours that differ by one. */
static void finds_every_place(void **state)
{
    uint8_t bytes[40];

    (void)state;
    assert_int_equal(yao_bytes_find((yao_bytes){NULL, 0}, 0), 0);
    for (size_t len = 0; len <= sizeof bytes; len++)
        for (size_t at = 0; at <= len; at++) {
            memset(bytes, '~' + 1, sizeof bytes);
            for (size_t i = at + 1; i < len; i += 2)
                bytes[i] = '~';
            if (at < len)
                bytes[at] = '~';
            if (at > 0)
                bytes[at - 1] = '~' - 1;
            assert_int_equal(yao_bytes_find((yao_bytes){bytes, len}, '~'), at);
        }
}

static void never_misses_a_flipped_bit(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};

    (void)state;
    for (size_t at = 0; at < sizeof a; at++)
        for (int bit = 0; bit < 8; bit++) {
            b[at] = (uint8_t)(1 << bit);
            assert_false(yao_bytes_equal((yao_bytes){a, sizeof a},
                                         (yao_bytes){b, sizeof b}));
            assert_false(yao_bytes_equal_secret((yao_bytes){a, sizeof a},
                                                (yao_bytes){b, sizeof b}));
            b[at] = 0;
        }
}

static void gives_the_text_of_a_string(void **state)
{
    (void)state;
    assert_true(yao_text_equal(yao_text_of("abc"), YAO_TEXT("abc")));
    assert_int_equal(yao_text_of("").len, 0);
    assert_int_equal(yao_text_of(NULL).len, 0);
    assert_null(yao_text_of(NULL).ptr);
    assert_bytes(yao_text_bytes(YAO_TEXT("abc")), YAO_LIT("abc"));
}

static void gives_zeroes_where_a_secret_was(void **state)
{
    uint8_t secret[] = {1, 2, 3, 4, 5};

    (void)state;
    yao_wipe(secret + 1, 3);
    assert_bytes(((yao_bytes){secret, 5}), YAO_LIT("\x01\0\0\0\x05"));
    yao_wipe(secret, 0);
    assert_int_equal(secret[0], 1);
    yao_wipe(NULL, 0);
}

static void gives_each_status_one_name(void **state)
{
    const char *names[64];
    size_t      count = 0;

    (void)state;
    for (int status = 0; status < 700; status++) {
        const char *name = yao_status_name((yao_status)status);

        assert_non_null(name);
        if (strcmp(name, "UNKNOWN") == 0)
            continue;
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(names[i], name);
        assert_true(count < COUNT(names));
        names[count++] = name;
    }
    assert_int_equal(count, 38);
}

/* The values are part of the ABI. */
static const struct {
    const char *name;
    yao_status  status;
    int         value;
} values[] = {
    {"OK", YAO_OK, 0},
    {"USAGE", YAO_E_USAGE, 100},
    {"ENTROPY", YAO_E_ENTROPY, 101},
    {"TRUNCATED", YAO_E_TRUNCATED, 200},
    {"MALFORMED", YAO_E_MALFORMED, 201},
    {"TRAILING", YAO_E_TRAILING, 202},
    {"DUPLICATE", YAO_E_DUPLICATE, 203},
    {"NOT_SHORTEST", YAO_E_NOT_SHORTEST, 204},
    {"UTF8", YAO_E_UTF8, 205},
    {"BASE64", YAO_E_BASE64, 206},
    {"ALGORITHM", YAO_E_ALGORITHM, 207},
    {"HEADER", YAO_E_HEADER, 208},
    {"KEY", YAO_E_KEY, 209},
    {"NOT_YET_VALID", YAO_E_NOT_YET_VALID, 300},
    {"EXPIRED", YAO_E_EXPIRED, 301},
    {"BAD_SIGNATURE", YAO_E_BAD_SIGNATURE, 302},
    {"BAD_DIGEST", YAO_E_BAD_DIGEST, 303},
    {"UNTRUSTED", YAO_E_UNTRUSTED, 304},
    {"PROFILE", YAO_E_PROFILE, 305},
    {"MISMATCH", YAO_E_MISMATCH, 306},
    {"MISSING", YAO_E_MISSING, 307},
    {"UNREFERENCED", YAO_E_UNREFERENCED, 308},
    {"NOT_AUTHORISED", YAO_E_NOT_AUTHORISED, 309},
    {"VALUE", YAO_E_VALUE, 310},
    {"REVOKED", YAO_E_REVOKED, 311},
    {"NOT_ENTITLED", YAO_E_NOT_ENTITLED, 312},
    {"EXISTS", YAO_E_EXISTS, 313},
    {"REFUSED", YAO_E_REFUSED, 314},
    {"SPACE", YAO_E_SPACE, 400},
    {"LIMIT", YAO_E_LIMIT, 401},
    {"CRYPTO", YAO_E_CRYPTO, 500},
    {"STORE", YAO_E_STORE, 501},
    {"UNSUPPORTED", YAO_E_UNSUPPORTED, 502},
    {"FILE", YAO_E_FILE, 503},
    {"LOCKED", YAO_E_LOCKED, 504},
    {"SECRET", YAO_E_SECRET, 505},
    {"NOT_FOUND", YAO_E_NOT_FOUND, 506},
};

static void never_renumbers(void **state)
{
    size_t i = *(const size_t *)*state;

    assert_int_equal((int)values[i].status, values[i].value);
    assert_string_equal(yao_status_name(values[i].status), values[i].name);
}

int main(void)
{
    static size_t index[64];

    for (size_t i = 0; i < COUNT(index); i++)
        index[i] = i;
    for (size_t i = 0; i < COUNT(pairs); i++)
        test_add("compare", pairs[i].name, compares, &index[i]);
    for (size_t i = 0; i < COUNT(values); i++)
        test_add("never renumbers", values[i].name, never_renumbers, &index[i]);
    test_add("compare", "never misses a flipped bit",
             never_misses_a_flipped_bit, NULL);
    test_add("bytes_find", "gives the first place, or the length",
             finds_every_place, NULL);
    test_add("text_of", "gives the text of a string",
             gives_the_text_of_a_string, NULL);
    test_add("wipe", "gives zeroes where a secret was",
             gives_zeroes_where_a_secret_was, NULL);
    test_add("status_name", "gives each status one name",
             gives_each_status_one_name, NULL);
    return test_run("base/base");
}
