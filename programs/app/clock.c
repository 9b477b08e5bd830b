/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of every program; tests/hooks/clock.c takes its place in a build
 * with -Dtest_hooks=true. */

#include "app/files.h"

#include <time.h>

yao_time yao_now(void)
{
    return (yao_time)time(NULL);
}
