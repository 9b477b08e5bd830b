/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BARE_H
#define YAO_BARE_H

/**
 * The bare primitives of OpenSSL that bound what we do, by the fastest ordinary
 * way through its EVP layer: fetched digest, contexts kept, key imported
 * before, result left in DER. For measuring beside them, never for use.
 *
 * Threads: a yao_bare belongs to one thread.
 */

#include "yaopai/base.h"

typedef struct yao_bare yao_bare;

/** NULL when OpenSSL fails. */
yao_bare *yao_bare_open(void);
void      yao_bare_close(yao_bare *bare);

/** "OpenSSL 3.0.19 ..." as the library calls itself. */
const char *yao_bare_version(void);

/** One ECDSA P-256 signature; one verification; SHA-256 over INPUT; one new
 *  P-256 key. False when it failed. INDEX makes digests differ. */
bool yao_bare_sign(yao_bare *bare, size_t index);
bool yao_bare_verify(yao_bare *bare);
bool yao_bare_hash(yao_bare *bare, yao_bytes input);
bool yao_bare_generate(yao_bare *bare);

/** One agreement on P-256 with a peer who was imported before; INPUT sealed
 *  with AES-256-GCM under a key and a nonce that are set anew. */
bool yao_bare_agree(yao_bare *bare);
bool yao_bare_seal(yao_bare *bare, yao_bytes input);

/** Seconds that one of each takes, by CPU time of this thread. */
typedef struct yao_bare_costs {
    double sign, verify, hash /* of 64 bytes */, generate, agree;
} yao_bare_costs;

/** Measure all in turns of two milliseconds for about a tenth of a second; the
 *  medians count. False when one failed. */
bool yao_bare_measure(yao_bare *bare, yao_bare_costs *ret);

#endif
