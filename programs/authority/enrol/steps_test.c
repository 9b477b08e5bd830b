/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/login.h"
#include "authority/enrol/steps.h"

#include "store/erase.h"
#include "store/notice.h"
#include "store/person_passkey.h"

#include "check.h"
#include "enrol_walk.h"

/* ---- the way through ---- */

static void gives_offer(void **state)
{
    enrol_offer      offer;
    store_enrolment *list;
    size_t           count;
    uint8_t          lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    (void)state;
    world_open();
    choose(false);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOW);
    assert_int_equal(offer.entered.level, 3);
    assert_int_equal(offer.expires, ENROL_NOW + 120);
    assert_false(offer.given);
    assert_string_equal(world.code, CODE);
    assert_int_equal(world.wish.level, 3);
    assert_int_equal(world.wish.document_count, 1);
    assert_true(yao_text_equal(world.wish.documents[0],
                               YAO_TEXT("resident_id")));
    assert_int_equal(world.wish.expires, ENROL_NOW + 120);

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_bytes(world.wish.person, ((yao_bytes){lookup, sizeof lookup}));
    assert_status(store_list_enrolments(world.a.store,
                                        (yao_bytes){holder, sizeof holder},
                                        &world.arena, &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_bytes(list[0].id, world.wish.note);
    assert_int_equal(world_events("enrolment"), 1);
    assert_int_equal(world_events("face.check"), 1);
    assert_true(world_events("person.read") >= 1);
    assert_status(find(kiosk), YAO_E_NOT_FOUND); /* over */
    world_close();
}

static void gives_an_access_code(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    assert_status(finish(CODE, "", &offer), YAO_OK);
    assert_true(offer.given);
    choose(false);
    assert_status(finish(CODE, "", &offer), YAO_OK);
    assert_false(offer.given); /* the old one stays */
    world_close();
}

static void gives_what_one_may_have(void **state)
{
    enrol_option list[ENROL_MAX_OPTIONS];
    size_t       count, may = 0;

    (void)state;
    world_open();
    show_face();
    assert_status(enrol_list_options(&v, list, &count), YAO_OK);
    assert_int_equal(count, world.e.catalogue->definition_count);
    for (size_t i = 0; i < count; i++) {
        may += list[i].entitled;
        assert_true(list[i].entitled || list[i].reason != YAO_REASON_NONE);
    }
    assert_true(may >= 5);
    world_close();
}

static void refuses_what_one_may_not_have(void **state)
{
    yao_text permit[] = {YAO_TEXT("driving_licence"), YAO_TEXT("nothing"),
                         YAO_TEXT("resident_id"), YAO_TEXT("resident_id")};

    (void)state;
    world_open();
    world_register_member("120119199202299025", "1992-02-29", "12");
    type_number("120119199202299025");
    assert_int_equal(look(), FACE_MATCH);
    assert_status(enrol_choose(&v, permit, 1, false), YAO_E_NOT_ENTITLED);
    assert_status(enrol_choose(&v, permit + 1, 1, false), YAO_E_VALUE);
    assert_status(enrol_choose(&v, permit + 2, 2, false), YAO_E_VALUE);
    assert_status(enrol_choose(&v, permit + 2, 0, false), YAO_E_VALUE);
    assert_status(enrol_choose(&v, permit + 2, 1, false), YAO_OK);
    world_close();
}

/* ---- declined, left, timed out ---- */

static void never_keeps_what_was_declined(void **state)
{
    (void)state;
    world_open();
    size_t events = world_events(NULL);
    accept();
    assert_status(enrol_leave(&v), YAO_OK);
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    begin();
    assert_status(enrol_leave(&v), YAO_OK);
    assert_status(enrol_leave(&v), YAO_E_NOT_FOUND);
    assert_int_equal(world_events(NULL), events);
    assert_int_equal(world.offers, 0);
    assert_false(world_holds(yao_text_bytes(token)));
    world_close();
}

static void ends_by_itself(void **state)
{
    (void)state;
    world_open();
    type_number(ENROL_NUMBER_1);
    world.e.now += ENROL_IDLE_KIOSK - 1;
    assert_status(find(kiosk), YAO_OK);
    world.e.now += 1;
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    /* and what was there can be opened by nobody, and is forgotten */
    store_change change = store_change_open(&world.arena);
    store_forget_sessions(&change, world.e.now);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    world.e.now = ENROL_NOW;
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world_close();
}

static void ends_when_the_clock_goes_back(void **state)
{
    (void)state;
    world_open();
    type_number(ENROL_NUMBER_1);
    world.e.now -= ENROL_LONGEST;
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world.e.now = 0;
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world.e.now = ENROL_NOW + INT64_C(315360000);
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world.e.now = ENROL_NOW - 1;
    assert_status(find(kiosk), YAO_OK);
    world_close();
}

static void refuses_another_kiosk(void **state)
{
    (void)state;
    world_open();
    type_number(ENROL_NUMBER_1);
    assert_status(find(YAO_LIT("another-kiosk-16")), YAO_E_NOT_FOUND);
    assert_status(find(YAO_LIT("")), YAO_E_NOT_FOUND);
    assert_status(enrol_visit_find(&world.e, ENROL_SESSION_SELF, kiosk, token,
                                   &v),
                  YAO_E_NOT_FOUND);
    token.len--;
    assert_status(find(kiosk), YAO_E_NOT_FOUND);
    world_close();
}

static void refuses_other_steps(void **state)
{
    face_challenge challenge;
    face_result    result;
    enrol_offer    offer;
    enrol_option   list[ENROL_MAX_OPTIONS];
    size_t         count;
    int64_t        wait;
    int            seconds;
    yao_text       name = YAO_TEXT("resident_id");

    (void)state;
    world_open();
    begin();
    assert_status(enrol_accept(&v, YAO_LIT("another text's hash")),
                  YAO_E_MISMATCH);
    assert_status(enrol_accept(&v, (yao_bytes){NULL, 0}), YAO_E_MISMATCH);
    assert_status(enrol_take_number(&v, YAO_TEXT(ENROL_NUMBER_1),
                                    YAO_TEXT(""), &wait),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_challenge(&v, &challenge, &seconds),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_take_face(&v, YAO_LIT("x"), &result),
                  YAO_E_NOT_AUTHORISED);
    assert_status(enrol_ask_officer(&v), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_look_for_officer(&v), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_list_options(&v, list, &count), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_take_child(&v, YAO_TEXT("1")), YAO_E_NOT_AUTHORISED);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_E_NOT_AUTHORISED);
    assert_status(finish(CODE, "", &offer), YAO_E_NOT_AUTHORISED);
    assert_int_equal(world.offers, 0);
    world_close();
}

