/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/sequence.h"

#include "json/json.h"

typedef struct indexing {
    const authority *a;
    yao_arena       *arena;
} indexing;

/* The number in the record, in the form in which it was registered. */
static yao_status read_number(const authority *a, const store_person *stored,
                              yao_arena *arena, yao_text *ret)
{
    seal_person     key;
    yao_bytes       sealed, record;
    const yao_json *json;

    YAO_TRY(store_get_part(a->store, stored->id, STORE_RECORD, arena, &sealed));
    YAO_TRY(seal_person_open(&a->keys, stored, &key));
    yao_status status =
        seal_open_part(&key, STORE_RECORD, sealed, arena, &record);
    yao_wipe(&key, sizeof key);
    YAO_TRY(status);
    YAO_TRY(yao_json_parse(arena, record, &json));
    return yao_json_string(yao_json_get(json, "number"), arena, ret);
}

static yao_status index_person(const authority *a, const store_person *stored,
                               yao_arena *arena)
{
    uint8_t       hash[STORE_HASH_LEN];
    store_change  change = store_change_open(arena);
    store_lookup  lookup = {STORE_BY_HOLDER, {hash, sizeof hash}};
    store_person *found;
    size_t        count;
    yao_text      number;

    YAO_TRY(read_number(a, stored, arena, &number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), hash));
    YAO_TRY(store_list_persons(a->store, lookup, arena, &found, &count));
    if (count > 0)
        return YAO_OK;
    store_put_lookup(&change, stored->id, &lookup);
    return store_commit(a->store, &change);
}

/* One whose key or row is broken keeps none of the others back: what is about
 * them will be nobody's. */
static yao_status index_next(void *ctx, const store_person *stored)
{
    const indexing *i      = ctx;
    size_t          mark   = i->arena->used;
    yao_status      status = index_person(i->a, stored, i->arena);

    i->arena->used = mark;
    switch (status) {
    case YAO_E_SPACE:
    case YAO_E_STORE:
    case YAO_E_LOCKED:
    case YAO_E_CRYPTO:
        return status;
    default:
        return YAO_OK;
    }
}

yao_status audit_index_holders(const authority *a, yao_arena *arena)
{
    indexing     i    = {a, arena};
    size_t       mark = arena->used;
    yao_bytes    fact;
    yao_status   status = store_get_fact(a->store, AUDIT_HOLDERS, arena, &fact);
    store_change change;

    arena->used = mark;
    if (status != YAO_E_NOT_FOUND)
        return status;
    YAO_TRY(store_walk_persons(a->store, arena, index_next, &i));
    change = store_change_open(arena);
    store_put_fact(&change, AUDIT_HOLDERS, YAO_LIT("1"));
    status      = store_commit(a->store, &change);
    arena->used = mark;
    return status == YAO_E_EXISTS ? YAO_OK : status;
}
