/* SPDX-License-Identifier: Apache-2.0 */

/** A wallet in other hands: its folder copied, its files edited, what it holds
 *  made better than it is. */

#include "journey.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "wallet/wallet.h"

static char number[32];

/* ---- the world ---------------------------------------------------------- */

static void prepare(void **state)
{
    char line[200];

    (void)state;
    test_use_passphrase();
    test_write("other", YAO_LIT("correct horse batterz\n"));
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_keep_number("people.jsonl", number, sizeof number);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 2 --cards 0 "
             "--document resident_id --person %s",
             number);
    test_must(line, 0);
    test_must("wallet show -C @/w resident_id", 0);
    test_says(number);
}

/* ---- files -------------------------------------------------------------- */

#define SHOW "wallet show -C @/w resident_id"

static uint8_t *edit(yao_bytes file)
{
    return (uint8_t *)(uintptr_t)file.ptr;
}

static void never_opens_edited_header(void **state)
{
    yao_bytes file = test_read("w/wallet.json");

    (void)state;
    for (size_t at = 0; at < file.len; at += 7) {
        uint8_t was = file.ptr[at];

        if (was <= ' ')
            continue;
        edit(file)[at] = was == 'A' ? 'B' : was == '1' ? '2' : 'A';
        if (was >= '0' && was <= '9')
            edit(file)[at] = was == '1' ? '2' : '1';
        test_write("w/wallet.json", file);
        edit(file)[at] = was;
        assert_int_not_equal(test_type(SHOW)->code, 0);
        assert_false(test_said(number));
    }
    test_write("w/wallet.json", YAO_LIT(""));
    assert_int_not_equal(test_type(SHOW)->code, 0);
    test_write("w/wallet.json", file);
    test_must(SHOW, 0);
}

static void says_what_a_guess_costs(void **state)
{
    yao_bytes       file = test_read("w/wallet.json");
    const yao_json *root;
    int64_t         memory, passes;

    (void)state;
    assert_status(yao_json_parse(test_arena(), file, &root), YAO_OK);
    assert_status(yao_json_int(yao_json_get(root, "memory"), &memory), YAO_OK);
    assert_status(yao_json_int(yao_json_get(root, "passes"), &passes), YAO_OK);
    assert_true(memory >= 65536 && passes >= 3);
    test_write("short", YAO_LIT("seven77\n"));
    assert_int_not_equal(
        test_type("wallet init -C @/short-one --passphrase-file @/short "
                  "--registrar @/a/certificates/reader-root.pem")
            ->code,
        0);
}

static void gives_nothing_to_a_copy(void **state)
{
    const char *const values[] = {number};

    char              line[1000];

    (void)state;
    assert_true(test_is_nowhere_below(test_scratch_path("w"), values, 1) > 2);
    snprintf(line, sizeof line, "cp -r '%s' '%s'", test_scratch_path("w"),
             test_scratch_path("copy"));
    assert_int_equal(system(line), 0);
    test_must("wallet show -C @/copy resident_id --passphrase-file @/other", 7);
    assert_false(test_said(number));
}

static void never_opens_edited_history(void **state)
{
    yao_bytes file = test_read("w/index.sealed");

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        size_t at = i * (file.len - 1) / 11;

        edit(file)[at] ^= 1;
        test_write("w/index.sealed", file);
        edit(file)[at] ^= 1;
        assert_int_not_equal(test_type("wallet history -C @/w")->code, 0);
    }
    test_write("w/index.sealed", (yao_bytes){file.ptr, file.len / 2});
    assert_int_not_equal(test_type("wallet history -C @/w")->code, 0);
    test_write("w/index.sealed", file);
    test_must("wallet history -C @/w", 0);
}

/* ---- what it holds ------------------------------------------------------ */

/* The number in all copies of the mdoc, another in its place. */
static void replace(const char *from, const char *to)
{
    yao_wallet      *w;
    yao_wallet_copy  copies[YAO_MAX_BATCH];
    size_t           len = strlen(from), changed = 0;

    assert_status(yao_wallet_unlock(test_scratch_path("w"),
                                    YAO_LIT("correct horse battery"), &w),
                  YAO_OK);
    yao_wallet_batch *b =
        yao_wallet_find(w, YAO_TEXT("resident_id"),
                        YAO_TEXT("mdoc-issuer-signed"), YAO_TEXT(""));
    assert_non_null(b);
    assert_status(yao_wallet_read_batch(w, b, copies), YAO_OK);
    for (size_t i = 0; i < b->count; i++)
        for (size_t at = 0; at + len <= copies[i].bytes.len; at++)
            if (memcmp(copies[i].bytes.ptr + at, from, len) == 0) {
                memcpy(edit(copies[i].bytes) + at, to, len);
                changed++;
            }
    assert_true(changed >= b->count);
    assert_status(yao_wallet_write_batch(w, b->file, copies, b->count),
                  YAO_OK);
    yao_wallet_close(w);
}

static void never_shows_edited_document(void **state)
{
    char better[32];

    (void)state;
    snprintf(better, sizeof better, "%s", number);
    better[9] = better[9] == '1' ? '2' : '1'; /* born in another year */
    replace(number, better);
    assert_int_equal(test_type(SHOW)->code, 3);
    assert_false(test_said(better));
    replace(better, number);
    test_must(SHOW, 0);
    test_says(number);
}

int main(void)
{
    test_add("thief", "begins with a wallet that has a document", prepare,
             NULL);
    test_add("thief", "never opens N337: a wallet whose header was edited",
             never_opens_edited_header, NULL);
    test_add("thief", "gives N339: what a guess costs, and no short passphrase",
             says_what_a_guess_costs, NULL);
    test_add("thief", "gives N338: nothing to who has a copy of the folder",
             gives_nothing_to_a_copy, NULL);
    test_add("thief", "never opens N347: a history that was edited or cut",
             never_opens_edited_history, NULL);
    test_add("thief", "never shows N340: a document that was edited",
             never_shows_edited_document, NULL);

    int code = test_run("journeys/thief");
    test_scratch_remove();
    return code;
}
