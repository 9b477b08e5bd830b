/* SPDX-License-Identifier: Apache-2.0 */
/* The session of a wallet's page: who opens one by what, and what a device's
 * key alone may not do. */
#include "console_world.h"
#include "forge.h"

#include "app/random.h"
#include "authority/enrol/guardian.h"
#include "authority/enrol/secret.h"
#include "oauth/dpop.h"

#define ACCESS "28461950"
#define CHILD "110119201206019092"
#define WITH_CODE "{\"number\":\"" CW_NUMBER "\",\"code\":\"" ACCESS "\"}"
#define SESSION CW_URL "/wallet/session"

enum { MINE = 0, OTHER = 1, NOBODYS = 2 };

static yao_bytes holder_of(const char *number)
{
    uint8_t *out = yao_arena_take(test_arena(), STORE_HASH_LEN);

    cw_holder(number, out);
    return (yao_bytes){out, STORE_HASH_LEN};
}

static void give_code(void)
{
    const enrol  e      = {.a     = cw_authority(),
                           .arena = test_arena(),
                           .now   = yao_now()};
    store_change change = store_change_open(test_arena());

    assert_status(enrol_put_access_code(&e, &change, holder_of(CW_NUMBER),
                                        YAO_TEXT(ACCESS), 3),
                  YAO_OK);
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
}

/* ---- devices ------------------------------------------------------------ */

static yao_bytes device_of(int key)
{
    uint8_t        jkt[STORE_HASH_LEN];
    uint8_t       *out    = yao_arena_take(test_arena(), STORE_HASH_LEN);
    yao_public_key public = yao_openssl_key_public(forge_key(key));

    assert_status(yao_jwk_thumbprint(&public, forge_crypto(), jkt), YAO_OK);
    assert_status(seal_hash(cw_first.crypto, &cw_first.keys, SEAL_LEDGER_KEY,
                            (yao_bytes){jkt, sizeof jkt}, out),
                  YAO_OK);
    return (yao_bytes){out, STORE_HASH_LEN};
}

/* NUMBER's documents are in the wallet of KEY. */
static yao_bytes enrol_device(int key, const char *number, int64_t factors)
{
    uint8_t        *id     = yao_arena_take(test_arena(), STORE_ID_LEN);
    const yao_bytes view   = {id, STORE_ID_LEN};
    store_change    change = store_change_open(test_arena());

    assert_status(yao_openssl_random(id, STORE_ID_LEN), YAO_OK);
    store_put_enrolment(&change,
                        &(store_enrolment){.id      = view,
                                           .holder  = holder_of(number),
                                           .level   = 3,
                                           .factors = factors,
                                           .state = STORE_ENROLMENT_OFFERED,
                                           .started = yao_now()});
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_bind_enrolment(&change, view, device_of(key), false, yao_now());
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    return view;
}

/* CW_NUMBER is a guardian of CHILD from START on, for a day. */
static yao_bytes put_guardian(yao_time start)
{
    uint8_t        *id     = yao_arena_take(test_arena(), STORE_ID_LEN);
    const yao_bytes view   = {id, STORE_ID_LEN};
    store_change    change = store_change_open(test_arena());

    assert_status(yao_openssl_random(id, STORE_ID_LEN), YAO_OK);
    store_put_guardian(&change,
                       &(store_guardian){.id       = view,
                                         .child    = holder_of(CHILD),
                                         .guardian = holder_of(CW_NUMBER),
                                         .started  = start,
                                         .ends     = start + 86400,
                                         .reason =
                                             YAO_TEXT(ENROL_BY_OFFICERS)});
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    return view;
}

static void end_guardian(yao_bytes id)
{
    store_change change = store_change_open(test_arena());

    store_end_guardian(&change, id, YAO_TEXT("court"), yao_now());
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
}

static void end_device(yao_bytes id, const char *number)
{
    store_change change = store_change_open(test_arena());

    store_end_enrolment(&change, id, holder_of(number), 4, yao_now());
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
}

/* ---- proofs ------------------------------------------------------------- */

static yao_text finish(const yao_oauth_unsigned *what, int key)
{
    uint8_t   signature[YAO_MAX_SIGNATURE];
    size_t    len;
    yao_bytes out;

    assert_status(
        yao_openssl_sign(forge_key(key), &what->wish, signature, &len), YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), what,
                                 (yao_bytes){signature, len}, &out),
                  YAO_OK);
    return (yao_text){out.ptr, out.len};
}

