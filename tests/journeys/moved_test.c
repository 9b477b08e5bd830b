/* SPDX-License-Identifier: Apache-2.0 */

/** Replay and relay against the programs themselves, hours and days later: what
 *  was sent once is sent again, to the same and to another, and clocks are
 *  moved in between. In builds with -Dtest_hooks=true. */

#include "clock.h"
#include "desk_wallet.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static test_server other_server;
static unsigned    first_port, other_port;
static char        id_number[32], other_number[32];
static bool        moves;

/* ---- the world ---------------------------------------------------------- */

static void make_other_desk(void)
{
    char line[700];

    other_port = test_free_port();
    snprintf(line, sizeof line,
             "desk init -C @/e --reader @/inn/reader.pem --reader-key "
             "@/inn/reader-key.pem --trust-anchor @/t/trust-root.pem --trust "
             "@/t/bundle.cose --place SPECIMEN --demo --url "
             "http://desk.localhost:%u",
             other_port);
    desk_must(line, 0);
}

static void start_other_desk(void)
{
    char line[200];

    snprintf(line, sizeof line,
             "desk serve -C @/e --listen 127.0.0.1:%u --admin none",
             other_port);
    assert_true(test_server_start(&other_server, line));
}

static void fill_wallet(void)
{
    char line[200];

    test_use_passphrase();
    desk_must("person generate -C @/a --count 1 --seed 8 --out @/other.jsonl",
              0);
    desk_must("person generate -C @/a --count 1 --seed 8", 0);
    test_keep_number("other.jsonl", other_number, sizeof other_number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 4 --cards 20 "
             "--document resident_id --person %s",
             other_number);
    desk_must(line, 0);
}

static void prepare(void **state)
{
    char line[200];

    (void)state;
    moves = clock_moves();
    if (!moves) {
        print_message("# built without -Dtest_hooks=true\n");
        skip();
    }
    clock_use("desk");
    clock_set("desk", 0);
    clock_set("wallet", 0);
    clock_set("gate", 0);
    desk_make_authority();
    desk_make_person(id_number, sizeof id_number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 16 --json --document "
             "resident_id --person %s",
             id_number);
    dw_issue(line);
    fill_wallet();
    desk_must("party register -C @/a --code 91330106MAC0000174 --name "
              "SPECIMEN-inn --profile hotel --profile age --out @/inn",
              0);
    desk_make_desk("");
    make_other_desk();
    first_port = desk_port;
    desk_start("");
    start_other_desk();
}

/* Each case begins today. */
static void begin(void)
{
    if (!moves)
        skip();
    clock_set("desk", 0);
    clock_set("wallet", 0);
    clock_set("gate", 0);
    clock_use("desk");
}

static void turn_to(unsigned port)
{
    desk_port = port;
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u", port);
}

/* ---- requests and their time -------------------------------------------- */

typedef struct session {
    const char    *id, *link;
    yao_vp_request request;
} session;

static session ask(const char *json)
{
    net_answer a = desk_api("POST", "/api/sessions", json);
    session    s;

    assert_int_equal(a.status, 201);
    s.id      = desk_member(&a, "id");
    s.link    = desk_member(&a, "qr");
    s.request = dw_request(s.link);
    return s;
}

static net_answer look(const session *s)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s", s->id);
    return desk_api("GET", path, NULL);
}

#define REFUSED YAO_LIT("{\"error\":\"invalid_request\"}")

static void waits_for_its_end(void **state)
{
    session    s    = {.id = NULL};
    yao_bytes  body = {NULL, 0};
    net_answer a;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"hotel\"}");
    body = dw_answer(&s.request, true, DW_GOOD);
    clock_set("desk", 170);
    assert_int_equal(dw_post(&s.request, body).status, 200);
    a = look(&s);
    assert_string_equal(desk_member(&a, "state"), "done");
}