/* ---- codes ---- */

static void refuses_weak_codes(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    assert_status(finish("123456", "", &offer), YAO_E_VALUE);
    assert_status(finish("880808", "", &offer), YAO_E_VALUE);
    assert_status(finish("73915", "", &offer), YAO_E_MALFORMED);
    assert_status(finish("", "", &offer), YAO_E_MALFORMED);
    assert_status(finish(CODE, "19880808", &offer), YAO_E_VALUE);
    assert_status(finish(CODE, "73915028", &offer), YAO_E_VALUE);
    assert_int_equal(world.offers, 0);
    at(ENROL_AT_CODE); /* and may be chosen again */
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    world_close();
}

static void never_offers_in_part(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    world.offer_fails = YAO_E_CRYPTO;
    assert_status(finish(CODE, ACCESS, &offer), YAO_E_CRYPTO);
    assert_int_equal(world_events("enrolment"), 0);
    at(ENROL_AT_CODE);
    world.offer_fails = YAO_OK;
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    world_close();
}

/* ---- two at a time ---- */

static void lets_one_of_two_finish(void **state)
{
    enrol_visit other;
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    assert_status(enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, kiosk, token,
                                   &other),
                  YAO_OK);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    v = other;
    assert_status(finish(CODE, ACCESS, &offer), YAO_E_NOT_FOUND);
    assert_int_equal(world_events("enrolment"), 1);
    world_close();
}

