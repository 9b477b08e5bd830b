/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/sequence.h"

#include "app/files.h"
#include "authority/audit/entry.h"
#include "authority/audit/tree.h"

#include <string.h>

/* ---- whose ---- */

yao_status audit_find_owner(const authority *a, yao_bytes subject,
                            yao_arena *arena, seal_person *ret, bool *known)
{
    store_person stored;
    size_t       mark   = arena->used;
    yao_status   status = YAO_E_NOT_FOUND;

    if (subject.len == STORE_HASH_LEN)
        status = store_get_person(a->store,
                                  (store_lookup){STORE_BY_HOLDER, subject},
                                  arena, &stored);
    if (status == YAO_OK)
        status = seal_person_open(&a->keys, &stored, ret);
    arena->used = mark;
    *known      = status == YAO_OK;
    switch (status) {
    case YAO_E_NOT_FOUND: /* never registered, or erased */
    case YAO_E_SECRET:    /* a row that was changed must not stop the log */
    case YAO_E_MALFORMED:
        return audit_nobody(a->crypto, &a->keys, ret);
    default:
        return status;
    }
}

/* ---- one batch ---------------------------------------------------------- */

typedef struct batch {
    const authority *a;
    yao_arena       *arena;
    int64_t          fence;
    int64_t          size; /* of the log */
    store_event     *events;
    size_t           count;
    yao_bytes        leaves[AUDIT_MAX_BATCH];
    yao_bytes        subject; /* of the owner at hand: events come in rows */
    seal_person      owner;
    bool             any, known;
} batch;

static yao_status find_owner(batch *b, yao_bytes subject)
{
    if (b->any && yao_bytes_equal(subject, b->subject))
        return YAO_OK;
    b->any = false;
    YAO_TRY(audit_find_owner(b->a, subject, b->arena, &b->owner, &b->known));
    b->subject = subject;
    b->any     = true;
    return YAO_OK;
}

static yao_status add_event(batch *b, size_t i, store_change *change)
{
    store_event     event = b->events[i];
    store_log_entry entry;

    YAO_TRY(find_owner(b, event.subject));
    if (!b->known)
        event.subject = (yao_bytes){NULL, 0};
    YAO_TRY(audit_seal(b->a->crypto, &b->owner, &event,
                       b->size + (int64_t)i, b->arena, &entry));
    store_put_log_entry(change, &entry);
    b->leaves[i] = entry.leaf;
    return YAO_OK;
}

/* YAO_E_EXISTS: an index has an owner. YAO_E_NOT_FOUND: an event was taken, or
 * somebody else leads. All of it means that we were not alone. */
static yao_status commit(const batch *b, store_change *change)
{
    yao_status status = store_commit(b->a->store, change);

    return status == YAO_E_EXISTS || status == YAO_E_NOT_FOUND ? YAO_E_LOCKED
                                                               : status;
}

static yao_status append(batch *b)
{
    store_change change = store_change_open(b->arena);

    if (b->fence > 0)
        store_put_fence(&change, AUDIT_LEASE, b->fence);
    for (size_t i = 0; i < b->count; i++)
        store_take_event(&change, &b->events[i]);
    for (size_t i = 0; i < b->count; i++)
        YAO_TRY(add_event(b, i, &change));
    const audit_growth growth = {(uint64_t)b->size, b->leaves, b->count};
    YAO_TRY(audit_put_nodes(b->a, &growth, &change, b->arena));
    return commit(b, &change);
}

/* The oldest LIMIT events, or fewer. */
static yao_status advance(batch *b, size_t limit)
{
    size_t mark = b->arena->used;

    b->any = false;
    yao_status status = store_list_events(b->a->store, limit, b->arena,
                                          &b->events, &b->count);
    if (status == YAO_OK && b->count > 0)
        status = store_count_log(b->a->store, &b->size);
    if (status == YAO_OK && b->count > 0)
        status = append(b);
    b->arena->used = mark;
    yao_wipe(&b->owner, sizeof b->owner);
    return status;
}

