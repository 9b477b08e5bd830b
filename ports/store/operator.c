/* SPDX-License-Identifier: Apache-2.0 */
#include "store/operator.h"

#include "store/rows.h"
#include "store_sql.h"

enum { OPERATOR_COLUMNS = 6, PASSKEY_COLUMNS = 9 };

/* ---- operators ---------------------------------------------------------- */

void store_put_operator(store_change *change, const store_operator *who)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_OPERATOR, YAO_E_EXISTS);

    store_bind_bytes(op, who->id);
    store_bind_text(op, who->name);
    store_bind_int(op, who->roles);
    store_bind_int(op, who->added);
}

void store_set_operator_roles(store_change *change, yao_bytes id, int64_t roles,
                              yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SET_OPERATOR_ROLES, YAO_E_NOT_FOUND);

    store_bind_int(op, roles);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

static void set_state(store_change *change, int statement, yao_bytes id,
                      yao_time now)
{
    store_op *op = store_add_claim(change, statement, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_end_operator(store_change *change, yao_bytes id, yao_time now)
{
    set_state(change, STORE_SQL_END_OPERATOR, id, now);
}

void store_claim_operator(store_change *change, yao_bytes id, int64_t roles)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CLAIM_OPERATOR, YAO_E_REFUSED);

    store_bind_bytes(op, id);
    store_bind_int(op, roles);
}

static yao_status read_operator(yao_arena *arena, const store_value *c,
                                void *item)
{
    store_operator *o = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &o->id));
    YAO_TRY(store_keep_text(arena, &c[1], &o->name));
    o->roles   = c[2].number;
    o->state   = c[3].number;
    o->added   = c[4].number;
    o->changed = c[5].number;
    return YAO_OK;
}

yao_status store_get_operator(store *s, yao_bytes id, yao_arena *arena,
                              store_operator *ret)
{
    store_rows g  = {arena, read_operator, sizeof *ret, OPERATOR_COLUMNS,
                     0,     0,             0};
    store_op   op = {.statement = STORE_SQL_GET_OPERATOR};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_operators(store *s, yao_arena *arena,
                                store_operator **ret, size_t *count)
{
    store_rows g  = {arena, read_operator, sizeof **ret, OPERATOR_COLUMNS,
                     0,     0,             0};
    store_op   op = {.statement = STORE_SQL_LIST_OPERATORS};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

/* ---- passkeys ----------------------------------------------------------- */

void store_put_passkey(store_change *change, const store_passkey *p)
{
    set_state(change, STORE_SQL_ACTIVATE_OPERATOR, p->operator, p->added);

    store_op *op = store_add_claim(change, STORE_SQL_PUT_PASSKEY, YAO_E_EXISTS);
    store_bind_bytes(op, p->id);
    store_bind_bytes(op, p->operator);
    store_bind_bytes(op, p->point);
    store_bind_int(op, p->counter);
    store_bind_int(op, p->may_move ? 1 : 0);
    store_bind_int(op, p->moved ? 1 : 0);
    store_bind_bytes(op, p->model);
    store_bind_int(op, p->added);
}

void store_use_passkey(store_change *change, const store_passkey *p,
                       int64_t before)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_USE_PASSKEY, YAO_E_NOT_FOUND);

    store_bind_int(op, p->counter);
    store_bind_int(op, p->moved ? 1 : 0);
    store_bind_int(op, p->used);
    store_bind_bytes(op, p->id);
    store_bind_int(op, before);
}

static yao_status read_passkey(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_passkey *p = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &p->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &p->operator));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &p->point));
    p->counter  = c[3].number;
    p->may_move = c[4].number == 1;
    p->moved    = c[5].number == 1;
    YAO_TRY(yao_arena_keep(arena, c[6].bytes, &p->model));
    p->added = c[7].number;
    p->used  = c[8].number;
    return YAO_OK;
}

yao_status store_get_passkey(store *s, yao_bytes id, yao_arena *arena,
                             store_passkey *ret)
{
    store_rows g  = {arena, read_passkey, sizeof *ret, PASSKEY_COLUMNS, 0, 0,
                     0};
    store_op   op = {.statement = STORE_SQL_GET_PASSKEY};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_passkeys(store *s, yao_bytes operator, yao_arena *arena,
                               store_passkey **ret, size_t *count)
{
    store_rows g  = {arena, read_passkey, sizeof **ret, PASSKEY_COLUMNS, 0, 0,
                     0};
    store_op   op = {.statement = STORE_SQL_LIST_PASSKEYS};
    void      *items;

    store_bind_bytes(&op, operator);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
