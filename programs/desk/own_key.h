/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_OWN_KEY_H
#define YAO_DESK_OWN_KEY_H

/**
 * The key of one request, to which its answer is encrypted. It is sealed with
 * what else the desk keeps of the request, and its public part beside it: most
 * who open the request need that only, and to read a private key is dear.
 */

#include "app/key.h"
#include "cbor/cbor.h"

/** Zero: there is none. */
typedef struct desk_own_key {
    yao_public_key public;
    yao_bytes der; /* PKCS#8, secret; empty: `key` is open */
    yao_key  *key;
} desk_own_key;

/** Make one. Errors: those of yao_key_generate(). */
YAO_MUST_USE yao_status desk_own_key_make(desk_own_key *ret);

/** Close, and wipe; zero-initialised ones too. */
void desk_own_key_close(desk_own_key *k);

/** Is there one? */
bool desk_own_key_is(const desk_own_key *k);

/** Room for what desk_own_key_put() writes. */
enum { DESK_OWN_KEY_ROOM = 2 * YAO_MAX_PRIVATE };

/** Write one that was made: [x, y, PKCS#8]; none: []. Errors: those of
 *  yao_key_write(). */
YAO_MUST_USE yao_status desk_own_key_put(yao_writer         *w,
                                         const desk_own_key *k);

/**
 * Read it.
 *
 * Out     ret  views into what is read; to be closed
 * Errors  YAO_E_MALFORMED, those of yao_public_key_make()
 */
YAO_MUST_USE yao_status desk_own_key_get(yao_cbor_reader *r,
                                         desk_own_key    *ret);

/** Errors: YAO_E_MISSING (none), those of yao_key_read(), yao_key_agree(). */
YAO_MUST_USE yao_status desk_own_key_agree(desk_own_key         *k,
                                           const yao_agree_wish *wish,
                                           uint8_t              *out);

#endif
