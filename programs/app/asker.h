/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_ASKER_H
#define YAO_APP_ASKER_H

/**
 * Who asks at a gate, and the challenges that it shows.
 *
 *     YAO_TRY(app_asker_open(&given, &arena, &asker));
 *     YAO_TRY(app_asker_ask(&asker, crypto, now, &arena, &challenge));
 *     show(challenge.letters);
 *
 * Nonce and key are new for each challenge; what was sealed to it can be
 * opened with that key only, which is wiped when the challenge was used.
 */

#include "app/challenge.h"
#include "document/document.h"

/** What the operator gave. */
typedef struct app_asker_given {
    const yao_profile *profile;
    const char        *place;
    const char        *key;         /* of the reader: as app_key_given() */
    const char        *certificate; /* PEM */
    bool               along;       /* the certificate goes along */
    yao_time           now;
} app_asker_given;

typedef struct app_asker {
    const yao_profile *profile;
    yao_text           place;
    yao_key           *key;
    yao_certificate    certificate;
    bool               along;
} app_asker;

/**
 * Out     ret  views in ARENA; to be closed
 * Errors  YAO_E_USAGE           a place that is not 1 to 64 letters
 *         YAO_E_EXPIRED         the certificate is over: no wallet would answer
 *         YAO_E_NOT_AUTHORISED  the certificate does not name the profile
 *         YAO_E_MISMATCH        the key is not the certificate's
 *         YAO_E_MISSING         no certificate in the file
 *         those of yao_file_read(), yao_x509_read(), app_key_given()
 */
YAO_MUST_USE yao_status app_asker_open(const app_asker_given *given,
                                        yao_arena *arena, app_asker *ret);
void app_asker_close(app_asker *asker);

/** A challenge, ready to be shown. */
typedef struct app_asked {
    app_challenge    challenge;
    const yao_bytes *letters; /* of one code, or of the parts of an animated
                                 one */
    size_t           letter_count;
} app_asked;

/**
 * Make a challenge that lives YAO_CARD_CHALLENGE_LIFE from NOW.
 *
 * Out     ret  in ARENA; close with app_challenge_close(&ret->challenge)
 * Errors  YAO_E_CRYPTO, YAO_E_SPACE; those of yao_card_make_challenge() and
 *         yao_key_sign()
 */
YAO_MUST_USE yao_status app_asker_ask(app_asker       *asker,
                                       const yao_crypto *crypto, yao_time now,
                                       yao_arena *arena, app_asked *ret);

#endif
