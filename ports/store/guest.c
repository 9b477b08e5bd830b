/* SPDX-License-Identifier: Apache-2.0 */
/* The guest register of a desk. */

#include "store/guest.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 6 };

void store_put_guest(store_change *change, const store_guest *g)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_GUEST, YAO_E_EXISTS);

    store_bind_bytes(op, g->id);
    store_bind_bytes(op, g->client);
    store_bind_int(op, g->arrival);
    store_bind_int(op, g->made);
    store_bind_int(op, g->ends);
    store_bind_bytes(op, g->sealed);
}

static yao_status read_guest(yao_arena *arena, const store_value *c, void *item)
{
    store_guest *g = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &g->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &g->client));
    g->arrival = c[2].number;
    g->made    = c[3].number;
    g->ends    = c[4].number;
    return yao_arena_keep(arena, c[5].bytes, &g->sealed);
}

yao_status store_get_guest(store *s, yao_bytes id, yao_bytes client,
                           yao_time now, yao_arena *arena, store_guest *ret)
{
    store_rows g  = {arena, read_guest, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_GUEST};

    store_bind_bytes(&op, id);
    store_bind_bytes(&op, client);
    store_bind_int(&op, now);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_guests(store *s, const store_guest_query *q,
                             yao_arena *arena, store_guest **ret, size_t *count)
{
    store_rows g     = {arena, read_guest, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op    = {.statement = STORE_SQL_LIST_GUESTS};
    void      *items = NULL;

    store_bind_bytes(&op, q->client);
    store_bind_int(&op, q->now);
    store_bind_int(&op, q->before);
    store_bind_int(&op, q->after);
    store_bind_bytes(&op, q->after_id);
    store_bind_int(&op, (int64_t)q->most);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

void store_change_guest(store_change *change, const store_guest *g,
                        yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CHANGE_GUEST, YAO_E_NOT_FOUND);

    store_bind_bytes(op, g->sealed);
    store_bind_bytes(op, g->id);
    store_bind_bytes(op, g->client);
    store_bind_int(op, now);
}

void store_drop_guest(store_change *change, yao_bytes id, yao_bytes client)
{
    store_op *op = store_add_row(change, STORE_SQL_DROP_GUEST);

    store_bind_bytes(op, id);
    store_bind_bytes(op, client);
}

void store_forget_guests(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_GUESTS), now);
}

yao_status store_count_guests(store *s, uint64_t *ret)
{
    const store_op op = {.statement = STORE_SQL_COUNT_GUESTS};

    return store_read_count(s, &op, ret);
}
