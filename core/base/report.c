/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/report.h"

/* One row per check: its word, and who asks for it in each form. */
static const struct {
    const char *name;
    const char *mdoc;
    const char *sdjwt;
} checks[YAO_CHECK_COUNT] = {
    [YAO_CHECK_STRUCTURE] = {"structure", "ISO/IEC 18013-5 8.3.2.1.2.2",
                             "RFC 9901 4"},
    [YAO_CHECK_ENCODING] = {"encoding", "ISO/IEC 18013-5 8.3 (shortest form)",
                            "RFC 9901 4"},
    [YAO_CHECK_ISSUER_ANCHORS] = {"issuer_anchors", "ISO/IEC 18013-5 9.3.3",
                                  "SD-JWT VC 3.5"},
    [YAO_CHECK_ISSUER_CHAIN] = {"issuer_chain", "ISO/IEC 18013-5 9.3.3",
                                "SD-JWT VC 3.5; HAIP 1.0 6.1.1"},
    [YAO_CHECK_CHAIN_SIGNATURE] = {"chain_signature", "RFC 5280 6.1.3",
                                   "RFC 5280 6.1.3"},
    [YAO_CHECK_CHAIN_VALIDITY] = {"chain_validity", "RFC 5280 6.1.3",
                                  "RFC 5280 6.1.3"},
    [YAO_CHECK_CHAIN_PROFILE] = {"chain_profile", "ISO/IEC 18013-5 annex B",
                                 "ISO/IEC 18013-5 annex B"},
    [YAO_CHECK_ISSUER_SCOPE] = {"issuer_scope", "ours (DESIGN.md, anchors)",
                                "ours (DESIGN.md, anchors)"},
    [YAO_CHECK_ISSUER_SIGNATURE] = {"issuer_signature",
                                    "ISO/IEC 18013-5 9.3.1",
                                    "RFC 9901 7.1 step 2"},
    [YAO_CHECK_ALGORITHM] = {"algorithm", "ISO/IEC 18013-5 9.1.2.4",
                             "RFC 9901 7.1 step 2"},
    [YAO_CHECK_VALIDITY] = {"validity", "ISO/IEC 18013-5 9.3.1",
                            "RFC 9901 7.1 step 6"},
    [YAO_CHECK_DIGESTS] = {"digests", "ISO/IEC 18013-5 9.3.1",
                           "RFC 9901 7.1 step 3"},
    [YAO_CHECK_STATUS] = {"status", "ISO/IEC 18013-5 12.8",
                          "SD-JWT VC 3.2.2.2"},
    [YAO_CHECK_ISSUER_COUNTRY] = {"issuer_country", "ISO/IEC 18013-5 7.1",
                                  "ours"},
    [YAO_CHECK_PROFILE] = {"profile", "ours (profiles/)", "ours (profiles/)"},
    [YAO_CHECK_ONE_PERSON] = {"one_person", "ours (profiles/)",
                              "ours (profiles/)"},
    [YAO_CHECK_DOCTYPE] = {"doctype", "ISO/IEC 18013-5 9.3.1", "-"},
    [YAO_CHECK_SIGNED_DATE] = {"signed_date", "ISO/IEC 18013-5 9.3.1", "-"},
    [YAO_CHECK_DEVICE_KEY] = {"device_key", "ISO/IEC 18013-5 9.1.2.4", "-"},
    [YAO_CHECK_DEVICE_ELEMENTS] = {"device_elements",
                                   "ISO/IEC 18013-5 9.1.2.4", "-"},
    [YAO_CHECK_DEVICE_AUTH] = {"device_auth", "ISO/IEC 18013-5 9.3.2", "-"},
    [YAO_CHECK_RESPONSE_STATUS] = {"response_status",
                                   "ISO/IEC 18013-5 8.3.2.1.2.2", "-"},
    [YAO_CHECK_TYPE_HEADER] = {"type_header", "-", "SD-JWT VC 3.2.1"},
    [YAO_CHECK_DISCLOSURES] = {"disclosures", "-", "RFC 9901 7.1 steps 4, 5"},
    [YAO_CHECK_REQUIRED_CLAIMS] = {"required_claims", "-", "SD-JWT VC 3.2.2"},
    [YAO_CHECK_ISSUER_NAME] = {"issuer_name", "-", "SD-JWT VC 3.5"},
    [YAO_CHECK_HOLDER_KEY] = {"holder_key", "-", "RFC 9901 4.1.2"},
    [YAO_CHECK_KB_PRESENT] = {"kb_present", "-", "RFC 9901 7.3 step 2"},
    [YAO_CHECK_KB_TYPE] = {"kb_type", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_KB_SIGNATURE] = {"kb_signature", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_KB_AUDIENCE] = {"kb_audience", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_KB_NONCE] = {"kb_nonce", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_KB_TIME] = {"kb_time", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_KB_HASH] = {"kb_hash", "-", "RFC 9901 7.3 step 5"},
    [YAO_CHECK_CARD_CHALLENGE] = {"card_challenge", "docs/formats/card.md",
                                  "docs/formats/card.md"},
    [YAO_CHECK_CARD_HOLDER] = {"card_holder", "docs/formats/card.md",
                               "docs/formats/card.md"},
    [YAO_CHECK_CARD_PROFILE] = {"card_profile", "docs/formats/card.md",
                                "docs/formats/card.md"},
    [YAO_CHECK_CARD_REPLAY] = {"card_replay", "docs/formats/card.md",
                               "docs/formats/card.md"},
    [YAO_CHECK_LIST_SUBJECT] = {"list_subject", "Token Status List 8.3",
                                "Token Status List 8.3"},
    [YAO_CHECK_LIST_CONTENT] = {"list_content", "Token Status List 4.1",
                                "Token Status List 4.1"},
    [YAO_CHECK_LIST_INDEX] = {"list_index", "Token Status List 8.3",
                              "Token Status List 8.3"},
    [YAO_CHECK_TRUST_VERSION] = {"trust_version", "docs/formats/trust.md",
                                 "docs/formats/trust.md"},
    [YAO_CHECK_TRUST_CONTENT] = {"trust_content", "docs/formats/trust.md",
                                 "docs/formats/trust.md"},
    [YAO_CHECK_CLOCK] = {"clock", "docs/formats/trust.md",
                         "docs/formats/trust.md"},
};

