/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

/* What may have come of a check, as bits. */
enum {
    PASS   = 1 << YAO_OUTCOME_PASS,
    NOTE   = 1 << YAO_OUTCOME_NOTE,
    ABSENT = 1 << YAO_OUTCOME_ABSENT
};

/* Which property a check belongs to: is the document what the issuer made and
 * its holder shows, or is it (only) not acceptable now? */
typedef enum aspect { AUTHENTIC = 1, ACCEPTABLE } aspect;

/* When a check is required. */
typedef enum when { ALWAYS = 1, BOUND, PROFILED, OFFLINE } when;

typedef struct requirement {
    yao_check check;
    int       allowed; /* outcomes that let the document pass */
    aspect    aspect;
    when      when;
} requirement;

/* ISO/IEC 18013-5 9.3.1, 9.3.3, 12.8, in the order of the checks. A
 * signer pinned by hand has no path above it: CHAIN_SIGNATURE may be absent,
 * but then ISSUER_CHAIN has passed. */
#define MDOC_ISSUER                                                            \
    {YAO_CHECK_STRUCTURE, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_ANCHORS, PASS, AUTHENTIC, ALWAYS},                       \
    {YAO_CHECK_ISSUER_CHAIN, PASS, AUTHENTIC, ALWAYS},                         \
    {YAO_CHECK_CHAIN_SIGNATURE, PASS | ABSENT, AUTHENTIC, ALWAYS},             \
    {YAO_CHECK_CHAIN_VALIDITY, PASS, ACCEPTABLE, ALWAYS},                      \
    {YAO_CHECK_CHAIN_PROFILE, PASS | NOTE, AUTHENTIC, ALWAYS},                 \
    {YAO_CHECK_ISSUER_SCOPE, PASS, AUTHENTIC, ALWAYS},                         \
    {YAO_CHECK_ALGORITHM, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_SIGNATURE, PASS, AUTHENTIC, ALWAYS},                     \
    {YAO_CHECK_DIGESTS, PASS, AUTHENTIC, ALWAYS},                              \
    {YAO_CHECK_DOCTYPE, PASS, AUTHENTIC, ALWAYS},                              \
    {YAO_CHECK_SIGNED_DATE, PASS, AUTHENTIC, ALWAYS},                          \
    {YAO_CHECK_VALIDITY, PASS, ACCEPTABLE, ALWAYS},                            \
    {YAO_CHECK_STATUS, PASS | NOTE | ABSENT, ACCEPTABLE, ALWAYS},                     \
    {YAO_CHECK_ISSUER_COUNTRY, PASS | ABSENT, AUTHENTIC, ALWAYS},              \
    {YAO_CHECK_PROFILE, PASS, ACCEPTABLE, PROFILED}

static const requirement mdoc_response[] = {
    MDOC_ISSUER,
    {YAO_CHECK_RESPONSE_STATUS, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_DEVICE_KEY, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_DEVICE_ELEMENTS, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_DEVICE_AUTH, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CARD_CHALLENGE, PASS, AUTHENTIC, OFFLINE},
};

/* Where a holder is asked for, what an issuer wrote is not enough. */
static const requirement mdoc_issued[] = {
    MDOC_ISSUER,
    {YAO_CHECK_DEVICE_AUTH, PASS, AUTHENTIC, BOUND},
};

/* RFC 9901 7.1 and 7.3, SD-JWT VC 3.5. A bare issuer key has no certificates,
 * so what belongs to a path may be absent, and then ISSUER_CHAIN says that
 * the key itself is an anchor. exp and nbf are the issuer's choice (one that
 * is there but withheld fails REQUIRED_CLAIMS). */
