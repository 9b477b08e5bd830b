/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_ANSWERS_H
#define YAO_AUTHORITY_VCI_ANSWERS_H

/**
 * Answers that are kept for who asks again: a wallet that lost the connection
 * gets the same bytes with the same token and keys within ten minutes, and no
 * second document is issued (design 3.6). Kept encrypted under a key that only
 * the access token gives.
 */

#include "authority/vci/access.h"
#include "vci/request.h"
#include "vci/proof.h"

#define VCI_ANSWER_SECONDS 600

/** What an answer is known by: the token, what was asked for, for which keys
 *  (in any order of bytes that says the same). Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_answer_id(const app_call   *call,
                                      const vci_access *access, yao_text what,
                                      const yao_public_key *keys, size_t count,
                                      uint8_t out[STORE_HASH_LEN]);

/** An answer before it is JSON, whose base64 takes a third more. */
typedef struct vci_kept_answer {
    yao_vci_format          format;
    const yao_vci_response *response; /* with credentials */
} vci_kept_answer;

/**
 * Keep ANSWER, in the same change as what it was made of. Claims that none is
 * kept (ONCE_ANSWER).
 *
 * Shape   sealed: [format: uint, notification_id: tstr, [+ credential: bstr]]
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status vci_keep_answer(const app_call   *call,
                                        const vci_access *access,
                                        const uint8_t     id[STORE_HASH_LEN],
                                        const vci_kept_answer *answer,
                                        store_change          *change);

/** The answer that was kept, as the JSON that it was. Errors: YAO_E_NOT_FOUND;
 *  YAO_E_SECRET: it is another token's;  those of store_get_once(). */
YAO_MUST_USE yao_status vci_find_answer(const app_call   *call,
                                        const vci_access *access,
                                        const uint8_t     id[STORE_HASH_LEN],
                                        yao_bytes        *ret);

#endif
