/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/login.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/level.h"
#include "authority/enrol/limit.h"
#include "authority/enrol/secret.h"

#include "store/person_passkey.h"

#include "check.h"
#include "enrol_fixture.h"

#include "app/files.h"

#include <pthread.h>

#define ACCESS "28461950"

static enrol_person who;
static int64_t      wait_s;

static void give_code(int64_t level)
{
    store_change change = store_change_open(&world.arena);
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(enrol_put_access_code(&world.e, &change,
                                        (yao_bytes){holder, sizeof holder},
                                        YAO_TEXT(ACCESS), level),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static yao_status log_in(const char *number, const char *code)
{
    return enrol_log_in(&world.e, yao_text_of(number), yao_text_of(code), &who,
                        &wait_s);
}

static int64_t tries_of(const char *number)
{
    uint8_t        lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_throttle t = {.tries = 0};

    assert_status(enrol_hash_person(&world.e, yao_text_of(number), lookup,
                                    holder),
                  YAO_OK);
    yao_status status =
        store_get_throttle(world.a.store, ENROL_LIMIT_LOGIN,
                           (yao_bytes){lookup, sizeof lookup}, &world.arena,
                           &t);
    assert_true(status == YAO_OK || status == YAO_E_NOT_FOUND);
    return t.tries;
}

/* N160: one code at a million numbers, from a thousand addresses. */
static void refuses_guesses_at_many(void **state)
{
    char number[32];

    (void)state;
    world_open();
    give_code(3);
    snprintf(world.a.config.values[SETTING_LOGIN_WRONG].text,
             sizeof world.a.config.values[SETTING_LOGIN_WRONG].text, "%s",
             "6");
    for (int i = 0; i < 6; i++) {
        snprintf(number, sizeof number, "1101011990%08d", i);
        assert_status(log_in(number, ACCESS), YAO_E_REFUSED);
    }
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_E_LIMIT);
    assert_true(wait_s > 0 && wait_s <= 60);
    assert_status(log_in("110101199099999999", ACCESS), YAO_E_LIMIT);
    assert_int_equal(tries_of("110101199099999999"), 0); /* no row of it */
    world.e.now += 60;
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    world_close();
}

/* ---- logging in ---- */

typedef struct login_row {
    const char *name;
    const char *number, *code;
    yao_status  want;
} login_row;

static const login_row logins[] = {
    {"accepts number and code", ENROL_NUMBER_1, ACCESS, YAO_OK},
    {"accepts a small x and blanks", "12011919880808901x", "2846 1950",
     YAO_OK},
    {"refuses another code", ENROL_NUMBER_1, "28461951", YAO_E_REFUSED},
    {"refuses no code", ENROL_NUMBER_1, "", YAO_E_REFUSED},
    {"refuses the beginning of a code", ENROL_NUMBER_1, "2846195",
     YAO_E_REFUSED},
    {"refuses a code with more behind it", ENROL_NUMBER_1, "284619500",
     YAO_E_REFUSED},
    {"N258 refuses a number that nobody has", ENROL_NOBODY, ACCESS,
     YAO_E_REFUSED},
    {"N258 refuses a star", "*", ACCESS, YAO_E_REFUSED},
    {"N258 refuses a percent sign", "%", ACCESS, YAO_E_REFUSED},
    {"N258 refuses dashes", "------", ACCESS, YAO_E_REFUSED},
    {"N258 refuses no number", "", ACCESS, YAO_E_REFUSED},
    {"N258 refuses a number of many letters",
     "1201191988080890100000000000000000000000000000000000000000000", ACCESS,
     YAO_E_REFUSED},
};

static void logs_in(void **state)
{
    const login_row *r = *state;

    world_open();
    give_code(3);
    assert_status(log_in(r->number, r->code), r->want);
    if (r->want == YAO_OK) {
        assert_int_equal(who.level, 2);
        assert_int_equal(who.code_level, 3);
        assert_int_equal(world_events("person.login"), 1);
    } else {
        assert_int_equal(world_events("person.login"), 0);
    }
    world_close();
}

/* Tries until somebody has to wait. */
static int tries_until_wait(const char *number)
{
    int n = 0;

    while (log_in(number, "00000000") == YAO_E_REFUSED)
        n++;
    assert_true(wait_s > 0);
    return n;
}

static void waits_longer_each_time(void **state)
{
    int64_t last = 0;

    (void)state;
    world_open();
    give_code(3);
    assert_int_equal(tries_until_wait(ENROL_NUMBER_1), 5);
    assert_int_equal(world_cases("login.codes"), 1);
    for (int i = 0; i < 12; i++) {
        /* asking while one waits does not prolong it, nor does the right code
         * help */
        assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_E_LIMIT);
        assert_true(wait_s >= last && wait_s <= 3600);
        last = wait_s;
        world.e.now += wait_s - 1;
        assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_E_LIMIT);
        world.e.now += 1;
        assert_status(log_in(ENROL_NUMBER_1, "00000000"), YAO_E_REFUSED);
    }
    assert_int_equal(last, 3600);
    world.e.now += 3600;
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    /* and all is forgiven */
    assert_int_equal(tries_until_wait(ENROL_NUMBER_1), 5);
    world_close();
}

