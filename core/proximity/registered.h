/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_REGISTERED_H
#define YAO_PROXIMITY_REGISTERED_H

/**
 * Is the reader that asks a registered relying party, and may it ask this?
 * What was not registered is not shown, whoever signed the request.
 */

#include "document/document.h"
#include "mdoc/request.h"
#include "trust/right.h"

/**
 * May PARTY ask REQUEST? It is as yao_trust_narrow() leaves it. One of its
 * profiles must ask for every element, of a booklet on that page, all of them
 * at one of its steps, and one of several of which it asks for one; and what it means to keep it must be allowed to keep.
 * Profiles that only compare are never answered by showing.
 *
 * Out     ret  that profile: purpose, legal basis, for the person to read
 * Errors  YAO_E_SUSPENDED       the party is not active
 *         YAO_E_NOT_AUTHORISED  no profile covers it
 */
YAO_MUST_USE yao_status yao_prox_check_asked(
    const yao_catalogue *catalogue, const yao_trust_party *party,
    const yao_mdoc_doc_request *request, const yao_profile **ret);

/**
 * May PARTY ask all of this together? One step of one of its profiles must
 * cover every docRequest: of two, one of which the person would refuse, no request is made.
 *
 * Out, Errors  as yao_prox_check_asked()
 */
YAO_MUST_USE yao_status yao_prox_check_together(
    const yao_catalogue *catalogue, const yao_trust_party *party,
    const yao_mdoc_request *request, const yao_profile **ret);

#endif
