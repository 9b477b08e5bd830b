/* SPDX-License-Identifier: Apache-2.0 */

/** The examples for those who run it: nginx reads its file and serves with it,
 *  systemd finds the units safe. Skipped, and said so, where there is none. */

#define _GNU_SOURCE
#include "check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "net/client.h"
#include "program.h"
#include "server.h"

static pid_t       nginx; /* 0: there is none */
static test_server server;
static unsigned    port; /* nginx's */

/* ---- other programs ----------------------------------------------------- */

static bool have(const char *program)
{
    char path[64];

    snprintf(path, sizeof path, "/usr/sbin/%s", program);
    if (access(path, X_OK) == 0)
        return true;
    snprintf(path, sizeof path, "/usr/bin/%s", program);
    return access(path, X_OK) == 0;
}

/* What it prints; its exit code in *CODE. */
static const char *type(const char *line, int *code)
{
    static char out[65536];
    FILE       *pipe = popen(line, "r");

    assert_non_null(pipe);
    out[fread(out, 1, sizeof out - 1, pipe)] = '\0';
    int status = pclose(pipe);
    *code      = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
}

/* ---- systemd ------------------------------------------------------------ */

static void is_safe(void **state)
{
    const char *unit = *state;
    char        line[512];
    int         code;
    double      level = 99;

    if (!have("systemd-analyze")) {
        print_message("# no systemd-analyze here\n");
        skip();
    }
    snprintf(line, sizeof line,
             "LC_ALL=C systemd-analyze security --no-pager --offline=true "
             "%s/docs/systemd/%s 2>&1",
             getenv("YAOPAI_SOURCE"), unit);
    const char *out = type(line, &code);
    const char *at  = strstr(out, "Overall exposure level for ");
    assert_non_null(at);
    at    = strstr(at, ": ");
    level = strtod(at + 2, NULL);
    if (level > 1.5)
        print_message("# %s: %.1f\n", unit, level);
    assert_true(level > 0 && level <= 1.5);
}

/* ---- nginx -------------------------------------------------------------- */

/* The example with this test's places in it. */
static void write_example(void)
{
    static const char *const names[] = {"id", "kiosk", "console"};
    char                     line[2048];
    int                      code;

    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(line, sizeof line,
                 "openssl req -x509 -newkey ec -pkeyopt "
                 "ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
                 "-addext subjectAltName=DNS:id.example,DNS:localhost -keyout "
                 "%s/%s.example.key -out %s/%s.example.pem 2>&1",
                 test_scratch(), names[i], test_scratch(), names[i]);
        (void)type(line, &code);
        assert_int_equal(code, 0);
    }
    snprintf(line, sizeof line,
             "sed -e 's|/etc/ssl/yaopai|%s|' -e 's|listen 80;|listen "
             "127.0.0.1:%u;|' -e 's|listen 443 |listen 127.0.0.1:%u |' -e "
             "'s|127.0.0.1:8440;|127.0.0.1:%u;|' %s/docs/nginx/yaopai.conf > "
             "%s/yaopai.conf",
             test_scratch(), test_free_port(), port,
             test_server_port(&server, "public"), getenv("YAOPAI_SOURCE"),
             test_scratch());
    (void)type(line, &code);
    assert_int_equal(code, 0);
}

static void write_main(void)
{
    char text[2048];

    snprintf(text, sizeof text,
             "daemon off;\nmaster_process off;\npid %s/nginx.pid;\n"
             "error_log %s/nginx.log;\nevents { }\nhttp {\n"
             "client_body_temp_path %s/t1;\nproxy_temp_path %s/t2;\n"
             "fastcgi_temp_path %s/t3;\nuwsgi_temp_path %s/t4;\n"
             "scgi_temp_path %s/t5;\ninclude %s/yaopai.conf;\n}\n",
             test_scratch(), test_scratch(), test_scratch(), test_scratch(),
             test_scratch(), test_scratch(), test_scratch(), test_scratch());
    assert_status(yao_file_write(test_scratch_path("nginx.conf"),
                                 yao_text_bytes(yao_text_of(text)), 0600,
                                 false),
                  YAO_OK);
}

static void run_nginx(void)
{
    const char *conf = test_scratch_path("nginx.conf");

    nginx = fork();
    if (nginx == 0) {
        execlp("nginx", "nginx", "-c", conf, "-e",
               test_scratch_path("nginx.log"), (char *)NULL);
        _exit(99);
    }
}

static void prepare(void **state)
{
    char line[300];
    int  code;

    (void)state;
    if (!have("nginx") || !have("openssl")) {
        print_message("# no nginx here\n");
        skip();
    }
    setenv("LC_ALL", "C", 1);
    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    port = test_free_port();
    assert_int_equal(test_type("authority init --demo -C @/a")->code, 0);
    assert_true(test_server_start(
        &server, "authority serve -C @/a --listen 127.0.0.1:0 --kiosk-listen "
                 "none --console-listen none --url https://id.example/issuer1"));
    write_example();
    write_main();
    snprintf(line, sizeof line, "nginx -t -c %s -e %s 2>&1",
             test_scratch_path("nginx.conf"), test_scratch_path("nginx.log"));
    const char *said = type(line, &code);
    if (code != 0)
        print_message("# %s\n", said);
    assert_int_equal(code, 0);
    run_nginx();
}

