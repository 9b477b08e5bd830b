/* SPDX-License-Identifier: Apache-2.0 */
#include "store/enrolment.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 10 };

static const yao_bytes nothing = YAO_INIT("");

static void claim_not_below(store_change *change, yao_bytes id)
{
    store_bind_bytes(store_add_claim(change, STORE_SQL_ENROLMENT_NOT_BELOW,
                                     YAO_E_NOT_AUTHORISED),
                     id);
}

void store_put_enrolment(store_change *change, const store_enrolment *e)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_ENROLMENT, YAO_E_EXISTS);

    store_bind_bytes(op, e->id);
    store_bind_bytes(op, e->holder);
    store_bind_int(op, e->level);
    store_bind_int(op, e->factors);
    store_bind_int(op, e->state);
    store_bind_int(op, e->replaces ? 1 : 0);
    store_bind_bytes(op, e->device.len != 0 ? e->device : nothing);
    store_bind_int(op, e->started);
    store_bind_int(op, e->active_from);
    if (e->state != STORE_ENROLMENT_WAITING)
        claim_not_below(change, e->id);
}

void store_offer_enrolment(store_change *change, yao_bytes id, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_OFFER_ENROLMENT, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_bind_enrolment(store_change *change, yao_bytes id, yao_bytes device,
                          bool waited, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_BIND_ENROLMENT, YAO_E_NOT_FOUND);

    store_bind_bytes(op, device);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
    if (!waited)
        claim_not_below(change, id);

    op = store_add_row(change, STORE_SQL_END_REPLACED_ENROLMENTS);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_end_enrolment(store_change *change, yao_bytes id, yao_bytes holder,
                         int64_t level, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_END_ENROLMENT, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_bytes(op, holder);
    store_bind_int(op, level);
}

static yao_status read_enrolment(yao_arena *arena, const store_value *c,
                                 void *item)
{
    store_enrolment *e = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &e->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &e->holder));
    e->level    = c[2].number;
    e->factors  = c[3].number;
    e->state    = c[4].number;
    e->replaces = c[5].number == 1;
    YAO_TRY(yao_arena_keep(arena, c[6].bytes, &e->device));
    e->started     = c[7].number;
    e->active_from = c[8].number;
    e->changed     = c[9].number;
    return YAO_OK;
}

static yao_status list(store *s, int statement, yao_bytes by, yao_arena *arena,
                       store_enrolment **ret, size_t *count)
{
    store_rows g  = {arena, read_enrolment, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = statement};
    void      *items;

    store_bind_bytes(&op, by);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_enrolments(store *s, yao_bytes holder, yao_arena *arena,
                                 store_enrolment **ret, size_t *count)
{
    return list(s, STORE_SQL_LIST_ENROLMENTS, holder, arena, ret, count);
}

yao_status store_list_device(store *s, yao_bytes device, yao_arena *arena,
                             store_enrolment **ret, size_t *count)
{
    return list(s, STORE_SQL_LIST_ENROLMENTS_BY_DEVICE, device, arena, ret,
                count);
}

yao_status store_get_enrolment(store *s, yao_bytes id, yao_arena *arena,
                               store_enrolment *ret)
{
    store_rows g  = {arena, read_enrolment, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_ENROLMENT};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

void store_put_enrolment_issuance(store_change *change, yao_bytes enrolment,
                                  yao_bytes issuance)
{
    store_op *op = store_add_row(change, STORE_SQL_PUT_ENROLMENT_ISSUANCE);

    store_bind_bytes(op, enrolment);
    store_bind_bytes(op, issuance);
}

yao_status store_list_enrolment_issuances(store *s, yao_bytes enrolment,
                                          yao_arena *arena, yao_bytes **ret,
                                          size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_ENROLMENT_ISSUANCES};

    store_bind_bytes(&op, enrolment);
    return store_list_bytes(s, &op, arena, ret, count);
}

yao_status store_list_ended_issuances(store *s, size_t limit, yao_arena *arena,
                                      yao_bytes **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_ENDED_ISSUANCES};

    store_bind_int(&op, (int64_t)limit);
    return store_list_bytes(s, &op, arena, ret, count);
}

/* ---- what a person logs in with ---- */

void store_put_access_code(store_change *change, const store_access_code *code)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_ACCESS_CODE,
                                   YAO_E_NOT_AUTHORISED);

    store_bind_bytes(op, code->holder);
    store_bind_bytes(op, code->salt);
    store_bind_bytes(op, code->verifier);
    store_bind_int(op, code->level);
    store_bind_int(op, code->changed);
}

static yao_status read_code(yao_arena *arena, const store_value *c, void *item)
{
    store_access_code *code = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &code->holder));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &code->salt));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &code->verifier));
    code->level   = c[3].number;
    code->changed = c[4].number;
    return YAO_OK;
}

yao_status store_get_access_code(store *s, yao_bytes holder, yao_arena *arena,
                                 store_access_code *ret)
{
    store_rows g  = {arena, read_code, sizeof *ret, 5, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_ACCESS_CODE};

    store_bind_bytes(&op, holder);
    return store_get_row(s, &op, &g, ret);
}

/* ---- guardians ---- */

void store_put_guardian(store_change *change, const store_guardian *guardian)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_GUARDIAN, YAO_E_EXISTS);

    store_bind_bytes(op, guardian->id);
    store_bind_bytes(op, guardian->child);
    store_bind_bytes(op, guardian->guardian);
    store_bind_int(op, guardian->started);
    store_bind_int(op, guardian->ends);
    store_bind_text(op, guardian->reason);
}

void store_end_guardian(store_change *change, yao_bytes id, yao_text reason,
                        yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_END_GUARDIAN, YAO_E_NOT_FOUND);

    store_bind_int(op, now);
    store_bind_text(op, reason);
    store_bind_bytes(op, id);
}

yao_status store_list_due_guarded(store *s, yao_time now, size_t limit,
                                  yao_arena *arena, store_enrolment **ret,
                                  size_t *count)
{
    store_rows g  = {arena, read_enrolment, sizeof **ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_DUE_GUARDED};
    void      *items;

    store_bind_int(&op, now);
    store_bind_int(&op, (int64_t)limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

static yao_status read_guardian(yao_arena *arena, const store_value *c,
                                void *item)
{
    store_guardian *g = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &g->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &g->child));
    YAO_TRY(yao_arena_keep(arena, c[2].bytes, &g->guardian));
    g->started = c[3].number;
    g->ends    = c[4].number;
    g->ended   = c[5].number;
    return store_keep_text(arena, &c[6], &g->reason);
}

yao_status store_list_guardians(store *s, yao_bytes holder, yao_arena *arena,
                                store_guardian **ret, size_t *count)
{
    store_rows g  = {arena, read_guardian, sizeof **ret, 7, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_GUARDIANS};
    void      *items;

    store_bind_bytes(&op, holder);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
