/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Options that every command has. */
const yao_option yao_common_options[] = {
    {"help", NULL, 0,
     WORDS_INIT("show this help and stop", "显示帮助并退出")},
    {"lang", "en|zh", 0,
     WORDS_INIT("language of messages", "消息语言")},
    {NULL, NULL, 0, WORDS_INIT(NULL, NULL)},
};
const yao_option yao_json_option = {
    "json", NULL, 0,
    WORDS_INIT("print JSON for programs", "输出供程序读取的 JSON")};

static const yao_command *const *all_commands;

const yao_command *const *yao_all_commands(void)
{
    return all_commands;
}

const char *yao_command_name(const yao_command *command)
{
    static char name[64];

    snprintf(name, sizeof name, "%s%s%s",
             command->noun != NULL ? command->noun : "",
             command->noun != NULL ? " " : "", command->verb);
    return name;
}

/* ---- looking at what was typed ---------------------------------------- */

const char *yao_argument_at(const yao_invocation *call, const char *name,
                            size_t index)
{
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, name) == 0 && index-- == 0)
            return call->given[i].value;

    return NULL;
}

const char *yao_argument(const yao_invocation *call, const char *name)
{
    return yao_argument_at(call, name, 0);
}

bool yao_given(const yao_invocation *call, const char *name)
{
    for (size_t i = 0; i < call->given_count; i++)
        if (strcmp(call->given[i].option->name, name) == 0)
            return true;

    return false;
}

bool yao_number(const yao_invocation *call, const char *name, long least,
                long most, long fallback, long *ret)
{
    const char *text = yao_argument(call, name);
    char       *end;

    if (text == NULL) {
        *ret = fallback;
        return true;
    }
    errno      = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least ||
        value > most) {
        fprintf(stderr,
                yao_say(WORDS("yaopai: --%s: %s is no whole number from %ld "
                              "to %ld; give one\n",
                              "yaopai：--%s：%s 不是 %ld 到 %ld "
                              "之间的整数；请改正\n")),
                name, text, least, most);
        return false;
    }
    *ret = value;
    return true;
}

/* ---- parsing ------------------------------------------------------------ */

static int wrong_use(const yao_command *command, const char *detail,
                     yao_words why)
{
    yao_words next = WORDS("see --help", "请看 --help");

    return yao_fail(YAO_E_USAGE,
                    (yao_words){yao_command_name(command), NULL}, detail, why,
                    next);
}

static const yao_option *find_in(const yao_option *options, size_t count,
                                 const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == len &&
            strncmp(options[i].name, name, len) == 0)
            return &options[i];

    return NULL;
}

static const yao_option *find_option(const yao_command *command,
                                     const char *name, size_t len)
{
    const yao_option *option =
        find_in(command->options, command->option_count, name, len);

    if (option == NULL)
        option = find_in(yao_common_options, 2, name, len);
    if (option == NULL && command->json)
        option = find_in(&yao_json_option, 1, name, len);

    return option;
}

/* The language counts from here on, also for what else is wrong. */
static int take_language(const yao_command *command, const char *name)
{
    bool zh = strncmp(name, "zh", 2) == 0;

    if (!zh && strncmp(name, "en", 2) != 0)
        return wrong_use(command, "--lang",
                         WORDS("it is en or zh", "只能是 en 或 zh"));
    yao_language_set(zh ? YAO_ZH : YAO_EN);
    return 0;
}

/* Take the option at ARGV[*AT]; moves *AT over a value that stands apart. What
 * stands behind "=" may be a secret and is not said again. */
static int take_option(yao_invocation *call, int argc, char **argv, int *at)
{
    const char       *name   = argv[*at] + 2;
    const char       *equals = strchr(name, '=');
    size_t            len    = equals ? (size_t)(equals - name) : strlen(name);
    const yao_option *option = find_option(call->command, name, len);
    const char       *value  = equals != NULL ? equals + 1 : NULL;
    char              typed[64];

    snprintf(typed, sizeof typed, "--%.*s", len < 60 ? (int)len : 60, name);
    if (option == NULL)
        return wrong_use(call->command, typed,
                         WORDS("there is no such option", "没有这个选项"));
    if (option->argument == NULL && value != NULL)
        return wrong_use(call->command, typed,
                         WORDS("this option takes no value", "此选项不带值"));
    if (option->argument != NULL && value == NULL) {
        if (*at + 1 >= argc)
            return wrong_use(call->command, typed,
                             WORDS("its value is missing", "缺少选项的值"));
        value = argv[++*at];
    }
    if (!(option->flags & YAO_OPTION_REPEATS) && yao_given(call, option->name))
        return wrong_use(call->command, typed,
                         WORDS("given twice", "重复给出"));
    if (call->given_count == YAO_MAX_ARGUMENTS)
        return wrong_use(call->command, typed,
                         WORDS("too many options", "选项过多"));

    call->given[call->given_count].option  = option;
    call->given[call->given_count++].value = value;
    return strcmp(option->name, "lang") == 0
               ? take_language(call->command, value)
               : 0;
}

static int take_directory(yao_invocation *call, int argc, char **argv, int *at)
{
    if (*at + 1 >= argc || argv[*at + 1][0] == '\0')
        return wrong_use(call->command, "-C",
                         WORDS("its folder is missing", "缺少目录"));
    call->directory       = argv[++*at];
    call->directory_given = true;
    return 0;
}

