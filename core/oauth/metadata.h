/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_METADATA_H
#define YAO_OAUTH_METADATA_H

/**
 * An authorization server's metadata (RFC 8414): what we say of ours, and what
 * a wallet takes from another's.
 */

#include "oauth/oauth.h"

/** Ways for clients to say who they are, as bits. */
enum {
    YAO_CLIENT_AUTH_NONE             = 1, /* "none" */
    YAO_CLIENT_AUTH_ATTESTATION      = 2, /* "attest_jwt_client_auth" */
    YAO_CLIENT_AUTH_ATTESTATION_DPOP = 4, /* "attest_jwt_client_auth_dpop" */
    YAO_CLIENT_AUTH_KEY              = 8, /* "private_key_jwt" */
    YAO_CLIENT_AUTH_OTHER            = 16
};

/** Grants, as bits. */
enum {
    YAO_GRANTS_CODE     = 1,
    YAO_GRANTS_PRE_CODE = 2,
    YAO_GRANTS_REFRESH  = 4,
    YAO_GRANTS_OTHER    = 8
};

/** Addresses are empty where there is none. */
typedef struct yao_as_metadata {
    yao_text issuer;
    yao_text authorization_endpoint;
    yao_text token_endpoint;
    yao_text pushed_endpoint;    /* pushed_authorization_request_endpoint */
    yao_text challenge_endpoint;
    yao_text jwks_uri;
    bool     require_pushed;
    bool     iss_parameter;      /* RFC 9207 */
    bool     pkce_s256;
    bool     anonymous;          /* pre-authorized_grant_anonymous_access */
    unsigned grants;             /* YAO_GRANTS_* */
    unsigned client_auth;        /* YAO_CLIENT_AUTH_* */
    bool     dpop_es256, dpop_es384;
    bool     attestation_es256;  /* of the attestation */
    bool     attestation_pop_es256;
    const yao_text *scopes;      /* to be written; not read */
    size_t          scope_count;
} yao_as_metadata;

/** Write it: what is asked by the conformance suite, and no unknown member. */
void yao_as_metadata_put(yao_writer *w, const yao_as_metadata *metadata);

/**
 * Read it (wallet). What is not known is ignored.
 *
 * In      issuer  it must be (RFC 8414 section 3.3), letter by letter
 *         local   http of this machine will do (yao_oauth_is_url())
 * Errors  YAO_E_MISSING    issuer or token_endpoint
 *         YAO_E_MISMATCH   another issuer
 *         YAO_E_MALFORMED  a member of another type, an endpoint that is no
 *                          address
 *         those of yao_json_parse()
 */
YAO_MUST_USE yao_status yao_as_metadata_read(yao_arena *arena, yao_bytes body,
                                             yao_text issuer, bool local,
                                             yao_as_metadata *ret);

/** {"attestation_challenge":"..."}, both sides. Errors: YAO_E_MISSING,
 *  YAO_E_MALFORMED, those of yao_json_parse(). */
void                    yao_challenge_put(yao_writer *w, yao_text challenge);
YAO_MUST_USE yao_status yao_challenge_read(yao_arena *arena, yao_bytes body,
                                           yao_text *ret);

#endif
