/* SPDX-License-Identifier: Apache-2.0 */

/** An authority on the network: started, asked, supervised, ended. */

#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"
#include "net/client.h"
#include "journey.h"
#include "server.h"

#define PERSON "12011919880808901X"
#define SERVE                                                                  \
    "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen 127.0.0.1:0 "  \
    "--console-listen 127.0.0.1:0"

static test_server server;
static net_client *client;
static char        base[64];
static bool        runs; /* without it nothing else can be tried */

/* ---- the world ----------------------------------------------------------- */

static void print_log(void)
{
    yao_bytes file;

    if (yao_file_read(server.log, 1 << 20, &file) != YAO_OK)
        return;
    print_message("# %.*s\n", (int)file.len, (const char *)file.ptr);
    yao_file_free(&file);
}

static void prepare(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    test_use_passphrase();
    test_write_people();
    test_must("authority init --demo -C @/a", 0);
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("document issue -C @/a --wallet @/w --copies 1 --cards 0 "
              "--person " PERSON,
              0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/a/trust", 0);
    if (!test_server_start(&server, SERVE))
        print_log();
    assert_int_not_equal(test_server_port(&server, "public"), 0);
    snprintf(base, sizeof base, "http://127.0.0.1:%u",
             test_server_port(&server, "public"));
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &client),
                  YAO_OK);
    assert_status(net_client_allow(client, base), YAO_OK);
    runs = true;
}

static net_answer fetch(const char *method, const char *path,
                        const char *name, const char *value)
{
    char       url[256];
    net_header header = {yao_text_of(name), yao_text_of(value)};
    net_answer answer;
    net_call   call = {.method       = method,
                       .headers      = &header,
                       .header_count = name[0] != '\0',
                       .most         = 1 << 20};

    snprintf(url, sizeof url, "%s%s", base, path);
    call.url = yao_text_of(url);
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    return answer;
}

static const char *header_of(const net_answer *answer, const char *name)
{
    yao_text text = net_answer_header(answer, name);
    char    *out  = yao_arena_take(test_arena(), text.len + 1);

    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    return out;
}

/* ---- what everybody may fetch ------------------------------------------- */

static const struct {
    const char *name;
    const char *method, *path, *header, *value;
    int         status;
    const char *type;
    const char *file; /* that is given; NULL: not compared */
} rows[] = {
    {"gives health", "GET", "/health", "", "", 200, "application/json", NULL},
    {"gives readiness", "GET", "/ready", "", "", 200, "application/json", NULL},
    {"gives a list as a JWT", "GET", "/statuslists/1", "", "", 200,
     "application/statuslist+jwt", "lists/1.jwt"},
    {"gives a list as a JWT when asked", "GET", "/statuslists/1", "Accept",
     "application/statuslist+jwt", 200, "application/statuslist+jwt",
     "lists/1.jwt"},
    {"gives a list as a CWT when asked", "GET", "/statuslists/1", "Accept",
     "application/statuslist+cwt", 200, "application/statuslist+cwt",
     "lists/1.cwt"},
    {"gives the more exactly wanted", "GET", "/statuslists/1", "Accept",
     "*/*, application/statuslist+cwt;q=0.9", 200, "application/statuslist+cwt",
     "lists/1.cwt"},
    {"never gives what is not wanted", "GET", "/statuslists/1", "Accept",
     "application/statuslist+jwt;q=0, */*", 200, "application/statuslist+jwt",
     NULL},
    {"refuses types that there are not", "GET", "/statuslists/1", "Accept",
     "text/html", 406, "application/json", NULL},
    {"refuses a list that there is not", "GET", "/statuslists/999", "", "", 404,
     "application/json", NULL},
    {"refuses list 0", "GET", "/statuslists/0", "", "", 404, "application/json",
     NULL},
    {"refuses a number with a zero before it", "GET", "/statuslists/01", "", "",
     404, "application/json", NULL},
    {"refuses what is no number", "GET", "/statuslists/1x", "", "", 404,
     "application/json", NULL},
    {"gives the VICAL", "GET", "/trust/vical.cbor", "", "", 200,
     "application/cbor", "a/trust/vical.cbor"},
    {"gives the parties", "GET", "/trust/parties.cose", "", "", 200,
     "application/cose", "a/trust/parties.cose"},
    {"gives the bundle", "GET", "/trust/bundle.cose", "", "", 200,
     "application/cose", "a/trust/bundle.cose"},
    {"gives the trust root", "GET", "/trust/trust-root.pem", "", "", 200,
     "application/x-pem-file", "a/trust/trust-root.pem"},
    {"refuses other files of the folder", "GET", "/trust/.publish.lock", "", "",
     404, "application/json", NULL},
    {"refuses a walk out of the folder (N269)", "GET", "/trust/%2e%2e", "", "",
     404, "application/json", NULL},
    {"gives a root in PEM", "GET", "/roots/population.pem", "", "", 200,
     "application/x-pem-file", "a/certificates/population-root.pem"},
    {"gives a root in DER", "GET", "/roots/traffic.der", "", "", 200,
     "application/pkix-cert", NULL},
    {"refuses a signer's name", "GET", "/roots/population-signer.pem", "", "",
     404, "application/json", NULL},
    {"refuses another method", "DELETE", "/statuslists/1", "", "", 405,
     "application/json", NULL},
    {"refuses metrics to everybody", "GET", "/metrics", "", "", 404,
     "application/json", NULL},
    {"refuses jobs to everybody", "POST", "/jobs/lists", "", "", 404,
     "application/json", NULL},
};

