/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CHECK_H
#define YAO_TEST_CHECK_H

/**
 * A test program is a table of sentences; each row is one cmocka case, with
 * its own name and its own TAP line.
 *
 *     static void shape(void **state) { const row *r = *state; ... }
 *     int main(void)
 *     {
 *         for (size_t i = 0; i < COUNT(rows); i++)
 *             test_add("read_validity", rows[i].name, shape, &rows[i]);
 *         return test_run("mdoc/validity");
 *     }
 */

/* cmocka wants these before it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "yaopai/arena.h"
#include "yaopai/writer.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/** Add a case named "GROUP: NAME". STATE reaches FN as *state. */
void test_add(const char *group, const char *name, CMUnitTestFunction fn,
              const void *state);

/** Run all that were added, print TAP, give the exit code for main(). */
int test_run(const char *suite);

/** A big arena that is emptied before each case. */
yao_arena *test_arena(void);

/** Bytes of a hex string, in the arena of test_arena(). Blanks are skipped;
 *  anything else that is no hex digit ends the test program. */
yao_bytes test_unhex(const char *hex);

/** A whole file under $YAOPAI_VECTORS, or an empty ptr when it is not set (the
 *  case should then call skip()). A file that is not there ends the program. */
yao_bytes test_vector(const char *path);

/** Are the published vectors there? */
bool test_have_vectors(void);

/** A file of the source tree, by its path from the root. */
yao_bytes test_file(const char *path);

/** Assert two statuses, printing their names when they differ. */
#define assert_status(got, want)                                               \
    assert_string_equal(yao_status_name(got), yao_status_name(want))

#define assert_bytes(got, want)                                                \
    do {                                                                       \
        yao_bytes got_ = (got), want_ = (want);                                \
        assert_int_equal(got_.len, want_.len);                                 \
        if (want_.len != 0)                                                    \
            assert_memory_equal(got_.ptr, want_.ptr, want_.len);               \
    } while (0)

/* ---- sweeps, applied to every module ---- */

/** Reads INPUT; CONTEXT is the test's own. */
typedef yao_status (*test_reader)(yao_bytes input, void *context);

/** Every proper prefix of GOOD is refused (each copied into memory of exactly
 *  its size, so that a sanitizer sees a byte too far). */
void test_every_prefix(test_reader read, yao_bytes good, void *context);

/** Every single-bit flip of GOOD: READ must refuse it, or ALLOWED (may be NULL)
 *  says why byte AT does not matter. */
void test_every_bit(test_reader read, yao_bytes good, void *context,
                    bool (*allowed)(size_t at, void *context));

/** Writes something into W / takes memory from ARENA. */
typedef yao_status (*test_writer)(yao_writer *w, void *context);
typedef yao_status (*test_taker)(yao_arena *arena, void *context);

/** Every buffer from 0 bytes up gives YAO_E_SPACE until it fits, and then what
 *  was measured; nothing is written behind its end. */
void test_every_room(test_writer write, void *context);

/** Every arena from 0 bytes up (in steps of 16) gives YAO_E_SPACE until WORK
 *  is YAO_OK; at most LIMIT bytes. */
void test_every_arena(test_taker work, void *context, size_t limit);

#endif
