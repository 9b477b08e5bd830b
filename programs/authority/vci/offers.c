/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Offers: made at a counter (`yaopai document offer`, by the admin socket),
 * given by value in a link or by reference behind one.
 *
 *     POST /admin/offers
 *       {"number": "...", "configurations": ["resident_id_mdoc", ...],
 *        ?"grant": "pre-authorized_code" / "authorization_code",
 *        ?"tx_code": "493536", ?"officer": true, ?"vehicle": 1}
 *     201 {"offer": {...}, "link": "openid-credential-offer://?...",
 *          "reference": "openid-credential-offer://?...", "expires_in": 120}
 *
 * A transaction code is chosen by who asks for the offer, and is in no answer
 * and no link.
 */

#include "authority/people.h"
#include "authority/vci/box.h"
#include "authority/vci/credentials.h"
#include "authority/vci/grants.h"
#include "authority/vci/making.h"
#include "authority/vci/message.h"
#include "vci/offer.h"

#include <string.h>

#define SCHEME "openid-credential-offer://"

enum { MAX_VEHICLE = 63 };

/* ---- by reference --------------------------------------------------------- */

yao_status vci_give_offer(app_call *call, app_reply *reply)
{
    const authority *a = server_authority(call);
    uint8_t          hash[STORE_HASH_LEN];
    yao_bytes        json;

    YAO_TRY(vci_box_get(a->store, call->crypto, ONCE_OFFER_TEXT,
                        call->parts[0], call->now, call->arena, hash, &json));
    return app_reply_bytes(reply, 200, "application/json", json);
}

/* ---- what is asked for ------------------------------------------------------ */

typedef struct offering {
    app_call     *call;
    yao_text      number, tx_code;
    yao_text      ids[YAO_VCI_MAX_OFFERED];
    size_t        id_count;
    bool          by_code; /* the authorization code flow */
    vci_note      note;
    uint8_t       note_bytes[VCI_NOTE_LEN];
    uint8_t       person[STORE_HASH_LEN];
    yao_vci_offer offer;
} offering;

static yao_status read_ids(offering *o, const yao_json *root)
{
    const yao_json       *list = yao_json_get(root, "configurations");
    yao_vci_configuration found;

    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MISSING;
    if (list->count > YAO_VCI_MAX_OFFERED)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        yao_text *id = &o->ids[o->id_count++];
        YAO_TRY(yao_json_string(i, o->call->arena, id));
        YAO_TRY(yao_vci_find_configuration(server_catalogue(o->call), *id,
                                           &found));
    }
    return YAO_OK;
}

static yao_status read_note(offering *o, const yao_json *root)
{
    const yao_json *officer = yao_json_get(root, "officer");
    const yao_json *vehicle = yao_json_get(root, "vehicle");
    int64_t         which   = 0;

    if (officer != NULL)
        YAO_TRY(yao_json_bool(officer, &o->note.officer));
    if (vehicle != NULL)
        YAO_TRY(yao_json_int(vehicle, &which));
    if (which < 0 || which > MAX_VEHICLE)
        return YAO_E_VALUE;
    o->note.vehicle = (uint8_t)which;
    vci_note_write(o->note, o->note_bytes);
    return YAO_OK;
}

static yao_status read_grant(offering *o, const yao_json *root)
{
    const yao_json *grant = yao_json_get(root, "grant");
    const yao_json *tx    = yao_json_get(root, "tx_code");

    o->by_code = yao_json_is(grant, "authorization_code");
    if (grant != NULL && !o->by_code &&
        !yao_json_is(grant, "pre-authorized_code"))
        return YAO_E_VALUE;
    return tx == NULL ? YAO_OK
                      : yao_json_string(tx, o->call->arena, &o->tx_code);
}

/* Somebody of this number is registered. */
static yao_status find_person(offering *o, const yao_json *root)
{
    const authority *a     = server_authority(o->call);
    yao_arena       *arena = o->call->arena;
    store_person     stored;
    yao_text         number;

    YAO_TRY(yao_json_string(yao_json_get(root, "number"), arena, &number));
    YAO_TRY(people_number(number, arena, &o->number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(o->number), o->person));
    return store_get_person(
        a->store,
        (store_lookup){STORE_BY_NUMBER, {o->person, STORE_HASH_LEN}}, arena,
        &stored);
}

static yao_status read_asked(offering *o)
{
    const yao_json *root;

    YAO_TRY(app_body_json(o->call, &root));
    YAO_TRY(read_ids(o, root));
    YAO_TRY(read_grant(o, root));
    YAO_TRY(read_note(o, root));
    return find_person(o, root);
}

/* ---- making one ----------------------------------------------------------------- */

