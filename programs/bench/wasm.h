/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BENCH_WASM_H
#define YAO_BENCH_WASM_H

/** Verification by the core for a page, in Node. */

#include "bench/measure.h"
#include "bench/world.h"

#define YAO_BENCH_WASM "wasm_verify"

/** Is this a clone in which wasm/build has run? */
bool yao_bench_wasm_is_there(void);

/** Measure, of half the rate at which WebCrypto imports a key and verifies;
 *  false: no Node, or it failed. */
bool yao_bench_wasm(const yao_world *world, size_t rounds, yao_measured *ret);

#endif
