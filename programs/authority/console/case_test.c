/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of cases; what wallets and persons tell us. */
#include "console_world.h"

#include "authority/enrol/login.h"
#include "authority/vci/waiting.h"

/* ---- cases that are there ----------------------------------------------- */

static const char *put_case(const char *kind, const char *number,
                            const char *detail)
{
    uint8_t     *id      = yao_arena_take(test_arena(), STORE_ID_LEN);
    uint8_t     *subject = yao_arena_take(test_arena(), STORE_HASH_LEN);
    store_change change  = store_change_open(test_arena());

    assert_status(yao_openssl_random(id, STORE_ID_LEN), YAO_OK);
    cw_holder(number, subject);
    store_put_case(&change,
                   &(store_case){.id      = {id, STORE_ID_LEN},
                                 .kind    = yao_text_of(kind),
                                 .subject = {subject, STORE_HASH_LEN},
                                 .opened  = yao_now(),
                                 .detail  = yao_text_of(detail)});
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  hex;
    yao_put_hex(&w, (yao_bytes){id, STORE_ID_LEN});
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &hex), YAO_OK);
    return (const char *)hex.ptr;
}

static const char *path_of(const char *id, const char *verb)
{
    return cw_say("/api/cases/%s/%s", id, verb);
}

static int post(yao_text cookie, const char *id, const char *verb,
                const char *body)
{
    return cw_post(cookie, path_of(id, verb), body).code;
}

#define ACCEPT "{\"decision\":\"accept\"}"
#define REFUSE "{\"decision\":\"refuse\"}"
#define SEEN "{\"outcome\":\"seen\"}"

/* ---- the list ----------------------------------------------------------- */

static size_t listed(yao_text cookie, const char *query)
{
    cw_answer a = cw_get(cookie, "/api/cases", query);

    assert_int_equal(a.code, 200);
    return yao_json_get(a.json, "cases")->count;
}

static void lists(void **state)
{
    yao_text officer = (cw_open(), cw_session(APP_OFFICER));

    (void)state;
    put_case("enrol.kiosk", CW_NUMBER, "{}");
    put_case("enrol.kiosk", CW_NUMBER, "{}");
    put_case("report.request", CW_NUMBER, "{}");
    assert_int_equal(listed(officer, "kind=enrol.kiosk"), 2);
    assert_int_equal(listed(officer, "kind=enrol.kiosk&limit=1"), 1);
    assert_int_equal(listed(officer, "kind=report.request"), 0);
    assert_int_equal(listed(cw_session(APP_REGISTRAR), "kind=report.request"),
                     1);
    assert_int_equal(listed(cw_session(APP_CLERK), ""), 0);
    assert_true(listed(cw_session(APP_AUDITOR), "") >= 3);
    assert_int_equal(listed(officer, "state=closed"), 0);
    assert_int_equal(listed(officer, "since=4000000000"), 0);
    assert_int_equal(cw_get(officer, "/api/cases", "state=lost").code, 400);
    assert_int_equal(cw_get(officer, "/api/cases", "limit=501").code, 400);
    assert_int_equal(cw_get(officer, "/api/cases", "limit=1'--").code, 400);
}

/* No list says whom a case is about. */
static void lists_nobody(void **state)
{
    uint8_t   holder[STORE_HASH_LEN];
    char      hex[2 * STORE_HASH_LEN + 1] = "";
    cw_answer a;

    (void)state;
    cw_open();
    put_case("enrol.kiosk", CW_NUMBER, "{\"kiosk\":\"k\"}");
    cw_holder(CW_NUMBER, holder);
    yao_writer w = yao_writer_open((uint8_t *)hex, sizeof hex - 1);
    yao_put_hex(&w, (yao_bytes){holder, sizeof holder});
    a = cw_get(cw_session(APP_OFFICER), "/api/cases", "");
    assert_false(cw_says(&a, hex));
    assert_false(cw_says(&a, "subject"));
    assert_false(cw_says(&a, "detail"));
}

