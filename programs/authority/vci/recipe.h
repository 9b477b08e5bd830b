/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_RECIPE_H
#define YAO_AUTHORITY_VCI_RECIPE_H

/**
 * How to make a document again that was made for a request: a few hundred
 * bytes instead of the document, and no value of the person among them. What
 * stands in the document is read from the register again; where it is another
 * by now, the signature does not hold, and nothing is given.
 *
 * Shape   [now: int, issuance: bstr, number: bstr, list: uint, seed: bstr,
 *          configuration: tstr, person: bstr, level: int,
 *          [+ [curve: uint, point: bstr, index: uint, signature: bstr]]]
 */

#include "authority/copies.h"

typedef struct vci_recipe {
    yao_time         now;
    uint8_t          issuance[STORE_ID_LEN];
    uint8_t          number[ISSUE_NUMBER_LEN];
    int64_t          list;
    uint8_t          seed[COPIES_SEED];
    yao_text         configuration;
    uint8_t          person[STORE_HASH_LEN]; /* look-up by number */
    int64_t          level;
    size_t           count;
    yao_public_key   keys[YAO_MAX_BATCH];
    int64_t          indexes[YAO_MAX_BATCH];
    copies_signature signatures[YAO_MAX_BATCH];
} vci_recipe;

/** Write it. The room that W has is all that is needed of memory. */
void vci_recipe_write(yao_writer *w, const vci_recipe *recipe);

/**
 * And read it.
 *
 * Out     ret  configuration is a view of BYTES
 * Errors  YAO_E_MALFORMED  something of another length, a key off its curve's
 *                          form, no copy or too many
 *         2xx              not CBOR
 */
YAO_MUST_USE yao_status vci_recipe_read(yao_bytes bytes, vci_recipe *ret);

#endif
