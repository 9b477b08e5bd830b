/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tlog.h"

/* Leaves FROM up to, not including, TO. */
typedef struct span {
    uint64_t from, to;
} span;

/* The hashes of a proof, from the root down. */
typedef struct descent {
    span   spans[YAO_TLOG_MAX_PROOF];
    size_t count;
} descent;

/* The highest bit of N, which is not 0. */
static uint8_t highest(uint64_t n)
{
    uint8_t level = 0;

    while (n > 1) {
        n >>= 1;
        level++;
    }
    return level;
}

/* RFC 6962 section 2.1: the largest power of two below the number of leaves,
 * of which there are at least two. */
static uint64_t split_at(const span *s)
{
    return s->from + ((uint64_t)1 << highest(s->to - s->from - 1));
}

static void put_down(descent *d, uint64_t from, uint64_t to)
{
    d->spans[d->count++] = (span){from, to};
}

/* The complete nodes that S is made of: one for each bit of its length. S
 * begins where a node of its largest one may begin. */
static void plan_span(yao_tlog_plan *plan, span s)
{
    size_t before = plan->node_count;

    while (s.from < s.to) {
        uint8_t level = highest(s.to - s.from);

        plan->nodes[plan->node_count++] =
            (yao_tlog_node){s.from >> level, level};
        s.from += (uint64_t)1 << level;
    }
    plan->widths[plan->hash_count++] = (uint8_t)(plan->node_count - before);
}

/* A proof begins at the leaves. */
static void plan_up(const descent *d, yao_tlog_plan *plan)
{
    plan->node_count = 0;
    plan->hash_count = 0;
    for (size_t i = d->count; i-- > 0;)
        plan_span(plan, d->spans[i]);
}

yao_status yao_tlog_plan_root(uint64_t size, yao_tlog_plan *ret)
{
    descent d = {.count = 0};

    if (size > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;

    put_down(&d, 0, size);
    plan_up(&d, ret);
    return YAO_OK;
}

/* RFC 6962 section 2.1.1, PATH(m, D[n]) */
yao_status yao_tlog_plan_inclusion(uint64_t index, uint64_t size,
                                   yao_tlog_plan *ret)
{
    descent d = {.count = 0};
    span    s = {0, size};

    if (size > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;
    if (index >= size)
        return YAO_E_USAGE;

    while (s.to - s.from > 1) {
        uint64_t middle = split_at(&s);

        if (index < middle) {
            put_down(&d, middle, s.to);
            s.to = middle;
        } else {
            put_down(&d, s.from, middle);
            s.from = middle;
        }
    }
    plan_up(&d, ret);
    return YAO_OK;
}

/* RFC 6962 section 2.1.2, SUBPROOF(m, D[n], b): b holds as long as S begins
 * at 0, for then its end at FIRST is the first tree itself. */
yao_status yao_tlog_plan_consistency(uint64_t first, uint64_t second,
                                     yao_tlog_plan *ret)
{
    descent d = {.count = 0};
    span    s = {0, second};

    if (second > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;
    if (first > second)
        return YAO_E_USAGE;

    while (first != 0 && s.to != first) {
        uint64_t middle = split_at(&s);

        if (first <= middle) {
            put_down(&d, middle, s.to);
            s.to = middle;
        } else {
            put_down(&d, s.from, middle);
            s.from = middle;
        }
    }
    if (s.from != 0)
        put_down(&d, s.from, s.to);
    plan_up(&d, ret);
    return YAO_OK;
}

/* From the right, where the smallest lie. */
static yao_status fold(const yao_crypto *crypto, const yao_tlog_hash *hashes,
                       size_t width, yao_tlog_hash *ret)
{
    if (width == 0)
        return crypto->hash(crypto->ctx, YAO_SHA256, NULL, 0, ret->bytes);

    *ret = hashes[width - 1];
    for (size_t i = width - 1; i-- > 0;)
        YAO_TRY(yao_tlog_hash_node(crypto, &hashes[i], ret, ret));
    return YAO_OK;
}

yao_status yao_tlog_prove(const yao_crypto *crypto, const yao_tlog_plan *plan,
                          const yao_tlog_hash *hashes, yao_tlog_hash *proof)
{
    size_t at = 0;

    for (size_t i = 0; i < plan->hash_count; i++) {
        YAO_TRY(fold(crypto, hashes + at, plan->widths[i], &proof[i]));
        at += plan->widths[i];
    }
    return YAO_OK;
}
