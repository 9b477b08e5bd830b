/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_TITLES_H
#define YAO_WALLET_TITLES_H

/** What things are called on the wallet's screens, from the catalogue. */

#include "document/document.h"
#include "wallet/wallet.h"

/** The title of a batch's document in the language that was set; its catalogue
 *  name when the catalogue does not know it. */
yao_text yao_wallet_title(const yao_wallet_batch *batch);

/** The label of an element, likewise. */
yao_text yao_wallet_label(const yao_element *element);

#endif
