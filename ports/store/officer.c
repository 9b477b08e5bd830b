/* SPDX-License-Identifier: Apache-2.0 */
#include "store/officer.h"

#include "store/rows.h"
#include "store_sql.h"

enum { OFFICER_COLUMNS = 6, KEY_COLUMNS = 8, LOGIN_COLUMNS = 5 };

/* ---- officers ----------------------------------------------------------- */

void store_put_officer(store_change *change, const store_officer *who)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_OFFICER, YAO_E_EXISTS);

    store_bind_bytes(op, who->id);
    store_bind_text(op, who->number);
    store_bind_text(op, who->profiles);
    store_bind_int(op, who->added);
}

static void set_state(store_change *change, int statement, yao_bytes id,
                      yao_time now)
{
    store_op *op = store_add_claim(change, statement, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_end_officer(store_change *change, yao_bytes id, yao_time now)
{
    set_state(change, STORE_SQL_END_OFFICER, id, now);
    store_bind_bytes(store_add_row(change, STORE_SQL_END_OFFICER_LOGINS), id);
}

static yao_status read_officer(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_officer *o = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &o->id));
    YAO_TRY(store_keep_text(arena, &c[1], &o->number));
    YAO_TRY(store_keep_text(arena, &c[2], &o->profiles));
    o->state   = c[3].number;
    o->added   = c[4].number;
    o->changed = c[5].number;
    return YAO_OK;
}

yao_status store_get_officer(store *s, yao_bytes id, yao_arena *arena,
                             store_officer *ret)
{
    store_rows g  = {arena, read_officer, sizeof *ret, OFFICER_COLUMNS, 0, 0,
                     0};
    store_op   op = {.statement = STORE_SQL_GET_OFFICER};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

yao_status store_list_officers(store *s, yao_arena *arena, store_officer **ret,
                               size_t *count)
{
    store_rows g  = {arena, read_officer, sizeof **ret, OFFICER_COLUMNS, 0, 0,
                     0};
    store_op   op = {.statement = STORE_SQL_LIST_OFFICERS};
    void      *items;

    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

/* ---- passkeys ----------------------------------------------------------- */

void store_put_officer_key(store_change *change, const store_officer_key *k)
{
    set_state(change, STORE_SQL_ACTIVATE_OFFICER, k->officer, k->added);

    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_OFFICER_KEY, YAO_E_EXISTS);
    store_bind_bytes(op, k->id);
    store_bind_bytes(op, k->officer);
    store_bind_bytes(op, k->point);
    store_bind_int(op, k->counter);
    store_bind_int(op, k->may_move ? 1 : 0);
    store_bind_int(op, k->moved ? 1 : 0);
    store_bind_int(op, k->added);
}

void store_use_officer_key(store_change *change, const store_officer_key *k,
                           int64_t before)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_USE_OFFICER_KEY, YAO_E_NOT_FOUND);

    store_bind_int(op, k->counter);
    store_bind_int(op, k->moved ? 1 : 0);
    store_bind_int(op, k->used);
    store_bind_bytes(op, k->id);
    store_bind_int(op, before);
}

static yao_status read_key(yao_arena *arena, const store_value *c, void *item)
{
    store_officer_key *k = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &k->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &k->officer));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &k->point));
    k->counter  = c[3].number;
    k->may_move = c[4].number == 1;
    k->moved    = c[5].number == 1;
    k->added    = c[6].number;
    k->used     = c[7].number;
    return YAO_OK;
}

yao_status store_get_officer_key(store *s, yao_bytes id, yao_arena *arena,
                                 store_officer_key *ret)
{
    store_rows g  = {arena, read_key, sizeof *ret, KEY_COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_OFFICER_KEY};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

/* ---- hours -------------------------------------------------------------- */

void store_put_officer_login(store_change              *change,
                             const store_officer_login *login)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_CLAIM_OFFICER, YAO_E_REFUSED);
    store_bind_bytes(op, login->officer);

    op = store_add_claim(change, STORE_SQL_PUT_OFFICER_LOGIN, YAO_E_EXISTS);
    store_bind_bytes(op, login->id);
    store_bind_bytes(op, login->officer);
    store_bind_bytes(op, login->sealed);
    store_bind_int(op, login->since);
    store_bind_int(op, login->expires);
}

static yao_status read_login(yao_arena *arena, const store_value *c,
                             void *item)
{
    store_officer_login *l = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &l->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &l->officer));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &l->sealed));
    l->since   = c[3].number;
    l->expires = c[4].number;
    return YAO_OK;
}

yao_status store_get_officer_login(store *s, yao_bytes id, yao_time now,
                                   yao_arena *arena, store_officer_login *ret)
{
    store_rows g  = {arena, read_login, sizeof *ret, LOGIN_COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_OFFICER_LOGIN};

    store_bind_bytes(&op, id);
    store_bind_int(&op, now);
    return store_get_row(s, &op, &g, ret);
}

void store_end_officer_login(store_change *change, yao_bytes id)
{
    store_bind_bytes(store_add_row(change, STORE_SQL_END_OFFICER_LOGIN), id);
}

void store_forget_officer_logins(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_OFFICER_LOGINS), now);
}
