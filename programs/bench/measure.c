/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/measure.h"

#include <stdlib.h>
#include <time.h>

#define TURN_SECONDS 0.002

enum { TURNS = 20 };

typedef struct side {
    yao_bench_work work;
    size_t         per_turn;
    size_t         index; /* goes on through all rounds */
    double         seconds;
    size_t         count;
} side;

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool turn(side *s, void *world)
{
    double started = cpu_seconds();

    for (size_t i = 0; i < s->per_turn; i++)
        if (!s->work(world, s->index++))
            return false;

    s->seconds += cpu_seconds() - started;
    s->count += s->per_turn;
    return true;
}

/* How many operations make a turn; warms the caches as well. */
static bool calibrate(side *s, void *world)
{
    for (s->per_turn = 1; s->per_turn < 1u << 24; s->per_turn *= 2) {
        s->seconds = 0;
        if (!turn(s, world))
            return false;
        if (s->seconds >= TURN_SECONDS)
            break;
    }
    return true;
}

static bool play_round(side *work, side *limit, void *world)
{
    work->seconds = limit->seconds = 0;
    work->count = limit->count = 0;
    for (int i = 0; i < TURNS; i++) {
        bool done = i % 2 == 0 ? turn(work, world) && turn(limit, world)
                               : turn(limit, world) && turn(work, world);
        if (!done)
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return count % 2 != 0 ? values[count / 2]
                          : (values[count / 2 - 1] + values[count / 2]) / 2;
}

bool yao_measure(const yao_contest *contest, void *world, size_t rounds,
                 yao_measured *ret)
{
    side   work  = {.work = contest->work};
    side   limit = {.work = contest->limit};
    double rates[YAO_BENCH_MAX_ROUNDS], limits[YAO_BENCH_MAX_ROUNDS];
    double ratios[YAO_BENCH_MAX_ROUNDS];

    if (rounds < 1 || rounds > YAO_BENCH_MAX_ROUNDS ||
        !calibrate(&work, world) || !calibrate(&limit, world))
        return false;

    for (size_t i = 0; i < rounds; i++) {
        if (!play_round(&work, &limit, world))
            return false;
        rates[i]  = (double)work.count / work.seconds;
        limits[i] = (double)limit.count / limit.seconds;
        ratios[i] = rates[i] / limits[i];
    }

    *ret = (yao_measured){.name             = contest->name,
                          .per_second       = median(rates, rounds),
                          .limit_per_second = median(limits, rounds),
                          .ratio            = median(ratios, rounds),
                          .goal             = contest->goal};
    return true;
}
