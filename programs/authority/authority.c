/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/authority.h"

#include "authority/vci/clients.h"

#include "app/files.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EPOCHS 8

/* ---- keys ---- */

/* The folder of the database; "" when it has none of ours. */
static void store_folder(const config *c, char out[CONFIG_MAX_PATH])
{
    const char *url = config_get(c, SETTING_STORE);

    out[0] = '\0';
    if (strncmp(url, "sqlite:", strlen("sqlite:")) != 0)
        return;
    snprintf(out, CONFIG_MAX_PATH, "%s", url + strlen("sqlite:"));
    char *slash = strrchr(out, '/');
    if (slash != NULL)
        *slash = '\0';
    else
        snprintf(out, CONFIG_MAX_PATH, ".");
}

static yao_status read_key(const config *c, config_setting setting,
                           const char *folder, uint8_t out[SEAL_KEY_LEN])
{
    const char *uri = config_get(c, setting);

    YAO_TRY(seal_key_read(uri, out));
    if (!config_yes(c, SETTING_DEMO) && folder[0] != '\0' &&
        seal_key_inside(uri, folder))
        return YAO_E_NOT_AUTHORISED;
    return YAO_OK;
}

static yao_status read_keys(const config *c, seal_keys *keys,
                            const char **place)
{
    char folder[CONFIG_MAX_PATH];

    store_folder(c, folder);
    *place = "register.lookup_key";
    YAO_TRY(read_key(c, SETTING_LOOKUP_KEY, folder, keys->lookup));
    *place = "register.key_N";
    for (int i = 0; i < EPOCHS; i++) {
        config_setting setting = (config_setting)(SETTING_KEY_1 + i);
        if (config_get(c, setting)[0] == '\0')
            continue;
        YAO_TRY(read_key(c, setting, folder, keys->wrapping[i].key));
        keys->wrapping[i].epoch = i + 1;
    }
    keys->epoch = config_number(c, SETTING_EPOCH);
    *place      = "register.epoch";
    return keys->wrapping[keys->epoch - 1].epoch != 0 ? YAO_OK
                                                      : YAO_E_NOT_FOUND;
}

yao_status authority_read_keys(authority *a, const char **place)
{
    seal_keys  keys;
    yao_status status;

    memset(&keys, 0, sizeof keys);
    status = read_keys(&a->config, &keys, place);
    if (status == YAO_OK)
        a->keys = keys;
    seal_keys_wipe(&keys);
    return status;
}

/* ---- are these the register's keys? ---- */

typedef struct key_fact {
    char    name[32];
    uint8_t hash[STORE_HASH_LEN];
} key_fact;

static yao_status lookup_fact(const authority *a, key_fact *ret)
{
    snprintf(ret->name, sizeof ret->name, "lookup_key");
    return seal_hash(a->crypto, &a->keys, SEAL_KEY_CHECK, (yao_bytes){NULL, 0},
                     ret->hash);
}

static yao_status epoch_fact(const authority *a, int64_t epoch, key_fact *ret)
{
    snprintf(ret->name, sizeof ret->name, "key_%d", (int)epoch);
    return seal_epoch_check(a->crypto, &a->keys, epoch, ret->hash);
}

static yao_status note_fact(const authority *a, const key_fact *fact,
                            yao_arena *arena)
{
    store_change change = store_change_open(arena);

    store_put_fact(&change, yao_text_of(fact->name),
                   (yao_bytes){fact->hash, STORE_HASH_LEN});
    return store_commit(a->store, &change);
}

yao_status authority_note_keys(const authority *a, yao_arena *arena)
{
    key_fact fact;

    YAO_TRY(lookup_fact(a, &fact));
    YAO_TRY(note_fact(a, &fact, arena));
    YAO_TRY(epoch_fact(a, a->keys.epoch, &fact));
    return note_fact(a, &fact, arena);
}

yao_status authority_was_restored(const authority *a, bool *ret)
{
    _Alignas(16) uint8_t memory[1024];
    yao_arena            arena = {memory, sizeof memory, 0};
    yao_bytes            when;
    yao_status           status =
        store_get_fact(a->store, YAO_TEXT("restored"), &arena, &when);

    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    *ret = status == YAO_OK;
    return YAO_OK;
}

yao_status authority_begin_epoch(const authority *a, yao_arena *arena,
                                 int64_t epoch)
{
    store_change change = store_change_open(arena);

    store_open_epoch(&change, epoch);
    return store_commit(a->store, &change);
}

yao_status authority_end_epoch(const authority *a, yao_arena *arena,
                               int64_t epoch)
{
    store_change change = store_change_open(arena);
    key_fact     fact;

    YAO_TRY(epoch_fact(a, epoch, &fact));
    store_close_epoch(&change, epoch, yao_now());
    store_drop_fact(&change, yao_text_of(fact.name));
    return store_commit(a->store, &change);
}

