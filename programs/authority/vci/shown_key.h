/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_SHOWN_KEY_H
#define YAO_AUTHORITY_VCI_SHOWN_KEY_H

/**
 * Who holds a key, and shows nothing else: a DPoP proof without a token, of
 * whoever asks for this route. Whose key it is the caller knows.
 */

#include "app/route.h"
#include "authority/authority.h"
#include "oauth/oauth.h"

typedef struct vci_shown_key {
    bool     shown; /* a proof came */
    uint8_t  jkt[STORE_HASH_LEN];
    uint8_t  replay[STORE_HASH_LEN];
    yao_time forget_at;
} vci_shown_key;

/**
 * Check the proof of CALL; there may be none.
 *
 * Out     refusal  on all but 4xx and 5xx
 * Errors  those of yao_dpop_read(); YAO_E_DUPLICATE, YAO_E_MISMATCH (of its
 *         nonce), YAO_E_BAD_SIGNATURE
 */
YAO_MUST_USE yao_status vci_key_check(app_call *call, vci_shown_key *ret,
                                      yao_oauth_refusal *refusal);

/** The claim that the proof was not seen before: lost_about is ONCE_DPOP. */
void vci_key_claim(const vci_shown_key *key, store_change *change);

#endif
