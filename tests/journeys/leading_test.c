/* SPDX-License-Identifier: Apache-2.0 */

/** Three authorities on one PostgreSQL, one killed while it leads: another
 *  leads within the time of the lease, the one that was thought dead writes
 *  nothing, and the versions of lists only go forward. */

#include "check.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "app/files.h"
#include "postgres_server.h"
#include "journey.h"
#include "server.h"
#include "store/store.h"

#define PERSON "12011919880808901X"
#define SERVE                                                                  \
    "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen none "         \
    "--console-listen none --admin none"

/* The lease is held for 30 s; who waits tries every 5 s. */
enum { SERVERS = 3, PATIENCE_MS = 60000 };

static test_server servers[SERVERS];
static char        url[256];
static bool        runs;
static long        old_fence;

static long ask(const char *sql)
{
    return strtol(test_postgres_sql(url, sql, NULL), NULL, 10);
}

#define FENCE "SELECT fence FROM lease WHERE name = 'lists'"
#define VERSIONS "SELECT SUM(version) FROM status_token"

/* Wait until SQL gives more than BEFORE, looking that versions and fences never
 * go back meanwhile; false: it never did. */
static bool wait_for_more(const char *sql, long before)
{
    long versions = ask(VERSIONS), fence = ask(FENCE);

    for (int waited = 0; waited < PATIENCE_MS; waited += 100) {
        long now_versions = ask(VERSIONS), now_fence = ask(FENCE);

        assert_true(now_versions >= versions);
        assert_true(now_fence >= fence);
        versions = now_versions;
        fence    = now_fence;
        if (ask(sql) > before)
            return true;
        poll(NULL, 0, 100);
    }
    return false;
}

static void needs_postgres(void)
{
    if (test_postgres_missing() != NULL) {
        print_message("# %s\n", test_postgres_missing());
        skip();
    }
}

static void prepare(void **state)
{
    char line[512];

    (void)state;
    needs_postgres();
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    test_postgres_url(url, sizeof url);
    snprintf(line, sizeof line, "authority init --demo -C @/a --store '%s'",
             url);
    test_must(line, 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("document issue -C @/a --wallet @/w --copies 1 --cards 0 "
              "--person " PERSON,
              0);
    runs = true;
}

/* The first one started leads before the others are there. */
static void gives_a_leader(void **state)
{
    (void)state;
    needs_postgres();
    assert_true(runs);
    assert_true(test_server_start(&servers[0], SERVE));
    assert_true(wait_for_more(FENCE, 0));
    assert_true(test_server_start(&servers[1], SERVE));
    assert_true(test_server_start(&servers[2], SERVE));
    assert_true(wait_for_more(VERSIONS, 0));
    old_fence = ask(FENCE);
}

static void gives_lists_of_the_leader(void **state)
{
    long before;

    (void)state;
    needs_postgres();
    before = ask(VERSIONS);
    test_must("document revoke -C @/a --person " PERSON
              " --document resident_id --reason lost",
              0);
    assert_true(wait_for_more(VERSIONS, before));
    assert_int_equal(ask(FENCE), old_fence);
}

static void gives_another_leader(void **state)
{
    (void)state;
    needs_postgres();
    test_server_signal(&servers[0], SIGKILL);
    assert_int_equal(test_server_wait(&servers[0]), -1);
    assert_true(wait_for_more(FENCE, old_fence));
}

static void gives_lists_of_the_other(void **state)
{
    long before;

    (void)state;
    needs_postgres();
    before = ask(VERSIONS);
    test_must("document revoke -C @/a --person " PERSON
              " --document driving_licence --reason lost",
              0);
    assert_true(wait_for_more(VERSIONS, before));
}

/* What the killed one would have written next. */
static void refuses_the_old_leader(void **state)
{
    store       *s      = NULL;
    store_change change = store_change_open(test_arena());

    (void)state;
    needs_postgres();
    assert_status(store_open(&(store_options){.url = url}, &s), YAO_OK);
    store_put_fence(&change, YAO_TEXT("lists"), old_fence);
    store_put_fact(&change, YAO_TEXT("late"), YAO_LIT("x"));
    assert_status(store_commit(s, &change), YAO_E_NOT_FOUND);
    store_close(s);
    assert_int_equal(ask("SELECT COUNT(*) FROM fact WHERE name = 'late'"), 0);
}

static void ends_well(void **state)
{
    (void)state;
    needs_postgres();
    for (int i = 1; i < SERVERS; i++)
        assert_int_equal(test_server_stop(&servers[i]), 0);
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"accepts a register in PostgreSQL", prepare},
    {"gives a leader, of three", gives_a_leader},
    {"gives the lists that it signs", gives_lists_of_the_leader},
    {"N289 gives another leader when it is killed", gives_another_leader},
    {"gives the lists that the other signs", gives_lists_of_the_other},
    {"N289 refuses what the killed one would write", refuses_the_old_leader},
    {"accepts their end", ends_well},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("leading", rows[i].name, rows[i].run, NULL);
    int code = test_run("journeys/leading");
    test_scratch_remove();
    test_postgres_stop();
    return code;
}
