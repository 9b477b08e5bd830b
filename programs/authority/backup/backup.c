/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai authority backup: a copy of the register as it is at one moment, also
 * while a server writes to it. Keys are not in it.
 */

#include "authority/backup/manifest.h"
#include "authority/commands.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "store/log.h"

#define MEMORY (1024u * 1024u)

static const yao_words what = WORDS_INIT("authority backup", "备份");

typedef struct copying {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    const char           *to;
    backup_manifest       manifest;
} copying;

static yao_status take_file(copying *c, const char *name, unsigned mode)
{
    YAO_TRY(backup_copy(c->call->directory, c->to, name, mode));
    return backup_add(&c->manifest, c->to, name);
}

/* Certificates are for everybody; in the order in which they come. */
static yao_status take_certificates(copying *c)
{
    char           path[CONFIG_MAX_PATH], name[BACKUP_MAX_FILE_NAME + 16];
    DIR           *folder;
    struct dirent *entry;
    yao_status     status = YAO_OK;

    YAO_TRY(yao_path_join(c->to, "certificates", path, sizeof path));
    YAO_TRY(yao_folder_make(path, 0755));
    YAO_TRY(yao_path_join(c->call->directory, "certificates", path,
                          sizeof path));
    folder = opendir(path);
    if (folder == NULL)
        return YAO_E_FILE;
    while (status == YAO_OK && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.' ||
            strlen(entry->d_name) >= BACKUP_MAX_FILE_NAME - 16)
            continue;
        snprintf(name, sizeof name, "certificates/%.100s", entry->d_name);
        status = take_file(c, name, 0644);
    }
    closedir(folder);
    return status;
}

/* What the copy has, not what the register has meanwhile. */
static yao_status look_into(copying *c)
{
    char    url[CONFIG_MAX_PATH + 32];
    int64_t newest;
    store  *copy;

    snprintf(url, sizeof url, "sqlite:%s/register.db", c->to);
    YAO_TRY(store_look(url, &c->manifest.schema, &newest));
    YAO_TRY(store_open(&(store_options){.url = url, .now = yao_now()}, &copy));
    yao_status status = store_check(copy);
    if (status == YAO_OK)
        status = store_count_log(copy, &c->manifest.log);
    store_close(copy);
    return status;
}

static yao_status take_register(copying *c)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(yao_path_join(c->to, "register.db", path, sizeof path));
    YAO_TRY(store_backup(config_get(&c->authority->config, SETTING_STORE),
                         path));
    YAO_TRY(look_into(c));
    return backup_add(&c->manifest, c->to, "register.db");
}

static yao_status note(copying *c)
{
    store_change change = store_change_open(&c->arena);
    char         detail[64];

    snprintf(detail, sizeof detail, "{\"log\":%lld}",
             (long long)c->manifest.log);
    YAO_TRY(authority_put_event(&change, &c->arena, "authority.backup",
                                (yao_bytes){NULL, 0}, yao_text_of(detail)));
    return store_commit(c->authority->store, &change);
}

static yao_status take_all(copying *c)
{
    if (yao_path_exists(c->to))
        return YAO_E_EXISTS;
    YAO_TRY(note(c));
    YAO_TRY(yao_folder_make(c->to, 0700));
    YAO_TRY(take_register(c));
    YAO_TRY(take_file(c, CONFIG_FILE, 0600));
    YAO_TRY(take_certificates(c));
    return backup_write(&c->manifest, c->to, &c->arena);
}

static void tell(const copying *c)
{
    if (c->call->json) {
        printf("{\"files\":%zu,\"log\":%lld}\n", c->manifest.count,
               (long long)c->manifest.log);
        return;
    }
    yao_print(WORDS("The register is copied to %s, with %lld entries of the "
                    "log.\nThe keys are not in it: keep them in another "
                    "place, or a thief of the backup has the register.\n",
                    "登记库已备份到 %s，含 %lld 条日志。\n"
                    "备份中没有密钥：请另行保存，否则盗走备份即盗走登记库。\n"),
              c->to, (long long)c->manifest.log);
}

static int fail(const copying *c, yao_status status)
{
    if (status == YAO_E_UNSUPPORTED)
        return yao_fail(status, what, NULL,
                        WORDS("PostgreSQL is copied with its own tools",
                              "PostgreSQL 用其自带工具备份"),
                        WORDS("use pg_basebackup with WAL archiving: "
                              "docs/guides/postgres.md",
                              "请用 pg_basebackup 与 WAL 归档：见 "
                              "docs/guides/postgres.md"));
    if (status == YAO_E_EXISTS)
        return yao_fail(status, what, c->to,
                        WORDS("it is there already", "已经存在"),
                        WORDS("name a new folder for each backup",
                              "每次备份请用新的目录"));
    return yao_fail(status, what, c->to, (yao_words){NULL, NULL},
                    WORDS("what is there is no backup: it has no "
                          "backup.json; remove it and try again",
                          "其中没有 backup.json，不是完整备份；"
                          "请删除后重试"));
}

static int run(const yao_invocation *call)
{
    static authority a;
    static copying   c;
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    c = (copying){.call = call, .authority = &a, .to = call->operands[0]};
    c.manifest.made   = yao_now();
    yao_status status = yao_memory_open(MEMORY, &c.arena);
    if (status == YAO_OK)
        status = take_all(&c);
    yao_memory_free(&c.arena);
    authority_close(&a);
    if (status != YAO_OK)
        return fail(&c, status);
    tell(&c);
    return 0;
}

const yao_command yao_authority_backup = {
    .noun    = "authority",
    .verb    = "backup",
    .summary = WORDS_INIT("copy the register, settings and certificates",
                          "备份登记库、设置与证书"),
    .text    = WORDS_INIT(
        "Makes a new folder with the register as it is at one moment, also "
        "while a server writes to it, the settings, the certificates, and a "
        "list of their hashes that is written last. Keys are not copied: "
        "without them nobody can open what is in the register, and they "
        "belong in another place.",
        "新建目录，其中有某一时刻的登记库（服务运行时也可）、设置、证书，"
        "以及最后写入的校验清单。不复制密钥：没有密钥无人能打开登记库，"
        "密钥应另存他处。"),
    .operands = "FOLDER",
    .least    = 1,
    .most     = 1,
    .example  = "yaopai authority backup backups/2026-11-22 -C authority",
    .json     = true,
    .run      = run,
};
