/* SPDX-License-Identifier: Apache-2.0 */

/** What ends in a wallet: documents that are deleted, with their keys. */

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "journey.h"
#include "server.h"
#include "wallet_provider.h"

#define PERSON "12011919880808901X"
#define ISSUE                                                                  \
    "document issue -C @/a --wallet @/w --copies 2 --cards 1 --person " PERSON \
    " --document "

static size_t count_files(void)
{
    DIR                 *folder = opendir(test_scratch_path("w"));
    const struct dirent *entry;
    size_t               count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        count += strncmp(entry->d_name, "b-", 2) == 0;
    closedir(folder);
    return count;
}

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_write_people();
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w", 0);
}

/* ---- deleting ----------------------------------------------------------- */

/* A file that a thief could find again is not what it was: a hard link shows
 * what the removed name's blocks hold. */
static void link_batch(char name[256])
{
    DIR                 *folder = opendir(test_scratch_path("w"));
    const struct dirent *entry;
    char                 from[4096];

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        if (strncmp(entry->d_name, "b-", 2) == 0)
            snprintf(name, 256, "%s", entry->d_name);
    closedir(folder);
    snprintf(from, sizeof from, "%s/%s", test_scratch_path("w"), name);
    assert_int_equal(link(from, test_scratch_path("kept")), 0);
}

static bool is_wiped(void)
{
    yao_bytes file = test_read("kept");

    for (size_t i = 0; i < file.len; i++)
        if (file.ptr[i] != 0)
            return false;
    return file.len > 0;
}

static void deletes_one(void **state)
{
    char name[256];

    (void)state;
    test_must(ISSUE "driving_licence", 0);
    size_t licence = count_files();
    link_batch(name);
    test_must(ISSUE "resident_id", 0);
    size_t both = count_files();
    assert_true(both > licence);
    assert_false(is_wiped());

    test_must("wallet delete -C @/w driving_licence --yes", 0);
    test_says("Deleted");
    assert_int_equal(count_files(), both - licence);
    assert_true(is_wiped());
    test_must("wallet list -C @/w", 0);
    assert_false(test_said("riving"));
    test_says("identity card");
    test_must("wallet show -C @/w resident_id", 0);
}

static const struct {
    const char *name, *line;
    int         code;
    const char *says;
} refusals[] = {
    {"refuses what is not there", "wallet delete -C @/w driving_licence --yes",
     7, "does not hold it"},
    {"refuses to delete nothing", "wallet delete -C @/w --yes", 1,
     "say which document"},
    {"refuses one and all", "wallet delete -C @/w resident_id --all --yes", 1,
     "say which document"},
    {"never deletes without a yes", "wallet delete -C @/w resident_id", 3,
     "nothing was deleted"},
    {"refuses somebody else's",
     "wallet delete -C @/w resident_id --of nobody --yes", 7,
     "does not hold it"},
    {"gives what it asks about", "wallet delete -C @/w resident_id", 3,
     "sd-jwt-vc"},
};

static void refuses(void **state)
{
    size_t i      = *(const size_t *)*state;
    size_t before = count_files();

    test_must(refusals[i].line, refusals[i].code);
    test_says(refusals[i].says);
    assert_int_equal(count_files(), before);
}

/* N345: nothing but the history stays, and that too when it is asked to go. */
static void deletes_all(void **state)
{
    (void)state;
    test_must("wallet present -C @/w --profile age --format sd-jwt --nonce n "
              "--audience a --unidentified --yes", 0);
    test_must("wallet delete -C @/w --all --yes --json", 0);
    test_says("\"keys_left\":0");
    assert_int_equal(count_files(), 0);
    test_must("wallet list -C @/w", 0);
    test_says("empty");
    test_must("wallet history -C @/w", 0);
    test_says("age");
    test_must("wallet delete -C @/w --all --history --yes", 0);
    test_must("wallet history -C @/w", 0);
    test_says("Nothing was shown");
    test_must("wallet delete -C @/w --all --yes", 0);
    test_must(ISSUE "resident_id", 0); /* and it can be had again */
    assert_true(count_files() > 0);
}

/* ---- backups ------------------------------------------------------------ */

