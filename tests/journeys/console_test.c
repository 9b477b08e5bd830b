/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators over HTTP: two administrators by codes of the command line, who
 * register passkeys and log in; an officer whom both agree to; a look at a
 * person, whose log has it; then nothing of the person, no cookie and no code
 * is in a log of the server, or in a file of the authority.
 */

#define _GNU_SOURCE
#include "authenticator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"

#define ORIGIN "http://console.localhost:8444"
#define NUMBER "12011919880808901X"
#define NAME "卡纳里"

static const char record[] =
    "{\"number\":\"" NUMBER "\",\"name\":\"" NAME "\",\"family_name\":\"卡\","
    "\"given_name\":\"纳里\",\"sex\":1,\"ethnicity\":\"01\","
    "\"birth_date\":\"1988-08-08\",\"address\":\"金丝雀巷987号\","
    "\"division\":\"120119\",\"identity_card\":{"
    "\"document_number\":\"CANARYID77\",\"issue_date\":\"2019-03-01\","
    "\"expiry_date\":\"2039-03-01\",\"authority\":\"金丝雀分局\"}}\n";

typedef struct operator {
    authenticator pen;
    char          code[128], cookie[160];
} operator;

static test_server  server;
static net_client  *client;
static yao_openssl *openssl;
static char         base[64];
static operator     ann, bob, officer;

static void start(void **state)
{
    (void)state;
    test_must("authority init --demo -C @/a", 0);
    assert_status(yao_file_write(test_scratch_path("canary.jsonl"),
                                 yao_text_bytes(yao_text_of(record)), 0600,
                                 true),
                  YAO_OK);
    test_must("person import -C @/a @/canary.jsonl", 0);
    assert_true(test_server_start(
        &server, "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen "
                 "none --console-listen 127.0.0.1:0"));
    snprintf(base, sizeof base, "http://127.0.0.1:%u",
             test_server_port(&server, "console"));
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 20000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, base), YAO_OK);
    openssl = yao_openssl_open();
    assert_non_null(openssl);
}

/* ---- one request ---- */

static net_answer request(const operator *o, const char *method,
                          const char *path, yao_bytes body)
{
    char       url[256];
    net_header headers[3] = {{YAO_TEXT("origin"), YAO_TEXT(ORIGIN)}};
    net_call   call = {.method = method, .headers = headers, .body = body,
                       .header_count = 1, .most = 1 << 20};
    net_answer answer;

    if (body.len != 0)
        headers[call.header_count++] = (net_header){
            YAO_TEXT("content-type"), YAO_TEXT("application/json")};
    if (o->cookie[0] != '\0')
        headers[call.header_count++] =
            (net_header){YAO_TEXT("cookie"), yao_text_of(o->cookie)};
    snprintf(url, sizeof url, "%s%s", base, path);
    call.url = yao_text_of(url);
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    return answer;
}

static net_answer post(const operator *o, const char *path, const char *body)
{
    return request(o, "POST", path, yao_text_bytes(yao_text_of(body)));
}

static const yao_json *json_of(const net_answer *answer)
{
    const yao_json *json;

    assert_status(yao_json_parse(test_arena(), answer->body, &json), YAO_OK);
    return json;
}

static void copy_text(const yao_json *json, const char *name, char *out,
                      size_t cap)
{
    yao_text text;

    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    assert_true(text.len < cap);
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
}

static bool says(const net_answer *answer, const char *text)
{
    return memmem(answer->body.ptr, answer->body.len, text, strlen(text)) !=
           NULL;
}

/* ---- passkeys ---- */

static yao_webauthn_expected expected(const net_answer *options)
{
    static uint8_t challenge[32];
    char           letters[64];
    yao_writer     w = yao_writer_open(challenge, sizeof challenge);

    assert_int_equal(options->status, 200);
    copy_text(yao_json_get(json_of(options), "publicKey"), "challenge", letters,
              sizeof letters);
    assert_status(yao_get_base64url(yao_text_bytes(yao_text_of(letters)), &w),
                  YAO_OK);
    return (yao_webauthn_expected){YAO_TEXT("console.localhost"),
                                   YAO_TEXT(ORIGIN),
                                   {challenge, sizeof challenge}};
}

static yao_bytes say(const char *code, const yao_webauthn_response *r)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_text(&w, "{\"code\":\"");
    yao_put_text(&w, code);
    yao_put_text(&w, "\",\"name\":\"n\",\"credential\":");
    auth_put_json(&w, r);
    yao_put_text(&w, "}");
    return auth_keep(&w);
}

static void enter(operator *o)
{
    static const ceremony how = {.type = NULL};
    char                  body[256];

    o->pen = authenticator_new();
    snprintf(body, sizeof body, "{\"name\":\"n\",\"code\":\"%s\"}", o->code);
    net_answer begun = post(o, "/api/operator/register/begin", body);
    yao_webauthn_expected e = expected(&begun);
    yao_webauthn_response r =
        auth_create(&o->pen, &how, yao_openssl_crypto(openssl), &e);
    assert_int_equal(
        request(o, "POST", "/api/operator/register", say(o->code, &r)).status,
        204);
}

