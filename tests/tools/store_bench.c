/* SPDX-License-Identifier: Apache-2.0 */

/**
 * store-bench [SECONDS]: how many changes a store commits in a second, in
 * groups of 64, next to the bare engine that does the same by hand: 64 times
 * two rows with a random key in one transaction. In turns, by the clock on the
 * wall: what is measured is mostly the disk's flush.
 *
 * A change is one claim (a thing that may be used once) and one row (an event).
 */

#include "store/store.h"

#include "postgres_server.h"
#include "program.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TURNS = 10 };

static uint32_t next_number;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    fprintf(stderr, "store-bench: %s\n", what);
    exit(7);
}

/* Spread as keyed hashes are. */
static void next_key(uint8_t key[STORE_HASH_LEN])
{
    uint32_t n = next_number++;

    for (int i = 0; i < STORE_HASH_LEN; i += 4) {
        uint32_t mixed = (n + (uint32_t)i) * 2654435761u;

        mixed ^= mixed >> 15;
        memcpy(key + i, &mixed, 4);
    }
    memcpy(key + 4, &n, 4);
}

/* ---- through the store ---- */

typedef struct member {
    _Alignas(16) uint8_t memory[4096];
    yao_arena    arena;
    store_change change;
    uint8_t      key[STORE_HASH_LEN];
} member;

static void submit(store *s, member *m)
{
    next_key(m->key);
    m->arena  = (yao_arena){m->memory, sizeof m->memory, 0};
    m->change = store_change_open(&m->arena);

    const store_once  once  = {1, {m->key, sizeof m->key}, 1, {NULL, 0}};
    const store_event event = {.id      = {m->key, STORE_ID_LEN},
                               .at      = 1,
                               .kind    = YAO_TEXT("document.issue"),
                               .subject = {m->key, sizeof m->key},
                               .detail  = YAO_TEXT("{\"copies\":6}")};
    store_put_once(&m->change, &once);
    store_put_event(&m->change, &event);
    store_submit(s, &m->change);
}

static double by_store(void *ctx, double seconds)
{
    static member members[STORE_MAX_GROUP];
    double        began = now_s();
    size_t        count = 0;

    while (now_s() < began + seconds) {
        for (size_t i = 0; i < STORE_MAX_GROUP; i++)
            submit(ctx, &members[i]);
        for (size_t i = 0; i < STORE_MAX_GROUP; i++)
            if (store_wait(ctx, &members[i].change) != YAO_OK)
                die("a change failed");
        count += STORE_MAX_GROUP;
    }
    return (double)count / (now_s() - began);
}

/* ---- by hand ---- */

#define ONCE "INSERT INTO once VALUES ($1, $2, $3, $4)"
#define EVENT "INSERT INTO outbox VALUES ($1, $2, $3, $4, $5)"

typedef struct bare_sqlite {
    sqlite3      *db;
    sqlite3_stmt *once, *event;
} bare_sqlite;

static void step(sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE)
        die("SQLite failed");
    sqlite3_reset(stmt);
}

static void put_sqlite(const bare_sqlite *b)
{
    uint8_t key[STORE_HASH_LEN];

    next_key(key);
    sqlite3_bind_int64(b->once, 1, 1);
    sqlite3_bind_blob(b->once, 2, key, sizeof key, SQLITE_STATIC);
    sqlite3_bind_int64(b->once, 3, 1);
    sqlite3_bind_blob(b->once, 4, "", 0, SQLITE_STATIC);
    step(b->once);
    sqlite3_bind_blob(b->event, 1, key, STORE_ID_LEN, SQLITE_STATIC);
    sqlite3_bind_int64(b->event, 2, 1);
    sqlite3_bind_text(b->event, 3, "document.issue", -1, SQLITE_STATIC);
    sqlite3_bind_blob(b->event, 4, key, sizeof key, SQLITE_STATIC);
    sqlite3_bind_text(b->event, 5, "{\"copies\":6}", -1, SQLITE_STATIC);
    step(b->event);
}

