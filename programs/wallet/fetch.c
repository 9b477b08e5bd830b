/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet fetch`: documents of an issuer that one knows. */

#include "wallet/receiving.h"

static const yao_words what = WORDS_INIT("wallet fetch", "向机构申领证件");

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
    return yao_receiving_run(call, what, &source);
}

static const yao_option options[] = {
    {"issuer", "URL", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents", "签发机构的地址")},
    {"config-id", "ID", YAO_OPTION_REQUIRED | YAO_OPTION_REPEATS,
     WORDS_INIT("which of them, as it names them: resident_id_mdoc, ...",
                "机构所列的证件标识：resident_id_mdoc 等")},
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
        "is as with `yaopai wallet receive`.",
        "您在机构自己的网页上证明身份（需在浏览器中打开），钱包不会得知口令。其"
        "余与 `yaopai wallet receive` 相同。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example = "  yaopai wallet fetch -C my-wallet --issuer "
               "https://authority.example --config-id resident_id_mdoc "
               "--trust population-root.pem",
    .json = true,
    .run  = run,
};
