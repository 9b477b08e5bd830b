/* SPDX-License-Identifier: Apache-2.0 */

/** A register that burnt: restored to an empty machine from its backup, with
 *  what was published since, and without. */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "authority/keeper/serve.h"
#include "authority/once.h"
#include "store/session.h"
#include "json/json.h"
#include "journey.h"

#define CODE "91330114MAC000017N"
#define ASK                                                                    \
    "wallet present --profile hotel --format sd-jwt --nonce n --audience a "   \
    "--yes --reader @/hotel/reader.pem "

static char person_number[32];

/* Into wallet NAME, and shown from it into the file NAME.shown. */
static void issue_to(const char *by, const char *name)
{
    char line[400];

    snprintf(line, sizeof line,
             "wallet init -C @/%s --registrar @/a/certificates/"
             "reader-root.pem", name);
    test_must(line, 0);
    snprintf(line, sizeof line,
             "document issue -C @/%s --wallet @/%s --copies 2 --document "
             "resident_id --person %s", by, name, person_number);
    test_must(line, 0);
    snprintf(line, sizeof line, ASK "-C @/%s --output @/%s.shown", name, name);
    test_must(line, 0);
}

static void check(const char *bundle, const char *name, int code)
{
    char line[300];

    snprintf(line, sizeof line,
             "verify --nonce n --audience a --trust @/%s/bundle.cose "
             "--trust-anchor @/%s/trust-root.pem @/%s.shown", bundle, bundle,
             name);
    test_must(line, code);
}

static void publish(const char *by)
{
    char line[200];

    snprintf(line, sizeof line, "statuslist publish -C @/%s --output @/lists",
             by);
    test_must(line, 0);
    snprintf(line, sizeof line, "trust publish -C @/%s --output @/t-%s", by,
             by);
    test_must(line, 0);
}

static void open_authority(const char *name, authority *a)
{
    yao_settings_trouble trouble;
    const char          *place;

    assert_status(
        authority_open(test_scratch_path(name), a, &trouble, &place), YAO_OK);
}

static const yao_bytes session_id =
    YAO_INIT("session of a test, 32 bytes long");

/* An access token and a session, for a year. */
static void put_access(void)
{
    static authority    a;
    const store_once    token = {ONCE_ACCESS, YAO_LIT("hash"),
                                 yao_now() + 365 * YAO_TIME_DAY,
                                 YAO_LIT("sealed")};
    const store_session session = {.id      = session_id,
                                   .kind    = 1,
                                   .owner   = YAO_LIT(""),
                                   .expires = token.expires,
                                   .sealed  = YAO_LIT("sealed")};

    open_authority("a", &a);
    store_change change = store_change_open(test_arena());
    store_put_once(&change, &token);
    store_put_session(&change, &session);
    assert_status(store_commit(a.store, &change), YAO_OK);
    authority_close(&a);
}

/* How much of it is there? */
static int count_access(const char *name)
{
    static authority a;
    store_session    session;
    yao_bytes        payload;

    open_authority(name, &a);
    int count = store_get_once(a.store, ONCE_ACCESS, YAO_LIT("hash"),
                               yao_now(), test_arena(), &payload) == YAO_OK;
    count += store_get_session(a.store, session_id, 1,
                               yao_now(), test_arena(), &session) == YAO_OK;
    authority_close(&a);
    return count;
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
    issue_to("a", "before");
    publish("a");
    test_must("audit export -C @/a --output @/early", 0);
    test_must("audit export -C @/a --output @/same", 0);
    put_access();
    test_must("authority backup @/b -C @/a --json", 0);
    test_says("\"log\":");
    test_must("authority backup @/b -C @/a", 3);
}

/* What the backup will not know: a document, a revocation, entries. */
static void goes_on(void **state)
{
    char line[200];

    (void)state;
    issue_to("a", "after");
    snprintf(line, sizeof line,
             "document revoke -C @/a --reason lost --document resident_id "
             "--person %s", person_number);
    test_must(line, 0);
    issue_to("a", "last");
    publish("a");
    test_must("audit export -C @/a --output @/log", 0);
    check("t-a", "before", 3);
    check("t-a", "after", 3);
    check("t-a", "last", 0);
}

static void holds_no_key(void **state)
{
    char command[300];

    (void)state;
    snprintf(command, sizeof command,
             "test $(grep -rl 'PRIVATE KEY' %s | wc -l) = 0 && "
             "test ! -e %s", test_scratch_path("b"),
             test_scratch_path("b/keys"));
    assert_int_equal(system(command), 0);
}

