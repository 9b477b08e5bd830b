/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai authority serve: the authority on the network. Production is the
 * default: what looks like a demo is refused unless demo = yes says that it is
 * one, and then every start says so in red.
 */
#include <stdlib.h>
#include <string.h>

#include "app/catalogue_files.h"
#include "app/files.h"
#include "app/log.h"
#include "app/serving.h"
#include "authority/commands.h"
#include "authority/face/check.h"
#include "authority/server/inside.h"

/* Of further documents, with their files. */
#define CATALOGUE_MEMORY (32u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("authority serve", "机关服务");

typedef struct serving {
    const yao_invocation *call;
    authority             authority;
    authority_server      server;
    app_routes            tables[APP_MAX_TABLES];
    size_t                table_count;
    app_doors             doors;
    store_serving        *guests; /* the command line */
} serving;

/* ---- settings ----------------------------------------------------------- */

static const char *place_of(const serving *s, const char *option,
                            config_setting setting)
{
    return app_serving_place(s->call, option,
                             config_get(&s->authority.config, setting));
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* http://a.localhost:1/b, http://127.0.0.1 and the like */
static bool is_loopback(const char *url)
{
    const char *host = url + strlen("http://");
    size_t      len  = strcspn(host, ":/");
    const char  local[] = "localhost";
    size_t      n       = sizeof local - 1;

    if (begins(host, "[::1]"))
        return true;
    if (len >= n && memcmp(host + len - n, local, n) == 0)
        return len == n || host[len - n - 1] == '.';
    return begins(host, "127.") && strspn(host, "0123456789.") == len;
}

/* ---- demo or not -------------------------------------------------------- */

static bool has_word(yao_bytes in, const char *word)
{
    yao_bytes want = yao_text_bytes(yao_text_of(word));

    for (size_t i = 0; i + want.len <= in.len; i++)
        if (yao_bytes_equal((yao_bytes){in.ptr + i, want.len}, want))
            return true;
    return false;
}

/* Does a root certificate say that it is a specimen? One that cannot be read
 * is told of later, by who needs it. */
static bool is_specimen(const char *path)
{
    static _Alignas(16) uint8_t memory[16384];
    yao_arena                   arena = {memory, sizeof memory, 0};
    ca                          root  = {.key = NULL};

    return ca_open(path, NULL, &arena, &root) == YAO_OK &&
           has_word(root.certificate.der, "SPECIMEN");
}

static bool looks_like_demo(const config *c)
{
    static const config_setting roots[] = {
        SETTING_POPULATION_ROOT, SETTING_TRAFFIC_ROOT, SETTING_OTHER_ROOT,
        SETTING_READER_ROOT, SETTING_TRUST_ROOT};

    if (has_word(yao_text_bytes(yao_text_of(config_get(c, SETTING_NAME))),
                 "SPECIMEN"))
        return true;
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (is_specimen(config_get(c, roots[i])))
            return true;
    return false;
}

static int check_production(const serving *s)
{
    const config *c = &s->authority.config;

    if (s->server.demo) {
        app_serving_tell_demo(
            WORDS("DEMO: documents are SPECIMEN, checks on keys are left out; "
                  "never for real people",
                  "演示模式：证件为 SPECIMEN，不检查密钥位置，"
                  "不得用于真实人员"));
        return 0;
    }
    if (looks_like_demo(c))
        return yao_fail(
            YAO_E_NOT_AUTHORISED, what, CONFIG_FILE,
            WORDS("its name or a root says SPECIMEN, and demo = yes is not "
                  "set",
                  "名称或根证书含 SPECIMEN，但未设 demo = yes"),
            WORDS("make a new authority for real people, or set demo = yes",
                  "请为真实人员另建机关，或设 demo = yes"));
    if (begins(s->server.url, "http://") && !is_loopback(s->server.url))
        return yao_fail(
            YAO_E_NOT_AUTHORISED, what, "authority.url",
            WORDS("others reach it without encryption",
                  "对外地址未加密"),
            WORDS("put nginx with TLS in front (docs/guides/serve.md) and "
                  "give the https address",
                  "请在前面部署带 TLS 的 nginx（见 docs/guides/serve.md），"
                  "并填写 https 地址"));
    return 0;
}

/* ---- what the server calls ---------------------------------------------- */

/* Ready is who can read the store. */
static yao_status is_ready(void *server)
{
    const authority_server *s = server;
    _Alignas(16) uint8_t    memory[4096];
    yao_arena               arena = {memory, sizeof memory, 0};
    yao_bytes               value;

    return store_get_fact(s->first->store, YAO_TEXT("lookup_key"), &arena,
                          &value);
}

static double read_groups(void *ctx)
{
    return (double)store_get_counts(((authority_server *)ctx)->first->store)
        .groups;
}

static double read_members(void *ctx)
{
    return (double)store_get_counts(((authority_server *)ctx)->first->store)
        .members;
}

static double read_splits(void *ctx)
{
    return (double)store_get_counts(((authority_server *)ctx)->first->store)
        .splits;
}

static double read_jobs(void *ctx)
{
    authority_server *s = ctx;

    pthread_mutex_lock(&s->lock);
    double count = (double)s->jobs_run;
    pthread_mutex_unlock(&s->lock);
    return count;
}

static double read_failed(void *ctx)
{
    authority_server *s = ctx;

    pthread_mutex_lock(&s->lock);
    double count = (double)s->jobs_failed;
    pthread_mutex_unlock(&s->lock);
    return count;
}

static yao_status add_gauges(authority_server *s, app_metrics *m)
{
    YAO_TRY(app_metrics_gauge(m, "yaopai_store_groups",
                              "Transactions committed", read_groups, s));
    YAO_TRY(app_metrics_gauge(m, "yaopai_store_members",
                              "Changes committed in them", read_members, s));
    YAO_TRY(app_metrics_gauge(m, "yaopai_store_splits",
                              "Groups that were retried singly", read_splits,
                              s));
    YAO_TRY(app_metrics_gauge(m, "yaopai_jobs_run", "Jobs run", read_jobs, s));
    return app_metrics_gauge(m, "yaopai_jobs_failed", "Jobs that failed",
                             read_failed, s);
}

static yao_status on_started(void *server, net_server *net,
                             app_metrics *metrics)
{
    authority_server *s = server;

    s->net     = net;
    s->metrics = metrics;
    YAO_TRY(add_gauges(s, metrics));
    for (size_t p = 0; server_parts[p] != NULL; p++)
        if (server_parts[p]->start != NULL)
            YAO_TRY(server_parts[p]->start(s, metrics));
    return server_jobs_start(s);
}

static void on_stopped(void *server)
{
    server_jobs_stop(server);
}

/* ---- starting ----------------------------------------------------------- */

/* A door has one keeper. */
static yao_status gather_door(app_door *door, app_door offered)
{
    if (offered == NULL)
        return YAO_OK;
    if (*door != NULL)
        return YAO_E_DUPLICATE;
    *door = offered;
    return YAO_OK;
}

static yao_status gather_doors(serving *s)
{
    for (size_t p = 0; server_parts[p] != NULL; p++) {
        const app_doors *doors = &server_parts[p]->doors;
        YAO_TRY(gather_door(&s->doors.session, doors->session));
        YAO_TRY(gather_door(&s->doors.operator, doors->operator));
        YAO_TRY(gather_door(&s->doors.kiosk, doors->kiosk));
        YAO_TRY(gather_door(&s->doors.wallet, doors->wallet));
    }
    return YAO_OK;
}

static yao_status gather_tables(serving *s)
{
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t i = 0; i < server_parts[p]->table_count; i++) {
            if (s->table_count == APP_MAX_TABLES)
                return YAO_E_LIMIT;
            s->tables[s->table_count++] = server_parts[p]->tables[i];
        }
    return YAO_OK;
}

