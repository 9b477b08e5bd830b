/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet restore`: what a backup has, and what it can't give back. */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "app/secret.h"
#include "app/value.h"
#include "json/json.h"
#include "wallet/backup.h"
#include "wallet/titles.h"

static const yao_words what = WORDS_INIT("wallet restore", "恢复钱包");

enum { LARGEST = 64 * 1024 * 1024 };

typedef struct restoring {
    const yao_invocation *call;
    yao_wallet           *wallet;
    yao_backup           *backup;
    yao_backup_merged     merged;
    yao_recovery          recovery;
} restoring;

static int fail(yao_status status, const char *detail)
{
    switch (status) {
    case YAO_E_SECRET:
        return yao_fail(status, what, detail,
                        WORDS("another passphrase or code, or the backup was "
                              "changed",
                              "口令或恢复码不符，或备份已被改动"),
                        WORDS("try again with the one it was made with",
                              "请用备份时的口令或恢复码重试"));
    case YAO_E_MALFORMED:
        return yao_fail(status, what, detail,
                        WORDS("this is no backup of a wallet",
                              "这不是钱包备份"),
                        WORDS("give the file that `yaopai wallet backup` "
                              "wrote",
                              "请给出 `yaopai wallet backup` 写出的文件"));
    case YAO_E_NOT_FOUND:
        return yao_fail(status, what, detail,
                        WORDS("the provider has no backup under this code",
                              "提供方没有此恢复码的备份"),
                        WORDS("check the code and the address; what is not "
                              "written for 400 days is removed",
                              "请核对恢复码与地址；400 天未更新的备份会被删除"));
    default:
        return yao_fail(status, what, detail, (yao_words){NULL, NULL},
                        WORDS("nothing was restored", "未恢复任何内容"));
    }
}

/* ---- opening ------------------------------------------------------------ */

static yao_status open_with(restoring *r, yao_bytes secret, yao_bytes sealed)
{
    yao_arena *arena = &r->wallet->arena;
    yao_bytes  plain;

    r->backup = yao_arena_take(arena, sizeof *r->backup);
    if (r->backup == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_backup_open(secret, sealed, arena, &plain));
    return yao_backup_read(plain, arena, r->backup);
}

static yao_status open_file(restoring *r, const char *path)
{
    uint8_t     typed[1024];
    yao_bytes   passphrase, sealed;
    const char *own  = yao_argument(r->call, "backup-passphrase-file");
    const char *file = own != NULL ? own
                                   : yao_argument(r->call, "passphrase-file");

    YAO_TRY(yao_file_read(path, LARGEST, &sealed));
    yao_status status =
        yao_passphrase_ask(file, false, typed, sizeof typed, &passphrase);
    if (status == YAO_OK)
        status = open_with(r, passphrase, sealed);
    yao_wipe(typed, sizeof typed);
    yao_file_free(&sealed);
    return status;
}

static yao_status ask_code(restoring *r)
{
    const char *path = yao_argument(r->call, "code-file");
    uint8_t     typed[256];
    yao_bytes   code;
    int         fd = open(path != NULL ? path : "/dev/tty",
                          path != NULL ? O_RDONLY | O_CLOEXEC
                                       : O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return path != NULL ? YAO_E_FILE : YAO_E_SECRET;
    yao_status status =
        path != NULL ? yao_secret_line(fd, typed, sizeof typed, &code)
                     : yao_secret_type(fd, WORDS("Recovery code", "恢复码"),
                                       typed, sizeof typed, &code);
    close(fd);
    if (status == YAO_OK)
        status = yao_recovery_take(&r->recovery, code);
    yao_wipe(typed, sizeof typed);
    return status;
}

/* From now on this device writes there too. */
static yao_status open_provider(restoring *r, const char *url)
{
    yao_bytes sealed;
    size_t    len = strlen(url);

    while (len > 0 && url[len - 1] == '/')
        len--;
    r->recovery = (yao_recovery){
        .url     = {(const uint8_t *)url, len},
        .ca_file = yao_argument(r->call, "ca-file"),
        .local   = yao_given(r->call, "local")};
    YAO_TRY(ask_code(r));
    YAO_TRY(yao_recovery_get(&r->recovery, &r->wallet->arena, &sealed));
    YAO_TRY(open_with(r, yao_text_bytes(yao_text_of(r->recovery.code)),
                      sealed));
    return yao_recovery_keep(r->wallet, &r->recovery);
}

/* ---- telling ------------------------------------------------------------ */

static bool is_there(const restoring *r, const yao_backup_held *h)
{
    for (size_t i = 0; i < r->wallet->batch_count; i++)
        if (yao_text_equal(r->wallet->batches[i].document, h->document) &&
            yao_text_equal(r->wallet->batches[i].subject, h->subject))
            return true;
    return false;
}

static const yao_backup_source *source_of(const restoring       *r,
                                          const yao_backup_held *h)
{
    const yao_backup *b = r->backup;

    for (size_t i = 0; i < b->source_count; i++)
        if (b->sources[i].id.len > h->document.len &&
            b->sources[i].id.ptr[h->document.len] == '_' &&
            yao_bytes_starts(yao_text_bytes(b->sources[i].id),
                             yao_text_bytes(h->document)))
            return &b->sources[i];
    return NULL;
}

static void print_held(const restoring *r, const yao_backup_held *h)
{
    const yao_wallet_batch   like = {.document = h->document};
    const yao_backup_source *s    = source_of(r, h);

    fputs("  ", stdout);
    yao_value_print(stdout, yao_wallet_title(&like));
    if (h->subject.len > 0) {
        fputs(" (", stdout);
        yao_value_print(stdout, h->subject);
        putchar(')');
    }
    if (s != NULL) {
        fputs(yao_say(WORDS(": yaopai wallet fetch --issuer ",
                            "：yaopai wallet fetch --issuer ")),
              stdout);
        yao_value_print(stdout, s->issuer);
        fputs(" --config-id ", stdout);
        yao_value_print(stdout, s->id);
    } else {
        fputs(yao_say(WORDS(": from ", "：签发机关 ")), stdout);
        yao_value_print(stdout, h->issuer);
        fputs(yao_say(WORDS(", at a counter or by its offer",
                            "，请到窗口或按其邀约领取")),
              stdout);
    }
    putchar('\n');
}

static void tell(const restoring *r)
{
    uint8_t made[20];
    bool    said = false;

    yao_time_format(r->backup->made, made);
    yao_print(WORDS("Of the backup of %.20s: %zu entries of the history and "
                    "%zu roots of readers that were not here.\n",
                    "备份时间 %.20s：恢复 %zu 条出示记录、%zu 个读卡方根证书。\n"),
              (const char *)made, r->merged.events, r->merged.roots);
    for (size_t i = 0; i < r->backup->held_count; i++) {
        if (is_there(r, &r->backup->held[i]))
            continue;
        if (!said)
            yao_print(WORDS("Documents are in no backup. These you had; ask "
                            "for them anew, and end the lost device "
                            "(`yaopai wallet freeze --lost`):\n",
                            "备份中没有证件。原有以下证件，请重新申领，并终止丢失"
                            "的设备（`yaopai wallet freeze --lost`）：\n"));
        said = true;
        print_held(r, &r->backup->held[i]);
    }
    if (r->backup->provider.len > 0)
        yao_print(WORDS("The wallet's provider was %.*s; join it again with "
                        "`yaopai wallet provider`.\n",
                        "原钱包提供方为 %.*s；请用 `yaopai wallet provider` 重新"
                        "加入。\n"),
                  (int)r->backup->provider.len,
                  (const char *)r->backup->provider.ptr);
}

static void put_held(yao_writer *w, const restoring *r,
                     const yao_backup_held *h)
{
    const yao_backup_source *s     = source_of(r, h);
    bool                     first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "document", h->document);
    if (h->subject.len > 0)
        yao_json_put_member(w, &first, "subject", h->subject);
    yao_json_put_member(w, &first, "issuer", h->issuer);
    if (s != NULL) {
        yao_json_put_member(w, &first, "url", s->issuer);
        yao_json_put_member(w, &first, "config_id", s->id);
    }
    yao_put_byte(w, '}');
}

static yao_status tell_json(restoring *r)
{
    yao_writer w     = yao_writer_in(&r->wallet->arena);
    bool       first = true, next = true;
    yao_bytes  out;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "made", r->backup->made);
    yao_json_put_member_int(&w, &first, "events", (int64_t)r->merged.events);
    yao_json_put_member_int(&w, &first, "roots", (int64_t)r->merged.roots);
    yao_json_put_member(&w, &first, "provider", r->backup->provider);
    yao_json_put_name(&w, &first, "not_restored");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < r->backup->held_count; i++) {
        if (is_there(r, &r->backup->held[i]))
            continue;
        yao_json_put_next(&w, &next);
        put_held(&w, r, &r->backup->held[i]);
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, &r->wallet->arena, &out));
    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

/* ---- the verb ----------------------------------------------------------- */

static int restore(restoring *r)
{
    const char *url    = yao_argument(r->call, "provider");
    const char *detail = url != NULL ? url : r->call->operands[0];
    yao_status  status = url != NULL ? open_provider(r, url)
                                     : open_file(r, detail);

    if (status == YAO_OK)
        status = yao_backup_merge(r->wallet, r->backup, &r->merged);
    yao_wipe(r->recovery.code, sizeof r->recovery.code);
    if (status != YAO_OK)
        return fail(status, detail);
    if (!r->call->json)
        tell(r);
    else if (tell_json(r) != YAO_OK)
        return yao_fail_memory();
    return 0;
}

static int run(const yao_invocation *call)
{
    restoring r = {.call = call};

    if ((yao_argument(call, "provider") != NULL) == (call->operand_count > 0))
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("where the backup is is not said, or said twice",
                              "未说明备份在何处，或重复指定"),
                        WORDS("name a file, or give --provider URL",
                              "请指定文件，或用 --provider URL"));
    int code = yao_wallet_open_for(call, &r.wallet);
    if (code != 0)
        return code;
    code = restore(&r);
    yao_wallet_close(r.wallet);
    return code;
}

static const yao_option options[] = {
    {"provider", "URL", 0,
     WORDS_INIT("get it from this provider, by the recovery code",
                "凭恢复码从该提供方取回")},
    {"code-file", "FILE", 0,
     WORDS_INIT("file with the recovery code; else asked for",
                "存有恢复码的文件；否则询问")},
    {"backup-passphrase-file", "FILE", 0,
     WORDS_INIT("passphrase of the file; the wallet's when not given",
                "备份文件的口令文件；缺省与钱包口令相同")},
    YAO_WALLET_PROVIDER_OPTIONS,
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_restore = {
    .noun    = "wallet",
    .verb    = "restore",
    .summary = WORDS_INIT("take history and settings from a backup",
                          "从备份恢复出示记录与设置"),
    .text    = WORDS_INIT(
        "Puts into a wallet (`yaopai wallet init` makes one) what of the "
        "backup it does not have: entries of the history with their receipts, "
        "roots of readers. Nothing that is there is changed. Documents are in "
        "no backup, and this says which you had and how to get them: your old "
        "device may be in somebody's hands, and keys that could be copied "
        "would be worth nothing.",
        "把备份中本钱包没有的内容并入（先用 `yaopai wallet init` 建立钱包）：出示"
        "记录及回执、读卡方根证书。已有内容不变。备份中没有证件；本命令列出原有证件"
        "及领取方法。旧设备可能在他人手中，而可复制的密钥毫无意义。"),
    .operands     = "[FILE]",
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet restore -C new-wallet history.backup\n"
                    "  yaopai wallet restore -C new-wallet --provider "
                    "https://wallet.example",
    .json         = true,
    .run          = run,
};