/* Who is given a backup reads nobody in it: neither number, name, address nor a
 * number of a document stands there, in letters that grep finds. */
static void holds_no_value(void **state)
{
    static const char *const names[] = {"number", "name", "family_name_latin",
                                        "given_name_latin", "address"};
    const yao_json *person;
    yao_bytes                people = test_read("people.jsonl");
    char            command[900];

    (void)state;
    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &person), YAO_OK);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        yao_text value;
        assert_status(yao_json_string(yao_json_get(person, names[i]),
                                      test_arena(), &value),
                      YAO_OK);
        snprintf(command, sizeof command, "grep -qF '%.*s' %s",
                 (int)value.len, (const char *)value.ptr,
                 test_scratch_path("people.jsonl"));
        assert_int_equal(system(command), 0); /* it would find it */
        snprintf(command, sizeof command, "! grep -rqaF '%.*s' %s",
                 (int)value.len, (const char *)value.ptr,
                 test_scratch_path("b"));
        assert_int_equal(system(command), 0);
    }
}

/* ---- refusals ------------------------------------------------------------ */

static void refuses_to_restore_blind(void **state)
{
    (void)state;
    test_must("authority restore @/b --keys @/a/keys -C @/n0", 3);
    test_says("--log");
    test_must("authority restore @/b --keys @/a/keys --log @/log -C @/n0", 3);
    test_says("--lists");
    test_must("authority restore @/b --keys @/a/keys --lists @/lists -C @/n0",
              3);
    test_must("authority restore @/b --keys @/a/keys --nothing-since -C @/a",
              3);
    test_must("authority restore @/nowhere --nothing-since -C @/n0", 7);
    test_must("authority restore @/b --nothing-since -C @/n0", 7); /* no keys */
}

static void refuses_a_changed_backup(void **state)
{
    char command[300];

    (void)state;
    snprintf(command, sizeof command,
             "cp -r %s %s && printf x >> %s", test_scratch_path("b"),
             test_scratch_path("b2"),
             test_scratch_path("b2/authority.ini"));
    assert_int_equal(system(command), 0);
    test_must("authority restore @/b2 --keys @/a/keys --nothing-since -C @/n0",
              3);
    test_says("not what was backed up");
    snprintf(command, sizeof command, "rm %s",
             test_scratch_path("b2/backup.json"));
    assert_int_equal(system(command), 0);
    test_must("authority restore @/b2 --keys @/a/keys --nothing-since -C @/n0",
              7);
}

static void refuses_another_log(void **state)
{
    (void)state;
    test_must("authority init --demo -C @/other", 0);
    test_must("person generate -C @/other --count 2", 0);
    test_must("audit export -C @/other --output @/log-other", 0);
    test_must("authority restore @/b --keys @/a/keys --log @/log-other "
              "--lists @/lists -C @/n0",
              3);
}

/* What says nothing of what came after the backup is not taken for it. */
static void refuses_old_copies(void **state)
{
    (void)state;
    test_must(
        "authority restore @/b --keys @/a/keys --log @/early --lists @/lists "
        "-C @/n0",
        3);
    test_says("older than the backup");
    assert_int_equal(mkdir(test_scratch_path("no-lists"), 0700), 0);
    test_must(
        "authority restore @/b --keys @/a/keys --log @/log --lists @/no-lists "
        "-C @/n0",
        3);
    test_says("not in the folder");
}

/* ---- an empty machine ---------------------------------------------------- */

/* Whatever was refused above: no copy of a key stays. */
static void leaves_nothing(void **state)
{
    char command[300];

    (void)state;
    snprintf(command, sizeof command, "test -z \"$(ls -A %s)\"",
             test_scratch_path("n0"));
    assert_int_equal(system(command), 0);
}

static void is_restored(void **state)
{
    (void)state;
    test_must(
        "authority restore @/b --keys @/a/keys --log @/log --lists @/lists "
        "-C @/n --json",
        0);
    assert_false(test_said("\"lost\":0,"));
    test_must("person count -C @/n", 0);
    test_says("1\n");
}

/* It may have been used, or ended, after the backup. */
static void ends_all_access(void **state)
{
    (void)state;
    assert_int_equal(count_access("a"), 2);
    assert_int_equal(count_access("n"), 0);
}

static int64_t version_of_list(const authority *a)
{
    store_status_token token;

    assert_status(store_get_status_token(a->store, 1, test_arena(), &token),
                  YAO_OK);
    return token.version;
}

