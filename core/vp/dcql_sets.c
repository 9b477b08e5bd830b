/* SPDX-License-Identifier: Apache-2.0 */
/* A query from JSON: claims, and the sets of claims and of credentials. */
#include "vp/dcql_parts.h"

/* ---- paths ---- */

/* OpenID4VP 1.0 section 7: "a non-empty array of strings, nulls and
 * non-negative integers". */
static yao_status read_step(yao_arena *arena, const yao_json *value,
                            yao_dcql_step *ret)
{
    int64_t index;

    if (value->kind == YAO_JSON_NULL) {
        ret->kind = YAO_DCQL_ALL;
        return YAO_OK;
    }
    if (value->kind == YAO_JSON_STRING) {
        ret->kind = YAO_DCQL_NAME;
        return yao_json_string(value, arena, &ret->name);
    }
    if (value->kind != YAO_JSON_NUMBER)
        return YAO_E_MALFORMED;

    yao_status status = yao_json_int(value, &index);
    if (status == YAO_E_MALFORMED)
        return YAO_E_VALUE; /* a fraction, an exponent */
    YAO_TRY(status);
    if (index < 0)
        return YAO_E_VALUE;
    if (index > UINT32_MAX)
        return YAO_E_LIMIT;
    ret->kind  = YAO_DCQL_INDEX;
    ret->index = (uint32_t)index;
    return YAO_OK;
}

/* OpenID4VP 1.0 section 7.2: namespace and element. */
static bool is_mdoc_path(const yao_dcql_claim *claim)
{
    return claim->path_count == 2 && claim->path[0].kind == YAO_DCQL_NAME &&
           claim->path[1].kind == YAO_DCQL_NAME;
}

static yao_status read_path(yao_arena *arena, const yao_json *object,
                            yao_dcql_format format, yao_dcql_claim *ret)
{
    const yao_json *array;
    yao_dcql_step  *list;
    size_t          count = 0;

    YAO_TRY(yao_dcql_get_array(object, "path", YAO_DCQL_MAX_PATH, &array));
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_step(arena, i, &list[count++]));

    ret->path       = list;
    ret->path_count = count;
    return format == YAO_DCQL_MDOC && !is_mdoc_path(ret) ? YAO_E_VALUE : YAO_OK;
}

/* ---- values ---- */

static yao_status read_value(yao_arena *arena, const yao_json *value,
                             yao_dcql_value *ret)
{
    ret->kind = value->kind;
    switch (value->kind) {
    case YAO_JSON_STRING:
        return yao_json_string(value, arena, &ret->text);
    case YAO_JSON_BOOL:
        return yao_json_bool(value, &ret->truth);
    case YAO_JSON_NUMBER: {
        yao_status status = yao_json_int(value, &ret->number);

        return status == YAO_E_MALFORMED ? YAO_E_VALUE : status;
    }
    default:
        return YAO_E_MALFORMED;
    }
}

static yao_status read_values(yao_arena *arena, const yao_json *object,
                              yao_dcql_claim *ret)
{
    const yao_json *array;
    yao_dcql_value *list;

    YAO_TRY(
        yao_dcql_get_optional(object, "values", YAO_DCQL_MAX_VALUES, &array));
    if (array == NULL)
        return YAO_OK;
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->values = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_value(arena, i, &list[ret->value_count++]));
    return YAO_OK;
}

/* ---- claims ---- */

static yao_status read_claim(yao_arena *arena, const yao_json *object,
                             yao_dcql_format format, yao_dcql_claim *ret)
{
    const yao_json *id = yao_json_get(object, "id");

    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    if (id != NULL)
        YAO_TRY(yao_dcql_get_id(arena, id, &ret->id));
    YAO_TRY(read_path(arena, object, format, ret));
    YAO_TRY(read_values(arena, object, ret));
    if (format != YAO_DCQL_MDOC)
        return YAO_OK; /* intent_to_retain is the mdoc's word */

    return yao_dcql_get_bool(object, "intent_to_retain", false, &ret->retain);
}

/* The claim with that id, or NONE. */
static size_t find_claim(const yao_dcql_credential *c, yao_text id)
{
    for (size_t i = 0; i < c->claim_count; i++)
        if (c->claims[i].id.len != 0 && yao_text_equal(c->claims[i].id, id))
            return i;
    return YAO_DCQL_NONE;
}

