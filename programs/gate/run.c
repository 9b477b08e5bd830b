/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai gate run: a line of a scanner in, a line of JSON out. What it needs is
 * read before the first line; then it opens nothing but its own memory.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "gate/commands.h"
#include "gate/gate.h"
#include "gate/lines.h"
#include "gate/telling.h"

enum { WORK = 8 * 1024 * 1024, GIVEN = 8 * 1024 * 1024, ASKING = 256 * 1024 };

/* Seconds after which a status is no longer taken for today's. */
enum { STATUS_AGE = 24 * 3600 };

static const yao_words what = WORDS_INIT("gate run", "闸机");

typedef struct session {
    const yao_invocation *call;
    yao_arena             arena; /* what was given */
    yao_openssl          *openssl;
    app_trusting          trust;
    app_asker            asker;
    gate_memory           memory;
    gate                  gate;
} session;

static int fail(yao_status status, const char *detail, yao_words next)
{
    return yao_fail(status, what, detail, (yao_words){NULL, NULL}, next);
}

/* ---- what is asked for -------------------------------------------------- */

static int take_challenge(session *s)
{
    const char *path = yao_argument(s->call, "challenge");
    const char *key  = yao_argument(s->call, "challenge-key");

    if (path == NULL && key == NULL)
        return 0;
    if (path == NULL || key == NULL)
        return fail(YAO_E_USAGE, path == NULL ? "--challenge-key"
                                              : "--challenge",
                    WORDS("challenge and its key belong together",
                          "挑战与其私钥必须同时给出"));
    yao_status status = app_challenge_open(s->gate.crypto, path, key,
                                           &s->arena, &s->gate.shown.challenge);
    if (status == YAO_OK)
        return 0;
    return fail(status, path,
                WORDS("give both as `gate challenge` wrote them",
                      "请使用 `gate challenge` 写出的一对文件"));
}

static int take_asker(session *s)
{
    app_asker_given given;
    int              code = gate_take_asker(s->call, what,
                                         s->gate.options.catalogue, &given);

    if (code != 0)
        return code;
    yao_status status = app_asker_open(&given, &s->arena, &s->asker);
    if (status != YAO_OK)
        return gate_tell_asker(what, &given, status);
    s->gate.asker = &s->asker;
    return 0;
}

static int take_choice(session *s)
{
    const yao_profile *p      = s->gate.profile;
    const char        *choice = yao_argument(s->call, "choice");

    s->gate.choice = yao_text_of(choice);
    for (size_t i = 0; p != NULL && i < p->ask_count; i++)
        for (size_t k = 0; k < p->asks[i].choice_count; k++)
            if (yao_text_equal(p->asks[i].choices[k], s->gate.choice))
                return 0;
    if (choice == NULL)
        return 0;
    return fail(YAO_E_USAGE, choice,
                WORDS("choose one that the profile names",
                      "请选择该配置列出的一项"));
}

/* A profile whose cards are sealed needs somebody who asks. */
static int take_profile(session *s)
{
    int  code = gate_take_profile(s->call, what, s->gate.options.catalogue,
                                  &s->gate.profile);
    bool asks = yao_given(s->call, "reader-key");

    if (code == 0)
        code = take_choice(s);
    if (code == 0)
        code = take_challenge(s);
    if (code != 0)
        return code;
    if (asks && s->gate.shown.challenge.bytes.len > 0)
        return fail(YAO_E_USAGE, "--challenge",
                    WORDS("either a challenge of before, or a reader key to "
                          "make new ones",
                          "已有的挑战与读卡私钥只能给出其一"));
    if (asks)
        return take_asker(s);
    if (s->gate.profile != NULL && s->gate.profile->card == YAO_CARD_SEALED &&
        s->gate.shown.challenge.bytes.len == 0)
        return fail(YAO_E_USAGE, "--profile",
                    WORDS("its cards are sealed to a challenge: give "
                          "--reader-key, --reader-certificate and --place",
                          "此配置的卡码须回应挑战：请给出 --reader-key、"
                          "--reader-certificate 与 --place"));
    return 0;
}

static int take_memory(session *s)
{
    const char *given = yao_argument(s->call, "memory");
    char        path[4096];

    if (given == NULL && yao_path_join(s->call->directory, "gate.seen", path,
                                       sizeof path) != YAO_OK)
        return fail(YAO_E_LIMIT, s->call->directory, (yao_words){NULL, NULL});
    if (given != NULL)
        snprintf(path, sizeof path, "%s", given);

    yao_status status = gate_memory_open(path, yao_now(), &s->memory);
    s->gate.memory    = &s->memory;
    if (status == YAO_OK)
        return 0;
    if (status == YAO_E_MALFORMED)
        return yao_fail(status, what, path,
                        WORDS("somebody changed it: who was let in is not "
                              "known any more",
                              "文件被改动：已放行的记录不再可知"),
                        WORDS("wait three minutes, then remove it",
                              "请等待三分钟后删除该文件"));
    return fail(status, path,
                WORDS("give a place that only this gate writes, with --memory",
                      "请用 --memory 指定仅供此闸机写入的位置"));
}

