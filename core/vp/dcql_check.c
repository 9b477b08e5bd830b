/* SPDX-License-Identifier: Apache-2.0 */
/* Does what was shown answer what was asked? (OpenID4VP 1.0 section 8.6) */
#include "vp/dcql_parts.h"

const char *yao_dcql_fault_name(yao_dcql_fault fault)
{
    static const char *const names[] = {
        [YAO_DCQL_UNCHECKED]       = "unchecked",
        [YAO_DCQL_FITS]            = "fits",
        [YAO_DCQL_WRONG_ID]        = "id",
        [YAO_DCQL_WRONG_NUMBER]    = "number",
        [YAO_DCQL_WRONG_FORMAT]    = "format",
        [YAO_DCQL_WRONG_TYPE]      = "type",
        [YAO_DCQL_WRONG_AUTHORITY] = "authority",
        [YAO_DCQL_NOT_BOUND]       = "binding",
        [YAO_DCQL_WRONG_CLAIMS]    = "claims",
    };

    return (size_t)fault < sizeof names / sizeof names[0] ? names[fault]
                                                          : "unknown";
}

/* ---- what nobody asked for ---------------------------------------------- */

/* From the top of a payload to one of its values. */
typedef struct trail {
    const yao_dcql_credential *credential;
    const yao_dcql_candidate  *document;
    yao_dcql_finding          *finding;
    const yao_json            *nodes[YAO_MAX_DEPTH];
    uint32_t                   items[YAO_MAX_DEPTH];  /* in its array */
    bool                       member[YAO_MAX_DEPTH]; /* of an object */
    size_t                     depth;
} trail;

static bool takes_node(const trail *t, const yao_dcql_step *step, size_t at)
{
    if (step->kind == YAO_DCQL_NAME)
        return t->member[at] && yao_json_named(t->nodes[at], step->name);

    return !t->member[at] &&
           (step->kind == YAO_DCQL_ALL || t->items[at] <= step->index);
}

/* Does the trail lead along CLAIM's path: to what it asks for, to what that
 * lies in, or to what lies in it? */
static bool takes_trail(const trail *t, const yao_dcql_claim *claim)
{
    size_t at = 0;

    for (; at < claim->path_count && at < t->depth; at++)
        if (!takes_node(t, &claim->path[at], at))
            return false;
    return at < t->depth || at < claim->path_count ||
           yao_dcql_takes_json(claim, t->nodes[at - 1]);
}

static void note_extra(yao_dcql_finding *finding, yao_text name)
{
    if (finding->extra++ == 0)
        finding->first_extra = name;
}

/* The value at the end of the trail. */
static void judge_node(const trail *t)
{
    const yao_json *node = t->nodes[t->depth - 1];

    if (!yao_sdjwt_is_disclosed(t->document->token, node))
        return;
    for (size_t i = 0; i < t->credential->claim_count; i++)
        if ((t->finding->claims >> i & 1) != 0 &&
            takes_trail(t, &t->credential->claims[i]))
            return;
    note_extra(t->finding, node->name);
}

static void judge_children(trail *t, const yao_json *value)
{
    uint32_t index = 0;

    if (t->depth == YAO_MAX_DEPTH)
        return; /* no payload is deeper */
    for (const yao_json *i = value->first; i != NULL; i = i->next, index++) {
        t->nodes[t->depth]  = i;
        t->items[t->depth]  = index;
        t->member[t->depth] = value->kind == YAO_JSON_OBJECT;
        t->depth++;
        judge_node(t);
        judge_children(t, i);
        t->depth--;
    }
}

static void judge_items(const yao_dcql_credential *credential,
                        const yao_dcql_candidate  *document,
                        yao_dcql_finding          *finding)
{
    for (size_t i = 0; i < document->item_count; i++) {
        const yao_mdoc_item *item = &document->items[i];

        if (!yao_dcql_asks_element(credential, finding->claims,
                                   item->name_space, item->element))
            note_extra(finding, item->element);
    }
}

