/* SPDX-License-Identifier: Apache-2.0 */

/** A page of the relying party, the browser's Digital Credentials API, a
 *  wallet: `desk serve` and `wallet present --dc-api`, both protocols and both
 *  formats. The test is the browser: it says which page asks. */

#include "desk_world.h"
#include "journey.h"

#define SHOP "https://shop.example"

typedef struct page {
    char       id[64];
    net_answer made;
} page;

/* Ask, and put what the page would hand to the browser into @/page.json. */
static page ask(const char *json)
{
    page s = {.made = desk_api("POST", "/api/sessions", json)};

    if (s.made.status != 201)
        print_message("# %.*s\n", (int)s.made.body.len,
                      (const char *)s.made.body.ptr);
    assert_int_equal(s.made.status, 201);
    assert_string_equal(desk_member(&s.made, "qr"), "");
    assert_string_equal(desk_member(&s.made, "url"), "");
    snprintf(s.id, sizeof s.id, "%s", desk_member(&s.made, "id"));
    test_write("page.json", s.made.body);
    return s;
}

static const test_output *present(const char *origin, const char *more)
{
    char line[1000];

    unlink(test_scratch_path("answer.json"));
    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem --dc-api @/page.json --output @/answer.json "
             "--origin %s %s",
             origin, more);
    return test_type(line);
}

/* Hand over what the wallet answered, as a page at ORIGIN got it. */
static net_answer hand_over(const page *s, const char *origin)
{
    char  path[128];
    char *answer = desk_file("answer.json");
    size_t room  = strlen(answer) + 300;
    char *body   = yao_arena_take(test_arena(), room);

    *strrchr(answer, '}') = '\0';
    snprintf(body, room, "%s,\"origin\":\"%s\"}", answer, origin);
    snprintf(path, sizeof path, "/api/sessions/%s/answer", s->id);
    return desk_api("POST", path, body);
}

static const char *state_of(const page *s)
{
    char       path[128];
    net_answer a;

    snprintf(path, sizeof path, "/api/sessions/%s", s->id);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    return desk_member(&a, "state");
}

static void prepare(void **state)
{
    char number[64], line[200];

    (void)state;
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_make_authority();
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/empty --registrar "
              "@/a/certificates/reader-root.pem",
              0);
    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 9 --cards 0 "
             "--person %s",
             number);
    test_must(line, 0);
    desk_make_desk("");
    desk_start("");
}

/* ---- rows --------------------------------------------------------------- */

#define BY(protocols)                                                          \
    "{\"profile\":\"hotel\",\"dc_api\":{\"origins\":[\"" SHOP "\"],"             \
    "\"protocols\":[" protocols "]}}"
#define SIGNED   BY("\"openid4vp-v1-signed\"")
#define UNSIGNED BY("\"openid4vp-v1-unsigned\"")
#define ISO      BY("\"org-iso-mdoc\"")
#define TWO_PAGES                                                              \
    "{\"profile\":\"hotel\",\"dc_api\":{\"origins\":[\"https://www.example\","    \
    "\"" SHOP "\"]}}"
#define PAYMENT                                                                \
    "{\"profile\":\"hotel\",\"dc_api\":{\"origins\":[\"" SHOP "\"]},"            \
    "\"transaction_data\":[{\"type\":\"urn:yaopai:payment:1\",\"amount\":\"9\"}]}"

typedef struct row {
    const char *name, *json, *origin, *more;
    int         code;   /* of the wallet */
    const char *says;
    const char *at;     /* where the page says it was; NULL: it has nothing */
    int         status; /* of the desk */
    const char *state;
} row;

