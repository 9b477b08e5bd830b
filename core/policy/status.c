/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What became of a document since it was issued, by the lists at hand.
 *
 * Invariants
 *   1. A list speaks only for documents under the very root that its own
 *      signer is under.
 *   2. Who could not look, or only at a list that is too old, says UNKNOWN:
 *      never "valid", and never "revoked".
 *   3. Only documents that passed all their other checks come here, so that
 *      what is looked up is what an issuer wrote (Token Status List 8.3).
 */

#include "policy/policy.h"
#include "statuslist/statuslist.h"

/* Nobody said how long: no longer than the longest that could be said. */
enum { UNSAID = YAO_STATUS_TTL_MAX };

static bool names(const yao_status_list *list, const yao_result_document *d)
{
    return list->uri.len != 0 && yao_text_equal(list->uri, d->status_uri) &&
           list->issued_at >= 0 && list->issued_at <= YAO_TIME_MAX;
}

static bool speaks(const yao_status_list *list, yao_bytes anchor)
{
    return list->anchor.len != 0 && yao_bytes_equal(list->anchor, anchor);
}

static bool from_the_future(const yao_status_list    *list,
                            const yao_verify_options *o)
{
    return list->issued_at > o->now + o->skew;
}

/* ISO/IEC 18013-5 12.8: a licence is valid or not, for good; a list that says
 * anything else of one says nothing we know. */
static yao_status_state state_of(uint8_t value, yao_text type)
{
    yao_status_state state = yao_status_state_of(value);

    if (state == YAO_STATE_SUSPENDED &&
        yao_text_equal(type, YAO_TEXT("org.iso.18013.5.1.mDL")))
        return YAO_STATE_OTHER;

    return state;
}

/* How much what LIST says speaks against the document. */
static int weight_of(const yao_status_list *list, const yao_result_document *d)
{
    uint8_t value = 0;

    if (yao_status_get(list, d->status_index, &value) != YAO_OK)
        return 2;
    switch (state_of(value, d->type)) {
    case YAO_STATE_VALID:     return 0;
    case YAO_STATE_SUSPENDED: return 1;
    default:                  return 2;
    }
}

/* The newest that was there at NOW; only if there is none, one of later. Of two
 * of the same second nobody knows which came last: whatever their order here,
 * the one that says worse is heard. */
static bool better(const yao_status_list *a, const yao_status_list *b,
                   const yao_verify_options  *o,
                   const yao_result_document *d)
{
    if (from_the_future(a, o) != from_the_future(b, o))
        return from_the_future(b, o);
    if (a->issued_at != b->issued_at)
        return a->issued_at > b->issued_at;

    return weight_of(a, d) > weight_of(b, d);
}

/* Errors: YAO_E_NOT_FOUND, YAO_E_NOT_AUTHORISED (only lists of other roots) */
static yao_status choose(const yao_verify_options *o, yao_bytes anchor,
                         const yao_result_document *d,
                         const yao_status_list    **ret)
{
    const yao_status_list *best = NULL;
    yao_status             why  = YAO_E_NOT_FOUND;

    for (size_t i = 0; i < o->list_count; i++) {
        const yao_status_list *list = &o->lists[i];

        if (!names(list, d))
            continue;
        if (!speaks(list, anchor))
            why = YAO_E_NOT_AUTHORISED;
        else if (best == NULL || better(list, best, o, d))
            best = list;
    }
    if (best == NULL)
        return why;

    *ret = best;
    return YAO_OK;
}

/* The last second at which LIST may be relied on: as old as the caller allows,
 * or as its issuer does, and never past exp, at which it is over. */
static yao_time end_of(const yao_status_list *list, const yao_verify_options *o)
{
    bool     said  = list->expires != YAO_TIME_NONE;
    yao_time limit = o->status_max_age, end = YAO_TIME_MAX;

    if (limit == 0 && list->ttl > 0)
        limit = list->ttl;
    if (limit == 0 && !said)
        limit = UNSAID;
    if (limit != 0 && limit < YAO_TIME_MAX - list->issued_at)
        end = list->issued_at + limit;
    if (said && list->expires <= end)
        end = list->expires - 1;

    return end;
}

static yao_status check_age(const yao_status_list    *list,
                            const yao_verify_options *o, yao_time end)
{
    if (from_the_future(list, o))
        return YAO_E_NOT_YET_VALID;

    return o->now - o->skew > end ? YAO_E_EXPIRED : YAO_OK;
}

static yao_report_row row_of(yao_status_state state, bool tolerate)
{
    switch (state) {
    case YAO_STATE_VALID:
        return (yao_report_row){.outcome = YAO_OUTCOME_PASS};
    case YAO_STATE_INVALID:
        return (yao_report_row){.outcome = YAO_OUTCOME_FAIL,
                                .why     = YAO_E_REVOKED};
    case YAO_STATE_SUSPENDED:
        if (tolerate)
            return (yao_report_row){.outcome = YAO_OUTCOME_NOTE};
        return (yao_report_row){.outcome = YAO_OUTCOME_FAIL,
                                .why     = YAO_E_SUSPENDED};
    default:
        return (yao_report_row){.outcome = YAO_OUTCOME_FAIL,
                                .why     = YAO_E_VALUE};
    }
}

/* The row for DOCUMENT, whose state is filled in as far as it is known. */
static yao_report_row look_up(const yao_verify_options *o, yao_bytes anchor,
                              yao_result_document *d)
{
    const yao_status_list *list;
    yao_report_row         unknown = {.outcome = YAO_OUTCOME_UNKNOWN};
    uint8_t                value;

    unknown.why = choose(o, anchor, d, &list);
    if (unknown.why != YAO_OK)
        return unknown;

    d->state_as_of = list->issued_at;
    d->state_until = end_of(list, o);
    unknown.why    = check_age(list, o, d->state_until);
    if (unknown.why != YAO_OK)
        return unknown;

    yao_status status = yao_status_get(list, d->status_index, &value);
    if (status != YAO_OK) /* 8.3 step 5: out of bounds is refused */
        return (yao_report_row){.outcome = YAO_OUTCOME_FAIL, .why = status};

    d->state = state_of(value, d->type);
    return row_of(d->state, o->tolerate_suspended);
}

void yao_policy_check_status(const yao_verify_options *options,
                             yao_bytes anchor, int32_t index,
                             yao_result_document *document, yao_report *report)
{
    if (document->status_uri.len == 0) { /* its module has said so */
        document->state = YAO_STATE_NONE;
        return;
    }

    yao_report_row row = look_up(options, anchor, document);
    yao_report_add(report, index, YAO_CHECK_STATUS, row.outcome, row.why);
}
