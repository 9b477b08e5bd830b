/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_VERIFY_PAGES_H
#define YAO_AUTHORITY_AUDIT_VERIFY_PAGES_H

/**
 * Is every web page that the log vouches for shown to everybody? A leaf says
 * that there is one, `pages` beside the log says which:
 * docs/formats/page-bundle.md section 3.
 *
 *     YAO_TRY(audit_pages_seen_begin(&arena, &seen));
 *     check.each = audit_pages_see, check.ctx = &seen;
 *     ... audit_verify() ...
 *     YAO_TRY(audit_verify_pages(&check, &seen, &arena, &result));
 */

#include "authority/audit/verify.h"
#include "authority/audit/pages.h"

/** Pages that one log may vouch for, to be verified here. */
#define AUDIT_MAX_PAGES 4096

typedef struct audit_page_seen {
    uint64_t       index;
    size_t         len;
    uint8_t        leaf[YAO_AUDIT_MAX_LEAF];
    bool           shown;
    yao_audit_page page; /* once it is; its texts are gone */
    char           name[YAO_AUDIT_MAX_PAGE_NAME + 1];
} audit_page_seen;

typedef struct audit_pages_seen {
    audit_page_seen *at;
    size_t           count;
} audit_pages_seen;

/** Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status audit_pages_seen_begin(yao_arena        *arena,
                                               audit_pages_seen *ret);

/** For `each` of an audit_check, with an audit_pages_seen. Errors: YAO_E_LIMIT:
 *  more than AUDIT_MAX_PAGES. */
YAO_MUST_USE yao_status audit_pages_see(void *ctx, uint64_t index,
                                        yao_bytes leaf);

/**
 * Compare what was seen with what is shown.
 *
 * Out     seen    pages, filled in
 *         result  AUDIT_PAGE_HIDDEN: a leaf is not opened, or one is that the
 *                 log does not have; AUDIT_MISSING: `pages` can't be had, and
 *                 there are leaves. Else as it was
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status audit_verify_pages(const audit_check *check,
                                           audit_pages_seen  *seen,
                                           yao_arena         *arena,
                                           audit_result      *result);

/** Print what the log vouches for: a line each, or a member of JSON with a comma
 *  before it. */
void audit_pages_print(const audit_pages_seen *seen, bool json);

#endif
