/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* unshare() */
#include "demo/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
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

/* ARGV with the file that is its standard input. */
static void print_feed(const char *file)
{
    printf("  < %s\n", file);
    fflush(stdout);
}

/* Put PATH in the place of standard input, and PIPE in that of output. */
static void redirect(const char *path, const int pipe[2])
{
    int feed = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (feed >= 0)
        dup2(feed, STDIN_FILENO);
    if (pipe != NULL) {
        dup2(pipe[1], STDOUT_FILENO);
        close(pipe[0]);
        close(pipe[1]);
    }
}

enum { SHOWN_OF_LINE = 76, SHOWN_OF_END = 120 };

static void print_line(const char *line, size_t len)
{
    if (len <= SHOWN_OF_LINE + SHOWN_OF_END)
        printf("%.*s\n", (int)len, line);
    else
        printf("%.*s ... %.*s\n", SHOWN_OF_LINE, line, SHOWN_OF_END,
               line + len - SHOWN_OF_END);
}

/* What a child writes, line by line; a line of a gate is 3 kB long. */
static void print_lines(int from)
{
    char   *line = NULL;
    size_t  room = 0;
    ssize_t len;
    FILE   *f = fdopen(from, "r");

    while (f != NULL && (len = getline(&line, &room, f)) > 0)
        print_line(line, (size_t)len - (line[len - 1] == '\n'));
    free(line);
    if (f != NULL)
        fclose(f);
    fflush(stdout);
}

/* How a step is run. */
typedef struct manner {
    bool        offline;
    const char *feed; /* standard input, and its lines are shortened */
} manner;

/* Each step is a process of its own, as it would be for a person: what one
 * leaves in memory the next does not find. */
static int run(const yao_stage *stage, const char **argv, manner how)
{
    bool  offline = how.offline;
    int   both[2];
    bool  piped = how.feed != NULL && pipe(both) == 0;
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
        redirect(how.feed, piped ? both : NULL);
        setenv("LC_ALL", yao_language_get() == YAO_ZH ? "zh_CN.UTF-8" : "C", 1);
        execv(stage->self, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    if (piped) {
        close(both[1]);
        print_lines(both[0]);
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
    compare(stage, run(stage, argv, (manner){false, NULL}), want);
}

void yao_stage_run_offline(yao_stage *stage, int want, ...)
{
    const char *argv[WORDS_AT_MOST + 2];
    va_list     list;

    va_start(list, want);
    collect(argv, stage->self, list);
    va_end(list);
    compare(stage, run(stage, argv, (manner){true, NULL}), want);
}

void yao_stage_run_fed(yao_stage *stage, int want, const char *file, ...)
{
    const char *argv[WORDS_AT_MOST + 2];
    va_list     list;

    va_start(list, file);
    collect(argv, stage->self, list);
    va_end(list);
    print_feed(file);
    compare(stage, run(stage, argv, (manner){true, file}), want);
}
