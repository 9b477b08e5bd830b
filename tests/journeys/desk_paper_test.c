/* SPDX-License-Identifier: Apache-2.0 */

/** Paper before a desk: what it says is told, it counts once the clerk has
 *  looked at the face, and only for a purpose that allows it. */

#include "desk_card.h"

#define PRINT "wallet print -C @/w resident_id --output @/sheet.pdf --profile "
#define ASKED ",\"profile\":\"hotel\""
#define LOOKED ",\"profile\":\"hotel\",\"compared\":true"

static char id_number[32];

static void prepare(void **state)
{
    char line[240];

    (void)state;
    test_use_passphrase();
    desk_make_authority();
    desk_make_person(id_number, sizeof id_number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 2 --cards 4 "
             "--document resident_id --paper hotel --person %s",
             id_number);
    desk_must(line, 0);
    desk_must(PRINT "hotel --code @/paper.txt", 0);
    desk_make_desk("");
    desk_start("");
}

static const struct {
    const char *name, *more;
    int         status;
    const char *says;
} scans[] = {
    {"never accepts it before somebody looked", ASKED, 200,
     "\"verdict\":\"indeterminate\""},
    {"gives what remains to be done", ASKED, 200, "compare_portrait"},
    {"never accepts it where nobody says so",
     ASKED ",\"compared\":false", 200, "\"verdict\":\"indeterminate\""},
    {"accepts it when the clerk looked", LOOKED, 200,
     "\"verdict\":\"accept\""},
    {"gives that it was the clerk's look", LOOKED, 200,
     "\"compared\":true"},
    {"accepts the same sheet again", LOOKED, 200, "\"verdict\":\"accept\""},
    {"refuses a look that is no truth", ASKED ",\"compared\":\"yes\"", 400,
     "invalid_request"},
    {"refuses it for another purpose",
     ",\"profile\":\"age\",\"compared\":true", 200, "\"verdict\":\"reject\""},
};

static void scanned(void **state)
{
    size_t     i = *(const size_t *)*state;
    net_answer a = card_scan(card_lines("paper.txt"), scans[i].more);

    assert_int_equal(a.status, scans[i].status);
    if (!desk_says(&a, scans[i].says))
        print_message("# %.*s\n",
                      a.body.len < 600 ? (int)a.body.len : 600,
                      (const char *)a.body.ptr);
    assert_true(desk_says(&a, scans[i].says));
}

/* Also what is to be compared, and not that it was shown before. */
static void tells(void **state)
{
    net_answer a = card_scan(card_lines("paper.txt"), ASKED);

    (void)state;
    assert_true(desk_says(&a, id_number));
    assert_false(desk_says(&a, "card_replay"));
}

/* What answers no challenge spends none, and is no verdict. */
static void refuses_for_a_challenge(void **state)
{
    const char *id = card_challenge("{\"profile\":\"hotel\"}");
    net_answer  a  = card_scan(card_lines("paper.txt"), card_with(id));

    (void)state;
    assert_int_equal(a.status, 400);
    assert_true(desk_says(&a, "paper_needs_no_challenge"));
    a = card_scan(card_show_hotel(), card_with(id));
    assert_int_equal(a.status, 200);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
}

/* A look takes the place of no challenge: a card has a key. */
static void looks_at_no_card(void **state)
{
    (void)state;
    const char *age = card_show_age();
    net_answer  a   = card_scan(age, LOOKED);
    assert_int_equal(a.status, 400);
    assert_true(desk_says(&a, "challenge_needed"));
    a = card_scan(age, CARD_AGE ",\"compared\":true");
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    assert_false(desk_says(&a, "compared"));
    a = card_scan(age, CARD_AGE ",\"compared\":true");
    assert_true(desk_says(&a, "\"verdict\":\"reject\""));
}

int main(void)
{
    static size_t numbers[COUNT(scans)];

    test_add("paper", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(scans); i++) {
        numbers[i] = i;
        test_add("paper", scans[i].name, scanned, &numbers[i]);
    }
    test_add("paper", "gives what is to be compared", tells, NULL);
    test_add("paper", "refuses it for an answer to a challenge",
             refuses_for_a_challenge, NULL);
    test_add("paper", "never takes a look for a challenge", looks_at_no_card,
             NULL);

    int code = test_run("journeys/desk_paper");
    test_scratch_remove();
    return code;
}
