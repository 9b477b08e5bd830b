/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rows.h"

#include <string.h>

/* Where rows go: a list in the arena, made an array when all are there. */
struct store_row_node {
    store_row_node *next;
    /* the item follows */
};

static yao_status gather_row(void *ctx, const store_value *columns,
                             size_t count)
{
    store_rows     *g    = ctx;
    store_row_node *node = yao_arena_take(g->arena, sizeof *node + g->size);

    if (count != g->columns)
        return YAO_E_STORE;
    if (node == NULL)
        return YAO_E_SPACE;
    YAO_TRY(g->read(g->arena, columns, node + 1));
    if (g->last != NULL)
        g->last->next = node;
    else
        g->first = node;
    g->last = node;
    g->count++;
    return YAO_OK;
}

static yao_status list_items(const store_rows *g, void **ret, size_t *count)
{
    uint8_t *items = yao_arena_take_array(g->arena, g->count + 1, g->size);
    size_t   i     = 0;

    if (items == NULL)
        return YAO_E_SPACE;
    for (const store_row_node *node = g->first; node != NULL; node = node->next)
        memcpy(items + g->size * i++, node + 1, g->size);
    *ret   = items;
    *count = g->count;
    return YAO_OK;
}

yao_status store_run_reading(store *s, const store_op *op, store_each_row each,
                             void *ctx)
{
    store_engine *engine = NULL;

    YAO_TRY(store_borrow(s, &engine));
    yao_status status = engine->call->run(engine, op, each, ctx, NULL);
    store_return(s, engine);
    return status;
}

yao_status store_list_rows(store *s, const store_op *op, store_rows *g,
                           void **ret, size_t *count)
{
    YAO_TRY(store_run_reading(s, op, gather_row, g));
    return list_items(g, ret, count);
}

yao_status store_get_row(store *s, const store_op *op, store_rows *g,
                         void *item)
{
    YAO_TRY(store_run_reading(s, op, gather_row, g));
    if (g->count != 1)
        return YAO_E_NOT_FOUND;
    memcpy(item, g->first + 1, g->size);
    return YAO_OK;
}

/* ---- rows of one column ---- */

yao_status store_keep_int(void *ctx, const store_value *columns, size_t count)
{
    if (count != 1 || columns[0].kind != STORE_INT)
        return YAO_E_STORE;
    *(int64_t *)ctx = columns[0].number;
    return YAO_OK;
}

yao_status store_read_count(store *s, const store_op *op, uint64_t *ret)
{
    int64_t count = -1; /* nobody answered */

    YAO_TRY(store_run_reading(s, op, store_keep_int, &count));
    if (count < 0)
        return YAO_E_STORE;
    *ret = (uint64_t)count;
    return YAO_OK;
}

yao_status store_count_rows(store *s, int statement, uint64_t *ret)
{
    const store_op op = {.statement = statement};

    return store_read_count(s, &op, ret);
}

static yao_status read_bytes(yao_arena *arena, const store_value *c, void *item)
{
    return yao_arena_keep(arena, c[0].bytes, item);
}

yao_status store_list_bytes(store *s, const store_op *op, yao_arena *arena,
                            yao_bytes **ret, size_t *count)
{
    store_rows g = {arena, read_bytes, sizeof **ret, 1, 0, 0, 0};
    void      *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_get_bytes(store *s, const store_op *op, yao_arena *arena,
                           yao_bytes *ret)
{
    store_rows g = {arena, read_bytes, sizeof *ret, 1, 0, 0, 0};

    return store_get_row(s, op, &g, ret);
}

yao_status store_keep_text(yao_arena *arena, const store_value *column,
                           yao_text *ret)
{
    yao_bytes bytes;

    YAO_TRY(yao_arena_keep(arena, column->bytes, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}
