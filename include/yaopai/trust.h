/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TRUST_H
#define YAO_TRUST_H

/**
 * Whom a verifier trusts, for what: anchors, each with one role and a scope.
 *
 * An anchor of one role never serves another. No anchors means nobody is
 * trusted, never everybody.
 */

#include "yaopai/crypto.h"

/** What a certificate is used for. Zero is no use at all. */
typedef enum yao_role {
    YAO_ROLE_NONE   = 0,
    YAO_ROLE_ISSUER = 1, /* signs documents */
    YAO_ROLE_READER = 2, /* asks for them */
    YAO_ROLE_STATUS = 3, /* signs status lists */
    YAO_ROLE_TRUST  = 4, /* signs trust lists */
    YAO_ROLE_ATTEST = 5  /* attests wallets and the keys in them */
} yao_role;

/**
 * A root; or, given by hand, a document signer's certificate that is not
 * self-signed, or a bare public key (SD-JWT issuers without certificates).
 */
typedef struct yao_anchor {
    yao_bytes       certificate; /* DER; empty when `key` is given */
    yao_public_key  key;         /* a bare key; else curve YAO_CURVE_NONE */
    yao_role        role;
    const yao_text *types;       /* docTypes and vcts it may issue */
    size_t          type_count;  /* 0: any (a root given by hand) */
    bool            as_is;       /* a signer is believed for these very bytes,
                                    also a self-signed one or a CA: a
                                    test suite's, never in earnest */
    const yao_bytes *revoked;    /* serials, as contents of an INTEGER, of what
                                    it issued and took back */
    size_t           revoked_count;
} yao_anchor;

#endif
