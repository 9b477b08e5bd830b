/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai party officer: in a demonstration, where nobody has a passkey, an
 * officer's certificate from the command line. */
#include "authority/officer/officer.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/commands.h"
#include "authority/enrol/command.h"

#define MEMORY (1024u * 1024u)

enum { MOST_PROFILES = 8 };

static const yao_words what = WORDS_INIT("party officer", "执法人员证书");

static yao_status take(const yao_invocation *call, const enrol *e,
                       store_party *party, yao_text *names, officer_wish *wish)
{
    YAO_TRY(store_get_party(e->a->store, yao_text_of(call->operands[0]),
                            e->arena, party));
    wish->party    = party;
    wish->profiles = names;
    wish->number   = yao_text_of(yao_argument(call, "number"));
    if (!yao_reader_is_number(wish->number))
        return YAO_E_VALUE;
    for (size_t i = 0; yao_argument_at(call, "profile", i) != NULL; i++) {
        if (i == MOST_PROFILES)
            return YAO_E_LIMIT;
        names[i] = yao_text_of(yao_argument_at(call, "profile", i));
        if (!officer_has_profile(e, party, names[i]))
            return YAO_E_NOT_AUTHORISED;
        wish->profile_count = i + 1;
    }
    return YAO_OK;
}

static yao_status save(const yao_invocation *call, const enrol *e,
                       officer_wish *wish, yao_openssl_key *key)
{
    const char       *out = yao_argument(call, "out");
    char              path[CONFIG_MAX_PATH];
    officer_certified made;

    wish->key = yao_openssl_key_public(key);
    YAO_TRY(officer_sign(e, wish, &made));
    YAO_TRY(yao_folder_make(out, 0700));
    YAO_TRY(yao_path_join(out, "reader-key.pem", path, sizeof path));
    YAO_TRY(yao_openssl_key_save(key, path));
    YAO_TRY(yao_path_join(out, "reader.pem", path, sizeof path));
    return ca_save(path, made.certificate, e->arena);
}

static yao_status make(const yao_invocation *call, enrol_world *w)
{
    const enrol e = {.a         = &w->a,
                     .catalogue = yao_catalogue_shipped(),
                     .arena     = &w->arena,
                     .now       = yao_now(),
                     .demo      = true};
    yao_text         names[MOST_PROFILES];
    store_party      party;
    officer_wish     wish = {.profile_count = 0};
    yao_openssl_key *key  = NULL;

    if (!config_yes(&w->a.config, SETTING_DEMO))
        return YAO_E_REFUSED;
    YAO_TRY(take(call, &e, &party, names, &wish));
    YAO_TRY(yao_openssl_key_generate(YAO_ES256, &key));
    yao_status status = save(call, &e, &wish, key);
    yao_openssl_key_close(key);
    return status;
}

static int tell(const yao_invocation *call, yao_status status)
{
    yao_words why = {NULL, NULL};

    if (status == YAO_OK) {
        if (call->json)
            puts("{\"done\":true}");
        else
            yao_print(WORDS("An officer's reader certificate for eight hours "
                            "is in %s.\n",
                            "执法人员读取证书（八小时有效）在 %s。\n"),
                      yao_argument(call, "out"));
        return 0;
    }
    if (status == YAO_E_REFUSED)
        why = WORDS("officers log in at their own desk, with a passkey; this "
                    "is for demonstrations",
                    "执法人员须在本单位核验台用通行密钥登录；此命令仅供演示");
    if (status == YAO_E_NOT_AUTHORISED)
        why = WORDS("the party did not register this, or it is none for "
                    "officers",
                    "该单位未登记此类型，或该类型不由执法人员使用");
    return yao_fail(status, what, call->operands[0], why,
                    WORDS("see `yaopai party list` and `yaopai officer add`",
                          "请看 `yaopai party list` 与 `yaopai officer add`"));
}

static int run(const yao_invocation *call)
{
    static enrol_world w;

    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    code = tell(call, make(call, &w));
    enrol_command_end(&w);
    return code;
}

static const yao_option options[] = {
    {"number", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("the officer's, of the service", "服务编号")},
    {"profile", "NAME", YAO_OPTION_REQUIRED | YAO_OPTION_REPEATS,
     WORDS_INIT("what may be asked: police, road_check",
                "可请求的类型：police、road_check")},
    {"out", "FOLDER", YAO_OPTION_REQUIRED,
     WORDS_INIT("where key and certificate go", "密钥与证书的输出目录")},
};

const yao_command yao_party_officer = {
    .noun     = "party",
    .verb     = "officer",
    .operands = "CODE",
    .least    = 1,
    .most     = 1,
    .summary  = WORDS_INIT("make an officer's reader certificate, in a "
                           "demonstration",
                           "演示用：签发执法人员读取证书"),
    .text     = WORDS_INIT(
        "Refused where demo is not yes: there an officer logs in with a "
            "passkey at the desk of the party (`yaopai officer add`), and the "
            "registrar signs on the desk's request.",
        "demo 不为 yes 时拒绝：执法人员须在本单位核验台用通行密钥登录"
            "（`yaopai officer add`），由登记机关应核验台请求签发。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai party officer 91330114MAC000017N --number 7K2Q \\\n"
                    "      --profile road_check --out officer",
    .json         = true,
    .run          = run,
};
