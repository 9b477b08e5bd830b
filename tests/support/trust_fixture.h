/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_TRUST_FIXTURE_H
#define YAO_TEST_TRUST_FIXTURE_H

/**
 * Trust lists for tests: an authority with every kind of certificate, contents
 * of every kind, signed. Everything lies in test_arena().
 */

#include "forge.h"
#include "trust/trust.h"

/** Keys, of forge_key(). */
enum {
    TRUST_ISSUER_ROOT = 0,
    TRUST_DOCUMENT    = 1,
    TRUST_READER_ROOT = 2,
    TRUST_READER      = 3,
    TRUST_ROOT        = 4,
    TRUST_SIGNER      = 5,
    TRUST_OTHER       = 6
};

/** Contents are issued an hour before this moment; the next is due a day, the
 *  end a week after the issue. */
#define TRUST_NOW    FORGE_NOW
#define TRUST_ISSUED (FORGE_NOW - 3600)

/** Certificates, the same within one case. */
typedef struct trust_world {
    yao_bytes root, signer;          /* of trust lists */
    yao_bytes issuer_root, document; /* of documents */
    yao_bytes reader_root;
    yao_bytes readers[2];            /* of two relying parties */
    yao_anchor anchor;               /* root, in the role of trust */
} trust_world;

/** Made anew: call it once in a case. */
const trust_world *trust_world_make(void);

/** Good contents of KIND, to be changed. Version 7. */
yao_trust_content trust_content(const trust_world *w, yao_trust_kind kind);

/** CONTENT signed by trust signer's key under CHAIN. */
yao_bytes trust_sign(const yao_trust_content *content, const yao_bytes *chain,
                     size_t count);

/** trust_content() of KIND, signed by the world's signer. */
yao_bytes trust_list(const trust_world *w, yao_trust_kind kind);

/** LIST with another signature, of key KEY over what it now says. */
yao_bytes trust_again(yao_bytes list, int key);

/** Good options for the world's lists. */
yao_trust_options trust_options(const trust_world *w);

/** Parse, begin, verify, conclude. */
yao_status trust_judge(yao_bytes list, const yao_trust_options *options,
                       yao_trust_verified *ret, yao_report *report);

#endif
