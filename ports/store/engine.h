/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_ENGINE_H
#define YAO_STORE_ENGINE_H

/**
 * What the store asks of a database: one connection, transactions, the named
 * statements of sql/. Everything that has a meaning is above this line and
 * written once; an engine is a file that implements these functions and one
 * row in the table of store.c.
 */

#include "store/store.h"

#include <pthread.h>

/** One statement or migration of sql/, as tools/pack-sql packs them. */
typedef struct store_sql {
    const char *name;
    const char *text;
    size_t      params; /* $1 .. $params */
} store_sql;

/** One row of an answer; lives until the function returns. */
typedef yao_status (*store_each_row)(void *ctx, const store_value *columns,
                                     size_t count);

typedef struct store_engine store_engine;

/** One of several statements that are run together. */
typedef struct store_run {
    const store_op *op;
    store_each_row  each; /* as in run() */
    void           *ctx;
    int64_t         changed;
} store_run;

typedef struct store_engine_calls {
    yao_status (*begin)(store_engine *e);
    yao_status (*commit)(store_engine *e);
    void (*rollback)(store_engine *e);

    /**
     * Run statement OP->statement with its values.
     *
     * In      each     gets the rows, may be NULL; its status, when it is not
     *                  YAO_OK, ends the statement
     * Out     changed  rows inserted, updated or deleted; may be NULL
     * Errors  YAO_E_LOCKED  busy, or a serialization failure: try again
     *         YAO_E_STORE   anything else, constraints included
     */
    yao_status (*run)(store_engine *e, const store_op *op, store_each_row each,
                      void *ctx, int64_t *changed);

    /**
     * Run COUNT statements that don't depend on each other's answers, and END
     * the transaction with them when that is asked for: for engines that lie
     * behind a network, one way there and back. NULL: there is nothing to be
     * gained, run() and commit() are used.
     *
     * Out     changed of each
     * Errors  those of run() and commit(), of the first that failed; the
     *         transaction is still to be rolled back then
     */
    yao_status (*run_all)(store_engine *e, store_run *runs, size_t count,
                          bool end);

    /**
     * Commit a whole change, or as many as NEXT gives as one, by another
     * process's writer; NULL where this process writes itself. Fills in what
     * the claims returned and what a lost one was about.
     *
     * Errors  those of store_commit() and store_commit_all(); YAO_E_STORE: the
     *         other process went away, and may have committed
     */
    yao_status (*forward)(store_engine *e, store_change *change);
    yao_status (*forward_all)(store_engine *e, store_next_change next,
                              void *ctx);

    /** Run one statement without values: a step of a migration. */
    yao_status (*define)(store_engine *e, const char *text);

    /** Is the file whole? As store_check(). */
    yao_status (*check)(store_engine *e);

    /** As store_tidy(); NULL: nothing is to be done. */
    yao_status (*tidy)(store_engine *e);

    void (*close)(store_engine *e);
} store_engine_calls;

struct store_engine {
    const store_engine_calls *call;
};

/** How a connection is opened. */
typedef enum store_mode {
    STORE_CREATE = 1, /* must not be there; made */
    STORE_WRITE,      /* must be there */
    STORE_READ        /* must be there; refuses to write */
} store_mode;

/** Open PLACE (what follows the first colon in the URL). Errors as
 *  store_open(). */
typedef yao_status (*store_engine_open)(const char *place, store_mode mode,
                                        store_engine **ret);

/** Copy PLACE as it is at one moment. Errors as store_backup(). */
typedef yao_status (*store_engine_backup)(const char *place, const char *file);
yao_status store_sqlite_backup(const char *place, const char *file);

/** SQLite; PLACE is a file. */
yao_status store_sqlite_open(const char *place, store_mode mode,
                             store_engine **ret);

/** PostgreSQL; PLACE is a connection string or, after "postgresql:", the rest
 *  of a URI. */
yao_status store_postgres_open(const char *place, store_mode mode,
                               store_engine **ret);

/** The store of a process that serves it; PLACE is its socket: see
 *  store/socket/socket.h. */
yao_status store_socket_open(const char *place, store_mode mode,
                             store_engine **ret);

/* ---- the writer (writer.c) ---------------------------------------------- */

typedef struct store_writer store_writer;

/** Start the thread that commits; it uses ENGINE and does not close it. */
yao_status store_writer_new(store_engine *engine, store_writer **ret);

/** Commit what was submitted and stop. NULL is fine. */
void store_writer_free(store_writer *w);

/** What store_submit(), store_wait(), store_commit_all() and
 *  store_get_counts() do, with the errors that stand there. */
void         store_writer_submit(store_writer *w, store_change *change);
yao_status   store_writer_wait(store_writer *w, store_change *change);
yao_status   store_writer_stream(store_writer *w, store_next_change next,
                                 void *ctx);
store_counts store_writer_counts(store_writer *w);

/* ---- waiting (writer.c) ------------------------------------------------- */

/** A change's `done`: nobody waits yet; its owner sleeps; it may be read. */
enum { STORE_PENDING = 0, STORE_AWAITED = 1, STORE_DONE = 2 };

/* ---- members of a group (member.c) --------------------------------------- */

/** What became of a member within the transaction that is open. */
typedef enum store_fate {
    STORE_WINS = 0,
    STORE_LOST,   /* it left no trace */
    STORE_PARTIAL /* it won claims and lost another: they must be undone */
} store_fate;

typedef struct store_member {
    store_change *change;
    store_fate    fate;
    yao_status    answer; /* of a loser */
    store_op     *at;     /* its next claim */
    bool          won;    /* a claim */
} store_member;

/** Run the claims of COUNT members, and say what became of each. Errors: those
 *  of run(). */
yao_status store_run_claims(store_engine *engine, store_member *members,
                            size_t count);

/** Run the rows of those who win, and commit when this is the END. Errors:
 *  those of run() and commit(). */
yao_status store_run_rows(store_engine *engine, const store_member *members,
                          size_t count, bool end);

/* ---- verbs note their statements with these (change.c) ------------------ */

/** Note STATEMENT as a row of CHANGE, or as a claim whose loss is LOST. Claims
 *  of the same statement that follow each other don't depend on each other. */
store_op *store_add_row(store_change *change, int statement);
store_op *store_add_claim(store_change *change, int statement, yao_status lost);

/** The next value of OP. */
void store_bind_int(store_op *op, int64_t number);
void store_bind_bytes(store_op *op, yao_bytes bytes);
void store_bind_text(store_op *op, yao_text text);

/** Seconds of a clock that nobody sets. */
double store_seconds(void);

/** Start a thread of ours, to which no signal is delivered: those are for who
 *  waits for them. */
bool store_start_thread(pthread_t *thread, void *(*run)(void *), void *arg);

/* ---- the reading half asks these of store.c ----------------------------- */

/** Lend a connection for reading; give it back. */
yao_status store_borrow(store *s, store_engine **ret);
void       store_return(store *s, store_engine *engine);

#endif
