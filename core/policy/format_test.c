/* SPDX-License-Identifier: Apache-2.0 */

/* What bytes are taken for when nobody named their format: by their outermost
 * shape alone, and nothing is believed because of it. */

#include "policy/policy.h"

#include "check.h"

enum { NONE = YAO_FORMAT_UNKNOWN, SHOWN = YAO_FORMAT_MDOC_RESPONSE,
       ISSUED = YAO_FORMAT_MDOC_ISSUED, TOKEN = YAO_FORMAT_SDJWT_VC,
       CARD = YAO_FORMAT_CARD, PAPER = YAO_FORMAT_PRINTED_CARD };

static const struct row {
    const char *name;
    yao_bytes   input;
    int         want;
} rows[] = {
    {"gives nothing for nothing", {NULL, 0}, NONE},
    {"gives a DeviceResponse by its version",
     YAO_INIT("\xa1\x67" "version" "\x63" "1.0"), SHOWN},
    {"gives a DeviceResponse by its documents",
     YAO_INIT("\xa1\x69" "documents" "\x80"), SHOWN},
    {"gives a DeviceResponse by its status",
     YAO_INIT("\xa1\x66" "status" "\x00"), SHOWN},
    {"gives a DeviceResponse behind a strange key",
     YAO_INIT("\xa2\x61" "x\x67" "version" "\x66" "status" "\x00"), SHOWN},
    {"gives an IssuerSigned by its issuerAuth",
     YAO_INIT("\xa1\x6a" "issuerAuth" "\x80"), ISSUED},
    {"gives an IssuerSigned by its nameSpaces",
     YAO_INIT("\xa1\x6a" "nameSpaces" "\xa0"), ISSUED},
    {"gives an IssuerSigned behind a strange key",
     YAO_INIT("\xa2\x61" "x\x01\x6a" "nameSpaces" "\xa0"), ISSUED},
    {"never guesses by strange keys", YAO_INIT("\xa2\x61" "x\x01\x61" "y\x02"),
     NONE},
    {"never guesses by what is a value",
     YAO_INIT("\xa1\x61" "x\x67" "version"), NONE},
    {"never guesses by a map that ends early", YAO_INIT("\xa1\x67" "vers"),
     NONE},
    {"gives an SD-JWT", YAO_INIT("eyJ9.eyJ9.AA~"), TOKEN},
    {"never takes a JWT for an SD-JWT", YAO_INIT("eyJ9.eyJ9.AA"), NONE},
    {"never takes tildes for an SD-JWT", YAO_INIT("eyJ9~eyJ9~"), NONE},
    {"never takes other letters for an SD-JWT", YAO_INIT("xyJ9.eyJ9.AA~"),
     NONE},
    {"never takes half a head for an SD-JWT", YAO_INIT("e.~"), NONE},
    {"gives a card", YAO_INIT("\x83\x40\xf6\x40"), CARD},
    {"gives an mdoc in codes", YAO_INIT("\x82\x05\x40"), SHOWN},
    {"gives paper", YAO_INIT("\xd2\x84\x40"), PAPER},
    {"never takes a sealed card for one", YAO_INIT("\x82\x40\x40"), NONE},
};

static void one_row(void **state)
{
    const struct row *r = *state;

    assert_string_equal(yao_format_name(yao_policy_format(r->input)),
                        yao_format_name((yao_format)r->want));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("format", rows[i].name, one_row, &rows[i]);
    return test_run("policy/format");
}