static void refuses_after_its_end(void **state)
{
    session     s;
    yao_bytes   body;
    yao_vp_link link;
    net_answer  a, b;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"hotel\"}");
    link = dw_link(s.link);
    body = dw_answer(&s.request, true, DW_GOOD);
    clock_set("desk", 3 * MINUTE + 1);
    a = dw_post(&s.request, body);
    assert_int_equal(a.status, 400);
    assert_bytes(a.body, REFUSED);
    a = look(&s);
    assert_string_equal(desk_member(&a, "state"), "expired");
    a = dw_fetch(&link, NULL);
    b = desk_ask(&(desk_call){
        .method = "GET", .path = "/request/00000000000000000000000000000000"});
    assert_int_equal(a.status, 404);
    assert_int_equal(b.status, 404);
    assert_bytes(a.body, b.body);
}

static void refuses_yesterdays_answer(void **state)
{
    session    s, today;
    yao_bytes  body;
    net_answer a;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"age\"}");
    body = dw_answer(&s.request, true, DW_GOOD);
    assert_int_equal(dw_post(&s.request, body).status, 200);
    clock_set("desk", DAY);
    assert_int_equal(dw_post(&s.request, body).status, 400);
    today = ask("{\"profile\":\"age\"}");
    assert_int_equal(dw_post(&today.request, body).status, 400);
    a = look(&today);
    assert_string_equal(desk_member(&a, "state"), "open");
    body = dw_answer(&today.request, true, DW_GOOD);
    assert_int_equal(dw_post(&today.request, body).status, 200);
}

/* The holder signed when the clock of her telephone said so. */
static void judges_by_its_own_clock(void **state)
{
    static const struct {
        long ahead;
        int  status;
    } rows[] = {{55, 200}, {70, 400},  {HOUR, 400},  {DAY, 400},
                {-55, 200}, {-HOUR, 400}, {-DAY, 400}};

    (void)state;
    begin();
    for (size_t i = 0; i < COUNT(rows); i++) {
        session   s = ask("{\"profile\":\"age\"}");
        yao_bytes body;

        clock_use("wallet");
        clock_set("wallet", rows[i].ahead);
        body = dw_answer(&s.request, false, DW_GOOD);
        clock_use("desk");
        assert_int_equal(dw_post(&s.request, body).status, rows[i].status);
    }
}

/* ---- the browser that never came back ----------------------------------- */

static char *line_of(yao_text text)
{
    char *out = yao_arena_take(test_arena(), text.len + 1);

    memcpy(out, text.ptr, text.len);
    return out;
}

/* What the wallet was told of where its person goes on; the cookie too. */
static const char *show_in_browser(const char **id, const char **cookie)
{
    net_answer  a  = desk_api("POST", "/api/sessions",
                              "{\"profile\":\"hotel\",\"device\":\"same\","
                                "\"back\":\"https://hotel.example/back\"}");
    const char *go = dw_path(yao_text_of(desk_member(&a, "url")));

    *id = desk_member(&a, "id");
    a   = desk_ask(&(desk_call){.method = "GET", .path = go});
    assert_int_equal(a.status, 302);
    char *set = line_of(net_answer_header(&a, "set-cookie"));
    set[strcspn(set, ";")] = '\0';
    *cookie                = set;
    yao_vp_request q = dw_request(line_of(net_answer_header(&a, "location")));
    a                = dw_post(&q, dw_answer(&q, true, DW_GOOD));
    assert_int_equal(a.status, 200);
    return dw_path(yao_text_of(desk_member(&a, "redirect_uri")));
}

static void gives_the_browser_its_time(void **state)
{
    const char *id, *cookie, *done;
    net_answer  a;

    (void)state;
    begin();
    done = show_in_browser(&id, &cookie);
    clock_set("desk", 290);
    a = desk_ask(
        &(desk_call){.method = "GET", .path = done, .cookie = cookie});
    assert_int_equal(a.status, 302);
    a = look(&(session){.id = id});
    assert_string_equal(desk_member(&a, "state"), "done");
}

