/* SPDX-License-Identifier: Apache-2.0 */
/* A query from JSON: its credential queries. Claims and sets: dcql_sets.c. */
#include "vp/dcql_parts.h"

#include "base/letters.h"

/* ---- members ---- */

static yao_status check_array(const yao_json *value, size_t most)
{
    if (value->kind != YAO_JSON_ARRAY || value->count == 0)
        return YAO_E_MALFORMED;

    return value->count > most ? YAO_E_LIMIT : YAO_OK;
}

yao_status yao_dcql_get_optional(const yao_json *object, const char *name,
                                 size_t most, const yao_json **ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value != NULL)
        YAO_TRY(check_array(value, most));
    *ret = value;
    return YAO_OK;
}

yao_status yao_dcql_get_array(const yao_json *object, const char *name,
                              size_t most, const yao_json **ret)
{
    const yao_json *value;

    YAO_TRY(yao_dcql_get_optional(object, name, most, &value));
    if (value == NULL)
        return YAO_E_MISSING;

    *ret = value;
    return YAO_OK;
}

yao_status yao_dcql_get_text(yao_arena *arena, const yao_json *value,
                             yao_text *ret)
{
    yao_text text;

    YAO_TRY(yao_json_string(value, arena, &text));
    if (text.len == 0)
        return YAO_E_MALFORMED;

    *ret = text;
    return YAO_OK;
}

/* OpenID4VP 1.0 section 6.1: alphanumeric, underscore, hyphen. */
static bool is_id_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-';
}

yao_status yao_dcql_get_id(yao_arena *arena, const yao_json *value,
                           yao_text *ret)
{
    yao_text id;

    YAO_TRY(yao_dcql_get_text(arena, value, &id));
    if (id.len > YAO_DCQL_MAX_ID)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < id.len; i++)
        if (!is_id_letter(id.ptr[i]))
            return YAO_E_VALUE;

    *ret = id;
    return YAO_OK;
}

yao_status yao_dcql_get_bool(const yao_json *object, const char *name,
                             bool fallback, bool *ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value != NULL)
        return yao_json_bool(value, ret);
    *ret = fallback;
    return YAO_OK;
}

/* The texts of ARRAY. */
static yao_status read_texts(yao_arena *arena, const yao_json *array,
                             const yao_text **ret)
{
    yao_text *list  = yao_arena_take_array(arena, array->count, sizeof *list);
    size_t    count = 0;

    if (list == NULL)
        return YAO_E_SPACE;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(yao_dcql_get_text(arena, i, &list[count++]));

    *ret = list;
    return YAO_OK;
}

/* ---- trusted_authorities ---- */

static const struct {
    const char             *type;
    yao_dcql_authority_kind kind;
} kinds[] = {
    {"aki", YAO_DCQL_AKI},
    {"etsi_tl", YAO_DCQL_ETSI_TL},
    {"openid_federation", YAO_DCQL_FEDERATION},
};

static yao_dcql_authority_kind kind_of(yao_text type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (yao_text_equal(type, yao_text_of(kinds[i].type)))
            return kinds[i].kind;
    return YAO_DCQL_UNKNOWN;
}

static yao_status read_authority_value(yao_arena *arena, const yao_json *value,
                                       yao_dcql_authority_kind kind,
                                       yao_bytes              *ret)
{
    yao_text text;

    YAO_TRY(yao_dcql_get_text(arena, value, &text));
    if (kind != YAO_DCQL_AKI) {
        *ret = yao_text_bytes(text);
        return YAO_OK;
    }
    return yao_letters_decode(arena, yao_text_bytes(text), ret);
}

static yao_status read_authority(yao_arena *arena, const yao_json *object,
                                 yao_dcql_authority *ret)
{
    const yao_json *values;
    size_t          count = 0;

    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_dcql_get_text(arena, yao_json_get(object, "type"), &ret->type));
    ret->kind = kind_of(ret->type);
    YAO_TRY(yao_dcql_get_array(object, "values", YAO_DCQL_MAX_VALUES, &values));

    yao_bytes *list = yao_arena_take_array(arena, values->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (const yao_json *i = values->first; i != NULL; i = i->next)
        YAO_TRY(read_authority_value(arena, i, ret->kind, &list[count++]));

    ret->values      = list;
    ret->value_count = count;
    return YAO_OK;
}

