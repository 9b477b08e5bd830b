/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_ISSUANCE_H
#define YAO_ISSUANCE_H

/**
 * From a person's record to the copies of a document, in every shape.
 *
 *     yao_issuance_input input = {.catalogue = c, .definition = d,
 *                                 .person = record, .now = now, .level = 3,
 *                                 .portrait = jpeg, .portrait_small = small};
 *     YAO_TRY(yao_issuance_build(&arena, &input, &problems, &document));
 *     for each device key:
 *         YAO_TRY(yao_issuance_mdoc(&arena, crypto, &document, &copy,
 *                                   &entropy, &issuing));
 *         sign issuing.wish, then yao_mdoc_put_issued()
 *
 * What stands in a document is written down once, in the catalogue; this is
 * the one place that reads it. Values are made and checked once per document,
 * copies differ only in key, salts and status. Times are those of the UTC day,
 * so that the copies of a day cannot be told apart by them.
 *
 * Files: entitled.c (who may have it), value.c and derive.c (values of the
 * record), pages.c (the booklet), encode.c (CBOR), claims.c (JSON), build.c,
 * copies.c, cards.c
 *
 * Memory   the document, and each copy, in the arena: a document takes 60 kB
 *          with a portrait of 20 kB, a booklet 60 kB without; then a copy as
 *          mdoc 20 kB and the portrait. Wind the arena back between copies
 */

#include "card/card.h"
#include "document/document.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"

/** What a document is made of. */
typedef struct yao_issuance_input {
    const yao_catalogue   *catalogue;
    const yao_definition  *definition;
    const yao_json        *person;  /* docs/formats/register.md */
    size_t                 vehicle; /* which of `vehicles`, from 0 */
    const yao_json *const *members; /* the household's records; the person may
                                       be among them */
    size_t                 member_count;
    yao_bytes              portrait;       /* JPEG; empty: none */
    yao_bytes              portrait_small; /* JPEG of 2 kB at most */
    yao_text               document_number; /* where the record has none */
    yao_text               issuer; /* `iss` of SD-JWT; empty: left out */
    yao_time               now;
    uint32_t               level;  /* of the enrolment, 1..4 */
    bool                   demo;   /* the document says SPECIMEN */
    bool                 held_by_guardian; /* a child's copies, in a guardian's
                                              wallet: the document says so */
} yao_issuance_input;

/**
 * May the person have the document?
 *
 * In      input  catalogue, definition, person, vehicle and now are looked at
 * Out     ret    may be NULL; why not, with a text for people
 * Errors  YAO_E_NOT_ENTITLED  nothing is registered for it, its state does not
 *                             allow it, it has expired; household and residence
 *                             are in one city; a minor asks for the booklet
 *         YAO_E_USAGE         NOW outside its range
 *         YAO_E_SPACE         the arena is full
 * Source  docs/formats/catalogue.md section 2.4
 */
YAO_MUST_USE yao_status yao_issuance_check_entitled(
    yao_arena *arena, const yao_issuance_input *input, yao_finding *ret);

/** A document that was made and checked, to be signed as often as wanted. */
typedef struct yao_issuance_document {
    const yao_definition   *definition;
    const yao_mdoc_element *elements; /* deterministic CBOR */
    size_t                  element_count;
    yao_text                json;     /* the claims as text */
    const yao_json         *claims;   /* and as a tree: vct, iss, iat, nbf, exp
                                         and the document's own */
    const yao_sdjwt_path   *disclosable;
    size_t                  disclosable_count;
    yao_mdoc_validity       validity; /* of every copy, whole days */
    yao_text                issuer;
} yao_issuance_document;

/**
 * Make the values of a document and check each: there where mandatory, of its
 * type, in its code list, short enough, by its rule.
 *
 * In      input     the record, as yao_document_check_record() accepts it
 * Out     problems  always written: errors that stop the document, and
 *                   warnings that do not
 *         ret       written only on YAO_OK; lives as long as ARENA and INPUT's
 *                   views
 * Errors  YAO_E_NOT_ENTITLED  see above; the reason is in PROBLEMS
 *         YAO_E_VALUE         PROBLEMS has errors
 *         YAO_E_MISMATCH      a member of another household
 *         YAO_E_USAGE         level or now outside its range
 *         YAO_E_LIMIT         a household of more than 30 pages
 *         YAO_E_SPACE         the arena is full
 * Cost    no crypto
 */
YAO_MUST_USE yao_status yao_issuance_build(
    yao_arena *arena, const yao_issuance_input *input, yao_problems *problems,
    yao_issuance_document *ret);

/** What is different in each copy, and who signs. */
typedef struct yao_issuance_copy {
    yao_public_key   device_key;
    yao_text         status_uri; /* empty: no status list */
    uint64_t         status_list;  /* the number that STATUS_URI ends with: all
                                      that a card says of it */
    uint64_t         status_index;
    yao_sig_alg      alg;        /* of the signer */
    const yao_bytes *chain;      /* its certificates, leaf first, no root */
    size_t           chain_count;
} yao_issuance_copy;

/** Random bytes that one copy takes: as mdoc, as SD-JWT VC. */
size_t yao_issuance_entropy(const yao_issuance_document *document,
                            bool                         sdjwt);

/**
 * Prepare one copy. Fulfil the wish in RET, then yao_mdoc_put_issued() or
 * yao_sdjwt_put_issued().
 *
 * In      entropy  yao_issuance_entropy() bytes a copy
 * Errors  those of yao_mdoc_issue(), yao_sdjwt_issue()
 *         YAO_E_USAGE  no device key
 */
YAO_MUST_USE yao_status yao_issuance_mdoc(
    yao_arena *arena, const yao_crypto *crypto,
    const yao_issuance_document *document, const yao_issuance_copy *copy,
    yao_entropy *entropy, yao_mdoc_issuing *ret);
YAO_MUST_USE yao_status yao_issuance_sdjwt(
    yao_arena *arena, const yao_crypto *crypto,
    const yao_issuance_document *document, const yao_issuance_copy *copy,
    yao_entropy *entropy, yao_sdjwt_issuing *ret);

/** When a card for PROFILE is over: after some days, and never later than its
 *  document. */
yao_time yao_issuance_card_end(const yao_issuance_document *document,
                               const yao_profile           *profile);

/** The same of a card on paper. */
yao_time yao_issuance_paper_end(const yao_issuance_document *document,
                                const yao_profile           *profile);

/**
 * Prepare one QR card. Fulfil the wish in RET, then yao_card_put_issued().
 *
 * In      layout   of the document's definition: see yao_profile_card()
 *         printed  a card for paper, which no key is bound to
 * Errors  YAO_E_MISSING  the document lacks what the profile asks for
 *         YAO_E_LIMIT    a value is longer than a card takes: this person has
 *                        no card for this profile, and shows the mdoc
 *         YAO_E_USAGE    a layout of another document, no certificate, no
 *                        device key, no issuer
 *         YAO_E_REFUSED  paper for a profile that allows none
 *         those of yao_card_issue()
 * Source  docs/formats/card.md section 2
 */
YAO_MUST_USE yao_status yao_issuance_card(
    yao_arena *arena, const yao_crypto *crypto,
    const yao_issuance_document *document, const yao_issuance_copy *copy,
    const yao_card_layout *layout, bool printed, yao_card_issuing *ret);

#endif
