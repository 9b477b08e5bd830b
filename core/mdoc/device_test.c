/* SPDX-License-Identifier: Apache-2.0 */

/* What the device said and signed: misuse group C. N047 to N049 are those of
 * the session and of the wallet. */

#include <stdio.h>

#include "mdoc/parts.h"
#include "mdoc_case.h"

#define SET MDOC_SET
#define DEL MDOC_REMOVE
#define ADD MDOC_ADD
#define SPACES MDOC_DEVICE "/nameSpaces"
#define SIGNATURE MDOC_DEVICE "/deviceAuth/deviceSignature"
#define KEY MDOC_MSO("deviceKeyInfo/deviceKey/")

/* age_over_18: true, said by the device */
#define SAID18                                                                 \
    YAO_INIT("\xd8\x18\x58\x21\xa1\x71" MDOC_SPACE "\xa1\x6b" "age_over_18"    \
             "\xf5")
/* mood: 1, in a namespace of the device's */
#define SAID YAO_INIT("\xd8\x18\x4a\xa1\x61" "d\xa1\x64" "mood\x01")
#define MAY(what) YAO_INIT("\x71" "keyAuthorizations" what)
#define SPACES_KEY "\x6a" "nameSpaces"
#define ELEMENTS_KEY "\x6c" "dataElements"
#define Y32 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
#define Z8 "\0\0\0\0\0\0\0\0"
#define INFO MDOC_MSO("deviceKeyInfo")
#define ALL MDOC_RESIGN | MDOC_RESIGN_DEVICE

