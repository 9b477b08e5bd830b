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
static const yao_setting trust_ca      = {.section = "trust",
                                          .name    = "ca_file"};
static const yao_setting relays_ca     = {.section = "counter",
                                          .name    = "ca_file"};
static const yao_setting desk_refresh  = {.section = "trust",
                                          .name    = "refresh_minutes"};

typedef struct places {
    char bundle[96], boxes[96]; /* addresses */
    char listen[YAO_DEMO_PLACES][32];
} places;

static void name_places(const yao_demo_world *w, places *p)
{
    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        snprintf(p->listen[i], sizeof p->listen[i], "127.0.0.1:%u",
                 w->ports.at[i]);
    /* on this machine, by whichever name others know it */
    snprintf(p->bundle, sizeof p->bundle, "%s/trust/bundle.cose",
             w->own[YAO_DEMO_AUTHORITY]);
    snprintf(p->boxes, sizeof p->boxes, "%s/mailboxes", w->stage.provider);
}

/* For who stands in front of them: a line each, "authority 127.0.0.1:8440". */
static yao_status write_places(const yao_stage *s, const places *p)
{
    char text[512];
    int  len = 0;

    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%s %s\n",
                        yao_demo_place_names[i], p->listen[i]);
    return yao_file_write(yao_stage_path(s, "places"),
                          yao_text_bytes(yao_text_of(text)), 0644, false);
}

/* Passkeys, cookies and signed requests are for the address that is
 * configured: it must be the one that is served. */
static void settle(yao_demo_world *w, const places *p)
{
    yao_stage               *s       = &w->stage;
    const yao_setting_change those[] = {{&authority_url, s->authority},
                                        {&kiosk_url,
                                         w->own[YAO_DEMO_KIOSK]},
                                        {&console_url,
                                         w->own[YAO_DEMO_CONSOLE]}};
    const yao_setting_change its[]   = {{&provider_url, s->provider}};
    const yao_setting_change hotels[] = {{&desk_url, s->desk},
                                         {&desk_trust, p->bundle},
                                         {&desk_relays, p->boxes},
                                         /* who tries waits for no list */
                                         {&desk_refresh, "1"},
                                         {&trust_ca, w->ca_file},
                                         {&relays_ca, w->ca_file}};

    if (s->failed)
        return;
    yao_status status = yao_settings_change(yao_stage_path(s, "authority"),
                                            "authority.ini", those, 3);
    if (status == YAO_OK)
        status = yao_settings_change(yao_stage_path(s, "provider"),
                                     "provider.ini", its, 1);
    if (status == YAO_OK)
        status = yao_settings_change(yao_stage_path(s, "desk"), "desk.ini",
                                     hotels, w->ca_file != NULL ? 6 : 4);
    if (status == YAO_OK)
        status = write_places(s, p);
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

/* ---- the first operators ------------------------------------------------ */

const char *const yao_demo_operators[YAO_DEMO_OPERATORS] = {"operator-1",
                                                             "operator-2"};

/* What takes two is tried by two, who may do everything: in a real service
 * nobody has all roles. The codes stay, for who starts the demo again. */
static void invite(yao_demo_world *w)
{
    char           file[32];
    const yao_step list = {.quiet = true,
                           .save  = yao_stage_path(&w->stage,
                                                   "operators.json")};

    for (size_t i = 0; i < YAO_DEMO_OPERATORS; i++) {
        snprintf(file, sizeof file, "%s.json", yao_demo_operators[i]);
        if (yao_path_exists(yao_stage_path(&w->stage, file)))
            continue;
        const yao_step step = {.quiet = true,
                               .save  = yao_stage_path(&w->stage, file)};
        yao_stage_run(&w->stage, &step, "operator", "add", "--name",
                      yao_demo_operators[i], "--role", "clerk", "--role",
                      "officer", "--role", "supervisor", "--role", "registrar", "--role",
                      "auditor", "--role", "administrator", "--json", "-C",
                      yao_stage_path(&w->stage, "authority"), NULL);
    }
    yao_stage_run(&w->stage, &list, "operator", "list", "--json", "-C",
                  yao_stage_path(&w->stage, "authority"), NULL);
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
    w->stage.silent = true;
    start(w, &p);
    w->stage.silent = false;
    yao_demo_tell_visit(w, there);
    await_end(w, &set);
    yao_stage_say(&w->stage, WORDS("\nEnding ...", "\n正在结束……"));
    return 0;
}
