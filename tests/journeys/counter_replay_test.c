/* SPDX-License-Identifier: Apache-2.0 */

/** What was shown across a counter, once more and elsewhere: a code that was
 *  used, one that somebody else photographed, yesterday's. Clocks move in
 *  builds with -Dtest_hooks=true. */

#include "clock.h"
#include "counter_phone.h"

#include <pthread.h>

enum { DAY = 86400 };

static test_server other_server;
static unsigned    first_port, other_port;
static bool        moves;

/* ---- the world ---------------------------------------------------------- */

/* Another party's desk, which may go to the first one's mailboxes. */
static void make_other_desk(void)
{
    char  line[700], text[8000];
    char *ini;

    other_port = test_free_port();
    snprintf(line, sizeof line,
             "desk init -C @/e --reader @/inn/reader.pem --reader-key "
             "@/inn/reader-key.pem --trust-anchor @/t/trust-root.pem --trust "
             "@/t/bundle.cose --place SPECIMEN --demo --url "
             "http://desk.localhost:%u",
             other_port);
    desk_must(line, 0);
    ini = desk_file("e/desk.ini");
    snprintf(text, sizeof text, "%s\n[counter]\nmailboxes = %s/mailboxes\n",
             ini, phone_desk());
    test_write("e/desk.ini", yao_text_bytes(yao_text_of(text)));
    snprintf(line, sizeof line,
             "desk serve -C @/e --listen 127.0.0.1:%u --admin none",
             other_port);
    assert_true(test_server_start(&other_server, line));
}

static void prepare(void **state)
{
    char number[32], line[300];

    (void)state;
    moves = clock_moves();
    clock_use("desk");
    clock_set("desk", 0);
    clock_set("phone", 0);
    test_use_passphrase();
    desk_make_authority();
    desk_must("party register -C @/a --code 91330106MAC0000174 --name "
              "SPECIMEN-inn --profile hotel --out @/inn",
              0);
    desk_make_person(number, sizeof number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 9 --cards 0 "
             "--document resident_id --person %s",
             number);
    desk_must(line, 0);
    desk_make_desk("");
    first_port = desk_port;
    desk_start("");
    make_other_desk();
}

static void turn_to(unsigned port)
{
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u", port);
}

/* A phone with a clock of its own, AHEAD of ours. */
static void start_phone(phone *p, long ahead)
{
    clock_set("phone", ahead);
    clock_use("phone");
    phone_start(p, "-C @/w --yes");
    clock_use("desk");
}

/* What the desk makes of the code in P. */
static const char *scan(const phone *p)
{
    net_answer a = phone_scan(p, "hotel", "");

    assert_int_equal(a.status, 201);
    return phone_state(desk_member(&a, "id"), &a);
}

static void takes_a_code_once(void **state)
{
    phone p;

    (void)state;
    start_phone(&p, 0);
    assert_string_equal(scan(&p), "done");
    assert_int_equal(phone_end(&p), 0);
    net_answer again = phone_scan(&p, "hotel", "");
    assert_int_equal(again.status, 409);
    assert_string_equal(desk_member(&again, "error"), "engagement_used");
}

/* ---- at once ---- */

enum { RACERS = 8 };

typedef struct racer {
    char url[100], bearer[200], json[5000];
    int  status;
} racer;