static void takes(void **state)
{
    const char *id  = (cw_open(), put_case("enrol.kiosk", CW_NUMBER, "{}"));
    yao_text    ann = cw_session(APP_OFFICER), bob = cw_session(APP_OFFICER);

    (void)state;
    assert_int_equal(post(ann, id, "take", ""), 204);
    assert_int_equal(post(ann, id, "take", ""), 204);
    assert_int_equal(post(bob, id, "take", ""), 409);
    assert_int_equal(post(cw_session(APP_CLERK), id, "take", ""), 404);
    assert_int_equal(post(cw_session(APP_AUDITOR), id, "take", ""), 403);
    cw_answer a = cw_get(bob, "/api/cases", "kind=enrol.kiosk");
    assert_true(cw_says(&a, "\"taken_by\":\""));
}

/* ---- one case ----------------------------------------------------------- */

static void opens_for_a_purpose(void **state)
{
    const char *id  = (cw_open(), put_case("enrol.person", CW_NUMBER,
                                           "{\"n\":1}"));
    yao_text    ann = cw_session(APP_OFFICER);
    uint8_t     holder[STORE_HASH_LEN];

    (void)state;
    cw_holder(CW_NUMBER, holder);
    assert_int_equal(post(ann, id, "open", "{}"), 400);
    assert_int_equal(cw_events("case.read",
                               (yao_bytes){holder, STORE_HASH_LEN}, id),
                     0);
    cw_answer a = cw_post(ann, path_of(id, "open"),
                          "{\"purpose\":\"misuse\"}");
    assert_int_equal(a.code, 200);
    assert_string_equal(cw_text(a.json, "person"), cw_handle(CW_NUMBER));
    assert_true(cw_says(&a, "\"detail\":{\"n\":1}"));
    assert_int_equal(cw_events("case.read",
                               (yao_bytes){holder, STORE_HASH_LEN}, id),
                     1);
    assert_int_equal(post(cw_session(APP_CLERK), id, "open",
                          "{\"purpose\":\"misuse\"}"),
                     404);
    assert_int_equal(post(ann, "00", "open", "{\"purpose\":\"misuse\"}"), 404);
}

static void closes(void **state)
{
    const char *id  = (cw_open(), put_case("enrol.device", CW_NUMBER, "{}"));
    yao_text    ann = cw_session(APP_OFFICER);

    (void)state;
    assert_int_equal(post(ann, id, "close", "{\"outcome\":\"accept\"}"), 400);
    assert_int_equal(post(cw_session(APP_REGISTRAR), id, "close", SEEN), 404);
    assert_int_equal(post(ann, id, "close", SEEN), 204);
    assert_int_equal(post(ann, id, "close", SEEN), 409);
    assert_int_equal(post(ann, id, "take", ""), 409);
}

/* The one who is alarmed about closes nothing. */
static void not_the_own_alarm(void **state)
{
    yao_bytes   who    = (cw_open(), cw_operator(APP_SUPERVISOR));
    yao_writer  w      = yao_writer_in(test_arena());
    yao_bytes   detail;

    (void)state;
    yao_put_text(&w, "{\"operator\":\"");
    yao_put_hex(&w, who);
    yao_put_text(&w, "\"}");
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &detail), YAO_OK);
    const char *id = put_case("console.look_ups", CW_NUMBER,
                              (const char *)detail.ptr);
    cw_answer own = cw_post(cw_log_in(who, 0), path_of(id, "close"), SEEN);
    assert_int_equal(own.code, 409);
    assert_true(cw_says(&own, "same_operator"));
    assert_int_equal(post(cw_session(APP_OFFICER), id, "close", SEEN), 404);
    assert_int_equal(post(cw_session(APP_SUPERVISOR), id, "close", SEEN), 204);
}

/* ---- by two ------------------------------------------------------------- */

static const char *const by_two[] = {"enrol.officer", VCI_CASE};

