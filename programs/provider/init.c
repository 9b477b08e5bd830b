/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai provider init: a root, an attester, settings, an empty store. */

#include "provider/provider.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"

#define MEMORY (256u * 1024u)

static const yao_words what = WORDS_INIT("provider init", "建立钱包提供方");

typedef struct making {
    const yao_invocation *call;
    const char           *values[PROVIDER_SETTINGS];
    yao_openssl          *openssl;
    const yao_crypto     *crypto;
    yao_arena             arena;
    yao_time              from; /* the day before: clocks differ */
} making;

static yao_status in_folder(const making *m, const char *name,
                            char out[PROVIDER_MAX_PATH])
{
    return yao_path_join(m->call->directory, name, out, PROVIDER_MAX_PATH);
}

/* ---- certificates ---- */

static yao_status join(making *m, const char *a, const char *b, yao_text *ret)
{
    yao_writer w = yao_writer_in(&m->arena);
    yao_bytes  bytes;

    yao_put_text(&w, a);
    yao_put_text(&w, b);
    YAO_TRY(yao_writer_keep(&w, &m->arena, &bytes));
    return yao_text_check(bytes, ret);
}

static yao_status fill(making *m, bool root, yao_x509_request *request)
{
    int days = root ? CA_ROOT_DAYS : CA_TRUST_DAYS;

    YAO_TRY(join(m, m->values[PROVIDER_NAME], root ? " root" : " attester",
                 &request->common_name));
    YAO_TRY(join(m, m->values[PROVIDER_URL], "/crl", &request->crl_uri));
    request->kind         = root ? YAO_X509_ROOT : YAO_X509_ATTEST;
    request->country      = yao_text_of(m->values[PROVIDER_COUNTRY]);
    request->organisation = yao_text_of(m->values[PROVIDER_NAME]);
    request->issuer_uri   = yao_text_of(m->values[PROVIDER_URL]);
    request->not_before   = m->from;
    request->not_after    = m->from + days * YAO_TIME_DAY - 1;
    return YAO_OK;
}

static yao_status save(making *m, const char *name, yao_bytes der,
                       const yao_key *key)
{
    char path[PROVIDER_MAX_PATH], file[64];

    snprintf(file, sizeof file, "certificates/%s.pem", name);
    YAO_TRY(in_folder(m, file, path));
    YAO_TRY(ca_save(path, der, &m->arena));
    snprintf(file, sizeof file, "keys/%s.pem", name);
    YAO_TRY(in_folder(m, file, path));
    return yao_key_save(key, path);
}

/* Out: RET is open. */
static yao_status make(making *m, const char *name, const ca *issuer, ca *ret)
{
    yao_x509_request request;
    yao_key         *key;
    yao_bytes        der;

    memset(&request, 0, sizeof request);
    YAO_TRY(yao_key_generate(YAO_ES256, &key));
    request.key       = yao_key_public(key);
    yao_status status = fill(m, issuer == NULL, &request);
    if (status == YAO_OK)
        status = ca_sign(m->crypto, &request, issuer,
                         issuer != NULL ? issuer->key : key, &m->arena, &der);
    if (status == YAO_OK)
        status = save(m, name, der, key);
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
    ca root = {.key = NULL}, attester = {.key = NULL};

    yao_status status = make(m, "provider-root", NULL, &root);
    if (status == YAO_OK)
        status = make(m, "provider-attester", &root, &attester);
    ca_close(&attester);
    ca_close(&root);
    return status;
}

/* ---- the store, the settings ---- */

static yao_status make_store(making *m)
{
    char    url[PROVIDER_MAX_PATH + 16], path[PROVIDER_MAX_PATH];
    uint8_t secret[PROVIDER_SECRET];
    store  *s = NULL;

    YAO_TRY(in_folder(m, "store/provider.db", path));
    snprintf(url, sizeof url, "sqlite:%s", path);
    YAO_TRY(store_open(&(store_options){.url    = url,
                                        .create = true,
                                        .now    = yao_now(),
                                        .schema = STORE_PROVIDER},
                       &s));
    store_change change = store_change_open(&m->arena);
    yao_status   status = yao_openssl_random(secret, sizeof secret);
    if (status == YAO_OK) {
        store_put_fact(&change, YAO_TEXT("secret"),
                       (yao_bytes){secret, sizeof secret});
        status = store_commit(s, &change);
    }
    yao_wipe(secret, sizeof secret);
    store_close(s);
    return status;
}

