/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_H
#define YAO_OAUTH_H

/**
 * What all of OAuth's messages have in common: errors, tokens that are made
 * and checked, times.
 *
 * Nothing here moves bytes or looks at a clock. What is to be signed is a
 * wish; what was signed comes as checks, which the home answers before
 * anything is believed:
 *
 *     yao_dpop_unverified proof;
 *     YAO_TRY(yao_dpop_read(arena, header, &ask, &proof, &why));
 *     YAO_TRY(crypto->verify(crypto->ctx, &proof.check, 1));
 *     YAO_TRY(yao_oauth_answers(&proof.check, 1));
 */

#include "jose/jose.h"

/* Letters of what a stranger may choose, each with its reason. */
#define YAO_OAUTH_MAX_STATE   2048 /* the conformance suite sends 1,000 */
#define YAO_OAUTH_MAX_URI     2048
#define YAO_OAUTH_MAX_ID      512  /* client_id, jti, identifiers */
#define YAO_OAUTH_MAX_SECRET  512  /* codes, tokens, nonces */
#define YAO_OAUTH_MAX_FIELDS  64   /* of one form */
#define YAO_OAUTH_MAX_DETAILS 64   /* authorization_details, identifiers: all
                                      documents in each shape */

/** What is said to the other side. Zero says nothing was refused. */
typedef enum yao_oauth_error {
    YAO_OAUTH_NONE = 0,
    YAO_OAUTH_INVALID_REQUEST,
    YAO_OAUTH_INVALID_CLIENT,
    YAO_OAUTH_INVALID_GRANT,
    YAO_OAUTH_UNAUTHORIZED_CLIENT,
    YAO_OAUTH_UNSUPPORTED_GRANT_TYPE,
    YAO_OAUTH_UNSUPPORTED_RESPONSE_TYPE,
    YAO_OAUTH_INVALID_SCOPE,
    YAO_OAUTH_INVALID_AUTHORIZATION_DETAILS,
    YAO_OAUTH_INVALID_REQUEST_URI,
    YAO_OAUTH_ACCESS_DENIED,
    YAO_OAUTH_INVALID_DPOP_PROOF,
    YAO_OAUTH_USE_DPOP_NONCE,
    YAO_OAUTH_INVALID_CLIENT_ATTESTATION,
    YAO_OAUTH_USE_ATTESTATION_CHALLENGE,
    YAO_OAUTH_USE_FRESH_ATTESTATION,
    YAO_OAUTH_INVALID_TOKEN,      /* at a resource */
    YAO_OAUTH_INSUFFICIENT_SCOPE, /* at a resource */
    YAO_OAUTH_SLOW_DOWN,
    YAO_OAUTH_SERVER_ERROR,
    YAO_OAUTH_TEMPORARILY_UNAVAILABLE,
    YAO_OAUTH_VP_FORMATS_NOT_SUPPORTED, /* these four of OpenID4VP */
    YAO_OAUTH_INVALID_REQUEST_URI_METHOD,
    YAO_OAUTH_INVALID_TRANSACTION_DATA,
    YAO_OAUTH_WALLET_UNAVAILABLE,
    YAO_OAUTH_ERROR_COUNT
} yao_oauth_error;

/** The word for ERROR ("invalid_grant"); "" for 0 and what is none. */
const char *yao_oauth_error_name(yao_oauth_error error);

/** The HTTP status that goes with it at PAR and token endpoints; for the two
 *  of resources, there. 0 for 0 and what is none. */
int yao_oauth_error_http(yao_oauth_error error);

/** Which error NAME is; YAO_OAUTH_NONE when it is none we know. */
yao_oauth_error yao_oauth_error_find(yao_text name);

/** Why a message was refused: for the other side's developers, in English,
 *  letters of error_description only, without values. */
typedef struct yao_oauth_refusal {
    yao_oauth_error error;
    const char     *why; /* "code_verifier is missing" */
} yao_oauth_refusal;

/** Write the refusal and give STATUS back. WHY may be NULL. */
yao_status yao_oauth_refuse(yao_oauth_refusal *refusal, yao_oauth_error error,
                            const char *why, yao_status status);

/** {"error":"...","error_description":"..."} (RFC 6749 section 5.2). */
void yao_oauth_put_error(yao_writer *w, const yao_oauth_refusal *refusal);

/** What somebody else's server said. */
typedef struct yao_oauth_failure {
    yao_text error;       /* at most 64 letters of NQSCHAR */
    yao_text description; /* at most 200 letters, printable US-ASCII; cut, and
                             everything else dropped: it may be shown (N143) */
} yao_oauth_failure;

