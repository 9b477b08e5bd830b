/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet's machine against a verifier in memory (present_driver.h) that is
 * honest but for one thing in each row. */
#include "vp/present.h"

#include "present_driver.h"

#define ACCEPTED                                                               \
    .stage = YAO_PRESENT_AT_END, .posts = 1, .accepted = true
#define HANDED .stage = YAO_PRESENT_AT_END, .accepted = true
/* nothing at all was sent but for the fetch of the request */
#define SILENT(at, n) .stage = (at), .posts = 0, .most_fetches = (n) + 1

#define NONCE "\"nonce\":\"" VP_NONCE "\""

static const present_row rows[] = {
    {"accepts a request by reference", 0, ACCEPTED},
    {"accepts one that is fetched by POST", BY_POST, ACCEPTED},
    {"accepts one by value", BY_VALUE, ACCEPTED},
    {"accepts one through the browser", BROWSER, HANDED},
    {"accepts one through the browser, in clear", BROWSER | CLEAR | CLEAR_OK,
     HANDED},
    {"accepts one that the page did not sign",
     BROWSER | UNSIGNED | UNSIGNED_OK, HANDED},
    {"accepts an answer in clear where that will do", CLEAR | CLEAR_OK,
     ACCEPTED},
    {"accepts parameters that nobody signed where that will do",
     UNSIGNED | UNSIGNED_OK, ACCEPTED},
    {"accepts one that does not say when it ends", 0,
     .from = ",\"exp\":1795305900", .to = "", ACCEPTED},
    {"accepts one that says no time", 0,
     .from = ",\"iat\":1795305600,\"exp\":1795305900", .to = "", ACCEPTED},
    {"accepts to be sent on", REDIRECT, ACCEPTED},
    {"accepts a media type with a parameter", 0,
     .change = {"/request", 0,
                "Application/OAuth-Authz-Req+JWT; charset=utf-8", NULL},
     ACCEPTED},

    /* before anybody is asked */
    {"refuses N205: a request of nobody we trust", STRANGER,
     .want = YAO_E_UNTRUSTED, SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N205: unsigned JSON with the right type", 0,
     .change = {"/request", 0, NULL, "{\"client_id\":\"x\"}"},
     .want = YAO_E_MALFORMED, SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N211: to follow where the request is", 0,
     .change = {"/request", 302, NULL, NULL}, .want = YAO_E_MALFORMED,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N211: the same, for good", 0,
     .change = {"/request", 308, NULL, NULL}, .want = YAO_E_MALFORMED,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses another type", 0,
     .change = {"/request", 0, "application/jwt", NULL},
     .want = YAO_E_MALFORMED, SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses a request that is gone", 0,
     .change = {"/request", 404, NULL, NULL}, .want = YAO_E_MALFORMED,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N212: a request made for another fetch", BY_POST | REPEATED,
     .want = YAO_E_MISMATCH, SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N212: a request without the nonce of the fetch",
     BY_POST | NO_ECHO, .want = YAO_E_MISSING,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses when nobody answers", NO_NET, .want = YAO_E_NET,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N208: no nonce, and tells nobody", 0, .from = NONCE,
     .to = "\"x\":1", .want = YAO_E_MISSING,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses N213: an answer in clear", CLEAR, .want = YAO_E_REFUSED,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"refuses parameters that nobody signed", UNSIGNED,
     .want = YAO_E_NOT_AUTHORISED, SILENT(YAO_PRESENT_AT_REQUEST, 0)},
    {"refuses what the page did not sign", BROWSER | UNSIGNED,
     .want = YAO_E_NOT_AUTHORISED, SILENT(YAO_PRESENT_AT_REQUEST, 0)},

    /* what the verifier is told, where that is wanted */
    {"gives N209: invalid_request for redirect_uri beside response_uri", TELL,
     .from = "{\"client", .to = "{\"redirect_uri\":\"https://x.example\","
     "\"client", .want = YAO_E_DUPLICATE, .stage = YAO_PRESENT_AT_REQUEST,
     .posts = 1},
    {"never tells where that is not wanted", 0, .from = "{\"client",
     .to = "{\"redirect_uri\":\"https://x.example\",\"client",
     .want = YAO_E_DUPLICATE, SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"never tells one that nobody signed for", TELL,
     .from = "x509_hash:", .to = "x509_hash:A", .want = YAO_E_MISMATCH,
     SILENT(YAO_PRESENT_AT_REQUEST, 1)},
    {"never tells an address that we do not speak with", TELL,
     .from = "https://desk.example/reply/1", .to = "http://desk.example/r",
     .want = YAO_E_VALUE, SILENT(YAO_PRESENT_AT_REQUEST, 1)},

    /* the person */
    {"refuses what the person refuses", DECLINE, .want = YAO_E_REFUSED,
     .stage = YAO_PRESENT_AT_PERSON, .posts = 1},
    {"refuses N216: when there is nothing to show", NOTHING,
     .want = YAO_E_REFUSED, .stage = YAO_PRESENT_AT_PERSON, .posts = 1},
    {"refuses it through the browser", BROWSER | DECLINE,
     .want = YAO_E_REFUSED, .stage = YAO_PRESENT_AT_PERSON},
    {"never tells who was not signed for", UNSIGNED | UNSIGNED_OK | DECLINE,
     .want = YAO_E_REFUSED, SILENT(YAO_PRESENT_AT_PERSON, 0)},
    {"refuses N234: a request that ended while the person thought", SLOW,
     .want = YAO_E_EXPIRED, SILENT(YAO_PRESENT_AT_PERSON, 1)},
    {"refuses N234: one without an end, an hour after it was made", SLOW,
     .from = ",\"exp\":1795305900", .to = "", .want = YAO_E_EXPIRED,
     SILENT(YAO_PRESENT_AT_PERSON, 1)},
    {"refuses N234: one without any time, an hour after it was read", SLOW,
     .from = ",\"iat\":1795305600,\"exp\":1795305900", .to = "",
     .want = YAO_E_EXPIRED, SILENT(YAO_PRESENT_AT_PERSON, 1)},
    {"refuses without a finger", NO_FINGER, .want = YAO_E_REFUSED,
     .stage = YAO_PRESENT_AT_ANSWER, .posts = 1},

    /* the verifier's answer */
    {"refuses what the verifier refuses", 0,
     .change = {"/reply", 400, NULL, "{\"error\":\"invalid_request\","
                "\"error_description\":\"no\"}"},
     .want = YAO_E_REFUSED, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"refuses N211: to follow where the answer goes", 0,
     .change = {"/reply", 307, NULL, NULL}, .want = YAO_E_MALFORMED,
     .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1, .most_fetches = 3,
     .accepted = true},
    {"refuses an answer that is no JSON", 0,
     .change = {"/reply", 0, NULL, "ok"}, .want = YAO_E_MALFORMED,
     .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1, .accepted = true},
    {"refuses an answer of another type", 0,
     .change = {"/reply", 0, "text/html", NULL}, .want = YAO_E_MALFORMED,
     .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1, .accepted = true},
    {"refuses to be sent to what is no page", 0,
     .change = {"/reply", 0, NULL,
                "{\"redirect_uri\":\"javascript:alert(1)\"}"},
     .want = YAO_E_VALUE, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"refuses to be sent on by http", 0,
     .change = {"/reply", 0, NULL,
                "{\"redirect_uri\":\"http://desk.example/d\"}"},
     .want = YAO_E_VALUE, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"refuses a place with letters that do not belong", 0,
     .change = {"/reply", 0, NULL,
                "{\"redirect_uri\":\"https://desk.example/d#a\\nb\"}"},
     .want = YAO_E_VALUE, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"refuses a place that is a number", 0,
     .change = {"/reply", 0, NULL, "{\"redirect_uri\":7}"},
     .want = YAO_E_MALFORMED, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"gives what it does not know: an answer that was lost", LOST,
     .want = YAO_E_NET, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"gives that no browser opened", REDIRECT | NO_BROWSER,
     .want = YAO_E_NOT_FOUND, .stage = YAO_PRESENT_AT_VERIFIER, .posts = 1,
     .accepted = true},
    {"gives one of two documents, which is no answer", ONE_ONLY,
     .stage = YAO_PRESENT_AT_END, .posts = 1},
};