static void *race(void *ctx)
{
    racer                       *r = ctx;
    static _Thread_local uint8_t memory[1 << 16];
    yao_arena                    arena = {memory, sizeof memory, 0};
    const net_header headers[] = {
        {YAO_TEXT("Authorization"), yao_text_of(r->bearer)},
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")}};
    const net_client_options options = {.loopback = true, .timeout_ms = 30000};
    const net_call           call    = {
                     .method       = "POST",
                     .url          = yao_text_of(r->url),
                     .headers      = headers,
                     .header_count = 2,
                     .body         = yao_text_bytes(yao_text_of(r->json))};
    net_client *client;
    net_answer  answer = {.status = 0};

    if (net_client_open(&options, &client) != YAO_OK)
        return NULL;
    if (net_client_allow(client, desk_base) == YAO_OK &&
        net_client_fetch(client, &call, &arena, &answer) == YAO_OK)
        r->status = answer.status;
    net_client_close(client);
    return NULL;
}

static void takes_one_of_many(void **state)
{
    static racer racers[RACERS];
    pthread_t    threads[RACERS];
    unsigned     taken = 0, used = 0;
    phone        p;

    (void)state;
    start_phone(&p, 0);
    for (size_t i = 0; i < RACERS; i++) {
        racer *r = &racers[i];
        snprintf(r->url, sizeof r->url, "%s/api/counters", desk_base);
        snprintf(r->bearer, sizeof r->bearer, "Bearer %s", desk_bearer());
        snprintf(r->json, sizeof r->json,
                 "{\"profile\":\"hotel\",\"engagement\":\"%s\"}", p.code);
        assert_int_equal(pthread_create(&threads[i], NULL, race, r), 0);
    }
    for (size_t i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        taken += racers[i].status == 201;
        used += racers[i].status == 409;
    }
    assert_int_equal(taken, 1);
    assert_int_equal(used, RACERS - 1);
    assert_int_equal(phone_end(&p), 0);
}

static const char *as_other(const phone *p)
{
    char *text = desk_file("e/keys/api.keys");
    char *key  = strchr(strrchr(text, '#'), '\n') + 1;
    char  json[5000], path[128];

    *strchr(key, '\n') = '\0';
    snprintf(json, sizeof json, "{\"profile\":\"hotel\",\"engagement\":\"%s\"}",
             p->code);
    turn_to(other_port);
    net_answer a =
        desk_ask(&(desk_call){.method = "POST",
                              .path   = "/api/counters",
                              .bearer = key,
                              .type   = "application/json",
                              .body   = yao_text_bytes(yao_text_of(json))});
    assert_int_equal(a.status, 201);
    snprintf(path, sizeof path, "/api/sessions/%s?wait=30",
             desk_member(&a, "id"));
    a = desk_ask(&(desk_call){.method = "GET", .path = path, .bearer = key});
    turn_to(first_port);
    return desk_member(&a, "state");
}

/* The inn's camera sees the screen that is held out to the hotel: the wallet
 * says who it is that asks, and answers one of them. What the hotel sends comes
 * before the inn's good-bye or after it: before it, it is out of order. */
static void names_who_relays(void **state)
{
    enum { OUT_OF_ORDER = 7 };
    phone p;

    (void)state;
    start_phone(&p, 0);
    assert_string_equal(as_other(&p), "done");
    assert_string_not_equal(scan(&p), "done");
    int code = phone_end(&p);
    assert_non_null(strstr(p.said, "SPECIMEN-inn asks across the counter"));
    assert_non_null(strstr(
        p.said, code == OUT_OF_ORDER ? "out of order" : "Shown, and taken."));
    assert_true(code == OUT_OF_ORDER || code == 0);
}

static void refuses_yesterdays_code(void **state)
{
    phone p;

    (void)state;
    if (!moves)
        skip();
    start_phone(&p, 0);
    clock_set("desk", DAY);
    assert_string_equal(scan(&p), "refused");
    clock_set("desk", 0);
    phone_drop(&p);
}

/* The list may have lost the reader since. */
static void shows_no_code_by_an_old_list(void **state)
{
    phone p;

    (void)state;
    if (!moves)
        skip();
    start_phone(&p, 8 * DAY);
    assert_string_equal(p.code, "");
    assert_int_equal(phone_end(&p), 3);
    assert_non_null(strstr(p.said, "it is past its end"));
}

int main(void)
{
    test_add("counter", "accepts to begin", prepare, NULL);
    test_add("counter", "refuses N047: a code a second time",
             takes_a_code_once, NULL);
    test_add("counter", "accepts N220: a code once, of eight at once",
             takes_one_of_many, NULL);
    test_add("counter", "gives N233: who it is that relays, and one answer",
             names_who_relays, NULL);
    test_add("counter", "refuses N238: yesterday's code",
             refuses_yesterdays_code, NULL);
    test_add("counter", "refuses N246: to show a code by a list that is over",
             shows_no_code_by_an_old_list, NULL);

    int code = test_run("journeys/counter_replay");
    if (first_port != 0) {
        (void)test_server_stop(&desk_server);
        (void)test_server_stop(&other_server);
    }
    test_scratch_remove();
    return code;
}
