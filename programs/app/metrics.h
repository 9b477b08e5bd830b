/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_METRICS_H
#define YAO_APP_METRICS_H

/**
 * Counts for supervision, as Prometheus reads them (text format 0.0.4): per
 * pattern of a route how many requests of each class of status, and how long
 * they took; and gauges that parts of a server register.
 *
 *     yaopai_requests_total{method="POST",route="/nonce",class="2xx"} 17
 *     yaopai_request_seconds_bucket{method="POST",route="/nonce",le="0.005"} 16
 *
 * A label is a pattern of the program's own, never what somebody sent: there
 * are as many series as routes.
 */

#include "app/route.h"

typedef struct app_metrics app_metrics;

enum { APP_MAX_GAUGES = 64 };

/** ROUTES routes, and one more for what matched none. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status app_metrics_open(size_t routes, app_metrics **ret);
void                    app_metrics_close(app_metrics *m);

/** Count a request of ROUTE (its number; the last: none matched). From any
 *  thread. */
void app_metrics_count(app_metrics *m, size_t route, int status, int64_t us);

/** How many requests were counted of ROUTE and of a class (2: 2xx). */
uint64_t app_metrics_get(const app_metrics *m, size_t route, int status_class);

/** All requests together. A half, and 99 of 100, took no longer than what is
 *  told: a bound of the histogram; -1: longer than all of them, or there was no
 *  request. */
typedef struct app_metrics_total {
    uint64_t classes[6]; /* by the first digit of the status */
    uint64_t count;
    uint64_t us; /* together */
    int64_t  half_us, most_us;
} app_metrics_total;
void app_metrics_sum(const app_metrics *m, app_metrics_total *ret);

/** A gauge NAME ("yaopai_store_groups_total") with a line of HELP, both
 *  literals; READ is called by who asks for the metrics.
 *  Errors: YAO_E_LIMIT; YAO_E_USAGE: no name of a metric. */
typedef double (*app_gauge)(void *ctx);
YAO_MUST_USE yao_status app_metrics_gauge(app_metrics *m, const char *name,
                                          const char *help, app_gauge read,
                                          void *ctx);

/** All of it. LABEL gives the route of a number; NULL: leave it out. */
typedef const app_route *(*app_metrics_label)(const void *ctx, size_t number);
void app_metrics_put(const app_metrics *m, app_metrics_label label,
                     const void *ctx, yao_writer *w);

#endif
