/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_X509_REQUEST_H
#define YAO_X509_REQUEST_H

/**
 * A request for a certificate (PKCS#10), read for one thing: a key, and that
 * who asks has it. Names and attributes are skipped: who certifies knows
 * better.
 *
 *     YAO_TRY(yao_x509_read_request(der, &key, &check));
 *     YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
 *     if (check.outcome == YAO_SIG_GOOD) ...
 */

#include "x509/x509.h"

/**
 * Read a request.
 *
 * Shape   CertificationRequest ::= SEQUENCE {
 *           SEQUENCE { version 0, Name, SubjectPublicKeyInfo, [0] attributes },
 *           AlgorithmIdentifier, BIT STRING }
 * Out     key    P-256 or P-384, not checked to be on its curve
 *         check  of the signature by that key; views into DER, and RAW
 *         raw    room for the signature as r || s
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_NOT_SHORTEST, YAO_E_TRAILING
 *         YAO_E_ALGORITHM  another kind of key, or not signed by its algorithm
 *         YAO_E_KEY        not an uncompressed point
 *         YAO_E_PROFILE    another version
 * Source  RFC 2986 section 4; RFC 5480
 */
YAO_MUST_USE yao_status yao_x509_read_request(yao_bytes            der,
                                              yao_public_key      *key,
                                              yao_signature_check *check,
                                              uint8_t *raw);

#endif
