/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_ASKER_H
#define YAO_AUTHORITY_VCI_ASKER_H

/**
 * Who asks: the client (by attestation or private_key_jwt) and the key it
 * holds (DPoP), checked before an endpoint of the authorization server does
 * anything; and how such an endpoint refuses.
 *
 * The signatures of a request are checked together. What may come once only is
 * claimed in the change of the endpoint: vci_asker_commit().
 */

#include "app/route.h"
#include "authority/vci/clients.h"
#include "oauth/form.h"

/** Seconds after which proofs are too old, besides oauth.clock_skew. */
#define VCI_PROOF_WINDOW 300

typedef struct vci_asker {
    yao_text          client_id;
    const vci_client *client;       /* NULL: not registered, but attested */
    bool              any_redirect; /* its attester vouches for any */
    bool              attested;
    uint8_t           instance[STORE_HASH_LEN]; /* of the attested key */
    bool              proven;                   /* a DPoP proof came */
    uint8_t           jkt[STORE_HASH_LEN];
    store_once        seen[2]; /* to be claimed */
    uint8_t           hashes[2][STORE_HASH_LEN];
    size_t            seen_count;
} vci_asker;

/**
 * Check who sends FORM to the endpoint PATH ("/token").
 *
 * In      dpop     a DPoP proof must come; else it may
 * Out     ret      stays where it is: claims point into it
 *         refusal  on all but 4xx and 5xx
 * Errors  those of yao_dpop_read(), yao_attestation_read(),
 *         yao_assertion_read(); YAO_E_BAD_SIGNATURE, YAO_E_MISSING,
 *         YAO_E_UNTRUSTED
 */
YAO_MUST_USE yao_status vci_asker_check(app_call *call, const yao_form *form,
                                        const char *path, bool dpop,
                                        vci_asker         *ret,
                                        yao_oauth_refusal *refusal);

/** Commit CHANGE with the asker's claims. Errors: those of store_commit();
 *  YAO_E_MISMATCH, with REFUSAL: what came had come before. */
YAO_MUST_USE yao_status vci_asker_commit(app_call *call, const vci_asker *asker,
                                         store_change      *change,
                                         yao_oauth_refusal *refusal);

/** The body as a form. REFUSAL: invalid_request. Errors: yao_form_read(). */
YAO_MUST_USE yao_status vci_read_form(app_call *call, yao_form *ret,
                                      yao_oauth_refusal *refusal);

/** The answer to STATUS: none for YAO_OK, the refusal's, or 500 and 503. */
YAO_MUST_USE yao_status vci_finish(app_call *call, yao_status status,
                                   const yao_oauth_refusal *refusal,
                                   app_reply               *reply);

/** "https://host/path" with PATH after it, in the call's arena. */
YAO_MUST_USE yao_status vci_address(app_call *call, const char *path,
                                    yao_text *ret);

/** What the clocks may be apart. */
yao_oauth_clock vci_clock(const app_call *call);

/** What stateless nonces are for. */
enum { VCI_NONCE_DPOP = 1, VCI_NONCE_CHALLENGE = 2 };

/** A nonce of KIND in the call's arena; whether NONCE is one (younger than ten
 *  minutes). Errors: YAO_E_CRYPTO, YAO_E_SPACE; those of yao_nonce_check(). */
YAO_MUST_USE yao_status vci_nonce_make(app_call *call, uint8_t kind,
                                       yao_text *ret);
YAO_MUST_USE yao_status vci_nonce_check(app_call *call, uint8_t kind,
                                        yao_text nonce);

#endif
