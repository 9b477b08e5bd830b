/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cbor/cbor.h"

/* ---- each call, and what it gives: values are told as text ---- */

typedef void (*getter)(yao_cbor_reader *r, yao_writer *w);

static void get_uint(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t value = yao_cbor_get_uint(r);

    yao_put_decimal(w, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

static void get_int(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_decimal(w, yao_cbor_get_int(r));
}

static void get_bytes(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_hex(w, yao_cbor_get_bytes(r));
}

static void get_text(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_bytes(w, yao_text_bytes(yao_cbor_get_text(r)));
}

static void get_bool(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_text(w, yao_cbor_get_bool(r) ? "true" : "false");
}

static void get_null(yao_cbor_reader *r, yao_writer *w)
{
    (void)w;
    yao_cbor_get_null(r);
}

static void get_two(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_get_array(r, 2);
    yao_put_decimal(w, yao_cbor_get_int(r));
    yao_put_text(w, ",");
    yao_put_decimal(w, yao_cbor_get_int(r));
}

static void get_items(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t count = yao_cbor_get_items(r);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++)
        yao_put_decimal(w, yao_cbor_get_int(r));
}

static void get_map(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t pairs = yao_cbor_get_map(r);

    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        yao_put_decimal(w, yao_cbor_get_int(r));
        yao_put_text(w, "=");
        yao_put_decimal(w, yao_cbor_get_int(r));
        yao_put_text(w, ";");
    }
}

static void get_tag_5(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_get_tag(r, 5);
    yao_put_decimal(w, yao_cbor_get_int(r));
}

static void get_any_tag(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_decimal(w, (int64_t)yao_cbor_get_any_tag(r));
    yao_put_text(w, ":");
    yao_put_decimal(w, yao_cbor_get_int(r));
}

static void get_any(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_hex(w, yao_cbor_get_any(r));
}

static void get_wrapped(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_wrapped wrapped = yao_cbor_get_wrapped(r);

    yao_put_hex(w, wrapped.whole);
    yao_put_text(w, "/");
    yao_put_hex(w, wrapped.inner);
}

static void get_tdate(yao_cbor_reader *r, yao_writer *w)
{
    yao_put_decimal(w, yao_cbor_get_tdate(r));
}

static void get_full_date(yao_cbor_reader *r, yao_writer *w)
{
    yao_date day = yao_cbor_get_full_date(r);

    yao_put_decimal(w, day.year * 10000 + day.month * 100 + day.day);
}

