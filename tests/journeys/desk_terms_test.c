/* SPDX-License-Identifier: Apache-2.0 */

/** What a desk and a wallet may agree on beside the usual: a name for a
 *  client_id, answers that are not encrypted, issuers that are named. */

#include "app/pem.h"
#include "desk_world.h"
#include "journey.h"
#include "vp/answer.h"

typedef struct session {
    char id[64], link[4096];
} session;

static session ask(const char *json)
{
    net_answer a = desk_api("POST", "/api/sessions", json);
    session    s;

    if (a.status != 201)
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
    assert_int_equal(a.status, 201);
    snprintf(s.id, sizeof s.id, "%s", desk_member(&a, "id"));
    snprintf(s.link, sizeof s.link, "%s", desk_member(&a, "qr"));
    return s;
}

static const test_output *present(const char *link, const char *more)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem -C @/w --yes %s '%s'",
             more, link);
    return test_type(line);
}

static const char *state_of(const session *s)
{
    char       path[128];
    net_answer a;

    snprintf(path, sizeof path, "/api/sessions/%s", s->id);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    return desk_member(&a, "state");
}

/* In desk.ini, NAME = FROM becomes NAME = TO. */
static void set(const char *from, const char *to)
{
    const char *ini = desk_file("d/desk.ini");
    const char *at  = strstr(ini, from);
    yao_writer  w   = yao_writer_in(test_arena());
    yao_bytes   out;

    assert_non_null(at);
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)ini, (size_t)(at - ini)});
    yao_put_text(&w, to);
    yao_put_text(&w, at + strlen(from));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("d/desk.ini"), out, 0600,
                                 false),
                  YAO_OK);
}

static void prepare(void **state)
{
    char number[64], line[200];

    (void)state;
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile age --host "
              "desk.localhost --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 6 --cards 0 "
             "--person %s",
             number);
    test_must(line, 0);
    desk_make_desk("");
    set("plain_answers = no", "plain_answers = yes");
    set("client_id = x509_hash", "client_id = x509_san_dns");
    desk_start("");
}

/* ---- by its name -------------------------------------------------------- */

static void by_name(void **state)
{
    session s = ask("{\"profile\":\"hotel\"}");

    (void)state;
    assert_non_null(strstr(s.link, "client_id=x509_san_dns%3Adesk.localhost"));
    assert_int_equal(present(s.link, "")->code, 0);
    assert_string_equal(state_of(&s), "done");
}

/* The link says another name than the request: whoever made the link is not
 * whom it leads to. */
static void refuses_another_name(void **state)
{
    session s  = ask("{\"profile\":\"hotel\"}");
    char   *at = strstr(s.link, "desk.localhost");

    (void)state;
    memcpy(at, "bank", 4);
    assert_int_equal(present(s.link, "")->code, 3);
    test_says("not that of the link");
    assert_string_equal(state_of(&s), "open");
}

/* ---- not encrypted ------------------------------------------------------ */

static void plain(void **state)
{
    session s = ask("{\"profile\":\"hotel\",\"plain\":true}");

    (void)state;
    assert_int_equal(present(s.link, "")->code, 3);
    test_says("not be encrypted");
    assert_string_equal(state_of(&s), "open");
    assert_int_equal(present(s.link, "--unencrypted")->code, 0);
    assert_string_equal(state_of(&s), "done");
}

/* ---- issuers ------------------------------------------------------------ */

static void put_ski(yao_writer *w, const char *name)
{
    yao_anchors     read = {.count = 0};
    yao_certificate c;

    assert_status(yao_anchors_add_file(&read, test_arena(),
                                       test_scratch_path(name),
                                       YAO_ROLE_READER),
                  YAO_OK);
    assert_status(yao_x509_read(read.list[0].certificate, &c), YAO_OK);
    yao_put_base64url(w, c.ski);
}

static session ask_of(const char *root)
{
    uint8_t    room[300];
    yao_writer w = yao_writer_open(room, sizeof room);

    yao_put_text(&w, "{\"profile\":\"hotel\",\"authorities\":[\"");
    put_ski(&w, root);
    yao_put_text(&w, "\"]}");
    yao_put_byte(&w, '\0');
    return ask((const char *)room);
}

