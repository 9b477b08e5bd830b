/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_JOSE_H
#define YAO_JOSE_H

/**
 * JOSE as SD-JWT VC and the protocols need it: JWS in compact form, JWK,
 * thumbprints. Signatures are checked by the home (yao_signature_check).
 *
 * The expected algorithm and type are parameters, fixed by the key and the
 * use; `none`, HMAC, `jku`, `x5u`, embedded `jwk` as trust, `crit` and
 * `b64:false` are refused at the door.
 */

#include "crypto/algorithms.h"
#include "json/json.h"

typedef struct yao_jws {
    yao_bytes       signing_input; /* header.payload as received */
    const yao_json *header;
    const yao_json *payload;       /* NULL when the payload is not asked for */
    yao_bytes       payload_bytes; /* decoded, in the arena */
    yao_sig_alg     alg;
    yao_text        type;          /* typ; empty when absent */
    yao_text        kid;           /* empty when absent */
    yao_bytes       chain[YAO_MAX_CHAIN]; /* x5c decoded, leaf first */
    size_t          chain_count;
    const yao_json *jwk;           /* header jwk, for proofs only; or NULL */
    yao_bytes       signature;     /* decoded r || s, in the arena */
} yao_jws;

/**
 * Read a compact JWS whose payload is a JSON object.
 *
 * Shape   BASE64URL(header) "." BASE64URL(payload) "." BASE64URL(signature)
 * Out     ret  lives as long as ARENA and TOKEN
 * Errors  YAO_E_MALFORMED  not three parts, header or payload not an object,
 *                          a header parameter of wrong JSON type
 *         YAO_E_BASE64     padding, foreign letters, stray bits
 *         YAO_E_HEADER     jku, x5u, crit, b64; an x5c that is empty or of
 *                          too many; a kid above 512 bytes
 *         YAO_E_ALGORITHM  alg absent, none, or not in the table
 *         YAO_E_LIMIT      longer than YAO_MAX_JWT, or a certificate longer
 *                          than YAO_MAX_CERTIFICATE
 *         YAO_E_DUPLICATE, YAO_E_UTF8, YAO_E_TRUNCATED, YAO_E_TRAILING  JSON
 *         YAO_E_SPACE      the arena is full
 * Source  RFC 7515 section 7.1; RFC 8725 section 3
 */
YAO_MUST_USE yao_status yao_jws_read(yao_arena *arena, yao_bytes token,
                                     yao_jws *ret);

/** The same with a payload of any bytes: ret->payload is NULL. */
YAO_MUST_USE yao_status yao_jws_read_bytes(yao_arena *arena, yao_bytes token,
                                           yao_jws *ret);

/** What a home must check so that the signature is KEY's.
 *  Errors: YAO_E_ALGORITHM (alg is not that of KEY's curve), YAO_E_MALFORMED
 *  (signature of another length). */
YAO_MUST_USE yao_status yao_jws_check(const yao_jws        *jws,
                                      const yao_public_key *key,
                                      yao_signature_check  *ret);

/**
 * Make a compact JWS: write header and payload, have the wish fulfilled, then
 * append the signature.
 *
 *     size_t at = w.len;
 *     yao_jws_put_unsigned(&w, header, payload);
 *     // sign {w.ptr + at, w.len - at}
 *     yao_jws_put_signature(&w, signature);
 *
 * In      header, payload  JSON texts, written as they are
 */
void yao_jws_put_unsigned(yao_writer *w, yao_bytes header, yao_bytes payload);
void yao_jws_put_signature(yao_writer *w, yao_bytes signature);

/** `"x5c":["...", ...]` for a header, without braces or commas around it. */
void yao_jws_put_x5c(yao_writer *w, const yao_bytes *chain, size_t count);

/**
 * Read a JWK that is a public EC key for signatures. That its point lies on
 * the curve is checked by the home that uses it.
 *
 * Errors  YAO_E_MISSING  JWK is NULL
 *         YAO_E_KEY      kty, crv, x, y missing or wrong, coordinates not of
 *                        the curve's length, a private part (d); a use, alg
 *                        or key_ops that is not for checking signatures
 *         YAO_E_BASE64   a coordinate
 *         YAO_E_SPACE    the arena is full
 * Source  RFC 7518 section 6.2.1
 */
YAO_MUST_USE yao_status yao_jwk_read(const yao_json *jwk, yao_arena *arena,
                                     yao_public_key *ret);

/** The same for a key that others agree with (ECDH-ES): its use, alg and
 *  key_ops, where there are any, must be for that. */
YAO_MUST_USE yao_status yao_jwk_read_agreement(const yao_json *jwk,
                                               yao_arena      *arena,
                                               yao_public_key *ret);

/** Write {"crv":..,"kty":"EC","x":..,"y":..}. KEY must be uncompressed, else
 *  YAO_E_USAGE is recorded in W. */
void yao_jwk_put(yao_writer *w, const yao_public_key *key);

/** SHA-256 of the JWK's canonical form (RFC 7638), 32 bytes into OUT.
 *  Errors: YAO_E_USAGE (KEY is not uncompressed), YAO_E_CRYPTO,
 *  YAO_E_UNSUPPORTED. */
YAO_MUST_USE yao_status yao_jwk_thumbprint(const yao_public_key *key,
                                           const yao_crypto     *crypto,
                                           uint8_t out[YAO_SHA256_LEN]);

#endif
