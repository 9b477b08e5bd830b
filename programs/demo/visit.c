/* SPDX-License-Identifier: Apache-2.0 */

/* The servers alone, until Ctrl-C: for whoever wants to try. */

#define _GNU_SOURCE
#include "demo/demo.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "app/files.h"
#include "app/settings.h"

/* ---- where they are ----------------------------------------------------- */

static const yao_step well = {.want = 0};

static const yao_setting authority_url = {.section = "authority",
                                          .name    = "url"};
static const yao_setting kiosk_url     = {.section = "server",
                                          .name    = "kiosk_url"};
static const yao_setting console_url   = {.section = "server",
                                          .name    = "console_url"};
static const yao_setting provider_url  = {.section = "provider",
                                          .name    = "url"};
static const yao_setting desk_url      = {.section = "desk", .name = "url"};
static const yao_setting desk_trust    = {.section = "trust", .name = "url"};
static const yao_setting desk_relays   = {.section = "counter",
                                          .name    = "mailboxes"};
static const yao_setting desk_refresh  = {.section = "trust",
                                          .name    = "refresh_minutes"};

typedef struct places {
    char kiosk[64], console[64], bundle[96], boxes[96]; /* addresses */
    char listen[YAO_DEMO_PLACES][32];
} places;

static void name_places(const yao_demo_world *w, places *p)
{
    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        snprintf(p->listen[i], sizeof p->listen[i], "127.0.0.1:%u",
                 w->ports.at[i]);
    snprintf(p->kiosk, sizeof p->kiosk, "http://kiosk.localhost:%u",
             w->ports.at[YAO_DEMO_KIOSK]);
    snprintf(p->console, sizeof p->console, "http://console.localhost:%u",
             w->ports.at[YAO_DEMO_CONSOLE]);
    snprintf(p->bundle, sizeof p->bundle, "%s/trust/bundle.cose",
             w->stage.authority);
    snprintf(p->boxes, sizeof p->boxes, "%s/mailboxes", w->stage.provider);
}

/* Passkeys, cookies and signed requests are for the address that is
 * configured: it must be the one that is served. */
static void settle(yao_demo_world *w, const places *p)
{
    yao_stage               *s       = &w->stage;
    const yao_setting_change those[] = {{&authority_url, s->authority},
                                        {&kiosk_url, p->kiosk},
                                        {&console_url, p->console}};
    const yao_setting_change its[]   = {{&provider_url, s->provider}};
    const yao_setting_change hotels[] = {{&desk_url, s->desk},
                                         {&desk_trust, p->bundle},
                                         {&desk_relays, p->boxes},
                                         /* who tries waits for no list */
                                         {&desk_refresh, "1"}};

    if (s->failed)
        return;
    yao_status status = yao_settings_change(yao_stage_path(s, "authority"),
                                            "authority.ini", those, 3);
    if (status == YAO_OK)
        status = yao_settings_change(yao_stage_path(s, "provider"),
                                     "provider.ini", its, 1);
    if (status == YAO_OK)
        status = yao_settings_change(yao_stage_path(s, "desk"), "desk.ini",
                                     hotels, 4);
    if (status != YAO_OK)
        yao_stage_fail(s, WORDS("the settings could not be changed",
                                "无法修改设置"));
}

static void start(yao_demo_world *w, const places *p)
{
    yao_stage *s = &w->stage;

    yao_demo_start(s, &w->authority, "authority", "serve", "-C",
                   yao_stage_path(s, "authority"), "--listen",
                   p->listen[YAO_DEMO_AUTHORITY], "--kiosk-listen",
                   p->listen[YAO_DEMO_KIOSK], "--console-listen",
                   p->listen[YAO_DEMO_CONSOLE], NULL);
    yao_demo_start(s, &w->provider, "provider", "serve", "-C",
                   yao_stage_path(s, "provider"), "--listen",
                   p->listen[YAO_DEMO_WALLET], NULL);
    yao_demo_start_desk(w);
}

