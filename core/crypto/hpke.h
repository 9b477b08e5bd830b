/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_HPKE_H
#define YAO_CRYPTO_HPKE_H

/**
 * HPKE (RFC 9180), base mode, for one message: DHKEM(P-256, HKDF-SHA256),
 * HKDF-SHA256, AES-128-GCM.
 *
 * The host makes an ephemeral key for each message and agrees; this derives
 * what the message is sealed or opened with, and says it as a wish:
 *
 *     agree:  ephemeral secret with recipient's point   (who seals)
 *             recipient secret with ephemeral point     (who opens)
 *     YAO_TRY(yao_hpke_derive(crypto, &enc, &recipient, shared, info, &keys));
 *     yao_hpke_wish(&keys, false, aad, plain, &wish);
 *     ... the host fulfils the wish ...
 *     yao_hpke_wipe(&keys);
 *
 * What travels is `enc`, the 65 bytes of the ephemeral point, and the answer.
 * Only sequence number 0 exists here, so its nonce is the base nonce: with
 * one pair of keys one message is sealed, never a second one.
 */

#include "yaopai/crypto.h"

#define YAO_HPKE_KEY 16

/** Secret; yao_hpke_wipe() when the wish is fulfilled. */
typedef struct yao_hpke_keys {
    uint8_t key[YAO_HPKE_KEY];
    uint8_t nonce[YAO_AEAD_NONCE];
} yao_hpke_keys;

/**
 * Derive the keys of the message that ENC came with, or will go with.
 *
 * In      ephemeral  enc; both points uncompressed, on P-256
 *         recipient  whose message it is
 *         shared     x-coordinate of the agreement; secret
 *         info       what both sides know: binds the message to its purpose
 * Out     ret        written only on YAO_OK
 * Errors  YAO_E_KEY  a point of another curve or form; SHARED is not 32
 *                    bytes, or all zero
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  RFC 9180 sections 4.1 (Encap, Decap), 5.1 (KeySchedule); that the
 *         points lie on the curve is seen by whoever agrees (7.1.4)
 * Cost    seven HMACs
 */
YAO_MUST_USE yao_status yao_hpke_derive(const yao_crypto     *crypto,
                                        const yao_public_key *ephemeral,
                                        const yao_public_key *recipient,
                                        yao_bytes shared, yao_bytes info,
                                        yao_hpke_keys *ret);

/**
 * What the host must do: seal INPUT, or open it. It fails to open with
 * YAO_E_SECRET when anything was changed: enc, info, aad or a byte of INPUT.
 *
 * Out     ret  lives as long as KEYS, AAD and INPUT
 * Source  RFC 9180 section 5.2, seq = 0
 */
void yao_hpke_wish(const yao_hpke_keys *keys, bool open, yao_bytes aad,
                   yao_bytes input, yao_aead_wish *ret);

/** Forget them. */
void yao_hpke_wipe(yao_hpke_keys *keys);

#endif
