/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/passkey.h"

#include <string.h>

#include "authority/enrol/secret.h"
#include "authority/once.h"
#include "authority/people.h"

/* What a passkey can say: something that is had, and what unlocks it. */
#define MOST_LEVEL 2

passkey_ceremony enrol_passkeys_of(const enrol *e, yao_text url)
{
    return (passkey_ceremony){.store  = e->a->store,
                              .crypto = e->a->crypto,
                              .url    = url,
                              .once   = ONCE_PERSON_CHALLENGE,
                              .now    = e->now,
                              .arena  = e->arena};
}

/* The authenticator's own identifier may tell whose make it is, and is long:
 * its hash is enough to find it. */
static yao_status hash_id(const enrol *e, yao_bytes id, yao_bytes *ret)
{
    uint8_t *hash = yao_arena_take(e->arena, STORE_HASH_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    *ret = (yao_bytes){hash, STORE_HASH_LEN};
    return e->a->crypto->hash(e->a->crypto->ctx, YAO_SHA256, &id, 1, hash);
}

/* ---- binding ---- */

static yao_status has_room(const enrol *e, const enrol_person *who)
{
    store_person_passkey *list;
    size_t                count;

    YAO_TRY(store_list_person_passkeys(
        e->a->store, (yao_bytes){who->holder, STORE_HASH_LEN}, e->arena, &list,
        &count));
    return count < ENROL_PASSKEYS ? YAO_OK : YAO_E_LIMIT;
}

static yao_status put_passkey(const enrol *e, const enrol_person *who,
                              const yao_webauthn_credential *made,
                              store_change                  *change)
{
    const yao_bytes      holder = {who->holder, STORE_HASH_LEN};
    store_person_passkey p      = {.holder   = holder,
                                   .lookup   = {who->lookup, STORE_HASH_LEN},
                                   .point    = {made->key.point, 65},
                                   .level    = who->level,
                                   .counter  = made->counter,
                                   .may_move = made->may_move,
                                   .moved    = made->moved,
                                   .added    = e->now};

    YAO_TRY(hash_id(e, made->id, &p.id));
    store_put_person_passkey(change, &p);
    YAO_TRY(authority_put_event(change, e->arena, "person.passkey", holder,
                                YAO_TEXT("{}")));
    return store_commit(e->a->store, change);
}

static yao_status bind_passkey(const enrol *e, yao_text url,
                               const enrol_person *who,
                               const yao_json     *response)
{
    const passkey_ceremony  c      = enrol_passkeys_of(e, url);
    store_change            change = store_change_open(e->arena);
    yao_webauthn_response   r;
    yao_webauthn_credential made;
    yao_bytes               challenge;

    YAO_TRY(yao_webauthn_read_response(response, e->arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "bind", &r, &change, &challenge));
    YAO_TRY(passkey_check_new(&c, &r, challenge, &made));
    return put_passkey(e, who, &made, &change);
}

yao_status enrol_bind_passkey(const enrol *e, yao_text url,
                              const enrol_person *who,
                              const yao_json     *response)
{
    if (who->proof != ENROL_BY_CODE)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(has_room(e, who));
    return passkey_to_others(bind_passkey(e, url, who, response));
}

/* ---- showing ---- */

/* The number stands in the record of who it is bound to: somebody who was
 * erased has none. */
static yao_status find_number(const enrol *e, const store_person_passkey *kept,
                              enrol_person *who)
{
    people_person person;

    YAO_TRY(people_find_by(e->a, kept->lookup, e->arena, &person));
    yao_status status = YAO_E_STORE;
    if (person.number.len <= sizeof who->number) {
        memcpy(who->number, person.number.ptr, person.number.len);
        who->number_len = (uint32_t)person.number.len;
        status          = YAO_OK;
    }
    people_close(&person);
    return status;
}

static yao_status fill_person(const enrol *e, const store_person_passkey *kept,
                              enrol_person *who)
{
    if (kept->holder.len != STORE_HASH_LEN ||
        kept->lookup.len != STORE_HASH_LEN)
        return YAO_E_STORE;
    *who = (enrol_person){
        .proof      = ENROL_BY_PASSKEY,
        .level      = kept->level < MOST_LEVEL ? kept->level : MOST_LEVEL,
        .code_level = kept->level,
        .since      = e->now};
    memcpy(who->holder, kept->holder.ptr, STORE_HASH_LEN);
    memcpy(who->lookup, kept->lookup.ptr, STORE_HASH_LEN);
    return find_number(e, kept, who);
}

static yao_status put_shown(const enrol *e, const store_person_passkey *kept,
                            const yao_webauthn_credential *shown)
{
    store_change         change = store_change_open(e->arena);
    store_person_passkey after  = *kept;

    after.counter = shown->counter;
    after.moved   = shown->moved;
    after.used    = e->now;
    store_use_person_passkey(&change, &after, kept->counter);
    YAO_TRY(authority_put_event(&change, e->arena, "person.login",
                                kept->holder,
                                YAO_TEXT("{\"by\":\"passkey\"}")));
    return store_commit(e->a->store, &change);
}

static yao_status show_passkey(const enrol *e, yao_text url,
                               const yao_json *response, enrol_person *ret)
{
    const passkey_ceremony  c      = enrol_passkeys_of(e, url);
    store_change            change = store_change_open(e->arena);
    yao_webauthn_response   r;
    yao_webauthn_credential known, shown;
    store_person_passkey    kept;
    yao_bytes               challenge, id;

    YAO_TRY(yao_webauthn_read_response(response, e->arena, &r));
    YAO_TRY(passkey_take_challenge(&c, "login", &r, &change, &challenge));
    YAO_TRY(store_commit(e->a->store, &change));
    YAO_TRY(hash_id(e, r.id, &id));
    YAO_TRY(store_get_person_passkey(e->a->store, id, e->arena, &kept));
    const passkey_row row = {r.id, kept.point, kept.counter, kept.may_move};
    YAO_TRY(passkey_known(&row, &known));
    YAO_TRY(passkey_check_shown(&c, &r, challenge, &known, &shown));
    YAO_TRY(put_shown(e, &kept, &shown));
    return fill_person(e, &kept, ret);
}

yao_status enrol_show_passkey(const enrol *e, yao_text url,
                              const yao_json *response, enrol_person *ret)
{
    return passkey_to_others(show_passkey(e, url, response, ret));
}
