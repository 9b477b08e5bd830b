/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai party: who may ask, for what, by what right, and how long they keep
 * it. All of this is public; nothing here is sealed.
 */

#include "authority/authority.h"
#include "authority/commands.h"
#include "authority/parties.h"
#include "authority/standing.h"

#include "app/files.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY (1024u * 1024u)

static const yao_words register_what =
    WORDS_INIT("party register", "登记依赖方");

/* ---- what was asked for ---- */

typedef parties_wish wish;

/* Tell why the wish is refused. */
static int refuse(yao_status status, const char *detail, yao_words why,
                  yao_words next)
{
    return yao_fail(status, register_what, detail, why, next);
}

static int check_code(const wish *w)
{
    yao_finding found =
        yao_check_credit_code(yao_catalogue_shipped(), w->party.code);
    char why[256];

    if (found.severity != YAO_ERROR)
        return 0;
    yao_text en  = yao_reason_text(found.reason, YAO_EN);
    yao_text zh  = yao_reason_text(found.reason, YAO_ZH);
    yao_text say = yao_language_get() == YAO_ZH ? zh : en;
    snprintf(why, sizeof why, "%.*s", (int)say.len, (const char *)say.ptr);
    return refuse(YAO_E_VALUE, "--code", WORDS(why, why),
                  WORDS("give the unified social credit code, 18 letters",
                        "请给出 18 位统一社会信用代码"));
}

static int check_words(const wish *w)
{
    if (!parties_is_line(w->party.name) ||
        yao_text_count(w->party.name) > PARTIES_MAX_NAME)
        return refuse(
            YAO_E_VALUE, "--name",
            WORDS("not a name of 1 to 40 letters", "名称应为 1 至 40 字"),
            WORDS("shorten it", "请缩短"));
    if (w->party.legal_basis.len != 0 && !parties_is_line(w->party.legal_basis))
        return refuse(
            YAO_E_VALUE, "--legal-basis",
            WORDS("not a line of text", "不是一行文字"),
            WORDS("name the law or contract", "请写明法律或合同依据"));
    return 0;
}

static int take_profile(wish *w, const char *name)
{
    yao_status status =
        parties_add_profile(yao_catalogue_shipped(), yao_text_of(name), w);

    if (status == YAO_E_VALUE)
        return refuse(status, name,
                      WORDS("there is no such profile", "没有这个请求类型"),
                      WORDS("see the names in profiles/", "见 profiles/ 目录"));
    if (status == YAO_E_DUPLICATE)
        return refuse(status, name, (yao_words){NULL, NULL},
                      WORDS("name each profile once", "每种类型只写一次"));
    return status == YAO_OK ? 0
                            : refuse(status, name, (yao_words){NULL, NULL},
                                     (yao_words){NULL, NULL});
}

/* A party keeps values no longer than its profiles allow. */
static int take_retention(wish *w, const yao_invocation *call)
{
    long most = (long)parties_most_days(w), days = 0;

    if (!yao_number(call, "retention", 0, 36500, most, &days))
        return 1;
    if (days > most)
        return refuse(YAO_E_VALUE, "--retention",
                      WORDS("longer than its profiles allow",
                            "超过请求类型允许的保存期限"),
                      WORDS("see retention_days in profiles/",
                            "见 profiles/ 中的 retention_days"));
    w->party.retention_days = days;
    return 0;
}

/* A code on paper at its counter. */
static int take_standing(const yao_invocation *call, const wish *w,
                         authority_standing *s)
{
    const char *url = yao_argument(call, "standing");

    *s = (authority_standing){
        .url     = yao_text_of(url),
        .place   = yao_text_of(yao_argument(call, "place")),
        .profile = yao_text_of(yao_argument(call, "standing-profile"))};
    if (url == NULL || authority_standing_check(w, s) == YAO_OK)
        return 0;
    return refuse(YAO_E_VALUE, "--standing",
                  WORDS("an address, a place or a profile that does not do",
                        "地址、地点或请求类型不符"),
                  WORDS("give the desk's address, --place of 1 to 64 letters, "
                        "and a profile that is registered here",
                        "请给出核验台地址、1 至 64 字的 --place 和所登记的类型"));
}

