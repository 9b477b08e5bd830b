/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/tree.h"

#include <string.h>

/* Levels of tiles: 256^8 is more leaves than there may be. */
#define LEVELS 8

static yao_status hash_leaves(const authority *a, const yao_bytes *leaves,
                              size_t count, yao_tlog_hash *ret)
{
    for (size_t i = 0; i < count; i++)
        YAO_TRY(yao_tlog_hash_leaf(a->crypto, leaves[i], &ret[i]));
    return YAO_OK;
}

static yao_status copy_hashes(const yao_bytes *from, size_t count,
                              yao_tlog_hash *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (from[i].len != sizeof ret[i].bytes)
            return YAO_E_STORE;
        memcpy(ret[i].bytes, from[i].ptr, sizeof ret[i].bytes);
    }
    return YAO_OK;
}

/* COUNT hashes of LEVEL from FROM on, as the store has them. */
static yao_status read_hashes(const authority *a, int level, uint64_t from,
                              size_t count, yao_arena *arena,
                              yao_tlog_hash *ret)
{
    size_t     mark = arena->used, found = 0;
    int64_t    first = (int64_t)from, end = (int64_t)(from + count);
    yao_bytes *items = NULL;

    yao_status status =
        level == 0
            ? store_list_log_leaves(a->store, first, end, arena, &items, &found)
            : store_list_log_nodes(a->store,
                                   &(store_log_span){level, first, end}, arena,
                                   &items, &found);
    if (status == YAO_OK && found != count)
        status = YAO_E_STORE;
    if (status == YAO_OK)
        status = level == 0 ? hash_leaves(a, items, count, ret)
                            : copy_hashes(items, count, ret);
    arena->used = mark;
    return status;
}

yao_status audit_fold(const yao_crypto *crypto, yao_tlog_hash *hashes,
                      size_t count, yao_tlog_hash *ret)
{
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            YAO_TRY(yao_tlog_hash_node(crypto, &hashes[2 * i],
                                       &hashes[2 * i + 1], &hashes[i]));
    *ret = hashes[0];
    return YAO_OK;
}

/* ---- roots and proofs ---- */

/* A complete node lies at most 7 levels above the next tile's hashes. */
static yao_status read_node(const authority *a, const yao_tlog_node *node,
                            yao_arena *arena, yao_tlog_hash *ret)
{
    yao_tlog_hash hashes[AUDIT_TILE / 2];
    size_t        count = (size_t)1 << node->level % 8;

    YAO_TRY(read_hashes(a, node->level / 8, node->index * count, count, arena,
                        hashes));
    return audit_fold(a->crypto, hashes, count, ret);
}

static yao_status make_proof(const authority *a, const yao_tlog_plan *plan,
                             yao_arena *arena, yao_tlog_hash *proof)
{
    yao_tlog_hash hashes[YAO_TLOG_MAX_NODES];

    for (size_t i = 0; i < plan->node_count; i++)
        YAO_TRY(read_node(a, &plan->nodes[i], arena, &hashes[i]));
    return yao_tlog_prove(a->crypto, plan, hashes, proof);
}

yao_status audit_root(const authority *a, uint64_t size, yao_arena *arena,
                      yao_tlog_hash *ret)
{
    yao_tlog_plan plan;

    YAO_TRY(yao_tlog_plan_root(size, &plan));
    return make_proof(a, &plan, arena, ret);
}

yao_status audit_prove(const authority *a, uint64_t index, uint64_t size,
                       yao_arena *arena, yao_tlog_hash *proof, size_t *count)
{
    yao_tlog_plan plan;

    YAO_TRY(yao_tlog_plan_inclusion(index, size, &plan));
    YAO_TRY(make_proof(a, &plan, arena, proof));
    *count = plan.hash_count;
    return YAO_OK;
}

yao_status audit_prove_growth(const authority *a, uint64_t first,
                              uint64_t size, yao_arena *arena,
                              yao_tlog_hash *proof, size_t *count)
{
    yao_tlog_plan plan;

    YAO_TRY(yao_tlog_plan_consistency(first, size, &plan));
    YAO_TRY(make_proof(a, &plan, arena, proof));
    *count = plan.hash_count;
    return YAO_OK;
}

