/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PROGRAM_H
#define YAO_TEST_PROGRAM_H

/** The built program, run as a person would run it. */

#include <stdbool.h>
#include <stddef.h>

typedef struct test_output {
    int  code;         /* exit code; -1 when a signal ended it */
    char out[262144];  /* both streams, ended by a NUL */
    size_t len;
} test_output;

/** Run `yaopai` with ARGV (without the program's name, ended by NULL); INPUT,
 *  when not NULL, is its standard input. */
const test_output *test_run_program(const char *const *argv,
                                    const char        *input);

/** Words separated by blanks; one in single quotes may hold blanks. "@/" at a
 *  word's beginning is the scratch folder, "%/" the published vectors. */
const test_output *test_type(const char *line);

/** The words of LINE as test_type() takes them, ended by NULL; MOST of them
 *  and the NULL fit. Free each. */
size_t test_split(const char *line, char **words, size_t most);

/** A folder that is emptied before the test program ends. */
const char *test_scratch(void);
void        test_scratch_remove(void);

/** PATH below the scratch folder, in one of a few buffers that take turns. */
const char *test_scratch_path(const char *name);

/** Does the last output contain TEXT? */
bool test_said(const char *text);

#endif
