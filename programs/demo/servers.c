/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "demo/servers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    WORDS_AT_MOST = 30,
    TRIED_PORTS   = 200,
    READY_MS      = 30000, /* on a busy machine; usually some 100 */
    STOP_MS       = 15000,
    TOLD_OF_LOG   = 1500
};

/* ---- ports -------------------------------------------------------------- */

static bool is_free(unsigned port)
{
    struct sockaddr_in in  = {.sin_family = AF_INET,
                              .sin_port   = htons((uint16_t)port),
                              .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    int                one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    /* as servers do: what an earlier one left behind is no obstacle */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    bool free = bind(fd, (struct sockaddr *)&in, sizeof in) == 0 &&
                listen(fd, 1) == 0;
    close(fd);
    return free;
}

yao_demo_ports yao_demo_wish_ports(unsigned first)
{
    yao_demo_ports ports;

    for (unsigned i = 0; i < YAO_DEMO_PLACES; i++)
        ports.at[i] = first + i;
    return ports;
}

yao_status yao_demo_find_ports(yao_demo_ports *ports)
{
    unsigned next = 0, tried = 0;

    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        if (ports->at[i] >= next)
            next = ports->at[i] + 1;
    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        while (ports->at[i] > 65535 || !is_free(ports->at[i])) {
            if (tried++ == TRIED_PORTS || next > 65535)
                return YAO_E_NET;
            ports->at[i] = next++;
        }
    return YAO_OK;
}

/* ---- a server ----------------------------------------------------------- */

static const char *log_of(const yao_stage *stage, const yao_demo_server *server)
{
    char name[64];

    snprintf(name, sizeof name, "log/%s.log", server->name);
    return yao_stage_path(stage, name);
}

static void become(const yao_stage *stage, const yao_demo_server *server,
                   const char *const *argv, int out)
{
    int log  = open(log_of(stage, server), O_WRONLY | O_CREAT | O_APPEND, 0600);
    int none = open("/dev/null", O_RDONLY);

    sigset_t none_blocked;

    sigemptyset(&none_blocked);
    (void)sigprocmask(SIG_SETMASK, &none_blocked, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (log < 0 || none < 0)
        _exit(127);
    dup2(none, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    setenv("LC_ALL", yao_language_get() == YAO_ZH ? "zh_CN.UTF-8" : "C", 1);
    execv(stage->self, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static bool says_ready(const char *lines)
{
    return strncmp(lines, "ready\n", 6) == 0 ||
           strstr(lines, "\nready\n") != NULL;
}

static bool await_ready(int from)
{
    char          lines[2048] = "";
    size_t        len         = 0;
    struct pollfd p           = {.fd = from, .events = POLLIN};

    while (!says_ready(lines) && len < sizeof lines - 1) {
        if (poll(&p, 1, READY_MS) <= 0)
            return false;
        ssize_t n = read(from, lines + len, sizeof lines - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        lines[len] = '\0';
    }
    return says_ready(lines);
}

static void launch(yao_stage *stage, yao_demo_server *server,
                   const char *const *argv)
{
    int out[2];

    if (pipe2(out, O_CLOEXEC) != 0) {
        yao_stage_fail(stage, WORDS("no process can be started",
                                    "无法启动进程"));
        return;
    }
    server->pid = fork();
    if (server->pid == 0)
        become(stage, server, argv, out[1]);
    close(out[1]);
    bool ready = server->pid > 0 && await_ready(out[0]);
    close(out[0]);
    if (ready)
        return;
    yao_demo_stop(server);
    yao_stage_fail(stage, WORDS("this server did not start; its log ends with:",
                                "该服务未能启动，其日志末尾为："));
    yao_demo_tell_log(stage, server);
}

void yao_demo_start(yao_stage *stage, yao_demo_server *server, ...)
{
    const char *argv[WORDS_AT_MOST + 2];
    size_t      count = 0, len = 0;
    va_list     list;

    server->pid = 0;
    if (stage->failed)
        return;
    argv[count++] = stage->self;
    va_start(list, server);
    while (count <= WORDS_AT_MOST &&
           (argv[count] = va_arg(list, const char *)) != NULL)
        count++;
    va_end(list);
    argv[count] = NULL;
    for (size_t i = 0; i < count && len < sizeof stage->command; i++)
        len += (size_t)snprintf(stage->command + len,
                                sizeof stage->command - len, "%s%s",
                                i > 0 ? " " : "", i > 0 ? argv[i] : "yaopai");
    if (!stage->silent)
        printf("$ %s &\n", stage->command);
    fflush(stdout);
    launch(stage, server, argv);
}

/* ---- its end ------------------------------------------------------------ */

static bool ended(pid_t pid, int within_ms)
{
    const struct timespec pause = {0, 10000000};

    for (int waited = 0; waited < within_ms; waited += 10) {
        pid_t got = waitpid(pid, NULL, WNOHANG);

        if (got == pid || (got < 0 && errno == ECHILD))
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

void yao_demo_stop(yao_demo_server *server)
{
    if (server->pid <= 0)
        return;
    kill(server->pid, SIGTERM);
    if (!ended(server->pid, STOP_MS)) {
        kill(server->pid, SIGKILL);
        (void)ended(server->pid, STOP_MS);
    }
    server->pid = 0;
}

void yao_demo_tell_log(const yao_stage *stage, const yao_demo_server *server)
{
    char  text[TOLD_OF_LOG + 1];
    FILE *f = fopen(log_of(stage, server), "r");

    if (f == NULL)
        return;
    if (fseek(f, -TOLD_OF_LOG, SEEK_END) != 0)
        rewind(f);
    text[fread(text, 1, TOLD_OF_LOG, f)] = '\0';
    fclose(f);
    fputs(text, stdout);
    fflush(stdout);
}
