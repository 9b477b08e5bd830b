/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai gate challenge: what a checker shows before it is shown a sealed card,
 * for a checker that then judges with `yaopai verify --challenge`.
 */
#include <string.h>

#include "app/files.h"
#include "app/pem.h"
#include "app/asker.h"
#include "gate/commands.h"
#include "gate/telling.h"
#include "qr/qr.h"

enum { MEMORY = 4 * 1024 * 1024 };

/* Milliseconds of one picture of an animated challenge. */
enum { DELAY = 250 };

static const yao_words what = WORDS_INIT("gate challenge", "出示挑战");

typedef struct session {
    const yao_invocation *call;
    yao_arena             arena;
    yao_openssl          *openssl;
    app_asker            asker;
    app_asked        made;
} session;

/* ---- writing ------------------------------------------------------------ */

/* The letters, a line for each code. */
static yao_status write_text(session *s, const char *path)
{
    yao_writer w = yao_writer_in(&s->arena);
    yao_bytes  text;

    for (size_t i = 0; i < s->made.letter_count; i++) {
        yao_put_bytes(&w, s->made.letters[i]);
        yao_put_byte(&w, '\n');
    }
    YAO_TRY(yao_writer_keep(&w, &s->arena, &text));
    return yao_file_write(path, text, 0644, false);
}

static yao_status write_key(session *s, const char *path)
{
    uint8_t    der[YAO_MAX_PRIVATE], pem[2 * YAO_MAX_PRIVATE];
    yao_writer key    = yao_writer_open(der, sizeof der);
    yao_writer text   = yao_writer_open(pem, sizeof pem);
    yao_status status = yao_key_write(s->made.challenge.key, &key);

    if (status == YAO_OK) {
        yao_pem_put(&text, "PRIVATE KEY", (yao_bytes){der, key.len});
        status = text.status;
    }
    if (status == YAO_OK)
        status = yao_file_write(path, (yao_bytes){pem, text.len}, 0600, false);
    yao_wipe(der, sizeof der);
    yao_wipe(pem, sizeof pem);
    return status;
}

static yao_status write_picture(session *s, const qr_code *codes,
                                const char *path)
{
    static uint8_t picture[1024 * 1024];
    yao_writer     w = yao_writer_open(picture, sizeof picture);

    if (s->made.letter_count == 1)
        YAO_TRY(qr_write_png(codes, &w));
    else
        YAO_TRY(qr_write_animation(codes, s->made.letter_count, DELAY,
                                   &s->arena, &w));
    return yao_file_write(path, (yao_bytes){w.ptr, w.len}, 0644, false);
}

static yao_status write_terminal(session *s, const qr_code *codes)
{
    for (size_t i = 0; i < s->made.letter_count; i++) {
        size_t     mark = s->arena.used;
        yao_writer w    = yao_writer_in(&s->arena);
        yao_bytes  text;

        qr_write_terminal(&codes[i], &w);
        YAO_TRY(yao_writer_keep(&w, &s->arena, &text));
        fwrite(text.ptr, 1, text.len, stdout);
        s->arena.used = mark;
    }
    return YAO_OK;
}

static yao_status write_codes(session *s)
{
    const char *path = yao_argument(s->call, "png");
    qr_code    *codes;

    if (path == NULL && !yao_given(s->call, "terminal"))
        return YAO_OK;
    codes = yao_arena_take_array(&s->arena, s->made.letter_count,
                                 sizeof *codes);
    if (codes == NULL)
        return YAO_E_SPACE;
    YAO_TRY(qr_encode_frames(s->made.letters, s->made.letter_count, QR_LEVEL_L,
                             &s->arena, codes));
    if (path != NULL)
        YAO_TRY(write_picture(s, codes, path));
    if (yao_given(s->call, "terminal"))
        YAO_TRY(write_terminal(s, codes));
    return YAO_OK;
}

/* The key first: a challenge that nobody can open is of no use. */
static yao_status write_all(session *s)
{
    const char *folder = yao_argument(s->call, "out");
    char        key[4096], text[4096];

    if (folder == NULL)
        folder = ".";
    YAO_TRY(yao_path_join(folder, "challenge.key", key, sizeof key));
    YAO_TRY(yao_path_join(folder, "challenge.txt", text, sizeof text));
    YAO_TRY(yao_folder_make(folder, 0700));
    YAO_TRY(write_key(s, key));
    YAO_TRY(write_text(s, text));
    YAO_TRY(write_codes(s));

    uint8_t until[20];
    yao_time_format(s->made.challenge.said.expires, until);
    yao_print(WORDS("%s\n%s\nto be answered until %.20s\n",
                    "%s\n%s\n请在 %.20s 前回应\n"),
              text, key, (const char *)until);
    return YAO_OK;
}

