/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_TOKEN_H
#define YAO_OAUTH_TOKEN_H

/**
 * The token endpoint, both sides; and what goes with a token at a resource.
 */

#include "oauth/details.h"
#include "oauth/form.h"

#define YAO_GRANT_PRE_AUTHORIZED                                               \
    "urn:ietf:params:oauth:grant-type:pre-authorized_code"

typedef enum yao_grant_type {
    YAO_GRANT_NONE = 0,
    YAO_GRANT_CODE,        /* authorization_code */
    YAO_GRANT_PRE_CODE,    /* pre-authorized_code */
    YAO_GRANT_REFRESH      /* refresh_token */
} yao_grant_type;

typedef struct yao_token_request {
    yao_grant_type grant;
    yao_text       client_id;     /* empty: not given */
    yao_text       code;          /* code or pre-authorized_code; a secret */
    yao_text       redirect_uri;  /* of YAO_GRANT_CODE; empty: not given */
    yao_text       code_verifier; /* of YAO_GRANT_CODE; a secret */
    yao_text       tx_code;       /* empty: not given; a secret */
    yao_text       refresh_token; /* a secret */
    yao_text       scope;         /* of a refresh; empty: as before */
    yao_details    details;       /* of a pre-authorised grant; count 0: none */
} yao_token_request;

/**
 * Read a request. What is not known is ignored; what belongs to another grant
 * is refused.
 *
 * In      issuer   ours, for the locations of details
 * Out     refusal  invalid_request, unsupported_grant_type, invalid_grant (a
 *                  missing or malformed verifier, a malformed code); on all
 *                  but YAO_E_SPACE
 * Errors  YAO_E_MISSING    grant_type, or what its grant needs
 *         YAO_E_VALUE      another grant_type; a parameter of another grant
 *         YAO_E_MALFORMED  letters that are in no code or token; details;
 *                          a verifier not of 43..128 unreserved letters
 *         YAO_E_LIMIT      too long
 * Source  RFC 6749 sections 4.1.3, 6; RFC 7636 4.5; OpenID4VCI 1.0 6.1
 */
YAO_MUST_USE yao_status yao_token_request_read(yao_arena *arena,
                                               const yao_form *form,
                                               yao_text        issuer,
                                               yao_token_request *ret,
                                               yao_oauth_refusal *refusal);

/** Write a request as a form (wallet). */
void yao_token_request_put(yao_writer *w, bool *first,
                           const yao_token_request *request);

typedef struct yao_token_answer {
    yao_text    access_token;  /* a secret */
    bool        dpop;          /* token_type DPoP; else Bearer */
    int64_t     expires_in;    /* seconds; 0: not said */
    yao_text    refresh_token; /* empty: none; a secret */
    yao_text    scope;         /* empty: none */
    yao_details details;       /* with their identifiers; count 0: none */
} yao_token_answer;

/** Write the answer. Source: RFC 6749 section 5.1; OpenID4VCI 1.0 6.2. */
void yao_token_answer_put(yao_writer *w, const yao_token_answer *answer);

/**
 * Read the answer (wallet).
 *
 * Errors  YAO_E_MISSING    access_token or token_type
 *         YAO_E_VALUE      another token_type (compared without regard to
 *                          case)
 *         YAO_E_MALFORMED  members of another type, a token of other letters,
 *                          an expires_in below 0
 *         those of yao_json_parse() and yao_details_read()
 */
YAO_MUST_USE yao_status yao_token_answer_read(yao_arena *arena, yao_bytes body,
                                              yao_token_answer *ret);

/** How a token came. */
typedef enum yao_token_scheme {
    YAO_TOKEN_ABSENT = 0,
    YAO_TOKEN_DPOP,
    YAO_TOKEN_BEARER
} yao_token_scheme;

/**
 * Read an Authorization header: "DPoP TOKEN", "Bearer TOKEN"; the word without
 * regard to case.
 *
 * Errors  YAO_E_MISSING    the header is empty
 *         YAO_E_VALUE      another scheme
 *         YAO_E_MALFORMED  no token, letters that are in none, something more
 * Source  RFC 9110 section 11.4; RFC 9449 section 7.1; RFC 6750 section 2.1
 */
YAO_MUST_USE yao_status yao_token_read_header(yao_text header,
                                              yao_token_scheme *scheme,
                                              yao_text         *ret);

#endif
