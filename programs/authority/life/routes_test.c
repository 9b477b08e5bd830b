/* SPDX-License-Identifier: Apache-2.0 */
/* Who may freeze and unfreeze: a telephone in other hands has open sessions and
 * a passkey, and does not know the code. */
#include "console_world.h"

#include "authority/enrol/login.h"
#include "authority/enrol/secret.h"
#include "authority/life/life.h"

#define ACCESS "28461950"
#define WITH_CODE                                                              \
    "{\"number\":\"" CW_NUMBER "\",\"code\":\"" ACCESS "\"}"

static enrol world_of(void)
{
    return (enrol){.a         = cw_authority(),
                   .catalogue = yao_catalogue_shipped(),
                   .arena     = test_arena(),
                   .now       = yao_now()};
}

static void give_code(void)
{
    const enrol  e      = world_of();
    store_change change = store_change_open(test_arena());
    uint8_t     *holder = yao_arena_take(test_arena(), STORE_HASH_LEN);

    cw_holder(CW_NUMBER, holder);
    assert_status(enrol_put_access_code(&e, &change,
                                        (yao_bytes){holder, STORE_HASH_LEN},
                                        YAO_TEXT(ACCESS), 3),
                  YAO_OK);
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
}

/* The cookie of a session that PROOF opened. */
static yao_text session_by(enrol_proof proof)
{
    const enrol  e = world_of();
    enrol_person who;
    int64_t      wait;
    yao_text     token;
    yao_bytes    out;

    give_code();
    assert_status(enrol_log_in(&e, YAO_TEXT(CW_NUMBER), YAO_TEXT(ACCESS), &who,
                               &wait),
                  YAO_OK);
    who.proof = proof;
    assert_status(enrol_start_session(&e, &who, &token), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_put_text(&w, "yaopai-person=");
    yao_put_bytes(&w, yao_text_bytes(token));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (yao_text){out.ptr, out.len};
}

static int call(const char *method, const char *path, yao_text cookie,
                const char *body)
{
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = method,
                          .path     = path,
                          .cookie   = cookie,
                          .body     = yao_text_bytes(yao_text_of(body)),
                          .origin   = CW_URL};

    return cw_ask(&r).code;
}

static bool is_frozen(void)
{
    const enrol e      = world_of();
    uint8_t    *holder = yao_arena_take(test_arena(), STORE_HASH_LEN);
    bool        frozen;

    cw_holder(CW_NUMBER, holder);
    assert_status(
        life_is_frozen(&e, (yao_bytes){holder, STORE_HASH_LEN}, &frozen),
        YAO_OK);
    return frozen;
}

#define NOBODY YAO_TEXT("")

static void takes_the_code(void **state)
{
    yao_text mine = (cw_open(), session_by(ENROL_BY_CODE));

    (void)state;
    assert_int_equal(call("POST", "/person/freeze", NOBODY, WITH_CODE), 200);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", NOBODY, WITH_CODE), 200);
    assert_false(is_frozen());
    mine = session_by(ENROL_BY_CODE);
    assert_int_equal(call("POST", "/person/freeze", mine, "{}"), 200);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", mine, "{}"), 200);
    assert_false(is_frozen());
}

/* A wallet's page is of another origin: it is believed by number and code, and
 * no session of the person's browser counts there. */
static void takes_the_code_of_a_wallet(void **state)
{
    yao_text mine = (cw_open(), session_by(ENROL_BY_CODE));

    (void)state;
    assert_int_equal(call("POST", "/wallet/freeze", mine, "{}"), 401);
    assert_int_equal(call("POST", "/wallet/lost", mine, "{}"), 401);
    assert_false(is_frozen());
    assert_int_equal(call("POST", "/wallet/freeze", NOBODY, WITH_CODE), 200);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/wallet/lost", NOBODY, WITH_CODE), 200);
}

static void ends_sessions(void **state)
{
    yao_text thief = (cw_open(), session_by(ENROL_BY_CODE));

    (void)state;
    assert_int_equal(call("GET", "/person", thief, ""), 200);
    assert_int_equal(call("POST", "/person/freeze", NOBODY, WITH_CODE), 200);
    assert_int_equal(call("POST", "/person/unfreeze", thief, "{}"), 401);
    assert_int_equal(call("GET", "/person", thief, ""), 401);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", NOBODY, WITH_CODE), 200);
}

static void ends_sessions_by_an_officer(void **state)
{
    yao_text thief = (cw_open(), session_by(ENROL_BY_CODE));

    (void)state;
    assert_int_equal(
        cw_post(cw_session(APP_CLERK), "/api/person/freeze",
                cw_say("{\"purpose\":\"lost_device\",\"person\":\"%s\"}",
                       cw_handle(CW_NUMBER), NULL))
            .code,
        204);
    assert_int_equal(call("POST", "/person/unfreeze", thief, "{}"), 401);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", NOBODY, WITH_CODE), 200);
}

static void refuses_a_passkey(void **state)
{
    yao_text thief = (cw_open(), session_by(ENROL_BY_PASSKEY));

    (void)state;
    assert_int_equal(call("POST", "/person/freeze", thief, "{}"), 200);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", thief, "{}"), 403);
    assert_true(is_frozen());
    assert_int_equal(call("POST", "/person/unfreeze", NOBODY, WITH_CODE), 200);
    assert_false(is_frozen());
}

int main(void)
{
    test_add("freeze", "accepts number and code, or a session of these",
             takes_the_code, NULL);
    test_add("freeze", "accepts number and code of a wallet, and no session",
             takes_the_code_of_a_wallet, NULL);
    test_add("freeze", "refuses the sessions that there were",
             ends_sessions, NULL);
    test_add("freeze", "refuses them too when an officer freezes",
             ends_sessions_by_an_officer, NULL);
    test_add("freeze", "refuses a passkey that would unfreeze",
             refuses_a_passkey, NULL);
    int code = test_run("authority/life/routes");
    cw_close();
    test_scratch_remove();
    return code;
}
