/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/config.h"

#include <stdlib.h>
#include <string.h>

#define KEY_ROW(n)                                                             \
    {"register", "key_" #n, YAO_SETTING_KEY,       false, 0,                   \
     0,          NULL,      WORDS_INIT(NULL, NULL)}

/* The root before the one in use, and its signer of status lists: they sign for
 * what was issued under it. Written by `signer rotate`. */
#define FORMER_ROOT(setting, section)                                          \
    [SETTING_##setting##_FORMER_ROOT] =                                        \
        {section, "former_root", YAO_SETTING_PATH, false, 0, 0, NULL,          \
         WORDS_INIT("the root before this one", "此前的根证书")},              \
    [SETTING_##setting##_FORMER_ROOT_KEY] = {                                  \
        section, "former_root_key", YAO_SETTING_KEY, false, 0, 0, NULL,        \
        WORDS_INIT("its key; signs its revocation list",                       \
                   "其密钥，签发其吊销列表")}
#define FORMER_STATUS(setting, section)                                        \
    [SETTING_##setting##_FORMER_STATUS] =                                      \
        {section, "former_status", YAO_SETTING_PATH, false, 0, 0, NULL,        \
         WORDS_INIT("its signer of status lists", "其状态列表签名证书")},      \
    [SETTING_##setting##_FORMER_STATUS_KEY] = {                                \
        section, "former_status_key", YAO_SETTING_KEY, false, 0, 0, NULL,      \
        WORDS_INIT("its key", "签名密钥")}

static const yao_setting rows[SETTING_COUNT] = {
    [SETTING_NAME] = {"authority", "name", YAO_SETTING_TEXT, true, 0, 0, NULL,
                      WORDS_INIT("who issues; stands in certificates",
                                 "签发机关名称，写入证书")},
    [SETTING_COUNTRY] = {"authority", "country", YAO_SETTING_COUNTRY, true, 0,
                         0, "CN",
                         WORDS_INIT("two letters, ISO 3166-1",
                                    "国家代码，两个字母")},
    [SETTING_URL]     = {"authority", "url", YAO_SETTING_ADDRESS, true, 0, 0,
                         "http://authority.localhost:8440",
                         WORDS_INIT("where the authority is on the network",
                                    "机关的网络地址")},
    [SETTING_DEMO]    = {"authority", "demo", YAO_SETTING_YES_NO, false, 0, 0,
                         "no",
                         WORDS_INIT("yes: documents say SPECIMEN, checks on "
                                       "where keys lie are left out",
                                    "yes：证件标注 SPECIMEN，不检查密钥位置")},
    [SETTING_COPIES] = {"authority", "copies", YAO_SETTING_NUMBER, false, 1, 64,
                        "8",
                        WORDS_INIT("copies of each document and format",
                                   "每种证件每种格式的副本数")},
    [SETTING_LEVEL]  = {"authority", "level", YAO_SETTING_NUMBER, false, 1, 4,
                        "3",
                        WORDS_INIT("assurance level of documents issued at "
                                    "the counter (1 to 4)",
                                   "柜台签发的保证等级（1 至 4）")},

    [SETTING_LIST_SIZE] =
        {"authority", "status_list_size", YAO_SETTING_NUMBER, false, 1000,
         1000000, "1000000",
         WORDS_INIT("entries of a status list: who fetches one tells only "
                    "that it is about one of so many copies",
                    "状态列表的条目数：获取列表只透露是其中之一")},
    [SETTING_LIST_DAYS] =
        {"authority", "status_list_days", YAO_SETTING_NUMBER, false, 1, 90, "7",
         WORDS_INIT("until status lists and bundles expire: how long a checker "
                    "without a network can go on",
                    "状态列表与信任包的有效天数：离线核验方可使用多久")},
    [SETTING_LIST_TTL] =
        {"authority", "status_list_ttl", YAO_SETTING_NUMBER, false, 1, 24, "12",
         WORDS_INIT("hours after which a checker with a network asks anew",
                    "联网核验方多久后重新获取，小时")},
    [SETTING_CARDS] = {"authority", "cards", YAO_SETTING_NUMBER, false, 0, 64,
                       "2",
                       WORDS_INIT("copies of each QR card; 0: no cards",
                                  "每种二维码卡的副本数，0 为不签发")},

    [SETTING_CLIENTS] =
        {"oauth", "clients", YAO_SETTING_PATH, false, 0, 0, "clients.json",
         WORDS_INIT("wallets that may come, and who may vouch for them; "
                    "without this file nobody may",
                    "允许接入的钱包与钱包认证方；无此文件则不接受任何钱包")},
    [SETTING_PUSHED_SECONDS] =
        {"oauth", "request_seconds", YAO_SETTING_NUMBER, false, 5, 599, "90",
         WORDS_INIT("how long a pushed request lives", "推送请求的有效秒数")},
    [SETTING_CODE_SECONDS] =
        {"oauth", "code_seconds", YAO_SETTING_NUMBER, false, 5, 60, "60",
         WORDS_INIT("how long an authorization code lives",
                    "授权码的有效秒数")},
    [SETTING_ACCESS_SECONDS] =
        {"oauth", "access_seconds", YAO_SETTING_NUMBER, false, 60, 3600, "600",
         WORDS_INIT("how long an access token lives", "访问令牌的有效秒数")},
    [SETTING_REFRESH_DAYS] =
        {"oauth", "refresh_days", YAO_SETTING_NUMBER, false, 0, 365, "90",
         WORDS_INIT("how long a refresh token lives; 0: there are none",
                    "刷新令牌的有效天数，0 为不签发")},
    [SETTING_OFFER_SECONDS] =
        {"oauth", "offer_seconds", YAO_SETTING_NUMBER, false, 10, 600, "120",
         WORDS_INIT("how long an offer lives", "领取凭证邀约的有效秒数")},
    [SETTING_DPOP_NONCES] =
        {"oauth", "dpop_nonces", YAO_SETTING_YES_NO, false, 0, 0, "no",
         WORDS_INIT("yes: DPoP proofs must carry a nonce of ours",
                    "yes：DPoP 证明必须携带本机关的随机数")},
    [SETTING_CHALLENGES] =
        {"oauth", "attestation_challenges", YAO_SETTING_YES_NO, false, 0, 0,
         "no",
         WORDS_INIT("yes: wallets must answer a challenge of ours (drafts "
                    "before -07 of the attestation know none)",
                    "yes：钱包证明必须回应本机关的质询（早期草案不支持）")},
    [SETTING_CLOCK_SKEW] =
        {"oauth", "clock_skew", YAO_SETTING_NUMBER, false, 0, 300, "60",
         WORDS_INIT("seconds that a wallet's clock may be off",
                    "允许的钱包时钟偏差（秒）")},
    [SETTING_TX_WRONG] =
        {"oauth", "wrong_codes_per_minute", YAO_SETTING_NUMBER, false, 5, 10000,
         "60",
         WORDS_INIT("wrong transaction codes of all people together in a "
                    "minute, before all have to wait",
                    "全部人员每分钟允许的交易码错误次数")},
    [SETTING_LOGIN_WRONG] =
        {"oauth", "wrong_logins_per_minute", YAO_SETTING_NUMBER, false, 5,
         1000000, "1000",
         WORDS_INIT("wrong access codes of all people together in a minute, "
                    "before all have to wait",
                    "全部人员每分钟允许的访问码错误次数")},
    [SETTING_DEMO_PERSON] =
        {"oauth", "demo_person", YAO_SETTING_TEXT, false, 0, 0, NULL,
         WORDS_INIT("with demo = yes only: number of the fictitious person "
                    "who needs no login on the authorization page",
                    "仅限 demo = yes：授权页无需登录的虚构人员号码")},

    [SETTING_BATCH] =
        {"vci", "batch", YAO_SETTING_NUMBER, false, 1, 20, "20",
         WORDS_INIT("copies that a wallet may fetch at once",
                    "钱包一次可领取的副本数")},
    [SETTING_INTERVAL] =
        {"vci", "deferred_seconds", YAO_SETTING_NUMBER, false, 1, 86400, "60",
         WORDS_INIT("how long a wallet waits before it asks again for what an "
                    "officer looks at",
                    "等待人工审核时钱包再次询问的间隔秒数")},
    [SETTING_KEY_ATTESTATION] =
        {"vci", "key_attestation", YAO_SETTING_YES_NO, false, 0, 0, "no",
         WORDS_INIT("yes: an attester of clients.json must vouch for device "
                    "keys",
                    "yes：设备密钥须由 clients.json 中的认证方担保")},
    [SETTING_ENCRYPTION] =
        {"vci", "encryption", YAO_SETTING_YES_NO, false, 0, 0, "no",
         WORDS_INIT("yes: requests and answers must be encrypted besides TLS",
                    "yes：除 TLS 外请求与应答还须加密")},

    [SETTING_CATALOGUE] =
        {"authority", "catalogue", YAO_SETTING_PATH, false, 0, 0, NULL,
         WORDS_INIT("folder whose documents/ and profiles/ are served besides "
                    "the shipped ones",
                    "在内置证件之外，另从此目录的 documents/ 与 profiles/ 加载")},

    [SETTING_STORE]      = {"register", "store", YAO_SETTING_STORE, true, 0, 0,
                            "sqlite:register/register.db",
                            WORDS_INIT("database of people, ledger, parties: "
                                       "sqlite:FILE, or postgres: and a "
                                       "connection string of libpq",
                                       "人口、签发台账与依赖方的数据库："
                                       "sqlite:文件，"
                                       "或 postgres: 加 libpq 连接串")},
    [SETTING_LOOKUP_KEY] = {"register", "lookup_key", YAO_SETTING_KEY, true, 0,
                            0, "file:keys/register-lookup.key",
                            WORDS_INIT("32 random bytes; never changes; not "
                                       "in the database's folder",
                                       "检索密钥，32 字节，不更换，"
                                       "不放在数据库目录中")},
    [SETTING_EPOCH] = {"register", "epoch", YAO_SETTING_NUMBER, false, 1, 8,
                       "1",
                       WORDS_INIT("whose key wraps those of new people",
                                  "新登记人员所用的密钥期号")},
    [SETTING_KEY_1] = {"register", "key_1", YAO_SETTING_KEY, false, 0, 0,
                       "file:keys/register-1.key",
                       WORDS_INIT("key-encryption key of epoch 1, 32 random "
                                  "bytes; key_2 ... key_8 likewise",
                                  "第 1 期密钥加密密钥，32 字节；"
                                  "key_2 至 key_8 同理")},
    [SETTING_KEY_2] = KEY_ROW(2),
    [SETTING_KEY_3] = KEY_ROW(3),
    [SETTING_KEY_4] = KEY_ROW(4),
    [SETTING_KEY_5] = KEY_ROW(5),
    [SETTING_KEY_6] = KEY_ROW(6),
    [SETTING_KEY_7] = KEY_ROW(7),
    [SETTING_KEY_8] = KEY_ROW(8),

    [SETTING_POPULATION_ROOT] =
        {"population", "root", YAO_SETTING_PATH, true, 0, 0,
         "certificates/population-root.pem",
         WORDS_INIT("root certificate for identity card, residence permit, "
                    "booklet",
                    "身份证、居住证、户口簿的根证书")},
    [SETTING_POPULATION_ROOT_KEY] =
        {"population", "root_key", YAO_SETTING_KEY, false, 0, 0,
         "file:keys/population-root.pem",
         WORDS_INIT("its key; needed to make signers only, may be kept away",
                    "根密钥，仅签发签名证书时需要，可离线保存")},
    [SETTING_POPULATION_SIGNER] =
        {"population", "signer", YAO_SETTING_PATH, true, 0, 0,
         "certificates/population-signer.pem",
         WORDS_INIT("certificate of the document signer", "签名证书")},
    [SETTING_POPULATION_SIGNER_KEY] = {"population", "signer_key",
                                       YAO_SETTING_KEY, true, 0, 0,
                                       "file:keys/population-signer.pem",
                                       WORDS_INIT("its key", "签名密钥")},

    [SETTING_POPULATION_STATUS]     = {"population", "status", YAO_SETTING_PATH,
                                       true, 0, 0,
                                       "certificates/population-status.pem",
                                       WORDS_INIT(
                                       "certificate that signs status lists",
                                       "状态列表的签名证书")},
    [SETTING_POPULATION_STATUS_KEY] = {"population", "status_key",
                                       YAO_SETTING_KEY, true, 0, 0,
                                       "file:keys/population-status.pem",
                                       WORDS_INIT("its key", "签名密钥")},

    [SETTING_TRAFFIC_ROOT] = {"traffic", "root", YAO_SETTING_PATH, true, 0, 0,
                              "certificates/traffic-root.pem",
                              WORDS_INIT("root certificate for licence and "
                                         "vehicle registration",
                                         "驾驶证、行驶证的根证书")},
    [SETTING_TRAFFIC_ROOT_KEY] = {"traffic", "root_key", YAO_SETTING_KEY, false,
                                  0, 0, "file:keys/traffic-root.pem",
                                  WORDS_INIT("its key", "根密钥")},
    [SETTING_TRAFFIC_SIGNER] = {"traffic", "signer", YAO_SETTING_PATH, true, 0,
                                0, "certificates/traffic-signer.pem",
                                WORDS_INIT("certificate of the document signer",
                                           "签名证书")},
    [SETTING_TRAFFIC_SIGNER_KEY] = {"traffic", "signer_key", YAO_SETTING_KEY,
                                    true, 0, 0, "file:keys/traffic-signer.pem",
                                    WORDS_INIT("its key", "签名密钥")},

    [SETTING_TRAFFIC_STATUS] = {"traffic", "status", YAO_SETTING_PATH, true, 0,
                                0, "certificates/traffic-status.pem",
                                WORDS_INIT(
                                    "certificate that signs status lists",
                                    "状态列表的签名证书")},
    [SETTING_TRAFFIC_STATUS_KEY] = {"traffic", "status_key", YAO_SETTING_KEY,
                                    true, 0, 0, "file:keys/traffic-status.pem",
                                    WORDS_INIT("its key", "签名密钥")},

    [SETTING_OTHER_ROOT]     = {"other", "root", YAO_SETTING_PATH, true, 0, 0,
                                "certificates/other-root.pem",
                                WORDS_INIT("root certificate for all other "
                                               "documents: health card, pass, ...",
                                           "其他证件的根证书：健康卡、通行卡等")},
    [SETTING_OTHER_ROOT_KEY] = {"other", "root_key", YAO_SETTING_KEY, false, 0,
                                0, "file:keys/other-root.pem",
                                WORDS_INIT("its key", "根密钥")},
    [SETTING_OTHER_SIGNER]   = {"other", "signer", YAO_SETTING_PATH, true, 0, 0,
                                "certificates/other-signer.pem",
                                WORDS_INIT("certificate of the document signer",
                                           "签名证书")},
    [SETTING_OTHER_SIGNER_KEY] = {"other", "signer_key", YAO_SETTING_KEY, true,
                                  0, 0, "file:keys/other-signer.pem",
                                  WORDS_INIT("its key", "签名密钥")},
    [SETTING_OTHER_STATUS] = {"other", "status", YAO_SETTING_PATH, true, 0, 0,
                              "certificates/other-status.pem",
                              WORDS_INIT("certificate that signs status lists",
                                         "状态列表的签名证书")},
    [SETTING_OTHER_STATUS_KEY] = {"other", "status_key", YAO_SETTING_KEY, true,
                                  0, 0, "file:keys/other-status.pem",
                                  WORDS_INIT("its key", "签名密钥")},

    [SETTING_READER_ROOT] = {"registrar", "root", YAO_SETTING_PATH, true, 0, 0,
                             "certificates/reader-root.pem",
                             WORDS_INIT("root certificate of relying parties",
                                        "依赖方读取证书的根证书")},
    [SETTING_READER_ROOT_KEY] = {"registrar", "root_key", YAO_SETTING_KEY,
                                 false, 0, 0, "file:keys/reader-root.pem",
                                 WORDS_INIT("its key; signs reader "
                                            "certificates",
                                            "根密钥，签发读取证书")},

    [SETTING_TRUST_ROOT]     = {"trust", "root", YAO_SETTING_PATH, true, 0, 0,
                                "certificates/trust-root.pem",
                                WORDS_INIT("root certificate of trust lists",
                                           "信任列表的根证书")},
    [SETTING_TRUST_ROOT_KEY] = {"trust", "root_key", YAO_SETTING_KEY, false, 0,
                                0, "file:keys/trust-root.pem",
                                WORDS_INIT("its key", "根密钥")},
    [SETTING_TRUST_SIGNER]   = {"trust", "signer", YAO_SETTING_PATH, true, 0, 0,
                                "certificates/trust-signer.pem",
                                WORDS_INIT("certificate that signs trust lists "
                                             "and bundles",
                                           "信任列表与信任包的签名证书")},
    [SETTING_TRUST_SIGNER_KEY] = {"trust", "signer_key", YAO_SETTING_KEY, true,
                                  0, 0, "file:keys/trust-signer.pem",
                                  WORDS_INIT("its key", "签名密钥")},

    [SETTING_LOG_ORIGIN] = {"log", "origin", YAO_SETTING_TEXT, false, 0, 0,
                            NULL,
                            WORDS_INIT("name of the audit log in its "
                                       "checkpoints, for ever; else the url "
                                       "without its scheme, with /log",
                                       "审计日志在检查点中的名称，不再更改；"
                                       "缺省为网址去掉协议后加 /log")},
    [SETTING_LOG_KEY]    = {"log", "key", YAO_SETTING_KEY, false, 0, 0,
                            "file:keys/log.pem",
                            WORDS_INIT("signs the checkpoints of the audit log",
                                       "审计日志检查点的签名密钥")},
    [SETTING_LOG_PREVIOUS_KEY] = {"log", "previous_key", YAO_SETTING_KEY, false,
                                  0, 0, NULL,
                                  WORDS_INIT("signs them too, until everybody "
                                             "knows the new one",
                                             "更换期间同时签名的旧密钥")},

    [SETTING_FACE_PROVIDER] =
        {"face", "provider", YAO_SETTING_TEXT, false, 0, 0, "officer",
         WORDS_INIT("who compares faces: officer (a person), human (demo "
                    "grade), vendor, mock (for tests, with demo = yes)",
                    "人脸比对方式：officer 人工，human 演示级引擎，"
                    "vendor 厂商引擎，mock 仅供测试（须 demo = yes）")},
    [SETTING_FACE_COMMAND] =
        {"face", "command", YAO_SETTING_TEXT, false, 0, 0, NULL,
         WORDS_INIT("the engine's program, by its whole path, and arguments",
                    "引擎程序的完整路径及参数")},
    [SETTING_FACE_SOCKET] = {"face", "socket", YAO_SETTING_TEXT, false, 0, 0,
                             NULL,
                             WORDS_INIT("or the Unix socket it listens at",
                                        "或引擎监听的 Unix 套接字")},
    [SETTING_FACE_MODEL] =
        {"face", "model_sha256", YAO_SETTING_TEXT, false, 0, 0, NULL,
         WORDS_INIT("digest that the engine's model must have, 64 letters; "
                    "absent: any, as long as it stays the same",
                    "模型文件的摘要，64 个十六进制字母；"
                    "缺省：不限，但运行中不得改变")},
    [SETTING_FACE_THRESHOLD] =
        {"face", "threshold", YAO_SETTING_NUMBER, false, 1, 1000, "750",
         WORDS_INIT("score from which two faces are one person's, of 1000; "
                    "belongs to the engine's model",
                    "认定为同一人的最低分数（满分 1000），取决于模型")},
    [SETTING_FACE_SAME] =
        {"face", "same", YAO_SETTING_NUMBER, false, 1, 1000, "550",
         WORDS_INIT("the same between the frames of one check, where heads "
                    "are turned",
                    "同一次检测各帧之间的最低分数（转头时）")},
    [SETTING_FACE_TURN] = {"face", "turn", YAO_SETTING_NUMBER, false, 5, 45,
                           "15",
                           WORDS_INIT("degrees that a turned head is turned",
                                      "转头的最小角度")},
    [SETTING_FACE_CENTRE] =
        {"face", "centre", YAO_SETTING_NUMBER, false, 1, 30, "10",
         WORDS_INIT("degrees that a straight head may be turned; below turn",
                    "正视时允许的最大角度，应小于 turn")},
    [SETTING_FACE_SIZE] = {"face", "size", YAO_SETTING_NUMBER, false, 40, 400,
                           "80",
                           WORDS_INIT("pixels of a face in a frame at least",
                                      "帧中人脸的最小像素")},
    [SETTING_FACE_DEMO_OFFICERS] =
        {"face", "demo_officers", YAO_SETTING_YES_NO, false, 0, 0, "no",
         WORDS_INIT("with demo = yes: made-up officers say yes to whoever asks "
                    "for one at a kiosk",
                    "须 demo = yes：由虚构的工作人员核对，对终端的请求一律"
                    "同意")},

    FORMER_ROOT(POPULATION, "population"),
    FORMER_STATUS(POPULATION, "population"),
    FORMER_ROOT(TRAFFIC, "traffic"),
    FORMER_STATUS(TRAFFIC, "traffic"),
    FORMER_ROOT(OTHER, "other"),
    FORMER_STATUS(OTHER, "other"),
    FORMER_ROOT(READER, "registrar"),
    FORMER_ROOT(TRUST, "trust"),

    [SETTING_LISTEN] = {"server", "listen", YAO_SETTING_PLACE, false, 0, 0,
                        "127.0.0.1:8440",
                        WORDS_INIT("where wallets and people are served: "
                                   "HOST:PORT, unix:PATH, fd:N or none; the "
                                   "address that they know is authority.url",
                                   "面向钱包与个人的监听位置：主机:端口、"
                                   "unix:路径、fd:N 或 none；"
                                   "对外地址为 authority.url")},
    [SETTING_KIOSK_LISTEN] = {"server", "kiosk_listen", YAO_SETTING_PLACE,
                              false, 0, 0, "127.0.0.1:8443",
                              WORDS_INIT("the same for kiosks",
                                         "面向自助终端的监听位置")},
    [SETTING_KIOSK_URL] = {"server", "kiosk_url", YAO_SETTING_ADDRESS, false, 0,
                           0, "http://kiosk.localhost:8443",
                           WORDS_INIT("the address that kiosks know",
                                      "自助终端所用的对外地址")},
    [SETTING_KIOSK_PAGES] = {"server", "kiosk_pages", YAO_SETTING_PATH, false, 0,
                             0, NULL,
                             WORDS_INIT("folder of their page; absent: none",
                                        "自助终端页面目录；缺省则无")},
    [SETTING_KIOSK_CONFIG] =
        {"server", "kiosk_config", YAO_SETTING_PATH, false, 0, 0, "kiosk.json",
         WORDS_INIT("what their page is told at /config.json: the wallet's "
                    "address, the place, the attendant (docs/guides/kiosk.md)",
                    "自助终端页面的配置，以 /config.json 提供：钱包地址、地点、"
                    "工作人员（见 docs/guides/kiosk.md）")},
    [SETTING_CONSOLE_PAGES] = {"server", "console_pages", YAO_SETTING_PATH,
                               false, 0, 0, NULL,
                               WORDS_INIT("folder of the operators' page; "
                                          "absent: none",
                                          "管理台页面目录；缺省则无")},
    [SETTING_CONSOLE_LISTEN] = {"server", "console_listen", YAO_SETTING_PLACE,
                                false, 0, 0, "127.0.0.1:8444",
                                WORDS_INIT("the same for operators",
                                           "面向工作人员的监听位置")},
    [SETTING_CONSOLE_URL] = {"server", "console_url", YAO_SETTING_ADDRESS,
                             false, 0, 0, "http://console.localhost:8444",
                             WORDS_INIT("the address that operators know",
                                        "工作人员所用的对外地址")},
    [SETTING_ADMIN] = {"server", "admin", YAO_SETTING_PLACE, false, 0, 0,
                       "unix:admin.sock",
                       WORDS_INIT("socket for supervision and for commands "
                                  "while the server runs; unix:PATH or none",
                                  "监控与命令行所用的套接字，"
                                  "unix:路径 或 none")},
    [SETTING_WORKERS] = {"server", "workers", YAO_SETTING_NUMBER, false, 1, 128,
                         "32",
                         WORDS_INIT("requests that are worked on at once",
                                    "同时处理的请求数")},
    [SETTING_CONNECTIONS] = {"server", "connections", YAO_SETTING_NUMBER, false,
                             16, 60000, "1024",
                             WORDS_INIT("connections at once, of each listener",
                                        "每个监听位置的最大连接数")},
    [SETTING_PER_ADDRESS] = {"server", "per_address", YAO_SETTING_NUMBER, false,
                             0, 60000, "0",
                             WORDS_INIT("connections of one address; 0: no "
                                        "limit, behind a proxy",
                                        "单一地址的连接数，"
                                        "0 为不限（位于代理之后）")},
    [SETTING_LOG_REQUESTS] = {"server", "log_requests", YAO_SETTING_YES_NO,
                              false, 0, 0, "yes",
                              WORDS_INIT("a line for each request (route, "
                                         "status, time; never a value); no: "
                                         "only for those that failed",
                                         "每个请求记一行（路由、状态、耗时，"
                                         "不含任何内容）；no：仅记失败请求")},
    [SETTING_TRUST_FOLDER] = {"server", "trust_folder", YAO_SETTING_PATH, false,
                              0, 0, "trust",
                              WORDS_INIT("what `trust publish` writes there is "
                                         "served",
                                         "对外提供 `trust publish` "
                                         "写入此目录的文件")},

    [SETTING_SYNC_ORIGIN] = {"sync", "origin", YAO_SETTING_TEXT, false, 0, 0,
                             NULL,
                             WORDS_INIT("the one place that `person sync "
                                        "--url` may fetch from: https://HOST",
                                        "`person sync --url` "
                                        "唯一可获取的来源：https://主机")},
    [SETTING_SYNC_CA] = {"sync", "ca_file", YAO_SETTING_PATH, false, 0, 0, NULL,
                         WORDS_INIT("roots that its certificate is checked "
                                    "by; without: the system's",
                                    "校验其证书的根证书；缺省用系统根证书")},
    [SETTING_SYNC_TOKEN] = {"sync", "token_file", YAO_SETTING_PATH, false, 0, 0,
                            NULL,
                            WORDS_INIT("file with the token that we show it",
                                       "向其出示的令牌所在文件")},
};

static const yao_settings_table table = {rows, SETTING_COUNT};

yao_status config_read(const char *folder, config *ret,
                       yao_settings_trouble *trouble)
{
    return yao_settings_read(&table, folder, CONFIG_FILE, ret->values, trouble);
}

yao_status config_parse(const char *folder, const char *text, config *ret,
                        yao_settings_trouble *trouble)
{
    return yao_settings_parse(&table, folder, text, ret->values, trouble);
}

const char *config_get(const config *c, config_setting setting)
{
    return c->values[setting].text;
}

const char *config_usual(config_setting setting)
{
    return rows[setting].fallback;
}

long config_number(const config *c, config_setting setting)
{
    return strtol(config_get(c, setting), NULL, 10);
}

bool config_yes(const config *c, config_setting setting)
{
    return strcmp(config_get(c, setting), "yes") == 0;
}

yao_status config_change(const char *folder, const config_edit *edits,
                         size_t count)
{
    yao_setting_change changes[16];

    if (count > sizeof changes / sizeof changes[0])
        return YAO_E_LIMIT;
    for (size_t i = 0; i < count; i++)
        changes[i] =
            (yao_setting_change){&rows[edits[i].setting], edits[i].value};
    return yao_settings_change(folder, CONFIG_FILE, changes, count);
}

void config_write(FILE *out, const char *const values[SETTING_COUNT])
{
    yao_settings_write(&table, out, values);
}

yao_status config_save(const char       *path,
                       const char *const values[SETTING_COUNT])
{
    return yao_settings_save(&table, path, values);
}
