/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_FILES_H
#define YAO_APP_FILES_H

/** Files, the clock and memory, for programs. Nothing here knows documents. */

#include "yaopai/arena.h"

/** Memory for one command: an arena of CAP bytes, left out of core files. Free
 *  with yao_memory_free: nothing of it stays in the process, since documents
 *  and keys pass through it. */
YAO_MUST_USE yao_status yao_memory_open(size_t cap, yao_arena *ret);
void                    yao_memory_free(yao_arena *arena);

/**
 * Read a whole file, or standard input when PATH is "-".
 *
 * In      most  bytes at most
 * Out     ret   allocated; free with yao_file_free(), which wipes it
 * Errors  YAO_E_FILE  cannot be read;  YAO_E_LIMIT  longer than MOST
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_file_read(const char *path, size_t most,
                                      yao_bytes *ret);
void                    yao_file_free(yao_bytes *file);

/**
 * Write a file all or nothing: a new file beside it, synced, then renamed. Of
 * several processes that write the same one each does it whole.
 *
 * In      mode  0600 for secrets, 0644 otherwise
 *         fresh  refuse with YAO_E_EXISTS when PATH is there
 * Errors  YAO_E_FILE, YAO_E_EXISTS
 */
YAO_MUST_USE yao_status yao_file_write(const char *path, yao_bytes content,
                                       unsigned mode, bool fresh);

/** Remove a file, so that it stays removed when the power fails. Errors:
 *  YAO_E_FILE. */
YAO_MUST_USE yao_status yao_file_remove(const char *path);

/**
 * Be the only process that does what NAME stands for in FOLDER, until the lock
 * is given back or the process ends. The file stays.
 *
 * Out     ret  for yao_lock_give(), which takes -1 too
 * Errors  YAO_E_LOCKED  somebody else does it;  YAO_E_FILE, YAO_E_LIMIT
 */
YAO_MUST_USE yao_status yao_lock_take(const char *folder, const char *name,
                                      int *ret);
void                    yao_lock_give(int lock);

/** Make a folder, also when it is there already. Errors: YAO_E_FILE. */
YAO_MUST_USE yao_status yao_folder_make(const char *path, unsigned mode);

/** Is there something at PATH? Also when nobody lets us look: what may be there
 *  is never taken for absent. */
bool yao_path_exists(const char *path);

/** FOLDER "/" NAME into OUT. Errors: YAO_E_LIMIT. */
YAO_MUST_USE yao_status yao_path_join(const char *folder, const char *name,
                                      char *out, size_t cap);

/** The clock (clock.c). */
yao_time yao_now(void);

/** Milliseconds of a clock that nobody sets: for how long something took. */
int64_t yao_milliseconds(void);

#endif
