/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_GATE_H
#define YAO_NET_GATE_H

/**
 * The header gate: which heads never reach a handler, however kindly the
 * library below would read them. What two readers could understand in two ways
 * (where a body ends, whom a request is for) is refused.
 *
 *     net_head head = {.method = ..., .uri = ..., .headers = ...};
 *     int code = net_gate(&head, &body);
 *     if (code != 0)
 *         ... answer CODE and close the connection ...
 */

#include "net/server.h"

/* A path, "?", a query. */
#define NET_MAX_URI (2u * NET_MAX_PATH + 1u)

typedef struct net_head {
    yao_text          method, version;
    yao_text          uri; /* as sent */
    const net_header *headers; /* values without blanks around them */
    size_t            header_count;
    size_t            len; /* bytes of the whole head; 0: not known */
} net_head;

/**
 * May this head pass?
 *
 * Out     ret   0, or the status to refuse it with: 400 a head that breaks a
 *               rule, 411 a body without Content-Length (chunks are not
 *               read: nothing needs them), 414, 417, 431 too long, 505
 *         body  Content-Length, 0 without one; written on 0
 * Source  RFC 9110 section 5.5, 5.6.2; RFC 9112 sections 3.2, 6.3; misuse N305
 */
int net_gate(const net_head *head, size_t *body);

/** Cut URI at its "?". */
void net_split(yao_text uri, yao_text *path, yao_text *query);

/** VALUE without blanks and tabs around it. */
yao_text net_trim(yao_text value);

#endif