static void decides_by_two(void **state)
{
    const char *kind = *(const char *const *)*state;
    const char *id   = (cw_open(), put_case(kind, CW_NUMBER, "{}"));
    yao_text    clerk = cw_session(APP_CLERK), ann = cw_session(APP_OFFICER);
    yao_text    bob = cw_session(APP_OFFICER);

    assert_int_equal(post(ann, id, "confirm", ACCEPT), 409); /* not decided */
    assert_int_equal(post(ann, id, "decide", "{\"decision\":\"seen\"}"), 400);
    assert_int_equal(post(ann, id, "close", SEEN), 403); /* not by one */
    assert_int_equal(post(ann, id, "decide", ACCEPT), 204);
    assert_int_equal(post(bob, id, "decide", ACCEPT), 409);
    assert_int_equal(post(ann, id, "confirm", ACCEPT), 409); /* the same */
    assert_int_equal(post(clerk, id, "confirm", ACCEPT), 403);
    assert_int_equal(post(bob, id, "confirm", REFUSE), 409);
    assert_int_equal(post(bob, id, "return", ""), 204);
    assert_int_equal(post(clerk, id, "decide", ACCEPT), 204);
    assert_int_equal(post(ann, id, "confirm", ACCEPT), 204);
    assert_int_equal(post(bob, id, "confirm", ACCEPT), 409);
}

/* A clerk's offer is looked at by two others. */
static void not_the_own_offer(void **state)
{
    yao_bytes   clerk  = (cw_open(), cw_operator(APP_CLERK | APP_OFFICER));
    yao_writer  w      = yao_writer_in(test_arena());
    yao_bytes   detail;

    (void)state;
    yao_put_text(&w, "{\"configuration\":\"x\",\"operator\":\"");
    yao_put_hex(&w, clerk);
    yao_put_text(&w, "\"}");
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &detail), YAO_OK);
    const char *id  = put_case(VCI_CASE, CW_NUMBER, (const char *)detail.ptr);
    yao_text    own = cw_log_in(clerk, 0);
    cw_answer   a   = cw_post(own, path_of(id, "decide"), ACCEPT);
    assert_int_equal(a.code, 409);
    assert_true(cw_says(&a, "same_operator"));
    assert_int_equal(post(cw_session(APP_CLERK), id, "decide", ACCEPT), 204);
    assert_int_equal(post(own, id, "confirm", ACCEPT), 409);
    assert_int_equal(post(cw_session(APP_OFFICER), id, "confirm", ACCEPT), 204);
}

/* One who asked was ended, and is here again under another name. */
static void asks_again_as_another(void **state)
{
    yao_bytes  first = (cw_open(), cw_operator(APP_ADMINISTRATOR));
    yao_text   again = cw_session(APP_ADMINISTRATOR);
    const char body[] = "{\"role\":\"population\",\"kind\":\"signer\"}";
    store_change change = store_change_open(test_arena());

    (void)state;
    cw_answer asked =
        cw_post(cw_log_in(first, 0), "/api/acts/rotate-signer", body);
    assert_int_equal(asked.code, 202);
    store_end_operator(&change, first, yao_now());
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    const char *id = cw_text(asked.json, "case");
    cw_answer   a =
        cw_post(again, cw_say("/api/acts/%s/confirm", id, NULL), "");
    assert_int_equal(a.code, 409);
    assert_true(cw_says(&a, "\"asker\""));
    assert_int_equal(
        cw_post(again, cw_say("/api/acts/%s/refuse", id, NULL), "").code, 204);
    asked = cw_post(again, "/api/acts/rotate-signer", body);
    assert_int_equal(asked.code, 202);
}

/* Each way is for its own kinds: no act by enrol_confirm(), no operator by an
 * act, and nothing that wants two by one. */