/* The register has their CWT of before the backup, which revokes less. */
static void signs_what_was_adopted_at_once(void **state)
{
    static authority a;
    size_t           count = 0;

    (void)state;
    open_authority("n", &a);
    int64_t before = version_of_list(&a);
    assert_status(keeper_run_lists(&a, 0, &count), YAO_OK);
    assert_int_equal(version_of_list(&a), before + 1);
    assert_status(keeper_run_lists(&a, 0, &count), YAO_OK);
    assert_int_equal(count, 0);
    authority_close(&a);
}

static void takes_no_revocation_back(void **state)
{
    (void)state;
    publish("n");
    check("t-n", "before", 3);
    check("t-n", "after", 3);
    check("t-n", "last", 0);
    issue_to("n", "anew");
    publish("n");
    check("t-n", "anew", 0);
    check("t-n", "after", 3);
}

/* Whoever has seen the log before sees one that only grew. */
static void log_goes_on(void **state)
{
    (void)state;
    test_must("audit verify --witness @/w --key @/a/certificates/log.txt @/log",
              0);
    test_must("audit export -C @/n --output @/log-n", 0);
    test_must(
        "audit verify --witness @/w --key @/a/certificates/log.txt @/log-n", 0);
}

/* What would have happened: the same backup, told that nothing was since. */
static void blind_restore_is_seen(void **state)
{
    (void)state;
    test_must(
        "authority restore @/b --keys @/a/keys --nothing-since -C @/blind", 0);
    test_must("person generate -C @/blind --count 1", 0);
    test_must("audit export -C @/blind --output @/log-blind", 0);
    test_must("audit verify --witness @/w --key @/a/certificates/log.txt "
              "@/log-blind",
              3);
}

/* The settings may name the register by its whole path. */
static void never_writes_to_the_one_that_was_backed_up(void **state)
{
    char command[600];

    (void)state;
    test_must("authority init --demo -C @/whole", 0);
    snprintf(command, sizeof command,
             "sed -i 's|^store = sqlite:|store = sqlite:%s/|' %s && "
             "grep -q '^store = sqlite:/' %s", test_scratch_path("whole"),
             test_scratch_path("whole/authority.ini"),
             test_scratch_path("whole/authority.ini"));
    assert_int_equal(system(command), 0);
    test_must("person count -C @/whole", 0);
    test_must("authority backup @/b3 -C @/whole", 0);
    test_must("authority restore @/b3 --keys @/whole/keys --nothing-since "
              "-C @/moved",
              0);
    test_must("person generate -C @/moved --count 1", 0);
    test_must("person count -C @/whole", 0);
    test_says("0\n");
    test_must("person count -C @/moved", 0);
    test_says("1\n");
}

static void is_up_to_date(void **state)
{
    (void)state;
    test_must("authority upgrade --dry-run -C @/n", 0);
    test_says("up to date");
}

int main(void)
{
    test_add("backup", "prepares", prepare, NULL);
    test_add("backup", "goes on after it", goes_on, NULL);
    test_add("backup", "holds no key", holds_no_key, NULL);
    test_add("backup", "N323 holds no value of a person", holds_no_value,
             NULL);
    test_add("backup", "refuses to restore blind", refuses_to_restore_blind,
             NULL);
    test_add("backup", "refuses a backup that was changed, or not finished",
             refuses_a_changed_backup, NULL);
    test_add("backup", "refuses the log of another", refuses_another_log,
             NULL);
    test_add("backup", "refuses copies that say nothing", refuses_old_copies,
             NULL);
    test_add("backup", "never leaves keys behind when it is refused",
             leaves_nothing, NULL);
    test_add("backup", "is restored on an empty machine", is_restored, NULL);
    test_add("backup", "gives nobody back a token that may have ended",
             ends_all_access, NULL);
    test_add("backup", "signs at once what it has taken over",
             signs_what_was_adopted_at_once, NULL);
    test_add("backup", "takes no revocation back", takes_no_revocation_back,
             NULL);
    test_add("backup", "the log goes on where it was", log_goes_on, NULL);
    test_add("backup", "a restore that hides something is seen",
             blind_restore_is_seen, NULL);
    test_add("backup", "never writes to the register that was backed up",
             never_writes_to_the_one_that_was_backed_up, NULL);
    test_add("backup", "is up to date", is_up_to_date, NULL);
    int code = test_run("journeys/backup");
    test_scratch_remove();
    return code;
}
