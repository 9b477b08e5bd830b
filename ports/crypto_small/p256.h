/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_SMALL_P256_H
#define YAO_CRYPTO_SMALL_P256_H

/** The curve P-256: public keys and ECDSA verification. */

#include "crypto_small/number.h"
#include "yaopai/crypto.h"

/** A point as (x / z^2, y / z^3), in Montgomery's form; z = 0 is the point at
 *  infinity. */
typedef struct yao_p256_point {
    yao_number x, y, z;
} yao_p256_point;

/**
 * Import a public key.
 *
 * In      key   well formed (yao_public_key_well_formed), of P-256
 * Out     ret   written only when it is a point of the curve; never infinity
 * Source  SEC 1 sections 2.3.4 and 3.2.2.1; the cofactor is 1
 */
bool yao_p256_import(const yao_public_key *key, yao_p256_point *ret);

/**
 * Is r || s a signature of KEY over the message of DIGEST?
 *
 * Source  FIPS 186-5 section 6.4.2
 * Cost    about 3,400 products of 256 bits, 2.4 kB of stack
 */
bool yao_p256_verify(const yao_p256_point *key, const uint8_t digest[32],
                     const uint8_t signature[64]);

#endif
