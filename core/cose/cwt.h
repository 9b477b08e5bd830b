/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_COSE_CWT_H
#define YAO_COSE_CWT_H

/**
 * The claims of a CWT (RFC 8392): cards, status lists.
 *
 *     yao_cwt claims;
 *     YAO_TRY(yao_cwt_read(message.payload, false, &claims));
 *     yao_bytes status = yao_cwt_get(&claims, 65535);
 *
 * Reading decides nothing: whether iss, exp or another claim must be there,
 * and what the clock says to it, is for the module whose token it is. The
 * signature is that of the message around it (cose.h).
 *
 * Memory  results point into the payload and live as long as it does
 */

#include "cose/cose.h"

typedef struct yao_cwt {
    yao_text  issuer;     /* 1; ptr is NULL when absent */
    yao_text  subject;    /* 2; the same */
    yao_time  expires;    /* 4; YAO_TIME_NONE when absent */
    yao_time  not_before; /* 5; the same */
    yao_time  issued_at;  /* 6; the same */
    yao_bytes map;        /* all of them, as they stand */
} yao_cwt;

/**
 * Read the claims.
 *
 * Shape   {?1: tstr, ?2: tstr, ?4: uint, ?5: uint, ?6: uint,
 *          * int/tstr => any}
 *         a date is a whole number of seconds: fractions are refused
 * In      payload  exactly one map; FOREIGN as in cbor.h
 * Units   seconds since 1970-01-01T00:00:00Z, at most YAO_TIME_MAX
 * Errors  those of yao_cbor_close()
 *         YAO_E_DUPLICATE  a claim twice
 *         YAO_E_VALUE      iss or sub is empty, a date is out of range
 *         YAO_E_LIMIT      more than YAO_MAX_COSE_LABELS claims
 * Source  RFC 8392 sections 2 (NumericDate), 3.1, 4
 */
YAO_MUST_USE yao_status yao_cwt_read(yao_bytes payload, bool foreign,
                                     yao_cwt *ret);

/** The claim KEY as it was received, one CBOR item; ptr is NULL when it is
 *  absent. */
yao_bytes yao_cwt_get(const yao_cwt *claims, int64_t key);

#endif