/* clang-format off */
static const mdoc_case cases[] = {
    {.name = "accepts the device's signature"},

    /* absent */
    {"refuses a missing deviceSigned (N036)",
     {{DEL, MDOC_DEVICE, YAO_INIT("")}}, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_MISSING},
    {"refuses a missing deviceAuth (N036)",
     {{DEL, MDOC_DEVICE "/deviceAuth", YAO_INIT("")}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_MISSING},

    /* the signature */
    {"refuses a signature of 63 bytes",
     {{SET, SIGNATURE "/3", YAO_INIT("\x58\x3f" Y32 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_MALFORMED},
    {"refuses an empty signature", {{SET, SIGNATURE "/3", YAO_INIT("\x40")}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_MALFORMED},
    {"refuses an algorithm that is not the key's",
     {{SET, SIGNATURE "/0", YAO_INIT("\x44\xa1\x01\x38\x22")}},
     .again = MDOC_RESIGN_DEVICE, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_ALGORITHM},
    {"refuses an algorithm of zero",
     {{SET, SIGNATURE "/0", YAO_INIT("\x43\xa1\x01\x00")}},
     .again = MDOC_RESIGN_DEVICE, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_ALGORITHM},
    {"refuses a signature passed off as a MAC (N046)",
     {{SET, MDOC_DEVICE "/deviceAuth",
       YAO_INIT("\xa1\x69" "deviceMac" "\x84\x43\xa1\x01\x05\xa0\xf6\x58\x20" Y32)}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_BAD_SIGNATURE},
    {"refuses a MAC of another algorithm (N046)",
     {{SET, MDOC_DEVICE "/deviceAuth",
       YAO_INIT("\xa1\x69" "deviceMac" "\x84\x43\xa1\x01\x04\xa0\xf6\x48yyyyyyyy")}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_ALGORITHM},
    {"refuses an empty MAC (N046)",
     {{SET, MDOC_DEVICE "/deviceAuth",
       YAO_INIT("\xa1\x69" "deviceMac" "\x84\x43\xa1\x01\x05\xa0\xf6\x40")}},
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_BAD_SIGNATURE},
    {"refuses a docType that the device did not sign (N045)",
     {{SET, MDOC_DOC "/docType", YAO_INIT("\x61x")},
      {SET, MDOC_MSO("docType"), YAO_INIT("\x61x")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_BAD_SIGNATURE},
    {"accepts a docType that it did sign (N045)",
     {{SET, MDOC_DOC "/docType", YAO_INIT("\x61x")},
      {SET, MDOC_MSO("docType"), YAO_INIT("\x61x")}}, .again = ALL},

    /* the key */
    {"refuses a device key off its curve (N034)",
     {{SET, KEY "-3", YAO_INIT("\x58\x20" Y32)}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DEVICE_AUTH, .why = YAO_E_BAD_SIGNATURE},
    {"refuses a device key with a y of zero (N034)",
     {{SET, KEY "-3", YAO_INIT("\x58\x20" Z8 Z8 Z8 Z8)}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_BAD_SIGNATURE},

    /* what the device says of its own */
    {"refuses an element that no one authorised (N044)",
     {{SET, SPACES, SAID}}, .again = MDOC_RESIGN_DEVICE,
     .check = YAO_CHECK_DEVICE_ELEMENTS, .why = YAO_E_NOT_AUTHORISED},
    {"accepts an element of an authorised namespace (N044)",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" SPACES_KEY "\x81\x61" "d")}}, .again = ALL},
    {"accepts an authorised element (N044)",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" ELEMENTS_KEY "\xa1\x61" "d\x81\x64" "mood")}},
     .again = ALL},
    {"refuses an element when another is authorised (N044)",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" ELEMENTS_KEY "\xa1\x61" "d\x81\x64" "moon")}},
     .again = ALL, .check = YAO_CHECK_DEVICE_ELEMENTS,
     .why = YAO_E_NOT_AUTHORISED},
    {"refuses an element when its name is authorised elsewhere (N044)",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" ELEMENTS_KEY "\xa1\x61" "e\x81\x64" "mood")}},
     .again = ALL, .check = YAO_CHECK_DEVICE_ELEMENTS,
     .why = YAO_E_NOT_AUTHORISED},
    {"refuses an element when another namespace is authorised (N044)",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" SPACES_KEY "\x81\x61" "e")}},
     .again = ALL, .check = YAO_CHECK_DEVICE_ELEMENTS,
     .why = YAO_E_NOT_AUTHORISED},
    {"refuses an element under empty authorisations (N044)",
     {{SET, SPACES, SAID}, {ADD, INFO, MAY("\xa0")}}, .again = ALL,
     .check = YAO_CHECK_DEVICE_ELEMENTS, .why = YAO_E_NOT_AUTHORISED},
    {"refuses an element that the issuer signed too (N044)",
     {{SET, SPACES, SAID18},
      {ADD, INFO, MAY("\xa1" SPACES_KEY "\x81\x71" MDOC_SPACE)}},
     .again = ALL, .check = YAO_CHECK_DEVICE_ELEMENTS,
     .why = YAO_E_DUPLICATE},
    {"refuses elements that the device did not sign",
     {{SET, SPACES, SAID},
      {ADD, INFO, MAY("\xa1" SPACES_KEY "\x81\x61" "d")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DEVICE_AUTH,
     .why = YAO_E_BAD_SIGNATURE},
};
/* clang-format on */

/* Said by the device is never mixed with what the issuer said. */
static void never_merged(void **state)
{
    mdoc_case row = {.changes = {{SET, SPACES, SAID},
                                 {ADD, INFO, MAY("\xa1" SPACES_KEY "\x81\x61"
                                                 "d")}},
                     .again   = ALL};

    (void)state;
    mdoc_judged j =
        mdoc_fixture_judge(mdoc_case_make(&row, mdoc_fixture_signed()), NULL);
    assert_status(j.documents[0], YAO_OK);
    assert_int_equal(j.verified[0].item_count, 5);
    assert_int_equal(j.verified[0].device_item_count, 1);
    assert_bytes(yao_text_bytes(j.verified[0].device_items[0].element),
                 YAO_LIT("mood"));
    assert_bytes(j.verified[0].device_items[0].value, YAO_LIT("\x01"));
}

static void other_key(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(
        mdoc_fixture_resign_device(mdoc_fixture_signed(),
                                   mdoc_fixture_transcript("1"), OTHER_KEY),
        NULL);
    mdoc_case_expect(&j, YAO_CHECK_DEVICE_AUTH, YAO_E_BAD_SIGNATURE, false);
}

/* ---- transcripts -------------------------------------------------------- */

/* What a relying party asked with; one row changes one thing of it. */
typedef struct asked {
    const char *name;
    const char *client_id, *nonce, *uri;
    yao_bytes   thumbprint;
    bool        dcapi;
} asked;

#define ID  "x509_hash:SPECIMEN"
#define URI "https://desk.example/response"

static const asked usual = {NULL, ID, "1", URI, YAO_INIT(Y32), false};

static const asked asks[] = {
    {"refuses another nonce (N039)", ID, "2", URI, YAO_INIT(Y32), false},
    {"refuses a client_id without its prefix (N040)", "SPECIMEN", "1", URI,
     YAO_INIT(Y32), false},
    {"refuses another path of response_uri (N041)", ID, "1",
     "https://desk.example/other", YAO_INIT(Y32), false},
    {"refuses a slash behind response_uri (N041)", ID, "1", URI "/",
     YAO_INIT(Y32), false},
    {"refuses an upper-case host in response_uri (N041)", ID, "1",
     "https://Desk.example/response", YAO_INIT(Y32), false},
    {"refuses the thumbprint of another key (N042)", ID, "1", URI,
     YAO_INIT("xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"), false},
    {"refuses null for a thumbprint (N042)", ID, "1", URI, YAO_INIT(""),
     false},
    {"refuses the handover of the DC API (N043)", ID, "1", URI, YAO_INIT(Y32),
     true},
};

static yao_bytes transcript_of(const asked *a)
{
    const yao_crypto *c = forge_crypto();
    yao_writer        w = yao_writer_in(test_arena());
    yao_bytes         out;

    if (a->dcapi)
        assert_status(yao_mdoc_put_transcript_dcapi(&w, c, yao_text_of(a->uri),
                                                    yao_text_of(a->nonce),
                                                    a->thumbprint),
                      YAO_OK);
    else
        assert_status(yao_mdoc_put_transcript_openid4vp(
                          &w, c, yao_text_of(a->client_id),
                          yao_text_of(a->nonce), a->thumbprint,
                          yao_text_of(a->uri)),
                      YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* Shown over SHOWN, judged over EXPECTED: with a signature and with a MAC. */
static void judge_over(const asked *shown, const asked *expected,
                       yao_check check, yao_status why)
{
    for (int mac = 0; mac < 2; mac++) {
        yao_mdoc_verify_options o = mdoc_fixture_options();

        o.transcript  = transcript_of(expected);
        mdoc_judged j = mdoc_fixture_judge(
            mdoc_fixture_show(mdoc_fixture_issued(), transcript_of(shown),
                              mac != 0),
            &o);
        mdoc_case_expect(&j, check, why, false);
    }
}

static void transcript_row(void **state)
{
    judge_over(*state, &usual, YAO_CHECK_DEVICE_AUTH, YAO_E_BAD_SIGNATURE);
    judge_over(&usual, *state, YAO_CHECK_DEVICE_AUTH, YAO_E_BAD_SIGNATURE);
    judge_over(*state, *state, YAO_CHECK_NONE, YAO_OK);
}

static void no_transcript(void **state)
{
    yao_mdoc_verify_options o = mdoc_fixture_options();

    (void)state;
    o.transcript = (yao_bytes){NULL, 0};
    for (int mac = 0; mac < 2; mac++) {
        mdoc_judged j = mdoc_fixture_judge(
            mac ? mdoc_fixture_maced() : mdoc_fixture_signed(), &o);
        mdoc_case_expect(&j, YAO_CHECK_DEVICE_AUTH, YAO_E_MISSING, true);
    }
}

static void issuer_only(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_issued(), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    for (int check = YAO_CHECK_DEVICE_KEY; check <= YAO_CHECK_DEVICE_AUTH;
         check++)
        assert_int_equal(mdoc_judged_row(&j, 0, (yao_check)check).outcome,
                         YAO_OUTCOME_ABSENT);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_RESPONSE_STATUS).outcome,
                     YAO_OUTCOME_ABSENT);
}

/* ---- MACs --------------------------------------------------------------- */

typedef struct secret {
    const char *name;
    bool        answered;
    int         key;  /* of the reader who agrees; -1: none */
    uint8_t     fill; /* the secret is this byte, when key is -1 */
    size_t      len;
    yao_status  why;
    bool        unknown;
} secret;

static const secret secrets[] = {
    {"accepts the MAC of this session", true, READER_KEY, 0, 32, YAO_OK,
     false},
    {"refuses the MAC of another session (N046)", true, OTHER_KEY, 0, 32,
     YAO_E_BAD_SIGNATURE, false},
    {"refuses a secret of zeros (N046)", true, -1, 0, 32, YAO_E_KEY, false},
    {"refuses a secret of ones", true, -1, 0xff, 32, YAO_E_BAD_SIGNATURE,
     false},
    {"refuses a short secret", true, READER_KEY, 0, 31, YAO_E_KEY, false},
    {"refuses an empty secret", true, READER_KEY, 0, 0, YAO_E_KEY, false},
    {"refuses a secret of another curve's length", true, READER_KEY, 0, 48,
     YAO_E_KEY, false},
    {"refuses a secret longer than its room", true, READER_KEY, 0, SIZE_MAX,
     YAO_E_KEY, false},
    {"never accepts without an answer", false, READER_KEY, 0, 32,
     YAO_E_MISSING, true},
};

static void secret_row(void **state)
{
    const secret           *row = *state;
    yao_mdoc_verify_options o   = mdoc_fixture_options();
    const yao_crypto       *c   = forge_crypto();
    mdoc_judged             j   = {.parsed = YAO_OK};
    yao_mdoc_unverified     parsed;
    yao_mdoc_verification   v;

    assert_status(yao_mdoc_parse_response(test_arena(), mdoc_fixture_maced(),
                                          true, &parsed),
                  YAO_OK);
    assert_status(yao_mdoc_begin(test_arena(), c, &parsed, &o, &v, &j.report),
                  YAO_OK);
    assert_int_equal(v.agreement_count, 1);
    assert_int_equal(v.agreements[0].document, 0);
    assert_status(c->verify(c->ctx, v.checks, v.check_count), YAO_OK);

    struct yao_mdoc_agreement *a = &v.agreements[0];
    if (row->key >= 0)
        assert_status(yao_openssl_agree(forge_key(row->key), &a->wish,
                                        a->secret),
                      YAO_OK);
    else
        memset(a->secret, row->fill, sizeof a->secret);
    a->answered   = row->answered;
    a->secret_len = row->len;

    j.documents[0] = yao_mdoc_conclude(&v, c, 0, &j.verified[0], &j.report);
    mdoc_case_expect(&j, row->why == YAO_OK ? YAO_CHECK_NONE
                                            : YAO_CHECK_DEVICE_AUTH,
                     row->why, row->unknown);
    for (size_t i = 0; i < sizeof a->secret; i++)
        assert_int_equal(a->secret[i], 0); /* wiped */
}

/* ---- what is signed ----------------------------------------------------- */

/* DeviceAuthenticationBytes by hand. */
static void authentication(void **state)
{
    yao_bytes parts[4], got = {NULL, 0};
    yao_bytes want = YAO_LIT("\xd8\x18\x58\x20\x84\x74" "DeviceAuthentication"
                             "\x83\xf6\xf6\xf6\x61x\xd8\x18\x41\xa0");

    (void)state;
    assert_status(yao_mdoc_device_authentication(
                      test_arena(), YAO_LIT("\x83\xf6\xf6\xf6"), YAO_TEXT("x"),
                      YAO_LIT("\xd8\x18\x41\xa0"), parts),
                  YAO_OK);
    for (size_t i = 0; i < 4; i++)
        got = cbor_join(got, parts[i]);
    assert_bytes(got, want);
}

/* The lengths on both sides of every size of head. */
static void heads(void **state)
{
    static const size_t lens[] = {0,   1,   23,    24,    25,   210,
                                  230, 255, 65480, 65500, 70000};
    static uint8_t      filler[70000];

    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++) {
        yao_bytes parts[4], all = {NULL, 0};

        /* a bstr of that length stands for the transcript */
        yao_bytes t = cbor_of_bytes((yao_bytes){filler, lens[i]});
        assert_status(yao_mdoc_device_authentication(
                          test_arena(), t, YAO_TEXT(MDOC_TYPE),
                          YAO_LIT("\xd8\x18\x41\xa0"), parts),
                      YAO_OK);
        for (size_t k = 0; k < 4; k++)
            all = cbor_join(all, parts[k]);
        assert_status(yao_cbor_check(all, false, NULL), YAO_OK);
        assert_bytes(cbor_at(all, "*/1"), t);
    }
    assert_int_equal(yao_mdoc_head_len(UINT32_MAX), 5);
    assert_int_equal(yao_mdoc_head_len((uint64_t)UINT32_MAX + 1), 9);
}

static yao_status authenticate_in(yao_arena *arena, void *context)
{
    yao_bytes parts[4];

    (void)context;
    return yao_mdoc_device_authentication(arena, YAO_LIT("\xf6"),
                                          YAO_TEXT("x"), YAO_LIT("\xf6"),
                                          parts);
}

static void arenas(void **state)
{
    (void)state;
    test_every_arena(authenticate_in, NULL, 256);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_add("device", cases[i].name, mdoc_case_run, &cases[i]);
    test_add("device", "never mixes its words with the issuer's", never_merged,
             NULL);
    test_add("device", "refuses a signature by another key (N038)", other_key,
             NULL);
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("transcript", asks[i].name, transcript_row, &asks[i]);
    test_add("device", "never accepts without a transcript", no_transcript,
             NULL);
    test_add("device", "gives ABSENT for an IssuerSigned alone", issuer_only,
             NULL);
    for (size_t i = 0; i < COUNT(secrets); i++)
        test_add("mac", secrets[i].name, secret_row, &secrets[i]);
    test_add("device_authentication", "gives the published shape",
             authentication, NULL);
    test_add("device_authentication", "gives heads of every length", heads,
             NULL);
    test_add("device_authentication", "gives SPACE in every arena too small",
             arenas, NULL);
    return test_run("mdoc/device");
}
