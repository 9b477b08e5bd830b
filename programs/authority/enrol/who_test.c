/* SPDX-License-Identifier: Apache-2.0 */
/* Who somebody is: numbers, names, faces, officers. */
#include "authority/enrol/officer.h"

#include "store/operator.h"

#include "check.h"
#include "enrol_walk.h"

/* ---- who is it ---- */

/* The same answers in the same order, for a number that nobody has, and for
 * another's. */
static void never_tells_who_exists(void **state)
{
    static const char *const numbers[] = {ENROL_NOBODY, ENROL_NUMBER_1};

    (void)state;
    world_open();
    for (size_t i = 0; i < COUNT(numbers); i++) {
        world.sees     = FACE_NO_MATCH;
        world.attempts = 0;
        type_number(numbers[i]);
        for (int n = 0; n < FACE_ATTEMPTS - 1; n++) {
            assert_int_equal(look(), FACE_NO_MATCH);
            at(ENROL_AT_FACE);
        }
        assert_int_equal(look(), FACE_NO_MATCH);
        at(ENROL_AT_OFFICER);
        assert_int_equal(world_cases("enrol.officer"), i + 1);
        assert_int_equal(world_cases("enrol.face"), i + 1);
    }
    world_close();
}

/* A camera that sees a match with the face that nobody has. */
static void refuses_match_with_nobody(void **state)
{
    (void)state;
    world_open();
    type_number(ENROL_NOBODY);
    world_portrait_len = 0;
    assert_int_equal(look(), FACE_NO_MATCH);
    at(ENROL_AT_FACE);
    world_close();
}

/* What is no frames names no challenge and uses no attempt up; a stranger's log
 * is not filled with it. */
static void refuses_no_frames_for_ever(void **state)
{
    face_result r;
    yao_status  status = YAO_OK;
    int         n      = 0;

    (void)state;
    world_open();
    type_number(ENROL_NUMBER_1);
    while (n < 40 && status == YAO_OK) {
        assert_status(find(kiosk), YAO_OK);
        status = enrol_take_face(&v, YAO_LIT(""), &r);
        n++;
    }
    assert_status(status, YAO_E_NOT_FOUND);
    assert_int_equal(n, ENROL_FRAME_TRIES);
    assert_true(world_events("face.check") < ENROL_FRAME_TRIES);
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    /* and a few of them do no harm */
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_take_face(&v, YAO_LIT(""), &r), YAO_OK);
    assert_int_equal(look(), FACE_MATCH);
    at(ENROL_AT_CHOICE);
    world_close();
}

typedef struct number_row {
    const char *name;
    const char *number;
} number_row;

static const number_row numbers[] = {
    {"N258 refuses nothing as a number", ""},
    {"N258 refuses dashes", "------"},
    {"N258 refuses a percent sign", "%"},
    {"N258 refuses a star", "*"},
    {"N258 refuses a quote", "' OR 1=1 --"},
    {"N258 refuses one letter", "1"},
    {"N258 refuses a number without its last letter", "12011919880808901"},
    {"N258 refuses another check digit", "120119198808089019"},
    {"N258 refuses the beginning of a number", "120119198808%"},
    {"N258 refuses a number with a blank", "12011919880808901X "},
    {"N258 refuses a long one", "12011919880808901X12011919880808901X12011919"},
};

static void refuses_number(void **state)
{
    const number_row *r = *state;
    int64_t           wait;

    world_open();
    accept();
    for (int i = 0; i < ENROL_NUMBER_TRIES; i++) {
        assert_status(find(kiosk), YAO_OK);
        assert_status(
            enrol_take_number(&v, yao_text_of(r->number), YAO_TEXT(""), &wait),
            YAO_E_VALUE);
    }
    assert_status(find(kiosk), YAO_E_NOT_FOUND); /* an officer is next */
    world_close();
}

static void refuses_sequential_numbers(void **state)
{
    int64_t wait = 0;
    int     i;

    (void)state;
    world_open();
    for (i = 0; i < 100; i++) {
        accept();
        /* one number each time, so that it is the kiosk's limit */
        yao_status status = enrol_take_number(
            &v,
            yao_text_of(i % 2 ? ENROL_NOBODY : "120119199202299025"),
            YAO_TEXT(""), &wait);
        if (status == YAO_E_LIMIT)
            break;
        assert_status(status, YAO_OK);
    }
    assert_true(i <= 60);
    assert_true(wait > 0);
    assert_true(world_cases("enrol.person") + world_cases("enrol.kiosk") > 0);
    /* and later it goes on: nobody is locked out for good */
    world.e.now += wait;
    accept();
    assert_status(
        enrol_take_number(&v, yao_text_of(ENROL_NUMBER_1), YAO_TEXT(""), &wait),
        YAO_OK);
    world_close();
}