static void shows_twice(void)
{
    test_must("wallet present -C @/w --profile age --format sd-jwt --nonce n "
              "--audience a --unidentified --yes", 0);
    test_must("wallet present -C @/w --profile hotel --format sd-jwt --nonce "
              "n --audience a --unidentified --yes", 0);
}

static void backs_up(void **state)
{
    static const char *const values[] = {PERSON, "李示例", "resident_id",
                                         "hotel"};

    (void)state;
    shows_twice();
    test_write("other", YAO_LIT("another horse battery\n"));
    test_must("wallet backup -C @/w @/all.backup --backup-passphrase-file "
              "@/other", 0);
    test_says("Documents and keys are not in it");
    test_is_nowhere_in(test_scratch_path("all.backup"), values, COUNT(values));

    test_must("wallet init -C @/new", 0);
    test_must("wallet restore -C @/new @/all.backup --backup-passphrase-file "
              "@/other", 0);
    test_says("Documents are in no backup");
    test_says("Resident identity card: from");
    test_must("wallet list -C @/new", 0);
    test_says("empty");
    test_must("wallet history -C @/new", 0);
    test_says("hotel");
    test_must("wallet restore -C @/new @/all.backup --json "
              "--backup-passphrase-file @/other", 0);
    test_says("\"events\":0"); /* twice is once */
}

static void change_backup(const char *name, size_t at, size_t len)
{
    yao_bytes file = test_read("all.backup");
    uint8_t  *copy = yao_arena_take(test_arena(), file.len);

    assert_true(at < file.len && len <= file.len);
    memcpy(copy, file.ptr, file.len);
    copy[at] ^= 1;
    test_write(name, (yao_bytes){copy, len});
}

static const struct {
    const char *name;
    size_t      at, cut; /* which byte is changed; how many are left out */
    int         code;
    const char *says;
} changes[] = {
    {"refuses a backup of another kind", 0, 0, 3, "no backup"},
    {"refuses more memory than it was made with (N337)", 8, 0, 3, "no backup"},
    {"refuses another cost (N337)", 15, 0, 3, "another passphrase"},
    {"refuses another salt (N337)", 20, 0, 3, "another passphrase"},
    {"refuses another nonce (N337)", 35, 0, 3, "another passphrase"},
    {"refuses another content (N337)", 100, 0, 3, "another passphrase"},
    {"refuses one that was cut", 100, 1, 3, "another passphrase"},
};

static void refuses_changed(void **state)
{
    size_t    i    = *(const size_t *)*state;
    yao_bytes file = test_read("all.backup");

    change_backup("changed.backup", changes[i].at, file.len - changes[i].cut);
    int code = test_type("wallet restore -C @/new @/changed.backup "
                         "--backup-passphrase-file @/other")->code;
    assert_true(code != 0);
    if (!test_said(changes[i].says))
        test_says(changes[i].says);
}

static const struct {
    const char *name, *line;
    int         code;
    const char *says;
} backups[] = {
    {"refuses another passphrase", "wallet restore -C @/new @/all.backup", 7,
     "another passphrase"},
    {"refuses what is no backup", "wallet restore -C @/new @/people.jsonl", 2,
     "no backup"},
    {"refuses to keep it nowhere", "wallet backup -C @/w", 1,
     "where it is kept"},
    {"refuses to restore from nowhere", "wallet restore -C @/w", 1,
     "where the backup is"},
    {"refuses a provider that there is not", "wallet backup -C @/w --provider",
     7, "has no provider"},
    {"refuses a code that is none",
     "wallet restore -C @/w --provider http://127.0.0.1:1 --local --code-file "
     "@/other", 7, "code"},
};

static void typed(void **state)
{
    size_t i = *(const size_t *)*state;

    test_must(backups[i].line, backups[i].code);
    test_says(backups[i].says);
}

/* ---- at a provider ------------------------------------------------------ */

static test_server provider;
static char        at_provider[64];

static void start_provider(void)
{
    unsigned port = test_free_port();
    char     line[256];

    snprintf(at_provider, sizeof at_provider, "http://wallet.localhost:%u",
             port);
    snprintf(line, sizeof line, "provider init --demo -C @/p --url %s",
             at_provider);
    test_must(line, 0);
    snprintf(line, sizeof line, "provider serve -C @/p --listen 127.0.0.1:%u",
             port);
    assert_true(test_server_start(&provider, line));
    snprintf(line, sizeof line, "wallet provider -C @/w --local %s",
             at_provider);
    test_must(line, 0);
}

