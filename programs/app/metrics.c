/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLASSES = 5, BUCKETS = 9 };

/* Microseconds. */
static const int64_t bounds[BUCKETS] = {500,    1000,   2500,   5000,   10000,
                                        25000, 100000, 500000, 2500000};

typedef struct row {
    atomic_uint_fast64_t classes[CLASSES];
    atomic_uint_fast64_t buckets[BUCKETS + 1]; /* the last: longer */
    atomic_uint_fast64_t us;
} row;

typedef struct gauge {
    const char *name, *help;
    app_gauge   read;
    void       *ctx;
} gauge;

struct app_metrics {
    row   *rows;
    size_t count;
    gauge  gauges[APP_MAX_GAUGES];
    size_t gauge_count;
};

yao_status app_metrics_open(size_t routes, app_metrics **ret)
{
    app_metrics *m = calloc(1, sizeof *m);

    if (m == NULL)
        return YAO_E_SPACE;
    m->count = routes + 1;
    m->rows  = calloc(m->count, sizeof *m->rows);
    if (m->rows == NULL) {
        free(m);
        return YAO_E_SPACE;
    }
    *ret = m;
    return YAO_OK;
}

void app_metrics_close(app_metrics *m)
{
    if (m != NULL)
        free(m->rows);
    free(m);
}

static size_t bucket_of(int64_t us)
{
    size_t i = 0;

    while (i < BUCKETS && us > bounds[i])
        i++;
    return i;
}

void app_metrics_count(app_metrics *m, size_t route, int status, int64_t us)
{
    row   *r     = &m->rows[route < m->count ? route : m->count - 1];
    size_t class = status >= 100 && status <= 599 ? (size_t)status / 100 : 5;

    atomic_fetch_add(&r->classes[class - 1], 1);
    atomic_fetch_add(&r->buckets[bucket_of(us)], 1);
    atomic_fetch_add(&r->us, us > 0 ? (uint64_t)us : 0);
}

uint64_t app_metrics_get(const app_metrics *m, size_t route, int status_class)
{
    if (route >= m->count || status_class < 1 || status_class > CLASSES)
        return 0;
    return atomic_load(&m->rows[route].classes[status_class - 1]);
}

/* The bound within which PER_CENT of COUNT were. */
static int64_t bound_of(const uint64_t buckets[BUCKETS + 1], uint64_t count,
                        unsigned per_cent)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        sum += buckets[i];
        if (count > 0 && sum * 100 >= count * per_cent)
            return bounds[i];
    }
    return -1;
}

void app_metrics_sum(const app_metrics *m, app_metrics_total *ret)
{
    uint64_t          buckets[BUCKETS + 1] = {0};
    app_metrics_total t                    = {.count = 0};

    for (size_t i = 0; i < m->count; i++) {
        for (size_t c = 0; c < CLASSES; c++)
            t.classes[c + 1] += atomic_load(&m->rows[i].classes[c]);
        for (size_t b = 0; b <= BUCKETS; b++)
            buckets[b] += atomic_load(&m->rows[i].buckets[b]);
        t.us += atomic_load(&m->rows[i].us);
    }
    for (size_t b = 0; b <= BUCKETS; b++)
        t.count += buckets[b];
    t.half_us = bound_of(buckets, t.count, 50);
    t.most_us = bound_of(buckets, t.count, 99);
    *ret      = t;
}

static bool is_name(const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') || name[i] == '_' ||
              (i > 0 && name[i] >= '0' && name[i] <= '9')))
            return false;
    return name[0] != '\0';
}

yao_status app_metrics_gauge(app_metrics *m, const char *name, const char *help,
                             app_gauge read, void *ctx)
{
    if (!is_name(name))
        return YAO_E_USAGE;
    if (m->gauge_count == APP_MAX_GAUGES)
        return YAO_E_LIMIT;
    m->gauges[m->gauge_count++] = (gauge){name, help, read, ctx};
    return YAO_OK;
}

/* ---- printing ----------------------------------------------------------- */

static void put_number(yao_writer *w, double number)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", number);
    yao_put_text(w, text);
}

/* NAME{method="POST",route="/nonce" -- open, for one label more */
static void put_series(yao_writer *w, const char *name, const app_route *route)
{
    yao_put_text(w, name);
    yao_put_text(w, "{method=\"");
    yao_put_text(w, route != NULL ? route->method : "none");
    yao_put_text(w, "\",route=\"");
    yao_put_text(w, route != NULL ? route->path : "none");
    yao_put_text(w, "\"");
}

static void put_classes(const row *r, const app_route *route, yao_writer *w)
{
    for (int i = 0; i < CLASSES; i++) {
        uint64_t count = atomic_load(&r->classes[i]);
        if (count == 0)
            continue;
        put_series(w, "yaopai_requests_total", route);
        yao_put_text(w, ",class=\"");
        yao_put_decimal(w, i + 1);
        yao_put_text(w, "xx\"} ");
        yao_put_decimal(w, (int64_t)count);
        yao_put_text(w, "\n");
    }
}

static void put_buckets(const row *r, const app_route *route, yao_writer *w)
{
    uint64_t sum = 0;

    for (size_t i = 0; i <= BUCKETS; i++)
        sum += atomic_load(&r->buckets[i]);
    if (sum == 0)
        return;
    sum = 0;
    for (size_t i = 0; i <= BUCKETS; i++) {
        sum += atomic_load(&r->buckets[i]);
        put_series(w, "yaopai_request_seconds_bucket", route);
        yao_put_text(w, ",le=\"");
        if (i < BUCKETS)
            put_number(w, (double)bounds[i] / 1e6);
        else
            yao_put_text(w, "+Inf");
        yao_put_text(w, "\"} ");
        yao_put_decimal(w, (int64_t)sum);
        yao_put_text(w, "\n");
    }
    put_series(w, "yaopai_request_seconds_sum", route);
    yao_put_text(w, "} ");
    put_number(w, (double)atomic_load(&r->us) / 1e6);
    yao_put_text(w, "\n");
    put_series(w, "yaopai_request_seconds_count", route);
    yao_put_text(w, "} ");
    yao_put_decimal(w, (int64_t)sum);
    yao_put_text(w, "\n");
}

static void put_head(yao_writer *w, const char *name, const char *help,
                     const char *type)
{
    const char *const parts[] = {"# HELP ", name, " ", help, "\n",
                                 "# TYPE ", name, " ", type, "\n"};

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        yao_put_text(w, parts[i]);
}

static void put_gauge(const gauge *g, yao_writer *w)
{
    put_head(w, g->name, g->help, "gauge");
    yao_put_text(w, g->name);
    yao_put_text(w, " ");
    put_number(w, g->read(g->ctx));
    yao_put_text(w, "\n");
}

void app_metrics_put(const app_metrics *m, app_metrics_label label,
                     const void *ctx, yao_writer *w)
{
    put_head(w, "yaopai_requests_total", "Requests by route and status class",
             "counter");
    for (size_t i = 0; i < m->count; i++)
        put_classes(&m->rows[i], label(ctx, i), w);
    put_head(w, "yaopai_request_seconds", "Time from request to answer",
             "histogram");
    for (size_t i = 0; i < m->count; i++)
        put_buckets(&m->rows[i], label(ctx, i), w);
    for (size_t i = 0; i < m->gauge_count; i++)
        put_gauge(&m->gauges[i], w);
}
