/* SPDX-License-Identifier: Apache-2.0 */
/*
 * At the roadside: licence and vehicle are shown, and the officer asks the
 * authority what became of them. A stolen vehicle turns red; the person reads
 * who asked; nobody else can ask, nor twice with one request; without the
 * authority nothing is said to be good or bad.
 */
#include "officer_world.h"

#include "app/pem.h"
#include "jose/jose.h"

#define NUMBER "12011919880808901X"
#define PLATE  "津C00A01"

static officer ann, bob;
static char    session[64];

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    officer_make_authority("--profile police --profile road_check "
                           "--profile hotel");
    test_write_people();
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("document issue -C @/a --wallet @/w --copies 6 --cards 0 "
              "--document driving_licence --document vehicle_registration "
              "--document resident_id --person " NUMBER,
              0);
    desk_make_desk("");
    officer_serve_authority();
    desk_start("");
    officer_add(&ann, "7K2Q-0417", "");
    assert_int_equal(officer_register(&ann), 204);
    officer_login(&ann);
    officer_add(&bob, "0918", "--profile police");
    assert_int_equal(officer_register(&bob), 204);
    officer_login(&bob);
}

/* Licence and vehicle are shown to ANN. */
static void show(void)
{
    char       json[300], line[5000];
    net_answer a;

    snprintf(json, sizeof json,
             "{\"profile\":\"road_check\",\"officer\":\"%s\"}", ann.token);
    a = desk_api("POST", "/api/sessions", json);
    assert_int_equal(a.status, 201);
    snprintf(session, sizeof session, "%s", desk_member(&a, "id"));
    snprintf(line, sizeof line,
             "wallet present -C @/w --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem --yes --choose "
             "driving_licence-mdoc --choose vehicle_registration-mdoc '%s'",
             desk_member(&a, "qr"));
    test_must(line, 0);
}

static net_answer look_as(const officer *who, const char *reason)
{
    char path[100], json[300];

    snprintf(path, sizeof path, "/api/sessions/%s/lookup", session);
    snprintf(json, sizeof json, "{\"officer\":\"%s\",\"reason\":\"%s\"}",
             who->token, reason);
    return desk_api("POST", path, json);
}

static net_answer look(void)
{
    net_answer a = look_as(&ann, "traffic_stop");

    if (a.status != 200)
        print_message("# %d %.*s\n", a.status,
                      a.body.len < 600 ? (int)a.body.len : 600,
                      (const char *)a.body.ptr);
    assert_int_equal(a.status, 200);
    return a;
}

/* Of the row about DOCUMENT: is NAME WORD? */
static bool row_says(const net_answer *a, const char *document,
                     const char *name, const char *word)
{
    const yao_json *rows = yao_json_get(
        yao_json_get(yao_json_get(desk_json(a), "result"), "record"), "rows");

    assert_non_null(rows);
    for (const yao_json *r = rows->first; r != NULL; r = r->next)
        if (yao_json_is(yao_json_get(r, "document"), document))
            return yao_json_is(yao_json_get(r, name), word);
    fail_msg("no row about %s", document);
    return false;
}

/* ---- rows ---- */

static void gives_what_is_good(void **state)
{
    net_answer a;
    char       path[100];

    (void)state;
    show();
    a = look();
    assert_true(row_says(&a, "driving_licence", "state", "valid"));
    assert_true(row_says(&a, "driving_licence", "outcome", "pass"));
    assert_true(row_says(&a, "vehicle_registration", "outcome", "pass"));
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, "\"officer\":\"7K2Q-0417\""));
    /* it stays with the result, and the receipt stays as well */
    snprintf(path, sizeof path, "/api/sessions/%s", session);
    a = desk_api("GET", path, NULL);
    assert_true(row_says(&a, "driving_licence", "state", "valid"));
}

static void sync_event(const char *event, int version)
{
    char line[300];

    snprintf(line, sizeof line,
             "{\"op\":\"event\",\"number\":\"" NUMBER "\",\"version\":%d,"
             "\"event\":\"%s\",\"plate\":\"" PLATE "\",\"plate_kind\":\"02\"}\n",
             version, event);
    test_write("event.jsonl", yao_text_bytes(yao_text_of(line)));
    test_must("person sync -C @/a @/event.jsonl", 0);
}

