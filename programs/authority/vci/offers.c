/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Offers: made at a counter, given by value in a link or by reference behind
 * one.
 *
 *     POST /admin/offers
 *       {"number": "...", "configurations": ["resident_id_mdoc", ...],
 *        ?"grant": "pre-authorized_code" / "authorization_code",
 *        ?"tx_code": "493536", ?"officer": true, ?"vehicle": 1}
 *     201 {"offer": {...}, "link": "openid-credential-offer://?...",
 *          "reference": "openid-credential-offer://?...", "expires_in": 120}
 */

#include "authority/vci/box.h"
#include "authority/vci/credentials.h"
#include "authority/vci/message.h"
#include "authority/vci/offering.h"

/* ---- by reference ------------------------------------------------------- */

yao_status vci_give_offer(app_call *call, app_reply *reply)
{
    uint8_t          hash[STORE_HASH_LEN];
    yao_bytes        json;

    YAO_TRY(vci_box_get(call, ONCE_OFFER_TEXT, call->parts[0], hash, &json));
    return app_reply_bytes(reply, 200, "application/json", json);
}

/* ---- at the counter ----------------------------------------------------- */

static yao_status read_ids(vci_offering *o, const yao_json *root)
{
    const yao_json *list = yao_json_get(root, "configurations");

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return YAO_E_MISSING;
    if (list->count > YAO_VCI_MAX_OFFERED)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(yao_json_string(i, o->arena, &o->ids[o->id_count++]));
    return YAO_OK;
}

static yao_status read_note(vci_offering *o, const yao_json *root)
{
    const yao_json *officer = yao_json_get(root, "officer");
    const yao_json *vehicle = yao_json_get(root, "vehicle");
    int64_t         which   = 0;

    if (officer != NULL)
        YAO_TRY(yao_json_bool(officer, &o->note.officer));
    if (vehicle != NULL)
        YAO_TRY(yao_json_int(vehicle, &which));
    if (which < 0 || which > VCI_MAX_VEHICLE)
        return YAO_E_VALUE;
    o->note.vehicle = (uint8_t)which;
    return YAO_OK;
}

static yao_status read_grant(vci_offering *o, const yao_json *root)
{
    const yao_json *grant = yao_json_get(root, "grant");
    const yao_json *tx    = yao_json_get(root, "tx_code");

    o->by_code = yao_json_is(grant, "authorization_code");
    if (grant != NULL && !o->by_code &&
        !yao_json_is(grant, "pre-authorized_code"))
        return YAO_E_VALUE;
    return tx == NULL ? YAO_OK : yao_json_string(tx, o->arena, &o->tx_code);
}

static yao_status read_asked(app_call *call, vci_offering *o)
{
    const yao_json *root;

    YAO_TRY(app_body_json(call, &root));
    YAO_TRY(read_ids(o, root));
    YAO_TRY(read_grant(o, root));
    YAO_TRY(read_note(o, root));
    return yao_json_string(yao_json_get(root, "number"), o->arena, &o->number);
}

static yao_status say(app_call *call, const vci_offered *made, app_reply *reply)
{
    bool       first = true;
    yao_writer w     = yao_writer_in(call->arena);

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "offer");
    yao_put_bytes(&w, made->json);
    yao_json_put_member(&w, &first, "link", made->link);
    yao_json_put_member(&w, &first, "reference", made->reference);
    yao_json_put_member_int(&w, &first, "expires_in", made->seconds);
    yao_put_byte(&w, '}');
    return app_reply_json(reply, call, 201, &w);
}

yao_status vci_make_offer(app_call *call, app_reply *reply)
{
    vci_offering *o = yao_arena_take(call->arena, sizeof *o);
    vci_offered   made;

    if (o == NULL)
        return YAO_E_SPACE;
    o->authority = server_authority(call);
    o->arena     = call->arena;
    o->catalogue = server_catalogue(call);
    o->url       = server_url(call);
    o->now       = call->now;
    YAO_TRY(read_asked(call, o));
    YAO_TRY(vci_offering_make(o, &made));
    return say(call, &made, reply);
}
