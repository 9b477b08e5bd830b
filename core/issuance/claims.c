/* SPDX-License-Identifier: Apache-2.0 */
/* Values as claims of an SD-JWT VC. Claims have one step or two; those of one
 * first step make one object. */
#include "issuance/making.h"

static void put_date(yao_writer *w, yao_date day)
{
    uint8_t letters[10];

    yao_date_format(day, letters);
    yao_json_put_string(w, (yao_text){letters, sizeof letters});
}

static void put_time(yao_writer *w, yao_date day)
{
    uint8_t letters[20];

    yao_time_format(yao_time_of_date(day), letters);
    yao_json_put_string(w, (yao_text){letters, sizeof letters});
}

static void put_numbers(yao_writer *w, yao_text text)
{
    yao_put_byte(w, '[');
    for (size_t i = 0; i < text.len; i++)
        yao_put_byte(w, text.ptr[i] == '|' ? ',' : text.ptr[i]);
    yao_put_byte(w, ']');
}

static void put_image(yao_writer *w, yao_bytes image)
{
    yao_put_text(w, "\"data:image/jpeg;base64,");
    yao_put_base64(w, image);
    yao_put_byte(w, '"');
}

static void put_privilege(yao_writer *w, const yao_making_value *v,
                          const yao_making_privilege *p)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "vehicle_category_code");
    yao_json_put_string(w, p->category);
    yao_json_put_name(w, &first, "issue_date");
    put_date(w, v->first_issue);
    yao_json_put_name(w, &first, "expiry_date");
    put_date(w, v->expiry);
    if (p->automatic) {
        yao_json_put_name(w, &first, "codes");
        yao_put_text(w, "[{\"code\":\"78\"}]");
    }
    yao_put_byte(w, '}');
}

static void put_privileges(yao_writer *w, const yao_making_value *v)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < v->privilege_count; i++) {
        yao_json_put_next(w, &first);
        put_privilege(w, v, &v->privileges[i]);
    }
    yao_put_byte(w, ']');
}

static void put_value(yao_writer *w, const yao_element *e,
                      const yao_making_value *v);

static void put_map(yao_writer *w, const yao_element *e,
                    const yao_making_value *v)
{
    bool first = true;

    yao_put_byte(w, '{');
    for (size_t i = 0; i < e->part_count; i++) {
        if (!v->parts[i].present)
            continue;
        yao_json_put_name_text(w, &first, e->parts[i].name);
        put_value(w, &e->parts[i], &v->parts[i]);
    }
    yao_put_byte(w, '}');
}

/* Recursion ends at the parts, which are no maps. */
static void put_value(yao_writer *w, const yao_element *e,
                      const yao_making_value *v)
{
    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
        yao_json_put_string(w, v->text);
        break;
    case YAO_TYPE_UINT:
        yao_json_put_int(w, (int64_t)v->number);
        break;
    case YAO_TYPE_UINTS:
        put_numbers(w, v->text);
        break;
    case YAO_TYPE_BOOL:
        yao_json_put_bool(w, v->truth);
        break;
    case YAO_TYPE_DATE:
        put_date(w, v->day);
        break;
    case YAO_TYPE_TIME:
        put_time(w, v->day);
        break;
    case YAO_TYPE_IMAGE:
        put_image(w, v->image);
        break;
    case YAO_TYPE_PRIVILEGES:
        put_privileges(w, v);
        break;
    case YAO_TYPE_MAP:
        put_map(w, e, v);
        break;
    case YAO_TYPE_NONE:
        yao_writer_fail(w, YAO_E_USAGE);
        break;
    }
}

/* ---- paths ---- */

/* The claim of N; of a page "m01." becomes its own. */
static yao_text claim_of(yao_making *m, const yao_making_entry *n)
{
    return yao_making_paged(m, n->element->claim, 1, n->page);
}

static yao_text first_step(yao_text claim)
{
    size_t len = 0;

    while (len < claim.len && claim.ptr[len] != '.')
        len++;
    return (yao_text){claim.ptr, len};
}

/* What follows the first step; empty when nothing does. */
static yao_text second_step(yao_text claim)
{
    size_t len = first_step(claim).len;

    if (len == claim.len)
        return (yao_text){NULL, 0};
    return (yao_text){claim.ptr + len + 1, claim.len - len - 1};
}

/* Do entries A and B lie in the same object, or are they the same claim? */
static bool same_object(const yao_making_entry *a, const yao_making_entry *b)
{
    return a->page == b->page && yao_text_equal(first_step(a->element->claim),
                                                first_step(b->element->claim));
}

