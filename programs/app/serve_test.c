/* SPDX-License-Identifier: Apache-2.0 */
/* A server that is told to stop while a thread of its own still works. */
#include "app/serve.h"

#include "check.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static net_server *net;

static const yao_crypto *no_crypto(void *server, unsigned worker)
{
    (void)server;
    (void)worker;
    return NULL;
}

static yao_status on_started(void *server, net_server *started,
                             app_metrics *metrics)
{
    (void)server;
    (void)metrics;
    net = started;
    return kill(getpid(), SIGTERM) == 0 ? YAO_OK : YAO_E_USAGE;
}

/* What a thread does until it is told. */
static void on_stopped(void *server)
{
    (void)server;
    if (net == NULL || net_server_count(net).requests != 0)
        _exit(7);
    net_server_wake(net, 1);
}

static void serve(void)
{
    const app_listener listeners[] = {{"public", "127.0.0.1:0", 0, ""},
                                      {"admin", NULL, 1, ""}};
    const app_serving  o           = {.program        = "test",
                                      .listeners      = listeners,
                                      .listener_count = COUNT(listeners),
                                      .admin          = 1,
                                      .workers        = 2,
                                      .crypto         = no_crypto,
                                      .started        = on_started,
                                      .stopped        = on_stopped};
    app_serve_trouble  trouble     = {NULL};

    (void)mallopt(M_PERTURB, 0xa5); /* what was freed is noise */
    alarm(60);
    _exit(app_serve(&o, &trouble) == YAO_OK ? 0 : 1);
}

static void lets_its_threads_end(void **state)
{
    int   status = 0;
    pid_t child  = fork();

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        serve();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    test_add("serve", "never frees the network before its threads have ended",
             lets_its_threads_end, NULL);
    return test_run("app/serve");
}
