/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs that read: one statement each, rows gathered in the arena. */

#include "store/rows.h"
#include "store_sql.h"

/* ---- people ------------------------------------------------------------- */

static yao_status read_person(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_person *p = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &p->id));
    p->epoch = c[1].number;
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &p->wrapped_key));
    p->registered = c[3].number;
    return YAO_OK;
}

yao_status store_list_persons(store *s, store_lookup lookup, yao_arena *arena,
                              store_person **ret, size_t *count)
{
    store_rows g  = {arena, read_person, sizeof(store_person), 4, 0, 0, 0};
    store_op  op = {.statement = lookup.kind >= STORE_BY_HOUSEHOLD
                                     ? STORE_SQL_FIND_PERSONS_BY_GROUP
                                     : STORE_SQL_FIND_PERSON_BY_KEY};
    void     *items;

    store_bind_int(&op, lookup.kind);
    store_bind_bytes(&op, lookup.hash);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_get_person(store *s, store_lookup lookup, yao_arena *arena,
                            store_person *ret)
{
    store_person *found;
    size_t        count;

    YAO_TRY(store_list_persons(s, lookup, arena, &found, &count));
    if (count != 1)
        return YAO_E_NOT_FOUND;
    *ret = found[0];
    return YAO_OK;
}

yao_status store_get_part(store *s, yao_bytes person, store_part_kind kind,
                          yao_arena *arena, yao_bytes *ret)
{
    store_op op = {.statement = STORE_SQL_GET_PERSON_PART};

    store_bind_bytes(&op, person);
    store_bind_int(&op, kind);
    return store_get_bytes(s, &op, arena, ret);
}

yao_status store_get_once(store *s, int64_t kind, yao_bytes hash, yao_time now,
                          yao_arena *arena, yao_bytes *ret)
{
    store_op op = {.statement = STORE_SQL_GET_ONCE};

    store_bind_int(&op, kind);
    store_bind_bytes(&op, hash);
    store_bind_int(&op, now);
    return store_get_bytes(s, &op, arena, ret);
}

yao_status store_count_persons(store *s, uint64_t *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_PERSONS};

    return store_read_count(s, &op, ret);
}

typedef struct walk {
    yao_arena        *arena;
    store_each_person each;
    void             *ctx;
} walk;

static yao_status walk_row(void *ctx, const store_value *columns, size_t count)
{
    const walk  *w      = ctx;
    size_t       mark   = w->arena->used;
    store_person person = {.epoch = 0};

    if (count != 4)
        return YAO_E_STORE;
    yao_status status = read_person(w->arena, columns, &person);
    if (status == YAO_OK)
        status = w->each(w->ctx, &person);
    w->arena->used = mark;
    return status;
}

yao_status store_list_epoch(store *s, int64_t epoch, size_t limit,
                            yao_arena *arena, store_person **ret,
                            size_t *count)
{
    store_rows g  = {arena, read_person, sizeof(store_person), 4, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_PERSONS_OF_EPOCH};
    void      *items;

    store_bind_int(&op, epoch);
    store_bind_int(&op, 0); /* an erased person has no key */
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_walk_persons(store *s, yao_arena *arena,
                              store_each_person each, void *ctx)
{
    store_op op = {.statement = STORE_SQL_WALK_PERSONS};
    walk     w  = {arena, each, ctx};

    return store_run_reading(s, &op, walk_row, &w);
}

/* ---- the ledger ---- */

static yao_status read_document(yao_arena *arena, const store_value *c,
                                void *item)
{
    store_document *d = item;

    *d = (store_document){.issued = c[4].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &d->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &d->holder));
    YAO_TRY(store_keep_text(arena, &c[2], &d->name));
    YAO_TRY(store_keep_text(arena, &c[3], &d->format));
    d->valid_until = c[5].number;
    d->level       = c[6].number;
    YAO_TRY(yao_arena_keep(arena, c[7].bytes, &d->signer));
    d->copy_count = (size_t)c[8].number;
    YAO_TRY(yao_arena_keep(arena, c[9].bytes, &d->issuance));
    YAO_TRY(store_keep_text(arena, &c[10], &d->profile));
    d->state = c[11].number;
    return YAO_OK;
}

