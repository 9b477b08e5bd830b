/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai desk serve: the relying party on the network. */

#include "desk/face.h"
#include "desk/statement.h"
#include "desk/webhook.h"

#include <string.h>

#include "app/files.h"
#include "app/log.h"
#include "app/serve.h"
#include "app/serving.h"
#include "app/turns.h"
#include "desk/session.h"

static const yao_words what = WORDS_INIT("desk serve", "核验台服务");

enum {
    MEMORY = 16 * 1024 * 1024 /* of a worker: an answer with portraits, what is
                                 read of it; what is not used costs nothing */
};

typedef struct serving {
    desk         desk; /* the first member: app_call.server */
    uint8_t      owner[STORE_ID_LEN];
    yao_openssl *openssl; /* of the turns' thread */
    app_turns    turns;
    desk_hooks   hooks;
} serving;

/* ---- what is done from time to time ---- */

static void tell(const char *job, yao_status status)
{
    if (status != YAO_OK && status != YAO_E_LOCKED)
        app_log_status(APP_LOG_ERROR, "job-failed", job, status);
}

static void do_turn(void *ctx, unsigned turn)
{
    serving          *s      = ctx;
    desk             *d      = &s->desk;
    const yao_crypto *crypto = yao_openssl_crypto(s->openssl);
    unsigned          every =
        (unsigned)desk_number(&d->config, DESK_REFRESH) * 60 / APP_TURN_S;

    /* without any a desk does nothing: it does not wait for its turn */
    if (turn % every == 0 || desk_trust_age(&d->trust, yao_now()) < 0) {
        tell("fetch-statement", desk_statement_fetch(d, crypto, yao_now()));
        tell("fetch-trust", desk_trust_fetch(&d->trust, crypto, yao_now()));
    }
    desk_statement_load(d);
    tell("load-trust", desk_trust_load(&d->trust, crypto, yao_now()));
    tell("count", desk_room_count(&d->room, d->store));
    app_boxes_forget(d->boxes, yao_now());
    tell("forget",
         desk_forget(d, (yao_bytes){s->owner, STORE_ID_LEN}, yao_now()));
}

/* ---- what the server calls ---- */

static const yao_crypto *worker_crypto(void *server, unsigned worker)
{
    return app_worker_crypto(&((const desk *)server)->workers, worker);
}

static yao_status is_ready(void *server)
{
    desk    *d     = server;
    uint64_t count = 0;

    YAO_TRY(store_count_enquiries(d->store, &count));
    return desk_trust_age(&d->trust, yao_now()) >= 0 ? YAO_OK : YAO_E_UNTRUSTED;
}

static double read_requests(void *ctx)
{
    uint64_t count = 0;

    return store_count_enquiries(((desk *)ctx)->store, &count) == YAO_OK
               ? (double)count
               : -1;
}

static double read_results(void *ctx)
{
    uint64_t count = 0;

    return store_count_judgements(((desk *)ctx)->store, &count) == YAO_OK
               ? (double)count
               : -1;
}

static double read_trust_age(void *ctx)
{
    return (double)desk_trust_age(&((desk *)ctx)->trust, yao_now());
}

static void wake(void *ctx, uint64_t key)
{
    net_server_wake(ctx, key);
}

static yao_status on_started(void *server, net_server *net,
                             app_metrics *metrics)
{
    serving *s = server;

    s->desk.wake     = wake;
    s->desk.wake_ctx = net;
    app_boxes_wake(s->desk.boxes, wake, net);
    YAO_TRY(app_metrics_gauge(metrics, "yaopai_desk_requests",
                              "Requests that are kept", read_requests,
                              &s->desk));
    YAO_TRY(app_metrics_gauge(metrics, "yaopai_desk_results",
                              "Results that are kept", read_results, &s->desk));
    YAO_TRY(app_metrics_gauge(metrics, "yaopai_desk_trust_age_seconds",
                              "Age of the trust bundle in force; -1: none",
                              read_trust_age, &s->desk));
    YAO_TRY(app_turns_start(&s->turns, do_turn, s));
    return desk_hooks_start(&s->hooks, &s->desk,
                            (yao_bytes){s->owner, STORE_ID_LEN});
}

static void on_stopped(void *server)
{
    serving *s = server;

    desk_counters_stop(&s->desk);
    app_turns_stop(&s->turns);
    desk_hooks_stop(&s->hooks);
    s->desk.wake = NULL;
    app_boxes_wake(s->desk.boxes, NULL, NULL);
}

/* ---- starting ---- */

/* One that is over, or older than what was seen, is used by nobody, and the
 * next that is fetched takes its place. */
static bool may_be_fetched(const desk *d, yao_status status)
{
    return desk_get(&d->config, DESK_TRUST_URL)[0] != '\0' &&
           (status == YAO_E_EXPIRED || status == YAO_E_VALUE);
}

/* What is there now; without it the desk starts, and is not ready. */
static int check_trust(desk *d)
{
    desk_statement_load(d);

    app_bundle_options o = {.path   = desk_get(&d->config, DESK_BUNDLE),
                            .anchor = desk_get(&d->config, DESK_ANCHOR)};
    app_bundle         none;
    yao_status         status =
        desk_trust_load(&d->trust, yao_openssl_crypto(d->openssl), yao_now());

    if (status == YAO_OK)
        return 0;
    if (status == YAO_E_NOT_FOUND || may_be_fetched(d, status)) {
        app_log_event(APP_LOG_WARN, "no-trust-bundle-yet");
        return 0;
    }
    memset(&none, 0, sizeof none);
    return app_bundle_tell(&none, &o, status, what);
}

