/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite: WAL, synchronous FULL (a commit that was answered survives a power
 * cut), foreign keys, deleted content overwritten, nothing in the schema
 * trusted. Each statement is prepared once for each connection.
 */

#include "store/engine.h"
#include "store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "yao1": whose file it is; another one is not opened. */
#define APPLICATION_ID 0x79616f31

/* Milliseconds to wait for another process; pages of WAL before it is moved
 * into the file (leaves of indexes are written many times until then), and
 * bytes to which it is cut afterwards. */
enum { BUSY_MS = 10000 };
#define SETTINGS                                                               \
    "PRAGMA busy_timeout = 10000;"                                             \
    "PRAGMA foreign_keys = ON;"                                                \
    "PRAGMA synchronous = FULL;"                                               \
    "PRAGMA secure_delete = ON;"                                               \
    "PRAGMA trusted_schema = OFF;"                                             \
    "PRAGMA cell_size_check = ON;"                                             \
    "PRAGMA temp_store = MEMORY;"                                              \
    "PRAGMA wal_autocheckpoint = 4000;"                                        \
    "PRAGMA journal_size_limit = 16777216;"

/* kB of pages: what a reader remembers is forgotten with every commit of the
 * writer; the writer comes back to the same leaves. */
#define READER_SETTINGS "PRAGMA query_only = ON; PRAGMA cache_size = -1024;"
#define WRITER_SETTINGS "PRAGMA cache_size = -16384;"

typedef struct engine {
    store_engine  base;
    sqlite3      *db;
    sqlite3_stmt *begin, *commit, *rollback;
    sqlite3_stmt *statements[STORE_SQL_COUNT];
} engine;

static yao_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return YAO_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return YAO_E_LOCKED;
    case SQLITE_NOTADB:
        return YAO_E_MALFORMED;
    default:
        return YAO_E_STORE;
    }
}

/* ---- statements --------------------------------------------------------- */

static yao_status prepare(engine *e, const char *text, sqlite3_stmt **stmt)
{
    if (*stmt != NULL)
        return YAO_OK;
    return status_of(sqlite3_prepare_v3(e->db, text, -1,
                                        SQLITE_PREPARE_PERSISTENT, stmt, NULL));
}

static int bind_value(sqlite3_stmt *stmt, int at, const store_value *value)
{
    /* a NULL pointer would bind NULL, not nothing */
    const void *ptr =
        value->bytes.len > 0 ? value->bytes.ptr : (const void *)"";

    switch (value->kind) {
    case STORE_INT:
        return sqlite3_bind_int64(stmt, at, value->number);
    case STORE_BYTES:
        return sqlite3_bind_blob64(stmt, at, ptr, value->bytes.len,
                                   SQLITE_STATIC);
    case STORE_TEXT:
        return sqlite3_bind_text64(stmt, at, ptr, value->bytes.len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case STORE_NULL:
        break;
    }
    return sqlite3_bind_null(stmt, at);
}

static store_value column(sqlite3_stmt *stmt, int at)
{
    store_value value = {.kind = STORE_NULL};

    switch (sqlite3_column_type(stmt, at)) {
    case SQLITE_INTEGER:
        value.kind   = STORE_INT;
        value.number = sqlite3_column_int64(stmt, at);
        break;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        value.kind = sqlite3_column_type(stmt, at) == SQLITE_TEXT ? STORE_TEXT
                                                                  : STORE_BYTES;
        value.bytes.ptr = sqlite3_column_blob(stmt, at);
        value.bytes.len = (size_t)sqlite3_column_bytes(stmt, at);
        break;
    default:
        break;
    }
    return value;
}

static yao_status give_row(sqlite3_stmt *stmt, store_each_row each, void *ctx)
{
    store_value columns[STORE_MAX_VALUES];
    int         count = sqlite3_column_count(stmt);

    if (count > STORE_MAX_VALUES)
        return YAO_E_STORE;
    for (int i = 0; i < count; i++)
        columns[i] = column(stmt, i);
    return each(ctx, columns, (size_t)count);
}

static yao_status step_rows(sqlite3_stmt *stmt, store_each_row each, void *ctx)
{
    int code;

    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
        if (each != NULL)
            YAO_TRY(give_row(stmt, each, ctx));
    return status_of(code);
}

static yao_status run(store_engine *base, const store_op *op,
                      store_each_row each, void *ctx, int64_t *changed)
{
    engine          *e    = (engine *)base;
    const store_sql *sql  = &store_statements[op->statement];
    sqlite3_stmt   **slot = &e->statements[op->statement];

    if (op->count != sql->params)
        return YAO_E_USAGE;
    YAO_TRY(prepare(e, sql->text, slot));

    yao_status status = YAO_OK;
    for (size_t i = 0; i < op->count && status == YAO_OK; i++)
        status = status_of(bind_value(*slot, (int)i + 1, &op->values[i]));
    if (status == YAO_OK)
        status = step_rows(*slot, each, ctx);
    sqlite3_reset(*slot);
    sqlite3_clear_bindings(*slot);
    if (status == YAO_OK && changed != NULL)
        *changed = sqlite3_changes(e->db);
    return status;
}

static yao_status define(store_engine *base, const char *text)
{
    return status_of(
        sqlite3_exec(((engine *)base)->db, text, NULL, NULL, NULL));
}

/* ---- transactions ---- */

static yao_status step_once(engine *e, const char *text, sqlite3_stmt **stmt)
{
    YAO_TRY(prepare(e, text, stmt));
    int code = sqlite3_step(*stmt);
    sqlite3_reset(*stmt);
    return status_of(code);
}

static yao_status begin(store_engine *base)
{
    engine *e = (engine *)base;

    return step_once(e, "BEGIN IMMEDIATE", &e->begin);
}

static yao_status commit(store_engine *base)
{
    engine *e = (engine *)base;

    return step_once(e, "COMMIT", &e->commit);
}

/* A full disk has rolled back already; then there is nothing to do. */
static void rollback(store_engine *base)
{
    engine *e = (engine *)base;

    if (sqlite3_get_autocommit(e->db) == 0 &&
        step_once(e, "ROLLBACK", &e->rollback) != YAO_OK)
        abort(); /* going on would mix two members: the file is safe without us
                  */
}

/* ---- the file ---- */

static int first_text(void *ctx, int count, char **values, char **names)
{
    bool *fine = ctx;

    (void)names;
    *fine = count == 1 && values[0] != NULL && strcmp(values[0], "ok") == 0;
    return 0;
}

static int any_row(void *ctx, int count, char **values, char **names)
{
    (void)count;
    (void)values;
    (void)names;
    *(bool *)ctx = false;
    return 0;
}

static yao_status check(store_engine *base)
{
    sqlite3 *db    = ((engine *)base)->db;
    bool     whole = false, linked = true;

    YAO_TRY(status_of(sqlite3_exec(db, "PRAGMA integrity_check(1)", first_text,
                                   &whole, NULL)));
    YAO_TRY(status_of(
        sqlite3_exec(db, "PRAGMA foreign_key_check", any_row, &linked, NULL)));
    return whole && linked ? YAO_OK : YAO_E_MISMATCH;
}

/* Nobody waits for it: who writes would wait as well. */
static yao_status tidy(store_engine *base)
{
    sqlite3 *db   = ((engine *)base)->db;
    int      code = SQLITE_OK;

    sqlite3_busy_timeout(db, 0);
    code = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                     NULL);
    sqlite3_busy_timeout(db, BUSY_MS);
    return status_of(code);
}