static void gives_a_theft(void **state)
{
    net_answer a;

    (void)state;
    sync_event("vehicle_stolen", 1000);
    a = look();
    assert_true(row_says(&a, "vehicle_registration", "state", "suspended"));
    assert_true(row_says(&a, "vehicle_registration", "outcome", "fail"));
    assert_true(desk_says(&a, "\"flags\":[\"stolen\"]"));
    assert_true(row_says(&a, "driving_licence", "outcome", "pass"));
    sync_event("vehicle_found", 1001);
    a = look();
    assert_true(row_says(&a, "vehicle_registration", "outcome", "pass"));
    assert_false(desk_says(&a, "stolen"));
}

static void gives_a_revocation(void **state)
{
    net_answer a;

    (void)state;
    test_must("document revoke -C @/a --person " NUMBER
              " --document driving_licence --reason lost",
              0);
    a = look();
    assert_true(row_says(&a, "driving_licence", "state", "not_issued"));
    assert_true(row_says(&a, "driving_licence", "outcome", "fail"));
    assert_true(row_says(&a, "vehicle_registration", "outcome", "pass"));
}

static const struct refusal {
    const char    *name;
    const officer *who;
    const char    *reason;
    int            status;
    const char    *error;
} refusals[] = {
    {"refuses an officer who may not ask this", &bob, "traffic_stop", 403,
     "officer_needed"},
    {"refuses N266: a look without a reason", &ann, "", 400, "invalid_request"},
};

static void refuses(void **state)
{
    const struct refusal *r = *state;
    net_answer            a = look_as(r->who, r->reason);

    assert_int_equal(a.status, r->status);
    assert_string_equal(desk_member(&a, "error"), r->error);
}

/* A reason that is none is not asked with: nothing is said. */
static void checks_no_reason(void **state)
{
    net_answer a = look_as(&ann, "curiosity");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(row_says(&a, "driving_licence", "state", "not_checked"));
    assert_true(row_says(&a, "driving_licence", "why", "refused"));
}

static void refuses_another_session(void **state)
{
    char kept[64];

    (void)state;
    memcpy(kept, session, sizeof kept);
    snprintf(session, sizeof session, "%032d", 7);
    assert_int_equal(look_as(&ann, "traffic_stop").status, 404);
    memcpy(session, kept, sizeof session);
}

/* Nothing to look up in what a hotel was shown. */
static void refuses_other_profiles(void **state)
{
    char       line[5000], kept[64];
    net_answer a;

    (void)state;
    memcpy(kept, session, sizeof kept);
    a = desk_api("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    assert_int_equal(a.status, 201);
    snprintf(session, sizeof session, "%s", desk_member(&a, "id"));
    assert_int_equal(look_as(&ann, "traffic_stop").status, 404);
    snprintf(line, sizeof line,
             "wallet present -C @/w --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem --yes '%s'",
             desk_member(&a, "qr"));
    test_must(line, 0);
    a = look_as(&ann, "traffic_stop");
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "no_look_up");
    memcpy(session, kept, sizeof session);
}

/* ---- straight to the authority ---- */

typedef struct key_pair {
    yao_openssl_key *key;
    yao_bytes        certificate;
} key_pair;

/* In a demonstration, from the command line. */
static key_pair certified(const char *profile)
{
    yao_anchors *read = yao_arena_take(test_arena(), sizeof *read);
    char         line[200], uri[4200];
    key_pair     k;

    assert_non_null(read);
    memset(read, 0, sizeof *read);
    snprintf(line, sizeof line,
             "party officer -C @/a " DESK_CODE
             " --number 55 --profile %s --out @/k-%s",
             profile, profile);
    if (!yao_path_exists(test_scratch_path("k-road_check/reader.pem")) ||
        strcmp(profile, "road_check") != 0)
        test_must(line, 0);
    snprintf(line, sizeof line, "k-%s/reader-key.pem", profile);
    snprintf(uri, sizeof uri, "file:%s", test_scratch_path(line));
    assert_status(yao_openssl_key_open(uri, &k.key), YAO_OK);
    snprintf(line, sizeof line, "k-%s/reader.pem", profile);
    assert_status(yao_anchors_add_file(read, test_arena(),
                                       test_scratch_path(line),
                                       YAO_ROLE_READER),
                  YAO_OK);
    k.certificate = read->list[0].certificate;
    return k;
}

