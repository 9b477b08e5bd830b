/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

enum {
    MOST_WORDS = 62,
    LEAST_PORT = 10000, /* below those that the system gives to who asks */
    PORTS      = 20000,
    MOST_PORTS = 16
};

static void die(const char *what)
{
    perror(what);
    exit(99);
}

static void become(char **words, int out, const char *log)
{
    const char *build = getenv("YAOPAI_BUILD");
    char        program[4096];
    int         err = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int         in  = open("/dev/null", O_RDONLY);

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    (void)close_range(3, ~0u, 0);
    execv(program, words);
    die(program);
}

static bool is_ready(const char *lines)
{
    return strncmp(lines, "ready\n", 6) == 0 ||
           strstr(lines, "\nready\n") != NULL;
}

/* It has a few seconds more than anybody needs: reading ends with it. */
static bool read_lines(test_server *s, int fd)
{
    size_t len = 0;

    s->lines[0] = '\0';
    while (!is_ready(s->lines) && len < sizeof s->lines - 1) {
        ssize_t n = read(fd, s->lines + len, sizeof s->lines - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        s->lines[len] = '\0';
    }
    return true;
}

bool test_server_start(test_server *s, const char *line)
{
    static unsigned number;
    char           *words[MOST_WORDS + 2];
    char            name[32];
    int             out[2];

    words[0]     = strdup("yaopai");
    size_t count = 1 + test_split(line, words + 1, MOST_WORDS);
    snprintf(name, sizeof name, "server-%u.log", number++);
    snprintf(s->log, sizeof s->log, "%s", test_scratch_path(name));
    if (pipe2(out, O_CLOEXEC) != 0)
        die("pipe");
    s->pid = fork();
    if (s->pid < 0)
        die("fork");
    if (s->pid == 0)
        become(words, out[1], s->log);
    close(out[1]);
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    bool ready = read_lines(s, out[0]);
    close(out[0]);
    return ready;
}

/* ---- ports -------------------------------------------------------------- */

/* Who binds it alone has it alone. Made one to be used again only then, it
 * lets a server bind the same, which makes it so before, and listen. -1:
 * somebody has PORT. */
static int hold_port(unsigned *port)
{
    struct sockaddr_in at  = {.sin_family = AF_INET,
                              .sin_port   = htons((uint16_t)*port),
                              .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    socklen_t          len = sizeof at;
    int                on  = 1;
    int                fd  = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        die("socket");
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        die("port");
    *port = ntohs(at.sin_port);
    return fd;
}

unsigned test_free_port(void)
{
    unsigned port = 0;

    if (hold_port(&port) < 0)
        die("no port is free");
    return port;
}

/* All of them, or none. */
static bool hold_ports(unsigned first, unsigned count)
{
    int held[MOST_PORTS];

    for (unsigned i = 0; i < count; i++) {
        unsigned port = first + i;
        held[i]       = hold_port(&port);
        if (held[i] >= 0)
            continue;
        while (i > 0)
            close(held[--i]);
        return false;
    }
    return true;
}

unsigned test_free_ports(unsigned count)
{
    unsigned start = (unsigned)getpid() * 97;

    if (count > MOST_PORTS)
        die("too many ports");
    for (unsigned i = 0; i < PORTS; i += MOST_PORTS) {
        unsigned first = LEAST_PORT + (start + i) % PORTS;
        if (hold_ports(first, count))
            return first;
    }
    die("no ports are free");
    return 0;
}

/* ---- the server --------------------------------------------------------- */

unsigned test_server_port(const test_server *s, const char *name)
{
    char        want[64];
    const char *at;

    snprintf(want, sizeof want, "listening %s http://127.0.0.1:", name);
    at = strstr(s->lines, want);
    return at == NULL
               ? 0
               : (unsigned)strtoul(at + strlen(want), NULL, 10);
}

void test_server_signal(const test_server *s, int signal)
{
    if (s->pid > 0)
        kill(s->pid, signal);
}

int test_server_wait(test_server *s)
{
    int status = 0;

    if (s->pid <= 0 || waitpid(s->pid, &status, 0) != s->pid)
        return -1;
    s->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int test_server_stop(test_server *s)
{
    test_server_signal(s, SIGTERM);
    return test_server_wait(s);
}
