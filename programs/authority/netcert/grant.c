/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/netcert/netcert.h"

/* ---- items ---- */

/* What has a form as text, and is somebody's: not what says what the document
 * is, and not an image. */
static bool can_be_asked(const yao_element *e)
{
    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
    case YAO_TYPE_UINT:
    case YAO_TYPE_BOOL:
    case YAO_TYPE_DATE:
        return e->claim.len > 0 && !e->member;
    default:
        return false;
    }
}

yao_status netcert_find_item(const yao_catalogue *c, yao_text name,
                             netcert_item *ret)
{
    size_t dot = 0;

    while (dot < name.len && name.ptr[dot] != '.')
        dot++;
    if (dot == name.len || name.len > NETCERT_MAX_ITEM)
        return YAO_E_NOT_FOUND;
    const yao_definition *d =
        yao_document_by_name(c, (yao_text){name.ptr, dot});
    const yao_element *e =
        d != NULL ? yao_document_named(d, (yao_text){name.ptr + dot + 1,
                                                     name.len - dot - 1})
                  : NULL;
    if (e == NULL || !can_be_asked(e))
        return YAO_E_NOT_FOUND;
    *ret = (netcert_item){d, e};
    return YAO_OK;
}

bool netcert_asks(const yao_profile *profile, const netcert_item *item)
{
    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask  = &profile->asks[i];
        yao_text       name = item->element->name;
        if (ask->definition == item->definition &&
            (yao_document_lists(ask->elements, ask->element_count, name) ||
             yao_document_lists(ask->choices, ask->choice_count, name)))
            return true;
    }
    return false;
}

/* ---- parties ---- */

/* The next name of "hotel,age"; false at the end. */
static bool next_profile(yao_text *rest, yao_text *ret)
{
    size_t len = 0;

    if (rest->len == 0)
        return false;
    while (len < rest->len && rest->ptr[len] != ',')
        len++;
    size_t used = len + (len < rest->len);
    *ret        = (yao_text){rest->ptr, len};
    *rest       = (yao_text){rest->ptr + used, rest->len - used};
    return true;
}

bool netcert_has_profile(const store_party *party, yao_text profile)
{
    yao_text rest = party->profiles, name;

    while (next_profile(&rest, &name))
        if (yao_text_equal(name, profile))
            return true;
    return false;
}

static bool may_ask(const yao_catalogue *c, const store_party *party,
                    const netcert_item *item)
{
    yao_text rest = party->profiles, name;

    while (next_profile(&rest, &name)) {
        const yao_profile *p = yao_profile_by_name(c, name);
        if (p != NULL && netcert_asks(p, item))
            return true;
    }
    return false;
}

/* ---- granting ---- */

static yao_status check_wish(const enrol *e, const store_grant *grant)
{
    store_party  party;
    netcert_item item;

    YAO_TRY(store_get_party(e->a->store, grant->party, e->arena, &party));
    if (party.state != STORE_PARTY_ACTIVE)
        return YAO_E_NOT_FOUND;
    if (netcert_find_item(e->catalogue, grant->item, &item) != YAO_OK ||
        !may_ask(e->catalogue, &party, &item))
        return YAO_E_VALUE;
    if (grant->ends <= e->now || grant->ends - e->now > NETCERT_GRANT_SECONDS)
        return YAO_E_EXPIRED;
    return YAO_OK;
}

static yao_status check_room(const enrol *e, const store_grant *grant,
                             yao_bytes person)
{
    store_grant *list;
    size_t       count;

    YAO_TRY(store_list_grants(e->a->store, person, NETCERT_MAX_GRANTS, e->arena,
                              &list, &count));
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i].party, grant->party) &&
            yao_text_equal(list[i].item, grant->item))
            return YAO_OK; /* the same row */
    return count < NETCERT_MAX_GRANTS ? YAO_OK : YAO_E_LIMIT;
}

/* Which item for whom: names of the catalogue and a party's, nobody's value. */
static yao_status describe(const enrol *e, const store_grant *grant,
                           yao_text *ret)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "party", grant->party);
    yao_json_put_member(&w, &first, "item", grant->item);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, e->arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

/* What a party may learn of the certificate is for who could open it; who could
 * only freeze it opens nothing to others. */
static yao_status check_level(const enrol *e, const netcert_holder *holder)
{
    store_netcert n;

    YAO_TRY(netcert_get(e, holder->lookup, &n));
    int64_t wanted = n.state != 0 && n.level > NETCERT_LEVEL ? n.level
                                                             : NETCERT_LEVEL;
    return holder->level >= wanted ? YAO_OK : YAO_E_NOT_AUTHORISED;
}

yao_status netcert_grant(const enrol *e, const netcert_holder *holder,
                         const store_grant *grant, yao_bytes *ret)
{
    store_change change = store_change_open(e->arena);
    store_grant  row    = *grant;
    uint8_t     *id     = yao_arena_take(e->arena, STORE_ID_LEN);
    yao_text     detail;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(check_level(e, holder));
    YAO_TRY(check_wish(e, grant));
    YAO_TRY(check_room(e, grant, holder->lookup));
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    row.id      = (yao_bytes){id, STORE_ID_LEN};
    row.person  = holder->lookup;
    row.granted = e->now;
    store_put_grant(&change, &row, ret);
    YAO_TRY(describe(e, grant, &detail));
    YAO_TRY(authority_put_event(&change, e->arena, "netcert.grant",
                                holder->holder, detail));
    return store_commit(e->a->store, &change);
}

yao_status netcert_withdraw(const enrol *e, const netcert_holder *holder,
                            yao_bytes id)
{
    store_change change = store_change_open(e->arena);

    store_withdraw_grant(&change, id, holder->lookup, e->now);
    YAO_TRY(authority_put_event(&change, e->arena, "netcert.withdraw",
                                holder->holder, YAO_TEXT("{}")));
    return store_commit(e->a->store, &change);
}
