/* SPDX-License-Identifier: Apache-2.0 */

/* What tells one kind of token from another, and names its key. */

#include "cose/cose.h"

#include "check.h"

#define Z16   "000102030405060708090a0b0c0d0e0f"
#define ES256 "43a10126"                              /* << {1: -7} >> */
#define BODY  "43616263" "5840" Z16 Z16 Z16 Z16       /* payload, signature */

static const struct shape {
    const char *name;
    const char *hex;
    uint64_t    tag;
    yao_status  strict, foreign;
} shapes[] = {
    {"accepts a number as type", "84 45a201261001 a0" BODY, 0, YAO_OK, YAO_OK},
    {"accepts the largest number as type", "84 47a201261019ffff a0" BODY, 0,
     YAO_OK, YAO_OK},
    {"refuses a larger number as type", "84 49a20126101a00010000 a0" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a type below zero", "84 45a201261020 a0" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses a type of bytes", "84 45a201261040 a0" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses a type of null", "84 45a2012610f6 a0" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses a type that is cut", "84 44a2012610 a0" BODY, 0, YAO_E_TRUNCATED,
     YAO_E_TRUNCATED},
    {"refuses a type in both headers", "84 45a201261001 a11001" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"accepts any type that nobody signed", "84" ES256 "a110f6" BODY, 0,
     YAO_OK, YAO_OK},
    {"accepts an unprotected kid that is undefined, as none",
     "84" ES256 "a104f7" BODY, 0, YAO_OK, YAO_OK},
    {"accepts an unprotected kid of text, as none", "84" ES256 "a1046131" BODY,
     0, YAO_OK, YAO_OK},
    {"refuses a protected kid that is undefined", "84 45a2012604f7 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a protected kid of text", "84 46a20126046131 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
};

static void shape(void **state)
{
    const struct shape *row   = *state;
    yao_bytes           input = test_unhex(row->hex);
    yao_cose_message    message;

    assert_status(yao_cose_read_message(input, row->tag, false, &message),
                  row->strict);
    assert_status(yao_cose_read_message(input, row->tag, true, &message),
                  row->foreign);
}

/* What stands in the place of a type or a key id, and what becomes of it. */
static void hints(void **state)
{
    yao_cose_message m;

    (void)state;
    assert_status(yao_cose_read_message(
                      test_unhex("84 47a2012610190111 a2 044131 1003" BODY), 0,
                      false, &m),
                  YAO_E_HEADER); /* 16 in both */
    assert_status(
        yao_cose_read_message(test_unhex("84 47a2012610190111 a1 044131" BODY),
                              0, false, &m),
        YAO_OK);
    assert_true(m.has_format);
    assert_int_equal(m.format, 0x111);
    assert_int_equal(m.type.len, 0);
    assert_bytes(m.kid, YAO_LIT("1"));
    assert_status(yao_cose_read_message(
                      test_unhex("84" ES256 "a2 046131 1003" BODY), 0, false,
                      &m),
                  YAO_OK);
    assert_false(m.has_format);
    assert_int_equal(m.kid.len, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read", shapes[i].name, shape, &shapes[i]);
    test_add("read", "gives a type by number, and no kid of text", hints, NULL);
    return test_run("cose/type");
}
