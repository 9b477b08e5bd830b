/* SPDX-License-Identifier: Apache-2.0 */

/** The code on paper at a counter: `party register --standing` signs it,
 *  `wallet present` scans it, the clerk says the number that the phone shows. */

#include "desk_world.h"
#include "journey.h"

#include <pthread.h>
#include <time.h>

#include "trust/standing.h"

static char code[1400], id[64], number[8], clerk[128];

static void read_line(const char *name, char *out, size_t cap)
{
    yao_bytes file = test_read(name);
    size_t    len  = yao_bytes_find(file, '\n');

    assert_true(len < cap);
    memcpy(out, file.ptr, len);
    out[len] = '\0';
}

/* Scan the code in the file NAME; what `wallet present --json` says. */
static const test_output *scan(const char *name, const char *more)
{
    char line[600];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem --json -C @/w %s @/%s",
             more, name);
    return test_type(line);
}

static void take_number(const test_output *o)
{
    const char *at = strstr(o->out, "\"number\":\"");

    assert_non_null(at);
    memcpy(number, at + 10, 2);
    number[2] = '\0';
}

static net_answer say_as(const char *bearer, const char *n)
{
    char            path[128], json[64];
    const desk_call c = {.method = "POST",
                         .path   = path,
                         .bearer = bearer,
                         .type   = "application/json",
                         .body   = {(const uint8_t *)json, 15}};

    snprintf(path, sizeof path, "/api/standing/%s", id);
    snprintf(json, sizeof json, "{\"number\":\"%s\"}", n);
    return desk_ask(&c);
}

static net_answer say(const char *n)
{
    return say_as(desk_bearer(), n);
}

/* ---- rows --------------------------------------------------------------- */

/* Another program of the same party. */
#define OTHER "another-program-of-the-same-party-SPECIMEN"

static void add_program(void)
{
    char text[4000];

    snprintf(text, sizeof text, "%s" OTHER "\n",
             desk_file("d/keys/api.keys"));
    test_write("d/keys/api.keys", yao_text_bytes(yao_text_of(text)));
}

static void set_requests(const char *to)
{
    char *ini = desk_file("d/desk.ini");
    char *at  = strstr(ini, "open_requests = 10000");
    char  text[16000];

    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - ini), ini, to,
             strchr(at, '\n'));
    test_write("d/desk.ini", yao_text_bytes(yao_text_of(text)));
}

