/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BENCH_WORLD_H
#define YAO_BENCH_WORLD_H

/**
 * What the contests need, made anew in each run: an issuer with its
 * certificates, documents of many holders with a key each, and the bare
 * primitives of OpenSSL.
 */

#include "app/bare.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"
#include "yaopai/status.h"
#include "yaopai/openssl.h"

enum {
    YAO_BENCH_HOLDERS  = 128, /* each with a key of its own */
    YAO_BENCH_ELEMENTS = 26,
    YAO_BENCH_COPIES   = 8, /* of one batch: random bytes are drawn together */
    YAO_BENCH_RANDOM   = YAO_BENCH_COPIES * 36 * YAO_BENCH_ELEMENTS,
    YAO_BENCH_SIGNERS  = 512, /* twice what a home remembers */
    YAO_BENCH_ENTRIES  = 1000000, /* of a status list */
    YAO_BENCH_MEMORY   = 4 * 1024 * 1024,
    YAO_BENCH_SCRATCH  = 256 * 1024
};

#define YAO_BENCH_NOW INT64_C(1795305600) /* 2026-11-22T00:00:00Z */

typedef struct yao_world {
    yao_arena         memory;  /* what lives as long as the world */
    yao_arena         scratch; /* of one operation */
    yao_openssl      *openssl;
    const yao_crypto *crypto;
    yao_openssl_key  *signer;
    yao_bytes         chain[1];
    yao_anchor        anchor;
    yao_public_key    device_keys[YAO_BENCH_HOLDERS];
    uint8_t           random[YAO_BENCH_RANDOM];
    yao_entropy       entropy; /* what is left of it */

    yao_mdoc_element elements[YAO_BENCH_ELEMENTS];
    yao_bytes        transcript;
    yao_bytes        issued; /* one IssuerSigned with all elements */
    yao_bytes        responses[YAO_BENCH_HOLDERS];

    const yao_json *claims;
    yao_bytes       tokens[YAO_BENCH_HOLDERS];

    yao_bytes       cards[YAO_BENCH_HOLDERS]; /* open ones, shown */
    yao_bytes       signers[YAO_BENCH_SIGNERS]; /* certificates */
    yao_status_list list;
    yao_arena       list_room; /* of one list that is made */

    yao_bare *bare;
} yao_world;

/** NULL when something failed. */
yao_world *yao_world_open(void);
void       yao_world_close(yao_world *world);

/** See that LEN random bytes for one copy are left; drawn for a batch. */
yao_status yao_world_draw(yao_world *world, size_t len);

/** Fill in what the mdoc and the SD-JWT contests read (called by open). */
yao_status yao_world_make_mdocs(yao_world *world, yao_openssl_key **devices);
yao_status yao_world_make_tokens(yao_world *world, yao_openssl_key **devices);
yao_status yao_world_make_cards(yao_world *world, yao_openssl_key **devices);
yao_status yao_world_make_list(yao_world *world);

/** One operation each (see measure.h; WORLD is a yao_world). */
bool yao_bench_mdoc_issue(void *world, size_t index);
bool yao_bench_mdoc_verify(void *world, size_t index);
bool yao_bench_sdjwt_issue(void *world, size_t index);
bool yao_bench_sdjwt_verify(void *world, size_t index);
bool yao_bench_card_verify(void *world, size_t index);
bool yao_bench_cbor_walk(void *world, size_t index);
bool yao_bench_chain_check(void *world, size_t index);
bool yao_bench_status_lookup(void *world, size_t index);
bool yao_bench_status_build(void *world, size_t index);

/**
 * The bounds: one ECDSA P-256 signature; two verifications (of issuer and
 * holder); SHA-256 over the bytes that are walked: app/bare.h.
 */
bool yao_bench_bare_sign(void *world, size_t index);
bool yao_bench_bare_verify_two(void *world, size_t index);
bool yao_bench_bare_hash(void *world, size_t index);
bool yao_bench_bare_verify(void *world, size_t index);

/** What bounds lists: the test of a bit in the same bytes at the same places;
 *  packing the same bytes. */
bool yao_bench_bare_bits(void *world, size_t index);
bool yao_bench_bare_deflate(void *world, size_t index);

#endif
