/* SPDX-License-Identifier: Apache-2.0 */

/** Cards without a network, later: what a wallet showed once before a gate and
 *  a desk whose clocks are moved, and lists that nobody brought for days. In
 *  builds with -Dtest_hooks=true. */

#include "clock.h"
#include "desk_card.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static bool moves;

/* ---- the world ---------------------------------------------------------- */

static void prepare(void **state)
{
    char number[32], line[200];

    (void)state;
    moves = clock_moves();
    if (!moves) {
        print_message("# built without -Dtest_hooks=true\n");
        skip();
    }
    clock_use("checker");
    clock_set("checker", 0);
    clock_set("wallet", 0);
    test_use_passphrase();
    desk_make_authority();
    desk_make_person(number, sizeof number);
    desk_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 4 --cards 40 "
             "--document resident_id --person %s",
             number);
    desk_must(line, 0);
    desk_make_desk("");
    desk_start("");
}

/* Each case begins today, before a gate that has seen nothing. */
static void begin(void)
{
    if (!moves)
        skip();
    clock_set("checker", 0);
    clock_set("wallet", 0);
    clock_use("checker");
    (void)remove(test_scratch_path("gate.seen"));
}

/* Cards are made by the wallet's clock, which is another. */
static const char *show_age(void)
{
    clock_use("wallet");
    const char *codes = card_show_age();
    clock_use("checker");
    return codes;
}

/* ---- a gate ------------------------------------------------------------- */

/* What a gate says that is started, sees FILE and ends: an exit code and, in
 * the last output, its lines. */
static int gate(const char *file)
{
    const char *text = desk_file(file);
    char        bundle[300], anchor[300];
    const char *argv[] = {"gate",      "run", "-C",      test_scratch(),
                          "--profile", "age", "--trust", bundle,
                          "--trust-anchor", anchor, NULL};

    snprintf(bundle, sizeof bundle, "%s", test_scratch_path("t/bundle.cose"));
    snprintf(anchor, sizeof anchor, "%s",
             test_scratch_path("t/trust-root.pem"));
    return test_run_program(argv, text)->code;
}

static void accepts_today(void **state)
{
    (void)state;
    begin();
    (void)show_age();
    assert_int_equal(gate("age.txt"), 0);
    test_says("{\"verdict\":\"accept\"");
}

/* A picture of the card is shown again, at this moment and at all others. */
static void refuses_later(void **state)
{
    static const long later[] = {1,           30,   MINUTE, 2 * MINUTE,
                                 10 * MINUTE, HOUR, DAY,    6 * DAY};

    (void)state;
    begin();
    (void)show_age();
    assert_int_equal(gate("age.txt"), 0);
    test_says("{\"verdict\":\"accept\"");
    for (size_t i = 0; i < COUNT(later); i++) {
        clock_set("checker", later[i]);
        assert_int_equal(gate("age.txt"), 0);
        assert_false(test_said("{\"verdict\":\"accept\""));
        test_says("\"verdict\":\"reject\"");
    }
}

/* The gate never saw it; it is only old. */
static void refuses_yesterdays(void **state)
{
    static const long later[] = {5 * MINUTE, DAY};

    (void)state;
    for (size_t i = 0; i < COUNT(later); i++) {
        begin();
        (void)show_age();
        clock_set("checker", later[i]);
        assert_int_equal(gate("age.txt"), 0);
        test_says("\"verdict\":\"reject\"");
    }
}

/* A wallet whose clock runs ahead makes cards for later: of no use now. */
static void refuses_tomorrows(void **state)
{
    (void)state;
    begin();
    clock_set("wallet", HOUR);
    (void)show_age();
    assert_int_equal(gate("age.txt"), 0);
    test_says("\"verdict\":\"reject\"");
    (void)remove(test_scratch_path("gate.seen"));
    clock_set("checker", HOUR);
    assert_int_equal(gate("age.txt"), 0);
    test_says("{\"verdict\":\"accept\"");
}