static void waits_for_nobody_too(void **state)
{
    (void)state;
    world_open();
    give_code(3);
    assert_int_equal(tries_until_wait(ENROL_NOBODY), 5);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    world_close();
}

/* ---- many at once ---- */

typedef struct guesser {
    authority   a;
    yao_openssl *openssl;
    pthread_t   thread;
    int         refused, waited;
} guesser;

static void *guess(void *ctx)
{
    guesser     *g = ctx;
    yao_arena    arena;
    enrol_person found;
    int64_t      wait;
    enrol        e = world.e;

    if (yao_memory_open(1u << 20, &arena) != YAO_OK)
        return NULL;
    e.a     = &g->a;
    e.arena = &arena;
    for (int i = 0; i < 6; i++) {
        yao_status status =
            enrol_log_in(&e, YAO_TEXT(ENROL_NUMBER_1), YAO_TEXT("00000000"),
                         &found, &wait);
        g->refused += status == YAO_E_REFUSED;
        g->waited += status == YAO_E_LIMIT;
    }
    yao_memory_free(&arena);
    return NULL;
}

static void counts_guesses_of_many(void **state)
{
    guesser list[8] = {{.refused = 0}};
    int     refused = 0, waited = 0;

    (void)state;
    world_open();
    give_code(3);
    for (size_t i = 0; i < COUNT(list); i++) {
        list[i].openssl   = yao_openssl_open();
        list[i].a         = world.a;
        list[i].a.openssl = list[i].openssl;
        list[i].a.crypto  = yao_openssl_crypto(list[i].openssl);
        assert_int_equal(
            pthread_create(&list[i].thread, NULL, guess, &list[i]), 0);
    }
    for (size_t i = 0; i < COUNT(list); i++) {
        pthread_join(list[i].thread, NULL);
        yao_openssl_close(list[i].openssl);
        refused += list[i].refused;
        waited += list[i].waited;
    }
    assert_int_equal(refused, 5); /* as many as one alone has */
    assert_int_equal(refused + waited, 48);
    world_close();
}

/* N296: a clock that jumps back by ten years locks nobody out. */
static void never_locks_out_by_a_clock(void **state)
{
    (void)state;
    world_open();
    give_code(3);
    assert_int_equal(tries_until_wait(ENROL_NUMBER_1), 5);
    world.e.now -= INT64_C(315360000);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_E_LIMIT);
    assert_true(wait_s <= 3600);
    world.e.now = ENROL_NOW + INT64_C(315360000);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    world_close();
}

static yao_status change_code(const char *old, const char *code)
{
    return enrol_change_code(
        &world.e, &who,
        &(enrol_new_code){yao_text_of(old), yao_text_of(code)}, &wait_s);
}

