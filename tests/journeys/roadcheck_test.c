/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A road check in two steps: class and validity first; who the driver is only
 * when the officer asks for it with a reason, in a request of its own, to which
 * the driver says yes or no by itself.
 */
#include "officer_world.h"

#define NUMBER "12011919880808901X"

static officer ann, bob;
static char    first[64], second_link[4096], second[64];

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
    test_must("document issue -C @/a --wallet @/w --copies 8 --cards 0 "
              "--document driving_licence --document vehicle_registration "
              "--document resident_id --person " NUMBER,
              0);
    desk_make_desk("");
    officer_serve_authority();
    desk_start("");
    officer_add(&ann, "7K2Q-0417", "");
    assert_int_equal(officer_register(&ann), 204);
    officer_login(&ann);
    officer_add(&bob, "0918", "");
    assert_int_equal(officer_register(&bob), 204);
    officer_login(&bob);
}

static int present(const char *link, const char *more)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present -C @/w --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem %s '%s'",
             more, link);
    return test_type(line)->code;
}

static net_answer step(const char *id, const char *token, const char *reason)
{
    char path[100], json[400];

    snprintf(path, sizeof path, "/api/sessions/%s/second", id);
    snprintf(json, sizeof json, "{\"officer\":\"%s\",\"reason\":\"%s\"}",
             token, reason);
    return desk_api("POST", path, json);
}

static net_answer state_of(const char *id)
{
    char path[100];

    snprintf(path, sizeof path, "/api/sessions/%s", id);
    return desk_api("GET", path, NULL);
}

static void begins(char *id, char *link, const char *json)
{
    net_answer a = desk_api("POST", "/api/sessions", json);

    if (a.status != 201)
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
    assert_int_equal(a.status, 201);
    snprintf(id, 64, "%s", desk_member(&a, "id"));
    snprintf(link, 4096, "%s", desk_member(&a, "qr"));
}

/* Without a word about it. */
static bool desk_has(const net_answer *a, const char *text)
{
    yao_bytes want = yao_text_bytes(yao_text_of(text)), rest = a->body;

    for (; rest.len >= want.len; rest.ptr++, rest.len--)
        if (yao_bytes_starts(rest, want))
            return true;
    return false;
}

/* ---- the first ---- */

static void shows_the_licence(void **state)
{
    char       json[300], link[4096];
    net_answer a;

    (void)state;
    snprintf(json, sizeof json,
             "{\"profile\":\"road_check\",\"officer\":\"%s\"}", ann.token);
    begins(first, link, json);
    a = step(first, ann.token, "identity_check");
    assert_int_equal(a.status, 409); /* nothing was shown yet */
    assert_string_equal(desk_member(&a, "error"), "first_step_open");
    assert_int_equal(present(link, "--yes"), 0);
    test_says("Driving classes");
    a = state_of(first);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    /* class and validity, and nothing of who it is */
    assert_true(desk_says(&a, "driving_privileges"));
    assert_false(desk_has(&a, "李示例"));
    assert_false(desk_has(&a, NUMBER));
}

/* ---- the second ---- */

static const struct refusal {
    const char    *name;
    const officer *who;
    const char    *token, *reason;
    int            status;
    const char    *error;
} refusals[] = {
    {"refuses nobody", NULL, "", "identity_check", 403, "officer_needed"},
    {"refuses another officer", &bob, NULL, "identity_check", 403,
     "officer_needed"},
    {"refuses no reason", &ann, NULL, "", 400, "invalid_request"},
    {"refuses a reason that is none", &ann, NULL, "curiosity", 400,
     "invalid_request"},
};

static void refuses(void **state)
{
    const struct refusal *r = *state;
    net_answer            a = step(
        first, r->who != NULL ? r->who->token : r->token, r->reason);

    assert_int_equal(a.status, r->status);
    assert_string_equal(desk_member(&a, "error"), r->error);
}

static void asks_who(void **state)
{
    net_answer a = step(first, ann.token, "identity_check");

    (void)state;
    assert_int_equal(a.status, 201);
    snprintf(second, sizeof second, "%s", desk_member(&a, "id"));
    snprintf(second_link, sizeof second_link, "%s", desk_member(&a, "qr"));
    /* the driver is asked, and may say no: the first stays as it was */
    assert_int_equal(present(second_link, ""), 3);
    test_says("SECOND STEP");
    test_says("reason: who you are is in doubt");
    test_says("officer: 7K2Q-0417");
    test_says("you did not agree");
    a = state_of(second);
    assert_string_equal(desk_member(&a, "state"), "refused");
    a = state_of(first);
    assert_true(desk_says(&a, "\"second\":{\"id\":"));
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
}

static void shows_who(void **state)
{
    net_answer a = step(first, ann.token, "accident");

    (void)state;
    assert_int_equal(a.status, 201);
    snprintf(second, sizeof second, "%s", desk_member(&a, "id"));
    snprintf(second_link, sizeof second_link, "%s", desk_member(&a, "qr"));
    assert_int_equal(present(second_link, "--yes"), 0);
    test_says("reason: accident");
    a = state_of(second);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, "李示例"));
    /* a third there is not */
    a = step(second, ann.token, "accident");
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "no_second_step");
}

static void refuses_other_profiles(void **state)
{
    char       id[64], link[4096];
    net_answer a;

    (void)state;
    begins(id, link, "{\"profile\":\"hotel\"}");
    assert_int_equal(present(link, "--yes"), 0);
    a = step(id, ann.token, "identity_check");
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "no_second_step");
    assert_int_equal(step("00000000000000000000000000000007", ann.token,
                          "identity_check")
                         .status,
                     404);
}

/* Both at once is more than was registered: wallets refuse it. */
#define CLAIM(path) "{\"path\":[\"" path "\"]}"
static void refuses_both_at_once(void **state)
{
    char json[1200], id[64], link[4096];

    (void)state;
    snprintf(
        json, sizeof json,
        "{\"profile\":\"road_check\",\"officer\":\"%s\",\"query\":{"
        "\"credentials\":[{\"id\":\"l\",\"format\":\"dc+sd-jwt\",\"meta\":{"
        "\"vct_values\":[\"urn:yaopai:driving_licence:1\"]},\"claims\":["
        CLAIM("driving_class") "]},{\"id\":\"i\",\"format\":\"dc+sd-jwt\","
        "\"meta\":{\"vct_values\":[\"urn:yaopai:resident_id:1\"]},\"claims\":["
        CLAIM("name") "]}]}}",
        ann.token);
    begins(id, link, json);
    assert_int_equal(present(link, "--yes"), 3);
    test_says("it asks for what it did not register");
}

int main(void)
{
    test_add("roadcheck", "accepts to begin", prepare, NULL);
    test_add("roadcheck", "gives class and validity first", shows_the_licence,
             NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("roadcheck", refusals[i].name, refuses, &refusals[i]);
    test_add("roadcheck", "accepts a no to the second step", asks_who, NULL);
    test_add("roadcheck", "gives who it is to who asked for a reason",
             shows_who, NULL);
    test_add("roadcheck", "refuses a second step of what has none",
             refuses_other_profiles, NULL);
    test_add("roadcheck", "refuses N217: both steps at once", refuses_both_at_once, NULL);

    int code = test_run("journeys/roadcheck");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
