/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log when it is killed, when any of its statements fails, and when
 * somebody writes to the database by hand. The register is looked at with plain
 * SQL, not through the store. 12 are killed, 100 when YAOPAI_LONG is set.
 */

#include "check.h"
#include "journey.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *register_path(void)
{
    return test_scratch_path("a/register/register.db");
}

static void sql(const char *text)
{
    sqlite3 *db = NULL;
    char    *why = NULL;

    assert_int_equal(
        sqlite3_open_v2(register_path(), &db, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &why) != SQLITE_OK)
        print_error("%s: %s\n", text, why);
    assert_null(why);
    sqlite3_close(db);
}

static long ask(const char *question)
{
    sqlite3      *db   = NULL;
    sqlite3_stmt *stmt = NULL;

    assert_int_equal(
        sqlite3_open_v2(register_path(), &db, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    long answer = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return answer;
}

/* Every event is in just one of both, and leaves have no gap. */
static long all_events(void)
{
    assert_int_equal(ask("SELECT (SELECT COUNT(*) FROM log_entry) - "
                         "(SELECT COALESCE(MAX(idx), -1) + 1 FROM log_entry)"),
                     0);
    return ask("SELECT (SELECT COUNT(*) FROM log_entry) + "
               "(SELECT COUNT(*) FROM outbox)");
}

static void prepare(void **state)
{
    (void)state;
    test_must("authority init --demo -C @/a", 0);
    test_must("person generate --count 600 --seed 5 -C @/a", 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM outbox"), 600);
}

/* ---- each statement fails ------------------------------------------------ */

static const char *const points[] = {
    "BEFORE INSERT ON log_entry WHEN NEW.idx = 0",
    "BEFORE INSERT ON log_entry WHEN NEW.idx = 100",
    "BEFORE INSERT ON log_entry WHEN NEW.idx = 255",
    "BEFORE INSERT ON log_node WHEN NEW.idx = 0",
    "AFTER INSERT ON log_entry WHEN NEW.idx = 256",
    "AFTER INSERT ON log_node WHEN NEW.idx = 1",
    "BEFORE DELETE ON outbox",
    "AFTER DELETE ON outbox",
    "BEFORE INSERT ON log_head",
};

static void every_statement_fails(void **state)
{
    char text[256];

    (void)state;
    for (size_t i = 0; i < COUNT(points); i++) {
        snprintf(text, sizeof text,
                 "CREATE TRIGGER broken %s BEGIN SELECT RAISE(ABORT, 'no'); END",
                 points[i]);
        sql(text);
        const test_output *o = test_type("audit publish -C @/a");
        if (o->code != 7)
            print_error("%s: %d\n", points[i], o->code);
        assert_int_equal(o->code, 7);
        assert_int_equal(all_events(), 600);
        sql("DROP TRIGGER broken");
    }
    test_must("audit publish -C @/a --output @/log", 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM outbox"), 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM log_node"), 2);
    test_must("audit verify --ledger @/a", 0);
}

/* ---- killed -------------------------------------------------------------- */

static unsigned seed;

static long chance(long limit)
{
    seed = seed * 1103515245u + 12345u;
    return (long)(seed >> 8) % limit;
}

static long now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* In the middle of WHOLE microseconds; where it ended before, they are too
 * many: the one that was measured may have met a machine that stood still. */
static bool publish_and_kill(long *whole)
{
    long            after  = chance(*whole + 2000);
    char            program[4096], folder[4096];
    const char     *build  = getenv("YAOPAI_BUILD");
    int             status = 0;
    struct timespec t      = {after / 1000000, after % 1000000 * 1000};

    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    snprintf(folder, sizeof folder, "%s", test_scratch_path("a"));
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (freopen("/dev/null", "wb", stdout) != NULL &&
            freopen("/dev/null", "wb", stderr) != NULL)
            execl(program, "yaopai", "audit", "publish", "-C", folder,
                  (char *)NULL);
        _exit(97);
    }
    nanosleep(&t, NULL);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFSIGNALED(status))
        *whole = after;
    return WIFSIGNALED(status);
}

