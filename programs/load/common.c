/* SPDX-License-Identifier: Apache-2.0 */
#include "load/common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "load/offers.h"
#include "vci/configuration.h"

enum {
    MAX_PEOPLE      = 10000,
    MAX_REQUESTS    = 100000,
    MAX_WORKERS     = 16,
    MAX_CONNECTIONS = 64,
    MAX_SECONDS     = 60
};

/* ---- what is asked for -------------------------------------------------- */

static int wrong(yao_words what, const char *detail, yao_words why,
                 yao_words next)
{
    return yao_fail(YAO_E_USAGE, what, detail, why, next);
}

int load_take_place(yao_words what, const char *url, load_place *ret)
{
    yao_status status = load_place_read(yao_text_of(url), ret);

    if (status == YAO_E_NOT_AUTHORISED)
        return wrong(what, url,
                     WORDS("only a server of this machine is put under load",
                           "只能对本机的服务器做负载测试"),
                     WORDS("give http://127.0.0.1:PORT or "
                           "http://NAME.localhost:PORT",
                           "请用 http://127.0.0.1:端口 或 "
                           "http://名称.localhost:端口"));
    if (status == YAO_OK)
        return 0;
    return wrong(what, url, WORDS("not an address", "地址不正确"),
                 WORDS("give http://127.0.0.1:PORT",
                       "请用 http://127.0.0.1:端口"));
}

static int read_authority(const yao_invocation *call, yao_words what,
                          load_plan *plan)
{
    const char *url = yao_argument(call, "url");

    plan->url = yao_text_of(url);
    while (plan->url.len > 0 && plan->url.ptr[plan->url.len - 1] == '/')
        plan->url.len--;
    return load_take_place(what, url, &plan->place);
}

static int read_configuration(const yao_invocation *call, yao_words what,
                              load_plan *plan)
{
    const char *id = yao_argument(call, "configuration");
    yao_vci_configuration found;

    plan->configuration =
        yao_text_of(id != NULL            ? id
                    : plan->desk != NULL ? "resident_id_mdoc"
                                         : "driving_licence_mdoc");
    if (yao_vci_find_configuration(yao_catalogue_shipped(),
                                   plan->configuration, &found) == YAO_OK) {
        plan->format = found.format;
        return 0;
    }
    return wrong(what, id,
                 WORDS("there is no such configuration", "没有这种凭证配置"),
                 WORDS("DOCUMENT_mdoc or DOCUMENT_sdjwt",
                       "形如 证件_mdoc、证件_sdjwt"));
}

static int read_numbers(const yao_invocation *call, load_run *run,
                        load_plan *plan)
{
    long people, requests, workers, connections, seconds, copies;

    if (!yao_number(call, "people", 1, MAX_PEOPLE, 100, &people) ||
        !yao_number(call, "requests", 1, MAX_REQUESTS, 1000, &requests) ||
        !yao_number(call, "workers", 1, MAX_WORKERS, 2, &workers) ||
        !yao_number(call, "connections", 1, MAX_CONNECTIONS, 8,
                    &connections) ||
        !yao_number(call, "seconds", 1, MAX_SECONDS, 10, &seconds) ||
        !yao_number(call, "copies", 1, YAO_VCI_MAX_BATCH, 1, &copies))
        return 1;
    run->wallets     = (size_t)people;
    run->requests    = (size_t)requests;
    run->workers     = (size_t)workers;
    run->connections = (size_t)connections;
    run->seconds     = (double)seconds;
    plan->copies     = (size_t)copies;
    plan->room       = 64 * 1024 + plan->copies * 128 * 1024;
    return 0;
}

/* ---- who vouches -------------------------------------------------------- */

static yao_status read_chain(const char *path, yao_arena *arena,
                             load_plan *plan)
{
    yao_anchors *read = yao_arena_take(arena, sizeof *read);

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_anchors_add_file(read, arena, path, YAO_ROLE_ATTEST));
    for (size_t i = 0; i < read->count; i++) {
        if (read->list[i].certificate.len == 0)
            return YAO_E_KEY;
        if (plan->chain_count == YAO_MAX_CHAIN)
            return YAO_E_LIMIT;
        plan->chain[plan->chain_count++] = read->list[i].certificate;
    }
    return YAO_OK;
}

