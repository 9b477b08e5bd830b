/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_COSE_PARTS_H
#define YAO_COSE_PARTS_H

/**
 * Labels and numbers of COSE, and what reading and writing have in common.
 * Private to this folder.
 */

#include "cose/cose.h"

/* RFC 9052 section 3.1; RFC 9596; RFC 9360 */
enum yao_cose_header {
    YAO_HEADER_ALG     = 1,
    YAO_HEADER_CRIT    = 2,
    YAO_HEADER_KID     = 4,
    YAO_HEADER_TYPE    = 16,
    YAO_HEADER_X5CHAIN = 33
};

/* RFC 9052 section 7.1; RFC 9053 section 7.1.1 */
enum yao_cose_key_label {
    YAO_KEY_TYPE  = 1,
    YAO_KEY_CURVE = -1,
    YAO_KEY_X     = -2,
    YAO_KEY_Y     = -3,
    YAO_KEY_D     = -4
};

#define YAO_COSE_KEY_EC2 2  /* RFC 9053 section 7 */
#define YAO_COSE_HMAC_256 5 /* RFC 9053 section 3.1 */

#define YAO_MAX_PAYLOAD_PARTS 4

/* Shape: label = int / tstr. */
typedef struct yao_cose_label {
    int64_t  number;
    yao_text name; /* ptr is NULL for a number */
} yao_cose_label;

/* The labels met so far: none may come twice (RFC 9052 section 3). */
typedef struct yao_cose_labels {
    yao_cose_label seen[YAO_MAX_COSE_LABELS];
    size_t         count;
} yao_cose_labels;

/* Take a label; AGAIN is recorded when it was there before, YAO_E_LIMIT when
 * there are too many. */
yao_cose_label yao_cose_get_label(yao_cbor_reader *r, yao_cose_labels *labels,
                                  yao_status again);

/* The length of COUNT parts together. YAO_E_USAGE: none or too many parts. */
YAO_MUST_USE yao_status yao_cose_parts_len(const yao_bytes *parts, size_t count,
                                           uint64_t *ret);

#endif
