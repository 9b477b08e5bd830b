/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/vault.h"

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "program.h"

static const yao_bytes passphrase = YAO_INIT("correct horse battery");

/* Argon2id takes some tenths of a second: one vault serves all cases. */
static const char *folder(void)
{
    return test_scratch_path("vault");
}

static yao_vault opened(void)
{
    yao_vault vault;

    assert_status(yao_vault_open(folder(), passphrase, &vault), YAO_OK);
    return vault;
}

static void make(void **state)
{
    (void)state;
    assert_status(yao_vault_make(folder(), passphrase), YAO_OK);
    assert_status(yao_vault_make(folder(), passphrase), YAO_E_EXISTS);
}

static void short_passphrase(void **state)
{
    (void)state;
    assert_status(
        yao_vault_make(test_scratch_path("short"), YAO_LIT("1234567")),
        YAO_E_SECRET);
    assert_false(yao_path_exists(test_scratch_path("short/wallet.json")));
}

static void no_vault(void **state)
{
    yao_vault vault;

    (void)state;
    assert_status(
        yao_vault_open(test_scratch_path("nowhere"), passphrase, &vault),
        YAO_E_NOT_FOUND);
}

static void wrong_passphrase(void **state)
{
    yao_vault vault;

    (void)state;
    assert_status(
        yao_vault_open(folder(), YAO_LIT("correct horse batterz"), &vault),
        YAO_E_SECRET);
    assert_status(yao_vault_open(folder(), YAO_LIT(""), &vault), YAO_E_SECRET);
}

static void second_process(void **state)
{
    yao_vault first = opened(), second;

    (void)state;
    assert_status(yao_vault_open(folder(), passphrase, &second), YAO_E_LOCKED);
    yao_vault_close(&first);
}

static void round_trip(void **state)
{
    yao_vault vault = opened();
    yao_bytes back;

    (void)state;
    assert_status(yao_vault_write(&vault, "b-1", YAO_LIT("first")), YAO_OK);
    assert_status(yao_vault_write(&vault, "b-1", YAO_LIT("second")), YAO_OK);
    assert_status(yao_vault_read(&vault, "b-1", test_arena(), &back), YAO_OK);
    assert_bytes(back, YAO_LIT("second"));
    assert_status(yao_vault_read(&vault, "b-9", test_arena(), &back),
                  YAO_E_NOT_FOUND);
    yao_vault_remove(&vault, "b-1");
    assert_status(yao_vault_read(&vault, "b-1", test_arena(), &back),
                  YAO_E_NOT_FOUND);
    yao_vault_close(&vault);
}

static void small_arena(void **state)
{
    uint8_t   room[4];
    yao_arena arena = {room, sizeof room, 0};
    yao_vault vault = opened();
    yao_bytes back;

    (void)state;
    assert_status(yao_vault_write(&vault, "b-2", YAO_LIT("twelve bytes")),
                  YAO_OK);
    assert_status(yao_vault_read(&vault, "b-2", &arena, &back), YAO_E_SPACE);
    yao_vault_close(&vault);
}

/* Every bit of a sealed file, cut files, and a file under another's name. */
static void changed_file(void **state)
{
    char      path[4200];
    yao_vault vault = opened();
    yao_bytes back, file;

    (void)state;
    snprintf(path, sizeof path, "%s/b-3.sealed", folder());
    assert_status(yao_vault_write(&vault, "b-3", YAO_LIT("x")), YAO_OK);
    assert_status(yao_file_read(path, 4096, &file), YAO_OK);
    for (size_t bit = 0; bit < file.len * 8; bit++) {
        uint8_t *at = (uint8_t *)(uintptr_t)file.ptr + bit / 8;

        *at = (uint8_t)(*at ^ (1 << bit % 8));
        assert_status(yao_file_write(path, file, 0600, false), YAO_OK);
        *at = (uint8_t)(*at ^ (1 << bit % 8));
        assert_status(yao_vault_read(&vault, "b-3", test_arena(), &back),
                      YAO_E_SECRET);
    }
    for (size_t len = 0; len < file.len; len++) {
        assert_status(yao_file_write(path, (yao_bytes){file.ptr, len}, 0600,
                                     false), YAO_OK);
        assert_status(yao_vault_read(&vault, "b-3", test_arena(), &back),
                      YAO_E_SECRET);
    }
    snprintf(path, sizeof path, "%s/b-4.sealed", folder());
    assert_status(yao_file_write(path, file, 0600, false), YAO_OK);
    assert_status(yao_vault_read(&vault, "b-4", test_arena(), &back),
                  YAO_E_SECRET);
    yao_file_free(&file);
    yao_vault_close(&vault);
}

static const struct {
    const char *name;
    const char *json;
    yao_status  want;
} headers[] = {
    {"refuses an empty header", "", YAO_E_MALFORMED},
    {"refuses another format", "{\"format\":\"yaopai-wallet-2\"}",
     YAO_E_MALFORMED},
    {"refuses a header without a salt",
     "{\"format\":\"yaopai-wallet-1\",\"memory\":65536,\"passes\":3}",
     YAO_E_MALFORMED},
    {"refuses to spend a terabyte for a stranger",
     "{\"format\":\"yaopai-wallet-1\",\"memory\":1073741824,\"passes\":3,"
     "\"salt\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"key\":\"AAAA\"}", YAO_E_MALFORMED},
    {"refuses a thousand passes",
     "{\"format\":\"yaopai-wallet-1\",\"memory\":65536,\"passes\":1000,"
     "\"salt\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"key\":\"AAAA\"}", YAO_E_MALFORMED},
    {"refuses a short salt",
     "{\"format\":\"yaopai-wallet-1\",\"memory\":65536,\"passes\":3,"
     "\"salt\":\"AAAA\",\"key\":\"AAAA\"}", YAO_E_MALFORMED},
};

static void header(void **state)
{
    size_t    i = *(const size_t *)*state;
    yao_vault vault;

    assert_status(yao_folder_make(test_scratch_path("bad"), 0700), YAO_OK);
    assert_status(yao_file_write(
                      test_scratch_path("bad/wallet.json"),
                      yao_text_bytes(yao_text_of(headers[i].json)), 0600,
                      false), YAO_OK);
    assert_status(yao_vault_open(test_scratch_path("bad"), passphrase, &vault),
                  headers[i].want);
}

int main(void)
{
    static size_t numbers[COUNT(headers)];

    test_add("make", "accepts a fresh folder once", make, NULL);
    test_add("make", "refuses a passphrase of seven letters", short_passphrase,
             NULL);
    test_add("open", "refuses a folder without a vault", no_vault, NULL);
    test_add("open", "refuses another passphrase", wrong_passphrase, NULL);
    test_add("open", "refuses a second process", second_process, NULL);
    for (size_t i = 0; i < COUNT(headers); i++) {
        numbers[i] = i;
        test_add("open", headers[i].name, header, &numbers[i]);
    }
    test_add("files", "gives back what was last written", round_trip, NULL);
    test_add("files", "refuses an arena that is too small", small_arena, NULL);
    test_add("files", "refuses changed, cut and swapped files", changed_file,
             NULL);

    int code = test_run("wallet/vault");
    test_scratch_remove();
    return code;
}
