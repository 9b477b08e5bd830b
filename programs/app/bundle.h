/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_BUNDLE_H
#define YAO_APP_BUNDLE_H

/**
 * A trust list in a file (VICAL, relying parties, bundle), opened by who holds
 * the first anchor, and remembered so that no older one passes for it later.
 *
 *     app_bundle_options o = {.path = "bundle.cose", .anchor = "root.pem",
 *                             .now = yao_now(), .skew = 60, .keep = true};
 *     app_bundle b;
 *     status = app_bundle_open(crypto, &o, &b);
 *     if (status != YAO_OK)
 *         return app_bundle_tell(&b, &o, status, what);
 *     app_bundle_apply(&b, &verify_options);
 *     ...
 *     app_bundle_close(&b);
 *
 * Status lists in it are verified and unpacked: one that fails refuses the
 * bundle. With `packed` they wait, and speak for nobody, until somebody needs
 * them: 200 lists of a million entries are 25 MB.
 *
 * Format: docs/formats/trust.md.
 */

#include "app/words.h"
#include "document/document.h"
#include "trust/trust.h"
#include "yaopai/verify.h"

/** Seconds after which a list is called stale (used, and said aloud). */
#define APP_BUNDLE_FRESH (24 * 3600)

typedef struct app_bundle_options {
    const char    *path;
    const char    *anchor; /* PEM or DER file with one trust root; or
                              "sha256:" and 64 hex digits, which trust-root.pem
                              in the list's folder must have */
    const char    *seen;   /* NULL: PATH with ".seen" behind it */
    yao_trust_kind wanted; /* UNKNOWN: any */
    yao_time       now;
    yao_time       skew;
    bool           strict;
    bool           keep;   /* write down what was seen; else only read it */
    bool           packed; /* status lists are verified, but unpacked only by
                              app_bundle_unpack() */
} app_bundle_options;

/** What was being looked at. */
typedef enum app_bundle_place {
    APP_BUNDLE_LIST = 0,    /* the list itself */
    APP_BUNDLE_ANCHOR,      /* the first anchor */
    APP_BUNDLE_SEEN,        /* the note of what was seen before */
    APP_BUNDLE_STATUS_LIST, /* a status list in it */
    APP_BUNDLE_FILES        /* a file of the catalogue in it */
} app_bundle_place;

typedef struct app_bundle {
    yao_trust_verified     list;
    yao_status_list       *lists; /* verified, unpacked */
    size_t                 list_count;
    struct app_packed_list *packed; /* one each; NULL: none ever was */
    yao_catalogue          catalogue; /* shipped, with the files it brings */
    size_t                 other_files; /* of the catalogue, that this program
                                           has otherwise or not at all: the
                                           authority works with another one */
    yao_report             report; /* of the list; on failure as far as it got,
                                      with the rows of the status list that
                                      failed behind it */
    app_bundle_place       place;  /* on failure */
    bool                   seen_any; /* something was seen before */
    yao_arena              arena;  /* all of it */
} app_bundle;

/**
 * Open, check, remember.
 *
 * Out     ret  report and place also on failure; else close it with
 *              app_bundle_close()
 * Errors  YAO_E_USAGE      no anchor given, or not a fingerprint
 *         YAO_E_FILE       a file could not be read, or SEEN not be written
 *         YAO_E_MISSING    no certificate in the anchor's file
 *         YAO_E_DUPLICATE  more than one
 *         YAO_E_MISMATCH   its fingerprint is another
 *         those of yao_trust_parse(), yao_trust_read_seen(),
 *         yao_trust_conclude(), yao_statuslist_*(), yao_inflate(),
 *         yao_document_load()
 */
YAO_MUST_USE yao_status app_bundle_open(const yao_crypto         *crypto,
                                        const app_bundle_options *options,
                                        app_bundle               *ret);

/** Free it; zero-initialised or failed ones too. */
void app_bundle_close(app_bundle *b);

/**
 * Unpack the lists of URI that still are packed.
 *
 * Gives   true when LISTS says something else than before. One that can't be
 *         unpacked says nothing from then on: cannot check is never accepted
 */
bool app_bundle_unpack(app_bundle *b, yao_text uri);

/** Let verification use it: anchors, signers, status lists. What OPTIONS had
 *  of these is replaced. */
void app_bundle_apply(const app_bundle *b, yao_verify_options *options);

/** Keep MOMENT, which was seen signed elsewhere (a status list that was
 *  fetched): a clock that stands before it is wrong from now on. */
YAO_MUST_USE yao_status app_bundle_raise(const yao_crypto         *crypto,
                                         app_bundle               *b,
                                         const app_bundle_options *options,
                                         yao_time                  moment);

/** Tell why it was refused, and what to do; gives the exit code. WHAT is what
 *  the program was doing. */
int app_bundle_tell(const app_bundle *b, const app_bundle_options *options,
                    yao_status status, yao_words what);

/** "43 min", "3 d": an age for people, in the language that is set. */
const char *app_age(yao_time seconds, char *out, size_t cap);

#endif
