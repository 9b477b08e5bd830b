/* SPDX-License-Identifier: Apache-2.0 */
/* Something long as codes that are shown in turn, and back. */
#include "card/parts.h"

#include <stdio.h>

#include "check.h"
#include "forge.h"

enum { SIZE = 500, MOST = YAO_MAX_CARD_WHOLE };

static uint8_t            content[MOST + 1];
static yao_card_collector collector;

static yao_bytes whole_of(size_t len)
{
    for (size_t i = 0; i < len; i++)
        content[i] = (uint8_t)(i * 7 + (i >> 8));
    return (yao_bytes){content, len};
}

static yao_card_split split_of(size_t len, size_t size)
{
    yao_card_split split;

    assert_status(
        yao_card_split_whole(forge_crypto(), whole_of(len), size, &split),
        YAO_OK);
    return split;
}

static yao_bytes part_of(const yao_card_split *split, size_t index)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  part;

    yao_card_put_part(&w, split, index);
    assert_status(yao_writer_keep(&w, test_arena(), &part), YAO_OK);
    return part;
}

static yao_status take(yao_bytes input, yao_bytes *whole)
{
    yao_card_part part;

    YAO_TRY(yao_card_read_part(input, &part));
    return yao_card_collect(&collector, forge_crypto(), &part, whole);
}

static void begin(void)
{
    memset(&collector, 0, sizeof collector);
}

/* ---- there and back ----------------------------------------------------- */

static const struct {
    const char *name;
    size_t      len, size, count;
} lengths[] = {
    {"gives one byte in one part", 1, 400, 1},
    {"gives a part that is just full", 600, 600, 1},
    {"gives one byte more in two", 601, 600, 2},
    {"gives parts of one length and a shorter one", 4711, SIZE, 10},
    {"gives the most that there can be", MOST, 600, 28},
    {"gives as many parts as there can be", 40 * 400, 400, 40},
};

/* Forwards, backwards, and each twice: the order says nothing. */
static void collects(void **state)
{
    size_t         at    = (size_t)(uintptr_t)*state;
    yao_card_split split = split_of(lengths[at].len, lengths[at].size);
    yao_bytes      whole;

    assert_int_equal(split.count, lengths[at].count);
    for (int order = 0; order < 3; order++) {
        begin();
        for (size_t i = 0; i < split.count; i++) {
            size_t index = order == 0   ? i
                           : order == 1 ? split.count - 1 - i
                                        : (i * 7 + 3) % split.count;
            bool   prime = split.count % 7 != 0;

            if (order == 2 && !prime)
                index = i;
            assert_status(take(part_of(&split, index), &whole), YAO_OK);
            assert_int_equal(whole.len == 0, i + 1 < split.count);
            if (i + 1 < split.count)
                assert_status(take(part_of(&split, index), &whole), YAO_OK);
        }
        assert_bytes(whole, split.whole);
    }
}

/* ---- cutting ------------------------------------------------------------ */

static const struct {
    const char *name;
    size_t      len, size;
    yao_status  want;
} cuts[] = {
    {"refuses to cut nothing", 0, SIZE, YAO_E_USAGE},
    {"refuses parts that are too short", 4000, 399, YAO_E_USAGE},
    {"refuses parts that are too long", 4000, 601, YAO_E_USAGE},
    {"refuses more than 16 kB", MOST + 1, 600, YAO_E_LIMIT},
    {"refuses more than 40 parts", 40 * 400 + 1, 400, YAO_E_LIMIT},
};

static void refuses_cut(void **state)
{
    size_t         at = (size_t)(uintptr_t)*state;
    yao_card_split split;

    assert_status(yao_card_split_whole(forge_crypto(), whole_of(cuts[at].len),
                                       cuts[at].size, &split),
                  cuts[at].want);
}

static void refuses_a_part_that_is_none(void **state)
{
    yao_card_split split = split_of(4711, SIZE);
    yao_writer     w     = yao_writer_in(test_arena());
    yao_bytes      part;

    (void)state;
    yao_card_put_part(&w, &split, split.count);
    assert_status(yao_writer_keep(&w, test_arena(), &part), YAO_E_USAGE);
}

/* ---- reading a part ----------------------------------------------------- */

