/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#include <stdlib.h>

#define YEAR (INT64_C(365) * YAO_TIME_DAY)

enum { MAX_TBS = 2048, LIST_ROOM = 4 * 1024 * 1024 };

/* ---- the issuer's certificates ----------------------------------------- */

/* Sign REQUEST with KEY; the certificate lies in the world's memory. */
static yao_status certify(yao_world *w, const yao_x509_request *request,
                          yao_openssl_key *key, yao_bytes *ret)
{
    uint8_t    buffer[MAX_TBS], signature[YAO_MAX_SIGNATURE];
    yao_writer tbs = yao_writer_open(buffer, sizeof buffer);
    size_t     len;

    YAO_TRY(yao_x509_put_tbs(&tbs, request, w->crypto));
    yao_sign_wish wish =
        yao_sign_wish_of(request->alg, (yao_bytes){buffer, tbs.len});
    YAO_TRY(yao_openssl_sign(key, &wish, signature, &len));

    yao_writer out = yao_writer_in(&w->memory);
    yao_x509_put_certificate(&out, (yao_bytes){buffer, tbs.len}, request->alg,
                             (yao_bytes){signature, len});
    return yao_writer_keep(&out, &w->memory, ret);
}

/* Many signers; they differ in their serial number. */
static yao_status make_signers(yao_world *w, yao_x509_request *request,
                               yao_openssl_key *root)
{
    uint8_t serial[10] = {0x22};

    request->serial = (yao_bytes){serial, sizeof serial};
    for (size_t i = 0; i < YAO_BENCH_SIGNERS; i++) {
        serial[8] = (uint8_t)(i >> 8);
        serial[9] = (uint8_t)i;
        YAO_TRY(certify(w, request, root, &w->signers[i]));
    }
    return YAO_OK;
}

static yao_status make_issuer(yao_world *w, yao_openssl_key *root)
{
    yao_x509_request request = {
        .kind        = YAO_X509_ROOT,
        .alg         = YAO_ES256,
        .serial      = YAO_LIT("\x11\x22\x33\x44\x55\x66\x77\x88\x99\x10"),
        .country     = YAO_TEXT("UT"),
        .common_name = YAO_TEXT("SPECIMEN root of the bench"),
        .not_before  = YAO_BENCH_NOW - YEAR,
        .not_after   = YAO_BENCH_NOW + 5 * YEAR,
        .key         = yao_openssl_key_public(root),
        .issuer_uri  = YAO_TEXT("https://authority.example"),
        .crl_uri     = YAO_TEXT("https://authority.example/crl")};
    yao_certificate issuer;

    YAO_TRY(certify(w, &request, root, &w->anchor.certificate));
    w->anchor.role = YAO_ROLE_ISSUER;
    YAO_TRY(yao_x509_read(w->anchor.certificate, &issuer));

    request.kind        = YAO_X509_SIGNER;
    request.common_name = YAO_TEXT("SPECIMEN signer of the bench");
    request.not_before  = YAO_BENCH_NOW - 30 * YAO_TIME_DAY;
    request.not_after   = YAO_BENCH_NOW + YEAR;
    request.key         = yao_openssl_key_public(w->signer);
    request.issuer      = &issuer;
    request.san_uri     = YAO_TEXT("https://authority.example");
    YAO_TRY(certify(w, &request, root, &w->chain[0]));
    return make_signers(w, &request, root);
}

yao_status yao_world_draw(yao_world *world, size_t len)
{
    if (world->entropy.rest.len >= len)
        return YAO_OK;

    world->entropy.rest = (yao_bytes){world->random, len * YAO_BENCH_COPIES};
    return yao_openssl_random(world->random, len * YAO_BENCH_COPIES);
}

/* ---- the whole ---------------------------------------------------------- */

static yao_status make(yao_world *w, yao_openssl_key **root,
                       yao_openssl_key **devices)
{
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, root));
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &w->signer));
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i++) {
        YAO_TRY(yao_openssl_key_generate(YAO_ES256, &devices[i]));
        w->device_keys[i] = yao_openssl_key_public(devices[i]);
    }
    YAO_TRY(make_issuer(w, *root));
    YAO_TRY(yao_world_make_list(w));
    YAO_TRY(yao_world_make_mdocs(w, devices));
    YAO_TRY(yao_world_make_cards(w, devices));
    YAO_TRY(yao_world_make_tokens(w, devices));
    YAO_TRY(yao_world_make_exchanges(w, devices));
    YAO_TRY(yao_world_make_meetings(w));
    return yao_world_make_gate(w, devices);
}

yao_world *yao_world_open(void)
{
    yao_openssl_key *root                       = NULL;
    yao_openssl_key *devices[YAO_BENCH_HOLDERS] = {NULL};
    yao_world       *w                          = calloc(1, sizeof *w);

    if (w == NULL)
        return NULL;
    w->memory    = (yao_arena){malloc(YAO_BENCH_MEMORY), YAO_BENCH_MEMORY, 0};
    w->scratch   = (yao_arena){malloc(YAO_BENCH_SCRATCH), YAO_BENCH_SCRATCH, 0};
    w->list_room = (yao_arena){malloc(LIST_ROOM), LIST_ROOM, 0};
    w->openssl   = yao_openssl_open();
    w->bare      = yao_bare_open();

    bool made = w->memory.base != NULL && w->scratch.base != NULL &&
                w->list_room.base != NULL && w->openssl != NULL &&
                w->bare != NULL;
    if (made) {
        w->crypto = yao_openssl_crypto(w->openssl);
        made      = make(w, &root, devices) == YAO_OK;
    }
    yao_openssl_key_close(root);
    for (size_t i = 0; i < YAO_BENCH_HOLDERS; i++)
        yao_openssl_key_close(devices[i]);
    if (made)
        return w;

    yao_world_close(w);
    return NULL;
}

void yao_world_close(yao_world *world)
{
    if (world == NULL)
        return;

    yao_world_end_exchanges(world);
    yao_world_end_meetings(world);
    yao_world_end_gate(world);
    yao_openssl_key_close(world->signer);
    yao_openssl_close(world->openssl);
    yao_bare_close(world->bare);
    free(world->memory.base);
    free(world->scratch.base);
    free(world->list_room.base);
    free(world);
}
