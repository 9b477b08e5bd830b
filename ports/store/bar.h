/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_BAR_H
#define YAO_STORE_BAR_H

/**
 * What keeps documents from a person for a time: that they froze them, a lawful
 * hold, an event of the register. While a bar stands nothing that it names is
 * issued (a part of the claim of store_put_document()), and what was issued is
 * suspended.
 *
 * An issuance may be suspended for several reasons at once; each is a row, and
 * it can't become valid while one is there (a part of the claim of
 * store_put_state()). An operator's own reason is the issuance itself.
 */

#include "store/store.h"

typedef enum store_bar_kind {
    STORE_BAR_FREEZE = 1, /* by the person */
    STORE_BAR_HOLD   = 2, /* by law, for a time */
    STORE_BAR_EVENT  = 3  /* by an event of the bureau's register */
} store_bar_kind;

typedef struct store_bar {
    yao_bytes id;      /* STORE_ID_LEN random bytes */
    yao_bytes holder;  /* as in the ledger */
    yao_bytes lookup;  /* STORE_BY_NUMBER */
    int64_t   kind;    /* store_bar_kind */
    yao_text  name;    /* of the documents; empty: all */
    yao_bytes subject; /* keyed hash of which, of several; empty: all */
    yao_text  reason;  /* a word */
    yao_text  basis;   /* legal basis; may be empty */
    yao_text  author;  /* who did it, as a word or an operator's name */
    yao_time  started;
    yao_time  ends;  /* 0: not by itself */
    yao_time  ended; /* 0: it stands; when read */
    yao_text  receipt; /* signed, for the person; may be empty */
} store_bar;

/** Put a bar; claims the id. End it; claims that it stands. */
void store_put_bar(store_change *change, const store_bar *bar);
void store_end_bar(store_change *change, yao_bytes id, yao_time now);

/** Of HOLDER, oldest first; those whose end has come at NOW, LIMIT at most.
 *  Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_bars(store *s, yao_bytes holder,
                                        yao_arena *arena, store_bar **ret,
                                        size_t *count);
YAO_MUST_USE yao_status store_list_due_bars(store *s, yao_time now,
                                            size_t limit, yao_arena *arena,
                                            store_bar **ret, size_t *count);

/** How many bars stand before document NAME, SUBJECT of HOLDER; and, by the
 *  look-up STORE_BY_NUMBER, before every document of a person. */
YAO_MUST_USE yao_status store_count_bars(store *s, yao_bytes holder,
                                         yao_text name, yao_bytes subject,
                                         uint64_t *ret);
YAO_MUST_USE yao_status store_count_bars_by(store *s, yao_bytes lookup,
                                            uint64_t *ret);

/** What BAR is about, of what was issued, is not revoked and not over at NOW.
 *  Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_barred(store *s, const store_bar *bar,
                                          yao_time now, yao_arena *arena,
                                          store_document **ret, size_t *count);

/** Note that BAR is a reason of ISSUANCE's suspension, if it is not yet. Take
 *  the reason away; claims that it is there. */
void store_put_suspension(store_change *change, yao_bytes issuance,
                          yao_bytes bar);
void store_end_suspension(store_change *change, yao_bytes issuance,
                          yao_bytes bar);

/** The reasons of ISSUANCE; the issuances that have the reason BAR. */
YAO_MUST_USE yao_status store_list_suspensions(store *s, yao_bytes issuance,
                                               yao_arena  *arena,
                                               yao_bytes **ret, size_t *count);
YAO_MUST_USE yao_status store_list_suspended_by(store *s, yao_bytes bar,
                                                yao_arena  *arena,
                                                yao_bytes **ret,
                                                size_t     *count);

/** Something that is valid though BAR stands before it. */
typedef struct store_escaped {
    yao_bytes issuance, bar, holder;
    yao_text  name;
} store_escaped;

/** What came in between, LIMIT at most: valid though barred, and suspended
 *  without a reason. For a job. */
YAO_MUST_USE yao_status store_list_escaped(store *s, yao_time now, size_t limit,
                                           yao_arena      *arena,
                                           store_escaped **ret, size_t *count);
YAO_MUST_USE yao_status store_list_unsuspended(store *s, size_t limit,
                                               yao_arena  *arena,
                                               yao_bytes **ret, size_t *count);

#endif
