/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai person erase, yaopai document hold. */
#include "authority/commands.h"

#include "authority/enrol/command.h"
#include "authority/life/erase.h"

#include "app/files.h"

#include <string.h>

#define MEMORY (16u * 1024u * 1024u)

static const yao_words nothing = WORDS_INIT(NULL, NULL);

/* ---- person erase ---- */

static const yao_words erase_what = WORDS_INIT("person erase", "删除人员");

static int refuse_unconfirmed(void)
{
    return yao_fail(
        YAO_E_USAGE, erase_what, NULL,
        WORDS("an erasure can't be undone", "删除不可恢复"),
        WORDS("add --yes when a second person has confirmed it",
              "经第二人确认后加上 --yes"));
}

static int tell_erased(const yao_invocation *call, yao_status status,
                       const life_erased *done)
{
    if (status == YAO_E_NOT_FOUND)
        return yao_fail(status, erase_what, NULL,
                        WORDS("nobody in the register has this number",
                              "登记库中没有此号码"),
                        WORDS("type the number again", "请核对号码"));
    if (status != YAO_OK)
        return yao_fail(status, erase_what, NULL, nothing, nothing);
    if (call->json) {
        printf("{\"erased\":true,\"documents\":%zu,\"booklets\":%zu}\n",
               done->documents, done->booklets);
        return 0;
    }
    yao_print(
        WORDS("Erased; %zu documents revoked, %zu booklets of the household "
              "revoked and marked for renewal.\n"
              "Backups open it until the key of its epoch is destroyed: see "
              "`yaopai authority rekey`.\n",
              "已删除；吊销证件 %zu 份，吊销同户户口簿 %zu 份并待换发。\n"
              "旧备份在其密钥周期销毁前仍可打开：见 `yaopai authority "
              "rekey`。\n"),
        done->documents, done->booklets);
    return 0;
}

static int run_erase(const yao_invocation *call)
{
    static enrol_world w;
    const char       *reason = yao_argument(call, "reason");
    life_erased       done   = {.documents = 0};

    if (!yao_given(call, "yes"))
        return refuse_unconfirmed();
    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = life_erase(
        &w.e,
        &(life_erasing){.number = yao_text_of(yao_argument(call, "person")),
                        .reason = reason != NULL ? reason : "request",
                        .by     = "command line"},
        &done);
    code = status == YAO_E_USAGE
               ? yao_fail(status, erase_what, reason,
                          WORDS("there is no such reason", "没有这种原因"),
                          WORDS("see the words in --help",
                                "见 --help 中的用词"))
               : tell_erased(call, status, &done);
    enrol_command_end(&w);
    return code;
}

static const yao_option erase_options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("who", "本人号码")},
    {"reason", "WORD", 0,
     WORDS_INIT("why: request (usual), register, deceased, error",
                "原因：request 本人要求（缺省）、register 登记机关、"
                "deceased 死亡、error 有误")},
    {"yes", NULL, 0,
     WORDS_INIT("yes, a second person has confirmed it", "已由第二人确认")},
};

const yao_command yao_person_erase = {
    .noun    = "person",
    .verb    = "erase",
    .summary = WORDS_INIT("erase a person from the register", "删除人员"),
    .text    = WORDS_INIT(
        "Destroys the key under which everything about the person is sealed, "
           "and removes record, portraits, look-ups, devices, codes, notices and "
           "sessions; what the audit log says of them is emptied, its leaves and "
           "the ledger's keyed hashes stay. All documents are revoked; booklets of "
           "the household, which name the person, are revoked and marked for "
           "renewal.\n\n"
           "Once the key-encryption key of the person's epoch is destroyed, no "
           "backup opens the record either.",
        "销毁密封此人全部内容的密钥，并移除记录、照片、检索项、设备、口令、"
           "通知与会话；审计日志中有关内容被清空，其叶子与台账的密钥散列保留。"
           "全部证件吊销；载有此人的同户户口簿吊销并待换发。\n\n"
           "其周期的密钥加密密钥销毁后，任何备份亦无法打开该记录。"),
    .options      = erase_options,
    .option_count = sizeof erase_options / sizeof erase_options[0],
    .example      = "  yaopai person erase -C var/authority \\\n"
                    "      --person 12011919880808901X --yes",
    .json         = true,
    .run          = run_erase,
};

/* ---- document hold ---- */

static const yao_words hold_what = WORDS_INIT("document hold", "扣押证件");

/* Until the end of that day, in China. */
static bool read_until(const char *text, yao_time *ret)
{
    yao_date day;

    if (text == NULL ||
        yao_date_parse(yao_text_bytes(yao_text_of(text)), &day) != YAO_OK)
        return false;
    *ret = yao_time_of_date(day) + YAO_TIME_DAY - 8 * 3600;
    return true;
}

