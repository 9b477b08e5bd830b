/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CLI_VERIFY_TRUST_H
#define YAO_CLI_VERIFY_TRUST_H

/** Whom `yaopai verify` trusts: what --trust, --trust-anchor and --trust-seen
 *  say. A file is PEM (or a JWK), a bundle, or a VICAL. */

#include "app/bundle.h"
#include "app/command.h"
#include "app/pem.h"

enum { VERIFY_MAX_BUNDLES = 8 };

typedef struct verify_trust {
    yao_anchors given; /* by hand */
    app_bundle  bundles[VERIFY_MAX_BUNDLES];
    size_t      count;
} verify_trust;

/**
 * Take all of them; tell when one is refused, and give the exit code.
 *
 * In      options  now, skew and strict are read
 * Out     options  anchors, signers, lists: those of all files together, in
 *                  ARENA
 */
int verify_trust_take(verify_trust *t, const yao_invocation *call,
                      const yao_crypto *crypto, yao_arena *arena,
                      yao_verify_options *options);

/** Close what was opened. */
void verify_trust_close(verify_trust *t);

#endif
