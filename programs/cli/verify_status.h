/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CLI_VERIFY_STATUS_H
#define YAO_CLI_VERIFY_STATUS_H

/** The part of `yaopai verify` that is about status lists: those at hand
 *  (--status), and one that is itself to be judged. */

#include "app/command.h"
#include "app/pem.h"
#include "yaopai/verify.h"

typedef struct verify_status { /* crypto is set before all else */
    const yao_crypto *crypto;
    yao_anchor       *anchors; /* for status lists */
    size_t            anchor_count;
    yao_text          uri;     /* --uri; empty: any */
    uint64_t          index;   /* --idx, when ASKS */
    bool              asks;
} verify_status;

/**
 * Read --status-max-age, --uri, --idx and every list of --status.
 *
 * In      given    what --trust trusts by hand, for documents: here it is
 *                  trusted for status lists too, explicitly. A bundle says
 *                  itself what its roots are for
 *         options  format, anchors, now, skew and strict are there
 * Out     options  gets the lists that could be verified, behind those that it
 *                  has. One that could not is said on standard error, and not
 *                  used: what it would have said stays unknown
 * Gives   the exit code: 0, or what an option or a file that can't be read is
 */
int verify_status_take(verify_status *ret, const yao_invocation *call,
                       const yao_anchors *given, yao_arena *arena,
                       yao_verify_options *options);

/** Is FORMAT that of a status list? */
bool verify_status_is(yao_format format);

/**
 * Judge one list of options->format as the document that it is.
 *
 * Out     ret  one document, whose attributes are what the list says, with the
 *              value at --idx
 * Errors  2xx, YAO_E_LIMIT, YAO_E_SPACE: INPUT is none
 */
YAO_MUST_USE yao_status verify_status_judge(const verify_status *s,
                                            yao_bytes            input,
                                            const yao_verify_options *options,
                                            yao_arena   *arena,
                                            yao_result **ret);

#endif
