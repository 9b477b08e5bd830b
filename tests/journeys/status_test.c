/* SPDX-License-Identifier: Apache-2.0 */

/** A health card and a pass, which no line of code knows, shown in every
 *  shape; then what becomes of documents: suspended, restored, revoked,
 *  published, and never taken back. */

#include "check.h"

#include <stdio.h>
#include <time.h>

#include "app/files.h"
#include "demo/demo.h"
#include "journey.h"

#define CODE "91330114MAC000017N"
#define PERSON "12011919880808901X"
#define ROOT(role) "--trust @/a/certificates/" role "-root.pem "
#define SIGNER(role) "--signer @/a/certificates/" role "-signer.pem "
#define PUBLISH "statuslist publish -C @/a --output @/l"
#define ISSUE "document issue -C @/a --wallet @/w --person " PERSON " "
#define DOCUMENT(verb, name)                                                   \
    "document " verb " -C @/a --person " PERSON " --document " name

/* Lists in the order in which they were opened. */
#define LICENCES "@/l/1"
#define OTHERS "@/l/2"
#define PEOPLE "@/l/3"

static char nonce[44];

/* ---- what lies around between two commands ---- */

static void copy_file(const char *from, const char *to)
{
    yao_bytes file = {NULL, 0};

    assert_status(yao_file_read(test_scratch_path(from), 64 << 20, &file),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0600, false),
                  YAO_OK);
    yao_file_free(&file);
}

/* A copy of the register, as a backup would be: it was closed before. */
static void back_up(void)
{
    copy_file("a/register/register.db", "backup.db");
}

static void restore_backup(void)
{
    (void)remove(test_scratch_path("a/register/register.db-wal"));
    (void)remove(test_scratch_path("a/register/register.db-shm"));
    copy_file("a/register/register.db", "later.db");
    copy_file("backup.db", "a/register/register.db");
}

static void restore_later(void)
{
    (void)remove(test_scratch_path("a/register/register.db-wal"));
    (void)remove(test_scratch_path("a/register/register.db-shm"));
    copy_file("later.db", "a/register/register.db");
}

static void invent_list(void)
{
    copy_file("l/3.jwt", "l/99.jwt");
}

static void forget_list(void)
{
    assert_int_equal(remove(test_scratch_path("l/99.jwt")), 0);
}

static void break_list(void)
{
    copy_file("l/3.jwt", "saved.jwt");
    assert_status(yao_file_write(test_scratch_path("l/3.jwt"),
                                 YAO_LIT("not a list"), 0644, false),
                  YAO_OK);
}

static void mend_list(void)
{
    copy_file("saved.jwt", "l/3.jwt");
}

static void ask(void)
{
    assert_status(yao_session_remote(test_scratch_path("session"),
                                     "x509_san_dns:clinic.example",
                                     "https://clinic.example/r", nonce),
                  YAO_OK);
}

/* ---- the story ---- */

