/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DEMO_SERVERS_H
#define YAO_DEMO_SERVERS_H

/** The authority, the wallet provider and the hotel's desk as processes of their
 *  own on loopback. They end with the demo, whatever ends it. */

#include <sys/types.h>

#include "demo/stage.h"

/** Where each of them would like to listen, counted from --port. */
enum {
    YAO_DEMO_PORT      = 8440,
    YAO_DEMO_AUTHORITY = 0,
    YAO_DEMO_WALLET    = 1,
    YAO_DEMO_DESK      = 2,
    YAO_DEMO_KIOSK     = 3,
    YAO_DEMO_CONSOLE   = 4,
    YAO_DEMO_PLACES    = 5
};

typedef struct yao_demo_ports {
    unsigned at[YAO_DEMO_PLACES];
} yao_demo_ports;

/** Those that begin at FIRST. */
yao_demo_ports yao_demo_wish_ports(unsigned first);

/** Ports that are free now: those of PORTS, and instead of one that is busy the
 *  next free one behind all of them. Errors: YAO_E_NET, there are none. */
YAO_MUST_USE yao_status yao_demo_find_ports(yao_demo_ports *ports);

typedef struct yao_demo_server {
    const char *name; /* of its log below log/ */
    pid_t       pid;  /* 0: it does not run */
} yao_demo_server;

/**
 * Start a server, as typed: words until NULL; wait until it says that it is
 * ready. What went wrong is told, with the end of its log.
 */
void yao_demo_start(yao_stage *stage, yao_demo_server *server, ...);

/** SIGTERM, and wait for its end; SIGKILL when it takes too long. */
void yao_demo_stop(yao_demo_server *server);

/** The last lines of its log, for people. */
void yao_demo_tell_log(const yao_stage *stage, const yao_demo_server *server);

#endif
