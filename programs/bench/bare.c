/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

bool yao_bench_bare_sign(void *world, size_t index)
{
    return yao_bare_sign(((yao_world *)world)->bare, index);
}

bool yao_bench_bare_verify(void *world, size_t index)
{
    (void)index;
    return yao_bare_verify(((yao_world *)world)->bare);
}

bool yao_bench_bare_verify_two(void *world, size_t index)
{
    return yao_bench_bare_verify(world, index) &&
           yao_bench_bare_verify(world, index);
}

bool yao_bench_bare_hash(void *world, size_t index)
{
    const yao_world *w = world;

    (void)index;
    return yao_bare_hash(w->bare, w->issued);
}

bool yao_bench_bare_response(void *world, size_t index)
{
    const yao_world *w      = world;
    yao_bytes        sealed = w->exchanges[index % YAO_BENCH_EXCHANGES].sealed;

    return yao_bare_agree(w->bare) && yao_bare_seal(w->bare, sealed) &&
           yao_bench_bare_verify_two(world, index);
}

bool yao_bench_bare_session(void *world, size_t index)
{
    const yao_world *w = world;

    (void)index;
    return yao_bare_agree(w->bare) &&
           yao_bare_seal(w->bare, (yao_bytes){w->issued.ptr,
                                              YAO_BENCH_REQUEST});
}
