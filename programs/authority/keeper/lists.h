/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_KEEPER_LISTS_H
#define YAO_AUTHORITY_KEEPER_LISTS_H

/**
 * Signing status lists anew: the same for `statuslist publish` and for the
 * server's job "lists". What was signed stands in the register before anybody
 * gets it, and never takes back a revocation.
 */

#include "authority/lists.h"
#include "store/keeper.h"

/** How lists are signed. */
typedef struct keeper_signing {
    const authority *authority;
    yao_arena       *arena;
    yao_time         now; /* what is due then; it is signed when it is */
    int64_t          lifetime, ttl; /* seconds */
    int64_t          fence;         /* of the lease "lists"; 0: a verb */
    bool keep_revoked;   /* revoke what was revoked and is forgotten */
    bool clock_was_wrong; /* what was signed in the future is no reason */
    /* also compare with what lies elsewhere; adds to *MISSING. May be NULL */
    yao_status (*compare)(void *ctx, const store_status_list *list,
                          lists_content *content, yao_text uri,
                          size_t *missing);
    void *ctx;
} keeper_signing;

/** What became of one. */
typedef struct keeper_signed {
    store_status_token token;
    lists_content      content;
    size_t             missing; /* revocations that the register lacked */
} keeper_signed;

#define KEEPER_LISTS_LEASE YAO_TEXT("lists")

/** As lists_compare() of one token, with the rules of HOW. */
YAO_MUST_USE yao_status keeper_compare(const keeper_signing *how,
                                       const lists_before   *before,
                                       lists_content *content, size_t *missing);

/**
 * Sign LIST as its next version and keep it; behind whoever signed it in
 * between, once more.
 *
 * Out     ret  in the arena
 * Errors  YAO_E_MISMATCH  it would take a revocation back (N130)
 *         YAO_E_NOT_FOUND  somebody else leads
 *         YAO_E_EXISTS    somebody else signs it again and again
 *         those of lists_compare(), lists_sign() and the store
 */
YAO_MUST_USE yao_status keeper_sign_list(const keeper_signing    *how,
                                         const store_status_list *list,
                                         keeper_signed           *ret);

/** Put a new list behind LIST, which the register has partly forgotten, into
 *  CHANGE. Errors: YAO_E_SPACE, those of the store. */
YAO_MUST_USE yao_status keeper_close_list(const keeper_signing    *how,
                                          const store_status_list *list,
                                          store_change            *change);

/**
 * Sign what has to be: lists that were never signed, that do not show a change
 * yet, and whose last version is older than half of its TTL. One that can't be
 * signed keeps none of the others back.
 *
 * Out     count  how many were signed; written also on failure
 * Errors  the first one's
 */
YAO_MUST_USE yao_status keeper_sign_lists(const keeper_signing *how,
                                          size_t               *count);

#endif