static const struct get {
    const char *name;
    getter      get;
    const char *hex;
    yao_status  want;
    const char *gives;
} gets[] = {
    {"accepts 0", get_uint, "00", YAO_OK, "0"},
    {"accepts 23", get_uint, "17", YAO_OK, "23"},
    {"accepts 24", get_uint, "1818", YAO_OK, "24"},
    {"accepts 255", get_uint, "18ff", YAO_OK, "255"},
    {"accepts 256", get_uint, "190100", YAO_OK, "256"},
    {"accepts 65535", get_uint, "19ffff", YAO_OK, "65535"},
    {"accepts 65536", get_uint, "1a00010000", YAO_OK, "65536"},
    {"accepts 2^32 - 1", get_uint, "1affffffff", YAO_OK, "4294967295"},
    {"accepts 2^32", get_uint, "1b0000000100000000", YAO_OK, "4294967296"},
    {"accepts 2^64 - 1", get_uint, "1bffffffffffffffff", YAO_OK,
     "9223372036854775807"},
    {"refuses a negative number as uint", get_uint, "20", YAO_E_MALFORMED, "0"},
    {"refuses nothing as uint", get_uint, "", YAO_E_TRUNCATED, "0"},
    {"refuses a cut uint", get_uint, "19ff", YAO_E_TRUNCATED, "0"},
    {"refuses a longer uint", get_uint, "1800", YAO_E_NOT_SHORTEST, "0"},
    {"refuses a reserved length", get_uint, "1c", YAO_E_MALFORMED, "0"},
    {"refuses a second item", get_uint, "0000", YAO_E_TRAILING, "0"},

    {"accepts -1", get_int, "20", YAO_OK, "-1"},
    {"accepts the largest int64", get_int, "1b7fffffffffffffff", YAO_OK,
     "9223372036854775807"},
    {"accepts the smallest int64", get_int, "3b7fffffffffffffff", YAO_OK,
     "-9223372036854775808"},
    {"refuses a number above int64", get_int, "1b8000000000000000",
     YAO_E_MALFORMED, "0"},
    {"refuses a number below int64", get_int, "3b8000000000000000",
     YAO_E_MALFORMED, "0"},
    {"refuses a text as int", get_int, "6130", YAO_E_MALFORMED, "0"},
    {"refuses a float as int", get_int, "f93c00", YAO_E_MALFORMED, "0"},
    {"refuses nothing as int", get_int, "", YAO_E_TRUNCATED, "0"},
    {"refuses a longer int", get_int, "3800", YAO_E_NOT_SHORTEST, "0"},

    {"accepts an empty bstr", get_bytes, "40", YAO_OK, ""},
    {"accepts a bstr", get_bytes, "4401020304", YAO_OK, "01020304"},
    {"refuses a text as bstr", get_bytes, "6161", YAO_E_MALFORMED, ""},
    {"refuses a cut bstr", get_bytes, "440102", YAO_E_TRUNCATED, ""},
    {"refuses a bstr of 2^64 - 1", get_bytes, "5bffffffffffffffff00",
     YAO_E_TRUNCATED, ""},
    {"refuses an indefinite bstr", get_bytes, "5f4100ff", YAO_E_MALFORMED, ""},

    {"accepts an empty text", get_text, "60", YAO_OK, ""},
    {"accepts text", get_text, "63e6b0b4", YAO_OK, "\xe6\xb0\xb4"},
    {"refuses a bstr as text", get_text, "4161", YAO_E_MALFORMED, ""},
    {"refuses text that is not UTF-8", get_text, "61ff", YAO_E_UTF8, ""},
    {"refuses text cut inside of a letter", get_text, "62e6b0", YAO_E_UTF8, ""},
    {"refuses cut text", get_text, "6261", YAO_E_TRUNCATED, ""},

    {"accepts true", get_bool, "f5", YAO_OK, "true"},
    {"accepts false", get_bool, "f4", YAO_OK, "false"},
    {"refuses null as bool", get_bool, "f6", YAO_E_MALFORMED, "false"},
    {"refuses 1 as bool", get_bool, "01", YAO_E_MALFORMED, "false"},
    {"refuses true in two bytes", get_bool, "f815", YAO_E_MALFORMED, "false"},
    {"refuses nothing as bool", get_bool, "", YAO_E_TRUNCATED, "false"},
    {"accepts null", get_null, "f6", YAO_OK, ""},
    {"refuses undefined as null", get_null, "f7", YAO_E_MALFORMED, ""},
    {"refuses false as null", get_null, "f4", YAO_E_MALFORMED, ""},
    {"refuses nothing as null", get_null, "", YAO_E_TRUNCATED, ""},

    {"accepts an array of two", get_two, "820120", YAO_OK, "1,-1"},
    {"refuses an array of one for two", get_two, "8101", YAO_E_MALFORMED,
     "0,0"},
    {"refuses an array of three for two", get_two, "83010101", YAO_E_MALFORMED,
     "0,0"},
    {"refuses a map for an array", get_two, "a10101", YAO_E_MALFORMED, "0,0"},
    {"refuses an array that is cut", get_two, "8201", YAO_E_TRUNCATED, "0,0"},
    {"refuses an array whose item is another", get_two, "8201f6",
     YAO_E_MALFORMED, "1,0"},
    {"accepts an array of any number", get_items, "83010203", YAO_OK, "123"},
    {"accepts an empty array", get_items, "80", YAO_OK, ""},
    {"refuses an array of 2^64 - 1", get_items, "9bffffffffffffffff0000",
     YAO_E_TRUNCATED, ""},
    {"refuses an array of 2^63", get_items, "9b80000000000000000000",
     YAO_E_TRUNCATED, ""},
    {"refuses an array of 2^32 - 1", get_items, "9affffffff0000",
     YAO_E_TRUNCATED, ""},
    {"refuses an indefinite array", get_items, "9f01ff", YAO_E_MALFORMED, ""},
    {"accepts a map", get_map, "a201020304", YAO_OK, "1=2;3=4;"},
    {"refuses an array for a map", get_map, "8101", YAO_E_MALFORMED, ""},
    {"refuses a map of 2^64 - 1", get_map, "bbffffffffffffffff0000",
     YAO_E_TRUNCATED, ""},
    {"refuses a map of 2^63", get_map, "bb80000000000000000000",
     YAO_E_TRUNCATED, ""},
    {"refuses a map with a key only", get_map, "a101", YAO_E_TRUNCATED, ""},
    {"refuses an indefinite map", get_map, "bf0101ff", YAO_E_MALFORMED, ""},

    {"accepts the tag that was asked for", get_tag_5, "c501", YAO_OK, "1"},
    {"refuses another tag", get_tag_5, "c601", YAO_E_MALFORMED, "0"},
    {"refuses the lack of a tag", get_tag_5, "01", YAO_E_MALFORMED, "0"},
    {"refuses a longer tag", get_tag_5, "d80501", YAO_E_NOT_SHORTEST, "0"},
    {"refuses a tag of nothing", get_tag_5, "c5", YAO_E_TRUNCATED, "0"},
    {"accepts any tag", get_any_tag, "d903ec01", YAO_OK, "1004:1"},

    {"accepts anything whole", get_any, "8201a10203", YAO_OK, "8201a10203"},
    {"refuses anything that is cut", get_any, "8201a102", YAO_E_TRUNCATED, ""},
    {"refuses equal keys in anything", get_any, "a201020102", YAO_E_DUPLICATE,
     ""},
    {"refuses a longer head in anything", get_any, "811800",
     YAO_E_NOT_SHORTEST, ""},
    {"refuses a break as anything", get_any, "ff", YAO_E_MALFORMED, ""},
    {"refuses false UTF-8 in anything", get_any, "8161ff", YAO_E_UTF8, ""},
    {"refuses anything too deep", get_any,
     "8181818181818181818181818181818181 00", YAO_E_LIMIT, ""},

    {"accepts a wrapped item", get_wrapped, "d81843820102", YAO_OK,
     "d81843820102/820102"},
    {"accepts a wrapped nothing", get_wrapped, "d81840", YAO_OK, "d81840/"},
    {"refuses a bstr that is not wrapped", get_wrapped, "43820102",
     YAO_E_MALFORMED, "/"},
    {"refuses a wrapped text", get_wrapped, "d8186161", YAO_E_MALFORMED, "/"},
    {"refuses another tag around a bstr", get_wrapped, "d8194101",
     YAO_E_MALFORMED, "/"},
    {"refuses a cut wrapped item", get_wrapped, "d818438201", YAO_E_TRUNCATED,
     "/"},

    /* misuse N020 */
    {"accepts a tdate", get_tdate,
     "c074313937302d30312d30325430303a30303a30315a", YAO_OK, "86401"},
    {"refuses a tdate without tag", get_tdate,
     "74313937302d30312d30325430303a30303a30315a", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"refuses seconds since 1970", get_tdate, "c100", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"refuses a number as tdate", get_tdate, "c000", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"refuses month 13", get_tdate,
     "c074323032362d31332d34305430303a30303a30305a", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"refuses a fraction", get_tdate,
     "c0767832303236" "2d30312d30325430303a30303a30302e305a", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"refuses an offset", get_tdate,
     "c07819323032362d30312d30325430303a30303a30302b30323a3030",
     YAO_E_MALFORMED, "-9223372036854775808"},
    {"refuses the year 10000", get_tdate,
     "c07531303030302d30312d30325430303a30303a30305a", YAO_E_MALFORMED,
     "-9223372036854775808"},
    {"accepts a full-date", get_full_date, "d903ec6a323032342d30322d3239",
     YAO_OK, "20240229"},
    {"refuses a day that is none", get_full_date,
     "d903ec6a323032332d30322d3239", YAO_E_MALFORMED, "0"},
    {"refuses a full-date without tag", get_full_date,
     "6a323032342d30322d3239", YAO_E_MALFORMED, "0"},
};

