/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

#include "check.h"

#include <stdio.h>

/* What must have passed for an ACCEPT, written down a second time from the
 * standards, so that a line lost in the policy's own table is noticed.
 * note, absent: the outcome lets the document pass all the same. */
typedef struct wanted {
    yao_check check;
    bool      note, absent;
    bool      authentic; /* without it the document is not even authentic */
} wanted;

#define ISSUER_OF_MDOC                                                         \
    {YAO_CHECK_STRUCTURE, false, false, true},                                 \
    {YAO_CHECK_ISSUER_ANCHORS, false, false, true},                            \
    {YAO_CHECK_ISSUER_CHAIN, false, false, true},                              \
    {YAO_CHECK_CHAIN_SIGNATURE, false, true, true},                            \
    {YAO_CHECK_CHAIN_VALIDITY, false, false, false},                           \
    {YAO_CHECK_CHAIN_PROFILE, true, false, true},                              \
    {YAO_CHECK_ISSUER_SCOPE, false, false, true},                              \
    {YAO_CHECK_ALGORITHM, false, false, true},                                 \
    {YAO_CHECK_ISSUER_SIGNATURE, false, false, true},                          \
    {YAO_CHECK_DIGESTS, false, false, true},                                   \
    {YAO_CHECK_DOCTYPE, false, false, true},                                   \
    {YAO_CHECK_SIGNED_DATE, false, false, true},                               \
    {YAO_CHECK_VALIDITY, false, false, false},                                 \
    {YAO_CHECK_STATUS, true, true, false},                                    \
    {YAO_CHECK_ISSUER_COUNTRY, false, true, true}

#define ISSUER_OF_SDJWT                                                        \
    {YAO_CHECK_STRUCTURE, false, false, true},                                 \
    {YAO_CHECK_ISSUER_ANCHORS, false, false, true},                            \
    {YAO_CHECK_ISSUER_CHAIN, false, false, true},                              \
    {YAO_CHECK_CHAIN_SIGNATURE, false, true, true},                            \
    {YAO_CHECK_CHAIN_VALIDITY, false, true, false},                            \
    {YAO_CHECK_CHAIN_PROFILE, true, true, true},                               \
    {YAO_CHECK_ISSUER_SCOPE, false, true, true},                               \
    {YAO_CHECK_ALGORITHM, false, false, true},                                 \
    {YAO_CHECK_ISSUER_SIGNATURE, false, false, true},                          \
    {YAO_CHECK_DISCLOSURES, false, false, true},                               \
    {YAO_CHECK_DIGESTS, false, false, true},                                   \
    {YAO_CHECK_VALIDITY, false, true, false},                                  \
    {YAO_CHECK_STATUS, true, true, false}

static const wanted response[] = {
    ISSUER_OF_MDOC,
    {YAO_CHECK_RESPONSE_STATUS, false, false, true},
    {YAO_CHECK_DEVICE_KEY, false, false, true},
    {YAO_CHECK_DEVICE_ELEMENTS, false, true, true},
    {YAO_CHECK_DEVICE_AUTH, false, false, true},
};
static const wanted issued[] = {ISSUER_OF_MDOC};
static const wanted bound_issued[] = {
    ISSUER_OF_MDOC,
    {YAO_CHECK_DEVICE_AUTH, false, false, true},
};
static const wanted token[]  = {
    ISSUER_OF_SDJWT,
    {YAO_CHECK_TYPE_HEADER, false, false, true},
    {YAO_CHECK_REQUIRED_CLAIMS, false, false, true},
    {YAO_CHECK_ISSUER_NAME, false, true, true},
};
static const wanted bound_token[] = {
    ISSUER_OF_SDJWT,
    {YAO_CHECK_TYPE_HEADER, false, false, true},
    {YAO_CHECK_REQUIRED_CLAIMS, false, false, true},
    {YAO_CHECK_ISSUER_NAME, false, true, true},
    {YAO_CHECK_HOLDER_KEY, false, false, true},
    {YAO_CHECK_KB_PRESENT, false, false, true},
    {YAO_CHECK_KB_TYPE, false, false, true},
    {YAO_CHECK_KB_SIGNATURE, false, false, true},
    {YAO_CHECK_KB_AUDIENCE, false, false, true},
    {YAO_CHECK_KB_NONCE, false, false, true},
    {YAO_CHECK_KB_TIME, false, false, true},
    {YAO_CHECK_KB_HASH, false, false, true},
};
static const wanted plain[]    = {ISSUER_OF_SDJWT};
static const wanted list[]     = {
    {YAO_CHECK_STRUCTURE, false, false, true},
    {YAO_CHECK_ISSUER_ANCHORS, false, false, true},
    {YAO_CHECK_ISSUER_CHAIN, false, false, true},
    {YAO_CHECK_CHAIN_SIGNATURE, false, true, true},
    {YAO_CHECK_CHAIN_VALIDITY, false, true, false},
    {YAO_CHECK_CHAIN_PROFILE, true, true, true},
    {YAO_CHECK_ISSUER_SCOPE, false, true, true},
    {YAO_CHECK_ALGORITHM, false, false, true},
    {YAO_CHECK_ISSUER_SIGNATURE, false, false, true},
    {YAO_CHECK_TYPE_HEADER, false, false, true},
    {YAO_CHECK_REQUIRED_CLAIMS, false, false, true},
    {YAO_CHECK_VALIDITY, false, false, false},
    {YAO_CHECK_LIST_SUBJECT, false, true, false},
    {YAO_CHECK_LIST_CONTENT, false, false, true},
    {YAO_CHECK_LIST_INDEX, false, true, false},
};
static const wanted profiled[] = {
    ISSUER_OF_MDOC,
    {YAO_CHECK_PROFILE, false, false, false},
};

