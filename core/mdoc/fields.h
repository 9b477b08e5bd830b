/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_FIELDS_H
#define YAO_MDOC_FIELDS_H

/**
 * Maps with text keys, read in whatever order they come: every structure of
 * ISO/IEC 18013-5 is one. Known keys are handed out by their index, keys of a
 * later edition are skipped, and no key may stand twice, known or not.
 *
 *     static const yao_text names[] = {YAO_INIT("docType"), ...};
 *     yao_mdoc_fields f;
 *     yao_mdoc_enter(&f, r, names, 3);
 *     for (int key; (key = yao_mdoc_next(&f, r)) >= 0;)
 *         switch (key) { ... read the value ... }
 *     yao_mdoc_require(&f, r, 1u << 0);
 */

#include "cbor/cbor.h"

/* Keys of later editions in one map; none is known to have more than two. */
#define YAO_MDOC_MAX_OTHERS 16

typedef struct yao_mdoc_fields {
    const yao_text *names;
    size_t          count; /* at most 32 */
    uint64_t        left;  /* pairs not yet read */
    uint32_t        seen;  /* bit I: names[I] was there */
    yao_text        others[YAO_MDOC_MAX_OTHERS];
    size_t          other_count;
} yao_mdoc_fields;

/** Enter the map that comes next in R. */
void yao_mdoc_enter(yao_mdoc_fields *f, yao_cbor_reader *r,
                    const yao_text *names, size_t count);

/**
 * The index of the next known key, whose value the caller takes; -1 at the
 * end of the map and after a failure.
 *
 * Errors  recorded in R: YAO_E_MALFORMED  a key that is no text
 *         YAO_E_DUPLICATE  a key twice;  YAO_E_LIMIT  too many unknown keys
 */
int yao_mdoc_next(yao_mdoc_fields *f, yao_cbor_reader *r);

/** Record YAO_E_MALFORMED in R unless every field of MASK was there. */
void yao_mdoc_require(const yao_mdoc_fields *f, yao_cbor_reader *r,
                      uint32_t mask);

/** Was field INDEX there? */
bool yao_mdoc_has(const yao_mdoc_fields *f, unsigned index);

/** How many pairs the maps hold that the map ahead holds by NameSpace, whose
 *  keys are texts and whose values are TRUTHS, or anything. */
size_t yao_mdoc_count_pairs(yao_cbor_reader *r, bool truths);

#endif
