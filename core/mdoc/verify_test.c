/* SPDX-License-Identifier: Apache-2.0 */

/* What the issuer signed: misuse groups A (where the shape is right and the
 * content is not) and B. Every row breaks one thing, signs the rest again with
 * a trusted key, and names the one check that may fail.
 *
 * N028, a docType that nobody asked for, is the policy's to refuse. */

#include <stdio.h>

#include "mdoc_case.h"

#define SET  MDOC_SET
#define DEL  MDOC_REMOVE
#define ADD  MDOC_ADD
#define ITEM MDOC_ITEMS "/0/*/"
#define BOTH MDOC_REDIGEST | MDOC_RESIGN
#define DIGEST MDOC_MSO("valueDigests/" MDOC_SPACE "/#")
#define DATE(s) YAO_INIT("\xc0\x74" s)
#define X10 "xxxxxxxxxx"
#define X31 X10 X10 X10 "x"

/* The fixture's document: signed and valid from 2026-11-07, until
 * 2026-12-07; its signer from 2026-10-23. */

/* clang-format off */
static const mdoc_case cases[] = {
    {.name = "accepts a response with a signature"},

    /* the message */
    {"refuses documents beside a status other than 0 (N017)",
     {{SET, "status", YAO_INIT("\x0a")}}, .check = YAO_CHECK_RESPONSE_STATUS,
     .why = YAO_E_VALUE},

    /* items and digests */
    {"refuses a changed value (N021)",
     {{SET, ITEM "elementValue", YAO_INIT("\x61x")}},
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"accepts the same value signed again (N021)",
     {{SET, ITEM "elementValue", YAO_INIT("\x61x")}}, .again = BOTH},
    {"refuses a changed random",
     {{SET, ITEM "random", YAO_INIT("\x50" "0123456789abcdef")}},
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"refuses another name for a value",
     {{SET, ITEM "elementIdentifier", YAO_INIT("\x61x")}},
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"refuses an item re-encoded with longer heads (N015)",
     {{SET, ITEM "elementValue", YAO_INIT("\x78\x08" "SPECIMEN")}},
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"accepts longer heads that were signed (N015)",
     {{SET, ITEM "elementValue", YAO_INIT("\x78\x08" "SPECIMEN")}},
     .again = BOTH},
    {"refuses an item whose digestID is in no MSO (N022)",
     {{SET, ITEM "digestID", YAO_INIT("\x18\x63")}},
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_MISSING},
    {"refuses an item whose digest is gone from the MSO (N022)",
     {{DEL, DIGEST, YAO_INIT("")}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_MISSING},
    {"refuses items of a namespace that is not in the MSO (N023)",
     {{DEL, MDOC_MSO("valueDigests/" MDOC_OURS), YAO_INIT("")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DIGESTS, .why = YAO_E_MISSING},
    {"refuses a digest of 0 bytes (N024)",
     {{SET, DIGEST, YAO_INIT("\x40")}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"refuses a digest of 6 bytes (N024)",
     {{SET, DIGEST, YAO_INIT("\x46xxxxxx")}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"refuses a digest of 31 bytes (N024)",
     {{SET, DIGEST, YAO_INIT("\x58\x1f" X31)}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_BAD_DIGEST},
    {"refuses digests of another algorithm than is named (N025)",
     {{SET, MDOC_MSO("digestAlgorithm"), YAO_INIT("\x67" "SHA-384")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DIGESTS,
     .why = YAO_E_BAD_DIGEST},
    {"refuses a random of 15 bytes (N026)",
     {{SET, ITEM "random", YAO_INIT("\x4f" "0123456789abcde")}},
     .again = BOTH, .check = YAO_CHECK_DIGESTS, .why = YAO_E_VALUE},
    {"refuses an empty random (N026)",
     {{SET, ITEM "random", YAO_INIT("\x40")}}, .again = BOTH,
     .check = YAO_CHECK_DIGESTS, .why = YAO_E_VALUE},
    {"accepts a random of 16 bytes (N026)",
     {{SET, ITEM "random", YAO_INIT("\x50" "0123456789abcdef")}},
     .again = BOTH},
    {"accepts decoy digests",
     {{ADD, MDOC_MSO("valueDigests/" MDOC_SPACE), YAO_INIT("\x18\x63\x41x")}},
     .again = MDOC_RESIGN},
    {"accepts fewer items than were issued",
     {{DEL, MDOC_ITEMS "/0", YAO_INIT("")}}, .parsed = YAO_OK},

    /* docType */
    {"refuses a docType other than the MSO's (N027)",
     {{SET, MDOC_MSO("docType"), YAO_INIT("\x61x")}}, .again = MDOC_RESIGN,
     .check = YAO_CHECK_DOCTYPE, .why = YAO_E_MISMATCH},
    {"refuses a docType that goes on behind a NUL (N019)",
     {{SET, MDOC_MSO("docType"), YAO_INIT("\x77" MDOC_TYPE "\0x")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_DOCTYPE, .why = YAO_E_MISMATCH},
    {"refuses a document whose docType was exchanged (N027)",
     {{SET, MDOC_DOC "/docType", YAO_INIT("\x61x")}},
     .again = MDOC_RESIGN_DEVICE, .check = YAO_CHECK_DOCTYPE,
     .why = YAO_E_MISMATCH},

    /* dates: without skew, and with 60 s of it */
    {"accepts the last second (N029)", {{0}}, .now = 15 * YAO_TIME_DAY,
     .parsed = YAO_OK},
    {"refuses the second after validUntil (N029)", {{0}},
     .now = 15 * YAO_TIME_DAY + 1, .check = YAO_CHECK_VALIDITY,
     .why = YAO_E_EXPIRED},
    {"accepts 60 s after validUntil with skew (N029)", {{0}},
     .now = 15 * YAO_TIME_DAY + 60, .skew = 60, .parsed = YAO_OK},
    {"refuses 61 s after validUntil with skew (N029)", {{0}},
     .now = 15 * YAO_TIME_DAY + 61, .skew = 60, .check = YAO_CHECK_VALIDITY,
     .why = YAO_E_EXPIRED},
    {"accepts the first second (N030)", {{0}}, .now = -15 * YAO_TIME_DAY,
     .parsed = YAO_OK},
    {"refuses the second before validFrom (N030)", {{0}},
     .now = -15 * YAO_TIME_DAY - 1, .check = YAO_CHECK_VALIDITY,
     .why = YAO_E_NOT_YET_VALID},
    {"accepts 60 s before validFrom with skew (N030)", {{0}},
     .now = -15 * YAO_TIME_DAY - 60, .skew = 60, .parsed = YAO_OK},
    {"refuses 61 s before validFrom with skew (N030)", {{0}},
     .now = -15 * YAO_TIME_DAY - 61, .skew = 60, .check = YAO_CHECK_VALIDITY,
     .why = YAO_E_NOT_YET_VALID},
    {"refuses validFrom before signed (N031)",
     {{SET, MDOC_MSO("validityInfo/signed"), DATE("2026-11-10T00:00:00Z")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses validUntil before validFrom (N031)",
     {{SET, MDOC_MSO("validityInfo/validUntil"),
       DATE("2026-11-06T23:59:59Z")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses validUntil at validFrom (N031)",
     {{SET, MDOC_MSO("validityInfo/validUntil"),
       DATE("2026-11-07T00:00:00Z")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_VALIDITY, .why = YAO_E_VALUE},
    {"refuses a document signed before its signer was valid (N032)",
     {{SET, MDOC_MSO("validityInfo/signed"), DATE("2026-10-22T23:59:59Z")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_SIGNED_DATE,
     .why = YAO_E_MISMATCH},
    {"accepts one signed in its signer's first second (N032)",
     {{SET, MDOC_MSO("validityInfo/signed"), DATE("2026-10-23T00:00:00Z")}},
     .again = MDOC_RESIGN},

    /* status */
    {"never accepts a status of an unknown kind only (N035)",
     {{ADD, MDOC_AUTH "/2/*/*", YAO_INIT("\x66" "status" "\xa1\x61x\x01")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_STATUS,
     .why = YAO_E_UNSUPPORTED, .unknown = true},
    {"never accepts an identifier list only (N035)",
     {{ADD, MDOC_AUTH "/2/*/*",
       YAO_INIT("\x66" "status" "\xa1\x6f" "identifier_list" "\xa0")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_STATUS,
     .why = YAO_E_UNSUPPORTED, .unknown = true},
    {"never accepts an empty status (N035)",
     {{ADD, MDOC_AUTH "/2/*/*", YAO_INIT("\x66" "status" "\xa0")}},
     .again = MDOC_RESIGN, .check = YAO_CHECK_STATUS,
     .why = YAO_E_UNSUPPORTED, .unknown = true},
    {"accepts a status list, which the policy looks up (N035)",
     {{ADD, MDOC_AUTH "/2/*/*",
       YAO_INIT("\x66" "status" "\xa1\x6b" "status_list" "\xa2\x63" "idx\x07"
                "\x63" "uri\x61x")}},
     .again = MDOC_RESIGN},

    /* the signature of the issuer */
    {"refuses a changed MSO without a new signature",
     {{SET, MDOC_MSO("validityInfo/validUntil"),
       DATE("2027-11-07T00:00:00Z")}},
     .check = YAO_CHECK_ISSUER_SIGNATURE, .why = YAO_E_BAD_SIGNATURE},
    {"refuses a signature of 63 bytes (N011)",
     {{SET, MDOC_AUTH "/3", YAO_INIT("\x58\x3f" X31 X31 "x")}},
     .check = YAO_CHECK_ISSUER_SIGNATURE, .why = YAO_E_MALFORMED},
    {"refuses a signature of 65 bytes (N011)",
     {{SET, MDOC_AUTH "/3", YAO_INIT("\x58\x41" X31 X31 "xxx")}},
     .check = YAO_CHECK_ISSUER_SIGNATURE, .why = YAO_E_MALFORMED},
    {"refuses an empty signature (N011)",
     {{SET, MDOC_AUTH "/3", YAO_INIT("\x40")}},
     .check = YAO_CHECK_ISSUER_SIGNATURE, .why = YAO_E_MALFORMED},
};
/* clang-format on */

/* ---- algorithms --------------------------------------------------------- */

/* Both rows say so: without an agreed algorithm the signature is not looked
 * at. */
static void algorithm(void **state)
{
    static const yao_bytes headers[] = {
        YAO_INIT("\x43\xa1\x01\x00"),         /* reserved */
        YAO_INIT("\x43\xa1\x01\x05"),         /* an HMAC */
        YAO_INIT("\x45\xa1\x01\x39\xfd\xe7"), /* -65000 */
        YAO_INIT("\x43\xa1\x01\x27"),         /* EdDSA, with a P-256 key */
        YAO_INIT("\x44\xa1\x01\x38\x22"),     /* ES384, with a P-256 key */
        YAO_INIT("\x40")};                    /* none at all */

    (void)state;
    for (size_t i = 0; i < COUNT(headers); i++) {
        yao_bytes bad = mdoc_fixture_resign(
            cbor_set(mdoc_fixture_signed(), MDOC_AUTH "/0", headers[i]));
        mdoc_judged    j   = mdoc_fixture_judge(bad, NULL);
        yao_report_row row = mdoc_judged_row(&j, 0, YAO_CHECK_ALGORITHM);

        if (j.parsed != YAO_OK) { /* without alg it is no signature */
            assert_status(j.parsed, YAO_E_HEADER);
            continue;
        }
        assert_int_equal(row.outcome, YAO_OUTCOME_FAIL);
        assert_status(j.documents[0], YAO_E_ALGORITHM);
        assert_int_not_equal(
            mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_SIGNATURE).outcome,
            YAO_OUTCOME_PASS);
    }
}

/* RFC 9864: -9 is ES256 with its curve said aloud. */
static void specific_algorithm(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(
        mdoc_fixture_resign(cbor_set(mdoc_fixture_signed(), MDOC_AUTH "/0",
                                     YAO_LIT("\x43\xa1\x01\x28"))),
        NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
}

/* N013: signed over external data, which mdoc has none of. */
static void external_data(void **state)
{
    yao_bytes good = mdoc_fixture_signed();
    yao_bytes s    = YAO_LIT("\x84\x6a" "Signature1" "\x43\xa1\x01\x26\x41x");
    uint8_t  *out  = yao_arena_take(test_arena(), 64);
    size_t    len;

    (void)state;
    s = cbor_join(s, cbor_at(good, MDOC_AUTH "/2"));
    yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, s);
    assert_status(yao_openssl_sign(forge_key(SIGNER_KEY), &wish, out, &len),
                  YAO_OK);
    mdoc_judged j = mdoc_fixture_judge(
        cbor_set(good, MDOC_AUTH "/3", cbor_of_bytes((yao_bytes){out, len})),
        NULL);
    mdoc_case_expect(&j, YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE,
                     false);
}

static void other_signer(void **state)
{
    (void)state;
    mdoc_judged j = mdoc_fixture_judge(
        mdoc_fixture_resign_with(mdoc_fixture_signed(), OTHER_KEY), NULL);
    mdoc_case_expect(&j, YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE,
                     false);
}

/* ---- items in other places ---------------------------------------------- */

/* N023: the item keeps its digestID, which exists in the other namespace too,
 * for another item. */
static void moved_item(void **state)
{
    yao_bytes good  = mdoc_fixture_signed();
    yao_bytes space = cbor_at(good, MDOC_IN "nameSpaces/" MDOC_OURS);
    yao_bytes item  = {NULL, 0};
    size_t    at    = 0;

    (void)state;
    for (char path[64]; at < 4; at++) {
        snprintf(path, sizeof path, MDOC_ITEMS "/%zu", at);
        item = cbor_at(good, path);
        if (*cbor_at(item, "*/digestID").ptr < 2) /* 0 and 1 are in both */
            break;
    }
    assert_true(at < 4); /* the fixture's shuffle is always the same */
    yao_bytes bad = cbor_set(good, MDOC_IN "nameSpaces",
                             cbor_join(YAO_LIT("\xa1"),
                                       cbor_join(cbor_of_text(MDOC_OURS),
                                                 cbor_set(space, "0", item))));
    mdoc_judged j = mdoc_fixture_judge(bad, NULL);
    mdoc_case_expect(&j, YAO_CHECK_DIGESTS, YAO_E_BAD_DIGEST, false);
}

/* ---- the chain ---------------------------------------------------------- */

static void no_anchors(void **state)
{
    yao_mdoc_verify_options o = mdoc_fixture_options();

    (void)state;
    o.anchor_count = 0;
    mdoc_judged j  = mdoc_fixture_judge(mdoc_fixture_signed(), &o);
    assert_status(j.documents[0], YAO_E_UNTRUSTED);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_ANCHORS).outcome,
                     YAO_OUTCOME_FAIL);
}

static void untrusted(const yao_anchor *anchor)
{
    yao_mdoc_verify_options o = mdoc_fixture_options();

    o.anchors     = anchor;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_signed(), &o);
    assert_status(j.documents[0], YAO_E_UNTRUSTED);
    yao_report_row row = mdoc_judged_row(&j, 0, YAO_CHECK_CHAIN_SIGNATURE);
    assert_int_equal(row.outcome, YAO_OUTCOME_UNKNOWN);
    assert_status(row.why, YAO_E_UNTRUSTED); /* there is a row that says so */
    mdoc_case_once(&j);
}

static void pinned(void **state)
{
    yao_anchor a = {.certificate = mdoc_fixture_get()->signer,
                    .role        = YAO_ROLE_ISSUER};
    yao_mdoc_verify_options o = mdoc_fixture_options();

    (void)state;
    o.anchors     = &a;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_signed(), &o);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_CHAIN_SIGNATURE).outcome,
                     YAO_OUTCOME_ABSENT);
}

static void other_root(void **state)
{
    yao_anchor a = {.certificate = mdoc_fixture_get()->other_root,
                    .role        = YAO_ROLE_ISSUER};

    (void)state;
    untrusted(&a);
}

static void other_role(void **state)
{
    yao_anchor a = {.certificate = mdoc_fixture_get()->root,
                    .role        = YAO_ROLE_READER};

    (void)state;
    untrusted(&a);
}

static void other_type(void **state)
{
    yao_text                types[] = {YAO_INIT("org.iso.23220.photoid.1")};
    yao_anchor              a = mdoc_fixture_get()->anchor;
    yao_mdoc_verify_options o = mdoc_fixture_options();

    (void)state;
    a.types       = types;
    a.type_count  = 1;
    o.anchors     = &a;
    mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_signed(), &o);
    mdoc_case_expect(&j, YAO_CHECK_ISSUER_SCOPE, YAO_E_NOT_AUTHORISED, false);
}

/* RESPONSE with CHAIN (CBOR) as x5chain, or without when it is empty. */
static mdoc_judged with_chain(yao_bytes response, yao_bytes chain)
{
    response = chain.len == 0
                   ? cbor_remove(response, MDOC_AUTH "/1/33")
                   : cbor_set(response, MDOC_AUTH "/1/33", chain);
    return mdoc_fixture_judge(response, NULL);
}

static void no_chain(void **state)
{
    (void)state;
    mdoc_judged j = with_chain(mdoc_fixture_signed(), YAO_LIT(""));
    assert_status(j.documents[0], YAO_E_MISSING);
    mdoc_case_once(&j);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_CHAIN).outcome,
                     YAO_OUTCOME_FAIL);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_SIGNATURE).outcome,
                     YAO_OUTCOME_FAIL);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ALGORITHM).outcome,
                     YAO_OUTCOME_PASS);

    yao_mdoc_verify_options o = mdoc_fixture_options();
    o.anchor_count            = 0;
    j = mdoc_fixture_judge(cbor_remove(mdoc_fixture_signed(),
                                       MDOC_AUTH "/1/33"),
                           &o);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_ANCHORS).outcome,
                     YAO_OUTCOME_FAIL);
    j = mdoc_fixture_judge(
        mdoc_fixture_resign(cbor_set(
            cbor_remove(mdoc_fixture_signed(), MDOC_AUTH "/1/33"),
            MDOC_AUTH "/0", YAO_LIT("\x43\xa1\x01\x00"))),
        NULL);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ALGORITHM).outcome,
                     YAO_OUTCOME_FAIL);
}

static void broken_certificate(void **state)
{
    (void)state;
    mdoc_judged j = with_chain(mdoc_fixture_signed(), YAO_LIT("\x41\x30"));
    assert_int_not_equal(j.documents[0], YAO_OK);
    mdoc_case_once(&j);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ALGORITHM).outcome,
                     YAO_OUTCOME_PASS);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_CHAIN).outcome,
                     YAO_OUTCOME_FAIL);
    yao_report_row date = mdoc_judged_row(&j, 0, YAO_CHECK_SIGNED_DATE);
    yao_report_row country = mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_COUNTRY);
    assert_int_equal(date.outcome, YAO_OUTCOME_UNKNOWN);
    assert_int_equal(country.outcome, YAO_OUTCOME_UNKNOWN);
    assert_int_not_equal(date.why, YAO_OK); /* there is such a row */
    assert_int_not_equal(country.why, YAO_OK);
    /* the rest is judged all the same */
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_DIGESTS).outcome,
                     YAO_OUTCOME_PASS);
}