static int tell_hold(const yao_invocation *call, yao_status status,
                     yao_text receipt)
{
    const char *out = yao_argument(call, "receipt");

    if (status == YAO_E_VALUE)
        return yao_fail(
            status, hold_what, NULL,
            WORDS("document, reason, basis, operator or end are not possible",
                  "证件、原因、依据、经办人或截止日期不符合要求"),
            WORDS("see --help; the end lies within a year",
                  "见 --help；截止日期须在一年之内"));
    if (status != YAO_OK)
        return yao_fail(status, hold_what, NULL, nothing, nothing);
    if (out != NULL)
        status = yao_file_write(out, yao_text_bytes(receipt), 0600, true);
    if (status != YAO_OK)
        return yao_fail(status, hold_what, out,
                        WORDS("the hold stands; its receipt was not written",
                              "扣押已生效，但回执未写出"),
                        WORDS("the person finds it among their notices",
                              "本人可在通知中查看"));
    if (call->json)
        printf("{\"receipt\":\"%.*s\"}\n", (int)receipt.len,
               (const char *)receipt.ptr);
    else
        yao_print(WORDS("Held. This receipt is for the person:\n\n%.*s\n",
                        "已扣押。以下回执交付本人：\n\n%.*s\n"),
                  (int)receipt.len, (const char *)receipt.ptr);
    return 0;
}

static yao_text text_option(const yao_invocation *call, const char *name)
{
    const char *value = yao_argument(call, name);

    return yao_text_of(value != NULL ? value : "");
}

/* Only people of the register: a hold on a number that was mistyped would be
 * found by nobody. */
static yao_status hold(enrol_world *w, const yao_invocation *call,
                       yao_time until, yao_text *receipt)
{
    life_subject who;
    store_person there;

    YAO_TRY(life_find_subject(&w->e, text_option(call, "person"), &who));
    YAO_TRY(store_get_person(w->a.store,
                             (store_lookup){STORE_BY_NUMBER, who.lookup},
                             &w->arena, &there));
    const life_hold_wish wish = {.document = text_option(call, "document"),
                                 .reason   = text_option(call, "reason"),
                                 .basis    = text_option(call, "basis"),
                                 .author   = text_option(call, "operator"),
                                 .until    = until};
    return life_hold(&w->e, &who, &wish, receipt);
}

static int run_hold(const yao_invocation *call)
{
    static enrol_world w;
    yao_text          receipt = YAO_TEXT("");
    yao_time          until;

    if (!read_until(yao_argument(call, "until"), &until))
        return yao_fail(YAO_E_USAGE, hold_what, "--until",
                        WORDS("this is no day", "不是日期"),
                        WORDS("write YYYY-MM-DD", "请写作 YYYY-MM-DD"));
    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    yao_status status = hold(&w, call, until, &receipt);
    code              = tell_hold(call, status, receipt);
    enrol_command_end(&w);
    return code;
}

static const yao_option hold_options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents", "本人号码")},
    {"document", "NAME", 0,
     WORDS_INIT("which one; without: all", "哪种证件；缺省为全部")},
    {"reason", "WORD", YAO_OPTION_REQUIRED,
     WORDS_INIT("why: investigation, court_order, identity_dispute, safety",
                "原因：investigation 调查、court_order 法院决定、"
                "identity_dispute 身份争议、safety 安全")},
    {"basis", "TEXT", YAO_OPTION_REQUIRED,
     WORDS_INIT("the law that allows it, as the person will read it",
                "法律依据，本人可见")},
    {"until", "DAY", YAO_OPTION_REQUIRED,
     WORDS_INIT("last day, YYYY-MM-DD, within a year",
                "截止日期，YYYY-MM-DD，一年之内")},
    {"operator", "NAME", YAO_OPTION_REQUIRED,
     WORDS_INIT("who is responsible", "经办人")},
    {"receipt", "FILE", 0,
     WORDS_INIT("write the signed receipt there", "签名回执写入此文件")},
};

const yao_command yao_document_hold = {
    .noun    = "document",
    .verb    = "hold",
    .summary = WORDS_INIT("hold documents by law, for a time", "依法扣押证件"),
    .text    = WORDS_INIT(
        "Suspends documents of a person until a day, for a reason and by a "
           "law that the person can read; nothing of the kind is issued "
           "meanwhile. A signed receipt is made for the person, who also finds "
           "the hold among their notices. It ends by itself.",
        "依法暂停本人证件至某日，原因与法律依据本人可见；期间不再签发。"
           "生成签名回执交付本人，本人亦可在通知中查看。到期自动解除。"),
    .options      = hold_options,
    .option_count = sizeof hold_options / sizeof hold_options[0],
    .example =
        "  yaopai document hold -C var/authority \\\n"
        "      --person 12011919880808901X --document resident_id \\\n"
        "      --reason investigation --basis 'Criminal Procedure Law 141' \\\n"
        "      --until 2026-12-31 --operator 'officer 7'",
    .json = true,
    .run  = run_hold,
};
