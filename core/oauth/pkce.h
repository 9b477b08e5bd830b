/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_PKCE_H
#define YAO_OAUTH_PKCE_H

/**
 * Proof key for code exchange, method S256 only: who asked is who comes back.
 */

#include "oauth/oauth.h"

#define YAO_PKCE_LEN 43 /* letters of 32 bytes in base64url */

typedef struct yao_pkce {
    uint8_t verifier[YAO_PKCE_LEN];  /* a secret until it is sent */
    uint8_t challenge[YAO_PKCE_LEN];
} yao_pkce;

/** Make a pair of 32 RANDOM bytes. Errors: YAO_E_ENTROPY (fewer),
 *  YAO_E_CRYPTO, YAO_E_UNSUPPORTED. Source: RFC 7636 sections 4.1, 4.2. */
YAO_MUST_USE yao_status yao_pkce_make(yao_bytes         random,
                                      const yao_crypto *crypto,
                                      yao_pkce         *ret);

/** Is this the challenge of some verifier: 43 letters of base64url? */
bool yao_pkce_is_challenge(yao_text challenge);

/**
 * Is VERIFIER the one behind CHALLENGE?
 *
 * Errors  YAO_E_MALFORMED  not 43..128 unreserved letters
 *         YAO_E_MISMATCH   another one's
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED
 * Source  RFC 7636 sections 4.1, 4.6
 */
YAO_MUST_USE yao_status yao_pkce_check(yao_text challenge, yao_text verifier,
                                       const yao_crypto *crypto);

#endif
