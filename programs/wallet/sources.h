/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_SOURCES_H
#define YAO_WALLET_SOURCES_H

/**
 * From whom the wallet may get documents again without a page and a code: the
 * refresh token, and the key that it is bound to. In the vault as
 * sources.sealed: [1, [* [issuer, client, token, key, [* id]]]].
 */

#include "vci/vci.h"
#include "wallet/wallet.h"

enum { YAO_WALLET_SOURCES = 64 };

typedef struct yao_wallet_source {
    yao_text  issuer;
    yao_text  client_id;
    yao_text  refresh_token; /* secret */
    yao_bytes key;           /* PKCS#8, secret */
    yao_text  ids[YAO_VCI_MAX_OFFERED]; /* configurations */
    size_t    id_count;
} yao_wallet_source;

typedef struct yao_wallet_sources {
    yao_wallet_source list[YAO_WALLET_SOURCES];
    size_t            count;
} yao_wallet_sources;

/** Read them, into the wallet's arena; none when there never were any.
 *  Errors: those of yao_vault_read(); YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_wallet_read_sources(yao_wallet         *wallet,
                                                yao_wallet_sources *ret);

/** Put SOURCE in the place of that of the same issuer and ids (without a
 *  token: remove it) and write all of them.
 *  Errors: YAO_E_LIMIT; those of yao_vault_write(). */
YAO_MUST_USE yao_status yao_wallet_put_source(yao_wallet              *wallet,
                                              const yao_wallet_source *source);

/** Forget those of whose configurations all are of DOCUMENT (its name and "_"
 *  before the rest); all of them when it is empty. Out: how many that were.
 *  Errors: those of reading and writing. */
YAO_MUST_USE yao_status yao_wallet_drop_sources(yao_wallet *wallet,
                                                yao_text    document,
                                                size_t     *ret);

#endif
