/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai desk init: what the registrar gave, secrets, settings, an empty
 * store. */

#include "desk/statement.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "app/random.h"

enum { MEMORY = 256 * 1024, MOST_FILE = 64 * 1024, KEY_BYTES = 32 };

static const yao_words what = WORDS_INIT("desk init", "建立核验台");

typedef struct making {
    const yao_invocation *call;
    const char           *values[DESK_SETTINGS];
    yao_arena             arena;
    yao_text              key; /* for the first program */
} making;

static yao_status in_folder(const making *m, const char *name,
                            char out[DESK_MAX_PATH])
{
    return yao_path_join(m->call->directory, name, out, DESK_MAX_PATH);
}

static yao_status write_new(const making *m, const char *name, yao_bytes text,
                            unsigned mode)
{
    char path[DESK_MAX_PATH];

    YAO_TRY(in_folder(m, name, path));
    return yao_file_write(path, text, mode, true);
}

/* ---- what others gave ---- */

/* The option's file, if there is one, under a name of ours. */
static yao_status copy(const making *m, const char *option, const char *name,
                       unsigned mode)
{
    const char *from = yao_argument(m->call, option);
    yao_bytes   file;

    if (from == NULL)
        return YAO_OK;
    YAO_TRY(yao_file_read(from,
                          strcmp(option, "trust") == 0
                              ? (size_t)YAO_MAX_TRUST_LIST
                              : (size_t)MOST_FILE,
                          &file));
    yao_status status = write_new(m, name, file, mode);
    if (mode == 0600)
        yao_wipe((void *)(uintptr_t)file.ptr, file.len);
    yao_file_free(&file);
    return status;
}

static bool is_uri(const char *key)
{
    return yao_key_in_token(key) || strncmp(key, "file:", 5) == 0;
}

static yao_status copy_all(making *m)
{
    YAO_TRY(copy(m, "reader", "certificates/reader.pem", 0644));
    if (!is_uri(yao_argument(m->call, "reader-key")))
        YAO_TRY(copy(m, "reader-key", "keys/reader-key.pem", 0600));
    YAO_TRY(copy(m, "standing", "standing.txt", 0644));
    YAO_TRY(copy(m, "trust-anchor", "trust/trust-root.pem", 0644));
    return copy(m, "trust", "trust/bundle.cose", 0644);
}

/* The party's statement, where it lies beside the bundle that was given. */
static yao_status copy_statement(const making *m, yao_bytes certificate)
{
    const char  *bundle  = yao_argument(m->call, "trust");
    const char  *slash   = bundle != NULL ? strrchr(bundle, '/') : NULL;
    yao_openssl *openssl = yao_openssl_open();
    yao_status   status  = openssl != NULL ? YAO_OK : YAO_E_CRYPTO;
    char         name[DESK_STATEMENT_NAME], path[DESK_MAX_PATH];
    yao_bytes    file;

    if (status == YAO_OK)
        status = desk_statement_name(yao_openssl_crypto(openssl), certificate,
                                     name);
    yao_openssl_close(openssl);
    if (bundle == NULL || status != YAO_OK)
        return status;
    snprintf(path, sizeof path, "%.*s%s",
             slash != NULL ? (int)(slash - bundle) + 1 : 0, bundle, name);
    if (yao_file_read(path, MOST_FILE, &file) != YAO_OK)
        return YAO_OK;
    status = write_new(m, "trust/statement.cose", file, 0644);
    yao_file_free(&file);
    return status;
}

/* Does the key belong to the certificate, and is that one of today? */
static yao_status check_reader(making *m)
{
    const char *key = yao_argument(m->call, "reader-key");
    char        certificate[DESK_MAX_PATH], path[DESK_MAX_PATH];
    char        uri[DESK_MAX_PATH + 8];
    ca          c = {.key = NULL};

    YAO_TRY(in_folder(m, "certificates/reader.pem", certificate));
    YAO_TRY(in_folder(m, "keys/reader-key.pem", path));
    snprintf(uri, sizeof uri, "file:%s", path);
    yao_status status =
        ca_open(certificate, is_uri(key) ? key : uri, &m->arena, &c);
    if (status == YAO_OK)
        status = copy_statement(m, c.certificate.der);
    ca_close(&c);
    return status;
}

