/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/extras.h"

#include "app/reason.h"
#include "base/letters.h"
#include "vp/pseudonym.h"

/* An array of at most MOST, or nothing. */
static yao_status list_of(const yao_json *root, const char *name, size_t most,
                          const yao_json **ret)
{
    *ret = yao_json_get(root, name);
    if (*ret == NULL)
        return YAO_OK;
    return (*ret)->kind == YAO_JSON_ARRAY && (*ret)->count > 0 &&
                   (*ret)->count <= most
               ? YAO_OK
               : YAO_E_VALUE;
}

/* ---- issuers ---- */

static yao_status read_authorities(app_call *call, const yao_json *root,
                                   desk_extras *e)
{
    const yao_json *list;

    YAO_TRY(list_of(root, "authorities", DESK_MAX_AUTHORITIES, &list));
    for (const yao_json *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next) {
        yao_bytes *id = &e->authorities[e->authority_count++];
        yao_text   letters;

        if (yao_json_string(i, call->arena, &letters) != YAO_OK ||
            yao_letters_decode(call->arena, yao_text_bytes(letters), id) !=
                YAO_OK ||
            id->len == 0 || id->len > DESK_MOST_AUTHORITY)
            return YAO_E_VALUE;
    }
    return YAO_OK;
}

/* ---- pages ---- */

static bool starts(yao_text text, const char *with)
{
    return yao_bytes_starts(yao_text_bytes(text),
                            yao_text_bytes(yao_text_of(with)));
}

/* As a browser writes it: no path, no slash at the end. */
static bool is_origin(const app_call *call, yao_text origin)
{
    bool   demo    = desk_yes(&desk_of(call)->config, DESK_DEMO);
    size_t slashes = 0;

    if (origin.len > 256 ||
        !(starts(origin, "https://") || (demo && starts(origin, "http://"))))
        return false;
    for (size_t i = 0; i < origin.len; i++) {
        uint8_t b = origin.ptr[i];

        slashes += b == '/';
        if (b <= ' ' || b >= 0x7f || b == '"' || b == '\\' || b == '?' ||
            b == '#' || b == '@' || (b >= 'A' && b <= 'Z'))
            return false;
    }
    return slashes == 2 && origin.ptr[origin.len - 1] != '/';
}

static uint64_t protocol_by_name(const yao_json *name)
{
    if (yao_json_is(name, "openid4vp-v1-signed"))
        return DESK_PAGE_SIGNED;
    if (yao_json_is(name, "openid4vp-v1-unsigned"))
        return DESK_PAGE_UNSIGNED;
    return yao_json_is(name, "org-iso-mdoc") ? DESK_PAGE_ISO : 0;
}

static yao_status read_protocols(const yao_json *page, desk_extras *e)
{
    const yao_json *list;

    YAO_TRY(list_of(page, "protocols", 3, &list));
    if (list == NULL)
        e->protocols = DESK_PAGE_SIGNED | DESK_PAGE_UNSIGNED;
    for (const yao_json *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next) {
        uint64_t protocol = protocol_by_name(i);

        if (protocol == 0)
            return YAO_E_VALUE;
        e->protocols |= protocol;
    }
    /* its transcript names one page (ISO/IEC TS 18013-7 annex C) */
    return (e->protocols & DESK_PAGE_ISO) == 0 || e->origin_count == 1
               ? YAO_OK
               : YAO_E_VALUE;
}

static yao_status read_page(app_call *call, const yao_json *root,
                            desk_extras *e)
{
    const yao_json *page = yao_json_get(root, "dc_api"), *list;

    if (page == NULL)
        return YAO_OK;
    YAO_TRY(list_of(page, "origins", YAO_VP_MAX_ORIGINS, &list));
    if (list == NULL)
        return YAO_E_VALUE;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        yao_text *origin = &e->origins[e->origin_count++];

        if (yao_json_string(i, call->arena, origin) != YAO_OK ||
            !is_origin(call, *origin))
            return YAO_E_VALUE;
    }
    return read_protocols(page, e);
}

