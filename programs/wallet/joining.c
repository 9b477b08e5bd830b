/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet provider`: who vouches for this wallet; join, leave. */

#include "json/json.h"
#include "wallet/provider.h"

static const yao_words what = WORDS_INIT("wallet provider", "钱包提供方");

typedef struct joining {
    const yao_invocation *call;
    yao_wallet           *wallet;
    yao_provider_account  account; /* url empty: none */
} joining;

static int fail(yao_status status, const char *detail)
{
    return yao_fail(status, what, detail, (yao_words){NULL, NULL},
                    WORDS("look at --ca-file and the wallet's folder",
                          "请检查 --ca-file 与钱包目录"));
}

static bool has_one(const joining *j)
{
    return j->account.url.len != 0;
}

static int print(const joining *j)
{
    const yao_provider_account *a = &j->account;

    if (j->call->json) {
        uint8_t    buffer[2048];
        yao_writer w     = yao_writer_open(buffer, sizeof buffer);
        bool       first = true;

        yao_put_byte(&w, '{');
        if (has_one(j)) {
            yao_json_put_member(&w, &first, "provider", a->url);
            yao_json_put_member(&w, &first, "client_id", a->client_id);
        }
        yao_put_text(&w, "}\n");
        fwrite(buffer, 1, w.len, stdout);
    } else if (has_one(j)) {
        yao_print(WORDS("%.*s vouches for this wallet. It knows one key of "
                        "it, and nothing of you or your documents.\n",
                        "%.*s 为本钱包作证。它只知道本钱包的一把密钥，不知道您"
                        "是谁、有何证件。\n"),
                  (int)a->url.len, (const char *)a->url.ptr);
    } else {
        yao_print(WORDS("Nobody vouches for this wallet. Issuers that ask for "
                        "that are reached after `yaopai wallet provider "
                        "URL`.\n",
                        "没有提供方为本钱包作证。若签发机构要求，请先运行 "
                        "`yaopai wallet provider URL`。\n"));
    }
    return 0;
}

/* The provider is told first: what it did not hear can be said again. */
static int leave(joining *j)
{
    yao_provider *p;

    if (!has_one(j))
        return print(j);
    yao_status status = yao_provider_open(
        &j->account, yao_argument(j->call, "ca-file"), &p);
    if (status == YAO_OK) {
        status = yao_provider_leave(p, &j->wallet->arena);
        yao_provider_close(p);
    }
    if (status == YAO_E_NET)
        yao_explain(status,
                    WORDS("the provider could not be reached, so it still "
                          "knows this wallet",
                          "无法连接提供方，它仍认得本钱包"),
                    WORDS("try again later; --force leaves without telling it",
                          "请稍后再试；加 --force 可不通知对方直接离开"));
    if (status != YAO_OK && !yao_given(j->call, "force"))
        return fail(status, "--leave");
    yao_provider_forget(j->wallet);
    j->account.url.len = 0;
    return print(j);
}

static int join(joining *j, const char *url)
{
    const yao_provider_place place = {
        .url     = url,
        .ca_file = yao_argument(j->call, "ca-file"),
        .local   = yao_given(j->call, "local")};
    yao_status status =
        yao_provider_register(&place, &j->wallet->arena, &j->account);

    if (status == YAO_OK)
        status = yao_provider_keep(j->wallet, &j->account);
    return status == YAO_OK ? print(j) : fail(status, url);
}

static int act(joining *j)
{
    const char *url = j->call->operand_count != 0 ? j->call->operands[0] : NULL;
    yao_status  status = yao_provider_read(j->wallet, &j->account);

    if (status == YAO_E_NOT_FOUND)
        j->account.url = (yao_text){NULL, 0};
    else if (status != YAO_OK)
        return fail(status, j->call->directory);
    if (url != NULL && yao_given(j->call, "leave"))
        return yao_fail(YAO_E_USAGE, what, "--leave",
                        WORDS("both to join and to leave",
                              "不能同时加入和离开"),
                        WORDS("do one after the other", "请分两次进行"));
    if (yao_given(j->call, "leave"))
        return leave(j);
    return url != NULL ? join(j, url) : print(j);
}

static int run(const yao_invocation *call)
{
    joining j    = {.call = call};
    int     code = yao_wallet_open_for(call, &j.wallet);

    if (code != 0)
        return code;
    code = act(&j);
    yao_wallet_close(j.wallet);
    return code;
}

static const yao_option options[] = {
    {"leave", NULL, 0,
     WORDS_INIT("leave it: it forgets this wallet, whose key never comes back",
                "离开：提供方将忘记本钱包，其密钥不再有效")},
    {"force", NULL, 0,
     WORDS_INIT("leave also when it can't be told", "无法通知对方时也离开")},
    YAO_WALLET_PROVIDER_OPTIONS,
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_provider = {
    .noun    = "wallet",
    .verb    = "provider",
    .summary = WORDS_INIT("say who vouches for this wallet; join, leave",
                          "查看、加入或离开钱包提供方"),
    .text    = WORDS_INIT(
        "Authorities ask who vouches for a wallet. With a URL the wallet makes "
        "a key of its own for that provider and registers it; from then on "
        "`yaopai wallet receive` and `fetch` get attestations there, another "
        "one for each issuer, so that no two issuers can compare. The "
        "provider learns neither who you are nor which documents you have. "
        "One that was joined before is replaced, and not told.",
        "签发机构会询问谁为钱包作证。给出 URL 时，钱包为该提供方生成专用密钥并"
        "登记；此后 `yaopai wallet receive` 与 `fetch` 向其领取证明，每个签发机"
        "构各不相同，使其无法相互比对。提供方不知道您是谁、有何证件。先前加入的"
        "提供方将被替换，且不会得到通知。"),
    .operands     = "[URL]",
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet provider -C my-wallet "
                    "https://wallet.example",
    .json         = true,
    .run          = run,
};