static void lets_one_of_two_step(void **state)
{
    enrol_visit other;
    int64_t     wait;

    (void)state;
    world_open();
    accept();
    assert_status(enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, kiosk, token,
                                   &other),
                  YAO_OK);
    assert_status(enrol_take_number(&v, YAO_TEXT(ENROL_NUMBER_1), YAO_TEXT(""),
                                    &wait),
                  YAO_OK);
    assert_status(enrol_take_number(&other, YAO_TEXT(ENROL_NOBODY),
                                    YAO_TEXT(""), &wait),
                  YAO_E_NOT_FOUND);
    world_close();
}

/* ---- levels of two sessions ---- */

static void bind_last(const char *key)
{
    store_change change = store_change_open(&world.arena);
    uint8_t      device[STORE_HASH_LEN];

    assert_status(seal_hash(world.a.crypto, &world.a.keys, SEAL_LEDGER_KEY,
                            yao_text_bytes(yao_text_of(key)), device),
                  YAO_OK);
    assert_status(enrol_bind(&world.e, &change, world.wish.note,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

/* By telephone, as far as the choice. */
static void show_face_far(void)
{
    uint8_t     hash[YAO_SHA256_LEN];
    yao_text    text;
    yao_bytes   nobody = YAO_INIT("");
    int64_t     wait;
    face_result result;

    assert_status(
        enrol_begin(&world.e, ENROL_SESSION_SELF, nobody, YAO_ZH, &token),
        YAO_OK);
    assert_status(
        enrol_visit_find(&world.e, ENROL_SESSION_SELF, nobody, token, &v),
        YAO_OK);
    assert_status(enrol_visit_terms(&v, &text, hash), YAO_OK);
    assert_status(enrol_accept(&v, (yao_bytes){hash, sizeof hash}), YAO_OK);
    assert_status(enrol_take_number(&v, YAO_TEXT(ENROL_NUMBER_1),
                                    YAO_TEXT("李示例"), &wait),
                  YAO_OK);
    assert_status(enrol_take_face(&v, YAO_LIT("x"), &result), YAO_OK);
}

/* The same, by telephone: level 2. */
static void finish_light_with(const char *access, enrol_offer *offer)
{
    yao_text name = YAO_TEXT("resident_id");

    show_face_far();
    assert_status(enrol_choose(&v, &name, 1, true), YAO_OK);
    assert_status(finish("640291", access, offer), YAO_OK);
}

static void finish_light(enrol_offer *offer)
{
    finish_light_with("57302846", offer);
}

static yao_status log_in(const char *code)
{
    enrol_person who;
    int64_t      wait;

    return enrol_log_in(&world.e, YAO_TEXT(ENROL_NUMBER_1), yao_text_of(code),
                        &who, &wait);
}

/* Enrolled at a kiosk, at level 3. */
static void put_higher(void)
{
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t      id[STORE_ID_LEN] = {3}, device[STORE_HASH_LEN] = {4};
    store_change change = store_change_open(&world.arena);

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    store_put_enrolment(&change,
                        &(store_enrolment){.id     = {id, sizeof id},
                                           .holder = {holder, sizeof holder},
                                           .level  = 3,
                                           .state = STORE_ENROLMENT_OFFERED,
                                           .started = ENROL_NOW});
    store_bind_enrolment(&change, (yao_bytes){id, sizeof id},
                         (yao_bytes){device, sizeof device}, false, ENROL_NOW);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

/* Who has another's face and name gets a notice and nothing else: neither a
 * code to log in with, nor the person's own out of the way. */
static void gives_no_code_with_a_notice(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    finish_light(&offer);
    bind_last("one");
    put_higher(); /* whose code is light's still */
    assert_status(log_in("57302846"), YAO_OK);

    finish_light_with("28461950", &offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOTICE);
    assert_status(log_in("28461950"), YAO_E_REFUSED);
    assert_status(log_in("57302846"), YAO_OK);
    world.e.now += ENROL_NOTICE_SECONDS; /* nobody said no */
    finish_light_with("28461950", &offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOW);
    assert_status(log_in("28461950"), YAO_OK);
    world_close();
}

/* Nor one of ours, where the person has none. */
static void never_gives_a_code_with_a_notice(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    put_higher();
    finish_light_with("", &offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOTICE);
    assert_false(offer.given);
    assert_int_equal(offer.access[0], 0);
    world_close();
}

static size_t passkeys(yao_bytes holder)
{
    store_person_passkey *list;
    size_t                count;

    assert_status(store_list_person_passkeys(world.a.store, holder,
                                             &world.arena, &list, &count),
                  YAO_OK);
    return count;
}

/* Somebody was here first, by telephone, with another's face: the person comes
 * to a kiosk and types no code, and that one does not stay. */
static void gives_up_a_lower_code(void **state)
{
    enrol_offer  offer;
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t      id[STORE_HASH_LEN] = {1}, point[65] = {4};
    store_change change;

    (void)state;
    world_open();
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    const yao_bytes whose = {holder, sizeof holder};
    finish_light(&offer);
    bind_last("one");
    change = store_change_open(&world.arena);
    store_put_person_passkey(
        &change, &(store_person_passkey){.id     = {id, sizeof id},
                                         .holder = whose,
                                         .lookup = {lookup, sizeof lookup},
                                         .point  = {point, sizeof point},
                                         .level  = 2,
                                         .added  = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(log_in("57302846"), YAO_OK);
    choose(false);
    assert_status(finish(CODE, "", &offer), YAO_OK);
    assert_true(offer.given);
    assert_status(log_in("57302846"), YAO_E_REFUSED);
    assert_int_equal(passkeys(whose), 0);
    world_close();
}

/* What was begun with the code before is over with it. */
static void ends_sessions_of_another_code(void **state)
{
    enrol_offer  offer;
    enrol_person who;
    int64_t      wait;
    yao_text     begun;

    (void)state;
    world_open();
    choose(false);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_status(enrol_log_in(&world.e, YAO_TEXT(ENROL_NUMBER_1),
                               YAO_TEXT(ACCESS), &who, &wait),
                  YAO_OK);
    assert_status(enrol_start_session(&world.e, &who, &begun), YAO_OK);
    choose(false);
    assert_status(finish(CODE, "", &offer), YAO_OK); /* the same code */
    assert_status(enrol_find_person(&world.e, begun, &who), YAO_OK);
    choose(false);
    assert_status(finish(CODE, "60271938", &offer), YAO_OK);
    assert_status(enrol_find_person(&world.e, begun, &who), YAO_E_NOT_FOUND);
    world_close();
}

static size_t notices(const char *kind)
{
    uint8_t       lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_notice *list;
    size_t        count, found = 0;

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(store_list_notices(world.a.store,
                                     (yao_bytes){holder, sizeof holder}, 100,
                                     &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        found += yao_text_equal(list[i].kind, yao_text_of(kind));
    return found;
}

static void adds_light_after_notice(void **state)
{
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    bind_last("one");
    assert_int_equal(notices("device.new"), 1);
    assert_int_equal(notices("device.notice"), 0);
    finish_light(&offer);
    assert_int_equal(notices("device.notice"), 1);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOTICE);
    assert_int_equal(offer.entered.until, ENROL_NOW + 86400);
    assert_int_equal(offer.text.len, 0);
    assert_int_equal(world.offers, 1);
    assert_int_equal(world_events("enrolment.notice"), 1);
    /* asking again does not shorten it */
    world.e.now += 86399;
    finish_light(&offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOTICE);
    assert_int_equal(offer.entered.until, ENROL_NOW + 86400);
    world.e.now += 1;
    finish_light(&offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOW);
    assert_int_equal(world.offers, 2);
    bind_last("two");
    assert_int_equal(notices("device.notice"), 1);
    assert_int_equal(notices("device.new"), 2);
    /* and the first one is still there */
    uint8_t          lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_enrolment *list;
    size_t           count, bound = 0;
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(store_list_enrolments(world.a.store,
                                        (yao_bytes){holder, sizeof holder},
                                        &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        bound += list[i].state == STORE_ENROLMENT_BOUND;
    assert_int_equal(bound, 2);
    world_close();
}

static void upgrades_at_a_kiosk(void **state)
{
    enrol_offer      offer;
    store_enrolment *list;
    size_t           count, bound = 0;
    uint8_t          lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    (void)state;
    world_open();
    finish_light(&offer);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOW);
    bind_last("one");
    choose(true);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    bind_last("two");
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(store_list_enrolments(world.a.store,
                                        (yao_bytes){holder, sizeof holder},
                                        &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++) {
        bound += list[i].state == STORE_ENROLMENT_BOUND;
        if (list[i].state == STORE_ENROLMENT_BOUND)
            assert_int_equal(list[i].level, 3);
    }
    assert_int_equal(bound, 1);
    world_close();
}

/* ---- a lost telephone ---- */

static void ends_a_lost_telephone(void **state)
{
    enrol_offer  offer;
    enrol_person who;
    int64_t      wait;
    yao_text     begun, name = YAO_TEXT("resident_id");
    size_t       ended = 0;

    (void)state;
    world_open();
    choose(false);
    assert_status(enrol_lose(&v, &ended), YAO_E_NOT_AUTHORISED); /* too late */
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    bind_last("one");
    assert_status(enrol_log_in(&world.e, YAO_TEXT(ENROL_NUMBER_1),
                               YAO_TEXT(ACCESS), &who, &wait),
                  YAO_OK);
    assert_status(enrol_start_session(&world.e, &who, &begun), YAO_OK);
    type_number(ENROL_NUMBER_1);
    assert_status(enrol_lose(&v, &ended), YAO_E_NOT_AUTHORISED); /* too soon */
    world.attempts = 0;
    assert_int_equal(look(), FACE_MATCH);
    assert_status(enrol_lose(&v, &ended), YAO_OK);
    assert_int_equal(ended, 1);
    assert_int_equal(world_events("person.lost"), 1);
    assert_int_equal(world_events("enrolment.end"), 1);
    assert_status(enrol_find_person(&world.e, begun, &who), YAO_E_NOT_FOUND);
    at(ENROL_AT_CHOICE); /* and a new one may come */
    assert_status(enrol_lose(&v, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_OK);
    assert_status(finish("518203", "", &offer), YAO_OK);
    assert_int_equal(offer.entered.entry, ENROL_ENTRY_NOW);
    world_close();
}

/* A face by telephone, of whomever, ends nobody's devices. */
static void ends_nothing_from_far(void **state)
{
    enrol_offer offer;
    size_t      ended = 9;

    (void)state;
    world_open();
    finish_light(&offer);
    bind_last("one");
    show_face_far();
    assert_status(enrol_lose(&v, &ended), YAO_E_NOT_AUTHORISED);
    assert_int_equal(ended, 9);
    assert_int_equal(world_events("person.lost"), 0);
    world_close();
}

/* ---- who is erased meanwhile ---- */

static void erase(const char *number)
{
    uint8_t       lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_change  change = store_change_open(&world.arena);
    people_person person;

    assert_status(people_find(&world.a, yao_text_of(number), &world.arena,
                              &person),
                  YAO_OK);
    assert_status(
        enrol_hash_person(&world.e, yao_text_of(number), lookup, holder),
        YAO_OK);
    store_erase_person(&change,
                       &(store_erasing){.person = person.stored.id,
                                        .lookup = {lookup, sizeof lookup},
                                        .holder = {holder, sizeof holder}});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    people_close(&person);
}

static void keeps_nothing_of_the_erased(void **state)
{
    enrol_offer       offer;
    store_access_code code;
    store_enrolment  *list;
    size_t            count;
    uint8_t           lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    (void)state;
    world_open();
    choose(false);
    erase(ENROL_NUMBER_1);
    assert_status(finish(CODE, ACCESS, &offer), YAO_E_NOT_FOUND);
    assert_int_equal(world.offers, 0);
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    const yao_bytes whose = {holder, sizeof holder};
    assert_status(store_get_access_code(world.a.store, whose, &world.arena,
                                        &code),
                  YAO_E_NOT_FOUND);
    assert_status(store_list_enrolments(world.a.store, whose, &world.arena,
                                        &list, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    world_close();
}

/* ---- two sessions of one person ---- */

static void keeps_one_of_two(void **state)
{
    enrol_offer      offer;
    enrol_wish       first;
    enrol_visit      one;
    store_enrolment *list;
    size_t           count, bound = 0;
    uint8_t          lookup[STORE_HASH_LEN] = {2}, holder[STORE_HASH_LEN];
    store_change     change;

    (void)state;
    world_open();
    choose(true);
    one = v;
    choose(true); /* at another kiosk's screen */
    assert_status(finish("518203", "", &offer), YAO_OK);
    first = world.wish;
    v     = one;
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    bind_last("one");
    /* which was to be the only one: the other offer is worth nothing now */
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, first.note,
                             (yao_bytes){lookup, sizeof lookup}),
                  YAO_E_EXISTS);
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(store_list_enrolments(world.a.store,
                                        (yao_bytes){holder, sizeof holder},
                                        &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        bound += list[i].state == STORE_ENROLMENT_BOUND;
    assert_int_equal(count, 2);
    assert_int_equal(bound, 1);
    world_close();
}

/* ---- nothing in clear ---- */

static void never_in_clear(void **state)
{
    static const char *const secrets[] = {
        ENROL_NUMBER_1, "李示例", "1988-08-08", "示例路1号", CODE, ACCESS,
        "D0001", "LTEST1A02R0000017"};
    enrol_offer offer;

    (void)state;
    world_open();
    choose(false);
    for (size_t i = 0; i < COUNT(secrets); i++)
        assert_false(world_holds(yao_text_bytes(yao_text_of(secrets[i]))));
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    for (size_t i = 0; i < COUNT(secrets); i++)
        assert_false(world_holds(yao_text_bytes(yao_text_of(secrets[i]))));
    assert_false(world_holds(yao_text_bytes(token)));
    assert_false(world_holds((yao_bytes){world_portrait + 2000, 32}));
    /* the scan can find */
    assert_true(world_holds(YAO_LIT("enrolment")));
    world_close();
}

int main(void)
{
    test_add("session", "gives an offer at the end of all steps", gives_offer,
             NULL);
    test_add("session", "gives an access code to who chooses none",
             gives_an_access_code, NULL);
    test_add("session", "gives a list of what one may have, and why not",
             gives_what_one_may_have, NULL);
    test_add("session", "refuses what one may not have",
             refuses_what_one_may_not_have, NULL);
    test_add("session", "never keeps anything of one that was declined",
             never_keeps_what_was_declined, NULL);
    test_add("session", "N259 ends by itself after a minute", ends_by_itself,
             NULL);
    test_add("session", "N296 ends when the clock jumps",
             ends_when_the_clock_goes_back, NULL);
    test_add("session", "refuses another kiosk's, and another kind",
             refuses_another_kiosk, NULL);
    test_add("session", "N255 refuses every step that is not next",
             refuses_other_steps, NULL);
    test_add("codes", "refuses weak ones, and lets another be chosen",
             refuses_weak_codes, NULL);
    test_add("codes", "never notes an enrolment without its offer",
             never_offers_in_part, NULL);
    test_add("race", "gives one offer to a session that two finish",
             lets_one_of_two_finish, NULL);
    test_add("race", "refuses the second of two steps", lets_one_of_two_step,
             NULL);
    test_add("level", "gives a lower one after a notice and a day",
             adds_light_after_notice, NULL);
    test_add("codes", "never gives a code with a notice, nor takes one",
             gives_no_code_with_a_notice, NULL);
    test_add("codes", "never gives a code with a notice to who has none",
             never_gives_a_code_with_a_notice, NULL);
    test_add("codes", "gives up one of a lower level, with what it bound",
             gives_up_a_lower_code, NULL);
    test_add("codes", "gives up the sessions of the code before",
             ends_sessions_of_another_code, NULL);
    test_add("level", "gives a higher one in the place of a lower",
             upgrades_at_a_kiosk, NULL);
    test_add("lost", "gives up a lost telephone, and a new one may come",
             ends_a_lost_telephone, NULL);
    test_add("lost", "never gives one up for a face by telephone",
             ends_nothing_from_far, NULL);
    test_add("race", "never keeps anything of who is erased meanwhile",
             keeps_nothing_of_the_erased, NULL);
    test_add("race", "gives one device to a person whose two want to be alone",
             keeps_one_of_two, NULL);
    test_add("privacy", "never leaves a value, code or token in the store",
             never_in_clear, NULL);
    int code = test_run("authority/enrol/steps");
    test_scratch_remove();
    return code;
}