static const wanted offline[] = {
    ISSUER_OF_MDOC,
    {YAO_CHECK_RESPONSE_STATUS, false, false, true},
    {YAO_CHECK_DEVICE_KEY, false, false, true},
    {YAO_CHECK_DEVICE_ELEMENTS, false, true, true},
    {YAO_CHECK_DEVICE_AUTH, false, false, true},
    {YAO_CHECK_CARD_CHALLENGE, false, false, true},
};

#define ISSUER_OF_CARD                                                         \
    {YAO_CHECK_STRUCTURE, false, false, true},                                 \
    {YAO_CHECK_ISSUER_ANCHORS, false, false, true},                            \
    {YAO_CHECK_ISSUER_CHAIN, false, false, true},                              \
    {YAO_CHECK_CHAIN_SIGNATURE, false, true, true},                            \
    {YAO_CHECK_ISSUER_SCOPE, false, false, true},                              \
    {YAO_CHECK_ALGORITHM, false, false, true},                                 \
    {YAO_CHECK_ISSUER_SIGNATURE, false, false, true},                          \
    {YAO_CHECK_VALIDITY, false, false, false},                                 \
    {YAO_CHECK_STATUS, true, true, false},                                     \
    {YAO_CHECK_CARD_PROFILE, false, true, false}

static const wanted card[] = {
    ISSUER_OF_CARD,
    {YAO_CHECK_CHAIN_VALIDITY, false, false, false},
    {YAO_CHECK_CHAIN_PROFILE, true, false, true},
    {YAO_CHECK_ISSUER_NAME, false, false, true},
    {YAO_CHECK_HOLDER_KEY, false, false, true},
    {YAO_CHECK_CARD_CHALLENGE, false, false, true},
    {YAO_CHECK_CARD_HOLDER, false, false, true},
};

#define PAPER                                                                  \
    ISSUER_OF_CARD,                                                            \
    {YAO_CHECK_CHAIN_VALIDITY, false, true, false},                            \
    {YAO_CHECK_CHAIN_PROFILE, true, true, true},                               \
    {YAO_CHECK_ISSUER_NAME, false, true, true},                                \
    {YAO_CHECK_HOLDER_KEY, false, true, true},                                 \
    {YAO_CHECK_CARD_CHALLENGE, false, true, true}

static const wanted paper[] = {
    PAPER,
    {YAO_CHECK_CARD_HOLDER, false, true, false},
};
static const wanted bound_paper[] = {
    PAPER,
    {YAO_CHECK_CARD_HOLDER, false, false, false},
};

