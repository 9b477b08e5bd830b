/* SPDX-License-Identifier: Apache-2.0 */
/* Passkeys of persons. */

#include "store/person_passkey.h"

#include "store/rows.h"
#include "store_sql.h"

void store_put_person_passkey(store_change               *change,
                              const store_person_passkey *p)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_PERSON_PASSKEY, YAO_E_EXISTS);

    store_bind_bytes(op, p->id);
    store_bind_bytes(op, p->holder);
    store_bind_bytes(op, p->lookup);
    store_bind_bytes(op, p->point);
    store_bind_int(op, p->level);
    store_bind_int(op, p->counter);
    store_bind_int(op, p->may_move ? 1 : 0);
    store_bind_int(op, p->moved ? 1 : 0);
    store_bind_int(op, p->added);
}

void store_use_person_passkey(store_change               *change,
                              const store_person_passkey *p, int64_t before)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_USE_PERSON_PASSKEY, YAO_E_NOT_FOUND);

    store_bind_int(op, p->counter);
    store_bind_int(op, p->moved ? 1 : 0);
    store_bind_int(op, p->used);
    store_bind_bytes(op, p->id);
    store_bind_int(op, before);
}

void store_drop_person_passkey(store_change *change, yao_bytes id,
                               yao_bytes holder)
{
    store_op *op = store_add_claim(change, STORE_SQL_DROP_PERSON_PASSKEY,
                                   YAO_E_NOT_FOUND);

    store_bind_bytes(op, id);
    store_bind_bytes(op, holder);
}

void store_drop_person_passkeys(store_change *change, yao_bytes holder)
{
    store_bind_bytes(
        store_add_row(change, STORE_SQL_DROP_PERSON_PASSKEYS), holder);
}

void store_drop_person_passkeys_up_to(store_change *change, yao_bytes holder,
                                      int64_t level)
{
    store_op *op =
        store_add_row(change, STORE_SQL_DROP_PERSON_PASSKEYS_UP_TO);

    store_bind_bytes(op, holder);
    store_bind_int(op, level);
}

enum { COLUMNS = 10 };

static yao_status read_passkey(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_person_passkey *p = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &p->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &p->holder));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &p->lookup));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &p->point));
    p->level    = c[4].number;
    p->counter  = c[5].number;
    p->may_move = c[6].number == 1;
    p->moved    = c[7].number == 1;
    p->added    = c[8].number;
    p->used     = c[9].number;
    return YAO_OK;
}

yao_status store_get_person_passkey(store *s, yao_bytes id, yao_arena *arena,
                                    store_person_passkey *ret)
{
    store_rows g  = {arena, read_passkey, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_PERSON_PASSKEY};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_person_passkeys(store *s, yao_bytes holder,
                                      yao_arena             *arena,
                                      store_person_passkey **ret,
                                      size_t                *count)
{
    store_rows g  = {arena, read_passkey, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_PERSON_PASSKEYS};
    void      *items;

    store_bind_bytes(&op, holder);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
