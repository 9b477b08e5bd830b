/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/erase.h"

#include "authority/state.h"
#include "store/erase.h"

#include <string.h>

#define AGAIN 8

static bool is_reason(const char *word)
{
    static const char *const words[] = {"request", "register", "deceased",
                                        "error"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* ---- others, whose booklets name the person ---- */

/* Does it name the whole household? */
static bool is_booklet(const enrol *e, yao_text name)
{
    const yao_definition *d = yao_document_by_name(e->catalogue, name);

    return d != NULL && d->entitlement == YAO_ENTITLED_HOUSEHOLD;
}

/* Each in a change of its own: what is done stays done when the next fails. */
static yao_status revoke_booklet(const enrol *e, const store_document *d,
                                 size_t *done)
{
    store_change change = store_change_open(e->arena);

    YAO_TRY(life_revoke(e, &change, d, "replaced", "reissue"));
    yao_status status = store_commit(e->a->store, &change);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK; /* somebody else did */
    *done += status == YAO_OK;
    return status;
}

static yao_status revoke_booklets(const enrol *e, const uint8_t *holder,
                                  size_t *done)
{
    store_document *list;
    size_t          count;

    YAO_TRY(store_list_documents(e->a->store,
                                 (yao_bytes){holder, STORE_HASH_LEN}, e->arena,
                                 &list, &count));
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = yao_bytes_equal(list[j].issuance, list[i].issuance);
        if (!seen && is_booklet(e, list[i].name) &&
            list[i].state != STORE_REVOKED && list[i].valid_until >= e->now)
            YAO_TRY(revoke_booklet(e, &list[i], done));
    }
    return YAO_OK;
}

static yao_status revoke_others(const enrol *e, const people_person *person,
                                size_t *done)
{
    people_household h;

    YAO_TRY(people_find_household(e->a, person, e->arena, &h));
    for (size_t i = 0; i < h.count; i++) {
        yao_text number;
        uint8_t  lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

        YAO_TRY(yao_json_string(yao_json_get(h.records[i], "number"), e->arena,
                                &number));
        if (yao_text_equal(number, person->number))
            continue;
        YAO_TRY(enrol_hash_person(e, number, lookup, holder));
        YAO_TRY(revoke_booklets(e, holder, done));
    }
    return YAO_OK;
}

/* ---- the person ---- */

static yao_status revoke_own(const enrol *e, store_change *change,
                             const people_person *person,
                             const life_erasing *what, size_t *done)
{
    const store_bar all  = {.holder = {person->holder, STORE_HASH_LEN}};
    bool            dead = strcmp(what->reason, "deceased") == 0;
    store_document *list;
    size_t          count;

    YAO_TRY(
        store_list_barred(e->a->store, &all, e->now, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        if (i > 0 &&
            yao_bytes_equal(list[i].issuance, list[i - 1].issuance))
            continue;
        /* the event names nobody: its entry would stay behind */
        store_document batch = list[i];
        batch.holder         = (yao_bytes){NULL, 0};
        YAO_TRY(state_revoke(change, e->arena, &batch,
                             dead ? "deceased" : "withdrawn", e->now));
        (*done)++;
    }
    return YAO_OK;
}

static yao_status put_event(const enrol *e, store_change *change,
                            const life_erasing *what)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "reason", yao_text_of(what->reason));
    yao_json_put_member(&w, &first, "by", yao_text_of(what->by));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, e->arena, &detail));
    return authority_put_event(change, e->arena, "person.erase",
                               (yao_bytes){NULL, 0},
                               (yao_text){detail.ptr, detail.len});
}

yao_status life_put_erasure(const enrol *e, store_change *change,
                            const people_person *person,
                            const life_erasing *what, life_erased *ret)
{
    uint8_t    *names = yao_arena_take(e->arena, 2 * STORE_HASH_LEN);
    life_erased done  = {.documents = 0};

    if (names == NULL)
        return YAO_E_SPACE;
    if (!is_reason(what->reason))
        return YAO_E_USAGE;
    YAO_TRY(enrol_hash_person(e, person->number, names,
                              names + STORE_HASH_LEN));
    YAO_TRY(revoke_others(e, person, &done.booklets));
    YAO_TRY(revoke_own(e, change, person, what, &done.documents));
    store_erase_person(
        change, &(store_erasing){.person = person->stored.id,
                                 .lookup = {names, STORE_HASH_LEN},
                                 .holder = {names + STORE_HASH_LEN,
                                            STORE_HASH_LEN}});
    YAO_TRY(put_event(e, change, what));
    *ret = done;
    return YAO_OK;
}

static yao_status erase_once(const enrol *e, const life_erasing *what,
                             life_erased *ret)
{
    store_change  change = store_change_open(e->arena);
    people_person person;

    YAO_TRY(people_find(e->a, what->number, e->arena, &person));
    yao_status status = life_put_erasure(e, &change, &person, what, ret);
    people_close(&person);
    YAO_TRY(status);
    return store_commit(e->a->store, &change);
}

/* YAO_E_NOT_FOUND is also that somebody revoked what we were about to: then the
 * person is there again at the next look. */
yao_status life_erase(const enrol *e, const life_erasing *what,
                      life_erased *ret)
{
    life_subject  who;
    life_erased   done = {.documents = 0};
    store_person  stored;
    size_t        booklets = 0;

    YAO_TRY(life_find_subject(e, what->number, &who));
    for (int i = 0; i < AGAIN; i++) {
        yao_status status = erase_once(e, what, &done);
        booklets += done.booklets;
        done.booklets = booklets;
        if (status == YAO_OK)
            *ret = done;
        if (status != YAO_E_NOT_FOUND)
            return status;
        YAO_TRY(store_get_person(e->a->store,
                                 (store_lookup){STORE_BY_NUMBER, who.lookup},
                                 e->arena, &stored));
        if (stored.wrapped_key.len == 0)
            return YAO_E_NOT_FOUND;
    }
    return YAO_E_LOCKED;
}
