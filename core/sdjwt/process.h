/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_SDJWT_PROCESS_H
#define YAO_SDJWT_PROCESS_H

/**
 * Disclosures to payload (RFC 9901 section 7.1, steps 1 and 3 to 5): what
 * begin and present share. Not for other modules.
 */

#include "sdjwt/sdjwt.h"

#define YAO_SDJWT_NOWHERE SIZE_MAX

/* A disclosed name, which is compared with all others of its object; digests
 * of one token, each of which is compared with those before it. */
#define YAO_SDJWT_MAX_NAME    256
#define YAO_SDJWT_MAX_DIGESTS YAO_MAX_JSON_NODES

/** Where a disclosure came to stand. */
typedef struct yao_sdjwt_place {
    const yao_json *node;   /* in the processed payload */
    size_t          parent; /* disclosure it lies in, or YAO_SDJWT_NOWHERE */
} yao_sdjwt_place;

typedef struct yao_sdjwt_processed {
    const yao_json  *payload;  /* NULL when it failed, but UNREFERENCED */
    yao_hash_alg     hash;     /* NONE when _sd_alg is refused */
    yao_sdjwt_place *places;   /* one a disclosure */
    bool             withheld; /* digests at the top that stand for nothing */
    yao_check        check;    /* which check a failure belongs to */
} yao_sdjwt_processed;

/**
 * Put the disclosures of INPUT into their places.
 *
 * Out     ret    written always: what was reached
 * Errors  of DIGESTS      YAO_E_ALGORITHM (_sd_alg), YAO_E_DUPLICATE (a digest
 *                         twice), YAO_E_UNSUPPORTED (the home lacks the hash)
 *         of DISCLOSURES  YAO_E_DUPLICATE (a disclosure, or a name, twice),
 *                         YAO_E_MALFORMED, YAO_E_UNREFERENCED, YAO_E_LIMIT
 *         of no check     YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_sdjwt_process(yao_arena            *arena,
                                          const yao_crypto     *crypto,
                                          yao_sdjwt_unverified *input,
                                          yao_sdjwt_processed  *ret);

/** Is this the name of something that carries digests: "_sd", "...",
 *  "_sd_alg"? VALUE is a string, or with NAME a member. */
bool yao_sdjwt_is_reserved(const yao_json *value, bool name);

/** SD-JWT VC 3.2.2.2: these, and what is in them, are never selectively
 *  disclosable, or the holder could withhold them. (claims.c) */
enum { YAO_SDJWT_PLAIN_COUNT = 8 };
extern const yao_text yao_sdjwt_plain[YAO_SDJWT_PLAIN_COUNT];

/** BYTES' digest in base64url letters. OUT has room for 86. */
YAO_MUST_USE yao_status yao_sdjwt_digest(const yao_crypto *crypto,
                                         yao_hash_alg alg, yao_bytes bytes,
                                         uint8_t *out, yao_text *ret);

#define YAO_SDJWT_DIGEST_LETTERS 86

/** What stands at PATH below ROOT, or NULL. (present.c) */
const yao_json *yao_sdjwt_find(const yao_json       *root,
                               const yao_sdjwt_path *path);

#endif
