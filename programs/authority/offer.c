/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai document offer: documents for a wallet that will fetch them. */

#include "authority/commands.h"
#include "authority/vci/offering.h"

#include "app/catalogue_files.h"
#include "app/files.h"

#include <string.h>

#define MEMORY (32u * 1024u * 1024u)

/* A transaction code has 16 letters at most. */
#define MAX_CODE 32

static const yao_words what = WORDS_INIT("document offer", "证件邀约");

/* ---- what is asked for -------------------------------------------------- */

static bool is_mode(const char *word, const char *mode)
{
    return word != NULL && strcmp(word, mode) == 0;
}

/* The code on a line of standard input: what stands on a command line is seen
 * by others. */
static bool read_code(char out[MAX_CODE], yao_text *ret)
{
    if (fgets(out, MAX_CODE, stdin) == NULL)
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    *ret                      = yao_text_of(out);
    return ret->len > 0;
}

static int wrong(const char *detail, yao_words why, yao_words next)
{
    return yao_fail(YAO_E_USAGE, what, detail, why, next);
}

static int read_grant(const yao_invocation *call, vci_offering *o,
                      char code[MAX_CODE])
{
    const char *grant = yao_argument(call, "grant");

    o->by_code = is_mode(grant, "code");
    if (grant != NULL && !o->by_code && !is_mode(grant, "pre-authorized"))
        return wrong(grant, WORDS("there is no such grant", "没有这种授权方式"),
                     WORDS("code, or pre-authorized",
                           "可用 code 或 pre-authorized"));
    if (!yao_given(call, "tx-code") || read_code(code, &o->tx_code))
        return 0;
    return wrong(NULL, WORDS("no code on standard input", "标准输入没有交易码"),
                 WORDS("type 4 to 16 letters or digits and Enter",
                       "请输入 4 至 16 位字母或数字后回车"));
}

static int read_asked(const yao_invocation *call, vci_offering *o,
                      char code[MAX_CODE])
{
    long vehicle;

    for (const char *id; o->id_count < YAO_VCI_MAX_OFFERED &&
                         (id = yao_argument_at(call, "configuration",
                                               o->id_count)) != NULL;)
        o->ids[o->id_count++] = yao_text_of(id);
    if (yao_argument_at(call, "configuration", o->id_count) != NULL)
        return wrong(
            "--configuration",
            WORDS("more than one offer can name", "超过一份邀约的上限"),
            WORDS("make a second offer for the others", "其余请另发一份邀约"));
    if (!yao_number(call, "vehicle", 0, VCI_MAX_VEHICLE, 0, &vehicle))
        return 1;
    o->note   = (vci_note){.officer = yao_given(call, "officer"),
                           .vehicle = (uint8_t)vehicle};
    o->number = yao_text_of(yao_argument(call, "person"));
    return read_grant(call, o, code);
}

/* ---- telling ------------------------------------------------------------ */

static void tell_json(const vci_offered *made)
{
    printf("{\"offer\":%.*s,\"link\":\"%.*s\",\"reference\":\"%.*s\","
           "\"expires_in\":%lld}\n",
           (int)made->json.len, (const char *)made->json.ptr,
           (int)made->link.len, (const char *)made->link.ptr,
           (int)made->reference.len, (const char *)made->reference.ptr,
           (long long)made->seconds);
}

static void tell(const yao_invocation *call, const vci_offered *made)
{
    if (call->json) {
        tell_json(made);
        return;
    }
    printf("%.*s\n%.*s\n", (int)made->link.len, (const char *)made->link.ptr,
           (int)made->reference.len, (const char *)made->reference.ptr);
    yao_print(WORDS("Good for %lld seconds and one wallet, by either line.\n",
                    "%lld 秒内有效，仅限一个钱包，两行任选其一。\n"),
              (long long)made->seconds);
}

