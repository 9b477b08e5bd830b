/* SPDX-License-Identifier: Apache-2.0 */
/* Instead of programs/app/clock.c in a build with -Dtest_hooks=true: a clock
 * that a test sets, so that what ends after days can be seen to end.
 * $YAOPAI_TEST_CLOCK names a file that holds how many seconds it is ahead; it
 * is read each time, since a server is to see time pass. */

#include "app/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

long yao_test_hook_clock(void);

long yao_test_hook_clock(void)
{
    const char *path  = getenv("YAOPAI_TEST_CLOCK");
    FILE       *file  = path == NULL ? NULL : fopen(path, "re");
    char        text[32];
    long        ahead = 0;

    if (file == NULL)
        return 0;
    if (fgets(text, sizeof text, file) != NULL)
        ahead = strtol(text, NULL, 10);
    (void)fclose(file);
    return ahead;
}

yao_time yao_now(void)
{
    return (yao_time)time(NULL) + yao_test_hook_clock();
}
