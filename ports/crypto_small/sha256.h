/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_SMALL_SHA256_H
#define YAO_CRYPTO_SMALL_SHA256_H

/** SHA-256 in steps, and what is built on it: the first three functions of
 *  yao_crypto, whose context is a yao_small. */

#include "crypto_small/small.h"

enum { SHA256_BLOCK = 64 };

typedef struct yao_sha256 {
    yao_sha256_blocks *blocks;
    uint32_t           state[8];
    uint64_t           len; /* of all that was added, bytes */
    uint8_t            rest[SHA256_BLOCK];
} yao_sha256;

/** The 64 constants of FIPS 180-4 section 4.2.2. */
extern const uint32_t yao_sha256_constants[64];

/** Begin, add, end. */
void yao_sha256_begin(yao_sha256 *sha, yao_sha256_blocks *blocks);
void yao_sha256_add(yao_sha256 *sha, yao_bytes bytes);
void yao_sha256_end(yao_sha256 *sha, uint8_t out[YAO_SHA256_LEN]);

/** As yao_crypto says. */
yao_status yao_small_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out);

/** As yao_crypto says. */
yao_status yao_small_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                          const yao_bytes *parts, size_t count, uint8_t *out);

/** As yao_crypto says. */
yao_status yao_small_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                          yao_bytes salt, yao_bytes info, uint8_t *out,
                          size_t len);

#endif
