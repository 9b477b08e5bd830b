/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "postgres_server.h"

#include <libpq-fe.h>

#include <errno.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BIN "/usr/lib/postgresql/15/bin/"

static char        folder[64];
static char        why[160];
static pid_t       server;
static bool        asked;
static const char *missing;

/* ---- as whom: initdb refuses root --------------------------------------- */

static const struct passwd *owner(void)
{
    return geteuid() == 0 ? getpwnam("postgres") : NULL;
}

static void become_owner(void)
{
    const struct passwd *pw = owner();

    if (pw != NULL && (setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 ||
                       setuid(pw->pw_uid) != 0))
        _exit(98);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

static pid_t start(const char *const *argv)
{
    pid_t child = fork();

    if (child == 0) {
        char log[96];

        become_owner();
        snprintf(log, sizeof log, "%s/log", folder);
        if (freopen(log, "a", stdout) == NULL || dup2(1, 2) < 0 ||
            freopen("/dev/null", "r", stdin) == NULL || chdir("/") != 0)
            _exit(97);
        execv(argv[0], (char *const *)(void *)(unsigned long)argv);
        _exit(96);
    }
    return child;
}

static bool ends_well(pid_t child)
{
    int status;

    return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* ---- its folder ---- */

static int remove_one(const char *path, const struct stat *st, int flag,
                      struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static const char *make_folder(void)
{
    const struct passwd *pw = owner();

    if (geteuid() == 0 && pw == NULL)
        return "root, and there is no user postgres";
    snprintf(folder, sizeof folder, "/tmp/yaopai-pg-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return "no temporary folder";
    if (pw != NULL && chown(folder, pw->pw_uid, pw->pw_gid) != 0)
        return "the temporary folder can't be given to postgres";
    return NULL;
}

/* ---- starting ---- */

static bool wait_until_ready(void)
{
    const struct timespec pause = {0, 20000000};
    char                  info[128];

    snprintf(info, sizeof info, "host=%s user=postgres dbname=postgres",
             folder);
    for (int i = 0; i < 3000; i++) { /* a minute */
        if (PQping(info) == PQPING_OK)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

static const char *start_server(void)
{
    char        data[96];
    const char *init[]  = {BIN "initdb",   "-D",     data, "-U", "postgres",
                           "-A",           "trust",  "-N", "-E", "UTF8",
                           "--locale=C.UTF-8", NULL};
    const char *serve[] = {BIN "postgres",
                           "-D", data,
                           "-k", folder,
                           "-c", "listen_addresses=",
                           "-c", "max_connections=60",
                           "-c", "shared_buffers=16MB",
                           "-c", "autovacuum=off", /* who looks for what is
                                                      gone, cleans up */
                           NULL};

    if (access(init[0], X_OK) != 0)
        return "PostgreSQL 15 is not installed";
    const char *trouble = make_folder();
    if (trouble != NULL)
        return trouble;
    snprintf(data, sizeof data, "%s/data", folder);
    if (!ends_well(start(init)))
        return "initdb failed";
    server = start(serve);
    atexit(test_postgres_stop);
    return wait_until_ready() ? NULL : "PostgreSQL did not start";
}

const char *test_postgres_missing(void)
{
    if (!asked) {
        asked   = true;
        missing = start_server();
        if (missing != NULL)
            snprintf(why, sizeof why, "# skipped: %s", missing);
    }
    return missing;
}

const char *test_postgres_folder(void)
{
    return folder;
}

void test_postgres_stop(void)
{
    if (server > 0) {
        kill(server, SIGQUIT);
        waitpid(server, NULL, 0);
        server = 0;
    }
    if (folder[0] != '\0')
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    folder[0] = '\0';
}

/* ---- schemas ---- */

static void say_nothing(void *ctx, const char *notice)
{
    (void)ctx;
    (void)notice;
}

const char *test_postgres_sql(const char *url, const char *sql, bool *fine)
{
    static char answer[256];
    PGconn     *conn   = PQconnectdb(strchr(url, ':') + 1);

    PQsetNoticeProcessor(conn, say_nothing, NULL);
    PGresult *result = PQexec(conn, sql);
    answer[0]        = '\0';
    if (fine != NULL)
        *fine = PQresultStatus(result) == PGRES_COMMAND_OK ||
                PQresultStatus(result) == PGRES_TUPLES_OK;
    if (PQntuples(result) > 0)
        snprintf(answer, sizeof answer, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(conn);
    return answer;
}

void test_postgres_url(char *out, size_t cap)
{
    static unsigned number;
    char            make[64];

    snprintf(out, cap, "postgres:host=%s user=postgres dbname=postgres",
             folder);
    snprintf(make, sizeof make, "CREATE SCHEMA s%u", number);
    test_postgres_sql(out, make, NULL);
    snprintf(out, cap,
             "postgres:host=%s user=postgres dbname=postgres "
             "options=-csearch_path=s%u",
             folder, number++);
}
