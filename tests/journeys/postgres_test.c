/* SPDX-License-Identifier: Apache-2.0 */

/** The register in PostgreSQL: every verb does there what it does in a file. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "postgres_server.h"
#include "journey.h"

#define CODE "91330114MAC000017N"
#define PERSON "12011919880808901X"
#define PUBLISH "statuslist publish -C @/a --output @/l"
#define ISSUE "document issue -C @/a --wallet @/w --person " PERSON " "
#define DOCUMENT(verb)                                                         \
    "document " verb " -C @/a --person " PERSON " --document "

static const struct {
    const char *name;
    const char *line; /* %s: the store */
    int         code;
    const char *says; /* NULL: whatever */
} story[] = {
    {"refuses a server that is not there",
     "authority init --demo -C @/b --store postgres:host=/nowhere", 7,
     "does psql connect"},
    {"refuses an engine that is none",
     "authority init --demo -C @/b --store paper:x", 3, NULL},
    {"gives an authority", "authority init --demo -C @/a --store '%s'", 0,
     "The authority is in"},
    {"refuses a second register in its place",
     "authority init --demo -C @/b --store '%s'", 3,
     "there is a register in it"},
    {"accepts people", "person import -C @/a @/people.jsonl", 0, NULL},
    {"refuses to import them twice", "person import -C @/a @/people.jsonl", 2,
     "it is in the register already"},
    {"gives a relying party",
     "party register -C @/a --code " CODE " --name SPECIMEN --host "
     "clinic.example --profile hospital --out @/clinic",
     0, NULL},
    {"gives a wallet",
     "wallet init -C @/w --registrar @/a/certificates/reader-root.pem", 0,
     NULL},
    {"gives all documents of somebody", ISSUE "--copies 2", 0, NULL},
    {"gives their lists", PUBLISH " --json", 0, "\"version\":1,\"revoked\":0"},
    {"gives a suspension", DOCUMENT("suspend") "resident_id --reason investigation", 0,
     "suspended"},
    {"refuses to issue what is suspended",
     ISSUE "--copies 1 --document resident_id", 3, NULL},
    {"gives it back", DOCUMENT("restore") "resident_id", 0, NULL},
    {"gives a revocation", DOCUMENT("revoke") "resident_id --reason lost", 0,
     "revoked"},
    {"N129 refuses to take it back", DOCUMENT("restore") "resident_id", 3,
     "a revocation is final"},
    {"gives it to everybody", PUBLISH, 0, "List 3, version 2: "},
    {"gives the lists", "statuslist show -C @/a --json", 0, "\"list\":3"},
    {"gives what a person has", "document list -C @/a --person " PERSON, 0,
     "revoked"},
    {"gives who somebody is", "person show -C @/a " PERSON, 0, NULL},
    {"gives relying parties", "party list -C @/a", 0, CODE},
};

static char url[256];

static void needs_postgres(void)
{
    if (test_postgres_missing() != NULL) {
        print_message("# %s\n", test_postgres_missing());
        skip();
    }
}

static void tell_story(void **state)
{
    size_t row = (size_t)*state;
    char   line[512];

    needs_postgres();
    snprintf(line, sizeof line, story[row].line, url); /* one %s at most */
    const test_output *o = test_type(line);
    if (o->code != story[row].code ||
        (story[row].says != NULL && !test_said(story[row].says)))
        print_error("%s\n%s\n", line, o->out);
    assert_int_equal(o->code, story[row].code);
    assert_true(story[row].says == NULL || test_said(story[row].says));
}

static void prepare(void **state)
{
    (void)state;
    needs_postgres();
    test_postgres_url(url, sizeof url);
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
}

int main(void)
{
    test_add("postgres", "accepts a schema of its own", prepare, NULL);
    for (size_t i = 0; i < COUNT(story); i++)
        test_add("postgres", story[i].name, tell_story, (const void *)i);
    int code = test_run("journeys/postgres");
    test_scratch_remove();
    test_postgres_stop();
    return code;
}