/* ---- transactions ---- */

static yao_status read_transactions(app_call *call, const yao_json *root,
                                    desk_extras *e)
{
    const yao_json *list;

    YAO_TRY(list_of(root, "transaction_data", YAO_VP_MAX_TRANSACTIONS, &list));
    for (const yao_json *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next) {
        yao_writer w = yao_writer_in(call->arena);

        if (i->kind != YAO_JSON_OBJECT)
            return YAO_E_VALUE;
        yao_json_put_value(&w, i);
        YAO_TRY(yao_writer_keep(&w, call->arena,
                                &e->transactions[e->transaction_count++]));
    }
    return YAO_OK;
}

yao_status desk_extras_read(app_call *call, const yao_json *root,
                            desk_extras *ret)
{
    desk_extras e = {.transaction_count = 0};

    YAO_TRY(read_transactions(call, root, &e));
    YAO_TRY(read_authorities(call, root, &e));
    YAO_TRY(read_page(call, root, &e));
    if (yao_json_get(root, "pseudonym") != NULL)
        YAO_TRY(yao_json_bool(yao_json_get(root, "pseudonym"), &e.pseudonym));
    /* a page's request says nothing beside what is registered */
    if (e.pseudonym && e.origin_count > 0)
        return YAO_E_VALUE;
    /* an mdoc's holder cannot agree to anything */
    if (e.transaction_count > 0 && (e.protocols & DESK_PAGE_ISO) != 0)
        return YAO_E_VALUE;
    *ret = e;
    return YAO_OK;
}

/* ---- for a query ---- */

static bool can_agree(const yao_dcql_credential *c)
{
    return c->format == YAO_DCQL_SDJWT && !c->unbound;
}

static void put_ids(yao_writer *w, const yao_dcql_query *query)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < query->credential_count; i++)
        if (can_agree(&query->credentials[i])) {
            yao_json_put_next(w, &first);
            yao_json_put_string(w, query->credentials[i].id);
        }
    yao_put_byte(w, ']');
}

static yao_status complete(app_call *call, const yao_dcql_query *query,
                           yao_bytes *transaction)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(call->arena, *transaction, &root));
    if (yao_json_get(root, "credential_ids") != NULL || root->count == 0)
        return YAO_OK;
    yao_writer w = yao_writer_in(call->arena);
    yao_put_bytes(&w, (yao_bytes){transaction->ptr, transaction->len - 1});
    yao_put_text(&w, ",\"credential_ids\":");
    put_ids(&w, query);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, call->arena, transaction);
}

static bool hashes_good(const yao_json *root)
{
    const yao_json *list = yao_json_get(root, "transaction_data_hashes_alg");

    if (list == NULL)
        return true;
    for (const yao_json *i =
             list->kind == YAO_JSON_ARRAY ? list->first : NULL;
         i != NULL; i = i->next)
        if (yao_json_is(i, "sha-256"))
            return true;
    return false;
}

/* Each is asked for, and one can say that its holder agrees. */
static bool ids_good(app_call *call, const yao_json *root,
                     const yao_dcql_query *query)
{
    const yao_json *list = yao_json_get(root, "credential_ids");
    bool            one  = false;

    for (const yao_json *i = list != NULL && list->kind == YAO_JSON_ARRAY
                                 ? list->first
                                 : NULL;
         i != NULL; i = i->next) {
        yao_text id;
        size_t   at;

        if (yao_json_string(i, call->arena, &id) != YAO_OK)
            return false;
        at = yao_dcql_find(query, id);
        if (at == YAO_DCQL_NONE)
            return false;
        one = one || can_agree(&query->credentials[at]);
    }
    return one;
}

