/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_NAIVE_TREE_H
#define YAO_TEST_NAIVE_TREE_H

/**
 * The definitions of RFC 6962 section 2.1 word for word, recursive and slow:
 * what tests and the fuzz target hold the real ones against. Of the tree are
 * only the hashes of the leaves D[0] to D[n - 1].
 */

#include "tlog/tlog.h"

/* The largest power of two smaller than N. */
static inline size_t naive_split(size_t n)
{
    size_t k = 1;

    while (2 * k < n)
        k *= 2;
    return k;
}

/* MTH(D[n]) */
static inline yao_status naive_root(const yao_crypto    *crypto,
                                    const yao_tlog_hash *leaves, size_t n,
                                    yao_tlog_hash *ret)
{
    yao_tlog_hash left, right;
    size_t        k = naive_split(n);

    if (n == 0)
        return crypto->hash(crypto->ctx, YAO_SHA256, NULL, 0, ret->bytes);
    if (n == 1) {
        *ret = leaves[0];
        return YAO_OK;
    }
    YAO_TRY(naive_root(crypto, leaves, k, &left));
    YAO_TRY(naive_root(crypto, leaves + k, n - k, &right));
    yao_bytes parts[] = {YAO_LIT("\1"), {left.bytes, 32}, {right.bytes, 32}};

    return crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, ret->bytes);
}

/* PATH(m, D[n]), appended to PROOF. */
static inline yao_status naive_path(const yao_crypto    *crypto,
                                    const yao_tlog_hash *leaves, size_t m,
                                    size_t n, yao_tlog_hash *proof,
                                    size_t *count)
{
    size_t k = naive_split(n);

    if (n <= 1)
        return YAO_OK;
    if (m < k) {
        YAO_TRY(naive_path(crypto, leaves, m, k, proof, count));
        return naive_root(crypto, leaves + k, n - k, &proof[(*count)++]);
    }
    YAO_TRY(naive_path(crypto, leaves + k, m - k, n - k, proof, count));
    return naive_root(crypto, leaves, k, &proof[(*count)++]);
}

/* SUBPROOF(m, D[n], b), appended to PROOF; 0 < m <= n. */
static inline yao_status naive_subproof(const yao_crypto    *crypto,
                                        const yao_tlog_hash *leaves, size_t m,
                                        size_t n, bool b, yao_tlog_hash *proof,
                                        size_t *count)
{
    size_t k = naive_split(n);

    if (m == n)
        return b ? YAO_OK
                 : naive_root(crypto, leaves, n, &proof[(*count)++]);
    if (m <= k) {
        YAO_TRY(naive_subproof(crypto, leaves, m, k, b, proof, count));
        return naive_root(crypto, leaves + k, n - k, &proof[(*count)++]);
    }
    YAO_TRY(naive_subproof(crypto, leaves + k, m - k, n - k, false, proof,
                           count));
    return naive_root(crypto, leaves, k, &proof[(*count)++]);
}

/* The hashes that PLAN asks for, from the leaves. */
static inline yao_status naive_fetch(const yao_crypto    *crypto,
                                     const yao_tlog_hash *leaves,
                                     const yao_tlog_plan *plan,
                                     yao_tlog_hash       *hashes)
{
    for (size_t i = 0; i < plan->node_count; i++) {
        const yao_tlog_node *n     = &plan->nodes[i];
        size_t               count = (size_t)1 << n->level;

        YAO_TRY(naive_root(crypto, leaves + (size_t)n->index * count, count,
                           &hashes[i]));
    }
    return YAO_OK;
}

#endif
