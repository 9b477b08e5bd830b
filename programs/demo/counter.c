/* SPDX-License-Identifier: Apache-2.0 */

/* At the hotel's counter: a guest shows a code on the telephone and the desk
 * talks with it by its mailboxes; another scans the code on paper that lies
 * there, and says a number. */

#include "demo/demo.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "trust/standing.h"

enum { MEMORY = 256 * 1024, LETTERS = 4096, PATIENCE_MS = 20000 };

static const yao_words otherwise = WORDS_INIT(
    "the counter went otherwise than told", "柜台会话与预期不符");

/* ---- a telephone beside us ---------------------------------------------- */

static void become(const yao_stage *s, const char *const *words)
{
    int out = open(yao_stage_path(s, "phone.out"),
                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int none = open("/dev/null", O_RDONLY);

    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (out < 0 || none < 0)
        _exit(127);
    dup2(none, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setenv("LC_ALL", yao_language_get() == YAO_ZH ? "zh_CN.UTF-8" : "C", 1);
    execv(s->self, (char *const *)(uintptr_t)words);
    _exit(127);
}

static void note(yao_stage *s, const char *const *words)
{
    size_t len = 0;

    for (size_t i = 0; words[i] != NULL && len < sizeof s->command; i++)
        len += (size_t)snprintf(s->command + len, sizeof s->command - len,
                                "%s%s", i > 0 ? " " : "",
                                i > 0 ? words[i] : "yaopai");
    if (!s->silent)
        printf("$ %s &\n", s->command);
    fflush(stdout);
}

/* Show a code; it waits for who scans it. -1: it could not be. */
static pid_t show_code(yao_stage *s)
{
    char mailbox[96];

    if (s->failed)
        return -1;
    snprintf(mailbox, sizeof mailbox, "%s/mailboxes", s->desk);
    (void)unlink(yao_stage_path(s, "code"));
    const char *const words[] = {
        s->self,          "wallet",  "counter",
        "-C",             yao_stage_path(s, "wallets/1"),
        "--local",        "--trust", yao_stage_path(s, "trust/bundle.cose"),
        "--trust-anchor", yao_stage_path(s, "trust/trust-root.pem"),
        "--mailbox",      mailbox,   "--output",
        yao_stage_path(s, "code"),   "--png",
        yao_stage_path(s, "code.png"), "--mac",
        "--yes",          NULL};
    note(s, words);
    pid_t child = fork();
    if (child == 0)
        become(s, words);
    return child;
}

static bool await_code(const yao_stage *s, char *out, size_t cap)
{
    const struct timespec pause = {0, 20000000};
    yao_bytes             file;

    for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
        if (yao_path_exists(yao_stage_path(s, "code")))
            break;
        nanosleep(&pause, NULL);
    }
    if (yao_file_read(yao_stage_path(s, "code"), cap - 1, &file) != YAO_OK)
        return false;
    snprintf(out, cap, "%.*s", (int)yao_bytes_find(file, '\n'),
             (const char *)file.ptr);
    yao_file_free(&file);
    return true;
}

static void tell_phone(yao_stage *s, pid_t child)
{
    int       status = -1;
    yao_bytes file;

    if (s->failed)
        kill(child, SIGTERM);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0)
        yao_stage_fail(s, otherwise);
    if (s->silent ||
        yao_file_read(yao_stage_path(s, "phone.out"), 65536, &file) != YAO_OK)
        return;
    fwrite(file.ptr, 1, file.len, stdout);
    fflush(stdout);
    yao_file_free(&file);
}

/* ---- by the telephone's code -------------------------------------------- */

static void judge(yao_stage *s, const char *file)
{
    char verdict[32];

    if (s->failed)
        return;
    if (!yao_demo_read(file, "result", "verdict", verdict, sizeof verdict) ||
        strcmp(verdict, "accept") != 0)
        yao_stage_fail(s, otherwise);
    else
        yao_stage_say(s, WORDS("verdict: %s", "判定：%s"), verdict);
}