static void root_in_chain(void **state)
{
    const mdoc_fixture *f = mdoc_fixture_get();

    (void)state;
    yao_bytes chain = cbor_join(YAO_LIT("\x82"), cbor_of_bytes(f->signer));
    mdoc_judged j   = with_chain(mdoc_fixture_signed(),
                                 cbor_join(chain, cbor_of_bytes(f->root)));
    assert_status(j.documents[0], YAO_E_UNTRUSTED);
}

/* A certificate that says it comes from the root, signed by somebody else. */
static void forged_certificate(void **state)
{
    forge f;

    (void)state;
    forge_open(&f, mdoc_fixture_get()->signer);
    mdoc_judged j =
        with_chain(mdoc_fixture_signed(),
                   cbor_of_bytes(forge_close(&f, forge_key(OTHER_KEY))));
    mdoc_case_expect(&j, YAO_CHECK_CHAIN_SIGNATURE, YAO_E_BAD_SIGNATURE, false);
}

static void protected_chain(void **state)
{
    yao_bytes chain = cbor_of_bytes(mdoc_fixture_get()->signer);
    yao_bytes inner = cbor_join(YAO_LIT("\xa2\x01\x26\x18\x21"), chain);
    yao_bytes moved = cbor_remove(mdoc_fixture_signed(), MDOC_AUTH "/1/33");

    (void)state;
    mdoc_judged j = mdoc_fixture_judge(
        mdoc_fixture_resign(
            cbor_set(moved, MDOC_AUTH "/0", cbor_of_bytes(inner))),
        NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
}

/* ---- country and jurisdiction ------------------------------------------- */

typedef struct origin {
    const char *name;
    const char *subject_country, *subject_state;
    yao_bytes   country, jurisdiction; /* as shown; empty: not */
    yao_outcome outcome;
    yao_status  why;
} origin;

static const origin origins[] = {
    {"accepts the signer's country", "UT", NULL, YAO_INIT("\x62UT"),
     YAO_INIT(""), YAO_OUTCOME_PASS, YAO_OK},
    {"refuses another country", "UT", NULL, YAO_INIT("\x62XX"), YAO_INIT(""),
     YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
    {"refuses the country in small letters", "UT", NULL, YAO_INIT("\x62ut"),
     YAO_INIT(""), YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
    {"refuses a country that is no text", "UT", NULL, YAO_INIT("\x01"),
     YAO_INIT(""), YAO_OUTCOME_FAIL, YAO_E_MALFORMED},
    {"gives ABSENT when neither is shown", "UT", NULL, YAO_INIT(""),
     YAO_INIT(""), YAO_OUTCOME_ABSENT, YAO_OK},
    {"accepts any jurisdiction of a signer without one", "UT", NULL,
     YAO_INIT(""), YAO_INIT("\x64UT-A"), YAO_OUTCOME_ABSENT, YAO_OK},
    {"accepts the signer's jurisdiction", "UT", "UT-A", YAO_INIT("\x62UT"),
     YAO_INIT("\x64UT-A"), YAO_OUTCOME_PASS, YAO_OK},
    {"refuses another jurisdiction", "UT", "UT-A", YAO_INIT(""),
     YAO_INIT("\x64UT-B"), YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
};

/* ISSUED shown with all its elements. */
static yao_bytes show_issued(const yao_mdoc_issue_request *request,
                             yao_bytes                     signer)
{
    yao_mdoc_issue_request q = *request;
    yao_mdoc_presenting    p;
    yao_mdoc_selector      all[8];
    yao_bytes transcript = mdoc_fixture_transcript("1"), doc, out;
    uint8_t  *signature  = yao_arena_take(test_arena(), 96);
    size_t    len;

    q.chain       = &signer;
    q.chain_count = 1;
    for (size_t i = 0; i < q.element_count; i++)
        all[i] = (yao_mdoc_selector){q.elements[i].name_space,
                                     q.elements[i].element};
    assert_status(yao_mdoc_present(test_arena(), mdoc_fixture_issue(&q), all,
                                   q.element_count, transcript, &p),
                  YAO_OK);
    assert_status(yao_openssl_sign(forge_key(DEVICE_KEY), &p.wish, signature,
                                   &len),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_document_signed(
                      &w, &p, (yao_bytes){signature, len}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &doc), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, &doc, 1);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* The signer's certificate with another subject, under the root. */
static yao_bytes signer_of(const char *country, const char *state)
{
    forge f;

    forge_open(&f, mdoc_fixture_get()->signer);
    f.subject = forge_name(country, state, "SPECIMEN signer");
    return forge_close(&f, forge_key(ROOT_KEY));
}

static void origin_row(void **state)
{
    const origin          *row = *state;
    yao_mdoc_element       e[3];
    size_t                 n = 0;
    yao_mdoc_issue_request q = mdoc_fixture_request();

    e[n++] = q.elements[0];
    if (row->country.len != 0)
        e[n++] = (yao_mdoc_element){YAO_TEXT(MDOC_SPACE),
                                    YAO_TEXT("issuing_country"), row->country};
    if (row->jurisdiction.len != 0)
        e[n++] = (yao_mdoc_element){YAO_TEXT(MDOC_SPACE),
                                    YAO_TEXT("issuing_jurisdiction"),
                                    row->jurisdiction};
    q.elements      = e;
    q.element_count = n;
    mdoc_judged j   = mdoc_fixture_judge(
        show_issued(&q, signer_of(row->subject_country, row->subject_state)),
        NULL);
    yao_report_row got = mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_COUNTRY);

    assert_string_equal(yao_outcome_name(got.outcome),
                        yao_outcome_name(row->outcome));
    assert_status(got.why, row->why);
    assert_status(j.documents[0], row->why);
}

/* The rule is the licence's own; another document may have another. */
static void other_document(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();
    yao_mdoc_element       e = {YAO_INIT(MDOC_SPACE),
                                YAO_INIT("issuing_country"),
                                YAO_INIT("\x62XX")};

    (void)state;
    q.doc_type      = YAO_TEXT("org.yaopai.residence_permit.1");
    q.elements      = &e;
    q.element_count = 1;
    mdoc_judged j   = mdoc_fixture_judge(
        show_issued(&q, mdoc_fixture_get()->signer), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ISSUER_COUNTRY).outcome,
                     YAO_OUTCOME_ABSENT);
}

/* ---- the session -------------------------------------------------------- */

/* Nobody said what was to be signed: nothing is, and the home is not asked. */
static void no_session(void **state)
{
    yao_bytes shown[] = {mdoc_fixture_signed(), mdoc_fixture_maced()};

    (void)state;
    for (size_t i = 0; i < COUNT(shown); i++) {
        yao_mdoc_verify_options o = mdoc_fixture_options();

        o.transcript  = (yao_bytes){NULL, 0};
        mdoc_judged j = mdoc_fixture_judge(shown[i], &o);
        mdoc_case_expect(&j, YAO_CHECK_DEVICE_AUTH, YAO_E_MISSING, true);
    }
}

/* ---- longer heads, several documents, nothing --------------------------- */

static void longer_heads(void **state)
{
    mdoc_case row = {.changes = {{SET, ITEM "elementValue",
                                  YAO_INIT("\x78\x08" "SPECIMEN")}},
                     .again   = BOTH};
    yao_mdoc_verify_options o = mdoc_fixture_options();
    yao_mdoc_unverified     parsed;
    yao_mdoc_verification   v;
    yao_report              report = {.count = 0};

    (void)state;
    yao_bytes   input = mdoc_case_make(&row, mdoc_fixture_signed());
    mdoc_judged j     = mdoc_fixture_judge(input, NULL);
    assert_int_equal(mdoc_judged_row(&j, 0, YAO_CHECK_ENCODING).outcome,
                     YAO_OUTCOME_NOTE);

    /* parsed leniently, judged strictly */
    o.strict = true;
    assert_status(yao_mdoc_parse_response(test_arena(), input, false, &parsed),
                  YAO_OK);
    assert_status(yao_mdoc_begin(test_arena(), forge_crypto(), &parsed, &o, &v,
                                 &report),
                  YAO_OK);
    assert_int_equal(report.rows[1].check, YAO_CHECK_ENCODING);
    assert_int_equal(report.rows[1].outcome, YAO_OUTCOME_FAIL);
    assert_status(report.rows[1].why, YAO_E_NOT_SHORTEST);
}

static void named_list(void **state)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    (void)state;
    q.status_uri   = YAO_TEXT("https://authority.example/status/1");
    q.status_index = 412;
    mdoc_judged j  = mdoc_fixture_judge(mdoc_fixture_issue(&q), NULL);
    mdoc_case_expect(&j, YAO_CHECK_NONE, YAO_OK, false);
    yao_report_row row = mdoc_judged_row(&j, 0, YAO_CHECK_STATUS);
    assert_int_equal(row.outcome, YAO_OUTCOME_UNKNOWN); /* there is none yet: */
    assert_status(row.why, YAO_OK); /* it is the policy's to write */
    assert_bytes(yao_text_bytes(j.verified[0].status.uri),
                 yao_text_bytes(q.status_uri));
    assert_int_equal(j.verified[0].status.index, 412);
}

/* N018: whichever is the bad one, the other is judged, and neither hides. */
static void two_documents(void **state)
{
    yao_bytes good = mdoc_fixture_signed();
    yao_bytes bad  = cbor_set(good, ITEM "elementValue", YAO_LIT("\x61x"));

    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        mdoc_judged j = mdoc_fixture_judge(
            turn == 0 ? mdoc_fixture_pair(bad, good)
                      : mdoc_fixture_pair(good, bad),
            NULL);

        assert_int_equal(j.document_count, 2);
        assert_status(j.documents[turn], YAO_E_BAD_DIGEST);
        assert_status(j.documents[1 - turn], YAO_OK);
        assert_int_equal(mdoc_judged_bad(&j, turn), 1);
        assert_int_equal(mdoc_judged_bad(&j, 1 - turn), 0);
    }
}

/* The rows of sixteen documents have room. */
static void sixteen_documents(void **state)
{
    yao_bytes good = mdoc_fixture_signed(), one = cbor_at(good, "documents/0");
    yao_bytes all  = YAO_LIT("\x90");

    (void)state;
    for (size_t i = 0; i < 16; i++)
        all = cbor_join(all, one);
    mdoc_judged j = mdoc_fixture_judge(cbor_set(good, "documents", all), NULL);
    assert_false(j.report.full);
    for (size_t i = 0; i < 16; i++)
        assert_status(j.documents[i], YAO_OK);
}

static void no_documents(void **state)
{
    yao_bytes   input = YAO_LIT("\xa2\x67" "version" "\x63" "1.0\x66" "status"
                                "\x0a");
    mdoc_judged j     = mdoc_fixture_judge(input, NULL);

    (void)state;
    assert_status(j.begun, YAO_OK);
    assert_int_equal(j.document_count, 0);
    assert_int_equal(j.report.count, 2);
    assert_int_equal(j.report.rows[0].outcome, YAO_OUTCOME_FAIL);
    assert_int_equal(j.report.rows[0].document, -1);
    assert_int_equal(j.report.rows[1].check, YAO_CHECK_RESPONSE_STATUS);
    assert_int_equal(j.report.rows[1].outcome, YAO_OUTCOME_FAIL);
}

/* ---- times and bits ----------------------------------------------------- */

static void bad_times(void **state)
{
    static const struct {
        yao_time now, skew;
    } times[] = {{-1, 0},
                 {YAO_TIME_MAX + 1, 0},
                 {YAO_TIME_NONE, 0},
                 {INT64_MAX, 0},
                 {MDOC_NOW, -1},
                 {MDOC_NOW, YAO_TIME_DAY + 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(times); i++) {
        yao_mdoc_verify_options o = mdoc_fixture_options();

        o.now         = times[i].now;
        o.skew        = times[i].skew;
        mdoc_judged j = mdoc_fixture_judge(mdoc_fixture_signed(), &o);
        assert_status(j.begun, YAO_E_USAGE);
        assert_int_equal(j.report.count, 0);
    }
}

/* Every bit of what is signed: the whole message but the minor version, the
 * names of the maps of items and what stands unprotected. */
static yao_status judge_bits(yao_bytes input, void *context)
{
    mdoc_judged j = mdoc_fixture_judge(input, NULL);

    (void)context;
    if (j.parsed != YAO_OK)
        return j.parsed;
    if (j.begun != YAO_OK || j.document_count != 1)
        return YAO_E_MISSING;
    /* nothing shown is nothing claimed */
    if (j.documents[0] == YAO_OK && j.verified[0].item_count == 0)
        return YAO_E_MISSING;
    return j.documents[0];
}

static bool is_minor_version(size_t at, void *context)
{
    yao_bytes input   = *(yao_bytes *)context;
    yao_bytes version = cbor_at(input, "version");

    return at == (size_t)(version.ptr - input.ptr) + 3;
}

static void bits(void **state)
{
    yao_bytes good = mdoc_fixture_signed();

    (void)state;
    test_every_bit(judge_bits, good, &good, is_minor_version);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_add("verify", cases[i].name, mdoc_case_run, &cases[i]);
    test_add("verify", "refuses algorithms that are not the key's (N009)",
             algorithm, NULL);
    test_add("verify", "accepts ESP256", specific_algorithm, NULL);
    test_add("verify", "refuses external data in the signature (N013)",
             external_data, NULL);
    test_add("verify", "refuses another signer's key", other_signer, NULL);
    test_add("verify", "refuses an item in another namespace (N023)",
             moved_item, NULL);
    test_add("verify", "refuses everything without anchors", no_anchors, NULL);
    test_add("verify", "accepts a signer that was pinned", pinned, NULL);
    test_add("verify", "refuses another root of the same name", other_root,
             NULL);
    test_add("verify", "refuses an anchor of another role", other_role, NULL);
    test_add("verify", "refuses an anchor of other types", other_type, NULL);
    test_add("verify", "refuses a missing x5chain", no_chain, NULL);
    test_add("verify", "refuses a broken certificate", broken_certificate,
             NULL);
    test_add("verify", "refuses the root in the chain", root_in_chain, NULL);
    test_add("verify", "refuses a forged certificate", forged_certificate,
             NULL);
    test_add("verify", "accepts a protected x5chain", protected_chain, NULL);
    for (size_t i = 0; i < COUNT(origins); i++)
        test_add("issuer_country", origins[i].name, origin_row, &origins[i]);
    test_add("issuer_country", "gives ABSENT for another document",
             other_document, NULL);
    test_add("verify", "never accepts a device without a session", no_session,
             NULL);
    test_add("verify", "gives a note about longer heads", longer_heads, NULL);
    test_add("verify", "gives a note about a status list", named_list,
             NULL);
    test_add("verify", "refuses the bad one of two documents (N018)",
             two_documents, NULL);
    test_add("verify", "accepts sixteen documents", sixteen_documents, NULL);
    test_add("verify", "refuses a response without documents", no_documents,
             NULL);
    test_add("verify", "refuses times outside their range", bad_times, NULL);
    test_add("verify", "refuses every flipped bit", bits, NULL);
    return test_run("mdoc/verify");
}
