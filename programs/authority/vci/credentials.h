/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_CREDENTIALS_H
#define YAO_AUTHORITY_VCI_CREDENTIALS_H

/**
 * The credential issuer's half of authority/vci: its endpoints, a file each,
 * and its part of the server.
 *
 *     metadata.c      GET  /.well-known/openid-credential-issuer
 *     nonce.c         POST /nonce
 *     credential.c    POST /credential     fetching.c, issuing.c, answers.c
 *     deferred.c      POST /deferred
 *     notification.c  POST /notification
 *     offers.c        GET  /offers/{id}; POST /admin/offers
 */

#include "authority/server/server.h"

extern const authority_part authority_credentials;

/** What may be fetched here. */
YAO_MUST_USE yao_status vci_give_issuer(app_call *call, app_reply *reply);
/** A c_nonce. */
YAO_MUST_USE yao_status vci_give_nonce(app_call *call, app_reply *reply);
/** Documents for proven keys. */
YAO_MUST_USE yao_status vci_give_credential(app_call *call, app_reply *reply);
/** Those of a transaction. */
YAO_MUST_USE yao_status vci_give_deferred(app_call *call, app_reply *reply);
/** What became of the copies. */
YAO_MUST_USE yao_status vci_take_notification(app_call  *call,
                                              app_reply *reply);
/** An offer by its reference. */
YAO_MUST_USE yao_status vci_give_offer(app_call *call, app_reply *reply);
/** Make an offer, on the admin socket. */
YAO_MUST_USE yao_status vci_make_offer(app_call *call, app_reply *reply);

#endif
