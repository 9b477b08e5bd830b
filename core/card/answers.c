/* SPDX-License-Identifier: Apache-2.0 */
#include "card/labels.h"

yao_status yao_card_status_of(const yao_signature_check *check)
{
    switch (check->outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO; /* nobody looked */
    }
}

yao_status yao_card_worst(const yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_OK;

    for (size_t i = 0; i < count && status != YAO_E_BAD_SIGNATURE; i++) {
        yao_status one = yao_card_status_of(&checks[i]);

        if (one == YAO_E_BAD_SIGNATURE || status == YAO_OK)
            status = one;
    }
    return status;
}

yao_status yao_card_first_failure(const yao_report *report)
{
    yao_status unknown = report->full ? YAO_E_LIMIT : YAO_OK;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if (row->outcome == YAO_OUTCOME_FAIL)
            return row->why;
        if (row->outcome == YAO_OUTCOME_UNKNOWN && unknown == YAO_OK)
            unknown = row->why;
    }
    return unknown;
}
