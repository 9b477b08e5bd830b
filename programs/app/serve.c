/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* sigset, prctl */
#include "app/serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "app/log.h"

enum { MOST_FILES = 65536 };

/* One server a process: what its own routes need to know. */
static struct {
    const app_serving *serving;
    app_router        *router;
    net_server        *net;
    atomic_bool        ready;
    time_t             began;
} self;

/* ---- its own routes ----------------------------------------------------- */

static yao_status reply_word(app_reply *ret, int status, const char *json)
{
    return app_reply_bytes(ret, status, "application/json",
                           yao_text_bytes(yao_text_of(json)));
}

static yao_status get_health(app_call *call, app_reply *ret)
{
    (void)call;
    return reply_word(ret, 200, "{\"status\":\"ok\"}");
}

static yao_status get_ready(app_call *call, app_reply *ret)
{
    yao_status (*ask)(void *) = self.serving->ready;

    if (atomic_load(&self.ready) &&
        (ask == NULL || ask(call->server) == YAO_OK))
        return reply_word(ret, 200, "{\"status\":\"ready\"}");
    YAO_TRY(app_reply_header(ret, "Retry-After", YAO_TEXT("1")));
    return reply_word(ret, 503, "{\"status\":\"not ready\"}");
}

static yao_status get_metrics(app_call *call, app_reply *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  body;

    app_router_put_metrics(self.router, &w);
    YAO_TRY(yao_writer_keep(&w, call->arena, &body));
    return app_reply_bytes(ret, 200, "text/plain; version=0.0.4", body);
}

const app_route app_own_routes[APP_OWN_ROUTES] = {
    {"GET", "/health", APP_ANY_WALLET, get_health, 0, 0},
    {"GET", "/ready", APP_ANY_WALLET, get_ready, 0, 0},
};
const app_route app_own_admin_routes[APP_OWN_ADMIN_ROUTES] = {
    {"GET", "/metrics", APP_ADMIN, get_metrics, 0, 0},
};

/* ---- gauges ------------------------------------------------------------- */

static double read_open(void *net)
{
    return (double)net_server_count(net).open;
}

static double read_parked(void *net)
{
    return (double)net_server_count(net).parked;
}

static double read_busy(void *net)
{
    return (double)net_server_count(net).busy;
}

static double read_refused(void *net)
{
    return (double)net_server_count(net).refused;
}

static double read_cut(void *net)
{
    return (double)net_server_count(net).cut;
}

static double read_uptime(void *net)
{
    (void)net;
    return difftime(time(NULL), self.began);
}

static yao_status add_gauges(app_metrics *m, net_server *net)
{
    YAO_TRY(app_metrics_gauge(m, "yaopai_connections", "Open connections",
                              read_open, net));
    YAO_TRY(app_metrics_gauge(m, "yaopai_requests_parked",
                              "Requests that wait for an event", read_parked,
                              net));
    YAO_TRY(app_metrics_gauge(m, "yaopai_workers_busy",
                              "Workers at a request", read_busy, net));
    YAO_TRY(app_metrics_gauge(m, "yaopai_refused",
                              "Requests refused before a route was looked for",
                              read_refused, net));
    YAO_TRY(app_metrics_gauge(m, "yaopai_connections_cut",
                              "Connections cut at a deadline", read_cut, net));
    return app_metrics_gauge(m, "yaopai_uptime_seconds", "Since the start",
                             read_uptime, net);
}

/* ---- telling ------------------------------------------------------------ */

/* Tell systemd ("READY=1"), when it asked to be told. */
static void notify(const char *state)
{
    const char        *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to   = {.sun_family = AF_UNIX};

    if (path == NULL || (path[0] != '/' && path[0] != '@') ||
        strlen(path) >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, strlen(path));
    if (path[0] == '@')
        to.sun_path[0] = '\0'; /* an abstract name */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    socklen_t len =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL,
               (struct sockaddr *)&to, len) < 0)
        app_log_event(APP_LOG_WARN, "service-manager-not-told");
    close(fd);
}

static void tell_listener(const app_listener *l, unsigned port)
{
    const char *colon = strrchr(l->place, ':');

    if (port == 0)
        printf("listening %s %s\n", l->name, l->place);
    else if (strncmp(l->place, "fd:", 3) == 0)
        printf("listening %s port %u\n", l->name, port);
    else
        printf("listening %s http://%.*s:%u\n", l->name,
               (int)(colon - l->place), l->place, port);
}

/* ---- hardening ---------------------------------------------------------- */

