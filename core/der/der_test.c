/* SPDX-License-Identifier: Apache-2.0 */
#include "der/der.h"

#include "check.h"

/* ---- one element of any type ---- */

static const struct {
    const char *name;
    const char *hex;
    yao_status  want;
} elements[] = {
    {"accepts an empty sequence", "3000", YAO_OK},
    {"accepts NULL", "0500", YAO_OK},
    {"accepts a length of 127 in one byte", NULL, YAO_OK},
    {"accepts a length of 128 in two bytes", NULL, YAO_OK},
    {"accepts a length of 256 in three bytes", NULL, YAO_OK},
    {"accepts a context tag, primitive", "8001ff", YAO_OK},
    {"accepts a context tag, constructed", "a0020500", YAO_OK},
    {"refuses nothing at all", "", YAO_E_TRUNCATED},
    {"refuses a tag alone", "30", YAO_E_TRUNCATED},
    {"refuses a content that is too short", "30020500ff", YAO_E_TRAILING},
    {"refuses a content that ends early", "040301", YAO_E_TRUNCATED},
    {"refuses a length that ends early", "0482", YAO_E_TRUNCATED},
    {"refuses a length of 127 in two bytes", "04817f", YAO_E_NOT_SHORTEST},
    {"refuses a length of 255 in three bytes", "048200ff", YAO_E_NOT_SHORTEST},
    {"refuses a length of zero in five bytes", "048400000000",
     YAO_E_NOT_SHORTEST},
    {"refuses a length of 2^32 - 1", "0484ffffffff", YAO_E_TRUNCATED},
    {"refuses a length of 2^40", "0486010000000000", YAO_E_TRUNCATED},
    {"refuses a length of 126 bytes, all there", NULL, YAO_E_TRUNCATED},
    {"refuses the reserved length ff", "04ff00", YAO_E_MALFORMED},
    {"refuses an indefinite length", "30800000", YAO_E_MALFORMED},
    {"refuses a tag above 30", "1f2000", YAO_E_MALFORMED},
    {"refuses the end-of-contents tag", "0000", YAO_E_MALFORMED},
    {"refuses a primitive sequence", "1000", YAO_E_MALFORMED},
    {"refuses a primitive set", "1100", YAO_E_MALFORMED},
    {"refuses a constructed octet string", "2400", YAO_E_MALFORMED},
    {"refuses a constructed bit string", "2303030100", YAO_E_MALFORMED},
    {"refuses a byte after the element", "050000", YAO_E_TRAILING},

    {"accepts TRUE", "0101ff", YAO_OK},
    {"accepts FALSE", "010100", YAO_OK},
    {"refuses TRUE as 01", "010101", YAO_E_MALFORMED},
    {"refuses an empty BOOLEAN", "0100", YAO_E_MALFORMED},
    {"refuses a BOOLEAN of two bytes", "0102ffff", YAO_E_MALFORMED},
    {"refuses a NULL with content", "050100", YAO_E_MALFORMED},

    {"accepts 0", "020100", YAO_OK},
    {"accepts 128 with its sign byte", "02020080", YAO_OK},
    {"accepts -128", "020180", YAO_OK},
    {"accepts -129", "0202ff7f", YAO_OK},
    {"refuses 127 with a sign byte", "0202007f", YAO_E_NOT_SHORTEST},
    {"refuses -128 with a sign byte", "0202ff80", YAO_E_NOT_SHORTEST},
    {"refuses an INTEGER without content", "0200", YAO_E_MALFORMED},

    {"accepts an empty BIT STRING", "030100", YAO_OK},
    {"accepts a BIT STRING of one bit", "03020780", YAO_OK},
    {"refuses a BIT STRING without content", "0300", YAO_E_MALFORMED},
    {"refuses eight unused bits", "03020800", YAO_E_MALFORMED},
    {"refuses unused bits of nothing", "030101", YAO_E_MALFORMED},
    {"refuses unused bits that are set", "03020781", YAO_E_MALFORMED},

    {"accepts an OID", "06052b81040022", YAO_OK},
    {"refuses an empty OID", "0600", YAO_E_MALFORMED},
    {"refuses an OID whose last number goes on", "06022b81", YAO_E_MALFORMED},
    {"refuses an OID with a leading zero digit", "06032b8001",
     YAO_E_NOT_SHORTEST},
    {"refuses an OID that begins with 80", "06028001", YAO_E_NOT_SHORTEST},
};

