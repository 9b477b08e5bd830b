/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_LINE_H
#define YAO_LOAD_LINE_H

/**
 * HTTP/1.1 over kept connections to a server of this machine, as little of it
 * as a measurement needs: whoever measures must cost less than what is
 * measured, and many answers are waited for at once.
 *
 *     YAO_TRY(load_place_read(url, &place));
 *     YAO_TRY(load_line_open(&line, &place, most));
 *     YAO_TRY(load_line_send(&line, request));
 *     while ((status = load_line_read(&line, &answer)) == YAO_E_TRUNCATED)
 *         poll(line.fd);
 *
 * It speaks to loopback and to Unix sockets only, resolves no name, and takes
 * answers with a Content-Length, which is all that our servers send.
 */

#include <sys/socket.h>

#include "yaopai/base.h"

typedef struct load_place {
    struct sockaddr_storage address;
    socklen_t               len;
    char                    host[128]; /* for the Host header */
    char                    path[256]; /* of the URL, without "/" at its end */
} load_place;

/**
 * Where URL is.
 *
 * Shape   "http://" ("127." ... / "[::1]" / "localhost" / *".localhost")
 *         [":" port] [path]
 * Errors  YAO_E_NOT_AUTHORISED  another machine, or another scheme
 *         YAO_E_MALFORMED       no port, or a bad one;  YAO_E_LIMIT
 */
YAO_MUST_USE yao_status load_place_read(yao_text url, load_place *ret);

/** The Unix socket at PATH. Errors: YAO_E_LIMIT. */
YAO_MUST_USE yao_status load_place_socket(const char *path, load_place *ret);

typedef struct load_line {
    const load_place *place;
    int               fd;  /* -1: closed; opened by the next request */
    uint8_t          *in;  /* what came of the answer */
    size_t            cap, len;
    size_t            whole; /* its length, when the head is there; or 0 */
    bool              last;  /* the server closes after it */
} load_line;

/** The answer to the last request; lives until the next one. */
typedef struct load_answer {
    int       status;
    yao_bytes head, body;
} load_answer;

/** MOST: bytes of an answer with its head. Errors: YAO_E_SPACE, YAO_E_NET. */
YAO_MUST_USE yao_status load_line_open(load_line *line, const load_place *place,
                                       size_t most);
void                    load_line_close(load_line *line);

/** Send a whole request. Errors: YAO_E_NET. */
YAO_MUST_USE yao_status load_line_send(load_line *line, yao_bytes request);

/**
 * Read what came.
 *
 * Errors  YAO_E_TRUNCATED  not all of it yet
 *         YAO_E_NET        the connection broke
 *         YAO_E_MALFORMED  no HTTP/1.1 answer with a Content-Length
 *         YAO_E_LIMIT      longer than MOST
 */
YAO_MUST_USE yao_status load_line_read(load_line *line, load_answer *ret);

/** Send and wait for the answer, SECONDS at most. Errors: as the two. */
YAO_MUST_USE yao_status load_line_ask(load_line *line, yao_bytes request,
                                      int seconds, load_answer *ret);

/** The header NAME (small letters), or an empty text. */
yao_text load_answer_header(const load_answer *answer, const char *name);

#endif
