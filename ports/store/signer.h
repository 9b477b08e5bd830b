/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_SIGNER_H
#define YAO_STORE_SIGNER_H

/**
 * Certificates that an authority has used: those that were replaced, those that
 * were taken back, and the revocation lists that say so.
 *
 * The settings name the certificate in use; here is what came before it. A
 * replaced one stays good for what it signed, until it ends; a revoked one is
 * good for nothing, and is never anything else again.
 */

#include "store/store.h"

typedef struct store_signer {
    yao_bytes hash; /* SHA-256 of the certificate */
    yao_text  role; /* "population", "traffic", "trust" ... */
    yao_text  kind; /* "root", "signer", "status" */
    yao_bytes certificate; /* DER */
    yao_time  ended;       /* when another one took its place */
    yao_time  revoked;     /* 0: it was not */
    int64_t   reason;      /* yao_crl_reason */
} store_signer;

/** Note a certificate that was replaced. Claims the hash. */
void store_put_signer(store_change *change, const store_signer *signer);

/** Revoke one that is noted; a claim: it must be there and not revoked. */
void store_revoke_signer(store_change *change, yao_bytes hash, yao_time at,
                         int64_t reason);

/** Is the one of HASH noted as revoked? Errors as store_count_persons(). */
YAO_MUST_USE yao_status store_is_signer_revoked(store *s, yao_bytes hash,
                                                bool *ret);

/** All, the oldest first. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_signers(store *s, yao_arena *arena,
                                           store_signer **ret, size_t *count);

/** Up to LIMIT issuances, not revoked, that have a batch of the signer HASH.
 *  Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_signed_by(store *s, yao_bytes hash,
                                             size_t limit, yao_arena *arena,
                                             yao_bytes **ret, size_t *count);

/** A revocation list as it was signed. */
typedef struct store_crl {
    yao_text  name; /* "population": the end of its address */
    yao_bytes root; /* SHA-256 of the root that signed it */
    int64_t   number;
    yao_time  signed_at, expires;
    yao_bytes der;
} store_crl;

/** Keep a list instead of the last one of NAME and ROOT. Claims that the number
 *  is higher than the last one. */
void store_put_crl(store_change *change, const store_crl *crl);

/** The lists of NAME: one for each root that it has had. Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_list_crls(store *s, yao_text name,
                                        yao_arena *arena, store_crl **ret,
                                        size_t *count);

#endif