static void ways_are_apart(void **state)
{
    yao_bytes  admin = (cw_open(), cw_operator(APP_ADMINISTRATOR));
    yao_text   all   = cw_session(CONSOLE_ANY_ROLE);
    console_proposed       added;
    const console_proposal what = {.name  = YAO_TEXT("new-one"),
                                   .roles = APP_CLERK};

    (void)state;
    assert_status(console_propose(cw_authority(), admin, &what, yao_now(),
                                  test_arena(), &added),
                  YAO_OK);
    char       hex[2 * STORE_ID_LEN + 1] = "";
    yao_writer w = yao_writer_open((uint8_t *)hex, sizeof hex - 1);
    yao_put_hex(&w, added.id);
    assert_int_equal(
        cw_post(all, cw_say("/api/acts/%s/confirm", hex, NULL), "").code, 404);
    assert_int_equal(post(all, hex, "confirm", ACCEPT), 404);
    assert_int_equal(post(all, hex, "close", SEEN), 403);

    cw_answer asked = cw_post(all, "/api/acts/rotate-signer",
                              "{\"role\":\"population\",\"kind\":\"signer\"}");
    assert_int_equal(asked.code, 202);
    const char *act = cw_text(asked.json, "case");
    yao_text    other = cw_session(CONSOLE_ANY_ROLE);
    assert_int_equal(post(other, act, "confirm", ACCEPT), 404);
    assert_int_equal(post(other, act, "decide", ACCEPT), 404);
    assert_int_equal(post(other, act, "return", ""), 404);
    assert_int_equal(post(other, act, "close", SEEN), 403);
    assert_int_equal(
        cw_post(other, cw_say("/api/operators/cases/%s/confirm", act, NULL), "")
            .code,
        404);
    const char *id = put_case("enrol.officer", CW_NUMBER, "{}");
    assert_int_equal(
        cw_post(other, cw_say("/api/acts/%s/confirm", id, NULL), "").code,
        404);
}

/* ---- reports ------------------------------------------------------------ */

static cw_answer tell(const char *path, yao_text cookie, const char *body)
{
    const cw_request r = {.listener = SERVER_PUBLIC,
                          .method   = "POST",
                          .path     = path,
                          .cookie   = cookie,
                          .body     = yao_text_bytes(yao_text_of(body)),
                          .origin   = CW_URL};

    return cw_ask(&r);
}

#define WHY "\"why\":\"too_much\""

static const struct told_row {
    const char *name, *body;
    int         code;
} reports[] = {
    {"accepts who asked, and for what",
     "{" WHY ",\"client_id\":\"x509_hash:abc\",\"profile\":\"hotel\","
     "\"asked\":[\"address\",\"org.iso.18013.5.1.portrait\"]}", 202},
    {"accepts a party's code", "{" WHY ",\"party\":\"91330114MAC000017N\"}",
     202},
    {"refuses a report of nobody", "{" WHY "}", 400},
    {"refuses a report without why", "{\"party\":\"91330114MAC000017N\"}", 400},
    {"refuses a why that is none",
     "{\"why\":\"boring\",\"party\":\"91330114MAC000017N\"}", 400},
    {"refuses N281: a line feed in an address",
     "{" WHY ",\"client_id\":\"a\\nb\"}", 400},
    {"refuses a value for a name",
     "{" WHY ",\"client_id\":\"a\",\"asked\":[\"示例路1号\"]}", 400},
    {"refuses names that are no strings",
     "{" WHY ",\"client_id\":\"a\",\"asked\":[1]}", 400},
    {"refuses 41 names",
     "{" WHY ",\"client_id\":\"a\",\"asked\":[\"a\",\"a\",\"a\",\"a\",\"a\","
     "\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
     "\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
     "\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
     "\"a\"]}", 400},
    {"refuses no JSON", "too much", 400},
};

static void takes_reports(void **state)
{
    const struct told_row *r = *state;

    cw_open();
    size_t    before = listed(cw_session(APP_REGISTRAR), "kind=report.request");
    cw_answer a      = tell("/reports", YAO_TEXT(""), r->body);
    assert_int_equal(a.code, r->code);
    assert_int_equal(listed(cw_session(APP_REGISTRAR), "kind=report.request"),
                     before + (r->code == 202));
}

