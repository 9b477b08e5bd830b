/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/person.h"

#include "json/json.h"
#include "policy/value.h"

/* What the register calls what people are compared by. */
typedef enum trait { NUMBER, NAME, BIRTH, TRAITS } trait;

static const yao_text members[TRAITS] = {YAO_INIT("number"), YAO_INIT("name"),
                                         YAO_INIT("birth_date")};

typedef struct person {
    const yao_person_part *part;
    yao_text               traits[TRAITS]; /* empty: not disclosed */
    bool                   linked;         /* one person's with the first */
    bool                   differs;
} person;

typedef struct group {
    yao_arena *arena;
    person     list[YAO_PERSON_PARTS];
    size_t     count;
} group;

/* ---- what a document says of its person --------------------------------- */

/* Page 1 of a booklet is its holder's own (issuance/pages.c). */
static bool is_own(const yao_element *e, const yao_attribute *a)
{
    yao_text where = a->space.len != 0 ? a->space : a->name;

    if (!e->member)
        return true;
    if (a->space.len != 0)
        return where.len > 4 &&
               yao_bytes_equal((yao_bytes){where.ptr + where.len - 4, 4},
                               YAO_LIT(".m01"));
    return yao_bytes_starts(yao_text_bytes(where), YAO_LIT("m01."));
}

static const yao_element *element_of(const yao_definition *d,
                                     const yao_attribute  *a)
{
    return a->space.len != 0 ? yao_document_element(d, a->space, a->name)
                             : yao_document_claim(d, a->name);
}

static trait trait_of(const yao_element *e)
{
    trait t = NUMBER;

    while (t < TRAITS && !yao_text_equal(e->from, members[t]))
        t++;
    return e->derive == YAO_DERIVE_NONE ? t : TRAITS;
}

/* A string, of whatever form. */
static yao_status read_text(yao_arena *arena, const yao_attribute *a,
                            yao_text *ret)
{
    yao_writer      w    = yao_writer_in(arena);
    yao_bytes       json = yao_text_bytes(a->json);
    const yao_json *value;
    yao_status      status;

    *ret = (yao_text){NULL, 0};
    if (a->cbor.len != 0) {
        yao_value_put_json(&w, a->cbor);
        YAO_TRY(yao_writer_keep(&w, arena, &json));
    }
    status = yao_json_parse(arena, json, &value);
    if (status == YAO_OK)
        status = yao_json_string(value, arena, ret);
    return status == YAO_E_SPACE ? status : YAO_OK;
}

static yao_status read_traits(yao_arena *arena, const yao_definition *d,
                              person *p)
{
    const yao_result_document *from = p->part->document;

    for (size_t i = 0; i < from->attribute_count; i++) {
        const yao_attribute *a = &from->attributes[i];
        const yao_element   *e = element_of(d, a);
        trait                t = TRAITS;

        if (e != NULL && !a->by_device && is_own(e, a))
            t = trait_of(e);
        if (t != TRAITS)
            YAO_TRY(read_text(arena, a, &p->traits[t]));
    }
    return YAO_OK;
}

static yao_status gather(group *g, const yao_catalogue *catalogue,
                         const yao_profile     *profile,
                         const yao_person_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const yao_definition *d =
            yao_document_by_type(catalogue, parts[i].document->type);
        person *p = &g->list[g->count];

        if (d == NULL ||
            !yao_document_lists(profile->one_person, profile->one_person_count,
                                d->name))
            continue;
        if (g->count == YAO_PERSON_PARTS)
            return YAO_E_LIMIT;
        *p = (person){.part = &parts[i]};
        YAO_TRY(read_traits(g->arena, d, p));
        g->count++;
    }
    return YAO_OK;
}

/* ---- comparing ---------------------------------------------------------- */

static bool both(const person *a, const person *b, trait t)
{
    return a->traits[t].len != 0 && b->traits[t].len != 0;
}

static bool same(const person *a, const person *b, trait t)
{
    return yao_text_equal(a->traits[t], b->traits[t]);
}

/* Two people may have one name, and be born on one day; the number is one's
 * own, and keeps when a name changes. */
