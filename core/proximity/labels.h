/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROXIMITY_LABELS_H
#define YAO_PROXIMITY_LABELS_H

/**
 * Maps with whole numbers for keys, in whatever order: engagements have them.
 * The reader of one takes the values it knows and skips the others.
 *
 *     yao_prox_labels l;
 *     yao_prox_enter(&l, r);
 *     for (int64_t key; yao_prox_next(&l, r, &key);)
 *         if (key == 0) ... else yao_prox_skip(r);
 */

#include "cbor/cbor.h"

/* Keys of one map; engagements have up to seven. */
#define YAO_PROX_MAX_LABELS 32

typedef struct yao_prox_labels {
    uint64_t left;
    int64_t  seen[YAO_PROX_MAX_LABELS];
    size_t   count;
} yao_prox_labels;

/** Enter the map that comes next in R. */
void yao_prox_enter(yao_prox_labels *l, yao_cbor_reader *r);

/** The next key, whose value the caller takes; false at the end and after a
 *  failure. Errors, recorded in R: YAO_E_DUPLICATE, YAO_E_LIMIT. */
bool yao_prox_next(yao_prox_labels *l, yao_cbor_reader *r, int64_t *key);

/** Was KEY there? */
bool yao_prox_has(const yao_prox_labels *l, int64_t key);

/** Take a value that nobody knows. */
void yao_prox_skip(yao_cbor_reader *r);

/** Record STATUS in R unless HOLDS. */
void yao_prox_want(yao_cbor_reader *r, bool holds, yao_status status);

#endif
