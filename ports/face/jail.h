/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_FACE_JAIL_H
#define YAO_FACE_JAIL_H

/** A child that can compute, read files, and talk to us. Private to this
 *  folder. */

#include <stdbool.h>
#include <sys/types.h>

/**
 * Start ARGV[0] (a whole path), its standard input and output being one socket
 * that FD is the other end of, and standard error nothing.
 *
 * It may not gain rights, write files, dump core, have more than 64 files or 2
 * GB of data, and ends when the thread that started it does. Where the kernel
 * has seccomp (Linux on x86-64 and AArch64), it can also make no socket and no
 * process, and change no name in the file system. Its environment is empty
 * but for PATH.
 *
 * Out     child, fd  to be ended by face_jail_end(); written only on true. A
 *                    program that is not there is a child that ends at once
 */
bool face_jail_start(char *const argv[], pid_t *child, int *fd);

/** End CHILD and wait for it; close FD. */
void face_jail_end(pid_t child, int fd);

#endif
