/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CERTIFY_H
#define YAO_AUTHORITY_CERTIFY_H

/**
 * Which keys an authority has, and the certificates that say so: one table for
 * `authority init`, which makes them all, and `signer rotate`, which replaces
 * one.
 */

#include "app/ca.h"
#include "authority/config.h"

/** What there is one key for. */
typedef struct certify_row {
    const char    *role;  /* "population": whose revocation list it is on */
    const char    *kind;  /* "root", "signer", "status" */
    const char    *name;  /* of the files: "population-signer" */
    const char    *title; /* the end of its common name */
    yao_x509_kind  what;
    int            days;
    config_setting certificate, key; /* where it stands */
    config_setting former, former_key; /* where the one before goes when the
                                          root is replaced; SETTING_COUNT:
                                          nowhere, it signs no more */
} certify_row;

/** All of them; a root stands before what it signs. */
extern const certify_row certify_rows[];
extern const size_t      certify_row_count;

/** The row of ROLE and KIND; NULL: there is none. */
const certify_row *certify_find(const char *role, const char *kind);

/** The root that signs what ROW stands for; of a root itself. */
const certify_row *certify_root(const certify_row *row);

/** Who certifies, and when. */
typedef struct certify_who {
    const char       *name, *country, *url;
    const yao_crypto *crypto;
    yao_arena        *arena;
    yao_time          from; /* the day before: terminals' clocks differ */
    unsigned          root; /* number of the root that signs, whose revocation
                               list is pointed to; 0 and 1: the first */
} certify_who;

/**
 * Make the certificate of KEY.
 *
 * In      number  of the key, where it is not the first of its row: it stands
 *                 in the name; 0 and 1: the first
 *         issuer  NULL: self-signed, a root
 * Out     der     in the arena
 * Errors  those of ca_sign()
 */
YAO_MUST_USE yao_status certify(const certify_who *who, const certify_row *row,
                                unsigned number, const ca *issuer,
                                yao_key *key, yao_bytes *der);

/** The key of NEWER under the key of OLDER, both roots: a link certificate.
 *  Errors as certify(). */
YAO_MUST_USE yao_status certify_link(const certify_who *who,
                                     const certify_row *row, unsigned number,
                                     const ca *older, const ca *newer,
                                     yao_bytes *der);

#endif