static void one_row(void **state)
{
    const present_row *r = *state;
    present_driver     d;

    present_begin(&d, r);
    yao_status status = present_drive(&d);
    present_end(&d);

    assert_null(d.trouble);
    assert_status(status, r->want);
    assert_int_equal(yao_present_where(d.machine), r->stage);
    assert_int_equal(d.posts, r->posts);
    assert_int_equal(d.verdict == YAO_VERDICT_ACCEPT, r->accepted);
    if (r->most_fetches != 0)
        assert_true(d.fetches <= r->most_fetches - 1);
    if (r->stage == YAO_PRESENT_AT_REQUEST) {
        assert_null(yao_present_request(d.machine));
        assert_int_equal(d.asked, 0);
    }
    if (present_flag(&d, REDIRECT)) {
        assert_int_equal(d.opened, 1);
        assert_true(yao_text_equal(d.place, YAO_TEXT(PRESENT_PLACE)));
    }
}

/* ---- what the verifier sees of a refusal -------------------------------- */

/* Misuse N218: the same bytes whether somebody declines or has nothing. */
static void same_bytes(void **state)
{
    static const present_row decline = {.name = "", .flags = DECLINE};
    static const present_row nothing = {.name = "", .flags = NOTHING};
    present_driver           a, b;

    (void)state;
    present_begin(&a, &decline);
    (void)present_drive(&a);
    present_end(&a);
    present_begin(&b, &nothing);
    (void)present_drive(&b);
    present_end(&b);
    assert_bytes(a.posted, b.posted);
    assert_bytes(a.posted,
                 YAO_LIT("error=access_denied&state=" VP_STATE));
    assert_int_equal(a.fetches, b.fetches);
}