static yao_bytes of_len(size_t len)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    size_t     mark = yao_der_begin(&w, YAO_DER_OCTETS);

    for (size_t i = 0; i < len; i++)
        yao_put_byte(&w, 0x5a);
    yao_der_end(&w, mark);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes element_bytes(size_t i)
{
    if (elements[i].hex != NULL)
        return test_unhex(elements[i].hex);
    if (elements[i].want != YAO_OK) {
        uint8_t *out = yao_arena_take(test_arena(), 130);
        memset(out, 0x01, 130);
        out[0] = YAO_DER_OCTETS;
        out[1] = 0x80 | 126;
        return (yao_bytes){out, 130};
    }
    return of_len(strstr(elements[i].name, "127") != NULL   ? 127
                  : strstr(elements[i].name, "128") != NULL ? 128
                                                            : 256);
}

static yao_status walk(yao_bytes input, void *context)
{
    yao_der_reader r = yao_der_open(input);

    (void)context;
    yao_der_get_any(&r);
    return yao_der_close(&r);
}

static void element(void **state)
{
    size_t    i     = (size_t)((uintptr_t)*state - 1);
    yao_bytes input = element_bytes(i);

    assert_status(walk(input, NULL), elements[i].want);
    if (elements[i].want == YAO_OK)
        test_every_prefix(walk, input, NULL);
}

static void lengths(void **state)
{
    static const size_t edges[] = {0,   1,   127,   128,   255,
                                   256, 257, 65535, 65536, 70000};
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++) {
        yao_bytes    input = of_len(edges[i]);
        size_t       head  = edges[i] < 128     ? 2
                             : edges[i] < 256   ? 3
                             : edges[i] < 65536 ? 4
                                                : 5;
        yao_der_reader r    = yao_der_open(input);
        yao_der_item   item = yao_der_get_any(&r);

        assert_int_equal(input.len, edges[i] + head);
        assert_status(yao_der_close(&r), YAO_OK);
        assert_int_equal(item.tag, YAO_DER_OCTETS);
        assert_int_equal(item.content.len, edges[i]);
        assert_bytes(item.whole, input);
        assert_int_equal(r.offset, input.len);
    }
}

/* ---- typed reads ---- */

static void typed(void **state)
{
    yao_bytes input =
        test_unhex("3017 0101ff 020107 03020780 030200aa 0c0161 02047fffffff");
    yao_der_reader r      = yao_der_open(input);
    yao_der_reader seq    = yao_der_enter(&r, YAO_DER_SEQUENCE);
    uint8_t        unused = 0;

    (void)state;
    assert_int_equal(yao_der_peek(&seq), YAO_DER_BOOLEAN);
    assert_true(yao_der_get_bool(&seq));
    assert_int_equal(yao_der_get_small(&seq), 7);
    assert_bytes(yao_der_get_bits(&seq, &unused), YAO_LIT("\x80"));
    assert_int_equal(unused, 7);
    assert_bytes(yao_der_get_bits(&seq, NULL), YAO_LIT("\xaa"));
    assert_bytes(yao_der_get(&seq, YAO_DER_UTF8), YAO_LIT("a"));
    assert_int_equal(yao_der_get_small(&seq), INT32_MAX);
    assert_int_equal(yao_der_peek(&seq), 0);
    yao_der_leave(&r, &seq);
    assert_status(yao_der_close(&r), YAO_OK);
}

static void offsets(void **state)
{
    yao_bytes      input = test_unhex("3008 0500 3004 0500 0201");
    yao_der_reader r     = yao_der_open(input);
    yao_der_reader outer = yao_der_enter(&r, YAO_DER_SEQUENCE);

    (void)state;
    yao_der_get(&outer, YAO_DER_NULL);
    yao_der_reader inner = yao_der_enter(&outer, YAO_DER_SEQUENCE);
    yao_der_get(&inner, YAO_DER_NULL);
    yao_der_get(&inner, YAO_DER_INTEGER);
    yao_der_leave(&outer, &inner);
    yao_der_leave(&r, &outer);
    assert_status(yao_der_close(&r), YAO_E_TRUNCATED);
    assert_int_equal(r.offset, 8);
}

