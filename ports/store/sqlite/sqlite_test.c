/* SPDX-License-Identifier: Apache-2.0 */

/** What only a file of SQLite can be: somebody else's, newer, broken, held.
 *  What every engine promises is in store_contract_test.c. */

#include "store/store.h"

#include "check.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1767225600)

static char folder[] = "/tmp/yaopai-sqlite-XXXXXX";
static char path[64], url[80];

/* A name of a file that is not there. */
static void new_path(void)
{
    static unsigned number;

    snprintf(path, sizeof path, "%s/%u.db", folder, number++);
    snprintf(url, sizeof url, "sqlite:%s", path);
}

static yao_status open_store(bool create, store **ret)
{
    const store_options options = {.url = url, .create = create, .now = NOW};

    return store_open(&options, ret);
}

static void make_store(void)
{
    store *s = NULL;

    new_path();
    assert_status(open_store(true, &s), YAO_OK);
    store_close(s);
}

/* SQL behind the store's back. */
static sqlite3 *run_sql(const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void assert_refused(yao_status want)
{
    store *s = NULL;

    assert_status(open_store(false, &s), want);
    assert_null(s);
}

static void refuses_a_text(void **state)
{
    (void)state;
    new_path();
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++)
        fputs("not a database at all\n", file);
    fclose(file);
    assert_refused(YAO_E_MALFORMED);
}

static void refuses_an_empty_file(void **state)
{
    (void)state;
    new_path();
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_refused(YAO_E_MALFORMED);
}

static void refuses_a_folder(void **state)
{
    (void)state;
    new_path();
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused(YAO_E_MALFORMED);
}

static void refuses_a_database_of_others(void **state)
{
    (void)state;
    new_path();
    sqlite3_close(run_sql("CREATE TABLE person (name TEXT)"));
    assert_refused(YAO_E_MALFORMED);
}

static void refuses_what_a_newer_program_made(void **state)
{
    (void)state;
    make_store();
    sqlite3_close(run_sql("INSERT INTO migration VALUES (9999, 0)"));
    assert_refused(YAO_E_UNSUPPORTED);
}

static void refuses_what_another_process_holds(void **state)
{
    (void)state;
    make_store();
    sqlite3 *other = run_sql("PRAGMA locking_mode = EXCLUSIVE;"
                             "BEGIN EXCLUSIVE; DELETE FROM fact;");

    assert_refused(YAO_E_LOCKED);
    sqlite3_close(other);

    store *s = NULL;
    assert_status(open_store(false, &s), YAO_OK);
    store_close(s);
}

static void finds_a_part_of_nobody(void **state)
{
    store *s = NULL;

    (void)state;
    make_store();
    assert_status(open_store(false, &s), YAO_OK);
    assert_status(store_check(s), YAO_OK);
    store_close(s);

    sqlite3_close(run_sql("PRAGMA foreign_keys = OFF;"
                          "INSERT INTO person_part VALUES (x'00', 1, x'00')"));
    assert_status(open_store(false, &s), YAO_OK);
    assert_status(store_check(s), YAO_E_MISMATCH);
    store_close(s);
}

/* ---- a full disk, a file that rots ---- */

static yao_status put_event(store *s, unsigned n)
{
    static _Alignas(16) uint8_t memory[8192];
    static char                 detail[4096];
    yao_arena                   arena  = {memory, sizeof memory, 0};
    store_change                change = store_change_open(&arena);
    uint8_t                     id[STORE_ID_LEN] = {0};

    memset(detail, 'x', sizeof detail);
    memcpy(id, &n, sizeof n);
    const store_event event = {.id     = {id, sizeof id},
                               .at     = NOW,
                               .kind   = YAO_TEXT("test"),
                               .detail = {(const uint8_t *)detail,
                                          sizeof detail}};
    store_put_event(&change, &event);
    return store_commit(s, &change);
}

