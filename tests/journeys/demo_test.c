/* SPDX-License-Identifier: Apache-2.0 */

/** The whole story, as a new user runs it, with its two servers, and what it
 *  leaves behind; a story that goes wrong; the servers alone. */

#define _GNU_SOURCE
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "demo/servers.h"
#include "net/client.h"
#include "program.h"
#include "server.h"

/* Both are told at once by several who test: each from ports of its own, and
 * some more for what moves. */
static unsigned first_port(void)
{
    return test_free_ports(2 * YAO_DEMO_PLACES);
}

static const test_output *type_demo(const char *line)
{
    char whole[256];

    snprintf(whole, sizeof whole, "demo --port %u %s", first_port(), line);
    return test_type(whole);
}

static void tell(void **state)
{
    const test_output *output = type_demo("-C @/demo");

    (void)state;
    if (output->code != 0)
        print_message("%s\n", output->out);
    assert_int_equal(output->code, 0);
    assert_false(test_said("!!"));
    assert_true(test_said("signed anew and fetched"));
    assert_true(test_said(" 0 names or numbers found"));
    assert_true(test_said("SPECIMEN"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("demo/passphrase"), 1);
}

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *says;
} lines[] = {
    {"refuses to be told twice in one folder", "demo -C @/demo", 3, "demo"},
    {"gives the holder what a document says",
     "wallet show -C @/demo/wallets/1 driving_licence", 0, "SPECIMEN"},
    {"gives it in Chinese",
     "wallet show --lang zh -C @/demo/wallets/1 resident_id", 0, "姓名"},
    {"refuses a document that is not there",
     "wallet show -C @/demo/wallets/1 residence_permit", 7, "residence_permit"},
    {"spends a copy for each showing",
     "wallet list -C @/demo/wallets/1", 0, "3 of 4 copies left"},
    {"gives the list as JSON", "wallet list --json -C @/demo/wallets/1", 0,
     "\"unspent\":3"},
    {"gives the history as JSON", "wallet history --json -C @/demo/wallets/1",
     0, "\"party\":\"示例酒店\""},
    {"never shows values in the history",
     "wallet history -C @/demo/wallets/1", 0, "full_name"},
    {"refuses a wallet with another passphrase",
     "wallet list -C @/demo/wallets/1 --passphrase-file "
     "@/demo/hotel/reader.pem", 7, "passphrase"},
    {"refuses an unknown profile",
     "wallet present -C @/demo/wallets/1 --profile nosy --yes", 1, "nosy"},
    {"refuses an mdoc without a session",
     "wallet present -C @/demo/wallets/1 --profile hotel --yes", 1,
     "--session-transcript"},
    {"refuses an SD-JWT without nonce and audience",
     "wallet present -C @/demo/wallets/1 --profile hotel --format sd-jwt --yes",
     1, "--nonce"},
    {"refuses a party that does not say who it is (N049)",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --yes", 3, "--reader"},
    {"refuses a party whose certificate no root vouches for (N049)",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --reader "
     "@/demo/authority/certificates/population-signer.pem --yes", 3,
     "population-signer.pem"},
    {"refuses to show without consent",
     "wallet present -C @/demo/wallets/1 --profile hotel --session-transcript "
     "@/demo/hotel/session.cbor --reader @/demo/hotel/reader.pem", 3,
     "did not agree"},
    {"refuses what the person does not have",
     "wallet present -C @/demo/wallets/10 --profile road_check "
     "--session-transcript @/demo/police/session.cbor --reader "
     "@/demo/police/reader.pem --yes", 7, "does not hold"},
    {"gives the structure of what was shown",
     "inspect @/demo/hotel/guest.cbor", 0, "\"issuerAuth\""},
    {"gives the structure of a token", "inspect @/demo/hotel/guest.txt", 0,
     "key binding JWT"},
    {"gives the fields of a certificate",
     "inspect @/demo/authority/certificates/traffic-root.pem", 0,
     "subject CN"},
    {"never prints a private key", "inspect @/demo/hotel/reader-key.pem", 0,
     "PRIVATE KEY"},
    {"refuses to inspect nothing at all", "inspect @/demo/nothing", 7,
     "nothing"},
    {"gives two documents of one person in one verdict",
     "verify --json --trust @/demo/authority/certificates/traffic-root.pem "
     "--status @/demo/lists/2.cwt --status @/demo/lists/3.jwt "
     "--session-transcript @/demo/police/session.cbor --reader-key "
     "@/demo/police/session-key.pem @/demo/police/driver.cbor", 0,
     "\"type\":\"org.iso.7367.1.mVRC\""},
    {"never accepts the MAC without the policeman's key",
     "verify --trust @/demo/authority/certificates/traffic-root.pem "
     "--session-transcript @/demo/police/session.cbor "
     "@/demo/police/driver.cbor", 5, "INDETERMINATE"},
    {"refuses a document that its signer may not issue (N102)",
     "verify --trust @/demo/authority/certificates/reader-root.pem "
     "--session-transcript @/demo/hotel/session.cbor @/demo/hotel/guest.cbor",
     3, "issuer_chain"},
    {"refuses what a profile asks and nobody showed",
     "verify --trust @/demo/authority/certificates/traffic-root.pem "
     "--session-transcript @/demo/police/session.cbor --reader-key "
     "@/demo/police/session-key.pem --profile hotel "
     "@/demo/police/driver.cbor", 3, "profile"},
};

static void type_line(void **state)
{
    size_t             i      = *(const size_t *)*state;
    const test_output *output = test_type(lines[i].line);

    if (output->code != lines[i].code || !test_said(lines[i].says))
        print_message("%s\n", output->out);
    assert_int_equal(output->code, lines[i].code);
    assert_true(test_said(lines[i].says));
}

/* The wallet says names, the register says nothing: no value of a person lies
 * in the clear in any file but the one that was imported and what was shown. */
static void no_values(void **state)
{
    static const char *const folders[] = {"demo/authority", "demo/wallets",
                                          "demo/desk",
                                          "demo/log/authority.log",
                                          "demo/log/provider.log",
                                          "demo/log/desk.log"};
    static const char *const values[]  = {"12011919880808901X", "李示例",
                                          "天津市蓟州区", "津C00A01",
                                          "120119199202299025", "王样本"};
    char                     command[8192];

    (void)state;
    for (size_t f = 0; f < COUNT(folders); f++)
        for (size_t v = 0; v < COUNT(values); v++) {
            snprintf(command, sizeof command, "grep -rqaF -- '%s' '%s'",
                     values[v], test_scratch_path(folders[f]));
            assert_int_not_equal(system(command), 0);
        }
}

/* ---- when it goes wrong -------------------------------------------------- */

static bool has_stopped(const char *log)
{
    char command[512];

    snprintf(command, sizeof command, "grep -q event=stopped '%s'",
             test_scratch_path(log));
    return system(command) == 0;
}

static void names_what_failed(void **state)
{
    (void)state;
    /* where a party's files go there is a file already */
    assert_status(yao_folder_make(test_scratch_path("wrong"), 0700), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("wrong/police-party"),
                                 YAO_LIT("x"), 0600, true),
                  YAO_OK);
    assert_int_equal(type_demo("-C @/wrong")->code, 7);
    assert_true(test_said("!! exit code"));
    assert_true(test_said("the story has 0 here:\n   $ yaopai party register"));
    assert_true(test_said("--name 示例交警支队"));
    assert_false(test_said("A register of people")); /* it is over */
    assert_true(has_stopped("wrong/log/authority.log"));
    assert_true(has_stopped("wrong/log/provider.log"));
}

