/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_STATEMENT_H
#define YAO_VP_STATEMENT_H

/**
 * The registration statement in verifier_info: what the registrar says of the
 * one who asks, brought by himself. It is a list of relying parties with one
 * party in it (docs/formats/trust.md), signed like all lists are: so a wallet
 * that has no bundle, or one of last month, knows who asks, what for, on which
 * legal basis, and how long it is kept.
 *
 * Formats that are not ours are ignored, and so is ours where no anchor of
 * YAO_ROLE_TRUST is at hand: what nobody could check was not said. Of a list
 * that is at hand and a statement the younger one counts: who is no more in the
 * list gains nothing by a statement of yesterday.
 */

#include "trust/right.h"
#include "vp/vp.h"

/** verifier_info.format; data is base64url. */
#define YAO_VP_STATEMENT "urn:yaopai:registration:1"

/** Bytes of one: a party, its certificate, the signer's. */
#define YAO_VP_MAX_STATEMENT (16 * 1024)

/** A statement that waits for its home. */
typedef struct yao_vp_statement {
    yao_trust_unverified   said;
    yao_trust_verification verification; /* .checks: for crypto->verify() */
    yao_trust_verified     list; /* once concluded */
    yao_report             report;
} yao_vp_statement;

/** What it takes to look at one. */
typedef struct yao_vp_statement_terms {
    const yao_crypto *crypto;
    const yao_anchor *anchors; /* those of YAO_ROLE_TRUST count */
    size_t            anchor_count;
    yao_time          now;
} yao_vp_statement_terms;

/**
 * Find ours in INFOS.
 *
 * In      infos  verifier_info; NULL: there is none
 * Out     ret    in ARENA; NULL: there is none, or none that could be checked
 * Errors  YAO_E_DUPLICATE  two of ours
 *         YAO_E_MALFORMED  data is no string, not one party alone
 *         YAO_E_BASE64; YAO_E_LIMIT; those of yao_trust_parse(),
 *         yao_trust_begin()
 */
YAO_MUST_USE yao_status yao_vp_begin_statement(
    yao_arena *arena, const yao_vp_statement_terms *terms,
    const yao_json *infos, yao_vp_statement **ret);

/** The same of one that came otherwise: LIST as it is; empty: none. */
YAO_MUST_USE yao_status yao_vp_begin_statement_list(
    yao_arena *arena, const yao_vp_statement_terms *terms, yao_bytes list,
    yao_vp_statement **ret);

/** Was it signed by whom the wallet believes, and is it in force? Errors: those
 *  of yao_trust_conclude(). */
YAO_MUST_USE yao_status yao_vp_conclude_statement(yao_arena        *arena,
                                                  yao_vp_statement *statement);

/** LIST where it is for CERTIFICATE and in force at NOW; else empty. Errors:
 *  YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_vp_fit_statement(yao_arena        *arena,
                                             const yao_crypto *crypto,
                                             yao_bytes         list,
                                             const yao_certificate *certificate,
                                             yao_time now, yao_bytes *ret);

/**
 * Write verifier_info with the statement LIST, which the registrar signed; as
 * it is, or nothing where it is not for CERTIFICATE, or over.
 *
 * In      now  YAO_TIME of the request
 * Out     ret  a JSON array in ARENA; empty: it is of no use
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_vp_make_statement_info(
    yao_arena *arena, const yao_crypto *crypto, yao_bytes list,
    const yao_certificate *certificate, yao_time now, yao_bytes *ret);

#endif
