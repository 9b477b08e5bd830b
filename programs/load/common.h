/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LOAD_COMMON_H
#define YAO_LOAD_COMMON_H

/** What the verbs of `load` have in common: their options, and measuring. Each
 *  gives the exit code, and has told the person when it is not 0. */

#include "app/command.h"
#include "load/run.h"

/** A server of this machine. */
int load_take_place(yao_words what, const char *url, load_place *ret);

/** The options of all verbs: the authority, what is fetched, by how many, and
 *  who vouches for them. ARENA is for what lives as long as the run. */
int load_take_wallets(const yao_invocation *call, yao_words what,
                      yao_arena *arena, load_run *run, load_plan *plan);

/** The offers that the plan of RUN needs. */
int load_take_offers(const yao_invocation *call, yao_words what,
                     yao_arena *arena, load_run *run);

/** Run and tell. */
int load_measure(const yao_invocation *call, yao_words what,
                 const load_run *run);

/** The options that load_take_wallets() and load_take_offers() read. */
#define LOAD_COMMON_OPTIONS                                                    \
    {"url", "URL", YAO_OPTION_REQUIRED,                                        \
     WORDS_INIT("address of the authority, as its settings say: http:// to "   \
                "this machine",                                                \
                "签发机关的地址（与其设置一致），仅限本机 http://")},          \
    {"admin", "SOCKET", YAO_OPTION_REQUIRED,                                   \
     WORDS_INIT("its admin socket, where offers come from",                    \
                "管理套接字，用于取得邀约")},                                  \
    {"register", "FILE", YAO_OPTION_REQUIRED,                                  \
     WORDS_INIT("whose documents: a number on each line, or as `person "       \
                "import` takes it",                                            \
                "人员：每行一个号码，或 `person import` 可读的文件")},         \
    {"attester", "KEY", YAO_OPTION_REQUIRED,                                   \
     WORDS_INIT("private key of a wallet provider whom it knows",              \
                "签发机关认可的钱包提供方私钥")},                              \
    {"attester-certificate", "FILE", YAO_OPTION_REQUIRED,                      \
     WORDS_INIT("its certificates, without the root",                          \
                "其证书链，不含根证书")},                                      \
    {"attester-issuer", "TEXT", 0,                                             \
     WORDS_INIT("the iss of its attestations", "证明中的 iss")},               \
    {"client", "ID", 0,                                                        \
     WORDS_INIT("client id of the wallets (yaopai-wallet)",                    \
                "钱包的客户端标识（默认 yaopai-wallet）")},                    \
    {"configuration", "ID", 0,                                                 \
     WORDS_INIT("what they fetch (driving_licence_mdoc; to show it: "          \
                "resident_id_mdoc)",                                           \
                "领取的凭证（默认 driving_licence_mdoc；出示时为 "             \
                "resident_id_mdoc）")},                                        \
    {"workers", "N", 0,                                                        \
     WORDS_INIT("threads, 1 to 16 (2)", "线程数，1 到 16（默认 2）")},         \
    {"connections", "N", 0,                                                    \
     WORDS_INIT("connections of each, 1 to 64 (8)",                            \
                "每线程的连接数，1 到 64（默认 8）")},                         \
    {"seconds", "N", 0,                                                        \
     WORDS_INIT("after that nothing new is begun, 1 to 60 (10)",               \
                "此后不再开始新的请求，1 到 60（默认 10）")}

#endif