/** May a description have LETTER: printable US-ASCII but for the quote and the
 *  backslash (RFC 6749 section 5.2)? */
bool yao_oauth_may_say(uint8_t letter);

/**
 * Read an error answer.
 *
 * Shape   {"error": tstr, ? "error_description": tstr, ...}
 * Errors  YAO_E_MALFORMED  no such object;  those of yao_json_parse()
 */
YAO_MUST_USE yao_status yao_oauth_read_failure(yao_arena *arena, yao_bytes body,
                                               yao_oauth_failure *ret);

/**
 * What the home answered to CHECKS.
 *
 * Errors  YAO_E_BAD_SIGNATURE  one is wrong
 *         YAO_E_UNSUPPORTED    this home lacks an algorithm
 *         YAO_E_CRYPTO         one was not looked at
 *         YAO_E_MISSING        there are none
 */
YAO_MUST_USE yao_status yao_oauth_answers(const yao_signature_check *checks,
                                          size_t                     count);

/* ---- tokens that we make ------------------------------------------------ */

/** A token without its signature: sign WISH, then yao_oauth_sign(). Lives as
 *  long as the arena it was made in. */
typedef struct yao_oauth_unsigned {
    yao_bytes     text; /* header.payload */
    yao_sign_wish wish; /* over TEXT, which it points to */
} yao_oauth_unsigned;

/** Close TOKEN with its SIGNATURE (r || s). Errors: YAO_E_USAGE (a signature
 *  of another length), YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_oauth_sign(yao_arena                *arena,
                                       const yao_oauth_unsigned *token,
                                       yao_bytes signature, yao_bytes *ret);

/** How far clocks may be apart, in seconds. */
typedef struct yao_oauth_clock {
    yao_time now;
    int64_t  window; /* iat may be so much before NOW; 1..86400 */
    int64_t  skew;   /* and so much after it; exp and nbf are forgiven as much;
                        0..86400 */
} yao_oauth_clock;

/** Digits, letters and "-._~+/=": what codes and tokens are made of (RFC 6749
 *  appendix A, RFC 6750 section 2.1); 1..YAO_OAUTH_MAX_SECRET of them. */
bool yao_oauth_is_token(yao_text text);

/**
 * The place of a server's metadata.
 *
 * In      issuer  "https://host[:port][/path]", without query and fragment
 *         name    "oauth-authorization-server", "openid-credential-issuer"
 * Out     ret     "https://host/.well-known/NAME/path", in ARENA; a slash at
 *                 the end of the issuer's path is dropped
 * Errors  YAO_E_MALFORMED  ISSUER is no such address;  YAO_E_SPACE
 * Source  RFC 8414 section 3.1
 */
YAO_MUST_USE yao_status yao_oauth_well_known(yao_arena *arena, yao_text issuer,
                                             const char *name, yao_text *ret);

/** Is this an address that may stand in metadata: https with a host, no
 *  fragment, no user, printable letters? LOCAL also lets http of localhost,
 *  of a name that ends in ".localhost", of 127.0.0.1 and [::1] through. */
bool yao_oauth_is_url(yao_text url, bool local);

/**
 * May a wallet speak with this server at all? Nothing is fetched before.
 *
 * Shape   https://host[:port][/path], nothing behind it. The host is a name of
 *         ASCII letters with a dot in it: no address, no "xn--" label
 * In      loopback  also names that end in "localhost", 127.0.0.1 and [::1],
 *                   and those by http; by https also "NAME.local" and
 *                   private addresses (RFC 1918): for demos and tests
 * Errors  YAO_E_VALUE  it is another
 * Source  OpenID4VCI 1.0 section 12.2.1; misuse N132, N210
 */
YAO_MUST_USE yao_status yao_oauth_check_server(yao_text url, bool loopback);

/** The same for an endpoint, which may have a query.
 *  Errors: YAO_E_VALUE. */
YAO_MUST_USE yao_status yao_oauth_check_endpoint(yao_text url, bool loopback);

/** Write where WHAT ("openid-credential-issuer") of ISSUER is described: the
 *  well-known path stands between host and path.
 *  Source: OpenID4VCI 1.0 section 12.2.2; RFC 8414 section 3.1 */
void yao_oauth_put_well_known(yao_writer *w, yao_text issuer, const char *what);

/** The host of URL, without port; empty when it is no such address. */
yao_text yao_oauth_host(yao_text url);

#endif
