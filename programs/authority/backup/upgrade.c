/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai authority upgrade: a register that an older program made. */

#include "authority/commands.h"
#include "authority/config.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/authority.h"

static const yao_words what = WORDS_INIT("authority upgrade", "升级登记库");

static int look(const yao_invocation *call, int64_t *schema, int64_t *newest)
{
    static config        c;
    yao_settings_trouble trouble;
    yao_status status = config_read(call->directory, &c, &trouble);

    if (status == YAO_OK)
        status = store_look(config_get(&c, SETTING_STORE), schema, newest);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, call->directory, (yao_words){NULL, NULL},
                    WORDS("is there an authority in the folder of -C?",
                          "-C 所指目录中有签发机关吗？"));
}

static void tell(const yao_invocation *call, int64_t schema, int64_t newest,
                 bool done)
{
    if (call->json)
        printf("{\"schema\":%lld,\"newest\":%lld,\"done\":%s}\n",
               (long long)schema, (long long)newest, done ? "true" : "false");
    else if (schema == newest)
        yao_print(WORDS("The register is up to date (schema %lld).\n",
                        "登记库已是最新（结构版本 %lld）。\n"),
                  (long long)newest);
    else if (done)
        yao_print(WORDS("The register is brought from schema %lld to %lld.\n",
                        "登记库已从结构版本 %lld 升级到 %lld。\n"),
                  (long long)schema, (long long)newest);
    else
        yao_print(WORDS("The register has schema %lld; this program would "
                        "bring it to %lld. Back it up first: there is no way "
                        "back.\n",
                        "登记库结构版本为 %lld，本程序会将其升级到 %lld。"
                        "请先备份：升级不可逆。\n"),
                  (long long)schema, (long long)newest);
}

static int run(const yao_invocation *call)
{
    static authority a;
    int64_t          schema = 0, newest = 0;
    bool             dry    = yao_given(call, "dry-run");
    int              code   = look(call, &schema, &newest);

    if (code != 0)
        return code;
    if (schema > newest)
        return yao_fail(YAO_E_UNSUPPORTED, what, NULL,
                        WORDS("the register is of a newer program",
                              "登记库由更新的程序建立"),
                        WORDS("use that program, or restore a backup of "
                              "before its upgrade",
                              "请使用该程序，或恢复其升级前的备份"));
    if (!dry && schema < newest) {
        code = authority_begin(call, &a); /* which brings it up to date */
        if (code != 0)
            return code;
        authority_close(&a);
    }
    tell(call, schema, newest, !dry);
    return 0;
}

static const yao_option options[] = {
    {"dry-run", NULL, 0,
     WORDS_INIT("only say what would be done", "只说明将做什么")},
};

const yao_command yao_authority_upgrade = {
    .noun    = "authority",
    .verb    = "upgrade",
    .summary = WORDS_INIT("bring a register that an older program made up to "
                          "date",
                          "升级旧版本程序建立的登记库"),
    .text    = WORDS_INIT(
        "Every command brings the register up to date when it opens it; this "
        "one does nothing else, and says with --dry-run what would be done, "
        "without doing it. Back up first: an older program refuses what a "
        "newer one has upgraded.",
        "任何命令打开登记库时都会升级；本命令只做升级，加 --dry-run "
        "只说明而不执行。请先备份：旧程序拒绝打开已升级的登记库。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "yaopai authority upgrade --dry-run -C authority",
    .json         = true,
    .run          = run,
};
