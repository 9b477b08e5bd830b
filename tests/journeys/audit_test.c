/* SPDX-License-Identifier: Apache-2.0 */
/** The audit log from end to end: every look at a person is an entry, who it is
 *  about reads it, others see that nothing was taken away. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "demo/people.h"
#include "journey.h"

#define PERSON "12011919880808901X"
#define KEY "--key @/a/certificates/log.txt"

static void write_text(const char *name, const char *text, size_t len)
{
    assert_status(yao_file_write(test_scratch_path(name),
                                 (yao_bytes){(const uint8_t *)text, len}, 0600,
                                 false),
                  YAO_OK);
}

static void prepare(void **state)
{
    (void)state;
    write_text("passphrase", "a test's passphrase", 19);
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    char numbers[YAO_DEMO_PEOPLE][20];
    assert_status(yao_demo_write_people(test_scratch(), numbers), YAO_OK);
    test_must("authority init --demo -C @/a", 0);
    test_must("wallet init -C @/w", 0);
    test_must("person import -C @/a @/people.jsonl", 0);
}

/* ---- every look is an entry ---------------------------------------------- */

/* How many entries of KIND the person finds. */
static size_t count_kind(const char *kind)
{
    const test_output *o = test_type("audit export -C @/a --person " PERSON);
    char               pattern[96];
    size_t             count = 0;

    if (o->code != 0)
        print_error("%s\n", o->out);
    assert_int_equal(o->code, 0);
    snprintf(pattern, sizeof pattern, "\\\"kind\\\":\\\"%s\\\"", kind);
    for (const char *at = o->out; (at = strstr(at, pattern)) != NULL; at++)
        count++;
    return count;
}

/* Every verb that reads or changes what is about one person. */
static const struct {
    const char *name, *line, *kind;
    int         code;
} looks[] = {
    {"an import", "person import -C @/a @/people.jsonl", "person.import", 2},
    {"a look", "person show -C @/a " PERSON, "person.show", 0},
    {"a look as JSON", "person show --json -C @/a " PERSON, "person.show", 0},
    {"a look at the portrait",
     "person show --portrait @/portrait.jpg -C @/a " PERSON, "person.show", 0},
    {"a list of documents", "document list -C @/a --person " PERSON,
     "document.list", 0},
    {"an issuance",
     "document issue -C @/a --wallet @/w --copies 1 --cards 0 "
     "--person " PERSON,
     "document.issue", 0},
    {"a refused issuance",
     "document issue -C @/a --wallet @/w --document residence_permit --person "
     PERSON,
     "person.read", 3},
    {"a suspension",
     "document suspend -C @/a --document resident_id --reason lost --person "
     PERSON,
     "document.suspend", 0},
    {"a restoration",
     "document restore -C @/a --document resident_id --reason found --person "
     PERSON,
     "document.restore", 0},
    {"a revocation",
     "document revoke -C @/a --document resident_id --reason lost --person "
     PERSON,
     "document.revoke", 0},
    {"a reading of the log itself", "audit export -C @/a --person " PERSON,
     "log.read", 0},
};

/* N277: with the deed, in one change */
static void every_look(void **state)
{
    for (size_t i = 0; i < COUNT(looks); i++) {
        size_t before = count_kind(looks[i].kind);
        size_t own    = strcmp(looks[i].kind, "log.read") == 0;
        const test_output *o = test_type(looks[i].line);

        if (i > 0 && o->code != looks[i].code)
            print_error("%s: %d %s\n", looks[i].name, o->code, o->out);
        if (i > 0)
            assert_int_equal(o->code, looks[i].code);
        size_t after = count_kind(looks[i].kind);
        if (i == 0) /* was imported before: nothing new, but there */
            assert_true(before > 0 && after == before);
        else if (after <= before + own)
            print_error("%s is not in the log\n", looks[i].name);
        if (i > 0)
            assert_true(after > before + own);
    }
    (void)state;
}

static void others_of_a_household(void **state)
{
    (void)state;
    test_must("person generate -C @/a --count 12 --seed 4", 0);
    test_must("audit publish -C @/a", 0);
    test_must("audit verify --ledger @/a --json", 0);
    test_says("\"balanced\":true");
}

/* ---- verifying ---------------------------------------------------------- */

static void verifies(void **state)
{
    (void)state;
    test_must("audit publish -C @/a --output @/log", 0);
    test_must("audit verify @/log " KEY " --witness @/seen", 0);
    test_says("There was no witness file");
    test_must("audit verify @/log --json " KEY " --witness @/other-seen", 0);
    test_says("\"witnessed\":0,\"begun\":true");
    test_must("person show -C @/a " PERSON, 0);
    test_must("audit publish -C @/a --output @/log", 0);
    test_must("audit verify @/log --json " KEY " --witness @/seen", 0);
    test_says("\"finding\":\"RIGHT\"");
    test_says("\"witnessed\":1,\"begun\":false");
    test_must("audit verify --ledger @/a", 0);
    test_must("audit publish -C @/a --json", 0);
    test_says("\"new\":0");
}

