/* SPDX-License-Identifier: Apache-2.0 */

/** An authority's keys over their life: replaced, stolen, a new root, a new
 *  key for the register; with documents from before and after. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"
#include "journey.h"

#define CODE "91330114MAC000017N"
#define ASK                                                                    \
    "wallet present --profile hotel --format sd-jwt --nonce n --audience a "   \
    "--yes --reader @/hotel/reader.pem "
#define CHECK                                                                  \
    "verify --nonce n --audience a --trust @/t/bundle.cose --trust-anchor "    \
    "@/t/trust-root.pem @/"

static char person_number[32];

/* Into wallet NAME, and shown from it into the file NAME.shown. */
static void issue_to(const char *name)
{
    char line[400];

    snprintf(line, sizeof line,
             "wallet init -C @/%s --registrar @/a/certificates/"
             "reader-root.pem", name);
    test_must(line, 0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/%s --copies 2 --document "
             "resident_id --person %s", name, person_number);
    test_must(line, 0);
    snprintf(line, sizeof line, ASK "-C @/%s --output @/%s.shown", name, name);
    test_must(line, 0);
}

static void publish(void)
{
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
}

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("party register -C @/a --code " CODE " --name SPECIMEN --profile "
              "hotel --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_keep_number("people.jsonl", person_number, sizeof person_number);
    issue_to("first");
    publish();
    test_must(CHECK "first.shown", 0);
    test_must("signer publish -C @/a", 0);
    test_must("authority backup @/b -C @/a", 0);
}

/* ---- a signer ------------------------------------------------------------ */

static void replaced_signer_stays_good(void **state)
{
    (void)state;
    test_must("signer rotate population -C @/a", 0);
    test_says("what the old one signed stays good");
    issue_to("second");
    publish();
    test_must(CHECK "first.shown", 0);
    test_must(CHECK "second.shown", 0);
    test_must("signer list -C @/a --json", 0);
    test_says(
        "\"role\":\"population\",\"kind\":\"signer\",\"state\":\"replaced\"");
}

static void stolen_signer_takes_all_with_it(void **state)
{
    (void)state;
    test_must("signer rotate population --compromised -C @/a --json", 0);
    test_says("\"revoked_issuances\":1");
    test_says("\"lists\":1");
    issue_to("third");
    publish();
    test_must(CHECK "first.shown", 0); /* by the signer before */
    test_must(CHECK "second.shown", 3);
    test_must(CHECK "third.shown", 0);
}

/* The fingerprint of the one that was replaced first. */
static void replaced_signer_is_revoked_later(void **state)
{
    const char *at;
    char        line[128];
    const char *out;

    (void)state;
    test_must("signer revoke 00000000 -C @/a", 7);
    out = test_must("signer list -C @/a --json", 0)->out;
    at  = strstr(out, "\"role\":\"population\",\"kind\":\"signer\",\"state\":"
                      "\"in-use\",\"fingerprint\":\"");
    assert_non_null(at);
    snprintf(line, sizeof line, "signer revoke %.16s -C @/a",
             strstr(at, "fingerprint") + 14);
    test_must(line, 3);
    test_says("in use");

    out = test_must("signer list -C @/a --json", 0)->out;
    at  = strstr(out, "\"role\":\"population\",\"kind\":\"signer\",\"state\":"
                      "\"replaced\",\"fingerprint\":\"");
    assert_non_null(at);
    snprintf(line, sizeof line, "signer revoke %.16s -C @/a --json",
             strstr(at, "fingerprint") + 14);
    test_must(line, 0);
    test_says("\"revoked_issuances\":1");
    publish();
    test_must(CHECK "first.shown", 3);
    test_must(CHECK "third.shown", 0);
}

/* Another implementation sees both on the list, and the one in use not. */
static void list_says_so(void **state)
{
    char command[600];

    (void)state;
    test_must("signer publish -C @/a --out @/crl --json", 0);
    test_says("\"signed\":5,\"missing\":0");
    snprintf(command, sizeof command,
             "test $(openssl crl -inform DER -in %s -noout -text -CAfile %s "
             "2>&1 | grep -cE 'verify OK|Serial Number:') = 3",
             test_scratch_path("crl/population.crl"),
             test_scratch_path("a/certificates/population-root.pem"));
    assert_int_equal(system(command), 0);
}

/* Both were revoked after the backup; one of them is the backup's own, and the
 * other one nobody knows there. */
