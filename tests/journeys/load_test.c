/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai load issue` puts few wallets before an authority, `load present`
 *  before a desk: what it counts is what was issued, or accepted, and it goes
 *  to no other machine. How fast it was is not looked at. */

#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "desk_world.h"
#include "json/json.h"
#include "journey.h"
#include "server.h"
#include "wallet_provider.h"

#define PERSON "12011919880808901X"
#define TO                                                                     \
    "load issue --json --admin @/a/admin.sock --register @/numbers "           \
    "--attester @/attester.key --attester-certificate @/attester.pem "

static test_server server;
static char        url[64];

/* The person who needs no login on the page. */
static void add_setting(void)
{
    static const char before[] = "[oauth]\n";
    const char *path = test_scratch_path("a/authority.ini");
    yao_bytes   file, out;
    yao_writer  w = yao_writer_in(test_arena());

    assert_status(yao_file_read(path, 1 << 20, &file), YAO_OK);
    const uint8_t *at = memmem(file.ptr, file.len, before, strlen(before));
    assert_non_null(at);
    size_t len = (size_t)(at - file.ptr) + strlen(before);
    yao_put_bytes(&w, (yao_bytes){file.ptr, len});
    yao_put_text(&w, "demo_person = " PERSON "\n");
    yao_put_bytes(&w, (yao_bytes){file.ptr + len, file.len - len});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_status(yao_file_write(path, out, 0600, false), YAO_OK);
    yao_file_free(&file);
}

static void prepare(void **state)
{
    char line[256];

    (void)state;
    setenv("LC_ALL", "C", 1);
    snprintf(url, sizeof url, "http://authority.localhost:%u",
             test_free_port());
    snprintf(line, sizeof line, "authority init --demo -C @/a --url %s", url);
    test_must(line, 0);
    test_write_people();
    test_must("person import -C @/a @/people.jsonl", 0);
    assert_status(yao_file_write(test_scratch_path("numbers"),
                                 YAO_LIT(PERSON "\n"), 0600, false),
                  YAO_OK);
    wallet_provider_make();
    add_setting();
    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%s "
             "--kiosk-listen none --console-listen none",
             strrchr(url, ':') + 1);
    if (!test_server_start(&server, line))
        fail_msg("the authority does not serve: see %s", server.log);
    test_must("party register -C @/a --code " DESK_CODE " --name SPECIMEN "
              "--profile hotel --profile age --out @/hotel",
              0);
}

/* When there are documents: their status lists are in the desk's bundle. */
static void prepare_desk(void **state)
{
    (void)state;
    desk_make_desk("");
    desk_start("");
}

static void finish(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&desk_server), 0);
    assert_int_equal(test_server_stop(&server), 0);
}

/* ---- what it counts ----------------------------------------------------- */

#define SHOW                                                                   \
    "load present --json --admin @/a/admin.sock --register @/numbers "         \
    "--attester @/attester.key --attester-certificate @/attester.pem "         \
    "--desk-key @/d/keys/api.keys --desk-admin @/d/admin.sock "                \
    "--registrar @/a/certificates/reader-root.pem "

typedef struct row {
    const char *name;
    const char *words;
    int64_t     done, received;
    const char *steps; /* with how many of each */
} row;

static const row rows[] = {
    {"gives all of a flow", "--people 5 --workers 2 --connections 2", 5, 5,
     "token 5 nonce 5 credential 5 notification 5 "},
    {"gives batches", "--people 3 --copies 4", 3, 12,
     "token 3 nonce 3 credential 3 notification 3 "},
    {"gives SD-JWT VCs", "--people 2 --configuration resident_id_sdjwt", 2, 2,
     "token 2 nonce 2 credential 2 notification 2 "},
    {"gives the flow with a page", "--people 2 --grant code", 2, 2,
     "par 2 page 2 allow 2 token 2 nonce 2 credential 2 notification 2 "},
    {"gives credential requests alone",
     "--people 2 --only credential --requests 7", 7, 7,
     "nonce 7 credential 7 "},
    {"gives requests that were signed before",
     "--people 3 --presigned --requests 8 --workers 1", 8, 8,
     "credential 8 "},
    {"gives fewer wallets than connections",
     "--people 1 --presigned --requests 2 --workers 3", 2, 2,
     "credential 2 "},
};

static const row shows[] = {
    {"gives presentations of an mdoc",
     "--requests 5 --workers 2 --connections 2", 5, 0,
     "session 5 request 5 answer 5 result 5 "},
    {"gives presentations of an SD-JWT VC",
     "--requests 4 --workers 1 --configuration resident_id_sdjwt --profile age",
     4, 0, "session 4 request 4 answer 4 result 4 "},
};

static int64_t number_of(const yao_json *object, const char *name)
{
    int64_t n = -1;

    assert_status(yao_json_int(yao_json_get(object, name), &n), YAO_OK);
    return n;
}

static void read_steps(const yao_json *root, char *out, size_t cap)
{
    const yao_json *steps = yao_json_get(root, "steps");
    size_t          len   = 0;

    out[0] = '\0';
    assert_non_null(steps);
    for (const yao_json *s = steps->first; s != NULL; s = s->next) {
        yao_text name;
        assert_status(
            yao_json_string(yao_json_get(s, "name"), test_arena(), &name),
            YAO_OK);
        len += (size_t)snprintf(out + len, cap - len, "%.*s %lld ",
                                (int)name.len, (const char *)name.ptr,
                                (long long)number_of(s, "count"));
    }
}

static void run_line(const char *line, const row *r)
{
    const yao_json *root;
    char            steps[256];

    const test_output *output = test_type(line);
    if (output->code != 0)
        print_message("%s\n", output->out);
    assert_int_equal(output->code, 0);
    assert_status(yao_json_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)output->out,
                                             output->len},
                                 &root),
                  YAO_OK);
    assert_int_equal(number_of(root, "done"), r->done);
    assert_int_equal(number_of(root, "received"), r->received);
    assert_int_equal(number_of(root, "failed"), 0);
    read_steps(root, steps, sizeof steps);
    assert_string_equal(steps, r->steps);
}

static void run_row(void **state)
{
    const row *r = *state;
    char       line[512];

    snprintf(line, sizeof line, TO "--url %s %s", url, r->words);
    run_line(line, r);
}

static void run_show(void **state)
{
    const row *r = *state;
    char       line[768];

    snprintf(line, sizeof line,
             SHOW "--url %s --desk http://desk.localhost:%u %s", url, desk_port,
             r->words);
    run_line(line, r);
}

/* ---- what it refuses ---------------------------------------------------- */

typedef struct refusal {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} refusal;

static const refusal refusals[] = {
    {"refuses another machine", TO "--url http://192.0.2.1:80", 1,
     "only a server of this machine"},
    {"refuses a name of another machine",
     TO "--url http://localhost.example:80", 1,
     "only a server of this machine"},
    {"refuses https", TO "--url https://127.0.0.1:80", 1,
     "only a server of this machine"},
    {"refuses an address without a port that is one",
     TO "--url http://127.0.0.1:0", 1, "not an address"},
    {"refuses more people than its bound",
     TO "--url http://127.0.0.1:80 --people 10001", 1, "people"},
    {"refuses to go on for hours",
     TO "--url http://127.0.0.1:80 --seconds 61", 1, "seconds"},
    {"refuses a configuration that is none",
     TO "--url http://127.0.0.1:80 --configuration pet_mdoc", 1,
     "no such configuration"},
    {"refuses a desk of another machine",
     SHOW "--url http://127.0.0.1:80 --desk http://192.0.2.1:80", 1,
     "only a server of this machine"},
    {"refuses a desk's key file that is none",
     SHOW "--url http://127.0.0.1:80 --desk http://127.0.0.1:80 "
          "--desk-key @/nothing",
     1, "given twice"},
};

static void run_refusal(void **state)
{
    const refusal *r = *state;

    assert_int_equal(test_type(r->line)->code, r->code);
    assert_true(test_said(r->says));
}

static void refuses_people_unknown(void **state)
{
    char line[512];

    (void)state;
    assert_status(yao_file_write(test_scratch_path("strangers"),
                                 YAO_LIT("{\"number\":\"110105199001011234\"}"
                                         "\n"),
                                 0600, false),
                  YAO_OK);
    snprintf(line, sizeof line,
             "load issue --admin @/a/admin.sock --register @/strangers "
             "--attester @/attester.key --attester-certificate @/attester.pem "
             "--url %s",
             url);
    assert_int_equal(test_type(line)->code, 3);
    assert_true(test_said("makes no such offer"));
}

/* A failed request is one that failed: here the licence of somebody whom no
 * attester that the authority knows vouches for. */
static void counts_what_failed(void **state)
{
    char line[512];

    (void)state;
    assert_status(yao_openssl_key_save(forge_key(2),
                                       test_scratch_path("other.key")),
                  YAO_OK);
    snprintf(line, sizeof line,
             "load issue --json --admin @/a/admin.sock --register @/numbers "
             "--attester @/other.key --attester-certificate @/attester.pem "
             "--url %s --people 4",
             url);
    assert_int_equal(test_type(line)->code, 3);
    assert_true(test_said("\"done\":0,\"received\":0,\"failed\":4"));
    assert_true(test_said("token, HTTP 401"));
}

/* What the desk does not accept is no presentation that was done: a profile
 * that its party did not register. */
static void counts_what_was_refused(void **state)
{
    char line[768];

    (void)state;
    snprintf(line, sizeof line,
             SHOW "--url %s --desk http://desk.localhost:%u --requests 3 "
                  "--workers 1 --connections 1 --profile government",
             url, desk_port);
    assert_int_equal(test_type(line)->code, 3);
    assert_true(test_said("\"done\":0"));
    assert_true(test_said("\"failed\":3"));
    assert_true(test_said("session, HTTP 403"));
}

int main(void)
{
    test_add("load", "accepts to serve", prepare, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        test_add("load", rows[i].name, run_row, &rows[i]);
    test_add("load", "accepts to serve a desk", prepare_desk, NULL);
    for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++)
        test_add("load", shows[i].name, run_show, &shows[i]);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        test_add("load", refusals[i].name, run_refusal, &refusals[i]);
    test_add("load", "refuses people who are not registered",
             refuses_people_unknown, NULL);
    test_add("load", "gives the number of what failed", counts_what_failed,
             NULL);
    test_add("load", "gives the number of what a desk refused",
             counts_what_was_refused, NULL);
    test_add("load", "accepts to stop", finish, NULL);
    int code = test_run("journeys/load");
    test_scratch_remove();
    return code;
}
