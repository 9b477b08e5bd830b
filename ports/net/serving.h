/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_SERVING_H
#define YAO_NET_SERVING_H

/**
 * The inside of a server, shared by server.c (opening and stopping),
 * exchange.c (what libmicrohttpd calls) and pool.c (threads).
 *
 * Who owns an exchange, the one request of a connection:
 *
 *     the library's thread -- suspended --> the queue --> a worker
 *            ^                                ^             |    |
 *            |                                +-- parked <--+    |
 *            +----------------- resumed -------------------------+
 *
 * While it is suspended the library touches neither the connection nor what it
 * read, so views into its memory hold.
 *
 * The lock guards queue, parked, connections and counts. Nothing of the library
 * is called under it but shutdown() of a socket that is still open: the library
 * closes one only after it has told us, which takes the lock.
 */

#include "net/gate.h"
#include "net/listen.h"

#include <microhttpd.h>
#include <pthread.h>

enum {
    NET_MAX_LISTENERS = 8,
    NET_QUEUE         = 8,          /* requests that wait, for each worker */
    NET_PARK_MOST     = 120 * 1000, /* milliseconds */
    NET_WAKES         = 256
};

#define NET_NEVER INT64_MAX

typedef struct net_listener {
    net_server        *server;
    struct MHD_Daemon *daemon;
    net_socket         socket;
    unsigned           label;
} net_listener;

typedef struct net_connection {
    int      fd;
    int64_t  deadline; /* milliseconds of the monotonic clock */
    bool     idle;     /* between requests */
    char     peer[48];
    int64_t  uid; /* of a Unix socket; else -1 */
    struct net_connection *previous, *next;
} net_connection;

typedef enum net_stage {
    NET_FRESH = 0, /* its first line was read */
    NET_READING,   /* its head may pass; the body comes */
    NET_WORKING,   /* a worker's, or parked */
    NET_ANSWERED,
    NET_SENDING
} net_stage;

typedef struct net_exchange {
    net_listener          *listener;
    struct MHD_Connection *mhd;
    net_connection        *connection;
    net_stage              stage;
    net_request            http;
    net_header             headers[NET_MAX_HEADERS];
    uint8_t               *names; /* in small letters */
    uint8_t               *body;
    size_t                 body_len, body_cap, body_want;
    bool                   uri_fits;
    uint8_t                uri[NET_MAX_URI + 1];
    size_t                 uri_len;

    unsigned             status;
    struct MHD_Response *response;
    struct net_exchange *next; /* in the queue, or parked */
    uint64_t             key;  /* parked */
    int64_t              until;
} net_exchange;

typedef struct net_worker {
    net_server *server;
    pthread_t   thread;
    unsigned    number;
    yao_arena   arena;
    bool        warm; /* pages of the arena are ours */
    bool        idle; /* among the idle ones */
    struct net_worker *below; /* idle longer */
    pthread_cond_t     wake;
} net_worker;

/** What many threads see. */
typedef struct net_shared {
    pthread_mutex_t   lock;
    pthread_cond_t    clock; /* a deadline is earlier than before */
    pthread_cond_t    empty; /* a connection has ended */
    net_worker       *idle;  /* the one that worked last comes first */
    net_exchange     *first, *last;
    size_t            queued;
    net_exchange     *parked;
    net_connection   *connections;
    net_server_counts counts;
    uint64_t          wake; /* number of the last one */
    uint64_t          wakes[NET_WAKES]; /* by key: when it was woken */
    int64_t           alarm; /* until when the reaper sleeps */
    bool              stopping, ending;
} net_shared;

struct net_server {
    net_server_options options;
    net_shared        *shared;
    net_listener       listeners[NET_MAX_LISTENERS];
    size_t             listener_count;
    net_worker        *workers;
    unsigned           worker_count; /* that run */
    pthread_t          reaper;
    bool               started, reaping, stopped;
};

/** A condition that waits by net_now(). */
bool net_make_condition(pthread_cond_t *condition);

/** Milliseconds of a clock that never jumps. */
int64_t net_now(void);

/* ---- pool.c ---- */

/** Start the reaper and the workers. Errors: YAO_E_SPACE, YAO_E_NET. */
YAO_MUST_USE yao_status net_pool_start(net_server *s);

/** Answer what is left, end the workers and the reaper. */
void net_pool_stop(net_server *s);

/** Hand X over; false: there is no room, it stays the caller's. */
bool net_pool_take(net_server *s, net_exchange *x);

/** Have the parked ones called again, all of them. */
void net_pool_unpark(net_server *s);

/** Cut the idle connections (or ALL). Under the lock. */
void net_pool_cut(net_server *s, bool all);

/** A connection begins, has another deadline, ends. */
void net_pool_add(net_server *s, net_connection *c);
void net_pool_expect(net_server *s, net_connection *c, int64_t deadline,
                     bool idle);
void net_pool_remove(net_server *s, net_connection *c);

/* ---- exchange.c ---- */

/** Start the library for a listener. Errors: YAO_E_NET. */
YAO_MUST_USE yao_status net_exchange_start(net_listener *l);

/** Make RESPONSE what X is answered with; 500 when it cannot be sent. */
void net_exchange_answer(net_exchange *x, const net_response *response);

/** The same with a refusal of our own. */
void net_exchange_refuse(net_exchange *x, unsigned status);

#endif
