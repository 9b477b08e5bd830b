/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_POSTGRES_H
#define YAO_STORE_POSTGRES_H

/**
 * One connection to PostgreSQL.
 *
 * connection.c opens it, with what we rely on, and again when it was lost;
 * statement.c carries values there and rows back; postgres.c is the engine:
 * transactions, pipelines, and what became of a COMMIT without an answer.
 */

#include "store/engine.h"
#include "store_sql.h"

#include <libpq-fe.h>

/* How long an answer may take, in milliseconds: locks are waited for 10 s. A
 * step of a migration may have to read a whole table. */
#define PG_ANSWER_MS 30000
#define PG_DEFINE_MS 3600000

/* Where a transaction is. */
typedef enum pg_stage {
    PG_IDLE = 0,
    PG_WANTED, /* begin() was called, the server does not know yet */
    PG_OPEN
} pg_stage;

typedef struct pg_engine {
    store_engine base;
    PGconn      *conn; /* NULL: lost */
    char        *info; /* how it is opened */
    store_mode   mode;
    pg_stage     stage;
    bool         prepared[STORE_SQL_COUNT];
    bool         warned; /* by the server, since it was last asked */
    bool         owed;   /* answers to what was sent */
    bool         made;   /* a register that is being made has its tables */

    /* which group was committed last: see 0001-register.sql */
    uint8_t writer[STORE_ID_LEN];
    int64_t turn;
    bool    turns; /* the row is there */
} pg_engine;

/* ---- connection.c ---- */

/** Open e->conn. Errors: YAO_E_STORE, YAO_E_UNSUPPORTED. */
yao_status pg_connect(pg_engine *e);

/** Is it open? If not, try for SECONDS. Errors: YAO_E_STORE. */
yao_status pg_reconnect(pg_engine *e, unsigned seconds);

/** Close it: lost, or in a state that nobody knows. */
void pg_drop(pg_engine *e);

/** Is the connection gone? */
bool pg_is_lost(const pg_engine *e);

/** What the error of RESULT (NULL: of the connection) means. */
yao_status pg_status_of(const PGresult *result);

/* ---- statement.c ---- */

/** Send PREPARE of OP's statement; send OP, prepared. */
yao_status pg_send_prepare(pg_engine *e, const store_op *op);
yao_status pg_send_op(pg_engine *e, const store_op *op);

/** Send what has no values. */
yao_status pg_send_text(pg_engine *e, const char *text);

/** The next result within MS, or NULL: the connection may be lost then. */
PGresult *pg_next(pg_engine *e, int ms);

/** Give the rows of RESULT to EACH. */
yao_status pg_give_rows(const PGresult *result, store_each_row each, void *ctx);

/** Rows that RESULT says were changed. */
int64_t pg_changed(PGresult *result);

/** Run OP outside a transaction, row by row as they come. */
yao_status pg_run_plain(pg_engine *e, const store_op *op, store_each_row each,
                        void *ctx, int64_t *changed);

#endif
