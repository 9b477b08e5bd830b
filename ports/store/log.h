/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_LOG_H
#define YAO_STORE_LOG_H

/**
 * The audit log in the store: leaves with their sealed entries, the nodes above
 * each 256 of them, heads that were signed. All are only added to; an erasure
 * takes what an entry says, never its leaf.
 *
 *     store_take_event(&change, &event);          // from the outbox
 *     store_put_log_entry(&change, &entry);       // into the log
 *     status = store_commit(s, &change);          // both, or neither
 *
 * docs/formats/audit.md says what is in them; the store does not look.
 */

#include "store/store.h"

typedef struct store_log_entry {
    int64_t   index; /* from 0, without a gap */
    yao_bytes leaf;
    yao_bytes subject; /* keyed hash of a person, or empty */
    yao_bytes sealed;  /* empty: erased; so is the next */
    yao_bytes key_box;
} store_log_entry;

/** Take EVENT, of which id and subject count, out of the outbox. Claims that it
 *  is there, and still about that subject: an erasure makes it nobody's. */
void store_take_event(store_change *change, const store_event *event);

/** Add an entry. Claims the index. */
void store_put_log_entry(store_change *change, const store_log_entry *entry);

/** A complete node: the root of the 256^level leaves from index * 256^level
 *  on. Claims its place. */
typedef struct store_log_node {
    int64_t   level; /* from 1 */
    int64_t   index;
    yao_bytes hash;
} store_log_node;
void store_put_log_node(store_change *change, const store_log_node *node);

/** Make what the entries about SUBJECT say, and whose they are, empty. */
void store_erase_log_entries(store_change *change, yao_bytes subject);

/** How many leaves there are. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_count_log(store *s, int64_t *ret);

/** Those of FROM <= index < TO, in their order; of nodes those of one level.
 *  Errors as store_list_persons(). */
typedef struct store_log_span {
    int64_t level, from, to;
} store_log_span;
YAO_MUST_USE yao_status store_list_log_entries(store *s, int64_t from,
                                               int64_t to, yao_arena *arena,
                                               store_log_entry **ret,
                                               size_t           *count);
YAO_MUST_USE yao_status store_list_log_leaves(store *s, int64_t from,
                                              int64_t to, yao_arena *arena,
                                              yao_bytes **ret, size_t *count);
YAO_MUST_USE yao_status store_list_log_nodes(store *s,
                                             const store_log_span *span,
                                             yao_arena *arena, yao_bytes **ret,
                                             size_t *count);

/** What is asked for of the entries about one person. */
typedef struct store_log_wish {
    yao_bytes subject;
    int64_t   from, to; /* indexes, TO not included */
    int64_t   limit;
} store_log_wish;

/** Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_log_subject(store                *s,
                                               const store_log_wish *wish,
                                               yao_arena            *arena,
                                               store_log_entry     **ret,
                                               size_t               *count);

/** A head that was signed. */
typedef struct store_log_head {
    int64_t   number; /* 1, 2, 3 ... */
    int64_t   size;
    yao_time  at;
    yao_bytes root; /* 32 bytes */
    yao_bytes note; /* the checkpoint */
} store_log_head;

/** Keep a head. Claims its number, and that none is larger or later. */
void store_put_log_head(store_change *change, const store_log_head *head);

/** Forget heads of before BEFORE, but not the newest. */
void store_forget_log_heads(store_change *change, yao_time before);

/** The newest. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_log_head(store *s, yao_arena *arena,
                                           store_log_head *ret);

/** The LIMIT that follow number AFTER. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_log_heads(store *s, int64_t after,
                                             int64_t limit, yao_arena *arena,
                                             store_log_head **ret,
                                             size_t          *count);

/* ---- what was done, for comparing --------------------------------------- */

/** Something that must have an event. */
typedef enum store_deed_kind {
    STORE_DEED_BATCH = 1,
    STORE_DEED_CHANGE,
    STORE_DEED_PERSON
} store_deed_kind;

typedef struct store_deed {
    store_deed_kind kind;
    yao_bytes id; /* the issuance; of a person the ledger's hash */
    yao_bytes format, profile; /* of a batch */
    int64_t   number; /* copies of a batch; state of a change */
} store_deed;

/** Show every deed of KIND. EACH returning another than YAO_OK ends the walk
 *  with that status. Errors as store_list_persons(). */
typedef yao_status (*store_each_deed)(void *ctx, const store_deed *deed);
YAO_MUST_USE yao_status store_walk_deeds(store *s, store_deed_kind kind,
                                         store_each_deed each, void *ctx);

/** The LIMIT events that wait behind AFTER (NULL: the first ones). Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_list_waiting(store *s, const store_event *after,
                                           int64_t limit, yao_arena *arena,
                                           store_event **ret, size_t *count);

#endif