static bool digits(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

static yao_status put_grant(offering *o, store_change *change, yao_time expires)
{
    authority      *a     = server_authority(o->call);
    yao_arena      *arena = o->call->arena;
    const vci_offer asked = {.person = {o->person, STORE_HASH_LEN},
                             .level = config_number(&a->config, SETTING_LEVEL),
                             .configurations      = o->ids,
                             .configuration_count = o->id_count,
                             .tx_code             = o->tx_code,
                             .note    = {o->note_bytes, VCI_NOTE_LEN},
                             .expires = expires};

    o->offer.with_code           = o->by_code;
    o->offer.with_pre_authorized = !o->by_code;
    if (o->by_code)
        return vci_issuer_state_put(a, arena, change, &asked,
                                    &o->offer.issuer_state);
    o->offer.tx_code = (yao_vci_tx_code){.wanted = o->tx_code.len > 0,
                                         .text   = !digits(o->tx_code),
                                         .length = (uint32_t)o->tx_code.len};
    return vci_offer_put(a, arena, change, &asked,
                         &o->offer.pre_authorized_code);
}

static yao_status write_offer(offering *o, yao_bytes *json)
{
    o->offer.issuer   = server_url(o->call);
    o->offer.id_count = o->id_count;
    for (size_t i = 0; i < o->id_count; i++)
        o->offer.ids[i] = o->ids[i];

    yao_writer w = yao_writer_in(o->call->arena);
    yao_vci_put_offer(&w, &o->offer);
    return yao_writer_keep(&w, o->call->arena, json);
}

/* Its reference: where it is fetched, by an id that is a secret. */
static yao_status put_reference(offering *o, store_change *change,
                                yao_bytes json, yao_time expires, yao_text *ret)
{
    app_call *call = o->call;
    yao_text  id;
    yao_bytes uri;

    YAO_TRY(vci_secret_new(call->arena, &id));
    YAO_TRY(vci_box_put(call->crypto, change, ONCE_OFFER_TEXT, id, json,
                        expires));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_bytes(&w, yao_text_bytes(server_url(call)));
    yao_put_text(&w, "/offers/");
    yao_put_bytes(&w, yao_text_bytes(id));
    YAO_TRY(yao_writer_keep(&w, call->arena, &uri));
    *ret = (yao_text){uri.ptr, uri.len};
    return YAO_OK;
}

static yao_status note_offer(offering *o, store_change *change)
{
    authority *a      = server_authority(o->call);
    uint8_t   *holder = yao_arena_take(o->call->arena, STORE_HASH_LEN);

    if (holder == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(o->number), holder));
    return authority_put_event(change, o->call->arena, "document.offer",
                               (yao_bytes){holder, STORE_HASH_LEN},
                               YAO_TEXT("{}"));
}

static yao_status write_link(app_call *call, yao_bytes json, yao_text uri,
                             yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  link;

    if (uri.len > 0)
        yao_vci_put_reference_link(&w, SCHEME, uri);
    else
        yao_vci_put_offer_link(&w, SCHEME, json);
    YAO_TRY(yao_writer_keep(&w, call->arena, &link));
    *ret = (yao_text){link.ptr, link.len};
    return YAO_OK;
}

static yao_status say(offering *o, yao_bytes json, yao_text uri,
                      int64_t seconds, app_reply *reply)
{
    app_call *call  = o->call;
    bool      first = true;
    yao_text  by_value, by_reference;

    YAO_TRY(write_link(call, json, YAO_TEXT(""), &by_value));
    YAO_TRY(write_link(call, json, uri, &by_reference));

    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "offer");
    yao_put_bytes(&w, json);
    yao_json_put_name(&w, &first, "link");
    yao_json_put_string(&w, by_value);
    yao_json_put_name(&w, &first, "reference");
    yao_json_put_string(&w, by_reference);
    yao_json_put_name(&w, &first, "expires_in");
    yao_json_put_int(&w, seconds);
    yao_put_byte(&w, '}');
    return vci_reply_json(call, 201, &w, reply);
}

static yao_status make(offering *o, app_reply *reply)
{
    app_call    *call    = o->call;
    authority   *a       = server_authority(call);
    int64_t      seconds = vci_offer_seconds(a);
    yao_time     expires = call->now + seconds;
    store_change change  = store_change_open(call->arena);
    yao_bytes    json;
    yao_text     uri;

    YAO_TRY(read_asked(o));
    YAO_TRY(put_grant(o, &change, expires));
    YAO_TRY(write_offer(o, &json));
    YAO_TRY(put_reference(o, &change, json, expires, &uri));
    YAO_TRY(note_offer(o, &change));
    YAO_TRY(store_commit(a->store, &change));
    return say(o, json, uri, seconds, reply);
}

yao_status vci_make_offer(app_call *call, app_reply *reply)
{
    offering *o = yao_arena_take(call->arena, sizeof *o);

    if (o == NULL)
        return YAO_E_SPACE;
    o->call = call;
    return make(o, reply);
}
