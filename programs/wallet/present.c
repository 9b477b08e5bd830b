/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet present`: show a relying party what it registered: here by a
 *  profile, or on line by a link (presenting.h). */

#include <string.h>

#include "app/challenge.h"
#include "app/files.h"
#include "app/input.h"
#include "wallet/presenting.h"
#include "wallet/showing.h"
#include "wallet/titles.h"

enum { OUTSIDE = 16 * 1024 * 1024 };

static const yao_words what = WORDS_INIT("wallet present", "出示证件");

/* ---- options ------------------------------------------------------------ */

static int take_profile(const yao_invocation *call, yao_showing *s)
{
    const char *name = yao_argument(call, "profile");
    long        step;

    if (name == NULL)
        return yao_fail(YAO_E_USAGE, what, "--profile",
                        WORDS("neither a link nor a profile was given",
                              "未给出链接，也未给出请求配置"),
                        WORDS("give the link of the request, or --profile",
                              "请给出请求链接或 --profile"));
    s->profile =
        yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));
    if (s->profile == NULL)
        return yao_fail(YAO_E_USAGE, what, name,
                        WORDS("there is no such profile", "没有这个请求配置"),
                        WORDS("see docs/formats/catalogue.md",
                              "见 docs/formats/catalogue.md"));
    if (!yao_number(call, "step", 1, 2, 1, &step))
        return yao_exit_code(YAO_E_USAGE);
    s->step    = (uint32_t)step;
    s->choice  = yao_text_of(yao_argument(call, "choice"));
    s->subject = yao_text_of(yao_argument(call, "of"));
    return 0;
}

static int take_mdoc(const yao_invocation *call, yao_showing *s)
{
    const char *path = yao_argument(call, "session-transcript");

    s->mac = yao_given(call, "mac");
    if (path == NULL)
        return yao_fail(YAO_E_USAGE, what, "--session-transcript",
                        WORDS("an mdoc is shown within a session only",
                              "mdoc 只能在会话中出示"),
                        WORDS("give the file with the SessionTranscript",
                              "请给出 SessionTranscript 文件"));
    yao_status status =
        yao_input_transcript(path, &s->outside, &s->transcript);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, path, (yao_words){NULL, NULL},
                    WORDS("give the SessionTranscript array, CBOR or hex",
                          "请给出 SessionTranscript 数组（CBOR 或十六进制）"));
}

static int take_sdjwt(const yao_invocation *call, yao_showing *s)
{
    s->nonce    = yao_text_of(yao_argument(call, "nonce"));
    s->audience = yao_text_of(yao_argument(call, "audience"));
    if (s->nonce.len > 0 && s->audience.len > 0)
        return 0;
    return yao_fail(YAO_E_USAGE, what, "--nonce, --audience",
                    WORDS("without both it could be shown again elsewhere",
                          "缺少其一则可能被他人重复使用"),
                    WORDS("give what the relying party sent",
                          "请给出依赖方发来的值"));
}

static yao_status read_challenge(const char *path, yao_showing *s)
{
    yao_openssl  *openssl = yao_openssl_open();
    app_challenge c;
    yao_status    status;

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    status = app_challenge_open(yao_openssl_crypto(openssl), path, NULL,
                                &s->outside, &c);
    if (status == YAO_OK)
        s->challenge = c.bytes;
    yao_openssl_close(openssl);
    return status;
}

/* What a checker shows: letters of a code, or a picture of it. */
static int take_challenge(const yao_invocation *call, yao_showing *s)
{
    const char *path   = yao_argument(call, "challenge");
    yao_status  status = YAO_OK;

    if (path != NULL)
        status = read_challenge(path, s);
    else if (s->profile->card != YAO_CARD_OPEN)
        status = YAO_E_REFUSED;
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, path != NULL ? path : "--challenge",
                    status == YAO_E_REFUSED
                        ? WORDS("this profile is answered to a checker's "
                                "challenge only",
                                "此配置只能应答核验方的挑战码")
                        : (yao_words){NULL, NULL},
                    WORDS("scan the code that the checker shows: its letters, "
                          "or a picture of it",
                          "请扫描核验方出示的二维码：给出其文字或图片"));
}

static const struct {
    const char      *name;
    yao_showing_form form;
    int (*take)(const yao_invocation *call, yao_showing *s);
} forms[] = {
    {"mdoc", YAO_SHOWING_MDOC, take_mdoc},
    {"sd-jwt", YAO_SHOWING_SDJWT, take_sdjwt},
    {"card", YAO_SHOWING_CARD, take_challenge},
    {"animated", YAO_SHOWING_ANIMATED, take_challenge},
};

static int take_format(const yao_invocation *call, yao_showing *s)
{
    const char *format = yao_argument(call, "format");

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(format == NULL ? "mdoc" : format, forms[i].name) == 0) {
            s->form = forms[i].form;
            return forms[i].take(call, s);
        }
    return yao_fail(YAO_E_USAGE, what, format,
                    WORDS("there is no such format", "没有这种格式"),
                    WORDS("mdoc, sd-jwt, card or animated",
                          "可选 mdoc、sd-jwt、card 或 animated"));
}

/* ---- the showing -------------------------------------------------------- */

static int told(yao_status status, const char *path)
{
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, what, path, (yao_words){NULL, NULL},
                    WORDS("the copies are spent; show them again with another "
                          "file",
                          "所用的份数已计入；请换一个文件重新出示"));
}

static int hand_over(const yao_invocation *call, yao_bytes out)
{
    const char *path   = yao_argument(call, "output");
    yao_status  status = YAO_OK;

    if (path != NULL)
        status = yao_file_write(path, out, 0600, false);
    else if (fwrite(out.ptr, 1, out.len, stdout) != out.len ||
             fflush(stdout) != 0)
        status = YAO_E_FILE;
    return told(status, path);
}

static int hand_over_codes(const yao_invocation *call, yao_showing *s,
                           const yao_showing_codes *codes)
{
    const char *picture = yao_argument(call, "png");

    return told(yao_showing_put_codes(call, &s->wallet->arena, codes),
                picture != NULL ? picture : yao_argument(call, "output"));
}

/* The copies are marked as shown before anything is handed over. */
static int answer(const yao_invocation *call, yao_showing *s)
{
    bool codes = s->form == YAO_SHOWING_CARD || s->form == YAO_SHOWING_ANIMATED;
    yao_showing_codes drawn;
    yao_bytes         out;
    yao_status        status;

    if (codes)
        status = yao_showing_make_codes(s, &drawn);
    else if (s->form == YAO_SHOWING_SDJWT)
        status = yao_showing_make_sdjwt(s, &out);
    else
        status = yao_showing_make_mdoc(s, &out);
    if (status == YAO_OK)
        status = yao_showing_record(s);
    if (status != YAO_OK)
        return yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                        WORDS("nothing was shown", "未出示任何内容"));
    return codes ? hand_over_codes(call, s, &drawn) : hand_over(call, out);
}

static int show(const yao_invocation *call, yao_showing *s)
{
    yao_status status = yao_showing_choose(s);

    if (status != YAO_OK)
        return yao_fail(status, what, yao_argument(call, "profile"),
                        status == YAO_E_REFUSED
                            ? WORDS("match-only profiles come with on-line "
                                    "showing",
                                    "仅比对的配置需在线出示")
                            : WORDS("the wallet does not hold what is asked",
                                    "钱包中没有所请求的证件"),
                        WORDS("see `yaopai wallet list`",
                              "请看 `yaopai wallet list`"));
    if (!yao_showing_consent(s, yao_given(call, "yes")))
        return yao_fail(YAO_E_REFUSED, what, NULL,
                        WORDS("you did not agree", "您没有同意"),
                        WORDS("nothing was shown", "未出示任何内容"));

    return answer(call, s);
}

/* By a profile, for who stands before you. */
static int run_here(const yao_invocation *call)
{
    yao_showing s    = {.now = yao_wallet_now()};
    int         code = take_profile(call, &s);

    if (code == 0 && call->json)
        code = yao_fail(YAO_E_USAGE, what, "--json",
                        WORDS("what is shown here is printed as it is",
                              "当面出示的内容按原样输出"),
                        WORDS("use --json with a link", "请与链接同用"));

    if (code == 0 && yao_memory_open(OUTSIDE, &s.outside) != YAO_OK)
        code = yao_fail_memory();
    if (code == 0)
        code = take_format(call, &s);
    if (code == 0)
        code = yao_wallet_open_for(call, &s.wallet);
    s.now = yao_wallet_now();
    if (code == 0)
        code = yao_asker_identify(call, &s);
    if (code == 0)
        code = show(call, &s);
    yao_wallet_close(s.wallet);
    yao_memory_free(&s.outside);
    return code;
}

/* On line: by a link, a picture of one, or what a page asks. */
static int run(const yao_invocation *call)
{
    const char *link  = call->operand_count > 0 ? call->operands[0] : NULL;
    const char *image = yao_argument(call, "image");
    const char *page  = yao_argument(call, "dc-api");
    int         ways  = (link != NULL) + (image != NULL) + (page != NULL);

    if (ways == 0)
        return run_here(call);
    if (ways > 1 || yao_given(call, "profile") ||
        (page != NULL && call->json && yao_argument(call, "output") == NULL))
        return yao_fail(YAO_E_USAGE, what,
                        link != NULL    ? link
                        : image != NULL ? image
                                        : page,
                        WORDS("one of a link, --image, --dc-api and --profile "
                              "is enough; --dc-api with --json needs --output",
                              "链接、--image、--dc-api 与 --profile 只能用一"
                              "个；--dc-api 与 --json 同用时须给出 --output"),
                        WORDS("a request on line says itself what it asks",
                              "在线请求自身已说明所请求的内容"));
    return yao_presenting_run(call, what, link, image);
}

static const yao_option options[] = {
    {"image", "FILE", 0,
     WORDS_INIT("on line: a picture of the QR code with the link",
                "在线用：含链接的二维码图片")},
    {"dc-api", "FILE", 0,
     WORDS_INIT("on line: what a page hands to the browser's Digital "
                "Credentials API, as JSON; the answer goes to --output",
                "在线用：网页交给浏览器数字凭证接口的请求（JSON）；应答写入 "
                "--output")},
    {"origin", "ORIGIN", 0,
     WORDS_INIT("for --dc-api: the page, as the browser says it",
                "--dc-api 用：浏览器所述的网页来源")},
    {"choose", "ID[:WHOM]", YAO_OPTION_REPEATS,
     WORDS_INIT("on line: of what is asked show this, where there is a choice "
                "or it may be left out; with the document of WHOM",
                "在线用：有选择或可不出示时，出示此项；并指定用何人的证件")},
    {"trust", "FILE", YAO_OPTION_REPEATS,
     WORDS_INIT("a bundle, with the list of relying parties; who is not in it, "
                "or suspended, is refused",
                "含依赖方名单的信任包；不在名单中或已停用的一律拒绝")},
    {"trust-anchor", "PEM", 0,
     WORDS_INIT("who signs the bundle", "信任包的签署者根证书")},
    {"trust-seen", "FILE", 0,
     WORDS_INIT("where it is noted which bundle was seen",
                "记录已见过的信任包的文件")},
    {"ca-file", "PEM", 0,
     WORDS_INIT("whose servers are believed; the system's when not given",
                "信任哪些服务器证书；缺省用系统的")},
    {"local", NULL, 0,
     WORDS_INIT("servers on this machine (also without TLS) and in its "
                "network will do: for demos",
                "允许本机服务器（也可不用 TLS）及本地网络的服务器（演示用）")},
    {"unencrypted", NULL, 0,
     WORDS_INIT("on line: answers that only TLS protects will do",
                "在线用：接受仅由 TLS 保护的应答")},
    {"tell", NULL, 0,
     WORDS_INIT("on line: tell who asks also what is wrong with the request",
                "在线用：向请求方说明其请求的错误")},
    {"patience", "SECONDS", 0,
     WORDS_INIT("on line: how long to wait for the other side; 30 when not "
                "given",
                "在线用：等待对方应答的秒数；缺省 30")},
    {"open", "COMMAND", 0,
     WORDS_INIT("on line: run this with the page's address where you go on; "
                "else it is printed",
                "在线用：以后续页面地址为参数运行此命令；缺省只显示地址")},
    {"profile", "PROFILE", 0,
     WORDS_INIT("what is asked, without a link: hotel, road_check, age, ...",
                "不用链接时的请求配置：hotel、road_check、age 等")},
    {"format", "mdoc|sd-jwt|card|animated", 0,
     WORDS_INIT("which form to show; mdoc when not given. card: a QR code; "
                "animated: an mdoc as QR codes that change",
                "出示的形式；缺省为 mdoc。card：一个二维码；animated：以变化的"
                "二维码出示 mdoc")},
    {"challenge", "FILE", 0,
     WORDS_INIT("for card and animated: the code that the checker shows, as "
                "letters or as a picture",
                "card 和 animated 用：核验方出示的二维码，文字或图片")},
    {"reader", "PEM", 0,
     WORDS_INIT("reader certificate of who asks", "请求方的读卡证书")},
    {"unidentified", NULL, 0,
     WORDS_INIT("show although nobody says who asks",
                "在请求方身份不明时仍然出示")},
    {"session-transcript", "FILE", 0,
     WORDS_INIT("SessionTranscript for mdoc: the array, CBOR or hex",
                "mdoc 的 SessionTranscript 数组（CBOR 或十六进制）")},
    {"mac", NULL, 0,
     WORDS_INIT("deviceMac for the reader key in the transcript, not a "
                "signature",
                "用会话中读卡端密钥作 deviceMac，而非签名")},
    {"nonce", "NONCE", 0,
     WORDS_INIT("for sd-jwt: what the relying party sent",
                "sd-jwt 用：依赖方发来的随机数")},
    {"audience", "AUDIENCE", 0,
     WORDS_INIT("for sd-jwt: who the relying party is",
                "sd-jwt 用：依赖方的标识")},
    {"step", "1|2", 0,
     WORDS_INIT("profiles in two steps: which", "分两步的配置：第几步")},
    {"choice", "ELEMENT", 0,
     WORDS_INIT("where the profile leaves a choice: which, e.g. age_over_18",
                "配置中可选其一时：选哪一项，如 age_over_18")},
    {"of", "WHOM", 0,
     WORDS_INIT("where the wallet holds several: which, as `wallet list` has "
                "it in brackets (a child's name, a vehicle's number)",
                "钱包中有多份时：哪一份，即 `wallet list` 括号中所示（儿童姓名或"
                "车辆识别代号）")},
    {"output", "FILE", 0,
     WORDS_INIT("write there instead of to standard output",
                "写入文件而非标准输出")},
    {"png", "FILE", 0,
     WORDS_INIT("for card and animated: draw the code there; several codes "
                "are numbered, FILE itself changes",
                "card 和 animated 用：把二维码画到文件；多个时编号，FILE "
                "本身为动画")},
    {"terminal", NULL, 0,
     WORDS_INIT("for card and animated: draw the code here",
                "card 和 animated 用：在终端画出二维码")},
    {"yes", NULL, 0,
     WORDS_INIT("agree without being asked, for scripts",
                "不再询问即同意，供脚本使用")},
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_present = {
    .noun    = "wallet",
    .verb    = "present",
    .summary = WORDS_INIT("show a relying party what it registered",
                          "向依赖方出示其登记过的内容"),
    .text    = WORDS_INIT(
        "With LINK (openid4vp://..., a file with it, or --image with a picture "
        "of its code) a request is answered on line, by OpenID4VP 1.0: nothing "
        "is said before its signature was found good, what may be left out is, "
        "and no redirect is followed.\n\n"
        "Says who asks for what, why, on which legal basis and how long it is "
        "kept, and asks you. A party that did not register the profile gets "
        "nothing, and no party gets what it did not register. Each copy is shown once, so that two parties cannot "
        "recognise you by it; when all are spent, the one shown least is "
        "shown again, and you are told.",
        "给出 LINK（openid4vp://...、存有链接的文件，或用 --image 给出二维码图"
        "片）时在线应答请求（OpenID4VP 1.0）：先核验请求的签名；可不出示的内容"
        "缺省不出示；不跟随任何跳转。\n\n"
        "说明由谁、请求什么、用途、法律依据与保存期限，并征求您的同意。未登记该"
        "配置的一方得不到任何内容。每份只出示一次，使两方无法据此关联到您；全部"
        "用完时会再次使用出示最少的一份，并告知您。"),
    .operands     = "[LINK]",
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .json         = true,
    .example =
        "  yaopai wallet present -C my-wallet --profile hotel --reader "
        "hotel.pem --session-transcript st.cbor --output response.cbor\n"
        "  yaopai wallet present -C my-wallet --trust bundle.cose "
        "--trust-anchor trust-root.pem 'openid4vp://?client_id=...'",
    .run = run,
};
