/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

static uint8_t memory[256];

/* A bit of everything that can be put. */
static yao_status put_all(yao_writer *w, void *context)
{
    yao_bytes ignored;

    (void)context;
    yao_put_byte(w, 'a');
    yao_put_bytes(w, YAO_LIT("bc"));
    yao_put_bytes(w, (yao_bytes){NULL, 0});
    yao_put_text(w, "de");
    yao_put_decimal(w, -12);
    yao_put_at(w, 1, YAO_LIT("<>"));
    yao_put_hex(w, YAO_LIT("\x0f"));
    yao_put_base64(w, YAO_LIT("f"));
    yao_put_base64url(w, YAO_LIT("fo"));
    yao_put_base45(w, YAO_LIT("AB"));
    return yao_writer_close(w, &ignored);
}

static void gives_what_was_put(void **state)
{
    yao_writer w = yao_writer_open(memory, sizeof memory);
    yao_bytes  out;

    (void)state;
    assert_status(put_all(&w, NULL), YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, YAO_LIT("a<>bcde-120fZg==Zm8BB8"));
}

static void gives_space_error_in_every_smaller_room(void **state)
{
    (void)state;
    test_every_room(put_all, NULL);
}

static void gives_the_length_without_a_buffer(void **state)
{
    yao_writer count = yao_writer_count();
    yao_writer null  = yao_writer_open(NULL, 0);
    yao_bytes  out   = YAO_INIT("untouched");

    (void)state;
    assert_status(put_all(&count, NULL), YAO_OK);
    assert_status(put_all(&null, NULL), YAO_OK);
    assert_status(yao_writer_close(&count, &out), YAO_OK);
    assert_null(out.ptr);
    assert_int_equal(out.len, 22);
    assert_int_equal(null.len, 22);
}

static void never_writes_after_a_failure(void **state)
{
    yao_writer w   = yao_writer_open(memory, 4);
    yao_bytes  out = YAO_INIT("untouched");

    (void)state;
    memset(memory, 0xee, sizeof memory);
    yao_put_bytes(&w, YAO_LIT("abc"));
    yao_put_bytes(&w, YAO_LIT("de")); /* does not fit */
    yao_put_byte(&w, 'f');            /* would */
    yao_put_at(&w, 0, YAO_LIT("g"));
    yao_put_at(&w, 99, YAO_LIT("g"));
    assert_status(yao_writer_close(&w, &out), YAO_E_SPACE);
    assert_bytes(out, YAO_LIT("untouched"));
    assert_bytes(((yao_bytes){memory, 5}), YAO_LIT("abc\xee\xee"));
}

static void gives_the_first_failure(void **state)
{
    yao_writer w = yao_writer_open(memory, sizeof memory);
    yao_bytes  out;

    (void)state;
    yao_writer_fail(&w, YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    yao_writer_fail(&w, YAO_E_VALUE);
    yao_writer_fail(&w, YAO_E_LIMIT);
    yao_put_byte(&w, 'a');
    assert_status(yao_writer_close(&w, &out), YAO_E_VALUE);
    assert_int_equal(w.len, 0);
}

static const struct {
    const char *name;
    int64_t     number;
    const char *want;
} decimals[] = {
    {"gives zero", 0, "0"},
    {"gives one digit", 7, "7"},
    {"gives a zero at the end", 10, "10"},
    {"gives a sign", -1, "-1"},
    {"gives the largest", INT64_MAX, "9223372036854775807"},
    {"gives the smallest", INT64_MIN, "-9223372036854775808"},
};

static void decimal(void **state)
{
    size_t     i = *(const size_t *)*state;
    yao_writer w = yao_writer_open(memory, sizeof memory);
    yao_bytes  out;

    yao_put_decimal(&w, decimals[i].number);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, yao_text_bytes(yao_text_of(decimals[i].want)));
}

static const struct {
    const char *name;
    size_t      at;
    yao_bytes   gap;
    yao_status  want;
    yao_bytes   out;
} gaps[] = {
    {"gives a gap at the front", 0, YAO_INIT("--"), YAO_OK, YAO_INIT("--abc")},
    {"gives a gap in the middle", 2, YAO_INIT("-"), YAO_OK, YAO_INIT("ab-c")},
    {"gives a gap longer than what moves", 2, YAO_INIT("-----"), YAO_OK,
     YAO_INIT("ab-----c")},
    {"gives a gap at the end", 3, YAO_INIT("--"), YAO_OK, YAO_INIT("abc--")},
    {"gives an empty gap", 1, {NULL, 0}, YAO_OK, YAO_INIT("abc")},
    {"refuses a gap behind the end", 4, YAO_INIT("-"), YAO_E_USAGE, {NULL, 0}},
    {"refuses a gap that does not fit", 1, YAO_INIT("123456"), YAO_E_SPACE,
     {NULL, 0}},
};

