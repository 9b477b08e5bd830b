/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL, by libpq.
 *
 * Invariants
 *   1. Transactions are SERIALIZABLE: what a claim read is as it was when its
 *      transaction commits, whoever else writes. Who loses is told to try
 *      again (YAO_E_LOCKED).
 *   2. A transaction's first statement notes its turn in the writer's row, and
 *      was answered before COMMIT is sent. When the answer to a COMMIT is lost
 *      with the connection, the row tells what became of it: who asks for it
 *      waits until the old transaction, which holds it, has ended. The engine
 *      asks for as long as it takes, and answers nothing before it knows.
 *   3. A connection in a state that nobody knows is closed, never used on.
 *
 *   begin ..... nothing is sent yet
 *   run_all ... one pipeline: BEGIN and the turn when they are still wanted,
 *               PREPARE of what is new, the statements, COMMIT at the END
 */

#include "store/postgres/postgres.h"

#include "store/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* How long begin() tries to reach a server: that a standby was promoted. */
#define BEGIN_SECONDS 30

#define BEGIN_TEXT "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"

/* ---- a pipeline: what was sent, in order, is answered in order ----------- */

/* The first trouble of a pipeline. */
typedef struct answers {
    yao_status status;
    int        ms;
} answers;

/* One answer; afterwards a is the first trouble until now. */
static void take_answer(pg_engine *e, answers *a, store_run *run)
{
    PGresult      *result = pg_next(e, a->ms);
    ExecStatusType kind   = PQresultStatus(result);

    if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK) {
        if (run != NULL) {
            run->changed = pg_changed(result);
            if (run->each != NULL && a->status == YAO_OK)
                a->status = pg_give_rows(result, run->each, run->ctx);
        }
    } else if (a->status == YAO_OK) {
        a->status = pg_status_of(result);
    }
    PQclear(result);
    while (!pg_is_lost(e) && (result = pg_next(e, a->ms)) != NULL)
        PQclear(result);
}

static void take_sync(pg_engine *e, answers *a)
{
    PGresult *result = pg_is_lost(e) ? NULL : pg_next(e, a->ms);

    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
        e->owed = false;
    else if (a->status == YAO_OK)
        a->status = YAO_E_LOCKED;
    PQclear(result);
}

static yao_status enter(pg_engine *e)
{
    if (pg_is_lost(e))
        return YAO_E_LOCKED;
    e->owed = true;
    return PQenterPipelineMode(e->conn) == 1 ? YAO_OK : YAO_E_LOCKED;
}

/* The end of what is sent at once. */
static yao_status send_sync(pg_engine *e)
{
    e->owed = true;
    return PQpipelineSync(e->conn) == 1 ? YAO_OK : YAO_E_LOCKED;
}

/* ---- preparing ---- */

typedef struct fresh {
    int    statements[STORE_SQL_COUNT];
    size_t count;
} fresh;

static yao_status send_fresh(pg_engine *e, const store_op *op, fresh *f)
{
    if (e->prepared[op->statement])
        return YAO_OK;
    YAO_TRY(pg_send_prepare(e, op));
    e->prepared[op->statement] = true;
    f->statements[f->count++]  = op->statement;
    return YAO_OK;
}

static void take_fresh(pg_engine *e, answers *a, const fresh *f)
{
    for (size_t i = 0; i < f->count; i++) {
        take_answer(e, a, NULL);
        if (a->status != YAO_OK)
            e->prepared[f->statements[i]] = false;
    }
}

/* ---- BEGIN ---- */

/* The turn's row, before a connection's first transaction. A register that is
 * being made has no such table yet; its schema tells what became of it. */
static yao_status open_turns(pg_engine *e)
{
    store_op op = {.statement = STORE_SQL_OPEN_TURNS};

    if (e->turns)
        return YAO_OK;
    store_bind_bytes(&op, (yao_bytes){e->writer, STORE_ID_LEN});
    yao_status status = pg_run_plain(e, &op, NULL, NULL, NULL);
    e->turns          = status == YAO_OK;
    return status == YAO_E_STORE && e->mode == STORE_CREATE && !e->made
               ? YAO_OK
               : status;
}

static yao_status begin(store_engine *base)
{
    pg_engine *e = (pg_engine *)base;

    YAO_TRY(pg_reconnect(e, BEGIN_SECONDS));
    YAO_TRY(open_turns(e));
    e->stage = PG_WANTED;
    return YAO_OK;
}

