/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* unshare() */
#include "demo/demo.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_AT_MOST = 32 };

void yao_stage_title(yao_stage *stage, yao_words title, yao_words text)
{
    bool bold = isatty(STDOUT_FILENO);

    printf("\n%s%zu. %s%s\n%s\n\n", bold ? "\033[1m" : "", ++stage->number,
           yao_say(title), bold ? "\033[0m" : "", yao_say(text));
    fflush(stdout);
}

void yao_stage_say(yao_words text)
{
    printf("%s\n", yao_say(text));
    fflush(stdout);
}

const char *yao_stage_path(const yao_stage *stage, const char *name)
{
    static char   buffers[16][4200];
    static size_t turn;
    char         *out = buffers[turn++ % 16];

    snprintf(out, sizeof buffers[0], "%s/%s", stage->folder, name);
    return out;
}

/* ARGV of what was said, the program's name first; prints it. */
static size_t collect(const char **argv, const char *self, va_list list)
{
    size_t count = 0;

    argv[count++] = self;
    for (const char *word; count < WORDS_AT_MOST &&
                           (word = va_arg(list, const char *)) != NULL;)
        argv[count++] = word;
    argv[count] = NULL;

    fputs("$ yaopai", stdout);
    for (size_t i = 1; i < count; i++)
        printf(strchr(argv[i], ' ') != NULL ? " '%s'" : " %s", argv[i]);
    putchar('\n');
    fflush(stdout);
    return count;
}

/* Each step is a process of its own, as it would be for a person: what one
 * leaves in memory the next does not find. */
static int run(const yao_stage *stage, const char **argv, bool offline)
{
    pid_t child = fork();
    int   status;

    if (child == 0) {
        if (offline && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 &&
            unshare(CLONE_NEWNET) != 0)
            puts(yao_say(WORDS("(this system does not let the demo cut the "
                               "network; verify opens no connection anyway)",
                               "（本系统不允许演示切断网络；verify 本就不建立任"
                               "何连接）")));
        else if (offline)
            puts(yao_say(WORDS("(network cable out)", "（网线已拔）")));
        fflush(stdout);
        setenv("LC_ALL", yao_language_get() == YAO_ZH ? "zh_CN.UTF-8" : "C", 1);
        execv(stage->self, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;

    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void compare(yao_stage *stage, int got, int want)
{
    if (got == want) {
        putchar('\n');
        return;
    }
    stage->failures++;
    printf(yao_say(WORDS("!! exit code %d, the story wanted %d\n\n",
                         "!! 退出码 %d，本应为 %d\n\n")),
           got, want);
}

void yao_stage_run(yao_stage *stage, int want, ...)
{
    const char *argv[WORDS_AT_MOST + 2];
    va_list     list;

    va_start(list, want);
    collect(argv, stage->self, list);
    va_end(list);
    compare(stage, run(stage, argv, false), want);
}

void yao_stage_run_offline(yao_stage *stage, int want, ...)
{
    const char *argv[WORDS_AT_MOST + 2];
    va_list     list;

    va_start(list, want);
    collect(argv, stage->self, list);
    va_end(list);
    compare(stage, run(stage, argv, true), want);
}