/* ---- what is made here ---- */

static yao_status write_secret(making *m)
{
    uint8_t    secret[DESK_SECRET_LEN], text[2 * DESK_SECRET_LEN + 1];
    yao_writer w = yao_writer_open(text, sizeof text);

    yao_status status = yao_openssl_random(secret, sizeof secret);
    if (status == YAO_OK) {
        yao_put_hex(&w, (yao_bytes){secret, sizeof secret});
        yao_put_byte(&w, '\n');
        status =
            write_new(m, "keys/desk.secret", (yao_bytes){text, w.len}, 0600);
    }
    yao_wipe(secret, sizeof secret);
    yao_wipe(text, sizeof text);
    return status;
}

static yao_status write_keys(making *m)
{
    uint8_t    text[256];
    yao_writer w = yao_writer_open(text, sizeof text);

    YAO_TRY(app_random_letters(&m->arena, KEY_BYTES, &m->key));
    yao_put_text(&w, "# a line for each program: Authorization: Bearer ...\n");
    yao_put_bytes(&w, yao_text_bytes(m->key));
    yao_put_byte(&w, '\n');
    YAO_TRY(w.status);
    yao_status status =
        write_new(m, "keys/api.keys", (yao_bytes){text, w.len}, 0600);
    yao_wipe(text, sizeof text);
    return status;
}

static yao_status make_store(making *m)
{
    char   url[DESK_MAX_PATH + 16], path[DESK_MAX_PATH];
    store *s = NULL;

    if (yao_argument(m->call, "store") != NULL) {
        snprintf(url, sizeof url, "%s", yao_argument(m->call, "store"));
    } else {
        YAO_TRY(in_folder(m, "store/desk.db", path));
        snprintf(url, sizeof url, "sqlite:%s", path);
    }
    YAO_TRY(store_open(
        &(store_options){
            .url = url, .create = true, .now = yao_now(), .schema = STORE_DESK},
        &s));
    store_close(s);
    return YAO_OK;
}

/* The settings come last: where they are, everything is. */
static yao_status make_all(making *m)
{
    static const struct {
        const char *name;
        unsigned    mode;
    } folders[] = {{"keys", 0700},
                   {"certificates", 0755},
                   {"trust", 0700},
                   {"store", 0700}};
    char path[DESK_MAX_PATH], settings[DESK_MAX_PATH];

    YAO_TRY(yao_folder_make(m->call->directory, 0700));
    YAO_TRY(in_folder(m, DESK_FILE, settings));
    if (yao_path_exists(settings))
        return YAO_E_EXISTS;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        YAO_TRY(in_folder(m, folders[i].name, path));
        YAO_TRY(yao_folder_make(path, folders[i].mode));
    }
    YAO_TRY(copy_all(m));
    YAO_TRY(check_reader(m));
    YAO_TRY(write_secret(m));
    YAO_TRY(write_keys(m));
    YAO_TRY(make_store(m));
    return desk_config_save(settings, m->values);
}

/* ---- the command ---- */

static yao_status prepare(making *m)
{
    const char *key = yao_argument(m->call, "reader-key");

    m->values[DESK_URL]       = yao_argument(m->call, "url");
    m->values[DESK_PLACE]     = yao_argument(m->call, "place");
    m->values[DESK_STORE]     = yao_argument(m->call, "store");
    m->values[DESK_TRUST_URL] = yao_argument(m->call, "trust-url");
    m->values[DESK_DEMO]      = yao_given(m->call, "demo") ? "yes" : "no";
    if (yao_argument(m->call, "standing") != NULL)
        m->values[DESK_STANDING] = "standing.txt";
    if (is_uri(key))
        m->values[DESK_READER_KEY] = key;
    return yao_memory_open(MEMORY, &m->arena);
}