static const struct {
    const char     *name;
    yao_policy_case of;
    const wanted   *table;
    size_t          count;
} formats[] = {
    {"DeviceResponse", {YAO_FORMAT_MDOC_RESPONSE, 1, false, false, false}, response,
     COUNT(response)},
    {"IssuerSigned", {YAO_FORMAT_MDOC_ISSUED, 1, false, false, false}, issued,
     COUNT(issued)},
    {"IssuerSigned for a profile", {YAO_FORMAT_MDOC_ISSUED, 1, false, true, false},
     profiled, COUNT(profiled)},
    {"IssuerSigned where a holder is asked for",
     {YAO_FORMAT_MDOC_ISSUED, 1, true, false, false}, bound_issued,
     COUNT(bound_issued)},
    {"SD-JWT VC", {YAO_FORMAT_SDJWT_VC, 1, false, false, false}, token, COUNT(token)},
    {"bound SD-JWT VC", {YAO_FORMAT_SDJWT_VC, 1, true, false, false}, bound_token,
     COUNT(bound_token)},
    {"SD-JWT", {YAO_FORMAT_SDJWT, 1, false, false, false}, plain, COUNT(plain)},
    {"status list as JWT", {YAO_FORMAT_STATUS_LIST_JWT, 1, false, false, false}, list,
     COUNT(list)},
    {"status list as CWT", {YAO_FORMAT_STATUS_LIST_CWT, 1, false, false, false}, list,
     COUNT(list)},
    {"DeviceResponse in codes",
     {YAO_FORMAT_MDOC_RESPONSE, 1, false, false, true}, offline,
     COUNT(offline)},
    {"card", {YAO_FORMAT_CARD, 1, true, false, false}, card, COUNT(card)},
    {"printed card", {YAO_FORMAT_PRINTED_CARD, 1, false, false, false}, paper,
     COUNT(paper)},
    {"printed card where a holder is asked for",
     {YAO_FORMAT_PRINTED_CARD, 1, true, false, false}, bound_paper,
     COUNT(bound_paper)},
};

/* All that is wanted passed, but row CHANGED came out as OUTCOME (CHANGED
 * beyond the table: nothing is changed; OUTCOME below 0: no row at all). */
static yao_report report_of(size_t format, size_t changed, int outcome)
{
    yao_report report = {.count = 0};

    for (size_t i = 0; i < formats[format].count; i++) {
        if (i != changed)
            yao_report_add(&report, 0, formats[format].table[i].check,
                           YAO_OUTCOME_PASS, YAO_OK);
        else if (outcome >= 0)
            yao_report_add(&report, 0, formats[format].table[i].check,
                           (yao_outcome)outcome, YAO_E_MALFORMED);
    }
    return report;
}

typedef struct one {
    char        name[96];
    size_t      format, row;
    int         outcome;
    yao_verdict want;
    bool        authentic;
} one;

static void judge(void **state)
{
    const one *o      = *state;
    yao_report report = report_of(o->format, o->row, o->outcome);

    assert_string_equal(
        yao_verdict_name(
            yao_policy_verdict(&report, formats[o->format].of, -1)),
        yao_verdict_name(o->want));
    assert_int_equal(yao_policy_authentic(&report, formats[o->format].of, 0),
                     o->authentic);
}

static one   all[2048];
static size_t all_count;

static void add(size_t format, size_t row, int outcome, yao_verdict want,
                bool authentic, const char *sentence)
{
    one *o = &all[all_count++];

    *o = (one){.format = format, .row = row, .outcome = outcome, .want = want,
               .authentic = authentic};
    if (row < formats[format].count)
        snprintf(o->name, sizeof o->name, "%s %s", sentence,
                 yao_check_name(formats[format].table[row].check));
    else
        snprintf(o->name, sizeof o->name, "%s", sentence);
    test_add(formats[format].name, o->name, judge, o);
}

static void add_row(size_t f, size_t i)
{
    const wanted *w    = &formats[f].table[i];
    bool          kept = !w->authentic;
    yao_verdict   unsure = YAO_VERDICT_INDETERMINATE;

    add(f, i, YAO_OUTCOME_FAIL, YAO_VERDICT_REJECT, kept, "refuses failed");
    add(f, i, YAO_OUTCOME_UNKNOWN, unsure, kept, "never accepts unknown");
    add(f, i, -1, unsure, kept, "never accepts missing");
    add(f, i, YAO_OUTCOME_NOTE, w->note ? YAO_VERDICT_ACCEPT : unsure,
        w->note || kept, w->note ? "accepts noted" : "never accepts noted");
    add(f, i, YAO_OUTCOME_ABSENT, w->absent ? YAO_VERDICT_ACCEPT : unsure,
        w->absent || kept,
        w->absent ? "accepts absent" : "never accepts absent");
}