static const struct {
    const char *name;
    void (*before)(void);
    const char *line;
    int         code;
    const char *says; /* NULL: whatever */
} story[] = {
    {"gives lists of what was issued", NULL, PUBLISH " --json", 0,
     "{\"list\":3,\"version\":1,\"revoked\":0,\"suspended\":0,\"kept\":0}"},
    {"gives four lists: by office, and by who knows suspension", NULL,
     "statuslist show -C @/a --json", 0,
     "\"list\":1,\"role\":\"traffic\",\"bits\":1,\"size\":1000000"},

    /* what nobody wrote code for */
    {"gives a health card as SD-JWT VC", NULL,
     "wallet present -C @/w --profile hospital --format sd-jwt --nonce n "
     "--audience a --reader @/clinic/reader.pem --output @/health.txt --yes",
     0, "Health card number"},
    {"accepts it", NULL,
     "verify " ROOT("other") "--status " OTHERS ".jwt --nonce n --audience a "
     "--profile hospital @/health.txt",
     0, "SPECIMEN-HC-900001"},
    {"gives a health card as mdoc", ask,
     "wallet present -C @/w --profile hospital --format mdoc "
     "--session-transcript @/session --reader @/clinic/reader.pem --output "
     "@/health.cbor --yes",
     0, NULL},
    {"accepts it as well", NULL,
     "verify " ROOT("other") "--status " OTHERS ".cwt --session-transcript "
     "@/session --profile hospital @/health.cbor",
     0, "org.yaopai.health_card.1"},
    {"gives a challenge of the clinic", NULL,
     "gate challenge --profile hospital --place SPECIMEN --reader-key "
     "@/clinic/reader-key.pem --reader-certificate @/clinic/reader.pem "
     "--with-certificate --out @/clinic",
     0, NULL},
    {"gives a health card as QR card", NULL,
     "wallet present -C @/w --profile hospital --format card --challenge "
     "@/clinic/challenge.txt --output @/health.card --yes",
     0, NULL},
    {"accepts it with the cable out", NULL,
     "verify " ROOT("other") SIGNER("other") "--status " OTHERS
     ".cwt --challenge @/clinic/challenge.txt --challenge-key "
     "@/clinic/challenge.key --profile hospital @/health.card",
     0, "SPECIMEN-HC-900001"},
    {"never believes the population's root for it", NULL,
     "verify " ROOT("population") "--status " OTHERS ".jwt --nonce n "
     "--audience a --profile hospital @/health.txt",
     3, "issuer_chain"},
    {"gives a pass as SD-JWT VC", NULL,
     "wallet present -C @/w --profile door --format sd-jwt --nonce n "
     "--audience a --reader @/clinic/reader.pem --output @/pass.txt --yes",
     0, "Pass number"},
    {"accepts it at the door", NULL,
     "verify " ROOT("other") "--status " OTHERS ".jwt --nonce n --audience a "
     "--profile door @/pass.txt",
     0, "SPECIMEN-PASS-0001"},
    {"gives a pass as mdoc", ask,
     "wallet present -C @/w --profile door --format mdoc "
     "--session-transcript @/session --reader @/clinic/reader.pem --output "
     "@/pass.cbor --yes",
     0, NULL},
    {"accepts that at the door", NULL,
     "verify " ROOT("other") "--status " OTHERS ".jwt --session-transcript "
     "@/session --profile door @/pass.cbor",
     0, "org.yaopai.pass.1"},
    {"never believes a hotel's profile for it", NULL,
     "verify " ROOT("other") "--status " OTHERS ".jwt --session-transcript "
     "@/session --profile hotel @/pass.cbor",
     3, "profile"},

    /* suspended for a time */
    {"gives an open card", NULL,
     "wallet present -C @/w --profile age --choice age_over_18 --format card "
     "--output @/age.card --yes",
     0, NULL},
    {"accepts it", NULL,
     "verify " ROOT("population") SIGNER("population") "--status " PEOPLE
     ".cwt @/age.card",
     0, "status: valid"},
    {"gives an identity card", NULL,
     "wallet present -C @/w --profile hotel --format sd-jwt --nonce n "
     "--audience a --reader @/clinic/reader.pem --output @/id.txt --yes",
     0, NULL},
    {"gives its suspension", NULL,
     DOCUMENT("suspend", "resident_id") " --reason investigation", 0,
     "suspended"},
    {"accepts it until the list is published", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     0, "status: valid"},
    {"gives the list", NULL, PUBLISH, 0, "List 3, version 2: 0 revoked, "},
    {"refuses it then, as authentic but suspended", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     3, "SUSPENDED"},
    {"gives it back", NULL, DOCUMENT("restore", "resident_id"), 0, NULL},
    {"gives the list again", NULL, PUBLISH, 0, "List 3, version 3: 0 revoked, 0"},
    {"accepts it again", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     0, "status: valid"},

    /* a licence knows no suspension */
    {"gives a licence's suspension", NULL,
     DOCUMENT("suspend", "driving_licence") " --reason withdrawn", 0,
     "its copies are revoked"},
    {"gives its list", NULL, PUBLISH, 0, "List 1, version 4: 6 revoked, 0"},
    {"gives the end of it", NULL, DOCUMENT("restore", "driving_licence"), 0,
     "issue it anew"},
    {"gives its list as it was", NULL, PUBLISH, 0,
     "List 1, version 5: 6 revoked, 0"},
    {"gives the licence anew", NULL,
     ISSUE "--document driving_licence --copies 1 --cards 0", 0, "1 copies"},

    /* revoked for good */
    {"gives a revocation", back_up,
     DOCUMENT("revoke", "resident_id") " --reason lost", 0, "revoked"},
    {"gives it to everybody", NULL, PUBLISH, 0, "List 3, version 6: 26 revoked"},
    {"refuses the card, with all its shapes", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     3, "REVOKED"},
    {"refuses the QR card", NULL,
     "verify " ROOT("population") SIGNER("population") "--status " PEOPLE
     ".cwt @/age.card",
     3, "REVOKED"},
    {"N129 refuses to give it back", NULL, DOCUMENT("restore", "resident_id"),
     3, "a revocation is final"},

    /* and never taken back */
    {"N130 refuses to publish what an older register says", restore_backup,
     PUBLISH, 3, "the register is older than the list"},
    {"N130 refuses it as JSON", NULL, PUBLISH " --json", 3, "3.jwt"},
    {"N130 never touched the list", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     3, "REVOKED"},
    {"gives back what the register has forgotten, when told to", NULL,
     PUBLISH " --keep-revoked --json", 0,
     "\"revoked\":26,\"suspended\":0,\"kept\":26"},
    {"N131 gives what is issued then a new list", NULL,
     "statuslist show -C @/a --json", 0,
     "\"list\":5,\"role\":\"population\",\"bits\":2,"},
    {"refuses the card still", NULL,
     "verify " ROOT("population") "--status " PEOPLE ".jwt --nonce n "
     "--audience a @/id.txt",
     3, "REVOKED"},
    {"accepts the newer register again", restore_later, PUBLISH, 0,
     "26 revoked"},
    {"N130 refuses a list that the register has never opened", invent_list,
     PUBLISH, 3, "99.jwt"},
    {"accepts to go on without it", forget_list, PUBLISH, 0, NULL},
    {"refuses to publish over what it cannot read", break_list, PUBLISH, 2,
     NULL},
    {"accepts to go on when it is mended", mend_list, PUBLISH, 0, NULL},
    {"refuses to publish over another authority's lists", NULL,
     "statuslist publish -C @/b --output @/l", 3, "another authority's list"},
    {"refuses to publish nowhere", NULL, "statuslist publish -C @/a", 1,
     "--output"},
    {"refuses lists for a year", NULL, PUBLISH " --days 365", 1, "--days"},
    {"refuses a ttl of two days", NULL, PUBLISH " --ttl 48", 1, "--ttl"},
};