/* Who found a session open does not know the code, and is no better off than
 * who guesses. */
static void takes_the_old_code(void **state)
{
    enrol_person found;
    yao_text     token;
    int          refused = 0;

    (void)state;
    world_open();
    give_code(3);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    assert_status(enrol_start_session(&world.e, &who, &token), YAO_OK);
    while (refused < 10 && change_code("00000000", "60271938") == YAO_E_REFUSED)
        refused++;
    assert_int_equal(refused, 5);
    assert_status(change_code("", "60271938"), YAO_E_LIMIT);
    assert_true(wait_s > 0);
    assert_int_equal(world_events("person.code"), 0);
    assert_status(enrol_find_person(&world.e, token, &found), YAO_OK);
    world.e.now += wait_s;
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    world_close();
}

static void keeps_a_session(void **state)
{
    yao_text     token, other;
    enrol_person found;

    (void)state;
    world_open();
    give_code(3);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_OK);
    assert_status(enrol_start_session(&world.e, &who, &token), YAO_OK);
    assert_status(enrol_start_session(&world.e, &who, &other), YAO_OK);
    assert_false(yao_text_equal(token, other));
    assert_status(enrol_find_person(&world.e, token, &found), YAO_OK);
    assert_memory_equal(found.holder, who.holder, STORE_HASH_LEN);
    assert_false(world_holds(yao_text_bytes(token)));
    assert_false(world_holds(YAO_LIT(ENROL_NUMBER_1)));

    assert_status(enrol_find_person(&world.e, YAO_TEXT(""), &found),
                  YAO_E_NOT_FOUND);
    world.e.now += ENROL_PERSON_SECONDS;
    assert_status(enrol_find_person(&world.e, token, &found), YAO_E_NOT_FOUND);
    world.e.now -= ENROL_PERSON_SECONDS;
    assert_status(enrol_end_session(&world.e, token), YAO_OK);
    assert_status(enrol_find_person(&world.e, token, &found), YAO_E_NOT_FOUND);
    assert_status(enrol_find_person(&world.e, other, &found), YAO_OK);

    /* a new code ends what was begun with the old one */
    assert_status(change_code(ACCESS, "12345678"), YAO_E_VALUE);
    assert_status(change_code(ACCESS, "60271938"), YAO_OK);
    assert_status(enrol_find_person(&world.e, other, &found), YAO_E_NOT_FOUND);
    assert_status(log_in(ENROL_NUMBER_1, ACCESS), YAO_E_REFUSED);
    assert_status(log_in(ENROL_NUMBER_1, "60271938"), YAO_OK);
    assert_int_equal(who.code_level, 3);
    world_close();
}

/* ---- codes ---- */

typedef struct code_row {
    const char *name, *code;
    size_t      digits;
    yao_status  want;
} code_row;

static const code_row codes[] = {
    {"accepts digits without a pattern", "739150", 6, YAO_OK},
    {"accepts eight of them", "28461950", 8, YAO_OK},
    {"refuses one digit", "000000", 6, YAO_E_VALUE},
    {"refuses a run upwards", "345678", 6, YAO_E_VALUE},
    {"refuses a run over the end", "789012", 6, YAO_E_VALUE},
    {"refuses a run downwards", "654321", 6, YAO_E_VALUE},
    {"refuses a run of twos", "135791", 6, YAO_E_VALUE},
    {"refuses a repeated pair", "727272", 6, YAO_E_VALUE},
    {"refuses a repeated block", "715715", 6, YAO_E_VALUE},
    {"refuses pairs", "773399", 6, YAO_E_VALUE},
    {"refuses a mirror", "739937", 6, YAO_E_VALUE},
    {"refuses two digits in all", "700770", 6, YAO_E_VALUE},
    {"refuses the birthday, year first", "880808", 6, YAO_E_VALUE},
    {"refuses the whole birthday", "19880808", 8, YAO_E_VALUE},
    {"refuses the birthday, day first", "08081988", 8, YAO_E_VALUE},
    {"refuses the end of the number", "808901", 6, YAO_E_VALUE},
    {"refuses the beginning of the number", "120119", 6, YAO_E_VALUE},
    {"refuses what is well known", "520131", 6, YAO_E_VALUE},
    {"refuses letters", "73915a", 6, YAO_E_MALFORMED},
    {"refuses digits of another width", "73915\xef\xbc\x90", 6,
     YAO_E_MALFORMED},
    {"refuses five digits", "73915", 6, YAO_E_MALFORMED},
    {"refuses seven digits", "7391502", 6, YAO_E_MALFORMED},
    {"refuses nothing", "", 6, YAO_E_MALFORMED},
};

