/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_MESSAGE_H
#define YAO_AUTHORITY_VCI_MESSAGE_H

/**
 * What the credential endpoints have in common: the issuer as it describes
 * itself, messages that may come and go encrypted, and refusals.
 */

#include "authority/server/server.h"
#include "vci/metadata.h"
#include "vci/request.h"

/** What stateless nonces of these endpoints are for (vci_nonce_make()). */
enum { VCI_NONCE_PROOF = 3 };

/** How long a c_nonce is remembered after its use: longer than it lives. */
#define VCI_NONCE_SECONDS 660

/** Keys that all processes of this authority share, derived of the look-up key
 *  by what they are for. A secret. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_derive(const authority *a, const char *purpose,
                                   uint8_t out[32]);

/** The kid of the key that requests are encrypted to: changes with the key. */
#define VCI_KEY_KID "request-1"

/**
 * How this server describes itself.
 *
 * Out     key  where ret->key points
 * Errors  YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status vci_issuer_of(const app_call *call, yao_public_key *key,
                                      yao_vci_issuer *ret);

/** A body that was read. */
typedef struct vci_message {
    yao_bytes json;
    bool      encrypted;
} vci_message;

/**
 * The body, decrypted when it is a JWE.
 *
 * Out     error  on a failure that is the other side's: what it is told; else
 *                YAO_VCI_FINE
 * Errors  those of yao_jwe_read(); YAO_E_SECRET, YAO_E_MISMATCH: to another
 *         key;  YAO_E_REFUSED: it must be encrypted, and is not
 */
YAO_MUST_USE yao_status vci_read_message(app_call *call, vci_message *ret,
                                         yao_vci_error *error);

/** Answer with JSON, encrypted as was asked (NULL: never). Errors:
 *  YAO_E_SPACE, YAO_E_CRYPTO, YAO_E_KEY: a key that is on no curve (see
 *  vci_check_encryption()). */
YAO_MUST_USE yao_status vci_answer(app_call *call, int status, yao_bytes json,
                                   const yao_vci_encryption *encryption,
                                   app_reply                *reply);

/** May the answer be as was asked? To be asked before anything is used up.
 *  Errors: YAO_E_REFUSED: it must be encrypted, and was not asked to be;
 *  YAO_E_KEY: the key is no point of its curve; YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_check_encryption(const app_call           *call,
                                             const yao_vci_encryption *e);

/** What went wrong: ERROR to the other side, never encrypted, never cached; or
 *  STATUS when it is FINE. */
YAO_MUST_USE yao_status vci_end(app_call *call, yao_status status,
                                yao_vci_error error, app_reply *reply);

#endif
