/* SPDX-License-Identifier: Apache-2.0 */

/** What only a server can be: shared by processes, away in the middle of a
 *  COMMIT, of another encoding. What every engine promises is in the contract
 *  tests. */

#include "store/engine.h"

#include "check.h"
#include "postgres_server.h"
#include "stores.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void new_url(void)
{
    test_postgres_url(url, sizeof url);
}

static void sql(const char *text)
{
    bool fine = false;

    test_postgres_sql(url, text, &fine);
    if (!fine)
        print_error("%s\n", text);
    assert_true(fine);
}

static long count_of(const char *text)
{
    return strtol(test_postgres_sql(url, text, NULL), NULL, 10);
}

static yao_status open_as(bool create, store **ret)
{
    const store_options options = {.url = url, .create = create, .now = NOW};

    return store_open(&options, ret);
}

static void new_store(void)
{
    new_url();
    assert_status(open_as(true, &s), YAO_OK);
}

static yao_status put_once(store *to, unsigned n)
{
    static _Thread_local _Alignas(16) uint8_t memory[2048];
    yao_arena    arena  = {memory, sizeof memory, 0};
    numbered     id     = number(n);
    store_change change = store_change_open(&arena);

    store_put_once(&change, &(store_once){1, HASH(id), NOW, {NULL, 0}});
    return store_commit(to, &change);
}

/* ---- opening ------------------------------------------------------------ */

static void refuses_others_tables(void **state)
{
    store *none = NULL;

    (void)state;
    new_url();
    sql("CREATE TABLE migration (name TEXT)");
    assert_status(open_as(false, &none), YAO_E_MALFORMED);
    assert_null(none);
}

static void refuses_newer(void **state)
{
    store *none = NULL;

    (void)state;
    new_store();
    store_close(s);
    sql("INSERT INTO migration VALUES (9999, 0)");
    assert_status(open_as(false, &none), YAO_E_UNSUPPORTED);
    assert_null(none);
}

static void refuses_other_encoding(void **state)
{
    store *none = NULL;

    (void)state;
    new_url();
    sql("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 "
        "LC_COLLATE 'C' LC_CTYPE 'C'");
    snprintf(url, sizeof url, "postgres:host=%s user=postgres dbname=bytes",
             test_postgres_folder());
    assert_status(open_as(true, &none), YAO_E_UNSUPPORTED);
}

static void refuses_nobody(void **state)
{
    store *none = NULL;

    (void)state;
    snprintf(url, sizeof url, "postgresql:///x?host=/nowhere");
    assert_status(open_as(true, &none), YAO_E_STORE);
    assert_null(none);
}

static void accepts_uri(void **state)
{
    char schema[16];

    (void)state;
    new_url();
    snprintf(schema, sizeof schema, "%s", strrchr(url, '=') + 1);
    snprintf(url, sizeof url,
             "postgresql://postgres@/postgres?host=%s&options=-csearch_path%%3D"
             "%s",
             test_postgres_folder(), schema);
    assert_status(open_as(true, &s), YAO_OK);
    assert_status(put_once(s, 1), YAO_OK);
    done();
}

/* What the session is set to, as a trigger of its own writes sees it. */
static void never_forgets_a_commit(void **state)
{
    (void)state;
    new_url();
    size_t len = strlen(url);
    snprintf(url + len, sizeof url - len, "\\ -csynchronous_commit=off");
    assert_status(open_as(true, &s), YAO_OK);
    sql("CREATE TABLE seen (value TEXT)");
    sql("CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO seen VALUES (current_setting('synchronous_commit') || ' ' "
        "|| current_setting('transaction_isolation')); RETURN NEW; END $$");
    sql("CREATE TRIGGER look BEFORE INSERT ON once FOR EACH ROW "
        "EXECUTE FUNCTION look()");
    assert_status(put_once(s, 1), YAO_OK);
    assert_string_equal(
        test_postgres_sql(url, "SELECT value FROM seen", NULL),
        "on serializable");
    done();
}

static void finds_what_was_switched_off(void **state)
{
    (void)state;
    new_store();
    assert_status(store_check(s), YAO_OK);
    sql("ALTER TABLE document DISABLE TRIGGER document_final");
    assert_status(store_check(s), YAO_E_MISMATCH);
    sql("ALTER TABLE document ENABLE TRIGGER document_final");
    sql("ALTER TABLE once SET UNLOGGED");
    assert_status(store_check(s), YAO_E_MISMATCH);
    store_close(s);
}

