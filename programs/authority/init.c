/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai authority init: roots, signers, settings, register.
 *
 * Everything is made in DIR/.init-XXXXXX and then moved to DIR, the settings
 * last: where authority.ini is, everything else is too. A folder that a killed
 * init left behind is refused with a hint, never deleted: keys are in it.
 */

#include "authority/audit/sequence.h"
#include "authority/audit/signer.h"
#include "authority/authority.h"
#include "authority/commands.h"
#include "authority/init_keys.h"
#include "authority/keys/certify.h"

#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is moved, in this order. */
static const char *const pieces[] = {"keys", "certificates", "register",
                                     CONFIG_FILE};

typedef struct making {
    char              folder[CONFIG_MAX_PATH]; /* the new one */
    const char       *values[SETTING_COUNT];
    init_keys         keys;
    yao_openssl      *openssl;
    const yao_crypto *crypto;
    yao_arena         arena;
    yao_time          from; /* the day before: terminals' clocks differ */
    const char       *name;
    const char       *url;
} making;

static yao_status in_folder(const making *m, const char *name,
                            char out[CONFIG_MAX_PATH])
{
    return yao_path_join(m->folder, name, out, CONFIG_MAX_PATH);
}

/* ---- certificates ---- */

static yao_status save(making *m, const certify_row *want, yao_bytes der,
                       const yao_key *key)
{
    char path[CONFIG_MAX_PATH], file[128];

    snprintf(file, sizeof file, "certificates/%s.pem", want->name);
    YAO_TRY(in_folder(m, file, path));
    YAO_TRY(ca_save(path, der, &m->arena));
    snprintf(file, sizeof file, "keys/%s.pem", want->name);
    YAO_TRY(in_folder(m, file, path));
    return init_keys_save(&m->keys, key, path);
}

/* Out: ret is open, whose root is then closed by the caller. */
static yao_status make_certificate(making *m, const certify_row *want,
                                   const ca *issuer, ca *ret)
{
    const certify_who who = {.name    = m->name,
                             .country = m->values[SETTING_COUNTRY],
                             .url     = m->url,
                             .crypto  = m->crypto,
                             .arena   = &m->arena,
                             .from    = m->from};
    yao_key          *key = NULL;
    yao_bytes         der;

    YAO_TRY(init_keys_make(&m->keys, want->name, &key));
    yao_status status = certify(&who, want, 1, issuer, key, &der);
    if (status == YAO_OK)
        status = save(m, want, der, key);
    if (status == YAO_OK)
        status = yao_x509_read(der, &ret->certificate);
    if (status == YAO_OK)
        ret->key = key;
    else
        yao_key_close(key);
    return status;
}

static yao_status make_certificates(making *m)
{
    ca         root = {.key = NULL}, made;
    yao_status status = YAO_OK;

    for (size_t i = 0; i < certify_row_count && status == YAO_OK; i++) {
        bool top = certify_rows[i].what == YAO_X509_ROOT;

        if (top)
            ca_close(&root);
        made   = (ca){.key = NULL};
        status = make_certificate(m, &certify_rows[i], top ? NULL : &root,
                                  &made);
        if (top)
            root = made;
        else
            ca_close(&made);
    }
    ca_close(&root);
    return status;
}

/* ---- the log ---- */

/* What others need to check the log's checkpoints. */
static yao_status save_log_key(making *m, const yao_key *key)
{
    yao_public_key public = yao_key_public(key);
    yao_writer w;
    yao_bytes  line;
    yao_text   origin;
    char       path[CONFIG_MAX_PATH];

    YAO_TRY(audit_name_origin("", m->url, &m->arena, &origin));
    w = yao_writer_in(&m->arena);
    YAO_TRY(audit_put_key(m->crypto, origin, &public, &w));
    YAO_TRY(yao_writer_keep(&w, &m->arena, &line));
    YAO_TRY(in_folder(m, "certificates/log.txt", path));
    YAO_TRY(yao_file_write(path, line, 0644, true));
    YAO_TRY(in_folder(m, "keys/log.pem", path));
    return init_keys_save(&m->keys, key, path);
}

