/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_TRUSTING_H
#define YAO_APP_TRUSTING_H

/** Whom a verb trusts: what --trust, --trust-anchor and --trust-seen say. A
 *  file is PEM (or a JWK), a bundle, or a VICAL. With --signer come
 *  certificates of document signers, which cards name only: they are judged
 *  by those who are trusted. A list that was seen at a path, or that an anchor
 *  is given for, can't be replaced by a certificate there. */

#include "app/bundle.h"
#include "app/command.h"
#include "app/pem.h"

enum { APP_MAX_BUNDLES = 8 };

typedef struct app_trusting {
    yao_anchors given;   /* by hand */
    yao_anchors signers; /* by hand; their certificates alone count */
    app_bundle  bundles[APP_MAX_BUNDLES];
    size_t      count;
    bool        packed; /* said before: lists wait for app_trusting_unpack() */
    yao_status_list *lists; /* what options->lists is */
} app_trusting;

/**
 * Take all of them; tell when one is refused, and give the exit code.
 *
 * In      options  now, skew and strict are read
 * Out     options  anchors, signers, lists: those of all files together, in
 *                  ARENA
 */
int app_trusting_take(app_trusting *t, const yao_invocation *call,
                      const yao_crypto *crypto, yao_arena *arena,
                      yao_verify_options *options);

/** Unpack the status lists of URI that still are packed, in the options that
 *  were given too; true when there were any (app_bundle_unpack()). */
bool app_trusting_unpack(app_trusting *t, yao_text uri);

/** Documents and profiles: those of the first bundle, else the shipped. */
const yao_catalogue *app_trusting_catalogue(const app_trusting *t);

/** Close what was opened. */
void app_trusting_close(app_trusting *t);

#endif
