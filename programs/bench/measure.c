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
    double        *samples; /* seconds of single operations; NULL: not taken */
    size_t         sample_count, sample_cap;
} side;

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* One operation, and its time where that is asked for. */
static bool operate(side *s, void *world)
{
    if (s->sample_count == s->sample_cap)
        return s->work(world, s->index++);

    double started = cpu_seconds();
    bool   done    = s->work(world, s->index++);

    s->samples[s->sample_count++] = cpu_seconds() - started;
    return done;
}

static bool turn(side *s, void *world)
{
    double started = cpu_seconds();

    for (size_t i = 0; i < s->per_turn; i++)
        if (!operate(s, world))
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

/* ---- single operations -------------------------------------------------- */

static bool take_samples(side *s, size_t rounds)
{
    size_t cap = rounds * TURNS * s->per_turn;

    s->samples    = malloc(cap * sizeof *s->samples);
    s->sample_cap = s->samples != NULL ? cap : 0;
    return s->samples != NULL;
}

/* What SHARE of them take at most, in microseconds. */
static double quantile(side *s, double share)
{
    qsort(s->samples, s->sample_count, sizeof *s->samples, compare);
    size_t at = (size_t)(share * (double)s->sample_count);

    if (at >= s->sample_count)
        at = s->sample_count - 1;
    return s->samples[at] * 1e6;
}

/* ---- the whole ---------------------------------------------------------- */

static bool play(side *work, side *limit, void *world, size_t rounds,
                 yao_measured *ret)
{
    double rates[YAO_BENCH_MAX_ROUNDS], limits[YAO_BENCH_MAX_ROUNDS];
    double ratios[YAO_BENCH_MAX_ROUNDS];

    for (size_t i = 0; i < rounds; i++) {
        if (!play_round(work, limit, world))
            return false;
        rates[i]  = (double)work->count / work->seconds;
        limits[i] = (double)limit->count / limit->seconds;
        ratios[i] = rates[i] / limits[i];
    }
    ret->per_second       = median(rates, rounds);
    ret->limit_per_second = median(limits, rounds);
    ret->ratio            = median(ratios, rounds);
    return true;
}

bool yao_measure(const yao_contest *contest, void *world, size_t rounds,
                 yao_measured *ret)
{
    side         work  = {.work = contest->work};
    side         limit = {.work = contest->limit};
    yao_measured m     = {.name  = contest->name,
                          .goal  = contest->goal,
                          .share = contest->share};

    if (rounds < 1 || rounds > YAO_BENCH_MAX_ROUNDS ||
        !calibrate(&work, world) || !calibrate(&limit, world))
        return false;

    bool done = contest->share <= 0 || (take_samples(&work, rounds) &&
                                        take_samples(&limit, rounds));
    done = done && play(&work, &limit, world, rounds, &m);
    if (done && contest->share > 0) {
        m.microseconds       = quantile(&work, contest->share);
        m.limit_microseconds = quantile(&limit, contest->share);
    }
    free(work.samples);
    free(limit.samples);
    if (done)
        *ret = m;
    return done;
}