static void says_why(void **state)
{
    static const present_row refused = {
        .name = "", .change = {"/reply", 400, NULL,
                               "{\"error\":\"invalid_request\","
                               "\"error_description\":\"n\\u001bo\"}"}};
    static const present_row told = {
        .name = "", .from = NONCE, .to = "\"x\":1"};
    present_driver d;

    (void)state;
    present_begin(&d, &refused);
    (void)present_drive(&d);
    present_end(&d);
    assert_true(yao_text_equal(yao_present_said(d.machine), YAO_TEXT("no")));
    present_begin(&d, &told);
    (void)present_drive(&d);
    present_end(&d);
    assert_int_equal(yao_present_refusal(d.machine)->error,
                     YAO_OAUTH_INVALID_REQUEST);
    assert_string_equal(yao_present_refusal(d.machine)->why,
                        "nonce is missing");
    assert_int_equal(yao_present_redirect(d.machine).len, 0);
}

/* ---- every event in every state ----------------------------------------- */

enum { MOST_STEPS = 16 };

/* At step AT the driver hands in KIND instead of what came of the wish. */
static void try_event(const present_row *row, size_t at, int kind)
{
    yao_present_event e = {.kind = YAO_PRESENT_START};
    yao_present_wish  w;
    present_driver    d;

    present_begin(&d, row);
    for (size_t step = 0; step < MOST_STEPS; step++) {
        size_t asked = d.asked;

        if (step == at) {
            e.kind   = (yao_present_event_kind)kind;
            e.status = YAO_E_NET;
        }
        e.now    = d.now;
        e.random = present_fresh(&d);
        yao_present_step(d.machine, &e, &w);
        if (w.kind == YAO_PRESENT_STOP)
            break;
        if (w.kind == YAO_PRESENT_SIGN)
            assert_int_equal(asked, 1);
        present_fulfil(&d, &w, &e);
    }
    present_end(&d);
    assert_int_equal(w.kind, YAO_PRESENT_STOP);
    if (d.asked == 0)
        assert_int_equal(d.posts, 0);

    /* and it stays where it is */
    yao_status before = w.status;
    e.kind            = YAO_PRESENT_DONE;
    yao_present_step(d.machine, &e, &w);
    assert_int_equal(w.kind, YAO_PRESENT_STOP);
    assert_status(w.status, before);
}