/* ---- what is final, is so for who writes by hand ---- */

#define Z16 "decode(repeat('00', 16), 'hex')"
#define Z32 "decode(repeat('00', 32), 'hex')"
#define SEED                                                                   \
    "INSERT INTO document (id, holder, name, format, issued, valid_until, "    \
    "level, signer, copies, issuance, state) VALUES "                          \
    "(" Z16 ", " Z32 ", 'n', 'f', 0, 0, 3, '', 1, " Z16 ", 1);"                \
    "INSERT INTO status_list VALUES (1, 1, 2, 10, 2, 0, 0);"                   \
    "INSERT INTO status_entry VALUES (1, 0, " Z16 ", 1);"                      \
    "INSERT INTO status_entry VALUES (1, 1, " Z16 ", 2);"                      \
    "INSERT INTO status_change VALUES (" Z16 ", " Z16 ", 0, 1, 'lost');"       \
    "INSERT INTO status_token VALUES (1, 5, 0, 0, '', '');"                    \
    "INSERT INTO log_entry VALUES (0, '', '', 'x', '')"

static const struct {
    const char *name;
    const char *sql;
    bool        refused;
} edits[] = {
    {"N129 refuses to make a revoked document valid",
     "UPDATE document SET state = 0", true},
    {"N129 refuses to make a revoked document suspended",
     "UPDATE document SET state = 2", true},
    {"N129 refuses to forget a revoked document", "DELETE FROM document", true},
    {"N129 refuses to forget all documents", "TRUNCATE document CASCADE", true},
    {"N129 refuses to make a revoked index valid",
     "UPDATE status_entry SET state = 0 WHERE idx = 0", true},
    {"N129 refuses to forget a revoked index",
     "DELETE FROM status_entry WHERE idx = 0", true},
    {"N129 refuses to forget all indexes", "TRUNCATE status_entry", true},
    {"accepts the end of a suspension",
     "UPDATE status_entry SET state = 0 WHERE idx = 1", false},
    {"N295 refuses to give an index twice",
     "INSERT INTO status_entry VALUES (1, 1, " Z16 ", 0)", true},
    {"refuses to give an index to another",
     "UPDATE status_entry SET idx = 5 WHERE idx = 1", true},
    {"refuses a state that is none",
     "UPDATE status_entry SET state = 3 WHERE idx = 1", true},
    {"refuses to change what happened",
     "UPDATE status_change SET reason = 'x'", true},
    {"refuses to forget what happened", "DELETE FROM status_change", true},
    {"refuses to forget all that happened", "TRUNCATE status_change", true},
    {"refuses an older version", "UPDATE status_token SET version = 4", true},
    {"refuses to leave a version out", "UPDATE status_token SET version = 7",
     true},
    {"accepts the next version", "UPDATE status_token SET version = 6", false},
    {"refuses another leaf", "UPDATE log_entry SET leaf = 'y'", true},
    {"refuses to forget a leaf", "DELETE FROM log_entry", true},
    {"refuses to leave a leaf out",
     "INSERT INTO log_entry VALUES (2, '', '', '', '')", true},
    {"accepts the next leaf",
     "INSERT INTO log_entry VALUES (1, '', '', '', '')", false},
    {"accepts that what a leaf says is erased",
     "UPDATE log_entry SET sealed = '', key_box = ''", false},
};

static void edit_by_hand(size_t row)
{
    bool fine = false;

    new_store();
    store_close(s);
    sql(SEED);
    test_postgres_sql(url, edits[row].sql, &fine);
    assert_true(fine != edits[row].refused);
}

/* ---- several processes -------------------------------------------------- */

enum { PROCESSES = 3, THINGS = 120 };

/* What each of PROCESSES came to: WORK is run by all at the same time. */
static void in_processes(int (*work)(int which), int results[PROCESSES])
{
    pid_t children[PROCESSES];
    int   gate[2];

    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            char go;

            close(gate[1]);
            if (read(gate[0], &go, 1) != 0)
                _exit(99);
            _exit(work(i));
        }
    }
    close(gate[0]);
    close(gate[1]); /* all of them see the end of it */
    for (int i = 0; i < PROCESSES; i++) {
        int status;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        results[i] = WEXITSTATUS(status);
    }
}

