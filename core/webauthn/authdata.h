/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WEBAUTHN_AUTHDATA_H
#define YAO_WEBAUTHN_AUTHDATA_H

/** Authenticator data and client data. Private to this folder. */

#include "webauthn/webauthn.h"

typedef struct yao_webauthn_data {
    yao_bytes      rp_hash; /* 32 bytes */
    uint8_t        flags;
    uint32_t       counter;
    uint8_t        model[16]; /* with attested data, as what follows */
    yao_bytes      id;
    yao_public_key key;
} yao_webauthn_data;

enum {
    YAO_WEBAUTHN_PRESENT    = 0x01, /* UP */
    YAO_WEBAUTHN_VERIFIED   = 0x04, /* UV */
    YAO_WEBAUTHN_MAY_MOVE   = 0x08, /* BE */
    YAO_WEBAUTHN_MOVED      = 0x10, /* BS */
    YAO_WEBAUTHN_ATTESTED   = 0x40, /* AT */
    YAO_WEBAUTHN_EXTENSIONS = 0x80  /* ED */
};

/**
 * Read authenticator data.
 *
 * Shape   rpIdHash (32), flags (1), signCount (4), then if AT: aaguid (16),
 *         length (2), id, COSE_Key; then if ED: a CBOR map
 * In      attested  AT must be set; else it must not
 * Errors  YAO_E_TRUNCATED, YAO_E_TRAILING, YAO_E_MALFORMED, YAO_E_KEY,
 *         YAO_E_LIMIT; those of CBOR
 * Source  WebAuthn Level 2 section 6.1
 */
YAO_MUST_USE yao_status yao_webauthn_read_data(yao_bytes input, bool attested,
                                               yao_webauthn_data *ret);

/** Are the flags and the relying party what they must be? Errors:
 *  YAO_E_MISMATCH, YAO_E_NOT_AUTHORISED, YAO_E_VALUE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_webauthn_check_data(const yao_crypto        *crypto,
                                                const yao_webauthn_data *data,
                                                yao_text rp_id);

/** Is this the client data of TYPE for what is expected? Errors: those of
 *  yao_json_parse(), YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_MISMATCH,
 *  YAO_E_USAGE, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_webauthn_check_client(
    yao_bytes client_data, const char *type,
    const yao_webauthn_expected *expected, yao_arena *arena);

#endif
