/* SPDX-License-Identifier: Apache-2.0 */

/* What the caller asks for is never the message's to decide: whether a
 * holder is needed, and whether what a profile asks for was shown. */

#include "policy/policy.h"

#include <stdio.h>

#include "mdoc_fixture.h"
#include "sdtoken.h"

#define OTHER_TYPE "org.iso.23220.photoid.1"

/* ---- messages ------------------------------------------------------------ */

static yao_bytes issued(void)
{
    return mdoc_fixture_issued();
}

/* RESPONSE without ELEMENT, which its holder did not show. */
static yao_bytes without(yao_bytes response, const char *element)
{
    char path[96];

    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, MDOC_ITEMS "/%zu/*/elementIdentifier", i);
        if (!yao_bytes_equal(cbor_at(response, path), cbor_of_text(element)))
            continue;
        snprintf(path, sizeof path, MDOC_ITEMS "/%zu", i);
        return cbor_remove(response, path);
    }
    fail_msg("no %s", element);
    return response;
}

static yao_bytes no_name(void)
{
    return without(mdoc_fixture_signed(), "family_name");
}

static yao_bytes no_birth_date(void)
{
    return without(mdoc_fixture_signed(), "birth_date");
}

/* Its holder is not of age, and the issuer says so. */
static yao_bytes young(void)
{
    yao_bytes response = mdoc_fixture_signed();
    char      path[96];

    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, MDOC_ITEMS "/%zu/*/elementIdentifier", i);
        if (!yao_bytes_equal(cbor_at(response, path),
                             cbor_of_text("age_over_18")))
            continue;
        snprintf(path, sizeof path, MDOC_ITEMS "/%zu/*/elementValue", i);
        return mdoc_fixture_resign(mdoc_fixture_redigest(
            cbor_set(response, path, YAO_LIT("\xf4"))));
    }
    fail_msg("no age");
    return response;
}

static yao_bytes young_and_adult(void)
{
    return mdoc_fixture_pair(young(), mdoc_fixture_signed());
}

/* What one card does not show is shown by the other. */
static yao_bytes two_halves(void)
{
    return mdoc_fixture_pair(no_name(), no_birth_date());
}

static yao_bytes half_and_whole(void)
{
    return mdoc_fixture_pair(no_name(), mdoc_fixture_signed());
}

static yao_bytes whole_and_bad(void)
{
    return mdoc_fixture_pair(
        cbor_set(mdoc_fixture_signed(), MDOC_ITEMS "/0/*/elementValue",
                 YAO_LIT("\x61x")),
        mdoc_fixture_signed());
}

/* The device says its holder's name, as it is allowed to. */
static yao_bytes name_by_device(void)
{
    yao_bytes said = YAO_LIT("\xd8\x18\x58\x22\xa1\x71" MDOC_SPACE
                             "\xa1\x6b" "family_name" "\x61x");
    yao_bytes may  = YAO_LIT("\x71" "keyAuthorizations" "\xa1\x6a"
                             "nameSpaces" "\x81\x71" MDOC_SPACE);
    yao_bytes response = cbor_set(no_name(), MDOC_DEVICE "/nameSpaces", said);

    response = mdoc_fixture_resign(
        cbor_add(response, MDOC_MSO("deviceKeyInfo"), may));
    return mdoc_fixture_resign_device(response, mdoc_fixture_transcript("1"),
                                      DEVICE_KEY);
}

static yao_bytes nothing_there(void)
{
    return YAO_LIT("\xa2\x67" "version" "\x63" "1.0" "\x66" "status" "\x00");
}

static yao_bytes refused_by_wallet(void)
{
    return YAO_LIT("\xa2\x67" "version" "\x63" "1.0" "\x66" "status" "\x0a");
}

static yao_bytes token(const char *header, bool kb)
{
    sd_token t = {.header = header, .no_kb = !kb};

    return sd_text(&t);
}

static yao_bytes shown_token(void)
{
    return token(NULL, true);
}

static yao_bytes age_token(const char *payload)
{
    sd_token t = {.payload = payload};

    return sd_text(&t);
}

