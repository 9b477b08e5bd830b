/* SPDX-License-Identifier: Apache-2.0 */

/** A wallet on a device whose clock is wrong: put forward by what an anchor
 *  signed, never put back, and told aloud. In builds with -Dtest_hooks=true. */

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "journey.h"

#define PERSON "12011919880808901X"
#define ISSUE                                                                  \
    "document issue -C @/a --wallet @/w --copies 4 --cards 4 --person " PERSON \
    " --document resident_id --paper hotel"
/* nobody is asked in the end: the address is no server */
#define LOOK(bundle)                                                           \
    "wallet present -C @/w --local --trust @/" bundle " --trust-anchor "       \
    "@/a/certificates/trust-root.pem --trust-seen @/seen "                     \
    "'openid4vp://?client_id=x509_hash%3Ax&request_uri=http%3A%2F%2F127.0.0."  \
    "1%3A1%2Fr' "
#define SHOW                                                                   \
    "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "         \
    "--audience a --unidentified --yes --output @/shown.txt"
#define JUDGE                                                                  \
    "verify --trust @/a/certificates/population-root.pem --status "            \
    "@/lists/1.jwt --nonce n --audience a @/shown.txt"

enum { HOUR = 3600, DAY = 86400 };

static bool moves;

/* What an authority does is done at its own time. */
static void at_authority(long ahead, const char *line)
{
    clock_use("authority");
    clock_set("authority", ahead);
    test_must(line, 0);
    clock_use("wallet");
}

static void prepare(void **state)
{
    (void)state;
    moves = clock_moves();
    if (!moves) {
        print_message("# built without -Dtest_hooks=true\n");
        skip();
    }
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    clock_set("wallet", 0);
    clock_use("wallet");
    test_must("authority init --demo -C @/a", 0);
    test_must("authority init --demo -C @/stranger", 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must(ISSUE, 0);
    at_authority(0, "statuslist publish -C @/a --output @/lists");
    at_authority(0, "trust publish -C @/a --output @/today");
    at_authority(3 * DAY, "statuslist publish -C @/a --output @/lists3");
    at_authority(3 * DAY, "trust publish -C @/a --output @/later");
    at_authority(9 * DAY, "statuslist publish -C @/a --output @/lists9");
    at_authority(9 * DAY, "trust publish -C @/a --output @/latest");
    at_authority(30 * DAY, "trust publish -C @/stranger --output @/foreign");
}

static void begin(long ahead)
{
    if (!moves)
        skip();
    clock_set("wallet", ahead);
    clock_use("wallet");
}

/* ---- behind ------------------------------------------------------------- */

/* A device that is right hears nothing. */
static void says_nothing(void **state)
{
    (void)state;
    begin(0);
    test_must(LOOK("today/bundle.cose"), 7);
    assert_false(test_said("clock"));
    test_must("wallet list -C @/w", 0);
    assert_false(test_said("clock"));
}

/* Two hours behind what the bundle says: that is when it is now. */
static void goes_by_what_was_signed(void **state)
{
    (void)state;
    begin(-2 * HOUR);
    test_must(LOOK("today/bundle.cose"), 7);
    test_says("clock is behind by");
    test_must(SHOW, 0);
    test_says("clock is behind");
    clock_set("verifier", 0);
    clock_use("verifier");
    test_must(JUDGE, 0); /* else it would be two hours old */
    test_must("wallet history -C @/w --json", 0);
    clock_use("wallet");
}

/* The same without a word of it would be refused. */
static void refuses_without(void **state)
{
    (void)state;
    begin(-2 * HOUR);
    test_must("wallet init -C @/fresh", 0);
    at_authority(0, "document issue -C @/a --wallet @/fresh --copies 2 --cards "
                    "0 --person " PERSON " --document resident_id");
    test_must("wallet present -C @/fresh --profile hotel --format sd-jwt "
              "--nonce n --audience a --unidentified --yes --output "
              "@/shown.txt", 0);
    assert_false(test_said("clock"));
    clock_use("verifier");
    assert_int_not_equal(test_type(JUDGE)->code, 0);
    clock_use("wallet");
}

/* A clock that was set right needs no correction, and gets none. */
static void forgets(void **state)
{
    (void)state;
    begin(0);
    test_must("wallet list -C @/w", 0);
    assert_false(test_said("clock"));
    begin(-2 * HOUR);
    test_must("wallet list -C @/w", 0);
    test_says("clock is behind");
}

/* ---- never back --------------------------------------------------------- */

/* Nine days on the paper is over. Who sets the clock back does not have it
 * again: the wallet has seen what was signed later. */
static void stays_over(void **state)
{
    (void)state;
    begin(0);
    test_must("wallet print -C @/w resident_id --profile hotel --output "
              "@/sheet.pdf", 0);
    begin(9 * DAY);
    test_must("wallet print -C @/w resident_id --profile hotel --output "
              "@/sheet.pdf", 3);
    test_says("is over");
    test_must(LOOK("latest/bundle.cose"), 7);
    begin(0);
    test_must("wallet print -C @/w resident_id --profile hotel --output "
              "@/sheet.pdf", 3);
    test_says("clock is behind by");
    test_says("is over");
    test_must("wallet present -C @/w --profile age --format card --unidentified "
              "--yes --output @/card.txt", 3);
    test_says("are over");
}

/* An older list moves nothing. */
static void ignores_older(void **state)
{
    (void)state;
    begin(0);
    test_type(LOOK("later/bundle.cose"));
    test_must("wallet list -C @/w", 0);
    test_says("clock is behind by");
}

/* One who signs for himself is nobody, whatever moment he names. */
static void ignores_strangers(void **state)
{
    (void)state;
    begin(9 * DAY);
    assert_int_not_equal(test_type(LOOK("foreign/bundle.cose"))->code, 0);
    assert_false(test_said("clock is behind"));
    test_must("wallet list -C @/w", 0);
    assert_false(test_said("clock"));
}

/* Ahead: nothing that was signed shows it, and nothing is taken back. */
static void goes_on_ahead(void **state)
{
    (void)state;
    begin(40 * DAY);
    test_must("wallet list -C @/w", 0);
    assert_false(test_said("clock"));
    test_must("wallet print -C @/w resident_id --profile hotel --output "
              "@/sheet.pdf", 3);
    test_says("is over");
}

int main(void)
{
    test_add("clock", "accepts a wallet and four bundles", prepare, NULL);
    test_add("clock", "gives no word where the clock is right", says_nothing,
             NULL);
    test_add("clock", "refuses, at a verifier, what a wrong clock signed",
             refuses_without, NULL);
    test_add("clock", "gives a proof of the right moment all the same",
             goes_by_what_was_signed, NULL);
    test_add("clock", "never corrects a clock that was set right", forgets,
             NULL);
    test_add("clock", "refuses what is over, after the clock was set back",
             stays_over, NULL);
    test_add("clock", "never goes back for an older list", ignores_older, NULL);
    test_add("clock", "never goes by what a stranger signed",
             ignores_strangers, NULL);
    test_add("clock", "refuses what is over where the clock is ahead",
             goes_on_ahead, NULL);

    int code = test_run("journeys/clock");
    test_scratch_remove();
    return code;
}
