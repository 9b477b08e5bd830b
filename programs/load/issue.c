/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai load issue: many wallets fetch from an authority of this machine. */

#include "load/load.h"

#include <string.h>

#include "app/files.h"
#include "load/common.h"

#define MEMORY (64u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("load issue", "负载测试");

static int wrong(const char *detail, yao_words why, yao_words next)
{
    return yao_fail(YAO_E_USAGE, what, detail, why, next);
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

static int run(const yao_invocation *call)
{
    load_plan plan = {.copies = 0};
    load_run  all  = {.plan = &plan};
    yao_arena arena;
    int       code = read_flow(call, &plan);

    if (code != 0)
        return code;
    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return yao_fail_memory();
    code = load_take_wallets(call, what, &arena, &all, &plan);
    if (code == 0)
        code = load_take_offers(call, what, &arena, &all);
    if (code == 0)
        code = load_measure(call, what, &all);
    yao_memory_free(&arena);
    return code;
}

static const yao_option options[] = {
    LOAD_COMMON_OPTIONS,
    {"people", "N", 0,
     WORDS_INIT("wallets that fetch, 1 to 10000 (100)",
                "钱包数，1 到 10000（默认 100）")},
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