static yao_outcome compare(const person *a, const person *b)
{
    if (both(a, b, NUMBER))
        return same(a, b, NUMBER) ? YAO_OUTCOME_PASS : YAO_OUTCOME_FAIL;
    if (!both(a, b, NAME) || !both(a, b, BIRTH))
        return YAO_OUTCOME_UNKNOWN;
    return same(a, b, NAME) && same(a, b, BIRTH) ? YAO_OUTCOME_PASS
                                                 : YAO_OUTCOME_FAIL;
}

static void find_others(group *g)
{
    for (size_t i = 0; i < g->count; i++)
        for (size_t k = 0; k < i; k++)
            if (compare(&g->list[i], &g->list[k]) == YAO_OUTCOME_FAIL)
                g->list[i].differs = g->list[k].differs = true;
}

static bool reaches(const group *g, size_t i)
{
    for (size_t k = 0; k < g->count; k++)
        if (g->list[k].linked &&
            compare(&g->list[i], &g->list[k]) == YAO_OUTCOME_PASS)
            return true;
    return false;
}

/* From one to the next: two pairs that have nothing in common are not four
 * documents of one person. */
static void link(group *g)
{
    bool more = true;

    g->list[0].linked = true;
    while (more) {
        more = false;
        for (size_t i = 1; i < g->count; i++)
            if (!g->list[i].linked && reaches(g, i))
                more = g->list[i].linked = true;
    }
}

static yao_outcome put_row(const person *p)
{
    const yao_person_part *at      = p->part;
    yao_outcome            outcome = YAO_OUTCOME_UNKNOWN;
    yao_status             why     = YAO_E_MISSING;

    if (p->differs) {
        outcome = YAO_OUTCOME_FAIL;
        why     = YAO_E_MISMATCH;
    } else if (p->linked) {
        outcome = YAO_OUTCOME_PASS;
        why     = YAO_OK;
    }
    yao_report_add(at->report, at->index, YAO_CHECK_ONE_PERSON, outcome, why);
    return outcome;
}

static yao_outcome worse(yao_outcome a, yao_outcome b)
{
    if (a == YAO_OUTCOME_FAIL || b == YAO_OUTCOME_FAIL)
        return YAO_OUTCOME_FAIL;
    return a == YAO_OUTCOME_UNKNOWN ? a : b;
}

yao_status yao_policy_check_person(yao_arena             *arena,
                                   const yao_catalogue   *catalogue,
                                   const yao_profile     *profile,
                                   const yao_person_part *parts, size_t count,
                                   yao_outcome *ret)
{
    group      *g       = yao_arena_take(arena, sizeof *g);
    yao_outcome outcome = YAO_OUTCOME_PASS;

    if (g == NULL)
        return YAO_E_SPACE;
    *g = (group){.arena = arena, .count = 0};
    YAO_TRY(gather(g, catalogue, profile, parts, count));
    if (g->count < 2) {
        *ret = YAO_OUTCOME_ABSENT;
        return YAO_OK;
    }
    find_others(g);
    link(g);
    for (size_t i = 0; i < g->count; i++)
        outcome = worse(outcome, put_row(&g->list[i]));
    *ret = outcome;
    return YAO_OK;
}

yao_status yao_policy_check_result_person(yao_arena           *arena,
                                          const yao_catalogue *catalogue,
                                          const yao_profile   *profile,
                                          yao_result          *result)
{
    size_t           count = result->document_count;
    yao_person_part *parts = yao_arena_take_array(arena, count, sizeof *parts);
    yao_outcome      outcome;

    if (parts == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        parts[i] = (yao_person_part){&result->documents[i], &result->report,
                                     (int32_t)i};
    YAO_TRY(yao_policy_check_person(arena, catalogue, profile, parts, count,
                                    &outcome));
    if (outcome == YAO_OUTCOME_FAIL)
        result->verdict = YAO_VERDICT_REJECT;
    else if (outcome == YAO_OUTCOME_UNKNOWN &&
             result->verdict == YAO_VERDICT_ACCEPT)
        result->verdict = YAO_VERDICT_INDETERMINATE;
    return YAO_OK;
}
