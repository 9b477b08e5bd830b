/* SPDX-License-Identifier: Apache-2.0 */
/* The routes of the credential issuer. */

#include "authority/vci/credentials.h"

static const app_route routes[] = {
    {"GET", "/.well-known/openid-credential-issuer", APP_ANY_WALLET,
     vci_give_issuer, 0, 0},
    {"POST", "/nonce", APP_ANY_WALLET, vci_give_nonce, 0, 0},
    /* twenty proofs, each with a key attestation; and encrypted */
    {"POST", "/credential", APP_ANY_WALLET | APP_JSON | APP_JWT,
     vci_give_credential, 0, 256u * 1024u},
    {"POST", "/deferred", APP_ANY_WALLET | APP_JSON | APP_JWT,
     vci_give_deferred, 0, 0},
    {"POST", "/notification", APP_ANY_WALLET | APP_JSON,
     vci_take_notification, 0, 8u * 1024u},
    {"GET", "/offers/{id}", APP_ANY_WALLET, vci_give_offer, 0, 0},
};

static const app_route admin[] = {
    {"POST", "/admin/offers", APP_ADMIN | APP_JSON, vci_make_offer, 0, 0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
    {admin, sizeof admin / sizeof admin[0], 1u << SERVER_ADMIN},
};

const authority_part authority_credentials = {.tables      = tables,
                                              .table_count = 2};
