/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_OPENSSL_HOME_H
#define YAO_CRYPTO_OPENSSL_HOME_H

/**
 * What the files of this port share: hashing in steps, and the workbench
 * with which one thread verifies.
 *
 * OpenSSL marks the low-level SHA and EC_KEY functions as deprecated. They
 * are used here, for public values only, because the EVP layer above them
 * costs what we cannot give (measured on OpenSSL 3.0, microseconds of CPU):
 *
 *     SHA-256 of 128 bytes     EVP, fetched, kept context 0.20   low 0.13
 *     import of a P-256 point  EVP_PKEY_fromdata 15.4            low 0.6
 *     verification, key known  EVP 46.3                          low 45.6
 *     verification, fresh key  EVP 64.0                          low 46.6
 *
 * An mdoc has 26 digests beside one signature of 16, and each holder's key
 * is fresh. Secret keys stay behind EVP.
 */

#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/sha.h>

#include "crypto/algorithms.h"
#include "yaopai/openssl.h"

typedef struct yao_sha {
    yao_hash_alg alg;
    union {
        SHA256_CTX small;
        SHA512_CTX big; /* SHA-384 as well */
    } state;
} yao_sha;

/** Begin, add, end. ALG must be one of the table; OUT has room for it. */
void yao_sha_begin(yao_sha *sha, yao_hash_alg alg);
void yao_sha_add(yao_sha *sha, yao_bytes bytes);
void yao_sha_end(yao_sha *sha, uint8_t *out);

/** The hash functions of yao_crypto. */
yao_status yao_sha_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                        size_t count, uint8_t *out);
yao_status yao_sha_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                        const yao_bytes *parts, size_t count, uint8_t *out);
yao_status yao_sha_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                        yao_bytes salt, yao_bytes info, uint8_t *out,
                        size_t len);

/** One curve's objects, made once and used for every verification. */
typedef struct yao_bench_curve {
    EC_GROUP *group;
    EC_POINT *point;
    EC_KEY   *key;
} yao_bench_curve;

/** What it takes to find y of a compressed P-256 point. (lift.c) */
typedef struct yao_lift {
    BN_MONT_CTX *mont;
    BIGNUM      *p, *b;         /* of the curve; b in Montgomery form */
    BIGNUM      *a, *x, *y, *t; /* overwritten each time */
} yao_lift;

/** Make what it takes; false when OpenSSL failed. Close it in any case. */
bool yao_lift_open(yao_lift *lift, const EC_GROUP *p256, BN_CTX *numbers);

/** Free it; zero-initialised or half made ones too. */
void yao_lift_close(yao_lift *lift);

/** The 65 bytes of a point from its 33. One that is not on the curve stays off
 *  it: whoever imports OUT finds out. False when OpenSSL failed. */
bool yao_lift_point(yao_lift *lift, const uint8_t *compressed, uint8_t *out,
                    BN_CTX *numbers);

enum { REMEMBERED_SETS = 64, REMEMBERED_WAYS = 4 };

/** Good outcomes by SHA-256 of all that was checked. */
typedef struct yao_remembered {
    uint8_t digest[REMEMBERED_WAYS][YAO_SHA256_LEN];
    uint8_t count; /* how many are filled */
    uint8_t next;  /* which one goes next */
} yao_remembered;

struct yao_openssl {
    yao_crypto      crypto;
    yao_bench_curve p256, p384;
    yao_lift        lift;
    BN_CTX         *numbers;
    ECDSA_SIG      *signature;
    BIGNUM         *r, *s; /* inside signature */
    yao_remembered  remembered[REMEMBERED_SETS];
};

/** The objects of CURVE; NULL when it is none of ours. */
yao_bench_curve *yao_bench_of(yao_openssl *openssl, yao_curve curve);

/** The verify function of yao_crypto. */
yao_status yao_verify_all(void *ctx, yao_signature_check *checks, size_t count);

#endif
