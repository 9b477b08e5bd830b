/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/judged.h"

#include "app/result_print.h"

/* Is its state all that speaks against it? */
static bool fails_by_state(const yao_result *result)
{
    bool state = false;

    for (size_t i = 0; i < result->report.count; i++) {
        const yao_report_row *row = &result->report.rows[i];

        if (row->outcome == YAO_OUTCOME_FAIL && row->check != YAO_CHECK_STATUS)
            return false;
        state = state || row->outcome == YAO_OUTCOME_FAIL;
    }
    return state && !result->report.full;
}

/* A document of this holder, for this request, whatever became of it since it
 * was issued. */
static bool is_holders(const yao_vp_judged *j)
{
    if (j->result == NULL || !j->result->authentic)
        return false;
    switch (j->verdict) {
    case YAO_VERDICT_ACCEPT:
        return j->fault == YAO_DCQL_FITS;
    case YAO_VERDICT_REJECT:
        return fails_by_state(j->result);
    default:
        return true;
    }
}

/* What could not be looked up may answer; what is missing does not. */
static bool may_answer(const yao_vp_verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->items[i].verdict == YAO_VERDICT_REJECT)
            return true;
    return verdict->verdict != YAO_VERDICT_REJECT;
}

bool desk_judged_is_answer(const yao_vp_verdict *verdict)
{
    if (verdict->verdict == YAO_VERDICT_ACCEPT)
        return true;
    for (size_t i = 0; i < verdict->count; i++)
        if (!is_holders(&verdict->items[i]))
            return false;
    return verdict->count > 0 && may_answer(verdict);
}

yao_verdict desk_judged_verdict(const yao_vp_verdict *verdict)
{
    yao_verdict worst = verdict->verdict;

    if (worst == YAO_VERDICT_ACCEPT)
        return worst;
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->items[i].verdict == YAO_VERDICT_REJECT)
            return YAO_VERDICT_REJECT;
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->items[i].verdict == YAO_VERDICT_INDETERMINATE)
            worst = YAO_VERDICT_INDETERMINATE;
    return worst;
}

const char *desk_verdict_word(yao_verdict verdict)
{
    switch (verdict) {
    case YAO_VERDICT_ACCEPT:
        return "accept";
    case YAO_VERDICT_REJECT:
        return "reject";
    default:
        return "indeterminate";
    }
}

/* One, without the line's end that the writer puts. */
static void put_judged(yao_writer *w, const yao_judged *judged)
{
    yao_result_print_json(judged, w);
    if (w->status == YAO_OK && w->len > 0 && w->ptr[w->len - 1] == '\n')
        w->len--;
}

/* To which transactions of the request its holder agreed by it. */
static void put_agreed(yao_writer *w, bool *first, yao_vp_borne agreed)
{
    bool inner = true;

    if (agreed == 0)
        return;
    yao_json_put_name(w, first, "agreed");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < YAO_VP_MAX_TRANSACTIONS; i++)
        if ((agreed >> i & 1) != 0) {
            yao_json_put_next(w, &inner);
            yao_json_put_int(w, (int64_t)i);
        }
    yao_put_byte(w, ']');
}

static void put_item(yao_writer *w, const app_call *call,
                     const yao_vp_judged *j, yao_time max_age)
{
    uint8_t    more[256];
    yao_writer members = yao_writer_open(more, sizeof more);
    bool       first   = false;

    yao_json_put_member(&members, &first, "query", j->id);
    yao_json_put_member_bool(&members, &first, "used", j->used);
    put_agreed(&members, &first, j->agreed);
    yao_writer_fail(w, members.status);
    const yao_judged judged = {.file    = "-",
                               .result  = (yao_result *)(uintptr_t)j->result,
                               .failure = j->why,
                               .now     = call->now,
                               .max_age = max_age,
                               .more    = {more, members.len}};
    put_judged(w, &judged);
}

/* Whose word it is stands beside it, so that nobody takes it for the issuer's. */
static void put_pseudonym(yao_writer *w, bool *first, yao_text value)
{
    bool inner = true;

    if (value.len == 0)
        return;
    yao_json_put_name(w, first, "pseudonym");
    yao_put_byte(w, '{');
    yao_json_put_member(w, &inner, "value", value);
    yao_json_put_member(w, &inner, "asserted_by", YAO_TEXT("holder"));
    yao_put_byte(w, '}');
}

static void put_head(yao_writer *w, const app_call *call, yao_verdict verdict,
                     yao_text pseudonym, bool compared)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "verdict", yao_text_of(desk_verdict_word(verdict)));
    yao_json_put_member_int(w, &first, "judged", call->now);
    put_pseudonym(w, &first, pseudonym);
    if (compared)
        yao_json_put_member_bool(w, &first, "compared", true);
    yao_json_put_name(w, &first, "presentations");
    yao_put_byte(w, '[');
}

yao_status desk_judged_write(app_call *call, const yao_vp_verdict *verdict,
                             yao_time max_age, yao_bytes *ret)
{
    yao_writer w    = yao_writer_in(call->arena);
    bool       next = true;

    put_head(&w, call, desk_judged_verdict(verdict), verdict->pseudonym,
             false);
    for (size_t i = 0; i < verdict->count; i++) {
        yao_json_put_next(&w, &next);
        put_item(&w, call, &verdict->items[i], max_age);
    }
    yao_put_text(&w, "]}");
    return yao_writer_keep(&w, call->arena, ret);
}

yao_status desk_judged_write_card(app_call *call, yao_result *result,
                                  const app_judging *judging, yao_bytes *ret)
{
    yao_writer       w = yao_writer_in(call->arena);
    const yao_judged j = {.file    = "-",
                          .result  = result,
                          .now     = call->now,
                          .max_age = judging->options->status_max_age,
                          .tells   = app_judging_tells,
                          .asked   = judging};

    put_head(&w, call, result->verdict, (yao_text){NULL, 0},
             judging->options->compared &&
                 result->format == YAO_FORMAT_PRINTED_CARD);
    put_judged(&w, &j);
    yao_put_text(&w, "]}");
    return yao_writer_keep(&w, call->arena, ret);
}
