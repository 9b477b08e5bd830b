/* SPDX-License-Identifier: Apache-2.0 */
/* Leading: a lease that ends by itself, a fence that only grows. */

#include "store/engine.h"
#include "store_sql.h"

/* How much the clocks of two processes may differ, in seconds. */
#define MAX_SKEW 60

/* Room for one statement. */
enum { ROOM = 2048 };

yao_status store_take_lease(store *s, yao_text name, yao_bytes owner,
                            yao_time now, int64_t seconds, int64_t *fence)
{
    _Alignas(16) uint8_t memory[ROOM];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);
    int64_t              taken  = 0;

    if (now < 0 || now > YAO_TIME_MAX || seconds < 1 || seconds > 86400)
        return YAO_E_USAGE;

    store_op *op = store_add_claim(&change, STORE_SQL_TAKE_LEASE, YAO_E_LOCKED);
    store_bind_text(op, name);
    store_bind_bytes(op, owner);
    store_bind_int(op, now + seconds);
    store_bind_int(op, now);
    store_bind_int(op, now + seconds + MAX_SKEW);
    if (op != NULL)
        op->ret_number = &taken;
    YAO_TRY(store_commit(s, &change));
    *fence = taken;
    return YAO_OK;
}

yao_status store_give_lease(store *s, yao_text name, yao_bytes owner)
{
    _Alignas(16) uint8_t memory[ROOM];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);
    store_op            *op = store_add_row(&change, STORE_SQL_GIVE_LEASE);

    store_bind_text(op, name);
    store_bind_bytes(op, owner);
    return store_commit(s, &change);
}

void store_put_fence(store_change *change, yao_text name, int64_t fence)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_FENCE, YAO_E_NOT_FOUND);

    store_bind_text(op, name);
    store_bind_int(op, fence);
}