yao_status store_list_batches(store *s, const store_op *op, yao_arena *arena,
                              store_document **ret, size_t *count)
{
    store_rows g = {arena, read_document, sizeof(store_document), 12, 0, 0, 0};
    void     *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_documents(store *s, yao_bytes holder, yao_arena *arena,
                                store_document **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_DOCUMENTS};

    store_bind_bytes(&op, holder);
    return store_list_batches(s, &op, arena, ret, count);
}

yao_status store_list_issuance(store *s, yao_bytes issuance, yao_arena *arena,
                               store_document **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_ISSUANCE};

    store_bind_bytes(&op, issuance);
    return store_list_batches(s, &op, arena, ret, count);
}

yao_status store_count_suspended(store *s, yao_bytes holder, yao_text name,
                                 yao_bytes subject, uint64_t *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_SUSPENDED};

    store_bind_bytes(&op, holder);
    store_bind_text(&op, name);
    store_bind_bytes(&op, subject);
    return store_read_count(s, &op, ret);
}

/* ---- what became of it ---- */

static yao_status read_state(yao_arena *arena, const store_value *c, void *item)
{
    store_state_change *change = item;

    *change = (store_state_change){.at = c[2].number, .state = c[3].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &change->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &change->issuance));
    return store_keep_text(arena, &c[4], &change->reason);
}