#define SDJWT_ISSUER                                                           \
    {YAO_CHECK_STRUCTURE, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_ANCHORS, PASS, AUTHENTIC, ALWAYS},                       \
    {YAO_CHECK_ISSUER_CHAIN, PASS, AUTHENTIC, ALWAYS},                         \
    {YAO_CHECK_CHAIN_SIGNATURE, PASS | ABSENT, AUTHENTIC, ALWAYS},             \
    {YAO_CHECK_CHAIN_VALIDITY, PASS | ABSENT, ACCEPTABLE, ALWAYS},             \
    {YAO_CHECK_CHAIN_PROFILE, PASS | NOTE | ABSENT, AUTHENTIC, ALWAYS},        \
    {YAO_CHECK_ISSUER_SCOPE, PASS | ABSENT, AUTHENTIC, ALWAYS},                \
    {YAO_CHECK_ALGORITHM, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_SIGNATURE, PASS, AUTHENTIC, ALWAYS},                     \
    {YAO_CHECK_DISCLOSURES, PASS, AUTHENTIC, ALWAYS},                          \
    {YAO_CHECK_DIGESTS, PASS, AUTHENTIC, ALWAYS},                              \
    {YAO_CHECK_VALIDITY, PASS | ABSENT, ACCEPTABLE, ALWAYS},                   \
    {YAO_CHECK_STATUS, PASS | NOTE | ABSENT, ACCEPTABLE, ALWAYS},                     \
    {YAO_CHECK_HOLDER_KEY, PASS, AUTHENTIC, BOUND},                            \
    {YAO_CHECK_KB_PRESENT, PASS, AUTHENTIC, BOUND},                            \
    {YAO_CHECK_KB_TYPE, PASS, AUTHENTIC, BOUND},                               \
    {YAO_CHECK_KB_SIGNATURE, PASS, AUTHENTIC, BOUND},                          \
    {YAO_CHECK_KB_AUDIENCE, PASS, AUTHENTIC, BOUND},                           \
    {YAO_CHECK_KB_NONCE, PASS, AUTHENTIC, BOUND},                              \
    {YAO_CHECK_KB_TIME, PASS, AUTHENTIC, BOUND},                               \
    {YAO_CHECK_KB_HASH, PASS, AUTHENTIC, BOUND},                               \
    {YAO_CHECK_PROFILE, PASS, ACCEPTABLE, PROFILED}

static const requirement sdjwt_vc[] = {
    SDJWT_ISSUER,
    {YAO_CHECK_TYPE_HEADER, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_REQUIRED_CLAIMS, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_NAME, PASS | ABSENT, AUTHENTIC, ALWAYS},
};

static const requirement sdjwt_plain[] = {
    SDJWT_ISSUER,
};

/* Token Status List 8.3: a list is judged as the document that it is, with or
 * without certificates. That no uri and no index was asked for is absent. */
static const requirement status_list[] = {
    {YAO_CHECK_STRUCTURE, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_ANCHORS, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_CHAIN, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CHAIN_SIGNATURE, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CHAIN_VALIDITY, PASS | ABSENT, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_CHAIN_PROFILE, PASS | NOTE | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_SCOPE, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ALGORITHM, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_SIGNATURE, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_TYPE_HEADER, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_REQUIRED_CLAIMS, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_VALIDITY, PASS, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_LIST_SUBJECT, PASS | ABSENT, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_LIST_CONTENT, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_LIST_INDEX, PASS | ABSENT, ACCEPTABLE, ALWAYS},
};

/* docs/formats/card.md section 7. A card always says when it ends, and who
 * holds it; paper never says the latter, and may be another issuer's, whose
 * key was pinned by hand. */
#define CARD_ISSUER                                                            \
    {YAO_CHECK_STRUCTURE, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_ANCHORS, PASS, AUTHENTIC, ALWAYS},                       \
    {YAO_CHECK_ISSUER_CHAIN, PASS, AUTHENTIC, ALWAYS},                         \
    {YAO_CHECK_CHAIN_SIGNATURE, PASS | ABSENT, AUTHENTIC, ALWAYS},             \
    {YAO_CHECK_ISSUER_SCOPE, PASS, AUTHENTIC, ALWAYS},                         \
    {YAO_CHECK_ALGORITHM, PASS, AUTHENTIC, ALWAYS},                            \
    {YAO_CHECK_ISSUER_SIGNATURE, PASS, AUTHENTIC, ALWAYS},                     \
    {YAO_CHECK_VALIDITY, PASS, ACCEPTABLE, ALWAYS},                            \
    {YAO_CHECK_STATUS, PASS | NOTE | ABSENT, ACCEPTABLE, ALWAYS},              \
    {YAO_CHECK_CARD_PROFILE, PASS | ABSENT, ACCEPTABLE, ALWAYS},               \
    {YAO_CHECK_PROFILE, PASS, ACCEPTABLE, PROFILED}

static const requirement card[] = {
    CARD_ISSUER,
    {YAO_CHECK_CHAIN_VALIDITY, PASS, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_CHAIN_PROFILE, PASS | NOTE, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_NAME, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_HOLDER_KEY, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CARD_CHALLENGE, PASS, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CARD_HOLDER, PASS, AUTHENTIC, ALWAYS},
};

