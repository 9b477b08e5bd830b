/* SPDX-License-Identifier: Apache-2.0 */

/** A gate from its first start to a full disk: cards of a real wallet, shown
 *  to the program as a scanner would, no socket allowed. */

#define _GNU_SOURCE /* pipe2(), strchrnul() */
#include "check.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "gate/gate.h"
#include "journey.h"
#include "json/json.h"

#define CODE  "91330114MAC000017N"
#define TRUST " --trust @/t/bundle.cose --trust-anchor @/t/trust-root.pem "

/* The text of a file, without its line end, ended by a NUL. */
static const char *read_text(const char *name)
{
    yao_bytes file;
    char     *text;

    assert_status(yao_file_read(test_scratch_path(name), 1 << 20, &file),
                  YAO_OK);
    text = yao_arena_take(test_arena(), file.len + 1);
    memcpy(text, file.ptr, file.len);
    while (file.len > 0 && text[file.len - 1] == '\n')
        text[--file.len] = '\0';
    yao_file_free(&file);
    return text;
}

/* ---- the world ---------------------------------------------------------- */

static void prepare(void **state)
{
    const yao_json *person;
    yao_text        number, line;
    char            issue[200];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    test_must("authority init --demo -C @/a", 0);
    test_must("party register -C @/a --code " CODE " --name SPECIMEN --profile "
              "hotel --profile age --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);

    line = yao_text_of(read_text("people.jsonl"));
    assert_status(yao_json_parse(test_arena(), yao_text_bytes(line), &person),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(person, "number"), test_arena(),
                                  &number),
                  YAO_OK);
    snprintf(issue, sizeof issue,
             "document issue -C @/a --wallet @/w --copies 9 --cards 20 "
             "--person %.*s",
             (int)number.len, (const char *)number.ptr);
    test_must(issue, 0);
    test_must("statuslist publish -C @/a --output @/lists", 0);
    test_must("trust publish -C @/a --output @/t", 0);
}

#define SHOW_AGE                                                               \
    "wallet present -C @/w --profile age --choice age_over_18 --format card "  \
    "--unidentified --yes "

/* The letters of a new open card. */
static const char *show_age(void)
{
    test_must(SHOW_AGE "--output @/age.txt --png @/age.png", 0);
    return read_text("age.txt");
}

/* ---- a gate that runs --------------------------------------------------- */

typedef struct running {
    pid_t child;
    int   in, out;
    char  line[262144];
    bool  small_disk; /* no file may grow beyond 200 bytes */
} running;

static running now;

/* The kernel ends whoever asks for a socket. */
static void cut_cable(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {COUNT(code), code};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static _Noreturn void become_gate(const char *line, int in, int out)
{
    static char words[4096];
    char       *argv[40], program[4096];
    size_t      count = 0;

    snprintf(program, sizeof program, "%s/yaopai", getenv("YAOPAI_BUILD"));
    snprintf(words, sizeof words, "%s", line);
    argv[count++] = program;
    for (char *at = words; *at != '\0' && count < 39;) {
        char *end = strchrnul(at, ' ');
        bool  over = *end == '\0';

        *end = '\0';
        if (*at == '@')
            argv[count++] = strdup(test_scratch_path(at + 2));
        else if (*at != '\0')
            argv[count++] = at;
        at = over ? end : end + 1;
    }
    argv[count] = NULL;
    dup2(in, 0);
    dup2(out, 1);
    if (now.small_disk) {
        struct rlimit most = {200, 200};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &most);
    }
    cut_cable();
    execv(program, argv);
    _exit(99);
}

