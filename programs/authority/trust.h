/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_TRUST_H
#define YAO_AUTHORITY_TRUST_H

/** What the authority says in its trust lists: docs/formats/trust.md. */

#include "authority/authority.h"
#include "trust/trust.h"

typedef struct trust_wish {
    yao_time    now;
    yao_time    expires; /* at the latest; a bundle ends with its first
                            status list that does */
    const char *catalogue; /* folder whose documents/ and profiles/ go into the
                              bundle; NULL: none beside the shipped */
} trust_wish;

/**
 * Collect what a list of KIND says, from the settings, the catalogue and the
 * register. The version is the caller's to fill in.
 *
 * Out     ret    in ARENA; expires may be earlier than asked for
 *         place  a setting, or a status list's number, on failure
 * Errors  YAO_E_MISSING  a status list was never signed
 *         YAO_E_EXPIRED  one is past its end
 *         those of ca_open(), app_catalogue_gather() and of the store;
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status trust_gather(const authority *a, yao_trust_kind kind,
                                     const trust_wish *wish, yao_arena *arena,
                                     yao_trust_content *ret, char place[48]);

#endif
