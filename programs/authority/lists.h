/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LISTS_H
#define YAO_AUTHORITY_LISTS_H

/**
 * The authority's status lists: which index a copy gets, what stands in a
 * list, what is signed.
 *
 * A list belongs to a role, whose root its signer ends at, and has entries of
 * one bit where a document knows no suspension, else of two. Copies of one
 * batch share a list; their indexes are drawn at random among the free
 * ones, so that neither who checks two copies nor who serves the list can tell
 * that they belong together. A new list is opened when one is half taken:
 * below that a free index is found in two draws.
 *
 * Formats: docs/formats/statuslist.md
 */

#include "authority/role.h"
#include "yaopai/status.h"

/** A list to draw from. */
typedef struct lists_place {
    int64_t  number;
    int64_t  size;
    yao_text uri; /* in an arena */
} lists_place;

/**
 * Where COUNT copies of a document of ROLE go; opens a list when needed.
 *
 * In      suspends  the document knows suspension
 * Out     ret       uri in ARENA
 * Errors  YAO_E_SPACE, those of the store
 */
YAO_MUST_USE yao_status lists_find(const authority *a, int64_t role,
                                   bool suspends, size_t count,
                                   yao_arena *arena, lists_place *ret);

/**
 * Draw COUNT different indexes of PLACE that nobody has now.
 *
 * Errors  YAO_E_LIMIT  none was found: the list is full
 *         YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status lists_draw(const authority *a, const lists_place *place,
                                   size_t count, int64_t *ret);

/** Where list NUMBER is found: URL "/statuslists/" NUMBER. Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status lists_uri(const authority *a, int64_t number,
                                  yao_arena *arena, yao_text *ret);

/** Are all copies that are in LIST over at NOW? Nobody asks for it then, and it
 *  is not signed any more. */
bool lists_over(const store_status_list *list, yao_time now);

/** What stands in a list. */
typedef struct lists_content {
    uint8_t *entries; /* as a status list has them, unpacked */
    size_t   len;
    int64_t  bits;
    size_t   revoked, suspended;
} lists_content;

/** Read list LIST from the register. Out: ret in ARENA. Errors:
 *  YAO_E_SPACE; YAO_E_STORE: an index outside of the list. */
YAO_MUST_USE yao_status lists_read(const authority         *a,
                                   const store_status_list *list,
                                   yao_arena *arena, lists_content *ret);

/**
 * Does CONTENT still revoke what TOKEN, signed of the same list before,
 * revoked? No revocation is taken back, also not by a backup that was
 * restored.
 *
 * In      keep  revoke in CONTENT what is missing
 * Out     missing  how many revocations CONTENT lacked; may be NULL
 * Errors  YAO_E_MISMATCH  some are missing, and KEEP is false
 *         YAO_E_NOT_AUTHORISED  TOKEN is of another list
 *         YAO_E_NOT_YET_VALID   TOKEN was signed after NOW: a clock is wrong
 *         those of yao_statuslist_parse() and yao_inflate(), and of
 *         app_status_list_open() with a ROOT
 * Source  misuse N130
 */
typedef struct lists_before {
    yao_bytes token; /* JWT */
    yao_text  uri;
    yao_time  now;
    bool      keep;
    yao_bytes root;  /* DER: under which it must have been signed, when it was;
                        empty: it is believed */
    const yao_crypto *crypto; /* with a root */
} lists_before;
YAO_MUST_USE yao_status lists_compare(lists_content      *content,
                                      const lists_before *before,
                                      yao_arena *arena, size_t *missing);

/** Read what was signed before. Out: ret in ARENA. Errors: those of
 *  lists_compare() but YAO_E_MISMATCH. */
YAO_MUST_USE yao_status lists_read_before(const lists_before *before,
                                          yao_arena *arena,
                                          yao_status_list *ret);

/** A list that is to be signed. */
typedef struct lists_signing {
    const lists_content *content;
    const ca            *signer;
    yao_text             uri;
    yao_time             now;
    int64_t              lifetime; /* seconds until it expires */
    int64_t              ttl;      /* seconds that a verifier may keep it */
} lists_signing;

/** Sign it in both forms. Out: in ARENA. Errors: those of
 *  yao_statuslist_write(), of packing and of signing. */
YAO_MUST_USE yao_status lists_sign(const lists_signing *s, yao_arena *arena,
                                   yao_bytes *jwt, yao_bytes *cwt);

#endif
