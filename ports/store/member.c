/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The statements of a group's members within the transaction that is open.
 *
 * One by one for an engine in this process: a member's claims end with the
 * first that is lost. In rounds for an engine behind a network: in each round
 * every member that has lost nothing yet brings its next claims of one kind
 * (an index for each of its copies), so that a group takes a few ways there
 * and back. What a claim needs is there before it: a member's claims of
 * another kind wait for the next round, and claims of one kind don't depend
 * on each other.
 */

#include "store/engine.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a claim returns ----------------------------------------------- */

typedef struct returned {
    yao_arena *arena;
    store_op  *op;
} returned;

/* What a try that was rolled back had brought is written over: a change that is
 * tried often needs no more room than one that is tried once. */
static yao_status keep(const returned *r, yao_bytes bytes)
{
    yao_bytes before = r->op->returned;

    if (bytes.len == 0 || before.len < bytes.len)
        return yao_arena_keep(r->arena, bytes, &r->op->returned);
    memcpy((uint8_t *)(uintptr_t)before.ptr, bytes.ptr, bytes.len);
    r->op->returned.len = bytes.len;
    return YAO_OK;
}

/* It goes to the owner after the commit only: see answer() in writer.c. */
static yao_status keep_returned(void *ctx, const store_value *columns,
                                size_t count)
{
    const returned *r = ctx;

    if (count > 0 && columns[0].kind == STORE_INT)
        r->op->returned_number = columns[0].number;
    if (r->op->ret == NULL || count == 0)
        return YAO_OK;
    return keep(r, columns[0].bytes);
}

static void lose(store_member *m, const store_op *op, bool trace)
{
    m->fate               = trace ? STORE_PARTIAL : STORE_LOST;
    m->answer             = op->lost;
    m->change->lost_about = op->about;
}

static void start(store_member *m)
{
    m->fate               = STORE_WINS;
    m->answer             = YAO_OK;
    m->at                 = m->change->claims;
    m->won                = false;
    m->change->lost_about = 0;
}

/* ---- one by one --------------------------------------------------------- */

static yao_status claim_singly(store_engine *engine, store_member *m)
{
    for (store_op *op = m->change->claims; op != NULL; op = op->next) {
        returned r       = {m->change->arena, op};
        int64_t  changed = 0;

        YAO_TRY(engine->call->run(engine, op, keep_returned, &r, &changed));
        if (changed == 0) {
            lose(m, op, op != m->change->claims);
            return YAO_OK;
        }
    }
    return YAO_OK;
}

static yao_status rows_singly(store_engine *engine, const store_member *members,
                              size_t count, bool end)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i].fate != STORE_WINS)
            continue;
        for (store_op *op = members[i].change->rows; op != NULL; op = op->next)
            YAO_TRY(engine->call->run(engine, op, NULL, NULL, NULL));
    }
    return end ? engine->call->commit(engine) : YAO_OK;
}

/* ---- in rounds ---------------------------------------------------------- */

/* The statements of a round; all the memory is one piece. */
typedef struct round {
    store_run *runs;
    returned  *kept;
    size_t     count, cap;
} round;

/* Claims of the same kind from OP on. */
static size_t count_alike(const store_op *op)
{
    size_t count = 0;

    for (const store_op *o = op; o != NULL && o->statement == op->statement;
         o                 = o->next)
        count++;
    return count;
}

static size_t count_rows(const store_op *op)
{
    size_t count = 0;

    for (; op != NULL; op = op->next)
        count++;
    return count;
}

static yao_status open_round(round *r, size_t count)
{
    free(r->runs);
    *r      = (round){.cap = count};
    r->runs = calloc(count + 1, sizeof *r->runs + sizeof *r->kept);
    if (r->runs == NULL)
        return YAO_E_SPACE;
    r->kept = (returned *)(void *)(r->runs + count + 1);
    return YAO_OK;
}

static void add_run(round *r, yao_arena *arena, store_op *op, bool claim)
{
    store_run *run = &r->runs[r->count];

    r->kept[r->count] = (returned){arena, op};
    run->op           = op;
    if (claim) {
        run->each = keep_returned;
        run->ctx  = &r->kept[r->count];
    }
    r->count++;
}

static bool claims_more(const store_member *m)
{
    return m->fate == STORE_WINS && m->at != NULL;
}

static yao_status fill_claims(round *r, const store_member *members,
                              size_t count)
{
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        total += claims_more(&members[i]) ? count_alike(members[i].at) : 0;
    YAO_TRY(open_round(r, total));
    for (size_t i = 0; i < count; i++) {
        size_t    alike = claims_more(&members[i]) ? count_alike(members[i].at)
                                                   : 0;
        store_op *op    = members[i].at;
        for (; alike > 0; alike--, op = op->next)
            add_run(r, members[i].change->arena, op, true);
    }
    return YAO_OK;
}

/* What the next claims of M, from run AT on, came to; gives the run after. */
static size_t judge(const round *r, size_t at, store_member *m)
{
    size_t    end   = at + count_alike(m->at);
    store_op *op    = m->at;
    store_op *first = NULL; /* that was lost */

    for (; at < end; at++, op = op->next) {
        if (r->runs[at].changed > 0)
            m->won = true;
        else if (first == NULL)
            first = op;
    }
    m->at = op;
    if (first != NULL)
        lose(m, first, m->won);
    return end;
}

static yao_status claim_in_rounds(store_engine *engine, store_member *members,
                                  size_t count)
{
    round      r      = {.count = 0};
    yao_status status = YAO_OK;

    for (;;) {
        size_t at = 0;

        status = fill_claims(&r, members, count);
        if (status != YAO_OK || r.count == 0)
            break;
        status = engine->call->run_all(engine, r.runs, r.count, false);
        if (status != YAO_OK)
            break;
        for (size_t i = 0; i < count; i++)
            if (claims_more(&members[i]))
                at = judge(&r, at, &members[i]);
    }
    free(r.runs);
    return status;
}

static yao_status rows_at_once(store_engine *engine,
                               const store_member *members, size_t count,
                               bool end)
{
    round  r     = {.count = 0};
    size_t total = 0;

    for (size_t i = 0; i < count; i++)
        if (members[i].fate == STORE_WINS)
            total += count_rows(members[i].change->rows);
    YAO_TRY(open_round(&r, total));
    for (size_t i = 0; i < count; i++) {
        if (members[i].fate != STORE_WINS)
            continue;
        for (store_op *op = members[i].change->rows; op != NULL; op = op->next)
            add_run(&r, NULL, op, false);
    }
    yao_status status = engine->call->run_all(engine, r.runs, r.count, end);
    free(r.runs);
    return status;
}

/* ---- either ------------------------------------------------------------- */

yao_status store_run_claims(store_engine *engine, store_member *members,
                            size_t count)
{
    for (size_t i = 0; i < count; i++)
        start(&members[i]);
    if (engine->call->run_all != NULL)
        return claim_in_rounds(engine, members, count);
    for (size_t i = 0; i < count; i++)
        YAO_TRY(claim_singly(engine, &members[i]));
    return YAO_OK;
}

yao_status store_run_rows(store_engine *engine, const store_member *members,
                          size_t count, bool end)
{
    return engine->call->run_all != NULL
               ? rows_at_once(engine, members, count, end)
               : rows_singly(engine, members, count, end);
}