static void sticky(void **state)
{
    yao_der_reader r = yao_der_open(test_unhex("0500 020105"));

    (void)state;
    yao_der_get(&r, YAO_DER_OID);
    yao_der_fail(&r, YAO_E_LIMIT); /* the first failure stands */
    assert_int_equal(yao_der_get_small(&r), 0);
    assert_int_equal(yao_der_get(&r, YAO_DER_NULL).len, 0);
    assert_int_equal(yao_der_get_bits(&r, NULL).len, 0);
    assert_int_equal(yao_der_peek(&r), 0);
    assert_status(yao_der_close(&r), YAO_E_MALFORMED);
}

static yao_status small(yao_bytes input)
{
    yao_der_reader r = yao_der_open(input);

    yao_der_get_small(&r);
    return yao_der_close(&r);
}

static yao_status bits(yao_bytes input)
{
    yao_der_reader r = yao_der_open(input);

    yao_der_get_bits(&r, NULL);
    return yao_der_close(&r);
}

static yao_status inside(yao_bytes input)
{
    yao_der_reader r   = yao_der_open(input);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    yao_der_get_bool(&seq);
    yao_der_leave(&r, &seq);
    return yao_der_close(&r);
}

static const struct {
    const char *name;
    yao_status (*read)(yao_bytes input);
    const char *hex;
    yao_status  want;
} shapes[] = {
    {"accepts 2^31 - 1 as small", small, "02047fffffff", YAO_OK},
    {"refuses 2^31 as small", small, "02050080000000", YAO_E_MALFORMED},
    {"refuses a negative small number", small, "0201ff", YAO_E_MALFORMED},
    {"refuses an ENUMERATED for an INTEGER", small, "0a0101", YAO_E_MALFORMED},
    {"accepts whole bytes", bits, "030200ff", YAO_OK},
    {"refuses unused bits where none may be", bits, "030201fe",
     YAO_E_MALFORMED},
    {"accepts a sequence of what is expected", inside, "30030101ff", YAO_OK},
    {"refuses a set for a sequence", inside, "31030101ff", YAO_E_MALFORMED},
    {"refuses a sequence with one element more", inside, "30050101ff0500",
     YAO_E_TRAILING},
    {"refuses an empty sequence", inside, "3000", YAO_E_TRUNCATED},
    {"refuses an element that goes beyond its sequence", inside, "30020101ff",
     YAO_E_TRUNCATED},
};

static void shape(void **state)
{
    size_t i = (size_t)((uintptr_t)*state - 1);

    assert_status(shapes[i].read(test_unhex(shapes[i].hex)), shapes[i].want);
}

/* ---- time ---- */

static const struct {
    const char *name;
    uint8_t     tag;
    const char *text;
    yao_time    want; /* YAO_TIME_NONE: refused */
} times[] = {
    {"accepts 1970", 0x17, "700101000000Z", 0},
    {"accepts the last second of 2049", 0x17, "491231235959Z", 2524607999},
    {"accepts 2000-02-29", 0x17, "000229120000Z", 951825600},
    {"accepts 2050 in four digits", 0x18, "20500101000000Z", 2524608000},
    {"accepts the end of time", 0x18, "99991231235959Z", YAO_TIME_MAX},
    {"refuses 1969", 0x17, "691231235959Z", YAO_TIME_NONE},
    {"refuses 1950", 0x17, "500101000000Z", YAO_TIME_NONE},
    {"refuses 2049 in four digits", 0x18, "20491231235959Z", YAO_TIME_NONE},
    {"refuses a UTCTime of four digits", 0x17, "20200101000000Z",
     YAO_TIME_NONE},
    {"refuses a time without seconds", 0x17, "2001010000Z", YAO_TIME_NONE},
    {"refuses an offset", 0x17, "200101000000+0000", YAO_TIME_NONE},
    {"refuses a time without Z", 0x17, "2001010000000", YAO_TIME_NONE},
    {"refuses fractions", 0x18, "20500101000000.5Z", YAO_TIME_NONE},
    {"refuses 29 February of a common year", 0x17, "210229000000Z",
     YAO_TIME_NONE},
    {"refuses month 13", 0x17, "201301000000Z", YAO_TIME_NONE},
    {"refuses hour 24", 0x17, "200101240000Z", YAO_TIME_NONE},
    {"refuses a leap second", 0x17, "161231235960Z", YAO_TIME_NONE},
    {"refuses letters", 0x17, "20010a000000Z", YAO_TIME_NONE},
    {"refuses a year of letters", 0x17, "x00101000000Z", YAO_TIME_NONE},
    {"refuses a text that is no time", 0x0c, "200101000000Z", YAO_TIME_NONE},
    {"refuses nothing", 0x17, "", YAO_TIME_NONE},
};

