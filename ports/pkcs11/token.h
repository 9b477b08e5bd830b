/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PKCS11_TOKEN_H
#define YAO_PKCS11_TOKEN_H

/** A session with one token, and how it is opened anew after a failure. */

#include "pkcs11/module.h"

struct yao_pkcs11_token {
    yao_pkcs11_module      *module;
    const CK_FUNCTION_LIST *calls;
    const yao_crypto       *crypto;
    yao_pkcs11_uri          uri; /* views into memory */
    bool                    write;
    CK_SLOT_ID              slot;
    CK_SESSION_HANDLE       session;
    bool                    open;  /* session is one */
    unsigned                turn;  /* how often a session was opened */
    yao_pkcs11_report       report;
    uint8_t                 memory[2 * YAO_MAX_PKCS11_URI];
};

/** Note what failed, with which code, and end the session: whatever it was in
 *  the middle of is over. Gives STATUS. */
yao_status yao_pkcs11_fail(yao_pkcs11_token *t, yao_status status,
                           yao_pkcs11_trouble what, CK_RV code);

/** The same for a call that failed for reasons of the token's. */
yao_status yao_pkcs11_gone(yao_pkcs11_token *t, CK_RV code);

/** Note what is wrong without ending the session. */
yao_status yao_pkcs11_refuse(yao_pkcs11_token *t, yao_status status,
                             yao_pkcs11_trouble what);

/** Have a session that is logged in. Errors as yao_pkcs11_open(). */
YAO_MUST_USE yao_status yao_pkcs11_ready(yao_pkcs11_token *t);

#endif
