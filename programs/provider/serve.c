/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai provider serve: the wallet provider on the network. */

#include "provider/provider.h"


#include "app/files.h"
#include "app/log.h"
#include "app/pages.h"
#include "app/serve.h"
#include "app/serving.h"
#include "app/turns.h"

static const yao_words what = WORDS_INIT("provider serve", "钱包提供方服务");

enum {
    FORGET_S    = 3600, /* rows that are over; boxes are at each turn */
    FORGET_DAYS = 400,
    MEMORY      = 5 * 1024 * 1024 /* of a worker: the largest file of the page,
                                     and more; what is not used costs nothing */
};

typedef struct serving {
    provider  provider;
    app_turns turns;
} serving;

/* ---- what is over ---- */

/* What was used once each time, in pieces; ALL: the rest, too. */
static yao_status forget_rows(provider *p, bool all)
{
    _Alignas(16) uint8_t memory[8192];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);
    yao_time             now    = yao_now();
    yao_time             before = provider_day(now) -
                                  FORGET_DAYS * YAO_TIME_DAY;

    store_forget_once(&change, now);
    if (all) {
        store_forget_instances(&change, before);
        store_forget_sealed(&change, before);
    }
    return store_commit(p->store, &change);
}

/* Browsers that have the page would refuse it, one by one. */
static void look_at_page(const provider *p)
{
    const app_pages pages = {
        .folder    = provider_get(&p->config, PROVIDER_PAGES),
        .statement = provider_get(&p->config, PROVIDER_PAGE_STATEMENT)};
    yao_openssl *own    = yao_openssl_open(); /* the others are workers' */
    yao_status   status = YAO_E_CRYPTO;

    if (own != NULL)
        status = app_pages_check(&pages, yao_openssl_crypto(own));
    yao_openssl_close(own);
    if (status != YAO_OK)
        app_log_status(APP_LOG_WARN, "page-not-vouched-for", "statement",
                       status);
}

static void sweep(void *ctx, unsigned turn)
{
    serving *s = ctx;

    if (turn % (FORGET_S / APP_TURN_S) == 0)
        look_at_page(&s->provider);

    app_boxes_forget(s->provider.boxes, yao_now());
    yao_status status =
        forget_rows(&s->provider, turn % (FORGET_S / APP_TURN_S) == 0);
    if (status != YAO_OK)
        app_log_status(APP_LOG_ERROR, "job-failed", "forget", status);
}

/* ---- what the server calls ---- */

static const yao_crypto *worker_crypto(void *server, unsigned worker)
{
    return app_worker_crypto(&((const provider *)server)->workers, worker);
}

static yao_status is_ready(void *server)
{
    const provider      *p = server;
    _Alignas(16) uint8_t memory[1024];
    yao_arena            arena = {memory, sizeof memory, 0};
    yao_bytes            secret;

    yao_status status =
        store_get_fact(p->store, YAO_TEXT("secret"), &arena, &secret);
    yao_wipe(memory, sizeof memory);
    return status;
}

static double read_boxes(void *ctx)
{
    size_t boxes, bytes;

    app_boxes_count(((provider *)ctx)->boxes, &boxes, &bytes);
    return (double)boxes;
}

static double read_bytes(void *ctx)
{
    size_t boxes, bytes;

    app_boxes_count(((provider *)ctx)->boxes, &boxes, &bytes);
    return (double)bytes;
}

static void wake(void *ctx, uint64_t key)
{
    net_server_wake(ctx, key);
}

static yao_status on_started(void *server, net_server *net,
                             app_metrics *metrics)
{
    serving *s = server; /* the provider is its first member */

    app_boxes_wake(s->provider.boxes, wake, net);
    YAO_TRY(app_metrics_gauge(metrics, "yaopai_mailboxes",
                              "Mailboxes that are open", read_boxes,
                              &s->provider));
    YAO_TRY(app_metrics_gauge(metrics, "yaopai_mailbox_bytes",
                              "Bytes that wait in them", read_bytes,
                              &s->provider));
    return app_turns_start(&s->turns, sweep, s);
}

