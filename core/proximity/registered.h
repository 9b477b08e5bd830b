/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_REGISTERED_H
#define YAO_PROXIMITY_REGISTERED_H

/**
 * Is the reader that asks a registered relying party, and may it ask this?
 * What was not registered is not shown, whoever signed the request.
 */

#include "document/document.h"
#include "mdoc/request.h"
#include "trust/trust.h"

/**
 * The relying party whose reader certificate this is: all of it, not only the
 * eight bytes by which codes name it.
 *
 * Errors  YAO_E_NOT_FOUND  none, or no list (LIST may be NULL)
 *         YAO_E_MISMATCH   more than one
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_prox_find_party(const yao_crypto         *crypto,
                                            const yao_trust_verified *list,
                                            yao_bytes certificate,
                                            const yao_trust_party **ret);

/** Does PROFILE ask for this element of this docType? Profiles that only
 *  compare don't: they are never answered by showing. */
bool yao_prox_profile_covers(const yao_catalogue *catalogue,
                             const yao_profile *profile, yao_text doc_type,
                             const yao_mdoc_wanted *wanted);

/**
 * May PARTY ask REQUEST? One of its profiles must ask for every element, and
 * what it means to keep it must be allowed to keep.
 *
 * Out     ret  that profile: purpose, legal basis, for the person to read
 * Errors  YAO_E_SUSPENDED       the party is not active
 *         YAO_E_NOT_AUTHORISED  no profile covers it
 */
YAO_MUST_USE yao_status yao_prox_check_asked(
    const yao_catalogue *catalogue, const yao_trust_party *party,
    const yao_mdoc_doc_request *request, const yao_profile **ret);

#endif