static yao_status read_authorities(yao_arena *arena, const yao_json *object,
                                   yao_dcql_credential *ret)
{
    const yao_json     *array;
    yao_dcql_authority *list;
    size_t              count = 0;

    YAO_TRY(yao_dcql_get_optional(object, "trusted_authorities",
                                  YAO_DCQL_MAX_VALUES, &array));
    if (array == NULL)
        return YAO_OK;
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    for (const yao_json *i = array->first; i != NULL; i = i->next)
        YAO_TRY(read_authority(arena, i, &list[count++]));

    ret->authorities     = list;
    ret->authority_count = count;
    return YAO_OK;
}

/* ---- format and meta ---- */

static yao_status read_format(yao_arena *arena, const yao_json *object,
                              yao_dcql_credential *ret)
{
    YAO_TRY(yao_dcql_get_text(arena, yao_json_get(object, "format"),
                              &ret->format_name));
    if (yao_text_equal(ret->format_name, YAO_TEXT("dc+sd-jwt")))
        ret->format = YAO_DCQL_SDJWT;
    else if (yao_text_equal(ret->format_name, YAO_TEXT("mso_mdoc")))
        ret->format = YAO_DCQL_MDOC;
    return YAO_OK;
}

static yao_status read_doc_type(yao_arena *arena, const yao_json *meta,
                                yao_dcql_credential *ret)
{
    yao_text *type = yao_arena_take(arena, sizeof *type);

    if (type == NULL)
        return YAO_E_SPACE;
    YAO_TRY(
        yao_dcql_get_text(arena, yao_json_get(meta, "doctype_value"), type));
    ret->types      = type;
    ret->type_count = 1;
    return YAO_OK;
}

/* OpenID4VP 1.0 sections B.2.3, B.3.5. */
static yao_status read_meta(yao_arena *arena, const yao_json *object,
                            yao_dcql_credential *ret)
{
    const yao_json *meta = yao_json_get(object, "meta"), *values;

    if (meta == NULL)
        return YAO_E_MISSING;
    if (meta->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    if (ret->format == YAO_DCQL_MDOC)
        return read_doc_type(arena, meta, ret);
    if (ret->format == YAO_DCQL_OTHER) {
        ret->meta = meta;
        return YAO_OK;
    }
    YAO_TRY(
        yao_dcql_get_array(meta, "vct_values", YAO_DCQL_MAX_VALUES, &values));
    ret->type_count = values->count;
    return read_texts(arena, values, &ret->types);
}

/* ---- credential queries ---- */

static yao_status read_credential(yao_arena *arena, const yao_json *object,
                                  yao_dcql_credential *ret)
{
    bool bound;

    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_dcql_get_id(arena, yao_json_get(object, "id"), &ret->id));
    YAO_TRY(read_format(arena, object, ret));
    YAO_TRY(yao_dcql_get_bool(object, "multiple", false, &ret->multiple));
    YAO_TRY(read_meta(arena, object, ret));
    YAO_TRY(read_authorities(arena, object, ret));
    YAO_TRY(yao_dcql_get_bool(object, "require_cryptographic_holder_binding",
                              true, &bound));
    ret->unbound = !bound;
    YAO_TRY(yao_dcql_read_claims(arena, object, ret));
    return yao_dcql_read_claim_sets(arena, object, ret);
}

size_t yao_dcql_find(const yao_dcql_query *query, yao_text id)
{
    for (size_t i = 0; i < query->credential_count; i++)
        if (yao_text_equal(query->credentials[i].id, id))
            return i;
    return YAO_DCQL_NONE;
}

static yao_status read_credentials(yao_arena *arena, const yao_json *object,
                                   yao_dcql_query *ret)
{
    const yao_json      *array;
    yao_dcql_credential *list;

    YAO_TRY(yao_dcql_get_array(object, "credentials", YAO_DCQL_MAX_CREDENTIALS,
                               &array));
    list = yao_arena_take_array(arena, array->count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    ret->credentials = list;
    for (const yao_json *i = array->first; i != NULL; i = i->next) {
        yao_dcql_credential *c = &list[ret->credential_count];

        YAO_TRY(read_credential(arena, i, c));
        if (yao_dcql_find(ret, c->id) != YAO_DCQL_NONE)
            return YAO_E_DUPLICATE;
        ret->credential_count++;
    }
    return YAO_OK;
}

yao_status yao_dcql_read(yao_arena *arena, const yao_json *value,
                         yao_dcql_query *ret)
{
    yao_dcql_query query = {0};

    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(read_credentials(arena, value, &query));
    YAO_TRY(yao_dcql_read_sets(arena, value, &query));

    *ret = query;
    return YAO_OK;
}

yao_status yao_dcql_parse(yao_arena *arena, yao_bytes json, yao_dcql_query *ret)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, json, &root));
    return yao_dcql_read(arena, root, ret);
}
