/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_SEAL_H
#define YAO_AUTHORITY_SEAL_H

/**
 * How people lie in the register: sealed, each under a key of their own.
 *
 *     key-encryption key of an epoch --wraps--> key of the person
 *     key of the person              --seals--> record, portraits
 *     look-up key                    --HMAC---> number, plate, household, ...
 *
 * Destroying a person's key destroys the person in every backup, once the
 * key-encryption key of its epoch is gone as well (design 3.8). The two keys
 * above lie outside of the database's folder. A sealed part names in its
 * authenticated data whose it is and which: rows can't be exchanged.
 *
 * Formats: docs/formats/register.md. Cost: one AES-GCM or one HMAC each.
 */

#include "store/store.h"
#include "yaopai/openssl.h"

#define SEAL_KEY_LEN 32

/** A wrapped key: nonce, key, tag. */
#define SEAL_WRAPPED_LEN (YAO_SEAL_NONCE + SEAL_KEY_LEN + YAO_SEAL_TAG)

/** Key-encryption keys that are in use at once: the newest and those that
 *  some people are still under. */
#define SEAL_MAX_EPOCHS 8

/** The register's keys. Wipe with seal_keys_wipe(). */
typedef struct seal_keys {
    uint8_t lookup[SEAL_KEY_LEN];
    struct {
        int64_t epoch; /* 0: none */
        uint8_t key[SEAL_KEY_LEN];
    } wrapping[SEAL_MAX_EPOCHS];
    int64_t epoch; /* under which new people come */
} seal_keys;

/** Overwrite all of KEYS. */
void seal_keys_wipe(seal_keys *keys);

/**
 * Read 32 random bytes from a key URI.
 *
 * In      uri  "file:PATH": a regular file of exactly 32 bytes that only its
 *              owner may read
 * Out     out  a secret: the caller wipes it
 * Errors  YAO_E_USAGE        another scheme
 *         YAO_E_UNSUPPORTED  pkcs11:
 *         YAO_E_NOT_FOUND    no such file
 *         YAO_E_REFUSED      group or others have a right to it, or it is no
 *                            regular file
 *         YAO_E_MALFORMED    not 32 bytes
 *         YAO_E_FILE         it cannot be read
 */
YAO_MUST_USE yao_status seal_key_read(const char *uri,
                                      uint8_t     out[SEAL_KEY_LEN]);

/** Make such a file, new, mode 0600. Errors: YAO_E_EXISTS, YAO_E_FILE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status seal_key_make(const char *path);

/**
 * Does the key of URI lie inside FOLDER, so that whoever copies the folder has
 * it? Links are followed. True also when it can't be told.
 */
bool seal_key_inside(const char *uri, const char *folder);

/* ---- look-ups ---- */

/** What is hashed for what; part of the hash, so that the same letters in two
 *  roles give two hashes. The first five are store_lookup_kind. */
enum {
    SEAL_LEDGER_HOLDER = 16, /* the number of who was issued something */
    SEAL_LEDGER_COPY   = 17, /* the bytes of a copy */
    SEAL_LEDGER_KEY    = 18, /* the point of a device key */
    SEAL_KEY_CHECK     = 19, /* of the look-up key itself */
    SEAL_LEDGER_SUBJECT = 20 /* which document, where one has several */
};

/**
 * The keyed hash of VALUE: HMAC-SHA-256(look-up key, "yaopai-lookup-1" ||
 * kind || value).
 *
 * Out     out  STORE_HASH_LEN bytes
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 */
YAO_MUST_USE yao_status seal_hash(const yao_crypto *crypto,
                                  const seal_keys *keys, int kind,
                                  yao_bytes value, uint8_t out[STORE_HASH_LEN]);

/** What a key-encryption key is recognised by: 32 bytes that don't help to
 *  find it. Errors as seal_hash(); YAO_E_NOT_FOUND: no key of EPOCH. */
YAO_MUST_USE yao_status seal_epoch_check(const yao_crypto *crypto,
                                         const seal_keys *keys, int64_t epoch,
                                         uint8_t out[STORE_HASH_LEN]);

/* ---- people ---- */

/** A person's key in use. Wipe it with yao_wipe(). */
typedef struct seal_person {
    uint8_t id[STORE_ID_LEN];
    uint8_t key[SEAL_KEY_LEN];
} seal_person;

/** A new person: random id and key. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status seal_person_new(seal_person *ret);

/** Wrap the key under that of the newest epoch. Errors: YAO_E_CRYPTO;
 *  YAO_E_NOT_FOUND: no key of that epoch. */
YAO_MUST_USE yao_status seal_person_wrap(const seal_keys   *keys,
                                         const seal_person *person,
                                         uint8_t out[SEAL_WRAPPED_LEN]);

/**
 * Unwrap the key of a stored person.
 *
 * Errors  YAO_E_MALFORMED  id or wrapped key have another length
 *         YAO_E_NOT_FOUND  no key-encryption key of that epoch: it was
 *                          destroyed, or is not configured
 *         YAO_E_SECRET     another key, or the row is not what was written
 *         YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status seal_person_open(const seal_keys    *keys,
                                         const store_person *stored,
                                         seal_person        *ret);

/**
 * Seal PLAIN as part KIND.
 *
 * Out     ret  in ARENA: nonce, ciphertext, tag. A record is padded with
 *              blanks to a multiple of SEAL_PAD first, so that its length
 *              does not say what somebody owns
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
#define SEAL_PAD 1024
YAO_MUST_USE yao_status seal_part(const seal_person *person,
                                  store_part_kind kind, yao_bytes plain,
                                  yao_arena *arena, yao_bytes *ret);

/**
 * Open a part.
 *
 * Out     ret  in ARENA; of a record with its padding (JSON ignores it)
 * Errors  YAO_E_TRUNCATED  shorter than nonce and tag
 *         YAO_E_SECRET     not this person's, not this part, or changed
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status seal_open_part(const seal_person *person,
                                       store_part_kind kind, yao_bytes sealed,
                                       yao_arena *arena, yao_bytes *ret);

#endif