static void a_time(void **state)
{
    size_t     i = (size_t)((uintptr_t)*state - 1);
    uint8_t    room[64];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_bytes  der;

    yao_der_put(&w, times[i].tag,
                yao_text_bytes(yao_text_of(times[i].text)));
    assert_status(yao_writer_close(&w, &der), YAO_OK);

    yao_der_reader r    = yao_der_open(der);
    yao_time       time = yao_der_get_time(&r);
    if (times[i].want == YAO_TIME_NONE) {
        assert_status(yao_der_close(&r), YAO_E_MALFORMED);
        return;
    }
    assert_status(yao_der_close(&r), YAO_OK);
    assert_true(time == times[i].want);

    uint8_t    again[64];
    yao_writer v = yao_writer_open(again, sizeof again);
    yao_bytes  written;
    yao_der_put_time(&v, time);
    assert_status(yao_writer_close(&v, &written), YAO_OK);
    assert_bytes(written, der);
}

static void bad_times(void **state)
{
    static const yao_time bad[] = {-1, YAO_TIME_NONE, YAO_TIME_MAX + 1,
                                   INT64_MAX};
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        yao_writer w = yao_writer_count();
        yao_bytes  out;
        yao_der_put_time(&w, bad[i]);
        assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
    }
}

/* ---- signatures ---- */

static const struct {
    const char *name;
    const char *der;
    size_t      field_len;
    yao_status  want;
    const char *raw;
} signatures[] = {
    {"accepts two small numbers", "3006020101020102", 2, YAO_OK, "00010002"},
    {"accepts numbers of full length", "3008 02027fff 02027ffe", 2, YAO_OK,
     "7fff7ffe"},
    {"accepts a sign byte", "3008 02020080 02020081", 1, YAO_OK, "8081"},
    {"accepts zero, which no key will verify", "3006020100020100", 1, YAO_OK,
     "0000"},
    {"refuses a number longer than the field", "3007 02020100 020101", 1,
     YAO_E_MALFORMED, NULL},
    {"refuses a negative number", "30060201ff020101", 2, YAO_E_MALFORMED,
     NULL},
    {"refuses a negative second number", "30060201010201ff", 2,
     YAO_E_MALFORMED, NULL},
    {"refuses a needless sign byte", "3007 02020001 020101", 2,
     YAO_E_NOT_SHORTEST, NULL},
    {"refuses a third number", "3009020101020101020101", 2, YAO_E_TRAILING,
     NULL},
    {"refuses one number", "3003020101", 2, YAO_E_TRUNCATED, NULL},
    {"refuses a byte behind", "300602010102010100", 2, YAO_E_TRAILING, NULL},
    {"refuses raw bytes", "0001", 1, YAO_E_MALFORMED, NULL},
    {"refuses a long form length", "308106020101020102", 2,
     YAO_E_NOT_SHORTEST, NULL},
};