static yao_status run(const struct get *row, yao_cbor_reader *r, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(test_arena());

    row->get(r, &w);
    assert_status(yao_writer_keep(&w, test_arena(), ret), YAO_OK);
    return yao_cbor_close(r);
}

static void get(void **state)
{
    const struct get *row   = *state;
    yao_bytes         input = test_unhex(row->hex);
    yao_cbor_reader   r     = yao_cbor_open(input);
    yao_bytes         told;

    assert_status(run(row, &r, &told), row->want);
    assert_bytes(told, yao_text_bytes(yao_text_of(row->gives)));
    assert_false(r.longer);
    assert_int_equal(r.offset, input.len - r.rest.len);
    if (row->want == YAO_OK)
        assert_int_equal(r.offset, input.len);
}

/* A foreign reader agrees, except that a longer head is noted only. */
static void get_foreign(void **state)
{
    const struct get *row = *state;
    yao_cbor_reader   r   = yao_cbor_open_foreign(test_unhex(row->hex));
    yao_bytes         told;
    yao_status        got = run(row, &r, &told);

    if (row->want == YAO_E_NOT_SHORTEST) {
        assert_status(got, YAO_OK);
        assert_true(r.longer);
        return;
    }
    assert_status(got, row->want);
    assert_bytes(told, yao_text_bytes(yao_text_of(row->gives)));
    assert_false(r.longer);
}

