/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <string.h>

static bool matches(const yao_command *command, const yao_invocation *call)
{
    size_t at = 0;

    if (command->noun != NULL) {
        if (call->operand_count < 1 ||
            strcmp(call->operands[at++], command->noun) != 0)
            return false;
        if (call->operand_count == 1)
            return true;
    }
    return call->operand_count == at + 1 &&
           strcmp(call->operands[at], command->verb) == 0;
}

/* For the build: each command's name, as its man page is called. */
static int list_names(void)
{
    for (const yao_command *const *c = yao_all_commands(); *c != NULL; c++)
        printf("%s%s%s\n", (*c)->noun ? (*c)->noun : "",
               (*c)->noun ? "-" : "", (*c)->verb);
    return 0;
}

static int run(const yao_invocation *call)
{
    bool found = false;

    if (yao_given(call, "list"))
        return list_names();
    if (call->operand_count == 0) {
        yao_help_all(yao_all_commands(), stdout);
        return 0;
    }
    for (const yao_command *const *c = yao_all_commands(); *c != NULL; c++)
        if (matches(*c, call)) {
            if (yao_given(call, "man"))
                yao_help_man(*c, stdout);
            else
                yao_help_command(*c, stdout);
            puts("");
            found = true;
        }
    if (found)
        return 0;

    return yao_fail(YAO_E_USAGE, WORDS("help", "帮助"), call->operands[0],
                    WORDS("there is no such command", "没有这个命令"),
                    WORDS("see `yaopai help`", "请看 `yaopai help`"));
}

static const yao_option options[] = {
    {"man", NULL, 0,
     WORDS_INIT("write the man page (roff) instead",
                "输出手册页（roff）")},
    {"list", NULL, 0,
     WORDS_INIT("only the names of all commands", "只列出全部命令名")},
};

const yao_command yao_help = {
    .verb         = "help",
    .summary      = WORDS_INIT("explain a command, or list all",
                               "说明一个命令，或列出全部命令"),
    .operands     = "[NOUN] [VERB]",
    .most         = 2,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai help person import",
    .run          = run,
};
