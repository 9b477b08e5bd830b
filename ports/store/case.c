/* SPDX-License-Identifier: Apache-2.0 */
#include "store/case.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 12 };

static const yao_bytes nothing = YAO_INIT("");

void store_put_case(store_change *change, const store_case *what)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_CASE, YAO_E_EXISTS);

    store_bind_bytes(op, what->id);
    store_bind_text(op, what->kind);
    store_bind_bytes(op, what->subject.len != 0 ? what->subject : nothing);
    store_bind_int(op, what->opened);
    store_bind_text(op, what->detail);
    store_bind_bytes(op, what->sealed.len != 0 ? what->sealed : nothing);
    store_bind_text(op, YAO_TEXT(""));
    store_bind_bytes(op, nothing);
}

void store_decide_case(store_change *change, yao_bytes id, yao_text decision,
                       yao_bytes by, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_DECIDE_CASE, YAO_E_NOT_FOUND);

    store_bind_text(op, decision);
    store_bind_bytes(op, by);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_confirm_case(store_change *change, yao_bytes id, yao_text decision,
                        yao_bytes by, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CONFIRM_CASE, YAO_E_NOT_AUTHORISED);

    store_bind_bytes(op, by);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_text(op, decision);
}

void store_reopen_case(store_change *change, yao_bytes id, yao_bytes by)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REOPEN_CASE, YAO_E_NOT_AUTHORISED);

    store_bind_text(op, YAO_TEXT(""));
    store_bind_bytes(op, nothing);
    store_bind_bytes(op, id);
    store_bind_bytes(op, by);
}

static yao_status read_decision(yao_arena *arena, const store_value *c,
                                store_case *k)
{
    YAO_TRY(store_keep_text(arena, &c[7], &k->decision));
    YAO_TRY(yao_arena_keep(arena, c[8].bytes, &k->decided_by));
    k->decided_at = c[9].number;
    YAO_TRY(yao_arena_keep(arena, c[10].bytes, &k->confirmed_by));
    k->confirmed_at = c[11].number;
    return YAO_OK;
}

static yao_status read_case(yao_arena *arena, const store_value *c, void *item)
{
    store_case *k = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &k->id));
    YAO_TRY(store_keep_text(arena, &c[1], &k->kind));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &k->subject));
    k->state  = c[3].number;
    k->opened = c[4].number;
    YAO_TRY(store_keep_text(arena, &c[5], &k->detail));
    YAO_TRY(yao_arena_keep(arena, c[6].bytes, &k->sealed));
    return read_decision(arena, c, k);
}

yao_status store_get_case(store *s, yao_bytes id, yao_arena *arena,
                          store_case *ret)
{
    store_rows g  = {arena, read_case, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_CASE};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_cases(store *s, store_case_state state, size_t limit,
                            yao_arena *arena, store_case **ret, size_t *count)
{
    store_rows g  = {arena, read_case, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_CASES};
    void      *items;

    store_bind_int(&op, state);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_cases_of(store *s, yao_bytes subject, size_t limit,
                               yao_arena *arena, store_case **ret,
                               size_t *count)
{
    store_rows g  = {arena, read_case, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_CASES_OF};
    void      *items;

    store_bind_bytes(&op, subject);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_count_cases(store *s, yao_text kind, yao_bytes subject,
                             uint64_t *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_OPEN_CASES};

    store_bind_text(&op, kind);
    store_bind_bytes(&op, subject);
    return store_read_count(s, &op, ret);
}

void store_close_case(store_change *change, yao_bytes id, yao_text decision,
                      yao_bytes by, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CLOSE_CASE, YAO_E_NOT_FOUND);

    store_bind_text(op, decision);
    store_bind_bytes(op, by);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

/* ---- the queue ---------------------------------------------------------- */

void store_take_case(store_change *change, yao_bytes id, yao_bytes by,
                     yao_time now, yao_time before)
{
    store_op *op = store_add_claim(change, STORE_SQL_TAKE_CASE, YAO_E_EXISTS);

    store_bind_bytes(op, id);
    store_bind_bytes(op, by);
    store_bind_int(op, now);
    store_bind_int(op, before);
}

/* Who took it is NULL where nobody did. */
static yao_status read_queued(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_queued *q = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &q->id));
    YAO_TRY(store_keep_text(arena, &c[1], &q->kind));
    q->state      = c[2].number;
    q->opened     = c[3].number;
    q->decided_at = c[4].number;
    if (c[5].kind != STORE_BYTES)
        return YAO_OK;
    q->taken = c[6].number;
    return yao_arena_keep(arena, c[5].bytes, &q->taken_by);
}

yao_status store_list_queue(store *s, const store_queue_wish *wish,
                            yao_arena *arena, store_queued **ret,
                            size_t *count)
{
    store_rows g  = {arena, read_queued, sizeof **ret, 7, 0, 0, 0};
    store_op   op = {.statement = wish->kind.len != 0
                                      ? STORE_SQL_LIST_CASE_QUEUE_OF
                                      : STORE_SQL_LIST_CASE_QUEUE};
    void      *items;

    if (wish->kind.len != 0)
        store_bind_text(&op, wish->kind);
    store_bind_int(&op, wish->state);
    store_bind_int(&op, wish->since);
    store_bind_int(&op, wish->limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

static yao_status read_count(yao_arena *arena, const store_value *c,
                             void *item)
{
    store_queue_count *q = item;

    q->state  = c[1].number;
    q->count  = c[2].number;
    q->oldest = c[3].number;
    return store_keep_text(arena, &c[0], &q->kind);
}

yao_status store_count_queue(store *s, yao_arena *arena,
                             store_queue_count **ret, size_t *count)
{
    store_rows g  = {arena, read_count, sizeof **ret, 4, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_COUNT_CASE_QUEUE};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
