/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_PROOF_H
#define YAO_VCI_PROOF_H

/**
 * Proofs that a wallet has the keys to which copies are bound, and key
 * attestations: a wallet provider's word for where those keys are.
 *
 * The wallet's side:
 *
 *     yao_vci_make_proof(&arena, &request, &token); sign; yao_vci_put_token()
 *
 * The issuer's side; signatures of all proofs, of their attestations and of
 * the certificates above them are one array for the home:
 *
 *     YAO_TRY(yao_vci_begin_proofs(&arena, &asked, &rules, &proofs, &error));
 *     ... is proofs.nonce ours, and not over? (oauth/nonce.h) ...
 *     crypto->verify(crypto->ctx, proofs.checks, proofs.check_count);
 *     YAO_TRY(yao_vci_conclude_proofs(&proofs, &keys, &error));
 *
 * Who the person is comes from the access token, never from a proof (N176).
 */

#include "vci/request.h"
#include "x509/x509.h"

/* ---- making ------------------------------------------------------------- */

/** What a proof says: of one key. */
typedef struct yao_vci_proof_wish {
    yao_public_key key;
    yao_text       audience;    /* the issuer */
    yao_text       client_id;   /* empty: a wallet without one */
    yao_text       nonce;       /* empty: the issuer has no nonce endpoint */
    yao_time       now;
    yao_text       attestation; /* of the key; empty: none */
} yao_vci_proof_wish;

/**
 * Make a proof of type `jwt`.
 *
 * Out     ret  lives as long as ARENA; signed by the key itself
 * Errors  YAO_E_USAGE  no key, no audience, a moment out of range
 *         YAO_E_SPACE
 * Source  OpenID4VCI 1.0 appendix F.1
 */
YAO_MUST_USE yao_status yao_vci_make_proof(yao_arena                *arena,
                                           const yao_vci_proof_wish *wish,
                                           yao_vci_token            *ret);

/** What a key attestation says. */
typedef struct yao_vci_attestation_wish {
    const yao_public_key *keys; /* 1 to YAO_VCI_MAX_BATCH */
    size_t                key_count;
    yao_text              nonce;   /* empty: none */
    yao_time              now;
    yao_time              expires; /* YAO_TIME_NONE: not said */
    unsigned              key_storage;         /* bits; 0: not said */
    unsigned              user_authentication;
    yao_sig_alg           alg;     /* of the attester */
    const yao_bytes      *chain;   /* its certificates, without the root */
    size_t                chain_count;
} yao_vci_attestation_wish;

/** Make one. Errors: YAO_E_USAGE, YAO_E_SPACE.
 *  Source: OpenID4VCI 1.0 appendix D.1 */
YAO_MUST_USE yao_status yao_vci_make_attestation(
    yao_arena *arena, const yao_vci_attestation_wish *wish, yao_vci_token *ret);

/* ---- checking ----------------------------------------------------------- */

/** What an issuer wants of proofs. */
typedef struct yao_vci_proof_rules {
    yao_text          issuer;    /* the audience */
    yao_text          client_id; /* of the access token; empty: anonymous, then
                                    a proof has no iss */
    yao_time          now;
    yao_time          skew;      /* 0: 300 seconds */
    const yao_anchor *anchors;   /* of YAO_ROLE_ATTEST: who may attest */
    size_t            anchor_count;
    bool              attested;  /* a key attestation must be there */
    unsigned          key_storage;         /* one of these bits must be said; */
    unsigned          user_authentication; /* 0: nothing needs to be */
    bool              status;    /* take attestations that name a status list;
                                    the caller then looks */
} yao_vci_proof_rules;

/** Where an attestation's status is, when it says so. */
typedef struct yao_vci_attestation_status {
    yao_text uri; /* empty: none */
    uint64_t index;
} yao_vci_attestation_status;

typedef struct yao_vci_proofs {
    yao_text             nonce;  /* the same in all of them */
    yao_signature_check *checks; /* for the home */
    size_t               check_count;
    const yao_vci_attestation_status *statuses;
    size_t                            status_count;
    bool                 attested; /* each key stands in an attestation */
    yao_public_key       claimed[YAO_VCI_MAX_BATCH]; /* not yet proven */
    size_t               count;
} yao_vci_proofs;

/**
 * Read the proofs of a request and make every check that needs no signature.
 *
 * In      request  its proofs
 * Out     ret      lives as long as ARENA and REQUEST; it may be copied, the
 *                  checks stay where they are. One proof with an attestation
 *                  claims all keys of that, else each proof claims its own
 *         error    YAO_VCI_INVALID_PROOF for all but what is said here;
 *                  YAO_VCI_INVALID_NONCE: their nonces differ
 * Errors  YAO_E_MISSING     no proof; no nonce, iat or aud; an attestation
 *                           that is required, or its exp in a jwt proof
 *         YAO_E_MALFORMED, YAO_E_HEADER, YAO_E_ALGORITHM, YAO_E_KEY, ...
 *                           a token that is none; jwk, kid and x5c other than
 *                           jwk alone; another typ
 *         YAO_E_MISMATCH    another aud (an array too), another iss, a key
 *                           that is not the attested one, nonces that differ
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID  iat more than the skew away, an
 *                           attestation that is over or not yet made
 *         YAO_E_DUPLICATE   a key twice
 *         YAO_E_LIMIT       more keys than YAO_VCI_MAX_BATCH
 *         YAO_E_NOT_AUTHORISED  a level that is not said
 *         YAO_E_UNTRUSTED, YAO_E_PROFILE  an attester that nobody knows
 *         YAO_E_UNSUPPORTED an attestation with a status, without rules.status
 *         YAO_E_SPACE
 * Source  OpenID4VCI 1.0 sections 8.2.1, F.1, F.3, F.4, D.1; misuse N170,
 *         N174, N176, N177, N178, N179
 */
YAO_MUST_USE yao_status yao_vci_begin_proofs(yao_arena *arena,
                                             const yao_vci_request     *request,
                                             const yao_vci_proof_rules *rules,
                                             yao_vci_proofs            *ret,
                                             yao_vci_error             *error);

/** Keys that were proven, in the order of the proofs (of one attestation: in
 *  its order). Made by conclude only. */
typedef struct yao_vci_keys {
    yao_public_key items[YAO_VCI_MAX_BATCH];
    size_t         count;
    bool           attested;
} yao_vci_keys;

/**
 * Are all signatures good?
 *
 * In      checks  those of PROOFS, answered; they may have been moved
 * Errors  YAO_E_BAD_SIGNATURE  one is not: YAO_VCI_INVALID_PROOF
 *         YAO_E_UNSUPPORTED    the home can't check it: the same
 *         YAO_E_CRYPTO         the home did not answer: YAO_VCI_FINE, nothing
 *                              is to be said about it
 */
YAO_MUST_USE yao_status yao_vci_conclude_proofs(
    const yao_vci_proofs *proofs, const yao_signature_check *checks,
    yao_vci_keys *ret, yao_vci_error *error);

#endif
