/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet init`: an empty wallet behind a passphrase. */

#include "app/pem.h"
#include "wallet/wallet.h"

/* The roots whose readers this wallet will believe. */
static int add_roots(const yao_invocation *call, yao_wallet *w)
{
    yao_anchors anchors = {.count = 0};
    const char *path;

    for (size_t i = 0; (path = yao_argument_at(call, "registrar", i)); i++) {
        yao_status status = yao_anchors_add_file(&anchors, &w->arena, path,
                                                 YAO_ROLE_READER);
        if (status == YAO_OK && anchors.count > YAO_WALLET_ROOTS)
            status = YAO_E_LIMIT;
        if (status != YAO_OK)
            return yao_fail(status, WORDS("wallet: --registrar",
                                          "钱包：--registrar"),
                            path, (yao_words){NULL, NULL},
                            WORDS("give the registrar's root certificate "
                                  "(PEM)",
                                  "请给出登记机关的根证书（PEM）"));
    }
    for (size_t i = 0; i < anchors.count; i++)
        w->roots[i] = anchors.list[i];
    w->root_count = anchors.count;
    return 0;
}

static yao_status make(const yao_invocation *call, yao_wallet **ret)
{
    uint8_t    letters[1024];
    yao_bytes  passphrase;
    yao_status status;

    status = yao_passphrase_ask(yao_argument(call, "passphrase-file"), true,
                                letters, sizeof letters, &passphrase);
    if (status == YAO_OK)
        status = yao_vault_make(call->directory, passphrase);
    if (status == YAO_OK)
        status = yao_wallet_unlock(call->directory, passphrase, ret);
    yao_wipe(letters, sizeof letters);
    return status;
}

static int run(const yao_invocation *call)
{
    yao_wallet *w      = NULL;
    yao_status  status = make(call, &w);

    if (status != YAO_OK)
        return yao_fail(status, WORDS("wallet init", "建立钱包"),
                        call->directory,
                        status == YAO_E_SECRET
                            ? WORDS("no passphrase of at least 8 letters, or "
                                    "two that differ",
                                    "没有至少 8 位的口令，或两次输入不一致")
                            : (yao_words){NULL, NULL},
                        status == YAO_E_EXISTS
                            ? WORDS("choose another folder", "请换一个目录")
                            : WORDS("try again", "请重试"));

    int code = add_roots(call, w);
    if (code == 0) {
        status = yao_wallet_save(w);
        code   = status == YAO_OK
                     ? 0
                     : yao_fail(status, WORDS("wallet init", "建立钱包"),
                                call->directory, (yao_words){NULL, NULL},
                                WORDS("look at the folder", "请检查目录"));
    }
    yao_wallet_close(w);
    if (code == 0)
        yao_print(WORDS("An empty wallet is in %s. Nobody can open it without "
                        "the passphrase, you included.\n",
                        "已在 %s 建立空钱包。没有口令，任何人（包括您本人）都"
                        "无法打开。\n"),
                  call->directory);
    return code;
}

static const yao_option options[] = {
    YAO_WALLET_PASSPHRASE_OPTION,
    {"registrar", "PEM", YAO_OPTION_REPEATS,
     WORDS_INIT("root certificate of those who register relying parties",
                "依赖方登记机关的根证书")},
};

const yao_command yao_wallet_init = {
    .noun    = "wallet",
    .verb    = "init",
    .summary = WORDS_INIT("make an empty wallet behind a passphrase",
                          "建立以口令保护的空钱包"),
    .text    = WORDS_INIT(
        "The wallet lies in the folder of -C. Its files are sealed with "
        "AES-256-GCM under a key that Argon2id makes of the passphrase "
        "(64 MiB, three passes). There is no way in without it.",
        "钱包位于 -C 所指目录。文件以 AES-256-GCM 加密，密钥由口令经 Argon2id"
        "（64 MiB，三轮）导出。没有口令就无法打开。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet init -C my-wallet --registrar "
                    "certificates/reader-root.pem",
    .run          = run,
};