static const row rows[] = {
    {"accepts a signed request, by SD-JWT", SIGNED, SHOP, "-C @/w --yes", 0,
     "resident_id-sdjwt", SHOP, 200, "done"},
    {"accepts a signed request, by mdoc", SIGNED, SHOP,
     "-C @/w --yes --choose resident_id-mdoc", 0, "resident_id-mdoc", SHOP, 200,
     "done"},
    {"accepts an unsigned request, by SD-JWT", UNSIGNED, SHOP,
     "-C @/w --yes --unidentified", 0, "NOBODY SIGNED", SHOP, 200, "done"},
    {"accepts an unsigned request, by mdoc", UNSIGNED, SHOP,
     "-C @/w --yes --unidentified --choose resident_id-mdoc", 0,
     "NOBODY SIGNED", SHOP, 200, "done"},
    {"accepts org-iso-mdoc, and says who asks", ISO, SHOP, "-C @/w --yes", 0,
     "SPECIMEN asks on line", SHOP, 200, "done"},
    {"accepts one of several pages", TWO_PAGES, SHOP, "-C @/w --yes", 0,
     "goes to: " SHOP, SHOP, 200, "done"},
    {"accepts a transaction", PAYMENT, SHOP, "-C @/w --yes", 0, "amount: 9",
     SHOP, 200, "done"},
    {"refuses a signed request at another page", SIGNED, "https://evil.example",
     "-C @/w --yes", 3, "not an expected origin", NULL, 0, "open"},
    {"refuses an unsigned request, unless the person wants it", UNSIGNED, SHOP,
     "-C @/w --yes", 3, "not signed", NULL, 0, "open"},
    {"refuses org-iso-mdoc at another page", ISO, "https://evil.example",
     "-C @/w --yes", 3, "not who signed", NULL, 0, "open"},
    {"refuses what an unsigned request got at another page", UNSIGNED,
     "https://evil.example", "-C @/w --yes --unidentified", 0, "evil.example",
     SHOP, 400, "open"},
    {"refuses an answer of a page that was not named", SIGNED, SHOP,
     "-C @/w --yes", 0, "", "https://evil.example", 400, "open"},
    {"refuses an answer of another page than the one that got it", TWO_PAGES,
     SHOP, "-C @/w --yes", 0, "", "https://www.example", 400, "open"},
    {"refuses without a yes, and the page hears it", SIGNED, SHOP, "-C @/w", 3,
     "did not agree", SHOP, 200, "refused"},
    {"refuses what is not held, and the page hears the same", SIGNED, SHOP,
     "-C @/empty --yes", 7, "does not hold", SHOP, 200, "refused"},
    {"refuses org-iso-mdoc without a yes, and says nothing", ISO, SHOP,
     "-C @/w", 3, "did not agree", NULL, 0, "open"},
};

static void one_row(void **state)
{
    const row         *r = *state;
    page               s = ask(r->json);
    const test_output *o = present(r->origin, r->more);

    if (o->code != r->code)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, r->code);
    test_says(r->says);
    if (r->at == NULL) {
        assert_int_equal(access(test_scratch_path("answer.json"), F_OK), -1);
    } else {
        net_answer a = hand_over(&s, r->at);
        assert_int_equal(a.status, r->status);
    }
    assert_string_equal(state_of(&s), r->state);
}

/* An answer is taken once; and not by the address of links. */
static void once(void **state)
{
    page       s = ask(ISO);
    char       path[128];
    net_answer a;

    (void)state;
    assert_int_equal(present(SHOP, "-C @/w --yes")->code, 0);
    a = hand_over(&s, SHOP);
    assert_int_equal(a.status, 200);
    const yao_json *result = yao_json_get(desk_json(&a), "result");
    assert_true(yao_json_is(yao_json_get(result, "verdict"), "accept"));
    assert_int_equal(hand_over(&s, SHOP).status, 404);

    s = ask(SIGNED);
    snprintf(path, sizeof path, "/request/%s", s.id);
    const desk_call fetch = {.method = "GET", .path = path};
    assert_int_equal(desk_ask(&fetch).status, 404);
}

/* A wallet without a bundle knows who asks, by either protocol. */
static void known_by_statement(void **state)
{
    static const char *const ways[] = {SIGNED, ISO};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        page s = ask(ways[i]);
        assert_int_equal(
            test_type("wallet present --local --trust-anchor "
                      "@/t/trust-root.pem --dc-api @/page.json --output "
                      "@/answer.json --origin " SHOP " -C @/w --yes")
                ->code,
            0);
        test_says("registered as: " DESK_CODE);
        assert_int_equal(hand_over(&s, SHOP).status, 200);
    }
}