static void on_stopped(void *server)
{
    serving *s = server;

    app_turns_stop(&s->turns);
    app_boxes_wake(s->provider.boxes, NULL, NULL);
}

/* ---- starting ---- */

const app_routes *const provider_tables[PROVIDER_TABLES] = {
    &provider_instance_table, &provider_attest_table, &provider_mailbox_table,
    &provider_backup_table, &provider_pages_table};

static int serve(const yao_invocation *call, serving *s)
{
    provider              *p   = &s->provider;
    const provider_config *c   = &p->config;
    const char            *url = provider_get(c, PROVIDER_URL);
    const app_listener listeners[] = {
        {"public",
         app_serving_place(call, "listen", provider_get(c, PROVIDER_LISTEN)),
         PROVIDER_PUBLIC, url},
        {"admin",
         app_serving_place(call, "admin", provider_get(c, PROVIDER_ADMIN)),
         PROVIDER_ADMINS, ""}};
    app_routes tables[PROVIDER_TABLES];
    for (size_t i = 0; i < PROVIDER_TABLES; i++)
        tables[i] = *provider_tables[i];
    app_serving how = {
        .program        = "provider",
        .listeners      = listeners,
        .listener_count = sizeof listeners / sizeof listeners[0],
        .admin          = PROVIDER_ADMINS,
        .tables         = tables,
        .table_count    = PROVIDER_TABLES,
        .server         = p,
        .workers        = p->workers.count,
        .memory         = MEMORY,
        .connections =
            (unsigned)provider_number(c, PROVIDER_CONNECTIONS),
        .per_address =
            (unsigned)provider_number(c, PROVIDER_PER_ADDRESS),
        .crypto  = worker_crypto,
        .ready   = is_ready,
        .started = on_started,
        .stopped = on_stopped};

    int code = app_serving_check(what, "provider.url", url,
                                 provider_yes(c, PROVIDER_DEMO));
    return code == 0 ? app_serving_run(what, &how) : code;
}

static int run(const yao_invocation *call)
{
    static serving       s; /* the provider comes first: app_call.server */
    yao_settings_trouble trouble = {.line = 0};
    const char          *place   = "";

    app_harden();
    yao_status status =
        provider_open(call->directory, &s.provider, &trouble, &place);
    if (status == YAO_OK)
        status = app_workers_open(
            (unsigned)provider_number(&s.provider.config, PROVIDER_WORKERS),
            &s.provider.workers);
    int code = status == YAO_OK
                   ? serve(call, &s)
                   : yao_fail(status, what,
                              trouble.setting[0] != '\0' ? trouble.setting
                                                         : place,
                              trouble.why,
                              WORDS("make one with `yaopai provider init -C "
                                    "DIR`, or correct the line",
                                    "请用 `yaopai provider init -C DIR` 建立，"
                                    "或改正该行"));
    provider_close(&s.provider);
    return code;
}

static const yao_option options[] = {
    {"listen", "PLACE", 0,
     WORDS_INIT("instead of server.listen: HOST:PORT (port 0: a free one), "
                "unix:PATH, fd:N",
                "代替 server.listen：主机:端口（0 为空闲端口）、unix:路径、fd:N")},
    {"admin", "PLACE", 0,
     WORDS_INIT("instead of server.admin", "代替 server.admin")},
};

const yao_command yao_provider_serve = {
    .noun    = "provider",
    .verb    = "serve",
    .summary = WORDS_INIT("serve wallets: attestations, mailboxes, backups, "
                          "the page",
                          "为钱包服务：证明、中继信箱、备份、页面"),
    .text    = WORDS_INIT(
        "Serves until SIGTERM or SIGINT. The provider keeps a keyed hash of "
        "each wallet's key, backups that only their wallet can open, and in "
        "memory messages that wait for some minutes; no person, no document, "
        "no address. docs/formats/provider.md says all of it.",
        "服务直至 SIGTERM 或 SIGINT。提供方只保存各钱包密钥的带钥散列、"
        "仅钱包自己能打开的备份，以及在内存中等待数分钟的消息；"
        "没有人员、证件与网络地址。详见 docs/formats/provider.md。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai provider serve -C provider",
    .run          = run,
};