static const char *key_uri(const char *name, yao_arena *arena)
{
    size_t len = strlen(name) + sizeof "file:";
    char  *uri;

    if (strncmp(name, "file:", 5) == 0 || yao_key_in_token(name))
        return name;
    uri = yao_arena_take(arena, len);
    if (uri != NULL)
        snprintf(uri, len, "file:%s", name);
    return uri;
}

static int read_attester(const yao_invocation *call, yao_words what,
                         yao_arena *arena, load_run *run, load_plan *plan)
{
    const char *client = yao_argument(call, "client");
    const char *path   = yao_argument(call, "attester-certificate");
    yao_status  status = read_chain(path, arena, plan);

    plan->client_id = yao_text_of(client != NULL ? client : "yaopai-wallet");
    plan->attester_issuer =
        yao_text_of(yao_argument(call, "attester-issuer"));
    run->attester = key_uri(yao_argument(call, "attester"), arena);
    if (status == YAO_OK && run->attester == NULL)
        status = YAO_E_SPACE;
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, path, (yao_words){NULL, NULL},
                    WORDS("give the provider's certificates, without the root",
                          "请给出提供方的证书链（不含根证书）"));
}

int load_take_wallets(const yao_invocation *call, yao_words what,
                      yao_arena *arena, load_run *run, load_plan *plan)
{
    int code = read_authority(call, what, plan);

    if (code == 0)
        code = read_configuration(call, what, plan);
    if (code == 0)
        code = read_numbers(call, run, plan);
    if (code == 0)
        code = read_attester(call, what, arena, run, plan);
    return code;
}

/* ---- offers ------------------------------------------------------------- */

int load_take_offers(const yao_invocation *call, yao_words what,
                     yao_arena *arena, load_run *run)
{
    const char *path   = yao_argument(call, "register");
    const char *socket = yao_argument(call, "admin");
    load_people people;
    yao_text   *offers;
    yao_status  status = load_people_read(path, arena, &people);

    if (status != YAO_OK)
        return yao_fail(status, what, path, (yao_words){NULL, NULL},
                        WORDS("give a file with a number on each line, or as "
                              "`person import` takes it",
                              "请给出每行一个号码，或 `person import` "
                              "可读的文件"));
    if (run->plan->alone)
        run->wallets = load_run_slots(run);
    const load_counter counter = {socket, run->plan, &people};
    status = load_offers_take(&counter, run->wallets, arena, &offers,
                              &run->server);
    if (status == YAO_OK) {
        run->offers = offers;
        return 0;
    }
    if (status == YAO_E_REFUSED)
        return yao_fail(status, what, socket,
                        WORDS("the authority makes no such offer",
                              "签发机关不能发出此邀约"),
                        WORDS("register these people there first: `yaopai "
                              "person import`",
                              "请先用 `yaopai person import` 登记这些人员"));
    return yao_fail(status, what, socket, (yao_words){NULL, NULL},
                    WORDS("give the admin socket of a running authority",
                          "请给出正在运行的签发机关的管理套接字"));
}

/* ---- the measuring ------------------------------------------------------ */

static int tell(const yao_invocation *call, yao_words what, load_figures *f)
{
    char detail[96];

    load_figures_tell(f, call->json);
    if (f->failed == 0)
        return 0;
    snprintf(detail, sizeof detail, "%s, HTTP %d", load_step_name(f->failed_at),
             f->failed_http);
    return yao_fail(f->failed_why, what, detail,
                    WORDS("some requests failed, the first with this",
                          "部分请求失败，首个失败如下"),
                    WORDS("look into the log of the server",
                          "请查看服务器日志"));
}

int load_measure(const yao_invocation *call, yao_words what,
                 const load_run *run)
{
    load_figures figures = {.walks = 0};
    yao_status   status  = load_run_do(run, &figures);
    int          code;

    if (status == YAO_OK || figures.failed != 0)
        code = tell(call, what, &figures);
    else
        code = yao_fail(status, what,
                        yao_argument(call, run->plan->desk != NULL ? "desk"
                                                                   : "url"),
                        (yao_words){NULL, NULL},
                        WORDS("is the server there, and the key of the "
                              "attester?",
                              "请检查服务器与认证方密钥"));
    for (size_t i = 0; i < LOAD_STEPS; i++)
        free(figures.times[i].us);
    return code;
}