static void every_event(void **state)
{
    static const present_row ways[] = {{.name = "", .flags = REDIRECT},
                                       {.name = "", .flags = BROWSER},
                                       {.name = "", .flags = DECLINE}};

    (void)state;
    for (size_t way = 0; way < COUNT(ways); way++)
        for (size_t at = 0; at < MOST_STEPS; at++)
            for (int kind = 0; kind <= YAO_PRESENT_EVENTS; kind++) {
                test_arena()->used = 0;
                try_event(&ways[way], at, kind);
            }
}

static void refuses_use(void **state)
{
    static const present_row row  = {.name = ""};
    present_driver           d;
    yao_present_event        e    = {.kind = YAO_PRESENT_START, .now = VP_NOW};
    yao_present_options      o    = {.tell = false};
    yao_present_wish         w;
    yao_present             *p;

    (void)state;
    present_begin(&d, &row);
    e.random = YAO_LIT("too few");
    yao_present_step(d.machine, &e, &w);
    assert_status(w.status, YAO_E_ENTROPY);
    present_begin(&d, &row);
    e.now    = -1;
    e.random = present_fresh(&d);
    yao_present_step(d.machine, &e, &w);
    assert_status(w.status, YAO_E_USAGE);
    present_end(&d);

    assert_status(yao_present_open(test_arena(), &o, &p), YAO_E_USAGE);
    o.terms.crypto = test_crypto();
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_E_USAGE);
    o.link = YAO_LIT("openid4vp://?x=1");
    assert_status(yao_present_open(&(yao_arena){0}, &o, &p), YAO_E_SPACE);
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_OK);
    o.data = YAO_LIT("{}");
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_E_USAGE);
    o.link.len = 0;
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_E_USAGE);
    o.protocol = YAO_VP_SIGNED;
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_E_USAGE);
    o.terms.origin = YAO_TEXT(VP_ORIGIN);
    assert_status(yao_present_open(test_arena(), &o, &p), YAO_OK);
}

/* ---- answers, by hand --------------------------------------------------- */

typedef struct choice_row {
    const char *name;
    const char *ids[2];
    size_t      count;
    yao_status  want;
    const char *query_from, *query_to;
} choice_row;

static const choice_row choices[] = {
    {"accepts both", {"sd", "mdl"}, 2, YAO_OK, NULL, NULL},
    {"refuses nothing", {"sd", "mdl"}, 0, YAO_E_USAGE, NULL, NULL},
    {"refuses an id that is not in the query", {"sd", "x"}, 2, YAO_E_USAGE,
     NULL, NULL},
    {"refuses an id twice", {"sd", "sd"}, 2, YAO_E_USAGE, NULL, NULL},
    {"accepts an id twice where the query takes several", {"sd", "sd"}, 2,
     YAO_OK, "\"dc+sd-jwt\"", "\"dc+sd-jwt\",\"multiple\":true"},
    {"refuses a format that is none of ours", {"sd", "mdl"}, 2,
     YAO_E_UNSUPPORTED, "\"dc+sd-jwt\"", "\"ldp_vc\""},
    {"accepts an mdoc of which nothing is asked", {"sd", "mdl"}, 2, YAO_OK,
     ",\"claims\":[{\"path\":[\"" MDOC_SPACE "\",\"family_name\"]},{\"path\":"
     "[\"" MDOC_SPACE "\",\"age_over_18\"]}]", ""},
};

