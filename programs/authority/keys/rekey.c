/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai authority rekey: a new key-encryption key, and everybody under it.
 *
 * Design 3.8: a person's key is wrapped by the key-encryption key of an epoch.
 * Once a year or so a new epoch begins; all keys are wrapped anew, and when
 * nobody is left under the old one it is destroyed, so that who was erased
 * meanwhile is gone from the backups too. Killed half-way it goes on where it
 * stopped.
 */

#include "authority/commands.h"
#include "authority/authority.h"

#include <string.h>

#include "app/files.h"

#define MEMORY (1024u * 1024u)

static const yao_words what =
    WORDS_INIT("authority rekey", "更换登记库密钥");

typedef struct rekeying {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    int64_t               from, to; /* epochs */
    size_t                moved;
    bool                  destroyed;
} rekeying;

static config_setting key_setting(int64_t epoch)
{
    return (config_setting)(SETTING_KEY_1 + (int)epoch - 1);
}

/* Where make_key() and `init` put the key of EPOCH. */
static yao_status usual_path(const rekeying *r, int64_t epoch,
                             char out[CONFIG_MAX_PATH])
{
    char name[64];

    snprintf(name, sizeof name, "keys/register-%lld.key", (long long)epoch);
    return yao_path_join(r->call->directory, name, out, CONFIG_MAX_PATH);
}

/* Is there a key of EPOCH that can still be destroyed? One that no setting
 * names any more is of a destroying that was killed. */
static bool may_destroy(const rekeying *r, int64_t epoch)
{
    char path[CONFIG_MAX_PATH];

    return config_get(&r->authority->config, key_setting(epoch))[0] != '\0' ||
           (usual_path(r, epoch, path) == YAO_OK && yao_path_exists(path));
}

/* ---- a new epoch ---- */

/* Epochs are numbered 1..8 and then 1 again: the oldest has long been
 * destroyed when its number comes back. */
static int64_t following(int64_t epoch)
{
    return epoch % SEAL_MAX_EPOCHS + 1;
}

static yao_status make_key(rekeying *r)
{
    char        path[CONFIG_MAX_PATH], uri[80];
    const char *there = config_get(&r->authority->config, key_setting(r->to));

    if (there[0] != '\0')
        return YAO_OK; /* a rekeying that was killed has made it */
    snprintf(uri, sizeof uri, "file:keys/register-%lld.key",
             (long long)r->to);
    YAO_TRY(usual_path(r, r->to, path));
    if (!yao_path_exists(path))
        YAO_TRY(seal_key_make(path));
    const config_edit edit = {key_setting(r->to), uri};
    return config_change(r->call->directory, &edit, 1);
}

static yao_status begin_epoch(rekeying *r)
{
    char        number[8];
    config_edit edit = {SETTING_EPOCH, number};

    snprintf(number, sizeof number, "%lld", (long long)r->to);
    return config_change(r->call->directory, &edit, 1);
}

/* With the new key: the settings as they stand now. */
static int reopen(rekeying *r)
{
    authority_close(r->authority);
    return authority_begin(r->call, r->authority);
}

/* ---- everybody ---- */

