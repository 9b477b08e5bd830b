/* SPDX-License-Identifier: Apache-2.0 */

/** What ends in a wallet: documents that are deleted, with their keys. */

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "journey.h"

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

int main(void)
{
    static size_t numbers[COUNT(refusals)];

    test_add("life", "accepts a wallet", prepare, NULL);
    test_add("delete", "gives up one document and its keys (N345)",
             deletes_one, NULL);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        numbers[i] = i;
        test_add("delete", refusals[i].name, refuses, &numbers[i]);
    }
    test_add("delete", "gives up all of them, and the history (N345)",
             deletes_all, NULL);

    int code = test_run("journeys/wallet_life");
    test_scratch_remove();
    return code;
}