static yao_status read_row(yao_bytes input, void *context)
{
    yao_cbor_reader r = yao_cbor_open(input);
    yao_bytes       told;

    return run(context, &r, &told);
}

static void prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(gets); i++)
        if (gets[i].want == YAO_OK) {
            struct get row = gets[i];

            test_every_prefix(read_row, test_unhex(row.hex), &row);
        }
}

/* ---- what comes next ---- */

static const struct peek {
    const char   *name;
    const char   *hex;
    yao_cbor_kind want;
} peeks[] = {
    {"gives the end", "", YAO_CBOR_END},
    {"gives a uint", "00", YAO_CBOR_UINT},
    {"gives a nint", "3903e7", YAO_CBOR_NINT},
    {"gives a bstr", "40", YAO_CBOR_BYTES},
    {"gives a text", "60", YAO_CBOR_TEXT},
    {"gives an array", "80", YAO_CBOR_ARRAY},
    {"gives a map", "a0", YAO_CBOR_MAP},
    {"gives a tag", "d81840", YAO_CBOR_TAG},
    {"gives false", "f4", YAO_CBOR_BOOL},
    {"gives true", "f5", YAO_CBOR_BOOL},
    {"gives null", "f6", YAO_CBOR_NULL},
    {"gives undefined", "f7", YAO_CBOR_OTHER},
    {"gives a simple value", "f0", YAO_CBOR_OTHER},
    {"gives a float", "f93c00", YAO_CBOR_OTHER},
};

static void peek(void **state)
{
    const struct peek *row   = *state;
    yao_bytes          input = test_unhex(row->hex);
    yao_cbor_reader    r     = yao_cbor_open(input);

    assert_int_equal(yao_cbor_peek(&r), row->want);
    assert_int_equal(r.rest.len, input.len);
    assert_int_equal(r.offset, 0);
    yao_cbor_fail(&r, YAO_E_VALUE);
    assert_int_equal(yao_cbor_peek(&r), YAO_CBOR_END);
}

/* ---- the first failure stays ---- */

