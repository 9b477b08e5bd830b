/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cbor/cbor.h"

/* ---- one row per rule: strict, and tolerant of longer heads ---- */

static const struct rule {
    const char *name;
    const char *hex;
    yao_status  strict, foreign;
} rules[] = {
    {"accepts zero", "00", YAO_OK, YAO_OK},
    {"accepts the largest and the smallest number", "82 1bffffffffffffffff "
     "3bffffffffffffffff", YAO_OK, YAO_OK},
    {"accepts undefined, simple values and floats",
     "86 f7 f0 f8ff f93c00 fa47c35000 fb3ff199999999999a", YAO_OK, YAO_OK},
    {"accepts a float longer than it needs to be", "fa7f800000", YAO_OK,
     YAO_OK},
    {"accepts keys of every kind",
     "aa 00f6 20f6 40f6 60f6 80f6 a0f6 c000f6 f4f6 f6f6 f90000f6", YAO_OK,
     YAO_OK},
    {"accepts keys in the order of a schema",
     "a4 686469676573744944 00 6672616e646f6d 40 "
     "71656c656d656e744964656e746966696572 60 6c656c656d656e7456616c7565 f5",
     YAO_OK, YAO_OK},
    {"accepts keys in descending order", "a3 03f6 02f6 01f6", YAO_OK, YAO_OK},
    {"accepts the same key in two maps", "82 a10102 a10102", YAO_OK, YAO_OK},
    {"accepts a map as a key and as a value", "a2 a10102 01 01 a10102", YAO_OK,
     YAO_OK},
    {"accepts keys that begin alike", "a2 820102f6 820103f6", YAO_OK, YAO_OK},
    {"accepts keys that only look equal", "a2 62785a f6 6161 f6", YAO_OK,
     YAO_OK},
    {"accepts text with a NUL", "63610062", YAO_OK, YAO_OK},

    {"refuses nothing", "", YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses bytes left over", "0000", YAO_E_TRAILING, YAO_E_TRAILING},

    {"refuses a number with a longer head", "1817", YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses a number in two bytes for one", "1900ff", YAO_E_NOT_SHORTEST,
     YAO_OK},
    {"refuses a number in four bytes for two", "1a0000ffff", YAO_E_NOT_SHORTEST,
     YAO_OK},
    {"refuses a number in eight bytes for four", "1b00000000ffffffff",
     YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses a negative number with a longer head", "3800",
     YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses a bstr with a longer head", "580100", YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses a text with a longer head", "780161", YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses an array with a longer head", "980100", YAO_E_NOT_SHORTEST,
     YAO_OK},
    {"refuses a map with a longer head", "b8010000", YAO_E_NOT_SHORTEST,
     YAO_OK},
    {"refuses a tag with a longer head", "d80000", YAO_E_NOT_SHORTEST, YAO_OK},

    {"refuses a simple value below 32 in two bytes", "f81f", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses false in two bytes", "f814", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"accepts the first simple value of two bytes", "f820", YAO_OK, YAO_OK},

    {"refuses an indefinite bstr", "5f4100ff", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses an indefinite text", "7f6161ff", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses an indefinite array", "9f00ff", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses an indefinite map", "bf0000ff", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses a break", "ff", YAO_E_MALFORMED, YAO_E_MALFORMED},

    /* misuse N019; NUL ends nothing */
    {"refuses a stray byte in a text", "61ff", YAO_E_UTF8, YAO_E_UTF8},
    {"refuses a surrogate", "63eda080", YAO_E_UTF8, YAO_E_UTF8},
    {"refuses an overlong letter", "62c080", YAO_E_UTF8, YAO_E_UTF8},
    {"refuses a letter cut by the text's end", "8261e6b0b4", YAO_E_UTF8,
     YAO_E_UTF8},
    {"refuses a text that is not UTF-8 as a key", "a161ff00", YAO_E_UTF8,
     YAO_E_UTF8},

    /* misuse N005 */
    {"refuses equal numbers as keys", "a201020103", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses equal texts as keys", "a2616101616102", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses equal keys that are far apart", "a40302 0102 0202 0302",
     YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses equal keys behind maps as values", "a3 01a10203 00a0 01a0",
     YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses equal arrays as keys", "a28101028101f6", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses equal keys in a map that is a key", "a1a20102010300",
     YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses equal keys deep inside", "81a1c1a20102010300", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses numbers of equal value as keys", "a20102180103",
     YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"refuses them also when the first is longer", "a21900010201 03",
     YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"refuses them also when the order of bytes ascends",
     "a3 00f6 01f6 1801f6", YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"refuses texts of equal letters as keys", "a2616101 78016102",
     YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"refuses bstr of equal bytes as keys", "a2 590001 61 01 4161 02",
     YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"accepts -1 beside 0", "a2 3800 f6 1800 f6", YAO_E_NOT_SHORTEST, YAO_OK},
    {"accepts text beside bstr", "a2 780161 f6 580161 f6", YAO_E_NOT_SHORTEST,
     YAO_OK},

    /* refused without work */
    {"refuses an array of 2^32 - 1 (N004)", "9affffffff00", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses an array of 2^63 (N004)", "9b800000000000000000", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses an array of 2^64 - 1 (N004)", "9bffffffffffffffff00",
     YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses a map of 2^32 - 1 (N004)", "baffffffff0000", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a map of 2^63 (N004)", "bb80000000000000000000", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a map of 2^64 - 1 (N004)", "bbffffffffffffffff0000",
     YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses a bstr of 2^32 - 1", "5affffffff00", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a bstr of 2^63", "5b800000000000000000", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a bstr of 2^64 - 1", "5bffffffffffffffff00", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a text of 2^64 - 1", "7bffffffffffffffff61", YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
};

static void rule(void **state)
{
    const struct rule *row    = *state;
    yao_bytes          input  = test_unhex(row->hex);
    bool               longer = true;

    assert_status(yao_cbor_check(input, false, &longer), row->strict);
    assert_int_equal(longer, row->strict != YAO_OK);
    assert_status(yao_cbor_check(input, true, &longer), row->foreign);
    if (row->foreign == YAO_OK)
        assert_int_equal(longer, row->strict == YAO_E_NOT_SHORTEST);
}

static void no_pointer(void **state)
{
    yao_bytes       none = {NULL, 0};
    yao_cbor_reader r    = yao_cbor_open(none);
    yao_writer      w    = yao_writer_count();

    (void)state;
    assert_status(yao_cbor_check(none, false, NULL), YAO_E_TRUNCATED);
    assert_status(yao_cbor_diagnose(none, true, &w), YAO_E_TRUNCATED);
    (void)yao_cbor_get_any(&r);
    assert_status(r.status, YAO_E_TRUNCATED);
    r = yao_cbor_open_foreign(none);
    (void)yao_cbor_get_text(&r);
    assert_status(r.status, YAO_E_TRUNCATED);
}

/* ---- RFC 8949 appendix F: what is not well-formed (misuse N002) ---- */

static const struct malformed {
    const char *name;
    const char *hex; /* several, separated by commas */
    yao_status  want;
} malformeds[] = {
    {"refuses the end of input in a head",
     "18,19,1a,1b,1901,1a0102,1b01020304050607,38,58,78,98,9a01ff00,b8,d8,f8,"
     "f900,fa0000,fb000000",
     YAO_E_TRUNCATED},
    {"refuses strings with short data",
     "41,61,5affffffff00,5bffffffffffffffff010203,7affffffff00,"
     "7b7fffffffffffffff010203",
     YAO_E_TRUNCATED},
    {"refuses arrays and maps with too few items",
     "81,818181818181818181,8200,a1,a20102,a100,a2000000", YAO_E_TRUNCATED},
    {"refuses a tag without content", "c0", YAO_E_TRUNCATED},
    {"refuses indefinite strings without break", "5f4100,7f6100",
     YAO_E_MALFORMED},
    {"refuses indefinite arrays and maps without break",
     "9f,9f0102,bf,bf01020102,819f,9f8000,9f9f9f9f9fffffffff,"
     "9f819f819f9fffffff",
     YAO_E_MALFORMED},
    {"refuses reserved lengths",
     "1c,1d,1e,3c,3d,3e,5c,5d,5e,7c,7d,7e,9c,9d,9e,bc,bd,be,dc,dd,de,fc,fd,fe",
     YAO_E_MALFORMED},
    {"refuses reserved simple values", "f800,f801,f818,f81f", YAO_E_MALFORMED},
    {"refuses chunks of another type",
     "5f00ff,5f21ff,5f6100ff,5f80ff,5fa0ff,5fc000ff,5fe0ff,7f4100ff",
     YAO_E_MALFORMED},
    {"refuses nested indefinite strings", "5f5f4100ffff,7f7f6100ffff",
     YAO_E_MALFORMED},
    {"refuses a break that ends nothing", "ff", YAO_E_MALFORMED},
    {"refuses a break in a definite array, map or tag",
     "81ff,8200ff,a1ff00,a100ff,a20000ff00,c0ff", YAO_E_MALFORMED},
    {"refuses a break after an odd number of items", "bf00ff,bf000000ff",
     YAO_E_MALFORMED},
    {"refuses numbers and tags of indefinite length", "1f,3f,df",
     YAO_E_MALFORMED},
};

static void malformed(void **state)
{
    const struct malformed *row = *state;
    const char             *hex = row->hex;

    while (*hex != '\0') {
        char   item[64] = {0};
        size_t len      = strcspn(hex, ",");

        assert_true(len < sizeof item);
        memcpy(item, hex, len);
        yao_status got = yao_cbor_check(test_unhex(item), true, NULL);
        if (got != row->want)
            fail_msg("%s gives %s", item, yao_status_name(got));
        assert_status(yao_cbor_check(test_unhex(item), false, NULL), row->want);
        hex += hex[len] == ',' ? len + 1 : len;
    }
}

/* ---- limits: at the limit, and one above ---- */

/* COUNT times the byte FILL between HEAD and TAIL. */
static yao_bytes repeated(const char *head, uint8_t fill, size_t count,
                          const char *tail)
{
    yao_bytes  first = test_unhex(head);
    yao_bytes  last  = test_unhex(tail);
    yao_writer w     = yao_writer_in(test_arena());
    yao_bytes  made;

    yao_put_bytes(&w, first);
    for (size_t i = 0; i < count; i++)
        yao_put_byte(&w, fill);
    yao_put_bytes(&w, last);
    assert_status(yao_writer_keep(&w, test_arena(), &made), YAO_OK);
    return made;
}

static const struct depth {
    const char *name;
    uint8_t     fill;
    const char *tail;
} depths[] = {
    {"refuses more nested arrays than the limit", 0x81, "00"},
    {"refuses more nested tags than the limit", 0xc1, "00"},
};

static void depth(void **state)
{
    const struct depth *row = *state;

    assert_status(
        yao_cbor_check(repeated("", row->fill, YAO_MAX_DEPTH, row->tail), false,
                       NULL),
        YAO_OK);
    assert_status(
        yao_cbor_check(repeated("", row->fill, YAO_MAX_DEPTH + 1, row->tail),
                       false, NULL),
        YAO_E_LIMIT);
}

/* LEVELS maps, each the key or the value of the one around it. */
static yao_bytes nested_maps(size_t levels)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  made;

    for (size_t i = 0; i < levels; i++) {
        yao_cbor_put_map(&w, 1);
        if (i % 2 == 0)
            yao_cbor_put_uint(&w, 0);
    }
    for (size_t i = levels; i > 0; i--) {
        if (i == levels)
            yao_cbor_put_null(&w);
        if (i % 2 == 0)
            yao_cbor_put_uint(&w, 0);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &made), YAO_OK);
    return made;
}

static void depth_of_maps(void **state)
{
    (void)state;
    assert_status(yao_cbor_check(nested_maps(YAO_MAX_DEPTH), false, NULL),
                  YAO_OK);
    assert_status(yao_cbor_check(nested_maps(YAO_MAX_DEPTH + 1), false, NULL),
                  YAO_E_LIMIT);
}

static void deep(void **state)
{
    (void)state;
    assert_status(
        yao_cbor_check(repeated("", 0x81, 100000, "00"), false, NULL),
        YAO_E_LIMIT);
}

static void item_count(void **state)
{
    (void)state;
    yao_bytes all  = repeated("990fff", 0, YAO_MAX_CBOR_ITEMS - 1, "");
    yao_bytes more = repeated("991000", 0, YAO_MAX_CBOR_ITEMS, "");
    yao_bytes huge = repeated("991001", 0, YAO_MAX_CBOR_ITEMS + 1, "");

    assert_status(yao_cbor_check(all, false, NULL), YAO_OK);
    assert_status(yao_cbor_check(more, false, NULL), YAO_E_LIMIT);
    assert_status(yao_cbor_check(huge, false, NULL), YAO_E_LIMIT);
}

/* A map of COUNT entries; the key of entry I is FIRST + I * STEP. */
static yao_bytes map_of(size_t count, int64_t first, int64_t step)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  made;

    yao_cbor_put_map(&w, count);
    for (size_t i = 0; i < count; i++) {
        yao_cbor_put_int(&w, first + (int64_t)i * step);
        yao_cbor_put_null(&w);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &made), YAO_OK);
    return made;
}

