/* SPDX-License-Identifier: Apache-2.0 */
/* Instead of programs/app/clock.c in a build with -Dtest_hooks=true: a clock
 * that a test sets, so that what ends after days can be seen to end.
 * $YAOPAI_TEST_CLOCK names a file that holds how many seconds it is ahead, or
 * "=" and the second at which it stands still; it is read each time, since a
 * server is to see time pass. */

#include "app/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

yao_time yao_test_hook_clock(yao_time now);

yao_time yao_test_hook_clock(yao_time now)
{
    const char *path  = getenv("YAOPAI_TEST_CLOCK");
    FILE       *file  = path == NULL ? NULL : fopen(path, "re");
    char        text[32];
    yao_time    then  = now;

    if (file == NULL)
        return now;
    if (fgets(text, sizeof text, file) != NULL)
        then = text[0] == '=' ? strtol(text + 1, NULL, 10)
                              : now + strtol(text, NULL, 10);
    (void)fclose(file);
    return then;
}

yao_time yao_now(void)
{
    return yao_test_hook_clock((yao_time)time(NULL));
}