static int take_wish(const yao_invocation *call, yao_arena *arena, wish *w)
{
    int code = 0;

    w->party.code        = yao_text_of(yao_argument(call, "code"));
    w->party.name        = yao_text_of(yao_argument(call, "name"));
    w->party.legal_basis = yao_text_of(yao_argument(call, "legal-basis"));
    w->host              = yao_text_of(yao_argument(call, "host"));

    for (size_t i = 0; code == 0; i++) {
        const char *name = yao_argument_at(call, "profile", i);
        if (name == NULL)
            break;
        code = take_profile(w, name);
    }
    if (code == 0)
        code = take_retention(w, call);
    if (code == 0)
        code = check_words(w);
    if (code == 0)
        code = check_code(w);
    if (code == 0 &&
        parties_check(yao_catalogue_shipped(), w, arena) != YAO_OK)
        code = refuse(YAO_E_VALUE, NULL, (yao_words){NULL, NULL},
                      (yao_words){NULL, NULL});
    return code;
}

/* ---- the reader certificate ---- */

typedef struct issuing {
    authority       *authority;
    yao_arena       *arena;
    yao_openssl_key *key; /* of the party */
    authority_standing standing; /* url empty: none */
    char             folder[CONFIG_MAX_PATH];
} issuing;

static yao_status commit_party(issuing *is, wish *w)
{
    store_change change = store_change_open(is->arena);

    YAO_TRY(parties_put(&change, is->arena, &w->party, yao_now()));
    return store_commit(is->authority->store, &change);
}

/* DIR/parties/CODE, or what --out says. */
static yao_status make_folder(issuing *is, const yao_invocation *call)
{
    const char *out = yao_argument(call, "out");
    char        parties[CONFIG_MAX_PATH];

    if (out != NULL) {
        if (strlen(out) >= sizeof is->folder)
            return YAO_E_LIMIT;
        memcpy(is->folder, out, strlen(out) + 1);
    } else {
        YAO_TRY(
            yao_path_join(call->directory, "parties", parties, sizeof parties));
        YAO_TRY(yao_folder_make(parties, 0700));
        YAO_TRY(yao_path_join(parties, yao_argument(call, "code"), is->folder,
                              sizeof is->folder));
    }
    return yao_folder_make(is->folder, 0700);
}

/*
 * The key is written first, the certificate last: a certificate never exists
 * outside of the register, and one that was not written out can be had again
 * (party list --out).
 */
static yao_status register_party(issuing *is, wish *w,
                                 const yao_invocation *call)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &is->key));
    w->key = yao_openssl_key_public(is->key);
    YAO_TRY(parties_certify(is->authority, w, yao_now(), is->arena));
    YAO_TRY(make_folder(is, call));
    YAO_TRY(yao_path_join(is->folder, "reader-key.pem", path, sizeof path));
    YAO_TRY(yao_openssl_key_save(is->key, path));

    yao_status status = commit_party(is, w);
    if (status != YAO_OK) {
        (void)remove(path);
        return status;
    }
    YAO_TRY(yao_path_join(is->folder, "reader.pem", path, sizeof path));
    YAO_TRY(ca_save(path, w->party.certificate, is->arena));
    return is->standing.url.len == 0
               ? YAO_OK
               : authority_standing_write(is->authority, w, &is->standing,
                                          is->folder, is->arena);
}

static int tell_registered(const yao_invocation *call, yao_status status,
                           const char *folder)
{
    if (status == YAO_E_EXISTS)
        return refuse(
            status, yao_argument(call, "code"),
            WORDS("this party is registered, or its folder is there",
                  "该依赖方已登记，或目录已存在"),
            WORDS("see `yaopai party list`", "请看 `yaopai party list`"));
    if (status != YAO_OK)
        return refuse(status, yao_argument(call, "code"),
                      (yao_words){NULL, NULL},
                      WORDS("is the registrar's root key there, and the folder "
                            "writable?",
                            "登记机关根密钥在吗？目录可写吗？"));
    if (call->json)
        printf("{\"registered\":\"%s\"}\n", yao_argument(call, "code"));
    else
        yao_print(WORDS("Registered %s. For the party, in %s: reader.pem and "
                        "reader-key.pem (secret).\n",
                        "已登记 %s。交给依赖方的文件在 %s："
                        "reader.pem 与 reader-key.pem（保密）。\n"),
                  yao_argument(call, "code"), folder);
    return 0;
}

