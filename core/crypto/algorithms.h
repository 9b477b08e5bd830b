/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_ALGORITHMS_H
#define YAO_CRYPTO_ALGORITHMS_H

/**
 * The algorithm table: every name a signature or hash has in CBOR, JSON and
 * DER, in one row. To add an algorithm, add a row and a function in a port.
 */

#include "yaopai/crypto.h"
#include "yaopai/writer.h"

typedef struct yao_sig_row {
    yao_sig_alg  alg;
    yao_curve    curve;
    yao_hash_alg hash;
    uint8_t      signature_len; /* r || s */
    int32_t      cose;          /* -7, RFC 9053 section 2.1 */
    int32_t      cose_specific; /* -9, RFC 9864: the same, fully specified */
    const char  *jose;          /* "ES256", RFC 7518 section 3.1 */
    yao_bytes    oid;           /* content of ecdsa-with-SHA256, RFC 5758 */
} yao_sig_row;

typedef struct yao_curve_row {
    yao_curve   curve;
    uint8_t     field_len; /* bytes of a coordinate */
    int32_t     cose;      /* 1, RFC 9053 section 7.1 */
    const char *jose;      /* "P-256", RFC 7518 section 6.2.1.1 */
    yao_bytes   oid;       /* content of prime256v1, RFC 5480 */
} yao_curve_row;

typedef struct yao_hash_row {
    yao_hash_alg alg;
    uint8_t      len;
    const char  *mdoc; /* "SHA-256", the digestAlgorithm of an MSO */
    const char  *sd;   /* "sha-256", the _sd_alg of an SD-JWT */
} yao_hash_row;

typedef struct yao_aead_row {
    yao_aead_alg alg;
    uint8_t      key_len;
    const char  *jose; /* "A128GCM", RFC 7518 section 5.1 */
} yao_aead_row;

/** The row of an algorithm by what a message calls it; NULL when there is
 *  none, and for 0. Names are compared exactly, case included. */
const yao_sig_row *yao_sig_by_alg(yao_sig_alg alg);
const yao_sig_row *yao_sig_by_cose(int64_t id);
const yao_sig_row *yao_sig_by_jose(yao_text name);
const yao_sig_row *yao_sig_by_oid(yao_bytes oid);
const yao_sig_row *yao_sig_by_curve(yao_curve curve);

/** The same for curves. */
const yao_curve_row *yao_curve_by_id(yao_curve curve);
const yao_curve_row *yao_curve_by_cose(int64_t id);
const yao_curve_row *yao_curve_by_jose(yao_text name);
const yao_curve_row *yao_curve_by_oid(yao_bytes oid);

/** The same for hashes, by their names in an MSO and in SD-JWT (_sd_alg). */
const yao_hash_row *yao_hash_by_alg(yao_hash_alg alg);
const yao_hash_row *yao_hash_by_mdoc(yao_text name);
const yao_hash_row *yao_hash_by_sd(yao_text name);

/** The same for authenticated encryption. */
const yao_aead_row *yao_aead_by_alg(yao_aead_alg alg);
const yao_aead_row *yao_aead_by_jose(yao_text name);

/**
 * Make a public key of coordinates.
 *
 * In      x, y  exactly the field length of CURVE each
 * Errors  YAO_E_KEY  another length, or an unknown curve
 */
YAO_MUST_USE yao_status yao_public_key_make(yao_curve curve, yao_bytes x,
                                            yao_bytes y, yao_public_key *ret);

/** Is this a point of the form its curve wants (length and first byte)? */
bool yao_public_key_well_formed(const yao_public_key *key);

/** Same curve and same octets. */
bool yao_public_key_equal(const yao_public_key *a, const yao_public_key *b);

/** Is SECRET what two keys of CURVE may have agreed on: a coordinate, and not
 *  all zero, which is what an answer that never came looks like? */
bool yao_agreement_usable(yao_curve curve, yao_bytes secret);

/** One message of one part. */
yao_sign_wish yao_sign_wish_of(yao_sig_alg alg, yao_bytes message);

#endif
