/* SPDX-License-Identifier: Apache-2.0 */

/** The code on paper at a counter: `party register --standing` signs it,
 *  `wallet present` scans it, the clerk says the number that the phone shows. */

#include "desk_world.h"
#include "journey.h"
#include "trust/standing.h"

static char code[1400], id[64], number[8];

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

static net_answer say(const char *n)
{
    char path[128], json[64];

    snprintf(path, sizeof path, "/api/standing/%s", id);
    snprintf(json, sizeof json, "{\"number\":\"%s\"}", n);
    return desk_api("POST", path, json);
}

/* ---- rows --------------------------------------------------------------- */

static void prepare(void **state)
{
    char line[600], person[64];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_port = desk_free_port();
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
    desk_start("");
    read_line("hotel/standing.txt", code, sizeof code);
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
}

static void once(void **state)
{
    (void)state;
    assert_int_equal(say(number).status, 404);
}

int main(void)
{
    test_add("standing", "accepts to begin", prepare, NULL);
    test_add("standing", "gives place and profile in the code", has_id, NULL);
    test_add("standing", "accepts a guest whose number the clerk says",
             lets_out, NULL);
    test_add("standing", "refuses the number a second time", once, NULL);
    test_add("standing", "accepts the picture of the code", picture, NULL);

    int result = test_run("journeys/standing");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return result;
}
