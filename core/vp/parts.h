/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_PARTS_H
#define YAO_VP_PARTS_H

/**
 * What the files of this folder share; nobody else includes it.
 */

#include "base/letters.h"
#include "vp/request.h"

/* What every wallet is called (static discovery). */
#define YAO_VP_ANY_WALLET "https://self-issued.me/v2"

/* The formats and algorithms that we have, either side (OpenID4VP 1.0 B.2.2,
 * B.3.4): -9 and -51 are ES256 and ES384, fully specified. */
#define YAO_VP_FORMATS                                                         \
    "{\"dc+sd-jwt\":{\"kb-jwt_alg_values\":[\"ES256\",\"ES384\"],"               \
    "\"sd-jwt_alg_values\":[\"ES256\",\"ES384\"]},"                            \
    "\"mso_mdoc\":{\"deviceauth_alg_values\":[-7,-9,-35,-51],"                 \
    "\"issuerauth_alg_values\":[-7,-9,-35,-51]}}"

/* ---- where parameters stand: an object, or a form ----------------------- */

typedef struct yao_vp_source {
    yao_arena      *arena;
    const yao_json *object; /* or NULL: */
    const yao_form *form;
} yao_vp_source;

/* Is NAME there? */
bool yao_vp_has(const yao_vp_source *s, const char *name);

/* A string; empty when it is absent, YAO_E_MALFORMED when it is another kind
 * of value or an empty string. */
YAO_MUST_USE yao_status yao_vp_text(const yao_vp_source *s, const char *name,
                                    yao_text *ret);

/* A value of KIND, of a form the JSON text in it; NULL when it is absent. */
YAO_MUST_USE yao_status yao_vp_value(const yao_vp_source *s, const char *name,
                                     yao_json_kind kind, const yao_json **ret);

/* ---- refusing ----------------------------------------------------------- */

/* What a request is being read with. */
typedef struct yao_vp_reading {
    yao_vp_source       source;
    const yao_vp_terms *terms;
    yao_vp_request      request;
    yao_vp_refusal     *refusal; /* may be NULL */
} yao_vp_reading;

/* Write error and reason; give STATUS back. */
yao_status yao_vp_refuse(yao_vp_refusal *refusal, yao_oauth_error error,
                         const char *why, yao_status status);

/* ---- the pieces --------------------------------------------------------- */

/* client_metadata.c: keys, encryption, formats. */
YAO_MUST_USE yao_status yao_vp_read_metadata(yao_vp_reading *r);

/* transaction.c: transaction_data, verifier_info. */
YAO_MUST_USE yao_status yao_vp_read_transactions(yao_vp_reading *r);
YAO_MUST_USE yao_status yao_vp_read_infos(yao_vp_reading *r,
                                          const yao_json *list);

/* To what a holder may have agreed by the document of query ID. */
typedef struct yao_vp_agreement {
    const yao_crypto         *crypto;
    const yao_vp_transaction *list;
    size_t                    count;
    yao_text                  id;
} yao_vp_agreement;

/* agreed.c: to which of them the holder agreed by the CLAIMS of a KB-JWT.
 * YAO_E_BAD_DIGEST: hashes of others, or in another order; YAO_E_ALGORITHM. */
YAO_MUST_USE yao_status yao_vp_read_transaction_hashes(
    const yao_vp_agreement *a, const yao_json *claims, yao_vp_borne *ret);

/* request_read.c: the party whose certificate signed, which must be one of the
 * list where there is one, or of SAID, a statement whose checks were answered
 * (NULL: none), where that is younger; whether it may ask for all of the
 * query. */
YAO_MUST_USE yao_status yao_vp_find_party(yao_vp_reading   *r,
                                          yao_vp_statement *said);
YAO_MUST_USE yao_status yao_vp_check_right(yao_vp_reading *r);

/* request_claims.c: all of them, of one that is known to be who it says. */
YAO_MUST_USE yao_status yao_vp_read_claims(yao_vp_reading *r);

/* BYTES that are known to be UTF-8. */
yao_text  yao_vp_text_of(yao_bytes bytes);

#endif
