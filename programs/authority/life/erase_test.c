/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/erase.h"

#include "authority/enrol/level.h"
#include "authority/enrol/secret.h"
#include "authority/life/export.h"
#include "store/enrolment.h"
#include "store/erase.h"

#include <sqlite3.h>

#include "check.h"
#include "life_world.h"

#define SPOUSE "120119199002020024"
#define TEXT_OF_CASE "my-own-words-Qorvath"

/* Somebody about whom everything is held. */
static void live(void)
{
    store_change  change;
    people_person person;
    enrol_entered entered;
    yao_bytes     id;

    life_open();
    world_register_member(SPOUSE, "1990-02-02", "10");
    life_issue("resident_id", 1);
    life_issue("driving_licence", 2);
    assert_status(life_put_bar(&world.e,
                               &(store_bar){.holder = life_who.holder,
                                            .lookup = life_who.lookup,
                                            .kind   = STORE_BAR_HOLD,
                                            .name   = YAO_TEXT("resident_id"),
                                            .reason = YAO_TEXT("safety"),
                                            .basis  = YAO_TEXT("law"),
                                            .author = YAO_TEXT("one"),
                                            .ends   = world.e.now + 1000},
                               "hold.begin"),
                  YAO_OK);
    change = store_change_open(&world.arena);
    assert_status(enrol_enter(&world.e, &change,
                              &(enrol_new){.holder  = life_who.holder,
                                           .factors = ENROL_DEVICE |
                                                      ENROL_CODE},
                              &entered),
                  YAO_OK);
    assert_status(enrol_put_access_code(&world.e, &change, life_who.holder,
                                        YAO_TEXT("28461950"), 3),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_OK);
    assert_status(life_put_case(&world.e, &person, "person.complaint",
                                YAO_TEXT(TEXT_OF_CASE), &id),
                  YAO_OK);
    assert_status(life_put_case(&world.e, &person, "person.complaint",
                                YAO_TEXT("again"), &id),
                  YAO_E_EXISTS);
    people_close(&person);
}

static life_erased erase(yao_status want)
{
    life_erased done = {.documents = 0};

    assert_status(life_erase(&world.e,
                             &(life_erasing){.number = YAO_TEXT(ENROL_NUMBER_1),
                                             .reason = "request",
                                             .by     = "console"},
                             &done),
                  want);
    return done;
}

/* ---- looking into all tables ---- */

static const char *const kept[] = {"document", "sync_version"};

static bool is_kept(const char *table)
{
    for (size_t i = 0; i < COUNT(kept); i++)
        if (strcmp(kept[i], table) == 0)
            return true;
    return false;
}

static int count_rows(sqlite3 *db, const char *table, const char *column,
                      yao_bytes what)
{
    char          text[300];
    sqlite3_stmt *q;
    int           count = 0;

    snprintf(text, sizeof text, "SELECT COUNT(*) FROM \"%s\" WHERE \"%s\" = ?",
             table, column);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &q, NULL), SQLITE_OK);
    sqlite3_bind_blob(q, 1, what.ptr, (int)what.len, SQLITE_STATIC);
    if (sqlite3_step(q) == SQLITE_ROW)
        count = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    return count;
}

/* Rows that hold WHAT in any column of any table but those that are kept. */
static int rows_about(yao_bytes what)
{
    sqlite3      *db;
    sqlite3_stmt *q;
    int           count = 0;

    assert_int_equal(sqlite3_open_v2(world.path, &db, SQLITE_OPEN_READONLY,
                                     NULL),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT m.name, c.name FROM sqlite_master m, "
                           "pragma_table_info(m.name) c WHERE m.type = 'table'",
                           -1, &q, NULL),
        SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(q, 0);
        if (!is_kept(table))
            count += count_rows(
                db, table, (const char *)sqlite3_column_text(q, 1), what);
    }
    sqlite3_finalize(q);
    sqlite3_close(db);
    return count;
}

/* ---- erasing ---- */