static void entries(void **state)
{
    (void)state;
    for (int64_t step = -7; step <= 7; step += 14) {
        yao_bytes most = map_of(YAO_MAX_MAP_ENTRIES, 1000, step);
        yao_bytes more = map_of(YAO_MAX_MAP_ENTRIES + 1, 1000, step);

        assert_status(yao_cbor_check(most, false, NULL), YAO_OK);
        assert_status(yao_cbor_check(more, false, NULL), YAO_E_LIMIT);
    }
}

/* ---- keys: every map of three keys out of these ---- */

static const struct key {
    const char *hex;
    int         meaning;
} keys[] = {
    {"00", 1},       {"1800", 1},       {"1b0000000000000000", 1},
    {"01", 2},       {"20", 3},         {"3800", 3},
    {"40", 4},       {"5800", 4},       {"4161", 5},
    {"60", 6},       {"7800", 6},       {"6161", 7},
    {"780161", 7},   {"79000161", 7},   {"6162", 8},
    {"80", 9},       {"9800", 10},      {"8100", 11},
    {"811800", 12},  {"a0", 13},        {"a10000", 14},
    {"c000", 15},    {"c01800", 16},    {"d80000", 17},
    {"f4", 18},      {"f93c00", 19},    {"fa3f800000", 20},
    {"f97e00", 21},  {"f820", 22},      {"1903e8", 23},
    {"1a000003e8", 23},
};

