/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include <string.h>

static void usage_line(const yao_command *command, FILE *out)
{
    fprintf(out, "yaopai %s", yao_command_name(command));
    for (size_t i = 0; i < command->option_count; i++) {
        const yao_option *option   = &command->options[i];
        bool              required = option->flags & YAO_OPTION_REQUIRED;

        fprintf(out, " %s--%s%s%s%s%s", required ? "" : "[", option->name,
                option->argument != NULL ? " " : "",
                option->argument != NULL ? option->argument : "",
                required ? "" : "]",
                option->flags & YAO_OPTION_REPEATS ? "..." : "");
    }
    if (command->json)
        fputs(" [--json]", out);
    fputs(" [-C DIR]", out);
    if (command->operands != NULL)
        fprintf(out, " %s", command->operands);
    fputc('\n', out);
}

static void option_line(const yao_option *option, FILE *out)
{
    char left[64];

    snprintf(left, sizeof left, "--%s%s%s", option->name,
             option->argument != NULL ? " " : "",
             option->argument != NULL ? option->argument : "");
    fprintf(out, "  %-28s %s\n", left, yao_say(option->help));
}

void yao_help_command(const yao_command *command, FILE *out)
{
    fprintf(out, "%s\n\n", yao_say(command->summary));
    usage_line(command, out);
    if (command->text.en != NULL)
        fprintf(out, "\n%s\n", yao_say(command->text));

    fprintf(out, "\n%s\n", yao_say(WORDS("Options", "选项")));
    for (size_t i = 0; i < command->option_count; i++)
        option_line(&command->options[i], out);
    if (command->json)
        option_line(&yao_json_option, out);
    fprintf(out, "  %-28s %s\n", "-C DIR",
            yao_say(WORDS("the data folder; else $YAOPAI_DIR, else this one",
                          "数据目录；否则 $YAOPAI_DIR，否则当前目录")));
    for (const yao_option *o = yao_common_options; o->name != NULL; o++)
        option_line(o, out);
    if (command->example != NULL)
        fprintf(out, "\n%s\n%s\n", yao_say(WORDS("Example", "示例")),
                command->example);
}

void yao_help_all(const yao_command *const *commands, FILE *out)
{
    const char *noun = "";

    fprintf(out, "%s\n\n",
            yao_say(WORDS("yaopai: electronic identity documents, issued, "
                          "carried, checked off line",
                          "腰牌：电子证件的签发、持有与离线核验")));
    fputs("yaopai NOUN VERB [options]\n", out);
    for (; *commands != NULL; commands++) {
        const char *its = (*commands)->noun != NULL ? (*commands)->noun : "";

        if (strcmp(its, noun) != 0)
            fputc('\n', out);
        noun = its;
        fprintf(out, "  %-20s %s\n", yao_command_name(*commands),
                yao_say((*commands)->summary));
    }
    fprintf(out, "\n%s\n",
            yao_say(WORDS("Each has --help and a man page: man "
                          "yaopai-person-import.",
                          "每个命令都有 --help 和手册页：man "
                          "yaopai-person-import。")));
}

/* ---- roff --------------------------------------------------------------- */

/* Text for roff: backslashes doubled, a leading dot or quote protected, an
 * empty line begins a paragraph. */
static void roff_text(const char *text, FILE *out)
{
    bool start = true;

    for (; *text != '\0'; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", out);
            text++;
            start = true;
            continue;
        }
        if (*text == '\\')
            fputc('\\', out);
        if (*text == '-')
            fputc('\\', out);
        fputc(*text, out);
        start = *text == '\n';
    }
    fputc('\n', out);
}

static void roff_option(const char *dashes, const char *name,
                        const char *argument, yao_words help, FILE *out)
{
    fputs(".TP\n.B ", out);
    for (; *dashes != '\0'; dashes++)
        fputs("\\-", out);
    for (const char *p = name; *p != '\0'; p++)
        fprintf(out, *p == '-' ? "\\-" : "%c", *p);
    if (argument != NULL)
        fprintf(out, " \\fI%s\\fR", argument);
    fputc('\n', out);
    roff_text(help.en, out);
}

static void roff_title(const yao_command *command, FILE *out)
{
    fputs(".TH YAOPAI", out);
    for (const char *p = yao_command_name(command); *p != '\0'; p++) {
        if (p == yao_command_name(command))
            fputc('-', out);
        fputc(*p == ' ' ? '-' : *p >= 'a' && *p <= 'z' ? *p - 32 : *p, out);
    }
    fputs(" 1 \"\" \"yaopai 0.1.0\" \"Yaopai\"\n", out);
}

void yao_help_man(const yao_command *command, FILE *out)
{
    roff_title(command, out);
    fprintf(out, ".SH NAME\nyaopai\\-%s", command->noun ? command->noun : "");
    fprintf(out, "%s%s \\- ", command->noun ? "\\-" : "", command->verb);
    roff_text(command->summary.en, out);
    fputs(".SH SYNOPSIS\n.nf\n", out);
    usage_line(command, out);
    fputs(".fi\n.SH DESCRIPTION\n", out);
    roff_text(command->text.en != NULL ? command->text.en
                                       : command->summary.en, out);
    fputs(".SH OPTIONS\n", out);
    for (size_t i = 0; i < command->option_count; i++)
        roff_option("--", command->options[i].name,
                    command->options[i].argument, command->options[i].help,
                    out);
    if (command->json)
        roff_option("--", "json", NULL, yao_json_option.help, out);
    roff_option("-", "C", "DIR",
                WORDS("the data folder; else $YAOPAI_DIR, else this one", ""),
                out);
    for (const yao_option *o = yao_common_options; o->name != NULL; o++)
        roff_option("--", o->name, o->argument, o->help, out);
    if (command->example != NULL) {
        fputs(".SH EXAMPLE\n.nf\n", out);
        roff_text(command->example, out);
        fputs(".fi\n", out);
    }
    fputs(".SH EXIT STATUS\n0 done or ACCEPT, 1 wrong use, 2 malformed input, "
          "3 REJECT, 4 a limit, 5 INDETERMINATE, 7 the environment failed.\n",
          out);
    fputs(".SH IN CHINESE\n", out);
    roff_text(command->summary.zh, out);
    if (command->text.zh != NULL) {
        fputs(".PP\n", out);
        roff_text(command->text.zh, out);
    }
    for (size_t i = 0; i < command->option_count; i++)
        roff_option("--", command->options[i].name,
                    command->options[i].argument,
                    (yao_words){command->options[i].help.zh, NULL}, out);
}
