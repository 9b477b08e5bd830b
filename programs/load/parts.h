/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_PARTS_H
#define YAO_LOAD_PARTS_H

/** What wallet.c, ask.c and show.c share; nobody else includes it. */

#include "load/wallet.h"
#include "oauth/attestation.h"
#include "oauth/authorize.h"
#include "oauth/pkce.h"
#include "oauth/token.h"
#include "vci/nonce.h"
#include "vci/proof.h"
#include "vci/request.h"

/* The wallet does not go where it is sent. */
#define LOAD_REDIRECT "https://wallet.example/callback"
#define LOAD_STATE    "load"

/* TOKEN with the signature of KEY. */
yao_status load_sign(load_wallet *w, const yao_oauth_unsigned *token,
                     yao_key *key, yao_bytes *ret);

/* ---- with a desk: show.c ------------------------------------------------- */

/** Errors: YAO_E_SPACE. NULL is fine to close. */
YAO_MUST_USE yao_status load_showing_open(load_showing **ret);
void                    load_showing_close(load_showing *s);

/** Keep the first of what came, with its key. Errors: YAO_E_SPACE, those of
 *  reading it. */
YAO_MUST_USE yao_status load_showing_hold(load_wallet            *w,
                                          const yao_vci_response *came);

/** The request of a step, whole. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status load_showing_ask(load_wallet *w, yao_bytes *ret);

/** Errors: what the machine of vp/present.h stopped with; YAO_E_REFUSED: the
 *  desk's verdict is no accept. */
YAO_MUST_USE yao_status load_showing_take_session(load_wallet       *w,
                                                  const load_answer *a);
YAO_MUST_USE yao_status load_showing_take_request(load_wallet       *w,
                                                  const load_answer *a);
YAO_MUST_USE yao_status load_showing_take_answer(load_wallet       *w,
                                                 const load_answer *a);
YAO_MUST_USE yao_status load_showing_take_result(load_wallet       *w,
                                                 const load_answer *a);

/** Close the keys of the documents that W received. */
void load_wallet_forget_devices(load_wallet *w);

#endif
