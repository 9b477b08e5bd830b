/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet fetch`: documents of an issuer that one knows. */

#include "wallet/receiving.h"

static const yao_words what = WORDS_INIT("wallet fetch", "向机构申领证件");

static int tell_missing(void)
{
    return yao_fail(YAO_E_USAGE, what, "--issuer, --config-id",
                    WORDS("nobody is asked for anything",
                          "未说明向谁申领何种证件"),
                    WORDS("give both, or --renew", "请给出两者，或用 --renew"));
}

static int run(const yao_invocation *call)
{
    yao_text            ids[YAO_VCI_MAX_OFFERED];
    const char         *id;
    yao_receive_options source = {
        .issuer = yao_text_of(yao_argument(call, "issuer")), .ids = ids};

    while ((id = yao_argument_at(call, "config-id", source.id_count)) != NULL) {
        if (source.id_count == YAO_VCI_MAX_OFFERED)
            return yao_fail(YAO_E_LIMIT, what, "--config-id",
                            (yao_words){NULL, NULL},
                            WORDS("ask for the others afterwards",
                                  "请分次申领"));
        ids[source.id_count++] = yao_text_of(id);
    }
    if (!yao_given(call, "renew") &&
        (source.issuer.len == 0 || source.id_count == 0))
        return tell_missing();
    return yao_receiving_run(call, what, &source);
}

static const yao_option options[] = {
    {"issuer", "URL", 0,
     WORDS_INIT("whose documents", "签发机构的地址")},
    {"config-id", "ID", YAO_OPTION_REPEATS,
     WORDS_INIT("which of them, as it names them: resident_id_mdoc, ...",
                "机构所列的证件标识：resident_id_mdoc 等")},
    {"renew", NULL, 0,
     WORDS_INIT("get again what was received before, without a page or a code: "
                "all that issuers allowed to be repeated, or of this issuer "
                "and ids",
                "无需页面和交易码，再次领取以前领过的证件：所有签发机构允许的，或"
                "指定机构与标识的")},
    YAO_RECEIVING_OPTIONS,
};

const yao_command yao_wallet_fetch = {
    .noun    = "wallet",
    .verb    = "fetch",
    .summary = WORDS_INIT("ask an authority for documents",
                          "向机构申领证件"),
    .text    = WORDS_INIT(
        "You say to the authority who you are on its own page, which is to be "
        "opened in a browser; the wallet learns no password. Everything else "
        "is as with `yaopai wallet receive`.\n\n"
        "With --renew the wallet asks again those who gave it a refresh token, "
        "with the key that the token is bound to.",
        "您在机构自己的网页上证明身份（需在浏览器中打开），钱包不会得知口令。其"
        "余与 `yaopai wallet receive` 相同。\n\n"
        "使用 --renew 时，钱包用签发机构给过的刷新令牌及其绑定的密钥再次领取。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example = "  yaopai wallet fetch -C my-wallet --issuer "
               "https://authority.example --config-id resident_id_mdoc "
               "--trust population-root.pem",
    .json = true,
    .run  = run,
};