void yao_report_add(yao_report *report, int32_t document, yao_check check,
                    yao_outcome outcome, yao_status why)
{
    if (report->count == YAO_MAX_REPORT_ROWS) {
        report->full = true;
        return;
    }
    report->rows[report->count++] =
        (yao_report_row){check, outcome, why, document};
}

yao_status yao_report_put(yao_report *report, int32_t document,
                          yao_check check, yao_status status)
{
    yao_outcome outcome = YAO_OUTCOME_FAIL;

    if (status == YAO_OK)
        outcome = YAO_OUTCOME_PASS;
    else if (status >= 500)
        outcome = YAO_OUTCOME_UNKNOWN;
    yao_report_add(report, document, check, outcome, status);

    return status;
}

const char *yao_check_name(yao_check check)
{
    if (check <= YAO_CHECK_NONE || check >= YAO_CHECK_COUNT ||
        checks[check].name == NULL)
        return "unknown";

    return checks[check].name;
}

const char *yao_check_source(yao_check check, bool sdjwt)
{
    if (check <= YAO_CHECK_NONE || check >= YAO_CHECK_COUNT ||
        checks[check].name == NULL)
        return "-";

    return sdjwt ? checks[check].sdjwt : checks[check].mdoc;
}

const char *yao_outcome_name(yao_outcome outcome)
{
    switch (outcome) {
    case YAO_OUTCOME_PASS:   return "pass";
    case YAO_OUTCOME_FAIL:   return "fail";
    case YAO_OUTCOME_NOTE:   return "note";
    case YAO_OUTCOME_ABSENT: return "absent";
    default:                 return "unknown";
    }
}

const char *yao_verdict_name(yao_verdict verdict)
{
    switch (verdict) {
    case YAO_VERDICT_ACCEPT: return "accept";
    case YAO_VERDICT_REJECT: return "reject";
    default:                 return "indeterminate";
    }
}
