/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_BATCH_H
#define YAO_AUTHORITY_BATCH_H

/** One batch of copies: made, noted in the ledger, handed over, in this
 *  order. For issue.c, which knows the person and the document. */

#include "authority/copies.h"

/** In which format, and for a card what it is for. */
typedef struct batch_kind {
    copies_format          format;
    const yao_card_layout *layout; /* of a card */
    yao_text               choice; /* of the layout's profile; or empty */
    size_t                 copies;
} batch_kind;

/**
 * Issue a batch of DOCUMENT.
 *
 * Errors  YAO_E_MISSING, YAO_E_LIMIT  of a card: this person has none
 *         those of app_handover, of the store and of signing
 */
YAO_MUST_USE yao_status batch_issue(issuing                     *is,
                                    const yao_issuance_document *document,
                                    issue_signer                *signer,
                                    const batch_kind *kind, issue_batch *ret);

#endif