static void prepare(void **state)
{
    char line[600], person[64];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_port = test_free_port();
    test_must("authority init --demo -C @/a", 0);
    test_must("authority init --demo -C @/other", 0);
    snprintf(line, sizeof line,
             "party register -C @/a --code " DESK_CODE
             " --name SPECIMEN --profile hotel --profile age --out @/hotel "
             "--standing http://desk.localhost:%u/ --place 'SPECIMEN counter'",
             desk_port);
    test_must(line, 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_keep_number("people.jsonl", person, sizeof person);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --cards 0 "
             "--person %s",
             person);
    test_must(line, 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
    snprintf(line, sizeof line,
             "desk init -C @/d --reader @/hotel/reader.pem --reader-key "
             "@/hotel/reader-key.pem --trust-anchor @/t/trust-root.pem --trust "
             "@/t/bundle.cose --place SPECIMEN --demo --standing "
             "@/hotel/standing.txt --url http://desk.localhost:%u",
             desk_port);
    test_must(line, 0);
    add_program();
    desk_start("");
    read_line("hotel/standing.txt", code, sizeof code);
    snprintf(clerk, sizeof clerk, "%s", desk_bearer());
}

/* The id stands in the code; a desk finds it by that. */
static void has_id(void **state)
{
    yao_standing s;
    yao_writer   w = yao_writer_open((uint8_t *)id, sizeof id - 1);

    (void)state;
    assert_status(yao_standing_read(test_arena(),
                                    yao_text_bytes(yao_text_of(code)), &s),
                  YAO_OK);
    yao_put_hex(&w, s.id);
    id[w.len] = '\0';
    assert_true(yao_text_equal(s.place, YAO_TEXT("SPECIMEN counter")));
    assert_true(yao_text_equal(s.profile, YAO_TEXT("hotel")));
}

static void lets_out(void **state)
{
    const test_output *o = scan("hotel/standing.txt", "--yes");
    net_answer         a;

    (void)state;
    if (o->code != 0)
        print_message("# %s\n", o->out);
    assert_int_equal(o->code, 0);
    test_says("SPECIMEN\n  place: SPECIMEN counter");
    test_says("\"outcome\":\"taken\"");
    take_number(o);
    a = say(number);
    assert_int_equal(a.status, 200);
    assert_string_equal(desk_member(&a, "number"), number);
    assert_true(yao_json_is(
        yao_json_get(yao_json_get(desk_json(&a), "result"), "verdict"),
        "accept"));
}

static void picture(void **state)
{
    const test_output *o =
        test_type("wallet present --local --trust @/t/bundle.cose "
                  "--trust-anchor @/t/trust-root.pem -C @/w --yes --image "
                  "@/hotel/standing.png");

    (void)state;
    assert_int_equal(o->code, 0);
    test_says("Tell the clerk this number: ");
    memcpy(number, strstr(o->out, "this number: ") + 13, 2);
    assert_int_equal(say(number).status, 200); /* no guess finds it below */
}

static void once(void **state)
{
    (void)state;
    assert_int_equal(say(number).status, 404);
}

/* ---- what is refused ---------------------------------------------------- */

/* Neither does it get what is not its own, nor does it use up the clerk's
 * tries. */
static void another_program(void **state)
{
    const test_output *o = scan("hotel/standing.txt", "--yes");

    (void)state;
    assert_int_equal(o->code, 0);
    take_number(o);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(say_as(OTHER, number).status, 404);
    assert_int_equal(say(number).status, 200);
}

enum { GUESSERS = 40 };

static void *guess(void *ctx)
{
    static _Thread_local uint8_t memory[1 << 14];
    yao_arena                    arena = {memory, sizeof memory, 0};
    char       url[200], bearer[200], json[] = "{\"number\":\"10\"}";
    int       *got       = ctx;
    net_header headers[] = {
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")},
        {YAO_TEXT("Authorization"), {(const uint8_t *)bearer, 0}}};
    const net_client_options options = {.loopback = true, .timeout_ms = 30000};
    net_call                 mine    = {.method       = "POST",
                                        .headers      = headers,
                                        .header_count = 2,
                                        .body = {(const uint8_t *)json, 15}};
    net_answer               answer  = {.status = 0};
    net_client              *client;

    json[11] = (char)('1' + *got / 10);
    json[12] = (char)('0' + *got % 10);
    snprintf(url, sizeof url, "%s/api/standing/%s", desk_base, id);
    snprintf(bearer, sizeof bearer, "Bearer %s", clerk);
    mine.url         = yao_text_of(url);
    headers[1].value = yao_text_of(bearer);
    if (net_client_open(&options, &client) != YAO_OK)
        return NULL;
    if (net_client_allow(client, desk_base) == YAO_OK &&
        net_client_fetch(client, &mine, &arena, &answer) == YAO_OK)
        *got = answer.status;
    net_client_close(client);
    return NULL;
}

/* All at once, so that each is looked at before the others are counted. None
 * of them is right: who is gets the try back, and another one looks. */
static void guesses_at_once(void **state)
{
    pthread_t threads[GUESSERS];
    int       got[GUESSERS], looked = 0;
    time_t    minute = 0;

    (void)state;
    for (bool within = false; !within;) { /* one minute, not two */
        minute = time(NULL) / 60;
        looked = 0;
        for (int i = 0; i < GUESSERS; i++) {
            got[i] = i;
            assert_int_equal(pthread_create(&threads[i], NULL, guess, &got[i]),
                             0);
        }
        for (int i = 0; i < GUESSERS; i++) {
            pthread_join(threads[i], NULL);
            looked += got[i] != 429;
        }
        within = time(NULL) / 60 == minute;
    }
    assert_true(looked <= 5);
}

/* A code of the file NAME with the list in the folder LIST, and what the wallet
 * says when it ends with 3. */
static void refuse_code(const char *name, const char *list, const char *says)
{
    char line[600];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/%s/bundle.cose --trust-anchor "
             "@/%s/trust-root.pem -C @/w --yes @/%s",
             list, list, name);
    test_must(line, 3);
    test_says(says);
}

/* Another registrar's code lies over this one. */
static void overlay(void **state)
{
    char line[400];

    (void)state;
    snprintf(line, sizeof line,
             "party register -C @/other --code " DESK_CODE
             " --name SPECIMEN --profile hotel --out @/fake --standing "
             "http://desk.localhost:%u --place 'SPECIMEN counter'",
             desk_port);
    test_must(line, 0);
    refuse_code("fake/standing.txt", "t",
                "the registrar did not sign this code");
}

static void changed(void **state)
{
    yao_bytes file = test_read("hotel/standing.txt");
    uint8_t  *at   = (uint8_t *)(uintptr_t)file.ptr + 200;

    (void)state;
    *at = *at == '7' ? '8' : '7';
    test_write("changed.txt", file);
    assert_int_not_equal(scan("changed.txt", "--yes")->code, 0);
    assert_null(strstr(test_type("wallet history -C @/w")->out, "changed"));
}