static bool is_claim(const yao_making_entry *n)
{
    return n->element->claim.len != 0;
}

/* Was the object of entry AT begun by an earlier one? */
static bool begun(const yao_making *m, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (is_claim(&m->entries[i]) &&
            same_object(&m->entries[i], &m->entries[at]))
            return true;
    return false;
}

/* ---- the whole ---- */

static void put_object(yao_making *m, yao_writer *w, size_t at)
{
    bool first = true;

    yao_put_byte(w, '{');
    for (size_t i = at; i < m->entry_count; i++) {
        const yao_making_entry *n = &m->entries[i];

        if (!is_claim(n) || !same_object(n, &m->entries[at]))
            continue;
        yao_json_put_name_text(w, &first, second_step(n->element->claim));
        put_value(w, n->element, &n->value);
    }
    yao_put_byte(w, '}');
}

/* The first step, with the page's own digits in place of "01". */
static void put_first_name(yao_writer *w, bool *first,
                           const yao_making_entry *n)
{
    yao_text step   = first_step(n->element->claim);
    uint8_t  page[] = {'m', (uint8_t)('0' + n->page / 10),
                       (uint8_t)('0' + n->page % 10)};

    yao_json_put_name_text(w, first, n->page != 0 ? (yao_text){page, 3} : step);
}

static void put_claims(yao_making *m, yao_writer *w, bool *first)
{
    for (size_t i = 0; i < m->entry_count; i++) {
        const yao_making_entry *n = &m->entries[i];

        if (!is_claim(n) || begun(m, i))
            continue;
        put_first_name(w, first, n);
        if (second_step(n->element->claim).len == 0)
            put_value(w, n->element, &n->value);
        else
            put_object(m, w, i);
    }
}

static void put_registered(const yao_making *m, yao_writer *w, bool *first,
                           const yao_mdoc_validity *validity)
{
    yao_json_put_name(w, first, "vct");
    yao_json_put_string(w, m->input->definition->vct);
    if (m->input->issuer.len != 0) {
        yao_json_put_name(w, first, "iss");
        yao_json_put_string(w, m->input->issuer);
    }
    yao_json_put_name(w, first, "iat");
    yao_json_put_int(w, validity->signed_at);
    yao_json_put_name(w, first, "nbf");
    yao_json_put_int(w, validity->valid_from);
    yao_json_put_name(w, first, "exp");
    yao_json_put_int(w, validity->valid_until);
}

/* The path of N as steps. */
static void make_path(yao_making *m, const yao_making_entry *n,
                      yao_sdjwt_path *ret)
{
    yao_text  claim = claim_of(m, n);
    yao_text  rest  = second_step(claim);
    size_t    count = rest.len != 0 ? 2 : 1;
    yao_text *steps = yao_arena_take_array(m->arena, count, sizeof *steps);

    if (steps == NULL) {
        m->status = YAO_E_SPACE;
        return;
    }
    steps[0] = first_step(claim);
    if (count == 2)
        steps[1] = rest;
    *ret = (yao_sdjwt_path){steps, count};
}

static void make_paths(yao_making *m, yao_issuance_document *ret)
{
    yao_sdjwt_path *paths;
    size_t          count = 0;

    if (m->status != YAO_OK)
        return;
    paths = yao_arena_take_array(m->arena, m->entry_count, sizeof *paths);
    if (paths == NULL) {
        m->status = YAO_E_SPACE;
        return;
    }
    for (size_t i = 0; i < m->entry_count && m->status == YAO_OK; i++)
        if (is_claim(&m->entries[i]) && !m->entries[i].element->always)
            make_path(m, &m->entries[i], &paths[count++]);
    ret->disclosable       = paths;
    ret->disclosable_count = count;
}

void yao_making_claims(yao_making *m, yao_issuance_document *ret)
{
    yao_writer w     = yao_writer_in(m->arena);
    bool       first = true;
    yao_bytes  text  = {NULL, 0};

    if (m->status != YAO_OK)
        return;
    yao_put_byte(&w, '{');
    put_registered(m, &w, &first, &ret->validity);
    put_claims(m, &w, &first);
    yao_put_byte(&w, '}');
    m->status = yao_writer_keep(&w, m->arena, &text);
    if (m->status == YAO_OK)
        m->status = yao_json_parse(m->arena, text, &ret->claims);
    ret->json = (yao_text){text.ptr, text.len};
    make_paths(m, ret);
}
