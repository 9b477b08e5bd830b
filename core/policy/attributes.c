/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

yao_status yao_policy_mdoc_attributes(yao_arena               *arena,
                                      const yao_mdoc_verified *from,
                                      yao_result_document     *ret)
{
    size_t         count = from->item_count + from->device_item_count;
    yao_attribute *out   = yao_arena_take_array(arena, count, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        bool                 device = i >= from->item_count;
        const yao_mdoc_item *item =
            device ? &from->device_items[i - from->item_count]
                   : &from->items[i];

        out[i] = (yao_attribute){.space     = item->name_space,
                                 .name      = item->element,
                                 .cbor      = item->value,
                                 .by_device = device};
    }

    ret->attributes      = out;
    ret->attribute_count = count;
    return YAO_OK;
}

/* ---- SD-JWT: the leaves of the processed payload ------------------------ */

/* Claims about the token itself, which nobody shows as a value. */
static bool is_technical(const yao_json *member)
{
    static const char *const names[] = {"iss", "iat", "nbf", "exp",
                                        "cnf", "vct", "vct#integrity",
                                        "status", "_sd_alg", "aka_vcts"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (yao_json_named(member, yao_text_of(names[i])))
            return true;

    return false;
}

/* How many values VALUE has. Depth is bounded by the JSON parser. An object
 * whose members were all withheld says nothing. */
static size_t count_values(const yao_json *value, bool top)
{
    size_t count = 0;

    if (value->kind != YAO_JSON_OBJECT)
        return 1;
    for (const yao_json *m = value->first; m != NULL; m = m->next)
        if (!top || !is_technical(m))
            count += count_values(m, false);

    return count;
}

typedef struct collector {
    yao_arena     *arena;
    yao_attribute *out;
    size_t         count;
} collector;

/* Where a value stands. The top is no place with an empty name: such a name
 * has a point behind it, so that what is in it is not taken for the top's. */
typedef struct place {
    yao_text path;
    bool     top;
} place;

/* FROM "." NAME in the arena; NAME alone at the top. */
static yao_status join(yao_arena *arena, place from, yao_text name, place *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  path;

    yao_put_bytes(&w, yao_text_bytes(from.path));
    if (!from.top)
        yao_put_byte(&w, '.');
    yao_put_bytes(&w, yao_text_bytes(name));
    YAO_TRY(yao_writer_keep(&w, arena, &path));

    *ret = (place){{path.ptr, path.len}, false};
    return YAO_OK;
}

static yao_status keep_value(collector *c, const yao_json *value, yao_text path)
{
    yao_writer w = yao_writer_in(c->arena);
    yao_bytes  json;

    yao_json_put_value(&w, value);
    YAO_TRY(yao_writer_keep(&w, c->arena, &json));

    c->out[c->count++] = (yao_attribute){.name = path,
                                         .json = {json.ptr, json.len}};
    return YAO_OK;
}

/* As many as count_values() says. */
static yao_status collect(collector *c, const yao_json *value, place at)
{
    if (value->kind != YAO_JSON_OBJECT)
        return keep_value(c, value, at.path);
    for (const yao_json *m = value->first; m != NULL; m = m->next) {
        yao_text name;
        place    below;

        if (at.top && is_technical(m))
            continue;
        YAO_TRY(yao_json_name(m, c->arena, &name));
        YAO_TRY(join(c->arena, at, name, &below));
        YAO_TRY(collect(c, m, below));
    }
    return YAO_OK;
}

yao_status yao_policy_sdjwt_attributes(yao_arena           *arena,
                                       const yao_json      *payload,
                                       yao_result_document *ret)
{
    size_t    count = count_values(payload, true);
    place     top   = {YAO_TEXT(""), true};
    collector c     = {arena, NULL, 0};

    c.out = yao_arena_take_array(arena, count, sizeof *c.out);
    if (c.out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(collect(&c, payload, top));

    ret->attributes      = c.out;
    ret->attribute_count = c.count;
    return YAO_OK;
}
