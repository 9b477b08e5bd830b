/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_RECEIVING_H
#define YAO_WALLET_RECEIVING_H

/**
 * How `wallet receive` and `wallet fetch` get documents over HTTP: they do what
 * the machine of vci/receive.h wishes for.
 *
 * Files: receiving.c (the loop, keys), receiving_web.c (HTTP, the page and how
 * it comes back), receiving_attest.c (who vouches for this wallet),
 * receiving_keep.c (the person, the vault), receiving_subject.c (which of
 * several it is), receiving_renew.c (refresh tokens), receiving_tell.c (what
 * became of it); receive.c and fetch.c are the verbs.
 */

#include "app/trusting.h"
#include "net/client.h"
#include "vci/receive.h"
#include "wallet/provider.h"

typedef struct receiving_listener receiving_listener;

typedef struct yao_receiving {
    const yao_invocation *call;
    yao_words             what; /* the verb, for messages */
    yao_wallet           *wallet;
    yao_arena             arena; /* of the session; wiped in the end */
    yao_openssl          *openssl;
    const yao_crypto     *crypto;
    app_trusting          trust;
    yao_receive_options   source;  /* what the verb asked for */
    yao_receive_options   options; /* of the session at hand */
    yao_receive          *machine;
    yao_time              now;
    bool                  token_kept;

    net_client         *client;
    yao_text            issuers[YAO_MAX_ARGUMENTS]; /* of --only-issuer */
    receiving_listener *listener; /* where the page comes back; or NULL */
    const char         *redirect_uri;

    yao_key *session;
    yao_key *copies[YAO_VCI_MAX_OFFERED][YAO_VCI_MAX_BATCH];
    yao_key *seal, *open; /* for one message */
    yao_public_key points[YAO_VCI_MAX_BATCH];

    yao_key  *attester;
    yao_bytes attester_chain[YAO_MAX_CHAIN];
    size_t    attester_count;
    yao_text  attester_issuer;

    yao_provider_account account; /* at the wallet's provider, where no */
    yao_provider        *provider; /* attester is given; or NULL */
} yao_receiving;

/** The options of both verbs. */
#define YAO_RECEIVING_OPTIONS                                                  \
    {"trust", "FILE", YAO_OPTION_REPEATS | YAO_OPTION_REQUIRED,                \
     WORDS_INIT("whose documents are believed: a root certificate (PEM), a "   \
                "bundle or a VICAL",                                           \
                "信任谁签发的证件：根证书（PEM）、信任包或 VICAL")},           \
    {"trust-anchor", "PEM", 0,                                                 \
     WORDS_INIT("who signs the bundle", "信任包的签署者根证书")},              \
    {"trust-seen", "FILE", 0,                                                  \
     WORDS_INIT("where it is noted which bundle was seen",                     \
                "记录已见过的信任包的文件")},                                  \
    {"signer", "PEM", YAO_OPTION_REPEATS,                                      \
     WORDS_INIT("certificate of a document signer, for cards",                 \
                "证件签发者的证书（卡片用）")},                                \
    {"only-issuer", "URL", YAO_OPTION_REPEATS,                                 \
     WORDS_INIT("refuse offers of others before anything is fetched",          \
                "只接受该签发机构的邀约，其他一律先行拒绝")},                  \
    {"ca-file", "PEM", 0,                                                      \
     WORDS_INIT("whose servers are believed; the system's when not given",     \
                "信任哪些服务器证书；缺省用系统的")},                          \
    {"local", NULL, 0,                                                         \
     WORDS_INIT("servers on this machine (also without TLS) and in its "       \
                "network will do: for demos",                                  \
                "允许本机服务器（也可不用 TLS）及本地网络的服务器（演示用）")}, \
    {"tx-code-file", "FILE", 0,                                                \
     WORDS_INIT("file with the transaction code; else asked for",              \
                "存有交易码的文件；否则询问")},                                \
    {"client-id", "ID", 0,                                                     \
     WORDS_INIT("as which wallet it is known; yaopai-wallet when not given",   \
                "本钱包的客户端标识；缺省为 yaopai-wallet")},                  \
    {"attester", "KEY", 0,                                                     \
     WORDS_INIT("vouch for this wallet with this key instead of asking its "   \
                "provider, for tests (file:PATH)",                             \
                "不询问钱包提供方，用此密钥自行证明，测试用（file:路径）")},   \
    {"attester-certificate", "PEM", 0,                                         \
     WORDS_INIT("its certificates, without the root",                          \
                "其证书链（不含根证书）")},                                    \
    {"attester-issuer", "ISS", 0,                                              \
     WORDS_INIT("its name, where the server wants one",                        \
                "其名称（服务器要求时）")},                                    \
    {"authorization-server", "URL", 0,                                         \
     WORDS_INIT("of another origin than the issuer, that you know of",         \
                "与签发机构不同源、但您认可的授权服务器")},                    \
    {"only-signed", NULL, 0,                                                   \
     WORDS_INIT("take signed metadata only", "只接受签名的元数据")},           \
    {"copies", "N", 0,                                                         \
     WORDS_INIT("of each document; as many as the issuer gives at once when "  \
                "not given",                                                   \
                "每种证件的份数；缺省为签发机构一次能给的份数")},              \
    {"encrypt", NULL, 0,                                                       \
     WORDS_INIT("encrypt messages also where the issuer leaves it open",       \
                "签发机构未强制时也加密报文")},                                \
    {"patience", "SECONDS", 0,                                                 \
     WORDS_INIT("how long to wait for a document that takes time; 300 when "   \
                "not given",                                                   \
                "等待需要办理时间的证件的秒数；缺省 300")},                    \
    {"redirect-listen", "HOST:PORT", 0,                                        \
     WORDS_INIT("where the authority's page comes back to; a free port of "    \
                "127.0.0.1 when not given",                                    \
                "授权页面返回的监听地址；缺省为 127.0.0.1 的空闲端口")},       \
    {"redirect-uri", "URI", 0,                                                 \
     WORDS_INIT("the same as the authority knows it; with "                    \
                "--authorize-command alone nobody listens",                    \
                "授权方登记的返回地址；与 --authorize-command 单独合用时不监"  \
                "听")},                                                        \
    {"authorize-command", "COMMAND", 0,                                        \
     WORDS_INIT("run this with the page's address instead of waiting for "     \
                "you to open it; may print the address it ends at",            \
                "用此命令打开授权页面（以其地址为参数），可输出最终跳转地址")}, \
    {"follow", NULL, 0,                                                        \
     WORDS_INIT("open the page without you, where it asks nobody: for tests",  \
                "页面无需人操作时自行打开（测试用）")},                        \
    {"yes", NULL, 0,                                                           \
     WORDS_INIT("keep them without being asked, for scripts",                  \
                "不再询问即保存，供脚本使用")},                                \
    YAO_WALLET_PASSPHRASE_OPTION

