/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_SMALL_H
#define YAO_CRYPTO_SMALL_H

/**
 * The cryptography of homes that have none: a page, a microcontroller.
 *
 *     yao_small         small;
 *     const yao_crypto *crypto = yao_small_open(&small, NULL);
 *
 * SHA-256, HMAC and HKDF over it, ECDSA verification on P-256. Everything else
 * of the algorithm table is answered UNSUPPORTED, which is "cannot check" and
 * never "wrong".
 *
 * Time   verification depends on its input, which is public: no operation on
 *        a secret key exists here, and none may be added without another
 *        arithmetic. Hashing does not branch on what is hashed.
 * Memory no allocation, nothing static is written; verification needs about
 *        2.5 kB of stack. Freestanding C11 but for sha256_x86.c.
 */

#include "yaopai/crypto.h"

/**
 * Add COUNT blocks of 64 bytes to STATE.
 *
 * Source  FIPS 180-4 section 6.2.2
 */
typedef void yao_sha256_blocks(uint32_t state[8], const uint8_t *bytes,
                               size_t count);

/** In C, everywhere. */
yao_sha256_blocks yao_sha256_blocks_portable;

/** The fastest that this processor has: SHA-NI on x86, else the portable one.
 *  Not in freestanding builds. */
yao_sha256_blocks *yao_sha256_blocks_fastest(void);

/** The home; keeps no state between calls. */
typedef struct yao_small {
    yao_crypto         crypto;
    yao_sha256_blocks *blocks;
} yao_small;

/**
 * Fill SMALL in; the answer lives as long as it, and points into it.
 *
 * In      blocks  how to hash; NULL: portable
 */
const yao_crypto *yao_small_open(yao_small *small, yao_sha256_blocks *blocks);

#endif