static int parse(yao_invocation *call, int argc, char **argv)
{
    bool only_operands = false;

    for (int i = 0; i < argc; i++) {
        int failed = 0;

        if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
            call->operands[call->operand_count++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            only_operands = true;
        else if (strcmp(argv[i], "-C") == 0)
            failed = take_directory(call, argc, argv, &i);
        else if (strcmp(argv[i], "-h") == 0)
            return -1;
        else if (argv[i][1] == '-')
            failed = take_option(call, argc, argv, &i);
        else
            failed = wrong_use(call->command, argv[i],
                               WORDS("there is no such option",
                                     "没有这个选项"));
        if (failed != 0)
            return failed;
    }
    return 0;
}

static int check_call(const yao_invocation *call)
{
    const yao_command *command = call->command;

    for (size_t i = 0; i < command->option_count; i++)
        if ((command->options[i].flags & YAO_OPTION_REQUIRED) &&
            !yao_given(call, command->options[i].name)) {
            char name[64];
            snprintf(name, sizeof name, "--%s", command->options[i].name);
            return wrong_use(command, name,
                             WORDS("it must be given", "必须给出"));
        }
    if (call->operand_count < (size_t)command->least)
        return wrong_use(command, command->operands,
                         WORDS("it must be given", "必须给出"));
    if (command->most >= 0 && call->operand_count > (size_t)command->most)
        return wrong_use(command, call->operands[command->most],
                         WORDS("one word too many", "多余的参数"));
    return 0;
}

static int run(const yao_command *command, int argc, char **argv)
{
    yao_invocation call = {.command = command, .directory = "."};
    const char    *home = getenv("YAOPAI_DIR");

    if (home != NULL && *home != '\0')
        call.directory = home;
    call.operands = calloc((size_t)argc + 1, sizeof *call.operands);
    if (call.operands == NULL)
        return yao_fail_memory();

    int failed = parse(&call, argc, argv);
    if (failed < 0 || (failed == 0 && yao_given(&call, "help"))) {
        yao_help_command(command, stdout);
        failed = 0;
    } else if (failed == 0) {
        call.json = command->json && yao_given(&call, "json");
        failed    = check_call(&call);
        if (failed == 0)
            failed = command->run(&call);
    }
    free(call.operands);
    return failed;
}

/* ---- which command ------------------------------------------------------ */

static int no_command(const char *noun, const char *verb)
{
    char words[128];

    snprintf(words, sizeof words, "%.60s%s%.60s", noun, verb ? " " : "",
             verb ? verb : "");
    return yao_fail(YAO_E_USAGE, WORDS("command", "命令"), words,
                    WORDS("there is no such command", "没有这个命令"),
                    WORDS("see `yaopai help`", "请看 `yaopai help`"));
}

static bool is_noun(const yao_command *const *commands, const char *word)
{
    for (; *commands != NULL; commands++)
        if ((*commands)->noun != NULL && strcmp((*commands)->noun, word) == 0)
            return true;

    return false;
}

static const yao_command *find(const yao_command *const *commands,
                               const char *noun, const char *verb)
{
    for (; *commands != NULL; commands++) {
        const char *its = (*commands)->noun;

        if ((its == NULL) != (noun == NULL))
            continue;
        if (noun != NULL && strcmp(its, noun) != 0)
            continue;
        if (strcmp((*commands)->verb, verb) == 0)
            return *commands;
    }
    return NULL;
}

/* `yaopai NOUN` alone: its verbs. */
static void help_noun(const yao_command *const *commands, const char *noun)
{
    for (; *commands != NULL; commands++)
        if ((*commands)->noun != NULL && strcmp((*commands)->noun, noun) == 0)
            printf("  yaopai %-22s %s\n", yao_command_name(*commands),
                   yao_say((*commands)->summary));
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int dispatch(const yao_command *const *commands, int argc, char **argv)
{
    if (argc < 2 || is_help(argv[1])) {
        yao_help_all(commands, stdout);
        return argc < 2 ? yao_exit_code(YAO_E_USAGE) : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("yaopai 0.1.0");
        return 0;
    }

    const yao_command *command = find(commands, NULL, argv[1]);
    if (command != NULL)
        return run(command, argc - 2, argv + 2);
    if (!is_noun(commands, argv[1]))
        return no_command(argv[1], NULL);
    if (argc < 3 || is_help(argv[2])) {
        help_noun(commands, argv[1]);
        return argc < 3 ? yao_exit_code(YAO_E_USAGE) : 0;
    }

    command = find(commands, argv[1], argv[2]);
    if (command == NULL)
        return no_command(argv[1], argv[2]);
    return run(command, argc - 3, argv + 3);
}

/* A verdict that a full disk swallowed was not given. */
int yao_dispatch(const yao_command *const *commands, int argc, char **argv)
{
    all_commands = commands;
    yao_language_open();

    int code = dispatch(commands, argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    return yao_worse_code(
        code, yao_fail(YAO_E_FILE, WORDS("output", "输出"), NULL,
                       WORDS("not all of it could be written",
                             "未能全部写出"),
                       WORDS("make room where it goes, and try again",
                             "请腾出空间后重试")));
}
