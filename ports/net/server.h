/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_SERVER_H
#define YAO_NET_SERVER_H

/**
 * An HTTP/1.1 server; knows sockets, nothing about documents.
 *
 *     net_server *s;
 *     YAO_TRY(net_server_open(&options, &s));
 *     YAO_TRY(net_server_listen(s, "127.0.0.1:8440", 0));
 *     YAO_TRY(net_server_start(s));
 *     ... until a signal ...
 *     net_server_stop(s, 5000);
 *     net_server_close(s);
 *
 * Threads: few threads read and write sockets (epoll); a request that is
 * complete is handed to one of `workers` threads, in which the handler may wait
 * (for a commit). So many requests are in one group commit, and a slow client
 * holds no worker. Whoever dribbles is cut off by an absolute deadline.
 *
 * Refused before a handler sees it: a head longer than NET_MAX_HEAD, two Host,
 * no Host, Content-Length and Transfer-Encoding together or twice, a name that
 * is no token, control bytes in a value or in the path, a body above the
 * route's limit.
 *
 * Memory   one arena a worker, wiped and given back to the system after each
 *          request
 */

#include "yaopai/arena.h"

#define NET_MAX_HEAD (16u * 1024u)
#define NET_MAX_HEADERS 64
#define NET_MAX_PATH 1024  /* and of the query, each */
#define NET_MAX_WORKERS 128

typedef struct net_server net_server;

typedef struct net_header {
    yao_text name;  /* as received in small letters; to be sent as written */
    yao_text value; /* without blanks around it; printable US-ASCII */
} net_header;

typedef struct net_request {
    yao_text          method;
    yao_text          path;    /* begins with "/"; escapes are kept as sent */
    yao_text          query;   /* without "?"; empty when there is none */
    const net_header *headers; /* in the order received, repeated ones twice */
    size_t            header_count;
    yao_bytes         body;
    yao_text          peer;     /* address; "" on a Unix socket */
    int64_t           uid;      /* of who connected to a Unix socket; else -1 */
    unsigned          listener; /* LABEL of net_server_listen() */
    unsigned          worker;   /* 0 .. workers - 1: whose thread this is */
    unsigned          waited;   /* times this request was parked */
    yao_arena        *arena;    /* for the answer, and all that is made on the
                                   way to it */
} net_request;

#define NET_MAX_ANSWER_HEADERS 24
#define NET_MAX_VALUE 4096 /* bytes of one, and the end */

typedef struct net_response {
    int        status; /* 0: the handler forgot: 500 is sent */
    net_header headers[NET_MAX_ANSWER_HEADERS]; /* Content-Type among them */
    size_t     header_count;
    yao_bytes  body; /* in the request's arena, or constant */
    /* Not yet: call me again when net_server_wake(KEY) is called, or after so
     * many milliseconds. The worker does other things meanwhile. */
    unsigned park_ms;
    uint64_t park_key;
} net_response;

/** Answer REQUEST. Called by several threads. */
typedef void (*net_handler)(void *ctx, const net_request *request,
                            net_response *ret);

/** How long a body may be for this method and path; asked when the head is
 *  there. 0: none. */
typedef size_t (*net_body_limit)(void *ctx, unsigned listener, yao_text method,
                                 yao_text path);

typedef struct net_server_options {
    net_handler    handler;
    net_body_limit body_limit;
    void          *ctx;
    unsigned       workers;      /* 1 .. NET_MAX_WORKERS; 0: 32 */
    size_t         memory;       /* of a worker's arena; 0: 1 MiB */
    unsigned       connections;  /* at once; 0: 1024 */
    unsigned       per_address;  /* of one address; 0: no limit, for who stands
                                    behind a proxy */
    unsigned       head_ms;      /* until the head is there; 0: 10 s */
    unsigned       request_ms;   /* until the body is there; 0: 30 s */
    unsigned       idle_ms;      /* between requests; 0: 60 s */
} net_server_options;

/** Errors: YAO_E_SPACE, YAO_E_USAGE. */
YAO_MUST_USE yao_status net_server_open(const net_server_options *options,
                                        net_server              **ret);

/**
 * Listen at PLACE; before net_server_start(), any number of times.
 *
 * Shape   "127.0.0.1:8440", "[::1]:8440", "localhost:0" (a free port),
 *         "unix:PATH" (mode 0600), "fd:3" (socket activation)
 * In      label  seen in net_request.listener
 * Out     port   the TCP port; may be NULL
 * Errors  YAO_E_USAGE   PLACE is none of these
 *         YAO_E_EXISTS  somebody listens there
 *         YAO_E_NET     it failed
 */
YAO_MUST_USE yao_status net_server_listen(net_server *s, const char *place,
                                          unsigned label, unsigned *port);

/** Start the threads. Errors: YAO_E_NET. */
YAO_MUST_USE yao_status net_server_start(net_server *s);

/** Call the parked requests of KEY again. From any thread. */
void net_server_wake(net_server *s, uint64_t key);

/** Take no new connections, let requests under way end, but not longer than
 *  GRACE_MS, then close all. */
void net_server_stop(net_server *s, unsigned grace_ms);

/** Stop and free. NULL is fine. */
void net_server_close(net_server *s);

typedef struct net_server_counts {
    uint64_t connections, requests, refused, cut; /* since the start */
    uint64_t open, parked, busy;                  /* now */
} net_server_counts;

/** As they are at this moment. From any thread. */
net_server_counts net_server_count(const net_server *s);

/** The header NAME (small letters), or an empty text; *COUNT of them (may be
 *  NULL). Who must not accept a repeated one looks at the count. */
yao_text net_header_find(const net_request *request, const char *name,
                         size_t *count);

#endif
