/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_COPIES_H
#define YAO_AUTHORITY_COPIES_H

/**
 * Copies of one document in one format: signed for device keys, and noted in a
 * change. For whoever issues: the counter (batch.c) and the servers.
 *
 *     YAO_TRY(copies_begin(&wanted, arena, &copies));   // draws indexes
 *     do {
 *         YAO_TRY(copies_sign(&wanted, arena, &copies));
 *         store_change change = store_change_open(arena);
 *         ... what else belongs to it ...
 *         YAO_TRY(copies_note(&wanted, &copies, arena, &change));
 *         status = store_commit(a->store, &change);
 *     } while (copies_again(&wanted, &copies, arena, &change, &status));
 *
 * Signed, committed, then handed over: in this order (design 3.6).
 */

#include "authority/issue.h"
#include "authority/lists.h"

/** In which format, and for a card what it is for. */
typedef enum copies_format {
    COPIES_MDOC = 1,
    COPIES_SDJWT,
    COPIES_CARD
} copies_format;

/** The ledger's word for FORMAT. */
yao_text copies_format_name(copies_format format);

typedef struct copies_wanted {
    const authority             *authority;
    const yao_issuance_document *document;
    issue_signer                *signer;
    copies_format                format;
    const yao_card_layout       *layout; /* of a card */
    yao_text                     choice; /* of the layout's profile; or empty */
    const yao_public_key        *keys;   /* one for each copy */
    size_t                       count;  /* at most YAO_MAX_BATCH */
    yao_bytes                    holder, subject, issuance; /* for the ledger */
    int64_t                      level;
} copies_wanted;

typedef struct copies_made {
    yao_bytes   items[YAO_MAX_BATCH]; /* in the arena */
    lists_place place;                /* where indexes are drawn */
    int64_t     indexes[YAO_MAX_BATCH];
    store_copy  ledger[YAO_MAX_BATCH];
    uint8_t     hashes[YAO_MAX_BATCH][2][STORE_HASH_LEN];
    char        profile[128]; /* as the ledger names it */
    unsigned    tries;
    size_t      mark; /* of the arena, before the copies */
} copies_made;

/** When the copies are over. */
yao_time copies_end(const copies_wanted *wanted);

/** Find a list and draw indexes. Errors: those of lists_find() and
 *  lists_draw(). */
YAO_MUST_USE yao_status copies_begin(const copies_wanted *wanted,
                                     yao_arena *arena, copies_made *ret);

/** Sign them all; EACH (may be NULL) is told after each. Errors:
 *  YAO_E_MISSING, YAO_E_LIMIT  of a card: this person has none
 *  those of yao_issuance_mdoc() and its siblings, and of signing */
typedef void (*copies_each)(void *ctx);
YAO_MUST_USE yao_status copies_sign(const copies_wanted *wanted,
                                    yao_arena *arena, copies_made *made,
                                    copies_each each, void *ctx);

/** Add ledger, indexes and the event to CHANGE. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status copies_note(const copies_wanted *wanted,
                                    copies_made *made, yao_arena *arena,
                                    store_change *change);

/**
 * Was it that somebody else had one of the indexes by now? Then others were
 * drawn, and all is to be signed and committed again: nothing of the change
 * happened. Lists are half taken at most, so that this is rare, and not rare
 * twice.
 *
 * Out     status  of the commit, YAO_E_REVOKED when the document was
 *                 suspended meanwhile; YAO_E_LOCKED after many tries
 */
bool copies_again(const copies_wanted *wanted, copies_made *made, yao_arena *arena,
                  const store_change *change, yao_status *status);

#endif
