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
 *
 * Copies that were made once can be made again, byte for byte, from a few bytes
 * that are kept of them instead of the copies: where they stand in their list,
 * the seed of their salts, their signatures. That is copies_sign_again().
 */

#include "authority/issue.h"
#include "authority/lists.h"

/** In which format, and for a card what it is for. */
typedef enum copies_format {
    COPIES_MDOC = 1,
    COPIES_SDJWT,
    COPIES_CARD,
    COPIES_PAPER /* a card for print: no key is bound to it */
} copies_format;

/** The ledger's word for FORMAT. */
yao_text copies_format_name(copies_format format);

typedef struct copies_wanted {
    const authority             *authority;
    const yao_issuance_document *document;
    issue_signer                *signer;
    copies_format                format;
    const yao_card_layout       *layout; /* of a card, of paper */
    yao_text                     choice; /* of the layout's profile; or empty */
    const yao_public_key        *keys; /* one for each copy; of paper that of who
                                          asked for it, or none (curve NONE) */
    size_t                       count;  /* at most YAO_MAX_BATCH */
    yao_bytes                    holder, subject, issuance; /* for the ledger */
    int64_t                      level;
} copies_wanted;

typedef struct copies_signature {
    uint8_t bytes[YAO_MAX_SIGNATURE];
    size_t  len;
} copies_signature;

#define COPIES_SEED 32

typedef struct copies_made {
    yao_bytes        items[YAO_MAX_BATCH]; /* in the arena */
    lists_place      place;                /* where indexes are drawn */
    int64_t          indexes[YAO_MAX_BATCH];
    uint8_t          seed[COPIES_SEED]; /* of all salts; a secret: who has it
                                           and a document's digests can guess
                                           at what was not disclosed */
    copies_signature signatures[YAO_MAX_BATCH];
    bool             again; /* seed and signatures are those of before */
    store_copy  ledger[YAO_MAX_BATCH];
    uint8_t     hashes[YAO_MAX_BATCH][2][STORE_HASH_LEN];
    char        profile[128]; /* as the ledger names it */
    unsigned    tries;
    size_t      mark; /* of the arena, before the copies */
} copies_made;

/** When the copies are over. */
yao_time copies_end(const copies_wanted *wanted);

/** Find a list, draw indexes and the seed. Errors: those of lists_find() and
 *  lists_draw(). Wipe the seed when the copies are handed over. */
YAO_MUST_USE yao_status copies_begin(const copies_wanted *wanted,
                                     yao_arena *arena, copies_made *ret);

/** Sign them all; EACH (may be NULL) is told after each. Errors:
 *  YAO_E_MISSING, YAO_E_LIMIT  of a card: this person has none
 *  those of yao_issuance_mdoc() and its siblings, and of signing */
typedef void (*copies_each)(void *ctx);
YAO_MUST_USE yao_status copies_sign(const copies_wanted *wanted,
                                    yao_arena *arena, copies_made *made,
                                    copies_each each, void *ctx);

/**
 * Make them all as they were made before.
 *
 * In      wanted  as then
 *         made    place.number, indexes, seed and signatures of then
 * Errors  YAO_E_MISMATCH  what is made now is not what was signed: the
 *                         document, or the signer, is another by now
 *         as copies_sign() without a handler of progress
 * Cost    a verification for each copy, no signature
 */
YAO_MUST_USE yao_status copies_sign_again(const copies_wanted *wanted,
                                          yao_arena *arena, copies_made *made);

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
