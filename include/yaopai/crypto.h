/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_H
#define YAO_CRYPTO_H

/**
 * What we need from cryptography, as a list that a home fulfils.
 *
 * Only operations on public values, and those built on hashing, are functions
 * here, so that each can be answered at once on every platform. What needs a
 * secret key is a wish (yao_sign_wish, yao_agree_wish): the key may sit behind
 * WebCrypto, a token, a network or a finger on a sensor.
 *
 * Signature checks are data: whoever verifies yields an array of them, the
 * home answers for each. A check carries the message in parts, never only a
 * digest. Algorithms are rows of a table (crypto/algorithms.c).
 */

#include "yaopai/base.h"

/** Hash functions. 0 is none. */
typedef enum yao_hash_alg {
    YAO_HASH_NONE = 0,
    YAO_SHA256    = 1,
    YAO_SHA384    = 2,
    YAO_SHA512    = 3
} yao_hash_alg;

#define YAO_SHA256_LEN 32
#define YAO_MAX_HASH   64

/** Signature algorithms. 0 is none, and is never acceptable. */
typedef enum yao_sig_alg {
    YAO_SIG_NONE = 0,
    YAO_ES256    = 1, /* ECDSA, P-256, SHA-256 */
    YAO_ES384    = 2, /* ECDSA, P-384, SHA-384 */
    YAO_ED25519  = 3  /* the log's checkpoints only: no row of the algorithm
                         table, so that no document or token can name it */
} yao_sig_alg;

typedef enum yao_curve {
    YAO_CURVE_NONE   = 0,
    YAO_P256         = 1,
    YAO_P384         = 2,
    YAO_EDWARDS25519 = 3 /* of YAO_ED25519: `point` is 32 bytes, RFC 8032 */
} yao_curve;

#define YAO_ED25519_KEY       32
#define YAO_ED25519_SIGNATURE 64

#define YAO_MAX_POINT     97 /* 04 || x || y on P-384 */
#define YAO_MAX_SIGNATURE 96 /* r || s on P-384 */

/**
 * A public key by value: SEC 1 octets, 04 || x || y, or 02/03 || x where a
 * COSE_Key gave the sign of y only. That the point is on the curve is checked
 * by the home that uses it, at every import.
 */
typedef struct yao_public_key {
    yao_curve curve; /* YAO_CURVE_NONE: no key */
    uint8_t   point[YAO_MAX_POINT];
    uint8_t   len; /* 65 or 33; 97 or 49; 32 */
} yao_public_key;

/** What became of one signature check. Zero means nobody looked. */
typedef enum yao_sig_outcome {
    YAO_SIG_UNCHECKED   = 0, /* not asked yet, or the home failed */
    YAO_SIG_GOOD        = 1,
    YAO_SIG_BAD         = 2, /* checked, and wrong; also a key off its curve */
    YAO_SIG_UNSUPPORTED = 3  /* this home lacks the algorithm */
} yao_sig_outcome;

#define YAO_MAX_PARTS 8

/** One signature to check. The message is the parts in their order. */
typedef struct yao_signature_check {
    yao_sig_alg    alg;
    yao_public_key key;
    yao_bytes      parts[YAO_MAX_PARTS];
    size_t         part_count;
    yao_bytes      signature; /* r || s, fixed length of the algorithm */
    bool           repeats;   /* a certificate's: the same will come again, so
                                 the home may remember that it was good */
    bool           key_repeats; /* an issuer's key: worth keeping imported */
    yao_sig_outcome outcome;  /* written by the home */
} yao_signature_check;

/** A message to be signed by a key the host knows. */
typedef struct yao_sign_wish {
    yao_sig_alg alg;
    yao_bytes   parts[YAO_MAX_PARTS];
    size_t      part_count;
} yao_sign_wish;

/** An ECDH the host performs with a secret key it knows; the answer is the
 *  x-coordinate, 32 bytes on P-256 and 48 on P-384. */
typedef struct yao_agree_wish {
    yao_public_key peer;
} yao_agree_wish;

/** Authenticated encryption. 0 is none. */
typedef enum yao_aead_alg {
    YAO_AEAD_NONE = 0,
    YAO_A128GCM   = 1, /* AES-128-GCM */
    YAO_A256GCM   = 2  /* AES-256-GCM */
} yao_aead_alg;

#define YAO_AEAD_NONCE   12
#define YAO_AEAD_TAG     16
#define YAO_MAX_AEAD_KEY 32

/** Something to seal, or to open, with a key that was derived for it. The
 *  answer is ciphertext || tag, YAO_AEAD_TAG longer than INPUT, or the plain
 *  text, as much shorter. */
typedef struct yao_aead_wish {
    yao_aead_alg alg;
    bool         open;  /* else seal */
    yao_bytes    key;   /* 16 or 32 bytes; secret */
    yao_bytes    nonce; /* YAO_AEAD_NONCE bytes */
    yao_bytes    aad;
    yao_bytes    input;
} yao_aead_wish;

/** A zlib stream (RFC 1950) to be unpacked. The answer is at most MAX bytes
 *  long: a stream that holds more, or that anything follows, is refused. */
typedef struct yao_inflate_wish {
    yao_bytes input;
    size_t    max;
} yao_inflate_wish;

/** Bytes to be packed into one zlib stream. */
typedef struct yao_deflate_wish {
    yao_bytes input;
} yao_deflate_wish;

/** What a home offers. Passed by pointer, never global. */
typedef struct yao_crypto {
    void *ctx; /* handed back untouched as the first argument */

    /** OUT has room for the digest of ALG over the COUNT parts.
     *  Errors  YAO_E_UNSUPPORTED  this home lacks ALG
     *          YAO_E_CRYPTO       it failed
     *  Source  FIPS 180-4 */
    yao_status (*hash)(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out);

    /** OUT has room for the tag. Errors as hash. Source: RFC 2104. */
    yao_status (*hmac)(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out);

    /** LEN is at most 255 digests. Errors as hash. Source: RFC 5869. */
    yao_status (*hkdf)(void *ctx, yao_hash_alg alg, yao_bytes secret,
                       yao_bytes salt, yao_bytes info, uint8_t *out,
                       size_t len);

    /** Answer each check in its `outcome`. A wrong signature is an answer,
     *  not an error.
     *  Errors  YAO_E_CRYPTO  the home failed; some outcomes are UNCHECKED
     *  Cost    one verification each, fewer where `repeats` was seen */
    yao_status (*verify)(void *ctx, yao_signature_check *checks, size_t count);
} yao_crypto;

#endif
