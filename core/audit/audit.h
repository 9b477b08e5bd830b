/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUDIT_H
#define YAO_AUDIT_H

/**
 * The audit log as whoever checks it sees it: a leaf, an entry that was opened
 * for them, and the entry by which an authority vouches for a web page.
 * docs/formats/audit.md and docs/formats/page-bundle.md have every byte.
 *
 *     YAO_TRY(yao_audit_page_begin(&arena, crypto, statement, seen, &pending));
 *     YAO_TRY(crypto->verify(crypto->ctx, pending.note.checks,
 *                            pending.note.check_count));
 *     YAO_TRY(yao_audit_page_conclude(&arena, crypto, &pending, &wanted, &page));
 *
 * Memory  results that are views live as long as the input and the arena
 */

#include "json/json.h"
#include "tlog/tlog.h"

#define YAO_AUDIT_MAX_LEAF      160
#define YAO_AUDIT_MAX_KIND      64
#define YAO_AUDIT_KEY_LEN       32
#define YAO_AUDIT_HOUR          INT64_C(3600)
#define YAO_AUDIT_MAX_KEYS      4
#define YAO_AUDIT_MAX_PAGE_NAME 32
#define YAO_AUDIT_MAX_STATEMENT 65536

/* ---- leaves ------------------------------------------------------------- */

/** What everybody sees. */
typedef struct yao_audit_leaf {
    yao_time  hour;
    yao_text  kind;
    yao_bytes commitment; /* 32 bytes */
} yao_audit_leaf;

/** May this be a kind: 1..YAO_AUDIT_MAX_KIND of a-z, 0-9, "." and "_"? */
bool yao_audit_is_kind(yao_text kind);

/** Append a leaf. */
void yao_audit_put_leaf(yao_writer *w, const yao_audit_leaf *leaf);

/**
 * Read a leaf.
 *
 * Out     ret  views into INPUT
 * Errors  YAO_E_MALFORMED, YAO_E_TRUNCATED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST, YAO_E_UTF8  another shape
 *         YAO_E_VALUE  a time that is no hour, a kind that may not be
 *         YAO_E_LIMIT  longer than YAO_AUDIT_MAX_LEAF
 */
YAO_MUST_USE yao_status yao_audit_read_leaf(yao_bytes       input,
                                            yao_audit_leaf *ret);

/** What a leaf commits to TEXT with, under KEY of YAO_AUDIT_KEY_LEN bytes.
 *  Errors: YAO_E_CRYPTO, YAO_E_UNSUPPORTED. */
YAO_MUST_USE yao_status yao_audit_commit(const yao_crypto *crypto,
                                         const uint8_t *key, yao_text text,
                                         uint8_t out[YAO_SHA256_LEN]);

/* ---- entries that were opened ------------------------------------------- */

/** An entry with its key, as it is handed to whom it is about. Unchecked. */
typedef struct yao_audit_opening {
    uint64_t             index;
    yao_text             text;
    yao_bytes            key, leaf;
    const yao_tlog_hash *proof; /* NULL: none stands there */
    size_t               proof_count;
} yao_audit_opening;

/**
 * Read one of a JSON object.
 *
 * Shape   {"index", "text", "key", "leaf", "proof": [hash ...] / absent}
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED  another shape
 *         YAO_E_BASE64, YAO_E_SPACE
 *         YAO_E_LIMIT  more hashes than a proof has; an index below 0
 */
YAO_MUST_USE yao_status yao_audit_read_opening(yao_arena         *arena,
                                               const yao_json    *object,
                                               yao_audit_opening *ret);

/** What it says. */
typedef struct yao_audit_said {
    yao_text        kind;
    yao_time        at;
    const yao_json *detail;
} yao_audit_said;

/**
 * Is the entry what its leaf commits to, and the leaf in the tree of HEAD?
 *
 * In      head  NULL: who asks found the leaf in the tree
 * Errors  YAO_E_BAD_DIGEST  it is not, or not in that tree
 *         YAO_E_MISSING     no proof, and a head
 *         YAO_E_MISMATCH    kind or hour are not the leaf's
 *         YAO_E_MALFORMED   the text is no entry; another proof than the sizes
 *                           give
 *         those of yao_audit_read_leaf(), YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_audit_check(yao_arena               *arena,
                                        const yao_crypto        *crypto,
                                        const yao_audit_opening *opening,
                                        const yao_tlog_head     *head,
                                        yao_audit_said          *ret);

/* ---- the page that an authority vouches for ----------------------------- */