static double by_sqlite(void *ctx, double seconds)
{
    const bare_sqlite *b     = ctx;
    double             began = now_s();
    size_t             count = 0;

    while (now_s() < began + seconds) {
        sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (int i = 0; i < STORE_MAX_GROUP; i++)
            put_sqlite(b);
        if (sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
            die("SQLite did not commit");
        count += STORE_MAX_GROUP;
    }
    return (double)count / (now_s() - began);
}

static void put_postgres(PGconn *conn)
{
    static const char one[8]  = {0, 0, 0, 0, 0, 0, 0, 1};
    const int         binary[] = {1, 1, 1, 1, 1};
    uint8_t           key[STORE_HASH_LEN];

    next_key(key);
    const char *const once[]       = {one, (const char *)key, one, ""};
    const int         once_len[]   = {8, sizeof key, 8, 0};
    const char *const event[]      = {(const char *)key, one, "document.issue",
                                      (const char *)key, "{\"copies\":6}"};
    const int         event_len[]  = {STORE_ID_LEN, 8, 14, sizeof key, 12};

    if (PQsendQueryPrepared(conn, "once", 4, once, once_len, binary, 1) != 1 ||
        PQsendQueryPrepared(conn, "event", 5, event, event_len, binary, 1) != 1)
        die("libpq did not send");
}

/* One pipeline and one transaction for the whole group. */
static double by_postgres(void *ctx, double seconds)
{
    PGconn *conn  = ctx;
    double  began = now_s();
    size_t  count = 0;

    while (now_s() < began + seconds) {
        PGresult *result;

        PQsendQueryParams(conn, "BEGIN", 0, NULL, NULL, NULL, NULL, 1);
        for (int i = 0; i < STORE_MAX_GROUP; i++)
            put_postgres(conn);
        PQsendQueryParams(conn, "COMMIT", 0, NULL, NULL, NULL, NULL, 1);
        PQpipelineSync(conn);
        for (bool synced = false; !synced;) {
            result = PQgetResult(conn);
            synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            if (result != NULL && PQresultStatus(result) == PGRES_FATAL_ERROR)
                die(PQresultErrorMessage(result));
            PQclear(result);
        }
        count += STORE_MAX_GROUP;
    }
    return (double)count / (now_s() - began);
}

/* ---- in turns ---- */

typedef double (*rate)(void *ctx, double seconds);

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void contest(const char *name, store *s, rate bare, void *ctx,
                    double seconds)
{
    double ours[TURNS], theirs[TURNS], ratios[TURNS];

    for (int i = 0; i < TURNS; i++) {
        ours[i]   = by_store(s, seconds / (double)TURNS / 2);
        theirs[i] = bare(ctx, seconds / (double)TURNS / 2);
        ratios[i] = ours[i] / theirs[i];
    }
    qsort(ours, TURNS, sizeof *ours, compare);
    qsort(theirs, TURNS, sizeof *theirs, compare);
    qsort(ratios, TURNS, sizeof *ratios, compare);
    printf("{\"engine\":\"%s\",\"per_second\":%.0f,\"bare_per_second\":%.0f,"
           "\"ratio\":%.2f}\n",
           name, ours[TURNS / 2], theirs[TURNS / 2], ratios[TURNS / 2]);
}

static store *open_store(const char *url)
{
    store *s = NULL;

    const store_options options = {.url = url, .create = true, .now = 1};

    if (store_open(&options, &s) != YAO_OK)
        die("the store can't be made");
    return s;
}

/* The bare one gets a store of its own: same tables, same indexes. */
static void bench_sqlite(double seconds)
{
    char        url[4300];
    bare_sqlite b = {NULL, NULL, NULL};

    snprintf(url, sizeof url, "sqlite:%s", test_scratch_path("bare.db"));
    store_close(open_store(url));
    if (sqlite3_open(test_scratch_path("bare.db"), &b.db) != SQLITE_OK ||
        sqlite3_exec(b.db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) !=
            SQLITE_OK ||
        sqlite3_prepare_v2(b.db, ONCE, -1, &b.once, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(b.db, EVENT, -1, &b.event, NULL) != SQLITE_OK)
        die("SQLite did not open");

    snprintf(url, sizeof url, "sqlite:%s", test_scratch_path("store.db"));
    store *s = open_store(url);
    contest("sqlite", s, by_sqlite, &b, seconds);
    store_close(s);
    sqlite3_finalize(b.once);
    sqlite3_finalize(b.event);
    sqlite3_close(b.db);
}

static void bench_postgres(double seconds)
{
    char url[256];

    if (test_postgres_missing() != NULL) {
        printf("{\"engine\":\"postgres\",\"skipped\":\"%s\"}\n",
               test_postgres_missing());
        return;
    }
    test_postgres_url(url, sizeof url);
    store_close(open_store(url));
    PGconn *conn = PQconnectdb(strchr(url, ':') + 1);
    PQclear(PQprepare(conn, "once", ONCE, 0, NULL));
    PQclear(PQprepare(conn, "event", EVENT, 0, NULL));
    if (PQenterPipelineMode(conn) != 1)
        die("libpq has no pipeline");

    test_postgres_url(url, sizeof url);
    store *s = open_store(url);
    contest("postgres", s, by_postgres, conn, seconds);
    store_close(s);
    PQfinish(conn);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 8;

    setvbuf(stdout, NULL, _IONBF, 0); /* a server is forked from here */
    bench_sqlite(seconds);
    bench_postgres(seconds);
    test_scratch_remove();
    test_postgres_stop();
    return 0;
}