/* Another desk's code, registered too, was put in its place: the phone names
 * the other party and place, and this desk opens nothing for it. */
static void another_desk(void **state)
{
    char line[400];

    (void)state;
    snprintf(line, sizeof line,
             "party register -C @/a --code 91330106MAC0000174 --name "
             "SPECIMEN-inn --profile hotel --out @/inn --standing "
             "http://desk.localhost:%u --place 'another counter'",
             desk_port);
    test_must(line, 0);
    test_must("trust publish -C @/a --output @/t2", 0);
    refuse_code("inn/standing.txt", "t2", "opens no session for this code");
    test_says("SPECIMEN-inn\n  place: another counter");
    refuse_code("inn/standing.txt", "t", "not on the list");
    test_must("desk init -C @/d2 --reader @/inn/reader.pem --reader-key "
              "@/inn/reader-key.pem --trust-anchor @/t2/trust-root.pem --demo "
              "--standing @/hotel/standing.txt --url http://desk.localhost:1",
              0);
    assert_int_not_equal(test_type("desk serve -C @/d2 --listen 127.0.0.1:0 "
                                   "--admin none")
                             ->code,
                         0);
    test_says("desk.standing");
}

/* Nothing is fetched before the person says that they stand there. */
static void not_there(void **state)
{
    (void)state;
    assert_int_equal(scan("hotel/standing.txt", "")->code, 3);
    test_says("you did not agree");
    test_says("place: SPECIMEN counter");
}

/* Somebody far away scanned a photograph: who stands at the counter does not
 * know the number, and the clerk hears another. */
static void photographed(void **state)
{
    const test_output *o = scan("hotel/standing.txt", "--yes");
    char               right[8], wrong[8] = "10";
    net_answer         a;

    (void)state;
    assert_int_equal(o->code, 0);
    take_number(o);
    test_stay_within(60, 20); /* tries are those of a minute */
    memcpy(right, number, sizeof right);
    for (int i = 0; i < 5; i++) {
        wrong[1] = (char)('0' + i + (right[0] == '1' ? 5 : 0));
        if (strcmp(wrong, right) == 0)
            wrong[0] = '9';
        a = say(wrong);
        assert_true(a.status == 404 || a.status == 429);
        assert_null(yao_json_get(desk_json(&a), "result"));
    }
    assert_int_equal(say(right).status, 429); /* too many guesses */
}

/* Strangers may open sessions, of all of them as many as leave room for those
 * of programs. */
static void leaves_room(void **state)
{
    char            path[128];
    int             status = 201;
    unsigned        opened = 0;
    const desk_call c      = {.method = "POST", .path = path};

    (void)state;
    assert_int_equal(test_server_stop(&desk_server), 0);
    set_requests("open_requests = 60");
    desk_start("");
    snprintf(path, sizeof path, "/standing/%s", id);
    for (; status == 201 && opened < 100; opened++)
        status = desk_ask(&c).status;
    assert_int_equal(status, 429);
    assert_int_equal(
        desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}").status,
        201);
}

static void suspend(void **state)
{
    (void)state;
    test_must("party suspend -C @/a " DESK_CODE, 0);
    test_must("trust publish -C @/a --output @/t3", 0);
    refuse_code("hotel/standing.txt", "t3", "was suspended");
}

int main(void)
{
    test_add("standing", "accepts to begin", prepare, NULL);
    test_add("standing", "gives place and profile in the code", has_id, NULL);
    test_add("standing", "accepts a guest whose number the clerk says",
             lets_out, NULL);
    test_add("standing", "refuses the number a second time", once, NULL);
    test_add("standing", "accepts the picture of the code", picture, NULL);
    test_add("standing", "refuses another program, which spends no tries",
             another_program, NULL);
    test_add("standing", "refuses more than five numbers said at once",
             guesses_at_once, NULL);

    test_add("standing",
             "refuses N232: another registrar's code over this one", overlay,
             NULL);
    test_add("standing", "refuses a code in which a letter was changed",
             changed, NULL);
    test_add("standing", "refuses N232: another desk's code in this one's "
                         "place",
             another_desk, NULL);
    test_add("standing", "refuses who does not say that they stand there",
             not_there, NULL);
    test_add("standing",
             "never lets out what a photographed code brought (N231)",
             photographed, NULL);
    test_add("standing", "never takes the room of programs", leaves_room,
             NULL);
    test_add("standing", "refuses the code of a party that was suspended",
             suspend, NULL);

    int result = test_run("journeys/standing");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return result;
}
