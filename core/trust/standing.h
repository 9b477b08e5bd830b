/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TRUST_STANDING_H
#define YAO_TRUST_STANDING_H

/**
 * The standing code of a counter: on paper, signed by the registrar, scanned by
 * the person. It says whose counter this is, where it stands, what is asked
 * there, and where a session is opened; by which key that session must ask.
 *
 *     YAO_TRY(yao_standing_read(&arena, letters, &s));
 *     YAO_TRY(yao_standing_check(&arena, &s, &terms, &check));
 *     YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
 *     YAO_TRY(yao_standing_conclude(&s, &check, list, &party));
 *     ... ask the person; then a session at s.url, of this reader alone ...
 *
 * A code that was photographed opens sessions elsewhere too: what the desk does
 * about it (a number that the phone shows) is in docs/formats/standing.md.
 */

#include "cose/cose.h"
#include "trust/trust.h"

/** Letters of a code; bytes of what is in it. */
#define YAO_STANDING_PREFIX  "YS1:"
#define YAO_STANDING_LETTERS 1200u
#define YAO_STANDING_BYTES   768u

/** Bytes of its id; letters of its place; of its address. */
#define YAO_STANDING_ID    16
#define YAO_STANDING_PLACE 64u
#define YAO_STANDING_URL   256u

/** What it says. */
typedef struct yao_standing {
    yao_text  url;     /* of the desk, without a slash at its end */
    yao_bytes id;      /* YAO_STANDING_ID bytes, of this code */
    yao_text  profile; /* what is asked here, and nothing else */
    yao_text  place;   /* as people know it */
    yao_bytes reader;  /* SHA-256 of the reader certificate that asks */
    yao_time  expires; /* not good at this second any more */
    yao_cose_message message; /* of one that was read */
} yao_standing;

/* ---- reading ------------------------------------------------------------ */

/** Is it such a code, by its first letters? */
bool yao_standing_is(yao_bytes letters);

/**
 * Read a code. Nothing of it is believed yet.
 *
 * Shape   "YS1:" base45(18([protected {1: alg, 4: kid, 16: typ}, {}, payload,
 *         signature])), payload = {1: tstr, 2: bstr .size 16, 3: tstr, 4: tstr,
 *         5: bstr .size 32, 6: uint}
 * Out     ret  in ARENA
 * Errors  YAO_E_MALFORMED  another shape, prefix or typ; an address with a
 *                          query, a fragment, a blank or a slash at its end
 *         YAO_E_LIMIT      longer than the above
 *         YAO_E_HEADER     no kid, certificates
 *         those of yao_get_base45() and yao_cose_read_message(); YAO_E_SPACE
 * Source  ours: docs/formats/standing.md
 */
YAO_MUST_USE yao_status yao_standing_read(yao_arena *arena, yao_bytes letters,
                                          yao_standing *ret);

/** Whom a wallet believes, and when. */
typedef struct yao_standing_terms {
    const yao_crypto *crypto;
    const yao_anchor *anchors; /* those of YAO_ROLE_READER count: the
                                  registrar's root signs this as it signs reader
                                  certificates */
    size_t            anchor_count;
    yao_time          now;
} yao_standing_terms;

/**
 * What must be checked so that the registrar signed it.
 *
 * Out     ret  lives as long as ARENA and S
 * Errors  YAO_E_UNTRUSTED  the root that it names is none of these
 *         YAO_E_EXPIRED    it, or that root, is over
 *         YAO_E_ALGORITHM  another than that of the root's key
 *         those of yao_cose_check_sign1() and yao_x509_read(); YAO_E_SPACE,
 *         YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_standing_check(yao_arena                *arena,
                                           const yao_standing       *s,
                                           const yao_standing_terms *terms,
                                           yao_signature_check      *ret);

/**
 * Whose counter is it, and may it ask there?
 *
 * In      check  as the home answered it
 *         list   of relying parties; NULL: there is none
 * Errors  YAO_E_BAD_SIGNATURE   the registrar did not sign it
 *         YAO_E_UNSUPPORTED, YAO_E_CRYPTO  nobody could check
 *         YAO_E_NOT_FOUND       its party is not on the list, or asks with
 *                               another certificate today
 *         YAO_E_SUSPENDED       that party was suspended
 *         YAO_E_NOT_AUTHORISED  it did not register the profile
 */
YAO_MUST_USE yao_status yao_standing_conclude(const yao_standing        *s,
                                              const yao_signature_check *check,
                                              const yao_trust_verified  *list,
                                              const yao_trust_party    **ret);

/* ---- making ------------------------------------------------------------- */

/** One that waits for the signature of the registrar's root. */
typedef struct yao_standing_making {
    yao_cose_headers headers;
    yao_bytes        payload;
    yao_sign_wish    wish;
} yao_standing_making;

/**
 * Make one of S.
 *
 * In      root  DER of the registrar's root
 * Out     ret   lives as long as ARENA
 * Errors  YAO_E_USAGE  what would be refused when read; YAO_E_SPACE,
 *         YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status yao_standing_make(yao_arena           *arena,
                                          const yao_crypto    *crypto,
                                          const yao_standing  *s,
                                          yao_sig_alg alg, yao_bytes root,
                                          yao_standing_making *ret);

/** Write its letters. SIGNATURE is r || s. Errors recorded in W: YAO_E_SPACE;
 *  YAO_E_LIMIT: longer than codes may be. */
void yao_standing_put(yao_writer *w, const yao_standing_making *making,
                      yao_bytes signature);

#endif
