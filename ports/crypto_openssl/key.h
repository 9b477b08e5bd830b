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
    EVP_PKEY_CTX      *signing; /* initialised for signatures */
    const yao_sig_row *row;
    yao_public_key public;
};

/** Wrap PKEY, which is an EC key on the curve of ROW; takes ownership, also
 *  on failure. PKEY may be NULL. Errors: YAO_E_CRYPTO. */
yao_status yao_openssl_key_wrap(EVP_PKEY *pkey, const yao_sig_row *row,
                                yao_openssl_key **ret);

/** The group's name for EVP. */
const char *yao_openssl_group(yao_curve curve);

#endif
