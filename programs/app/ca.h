/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_CA_H
#define YAO_APP_CA_H

/** A certificate with its key, and what it can sign. */

#include "app/key.h"
#include "x509/x509.h"

/** Days that certificates live: within annex B's limits (20 years, 457 and
 *  1,187 days). */
#define CA_ROOT_DAYS (10 * 365)
#define CA_SIGNER_DAYS 456
#define CA_READER_DAYS (3 * 365)
#define CA_STATUS_DAYS (3 * 365)
#define CA_TRUST_DAYS (3 * 365)

typedef struct ca {
    yao_certificate certificate; /* views into an arena */
    yao_key        *key;         /* close with ca_close() */
} ca;

/**
 * Open a certificate file and its key.
 *
 * In      key_uri  as yao_key_open(); NULL or "": without key
 * Out     ret      views live as long as ARENA
 * Errors  YAO_E_FILE, YAO_E_MISSING  no certificate in the file
 *         YAO_E_MISMATCH  the key is not the certificate's
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID  with a key only: the certificate
 *                         is not valid today
 *         those of yao_x509_read() and yao_key_open()
 */
YAO_MUST_USE yao_status ca_open(const char *certificate, const char *key_uri,
                                yao_arena *arena, ca *ret);

/** Is C valid now? A key whose certificate has ended, or not begun, signs
 *  nothing: who keeps one open asks again. Errors: YAO_E_EXPIRED,
 *  YAO_E_NOT_YET_VALID. */
YAO_MUST_USE yao_status ca_check_date(const yao_certificate *c);

/** Wipe and close the key, if there is one. */
void ca_close(ca *c);

/**
 * Sign a certificate.
 *
 * In      request  without serial, alg and issuer, which are filled in
 *         issuer   NULL: self-signed with KEY
 * Out     der      in ARENA
 * Errors  YAO_E_USAGE  outside of the profile: names, dates
 *         YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status ca_sign(const yao_crypto *crypto,
                                yao_x509_request *request, const ca *issuer,
                                yao_key *key, yao_arena *arena,
                                yao_bytes *der);

/** Write DER as a PEM file that is new. Errors: YAO_E_FILE, YAO_E_EXISTS,
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status ca_save(const char *path, yao_bytes der,
                                yao_arena *arena);

#endif
