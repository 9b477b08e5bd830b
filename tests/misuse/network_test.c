/* SPDX-License-Identifier: Apache-2.0 */

/** Nothing in a document makes the verifier fetch anything: not the addresses
 *  in a certificate that nobody vouches for, nor those in a header or a claim.
 *  The kernel ends whoever asks for a socket, this program's children too. */

#include "check.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "mdoc_fixture.h"
#include "program.h"
#include "sdtoken.h"

#define LOCAL "http://169.254.169.254/latest"

static bool forbidden; /* the filter is in force */

static void forbid_sockets(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {COUNT(code), code};

    forbidden = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Else all below would prove nothing. */
static void filter_works(void **state)
{
    int   status;
    pid_t child;

    (void)state;
    if (!forbidden)
        skip();
    child = fork();
    if (child == 0) {
        (void)socket(AF_INET, SOCK_STREAM, 0);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

/* ---- what has addresses in it ------------------------------------------- */

/* A document whose signer says where its root's CRL is: here, inside. */
static yao_bytes crl_inside(void)
{
    yao_certificate  root;
    yao_bytes        good = mdoc_fixture_signed();
    yao_x509_request q;

    assert_status(yao_x509_read(mdoc_fixture_get()->root, &root), YAO_OK);
    q         = forge_request(YAO_X509_SIGNER, SIGNER_KEY, &root);
    q.crl_uri = YAO_TEXT(LOCAL);
    return cbor_set(good, MDOC_AUTH "/1/33",
                    cbor_of_bytes(forge_write(&q, ROOT_KEY)));
}

static yao_bytes status_inside(void)
{
    yao_mdoc_issue_request q = mdoc_fixture_request();

    q.status_uri   = YAO_TEXT(LOCAL);
    q.status_index = 1;
    return mdoc_fixture_show(mdoc_fixture_issue(&q),
                             mdoc_fixture_transcript("1"), false);
}

static yao_bytes token(const char *header, const char *iss)
{
    static char payload[512];
    sd_token    t = {.header = header, .payload = payload, .no_kb = true};

    snprintf(payload, sizeof payload,
             "{\"vct\":\"" LOCAL "\",\"vct#integrity\":\"sha256-x\","
             "\"iss\":\"%s\",\"status\":{\"status_list\":{\"idx\":1,\"uri\":\""
             LOCAL "\"}}}", iss);
    return sd_text(&t);
}

static yao_bytes iss_inside(void)
{
    return token(NULL, "http://localhost/issuer");
}

static yao_bytes file_inside(void)
{
    return token(NULL, "file:///etc/passwd");
}

static yao_bytes jku_inside(void)
{
    return token("{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",\"jku\":\"" LOCAL
                 "\"}",
                 LOCAL);
}

#define TOKEN "verify --at 2026-11-22T00:00:00Z --trust @/root.pem @/shown"
#define MDOC  TOKEN " --session-transcript @/session"

static const struct row {
    const char *name;
    yao_bytes (*message)(void);
    bool        trusted; /* the mdoc's root */
    const char *line;
    int         code;
} rows[] = {
    {"refuses an unverified certificate, without its CRL's address (N113)",
     crl_inside, false, MDOC, 3},
    {"accepts the same certificate under its root, without it (N113)",
     crl_inside, true, MDOC, 0},
    {"never accepts a status that nobody fetched", status_inside, true, MDOC, 5},
    {"refuses an issuer who says where its keys are (N114)", iss_inside, true,
     TOKEN, 3},
    {"refuses an issuer whose keys are a file (N114)", file_inside, true, TOKEN,
     3},
    {"refuses a header that says where the keys are (N084)", jku_inside, true,
     TOKEN, 2},
};

static void judged(void **state)
{
    const struct row *r = *state;
    uint8_t           pem[2048];
    yao_writer        w = yao_writer_open(pem, sizeof pem);

    if (!forbidden)
        skip();
    yao_pem_put(&w, "CERTIFICATE",
                r->trusted ? mdoc_fixture_get()->root
                           : mdoc_fixture_get()->other_root);
    assert_status(yao_file_write(test_scratch_path("root.pem"),
                                 (yao_bytes){w.ptr, w.len}, 0600, false),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("session"),
                                 mdoc_fixture_transcript("1"), 0600, false),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("shown"), r->message(),
                                 0600, false),
                  YAO_OK);

    const test_output *output = test_type(r->line);
    if (output->code != r->code)
        print_message("%s\n", output->out);
    assert_int_equal(output->code, r->code);
}

int main(void)
{
    forbid_sockets();
    test_add("network", "refuses sockets to those who ask for one",
             filter_works, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("network", rows[i].name, judged, &rows[i]);

    int code = test_run("misuse/network");
    test_scratch_remove();
    return code;
}