static void three_keys(void **state)
{
    yao_bytes parts[COUNT(keys)];

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++)
        parts[i] = test_unhex(keys[i].hex);

    for (size_t i = 0; i < COUNT(keys) * COUNT(keys) * COUNT(keys); i++) {
        size_t     a = i % COUNT(keys), b = i / COUNT(keys) % COUNT(keys);
        size_t     c = i / COUNT(keys) / COUNT(keys);
        uint8_t    room[64];
        yao_writer w     = yao_writer_open(room, sizeof room);
        bool       equal = keys[a].meaning == keys[b].meaning ||
                     keys[b].meaning == keys[c].meaning ||
                     keys[a].meaning == keys[c].meaning;

        yao_cbor_put_map(&w, 3);
        yao_cbor_put_raw(&w, parts[a]);
        yao_cbor_put_array(&w, 1);
        yao_cbor_put_map(&w, 0);
        yao_cbor_put_raw(&w, parts[b]);
        yao_cbor_put_null(&w);
        yao_cbor_put_raw(&w, parts[c]);
        yao_cbor_put_string(&w, "x");

        yao_status got = yao_cbor_check((yao_bytes){room, w.len}, true, NULL);
        if (got != (equal ? YAO_E_DUPLICATE : YAO_OK))
            fail_msg("%s, %s, %s give %s", keys[a].hex, keys[b].hex,
                     keys[c].hex, yao_status_name(got));
    }
}

