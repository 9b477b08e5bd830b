/* SPDX-License-Identifier: Apache-2.0 */

/** Codes of a real wallet before a desk: challenges that are answered once,
 *  showings that are accepted once, what is no card. */

#define _GNU_SOURCE /* memmem() */
#include "desk_world.h"

static char id_number[32];

/* ---- the world ---- */

static void prepare(void **state)
{
    char line[200];

    (void)state;
    assert_status(yao_file_write(test_scratch_path("passphrase"),
                                 YAO_LIT("correct horse battery\n"), 0600,
                                 false),
                  YAO_OK);
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_make_authority();
    desk_make_person(id_number, sizeof id_number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 4 --cards 12 "
             "--document resident_id --person %s",
             id_number);
    desk_must(line, 0);
    desk_make_desk("");
    desk_start("");
}

/* The lines of a file as strings of JSON with commas between. */
static const char *quoted(const char *name)
{
    yao_bytes  rest = yao_text_bytes(yao_text_of(desk_file(name)));
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  out;
    bool       first = true;

    while (rest.len > 0) {
        size_t len = yao_bytes_find(rest, '\n');

        yao_json_put_next(&w, &first);
        yao_json_put_string(&w, (yao_text){rest.ptr, len});
        len += len < rest.len;
        rest = (yao_bytes){rest.ptr + len, rest.len - len};
    }
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

static net_answer scan(const char *codes, const char *more)
{
    size_t len  = strlen(codes) + strlen(more) + 64;
    char  *json = yao_arena_take(test_arena(), len);

    snprintf(json, len, "{\"codes\":[%s]%s}", codes, more);
    return desk_api("POST", "/api/cards", json);
}

/* ---- open cards ---- */

static const char *show_age(void)
{
    desk_must("wallet present -C @/w --profile age --choice age_over_18 "
              "--format card --unidentified --yes --output @/age.txt",
              0);
    return quoted("age.txt");
}

#define AGE ",\"profile\":\"age\",\"choice\":\"age_over_18\""

static void accepts_an_age(void **state)
{
    const char *card = show_age();
    net_answer  a    = scan(card, AGE);
    char        path[64];

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, "\"state\":\"valid\""));
    snprintf(path, sizeof path, "/api/cards/%s", desk_member(&a, "id"));
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    a = scan(card, AGE);
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"reject\""));
    assert_true(
        desk_says(&a, "\"check\":\"card_replay\",\"outcome\":\"fail\""));
}

/* ---- sealed cards ---- */

static const char *challenge(const char *json)
{
    net_answer      a     = desk_api("POST", "/api/challenges", json);
    const yao_json *codes = yao_json_get(desk_json(&a), "codes");
    yao_text        letters;

    assert_int_equal(a.status, 201);
    assert_status(yao_json_string(codes->first, test_arena(), &letters),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("challenge.txt"),
                                 yao_text_bytes(letters), 0600, false),
                  YAO_OK);
    return desk_member(&a, "id");
}

static const char *show_hotel(void)
{
    desk_must("wallet present -C @/w --profile hotel --format card --reader "
              "@/hotel/reader.pem --yes --challenge @/challenge.txt --output "
              "@/hotel.txt",
              0);
    return quoted("hotel.txt");
}

static const char *with(const char *id)
{
    char *more = yao_arena_take(test_arena(), 80);

    snprintf(more, 80, ",\"challenge\":\"%s\"", id);
    return more;
}

static void accepts_a_guest(void **state)
{
    const char *id   = challenge("{\"profile\":\"hotel\"}");
    const char *card = show_hotel();
    const char *late = show_hotel();
    net_answer  a    = scan(card, "");

    (void)state;
    assert_int_equal(a.status, 400); /* by no challenge */
    a = scan(card, ",\"profile\":\"hotel\"");
    assert_string_equal(desk_member(&a, "error"), "challenge_needed");
    a = scan(card, with(id));
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, id_number));
    assert_string_equal(desk_member(&a, "profile"), "hotel");
    a = scan(late, with(id)); /* it was answered */
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "unknown_challenge");
}

