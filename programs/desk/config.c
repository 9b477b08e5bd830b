/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/config.h"

#include <stdlib.h>
#include <string.h>

static const yao_setting rows[DESK_SETTINGS] = {
    [DESK_URL]        = {"desk", "url", YAO_SETTING_ADDRESS, true, 0, 0,
                         "http://desk.localhost:8442",
                         WORDS_INIT("where wallets and browsers find it",
                                    "钱包与浏览器访问本核验台的地址")},
    [DESK_DEMO]       = {"desk", "demo", YAO_SETTING_YES_NO, false, 0, 0, "no",
                         WORDS_INIT("yes: an address without TLS will do",
                                    "yes：允许不用 TLS 的地址")},
    [DESK_STORE]      = {"desk", "store", YAO_SETTING_STORE, false, 0, 0,
                         "sqlite:store/desk.db",
                         WORDS_INIT("database of requests and results",
                                    "请求与结果的数据库")},
    [DESK_SECRET]     = {"desk", "secret", YAO_SETTING_PATH, false, 0, 0,
                         "keys/desk.secret",
                         WORDS_INIT(
                         "64 hex digits that seal what is in the "
                             "database; the same for all processes",
                         "密封数据库内容的密钥，64 位十六进制；各进程相同")},
    [DESK_KEYS]       = {"desk", "api_keys", YAO_SETTING_PATH, false, 0, 0,
                         "keys/api.keys",
                         WORDS_INIT("bearer keys of programs that use /api, a line "
                                          "each; 16 at most",
                                    "使用 /api 的程序的密钥，每行一个，最多 16 个")},
    [DESK_READER]     = {"desk", "reader", YAO_SETTING_PATH, true, 0, 0,
                         "certificates/reader.pem",
                         WORDS_INIT(
                         "reader certificate that the registrar gave; it "
                             "says what may be asked for",
                         "登记机关签发的读卡证书，写明可请求的内容")},
    [DESK_READER_KEY] = {"desk", "reader_key", YAO_SETTING_KEY, true, 0, 0,
                         "file:keys/reader-key.pem",
                         WORDS_INIT("its key", "其私钥")},
    [DESK_PLACE]      = {"desk", "place", YAO_SETTING_TEXT, false, 0, 0, "desk",
                         WORDS_INIT("where this is, as people know it: at most 64 "
                                         "letters",
                                    "本处的名称，最多 64 字")},
    [DESK_CLIENT_ID]  = {"desk", "client_id", YAO_SETTING_TEXT, false, 0, 0,
                         "x509_hash",
                         WORDS_INIT("x509_hash: who asks is the reader "
                                    "certificate; x509_san_dns: the host of "
                                    "url, which must be in it",
                                    "x509_hash：以读卡证书标识请求方；"
                                    "x509_san_dns：以 url 的主机名标识，该名须"
                                    "写在证书中")},
    [DESK_STANDING] = {"desk", "standing", YAO_SETTING_PATH, false, 0, 0, NULL,
                       WORDS_INIT("codes on paper at the counter, as the "
                                  "registrar signed them: a line each",
                                  "登记机关签发的柜台立牌码文件，每行一个")},
    [DESK_CROSS_DEVICE] = {"desk", "cross_device", YAO_SETTING_YES_NO, false, 0,
                           0, "yes",
                           WORDS_INIT(
                               "no: only the device that opened the link "
                               "may answer, no QR codes; they can be "
                               "relayed",
                               "no：只许打开链接的同一设备应答，不出二维码"
                               "（二维码可被转发）")},
    [DESK_PLAIN] = {"desk", "plain_answers", YAO_SETTING_YES_NO, false, 0, 0,
                    "no",
                    WORDS_INIT(
                        "yes: programs may ask for answers that are not "
                        "encrypted (for wallets that cannot)",
                        "yes：程序可请求未加密的应答（供不支持加密的钱包）")},
    [DESK_PAGES] = {"desk", "pages", YAO_SETTING_PATH, false, 0, 0, NULL,
                    WORDS_INIT("folder of the desk's page; absent: none",
                               "核验台页面目录；缺省则无")},
    [DESK_PAGE_STATEMENT] =
        {"desk", "page_statement", YAO_SETTING_PATH, false, 0, 0,
         "page-statement.json",
         WORDS_INIT("by which an authority vouches for that page (`audit publish "
                    "--page`); no such file: nobody does",
                    "签发机关为该页面出具的证明（audit publish --page）；"
                    "无此文件则无人担保")},
    [DESK_WALLET] = {"desk", "wallet", YAO_SETTING_ADDRESS, false, 0, 0, NULL,
                     WORDS_INIT("a wallet that is a page, for \"open in "
                                "wallet\"; absent: what the device has",
                                "网页钱包的地址，用于“在钱包中打开”；缺省用"
                                "设备上的钱包")},
    [DESK_REQUEST_SECONDS] = {"limits", "request_seconds", YAO_SETTING_NUMBER,
                              false, 30, 300, "180",
                              WORDS_INIT("a request may be answered so long",
                                         "请求的有效秒数")},
    [DESK_OPEN_REQUESTS]   = {"limits", "open_requests", YAO_SETTING_NUMBER,
                              false, 1, 1000000, "10000",
                              WORDS_INIT("requests that are kept at once",
                                         "同时保存的请求数上限")},

    [DESK_BUNDLE]    = {"trust", "bundle", YAO_SETTING_PATH, false, 0, 0,
                        "trust/bundle.cose",
                        WORDS_INIT("the authority's trust bundle; read again when "
                                      "it changes",
                                   "主管机关的信任包，变化后自动重读")},
    [DESK_ANCHOR]    = {"trust", "anchor", YAO_SETTING_PATH, false, 0, 0,
                        "trust/trust-root.pem",
                        WORDS_INIT("its root, given by hand",
                                   "人工取得的信任根证书")},
    [DESK_TRUST_URL] = {"trust", "url", YAO_SETTING_ADDRESS, false, 0, 0, NULL,
                        WORDS_INIT("where the bundle is fetched; absent: "
                                   "something else puts it there",
                                   "获取信任包的地址；缺省则由他处放置")},
    [DESK_TRUST_CA]  = {"trust", "ca_file", YAO_SETTING_PATH, false, 0, 0, NULL,
                        WORDS_INIT("TLS roots for that; absent: the system's",
                                   "获取时信任的 TLS 根；缺省用系统的")},
    [DESK_ISSUERS]  = {"trust", "issuers", YAO_SETTING_PATH, false, 0, 0, NULL,
                       WORDS_INIT(
                           "with demo only: PEM of issuers that are believed "
                               "besides, roots, or signers as they are",
                           "仅限演示：另外信任的签发者证书（根，或原样信任的"
                           "签名者）")},
    [DESK_STATEMENT] = {"trust", "statement", YAO_SETTING_PATH, false, 0, 0,
                        "trust/statement.cose",
                        WORDS_INIT("the party's registration statement, sent "
                                   "along with requests; fetched from beside "
                                   "the bundle",
                                   "本依赖方的登记声明，随请求发出；与信任包一"
                                   "同获取")},
    [DESK_REFRESH] = {"trust", "refresh_minutes", YAO_SETTING_NUMBER, false, 1,
                      1440, "15",
                      WORDS_INIT("how often it is fetched",
                                 "获取间隔（分钟）")},
    [DESK_STATUS_AGE] = {"trust", "status_hours", YAO_SETTING_NUMBER, false, 1,
                         720, "24",
                         WORDS_INIT(
                             "how old a status may be; older ones leave "
                             "the verdict open",
                             "状态信息的最长时效（小时），超过则不作结论")},

    [DESK_HOOK_URL] = {"webhook", "url", YAO_SETTING_ADDRESS, false, 0, 0, NULL,
                       WORDS_INIT(
                           "where programs are told of results: https, on the "
                           "internet; a program's own stands behind its key "
                           "in api_keys",
                           "通知程序结果的地址：互联网上的 https；各程序可在 "
                           "api_keys 中其密钥之后另写")},
    [DESK_HOOK_CA]  = {"webhook", "ca_file", YAO_SETTING_PATH, false, 0, 0,
                       NULL,
                       WORDS_INIT("TLS roots for that; absent: the system's",
                                  "通知时信任的 TLS 根；缺省用系统的")},
    [DESK_RELAYS]   = {"counter", "mailboxes", YAO_SETTING_TEXT, false, 0, 0,
                       NULL,
                       WORDS_INIT("addresses of mailboxes by which phones may be "
                                  "talked with, beside the desk's own; a blank "
                                  "between two",
                                  "除本核验台自己的信箱外，可用于与手机通信的中继"
                                  "信箱地址，以空格分隔")},
    [DESK_RELAY_CA] = {"counter", "ca_file", YAO_SETTING_PATH, false, 0, 0,
                       NULL,
                       WORDS_INIT("TLS roots for these; absent: the system's",
                                  "访问信箱时信任的 TLS 根；缺省用系统的")},
    [DESK_STREAM]   = {"counter", "stream", YAO_SETTING_PATH, false, 0, 0, NULL,
                       WORDS_INIT("Unix socket of a shell with BLE or NFC, for "
                                  "phones without a mailbox; absent: none",
                                  "带 BLE 或 NFC 的外壳程序的 Unix 套接字，用于无"
                                  "中继信箱的手机；缺省无")},
    [DESK_COUNTERS] = {"counter", "sessions", YAO_SETTING_NUMBER, false, 1,
                       256, "32",
                       WORDS_INIT("phones that are talked with at once",
                                  "同时进行的柜台会话数")},
    [DESK_BOXES]    = {"counter", "boxes", YAO_SETTING_NUMBER, false, 1, 10000,
                       "4096",
                       WORDS_INIT("relay mailboxes of the desk's own at once",
                                  "本核验台自有中继信箱数上限")},

    [DESK_GUEST_DAYS] = {"guests", "days", YAO_SETTING_NUMBER, false, 1, 3650,
                         "365",
                         WORDS_INIT(
                             "how long an entry of the guest register is kept; "
                             "never longer than the party registered",
                             "住宿登记条目的保存天数；不超过登记的保存期限")},

    [DESK_FACE_PROVIDER] =
        {"face", "provider", YAO_SETTING_TEXT, false, 0, 0, "none",
         WORDS_INIT("who compares a face with the portrait that was shown, as "
                    "a hint to the clerk: none, human (demo grade), vendor, "
                    "mock (for tests, with demo = yes)",
                    "比对面前的人与所出示照片（仅供工作人员参考）：none 不比对，"
                    "human 演示级引擎，vendor 厂商引擎，mock 仅供测试"
                    "（须 demo = yes）")},
    [DESK_FACE_COMMAND] =
        {"face", "command", YAO_SETTING_TEXT, false, 0, 0, NULL,
         WORDS_INIT("the engine's program, by its whole path, and arguments",
                    "引擎程序的完整路径及参数")},
    [DESK_FACE_SOCKET] = {"face", "socket", YAO_SETTING_TEXT, false, 0, 0, NULL,
                          WORDS_INIT("or the Unix socket it listens at",
                                     "或引擎监听的 Unix 套接字")},
    [DESK_FACE_MODEL] =
        {"face", "model_sha256", YAO_SETTING_TEXT, false, 0, 0, NULL,
         WORDS_INIT("digest that the engine's model must have, 64 letters; "
                    "absent: any, as long as it stays the same",
                    "模型文件的摘要，64 个十六进制字母；"
                    "缺省：不限，但运行中不得改变")},
    [DESK_FACE_THRESHOLD] =
        {"face", "threshold", YAO_SETTING_NUMBER, false, 1, 1000, "750",
         WORDS_INIT("score from which two faces are called alike, of 1000; "
                    "belongs to the engine's model",
                    "视为相似的最低分数（满分 1000），取决于模型")},

    [DESK_LISTEN]  = {"server", "listen", YAO_SETTING_PLACE, false, 0, 0,
                      "127.0.0.1:8442",
                      WORDS_INIT("HOST:PORT, unix:PATH or fd:N",
                                 "监听：主机:端口、unix:路径 或 fd:N")},
    [DESK_ADMIN]   = {"server", "admin", YAO_SETTING_PLACE, false, 0, 0,
                      "unix:admin.sock",
                      WORDS_INIT("socket for supervision; none: nowhere",
                                 "管理套接字；none 表示不监听")},
    [DESK_WORKERS] = {"server", "workers", YAO_SETTING_NUMBER, false, 1, 128,
                      "16", WORDS_INIT("threads that answer", "工作线程数")},
    [DESK_CONNECTIONS] = {"server", "connections", YAO_SETTING_NUMBER, false, 1,
                          100000, "1024",
                          WORDS_INIT("connections at once", "同时连接数")},
    [DESK_PER_ADDRESS] = {"server", "per_address", YAO_SETTING_NUMBER, false, 0,
                          100000, "0",
                          WORDS_INIT("connections of one address; 0: any, "
                                     "behind a proxy",
                                     "单一地址的连接数；0 为不限（代理之后）")},
};

static const yao_settings_table table = {rows, DESK_SETTINGS};

yao_status desk_config_read(const char *folder, desk_config *ret,
                            yao_settings_trouble *trouble)
{
    return yao_settings_read(&table, folder, DESK_FILE, ret->values, trouble);
}

const char *desk_get(const desk_config *c, desk_setting setting)
{
    return c->values[setting].text;
}

long desk_number(const desk_config *c, desk_setting setting)
{
    return strtol(desk_get(c, setting), NULL, 10);
}

bool desk_yes(const desk_config *c, desk_setting setting)
{
    return strcmp(desk_get(c, setting), "yes") == 0;
}

yao_status desk_config_save(const char       *path,
                            const char *const values[DESK_SETTINGS])
{
    return yao_settings_save(&table, path, values);
}
