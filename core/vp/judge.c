/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *  1. A presentation is judged for the query under whose id it came, with the
 *     nonce, audience and transcript of this request; nothing of that is the
 *     message's choice.
 *  2. Values of a presentation that is not used reach nobody; of one that is,
 *     those that were asked for.
 *  3. One that could not be checked is never counted as an answer, nor held
 *     against its holder: then the verdict is INDETERMINATE.
 */

#include "vp/judge.h"

#include "policy/policy.h"
#include "vp/parts.h"
#include "vp/pseudonym.h"

/* One presentation on its way. */
typedef struct item {
    yao_verification   v;
    bool               begun;
    size_t             first; /* of its checks among all */
    yao_dcql_candidate candidate;
} item;

typedef struct state {
    yao_arena            *arena;
    const yao_crypto     *crypto;
    const yao_vp_awaited *awaited;
    const yao_vp_presentations *presentations;
    item                 *items;
    yao_vp_judged        *judged;
} state;

/* ---- begin -------------------------------------------------------------- */

static const yao_dcql_credential *asked(const state *s, size_t i)
{
    return &s->awaited->query
                .credentials[s->presentations->items[i].credential];
}

/* Of what is asked without its holder's proof a proof that is there is checked
 * all the same. The letters end in "~" when there is none. */
static bool no_proof(const yao_dcql_credential *credential, yao_bytes document)
{
    return credential->unbound && document.len != 0 &&
           document.ptr[document.len - 1] == '~';
}

static yao_verify_options options_for(const state              *s,
                                      const yao_verify_options *base, size_t i)
{
    const yao_dcql_credential *c       = asked(s, i);
    yao_verify_options         options = *base;

    if (c->format == YAO_DCQL_MDOC) {
        options.format     = YAO_FORMAT_MDOC_RESPONSE;
        options.no_binding = false;
        options.nonce      = (yao_text){NULL, 0};
        options.audience   = options.nonce;
    } else {
        options.format     = YAO_FORMAT_SDJWT_VC;
        options.no_binding = no_proof(c, s->presentations->items[i].document);
        options.transcript = (yao_bytes){NULL, 0};
    }
    return options;
}

/* What ends the judgement, and not this presentation alone. */
static bool is_ours(yao_status status)
{
    return status == YAO_E_SPACE || status == YAO_E_CRYPTO ||
           status == YAO_E_USAGE;
}

/* A DeviceResponse is a map; what wraps one for codes is no answer on line. */
static bool is_map(yao_bytes document)
{
    return document.len != 0 && document.ptr[0] >> 5 == 5;
}

static yao_status begin_one(const state *s, const yao_verify_options *base,
                            size_t i)
{
    const yao_vp_presentation *p       = &s->presentations->items[i];
    yao_verify_options         options = options_for(s, base, i);
    yao_vp_judged             *j       = &s->judged[i];
    yao_status                 status;

    *j = (yao_vp_judged){.id = p->id, .credential = p->credential,
                         .verdict = YAO_VERDICT_REJECT,
                         .why     = YAO_E_MALFORMED};
    if (options.format == YAO_FORMAT_MDOC_RESPONSE && !is_map(p->document))
        return YAO_OK;
    status = yao_verify_begin(s->arena, s->crypto, p->document, &options,
                              &s->items[i].v);
    s->items[i].begun = status == YAO_OK;
    if (is_ours(status))
        return status;
    j->why = status;
    return YAO_OK;
}

/* All checks side by side, so that a home may look at them together. */
static yao_status gather(const state *s, yao_vp_judging *ret)
{
    size_t total = 0;

    for (size_t i = 0; i < s->presentations->count; i++) {
        s->items[i].first = total;
        if (s->items[i].begun)
            total += s->items[i].v.check_count;
    }
    ret->checks = yao_arena_take_array(s->arena, total, sizeof *ret->checks);
    if (ret->checks == NULL)
        return YAO_E_SPACE;
    ret->check_count = total;
    for (size_t i = 0; i < s->presentations->count; i++)
        for (size_t c = 0;
             s->items[i].begun && c < s->items[i].v.check_count; c++)
            ret->checks[s->items[i].first + c] = s->items[i].v.checks[c];
    return YAO_OK;
}