static yao_status move_one(rekeying *r, const store_person *p)
{
    seal_person  person;
    uint8_t      wrapped[SEAL_WRAPPED_LEN];
    store_change change = store_change_open(&r->arena);

    YAO_TRY(seal_person_open(&r->authority->keys, p, &person));
    yao_status status =
        seal_person_wrap(&r->authority->keys, &person, wrapped);
    yao_wipe(&person, sizeof person);
    YAO_TRY(status);
    const store_rewrap rewrap = {
        p->id, p->epoch, r->to, {wrapped, sizeof wrapped}};
    store_rewrap_person(&change, &rewrap);
    status = store_commit(r->authority->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status; /* erased meanwhile */
}

static yao_status move_some(rekeying *r, size_t *found)
{
    store_person *people;

    YAO_TRY(store_list_epoch(r->authority->store, r->from, STORE_MAX_GROUP,
                             &r->arena, &people, found));
    for (size_t i = 0; i < *found; i++) {
        size_t mark = r->arena.used;
        YAO_TRY(move_one(r, &people[i]));
        r->arena.used = mark;
    }
    return YAO_OK;
}

static yao_status move_all(rekeying *r)
{
    size_t     found  = 0;
    yao_status status = YAO_OK;

    do {
        size_t mark   = r->arena.used;
        status        = move_some(r, &found);
        r->arena.used = mark;
        r->moved += status == YAO_OK ? found : 0;
    } while (status == YAO_OK && found > 0);
    return status;
}

/* ---- the old key ---- */

/* The epoch is closed and the setting removed before the file is: a setting
 * that names a key that is gone would let nobody in. */
static yao_status destroy(rekeying *r)
{
    char        path[CONFIG_MAX_PATH];
    const char *uri =
        config_get(&r->authority->config, key_setting(r->from));
    const config_edit gone = {key_setting(r->from), NULL};

    if (uri[0] == '\0') {
        YAO_TRY(usual_path(r, r->from, path));
        YAO_TRY(yao_file_remove(path));
        r->destroyed = true;
        return YAO_OK;
    }
    if (strncmp(uri, "file:", 5) != 0)
        return YAO_E_UNSUPPORTED;
    YAO_TRY(authority_end_epoch(r->authority, &r->arena, r->from));
    YAO_TRY(config_change(r->call->directory, &gone, 1));
    YAO_TRY(yao_file_remove(uri + 5));
    r->destroyed = true;
    return YAO_OK;
}

/* ---- the command ---- */

static yao_status note_done(rekeying *r)
{
    store_change change = store_change_open(&r->arena);
    char         text[96];

    snprintf(text, sizeof text, "{\"epoch\":%lld,\"people\":%zu}",
             (long long)r->to, r->moved);
    YAO_TRY(authority_put_event(&change, &r->arena, "register.rekey",
                                (yao_bytes){NULL, 0}, yao_text_of(text)));
    return store_commit(r->authority->store, &change);
}

static void tell(const rekeying *r)
{
    if (r->call->json) {
        printf("{\"epoch\":%lld,\"people\":%zu,\"old_key_destroyed\":%s}\n",
               (long long)r->to, r->moved, r->destroyed ? "true" : "false");
        return;
    }
    yao_print(WORDS("%zu people are under the key of epoch %lld.\n",
                    "%zu 人已改用第 %lld 期密钥。\n"),
              r->moved, (long long)r->to);
    if (r->destroyed)
        yao_print(WORDS("The old key is destroyed.\n", "旧密钥已销毁。\n"));
    else
        yao_print(WORDS("Nobody is under the old key. Destroy it within 35 "
                        "days with --destroy-old: then whoever was erased is "
                        "gone from the backups too.\n",
                        "旧密钥已无人使用，请在 35 天内用 --destroy-old 销毁，"
                        "使已删除者从备份中一并消失。\n"));
}

static yao_status work(rekeying *r)
{
    YAO_TRY(authority_begin_epoch(r->authority, &r->arena, r->to));
    YAO_TRY(move_all(r));
    return note_done(r);
}

/* A rekeying that was killed has begun the epoch: some are still under the one
 * before it. */
static yao_status epochs(rekeying *r)
{
    int64_t epoch = (int64_t)config_number(&r->authority->config,
                                           SETTING_EPOCH);
    size_t  mark  = r->arena.used, left = 0;
    int64_t before = (epoch + SEAL_MAX_EPOCHS - 2) % SEAL_MAX_EPOCHS + 1;
    store_person *people;

    YAO_TRY(store_list_epoch(r->authority->store, before, 1, &r->arena,
                             &people, &left));
    r->arena.used = mark;
    r->from       = left > 0 ? before : epoch;
    r->to         = left > 0 ? epoch : following(epoch);
    if (!yao_given(r->call, "destroy-old") || left > 0)
        return YAO_OK;
    /* everybody was moved before: only the old key is left to be destroyed */
    if (may_destroy(r, before)) {
        r->from = before;
        r->to   = epoch;
    }
    return YAO_OK;
}

static yao_status begin(rekeying *r)
{
    YAO_TRY(epochs(r));
    if (r->to == config_number(&r->authority->config, SETTING_EPOCH))
        return YAO_OK;
    YAO_TRY(make_key(r));
    return begin_epoch(r);
}

static int perform(rekeying *r)
{
    yao_status status = begin(r);

    if (status != YAO_OK)
        return yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                        WORDS("is the folder writable?", "目录可写吗？"));
    int code = reopen(r);
    if (code != 0)
        return code;
    status = work(r);
    if (status == YAO_OK && yao_given(r->call, "destroy-old"))
        status = destroy(r);
    if (status == YAO_OK)
        tell(r);
    return status == YAO_OK
               ? 0
               : yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                          WORDS("run it again: it goes on where it stopped; a "
                                "server that was started before has to be "
                                "restarted first",
                                "请重新运行，从中断处继续；"
                                "此前启动的服务须先重启"));
}

static int run(const yao_invocation *call)
{
    static authority a;
    static rekeying  r;
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    r = (rekeying){.call = call, .authority = &a};
    if (yao_memory_open(MEMORY, &r.arena) != YAO_OK)
        code = yao_fail_memory();
    else
        code = perform(&r);
    yao_memory_free(&r.arena);
    authority_close(&a);
    return code;
}

static const yao_option options[] = {
    {"destroy-old", NULL, 0,
     WORDS_INIT("destroy the old key when nobody is under it",
                "旧密钥无人使用后即销毁")},
};

const yao_command yao_authority_rekey = {
    .noun    = "authority",
    .verb    = "rekey",
    .summary = WORDS_INIT("a new key for the register, and everybody under it",
                          "更换登记库的密钥加密密钥"),
    .text    = WORDS_INIT(
        "Makes the key-encryption key of the next epoch and wraps every "
        "person's key anew under it. People stay as they are; only who has "
        "the new key can open them. Interrupted, it is run again and goes on "
        "where it stopped. Restart the servers afterwards, then destroy the "
        "old key with --destroy-old, within 35 days: whoever was erased is "
        "gone from the backups too then.",
        "生成下一期的密钥加密密钥，并用它重新包裹每个人的密钥。人员数据不变，"
        "只有持新密钥者可打开。中断后重新运行即可继续。之后重启服务，"
        "并在 35 天内用 --destroy-old 销毁旧密钥，"
        "使已删除者从备份中一并消失。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai authority rekey -C authority",
    .json         = true,
    .run          = run,
};