/* A map of COUNT entries in no order; entry AT has the key of entry AS. */
static void two_places(size_t count, size_t at, size_t as)
{
    uint8_t    room[512];
    yao_writer w = yao_writer_open(room, sizeof room);

    yao_cbor_put_map(&w, count);
    for (size_t i = 0; i < count; i++) {
        yao_cbor_put_uint(&w, (i == at ? as : i) * 37 % 101 * 11);
        yao_cbor_put_uint(&w, i);
    }
    assert_status(yao_cbor_check((yao_bytes){room, w.len}, false, NULL),
                  at == as ? YAO_OK : YAO_E_DUPLICATE);
}

static void any_two(void **state)
{
    (void)state;
    for (size_t count = 2; count < 40; count++)
        for (size_t i = 0; i < count * count; i++)
            two_places(count, i / count, i % count);
}

/* ---- sweeps ---- */

static yao_status strict(yao_bytes input, void *context)
{
    (void)context;
    return yao_cbor_check(input, false, NULL);
}

static yao_status foreign(yao_bytes input, void *context)
{
    (void)context;
    return yao_cbor_check(input, true, NULL);
}

#define EVERYTHING                                                             \
    "ab 00 1903e8 20 3903e7 44 01020304 f4 c0 74"                              \
    "323031332d30332d32315432303a30343a30305a f5 6161 d818 456449455446 8100"  \
    "63e6b0b4 a10102 83010203 f6 f820 c26101 fb3ff199999999999a f93c00 80"     \
    "a10103 5818000102030405060708090a0b0c0d0e0f1011121314151617"

/* misuse N001 */
static void prefixes(void **state)
{
    yao_bytes good = test_unhex(EVERYTHING);

    (void)state;
    assert_status(yao_cbor_check(good, false, NULL), YAO_OK);
    test_every_prefix(strict, good, NULL);
    test_every_prefix(foreign, good, NULL);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rules); i++)
        test_add("check", rules[i].name, rule, &rules[i]);
    test_add("check", "refuses nothing without a pointer", no_pointer, NULL);
    for (size_t i = 0; i < COUNT(malformeds); i++)
        test_add("8949 F, N002", malformeds[i].name, malformed, &malformeds[i]);
    for (size_t i = 0; i < COUNT(depths); i++)
        test_add("limits", depths[i].name, depth, &depths[i]);
    test_add("limits", "refuses more nested maps than the limit",
             depth_of_maps, NULL);
    test_add("limits", "refuses 100,000 nested arrays (N003)", deep, NULL);
    test_add("limits", "refuses more items than the limit", item_count, NULL);
    test_add("limits", "refuses more entries than the limit", entries, NULL);
    test_add("keys", "refuses equal ones among any three", three_keys, NULL);
    test_add("keys", "refuses equal ones at any two places", any_two, NULL);
    test_add("sweep", "refuses every prefix", prefixes, NULL);
    return test_run("cbor/check");
}
