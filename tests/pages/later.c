/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For LD_PRELOAD: the clock of a program that is some seconds ahead, as
 * YAOPAI_LATER says. So a phone of another day stands before a page that was
 * told the same; programs with hooks of their own are tests/hooks.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *ret)
{
    static int (*real)(clockid_t, struct timespec *);
    const char *later = getenv("YAOPAI_LATER");

    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(which, ret);
    if (code == 0 && which == CLOCK_REALTIME && later != NULL)
        ret->tv_sec += strtol(later, NULL, 10);
    return code;
}

time_t time(time_t *ret)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (ret != NULL)
        *ret = now.tv_sec;
    return now.tv_sec;
}