/* A limit on the size of files is a disk that is full, and then is not. */
static void goes_on_when_there_is_room(void **state)
{
    struct rlimit before, full = {262144, RLIM_INFINITY};
    store        *s     = NULL;
    uint64_t      count = 9;
    unsigned      n     = 0;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    make_store();
    assert_status(open_store(false, &s), YAO_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    full.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    while (n < 1000 && put_event(s, n) == YAO_OK)
        n++;
    assert_in_range(n, 1, 999);
    assert_status(put_event(s, n), YAO_E_STORE);
    assert_status(store_count_persons(s, &count), YAO_OK); /* reads go on */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_status(put_event(s, n), YAO_OK); /* without being opened again */
    store_close(s);

    assert_status(open_store(false, &s), YAO_OK);
    static _Alignas(16) uint8_t memory[8 << 20];
    yao_arena                   arena = {memory, sizeof memory, 0};
    store_event                *list;
    size_t                      found;
    assert_status(store_list_events(s, 2000, &arena, &list, &found), YAO_OK);
    assert_int_equal(found,
                     n + 1); /* all that was acknowledged, nothing else */
    store_close(s);
}

/* Whatever bit: it is found, or of no meaning; values are sealed besides. */
static void finds_flipped_bits(void **state)
{
    enum { FLIPS = 150 };
    store   *s     = NULL;
    unsigned found = 0;
    uint32_t seed  = 7;

    (void)state;
    make_store();
    assert_status(open_store(false, &s), YAO_OK);
    for (unsigned i = 0; i < 20; i++)
        assert_status(put_event(s, i), YAO_OK);
    store_close(s);
    for (int i = 0; i < FLIPS; i++) {
        FILE *file = fopen(path, "r+b");

        assert_non_null(file);
        fseek(file, 0, SEEK_END);
        seed     = seed * 1664525u + 1013904223u;
        long at  = (long)(seed >> 4) % ftell(file);
        fseek(file, at, SEEK_SET);
        int byte = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(byte ^ 1 << (seed & 7), file);
        fclose(file);

        yao_status status = open_store(false, &s);
        if (status == YAO_OK)
            status = store_check(s);
        store_close(s);
        s = NULL;
        found += status != YAO_OK;
        file = fopen(path, "r+b");
        assert_non_null(file);
        fseek(file, at, SEEK_SET);
        fputc(byte, file);
        fclose(file);
    }
    assert_true(found > 0);
    assert_status(open_store(false, &s), YAO_OK);
    assert_status(store_check(s), YAO_OK);
    store_close(s);
}

static void gives_nobody_else_a_right_to_the_file(void **state)
{
    struct stat st;

    (void)state;
    make_store();
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

/* ---- what is final, is so for who writes by hand ---- */

#define SEED                                                                   \
    "INSERT INTO document (id, holder, name, format, issued, valid_until, "    \
    "level, signer, copies, issuance, state) VALUES "                          \
    "(zeroblob(16), zeroblob(32), 'n', 'f', 0, 0, 3, x'00', 1, zeroblob(16), " \
    "1);"                                                                      \
    "INSERT INTO status_list VALUES (1, 1, 2, 10, 2, 0, 0);"                   \
    "INSERT INTO status_entry VALUES (1, 0, zeroblob(16), 1);"                 \
    "INSERT INTO status_entry VALUES (1, 1, zeroblob(16), 2);"                 \
    "INSERT INTO status_change VALUES (zeroblob(16), zeroblob(16), 0, 1, "     \
    "'lost');"                                                                 \
    "INSERT INTO status_token VALUES (1, 5, 0, 0, x'00', x'00');"

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
    {"N129 refuses to make a revoked index valid",
     "UPDATE status_entry SET state = 0 WHERE idx = 0", true},
    {"N129 refuses to make a revoked index suspended",
     "UPDATE status_entry SET state = 2 WHERE idx = 0", true},
    {"N129 refuses to forget a revoked index",
     "DELETE FROM status_entry WHERE idx = 0", true},
    {"accepts the end of a suspension",
     "UPDATE status_entry SET state = 0 WHERE idx = 1", false},
    {"accepts the end of a suspended one",
     "UPDATE status_entry SET state = 1 WHERE idx = 1", false},
    {"N131 refuses to give an index twice",
     "INSERT INTO status_entry VALUES (1, 1, zeroblob(16), 0)", true},
    {"refuses to give an index to another",
     "UPDATE status_entry SET idx = 5 WHERE idx = 1", true},
    {"refuses a state that is none",
     "UPDATE status_entry SET state = 3 WHERE idx = 1", true},
    {"refuses to change what happened",
     "UPDATE status_change SET reason = 'x'", true},
    {"refuses to forget what happened", "DELETE FROM status_change", true},
    {"refuses an older version", "UPDATE status_token SET version = 4", true},
    {"refuses to leave a version out",
     "UPDATE status_token SET version = 7", true},
    {"accepts the next version", "UPDATE status_token SET version = 6", false},
};

static void edit_by_hand(void **state)
{
    size_t row = (size_t)*state;

    make_store();
    sqlite3 *db = run_sql(SEED);
    assert_int_equal(sqlite3_exec(db, edits[row].sql, NULL, NULL, NULL),
                     edits[row].refused ? SQLITE_CONSTRAINT : SQLITE_OK);
    sqlite3_close(db);
}

/* A register of the first version, as it was made then. */
static void make_first_version(void)
{
    yao_bytes steps = test_file("sql/migrations/0001-register.sql");
    char     *text  = calloc(1, steps.len + 1);

    assert_non_null(text);
    memcpy(text, steps.ptr, steps.len);
    new_path();
    sqlite3_close(
        run_sql("PRAGMA journal_mode = WAL;"
                "PRAGMA application_id = 0x79616f31;"
                "CREATE TABLE migration (number BIGINT NOT NULL PRIMARY KEY,"
                " applied BIGINT NOT NULL);"
                "INSERT INTO migration VALUES (1, 0);"));
    sqlite3_close(run_sql(text));
    free(text);
    sqlite3_close(run_sql("INSERT INTO document VALUES (zeroblob(16),"
                          " zeroblob(32), 'n', 'f', 0, 0, 3, x'00', 1)"));
}

/* It gets what came later. */
static void gives_older_register_what_is_new(void **state)
{
    store *s = NULL;

    (void)state;
    make_first_version();
    assert_status(open_store(false, &s), YAO_OK);

    static uint8_t  memory[8192], zero[32];
    yao_arena       arena = {memory, sizeof memory, 0};
    store_document *list;
    size_t          count;
    assert_status(store_list_issuance(s, (yao_bytes){zero, 16}, &arena, &list,
                                      &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].state, STORE_VALID);
    store_close(s);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    test_add("open", "refuses a text", refuses_a_text, NULL);
    test_add("open", "refuses an empty file", refuses_an_empty_file, NULL);
    test_add("open", "refuses a folder", refuses_a_folder, NULL);
    test_add("open", "refuses a database of others",
             refuses_a_database_of_others, NULL);
    test_add("open", "refuses what a newer program made",
             refuses_what_a_newer_program_made, NULL);
    test_add("open", "refuses what another process holds",
             refuses_what_another_process_holds, NULL);
    test_add("check", "finds a part of nobody", finds_a_part_of_nobody, NULL);
    test_add("disk", "N285 goes on when there is room again",
             goes_on_when_there_is_room, NULL);
    test_add("disk", "N287 never falls over a flipped bit, and finds it",
             finds_flipped_bits, NULL);
    test_add("open", "gives nobody else a right to the file",
             gives_nobody_else_a_right_to_the_file, NULL);
    for (size_t i = 0; i < COUNT(edits); i++)
        test_add("final", edits[i].name, edit_by_hand, (const void *)i);
    test_add("open", "gives an older register what is new",
             gives_older_register_what_is_new, NULL);

    int  code = test_run("store/sqlite");
    char command[96];

    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? code : 1;
}