/* ---- the verb ----------------------------------------------------------- */

static int make(session *s)
{
    app_asker_given given;
    int              code = gate_take_asker(s->call, what,
                                           yao_catalogue_shipped(), &given);

    if (code != 0)
        return code;
    yao_status status = app_asker_open(&given, &s->arena, &s->asker);
    if (status != YAO_OK)
        return gate_tell_asker(what, &given, status);
    status = app_asker_ask(&s->asker, yao_openssl_crypto(s->openssl),
                            yao_now(), &s->arena, &s->made);
    if (status == YAO_OK)
        status = write_all(s);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, yao_argument(s->call, "out"),
                    (yao_words){NULL, NULL},
                    WORDS("look at the folder and the disk",
                          "请检查目录与磁盘"));
}

static int run(const yao_invocation *call)
{
    session s = {.call = call};
    int     code;

    if (yao_memory_open(MEMORY, &s.arena) != YAO_OK)
        return yao_fail_memory();
    s.openssl = yao_openssl_open();
    code      = s.openssl != NULL ? make(&s) : yao_fail_memory();

    app_challenge_close(&s.made.challenge);
    app_asker_close(&s.asker);
    yao_openssl_close(s.openssl);
    yao_memory_free(&s.arena);
    return code;
}

static const yao_option options[] = {
    {"profile", "PROFILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("what is asked: hotel, road_check, train, ...",
                "请求配置：hotel、road_check、train 等")},
    {"place", "TEXT", YAO_OPTION_REQUIRED,
     WORDS_INIT("where this is, as people know it: at most 64 letters",
                "本处的名称，最多 64 字")},
    {"reader-key", "KEY", YAO_OPTION_REQUIRED,
     WORDS_INIT("the reader's private key: PEM, file: or pkcs11:",
                "读卡端私钥：PEM 文件、file: 或 pkcs11:")},
    {"reader-certificate", "PEM", YAO_OPTION_REQUIRED,
     WORDS_INIT("its certificate, which names the profile",
                "读卡证书，其中写明该请求配置")},
    {"with-certificate", NULL, 0,
     WORDS_INIT("send the certificate along, for wallets that do not know it; "
                "the challenge may become an animated one",
                "随挑战附上证书，供不认识它的钱包使用；挑战码可能变为动态码")},
    {"png", "FILE", 0,
     WORDS_INIT("also draw the code there", "同时把二维码画到此文件")},
    {"terminal", NULL, 0,
     WORDS_INIT("also draw the code on the terminal",
                "同时在终端画出二维码")},
    {"out", "FOLDER", 0,
     WORDS_INIT("where challenge.txt and challenge.key go; else here",
                "challenge.txt 与 challenge.key 的目录；缺省为当前目录")},
};

const yao_command yao_gate_challenge = {
    .noun    = "gate",
    .verb    = "challenge",
    .summary = WORDS_INIT("show what a sealed card answers to",
                          "出示挑战码，供密封卡码回应"),
    .text    = WORDS_INIT(
        "Makes a challenge that is good for 60 seconds and for one answer: who "
        "asks, where, for which profile, and a key to seal the answer to. The "
        "person's wallet shows all of it before it answers.\n\n"
        "challenge.key opens the answer: keep it to yourself, and throw it "
        "away afterwards. Judge with `yaopai verify --challenge challenge.txt "
        "--challenge-key challenge.key`.",
        "生成 60 秒内有效、只接受一次回应的挑战：由谁、在何处、按何配置请求，以及"
        "密封回应所用的公钥。钱包在回应之前会向本人展示这些内容。\n\n"
        "challenge.key 用于打开回应：请妥善保管，用后销毁。核验请用 "
        "`yaopai verify --challenge challenge.txt --challenge-key "
        "challenge.key`。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example =
        "  yaopai gate challenge --profile hotel --place 示例酒店前台 \\\n"
        "      --reader-key reader-key.pem --reader-certificate reader.pem \\\n"
        "      --png challenge.png",
    .run = run,
};