static int create_here(int which)
{
    yao_status status = open_as(true, &s);

    (void)which;
    if (status == YAO_OK)
        store_close(s);
    return status == YAO_OK ? 1 : status == YAO_E_EXISTS ? 2 : 3;
}

static void gives_creation_to_one(void **state)
{
    int results[PROCESSES], made = 0;

    (void)state;
    new_url();
    in_processes(create_here, results);
    for (int i = 0; i < PROCESSES; i++) {
        made += results[i] == 1;
        assert_in_range(results[i], 1, 2);
    }
    assert_int_equal(made, 1);
}

static int upgrade_here(int which)
{
    if (open_as(false, &s) != YAO_OK || put_once(s, (unsigned)which) != YAO_OK)
        return 1;
    store_close(s);
    return 0;
}

static void run_file(const char *path)
{
    yao_bytes steps = test_file(path);
    char     *text  = calloc(1, steps.len + 1);

    assert_non_null(text);
    memcpy(text, steps.ptr, steps.len);
    sql(text);
    free(text);
}

/* A register of the first version: an upgrade is done by one of three that are
 * started at once. */
static void gives_upgrade_to_one(void **state)
{
    int results[PROCESSES];

    (void)state;
    new_url();
    sql("CREATE TABLE migration (number BIGINT NOT NULL PRIMARY KEY, "
        "applied BIGINT NOT NULL);"
        "INSERT INTO migration VALUES (1, 0);"
        "CREATE DOMAIN blob AS bytea");
    run_file("sql/migrations/0001-register.sql");
    run_file("sql/postgres/0001-register.sql");
    in_processes(upgrade_here, results);
    for (int i = 0; i < PROCESSES; i++)
        assert_int_equal(results[i], 0);
    assert_int_equal(count_of("SELECT COUNT(*) FROM once"), PROCESSES);
}

/* On a machine that is busy otherwise one may be told to come back. */
enum { VISITS = 30 };

/* Everybody wants everything, each from another end. */
static int claim_all(int which)
{
    int won = 0;

    if (open_as(false, &s) != YAO_OK)
        return 250;
    for (unsigned i = 0; i < THINGS; i++) {
        unsigned   n      = (i + (unsigned)which * THINGS / 3) % THINGS;
        yao_status status = YAO_E_LOCKED;

        for (int k = 0; k < VISITS && status == YAO_E_LOCKED; k++)
            status = put_once(s, n);
        if (status != YAO_OK && status != YAO_E_EXISTS)
            return 251;
        won += status == YAO_OK;
    }
    store_close(s);
    return won;
}

static void gives_each_thing_to_one(void **state)
{
    int results[PROCESSES], won = 0;

    (void)state;
    new_store();
    in_processes(claim_all, results);
    for (int i = 0; i < PROCESSES; i++) {
        assert_in_range(results[i], 0, THINGS);
        won += results[i];
    }
    assert_int_equal(won, THINGS);
    assert_int_equal(count_of("SELECT COUNT(*) FROM once"), THINGS);
    done();
}

/* ---- one issues what another revokes ------------------------------------ */

enum { ROUNDS = 40 };

static store     *second;
static yao_status issued[ROUNDS], revoked[ROUNDS];

static void note_document(store_change *change, const numbered *ids,
                          int64_t index)
{
    const store_copy     copy = {HASH(ids[0]), HASH(ids[0]), index};
    const store_document d    = {.id          = ID(ids[0]),
                                 .issuance    = ID(ids[1]),
                                 .holder      = HASH(ids[1]),
                                 .subject     = HASH(ids[1]),
                                 .name        = YAO_TEXT("resident_id"),
                                 .format      = YAO_TEXT("card"),
                                 .issued      = NOW,
                                 .valid_until = NOW + 100,
                                 .level       = 3,
                                 .signer      = HASH(ids[1]),
                                 .status_list = 1,
                                 .copies      = &copy,
                                 .copy_count  = 1};

    store_put_document(change, &d);
}

static yao_status issue(store *to, unsigned n, unsigned issuance)
{
    static _Thread_local _Alignas(16) uint8_t memory[16384];
    yao_arena    arena  = {memory, sizeof memory, 0};
    numbered     ids[2] = {number(n), number(issuance)};
    store_change change = store_change_open(&arena);

    note_document(&change, ids, (int64_t)n);
    return store_commit(to, &change);
}