/* ---- telling ------------------------------------------------------------ */

static void tell_places(const yao_demo_world *w, const places *p)
{
    const yao_stage *s = &w->stage;

    yao_stage_say(
        s,
        WORDS("\nThe demo is served, on this machine only:\n"
              "  %-38s documents for wallets, lists, trust\n"
              "  %-38s wallet provider\n"
              "  %-38s the hotel's desk\n"
              "  %-38s kiosks\n"
              "  %-38s operators\n"
              "%s",
              "\n演示服务已启动，仅限本机访问：\n"
              "  %-38s 向钱包签发证件，状态列表，信任列表\n"
              "  %-38s 钱包提供方\n"
              "  %-38s 酒店前台\n"
              "  %-38s 自助终端\n"
              "  %-38s 工作人员\n"
              "%s"),
        s->authority, s->provider, s->desk, p->kiosk, p->console,
        yao_say(yao_demo_has_pages(w)
                    ? WORDS("Open them in a browser.", "可用浏览器打开。")
                    : WORDS("The pages were not built (tools/make-pages): "
                            "these answer programs (docs/api).",
                            "尚未构建网页（tools/make-pages），以上地址供程序"
                            "调用（见 docs/api）。")));
}

/* The desk's page with a key of its own: the last line of the file. */
static void tell_desk(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;
    yao_bytes        file;

    if (!yao_demo_has_pages(w) ||
        yao_file_read(yao_stage_path(s, "desk/keys/api.keys"), 4096, &file) !=
            YAO_OK)
        return;
    while (file.len > 0 && file.ptr[file.len - 1] == '\n')
        file.len--;
    size_t at = file.len;
    while (at > 0 && file.ptr[at - 1] != '\n')
        at--;
    yao_stage_say(s,
                  WORDS("The desk's page, with its key:\n  %s/#key=%.*s",
                        "核验台页面（附密钥）：\n  %s/#key=%.*s"),
                  s->desk, (int)(file.len - at), (const char *)file.ptr + at);
    yao_file_free(&file);
}

/* A page has a key of its own: each visit has a kiosk that waits for one. */
static void tell_kiosk(yao_demo_world *w, const places *p)
{
    yao_stage     *s    = &w->stage;
    const char    *file = yao_stage_path(s, "kiosk-code.json");
    const yao_step step = {.quiet = true, .save = file};
    char           code[16];

    if (s->failed || !yao_demo_has_pages(w))
        return;
    s->silent = true;
    yao_stage_run(s, &step, "kiosk", "add", "-C",
                  yao_stage_path(s, "authority"), "--name", "SPECIMEN",
                  "--json", NULL);
    s->silent = false;
    if (s->failed || !yao_demo_read(file, NULL, "code", code, sizeof code))
        return;
    yao_stage_say(s,
                  WORDS("\nPair the kiosk's page (within ten minutes), then "
                        "take a number that it offers, such as %s of %s:\n"
                        "  %s/#pair=%s",
                        "\n配对自助终端页面（十分钟内有效），再选用页面所列号码，"
                        "如 %s（%s）：\n"
                        "  %s/#pair=%s"),
                  s->people[0].number, s->people[0].name, p->kiosk, code);
}

