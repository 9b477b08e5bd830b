/* SPDX-License-Identifier: Apache-2.0 */
#include "store/grant.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 7 };

void store_put_grant(store_change *change, const store_grant *grant,
                     yao_bytes *ret)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_GRANT, YAO_E_EXISTS);

    store_bind_bytes(op, grant->id);
    store_bind_bytes(op, grant->person);
    store_bind_text(op, grant->party);
    store_bind_text(op, grant->item);
    store_bind_int(op, grant->granted);
    store_bind_int(op, grant->ends);
    if (op != NULL)
        op->ret = ret;
}

void store_withdraw_grant(store_change *change, yao_bytes id, yao_bytes person,
                          yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_WITHDRAW_GRANT, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_bytes(op, person);
}

void store_withdraw_grants(store_change *change, yao_bytes person,
                           yao_time now)
{
    store_op *op = store_add_row(change, STORE_SQL_WITHDRAW_GRANTS);

    store_bind_int(op, now);
    store_bind_bytes(op, person);
}

static yao_status read_grant(yao_arena *arena, const store_value *c, void *item)
{
    store_grant *g = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &g->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &g->person));
    YAO_TRY(store_keep_text(arena, &c[2], &g->party));
    YAO_TRY(store_keep_text(arena, &c[3], &g->item));
    g->granted   = c[4].number;
    g->ends      = c[5].number;
    g->withdrawn = c[6].number;
    return YAO_OK;
}

yao_status store_list_grants(store *s, yao_bytes person, size_t limit,
                             yao_arena *arena, store_grant **ret,
                             size_t *count)
{
    store_rows g  = {arena, read_grant, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_GRANTS};
    void      *items;

    store_bind_bytes(&op, person);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_has_grant(store *s, const store_grant *what, yao_time now,
                           bool *ret)
{
    store_op op = {.statement = STORE_SQL_HAS_GRANT};
    uint64_t count;

    store_bind_bytes(&op, what->person);
    store_bind_text(&op, what->party);
    store_bind_text(&op, what->item);
    store_bind_int(&op, now);
    YAO_TRY(store_read_count(s, &op, &count));
    *ret = count > 0;
    return YAO_OK;
}