static const requirement printed_card[] = {
    CARD_ISSUER,
    {YAO_CHECK_CHAIN_VALIDITY, PASS | ABSENT, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_CHAIN_PROFILE, PASS | NOTE | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_ISSUER_NAME, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_HOLDER_KEY, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CARD_CHALLENGE, PASS | ABSENT, AUTHENTIC, ALWAYS},
    {YAO_CHECK_CARD_HOLDER, PASS | ABSENT, ACCEPTABLE, ALWAYS},
    {YAO_CHECK_CARD_HOLDER, PASS, ACCEPTABLE, BOUND}, /* somebody looks */
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const requirement *table_of(yao_format format, size_t *count)
{
    switch (format) {
    case YAO_FORMAT_MDOC_RESPONSE:
        *count = COUNT(mdoc_response);
        return mdoc_response;
    case YAO_FORMAT_MDOC_ISSUED:
        *count = COUNT(mdoc_issued);
        return mdoc_issued;
    case YAO_FORMAT_SDJWT_VC:
        *count = COUNT(sdjwt_vc);
        return sdjwt_vc;
    case YAO_FORMAT_SDJWT:
        *count = COUNT(sdjwt_plain);
        return sdjwt_plain;
    case YAO_FORMAT_STATUS_LIST_JWT:
    case YAO_FORMAT_STATUS_LIST_CWT:
        *count = COUNT(status_list);
        return status_list;
    case YAO_FORMAT_CARD:
        *count = COUNT(card);
        return card;
    case YAO_FORMAT_PRINTED_CARD:
        *count = COUNT(printed_card);
        return printed_card;
    default:
        break;
    }

    *count = 0;
    return NULL;
}

static bool concerns(const yao_report_row *row, int32_t document)
{
    return row->document == document || row->document == -1;
}

/* All rows of CHECK for DOCUMENT are allowed, and there is at least one. */
static bool satisfied(const yao_report *report, const requirement *wanted,
                      int32_t document)
{
    bool found = false;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if (row->check != wanted->check || !concerns(row, document))
            continue;
        if (!(wanted->allowed & (1 << row->outcome)))
            return false;
        found = true;
    }
    return found;
}

static bool is_required(const requirement *r, yao_policy_case of)
{
    return r->when == ALWAYS || (r->when == BOUND && of.bound) ||
           (r->when == PROFILED && of.profiled) ||
           (r->when == OFFLINE && of.offline);
}

static bool all_satisfied(const yao_report *report, yao_policy_case of,
                          int32_t document, bool authentic_only)
{
    size_t             count;
    const requirement *table = table_of(of.format, &count);

    for (size_t i = 0; i < count; i++) {
        if (!is_required(&table[i], of))
            continue;
        if (authentic_only && table[i].aspect != AUTHENTIC)
            continue;
        if (!satisfied(report, &table[i], document))
            return false;
    }
    return count != 0;
}

static yao_verdict verdict_of_one(const yao_report *report, yao_policy_case of,
                                  int32_t document)
{
    bool unknown = report->full;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if (!concerns(row, document))
            continue;
        if (row->outcome == YAO_OUTCOME_FAIL)
            return YAO_VERDICT_REJECT;
        if (row->outcome == YAO_OUTCOME_UNKNOWN)
            unknown = true;
    }
    if (unknown || !all_satisfied(report, of, document, false))
        return YAO_VERDICT_INDETERMINATE;

    return YAO_VERDICT_ACCEPT;
}

yao_verdict yao_policy_verdict(const yao_report *report, yao_policy_case of,
                               int32_t document)
{
    bool all_accepted = of.document_count > 0;

    if (document >= 0)
        return verdict_of_one(report, of, document);
    if (verdict_of_one(report, of, -1) == YAO_VERDICT_REJECT)
        return YAO_VERDICT_REJECT; /* also of a message without documents */

    for (size_t i = 0; i < of.document_count; i++) {
        yao_verdict one = verdict_of_one(report, of, (int32_t)i);

        if (one == YAO_VERDICT_REJECT)
            return YAO_VERDICT_REJECT;
        if (one != YAO_VERDICT_ACCEPT)
            all_accepted = false;
    }
    return all_accepted ? YAO_VERDICT_ACCEPT : YAO_VERDICT_INDETERMINATE;
}

bool yao_policy_authentic(const yao_report *report, yao_policy_case of,
                          int32_t document)
{
    return !report->full && all_satisfied(report, of, document, true);
}
