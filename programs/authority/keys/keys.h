/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_KEYS_H
#define YAO_AUTHORITY_KEYS_H

/**
 * The life of an authority's own keys: which are in use, what was put in whose
 * place, which were taken back, and the revocation lists.
 *
 *     in use --rotate--> replaced  good for what it signed, until it ends
 *       |                   |
 *       +-----revoke--------+----> revoked, for good: on the list of its root,
 *                                  and all that it signed is revoked too
 *
 * A replaced root goes on signing its revocation list as long as something
 * that it certified may be in use; a link certificate vouches for the new one.
 */

#include "authority/authority.h"
#include "authority/keys/certify.h"
#include "store/signer.h"
#include "x509/crl.h"

/** Days that a revocation list speaks (annex B.1.8 allows 90), and how long
 *  before its end it is signed anew. */
#define KEYS_CRL_DAYS 60
#define KEYS_CRL_AHEAD_DAYS 14

/** A key as it stands in the settings, or stood there. */
typedef struct keys_entry {
    const certify_row *row;
    yao_certificate    certificate;
    uint8_t            hash[YAO_SHA256_LEN];
    yao_time           ended;   /* 0: in use */
    yao_time           revoked; /* 0: not */
} keys_entry;

/** All of them, those in use first. Out: in ARENA. Errors: those of ca_open()
 *  and of the store. */
YAO_MUST_USE yao_status keys_list(const authority *a, yao_arena *arena,
                                  keys_entry **ret, size_t *count);

/** Note the certificate of ROW, in use until now, as replaced at NOW; REVOKED
 *  is 0, or then it is revoked as well. */
YAO_MUST_USE yao_status keys_put_replaced(const authority *a,
                                          store_change    *change,
                                          yao_arena       *arena,
                                          const certify_row *row, yao_time now,
                                          yao_time revoked);

/** The number of a root, as its file says: "population-root-2.pem" is 2; 1
 *  where there is none. */
unsigned keys_number(const char *path);

/**
 * Sign the revocation list of the root of ROLE that is in use, and of the one
 * before, into CHANGE. What the last list of a root revoked stays revoked,
 * whether the register knows of it or not: it may have come from a backup.
 *
 * In      root_key  URI of the key of the root in use; NULL: that of the
 *                   settings
 * Out     ret       how many were signed; and of how many the key is not here
 * Errors  YAO_E_NOT_FOUND  no such role;  those of ca_open() and the store but
 *         for a key that is not there
 */
typedef struct keys_crl_count {
    size_t made, missing;
} keys_crl_count;
YAO_MUST_USE yao_status keys_put_crls(const authority *a, store_change *change,
                                      yao_arena *arena, const char *role,
                                      const char     *root_key,
                                      keys_crl_count *ret);

/** What the list of the root of ROLE whose certificate is FILE is published as:
 *  "population", "population-2". Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status keys_name_crl(yao_arena *arena, const char *role,
                                      const char *file, yao_text *ret);

/** Did ROOT certify it? */
bool keys_signed_by(const keys_entry *e, const yao_certificate *root);

/** Does a list of ROLE end soon, or is there none? Errors: the store's. */
YAO_MUST_USE yao_status keys_crl_due(const authority *a, yao_arena *arena,
                                     const char *role, yao_time now, bool *ret);

/** The list that is published as NAME ("population", "population-2"). Errors:
 *  YAO_E_NOT_FOUND, the store's. */
YAO_MUST_USE yao_status keys_find_crl(const authority *a, yao_arena *arena,
                                      yao_text name, store_crl *ret);

/**
 * Revoke, issuance by issuance, all that the certificate HASH signed.
 *
 * Out     count  issuances that were revoked, also when it fails half-way: it
 *                goes on where it stopped when called again
 * Errors  the store's; YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status keys_revoke_issued(const authority *a,
                                           yao_bytes hash, size_t *count);

#endif
