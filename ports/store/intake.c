/* SPDX-License-Identifier: Apache-2.0 */
#include "store/intake.h"

#include "store/rows.h"
#include "store_sql.h"

enum { COLUMNS = 16 };

static const yao_bytes nothing = YAO_INIT("");

/* ---- changing ----------------------------------------------------------- */

void store_put_intake(store_change *change, const store_intake *intake)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_INTAKE, YAO_E_EXISTS);

    store_bind_bytes(op, intake->id);
    store_bind_int(op, intake->kind);
    store_bind_bytes(op, intake->sender);
    store_bind_int(op, intake->epoch);
    store_bind_bytes(op, intake->wrapped_key);
    store_bind_int(op, intake->opened);
    store_bind_int(op, intake->opened);
    store_bind_text(op, YAO_TEXT(""));
    store_bind_bytes(op, intake->sender);
}

void store_grow_intake(store_change *change, const store_intake *intake,
                       yao_bytes sealed, int64_t lines, int64_t bytes,
                       yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_GROW_INTAKE, YAO_E_MISMATCH);

    store_bind_int(op, lines);
    store_bind_int(op, bytes);
    store_bind_int(op, now);
    store_bind_bytes(op, intake->id);
    store_bind_bytes(op, intake->sender);
    store_bind_int(op, intake->lines);

    op = store_add_row(change, STORE_SQL_PUT_INTAKE_PART);
    store_bind_bytes(op, intake->id);
    store_bind_int(op, intake->lines + 1);
    store_bind_bytes(op, sealed);
}

void store_freeze_intake(store_change *change, yao_bytes id, yao_bytes sender,
                         yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_FREEZE_INTAKE, YAO_E_MISMATCH);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_bytes(op, sender);
}

void store_start_intake(store_change *change, yao_bytes id, yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_START_INTAKE, YAO_E_MISMATCH);

    store_bind_int(op, now);
    store_bind_bytes(op, id);
}

void store_step_intake(store_change *change, yao_bytes id,
                       const store_intake_count *count, int64_t before,
                       yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_STEP_INTAKE, YAO_E_MISMATCH);

    store_bind_int(op, count->done);
    store_bind_int(op, count->applied);
    store_bind_int(op, count->same);
    store_bind_int(op, count->older);
    store_bind_int(op, count->refused);
    store_bind_int(op, now);
    store_bind_bytes(op, id);
    store_bind_int(op, before);
}

void store_tell_intake(store_change *change, yao_bytes id, int64_t line,
                       yao_text said)
{
    store_op *op = store_add_row(change, STORE_SQL_TELL_INTAKE);

    store_bind_bytes(op, id);
    store_bind_int(op, line);
    store_bind_text(op, said);
}

void store_end_intake(store_change *change, const store_intake_end *end,
                      yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_END_INTAKE, YAO_E_MISMATCH);

    store_bind_int(op, (int64_t)end->to);
    store_bind_text(op, end->why);
    store_bind_bytes(op, nothing);
    store_bind_int(op, now);
    store_bind_bytes(op, end->id);
    store_bind_int(op, (int64_t)end->from);
    store_bind_int(op, (int64_t)(end->before != 0 ? end->before
                                                  : STORE_INTAKE_DONE));

    op = store_add_row(change, STORE_SQL_DROP_INTAKE_PARTS);
    store_bind_bytes(op, end->id);
}

void store_forget_intake(store_change *change, yao_bytes id)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_FORGET_INTAKE, YAO_E_MISMATCH);

    store_bind_bytes(op, id);
    op = store_add_row(change, STORE_SQL_FORGET_INTAKE_TOLD);
    store_bind_bytes(op, id);
}

/* ---- reading ------------------------------------------------------------ */

static yao_status read_intake(yao_arena *arena, const store_value *c,
                              void *item)
{
    store_intake *in = item;

    *in = (store_intake){.kind    = c[1].number,
                         .state   = c[2].number,
                         .epoch   = c[4].number,
                         .opened  = c[6].number,
                         .changed = c[7].number,
                         .lines   = c[8].number,
                         .bytes   = c[9].number,
                         .count   = {c[10].number, c[11].number, c[12].number,
                                     c[13].number, c[14].number}};
    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &in->id));
    YAO_TRY(yao_arena_keep(arena, c[3].bytes, &in->sender));
    YAO_TRY(yao_arena_keep(arena, c[5].bytes, &in->wrapped_key));
    return store_keep_text(arena, &c[15], &in->why);
}

yao_status store_get_intake(store *s, yao_bytes id, yao_arena *arena,
                            store_intake *ret)
{
    store_rows g  = {arena, read_intake, sizeof *ret, COLUMNS, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_INTAKE};

    store_bind_bytes(&op, id);
    return store_get_row(s, &op, &g, ret);
}

static yao_status list(store *s, const store_op *op, yao_arena *arena,
                       store_intake **ret, size_t *count)
{
    store_rows g = {arena, read_intake, sizeof **ret, COLUMNS, 0, 0, 0};
    void      *items;

    YAO_TRY(store_list_rows(s, op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}

yao_status store_list_intakes(store *s, size_t limit, yao_arena *arena,
                              store_intake **ret, size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_INTAKES};

    store_bind_int(&op, (int64_t)limit);
    return list(s, &op, arena, ret, count);
}

yao_status store_list_intakes_of(store *s, const store_intake_wish *wish,
                                 yao_arena *arena, store_intake **ret,
                                 size_t *count)
{
    store_op op = {.statement = STORE_SQL_LIST_INTAKES_OF};

    store_bind_int(&op, (int64_t)wish->state);
    store_bind_int(&op, wish->before);
    store_bind_int(&op, (int64_t)wish->limit);
    return list(s, &op, arena, ret, count);
}

static yao_status read_part(yao_arena *arena, const store_value *c, void *item)
{
    store_intake_part *part = item;

    part->first_line = c[0].number;
    return yao_arena_keep(arena, c[1].bytes, &part->sealed);
}

yao_status store_get_intake_part(store *s, yao_bytes id, int64_t line,
                                 yao_arena *arena, store_intake_part *ret)
{
    store_rows g  = {arena, read_part, sizeof *ret, 2, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_INTAKE_PART};

    store_bind_bytes(&op, id);
    store_bind_int(&op, line);
    return store_get_row(s, &op, &g, ret);
}

static yao_status read_told(yao_arena *arena, const store_value *c, void *item)
{
    store_intake_told *told = item;

    told->line = c[0].number;
    return store_keep_text(arena, &c[1], &told->said);
}

yao_status store_list_told(store *s, const store_told_wish *wish,
                           yao_arena *arena, store_intake_told **ret,
                           size_t *count)
{
    store_rows g  = {arena, read_told, sizeof **ret, 2, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_LIST_INTAKE_TOLD};
    void      *items;

    store_bind_bytes(&op, wish->id);
    store_bind_int(&op, wish->after);
    store_bind_int(&op, (int64_t)wish->limit);
    YAO_TRY(store_list_rows(s, &op, &g, &items, count));
    *ret = items;
    return YAO_OK;
}
