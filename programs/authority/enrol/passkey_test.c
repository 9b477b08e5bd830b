/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/passkey.h"

#include "authority/enrol/secret.h"

#include "authenticator.h"
#include "enrol_fixture.h"

#define URL YAO_TEXT("https://id.example")
#define ACCESS YAO_TEXT("28461950")

static const ceremony good = {.type = NULL};
static enrol_person   who;

/* ---- a person, their number and their authenticator ---- */

static void give_code(int64_t level)
{
    store_change change = store_change_open(&world.arena);
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    int64_t      wait;

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(enrol_put_access_code(&world.e, &change,
                                        (yao_bytes){holder, sizeof holder},
                                        ACCESS, level),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(enrol_log_in(&world.e, YAO_TEXT(ENROL_NUMBER_1), ACCESS,
                               &who, &wait),
                  YAO_OK);
}

static void begin(void)
{
    world_open();
    give_code(3);
}

static yao_webauthn_expected challenge_for(const char *use)
{
    const passkey_ceremony c = enrol_passkeys_of(&world.e, URL);
    yao_webauthn_expected  e = {.rp_id  = YAO_TEXT("id.example"),
                                .origin = URL};

    assert_status(passkey_new_challenge(&c, use, &e.challenge), YAO_OK);
    return e;
}

static const yao_json *json_of(const yao_webauthn_response *r)
{
    yao_writer      w = yao_writer_in(test_arena());
    const yao_json *json;

    auth_put_json(&w, r);
    assert_status(yao_json_parse(test_arena(), auth_keep(&w), &json), YAO_OK);
    return json;
}

static yao_status bind_for(const authenticator *pen, const ceremony *how,
                           const char *use)
{
    yao_webauthn_expected e = challenge_for(use);
    yao_webauthn_response r = auth_create(pen, how, world.a.crypto, &e);

    return enrol_bind_passkey(&world.e, URL, &who, json_of(&r));
}

static yao_status show_for(authenticator *pen, const ceremony *how,
                           const char *use, enrol_person *ret)
{
    yao_webauthn_expected e = challenge_for(use);

    pen->counter++;
    yao_webauthn_response r = auth_get(pen, how, world.a.crypto, &e);
    return enrol_show_passkey(&world.e, URL, json_of(&r), ret);
}

static size_t how_many(void)
{
    store_person_passkey *list;
    size_t                count;

    assert_status(store_list_person_passkeys(
                      world.a.store, (yao_bytes){who.holder, STORE_HASH_LEN},
                      &world.arena, &list, &count),
                  YAO_OK);
    return count;
}

/* ---- what is right ---- */

static void logs_in_with_a_passkey(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    assert_int_equal(how_many(), 1);
    assert_status(show_for(&pen, &good, "login", &got), YAO_OK);
    assert_int_equal(got.proof, ENROL_BY_PASSKEY);
    assert_int_equal(got.level, 2);
    assert_memory_equal(got.holder, who.holder, STORE_HASH_LEN);
    assert_memory_equal(got.lookup, who.lookup, STORE_HASH_LEN);
    assert_int_equal(got.number_len, who.number_len);
    assert_memory_equal(got.number, who.number, who.number_len);
    assert_int_equal(world_events("person.passkey"), 1);
    assert_int_equal(world_events("person.login"), 2);
    assert_false(world_holds((yao_bytes){pen.id, sizeof pen.id}));
    yao_openssl_key_close(pen.key);
    world_close();
}

/* A code of a weak enrolment makes no passkey that can do more. */
static void is_worth_what_bound_it(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    world_open();
    give_code(1);
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    assert_status(show_for(&pen, &good, "login", &got), YAO_OK);
    assert_int_equal(got.level, 1);
    yao_openssl_key_close(pen.key);
    world_close();
}

/* ---- what is wrong with a ceremony ---- */

typedef struct wrong_row {
    const char *name;
    ceremony    how;
    const char *use;
} wrong_row;

static const wrong_row wrong_binds[] = {
    {"refuses to bind what another page made",
     {.origin = "https://id.example.evil.example"}, "bind"},
    {"refuses to bind what is for another host",
     {.rp_id = "other.example"}, "bind"},
    {"refuses to bind what was only touched", {.flags = 0x41}, "bind"},
    {"refuses to bind in a frame of others",
     {.more = ",\"crossOrigin\":true"}, "bind"},
    {"refuses to bind with a challenge for logging in", {.type = NULL},
     "login"},
};

static const wrong_row wrong_shows[] = {
    {"refuses what another page got",
     {.origin = "https://id.example.evil.example"}, "login"},
    {"refuses a page without TLS", {.origin = "http://id.example"}, "login"},
    {"refuses what is for another host", {.rp_id = "other.example"}, "login"},
    {"refuses what was only touched", {.flags = 0x01}, "login"},
    {"refuses a signature with one bit changed", {.spoil = true}, "login"},
    {"refuses a ceremony of the other kind", {.type = "webauthn.create"},
     "login"},
    {"refuses to log in with a challenge for binding", {.type = NULL}, "bind"},
};

static void refuses_to_bind(void **state)
{
    const wrong_row *r   = *state;
    authenticator    pen = authenticator_new();

    begin();
    assert_status(bind_for(&pen, &r->how, r->use), YAO_E_REFUSED);
    assert_int_equal(how_many(), 0);
    assert_int_equal(world_events("person.passkey"), 0);
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    yao_openssl_key_close(pen.key);
    world_close();
}

static void refuses_to_log_in(void **state)
{
    const wrong_row *r   = *state;
    authenticator    pen = authenticator_new();
    enrol_person     got;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    assert_status(show_for(&pen, &r->how, r->use, &got), YAO_E_REFUSED);
    assert_int_equal(world_events("person.login"), 1);
    assert_status(show_for(&pen, &good, "login", &got), YAO_OK);
    yao_openssl_key_close(pen.key);
    world_close();
}

/* ---- what is missing, old, or somebody else's ---- */

static void refuses_nothing(void **state)
{
    static const char *const nothing[] = {
        "null", "{}", "[]", "\"\"",
        "{\"type\":\"public-key\",\"id\":\"\",\"rawId\":\"\"}"};
    enrol_person    got;
    const yao_json *json;
    (void)state;

    begin();
    for (size_t i = 0; i < COUNT(nothing); i++) {
        assert_status(yao_json_parse(test_arena(),
                                     yao_text_bytes(yao_text_of(nothing[i])),
                                     &json),
                      YAO_OK);
        assert_status(enrol_bind_passkey(&world.e, URL, &who, json),
                      YAO_E_REFUSED);
        assert_status(enrol_show_passkey(&world.e, URL, json, &got),
                      YAO_E_REFUSED);
    }
    assert_status(enrol_bind_passkey(&world.e, URL, &who, NULL),
                  YAO_E_REFUSED);
    assert_status(enrol_show_passkey(&world.e, URL, NULL, &got),
                  YAO_E_REFUSED);
    world_close();
}

static void takes_a_challenge_once(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    yao_webauthn_expected e = challenge_for("login");
    pen.counter++;
    yao_webauthn_response r    = auth_get(&pen, &good, world.a.crypto, &e);
    const yao_json       *json = json_of(&r);
    assert_status(enrol_show_passkey(&world.e, URL, json, &got), YAO_OK);
    assert_status(enrol_show_passkey(&world.e, URL, json, &got),
                  YAO_E_REFUSED);
    e = challenge_for("login");
    pen.counter++;
    r = auth_get(&pen, &good, world.a.crypto, &e);
    world.e.now += PASSKEY_SECONDS + 1;
    assert_status(enrol_show_passkey(&world.e, URL, json_of(&r), &got),
                  YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    world_close();
}

static void refuses_a_challenge_of_nobody(void **state)
{
    static const uint8_t  made_up[PASSKEY_CHALLENGE] = {7};
    authenticator         pen = authenticator_new();
    yao_webauthn_expected e   = {.rp_id     = YAO_TEXT("id.example"),
                                 .origin    = URL,
                                 .challenge = {made_up, sizeof made_up}};
    enrol_person          got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    pen.counter++;
    yao_webauthn_response r = auth_get(&pen, &good, world.a.crypto, &e);
    assert_status(enrol_show_passkey(&world.e, URL, json_of(&r), &got),
                  YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    world_close();
}

static void refuses_a_copy(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    authenticator copy = pen;
    assert_status(show_for(&pen, &good, "login", &got), YAO_OK);
    assert_status(show_for(&copy, &good, "login", &got), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    world_close();
}

static void refuses_another_key(void **state)
{
    authenticator pen = authenticator_new(), thief = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    memcpy(thief.id, pen.id, sizeof thief.id);
    assert_status(show_for(&thief, &good, "login", &got), YAO_E_REFUSED);
    assert_status(bind_for(&thief, &good, "bind"), YAO_E_REFUSED);
    assert_status(show_for(&pen, &good, "login", &got), YAO_OK);
    yao_openssl_key_close(pen.key);
    yao_openssl_key_close(thief.key);
    world_close();
}

static void refuses_one_that_nobody_bound(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(show_for(&pen, &good, "login", &got), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    world_close();
}

/* ---- who may bind, and how many ---- */

static void a_passkey_makes_no_other(void **state)
{
    authenticator pen = authenticator_new(), more = authenticator_new();
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    assert_status(show_for(&pen, &good, "login", &who), YAO_OK);
    assert_status(bind_for(&more, &good, "bind"), YAO_E_NOT_AUTHORISED);
    who.proof = 0;
    assert_status(bind_for(&more, &good, "bind"), YAO_E_NOT_AUTHORISED);
    assert_int_equal(how_many(), 1);
    yao_openssl_key_close(pen.key);
    yao_openssl_key_close(more.key);
    world_close();
}

static void ten_are_enough(void **state)
{
    authenticator pen = authenticator_new();
    (void)state;

    begin();
    for (int i = 0; i < ENROL_PASSKEYS; i++) {
        assert_status(yao_openssl_random(pen.id, sizeof pen.id), YAO_OK);
        assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    }
    assert_status(yao_openssl_random(pen.id, sizeof pen.id), YAO_OK);
    assert_status(bind_for(&pen, &good, "bind"), YAO_E_LIMIT);
    assert_int_equal(how_many(), ENROL_PASSKEYS);
    yao_openssl_key_close(pen.key);
    world_close();
}

/* ---- ends ---- */

static void a_dropped_one_is_unknown(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    store_change change = store_change_open(&world.arena);
    store_drop_person_passkeys(&change,
                               (yao_bytes){who.holder, STORE_HASH_LEN});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(show_for(&pen, &good, "login", &got), YAO_E_REFUSED);
    assert_int_equal(how_many(), 0);
    yao_openssl_key_close(pen.key);
    world_close();
}

/* The record that the passkey leads to is gone: nobody is logged in. */
static void somebody_who_was_erased_is_nobody(void **state)
{
    authenticator pen = authenticator_new();
    enrol_person  got;
    (void)state;

    begin();
    who.lookup[0] ^= 1;
    assert_status(bind_for(&pen, &good, "bind"), YAO_OK);
    assert_status(show_for(&pen, &good, "login", &got), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    world_close();
}

int main(void)
{
    test_add("passkey", "logs in who bound it", logs_in_with_a_passkey, NULL);
    test_add("passkey", "can do no more than what bound it",
             is_worth_what_bound_it, NULL);
    for (size_t i = 0; i < COUNT(wrong_binds); i++)
        test_add("passkey", wrong_binds[i].name, refuses_to_bind,
                 &wrong_binds[i]);
    for (size_t i = 0; i < COUNT(wrong_shows); i++)
        test_add("passkey", wrong_shows[i].name, refuses_to_log_in,
                 &wrong_shows[i]);
    test_add("passkey", "refuses nothing at all", refuses_nothing, NULL);
    test_add("passkey", "takes a challenge once, and not after its time",
             takes_a_challenge_once, NULL);
    test_add("passkey", "refuses a challenge that nobody gave",
             refuses_a_challenge_of_nobody, NULL);
    test_add("passkey", "refuses a copy whose counter is behind",
             refuses_a_copy, NULL);
    test_add("passkey", "refuses another key under the same identifier",
             refuses_another_key, NULL);
    test_add("passkey", "refuses one that nobody bound",
             refuses_one_that_nobody_bound, NULL);
    test_add("passkey", "is not bound by who came with one",
             a_passkey_makes_no_other, NULL);
    test_add("passkey", "are ten at most", ten_are_enough, NULL);
    test_add("passkey", "is unknown once dropped", a_dropped_one_is_unknown,
             NULL);
    test_add("passkey", "of somebody who was erased is nobody's",
             somebody_who_was_erased_is_nobody, NULL);
    int code = test_run("authority/enrol/passkey");
    test_scratch_remove();
    return code;
}