static void start(const char *line)
{
    int in[2], out[2];

    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    now.child = fork();
    if (now.child == 0)
        become_gate(line, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    now.in  = in[1];
    now.out = out[0];
}

/* The next line that the gate prints; it has a minute for it. */
static const char *answer(void)
{
    size_t len = 0;

    while (len + 1 < sizeof now.line) {
        struct pollfd wait = {now.out, POLLIN, 0};
        if (poll(&wait, 1, 60000) <= 0 ||
            read(now.out, now.line + len, 1) != 1)
            break;
        if (now.line[len++] == '\n')
            break;
    }
    now.line[len] = '\0';
    return now.line;
}

/* Is SINCE, of yao_milliseconds(), so short ago that the same code is still
 * before the camera? */
static bool is_before_camera(int64_t since)
{
    return yao_milliseconds() - since < GATE_REPEAT;
}

static void scan(const char *text)
{
    size_t len = strlen(text);

    assert_int_equal(write(now.in, text, len), len);
    assert_int_equal(write(now.in, "\n", 1), 1);
}

/* The last line. */
static void said(const char *text)
{
    if (strstr(now.line, text) == NULL)
        print_message("# no %s in %s\n", text, now.line);
    assert_non_null(strstr(now.line, text));
}

static void answers(const char *text)
{
    (void)answer();
    said(text);
}

/* What it prints when all parts are there. */
static void answers_whole(void)
{
    while (strcmp(answer(), "{\"part\":true}\n") == 0)
        continue;
}

static int stop(void)
{
    int status;

    close(now.in);
    while (*answer() != '\0')
        continue;
    close(now.out);
    assert_int_equal(waitpid(now.child, &status, 0), now.child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forget(void)
{
    (void)remove(test_scratch_path("gate.seen"));
}

#define AGE "gate run -C @/ --profile age" TRUST

/* ---- open cards --------------------------------------------------------- */

/* On a machine that stalls a card may be away from the camera for so long that
 * it comes a second time: then another one is held before it. */
static void accepts_card(void **state)
{
    const char *card   = NULL;
    bool        within = false;

    (void)state;
    forget();
    start(AGE);
    while (!within) {
        card          = show_age();
        int64_t began = yao_milliseconds();
        scan(card);
        answers("{\"verdict\":\"accept\"");
        assert_non_null(strstr(now.line, "\"profile\":\"age\""));
        assert_non_null(strstr(now.line, "age_equal_or_over.18"));
        scan(card);
        (void)answer();
        within = is_before_camera(began);
    }
    said("\"repeated\":true");
    scan(show_age());
    answers("{\"verdict\":\"accept\"");
    scan(card);
    answers("\"card_replay\",\"outcome\":\"fail\"");
    assert_int_equal(stop(), 0);

    start(AGE); /* the power was out */
    scan(card);
    answers("{\"verdict\":\"reject\"");
    assert_non_null(strstr(now.line, "\"card_replay\",\"outcome\":\"fail\""));
    assert_int_equal(stop(), 0);
}

static void refuses_second_gate(void **state)
{
    (void)state;
    forget();
    start(AGE);
    scan("it runs");
    answers("\"reject\"");
    test_must(AGE, 7);
    test_says("another process");
    assert_int_equal(stop(), 0);
    test_must(AGE, 0);
}

/* Nobody is let in who can't be written down; then it stops. */
static void never_accepts_on_full_disk(void **state)
{
    (void)state;
    forget();
    now.small_disk = true;
    start(AGE);
    now.small_disk = false;
    scan(show_age());
    answers("{\"verdict\":\"accept\"");
    scan(show_age());
    answers("{\"verdict\":\"indeterminate\"");
    assert_non_null(
        strstr(now.line, "\"card_replay\",\"outcome\":\"unknown\""));
    assert_int_equal(stop(), 7);
}

static void refuses_damaged_memory(void **state)
{
    (void)state;
    test_write("gate.seen", YAO_LIT("nothing was seen here\n"));
    test_must(AGE, 2);
    test_says("wait three minutes");
    forget();
    test_must("gate run --profile age --memory @/none/seen" TRUST, 7);
}

/* ---- challenges --------------------------------------------------------- */

#define READER                                                                 \
    "--reader-key @/hotel/reader-key.pem --reader-certificate "                \
    "@/hotel/reader.pem "
#define HOTEL                                                                  \
    "gate run -C @/ --profile hotel --place SPECIMEN " READER TRUST
#define SHOW_HOTEL                                                             \
    "wallet present -C @/w --profile hotel --format card --reader "            \
    "@/hotel/reader.pem --yes "

/* The challenge that stands in the last line, as a file. */
static void take_challenge(void)
{
    char *at = strstr(now.line, "\"challenge\":\"");

    assert_non_null(at);
    at += strlen("\"challenge\":\"");
    char *end = strchr(at, '"');
    assert_non_null(end);
    test_write("challenge.txt",
               (yao_bytes){(const uint8_t *)at, (size_t)(end - at)});
}

static const char *show_hotel(void)
{
    test_must(SHOW_HOTEL "--challenge @/challenge.txt --output @/hotel.txt", 0);
    return read_text("hotel.txt");
}

static void accepts_sealed(void **state)
{
    const char *card, *late = NULL;
    bool        within = false;

    (void)state;
    forget();
    start(HOTEL);
    answers("{\"challenge\":\"YPQ1:");
    take_challenge();
    while (!within) {
        card          = show_hotel();
        late          = show_hotel();
        int64_t began = yao_milliseconds();
        scan(card);
        answers("{\"verdict\":\"accept\"");
        assert_non_null(strstr(now.line, "personal_administrative_number"));
        take_challenge();
        scan(card);
        (void)answer();
        within = is_before_camera(began);
    }
    said("\"repeated\":true");
    scan(late); /* another card, for the challenge of before */
    answers("\"card_challenge\",\"outcome\":\"fail\"");
    scan(show_hotel());
    answers("{\"verdict\":\"accept\"");
    assert_int_equal(stop(), 0);
}

static void never_tells_values(void **state)
{
    (void)state;
    forget();
    start(HOTEL "--quiet-values");
    answers("{\"challenge\":\"YPQ1:");
    take_challenge();
    scan(show_hotel());
    answers("{\"verdict\":\"accept\"");
    assert_null(strstr(now.line, "personal_administrative_number"));
    assert_non_null(strstr(now.line, "\"attributes\":[]"));
    assert_int_equal(stop(), 0);
}

#define CHALLENGE                                                              \
    "gate challenge --profile hotel --place SPECIMEN --out @/c --png "         \
    "@/c/challenge.png " READER
#define VERIFY "verify --profile hotel" TRUST "--challenge @/c/challenge.png "

/* A desk without a gate: a picture, a wallet, a picture, a verdict. */
static void accepts_by_hand(void **state)
{
    (void)state;
    test_must(CHALLENGE, 0);
    test_must(SHOW_HOTEL
              "--challenge @/c/challenge.png --output @/hotel.txt --png "
              "@/hotel.png",
              0);
    test_must(VERIFY "--challenge-key @/c/challenge.key @/hotel.png", 0);
    test_must(VERIFY "--challenge-key @/c/challenge.key @/hotel.txt", 0);
    test_must(VERIFY "@/hotel.png", 5);
    test_says("sealed to a checker's challenge");
    test_must("verify --profile hotel" TRUST "@/hotel.png", 5);
    test_must("verify --profile age" TRUST "--challenge @/c/challenge.txt "
              "--challenge-key @/c/challenge.key @/hotel.png",
              3);
    test_must(VERIFY "--challenge-key @/hotel/reader-key.pem @/hotel.png", 3);
    test_must("verify @/c/challenge.png", 2);
    test_says("a challenge is shown by a checker");

    test_must(CHALLENGE, 0); /* another one */
    test_must(VERIFY "--challenge-key @/c/challenge.key --json @/hotel.png", 7);
    test_says("\"SECRET\"");
}

/* The certificate goes along for wallets that don't know it. */
static void accepts_animated_challenge(void **state)
{
    (void)state;
    test_must(CHALLENGE "--with-certificate --terminal", 0);
    test_must(SHOW_HOTEL "--challenge @/c/challenge.png --output @/hotel.txt",
              0);
    test_must(VERIFY "--challenge-key @/c/challenge.key @/hotel.txt", 0);
}

static void accepts_animated_document(void **state)
{
    (void)state;
    test_must(CHALLENGE, 0);
    test_must(
        "wallet present -C @/w --profile hotel --format animated --reader "
        "@/hotel/reader.pem --yes --challenge @/c/challenge.txt --output "
        "@/parts.txt --png @/parts.png",
        0);
    test_must(VERIFY "--challenge-key @/c/challenge.key @/parts.png", 0);
    test_must(VERIFY "--challenge-key @/c/challenge.key @/parts.txt", 0);

    const char *text  = read_text("parts.txt");
    size_t      first = (size_t)(strchr(text, '\n') - text);
    test_write("some.txt", (yao_bytes){(const uint8_t *)text, first});
    test_must(VERIFY "--challenge-key @/c/challenge.key @/some.txt", 2);
    test_says("some parts of an animated code are missing");

    /* and at a gate, a line each */
    for (bool within = false; !within;) {
        forget();
        start("gate run -C @/ --profile hotel --challenge @/c/challenge.txt "
              "--challenge-key @/c/challenge.key" TRUST);
        int64_t began = yao_milliseconds();
        scan(text);
        answers_whole();
        said("{\"verdict\":\"accept\"");
        scan(text);
        answers_whole();
        within = is_before_camera(began);
        if (within)
            said("\"repeated\":true");
        assert_int_equal(stop(), 0);
    }
}

/* ---- strangers ---------------------------------------------------------- */

static const char *const strangers[] = {
    "'; DROP TABLE person; --", "https://example.org/?x=1",
    "HTTP://EXAMPLE.ORG/",      "WIFI:T:WPA;S:free;P:12345678;;",
    "%n%n%n%s%s%x",             "$(touch /tmp/x)`id`",
    "YP1:",                     "YP1:ABCDEF",
    "YPA1:ABCDEF",              "YPQ1:ABCDEF",
    "ey.ey.ey~",                "\x1b]0;owned\x07",
};

static void refuses_strangers(void **state)
{
    static char letters[4297], longer[20001];

    (void)state;
    memset(letters, 'A', 4296);
    memset(longer, 'A', 20000);
    forget();
    start(AGE "--quiet-values");
    for (size_t i = 0; i < COUNT(strangers); i++) {
        scan(strangers[i]);
        answers("{\"verdict\":\"reject\"");
        assert_non_null(strstr(now.line, "\"why\":\""));
        assert_null(strstr(now.line, "DROP"));
        assert_null(strstr(now.line, "\x1b"));
    }
    scan(letters);
    answers("{\"verdict\":\"reject\"");
    scan(longer);
    answers("\"why\":\"LIMIT\"");
    scan("");
    scan(show_age());
    answers("{\"verdict\":\"accept\"");
    assert_int_equal(stop(), 0);
}

/* ---- wrong use ---------------------------------------------------------- */

static const struct {
    const char *name;
    const char *line;
    int         code;
    const char *words;
} wrong[] = {
    {"refuses a sealed profile without a reader",
     "gate run -C @/ --profile hotel" TRUST, 1, "--reader-key"},
    {"refuses a profile that is none", "gate run -C @/ --profile none" TRUST, 1,
     "no such profile"},
    {"refuses a choice that is none", AGE "--choice age_over_99", 1,
     "choose one"},
    {"refuses a challenge without its key",
     "gate run -C @/ --profile hotel --challenge @/c/challenge.txt" TRUST, 1,
     "belong together"},
    {"refuses a challenge and a reader",
     HOTEL "--challenge @/c/challenge.txt --challenge-key @/c/challenge.key", 1,
     "either"},
    {"refuses another's key for a challenge",
     "gate run -C @/ --profile hotel --challenge @/c/challenge.txt "
     "--challenge-key @/hotel/reader-key.pem" TRUST, 3, "gate challenge"},
    {"refuses a bundle without its root",
     "gate run -C @/ --profile age --trust @/t/bundle.cose", 1, "trust"},
    {"refuses a party that did not register",
     "gate challenge --profile police --place SPECIMEN --out @/c " READER, 3,
     "did not register"},
    {"refuses a key of somebody else",
     "gate challenge --profile hotel --place SPECIMEN --out @/c --reader-key "
     "@/c/challenge.key --reader-certificate @/hotel/reader.pem", 3,
     "another certificate"},
    {"refuses a place without a name",
     "gate challenge --profile hotel --place '' --out @/c " READER, 1,
     "1 to 64"},
    {"refuses a status that may be any age", AGE "--status-age 9999999999", 1,
     "status-age"},
};

static void wrongly(void **state)
{
    size_t i = (size_t)*state;

    forget();
    test_must(wrong[i].line, wrong[i].code);
    test_says(wrong[i].words);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    test_add("gate", "gives an authority, a party, a wallet", prepare, NULL);
    test_add("gate", "accepts a card once, with no socket (N241)",
             accepts_card, NULL);
    test_add("gate", "refuses a second gate on one memory",
             refuses_second_gate, NULL);
    test_add("gate", "never accepts on a full disk",
             never_accepts_on_full_disk, NULL);
    test_add("gate", "refuses a memory that was changed",
             refuses_damaged_memory, NULL);
    test_add("challenge", "accepts a sealed card, and asks anew",
             accepts_sealed, NULL);
    test_add("challenge", "never tells values when asked not to (N247)",
             never_tells_values, NULL);
    test_add("challenge", "accepts by pictures and verify", accepts_by_hand,
             NULL);
    test_add("challenge", "accepts an animated challenge",
             accepts_animated_challenge, NULL);
    test_add("challenge", "accepts an animated document once",
             accepts_animated_document, NULL);
    test_add("stranger", "refuses what is no card (N244)", refuses_strangers,
             NULL);
    for (size_t i = 0; i < COUNT(wrong); i++)
        test_add("use", wrong[i].name, wrongly, (const void *)i);

    int code = test_run("journeys/gate");
    test_scratch_remove();
    return code;
}
