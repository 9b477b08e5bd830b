/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_PROFILE_ASK_H
#define YAO_PROXIMITY_PROFILE_ASK_H

/** What a reader asks across a counter for a profile of the catalogue. */

#include "document/document.h"
#include "proximity/reader.h"

/**
 * Make the request of one step of PROFILE: a docRequest for each of its asks,
 * those that are optional among them, and what of it is required for the
 * verdict.
 *
 * In      step    1, or 2 of profiles in two steps
 *         choice  which of the choices; empty: the first
 * Out     ret     in ARENA
 * Errors  YAO_E_NOT_FOUND    nothing is asked in this step; CHOICE is none of
 *                            the choices
 *         YAO_E_UNSUPPORTED  an element that has no place in an mdoc
 *         YAO_E_LIMIT        above YAO_MAX_DOCUMENTS
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_prox_from_profile(yao_arena         *arena,
                                              const yao_profile *profile,
                                              uint32_t step, yao_text choice,
                                              yao_reader_request *ret);

#endif
