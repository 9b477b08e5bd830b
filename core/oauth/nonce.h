/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_NONCE_H
#define YAO_OAUTH_NONCE_H

/**
 * Nonces that a server need not remember: when it was made, random bytes, and
 * a MAC over both by a key that all processes of the server share. That it is
 * used once is not promised here: the proof that carries it has a jti.
 *
 *     nonce = base64url( time (8) || random (16) || MAC (16) )
 */

#include "oauth/oauth.h"

#define YAO_NONCE_LEN    54 /* letters */
#define YAO_NONCE_RANDOM 16
#define YAO_NONCE_KEY    32

/**
 * Make a nonce.
 *
 * In      kind  what it is good for: part of the MAC, so that one of another
 *               kind is refused
 * Errors  YAO_E_USAGE (another length of key), YAO_E_ENTROPY (fewer random
 *         bytes), YAO_E_CRYPTO, YAO_E_UNSUPPORTED
 */
YAO_MUST_USE yao_status yao_nonce_make(const yao_crypto *crypto, yao_bytes key,
                                       uint8_t kind, yao_time now,
                                       yao_bytes random,
                                       uint8_t   out[YAO_NONCE_LEN]);

/**
 * Is this a nonce of ours that is younger than SECONDS?
 *
 * Errors  YAO_E_MALFORMED  no such letters
 *         YAO_E_MISMATCH   not of this key and kind
 *         YAO_E_EXPIRED    too old;  YAO_E_NOT_YET_VALID  of the future
 *         YAO_E_USAGE, YAO_E_CRYPTO, YAO_E_UNSUPPORTED
 */
YAO_MUST_USE yao_status yao_nonce_check(const yao_crypto *crypto, yao_bytes key,
                                        uint8_t kind, yao_time now,
                                        int64_t seconds, yao_text nonce);

#endif
