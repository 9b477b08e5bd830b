/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_PROVIDER_H
#define YAO_WALLET_PROVIDER_H

/**
 * The wallet and its provider (docs/formats/provider.md): to be known there by
 * a key of its own, and to get attestations. The key is used for nothing else
 * and shown to nobody else. In the vault as provider.sealed:
 * [1, url, client_id, key, local].
 *
 * What went wrong is told by yao_explain(): whoever handles a status need not
 * know that a provider was asked.
 */

#include "wallet/wallet.h"

/** What is kept. */
typedef struct yao_provider_account {
    yao_text  url;       /* without a slash at the end */
    yao_text  client_id; /* as which issuers know all its wallets */
    yao_bytes key;       /* PKCS#8, secret */
    bool      local;     /* http to this machine is fine */
} yao_provider_account;

/**
 * Make a key and register it at URL. Nothing is written.
 *
 * In      ca_file  whose servers are believed; NULL: the system's
 * Out     ret      in ARENA, which its owner wipes
 * Errors  YAO_E_USAGE    URL is no address of a server, or http and not LOCAL
 *         YAO_E_NET      it can't be reached, or its certificate is not
 *                        believed
 *         YAO_E_REFUSED  it does not take this one
 *         YAO_E_LOCKED   it takes no more today
 *         YAO_E_MALFORMED  what answers is no provider
 *         YAO_E_FILE (no CA_FILE), YAO_E_CRYPTO, YAO_E_SPACE, YAO_E_LIMIT
 */
typedef struct yao_provider_place {
    const char *url, *ca_file;
    bool        local;
} yao_provider_place;
YAO_MUST_USE yao_status yao_provider_register(const yao_provider_place *place,
                                              yao_arena                *arena,
                                              yao_provider_account     *ret);

/** Keep ACCOUNT, in the place of another; read it, into the wallet's arena.
 *  Errors: as the vault (YAO_E_NOT_FOUND: there is none), YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_provider_keep(yao_wallet                 *wallet,
                                          const yao_provider_account *account);
YAO_MUST_USE yao_status yao_provider_read(yao_wallet           *wallet,
                                          yao_provider_account *ret);

/** Forget it here; the provider is not told. */
void yao_provider_forget(const yao_wallet *wallet);

/* ---- asking ------------------------------------------------------------- */

typedef struct yao_provider yao_provider;

/** Be ready to ask; nothing is fetched. ACCOUNT lives as long as RET.
 *  Errors: as yao_provider_register(), without those of the network. */
YAO_MUST_USE yao_status yao_provider_open(const yao_provider_account *account,
                                          const char   *ca_file,
                                          yao_provider **ret);

/** NULL is fine. */
void yao_provider_close(yao_provider *p);

/**
 * An attestation of this wallet with KEY, which it made for one issuer alone
 * (N204); and one of KEYS, which sign for that, with the issuer's NONCE.
 *
 * Out     ret  a JWT in ARENA
 * Errors  YAO_E_REFUSED  the provider does not know this wallet, or no more
 *         YAO_E_LOCKED   it is asked by too many
 *         the others as yao_provider_register()
 */
YAO_MUST_USE yao_status yao_provider_attest(yao_provider         *p,
                                            const yao_public_key *key,
                                            yao_arena *arena, yao_bytes *ret);
YAO_MUST_USE yao_status yao_provider_attest_keys(yao_provider   *p,
                                                 yao_key *const *keys,
                                                 size_t count, yao_text nonce,
                                                 yao_arena *arena,
                                                 yao_bytes *ret);

/** Be forgotten there: this wallet's key never comes back. Errors: as above. */
YAO_MUST_USE yao_status yao_provider_leave(yao_provider *p, yao_arena *arena);

#endif
