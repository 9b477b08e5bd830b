/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cwt.h"

#include "token.h"

#define EXP "041a6b49d200"

static const struct shape {
    const char *name;
    const char *hex;
    yao_status  strict, foreign;
} shapes[] = {
    {"accepts no claims", "a0", YAO_OK, YAO_OK},
    {"accepts each claim that is read",
     "a5 016169 026173 " EXP " 0500 0601", YAO_OK, YAO_OK},
    {"accepts claims in another order", "a2 0601 0500", YAO_OK, YAO_OK},
    {"accepts claims that are not ours",
     "a4 036161 0741ff 19ffff a0 6161 f4", YAO_OK, YAO_OK},
    {"accepts a private claim below zero", "a1 3a00010000 80", YAO_OK, YAO_OK},
    {"accepts the first second", "a1 0400", YAO_OK, YAO_OK},
    {"accepts the last second", "a1 04 1b0000003afff4417f", YAO_OK, YAO_OK},
    {"accepts a longer head of foreign software only", "a1 18040a",
     YAO_E_NOT_SHORTEST, YAO_OK},

    {"refuses nothing", "", YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses an array", "80", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses bytes after them", "a000", YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses the tag of a CWT", "d83da0", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses one second more than the last", "a1 04 1b0000003afff44180",
     YAO_E_VALUE, YAO_E_VALUE},
    {"refuses the largest number as a date", "a1 05 1bffffffffffffffff",
     YAO_E_VALUE, YAO_E_VALUE},
    {"refuses a date before 1970", "a1 0420", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a date with a fraction", "a1 04 fb41d5c3a900000000",
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a date with a tag", "a1 04 c11a6b49d200", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses a date of text", "a1 06 6131", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a date of null", "a1 04 f6", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses an issuer of bytes", "a1 01 4169", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses an empty issuer", "a1 01 60", YAO_E_VALUE, YAO_E_VALUE},
    {"refuses an empty subject", "a1 02 60", YAO_E_VALUE, YAO_E_VALUE},
    {"refuses a subject that is not UTF-8", "a1 02 61ff", YAO_E_UTF8,
     YAO_E_UTF8},
    {"refuses exp twice", "a2 0401 0402", YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses exp twice with other heads", "a2 0401 180402", YAO_E_NOT_SHORTEST,
     YAO_E_DUPLICATE},
    {"refuses a foreign claim twice", "a2 19ffff01 19ffff01", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses a named claim twice", "a2 616101 616102", YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},
    {"refuses equal keys inside of a claim", "a1 08 a2 0101 0102",
     YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses a claim of bytes", "a1 4101 00", YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses a claim that is cut", "a1 04", YAO_E_TRUNCATED, YAO_E_TRUNCATED},
};

static void case_shape(void **state)
{
    const struct shape *row   = *state;
    yao_bytes           input = test_unhex(row->hex);
    yao_cwt             claims, before;

    memset(&claims, 0xa5, sizeof claims);
    before = claims;
    assert_status(yao_cwt_read(input, false, &claims), row->strict);
    if (row->strict != YAO_OK)
        assert_memory_equal(&claims, &before, sizeof claims);
    assert_status(yao_cwt_read(input, true, &claims), row->foreign);
}

static void places(void **state)
{
    yao_cwt claims;

    (void)state;
    assert_status(yao_cwt_read(test_unhex("a6 016169 0262 7375" EXP
                                          "0501 0602 616904"),
                               false, &claims),
                  YAO_OK);
    assert_bytes(yao_text_bytes(claims.issuer), YAO_LIT("i"));
    assert_bytes(yao_text_bytes(claims.subject), YAO_LIT("su"));
    assert_int_equal(claims.expires, 1800000000);
    assert_int_equal(claims.not_before, 1);
    assert_int_equal(claims.issued_at, 2);
    assert_bytes(yao_cwt_get(&claims, 2), test_unhex("627375"));
    assert_null(yao_cwt_get(&claims, 3).ptr);

    assert_status(yao_cwt_read(test_unhex("a2 19ffff a10102 3903e8 80"), false,
                               &claims),
                  YAO_OK);
    assert_null(claims.issuer.ptr);
    assert_null(claims.subject.ptr);
    assert_int_equal(claims.expires, YAO_TIME_NONE);
    assert_int_equal(claims.not_before, YAO_TIME_NONE);
    assert_int_equal(claims.issued_at, YAO_TIME_NONE);
    assert_bytes(yao_cwt_get(&claims, 65535), test_unhex("a10102"));
    assert_bytes(yao_cwt_get(&claims, -1001), test_unhex("80"));
    assert_null(yao_cwt_get(&claims, 1).ptr);

    assert_status(yao_cwt_read(test_unhex("a2 616101 0002"), false, &claims),
                  YAO_OK);
    assert_bytes(yao_cwt_get(&claims, 0), test_unhex("02"));
    assert_status(yao_cwt_read(test_unhex("a1 616101"), false, &claims),
                  YAO_OK);
    assert_null(yao_cwt_get(&claims, 0).ptr); /* a name is no number */
}

static void many(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  input;
    yao_cwt    claims;

    (void)state;
    for (uint64_t count = YAO_MAX_COSE_LABELS;
         count <= YAO_MAX_COSE_LABELS + 1; count++) {
        w = yao_writer_in(test_arena());
        yao_cbor_put_map(&w, count);
        for (uint64_t i = 0; i < count; i++) {
            yao_cbor_put_uint(&w, 100 + i);
            yao_cbor_put_null(&w);
        }
        assert_status(yao_writer_keep(&w, test_arena(), &input), YAO_OK);
        assert_status(yao_cwt_read(input, false, &claims),
                      count == YAO_MAX_COSE_LABELS ? YAO_OK : YAO_E_LIMIT);
    }
}

static yao_status read_strictly(yao_bytes input, void *context)
{
    yao_cwt claims;

    (void)context;
    return yao_cwt_read(input, false, &claims);
}

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(read_strictly,
                      test_unhex("a5 016169 026173 " EXP " 0500 19ffff a10102"),
                      NULL);
}

/* RFC 8392 appendix A.3, of the COSE working group's examples. */
static void published(void **state)
{
    yao_text         hex;
    yao_writer       w;
    yao_bytes        whole;
    yao_cose_message message;
    yao_cwt          claims;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *output = yao_json_get(
        test_json(test_vector("cose-wg-examples/CWT/A_3.json")), "output");
    assert_status(yao_json_string(yao_json_get(output, "cbor"), test_arena(),
                                  &hex),
                  YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(yao_get_hex(yao_text_bytes(hex), &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &whole), YAO_OK);

    assert_status(yao_cose_read_message(whole, YAO_COSE_TAG_SIGN1, false,
                                        &message),
                  YAO_OK);
    assert_status(yao_cwt_read(message.payload, false, &claims), YAO_OK);
    assert_bytes(yao_text_bytes(claims.issuer),
                 YAO_LIT("coap://as.example.com"));
    assert_bytes(yao_text_bytes(claims.subject), YAO_LIT("erikw"));
    assert_int_equal(claims.expires, 1444064944);
    assert_int_equal(claims.not_before, 1443944944);
    assert_int_equal(claims.issued_at, 1443944944);
    assert_bytes(yao_cwt_get(&claims, 7), test_unhex("420b71"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read", shapes[i].name, case_shape, &shapes[i]);
    test_add("read", "gives what stands there, and none for the rest", places,
             NULL);
    test_add("read", "refuses one claim more than the limit", many, NULL);
    test_add("read", "refuses every prefix", prefixes, NULL);
    test_add("read", "gives the claims of RFC 8392 A.3", published, NULL);
    return test_run("cose/cwt");
}