static const struct {
    const char *name, *head; /* the bytes follow as LEN zeros */
    size_t      len;
    yao_status  want;
} reads[] = {
    {"accepts the only part", "84 48 0102030405060708 00 01 41", 1, YAO_OK},
    {"accepts the first of two", "84 48 0102030405060708 00 02 590190", 400,
     YAO_OK},
    {"accepts a short last part", "84 48 0102030405060708 01 02 41", 1, YAO_OK},
    {"refuses a short transfer", "84 47 01020304050607 00 01 41", 1,
     YAO_E_MALFORMED},
    {"refuses a long transfer", "84 49 010203040506070809 00 01 41", 1,
     YAO_E_MALFORMED},
    {"refuses an index that is the count", "84 48 0102030405060708 01 01 41", 1,
     YAO_E_MALFORMED},
    {"refuses no parts at all", "84 48 0102030405060708 00 00 41", 1,
     YAO_E_MALFORMED},
    {"refuses an index below zero", "84 48 0102030405060708 20 01 41", 1,
     YAO_E_MALFORMED},
    {"refuses N242: 41 parts", "84 48 0102030405060708 1828 1829 41", 1,
     YAO_E_LIMIT},
    {"refuses nothing in it", "84 48 0102030405060708 00 01 40", 0,
     YAO_E_MALFORMED},
    {"refuses too much in it", "84 48 0102030405060708 00 01 590259", 601,
     YAO_E_LIMIT},
    {"refuses a short part that is not the last",
     "84 48 0102030405060708 00 02 59018f", 399, YAO_E_MALFORMED},
    {"refuses a fifth place", "85 48 0102030405060708 00 01 4100", 1,
     YAO_E_MALFORMED},
    {"refuses a map", "a2 48 0102030405060708 00 01 41", 1, YAO_E_MALFORMED},
    {"refuses a head that is longer than needed",
     "84 48 0102030405060708 1800 01 41", 1, YAO_E_NOT_SHORTEST},
    {"refuses a byte behind it", "84 48 0102030405060708 00 01 40", 1,
     YAO_E_TRAILING},
};

static yao_bytes make_part(const char *hex, size_t len)
{
    yao_bytes head = test_unhex(hex);
    uint8_t  *all  = yao_arena_take(test_arena(), head.len + len + 1);

    assert_non_null(all);
    memcpy(all, head.ptr, head.len);
    return (yao_bytes){all, head.len + len};
}

static void reads_part(void **state)
{
    size_t        at = (size_t)(uintptr_t)*state;
    yao_card_part part;

    assert_status(
        yao_card_read_part(make_part(reads[at].head, reads[at].len), &part),
        reads[at].want);
}

static void refuses_every_prefix(void **state)
{
    yao_card_split split = split_of(4711, SIZE);
    yao_bytes      whole = part_of(&split, 3);
    yao_card_part  part;

    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_status(yao_card_read_part((yao_bytes){whole.ptr, len}, &part),
                      YAO_E_TRUNCATED);
}

/* ---- what does not belong together -------------------------------------- */

static void refuses_another_transfer(void **state)
{
    yao_card_split one = split_of(4711, SIZE), other = split_of(4712, SIZE);
    yao_bytes      whole;

    (void)state;
    begin();
    one.whole = whole_of(4711);
    assert_status(take(part_of(&one, 0), &whole), YAO_OK);
    assert_status(take(part_of(&other, 1), &whole), YAO_E_MISMATCH);
    for (size_t i = 1; i < one.count; i++)
        assert_status(take(part_of(&one, i), &whole), YAO_OK);
    assert_bytes(whole, one.whole);
}

static void refuses_other_bytes_under_an_index(void **state)
{
    yao_card_split split = split_of(4711, SIZE);
    yao_bytes      whole;

    (void)state;
    begin();
    assert_status(take(part_of(&split, 2), &whole), YAO_OK);
    content[2 * SIZE] ^= 1;
    assert_status(take(part_of(&split, 2), &whole), YAO_E_DUPLICATE);
}

