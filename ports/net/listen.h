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
    char     path[108]; /* that we made; else "" */
} net_socket;

/** Errors: as net_server_listen(). */
YAO_MUST_USE yao_status net_socket_open(const char *place, net_socket *ret);

/** Close it, and remove its path. */
void net_socket_close(net_socket *socket);

#endif