static void erases_everything(void **state)
{
    people_person person;
    store_person  stored;
    yao_bytes     id, wrapped;
    life_erased   done;

    (void)state;
    live();
    assert_status(store_get_person(world.a.store,
                                   (store_lookup){STORE_BY_NUMBER,
                                                  life_who.lookup},
                                   &world.arena, &stored),
                  YAO_OK);
    assert_status(yao_arena_keep(&world.arena, stored.id, &id), YAO_OK);
    assert_status(yao_arena_keep(&world.arena, stored.wrapped_key, &wrapped),
                  YAO_OK);
    assert_true(world_holds(wrapped));
    assert_true(rows_about(life_who.holder) > 5);
    assert_true(rows_about(life_who.lookup) > 1);

    done = erase(YAO_OK);
    assert_int_equal(done.documents, 2);
    assert_int_equal(life_state(1), STORE_REVOKED);
    assert_int_equal(life_state(2), STORE_REVOKED);
    assert_int_equal(rows_about(life_who.holder), 0);
    assert_int_equal(rows_about(life_who.lookup), 0);
    assert_int_equal(rows_about(id), 1); /* that there was somebody */
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_E_NOT_FOUND);
    assert_int_equal(world_events("person.erase"), 1);
    (void)erase(YAO_E_NOT_FOUND);

    /* P-8: and nothing of the key is left in the free pages */
    world_close();
    assert_false(world_holds(wrapped));
    assert_false(world_holds(life_who.lookup));
    assert_false(world_holds(YAO_LIT(TEXT_OF_CASE)));
    assert_false(world_holds(YAO_LIT(ENROL_NUMBER_1)));
}

static void revokes_booklets_of_others(void **state)
{
    life_subject spouse;
    life_erased  done;

    (void)state;
    live();
    assert_status(life_find_subject(&world.e, YAO_TEXT(SPOUSE), &spouse),
                  YAO_OK);
    assert_status(life_issue_for(&spouse, "household_booklet", 11, 14), YAO_OK);
    assert_status(life_issue_for(&spouse, "resident_id", 12, 14), YAO_OK);
    done = erase(YAO_OK);
    assert_int_equal(done.booklets, 1);
    assert_int_equal(life_state(11), STORE_REVOKED);
    assert_int_equal(life_state(12), STORE_VALID);
    assert_int_equal(life_notices(&spouse, "reissue"), 1);
    world_close();
}

static void refuses_reasons(void **state)
{
    life_erased done;

    (void)state;
    live();
    assert_status(life_erase(&world.e,
                             &(life_erasing){.number = YAO_TEXT(ENROL_NUMBER_1),
                                             .reason = "because",
                                             .by     = "console"},
                             &done),
                  YAO_E_USAGE);
    assert_status(life_erase(&world.e,
                             &(life_erasing){.number = YAO_TEXT(ENROL_NOBODY),
                                             .reason = "request",
                                             .by     = "console"},
                             &done),
                  YAO_E_NOT_FOUND);
    assert_int_equal(life_state(2), STORE_VALID);
    world_close();
}

/* P-8: a backup of before opens until the key of its epoch is destroyed. */
static void closes_backups(void **state)
{
    char          file[300], from[320];
    people_person person;

    (void)state;
    live();
    snprintf(from, sizeof from, "sqlite:%s", world.path);
    snprintf(file, sizeof file, "%s.backup", world.path);
    assert_status(store_backup(from, file), YAO_OK);
    (void)erase(YAO_OK);

    authority old = world.a;
    snprintf(from, sizeof from, "sqlite:%s", file);
    assert_status(store_open(&(store_options){.url = from, .now = ENROL_NOW},
                             &old.store),
                  YAO_OK);
    assert_status(
        people_find(&old, YAO_TEXT(ENROL_NUMBER_1), &world.arena, &person),
        YAO_OK);
    people_close(&person);
    /* as `authority rekey` leaves it */
    yao_wipe(&old.keys.wrapping[0], sizeof old.keys.wrapping[0]);
    assert_status(
        people_find(&old, YAO_TEXT(ENROL_NUMBER_1), &world.arena, &person),
        YAO_E_NOT_FOUND);
    store_close(old.store);
    world_close();
}

/* ---- the export ---- */

