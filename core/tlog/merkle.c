/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tlog.h"

static yao_bytes bytes_of(const yao_tlog_hash *hash)
{
    return (yao_bytes){hash->bytes, sizeof hash->bytes};
}

static bool same(const yao_tlog_hash *a, const yao_tlog_hash *b)
{
    return yao_bytes_equal(bytes_of(a), bytes_of(b));
}

yao_status yao_tlog_hash_leaf(const yao_crypto *crypto, yao_bytes entry,
                              yao_tlog_hash *ret)
{
    yao_bytes     parts[] = {YAO_LIT("\0"), entry};
    yao_tlog_hash hash;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, parts, 2, hash.bytes));
    *ret = hash;
    return YAO_OK;
}

yao_status yao_tlog_hash_node(const yao_crypto    *crypto,
                              const yao_tlog_hash *left,
                              const yao_tlog_hash *right, yao_tlog_hash *ret)
{
    yao_bytes     parts[] = {YAO_LIT("\1"), bytes_of(left), bytes_of(right)};
    yao_tlog_hash hash;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, hash.bytes));
    *ret = hash;
    return YAO_OK;
}

/*
 * A proof is climbed from a node up. NODE and LAST are the numbers, in the
 * level that was reached, of the node above where it began and of the tree's
 * last one; where NODE is the last and has an even number, it has no sibling
 * on its level and stands as it is in the ones above (RFC 9162 2.1.3.2).
 */
typedef struct climb {
    uint64_t node, last;
} climb;

/* Is the next hash of the proof the left one of the two? */
static bool comes_left(const climb *c)
{
    return (c->node & 1) != 0 || c->node == c->last;
}

static void up(climb *c)
{
    c->node >>= 1;
    c->last >>= 1;
}

/* Past the levels where NODE, which is the last, has no sibling. */
static void skip_levels(climb *c)
{
    while ((c->node & 1) == 0 && c->node != 0)
        up(c);
}

yao_status yao_tlog_verify_inclusion(const yao_crypto     *crypto,
                                     const yao_tlog_claim *claim,
                                     const yao_tlog_hash *proof, size_t count,
                                     const yao_tlog_hash *root)
{
    yao_tlog_hash hash = claim->leaf;

    if (claim->size > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;
    if (claim->index >= claim->size)
        return YAO_E_MALFORMED;

    climb c = {claim->index, claim->size - 1};
    for (size_t i = 0; i < count; i++) {
        if (c.last == 0)
            return YAO_E_MALFORMED;
        if (comes_left(&c)) {
            YAO_TRY(yao_tlog_hash_node(crypto, &proof[i], &hash, &hash));
            skip_levels(&c);
        } else {
            YAO_TRY(yao_tlog_hash_node(crypto, &hash, &proof[i], &hash));
        }
        up(&c);
    }
    if (c.last != 0)
        return YAO_E_MALFORMED;

    return same(&hash, root) ? YAO_OK : YAO_E_BAD_DIGEST;
}

/* Nothing lies between equal trees, and nothing before the empty one. */
static yao_status verify_trivial(const yao_crypto    *crypto,
                                 const yao_tlog_head *first,
                                 const yao_tlog_head *second, size_t count)
{
    yao_tlog_hash empty;

    if (count != 0)
        return YAO_E_MALFORMED;
    if (first->size == second->size && !same(&first->root, &second->root))
        return YAO_E_BAD_DIGEST;
    if (first->size != 0)
        return YAO_OK;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, NULL, 0, empty.bytes));
    return same(&first->root, &empty) ? YAO_OK : YAO_E_BAD_DIGEST;
}

/* The old root from what lies in both trees, the new one from all. */
static yao_status climb_both(const yao_crypto *crypto, climb c,
                             const yao_tlog_hash *proof, size_t count,
                             yao_tlog_hash *before, yao_tlog_hash *after)
{
    for (size_t i = 0; i < count; i++) {
        if (c.last == 0)
            return YAO_E_MALFORMED;
        if (comes_left(&c)) {
            YAO_TRY(yao_tlog_hash_node(crypto, &proof[i], before, before));
            YAO_TRY(yao_tlog_hash_node(crypto, &proof[i], after, after));
            skip_levels(&c);
        } else {
            YAO_TRY(yao_tlog_hash_node(crypto, after, &proof[i], after));
        }
        up(&c);
    }
    return c.last == 0 ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_tlog_verify_consistency(const yao_crypto    *crypto,
                                       const yao_tlog_head *first,
                                       const yao_tlog_head *second,
                                       const yao_tlog_hash *proof, size_t count)
{
    if (second->size > YAO_TLOG_MAX_SIZE)
        return YAO_E_LIMIT;
    if (first->size > second->size)
        return YAO_E_MALFORMED;
    if (first->size == second->size || first->size == 0)
        return verify_trivial(crypto, first, second, count);

    /* up to the largest complete node that ends the first tree */
    climb c = {first->size - 1, second->size - 1};
    while ((c.node & 1) != 0)
        up(&c);

    /* it is the whole first tree, or else the first of the proof */
    yao_tlog_hash before = first->root;
    if (c.node != 0) {
        if (count == 0)
            return YAO_E_MALFORMED;
        before = proof[0];
        proof++;
        count--;
    }
    yao_tlog_hash after = before;
    YAO_TRY(climb_both(crypto, c, proof, count, &before, &after));

    return same(&before, &first->root) && same(&after, &second->root)
               ? YAO_OK
               : YAO_E_BAD_DIGEST;
}
