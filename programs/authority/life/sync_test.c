/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/sync.h"

#include "authority/life/event.h"
#include "store/enrolment.h"
#include "store/erase.h"

#include "check.h"
#include "life_world.h"

#define CHILD "120119201505050017"

static sync_said   said;
static const sync_source from = {.today = {2026, 11, 22}};

static void apply(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void apply(const char *format, ...)
{
    static char text[8192];
    va_list     args;
    int         len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert_true(len > 0 && (size_t)len < sizeof text);
    assert_status(sync_apply(&world.e, &from,
                             yao_text_bytes(yao_text_of(text)), &said),
                  YAO_OK);
}

static void event(unsigned version, const char *kind, const char *more)
{
    apply("{\"op\":\"event\",\"number\":\"%s\",\"version\":%u,\"event\":\"%s\""
          "%s}",
          ENROL_NUMBER_1, version, kind, more);
}

static void upsert(unsigned version, const char *from_text, const char *to)
{
    const yao_json *record = person_changed(from_text, to);
    static char     text[8192];
    size_t          len = 0;
    yao_writer      w = yao_writer_open((uint8_t *)text, sizeof text - 1);

    yao_json_put_value(&w, record);
    assert_status(w.status, YAO_OK);
    len       = w.len;
    text[len] = '\0';
    apply("{\"op\":\"upsert\",\"number\":\"%s\",\"version\":%u,\"record\":%s}",
          ENROL_NUMBER_1, version, text);
}

/* The portrait of person.h is a file: not here. */
#define WITHOUT_PORTRAIT "\"portrait\":\"pictures/1.jpg\",", ""

/* ---- lines that are none ---- */

typedef struct bad_row {
    const char *name;
    const char *line;
    const char *field;
} bad_row;

static const bad_row bad[] = {
    {"refuses what is no JSON", "{\"op\":", ""},
    {"refuses a list", "[]", "op"},
    {"refuses no op", "{\"number\":\"1\",\"version\":1}", "op"},
    {"refuses another op", "{\"op\":\"drop\",\"number\":\"1\",\"version\":1}",
     "op"},
    {"refuses no number", "{\"op\":\"delete\",\"version\":1}", "number"},
    {"refuses an empty number",
     "{\"op\":\"delete\",\"number\":\"\",\"version\":1}", "number"},
    {"refuses a number of many letters",
     "{\"op\":\"delete\",\"number\":\"12345678901234567890123456789012345678"
     "901234567890123456789012345\",\"version\":1}",
     "number"},
    {"refuses no version", "{\"op\":\"delete\",\"number\":\"1\"}", "version"},
    {"refuses version 0", "{\"op\":\"delete\",\"number\":\"1\",\"version\":0}",
     "version"},
    {"refuses a version below 0",
     "{\"op\":\"delete\",\"number\":\"1\",\"version\":-1}", "version"},
    {"refuses a version with a fraction",
     "{\"op\":\"delete\",\"number\":\"1\",\"version\":1.5}", "version"},
    {"refuses a version above 2^53 - 1",
     "{\"op\":\"delete\",\"number\":\"1\",\"version\":9007199254740992}",
     "version"},
    {"refuses two versions",
     "{\"op\":\"delete\",\"number\":\"1\",\"version\":1,\"version\":2}", ""},
    {"refuses no record",
     "{\"op\":\"upsert\",\"number\":\"1\",\"version\":1}", "record"},
    {"refuses an empty record",
     "{\"op\":\"upsert\",\"number\":\"1\",\"version\":1,\"record\":{}}",
     "number"},
    {"refuses an event about nobody",
     "{\"op\":\"event\",\"number\":\"440118199506209074\",\"version\":1,"
     "\"event\":\"death\"}",
     "number"},
    {"refuses no event",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1 "\",\"version\":1}",
     "event"},
    {"refuses another event",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1
     "\",\"version\":1,\"event\":\"birthday\"}",
     "event"},
    {"refuses a vehicle without a plate",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1
     "\",\"version\":1,\"event\":\"vehicle_stolen\"}",
     "event"},
    {"refuses a vehicle of others",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1
     "\",\"version\":1,\"event\":\"vehicle_stolen\",\"plate\":\"京A00001\","
     "\"plate_kind\":\"02\"}",
     "event"},
    {"refuses points that are no number",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1
     "\",\"version\":1,\"event\":\"licence_points\",\"points\":\"12\"}",
     "event"},
    {"refuses points below 0",
     "{\"op\":\"event\",\"number\":\"" ENROL_NUMBER_1
     "\",\"version\":1,\"event\":\"licence_points\",\"points\":-1}",
     "event"},
    {"refuses a cursor that could be more than one",
     "{\"op\":\"cursor\",\"next\":\"a&b=c\",\"more\":false}", "next"},
    {"refuses an empty cursor",
     "{\"op\":\"cursor\",\"next\":\"\",\"more\":false}", "next"},
    {"refuses a cursor that does not say whether there is more",
     "{\"op\":\"cursor\",\"next\":\"a\"}", "more"},
};

static void refuses(void **state)
{
    const bad_row *r = *state;
    size_t         before;

    life_open();
    life_issue("resident_id", 1);
    before = world_events(NULL);
    apply("%s", r->line);
    assert_int_equal(said.outcome, SYNC_REFUSED);
    assert_bytes(yao_text_bytes(said.field),
                 yao_text_bytes(yao_text_of(r->field)));
    assert_int_equal(world_events(NULL), before);
    assert_int_equal(life_state(1), STORE_VALID);
    world_close();
}

/* Nothing of a line that was cut short happens. */
static void refuses_every_prefix(void **state)
{
    static const char line[] =
        "{\"op\":\"delete\",\"number\":\"" ENROL_NUMBER_1 "\",\"version\":1}";

    (void)state;
    life_open();
    for (size_t len = 1; len < sizeof line - 1; len++) {
        apply("%.*s", (int)len, line);
        assert_int_equal(said.outcome, SYNC_REFUSED);
    }
    apply("%s", line);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    world_close();
}

/* ---- versions ---- */

static void follows_versions(void **state)
{
    (void)state;
    life_open();
    life_issue("driving_licence", 1);
    event(5, "licence_suspended", "");
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    event(5, "licence_suspended", "");
    assert_int_equal(said.outcome, SYNC_SAME);
    event(5, "licence_restored", "");
    assert_int_equal(said.outcome, SYNC_REFUSED);
    assert_string_equal(said.code, "conflict");
    event(4, "licence_restored", "");
    assert_int_equal(said.outcome, SYNC_OLDER);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    event(6, "licence_restored", "");
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_state(1), STORE_REVOKED);
    assert_int_equal(life_notices(&life_who, "reissue"), 1);
    world_close();
}

