/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_PAGES_H
#define YAO_AUTHORITY_AUDIT_PAGES_H

/**
 * The web pages that the authority vouches for: entries of the log that
 * everybody may read. docs/formats/page-bundle.md.
 */

#include "audit/audit.h"
#include "authority/authority.h"

/** All of them as lines, `pages` of the log. */
#define AUDIT_PAGES YAO_TEXT("pages.jsonl")

/** A folder's page, as it is to be vouched for. */
typedef struct audit_bundle {
    yao_text name;
    uint8_t  hash[YAO_SHA256_LEN];
} audit_bundle;

/**
 * Look at the page in FOLDER: every file is the one of its cache.json.
 *
 * Out     ret    in ARENA
 *         place  the file that was looked at, on failure
 * Errors  YAO_E_FILE, YAO_E_LIMIT  a file can't be read
 *         YAO_E_BAD_DIGEST  a file is another than its list says
 *         YAO_E_VALUE       a page or a path that may not be called so
 *         YAO_E_MALFORMED, YAO_E_MISSING, those of JSON; YAO_E_SPACE,
 *         YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status audit_bundle_look(const yao_crypto *crypto,
                                          const char       *folder,
                                          yao_arena        *arena,
                                          audit_bundle *ret, char place[256]);

/** Note in the log that BUNDLE is vouched for as VERSION. Errors: those of
 *  audit_signer_open() and of store_commit(); YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status audit_page_note(const authority    *a,
                                        const audit_bundle *bundle,
                                        uint64_t version, yao_arena *arena);

/** The lines as they are published: none, when nothing is. Errors: YAO_E_SPACE,
 *  those of the store. */
YAO_MUST_USE yao_status audit_pages_get(const authority *a, yao_arena *arena,
                                        yao_bytes *ret);

/** The same, after what came into the log since was added and published. Errors:
 *  YAO_E_LOCKED: somebody else did that meanwhile; those of
 *  audit_write_line(); YAO_E_SPACE, those of the store. */
YAO_MUST_USE yao_status audit_pages_collect(const authority *a,
                                            yao_arena       *arena,
                                            yao_bytes       *ret);

/** One of the lines. */
typedef struct audit_page_line {
    yao_audit_opening opening;
    yao_audit_page    page; /* its log is not filled in */
} audit_page_line;

/**
 * The next of LINES, which is moved on. That its leaf is in the log is not
 * looked at.
 *
 * Errors  those of yao_audit_read_opening(), yao_audit_check() without a head,
 *         and yao_audit_page_take()
 */
YAO_MUST_USE yao_status audit_pages_next(const yao_crypto *crypto,
                                         yao_arena *arena, yao_bytes *lines,
                                         audit_page_line *ret);

/** The newest of page NAME. Errors: YAO_E_NOT_FOUND: there is none; as above. */
YAO_MUST_USE yao_status audit_pages_latest(const yao_crypto *crypto,
                                           yao_arena *arena, yao_bytes lines,
                                           yao_text         name,
                                           audit_page_line *ret);

/**
 * Write the statement for a page: its entry and the proof under the newest
 * checkpoint.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_NOT_FOUND  no checkpoint covers the entry yet
 *         those of audit_signer_open(), audit_prove(); YAO_E_SPACE
 */
YAO_MUST_USE yao_status audit_page_state(const authority       *a,
                                         const audit_page_line *line,
                                         yao_arena *arena, yao_bytes *ret);

/** Do both name the keys that sign the log now? Errors: those of
 *  audit_signer_open(). */
YAO_MUST_USE yao_status audit_page_has_keys(const authority      *a,
                                            const yao_audit_page *page,
                                            yao_arena *arena, bool *ret);

/** `audit publish --page`: the log is up to date. Gives an exit code. */
int audit_publish_page(const authority *a, const yao_invocation *call,
                       yao_arena *arena);

#endif