static void *issue_all(void *barrier)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        pthread_barrier_wait(barrier);
        issued[i] = issue(s, 2000 + i, i);
    }
    return NULL;
}

static void *revoke_all(void *barrier)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        _Alignas(16) uint8_t     memory[8192];
        yao_arena                arena = {memory, sizeof memory, 0};
        numbered                 id = number(4000 + i), of = number(i);
        store_change             change = store_change_open(&arena);
        const store_state_change what   = {.id       = ID(id),
                                           .issuance = ID(of),
                                           .at       = NOW,
                                           .state    = STORE_REVOKED,
                                           .copies   = STORE_REVOKED,
                                           .reason   = YAO_TEXT("lost")};

        store_put_state(&change, &what);
        pthread_barrier_wait(barrier);
        revoked[i] = store_commit(second, &change);
    }
    return NULL;
}

static void never_issues_what_another_revokes(void **state)
{
    pthread_barrier_t barrier;
    pthread_t         threads[2];

    (void)state;
    new_store();
    assert_status(open_as(false, &second), YAO_OK);
    sql("INSERT INTO status_list VALUES (1, 1, 2, 100000, 0, 0, 0)");
    for (unsigned i = 0; i < ROUNDS; i++)
        assert_status(issue(s, 1000 + i, i), YAO_OK);

    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&threads[0], NULL, issue_all, &barrier);
    pthread_create(&threads[1], NULL, revoke_all, &barrier);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    pthread_barrier_destroy(&barrier);

    for (int i = 0; i < ROUNDS; i++) {
        assert_status(revoked[i], YAO_OK);
        assert_true(issued[i] == YAO_OK || issued[i] == YAO_E_EXISTS);
    }
    assert_int_equal(count_of("SELECT COUNT(*) FROM document WHERE state = 0"),
                     0);
    assert_int_equal(
        count_of("SELECT COUNT(*) FROM status_entry WHERE state = 0"), 0);
    store_close(second);
    done();
}

/* Three processes issue from one list, whose row they all change. Where one is
 * told to come back nothing of its document is there. */
enum { DOCUMENTS = 60 };

static int issue_here(int which)
{
    if (open_as(false, &s) != YAO_OK)
        return 250;
    for (unsigned i = 0; i < DOCUMENTS; i++) {
        unsigned   n      = 1000 * ((unsigned)which + 1) + i;
        yao_status status = YAO_E_LOCKED;

        for (int k = 0; k < VISITS && status == YAO_E_LOCKED; k++)
            status = issue(s, n, n);
        if (status != YAO_OK) {
            fprintf(stderr, "# %u: %s\n", i, yao_status_name(status));
            return 1;
        }
    }
    store_close(s);
    return 0;
}

static void gives_one_list_to_three(void **state)
{
    int results[PROCESSES];

    (void)state;
    new_store();
    sql("INSERT INTO status_list VALUES (1, 1, 2, 100000, 0, 0, 0)");
    in_processes(issue_here, results);
    for (int i = 0; i < PROCESSES; i++)
        assert_int_equal(results[i], 0);
    assert_int_equal(count_of("SELECT allocated FROM status_list"),
                     PROCESSES * DOCUMENTS);
    done();
}

/* ---- failures that are to be tried again -------------------------------- */

/* Every third statement that puts something is told that it met another: the
 * sequence goes on also where a transaction is undone. */
#define MEETS(code)                                                            \
    "CREATE SEQUENCE meetings;"                                                \
    "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "     \
    "IF nextval('meetings') % 3 = 0 THEN "                                     \
    "RAISE EXCEPTION 'injected' USING ERRCODE = '" code "'; END IF; "          \
    "RETURN NEW; END $$;"                                                      \
    "CREATE TRIGGER meet BEFORE INSERT ON once FOR EACH ROW "                  \
    "EXECUTE FUNCTION meet()"

static void gives_after_failures(const char *injection)
{
    new_store();
    sql(injection);
    for (unsigned i = 0; i < 100; i++)
        assert_status(put_once(s, i), YAO_OK);
    assert_int_equal(count_of("SELECT COUNT(*) FROM once"), 100);
    done();
}

static void gives_after_serialization(void **state)
{
    (void)state;
    gives_after_failures(MEETS("40001"));
}