/* ---- the servers alone --------------------------------------------------- */

static pid_t serve(unsigned port)
{
    char        program[4096], number[16], folder[512], out[512];
    const char *build = getenv("YAOPAI_BUILD");

    snprintf(program, sizeof program, "%s/yaopai",
             build != NULL ? build : "build");
    snprintf(number, sizeof number, "%u", port);
    snprintf(folder, sizeof folder, "%s", test_scratch_path("served"));
    snprintf(out, sizeof out, "%s", test_scratch_path("served.out"));
    pid_t child = fork();
    if (child == 0) {
        if (freopen(out, "w", stdout) == NULL)
            _exit(99);
        execl(program, "yaopai", "demo", "--serve", "-C", folder, "--port",
              number, (char *)NULL);
        _exit(99);
    }
    return child;
}

static bool printed(const char *text)
{
    char command[1024];

    snprintf(command, sizeof command, "grep -sqF -- '%s' '%s'", text,
             test_scratch_path("served.out"));
    return system(command) == 0;
}

/* As long as it lives, it may. */
static bool comes(pid_t child, const char *text)
{
    siginfo_t end = {.si_pid = 0};

    while (!printed(text) && end.si_pid == 0) {
        usleep(100000);
        if (waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) != 0)
            return false;
    }
    return printed(text);
}