static void takes_a_return_for_nothing(void **state)
{
    (void)state;
    life_open();
    apply("{\"op\":\"event\",\"number\":\"%s\",\"version\":1,\"event\":"
          "\"move_out\"}\r",
          ENROL_NUMBER_1);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    event(1, "move_out", "");
    assert_int_equal(said.outcome, SYNC_SAME);
    world_close();
}

/* ---- people ---- */

static void changes_records(void **state)
{
    people_person person;
    yao_bytes     portrait;

    (void)state;
    life_open();
    life_issue("resident_id", 1);
    life_issue("vehicle_registration", 2);
    upsert(1, WITHOUT_PORTRAIT);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_notices(&life_who, "reissue"), 0);
    upsert(2, "\"portrait\":\"pictures/1.jpg\",\"mobile\":\"13900000000\"",
           "\"mobile\":\"13900000001\"");
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_notices(&life_who, "reissue"), 0);
    upsert(3,
           "\"portrait\":\"pictures/1.jpg\",\"mobile\":\"13900000000\","
           "\"identity_card\":{\"document_number\":\"R0001\"",
           "\"identity_card\":{\"document_number\":\"R0002\"");
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_notices(&life_who, "reissue"), 1);
    assert_int_equal(life_state(1), STORE_VALID);

    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_OK);
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(person.record, "identity_card"),
                     "document_number"),
        "R0002"));
    assert_status(people_portrait(&world.a, &person, STORE_PORTRAIT,
                                  &world.arena, &portrait),
                  YAO_OK);
    assert_true(portrait.len > 0); /* none was sent: it stays */
    people_close(&person);
    world_close();
}

static void takes_new_people(void **state)
{
    people_person person;

    (void)state;
    life_open();
    apply("{\"op\":\"delete\",\"number\":\"%s\",\"version\":1}",
          ENROL_NUMBER_1);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_E_NOT_FOUND);
    upsert(2, WITHOUT_PORTRAIT);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_OK);
    people_close(&person);
    world_close();
}

