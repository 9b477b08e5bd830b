/* SPDX-License-Identifier: Apache-2.0 */

/** Trust lists over their life: published, read by another program, used with
 *  the network cut, rolled back, out of date, forged. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"
#include "journey.h"

#define CODE "91330114MAC000017N"
#define ASK                                                                    \
    "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "         \
    "--audience a --yes --reader @/hotel/reader.pem --output @/"
#define CHECK "verify --nonce n --audience a @/shown "
#define ANCHOR " --trust-anchor @/t/trust-root.pem "

static char issue_line[160], revoke_line[200];

static void copy_file(const char *from, const char *to)
{
    test_write(to, test_read(from));
}

/* ---- the beginning ------------------------------------------------------ */

static void prepare(void **state)
{
    const yao_json *person;
    yao_text        number;

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
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);

    yao_bytes people = test_read("people.jsonl");
    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &person), YAO_OK);
    assert_status(yao_json_string(yao_json_get(person, "number"), test_arena(),
                                  &number), YAO_OK);
    snprintf(issue_line, sizeof issue_line,
             "document issue -C @/a --wallet @/w --copies 3 --person %.*s",
             (int)number.len, (const char *)number.ptr);
    snprintf(revoke_line, sizeof revoke_line,
             "document revoke -C @/a --reason lost --document resident_id "
             "--person %.*s", (int)number.len, (const char *)number.ptr);
    test_must(issue_line, 0);
}

/* ---- publishing --------------------------------------------------------- */

static void refuses_unsigned_status(void **state)
{
    (void)state;
    test_must("trust publish -C @/a --output @/t", 3);
    test_says("statuslist publish");
    assert_false(yao_path_exists(test_scratch_path("t/bundle.cose")));
}

static void publishes(void **state)
{
    (void)state;
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t --json", 0);
    test_says("\"version\":1,");
    test_must("trust publish -C @/a --output @/t", 0);
    test_says("Version 2");
}

static void shows(void **state)
{
    (void)state;
    test_must("trust show @/t/bundle.cose", 0);
    test_says("NOT VERIFIED");
    test_must("trust show @/t/bundle.cose --trust-anchor @/t/trust-root.pem",
              0);
    test_says("verified, ");
    test_says(CODE);
    test_says("status list http://authority.localhost:8440/statuslists/1");
    test_must("trust show @/t/parties.cose --json --trust-anchor "
              "@/t/trust-root.pem",
              0);
    test_says("\"verified\":true");
    test_says("\"code\":\"" CODE "\"");
    test_must("trust show @/t/vical.cbor --json", 0);
    test_says("\"verified\":false");
    test_must("trust show --lang zh @/t/vical.cbor", 0);
    test_says("未经核验");
    test_must("trust show @/people.jsonl", 2);
    test_must("trust show @/t/bundle.cose --trust-anchor "
              "@/a/certificates/traffic-root.pem",
              3);
    test_must("trust show @/t/bundle.cose --trust-anchor @/people.jsonl", 2);
    test_must("trust show @/t/bundle.cose --trust-anchor sha256:00", 1);
}

/* A fingerprint by hand, the certificate from where the list came from. */
static void takes_fingerprints(void **state)
{
    char   line[256], command[512], hex[80] = "";
    FILE  *pipe;
    size_t len;

    (void)state;
    snprintf(command, sizeof command,
             "openssl x509 -in %s -outform DER | sha256sum",
             test_scratch_path("t/trust-root.pem"));
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(hex, 1, 64, pipe);
    pclose(pipe);
    assert_int_equal(len, 64);
    snprintf(line, sizeof line,
             "trust show @/t/bundle.cose --trust-anchor sha256:%s", hex);
    test_must(line, 0);
    test_says("verified, ");
    hex[63] = hex[63] == '0' ? '1' : '0';
    snprintf(line, sizeof line,
             "trust show @/t/bundle.cose --trust-anchor sha256:%s", hex);
    test_must(line, 3);
}

/* ---- another program ---------------------------------------------------- */

static int run_script(const char *words)
{
    char command[1024];

    snprintf(command, sizeof command,
             "python3 %s/tests/tools/trust.py %s >/dev/null 2>&1",
             getenv("YAOPAI_SOURCE"), words);
    return system(command);
}

static void is_read_elsewhere(void **state)
{
    char words[600];

    (void)state;
    snprintf(words, sizeof words, "read %s %s",
             test_scratch_path("t/vical.cbor"),
             test_scratch_path("t/trust-root.pem"));
    assert_int_equal(run_script(words), 0);
    snprintf(words, sizeof words, "read %s %s",
             test_scratch_path("t/vical.cbor"),
             test_scratch_path("a/certificates/traffic-root.pem"));
    assert_int_not_equal(run_script(words), 0);
}

