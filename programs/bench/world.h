/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BENCH_WORLD_H
#define YAO_BENCH_WORLD_H

/**
 * What the contests need, made anew in each run: an issuer with its
 * certificates, documents of many holders with a key each, and the bare
 * primitives of OpenSSL.
 */

#include "app/bare.h"
#include "card/card.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"
#include "vp/request.h"
#include "yaopai/openssl.h"
#include "yaopai/status.h"

enum {
    YAO_BENCH_HOLDERS  = 128, /* each with a key of its own */
    YAO_BENCH_ELEMENTS = 26,
    YAO_BENCH_COPIES   = 8, /* of one batch: random bytes are drawn together */
    YAO_BENCH_RANDOM   = YAO_BENCH_COPIES * 36 * YAO_BENCH_ELEMENTS,
    YAO_BENCH_SIGNERS  = 512, /* twice what a home remembers */
    YAO_BENCH_ENTRIES  = 1000000, /* of a status list */
    YAO_BENCH_EXCHANGES = 64, /* of OpenID4VP, half of them with an mdoc */
    YAO_BENCH_MEETINGS  = 32, /* across a counter */
    YAO_BENCH_REQUEST   = 1024, /* bytes of the first message there */
    YAO_BENCH_CODES     = 1024, /* that a gate reads, one each second */
    YAO_BENCH_MEMORY   = 8 * 1024 * 1024,
    YAO_BENCH_SCRATCH  = 256 * 1024
};

#define YAO_BENCH_NOW INT64_C(1795305600) /* 2026-11-22T00:00:00Z */

/** A request, the key that was made for it, and what came. */
typedef struct yao_bench_exchange {
    yao_vp_ask       ask;
    yao_openssl_key *key;
    yao_bytes        body;
    yao_bytes        sealed; /* as many bytes as were encrypted */
} yao_bench_exchange;

/** A wallet's key of one session, and the first message to it. */
typedef struct yao_bench_meeting {
    yao_openssl_key *key;
    yao_bytes        message;
} yao_bench_meeting;

typedef struct yao_bench_gate yao_bench_gate;

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

    yao_bench_exchange exchanges[YAO_BENCH_EXCHANGES];
    yao_bench_meeting  meetings[YAO_BENCH_MEETINGS];
    yao_bytes          codes[YAO_BENCH_CODES]; /* letters of open cards */
    yao_bench_gate    *gate;

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
yao_status yao_world_make_exchanges(yao_world *world,
                                    yao_openssl_key **devices);
yao_status yao_world_make_meetings(yao_world *world);
yao_status yao_world_make_gate(yao_world *world, yao_openssl_key **devices);

/** And give back what they hold. */
void yao_world_end_exchanges(yao_world *world);
void yao_world_end_meetings(yao_world *world);
void yao_world_end_gate(yao_world *world);

/** A document of HOLDER, in ARENA; a card of CONTENT, in the scratch; a card
 *  as it is shown at NOW, in the memory. */
yao_status yao_world_issue_mdoc(yao_world *world, yao_arena *arena,
                                size_t holder, yao_bytes *ret);
yao_status yao_world_issue_token(yao_world *world, yao_arena *arena,
                                 size_t holder, yao_bytes *ret);
yao_status yao_world_issue_card(yao_world *w, const yao_card_content *content,
                                yao_bytes *ret);
yao_status yao_world_show_card(yao_world *w, yao_openssl_key *device,
                               yao_bytes issued, yao_time now, yao_bytes *ret);

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
bool yao_bench_vp_response(void *world, size_t index);
bool yao_bench_session_open(void *world, size_t index);
bool yao_bench_gate_card(void *world, size_t index);

/**
 * The bounds: one ECDSA P-256 signature; two verifications (of issuer and
 * holder); SHA-256 over the bytes that are walked: app/bare.h.
 */
bool yao_bench_bare_sign(void *world, size_t index);
bool yao_bench_bare_verify_two(void *world, size_t index);
bool yao_bench_bare_hash(void *world, size_t index);
bool yao_bench_bare_verify(void *world, size_t index);

/** What bounds an answer: an agreement, AES-256-GCM over as many bytes, two
 *  verifications. What bounds a session: an agreement, AES-256-GCM. */
bool yao_bench_bare_response(void *world, size_t index);
bool yao_bench_bare_session(void *world, size_t index);

/** What bounds lists: the test of a bit in the same bytes at the same places;
 *  packing the same bytes. */
bool yao_bench_bare_bits(void *world, size_t index);
bool yao_bench_bare_deflate(void *world, size_t index);

#endif