static net_answer post(const key_pair *k, const char *claims, int64_t at,
                       unsigned jti)
{
    char            text[1000], kept[64];
    uint8_t         signature[YAO_MAX_SIGNATURE];
    size_t          len;
    yao_writer      w = yao_writer_in(test_arena());
    yao_bytes       header, jwt;
    const yao_bytes none = {NULL, 0};

    snprintf(text, sizeof text,
             "{\"iss\":\"" DESK_CODE "\",\"aud\":\"%s\",\"iat\":%lld,"
             "\"jti\":\"look-up-number-%06u\",%s}",
             officer_url, (long long)at, jti, claims);
    yao_put_text(&w, "{\"alg\":\"ES256\",\"typ\":\"yaopai-lookup+jwt\"");
    if (k->certificate.len > 0) {
        yao_put_text(&w, ",");
        yao_jws_put_x5c(&w, &k->certificate, 1);
    }
    yao_put_text(&w, "}");
    assert_status(yao_writer_keep(&w, test_arena(), &header), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_jws_put_unsigned(&w, header, yao_text_bytes(yao_text_of(text)));
    yao_sign_wish wish = {
        .alg = YAO_ES256, .parts = {{w.ptr, w.len}}, .part_count = 1};
    assert_status(yao_openssl_sign(k->key, &wish, signature, &len), YAO_OK);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, test_arena(), &jwt), YAO_OK);
    (void)none;

    memcpy(kept, desk_base, sizeof kept);
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u", officer_port);
    net_answer a = desk_ask(&(desk_call){.method = "POST",
                                         .path   = "/officer/lookup",
                                         .type   = "application/jwt",
                                         .body   = jwt});
    memcpy(desk_base, kept, sizeof kept);
    return a;
}

#define ROAD   "\"profile\":\"road_check\",\"reason\":\"theft\","
#define PLATED ROAD "\"about\":{\"document\":\"vehicle_registration\","

static const struct straight {
    const char *name, *claims;
    int         seconds, status;
    const char *says; /* NULL: nothing is looked for */
} straights[] = {
    {"accepts a plate with its kind",
     PLATED "\"plate_kind\":\"02\",\"plate\":\"" PLATE "\"}", 0, 200,
     "\"state\":\"valid\""},
    {"gives nobody's plate as none",
     PLATED "\"plate_kind\":\"02\",\"plate\":\"津C99999\"}", 0, 200,
     "\"state\":\"none\""},
    {"gives the plate of another kind as none",
     PLATED "\"plate_kind\":\"01\",\"plate\":\"" PLATE "\"}", 0, 200,
     "\"state\":\"none\""},
    {"gives another document's number as none",
     ROAD "\"about\":{\"document\":\"driving_licence\","
          "\"number\":\"ID90000001\"}",
     0, 200, "\"state\":\"none\""},
    {"refuses a plate without its kind", PLATED "\"plate\":\"" PLATE "\"}", 0,
     401, NULL},
    {"refuses the beginning of a number to look around",
     ROAD "\"about\":{\"document\":\"driving_licence\",\"number\":\"\"}", 0,
     401, NULL},
    {"refuses a look at a person",
     ROAD "\"about\":{\"person\":\"" NUMBER "\"}", 0, 401, NULL},
    {"refuses a document that the profile does not ask",
     ROAD "\"about\":{\"document\":\"household_booklet\",\"number\":\"1\"}", 0,
     403, NULL},
    {"refuses a profile that the certificate does not name",
     "\"profile\":\"police\",\"reason\":\"theft\",\"about\":{\"document\":"
     "\"resident_id\",\"number\":\"ID90000001\"}",
     0, 403, NULL},
    {"refuses a profile that is none for officers",
     "\"profile\":\"hotel\",\"reason\":\"theft\",\"about\":{\"document\":"
     "\"resident_id\",\"number\":\"ID90000001\"}",
     0, 403, NULL},
    {"refuses N266: no reason, straight to the authority",
     "\"profile\":\"road_check\",\"reason\":\"\",\"about\":{\"document\":"
     "\"resident_id\",\"number\":\"ID90000001\"}",
     0, 401, NULL},
    {"refuses a request of an hour ago",
     ROAD "\"about\":{\"document\":\"driving_licence\",\"number\":\"1\"}", 3600,
     401, NULL},
};

static void asks_straight(void **state)
{
    static unsigned        turn;
    const struct straight *r = *state;
    key_pair               k = certified("road_check");
    net_answer a = post(&k, r->claims, yao_now() - r->seconds, turn++);

    if (a.status != r->status)
        print_message("# %d %.*s\n", a.status,
                      a.body.len < 600 ? (int)a.body.len : 600,
                      (const char *)a.body.ptr);
    assert_int_equal(a.status, r->status);
    if (r->says != NULL)
        assert_true(desk_says(&a, r->says));
    if (a.status == 200) { /* the state and nothing of the person */
        assert_int_equal(a.body.len % 128, 0);
        assert_false(desk_says(&a, "示例"));
        assert_false(desk_says(&a, "LTEST"));
    }
    yao_openssl_key_close(k.key);
}