/* An old line must not bring back who was erased. */
static void never_brings_back(void **state)
{
    people_person person;

    (void)state;
    life_open();
    upsert(1, WITHOUT_PORTRAIT);
    apply("{\"op\":\"delete\",\"number\":\"%s\",\"version\":2}",
          ENROL_NUMBER_1);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    upsert(1, WITHOUT_PORTRAIT);
    assert_int_equal(said.outcome, SYNC_OLDER);
    apply("{\"op\":\"delete\",\"number\":\"%s\",\"version\":3}",
          ENROL_NUMBER_1);
    assert_int_equal(said.outcome, SYNC_APPLIED); /* nobody is there */
    assert_status(people_find(&world.a, YAO_TEXT(ENROL_NUMBER_1), &world.arena,
                              &person),
                  YAO_E_NOT_FOUND);
    world_close();
}

static void refuses_what_is_others(void **state)
{
    (void)state;
    life_open();
    world_register_member(CHILD, "2015-05-05", "20");
    upsert(1,
           "\"portrait\":\"pictures/1.jpg\",\"mobile\":\"13900000000\","
           "\"identity_card\":{\"document_number\":\"R0001\"",
           "\"identity_card\":{\"document_number\":\"R" CHILD "\"");
    assert_int_equal(said.outcome, SYNC_REFUSED);
    assert_bytes(yao_text_bytes(said.field), YAO_LIT("document_number"));
    /* and a record of another number than the line's */
    apply("{\"op\":\"upsert\",\"number\":\"%s\",\"version\":1,\"record\":%s}",
          CHILD, "{}");
    assert_int_equal(said.outcome, SYNC_REFUSED);
    world_close();
}

static void refuses_portraits_of_nowhere(void **state)
{
    (void)state;
    life_open();
    upsert(1, "\"number\"", "\"number\"");
    assert_int_equal(said.outcome, SYNC_REFUSED);
    assert_bytes(yao_text_bytes(said.field), YAO_LIT("portrait"));
    world_close();
}

/* ---- events ---- */

#define PLATE ",\"plate\":\"津AD12345\",\"plate_kind\":\"52\""

typedef struct event_row {
    const char *name;
    const char *kind, *more;
    const char *document;
    int64_t     want;
    const char *notice;
    bool        bars; /* is it issued anew? */
} event_row;

static const event_row events[] = {
    {"gives a death: an identity card is revoked", "death", "", "resident_id",
     STORE_REVOKED, "revoked", true},
    {"gives a death: a licence is revoked", "death", "", "driving_licence",
     STORE_REVOKED, "revoked", true},
    {"gives a move: the permit is revoked", "move_out", "", "residence_permit",
     STORE_REVOKED, "revoked", false},
    {"gives a move: the booklet is revoked", "move_out", "",
     "household_booklet", STORE_REVOKED, "revoked", false},
    {"gives a move: the identity card stays", "move_out", "", "resident_id",
     STORE_VALID, NULL, false},
    {"gives a theft: the registration is suspended", "vehicle_stolen", PLATE,
     "vehicle_registration", STORE_SUSPENDED, "bar.begin", true},
    {"gives a theft: the licence stays", "vehicle_stolen", PLATE,
     "driving_licence", STORE_VALID, "bar.begin", false},
    {"gives a suspension of the licence", "licence_suspended", "",
     "driving_licence", STORE_SUSPENDED, "bar.begin", true},
    {"gives twelve points: likewise", "licence_points", ",\"points\":12",
     "driving_licence", STORE_SUSPENDED, "bar.begin", true},
    {"gives eleven points: a notice", "licence_points", ",\"points\":11",
     "driving_licence", STORE_VALID, "licence.points", false},
    {"gives a name: what bears the old one is revoked", "name_change", "",
     "resident_id", STORE_REVOKED, "reissue", false},
    {"gives the end of what was no suspension", "licence_restored", "",
     "driving_licence", STORE_VALID, NULL, false},
};

