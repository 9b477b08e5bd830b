/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/match.h"

/* ---- what is held ---- */

static bool asks(const yao_profile *profile, yao_text name)
{
    for (size_t i = 0; i < profile->ask_count; i++)
        if (profile->asks[i].step == 1 &&
            yao_document_lists(profile->asks[i].elements,
                               profile->asks[i].element_count, name))
            return true;
    return false;
}

static bool has(const desk_match *m, yao_text name)
{
    for (size_t i = 0; i < m->count; i++)
        if (yao_text_equal(m->known[i].name, name))
            return true;
    return false;
}

static bool has_all(const desk_match *m, const yao_profile *profile)
{
    for (size_t i = 0; i < profile->ask_count; i++)
        for (size_t k = 0; profile->asks[i].step == 1 &&
                           k < profile->asks[i].element_count;
             k++)
            if (!has(m, profile->asks[i].elements[k]))
                return false;
    return true;
}

static yao_status take(app_call *call, const yao_profile *profile,
                       const yao_json *member, desk_match *m)
{
    yao_dcql_known *k = &m->known[m->count];

    if (m->count == DESK_MAX_VALUES || member->kind != YAO_JSON_STRING ||
        !asks(profile, member->name))
        return YAO_E_VALUE;
    k->name       = member->name;
    k->value.kind = YAO_JSON_STRING;
    YAO_TRY(yao_json_string(member, call->arena, &k->value.text));
    if (k->value.text.len == 0 || k->value.text.len > DESK_MOST_VALUE)
        return YAO_E_VALUE;
    m->count++;
    return YAO_OK;
}

yao_status desk_match_read(app_call *call, const yao_profile *profile,
                           const yao_json *values, desk_match *ret)
{
    desk_match m = {.count = 0};

    if (values == NULL || values->kind != YAO_JSON_OBJECT)
        return YAO_E_VALUE;
    for (const yao_json *v = values->first; v != NULL; v = v->next)
        YAO_TRY(take(call, profile, v, &m));
    if (!has_all(&m, profile))
        return YAO_E_VALUE;
    yao_writer w = yao_writer_in(call->arena);
    yao_json_put_value(&w, values);
    YAO_TRY(yao_writer_keep(&w, call->arena, &m.json));
    *ret = m;
    return YAO_OK;
}

/* ---- comparing ---- */

typedef struct comparing {
    app_call            *call;
    const yao_catalogue *catalogue;
    const yao_json      *result, *values;
} comparing;

/* Is attribute A of a document of D our element NAME, in any of its shapes? */
static bool is_element(const comparing *c, const yao_definition *d,
                       const yao_json *a, yao_text name)
{
    const yao_element *e = yao_document_named(d, name);
    yao_text           said;

    if (e == NULL || yao_json_string(yao_json_get(a, "name"), c->call->arena,
                                     &said) != YAO_OK)
        return false;
    return yao_text_equal(said, e->identifier) ||
           yao_text_equal(said, e->claim) || yao_text_equal(said, e->name);
}

static bool is_value(const comparing *c, const yao_json *a,
                     const yao_json *value)
{
    yao_text one, other;

    return yao_json_string(yao_json_get(a, "value"), c->call->arena, &one) ==
               YAO_OK &&
           yao_json_string(value, c->call->arena, &other) == YAO_OK &&
           yao_bytes_equal_secret(yao_text_bytes(one), yao_text_bytes(other));
}

static bool says(const comparing *c, const yao_json *document,
                 const yao_json *value)
{
    const yao_json       *list = yao_json_get(document, "attributes");
    const yao_definition *d    = NULL;
    bool                  good = false;
    yao_text              type;

    if (yao_json_bool(yao_json_get(document, "authentic"), &good) != YAO_OK ||
        !good ||
        yao_json_string(yao_json_get(document, "type"), c->call->arena,
                        &type) != YAO_OK)
        return false;
    d = yao_document_by_type(c->catalogue, type);
    for (const yao_json *a = list != NULL && d != NULL ? list->first : NULL;
         a != NULL; a      = a->next)
        if (is_element(c, d, a, value->name) && is_value(c, a, value))
            return true;
    return false;
}