static yao_status check(app_call *call, const yao_dcql_query *query,
                        yao_bytes transaction)
{
    const yao_json *root;
    yao_text        type;

    YAO_TRY(yao_json_parse(call->arena, transaction, &root));
    return yao_json_string(yao_json_get(root, "type"), call->arena, &type) ==
                       YAO_OK &&
                   type.len > 0 && hashes_good(root) &&
                   ids_good(call, root, query)
               ? YAO_OK
               : YAO_E_VALUE;
}

yao_status desk_extras_bind(app_call *call, yao_bytes query, desk_extras *e)
{
    yao_dcql_query *read = yao_arena_take(call->arena, sizeof *read);

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_dcql_parse(call->arena, query, read));
    for (size_t i = 0; i < e->transaction_count; i++) {
        YAO_TRY(complete(call, read, &e->transactions[i]));
        YAO_TRY(check(call, read, e->transactions[i]));
    }
    return YAO_OK;
}

/* ---- in verifier_info ---- */

/* Behind INFOS, a JSON array or nothing. */
static void begin_info(yao_writer *w, yao_bytes infos)
{
    if (infos.len > 0) {
        yao_put_bytes(w, (yao_bytes){infos.ptr, infos.len - 1});
        yao_put_byte(w, ',');
    } else {
        yao_put_byte(w, '[');
    }
}

static yao_status add_reason(app_call *call, yao_text reason, yao_bytes *infos)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    if (reason.len == 0)
        return YAO_OK;
    begin_info(&w, *infos);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "format", YAO_TEXT(APP_REASON_FORMAT));
    yao_json_put_member(&w, &first, "data", reason);
    yao_put_text(&w, "}]");
    return yao_writer_keep(&w, call->arena, infos);
}

static yao_status add_pseudonym(app_call *call, bool asked, yao_bytes *infos)
{
    yao_writer w = yao_writer_in(call->arena);

    if (!asked)
        return YAO_OK;
    begin_info(&w, *infos);
    yao_vp_put_pseudonym_info(&w);
    yao_put_byte(&w, ']');
    return yao_writer_keep(&w, call->arena, infos);
}

yao_status desk_extras_infos(app_call *call, const desk_extras *e,
                             yao_text reason, yao_bytes *infos)
{
    YAO_TRY(add_reason(call, reason, infos));
    return add_pseudonym(call, e->pseudonym, infos);
}

/* ---- as a session keeps them: [[* bstr], [* tstr], uint, bool] ---- */

void desk_extras_put(yao_writer *w, const desk_extras *e)
{
    yao_cbor_put_array(w, 4);
    yao_cbor_put_array(w, e->transaction_count);
    for (size_t i = 0; i < e->transaction_count; i++)
        yao_cbor_put_bytes(w, e->transactions[i]);
    yao_cbor_put_array(w, e->origin_count);
    for (size_t i = 0; i < e->origin_count; i++)
        yao_cbor_put_text(w, e->origins[i]);
    yao_cbor_put_uint(w, e->protocols);
    yao_cbor_put_bool(w, e->pseudonym);
}

yao_status desk_extras_get(yao_cbor_reader *r, desk_extras *ret)
{
    yao_cbor_get_array(r, 4);
    ret->transaction_count = yao_cbor_get_items(r);
    if (ret->transaction_count > YAO_VP_MAX_TRANSACTIONS)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < ret->transaction_count; i++)
        ret->transactions[i] = yao_cbor_get_bytes(r);
    ret->origin_count = yao_cbor_get_items(r);
    if (ret->origin_count > YAO_VP_MAX_ORIGINS)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < ret->origin_count; i++)
        ret->origins[i] = yao_cbor_get_text(r);
    ret->protocols = yao_cbor_get_uint(r);
    ret->pseudonym = yao_cbor_get_bool(r);
    return r->status;
}

size_t desk_extras_room(const desk_extras *e)
{
    yao_writer w = yao_writer_count();

    desk_extras_put(&w, e);
    return w.len;
}
