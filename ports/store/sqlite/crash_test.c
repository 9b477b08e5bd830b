/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Imports and issuings that are killed at a random moment. Afterwards the
 * register is looked at with plain SQL, not through the store: only whole
 * people, only whole batches, each with its event. 20 are killed, 100 when
 * YAOPAI_LONG is set. How long one lives is drawn from what a whole one took.
 */

#include "check.h"
#include "program.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINES 120 /* of one import, more than what is under way at once */

static const char *register_path(void)
{
    return test_scratch_path("a/register/register.db");
}

/* ---- killing ---- */

static unsigned seed;

static long chance(long limit)
{
    seed = seed * 1103515245u + 12345u;
    return (long)(seed >> 8) % limit;
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Start the program, kill it in the middle of WHOLE milliseconds unless it has
 * ended; then they are too many: the one that was measured may have met a
 * machine that stood still. */
static bool run_and_kill(const char *const *arguments, long *whole)
{
    long        after    = chance(*whole + 2);
    char        program[4096];
    const char *build    = getenv("YAOPAI_BUILD");
    int         status   = 0;
    const char *argv[16] = {"yaopai"};

    for (size_t i = 0; arguments[i] != NULL && i < 14; i++)
        argv[i + 1] = arguments[i];
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (freopen("/dev/null", "wb", stdout) != NULL &&
            freopen("/dev/null", "wb", stderr) != NULL)
            execv(program, (char *const *)(void *)(uintptr_t)argv);
        _exit(97);
    }
    pause_ms(after);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFSIGNALED(status))
        *whole = after;
    return WIFSIGNALED(status);
}

/* ---- looking with plain SQL ---- */

static long ask(sqlite3 *db, const char *question)
{
    sqlite3_stmt *stmt = NULL;

    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    long answer = (long)sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return answer;
}

/* Questions whose answer must be 0. */
static const struct {
    const char *name, *question;
} wholes[] = {
    {"a page or index that is broken",
     "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> "
     "'ok'"},
    {"a reference to nothing", "SELECT COUNT(*) FROM pragma_foreign_key_check"},
    {"a person without a record",
     "SELECT COUNT(*) FROM person WHERE id NOT IN "
     "(SELECT person FROM person_part WHERE kind = 1)"},
    {"a person without a number",
     "SELECT COUNT(*) FROM person WHERE id NOT IN "
     "(SELECT person FROM person_key WHERE kind = 1)"},
    {"a person without the look-up that is written last",
     "SELECT COUNT(*) FROM person WHERE id NOT IN "
     "(SELECT person FROM person_group WHERE kind = 5)"},
    {"a person with half of the portraits",
     "SELECT COUNT(*) FROM (SELECT person FROM person_part WHERE kind > 1 "
     "GROUP BY person HAVING COUNT(*) <> 2)"},
    {"a person without an event, or the other way round",
     "SELECT (SELECT COUNT(*) FROM person) - "
     "(SELECT COUNT(*) FROM outbox WHERE kind = 'person.import')"},
    {"a batch with fewer copies than it says",
     "SELECT COUNT(*) FROM document d WHERE copies <> "
     "(SELECT COUNT(*) FROM document_copy c WHERE c.document = d.id)"},
    {"a batch without an event, or the other way round",
     "SELECT (SELECT COUNT(*) FROM document) - "
     "(SELECT COUNT(*) FROM outbox WHERE kind = 'document.issue')"},
};

