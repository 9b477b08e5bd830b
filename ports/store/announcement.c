/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of a desk are still to be told. */

#include "store/announcement.h"

#include "store/rows.h"
#include "store_sql.h"

void store_put_announcement(store_change             *change,
                            const store_announcement *a)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_ANNOUNCEMENT, YAO_E_EXISTS);

    store_bind_bytes(op, a->id);
    store_bind_bytes(op, a->client);
    store_bind_text(op, a->body);
    store_bind_int(op, a->made);
    store_bind_int(op, a->ends);
}

static yao_status read_announcement(yao_arena *arena, const store_value *c,
                                    void *item)
{
    store_announcement *a = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &a->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &a->client));
    YAO_TRY(store_keep_text(arena, &c[2], &a->body));
    a->made  = c[3].number;
    a->due   = c[4].number;
    a->tries = c[5].number;
    a->ends  = c[6].number;
    return YAO_OK;
}

yao_status store_list_due_announcements(store *s, yao_time now, size_t most,
                                        yao_arena           *arena,
                                        store_announcement **ret, size_t *count)
{
    store_rows g     = {arena, read_announcement, sizeof **ret, 7, 0, 0, 0};
    store_op   op    = {.statement = STORE_SQL_LIST_DUE_ANNOUNCEMENTS};
    void      *items = NULL;

    store_bind_int(&op, now);
    store_bind_int(&op, (int64_t)most);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

void store_delay_announcement(store_change             *change,
                              const store_announcement *a, yao_time due)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_DELAY_ANNOUNCEMENT, YAO_E_NOT_FOUND);

    store_bind_int(op, due);
    store_bind_bytes(op, a->id);
    store_bind_int(op, a->tries);
}

void store_delay_announcements_of(store_change *change, yao_bytes client,
                                  yao_time due)
{
    store_op *op = store_add_row(change, STORE_SQL_DELAY_ANNOUNCEMENTS_OF);

    store_bind_int(op, due);
    store_bind_bytes(op, client);
}

void store_drop_announcement(store_change *change, yao_bytes id)
{
    store_bind_bytes(store_add_row(change, STORE_SQL_DROP_ANNOUNCEMENT), id);
}

void store_forget_announcements(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_ANNOUNCEMENTS), now);
}

yao_status store_count_announcements(store *s, uint64_t *ret)
{
    const store_op op = {.statement = STORE_SQL_COUNT_ANNOUNCEMENTS};

    return store_read_count(s, &op, ret);
}