static void gives_after_deadlock(void **state)
{
    (void)state;
    gives_after_failures(MEETS("40P01"));
}

/* ---- connections that are cut ------------------------------------------- */

enum { WRITERS = 8, EACH = 60 };

typedef struct worker {
    pthread_t  thread;
    unsigned   from;
    yao_status answers[EACH];
} worker;

static void *write_many(void *arg)
{
    worker *w = arg;

    for (unsigned i = 0; i < EACH; i++)
        w->answers[i] = put_once(s, w->from + i);
    return NULL;
}

/* Who was told OK is there; who was told otherwise is not. */
static void expect_truth(const worker *workers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (unsigned j = 0; j < EACH; j++) {
            numbered n = number(workers[i].from + j);
            char     text[160];
            int      at = snprintf(text, sizeof text,
                                   "SELECT COUNT(*) FROM once WHERE hash = '\\x");

            for (size_t k = 0; k < sizeof n.hash; k++)
                at += snprintf(text + at, sizeof text - (size_t)at, "%02x",
                               n.hash[k]);
            snprintf(text + at, sizeof text - (size_t)at, "'");
            assert_int_equal(count_of(text),
                             workers[i].answers[j] == YAO_OK ? 1 : 0);
        }
}

static void never_lies_when_killed(void **state)
{
    static worker workers[WRITERS];

    (void)state;
    new_store();
    for (unsigned i = 0; i < WRITERS; i++) {
        workers[i].from = 10000 * (i + 1);
        pthread_create(&workers[i].thread, NULL, write_many, &workers[i]);
    }
    for (int i = 0; i < 20; i++) {
        test_postgres_sql(url,
                          "SELECT pg_terminate_backend(pid) FROM "
                          "pg_stat_activity WHERE application_name = 'yaopai'",
                          NULL);
        poll(NULL, 0, 5);
    }
    for (unsigned i = 0; i < WRITERS; i++)
        pthread_join(workers[i].thread, NULL);
    expect_truth(workers, WRITERS);
    done();
}

static void gives_reading_after_kill(void **state)
{
    uint64_t count = 9;

    (void)state;
    new_store();
    assert_status(store_count_persons(s, &count), YAO_OK);
    test_postgres_sql(url,
                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                      "WHERE application_name = 'yaopai'",
                      NULL);
    poll(NULL, 0, 50);
    assert_status(store_count_persons(s, &count), YAO_OK);
    assert_int_equal(count, 0);
    done();
}

/* ---- a wire that is cut at COMMIT --------------------------------------- */

/* When the letters COMMIT pass for the n-th time, the client's side is cut:
 * AFTER the server got them, or before. */
typedef struct wire {
    int       listener;
    char      folder[64];
    char      to[108];
    pthread_t thread;
    int       at; /* 0: never */
    bool      after;
    int       cuts;
} wire;

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd      = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool find(const uint8_t *in, size_t len, const char *what)
{
    for (size_t i = 0; i + strlen(what) <= len; i++)
        if (memcmp(in + i, what, strlen(what)) == 0)
            return true;
    return false;
}

/* One read from FROM to TO; false: it is over. */
static bool pass(wire *w, int from, int to, bool forward)
{
    uint8_t buffer[65536];
    ssize_t got = read(from, buffer, sizeof buffer);
    bool    cut = forward && got > 0 && find(buffer, (size_t)got, "COMMIT") &&
               w->at > 0 && --w->at == 0;

    if (got <= 0)
        return false;
    w->cuts += cut;
    if (cut && !w->after)
        return false;
    if (write(to, buffer, (size_t)got) != got)
        return false;
    return !cut;
}

typedef struct pair {
    wire *w;
    int   client;
} pair;

static void *carry(void *arg)
{
    pair p      = *(pair *)arg;
    int  server = connect_to(p.w->to);

    free(arg);
    for (bool on = server >= 0; on;) {
        struct pollfd waits[2] = {{p.client, POLLIN, 0}, {server, POLLIN, 0}};

        poll(waits, 2, -1);
        if (waits[0].revents != 0)
            on = pass(p.w, p.client, server, true);
        if (on && waits[1].revents != 0)
            on = pass(p.w, server, p.client, false);
    }
    close(p.client);
    poll(NULL, 0, 20); /* the server goes on meanwhile */
    close(server);
    return NULL;
}

