/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* unshare() */
#include "demo/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_AT_MOST = 80, SHOWN_OF_LINE = 76, SHOWN_OF_END = 120 };

/* ---- telling ------------------------------------------------------------ */

void yao_stage_title(yao_stage *stage, yao_words title, yao_words text)
{
    bool bold = isatty(STDOUT_FILENO);

    stage->number++;
    if (stage->silent || stage->failed)
        return;
    printf("\n%s%zu. %s%s\n%s\n\n", bold ? "\033[1m" : "", stage->number,
           yao_say(title), bold ? "\033[0m" : "", yao_say(text));
    fflush(stdout);
}

void yao_stage_say(const yao_stage *stage, yao_words format, ...)
{
    va_list list;

    if (stage->silent || stage->failed)
        return;
    va_start(list, format);
    vprintf(yao_say(format), list);
    va_end(list);
    putchar('\n');
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

void yao_stage_fail(yao_stage *stage, yao_words why)
{
    if (stage->failed)
        return;
    stage->failed = true;
    printf("!! %s\n   $ %s\n", yao_say(why), stage->command);
    fflush(stdout);
}

/* ---- what is run -------------------------------------------------------- */

static void put(yao_stage *stage, size_t *len, const char *format,
                const char *word)
{
    int n = snprintf(stage->command + *len, sizeof stage->command - *len,
                     format, word);

    if (n > 0)
        *len += (size_t)n;
    if (*len >= sizeof stage->command)
        *len = sizeof stage->command - 1;
}

/* As one would type it. */
static void note(yao_stage *stage, const yao_step *step,
                 const char *const *words)
{
    size_t len = 0;

    put(stage, &len, "%s", "yaopai");
    for (size_t i = 0; words[i] != NULL; i++)
        put(stage, &len, strpbrk(words[i], " ?&;") != NULL ? " '%s'" : " %s",
            words[i]);
    if (step->feed != NULL)
        put(stage, &len, " < %s", step->feed);
    if (step->save != NULL)
        put(stage, &len, " | tee %s", step->save);
}

static void print_line(const char *line, size_t len)
{
    if (len <= SHOWN_OF_LINE + SHOWN_OF_END)
        printf("%.*s\n", (int)len, line);
    else
        printf("%.*s ... %.*s\n", SHOWN_OF_LINE, line, SHOWN_OF_END,
               line + len - SHOWN_OF_END);
}

/* PATH, for nobody else: what is kept may be a code that opens a console. */
static FILE *open_own(const char *path)
{
    int   fd  = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = NULL;

    if (fd >= 0 && fchmod(fd, 0600) == 0)
        out = fdopen(fd, "w");
    if (fd >= 0 && out == NULL)
        close(fd);
    return out;
}

/* What a child writes, line by line; a line of a gate is 3 kB long. */
static void pass_on(int from, const char *save, bool shown)
{
    char   *line = NULL;
    size_t  room = 0;
    ssize_t len;
    FILE   *f   = fdopen(from, "r");
    FILE   *out = save != NULL ? open_own(save) : NULL;

    while (f != NULL && (len = getline(&line, &room, f)) > 0) {
        if (out != NULL)
            fwrite(line, 1, (size_t)len, out);
        if (shown)
            print_line(line, (size_t)len - (line[len - 1] == '\n'));
    }
    free(line);
    if (f != NULL)
        fclose(f);
    if (out != NULL)
        fclose(out);
    fflush(stdout);
}

static void cut_network(bool quiet)
{
    bool cut = unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ||
               unshare(CLONE_NEWNET) == 0;

    if (quiet)
        return;
    if (!cut)
        puts(yao_say(WORDS("(this system does not let the demo cut the "
                           "network; verify opens no connection anyway)",
                           "（本系统不允许演示切断网络；verify 本就不建立任"
                           "何连接）")));
    else
        puts(yao_say(WORDS("(network cable out)", "（网线已拔）")));
    fflush(stdout);
}

/* Put a file in the place of standard input, and OUT in that of output. */
static void redirect(const yao_stage *stage, const yao_step *step, int out)
{
    int feed = step->feed != NULL ? open(step->feed, O_RDONLY | O_CLOEXEC) : -1;
    int log  = -1;

    if (feed >= 0)
        dup2(feed, STDIN_FILENO);
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    if (step->quiet)
        log = open(yao_stage_path(stage, "log/quiet.log"),
                   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        dup2(log, STDERR_FILENO);
        if (out < 0)
            dup2(log, STDOUT_FILENO);
    }
}

static void become(const yao_stage *stage, const yao_step *step, int out,
                   const char *const *words)
{
    const char *argv[WORDS_AT_MOST + 2];
    size_t      count = 0;

    if (step->offline)
        cut_network(step->quiet);
    redirect(stage, step, out);
    argv[count++] = stage->self;
    for (; *words != NULL && count <= WORDS_AT_MOST; words++)
        argv[count++] = *words;
    argv[count] = NULL;
    setenv("LC_ALL", yao_language_get() == YAO_ZH ? "zh_CN.UTF-8" : "C", 1);
    execv(stage->self, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* Each step is a process of its own, as it would be for a person: what one
 * leaves in memory the next does not find. */
static int run(const yao_stage *stage, const yao_step *step,
               const char *const *words)
{
    int   both[2];
    bool  piped = (step->feed != NULL || step->save != NULL) &&
                 pipe2(both, O_CLOEXEC) == 0;
    pid_t child = fork();
    int   status;

    if (child == 0)
        become(stage, step, piped ? both[1] : -1, words);
    if (piped) {
        close(both[1]);
        pass_on(both[0], step->save, !step->quiet);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;

    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void tell_code(yao_stage *stage, int got, const yao_step *step)
{
    printf(yao_say(WORDS("!! exit code %d; the story has %d here:\n   $ %s\n",
                         "!! 退出码 %d，本应为 %d：\n   $ %s\n")),
           got, step->want, stage->command);
    if (step->quiet && !stage->silent)
        printf(yao_say(WORDS("What it said is at the end of %s\n",
                             "其输出见 %s 末尾\n")),
               yao_stage_path(stage, "log/quiet.log"));
    fflush(stdout);
    stage->failed = true;
}

void yao_stage_run_words(yao_stage *stage, const yao_step *step,
                         const char *const *words)
{
    yao_step how = *step;

    if (stage->failed)
        return;
    how.quiet |= stage->silent;
    note(stage, &how, words);
    if (!how.quiet)
        printf("$ %s\n", stage->command);
    fflush(stdout);
    int got = run(stage, &how, words);
    if (!how.quiet)
        putchar('\n');
    if (got != how.want)
        tell_code(stage, got, &how);
}

void yao_stage_run(yao_stage *stage, const yao_step *step, ...)
{
    const char *words[WORDS_AT_MOST + 1];
    size_t      count = 0;
    va_list     list;

    va_start(list, step);
    while (count < WORDS_AT_MOST &&
           (words[count] = va_arg(list, const char *)) != NULL)
        count++;
    va_end(list);
    words[count] = NULL;
    yao_stage_run_words(stage, step, words);
}
