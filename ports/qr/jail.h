/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_QR_JAIL_H
#define YAO_QR_JAIL_H

/** A process that gives up all but computing. */

#include <stdbool.h>

/** Bytes of memory above what a process has. */
enum { QR_JAIL_MEMORY = 256 * 1024 * 1024 };

/**
 * From here on this process may compute for SECONDS, take QR_JAIL_MEMORY,
 * write to FD and end. All other files are closed; no new process, file,
 * socket or core dump is made. Where the kernel has seccomp (Linux on x86-64
 * and AArch64), any other system call fails.
 *
 * Out     false when a limit could not be set: then nothing may be decoded
 */
bool qr_jail_enter(int fd, int seconds);

#endif