static void refuses_another_count(void **state)
{
    yao_card_split split = split_of(4711, SIZE);
    yao_bytes      whole;

    (void)state;
    begin();
    assert_status(take(part_of(&split, 2), &whole), YAO_OK);
    split.count++;
    split.whole.len += SIZE;
    assert_status(take(part_of(&split, 3), &whole), YAO_E_DUPLICATE);
}

static const struct {
    const char *name;
    size_t      first, first_size, then, then_size;
} mixes[] = {
    {"refuses a part of another length", 0, 500, 1, 501},
    {"refuses a last part longer than the others", 0, 400, 9, 600},
    {"refuses others shorter than the last part", 9, 600, 0, 400},
};

/* Parts that claim to be of one transfer of ten. */
static yao_bytes claimed(size_t index, size_t size)
{
    char hex[64];

    snprintf(hex, sizeof hex, "84 48 0102030405060708 %02zx 0a 59%04zx", index,
             size);
    return make_part(hex, size);
}

static void refuses_mixed_lengths(void **state)
{
    size_t    at = (size_t)(uintptr_t)*state;
    yao_bytes whole;

    begin();
    assert_status(take(claimed(mixes[at].first, mixes[at].first_size), &whole),
                  YAO_OK);
    assert_status(take(claimed(mixes[at].then, mixes[at].then_size), &whole),
                  YAO_E_DUPLICATE);
}

static void refuses_what_is_not_the_transfer(void **state)
{
    yao_card_split split = split_of(4711, SIZE);
    yao_bytes      whole;

    (void)state;
    begin();
    content[4 * SIZE] ^= 1;
    for (size_t i = 0; i + 1 < split.count; i++)
        assert_status(take(part_of(&split, i), &whole), YAO_OK);
    assert_status(take(part_of(&split, split.count - 1), &whole),
                  YAO_E_BAD_DIGEST);
}

static void refuses_a_whole_that_is_too_long(void **state)
{
    yao_bytes whole;

    (void)state;
    begin();
    for (size_t i = 0; i < 40; i++) {
        char hex[64];

        snprintf(hex, sizeof hex, "84 48 0102030405060708 %s%02zx 1828 590258",
                 i < 24 ? "" : "18", i);
        assert_status(take(make_part(hex, 600), &whole),
                      i == 39 ? YAO_E_LIMIT : YAO_OK);
    }
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(const yao_status *)ctx;
}

static void gives_what_the_hash_gives(void **state)
{
    static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_card_split          whole      = split_of(100, SIZE), split;
    yao_card_part           part;
    yao_bytes               got;

    (void)state;
    assert_status(yao_card_read_part(part_of(&whole, 0), &part), YAO_OK);
    for (size_t i = 0; i < COUNT(failures); i++) {
        yao_status failure = failures[i];
        yao_crypto home    = {.ctx = &failure, .hash = no_hash};

        assert_status(
            yao_card_split_whole(&home, whole_of(100), SIZE, &split), failure);
        begin();
        assert_status(yao_card_collect(&collector, &home, &part, &got),
                      failure);
    }
}

#define EACH(group, table, run)                                                \
    for (size_t i = 0; i < COUNT(table); i++)                                  \
    test_add(group, (table)[i].name, run, (const void *)(uintptr_t)i)

int main(void)
{
    EACH("collect", lengths, collects);
    EACH("cut", cuts, refuses_cut);
    EACH("read", reads, reads_part);
    EACH("collect", mixes, refuses_mixed_lengths);
    test_add("cut", "refuses an index beyond the last",
             refuses_a_part_that_is_none, NULL);
    test_add("read", "refuses every prefix", refuses_every_prefix, NULL);
    test_add("collect", "refuses N242: a part of another document",
             refuses_another_transfer, NULL);
    test_add("collect", "refuses N242: other bytes under one index",
             refuses_other_bytes_under_an_index, NULL);
    test_add("collect", "refuses N242: another total", refuses_another_count,
             NULL);
    test_add("collect", "refuses N242: parts that are not the transfer",
             refuses_what_is_not_the_transfer, NULL);
    test_add("collect", "refuses more than 16 kB in all",
             refuses_a_whole_that_is_too_long, NULL);
    test_add("parts", "gives what the hash gives", gives_what_the_hash_gives,
             NULL);
    return test_run("card/parts");
}
