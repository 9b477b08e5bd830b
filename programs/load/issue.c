/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai load issue: many wallets fetch from an authority of this machine. */

#include "load/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "load/offers.h"
#include "load/run.h"
#include "vci/configuration.h"

enum {
    MAX_PEOPLE      = 10000,
    MAX_REQUESTS    = 100000,
    MAX_WORKERS     = 16,
    MAX_CONNECTIONS = 64,
    MAX_SECONDS     = 60
};

#define MEMORY (64u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("load issue", "负载测试");

/* ---- what is asked for -------------------------------------------------- */

static int wrong(const char *detail, yao_words why, yao_words next)
{
    return yao_fail(YAO_E_USAGE, what, detail, why, next);
}

static int read_place(const yao_invocation *call, load_plan *plan)
{
    const char *url    = yao_argument(call, "url");
    yao_status  status = load_place_read(yao_text_of(url), &plan->place);

    plan->url = yao_text_of(url);
    while (plan->url.len > 0 && plan->url.ptr[plan->url.len - 1] == '/')
        plan->url.len--;
    if (status == YAO_E_NOT_AUTHORISED)
        return wrong(url,
                     WORDS("only a server of this machine is put under load",
                           "只能对本机的服务器做负载测试"),
                     WORDS("give http://127.0.0.1:PORT or "
                           "http://NAME.localhost:PORT",
                           "请用 http://127.0.0.1:端口 或 "
                           "http://名称.localhost:端口"));
    if (status == YAO_OK)
        return 0;
    return wrong(url, WORDS("not an address", "地址不正确"),
                 WORDS("give http://127.0.0.1:PORT",
                       "请用 http://127.0.0.1:端口"));
}

static int read_configuration(const yao_invocation *call, load_plan *plan)
{
    const char *id = yao_argument(call, "configuration");
    yao_vci_configuration found;

    plan->configuration =
        yao_text_of(id != NULL ? id : "driving_licence_mdoc");
    if (yao_vci_find_configuration(yao_catalogue_shipped(),
                                   plan->configuration, &found) == YAO_OK) {
        plan->format = found.format;
        return 0;
    }
    return wrong(id,
                 WORDS("there is no such configuration", "没有这种凭证配置"),
                 WORDS("DOCUMENT_mdoc or DOCUMENT_sdjwt",
                       "形如 证件_mdoc、证件_sdjwt"));
}