static int64_t number_of(const yao_json *root, const char *list)
{
    const yao_json *value = yao_json_get(root, list);

    assert_non_null(value);
    assert_int_equal(value->kind, YAO_JSON_ARRAY);
    return (int64_t)value->count;
}

static int table_rows(const char *table, const char *column, yao_bytes what)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open_v2(world.path, &db, SQLITE_OPEN_READONLY,
                                     NULL),
                     SQLITE_OK);
    int count = count_rows(db, table, column, what);
    sqlite3_close(db);
    return count;
}

typedef struct inventory_row {
    const char *table, *column;
    int         by; /* 0: holder, 1: look-up, 2: the person's id */
    const char *member;
} inventory_row;

/* Where something of a person lies, and where the export says so. */
static const inventory_row inventory[] = {
    {"document", "holder", 0, "documents"},
    {"enrolment", "holder", 0, "devices"},
    {"bar", "holder", 0, "bars"},
    {"notice", "holder", 0, "notices"},
    {"case_file", "subject", 0, "cases"},
    {"guardian", "child", 0, "guardianships"},
    {"netcert", "person", 1, "net_certificates"},
    {"item_grant", "person", 1, "grants"},
    {"person_passkey", "holder", 0, "passkeys"},
};

/* P-13: no more and no less than what there is. */
static void exports_what_is_held(void **state)
{
    const yao_json *root;
    yao_bytes       json;
    people_person   person;
    int             rows = 0;

    (void)state;
    live();
    assert_status(life_export(&world.e, life_who.lookup, &json), YAO_OK);
    assert_int_equal(world_events("person.export"), 1);
    assert_status(yao_json_parse_metadata(&world.arena, json, &root), YAO_OK);
    for (size_t i = 0; i < COUNT(inventory); i++) {
        const inventory_row *r = &inventory[i];
        int                  n = table_rows(r->table, r->column,
                                            r->by == 0 ? life_who.holder
                                                       : life_who.lookup);
        assert_int_equal(number_of(root, r->member), n);
        rows += strcmp(r->table, "document") != 0 ? n : 0;
    }
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_OK);
    assert_int_equal(number_of(root, "looked_up_by"),
                     table_rows("person_key", "person", person.stored.id) +
                         table_rows("person_group", "person",
                                    person.stored.id));
    people_close(&person);
    assert_non_null(yao_json_get(root, "access_code"));
    assert_non_null(yao_json_get(root, "portrait"));
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(root, "cases")->first, "text"),
        TEXT_OF_CASE));
    /* and nothing lies elsewhere: the code, the look-up by ledger, and what
     * waits for the log, which the person reads there */
    rows += table_rows("access_code", "holder", life_who.holder) +
            table_rows("person_group", "hash", life_who.holder) +
            table_rows("outbox", "subject", life_who.holder) +
            table_rows("session", "owner", life_who.holder) +
            table_rows("throttle", "subject", life_who.holder) +
            table_rows("log_entry", "subject", life_who.holder);
    assert_int_equal(rows_about(life_who.holder),
                     rows + table_rows("bar", "lookup", life_who.holder));
    world_close();
}

static void exports_nobody(void **state)
{
    life_subject nobody;
    yao_bytes    json;

    (void)state;
    life_open();
    assert_status(life_find_subject(&world.e, YAO_TEXT(ENROL_NOBODY), &nobody),
                  YAO_OK);
    assert_status(life_export(&world.e, nobody.lookup, &json),
                  YAO_E_NOT_FOUND);
    assert_int_equal(world_events("person.export"), 0);
    world_close();
}

int main(void)
{
    test_add("erase", "gives no row, key or word of a person",
             erases_everything, NULL);
    test_add("erase", "never opens from a backup without the epoch's key",
             closes_backups, NULL);
    test_add("erase", "revokes booklets that name the person",
             revokes_booklets_of_others, NULL);
    test_add("erase", "refuses other reasons, and nobody", refuses_reasons,
             NULL);
    test_add("export", "gives what every table holds, and no more",
             exports_what_is_held, NULL);
    test_add("export", "refuses nobody", exports_nobody, NULL);
    return test_run("authority/life/erase");
}
