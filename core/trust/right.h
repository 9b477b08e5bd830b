/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TRUST_RIGHT_H
#define YAO_TRUST_RIGHT_H

/**
 * Whose reader certificate it is that asks, and what it may ask by it.
 *
 * A party is in the list with its own certificate, found by its hash. An
 * officer's certificate is in no list, for it lives for hours: the registrar
 * signed it for the party whose code its subject names, for some of that
 * party's profiles. The path to the registrar's root is looked at elsewhere,
 * and before.
 */

#include "document/document.h"
#include "trust/trust.h"
#include "x509/reader.h"

/**
 * The party of LIST that asks with C.
 *
 * Errors  YAO_E_NOT_FOUND  none, or no list (LIST may be NULL)
 *         YAO_E_MISMATCH   more than one
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_trust_find_asker(const yao_crypto         *crypto,
                                             const yao_trust_verified *list,
                                             const yao_certificate    *c,
                                             const yao_trust_party   **ret);

/**
 * PARTY with those of its profiles only that it may ask by C: an officer's
 * certificate names each, and a profile for officers takes no other one.
 *
 * Out     ret  names in ARENA, else as PARTY
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_trust_narrow(yao_arena             *arena,
                                         const yao_catalogue   *catalogue,
                                         const yao_trust_party *party,
                                         const yao_certificate *c,
                                         yao_trust_party       *ret);

/** May PROFILE be asked by C, whoever's it is? A certificate names what it is
 *  for. */
bool yao_trust_certified(const yao_profile     *profile,
                         const yao_certificate *c);

#endif
