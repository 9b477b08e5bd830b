/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WEBAUTHN_H
#define YAO_WEBAUTHN_H

/**
 * WebAuthn Level 2, the relying party's side: registering a passkey and being
 * shown one. Knows no sessions and no store.
 *
 *     yao_webauthn_put_create(&w, &creation);      // to the page, which asks
 *     YAO_TRY(yao_webauthn_read_response(json, &arena, &response));
 *     YAO_TRY(yao_webauthn_check_creation(crypto, &expected, &response, &arena,
 *                                         &pending));
 *     YAO_TRY(crypto->verify(crypto->ctx, pending.checks, pending.count));
 *     YAO_TRY(yao_webauthn_finish(&pending, &credential));   // keep it
 *
 * The challenge is the caller's: random, for one use, taken before any of this
 * is asked. User verification is always required. Attestation tells where a
 * key lives, which nobody here could check: `none` is asked for, and a self
 * attestation is checked since some authenticators cannot help sending one.
 *
 * Limits   YAO_WEBAUTHN_ID bytes of an identifier; ES256 only; messages of
 *          YAO_WEBAUTHN_MESSAGE bytes
 * Memory   views into the response, which lives in the caller's arena
 */

#include "json/json.h"
#include "yaopai/crypto.h"

#define YAO_WEBAUTHN_ID      1023u
#define YAO_WEBAUTHN_MESSAGE 16384u
#define YAO_WEBAUTHN_USER    64u

/** Who asks, and with which challenge. */
typedef struct yao_webauthn_expected {
    yao_text  rp_id;     /* "console.example" */
    yao_text  origin;    /* "https://console.example": nothing else */
    yao_bytes challenge; /* 16 bytes at least */
} yao_webauthn_expected;

/** A passkey, as it is kept. */
typedef struct yao_webauthn_credential {
    yao_bytes      id;
    yao_public_key key;
    uint32_t       counter;     /* 0: its authenticator has none */
    bool           may_move;    /* BE: it may be copied to other devices */
    bool           moved;       /* BS: and was */
    uint8_t        model[16];   /* AAGUID; of an assertion: as it was kept */
} yao_webauthn_credential;

/** What a page sends. All views. */
typedef struct yao_webauthn_response {
    yao_bytes id;
    yao_bytes client_data;
    yao_bytes attestation;   /* of a creation; else empty */
    yao_bytes authenticator; /* of an assertion, as the signature is */
    yao_bytes signature;
    yao_bytes user; /* of an assertion: user handle; may be empty */
} yao_webauthn_response;

/** What remains to be asked of the home. Nothing of it is to be believed
 *  before yao_webauthn_finish(). */
typedef struct yao_webauthn_pending {
    yao_signature_check     checks[1];
    size_t                  count; /* 0 or 1 */
    yao_webauthn_credential credential;
} yao_webauthn_pending;

/* ---- options ------------------------------------------------------------ */

typedef struct yao_webauthn_creation {
    yao_text         rp_id, rp_name;
    yao_bytes        challenge;
    yao_bytes        user; /* 1..YAO_WEBAUTHN_USER random bytes, no name */
    yao_text         user_name;
    const yao_bytes *known; /* identifiers that the user has already */
    size_t           known_count;
} yao_webauthn_creation;

/** PublicKeyCredentialCreationOptionsJSON. Errors: YAO_E_SPACE, in W. */
void yao_webauthn_put_creation(yao_writer                  *w,
                               const yao_webauthn_creation *creation);

/** PublicKeyCredentialRequestOptionsJSON; no identifiers: any passkey that the
 *  authenticator has for RP_ID. Errors: YAO_E_SPACE, in W. */
void yao_webauthn_put_request(yao_writer *w, yao_text rp_id,
                              yao_bytes challenge, const yao_bytes *ids,
                              size_t count);

/* ---- responses ---------------------------------------------------------- */

/**
 * Read what PublicKeyCredential.toJSON() gave.
 *
 * Shape   {"id", "rawId", "type": "public-key", "response": {"clientDataJSON",
 *         "attestationObject" / "authenticatorData", "signature",
 *         ? "userHandle"}}, all values base64url; other members are skipped
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_BASE64; YAO_E_LIMIT: an
 *         identifier or a message above its limit; YAO_E_MISMATCH: id and
 *         rawId differ; YAO_E_SPACE
 * Source  WebAuthn Level 3 section 5.1.8 (RegistrationResponseJSON,
 *         AuthenticationResponseJSON)
 */
YAO_MUST_USE yao_status yao_webauthn_read_response(const yao_json *json,
                                                   yao_arena      *arena,
                                                   yao_webauthn_response *ret);

/**
 * Check a new passkey.
 *
 * Out     ret  lives as long as RESPONSE and ARENA
 * Errors  YAO_E_MALFORMED, YAO_E_TRUNCATED, YAO_E_TRAILING, YAO_E_DUPLICATE,
 *         YAO_E_UTF8, YAO_E_LIMIT, YAO_E_NOT_SHORTEST, YAO_E_MISSING: client
 *                 data, attestation object or authenticator data of another
 *                 shape
 *         YAO_E_MISMATCH        another type, challenge, origin, relying
 *                               party or identifier; inside of another page
 *         YAO_E_NOT_AUTHORISED  nobody was present, or not verified
 *         YAO_E_VALUE           backed up, but not eligible to be
 *         YAO_E_KEY             no ES256 key
 *         YAO_E_UNSUPPORTED     an attestation that is neither `none` nor of
 *                               the key itself
 *         YAO_E_ALGORITHM       a self attestation of another algorithm
 *         YAO_E_USAGE           a challenge of fewer than 16 bytes
 *         YAO_E_SPACE, YAO_E_CRYPTO
 * Source  WebAuthn Level 2 sections 7.1, 8.2, 8.7
 */
YAO_MUST_USE yao_status yao_webauthn_check_creation(
    const yao_crypto *crypto, const yao_webauthn_expected *expected,
    const yao_webauthn_response *response, yao_arena *arena,
    yao_webauthn_pending *ret);

/**
 * Check that a passkey was shown.
 *
 * In      known  the passkey, found by response->id
 * Out     ret    KNOWN with its new counter
 * Errors  as above; YAO_E_MISMATCH also: another identifier, another
 *         eligibility to be backed up; YAO_E_REVOKED: its counter did not go
 *         forward, so that there may be a copy of it
 * Source  WebAuthn Level 2 section 7.2
 */
YAO_MUST_USE yao_status yao_webauthn_check_assertion(
    const yao_crypto *crypto, const yao_webauthn_expected *expected,
    const yao_webauthn_credential *known,
    const yao_webauthn_response *response, yao_arena *arena,
    yao_webauthn_pending *ret);

/** The passkey, once the home has answered. Errors: YAO_E_BAD_SIGNATURE,
 *  YAO_E_UNSUPPORTED; YAO_E_CRYPTO: nobody looked. */
YAO_MUST_USE yao_status yao_webauthn_finish(const yao_webauthn_pending *pending,
                                            yao_webauthn_credential    *ret);

#endif