static void copy(const char *from, const char *to)
{
    yao_bytes file = {NULL, 0};

    assert_status(yao_file_read(test_scratch_path(from), 64u << 20, &file),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0600, false),
                  YAO_OK);
    yao_file_free(&file);
}

/* A backup in the place of the register, with other events since. */
static void refuses_rollback(void **state)
{
    (void)state;
    test_must("audit publish -C @/a --output @/log", 0);
    copy("a/register/register.db", "backup.db");
    test_must("person show -C @/a " PERSON, 0);
    test_must("audit publish -C @/a --output @/log", 0);
    test_must("audit verify @/log " KEY " --witness @/seen", 0);
    copy("a/register/register.db", "later.db");

    copy("backup.db", "a/register/register.db");
    test_must("audit verify --ledger @/a --witness @/seen", 3);
    test_says("LOG_ROLLBACK");
    test_must("document list -C @/a --person " PERSON, 0);
    test_must("audit publish -C @/a --output @/other", 0);
    test_must("audit verify @/other " KEY " --witness @/seen", 3);
    test_says("LOG_FORK");
    copy("later.db", "a/register/register.db");
    test_must("audit verify --ledger @/a --witness @/seen", 0);
}

static void refuses_wrong_files(void **state)
{
    (void)state;
    test_must("authority init --demo -C @/b", 0);
    test_must("audit verify @/log --key @/b/certificates/log.txt", 3);
    test_says("HEAD_INVALID");
    test_must("audit verify @/nowhere " KEY, 5);
    test_says("LOG_MISSING");
    test_must("audit verify @/log --key @/nowhere", 7);
    test_must("audit verify @/log --key @/people.jsonl", 4);
    write_text("broken", "yaopai-witness-1\n", 17);
    test_must("audit verify @/log " KEY " --witness @/broken", 2);
    write_text("another", "yaopai-witness-1\nelse\n", 22);
    test_must("audit verify @/log " KEY " --witness @/another", 3);
    test_must("audit verify", 1);
    test_must("audit verify ftp://example/log " KEY, 5);
    test_must("audit verify http://example.com/log " KEY, 1);
    test_must("audit export -C @/a", 1);
    test_must("audit export -C @/a --person 1", 7);
}

/* N278: what signs heads is away. Leaves come, for an event is in the database
 * with what it tells of, or neither is; the next head covers them. */
static void key_is_away(void **state)
{
    const char *away = test_scratch_path("log.pem");

    (void)state;
    assert_int_equal(rename(test_scratch_path("a/keys/log.pem"), away), 0);
    test_must("person show -C @/a " PERSON, 0);
    test_must("audit publish -C @/a", 7);
    test_must("audit publish -C @/a", 7);
    test_must("audit verify --ledger @/a --witness @/seen", 0);
    assert_int_equal(rename(away, test_scratch_path("a/keys/log.pem")), 0);
    test_must("audit publish -C @/a --json", 0);
    test_says("\"new\":0");
    test_must("audit verify --ledger @/a --witness @/seen", 0);
}

/* ---- another program ---------------------------------------------------- */

static int run_script(const char *verb, const char *what)
{
    char command[2048];

    snprintf(command, sizeof command,
             "python3 %s/tests/tools/audit_log.py %s %s %s >%s 2>&1",
             getenv("YAOPAI_SOURCE"), verb, test_scratch_path(what),
             test_scratch_path("a/certificates/log.txt"),
             test_scratch_path("script"));
    return system(command);
}

static void another_reads_it(void **state)
{
    (void)state;
    test_must("audit export -C @/a --output @/export", 0);
    assert_int_equal(run_script("folder", "export"), 0);
    const test_output *o = test_type("audit export -C @/a --person " PERSON);
    write_text("person.json", o->out, o->len);
    assert_int_equal(run_script("person", "person.json"), 0);
    /* and it sees what is not so */
    char *at = strstr((char *)(uintptr_t)o->out, "\\\"kind\\\"");
    assert_non_null(at);
    at[-5] ^= 1; /* the second's last digit */
    write_text("person.json", o->out, o->len);
    assert_int_not_equal(run_script("person", "person.json"), 0);
}

int main(void)
{
    test_add("audit", "prepares", prepare, NULL);
    test_add("audit", "gives N277: every look at a person is an entry",
             every_look, NULL);
    test_add("audit", "gives a log that agrees with the ledger",
             others_of_a_household, NULL);
    test_add("audit", "accepts what grew since it was seen", verifies, NULL);
    test_add("audit", "refuses N288: a register from a backup, by its log",
             refuses_rollback, NULL);
    test_add("audit", "gives N278: a head when its key is back", key_is_away,
             NULL);
    test_add("audit", "refuses other keys, files and addresses",
             refuses_wrong_files, NULL);
    test_add("audit", "gives what another program reads", another_reads_it,
             NULL);
    int code = test_run("journeys/audit");
    test_scratch_remove();
    return code;
}
