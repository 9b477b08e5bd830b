/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_LISTEN_H
#define YAO_NET_LISTEN_H

/** Sockets that wait for connections; the places are those of
 *  net_server_listen(). */

#include "net/server.h"

typedef struct net_socket {
    int      fd;
    unsigned port; /* of TCP */
    bool     local; /* a Unix socket */
    bool     given; /* somebody else has it too, and may go on listening */
    char     path[108]; /* that we made; else "" */
} net_socket;

/** Errors: as net_server_listen(). */
YAO_MUST_USE yao_status net_socket_open(const char *place, net_socket *ret);

/** Nobody comes any more: its path is removed, and unless it was given it
 *  listens no more. It stays open for the thread that may be looking at it. */
void net_socket_end(net_socket *socket);

/** The same, and close it. */
void net_socket_close(net_socket *socket);

#endif