static void killed_while_it_writes(void **state)
{
    size_t rounds = getenv("YAOPAI_LONG") != NULL ? 100 : 12, killed = 0;
    char   line[128];
    long   events = all_events(), whole = 0;

    (void)state;
    for (size_t i = 0; i < rounds; i++) {
        snprintf(line, sizeof line,
                 "person generate --count 300 --seed %zu -C @/a", 100 + i);
        (void)test_type(line); /* a number may be there already: 3 */
        assert_true(all_events() > events);
        events = all_events();
        long begun = now_us();
        if (i == 0) {
            test_must("audit publish -C @/a", 0);
            whole = now_us() - begun;
        } else {
            killed += publish_and_kill(&whole);
        }
        assert_int_equal(all_events(), events);
    }
    print_message("# %zu of %zu were killed\n", killed, rounds - 1);
    assert_true(killed > 0);
    test_must("audit publish -C @/a --output @/log", 0);
    assert_int_equal(all_events(), events);
    assert_int_equal(ask("SELECT COUNT(*) FROM outbox"), 0);
    test_must("audit verify --ledger @/a", 0);
    test_must(
        "audit verify @/log --key @/a/certificates/log.txt --witness @/seen",
        0);
}

/* Two at once: one does it, the other sees that. */
static void two_at_once(void **state)
{
    char        program[4096], folder[4096];
    const char *build = getenv("YAOPAI_BUILD");
    pid_t       pids[4];
    int         status;

    (void)state;
    test_must("person generate --count 500 --seed 999 -C @/a", 0);
    long events = all_events();
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    snprintf(folder, sizeof folder, "%s", test_scratch_path("a"));
    fflush(NULL);
    for (size_t i = 0; i < COUNT(pids); i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            if (freopen("/dev/null", "wb", stdout) != NULL)
                execl(program, "yaopai", "audit", "publish", "-C", folder,
                      (char *)NULL);
            _exit(97);
        }
    }
    for (size_t i = 0; i < COUNT(pids); i++)
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
    assert_int_equal(all_events(), events);
    test_must("audit publish -C @/a", 0);
    test_must("audit verify --ledger @/a", 0);
}

/* ---- written to by hand -------------------------------------------------- */

#define LOOSEN                                                                 \
    "DROP TRIGGER log_entry_same; DROP TRIGGER log_entry_kept;"                \
    "DROP TRIGGER log_entry_next; DROP TRIGGER log_node_same;"

