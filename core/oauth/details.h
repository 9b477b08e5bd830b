/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_DETAILS_H
#define YAO_OAUTH_DETAILS_H

/**
 * authorization_details of type openid_credential (OpenID4VCI 1.0 sections
 * 5.1.1, 6.2): which documents are asked for, and by which names they may be
 * fetched.
 */

#include "oauth/oauth.h"

typedef struct yao_detail {
    yao_text        configuration; /* credential_configuration_id */
    const yao_text *identifiers;   /* credential_identifiers; in answers */
    size_t          identifier_count;
} yao_detail;

typedef struct yao_details {
    yao_detail items[YAO_OAUTH_MAX_DETAILS];
    size_t     count; /* 0: the parameter was not there */
} yao_details;

/**
 * Read authorization_details of a request or an answer.
 *
 * Shape   [ { "type": "openid_credential", "credential_configuration_id": tstr,
 *             ? "locations": [tstr], ? "claims": [...],
 *             ? "credential_identifiers": [tstr] } ]   1..MAX_DETAILS items
 * In      location  what must be among locations where there are some; empty:
 *                   they are not looked at
 *         answer    identifiers must be there; else they must not
 * Errors  YAO_E_MALFORMED  another shape, another type, none, an identifier
 *                          twice
 *         YAO_E_DUPLICATE  a configuration twice
 *         YAO_E_MISMATCH   locations without LOCATION
 *         YAO_E_LIMIT      more than YAO_OAUTH_MAX_DETAILS
 *         those of yao_json_parse()
 */
YAO_MUST_USE yao_status yao_details_read(yao_arena *arena,
                                         const yao_json *value,
                                         yao_text location, bool answer,
                                         yao_details *ret);

/** The same from the letters of a parameter. */
YAO_MUST_USE yao_status yao_details_parse(yao_arena *arena, yao_text text,
                                          yao_text location, bool answer,
                                          yao_details *ret);

/** Write them; with LOCATION (empty: without) in each. */
void yao_details_put(yao_writer *w, const yao_details *details,
                     yao_text location);

/** The same as a parameter of a form, unless there are none. FIRST as in
 *  yao_form_put(). */
void yao_details_put_form(yao_writer *w, bool *first,
                          const yao_details *details, yao_text location);

#endif
