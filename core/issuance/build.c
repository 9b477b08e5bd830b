/* SPDX-License-Identifier: Apache-2.0 */
/* A document from a record: entitlement, values, both encodings. */
#include "issuance/making.h"

/*
 * From the beginning of this UTC day, for as many days as the definition says,
 * but not longer than the last day of the document itself, which counts wholly.
 * Whole days only: copies of one day cannot be told apart by their times.
 */
static yao_mdoc_validity make_validity(yao_making *m)
{
    yao_time from  = yao_time_of_date(m->today);
    yao_time until = from + (yao_time)m->input->definition->days * YAO_TIME_DAY;
    yao_date last;

    if (yao_making_last_day(m, m->input->person, &last) &&
        yao_time_of_date(last) < until)
        until = yao_time_of_date(last) + YAO_TIME_DAY;
    if (until > YAO_TIME_MAX)
        until = YAO_TIME_MAX;
    return (yao_mdoc_validity){from, from, until, YAO_TIME_NONE};
}

static yao_status make(yao_making *m, yao_issuance_document *ret)
{
    yao_text    whole = {NULL, 0};
    yao_finding found;

    if (m->status != YAO_OK)
        return m->status;
    found = yao_making_entitled(m);
    if (m->status == YAO_OK && found.severity != YAO_FINE) {
        yao_problems_add(m->problems, YAO_ERROR, found.reason, whole);
        return YAO_E_NOT_ENTITLED;
    }

    ret->definition = m->input->definition;
    ret->validity   = make_validity(m);
    ret->issuer     = m->input->issuer;
    yao_making_fill(m);
    if (m->status == YAO_OK && m->problems->errors != 0)
        return YAO_E_VALUE;
    yao_making_encode(m, ret);
    yao_making_claims(m, ret);
    return m->status;
}

yao_status yao_issuance_build(yao_arena *arena, const yao_issuance_input *input,
                              yao_problems          *problems,
                              yao_issuance_document *ret)
{
    yao_issuance_document document = {0};
    yao_problems          found    = {0};
    yao_status            status   = YAO_E_USAGE;

    if (input->level >= 1 && input->level <= 4) {
        yao_making m = yao_making_open(arena, input, &found);
        status       = make(&m, &document);
    }
    *problems = found;
    if (status == YAO_OK)
        *ret = document;
    return status;
}
