/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_PASSKEY_H
#define YAO_APP_PASSKEY_H

/**
 * What is the same for everybody's passkeys, operators', officers' and
 * persons': where they are good, challenges that are given once and taken once, and the checks
 * of core/webauthn with this home's crypto.
 *
 *     const passkey_ceremony c = {store, crypto, url, ONCE_PERSON_CHALLENGE,
 *                                 now, arena};
 *     YAO_TRY(passkey_place_of(&c, &place));
 *     YAO_TRY(passkey_new_challenge(&c, "login", &challenge));
 *     ...                                     // later, with the response
 *     YAO_TRY(passkey_take_challenge(&c, "login", &response, &change,
 *                                     &challenge));
 *     YAO_TRY(store_commit(store, &change));
 *     YAO_TRY(passkey_check_shown(&c, &response, challenge, &known, &shown));
 *
 * The challenge is taken before anything else of the response is believed, or
 * in the same change as what it allows.
 */

#include "store/store.h"
#include "webauthn/webauthn.h"

#define PASSKEY_CHALLENGE 32  /* random bytes */
#define PASSKEY_SECONDS   120 /* that a challenge lives */

typedef struct passkey_ceremony {
    store            *store;
    const yao_crypto *crypto;
    yao_text          url;  /* of the server, as configured */
    int64_t           once; /* store_once.kind of its challenges */
    yao_time          now;
    yao_arena        *arena;
} passkey_ceremony;

/** Where it is. Views into the URL. */
typedef struct passkey_place {
    yao_text origin;
    yao_text rp_id; /* its host */
} passkey_place;

/** Errors: YAO_E_VALUE: an address without a host. */
YAO_MUST_USE yao_status passkey_place_of(const passkey_ceremony *c,
                                          passkey_place *ret);

/** A new challenge for USE (a word), committed; in the arena. Errors:
 *  YAO_E_SPACE, YAO_E_CRYPTO, those of store_commit(). */
YAO_MUST_USE yao_status passkey_new_challenge(const passkey_ceremony *c,
                                               const char     *use,
                                               yao_bytes      *ret);

/**
 * Note in CHANGE that the challenge, which RESPONSE names, is taken.
 *
 * Out     ret  the challenge, in the arena
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_BASE64, YAO_E_LIMIT, JSON's:
 *         client data that name none;  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status passkey_take_challenge(
    const passkey_ceremony *c, const char *use,
    const yao_webauthn_response *response, store_change *change, yao_bytes *ret);

/** Check a new passkey; that it was shown. Errors: those of
 *  yao_webauthn_check_creation(), yao_webauthn_check_assertion() and
 *  yao_webauthn_finish();  YAO_E_VALUE as passkey_place_of(). */
YAO_MUST_USE yao_status passkey_check_new(
    const passkey_ceremony *c, const yao_webauthn_response *response,
    yao_bytes challenge, yao_webauthn_credential *ret);
YAO_MUST_USE yao_status passkey_check_shown(
    const passkey_ceremony *c, const yao_webauthn_response *response,
    yao_bytes challenge, const yao_webauthn_credential *known,
    yao_webauthn_credential *ret);

/** A passkey as a row has it. Errors: YAO_E_STORE: no such point, or a counter
 *  outside of its range. */
typedef struct passkey_row {
    yao_bytes id, point;
    int64_t   counter;
    bool      may_move;
} passkey_row;
YAO_MUST_USE yao_status passkey_known(const passkey_row      *row,
                                       yao_webauthn_credential *ret);

/** What the other side did wrong is one word to it (YAO_E_REFUSED); what is
 *  wrong here is not. */
yao_status passkey_to_others(yao_status status);

#endif