static yao_text prove(int key, const char *uri)
{
    yao_oauth_unsigned made;
    yao_dpop_request   q = {.alg    = YAO_ES256,
                            .key    = yao_openssl_key_public(forge_key(key)),
                            .method = YAO_TEXT("POST"),
                            .uri    = yao_text_of(uri),
                            .iat    = yao_now()};

    assert_status(app_random_letters(test_arena(), 16, &q.jti), YAO_OK);
    assert_status(
        yao_dpop_make(test_arena(), &q, forge_crypto(), &made), YAO_OK);
    return finish(&made, key);
}

/* ---- asking ------------------------------------------------------------- */

static cw_answer log_in(const char *body, yao_text proof)
{
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = "POST",
                          .path     = "/wallet/session",
                          .body     = yao_text_bytes(yao_text_of(body)),
                          .origin   = "https://wallet.example",
                          .dpop     = proof};

    return cw_ask(&r);
}

#define NONE YAO_TEXT("")

static yao_text bearer_of(const cw_answer *a)
{
    assert_int_equal(a->code, 201);
    return yao_text_of(cw_say("Bearer %s", cw_text(a->json, "token"), NULL));
}

static yao_text by_code(void)
{
    give_code();
    cw_answer a = log_in(WITH_CODE, prove(MINE, SESSION));
    return bearer_of(&a);
}

static yao_text by_key(int key)
{
    cw_answer a = log_in("{}", prove(key, SESSION));
    return bearer_of(&a);
}

static cw_answer call(const char *method, const char *path, yao_text bearer,
                      const char *body)
{
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = method,
                          .path     = path,
                          .body     = yao_text_bytes(yao_text_of(body)),
                          .origin   = "https://wallet.example",
                          .bearer   = bearer};

    return cw_ask(&r);
}

static int code_of(const char *method, const char *path, yao_text bearer,
                   const char *body)
{
    return call(method, path, bearer, body).code;
}

static const char *device_path(yao_bytes id)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_put_text(&w, "/wallet/devices/");
    yao_put_hex(&w, id);
    yao_put_byte(&w, 0);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

static const char *child_body(yao_bytes id)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_put_text(&w, "{\"child\":\"");
    yao_put_hex(&w, id);
    yao_put_text(&w, "\"}");
    yao_put_byte(&w, 0);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

/* ---- who opens one ------------------------------------------------------ */

static void takes_number_and_code(void **state)
{
    (void)state;
    cw_open();
    yao_text mine = by_code();
    assert_int_equal(code_of("GET", "/wallet/record", mine, ""), 200);
    assert_int_equal(code_of("GET", "/wallet/devices", mine, ""), 200);
    assert_int_equal(code_of("GET", "/wallet/grants", mine, ""), 200);
    assert_int_equal(code_of("GET", "/wallet/cases", mine, ""), 200);
    assert_int_equal(code_of("GET", "/wallet/notices", mine, ""), 200);
    assert_int_equal(code_of("GET", "/wallet/export", mine, ""), 200);
}

static void takes_a_key(void **state)
{
    (void)state;
    cw_open();
    enrol_device(MINE, CW_NUMBER, 7);
    cw_answer a = log_in("{}", prove(MINE, SESSION));
    assert_int_equal(a.code, 201);
    assert_true(cw_says(&a, "\"by\":\"device\""));
    assert_true(cw_says(&a, "\"level\":1"));
    a = call("GET", "/wallet/devices", bearer_of(&a), "");
    assert_true(cw_says(&a, "\"this\":true"));
}

static void refuses_others(void **state)
{
    (void)state;
    cw_open();
    give_code();
    assert_int_equal(log_in("{}", NONE).code, 401);
    assert_int_equal(log_in("{}", prove(NOBODYS, SESSION)).code, 401);
    assert_int_equal(
        log_in("{\"number\":\"" CW_NUMBER "\",\"code\":\"99999999\"}",
               prove(MINE, SESSION))
            .code,
        403);
    assert_int_equal(
        log_in("{\"number\":\"" CHILD "\",\"code\":\"" ACCESS "\"}", NONE).code,
        403);
}