static int tell(const making *m, yao_status status)
{
    if (status == YAO_E_EXISTS)
        return yao_fail(
            status, what, m->call->directory,
            WORDS("something of a desk is there already",
                  "目录中已有核验台的内容"),
            WORDS("choose another folder with -C", "请用 -C 另选目录"));
    if (status == YAO_E_MISMATCH)
        return yao_fail(status, what, yao_argument(m->call, "reader-key"),
                        (yao_words){NULL, NULL},
                        WORDS("give the pair that `party register` wrote",
                              "请给出 `party register` 写出的一对文件"));
    return yao_fail(
        status, what, m->call->directory, (yao_words){NULL, NULL},
        WORDS("are the files of `party register` and of the "
              "authority there, and the folder writable?",
              "`party register` 与主管机关的文件在吗？目录可写吗？"));
}

static int run(const yao_invocation *call)
{
    making m = {.call = call};

    yao_status status = prepare(&m);
    if (status == YAO_OK)
        status = make_all(&m);
    yao_memory_free(&m.arena);
    if (status != YAO_OK)
        return tell(&m, status);
    if (call->json)
        puts("{\"done\":true}");
    else
        yao_print(WORDS("The desk is in %s. Programs use its API with the key "
                        "in keys/api.keys.\n",
                        "核验台已建立于 %s。程序凭 keys/api.keys 中的密钥使用"
                        "接口。\n"),
                  call->directory);
    return 0;
}

static const yao_option options[] = {
    {"reader", "PEM", YAO_OPTION_REQUIRED,
     WORDS_INIT("reader certificate that `party register` wrote",
                "`party register` 写出的读卡证书")},
    {"reader-key", "KEY", YAO_OPTION_REQUIRED,
     WORDS_INIT("its key: a PEM file, which is copied, file: or pkcs11:",
                "其私钥：PEM 文件（将复制）、file: 或 pkcs11:")},
    {"trust-anchor", "PEM", YAO_OPTION_REQUIRED,
     WORDS_INIT("the authority's trust root, taken by hand",
                "人工取得的主管机关信任根证书")},
    {"trust", "FILE", 0, WORDS_INIT("its bundle of today", "今日的信任包")},
    {"trust-url", "URL", 0,
     WORDS_INIT("where newer ones are fetched: URL of the authority, with "
                "/trust/bundle.cose behind it",
                "获取更新信任包的地址：主管机关地址加 /trust/bundle.cose")},
    {"url", "URL", 0,
     WORDS_INIT("where the desk will be on the network", "核验台的网络地址")},
    {"place", "TEXT", 0,
     WORDS_INIT("where this is, as people know it: at most 64 letters",
                "本处的名称，最多 64 字")},
    {"standing", "FILE", 0,
     WORDS_INIT("the code for the counter that `party register --standing` "
                "wrote: standing.txt",
                "`party register --standing` 写出的立牌码 standing.txt")},
    {"store", "URL", 0,
     WORDS_INIT("sqlite:PATH or postgres:...; else a file in the folder",
                "sqlite:路径 或 postgres:...；缺省为目录中的文件")},
    {"demo", NULL, 0, WORDS_INIT("for trying out", "试用")},
};

const yao_command yao_desk_init = {
    .noun    = "desk",
    .verb    = "init",
    .summary = WORDS_INIT("make a relying party's server", "建立依赖方核验台"),
    .text    = WORDS_INIT(
        "Makes a desk in the folder of -C: the reader certificate and key that "
           "the registrar gave, the trust root, a secret that seals the database, "
           "a bearer key for the first program, an empty store, and settings, "
           "each explained.",
        "在 -C 所指目录中建立核验台：登记机关签发的读卡证书与私钥、信任根、"
           "密封数据库的密钥、供第一个程序使用的接口密钥、空库，以及逐项说明的"
           "设置。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai desk init -C desk --reader hotel/reader.pem \\\n"
                    "      --reader-key hotel/reader-key.pem --trust-anchor "
                    "trust-root.pem \\\n"
                    "      --trust-url https://authority.example/trust/bundle.cose",
    .json         = true,
    .run          = run,
};
