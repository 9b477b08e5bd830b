/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_ATTESTATION_H
#define YAO_OAUTH_ATTESTATION_H

/**
 * Attestation-based client authentication: a wallet shows that a provider
 * vouches for it (attestation), and that it holds the key the provider spoke
 * of (proof of possession).
 *
 * draft-ietf-oauth-attestation-based-client-auth -07 to -10: `iss` is sent
 * and not asked for; the challenge is optional to read; instead of a proof of
 * its own the DPoP proof may serve (-10), when its key is the attested one.
 */

#include "oauth/dpop.h"
#include "x509/x509.h"

/* ---- the provider ------------------------------------------------------- */

typedef struct yao_attestation_request {
    yao_sig_alg      alg;         /* of the provider's key */
    yao_text         issuer;      /* iss; empty: none */
    yao_text         client_id;   /* sub */
    yao_time         issued_at;   /* iat; YAO_TIME_NONE: none */
    yao_time         expires;     /* exp */
    yao_public_key   key;         /* cnf.jwk: of the wallet instance */
    const yao_bytes *chain;       /* x5c, leaf first, without the root */
    size_t           chain_count;
    yao_text         kid;         /* instead of it; empty: none */
    yao_text         wallet_name; /* OpenID4VCI appendix E; empty: none */
    yao_text         wallet_link;
} yao_attestation_request;

/** Write an attestation. Errors: YAO_E_USAGE (no client_id, no key, exp not
 *  after iat), YAO_E_SPACE. */
YAO_MUST_USE yao_status
yao_attestation_make(yao_arena *arena, const yao_attestation_request *request,
                     yao_oauth_unsigned *ret);

/* ---- the wallet --------------------------------------------------------- */

typedef struct yao_attestation_pop_request {
    yao_sig_alg alg;       /* of the instance's key */
    yao_text    client_id; /* iss, for drafts up to -07; empty: none */
    yao_text    audience;  /* the authorization server's issuer */
    yao_text    jti;       /* 16 random bytes or more, as letters */
    yao_time    iat;
    yao_text    challenge; /* empty: none */
} yao_attestation_pop_request;

/** Write a proof of possession. Errors: YAO_E_USAGE (no audience or jti),
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status
yao_attestation_make_pop(yao_arena                         *arena,
                         const yao_attestation_pop_request *request,
                         yao_oauth_unsigned                *ret);

/* ---- the server --------------------------------------------------------- */

/** Somebody who may vouch for wallets. */
typedef struct yao_attester {
    yao_text              issuer; /* iss must be this where there is one; empty:
                                     any */
    const yao_anchor     *anchors; /* of YAO_ROLE_ATTEST */
    size_t                anchor_count;
    const yao_public_key *keys; /* of attestations without certificates */
    size_t                key_count;
} yao_attester;

typedef struct yao_attestation_ask {
    const yao_attester *attesters;
    size_t              attester_count;
    yao_text            audience;  /* our issuer */
    yao_text            client_id; /* of the form; empty: not given there */
    yao_oauth_clock     clock;
    /* the DPoP proof of the same request, read but not verified, whose key may
     * prove possession instead (-10); NULL: not allowed */
    const yao_dpop_unverified *dpop;
    const yao_crypto          *crypto;
} yao_attestation_ask;

/** All but the signatures. Stays where it is: the checks point into it. */
typedef struct yao_attestation_unverified {
    yao_x509_path       path;   /* of the provider's certificate, if any */
    yao_signature_check checks[YAO_MAX_CHAIN + 2]; /* for the home: all */
    size_t              check_count;
    const yao_attester *attester;
    yao_text            client_id; /* sub */
    yao_public_key      key;       /* of the wallet instance */
    uint8_t             jkt[YAO_SHA256_LEN]; /* its thumbprint */
    yao_time            expires;   /* of the attestation */
    bool                combined;  /* the DPoP proof is the proof */
    yao_text            challenge; /* empty: none. Whose it is the host says */
    uint8_t             replay[YAO_SHA256_LEN]; /* of (key, jti); when not
                                                   combined: to be noted */
    yao_time            forget_at;
} yao_attestation_unverified;

/**
 * Check an attestation and its proof of possession.
 *
 * Shape   JWS {typ "oauth-client-attestation+jwt", alg, x5c / kid}
 *           . {sub, exp, cnf {jwk}, ?iss, ?iat, ?nbf, ...}
 *         JWS {typ "oauth-client-attestation-pop+jwt", alg}
 *           . {aud, jti, iat, ?iss, ?exp, ?nbf, ?challenge, ...}
 * In      attestation, pop  the one header of each: that there are not two is
 *                  the caller's. POP empty: the DPoP proof is to serve
 * Out     refusal  invalid_client where it is about who the client is,
 *                  invalid_client_attestation where the tokens are not in
 *                  order, on every failure but 4xx and 5xx
 * Errors  those of yao_jws_read() and yao_x509_find_path()
 *         YAO_E_HEADER     typ is another one
 *         YAO_E_UNTRUSTED  no attester of this iss, key or certificate
 *         YAO_E_KEY        cnf.jwk is no public EC key
 *         YAO_E_MISSING    sub, exp, cnf; aud, jti, iat; a proof at all
 *         YAO_E_MISMATCH   sub is not client_id, aud not AUDIENCE, iss of the
 *                          proof another one, the DPoP key another than cnf
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID
 *         YAO_E_MALFORMED  a claim of another type
 * Source  draft-ietf-oauth-attestation-based-client-auth-10 sections 5 to 8
 */
YAO_MUST_USE yao_status
yao_attestation_read(yao_arena *arena, yao_bytes attestation, yao_bytes pop,
                     const yao_attestation_ask  *ask,
                     yao_attestation_unverified *ret,
                     yao_oauth_refusal          *refusal);

#endif