static yao_status open_state(yao_arena *arena, const yao_crypto *crypto,
                             const yao_vp_awaited       *awaited,
                             const yao_vp_presentations *presentations,
                             state                     **ret)
{
    state *s = yao_arena_take(arena, sizeof *s);

    if (s == NULL)
        return YAO_E_SPACE;
    *s = (state){arena, crypto, awaited, presentations, NULL, NULL};
    s->items  = yao_arena_take_array(arena, presentations->count,
                                     sizeof *s->items);
    s->judged = yao_arena_take_array(arena, presentations->count,
                                     sizeof *s->judged);
    if (s->items == NULL || s->judged == NULL)
        return YAO_E_SPACE;
    *ret = s;
    return YAO_OK;
}

yao_status yao_vp_begin_judging(yao_arena *arena, const yao_crypto *crypto,
                                const yao_vp_awaited       *awaited,
                                const yao_vp_presentations *presentations,
                                const yao_verify_options   *options,
                                yao_vp_judging             *ret)
{
    yao_verify_options base    = *options;
    yao_vp_judging     judging = {.check_count = 0};
    state             *s;

    if (presentations->count == 0 ||
        presentations->count > YAO_VP_MAX_SHOWN ||
        awaited->binding.nonce.len == 0 || options->required_count != 0)
        return YAO_E_USAGE;
    YAO_TRY(open_state(arena, crypto, awaited, presentations, &s));
    base.nonce = awaited->binding.nonce;
    YAO_TRY(yao_vp_audience(arena, &awaited->binding, &base.audience));
    YAO_TRY(yao_vp_transcript(arena, crypto, &awaited->binding,
                              &base.transcript));
    for (size_t i = 0; i < presentations->count; i++)
        YAO_TRY(begin_one(s, &base, i));
    YAO_TRY(gather(s, &judging));

    judging.internal = s;
    *ret             = judging;
    return YAO_OK;
}

/* ---- what the holder says ----------------------------------------------- */

/* By an SD-JWT with its holder's proof; an mdoc has no place for it. */
static yao_status read_agreed(const state *s, yao_vp_judged *j,
                              const yao_policy_input *input)
{
    const yao_vp_agreement a = {s->crypto, s->awaited->transactions,
                                s->awaited->transaction_count, j->id};

    if (input->sdjwt == NULL || !input->sdjwt->has_kb)
        return YAO_OK;
    if (s->awaited->pseudonym)
        yao_vp_read_pseudonym(input->sdjwt->kb.payload, s->arena,
                              &j->pseudonym);
    return yao_vp_read_transaction_hashes(&a, input->sdjwt->kb.payload,
                                          &j->agreed);
}

static void discard(yao_vp_judged *j, yao_status why)
{
    j->verdict = YAO_VERDICT_REJECT;
    j->why     = why;
    j->agreed  = 0;
    j->pseudonym = (yao_text){NULL, 0};
}

/* One presentation bears it, and no other (OpenID4VP 1.0 section 5.1). */
static bool discard_others(const state *s, size_t transaction)
{
    bool found = false;

    for (size_t i = 0; i < s->presentations->count; i++) {
        yao_vp_judged *j = &s->judged[i];

        if ((j->agreed >> transaction & 1) == 0)
            continue;
        if (found)
            discard(j, YAO_E_DUPLICATE);
        found = true;
    }
    return found;
}

/* Did the holder agree to it by a document that is good, or, with UNKNOWN_TOO,
 * may be? */
static bool is_agreed(const state *s, size_t transaction, bool unknown_too)
{
    for (size_t i = 0; i < s->presentations->count; i++) {
        const yao_vp_judged *j = &s->judged[i];

        if ((j->agreed >> transaction & 1) != 0 &&
            (j->verdict == YAO_VERDICT_ACCEPT ||
             (unknown_too && j->verdict == YAO_VERDICT_INDETERMINATE)))
            return true;
    }
    return false;
}

/* Nothing is answered where one of them was agreed to by nobody. */
static bool are_agreed(const state *s, bool unknown_too)
{
    for (size_t t = 0; t < s->awaited->transaction_count; t++)
        if (!is_agreed(s, t, unknown_too))
            return false;
    return true;
}

/* What nobody agreed to is not answered by documents that were to say so. */
static void check_agreed(const state *s)
{
    const yao_vp_awaited *a = s->awaited;

    for (size_t t = 0; t < a->transaction_count; t++) {
        if (discard_others(s, t))
            continue;
        for (size_t i = 0; i < s->presentations->count; i++) {
            yao_vp_judged *j = &s->judged[i];

            if (j->verdict != YAO_VERDICT_REJECT &&
                yao_vp_transaction_of(&a->transactions[t], j->id))
                discard(j, YAO_E_MISSING);
        }
    }
}

/* ---- one presentation --------------------------------------------------- */