static void looks_at_code(void **state)
{
    const code_row *r = *state;

    assert_status(enrol_check_code(yao_text_of(r->code), r->digits,
                                   YAO_TEXT(ENROL_NUMBER_1)),
                  r->want);
}

static void gives_codes(void **state)
{
    char one[12], other[12];

    (void)state;
    assert_status(enrol_give_code(one), YAO_OK);
    assert_status(enrol_give_code(other), YAO_OK);
    assert_memory_not_equal(one, other, 12);
    for (size_t i = 0; i < 12; i++)
        assert_null(strchr("01ILOU", one[i]));
}

static void keeps_codes_apart(void **state)
{
    static const uint8_t zero[STORE_HASH_LEN], one[STORE_HASH_LEN] = {1};
    uint8_t              a[STORE_HASH_LEN], b[STORE_HASH_LEN];
    const yao_bytes      salt = {zero, ENROL_SALT}, other = {one, ENROL_SALT};
    const yao_bytes      p = {zero, STORE_HASH_LEN}, q = {one, STORE_HASH_LEN};
    yao_text             code = YAO_TEXT(ACCESS);

    (void)state;
    world_open();
    assert_status(enrol_verifier(&world.a, p, salt, code, a), YAO_OK);
    assert_status(enrol_verifier(&world.a, p, salt, code, b), YAO_OK);
    assert_memory_equal(a, b, sizeof a);
    assert_status(enrol_verifier(&world.a, q, salt, code, b), YAO_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_status(enrol_verifier(&world.a, p, other, code, b), YAO_OK);
    assert_memory_not_equal(a, b, sizeof a);
    world.a.keys.lookup[0] ^= 1; /* a database without its key */
    assert_status(enrol_verifier(&world.a, p, salt, code, b), YAO_OK);
    assert_memory_not_equal(a, b, sizeof a);
    assert_status(
        enrol_verifier(&world.a, p, (yao_bytes){zero, 8}, code, b),
        YAO_E_CRYPTO);
    world_close();
}

/* ---- levels ---- */

typedef struct level_row {
    const char *name;
    int64_t     factors, level;
} level_row;

static const level_row levels[] = {
    {"gives none without anything", 0, 0},
    {"gives none without a device", ENROL_CODE | ENROL_FACE | ENROL_OFFICER, 0},
    {"gives 1 for a device", ENROL_DEVICE, 1},
    {"gives 2 for a device and a code", ENROL_DEVICE | ENROL_CODE, 2},
    {"gives 2 for a device and a face", ENROL_DEVICE | ENROL_FACE, 2},
    {"gives 2 for a face by telephone", ENROL_DEVICE | ENROL_FACE_FAR, 2},
    {"gives 2 for a face by telephone and a code",
     ENROL_DEVICE | ENROL_CODE | ENROL_FACE_FAR, 2},
    {"gives 3 for a face at a kiosk and a code",
     ENROL_DEVICE | ENROL_CODE | ENROL_FACE, 3},
    {"gives 4 with a card", ENROL_DEVICE | ENROL_CODE | ENROL_CARD, 4},
    {"gives 4 with an officer", ENROL_DEVICE | ENROL_CODE | ENROL_OFFICER, 4},
    {"never gives 4 for a card without a code", ENROL_DEVICE | ENROL_CARD, 1},
    {"gives a guardian no more", ENROL_DEVICE | ENROL_CODE | ENROL_GUARDED, 2},
};

static void counts_factors(void **state)
{
    const level_row *r = *state;

    assert_int_equal(enrol_level(r->factors), r->level);
    assert_true(enrol_level_word(r->level)[0] != '\0');
}

static int64_t factors_of(int64_t level)
{
    static const int64_t list[] = {0, ENROL_DEVICE, ENROL_DEVICE | ENROL_CODE,
                                   ENROL_DEVICE | ENROL_CODE | ENROL_FACE,
                                   ENROL_DEVICE | ENROL_CODE | ENROL_OFFICER};

    return list[level];
}

/* An enrolment of LEVEL, bound to a device of its own. */
static enrol_entry enrol_device(int64_t level, uint8_t n, yao_bytes *id)
{
    store_change  change = store_change_open(&world.arena);
    uint8_t       holder[STORE_HASH_LEN] = {7}, device[STORE_HASH_LEN] = {n};
    enrol_entered entered;

    assert_status(enrol_enter(&world.e, &change,
                              &(enrol_new){{holder, sizeof holder},
                                           factors_of(level),
                                           true},
                              &entered),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(entered.level, level);
    *id = entered.enrolment;
    if (entered.entry != ENROL_ENTRY_NOW)
        return entered.entry;
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, *id,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    return entered.entry;
}

static int64_t state_of(yao_bytes id)
{
    store_enrolment e;

    assert_status(store_get_enrolment(world.a.store, id, &world.arena, &e),
                  YAO_OK);
    return e.state;
}

static void keeps_levels(void **state)
{
    (void)state;
    for (int64_t old = 1; old <= 4; old++)
        for (int64_t young = 1; young <= 4; young++) {
            yao_bytes one, two;
            world_open();
            assert_int_equal(enrol_device(old, 1, &one), ENROL_ENTRY_NOW);
            enrol_entry entry = enrol_device(young, 2, &two);
            assert_int_equal(entry, young >= old ? ENROL_ENTRY_NOW
                                                 : ENROL_ENTRY_NOTICE);
            assert_int_equal(state_of(one), young >= old
                                                ? STORE_ENROLMENT_ENDED
                                                : STORE_ENROLMENT_BOUND);
            if (young < old) {
                world.e.now += ENROL_NOTICE_SECONDS;
                assert_int_equal(enrol_device(young, 2, &two),
                                 ENROL_ENTRY_NOW);
                assert_int_equal(state_of(one), STORE_ENROLMENT_BOUND);
                assert_int_equal(state_of(two), STORE_ENROLMENT_BOUND);
            }
            world_close();
        }
}

static void binds_once(void **state)
{
    store_change change;
    uint8_t      one[STORE_HASH_LEN] = {1}, two[STORE_HASH_LEN] = {2};
    yao_bytes    id;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_bind(&world.e, &change, id, (yao_bytes){one, sizeof one}),
        YAO_OK); /* the next document of the same wallet */
    assert_status(
        enrol_bind(&world.e, &change, id, (yao_bytes){two, sizeof two}),
        YAO_E_EXISTS);
    assert_status(enrol_bind(&world.e, &change, YAO_LIT("nothing at all.."),
                             (yao_bytes){two, sizeof two}),
                  YAO_E_NOT_FOUND);
    world_close();
}

static void opens_case_for_shared_device(void **state)
{
    store_change  change = store_change_open(&world.arena);
    uint8_t       other[STORE_HASH_LEN] = {8}, device[STORE_HASH_LEN] = {1};
    enrol_entered entered;
    yao_bytes     id;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_enter(&world.e, &change,
                    &(enrol_new){{other, sizeof other}, factors_of(3), false},
                    &entered),
        YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, entered.enrolment,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK); /* nothing is blocked silently */
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(world_cases("enrol.shared_device"), 1);
    world_close();
}

