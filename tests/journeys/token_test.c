/* SPDX-License-Identifier: Apache-2.0 */

/** The eID of a phone's security chip: an authority whose keys lie in a token
 *  issues, a wallet whose device keys lie in a token checks in at a hotel, and
 *  nobody has a network: the kernel ends whoever asks for a socket. */

#define _GNU_SOURCE /* memmem */

#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "demo/demo.h"
#include "forge.h"
#include "json/json.h"
#include "journey.h"
#include "token_world.h"

#define HOTEL "x509_san_dns:hotel.example"
#define CHIP "CHIP"
#define CHIP_PIN "sesame-2580"

static char person[64];

/* SoftHSM2 tells syslog of its errors: a socket of this machine, which is
 * refused, and no reason to die. */
static void forbid_sockets(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, args)), /* its lower half */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {COUNT(code), code};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        print_message("the network could not be cut here\n");
}

/* ---- running ------------------------------------------------------------- */

/* Whatever is said, no PIN is (N351). */
static const test_output *say(const char *line)
{
    const test_output *output = test_type(line);

    assert_false(test_said(TOKEN_PIN));
    assert_false(test_said(CHIP_PIN));
    return output;
}

static void must(const char *line)
{
    const test_output *output = say(line);

    if (output->code != 0)
        print_message("%s: %s\n", line, output->out);
    assert_int_equal(output->code, 0);
}

static const char *line_of(const char *format, const char *value)
{
    static char line[2048];

    snprintf(line, sizeof line, format, value);
    return line;
}

static void find_person(void)
{
    yao_bytes       people;
    const yao_json *root;
    yao_text        number;

    assert_status(yao_file_read(test_scratch_path("people.jsonl"), 65536,
                                &people), YAO_OK);
    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &root), YAO_OK);
    assert_status(yao_json_string(yao_json_get(root, "number"), test_arena(),
                                  &number), YAO_OK);
    snprintf(person, sizeof person, "%.*s", (int)number.len,
             (const char *)number.ptr);
    yao_file_free(&people);
}

/* ---- the beginning ------------------------------------------------------- */

static bool make_chip(void)
{
    const char *const chip[] = {
        "softhsm2-util", "--init-token", "--free", "--label", CHIP, "--so-pin",
        "sesame-0815", "--pin", CHIP_PIN, NULL};

    return token_world_run(chip);
}

static void begin(void **state)
{
    (void)state;
    test_write("chip-pin", YAO_LIT(CHIP_PIN "\n"));
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    must(line_of("authority init --demo -C @/a --keys pkcs11:token=" TOKEN_LABEL
                 "?pin-source=file:%s", token_world_pin()));
    assert_false(yao_path_exists(
        test_scratch_path("a/keys/population-signer.pem")));
    must("party register -C @/a --code 91330114MAC000017N --name Inn "
         "--profile hotel --legal-basis SPECIMEN --retention 30 "
         "--host hotel.example --out @/hotel");
    must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl");
    must("person generate -C @/a --count 1 --seed 7");
    must(line_of("wallet init -C @/w --registrar @/a/certificates/"
                 "reader-root.pem --token pkcs11:token=" CHIP
                 "?pin-source=file:%s", test_scratch_path("chip-pin")));
    find_person();
}

/* Objects in all tokens: SoftHSM2 keeps each in a file of its own. */
static size_t objects(const char *folder)
{
    DIR                 *d = opendir(folder);
    const struct dirent *entry;
    size_t               count = 0;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        char path[8192];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strstr(entry->d_name, ".object") != NULL)
            count++;
        else if (strchr(entry->d_name, '.') == NULL)
            count += objects(path);
    }
    if (d != NULL)
        closedir(d);
    return count;
}

static void issue(void **state)
{
    char tokens[4200];

    (void)state;
    snprintf(tokens, sizeof tokens, "%s", test_scratch_path("tokens"));
    size_t before = objects(tokens);
    must(line_of("document issue -C @/a --wallet @/w --copies 2 --person %s",
                 person));
    size_t after = objects(tokens);
    assert_true(after > before); /* and the old ones go: */
    must(line_of("document issue -C @/a --wallet @/w --copies 2 --person %s",
                 person));
    assert_int_equal(objects(tokens), after);
    must("wallet list -C @/w");
    assert_true(test_said("2 of 2 copies left"));
}

