/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ISSUE_H
#define YAO_AUTHORITY_ISSUE_H

/**
 * From a registered person to batches of copies in a wallet.
 *
 * For each document and format: the wallet makes keys, the copies are signed,
 * the ledger is committed, the wallet gets the copies. In this order: what a
 * wallet has seen is in the ledger (design 3.6).
 */

#include "app/handover.h"
#include "authority/people.h"
#include "issuance/issuance.h"

/** The most of one document that a person has (vehicles). */
#define ISSUE_MAX_OF_ONE 64

/** The most batches of one document: two formats, and cards. */
#define ISSUE_MAX_BATCHES 64

/** Letters of the number that a document gets whose record has none. */
#define ISSUE_NUMBER_LEN 12

/** A copy with a portrait at its limit as SD-JWT. */
#define ISSUE_COPY_MEMORY (400u * 1024u)

typedef struct issue_signer {
    ca      ca;
    uint8_t hash[YAO_SHA256_LEN]; /* of the certificate */
    bool    open;
} issue_signer;

/** What one issuing needs; the caller fills what is marked. */
typedef struct issuing {
    authority          *authority; /* filled */
    const app_handover *handover;  /* filled */
    app_wallet         *wallet;    /* filled */
    const yao_catalogue *catalogue; /* filled; NULL: the shipped one */
    size_t              copies;    /* filled: of each format */
    size_t              cards;     /* filled: of each QR card; 0: no cards */
    const char *const  *paper;     /* filled: profiles to be printed for */
    size_t              paper_count;
    yao_arena           arena;     /* filled: see issue_memory() */
    yao_progress        progress;  /* filled: label */

    int64_t          level; /* of the documents; issue_find(): the setting */
    bool             guarded; /* a child's, for a guardian's wallet */
    people_person    person;
    people_household household;
    yao_bytes        portrait, portrait_small;
    issue_signer     signers[YAO_SIGNING_OTHER + 1]; /* by yao_signing_role */
    yao_text         subject; /* of the document at hand: see handover.h */
    uint8_t          subject_hash[STORE_HASH_LEN]; /* as the ledger knows it */
    uint8_t          issuance[STORE_ID_LEN];       /* of its batches */
    uint8_t          number[ISSUE_NUMBER_LEN]; /* where the record has none */
    yao_time         now;                      /* when it was begun */
    bool             again; /* filled: the three above are those of before */
    size_t           done;                         /* copies */
} issuing;

/** Bytes of arena for batches of at most COPIES. */
size_t issue_memory(size_t copies);

/** Find the person and open what is needed of them. Errors as people_find(). */
YAO_MUST_USE yao_status issue_find(issuing *is, yao_text number);

/** Wipe and close what issue_find() and issue_document() opened. */
void issue_close(issuing *is);

/**
 * Begin an issuance: which document of the person it is, that it is not
 * suspended, and its values, of which copies may be signed.
 *
 * In      is        authority, arena, level, person, household and portraits;
 *                   with AGAIN issuance, number and now: the values are made as
 *                   they were made then, if the record is what it was
 *         vehicle   which one, for documents of vehicles; else 0
 * Out     is        subject, subject_hash, issuance
 *         problems  why not, on YAO_E_NOT_ENTITLED and YAO_E_VALUE
 *         ret       lives as long as the arena
 * Errors  as issue_document()
 */
YAO_MUST_USE yao_status issue_prepare(issuing              *is,
                                      const yao_definition *definition,
                                      size_t vehicle, yao_problems *problems,
                                      yao_issuance_document *ret);

/** One batch that was handed over. */
typedef struct issue_batch {
    yao_text format;
    yao_text profile, choice; /* of a card; else empty */
    size_t   copies;
    yao_time valid_until;
} issue_batch;

typedef struct issue_batches {
    issue_batch items[ISSUE_MAX_BATCHES];
    size_t      count;
} issue_batches;

/**
 * Issue one document in both formats, and its QR cards.
 *
 * In      vehicle   which one, for documents of vehicles; else 0
 * Out     batches   what was handed over; the first two when YAO_OK are the
 *                   formats, the others cards
 *         problems  why not, on YAO_E_NOT_ENTITLED and YAO_E_VALUE
 * Errors  YAO_E_NOT_ENTITLED, YAO_E_VALUE  see yao_issuance_build()
 *         YAO_E_NOT_AUTHORISED  this authority has no signer for it
 *         YAO_E_REVOKED         it is suspended
 *         those of app_handover, of the store and of signing
 */
YAO_MUST_USE yao_status issue_document(issuing              *is,
                                       const yao_definition *definition,
                                       size_t vehicle, issue_batches *batches,
                                       yao_problems *problems);

/** An issuance as people write it, and the word for a store_state. */
void        issue_id_text(yao_bytes issuance, char out[2 * STORE_ID_LEN + 1]);
const char *issue_state_word(int64_t state);

/** Is a batch before AT of the same issuance? They share its state: to change
 *  it once is enough. */
bool issue_came_before(const store_document *list, size_t at);

/** How many of DEFINITION the person could have: vehicles, else 1. */
size_t issue_count(const issuing *is, const yao_definition *definition);

#endif
