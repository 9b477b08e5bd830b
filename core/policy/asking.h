/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_POLICY_ASKING_H
#define YAO_POLICY_ASKING_H

/** What a request profile asks, in the words of what was shown. */

#include "document/document.h"
#include "yaopai/verify.h"

/**
 * Ask for what PROFILE asks of INPUT: elements and namespaces of an mdoc (in
 * codes the small portrait instead of the large one), claims of an SD-JWT, the
 * profile of a card and what such a card has. Of a card of another document
 * than the profile's is asked what the profile asks of its own.
 *
 * In      profile  NULL: that of the challenge; without one nothing is asked
 *                  for
 *         choice   which of its choices; empty: the first
 *         input    what is to be judged: its format and, of a card, its type
 *                  are looked at, nothing is believed
 *         options  format, challenge and catalogue, that of the profile
 * Out     options  required, card_profile; what they point to is in ARENA
 * Errors  YAO_E_NOT_FOUND  CHOICE is none of the choices
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_policy_ask(yao_arena *arena, const yao_profile *profile,
                                yao_text choice, yao_bytes input,
                                yao_verify_options *options);

/** Does PROFILE with CHOICE ask for E of D, or for the portrait that E is a
 *  small copy of, or does E say what the document is (specimen, assurance
 *  level)? */
bool yao_policy_asks_for(const yao_profile *profile, yao_text choice,
                  const yao_definition *d, const yao_element *e);

#endif
