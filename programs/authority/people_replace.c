/* SPDX-License-Identifier: Apache-2.0 */
/* Another record in the place of a person's. */
#include "authority/people.h"

#include "store/erase.h"

static bool holds(const store_lookup *list, size_t count,
                  const store_lookup *what)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == what->kind &&
            yao_bytes_equal(list[i].hash, what->hash))
            return true;
    return false;
}

/* Only what differs: claims come before what is taken away. */
static yao_status replace_lookups(const authority *a, store_change *change,
                                  yao_bytes id, const store_lookup *list,
                                  size_t count)
{
    store_lookup *before;
    size_t        old;

    YAO_TRY(store_list_lookups(a->store, id, change->arena, &before, &old));
    for (size_t i = 0; i < count; i++)
        if (!holds(before, old, &list[i]))
            store_put_lookup(change, id, &list[i]);
    for (size_t i = 0; i < old; i++)
        if (!holds(list, count, &before[i]))
            store_drop_lookup(change, id, &before[i]);
    return YAO_OK;
}

static yao_status replace_part(store_change        *change,
                               const people_person *person,
                               store_part_kind kind, yao_bytes plain)
{
    store_part part = {.kind = kind};

    if (plain.len == 0) {
        store_drop_part(change, person->stored.id, kind);
        return YAO_OK;
    }
    YAO_TRY(
        seal_part(&person->key, kind, plain, change->arena, &part.sealed));
    store_replace_part(change, person->stored.id, &part);
    return YAO_OK;
}

yao_status people_replace(const authority *a, store_change *change,
                          const people_person *person,
                          const people_entry *entry, bool keep)
{
    yao_arena    *arena = change->arena;
    store_lookup *list;
    size_t        count;
    yao_text      number;
    yao_bytes     record;

    YAO_TRY(
        yao_json_string(yao_json_get(entry->record, "number"), arena, &number));
    YAO_TRY(people_number(number, arena, &number));
    if (!yao_text_equal(number, person->number))
        return YAO_E_MISMATCH;
    YAO_TRY(
        people_make_lookups(a, entry->record, number, arena, &list, &count));
    YAO_TRY(people_write_record(entry->record, number, arena, &record));
    store_keep_person(change, person->stored.id);
    YAO_TRY(replace_lookups(a, change, person->stored.id, list, count));
    YAO_TRY(replace_part(change, person, STORE_RECORD, record));
    if (!keep) {
        YAO_TRY(
            replace_part(change, person, STORE_PORTRAIT, entry->portrait));
        YAO_TRY(replace_part(change, person, STORE_PORTRAIT_SMALL,
                             entry->portrait_small));
    }
    return authority_put_event(change, arena, "person.update",
                               (yao_bytes){person->holder, STORE_HASH_LEN},
                               YAO_TEXT("{\"by\":\"sync\"}"));
}
