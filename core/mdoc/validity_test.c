/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "mdoc/parts.h"

#define DATE(s) "\xc0\x74" s
#define MAP3    "\xa3"
#define MAP4    "\xa4"
#define SIGNED  "\x66" "signed"
#define FROM    "\x69" "validFrom"
#define UNTIL   "\x6a" "validUntil"
#define UPDATE  "\x6e" "expectedUpdate"

#define REST                                                                   \
    FROM DATE("2026-01-01T00:00:00Z") UNTIL DATE("2027-01-01T00:00:00Z")
#define GOOD MAP3 SIGNED DATE("2026-01-01T00:00:00Z") REST
#define ONE(date) YAO_INIT(MAP3 SIGNED date REST)

typedef struct shape {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} shape;

/* One row per sentence of 18013-5 9.1.2.4, and one per way to break it. */
static const shape shapes[] = {
    {"accepts the three required dates", YAO_INIT(GOOD), YAO_OK},
    {"accepts another order",
     YAO_INIT(MAP3 REST SIGNED DATE("2026-01-01T00:00:00Z")), YAO_OK},
    {"accepts an expected update",
     YAO_INIT(MAP4 SIGNED DATE("2026-01-01T00:00:00Z") REST UPDATE
              DATE("2026-06-01T00:00:00Z")), YAO_OK},
    {"accepts a key of a later edition",
     YAO_INIT(MAP4 SIGNED DATE("2026-01-01T00:00:00Z") REST "\x61x\xf6"),
     YAO_OK},
    {"refuses nothing at all", YAO_INIT(""), YAO_E_TRUNCATED},
    {"refuses an empty map", YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses an array", YAO_INIT("\x80"), YAO_E_MALFORMED},
    {"refuses a byte after the map", YAO_INIT(GOOD "\x00"), YAO_E_TRAILING},
    {"refuses a missing validUntil",
     YAO_INIT("\xa2" SIGNED DATE("2026-01-01T00:00:00Z") FROM
              DATE("2026-01-01T00:00:00Z")), YAO_E_MALFORMED},
    {"refuses a repeated key",
     YAO_INIT(MAP4 SIGNED DATE("2026-01-01T00:00:00Z") SIGNED
              DATE("2026-01-01T00:00:00Z") REST), YAO_E_DUPLICATE},
    {"refuses a repeated unknown key",
     YAO_INIT("\xa5" SIGNED DATE("2026-01-01T00:00:00Z") REST
              "\x61x\xf6\x61x\xf6"), YAO_E_DUPLICATE},
    {"refuses a key that is no text",
     YAO_INIT(MAP4 "\x01\xf6" SIGNED DATE("2026-01-01T00:00:00Z") REST),
     YAO_E_MALFORMED},
    {"refuses a date without its tag (N020)",
     ONE("\x74" "2026-01-01T00:00:00Z"), YAO_E_MALFORMED},
    {"refuses month 13 (N020)", ONE(DATE("2026-13-40T00:00:00Z")),
     YAO_E_MALFORMED},
    {"refuses 29 February of a common year (N020)",
     ONE(DATE("2026-02-29T00:00:00Z")), YAO_E_MALFORMED},
    {"refuses a fraction (N020)",
     ONE("\xc0\x76" "2026-01-01T00:00:00.0Z"), YAO_E_MALFORMED},
    {"refuses an offset other than Z (N020)",
     ONE("\xc0\x78\x19" "2026-01-01T00:00:00+02:00"), YAO_E_MALFORMED},
    {"refuses the year 10000 (N020)",
     ONE("\xc0\x75" "10000-01-01T00:00:00Z"), YAO_E_MALFORMED},
    {"refuses an epoch time (N020)", ONE("\xc1\x1a\x65\x00\x00\x00"),
     YAO_E_MALFORMED},
    {"refuses a number under tag 0 (N020)", ONE("\xc0\x1a\x65\x00\x00\x00"),
     YAO_E_MALFORMED},
    {"refuses an indefinite-length map", YAO_INIT("\xbf\xff"),
     YAO_E_MALFORMED},
};

static yao_status read(yao_bytes input, void *context)
{
    yao_cbor_reader   r = yao_cbor_open(input);
    yao_mdoc_validity v;

    yao_mdoc_get_validity(&r, context != NULL ? context : &v);
    return yao_cbor_close(&r);
}

static void shape_row(void **state)
{
    const shape      *row = *state;
    yao_mdoc_validity v = {1, 2, 3, 4};

    assert_status(read(row->input, &v), row->want);
    if (row->want == YAO_OK)
        assert_int_equal(v.valid_until, 1798761600); /* date -ud 2027-01-01 */
    else if (row->want != YAO_E_TRAILING)
        assert_int_equal(v.valid_until, 3);
}

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(read, YAO_LIT(GOOD), NULL);
}