/* BEGIN and the turn, when they are still wanted; both have an answer before
 * anything else is sent when COMMIT is to follow. */
typedef struct opening {
    bool     wanted;
    fresh    fresh;
    store_op turn;
} opening;

static yao_status send_opening(pg_engine *e, opening *o)
{
    o->wanted = e->stage == PG_WANTED;
    if (!o->wanted)
        return YAO_OK;
    YAO_TRY(pg_send_text(e, BEGIN_TEXT));
    e->stage = PG_OPEN;
    if (!e->turns)
        return YAO_OK;
    o->turn = (store_op){.statement = STORE_SQL_PUT_TURN};
    store_bind_int(&o->turn, ++e->turn);
    store_bind_bytes(&o->turn, (yao_bytes){e->writer, STORE_ID_LEN});
    YAO_TRY(send_fresh(e, &o->turn, &o->fresh));
    return pg_send_op(e, &o->turn);
}

static void take_opening(pg_engine *e, answers *a, opening *o)
{
    store_run turn = {.changed = 0};

    if (!o->wanted)
        return;
    take_answer(e, a, NULL);
    if (!e->turns)
        return;
    take_fresh(e, a, &o->fresh);
    take_answer(e, a, &turn);
    if (a->status == YAO_OK && turn.changed != 1) {
        a->status = YAO_E_LOCKED; /* somebody took the row away */
        e->turns  = false;
    }
}

static yao_status open_transaction(pg_engine *e)
{
    opening o = {.wanted = false};
    answers a = {YAO_OK, PG_ANSWER_MS};

    if (e->stage != PG_WANTED)
        return YAO_OK;
    YAO_TRY(send_opening(e, &o));
    YAO_TRY(send_sync(e));
    take_opening(e, &a, &o);
    take_sync(e, &a);
    return a.status;
}

/* ---- what became of a COMMIT -------------------------------------------- */

/*
 * YAO_OK: it was committed. YAO_E_LOCKED: it was not, and will not be. The
 * question is a write itself: its answer waits for the standbys that the
 * COMMIT should have waited for.
 */
static yao_status ask_turn(pg_engine *e, const uint8_t *writer, int64_t turn)
{
    const struct timespec pause = {0, 200000000};
    store_op              op    = {.statement = STORE_SQL_ASK_TURN};

    store_bind_bytes(&op, (yao_bytes){writer, STORE_ID_LEN});
    for (;;) {
        int64_t    last   = 0;
        yao_status status = pg_run_plain(e, &op, store_keep_int, &last, NULL);

        if (status == YAO_OK && !e->warned)
            return last == turn ? YAO_OK : YAO_E_LOCKED;
        e->warned = false;
        nanosleep(&pause, NULL);
    }
}

/* Without a turn it is the schema that is asked: see migrate(). */
static yao_status resolve(pg_engine *e, bool turns)
{
    pg_drop(e);
    e->warned = false;
    return turns ? ask_turn(e, e->writer, e->turn) : YAO_E_LOCKED;
}

static bool says_commit(PGresult *result)
{
    return PQresultStatus(result) == PGRES_COMMAND_OK &&
           strcmp(PQcmdStatus(result), "COMMIT") == 0;
}

/* The answer to COMMIT: UNKNOWN when none came, or one with a warning (a
 * standby that was not waited for). */
static void take_commit(pg_engine *e, answers *a, bool *unknown)
{
    PGresult   *result = pg_is_lost(e) ? NULL : pg_next(e, a->ms);
    const char *state =
        result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    if (a->status == YAO_OK && !says_commit(result)) {
        a->status = result != NULL ? pg_status_of(result) : YAO_E_LOCKED;
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            a->status = YAO_E_STORE; /* it says ROLLBACK */
        *unknown = result == NULL || state == NULL || pg_is_lost(e) ||
                   strncmp(state, "57P", 3) == 0 || strcmp(state, "40003") == 0;
        if (PQresultStatus(result) == PGRES_COMMAND_OK)
            *unknown = false;
    } else if (a->status == YAO_OK) {
        *unknown = e->warned;
    }
    PQclear(result);
    while (!pg_is_lost(e) && (result = pg_next(e, a->ms)) != NULL)
        PQclear(result);
}

/* ---- statements in a transaction ---------------------------------------- */