static void answers(void **state)
{
    assert_true(runs);
    size_t     i      = (size_t)(uintptr_t)*state;
    net_answer answer = fetch(rows[i].method, rows[i].path, rows[i].header,
                              rows[i].value);

    assert_int_equal(answer.status, rows[i].status);
    assert_string_equal(header_of(&answer, "content-type"), rows[i].type);
    assert_string_equal(header_of(&answer, "x-content-type-options"),
                        "nosniff");
    if (rows[i].file != NULL)
        assert_bytes(answer.body, test_read(rows[i].file));
}

static void key_is_kept(void **state)
{
    const char *key  = test_scratch_path("a/keys/log.pem");
    const char *away = test_scratch_path("away.pem");

    (void)state;
    if (!runs)
        fail();
    net_answer first = fetch("GET", "/log/key", "", "");
    assert_int_equal(first.status, 200);
    assert_int_equal(rename(key, away), 0);
    /* by the worker that was asked before, one of some thirty */
    net_answer second = fetch("GET", "/log/key", "", "");
    for (int i = 0; i < 2000 && second.status != 200; i++)
        second = fetch("GET", "/log/key", "", "");
    assert_int_equal(rename(away, key), 0);
    assert_int_equal(second.status, 200);
    assert_bytes(second.body, first.body);
}

static void is_kept(void **state)
{
    assert_true(runs);
    net_answer  first = fetch("GET", "/statuslists/1", "", "");
    const char *etag  = header_of(&first, "etag");

    (void)state;
    assert_string_equal(header_of(&first, "cache-control"),
                        "public, max-age=60");
    assert_string_equal(header_of(&first, "vary"), "Accept");
    assert_string_equal(header_of(&first, "access-control-allow-origin"), "*");
    net_answer again = fetch("GET", "/statuslists/1", "If-None-Match", etag);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body.len, 0);
}

/* What was signed a moment ago is what is given. */
static void is_fresh(void **state)
{
    assert_true(runs);
    net_answer before = fetch("GET", "/statuslists/1", "", "");

    (void)state;
    sleep(1); /* another second in the token */
    test_must("statuslist publish -C @/a --output @/lists", 0);
    net_answer after = fetch("GET", "/statuslists/1", "", "");
    assert_false(yao_bytes_equal(before.body, after.body));
    assert_bytes(after.body, test_read("lists/1.jwt"));
}

/* ---- supervision -------------------------------------------------------- */

static void supervises(void **state)
{
    assert_true(runs);
    char        place[300];
    net_client *admin;
    net_answer  answer;
    struct stat about;

    (void)state;
    snprintf(place, sizeof place, "unix:%s", test_scratch_path("a/admin.sock"));
    assert_int_equal(stat(place + 5, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_status(net_client_open(&(net_client_options){.loopback   = true,
                                                        .timeout_ms = 60000},
                                  &admin),
                  YAO_OK);
    assert_status(net_client_allow(admin, place), YAO_OK);
    net_call call = {.method = "GET",
                     .url    = YAO_TEXT("http://unix/metrics"),
                     .most   = 1 << 20};
    assert_status(net_client_fetch(admin, &call, test_arena(), &answer),
                  YAO_OK);
    assert_int_equal(answer.status, 200);
    assert_non_null(memmem(answer.body.ptr, answer.body.len,
                           "route=\"/statuslists/{number}\",class=\"2xx\"",
                           41));
    assert_non_null(memmem(answer.body.ptr, answer.body.len,
                           "\nyaopai_store_members ", 22));
    call.method = "POST";
    call.url    = YAO_TEXT("http://unix/jobs/none");
    assert_status(net_client_fetch(admin, &call, test_arena(), &answer),
                  YAO_OK);
    assert_int_equal(answer.status, 204);
    net_client_close(admin);
}

static void refuses_second(void **state)
{
    assert_true(runs);
    (void)state;
    const test_output *output = test_type(
        "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen none "
        "--console-listen none --admin none");
    assert_int_not_equal(output->code, 0);
    assert_true(test_said("another server works there"));
}

/* Nothing of its memory is left on a disk when it falls. */
static void leaves_no_core(void **state)
{
    char  path[64], line[256];
    bool  none = false;
    FILE *file;

    (void)state;
    assert_true(runs);
    snprintf(path, sizeof path, "/proc/%d/limits", (int)server.pid);
    file = fopen(path, "r");
    if (file == NULL)
        skip(); /* it is not ours to look at, which is as it should be */
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "Max core file size", 18) == 0)
            none = strtoul(line + 18, NULL, 10) == 0;
    fclose(file);
    assert_true(none);
}

