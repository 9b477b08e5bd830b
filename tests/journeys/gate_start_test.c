/* SPDX-License-Identifier: Apache-2.0 */

/** A gate with the lists of a country: 100 roots, 200 status lists of a million
 *  entries. It starts without unpacking any, and unpacks the one that a card
 *  names. What it took is printed; only memory is asserted. */

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "card/card.h"
#include "inflate/inflate.h"
#include "journey.h"
#include "statuslist/statuslist.h"
#include "trust_fixture.h"

#define ISSUER "https://authority.example"

enum {
    ROOTS   = 100,
    LISTS   = 200,
    ENTRIES = 1000000,
    LIST    = ENTRIES / 8,
    REVOKED = 7919, /* every 100th, far apart: one that is set */
    VALID   = 1
};

enum { ROOT_KEY, SIGNER_KEY, STATUS_KEY, OTHER_KEY = 6, DEVICE_KEY = 3 };

static yao_time  today; /* the program's clock can't be moved */
static yao_bytes root, signer, status_signer, trust_root, trust_signer;
static yao_bytes all_tokens[LISTS];

/* ---- the authority ------------------------------------------------------ */

static yao_bytes certify(yao_x509_kind kind, int key, yao_bytes issuer,
                         int by)
{
    yao_certificate  read;
    yao_x509_request q;

    if (issuer.len > 0)
        assert_status(yao_x509_read(issuer, &read), YAO_OK);
    q            = forge_request(kind, key, issuer.len > 0 ? &read : NULL);
    q.issuer_uri = YAO_TEXT(ISSUER);
    if (kind == YAO_X509_SIGNER)
        q.san_uri = YAO_TEXT(ISSUER);
    q.not_before = today - 2 * YAO_TIME_DAY;
    q.not_after  = today + 60 * YAO_TIME_DAY;
    if (kind == YAO_X509_ROOT)
        q.not_after = today + 900 * YAO_TIME_DAY;
    return forge_write(&q, by);
}

static yao_bytes fulfil(const yao_sign_wish *wish, int key)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

