/* SPDX-License-Identifier: Apache-2.0 */
#include "store/session.h"

#include "store/rows.h"
#include "store_sql.h"

void store_put_session(store_change *change, const store_session *session)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_SESSION, YAO_E_EXISTS);

    store_bind_bytes(op, session->id);
    store_bind_int(op, session->kind);
    store_bind_bytes(op, session->owner);
    store_bind_int(op, session->expires);
    store_bind_bytes(op, session->sealed);
}

void store_replace_session(store_change *change, const store_session *session)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_REPLACE_SESSION, YAO_E_NOT_FOUND);

    store_bind_int(op, session->expires);
    store_bind_bytes(op, session->sealed);
    store_bind_bytes(op, session->id);
    store_bind_int(op, session->version);
}

void store_end_session(store_change *change, yao_bytes id)
{
    store_bind_bytes(
        store_add_claim(change, STORE_SQL_END_SESSION, YAO_E_NOT_FOUND), id);
}

void store_end_sessions_of(store_change *change, yao_bytes owner)
{
    store_bind_bytes(store_add_row(change, STORE_SQL_END_SESSIONS_OF), owner);
}

void store_end_other_sessions_of(store_change *change, yao_bytes owner,
                                 yao_bytes id)
{
    store_op *op = store_add_row(change, STORE_SQL_END_OTHER_SESSIONS_OF);

    store_bind_bytes(op, owner);
    store_bind_bytes(op, id);
}

void store_forget_sessions(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_SESSIONS), now);
}

static yao_status read_session(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_session *s = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &s->id));
    s->kind = c[1].number;
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &s->owner));
    s->version = c[3].number;
    s->expires = c[4].number;
    return yao_arena_keep(arena, c[5].bytes, &s->sealed);
}

yao_status store_get_session(store *s, yao_bytes id, int64_t kind, yao_time now,
                             yao_arena *arena, store_session *ret)
{
    store_rows g  = {arena, read_session, sizeof *ret, 6, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_SESSION};

    store_bind_bytes(&op, id);
    store_bind_int(&op, kind);
    store_bind_int(&op, now);
    return store_get_row(s, &op, &g, ret);
}