static void sticky(void **state)
{
    yao_bytes       input = test_unhex("83 01 f6 02");
    yao_cbor_reader r     = yao_cbor_open(input);

    (void)state;
    assert_int_equal(yao_cbor_get_items(&r), 3);
    assert_int_equal(yao_cbor_get_uint(&r), 1);
    assert_int_equal(yao_cbor_get_uint(&r), 0);
    assert_int_equal(r.offset, 2);
    for (size_t i = 0; i < COUNT(gets); i++) {
        yao_writer w = yao_writer_count();

        gets[i].get(&r, &w);
        yao_cbor_fail(&r, YAO_E_VALUE);
        assert_status(yao_cbor_close(&r), YAO_E_MALFORMED);
        assert_int_equal(r.offset, 2);
    }
    assert_null(yao_cbor_get_bytes(&r).ptr);
    assert_null(yao_cbor_get_text(&r).ptr);
    assert_null(yao_cbor_get_any(&r).ptr);
    assert_null(yao_cbor_get_wrapped(&r).whole.ptr);
    assert_null(yao_cbor_get_wrapped(&r).inner.ptr);
    assert_false(yao_cbor_get_bool(&r));
}

static void fail_with_ok(void **state)
{
    yao_cbor_reader r = yao_cbor_open(test_unhex("00"));

    (void)state;
    yao_cbor_fail(&r, YAO_OK);
    assert_int_equal(yao_cbor_get_uint(&r), 0);
    assert_status(yao_cbor_close(&r), YAO_OK);
}

/* Where a failure was met, for a message to people. */
static const struct where {
    const char *name;
    const char *hex;
    size_t      offset;
} wheres[] = {
    {"gives the item that is cut", "83 01 02 18", 3},
    {"gives the head that is longer", "82 00 1800", 2},
    {"gives the text that is not UTF-8", "82 00 62ffff", 2},
    {"gives the second of equal keys", "a3 01f6 02f6 01f6", 5},
    {"gives the array that is too deep", "8181818181818181818181818181818181"
     "00", 16},
};

static void where(void **state)
{
    const struct where *row = *state;
    yao_cbor_reader     r   = yao_cbor_open(test_unhex(row->hex));

    (void)yao_cbor_get_any(&r);
    assert_int_not_equal(r.status, YAO_OK);
    assert_int_equal(r.offset, row->offset);
}

/* ---- limits ---- */

static void counts(void **state)
{
    static uint8_t zeros[3 + 2 * (YAO_MAX_CBOR_ITEMS + 1)];

    (void)state;
    for (uint64_t extra = 0; extra < 2; extra++) {
        yao_status want = extra == 0 ? YAO_OK : YAO_E_LIMIT;
        yao_writer w    = yao_writer_open(zeros, sizeof zeros);

        yao_cbor_put_array(&w, YAO_MAX_CBOR_ITEMS + extra);
        yao_cbor_reader r =
            yao_cbor_open((yao_bytes){zeros, sizeof zeros});
        assert_int_equal(yao_cbor_get_items(&r),
                         extra == 0 ? YAO_MAX_CBOR_ITEMS : 0);
        assert_status(r.status, want);

        r = yao_cbor_open((yao_bytes){zeros, sizeof zeros});
        yao_cbor_get_array(&r, YAO_MAX_CBOR_ITEMS + extra);
        assert_status(r.status, want);

        w = yao_writer_open(zeros, sizeof zeros);
        yao_cbor_put_map(&w, YAO_MAX_MAP_ENTRIES + extra);
        r = yao_cbor_open((yao_bytes){zeros, sizeof zeros});
        assert_int_equal(yao_cbor_get_map(&r),
                         extra == 0 ? YAO_MAX_MAP_ENTRIES : 0);
        assert_status(r.status, want);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(gets); i++)
        test_add("strict", gets[i].name, get, &gets[i]);
    for (size_t i = 0; i < COUNT(gets); i++)
        test_add("foreign", gets[i].name, get_foreign, &gets[i]);
    for (size_t i = 0; i < COUNT(peeks); i++)
        test_add("peek", peeks[i].name, peek, &peeks[i]);
    for (size_t i = 0; i < COUNT(wheres); i++)
        test_add("offset", wheres[i].name, where, &wheres[i]);
    test_add("reader", "never goes on after a failure", sticky, NULL);
    test_add("reader", "accepts success as no failure", fail_with_ok, NULL);
    test_add("limits", "refuses more than there may be", counts, NULL);
    test_add("sweep", "refuses every prefix", prefixes, NULL);
    return test_run("cbor/read");
}
