/* SPDX-License-Identifier: Apache-2.0 */

/** A document signer's key in the hands of a thief: what he signs leads to the
 *  root like all else and carries the status of somebody else's document. It is
 *  believed until the authority says so, and by nobody after. */

#include "journey.h"

#include <stdio.h>
#include <stdlib.h>

static char number[32];

static void prepare(void **state)
{
    char line[1000];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line, "cp -r '%s' '%s'", test_scratch_path("a"),
             test_scratch_path("thief"));
    assert_int_equal(system(line), 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/v --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/thief --wallet @/w --copies 3 --cards 20 "
             "--document resident_id --person %s",
             number);
    test_must(line, 0);
}

static void issue_and_publish(void)
{
    char line[200];

    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/v --copies 3 --cards 20 "
             "--document resident_id --person %s",
             number);
    test_must(line, 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
}

/* What `verify` says of a document of the wallet in FOLDER. */
static int judged(const char *folder, const char *how)
{
    char line[400];

    snprintf(line, sizeof line,
             "wallet present -C @/%s --profile age --choice age_over_18 "
             "--unidentified --yes --output @/shown %s",
             folder, how);
    test_must(line, 0);
    return test_type("verify --profile age --choice age_over_18 --json "
                     "--trust @/t/bundle.cose --trust-anchor "
                     "@/t/trust-root.pem --nonce n --audience a @/shown")
        ->code;
}

static const char *const ways[] = {
    "--format sd-jwt --nonce n --audience a",
    "--format card",
};

static void is_believed_at_first(void **state)
{
    (void)state;
    issue_and_publish();
    for (size_t i = 0; i < COUNT(ways); i++) {
        assert_int_equal(judged("w", ways[i]), 0);
        assert_int_equal(judged("v", ways[i]), 0);
    }
}

static void is_refused_after(void **state)
{
    (void)state;
    test_must("signer rotate population --compromised -C @/a", 0);
    issue_and_publish();
    for (size_t i = 0; i < COUNT(ways); i++) {
        assert_int_equal(judged("w", ways[i]), 3);
        assert_int_equal(judged("v", ways[i]), 0);
    }
}

int main(void)
{
    test_add("stolen", "begins with a thief who has the key", prepare, NULL);
    test_add("stolen", "accepts what he signs while nobody knows",
             is_believed_at_first, NULL);
    test_add("stolen", "refuses N112: what he signed, after the drill",
             is_refused_after, NULL);

    int code = test_run("journeys/stolen");
    test_scratch_remove();
    return code;
}
