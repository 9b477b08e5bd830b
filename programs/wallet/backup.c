/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet backup`: what is kept elsewhere. */

#include "app/files.h"
#include "json/json.h"
#include "wallet/backup.h"
#include "wallet/provider.h"

static const yao_words what = WORDS_INIT("wallet backup", "备份钱包");

enum { TRIES = 4 };

typedef struct backing {
    const yao_invocation *call;
    yao_wallet           *wallet;
    yao_recovery          recovery;
    bool                  fresh;   /* the code was drawn now */
    size_t                skipped; /* events that found no room */
} backing;

static int fail(const backing *b, yao_status status, const char *detail)
{
    (void)b;
    switch (status) {
    case YAO_E_SECRET:
        return yao_fail(status, what, detail,
                        WORDS("the passphrase is shorter than 8 letters",
                              "口令不足 8 个字符"),
                        WORDS("give a longer one", "请使用更长的口令"));
    case YAO_E_NOT_FOUND:
        return yao_fail(status, what, detail,
                        WORDS("this wallet has no provider",
                              "本钱包没有提供方"),
                        WORDS("join one with `yaopai wallet provider URL`, or "
                              "name a file",
                              "请先用 `yaopai wallet provider URL` 加入，或指定"
                              "文件"));
    case YAO_E_LIMIT:
        return yao_fail(status, what, detail,
                        WORDS("the provider has no room for it",
                              "提供方没有空间"),
                        WORDS("name a file instead", "请改用文件"));
    default:
        return yao_fail(status, what, detail, (yao_words){NULL, NULL},
                        WORDS("nothing was written; try again",
                              "未写入任何内容，请重试"));
    }
}

/* ---- into a file -------------------------------------------------------- */

static yao_status seal_file(backing *b, yao_bytes *ret)
{
    uint8_t     typed[1024];
    yao_bytes   passphrase, plain;
    const char *own  = yao_argument(b->call, "backup-passphrase-file");
    const char *file = own != NULL ? own
                                   : yao_argument(b->call, "passphrase-file");
    yao_status  status =
        yao_passphrase_ask(file, true, typed, sizeof typed, &passphrase);

    if (status == YAO_OK)
        status = yao_backup_write(b->wallet, 0, &plain);
    if (status == YAO_OK)
        status = yao_backup_seal(passphrase, plain, &b->wallet->arena, ret);
    yao_wipe(typed, sizeof typed);
    return status;
}

static void tell_left_out(void)
{
    yao_print(WORDS("Documents and keys are not in it: they are issued anew. "
                    "`yaopai wallet restore` says which those were.\n",
                    "其中不含证件与密钥：证件须重新签发。`yaopai wallet "
                    "restore` 会列出原有证件。\n"));
}

static int to_file(backing *b, const char *path)
{
    yao_bytes  sealed;
    yao_status status = seal_file(b, &sealed);

    if (status == YAO_OK)
        status = yao_file_write(path, sealed, 0600, false);
    if (status != YAO_OK)
        return fail(b, status, path);
    if (b->call->json) {
        printf("{\"events\":%zu,\"left_out\":0}\n", b->wallet->event_count);
        return 0;
    }
    yao_print(WORDS("%s: %zu entries of the history with their receipts, and "
                    "the settings. ",
                    "%s：%zu 条出示记录及回执，以及设置。"),
              path, b->wallet->event_count);
    tell_left_out();
    return 0;
}

/* ---- at the provider ---------------------------------------------------- */

static yao_status take_recovery(backing *b)
{
    yao_provider_account account;

    b->recovery = (yao_recovery){
        .ca_file = yao_argument(b->call, "ca-file"),
        .local   = yao_given(b->call, "local")};
    yao_status status = yao_recovery_read(b->wallet, &b->recovery);
    if (status != YAO_E_NOT_FOUND)
        return status;
    YAO_TRY(yao_provider_read(b->wallet, &account));
    b->recovery.url     = account.url;
    b->recovery.version = 0;
    b->fresh            = true;
    return yao_recovery_draw(&b->recovery);
}

/* What is too much for a provider loses its oldest entries. */
static yao_status seal_for_provider(backing *b, yao_bytes *ret)
{
    yao_arena *arena = &b->wallet->arena;

    for (b->skipped = 0;; b->skipped += 1 + b->wallet->event_count / 16) {
        size_t    mark = arena->used;
        yao_bytes plain;

        if (b->skipped > b->wallet->event_count)
            return YAO_E_LIMIT;
        YAO_TRY(yao_backup_write(b->wallet, b->skipped, &plain));
        if (plain.len <= YAO_RECOVERY_MOST - 16384)
            return yao_backup_seal(
                yao_text_bytes(yao_text_of(b->recovery.code)), plain, arena,
                ret);
        arena->used = mark;
    }
}

/* Another device of the same person wrote first: what it wrote is ours too. */
static yao_status take_theirs(backing *b)
{
    yao_arena        *arena  = &b->wallet->arena;
    yao_backup       *backup = yao_arena_take(arena, sizeof *backup);
    yao_backup_merged merged;
    yao_bytes         sealed, plain;

    if (backup == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_recovery_get(&b->recovery, arena, &sealed));
    YAO_TRY(yao_backup_open(yao_text_bytes(yao_text_of(b->recovery.code)),
                            sealed, arena, &plain));
    YAO_TRY(yao_backup_read(plain, arena, backup));
    return yao_backup_merge(b->wallet, backup, &merged);
}

