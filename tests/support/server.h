/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_SERVER_H
#define YAO_TEST_SERVER_H

/**
 * The built program as a server.
 *
 *     test_server s;
 *     test_server_start(&s, "authority serve -C @/a --listen 127.0.0.1:0 "
 *                           "--kiosk-listen none --console-listen none");
 *     ... test_server_port(&s, "public") ...
 *     assert_int_equal(test_server_stop(&s), 0);
 *
 * It dies with the test program. What it prints on standard error is in a
 * file, for those who look for what must not be there.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct test_server {
    pid_t pid;
    char  lines[2048]; /* "listening public http://127.0.0.1:1\n...ready\n" */
    char  log[4200];   /* path of its standard error */
} test_server;

/** Start `yaopai LINE` and wait until it says "ready". False: it ended before
 *  (the log says why). */
bool test_server_start(test_server *s, const char *line);

/** Where NAME listens: a port of 127.0.0.1; 0: nowhere. */
unsigned test_server_port(const test_server *s, const char *name);

/** A port of 127.0.0.1 for a server that is told where to listen, or COUNT
 *  after one another (the first of them). This program holds them until it
 *  ends, whether a server is there or not: no other program that asks for any
 *  port, or connects from one, gets them meanwhile. */
unsigned test_free_port(void);
unsigned test_free_ports(unsigned count);

/** SIGTERM, and its exit code; -1: a signal ended it. */
int test_server_stop(test_server *s);

/** Send SIGNAL; wait for the end as test_server_stop() does. */
void test_server_signal(const test_server *s, int signal);
int  test_server_wait(test_server *s);

#endif