static void find_extra(const yao_dcql_credential *credential,
                       const yao_dcql_candidate  *document,
                       yao_dcql_finding          *finding)
{
    trail t = {
        .credential = credential, .document = document, .finding = finding};

    if (document->format == YAO_DCQL_MDOC)
        judge_items(credential, document, finding);
    else if (document->token != NULL && document->claims != NULL)
        judge_children(&t, document->claims);
}

/* ---- one presentation --------------------------------------------------- */

static yao_dcql_fault judge(const yao_dcql_credential *credential,
                            const yao_dcql_candidate  *document,
                            yao_dcql_finding          *finding)
{
    yao_dcql_candidate shown = *document;
    yao_dcql_fit       fit;

    shown.shown          = true; /* whatever the caller says */
    yao_dcql_fault fault = yao_dcql_is_kind(credential, &shown);
    if (fault != YAO_DCQL_FITS)
        return fault;
    if (!yao_dcql_choose_claims(credential, &shown, &fit))
        return YAO_DCQL_WRONG_CLAIMS;

    finding->claim_set = fit.claim_set;
    finding->claims    = fit.claims;
    find_extra(credential, &shown, finding);
    return YAO_DCQL_FITS;
}

/* Was there another under the same id before? */
static bool is_second(const yao_dcql_finding *findings, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (findings[i].credential == findings[at].credential)
            return true;
    return false;
}

static void check_one(const yao_dcql_query *query, const yao_dcql_shown *shown,
                      yao_dcql_finding *findings, size_t at)
{
    yao_dcql_finding *f = &findings[at];

    *f = (yao_dcql_finding){.credential = yao_dcql_find(query, shown[at].id),
                            .claim_set  = YAO_DCQL_NONE};
    if (f->credential == YAO_DCQL_NONE) {
        f->fault = YAO_DCQL_WRONG_ID;
        return;
    }
    const yao_dcql_credential *c = &query->credentials[f->credential];
    if (!c->multiple && is_second(findings, at))
        f->fault = YAO_DCQL_WRONG_NUMBER;
    else
        f->fault = judge(c, &shown[at].document, f);
}

/* ---- the answer --------------------------------------------------------- */

static bool is_answered(const yao_dcql_set *set, yao_dcql_credentials answered)
{
    for (size_t i = 0; i < set->option_count; i++)
        if ((set->options[i] & ~answered) == 0)
            return true;
    return false;
}

/* Something must be answered, also where nothing is required. */
static bool is_complete(const yao_dcql_query *query,
                        yao_dcql_credentials  answered)
{
    bool any = false;

    if (query->set_count == 0)
        return answered == yao_dcql_all_credentials(query);
    for (size_t i = 0; i < query->set_count; i++) {
        if (is_answered(&query->sets[i], answered))
            any = true;
        else if (!query->sets[i].optional)
            return false;
    }
    return any;
}

yao_status yao_dcql_check(yao_arena *arena, const yao_dcql_query *query,
                          const yao_dcql_shown *shown, size_t count,
                          yao_dcql_verdict *ret)
{
    yao_dcql_verdict  verdict   = {0};
    bool              malformed = false;
    yao_dcql_finding *findings;

    if (count > YAO_DCQL_MAX_SHOWN)
        return YAO_E_LIMIT;
    findings = yao_arena_take_array(arena, count, sizeof *findings);
    if (findings == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        check_one(query, shown, findings, i);
        if (findings[i].fault == YAO_DCQL_FITS)
            verdict.answered |= (yao_dcql_credentials)1
                                << findings[i].credential;
        malformed = malformed || findings[i].fault == YAO_DCQL_WRONG_ID ||
                    findings[i].fault == YAO_DCQL_WRONG_NUMBER;
    }
    verdict.findings = findings;
    verdict.complete = !malformed && is_complete(query, verdict.answered);

    *ret = verdict;
    if (malformed)
        return YAO_E_MALFORMED;
    return verdict.complete ? YAO_OK : YAO_E_MISSING;
}
