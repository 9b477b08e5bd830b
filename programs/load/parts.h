/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_PARTS_H
#define YAO_LOAD_PARTS_H

/** What wallet.c and ask.c share; nobody else includes it. */

#include "load/wallet.h"
#include "oauth/attestation.h"
#include "oauth/authorize.h"
#include "oauth/pkce.h"
#include "oauth/token.h"
#include "vci/nonce.h"
#include "vci/proof.h"

/* The wallet does not go where it is sent. */
#define LOAD_REDIRECT "https://wallet.example/callback"
#define LOAD_STATE    "load"

/* TOKEN with the signature of KEY. */
yao_status load_sign(load_wallet *w, const yao_oauth_unsigned *token,
                     yao_key *key, yao_bytes *ret);

/** Close the keys of the documents that W received. */
void load_wallet_forget_devices(load_wallet *w);

#endif
