/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_BOX_H
#define YAO_AUTHORITY_VCI_BOX_H

/**
 * What strangers hold (codes, tokens, request_uris) and what we keep for it.
 *
 *     secret = 32 random bytes, as 43 letters of base64url
 *     hash   = SHA-256(kind || letters)                 what it is known by
 *     key    = HKDF-SHA-256(letters, "yaopai-box-1" || kind)
 *     box    = nonce || AES-256-GCM(key, payload) || tag
 *
 * Who copies the database has neither the secrets nor what is in the boxes.
 */

#include "app/route.h"
#include "authority/once.h"
#include "store/store.h"
#include "yaopai/crypto.h"

#define VCI_SECRET_LEN 43

/** A new secret in ARENA. Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status vci_secret_new(yao_arena *arena, yao_text *ret);

/** What SECRET is known by as a KIND. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_secret_hash(const yao_crypto *crypto, int kind,
                                        yao_text secret,
                                        uint8_t  out[STORE_HASH_LEN]);

/** A key made of SECRET for PURPOSE. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_secret_key(const yao_crypto *crypto, int kind,
                                       yao_text secret, uint8_t out[32]);

/** Claim SECRET as a new KIND with PLAIN in its box, until EXPIRES. */
YAO_MUST_USE yao_status vci_box_put(const yao_crypto *crypto,
                                    store_change *change, int kind,
                                    yao_text secret, yao_bytes plain,
                                    yao_time expires);

/** Look what is in the box of SECRET, now. HASH is what it is known by, for
 *  store_take_once(). Errors: YAO_E_NOT_FOUND, those of opening and of
 *  store_get_once(). */
YAO_MUST_USE yao_status vci_box_get(const app_call *call, int kind,
                                    yao_text   secret,
                                    uint8_t    hash[STORE_HASH_LEN],
                                    yao_bytes *ret);

#endif