static void forgets_without_the_browser(void **state)
{
    const char *id, *cookie, *done;
    net_answer  a;

    (void)state;
    begin();
    done = show_in_browser(&id, &cookie);
    clock_set("desk", 301);
    a = desk_ask(
        &(desk_call){.method = "GET", .path = done, .cookie = cookie});
    assert_int_not_equal(a.status, 302);
    a = look(&(session){.id = id});
    assert_int_equal(a.status, 404);
}

/* ---- to another --------------------------------------------------------- */

static net_answer ask_other(const char *method, const char *path,
                            const char *json)
{
    char           *text = desk_file("e/keys/api.keys");
    char           *at   = strchr(strrchr(text, '#'), '\n') + 1;
    const desk_call c    = {.method = method,
                            .path   = path,
                            .bearer = at,
                            .type   = json != NULL ? "application/json" : NULL,
                            .body   = yao_text_bytes(
                                json != NULL ? yao_text_of(json)
                                               : YAO_TEXT(""))};

    *strchr(at, '\n') = '\0';
    return desk_ask(&c);
}

/* The inn has what the guest sent to the hotel, all of it, and a request of
 * its own that waits. */
static void refuses_at_another_desk(void **state)
{
    session    s;
    yao_bytes  body;
    net_answer a;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"hotel\"}");
    body = dw_answer(&s.request, true, DW_GOOD);
    turn_to(other_port);
    a = ask_other("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    assert_int_equal(a.status, 201);
    yao_vp_request q = dw_request(desk_member(&a, "qr"));
    assert_int_equal(dw_post(&q, body).status, 400);
    assert_int_equal(dw_post(&q, dw_answer(&q, true, DW_GOOD)).status, 200);
    turn_to(first_port);
    assert_int_equal(dw_post(&s.request, body).status, 200);
}

/* ---- a request that somebody kept --------------------------------------- */

#define TRUST                                                                  \
    "--trust @/t/bundle.cose --trust-anchor @/t/trust-root.pem "

/* A link that holds the request itself, as the desk signed it. */
static const char *by_value(const session *s)
{
    yao_vp_link link   = dw_link(s->link);
    net_answer  object = dw_fetch(&link, NULL);
    char       *out    = yao_arena_take(test_arena(), object.body.len + 400);

    assert_int_equal(object.status, 200);
    snprintf(out, object.body.len + 400,
             "openid4vp://?client_id=%s&request=%.*s", line_of(link.client_id),
             (int)object.body.len, (const char *)object.body.ptr);
    return out;
}

static const test_output *present(const char *link)
{
    char *line = yao_arena_take(test_arena(), 16384);

    clock_use("wallet");
    snprintf(line, 16384, "wallet present -C @/w --local --yes " TRUST "'%s'",
             link);
    const test_output *output = test_type(line);
    clock_use("desk");
    return output;
}

static void takes_todays_request(void **state)
{
    session s;

    (void)state;
    begin();
    s = ask("{\"profile\":\"age\"}");
    const test_output *o = present(by_value(&s));
    if (o->code != 0)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, 0);
}

static void refuses_yesterdays_request(void **state)
{
    session     s;
    const char *link;
    net_answer  a;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"age\"}");
    link = by_value(&s);
    for (long ahead = 10 * MINUTE; ahead <= DAY; ahead *= 144) {
        clock_set("wallet", ahead);
        const test_output *o = present(link);
        assert_int_equal(o->code, 3);
        assert_true(test_said("the request is over"));
    }
    a = look(&s);
    assert_string_equal(desk_member(&a, "state"), "open");
}

