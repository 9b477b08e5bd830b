/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_CARD_H
#define YAO_VCI_CARD_H

/**
 * A card is shown whole: what its profile does not ask for would be told with
 * it at each showing, and nobody would have been asked about that. So a wallet
 * keeps none that says more than was offered.
 */

#include "card/card.h"
#include "document/document.h"

/** What was offered, or is handed over. */
typedef struct yao_vci_card {
    yao_text type, profile;
    yao_text choice; /* empty: the first */
} yao_vci_card;

/**
 * Does CONTENT say what WANTED stands for, and nothing else?
 *
 * In      arena  for a while: what it took is free again
 * Errors  YAO_E_MISMATCH   another profile, or another type
 *         YAO_E_NOT_FOUND  a profile, type or choice that CATALOGUE has not
 *         YAO_E_REFUSED    an element besides, or one that is unknown; not
 *                          sealed where the profile asks for that
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vci_check_card(yao_arena              *arena,
                                           const yao_catalogue    *catalogue,
                                           const yao_vci_card     *wanted,
                                           const yao_card_content *content);

/** The same of a card for print. Errors: as above; YAO_E_REFUSED: a profile that
 *  has none. */
YAO_MUST_USE yao_status yao_vci_check_paper(yao_arena              *arena,
                                            const yao_catalogue    *catalogue,
                                            const yao_vci_card     *wanted,
                                            const yao_card_content *content);

#endif
