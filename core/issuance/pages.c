/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of the household booklet, and all entries of a document.
 *
 * Page 1 is always the holder's own, page 2 is kept for the holder's spouse,
 * the others follow from page 3 in the register's order. A page of somebody
 * else has its open elements (name and relation) when it is the head's, all of
 * them when that person agreed to it (`household.shared`), else it is not
 * there. So a verifier can ask for m01 without knowing the family, and nobody
 * carries what another adult did not agree to.
 */
#include "issuance/making.h"

enum { MAX_PAGES = 30 }; /* with the home page below YAO_MAX_NAMESPACES */

void yao_making_add(yao_making *m, const yao_element *e, const yao_json *record,
                    unsigned page)
{
    if (m->status != YAO_OK)
        return;
    if (m->entry_count == m->entry_cap) {
        m->status = YAO_E_LIMIT;
        return;
    }
    yao_making_value v = yao_making_make(m, e, record, page);
    if (v.present)
        m->entries[m->entry_count++] = (yao_making_entry){e, page, v};
}

static bool same_string(yao_making *m, const yao_json *a, const yao_json *b)
{
    yao_text x;

    return yao_making_text(m, a, &x) && yao_json_is_text(b, x);
}

static const yao_json *household(const yao_json *record, const char *name)
{
    return yao_json_get(yao_json_get(record, "household"), name);
}

static bool is_person(yao_making *m, const yao_json *record)
{
    return same_string(m, yao_json_get(m->input->person, "number"),
                       yao_json_get(record, "number"));
}

/* GB/T 4761: 02 is the head; 10, 11, 12 are the head's spouse. */
static bool is_head(const yao_json *record)
{
    return yao_json_is(household(record, "relation"), "02");
}

static bool is_heads_spouse(const yao_json *record)
{
    const yao_json *relation = household(record, "relation");

    return yao_json_is(relation, "10") || yao_json_is(relation, "11") ||
           yao_json_is(relation, "12");
}

static bool is_spouse(yao_making *m, const yao_json *record)
{
    const yao_json *person = m->input->person;

    return (is_head(person) && is_heads_spouse(record)) ||
           (is_heads_spouse(person) && is_head(record)) ||
           same_string(m, household(person, "spouse"),
                       yao_json_get(record, "number"));
}

static void add_page(yao_making *m, const yao_json *record, unsigned page,
                     bool all)
{
    const yao_definition *d = m->input->definition;

    if (page > MAX_PAGES) {
        m->status = m->status == YAO_OK ? YAO_E_LIMIT : m->status;
        return;
    }
    for (size_t i = 0; i < d->element_count; i++)
        if (d->elements[i].member && (all || d->elements[i].open))
            yao_making_add(m, &d->elements[i], record, page);
}

/* How many people the household has: the person, and the others. Somebody of
 * another household has no page here. */
static size_t count_household(yao_making *m)
{
    const yao_json *number = household(m->input->person, "number");
    size_t          count  = 1;

    for (size_t i = 0; i < m->input->member_count; i++) {
        const yao_json *record = m->input->members[i];

        if (!same_string(m, number, household(record, "number")) &&
            m->status == YAO_OK)
            m->status = YAO_E_MISMATCH;
        count += is_person(m, record) ? 0 : 1;
    }
    return count;
}

void yao_making_pages(yao_making *m)
{
    unsigned next = 3;

    add_page(m, m->input->person, 1, true);
    for (size_t pass = 0; pass < 2; pass++) /* the spouse, then the others */
        for (size_t i = 0; i < m->input->member_count; i++) {
            const yao_json *record = m->input->members[i];
            bool shared = yao_making_truth(household(record, "shared"));
            bool spouse = is_spouse(m, record);

            if (is_person(m, record) || spouse != (pass == 0) ||
                (!shared && !is_head(record)))
                continue;
            add_page(m, record, spouse ? 2 : next++, shared);
        }
}

static bool has_pages(const yao_definition *d)
{
    for (size_t i = 0; i < d->element_count; i++)
        if (d->elements[i].member)
            return true;
    return false;
}

void yao_making_fill(yao_making *m)
{
    const yao_definition *d = m->input->definition;

    m->entry_cap = YAO_MAX_ELEMENTS;
    if (!has_pages(d))
        m->entry_cap = d->element_count;
    m->entries =
        yao_arena_take_array(m->arena, m->entry_cap, sizeof *m->entries);
    if (m->entries == NULL) {
        m->status = m->status == YAO_OK ? YAO_E_SPACE : m->status;
        return;
    }
    m->household = has_pages(d) ? count_household(m) : 0;
    for (size_t i = 0; i < d->element_count; i++)
        if (!d->elements[i].member)
            yao_making_add(m, &d->elements[i], m->input->person, 0);
    if (has_pages(d))
        yao_making_pages(m);
}

yao_text yao_making_paged(yao_making *m, yao_text template, size_t at,
                          unsigned page)
{
    uint8_t *copy;

    if (page == 0)
        return template;
    copy = yao_arena_take(m->arena, template.len);
    if (copy == NULL) {
        m->status = m->status == YAO_OK ? YAO_E_SPACE : m->status;
        return template;
    }
    for (size_t i = 0; i < template.len; i++)
        copy[i] = template.ptr[i];
    copy[at]     = (uint8_t)('0' + page / 10);
    copy[at + 1] = (uint8_t)('0' + page % 10);
    return (yao_text){copy, template.len};
}