static void tell_how(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;
    const char      *f = s->folder;

    yao_stage_say(
        s,
        WORDS("\nTry in another terminal (same folder):\n"
              "  curl %s/.well-known/openid-credential-issuer\n"
              "  curl %s/trust/trust-root.pem\n"
              "  curl --unix-socket %s/authority/admin.sock "
              "http://unix/metrics\n"
              "  curl -H \"Authorization: Bearer $(tail -n1 "
              "%s/desk/keys/api.keys)\" --json '{\"profile\":\"hotel\"}' "
              "%s/api/sessions\n"
              "or, as the ten fictitious people do (the first one is %s):\n"
              "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
              "  %s wallet init -C %s/wallets/mine --local --provider %s\n"
              "  %s document offer -C %s/authority --person %s "
              "--configuration pass_sdjwt > %s/offer\n"
              "  %s wallet receive -C %s/wallets/mine --local --trust "
              "%s/authority/certificates/other-root.pem %s/offer\n"
              "\nCtrl-C ends it.",
              "\n可在另一个终端（同一目录）中尝试：\n"
              "  curl %s/.well-known/openid-credential-issuer\n"
              "  curl %s/trust/trust-root.pem\n"
              "  curl --unix-socket %s/authority/admin.sock "
              "http://unix/metrics\n"
              "  curl -H \"Authorization: Bearer $(tail -n1 "
              "%s/desk/keys/api.keys)\" --json '{\"profile\":\"hotel\"}' "
              "%s/api/sessions\n"
              "或者像那十位虚构人物一样（第一位是%s）：\n"
              "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
              "  %s wallet init -C %s/wallets/mine --local --provider %s\n"
              "  %s document offer -C %s/authority --person %s "
              "--configuration pass_sdjwt > %s/offer\n"
              "  %s wallet receive -C %s/wallets/mine --local --trust "
              "%s/authority/certificates/other-root.pem %s/offer\n"
              "\n按 Ctrl-C 结束。"),
        s->authority, s->authority, f, f, s->desk, s->people[0].name, f,
        s->typed, f, s->provider, s->typed, f, s->people[0].number, f, s->typed, f, f,
        f);
}

static void tell_moved(const yao_demo_world *w, bool there)
{
    static const size_t all[] = {YAO_DEMO_AUTHORITY, YAO_DEMO_WALLET,
                                 YAO_DEMO_DESK, YAO_DEMO_KIOSK,
                                 YAO_DEMO_CONSOLE};
    bool names = false;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (w->wished.at[all[i]] == w->ports.at[all[i]])
            continue;
        names |= all[i] <= YAO_DEMO_WALLET;
        yao_stage_say(&w->stage,
                      WORDS("Port %u is busy: %u is taken instead.",
                            "端口 %u 被占用，改用 %u。"),
                      w->wished.at[all[i]], w->ports.at[all[i]]);
    }
    if (names && there)
        yao_stage_say(&w->stage,
                      WORDS("Documents and wallets that were made before name "
                            "the old port.",
                            "先前的证件和钱包仍记着旧端口。"));
}

/* ---- the first operators ------------------------------------------------ */

enum { OPERATORS = 2, CODE = 64 };

static const char *const operators[OPERATORS] = {"operator-1", "operator-2"};

/* What takes two is tried by two, who may do everything: in a real service
 * nobody has all roles. The codes stay, for who starts the demo again. */
static void invite(yao_demo_world *w)
{
    char file[32];

    for (size_t i = 0; i < OPERATORS; i++) {
        snprintf(file, sizeof file, "%s.json", operators[i]);
        if (yao_path_exists(yao_stage_path(&w->stage, file)))
            continue;
        const yao_step step = {.quiet = true,
                               .save  = yao_stage_path(&w->stage, file)};
        yao_stage_run(&w->stage, &step, "operator", "add", "--name",
                      operators[i], "--role", "clerk", "--role", "officer",
                      "--role", "supervisor", "--role", "registrar", "--role",
                      "auditor", "--role", "administrator", "--json", "-C",
                      yao_stage_path(&w->stage, "authority"), NULL);
    }
}

/* {"code":"..."}; no code where two were invited before. */
static bool read_code(const yao_stage *s, const char *name, char code[CODE])
{
    char      file[32], text[128] = "";
    yao_bytes whole;

    snprintf(file, sizeof file, "%s.json", name);
    if (yao_file_read(yao_stage_path(s, file), sizeof text - 1, &whole) !=
        YAO_OK)
        return false;
    memcpy(text, whole.ptr, whole.len);
    yao_file_free(&whole);
    return sscanf(text, "{\"code\":\"%63[^\"]", code) == 1;
}

