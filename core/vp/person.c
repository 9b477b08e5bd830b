/* SPDX-License-Identifier: Apache-2.0 */

/* Whether what was shown together is one person's, as the profile wants it. */

#include "vp/judge.h"

#include "policy/person.h"

/* Judging made them; they are the caller's. */
static yao_vp_judged *judged_of(const yao_vp_verdict *verdict)
{
    return (yao_vp_judged *)(uintptr_t)verdict->items;
}

static yao_result *result_of(const yao_vp_judged *j)
{
    return (yao_result *)(uintptr_t)j->result;
}

/* What the row that was written last says of the document. */
static void apply(yao_vp_judged *j, size_t before)
{
    yao_result           *result = result_of(j);
    const yao_report_row *row;

    if (result->report.count == before)
        return;
    row = &result->report.rows[before];
    if (row->outcome == YAO_OUTCOME_PASS)
        return;
    j->verdict = YAO_VERDICT_INDETERMINATE;
    if (row->outcome == YAO_OUTCOME_FAIL)
        j->verdict = YAO_VERDICT_REJECT;
    j->why          = row->why;
    result->verdict = j->verdict;
}

yao_status yao_vp_check_person(yao_arena           *arena,
                               const yao_catalogue *catalogue,
                               const yao_profile   *profile,
                               yao_vp_verdict      *verdict)
{
    yao_vp_judged  *judged                   = judged_of(verdict);
    yao_person_part parts[YAO_VP_MAX_SHOWN]  = {{.index = 0}};
    size_t          before[YAO_VP_MAX_SHOWN] = {0};
    size_t          whose[YAO_VP_MAX_SHOWN]  = {0};
    size_t          count                    = 0;
    yao_outcome     outcome;

    for (size_t i = 0; i < verdict->count && count < YAO_VP_MAX_SHOWN; i++) {
        if (!judged[i].used)
            continue;
        yao_result *result = result_of(&judged[i]);
        parts[count] =
            (yao_person_part){&result->documents[0], &result->report, 0};
        before[count]  = result->report.count;
        whose[count++] = i;
    }
    YAO_TRY(yao_policy_check_person(arena, catalogue, profile, parts, count,
                                    &outcome));
    for (size_t i = 0; i < count; i++)
        apply(&judged[whose[i]], before[i]);
    if (outcome == YAO_OUTCOME_FAIL)
        verdict->verdict = YAO_VERDICT_REJECT;
    else if (outcome == YAO_OUTCOME_UNKNOWN &&
             verdict->verdict == YAO_VERDICT_ACCEPT)
        verdict->verdict = YAO_VERDICT_INDETERMINATE;
    return YAO_OK;
}
