/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "program.h"

#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 64 };

static test_output last;
static char        scratch[4096];

static void die(const char *what)
{
    perror(what);
    exit(99);
}

const char *test_scratch(void)
{
    if (scratch[0] == '\0') {
        snprintf(scratch, sizeof scratch, "/tmp/yaopai-test-XXXXXX");
        if (mkdtemp(scratch) == NULL)
            die("mkdtemp");
    }
    return scratch;
}

static int remove_one(const char *path, const struct stat *st, int flag,
                      struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

void test_scratch_remove(void)
{
    if (scratch[0] != '\0')
        nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    scratch[0] = '\0';
}

const char *test_scratch_path(const char *name)
{
    static char   buffers[16][4200];
    static size_t turn;
    char         *out = buffers[turn++ % 16];

    snprintf(out, sizeof buffers[0], "%s/%s", test_scratch(), name);
    return out;
}

static void feed(int fd, const char *input)
{
    size_t  len = input != NULL ? strlen(input) : 0;
    ssize_t put = len > 0 ? write(fd, input, len) : 0;

    if (put < (ssize_t)len)
        die("write");
    close(fd);
}

static void drain(int fd)
{
    ssize_t got;

    last.len = 0;
    while ((got = read(fd, last.out + last.len,
                       sizeof last.out - 1 - last.len)) > 0)
        last.len += (size_t)got;
    last.out[last.len] = '\0';
    close(fd);
}

static void become(const char *const *argv, const int in[2], const int out[2])
{
    const char *words[WORDS + 2] = {"yaopai"};
    const char *build            = getenv("YAOPAI_BUILD");
    char        program[4096];
    size_t      count = 1;

    while (*argv != NULL && count < WORDS)
        words[count++] = *argv++;
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(out[1], 2);
    close(in[1]);
    close(out[0]);
    execv(program, (char *const *)(void *)(unsigned long)words);
    die(program);
}

const test_output *test_run_program(const char *const *argv, const char *input)
{
    int   in[2], out[2], status;
    pid_t child;

    if (pipe(in) != 0 || pipe(out) != 0)
        die("pipe");
    child = fork();
    if (child == 0)
        become(argv, in, out);
    close(in[0]);
    close(out[1]);
    feed(in[1], input);
    drain(out[0]);
    if (waitpid(child, &status, 0) != child)
        die("waitpid");
    last.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return &last;
}

/* "@/x" and "%/x" with their folder put before. */
static char *expand(const char *word, size_t len)
{
    const char *folder = "";
    char       *out    = malloc(len + 4096);

    if (out == NULL)
        die("malloc");
    if (len > 1 && word[0] == '@' && word[1] == '/')
        folder = test_scratch();
    else if (len > 1 && word[0] == '%' && word[1] == '/')
        folder = getenv("YAOPAI_VECTORS");
    size_t skip = folder != NULL && *folder != '\0';
    snprintf(out, len + 4096, "%s%.*s", folder != NULL ? folder : "",
             (int)(len - skip), word + skip);
    return out;
}

size_t test_split(const char *line, char **words, size_t most)
{
    size_t count = 0;

    while (*line != '\0' && count < most) {
        char   end = *line == '\'' ? '\'' : ' ';
        size_t len = 0;

        line += end == '\'';
        while (line[len] != '\0' && line[len] != end)
            len++;
        if (len > 0 || end == '\'')
            words[count++] = expand(line, len);
        line += len + (line[len] == end);
    }
    words[count] = NULL;
    return count;
}

const test_output *test_type(const char *line)
{
    char  *words[WORDS + 1];
    size_t count = test_split(line, words, WORDS);

    const test_output *output =
        test_run_program((const char *const *)words, NULL);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    return output;
}

bool test_said(const char *text)
{
    return strstr(last.out, text) != NULL;
}
