/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet counter`: show a code at a counter, and what is asked then
 *  (countering.h). */

#include "wallet/countering.h"

static const yao_words what = WORDS_INIT("wallet counter", "柜台出示证件");

static int run(const yao_invocation *call)
{
    if (call->json && yao_argument(call, "output") == NULL &&
        yao_argument(call, "png") == NULL)
        return yao_fail(YAO_E_USAGE, what, "--json",
                        WORDS("the code would stand among what is told",
                              "二维码文字会混入输出"),
                        WORDS("give --output or --png for the code",
                              "请用 --output 或 --png 指定二维码文件"));
    return yao_countering_run(call, what);
}

static const yao_option options[] = {
    {"mailbox", "URL", 0,
     WORDS_INIT("mailboxes by which both talk; those of the wallet's provider "
                "when not given",
                "双方通信所用的中继信箱；缺省用钱包提供方的")},
    {"stream", "SOCKET", 0,
     WORDS_INIT("instead: a Unix socket, for a shell that has BLE or NFC, and "
                "for tests",
                "改用 Unix 套接字：供带 BLE 或 NFC 的外壳程序及测试使用")},
    {"trust", "FILE", YAO_OPTION_REPEATS,
     WORDS_INIT("a bundle, with the list of relying parties; who is not in it "
                "is refused",
                "含依赖方名单的信任包；不在名单中的一律拒绝")},
    {"trust-anchor", "PEM", 0,
     WORDS_INIT("who signs the bundle", "信任包的签署者根证书")},
    {"trust-seen", "FILE", 0,
     WORDS_INIT("where it is noted which bundle was seen",
                "记录已见过的信任包的文件")},
    {"ca-file", "PEM", 0,
     WORDS_INIT("whose servers are believed; the system's when not given",
                "信任哪些服务器证书；缺省用系统的")},
    {"local", NULL, 0,
     WORDS_INIT("mailboxes on this machine will do, also without TLS: for "
                "demos",
                "允许本机及不用 TLS 的中继信箱（演示用）")},
    {"choose", "DOCUMENT[:WHOM]", YAO_OPTION_REPEATS,
     WORDS_INIT("of what is asked show this and nothing else; with the "
                "document of WHOM",
                "只出示所请求内容中的此项；并指定用何人的证件")},
    {"of", "WHOM", 0,
     WORDS_INIT("where the wallet holds several: which, as `wallet list` has "
                "it in brackets",
                "钱包中有多份时：哪一份，即 `wallet list` 括号中所示")},
    {"mac", NULL, 0,
     WORDS_INIT("authenticate so that nobody else can be shown it, not by a "
                "signature",
                "用 deviceMac 认证（他人无法再据以证明），而非签名")},
    {"output", "FILE", 0,
     WORDS_INIT("write the letters of the code there instead of to standard "
                "output",
                "将二维码文字写入文件而非标准输出")},
    {"png", "FILE", 0,
     WORDS_INIT("draw the code there", "把二维码画到文件")},
    {"terminal", NULL, 0,
     WORDS_INIT("draw the code here", "在终端画出二维码")},
    {"patience", "SECONDS", 0,
     WORDS_INIT("how long to wait for a server; 30 when not given",
                "等待服务器应答的秒数；缺省 30")},
    {"yes", NULL, 0,
     WORDS_INIT("agree without being asked, for scripts",
                "不再询问即同意，供脚本使用")},
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_counter = {
    .noun    = "wallet",
    .verb    = "counter",
    .summary = WORDS_INIT("show a code at a counter, and what is asked then",
                          "在柜台出示二维码，并应答随后的请求"),
    .text    = WORDS_INIT(
        "Shows an engagement of ISO/IEC 18013-5 (mdoc:...) as a QR code and "
        "waits 60 seconds for whoever scans it. Both talk end to end encrypted "
        "by mailboxes that a provider or the desk keeps. Says then who asks for "
        "what, why, on which legal basis and how long it is kept, and asks you. "
        "Who is not a registered relying party, or asks for more than it "
        "registered, gets nothing and hears no reason. A code is good for one "
        "conversation.",
        "出示 ISO/IEC 18013-5 的会话二维码（mdoc:...），等待扫描 60 秒。双方经"
        "提供方或核验台的中继信箱通信，内容端到端加密。随后说明由谁、请求什么、"
        "用途、法律依据与保存期限，并征求您的同意。未登记的一方，或请求超出登记"
        "范围的，得不到任何内容，也不被告知原因。每个二维码只用于一次会话。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .json         = true,
    .example =
        "  yaopai wallet counter -C my-wallet --trust bundle.cose "
        "--trust-anchor trust-root.pem --mailbox "
        "https://desk.example/mailboxes --png code.png",
    .run = run,
};