static int refuse(yao_status status)
{
    if (status == YAO_E_VALUE)
        return yao_fail(status, what, NULL,
                        WORDS("there is no such configuration",
                              "没有这种凭证配置"),
                        WORDS("DOCUMENT_mdoc, DOCUMENT_sdjwt, "
                              "DOCUMENT_card.PROFILE",
                              "形如 证件_mdoc、证件_sdjwt、证件_card.用途"));
    if (status == YAO_E_MALFORMED)
        return yao_fail(status, what, "--tx-code",
                        WORDS("no transaction code", "不是交易码"),
                        WORDS("type 4 to 16 letters or digits and Enter",
                              "请输入 4 至 16 位字母或数字后回车"));
    if (status == YAO_E_DUPLICATE)
        return yao_fail(status, what, "--configuration",
                        WORDS("the same configuration twice",
                              "同一凭证配置出现两次"),
                        WORDS("name each once", "每种只写一次"));
    if (status == YAO_E_NOT_FOUND)
        return yao_fail(status, what, NULL,
                        WORDS("nobody has this number", "没有此号码的人员"),
                        WORDS("check the number", "请核对号码"));
    return yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                    (yao_words){NULL, NULL});
}

static yao_status load_catalogue(const authority *a, yao_arena *arena,
                                 const yao_catalogue **ret)
{
    const char *folder = config_get(&a->config, SETTING_CATALOGUE);

    *ret = yao_catalogue_shipped();
    return folder[0] == '\0' ? YAO_OK
                             : app_catalogue_load(folder, arena, ret);
}

static int offer(const yao_invocation *call, authority *a, yao_arena *arena)
{
    const yao_catalogue *catalogue;
    yao_status           loaded = load_catalogue(a, arena, &catalogue);

    if (loaded != YAO_OK)
        return yao_fail(loaded, what, "authority.catalogue",
                        (yao_words){NULL, NULL}, (yao_words){NULL, NULL});

    char         code[MAX_CODE] = "";
    vci_offering o = {.authority = a,
                      .arena     = arena,
                      .catalogue = catalogue,
                      .url       = yao_text_of(config_get(&a->config,
                                                          SETTING_URL)),
                      .now       = yao_now()};
    vci_offered  made;
    int          wrong_use = read_asked(call, &o, code);

    if (wrong_use != 0)
        return wrong_use;
    yao_status status = vci_offering_make(&o, &made);
    yao_wipe(code, sizeof code);
    if (status != YAO_OK)
        return refuse(status);
    tell(call, &made);
    return 0;
}

static int run(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena;
    int              code = authority_begin(call, &a);

    if (code != 0)
        return code;
    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        code = yao_fail_memory();
    else
        code = offer(call, &a, &arena);
    yao_memory_free(&arena);
    authority_close(&a);
    return code;
}

static const yao_option options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents", "本人号码")},
    {"configuration", "ID", YAO_OPTION_REQUIRED | YAO_OPTION_REPEATS,
     WORDS_INIT("which document in which format: resident_id_mdoc, "
                "pass_sdjwt, resident_id_card.hotel, ...",
                "哪种证件、哪种格式：resident_id_mdoc 等")},
    {"grant", "WORD", 0,
     WORDS_INIT("pre-authorized (who has the link may fetch), or code (the "
                "person says yes on the authorization page)",
                "pre-authorized 凭链接领取，code 在授权页确认")},
    {"tx-code", NULL, 0,
     WORDS_INIT("ask for a transaction code, which stands on the first line "
                "of standard input: 4 to 16 letters or digits, told to the "
                "person another way",
                "需要交易码，从标准输入第一行读取，另行告知本人")},
    {"officer", NULL, 0,
     WORDS_INIT("an officer looks first: the wallet waits", "先经人工审核")},
    {"vehicle", "N", 0,
     WORDS_INIT("which one, of a document of vehicles: from 0",
                "第几辆车，从 0 开始")},
};

const yao_command yao_document_offer = {
    .noun    = "document",
    .verb    = "offer",
    .summary = WORDS_INIT("offer documents to a wallet", "向钱包发出领取邀约"),
    .text    = WORDS_INIT(
        "Makes an offer that a wallet takes by OpenID4VCI: prints a link that "
           "holds it, and one that says where it is fetched. It is good for two "
           "minutes and one wallet. `yaopai authority serve` answers the wallet.",
        "发出 OpenID4VCI 领取邀约：输出内含邀约的链接，以及引用该邀约的链接。"
           "两分钟内有效，仅限一个钱包。由 `yaopai authority serve` 应答。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example = "  yaopai document offer -C var/authority \\\n"
               "      --person 12011919880808901X --configuration pass_sdjwt",
    .json    = true,
    .run     = run,
};
