/* SPDX-License-Identifier: Apache-2.0 */

/** Codes of a real wallet before a desk: challenges that are answered once,
 *  showings that are accepted once, what is no card. */

#include "desk_card.h"

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

/* ---- open cards ---- */

static void accepts_an_age(void **state)
{
    const char *card = card_show_age();
    net_answer  a    = card_scan(card, CARD_AGE);
    char        path[64];

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, "\"state\":\"valid\""));
    snprintf(path, sizeof path, "/api/cards/%s", desk_member(&a, "id"));
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    a = card_scan(card, CARD_AGE);
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"reject\""));
    assert_true(
        desk_says(&a, "\"check\":\"card_replay\",\"outcome\":\"fail\""));
}

/* ---- sealed cards ---- */

static void accepts_a_guest(void **state)
{
    const char *id   = card_challenge("{\"profile\":\"hotel\"}");
    const char *card = card_show_hotel();
    const char *late = card_show_hotel();
    net_answer  a    = card_scan(card, "");

    (void)state;
    assert_int_equal(a.status, 400); /* by no challenge */
    a = card_scan(card, ",\"profile\":\"hotel\"");
    assert_string_equal(desk_member(&a, "error"), "challenge_needed");
    a = card_scan(card, card_with(id));
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_true(desk_says(&a, id_number));
    assert_string_equal(desk_member(&a, "profile"), "hotel");
    a = card_scan(late, card_with(id)); /* it was answered */
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "unknown_challenge");
}

static void refuses_another_challenge(void **state)
{
    const char *first = card_challenge("{\"profile\":\"hotel\"}");
    const char *card  = card_show_hotel();
    const char *other = card_challenge("{\"profile\":\"hotel\"}");
    net_answer  a     = card_scan(card, card_with(other));

    (void)state;
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "another_challenge");
    a = card_scan(card, card_with(first)); /* neither of them is spent by that */
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    a = card_scan(card_show_hotel(), card_with(other));
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
}

static void accepts_an_animated_one(void **state)
{
    const char *id = card_challenge("{\"profile\":\"hotel\"}");
    net_answer  a;

    (void)state;
    desk_must("wallet present -C @/w --profile hotel --format animated "
              "--reader @/hotel/reader.pem --yes --challenge @/challenge.txt "
              "--output @/parts.txt",
              0);
    const char *parts = card_lines("parts.txt");
    char       *some  = yao_arena_take(test_arena(), strlen(parts) + 1);
    memcpy(some, parts, strcspn(parts, ","));
    a = card_scan(some, card_with(id));
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "incomplete");
    a = card_scan(parts, card_with(id));
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
    {"refuses N244: a command for a database", "\"'; DROP TABLE\"", CARD_AGE,
     400, "not_a_document"},
    {"refuses N244: an address", "\"https://other.example/\"", CARD_AGE, 400,
     "not_a_document"},
    {"refuses a card of nothing", "\"YP1:\"", CARD_AGE, 400, "not_a_document"},
    {"refuses no code", "", CARD_AGE, 400, "invalid_request"},
    {"refuses a number for a code", "1", CARD_AGE, 400, "invalid_request"},
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
    net_answer     a   = card_scan(row->codes, row->more);

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
