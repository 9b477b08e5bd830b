/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/offering.h"

#include "authority/people.h"
#include "authority/vci/box.h"
#include "authority/vci/grants.h"
#include "authority/vci/keeping.h"
#include "base/ascii.h"

/* ---- what is asked for -------------------------------------------------- */

static yao_status check_ids(const vci_offering *o)
{
    yao_vci_configuration found;

    if (o->id_count == 0)
        return YAO_E_MISSING;
    for (size_t i = 0; i < o->id_count; i++)
        if (yao_vci_find_configuration(o->catalogue, o->ids[i], &found) !=
            YAO_OK)
            return YAO_E_VALUE;
    for (size_t i = 0; i < o->id_count; i++)
        for (size_t n = 0; n < i; n++)
            if (yao_text_equal(o->ids[i], o->ids[n]))
                return YAO_E_DUPLICATE; /* no wallet would take it (N135) */
    return vci_tx_good(o->tx_code) ? YAO_OK : YAO_E_MALFORMED;
}

/* Somebody of this number is registered. */
static yao_status find_person(vci_offering *o)
{
    const authority *a = o->authority;
    store_person     stored;

    YAO_TRY(people_number(o->number, o->arena, &o->number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                      yao_text_bytes(o->number), o->person));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(o->number), o->holder));
    return store_get_person(
        a->store,
        (store_lookup){STORE_BY_NUMBER, {o->person, STORE_HASH_LEN}},
        o->arena, &stored);
}

/* ---- making one --------------------------------------------------------- */

static yao_status put_grant(vci_offering *o, store_change *change,
                            yao_time expires)
{
    authority      *a     = o->authority;
    yao_arena      *arena = o->arena;
    const vci_offer asked = {.person = {o->person, STORE_HASH_LEN},
                             .holder = {o->holder, STORE_HASH_LEN},
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
                                         .text = !yao_ascii_digits(o->tx_code),
                                         .length = (uint32_t)o->tx_code.len};
    return vci_offer_put(a, arena, change, &asked,
                         &o->offer.pre_authorized_code);
}

static yao_status write_offer(vci_offering *o, yao_bytes *json)
{
    o->offer.issuer   = o->url;
    o->offer.id_count = o->id_count;
    for (size_t i = 0; i < o->id_count; i++)
        o->offer.ids[i] = o->ids[i];

    yao_writer w = yao_writer_in(o->arena);
    yao_vci_put_offer(&w, &o->offer);
    return yao_writer_keep(&w, o->arena, json);
}

/* By an id that is a secret. */
yao_status vci_offer_refer(const yao_crypto *crypto, store_change *change,
                           yao_text url, yao_bytes json, yao_time expires,
                           yao_text *ret)
{
    yao_text  id;
    yao_bytes uri, link;

    YAO_TRY(vci_secret_new(change->arena, &id));
    YAO_TRY(vci_box_put(crypto, change, ONCE_OFFER_TEXT, id, json, expires));
    yao_writer w = yao_writer_in(change->arena);
    yao_put_bytes(&w, yao_text_bytes(url));
    yao_put_text(&w, "/offers/");
    yao_put_bytes(&w, yao_text_bytes(id));
    YAO_TRY(yao_writer_keep(&w, change->arena, &uri));
    w = yao_writer_in(change->arena);
    yao_vci_put_reference_link(&w, VCI_OFFER_SCHEME,
                               (yao_text){uri.ptr, uri.len});
    YAO_TRY(yao_writer_keep(&w, change->arena, &link));
    *ret = (yao_text){link.ptr, link.len};
    return YAO_OK;
}

static yao_status note_offer(vci_offering *o, store_change *change)
{
    return authority_put_event(change, o->arena, "document.offer",
                               (yao_bytes){o->holder, STORE_HASH_LEN},
                               YAO_TEXT("{}"));
}

static yao_status write_link(yao_arena *arena, yao_bytes json, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  link;

    yao_vci_put_offer_link(&w, VCI_OFFER_SCHEME, json);
    YAO_TRY(yao_writer_keep(&w, arena, &link));
    *ret = (yao_text){link.ptr, link.len};
    return YAO_OK;
}

static yao_status put_all(vci_offering *o, store_change *change,
                          vci_offered *ret)
{
    yao_time expires = o->now + ret->seconds;

    YAO_TRY(put_grant(o, change, expires));
    YAO_TRY(write_offer(o, &ret->json));
    YAO_TRY(vci_offer_refer(o->authority->crypto, change, o->url, ret->json,
                            expires, &ret->reference));
    return note_offer(o, change);
}

yao_status vci_offering_make(vci_offering *o, vci_offered *ret)
{
    vci_offered  made   = {.seconds = vci_offer_seconds(o->authority)};
    store_change change = store_change_open(o->arena);

    YAO_TRY(check_ids(o));
    YAO_TRY(find_person(o));
    vci_note_write(o->note, o->note_bytes);
    YAO_TRY(put_all(o, &change, &made));
    YAO_TRY(write_link(o->arena, made.json, &made.link));
    YAO_TRY(store_commit(o->authority->store, &change));
    *ret = made;
    return YAO_OK;
}
