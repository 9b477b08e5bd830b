/* SPDX-License-Identifier: Apache-2.0 */

/** An officer's hours, and what is left of them for whoever kept a token, a
 *  link or a request: with clocks that are moved, in builds with
 *  -Dtest_hooks=true. */

#include "clock.h"
#include "officer_world.h"

enum { MINUTE = 60, HOUR = 3600 };

static officer ann;
static bool    moves;

static void prepare(void **state)
{
    char number[64], line[240];

    (void)state;
    moves = clock_moves();
    if (!moves) {
        print_message("# built without -Dtest_hooks=true\n");
        skip();
    }
    clock_use("desk");
    clock_set("desk", 0);
    clock_set("wallet", 0);
    test_use_passphrase();
    officer_make_authority("--profile police --profile hotel");
    desk_make_person(number, sizeof number);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --cards 0 "
             "--document resident_id --person %s",
             number);
    test_must(line, 0);
    desk_make_desk("");
    officer_serve_authority();
    desk_start("");
    officer_add(&ann, "7K2Q-0417", "");
    assert_int_equal(officer_register(&ann), 204);
}

/* Logged in anew: what is over by a clock that is ahead the desk forgets at
 * its next turn, whenever that comes; and minutes before the end are counted
 * from now on. */
static void begin(void)
{
    if (!moves)
        skip();
    clock_use("desk");
    clock_set("desk", 0);
    clock_set("wallet", 0);
    officer_login(&ann);
}

static net_answer ask(void)
{
    char json[400];

    snprintf(json, sizeof json, "{\"profile\":\"police\",\"officer\":\"%s\"}",
             ann.token);
    return desk_api("POST", "/api/sessions", json);
}

static int present(const char *link)
{
    char line[8000];

    snprintf(line, sizeof line,
             "wallet present -C @/w --local --yes --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem '%s'",
             link);
    clock_use("wallet");
    int code = test_type(line)->code;
    clock_use("desk");
    return code;
}

static const char *state_of(const char *id)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s", id);
    net_answer a = desk_api("GET", path, NULL);
    return desk_member(&a, "state");
}

static void asks_until_the_end(void **state)
{
    static const struct {
        long ahead;
        int  status;
    } rows[] = {{0, 201}, {7 * HOUR, 201}, {8 * HOUR + MINUTE, 403},
                {24 * HOUR, 403}};

    (void)state;
    begin();
    for (size_t i = 0; i < COUNT(rows); i++) {
        clock_set("desk", rows[i].ahead);
        net_answer a = ask();
        assert_int_equal(a.status, rows[i].status);
        if (a.status == 403)
            assert_string_equal(desk_member(&a, "error"), "officer_needed");
    }
}

/* Asked in the last minute, shown after it. */
static void is_over_with_the_hours(void **state)
{
    (void)state;
    begin();
    clock_set("desk", 8 * HOUR - 2 * MINUTE);
    net_answer a = ask();
    assert_int_equal(a.status, 201);
    const char *id = desk_member(&a, "id"), *link = desk_member(&a, "qr");
    clock_set("desk", 8 * HOUR + 10);
    clock_set("wallet", 8 * HOUR + 10);
    assert_int_not_equal(present(link), 0);
    assert_string_not_equal(state_of(id), "done");
}

/* The wallet's clock says that the hours are over; the desk's was set back so
 * that an officer who left the service may ask. */
static void believes_no_clock_but_its_own(void **state)
{
    (void)state;
    begin();
    net_answer a = ask();
    assert_int_equal(a.status, 201);
    clock_set("wallet", 9 * HOUR);
    assert_int_equal(present(desk_member(&a, "qr")), 3);
    assert_string_not_equal(state_of(desk_member(&a, "id")), "done");
    clock_set("wallet", 0);
    assert_int_equal(present(desk_member(&a, "qr")), 0);
    assert_string_equal(state_of(desk_member(&a, "id")), "done");
}

int main(void)
{
    test_add("officer", "accepts to begin", prepare, NULL);
    test_add("officer", "refuses to ask when the hours are over",
             asks_until_the_end, NULL);
    test_add("officer", "refuses N228: what was begun within the hours",
             is_over_with_the_hours, NULL);
    test_add("officer", "refuses N206, N234: an officer of hours ago",
             believes_no_clock_but_its_own, NULL);

    int code = test_run("journeys/moved_officer");
    if (moves) {
        (void)test_server_stop(&desk_server);
        (void)test_server_stop(&officer_authority);
    }
    test_scratch_remove();
    return code;
}
