/* SPDX-License-Identifier: Apache-2.0 */

/** A relying party's desk on the network: programs by their bearer key,
 *  requests by profile, what is registered and what is not. */

#define _GNU_SOURCE /* memmem() */
#include "desk_world.h"

/* ---- starting ---- */

static void starts(void **state)
{
    const desk_call health  = {.method = "GET", .path = "/health"};
    const desk_call ready   = {.method = "GET", .path = "/ready"};
    const desk_call metrics = {.method = "GET", .path = "/metrics"};

    (void)state;
    desk_make("");
    desk_start("");
    assert_int_equal(desk_ask(&health).status, 200);
    assert_int_equal(desk_ask(&ready).status, 200);
    assert_int_equal(desk_ask(&metrics).status, 404);
}

static void refuses_to_begin(void **state)
{
    (void)state;
    desk_must("desk init -C @/d --reader @/hotel/reader.pem --reader-key "
              "@/hotel/reader-key.pem --trust-anchor @/t/trust-root.pem",
              3);
    desk_must("party register -C @/a --code 91330106MAC0000174 --name OTHER "
              "--profile age --out @/other",
              0);
    desk_must("desk init -C @/e --reader @/hotel/reader.pem --reader-key "
              "@/other/reader-key.pem --trust-anchor @/t/trust-root.pem",
              3);
    desk_must("desk serve -C @/nowhere", 7);
    desk_must("desk init -C @/f --reader @/hotel/reader.pem --reader-key "
              "@/hotel/reader-key.pem --trust-anchor @/t/trust-root.pem",
              0);
    assert_int_equal(
        desk_must("desk serve -C @/f --listen 127.0.0.1:0", 3)->code, 3);
    assert_true(test_said("desk.url"));
}

/* ---- programs ---- */

static const struct {
    const char *name, *bearer;
} strangers[] = {
    {"refuses a program without a key", NULL},
    {"refuses a program with an empty key", ""},
    {"refuses a program with another key",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"refuses the comment of the file as a key",
     "# a line for each program: Authorization: Bearer ..."},
};

static void refuses_strangers(void **state)
{
    const char *const *row = *state;
    const desk_call    c   = {.method = "POST",
                              .path   = "/api/sessions",
                              .bearer = row[1],
                              .type   = "application/json",
                              .body   = YAO_LIT("{\"profile\":\"age\"}")};

    assert_int_equal(desk_ask(&c).status, 401);
}

/* ---- requests ---- */

static void makes_requests(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    char       path[128];
    const char *id;

    (void)state;
    assert_int_equal(a.status, 201);
    id = desk_member(&a, "id");
    assert_int_equal(strlen(id), 32);
    assert_non_null(strstr(desk_member(&a, "url"), id));
    assert_non_null(strstr(desk_member(&a, "qr"), "openid4vp://?client_id="
                                                  "x509_hash%3A"));
    assert_non_null(strstr(desk_member(&a, "qr"), id));
    snprintf(path, sizeof path, "/api/sessions/%s", id);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(desk_member(&a, "state"), "open");
    assert_null(yao_json_get(desk_json(&a), "result"));
    assert_int_equal(desk_api("DELETE", path, NULL).status, 204);
    assert_int_equal(desk_api("GET", path, NULL).status, 404);
}

static void draws_anew(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    net_answer b = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");

    (void)state;
    assert_string_not_equal(desk_member(&a, "id"), desk_member(&b, "id"));
}

static void offers_one_device(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions",
                            "{\"profile\":\"age\",\"device\":\"same\"}");
    net_answer b = desk_api("POST", "/api/sessions",
                            "{\"profile\":\"age\",\"device\":\"cross\"}");

    (void)state;
    assert_string_equal(desk_member(&a, "qr"), "");
    assert_string_not_equal(desk_member(&a, "url"), "");
    assert_string_equal(desk_member(&b, "url"), "");
    assert_string_not_equal(desk_member(&b, "qr"), "");
}

typedef struct refusal {
    const char *name, *json;
    int         status;
    const char *word;
} refusal;

static const refusal refusals[] = {
    {"refuses no profile", "{}", 400, "unknown_profile"},
    {"refuses a profile that there is not", "{\"profile\":\"hotels\"}", 400,
     "unknown_profile"},
    {"refuses a profile that was not registered", "{\"profile\":\"police\"}",
     403, "not_registered"},
    {"refuses a choice that the profile has not",
     "{\"profile\":\"age\",\"choice\":\"age_over_17\"}", 400, "unknown_choice"},
    {"refuses another device than there is",
     "{\"profile\":\"age\",\"device\":\"other\"}", 400, "invalid_request"},
    {"refuses to send a browser to a script",
     "{\"profile\":\"age\",\"back\":\"javascript:alert(1)\"}", 400,
     "invalid_request"},
    {"refuses an address with a quote",
     "{\"profile\":\"age\",\"back\":\"https://a.example/\\\"x\"}", 400,
     "invalid_request"},
    {"refuses a profile that is a number", "{\"profile\":1}", 400,
     "invalid_request"},
    {"refuses what is no JSON", "{\"profile\":", 400, "invalid_request"},
};

static void refuses_wishes(void **state)
{
    const refusal *row = *state;
    net_answer     a   = desk_api("POST", "/api/sessions", row->json);

    assert_int_equal(a.status, row->status);
    assert_string_equal(desk_member(&a, "error"), row->word);
}

