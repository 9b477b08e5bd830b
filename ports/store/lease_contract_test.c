/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises about leading: one holds a lease, it ends by
 * itself, and who was thought dead writes nothing.
 */

#include "store/store.h"

#include "check.h"
#include "program.h"
#include "stores.h"

#include <pthread.h>

#define LISTS YAO_TEXT("lists")

static yao_status take(unsigned owner, yao_time now, int64_t *fence)
{
    numbered n = number(owner);

    return store_take_lease(s, LISTS, ID(n), now, 10, fence);
}

/* A fact that is noted by who leads with FENCE. */
static yao_status write_as(int64_t fence, const char *name)
{
    store_change change = store_change_open(test_arena());

    store_put_fence(&change, LISTS, fence);
    store_put_fact(&change, yao_text_of(name), YAO_LIT("x"));
    return store_commit(s, &change);
}

static void gives_lease(void **state)
{
    int64_t first = 0, again = 0, other = 99;

    (void)state;
    open_new();
    assert_status(take(1, NOW, &first), YAO_OK);
    assert_true(first > 0);
    assert_status(take(1, NOW + 5, &again), YAO_OK);
    assert_int_equal(again, first);
    assert_status(take(2, NOW + 14, &other), YAO_E_LOCKED);
    assert_int_equal(other, 99);
    assert_status(take(2, NOW + 15, &other), YAO_OK);
    assert_true(other > first);
    assert_status(take(1, NOW + 16, &again), YAO_E_LOCKED);
    done();
}

static void gives_each_its_own(void **state)
{
    numbered n1 = number(1), n2 = number(2);
    int64_t  fence = 0;

    (void)state;
    open_new();
    assert_status(
        store_take_lease(s, YAO_TEXT("log"), ID(n1), NOW, 10, &fence), YAO_OK);
    assert_status(store_take_lease(s, LISTS, ID(n2), NOW, 10, &fence), YAO_OK);
    done();
}

static void gives_what_was_given_back(void **state)
{
    numbered n1 = number(1), n2 = number(2);
    int64_t  first = 0, second = 0;

    (void)state;
    open_new();
    assert_status(take(1, NOW, &first), YAO_OK);
    assert_status(store_give_lease(s, LISTS, ID(n2)), YAO_OK); /* not its own */
    assert_status(take(2, NOW, &second), YAO_E_LOCKED);
    assert_status(store_give_lease(s, LISTS, ID(n1)), YAO_OK);
    assert_status(take(2, NOW, &second), YAO_OK);
    assert_true(second > first);
    done();
}

static void refuses_old_fence(void **state)
{
    int64_t   first = 0, second = 0;
    yao_bytes value;

    (void)state;
    open_new();
    assert_status(write_as(1, "nobody leads"), YAO_E_NOT_FOUND);
    assert_status(take(1, NOW, &first), YAO_OK);
    assert_status(write_as(first, "a"), YAO_OK);
    /* ended, but nobody else took it: nobody else wrote */
    assert_status(take(2, NOW + 10, &second), YAO_OK);
    assert_status(write_as(first, "b"), YAO_E_NOT_FOUND);
    assert_status(store_get_fact(s, YAO_TEXT("b"), test_arena(), &value),
                  YAO_E_NOT_FOUND);
    assert_status(write_as(second + 1, "b"), YAO_E_NOT_FOUND);
    assert_status(write_as(second, "b"), YAO_OK);
    /* and back again: the first one's old fence stays old */
    assert_status(take(1, NOW + 20, &second), YAO_OK);
    assert_status(write_as(first, "c"), YAO_E_NOT_FOUND);
    done();
}

/* A leader whose clock was a year ahead must not end all leading. */
static void gives_when_clocks_go_back(void **state)
{
    int64_t first = 0, second = 0;

    (void)state;
    open_new();
    assert_status(take(1, NOW, &first), YAO_OK);
    assert_status(take(2, NOW - 59, &second), YAO_E_LOCKED);
    assert_status(take(2, NOW - 60, &second), YAO_E_LOCKED);
    assert_status(take(2, NOW - 61, &second), YAO_OK);
    assert_true(second > first);
    assert_status(write_as(first, "a"), YAO_E_NOT_FOUND);
    /* the owner whose own clock went back goes on, for less */
    assert_status(take(2, NOW - 1000, &first), YAO_OK);
    assert_int_equal(first, second);
    assert_status(take(1, NOW - 990, &first), YAO_OK);
    done();
}

static void refuses_odd_times(void **state)
{
    numbered n     = number(1);
    int64_t  fence = 99;

    (void)state;
    open_new();
    assert_status(take(1, -1, &fence), YAO_E_USAGE);
    assert_status(take(1, YAO_TIME_MAX + 1, &fence), YAO_E_USAGE);
    assert_status(store_take_lease(s, LISTS, ID(n), NOW, 0, &fence),
                  YAO_E_USAGE);
    assert_status(store_take_lease(s, LISTS, ID(n), NOW, 86401, &fence),
                  YAO_E_USAGE);
    assert_int_equal(fence, 99);
    done();
}

/* ---- sixteen who want to lead ---- */

typedef struct racer {
    pthread_t  thread;
    unsigned   n;
    yao_status answer;
} racer;

static void *race(void *arg)
{
    racer  *r     = arg;
    int64_t fence = 0;

    r->answer = take(r->n, NOW, &fence);
    return NULL;
}

static void gives_lease_to_one(void **state)
{
    enum { RACERS = 16 };
    racer  racers[RACERS];
    size_t won = 0;

    (void)state;
    open_new();
    for (unsigned i = 0; i < RACERS; i++) {
        racers[i].n = i + 1;
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        won += racers[i].answer == YAO_OK;
        if (racers[i].answer != YAO_OK)
            assert_status(racers[i].answer, YAO_E_LOCKED);
    }
    assert_int_equal(won, 1);
    done();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives it to one, and to another when it ended", gives_lease},
    {"gives leases of other names to others", gives_each_its_own},
    {"gives what was given back, by its owner only", gives_what_was_given_back},
    {"N289 refuses what an old leader writes", refuses_old_fence},
    {"gives it when an end is too far off to be true",
     gives_when_clocks_go_back},
    {"refuses times that are none", refuses_odd_times},
    {"gives it to one of sixteen who race", gives_lease_to_one},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines("lease", rows[i].name, rows[i].run);
    int code = test_run("store/lease_contract");
    test_scratch_remove();
    return code;
}
