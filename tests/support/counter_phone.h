/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_COUNTER_PHONE_H
#define YAO_TEST_COUNTER_PHONE_H

/**
 * A phone at a counter: `wallet counter` beside the test, which reads the code
 * that it shows and hands it to a desk.
 *
 *     phone p;
 *     phone_start(&p, "-C @/w --yes");
 *     ... p.code ...
 *     assert_int_equal(phone_end(&p), 0);
 *     ... p.said ...
 */

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "desk_world.h"
#include "journey.h"

typedef struct phone {
    pid_t pid;
    char  code[4096]; /* letters; "" when it showed none */
    char  said[16384];
} phone;

static inline void phone_become(char **words)
{
    const char *build = getenv("YAOPAI_BUILD");
    char        program[4096];
    int out = open(test_scratch_path("phone.out"),
                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int in  = open("/dev/null", O_RDONLY);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    execv(program, words);
    _exit(99);
}

static inline void phone_nap(void)
{
    const struct timespec nap = {0, 10 * 1000 * 1000};

    nanosleep(&nap, NULL);
}

/* Has it ended by itself? */
static inline bool phone_is_over(const phone *p)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
               0 ||
           info.si_pid != 0;
}

static inline void phone_read(const char *name, char *out, size_t cap)
{
    yao_bytes file;

    out[0] = '\0';
    if (yao_file_read(test_scratch_path(name), cap - 1, &file) != YAO_OK)
        return;
    memcpy(out, file.ptr, file.len);
    out[file.len] = '\0';
    yao_file_free(&file);
}

/* Run `yaopai LINE --output @/code` and wait for the code. */
static inline void phone_run(phone *p, const char *line)
{
    char   all[2000];
    char  *words[64] = {NULL};
    size_t count;

    (void)unlink(test_scratch_path("code"));
    snprintf(all, sizeof all, "yaopai %s --output @/code", line);
    count   = test_split(all, words, 63);
    p->pid  = fork();
    if (p->pid == 0)
        phone_become(words);
    assert_true(p->pid > 0);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    while (!yao_path_exists(test_scratch_path("code")) && !phone_is_over(p))
        phone_nap();
    phone_read("code", p->code, sizeof p->code);
    p->code[strcspn(p->code, "\n")] = '\0';
}

/* As desk.ini has it. */
static inline const char *phone_desk(void)
{
    static char url[64];

    snprintf(url, sizeof url, "http://desk.localhost:%u", desk_port);
    return url;
}

/* At this desk's mailboxes, with its authority's list. */
static inline void phone_start(phone *p, const char *more)
{
    char line[1500];

    snprintf(line, sizeof line,
             "wallet counter --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem --mailbox %s/mailboxes %s",
             phone_desk(), more);
    phone_run(p, line);
}

/* Wait for its end: the exit code, -1 when a signal ended it. */
static inline int phone_end(phone *p)
{
    int status = 0;

    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    phone_read("phone.out", p->said, sizeof p->said);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* It would wait for somebody who does not come. */
static inline void phone_drop(phone *p)
{
    kill(p->pid, SIGKILL);
    (void)phone_end(p);
}

/* ---- the desk's side ---- */

/* Hand CODE to the desk. */
static inline net_answer phone_scan(const phone *p, const char *profile,
                                    const char *more)
{
    char json[5000];

    snprintf(json, sizeof json, "{\"profile\":\"%s\",\"engagement\":\"%s\"%s}",
             profile, p->code, more);
    return desk_api("POST", "/api/counters", json);
}

/* What became of session ID: its state, when it changes within 30 s. */
static inline const char *phone_state(const char *id, net_answer *ret)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s?wait=30", id);
    *ret = desk_api("GET", path, NULL);
    assert_int_equal(ret->status, 200);
    return desk_member(ret, "state");
}

#endif