/* One in a hundred is revoked, far from each other. */
static yao_bytes packed_entries(void)
{
    static uint8_t   entries[LIST];
    yao_deflate_wish wish = {{entries, sizeof entries}};
    yao_bytes        out  = {NULL, 0};

    for (uint64_t i = 1; i <= ENTRIES / 100; i++)
        assert_status(yao_status_set(entries, LIST, 1, i * REVOKED % ENTRIES,
                                     1),
                      YAO_OK);
    assert_status(yao_deflate(&wish, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes make_token(size_t number, yao_bytes packed)
{
    char                   uri[80];
    yao_statuslist_issuing issuing;
    yao_bytes              out = {NULL, 0};
    yao_writer             w   = yao_writer_in(test_arena());

    snprintf(uri, sizeof uri, ISSUER "/statuslists/%zu", number);
    yao_statuslist_request q = {.form        = YAO_STATUSLIST_CWT,
                                .uri         = yao_text_of(uri),
                                .issued_at   = today - 3600,
                                .expires     = today + 7 * YAO_TIME_DAY,
                                .ttl         = 43200,
                                .bits        = 1,
                                .compressed  = packed,
                                .alg         = YAO_ES256,
                                .chain       = &status_signer,
                                .chain_count = 1};
    size_t mark = test_arena()->used;
    assert_status(yao_statuslist_write(test_arena(), &q, &issuing), YAO_OK);
    yao_bytes signature = fulfil(&issuing.wish, STATUS_KEY);
    uint8_t  *buffer    = malloc(packed.len + 4096);

    w = yao_writer_open(buffer, packed.len + 4096);
    assert_status(yao_statuslist_put(&w, &issuing, signature), YAO_OK);
    test_arena()->used = mark;
    assert_status(yao_arena_keep(test_arena(), (yao_bytes){buffer, w.len},
                                 &out),
                  YAO_OK);
    free(buffer);
    return out;
}

static void make_authority(void)
{
    yao_bytes none = {NULL, 0}, packed;

    today         = yao_now();
    root          = certify(YAO_X509_ROOT, ROOT_KEY, none, ROOT_KEY);
    signer        = certify(YAO_X509_SIGNER, SIGNER_KEY, root, ROOT_KEY);
    status_signer = certify(YAO_X509_STATUS, STATUS_KEY, root, ROOT_KEY);
    trust_root    = certify(YAO_X509_ROOT, TRUST_ROOT, none, TRUST_ROOT);
    trust_signer  = certify(YAO_X509_TRUST, TRUST_SIGNER, trust_root,
                            TRUST_ROOT);
    packed        = packed_entries();
    for (size_t i = 0; i < LISTS; i++)
        all_tokens[i] = make_token(i, packed);
}

/* The first is ours; the others are of authorities with other keys. */
static void put_roots(yao_trust_content *c)
{
    static const yao_text types[] = {YAO_INIT("urn:yaopai:resident_id:1")};
    static yao_trust_root roots[ROOTS];

    for (size_t i = 0; i < ROOTS; i++)
        roots[i] = (yao_trust_root){
            .certificate = i == 0 ? root
                                  : certify(YAO_X509_ROOT, OTHER_KEY,
                                            (yao_bytes){NULL, 0}, OTHER_KEY),
            .roles       = YAO_TRUST_ISSUER | YAO_TRUST_STATUS,
            .types       = types,
            .type_count  = 1};
    c->roots      = roots;
    c->root_count = ROOTS;
}

static void write_bundle(const char *name, size_t lists)
{
    yao_trust_content c = {.kind         = YAO_TRUST_BUNDLE,
                           .version      = 1,
                           .issued_at    = today - 3600,
                           .next_update  = today + YAO_TIME_DAY,
                           .expires      = today + 7 * YAO_TIME_DAY,
                           .name         = YAO_TEXT("SPECIMEN authority"),
                           .url          = YAO_TEXT(ISSUER),
                           .signers      = &signer,
                           .signer_count = 1,
                           .lists        = all_tokens,
                           .list_count   = lists};
    uint8_t    pem[4096];
    yao_writer w    = yao_writer_open(pem, sizeof pem);
    size_t     mark = test_arena()->used;

    put_roots(&c);
    test_write(name, trust_sign(&c, &trust_signer, 1));
    yao_pem_put(&w, "CERTIFICATE", trust_root);
    test_write("trust-root.pem", (yao_bytes){pem, w.len});
    test_arena()->used = mark;
}

/* ---- a card ------------------------------------------------------------- */

/* The letters of a card of list LIST_NUMBER, entry INDEX, shown now. */
static yao_bytes show(uint64_t list_number, uint64_t index)
{
    static const yao_card_element adult[] = {
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")}};
    yao_card_content c = {
        .issuer        = YAO_TEXT(ISSUER),
        .issued_at     = today - YAO_TIME_DAY,
        .not_before    = YAO_TIME_NONE,
        .expires       = today + 3 * YAO_TIME_DAY,
        .device_key    = yao_openssl_key_public(forge_key(DEVICE_KEY)),
        .type          = YAO_TEXT("urn:yaopai:resident_id:1"),
        .profile       = YAO_TEXT("age"),
        .status        = YAO_CARD_STATUS_NUMBER,
        .status_list   = list_number,
        .status_index  = index,
        .elements      = adult,
        .element_count = COUNT(adult)};
    yao_card_moment  moment = yao_card_moment_at(yao_now());
    yao_card_issuing issuing;
    yao_card_showing showing;
    yao_bytes        issued, out;
    yao_writer       w = yao_writer_in(test_arena());

    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 signer, &issuing),
                  YAO_OK);
    yao_bytes signature = fulfil(&issuing.wish, SIGNER_KEY);
    w                   = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    assert_status(yao_card_show(test_arena(), forge_crypto(), issued, &moment,
                                &showing),
                  YAO_OK);
    signature = fulfil(&showing.wish, DEVICE_KEY);
    w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_shown(&w, &showing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_card_put_text(&w, YAO_CARD_CODE_CARD, out);
    yao_put_byte(&w, '\n');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- the gate ----------------------------------------------------------- */

static struct {
    pid_t child;
    int   in;
    FILE *out;
    char  line[65536];
} gate;

static _Noreturn void become_gate(const char *bundle, int in, int out)
{
    char program[4096], trust[4096], anchor[4096], memory[4096];

    snprintf(program, sizeof program, "%s/yaopai", getenv("YAOPAI_BUILD"));
    snprintf(trust, sizeof trust, "%s", test_scratch_path(bundle));
    snprintf(anchor, sizeof anchor, "%s", test_scratch_path("trust-root.pem"));
    snprintf(memory, sizeof memory, "%s", test_scratch_path("gate.seen"));
    dup2(in, 0);
    dup2(out, 1);
    close(in);
    close(out);
    execl(program, program, "gate", "run", "--profile", "age", "--trust",
          trust, "--trust-anchor", anchor, "--memory", memory, (char *)NULL);
    _exit(99);
}

static const char *scan(yao_bytes line)
{
    assert_int_equal(write(gate.in, line.ptr, line.len), line.len);
    assert_non_null(fgets(gate.line, sizeof gate.line, gate.out));
    return gate.line;
}

static double seconds(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Started, and it has answered something; gives how long that took. */
static double start(const char *bundle)
{
    int    in[2], out[2];
    double began = seconds();

    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    for (int i = 0; i < 2; i++) {
        fcntl(in[i], F_SETFD, FD_CLOEXEC);
        fcntl(out[i], F_SETFD, FD_CLOEXEC);
    }
    gate.child = fork();
    if (gate.child == 0)
        become_gate(bundle, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    gate.in  = in[1];
    gate.out = fdopen(out[0], "r");
    assert_non_null(strstr(scan(YAO_LIT("no code\n")), "\"reject\""));
    return seconds() - began;
}

static void stop(void)
{
    int status = -1;

    close(gate.in);
    fclose(gate.out);
    assert_int_equal(waitpid(gate.child, &status, 0), gate.child);
    assert_int_equal(status, 0);
}

/* Kilobytes of memory that are the gate's share. */
static long memory_of_gate(void)
{
    char  path[64], line[256];
    long  kilobytes = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)gate.child);
    f = fopen(path, "r");
    if (f == NULL)
        return 0;
    while (fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "Pss: %ld", &kilobytes) == 1)
            break;
    fclose(f);
    return kilobytes;
}

static void starts(void **state)
{
    enum { UNPACKED = LISTS * (LIST / 1024) }; /* kilobytes of all */

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    make_authority();
    write_bundle("few.cose", 1);
    write_bundle("all.cose", LISTS);
    (void)start("few.cose");
    long few = memory_of_gate();
    stop();

    double took = start("all.cose");
    long   all  = memory_of_gate();
    assert_non_null(strstr(scan(show(150, VALID)), "\"accept\""));
    long one = memory_of_gate();
    assert_non_null(strstr(scan(show(151, REVOKED)), "\"REVOKED\""));
    assert_non_null(strstr(scan(show(150, REVOKED)), "\"REVOKED\""));
    assert_non_null(strstr(scan(show(LISTS, VALID)), "\"indeterminate\""));
    stop();
    print_message("# started in %.0f ms with %d lists; %ld kB, with one list "
                  "unpacked %ld kB; of a bundle of one list %ld kB\n",
                  took * 1000, LISTS, all, one, few);
    if (few == 0) {
        print_message("# this system does not tell a process's memory\n");
        return;
    }
    assert_true(all - few < UNPACKED / 4 * 3); /* a sanitizer keeps more */
    assert_true(one - all < UNPACKED / 4);
}

int main(void)
{
    test_add("gate", "accepts a country's lists, unpacked when needed", starts,
             NULL);
    int failed = test_run("gate_start");
    test_scratch_remove();
    return failed;
}