static yao_status compare_fact(const authority *a, const key_fact *fact,
                               yao_arena *arena)
{
    yao_bytes noted;

    YAO_TRY(store_get_fact(a->store, yao_text_of(fact->name), arena, &noted));
    return yao_bytes_equal_secret(noted,
                                  (yao_bytes){fact->hash, STORE_HASH_LEN})
               ? YAO_OK
               : YAO_E_SECRET;
}

/* Of two who note the same key one is first. */
static yao_status compare_or_note(const authority *a, const key_fact *fact,
                                  yao_arena *arena)
{
    yao_status status = compare_fact(a, fact, arena);

    if (status != YAO_E_NOT_FOUND)
        return status;
    status = note_fact(a, fact, arena);
    return status == YAO_E_EXISTS ? compare_fact(a, fact, arena) : status;
}

/* Before anything is written with them: hashes of a wrong key would never be
 * found again. A key of a new epoch is noted when it first comes. */
yao_status authority_compare_keys(const authority *a, yao_arena *arena)
{
    key_fact fact;

    YAO_TRY(lookup_fact(a, &fact));
    YAO_TRY(compare_fact(a, &fact, arena));
    for (size_t i = 0; i < SEAL_MAX_EPOCHS; i++) {
        if (a->keys.wrapping[i].epoch == 0)
            continue;
        YAO_TRY(epoch_fact(a, a->keys.wrapping[i].epoch, &fact));
        YAO_TRY(compare_or_note(a, &fact, arena));
    }
    return YAO_OK;
}

/* ---- the store, here or in a server ---- */

static bool is_file(const authority *a)
{
    return strncmp(config_get(&a->config, SETTING_STORE), "sqlite:",
                   strlen("sqlite:")) == 0;
}

static yao_status socket_path(const char *folder, char out[CONFIG_MAX_PATH])
{
    return yao_path_join(folder, "store.sock", out, CONFIG_MAX_PATH);
}

/* A server that is just being started or stopped is waited for. */
static yao_status open_served(const char *socket, authority *a)
{
    const struct timespec pause = {0, 100000000};
    char                  url[CONFIG_MAX_PATH + 16];
    yao_status            status = YAO_E_NOT_FOUND;

    snprintf(url, sizeof url, "socket:%s", socket);
    for (int i = 0; i < 300 && status == YAO_E_NOT_FOUND; i++) {
        if (i > 0)
            nanosleep(&pause, NULL);
        if (!store_is_served(socket))
            return YAO_E_NOT_FOUND;
        status = store_open(&(store_options){.url = url, .now = yao_now()},
                            &a->store);
    }
    return status == YAO_E_NOT_FOUND ? YAO_E_LOCKED : status;
}

static yao_status open_store(const char *folder, authority *a)
{
    const store_options options = {.url = config_get(&a->config, SETTING_STORE),
                                   .now = yao_now()};
    char                socket[CONFIG_MAX_PATH];

    if (is_file(a)) {
        YAO_TRY(socket_path(folder, socket));
        yao_status status = open_served(socket, a);
        if (status != YAO_E_NOT_FOUND)
            return status;
    }
    return store_open(&options, &a->store);
}

yao_status authority_serve_store(const char *folder, const authority *a,
                                 store_serving **ret)
{
    char socket[CONFIG_MAX_PATH];

    *ret = NULL;
    if (!is_file(a))
        return YAO_OK;
    YAO_TRY(socket_path(folder, socket));
    return store_serve(a->store, socket, ret);
}

/* ---- opening ---- */

static yao_status open_all(const char *folder, authority *a,
                           yao_settings_trouble *trouble, const char **place)
{
    static _Alignas(16) uint8_t memory[16384];
    yao_arena                   arena = {memory, sizeof memory, 0};

    *place = CONFIG_FILE;
    YAO_TRY(config_read(folder, &a->config, trouble));
    *place     = "OpenSSL";
    a->openssl = yao_openssl_open();
    if (a->openssl == NULL)
        return YAO_E_CRYPTO;
    a->crypto = yao_openssl_crypto(a->openssl);
    YAO_TRY(read_keys(&a->config, &a->keys, place));
    *place = "register.store";
    YAO_TRY(open_store(folder, a));
    *place = "register.key";
    return authority_compare_keys(a, &arena);
}

yao_status authority_open(const char *folder, authority *ret,
                          yao_settings_trouble *trouble, const char **place)
{
    *trouble = (yao_settings_trouble){.line = 0};
    memset(ret, 0, sizeof *ret);
    yao_status status = open_all(folder, ret, trouble, place);
    if (status != YAO_OK)
        authority_close(ret);
    return status;
}

void authority_close(authority *a)
{
    vci_clients_free(a->clients);
    store_close(a->store);
    yao_openssl_close(a->openssl);
    seal_keys_wipe(&a->keys);
    a->clients = NULL;
    a->store   = NULL;
    a->openssl = NULL;
}

/* ---- telling ---- */

