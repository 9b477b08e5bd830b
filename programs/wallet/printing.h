/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_PRINTING_H
#define YAO_WALLET_PRINTING_H

/** From a printed card of the wallet to the sheet that ports/paper draws. Its
 *  words are those that the authority signed in the code: nothing that a checker
 *  would not find there, but for the portrait. */

#include "paper/paper.h"
#include "wallet/wallet.h"

/**
 * Make the sheet of CARD, a batch of printed cards.
 *
 * Out     letters  those of the code, for who has no camera
 *         ret      in the wallet's arena
 * Errors  YAO_E_EXPIRED    the card is over
 *         YAO_E_NOT_FOUND  its profile or type is not known here
 *         those of the vault, of reading cards and portraits
 */
YAO_MUST_USE yao_status yao_printing_make(yao_wallet             *wallet,
                                          const yao_wallet_batch *card,
                                          yao_bytes              *letters,
                                          paper_sheet            *ret);

#endif
