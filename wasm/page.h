/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WASM_PAGE_H
#define YAO_WASM_PAGE_H

/**
 * The core for a page: what the files of this folder share.
 *
 * One instance of the module does one task and is dropped, with all that it
 * knew: there are no handles, and one struct below is the whole state. What
 * crosses the border is numbers: a pointer and a length, a status, a moment in
 * seconds. README.md has the table of the exports.
 */

#include "crypto_small/small.h"
#include "document/document.h"
#include "policy/policy.h"
#include "trust/trust.h"
#include "yaopai/verify.h"

/** Make a function of C an export of that name. */
#define EXPORT(name) __attribute__((export_name(#name), used)) page_##name

/** The most of each that can be told. */
enum {
    PAGE_TYPES        = 256, /* of all anchors together */
    PAGE_REQUIREMENTS = 64,
    PAGE_ELEMENTS     = 128, /* to be shown of one document */
    PAGE_STEPS        = 256, /* of all paths of claims together */
    PAGE_DOCUMENTS    = YAO_MAX_DOCUMENTS
};

typedef struct yao_page {
    yao_arena         memory;
    size_t            most; /* bytes of it */
    yao_small         small;
    const yao_crypto *crypto;
    yao_bytes         answer; /* of the latest call that has one */

    yao_verify_options options;
    yao_anchor        *anchors;
    size_t             anchor_room;
    yao_text           types[PAGE_TYPES];
    size_t             type_count;
    yao_bytes         *signers;
    size_t             signer_room;
    yao_status_list   *lists;
    size_t             list_room;
    yao_requirement    requirements[PAGE_REQUIREMENTS];
    yao_verification   verification;
    yao_report         list_report; /* of the list that is being read */
    yao_trust_verified bundle;      /* that was read; content.kind says so */
    yao_catalogue      catalogue;   /* of machines */
} yao_page;

extern yao_page page;

/** What the host hands over, as it lies in memory. */
yao_bytes yao_page_bytes(const uint8_t *ptr, size_t len);

/** The same as text, for names that are compared. Errors: YAO_E_UTF8. */
YAO_MUST_USE yao_status yao_page_text(const uint8_t *ptr, size_t len,
                                      yao_text *ret);

/** Does it lie in memory that was taken? */
bool yao_page_holds(const uint8_t *ptr, size_t len);

/** Have FREE bytes at hand. False: there are no more. */
bool yao_page_grow(size_t free);

/** LIST with room for one more than COUNT things of SIZE bytes, moved when it
 *  has to be; NULL: there is no memory. */
void *yao_page_room(void *list, size_t count, size_t *room, size_t size);

/** Anchor, signer: one more. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_page_add_anchor(const yao_anchor *anchor);
YAO_MUST_USE yao_status yao_page_add_signer(yao_bytes certificate);

/** Take what W wrote as the answer. Errors: of W. */
YAO_MUST_USE yao_status yao_page_answer(yao_writer *w);

/** The message of WISH in one piece as the answer: pages sign no parts. */
YAO_MUST_USE yao_status yao_page_answer_wish(const yao_sign_wish *wish);

/** RESULT as JSON (docs/formats/verdict-json.md). Errors recorded in W. */
void yao_page_put_result(yao_writer *w, const yao_result *result);

/** One value of it. */
void yao_page_put_attribute(yao_writer *w, const yao_attribute *a);

#endif