/* A telephone that believes it is still yesterday has a bundle of today. */
static void goes_by_what_was_signed(void **state)
{
    session s;
    char   *line = yao_arena_take(test_arena(), 16384);

    (void)state;
    begin();
    clock_set("desk", DAY);
    desk_must("statuslist publish -C @/a --output @/lists", 0);
    desk_must("trust publish -C @/a --output @/tomorrow", 0);
    clock_set("desk", 0);
    s = ask("{\"profile\":\"age\"}");
    snprintf(line, 16384,
             "wallet present -C @/w --local --yes --trust "
             "@/tomorrow/bundle.cose --trust-anchor @/t/trust-root.pem '%s'",
             by_value(&s));
    clock_use("wallet");
    const test_output *o = test_type(line);
    clock_use("desk");
    assert_int_equal(o->code, 3);
    assert_true(test_said("the request is over"));
}

/* ---- lists that age, a clock that went back ----------------------------- */

typedef struct moment {
    const char *name;
    long        ahead;
    const char *verdict; /* NULL: it asks nobody */
} moment;

static const moment moments[] = {
    {"accepts by the lists of today", 0, "accept"},
    {"gives N246: a maybe by the lists of two days ago", 2 * DAY,
     "indeterminate"},
    {"refuses N246: to ask with a bundle that is over", 8 * DAY, NULL},
    {"refuses N246: to ask before its bundle was signed", -365 * DAY, NULL},
};

static void judges_at(void **state)
{
    const moment *m = *state;
    session       s;
    net_answer    a;

    begin();
    clock_set("desk", m->ahead);
    if (m->verdict == NULL) {
        a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
        assert_int_equal(a.status, 503);
        assert_string_equal(desk_member(&a, "error"), "no_trust_bundle");
        return;
    }
    s = ask("{\"profile\":\"age\"}");
    a = dw_post(&s.request, dw_answer(&s.request, true, DW_GOOD));
    assert_int_equal(a.status, 200);
    a = look(&s);
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(desk_json(&a), "result"), "verdict"),
        m->verdict));
}

/* It was asked in time; then somebody sets the desk's clock back, so that what
 * was revoked since is not yet. */
static void refuses_to_judge_in_the_past(void **state)
{
    session   s;
    yao_bytes body;

    (void)state;
    begin();
    s    = ask("{\"profile\":\"age\"}");
    body = dw_answer(&s.request, true, DW_GOOD);
    clock_set("desk", -365L * DAY);
    assert_int_equal(dw_post(&s.request, body).status, 503);
    clock_set("desk", 0);
    assert_int_equal(dw_post(&s.request, body).status, 200);
}

int main(void)
{
    test_add("moved", "starts two desks and a wallet", prepare, NULL);
    test_add("moved", "accepts an answer ten seconds before the end",
             waits_for_its_end, NULL);
    test_add("moved", "refuses N219, N228: an answer, and a look, after it",
             refuses_after_its_end, NULL);
    test_add("moved", "refuses N220: yesterday's answer, also to today's",
             refuses_yesterdays_answer, NULL);
    test_add("moved", "refuses N078: a proof of another hour",
             judges_by_its_own_clock, NULL);
    test_add("moved", "accepts a browser that takes its time",
             gives_the_browser_its_time, NULL);
    test_add("moved", "never keeps N223: what no browser came back for",
             forgets_without_the_browser, NULL);
    test_add("moved", "refuses N229: what another desk was sent",
             refuses_at_another_desk, NULL);
    test_add("moved", "accepts a request that stands in its link",
             takes_todays_request, NULL);
    test_add("moved", "refuses N234: the same, later",
             refuses_yesterdays_request, NULL);
    test_add("moved", "refuses N301: it by a clock of then and a list of now",
             goes_by_what_was_signed, NULL);
    for (size_t i = 0; i < COUNT(moments); i++)
        test_add("moved", moments[i].name, judges_at, &moments[i]);
    test_add("moved", "refuses N301: an answer, by a clock that was set back",
             refuses_to_judge_in_the_past, NULL);

    int code = test_run("journeys/moved");
    if (moves) {
        (void)test_server_stop(&desk_server);
        (void)test_server_stop(&other_server);
    }
    dw_end();
    test_scratch_remove();
    return code;
}
