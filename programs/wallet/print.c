/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet print`: a document on paper, for one purpose. */

#include "app/files.h"
#include "json/json.h"
#include "wallet/printing.h"

static const yao_words what = WORDS_INIT("wallet print", "打印证件");

enum { SHEET = 8 * 1024 * 1024 }; /* bytes of a PDF, its fonts included */

/* ---- which -------------------------------------------------------------- */

static bool fits(yao_text wanted, yao_text is)
{
    return wanted.len == 0 || yao_text_equal(wanted, is);
}

/* The newest that the options name; the person's own before others'. */
static yao_wallet_batch *find(yao_wallet *w, const yao_invocation *call)
{
    yao_text document = yao_text_of(call->operands[0]);
    yao_text profile  = yao_text_of(yao_argument(call, "profile"));
    yao_text choice   = yao_text_of(yao_argument(call, "choice"));
    yao_text whom     = yao_text_of(yao_argument(call, "of"));
    yao_wallet_batch *other = NULL;

    for (size_t i = w->batch_count; i-- > 0;) {
        yao_wallet_batch *b = &w->batches[i];

        if (!yao_text_equal(b->format, YAO_TEXT("printed-card")) ||
            !yao_text_equal(b->document, document) ||
            !yao_text_equal(b->profile, profile) || !fits(choice, b->choice))
            continue;
        if (yao_text_equal(b->subject, whom))
            return b;
        if (whom.len == 0 && other == NULL)
            other = b;
    }
    return other;
}

static int tell_missing(const yao_invocation *call)
{
    const yao_profile *p =
        yao_profile_by_name(yao_catalogue_shipped(),
                            yao_text_of(yao_argument(call, "profile")));

    if (p == NULL || p->paper_days == 0)
        return yao_fail(YAO_E_USAGE, what, yao_argument(call, "profile"),
                        WORDS("there is no paper for this purpose",
                              "该用途没有纸质凭证"),
                        WORDS("show the document itself with `yaopai wallet "
                              "present`",
                              "请用 `yaopai wallet present` 出示证件本身"));
    return yao_fail(YAO_E_NOT_FOUND, what, call->operands[0],
                    WORDS("the wallet has no card of it to be printed for "
                          "this purpose",
                          "钱包中没有该证件用于此用途的可打印卡码"),
                    WORDS("ask for one with `yaopai wallet fetch --config-id "
                          "DOCUMENT_paper.PROFILE`, or at a counter",
                          "请用 `yaopai wallet fetch --config-id "
                          "证件_paper.用途` 申领，或到窗口办理"));
}

/* ---- drawing ------------------------------------------------------------ */

/* A sheet, and the letters of its code. */
typedef struct printed {
    paper_sheet sheet;
    yao_bytes   pdf, letters;
} printed;

static yao_status draw(yao_wallet *w, const yao_wallet_batch *batch,
                       printed *ret)
{
    uint8_t   *room = yao_arena_take(&w->arena, SHEET);
    yao_writer out  = yao_writer_open(room, SHEET);

    if (room == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_printing_make(w, batch, &ret->letters, &ret->sheet));
    YAO_TRY(paper_draw(&ret->sheet, &out));
    ret->pdf = (yao_bytes){room, out.len};
    return YAO_OK;
}

static yao_status hand_over(const yao_invocation *call, const printed *p)
{
    const char *code = yao_argument(call, "code");

    if (code != NULL)
        YAO_TRY(yao_file_write(code, p->letters, 0600, false));
    return yao_file_write(yao_argument(call, "output"), p->pdf, 0600, false);
}

/* Who printed what for whom's eyes is history as any showing is. */
static yao_status record(yao_wallet *w, yao_wallet_batch *batch)
{
    const yao_wallet_event event = {.when     = yao_wallet_now(),
                                    .party    = YAO_TEXT(""),
                                    .profile  = batch->profile,
                                    .document = batch->document,
                                    .format   = batch->format,
                                    .elements = batch->choice,
                                    .request  = YAO_TEXT(""),
                                    .outcome  = YAO_TEXT("printed")};

    batch->shown[0]++;
    yao_wallet_remember(w, event);
    return yao_wallet_save(w);
}

static yao_words why(yao_status status)
{
    switch (status) {
    case YAO_E_EXPIRED:
        return WORDS("the card to be printed is over",
                     "可打印的卡码已过期");
    case YAO_E_NOT_FOUND:
        return WORDS("no font here has one of the letters, or the document is "
                     "of a kind that is not known here",
                     "本机没有可显示全部文字的字体，或不认识此类证件");
    case YAO_E_UNSUPPORTED:
        return WORDS("cairo and pango are not installed here",
                     "本机未安装 cairo 与 pango");
    case YAO_E_LIMIT:
        return WORDS("it does not fit on one page", "一页容纳不下");
    default:
        return (yao_words){NULL, NULL};
    }
}

