/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_PSEUDONYM_H
#define YAO_WALLET_PSEUDONYM_H

/** The secret of which this wallet makes pseudonyms (vp/pseudonym.h): in the
 *  vault as pseudonym.sealed, drawn when the first party asks, and in the
 *  backup, since a person who got a new phone is still the same to whom they
 *  deal with. It opens nothing and signs nothing. */

#include "cbor/cbor.h"
#include "vp/pseudonym.h"
#include "wallet/wallet.h"

typedef struct yao_pseudonyms {
    yao_time made; /* 0: there is none */
    uint8_t  secret[YAO_VP_PSEUDONYM_SECRET];
} yao_pseudonyms;

/** Read it, when there is one. To be wiped. Errors: those of the vault;
 *  YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_pseudonyms_read(yao_wallet     *wallet,
                                            yao_pseudonyms *ret);

/**
 * The pseudonym for PARTY, with a secret drawn now where there was none.
 *
 * Out     ret  in ARENA
 * Errors  those of the vault, of yao_vp_make_pseudonym(); YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_pseudonyms_for(yao_wallet         *wallet,
                                           const yao_crypto   *crypto,
                                           yao_vp_pseudonym_of party,
                                           yao_arena *arena, yao_text *ret);

/** Take OTHER, of a backup, where it is older than what is here: devices that
 *  share a backup come to have the same. Errors: as above. */
YAO_MUST_USE yao_status yao_pseudonyms_merge(yao_wallet           *wallet,
                                             const yao_pseudonyms *other);

/** [made, secret], as it stands in the vault and in a backup; made is 0, and
 *  the secret empty, where there is none. */
void yao_pseudonyms_put(yao_writer *w, const yao_pseudonyms *p);
void yao_pseudonyms_get(yao_cbor_reader *r, yao_pseudonyms *ret);

#endif