static yao_status make_leaves(const authority *a, yao_arena *arena,
                              int64_t fence, size_t *count)
{
    batch  b     = {.a = a, .arena = arena, .fence = fence};
    size_t limit = AUDIT_MAX_BATCH;

    *count = 0;
    for (;;) {
        yao_status status = advance(&b, limit);
        if (status == YAO_E_SPACE && limit > 1) {
            limit /= 2;
            continue;
        }
        YAO_TRY(status);
        *count += b.count;
        if (b.count < limit)
            return YAO_OK;
    }
}

/* ---- heads -------------------------------------------------------------- */

/* Has NOTE as many signatures as there are keys now? Which keys they are is
 * not looked at: nothing is opened, perhaps in a token, when nothing happens.
 */
static bool signed_by_all(const authority *a, yao_bytes note, yao_arena *arena)
{
    yao_tlog_note read;
    const char   *previous = config_get(&a->config, SETTING_LOG_PREVIOUS_KEY);

    return yao_tlog_note_read(arena, note, &read) == YAO_OK &&
           read.signature_count == (previous[0] != '\0' ? 2u : 1u);
}

static yao_status commit_head(const authority *a, const store_log_head *head,
                              int64_t fence, yao_arena *arena)
{
    store_change change = store_change_open(arena);

    if (fence > 0)
        store_put_fence(&change, AUDIT_LEASE, fence);
    store_put_log_head(&change, head);
    store_forget_log_heads(&change,
                           head->at - AUDIT_HEAD_DAYS * YAO_TIME_DAY);
    yao_status status = store_commit(a->store, &change);
    return status == YAO_E_EXISTS || status == YAO_E_NOT_FOUND ? YAO_E_LOCKED
                                                               : status;
}

static yao_status make_head(const authority *a, const audit_signer *signer,
                            store_log_head *head, yao_arena *arena)
{
    yao_tlog_head what = {.size = (uint64_t)head->size};
    yao_time      now  = yao_now();

    YAO_TRY(audit_root(a, what.size, arena, &what.root));
    YAO_TRY(audit_sign(signer, &what, arena, &head->note));
    YAO_TRY(yao_arena_keep(
        arena, (yao_bytes){what.root.bytes, sizeof what.root.bytes},
        &head->root));
    head->number++;
    if (now > head->at) /* clocks differ; heads don't go back */
        head->at = now;
    return YAO_OK;
}

/* Are the leaves still those of the last head? */
static yao_status compare_root(const authority *a, const store_log_head *last,
                               yao_arena *arena)
{
    yao_tlog_hash root;

    YAO_TRY(audit_root(a, (uint64_t)last->size, arena, &root));
    return yao_bytes_equal(last->root,
                           (yao_bytes){root.bytes, sizeof root.bytes})
               ? YAO_OK
               : YAO_E_MISMATCH;
}

static yao_status sign_head(const authority *a, int64_t fence,
                            store_log_head *head, yao_arena *arena)
{
    audit_signer signer;

    YAO_TRY(audit_signer_open(a, arena, &signer));
    yao_status status = make_head(a, &signer, head, arena);
    audit_signer_close(&signer);
    YAO_TRY(status);
    return commit_head(a, head, fence, arena);
}

static yao_status advance_head(const authority *a, yao_arena *arena,
                               int64_t fence)
{
    store_log_head head = {.number = 0};
    size_t         mark = arena->used;
    int64_t        size = 0;

    /* the leaves are counted last: whoever else advances meanwhile signs a
     * head over more of them, and it would seem that some are missing */
    yao_status status = store_get_log_head(a->store, arena, &head);
    if (status == YAO_E_NOT_FOUND) {
        head   = (store_log_head){.number = 0};
        status = YAO_OK;
    }
    if (status == YAO_OK)
        status = store_count_log(a->store, &size);
    if (status == YAO_OK && head.size > size)
        status = YAO_E_MISMATCH;
    if (status == YAO_OK && head.number > 0)
        status = compare_root(a, &head, arena);
    if (status == YAO_OK && (head.number == 0 || head.size < size ||
                             !signed_by_all(a, head.note, arena))) {
        head.size = size;
        status    = sign_head(a, fence, &head, arena);
    }
    arena->used = mark;
    return status;
}

yao_status audit_advance(const authority *a, yao_arena *arena, int64_t fence,
                         size_t *count)
{
    *count = 0;
    YAO_TRY(audit_index_holders(a, arena));
    YAO_TRY(make_leaves(a, arena, fence, count));
    return advance_head(a, arena, fence);
}
