/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CLOCK_H
#define YAO_TEST_CLOCK_H

/**
 * Clocks that a test moves, of programs that were built with -Dtest_hooks=true
 * (tests/hooks/clock.c). This program is one of them: its yao_now() is that of
 * the clock in use.
 *
 *     clock_use("desk");            // whoever starts from now on has this one
 *     test_server_start(&s, ...);
 *     clock_set("desk", 600);       // ten minutes ahead, while it runs
 *     clock_use("wallet");          // another one, for another program
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/files.h"
#include "check.h"
#include "program.h"

static inline void clock_set(const char *name, long ahead)
{
    char file[64], text[32];

    snprintf(file, sizeof file, "clock-%s", name);
    snprintf(text, sizeof text, "%ld\n", ahead);
    assert_status(yao_file_write(test_scratch_path(file),
                                 yao_text_bytes(yao_text_of(text)), 0600,
                                 false),
                  YAO_OK);
}

static inline void clock_use(const char *name)
{
    char file[64];

    snprintf(file, sizeof file, "clock-%s", name);
    setenv("YAOPAI_TEST_CLOCK", test_scratch_path(file), 1);
}

/** Was this built with hooks? */
static inline bool clock_moves(void)
{
    clock_use("try");
    clock_set("try", 1000000);
    return yao_now() > (yao_time)time(NULL) + 500000;
}

#endif
