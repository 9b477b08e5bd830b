/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_CLIENT_H
#define YAO_NET_CLIENT_H

/**
 * An HTTP client that goes where it is sent and nowhere else: no redirects, no
 * cookies, no proxy of the environment, a list of origins that it may speak to,
 * a limit for time and for size.
 *
 *     net_client *c;
 *     YAO_TRY(net_client_open(&(net_client_options){.ca_file = ca}, &c));
 *     YAO_TRY(net_client_allow(c, "https://authority.example"));
 *     YAO_TRY(net_client_fetch(c, &call, &arena, &answer));
 *     net_client_close(c);
 *
 * Plain http is spoken to loopback only (127.0.0.0/8, ::1, localhost and names
 * that end in .localhost, which are loopback without asking anybody), and there
 * only with `loopback`.
 *
 * Threads: a client belongs to one thread. Connections are kept.
 */

#include "net/server.h"

typedef struct net_client net_client;

typedef struct net_client_options {
    const char *ca_file;  /* PEM; NULL: the system's */
    bool        loopback; /* http:// to this machine is fine */
    bool        outside;  /* nothing but addresses of the internet, whatever a
                             name resolves to: for URLs that are settings of
                             others */
    unsigned    timeout_ms; /* of a whole exchange; 0: 5 s */
} net_client_options;

/** Errors: YAO_E_SPACE, YAO_E_FILE (no such CA_FILE). */
YAO_MUST_USE yao_status net_client_open(const net_client_options *options,
                                        net_client              **ret);
void net_client_close(net_client *c);

/**
 * Let it speak to ORIGIN.
 *
 * Shape   "https://HOST[:PORT]", "http://HOST[:PORT]", "unix:PATH" (then calls
 *         go to "http://unix/...")
 * Errors  YAO_E_USAGE   no origin, user@host, http to another machine
 *         YAO_E_LIMIT   16 of them
 */
YAO_MUST_USE yao_status net_client_allow(net_client *c, const char *origin);

typedef struct net_call {
    const char       *method;
    yao_text          url;
    const net_header *headers;
    size_t            header_count;
    yao_bytes         body; /* with POST and PUT */
    size_t            most; /* bytes of the answer's body; 0: 64 KiB */
    unsigned          timeout_ms; /* 0: the client's */
} net_call;

typedef struct net_answer {
    int               status;
    const net_header *headers; /* names in small letters; 64 at most */
    size_t            header_count;
    yao_bytes         body;
} net_answer;

/**
 * Exchange one request.
 *
 * Out     ret  in ARENA; also of a status like 404 or 302
 * Errors  YAO_E_NOT_AUTHORISED  an origin that it may not speak to; with
 *                               `outside` one that leads elsewhere
 *         YAO_E_LIMIT           a body longer than MOST
 *         YAO_E_NET             no connection, TLS failed, time ran out
 *         YAO_E_MALFORMED       the answer is no HTTP
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status net_client_fetch(net_client *c, const net_call *call,
                                         yao_arena *arena, net_answer *ret);

/** The header NAME (small letters), or an empty text. */
yao_text net_answer_header(const net_answer *answer, const char *name);

#endif
