/* SPDX-License-Identifier: Apache-2.0 */
#include "store/keeper.h"

#include "store/rows.h"
#include "store_sql.h"

/* ---- lists to be signed ---- */

static yao_status read_dirty(yao_arena *arena, const store_value *c, void *item)
{
    store_dirty *d = item;

    *d = (store_dirty){.list = c[1].number};
    return yao_arena_keep(arena, c[0].bytes, &d->change);
}

yao_status store_list_dirty(store *s, int64_t limit, yao_arena *arena,
                            store_dirty **ret, size_t *count)
{
    store_rows g  = {arena, read_dirty, sizeof(store_dirty), 2, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_STATUS_DIRTY};
    void      *items;

    store_bind_int(&op, limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

void store_forget_dirty(store_change *change, const store_dirty *what)
{
    store_op *op = store_add_row(change, STORE_SQL_FORGET_STATUS_DIRTY);

    store_bind_bytes(op, what->change);
    store_bind_int(op, what->list);
}

static yao_status read_age(yao_arena *arena, const store_value *c, void *item)
{
    (void)arena;
    *(store_status_token *)item = (store_status_token){.list    = c[0].number,
                                                       .version = c[1].number,
                                                       .signed_at = c[2].number,
                                                       .expires = c[3].number};
    return YAO_OK;
}

yao_status store_list_status_ages(store *s, yao_arena *arena,
                                  store_status_token **ret, size_t *count)
{
    store_rows g  = {arena, read_age, sizeof(store_status_token), 4, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_STATUS_AGES};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

/* ---- artefacts ---- */

void store_put_artefact(store_change *change, const store_artefact *artefact)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_ARTEFACT, YAO_E_EXISTS);

    store_bind_text(op, artefact->name);
    store_bind_int(op, artefact->version);
    store_bind_int(op, artefact->signed_at);
    store_bind_int(op, artefact->expires);
    store_bind_bytes(op, artefact->inputs);
    store_bind_bytes(op, artefact->body);
}

static yao_status read_artefact_age(yao_arena *arena, const store_value *c,
                                    void *item)
{
    store_artefact *a = item;

    *a = (store_artefact){.version   = c[1].number,
                          .signed_at = c[2].number,
                          .expires   = c[3].number};
    YAO_TRY(store_keep_text(arena, &c[0], &a->name));
    return yao_arena_keep(arena, c[4].bytes, &a->inputs);
}

static yao_status read_artefact(yao_arena *arena, const store_value *c,
                                void *item)
{
    YAO_TRY(read_artefact_age(arena, c, item));
    return yao_arena_keep(arena, c[5].bytes, &((store_artefact *)item)->body);
}

yao_status store_get_artefact(store *s, yao_text name, yao_arena *arena,
                              store_artefact *ret)
{
    store_rows g = {arena, read_artefact, sizeof(store_artefact), 6, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_ARTEFACT};

    store_bind_text(&op, name);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_get_artefact_age(store *s, yao_text name, yao_arena *arena,
                                  store_artefact *ret)
{
    store_rows g  = {arena, read_artefact_age, sizeof(store_artefact), 5,
                     0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_ARTEFACT_AGE};

    store_bind_text(&op, name);
    return store_get_row(s, &op, &g, ret);
}