static void named_issuers(void **state)
{
    session s = ask_of("a/certificates/population-root.pem");

    (void)state;
    assert_int_equal(present(s.link, "")->code, 0);
    assert_string_equal(state_of(&s), "done");

    s = ask_of("a/certificates/traffic-root.pem");
    assert_int_equal(present(s.link, "")->code, 7);
    test_says("does not hold");
    assert_string_equal(state_of(&s), "refused");
}

/* Trusted lists and federations are words that no document of ours answers
 * to. */
static void other_authorities(void **state)
{
    static const char *const types[] = {"etsi_tl", "openid_federation"};
    char                     json[700];

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        snprintf(json, sizeof json,
                 "{\"profile\":\"hotel\",\"query\":{\"credentials\":[{\"id\":"
                 "\"a\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\":["
                 "\"urn:yaopai:resident_id:1\"]},\"trusted_authorities\":[{"
                 "\"type\":\"%s\",\"values\":[\"https://tl.example\"]}],"
                 "\"claims\":[{\"path\":[\"sex\"]}]}]}}",
                 types[i]);
        session s = ask(json);
        assert_int_equal(present(s.link, "")->code, 7);
        assert_string_equal(state_of(&s), "refused");
    }
}

static void refuses_authorities(void **state)
{
    static const char *const bad[] = {"[]", "{}", "[\"\"]", "[\"=\"]", "[7]",
                                      "\"AAAA\""};
    char json[200];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(json, sizeof json,
                 "{\"profile\":\"hotel\",\"authorities\":%s}", bad[i]);
        assert_int_equal(desk_api("POST", "/api/sessions", json).status, 400);
    }
}

/* ---- the desk's page ---------------------------------------------------- */

static bool has_profile(const yao_json *root, const char *name)
{
    const yao_json *list = yao_json_get(root, "profiles");

    for (const yao_json *i = list->first; i != NULL; i = i->next)
        if (yao_json_is(yao_json_get(i, "name"), name))
            return true;
    return false;
}

/* What is registered, and no more; and by what a page judges alone. */
static void tells_page(void **state)
{
    const desk_call nobody = {.method = "GET", .path = "/api/desk"};
    const desk_call taken  = {.method = "GET", .path = "/api/desk/bundle"};
    net_answer      about  = desk_api("GET", "/api/desk", NULL);
    net_answer      bundle = desk_api("GET", "/api/desk/bundle", NULL);

    (void)state;
    assert_int_equal(about.status, 200);
    assert_string_equal(desk_member(&about, "code"), DESK_CODE);
    assert_true(strlen(desk_member(&about, "trust_root")) > 300);
    assert_true(has_profile(desk_json(&about), "hotel"));
    assert_false(has_profile(desk_json(&about), "police"));
    assert_int_equal(bundle.status, 200);
    assert_true(bundle.body.len > 1000);
    assert_int_equal(desk_ask(&nobody).status, 401);
    assert_int_equal(desk_ask(&taken).status, 401);
}

/* ---- settings ----------------------------------------------------------- */

/* A name that the certificate does not have, and a prefix that is none. */
static void refuses_settings(void **state)
{
    (void)state;
    (void)test_server_stop(&desk_server);
    set("url = http://desk.localhost", "url = http://bank.localhost");
    assert_int_not_equal(test_type("desk serve -C @/d")->code, 0);
    test_says("client_id");
    set("url = http://bank.localhost", "url = http://desk.localhost");
    set("client_id = x509_san_dns", "client_id = redirect_uri");
    assert_int_not_equal(test_type("desk serve -C @/d")->code, 0);
    test_says("client_id");
}

int main(void)
{
    test_add("terms", "accepts to begin", prepare, NULL);
    test_add("terms", "accepts who is named by a host", by_name, NULL);
    test_add("terms", "refuses a link that names another host",
             refuses_another_name, NULL);
    test_add("terms", "accepts an answer in clear, where the person wants it",
             plain, NULL);
    test_add("terms", "accepts documents of issuers that are named only",
             named_issuers, NULL);
    test_add("terms", "refuses other words for issuers", other_authorities,
             NULL);
    test_add("terms", "refuses issuers that are no key identifiers",
             refuses_authorities, NULL);
    test_add("terms", "gives a page of ours what it may ask, and the bundle",
             tells_page, NULL);
    test_add("terms", "refuses names that the certificate does not have",
             refuses_settings, NULL);

    int code = test_run("journeys/desk_terms");
    test_scratch_remove();
    return code;
}