static yao_bytes adult_token(void)
{
    return age_token("{" SD_BARE ",\"exp\":1800000000,"
                     "\"age_equal_or_over\":{\"18\": true }}");
}

static yao_bytes young_token(void)
{
    return age_token("{" SD_BARE ",\"exp\":1800000000,"
                     "\"age_equal_or_over\":{\"18\":false}}");
}

/* Letters are no truth. */
static yao_bytes wordy_token(void)
{
    return age_token("{" SD_BARE ",\"exp\":1800000000,"
                     "\"age_equal_or_over\":{\"18\":\"true\"}}");
}

static yao_bytes issued_token(void)
{
    return token(NULL, false);
}

static yao_bytes plain_token(void)
{
    return token("{\"alg\":\"ES256\",\"typ\":\"example+sd-jwt\"}", false);
}

static yao_bytes old_token(void)
{
    return token("{\"alg\":\"ES256\",\"typ\":\"vc+sd-jwt\"}", false);
}

static yao_bytes suffix_token(void)
{
    return token("{\"alg\":\"ES256\",\"typ\":\"+sd-jwt\"}", false);
}

/* ---- what is asked for --------------------------------------------------- */

enum asked {
    TRANSCRIPT = 1 << 0, /* the session of the mdoc */
    NONCE      = 1 << 1, /* nonce and audience of the SD-JWT */
    NO_HOLDER  = 1 << 2,
    PROFILE    = 1 << 3, /* name and birth date of a licence */
    OTHER      = 1 << 4, /* a portrait of another type of document */
    BY_NAME    = 1 << 5, /* the format is named: IssuerSigned */
    TYPED      = 1 << 6, /* the format is named: SD-JWT VC */
    OF_AGE     = 1 << 7, /* are they of age? */
    AGE        = 1 << 8  /* whether they are or not */
};