/* ---- by telephone ---- */

static yao_status type_far(int64_t *wait)
{
    uint8_t   hash[YAO_SHA256_LEN];
    yao_text  text;
    yao_bytes nobody = YAO_INIT("");

    assert_status(
        enrol_begin(&world.e, ENROL_SESSION_SELF, nobody, YAO_ZH, &token),
        YAO_OK);
    assert_status(
        enrol_visit_find(&world.e, ENROL_SESSION_SELF, nobody, token, &v),
        YAO_OK);
    assert_status(enrol_visit_terms(&v, &text, hash), YAO_OK);
    assert_status(enrol_accept(&v, (yao_bytes){hash, sizeof hash}), YAO_OK);
    return enrol_take_number(&v, YAO_TEXT(ENROL_NUMBER_1), YAO_TEXT("李示例"),
                             wait);
}

/* A stranger with a telephone keeps nobody from a kiosk. */
static void never_locks_out_from_far(void **state)
{
    int64_t wait = 0;
    int     n    = 0;

    (void)state;
    world_open();
    while (n < 20 && type_far(&wait) == YAO_OK)
        n++;
    assert_int_equal(n, 6);
    assert_true(wait > 0);
    assert_int_equal(world_cases("enrol.person"), 1);
    type_number(ENROL_NUMBER_1);
    world_close();
}

typedef struct name_row {
    const char *name;
    const char *typed;
    bool        shown;
    bool        match;
} name_row;

static const name_row names[] = {
    {"N261 accepts the name of the register", "李示例", true, true},
    {"N261 never tells that a name is another's", "王示例", true, false},
    {"N261 accepts one letter, as no match", "李", true, false},
    {"N261 accepts an apostrophe, as no match", "O'Neil", true, false},
    {"N261 accepts accents, as no match", "Zoe\xcc\x88", true, false},
    {"N261 accepts a dot between names, as no match", "买买提·示例", true,
     false},
    {"N261 accepts letters beyond the first plane, as no match",
     "\xf0\xa0\x80\x80", true, false},
    {"N261 refuses no name", "", false, false},
    {"N261 refuses a zero-width letter", "李\xe2\x80\x8b示例", false, false},
    {"N261 refuses a turn of direction", "李\xe2\x80\xae示例", false, false},
    {"N261 refuses a byte order mark", "\xef\xbb\xbf李示例", false, false},
    {"N261 refuses a soft hyphen", "李\xc2\xad示例", false, false},
    {"N261 refuses a line end", "李\n示例", false, false},
    {"N261 refuses a heap of accents", "a\xcc\x88\xcc\x88\xcc\x88", false,
     false},
    {"N261 refuses what is no UTF-8", "\xe6\x9d", false, false},
    {"N261 refuses an overlong form", "\xc0\xaf", false, false},
};

static void takes_name(void **state)
{
    const name_row *r = *state;
    uint8_t         hash[YAO_SHA256_LEN];
    yao_text        text;
    int64_t         wait;
    yao_bytes       nobody = YAO_INIT("");
    face_result     result;

    world_open();
    assert_status(
        enrol_begin(&world.e, ENROL_SESSION_SELF, nobody, YAO_ZH, &token),
        YAO_OK);
    assert_status(
        enrol_visit_find(&world.e, ENROL_SESSION_SELF, nobody, token, &v),
        YAO_OK);
    assert_status(enrol_visit_terms(&v, &text, hash), YAO_OK);
    assert_status(enrol_accept(&v, (yao_bytes){hash, sizeof hash}), YAO_OK);
    assert_status(enrol_take_number(&v, YAO_TEXT(ENROL_NUMBER_1),
                                    yao_text_of(r->typed), &wait),
                  r->shown ? YAO_OK : YAO_E_VALUE);
    if (r->shown) {
        assert_status(enrol_take_face(&v, YAO_LIT("x"), &result), YAO_OK);
        assert_int_equal(result.verdict,
                         r->match ? FACE_MATCH : FACE_NO_MATCH);
    }
    if (r->match) {
        yao_text    name = YAO_TEXT("resident_id");
        enrol_offer offer;
        assert_status(enrol_choose(&v, &name, 1, false), YAO_OK);
        assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
        assert_int_equal(offer.entered.level, 2); /* light */
    }
    world_close();
}

/* ---- an officer ---- */

static uint8_t clerk[STORE_ID_LEN] = {1}, officer[STORE_ID_LEN] = {2};

static enrol_operator who(const uint8_t *id, int roles)
{
    return (enrol_operator){{id, STORE_ID_LEN}, roles};
}

