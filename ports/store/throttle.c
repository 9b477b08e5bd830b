/* SPDX-License-Identifier: Apache-2.0 */
#include "store/throttle.h"

#include "store/rows.h"
#include "store_sql.h"

static void put_first(store_change *change, const store_throttle *t)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_THROTTLE, YAO_E_EXISTS);

    store_bind_int(op, t->kind);
    store_bind_bytes(op, t->subject);
    store_bind_int(op, t->tries);
    store_bind_int(op, t->until);
    store_bind_int(op, t->expires);
}

void store_put_throttle(store_change *change, const store_throttle *t,
                        int64_t before)
{
    if (before == 0) {
        put_first(change, t);
        return;
    }

    store_op *op =
        store_add_claim(change, STORE_SQL_REPLACE_THROTTLE, YAO_E_EXISTS);
    store_bind_int(op, t->tries);
    store_bind_int(op, t->until);
    store_bind_int(op, t->expires);
    store_bind_int(op, t->kind);
    store_bind_bytes(op, t->subject);
    store_bind_int(op, before);
}

void store_end_throttle(store_change *change, int64_t kind, yao_bytes subject)
{
    store_op *op = store_add_row(change, STORE_SQL_END_THROTTLE);

    store_bind_int(op, kind);
    store_bind_bytes(op, subject);
}

void store_forget_throttles(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_THROTTLES), now);
}

static yao_status read_throttle(yao_arena *arena, const store_value *c,
                                void *item)
{
    store_throttle *t = item;

    t->kind = c[0].number;
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &t->subject));
    t->tries   = c[2].number;
    t->until   = c[3].number;
    t->expires = c[4].number;
    return YAO_OK;
}

yao_status store_get_throttle(store *s, int64_t kind, yao_bytes subject,
                              yao_arena *arena, store_throttle *ret)
{
    store_rows g  = {arena, read_throttle, sizeof *ret, 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_THROTTLE};

    store_bind_int(&op, kind);
    store_bind_bytes(&op, subject);
    return store_get_row(s, &op, &g, ret);
}