static void signature(void **state)
{
    size_t    i   = (size_t)((uintptr_t)*state - 1);
    yao_bytes der = test_unhex(signatures[i].der);
    uint8_t   raw[8], untouched[8];

    memset(raw, 0xee, sizeof raw);
    memset(untouched, 0xee, sizeof untouched);
    assert_status(yao_der_get_signature(der, signatures[i].field_len, raw),
                  signatures[i].want);
    if (signatures[i].want != YAO_OK) {
        assert_memory_equal(raw, untouched, sizeof raw);
        return;
    }

    yao_bytes  got = {raw, 2 * signatures[i].field_len};
    uint8_t    again[32];
    yao_writer w = yao_writer_open(again, sizeof again);
    yao_bytes  written;
    assert_bytes(got, test_unhex(signatures[i].raw));
    yao_der_put_signature(&w, got);
    assert_status(yao_writer_close(&w, &written), YAO_OK);
    assert_bytes(written, der);
}

static yao_status read_signature(yao_bytes input, void *context)
{
    uint8_t raw[64];

    (void)context;
    return yao_der_get_signature(input, 32, raw);
}

static void signature_prefixes(void **state)
{
    (void)state;
    test_every_prefix(read_signature, test_unhex("3006020101020102"), NULL);
}

static void odd_signatures(void **state)
{
    yao_writer w = yao_writer_count(), v = yao_writer_count();
    yao_bytes  out;

    (void)state;
    yao_der_put_signature(&w, (yao_bytes){NULL, 0});
    assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
    yao_der_put_signature(&v, YAO_LIT("abc"));
    assert_status(yao_writer_close(&v, &out), YAO_E_USAGE);
}

/* ---- writing ---- */

static yao_status write_some(yao_writer *w, void *context)
{
    size_t outer = yao_der_begin(w, YAO_DER_SEQUENCE);
    size_t inner = yao_der_begin(w, YAO_DER_SET);

    (void)context;
    for (int i = 0; i < 50; i++)
        yao_der_put(w, YAO_DER_OCTETS, YAO_LIT("abcd"));
    yao_der_end(w, inner);
    yao_der_put_unsigned(w, YAO_LIT("\x00\x00\x80"));
    yao_der_put_time(w, 0);
    yao_der_end(w, outer);
    return w->status;
}

static void every_room(void **state)
{
    (void)state;
    test_every_room(write_some, NULL);
}

static void unsigned_numbers(void **state)
{
    static const struct {
        const char *in, *want;
    } rows[] = {{"", "020100"},         {"00", "020100"},
                {"0000", "020100"},     {"01", "020101"},
                {"7f", "02017f"},       {"80", "02020080"},
                {"000080", "02020080"}, {"ffff", "020300ffff"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t    room[16];
        yao_writer w = yao_writer_open(room, sizeof room);
        yao_bytes  out;
        yao_der_put_unsigned(&w, test_unhex(rows[i].in));
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        assert_bytes(out, test_unhex(rows[i].want));
    }
}

static void foreign_mark(void **state)
{
    yao_writer w = yao_writer_count();
    yao_bytes  out;

    (void)state;
    yao_der_end(&w, 1);
    assert_status(yao_writer_close(&w, &out), YAO_E_USAGE);
}

#define ROWS(group, table, fn)                                                 \
    for (uintptr_t i = 0; i < COUNT(table); i++)                               \
    test_add(group, table[i].name, fn, (const void *)(i + 1))

int main(void)
{
    ROWS("element", elements, element);
    test_add("element", "gives every length its shortest form", lengths, NULL);
    test_add("typed", "gives the values in their order", typed, NULL);
    test_add("typed", "gives the offset at which it failed", offsets, NULL);
    test_add("typed", "never reads on after a failure", sticky, NULL);
    ROWS("shape", shapes, shape);
    ROWS("time", times, a_time);
    test_add("time", "refuses to write before 1970 and after 9999", bad_times,
             NULL);
    ROWS("signature", signatures, signature);
    test_add("signature", "refuses every prefix", signature_prefixes, NULL);
    test_add("signature", "refuses to write halves that differ",
             odd_signatures, NULL);
    test_add("write", "never overruns, whatever the room", every_room, NULL);
    test_add("write", "gives unsigned numbers their shortest form",
             unsigned_numbers, NULL);
    test_add("write", "refuses to end what did not begin", foreign_mark, NULL);
    return test_run("der/der");
}