static const yao_requirement profile[] = {
    {YAO_INIT(MDOC_TYPE), YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"), false},
    {YAO_INIT(MDOC_TYPE), YAO_INIT(MDOC_SPACE), YAO_INIT("birth_date"), false},
    {YAO_INIT(OTHER_TYPE), YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"), false},
    {YAO_INIT(MDOC_TYPE), YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18"), true},
    {YAO_INIT(MDOC_TYPE), YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18"), false},
    {YAO_INIT("urn:yaopai:specimen:1"), {NULL, 0},
     YAO_INIT("age_equal_or_over.18"), true},
};

static yao_verify_options ask(unsigned asked, yao_anchor anchors[2])
{
    yao_verify_options o = {.anchors      = anchors,
                            .anchor_count = 2,
                            .now          = MDOC_NOW,
                            .no_binding   = (asked & NO_HOLDER) != 0};

    anchors[0] = mdoc_fixture_get()->anchor;
    anchors[1] = sd_anchor(SD_ISSUER);
    if (asked & TRANSCRIPT)
        o.transcript = mdoc_fixture_transcript("1");
    if (asked & NONCE) {
        o.nonce    = YAO_TEXT("n-0S6");
        o.audience = YAO_TEXT("https://verifier.example");
        o.now      = SD_NOW;
    }
    if (asked & (PROFILE | OTHER)) {
        o.required       = asked & PROFILE ? profile : profile + 2;
        o.required_count = asked & PROFILE ? 2 : 1;
    }
    if (asked & (OF_AGE | AGE)) {
        o.required       = asked & AGE ? profile + 4
                           : asked & NONCE ? profile + 5
                                           : profile + 3;
        o.required_count = 1;
    }
    if (asked & BY_NAME)
        o.format = YAO_FORMAT_MDOC_ISSUED;
    if (asked & TYPED)
        o.format = YAO_FORMAT_SDJWT_VC;
    return o;
}

/* ---- what becomes of it ------------------------------------------------- */

static const struct row {
    const char *name;
    yao_bytes (*message)(void);
    unsigned    asked;
    yao_verdict verdict;
    bool        authentic, bound; /* of the first document */
    yao_check   failed;           /* NONE: no row failed */
} rows[] = {
    /* the holder: the caller says whether one is needed */
    {"accepts a response to our session", mdoc_fixture_signed, TRANSCRIPT,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses an IssuerSigned where a session was held (N036, N071)", issued,
     TRANSCRIPT, YAO_VERDICT_REJECT, false, false, YAO_CHECK_DEVICE_AUTH},
    {"refuses an IssuerSigned of a session without a nonce (N036)", issued,
     TRANSCRIPT | NO_HOLDER, YAO_VERDICT_REJECT, false, false,
     YAO_CHECK_DEVICE_AUTH},
    {"refuses an IssuerSigned where a nonce was given (N036)", issued, NONCE,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_DEVICE_AUTH},
    {"refuses an IssuerSigned when nobody said anything (N072)", issued, 0,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_DEVICE_AUTH},
    {"accepts an IssuerSigned where no holder is asked for", issued, NO_HOLDER,
     YAO_VERDICT_ACCEPT, true, false, 0},
    {"accepts an IssuerSigned that was asked for by name", issued,
     TRANSCRIPT | BY_NAME, YAO_VERDICT_ACCEPT, true, false, 0},
    {"never accepts a response without a session to check it against (N072)",
     mdoc_fixture_signed, 0, YAO_VERDICT_INDETERMINATE, false, false, 0},
    {"never accepts a response unchecked where no holder is asked for",
     mdoc_fixture_signed, NO_HOLDER, YAO_VERDICT_INDETERMINATE, false, false,
     0},
    {"accepts an SD-JWT with its holder", shown_token, NONCE,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses an SD-JWT without its holder (N071)", issued_token, NONCE,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_KB_PRESENT},
    {"refuses an SD-JWT where a session was held (N071)", issued_token, TRANSCRIPT,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_KB_PRESENT},
    {"refuses an SD-JWT when nobody said anything (N072)",
     issued_token, 0, YAO_VERDICT_REJECT, false, false, YAO_CHECK_KB_PRESENT},
    {"accepts an SD-JWT where no holder is asked for", issued_token, NO_HOLDER,
     YAO_VERDICT_ACCEPT, true, false, 0},

    /* the type of an SD-JWT */
    {"accepts another SD-JWT as what it says it is", plain_token, NO_HOLDER,
     YAO_VERDICT_ACCEPT, true, false, 0},
    {"refuses the old name of an SD-JWT VC", old_token, NO_HOLDER,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_TYPE_HEADER},
    {"refuses a suffix that is no type", suffix_token, NO_HOLDER,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_TYPE_HEADER},
    {"refuses another SD-JWT where an SD-JWT VC was asked for (N053)",
     plain_token, NO_HOLDER | TYPED, YAO_VERDICT_REJECT, false, false,
     YAO_CHECK_TYPE_HEADER},
    {"refuses another SD-JWT for a profile (N053)", plain_token,
     NO_HOLDER | OTHER, YAO_VERDICT_REJECT, false, false,
     YAO_CHECK_TYPE_HEADER},

    /* the profile */
    {"accepts what the profile asks for", mdoc_fixture_signed,
     TRANSCRIPT | PROFILE, YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses when an element was not shown", no_name, TRANSCRIPT | PROFILE,
     YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"accepts the same where no profile asks for it", no_name, TRANSCRIPT,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses a document of a type that was not asked for (N028)",
     mdoc_fixture_signed, TRANSCRIPT | OTHER, YAO_VERDICT_REJECT, true, true,
     YAO_CHECK_PROFILE},
    {"refuses an SD-JWT of a type that was not asked for (N068)", shown_token,
     NONCE | OTHER, YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"refuses two cards that are whole only together", two_halves,
     TRANSCRIPT | PROFILE, YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"accepts two cards one of which is whole", half_and_whole,
     TRANSCRIPT | PROFILE, YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses a bad card beside a whole one (N018)", whole_and_bad,
     TRANSCRIPT | PROFILE, YAO_VERDICT_REJECT, false, false,
     YAO_CHECK_DIGESTS},
    {"refuses an element that only the device says (N044)", name_by_device,
     TRANSCRIPT | PROFILE, YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"accepts the same where no profile asks for it (N044)", name_by_device,
     TRANSCRIPT, YAO_VERDICT_ACCEPT, true, true, 0},
    {"accepts a yes", mdoc_fixture_signed, TRANSCRIPT | OF_AGE,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses a no", young, TRANSCRIPT | OF_AGE, YAO_VERDICT_REJECT, true, true,
     YAO_CHECK_PROFILE},
    {"accepts a no where any answer will do", young, TRANSCRIPT | AGE,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"accepts a yes of an SD-JWT", adult_token, NONCE | OF_AGE,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"refuses a no of an SD-JWT", young_token, NONCE | OF_AGE,
     YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"refuses a yes that is a text", wordy_token, NONCE | OF_AGE,
     YAO_VERDICT_REJECT, true, true, YAO_CHECK_PROFILE},
    {"accepts a yes beside a no", young_and_adult, TRANSCRIPT | OF_AGE,
     YAO_VERDICT_ACCEPT, true, true, 0},
    {"never says that an element is missing where it could not be checked",
     mdoc_fixture_signed, PROFILE, YAO_VERDICT_INDETERMINATE, false, false, 0},

    /* nothing */
    {"refuses a response without documents (N036)", nothing_there, TRANSCRIPT,
     YAO_VERDICT_REJECT, false, false, YAO_CHECK_STRUCTURE},
    {"refuses a response that says why there are none (N017)",
     refused_by_wallet, TRANSCRIPT, YAO_VERDICT_REJECT, false, false,
     YAO_CHECK_RESPONSE_STATUS},
};

/* What was not asked for has no row; what was has one, also where it could not
 * be looked at. */
static void check_profile(const struct row *r, const yao_report *report)
{
    const yao_report_row *row   = sd_row(report, YAO_CHECK_PROFILE);
    bool asked = (r->asked & (PROFILE | OTHER | OF_AGE | AGE)) != 0;

    assert_int_equal(row != NULL, asked);
    if (!asked || r->failed == YAO_CHECK_PROFILE)
        return;
    assert_int_equal(row->outcome, r->verdict == YAO_VERDICT_INDETERMINATE
                                       ? YAO_OUTCOME_UNKNOWN
                                       : YAO_OUTCOME_PASS);
}

static bool has_failed(const yao_report *report, yao_check check)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->rows[i].outcome == YAO_OUTCOME_FAIL &&
            (check == YAO_CHECK_NONE || report->rows[i].check == check))
            return true;

    return false;
}

static void judged(void **state)
{
    const struct row  *r = *state;
    yao_anchor         anchors[2];
    yao_verify_options o      = ask(r->asked, anchors);
    yao_result        *result = NULL;

    assert_status(yao_verify(test_arena(), forge_crypto(), r->message(), &o,
                             &result),
                  YAO_OK);
    if (result->verdict != r->verdict)
        sd_print(&result->report);
    assert_string_equal(yao_verdict_name(result->verdict),
                        yao_verdict_name(r->verdict));
    assert_int_equal(has_failed(&result->report, r->failed),
                     r->failed != YAO_CHECK_NONE);
    assert_int_equal(result->format == YAO_FORMAT_SDJWT,
                     r->message == plain_token && r->asked == NO_HOLDER);
    if (result->document_count == 0) {
        assert_false(result->authentic);
        return;
    }
    if (r->failed != YAO_CHECK_DIGESTS && r->failed != YAO_CHECK_TYPE_HEADER)
        check_profile(r, &result->report);
    assert_int_equal(result->documents[0].authentic, r->authentic);
    assert_int_equal(result->documents[0].bound, r->bound);
    if (!r->authentic)
        assert_int_equal(result->documents[0].attribute_count, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("verify", rows[i].name, judged, &rows[i]);

    return test_run("policy/asked");
}