static void happens(void **state)
{
    const event_row *r = *state;

    life_open();
    life_issue(r->document, 1);
    event(1, r->kind, r->more);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_state(1), r->want);
    if (r->notice != NULL)
        assert_true(life_notices(&life_who, r->notice) >= 1);
    assert_int_equal(world_events("person.event"), 1);
    assert_status(life_issue_for(&life_who, r->document, 2, 14),
                  r->bars ? YAO_E_EXISTS : YAO_OK);
    world_close();
}

static void finds_vehicles_again(void **state)
{
    (void)state;
    life_open();
    life_issue("vehicle_registration", 1);
    event(1, "vehicle_stolen", PLATE);
    event(2, "vehicle_stolen", PLATE); /* told twice is once */
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_notices(&life_who, "bar.begin"), 1);
    event(3, "vehicle_found", PLATE);
    assert_int_equal(life_state(1), STORE_VALID);
    event(4, "vehicle_found", PLATE);
    assert_int_equal(said.outcome, SYNC_APPLIED);
    assert_int_equal(life_state(1), STORE_VALID);
    world_close();
}

/* A stolen car is not given back by who owns it. */
static void never_unfreezes_events(void **state)
{
    (void)state;
    life_open();
    life_issue("vehicle_registration", 1);
    event(1, "vehicle_stolen", PLATE);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    world_close();
}

static size_t guardians(const life_subject *child)
{
    store_guardian *list;
    size_t          count, alive = 0;

    assert_status(store_list_guardians(world.a.store, child->holder,
                                       &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        alive += list[i].ended == 0;
    return alive;
}

static void ends_guardians(void **state)
{
    static const char *const kinds[] = {"death", "guardian_ended"};

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        life_subject child;
        uint8_t      id[STORE_ID_LEN] = {9};
        store_change change;

        life_open();
        world_register_member(CHILD, "2015-05-05", "20");
        assert_status(life_find_subject(&world.e, YAO_TEXT(CHILD), &child),
                      YAO_OK);
        change = store_change_open(&world.arena);
        store_put_guardian(&change,
                           &(store_guardian){.id       = {id, sizeof id},
                                             .child    = child.holder,
                                             .guardian = life_who.holder,
                                             .started  = world.e.now,
                                             .ends = world.e.now + 100000,
                                             .reason = YAO_TEXT("household")});
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        assert_int_equal(guardians(&child), 1);
        apply("{\"op\":\"event\",\"number\":\"%s\",\"version\":1,\"event\":"
              "\"%s\"}",
              i == 0 ? ENROL_NUMBER_1 : CHILD, kinds[i]);
        assert_int_equal(said.outcome, SYNC_APPLIED);
        assert_int_equal(guardians(&child), 0);
        world_close();
    }
}

/* Memory is that of one line. */
static void stays_small(void **state)
{
    (void)state;
    life_open();
    size_t mark = world.arena.used;
    for (unsigned i = 1; i <= 500; i++) {
        world.arena.used = mark;
        event(i, "licence_points", ",\"points\":1");
        assert_int_equal(said.outcome, SYNC_APPLIED);
        assert_true(world.arena.used - mark < 1024 * 1024);
    }
    world_close();
}

int main(void)
{
    for (size_t i = 0; i < COUNT(bad); i++)
        test_add("line", bad[i].name, refuses, &bad[i]);
    for (size_t i = 0; i < COUNT(events); i++)
        test_add("event", events[i].name, happens, &events[i]);
    test_add("line", "refuses every beginning of one", refuses_every_prefix,
             NULL);
    test_add("version", "gives what was applied once, in order",
             follows_versions, NULL);
    test_add("version", "gives the same for a line with a return",
             takes_a_return_for_nothing, NULL);
    test_add("upsert", "gives another record, and says what shows it",
             changes_records, NULL);
    test_add("upsert", "accepts new people", takes_new_people, NULL);
    test_add("upsert", "never brings back who was erased", never_brings_back,
             NULL);
    test_add("upsert", "refuses what is somebody else's",
             refuses_what_is_others, NULL);
    test_add("upsert", "refuses files where there are none",
             refuses_portraits_of_nowhere, NULL);
    test_add("event", "gives a vehicle back that was found",
             finds_vehicles_again, NULL);
    test_add("event", "never lets a person end it by unfreezing",
             never_unfreezes_events, NULL);
    test_add("event", "ends guardians", ends_guardians, NULL);
    test_add("line", "accepts any number in the memory of one", stays_small,
             NULL);
    return test_run("authority/life/sync");
}
