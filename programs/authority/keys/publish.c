/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai signer publish: the revocation lists, signed anew. */

#include "authority/commands.h"
#include "authority/keys/keys.h"

#include <string.h>

#include "app/files.h"

#define MEMORY (8u * 1024u * 1024u)

static const yao_words what =
    WORDS_INIT("signer publish", "发布证书吊销列表");

static yao_status publish(const yao_invocation *call, const authority *a,
                          yao_arena *arena, keys_crl_count *total)
{
    const char *only = yao_argument(call, "role");

    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row    = &certify_rows[i];
        store_change       change = store_change_open(arena);
        keys_crl_count     count;

        if (row->what != YAO_X509_ROOT ||
            (only != NULL && strcmp(only, row->role) != 0))
            continue;
        YAO_TRY(keys_put_crls(a, &change, arena, row->role,
                              only != NULL ? yao_argument(call, "root-key")
                                           : NULL,
                              &count));
        if (count.made > 0)
            YAO_TRY(store_commit(a->store, &change));
        total->made += count.made;
        total->missing += count.missing;
    }
    return YAO_OK;
}

static yao_status write_file(const char *folder, const store_crl *crl)
{
    char path[CONFIG_MAX_PATH], name[80];

    snprintf(name, sizeof name, "%.*s.crl", (int)crl->name.len,
             (const char *)crl->name.ptr);
    YAO_TRY(yao_path_join(folder, name, path, sizeof path));
    return yao_file_write(path, crl->der, 0644, false);
}

/* The list of the root of ROLE whose certificate is FILE. */
static yao_status write_list(const authority *a, const char *folder,
                             const char *role, const char *file,
                             yao_arena *arena)
{
    store_crl crl;
    yao_text  name;

    if (file[0] == '\0')
        return YAO_OK; /* there was no root before */
    YAO_TRY(keys_name_crl(arena, role, file, &name));
    yao_status status = keys_find_crl(a, arena, name, &crl);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    return write_file(folder, &crl);
}

/* For who serves them from elsewhere. */
static yao_status write_files(const authority *a, const char *folder,
                              yao_arena *arena)
{
    YAO_TRY(yao_folder_make(folder, 0755));
    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row = &certify_rows[i];

        if (row->what != YAO_X509_ROOT)
            continue;
        YAO_TRY(write_list(a, folder, row->role,
                           config_get(&a->config, row->certificate), arena));
        YAO_TRY(write_list(a, folder, row->role,
                           config_get(&a->config, row->former), arena));
    }
    return YAO_OK;
}

static void tell(const yao_invocation *call, const keys_crl_count *count)
{
    if (call->json)
        printf("{\"signed\":%zu,\"missing\":%zu}\n", count->made,
               count->missing);
    else
        yao_print(WORDS("%zu revocation lists are signed; of %zu the root's "
                        "key is not here.\n",
                        "已签发 %zu 份吊销列表；%zu 份的根密钥不在此处。\n"),
                  count->made, count->missing);
}

static int run(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena  = {NULL, 0, 0};
    keys_crl_count   count  = {0, 0};
    const char      *folder = yao_argument(call, "out");
    int              code   = authority_begin(call, &a);

    if (code != 0)
        return code;
    yao_status status = yao_memory_open(MEMORY, &arena);
    if (status == YAO_OK)
        status = publish(call, &a, &arena, &count);
    if (status == YAO_OK && folder != NULL)
        status = write_files(&a, folder, &arena);
    yao_memory_free(&arena);
    authority_close(&a);
    if (status == YAO_OK)
        tell(call, &count);
    return status == YAO_OK
               ? 0
               : yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                          WORDS("is the root's key where the settings say?",
                                "根密钥是否在设置所指处？"));
}

static const yao_option options[] = {
    {"role", "ROLE", 0,
     WORDS_INIT("of this role only", "只签发该角色的列表")},
    {"root-key", "URI", 0,
     WORDS_INIT("with --role: where the root's key is, when it is kept away",
                "与 --role 同用：离线保存的根密钥的位置")},
    {"out", "DIR", 0,
     WORDS_INIT("write them to this folder as well", "同时写入该目录")},
};

const yao_command yao_signer_publish = {
    .noun    = "signer",
    .verb    = "publish",
    .summary = WORDS_INIT("sign the certificate revocation lists anew",
                          "重新签发证书吊销列表"),
    .text    = WORDS_INIT(
        "One list for each root: which of its signers were revoked. A list "
        "speaks for 60 days. The server signs them in time when it has the "
        "keys of the roots; with keys that are kept away this is done by "
        "hand.",
        "每个根一份：其哪些签名证书已吊销。列表有效 60 天。服务器持有根密钥时会"
        "按时重签；根密钥离线保存时须手工进行。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai signer publish -C authority --out public/crl",
    .json         = true,
    .run          = run,
};