/* The code is in the vault before anything is sealed under it. */
static yao_status put(backing *b)
{
    yao_status status = YAO_E_LOCKED;
    yao_bytes  sealed;

    YAO_TRY(take_recovery(b));
    YAO_TRY(yao_recovery_keep(b->wallet, &b->recovery));
    for (int i = 0; i < TRIES && status == YAO_E_LOCKED; i++) {
        if (i > 0)
            YAO_TRY(take_theirs(b));
        YAO_TRY(seal_for_provider(b, &sealed));
        status = yao_recovery_put(&b->recovery, sealed, &b->wallet->arena);
    }
    YAO_TRY(status);
    return yao_recovery_keep(b->wallet, &b->recovery);
}

static void tell_json(const backing *b)
{
    uint8_t    line[2048];
    yao_writer w     = yao_writer_open(line, sizeof line);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "events",
                            (int64_t)(b->wallet->event_count - b->skipped));
    yao_json_put_member_int(&w, &first, "left_out", (int64_t)b->skipped);
    yao_json_put_member(&w, &first, "provider", b->recovery.url);
    yao_json_put_member_int(&w, &first, "version", b->recovery.version);
    if (b->fresh || yao_given(b->call, "show-code"))
        yao_json_put_member(&w, &first, "code", yao_text_of(b->recovery.code));
    yao_put_text(&w, "}\n");
    if (w.status == YAO_OK)
        fwrite(line, 1, w.len, stdout);
    yao_wipe(line, sizeof line);
}

static void tell(const backing *b)
{
    if (b->call->json) {
        tell_json(b);
        return;
    }
    yao_print(WORDS("%.*s: %zu entries of the history, sealed; who keeps it "
                    "can't read it. ",
                    "%.*s：%zu 条出示记录，已密封，保管方无法读取。"),
              (int)b->recovery.url.len, (const char *)b->recovery.url.ptr,
              b->wallet->event_count - b->skipped);
    tell_left_out();
    if (b->skipped > 0)
        yao_print(WORDS("%zu oldest entries found no room; a file holds all.\n",
                        "最早的 %zu 条放不下；备份到文件可保存全部。\n"),
                  b->skipped);
    if (b->fresh || yao_given(b->call, "show-code"))
        yao_print(WORDS("Recovery code, to be written on paper and kept "
                        "apart from this device:\n  %s\n",
                        "恢复码（请抄在纸上，与本设备分开保管）：\n  %s\n"),
                  b->recovery.code);
}

static int to_provider(backing *b)
{
    yao_status status = put(b);

    if (status == YAO_OK)
        tell(b);
    yao_wipe(&b->recovery.code, sizeof b->recovery.code);
    return status == YAO_OK ? 0 : fail(b, status, "--provider");
}

static int run(const yao_invocation *call)
{
    backing b  = {.call = call};
    bool    at = yao_given(call, "provider");

    if (at == (call->operand_count > 0))
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("where it is kept is not said, or said twice",
                              "未说明备份位置，或重复指定"),
                        WORDS("name a file, or give --provider",
                              "请指定文件，或用 --provider"));
    int code = yao_wallet_open_for(call, &b.wallet);
    if (code != 0)
        return code;
    code = at ? to_provider(&b) : to_file(&b, call->operands[0]);
    yao_wallet_close(b.wallet);
    return code;
}

static const yao_option options[] = {
    {"provider", NULL, 0,
     WORDS_INIT("keep it at the wallet's provider, under a recovery code",
                "保存在钱包提供方，以恢复码密封")},
    {"show-code", NULL, 0,
     WORDS_INIT("show the recovery code again", "再次显示恢复码")},
    {"backup-passphrase-file", "FILE", 0,
     WORDS_INIT("passphrase of the file; the wallet's when not given",
                "备份文件的口令文件；缺省与钱包口令相同")},
    YAO_WALLET_PROVIDER_OPTIONS,
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_backup = {
    .noun    = "wallet",
    .verb    = "backup",
    .summary = WORDS_INIT("keep history and settings elsewhere",
                          "备份出示记录与设置"),
    .text    = WORDS_INIT(
        "Writes the history with its receipts, the roots of readers and the "
        "address of the provider, sealed under a passphrase (Argon2id), or "
        "under a code of 26 letters at the provider, which can't open it. "
        "Documents and keys are never in a backup: a document is issued anew to "
        "a new device, and the old device is ended (`yaopai wallet freeze "
        "--lost`). The backup has their names, so that you know what to ask "
        "for.\n\n"
        "Several devices of one person share a backup at the provider: what "
        "another one wrote is merged in.",
        "写出出示记录及回执、读卡方根证书和提供方地址，以口令密封（Argon2id），或以 "
        "26 位恢复码密封后存放在无法打开它的提供方。备份从不包含证件与密钥：新设备"
        "须重新领取证件，旧设备应予终止（`yaopai wallet freeze --lost`）。备份中有"
        "证件名称，便于您重新申领。\n\n"
        "一人的多台设备可共用提供方的同一备份：其他设备写入的内容会并入。"),
    .operands     = "[FILE]",
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet backup -C my-wallet history.backup\n"
                    "  yaopai wallet backup -C my-wallet --provider",
    .json         = true,
    .run          = run,
};