static void restored_forgets_no_revocation(void **state)
{
    char command[600];

    (void)state;
    test_must("audit export -C @/a --output @/log", 0);
    test_must("authority restore @/b --keys @/a/keys --log @/log "
              "--lists @/lists -C @/r", 3);
    test_says("--crls");
    test_must("authority restore @/b --keys @/a/keys --log @/log "
              "--lists @/lists --crls @/log -C @/r", 3);
    test_must("authority restore @/b --keys @/a/keys --log @/log "
              "--lists @/lists --crls @/crl -C @/r --json", 0);
    test_says("\"revoked_in_use\":1");
    test_must("signer publish -C @/r --out @/crl-r", 0);
    snprintf(command, sizeof command,
             "test $(openssl crl -inform DER -in %s -noout -text -CAfile %s "
             "2>&1 | grep -cE 'verify OK|Serial Number:') = 3",
             test_scratch_path("crl-r/population.crl"),
             test_scratch_path("a/certificates/population-root.pem"));
    assert_int_equal(system(command), 0);
    /* nothing is signed with it */
    snprintf(command, sizeof command,
             "document issue -C @/r --wallet @/first --copies 1 --document "
             "resident_id --person %s", person_number);
    test_must(command, 3);
    test_says("was revoked");
    test_must("signer rotate population --compromised -C @/r --json", 0);
    test_must(command, 0);
}

/* ---- a root -------------------------------------------------------------- */

static void new_root_beside_the_old(void **state)
{
    char command[600];

    (void)state;
    test_must("signer rotate population --kind root -C @/a --json", 0);
    test_says("\"replaced\":3");
    issue_to("fourth");
    publish();
    test_must(CHECK "third.shown", 0);
    test_must(CHECK "fourth.shown", 0);
    snprintf(command, sizeof command, "openssl verify -CAfile %s %s",
             test_scratch_path("a/certificates/population-root.pem"),
             test_scratch_path("a/certificates/population-root-2-link.pem"));
    assert_int_equal(system(command), 0);
    test_must("signer publish -C @/a --out @/crl-2 --json", 0);
    test_says("\"signed\":6,\"missing\":0");
    assert_true(yao_path_exists(test_scratch_path("crl-2/population.crl")));
    assert_true(yao_path_exists(test_scratch_path("crl-2/population-2.crl")));
}

static void root_key_may_be_away(void **state)
{
    (void)state;
    assert_int_equal(rename(test_scratch_path("a/keys/traffic-root.pem"),
                            test_scratch_path("away.pem")), 0);
    test_must("signer publish -C @/a --json", 0);
    test_says("\"signed\":5,\"missing\":1");
    test_must("signer rotate traffic -C @/a", 7);
    test_says("--root-key");

    char line[300];
    snprintf(line, sizeof line, "signer rotate traffic --root-key file:%s "
             "-C @/a", test_scratch_path("away.pem"));
    test_must(line, 0);
    snprintf(line, sizeof line,
             "signer publish --role traffic --root-key file:%s -C @/a --json",
             test_scratch_path("away.pem"));
    test_must(line, 0);
    test_says("\"signed\":1,\"missing\":0");
}

static void refuses_other_keys(void **state)
{
    (void)state;
    test_must("signer rotate police -C @/a", 1);
    test_must("signer rotate registrar -C @/a", 1);
    test_must("signer rotate population --kind reader -C @/a", 1);
}

/* ---- the register's key -------------------------------------------------- */

static void everybody_under_a_new_key(void **state)
{
    (void)state;
    test_must("authority rekey -C @/a --json", 0);
    test_says("\"epoch\":2,\"people\":1,\"old_key_destroyed\":false");
    test_must("authority rekey --destroy-old -C @/a --json", 0);
    test_says("\"epoch\":2,\"people\":0,\"old_key_destroyed\":true");
    assert_false(yao_path_exists(test_scratch_path("a/keys/register-1.key")));
    issue_to("fifth");
    /* as though it had been killed when the setting was gone, the key not */
    assert_status(yao_file_write(test_scratch_path("a/keys/register-1.key"),
                                 YAO_LIT("0123456789abcdef0123456789abcdef"),
                                 0600, true),
                  YAO_OK);
    test_must("authority rekey --destroy-old -C @/a --json", 0);
    test_says("\"epoch\":2,\"people\":0,\"old_key_destroyed\":true");
    assert_false(yao_path_exists(test_scratch_path("a/keys/register-1.key")));
    test_must("person generate -C @/a --count 3 --seed 8", 0);
    test_must("authority rekey -C @/a --json", 0);
    test_says("\"epoch\":3,\"people\":4");
}

int main(void)
{
    test_add("keys", "prepares", prepare, NULL);
    test_add("keys", "a replaced signer stays good for what it signed",
             replaced_signer_stays_good, NULL);
    test_add("keys", "a stolen signer takes all that it signed with it",
             stolen_signer_takes_all_with_it, NULL);
    test_add("keys", "a replaced signer is revoked later",
             replaced_signer_is_revoked_later, NULL);
    test_add("keys", "the revocation list says so, to others too",
             list_says_so, NULL);
    test_add("keys", "a register from a backup takes no revocation back",
             restored_forgets_no_revocation, NULL);
    test_add("keys", "a new root stands beside the old one",
             new_root_beside_the_old, NULL);
    test_add("keys", "the key of a root may be away", root_key_may_be_away,
             NULL);
    test_add("keys", "refuses keys that there are not", refuses_other_keys,
             NULL);
    test_add("keys", "everybody comes under a new key, the old is destroyed",
             everybody_under_a_new_key, NULL);
    int code = test_run("journeys/keys");
    test_scratch_remove();
    return code;
}
