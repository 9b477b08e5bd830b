/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_REGISTERED_H
#define YAO_VP_REGISTERED_H

/**
 * Does a relying party ask for what it was registered to ask, and not more?
 *
 * It is registered for profiles of the catalogue (profiles/NAME.json), each
 * with a purpose, a legal basis, a time for which values are kept. A request
 * is one of them: several together would have no purpose that a person could be
 * told, so that what is asked must all stand in one, and in one of its steps:
 * what a profile asks afterwards (who the driver is) is another request, to
 * which the person says yes or no by itself.
 */

#include "trust/trust.h"
#include "vp/dcql.h"

/** Something that was asked for without right. */
typedef struct yao_vp_excess {
    size_t credential; /* index in the query */
    size_t claim;      /* index in that; YAO_DCQL_NONE: the document itself */
} yao_vp_excess;

/**
 * Find the profile of PARTY that asks for all of QUERY.
 *
 * A claim is asked for by a profile that asks for that element, for one that it
 * is part of, or for all elements that lie in it. Values to be kept
 * (intent_to_retain) want a profile that keeps any; one that only compares
 * wants the value that the party holds already, one and not several to guess
 * among. Of several choices of a profile (ages) one is asked. Formats that are none of
 * ours are not looked at: nobody answers them.
 *
 * Out     ret     the first that does, written on YAO_OK
 *         excess  the first thing that the profile which comes nearest does not
 *                 ask for; written on YAO_E_NOT_AUTHORISED
 * Errors  YAO_E_NOT_AUTHORISED  none of them does, or PARTY is not active
 *         YAO_E_USAGE           no party
 * Source  ours: issue of relying parties; misuse N217
 */
YAO_MUST_USE yao_status yao_vp_check_registered(const yao_catalogue   *c,
                                                const yao_trust_party *party,
                                                const yao_dcql_query  *query,
                                                const yao_profile    **ret,
                                                yao_vp_excess *excess);

/** The step of PROFILE at which all of QUERY is asked; 0: at none. */
uint32_t yao_vp_step_of(const yao_catalogue *c, const yao_profile *profile,
                        const yao_dcql_query *query);

#endif