/* The answer to one session is none to another, by either protocol. */
static void refuses_another_sessions(void **state)
{
    static const char *const ways[] = {SIGNED, ISO};

    (void)state;
    for (size_t i = 0; i < COUNT(ways); i++) {
        page first = ask(ways[i]);
        assert_int_equal(present(SHOP, "-C @/w --yes")->code, 0);
        page second = ask(ways[i]);
        assert_int_equal(hand_over(&second, SHOP).status, 400);
        assert_int_equal(hand_over(&first, SHOP).status, 200);
    }
}

/* What no browser would say is not asked. */
static void refuses_wishes(void **state)
{
    static const char *const bad[] = {
        "7", "{}", "{\"origins\":[]}", "{\"origins\":[\"\"]}",
        "{\"origins\":[\"shop.example\"]}", "{\"origins\":[7]}",
        "{\"origins\":[\"" SHOP "/\"]}", "{\"origins\":[\"" SHOP "/path\"]}",
        "{\"origins\":[\"https://Shop.example\"]}",
        "{\"origins\":[\"https://a@shop.example\"]}",
        "{\"origins\":[\"" SHOP "\"],\"protocols\":[]}",
        "{\"origins\":[\"" SHOP "\"],\"protocols\":[\"org.iso.mdoc\"]}",
        "{\"origins\":[\"" SHOP "\",\"https://www.example\"],\"protocols\":["
        "\"org-iso-mdoc\"]}"};
    char json[400];

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(json, sizeof json, "{\"profile\":\"hotel\",\"dc_api\":%s}",
                 bad[i]);
        assert_int_equal(desk_api("POST", "/api/sessions", json).status, 400);
    }
}

/* Of several requests the wallet takes the one that says who asks. */
static void takes_the_signed_one(void **state)
{
    page s = ask("{\"profile\":\"hotel\",\"dc_api\":{\"origins\":[\"" SHOP
                 "\"],\"protocols\":[\"org-iso-mdoc\","
                 "\"openid4vp-v1-unsigned\",\"openid4vp-v1-signed\"]}}");

    (void)state;
    assert_int_equal(present(SHOP, "-C @/w --yes")->code, 0);
    assert_non_null(strstr(desk_file("answer.json"), "openid4vp-v1-signed"));
    assert_int_equal(hand_over(&s, SHOP).status, 200);
}

static void refuses_use(void **state)
{
    (void)state;
    test_write("page.json", YAO_LIT("{\"protocol\":\"x\",\"data\":{}}"));
    assert_int_not_equal(present(SHOP, "-C @/w")->code, 0);
    test_write("page.json", YAO_LIT("{\"protocol\":\"org-iso-mdoc\"}"));
    assert_int_equal(present(SHOP, "-C @/w")->code, 2);
    assert_int_not_equal(
        test_type("wallet present -C @/w --dc-api @/page.json")->code, 0);
    test_says("which page asks");
    assert_int_equal(test_type("wallet present -C @/w --dc-api @/page.json "
                               "--origin " SHOP " openid4vp://?a=b")->code,
                     1);
}

int main(void)
{
    test_add("page", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("page", rows[i].name, one_row, &rows[i]);
    test_add("page", "refuses an answer twice", once, NULL);
    test_add("page", "accepts who is known by a registration statement alone",
             known_by_statement, NULL);
    test_add("page", "refuses the answer to another session",
             refuses_another_sessions, NULL);
    test_add("page", "refuses wishes that no browser would fulfil",
             refuses_wishes, NULL);
    test_add("page", "gives the request that says who asks",
             takes_the_signed_one, NULL);
    test_add("page", "refuses to be used otherwise", refuses_use, NULL);

    int code = test_run("journeys/desk_page");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
