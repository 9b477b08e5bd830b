/* SPDX-License-Identifier: Apache-2.0 */

/** Verbs of the command line while a server holds the register: they work
 *  through it, and do what they do without it. */

#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/files.h"
#include "journey.h"
#include "server.h"

#define PERSON "12011919880808901X"
#define SERVE                                                                  \
    "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen none "         \
    "--console-listen none"

static test_server server;

static void prepare(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    test_must("authority init --demo -C @/a", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    assert_true(test_server_start(&server, SERVE));
}

/* How many changes the server's own writer has committed. */
static long committed(void)
{
    static char        answer[65536];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char        *ask = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                             "Connection: close\r\n\r\n";
    int                fd  = socket(AF_UNIX, SOCK_STREAM, 0);
    size_t             len = 0;
    ssize_t            n;

    snprintf(address.sun_path, sizeof address.sun_path, "%s",
             test_scratch_path("a/admin.sock"));
    assert_int_equal(
        connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, ask, strlen(ask)), strlen(ask));
    while ((n = read(fd, answer + len, sizeof answer - 1 - len)) > 0)
        len += (size_t)n;
    answer[len] = '\0';
    close(fd);
    const char *at = strstr(answer, "\nyaopai_store_members ");
    assert_non_null(at);
    return strtol(at + strlen("\nyaopai_store_members "), NULL, 10);
}

/* ---- the story ---- */

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
    bool        changes; /* what the server's writer commits */
} story[] = {
    {"gives people to the server", "person import -C @/a @/people.jsonl", 0,
     "imported", true},
    {"refuses them twice", "person import -C @/a @/people.jsonl", 2,
     "it is in the register already", false},
    {"counts them", "person count -C @/a", 0, "10", false},
    {"gives a person, and notes the look", "person show -C @/a " PERSON, 0,
     NULL, true},
    {"refuses a person who is not there",
     "person show -C @/a 11010519491231002X", 7, NULL, false},
    {"gives documents",
     "document issue -C @/a --wallet @/w --copies 2 --person " PERSON, 0, NULL,
     true},
    {"gives a list of them", "document list -C @/a --person " PERSON, 0,
     "resident", false},
    {"gives a revocation",
     "document revoke -C @/a --person " PERSON
     " --document resident_id --reason lost",
     0, "revoked", true},
    {"N129 refuses to take it back",
     "document restore -C @/a --person " PERSON " --document resident_id", 3,
     "a revocation is final", false},
    {"gives lists", "statuslist publish -C @/a --output @/l", 0, "revoked",
     true},
    {"N289 refuses a second server", SERVE, 7, "another server", false},
};

static void tell_story(void **state)
{
    size_t row    = (size_t)*state;
    long   before = committed();

    const test_output *o = test_type(story[row].line);
    if (o->code != story[row].code ||
        (story[row].says != NULL && !test_said(story[row].says)))
        print_error("%s\n%d %s\n", story[row].line, o->code, o->out);
    assert_int_equal(o->code, story[row].code);
    assert_true(story[row].says == NULL || test_said(story[row].says));
    if (story[row].changes)
        assert_true(committed() > before);
}

static void gives_the_same_without(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&server), 0);
    test_must("person count -C @/a", 0);
    assert_true(test_said("10"));
    test_must("document list -C @/a --person " PERSON, 0);
    assert_true(test_said("revoked"));
}

/* A killed server leaves its socket and an unlocked lock. */
static void gives_the_same_after_a_kill(void **state)
{
    (void)state;
    assert_true(test_server_start(&server, SERVE));
    test_server_signal(&server, SIGKILL);
    assert_int_equal(test_server_wait(&server), -1);
    assert_int_equal(access(test_scratch_path("a/store.sock"), F_OK), 0);
    test_must("person count -C @/a", 0);
}

int main(void)
{
    test_add("guests", "accepts a server", prepare, NULL);
    for (size_t i = 0; i < COUNT(story); i++)
        test_add("guests", story[i].name, tell_story, (const void *)i);
    test_add("guests", "gives the same without a server",
             gives_the_same_without, NULL);
    test_add("guests", "gives the same after a kill",
             gives_the_same_after_a_kill, NULL);
    int code = test_run("journeys/guests");
    test_scratch_remove();
    return code;
}