static yao_status make_log_key(making *m)
{
    yao_key *key = NULL;

    YAO_TRY(init_keys_make(&m->keys, "log", &key));
    yao_status status = save_log_key(m, key);
    yao_key_close(key);
    return status;
}

/* ---- the register ---- */

static yao_status make_sealing_keys(making *m)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(in_folder(m, "keys/register-lookup.key", path));
    YAO_TRY(seal_key_make(path));
    YAO_TRY(in_folder(m, "keys/register-1.key", path));
    return seal_key_make(path);
}

static yao_status write_settings(making *m)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(in_folder(m, CONFIG_FILE, path));
    YAO_TRY(init_keys_settings(&m->keys, m->values));
    return config_save(path, m->values);
}

static yao_status make_register(making *m)
{
    static authority     a;
    yao_settings_trouble trouble;
    const char          *place = "";
    char                 url[CONFIG_MAX_PATH + 32];
    store               *s = NULL;

    snprintf(url, sizeof url, "sqlite:%s/register/register.db", m->folder);
    if (m->values[SETTING_STORE] != NULL)
        snprintf(url, sizeof url, "%s", m->values[SETTING_STORE]);
    YAO_TRY(store_open(
        &(store_options){.url = url, .create = true, .now = yao_now()}, &s));
    memset(&a, 0, sizeof a);
    a.store                  = s;
    a.crypto                 = m->crypto;
    a.keys.epoch             = 1;
    a.keys.wrapping[0].epoch = 1;

    char       key[CONFIG_MAX_PATH + 64];
    yao_status status = YAO_OK;
    snprintf(key, sizeof key, "file:%s/keys/register-lookup.key", m->folder);
    status = seal_key_read(key, a.keys.lookup);
    snprintf(key, sizeof key, "file:%s/keys/register-1.key", m->folder);
    if (status == YAO_OK)
        status = seal_key_read(key, a.keys.wrapping[0].key);
    if (status == YAO_OK)
        status = authority_note_keys(&a, &m->arena);
    if (status == YAO_OK) /* nobody is in it: nothing to be done */
        status = audit_index_holders(&a, &m->arena);
    authority_close(&a);

    /* and it opens, with the settings that were written */
    if (status == YAO_OK)
        status = authority_open(m->folder, &a, &trouble, &place);
    if (status == YAO_OK)
        authority_close(&a);
    return status;
}

/* ---- folders ---- */

static yao_status make_folders(making *m, const char *directory)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(yao_folder_make(directory, 0700));
    YAO_TRY(
        yao_path_join(directory, ".init-XXXXXX", m->folder, sizeof m->folder));
    if (mkdtemp(m->folder) == NULL)
        return YAO_E_FILE;
    YAO_TRY(in_folder(m, "keys", path));
    YAO_TRY(yao_folder_make(path, 0700));
    YAO_TRY(in_folder(m, "certificates", path));
    YAO_TRY(yao_folder_make(path, 0755));
    YAO_TRY(in_folder(m, "register", path));
    return yao_folder_make(path, 0700);
}

static yao_status sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return YAO_E_FILE;
    int failed = fsync(fd);
    close(fd);
    return failed == 0 ? YAO_OK : YAO_E_FILE;
}

static yao_status move_pieces(const making *m, const char *directory)
{
    char from[CONFIG_MAX_PATH], to[CONFIG_MAX_PATH];

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        YAO_TRY(in_folder(m, pieces[i], from));
        YAO_TRY(yao_path_join(directory, pieces[i], to, sizeof to));
        if (rename(from, to) != 0)
            return errno == ENOTEMPTY || errno == EEXIST ? YAO_E_EXISTS
                                                         : YAO_E_FILE;
        YAO_TRY(sync_folder(directory));
    }
    return rmdir(m->folder) == 0 ? YAO_OK : YAO_E_FILE;
}

static bool anything_there(const char *directory, const char **piece)
{
    char path[CONFIG_MAX_PATH];

    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        *piece = pieces[sizeof pieces / sizeof pieces[0] - 1 - i];
        if (yao_path_join(directory, *piece, path, sizeof path) != YAO_OK ||
            yao_path_exists(path))
            return true;
    }
    return false;
}

