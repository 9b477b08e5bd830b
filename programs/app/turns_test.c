/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall() */
#include "app/turns.h"

#include "check.h"

#include <poll.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What the wall's clock was ahead when it was read, before it was set back. */
static atomic_long ahead;

int clock_gettime(clockid_t which, struct timespec *ret)
{
    int code = (int)syscall(SYS_clock_gettime, which, ret);

    if (which == CLOCK_REALTIME)
        ret->tv_sec += ahead;
    return code;
}

typedef struct seen {
    atomic_uint turns, last;
} seen;

static void see(void *ctx, unsigned turn)
{
    seen *s = ctx;

    s->last = turn;
    s->turns++;
}

static void gives_the_first_at_once(void **state)
{
    app_turns t = {.running = false};
    seen      s = {0};

    (void)state;
    assert_status(app_turns_start(&t, see, &s), YAO_OK);
    for (unsigned i = 0; i < 6000 && s.turns == 0; i++)
        (void)poll(NULL, 0, 10);
    app_turns_stop(&t);
    assert_int_equal(s.turns, 1);
    assert_int_equal(s.last, 0);
    assert_false(t.running);
}

static void goes_on(void **state)
{
    app_turns t = {.every = 1};
    seen      s = {0};

    (void)state;
    ahead = 3600;
    assert_status(app_turns_start(&t, see, &s), YAO_OK);
    for (unsigned i = 0; i < 6000 && s.turns < 2; i++)
        (void)poll(NULL, 0, 10);
    ahead = 0;
    app_turns_stop(&t);
    assert_true(s.turns >= 2);
}

static void gives_nothing_to_stop(void **state)
{
    app_turns t = {.running = false};

    (void)state;
    app_turns_stop(&t); /* it never ran */
    assert_false(t.running);
}

int main(void)
{
    test_add("turns", "gives the first at once, and none after the end",
             gives_the_first_at_once, NULL);
    test_add("turns", "gives the next when the clock was set back", goes_on,
             NULL);
    test_add("turns", "accepts an end where there was no beginning",
             gives_nothing_to_stop, NULL);
    return test_run("app/turns");
}
