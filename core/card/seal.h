/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CARD_SEAL_H
#define YAO_CARD_SEAL_H

/**
 * A card, or a shown mdoc, for the eyes of one checker: sealed to the key of
 * its challenge. docs/formats/card.md section 4.
 *
 *   holder:  ephemeral key, agree(challenge's key) --seal--> aead wish
 *            --put_sealed--> sealed card
 *   checker: sealed card --read_sealed--> agree(enc) --unseal--> aead wish
 *            --> the card
 */

#include "card/card.h"
#include "crypto/hpke.h"
#include "yaopai/limits.h"

/** A message between the agreement and what the cipher gives. */
typedef struct yao_card_sealing {
    yao_aead_wish  wish; /* fulfil this, then yao_card_wipe_sealing() */
    yao_public_key ephemeral;
    yao_hpke_keys  keys; /* secret; the wish points to them: it stays where it
                            is */
} yao_card_sealing;

/** Overwrite what is secret. */
void yao_card_wipe_sealing(yao_card_sealing *sealing);

/**
 * Seal WHOLE.
 *
 * In      challenge  whole, as it was shown
 *         recipient  the key in it
 *         ephemeral  public part of a key made for this message alone
 *         shared     its agreement with RECIPIENT: 32 bytes, secret
 * Errors  YAO_E_USAGE  no challenge, nothing to seal
 *         YAO_E_LIMIT  above what may be sealed: YAO_CARD_SEALED_MAX
 *         those of yao_hpke_derive()
 */
YAO_MUST_USE yao_status yao_card_seal(const yao_crypto     *crypto,
                                      yao_bytes             challenge,
                                      const yao_public_key *recipient,
                                      const yao_public_key *ephemeral,
                                      yao_bytes shared, yao_bytes whole,
                                      yao_card_sealing *ret);

/** Write [enc, CIPHERTEXT], the answer to the wish. Errors recorded in W. */
void yao_card_put_sealed(yao_writer *w, const yao_card_sealing *sealing,
                         yao_bytes ciphertext);

/** What sealing adds to a card, and how long the plain text may be. */
#define YAO_CARD_SEALED_OVER 87u
#define YAO_CARD_SEALED_MAX  (YAO_MAX_CARD_WHOLE - YAO_CARD_SEALED_OVER)

typedef struct yao_card_sealed {
    yao_public_key ephemeral; /* agree with this */
    yao_bytes      ciphertext;
} yao_card_sealed;

/**
 * Read a sealed card.
 *
 * Shape   [enc: bstr .size 65, ciphertext: bstr]
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST  as the CBOR reader; a ciphertext that holds
 *                      nothing
 *         YAO_E_KEY    enc is not of the form 04 || x || y
 *         YAO_E_LIMIT  above YAO_MAX_CARD_WHOLE
 */
YAO_MUST_USE yao_status yao_card_read_sealed(yao_bytes        input,
                                             yao_card_sealed *ret);

/**
 * Open it.
 *
 * In      recipient  the public part of the challenge's key
 *         shared     the agreement of its secret part with sealed->ephemeral
 * Errors  YAO_E_USAGE  no challenge; those of yao_hpke_derive(). That it does
 *         not open is the home's answer to the wish
 */
YAO_MUST_USE yao_status yao_card_unseal(const yao_crypto      *crypto,
                                        yao_bytes              challenge,
                                        const yao_public_key  *recipient,
                                        const yao_card_sealed *sealed,
                                        yao_bytes shared,
                                        yao_card_sealing *ret);

#endif