static void scan(yao_stage *s, const char *letters)
{
    const char *asked  = yao_stage_path(s, "asked.json");
    const char *result = yao_stage_path(s, "result.json");
    char        json[LETTERS + 64], id[64], path[128];

    snprintf(json, sizeof json, "{\"profile\":\"hotel\",\"engagement\":\"%s\"}",
             letters);
    yao_stage_ask(s, "/api/counters", json, asked);
    if (s->failed || !yao_demo_read(asked, NULL, "id", id, sizeof id)) {
        yao_stage_fail(s, otherwise);
        return;
    }
    snprintf(path, sizeof path, "/api/sessions/%s?wait=20", id);
    yao_stage_ask(s, path, NULL, result);
    judge(s, result);
}

static void by_phone(yao_stage *s)
{
    char  letters[LETTERS];
    pid_t child;

    yao_stage_title(
        s, WORDS("At the counter", "在柜台"),
        WORDS("The guest's telephone shows an engagement of ISO/IEC 18013-5, "
              "with two mailboxes at the desk; the clerk scans it. Both talk "
              "end to end encrypted; the telephone answers registered parties "
              "only, and says who asks for what. A MAC convinces this desk and "
              "nobody else.",
              "客人的手机出示 ISO/IEC 18013-5 会话码，内含核验台的两个中继信箱；"
              "前台扫描后双方端到端加密通信。手机只应答已登记的一方，并说明由谁请"
              "求什么。附带的 MAC 只对这台核验端有效。"));
    child = show_code(s);
    if (child < 0)
        return;
    if (await_code(s, letters, sizeof letters))
        scan(s, letters);
    else
        yao_stage_fail(s, otherwise);
    tell_phone(s, child);
}

/* ---- by the code on paper ----------------------------------------------- */

/* Where the desk is asked for what waits at this code. */
static bool path_of(const yao_stage *s, char *out, size_t cap)
{
    yao_arena    arena;
    yao_bytes    file;
    yao_standing code;
    yao_writer   w    = yao_writer_open((uint8_t *)out, cap - 1);
    bool         good = false;

    if (yao_file_read(yao_stage_path(s, "hotel/standing.txt"), LETTERS,
                      &file) != YAO_OK)
        return false;
    if (yao_memory_open(MEMORY, &arena) == YAO_OK) {
        yao_bytes line = {file.ptr, yao_bytes_find(file, '\n')};
        good = yao_standing_read(&arena, line, &code) == YAO_OK;
        if (good) {
            yao_put_text(&w, "/api/standing/");
            yao_put_hex(&w, code.id);
            out[w.len] = '\0';
        }
        yao_memory_free(&arena);
    }
    yao_file_free(&file);
    return good && w.status == YAO_OK;
}

static void by_paper(yao_stage *s)
{
    const char    *said = yao_stage_path(s, "said.json");
    const yao_step step = {.save = said};
    char           number[8], path[64], json[32];

    yao_stage_title(
        s, WORDS("The code on paper", "柜台立牌码"),
        WORDS("A code that the registrar signed lies on the counter. The "
              "guest scans it; the telephone says whose counter it is and "
              "where it stands, and then a number. What was shown appears when "
              "the clerk types that number, so that a photograph of the code "
              "brings nothing from far away.",
              "柜台上摆放着登记机关签发的立牌码。客人扫码，手机显示所属单位和地点，"
              "出示后给出一个两位号码；前台输入该号码后结果才出现，因此拍下立牌码"
              "在远处扫描也无济于事。"));
    yao_stage_run(s, &step, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/2"), "--local", "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--yes", "--json",
                  "--image", yao_stage_path(s, "hotel/standing.png"), NULL);
    if (s->failed)
        return;
    if (!yao_demo_read(said, NULL, "number", number, sizeof number) ||
        !path_of(s, path, sizeof path)) {
        yao_stage_fail(s, otherwise);
        return;
    }
    snprintf(json, sizeof json, "{\"number\":\"%s\"}", number);
    yao_stage_ask(s, path, json, yao_stage_path(s, "result.json"));
    judge(s, yao_stage_path(s, "result.json"));
}

void yao_demo_counter(yao_stage *s)
{
    by_phone(s);
    by_paper(s);
}
