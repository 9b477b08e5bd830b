/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/login.h"

#include "authority/enrol/limit.h"
#include "authority/enrol/secret.h"

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
    test_add("limit", "gives a case to an officer when it is reached",
             counts_many_at_once, NULL);
    int code = test_run("authority/enrol/login");
    test_scratch_remove();
    return code;
}
