/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#include "inflate/inflate.h"
#include "statuslist/statuslist.h"

/* ---- a list of a million, one in a hundred of it revoked ----------------- */

enum { LIST_BYTES = YAO_BENCH_ENTRIES / 8, EVERY = 100 };

/* Steps through all indexes, each far from the last: 7919 is prime and divides
 * no million. */
static uint64_t far_from(size_t step)
{
    return (uint64_t)step * 7919 % YAO_BENCH_ENTRIES;
}

/* ---- looking up --------------------------------------------------------- */

enum { LOOKUPS = 256, PLACES = 64 * LOOKUPS };

/* Worked out before, so that only the look-up is measured. */
static uint32_t places[PLACES];

static const uint32_t *places_of(size_t index)
{
    return &places[index * LOOKUPS % PLACES];
}

yao_status yao_world_make_list(yao_world *world)
{
    uint8_t *entries = yao_arena_take(&world->memory, LIST_BYTES);

    if (entries == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < YAO_BENCH_ENTRIES / EVERY; i++)
        YAO_TRY(yao_status_set(entries, LIST_BYTES, 1, far_from(i), 1));
    for (size_t i = 0; i < PLACES; i++)
        places[i] = (uint32_t)far_from(i);
    YAO_TRY(yao_status_of_bytes((yao_bytes){entries, LIST_BYTES}, 1,
                                &world->list));
    world->list.uri       = YAO_TEXT("https://authority.example/status/1");
    world->list.issued_at = YAO_BENCH_NOW;
    world->list.expires   = YAO_BENCH_NOW + 7 * YAO_TIME_DAY;
    world->list.anchor    = world->anchor.certificate;
    return YAO_OK;
}

/* What the look-ups gave: nobody may leave them out. */
static volatile uint64_t seen;

bool yao_bench_status_lookup(void *world, size_t index)
{
    const yao_world *w     = world;
    const uint32_t  *at    = places_of(index);
    uint64_t         found = 0;
    uint8_t          value;

    for (size_t i = 0; i < LOOKUPS; i++) {
        if (yao_status_get(&w->list, at[i], &value) != YAO_OK)
            return false;
        found += value;
    }
    seen = found;
    return true;
}

bool yao_bench_bare_bits(void *world, size_t index)
{
    const uint8_t  *bytes = ((const yao_world *)world)->list.entries.ptr;
    const uint32_t *at    = places_of(index);
    uint64_t        found = 0;

    for (size_t i = 0; i < LOOKUPS; i++)
        found += bytes[at[i] >> 3] >> (at[i] & 7) & 1;
    seen = found;
    return true;
}

/* ---- making ------------------------------------------------------------- */

static yao_status pack(yao_world *w, yao_bytes *ret)
{
    yao_deflate_wish wish = {.input = w->list.entries};

    w->list_room.used = 0;
    return yao_deflate(&wish, &w->list_room, ret);
}

/* From a million states to a signed CWT. */
static yao_status build(yao_world *w)
{
    uint8_t               *entries, signature[YAO_MAX_SIGNATURE];
    size_t                 len;
    yao_statuslist_issuing issuing;
    yao_statuslist_request request = {
        .form        = YAO_STATUSLIST_CWT,
        .uri         = YAO_TEXT("https://authority.example/statuslists/1"),
        .issued_at   = YAO_BENCH_NOW,
        .expires     = YAO_BENCH_NOW + 7 * YAO_TIME_DAY,
        .ttl         = 43200,
        .bits        = 1,
        .alg         = YAO_ES256,
        .chain       = w->chain,
        .chain_count = 1};

    YAO_TRY(pack(w, &request.compressed));
    entries = yao_arena_take(&w->list_room, LIST_BYTES);
    if (entries == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < YAO_BENCH_ENTRIES / EVERY; i++)
        YAO_TRY(yao_status_set(entries, LIST_BYTES, 1, far_from(i), 1));
    YAO_TRY(yao_statuslist_write(&w->list_room, &request, &issuing));
    YAO_TRY(yao_openssl_sign(w->signer, &issuing.wish, signature, &len));

    yao_writer out = yao_writer_in(&w->list_room);
    yao_bytes  token;
    YAO_TRY(yao_statuslist_put(&out, &issuing, (yao_bytes){signature, len}));
    return yao_writer_keep(&out, &w->list_room, &token);
}

bool yao_bench_status_build(void *world, size_t index)
{
    (void)index;
    return build(world) == YAO_OK;
}

bool yao_bench_bare_deflate(void *world, size_t index)
{
    yao_bytes packed;

    (void)index;
    return pack(world, &packed) == YAO_OK;
}
