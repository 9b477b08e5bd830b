/* SPDX-License-Identifier: Apache-2.0 */
/* Values to the server and rows back, in binary: nothing is quoted. */

#include "store/postgres/postgres.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types of the server's that we meet: pg_type.dat. */
enum { BYTEA = 17, INT8 = 20, INT4 = 23, TEXT = 25 };

/* ---- sending ------------------------------------------------------------ */

static Oid type_of(store_value_kind kind)
{
    switch (kind) {
    case STORE_INT:
        return INT8;
    case STORE_BYTES:
        return BYTEA;
    case STORE_TEXT:
        return TEXT;
    case STORE_NULL:
        break;
    }
    return 0;
}

static void name_of(int statement, char out[16])
{
    snprintf(out, 16, "s%d", statement);
}

yao_status pg_send_prepare(pg_engine *e, const store_op *op)
{
    const store_sql *sql = &store_statements[op->statement];
    Oid              types[STORE_MAX_VALUES];
    char             name[16];

    if (op->count != sql->params)
        return YAO_E_USAGE;
    for (size_t i = 0; i < op->count; i++)
        types[i] = type_of(op->values[i].kind);
    name_of(op->statement, name);
    return PQsendPrepare(e->conn, name, sql->text, (int)op->count, types) == 1
               ? YAO_OK
               : YAO_E_LOCKED;
}

/* Numbers go with the highest byte first. */
static void put_number(int64_t number, char out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (char)(uint8_t)((uint64_t)number >> (56 - 8 * i));
}

yao_status pg_send_op(pg_engine *e, const store_op *op)
{
    const char *values[STORE_MAX_VALUES];
    int         lengths[STORE_MAX_VALUES], formats[STORE_MAX_VALUES];
    char        numbers[STORE_MAX_VALUES][8], name[16];

    if (op->count != store_statements[op->statement].params)
        return YAO_E_USAGE;
    for (size_t i = 0; i < op->count; i++) {
        const store_value *v = &op->values[i];

        formats[i] = 1;
        values[i]  = v->bytes.len > 0 ? (const char *)v->bytes.ptr : "";
        if (v->bytes.len > INT_MAX)
            return YAO_E_STORE;
        lengths[i] = (int)v->bytes.len;
        if (v->kind == STORE_NULL)
            values[i] = NULL;
        if (v->kind == STORE_INT) {
            put_number(v->number, numbers[i]);
            values[i]  = numbers[i];
            lengths[i] = 8;
        }
    }
    name_of(op->statement, name);
    return PQsendQueryPrepared(e->conn, name, (int)op->count, values, lengths,
                               formats, 1) == 1
               ? YAO_OK
               : YAO_E_LOCKED;
}

yao_status pg_send_text(pg_engine *e, const char *text)
{
    return PQsendQueryParams(e->conn, text, 0, NULL, NULL, NULL, NULL, 1) == 1
               ? YAO_OK
               : YAO_E_LOCKED;
}

/* ---- answers ------------------------------------------------------------ */

/* A server that stands still answers nothing and closes nothing: it is left,
 * and another one asked. */
PGresult *pg_next(pg_engine *e, int ms)
{
    while (e->conn != NULL && PQisBusy(e->conn)) {
        struct pollfd waits = {PQsocket(e->conn), POLLIN, 0};

        if (PQflush(e->conn) > 0)
            waits.events |= POLLOUT;
        if (poll(&waits, 1, ms) == 0) {
            pg_drop(e);
            return NULL;
        }
        if (PQconsumeInput(e->conn) == 0)
            break;
    }
    return e->conn != NULL ? PQgetResult(e->conn) : NULL;
}

static int64_t get_number(const char *from, int len)
{
    uint64_t number = (uint8_t)from[0] & 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < len; i++)
        number = number << 8 | (uint8_t)from[i];
    return (int64_t)number;
}

