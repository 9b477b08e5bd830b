/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai signer revoke: a key that was replaced, and turned out to be in other
 * hands. One in use is rotated. */

#include "authority/commands.h"
#include "authority/keys/keys.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

#define MEMORY (8u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("signer revoke", "吊销签名密钥");

typedef struct revoking {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    const keys_entry     *key;
    size_t                issuances;
    keys_crl_count        lists;
} revoking;

/* Eight letters or more of the fingerprint that `signer list` prints. */
static bool named(const keys_entry *e, const char *fingerprint)
{
    char   hex[2 * YAO_SHA256_LEN + 1] = "";
    size_t len                         = strlen(fingerprint);

    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        snprintf(hex + 2 * i, 3, "%02x", e->hash[i]);
    return len >= 8 && len < sizeof hex && strncmp(hex, fingerprint, len) == 0;
}

static yao_status find(revoking *r)
{
    keys_entry *keys;
    size_t      count;

    YAO_TRY(keys_list(r->authority, &r->arena, &keys, &count));
    for (size_t i = 0; i < count; i++)
        if (named(&keys[i], r->call->operands[0])) {
            if (r->key != NULL)
                return YAO_E_DUPLICATE;
            r->key = &keys[i];
        }
    if (r->key == NULL)
        return YAO_E_NOT_FOUND;
    return r->key->ended != 0 ? YAO_OK : YAO_E_REFUSED;
}

static yao_status note(revoking *r)
{
    store_change    change = store_change_open(&r->arena);
    const yao_bytes hash   = {r->key->hash, YAO_SHA256_LEN};
    char            detail[96];

    if (r->key->revoked != 0)
        return YAO_OK; /* go on with what it signed */
    snprintf(detail, sizeof detail, "{\"signer\":\"%s\"}", r->key->row->name);
    store_revoke_signer(&change, hash, yao_now(), YAO_CRL_KEY_COMPROMISE);
    YAO_TRY(authority_put_event(&change, &r->arena, "signer.revoke",
                                (yao_bytes){NULL, 0}, yao_text_of(detail)));
    return store_commit(r->authority->store, &change);
}

static yao_status perform(revoking *r)
{
    YAO_TRY(find(r));
    YAO_TRY(note(r));
    YAO_TRY(keys_revoke_issued(r->authority,
                               (yao_bytes){r->key->hash, YAO_SHA256_LEN},
                               &r->issuances));
    store_change change = store_change_open(&r->arena);
    YAO_TRY(keys_put_crls(r->authority, &change, &r->arena, r->key->row->role,
                          yao_argument(r->call, "root-key"), &r->lists));
    return r->lists.made > 0 ? store_commit(r->authority->store, &change)
                             : YAO_OK;
}

static void tell(const revoking *r)
{
    if (r->call->json)
        printf("{\"revoked_issuances\":%zu,\"lists\":%zu}\n", r->issuances,
               r->lists.made);
    else
        yao_print(WORDS("The key is revoked, and %zu issuances with it. Now "
                        "run `yaopai statuslist publish` and `yaopai trust "
                        "publish`.\n",
                        "密钥已吊销，并吊销 %zu 次签发。请运行 `yaopai "
                        "statuslist publish` 与 `yaopai trust publish`。\n"),
                  r->issuances);
}

static int refuse(const revoking *r, yao_status status)
{
    const char *name = r->call->operands[0];

    if (status == YAO_E_REFUSED)
        return yao_fail(status, what, name,
                        WORDS("this key is in use", "该密钥正在使用"),
                        WORDS("put another in its place with `yaopai signer "
                              "rotate --compromised`",
                              "请用 `yaopai signer rotate --compromised` "
                              "更换"));
    if (status == YAO_E_NOT_FOUND || status == YAO_E_DUPLICATE)
        return yao_fail(status, what, name,
                        WORDS("no key, or more than one, begins like this",
                              "没有或有多个以此开头的密钥"),
                        WORDS("give eight letters or more of what `yaopai "
                              "signer list` prints",
                              "请给出 `yaopai signer list` "
                              "所列指纹的前 8 位以上"));
    return yao_fail(status, what, name, (yao_words){NULL, NULL},
                    WORDS("run it again: it goes on where it stopped",
                          "请重新运行，从中断处继续"));
}

static int run(const yao_invocation *call)
{
    static authority a;
    revoking         r    = {.call = call, .authority = &a};
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    yao_status status = yao_memory_open(MEMORY, &r.arena);
    if (status == YAO_OK)
        status = perform(&r);
    if (status == YAO_OK)
        tell(&r);
    else
        code = refuse(&r, status);
    yao_memory_free(&r.arena);
    authority_close(&a);
    return code;
}

static const yao_option options[] = {
    {"root-key", "URI", 0,
     WORDS_INIT("where the root's key is, when it is kept away",
                "离线保存的根密钥的位置")},
};

const yao_command yao_signer_revoke = {
    .noun    = "signer",
    .verb    = "revoke",
    .summary = WORDS_INIT("revoke a key that was replaced, and all it signed",
                          "吊销已更换的密钥及其签过的一切"),
    .text    = WORDS_INIT(
        "For a key that was replaced and turned out to be in other hands. Its "
        "certificate goes on the revocation list of its root, and every "
        "issuance that it signed is revoked. Interrupted, it is run again.",
        "用于已更换、后发现泄露的密钥。其证书列入根的吊销列表，"
        "它签过的每次签发均被吊销。中断后可重新运行。"),
    .operands     = "FINGERPRINT",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai signer revoke 6a03cc7becac8eda -C authority",
    .json         = true,
    .run          = run,
};