/* In kilobytes; 0: it cannot be told. */
static unsigned long memory_of(int pid)
{
    char          path[64], line[256];
    unsigned long pss = 0;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "Pss:", 4) == 0)
            pss = strtoul(line + 4, NULL, 10);
    if (file != NULL)
        fclose(file);
    return pss;
}

/* Design 8: 24 MB, after it has served. */
static void is_small(void **state)
{
    (void)state;
    assert_true(runs);
    for (int i = 0; i < 200; i++)
        assert_int_equal(fetch("GET", "/statuslists/1", "", "").status, 200);
    /* workers give their memory back after a second without work; on a machine
     * that has much else to do it is later */
    unsigned long pss = 0;
    for (int i = 0; i < 30 && (i < 2 || pss >= 24 * 1024); i++) {
        sleep(1);
        pss = memory_of(server.pid);
    }
    print_message("# idle: %lu kB\n", pss);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&         \
    !defined(__clang__)
    assert_true(pss < 24 * 1024);
#endif
}

/* Commands work beside it. */
static void lets_commands(void **state)
{
    assert_true(runs);
    (void)state;
    test_must("person count -C @/a", 0);
    test_must("party list -C @/a", 0);
}

static bool log_has(const char *text)
{
    yao_bytes file;
    bool      has;

    assert_status(yao_file_read(server.log, 1 << 20, &file), YAO_OK);
    has = memmem(file.ptr, file.len, text, strlen(text)) != NULL;
    yao_file_free(&file);
    return has;
}

static void logs(void **state)
{
    assert_true(runs);
    (void)state;
    (void)fetch("GET", "/statuslists/CANARY?q=CANARY", "X-Who", "CANARY");
    (void)fetch("GET", "/CANARY", "", "");
    assert_true(log_has("DEMO: documents are SPECIMEN"));
    assert_true(log_has("route=/statuslists/{number} status=404"));
    assert_false(log_has("CANARY"));
}

/* ---- ending ------------------------------------------------------------- */

static struct sockaddr_in place(void)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr   = {htonl(INADDR_LOOPBACK)},
        .sin_port   = htons((uint16_t)test_server_port(&server, "public"))};
}

static int dial(void)
{
    struct sockaddr_in a  = place();
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
                     (ssize_t)strlen(text));
}

/* The head of a request came, and its body is waited for. */
static void await_go_on(int fd)
{
    static const char want[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char              got[sizeof want];

    assert_int_equal(recv(fd, got, sizeof want - 1, MSG_WAITALL),
                     (ssize_t)(sizeof want - 1));
    assert_memory_equal(got, want, sizeof want - 1);
}

/* It ends: nobody comes in any more. */
static void await_no_more(void)
{
    struct sockaddr_in a        = place();
    test_patience      patience = test_patience_begin();
    bool               in       = true;

    while (in) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        in     = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
        close(fd);
        assert_true(!in || test_wait(&patience));
    }
}

/* A request whose body is on the way when the signal comes. */
static void ends_gracefully(void **state)
{
    assert_true(runs);
    int     fd = dial();
    char    answer[4096];
    size_t  len = 0;
    ssize_t n;

    (void)state;
    send_text(fd, "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n"
                  "Expect: 100-continue\r\n\r\n");
    await_go_on(fd);
    send_text(fd, "half.");
    test_server_signal(&server, SIGTERM);
    await_no_more();
    send_text(fd, "whole");
    while ((n = recv(fd, answer + len, sizeof answer - 1 - len, 0)) > 0)
        len += (size_t)n;
    answer[len] = '\0';
    close(fd);
    assert_non_null(strstr(answer, "HTTP/1.1 404"));
    assert_non_null(strstr(answer, "Connection: close"));
    assert_int_equal(test_server_wait(&server), 0);
    assert_true(log_has("event=stopped"));
    assert_int_not_equal(
        access(test_scratch_path("a/admin.sock"), F_OK), 0);
}