/** Run a session: SOURCE has offer or issuer and ids; with --renew those that
 *  the wallet may repeat. Gives the exit code. */
int yao_receiving_run(const yao_invocation *call, yao_words what,
                      const yao_receive_options *source);

/** One session by s->options, in a wallet that is open. */
YAO_MUST_USE yao_status yao_receiving_drive(yao_receiving *s);

/* ---- again -------------------------------------------------------------- */

/** Keep the refresh token, if there is one that was not kept yet. */
YAO_MUST_USE yao_status yao_receiving_keep_token(yao_receiving *s);

/** Repeat what the wallet may repeat. Gives the exit code. */
int yao_receiving_renew(yao_receiving *s);

/* ---- the web ------------------------------------------------------------ */

/** The client; and a listener, unless a command says where the page ends.
 *  Gives the exit code. */
int  yao_receiving_connect(yao_receiving *s);
void yao_receiving_disconnect(yao_receiving *s);

/** Fulfil FETCH, OPEN_PAGE. */
void yao_receiving_fetch(yao_receiving *s, const yao_receive_wish *wish,
                         yao_receive_event *event);
void yao_receiving_open_page(yao_receiving *s, const yao_receive_wish *wish,
                             yao_receive_event *event);

/* ---- who vouches for this wallet ---------------------------------------- */

/** Take the options. Gives the exit code. */
int yao_receiving_take_attester(yao_receiving *s);

/** Without them: the wallet's provider, if it has one. Gives the exit code. */
int yao_receiving_take_provider(yao_receiving *s);

/** Fulfil ATTEST, ATTEST_KEYS. */
void yao_receiving_attest(yao_receiving *s, const yao_receive_wish *wish,
                          yao_receive_event *event);

/* ---- the person, the vault ---------------------------------------------- */

/** Fulfil ASK_CODE, CONFIRM, STORE. */
void yao_receiving_ask_code(yao_receiving *s, const yao_receive_wish *wish,
                            yao_receive_event *event);
void yao_receiving_confirm(yao_receiving *s, yao_receive_event *event);
void yao_receiving_store(yao_receiving *s, yao_receive_event *event);

/** What came in one session, of one person. */
typedef struct yao_receiving_all {
    const yao_catalogue *catalogue;
    yao_receive_item    *items;
    size_t               count;
} yao_receiving_all;

/**
 * By what item INDEX is known where a wallet may hold several: a vehicle's by
 * its number, a child's in the wallet of a guardian by the child's name, so
 * that it does not take the place of the guardian's own; all others by nothing.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_receiving_subject(const yao_receiving_all *all,
                                              size_t index, yao_arena *arena,
                                              yao_text *ret);

/** The element that A is of ITEM, or NULL; its value as people read it. */
const yao_element *yao_receiving_element(const yao_definition   *d,
                                         const yao_receive_item *item,
                                         const yao_attribute    *a);
void               yao_receiving_put_value(yao_writer          *w,
                                           const yao_attribute *a);

/** The authority works on it still, longer than this session could wait. */
bool yao_receiving_pends(const yao_receive_item *item);

/** Tell what became of it; gives the exit code. */
int yao_receiving_tell(yao_receiving *s, yao_status status);

#endif