static bool is_so(const comparing *c, const yao_json *value)
{
    const yao_json *shown = yao_json_get(c->result, "presentations");

    for (const yao_json *p = shown != NULL ? shown->first : NULL; p != NULL;
         p                 = p->next) {
        const yao_json *documents = yao_json_get(p, "documents");

        for (const yao_json *d = documents != NULL ? documents->first : NULL;
             d != NULL; d      = d->next)
            if (says(c, d, value))
                return true;
    }
    return false;
}

/* ---- telling ---- */

/* OBJECT without member NAME. */
static void put_without(yao_writer *w, const yao_json *object,
                        const char *name)
{
    bool first = true;

    yao_put_byte(w, '{');
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        if (yao_json_named(m, yao_text_of(name)))
            continue;
        yao_json_put_name_text(w, &first, m->name);
        yao_json_put_value(w, m);
    }
    yao_put_byte(w, '}');
}

/* A presentation, whose documents are without what they say. */
static void put_presentation(yao_writer *w, const yao_json *p)
{
    bool first = true, next = true;

    yao_put_byte(w, '{');
    for (const yao_json *m = p->first; m != NULL; m = m->next) {
        yao_json_put_name_text(w, &first, m->name);
        if (!yao_json_named(m, YAO_TEXT("documents"))) {
            yao_json_put_value(w, m);
            continue;
        }
        yao_put_byte(w, '[');
        for (const yao_json *d = m->first; d != NULL; d = d->next) {
            yao_json_put_next(w, &next);
            put_without(w, d, "attributes");
        }
        yao_put_byte(w, ']');
    }
    yao_put_byte(w, '}');
}

static void put_matches(const comparing *c, yao_writer *w, const bool *so)
{
    bool   first = true, next = true, all = true;
    size_t i = 0;

    for (const yao_json *v = c->values->first; v != NULL; v = v->next)
        all = all && so[i++];
    yao_put_byte(w, ',');
    yao_json_put_member_bool(w, &first, "match", all);
    yao_json_put_name(w, &first, "matches");
    yao_put_byte(w, '[');
    i = 0;
    for (const yao_json *v = c->values->first; v != NULL; v = v->next) {
        bool inner = true;

        yao_json_put_next(w, &next);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &inner, "element", v->name);
        yao_json_put_member_bool(w, &inner, "match", so[i++]);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

/* Nothing but these: what is added to results later is looked at first. */
static void put_result(const comparing *c, yao_writer *w, const bool *so)
{
    static const char *const kept[] = {"verdict", "judged", "pseudonym"};
    const yao_json          *shown  = yao_json_get(c->result, "presentations");
    bool                     first = true, next = true;

    yao_put_byte(w, '{');
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const yao_json *m = yao_json_get(c->result, kept[i]);

        if (m == NULL)
            continue;
        yao_json_put_name(w, &first, kept[i]);
        yao_json_put_value(w, m);
    }
    put_matches(c, w, so);
    yao_json_put_name(w, &first, "presentations");
    yao_put_byte(w, '[');
    for (const yao_json *p = shown != NULL ? shown->first : NULL; p != NULL;
         p                 = p->next) {
        yao_json_put_next(w, &next);
        put_presentation(w, p);
    }
    yao_put_text(w, "]}");
}

yao_status desk_match_reduce(app_call *call, const yao_catalogue *catalogue,
                             yao_bytes result, yao_bytes values,
                             yao_bytes *ret)
{
    comparing c = {.call = call, .catalogue = catalogue};
    bool      so[DESK_MAX_VALUES];
    size_t    i = 0;

    YAO_TRY(yao_json_parse(call->arena, result, &c.result));
    YAO_TRY(yao_json_parse(call->arena, values, &c.values));
    for (const yao_json *v = c.values->first;
         v != NULL && i < DESK_MAX_VALUES; v = v->next)
        so[i++] = is_so(&c, v);
    yao_writer w = yao_writer_in(call->arena);
    put_result(&c, &w, so);
    return yao_writer_keep(&w, call->arena, ret);
}