/* ---- the hotel ----------------------------------------------------------- */

/* Of the population's signer: the licence came first. */
#define LIST "@/lists/2"

static void check_in(void **state)
{
    char nonce[44], line[512];

    (void)state;
    assert_status(yao_session_remote(test_scratch_path("session"), HOTEL,
                                     "https://hotel.example/response", nonce),
                  YAO_OK);
    must("wallet present -C @/w --profile hotel --reader @/hotel/reader.pem "
         "--session-transcript @/session --output @/guest.cbor --yes");
    must("statuslist publish -C @/a --output @/lists");
    must("verify --trust @/a/certificates/population-root.pem --status "
         LIST ".cwt --session-transcript @/session --profile hotel "
         "@/guest.cbor");
    assert_true(test_said("ACCEPT"));

    snprintf(line, sizeof line,
             "wallet present -C @/w --profile hotel --format sd-jwt --reader "
             "@/hotel/reader.pem --nonce %s --audience " HOTEL
             " --output @/guest.txt --yes", nonce);
    must(line);
    snprintf(
        line, sizeof line,
        "verify --trust @/a/certificates/population-root.pem --status " LIST
        ".jwt --nonce %s --audience " HOTEL " --profile hotel @/guest.txt",
        nonce);
    must(line);
    assert_true(test_said("ACCEPT"));
}

/* The device key agrees inside the token as well. */
static void maced(void **state)
{
    (void)state;
    assert_status(yao_session_counter(test_scratch_path("counter"),
                                      test_scratch_path("counter.pem")),
                  YAO_OK);
    must("wallet present -C @/w --profile hotel --mac --reader "
         "@/hotel/reader.pem --session-transcript @/counter --output "
         "@/mac.cbor --yes");
    must("verify --trust @/a/certificates/population-root.pem --status "
         LIST ".cwt --session-transcript @/counter --reader-key @/counter.pem "
         "--profile hotel @/mac.cbor");
    assert_true(test_said("ACCEPT"));
}

/* ---- without the token --------------------------------------------------- */

#define SHOW                                                                   \
    "wallet present -C @/w --profile hotel --reader @/hotel/reader.pem "       \
    "--session-transcript @/session --output @/never.cbor --yes"

/* A copy of the folder, and the passphrase, in a machine without the chip. */
static void without_chip(void **state)
{
    char configuration[4200];

    (void)state;
    snprintf(configuration, sizeof configuration, "%s",
             getenv("SOFTHSM2_CONF"));
    mkdir(test_scratch_path("empty"), 0700);
    const char *text = line_of("directories.tokendir = %s\n",
                               test_scratch_path("empty"));
    test_write("empty.conf", yao_text_bytes(yao_text_of(text)));
    setenv("SOFTHSM2_CONF", test_scratch_path("empty.conf"), 1);
    assert_int_equal(say(SHOW)->code, 7);
    assert_true(test_said("no token of that name is plugged in"));
    assert_false(yao_path_exists(test_scratch_path("never.cbor")));
    assert_int_equal(say(line_of("document issue -C @/a --wallet @/w --person "
                                 "%s", person))->code, 7);
    setenv("SOFTHSM2_CONF", configuration, 1);
}

/* A wrong PIN is tried once and told with how it stands; it locks, and the
 * right one no longer helps. */
static void wrong_pin(void **state)
{
    static const char *const says[] = {"few tries are left", "one try is left",
                                       "the token is locked",
                                       "the token is locked"};

    (void)state;
    setenv("YAOPAI_PKCS11_MODULE", token_world_shim(), 1);
    setenv("YAOPAI_SHIM_PINS", test_scratch_path("tries"), 1);
    test_write("chip-pin", YAO_LIT("sesame-0000\n"));
    for (size_t i = 0; i < COUNT(says); i++) {
        if (i == 3)
            test_write("chip-pin", YAO_LIT(CHIP_PIN "\n"));
        assert_int_equal(say(SHOW)->code, 7);
        assert_true(test_said(says[i]));
        assert_false(yao_path_exists(test_scratch_path("never.cbor")));
    }
    unsetenv("YAOPAI_SHIM_PINS");
    setenv("YAOPAI_PKCS11_MODULE", token_world_module(), 1);
}

