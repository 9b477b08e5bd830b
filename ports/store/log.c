/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log.h"

#include "store/rows.h"
#include "store_sql.h"

/* ---- adding ---- */

void store_take_event(store_change *change, const store_event *event)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_TAKE_EVENT, YAO_E_NOT_FOUND);

    store_bind_bytes(op, event->id);
    store_bind_bytes(op, event->subject);
}

void store_put_log_entry(store_change *change, const store_log_entry *entry)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_LOG_ENTRY, YAO_E_EXISTS);

    store_bind_int(op, entry->index);
    store_bind_bytes(op, entry->leaf);
    store_bind_bytes(op, entry->subject);
    store_bind_bytes(op, entry->sealed);
    store_bind_bytes(op, entry->key_box);
}

void store_put_log_node(store_change *change, const store_log_node *node)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_LOG_NODE, YAO_E_EXISTS);

    store_bind_int(op, node->level);
    store_bind_int(op, node->index);
    store_bind_bytes(op, node->hash);
}

void store_erase_log_entries(store_change *change, yao_bytes subject)
{
    store_op *op = store_add_row(change, STORE_SQL_ERASE_LOG_ENTRIES);

    store_bind_bytes(op, (yao_bytes){NULL, 0});
    store_bind_bytes(op, subject);
}

void store_put_log_head(store_change *change, const store_log_head *head)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_LOG_HEAD, YAO_E_EXISTS);

    store_bind_int(op, head->number);
    store_bind_int(op, head->size);
    store_bind_int(op, head->at);
    store_bind_bytes(op, head->root);
    store_bind_bytes(op, head->note);
}

void store_forget_log_heads(store_change *change, yao_time before)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_LOG_HEADS), before);
}

/* ---- reading ------------------------------------------------------------ */

yao_status store_count_log(store *s, int64_t *ret)
{
    store_op op    = {.statement = STORE_SQL_COUNT_LOG_ENTRIES};
    uint64_t count = 0;

    YAO_TRY(store_read_count(s, &op, &count));
    *ret = (int64_t)count;
    return YAO_OK;
}

static yao_status read_entry(yao_arena *arena, const store_value *c, void *item)
{
    store_log_entry *e = item;

    *e = (store_log_entry){.index = c[0].number};
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &e->leaf));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &e->subject));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &e->sealed));
    return yao_arena_keep(arena, c[4].bytes, &e->key_box);
}

static yao_status list_entries(store *s, const store_op *op, yao_arena *arena,
                               store_log_entry **ret, size_t *count)
{
    store_rows g = {arena, read_entry, sizeof(store_log_entry), 5, 0, 0, 0};
    void      *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_log_entries(store *s, int64_t from, int64_t to,
                                  yao_arena *arena, store_log_entry **ret,
                                  size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_LOG_ENTRIES};

    store_bind_int(&op, from);
    store_bind_int(&op, to);
    return list_entries(s, &op, arena, ret, count);
}

yao_status store_list_log_subject(store *s, const store_log_wish *wish,
                                  yao_arena *arena, store_log_entry **ret,
                                  size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_LOG_SUBJECT};

    store_bind_bytes(&op, wish->subject);
    store_bind_int(&op, wish->from);
    store_bind_int(&op, wish->to);
    store_bind_int(&op, wish->limit);
    return list_entries(s, &op, arena, ret, count);
}

yao_status store_list_log_leaves(store *s, int64_t from, int64_t to,
                                 yao_arena *arena, yao_bytes **ret,
                                 size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_LOG_LEAVES};

    store_bind_int(&op, from);
    store_bind_int(&op, to);
    return store_list_bytes(s, &op, arena, ret, count);
}

yao_status store_list_log_nodes(store *s, const store_log_span *span,
                                yao_arena *arena, yao_bytes **ret,
                                size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_LOG_NODES};

    store_bind_int(&op, span->level);
    store_bind_int(&op, span->from);
    store_bind_int(&op, span->to);
    return store_list_bytes(s, &op, arena, ret, count);
}

/* ---- heads ---- */

static yao_status read_head(yao_arena *arena, const store_value *c, void *item)
{
    store_log_head *h = item;

    *h = (store_log_head){
        .number = c[0].number, .size = c[1].number, .at = c[2].number};
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &h->root));
    return yao_arena_keep(arena, c[4].bytes, &h->note);
}

yao_status store_get_log_head(store *s, yao_arena *arena, store_log_head *ret)
{
    store_rows g  = {arena, read_head, sizeof(store_log_head), 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LAST_LOG_HEAD};

    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_log_heads(store *s, int64_t after, int64_t limit,
                                yao_arena *arena, store_log_head **ret,
                                size_t *count)
{
    store_rows g  = {arena, read_head, sizeof(store_log_head), 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_LOG_HEADS};
    void      *items;

    store_bind_int(&op, after);
    store_bind_int(&op, limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

/* ---- what was done ------------------------------------------------------ */

typedef struct deeds {
    store_deed_kind kind;
    store_each_deed each;
    void           *ctx;
} deeds;

static yao_status show_deed(void *ctx, const store_value *c, size_t count)
{
    const deeds *d    = ctx;
    store_deed   deed = {.kind = d->kind, .id = c[0].bytes};

    if (d->kind == STORE_DEED_BATCH && count == 4) {
        deed.format  = c[1].bytes;
        deed.profile = c[2].bytes;
        deed.number  = c[3].number;
    } else if (d->kind == STORE_DEED_CHANGE && count == 2) {
        deed.number = c[1].number;
    } else if (d->kind != STORE_DEED_PERSON || count != 1) {
        return YAO_E_STORE;
    }
    return d->each(d->ctx, &deed);
}

yao_status store_walk_deeds(store *s, store_deed_kind kind,
                            store_each_deed each, void *ctx)
{
    static const int statements[] = {
        [STORE_DEED_BATCH]  = STORE_SQL_WALK_BATCHES,
        [STORE_DEED_CHANGE] = STORE_SQL_WALK_CHANGES,
        [STORE_DEED_PERSON] = STORE_SQL_WALK_LOOKUPS};
    store_op op = {.statement = statements[kind]};
    deeds    d  = {kind, each, ctx};

    if (kind == STORE_DEED_PERSON)
        store_bind_int(&op, STORE_BY_HOLDER);
    return store_run_reading(s, &op, show_deed, &d);
}

static yao_status read_event(yao_arena *arena, const store_value *c, void *item)
{
    store_event *e = item;

    *e = (store_event){.at = c[1].number};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &e->id));
    YAO_TRY(store_keep_text(arena, &c[2], &e->kind));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &e->subject));
    return store_keep_text(arena, &c[4], &e->detail);
}

yao_status store_list_waiting(store *s, const store_event *after,
                              int64_t limit, yao_arena *arena,
                              store_event **ret, size_t *count)
{
    store_rows g  = {arena, read_event, sizeof(store_event), 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_WAITING};
    void      *items;

    store_bind_int(&op, after != NULL ? after->at : INT64_MIN);
    store_bind_bytes(&op, after != NULL ? after->id : (yao_bytes){NULL, 0});
    store_bind_int(&op, limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