static void gap(void **state)
{
    size_t     i   = *(const size_t *)*state;
    yao_writer w   = yao_writer_open(memory, 8);
    yao_bytes  out = {NULL, 0};

    yao_put_bytes(&w, YAO_LIT("abc"));
    yao_put_at(&w, gaps[i].at, gaps[i].gap);
    assert_status(yao_writer_close(&w, &out), gaps[i].want);
    assert_bytes(out, gaps[i].out);
}

static yao_status keep_in(yao_arena *arena, void *context)
{
    yao_writer w   = yao_writer_in(arena);
    yao_bytes  out = YAO_INIT("untouched");

    (void)context;
    yao_put_text(&w, "seventeen letters");
    yao_status status = yao_writer_keep(&w, arena, &out);
    assert_bytes(out, status == YAO_OK ? YAO_LIT("seventeen letters")
                                       : YAO_LIT("untouched"));
    assert_int_equal(arena->used, status == YAO_OK ? 17 : 0);
    return status;
}

static void gives_space_error_until_an_arena_is_large_enough(void **state)
{
    (void)state;
    test_every_arena(keep_in, NULL, 64);
}

static void never_counts_in_an_arena_without_memory(void **state)
{
    yao_arena none = {NULL, 0, 0};

    (void)state;
    assert_status(keep_in(&none, NULL), YAO_E_SPACE);
}

static void refuses_to_keep_what_lies_elsewhere(void **state)
{
    yao_arena  arena = {memory, sizeof memory, 0};
    yao_writer w     = yao_writer_in(&arena);
    yao_writer count = yao_writer_count();
    yao_bytes  out;

    (void)state;
    yao_put_byte(&w, 'a');
    assert_non_null(yao_arena_take(&arena, 8)); /* over what was written */
    assert_status(yao_writer_keep(&w, &arena, &out), YAO_E_USAGE);
    assert_status(yao_writer_keep(&count, &arena, &out), YAO_E_USAGE);
    assert_int_equal(arena.used, 8);
}

static void gives_random_bytes_once(void **state)
{
    yao_entropy entropy = {YAO_INIT("abcdef")};
    yao_bytes   out;

    (void)state;
    assert_status(yao_entropy_take(&entropy, 4, &out), YAO_OK);
    assert_bytes(out, YAO_LIT("abcd"));
    assert_status(yao_entropy_take(&entropy, 3, &out), YAO_E_ENTROPY);
    assert_bytes(out, YAO_LIT("abcd"));
    assert_status(yao_entropy_take(&entropy, 2, &out), YAO_OK);
    assert_bytes(out, YAO_LIT("ef"));
    assert_status(yao_entropy_take(&entropy, 0, &out), YAO_OK);
    assert_status(yao_entropy_take(&entropy, 1, &out), YAO_E_ENTROPY);
    assert_status(yao_entropy_take(&entropy, SIZE_MAX, &out), YAO_E_ENTROPY);
}

int main(void)
{
    static size_t index[16];

    for (size_t i = 0; i < COUNT(index); i++)
        index[i] = i;
    test_add("put", "gives what was put", gives_what_was_put, NULL);
    test_add("put", "gives YAO_E_SPACE in every smaller room",
             gives_space_error_in_every_smaller_room, NULL);
    test_add("put", "gives the length without a buffer",
             gives_the_length_without_a_buffer, NULL);
    test_add("put", "never writes after a failure",
             never_writes_after_a_failure, NULL);
    test_add("fail", "gives the first failure", gives_the_first_failure, NULL);
    for (size_t i = 0; i < COUNT(decimals); i++)
        test_add("put_decimal", decimals[i].name, decimal, &index[i]);
    for (size_t i = 0; i < COUNT(gaps); i++)
        test_add("put_at", gaps[i].name, gap, &index[i]);
    test_add("keep", "gives YAO_E_SPACE until an arena is large enough",
             gives_space_error_until_an_arena_is_large_enough, NULL);
    test_add("keep", "never counts in an arena without memory",
             never_counts_in_an_arena_without_memory, NULL);
    test_add("keep", "refuses to keep what lies elsewhere",
             refuses_to_keep_what_lies_elsewhere, NULL);
    test_add("entropy", "gives random bytes once", gives_random_bytes_once,
             NULL);
    return test_run("base/writer");
}