static void *accept_all(void *arg)
{
    wire *w = arg;
    int   client;

    while ((client = accept(w->listener, NULL, NULL)) >= 0) {
        pthread_t thread;
        pair     *p = malloc(sizeof *p);

        assert_non_null(p);
        *p = (pair){w, client};
        pthread_create(&thread, NULL, carry, p);
        pthread_detach(thread);
    }
    return NULL;
}

static void open_wire(wire *w)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(w->folder, sizeof w->folder, "/tmp/yaopai-wire-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->to, sizeof w->to, "%s/.s.PGSQL.5432", test_postgres_folder());
    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432",
             w->folder);
    w->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(w->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(w->listener, 16), 0);
    pthread_create(&w->thread, NULL, accept_all, w);
}

static void close_wire(wire *w)
{
    char path[108];

    shutdown(w->listener, SHUT_RDWR);
    pthread_join(w->thread, NULL);
    close(w->listener);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", w->folder);
    remove(path);
    remove(w->folder);
}

/* Every second of 60 commits is cut, before or after. */
static void cut_at_commit(bool after)
{
    static wire w;
    char        direct[sizeof url];

    new_store();
    store_close(s);
    memcpy(direct, url, sizeof url);
    memset(&w, 0, sizeof w);
    open_wire(&w);
    snprintf(url, sizeof url, "postgres:host=%s%s", w.folder,
             strchr(direct, ' '));
    assert_status(open_as(false, &s), YAO_OK);
    w.after = after;
    for (unsigned i = 0; i < 20; i++) {
        w.at = i % 2 == 0 ? 1 : 0;
        assert_status(put_once(s, i), YAO_OK);
    }
    w.at = 0;
    assert_int_equal(w.cuts, 10);
    assert_int_equal(count_of("SELECT COUNT(*) FROM once"), 20);
    /* and each of them once: who asks again is told that it is there */
    for (unsigned i = 0; i < 20; i++)
        assert_status(put_once(s, i), YAO_E_EXISTS);
    store_close(s);
    close_wire(&w);
}

static void resolves_committed(void **state)
{
    (void)state;
    cut_at_commit(true);
}

static void resolves_lost(void **state)
{
    (void)state;
    cut_at_commit(false);
}

/* ---- all ---------------------------------------------------------------- */

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"open", "refuses tables of others", refuses_others_tables},
    {"open", "N294 refuses what a newer program made", refuses_newer},
    {"open", "refuses another encoding than UTF-8", refuses_other_encoding},
    {"open", "refuses a server that is not there", refuses_nobody},
    {"open", "accepts a URI", accepts_uri},
    {"open", "never acknowledges what is not on the disk",
     never_forgets_a_commit},
    {"check", "finds triggers that are off, and tables that forget",
     finds_what_was_switched_off},
    {"processes", "gives the making of a register to one of three",
     gives_creation_to_one},
    {"processes", "N294 gives an upgrade to one of three", gives_upgrade_to_one},
    {"processes", "gives each thing to one of three", gives_each_thing_to_one},
    {"processes", "never issues what another revokes meanwhile",
     never_issues_what_another_revokes},
    {"processes", "gives indexes of one list to three who issue",
     gives_one_list_to_three},
    {"again", "N292 gives it when every third statement meets another",
     gives_after_serialization},
    {"again", "N292 gives it after deadlocks", gives_after_deadlock},
    {"cut", "never lies when its connections are killed", never_lies_when_killed},
    {"cut", "gives what is read when the connection was killed",
     gives_reading_after_kill},
    {"cut", "N291 resolves a COMMIT whose answer was lost", resolves_committed},
    {"cut", "N291 resolves a COMMIT that was lost itself", resolves_lost},
};

static void run_row(void **state)
{
    size_t row = (size_t)*state;

    if (test_postgres_missing() != NULL) {
        print_message("# %s\n", test_postgres_missing());
        skip();
    }
    if (row < COUNT(rows))
        rows[row].run(state);
    else
        edit_by_hand(row - COUNT(rows));
}

int main(void)
{
    size_t row = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, run_row, (const void *)row++);
    for (size_t i = 0; i < COUNT(edits); i++)
        test_add("final", edits[i].name, run_row, (const void *)row++);
    int code = test_run("store/postgres");
    test_scratch_remove();
    test_postgres_stop();
    return code;
}
