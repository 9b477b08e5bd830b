/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_PERSON_LOGIN_H
#define YAO_AUTHORITY_VCI_PERSON_LOGIN_H

/**
 * How a person says on the authorization page who they are.
 *
 * What is behind it is enrolment's: an identity number and the access code that
 * was chosen there, or a passkey. Whatever is wrong is told in one way.
 */

#include "app/route.h"
#include "authority/authority.h"

/** What the page's form held. */
typedef struct vci_login {
    yao_text number;  /* identity number; empty: not given */
    yao_text code;    /* access code; a secret */
    yao_text passkey; /* what a browser says for one, JSON; empty: not given.
                         It goes before number and code. */
    yao_bytes wallet; /* thumbprint of the instance that pushed the request;
                         empty: it is a registered client's */
} vci_login;

/** Who it is. */
typedef struct vci_person {
    uint8_t lookup[STORE_HASH_LEN]; /* STORE_BY_NUMBER */
    uint8_t holder[STORE_HASH_LEN]; /* as ledger and log know them */
    int64_t level;                  /* by the factors used */
} vci_person;

/**
 * Errors  YAO_E_REFUSED      number, code or passkey are wrong, or there is
 *                            nobody
 *         YAO_E_LIMIT        too many tries: later
 *         YAO_E_UNSUPPORTED  nobody can log in here (yet)
 *         YAO_E_STORE, YAO_E_CRYPTO, YAO_E_LOCKED
 */
YAO_MUST_USE yao_status vci_person_login(app_call        *call,
                                         const vci_login *login,
                                         vci_person      *ret);

/** The fictitious person for whom the page of a demo (`demo = yes`) speaks
 *  without a login: setting demo_person. Errors: YAO_E_NOT_FOUND: there is
 *  none, which is the usual case;  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status vci_demo_person(app_call *call, vci_person *ret);

#endif