yao_status yao_dcql_read_claims(yao_arena *arena, const yao_json *object,
                                yao_dcql_credential *ret)
{
    const yao_json *array;
    yao_dcql_claim *list;

    YAO_TRY(
        yao_dcql_get_optional(object, "claims", YAO_DCQL_MAX_CLAIMS, &array));
    if (array == NULL)
        return YAO_OK;
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->claims = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next) {
        yao_dcql_claim *claim = &list[ret->claim_count];

        YAO_TRY(read_claim(arena, i, ret->format, claim));
        if (find_claim(ret, claim->id) != YAO_DCQL_NONE)
            return YAO_E_DUPLICATE;
        ret->claim_count++;
    }
    return YAO_OK;
}

/* ---- claim_sets ---- */

static yao_status read_claim_set(yao_arena *arena, const yao_json *array,
                                 const yao_dcql_credential *c,
                                 yao_dcql_claims           *ret)
{
    if (array->kind != YAO_JSON_ARRAY || array->count == 0)
        return YAO_E_MALFORMED;
    if (array->count > YAO_DCQL_MAX_CLAIMS)
        return YAO_E_LIMIT;
    for (const yao_json *i = array->first; i != NULL; i = i->next) {
        yao_text id;

        YAO_TRY(yao_dcql_get_id(arena, i, &id));
        size_t at = find_claim(c, id);
        if (at == YAO_DCQL_NONE)
            return YAO_E_MISMATCH;
        *ret |= (yao_dcql_claims)1 << at;
    }
    return YAO_OK;
}

/* Where there are sets, each claim must have an id (section 6.3). */
static yao_status check_ids(const yao_dcql_credential *c)
{
    if (c->claim_count == 0)
        return YAO_E_MISSING;
    for (size_t i = 0; i < c->claim_count; i++)
        if (c->claims[i].id.len == 0)
            return YAO_E_MISSING;
    return YAO_OK;
}

yao_status yao_dcql_read_claim_sets(yao_arena *arena, const yao_json *object,
                                    yao_dcql_credential *ret)
{
    const yao_json  *array;
    yao_dcql_claims *list;

    YAO_TRY(yao_dcql_get_optional(object, "claim_sets", YAO_DCQL_MAX_CLAIM_SETS,
                                  &array));
    if (array == NULL)
        return YAO_OK;
    YAO_TRY(check_ids(ret));
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->claim_sets = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_claim_set(arena, i, ret, &list[ret->claim_set_count++]));
    return YAO_OK;
}

/* ---- credential_sets ---- */

static yao_status read_option(yao_arena *arena, const yao_json *array,
                              const yao_dcql_query *query,
                              yao_dcql_credentials *ret)
{
    if (array->kind != YAO_JSON_ARRAY || array->count == 0)
        return YAO_E_MALFORMED;
    if (array->count > YAO_DCQL_MAX_CREDENTIALS)
        return YAO_E_LIMIT;
    for (const yao_json *i = array->first; i != NULL; i = i->next) {
        yao_text id;

        YAO_TRY(yao_dcql_get_id(arena, i, &id));
        size_t at = yao_dcql_find(query, id);
        if (at == YAO_DCQL_NONE)
            return YAO_E_MISMATCH;
        *ret |= (yao_dcql_credentials)1 << at;
    }
    return YAO_OK;
}

static yao_status read_set(yao_arena *arena, const yao_json *object,
                           const yao_dcql_query *query, yao_dcql_set *ret)
{
    const yao_json       *array;
    yao_dcql_credentials *list;
    bool                  required;

    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(
        yao_dcql_get_array(object, "options", YAO_DCQL_MAX_OPTIONS, &array));
    YAO_TRY(yao_dcql_get_bool(object, "required", true, &required));
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->optional = !required;
    ret->options  = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_option(arena, i, query, &list[ret->option_count++]));
    return YAO_OK;
}

yao_status yao_dcql_read_sets(yao_arena *arena, const yao_json *object,
                              yao_dcql_query *ret)
{
    const yao_json *array;
    yao_dcql_set   *list;

    YAO_TRY(yao_dcql_get_optional(object, "credential_sets", YAO_DCQL_MAX_SETS,
                                  &array));
    if (array == NULL)
        return YAO_OK;
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->sets = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_set(arena, i, ret, &list[ret->set_count++]));
    return YAO_OK;
}
