/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OPENSSL_H
#define YAO_OPENSSL_H

/**
 * Cryptography by OpenSSL 3: what servers and the command line use.
 *
 *     yao_openssl     *openssl = yao_openssl_open();
 *     yao_openssl_key *key;
 *     YAO_TRY(yao_openssl_key_open("file:signer.pem", &key));
 *     YAO_TRY(yao_openssl_sign(key, &wish, signature, &len));
 *
 * Threads: a yao_openssl and a yao_openssl_key belong to one thread at a
 * time, since both keep working contexts; open one of each per thread
 * (yao_openssl_key_share). Sealing and random bytes have no such state.
 * Memory: handles are closed by whoever opened them; closing NULL is allowed.
 * No type of OpenSSL appears here, so it stays replaceable.
 */

#include "yaopai/crypto.h"
#include "yaopai/writer.h"

/* ---- the home --------------------------------------------------------- */

typedef struct yao_openssl yao_openssl;

/** NULL when there is no memory or OpenSSL lacks a curve we need. */
YAO_API yao_openssl *yao_openssl_open(void);
YAO_API void         yao_openssl_close(yao_openssl *openssl);

/**
 * The functions of yaopai/crypto.h; lives as long as OPENSSL.
 *
 * All hashes and signature algorithms of the table are there, and YAO_ED25519.
 * Up to 256 good outcomes of checks with `repeats` are remembered, but for
 * Ed25519. `key_repeats` changes nothing: importing a key takes about a
 * hundredth of a verification.
 */
YAO_API const yao_crypto *yao_openssl_crypto(yao_openssl *openssl);

/**
 * LEN random bytes into OUT.
 *
 * Errors  YAO_E_CRYPTO  the generator failed; OUT must not be used
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_random(uint8_t *out, size_t len);

/* ---- secret keys ------------------------------------------------------ */

typedef struct yao_openssl_key yao_openssl_key;

#define YAO_MAX_AGREEMENT 48   /* x-coordinate on P-384 */
#define YAO_MAX_PRIVATE   256u /* PKCS#8 of a P-384 key is 185 bytes */

/**
 * Open the key that URI names.
 *
 * Shape   "file:PATH"  PKCS#8 in PEM, one block "PRIVATE KEY"
 *         "pkcs11:..." is for the program's keys (docs/keys.md), not here
 * Errors  YAO_E_USAGE        another scheme
 *         YAO_E_UNSUPPORTED  pkcs11:
 *         YAO_E_NOT_FOUND    no such file
 *         YAO_E_FILE         it cannot be read
 *         YAO_E_REFUSED      not a regular file, or group or others have any
 *                            right to it
 *         YAO_E_MALFORMED    not one PEM block, or as yao_openssl_key_read
 *         YAO_E_KEY, YAO_E_CRYPTO, YAO_E_TRAILING  as yao_openssl_key_read
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_key_open(const char       *uri,
                                                     yao_openssl_key **ret);

/**
 * Make a new key for ALG. One for YAO_ED25519 signs checkpoints of a log, has
 * nobody to agree with (YAO_E_KEY), and is not read or written yet.
 *
 * Errors  YAO_E_UNSUPPORTED  no such algorithm
 *         YAO_E_CRYPTO       OpenSSL failed
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_key_generate(yao_sig_alg       alg,
                                                         yao_openssl_key **ret);

/**
 * Read a key from PKCS#8.
 *
 * In      der  one PrivateKeyInfo; secret, the caller wipes it
 * Errors  YAO_E_MALFORMED  not PKCS#8
 *         YAO_E_TRAILING   bytes after it
 *         YAO_E_KEY        not on P-256 or P-384 by name, or its public
 *                          part belongs to another key
 *         YAO_E_CRYPTO     OpenSSL failed
 * Source  RFC 5958 section 2; RFC 5915 section 3
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_key_read(yao_bytes         der,
                                                     yao_openssl_key **ret);

/**
 * Append the key as PKCS#8 DER to W. Secret: the caller wipes the buffer.
 *
 * Errors  YAO_E_SPACE        recorded in W as well; YAO_MAX_PRIVATE is enough
 *         YAO_E_UNSUPPORTED  the key is for YAO_ED25519; recorded as well
 *         YAO_E_CRYPTO       OpenSSL failed
 */
YAO_API YAO_MUST_USE yao_status
yao_openssl_key_write(const yao_openssl_key *key, yao_writer *w);

