/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_CHALLENGE_H
#define YAO_APP_CHALLENGE_H

/**
 * A checker's challenge with its secret key, and what was sealed to it.
 *
 *     YAO_TRY(app_challenge_open(crypto, "challenge.txt", "challenge.key",
 *                                &arena, &c));
 *     YAO_TRY(app_challenge_unseal(crypto, &c, sealed, &arena, &card));
 *     options.challenge = c.bytes;
 *     app_challenge_close(&c);
 *
 * Format: docs/formats/card.md sections 3 and 4.
 */

#include "app/key.h"
#include "card/challenge.h"

typedef struct app_challenge {
    yao_bytes          bytes; /* whole; empty: none */
    yao_card_challenge said;  /* views into BYTES */
    yao_key           *key;   /* to open what is sealed to it; NULL: none */
} app_challenge;

/**
 * Open a challenge from files.
 *
 * In      path     its letters, its CBOR, or a picture of its code
 *         key_uri  as yao_key_open(), or a PEM file; NULL: without it nothing
 *                  sealed can be opened
 * Out     ret      in ARENA; to be closed
 * Errors  YAO_E_MALFORMED  no challenge
 *         YAO_E_MISSING    no code in the picture, no key in the file
 *         YAO_E_DUPLICATE  two that differ
 *         YAO_E_MISMATCH   the key is not the challenge's
 *         those of yao_input_read_all(), app_code_read(),
 *         yao_card_read_challenge() and yao_key_open()
 */
YAO_MUST_USE yao_status app_challenge_open(const yao_crypto *crypto,
                                           const char       *path,
                                           const char       *key_uri,
                                           yao_arena        *arena,
                                           app_challenge    *ret);

/** Wipe and close the key; zero-initialised ones too. */
void app_challenge_close(app_challenge *c);

/**
 * Open what was sealed to C.
 *
 * Out     ret  a card or a shown mdoc, in ARENA
 * Errors  YAO_E_MISSING    there is no challenge, or no key
 *         YAO_E_SECRET     it is not for this challenge, or was changed
 *         YAO_E_MALFORMED  no sealed card
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status app_challenge_unseal(const yao_crypto    *crypto,
                                             const app_challenge *c,
                                             yao_bytes sealed, yao_arena *arena,
                                             yao_bytes *ret);

/** A key given as "file:PATH", "pkcs11:..." or as the path of a PEM file.
 *  Errors: of yao_key_open(), yao_file_read(), yao_pem_private_key(). */
YAO_MUST_USE yao_status app_key_given(const char *given, yao_arena *arena,
                                      yao_key **ret);

#endif