static void refuses_hands(void **state)
{
    static const char *const tries[] = {
        "UPDATE log_entry SET leaf = x'00' WHERE idx = 5",
        "UPDATE log_entry SET idx = 1000000 WHERE idx = 5",
        "DELETE FROM log_entry WHERE idx = 5",
        "DELETE FROM log_entry WHERE idx = (SELECT MAX(idx) FROM log_entry)",
        ("INSERT INTO log_entry SELECT MAX(idx) + 2, leaf, subject, sealed, "
         "key_box FROM log_entry"),
        "UPDATE log_node SET hash = zeroblob(32)",
        "UPDATE log_head SET size = 1",
    };
    sqlite3 *db = NULL;

    (void)state;
    assert_int_equal(
        sqlite3_open_v2(register_path(), &db, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    for (size_t i = 0; i < COUNT(tries); i++)
        assert_int_equal(sqlite3_exec(db, tries[i], NULL, NULL, NULL),
                         SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

/* Who is not stopped by that is seen. */
static const struct {
    const char *name, *text, *says;
} hands[] = {
    {"an edited leaf",
     "UPDATE log_entry SET leaf = (SELECT leaf FROM log_entry WHERE idx = 9) "
     "WHERE idx = 5",
     "LOG_CHANGED"},
    {"an exchanged pair",
     "UPDATE log_entry SET idx = -1 WHERE idx = 5;"
     "UPDATE log_entry SET idx = 5 WHERE idx = 6;"
     "UPDATE log_entry SET idx = 6 WHERE idx = -1",
     "LOG_CHANGED"},
    {"a tail that is gone",
     "DELETE FROM log_entry WHERE idx > (SELECT MAX(idx) FROM log_entry) - 3",
     "LOG_MISSING"},
    {"another text",
     "UPDATE log_entry SET sealed = (SELECT sealed FROM log_entry WHERE idx = "
     "9) WHERE idx = 5",
     "1 damaged (first 5)"},
    {"a deed without an event",
     "INSERT INTO status_change VALUES (x'00000000000000000000000000000009', "
     "x'00000000000000000000000000000009', 5, 1, 'lost')",
     "1 missing"},
    {"an event without a deed",
     "INSERT INTO outbox VALUES (x'00000000000000000000000000000009', 5, "
     "'document.revoke', x'', '{\"id\":\"09\",\"state\":\"revoked\"}')",
     "1 extra"},
    {"an event twice",
     "INSERT INTO outbox VALUES (x'00000000000000000000000000000009', 5, "
     "'log.read', x'', '{}');"
     "INSERT INTO outbox SELECT zeroblob(16), 5, 'log.read', x'', '{}';"
     "UPDATE outbox SET id = x'00000000000000000000000000000009', at = 6 "
     "WHERE id = zeroblob(16)",
     NULL}, /* the engine refuses it */
};

static void copy_register(const char *from, const char *to)
{
    char command[8600];

    snprintf(command, sizeof command, "cp %s %s", test_scratch_path(from),
             test_scratch_path(to));
    assert_int_equal(system(command), 0);
}

static void sees_hands(void **state)
{
    (void)state;
    sql("PRAGMA wal_checkpoint(TRUNCATE)");
    copy_register("a/register/register.db", "whole.db");
    for (size_t i = 0; i < COUNT(hands); i++) {
        if (hands[i].says == NULL)
            continue;
        sql("PRAGMA ignore_check_constraints = 1");
        char text[1024];
        snprintf(text, sizeof text,
                 "PRAGMA ignore_check_constraints = 1; %s %s", LOOSEN,
                 hands[i].text);
        sql(text);
        const test_output *o = test_type("audit verify --ledger @/a");
        if (o->code == 0 || !test_said(hands[i].says))
            print_error("%s: %d %s\n", hands[i].name, o->code, o->out);
        assert_true(o->code == 3 || o->code == 5);
        assert_true(test_said(hands[i].says));
        /* and a log that is not what was signed is not signed */
        if (strcmp(hands[i].says, "LOG_MISSING") == 0)
            test_must("audit publish -C @/a", 3);
        sql("PRAGMA wal_checkpoint(TRUNCATE)");
        copy_register("whole.db", "a/register/register.db");
    }
    test_must("audit verify --ledger @/a", 0);
}

/* A register of an older version: people without the look-up of the log. */
static void older_register(void **state)
{
    (void)state;
    long people = ask("SELECT COUNT(*) FROM person");
    sql("DELETE FROM person_group WHERE kind = 6;"
        "DELETE FROM fact WHERE name = 'log_holders'");
    test_must("audit publish -C @/a", 0);
    assert_int_equal(ask("SELECT COUNT(*) FROM person_group WHERE kind = 6"),
                     people);
    test_must("audit publish -C @/a", 0);
    test_must("audit verify --ledger @/a", 0);
}

/* Who is erased is gone from the log as well, but for the leaves. */
static void erased_person(void **state)
{
    (void)state;
    test_must("audit publish -C @/a --output @/log", 0);
    test_must(
        "audit verify @/log --key @/a/certificates/log.txt --witness @/seen",
        0);
    sql("PRAGMA foreign_keys = ON;"
        "DELETE FROM person WHERE id = (SELECT MIN(id) FROM person)");
    test_must("audit verify --ledger @/a --witness @/seen", 0);
    assert_true(test_said("1 erased"));
    test_must("audit export -C @/a --output @/export", 0);
    assert_true(test_said("1 of them erased"));
    test_must("audit verify @/export --key @/a/certificates/log.txt --witness "
              "@/seen",
              0);
}

/* The checker proves itself: without the constraint it sees a deed twice. */
static void sees_doubled(void **state)
{
    (void)state;
    sql("CREATE TABLE other AS SELECT * FROM outbox; DROP TABLE outbox;"
        "CREATE TABLE outbox (id BLOB, at BIGINT, kind TEXT, subject BLOB, "
        "detail TEXT);"
        "INSERT INTO outbox VALUES (x'00000000000000000000000000000009', 5, "
        "'log.read', x'', '{}');"
        "INSERT INTO outbox VALUES (x'00000000000000000000000000000009', 6, "
        "'log.read', x'', '{}')");
    test_must("audit verify --ledger @/a", 3);
    assert_true(test_said("1 doubled"));
}

int main(void)
{
    seed = (unsigned)time(NULL);
    print_message("# seed %u\n", seed);
    test_add("log", "prepares", prepare, NULL);
    test_add("log", "never loses an event when a statement fails",
             every_statement_fails, NULL);
    test_add("log", "never loses an event when it is killed",
             killed_while_it_writes, NULL);
    test_add("log", "never takes an event twice when several write",
             two_at_once, NULL);
    test_add("log", "refuses N273: who writes by hand", refuses_hands, NULL);
    test_add("log", "gives N273: what was written by hand", sees_hands, NULL);
    test_add("log", "gives people of an older register their look-up",
             older_register, NULL);
    test_add("log", "gives N282: a log that verifies without who is erased",
             erased_person, NULL);
    test_add("log", "gives an event that comes twice", sees_doubled, NULL);
    int code = test_run("store/sqlite/log_crash");
    test_scratch_remove();
    return code;
}
