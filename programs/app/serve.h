/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SERVE_H
#define YAO_APP_SERVE_H

/**
 * What every server of ours shares: listeners, signals, telling the service
 * manager, and a few routes of its own.
 *
 *     GET /health   on every listener: the process answers
 *     GET /ready    on every listener: it can do its work (503 while it starts,
 *                   ends, or its own test says no)
 *     GET /metrics  on the admin socket: for supervision
 *
 * It runs until SIGTERM, SIGINT or SIGHUP; requests under way are answered
 * then, new connections are not taken. A second signal ends it at once.
 *
 * On standard output stands one line for each listener, for programs:
 *
 *     listening public http://127.0.0.1:8440
 *     ready
 */

#include "app/router.h"

enum { APP_GRACE_MS = 10 * 1000 };

/** Where to listen. */
typedef struct app_listener {
    const char *name;  /* for the lines: "public" */
    const char *place; /* as net_server_listen(); NULL or "": not at all */
    unsigned    label;
    const char *url;   /* its public address; "": it has none */
} app_listener;

typedef struct app_serving {
    const char         *program; /* "authority" */
    const app_listener *listeners; /* that of the admin socket among them */
    size_t              listener_count; /* APP_MAX_LISTENERS at most */
    unsigned            admin; /* label of the admin socket */
    const app_routes   *tables;
    size_t              table_count;
    app_doors           doors;
    void               *server; /* app_call.server */
    unsigned            workers; /* 0: as many as usual */
    size_t              memory; /* of a worker's arena; 0: as usual */
    unsigned            connections, per_address;
    unsigned            grace_ms; /* 0: APP_GRACE_MS */

    const yao_crypto *(*crypto)(void *server, unsigned worker);
    /* Can it work? May be NULL. Asked by /ready, in a worker's thread. */
    yao_status (*ready)(void *server);
    /* Called when everything listens, before the first request: start threads,
     * register gauges. NET is for net_server_wake(). Both may be NULL. */
    yao_status (*started)(void *server, net_server *net, app_metrics *metrics);
    /* Called when no handler runs any more, also after a failed start. */
    void (*stopped)(void *server);
} app_serving;

/** Its own routes, for who describes them: on every listener, and on the admin
 *  socket. */
enum { APP_OWN_ROUTES = 2, APP_OWN_ADMIN_ROUTES = 1 };
extern const app_route app_own_routes[APP_OWN_ROUTES];
extern const app_route app_own_admin_routes[APP_OWN_ADMIN_ROUTES];

/** Where it went wrong. */
typedef struct app_serve_trouble {
    const char *place; /* of a listener; "routes"; else NULL */
} app_serve_trouble;

/**
 * Serve until a signal. To be called before other threads are started.
 *
 * Errors  those of app_router_open(), net_server_listen() and
 *         net_server_start(); of STARTED
 */
YAO_MUST_USE yao_status app_serve(const app_serving *s,
                                  app_serve_trouble *trouble);

/** Before secrets are read: no core files, no debugger of other people, more
 *  open files, less memory for many threads. */
void app_harden(void);

#endif