static int take_options(session *s)
{
    long age = 0;
    int  code;

    s->gate.options.now       = yao_now();
    s->gate.options.skew      = GATE_MEMORY_SKEW;
    s->gate.quiet             = yao_given(s->call, "quiet-values");
    s->gate.trust             = &s->trust;
    s->trust.packed           = true;
    if (!yao_number(s->call, "status-age", 60, 30 * 86400, STATUS_AGE, &age))
        return 1;
    s->gate.options.status_max_age = age;
    code = app_trusting_take(&s->trust, s->call, s->gate.crypto, &s->arena,
                             &s->gate.options);
    s->gate.options.catalogue = app_trusting_catalogue(&s->trust);
    if (code == 0)
        code = take_profile(s);
    if (code == 0)
        code = take_memory(s);
    return code;
}

/* ---- running ------------------------------------------------------------ */

static gate_moment moment_now(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (gate_moment){yao_now(),
                         (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000};
}

/* At once: somebody stands at the gate. */
static bool print(const gate_answer *answer)
{
    return fwrite(answer->line.ptr, 1, answer->line.len, stdout) ==
               answer->line.len &&
           fflush(stdout) == 0;
}

static int stop(yao_status status)
{
    return yao_fail(status == YAO_E_LIMIT ? YAO_E_FILE : status, what, NULL,
                    WORDS("who is let in could not be written down, so "
                          "nobody is",
                          "放行记录无法写入，因此不再放行"),
                    WORDS("look at the disk, then start again",
                          "请检查磁盘后重新启动"));
}

/* Milliseconds until the challenge is over; below 0: there is none. */
static int patience(const gate *g)
{
    if (g->asker == NULL)
        return -1;
    yao_time left = g->shown.challenge.said.expires - yao_now();
    return left <= 0 ? 0 : left > 60 ? 60000 : (int)left * 1000;
}

static yao_status judge(session *s, gate_event event, yao_bytes line,
                        gate_answer *answer)
{
    static const uint8_t letters[YAO_MAX_CODE_LETTERS + 1];

    if (event == GATE_LINE_LONG)
        line = (yao_bytes){letters, sizeof letters}; /* too long all the same */
    gate_judge(&s->gate, line, moment_now(), answer);
    if (!print(answer))
        return YAO_E_FILE;
    return answer->broken;
}

static yao_status serve(session *s)
{
    static gate_lines lines; /* zero */
    yao_status        status = YAO_OK;

    lines.fd = STDIN_FILENO;
    while (status == YAO_OK) {
        gate_answer answer;
        yao_bytes   line;

        gate_ask(&s->gate, yao_now(), &answer);
        if (answer.line.len > 0 && !print(&answer))
            return YAO_E_FILE;
        YAO_TRY(answer.broken);

        gate_event event = gate_lines_next(&lines, patience(&s->gate), &line);
        if (event == GATE_END)
            return YAO_OK;
        if (event == GATE_LINE_LONG ||
            (event == GATE_LINE_READ && line.len > 0))
            status = judge(s, event, line, &answer);
        gate_lines_forget(&lines);
    }
    return status;
}

static int open_and_serve(session *s)
{
    s->gate.crypto      = yao_openssl_crypto(s->openssl);
    s->gate.last.answer = yao_arena_take(&s->arena, GATE_ANSWER + 64);
    if (s->gate.last.answer == NULL)
        return yao_fail_memory();

    int code = take_options(s);
    if (code != 0)
        return code;
    yao_status status = serve(s);
    return status == YAO_OK ? 0 : stop(status);
}

static int run(const yao_invocation *call)
{
    static session s; /* it is large: the memory's list */
    int            code = 7;

    memset(&s, 0, sizeof s);
    s.call = call;
    signal(SIGPIPE, SIG_IGN);
    s.openssl = yao_openssl_open();
    if (s.openssl != NULL && yao_memory_open(GIVEN, &s.arena) == YAO_OK &&
        yao_memory_open(WORK, &s.gate.arena) == YAO_OK &&
        yao_memory_open(ASKING, &s.gate.asking) == YAO_OK)
        code = open_and_serve(&s);
    else
        code = yao_fail_memory();

    app_challenge_close(&s.gate.shown.challenge);
    app_asker_close(&s.asker);
    gate_memory_close(&s.memory);
    app_trusting_close(&s.trust);
    yao_openssl_close(s.openssl);
    yao_memory_free(&s.gate.asking);
    yao_memory_free(&s.gate.arena);
    yao_memory_free(&s.arena);
    return code;
}

static const yao_option options[] = {
    {"profile", "PROFILE", 0,
     WORDS_INIT("what is asked; else any card is judged",
                "请求配置；缺省核验任何卡码")},
    {"choice", "ELEMENT", 0,
     WORDS_INIT("where the profile leaves a choice: which, e.g. age_over_18",
                "配置中可选其一时：哪一项，如 age_over_18")},
    {"trust", "FILE", YAO_OPTION_REPEATS,
     WORDS_INIT("whom to trust: a bundle, or a root certificate (PEM)",
                "受信来源：信任包，或含根证书的 PEM 文件")},
    {"trust-anchor", "PEM", 0,
     WORDS_INIT("the trust root of a bundle, given by hand; or sha256: and its "
                "fingerprint, trust-root.pem lying beside",
                "人工取得的信任包根证书；或 sha256: 加指纹，此时 "
                "trust-root.pem 须在同一目录")},
    {"trust-seen", "FILE", 0,
     WORDS_INIT("where it is noted which bundle was accepted last (default: "
                "its name with .seen)",
                "上次所接受信任包的记录；缺省为其文件名加 .seen")},
    {"signer", "PEM", YAO_OPTION_REPEATS,
     WORDS_INIT("certificate of a document signer, which cards name only, when "
                "there is no bundle",
                "证件签发者证书：卡码中只写明其编号；无信任包时使用")},
    {"place", "TEXT", 0,
     WORDS_INIT("where this is, as people know it: at most 64 letters",
                "本处的名称，最多 64 字")},
    {"reader-key", "KEY", 0,
     WORDS_INIT("show challenges, signed with this key: PEM, file: or pkcs11:",
                "出示挑战，以此私钥签名：PEM 文件、file: 或 pkcs11:")},
    {"reader-certificate", "PEM", 0,
     WORDS_INIT("its certificate, which names the profile",
                "读卡证书，其中写明该请求配置")},
    {"with-certificate", NULL, 0,
     WORDS_INIT("send the certificate along", "随挑战附上证书")},
    {"challenge", "FILE", 0,
     WORDS_INIT("a challenge that is shown elsewhere, for one answer",
                "在别处出示的挑战，只接受一次回应")},
    {"challenge-key", "KEY", 0,
     WORDS_INIT("the private key that `gate challenge` made with it",
                "`gate challenge` 随之生成的私钥")},
    {"memory", "FILE", 0,
     WORDS_INIT("who was let in; else gate.seen in the data folder",
                "放行记录；缺省为数据目录中的 gate.seen")},
    {"status-age", "SECONDS", 0,
     WORDS_INIT("how old a status may be; else a day",
                "状态信息的最长时效；缺省一天")},
    {"quiet-values", NULL, 0,
     WORDS_INIT("tell verdicts, but no values of documents",
                "只报告结论，不输出证件内容")},
};

const yao_command yao_gate_run = {
    .noun    = "gate",
    .verb    = "run",
    .summary = WORDS_INIT("judge what a scanner reads, without any network",
                          "核验扫码器读出的内容，无需网络"),
    .text    = WORDS_INIT(
        "Reads the letters of a QR code from each line of standard input and "
        "answers each with one line of JSON. Nothing but what was asked for "
        "is told, and nothing is opened: a code that is no document of ours "
        "is refused.\n\n"
        "What was accepted is on disk before the answer says so: the same "
        "code within 3 seconds gets the same answer, marked as repeated; "
        "later it is refused, also after a restart. When it can't be written, "
        "nobody is let in.\n\n"
        "With a reader key it prints a challenge at the start, after each "
        "answer, and when the last one is over: show it as a QR code.",
        "从标准输入逐行读取二维码内容，每行以一行 JSON 作答。只输出所请求的内容，"
        "不打开任何东西：不属于本系统的码一律拒绝。\n\n"
        "通过的结果先写入磁盘再作答：3 秒内同一码得到同样的答复并标明重复；此后"
        "拒绝，重启后亦然。无法写入时不放行。\n\n"
        "给出读卡私钥时，启动时、每次作答后以及挑战过期时输出新的挑战，请以二维码"
        "出示。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example =
        "  scanner | yaopai gate run --profile age --trust bundle.cose "
        "--trust-anchor trust-root.pem\n"
        "  scanner | yaopai gate run --profile hotel --trust bundle.cose "
        "--trust-anchor trust-root.pem \\\n"
        "      --reader-key reader-key.pem --reader-certificate reader.pem "
        "--place 示例酒店前台",
    .run = run,
};