static yao_status send_runs(pg_engine *e, const store_run *runs, size_t count,
                            fresh *f)
{
    for (size_t i = 0; i < count; i++)
        YAO_TRY(send_fresh(e, runs[i].op, f));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(pg_send_op(e, runs[i].op));
    return YAO_OK;
}

static yao_status send_commit(pg_engine *e, bool end)
{
    e->warned = false;
    if (end)
        YAO_TRY(pg_send_text(e, "COMMIT"));
    return send_sync(e);
}

static void take_runs(pg_engine *e, answers *a, const fresh *f, store_run *runs,
                      size_t count)
{
    take_fresh(e, a, f);
    for (size_t i = 0; i < count && !pg_is_lost(e); i++)
        take_answer(e, a, &runs[i]);
}

static void leave(pg_engine *e)
{
    e->stage = PG_IDLE;
    if (!pg_is_lost(e) && (e->owed || PQexitPipelineMode(e->conn) != 1))
        pg_drop(e);
}

static yao_status send_and_take(pg_engine *e, store_run *runs, size_t count)
{
    opening o = {.wanted = false};
    fresh   f = {.count = 0};
    answers a = {YAO_OK, PG_ANSWER_MS};

    YAO_TRY(send_opening(e, &o));
    YAO_TRY(send_runs(e, runs, count, &f));
    YAO_TRY(send_commit(e, false));
    take_opening(e, &a, &o);
    take_runs(e, &a, &f, runs, count);
    take_sync(e, &a);
    return a.status;
}

/* The same with COMMIT behind it. Whoever is not told of an error by the
 * server itself asks what became of it. */
static yao_status send_and_commit(pg_engine *e, store_run *runs, size_t count)
{
    fresh   f       = {.count = 0};
    answers a       = {YAO_OK, PG_ANSWER_MS};
    bool    unknown = false, turns = e->turns;

    YAO_TRY(send_runs(e, runs, count, &f));
    if (send_commit(e, true) != YAO_OK)
        return resolve(e, turns);
    take_runs(e, &a, &f, runs, count);
    if (pg_is_lost(e) && (a.status == YAO_OK || a.status == YAO_E_LOCKED))
        return resolve(e, turns);
    take_commit(e, &a, &unknown);
    if (unknown)
        return resolve(e, turns);
    yao_status status = a.status;
    take_sync(e, &a);
    if (status == YAO_OK) { /* nothing that follows changes that any more */
        e->made = true;
        leave(e);
    }
    return status;
}

static yao_status run_all(store_engine *base, store_run *runs, size_t count,
                          bool end)
{
    pg_engine *e = (pg_engine *)base;

    if (end && e->stage == PG_WANTED && count == 0) {
        e->stage = PG_IDLE;
        return YAO_OK;
    }
    YAO_TRY(enter(e));
    if (!end)
        return send_and_take(e, runs, count);
    YAO_TRY(open_transaction(e));
    return send_and_commit(e, runs, count);
}

static yao_status commit(store_engine *base)
{
    return run_all(base, NULL, 0, true);
}

static yao_status run(store_engine *base, const store_op *op,
                      store_each_row each, void *ctx, int64_t *changed)
{
    pg_engine *e   = (pg_engine *)base;
    store_run  one = {op, each, ctx, 0};

    if (e->stage == PG_IDLE)
        return pg_run_plain(e, op, each, ctx, changed);
    YAO_TRY(run_all(base, &one, 1, false));
    if (changed != NULL)
        *changed = one.changed;
    return YAO_OK;
}

/* Who is not in a transaction any more has nothing to undo; who can't say so
 * loses the connection, and the server undoes it. */
static void rollback(store_engine *base)
{
    pg_engine *e = (pg_engine *)base;
    answers    a = {YAO_OK, PG_ANSWER_MS};

    if (e->stage == PG_OPEN && !pg_is_lost(e) && !e->owed) {
        if (pg_send_text(e, "ROLLBACK") == YAO_OK && send_sync(e) == YAO_OK) {
            take_answer(e, &a, NULL);
            take_sync(e, &a);
        }
        if (a.status != YAO_OK)
            e->owed = true; /* nobody knows */
    }
    leave(e);
}

/* A step of the schema. */
static yao_status define(store_engine *base, const char *text)
{
    pg_engine *e = (pg_engine *)base;
    answers    a = {YAO_OK, PG_DEFINE_MS};

    YAO_TRY(enter(e));
    YAO_TRY(open_transaction(e));
    YAO_TRY(pg_send_text(e, text));
    YAO_TRY(send_sync(e));
    take_answer(e, &a, NULL);
    take_sync(e, &a);
    return a.status;
}