/* Seventeen keys nobody knows: one above the limit. */
static void unknown_keys(void **state)
{
    uint8_t    out[256];
    yao_bytes  bytes;

    (void)state;
    for (uint64_t others = 16; others <= 17; others++) {
        yao_writer w = yao_writer_open(out, sizeof out);

        yao_cbor_put_map(&w, 3 + others);
        yao_put_bytes(&w, YAO_LIT(SIGNED DATE("2026-01-01T00:00:00Z") REST));
        for (uint64_t i = 0; i < others; i++) {
            yao_cbor_put_text(&w, (yao_text){(const uint8_t *)
                                             "abcdefghijklmnopq" + i, 1});
            yao_cbor_put_null(&w);
        }
        assert_status(yao_writer_close(&w, &bytes), YAO_OK);
        assert_status(read(bytes, NULL), others == 16 ? YAO_OK : YAO_E_LIMIT);
    }
}

typedef struct moment {
    const char       *name;
    yao_mdoc_validity v;
    yao_time          now, skew;
    yao_status        want;
} moment;

#define DATES {1000, 1000, 2000, YAO_TIME_NONE}

static const moment moments[] = {
    {"accepts the first second", DATES, 1000, 0, YAO_OK},
    {"accepts the last second (N029)", DATES, 2000, 0, YAO_OK},
    {"refuses one second early", DATES, 999, 0, YAO_E_NOT_YET_VALID},
    {"refuses one second late (N029)", DATES, 2001, 0, YAO_E_EXPIRED},
    {"forgives 60 s at the end", DATES, 2060, 60, YAO_OK},
    {"forgives no 61 s at the end", DATES, 2061, 60, YAO_E_EXPIRED},
    {"forgives 60 s at the beginning", DATES, 940, 60, YAO_OK},
    {"forgives no 61 s at the beginning (N030)", DATES, 939, 60,
     YAO_E_NOT_YET_VALID},
    {"refuses validFrom before signed (N031)",
     {1001, 1000, 2000, YAO_TIME_NONE}, 1500, 0, YAO_E_VALUE},
    {"refuses validUntil before validFrom (N031)",
     {1000, 1500, 1499, YAO_TIME_NONE}, 1500, 0, YAO_E_VALUE},
    {"refuses validUntil at validFrom (N031)",
     {1000, 1500, 1500, YAO_TIME_NONE}, 1500, 0, YAO_E_VALUE},
    {"refuses a negative skew", DATES, 1500, -1, YAO_E_USAGE},
    {"refuses a skew above one day", DATES, 1500, 86401, YAO_E_USAGE},
    {"refuses a moment before 1970", DATES, -1, 0, YAO_E_USAGE},
    {"refuses a moment after 9999", DATES, YAO_TIME_MAX + 1, 0, YAO_E_USAGE},
    {"refuses the end of time", DATES, INT64_MAX, 86400, YAO_E_USAGE},
    {"refuses an expired document at the end of 9999", DATES, YAO_TIME_MAX,
     86400, YAO_E_EXPIRED},
};

static void moment_row(void **state)
{
    const moment *row = *state;

    assert_status(yao_mdoc_check_validity(&row->v, row->now, row->skew),
                  row->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("get_validity", shapes[i].name, shape_row, &shapes[i]);
    test_add("get_validity", "refuses every proper prefix", prefixes, NULL);
    test_add("get_validity", "refuses more than 16 unknown keys", unknown_keys,
             NULL);
    for (size_t i = 0; i < COUNT(moments); i++)
        test_add("check_validity", moments[i].name, moment_row, &moments[i]);
    return test_run("mdoc/validity");
}