static yao_status write_settings(making *m)
{
    char path[PROVIDER_MAX_PATH];

    YAO_TRY(in_folder(m, PROVIDER_FILE, path));
    return provider_config_save(path, m->values);
}

/* The settings come last: where they are, everything is. */
static yao_status make_all(making *m)
{
    static const struct {
        const char *name;
        unsigned    mode;
    } folders[] = {{"keys", 0700}, {"certificates", 0755}, {"store", 0700}};
    char path[PROVIDER_MAX_PATH];

    YAO_TRY(yao_folder_make(m->call->directory, 0700));
    YAO_TRY(in_folder(m, PROVIDER_FILE, path));
    if (yao_path_exists(path))
        return YAO_E_EXISTS;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        YAO_TRY(in_folder(m, folders[i].name, path));
        YAO_TRY(yao_folder_make(path, folders[i].mode));
    }
    YAO_TRY(make_certificates(m));
    YAO_TRY(make_store(m));
    return write_settings(m);
}

/* ---- the command ---- */

static yao_status prepare(making *m)
{
    bool        demo = yao_given(m->call, "demo");
    const char *name = yao_argument(m->call, "name");
    const char *url  = yao_argument(m->call, "url");

    m->values[PROVIDER_NAME] = name != NULL ? name
                               : demo       ? "示例钱包 SPECIMEN"
                                            : "Yaopai wallet provider";
    m->values[PROVIDER_URL] =
        url != NULL ? url : "http://wallet.localhost:8441";
    m->values[PROVIDER_COUNTRY] = "CN";
    m->values[PROVIDER_DEMO]    = demo ? "yes" : "no";
    m->values[PROVIDER_PAGES]   = yao_argument(m->call, "pages");
    m->from    = yao_now() / YAO_TIME_DAY * YAO_TIME_DAY - YAO_TIME_DAY;
    m->openssl = yao_openssl_open();
    if (m->openssl == NULL)
        return YAO_E_CRYPTO;
    m->crypto = yao_openssl_crypto(m->openssl);
    return yao_memory_open(MEMORY, &m->arena);
}

static int run(const yao_invocation *call)
{
    making m = {.call = call};

    yao_status status = prepare(&m);
    if (status == YAO_OK)
        status = make_all(&m);
    yao_memory_free(&m.arena);
    yao_openssl_close(m.openssl);
    if (status == YAO_E_EXISTS)
        return yao_fail(status, what, call->directory,
                        WORDS("something of a provider is there already",
                              "目录中已有提供方的内容"),
                        WORDS("choose another folder with -C",
                              "请用 -C 另选目录"));
    if (status != YAO_OK)
        return yao_fail(status, what, call->directory, (yao_words){NULL, NULL},
                        WORDS("names have at most 40 letters, addresses begin "
                              "with http; is the folder writable?",
                              "名称最多 40 字，地址以 http 开头；目录可写吗？"));
    if (call->json)
        puts("{\"done\":true}");
    else
        yao_print(WORDS("The provider is in %s. Issuers trust its wallets by "
                        "certificates/provider-root.pem.\n",
                        "钱包提供方已建立于 %s。签发机构凭 "
                        "certificates/provider-root.pem 信任其钱包。\n"),
                  call->directory);
    return 0;
}

static const yao_option options[] = {
    {"demo", NULL, 0, WORDS_INIT("for trying out", "试用")},
    {"name", "NAME", 0,
     WORDS_INIT("who provides (at most 40 letters)", "提供方名称，最多 40 字")},
    {"url", "URL", 0,
     WORDS_INIT("where it will be on the network", "提供方的网络地址")},
    {"pages", "DIR", 0,
     WORDS_INIT("folder of the wallet page", "钱包页面目录")},
};

const yao_command yao_provider_init = {
    .noun    = "provider",
    .verb    = "init",
    .summary = WORDS_INIT("make a wallet provider", "建立钱包提供方"),
    .text    = WORDS_INIT(
        "Makes a provider in the folder of -C: a root certificate for issuers "
        "to trust, an attester below it, an empty store that no person can be "
        "in, and settings, each explained.",
        "在 -C 所指目录中建立钱包提供方：供签发机构信任的根证书、其下的认证密钥、"
        "不含任何人员信息的空库，以及逐项说明的设置。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai provider init -C provider",
    .json         = true,
    .run          = run,
};
