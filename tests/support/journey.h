/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_JOURNEY_H
#define YAO_TEST_JOURNEY_H

/** What conversations with the built program do again and again. Each of these
 *  fails the case when it is not so, and says what was there instead. */

#include "check.h"
#include "json/json.h"
#include "program.h"

/** Type LINE (test_type()); it ends with CODE. */
const test_output *test_must(const char *line, int code);

/** The last output contains TEXT. */
void test_says(const char *text);

/** A file of the scratch folder: written for its owner alone; read into the
 *  arena of test_arena(). */
void      test_write(const char *name, yao_bytes content);
yao_bytes test_read(const char *name);

/** A passphrase in a file that $YAOPAI_PASSPHRASE_FILE names. */
void test_use_passphrase(void);

/** The people of the demo and their portraits: @/people.jsonl. */
void test_write_people(void);

/** Wait, when less than SECONDS are left of this SPAN of seconds (a minute, a
 *  day of UTC), until the next begins: what is counted for each of them is
 *  counted in one. */
void test_stay_within(int64_t span, int64_t seconds);

/** Something may come for a minute; where there is nothing else to do it comes
 *  at once. WAIT is a while between two looks, and takes back what they took
 *  of test_arena(); false: it did not come.
 *
 *     test_patience p = test_patience_begin();
 *     while (!came() && test_wait(&p))
 *         continue;
 */
typedef struct test_patience {
    int64_t until; /* by yao_milliseconds() */
    size_t  mark;
} test_patience;

test_patience test_patience_begin(void);
bool          test_wait(const test_patience *p);

/** VALUE is a string that fits; ended by a NUL. */
void test_keep_text(const yao_json *value, char *out, size_t cap);

/** The number of the one person of a file of people. */
void test_keep_number(const char *name, char *out, size_t cap);

/** None of the values stands in the file at PATH; in any file of FOLDER or
 *  below. Gives how many files those are. */
void   test_is_nowhere_in(const char *path, const char *const *values,
                          size_t count);
size_t test_is_nowhere_below(const char *folder, const char *const *values,
                             size_t count);

#endif