static void refuses_bad_proofs(void **state)
{
    (void)state;
    cw_open();
    enrol_device(MINE, CW_NUMBER, 7);
    yao_text once = prove(MINE, SESSION);
    assert_int_equal(log_in("{}", once).code, 201);
    assert_int_equal(log_in("{}", once).code, 400);
    give_code();
    once = prove(MINE, SESSION);
    assert_int_equal(log_in(WITH_CODE, once).code, 201);
    assert_int_equal(log_in(WITH_CODE, once).code, 400);
    assert_int_equal(log_in("{}", once).code, 400);
    assert_int_equal(log_in("{}", prove(MINE, CW_URL "/token")).code, 400);
    yao_text bad    = prove(MINE, SESSION);
    uint8_t *letter = (uint8_t *)(uintptr_t)(bad.ptr + bad.len - 10);
    *letter         = *letter == 'A' ? 'B' : 'A';
    assert_int_equal(log_in("{}", bad).code, 400);
    assert_int_equal(log_in("{}", YAO_TEXT("e.e.e")).code, 400);
}

static void refuses_an_ended_device(void **state)
{
    (void)state;
    cw_open();
    yao_bytes id = enrol_device(OTHER, CW_NUMBER, 7);
    assert_int_equal(log_in("{}", prove(OTHER, SESSION)).code, 201);
    end_device(id, CW_NUMBER);
    assert_int_equal(log_in("{}", prove(OTHER, SESSION)).code, 401);
}

/* Who froze does not have the telephone, or not alone. */
static void refuses_a_frozen_owners(void **state)
{
    (void)state;
    cw_open();
    give_code();
    enrol_device(MINE, CW_NUMBER, 7);
    yao_bytes child = enrol_device(MINE, CHILD, 7 | ENROL_GUARDED);
    yao_bytes runs  = put_guardian(yao_now());
    assert_int_equal(log_in("{}", prove(MINE, SESSION)).code, 201);
    assert_int_equal(
        log_in(child_body(child), prove(MINE, SESSION)).code, 201);
    assert_int_equal(code_of("POST", "/wallet/freeze", NONE, WITH_CODE), 200);
    assert_int_equal(log_in("{}", prove(MINE, SESSION)).code, 401);
    assert_int_equal(
        log_in(child_body(child), prove(MINE, SESSION)).code, 401);
    assert_int_equal(log_in(WITH_CODE, prove(MINE, SESSION)).code, 201);
    assert_int_equal(code_of("POST", "/wallet/unfreeze", NONE, WITH_CODE), 200);
    assert_int_equal(log_in("{}", prove(MINE, SESSION)).code, 201);
    end_guardian(runs);
    end_device(child, CHILD);
}

/* ---- what a token is good for ------------------------------------------- */

static void refuses_other_tokens(void **state)
{
    (void)state;
    cw_open();
    yao_text mine = by_code();
    yao_text bare = {mine.ptr + 7, mine.len - 7};
    assert_int_equal(code_of("GET", "/wallet/record", NONE, ""), 401);
    assert_int_equal(code_of("GET", "/wallet/record", bare, ""), 401);
    assert_int_equal(code_of("GET", "/wallet/record",
                             yao_text_of(cw_say("DPoP %s",
                                                (const char *)bare.ptr, NULL)),
                             ""),
                     401);
    assert_int_equal(code_of("GET", "/person", mine, ""), 401);
    assert_int_equal(code_of("POST", "/wallet/unfreeze", mine, "{}"), 401);
    assert_int_equal(code_of("DELETE", "/wallet/session", mine, ""), 204);
    assert_int_equal(code_of("GET", "/wallet/record", mine, ""), 401);
}

/* A cookie comes by itself, whoever's page it is: it counts for nothing. */
static void refuses_cookies(void **state)
{
    yao_text mine = (cw_open(), by_code());

    (void)state;
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = "GET",
                          .path     = "/wallet/record",
                          .origin   = CW_URL,
                          .cookie   = yao_text_of(cw_say(
                              "yaopai-person=%s",
                              (const char *)mine.ptr + 7, NULL))};
    assert_int_equal(cw_ask(&r).code, 401);
}

static int code_by_cookie(const char *method, const char *path, yao_text bearer)
{
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = method,
                          .path     = path,
                          .origin   = CW_URL,
                          .cookie   = yao_text_of(cw_say(
                              "yaopai-person=%s",
                              (const char *)bearer.ptr + 7, NULL))};

    return cw_ask(&r).code;
}

/* What a wallet's token may not do, it may not do as a cookie either. */
static void refuses_itself_as_a_cookie(void **state)
{
    yao_text mine = (cw_open(), enrol_device(MINE, CW_NUMBER, 7), by_key(MINE));

    (void)state;
    assert_int_equal(code_of("GET", "/wallet/record", mine, ""), 200);
    assert_int_equal(code_by_cookie("GET", "/person/export", mine), 401);
    assert_int_equal(code_by_cookie("GET", "/person", mine), 401);
    assert_int_equal(code_by_cookie("POST", "/person/passkeys/begin", mine),
                     401);
    assert_int_equal(code_by_cookie("GET", "/person", by_code()), 401);
}

