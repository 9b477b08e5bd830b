/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_BENCH_MEASURE_H
#define YAO_BENCH_MEASURE_H

/**
 * How fast something is, as a share of what bounds it.
 *
 * An absolute time on a shared machine says nothing. So the work and its
 * limit (the bare primitive that it cannot do without) run in turns of about
 * two milliseconds, each timed by the CPU time of this thread; a round is many
 * turns of both; the medians over the rounds count.
 */

#include <stdbool.h>
#include <stddef.h>

/** One operation, the INDEX-th; false when it failed. */
typedef bool (*yao_bench_work)(void *world, size_t index);

typedef struct yao_contest {
    const char    *name;
    yao_bench_work work;
    yao_bench_work limit;
    double         goal;  /* design 8; 0: none */
    double         share; /* of single operations: what so many of them take
                             at most is told too; 0: nothing is */
} yao_contest;

typedef struct yao_measured {
    const char *name;
    double      per_second; /* operations per second of CPU time */
    double      limit_per_second;
    double      ratio; /* median of the rounds' ratios */
    double      goal;
    double      share;
    double      microseconds; /* that SHARE of the operations take at most */
    double      limit_microseconds;
} yao_measured;

#define YAO_BENCH_MAX_ROUNDS 99

/** Measure CONTEST in ROUNDS (1..YAO_BENCH_MAX_ROUNDS); false when an
 *  operation failed. */
bool yao_measure(const yao_contest *contest, void *world, size_t rounds,
                 yao_measured *ret);

#endif
