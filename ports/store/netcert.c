/* SPDX-License-Identifier: Apache-2.0 */
#include "store/netcert.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 12 };

static const yao_bytes nothing = YAO_INIT("");

void store_put_netcert(store_change *change, const store_netcert *netcert)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_NETCERT, YAO_E_EXISTS);

    store_bind_bytes(op, netcert->id);
    store_bind_bytes(op, netcert->person);
    store_bind_bytes(op, netcert->holder);
    store_bind_bytes(op, netcert->number);
    store_bind_bytes(op, nothing);
    store_bind_int(op, netcert->level);
    store_bind_bytes(op, netcert->sealed);
    store_bind_int(op, netcert->opened);
    store_bind_int(op, netcert->expires);
}

void store_move_netcert(store_change *change, const store_netcert *netcert,
                        store_netcert_state to, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_MOVE_NETCERT, YAO_E_NOT_FOUND);
    bool alive = to == STORE_NETCERT_OPENED || to == STORE_NETCERT_FROZEN;

    store_bind_int(op, (int64_t)to);
    store_bind_bytes(op, alive ? nothing : netcert->id);
    store_bind_int(op, now);
    store_bind_bytes(op, netcert->id);
    store_bind_int(op, netcert->version);
    store_bind_int(op, netcert->state);
}

void store_use_netcert(store_change *change, const store_netcert *netcert,
                       yao_bytes device)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_USE_NETCERT, YAO_E_NOT_FOUND);

    store_bind_bytes(op, device);
    store_bind_bytes(op, netcert->id);
}

static yao_status read_netcert(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_netcert *n = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &n->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &n->person));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &n->holder));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &n->number));
    n->state   = c[4].number;
    n->version = c[5].number;
    n->level   = c[6].number;
    YAO_TRY(yao_arena_keep(arena, c[7].bytes, &n->sealed));
    YAO_TRY(yao_arena_keep(arena, c[8].bytes, &n->device));
    n->opened  = c[9].number;
    n->expires = c[10].number;
    n->changed = c[11].number;
    return YAO_OK;
}

static yao_status get_one(store *s, int statement, yao_bytes key,
                          yao_arena *arena, store_netcert *ret)
{
    store_rows g  = {arena, read_netcert, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = statement};

    store_bind_bytes(&op, key);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_get_netcert(store *s, yao_bytes person, yao_arena *arena,
                             store_netcert *ret)
{
    return get_one(s, STORE_SQL_GET_NETCERT, person, arena, ret);
}

yao_status store_find_netcert(store *s, yao_bytes number, yao_arena *arena,
                              store_netcert *ret)
{
    return get_one(s, STORE_SQL_FIND_NETCERT, number, arena, ret);
}

yao_status store_list_netcerts(store *s, yao_bytes person, yao_arena *arena,
                               store_netcert **ret, size_t *count)
{
    store_rows g  = {arena, read_netcert, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_NETCERTS};
    void      *items;

    store_bind_bytes(&op, person);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_due_netcerts(store *s, yao_time now, size_t limit,
                                   yao_arena *arena, store_netcert **ret,
                                   size_t *count)
{
    store_rows g  = {arena, read_netcert, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_DUE_NETCERTS};
    void      *items;

    store_bind_int(&op, now);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