static void starts_again(void **state)
{
    assert_true(runs);
    (void)state;
    assert_true(test_server_start(&server, SERVE));
    assert_int_equal(test_server_stop(&server), 0);
}

/* After a kill the socket's file and the lock's are there; that is no
 * hindrance. */
static void survives_kill(void **state)
{
    assert_true(runs);
    (void)state;
    assert_true(test_server_start(&server, SERVE));
    test_server_signal(&server, SIGKILL);
    assert_int_equal(test_server_wait(&server), -1);
    assert_int_equal(access(test_scratch_path("a/admin.sock"), F_OK), 0);
    assert_true(test_server_start(&server, SERVE));
    assert_int_equal(test_server_stop(&server), 0);
}

/* ---- production --------------------------------------------------------- */

static void edit(const char *from, const char *to)
{
    yao_bytes   file = test_read("a/authority.ini");
    const char *at   = memmem(file.ptr, file.len, from, strlen(from));
    yao_writer  w    = yao_writer_in(test_arena());
    yao_bytes   out;

    assert_non_null(at);
    size_t before = (size_t)(at - (const char *)file.ptr);
    yao_put_bytes(&w, (yao_bytes){file.ptr, before});
    yao_put_text(&w, to);
    yao_put_bytes(&w, (yao_bytes){file.ptr + before + strlen(from),
                                  file.len - before - strlen(from)});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("a/authority.ini"), out,
                                 0600, false),
                  YAO_OK);
}

static void refuses_specimen(void **state)
{
    assert_true(runs);
    (void)state;
    edit("\ndemo = yes\n", "\ndemo = no\n");
    assert_int_not_equal(test_type(SERVE)->code, 0);
    assert_true(test_said("SPECIMEN, and demo = yes is not set"));
    edit("\ndemo = no\n", "\ndemo = yes\n");
}

static void serves_production(void **state)
{
    test_server real;

    (void)state;
    test_must("authority init -C @/p --name 'Example Bureau'", 0);
    assert_true(test_server_start(
        &real, "authority serve -C @/p --listen 127.0.0.1:0 --kiosk-listen "
               "none --console-listen none --url https://id.example/issuer1"));
    assert_int_equal(test_server_port(&real, "kiosk"), 0);
    assert_int_equal(test_server_stop(&real), 0);
    assert_int_not_equal(
        test_type("authority serve -C @/p --listen 127.0.0.1:0 --kiosk-listen "
                  "none --console-listen none --url http://id.example")
            ->code,
        0);
    assert_true(test_said("without encryption"));
}

static void finish(void **state)
{
    (void)state;
    net_client_close(client);
    test_server_signal(&server, SIGKILL);
    test_scratch_remove();
}

int main(void)
{
    test_add("serve", "gives an authority that serves", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("public", rows[i].name, answers, (void *)(uintptr_t)i);
    test_add("public", "gives the log's key, not opened for each who asks",
             key_is_kept, NULL);
    test_add("public", "gives 304 for what is known", is_kept, NULL);
    test_add("public", "gives what was signed a moment ago", is_fresh, NULL);
    test_add("serve", "gives metrics on the admin socket, to its owner",
             supervises, NULL);
    test_add("serve", "refuses a second server of the same folder (N289)",
             refuses_second, NULL);
    test_add("serve", "never leaves a core file (N320)", leaves_no_core, NULL);
    test_add("serve", "gives memory back when it is idle", is_small, NULL);
    test_add("serve", "accepts commands beside it", lets_commands, NULL);
    test_add("serve", "never logs what was sent (N316, N317, N319)", logs,
             NULL);
    test_add("serve", "gives the answers that are under way, then ends",
             ends_gracefully, NULL);
    test_add("serve", "accepts a second start", starts_again, NULL);
    test_add("serve", "accepts a start after a kill", survives_kill, NULL);
    test_add("production", "refuses what says SPECIMEN", refuses_specimen,
             NULL);
    test_add("production", "refuses plain HTTP for others", serves_production,
             NULL);
    test_add("serve", "gives the place back", finish, NULL);
    return test_run("journeys/serve");
}
