/* SPDX-License-Identifier: Apache-2.0 */
#include "store/bar.h"

#include "store/rows.h"
#include "store_sql.h"

enum { BAR_COLUMNS = 13 };

static const yao_bytes nothing = YAO_INIT("");

/* ---- bars ---- */

void store_put_bar(store_change *change, const store_bar *bar)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_BAR, YAO_E_EXISTS);

    store_bind_bytes(op, bar->id);
    store_bind_bytes(op, bar->holder);
    store_bind_bytes(op, bar->lookup);
    store_bind_int(op, bar->kind);
    store_bind_text(op, bar->name);
    store_bind_bytes(op, bar->subject.len != 0 ? bar->subject : nothing);
    store_bind_text(op, bar->reason);
    store_bind_text(op, bar->basis);
    store_bind_text(op, bar->author);
    store_bind_int(op, bar->started);
    store_bind_int(op, bar->ends);
    store_bind_text(op, bar->receipt);
}

void store_end_bar(store_change *change, yao_bytes id, yao_time now)
{
    store_op *op = store_add_claim(change, STORE_SQL_END_BAR, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

static yao_status read_words(yao_arena *arena, const store_value *c,
                             store_bar *b)
{
    YAO_TRY(store_keep_text(arena, &c[4], &b->name));
    YAO_TRY(yao_arena_keep(arena, c[5].bytes, &b->subject));
    YAO_TRY(store_keep_text(arena, &c[6], &b->reason));
    YAO_TRY(store_keep_text(arena, &c[7], &b->basis));
    YAO_TRY(store_keep_text(arena, &c[8], &b->author));
    return store_keep_text(arena, &c[12], &b->receipt);
}

static yao_status read_bar(yao_arena *arena, const store_value *c, void *item)
{
    store_bar *b = item;

    *b = (store_bar){.kind    = c[3].number,
                     .started = c[9].number,
                     .ends    = c[10].number,
                     .ended   = c[11].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &b->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &b->holder));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &b->lookup));
    return read_words(arena, c, b);
}

static yao_status list_bars(store *s, const store_op *op, yao_arena *arena,
                            store_bar **ret, size_t *count)
{
    store_rows g = {arena, read_bar, sizeof **ret, BAR_COLUMNS, 0, 0, 0};
    void      *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_bars(store *s, yao_bytes holder, yao_arena *arena,
                           store_bar **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_BARS};

    store_bind_bytes(&op, holder);
    return list_bars(s, &op, arena, ret, count);
}

yao_status store_list_due_bars(store *s, yao_time now, size_t limit,
                               yao_arena *arena, store_bar **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_DUE_BARS};

    store_bind_int(&op, now);
    store_bind_int(&op, (int64_t)limit);
    return list_bars(s, &op, arena, ret, count);
}

yao_status store_count_bars(store *s, yao_bytes holder, yao_text name,
                            yao_bytes subject, uint64_t *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_BARS};

    store_bind_bytes(&op, holder);
    store_bind_text(&op, name);
    store_bind_bytes(&op, subject.len != 0 ? subject : nothing);
    return store_read_count(s, &op, ret);
}

yao_status store_count_bars_by(store *s, yao_bytes lookup, uint64_t *ret)
{
    store_op op = {.statement = STORE_SQL_COUNT_BARS_BY};

    store_bind_bytes(&op, lookup);
    return store_read_count(s, &op, ret);
}

yao_status store_list_barred(store *s, const store_bar *bar, yao_time now,
                             yao_arena *arena, store_document **ret,
                             size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_BARRED};

    store_bind_bytes(&op, bar->holder);
    store_bind_int(&op, bar->name.len != 0);
    store_bind_text(&op, bar->name);
    store_bind_int(&op, bar->subject.len != 0);
    store_bind_bytes(&op, bar->subject.len != 0 ? bar->subject : nothing);
    store_bind_int(&op, now);
    return store_list_batches(s, &op, arena, ret, count);
}

/* ---- reasons ---- */

static void bind_reason(store_op *op, yao_bytes issuance, yao_bytes bar)
{
    store_bind_bytes(op, issuance);
    store_bind_bytes(op, bar);
}

void store_put_suspension(store_change *change, yao_bytes issuance,
                          yao_bytes bar)
{
    bind_reason(store_add_row(change, STORE_SQL_PUT_SUSPENSION), issuance, bar);
}

void store_end_suspension(store_change *change, yao_bytes issuance,
                          yao_bytes bar)
{
    bind_reason(store_add_claim(change, STORE_SQL_END_SUSPENSION,
                                YAO_E_NOT_FOUND),
                issuance, bar);
}

yao_status store_list_suspensions(store *s, yao_bytes issuance,
                                  yao_arena *arena, yao_bytes **ret,
                                  size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_SUSPENSIONS};

    store_bind_bytes(&op, issuance);
    return store_list_bytes(s, &op, arena, ret, count);
}

yao_status store_list_suspended_by(store *s, yao_bytes bar, yao_arena *arena,
                                   yao_bytes **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_SUSPENDED_BY};

    store_bind_bytes(&op, bar);
    return store_list_bytes(s, &op, arena, ret, count);
}

/* ---- what came in between ---- */

static yao_status read_escaped(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_escaped *e = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &e->issuance));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &e->bar));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &e->holder));
    return store_keep_text(arena, &c[3], &e->name);
}

yao_status store_list_escaped(store *s, yao_time now, size_t limit,
                              yao_arena *arena, store_escaped **ret,
                              size_t *count)
{
    store_rows g  = {arena, read_escaped, sizeof **ret, 4, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_ESCAPED};
    void      *items;

    store_bind_int(&op, now);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_unsuspended(store *s, size_t limit, yao_arena *arena,
                                  yao_bytes **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_UNSUSPENDED};

    store_bind_int(&op, (int64_t)limit);
    return store_list_bytes(s, &op, arena, ret, count);
}
