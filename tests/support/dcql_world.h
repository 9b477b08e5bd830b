/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_DCQL_WORLD_H
#define YAO_TEST_DCQL_WORLD_H

/**
 * Documents for DCQL, written as JSON:
 *
 *     [{"format":"dc+sd-jwt","types":["urn:a"],"claims":{...},
 *       "akis":["AQI"],"lists":[...],"federations":[...],"bound":false},
 *      {"format":"mso_mdoc","types":["d"],"claims":{"space":{"element":1}}}]
 *
 * and what a holder shows of one. For tests, the fuzz target and the tool that
 * other people's implementations are compared with.
 */

#include "cbor/cbor.h"
#include "vp/dcql.h"

enum { WORLD_MAX = 32 };

typedef struct world {
    yao_dcql_candidate held[WORLD_MAX];
    size_t             count;
} world;

/* ---- a JSON value as CBOR ---- */

static inline void world_put_cbor(yao_writer *w, yao_arena *arena,
                                  const yao_json *value)
{
    yao_text text   = {NULL, 0};
    int64_t  number = 0;

    switch (value->kind) {
    case YAO_JSON_STRING:
        if (yao_json_string(value, arena, &text) != YAO_OK)
            yao_writer_fail(w, YAO_E_SPACE);
        yao_cbor_put_text(w, text);
        break;
    case YAO_JSON_NUMBER: /* what is no integer is undefined */
        if (yao_json_int(value, &number) == YAO_OK)
            yao_cbor_put_int(w, number);
        else
            yao_put_byte(w, 0xf7);
        break;
    case YAO_JSON_BOOL:
        yao_cbor_put_bool(w, value->truth);
        break;
    case YAO_JSON_ARRAY:
        yao_cbor_put_array(w, value->count);
        for (const yao_json *i = value->first; i != NULL; i = i->next)
            world_put_cbor(w, arena, i);
        break;
    case YAO_JSON_OBJECT:
        yao_cbor_put_map(w, value->count);
        for (const yao_json *i = value->first; i != NULL; i = i->next) {
            if (yao_json_name(i, arena, &text) != YAO_OK)
                yao_writer_fail(w, YAO_E_SPACE);
            yao_cbor_put_text(w, text);
            world_put_cbor(w, arena, i);
        }
        break;
    default:
        yao_cbor_put_null(w);
    }
}

/* ---- one document ---- */

