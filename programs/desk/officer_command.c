/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai officer add|list|remove: who of a relying party may ask under a number
 * of the service. The number's name is the party's own affair: it is not
 * kept. */
#include "desk/officer.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

enum { MEMORY = 32 * 1024 * 1024 };

typedef struct working {
    const yao_invocation *call;
    desk                  desk;
    yao_arena             arena;
    const yao_crypto     *crypto;
} working;

static int begin(const yao_invocation *call, yao_words what, working *w)
{
    yao_settings_trouble trouble = {.line = 0};
    const char          *place   = "";

    memset(w, 0, sizeof *w);
    w->call           = call;
    yao_status status = yao_memory_open(MEMORY, &w->arena);
    if (status == YAO_OK)
        status = desk_open(call->directory, &w->desk, &trouble, &place);
    if (status == YAO_OK) {
        w->crypto = yao_openssl_crypto(w->desk.openssl);
        return 0;
    }
    return yao_fail(status, what,
                    trouble.setting[0] != '\0' ? trouble.setting : place,
                    trouble.why,
                    WORDS("give the desk's folder with -C",
                          "请用 -C 指明核验台目录"));
}

static void end(working *w)
{
    desk_close(&w->desk);
    yao_memory_free(&w->arena);
}

/* ---- add ---- */

/* What the party registered, and is for officers: all of it, or what was
 * named. */
