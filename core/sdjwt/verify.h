/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_SDJWT_VERIFY_PARTS_H
#define YAO_SDJWT_VERIFY_PARTS_H

/**
 * What begin, the claims and the holder's part share while a token is judged.
 * Not for other modules.
 */

#include "der/der.h"
#include "sdjwt/process.h"

typedef struct yao_sdjwt_work {
    yao_arena              *arena;
    const yao_crypto       *crypto;
    yao_sdjwt_verification *v;
    yao_report             *report;
    yao_sdjwt_processed     processed;
    yao_sdjwt_verified     *said; /* what conclude will hand out */
    bool                    kb_check; /* the last check is the holder's */
} yao_sdjwt_work;

/** Add a row for document 0: PASS, UNKNOWN for 5xx, else FAIL. */
void yao_sdjwt_row(yao_sdjwt_work *w, yao_check check, yao_status status);
void yao_sdjwt_row_as(yao_sdjwt_work *w, yao_check check, yao_outcome outcome,
                      yao_status why);

/**
 * The rows that are judged on the processed payload: REQUIRED_CLAIMS,
 * VALIDITY, ISSUER_NAME, and STATUS when it is of a kind we do not know.
 *
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_sdjwt_check_claims(yao_sdjwt_work *w);

/**
 * The rows about the holder: HOLDER_KEY and KB_*, and the check of the KB-JWT.
 *
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_sdjwt_check_holder(yao_sdjwt_work *w);

/** A NumericDate, strictly: an integer in 0..YAO_TIME_MAX. Absent (NULL) gives
 *  YAO_TIME_NONE. Errors: YAO_E_VALUE. */
YAO_MUST_USE yao_status yao_sdjwt_read_date(const yao_json *value,
                                            yao_time       *ret);

/** Is NOW within nbf and exp of CLAIMS? Both are handed out. Errors:
 *  YAO_E_VALUE, YAO_E_NOT_YET_VALID, YAO_E_EXPIRED. */
YAO_MUST_USE yao_status yao_sdjwt_check_dates(
    const yao_json *claims, const yao_sdjwt_verify_options *options,
    yao_time *not_before, yao_time *expires);

#endif
