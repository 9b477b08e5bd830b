/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_VAULT_H
#define YAO_WALLET_VAULT_H

/**
 * A folder whose files only a passphrase opens.
 *
 *   wallet.json   what is not secret: salt, cost of Argon2id, and the data
 *                 key sealed under the key made of the passphrase
 *   *.sealed      AES-256-GCM under the data key: nonce || ciphertext || tag,
 *                 bound to the file's name, so that two cannot be swapped
 *   lock          held while a process has the wallet open
 *
 * A second passphrase, or a token, later seals the same data key again.
 */

#include "yaopai/arena.h"

typedef struct yao_vault {
    char    folder[4096];
    uint8_t key[32]; /* secret: wiped by yao_vault_close() */
    int     lock;    /* descriptor, -1: none */
} yao_vault;

/**
 * Make an empty vault in FOLDER (made when it is not there).
 *
 * Errors  YAO_E_EXISTS  there is one;  YAO_E_FILE;  YAO_E_CRYPTO
 *         YAO_E_SECRET  the passphrase is shorter than 8 letters
 * Cost    64 MiB and some tenths of a second, by design of Argon2id
 */
YAO_MUST_USE yao_status yao_vault_make(const char *folder, yao_bytes passphrase);

/**
 * Open it.
 *
 * Errors  YAO_E_NOT_FOUND  no vault there;  YAO_E_MALFORMED  wallet.json
 *         YAO_E_SECRET     another passphrase, or the file was changed
 *         YAO_E_LOCKED     another process has it open;  YAO_E_FILE
 */
YAO_MUST_USE yao_status yao_vault_open(const char *folder, yao_bytes passphrase,
                                       yao_vault *ret);
void                    yao_vault_close(yao_vault *vault);

/** Is there a vault in FOLDER, whoever may open it? */
bool yao_vault_exists(const char *folder);

/**
 * Read and write one sealed file, all or nothing.
 *
 * In      name  without the suffix; letters, digits, dashes
 * Errors  YAO_E_NOT_FOUND  no such file;  YAO_E_SECRET  it was changed
 *         YAO_E_FILE, YAO_E_SPACE, YAO_E_LIMIT, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_vault_read(const yao_vault *vault, const char *name,
                                       yao_arena *arena, yao_bytes *ret);
YAO_MUST_USE yao_status yao_vault_write(const yao_vault *vault,
                                        const char *name, yao_bytes plain);
/** Remove one, overwritten before: what the disk does with that is its affair,
 *  and what it keeps is sealed. */
void                    yao_vault_remove(const yao_vault *vault,
                                         const char *name);

/**
 * Remove what a killed process left behind: half-written files, and sealed ones
 * of which NAMED says that they belong to nothing. What can't be removed now is
 * left for the next time.
 */
void yao_vault_sweep(const yao_vault *vault,
                     bool (*named)(void *context, const char *name),
                     void *context);

/**
 * Ask for the passphrase: the file named by $YAOPAI_PASSPHRASE_FILE or FILE,
 * else the terminal, else the first line of standard input.
 *
 * Out     ret     in BUFFER of CAP bytes, which the caller wipes
 * Errors  YAO_E_SECRET  none given;  YAO_E_FILE;  YAO_E_LIMIT
 */
YAO_MUST_USE yao_status yao_passphrase_ask(const char *file, bool twice,
                                           uint8_t *buffer, size_t cap,
                                           yao_bytes *ret);

/** Say why there is no passphrase; gives the exit code. */
int yao_passphrase_fail(yao_status status, const char *file);

#endif