static void tell_story(void **state)
{
    size_t row = (size_t)*state;

    if (story[row].before != NULL)
        story[row].before();
    const test_output *o = test_type(story[row].line);
    if (o->code != story[row].code ||
        (story[row].says != NULL && !test_said(story[row].says)))
        print_error("%s\n%s\n", story[row].line, o->out);
    assert_int_equal(o->code, story[row].code);
    assert_true(story[row].says == NULL || test_said(story[row].says));
}

/* ---- the beginning ---- */

static void prepare(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    test_must("authority init --demo -C @/a", 0);
    test_must("authority init --demo -C @/b --url http://other.example", 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must(
        "party register -C @/a --code " CODE " --name SPECIMEN --host "
        "clinic.example --profile hospital --profile door --profile hotel "
        "--out @/clinic",
        0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/v", 0);
    test_must(ISSUE "--copies 2", 0);
    test_must("person import -C @/b @/people.jsonl", 0);
    test_must("document issue -C @/b --wallet @/v --copies 1 --cards 0 "
              "--person " PERSON,
              0);
}

int main(void)
{
    test_add("status", "gives an authority, a clinic, a wallet", prepare, NULL);
    for (size_t i = 0; i < COUNT(story); i++)
        test_add("status", story[i].name, tell_story, (const void *)i);
    int code = test_run("journeys/status");
    test_scratch_remove();
    return code;
}