/* As the console has them: the second counts only while the first is one. */
static void put_operator(const uint8_t *id, const char *name, int64_t roles)
{
    store_change  change    = store_change_open(&world.arena);
    const uint8_t point[65] = {4};

    store_put_operator(&change, &(store_operator){.id    = {id, STORE_ID_LEN},
                                                  .name  = yao_text_of(name),
                                                  .roles = roles,
                                                  .added = ENROL_NOW});
    store_put_passkey(&change,
                      &(store_passkey){.id       = {id, STORE_ID_LEN},
                                       .operator = {id, STORE_ID_LEN},
                                       .point    = {point, sizeof point},
                                       .model    = {point, 16},
                                       .added    = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void open_office(void)
{
    world_open();
    put_operator(clerk, "clerk-1", APP_CLERK | APP_SUPERVISOR);
    put_operator(officer, "officer-1", APP_OFFICER);
}

static void decides(const char *decision, yao_bytes id)
{
    enrol_operator one = who(clerk, APP_CLERK), two = who(officer, APP_OFFICER);

    assert_status(enrol_decide(&world.e, &one, id, yao_text_of(decision)),
                  YAO_OK);
    assert_status(enrol_look_for_officer(&v), YAO_OK);
    at(ENROL_AT_OFFICER); /* one is not enough */
    assert_status(enrol_confirm(&world.e, &two, id, yao_text_of(decision)),
                  YAO_OK);
}

static void gives_officers_way(void **state)
{
    enrol_offer offer;
    yao_text    name = YAO_TEXT("resident_id");

    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    at(ENROL_AT_OFFICER);
    yao_bytes id = {v.state.case_id, STORE_ID_LEN};
    assert_status(yao_arena_keep(&world.arena, id, &id), YAO_OK);
    decides("accept", id);
    assert_status(enrol_look_for_officer(&v), YAO_OK);
    at(ENROL_AT_CHOICE);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_OK);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_int_equal(offer.entered.level, 4);
    world_close();
}

static void ends_when_officers_refuse(void **state)
{
    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    world.attempts = FACE_ATTEMPTS;
    face_challenge challenge;
    int            wait;
    assert_status(enrol_challenge(&v, &challenge, &wait), YAO_E_LIMIT);
    at(ENROL_AT_OFFICER);
    yao_bytes id = {v.state.case_id, STORE_ID_LEN};
    assert_status(yao_arena_keep(&world.arena, id, &id), YAO_OK);
    decides("refuse", id);
    assert_status(enrol_look_for_officer(&v), YAO_E_REFUSED);
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world_close();
}

static void takes_two_officers(void **state)
{
    enrol_operator one = who(officer, APP_OFFICER),
                   none = who(clerk, 0), auditor = who(clerk, APP_AUDITOR),
                   helper = who(clerk, APP_CLERK),
                   two    = who(clerk, APP_SUPERVISOR);
    yao_text       yes = YAO_TEXT("accept");

    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    yao_bytes id = {v.state.case_id, STORE_ID_LEN};
    assert_status(enrol_decide(&world.e, NULL, id, yes), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_decide(&world.e, &none, id, yes), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_decide(&world.e, &auditor, id, yes),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_decide(&world.e, &one, id, YAO_TEXT("perhaps")),
                  YAO_E_VALUE);
    assert_status(enrol_decide(&world.e, &one, YAO_LIT("none"), yes),
                  YAO_E_NOT_FOUND);
    assert_status(enrol_confirm(&world.e, &one, id, yes), YAO_E_MISMATCH);
    assert_status(enrol_decide(&world.e, &one, id, yes), YAO_OK);
    assert_status(enrol_confirm(&world.e, &one, id, yes), YAO_E_EXISTS);
    assert_status(enrol_give_back(&world.e, &one, id), YAO_E_EXISTS);
    assert_status(enrol_confirm(&world.e, &helper, id, yes),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_confirm(&world.e, &two, id, YAO_TEXT("refuse")),
                  YAO_E_MISMATCH);
    assert_status(enrol_give_back(&world.e, &two, id), YAO_OK);
    assert_status(enrol_decide(&world.e, &two, id, yes), YAO_OK);
    assert_status(enrol_confirm(&world.e, &one, id, yes), YAO_OK);
    assert_status(enrol_confirm(&world.e, &one, id, yes), YAO_E_MISMATCH);
    assert_int_equal(world_events("case.confirm"), 1);
    world_close();
}

/* Who goes away leaves no case for officers to say yes to. */
static void closes_the_case_of_who_left(void **state)
{
    enrol_operator one = who(clerk, APP_CLERK), two = who(officer, APP_OFFICER);
    yao_text       yes = YAO_TEXT("accept");
    store_case     c;

    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    yao_bytes id = {v.state.case_id, STORE_ID_LEN};
    assert_status(yao_arena_keep(&world.arena, id, &id), YAO_OK);
    assert_int_equal(world_cases("enrol.officer"), 1);
    assert_status(enrol_leave(&v), YAO_OK);
    assert_int_equal(world_cases("enrol.officer"), 0);
    assert_status(enrol_decide(&world.e, &one, id, yes), YAO_E_NOT_FOUND);
    assert_status(store_get_case(world.a.store, id, &world.arena, &c), YAO_OK);
    assert_int_equal(c.state, STORE_CASE_CLOSED);
    assert_true(yao_text_equal(c.decision, YAO_TEXT("left")));

    /* one that officers have decided stays as they did */
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    id = (yao_bytes){v.state.case_id, STORE_ID_LEN};
    assert_status(yao_arena_keep(&world.arena, id, &id), YAO_OK);
    assert_status(enrol_decide(&world.e, &one, id, yes), YAO_OK);
    assert_status(enrol_confirm(&world.e, &two, id, yes), YAO_OK);
    assert_status(enrol_leave(&v), YAO_OK);
    assert_status(store_get_case(world.a.store, id, &world.arena, &c), YAO_OK);
    assert_true(yao_text_equal(c.decision, yes));
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world_close();
}

/* Who decided was ended, or is a clerk no more. */
static void takes_two_who_still_may(void **state)
{
    enrol_operator one = who(clerk, APP_CLERK), two = who(officer, APP_OFFICER);
    yao_text       yes = YAO_TEXT("accept");
    store_change   change;

    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    yao_bytes id = {v.state.case_id, STORE_ID_LEN};
    assert_status(enrol_decide(&world.e, &one, id, yes), YAO_OK);
    change = store_change_open(&world.arena);
    store_set_operator_roles(&change, one.id, APP_AUDITOR, ENROL_NOW);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(enrol_confirm(&world.e, &two, id, yes), YAO_E_REFUSED);
    change = store_change_open(&world.arena);
    store_set_operator_roles(&change, one.id, APP_CLERK, ENROL_NOW);
    store_end_operator(&change, one.id, ENROL_NOW);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(enrol_confirm(&world.e, &two, id, yes), YAO_E_REFUSED);
    assert_status(enrol_look_for_officer(&v), YAO_OK);
    at(ENROL_AT_OFFICER);
    assert_status(enrol_give_back(&world.e, &two, id), YAO_OK);
    world_close();
}

static void sees_officers(enrol_step step)
{
    assert_status(enrol_look_for_officer(&v), YAO_OK);
    at(step);
}

/* Made-up officers are for a demonstration whose settings say so. */
static void agrees_in_demos_only(void **state)
{
    char *setting = world.a.config.values[SETTING_FACE_DEMO_OFFICERS].text;

    (void)state;
    open_office();
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_ask_officer(&v), YAO_OK);
    world.e.now += ENROL_DEMO_SECONDS;
    sees_officers(ENROL_AT_OFFICER);
    snprintf(setting, 4, "yes");
    world.e.demo = false;
    sees_officers(ENROL_AT_OFFICER);
    world.e.demo = true;
    world.e.now--;
    sees_officers(ENROL_AT_OFFICER);
    world.e.now++;
    sees_officers(ENROL_AT_CHOICE);
    assert_int_equal(world_events("case.demo"), 1);
    world_close();
}

int main(void)
{
    test_add("session", "never tells before a match whether a number exists",
             never_tells_who_exists, NULL);
    test_add("session", "refuses a match with the face that is nobody's",
             refuses_match_with_nobody, NULL);
    test_add("session", "refuses what is no frames, not for ever",
             refuses_no_frames_for_ever, NULL);
    for (size_t i = 0; i < COUNT(numbers); i++)
        test_add("number", numbers[i].name, refuses_number, &numbers[i]);
    test_add("number", "N258 refuses one number after the other, for a while",
             refuses_sequential_numbers, NULL);
    test_add("number", "never locks out at a kiosk who was tried by telephone",
             never_locks_out_from_far, NULL);
    for (size_t i = 0; i < COUNT(names); i++)
        test_add("name", names[i].name, takes_name, &names[i]);
    test_add("officer", "gives another way than a face", gives_officers_way,
             NULL);
    test_add("officer", "never agrees by itself but in a demo that says so",
             agrees_in_demos_only, NULL);
    test_add("officer", "ends a session that two refused",
             ends_when_officers_refuse, NULL);
    test_add("officer", "N254 refuses one operator in the place of two",
             takes_two_officers, NULL);
    test_add("officer", "never waits for who has left",
             closes_the_case_of_who_left, NULL);
    test_add("officer", "N265 refuses the word of an operator who was ended",
             takes_two_who_still_may, NULL);
    int code = test_run("authority/enrol/who");
    test_scratch_remove();
    return code;
}