static yao_status take_profiles(working *w, yao_text *ret)
{
    const yao_catalogue *c    = yao_catalogue_shipped();
    yao_writer           list = yao_writer_in(&w->arena);
    bool                 any  = yao_argument(w->call, "profile") != NULL;
    yao_bytes            out;
    size_t               count = 0, named = 0;

    while (any && yao_argument_at(w->call, "profile", named) != NULL)
        named++;
    for (size_t i = 0; i < c->profile_count; i++) {
        const yao_profile *p     = &c->profiles[i];
        bool               taken = !any;

        for (size_t k = 0; k < named; k++)
            taken = taken ||
                    yao_text_equal(
                        p->name,
                        yao_text_of(yao_argument_at(w->call, "profile", k)));
        if (!taken || !p->officer ||
            !yao_reader_allows(&w->desk.reader, p->name))
            continue;
        if (count++ > 0)
            yao_put_byte(&list, ',');
        yao_put_bytes(&list, yao_text_bytes(p->name));
    }
    if (count == 0 || (any && count != named))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(yao_writer_keep(&list, &w->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

static yao_status put(working *w, const store_officer *who,
                      const uint8_t *code, yao_time now)
{
    store_change change = store_change_open(&w->arena);
    uint8_t      hash[YAO_SHA256_LEN];

    YAO_TRY(desk_officer_hash(w->crypto, "code",
                              (yao_bytes){code, DESK_OFFICER_CODE}, hash));
    store_put_officer(&change, who);
    store_put_once(&change,
                   &(store_once){.kind    = DESK_ONCE_OFFICER_CODE,
                                 .hash    = {hash, sizeof hash},
                                 .expires = now + DESK_OFFICER_CODE_LIFE,
                                 .payload = YAO_LIT("1")});
    return store_commit(w->desk.store, &change);
}

static yao_status add(working *w, yao_bytes *letters)
{
    uint8_t       code[DESK_OFFICER_CODE];
    yao_writer    text;
    yao_time      now  = yao_now();
    store_officer who  = {.id     = {code, STORE_ID_LEN},
                          .added  = now};

    who.number = yao_text_of(yao_argument(w->call, "number"));
    if (!yao_reader_is_number(who.number))
        return YAO_E_VALUE;
    YAO_TRY(take_profiles(w, &who.profiles));
    YAO_TRY(yao_openssl_random(code, sizeof code));
    yao_status status = put(w, &who, code, now);
    if (status == YAO_OK) {
        text = yao_writer_in(&w->arena);
        yao_put_base64url(&text, (yao_bytes){code, sizeof code});
        status = yao_writer_keep(&text, &w->arena, letters);
    }
    yao_wipe(code, sizeof code);
    return status;
}

static const yao_words adding = WORDS_INIT("officer add", "添加执法人员");

static int tell_add(const working *w, yao_status status)
{
    yao_words why = {NULL, NULL};

    if (status == YAO_E_VALUE)
        why = WORDS("a number has 1 to 24 of A-Z, a-z, 0-9 and -",
                    "编号为 1 至 24 个 A-Z、a-z、0-9、- 字符");
    if (status == YAO_E_EXISTS)
        why = WORDS("somebody has that number, or had it", "该编号已被使用");
    if (status == YAO_E_NOT_AUTHORISED)
        why = WORDS("the party did not register such a profile for officers",
                    "该单位没有登记由执法人员使用的此类型");
    return yao_fail(status, adding, yao_argument(w->call, "number"), why,
                    WORDS("see `yaopai officer list`",
                          "请看 `yaopai officer list`"));
}

static int run_add(const yao_invocation *call)
{
    static working w;
    yao_bytes      code = {NULL, 0};

    int exit = begin(call, adding, &w);
    if (exit == 0) {
        yao_status status = add(&w, &code);
        if (status != YAO_OK)
            exit = tell_add(&w, status);
        else if (call->json)
            printf("{\"code\":\"%.*s\",\"seconds\":%d}\n", (int)code.len,
                   (const char *)code.ptr, DESK_OFFICER_CODE_LIFE);
        else
            yao_print(
                WORDS("Open %s and register a passkey with this code within a "
                      "day; it is shown only now:\n\n    %.*s\n",
                      "请在一天内打开 %s，用此注册码登记通行密钥"
                      "（仅显示一次）：\n\n    %.*s\n"),
                desk_get(&w.desk.config, DESK_URL), (int)code.len,
                (const char *)code.ptr);
    }
    end(&w);
    return exit;
}

/* ---- list ---- */

static const char *state_word(int64_t state)
{
    switch (state) {
    case STORE_OFFICER_INVITED:
        return "invited";
    case STORE_OFFICER_ACTIVE:
        return "active";
    default:
        return "ended";
    }
}

static yao_status list(working *w)
{
    store_officer *all;
    size_t         count;
    bool           json = w->call->json;

    YAO_TRY(store_list_officers(w->desk.store, &w->arena, &all, &count));
    if (json)
        printf("{\"officers\":[");
    for (size_t i = 0; i < count; i++)
        printf(json ? "%s{\"number\":\"%.*s\",\"state\":\"%s\","
                      "\"profiles\":\"%.*s\"}"
                    : "%s%.*s  %s  %.*s\n",
               json && i > 0 ? "," : "", (int)all[i].number.len,
               (const char *)all[i].number.ptr, state_word(all[i].state),
               (int)all[i].profiles.len, (const char *)all[i].profiles.ptr);
    if (json)
        printf("]}\n");
    else if (count == 0)
        yao_print(WORDS("There is no officer.\n", "还没有执法人员。\n"));
    return YAO_OK;
}

static int run_list(const yao_invocation *call)
{
    static working w;
    const yao_words what = WORDS("officer list", "执法人员名单");

    int exit = begin(call, what, &w);
    if (exit == 0) {
        yao_status status = list(&w);
        if (status != YAO_OK)
            exit = yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                            (yao_words){NULL, NULL});
    }
    end(&w);
    return exit;
}

/* ---- remove ---- */

static const yao_words removing = WORDS_INIT("officer remove", "移除执法人员");

static yao_status find(working *w, store_officer *ret)
{
    store_officer *all;
    size_t         count;
    yao_text       number = yao_text_of(w->call->operands[0]);

    YAO_TRY(store_list_officers(w->desk.store, &w->arena, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(all[i].number, number)) {
            *ret = all[i];
            return YAO_OK;
        }
    return YAO_E_NOT_FOUND;
}

/* Here first: from now on this desk asks nothing in that name. */
static yao_status end_here(working *w, const store_officer *who)
{
    store_change change = store_change_open(&w->arena);

    if (who->state == STORE_OFFICER_ENDED)
        return YAO_OK;
    store_end_officer(&change, who->id, yao_now());
    return store_commit(w->desk.store, &change);
}

static yao_status tell_by(working *w, const desk_trust *t,
                          const store_officer *who, yao_key *key)
{
    desk_signing        signing = {.key  = key,
                                   .type = "yaopai-officer-end+jwt"};
    desk_authority_call what    = {.config    = &w->desk.config,
                                   .authority = desk_authority(t),
                                   .path      = "/officer/end"};
    yao_writer          claims  = yao_writer_in(&w->arena);
    bool                first   = true;
    net_answer          answer;

    YAO_TRY(desk_put_claims(&claims, &first, w->desk.reader.serial_number,
                            desk_authority(t), yao_now()));
    yao_json_put_member(&claims, &first, "number", who->number);
    yao_put_byte(&claims, '}');
    YAO_TRY(yao_writer_keep(&claims, &w->arena, &signing.payload));
    YAO_TRY(desk_sign(&w->arena, &signing, &what.jws));
    YAO_TRY(desk_ask_authority(&what, &w->arena, &answer));
    return answer.status == 204 ? YAO_OK : YAO_E_NET;
}

static yao_status tell_authority(working *w, const store_officer *who)
{
    yao_key *key = NULL;

    YAO_TRY(desk_trust_load(&w->desk.trust, w->crypto, yao_now()));
    desk_trust *t = desk_trust_take(&w->desk.trust);
    yao_status  status =
        yao_key_open(desk_get(&w->desk.config, DESK_READER_KEY), &key);
    if (status == YAO_OK)
        status = tell_by(w, t, who, key);
    yao_key_close(key);
    desk_trust_give(&w->desk.trust, t);
    return status;
}

static int remove_one(working *w)
{
    const char   *number = w->call->operands[0];
    store_officer who;

    yao_status status = find(w, &who);
    if (status == YAO_OK)
        status = end_here(w, &who);
    if (status != YAO_OK)
        return yao_fail(status, removing, number, (yao_words){NULL, NULL},
                        WORDS("see `yaopai officer list`",
                              "请看 `yaopai officer list`"));
    status = tell_authority(w, &who);
    if (status != YAO_OK)
        return yao_fail(
            status, removing, number,
            WORDS("ended at this desk; the authority could not be told",
                  "已在本核验台终止；未能告知主管机关"),
            WORDS("run it again when the authority can be reached",
                  "待能连接主管机关时请再次运行"));
    if (w->call->json)
        puts("{\"state\":\"ended\"}");
    else
        yao_print(WORDS("%s is ended.\n", "%s 已终止。\n"), number);
    return 0;
}

static int run_remove(const yao_invocation *call)
{
    static working w;

    int exit = begin(call, removing, &w);
    if (exit == 0)
        exit = remove_one(&w);
    end(&w);
    return exit;
}

/* ---- tables ---- */

static const yao_option add_options[] = {
    {"number", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("of the service, never a name: wallets and the authority see "
                "it",
                "服务编号而非姓名：钱包与主管机关可见")},
    {"profile", "NAME", YAO_OPTION_REPEATS,
     WORDS_INIT("what may be asked: police, road_check; else all that the "
                "party registered",
                "可请求的类型：police、road_check；缺省为该单位登记的全部")},
};

const yao_command yao_officer_add = {
    .noun    = "officer",
    .verb    = "add",
    .summary = WORDS_INIT("add an officer to a desk", "为核验台添加执法人员"),
    .text    = WORDS_INIT(
        "Gives a code with which the officer registers a passkey at the desk's "
           "own page. Who logs in with it may ask for some hours, under a reader "
           "certificate that the registrar gives for them.",
        "给出注册码，执法人员凭此在核验台页面登记通行密钥；登录后，"
           "登记机关签发数小时有效的读取证书，凭此请求。"),
    .options      = add_options,
    .option_count = sizeof add_options / sizeof add_options[0],
    .example      = "yaopai officer add -C desk --number 7K2Q-0417",
    .json         = true,
    .run          = run_add,
};

const yao_command yao_officer_list = {
    .noun    = "officer",
    .verb    = "list",
    .summary = WORDS_INIT("list a desk's officers", "列出核验台的执法人员"),
    .text    = WORDS_INIT("Numbers, what they may ask, and whether they have a "
                          "passkey.",
                          "编号、可请求的类型以及是否已登记通行密钥。"),
    .example = "yaopai officer list -C desk",
    .json    = true,
    .run     = run_list,
};

const yao_command yao_officer_remove = {
    .noun     = "officer",
    .verb     = "remove",
    .operands = "NUMBER",
    .least    = 1,
    .most     = 1,
    .summary  = WORDS_INIT("end an officer for good", "永久终止一名执法人员"),
    .text     = WORDS_INIT(
        "The hours that run end at once at this desk, and the authority is "
            "told: it certifies the number no more and answers nothing that is "
            "asked under it. A wallet that meets the old certificate elsewhere "
            "believes it until its hours are over.",
        "本核验台的登录立即失效，并告知主管机关：不再签发证书，也不再答复其"
            "查询。旧证书若在别处出示，钱包会信任至其到期。"),
    .example = "yaopai officer remove -C desk 7K2Q-0417",
    .json    = true,
    .run     = run_remove,
};