static int tell_trouble(yao_status status, const yao_settings_trouble *trouble)
{
    char where[192];

    if (trouble->line > 0)
        snprintf(where, sizeof where, "%s:%d %s", CONFIG_FILE, trouble->line,
                 trouble->setting);
    else
        snprintf(where, sizeof where, "%s %s", CONFIG_FILE, trouble->setting);
    if (trouble->line == 0 && trouble->setting[0] != '\0')
        return yao_fail(
            status, WORDS("settings", "设置"), where, trouble->why,
            WORDS("a folder that an older version made lacks what is needed "
                  "now: make an authority anew with `yaopai authority init` "
                  "and import its people, or add the setting and its files",
                  "旧版本建立的目录缺少现在需要的内容：请用 "
                  "`yaopai authority init` 重新建立并导入人口，"
                  "或补上该设置及其文件"));
    return yao_fail(status, WORDS("settings", "设置"), where, trouble->why,
                    WORDS("correct the line; every setting is explained in "
                          "the file that `yaopai authority init` writes",
                          "请改正该行；`yaopai authority init` "
                          "写出的文件中有每项说明"));
}

static int tell_opening(yao_status status, const char *place)
{
    yao_words why = {NULL, NULL}, next = {NULL, NULL};

    if (status == YAO_E_NOT_AUTHORISED) {
        why  = WORDS("the key lies in the folder of the database",
                     "密钥放在数据库目录中");
        next = WORDS("move it elsewhere and change the setting, or set "
                     "demo = yes",
                     "请移到别处并修改设置，或设 demo = yes");
    } else if (status == YAO_E_SECRET) {
        why  = WORDS("the keys are not those of this register",
                     "密钥与登记库不符");
        next = WORDS("restore the register's own keys", "请恢复原有密钥");
    } else if (status == YAO_E_REFUSED) {
        why  = WORDS("others may read the key", "密钥文件可被他人读取");
        next = WORDS("chmod 600 the file", "请对该文件执行 chmod 600");
    } else if (status == YAO_E_LOCKED) {
        next = WORDS("wait until it has ended, then try again",
                     "请等其结束后重试");
    } else {
        next = WORDS("see the settings in authority.ini",
                     "请查看 authority.ini 中的设置");
    }
    return yao_fail(status, WORDS("the authority", "签发机关"), place, why,
                    next);
}

int authority_begin(const yao_invocation *call, authority *ret)
{
    yao_settings_trouble trouble;
    const char          *place = "";
    yao_status status = authority_open(call->directory, ret, &trouble, &place);

    if (status == YAO_OK)
        return 0;
    if (trouble.why.en != NULL)
        return tell_trouble(status, &trouble);
    if (status == YAO_E_NOT_FOUND && strcmp(place, CONFIG_FILE) == 0)
        return yao_fail(status, WORDS("the authority", "签发机关"),
                        call->directory,
                        WORDS("there is no authority in this folder",
                              "该目录中没有签发机关"),
                        WORDS("make one with `yaopai authority init -C DIR`, "
                              "or name its folder with -C",
                              "请用 `yaopai authority init -C 目录` 建立，"
                              "或用 -C 指明目录"));
    return tell_opening(status, place);
}

/* ---- the log ---- */

yao_status authority_read_id(yao_text hex, uint8_t *out, size_t len)
{
    yao_writer w = yao_writer_open(out, len);

    if (yao_get_hex(yao_text_bytes(hex), &w) != YAO_OK || w.status != YAO_OK ||
        w.len != len)
        return YAO_E_NOT_FOUND;
    return YAO_OK;
}

yao_status authority_name_id(yao_arena *arena, const char *name, yao_bytes id,
                             yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  json;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, name, id);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &json));
    *ret = (yao_text){json.ptr, json.len};
    return YAO_OK;
}

/* As kinds of the log, which is above us (audit/entry.c). */
static bool fits_log(const char *kind)
{
    size_t len = strlen(kind);

    return len > 0 && len <= 64 &&
           strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789._") == len;
}

/* What is noted in one second stays in its order when it becomes leaves, and no
 * two are the same. */
yao_status authority_new_id(uint8_t id[STORE_ID_LEN])
{
    struct timespec now = {0, 0};

    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return YAO_E_CRYPTO;
    uint64_t time = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    for (unsigned i = 0; i < 8; i++)
        id[i] = (uint8_t)(time >> (56 - 8 * i));
    return yao_openssl_random(id + 8, STORE_ID_LEN - 8);
}

yao_status authority_put_event(store_change *change, yao_arena *arena,
                               const char *kind, yao_bytes subject,
                               yao_text detail)
{
    uint8_t *id = yao_arena_take(arena, STORE_ID_LEN);

    if (id == NULL)
        return YAO_E_SPACE;
    if (!fits_log(kind))
        return YAO_E_USAGE;
    YAO_TRY(authority_new_id(id));
    const store_event event = {.id      = {id, STORE_ID_LEN},
                               .at      = yao_now(),
                               .kind    = yao_text_of(kind),
                               .subject = subject,
                               .detail  = detail};
    store_put_event(change, &event);
    return YAO_OK;
}