static void hides_from_others(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    char       path[128];
    desk_call  c = {.method = "GET", .path = path};

    (void)state;
    snprintf(path, sizeof path, "/api/sessions/%s", desk_member(&a, "id"));
    assert_int_equal(desk_ask(&c).status, 401);
    c.bearer = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";
    assert_int_equal(desk_ask(&c).status, 401);
    char *last = path + strlen(path) - 1;
    *last      = *last == '0' ? '1' : '0';
    c.bearer   = desk_bearer();
    assert_int_equal(desk_ask(&c).status, 404);
}

static void waits_for_a_change(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    char       path[128];
    int64_t    begun = yao_milliseconds();

    (void)state;
    snprintf(path, sizeof path, "/api/sessions/%s?wait=1",
             desk_member(&a, "id"));
    a = desk_api("GET", path, NULL);
    assert_string_equal(desk_member(&a, "state"), "open");
    assert_true(yao_milliseconds() - begun >= 900);
}

/* ---- trust ---- */

/* With nothing but the root that somebody carried there. */
static void fetches_trust(void **state)
{
    static test_server authority, desk;
    const desk_call    ready = {.method = "GET", .path = "/ready"};
    char               line[400];
    int                status;
    test_patience      patience;

    (void)state;
    assert_true(test_server_start(&authority,
                                  "authority serve -C @/a --listen 127.0.0.1:0 "
                                  "--kiosk-listen none --console-listen none"));
    snprintf(line, sizeof line,
             "desk init -C @/g --demo --reader @/hotel/reader.pem --reader-key "
             "@/hotel/reader-key.pem --trust-anchor @/t/trust-root.pem "
             "--trust-url http://127.0.0.1:%u/trust/bundle.cose",
             test_server_port(&authority, "public"));
    desk_must(line, 0);
    assert_true(
        test_server_start(&desk, "desk serve -C @/g --listen 127.0.0.1:0"));
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u",
             test_server_port(&desk, "public"));
    patience = test_patience_begin();
    do {
        status = desk_ask(&ready).status;
        assert_true(status == 200 || status == 503);
    } while (status != 200 && test_wait(&patience));
    assert_int_equal(status, 200);
    assert_int_equal(test_server_stop(&desk), 0);
    assert_int_equal(test_server_stop(&authority), 0);
}

/* A code can be relayed while it is shown; a party for which that is too much
 * shows none. */
static void shows_no_codes(void **state)
{
    static test_server desk;
    char               line[400], *ini, *at;

    (void)state;
    desk_must("desk init -C @/s --demo --reader @/hotel/reader.pem "
              "--reader-key @/hotel/reader-key.pem --trust-anchor "
              "@/t/trust-root.pem --trust @/t/bundle.cose",
              0);
    ini = desk_file("s/desk.ini");
    at  = strstr(ini, "cross_device = yes");
    assert_non_null(at);
    memcpy(at, "cross_device = no ", 18);
    test_write("s/desk.ini", yao_text_bytes(yao_text_of(ini)));
    snprintf(line, sizeof line, "cp '%s' '%s'",
             test_scratch_path("d/keys/api.keys"),
             test_scratch_path("s/keys/api.keys"));
    assert_int_equal(system(line), 0);
    assert_true(
        test_server_start(&desk, "desk serve -C @/s --listen 127.0.0.1:0"));
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u",
             test_server_port(&desk, "public"));
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    assert_int_equal(a.status, 201);
    assert_string_equal(desk_member(&a, "qr"), "");
    assert_string_not_equal(desk_member(&a, "url"), "");
    a = desk_api("POST", "/api/sessions",
                 "{\"profile\":\"age\",\"device\":\"cross\"}");
    assert_int_equal(a.status, 400);
    assert_int_equal(test_server_stop(&desk), 0);
}

/* ---- the end ---- */

static void says_nothing(void **state)
{
    const char *key = desk_bearer();

    (void)state;
    assert_int_equal(test_server_stop(&desk_server), 0);
    yao_bytes log;
    assert_status(yao_file_read(desk_server.log, 1 << 20, &log), YAO_OK);
    assert_null(memmem(log.ptr, log.len, key, strlen(key)));
    yao_file_free(&log);
}

int main(void)
{
    test_add("desk", "starts", starts, NULL);
    test_add("desk", "refuses a folder twice, another's key, no encryption",
             refuses_to_begin, NULL);
    for (size_t i = 0; i < COUNT(strangers); i++)
        test_add("desk", strangers[i].name, refuses_strangers, &strangers[i]);
    test_add("desk", "makes requests by profile, and drops them",
             makes_requests, NULL);
    test_add("desk", "draws each anew", draws_anew, NULL);
    test_add("desk", "offers the device that is asked for", offers_one_device,
             NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("desk", refusals[i].name, refuses_wishes, &refusals[i]);
    test_add("desk", "never tells others of a request", hides_from_others,
             NULL);
    test_add("desk", "waits for a change", waits_for_a_change, NULL);
    test_add("desk", "N317 never says a key in its log", says_nothing, NULL);
    test_add("desk", "accepts a bundle that it fetches itself", fetches_trust,
             NULL);
    test_add("desk", "never shows N231: a code, where it may be relayed",
             shows_no_codes, NULL);
    int code = test_run("journeys/desk");
    test_scratch_remove();
    return code;
}