/* ---- typed at the terminal ----------------------------------------------- */

/* ARGV at a terminal of its own. */
static void at_terminal(int terminal, const char *const *argv)
{
    char program[4200];

    setsid();
    int fd = open(ptsname(terminal), O_RDWR); /* which becomes its own */
    dup2(fd, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    snprintf(program, sizeof program, "%s/yaopai", getenv("YAOPAI_BUILD"));
    execv(program, (char *const *)(void *)(unsigned long)argv);
    _exit(127);
}

/* Run ARGV and type ANSWER when it asks; what it said, until its end. */
static int converse(const char *const *argv, const char *answer, char *out,
                    size_t cap)
{
    int     terminal = posix_openpt(O_RDWR | O_NOCTTY), status = 0;
    size_t  len      = 0;
    bool    asked    = false;
    ssize_t got;

    assert_true(terminal >= 0);
    assert_int_equal(grantpt(terminal), 0);
    assert_int_equal(unlockpt(terminal), 0);
    pid_t child = fork();
    if (child == 0)
        at_terminal(terminal, argv);
    while (len < cap - 1 &&
           (got = read(terminal, out + len, cap - 1 - len)) > 0) {
        len += (size_t)got;
        out[len] = '\0';
        if (!asked && strstr(out, "PIN of the token " CHIP ": ") != NULL)
            asked = write(terminal, answer, strlen(answer)) > 0;
    }
    close(terminal);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(asked);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void typed(void **state)
{
    const char *const argv[] = {"yaopai", "wallet", "init", "-C",
                                test_scratch_path("typed"), "--token",
                                "pkcs11:token=" CHIP, NULL};
    static char       out[8192];

    (void)state;
    if (getenv("YAOPAI_BUILD") == NULL)
        skip();
    assert_int_equal(converse(argv, "sesame-9999\n", out, sizeof out), 7);
    assert_non_null(strstr(out, "the PIN is wrong"));
    assert_null(strstr(out, "sesame"));
    assert_int_equal(converse(argv, CHIP_PIN "\n", out, sizeof out), 0);
    assert_null(strstr(out, "sesame"));
    assert_true(yao_path_exists(test_scratch_path("typed/wallet.json")));
}

/* ---- pulled out in the middle -------------------------------------------- */

/* How often WHAT stands in the last output. */
static size_t count_said(const char *out, const char *what)
{
    size_t count = 0;

    while ((out = strstr(out, what)) != NULL) {
        count++;
        out += strlen(what);
    }
    return count;
}

static size_t ledger(void)
{
    const test_output *output =
        say(line_of("document list -C @/a --json --person %s", person));

    assert_int_equal(output->code, 0);
    return count_said(output->out, "\"issued\"");
}

static long calls_made(void)
{
    yao_bytes file  = {NULL, 0};
    long      calls = 0;

    assert_status(yao_file_read(test_scratch_path("count"), 64, &file), YAO_OK);
    for (size_t i = 0; i < file.len && file.ptr[i] != '\n'; i++)
        calls = calls * 10 + (file.ptr[i] - '0');
    yao_file_free(&file);
    return calls;
}

static void copy_file(const char *from, const char *to)
{
    yao_bytes file = {NULL, 0};

    assert_status(yao_file_read(test_scratch_path(from), 65536, &file), YAO_OK);
    test_write(to, file);
    yao_file_free(&file);
}

/* Batches in the wallet FOLDER; they are removed when REMOVE. */
static size_t batches(const char *name, bool remove)
{
    DIR                 *folder = opendir(test_scratch_path(name));
    const struct dirent *entry;
    size_t               count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        bool batch = strncmp(entry->d_name, "b-", 2) == 0;

        count += batch;
        if (batch && remove)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    closedir(folder);
    return count;
}

/* The wallet as it was made. */
static void empty_wallet(void)
{
    copy_file("soft/index.sealed", "half/index.sealed");
    batches("half", true);
}

/* From its n-th call on the token is gone, for every n: a batch was signed, is
 * in the ledger and in the wallet, or nothing is anywhere. The two formats of
 * a document are two batches. */
static void sweep(const char *format)
{
    char line[256], plan[32];
    long n = 0;

    snprintf(line, sizeof line, format, person);
    setenv("YAOPAI_PKCS11_MODULE", token_world_shim(), 1);
    setenv("YAOPAI_SHIM_COUNT", test_scratch_path("count"), 1);
    for (bool whole = false; !whole; n++) {
        size_t before = ledger();

        empty_wallet();
        snprintf(plan, sizeof plan, "%ld:%lx:on", n, 0x32ul);
        setenv("YAOPAI_SHIM_FAIL", plan, 1);
        const test_output *output = say(line);
        unsetenv("YAOPAI_SHIM_FAIL");
        int code  = output->code;
        whole     = n > 0 && calls_made() <= n;
        assert_int_equal(code, whole ? 0 : 7);
        assert_int_equal(ledger() - before, batches("half", false));
        assert_true((batches("half", false) == 2) == whole);
    }
    unsetenv("YAOPAI_SHIM_COUNT");
    setenv("YAOPAI_PKCS11_MODULE", token_world_module(), 1);
}

static void unplugged(void **state)
{
    (void)state;
    must("wallet init -C @/soft");
    mkdir(test_scratch_path("half"), 0700);
    copy_file("soft/wallet.json", "half/wallet.json");
    sweep("document issue -C @/a --wallet @/half --copies 1 --cards 0 "
          "--document resident_id --person %s");
}

/* ---- where a PIN is not -------------------------------------------------- */

static void nowhere(const char *folder)
{
    DIR                 *d = opendir(folder);
    const struct dirent *entry;

    assert_non_null(d);
    while ((entry = readdir(d)) != NULL) {
        char        path[8192];
        struct stat st;
        yao_bytes   file = {NULL, 0};

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || lstat(path, &st) != 0 ||
            strcmp(entry->d_name, "pin") == 0 ||
            strcmp(entry->d_name, "chip-pin") == 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            nowhere(path);
            continue;
        }
        assert_status(yao_file_read(path, 64u << 20, &file), YAO_OK);
        assert_null(memmem(file.ptr, file.len, TOKEN_PIN, strlen(TOKEN_PIN)));
        assert_null(memmem(file.ptr, file.len, CHIP_PIN, strlen(CHIP_PIN)));
        yao_file_free(&file);
    }
    closedir(d);
}

static void unseen(void **state)
{
    yao_bytes file = {NULL, 0};

    (void)state;
    setenv("YAOPAI_PKCS11_MODULE", token_world_shim(), 1);
    setenv("YAOPAI_SHIM_LOOK", test_scratch_path("look"), 1);
    must(SHOW);
    assert_status(yao_file_read(test_scratch_path("look"), 64, &file), YAO_OK);
    assert_bytes(file, YAO_LIT("clean\n"));
    yao_file_free(&file);
    unsetenv("YAOPAI_SHIM_LOOK");
    setenv("YAOPAI_PKCS11_MODULE", token_world_module(), 1);
    nowhere(test_scratch());

    int code = say("wallet init -C @/w2 --token pkcs11:token=" CHIP
                   "?pin-value=1234")->code;
    assert_int_equal(code, 3);
    assert_false(test_said("1234"));
    assert_false(yao_path_exists(test_scratch_path("w2")));
}

/* ---- keys and certificates that don't fit (N352) ------------------------- */

#define ISSUE_B                                                                \
    "document issue -C @/b --wallet @/soft --copies 1 --document resident_id " \
    "--person %s"

static void mismatched(void **state)
{
    (void)state;
    must("authority init --demo -C @/b");
    must("person generate -C @/b --count 1 --seed 7");
    must(line_of(ISSUE_B, person));
    copy_file("b/keys/population-signer.pem", "kept.pem");
    copy_file("b/keys/traffic-signer.pem", "b/keys/population-signer.pem");
    assert_int_equal(say(line_of(ISSUE_B, person))->code, 3);
    copy_file("kept.pem", "b/keys/population-signer.pem");
    must(line_of(ISSUE_B, person));
}

/* A signer of days FROM to UNTIL from now, with a key of the forge. */
static void write_signer(int from, int until)
{
    uint8_t          pem[4096];
    yao_writer       w = yao_writer_open(pem, sizeof pem);
    yao_certificate  root;
    yao_x509_request q = forge_request(YAO_X509_ROOT, 0, NULL);

    assert_status(yao_x509_read(forge_write(&q, 0), &root), YAO_OK);
    q            = forge_request(YAO_X509_SIGNER, 1, &root);
    q.not_before = yao_now() + from * YAO_TIME_DAY;
    q.not_after  = yao_now() + until * YAO_TIME_DAY;
    yao_pem_put(&w, "CERTIFICATE", forge_write(&q, 0));
    test_write("b/certificates/population-signer.pem", (yao_bytes){pem, w.len});
    unlink(test_scratch_path("b/keys/population-signer.pem"));
    assert_status(yao_openssl_key_save(
                      forge_key(1),
                      test_scratch_path("b/keys/population-signer.pem")),
                  YAO_OK);
}

static void retired(void **state)
{
    (void)state;
    write_signer(-20, -1);
    assert_int_equal(say(line_of(ISSUE_B, person))->code, 3);
    assert_true(test_said("no longer valid"));
    write_signer(1, 20);
    assert_int_equal(say(line_of(ISSUE_B, person))->code, 3);
    assert_true(test_said("not valid yet"));
    write_signer(-1, 20);
    must(line_of(ISSUE_B, person));
}

/* Another key took the label of the signer. */
static void swapped(void **state)
{
    yao_bytes file = {NULL, 0};
    char      text[65536];

    (void)state;
    assert_status(yao_file_read(test_scratch_path("a/authority.ini"),
                                sizeof text - 1, &file), YAO_OK);
    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    yao_file_free(&file);
    char *label = strstr(text, "object=population-signer");
    assert_non_null(label);
    const char *rest = label + strlen("object=population-signer");
    memcpy(label, "object=traffic-signer", strlen("object=traffic-signer"));
    memmove(label + strlen("object=traffic-signer"), rest, strlen(rest) + 1);
    test_write("a/authority.ini", yao_text_bytes(yao_text_of(text)));
    assert_int_equal(say(line_of("document issue -C @/a --wallet @/soft "
                                 "--document resident_id --person %s",
                                 person))->code, 3);
}

int main(void)
{
    if (!token_world_make(NULL) || !make_chip()) {
        printf("1..0 # SKIP %s\n", token_world_reason());
        return 0;
    }
    forbid_sockets();
    test_add("token", "accepts keys of an authority and a wallet", begin, NULL);
    test_add("token", "gives documents that it signed, for keys it made", issue,
             NULL);
    test_add("hotel", "accepts a guest whose keys are in a chip, off line",
             check_in, NULL);
    test_add("hotel", "accepts a MAC that the chip agreed on", maced, NULL);
    test_add("chip", "refuses a copied wallet without it (N339)", without_chip,
             NULL);
    test_add("chip", "refuses wrong PINs until it is locked (N339)", wrong_pin,
             NULL);
    test_add("chip", "accepts a PIN typed at the terminal, unseen (N351)",
             typed, NULL);
    test_add("unplugged", "never issues half of it (N348)", unplugged, NULL);
    test_add("PIN", "never in arguments, environment, files, words (N351)",
             unseen, NULL);
    test_add("signer", "refuses a key of another certificate (N352)",
             mismatched, NULL);
    test_add("signer", "refuses a signer after and before its days (N352)",
             retired, NULL);
    test_add("signer", "refuses another key of the token (N352)", swapped,
             NULL);

    int code = test_run("journeys/token");
    token_world_remove();
    return code;
}