/* The number of people, and of batches. */
static void look(long *people, long *batches)
{
    sqlite3 *db = NULL;

    assert_int_equal(
        sqlite3_open_v2(register_path(), &db, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    for (size_t i = 0; i < COUNT(wholes); i++) {
        long answer = ask(db, wholes[i].question);
        if (answer != 0)
            print_error("%s: %ld\n", wholes[i].name, answer);
        assert_int_equal(answer, 0);
    }
    *people  = ask(db, "SELECT COUNT(*) FROM person");
    *batches = ask(db, "SELECT COUNT(*) FROM document");
    sqlite3_close(db);
}

/* ---- rounds ---- */

/* Of imports; of issuings. */
static size_t imports(void)
{
    return getenv("YAOPAI_LONG") != NULL ? 60 : 12;
}

static size_t issuings(void)
{
    return getenv("YAOPAI_LONG") != NULL ? 40 : 8;
}

/* Lines FROM.. of everybody, as a file of its own. */
static void write_slice(size_t from)
{
    FILE *in  = fopen(test_scratch_path("all.jsonl"), "rb");
    FILE *out = fopen(test_scratch_path("slice.jsonl"), "wb");
    char  line[65536];

    assert_non_null(in);
    assert_non_null(out);
    for (size_t i = 0; fgets(line, sizeof line, in) != NULL; i++)
        if (i >= from && i < from + LINES)
            fputs(line, out);
    fclose(in);
    fclose(out);
}

static void set_up(void)
{
    char  line[128];
    FILE *out = fopen(test_scratch_path("passphrase"), "wb");

    assert_non_null(out);
    fputs("a test's passphrase", out);
    fclose(out);
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    assert_int_equal(test_type("authority init --demo -C @/a")->code, 0);
    assert_int_equal(test_type("wallet init -C @/w")->code, 0);
    snprintf(line, sizeof line,
             "person generate --count %zu --seed 3 --out @/all.jsonl",
             (imports() + 1) * LINES);
    assert_int_equal(test_type(line)->code, 0);
}

static void import_is_killed(void **state)
{
    size_t killed = 0;
    long   people = 0, batches = 0, before = 0;

    (void)state;
    set_up();
    write_slice(0);
    long begun = now_ms();
    assert_int_equal(test_type("person import -C @/a @/slice.jsonl")->code, 0);
    long whole = now_ms() - begun;
    before     = LINES;
    for (size_t i = 1; i <= imports(); i++) {
        bool all = i % 4 == 0;
        write_slice(i * LINES);
        const char *const arguments[] = {"person",
                                         "import",
                                         test_scratch_path("slice.jsonl"),
                                         "-C",
                                         test_scratch_path("a"),
                                         all ? "--all-or-nothing" : NULL,
                                         NULL};
        killed += run_and_kill(arguments, &whole);
        look(&people, &batches);
        assert_in_range(people, before, before + LINES);
        if (all)
            assert_true(people == before || people == before + LINES);
        before = people;
    }
    print_message("# %zu of %zu were killed, %ld people\n", killed, imports(),
                  people);
    assert_true(killed > 0);

    /* and it works on: what is missing comes, what is there is refused */
    assert_true(test_type("person import -C @/a @/slice.jsonl")->code != 7);
    look(&people, &batches);
    assert_true(people >= before);
    assert_int_equal(test_type("person import -C @/a @/slice.jsonl")->code, 2);
    assert_true(test_said("0 imported, 120 refused"));
}

/* Batches that the wallet says it holds. */
static long count_held(void)
{
    const test_output *o    = test_type("wallet list --json -C @/w");
    long               held = 0;

    assert_int_equal(o->code, 0);
    for (const char *at = o->out; (at = strstr(at, "\"format\"")) != NULL; at++)
        held++;
    return held;
}

static void read_number(char out[19])
{
    char  line[65536];
    FILE *in = fopen(test_scratch_path("all.jsonl"), "rb");

    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    fclose(in);
    snprintf(out, 19, "%.18s", strstr(line, "\"number\":\"") + 10);
}

/* What the wallet has is in the ledger. A newer batch takes the place of an
 * older one, so after a run to the end the wallet holds just what it noted. */
static void issuing_is_killed(void **state)
{
    char number[19];
    long people = 0, batches = 0, held = 0, whole = 0;

    (void)state;
    /* test_scratch_path() has a few buffers only, which take turns */
    char authority[4200], wallet[4200];
    snprintf(authority, sizeof authority, "%s", test_scratch_path("a"));
    snprintf(wallet, sizeof wallet, "%s", test_scratch_path("w"));
    read_number(number);
    const char *const arguments[] = {
        "document", "issue", "-C",       authority,
        "--person", number,  "--wallet", wallet,
        "--copies", "4",     NULL};
    long begun = now_ms();
    assert_int_equal(test_run_program(arguments, NULL)->code, 0);
    whole = now_ms() - begun;
    for (size_t i = 0; i < issuings(); i++) {
        (void)run_and_kill(arguments, &whole);
        look(&people, &batches);
    }
    held = count_held();
    print_message("# %ld batches in the ledger, %ld in the wallet\n", batches,
                  held);
    assert_true(held <= batches);

    long before = batches;
    const test_output *whole_run = test_run_program(arguments, NULL);
    if (whole_run->code != 0)
        print_message("# %s\n", whole_run->out);
    assert_int_equal(whole_run->code, 0);
    look(&people, &batches);
    assert_int_equal(count_held(), batches - before);
    assert_true(batches > before);
}

int main(void)
{
    seed = (unsigned)time(NULL);
    print_message("# seed %u\n", seed);
    test_add("kill", "N283 never leaves half a person", import_is_killed, NULL);
    test_add("kill", "never leaves half a batch, nor one that isn't noted",
             issuing_is_killed, NULL);
    int code = test_run("store/sqlite/crash");
    test_scratch_remove();
    return code;
}
