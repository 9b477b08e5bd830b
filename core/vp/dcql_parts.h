/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_DCQL_PARTS_H
#define YAO_VP_DCQL_PARTS_H

/**
 * What reading, matching and checking share. Not for other folders.
 */

#include "vp/dcql.h"

/* ---- from JSON ---- */

/** The member NAME of OBJECT, an array of 1..MOST. Absent: YAO_E_MISSING;
 *  YAO_E_MALFORMED, YAO_E_LIMIT. */
YAO_MUST_USE yao_status yao_dcql_get_array(const yao_json *object,
                                           const char *name, size_t most,
                                           const yao_json **ret);

/** As that, but absent is NULL. */
YAO_MUST_USE yao_status yao_dcql_get_optional(const yao_json *object,
                                              const char *name, size_t most,
                                              const yao_json **ret);

/** A text of at least one letter. YAO_E_MISSING (NULL), YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_dcql_get_text(yao_arena      *arena,
                                          const yao_json *value, yao_text *ret);

/** An id. Also YAO_E_VALUE, YAO_E_LIMIT. */
YAO_MUST_USE yao_status yao_dcql_get_id(yao_arena *arena, const yao_json *value,
                                        yao_text *ret);

/** A truth; absent: FALLBACK. YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_dcql_get_bool(const yao_json *object,
                                          const char *name, bool fallback,
                                          bool *ret);

/** The claims of a credential query, and its claim_sets: into RET, which has
 *  its format. */
YAO_MUST_USE yao_status yao_dcql_read_claims(yao_arena           *arena,
                                             const yao_json      *object,
                                             yao_dcql_credential *ret);
YAO_MUST_USE yao_status yao_dcql_read_claim_sets(yao_arena           *arena,
                                                 const yao_json      *object,
                                                 yao_dcql_credential *ret);

/** credential_sets: into RET, which has its credentials. */
YAO_MUST_USE yao_status yao_dcql_read_sets(yao_arena      *arena,
                                           const yao_json *object,
                                           yao_dcql_query *ret);

/* ---- claims ---- */

/** Has a claim of that value in JSON, or in CBOR, one of the values that are
 *  asked for? True where any will do. */
bool yao_dcql_takes_json(const yao_dcql_claim *claim, const yao_json *value);
bool yao_dcql_takes_cbor(const yao_dcql_claim *claim, yao_bytes value);

/** Is the claim there, with one of its values? */
bool yao_dcql_has_claim(const yao_dcql_claim     *claim,
                        const yao_dcql_candidate *candidate);

/* ---- documents ---- */

/** Is CANDIDATE what the query asks for, but for its claims? FITS, or why not:
 *  WRONG_FORMAT, WRONG_TYPE, WRONG_AUTHORITY, NOT_BOUND. */
yao_dcql_fault yao_dcql_is_kind(const yao_dcql_credential *credential,
                                const yao_dcql_candidate  *candidate);

/**
 * Which claims are to be disclosed: those of the first claim set that is there
 * as a whole.
 *
 * Out     ret  its candidate is not written
 * Gives   false when there is none
 */
bool yao_dcql_choose_claims(const yao_dcql_credential *credential,
                            const yao_dcql_candidate  *candidate,
                            yao_dcql_fit            *ret);

/** All claims of CREDENTIAL. */
yao_dcql_claims yao_dcql_all_claims(const yao_dcql_credential *credential);

/** All credential queries of QUERY. */
yao_dcql_credentials yao_dcql_all_credentials(const yao_dcql_query *query);

#endif
