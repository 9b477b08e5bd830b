/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cbor/cbor.h"

static const struct check_row {
    const char *name;
    const char *hex;
    yao_status  strict, foreign;
} checks[] = {
    {"accepts zero", "00", YAO_OK, YAO_OK},
    {"accepts an unordered map", "a40102 0000 6161f5 20f6", YAO_OK, YAO_OK},
    {"refuses nothing", "", YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses a longer head", "1801", YAO_E_NOT_SHORTEST, YAO_OK},
    {"refuses equal keys", "a201020103", YAO_E_DUPLICATE, YAO_E_DUPLICATE},
    {"refuses keys equal by value", "a20102180103", YAO_E_NOT_SHORTEST, YAO_E_DUPLICATE},
    {"refuses a break", "ff", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses an indefinite array", "9fff", YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses bytes left over", "0000", YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses a surrogate", "63eda080", YAO_E_UTF8, YAO_E_UTF8},
};

static void check(void **state)
{
    const struct check_row *row   = *state;
    yao_bytes               input = test_unhex(row->hex);

    assert_status(yao_cbor_check(input, false, NULL), row->strict);
    assert_status(yao_cbor_check(input, true, NULL), row->foreign);
}

static const struct { const char *name, *hex, *want; } notations[] = {
    {"gives structure", "a2016161026162", "{1: \"a\", 2: \"b\"}"},
    {"gives a wrapped item", "d818456449455446", "24(<<\"IETF\">>)"},
};

static void diagnose(void **state)
{
    const char *const *row = *state;
    uint8_t    room[4096];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_bytes  got;

    assert_status(yao_cbor_diagnose(test_unhex(row[1]), false, &w), YAO_OK);
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(got, yao_text_bytes(yao_text_of(row[2])));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(checks); i++)
        test_add("check", checks[i].name, check, &checks[i]);
    for (size_t i = 0; i < COUNT(notations); i++)
        test_add("diagnose", notations[i].name, diagnose, &notations[i]);
    return test_run("cbor");
}
