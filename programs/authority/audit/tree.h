/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_TREE_H
#define YAO_AUTHORITY_AUDIT_TREE_H

/**
 * The Merkle tree of the log as the store has it: what new leaves add to it,
 * its root, proofs, tiles (C2SP tlog-tiles).
 */

#include "authority/authority.h"
#include "store/log.h"
#include "tlog/tlog.h"

#define AUDIT_TILE 256 /* leaves, or hashes, of a full tile */
#define AUDIT_MAX_TILE_PATH 64

/** Which tile: hashes of LEVEL, or leaves. */
typedef struct audit_tile {
    int      level; /* 0..7; AUDIT_ENTRIES: leaves */
    uint64_t index;
    unsigned width; /* 1..256 */
} audit_tile;
#define AUDIT_ENTRIES (-1)

/**
 * Read a tile's path: "0/x001/234.p/8", "entries/005".
 *
 * Errors  YAO_E_MALFORMED  another shape, also a number with zeros in front
 *                          or a width of 0 or above 255
 *         YAO_E_LIMIT      an index that no tree has
 */
YAO_MUST_USE yao_status audit_read_path(yao_text path, audit_tile *ret);

/** Write it, ended by a NUL. */
void audit_put_path(const audit_tile *tile, char out[AUDIT_MAX_TILE_PATH]);

/** How many leaves a tree has in which TILE is as wide as it says. */
uint64_t audit_tile_needs(const audit_tile *tile);

/**
 * Make a tile.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_NOT_FOUND  there is not so much in the store
 *         YAO_E_SPACE, YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status audit_get_tile(const authority  *a,
                                       const audit_tile *tile,
                                       yao_arena *arena, yao_bytes *ret);

/**
 * The root of the first SIZE leaves; the proof that leaf INDEX is among them;
 * that the first FIRST leaves are their beginning.
 *
 * Out     proof  room for YAO_TLOG_MAX_PROOF
 * Errors  YAO_E_STORE  leaves or nodes are missing
 *         those of yao_tlog_plan_...(), YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status audit_root(const authority *a, uint64_t size,
                                   yao_arena *arena, yao_tlog_hash *ret);
YAO_MUST_USE yao_status audit_prove(const authority *a, uint64_t index,
                                    uint64_t size, yao_arena *arena,
                                    yao_tlog_hash *proof, size_t *count);
YAO_MUST_USE yao_status audit_prove_growth(const authority *a, uint64_t first,
                                           uint64_t size, yao_arena *arena,
                                           yao_tlog_hash *proof,
                                           size_t        *count);

/** What an append adds: COUNT leaves behind SIZE that are there; at most
 *  AUDIT_TILE. */
typedef struct audit_growth {
    uint64_t         size;
    const yao_bytes *leaves;
    size_t           count;
} audit_growth;

/** Put the nodes that GROWTH completes into CHANGE. Errors as audit_root(). */
YAO_MUST_USE yao_status audit_put_nodes(const authority    *a,
                                        const audit_growth *growth,
                                        store_change       *change,
                                        yao_arena          *arena);

/** The root of COUNT nodes that stand side by side, COUNT a power of two.
 *  HASHES are overwritten. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status audit_fold(const yao_crypto *crypto,
                                   yao_tlog_hash *hashes, size_t count,
                                   yao_tlog_hash *ret);

#endif