static int run_register(const yao_invocation *call)
{
    static authority a;
    static wish      w;
    yao_arena        arena = {NULL, 0, 0};
    issuing          is    = {.authority = &a, .arena = &arena};

    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        return yao_exit_code(YAO_E_SPACE);
    int code = take_wish(call, &arena, &w);
    if (code == 0)
        code = take_standing(call, &w, &is.standing);
    if (code == 0)
        code = authority_begin(call, &a);
    if (code == 0) {
        yao_status status = register_party(&is, &w, call);
        code              = tell_registered(call, status, is.folder);
        yao_openssl_key_close(is.key);
        authority_close(&a);
    }
    yao_memory_free(&arena);
    return code;
}

/* ---- list ---- */

static void put_party(yao_writer *w, const store_party *p)
{
    bool first = true;

    yao_put_byte(w, '{');
    parties_put_members(w, &first, p);
    yao_put_byte(w, '}');
}

static yao_status print_json(const store_party *list, size_t count,
                             yao_arena *arena)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_text(&w, "{\"parties\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        put_party(&w, &list[i]);
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

static void print_party(const store_party *p)
{
    yao_print(WORDS("%.*s  %s\n  %.*s\n  profiles %.*s; kept %lld days; "
                    "%.*s\n",
                    "%.*s  %s\n  %.*s\n  请求类型 %.*s；保存 %lld 天；"
                    "%.*s\n"),
              (int)p->code.len, (const char *)p->code.ptr,
              parties_state_word(p->state), (int)p->name.len,
              (const char *)p->name.ptr, (int)p->profiles.len,
              (const char *)p->profiles.ptr, (long long)p->retention_days,
              (int)p->legal_basis.len, (const char *)p->legal_basis.ptr);
}

static yao_status write_certificates(const store_party *list, size_t count,
                                     const char *folder, yao_arena *arena)
{
    char path[CONFIG_MAX_PATH], name[64];

    YAO_TRY(yao_folder_make(folder, 0755));
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%.*s.pem", (int)list[i].code.len,
                 (const char *)list[i].code.ptr);
        YAO_TRY(yao_path_join(folder, name, path, sizeof path));
        yao_status status = ca_save(path, list[i].certificate, arena);
        if (status != YAO_OK && status != YAO_E_EXISTS)
            return status;
    }
    return YAO_OK;
}

static yao_status list_all(const authority *a, const yao_invocation *call,
                           yao_arena *arena)
{
    store_party *list;
    size_t       count;
    const char  *out = yao_argument(call, "out");

    YAO_TRY(store_list_parties(a->store, arena, &list, &count));
    if (out != NULL)
        YAO_TRY(write_certificates(list, count, out, arena));
    if (call->json)
        return print_json(list, count, arena);
    for (size_t i = 0; i < count; i++)
        print_party(&list[i]);
    if (count == 0)
        yao_print(
            WORDS("No relying party is registered.\n", "还没有登记依赖方。\n"));
    return YAO_OK;
}

static int run_list(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena = {NULL, 0, 0};

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = yao_memory_open(16u * MEMORY, &arena);
    if (status == YAO_OK)
        status = list_all(&a, call, &arena);
    yao_memory_free(&arena);
    authority_close(&a);
    return status == YAO_OK
               ? 0
               : yao_fail(status, WORDS("party list", "依赖方名单"), NULL,
                          (yao_words){NULL, NULL}, (yao_words){NULL, NULL});
}

/* ---- suspend ---- */

static yao_status change_state(const authority *a, const char *code, bool lift,
                               yao_arena *arena)
{
    store_change change = store_change_open(arena);

    YAO_TRY(parties_put_state(&change, arena, yao_text_of(code),
                              lift ? STORE_PARTY_ACTIVE
                                   : STORE_PARTY_SUSPENDED,
                              yao_now()));
    return store_commit(a->store, &change);
}

static int run_suspend(const yao_invocation *call)
{
    static _Alignas(16) uint8_t memory[8192];
    static authority            a;
    yao_arena                   arena = {memory, sizeof memory, 0};
    bool                        lift  = yao_given(call, "lift");

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = change_state(&a, call->operands[0], lift, &arena);
    authority_close(&a);
    if (status != YAO_OK)
        return yao_fail(
            status, WORDS("party suspend", "暂停依赖方"), call->operands[0],
            status == YAO_E_NOT_FOUND
                ? WORDS("no such party, or it is in that state "
                        "already",
                        "没有该依赖方，或已是该状态")
                : (yao_words){NULL, NULL},
            WORDS("see `yaopai party list`", "请看 `yaopai party list`"));
    if (call->json)
        printf("{\"state\":\"%s\"}\n", lift ? "active" : "suspended");
    else
        yao_print(lift ? WORDS("%s may ask again.\n", "%s 已恢复。\n")
                       : WORDS("%s is suspended.\n", "%s 已暂停。\n"),
                  call->operands[0]);
    return 0;
}

