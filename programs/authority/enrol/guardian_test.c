/* SPDX-License-Identifier: Apache-2.0 */
/* Whose documents a guardian may hold, until when, and how they are chosen. */
#include "authority/enrol/guardian.h"

#include "authority/enrol/level.h"

#include "check.h"
#include "enrol_walk.h"

static int64_t state_of(yao_bytes id)
{
    store_enrolment e;

    assert_status(store_get_enrolment(world.a.store, id, &world.arena, &e),
                  YAO_OK);
    return e.state;
}

/* ---- guardians ---- */

typedef struct guardian_row {
    const char *name;
    const char *relation, *birth;   /* of the guardian */
    const char *child, *child_birth;
    const char *household;          /* of the child */
    yao_status  want;
    yao_time    ends;
} guardian_row;

static const guardian_row guardians[] = {
    {"accepts a head's son", "02", "1988-08-08", "20", "2014-02-15", "H1",
     YAO_OK, INT64_C(1834156800)},
    {"accepts a spouse's daughter", "12", "1988-08-08", "32", "2014-02-15",
     "H1", YAO_OK, INT64_C(1834156800)},
    {"accepts a head who is a child, and the mother", "52", "1988-08-08", "02",
     "2014-02-15", "H1", YAO_OK, INT64_C(1834156800)},
    {"accepts one of 14, until 18", "02", "1980-08-08", "20", "2012-02-15",
     "H1", YAO_OK, INT64_C(1897315200)},
    {"refuses one of 18", "02", "1970-08-08", "20", "2008-11-22", "H1",
     YAO_E_NOT_AUTHORISED, 0},
    {"accepts one who is 18 tomorrow in China", "02", "1970-08-08", "20",
     "2008-11-23", "H1", YAO_OK, INT64_C(1795363200)},
    {"accepts a child of 29 February, until 1 March", "02", "1980-08-08", "20",
     "2016-02-29", "H1", YAO_OK, INT64_C(1898524800)},
    {"refuses another household", "02", "1988-08-08", "20", "2014-02-15", "H2",
     YAO_E_NOT_AUTHORISED, 0},
    {"refuses a brother", "20", "1988-08-08", "20", "2014-02-15", "H1",
     YAO_E_NOT_AUTHORISED, 0},
    {"refuses a grandparent", "50", "1950-08-08", "20", "2014-02-15", "H1",
     YAO_E_NOT_AUTHORISED, 0},
    {"refuses a son-in-law as a child", "02", "1960-08-08", "28", "2014-02-15",
     "H1", YAO_E_NOT_AUTHORISED, 0},
    {"refuses a guardian of 17", "02", "2009-08-08", "20", "2026-02-15", "H1",
     YAO_E_NOT_AUTHORISED, 0},
    {"refuses the child as its parent's guardian", "20", "2014-02-15", "02",
     "1988-08-08", "H1", YAO_E_NOT_AUTHORISED, 0},
    {"refuses a birth date that is none", "02", "1988-08-08", "20",
     "2014-02-30", "H1", YAO_E_MALFORMED, 0},
};

static const yao_json *record_of(const char *relation, const char *birth,
                                 const char *household)
{
    char            text[256];
    yao_bytes       kept;
    const yao_json *record;

    snprintf(text, sizeof text,
             "{\"birth_date\":\"%s\",\"household\":{\"number\":\"%s\","
             "\"relation\":\"%s\"}}",
             birth, household, relation);
    assert_status(
        yao_arena_keep(test_arena(), yao_text_bytes(yao_text_of(text)), &kept),
        YAO_OK);
    assert_status(yao_json_parse(test_arena(), kept, &record), YAO_OK);
    return record;
}

static void looks_at_guardian(void **state)
{
    const guardian_row *r    = *state;
    yao_time            ends = 0;

    assert_status(
        enrol_check_guardian(
            record_of(r->relation, r->birth, "H1"),
            record_of(r->child, r->child_birth, r->household), ENROL_NOW,
            &ends),
        r->want);
    assert_int_equal(ends, r->ends);
}

static void refuses_no_household(void **state)
{
    const yao_json *record;
    yao_time        ends;

    (void)state;
    assert_status(yao_json_parse(test_arena(),
                                 YAO_LIT("{\"birth_date\":\"2014-02-15\"}"),
                                 &record),
                  YAO_OK);
    assert_status(enrol_check_guardian(record_of("02", "1988-08-08", "H1"),
                                       record, ENROL_NOW, &ends),
                  YAO_E_MISSING);
}

