/* SPDX-License-Identifier: Apache-2.0 */

/**
 * store-load URL SECONDS: put things into a store as fast as it takes them,
 * then count which of them are there. Whatever happened to the store meanwhile:
 * what was acknowledged must be there, and what was refused must not.
 *
 * Used by tools/patroni-drill. Prints one line of JSON; exit code 0: no lie.
 */

#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8, MOST = 200000, KIND = 77 };

static store *s;
static double until;

typedef struct worker {
    pthread_t thread;
    uint32_t  number;
    uint32_t  count;
    bool     *acknowledged; /* MOST of them */
    double    longest;      /* between two acknowledgements */
} worker;

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_hash(uint8_t hash[STORE_HASH_LEN], uint32_t who, uint32_t n)
{
    memset(hash, 0x5a, STORE_HASH_LEN);
    /* spread, as keyed hashes are */
    uint32_t mixed = (n * 2654435761u) ^ who;
    memcpy(hash, &mixed, 4);
    memcpy(hash + 4, &who, 4);
    memcpy(hash + 8, &n, 4);
}

static void *work(void *arg)
{
    worker *w    = arg;
    double  last = now_s();

    while (w->count < MOST && now_s() < until) {
        _Alignas(16) uint8_t memory[2048];
        yao_arena            arena  = {memory, sizeof memory, 0};
        store_change         change = store_change_open(&arena);
        uint8_t              hash[STORE_HASH_LEN];
        store_once once = {KIND, {hash, sizeof hash}, YAO_TIME_MAX, {NULL, 0}};

        make_hash(hash, w->number, w->count);
        store_put_once(&change, &once);
        bool done = store_commit(s, &change) == YAO_OK;
        w->acknowledged[w->count++] = done;
        if (!done)
            continue;
        if (now_s() - last > w->longest)
            w->longest = now_s() - last;
        last = now_s();
    }
    return NULL;
}

/* Is it there? It is taken away. */
static yao_status take(uint32_t worker_number, uint32_t n)
{
    _Alignas(16) uint8_t memory[2048];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);
    uint8_t              hash[STORE_HASH_LEN];

    make_hash(hash, worker_number, n);
    store_take_once(&change, KIND, (yao_bytes){hash, sizeof hash}, 1, NULL);
    return store_commit(s, &change);
}

typedef struct sums {
    unsigned acknowledged, refused, lost, ghosts, unknown;
    double   longest;
} sums;

static void count_one(sums *sum, bool acknowledged, yao_status found)
{
    sum->acknowledged += acknowledged;
    sum->refused += !acknowledged;
    if (found == YAO_E_NOT_FOUND)
        sum->lost += acknowledged;
    else if (found == YAO_OK)
        sum->ghosts += !acknowledged;
    else
        sum->unknown++;
}

/* Taking is quick in groups only: each worker's things by its own thread. */
typedef struct checking {
    pthread_t thread;
    worker   *w;
    sums      sum;
} checking;

static void *check(void *arg)
{
    checking *c = arg;

    for (uint32_t i = 0; i < c->w->count; i++)
        count_one(&c->sum, c->w->acknowledged[i], take(c->w->number, i));
    c->sum.longest = c->w->longest;
    return NULL;
}

static void add(sums *to, const sums *from)
{
    to->acknowledged += from->acknowledged;
    to->refused += from->refused;
    to->lost += from->lost;
    to->ghosts += from->ghosts;
    to->unknown += from->unknown;
    if (from->longest > to->longest)
        to->longest = from->longest;
}

static yao_status open_store(const char *url)
{
    yao_status status =
        store_open(&(store_options){.url = url, .now = time(NULL)}, &s);

    if (status == YAO_E_NOT_FOUND)
        status = store_open(
            &(store_options){.url = url, .create = true, .now = time(NULL)},
            &s);
    return status;
}

static bool start(worker *w, uint32_t number)
{
    w->number       = number;
    w->acknowledged = calloc(MOST, sizeof *w->acknowledged);
    return w->acknowledged != NULL &&
           pthread_create(&w->thread, NULL, work, w) == 0;
}

int main(int argc, char **argv)
{
    static worker   workers[THREADS];
    static checking checks[THREADS];
    sums            sum = {0};

    if (argc != 3 || open_store(argv[1]) != YAO_OK) {
        fputs("store-load URL SECONDS: the store can't be opened\n", stderr);
        return 7;
    }
    puts("loading");
    fflush(stdout);
    until = now_s() + strtod(argv[2], NULL);
    for (uint32_t i = 0; i < THREADS; i++)
        if (!start(&workers[i], i))
            return 7;
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        checks[i].w = &workers[i];
        if (pthread_create(&checks[i].thread, NULL, check, &checks[i]) != 0)
            return 7;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(checks[i].thread, NULL);
        add(&sum, &checks[i].sum);
        free(workers[i].acknowledged);
    }
    store_close(s);
    printf("{\"acknowledged\":%u,\"refused\":%u,\"lost\":%u,\"ghosts\":%u,"
           "\"unknown\":%u,\"longest_gap_s\":%.1f}\n",
           sum.acknowledged, sum.refused, sum.lost, sum.ghosts, sum.unknown,
           sum.longest);
    return sum.lost + sum.ghosts + sum.unknown == 0 ? 0 : 3;
}
