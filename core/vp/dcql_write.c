/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/dcql_parts.h"

static void put_member(yao_writer *w, bool *first, const char *name,
                       yao_text value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, value);
}

static void put_texts(yao_writer *w, const yao_text *list, size_t count)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &first);
        yao_json_put_string(w, list[i]);
    }
    yao_put_byte(w, ']');
}

static void put_meta(yao_writer *w, const yao_dcql_credential *c)
{
    bool first = true;

    if (c->format == YAO_DCQL_OTHER) {
        yao_json_put_value(w, c->meta);
        return;
    }
    yao_put_byte(w, '{');
    if (c->format == YAO_DCQL_MDOC) {
        put_member(w, &first, "doctype_value", c->types[0]);
    } else {
        yao_json_put_name(w, &first, "vct_values");
        put_texts(w, c->types, c->type_count);
    }
    yao_put_byte(w, '}');
}

/* ---- trusted_authorities ---- */

static void put_authority(yao_writer *w, const yao_dcql_authority *a)
{
    bool first = true, first_value = true;

    yao_put_byte(w, '{');
    put_member(w, &first, "type", a->type);
    yao_json_put_name(w, &first, "values");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < a->value_count; i++) {
        yao_json_put_next(w, &first_value);
        if (a->kind == YAO_DCQL_AKI) {
            yao_put_byte(w, '"');
            yao_put_base64url(w, a->values[i]);
            yao_put_byte(w, '"');
        } else {
            yao_json_put_string(w,
                                (yao_text){a->values[i].ptr, a->values[i].len});
        }
    }
    yao_put_text(w, "]}");
}

static void put_authorities(yao_writer *w, bool *first,
                            const yao_dcql_credential *c)
{
    bool first_item = true;

    if (c->authority_count == 0)
        return;
    yao_json_put_name(w, first, "trusted_authorities");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < c->authority_count; i++) {
        yao_json_put_next(w, &first_item);
        put_authority(w, &c->authorities[i]);
    }
    yao_put_byte(w, ']');
}

/* ---- claims ---- */

static void put_path(yao_writer *w, const yao_dcql_claim *claim)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < claim->path_count; i++) {
        const yao_dcql_step *step = &claim->path[i];

        yao_json_put_next(w, &first);
        if (step->kind == YAO_DCQL_NAME)
            yao_json_put_string(w, step->name);
        else if (step->kind == YAO_DCQL_INDEX)
            yao_json_put_int(w, step->index);
        else
            yao_put_text(w, "null");
    }
    yao_put_byte(w, ']');
}

static void put_values(yao_writer *w, const yao_dcql_claim *claim)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < claim->value_count; i++) {
        const yao_dcql_value *value = &claim->values[i];

        yao_json_put_next(w, &first);
        if (value->kind == YAO_JSON_STRING)
            yao_json_put_string(w, value->text);
        else if (value->kind == YAO_JSON_NUMBER)
            yao_json_put_int(w, value->number);
        else
            yao_json_put_bool(w, value->truth);
    }
    yao_put_byte(w, ']');
}

static void put_claim(yao_writer *w, const yao_dcql_claim *claim)
{
    bool first = true;

    yao_put_byte(w, '{');
    if (claim->id.len != 0)
        put_member(w, &first, "id", claim->id);
    yao_json_put_name(w, &first, "path");
    put_path(w, claim);
    if (claim->value_count != 0) {
        yao_json_put_name(w, &first, "values");
        put_values(w, claim);
    }
    if (claim->retain) {
        yao_json_put_name(w, &first, "intent_to_retain");
        yao_json_put_bool(w, true);
    }
    yao_put_byte(w, '}');
}

static void put_claims(yao_writer *w, bool *first, const yao_dcql_credential *c)
{
    bool first_item = true;

    if (c->claim_count == 0)
        return;
    yao_json_put_name(w, first, "claims");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < c->claim_count; i++) {
        yao_json_put_next(w, &first_item);
        put_claim(w, &c->claims[i]);
    }
    yao_put_byte(w, ']');
}

static void put_claim_set(yao_writer *w, const yao_dcql_credential *c,
                          yao_dcql_claims set)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < c->claim_count; i++)
        if ((set >> i & 1) != 0) {
            yao_json_put_next(w, &first);
            yao_json_put_string(w, c->claims[i].id);
        }
    yao_put_byte(w, ']');
}

static void put_claim_sets(yao_writer *w, bool *first,
                           const yao_dcql_credential *c)
{
    bool first_item = true;

    if (c->claim_set_count == 0)
        return;
    yao_json_put_name(w, first, "claim_sets");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < c->claim_set_count; i++) {
        yao_json_put_next(w, &first_item);
        put_claim_set(w, c, c->claim_sets[i]);
    }
    yao_put_byte(w, ']');
}

/* ---- credentials and sets ---- */

static void put_credential(yao_writer *w, const yao_dcql_credential *c)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_member(w, &first, "id", c->id);
    put_member(w, &first, "format", c->format_name);
    if (c->multiple) {
        yao_json_put_name(w, &first, "multiple");
        yao_json_put_bool(w, true);
    }
    yao_json_put_name(w, &first, "meta");
    put_meta(w, c);
    put_authorities(w, &first, c);
    if (c->unbound) {
        yao_json_put_name(w, &first, "require_cryptographic_holder_binding");
        yao_json_put_bool(w, false);
    }
    put_claims(w, &first, c);
    put_claim_sets(w, &first, c);
    yao_put_byte(w, '}');
}

static void put_option(yao_writer *w, const yao_dcql_query *query,
                       yao_dcql_credentials option)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < query->credential_count; i++)
        if ((option >> i & 1) != 0) {
            yao_json_put_next(w, &first);
            yao_json_put_string(w, query->credentials[i].id);
        }
    yao_put_byte(w, ']');
}

static void put_set(yao_writer *w, const yao_dcql_query *query,
                    const yao_dcql_set *set)
{
    bool first = true;

    yao_put_text(w, "{\"options\":[");
    for (size_t i = 0; i < set->option_count; i++) {
        yao_json_put_next(w, &first);
        put_option(w, query, set->options[i]);
    }
    yao_put_byte(w, ']');
    if (set->optional)
        yao_put_text(w, ",\"required\":false");
    yao_put_byte(w, '}');
}

void yao_dcql_put(yao_writer *w, const yao_dcql_query *query)
{
    bool first = true;

    yao_put_text(w, "{\"credentials\":[");
    for (size_t i = 0; i < query->credential_count; i++) {
        yao_json_put_next(w, &first);
        put_credential(w, &query->credentials[i]);
    }
    yao_put_byte(w, ']');
    if (query->set_count != 0) {
        first = true;
        yao_put_text(w, ",\"credential_sets\":[");
        for (size_t i = 0; i < query->set_count; i++) {
            yao_json_put_next(w, &first);
            put_set(w, query, &query->sets[i]);
        }
        yao_put_byte(w, ']');
    }
    yao_put_byte(w, '}');
}