static void ends_on_the_day(void **state)
{
    uint8_t      child[STORE_HASH_LEN] = {5}, parent[STORE_HASH_LEN] = {6};
    store_change change;
    bool         is;
    store_guardian row = {.child    = {child, sizeof child},
                          .guardian = {parent, sizeof parent},
                          .ends     = ENROL_NOW + 100,
                          .reason   = YAO_TEXT("household")};

    (void)state;
    world_open();
    for (int i = 0; i < 2; i++) { /* twice is once */
        change = store_change_open(&world.arena);
        assert_status(enrol_put_guardian(&world.e, &change, &row), YAO_OK);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
    }
    assert_int_equal(world_events("guardian.put"), 1);
    assert_status(enrol_is_guardian(&world.e, row.child, row.guardian, &is),
                  YAO_OK);
    assert_true(is);
    assert_status(enrol_is_guardian(&world.e, row.guardian, row.child, &is),
                  YAO_OK);
    assert_false(is);
    enrol_entered entered;
    change = store_change_open(&world.arena);
    assert_status(enrol_enter(&world.e, &change,
                              &(enrol_new){row.child,
                                           ENROL_DEVICE | ENROL_CODE |
                                               ENROL_FACE | ENROL_GUARDED,
                                           false},
                              &entered),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(enrol_end_due_guarded(&world.e), YAO_OK);
    assert_int_equal(state_of(entered.enrolment), STORE_ENROLMENT_OFFERED);
    world.e.now += 100;
    assert_status(enrol_is_guardian(&world.e, row.child, row.guardian, &is),
                  YAO_OK);
    assert_false(is);
    assert_status(enrol_end_due_guarded(&world.e), YAO_OK);
    assert_int_equal(state_of(entered.enrolment), STORE_ENROLMENT_ENDED);
    assert_int_equal(world_events("enrolment.end"), 1);
    world_close();
}

/* ---- a child ---- */

static void gives_childs_documents(void **state)
{
    enrol_offer offer;
    yao_text    name = YAO_TEXT("resident_id");
    uint8_t     lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_guardian *list;
    size_t          count;

    (void)state;
    world_open();
    world_register_member("120119201402159013", "2014-02-15", "20");
    show_face();
    assert_status(enrol_take_child(&v, YAO_TEXT(ENROL_NOBODY)),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_take_child(&v, YAO_TEXT(ENROL_NUMBER_1)),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_take_child(&v, YAO_TEXT("120119201402159013")), YAO_OK);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_OK);
    assert_status(finish(CODE, "", &offer), YAO_OK);
    assert_false(offer.given); /* the child logs in nowhere */
    assert_status(enrol_hash_person(&world.e, YAO_TEXT("120119201402159013"),
                                    lookup, holder),
                  YAO_OK);
    assert_bytes(world.wish.person, ((yao_bytes){lookup, sizeof lookup}));
    assert_status(store_list_guardians(world.a.store,
                                       (yao_bytes){holder, sizeof holder},
                                       &world.arena, &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    /* 14th birthday: 2028-02-15 in China */
    assert_int_equal(list[0].ends, INT64_C(1834156800));
    world_close();
}

/* One number after the other, in a session that a face opened. */
static void refuses_many_children(void **state)
{
    (void)state;
    world_open();
    world_register_member("120119201402159013", "2014-02-15", "97");
    show_face();
    for (int i = 0; i < ENROL_CHILD_TRIES; i++) {
        at(ENROL_AT_CHOICE);
        assert_status(
            enrol_take_child(&v, i % 2 ? YAO_TEXT("120119201402159013")
                                       : YAO_TEXT(ENROL_NOBODY)),
            YAO_E_NOT_AUTHORISED);
    }
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world_close();
}

/* What the record once said is no officer's word: a household parts. */
static void note_guardian(const char *reason)
{
    store_change change;
    uint8_t      lookup[STORE_HASH_LEN], child[STORE_HASH_LEN],
        guardian[STORE_HASH_LEN];

    assert_status(enrol_hash_person(&world.e, YAO_TEXT("120119201402159013"),
                                    lookup, child),
                  YAO_OK);
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    guardian),
                  YAO_OK);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_put_guardian(&world.e, &change,
                           &(store_guardian){.child    = {child, sizeof child},
                                             .guardian = {guardian,
                                                          sizeof guardian},
                                             .ends   = ENROL_NOW + 1000,
                                             .reason = yao_text_of(reason)}),
        YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void gives_childs_documents_by_officer(void **state)
{
    (void)state;
    world_open();
    world_register_member("120119201402159013", "2014-02-15", "97");
    show_face();
    assert_status(enrol_take_child(&v, YAO_TEXT("120119201402159013")),
                  YAO_E_NOT_AUTHORISED);
    note_guardian(ENROL_BY_HOUSEHOLD);
    assert_status(enrol_take_child(&v, YAO_TEXT("120119201402159013")),
                  YAO_E_NOT_AUTHORISED);
    note_guardian(ENROL_BY_OFFICERS);
    assert_status(enrol_take_child(&v, YAO_TEXT("120119201402159013")), YAO_OK);
    world_close();
}

int main(void)
{
    for (size_t i = 0; i < COUNT(guardians); i++)
        test_add("guardian", guardians[i].name, looks_at_guardian,
                 &guardians[i]);
    test_add("guardian", "refuses a child without a household",
             refuses_no_household, NULL);
    test_add("guardian", "gives it up on the day", ends_on_the_day, NULL);
    test_add("child", "gives a child's documents to a parent",
             gives_childs_documents, NULL);
    test_add("child", "refuses one number after the other",
             refuses_many_children, NULL);
    test_add("child", "gives them to a guardian whom officers noted",
             gives_childs_documents_by_officer, NULL);
    int code = test_run("authority/enrol/guardian");
    test_scratch_remove();
    return code;
}