static int status_of(const char *url)
{
    net_client    *client;
    net_answer     answer = {.status = 0};
    const net_call call   = {.method = "GET", .url = yao_text_of(url)};
    char           origin[128];

    snprintf(origin, sizeof origin, "%.*s", (int)(strrchr(url, '/') - url),
             url);
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, origin), YAO_OK);
    yao_status status = net_client_fetch(client, &call, test_arena(), &answer);
    net_client_close(client);
    return status == YAO_OK ? answer.status : 0;
}

/* Codes that open a kiosk or the console are nobody else's on this machine. */
static void keeps_codes(void)
{
    struct stat st;

    assert_int_equal(stat(test_scratch_path("served/operator-1.json"), &st),
                     0);
    assert_int_equal(st.st_mode & 077, 0);
    assert_int_equal(stat(test_scratch_path("served/operator-2.json"), &st),
                     0);
    assert_int_equal(st.st_mode & 077, 0);
    if (stat(test_scratch_path("served/kiosk-code.json"), &st) == 0)
        assert_int_equal(st.st_mode & 077, 0); /* where there are pages */
}

/* Twice: from an empty folder, and where it was before. */
static void serves(void **state)
{
    unsigned port = first_port();
    int      end  = -1;
    char     url[128];

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        (void)remove(test_scratch_path("served.out"));
        pid_t child = serve(port);
        assert_true(comes(child, "Ctrl-C ends it"));
        snprintf(url, sizeof url, "http://authority.localhost:%u/health",
                 port);
        assert_true(printed("http://authority.localhost:"));
        assert_true(printed("http://console.localhost:"));
        assert_int_equal(status_of(url), 200);
        keeps_codes();
        assert_int_equal(kill(child, SIGINT), 0);
        assert_int_equal(waitpid(child, &end, 0), child);
        assert_true(WIFEXITED(end));
        assert_int_equal(WEXITSTATUS(end), 0);
        assert_int_equal(status_of(url), 0);
    }
}

/* Somebody has the port: the next free one it is. */
static void moves(void **state)
{
    struct sockaddr_in in   = {.sin_family = AF_INET,
                               .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    unsigned           port = first_port();
    int                fd   = socket(AF_INET, SOCK_STREAM, 0), end = -1;
    int                on = 1;
    char               url[128], command[512];

    (void)state;
    in.sin_port = htons((uint16_t)port);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on),
                     0);
    assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof in), 0);
    assert_int_equal(listen(fd, 1), 0);
    snprintf(command, sizeof command, "rm -rf '%s'",
             test_scratch_path("served"));
    assert_int_equal(system(command), 0);
    (void)remove(test_scratch_path("served.out"));
    pid_t child = serve(port);
    assert_true(comes(child, "Ctrl-C ends it"));
    snprintf(url, sizeof url, "Port %u is busy", port);
    assert_true(printed(url));
    assert_int_equal(kill(child, SIGTERM), 0);
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_int_equal(end, 0);
    close(fd);
}

int main(void)
{
    static size_t numbers[COUNT(lines)];

    test_add("demo", "accepts the whole story", tell, NULL);
    for (size_t i = 0; i < COUNT(lines); i++) {
        numbers[i] = i;
        test_add("after the demo", lines[i].name, type_line, &numbers[i]);
    }
    test_add("after the demo", "never leaves a value in the clear", no_values,
             NULL);
    test_add("demo", "gives the command that failed, and ends",
             names_what_failed, NULL);
    test_add("demo", "serves until it is told to end, twice in one folder",
             serves, NULL);
    test_add("demo", "gives another port for one that is busy", moves, NULL);
    int code = test_run("journeys/demo");
    test_scratch_remove();
    return code;
}
