/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The leaves are read tile by tile, from the first to the last, and the tree is
 * built of them as they come: a node of each level that waits for its sibling
 * (there are as many as the size has bits), and of each level of tiles the
 * hashes of the one that is being filled. A tile is compared when it is full,
 * and at the end; a witnessed head when its size is reached.
 */
#include "authority/audit/verify.h"

#include "authority/audit/entry.h"
#include "authority/audit/tree.h"

#include <string.h>

#define LEVELS 8

typedef struct walk {
    const audit_check *check;
    yao_arena         *arena;
    audit_result      *result;
    uint64_t           size;         /* leaves so far */
    yao_tlog_hash      waiting[64];  /* by level; valid where SIZE has a bit */
    struct {
        yao_tlog_hash hashes[AUDIT_TILE];
        size_t        count;
        uint64_t      index;
    } tiles[LEVELS];
    size_t next_head; /* of the witness */
} walk;

const char *audit_finding_name(audit_finding finding)
{
    static const char *const names[] = {"UNKNOWN",      "RIGHT",
                                        "LOG_ROLLBACK", "LOG_FORK",
                                        "HEAD_INVALID", "LOG_CHANGED",
                                        "LOG_MISSING",  "PAGE_HIDDEN"};

    return (size_t)finding < sizeof names / sizeof names[0] ? names[finding]
                                                            : names[0];
}

/* What was found ends the walk; it is no failure of ours. */
static bool found(const walk *w) { return w->result->finding != AUDIT_UNKNOWN; }

static yao_status report(walk *w, audit_finding finding, uint64_t index)
{
    w->result->finding = finding;
    w->result->index   = index;
    return YAO_OK;
}

/* ---- fetching ----------------------------------------------------------- */

/* What can't be had is LOG_MISSING. */
static yao_status fetch(walk *w, const char *path, yao_bytes *ret)
{
    const audit_source *s = &w->check->source;

    snprintf(w->result->path, sizeof w->result->path, "%s", path);
    yao_status status = s->fetch(s->ctx, path, w->arena, ret);
    switch (status) {
    case YAO_E_NOT_FOUND:
    case YAO_E_NET:
    case YAO_E_FILE:
    case YAO_E_LIMIT:
        w->result->why = status;
        return report(w, AUDIT_MISSING, w->size);
    default:
        return status;
    }
}

static yao_status fetch_tile(walk *w, const audit_tile *tile, yao_bytes *ret)
{
    char name[AUDIT_MAX_TILE_PATH], path[AUDIT_MAX_TILE_PATH + 8];

    audit_put_path(tile, name);
    snprintf(path, sizeof path, "tile/%s", name);
    return fetch(w, path, ret);
}

/* ---- the head ----------------------------------------------------------- */

static yao_status open_note(walk *w, yao_bytes note, yao_tlog_checkpoint *ret)
{
    const audit_check *c = w->check;
    yao_tlog_note      read;
    yao_tlog_signed    s;

    YAO_TRY(yao_tlog_note_read(w->arena, note, &read));
    YAO_TRY(
        yao_tlog_note_begin(w->arena, &read, c->keys, c->key_count, &s));
    YAO_TRY(c->crypto->verify(c->crypto->ctx, s.checks, s.check_count));
    return yao_tlog_checkpoint_conclude(&s, c->keys[0].name, ret);
}

static yao_status read_head(walk *w)
{
    yao_tlog_checkpoint checkpoint;
    yao_bytes           note;

    YAO_TRY(fetch(w, "checkpoint", &note));
    if (found(w))
        return YAO_OK;
    yao_status status = open_note(w, note, &checkpoint);
    if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
        return status;
    if (status != YAO_OK) {
        w->result->why = status;
        return report(w, AUDIT_HEAD_INVALID, 0);
    }
    w->result->head = checkpoint.head;
    return YAO_OK;
}