static yao_status get_column(const PGresult *result, int row, int column,
                             store_value *ret)
{
    const char *at  = PQgetvalue(result, row, column);
    int         len = PQgetlength(result, row, column);

    *ret = (store_value){.kind = STORE_NULL};
    if (PQgetisnull(result, row, column) == 1)
        return YAO_OK;
    switch (PQftype(result, column)) {
    case INT8:
    case INT4:
        if (len != 4 && len != 8)
            return YAO_E_STORE;
        ret->kind   = STORE_INT;
        ret->number = get_number(at, len);
        return YAO_OK;
    case BYTEA:
    case TEXT:
        ret->kind  = PQftype(result, column) == TEXT ? STORE_TEXT : STORE_BYTES;
        ret->bytes = (yao_bytes){(const uint8_t *)at, (size_t)len};
        return YAO_OK;
    default:
        return YAO_E_STORE;
    }
}

yao_status pg_give_rows(const PGresult *result, store_each_row each, void *ctx)
{
    int         count = PQnfields(result);
    store_value columns[STORE_MAX_VALUES];

    if (count > STORE_MAX_VALUES)
        return YAO_E_STORE;
    for (int row = 0; row < PQntuples(result); row++) {
        for (int i = 0; i < count; i++)
            YAO_TRY(get_column(result, row, i, &columns[i]));
        YAO_TRY(each(ctx, columns, (size_t)count));
    }
    return YAO_OK;
}

int64_t pg_changed(PGresult *result)
{
    return strtoll(PQcmdTuples(result), NULL, 10);
}

/* ---- outside a transaction ---------------------------------------------- */

/* What one result of a statement says; *GIVEN when rows were given. */
static yao_status take_result(PGresult *result, store_each_row each, void *ctx,
                              int64_t *changed, bool *given)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        if (changed != NULL)
            *changed = pg_changed(result);
        return each != NULL ? pg_give_rows(result, each, ctx) : YAO_OK;
    case PGRES_SINGLE_TUPLE:
        *given = true;
        return each != NULL ? pg_give_rows(result, each, ctx) : YAO_OK;
    default:
        return pg_status_of(result);
    }
}

static yao_status take_all(pg_engine *e, store_each_row each, void *ctx,
                           int64_t *changed, bool *given)
{
    yao_status status = YAO_OK;
    bool       any    = false;
    PGresult  *result;

    while ((result = pg_next(e, PG_ANSWER_MS)) != NULL) {
        if (status == YAO_OK)
            status = take_result(result, each, ctx, changed, given);
        PQclear(result);
        any = true;
    }
    if (status == YAO_OK && (!any || pg_is_lost(e)))
        status = YAO_E_LOCKED;
    return status;
}

static yao_status prepare_plain(pg_engine *e, const store_op *op)
{
    if (e->prepared[op->statement])
        return YAO_OK;
    YAO_TRY(pg_send_prepare(e, op));
    YAO_TRY(take_all(e, NULL, NULL, NULL, &(bool){false}));
    e->prepared[op->statement] = true;
    return YAO_OK;
}

static yao_status run_once(pg_engine *e, const store_op *op,
                           store_each_row each, void *ctx, int64_t *changed,
                           bool *given)
{
    YAO_TRY(prepare_plain(e, op));
    YAO_TRY(pg_send_op(e, op));
    PQsetSingleRowMode(e->conn);
    return take_all(e, each, ctx, changed, given);
}

/* A connection that was lost while nobody used it is opened again: once, and
 * only while nobody has seen a row. */
yao_status pg_run_plain(pg_engine *e, const store_op *op, store_each_row each,
                        void *ctx, int64_t *changed)
{
    bool given = false;

    YAO_TRY(pg_reconnect(e, 10));
    yao_status status = run_once(e, op, each, ctx, changed, &given);
    if (status == YAO_E_LOCKED && pg_is_lost(e) && !given) {
        YAO_TRY(pg_reconnect(e, 10));
        status = run_once(e, op, each, ctx, changed, &given);
    }
    return status;
}