/* Further documents lie in a folder of their own. */
static yao_status load_catalogue(authority_server *srv, const config *c)
{
    const char *folder = config_get(c, SETTING_CATALOGUE);

    srv->catalogue = yao_catalogue_shipped();
    if (folder[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_memory_open(CATALOGUE_MEMORY, &srv->loaded));
    return app_catalogue_load(folder, &srv->loaded, &srv->catalogue);
}

static yao_status open_server(serving *s)
{
    const config     *c   = &s->authority.config;
    authority_server *srv = &s->server;
    const char       *url = yao_argument(s->call, "url");

    srv->first        = &s->authority;
    srv->folder       = s->call->directory;
    srv->url          = url != NULL ? url : config_get(c, SETTING_URL);
    srv->demo         = config_yes(c, SETTING_DEMO);
    srv->alone        = s->guests != NULL;
    srv->worker_count = (unsigned)config_number(c, SETTING_WORKERS);
    srv->workers      = calloc(srv->worker_count, sizeof *srv->workers);
    if (srv->workers == NULL || pthread_mutex_init(&srv->lock, NULL) != 0 ||
        pthread_cond_init(&srv->changed, NULL) != 0)
        return YAO_E_SPACE;
    YAO_TRY(load_catalogue(srv, c));
    YAO_TRY(gather_doors(s));
    return gather_tables(s);
}

static void close_server(serving *s)
{
    for (unsigned i = 0;
         s->server.workers != NULL && i < s->server.worker_count; i++)
        server_worker_close(&s->server.workers[i]);
    free(s->server.workers);
    s->server.workers = NULL;
    yao_memory_free(&s->server.loaded);
    face_close(s->server.face);
    s->server.face = NULL;
}

static int tell_failure(yao_status status, const char *place)
{
    if (place != NULL && strcmp(place, "face") == 0)
        return yao_fail(status, what, place, (yao_words){NULL, NULL},
                        WORDS("look at [face] in authority.ini",
                              "请查看 authority.ini 的 [face]"));
    if (place != NULL && strcmp(place, "routes") == 0)
        return yao_fail(status, what, place,
                        WORDS("the program's own table is wrong",
                              "程序自身的路由表有误"),
                        WORDS("report it", "请报告此问题"));
    if (status == YAO_E_EXISTS)
        return yao_fail(status, what, place,
                        WORDS("somebody listens there already",
                              "该位置已被占用"),
                        WORDS("end the other one, or choose another place in "
                              "[server]",
                              "请结束占用者，或在 [server] 中改用其他位置"));
    return yao_fail(status, what, place, (yao_words){NULL, NULL},
                    WORDS("look at [server] in authority.ini",
                          "请查看 authority.ini 的 [server]"));
}

static int serve(serving *s)
{
    const config      *c           = &s->authority.config;
    const char        *url         = s->server.url;
    const app_listener listeners[] = {
        {"public", place_of(s, "listen", SETTING_LISTEN), SERVER_PUBLIC, url},
        {"kiosk", place_of(s, "kiosk-listen", SETTING_KIOSK_LISTEN),
         SERVER_KIOSK, config_get(c, SETTING_KIOSK_URL)},
        {"console", place_of(s, "console-listen", SETTING_CONSOLE_LISTEN),
         SERVER_CONSOLE, config_get(c, SETTING_CONSOLE_URL)},
        {"admin", place_of(s, "admin", SETTING_ADMIN), SERVER_ADMIN, ""}};
    const app_serving o = {
        .program        = "authority",
        .listeners      = listeners,
        .listener_count = sizeof listeners / sizeof listeners[0],
        .admin          = SERVER_ADMIN,
        .tables         = s->tables,
        .table_count    = s->table_count,
        .doors          = s->doors,
        .server         = &s->server,
        .workers        = s->server.worker_count,
        .memory         = SERVER_WORKER_MEMORY,
        .connections    = (unsigned)config_number(c, SETTING_CONNECTIONS),
        .per_address    = (unsigned)config_number(c, SETTING_PER_ADDRESS),
        .crypto         = server_crypto,
        .ready          = is_ready,
        .started        = on_started,
        .stopped        = on_stopped};
    app_serve_trouble trouble = {NULL};

    app_log_quiet(!config_yes(c, SETTING_LOG_REQUESTS));
    yao_status status = app_serve(&o, &trouble);
    return status == YAO_OK ? 0 : tell_failure(status, trouble.place);
}

/* Of a file that one process may write, one server; the verbs of the command
 * line come in by its socket. */
static int serve_store(serving *s)
{
    yao_status status = authority_serve_store(s->call->directory,
                                              &s->authority, &s->guests);

    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, s->call->directory,
                    status == YAO_E_LOCKED
                        ? WORDS("another server works there",
                                "已有服务在该目录中运行")
                        : (yao_words){NULL, NULL},
                    WORDS("end it first; several servers need PostgreSQL",
                          "请先结束它；多个服务须使用 PostgreSQL"));
}