static void choice_case(void **state)
{
    const choice_row *r     = *state;
    const vp_world   *world = vp_world_make();
    yao_vp_terms      terms = vp_terms(world);
    yao_vp_ask        ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_shown      shown[2];
    yao_vp_choice     choice = {.shown = shown, .count = r->count,
                                .now = VP_NOW};
    yao_vp_request    q;
    yao_vp_answer     answer;
    yao_bytes         token;

    if (r->query_from != NULL)
        ask.query = vp_replace(ask.query, r->query_from, r->query_to);
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, NULL), YAO_OK);
    vp_show(shown);
    if (strcmp(r->ids[1], "sd") == 0)
        shown[1] = shown[0];
    for (size_t i = 0; i < 2; i++)
        shown[i].id = yao_text_of(r->ids[i]);
    assert_status(yao_vp_begin_answer(test_arena(), test_crypto(), &q, &choice,
                                      &answer),
                  r->want);
    if (r->want != YAO_OK)
        return;
    assert_status(yao_vp_write_token(test_arena(), &answer, &token),
                  YAO_E_USAGE); /* not signed */
    for (size_t i = 0; i < r->count; i++)
        answer.signatures[i] = test_sign(vp_key_of(&shown[i]),
                                         answer.wishes[i]);
    assert_status(yao_vp_write_token(test_arena(), &answer, &token), YAO_OK);

    yao_vp_awaited       awaited;
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    assert_status(yao_vp_await(test_arena(), test_crypto(), &ask,
                               YAO_TEXT(""), &awaited),
                  YAO_OK);
    assert_status(vp_receive(&awaited, vp_body(&q, token), &came), YAO_OK);
    assert_int_equal(came.count, r->count);
    assert_status(vp_judge(world, &awaited, &came, &verdict), YAO_OK);
    for (size_t i = 0; i < verdict.count; i++)
        assert_status(verdict.items[i].why, YAO_OK);
}

static void refuses_wrong_bodies(void **state)
{
    const vp_world *world = vp_world_make();
    yao_vp_terms    terms = vp_terms(world);
    yao_vp_ask      ask   = vp_ask(world, YAO_VP_DIRECT_POST_JWT);
    yao_vp_sealing  s     = {.nonce = YAO_LIT("twelve bytes")};
    yao_writer      w     = yao_writer_count();
    yao_vp_request  q;
    yao_bytes       body;

    (void)state;
    assert_status(vp_read(vp_sign(world, &ask), &terms, &q, NULL), YAO_OK);
    assert_status(yao_vp_write_plain(test_arena(), &q, YAO_LIT("{}"), &body),
                  YAO_E_USAGE);
    s.shared = YAO_LIT("thirty-two bytes that were agreed");
    s.shared.len = 32;
    assert_status(yao_vp_begin_seal(test_arena(), test_crypto(), &q,
                                    YAO_LIT("{}"), &s),
                  YAO_E_KEY); /* no ephemeral key */
    s.ephemeral  = vp_enc_key();
    s.shared.len = 0;
    assert_status(yao_vp_begin_seal(test_arena(), test_crypto(), &q,
                                    YAO_LIT("{}"), &s),
                  YAO_E_KEY); /* nothing agreed */
    assert_status(yao_vp_begin_seal(&(yao_arena){0}, test_crypto(), &q,
                                    YAO_LIT("{}"), &s),
                  YAO_E_SPACE);
    assert_status(yao_vp_write_sealed(test_arena(), &q, &s, YAO_LIT("short"),
                                      &body),
                  YAO_E_USAGE);
    q.mode = YAO_VP_DIRECT_POST;
    assert_status(yao_vp_begin_seal(test_arena(), test_crypto(), &q,
                                    YAO_LIT("{}"), &s),
                  YAO_E_USAGE);
    yao_vp_put_refused(&w, false, YAO_OAUTH_NONE, YAO_TEXT(""));
    assert_status(w.status, YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("session", rows[i].name, one_row, &rows[i]);
    test_add("session", "gives N218: the same bytes for no and for nothing",
             same_bytes, NULL);
    test_add("session", "gives why", says_why, NULL);
    test_add("session", "accepts every event in every state", every_event,
             NULL);
    test_add("session", "refuses to be used without options", refuses_use,
             NULL);
    for (size_t i = 0; i < COUNT(choices); i++)
        test_add("answer", choices[i].name, choice_case, &choices[i]);
    test_add("answer", "refuses bodies of another kind", refuses_wrong_bodies,
             NULL);
    return test_run("vp/present");
}
