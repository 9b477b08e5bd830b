/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_ACCESS_H
#define YAO_AUTHORITY_VCI_ACCESS_H

/**
 * Who comes with an access token to a credential endpoint.
 *
 *     static yao_status give_credential(app_call *call, app_reply *ret)
 *     {
 *         vci_access access;
 *         if (!vci_access_check(call, &access, ret))
 *             return YAO_OK;           // RET is the 401
 *         ...
 *         store_change change = store_change_open(call->arena);
 *         vci_access_claim(&access, &change);   // the proof is good once
 *         ... what else belongs to it ...
 *         yao_status status = store_commit(a->store, &change);
 *         if (vci_access_lost(call, &change, status, ret))
 *             return YAO_OK;
 *         ...
 *         vci_access_close(&access);
 *     }
 *
 * A token comes in one Authorization header with the scheme DPoP and one DPoP
 * header, or not at all: in a query, a form, or as Bearer it is refused.
 */

#include "app/route.h"
#include "authority/vci/grants.h"

typedef struct vci_access {
    vci_grant  grant;
    yao_time   expires;
    uint8_t    jkt[STORE_HASH_LEN]; /* of the key that the token is for */
    uint8_t    token_hash[STORE_HASH_LEN]; /* what the token is known by */
    uint8_t    retry_key[32]; /* made of the token, for answers that are kept
                                 for who asks again; a secret */
    store_once proof;         /* of the DPoP proof; claimed by what follows */
    uint8_t    replay[STORE_HASH_LEN];
} vci_access;

/** True: RET is granted; close it. False: REPLY is what to answer (401 with
 *  WWW-Authenticate, 400, 503). */
YAO_MUST_USE bool vci_access_check(app_call *call, vci_access *ret,
                                   app_reply *reply);

/** Add the claim that the proof was not seen before. */
void vci_access_claim(const vci_access *access, store_change *change);

/** Was it STATUS of the commit of CHANGE that the proof had been seen? Then
 *  REPLY is what to answer. */
YAO_MUST_USE bool vci_access_lost(app_call *call, const store_change *change,
                                  yao_status status, app_reply *reply);

/** Wipe what is secret. */
void vci_access_close(vci_access *access);

/** A new `DPoP-Nonce` for REPLY, where the settings ask for nonces. For the
 *  nonce endpoint too. */
YAO_MUST_USE yao_status vci_put_dpop_nonce(app_call *call, app_reply *reply);

#endif
