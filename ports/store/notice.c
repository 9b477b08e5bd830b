/* SPDX-License-Identifier: Apache-2.0 */
#include "store/notice.h"

#include "store/rows.h"
#include "store_sql.h"

void store_put_notice(store_change *change, const store_notice *notice)
{
    store_op *op = store_add_row(change, STORE_SQL_PUT_NOTICE);

    store_bind_bytes(op, notice->id);
    store_bind_bytes(op, notice->holder);
    store_bind_text(op, notice->kind);
    store_bind_bytes(op, notice->about);
    store_bind_int(op, notice->at);
    store_bind_text(op, notice->detail);
}

void store_see_notice(store_change *change, yao_bytes id, yao_bytes holder,
                      yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SEE_NOTICE, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_bytes(op, holder);
}

static yao_status read_notice(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_notice *n = item;

    *n = (store_notice){.at = c[4].number, .seen = c[6].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &n->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &n->holder));
    YAO_TRY(store_keep_text(arena, &c[2], &n->kind));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &n->about));
    return store_keep_text(arena, &c[5], &n->detail);
}

yao_status store_list_notices(store *s, yao_bytes holder, size_t limit,
                              yao_arena *arena, store_notice **ret,
                              size_t *count)
{
    store_rows g  = {arena, read_notice, sizeof **ret, 7, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_NOTICES};
    void      *items;

    store_bind_bytes(&op, holder);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_due_renewals(store *s, yao_time now, int64_t soon,
                                   yao_arena *arena, store_document **ret,
                                   size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_DUE_RENEWALS};

    store_bind_int(&op, now);
    store_bind_int(&op, now + soon);
    store_bind_text(&op, YAO_TEXT(STORE_NOTICE_RENEW));
    store_bind_int(&op, STORE_MAX_RENEWALS);
    return store_list_batches(s, &op, arena, ret, count);
}