static inline yao_status world_read_texts(yao_arena      *arena,
                                          const yao_json *array,
                                          const yao_text **ret, size_t *count)
{
    yao_text *list = yao_arena_take_array(
        arena, array != NULL ? array->count : 0, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    *count = 0;
    for (const yao_json *i = array != NULL ? array->first : NULL; i != NULL;
         i = i->next)
        YAO_TRY(yao_json_string(i, arena, &list[(*count)++]));
    *ret = list;
    return YAO_OK;
}

static inline yao_status world_read_element(yao_arena      *arena,
                                            const yao_json *space,
                                            const yao_json *element,
                                            yao_mdoc_item  *ret)
{
    static uint8_t room[64 * 1024];
    yao_writer     w = yao_writer_open(room, sizeof room);
    yao_bytes      value;

    YAO_TRY(yao_json_name(space, arena, &ret->name_space));
    YAO_TRY(yao_json_name(element, arena, &ret->element));
    world_put_cbor(&w, arena, element);
    YAO_TRY(yao_writer_close(&w, &value));
    return yao_arena_keep(arena, value, &ret->value);
}

static inline yao_status world_read_elements(yao_arena          *arena,
                                             const yao_json     *claims,
                                             yao_dcql_candidate *ret)
{
    size_t         total = 0;
    yao_mdoc_item *items;

    for (const yao_json *s = claims->first; s != NULL; s = s->next)
        total += s->count;
    items = yao_arena_take_array(arena, total, sizeof *items);
    if (items == NULL)
        return YAO_E_SPACE;
    ret->items = items;
    for (const yao_json *s = claims->first; s != NULL; s = s->next) {
        if (s->kind != YAO_JSON_OBJECT)
            return YAO_E_MALFORMED;
        for (const yao_json *e = s->first; e != NULL; e = e->next)
            YAO_TRY(world_read_element(arena, s, e,
                                       &items[ret->item_count++]));
    }
    return YAO_OK;
}

static inline yao_status world_read_memberships(yao_arena          *arena,
                                                const yao_json     *object,
                                                yao_dcql_candidate *ret)
{
    static const struct {
        const char             *name;
        yao_dcql_authority_kind kind;
    } kinds[] = {{"akis", YAO_DCQL_AKI},
                 {"lists", YAO_DCQL_ETSI_TL},
                 {"federations", YAO_DCQL_FEDERATION}};
    yao_dcql_membership *list =
        yao_arena_take_array(arena, WORLD_MAX, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    ret->memberships = list;
    for (size_t k = 0; k < 3; k++) {
        const yao_json *array = yao_json_get(object, kinds[k].name);

        if (array != NULL && array->kind != YAO_JSON_ARRAY)
            return YAO_E_MALFORMED;
        for (const yao_json *i = array != NULL ? array->first : NULL; i != NULL;
             i = i->next) {
            yao_text   text;
            yao_bytes  value;
            yao_writer w;

            if (ret->membership_count == WORLD_MAX)
                return YAO_E_LIMIT;
            YAO_TRY(yao_json_string(i, arena, &text));
            value = yao_text_bytes(text);
            if (k == 0) {
                w = yao_writer_in(arena);
                YAO_TRY(yao_get_base64url(value, &w));
                YAO_TRY(yao_writer_keep(&w, arena, &value));
            }
            list[ret->membership_count++] =
                (yao_dcql_membership){kinds[k].kind, value};
        }
    }
    return YAO_OK;
}

static inline yao_status world_read_one(yao_arena          *arena,
                                        const yao_json     *object,
                                        yao_dcql_candidate *ret)
{
    const yao_json    *claims = yao_json_get(object, "claims");
    const yao_json    *bound  = yao_json_get(object, "bound");
    const yao_json    *types  = yao_json_get(object, "types");
    yao_dcql_candidate c      = {.bound = true};

    if (object->kind != YAO_JSON_OBJECT || claims == NULL ||
        claims->kind != YAO_JSON_OBJECT ||
        (types != NULL && types->kind != YAO_JSON_ARRAY))
        return YAO_E_MALFORMED;
    if (bound != NULL)
        YAO_TRY(yao_json_bool(bound, &c.bound));
    YAO_TRY(world_read_texts(arena, types, &c.types, &c.type_count));
    YAO_TRY(world_read_memberships(arena, object, &c));
    if (yao_json_is(yao_json_get(object, "format"), "dc+sd-jwt")) {
        c.format = YAO_DCQL_SDJWT;
        c.claims = claims;
    } else if (yao_json_is(yao_json_get(object, "format"), "mso_mdoc")) {
        c.format = YAO_DCQL_MDOC;
        YAO_TRY(world_read_elements(arena, claims, &c));
    }
    *ret = c;
    return YAO_OK;
}

static inline yao_status world_read(yao_arena *arena, const yao_json *array,
                                    world *ret)
{
    ret->count = 0;
    if (array == NULL || array->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (array->count > WORLD_MAX)
        return YAO_E_LIMIT;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(world_read_one(arena, i, &ret->held[ret->count++]));
    return YAO_OK;
}

/* ---- what a holder shows ------------------------------------------------- */

/* What is shown of an SD-JWT in which everything can be hidden: a tree of what
 * the paths lead to, what it lies in and what lies in it; and a token in which
 * each of its values is a disclosure. */
typedef struct world_shown {
    yao_arena            *arena;
    const yao_sdjwt_path *paths;
    size_t                path_count;
    yao_sdjwt_disclosure *disclosures;
    size_t                count, cap;
} world_shown;

/* Has STEP, of the value that stands in PARENT at INDEX? */
static inline bool world_is_step(const yao_json *parent, const yao_json *value,
                                 size_t index, yao_text step)
{
    uint8_t    room[20];
    yao_writer w = yao_writer_open(room, sizeof room);

    if (parent->kind == YAO_JSON_OBJECT)
        return yao_json_named(value, step);
    yao_put_decimal(&w, (int64_t)index);
    return yao_bytes_equal((yao_bytes){room, w.len}, yao_text_bytes(step));
}

static inline void world_note_disclosure(world_shown *s, const yao_json *value)
{
    yao_json *parts = yao_arena_take_array(s->arena, 3, sizeof *parts);

    if (parts == NULL || s->count == s->cap)
        return;
    parts[2]                           = *value;
    parts[2].next                      = NULL;
    parts[1]                           = (yao_json){.next = &parts[2]};
    parts[0]                           = (yao_json){.first = &parts[1]};
    s->disclosures[s->count++].array = &parts[0];
}

/* FROM with those of its children that lie on the paths in MASK, which have
 * led to it at DEPTH; all of them where one ends here. */
static inline yao_json *world_prune(world_shown *s, const yao_json *from,
                                    const bool *on, size_t depth)
{
    yao_json        *to    = yao_arena_take(s->arena, sizeof *to);
    const yao_json **tail  = to != NULL ? &to->first : NULL;
    size_t           index = 0;
    bool             whole = false;

    if (to == NULL)
        return NULL;
    *to       = *from;
    to->first = NULL;
    to->next  = NULL;
    to->count = 0;
    for (size_t i = 0; i < s->path_count; i++)
        whole = whole || (on[i] && s->paths[i].step_count <= depth);
    for (const yao_json *c = from->first; c != NULL; c = c->next, index++) {
        bool     *below = yao_arena_take_array(s->arena, s->path_count + 1, 1);
        bool      any   = whole;
        yao_json *child;

        if (below == NULL)
            return NULL;
        for (size_t i = 0; i < s->path_count; i++) {
            below[i] = on[i] && (s->paths[i].step_count <= depth ||
                                 world_is_step(from, c, index,
                                               s->paths[i].steps[depth]));
            any = any || below[i];
        }
        if (!any)
            continue;
        child = world_prune(s, c, below, depth + 1);
        if (child == NULL)
            return NULL;
        world_note_disclosure(s, child);
        *tail = child;
        tail  = &child->next;
        to->count++;
    }
    return to;
}

static inline yao_status world_show_sdjwt(yao_arena                 *arena,
                                          const yao_dcql_candidate  *held,
                                          const yao_dcql_credential *credential,
                                          yao_dcql_claims            claims,
                                          yao_dcql_candidate        *ret)
{
    world_shown           s     = {.arena = arena, .cap = 256};
    yao_sdjwt_unverified *token = yao_arena_take(arena, sizeof *token);
    bool                 *on;

    YAO_TRY(yao_dcql_paths(arena, credential, claims, held->claims, &s.paths,
                           &s.path_count));
    s.disclosures = yao_arena_take_array(arena, s.cap, sizeof *s.disclosures);
    on            = yao_arena_take_array(arena, s.path_count + 1, 1);
    if (token == NULL || s.disclosures == NULL || on == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < s.path_count; i++)
        on[i] = true;
    *ret        = *held;
    ret->claims = world_prune(&s, held->claims, on, 0);
    if (ret->claims == NULL)
        return YAO_E_SPACE;
    token->disclosures      = s.disclosures;
    token->disclosure_count = s.count;
    ret->token              = token;
    return YAO_OK;
}

static inline yao_status world_show_mdoc(yao_arena                 *arena,
                                         const yao_dcql_candidate  *held,
                                         const yao_dcql_credential *credential,
                                         yao_dcql_claims            claims,
                                         yao_dcql_candidate        *ret)
{
    const yao_mdoc_selector *selectors;
    size_t                   count;
    yao_mdoc_item           *items =
        yao_arena_take_array(arena, held->item_count, sizeof *items);

    YAO_TRY(yao_dcql_selectors(arena, credential, claims, &selectors, &count));
    if (items == NULL)
        return YAO_E_SPACE;
    *ret            = *held;
    ret->items      = items;
    ret->item_count = 0;
    for (size_t i = 0; i < held->item_count; i++) {
        bool wanted = false;

        for (size_t j = 0; j < count; j++)
            wanted = wanted || (yao_text_equal(selectors[j].name_space,
                                               held->items[i].name_space) &&
                                yao_text_equal(selectors[j].element,
                                               held->items[i].element));
        if (wanted)
            items[ret->item_count++] = held->items[i];
    }
    return YAO_OK;
}

/* HELD as it is shown for CREDENTIAL: CLAIMS and nothing else. */
static inline yao_status world_show(yao_arena                 *arena,
                                    const yao_dcql_candidate  *held,
                                    const yao_dcql_credential *credential,
                                    yao_dcql_claims            claims,
                                    yao_dcql_candidate        *ret)
{
    yao_status status =
        held->format == YAO_DCQL_MDOC
            ? world_show_mdoc(arena, held, credential, claims, ret)
            : world_show_sdjwt(arena, held, credential, claims, ret);

    if (status == YAO_OK)
        ret->shown = true;
    return status;
}

#endif
