/* SPDX-License-Identifier: Apache-2.0 */
/* A desk's requests, and what came of them. */

#include "store/desk.h"

#include "store/rows.h"
#include "store_sql.h"

/* ---- requests ---- */

void store_put_enquiry(store_change *change, const store_enquiry *e)
{
    store_op *op = store_add_claim(change, STORE_SQL_PUT_ENQUIRY, YAO_E_EXISTS);

    store_bind_bytes(op, e->id);
    store_bind_bytes(op, e->client);
    store_bind_text(op, e->profile);
    store_bind_text(op, e->choice);
    store_bind_int(op, e->device);
    store_bind_int(op, e->state);
    store_bind_text(op, e->nonce);
    store_bind_text(op, e->back);
    store_bind_bytes(op, e->sealed);
    store_bind_bytes(op, e->browser);
    store_bind_bytes(op, e->code);
    store_bind_int(op, e->created);
    store_bind_int(op, e->expires);
    store_bind_int(op, e->ends);
}

static yao_status read_enquiry(yao_arena *arena, const store_value *c,
                               void *item)
{
    store_enquiry *e = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &e->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &e->client));
    YAO_TRY(store_keep_text(arena, &c[2], &e->profile));
    YAO_TRY(store_keep_text(arena, &c[3], &e->choice));
    e->device = c[4].number;
    e->state  = c[5].number;
    YAO_TRY(store_keep_text(arena, &c[6], &e->nonce));
    YAO_TRY(store_keep_text(arena, &c[7], &e->back));
    YAO_TRY(yao_arena_keep(arena, c[8].bytes, &e->sealed));
    YAO_TRY(yao_arena_keep(arena, c[9].bytes, &e->browser));
    YAO_TRY(yao_arena_keep(arena, c[10].bytes, &e->code));
    e->created = c[11].number;
    e->expires = c[12].number;
    e->ends    = c[13].number;
    return YAO_OK;
}

yao_status store_get_enquiry(store *s, yao_bytes id, yao_time now,
                             yao_arena *arena, store_enquiry *ret)
{
    store_rows g  = {arena, read_enquiry, sizeof *ret, 14, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_ENQUIRY};

    store_bind_bytes(&op, id);
    store_bind_int(&op, now);
    return store_get_row(s, &op, &g, ret);
}

void store_bind_enquiry(store_change *change, yao_bytes id, yao_bytes browser,
                        yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_BIND_ENQUIRY, YAO_E_NOT_FOUND);

    store_bind_bytes(op, browser);
    store_bind_bytes(op, id);
    store_bind_int(op, STORE_ENQUIRY_OPEN);
    store_bind_int(op, now);
}

void store_answer_enquiry(store_change               *change,
                          const store_enquiry_answer *answer)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_ANSWER_ENQUIRY, YAO_E_NOT_FOUND);

    store_bind_int(op, answer->state);
    store_bind_bytes(op, answer->code);
    store_bind_int(op, answer->ends);
    store_bind_bytes(op, answer->sealed);
    store_bind_bytes(op, answer->id);
    store_bind_int(op, STORE_ENQUIRY_OPEN);
    store_bind_int(op, answer->now);
}

void store_finish_enquiry(store_change *change, const store_enquiry_end *end)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_FINISH_ENQUIRY, YAO_E_NOT_FOUND);

    store_bind_int(op, STORE_ENQUIRY_DONE);
    store_bind_int(op, end->ends);
    store_bind_bytes(op, end->id);
    store_bind_int(op, STORE_ENQUIRY_ANSWERED);
    store_bind_bytes(op, end->code);
    store_bind_bytes(op, end->browser);
    store_bind_int(op, end->now);
}

void store_drop_enquiry(store_change *change, yao_bytes id)
{
    store_bind_bytes(store_add_row(change, STORE_SQL_DROP_ENQUIRY), id);
}

void store_forget_enquiries(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_ENQUIRIES), now);
}

/* ---- what came of them ---- */

void store_put_judgement(store_change *change, const store_judgement *j)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_PUT_JUDGEMENT, YAO_E_EXISTS);

    store_bind_bytes(op, j->id);
    store_bind_bytes(op, j->client);
    store_bind_text(op, j->profile);
    store_bind_int(op, j->verdict);
    store_bind_int(op, j->made);
    store_bind_int(op, j->ends);
    store_bind_bytes(op, j->sealed);
    store_bind_bytes(op, j->evidence);
}

static yao_status read_judgement(yao_arena *arena, const store_value *c,
                                 void *item)
{
    store_judgement *j = item;

    YAO_TRY(yao_arena_keep(arena, c[0].bytes, &j->id));
    YAO_TRY(yao_arena_keep(arena, c[1].bytes, &j->client));
    YAO_TRY(store_keep_text(arena, &c[2], &j->profile));
    j->verdict = c[3].number;
    j->made    = c[4].number;
    j->ends    = c[5].number;
    YAO_TRY(yao_arena_keep(arena, c[6].bytes, &j->sealed));
    return yao_arena_keep(arena, c[7].bytes, &j->evidence);
}

yao_status store_get_judgement(store *s, yao_bytes id, yao_time now,
                               yao_arena *arena, store_judgement *ret)
{
    store_rows g  = {arena, read_judgement, sizeof *ret, 8, 0, 0, 0};
    store_op   op = {.statement = STORE_SQL_GET_JUDGEMENT};

    store_bind_bytes(&op, id);
    store_bind_int(&op, now);
    return store_get_row(s, &op, &g, ret);
}

void store_seal_judgement(store_change *change, yao_bytes id, yao_bytes sealed,
                          yao_bytes before)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_SEAL_JUDGEMENT, YAO_E_NOT_FOUND);

    store_bind_bytes(op, sealed);
    store_bind_bytes(op, id);
    store_bind_bytes(op, before);
}

void store_keep_judgement(store_change *change, yao_bytes id, yao_time ends,
                          yao_time now)
{
    store_op *op =
        store_add_claim(change, STORE_SQL_KEEP_JUDGEMENT, YAO_E_NOT_FOUND);

    store_bind_int(op, ends);
    store_bind_bytes(op, id);
    store_bind_int(op, now);
}

void store_drop_judgement(store_change *change, yao_bytes id)
{
    store_bind_bytes(store_add_row(change, STORE_SQL_DROP_JUDGEMENT), id);
}

void store_forget_judgements(store_change *change, yao_time now)
{
    store_bind_int(store_add_row(change, STORE_SQL_FORGET_JUDGEMENTS), now);
}

/* ---- counting ---- */

yao_status store_count_enquiries(store *s, uint64_t *ret)
{
    return store_count_rows(s, STORE_SQL_COUNT_ENQUIRIES, ret);
}

yao_status store_count_judgements(store *s, uint64_t *ret)
{
    return store_count_rows(s, STORE_SQL_COUNT_JUDGEMENTS, ret);
}
