/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_KEEPER_TRUST_H
#define YAO_AUTHORITY_KEEPER_TRUST_H

/**
 * Signing the lists of whom to believe: the same for `trust publish` and for
 * the server's job "trust". They share a version, which rises in the register
 * in the change that keeps them: what a terminal has seen is never given out a
 * second time.
 */

#include "authority/trust.h"
#include "store/keeper.h"

#define KEEPER_TRUST_LEASE YAO_TEXT("trust")

/** VICAL, relying parties, bundle: in this order. */
enum { KEEPER_VICAL, KEEPER_PARTIES, KEEPER_BUNDLE, KEEPER_TRUST_FILES };

/** "bundle.cose" */
extern const char *const keeper_trust_names[KEEPER_TRUST_FILES];

/** "party-", 16 hex digits of its certificate's hash, ".cose". */
enum { KEEPER_STATEMENT_NAME = 6 + 2 * YAO_TRUST_KID + 5 };

/** A list each second for 30,000 years. */
#define KEEPER_MAX_VERSION UINT64_C(999999999999)

typedef struct keeper_trusting {
    const authority *authority;
    yao_arena       *arena;
    trust_wish       wish;
    int64_t          fence; /* of the lease "trust"; 0: a verb */
    uint64_t         least; /* the version is above it, whatever the register
                               says */
    /* look at the new bundle before it is kept; may be NULL */
    yao_status (*check)(void *ctx, const yao_trust_content *bundle);
    void *ctx;
} keeper_trusting;

/** A relying party's registration statement: a list with it alone, that it
 *  sends along (docs/formats/trust.md). */
typedef struct keeper_statement {
    char      name[KEEPER_STATEMENT_NAME + 1];
    yao_bytes list;
} keeper_statement;

typedef struct keeper_trusted {
    uint64_t          version;
    yao_bytes         lists[KEEPER_TRUST_FILES];
    keeper_statement *statements;
    size_t            statement_count;
    yao_trust_content bundle; /* what it says */
} keeper_trusted;

/**
 * Sign all three and the statements, and keep them.
 *
 * Out     ret    in the arena
 *         place  a setting, a list or "register", on failure
 * Errors  YAO_E_MISMATCH  a status list in it is older than in the last bundle
 *                         (N130)
 *         YAO_E_EXISTS    somebody else did, or leads
 *         YAO_E_NOT_FOUND no key of the signer
 *         those of trust_gather(), ca_open(), of signing, of CHECK and of the
 *         store
 */
YAO_MUST_USE yao_status keeper_sign_trust(const keeper_trusting *how,
                                          keeper_trusted        *ret,
                                          char                   place[48]);

/** Is a status list of NOW older than the same of BEFORE? Errors:
 *  YAO_E_MISMATCH: one is; those of yao_statuslist_parse(); YAO_E_SPACE. */
YAO_MUST_USE yao_status keeper_compare_moments(yao_arena               *arena,
                                               const yao_trust_content *before,
                                               const yao_trust_content *now);

/**
 * Has something changed of which the lists are made, or are they older than
 * half of their time?
 *
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status keeper_trust_is_due(const keeper_trusting *how,
                                            bool                  *ret);

#endif