static void reads_foreign_lists(void **state)
{
    char words[300];

    (void)state;
    assert_status(yao_folder_make(test_scratch_path("foreign"), 0700), YAO_OK);
    snprintf(words, sizeof words, "make %s", test_scratch_path("foreign"));
    assert_int_equal(run_script(words), 0);
    test_must("trust show @/foreign/vical.cbor --json --trust-anchor "
              "@/foreign/trust-root.pem",
              0);
    test_says("\"verified\":true");
    test_says("\"version\":42");
    test_says("org.iso.18013.5.1.mDL");
    test_must("trust show @/foreign/vical.cbor --trust-anchor "
              "@/foreign/issuer-root.pem",
              3);
    test_must("trust show @/foreign/vical.cbor" ANCHOR, 3);
}

/* ---- with the network cut ----------------------------------------------- */

static void trusts_a_bundle(void **state)
{
    (void)state;
    test_must(ASK "shown", 0);
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 0);
    test_says("ACCEPT");
    test_says("status             pass");
    assert_true(yao_path_exists(test_scratch_path("t/bundle.cose.seen")));
    test_must(CHECK, 3); /* nobody is trusted for nothing */
    copy_file("t/bundle.cose.seen", "swapped.cose.seen");
    copy_file("a/certificates/population-root.pem", "swapped.cose");
}

static const struct row {
    const char *name, *line;
    int         code;
    const char *text;
} rows[] = {
    {"refuses a bundle without the first anchor",
     CHECK "--trust @/t/bundle.cose", 1, "by hand"},
    {"refuses a VICAL without the first anchor", CHECK "--trust @/t/vical.cbor",
     1, "--trust-anchor"},
    {"refuses a bundle under another root",
     CHECK "--trust @/t/bundle.cose --trust-anchor "
           "@/a/certificates/population-root.pem",
     3, "not vouched for"},
    {"refuses an anchor that is no certificate",
     CHECK "--trust @/t/bundle.cose --trust-anchor @/passphrase", 3,
     "trust root"},
    {"refuses an anchor that is not there",
     CHECK "--trust @/t/bundle.cose --trust-anchor @/none.pem", 7,
     "none.pem"},
    {"refuses a list of relying parties",
     CHECK "--trust @/t/parties.cose" ANCHOR, 3, "names no issuers"},
    {"accepts a bundle strictly", CHECK "--trust @/t/bundle.cose --strict"
     ANCHOR, 0, "ACCEPT"},
    {"refuses a type that the VICAL does not name",
     CHECK "--trust @/t/vical.cbor" ANCHOR, 3, "REJECT"},
    {"accepts the issuer with a VICAL and a root given by hand",
     CHECK "--trust @/t/vical.cbor --trust "
           "@/a/certificates/population-root.pem" ANCHOR,
     5, "issuer_chain       pass"}, /* and no status list */
    {"refuses a bundle after its end, at that time",
     CHECK "--trust @/t/bundle.cose --at 2099-01-01" ANCHOR, 3, "past its end"},
    {"refuses N246: a clock before the bundle",
     CHECK "--trust @/t/bundle.cose --at 2026-01-01" ANCHOR, 3, "clock"},
    {"refuses a note that is damaged",
     CHECK "--trust @/t/bundle.cose --trust-seen @/passphrase" ANCHOR, 2,
     "accepted before"},
    {"refuses a note that cannot be written",
     CHECK "--trust @/t/bundle.cose --trust-seen @/none/seen" ANCHOR, 7,
     "accepted before"},
    {"refuses a certificate where a list was seen",
     CHECK "--trust @/swapped.cose --trust @/t/bundle.cose" ANCHOR, 3,
     "this is none"},
    {"refuses a certificate in place of the list of an anchor",
     CHECK "--trust @/a/certificates/population-root.pem" ANCHOR, 3,
     "this is none"},
    {"accepts a note elsewhere",
     CHECK "--trust @/t/bundle.cose --trust-seen @/seen" ANCHOR, 0, "ACCEPT"},
};

static void one(void **state)
{
    const struct row *row = *state;

    test_must(row->line, row->code);
    test_says(row->text);
}

/* A profile that no program was built with. */
static void brings_profiles(void **state)
{
    yao_bytes hotel = test_file("profiles/hotel.json");
    yao_bytes motel;
    uint8_t  *copy;
    size_t    at = 0;

    (void)state;
    assert_status(yao_arena_keep(test_arena(), hotel, &motel), YAO_OK);
    copy = (uint8_t *)(uintptr_t)motel.ptr;
    while (memcmp(copy + at, "\"hotel\"", 7) != 0)
        at++;
    copy[at + 1] = 'm';
    assert_status(yao_folder_make(test_scratch_path("c"), 0700), YAO_OK);
    assert_status(yao_folder_make(test_scratch_path("c/profiles"), 0700),
                  YAO_OK);
    test_write("c/profiles/motel.json", motel);
    test_must("trust publish -C @/a --output @/c/t --catalogue @/c", 0);
    test_must(CHECK "--trust @/c/t/bundle.cose --profile motel --trust-anchor "
                    "@/t/trust-root.pem",
              0);
    test_must(CHECK "--trust @/t/bundle.cose --profile motel" ANCHOR, 1);
    test_write("c/profiles/motel.json", YAO_LIT("{}"));
    test_must("trust publish -C @/a --output @/c/t --catalogue @/c", 2);
    test_says("docs/formats/catalogue.md");
}

