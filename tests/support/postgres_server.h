/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_POSTGRES_H
#define YAO_TEST_POSTGRES_H

/** A PostgreSQL of the test program's own, on a Unix socket in a temporary
 *  folder: started when it is first asked for, ended with the program. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** NULL: it runs (and was started now, if it was not before); else why there
 *  is none. */
const char *test_postgres_missing(void);

/** The folder of its socket. */
const char *test_postgres_folder(void);

/** The URL of a new, empty schema. */
void test_postgres_url(char *out, size_t cap);

/** Run SQL behind the store's back, in the schema of URL; the first value of
 *  its answer, or "" when there is none. *FINE (may be NULL): no error. */
const char *test_postgres_sql(const char *url, const char *sql, bool *fine);

/** End it. */
void test_postgres_stop(void);

#endif
