/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_OPENSSL_KEY_H
#define YAO_CRYPTO_OPENSSL_KEY_H

/** A secret key as this port holds it: always behind EVP, its contexts kept
 *  because making one costs as much as an eighth of a signature. */

#include <openssl/evp.h>

#include "crypto/algorithms.h"
#include "yaopai/openssl.h"

struct yao_openssl_key {
    EVP_PKEY          *pkey;
    EVP_PKEY_CTX      *signing; /* initialised for ECDSA, when first used */
    const yao_sig_row *row;
    yao_public_key public;
};

/** Ed25519 beside the algorithm table, which does not have it. */
extern const yao_sig_row yao_edwards_row;

/** The outcome of one check of YAO_ED25519; at most YAO_MAX_PARTS parts. */
yao_sig_outcome yao_edwards_verify(const yao_signature_check *check);

/** The public part. Errors: YAO_E_CRYPTO. */
yao_status yao_edwards_public(const EVP_PKEY *pkey, yao_public_key *ret);

/** OUT has room for YAO_ED25519_SIGNATURE bytes. Errors: YAO_E_CRYPTO. */
yao_status yao_edwards_sign(const yao_openssl_key *key,
                            const yao_sign_wish *wish, uint8_t *out);

/** Wrap PKEY, which is a key on the curve of ROW; takes ownership, also
 *  on failure. PKEY may be NULL. KNOWN: its public part; NULL: to be asked.
 *  Errors: YAO_E_CRYPTO. */
yao_status yao_openssl_key_wrap(EVP_PKEY *pkey, const yao_sig_row *row,
                                const yao_public_key *known,
                                yao_openssl_key     **ret);

/** The group's name for EVP. */
const char *yao_openssl_group(yao_curve curve);

#endif