static int run(const yao_invocation *call)
{
    static serving s;

    app_harden();
    s         = (serving){.call = call};
    int code = authority_begin(call, &s.authority);
    if (code != 0)
        return code;
    code = serve_store(&s);
    if (code == 0) {
        yao_status status = open_server(&s);
        if (status != YAO_OK)
            code = tell_failure(status, NULL);
    }
    if (code == 0) {
        yao_status status =
            face_provider_open(&s.authority.config, &s.server.face);
        if (status != YAO_OK)
            code = tell_failure(status, "face");
    }
    if (code == 0)
        code = check_production(&s);
    if (code == 0)
        code = serve(&s);
    close_server(&s);
    store_serve_end(s.guests);
    authority_close(&s.authority);
    return code;
}

static const yao_option options[] = {
    {"listen", "PLACE", 0,
     WORDS_INIT("instead of server.listen: HOST:PORT (port 0: a free one), "
                "unix:PATH, fd:N, none",
                "代替 server.listen：主机:端口（0 为任意空闲端口）、"
                "unix:路径、fd:N、none")},
    {"kiosk-listen", "PLACE", 0,
     WORDS_INIT("instead of server.kiosk_listen", "代替 server.kiosk_listen")},
    {"console-listen", "PLACE", 0,
     WORDS_INIT("instead of server.console_listen",
                "代替 server.console_listen")},
    {"admin", "PLACE", 0,
     WORDS_INIT("instead of server.admin", "代替 server.admin")},
    {"url", "URL", 0,
     WORDS_INIT("instead of authority.url", "代替 authority.url")},
};