#define YAO_AUDIT_PAGE_KIND YAO_TEXT("page.publish")

/** What an entry says of a page. */
typedef struct yao_audit_page {
    yao_text log;  /* whose: its origin */
    yao_text page; /* "wallet" */
    uint64_t version;
    uint8_t  hash[YAO_SHA256_LEN]; /* of cache.json, which has the others' */
    uint64_t index;                /* where in the log */
    yao_time at;
    yao_text keys[YAO_AUDIT_MAX_KEYS]; /* of the log, from here on */
    size_t   key_count;
} yao_audit_page;

/** May a page be called so: a letter of a-z, then letters, digits and "-"? */
bool yao_audit_is_page_name(yao_text name);

/** Append it as JSON: the note of what was seen. */
void yao_audit_page_put(yao_writer *w, const yao_audit_page *page);

/** Read such a note. Errors: YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_BASE64,
 *  YAO_E_LIMIT, YAO_E_VALUE, YAO_E_SPACE, those of JSON: another shape. */
YAO_MUST_USE yao_status yao_audit_page_read(yao_arena *arena, yao_bytes input,
                                            yao_audit_page *ret);

/**
 * What an entry that was checked says of a page. Index and log are not in it.
 *
 * Errors  YAO_E_MISMATCH  it is about something else
 *         YAO_E_VALUE     a version of 0, a name that may not be, a hash of
 *                         another length
 *         YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_BASE64, YAO_E_LIMIT,
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_audit_page_take(yao_arena            *arena,
                                            const yao_audit_said *said,
                                            yao_audit_page       *ret);

/** A statement that nobody has checked. */
typedef struct yao_audit_pending {
    yao_tlog_signed   note; /* to be verified by the home */
    yao_text          origin;
    yao_audit_opening opening;
} yao_audit_pending;

/**
 * What must be checked so that STATEMENT is of the log that was seen before.
 *
 * In      seen  of the last one; NULL: none was seen, and its own keys do
 * Errors  YAO_E_UNTRUSTED  none of the keys that were seen signed it
 *         YAO_E_MISMATCH   it names keys of several logs
 *         YAO_E_MISSING    it names none
 *         YAO_E_LIMIT      longer than YAO_AUDIT_MAX_STATEMENT, or too many
 *         those of JSON, of yao_tlog_key_read(), yao_tlog_note_read(),
 *         yao_tlog_note_begin() and yao_audit_read_opening()
 */
YAO_MUST_USE yao_status yao_audit_page_begin(yao_arena            *arena,
                                             const yao_crypto     *crypto,
                                             yao_bytes             statement,
                                             const yao_audit_page *seen,
                                             yao_audit_pending    *ret);

/** Which page is to be vouched for. */
typedef struct yao_audit_wanted {
    yao_text              page;
    yao_bytes             list; /* its cache.json */
    const yao_audit_page *seen; /* as above */
} yao_audit_wanted;

/**
 * Does the log vouch for this page?
 *
 * Errors  YAO_E_BAD_SIGNATURE, YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the checkpoint
 *         YAO_E_BAD_DIGEST      the entry is not in the log
 *         YAO_E_MISMATCH        it is of another page, or no page's
 *         YAO_E_EXPIRED         an older version than was seen
 *         YAO_E_DUPLICATE       the version that was seen, of other files
 *         YAO_E_NOT_AUTHORISED  of other files than these
 *         those of yao_tlog_checkpoint_conclude(), yao_audit_check() and
 *         yao_audit_page_take()
 */
YAO_MUST_USE yao_status yao_audit_page_conclude(
    yao_arena *arena, const yao_crypto *crypto,
    const yao_audit_pending *pending, const yao_audit_wanted *wanted,
    yao_audit_page *ret);

#endif
