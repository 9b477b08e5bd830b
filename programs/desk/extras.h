/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_EXTRAS_H
#define YAO_DESK_EXTRAS_H

/**
 * What a program may want beside a profile: that the person agrees to
 * something (transaction_data), that documents are of certain issuers
 * (trusted_authorities), that a page asks through the browser's API.
 */

#include "cbor/cbor.h"
#include "desk/desk.h"
#include "vp/request.h"

/** Issuers that one request names; of some bytes each. */
enum { DESK_MAX_AUTHORITIES = 16, DESK_MOST_AUTHORITY = 64 };

/** Protocols of the browser's API, as a mask. */
enum {
    DESK_PAGE_SIGNED   = 1, /* openid4vp-v1-signed */
    DESK_PAGE_UNSIGNED = 2, /* openid4vp-v1-unsigned */
    DESK_PAGE_ISO      = 4  /* org-iso-mdoc: of one origin */
};

typedef struct desk_extras {
    yao_bytes transactions[YAO_VP_MAX_TRANSACTIONS]; /* JSON objects */
    size_t    transaction_count;
    yao_text  origins[YAO_VP_MAX_ORIGINS]; /* pages that may hand it over; none:
                                              the wallet gets a link */
    size_t    origin_count;
    uint64_t  protocols;
    yao_bytes authorities[DESK_MAX_AUTHORITIES]; /* key identifiers; they are
                                                    part of the query */
    size_t    authority_count;
    bool      pseudonym; /* the person is to be known again */
} desk_extras;

/**
 * Read them from what a program sent.
 *
 * Shape   {? "transaction_data": [+ {"type": tstr, ...}], ? "authorities": [+
 *          base64url], ? "dc_api": {"origins": [+ tstr], ? "protocols": [+
 *          tstr]}, ? "pseudonym": bool}
 * Out     ret  in the call's arena
 * Errors  YAO_E_VALUE  another shape, an origin that is none, too many;
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_extras_read(app_call *call, const yao_json *root,
                                         desk_extras *ret);

/**
 * Complete transactions for QUERY: where one does not say by which documents it
 * may be agreed to, by all that can.
 *
 * Errors  YAO_E_VALUE  one that no wallet could take: no type, a document that
 *                      is not asked for, none that can agree, another hash
 *                      than SHA-256;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_extras_bind(app_call *call, yao_bytes query,
                                         desk_extras *extras);

/** Put what is said beside the query behind INFOS, a JSON array or nothing: the
 *  REASON of a second step (empty: none), that a pseudonym is wanted. Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_extras_infos(app_call          *call,
                                          const desk_extras *extras,
                                          yao_text reason, yao_bytes *infos);

/** Write what a session keeps of them, and read it; bytes that take at most. */
void       desk_extras_put(yao_writer *w, const desk_extras *extras);
yao_status desk_extras_get(yao_cbor_reader *r, desk_extras *ret);
size_t     desk_extras_room(const desk_extras *extras);

#endif