/* The recovery code that was printed, into @/code. */
static void keep_code(const test_output *said)
{
    const yao_json *root;
    char            code[64];

    assert_status(yao_json_parse(test_arena(),
                                 (yao_bytes){(const uint8_t *)said->out,
                                             said->len - 1},
                                 &root),
                  YAO_OK);
    test_keep_text(yao_json_get(root, "code"), code, sizeof code);
    assert_int_equal(strlen(code), 31);
    for (char *c = code; *c != '\0'; c++) /* as somebody may type it */
        *c = (char)(*c == '-' ? ' ' : *c >= 'A' ? *c - 'A' + 'a' : *c);
    test_write("code", yao_text_bytes(yao_text_of(code)));
}

static void restore_from(const char *wallet, int code)
{
    char line[256];

    snprintf(line, sizeof line,
             "wallet restore -C @/%s --local --code-file @/code --provider "
             "%s", wallet, at_provider);
    test_must(line, code);
}

static void backs_up_there(void **state)
{
    static const char *const values[] = {PERSON, "李示例", "resident_id",
                                         "hotel"};

    (void)state;
    start_provider();
    keep_code(test_must("wallet backup -C @/w --provider --local --json", 0));
    test_must("wallet backup -C @/w --provider --local --json", 0);
    assert_false(test_said("code")); /* shown once, unless asked for */
    test_says("\"version\":2");
    test_is_nowhere_below(test_scratch_path("p"), values, COUNT(values));

    test_must("wallet init -C @/second", 0);
    restore_from("second", 0);
    test_says("Documents are in no backup");
    test_must("wallet history -C @/second", 0);
    test_says("hotel");
}

/* Two devices of one person: neither loses what the other wrote. */
static void two_devices(void **state)
{
    (void)state;
    test_must("document issue -C @/a --wallet @/second --copies 2 --cards 0 "
              "--person " PERSON " --document resident_id", 0);
    test_must("wallet present -C @/second --profile train --format sd-jwt "
              "--nonce n --audience a --unidentified --yes", 0);
    test_must("wallet backup -C @/second --provider --local", 0);
    test_must("wallet backup -C @/w --provider --local", 0);
    test_must("wallet history -C @/w", 0);
    test_says("train");
    test_says("hotel");
    test_must("wallet init -C @/third", 0);
    restore_from("third", 0);
    test_must("wallet history -C @/third", 0);
    test_says("train");
}

static void refuses_other_code(void **state)
{
    (void)state;
    test_write("code", YAO_LIT("22222-22222-22222-22222-22222-2"));
    restore_from("third", 7);
    test_says("no backup under this code");
    test_write("code", YAO_LIT("22222-22222"));
    restore_from("third", 7);
    assert_int_equal(test_server_stop(&provider), 0);
    test_must("wallet backup -C @/w --provider --local", 7);
}

int main(void)
{
    static size_t numbers[16];

    test_add("life", "accepts a wallet", prepare, NULL);
    test_add("delete", "gives up one document and its keys (N345)",
             deletes_one, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        numbers[i] = i;
        test_add("delete", refusals[i].name, refuses, &numbers[i]);
    }
    test_add("delete", "gives up all of them, and the history (N345)",
             deletes_all, NULL);

    test_add("backup", "gives N338: history to another wallet, no document",
             backs_up, NULL);
    for (size_t i = 0; i < COUNT(changes); i++) {
        numbers[i] = i;
        test_add("backup", changes[i].name, refuses_changed, &numbers[i]);
    }
    for (size_t i = 0; i < COUNT(backups); i++) {
        numbers[i] = i;
        test_add("backup", backups[i].name, typed, &numbers[i]);
    }
    test_add("provider", "gives history back for a code on paper",
             backs_up_there, NULL);
    test_add("provider", "gives what two devices wrote", two_devices, NULL);
    test_add("provider", "refuses another code", refuses_other_code, NULL);

    int code = test_run("journeys/wallet_life");
    test_scratch_remove();
    return code;
}
