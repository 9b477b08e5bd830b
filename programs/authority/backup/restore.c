/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai authority restore: an authority from a backup, in an empty folder.
 *
 * A backup is older than what others have seen: documents that it does not know
 * of, revocations, a longer log. So it is not enough to copy files back. What
 * was published since has to be shown to it, or somebody says that nothing was;
 * else the restored register would sign a second log of the same name, and make
 * revoked documents valid again.
 *
 * Everything is made in DIR/.restore-XXXXXX and moved to DIR at the end, the
 * settings last.
 */

#define _XOPEN_SOURCE 700 /* nftw() */
#include "authority/backup/adopt.h"
#include "authority/backup/manifest.h"
#include "authority/commands.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "store/session.h"

#define MEMORY (48u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("authority restore", "恢复备份");

static const char *const pieces[] = {"keys", "certificates", "register",
                                     CONFIG_FILE};

typedef struct restoring {
    const yao_invocation *call;
    const char           *from;
    char                  folder[CONFIG_MAX_PATH];
    yao_arena             arena;
    backup_manifest       manifest;
    authority             authority;
    bool                  open;
    bool                  moving; /* to where it belongs */
    int64_t               lost;  /* entries of the log */
    size_t                lists; /* that knew more */
    adopted_crls          crls;
} restoring;

/* ---- files ---- */

static yao_status below(const restoring *r, const char *name,
                        char out[CONFIG_MAX_PATH])
{
    return yao_path_join(r->folder, name, out, CONFIG_MAX_PATH);
}

static yao_status make_folders(restoring *r)
{
    static const char *const folders[] = {"keys", "certificates", "register"};
    char                     path[CONFIG_MAX_PATH];

    YAO_TRY(yao_folder_make(r->call->directory, 0700));
    YAO_TRY(yao_path_join(r->call->directory, ".restore-XXXXXX", r->folder,
                          sizeof r->folder));
    if (mkdtemp(r->folder) == NULL) {
        r->folder[0] = '\0';
        return YAO_E_FILE;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        YAO_TRY(below(r, folders[i], path));
        YAO_TRY(yao_folder_make(path, i == 1 ? 0755 : 0700));
    }
    return YAO_OK;
}

