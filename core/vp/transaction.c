/* SPDX-License-Identifier: Apache-2.0 */

/* What a holder agrees to beside showing a document, and what a verifier says
 * about itself. */

#include "vp/parts.h"
#include "vp/pseudonym.h"

/* ---- transaction_data: reading ------------------------------------------ */

static yao_status refuse_data(const yao_vp_reading *r, const char *why,
                              yao_status status)
{
    return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_TRANSACTION_DATA, why,
                         status);
}

/* OpenID4VP 1.0 section 5.1, B.3.3.1: fields that every kind may have. */
static bool common_field(const yao_json *member)
{
    static const yao_text names[] = {YAO_INIT("type"),
                                     YAO_INIT("credential_ids"),
                                     YAO_INIT("transaction_data_hashes_alg")};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (yao_json_named(member, names[i]))
            return true;
    return false;
}

/* What has parts has no line in which it could be shown. */
static bool has_line(const yao_json *member)
{
    return member->kind == YAO_JSON_STRING || member->kind == YAO_JSON_NUMBER ||
           member->kind == YAO_JSON_BOOL;
}

/* A field that is not shown could say anything (misuse N215). */
static bool known_fields(const yao_json                *data,
                         const yao_vp_transaction_type *type)
{
    for (const yao_json *m = data->first; m != NULL; m = m->next) {
        bool known = common_field(m);

        for (size_t i = 0; i < type->field_count && !known; i++)
            known = yao_json_named(m, type->fields[i].name) && has_line(m);
        if (!known)
            return false;
    }
    return true;
}

/* [+ string], each of them in the query. */
static yao_status check_ids(const yao_vp_reading *r, const yao_json *ids)
{
    if (ids == NULL)
        return YAO_E_MISSING;
    if (ids->kind != YAO_JSON_ARRAY || ids->count == 0)
        return YAO_E_MALFORMED;
    for (const yao_json *id = ids->first; id != NULL; id = id->next) {
        yao_text text;

        YAO_TRY(yao_json_string(id, r->source.arena, &text));
        if (yao_dcql_find(&r->request.query, text) == YAO_DCQL_NONE)
            return YAO_E_MISMATCH;
    }
    return YAO_OK;
}

/* By an SD-JWT with its holder's proof. An mdoc would say so in an element that
 * its issuer lets its key sign, and none of ours is issued with one: such a
 * request is refused (B.2.1). */
static yao_status check_bearers(const yao_vp_reading *r, const yao_json *ids)
{
    const yao_dcql_query *query = &r->request.query;

    for (size_t i = 0; i < query->credential_count; i++) {
        const yao_dcql_credential *c = &query->credentials[i];

        if (c->format != YAO_DCQL_SDJWT || c->unbound)
            continue;
        for (const yao_json *id = ids->first; id != NULL; id = id->next)
            if (yao_json_is_text(id, c->id))
                return YAO_OK;
    }
    return YAO_E_UNSUPPORTED;
}

/* The hash is SHA-256: one that may not be used is refused (misuse N082). */
static yao_status check_hashes(const yao_json *list)
{
    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MALFORMED;
    for (const yao_json *name = list->first; name != NULL; name = name->next)
        if (yao_json_is(name, "sha-256"))
            return YAO_OK;
    return YAO_E_UNSUPPORTED;
}

static yao_status read_one(const yao_vp_reading *r, const yao_json *item,
                           yao_vp_transaction *ret)
{
    yao_vp_transaction t;
    yao_bytes          text;

    YAO_TRY(yao_json_string(item, r->source.arena, &t.text));
    YAO_TRY(yao_letters_decode(r->source.arena, yao_text_bytes(t.text), &text));
    YAO_TRY(yao_json_parse_object(r->source.arena, text, &t.data));
    YAO_TRY(yao_json_string(yao_json_get(t.data, "type"), r->source.arena,
                            &t.type));

    const yao_vp_transaction_type *type =
        yao_vp_find_kind(r->terms->types, r->terms->type_count, t.type);
    if (type == NULL || !known_fields(t.data, type))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(check_ids(r, yao_json_get(t.data, "credential_ids")));
    YAO_TRY(check_hashes(yao_json_get(t.data, "transaction_data_hashes_alg")));
    YAO_TRY(check_bearers(r, yao_json_get(t.data, "credential_ids")));

    *ret = t;
    return YAO_OK;
}

yao_status yao_vp_read_transactions(yao_vp_reading *r)
{
    const yao_json *list;
    yao_status      status =
        yao_vp_value(&r->source, "transaction_data", YAO_JSON_ARRAY, &list);

    if (status != YAO_OK)
        return refuse_data(r, "transaction_data is no array", status);
    if (list == NULL)
        return YAO_OK;
    if (list->count == 0)
        return refuse_data(r, "transaction_data is empty", YAO_E_MALFORMED);
    if (list->count > YAO_VP_MAX_TRANSACTIONS)
        return refuse_data(r, "transaction_data is too long", YAO_E_LIMIT);

    yao_vp_transaction *all =
        yao_arena_take_array(r->source.arena, list->count, sizeof *all);
    if (all == NULL)
        return YAO_E_SPACE;
    for (const yao_json *item = list->first; item != NULL; item = item->next) {
        status = read_one(r, item, &all[r->request.transaction_count]);
        if (status != YAO_OK)
            return refuse_data(r,
                               status == YAO_E_NOT_AUTHORISED
                                   ? "transaction_data of an unknown type"
                                   : "transaction_data of another shape",
                               status);
        r->request.transaction_count++;
    }
    r->request.transactions = all;
    return YAO_OK;
}

/* ---- verifier_info ------------------------------------------------------ */

static yao_status read_info(const yao_vp_reading *r, const yao_json *item,
                            yao_vp_info *ret)
{
    yao_vp_info info = {.data = yao_json_get(item, "data")};

    if (item->kind != YAO_JSON_OBJECT || info.data == NULL ||
        (info.data->kind != YAO_JSON_OBJECT &&
         info.data->kind != YAO_JSON_STRING))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(yao_json_get(item, "format"), r->source.arena,
                            &info.format));
    info.credential_ids = yao_json_get(item, "credential_ids");
    if (info.credential_ids != NULL)
        YAO_TRY(check_ids(r, info.credential_ids));

    *ret = info;
    return YAO_OK;
}

yao_status yao_vp_read_infos(yao_vp_reading *r, const yao_json *list)
{
    yao_status status = YAO_OK;

    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY || list->count == 0 ||
        list->count > YAO_VP_MAX_INFOS)
        return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST,
                             "verifier_info is no array, or too long",
                             list->kind == YAO_JSON_ARRAY && list->count != 0
                                 ? YAO_E_LIMIT
                                 : YAO_E_MALFORMED);

    yao_vp_info *all =
        yao_arena_take_array(r->source.arena, list->count, sizeof *all);
    if (all == NULL)
        return YAO_E_SPACE;
    for (const yao_json *item = list->first; item != NULL; item = item->next) {
        status = read_info(r, item, &all[r->request.info_count]);
        if (status != YAO_OK)
            return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST,
                                 "verifier_info of another shape", status);
        if (yao_text_equal(all[r->request.info_count].format,
                           YAO_TEXT(YAO_VP_PSEUDONYM)))
            r->request.pseudonym = r->request.is_signed;
        r->request.info_count++;
    }
    r->request.infos = all;
    return YAO_OK;
}