static void log_in(operator *o)
{
    static const ceremony how = {.type = NULL};
    net_answer begun = post(o, "/api/operator/login/begin", "");
    yao_webauthn_expected e = expected(&begun);

    o->pen.counter++;
    yao_webauthn_response r =
        auth_get(&o->pen, &how, yao_openssl_crypto(openssl), &e);
    net_answer in =
        request(o, "POST", "/api/operator/login", say("", &r));
    assert_int_equal(in.status, 200);
    yao_text cookie = net_answer_header(&in, "set-cookie");
    size_t   len    = yao_bytes_find(yao_text_bytes(cookie), ';');
    assert_true(len > 20 && len < sizeof o->cookie);
    memcpy(o->cookie, cookie.ptr, len);
    o->cookie[len] = '\0';
}

/* A code of the command line, while the server runs. */
static void invite(operator *o, const char *name)
{
    char line[128];

    snprintf(line, sizeof line,
             "operator add -C @/a --name %s --role administrator --json", name);
    const test_output *out = test_type(line);
    const char        *at  = strstr(out->out, "\"code\":\"");
    assert_int_equal(out->code, 0);
    assert_non_null(at);
    snprintf(o->code, sizeof o->code, "%.*s", (int)strcspn(at + 8, "\""),
             at + 8);
}

static void administrators(void **state)
{
    (void)state;
    invite(&ann, "ann");
    invite(&bob, "bob");
    enter(&ann);
    enter(&bob);
    assert_int_equal(request(&ann, "GET", "/api/operator", YAO_LIT("")).status,
                     401);
    log_in(&ann);
    log_in(&bob);
    net_answer who = request(&ann, "GET", "/api/operator", YAO_LIT(""));
    assert_int_equal(who.status, 200);
    assert_true(says(&who, "\"name\":\"ann\""));
}

/* ---- four eyes ---- */

static void an_officer_by_two(void **state)
{
    char path[128], id[64];

    (void)state;
    net_answer asked = post(&ann, "/api/operators",
                            "{\"name\":\"officer-1\",\"roles\":[\"officer\"]}");
    assert_int_equal(asked.status, 202);
    copy_text(json_of(&asked), "case", id, sizeof id);
    snprintf(path, sizeof path, "/api/operators/cases/%s/confirm", id);
    assert_int_equal(post(&ann, path, "").status, 403);
    net_answer done = post(&bob, path, "");
    assert_int_equal(done.status, 200);
    char half[32], code[64];
    copy_text(json_of(&asked), "half", half, sizeof half);
    copy_text(json_of(&done), "code", code, sizeof code);
    snprintf(officer.code, sizeof officer.code, "%s.%s", half, code);
    enter(&officer);
    log_in(&officer);
}

/* ---- a look ---- */

static void a_look(void **state)
{
    (void)state;
    assert_int_equal(post(&ann, "/api/person/find",
                          "{\"purpose\":\"counter\",\"number\":\"" NUMBER
                          "\"}")
                         .status,
                     403); /* administrators see nobody */
    assert_int_equal(
        post(&officer, "/api/person/find", "{\"number\":\"" NUMBER "\"}")
            .status,
        400);
    assert_int_equal(post(&officer, "/api/person/find",
                          "{\"purpose\":\"counter\",\"name\":\"" NAME
                          "\",\"birth_date\":\"1999-01-01\"}")
                         .status,
                     404);
    net_answer seen = post(&officer, "/api/person/find",
                           "{\"purpose\":\"counter\",\"name\":\"" NAME
                           "\",\"birth_date\":\"1988-08-08\"}");
    assert_int_equal(seen.status, 200);
    assert_true(says(&seen, "金丝雀巷987号"));
    test_must("audit export -C @/a --person " NUMBER, 0);
    assert_true(test_said("officer-1"));
    assert_true(test_said("counter"));
    assert_true(test_said("person.read"));
}

/* A log-out is the end of the cookie, whoever has it. */
static void out(void **state)
{
    (void)state;
    assert_int_equal(post(&officer, "/api/operator/logout", "").status, 204);
    assert_int_equal(post(&officer, "/api/person/find",
                          "{\"purpose\":\"counter\",\"number\":\"" NUMBER
                          "\"}")
                         .status,
                     401);
}

/* ---- what is left ---- */

static void never_in_a_log(void **state)
{
    char command[5 * 4300];

    (void)state;
    assert_int_equal(test_server_stop(&server), 0);
    snprintf(command, sizeof command,
             "python3 '%s/tests/tools/canary.py' scan --record '%s' "
             "--value='%s' --value='%s' --value='%s' '%s' '%s'",
             getenv("YAOPAI_SOURCE"), test_scratch_path("canary.jsonl"),
             strchr(officer.cookie, '=') + 1, officer.code,
             strchr(ann.cookie, '=') + 1, test_scratch_path("a"), server.log);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    test_add("console", "accepts a server with a console", start, NULL);
    test_add("console", "accepts two administrators with passkeys",
             administrators, NULL);
    test_add("console", "refuses N265: an officer by one; two make one",
             an_officer_by_two, NULL);
    test_add("console", "gives a person, with a purpose, and the log has it",
             a_look, NULL);
    test_add("console", "refuses N267: a cookie after logging out", out, NULL);
    test_add("console", "never leaves N316, N317: a value, a cookie, a code",
             never_in_a_log, NULL);
    int code = test_run("tests/journeys/console");
    net_client_close(client);
    yao_openssl_close(openssl);
    test_scratch_remove();
    return code;
}