static void takes_few_of_one(void **state)
{
    (void)state;
    cw_open();
    for (int i = 0; i < 8; i++)
        assert_int_equal(tell("/reports", YAO_TEXT(""),
                              "{" WHY ",\"client_id\":\"https://flood\"}")
                             .code,
                         202);
    cw_answer a = cw_get(cw_session(APP_REGISTRAR), "/api/cases",
                         "kind=report.request&limit=500");
    assert_true(yao_json_get(a.json, "cases")->count < 14);
}

/* ---- complaints --------------------------------------------------------- */

static yao_text person(void)
{
    enrol e = {.a = cw_authority(), .arena = test_arena(), .now = yao_now()};
    enrol_person who = {.proof = ENROL_BY_CODE, .level = 2};
    yao_text     token;
    yao_writer   w;
    yao_bytes    out;

    assert_status(enrol_hash_person(&e, YAO_TEXT(CW_NUMBER), who.lookup,
                                    who.holder),
                  YAO_OK);
    assert_status(enrol_start_session(&e, &who, &token), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_put_text(&w, "yaopai-person=");
    yao_put_bytes(&w, yao_text_bytes(token));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (yao_text){out.ptr, out.len};
}

#define COMPLAINT "我没有到过那里"

/* What a person wrote is read by an officer, for a purpose. */
static void takes_complaints(void **state)
{
    yao_text    cookie = (cw_open(), person());
    const char *body   = "{\"text\":\"" COMPLAINT "\"}";

    (void)state;
    assert_int_equal(tell("/person/complaint", YAO_TEXT(""), body).code, 401);
    cw_answer a = tell("/person/complaint", cookie, body);
    assert_true(a.code == 201 || a.code == 202);
    cw_answer list = cw_get(cw_session(APP_OFFICER), "/api/cases",
                            "kind=person.complaint");
    const yao_json *found = yao_json_get(list.json, "cases")->first;
    assert_non_null(found);
    const char *id = cw_text(found, "id");
    assert_int_equal(post(cw_session(APP_OFFICER), id, "open", "{}"), 400);
    cw_answer seen = cw_post(cw_session(APP_OFFICER), path_of(id, "open"),
                             "{\"purpose\":\"complaint\"}");
    assert_int_equal(seen.code, 200);
    assert_true(cw_says(&seen, "\"text\":\"" COMPLAINT "\""));
}

int main(void)
{
    test_add("list", "gives the cases of a role, by kind and age", lists, NULL);
    test_add("list", "never says whom a case is about", lists_nobody, NULL);
    test_add("case", "gives it to one at a time", takes, NULL);
    test_add("case", "refuses N266: a case without a purpose",
             opens_for_a_purpose, NULL);
    test_add("case", "accepts its end, once", closes, NULL);
    test_add("case", "refuses N265: who closes the own alarm",
             not_the_own_alarm, NULL);
    for (size_t i = 0; i < COUNT(by_two); i++)
        test_add(by_two[i], "refuses N265: one operator for two",
                 decides_by_two, &by_two[i]);
    test_add("case", "refuses N265: a case by the way of another kind",
             ways_are_apart, NULL);
    test_add("act", "refuses N265: what was asked by an operator who was ended",
             asks_again_as_another, NULL);
    test_add("offer", "refuses N265: the clerk who offered as one of two",
             not_the_own_offer, NULL);
    for (size_t i = 0; i < COUNT(reports); i++)
        test_add("report", reports[i].name, takes_reports, &reports[i]);
    test_add("report", "gives few cases of many reports", takes_few_of_one,
             NULL);
    test_add("complaint", "gives an officer what a person wrote",
             takes_complaints, NULL);
    int code = test_run("authority/console/case");
    cw_close();
    test_scratch_remove();
    return code;
}