/* After a failure of our own: nothing has used these keys yet. A file that we
 * don't know keeps its folder. */
static void discard(const making *m)
{
    static const char *const made[] = {"keys/register-lookup.key",
                                       "keys/register-1.key",
                                       "keys/log.pem",
                                       "certificates/log.txt",
                                       "register/register.db",
                                       "register/register.db-wal",
                                       "register/register.db-shm",
                                       CONFIG_FILE,
                                       "keys",
                                       "certificates",
                                       "register",
                                       ""};
    char                     path[CONFIG_MAX_PATH], file[128];

    if (m->folder[0] == '\0')
        return;
    for (size_t i = 0; i < 2 * certify_row_count; i++) {
        snprintf(file, sizeof file, "%s/%s.pem",
                 i % 2 == 0 ? "keys" : "certificates",
                 certify_rows[i / 2].name);
        if (in_folder(m, file, path) == YAO_OK)
            (void)remove(path);
    }
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        if (in_folder(m, made[i], path) == YAO_OK)
            (void)remove(path);
}

/* ---- the command ---- */

static yao_status make_all(making *m, const char *directory)
{
    YAO_TRY(make_folders(m, directory));
    YAO_TRY(make_sealing_keys(m));
    YAO_TRY(make_certificates(m));
    YAO_TRY(make_log_key(m));
    YAO_TRY(write_settings(m));
    YAO_TRY(make_register(m));
    return move_pieces(m, directory);
}

/* A file's place is given by DIR. */
static bool is_elsewhere(const char *url)
{
    return url == NULL ||
           (strncmp(url, "postgres", strlen("postgres")) == 0 &&
            strlen(url) < CONFIG_MAX_PATH);
}

static yao_status prepare(making *m, const yao_invocation *call)
{
    bool        demo = yao_given(call, "demo");
    const char *name = yao_argument(call, "name");
    const char *url  = yao_argument(call, "url");

    m->name = name != NULL ? name
              : demo       ? "示例市公安局 SPECIMEN"
                           : "Yaopai authority";
    m->url  = url != NULL ? url : "http://authority.localhost:8440";
    m->from = yao_now() / YAO_TIME_DAY * YAO_TIME_DAY - YAO_TIME_DAY;
    m->values[SETTING_NAME]    = m->name;
    m->values[SETTING_COUNTRY] = "CN";
    m->values[SETTING_URL]     = m->url;
    m->values[SETTING_DEMO]    = demo ? "yes" : "no";
    m->values[SETTING_STORE]   = yao_argument(call, "store");
    if (!is_elsewhere(m->values[SETTING_STORE]))
        return YAO_E_VALUE;

    m->openssl = yao_openssl_open();
    if (m->openssl == NULL)
        return YAO_E_CRYPTO;
    m->crypto = yao_openssl_crypto(m->openssl);
    return yao_memory_open(256u * 1024u, &m->arena);
}

static int tell_done(const yao_invocation *call)
{
    if (call->json) {
        puts("{\"done\":true}");
        return 0;
    }
    yao_print(WORDS("The authority is in %s:\n"
                    "  authority.ini   settings, each explained\n"
                    "  keys/           secret keys: keep them, and keep them "
                    "to yourself\n"
                    "  certificates/   roots and signers, for everybody\n"
                    "  register/       people, ledger, relying parties\n",
                    "签发机关已建立于 %s：\n"
                    "  authority.ini   设置，逐项说明\n"
                    "  keys/           密钥：妥善保管，不得外传\n"
                    "  certificates/   根证书与签名证书，可公开\n"
                    "  register/       人口、台账、依赖方\n"),
              call->directory);
    return 0;
}

