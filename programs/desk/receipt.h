/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_RECEIPT_H
#define YAO_DESK_RECEIPT_H

/**
 * Receipts of this desk (vp/receipt.h): made with a result, signed by the
 * reader key, kept sealed beside it, given to the wallet at once and to the
 * program when it asks.
 *
 *     desk_result r = {...};
 *     YAO_TRY(desk_receipt_make(call, trust, &shown, &r));   // r.receipt
 *     YAO_TRY(desk_result_put(call, change, &r));
 */

#include "desk/officer.h"
#include "yaopai/verify.h"

/** What was shown, by any way. */
typedef struct desk_shown {
    const yao_profile *profile; /* NULL: it is not known any more */
    yao_bytes          bound;   /* what the holder signed into it: a
                                   SessionTranscript, a challenge; empty:
                                   nothing */
    const yao_result *const *results;
    size_t                   count;
    const desk_reader       *reader; /* who asked; NULL: the party itself */
    bool                     waits; /* for a browser, or a number: what is
                                       kept is kept from then on */
    bool                     code; /* the wallet scans it: short, and whoever
                                      scans knows the certificate */
} desk_shown;

/**
 * Make the receipt of R, which has id, profile and verdict, into r->receipt;
 * that stays empty where the profile is not known.
 *
 * Errors  YAO_E_LOCKED  the reader's key can't be opened now
 *         those of yao_receipt_make() and yao_key_sign()
 */
YAO_MUST_USE yao_status desk_receipt_make(app_call *call, const desk_trust *t,
                                          const desk_shown *shown,
                                          desk_result      *r);

#endif