/* Is the newest head that somebody saw larger than this one? */
static yao_status compare_newest(walk *w)
{
    const audit_witness *seen = w->check->witness;

    if (seen == NULL || seen->count == 0)
        return YAO_OK;
    uint64_t size = seen->heads[seen->count - 1].size;
    return size > w->result->head.size ? report(w, AUDIT_ROLLBACK, size)
                                       : YAO_OK;
}

/* ---- the tree ----------------------------------------------------------- */

static bool same(const yao_tlog_hash *a, const yao_tlog_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static yao_status root_now(const walk *w, yao_tlog_hash *ret)
{
    const yao_crypto *crypto = w->check->crypto;
    bool              any    = false;

    if (w->size == 0)
        return crypto->hash(crypto->ctx, YAO_SHA256, NULL, 0, ret->bytes);
    for (unsigned level = 0; level < 64; level++) {
        if ((w->size >> level & 1) == 0)
            continue;
        if (any)
            YAO_TRY(
                yao_tlog_hash_node(crypto, &w->waiting[level], ret, ret));
        else
            *ret = w->waiting[level];
        any = true;
    }
    return YAO_OK;
}

static yao_status compare_witnessed(walk *w)
{
    const audit_witness *seen = w->check->witness;
    yao_tlog_hash        root;

    if (seen == NULL || w->next_head == seen->count ||
        seen->heads[w->next_head].size != w->size)
        return YAO_OK;
    YAO_TRY(root_now(w, &root));
    if (!same(&root, &seen->heads[w->next_head].root))
        return report(w, AUDIT_FORK, w->size);
    w->next_head++;
    return YAO_OK;
}

/* Compare the tile of LEVEL that was filled with the one that is published. */
static yao_status compare_tile(walk *w, unsigned level)
{
    const audit_tile tile   = {(int)level, w->tiles[level].index,
                               (unsigned)w->tiles[level].count};
    size_t           width  = sizeof(yao_tlog_hash);
    unsigned         leaves = 8 * level;
    yao_bytes        bytes;

    YAO_TRY(fetch_tile(w, &tile, &bytes));
    if (found(w))
        return YAO_OK;
    if (bytes.len != tile.width * width)
        return report(w, AUDIT_CHANGED, (tile.index * AUDIT_TILE) << leaves);
    for (size_t i = 0; i < tile.width; i++)
        if (memcmp(bytes.ptr + i * width, w->tiles[level].hashes[i].bytes,
                   width) != 0)
            return report(w, AUDIT_CHANGED,
                          (tile.index * AUDIT_TILE + i) << leaves);
    return YAO_OK;
}

/* A hash comes into the tile of its level, and so on up when it is full. */
static yao_status add_to_tiles(walk *w, yao_tlog_hash hash)
{
    for (unsigned level = 0; level < LEVELS; level++) {
        w->tiles[level].hashes[w->tiles[level].count++] = hash;
        if (w->tiles[level].count < AUDIT_TILE)
            return YAO_OK;
        YAO_TRY(compare_tile(w, level));
        if (found(w))
            return YAO_OK;
        YAO_TRY(audit_fold(w->check->crypto, w->tiles[level].hashes,
                           AUDIT_TILE, &hash));
        w->tiles[level].count = 0;
        w->tiles[level].index++;
    }
    return YAO_OK;
}

static yao_status add_leaf(walk *w, yao_bytes leaf)
{
    yao_tlog_hash node;
    yao_audit_leaf    read;
    unsigned      level = 0;

    if (yao_audit_read_leaf(leaf, &read) != YAO_OK)
        return report(w, AUDIT_CHANGED, w->size);
    if (w->check->each != NULL)
        YAO_TRY(w->check->each(w->check->ctx, w->size, leaf));
    YAO_TRY(yao_tlog_hash_leaf(w->check->crypto, leaf, &node));
    yao_tlog_hash hash = node;
    for (; w->size >> level & 1; level++)
        YAO_TRY(yao_tlog_hash_node(w->check->crypto, &w->waiting[level], &node,
                                   &node));
    w->waiting[level] = node;
    w->size++;
    YAO_TRY(add_to_tiles(w, hash));
    return found(w) ? YAO_OK : compare_witnessed(w);
}

/* ---- the walk ----------------------------------------------------------- */

yao_status audit_take_leaf(yao_bytes *bundle, yao_bytes *leaf)
{
    if (bundle->len < 2)
        return YAO_E_TRUNCATED;
    size_t len = (size_t)bundle->ptr[0] << 8 | bundle->ptr[1];
    if (bundle->len - 2 < len)
        return YAO_E_TRUNCATED;
    *leaf = (yao_bytes){bundle->ptr + 2, len};
    bundle->ptr += 2 + len;
    bundle->len -= 2 + len;
    return YAO_OK;
}

static yao_status add_bundle(walk *w)
{
    uint64_t   left = w->result->head.size - w->size;
    audit_tile tile = {AUDIT_ENTRIES, w->size / AUDIT_TILE,
                       left < AUDIT_TILE ? (unsigned)left : AUDIT_TILE};
    yao_bytes  bundle, leaf;

    YAO_TRY(fetch_tile(w, &tile, &bundle));
    for (unsigned i = 0; i < tile.width && !found(w); i++) {
        if (audit_take_leaf(&bundle, &leaf) != YAO_OK)
            return report(w, AUDIT_CHANGED, w->size);
        YAO_TRY(add_leaf(w, leaf));
    }
    return found(w) || bundle.len == 0 ? YAO_OK
                                       : report(w, AUDIT_CHANGED, w->size);
}

static yao_status add_all(walk *w)
{
    YAO_TRY(compare_witnessed(w)); /* a head of nothing */
    while (w->size < w->result->head.size && !found(w)) {
        size_t     mark   = w->arena->used;
        yao_status status = add_bundle(w);
        w->arena->used    = mark;
        YAO_TRY(status);
    }
    for (unsigned level = 0; level < LEVELS && !found(w); level++)
        if (w->tiles[level].count > 0)
            YAO_TRY(compare_tile(w, level));
    return YAO_OK;
}

/* All tiles are those of the leaves, and yet the root may be another. What
 * was changed is then in the last tile: above it there are nodes that others
 * were compared with. */
static yao_status compare_root(walk *w)
{
    yao_tlog_hash root;

    YAO_TRY(root_now(w, &root));
    if (same(&root, &w->result->head.root))
        return report(w, AUDIT_RIGHT, 0);
    return report(w, AUDIT_CHANGED, w->size / AUDIT_TILE * AUDIT_TILE);
}

/* The same size with another root as somebody saw, told as what it is before
 * anything is computed. */
static yao_status compare_same_size(walk *w)
{
    const audit_witness *seen = w->check->witness;
    const yao_tlog_head *head = &w->result->head;

    for (size_t i = 0; seen != NULL && i < seen->count; i++)
        if (seen->heads[i].size == head->size &&
            !same(&seen->heads[i].root, &head->root))
            return report(w, AUDIT_FORK, head->size);
    return YAO_OK;
}

yao_status audit_verify(const audit_check *check, yao_arena *arena,
                        audit_result *ret)
{
    audit_result result = {.finding = AUDIT_UNKNOWN};
    size_t       mark   = arena->used;
    walk        *w      = yao_arena_take(arena, sizeof *w);

    if (w == NULL)
        return YAO_E_SPACE;
    w->check          = check;
    w->arena          = arena;
    w->result         = &result;
    yao_status status = read_head(w);
    if (status == YAO_OK && !found(w))
        status = compare_newest(w);
    if (status == YAO_OK && !found(w))
        status = compare_same_size(w);
    if (status == YAO_OK && !found(w))
        status = add_all(w);
    if (status == YAO_OK && !found(w))
        status = compare_root(w);
    arena->used = mark;
    if (status == YAO_OK)
        *ret = result;
    return status;
}
