/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening a connection, and what we rely on: the primary, never a standby that
 * lags behind; a server that has flushed what it acknowledges; UTF-8.
 */

#include "store/postgres/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Locks are waited for ten seconds, as SQLite does. Nothing else may cancel a
 * COMMIT that waits for its standby. A process that stands still in the middle
 * of a transaction is thrown out. Index scans hold less of a serializable
 * transaction's view than reading whole tables, so that two processes meet
 * less often.
 */
#define SETTINGS                                                               \
    "SET client_min_messages = warning;"                                       \
    "SET lock_timeout = '10s';"                                                \
    "SET statement_timeout = 0;"                                               \
    "SET idle_in_transaction_session_timeout = '60s';"
#define WRITER_SETTINGS "SET enable_seqscan = off;"
#define READER_SETTINGS "SET default_transaction_read_only = on;"

/* ---- what an error means ------------------------------------------------ */

static const struct {
    const char *begins;
    yao_status  status;
} meanings[] = {
    {"40", YAO_E_LOCKED},    /* serialization failure, deadlock */
    {"55P03", YAO_E_LOCKED}, /* a lock was waited for too long */
    {"25006", YAO_E_LOCKED}, /* read only: a primary that is no more */
    {"57P", YAO_E_LOCKED},   /* shut down, starting up */
    {"08", YAO_E_LOCKED},    /* the connection */
    {"53300", YAO_E_LOCKED}, /* too many connections */
};

/* Without a connection nothing was committed, but for a COMMIT that was sent:
 * see postgres.c. */
yao_status pg_status_of(const PGresult *result)
{
    const char *state =
        result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    if (state == NULL)
        return YAO_E_LOCKED;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (strncmp(state, meanings[i].begins, strlen(meanings[i].begins)) == 0)
            return meanings[i].status;
    return YAO_E_STORE;
}

/* ---- opening ------------------------------------------------------------ */

static void note_warning(void *ctx, const PGresult *result)
{
    const char *severity =
        PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    if (severity != NULL && strcmp(severity, "WARNING") == 0)
        ((pg_engine *)ctx)->warned = true;
}

/* What the string does not say is as written here. */
static PGconn *open_conn(const char *info)
{
    static const char *const names[] = {
        "connect_timeout",  "target_session_attrs", "tcp_user_timeout",
        "keepalives_idle",  "application_name",     "dbname",
        "client_encoding",  NULL};
    const char *const values[] = {"5",  "primary", "30000", "10",
                                  "yaopai", info, "UTF8",  NULL};

    return PQconnectdbParams(names, values, 1);
}

static yao_status execute(PGconn *conn, const char *text)
{
    PGresult  *result = PQexec(conn, text);
    yao_status status = YAO_OK;

    if (PQresultStatus(result) != PGRES_COMMAND_OK &&
        PQresultStatus(result) != PGRES_TUPLES_OK)
        status = pg_status_of(result);
    PQclear(result);
    return status;
}

/* Is setting NAME off? Not having it is not being off. */
static yao_status is_off(PGconn *conn, const char *name, bool *ret)
{
    const char *const values[] = {name};
    PGresult         *result   = PQexecParams(
        conn, "SELECT setting FROM pg_settings WHERE name = $1", 1, NULL,
        values, NULL, NULL, 0);
    yao_status status = YAO_OK;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = pg_status_of(result);
    else
        *ret = PQntuples(result) == 1 &&
               strcmp(PQgetvalue(result, 0, 0), "off") == 0;
    PQclear(result);
    return status;
}

/* A server that forgets what it acknowledged is none of ours. How long a
 * commit waits for standbys is its operator's to say, but not whether it waits
 * for the disk. */
static yao_status check_durable(PGconn *conn)
{
    bool forgets = false, hurries = false;

    YAO_TRY(is_off(conn, "fsync", &forgets));
    if (forgets)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(is_off(conn, "synchronous_commit", &hurries));
    if (hurries)
        YAO_TRY(execute(conn, "SET synchronous_commit = on"));
    YAO_TRY(is_off(conn, "synchronous_commit", &hurries));
    return hurries ? YAO_E_UNSUPPORTED : YAO_OK;
}

static yao_status prepare_conn(PGconn *conn, store_mode mode)
{
    const char *encoding = PQparameterStatus(conn, "server_encoding");

    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(execute(conn, SETTINGS));
    if (mode == STORE_READ)
        return execute(conn, READER_SETTINGS);
    YAO_TRY(execute(conn, WRITER_SETTINGS));
    return check_durable(conn);
}

yao_status pg_connect(pg_engine *e)
{
    yao_status status = YAO_E_STORE;

    pg_drop(e);
    PGconn *conn = open_conn(e->info);
    if (PQstatus(conn) == CONNECTION_OK) {
        PQsetNoticeReceiver(conn, note_warning, e);
        status = prepare_conn(conn, e->mode);
    }
    if (status == YAO_OK)
        e->conn = conn;
    else
        PQfinish(conn);
    return status;
}

bool pg_is_lost(const pg_engine *e)
{
    return e->conn == NULL || PQstatus(e->conn) != CONNECTION_OK;
}

void pg_drop(pg_engine *e)
{
    PQfinish(e->conn);
    e->conn  = NULL;
    e->stage = PG_IDLE;
    e->turns = false;
    e->owed  = false;
    memset(e->prepared, 0, sizeof e->prepared);
}

yao_status pg_reconnect(pg_engine *e, unsigned seconds)
{
    const struct timespec pause = {0, 200000000};
    double                until = store_seconds() + seconds;

    if (!pg_is_lost(e))
        return YAO_OK;
    while (pg_connect(e) != YAO_OK) {
        if (store_seconds() > until)
            return YAO_E_STORE;
        nanosleep(&pause, NULL);
    }
    return YAO_OK;
}