static void refuses_another_challenge(void **state)
{
    const char *first = challenge("{\"profile\":\"hotel\"}");
    const char *card  = show_hotel();
    const char *other = challenge("{\"profile\":\"hotel\"}");
    net_answer  a     = scan(card, with(other));

    (void)state;
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "another_challenge");
    a = scan(card, with(first)); /* neither of them is spent by that */
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    a = scan(show_hotel(), with(other));
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
}

static void accepts_an_animated_one(void **state)
{
    const char *id = challenge("{\"profile\":\"hotel\"}");
    net_answer  a;

    (void)state;
    desk_must("wallet present -C @/w --profile hotel --format animated "
              "--reader @/hotel/reader.pem --yes --challenge @/challenge.txt "
              "--output @/parts.txt",
              0);
    const char *parts = quoted("parts.txt");
    char       *some  = yao_arena_take(test_arena(), strlen(parts) + 1);
    memcpy(some, parts, strcspn(parts, ","));
    a = scan(some, with(id));
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "incomplete");
    a = scan(parts, with(id));
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
}

/* ---- what is none ---- */

typedef struct refusal {
    const char *name, *codes, *more;
    int         status;
    const char *word;
} refusal;

static const refusal refusals[] = {
    {"refuses N244: a command for a database", "\"'; DROP TABLE\"", AGE, 400,
     "not_a_document"},
    {"refuses N244: an address", "\"https://other.example/\"", AGE, 400,
     "not_a_document"},
    {"refuses a card of nothing", "\"YP1:\"", AGE, 400, "not_a_document"},
    {"refuses no code", "", AGE, 400, "invalid_request"},
    {"refuses a number for a code", "1", AGE, 400, "invalid_request"},
    {"refuses a challenge that there is not", "\"YP1:\"",
     ",\"challenge\":\"00000000000000000000000000000000\"", 400,
     "unknown_challenge"},
    {"refuses a challenge that is no id", "\"YP1:\"", ",\"challenge\":\"1\"",
     400, "unknown_challenge"},
    {"refuses no profile", "\"YP1:\"", "", 400, "unknown_profile"},
    {"refuses a profile that was not registered", "\"YP1:\"",
     ",\"profile\":\"police\"", 403, "not_registered"},
};

static void refuses(void **state)
{
    const refusal *row = *state;
    net_answer     a   = scan(row->codes, row->more);

    assert_int_equal(a.status, row->status);
    assert_string_equal(desk_member(&a, "error"), row->word);
}

static void refuses_challenges(void **state)
{
    net_answer a =
        desk_api("POST", "/api/challenges", "{\"profile\":\"police\"}");

    (void)state;
    assert_int_equal(a.status, 403);
    a = desk_api("POST", "/api/challenges", "{}");
    assert_int_equal(a.status, 400);
    a = desk_api("GET", "/api/cards/00000000000000000000000000000000", NULL);
    assert_int_equal(a.status, 404);
}

static void leaves_nothing(void **state)
{
    (void)state;
    desk_leaves_nothing(id_number);
}

int main(void)
{
    test_add("card", "starts with a wallet", prepare, NULL);
    test_add("card", "accepts N241: an open card, once", accepts_an_age, NULL);
    test_add("card", "accepts a sealed card, for its challenge, once",
             accepts_a_guest, NULL);
    test_add("card", "refuses N240: a card for another challenge",
             refuses_another_challenge, NULL);
    test_add("card", "accepts an animated code, when all of it is there",
             accepts_an_animated_one, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("card", refusals[i].name, refuses, &refusals[i]);
    test_add("card", "refuses challenges that nobody may show",
             refuses_challenges, NULL);
    test_add("card", "never leaves N316: a number in the clear", leaves_nothing,
             NULL);
    int code = test_run("journeys/desk_card");
    test_scratch_remove();
    return code;
}
