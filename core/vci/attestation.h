/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_ATTESTATION_H
#define YAO_VCI_ATTESTATION_H

/**
 * A key attestation as proofs see it. Private to this folder.
 */

#include "vci/proof.h"

typedef struct yao_vci_attestation {
    yao_text                   token; /* as it came: the same is read once */
    yao_jws                    jws;
    yao_text                   nonce; /* empty: none */
    yao_public_key             keys[YAO_VCI_MAX_BATCH];
    size_t                     key_count;
    yao_vci_attestation_status status;
    yao_x509_path              path; /* its checks point into it */
} yao_vci_attestation;

/**
 * Read one and check all but the signatures.
 *
 * In      header  it stands in the header of a proof: then it must have exp
 * Out     ret     stays where it is
 * Errors  as yao_vci_begin_proofs()
 */
YAO_MUST_USE yao_status yao_vci_read_attestation(
    yao_arena *arena, yao_text token, const yao_vci_proof_rules *rules,
    bool header, yao_vci_attestation *ret);

/** Its signature, and those of its certificates: at most YAO_MAX_CHAIN + 1
 *  checks, appended at CHECKS[*COUNT]. */
YAO_MUST_USE yao_status yao_vci_add_attestation_checks(
    const yao_vci_attestation *a, yao_signature_check *checks, size_t *count);

/** May IAT (a JSON number) be: no more than SKEW from NOW? Errors:
 *  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_EXPIRED, YAO_E_NOT_YET_VALID. */
YAO_MUST_USE yao_status yao_vci_read_issued(const yao_json            *payload,
                                            const yao_vci_proof_rules *rules,
                                            bool fresh, yao_time *ret);

#endif
