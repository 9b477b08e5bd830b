/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai signer list: the authority's keys, from when until when. */

#include "authority/commands.h"
#include "authority/keys/keys.h"

#include <string.h>

#include "app/files.h"

#define MEMORY (4u * 1024u * 1024u)

static const yao_words what = WORDS_INIT("signer list", "签名密钥列表");

static const char *state_word(const keys_entry *e, yao_time now)
{
    if (e->revoked != 0)
        return "revoked";
    if (e->ended != 0)
        return "replaced";
    return e->certificate.not_after < now ? "expired" : "in-use";
}

static yao_words state_words(const keys_entry *e, yao_time now)
{
    if (e->revoked != 0)
        return WORDS("revoked", "已吊销");
    if (e->ended != 0)
        return WORDS("replaced", "已更换");
    return e->certificate.not_after < now ? WORDS("expired", "已过期")
                                          : WORDS("in use", "使用中");
}

static void show(const keys_entry *e, yao_time now, bool json, bool first)
{
    char      hex[2 * 8 + 1] = "";
    uint8_t   until[21]      = "";
    long long days = (e->certificate.not_after - now) / YAO_TIME_DAY;

    for (size_t i = 0; i < 8; i++)
        snprintf(hex + 2 * i, 3, "%02x", e->hash[i]);
    yao_time_format(e->certificate.not_after, until);
    if (json)
        printf("%s\n{\"role\":\"%s\",\"kind\":\"%s\",\"state\":\"%s\","
               "\"fingerprint\":\"%s\",\"valid_until\":\"%s\"}",
               first ? "" : ",", e->row->role, e->row->kind,
               state_word(e, now), hex, (const char *)until);
    else
        yao_print(WORDS("%-11s %-7s %-9s until %.10s (%lld days)  %s\n",
                        "%-11s %-7s %s，至 %.10s（%lld 天）  %s\n"),
                  e->row->role, e->row->kind, yao_say(state_words(e, now)),
                  (const char *)until, days, hex);
}

static yao_status list_all(const authority *a, bool json)
{
    yao_arena   arena;
    keys_entry *keys;
    size_t      count;
    yao_time    now = yao_now();

    YAO_TRY(yao_memory_open(MEMORY, &arena));
    yao_status status = keys_list(a, &arena, &keys, &count);
    if (status == YAO_OK && json)
        printf("[");
    for (size_t i = 0; status == YAO_OK && i < count; i++)
        show(&keys[i], now, json, i == 0);
    if (status == YAO_OK && json)
        printf("\n]\n");
    yao_memory_free(&arena);
    return status;
}

static int run(const yao_invocation *call)
{
    static authority a;
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    yao_status status = list_all(&a, call->json);
    authority_close(&a);
    return status == YAO_OK ? 0
                            : yao_fail(status, what, NULL,
                                       (yao_words){NULL, NULL},
                                       (yao_words){NULL, NULL});
}

const yao_command yao_signer_list = {
    .noun    = "signer",
    .verb    = "list",
    .summary = WORDS_INIT("the authority's keys: in use, replaced, revoked",
                          "机关的密钥：使用中、已更换、已吊销"),
    .text    = WORDS_INIT(
        "One line a certificate: which role it serves, as what, until when, "
        "and the beginning of its SHA-256, which `signer revoke` takes. A "
        "replaced one stays good for what it signed; a revoked one is good "
        "for nothing.",
        "每张证书一行：角色、用途、有效期与 SHA-256 指纹开头（供 `signer "
        "revoke` 使用）。已更换的证书对其签过的内容仍有效；已吊销的一律无效。"),
    .example = "yaopai signer list -C authority",
    .json    = true,
    .run     = run,
};