const app_routes *const desk_tables[DESK_TABLES] = {
    &desk_session_table,
    &desk_request_table,
    &desk_response_table,
    &desk_browser_table,
    &desk_card_table,
    &desk_receipt_table,
    &desk_evidence_table,
    &desk_guest_table,
    &desk_page_table,
    &desk_counter_table,
    &desk_mailbox_table,
    &desk_standing_table,
    &desk_officer_table,
    &desk_lookup_table,
    &desk_about_table,
    &desk_site_table,
    &desk_face_table,
};

static int open_face(desk *d)
{
    yao_status status = desk_face_open(d);

    return status == YAO_OK
               ? 0
               : yao_fail(status, what, "[face]",
                          WORDS("this engine can't be used",
                                "无法使用该引擎"),
                          WORDS("see docs/guides/faces.md, or set provider = "
                                "none",
                                "参见 docs/guides/faces.md，或设 "
                                "provider = none"));
}

static int serve(const yao_invocation *call, serving *s)
{
    desk              *d           = &s->desk;
    const char        *url         = desk_get(&d->config, DESK_URL);
    const app_listener listeners[] = {
        {"public",
         app_serving_place(call, "listen", desk_get(&d->config, DESK_LISTEN)),
         DESK_PUBLIC, url},
        {"admin",
         app_serving_place(call, "admin", desk_get(&d->config, DESK_ADMIN)),
         DESK_ADMINS, ""}};
    app_routes tables[DESK_TABLES];
    for (size_t i = 0; i < DESK_TABLES; i++)
        tables[i] = *desk_tables[i];
    app_serving how = {
        .program        = "desk",
        .listeners      = listeners,
        .listener_count = sizeof listeners / sizeof listeners[0],
        .admin          = DESK_ADMINS,
        .tables         = tables,
        .table_count    = DESK_TABLES,
        .doors          = {.program = desk_door},
        .server         = d,
        .workers        = (unsigned)desk_number(&d->config, DESK_WORKERS),
        .memory         = MEMORY,
        .connections    = (unsigned)desk_number(&d->config, DESK_CONNECTIONS),
        .per_address    = (unsigned)desk_number(&d->config, DESK_PER_ADDRESS),
        .crypto         = worker_crypto,
        .ready          = is_ready,
        .started        = on_started,
        .stopped        = on_stopped};

    int code = app_serving_check(what, "desk.url", url,
                                 desk_yes(&d->config, DESK_DEMO));
    if (code == 0)
        code = open_face(d);
    if (code == 0)
        code = check_trust(d);
    return code == 0 ? app_serving_run(what, &how) : code;
}

static yao_status prepare(serving *s)
{
    desk    *d       = &s->desk;
    unsigned workers = (unsigned)(desk_number(&d->config, DESK_WORKERS) +
                                  desk_number(&d->config, DESK_COUNTERS));

    YAO_TRY(app_workers_open(workers, &d->workers));
    s->openssl = yao_openssl_open();
    if (s->openssl == NULL)
        return YAO_E_CRYPTO;
    return yao_openssl_random(s->owner, sizeof s->owner);
}

static int run(const yao_invocation *call)
{
    static serving       s;
    yao_settings_trouble trouble = {.line = 0};
    const char          *place   = "";

    app_harden();
    yao_status status = desk_open(call->directory, &s.desk, &trouble, &place);
    if (status == YAO_OK)
        status = prepare(&s);
    int code =
        status == YAO_OK
            ? serve(call, &s)
            : yao_fail(status, what,
                       trouble.setting[0] != '\0' ? trouble.setting : place,
                       trouble.why,
                       WORDS("make one with `yaopai desk init -C DIR`, "
                             "or correct the line",
                             "请用 `yaopai desk init -C DIR` 建立，"
                             "或改正该行"));
    face_close(s.desk.face);
    desk_close(&s.desk);
    yao_openssl_close(s.openssl);
    return code;
}

static const yao_option options[] = {
    {"listen", "PLACE", 0,
     WORDS_INIT(
         "instead of server.listen: HOST:PORT (port 0: a free one), "
         "unix:PATH, fd:N",
         "代替 server.listen：主机:端口（0 为空闲端口）、unix:路径、fd:N")},
    {"admin", "PLACE", 0,
     WORDS_INIT("instead of server.admin", "代替 server.admin")},
};

const yao_command yao_desk_serve = {
    .noun    = "desk",
    .verb    = "serve",
    .summary = WORDS_INIT("ask wallets, judge what they show, for programs of "
                          "a relying party",
                          "为依赖方的程序向钱包请求证件并核验"),
    .text    = WORDS_INIT(
        "Serves until SIGTERM or SIGINT. Programs of the relying party use "
           "/api with a bearer key; wallets and browsers find the rest. Values "
           "lie sealed in the database, as long as the profile allows, and in no "
           "log. docs/formats/desk.md says all of it.",
        "服务直至 SIGTERM 或 SIGINT。依赖方的程序凭密钥使用 /api，"
           "其余供钱包与浏览器访问。证件内容密封存于数据库，"
           "保存期以请求配置为限，日志中没有。详见 docs/formats/desk.md。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai desk serve -C desk",
    .run          = run,
};