static void ages(void **state)
{
    (void)state;
    begin();
    clock_set("checker", 2 * DAY);
    clock_set("wallet", 2 * DAY);
    (void)show_age();
    assert_int_equal(gate("age.txt"), 0);
    test_says("\"verdict\":\"indeterminate\"");
    clock_set("checker", 8 * DAY);
    clock_set("wallet", 8 * DAY);
    assert_int_not_equal(gate("age.txt"), 0);
    assert_false(test_said("\"verdict\":\"accept\""));
}

static void goes_back(void **state)
{
    (void)state;
    begin();
    (void)show_age();
    assert_int_equal(gate("age.txt"), 0);
    clock_set("checker", -HOUR);
    clock_set("wallet", -HOUR);
    (void)show_age();
    assert_int_equal(gate("age.txt"), 3);
    assert_false(test_said("\"verdict\":\"accept\""));
}

/* ---- a desk ------------------------------------------------------------- */

static void desk_refuses_later(void **state)
{
    static const long later[] = {1, MINUTE, 5 * MINUTE, DAY, 6 * DAY};
    const char       *card;
    net_answer        a;

    (void)state;
    begin();
    card = show_age();
    a    = card_scan(card, CARD_AGE);
    assert_true(desk_says(&a, "\"verdict\":\"accept\""));
    for (size_t i = 0; i < COUNT(later); i++) {
        clock_set("checker", later[i]);
        a = card_scan(card, CARD_AGE);
        assert_int_equal(a.status, 200);
        assert_true(desk_says(&a, "\"verdict\":\"reject\""));
    }
}

/* Sealed to a challenge that was answered too late. */
static void desk_refuses_old_challenges(void **state)
{
    static const struct {
        long ahead;
        bool good;
    } rows[] = {{50, true}, {5 * MINUTE, false}, {DAY, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *id, *card;
        net_answer  a;
        time_t      asked;

        begin();
        asked = time(NULL);
        id = card_challenge("{\"profile\":\"hotel\"}");
        clock_use("wallet");
        card = card_show_hotel();
        clock_use("checker");
        /* so long after it was asked, however long the wallet took */
        clock_set("checker", rows[i].ahead - (long)(time(NULL) - asked));
        a = card_scan(card, card_with(id));
        assert_int_equal(a.status, rows[i].good ? 200 : 400);
        assert_true(desk_says(&a, rows[i].good ? "\"verdict\":\"accept\""
                                               : "\"unknown_challenge\""));
    }
}

/* A wallet answers no challenge of yesterday. */
static void wallet_refuses_old_challenges(void **state)
{
    (void)state;
    begin();
    (void)card_challenge("{\"profile\":\"hotel\"}");
    clock_use("wallet");
    clock_set("wallet", 5 * MINUTE);
    const test_output *o = test_type(
        "wallet present -C @/w --profile hotel --format card --reader "
        "@/hotel/reader.pem --yes --challenge @/challenge.txt --output "
        "@/late.txt");
    clock_use("checker");
    assert_int_equal(o->code, 3);
    test_says("no longer valid");
}

int main(void)
{
    test_add("moved", "starts a desk and a wallet", prepare, NULL);
    test_add("gate", "accepts a card that was just shown", accepts_today, NULL);
    test_add("gate", "refuses N241, N238: its picture at any later moment",
             refuses_later, NULL);
    test_add("gate", "refuses N238: yesterday's card, seen for the first time",
             refuses_yesterdays, NULL);
    test_add("gate", "refuses N238: a card for later, and accepts it then",
             refuses_tomorrows, NULL);
    test_add("gate", "gives N246: a maybe by lists of two days ago, then none",
             ages, NULL);
    test_add("gate", "refuses N301: to judge after its clock went back",
             goes_back, NULL);
    test_add("desk", "refuses N241, N238: a card at any later moment",
             desk_refuses_later, NULL);
    test_add("desk", "refuses N240: an answer to a challenge that is over",
             desk_refuses_old_challenges, NULL);
    test_add("wallet", "refuses N240: a challenge of five minutes ago",
             wallet_refuses_old_challenges, NULL);

    int code = test_run("journeys/moved_card");
    if (moves)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