/* One telephone for a whole village: an officer sees it, then it waits. */
static void refuses_device_of_many(void **state)
{
    uint8_t device[STORE_HASH_LEN] = {1};
    int     bound = 0;

    (void)state;
    world_open();
    for (uint8_t n = 1; n < 10; n++) {
        store_change  change = store_change_open(&world.arena);
        uint8_t       holder[STORE_HASH_LEN] = {n};
        enrol_entered entered;
        assert_status(enrol_enter(&world.e, &change,
                                  &(enrol_new){{holder, sizeof holder},
                                               factors_of(3),
                                               false},
                                  &entered),
                      YAO_OK);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        change            = store_change_open(&world.arena);
        yao_status status = enrol_bind(&world.e, &change, entered.enrolment,
                                       (yao_bytes){device, sizeof device});
        if (status == YAO_E_LIMIT)
            break;
        assert_status(status, YAO_OK);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        bound++;
    }
    assert_int_equal(bound, 5);
    assert_int_equal(world_cases("enrol.device"), 1);
    world_close();
}

static void opens_case_for_many_devices(void **state)
{
    yao_bytes id;

    (void)state;
    world_open();
    for (uint8_t n = 1; n <= 3; n++)
        assert_int_equal(enrol_device(3, n, &id), ENROL_ENTRY_NOW);
    assert_int_equal(world_cases("enrol.many_devices"), 0);
    assert_int_equal(enrol_device(3, 4, &id), ENROL_ENTRY_NOW);
    assert_int_equal(world_cases("enrol.many_devices"), 1);
    world_close();
}