/* The first thing that was wrong, or could not be looked at. */
static yao_status reason(const yao_result *result)
{
    yao_outcome worst = result->verdict == YAO_VERDICT_REJECT
                            ? YAO_OUTCOME_FAIL
                            : YAO_OUTCOME_UNKNOWN;

    for (size_t i = 0; i < result->report.count; i++)
        if (result->report.rows[i].outcome == worst)
            return result->report.rows[i].why;
    return YAO_E_MISSING; /* a check that nobody made */
}

static yao_status make_candidate(const state *s, const yao_policy_input *input,
                                 yao_dcql_candidate *ret)
{
    if (input->sdjwt != NULL)
        return yao_dcql_of_sdjwt(s->arena, input->sdjwt, input->payload, true,
                                 ret);
    return yao_dcql_of_mdoc(s->arena, &input->mdoc->documents[0], true, ret);
}

static yao_status finish_one(const state *s, const yao_vp_judging *judging,
                             size_t i)
{
    item            *it = &s->items[i];
    yao_vp_judged   *j  = &s->judged[i];
    yao_policy_input input;
    yao_result      *result;
    yao_status       status;

    if (!it->begun)
        return YAO_OK;
    for (size_t c = 0; c < it->v.check_count; c++)
        it->v.checks[c].outcome = judging->checks[it->first + c].outcome;
    YAO_TRY(yao_verify_finish(&it->v, &result));
    j->result  = result;
    j->verdict = result->verdict;
    if (j->verdict != YAO_VERDICT_ACCEPT)
        j->why = reason(result);
    if (j->verdict == YAO_VERDICT_REJECT)
        return YAO_OK;

    input = yao_policy_input_of(&it->v);
    if (result->document_count != 1) {
        discard(j, YAO_E_MALFORMED); /* HAIP 1.0 section 5: one in each */
        return YAO_OK;
    }
    status = read_agreed(s, j, &input);
    if (is_ours(status))
        return status;
    if (status != YAO_OK) {
        discard(j, status);
        return YAO_OK;
    }
    return make_candidate(s, &input, &it->candidate);
}

/* ---- does it answer ----------------------------------------------------- */

/* Those that are good, or may be, as DCQL sees them. */
static size_t collect(const state *s, bool unknown_too, yao_dcql_shown *shown)
{
    size_t count = 0;

    for (size_t i = 0; i < s->presentations->count; i++) {
        const yao_vp_judged *j = &s->judged[i];

        if (j->verdict != YAO_VERDICT_ACCEPT &&
            !(unknown_too && j->verdict == YAO_VERDICT_INDETERMINATE))
            continue;
        shown[count++] = (yao_dcql_shown){j->id, s->items[i].candidate};
    }
    return count;
}

/* What does not answer is a finding, and no error. */
static yao_status check_query(const state *s, bool unknown_too,
                              yao_dcql_verdict *ret)
{
    yao_dcql_shown shown[YAO_VP_MAX_SHOWN];
    size_t         count = collect(s, unknown_too, shown);
    yao_status     status;

    *ret = (yao_dcql_verdict){.complete = false};
    if (count == 0)
        return YAO_OK;
    status = yao_dcql_check(s->arena, &s->awaited->query, shown, count, ret);
    if (status == YAO_E_MALFORMED) {
        ret->complete = false;
        return YAO_OK;
    }
    return status == YAO_E_MISSING ? YAO_OK : status;
}

/* ---- what was asked for ------------------------------------------------- */

/* "address.city" as a path. */
static yao_status path_of(yao_arena *arena, yao_text name, yao_sdjwt_path *ret)
{
    yao_text *steps = yao_arena_take_array(arena, YAO_MAX_DEPTH,
                                           sizeof *steps);
    size_t    count = 0;

    if (steps == NULL)
        return YAO_E_SPACE;
    for (;;) {
        size_t at = yao_bytes_find(yao_text_bytes(name), '.');

        if (count == YAO_MAX_DEPTH)
            return YAO_E_LIMIT;
        steps[count++] = (yao_text){name.ptr, at};
        if (at == name.len)
            break;
        name = (yao_text){name.ptr + at + 1, name.len - at - 1};
    }
    *ret = (yao_sdjwt_path){steps, count};
    return YAO_OK;
}