static int read_flow(const yao_invocation *call, load_plan *plan)
{
    const char *grant = yao_argument(call, "grant");
    const char *only  = yao_argument(call, "only");

    plan->by_code = grant != NULL && strcmp(grant, "code") == 0;
    if (grant != NULL && !plan->by_code &&
        strcmp(grant, "pre-authorized") != 0)
        return wrong(grant,
                     WORDS("there is no such grant", "没有这种授权方式"),
                     WORDS("code, or pre-authorized",
                           "可用 code 或 pre-authorized"));
    plan->presigned = yao_given(call, "presigned");
    plan->alone     = only != NULL || plan->presigned;
    if (only != NULL && strcmp(only, "credential") != 0)
        return wrong(only,
                     WORDS("that is not measured alone", "不能单独测量此步"),
                     WORDS("credential", "可用 credential"));
    return 0;
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

static int read_attester(const yao_invocation *call, yao_arena *arena,
                         load_run *run, load_plan *plan)
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

/* ---- offers ------------------------------------------------------------- */

static int take_offers(const yao_invocation *call, yao_arena *arena,
                       load_run *run)
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

/* ---- the command -------------------------------------------------------- */

static int tell(const yao_invocation *call, load_figures *f)
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

static int measure(const yao_invocation *call, load_run *run)
{
    load_figures figures = {.walks = 0};
    yao_status   status  = load_run_do(run, &figures);
    int          code;

    if (status == YAO_OK || figures.failed != 0)
        code = tell(call, &figures);
    else
        code = yao_fail(status, what, yao_argument(call, "url"),
                        (yao_words){NULL, NULL},
                        WORDS("is the server there, and the key of the "
                              "attester?",
                              "请检查服务器与认证方密钥"));
    for (size_t i = 0; i < LOAD_STEPS; i++)
        free(figures.times[i].us);
    return code;
}

static int run(const yao_invocation *call)
{
    load_plan plan = {.copies = 0};
    load_run  all  = {.plan = &plan};
    yao_arena arena;
    int       code = read_place(call, &plan);

    if (code == 0)
        code = read_configuration(call, &plan);
    if (code == 0)
        code = read_flow(call, &plan);
    if (code == 0)
        code = read_numbers(call, &all, &plan);
    if (code != 0)
        return code;
    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return yao_fail_memory();
    code = read_attester(call, &arena, &all, &plan);
    if (code == 0)
        code = take_offers(call, &arena, &all);
    if (code == 0)
        code = measure(call, &all);
    yao_memory_free(&arena);
    return code;
}

static const yao_option options[] = {
    {"url", "URL", YAO_OPTION_REQUIRED,
     WORDS_INIT("address of the authority, as its settings say: http:// to "
                "this machine",
                "签发机关的地址（与其设置一致），仅限本机 http://")},
    {"admin", "SOCKET", YAO_OPTION_REQUIRED,
     WORDS_INIT("its admin socket, where offers come from",
                "管理套接字，用于取得邀约")},
    {"register", "FILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents: a number on each line, or as `person "
                "import` takes it",
                "人员：每行一个号码，或 `person import` 可读的文件")},
    {"attester", "KEY", YAO_OPTION_REQUIRED,
     WORDS_INIT("private key of a wallet provider whom it knows",
                "签发机关认可的钱包提供方私钥")},
    {"attester-certificate", "FILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("its certificates, without the root", "其证书链，不含根证书")},
    {"attester-issuer", "TEXT", 0,
     WORDS_INIT("the iss of its attestations", "证明中的 iss")},
    {"client", "ID", 0,
     WORDS_INIT("client id of the wallets (yaopai-wallet)",
                "钱包的客户端标识（默认 yaopai-wallet）")},
    {"people", "N", 0,
     WORDS_INIT("wallets that fetch, 1 to 10000 (100)",
                "钱包数，1 到 10000（默认 100）")},
    {"configuration", "ID", 0,
     WORDS_INIT("what they fetch (driving_licence_mdoc)",
                "领取的凭证（默认 driving_licence_mdoc）")},
    {"copies", "N", 0,
     WORDS_INIT("copies at once, 1 to 20 (1)", "一次领取的份数，1 到 20")},
    {"grant", "WORD", 0,
     WORDS_INIT("pre-authorized, or code: with a pushed request and the page, "
                "for the person of oauth.demo_person, the first of --register",
                "pre-authorized 或 code（含推送请求与授权页，"
                "人员为 oauth.demo_person，即登记文件中的第一人）")},
    {"only", "credential", 0,
     WORDS_INIT("credential requests alone: tokens are fetched before",
                "仅测凭证请求，令牌预先取得")},
    {"presigned", NULL, 0,
     WORDS_INIT("the same, with all proofs signed before: measures the server",
                "同上，且证明预先签好：只测服务器")},
    {"requests", "N", 0,
     WORDS_INIT("credential requests alone: how many, 1 to 100000 (1000)",
                "仅测凭证请求时的请求数，1 到 100000")},
    {"workers", "N", 0,
     WORDS_INIT("threads, 1 to 16 (2)", "线程数，1 到 16（默认 2）")},
    {"connections", "N", 0,
     WORDS_INIT("connections of each, 1 to 64 (8)",
                "每线程的连接数，1 到 64（默认 8）")},
    {"seconds", "N", 0,
     WORDS_INIT("after that nothing new is begun, 1 to 60 (10)",
                "此后不再开始新的请求，1 到 60（默认 10）")},
};

const yao_command yao_load_issue = {
    .noun    = "load",
    .verb    = "issue",
    .summary = WORDS_INIT("measure an authority with many wallets",
                          "用大量钱包测量签发机关"),
    .text    = WORDS_INIT(
        "Lets many wallets fetch documents by OpenID4VCI from an authority "
           "that serves on this machine, over kept connections: offer, token "
           "(with wallet attestation and DPoP), nonce, credential, "
           "notification. Tells rates, the percentiles of each step, and the "
           "ratio: the bare operations that it takes on both sides "
           "(signatures, verifications, new keys; measured in the same run on "
           "all processors) to the CPU time that both sides used. With "
           "--presigned both are the server's alone. The server is to ask for "
           "no DPoP nonces and no challenges (oauth.dpop_nonces, "
           "oauth.attestation_challenges). A database in another process is "
           "not counted.\n\nIt fills the register's ledger: use one of "
           "fictitious people.",
        "让大量钱包通过保持的连接，以 OpenID4VCI 从本机的签发机关领取证件：邀约、"
           "令牌（含钱包证明与 DPoP）、随机数、凭证、通知。输出速率、各步百分位数与"
           "比值：双方所需裸运算（签名、验签、生成密钥，同次运行中在全部处理器上"
           "测得）与双方所用 CPU 时间之比；使用 --presigned 时仅计服务器。服务器"
           "须不要求 DPoP 随机数与质询。不计其他进程中的数据库。\n\n"
           "会写入登记库台账：请只用虚构人员的登记库。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example = "  yaopai load issue --url http://authority.localhost:8440 \\\n"
               "      --admin var/authority/admin.sock --register "
               "people.jsonl \\\n"
               "      --attester provider.pem --attester-certificate "
               "provider-certificate.pem",
    .json    = true,
    .run     = run,
};