static void refuses_twice(void **state)
{
    key_pair    k = certified("road_check");
    const char *claims =
        PLATED "\"plate_kind\":\"02\",\"plate\":\"" PLATE "\"}";

    (void)state;
    assert_int_equal(post(&k, claims, yao_now(), 900).status, 200);
    assert_int_equal(post(&k, claims, yao_now(), 900).status, 401);
    yao_openssl_key_close(k.key);
}

/* The party's own key, with and without its certificate. */
static void refuses_the_party(void **state)
{
    const char *claims =
        PLATED "\"plate_kind\":\"02\",\"plate\":\"" PLATE "\"}";
    yao_anchors *read = yao_arena_take(test_arena(), sizeof *read);
    char         uri[4200];
    key_pair     k = {.certificate = {NULL, 0}};

    (void)state;
    memset(read, 0, sizeof *read);
    snprintf(uri, sizeof uri, "file:%s",
             test_scratch_path("hotel/reader-key.pem"));
    assert_status(yao_openssl_key_open(uri, &k.key), YAO_OK);
    assert_int_equal(post(&k, claims, yao_now(), 901).status, 401);
    assert_status(yao_anchors_add_file(read, test_arena(),
                                       test_scratch_path("hotel/reader.pem"),
                                       YAO_ROLE_READER),
                  YAO_OK);
    k.certificate = read->list[0].certificate;
    assert_int_equal(post(&k, claims, yao_now(), 902).status, 401);
    yao_openssl_key_close(k.key);
}

static void refuses_the_suspended(void **state)
{
    key_pair    k = certified("road_check");
    const char *claims =
        PLATED "\"plate_kind\":\"02\",\"plate\":\"" PLATE "\"}";

    (void)state;
    test_must("party suspend -C @/a " DESK_CODE, 0);
    assert_int_equal(post(&k, claims, yao_now(), 903).status, 403);
    test_must("party suspend -C @/a --lift " DESK_CODE, 0);
    assert_int_equal(post(&k, claims, yao_now(), 904).status, 200);
    yao_openssl_key_close(k.key);
}

/* ---- the person, and no network ---- */

/* Each look is in the log, with who and what for, and no value. */
static void is_in_the_log(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&officer_authority), 0);
    test_must("audit publish -C @/a", 0);
    test_must("audit export -C @/a --person " NUMBER, 0);
    test_says("police.lookup");
    test_says("7K2Q-0417");
    test_says("traffic_stop");
}

static void checks_nothing_alone(void **state)
{
    net_answer a;

    (void)state;
    a = look();
    assert_true(row_says(&a, "vehicle_registration", "state", "not_checked"));
    assert_true(row_says(&a, "vehicle_registration", "outcome", "unknown"));
    assert_true(row_says(&a, "driving_licence", "why", "unreachable"));
}

int main(void)
{
    test_add("lookup", "accepts to begin", prepare, NULL);
    test_add("lookup", "gives what is good", gives_what_is_good, NULL);
    test_add("lookup", "gives a theft, and its end", gives_a_theft, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("lookup", refusals[i].name, refuses, &refusals[i]);
    test_add("lookup", "never checks for a reason that is none",
             checks_no_reason, NULL);
    test_add("lookup", "refuses a session that is not there",
             refuses_another_session, NULL);
    test_add("lookup", "refuses what other profiles were shown",
             refuses_other_profiles, NULL);
    for (size_t i = 0; i < COUNT(straights); i++)
        test_add("lookup", straights[i].name, asks_straight, &straights[i]);
    test_add("lookup", "refuses a request that was used", refuses_twice, NULL);
    test_add("lookup", "refuses the party's own key", refuses_the_party, NULL);
    test_add("lookup", "refuses a party that is suspended",
             refuses_the_suspended, NULL);
    test_add("lookup", "gives what was revoked as not issued",
             gives_a_revocation, NULL);
    test_add("lookup", "gives the person who asked", is_in_the_log, NULL);
    test_add("lookup", "never checks without the authority",
             checks_nothing_alone, NULL);

    int code = test_run("journeys/lookup");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
