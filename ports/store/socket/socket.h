/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_SOCKET_H
#define YAO_STORE_SOCKET_H

/**
 * A store that is open in a server, for the verbs of the command line.
 *
 *     store_serving *serving;
 *     YAO_TRY(store_serve(s, "DIR/store.sock", &serving));
 *     ... until a signal ...
 *     store_serve_end(serving);
 *
 * Who serves holds the lock DIR/store.sock.lock: there is one. Others open
 * "socket:DIR/store.sock" and use it like any store: what they read is read
 * for them, statement by statement; what they change joins the groups of the
 * server's own writer. Only the same user is let in, and only a program that
 * knows the same statements.
 *
 * Shape   frames: a length of 4 bytes (highest first), a kind, a payload;
 *         the first of a connection carries STORE_SQL_VERSION
 */

#include "store/store.h"

/** Who may be connected at the same time. */
#define STORE_MAX_GUESTS 16

typedef struct store_serving store_serving;

/**
 * Let others use S at the Unix socket PATH (made with mode 0600). S stays open
 * until store_serve_end().
 *
 * Errors  YAO_E_LOCKED  another process serves at PATH
 *         YAO_E_FILE    the lock or the socket can't be made
 *         YAO_E_STORE   no thread
 */
YAO_MUST_USE yao_status store_serve(store *s, const char *path,
                                    store_serving **ret);

/** Send everybody away and stop. NULL is fine. */
void store_serve_end(store_serving *serving);

/** Does a process serve at PATH, or is it about to? */
bool store_is_served(const char *path);

#endif