static const yao_policy_case one_document = {YAO_FORMAT_MDOC_ISSUED, 1, false,
                                             false, false};
static const yao_policy_case two_documents = {YAO_FORMAT_MDOC_ISSUED, 2, false,
                                              false, false};

static void zeroed(void **state)
{
    yao_report report = {.count = 0};

    (void)state;
    assert_int_equal(yao_policy_verdict(&report, one_document, -1),
                     YAO_VERDICT_INDETERMINATE);
    assert_int_equal(
        yao_policy_verdict(&report, (yao_policy_case){.document_count = 1}, -1),
        YAO_VERDICT_INDETERMINATE);
    assert_false(yao_policy_authentic(
        &report, (yao_policy_case){.document_count = 1}, 0));
}

static void no_documents(void **state)
{
    yao_report      report = report_of(1, 999, 0);
    yao_policy_case none   = one_document;

    (void)state;
    none.document_count = 0;
    assert_int_equal(yao_policy_verdict(&report, none, -1),
                     YAO_VERDICT_INDETERMINATE);
    yao_report_add(&report, -1, YAO_CHECK_STRUCTURE, YAO_OUTCOME_FAIL,
                   YAO_E_MISSING);
    assert_int_equal(yao_policy_verdict(&report, none, -1),
                     YAO_VERDICT_REJECT);
}

static void second_document(void **state)
{
    yao_report report = report_of(1, 999, 0);

    (void)state;
    assert_int_equal(yao_policy_verdict(&report, two_documents, -1),
                     YAO_VERDICT_INDETERMINATE);
    yao_report_add(&report, 1, YAO_CHECK_DIGESTS, YAO_OUTCOME_FAIL,
                   YAO_E_BAD_DIGEST);
    assert_int_equal(yao_policy_verdict(&report, two_documents, -1),
                     YAO_VERDICT_REJECT);
    assert_int_equal(yao_policy_verdict(&report, two_documents, 0),
                     YAO_VERDICT_ACCEPT);
}

static void whole_message(void **state)
{
    yao_report report = report_of(1, 999, 0);

    (void)state;
    yao_report_add(&report, -1, YAO_CHECK_RESPONSE_STATUS, YAO_OUTCOME_FAIL,
                   YAO_E_MALFORMED);
    assert_int_equal(yao_policy_verdict(&report, one_document, -1),
                     YAO_VERDICT_REJECT);
}

static void lost_rows(void **state)
{
    yao_report report = report_of(1, 999, 0);

    (void)state;
    report.full = true;
    assert_int_equal(yao_policy_verdict(&report, one_document, -1),
                     YAO_VERDICT_INDETERMINATE);
    assert_false(yao_policy_authentic(&report, one_document, 0));
}

static void passed_and_failed(void **state)
{
    yao_report report = report_of(1, 999, 0);

    (void)state;
    yao_report_add(&report, 0, YAO_CHECK_DIGESTS, YAO_OUTCOME_UNKNOWN,
                   YAO_E_CRYPTO);
    assert_int_equal(yao_policy_verdict(&report, one_document, -1),
                     YAO_VERDICT_INDETERMINATE);
}

int main(void)
{
    for (size_t f = 0; f < COUNT(formats); f++) {
        add(f, 999, 0, YAO_VERDICT_ACCEPT, true, "accepts all passed");
        for (size_t i = 0; i < formats[f].count; i++)
            add_row(f, i);
    }
    test_add("verdict", "never accepts zeroed memory", zeroed, NULL);
    test_add("verdict", "never accepts a message without documents (N036)",
             no_documents, NULL);
    test_add("verdict", "refuses all when the second is bad (N018)",
             second_document, NULL);
    test_add("verdict", "refuses what fails for the whole message",
             whole_message, NULL);
    test_add("verdict", "never accepts when rows were lost", lost_rows, NULL);
    test_add("verdict", "never accepts one check both passed and unknown",
             passed_and_failed, NULL);
    return test_run("policy/verdict");
}