/* The connection string may hold a password: it is not told again. */
static int tell_store(yao_status status)
{
    yao_words next =
        status == YAO_E_EXISTS
            ? WORDS("there is a register in it: give another database or "
                    "schema (options=-csearch_path=NAME)",
                    "其中已有登记库：请另给数据库或模式"
                    "（options=-csearch_path=名称）")
            : WORDS("does psql connect with the same string? The database "
                    "must be there, in UTF-8, with fsync on; see "
                    "docs/guides/postgres.md",
                    "psql 能用同一连接串连接吗？数据库须已建立，"
                    "编码 UTF-8，fsync 开启；见 docs/guides/postgres.md");

    return yao_fail(status, WORDS("authority init", "建立签发机关"),
                    "--store", (yao_words){NULL, NULL}, next);
}

static int run(const yao_invocation *call)
{
    static making m;
    const char   *piece = NULL;

    if (anything_there(call->directory, &piece))
        return yao_fail(YAO_E_EXISTS, WORDS("authority init", "建立签发机关"),
                        piece,
                        WORDS("it is in the folder already", "目录中已经存在"),
                        WORDS("choose another folder with -C; what an "
                              "interrupted init left may be removed",
                              "请用 -C 另选目录；"
                              "中断的初始化留下的内容可以删除"));

    yao_status status = prepare(&m, call);
    if (status == YAO_OK)
        status = init_keys_open(&m.keys, yao_argument(call, "keys"));
    if (status == YAO_OK)
        status = make_all(&m, call->directory);
    init_keys_close(&m.keys, status == YAO_OK);
    yao_memory_free(&m.arena);
    yao_openssl_close(m.openssl);
    if (status == YAO_OK)
        return tell_done(call);
    discard(&m);
    if (yao_argument(call, "store") != NULL &&
        (status == YAO_E_STORE || status == YAO_E_EXISTS ||
         status == YAO_E_UNSUPPORTED))
        return tell_store(status);
    return yao_fail(status, WORDS("authority init", "建立签发机关"),
                    call->directory, (yao_words){NULL, NULL},
                    WORDS("names have at most 40 letters, addresses begin "
                          "with http; is the folder writable?",
                          "名称最多 40 字，地址以 http 开头；目录可写吗？"));
}

static const yao_option options[] = {
    {"demo", NULL, 0,
     WORDS_INIT("for trying out: documents say SPECIMEN",
                "试用：证件标注 SPECIMEN")},
    {"name", "NAME", 0,
     WORDS_INIT("who issues (at most 40 letters)", "机关名称，最多 40 字")},
    {"url", "URL", 0,
     WORDS_INIT("where it will be on the network", "机关的网络地址")},
    {"store", "URL", 0,
     WORDS_INIT("keep the register in PostgreSQL: postgres: and a connection "
                "string of libpq, or postgresql://...",
                "登记库放在 PostgreSQL：postgres: 加 libpq 连接串，"
                "或 postgresql://...")},
    {"keys", "URI", 0,
     WORDS_INIT("make the keys of roots and signers inside this token "
                "(pkcs11:...), which they never leave",
                "在该密钥设备（pkcs11:...）内生成根与签名密钥，密钥不出设备")},
};

const yao_command yao_authority_init = {
    .noun    = "authority",
    .verb    = "init",
    .summary = WORDS_INIT("make roots, signers, settings and an empty register",
                          "建立根证书、签名证书、设置与空的登记库"),
    .text    = WORDS_INIT(
        "Makes an authority in the folder of -C: root certificates for the "
           "population, the traffic and the other role (health card, passes), "
           "for relying parties and for trust lists; under them the signers of "
           "documents, status lists and trust lists; the settings in "
           "authority.ini, the keys of the register, and an empty register.\n\n"
           "In earnest, move keys/*-root.pem to a machine that is off line, and "
           "keys/register-*.key to where backups of the register don't go.",
        "在 -C 目录中建立签发机关：人口、交通、其他（健康卡、通行卡）三类"
           "根证书及其证件签名证书与状态列表签名证书，依赖方根证书，信任列表"
           "根证书与签名证书，authority.ini 设置，登记库密钥与空的登记库。"
           "\n\n"
           "正式使用时，请把 keys/*-root.pem 移至离线机器，"
           "把 keys/register-*.key 移至登记库备份之外的位置。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai authority init -C var/authority --demo",
    .json         = true,
    .run          = run,
};
