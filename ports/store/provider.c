/* SPDX-License-Identifier: Apache-2.0 */
/* A wallet provider's wallets and sealed backups. */

#include "store/provider.h"

#include "store/rows.h"
#include "store_sql.h"

/* ---- wallets ---- */

void store_put_instance(store_change *change, const store_instance *instance)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_INSTANCE, YAO_E_EXISTS);

    store_bind_bytes(op, instance->hash);
    store_bind_int(op, instance->state);
    store_bind_int(op, instance->day);
}

void store_touch_instance(store_change *change, yao_bytes hash, yao_time day)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_TOUCH_INSTANCE, YAO_E_NOT_FOUND);

    store_bind_int(op, day);
    store_bind_bytes(op, hash);
    store_bind_int(op, STORE_INSTANCE_ACTIVE);
}

void store_set_instance_state(store_change *change, yao_bytes hash,
                              store_instance_state state, yao_time day)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SET_INSTANCE_STATE, YAO_E_NOT_FOUND);

    store_bind_int(op, state);
    store_bind_int(op, day);
    store_bind_bytes(op, hash);
}

static yao_status read_instance(yao_arena *arena, const store_value *c,
                                void *item)
{
    store_instance *i = item;

    i->state = c[1].number;
    i->day   = c[2].number;
    return yao_arena_keep(arena, c[0].bytes, &i->hash);
}

yao_status store_get_instance(store *s, yao_bytes hash, yao_arena *arena,
                              store_instance *ret)
{
    store_rows g  = {arena, read_instance, sizeof *ret, 3, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_INSTANCE};

    store_bind_bytes(&op, hash);
    return store_get_row(s, &op, &g, ret);
}

void store_forget_instances(store_change *change, yao_time day)
{
    store_op *op = store_add_row(change, STORE_SQL_FORGET_INSTANCES);

    store_bind_int(op, day);
    store_bind_int(op, STORE_INSTANCE_ACTIVE);
}

/* ---- backups ---- */

void store_put_sealed(store_change *change, const store_sealed *sealed)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_BACKUP, YAO_E_EXISTS);

    store_bind_bytes(op, sealed->hash);
    store_bind_bytes(op, sealed->token);
    store_bind_int(op, sealed->version);
    store_bind_int(op, sealed->day);
    store_bind_bytes(op, sealed->sealed);
}

void store_drop_sealed(store_change *change, yao_bytes hash, yao_bytes token)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_DROP_BACKUP, YAO_E_NOT_FOUND);

    store_bind_bytes(op, hash);
    store_bind_bytes(op, token);
}

static yao_status read_sealed(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_sealed *s = item;

    s->version = c[2].number;
    s->day     = c[3].number;
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &s->hash));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &s->token));
    return yao_arena_keep(arena, c[4].bytes, &s->sealed);
}

yao_status store_get_sealed(store *s, yao_bytes hash, yao_arena *arena,
                            store_sealed *ret)
{
    store_rows g  = {arena, read_sealed, sizeof *ret, 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_BACKUP};

    store_bind_bytes(&op, hash);
    return store_get_row(s, &op, &g, ret);
}

void store_forget_sealed(store_change *change, yao_time day)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_BACKUPS), day);
}

/* ---- counting ---- */

yao_status store_count_instances(store *s, uint64_t *ret)
{
    return store_count_rows(s, STORE_SQL_COUNT_INSTANCES, ret);
}

yao_status store_count_sealed(store *s, uint64_t *ret)
{
    return store_count_rows(s, STORE_SQL_COUNT_BACKUPS, ret);
}
