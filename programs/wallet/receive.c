/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet receive`: follow an offer to documents. */

#include <string.h>

#include "app/files.h"
#include "wallet/receiving.h"

static const yao_words what = WORDS_INIT("wallet receive", "领取证件");

/* Of what `document offer` printed the first line, which is the link. */
static yao_bytes first_line(yao_bytes text)
{
    size_t end = yao_bytes_find(text, '\n');

    return text.len != 0 && text.ptr[0] != '{' ? (yao_bytes){text.ptr, end}
                                               : text;
}

/* A link, or a file (or "-") with one or with the offer itself. */
static yao_status take_offer(const char *operand, yao_bytes *file,
                             yao_bytes *ret)
{
    if (strstr(operand, "://") != NULL || operand[0] == '{') {
        *ret = yao_text_bytes(yao_text_of(operand));
        return YAO_OK;
    }
    YAO_TRY(yao_file_read(operand, YAO_VCI_MAX_OFFER, file));
    *ret = first_line(*file);
    return YAO_OK;
}

static int run(const yao_invocation *call)
{
    yao_receive_options source = {.offer = {NULL, 0}};
    yao_bytes           file   = {NULL, 0};
    yao_status status = take_offer(call->operands[0], &file, &source.offer);
    int        code;

    if (status == YAO_OK && source.offer.len == 0)
        status = YAO_E_MISSING;
    if (status == YAO_OK)
        code = yao_receiving_run(call, what, &source);
    else
        code = yao_fail(status, what, call->operands[0],
                        (yao_words){NULL, NULL},
                        WORDS("give the link of the offer, or a file with it",
                              "请给出邀约链接，或存有它的文件"));
    yao_file_free(&file);
    return code;
}

static const yao_option options[] = {
    YAO_RECEIVING_OPTIONS,
};

const yao_command yao_wallet_receive = {
    .noun    = "wallet",
    .verb    = "receive",
    .summary = WORDS_INIT("follow an authority's offer to documents",
                          "按机构的邀约领取证件"),
    .text    = WORDS_INIT(
        "The offer is a link (openid-credential-offer://...), its letters in a "
        "file, or \"-\". The wallet speaks to the issuer's own address only, "
        "checks each copy against those you trust, shows what the documents "
        "say and who signed them, and keeps them when you agree. A code that "
        "you were given besides the offer is asked for.",
        "邀约可以是链接（openid-credential-offer://...）、存有链接的文件，或 "
        "“-”。钱包只与签发机构自身的地址通信，用您信任的根核验每一份，展示证件"
        "内容和签发者，经您同意后保存。若另有交易码，会请您输入。"),
    .operands     = "OFFER",
    .least        = 1,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example =
        "  yaopai wallet receive -C my-wallet --trust population-root.pem "
        "offer.txt",
    .json = true,
    .run  = run,
};
