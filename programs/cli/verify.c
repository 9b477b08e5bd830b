/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai verify`: judge documents with what is on this machine alone. */

#include <string.h>

#include "policy/asking.h"
#include "app/challenge.h"
#include "app/code.h"
#include "app/command.h"
#include "app/files.h"
#include "app/input.h"
#include "app/pem.h"
#include "app/result_print.h"
#include "app/trusting.h"
#include "cli/commands.h"
#include "cli/verify_status.h"
#include "document/document.h"
#include "yaopai/openssl.h"

enum { MEMORY = 32 * 1024 * 1024, SKEW = 60 };

/* What is the same for every file of one call. */
typedef struct session {
    const yao_invocation *call;
    yao_arena             arena;
    yao_openssl          *openssl;
    yao_openssl_key      *reader_key;
    app_trusting          trust;
    yao_verify_options    options;
    const yao_profile    *profile; /* NULL: none */
    verify_status         status;
    app_challenge         challenge; /* that was shown; may be none */
    app_parts             parts;   /* of an animated code, over all files */
} session;

static int bad_option(const char *name, const char *value, yao_status status,
                      yao_words next)
{
    char what[64];

    snprintf(what, sizeof what, "verify: %s", name);
    return yao_fail(status, (yao_words){what, NULL}, value,
                    (yao_words){NULL, NULL}, next);
}

/* ---- options ------------------------------------------------------------ */

/* A moment, a day, or seconds since 1970. */
static yao_status parse_at(const char *text, yao_time *ret)
{
    yao_bytes bytes = yao_text_bytes(yao_text_of(text));
    yao_date  day;
    yao_time  time = 0;

    if (yao_time_parse(bytes, ret) == YAO_OK)
        return YAO_OK;
    if (yao_date_parse(bytes, &day) == YAO_OK) {
        *ret = yao_time_of_date(day);
        return YAO_OK;
    }
    if (bytes.len == 0 || bytes.len > 12)
        return YAO_E_USAGE;
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] < '0' || bytes.ptr[i] > '9')
            return YAO_E_USAGE;
        time = time * 10 + (bytes.ptr[i] - '0');
    }
    *ret = time;
    return YAO_OK;
}

static int take_time(session *s)
{
    const char *at = yao_argument(s->call, "at");

    s->options.now  = yao_now();
    s->options.skew = SKEW;
    if (at != NULL && parse_at(at, &s->options.now) != YAO_OK)
        return bad_option("--at", at, YAO_E_USAGE,
                          WORDS("write 2026-11-22T08:00:00Z",
                                "请写成 2026-11-22T08:00:00Z"));
    return 0;
}

static int take_transcript(session *s)
{
    const char *path = yao_argument(s->call, "session-transcript");

    if (path == NULL)
        return 0;

    yao_status status =
        yao_input_transcript(path, &s->arena, &s->options.transcript);
    if (status == YAO_OK)
        return 0;
    return bad_option("--session-transcript", path, status,
                      WORDS("give the SessionTranscript array, as CBOR or as "
                            "hex",
                            "请给出 SessionTranscript 数组（CBOR 或十六进制）"));
}

static int take_reader_key(session *s)
{
    const char *path = yao_argument(s->call, "reader-key");
    yao_bytes   file, pkcs8;

    if (path == NULL)
        return 0;

    yao_status status = yao_file_read(path, 65536, &file);
    if (status == YAO_OK) {
        status = yao_pem_private_key(file, &s->arena, &pkcs8);
        if (status == YAO_OK)
            status = yao_openssl_key_read(pkcs8, &s->reader_key);
        yao_file_free(&file);
    }
    if (status != YAO_OK)
        return bad_option("--reader-key", path, status,
                          WORDS("give the private EReaderKey as PEM",
                                "请给出 PEM 格式的读卡端临时私钥"));
    return 0;
}

static int take_format(session *s)
{
    const char *name = yao_argument(s->call, "format");

    if (name == NULL)
        return 0;
    s->options.format = yao_format_by_name(yao_text_of(name));
    if (s->options.format == YAO_FORMAT_UNKNOWN)
        return bad_option("--format", name, YAO_E_USAGE,
                          WORDS("one of mdoc-device-response, "
                                "mdoc-issuer-signed, sd-jwt-vc, sd-jwt, card, "
                                "printed-card, status-list-jwt, "
                                "status-list-cwt",
                                "可选 mdoc-device-response、"
                                "mdoc-issuer-signed、sd-jwt-vc、sd-jwt、card、"
                                "printed-card、status-list-jwt、"
                                "status-list-cwt"));
    return 0;
}

static int take_binding(session *s)
{
    const char *nonce    = yao_argument(s->call, "nonce");
    const char *audience = yao_argument(s->call, "audience");

    if ((nonce == NULL) != (audience == NULL))
        return bad_option(nonce ? "--audience" : "--nonce", NULL, YAO_E_USAGE,
                          WORDS("nonce and audience belong together",
                                "nonce 与 audience 必须同时给出"));
    if (nonce != NULL && (*nonce == '\0' || *audience == '\0'))
        return bad_option(*nonce == '\0' ? "--nonce" : "--audience", NULL,
                          YAO_E_USAGE,
                          WORDS("an empty one binds to nobody; give what was "
                                "sent to the holder",
                                "空值无法绑定任何人；请给出发给持有人的值"));
    s->options.nonce      = yao_text_of(nonce);
    s->options.audience   = yao_text_of(audience);
    s->options.no_binding = nonce == NULL && s->options.transcript.len == 0;
    s->options.strict     = yao_given(s->call, "strict");
    s->options.compared   = yao_given(s->call, "compared");
    return 0;
}

static int take_profile(session *s)
{
    const char *name = yao_argument(s->call, "profile");

    if (name == NULL)
        return 0;
    s->profile =
        yao_profile_by_name(app_trusting_catalogue(&s->trust),
                            yao_text_of(name));
    if (s->profile == NULL)
        return bad_option("--profile", name, YAO_E_USAGE,
                          WORDS("see docs/formats/catalogue.md for their names",
                                "名称见 docs/formats/catalogue.md"));
    return 0;
}

static int take_challenge(session *s)
{
    const char *path = yao_argument(s->call, "challenge");
    const char *key  = yao_argument(s->call, "challenge-key");

    if (path == NULL && key == NULL)
        return 0;
    if (path == NULL)
        return bad_option("--challenge-key", key, YAO_E_USAGE,
                          WORDS("give the challenge too, with --challenge",
                                "请同时用 --challenge 给出挑战"));
    yao_status status =
        app_challenge_open(yao_openssl_crypto(s->openssl), path, key, &s->arena,
                           &s->challenge);
    s->options.challenge  = s->challenge.bytes;
    s->options.no_binding = false; /* somebody was asked to prove it */
    if (status == YAO_OK)
        return 0;
    return bad_option("--challenge", path, status,
                      WORDS("give challenge and key as `gate challenge` wrote "
                            "them",
                            "请给出 `gate challenge` 写出的挑战与私钥"));
}

/* ---- one file ----------------------------------------------------------- */

static yao_status answer_agreements(session *s, yao_verification *v)
{
    uint8_t    secret[YAO_MAX_AGREEMENT];
    yao_status status = YAO_OK;

    for (size_t i = 0; i < v->agreement_count && status == YAO_OK; i++) {
        size_t len = v->agreements[i].peer.curve == YAO_P384 ? 48 : 32;

        /* without the key, or with one of another curve, the MAC stays
         * unchecked, and the report says so */
        if (s->reader_key == NULL ||
            yao_openssl_agree(s->reader_key, &v->agreements[i], secret) !=
                YAO_OK)
            continue;
        status = yao_verify_agreed(v, i, (yao_bytes){secret, len});
    }
    yao_wipe(secret, sizeof secret);
    return status;
}

static yao_status judge(session *s, yao_bytes input, yao_result **ret)
{
    const yao_crypto  *crypto = yao_openssl_crypto(s->openssl);
    yao_verify_options options = s->options;
    yao_verification   v;

    if (verify_status_is(options.format))
        return verify_status_judge(&s->status, input, &options, &s->arena,
                                   ret);
    YAO_TRY(yao_policy_ask(&s->arena, s->profile,
                    yao_text_of(yao_argument(s->call, "choice")), input,
                    &options));
    YAO_TRY(yao_verify_begin(&s->arena, crypto, input, &options, &v));
    YAO_TRY(crypto->verify(crypto->ctx, v.checks, v.check_count));
    YAO_TRY(answer_agreements(s, &v));
    return yao_verify_finish(&v, ret);
}

/* The exit code; a verdict that could not be written is none. */
static int print(session *s, const yao_judged *judged)
{
    if (!s->call->json) {
        yao_result_print(judged);
        return yao_result_exit_code(judged);
    }
    yao_writer w = yao_writer_in(&s->arena);
    yao_bytes  line;

    yao_result_print_json(judged, &w);
    if (yao_writer_close(&w, &line) != YAO_OK)
        return yao_fail(w.status, WORDS("verify", "核验"), judged->file,
                        (yao_words){NULL, NULL},
                        WORDS("try without --json", "请去掉 --json 重试"));
    fwrite(line.ptr, 1, line.len, stdout);
    return yao_result_exit_code(judged);
}

static int verify_bytes(session *s, const char *name, yao_bytes input)
{
    yao_judged judged = {.file    = name,
                         .format  = s->options.format,
                         .now     = s->options.now,
                         .max_age = s->options.status_max_age};
    size_t     mark   = s->arena.used;

    judged.failure = judge(s, input, &judged.result);
    int code       = print(s, &judged);

    s->arena.used = mark;
    return code;
}

static int verify_nothing(session *s, const char *name, yao_status failure)
{
    yao_judged judged = {.file    = name,
                         .format  = s->options.format,
                         .failure = failure};

    return print(s, &judged);
}

/* What is sealed to another challenge, or without ours, can't be read. */
static int verify_sealed(session *s, const char *name, yao_bytes sealed)
{
    yao_bytes  plain;
    yao_status status =
        app_challenge_unseal(yao_openssl_crypto(s->openssl), &s->challenge,
                             sealed, &s->arena, &plain);

    if (status == YAO_OK)
        return verify_bytes(s, name, plain);
    if (status == YAO_E_MISSING)
        status = YAO_E_UNSUPPORTED; /* nobody has looked at it */
    if (status == YAO_E_UNSUPPORTED)
        yao_explain(status,
                    WORDS("the card is sealed to a checker's challenge",
                          "此卡码已按核验方的挑战密封"),
                    WORDS("give --challenge and --challenge-key",
                          "请给出 --challenge 与 --challenge-key"));
    return verify_nothing(s, name, status);
}

/* A wallet that shows several documents as SD-JWTs writes a line for each. */
static int verify_lines(session *s, const char *path, yao_bytes input)
{
    int    code  = 0;
    size_t lines = 1, number = 0;

    for (size_t i = 0; i < input.len; i++)
        lines += input.ptr[i] == '\n';
    if (yao_card_kind_of(input) == YAO_CARD_WHOLE_SEALED)
        return verify_sealed(s, path, input);
    if (lines == 1 || !yao_bytes_starts(input, YAO_LIT("ey")))
        return verify_bytes(s, path, input);

    while (input.len > 0) {
        char      name[256];
        yao_bytes line = {input.ptr, 0};

        while (line.len < input.len && line.ptr[line.len] != '\n')
            line.len++;
        size_t used = line.len + (line.len < input.len);
        input       = (yao_bytes){input.ptr + used, input.len - used};
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0)
            continue;
        snprintf(name, sizeof name, "%.240s:%zu", path, ++number);
        code = yao_worse_code(code, verify_bytes(s, name, line));
    }
    return code;
}

/* ---- QR codes ----------------------------------------------------------- */

/* One code; of an animated one nothing is said before all parts are there. */
static int verify_code(session *s, const char *name, yao_bytes text)
{
    app_code   code;
    yao_status status = app_code_read(yao_openssl_crypto(s->openssl), text,
                                      &s->parts, &s->arena, &code);

    if (status != YAO_OK)
        return verify_nothing(s, name, status);
    switch (code.kind) {
    case APP_CODE_PART:     return 0;
    case APP_CODE_SEALED:   return verify_sealed(s, name, code.content);
    case APP_CODE_DOCUMENT: return verify_bytes(s, name, code.content);
    default:
        yao_explain(
            YAO_E_MALFORMED,
            WORDS("a challenge is shown by a checker; it is no document",
                  "这是核验方出示的挑战码，不是证件"),
            WORDS("show the card that answers it", "请出示回应此挑战的卡码"));
        return verify_nothing(s, name, YAO_E_MALFORMED);
    }
}

static int verify_codes(session *s, const char *path, const yao_inputs *codes)
{
    int code = 0;

    for (size_t i = 0; i < codes->count; i++) {
        char   name[256];
        size_t mark = s->arena.used;

        snprintf(name, sizeof name, codes->count > 1 ? "%.240s:%zu" : "%.240s",
                 path, i + 1);
        code = yao_worse_code(code, verify_code(s, name, codes->list[i]));
        s->arena.used = mark;
    }
    return code;
}

static int verify_no_code(session *s, const char *path)
{
    yao_explain(YAO_E_MALFORMED,
                WORDS("there is no QR code in the picture",
                      "图片中没有可识别的二维码"),
                WORDS("take another one: sharp, all of the code, with its "
                      "margin",
                      "请重新拍摄：清晰、完整，并留出四周空白"));
    return verify_nothing(s, path, YAO_E_MALFORMED);
}

static int verify_file(session *s, const char *path)
{
    size_t     mark = s->arena.used;
    yao_inputs inputs;
    int        code;

    yao_status status = yao_input_read_all(path, &s->arena, &inputs);
    if (status == YAO_E_MISSING)
        code = verify_no_code(s, path);
    else if (status != YAO_OK)
        code = verify_nothing(s, path, status);
    else if (inputs.codes)
        code = verify_codes(s, path, &inputs);
    else
        code = verify_lines(s, path, inputs.list[0]);
    s->arena.used = mark;
    return code;
}

/* Parts of an animated code of which not all came. */
static int verify_rest(session *s)
{
    char name[64];

    snprintf(name, sizeof name, "%zu/%zu", s->parts.collector.have,
             s->parts.collector.count);
    yao_explain(YAO_E_TRUNCATED,
                WORDS("some parts of an animated code are missing",
                      "动态码缺少部分画面"),
                WORDS("give all of its pictures in one call",
                      "请一次给出全部图片"));
    return verify_nothing(s, name, YAO_E_TRUNCATED);
}

static int take_options(session *s)
{
    s->status.crypto = yao_openssl_crypto(s->openssl);

    int failed = take_time(s);

    if (failed == 0)
        failed = take_format(s);
    if (failed == 0)
        failed = take_transcript(s);
    if (failed == 0)
        failed = take_reader_key(s);
    if (failed == 0)
        failed = take_binding(s);
    if (failed == 0) /* judged at that time, as strictly */
        failed = app_trusting_take(&s->trust, s->call,
                                   yao_openssl_crypto(s->openssl), &s->arena,
                                   &s->options);
    if (failed == 0) /* a bundle may bring it */
        failed = take_profile(s);
    if (failed == 0)
        failed = take_challenge(s);
    s->options.catalogue = app_trusting_catalogue(&s->trust);
    if (failed == 0)
        failed = verify_status_take(&s->status, s->call, &s->trust.given,
                                    &s->arena, &s->options);
    return failed;
}

static int run(const yao_invocation *call)
{
    session    *s;
    yao_arena   arena;
    int         code;

    if (yao_memory_open(MEMORY, &arena) != YAO_OK ||
        (s = yao_arena_take(&arena, sizeof *s)) == NULL)
        return yao_fail_memory();
    s->call    = call;
    s->arena   = arena;
    s->openssl = yao_openssl_open();

    code = s->openssl != NULL
               ? take_options(s)
               : yao_fail(YAO_E_CRYPTO, WORDS("verify", "核验"), NULL,
                          (yao_words){NULL, NULL},
                          WORDS("look whether OpenSSL 3 is installed",
                                "请检查是否已安装 OpenSSL 3"));
    if (code == 0)
        for (size_t i = 0; i < call->operand_count; i++)
            code = yao_worse_code(code,
                                  verify_file(s, call->operands[i]));
    if (s->parts.collector.have > 0)
        code = yao_worse_code(code, verify_rest(s));

    app_challenge_close(&s->challenge);
    app_trusting_close(&s->trust);
    yao_openssl_key_close(s->reader_key);
    yao_openssl_close(s->openssl);
    arena = s->arena;
    yao_memory_free(&arena);
    return code;
}

static const yao_option options[] = {
    {"format", "FORMAT", 0,
     WORDS_INIT("mdoc-device-response, mdoc-issuer-signed, sd-jwt-vc, sd-jwt, "
                "card or printed-card; else found out. Or status-list-jwt, "
                "status-list-cwt: judge a status list",
                "mdoc-device-response、mdoc-issuer-signed、sd-jwt-vc、sd-jwt、"
                "card 或 printed-card；缺省自动判断。或 status-list-jwt、status-list-cwt："
                "核验状态列表本身")},
    {"trust", "FILE", YAO_OPTION_REPEATS,
     WORDS_INIT("a root certificate, a signer's certificate or a public key "
                "(also as JWK) to trust; or a bundle or a VICAL, which "
                "--trust-anchor vouches for",
                "受信的根证书、签发者证书或公钥（也可为 JWK）；"
                "或信任包、VICAL，由 --trust-anchor 担保")},
    {"trust-anchor", "PEM", 0,
     WORDS_INIT("the root whose trust lists to believe, obtained by hand; or "
                "sha256: and its fingerprint, trust-root.pem lying beside the "
                "list",
                "可信其信任列表的根证书，须人工取得；或 sha256: 加指纹，"
                "此时 trust-root.pem 须与列表在同一目录")},
    {"trust-seen", "FILE", 0,
     WORDS_INIT("where it is noted which list was accepted last, so that no "
                "older one is (default: the list's name with .seen)",
                "记录上次所接受列表的文件，以拒绝更旧的列表；"
                "缺省为列表文件名加 .seen")},
    {"signer", "PEM", YAO_OPTION_REPEATS,
     WORDS_INIT("certificate of a document signer, which a card names only; it "
                "must lead to somebody who is trusted",
                "证件签发者证书：卡码中只写明其编号；须能追溯到受信者")},
    {"at", "TIME", 0,
     WORDS_INIT("judge as of this moment, 2026-11-22T08:00:00Z",
                "按此时刻核验，如 2026-11-22T08:00:00Z")},
    {"session-transcript", "FILE", 0,
     WORDS_INIT("SessionTranscript of an mdoc: the array, CBOR or hex",
                "mdoc 的 SessionTranscript 数组（CBOR 或十六进制）")},
    {"reader-key", "FILE", 0,
     WORDS_INIT("private EReaderKey (PEM), to check a deviceMac",
                "读卡端临时私钥（PEM），用于核验 deviceMac")},
    {"nonce", "NONCE", 0,
     WORDS_INIT("what the holder must have signed, with --audience",
                "持有人签名中必须含有的随机数，与 --audience 同用")},
    {"audience", "AUDIENCE", 0,
     WORDS_INIT("for whom it must be meant, with --nonce",
                "持有人签名的对象，与 --nonce 同用")},
    {"challenge", "FILE", 0,
     WORDS_INIT("the challenge that a card answers: its letters, its CBOR or "
                "a picture of it",
                "卡码所回应的挑战：其文字、CBOR 或二维码图片")},
    {"challenge-key", "KEY", 0,
     WORDS_INIT("its private key, to open what is sealed: PEM, file: or "
                "pkcs11:",
                "挑战的私钥，用于打开密封卡码：PEM 文件、file: 或 pkcs11:")},
    {"status", "FILE", YAO_OPTION_REPEATS,
     WORDS_INIT("a status list (JWT or CWT) that is at hand; its signer must "
                "be under a root of --trust",
                "手头的状态列表（JWT 或 CWT）；其签发者须在 --trust "
                "的根证书之下")},
    {"status-max-age", "DURATION", 0,
     WORDS_INIT("how old a status list may be, such as 30min, 24h or 7d; else "
                "as old as it says itself",
                "状态列表的最长时限，如 30min、24h、7d；缺省按列表自身所写")},
    {"uri", "URI", 0,
     WORDS_INIT("of a status list that is judged: where it must say it stands",
                "核验状态列表时：列表必须写明的地址")},
    {"idx", "N", 0,
     WORDS_INIT("of a status list that is judged: tell the value of this "
                "entry",
                "核验状态列表时：给出该条目的值")},
    {"profile", "PROFILE", 0,
     WORDS_INIT("all that this request profile asks must be shown",
                "必须出示此请求配置所要求的全部项目")},
    {"choice", "ELEMENT", 0,
     WORDS_INIT("where the profile leaves a choice: which, e.g. age_over_14",
                "配置中可选其一时：哪一项，如 age_over_14")},
    {"compared", NULL, 0,
     WORDS_INIT("of paper: you compared the portrait with the person",
                "纸质凭证用：您已将相片与本人比对")},
    {"strict", NULL, 0,
     WORDS_INIT("refuse what is otherwise tolerated with a note",
                "拒绝原本只作注意提示的偏差")},
};

const yao_command yao_verify_command = {
    .verb    = "verify",
    .summary = WORDS_INIT("judge documents, without any network",
                          "核验证件，无需网络"),
    .text    = WORDS_INIT(
        "Prints for each file the verdict, the values shown, and one row for "
        "each check with the clause that asks for it.\n\n"
        "ACCEPT means that every check was made and passed. REJECT means that "
        "one failed. INDETERMINATE means that something could not be checked "
        "here; it is never as good as ACCEPT.\n\n"
        "A file may hold a document, the letters of a QR code in each line, or "
        "be a PNG or JPEG picture of QR codes; the pictures of an animated "
        "code belong in one call. A card that answers a challenge is judged "
        "with --challenge, a sealed one needs its key too.\n\n"
        "On paper nobody proves to be the holder. With --profile it is accepted "
        "only for purposes that allow paper, and only after somebody compared "
        "the portrait (--compared): before that it is INDETERMINATE, and says "
        "so.\n\n"
        "Without --trust nobody is trusted. Without --nonce, --audience and "
        "--session-transcript a document is judged as issued, without its "
        "holder; an SD-JWT that carries a holder's signature all the same is "
        "INDETERMINATE, since that could not be checked. With any of them "
        "somebody must have proved to be the holder: a document as issued is "
        "refused, unless --format mdoc-issuer-signed says that it is one.\n\n"
        "A document that names a status list is INDETERMINATE without that "
        "list at hand (--status), or when it is too old; nothing is fetched. "
        "The state is told with its age.",
        "逐个文件输出结论、所示内容以及每一项核验及其依据条款。\n\n"
        "“通过”表示每一项都已核验且合格；“拒绝”表示有一项不合格；“无法判定”"
        "表示有的项目在此无法核验，它绝不等同于通过。\n\n"
        "文件可以是证件、逐行的二维码内容，或二维码的 PNG、JPEG 图片；动态码的"
        "各张图片须一次给出。回应挑战的卡码须给出 --challenge，密封的卡码还须给出"
        "挑战的私钥。\n\n"
        "纸质凭证无法由密钥证明持有人。给出 --profile 时，只接受允许纸质的用途，且"
        "须有人比对相片（--compared）；在此之前结论为“无法判定”，并予以说明。\n\n"
        "不给 --trust 则不信任任何人。不给 --nonce、--audience 与 "
        "--session-transcript 时，证件按签发时的形态核验，不涉及持有人；若 "
        "SD-JWT 中仍带有持有人签名，因未能核验，结论为“无法判定”。给出其中"
        "任何一项时，必须有人证明自己是持有人：签发时的形态一律拒绝，除非以 "
        "--format mdoc-issuer-signed 指明。\n\n"
        "写有状态列表的证件，若手头没有该列表（--status）或列表过旧，结论为"
        "“无法判定”；本命令不联网获取。状态与其时间一并给出。"),
    .operands     = "FILE...",
    .least        = 1,
    .most         = -1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example =
        "  yaopai verify --trust root.pem --session-transcript st.cbor "
        "response.cbor\n"
        "  yaopai verify --trust issuer.pem --nonce 1234 --audience "
        "https://verifier.example token.txt",
    .json = true,
    .run  = run,
};
