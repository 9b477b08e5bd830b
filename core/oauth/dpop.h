/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_DPOP_H
#define YAO_OAUTH_DPOP_H

/**
 * DPoP (RFC 9449): who sends a request holds the key that the token is for.
 *
 * A proof is good once. Who checks notes (jkt, jti) until `forget_at`: keyed by
 * the key as well, else anybody could use up another's identifiers; and for
 * longer than the proof could be accepted, else it would come again.
 */

#include "oauth/oauth.h"

/** What a proof is made for. */
typedef struct yao_dpop_request {
    yao_sig_alg    alg;
    yao_public_key key;
    yao_text       method; /* "POST" */
    yao_text       uri;    /* of the request; query and fragment are cut off */
    yao_text       jti;    /* 16 random bytes or more, as letters */
    yao_time       iat;
    yao_text       nonce;  /* of the server; empty: none */
    yao_text       token;  /* access token at a resource; empty: none */
} yao_dpop_request;

/** Write a proof. Errors: YAO_E_USAGE (no jti, an algorithm that does not fit
 *  the key), YAO_E_SPACE, YAO_E_CRYPTO, YAO_E_UNSUPPORTED. */
YAO_MUST_USE yao_status yao_dpop_make(yao_arena              *arena,
                                      const yao_dpop_request *request,
                                      const yao_crypto       *crypto,
                                      yao_oauth_unsigned     *ret);

/** What a proof must be for. */
typedef struct yao_dpop_ask {
    yao_text          method; /* of the request */
    yao_text          uri;    /* its public address, as configured */
    yao_oauth_clock   clock;
    yao_text          token;  /* access token that came with it; empty: none,
                                 and then `ath` is not looked at */
    const uint8_t    *jkt;    /* SHA-256 of the key it must be; NULL: any */
    const yao_crypto *crypto;
} yao_dpop_ask;

/** A proof of which all is checked but its signature. */
typedef struct yao_dpop_unverified {
    yao_signature_check check; /* for the home; alone it says who sends */
    yao_public_key      key;
    uint8_t             jkt[YAO_SHA256_LEN];
    yao_text            jti;
    yao_text            nonce;     /* empty: none. Whose it is the host says */
    uint8_t             replay[YAO_SHA256_LEN]; /* of (jkt, jti): to be noted */
    yao_time            forget_at; /* iat + window + skew, at least */
} yao_dpop_unverified;

/**
 * Check a proof.
 *
 * Shape   JWS {typ "dpop+jwt", alg, jwk} . {jti, htm, htu, iat, ?nbf, ?exp,
 *         ?ath, ?nonce, ...}
 * In      proof   the one DPoP header: that there are not two is the caller's
 * Out     ret     lives as long as ARENA and PROOF
 *         refusal on every failure but 4xx and 5xx: invalid_dpop_proof
 * Errors  those of yao_jws_read(): it is no JWS, alg none or unknown ...
 *         YAO_E_HEADER     typ is another one; x5c, or jwk missing
 *         YAO_E_KEY        jwk is no public EC key, or has a private part
 *         YAO_E_MALFORMED  a claim of another type, an empty or too long jti
 *         YAO_E_MISSING    jti, htm, htu or iat; ath where a token came
 *         YAO_E_MISMATCH   htm, htu, ath or the key are others than asked
 *         YAO_E_EXPIRED    iat is too old, or exp is over
 *         YAO_E_NOT_YET_VALID  iat or nbf lie ahead
 *         YAO_E_USAGE      clock, window or skew out of their range
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED, YAO_E_SPACE
 * Source  RFC 9449 section 4.3; htu as RFC 3986 6.2.2 and 6.2.3 normalise:
 *         scheme and host without regard to case, the default port and an
 *         empty path dropped, escapes of unreserved letters undone, no query
 *         and fragment
 */
YAO_MUST_USE yao_status yao_dpop_read(yao_arena *arena, yao_bytes proof,
                                      const yao_dpop_ask  *ask,
                                      yao_dpop_unverified *ret,
                                      yao_oauth_refusal   *refusal);

/** Are A and B the same place, as htu is compared? False when one is none. */
bool yao_dpop_same_uri(yao_arena *arena, yao_text a, yao_text b);

/** The thumbprint as `cnf.jkt` and `dpop_jkt` spell it: 43 letters. */
void yao_dpop_put_jkt(yao_writer *w, const uint8_t jkt[YAO_SHA256_LEN]);

/** Read one. Errors: YAO_E_BASE64, YAO_E_MALFORMED (not 32 bytes). */
YAO_MUST_USE yao_status yao_dpop_read_jkt(yao_text letters,
                                          uint8_t  out[YAO_SHA256_LEN]);

#endif