/**
 * Write the key to a new file, PKCS#8 in PEM, mode 0600, and wait until the
 * disk has it.
 *
 * Errors  YAO_E_EXISTS  there is something of that name; it is untouched
 *         YAO_E_FILE    it could not be written; nothing is left behind
 *         YAO_E_CRYPTO  OpenSSL failed
 */
YAO_API YAO_MUST_USE yao_status
yao_openssl_key_save(const yao_openssl_key *key, const char *path);

/**
 * Another handle of the same key, for another thread.
 *
 * Errors  YAO_E_CRYPTO  OpenSSL failed
 */
YAO_API YAO_MUST_USE yao_status
yao_openssl_key_share(const yao_openssl_key *key, yao_openssl_key **ret);

/** Wipe and release KEY. NULL is fine. */
YAO_API void yao_openssl_key_close(yao_openssl_key *key);

/** The public part, and the algorithm that this key signs with. */
YAO_API yao_public_key yao_openssl_key_public(const yao_openssl_key *key);
YAO_API yao_sig_alg    yao_openssl_key_alg(const yao_openssl_key *key);

/**
 * Fulfil a wish to sign.
 *
 * Out     out  room for YAO_MAX_SIGNATURE bytes; r || s, written on YAO_OK
 *         len  64 or 96
 * Errors  YAO_E_USAGE      more than YAO_MAX_PARTS parts
 *         YAO_E_ALGORITHM  the key signs with another algorithm
 *         YAO_E_CRYPTO     OpenSSL failed
 * Cost    one signature
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_sign(yao_openssl_key     *key,
                                                 const yao_sign_wish *wish,
                                                 uint8_t *out, size_t *len);

/**
 * Fulfil a wish to agree (ECDH).
 *
 * Out     out  room for YAO_MAX_AGREEMENT bytes: the x-coordinate, as long
 *              as a coordinate of the curve; secret; written on YAO_OK
 * Errors  YAO_E_KEY     the peer's key has another curve or form, or is not
 *                       on its curve
 *         YAO_E_CRYPTO  OpenSSL failed
 * Source  SP 800-56A section 5.7.1.2; the curves have cofactor 1
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_agree(yao_openssl_key      *key,
                                                  const yao_agree_wish *wish,
                                                  uint8_t              *out);

/* ---- sealing ---------------------------------------------------------- */

#define YAO_SEAL_NONCE 12
#define YAO_SEAL_TAG   16

/** AES-GCM. A nonce is never used twice with one key. */
typedef struct yao_seal {
    yao_bytes key;   /* 32 bytes, or 16 for A128GCM */
    yao_bytes nonce; /* YAO_SEAL_NONCE bytes */
    yao_bytes aad;   /* authenticated, not hidden */
} yao_seal;

/**
 * Seal PLAIN.
 *
 * Out     out  room for plain.len + YAO_SEAL_TAG bytes: ciphertext || tag;
 *              may begin where plain begins
 * Errors  YAO_E_USAGE   a key or nonce of another length
 *         YAO_E_LIMIT   more than 2 GiB
 *         YAO_E_CRYPTO  OpenSSL failed
 * Source  SP 800-38D
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_seal(const yao_seal *seal,
                                                 yao_bytes plain, uint8_t *out);

/**
 * Open what was sealed.
 *
 * Out     out  room for sealed.len - YAO_SEAL_TAG bytes; may begin where
 *              sealed begins; wiped unless YAO_OK
 * Errors  YAO_E_TRUNCATED  shorter than a tag
 *         YAO_E_SECRET     wrong key, nonce or aad, or changed since
 *         YAO_E_USAGE, YAO_E_LIMIT, YAO_E_CRYPTO  as yao_openssl_seal
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_unseal(const yao_seal *seal,
                                                   yao_bytes       sealed,
                                                   uint8_t        *out);

/**
 * Fulfil a wish to seal or to open: the two above, by the wish's own word.
 *
 * Out     out  room for wish->input.len + YAO_AEAD_TAG bytes when sealing,
 *              as many less when opening; wiped when opening fails
 * Errors  YAO_E_UNSUPPORTED  no such algorithm
 *         YAO_E_USAGE        a key or nonce of another length than its own
 *         YAO_E_TRUNCATED, YAO_E_SECRET, YAO_E_LIMIT, YAO_E_CRYPTO  as above
 */
YAO_API YAO_MUST_USE yao_status yao_openssl_aead(const yao_aead_wish *wish,
                                                 uint8_t             *out);

#endif