const yao_command yao_authority_serve = {
    .noun    = "authority",
    .verb    = "serve",
    .summary = WORDS_INIT("serve wallets, people, kiosks and operators",
                          "为钱包、个人、自助终端与工作人员提供服务"),
    .text    = WORDS_INIT(
        "Serves until SIGTERM or SIGINT; requests under way are answered then. "
           "On standard output stands a line for each listener (\"listening "
           "public http://127.0.0.1:8440\") and then \"ready\"; on standard "
           "error a line for each request, without any value of it.\n\n"
           "/health and /ready are on every listener, /metrics (Prometheus) on "
           "the admin socket. Nobody else than this machine is listened to "
           "unless [server] says so; in production nginx with TLS stands in "
           "front: docs/guides/serve.md.\n\n"
           "What says SPECIMEN is refused unless demo = yes is set.",
        "持续服务，直到收到 SIGTERM 或 SIGINT；处理中的请求仍会得到答复。"
           "标准输出为每个监听位置一行（“listening public "
           "http://127.0.0.1:8440”），然后是“ready”；"
           "标准错误为每个请求一行，不含其内容。\n\n"
           "/health 与 /ready 在每个监听位置可用，/metrics（Prometheus）"
           "仅在管理套接字上。除非 [server] 另有设置，只监听本机；"
           "生产环境在前面部署带 TLS 的 nginx，见 docs/guides/serve.md。\n\n"
           "含 SPECIMEN 的机关须设 demo = yes 才能启动。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai authority serve -C var/authority",
    .run          = run,
};