#define TEXT "{\"text\":\"SPECIMEN\"}"

static void keeps_a_key_small(void **state)
{
    yao_bytes id = (cw_open(), enrol_device(MINE, CW_NUMBER, 7));
    yao_text  mine = by_key(MINE);

    (void)state;
    assert_int_equal(code_of("DELETE", device_path(id), mine, ""), 404);
    assert_int_equal(code_of("GET", "/wallet/export", mine, ""), 403);
    assert_int_equal(code_of("POST", "/wallet/erasure", mine, TEXT), 403);
    assert_int_equal(code_of("POST", "/wallet/complaint", mine, TEXT), 201);
    assert_int_equal(code_of("POST", "/wallet/complaint", mine, TEXT), 409);
    assert_int_equal(code_of("DELETE", device_path(id), by_code(), ""), 204);
    assert_int_equal(log_in("{}", prove(MINE, SESSION)).code, 201);
}

/* ---- children ----------------------------------------------------------- */

static void opens_a_childs(void **state)
{
    (void)state;
    cw_open();
    enrol_device(OTHER, CW_NUMBER, 7);
    yao_bytes  child = enrol_device(OTHER, CHILD, 7 | ENROL_GUARDED);
    yao_bytes  running = put_guardian(yao_now());
    cw_answer  own   = log_in("{}", prove(OTHER, SESSION));
    assert_true(cw_says(&own, "\"guardian\":false"));
    cw_answer list = call("GET", "/wallet/children", bearer_of(&own), "");
    assert_true(cw_says(&list, "李小样"));
    cw_answer guarded = log_in(child_body(child), prove(OTHER, SESSION));
    assert_true(cw_says(&guarded, "\"guardian\":true"));
    list = call("GET", "/wallet/children", bearer_of(&guarded), "");
    assert_false(cw_says(&list, "李小样"));
    assert_int_equal(
        log_in(child_body(child), prove(NOBODYS, SESSION)).code, 401);
    end_device(child, CHILD);
    assert_int_equal(
        log_in(child_body(child), prove(OTHER, SESSION)).code, 401);
    end_guardian(running);
}

/* Of the guardians of CHILD one remains, who is another person. */
static void forgets_a_child(void **state)
{
    (void)state;
    cw_open();
    enrol_device(OTHER, CW_NUMBER, 7);
    yao_bytes child = enrol_device(OTHER, CHILD, 7 | ENROL_GUARDED);
    put_guardian(yao_now() - 86401);
    yao_bytes running = put_guardian(yao_now());
    yao_text  own     = by_key(OTHER);
    cw_answer list    = call("GET", "/wallet/children", own, "");
    assert_true(cw_says(&list, "李小样"));
    assert_int_equal(
        log_in(child_body(child), prove(OTHER, SESSION)).code, 201);
    end_guardian(running);
    list = call("GET", "/wallet/children", own, "");
    assert_int_equal(list.code, 200);
    assert_false(cw_says(&list, "李小样"));
    assert_int_equal(
        log_in(child_body(child), prove(OTHER, SESSION)).code, 401);
}

int main(void)
{
    test_add("wallet session", "accepts number and code",
             takes_number_and_code, NULL);
    test_add("wallet session", "accepts the key of an enrolled device",
             takes_a_key, NULL);
    test_add("wallet session", "refuses wrong codes and keys of nobody",
             refuses_others, NULL);
    test_add("wallet session", "refuses proofs of before, of elsewhere, changed",
             refuses_bad_proofs, NULL);
    test_add("wallet session", "refuses a device that was ended",
             refuses_an_ended_device, NULL);
    test_add("wallet session", "refuses a key whose owner froze",
             refuses_a_frozen_owners, NULL);
    test_add("wallet session", "refuses every other token", refuses_other_tokens,
             NULL);
    test_add("wallet session", "never counts a cookie", refuses_cookies, NULL);
    test_add("wallet session", "never counts as a cookie",
             refuses_itself_as_a_cookie, NULL);
    test_add("wallet session",
             "never ends, exports or erases by a device's key alone",
             keeps_a_key_small, NULL);
    test_add("wallet session", "accepts a guardian's device for the child only",
             opens_a_childs, NULL);
    test_add("wallet session", "never tells of a child whose guardian one was",
             forgets_a_child, NULL);
    int code = test_run("authority/enrol/wallet_session");
    cw_close();
    test_scratch_remove();
    return code;
}