static int remove_one(const char *path, const struct stat *about, int kind,
                      struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Keys lie there: a restore that failed leaves none behind. Unless it failed in
 * the last moment, when a part of it is in DIR and the rest can be moved by
 * hand. */
static bool remove_folder(restoring *r)
{
    return r->folder[0] == '\0' ||
           (!r->moving &&
            nftw(r->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

/* register.db goes to register/, where the settings of `init` have it. */
static yao_status take_files(restoring *r)
{
    char from[CONFIG_MAX_PATH], to[CONFIG_MAX_PATH];

    for (size_t i = 0; i < r->manifest.count; i++) {
        const char *name = r->manifest.files[i].name;
        bool        cert = strncmp(name, "certificates/", 13) == 0;

        YAO_TRY(backup_copy(r->from, r->folder, name, cert ? 0644 : 0600));
    }
    YAO_TRY(below(r, "register.db", from));
    YAO_TRY(below(r, "register/register.db", to));
    return rename(from, to) == 0 ? YAO_OK : YAO_E_FILE;
}

static yao_status take_keys(restoring *r, const char *folder)
{
    char           to[CONFIG_MAX_PATH];
    struct dirent *entry;
    yao_status     status = YAO_OK;
    DIR           *d      = opendir(folder);

    if (d == NULL)
        return YAO_E_FILE;
    status = below(r, "keys", to);
    while (status == YAO_OK && (entry = readdir(d)) != NULL)
        if (entry->d_name[0] != '.')
            status = backup_copy(folder, to, entry->d_name, 0600);
    closedir(d);
    return status;
}

/* ---- what was published since ---- */

/* Tokens, codes and sessions that were used up, or ended with a lost phone,
 * after the backup would be good again: all of them end. */
static void end_all_access(store_change *change)
{
    store_end_once(change);
    store_forget_sessions(change, YAO_TIME_MAX);
}

static yao_status note(restoring *r)
{
    store_change change = store_change_open(&r->arena);
    char         detail[96], now[24];

    snprintf(detail, sizeof detail, "{\"lost\":%lld,\"lists\":%zu}",
             (long long)r->lost, r->lists);
    snprintf(now, sizeof now, "%lld", (long long)yao_now());
    store_drop_fact(&change, YAO_TEXT("restored"));
    end_all_access(&change);
    YAO_TRY(authority_put_event(&change, &r->arena, "authority.restore",
                                (yao_bytes){NULL, 0}, yao_text_of(detail)));
    YAO_TRY(store_commit(r->authority.store, &change));
    change = store_change_open(&r->arena);
    store_put_fact(&change, YAO_TEXT("restored"),
                   yao_text_bytes(yao_text_of(now)));
    return store_commit(r->authority.store, &change);
}

/* A register that has signed none needs none: before a first one nobody was
 * told of a revoked key. */
static yao_status catch_up_crls(restoring *r)
{
    const char *crls = yao_argument(r->call, "crls");
    bool        any  = false;

    if (crls != NULL)
        return adopt_crls(&r->authority, crls, &r->arena, &r->crls);
    YAO_TRY(adopt_has_crls(&r->authority, &r->arena, &any));
    return any && !yao_given(r->call, "nothing-since") ? YAO_E_MISSING
                                                       : YAO_OK;
}

static yao_status catch_up(restoring *r, const char **place)
{
    const char *log   = yao_argument(r->call, "log");
    const char *lists = yao_argument(r->call, "lists");

    if (log != NULL)
        YAO_TRY(adopt_log(&r->authority, log, &r->arena, &r->lost));
    *place = "lists";
    if (lists != NULL)
        YAO_TRY(adopt_lists(&r->authority, lists, &r->arena, &r->lists));
    *place = "crls";
    YAO_TRY(catch_up_crls(r));
    *place = "register";
    YAO_TRY(store_check(r->authority.store));
    return note(r);
}

/* Settings that name the register by its whole path name the one that was
 * backed up: this one is to be written to, not that. */
static yao_status name_register(const restoring *r)
{
    static config        c;
    yao_settings_trouble trouble;
    char                 ours[CONFIG_MAX_PATH + 40];
    const config_edit    edit = {SETTING_STORE,
                                 "sqlite:register/register.db"};

    YAO_TRY(config_read(r->folder, &c, &trouble));
    snprintf(ours, sizeof ours, "sqlite:%s/register/register.db", r->folder);
    if (strcmp(config_get(&c, SETTING_STORE), ours) == 0)
        return YAO_OK;
    return config_change(r->folder, &edit, 1);
}

static yao_status open_restored(restoring *r, const char **place)
{
    yao_settings_trouble trouble;

    *place = CONFIG_FILE;
    YAO_TRY(name_register(r));
    YAO_TRY(authority_open(r->folder, &r->authority, &trouble, place));
    r->open = true;
    return YAO_OK;
}

/* ---- the whole ---- */

static yao_status move_pieces(restoring *r)
{
    char from[CONFIG_MAX_PATH], to[CONFIG_MAX_PATH];

    r->moving = true;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        YAO_TRY(below(r, pieces[i], from));
        YAO_TRY(yao_path_join(r->call->directory, pieces[i], to, sizeof to));
        if (rename(from, to) != 0)
            return errno == ENOTEMPTY || errno == EEXIST ? YAO_E_EXISTS
                                                         : YAO_E_FILE;
    }
    return rmdir(r->folder) == 0 ? YAO_OK : YAO_E_FILE;
}

static void close_restored(restoring *r)
{
    if (r->open)
        authority_close(&r->authority);
    r->open = false;
}

static yao_status restore(restoring *r, const char **place)
{
    const char *keys = yao_argument(r->call, "keys");

    *place = BACKUP_MANIFEST;
    YAO_TRY(backup_read(r->from, &r->arena, &r->manifest));
    *place = r->call->directory;
    YAO_TRY(make_folders(r));
    YAO_TRY(take_files(r));
    if (keys != NULL) {
        *place = keys;
        YAO_TRY(take_keys(r, keys));
    }
    YAO_TRY(open_restored(r, place));
    *place = "log";
    yao_status status = catch_up(r, place);
    close_restored(r);
    YAO_TRY(status);
    *place = r->call->directory;
    return move_pieces(r);
}

static bool anything_there(const char *directory)
{
    char path[CONFIG_MAX_PATH];

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        if (yao_path_join(directory, pieces[i], path, sizeof path) !=
                YAO_OK ||
            yao_path_exists(path))
            return true;
    return false;
}

/* ---- the command ---- */

static void tell(const restoring *r)
{
    if (r->call->json) {
        printf("{\"log\":%lld,\"lost\":%lld,\"lists\":%zu,\"crls\":%zu,"
               "\"revoked_in_use\":%zu}\n",
               (long long)r->manifest.log, (long long)r->lost, r->lists,
               r->crls.lists, r->crls.in_use);
        return;
    }
    yao_print(WORDS("The authority is in %s again, as it was at the backup.\n",
                    "签发机关已按备份恢复于 %s。\n"),
              r->call->directory);
    if (r->lost > 0)
        yao_print(WORDS("%lld things were done after it that the register "
                        "does not know of: the log goes on behind them, "
                        "revocations are kept, documents of that time have to "
                        "be issued anew.\n",
                        "备份之后有 %lld 件事登记库不知道：日志接续其后，"
                        "吊销保留，此间的证件须重新签发。\n"),
                  (long long)r->lost);
    if (r->crls.in_use > 0)
        yao_print(WORDS("%zu keys that the settings name were revoked after "
                        "it. Before a server starts, put others in their place "
                        "with `yaopai signer rotate --compromised`.\n",
                        "设置所指的 %zu 个密钥在备份之后已被吊销。启动服务之前，"
                        "请用 `yaopai signer rotate --compromised` 更换。\n"),
                  r->crls.in_use);
}

static int refuse_blind(const yao_invocation *call)
{
    return yao_fail(
        YAO_E_MISSING, what, call->operands[0],
        WORDS("nobody says what was published after the backup",
              "未说明备份之后发布过什么"),
        WORDS("give copies of the published log and status lists with --log "
              "and --lists; --nothing-since when there was nothing",
              "请用 --log 与 --lists 给出已发布日志与状态列表的副本；"
              "确实没有则用 --nothing-since"));
}

static int fail(const char *place, yao_status status, bool clean)
{
    if (!clean)
        return yao_fail(status, what, place, (yao_words){NULL, NULL},
                        WORDS("remove the folder .restore-... beside it: "
                              "there are keys in it",
                              "请删除其旁的 .restore-... 目录：其中有密钥"));
    if (status == YAO_E_MISMATCH)
        return yao_fail(status, what, place,
                        WORDS("the published log is not a continuation of the "
                              "backup's",
                              "已发布的日志不是备份中日志的延续"),
                        WORDS("is it the log of this authority? Then the "
                              "register or the log was tampered with: keep "
                              "both, and look",
                              "是本机关的日志吗？若是，则登记库或日志被改动："
                              "请保留两者并调查"));
    if (status == YAO_E_MISSING)
        return yao_fail(status, what, place,
                        strcmp(place, "crls") == 0
                            ? WORDS("revocation lists of certificates were "
                                    "signed, and are not all given with --crls",
                                    "曾签发证书吊销列表，但未用 --crls 全部给出")
                        : strcmp(place, "lists") == 0
                            ? WORDS("a status list that the backup knows is "
                                    "not in the folder",
                                    "目录中缺少备份已知的状态列表")
                            : WORDS("this copy of the log is older than the "
                                    "backup: it says nothing of what came "
                                    "after it",
                                    "该日志副本早于备份，"
                                    "不能说明备份之后的情况"),
                        WORDS("copy what is published now, all of it; who "
                              "served or mirrored it has it",
                              "请复制现在发布的全部内容；"
                              "提供或镜像者处有副本"));
    if (status == YAO_E_BAD_DIGEST)
        return yao_fail(status, what, place,
                        WORDS("a file is not what was backed up",
                              "有文件与备份时不同"),
                        WORDS("take an older backup", "请用更早的备份"));
    return yao_fail(status, what, place, (yao_words){NULL, NULL},
                    WORDS("nothing was changed; is it a whole backup, and are "
                          "its keys given with --keys?",
                          "未作任何改动；备份是否完整？是否已用 --keys "
                          "给出其密钥？"));
}

static int run(const yao_invocation *call)
{
    static restoring r;
    const char      *place = "";

    if (anything_there(call->directory))
        return yao_fail(YAO_E_EXISTS, what, call->directory,
                        WORDS("an authority is there already",
                              "已有签发机关"),
                        WORDS("restore into an empty folder with -C",
                              "请用 -C 恢复到空目录"));
    /* either alone says a half: a log without lists takes revocations back */
    if (!yao_given(call, "nothing-since") &&
        (yao_argument(call, "log") == NULL ||
         yao_argument(call, "lists") == NULL))
        return refuse_blind(call);
    r = (restoring){.call = call, .from = call->operands[0]};
    yao_status status = yao_memory_open(MEMORY, &r.arena);
    if (status == YAO_OK)
        status = restore(&r, &place);
    close_restored(&r);
    yao_memory_free(&r.arena);
    if (status != YAO_OK)
        return fail(place, status, remove_folder(&r));
    tell(&r);
    return 0;
}

static const yao_option options[] = {
    {"keys", "DIR", 0,
     WORDS_INIT("copy the keys from here; else the settings name where they "
                "are",
                "从此目录复制密钥；否则以设置为准")},
    {"log", "DIR", 0,
     WORDS_INIT("a copy of the published log: what the backup lacks is taken "
                "over, so that the log goes on",
                "已发布日志的副本：补上备份所缺的部分，使日志得以接续")},
    {"lists", "DIR", 0,
     WORDS_INIT("the published status lists: no revocation is taken back",
                "已发布的状态列表：吊销不会被收回")},
    {"crls", "DIR", 0,
     WORDS_INIT("the published revocation lists (/crl/, or `signer publish "
                "--out`): no key is good again; needed when some were signed",
                "已发布的证书吊销列表（/crl/ 或 `signer publish --out`）："
                "被吊销的密钥不会恢复；曾签发过时必须给出")},
    {"nothing-since", NULL, 0,
     WORDS_INIT("nothing was published after the backup",
                "备份之后没有发布过任何内容")},
};

const yao_command yao_authority_restore = {
    .noun    = "authority",
    .verb    = "restore",
    .summary = WORDS_INIT("an authority from a backup", "从备份恢复签发机关"),
    .text    = WORDS_INIT(
        "Makes an authority of a backup in an empty folder, and checks every "
        "file against the list of hashes. A backup is older than what others "
        "have seen: copies of the published log (/log/) and of the status "
        "lists are given with it, so that the log goes on where it was, no "
        "revocation is taken back and no status index is given out twice. A "
        "log that is no continuation of the backup's is refused.",
        "用备份在空目录中恢复签发机关，并按校验清单核对每个文件。"
        "备份早于他人所见：须同时给出已发布日志（/log/）与状态列表的副本，"
        "使日志接续、吊销不被收回、状态索引不会重复发放。"
        "与备份不相接续的日志会被拒绝。"),
    .operands     = "FOLDER",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai authority restore backups/2026-11-22 --keys /safe/"
                    "keys --log copies/log --lists copies/statuslists -C new",
    .json         = true,
    .run          = run,
};
