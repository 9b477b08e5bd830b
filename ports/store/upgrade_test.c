/* SPDX-License-Identifier: Apache-2.0 */
/* A store that an older program made: looked at, brought up to date, with
 * everything in it. And one of a newer program. */

#include "store/engine.h"
#include "store_sql.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static void define(store_engine *e, const char *text)
{
    assert_status(e->call->define(e, text), YAO_OK);
}

static void define_all(store_engine *e, const char *const *steps)
{
    for (; steps != NULL && *steps != NULL; steps++)
        define(e, *steps);
}

/* As the program was that knew STEPS migrations, with a person in it. */
static const char *make_old(size_t steps)
{
    static char   place[160], where[200];
    static int    count;
    store_engine *e;
    char          text[80];

    snprintf(place, sizeof place, "%s/old-%d.db", test_scratch(), count++);
    assert_status(store_sqlite_open(place, STORE_CREATE, &e), YAO_OK);
    assert_status(e->call->begin(e), YAO_OK);
    define(e, "CREATE TABLE migration (number BIGINT NOT NULL PRIMARY KEY, "
              "applied BIGINT NOT NULL)");
    for (size_t i = 0; i < steps; i++) {
        define_all(e, store_sqlite_authority_steps[i]);
        define_all(e, store_sqlite_authority_own[i]);
        snprintf(text, sizeof text, "INSERT INTO migration VALUES (%zu, 1)",
                 i + 1);
        define(e, text);
    }
    define(e, "INSERT INTO person (id, epoch, wrapped_key, registered) VALUES "
              "(x'5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a', 1, x'4b', 7)");
    define(e, "INSERT INTO document (id, holder, name, format, issued, "
              "valid_until, level, signer, copies) VALUES "
              "(x'01010101010101010101010101010101', zeroblob(32), 'pass', "
              "'card', 1, 2, 3, x'05', 0)");
    assert_status(e->call->commit(e), YAO_OK);
    e->call->close(e);
    snprintf(where, sizeof where, "sqlite:%s", place);
    return where;
}

static void looks_and_changes_nothing(void **state)
{
    const char *where  = make_old(1);
    int64_t     schema = 0, newest = 0;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_status(store_look(where, &schema, &newest), YAO_OK);
        assert_int_equal(schema, 1);
        assert_int_equal(newest, STORE_AUTHORITY_STEPS);
    }
    assert_status(store_look("sqlite:/nowhere/at/all", &schema, &newest),
                  YAO_E_NOT_FOUND);
    assert_status(store_look("papyrus:roll", &schema, &newest), YAO_E_USAGE);
}

static void brings_each_older_one_up_to_date(void **state)
{
    (void)state;
    for (size_t steps = 1; steps < 4; steps++) {
        const char     *where = make_old(steps);
        store_document *found;
        store_person   *people;
        size_t          count;
        int64_t         schema = 0, newest = 0;
        uint8_t         holder[STORE_HASH_LEN] = {0};

        assert_status(
            store_open(&(store_options){.url = where, .now = NOW}, &s), YAO_OK);
        assert_status(store_list_epoch(s, 1, 9, test_arena(), &people, &count),
                      YAO_OK);
        assert_int_equal(count, 1);
        assert_int_equal(people[0].registered, 7);
        assert_status(
            store_list_documents(s, (yao_bytes){holder, sizeof holder},
                                 test_arena(), &found, &count),
            YAO_OK);
        assert_int_equal(count, 1);
        assert_int_equal(found[0].level, 3);
        assert_int_equal(found[0].state, STORE_VALID);
        done();
        assert_status(store_look(where, &schema, &newest), YAO_OK);
        assert_int_equal(schema, newest);
    }
}

static void refuses_a_newer_one(void **state)
{
    const char   *where = make_old(STORE_AUTHORITY_STEPS);
    store_engine *e;

    (void)state;
    assert_status(store_sqlite_open(where + 7, STORE_WRITE, &e), YAO_OK);
    define(e, "INSERT INTO migration VALUES (99999, 1)");
    e->call->close(e);
    assert_status(store_open(&(store_options){.url = where, .now = NOW}, &s),
                  YAO_E_UNSUPPORTED);
}

/* ---- copies -------------------------------------------------------------- */

static void copies_while_others_write(void **state)
{
    char     file[200], where[240];
    uint64_t count = 0;

    (void)state;
    open_new();
    for (unsigned i = 0; i < 20; i++) {
        store_change change = store_change_open(test_arena());
        numbered     n      = number(i);
        store_put_fact(&change, yao_text_of("x"), HASH(n));
        assert_int_not_equal(store_commit(s, &change), YAO_E_STORE);
    }
    snprintf(file, sizeof file, "%s/copy.db", test_scratch());
    assert_status(store_backup(url, file), YAO_OK);
    assert_status(store_backup(url, file), YAO_E_EXISTS);
    done();
    snprintf(where, sizeof where, "sqlite:%s", file);
    assert_status(store_open(&(store_options){.url = where, .now = NOW}, &s),
                  YAO_OK);
    assert_status(store_count_persons(s, &count), YAO_OK);
    done();
    assert_status(store_backup("sqlite:/nowhere/x.db", file), YAO_E_NOT_FOUND);
    assert_status(store_backup("postgres:host=/nowhere", file),
                  YAO_E_UNSUPPORTED);
    assert_status(store_backup("papyrus:roll", file), YAO_E_USAGE);
}

int main(void)
{
    test_add("upgrade", "looks and changes nothing", looks_and_changes_nothing,
             NULL);
    test_add("upgrade", "brings each older one up to date",
             brings_each_older_one_up_to_date, NULL);
    test_add("upgrade", "refuses a newer one", refuses_a_newer_one, NULL);
    test_add("backup", "copies a store that is in use, once",
             copies_while_others_write, NULL);
    int code = test_run("store/upgrade");
    test_scratch_remove();
    return code;
}
