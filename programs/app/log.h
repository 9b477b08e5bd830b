/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_LOG_H
#define YAO_APP_LOG_H

/**
 * What servers say about themselves: a line each on standard error.
 *
 *     time=2026-01-02T03:04:05Z level=info event=request method=POST
 *     route=/nonce status=200 us=143
 *
 * No personal value can be said, by the shape of the functions: a field is a
 * number, or a word of the program's own (an event, a route's pattern, the name
 * of a status). A word that has other letters than [A-Za-z0-9_./{}:-] or six
 * digits in a row, which no word of ours has and numbers of people have, is
 * printed as "?". Never passed: a path, a query, a header, a body.
 *
 * Requests are counted in metrics; of their lines at most APP_LOG_SECOND are
 * printed in a second, then one line says how many were left out, so that
 * strangers cannot fill a disk.
 */

#include "yaopai/base.h"

#define APP_LOG_SECOND 100

typedef enum app_log_level {
    APP_LOG_INFO = 0,
    APP_LOG_WARN,
    APP_LOG_ERROR
} app_log_level;

typedef struct app_log_field {
    const char *key;
    const char *word; /* NULL: number is meant */
    int64_t     number;
} app_log_field;

/** One line. EVENT and keys are literals. From any thread. */
void app_log(app_log_level level, const char *event,
             const app_log_field *fields, size_t count);

/** The same without fields, and with the name of a status. */
void app_log_event(app_log_level level, const char *event);
void app_log_status(app_log_level level, const char *event, const char *where,
                    yao_status status);

/** A request: METHOD is printed only when it is one that is known. */
typedef struct app_log_request {
    const char *route;  /* its pattern; NULL: none matched */
    yao_text    method;
    int         status;
    int64_t     us;
    yao_status  failed; /* what went wrong inside */
} app_log_request;
void app_log_request_done(const app_log_request *request);

/** Of requests only those that failed (5xx); for who counts otherwise. */
void app_log_quiet(bool quiet);

#endif