static void tell_operators(const yao_demo_world *w, const places *p)
{
    const yao_stage *s = &w->stage;
    char             code[CODE];
    bool             first = true;

    for (size_t i = 0; i < OPERATORS; i++) {
        if (!read_code(s, operators[i], code))
            continue;
        if (first)
            yao_stage_say(s,
                          WORDS("\nOperators register a passkey at %s, once, "
                                "within a day, by name and code:",
                                "\n工作人员请在一天内打开 %s，用名称和注册码登记"
                                "通行密钥（只能用一次）："),
                          p->console);
        first = false;
        yao_stage_say(s, WORDS("  %-12s %s", "  %-12s %s"), operators[i], code);
    }
}

/* ---- until the end ------------------------------------------------------ */

/* Blocked from before the servers start, so that none is missed. */
static void block(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
    sigprocmask(SIG_BLOCK, set, NULL);
}

static bool runs(yao_demo_server *server)
{
    if (waitpid(server->pid, NULL, WNOHANG) != server->pid)
        return true;
    server->pid = 0;
    return false;
}

/* A server that ends by itself ends all of it. */
static void await_end(yao_demo_world *w, const sigset_t *set)
{
    int got = 0;

    while (!w->stage.failed && sigwait(set, &got) == 0 && got == SIGCHLD) {
        yao_demo_server *gone = !runs(&w->authority)  ? &w->authority
                                : !runs(&w->provider) ? &w->provider
                                : !runs(&w->desk)     ? &w->desk
                                                      : NULL;

        if (gone == NULL)
            continue;
        snprintf(w->stage.command, sizeof w->stage.command, "yaopai %s serve",
                 gone->name);
        yao_stage_fail(&w->stage, WORDS("this server ended; its log:",
                                        "该服务已终止，其日志："));
        yao_demo_tell_log(&w->stage, gone);
    }
}

/* A first wallet opens the status lists and they are published: a checker that
 * fetches them once knows what is said of every document that comes later. */
static void publish_lists(yao_stage *s, const char *number)
{
    yao_stage_run(s, &well, "wallet", "init", "-C",
                  yao_stage_path(s, "wallets/first"), NULL);
    yao_stage_run(s, &well, "document", "issue", "-C",
                  yao_stage_path(s, "authority"), "--wallet",
                  yao_stage_path(s, "wallets/first"), "--person", number,
                  "--copies", "1", "--cards", "1", NULL);
    yao_stage_run(s, &well, "statuslist", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "lists"), NULL);
    yao_stage_run(s, &well, "trust", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "trust"), NULL);
}

/* An authority with ten people, without a story. */
static int make_quietly(yao_demo_world *w)
{
    int code = yao_demo_prepare(w);

    if (code != 0)
        return code;
    yao_stage_say(&w->stage, WORDS("Making an authority, a wallet provider and "
                                   "ten fictitious people ...",
                                   "正在建立签发机关、钱包提供方和十位虚构人物"
                                   "……"));
    w->stage.silent = true;
    yao_demo_open(w);
    yao_demo_register(w);
    publish_lists(&w->stage, w->stage.people[0].number);
    w->stage.silent = false;
    return 0;
}

int yao_demo_visit(yao_demo_world *w)
{
    sigset_t set;
    places   p;
    bool     there = yao_path_exists(yao_stage_path(&w->stage, "authority"));
    int      code  = there ? yao_demo_return(w) : make_quietly(w);

    if (code != 0)
        return code;
    name_places(w, &p);
    w->stage.silent = true;
    yao_demo_make_desk(w);
    w->stage.silent = false;
    settle(w, &p);
    yao_demo_settle_pages(w);
    invite(w);
    block(&set);
    start(w, &p);
    tell_moved(w, there);
    tell_places(w, &p);
    tell_operators(w, &p);
    tell_desk(w);
    tell_kiosk(w, &p);
    tell_how(w);
    await_end(w, &set);
    yao_stage_say(&w->stage, WORDS("\nEnding ...", "\n正在结束……"));
    return 0;
}