/* ---- is it whole, is it there ------------------------------------------- */

/* One number, by a text that is not among the statements. */
static yao_status ask(pg_engine *e, const char *text, long *ret)
{
    YAO_TRY(pg_reconnect(e, 10));

    PGresult  *result = PQexec(e->conn, text);
    yao_status status = YAO_OK;

    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
        *ret = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    else
        status = pg_status_of(result);
    PQclear(result);
    return status;
}

/* The server keeps its own pages whole; what can be asked for is that nobody
 * left an index broken, a reference unchecked or a trigger switched off. */
#define TROUBLES                                                               \
    "SELECT (SELECT COUNT(*) FROM pg_index i JOIN pg_class c"                  \
    " ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"   \
    " WHERE n.nspname = current_schema() AND NOT i.indisvalid)"                \
    " + (SELECT COUNT(*) FROM pg_constraint k JOIN pg_namespace n"             \
    " ON n.oid = k.connamespace"                                               \
    " WHERE n.nspname = current_schema() AND NOT k.convalidated)"              \
    " + (SELECT COUNT(*) FROM pg_trigger t JOIN pg_class c"                    \
    " ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"      \
    " WHERE n.nspname = current_schema() AND t.tgenabled = 'D')"               \
    " + (SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n"                  \
    " ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"            \
    " AND c.relkind = 'r' AND c.relpersistence <> 'p')"

static yao_status check(store_engine *base)
{
    long troubles = 0;

    YAO_TRY(ask((pg_engine *)base, TROUBLES, &troubles));
    return troubles == 0 ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status find_store(pg_engine *e)
{
    long there = 0, columns = 0;

    if (e->mode == STORE_READ)
        return YAO_OK;
    YAO_TRY(ask(e,
                "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n"
                " ON n.oid = c.relnamespace WHERE c.relname = 'migration'"
                " AND n.nspname = current_schema()",
                &there));
    if (e->mode == STORE_CREATE)
        return there == 0 ? YAO_OK : YAO_E_EXISTS;
    if (there == 0)
        return YAO_E_NOT_FOUND;
    YAO_TRY(ask(e,
                "SELECT COUNT(*) FROM information_schema.columns"
                " WHERE table_schema = current_schema()"
                " AND table_name = 'migration'"
                " AND column_name IN ('number', 'applied')",
                &columns));
    return columns == 2 ? YAO_OK : YAO_E_MALFORMED;
}

/* ---- opening and closing ------------------------------------------------ */

static void close_engine(store_engine *base)
{
    pg_engine *e  = (pg_engine *)base;
    store_op   op = {.statement = STORE_SQL_CLOSE_TURNS};

    if (e->turns && !pg_is_lost(e) && e->stage == PG_IDLE) {
        store_bind_bytes(&op, (yao_bytes){e->writer, STORE_ID_LEN});
        /* a row that stays is of no harm */
        (void)pg_run_plain(e, &op, NULL, NULL, NULL);
    }
    pg_drop(e);
    free(e->info);
    free(e);
}

static const store_engine_calls calls = {.begin    = begin,
                                         .commit   = commit,
                                         .rollback = rollback,
                                         .run      = run,
                                         .run_all  = run_all,
                                         .define   = define,
                                         .check    = check,
                                         .close    = close_engine};

/* "//host/name" was a URI before its scheme was taken off. */
static char *copy_info(const char *place)
{
    const char *scheme = strncmp(place, "//", 2) == 0 ? "postgresql:" : "";
    size_t      room   = strlen(place) + strlen(scheme) + 1;
    char       *info   = malloc(room);

    if (info != NULL)
        snprintf(info, room, "%s%s", scheme, place);
    return info;
}

yao_status store_postgres_open(const char *place, store_mode mode,
                               store_engine **ret)
{
    pg_engine *e      = calloc(1, sizeof *e);
    yao_status status = YAO_E_STORE;

    if (e == NULL)
        return YAO_E_STORE;
    e->base.call = &calls;
    e->mode      = mode;
    e->info      = copy_info(place);
    if (e->info != NULL &&
        getrandom(e->writer, sizeof e->writer, 0) == sizeof e->writer)
        status = pg_connect(e);
    if (status == YAO_OK)
        status = find_store(e);
    if (status == YAO_OK)
        *ret = &e->base;
    else
        close_engine(&e->base);
    return status;
}