void app_harden(void)
{
    struct rlimit limit = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur =
            limit.rlim_max < MOST_FILES ? limit.rlim_max : MOST_FILES;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    /* many threads share two heaps instead of having one each */
    (void)mallopt(M_ARENA_MAX, 2);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

/* ---- signals ------------------------------------------------------------ */

static void fill_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

/* Threads inherit the mask: only wait_for_signal() gets them. */
static void block_signals(void)
{
    sigset_t set;

    fill_signals(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void wait_for_signal(void)
{
    sigset_t set;
    int      which;

    fill_signals(&set);
    while (sigwait(&set, &which) != 0)
        ;
}

/* From here a signal ends the process as it would end any other. */
static void unblock_signals(void)
{
    sigset_t set;

    fill_signals(&set);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

/* ---- serving ------------------------------------------------------------ */

static unsigned all_labels(const app_serving *s)
{
    unsigned mask = 0;

    for (size_t i = 0; i < s->listener_count; i++)
        mask |= 1u << s->listeners[i].label;
    return mask;
}

static yao_status open_router(const app_serving *s)
{
    app_routes         tables[APP_MAX_TABLES];
    app_router_options o = {.tables = tables,
                            .server = s->server,
                            .doors  = s->doors,
                            .crypto = s->crypto,
                            .admin  = s->admin};

    if (s->table_count > APP_MAX_TABLES - 2)
        return YAO_E_LIMIT;
    tables[0] = (app_routes){app_own_routes, APP_OWN_ROUTES, all_labels(s)};
    tables[1] = (app_routes){app_own_admin_routes, APP_OWN_ADMIN_ROUTES,
                             1u << s->admin};
    for (size_t i = 0; i < s->table_count; i++)
        tables[2 + i] = s->tables[i];
    o.table_count = s->table_count + 2;
    for (size_t i = 0; i < s->listener_count; i++)
        if (s->listeners[i].label < APP_MAX_LISTENERS)
            o.urls[s->listeners[i].label] =
                yao_text_of(s->listeners[i].url != NULL ? s->listeners[i].url
                                                        : "");
    return app_router_open(&o, &self.router);
}

static yao_status open_net(const app_serving *s)
{
    const net_server_options o = {.handler     = app_router_handle,
                                  .body_limit  = app_router_limit,
                                  .ctx         = self.router,
                                  .workers     = s->workers,
                                  .memory      = s->memory,
                                  .connections = s->connections,
                                  .per_address = s->per_address};

    return net_server_open(&o, &self.net);
}

static bool is_used(const app_listener *l)
{
    return l->place != NULL && l->place[0] != '\0';
}

static yao_status listen_all(const app_serving *s, unsigned *ports,
                             app_serve_trouble *trouble)
{
    for (size_t i = 0; i < s->listener_count; i++) {
        const app_listener *l = &s->listeners[i];
        ports[i]              = 0;
        if (!is_used(l))
            continue;
        trouble->place = l->place;
        YAO_TRY(net_server_listen(self.net, l->place, l->label, &ports[i]));
    }
    trouble->place = NULL;
    return YAO_OK;
}

static yao_status start(const app_serving *s, app_serve_trouble *trouble)
{
    unsigned ports[APP_MAX_LISTENERS];

    if (s->listener_count > APP_MAX_LISTENERS)
        return YAO_E_USAGE;
    trouble->place = "routes";
    YAO_TRY(open_router(s));
    trouble->place = NULL;
    YAO_TRY(open_net(s));
    YAO_TRY(listen_all(s, ports, trouble));
    YAO_TRY(add_gauges(app_router_metrics(self.router), self.net));
    if (s->started != NULL)
        YAO_TRY(s->started(s->server, self.net,
                           app_router_metrics(self.router)));
    YAO_TRY(net_server_start(self.net));
    for (size_t i = 0; i < s->listener_count; i++)
        if (is_used(&s->listeners[i]))
            tell_listener(&s->listeners[i], ports[i]);
    atomic_store(&self.ready, true);
    puts("ready");
    fflush(stdout);
    return YAO_OK;
}

static void stop(const app_serving *s)
{
    notify("STOPPING=1");
    app_log_event(APP_LOG_INFO, "stopping");
    atomic_store(&self.ready, false);
    unblock_signals();
    net_server_stop(self.net, s->grace_ms != 0 ? s->grace_ms : APP_GRACE_MS);
    app_log_event(APP_LOG_INFO, "stopped");
}

yao_status app_serve(const app_serving *s, app_serve_trouble *trouble)
{
    self.serving = s;
    self.began   = time(NULL);
    block_signals();
    yao_status status = start(s, trouble);
    if (status == YAO_OK) {
        notify("READY=1");
        app_log_event(APP_LOG_INFO, "started");
        wait_for_signal();
        stop(s);
    }
    if (self.net != NULL)
        net_server_stop(self.net, 0);
    /* before it is freed: threads of the server's own may still wake others */
    if (s->stopped != NULL)
        s->stopped(s->server);
    net_server_close(self.net);
    app_router_close(self.router);
    self.net    = NULL;
    self.router = NULL;
    return status;
}