static void close_engine(store_engine *base)
{
    engine *e = (engine *)base;

    sqlite3_finalize(e->begin);
    sqlite3_finalize(e->commit);
    sqlite3_finalize(e->rollback);
    for (size_t i = 0; i < STORE_SQL_COUNT; i++)
        sqlite3_finalize(e->statements[i]);
    sqlite3_close(e->db);
    free(e);
}

static int one_int(void *ctx, int count, char **values, char **names)
{
    (void)names;
    if (count == 1 && values[0] != NULL)
        *(long *)ctx = strtol(values[0], NULL, 10);
    return 0;
}

/* A file is ours when it says so; a new one is told to. */
static yao_status claim_file(sqlite3 *db, store_mode mode)
{
    char text[64];
    long id = 0;

    if (mode == STORE_CREATE) {
        snprintf(text, sizeof text, "PRAGMA application_id = %d",
                 APPLICATION_ID);
        YAO_TRY(status_of(
            sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL)));
        return status_of(sqlite3_exec(db, text, NULL, NULL, NULL));
    }
    YAO_TRY(status_of(
        sqlite3_exec(db, "PRAGMA application_id", one_int, &id, NULL)));
    return id == APPLICATION_ID ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status prepare_connection(sqlite3 *db, store_mode mode)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    YAO_TRY(status_of(sqlite3_exec(db, SETTINGS, NULL, NULL, NULL)));
    YAO_TRY(claim_file(db, mode));
    return status_of(sqlite3_exec(
        db, mode == STORE_READ ? READER_SETTINGS : WRITER_SETTINGS, NULL, NULL,
        NULL));
}

/* The file is made here and not by SQLite, so that nobody else can read it;
 * its WAL gets the same rights. */
static yao_status make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno == EEXIST ? YAO_E_EXISTS : YAO_E_STORE;
    close(fd);
    return YAO_OK;
}

static yao_status find_file(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? YAO_E_NOT_FOUND
                                                   : YAO_E_STORE;
    return S_ISREG(st.st_mode) ? YAO_OK : YAO_E_MALFORMED;
}

static const store_engine_calls calls = {.begin    = begin,
                                         .commit   = commit,
                                         .rollback = rollback,
                                         .run      = run,
                                         .define   = define,
                                         .check    = check,
                                         .tidy     = tidy,
                                         .close    = close_engine};

/* Memory is not counted: each allocation took one lock of the whole process for
 * it, and connections allocate a page for each that they read. */
static void configure(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

yao_status store_sqlite_open(const char *path, store_mode mode,
                             store_engine **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, configure);
    YAO_TRY(mode == STORE_CREATE ? make_file(path) : find_file(path));

    engine *e = calloc(1, sizeof *e);
    if (e == NULL)
        return YAO_E_STORE;
    e->base.call = &calls;

    /* NOMUTEX: a connection is used by one thread at a time */
    yao_status status = status_of(sqlite3_open_v2(
        path, &e->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    if (status == YAO_OK)
        status = prepare_connection(e->db, mode);
    if (status == YAO_OK)
        *ret = &e->base;
    else
        close_engine(&e->base);
    return status;
}