static yao_words next_step(yao_status status)
{
    switch (status) {
    case YAO_E_EXPIRED:
        return WORDS("ask for a new one", "请重新申领");
    case YAO_E_NOT_FOUND:
        return WORDS("install the package fonts-noto-cjk",
                     "请安装软件包 fonts-noto-cjk");
    case YAO_E_UNSUPPORTED:
        return WORDS("install the package libpangocairo-1.0-0",
                     "请安装软件包 libpangocairo-1.0-0");
    default:
        return WORDS("nothing was printed", "未打印任何内容");
    }
}

static void tell_json(const paper_sheet *sheet, const char *path)
{
    uint8_t    line[1024];
    yao_writer w     = yao_writer_open(line, sizeof line);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "file", yao_text_of(path));
    yao_json_put_member(&w, &first, "valid_until", sheet->until);
    yao_json_put_name(&w, &first, "specimen");
    yao_json_put_bool(&w, sheet->specimen);
    yao_put_text(&w, "}\n");
    if (w.status == YAO_OK)
        fwrite(line, 1, w.len, stdout);
}

static void tell(const yao_invocation *call, const paper_sheet *sheet,
                 const char *path)
{
    yao_text purpose = yao_language_get() == YAO_ZH ? sheet->purpose.zh
                                                    : sheet->purpose.en;

    if (call->json) {
        tell_json(sheet, path);
        return;
    }
    yao_print(WORDS("%s: one page for \"%.*s\", good until %.*s. Whoever has "
                    "a picture of its code has the code: keep it to "
                    "yourself.\n",
                    "%s：一页，用于“%.*s”，有效期至 %.*s。码可被拍照复制，请妥善"
                    "保管。\n"),
              path, (int)purpose.len, (const char *)purpose.ptr,
              (int)sheet->until.len, (const char *)sheet->until.ptr);
}

static int print(const yao_invocation *call, yao_wallet *w)
{
    const char       *path  = yao_argument(call, "output");
    yao_wallet_batch *batch = find(w, call);
    printed           p;

    if (batch == NULL)
        return tell_missing(call);
    yao_status status = draw(w, batch, &p);
    if (status == YAO_OK)
        status = record(w, batch);
    if (status == YAO_OK)
        status = hand_over(call, &p);
    if (status != YAO_OK)
        return yao_fail(status, what, path, why(status), next_step(status));
    tell(call, &p.sheet, path);
    return 0;
}

static int run(const yao_invocation *call)
{
    yao_wallet *w;
    int         code = yao_wallet_open_for(call, &w);

    if (code != 0)
        return code;
    code = print(call, w);
    yao_wallet_close(w);
    return code;
}

static const yao_option options[] = {
    {"profile", "PROFILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("what it is for: hotel, train, hospital, ...",
                "用途：hotel、train、hospital 等")},
    {"output", "FILE", YAO_OPTION_REQUIRED,
     WORDS_INIT("the PDF to be written", "写入的 PDF 文件")},
    {"code", "FILE", 0,
     WORDS_INIT("also write what stands in the code, as a scanner reads it",
                "同时写出二维码的内容（扫码器读出的文字）")},
    {"choice", "ELEMENT", 0,
     WORDS_INIT("where the profile leaves a choice: which, e.g. age_over_18",
                "配置中可选其一时：选哪一项，如 age_over_18")},
    {"of", "WHOM", 0,
     WORDS_INIT("where the wallet holds several: which, as `wallet list` has "
                "it in brackets",
                "钱包中有多份时：哪一份，即 `wallet list` 括号中所示")},
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_print = {
    .noun    = "wallet",
    .verb    = "print",
    .summary = WORDS_INIT("print a document for one purpose",
                          "打印用于某一用途的证件"),
    .text    = WORDS_INIT(
        "Writes one page of PDF: what the document says for this purpose, the "
        "portrait, the last day, and a code that a checker scans. No telephone "
        "is needed to show it. The code is static: it can be copied, and nobody "
        "proves to hold it by a key. So it is for purposes that allow paper, "
        "lives for some days, names its purpose, and a checker has to compare "
        "the portrait. It is revoked with the document.\n\n"
        "The authority issues what is printed on demand, as any other document: "
        "`yaopai wallet fetch --config-id resident_id_paper.hotel`, or "
        "`yaopai document issue --paper hotel` at a counter.",
        "生成一页 PDF：该用途所需内容、相片、最后有效日，以及供核验方扫描的二维"
        "码。出示时无需手机。二维码是静态的，可被复制，也没有密钥证明持有人；因此"
        "只用于允许纸质的用途，数日内有效，注明用途，核验方须比对相片。证件吊销时"
        "一并失效。\n\n"
        "可打印的卡码由签发机关按需签发：`yaopai wallet fetch --config-id "
        "resident_id_paper.hotel`，或在窗口用 `yaopai document issue --paper "
        "hotel`。"),
    .operands     = "DOCUMENT",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example = "  yaopai wallet print -C my-wallet resident_id --profile hotel "
               "--output hotel.pdf",
    .json = true,
    .run  = run,
};