static void need_nginx(void)
{
    if (nginx == 0)
        skip();
}

static int curl(const char *arguments, const char *path, char *out, size_t cap)
{
    char line[1024];
    int  code;

    snprintf(line, sizeof line,
             "curl -sk --retry 20 --retry-connrefused --retry-delay 1 -m 20 "
             "--resolve id.example:%u:127.0.0.1 -w ' %%{http_code} "
             "%%{http_version}' %s 'https://id.example:%u%s' 2>&1",
             port, arguments, port, path);
    snprintf(out, cap, "%s", type(line, &code));
    return code;
}

typedef struct row {
    const char *name, *arguments, *path, *has;
} row;

static const row rows[] = {
    {"gives what stands behind, by HTTP/2", "", "/health",
     "{\"status\":\"ok\"} 200 2"},
    {"gives it under the public path (A1)", "", "/issuer1/health",
     "{\"status\":\"ok\"} 200"},
    {"gives a root under the public path", "", "/issuer1/roots/traffic.pem",
     "BEGIN CERTIFICATE"},
    {"refuses another public path", "", "/issuer2/health", " 404"},
    {"gives TLS 1.3", "--tlsv1.3 --tls-max 1.3", "/health", " 200"},
    {"gives TLS 1.2", "--tlsv1.2 --tls-max 1.2", "/health", " 200"},
    {"refuses TLS 1.1", "--tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0",
     "/health", " 000"},
    {"refuses TLS 1.2 without forward secrecy",
     "--tlsv1.2 --tls-max 1.2 --ciphers AES128-GCM-SHA256", "/health", " 000"},
    {"refuses metrics", "", "/metrics", " 404"},
    {"refuses two lengths (N305)",
     "--http1.1 -X POST -H 'Content-Length: 1' -H 'Content-Length: 2' -d a",
     "/health", " 400"},
    {"never loses an escape on the way", "", "/issuer1/roots/%2e%2e", " 404"},
    {"never passes on what a stranger says of itself",
     "-H 'X-Forwarded-Host: b.example' -H 'Host: id.example'", "/health",
     " 200"},
};

static void passes(void **state)
{
    const row *r = *state;
    char       out[65536];

    need_nginx();
    (void)curl(r->arguments, r->path, out, sizeof out);
    if (strstr(out, r->has) == NULL)
        print_message("# %s\n", out);
    assert_non_null(strstr(out, r->has));
}

/* How many of those that curl sends with ARGUMENTS to PATH are asked to wait.
 */
static unsigned count_waits(const char *arguments, const char *path)
{
    char     line[512];
    int      code;
    unsigned asked_to_wait = 0;

    snprintf(line, sizeof line,
             "curl -sk -m 20 --resolve id.example:%u:127.0.0.1 -o /dev/null -w "
             "'%%{http_code}\n' %s 'https://id.example:%u%s' 2>&1",
             port, arguments, port, path);
    const char *out = type(line, &code);
    for (; (out = strstr(out, "429\n")) != NULL; out += 4)
        asked_to_wait++;
    return asked_to_wait;
}

/* Who asks for more than fifty a second is asked to wait (N309, N310). */
static void limits(void **state)
{
    (void)state;
    need_nginx();
    assert_true(count_waits("", "/health?[1-1500]") > 100);
}

/* And who tries codes much sooner, under any of the paths: what all may get
 * wrong in a minute is not for one address to use up (N160). */
static void limits_tries(void **state)
{
    (void)state;
    need_nginx();
    assert_int_equal(count_waits("", "/issuer1/person/login?[1-50]"), 0);
    assert_int_equal(count_waits("-d '{}'", "/issuer1/par?[1-50]"), 0);
    assert_true(count_waits("-d '{}'", "/issuer1/person/login?[1-100]") > 40);
    assert_true(count_waits("-d '{}'", "/person/%66reeze?[1-20]") > 10);
}

static void finish(void **state)
{
    (void)state;
    if (nginx > 0) {
        kill(nginx, SIGTERM);
        (void)waitpid(nginx, NULL, 0);
        assert_int_equal(test_server_stop(&server), 0);
    }
    test_scratch_remove();
}

int main(void)
{
    test_add("systemd", "gives the authority's unit at most 1.5", is_safe,
             "yaopai-authority.service");
    test_add("systemd", "gives the provider's unit at most 1.5", is_safe,
             "yaopai-provider.service");
    test_add("systemd", "gives the desk's unit at most 1.5", is_safe,
             "yaopai-desk.service");
    test_add("nginx", "accepts the example", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("nginx", rows[i].name, passes, &rows[i]);
    test_add("nginx", "N160 refuses who tries too many codes", limits_tries,
             NULL);
    test_add("nginx", "refuses who asks too much (N309, N310)", limits, NULL);
    test_add("nginx", "gives the place back", finish, NULL);
    return test_run("journeys/deploy");
}
