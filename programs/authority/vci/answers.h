/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_ANSWERS_H
#define YAO_AUTHORITY_VCI_ANSWERS_H

/**
 * What is kept of an answer for who asks again: a wallet that lost the
 * connection gets the same bytes with the same token and keys within ten
 * minutes, and no second document is issued (design 3.6). Not the answer is
 * kept but how to make it again (recipe.h), sealed under a key that only the
 * access token gives: the seed in it is a secret.
 */

#include "authority/vci/access.h"
#include "authority/vci/recipe.h"
#include "vci/proof.h"

#define VCI_ANSWER_SECONDS 600

/** What an answer is known by: the token, what was asked for, for which keys
 *  (in any order of bytes that says the same). Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_answer_id(const app_call   *call,
                                      const vci_access *access, yao_text what,
                                      const yao_public_key *keys, size_t count,
                                      uint8_t out[STORE_HASH_LEN]);

/** Keep RECIPE, in the same change as what was made by it. Claims that none is
 *  kept, and that the grant is alive (both lost as ONCE_ANSWER: who comes again
 *  is told which). Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_keep_answer(const app_call   *call,
                                        const vci_access *access,
                                        const uint8_t     id[STORE_HASH_LEN],
                                        const vci_recipe *recipe,
                                        store_change     *change);

/** What was kept. Errors: YAO_E_NOT_FOUND;  YAO_E_SECRET: it is another
 *  token's;  those of store_get_once() and vci_recipe_read(). */
YAO_MUST_USE yao_status vci_find_answer(const app_call   *call,
                                        const vci_access *access,
                                        const uint8_t     id[STORE_HASH_LEN],
                                        vci_recipe       *ret);

#endif
