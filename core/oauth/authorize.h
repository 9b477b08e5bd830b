/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_AUTHORIZE_H
#define YAO_OAUTH_AUTHORIZE_H

/**
 * The authorization request, which is always pushed (RFC 9126), and what comes
 * back through the browser.
 *
 *     wallet                               server
 *     yao_authorize_put()      --PAR-->    yao_authorize_read()
 *     yao_pushed_read()        <--201--    yao_pushed_put()
 *     yao_authorize_put_link() --browser-> (client_id, request_uri)
 *     yao_authorized_read()    <-browser-- yao_authorized_put()
 */

#include "oauth/details.h"
#include "oauth/form.h"

typedef struct yao_authorize_request {
    yao_text    client_id;
    yao_text    redirect_uri;
    yao_text    state;          /* empty: none */
    yao_text    code_challenge; /* S256 */
    yao_text    scope;          /* empty: none */
    yao_details details;        /* count 0: none */
    yao_text    issuer_state;   /* empty: none; untrusted */
    yao_text    dpop_jkt;       /* 43 letters; empty: none */
    yao_text    location;       /* wallet: for details; empty: none */
} yao_authorize_request;

/**
 * Read and check a pushed request. What is not known is ignored. Whose
 * redirect_uri and scope these are is for who knows the clients.
 *
 * In      issuer   ours, for the locations of details
 * Out     ret      lives as long as FORM and ARENA
 *         refusal  invalid_request, unsupported_response_type,
 *                  invalid_authorization_details; on all but YAO_E_SPACE
 * Errors  YAO_E_MISSING    client_id, response_type, redirect_uri or
 *                          code_challenge
 *         YAO_E_VALUE      response_type is not code; the challenge is not
 *                          S256; response_mode is not query; there is a
 *                          request_uri or a request object; neither scope nor
 *                          details
 *         YAO_E_MALFORMED  a redirect_uri with fragment or that is none; a
 *                          scope, dpop_jkt or details of another shape
 *         YAO_E_LIMIT      state, an address or a name too long
 * Source  RFC 9126 section 2.1; RFC 7636; HAIP 1.0 section 4
 */
YAO_MUST_USE yao_status yao_authorize_read(yao_arena *arena,
                                           const yao_form *form,
                                           yao_text        issuer,
                                           yao_authorize_request *ret,
                                           yao_oauth_refusal     *refusal);

/** Write a pushed request as a form; response_type and method are added. FIRST
 *  as in yao_form_put(). */
void yao_authorize_put(yao_writer *w, bool *first,
                       const yao_authorize_request *request);

/** Does SCOPE (names with single blanks between) hold NAME? */
bool yao_scope_has(yao_text scope, yao_text name);

/** The next name of a scope; false at its end. */
bool yao_scope_next(yao_text *rest, yao_text *name);

typedef struct yao_pushed {
    yao_text request_uri;
    int64_t  expires_in;
} yao_pushed;

/** The answer to a pushed request. Errors of reading: those of
 *  yao_json_parse(), YAO_E_MALFORMED, YAO_E_MISSING. Source: RFC 9126 2.2. */
void                    yao_pushed_put(yao_writer *w, const yao_pushed *pushed);
YAO_MUST_USE yao_status yao_pushed_read(yao_arena *arena, yao_bytes body,
                                        yao_pushed *ret);

/** The address for the browser: ENDPOINT with client_id and request_uri, and
 *  nothing else. */
void yao_authorize_put_link(yao_writer *w, yao_text endpoint,
                            yao_text client_id, yao_text request_uri);

/** What comes back: a code, or an error. */
typedef struct yao_authorized {
    yao_text code;  /* empty: refused */
    yao_text error; /* empty: granted */
    yao_text description;
    yao_text state; /* empty: none was sent */
    yao_text iss;
} yao_authorized;

/** The redirect: REDIRECT_URI, whose own query is kept, with the answer. */
void yao_authorized_put(yao_writer *w, yao_text redirect_uri,
                        const yao_authorized *answer);

/**
 * Read the answer that the browser brought (wallet).
 *
 * In      query   of the address, without "?"
 *         issuer  from the server's metadata;  state  as it was sent
 * Errors  YAO_E_MISSING    iss, state, or code and error
 *         YAO_E_MISMATCH   iss or state are others: nothing may be sent (N153)
 *         YAO_E_MALFORMED  both code and error; a code of other letters
 *         YAO_E_REFUSED    the answer is an error, which RET tells
 *         those of yao_form_read()
 * Source  RFC 6749 section 4.1.2; RFC 9207 section 2.4
 */
YAO_MUST_USE yao_status yao_authorized_read(yao_arena *arena, yao_bytes query,
                                            yao_text issuer, yao_text state,
                                            yao_authorized *ret);

#endif