static yao_status was_asked(const state *s, const yao_dcql_credential *c,
                            yao_dcql_claims claims, const yao_attribute *a,
                            bool *ret)
{
    yao_sdjwt_path path;

    *ret = false;
    if (a->by_device)
        return YAO_OK;
    if (c->format == YAO_DCQL_MDOC) {
        *ret = yao_dcql_asks_element(c, claims, a->space, a->name);
        return YAO_OK;
    }
    yao_status status = path_of(s->arena, a->name, &path);
    if (status == YAO_OK)
        *ret = yao_dcql_asks_path(c, claims, &path);
    return status == YAO_E_LIMIT ? YAO_OK : status;
}

/* Misuse N225: what a wallet shows beyond that is dropped before anybody has
 * read it. */
static yao_status keep_asked(const state *s, size_t i, yao_dcql_claims claims)
{
    yao_vp_judged       *j    = &s->judged[i];
    yao_result_document *d    = &j->result->documents[0];
    yao_attribute       *kept = yao_arena_take_array(
        s->arena, d->attribute_count, sizeof *kept);
    size_t count = 0;

    if (kept == NULL)
        return YAO_E_SPACE;
    for (size_t a = 0; a < d->attribute_count; a++) {
        bool is_asked;

        YAO_TRY(was_asked(s, asked(s, i), claims, &d->attributes[a],
                          &is_asked));
        if (is_asked)
            kept[count++] = d->attributes[a];
    }
    j->dropped         = d->attribute_count - count;
    d->attributes      = kept;
    d->attribute_count = count;
    return YAO_OK;
}

static void forget(const yao_vp_judged *j)
{
    if (j->result == NULL)
        return;
    for (size_t i = 0; i < j->result->document_count; i++) {
        j->result->documents[i].attributes      = NULL;
        j->result->documents[i].attribute_count = 0;
    }
}

/* What does not answer says nothing: it could be anybody's word, and another
 * document the answer. */
static void discard_unfit(const state *s, const yao_dcql_verdict *found)
{
    size_t at = 0;

    for (size_t i = 0; i < s->presentations->count; i++) {
        yao_vp_judged *j = &s->judged[i];

        if (j->verdict != YAO_VERDICT_ACCEPT)
            continue;
        j->fault = found->findings[at++].fault;
        if (j->fault != YAO_DCQL_FITS)
            discard(j, YAO_E_VALUE);
    }
}

static yao_status apply(const state *s, const yao_dcql_verdict *found)
{
    size_t at = 0;

    for (size_t i = 0; i < s->presentations->count; i++) {
        yao_vp_judged *j = &s->judged[i];

        if (j->verdict == YAO_VERDICT_ACCEPT) {
            const yao_dcql_finding *f = &found->findings[at++];

            j->fault = f->fault;
            j->used  = f->fault == YAO_DCQL_FITS;
            if (j->used)
                YAO_TRY(keep_asked(s, i, f->claims));
            else
                discard(j, YAO_E_VALUE);
        }
        if (!j->used)
            forget(j);
    }
    return YAO_OK;
}

/* Of those that are used; two that differ are nobody's. */
static yao_text pseudonym_of(const state *s)
{
    yao_text found = {NULL, 0};

    for (size_t i = 0; i < s->presentations->count; i++) {
        const yao_vp_judged *j = &s->judged[i];

        if (!j->used || j->pseudonym.len == 0)
            continue;
        if (found.len != 0 && !yao_text_equal(found, j->pseudonym))
            return (yao_text){NULL, 0};
        found = j->pseudonym;
    }
    return found;
}

yao_status yao_vp_finish_judging(yao_vp_judging *judging, yao_vp_verdict *ret)
{
    state           *s = judging->internal;
    yao_vp_verdict   verdict = {.verdict = YAO_VERDICT_REJECT};
    yao_dcql_verdict found, perhaps;

    if (s == NULL)
        return YAO_E_USAGE;
    for (size_t i = 0; i < s->presentations->count; i++)
        YAO_TRY(finish_one(s, judging, i));
    YAO_TRY(check_query(s, false, &found));
    discard_unfit(s, &found);
    check_agreed(s);
    YAO_TRY(check_query(s, true, &perhaps));
    YAO_TRY(check_query(s, false, &found));
    YAO_TRY(apply(s, &found));

    if (found.complete && are_agreed(s, false))
        verdict.verdict = YAO_VERDICT_ACCEPT;
    else if (perhaps.complete && are_agreed(s, true))
        verdict.verdict = YAO_VERDICT_INDETERMINATE;
    verdict.items     = s->judged;
    verdict.count     = s->presentations->count;
    verdict.answered  = found.answered;
    verdict.pseudonym = pseudonym_of(s);
    judging->internal = NULL;
    *ret              = verdict;
    return YAO_OK;
}