/* ---- tables ---- */

static const yao_option register_options[] = {
    {"code", "CODE", YAO_OPTION_REQUIRED,
     WORDS_INIT("unified social credit code", "统一社会信用代码")},
    {"name", "NAME", YAO_OPTION_REQUIRED,
     WORDS_INIT("its name, at most 40 letters", "名称，最多 40 字")},
    {"profile", "NAME", YAO_OPTION_REQUIRED | YAO_OPTION_REPEATS,
     WORDS_INIT("what it may ask for: hotel, road_check, age ...",
                "可请求的类型：hotel、road_check、age 等")},
    {"legal-basis", "TEXT", 0,
     WORDS_INIT("by what right; else what the first profile says",
                "法律依据；缺省取第一个类型的依据")},
    {"retention", "DAYS", 0,
     WORDS_INIT("how long values are kept; else what the profiles allow",
                "保存天数；缺省取类型允许的最长期限")},
    {"host", "NAME", 0,
     WORDS_INIT("host name for the certificate", "写入证书的主机名")},
    {"standing", "URL", 0,
     WORDS_INIT("also sign a code for its counter, on paper: standing.txt and "
                "standing.png; its desk is at URL",
                "另签发柜台立牌码：standing.txt 与 standing.png；核验台地址为 "
                "URL")},
    {"place", "NAME", 0,
     WORDS_INIT("where that stands, as people know it",
                "立牌所在地点的名称")},
    {"standing-profile", "NAME", 0,
     WORDS_INIT("what is asked there; the first profile when not given",
                "立牌对应的请求类型；缺省为第一个")},
    {"out", "FOLDER", 0,
     WORDS_INIT("where key and certificate go; else DIR/parties/CODE",
                "密钥与证书的输出目录；缺省为 DIR/parties/代码")},
};

const yao_command yao_party_register = {
    .noun    = "party",
    .verb    = "register",
    .summary = WORDS_INIT("register a relying party, make its reader "
                          "certificate",
                          "登记依赖方并签发读取证书"),
    .text    = WORDS_INIT(
        "A relying party may ask only for what it registered: its reader "
           "certificate names the profiles, and wallets refuse anything else. "
           "Name, profiles, legal basis and retention are public.",
        "依赖方只能请求登记过的内容：读取证书写明请求类型，"
           "钱包拒绝其他请求。名称、类型、依据与保存期限均公开。"),
    .options      = register_options,
    .option_count = sizeof register_options / sizeof register_options[0],
    .example =
        "  yaopai party register --code 91330114MAC000017N --name 示例酒店 \\\n"
        "      --profile hotel --profile age",
    .json = true,
    .run  = run_register,
};

static const yao_option list_options[] = {
    {"out", "FOLDER", 0,
     WORDS_INIT("also write each certificate to FOLDER/CODE.pem",
                "同时把每张证书写到 FOLDER/代码.pem")},
};

const yao_command yao_party_list = {
    .noun         = "party",
    .verb         = "list",
    .summary      = WORDS_INIT("list relying parties", "列出依赖方"),
    .options      = list_options,
    .option_count = sizeof list_options / sizeof list_options[0],
    .json         = true,
    .run          = run_list,
};

static const yao_option suspend_options[] = {
    {"lift", NULL, 0, WORDS_INIT("end a suspension instead", "改为解除暂停")},
};

const yao_command yao_party_suspend = {
    .noun         = "party",
    .verb         = "suspend",
    .summary      = WORDS_INIT("suspend a relying party, or lift that",
                               "暂停依赖方，或解除暂停"),
    .operands     = "CODE",
    .least        = 1,
    .most         = 1,
    .options      = suspend_options,
    .option_count = sizeof suspend_options / sizeof suspend_options[0],
    .example      = "  yaopai party suspend 91330114MAC000017N",
    .json         = true,
    .run          = run_suspend,
};
