/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pthread_condattr_setclock() */
#include "net/serving.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

static void set_usual(unsigned *value, unsigned usual)
{
    if (*value == 0)
        *value = usual;
}

static size_t no_body(void *ctx, unsigned listener, yao_text method,
                      yao_text path)
{
    (void)ctx;
    (void)listener;
    (void)method;
    (void)path;
    return 0;
}

static bool fill_in(net_server_options *o)
{
    set_usual(&o->workers, 32);
    set_usual(&o->connections, 1024);
    set_usual(&o->head_ms, 10 * 1000);
    set_usual(&o->request_ms, 30 * 1000);
    set_usual(&o->idle_ms, 60 * 1000);
    if (o->memory == 0)
        o->memory = 1024 * 1024;
    if (o->body_limit == NULL)
        o->body_limit = no_body;
    return o->handler != NULL && o->workers <= NET_MAX_WORKERS &&
           o->memory >= 4096;
}

bool net_make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    bool               ok;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
         pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

static net_shared *make_shared(void)
{
    net_shared *h = calloc(1, sizeof *h);

    if (h == NULL)
        return NULL;
    h->alarm = NET_NEVER;
    if (pthread_mutex_init(&h->lock, NULL) == 0 &&
        net_make_condition(&h->clock) && net_make_condition(&h->empty))
        return h;
    free(h);
    return NULL;
}

yao_status net_server_open(const net_server_options *options, net_server **ret)
{
    net_server_options filled = *options;

    if (!fill_in(&filled))
        return YAO_E_USAGE;
    net_server *s = calloc(1, sizeof *s);
    if (s == NULL)
        return YAO_E_SPACE;
    s->options = filled;
    s->shared  = make_shared();
    if (s->shared == NULL) {
        free(s);
        return YAO_E_SPACE;
    }
    *ret = s;
    return YAO_OK;
}

yao_status net_server_listen(net_server *s, const char *place, unsigned label,
                             unsigned *port)
{
    if (s->started || s->listener_count == NET_MAX_LISTENERS)
        return YAO_E_USAGE;
    net_listener *l = &s->listeners[s->listener_count];
    YAO_TRY(net_socket_open(place, &l->socket));
    l->server = s;
    l->label  = label;
    s->listener_count++;
    if (port != NULL)
        *port = l->socket.port;
    return YAO_OK;
}

yao_status net_server_start(net_server *s)
{
    if (s->started || s->listener_count == 0)
        return YAO_E_USAGE;
    s->started = true;
    YAO_TRY(net_pool_start(s));
    for (size_t i = 0; i < s->listener_count; i++)
        YAO_TRY(net_exchange_start(&s->listeners[i]));
    return YAO_OK;
}

/* Under the lock: until all connections have ended, or until DEADLINE. */
static void wait_for_end(net_shared *h, int64_t deadline)
{
    struct timespec when = {(time_t)(deadline / 1000),
                            (long)(deadline % 1000) * 1000000};

    while (h->connections != NULL)
        if (pthread_cond_timedwait(&h->empty, &h->lock, &when) == ETIMEDOUT)
            return;
}

static void stop_listening(net_server *s)
{
    for (size_t i = 0; i < s->listener_count; i++) {
        net_listener *l = &s->listeners[i];
        if (l->daemon != NULL)
            (void)MHD_quiesce_daemon(l->daemon);
        net_socket_end(&l->socket);
    }
}

/* Not before its thread has ended, which may be about to wait for it again:
 * a number that was closed, or is somebody else's by then, would end all. */
static void close_listeners(net_server *s)
{
    for (size_t i = 0; i < s->listener_count; i++) {
        net_listener *l = &s->listeners[i];
        if (l->daemon != NULL)
            MHD_stop_daemon(l->daemon);
        net_socket_close(&l->socket);
    }
}

void net_server_stop(net_server *s, unsigned grace_ms)
{
    net_shared *h = s->shared;

    if (s->stopped)
        return;
    s->stopped = true;
    /* before nobody comes in any more, so that who sees that finds it so */
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_mutex_unlock(&h->lock);
    stop_listening(s);
    pthread_mutex_lock(&h->lock);
    net_pool_cut(s, false);
    pthread_mutex_unlock(&h->lock);
    net_pool_unpark(s);
    pthread_mutex_lock(&h->lock);
    if (s->started)
        wait_for_end(h, net_now() + grace_ms);
    net_pool_cut(s, true);
    pthread_mutex_unlock(&h->lock);
    net_pool_stop(s);
    close_listeners(s);
}

void net_server_close(net_server *s)
{
    if (s == NULL)
        return;
    net_server_stop(s, 0);
    pthread_cond_destroy(&s->shared->clock);
    pthread_cond_destroy(&s->shared->empty);
    pthread_mutex_destroy(&s->shared->lock);
    free(s->shared);
    free(s);
}

net_server_counts net_server_count(const net_server *s)
{
    net_server_counts counts;

    pthread_mutex_lock(&s->shared->lock);
    counts = s->shared->counts;
    pthread_mutex_unlock(&s->shared->lock);
    return counts;
}
