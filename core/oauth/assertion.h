/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_ASSERTION_H
#define YAO_OAUTH_ASSERTION_H

/**
 * private_key_jwt: a client known by name signs who it is (RFC 7523).
 */

#include "oauth/oauth.h"

#define YAO_ASSERTION_TYPE                                                     \
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

typedef struct yao_assertion_request {
    yao_sig_alg alg;
    yao_text    kid;       /* empty: none */
    yao_text    client_id; /* iss and sub */
    yao_text    audience;  /* the server's issuer */
    yao_text    jti;
    yao_time    iat, expires;
} yao_assertion_request;

/** Write one. Errors: YAO_E_USAGE (something missing, exp not after iat),
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_assertion_make(yao_arena *arena,
                                           const yao_assertion_request *request,
                                           yao_oauth_unsigned          *ret);

typedef struct yao_assertion_ask {
    yao_text              client_id; /* of the form; empty: not given */
    const yao_text       *audiences; /* any of them: issuer, this endpoint */
    size_t                audience_count;
    yao_oauth_clock       clock; /* an assertion lives no longer than WINDOW */
    const yao_crypto     *crypto;
} yao_assertion_ask;

/** All but the signature, which is to be the key's that is chosen by
 *  `client_id`, and `kid` if there are several. */
typedef struct yao_assertion_unverified {
    yao_jws  jws;       /* for yao_jws_check() with the client's key */
    yao_text client_id; /* sub */
    uint8_t  replay[YAO_SHA256_LEN]; /* of (client, jti) */
    yao_time forget_at;
} yao_assertion_unverified;

/**
 * Check an assertion.
 *
 * Shape   JWS {alg, ?kid, ?typ} . {iss, sub, aud, exp, jti, ?iat, ?nbf}
 * Out     refusal  invalid_client
 * Errors  those of yao_jws_read()
 *         YAO_E_MISSING    iss, sub, aud, exp, jti
 *         YAO_E_MISMATCH   iss is not sub, sub not client_id, aud another
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID
 *         YAO_E_LIMIT      exp is further ahead than WINDOW and SKEW
 *         YAO_E_MALFORMED  a claim of another type
 * Source  RFC 7523 section 3; FAPI 2.0 security profile 5.3.2.1
 */
YAO_MUST_USE yao_status yao_assertion_read(yao_arena *arena,
                                           yao_bytes  assertion,
                                           const yao_assertion_ask  *ask,
                                           yao_assertion_unverified *ret,
                                           yao_oauth_refusal        *refusal);

#endif
