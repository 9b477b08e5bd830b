/* SPDX-License-Identifier: Apache-2.0 */
/* CBOR values of an mdoc against JSON values of a query: OpenID4VP 1.0 section
 * 6.3, RFC 8949 section 6.1. */
#include "vp/dcql_parts.h"

#include "support/check.h"

static const struct row {
    const char *name, *cbor, *values;
    bool        want;
} rows[] = {
    {"accepts any value where none is asked", "f6", NULL, true},
    {"accepts a text", "63446f65", "[\"Doe\"]", true},
    {"refuses another text", "63446f66", "[\"Doe\"]", false},
    {"accepts an unsigned integer", "18ff", "[255]", true},
    {"refuses another integer", "18fe", "[255]", false},
    {"accepts a negative integer", "3863", "[-100]", true},
    {"refuses its absolute value", "3863", "[100,99]", false},
    {"accepts the least integer", "3b7fffffffffffffff",
     "[-9223372036854775808]", true},
    {"refuses an integer above int64", "1b8000000000000000",
     "[-9223372036854775808,0]", false},
    {"accepts an integer with a longer head", "190001", "[1]", true},
    {"refuses an integer as a text", "01", "[\"1\"]", false},
    {"refuses a text as an integer", "6131", "[1]", false},
    {"accepts true", "f5", "[true]", true},
    {"refuses false as true", "f4", "[true]", false},
    {"accepts false", "f4", "[true,false]", true},
    {"refuses true as 1", "f5", "[1]", false},
    {"refuses 1 as true", "01", "[true]", false},
    {"refuses null", "f6", "[\"\",\"null\",0,false]", false},
    {"refuses undefined", "f7", "[\"\",0,false]", false},
    {"refuses a floating point number", "f93c00", "[1]", false},
    {"refuses an array", "8101", "[1]", false},
    {"refuses a map", "a10102", "[1,2]", false},

    /* byte strings: base64url without padding */
    {"accepts bytes as base64url", "43fbff01", "[\"-_8B\"]", true},
    {"accepts two bytes", "42fbff", "[\"-_8\"]", true},
    {"accepts four bytes", "44fbff0102", "[\"-_8BAg\"]", true},
    {"refuses padding", "42fbff", "[\"-_8=\"]", false},
    {"refuses the other alphabet", "43fbff01", "[\"+/8B\"]", false},
    {"refuses the beginning of the bytes", "43fbff01", "[\"-_8\"]", false},
    {"refuses more than the bytes", "42fbff", "[\"-_8B\"]", false},
    {"accepts no bytes as an empty text", "40", "[\"\"]", true},
    {"refuses no bytes as a letter", "40", "[\"A\"]", false},
    {"refuses bytes as a number", "4101", "[1]", false},

    /* tags 21 to 23: how bytes are written */
    {"accepts tag 21", "d542fbff", "[\"-_8\"]", true},
    {"accepts tag 22 with padding", "d642fbff", "[\"+/8=\"]", true},
    {"refuses tag 22 without padding", "d642fbff", "[\"+/8\"]", false},
    {"accepts tag 23", "d742fbff", "[\"FBFF\"]", true},
    {"refuses tag 23 in small letters", "d742fbff", "[\"fbff\"]", false},
    {"accepts the inner of two", "d7d542fbff", "[\"-_8\"]", true},
    {"refuses the outer of two", "d7d542fbff", "[\"FBFF\"]", false},
    {"accepts them before a text", "d763446f65", "[\"Doe\"]", true},

    /* bignums */
    {"accepts a bignum as text", "c242fbff", "[\"-_8\"]", true},
    {"refuses it as a number", "c24101", "[1]", false},
    {"accepts a negative bignum with its tilde", "c342fbff", "[\"~-_8\"]",
     true},
    {"refuses it without", "c342fbff", "[\"-_8\"]", false},
    {"refuses a tilde before another", "c242fbff", "[\"~-_8\"]", false},

    /* all other tags are ignored */
    {"accepts a full-date", "d903ec6a313939302d30312d3032", "[\"1990-01-02\"]",
     true},
    {"refuses another day", "d903ec6a313939302d30312d3032", "[\"1990-01-03\"]",
     false},
    {"accepts a tdate", "c074323032302d30312d30325430303a30303a30305a",
     "[\"2020-01-02T00:00:00Z\"]", true},
    {"accepts a moment as a number", "c11a00000001", "[1]", true},
    {"accepts wrapped CBOR as bytes", "d8184101", "[\"AQ\"]", true},

    /* what is no CBOR is nothing */
    {"refuses nothing at all", "", "[\"\"]", false},
    {"refuses a text that is cut", "63446f", "[\"Do\"]", false},
    {"refuses bytes that are cut", "43fbff", "[\"-_8\"]", false},
    {"refuses a text that is not UTF-8", "61ff", "[\"\"]", false},
    {"refuses a tag before nothing", "c0", "[\"\"]", false},
};

static void take_row(void **state)
{
    const struct row *row   = *state;
    yao_dcql_claim    claim = {.path_count = 0};
    yao_dcql_query    q;
    yao_bytes         json;

    if (row->values != NULL) {
        yao_writer w = yao_writer_in(test_arena());

        yao_put_text(&w, "{\"credentials\":[{\"id\":\"q\",\"format\":"
                         "\"mso_mdoc\",\"meta\":{\"doctype_value\":\"d\"},"
                         "\"claims\":[{\"path\":[\"s\",\"e\"],\"values\":");
        yao_put_text(&w, row->values);
        yao_put_text(&w, "}]}]}");
        assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
        assert_status(yao_dcql_parse(test_arena(), json, &q), YAO_OK);
        claim = q.credentials[0].claims[0];
    }
    assert_int_equal(yao_dcql_takes_cbor(&claim, test_unhex(row->cbor)),
                     row->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("cbor", rows[i].name, take_row, &rows[i]);
    return test_run("vp/dcql_value");
}
