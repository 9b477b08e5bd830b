/* SPDX-License-Identifier: Apache-2.0 */

/** Many people's wallets, driven by a script: every verb by options, files and
 *  exit codes, nothing asked, nothing shared. Ten thousand would be a longer
 *  loop; `yaopai load` is that without folders. */

#include "check.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "journey.h"

enum { WALLETS = 50, AT_ONCE = 2 };

static char numbers[WALLETS][32];

/* The number of each line of the people's file. */
static void read_people(void)
{
    yao_bytes file = test_read("people.jsonl");

    for (size_t i = 0; i < WALLETS; i++) {
        size_t          end = yao_bytes_find(file, '\n');
        const yao_json *person;

        assert_true(end < file.len);
        assert_status(yao_json_parse(test_arena(), (yao_bytes){file.ptr, end},
                                     &person),
                      YAO_OK);
        test_keep_text(yao_json_get(person, "number"), numbers[i],
                       sizeof numbers[i]);
        file = (yao_bytes){file.ptr + end + 1, file.len - end - 1};
    }
}

static void prepare(void **state)
{
    char line[128];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    snprintf(line, sizeof line,
             "person generate -C @/a --count %d --seed 11 --out @/people.jsonl",
             WALLETS);
    test_must(line, 0);
    snprintf(line, sizeof line, "person generate -C @/a --count %d --seed 11",
             WALLETS);
    test_must(line, 0);
    read_people();
}

/* Each in a child: 0 when every line ended as it must. */

static int fill(size_t i)
{
    test_patience patience = test_patience_begin();
    char          line[256];

    snprintf(line, sizeof line, "wallet init -C @/w%zu", i);
    if (test_type(line)->code != 0)
        return 1;
    /* the authority's one lock makes them wait in turn */
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w%zu --copies 1 --cards 0 "
             "--person %s --document resident_id",
             i, numbers[i]);
    while (test_type(line)->code != 0)
        if (!test_wait(&patience))
            return 1;
    return 0;
}

static int show(size_t i)
{
    char line[256];

    snprintf(line, sizeof line,
             "wallet present -C @/w%zu --profile age --format sd-jwt --nonce "
             "n%zu --audience a --unidentified --yes --output @/shown-%zu.txt",
             i, i, i);
    return test_type(line)->code;
}

static void in_children(int (*live)(size_t i))
{
    size_t begun = 0, running = 0, failed = 0;

    while (begun < WALLETS || running > 0) {
        int status;

        if (begun < WALLETS && running < AT_ONCE) {
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0)
                _exit(live(begun));
            begun++;
            running++;
            continue;
        }
        assert_true(wait(&status) > 0);
        running--;
        failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    assert_int_equal(failed, 0);
}

/* What is shown is good for some minutes: all are filled before one shows. */
static void lives(void **state)
{
    (void)state;
    in_children(fill);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    in_children(show);
}

/* Each was shown to a nonce of its own, and holds for no other. */
static void verifies_each(void **state)
{
    char line[256];

    (void)state;
    for (size_t i = 0; i < WALLETS; i += 7) {
        snprintf(line, sizeof line,
                 "verify --json --trust @/a/certificates/population-root.pem "
                 "--status @/lists/1.jwt --nonce n%zu --audience a "
                 "@/shown-%zu.txt", i, i);
        test_must(line, 0);
        snprintf(line, sizeof line,
                 "verify --json --trust @/a/certificates/population-root.pem "
                 "--status @/lists/1.jwt --nonce n%zu --audience a "
                 "@/shown-%zu.txt", i + 1, i);
        test_must(line, 3);
    }
}

/* No two of them show the same bytes but what every such token has. */
static void shares_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < WALLETS; i++) {
        char      one[32], two[32];
        yao_bytes a, b;

        snprintf(one, sizeof one, "shown-%zu.txt", i);
        snprintf(two, sizeof two, "shown-%zu.txt", i + 1);
        a = test_read(one);
        b = test_read(two);
        assert_true(a.len > 200 && b.len > 200);
        assert_memory_not_equal(a.ptr + a.len - 87, b.ptr + b.len - 87, 86);
    }
}

int main(void)
{
    test_add("wallets", "accepts fifty people", prepare, NULL);
    test_add("wallets", "gives each a wallet that lives by a script", lives,
             NULL);
    test_add("wallets", "accepts what each showed, to its own nonce alone",
             verifies_each, NULL);
    test_add("wallets", "never gives two the same signature", shares_nothing,
             NULL);

    int code = test_run("journeys/wallets");
    test_scratch_remove();
    return code;
}
