/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_JOSE_JWE_H
#define YAO_JOSE_JWE_H

/**
 * JWE in compact form: ECDH-ES in direct key agreement, A128GCM and A256GCM,
 * as OpenID4VP and OpenID4VCI encrypt requests and responses.
 *
 * The agreement and the encryption are wishes of the host. Reading:
 *
 *     YAO_TRY(yao_jwe_read(&arena, token, &jwe));
 *     ... the key that jwe.kid names agrees with jwe.ephemeral ...
 *     YAO_TRY(yao_jwe_open(crypto, &jwe, shared, &key, &wish));
 *     ... the host fulfils the wish: the plain text ...
 *     yao_jwe_wipe(&key);
 *
 * and making, with an ephemeral key that is used once:
 *
 *     yao_jwe_message message = {.enc = YAO_A256GCM, .kid = kid,
 *                                .ephemeral = own, .nonce = random12,
 *                                .plain = plain};
 *     ... the ephemeral secret agrees with the recipient's point ...
 *     YAO_TRY(yao_jwe_seal(&arena, crypto, &message, shared, &key, &wish));
 *     ... the host fulfils the wish: ciphertext and tag ...
 *     yao_jwe_put(&w, &wish, sealed);
 *     yao_jwe_wipe(&key);
 *
 * That a message is encrypted says nothing about who wrote it.
 */

#include "jose/jose.h"

typedef struct yao_jwe {
    yao_aead_alg    enc;
    yao_text        kid;          /* empty when absent */
    yao_text        type;         /* typ; empty when absent */
    yao_text        content_type; /* cty; empty when absent */
    yao_public_key  ephemeral;    /* epk: what to agree with */
    yao_bytes       apu, apv;     /* decoded; empty when absent */
    const yao_json *header;
    yao_bytes       letters;      /* of the header, as received: the aad */
    yao_bytes       nonce;
    yao_bytes       sealed;       /* ciphertext || tag */
} yao_jwe;

/** The content encryption key. Secret; yao_jwe_wipe() when the wish is
 *  fulfilled. */
typedef struct yao_jwe_key {
    uint8_t bytes[YAO_MAX_AEAD_KEY];
} yao_jwe_key;

/**
 * Read a compact JWE.
 *
 * Shape   BASE64URL({"alg": "ECDH-ES", "enc": "A128GCM" / "A256GCM",
 *                    "epk": JWK, ?"kid", ?"typ", ?"cty", ?"apu", ?"apv"})
 *         "." "" "." BASE64URL(nonce, 12 bytes) "." BASE64URL(ciphertext)
 *         "." BASE64URL(tag, 16 bytes)
 * Out     ret  lives as long as ARENA and TOKEN
 * Errors  YAO_E_MALFORMED  not five parts, an encrypted key that is not
 *                          empty, a nonce or tag of another length, a header
 *                          that is no object, a parameter of wrong JSON type
 *         YAO_E_BASE64     padding, foreign letters, stray bits
 *         YAO_E_HEADER     zip, crit, p2c, p2s, jku, x5u, b64; a kid above 512
 *                          bytes
 *         YAO_E_ALGORITHM  another alg or enc, or none
 *         YAO_E_MISSING    no epk
 *         YAO_E_KEY        as yao_jwk_read_agreement()
 *         YAO_E_LIMIT      longer than YAO_MAX_MESSAGE
 *         YAO_E_DUPLICATE, YAO_E_UTF8, YAO_E_TRUNCATED, YAO_E_TRAILING  JSON
 *         YAO_E_SPACE      the arena is full
 * Source  RFC 7516 section 7.1; RFC 7518 sections 4.6, 5.3; the JSON
 *         serialisation is not read, compression is never used (HAIP 1.0)
 */
YAO_MUST_USE yao_status yao_jwe_read(yao_arena *arena, yao_bytes token,
                                     yao_jwe *ret);

/**
 * How it is opened. The host fails with YAO_E_SECRET when another key agreed,
 * or when anything was changed.
 *
 * In      shared  x-coordinate of the agreement with jwe->ephemeral; secret
 * Out     key     written only on YAO_OK
 *         ret     lives as long as KEY and JWE
 * Errors  YAO_E_KEY  SHARED is not a coordinate of epk's curve, or all zero
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  RFC 7518 section 4.6.2
 * Cost    one hash
 */
YAO_MUST_USE yao_status yao_jwe_open(const yao_crypto *crypto,
                                     const yao_jwe *jwe, yao_bytes shared,
                                     yao_jwe_key *key, yao_aead_wish *ret);

/** A message to be made: its header, its nonce, and what it says. */
typedef struct yao_jwe_message {
    yao_aead_alg   enc;
    yao_public_key ephemeral;    /* used for this message only */
    yao_bytes      nonce;        /* YAO_AEAD_NONCE random bytes */
    yao_text       kid;          /* the recipient's; empty: none */
    yao_text       type;         /* empty: none */
    yao_text       content_type; /* empty: none */
    yao_bytes      apu, apv;     /* not yet encoded; empty: none */
    yao_bytes      plain;
} yao_jwe_message;

/**
 * How MESSAGE is sealed.
 *
 * In      shared  x-coordinate of the ephemeral key's agreement with the
 *                 recipient's point; secret
 * Out     key     written only on YAO_OK
 *         ret     lives as long as ARENA, KEY and the message; its aad are the
 *                 letters of the header
 * Errors  YAO_E_USAGE  no such enc, another length of nonce, or an ephemeral
 *                      key that is not uncompressed
 *         YAO_E_KEY, YAO_E_CRYPTO, YAO_E_UNSUPPORTED  as yao_jwe_open()
 *         YAO_E_SPACE  the arena is full
 */
YAO_MUST_USE yao_status yao_jwe_seal(yao_arena *arena, const yao_crypto *crypto,
                                     const yao_jwe_message *message,
                                     yao_bytes shared, yao_jwe_key *key,
                                     yao_aead_wish *ret);

/** Append the token: the header and the nonce of WISH, and what it gave
 *  (ciphertext || tag; shorter than a tag records YAO_E_USAGE). */
void yao_jwe_put(yao_writer *w, const yao_aead_wish *wish, yao_bytes sealed);

/** Forget it. */
void yao_jwe_wipe(yao_jwe_key *key);

#endif
