/* SPDX-License-Identifier: Apache-2.0 */

/** `wallet present` and `desk serve`: both programs, and nothing between them
 *  but the network of this machine. */

#include "desk_world.h"
#include "journey.h"

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

static const test_output *present(const session *s, const char *more)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem %s '%s'",
             more, s->link);
    return test_type(line);
}

/* What the desk says of S: its state, and in JSON its result. */
static const char *state_of(const session *s, net_answer *ret)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s", s->id);
    *ret = desk_api("GET", path, NULL);
    assert_int_equal(ret->status, 200);
    return desk_member(ret, "state");
}

static void prepare(void **state)
{
    char number[64], line[200];

    (void)state;
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_make_authority();
    desk_make_person(number, sizeof number);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/empty --registrar "
              "@/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 4 --cards 0 "
             "--person %s",
             number);
    test_must(line, 0);
    desk_make_desk("");
    desk_start("");
}

/* ---- rows --------------------------------------------------------------- */

typedef struct row {
    const char *name, *json, *more;
    int         code;
    const char *says, *state;
    const char *verdict; /* in the result; NULL: there is none */
} row;

#define PAYMENT                                                                \
    "{\"profile\":\"hotel\",\"transaction_data\":[{\"type\":"                        \
    "\"urn:yaopai:payment:1\",\"payee\":\"SPECIMEN SHOP\",\"amount\":\"88.00\","  \
    "\"currency\":\"CNY\"}]}"

static const row rows[] = {
    {"accepts a guest of a hotel", "{\"profile\":\"hotel\"}", "-C @/w --yes", 0,
     "Hotel check-in", "done", "accept"},
    {"accepts the same by mdoc, where the person chose it",
     "{\"profile\":\"hotel\"}", "-C @/w --yes --choose resident_id-mdoc", 0,
     "[resident_id-mdoc]", "done", "accept"},
    {"accepts that somebody is old enough", "{\"profile\":\"age\"}",
     "-C @/w --yes", 0, "Aged", "done", "accept"},
    {"accepts a payment that the person agreed to", PAYMENT, "-C @/w --yes", 0,
     "SPECIMEN SHOP", "done", "accept"},
    {"refuses to agree by a document that cannot say so", PAYMENT,
     "-C @/w --yes --choose resident_id-mdoc", 7, "does not hold", "refused",
     NULL},
    {"refuses N215: a kind of transaction that the wallet does not know",
     "{\"profile\":\"hotel\",\"transaction_data\":[{\"type\":\"urn:x:loan\"}]}",
     "-C @/w --yes", 3, "unknown type", "open", NULL},
    {"refuses without a yes, and the desk hears it", "{\"profile\":\"hotel\"}",
     "-C @/w", 3, "you did not agree", "refused", NULL},
    {"refuses what is not held, and the desk hears the same",
     "{\"profile\":\"hotel\"}", "-C @/empty --yes", 7, "does not hold",
     "refused", NULL},
};

static void one_row(void **state)
{
    const row         *r = *state;
    session            s = ask(r->json);
    const test_output *o = present(&s, r->more);
    net_answer         a;

    if (o->code != r->code)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, r->code);
    test_says(r->says);
    assert_string_equal(state_of(&s, &a), r->state);

    const yao_json *result = yao_json_get(desk_json(&a), "result");
    if (r->verdict == NULL)
        assert_null(result);
    else
        assert_true(yao_json_is(yao_json_get(result, "verdict"), r->verdict));
}

/* The result says to what its holder agreed. */
static void says_agreed(void **state)
{
    session    s = ask(PAYMENT);
    net_answer a;

    (void)state;
    assert_int_equal(present(&s, "-C @/w --yes --json")->code, 0);
    test_says("\"agreed\":[\"urn:yaopai:payment:1\"]");
    assert_string_equal(state_of(&s, &a), "done");
    const yao_json *shown =
        yao_json_get(yao_json_get(desk_json(&a), "result"), "presentations");
    const yao_json *agreed = yao_json_get(shown->first, "agreed");
    assert_non_null(agreed);
    assert_int_equal(agreed->count, 1);
}

/* What no wallet could take is not asked. */
static void refuses_transactions(void **state)
{
    static const char *const bad[] = {
        "[]", "{}", "[7]", "[{}]", "[{\"type\":\"\"}]", "[{\"type\":7}]",
        "[{\"type\":\"t\",\"credential_ids\":[]}]",
        "[{\"type\":\"t\",\"credential_ids\":[\"x\"]}]",
        "[{\"type\":\"t\",\"credential_ids\":[\"resident_id-mdoc\"]}]",
        "[{\"type\":\"t\",\"transaction_data_hashes_alg\":[\"sha-512\"]}]",
        "[{\"type\":\"t\",\"transaction_data_hashes_alg\":\"sha-256\"}]"};
    char json[300];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(json, sizeof json,
                 "{\"profile\":\"hotel\",\"transaction_data\":%s}", bad[i]);
        assert_int_equal(desk_api("POST", "/api/sessions", json).status, 400);
    }
}

/* A link answers one wallet once. */
static void once(void **state)
{
    session    s = ask("{\"profile\":\"age\"}");
    net_answer a;

    (void)state;
    assert_int_equal(present(&s, "-C @/w --yes")->code, 0);
    assert_int_equal(present(&s, "-C @/w --yes")->code, 2);
    test_says("does not give a request");
    assert_string_equal(state_of(&s, &a), "done");
}

/* A wallet without a bundle: the party brings what the registrar says of it. */
static void known_by_statement(void **state)
{
    session s = ask("{\"profile\":\"hotel\"}");
    char    line[5000];

    (void)state;
    snprintf(line, sizeof line,
             "wallet present --local --trust-anchor @/t/trust-root.pem "
             "-C @/w --yes '%s'",
             s.link);
    assert_int_equal(test_type(line)->code, 0);
    test_says("registered as: " DESK_CODE);
    test_says("so says the registrar");
    test_says("kept for at most");
}

/* Another desk's picture over this one's: the wallet says whose it is. */
static void says_whose(void **state)
{
    session s = ask("{\"profile\":\"hotel\"}");

    (void)state;
    assert_int_equal(present(&s, "-C @/w")->code, 3);
    test_says("SPECIMEN asks on line");
    test_says("registered as: " DESK_CODE);
    test_says("kept for at most");
}

int main(void)
{
    test_add("desk", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("desk", rows[i].name, one_row, &rows[i]);
    test_add("desk", "gives to what the holder agreed", says_agreed, NULL);
    test_add("desk", "refuses transactions that no wallet could take",
             refuses_transactions, NULL);
    test_add("desk", "refuses a link a second time", once, NULL);
    test_add("desk", "accepts who is known by a registration statement alone",
             known_by_statement, NULL);
    test_add("desk", "gives N232: whose request it is, before anything",
             says_whose, NULL);

    int code = test_run("journeys/desk_present");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
