/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/backup.h"

#include <argon2.h>
#include <string.h>

/*
 *  "yaopaiB1" | memory u32 | passes u32 | salt 16 | nonce 12 | sealed | tag 16
 *  all before the nonce is additional data
 *  plain = length u32 | content | zeros up to a whole number of PADs
 */
enum {
    MAGIC    = 8,
    SALT     = 16,
    KEY      = 32,
    SHORTEST = 8,
    HEAD     = MAGIC + 4 + 4 + SALT,
    PAD      = 8192,
    LENGTH   = 4,
    LARGEST  = 64 * 1024 * 1024
};

/* As wallet.json: RFC 9106 section 4, second recommended option. */
enum { MEMORY_KIB = 65536, PASSES = 3, MOST_MEMORY_KIB = 1048576, MOST_PASSES = 16 };

static const uint8_t magic[MAGIC] = {'y', 'a', 'o', 'p', 'a', 'i', 'B', '1'};

static void put_number(uint8_t *out, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(number >> (24 - 8 * i));
}

static uint32_t get_number(const uint8_t *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
           (uint32_t)in[2] << 8 | in[3];
}

static yao_status derive(const uint8_t *head, yao_bytes passphrase,
                         uint8_t key[KEY])
{
    int result = argon2id_hash_raw(get_number(head + MAGIC + 4),
                                   get_number(head + MAGIC), 1, passphrase.ptr,
                                   passphrase.len, head + MAGIC + 8, SALT, key,
                                   KEY);

    return result == ARGON2_OK ? YAO_OK : YAO_E_CRYPTO;
}

static yao_seal seal_of(const uint8_t *head, const uint8_t *key)
{
    return (yao_seal){.key   = {key, KEY},
                      .nonce = {head + HEAD, YAO_SEAL_NONCE},
                      .aad   = {head, HEAD}};
}

static yao_status make_head(uint8_t *head)
{
    memcpy(head, magic, MAGIC);
    put_number(head + MAGIC, MEMORY_KIB);
    put_number(head + MAGIC + 4, PASSES);
    return yao_openssl_random(head + MAGIC + 8, SALT + YAO_SEAL_NONCE);
}

static yao_status seal(yao_bytes passphrase, yao_bytes padded, uint8_t *out)
{
    uint8_t    key[KEY];
    yao_status status = make_head(out);

    if (status == YAO_OK)
        status = derive(out, passphrase, key);
    if (status == YAO_OK) {
        yao_seal how = seal_of(out, key);
        status       = yao_openssl_seal(&how, padded,
                                        out + HEAD + YAO_SEAL_NONCE);
    }
    yao_wipe(key, sizeof key);
    return status;
}

yao_status yao_backup_seal(yao_bytes passphrase, yao_bytes plain,
                           yao_arena *arena, yao_bytes *ret)
{
    if (passphrase.len < SHORTEST)
        return YAO_E_SECRET;
    if (plain.len > LARGEST)
        return YAO_E_SPACE;

    size_t   padded = (LENGTH + plain.len + PAD - 1) / PAD * PAD;
    size_t   len    = HEAD + YAO_SEAL_NONCE + padded + YAO_SEAL_TAG;
    uint8_t *text   = yao_arena_take(arena, padded); /* zeros */
    uint8_t *out    = yao_arena_take(arena, len);
    if (text == NULL || out == NULL)
        return YAO_E_SPACE;
    put_number(text, (uint32_t)plain.len);
    memcpy(text + LENGTH, plain.ptr, plain.len);

    yao_status status = seal(passphrase, (yao_bytes){text, padded}, out);
    yao_wipe(text, padded);
    if (status == YAO_OK)
        *ret = (yao_bytes){out, len};
    return status;
}

/* What a file from somewhere else may make us spend. */
static bool is_head(yao_bytes sealed)
{
    if (sealed.len < HEAD + YAO_SEAL_NONCE + YAO_SEAL_TAG ||
        memcmp(sealed.ptr, magic, MAGIC) != 0)
        return false;
    uint32_t memory = get_number(sealed.ptr + MAGIC);
    uint32_t passes = get_number(sealed.ptr + MAGIC + 4);
    return memory >= 8 && memory <= MOST_MEMORY_KIB && passes >= 1 &&
           passes <= MOST_PASSES;
}

static yao_status unseal(yao_bytes passphrase, yao_bytes sealed, uint8_t *out)
{
    uint8_t    key[KEY];
    yao_status status = derive(sealed.ptr, passphrase, key);

    if (status == YAO_OK) {
        yao_seal  how  = seal_of(sealed.ptr, key);
        yao_bytes rest = {sealed.ptr + HEAD + YAO_SEAL_NONCE,
                          sealed.len - HEAD - YAO_SEAL_NONCE};
        if (yao_openssl_unseal(&how, rest, out) != YAO_OK)
            status = YAO_E_SECRET;
    }
    yao_wipe(key, sizeof key);
    return status;
}

yao_status yao_backup_open(yao_bytes passphrase, yao_bytes sealed,
                           yao_arena *arena, yao_bytes *ret)
{
    if (!is_head(sealed))
        return YAO_E_MALFORMED;

    size_t   len = sealed.len - HEAD - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(arena, len + 1);
    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(unseal(passphrase, sealed, out));
    if (len < LENGTH || get_number(out) > len - LENGTH)
        return YAO_E_MALFORMED;
    *ret = (yao_bytes){out + LENGTH, get_number(out)};
    return YAO_OK;
}