static void put_passkey(yao_bytes holder, int64_t level)
{
    uint8_t      id[STORE_HASH_LEN] = {(uint8_t)level}, point[65] = {4};
    store_change change             = store_change_open(&world.arena);

    store_put_person_passkey(
        &change, &(store_person_passkey){.id     = {id, sizeof id},
                                         .holder = holder,
                                         .lookup = {id, sizeof id},
                                         .point  = {point, sizeof point},
                                         .level  = level,
                                         .added  = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static size_t count_passkeys(yao_bytes holder)
{
    store_person_passkey *list;
    size_t                count;

    assert_status(store_list_person_passkeys(world.a.store, holder,
                                             &world.arena, &list, &count),
                  YAO_OK);
    return count;
}


/* A lost device: by code, up to the code's level, with its documents. */
static void ends_device_and_documents(void **state)
{
    uint8_t      holder[STORE_HASH_LEN] = {7}, number[STORE_HASH_LEN] = {9};
    uint8_t      batch[STORE_ID_LEN] = {1}, issuance[STORE_ID_LEN] = {2};
    store_change change;
    yao_bytes    id, whose = {holder, sizeof holder};
    store_copy   copy = {{number, sizeof number}, {number, sizeof number}, 5};
    store_document *documents;
    size_t          ended, count;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    store_put_status_list(&change, &(store_status_list){.number = 1,
                                                        .role   = 1,
                                                        .bits   = 2,
                                                        .size   = 100,
                                                        .opened = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    change = store_change_open(&world.arena);
    store_put_document(
        &change,
        &(store_document){.id          = {batch, sizeof batch},
                          .issuance    = {issuance, sizeof issuance},
                          .holder      = whose,
                          .subject     = {number, sizeof number},
                          .name        = YAO_TEXT("resident_id"),
                          .format      = YAO_TEXT("mdoc"),
                          .issued      = ENROL_NOW,
                          .valid_until = ENROL_NOW + 100,
                          .level       = 3,
                          .signer      = {number, sizeof number},
                          .status_list = 1,
                          .copies      = &copy,
                          .copy_count  = 1});
    store_put_enrolment_issuance(&change, id,
                                 (yao_bytes){issuance, sizeof issuance});
    assert_status(store_commit(world.a.store, &change), YAO_OK);

    put_passkey(whose, 2);
    put_passkey(whose, 4);
    assert_status(enrol_end_device(&world.e, id, whose, 2), YAO_E_NOT_FOUND);
    assert_int_equal(count_passkeys(whose), 2);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    assert_status(enrol_end_device(&world.e, id, whose, 3), YAO_OK);
    assert_int_equal(count_passkeys(whose), 1);
    assert_status(enrol_end_device(&world.e, id, whose, 3), YAO_E_NOT_FOUND);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 1);
    assert_status(store_list_documents(world.a.store, whose, &world.arena,
                                       &documents, &count),
                  YAO_OK);
    assert_int_equal(documents[0].state, STORE_REVOKED);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    world_close();
}

/* ---- limits ---- */

static void counts_many_at_once(void **state)
{
    uint8_t subject[STORE_HASH_LEN] = {3};
    int64_t wait;
    int     n = 0;

    (void)state;
    world_open();
    while (enrol_try(&world.e, ENROL_LIMIT_PARTY,
                     (yao_bytes){subject, sizeof subject}, &wait) == YAO_OK)
        n++;
    assert_int_equal(n, 600);
    assert_int_equal(world_cases("party.look_ups"), 1);
    assert_status(enrol_try(&world.e, (enrol_limit)99,
                            (yao_bytes){subject, sizeof subject}, &wait),
                  YAO_E_USAGE);
    world_close();
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
    assert_status(
        enrol_enter(&world.e, &change,
                    &(enrol_new){row.child, factors_of(3) | ENROL_GUARDED,
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

int main(void)
{
    for (size_t i = 0; i < COUNT(logins); i++)
        test_add("login", logins[i].name, logs_in, &logins[i]);
    test_add("login", "N160 refuses guesses at many people",
             refuses_guesses_at_many, NULL);
    test_add("login", "refuses for longer each time, never for good",
             waits_longer_each_time, NULL);
    test_add("login", "refuses for a number that nobody has in the same way",
             waits_for_nobody_too, NULL);
    test_add("login", "refuses eight who guess at once after five guesses",
             counts_guesses_of_many, NULL);
    test_add("login", "N296 never locks out when the clock jumps",
             never_locks_out_by_a_clock, NULL);
    test_add("login", "gives a session that ends, with its code too",
             keeps_a_session, NULL);
    test_add("login", "refuses to change a code without the one before",
             takes_the_old_code, NULL);
    for (size_t i = 0; i < COUNT(codes); i++)
        test_add("code", codes[i].name, looks_at_code, &codes[i]);
    test_add("code", "gives codes that are easily read", gives_codes, NULL);
    test_add("code", "gives another verifier for another person, salt or key",
             keeps_codes_apart, NULL);
    for (size_t i = 0; i < COUNT(levels); i++)
        test_add("level", levels[i].name, counts_factors, &levels[i]);
    test_add("level", "never ends a higher one by a lower, in all pairs",
             keeps_levels, NULL);
    test_add("device", "refuses a second one for an enrolment", binds_once,
             NULL);
    test_add("device", "gives an officer a case of one that two people have",
             opens_case_for_shared_device, NULL);
    test_add("device", "refuses one that too many people enrol",
             refuses_device_of_many, NULL);
    test_add("device", "gives an officer a case of many devices in a day",
             opens_case_for_many_devices, NULL);
    test_add("device", "gives up a lost one and revokes its documents",
             ends_device_and_documents, NULL);
    test_add("limit", "gives a case to an officer when it is reached",
             counts_many_at_once, NULL);
    for (size_t i = 0; i < COUNT(guardians); i++)
        test_add("guardian", guardians[i].name, looks_at_guardian,
                 &guardians[i]);
    test_add("guardian", "refuses a child without a household",
             refuses_no_household, NULL);
    test_add("guardian", "gives it up on the day", ends_on_the_day, NULL);
    int code = test_run("authority/enrol/login");
    test_scratch_remove();
    return code;
}