/* One bit of each hundredth byte, with the note out of the way. */
static void refuses_forged(void **state)
{
    yao_bytes list = test_read("t/bundle.cose");
    uint8_t  *copy = (uint8_t *)(uintptr_t)list.ptr;

    (void)state;
    for (size_t i = 0; i < list.len; i += 499) {
        copy[i] ^= 4;
        test_write("forged", list);
        const test_output *o =
            test_type(CHECK "--trust @/forged --trust-seen @/forged.seen"
                      ANCHOR);
        assert_int_not_equal(o->code, 0);
        assert_false(test_said("ACCEPT"));
        copy[i] ^= 4;
    }
    test_write("forged", list);
    test_must(CHECK "--trust @/forged --trust-seen @/forged.seen" ANCHOR, 0);
}

static void refuses_rolled_back(void **state)
{
    (void)state;
    copy_file("t/bundle.cose", "old.cose");
    test_must("trust publish -C @/a --output @/t", 0);
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 0);
    copy_file("t/bundle.cose", "new.cose");
    copy_file("old.cose", "t/bundle.cose");
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 3);
    test_says("older than one");
    test_must("trust show @/t/bundle.cose" ANCHOR, 3);
    copy_file("new.cose", "t/bundle.cose");
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 0);
}

static void restore(void)
{
    unlink(test_scratch_path("a/register/register.db-wal"));
    unlink(test_scratch_path("a/register/register.db-shm"));
    copy_file("before.db", "a/register/register.db");
}

/* What lies where it is published may know more than the register. */
static void never_publishes_backwards(void **state)
{
    (void)state;
    copy_file("a/register/register.db", "before.db");
    test_must("trust publish -C @/a --output @/t --json", 0);
    test_must("trust publish -C @/a --output @/t --json", 0);
    test_says("\"version\":6");
    restore();
    test_must("trust publish -C @/a --output @/t --json", 0);
    test_says("\"version\":7");
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 0);
}

static void knows_what_was_revoked(void **state)
{
    (void)state;
    copy_file("a/register/register.db", "before.db");
    test_must(revoke_line, 0);
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR,
              0); /* not known here yet */
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 3);
    test_says("REJECT");
    restore();
}

/* A backup knows no revocation of later: its lists are not given out as the
 * newest in a bundle, whose version is. */
static void never_bundles_backwards(void **state)
{
    (void)state;
    test_must("trust publish -C @/a --output @/t", 3);
    test_says("came from a backup");
    test_must("statuslist publish -C @/a --output @/lists", 3);
    test_must("statuslist publish -C @/a --output @/lists --keep-revoked", 0);
    test_must("trust publish -C @/a --output @/t", 0);
    test_must(CHECK "--trust @/t/bundle.cose" ANCHOR, 3);
    test_says("REJECT");
}

static void refuses_folders_of_others(void **state)
{
    (void)state;
    test_must("authority init --demo -C @/b --url http://other.example", 0);
    test_must("trust publish -C @/b --output @/t", 3);
    test_says("another authority");
    test_must("trust publish -C @/b --output @/t2", 0);
    test_must("trust publish -C @/a", 1);
    test_must("trust publish -C @/none --output @/t2", 7);
    test_must("trust publish -C @/a --output @/t --days 31", 1);
}

int main(void)
{
    test_add("trust", "accepts an authority and a wallet", prepare, NULL);
    test_add("trust", "refuses to publish while status lists are unsigned",
             refuses_unsigned_status, NULL);
    test_add("trust", "gives versions that rise", publishes, NULL);
    test_add("trust", "gives what stands in each list", shows, NULL);
    test_add("trust", "accepts a fingerprint for the first anchor",
             takes_fingerprints, NULL);
    test_add("trust", "gives a VICAL that another program reads",
             is_read_elsewhere, NULL);
    test_add("trust", "accepts a VICAL that another program wrote",
             reads_foreign_lists, NULL);
    test_add("trust", "accepts a document with a bundle alone",
             trusts_a_bundle, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("trust", rows[i].name, one, &rows[i]);
    test_add("trust", "accepts a profile that came in the bundle",
             brings_profiles, NULL);
    test_add("trust", "refuses a bundle that was changed", refuses_forged,
             NULL);
    test_add("trust", "refuses N115: a bundle older than one seen before",
             refuses_rolled_back, NULL);
    test_add("trust", "never publishes a lower version after a restore",
             never_publishes_backwards, NULL);
    test_add("trust", "refuses a document that the bundle knows as revoked",
             knows_what_was_revoked, NULL);
    test_add("trust", "refuses N130: a bundle of what a backup says",
             never_bundles_backwards, NULL);
    test_add("trust", "refuses to publish over another authority's lists",
             refuses_folders_of_others, NULL);
    int code = test_run("journeys/trust");
    test_scratch_remove();
    return code;
}
