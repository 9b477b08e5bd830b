/* SPDX-License-Identifier: Apache-2.0 */
/* Every act in every state. */
#include "authority/netcert/netcert.h"

#include "check.h"

enum { NONE = 0, OPENED, FROZEN, DEREGISTERED, EXPIRED, SUPERSEDED, BEYOND };

/* Rows: states from none to beyond; columns: acts 0 to 6, of which 0 and 6 are
 * none. */
static const int64_t table[BEYOND + 1][7] = {
    [OPENED] = {0, FROZEN, 0, DEREGISTERED, EXPIRED, SUPERSEDED, 0},
    [FROZEN] = {0, 0, OPENED, DEREGISTERED, EXPIRED, SUPERSEDED, 0},
};

static void moves_as_the_table(void **state)
{
    (void)state;
    for (int64_t from = -1; from <= BEYOND; from++)
        for (int act = 0; act < 7; act++)
            assert_int_equal(netcert_move(from, (netcert_act)act),
                             from < 0 ? 0 : table[from][act]);
}

static void never_leaves_an_end(void **state)
{
    (void)state;
    for (int64_t from = DEREGISTERED; from <= SUPERSEDED; from++)
        for (int act = 0; act < 7; act++)
            assert_int_equal(netcert_move(from, (netcert_act)act), 0);
}

static void expires_at_its_second(void **state)
{
    store_netcert n = {.expires = 100};
    (void)state;

    for (n.state = NONE; n.state <= SUPERSEDED; n.state++) {
        bool alive = n.state == OPENED || n.state == FROZEN;
        assert_int_equal(netcert_state_at(&n, 99), n.state);
        assert_int_equal(netcert_state_at(&n, 100),
                         alive ? EXPIRED : n.state);
        assert_int_equal(netcert_state_at(&n, INT64_MAX),
                         alive ? EXPIRED : n.state);
        assert_int_equal(netcert_state_at(&n, INT64_MIN), n.state);
    }
}

static void gives_words(void **state)
{
    static const char *const words[] = {"none",         "opened",  "frozen",
                                        "deregistered", "expired", "superseded",
                                        "none"};
    (void)state;

    for (int64_t i = NONE; i <= BEYOND; i++)
        assert_string_equal(netcert_state_word(i), words[i]);
    assert_string_equal(netcert_state_word(-1), "none");
}

int main(void)
{
    test_add("moves", "gives what the table says, for every state and act",
             moves_as_the_table, NULL);
    test_add("moves", "never leaves a state that is for good",
             never_leaves_an_end, NULL);
    test_add("moves", "gives expired from the second on that it is over",
             expires_at_its_second, NULL);
    test_add("moves", "gives a word for each state", gives_words, NULL);
    return test_run("authority/netcert/moves");
}
