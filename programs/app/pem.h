/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_PEM_H
#define YAO_APP_PEM_H

/**
 * PEM files (RFC 7468): certificates and public keys as anchors, private keys
 * that are given for one call.
 */

#include "yaopai/arena.h"
#include "yaopai/trust.h"
#include "yaopai/writer.h"

/** Anchors collected from files. */
typedef struct yao_anchors {
    yao_anchor list[64];
    size_t     count;
} yao_anchors;

/**
 * Add every CERTIFICATE and PUBLIC KEY of a PEM file (or a JWK: a JSON object
 * with "kty") as an anchor of ROLE that may issue any type.
 *
 * In      path   for messages and reading
 * Out     ret    what it points to lives in ARENA
 * Errors  YAO_E_FILE       cannot be read
 *         YAO_E_MISSING    there is neither in it
 *         YAO_E_MALFORMED, YAO_E_BASE64, YAO_E_KEY  broken
 *         YAO_E_LIMIT      more than 64 anchors
 */
YAO_MUST_USE yao_status yao_anchors_add_file(yao_anchors *ret, yao_arena *arena,
                                             const char *path, yao_role role);

/** The next block of PEM: its label and its content decoded into ARENA; moves
 *  REST behind it. Errors: YAO_E_MISSING when there is none left. */
YAO_MUST_USE yao_status yao_pem_next(yao_bytes *rest, yao_arena *arena,
                                     yao_text *label, yao_bytes *der);

/** Write DER as a PEM block. */
void yao_pem_put(yao_writer *w, const char *label, yao_bytes der);

/**
 * The PKCS#8 of the first private key in TEXT: PRIVATE KEY, or EC PRIVATE KEY
 * (SEC 1), which is wrapped. A secret: ARENA is to be wiped.
 *
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_BASE64, YAO_E_KEY
 */
YAO_MUST_USE yao_status yao_pem_private_key(yao_bytes text, yao_arena *arena,
                                            yao_bytes *pkcs8);

#endif
