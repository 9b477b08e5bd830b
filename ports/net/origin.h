/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_NET_ORIGIN_H
#define YAO_NET_ORIGIN_H

/**
 * Whom a URL speaks to: scheme, host, port. Read strictly and in one place, so
 * that what was allowed and what is connected to cannot be two readings of one
 * text. Private to this folder.
 */

#include "yaopai/base.h"

enum { NET_MAX_HOST = 253, NET_MAX_URL = 2048 };

typedef struct net_origin {
    bool     tls;
    bool     local;    /* this machine, by its name */
    char     host[NET_MAX_HOST + 3]; /* small letters; [..] around IPv6 */
    unsigned port;
} net_origin;

/**
 * Read the origin at the beginning of a URL.
 *
 * Shape   ("https" / "http") "://" HOST [":" PORT] REST
 *         HOST: labels of letters, digits and dashes; IPv4; [IPv6]
 * Out     rest  what follows: empty, or it begins with "/" or "?"
 * Errors  YAO_E_USAGE  anything else: a user before the host, a host of other
 *                      letters than ASCII, a fragment, a blank, a control byte
 */
YAO_MUST_USE yao_status net_origin_read(yao_text url, net_origin *ret,
                                        yao_text *rest);

/** Are they the same, the usual port written or not? */
bool net_origin_same(const net_origin *a, const net_origin *b);

#endif
