/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cose/cose.h"

/* ---- reading ---- */

#define Z16   "000102030405060708090a0b0c0d0e0f"
#define SIG64 "5840" Z16 Z16 Z16 Z16
#define TAG32 "5820" Z16 Z16
#define ES256 "43a10126"                 /* << {1: -7} >> */
#define BODY  "43616263" SIG64           /* h'616263', signature */
#define SIGN1 "84" ES256 "a0" BODY

static const struct shape {
    const char *name;
    const char *hex;
    uint64_t    tag;
    yao_status  strict, foreign;
} shapes[] = {
    {"accepts a message without tag", SIGN1, 0, YAO_OK, YAO_OK},
    {"accepts one with the tag that was asked for", "d2" SIGN1,
     YAO_COSE_TAG_SIGN1, YAO_OK, YAO_OK},
    {"accepts the tag of a Mac0", "d184 43a10105 a0 f6" TAG32,
     YAO_COSE_TAG_MAC0, YAO_OK, YAO_OK},
    {"accepts a detached payload", "84" ES256 "a0 f6" SIG64, 0, YAO_OK, YAO_OK},
    {"accepts an empty protected header as nothing", "8440a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts an empty protected header as a map", "8441a0a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts parameters that are not ours",
     "84" "49 a3 0126 05 4100 6161 80" "a2 03 00 6162 a0" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts a longer head of foreign software only",
     "84 44a1180126" "a0" BODY, 0, YAO_E_NOT_SHORTEST, YAO_OK},
    {"accepts a number as type, and skips it", "84 45a201261001 a0" BODY, 0,
     YAO_OK, YAO_OK},

    {"refuses nothing", "", 0, YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses bytes after it", SIGN1 "00", 0, YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses a tag that was not asked for", "d2" SIGN1, 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses the tag of a Mac0 on a Sign1", "d1" SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses the tag of a COSE_Sign", "d862" SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses the lack of a tag that must stand", SIGN1, YAO_COSE_TAG_SIGN1,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses three places", "83" ES256 "a0 43616263", 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses five places", "85" ES256 "a0" BODY "00", 0, YAO_E_MALFORMED,
     YAO_E_MALFORMED},
    {"refuses a protected header that is not wrapped", "84 a10126 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a protected header that is no map", "84 4101 a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a protected header with bytes after its map",
     "84 44a1012600 a0" BODY, 0, YAO_E_TRAILING, YAO_E_TRAILING},
    {"refuses a protected header that is cut", "84 42a101 a0" BODY, 0,
     YAO_E_TRUNCATED, YAO_E_TRUNCATED},
    {"refuses an unprotected header that is wrapped", "84" ES256 "41a0" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses an unprotected header of null", "84" ES256 "f6" BODY, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a payload that is text", "84" ES256 "a0 63616263" SIG64, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a payload that is undefined", "84" ES256 "a0 f7" SIG64, 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a signature of null", "84" ES256 "a0 43616263 f6", 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a list of signatures", "84" ES256 "a0 43616263 80", 0,
     YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a label that is neither number nor text", "84 43a140f6 a0" BODY,
     0, YAO_E_MALFORMED, YAO_E_MALFORMED},
    {"refuses a label that is not UTF-8", "84 44a161ff00 a0" BODY, 0,
     YAO_E_UTF8, YAO_E_UTF8},
    {"refuses equal keys inside of a foreign parameter",
     "84" ES256 "a1 6161 a2 0101 0102" BODY, 0, YAO_E_DUPLICATE,
     YAO_E_DUPLICATE},

    /* misuse N006, N007, N008, N010 */
    {"refuses alg twice in the protected header", "84 45a201260127 a0" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses alg twice with heads of another length", "84 46a20126180127 a0"
     BODY, 0, YAO_E_NOT_SHORTEST, YAO_E_HEADER},
    {"refuses alg in both headers", "84" ES256 "a10126" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses alg in the unprotected header only", "8440a10126" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses kid in both headers", "84 46a20126044101 a1044101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an unknown label in both headers",
     "84 46a20126181900 a1181901" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an unknown text label in both headers",
     "84 46a20126 6161 00 a1616101" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a text label twice", "84" ES256 "a2 616100 616100" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses crit", "84 46a20126028101 a0" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses crit that lists an unknown label",
     "84 4ca3012602811903e71903e7f5 a0" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses crit in the unprotected header", "84" ES256 "a1028101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},

    {"accepts one certificate", "84" ES256 "a11821420102" BODY, 0, YAO_OK,
     YAO_OK},
    {"accepts as many certificates as the limit says",
     "84" ES256 "a11821 84 4101 4102 4103 4104" BODY, 0, YAO_OK, YAO_OK},
    {"refuses one certificate more",
     "84" ES256 "a11821 85 4101 4102 4103 4104 4105" BODY, 0, YAO_E_HEADER,
     YAO_E_HEADER},
    {"refuses a list of one certificate", "84" ES256 "a11821 81 4101" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a list of no certificate", "84" ES256 "a11821 80" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an empty certificate", "84" ES256 "a11821 40" BODY, 0,
     YAO_E_HEADER, YAO_E_HEADER},
    {"refuses an empty certificate in a list",
     "84" ES256 "a11821 82 4101 40" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses certificates in both headers",
     "84 48a20126182142 0102 a11821420102" BODY, 0, YAO_E_HEADER, YAO_E_HEADER},
    {"refuses a certificate that is text", "84" ES256 "a11821 6161" BODY, 0,
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

int main(void)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read", shapes[i].name, shape, &shapes[i]);
    return test_run("cose");
}
