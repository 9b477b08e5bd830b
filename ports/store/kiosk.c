/* SPDX-License-Identifier: Apache-2.0 */
#include "store/kiosk.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 7 };

static const yao_bytes nothing = YAO_INIT("");

void store_put_kiosk(store_change *change, const store_kiosk *kiosk)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_KIOSK, YAO_E_EXISTS);

    store_bind_bytes(op, kiosk->id);
    store_bind_text(op, kiosk->name);
    store_bind_bytes(op, kiosk->code);
    store_bind_int(op, kiosk->code_ends);
    store_bind_bytes(op, nothing);
    store_bind_int(op, kiosk->added);
}

void store_pair_kiosk(store_change *change, yao_bytes code,
                      yao_bytes public_key, yao_time now, yao_bytes *ret)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PAIR_KIOSK, YAO_E_NOT_FOUND);

    store_bind_bytes(op, public_key);
    store_bind_bytes(op, nothing);
    store_bind_int(op, now);
    store_bind_bytes(op, code);
    if (op != NULL)
        op->ret = ret;
}

void store_remove_kiosk(store_change *change, yao_bytes id, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REMOVE_KIOSK, YAO_E_NOT_FOUND);

    store_bind_bytes(op, nothing);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

static yao_status read_kiosk(yao_arena *arena, const store_value *c, void *item)
{
    store_kiosk *k = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &k->id));
    YAO_TRY(store_keep_text(arena, &c[1], &k->name));
    k->state     = c[2].number;
    k->code_ends = c[3].number;
    YAO_TRY(yao_arena_keep(arena, c[4].bytes, &k->public_key));
    k->added   = c[5].number;
    k->changed = c[6].number;
    return YAO_OK;
}

yao_status store_get_kiosk(store *s, yao_bytes id, yao_arena *arena,
                           store_kiosk *ret)
{
    store_rows g  = {arena, read_kiosk, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_KIOSK};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_kiosks(store *s, yao_arena *arena, store_kiosk **ret,
                             size_t *count)
{
    store_rows g  = {arena, read_kiosk, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_KIOSKS};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