/* ---- tiles ---- */

static yao_status bundle(const yao_bytes *leaves, size_t count,
                         yao_arena *arena, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    for (size_t i = 0; i < count; i++) {
        if (leaves[i].len > UINT16_MAX)
            return YAO_E_STORE;
        yao_put_byte(&w, (uint8_t)(leaves[i].len >> 8));
        yao_put_byte(&w, (uint8_t)leaves[i].len);
        yao_put_bytes(&w, leaves[i]);
    }
    return yao_writer_keep(&w, arena, ret);
}

static yao_status get_bundle(const authority *a, int64_t from, size_t count,
                             yao_arena *arena, yao_bytes *ret)
{
    yao_bytes *leaves;
    size_t     found;

    YAO_TRY(store_list_log_leaves(a->store, from, from + (int64_t)count, arena,
                                  &leaves, &found));
    return found == count ? bundle(leaves, count, arena, ret)
                          : YAO_E_NOT_FOUND;
}

yao_status audit_get_tile(const authority *a, const audit_tile *tile,
                          yao_arena *arena, yao_bytes *ret)
{
    uint64_t from = tile->index * AUDIT_TILE;

    if (tile->level == AUDIT_ENTRIES)
        return get_bundle(a, (int64_t)from, tile->width, arena, ret);

    yao_tlog_hash *hashes =
        yao_arena_take_array(arena, tile->width, sizeof *hashes);
    if (hashes == NULL)
        return YAO_E_SPACE;
    yao_status status =
        read_hashes(a, tile->level, from, tile->width, arena, hashes);
    if (status == YAO_OK)
        *ret = (yao_bytes){hashes->bytes, tile->width * sizeof *hashes};
    return status == YAO_E_STORE ? YAO_E_NOT_FOUND : status;
}

/* ---- growing ---- */

static yao_status put_node(const authority *a, int level, uint64_t index,
                           const yao_tlog_hash *hash, store_change *change)
{
    yao_bytes kept;

    (void)a;
    YAO_TRY(yao_arena_keep(change->arena,
                           (yao_bytes){hash->bytes, sizeof hash->bytes},
                           &kept));
    store_put_log_node(change, &(store_log_node){level, (int64_t)index, kept});
    return YAO_OK;
}

/* HASHES are the 256 below node INDEX of LEVEL; and so on up, where it is the
 * last of its own 256. */
static yao_status put_above(const authority *a, uint64_t index,
                            yao_tlog_hash hashes[AUDIT_TILE],
                            store_change *change, yao_arena *arena)
{
    yao_tlog_hash node;

    for (int level = 1; level < LEVELS; level++) {
        YAO_TRY(audit_fold(a->crypto, hashes, AUDIT_TILE, &node));
        YAO_TRY(put_node(a, level, index, &node, change));
        if (index % AUDIT_TILE != AUDIT_TILE - 1)
            return YAO_OK;
        index /= AUDIT_TILE;
        YAO_TRY(read_hashes(a, level, index * AUDIT_TILE, AUDIT_TILE - 1,
                            arena, hashes));
        hashes[AUDIT_TILE - 1] = node;
    }
    return YAO_OK;
}

yao_status audit_put_nodes(const authority *a, const audit_growth *growth,
                           store_change *change, yao_arena *arena)
{
    yao_tlog_hash hashes[AUDIT_TILE];
    uint64_t      tile = growth->size / AUDIT_TILE;
    size_t        old  = (size_t)(growth->size % AUDIT_TILE);

    if (growth->count > AUDIT_TILE)
        return YAO_E_USAGE;
    if (old + growth->count < AUDIT_TILE)
        return YAO_OK;
    YAO_TRY(read_hashes(a, 0, tile * AUDIT_TILE, old, arena, hashes));
    YAO_TRY(hash_leaves(a, growth->leaves, AUDIT_TILE - old, hashes + old));
    return put_above(a, tile, hashes, change, arena);
}
