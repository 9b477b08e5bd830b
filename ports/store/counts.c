/* SPDX-License-Identifier: Apache-2.0 */
#include "store/counts.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 4 };

static yao_status read_documents(yao_arena *arena, const store_value *c,
                                 void *item)
{
    store_document_count *d = item;

    YAO_TRY(store_keep_text(arena, &c[0], &d->name));
    d->batches = c[2].number;
    d->copies  = c[3].number;
    return store_keep_text(arena, &c[1], &d->format);
}

yao_status store_count_documents(store *s, yao_time since, yao_arena *arena,
                                 store_document_count **ret, size_t *count)
{
    store_rows g  = {arena, read_documents, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_COUNT_DOCUMENTS_SINCE};
    void      *items;

    store_bind_int(&op, since);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

static yao_status read_enrolments(yao_arena *arena, const store_value *c,
                                  void *item)
{
    store_enrolment_count *e = item;

    (void)arena;
    e->state = c[0].number;
    e->level = c[1].number;
    e->count = c[2].number;
    return YAO_OK;
}

yao_status store_count_enrolments(store *s, yao_time since, yao_arena *arena,
                                  store_enrolment_count **ret, size_t *count)
{
    store_rows g  = {arena, read_enrolments, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_COUNT_ENROLMENTS_SINCE};
    void      *items;

    store_bind_int(&op, since);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
