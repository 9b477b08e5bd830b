/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet init`: an empty wallet behind a passphrase. */

#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "wallet/provider.h"
#include "x509/x509.h"

/* Certificates only: a bare key says neither until when nor for what. */
static yao_status read_roots(yao_anchors *anchors, yao_arena *arena,
                             const char *path)
{
    size_t before = anchors->count;

    YAO_TRY(yao_anchors_add_file(anchors, arena, path, YAO_ROLE_READER));
    if (anchors->count > YAO_WALLET_ROOTS)
        return YAO_E_LIMIT;
    for (size_t i = before; i < anchors->count; i++) {
        yao_certificate certificate;

        if (anchors->list[i].certificate.len == 0)
            return YAO_E_KEY;
        YAO_TRY(yao_x509_read(anchors->list[i].certificate, &certificate));
    }
    return YAO_OK;
}

/* The roots whose readers this wallet will believe: read before anything is
 * made, so that a slip of the pen leaves no wallet behind. */
static int take_roots(const yao_invocation *call, yao_anchors *anchors,
                      yao_arena *arena)
{
    const char *path;

    for (size_t i = 0; (path = yao_argument_at(call, "registrar", i)); i++) {
        yao_status status = read_roots(anchors, arena, path);

        if (status != YAO_OK)
            return yao_fail(status, WORDS("wallet: --registrar",
                                          "钱包：--registrar"),
                            path, (yao_words){NULL, NULL},
                            WORDS("give the registrar's root certificate "
                                  "(PEM)",
                                  "请给出登记机关的根证书（PEM）"));
    }
    return 0;
}

/* Is the token there, and does its PIN open it? */
static yao_status try_token(const char *uri)
{
    yao_key_token *token = NULL;

    if (uri == NULL)
        return YAO_OK;
    if (strlen(uri) > YAO_WALLET_TOKEN_URI || !yao_key_in_token(uri))
        return YAO_E_USAGE;
    YAO_TRY(yao_key_token_open(uri, true, &token));
    yao_key_token_close(token);
    return YAO_OK;
}

static int take_token(const yao_invocation *call)
{
    const char *uri    = yao_argument(call, "token");
    yao_status  status = try_token(uri);

    if (status == YAO_OK)
        return 0;
    /* not the URI: it may hold a PIN, which is why it is refused */
    return yao_fail(status, WORDS("wallet: --token", "钱包：--token"), NULL,
                    WORDS("not the URI of a token", "不是密钥设备的 URI"),
                    WORDS("write pkcs11:token=NAME?module-path=FILE&"
                          "pin-source=file:FILE",
                          "请写成 pkcs11:token=名称?module-path=文件&"
                          "pin-source=file:文件"));
}

/* Registered before anything is made, as above: ACCOUNT, or no URL in it. */
static int take_provider(const yao_invocation *call, yao_arena *arena,
                         yao_provider_account *account)
{
    const yao_provider_place place = {
        .url     = yao_argument(call, "provider"),
        .ca_file = yao_argument(call, "ca-file"),
        .local   = yao_given(call, "local")};
    yao_status status;

    account->url = (yao_text){NULL, 0};
    if (place.url == NULL || yao_vault_exists(call->directory))
        return 0; /* the second is told later */
    status = yao_provider_register(&place, arena, account);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("wallet: --provider", "钱包：--provider"),
                    place.url, (yao_words){NULL, NULL},
                    WORDS("look at --ca-file; without --provider one can be "
                          "joined later",
                          "请检查 --ca-file；也可先不用 --provider，以后再加入"));
}

static yao_status make(const yao_invocation *call, yao_wallet **ret)
{
    uint8_t    letters[1024];
    yao_bytes  passphrase;
    yao_status status;

    if (yao_vault_exists(call->directory))
        return YAO_E_EXISTS;
    status = yao_passphrase_ask(yao_argument(call, "passphrase-file"), true,
                                letters, sizeof letters, &passphrase);
    if (status == YAO_OK)
        status = yao_vault_make(call->directory, passphrase);
    if (status == YAO_OK)
        status = yao_wallet_unlock(call->directory, passphrase, ret);
    yao_wipe(letters, sizeof letters);
    return status;
}

static int make_with(const yao_invocation *call, const yao_anchors *roots,
                     const yao_provider_account *account)
{
    yao_wallet *w      = NULL;
    yao_status  status = make(call, &w);

    if (status == YAO_OK) {
        for (size_t i = 0; i < roots->count; i++)
            w->roots[i] = roots->list[i];
        w->root_count = roots->count;
        w->token_uri  = yao_text_of(yao_argument(call, "token"));
        status        = yao_wallet_save(w);
        if (status == YAO_OK && account->url.len != 0)
            status = yao_provider_keep(w, account);
        yao_wallet_close(w);
    }
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
                        : status == YAO_E_SECRET
                            ? WORDS("try again with a longer one",
                                    "请换用更长的口令重试")
                            : WORDS("look at the folder and the passphrase "
                                    "file",
                                    "请检查目录与口令文件"));

    yao_print(WORDS("An empty wallet is in %s. Nobody can open it without "
                    "the passphrase, you included.\n",
                    "已在 %s 建立空钱包。没有口令，任何人（包括您本人）都"
                    "无法打开。\n"),
              call->directory);
    if (account->url.len != 0)
        yao_print(WORDS("%.*s vouches for it, and knows one key of it.\n",
                        "%.*s 为它作证，只知道它的一把密钥。\n"),
                  (int)account->url.len, (const char *)account->url.ptr);
    return 0;
}

static int run(const yao_invocation *call)
{
    enum { MEMORY = 16 * 1024 * 1024 };
    yao_anchors          roots = {.count = 0};
    yao_provider_account account;
    yao_arena            arena;

    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return yao_fail_memory();

    int code = take_roots(call, &roots, &arena);
    if (code == 0)
        code = take_token(call);
    if (code == 0)
        code = take_provider(call, &arena, &account);
    if (code == 0)
        code = make_with(call, &roots, &account);
    yao_memory_free(&arena);
    return code;
}

static const yao_option options[] = {
    YAO_WALLET_PASSPHRASE_OPTION,
    {"registrar", "PEM", YAO_OPTION_REPEATS,
     WORDS_INIT("root certificate of those who register relying parties",
                "依赖方登记机关的根证书")},
    {"token", "URI", 0,
     WORDS_INIT("make device keys inside this token (pkcs11:...), which they "
                "never leave",
                "在该密钥设备（pkcs11:...）内生成设备密钥，密钥不出设备")},
    {"provider", "URL", 0,
     WORDS_INIT("who vouches for this wallet where an authority asks for that "
                "(`yaopai help wallet provider`)",
                "签发机构要求时为本钱包作证的提供方（见 `yaopai help wallet "
                "provider`）")},
    {"ca-file", "PEM", 0,
     WORDS_INIT("whose certificate of the provider's server is believed; the "
                "system's when not given",
                "信任哪些服务器证书；缺省用系统的")},
    {"local", NULL, 0,
     WORDS_INIT("a provider on this machine will do, also without TLS: for "
                "demos",
                "允许本机的提供方及不用 TLS 的连接（演示用）")},
};

const yao_command yao_wallet_init = {
    .noun    = "wallet",
    .verb    = "init",
    .summary = WORDS_INIT("make an empty wallet behind a passphrase",
                          "建立以口令保护的空钱包"),
    .text    = WORDS_INIT(
        "The wallet lies in the folder of -C. Its files are sealed with "
        "AES-256-GCM under a key that Argon2id makes of the passphrase "
        "(64 MiB, three passes). There is no way in without it.\n\n"
        "With --token the keys that documents are bound to are made inside a "
        "PKCS #11 token, as in the security chip of a phone: a copy of the "
        "folder shows nothing without it. See docs/keys.md.",
        "钱包位于 -C 所指目录。文件以 AES-256-GCM 加密，密钥由口令经 Argon2id"
        "（64 MiB，三轮）导出。没有口令就无法打开。\n\n"
        "使用 --token 时，证件绑定的密钥在 PKCS #11 设备内生成（如手机的安全"
        "芯片）：没有该设备，复制目录也无法出示。见 docs/keys.md。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet init -C my-wallet --registrar "
                    "certificates/reader-root.pem",
    .run          = run,
};