yao_status store_list_states(store *s, yao_bytes issuance, yao_arena *arena,
                             store_state_change **ret, size_t *count)
{
    store_rows g = {arena, read_state, sizeof(store_state_change), 5, 0, 0, 0};
    store_op  op = {.statement = STORE_SQL_LIST_STATUS_CHANGES};
    void     *items;

    store_bind_bytes(&op, issuance);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

static yao_status read_list(yao_arena *arena, const store_value *c, void *item)
{
    (void)arena;
    *(store_status_list *)item = (store_status_list){
        c[0].number, c[1].number, c[2].number,
        c[3].number, c[4].number, c[5].number, c[6].number};
    return YAO_OK;
}

yao_status store_list_status_lists(store *s, yao_arena *arena,
                                   store_status_list **ret, size_t *count)
{
    store_rows g  = {arena, read_list, sizeof(store_status_list), 7, 0, 0, 0};
    store_op  op = {.statement = STORE_SQL_LIST_STATUS_LISTS};
    void     *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_find_status_list(store *s, int64_t role, int64_t bits,
                                  yao_arena *arena, store_status_list *ret)
{
    store_rows g  = {arena, read_list, sizeof(store_status_list), 7, 0, 0, 0};
    store_op  op = {.statement = STORE_SQL_FIND_STATUS_LIST};

    store_bind_int(&op, role);
    store_bind_int(&op, bits);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_last_status_list(store *s, int64_t *ret)
{
    store_op op     = {.statement = STORE_SQL_LAST_STATUS_LIST};
    uint64_t number = 0;

    YAO_TRY(store_read_count(s, &op, &number));
    *ret = (int64_t)number;
    return YAO_OK;
}

yao_status store_has_status_index(store *s, int64_t number, int64_t index,
                                  bool *ret)
{
    store_op op    = {.statement = STORE_SQL_COUNT_STATUS_ENTRY};
    uint64_t count = 0;

    store_bind_int(&op, number);
    store_bind_int(&op, index);
    YAO_TRY(store_read_count(s, &op, &count));
    *ret = count > 0;
    return YAO_OK;
}

typedef struct entry_walk {
    store_each_entry each;
    void            *ctx;
} entry_walk;

static yao_status walk_entry(void *ctx, const store_value *columns,
                             size_t count)
{
    const entry_walk *w = ctx;

    if (count != 2)
        return YAO_E_STORE;
    return w->each(w->ctx, columns[0].number, columns[1].number);
}

yao_status store_walk_entries(store *s, int64_t number, store_each_entry each,
                              void *ctx)
{
    store_op   op = {.statement = STORE_SQL_WALK_STATUS_ENTRIES};
    entry_walk w  = {each, ctx};

    store_bind_int(&op, number);
    return store_run_reading(s, &op, walk_entry, &w);
}

static yao_status read_token(yao_arena *arena, const store_value *c, void *item)
{
    store_status_token *t = item;

    *t = (store_status_token){c[0].number, c[1].number, c[2].number,
                              c[3].number, {NULL, 0},   {NULL, 0}};
    YAO_TRY(yao_arena_keep(arena, c[4].bytes, &t->jwt));
    return yao_arena_keep(arena, c[5].bytes, &t->cwt);
}

yao_status store_get_status_token(store *s, int64_t number, yao_arena *arena,
                                  store_status_token *ret)
{
    store_rows g = {arena, read_token, sizeof(store_status_token), 6, 0, 0, 0};
    store_op  op = {.statement = STORE_SQL_GET_STATUS_TOKEN};

    store_bind_int(&op, number);
    return store_get_row(s, &op, &g, ret);
}

/* ---- relying parties ---- */

static yao_status read_party(yao_arena *arena, const store_value *c, void *item)
{
    store_party *p = item;

    YAO_TRY(store_keep_text(arena, &c[0], &p->code));
    YAO_TRY(store_keep_text(arena, &c[1], &p->name));
    YAO_TRY(store_keep_text(arena, &c[2], &p->profiles));
    YAO_TRY(store_keep_text(arena, &c[3], &p->legal_basis));
    p->retention_days = c[4].number;
    p->state          = c[5].number;
    YAO_TRY(yao_arena_keep(arena, c[6].bytes, &p->certificate));
    p->registered = c[7].number;
    p->changed    = c[8].number;
    return YAO_OK;
}

static yao_status list_parties(store *s, const store_op *op, yao_arena *arena,
                               store_party **ret, size_t *count)
{
    store_rows g = {arena, read_party, sizeof(store_party), 9, 0, 0, 0};
    void     *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_parties(store *s, yao_arena *arena, store_party **ret,
                              size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_PARTIES};

    return list_parties(s, &op, arena, ret, count);
}

yao_status store_get_party(store *s, yao_text code, yao_arena *arena,
                           store_party *ret)
{
    store_op     op = {.statement = STORE_SQL_GET_PARTY};
    store_party *found;
    size_t       count;

    store_bind_text(&op, code);
    YAO_TRY(list_parties(s, &op, arena, &found, &count));
    if (count != 1)
        return YAO_E_NOT_FOUND;
    *ret = found[0];
    return YAO_OK;
}

/* ---- events and facts ---- */

static yao_status read_event(yao_arena *arena, const store_value *c, void *item)
{
    store_event *e = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &e->id));
    e->at = c[1].number;
    YAO_TRY(store_keep_text(arena, &c[2], &e->kind));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &e->subject));
    return store_keep_text(arena, &c[4], &e->detail);
}

yao_status store_list_events(store *s, size_t limit, yao_arena *arena,
                             store_event **ret, size_t *count)
{
    store_rows g  = {arena, read_event, sizeof(store_event), 5, 0, 0, 0};
    store_op  op = {.statement = STORE_SQL_LIST_EVENTS};
    void     *items;

    store_bind_int(&op, limit > INT64_MAX ? INT64_MAX : (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_get_fact(store *s, yao_text name, yao_arena *arena,
                          yao_bytes *ret)
{
    store_op op = {.statement = STORE_SQL_GET_FACT};

    store_bind_text(&op, name);
    return store_get_bytes(s, &op, arena, ret);
}
