/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_PERSON_H
#define YAO_WALLET_PERSON_H

/**
 * The person at their authority, by number and access code: what they may do
 * from any device, also from one that holds nothing (docs/guides/life.md). The
 * code is typed or lies in a file, and is never kept.
 */

#include "json/json.h"
#include "net/client.h"
#include "wallet/wallet.h"

typedef struct yao_person {
    const yao_invocation *call;
    yao_words             what;   /* the verb, for messages */
    yao_wallet           *wallet;
    net_client           *client;
    char                  url[512];    /* without a slash at the end */
    char                  number[64];  /* personal */
    char                  code[128];   /* secret */
    char                  cookie[256]; /* of a session; secret */
} yao_person;

/** Who and where, by the options below; without them by what the wallet holds.
 *  Gives the exit code; yao_person_close() in any case. */
int  yao_person_open(const yao_invocation *call, yao_words what,
                     yao_person *ret);
void yao_person_close(yao_person *p);

/**
 * Say who it is with every request of PATH: {"number", "code"}.
 *
 * Out     ret  the answer's JSON; NULL: there was none
 * Errors  YAO_E_REFUSED    number or code are not right
 *         YAO_E_LOCKED     too many wrong ones: later
 *         YAO_E_NOT_FOUND  there is no such thing
 *         YAO_E_NET, YAO_E_MALFORMED, YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_person_say(yao_person *p, const char *path,
                                       const yao_json **ret);

/** Begin a session, ask in it, end it. Errors: as above. */
YAO_MUST_USE yao_status yao_person_log_in(yao_person *p);
YAO_MUST_USE yao_status yao_person_ask(yao_person *p, const char *method,
                                       const char      *path,
                                       const yao_json **ret);
void                    yao_person_log_out(yao_person *p);

/** Tell why it was not done; gives the exit code. */
int yao_person_fail(const yao_person *p, yao_status status);

/** `wallet list --devices`; gives the exit code. */
int yao_wallet_list_devices(const yao_invocation *call);

#define YAO_PERSON_OPTIONS                                                     \
    {"authority", "URL", 0,                                                    \
     WORDS_INIT("whose documents they are; by default who gave this wallet "   \
                "its own",                                                     \
                "签发机关地址；缺省为本钱包证件的签发机构")},                  \
    {"number", "NUMBER", 0,                                                    \
     WORDS_INIT("your citizen number; by default that of the identity card "   \
                "in this wallet",                                              \
                "公民身份号码；缺省取自本钱包中的身份证")},                    \
    {"code-file", "FILE", 0,                                                   \
     WORDS_INIT("file with your access code; else asked for",                  \
                "存有访问口令的文件；否则询问")},                              \
    {"ca-file", "PEM", 0,                                                      \
     WORDS_INIT("whose servers are believed; the system's when not given",     \
                "信任哪些服务器证书；缺省用系统的")},                          \
    {"local", NULL, 0,                                                         \
     WORDS_INIT("a server on this machine will do, also without TLS: for "     \
                "demos",                                                       \
                "允许本机服务器及不用 TLS 的连接（演示用）")}

#endif
