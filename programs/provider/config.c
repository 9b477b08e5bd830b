/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/config.h"

#include <stdlib.h>
#include <string.h>

static const yao_setting rows[PROVIDER_SETTINGS] = {
    [PROVIDER_NAME]    = {"provider", "name", YAO_SETTING_TEXT, true, 0, 0,
                          NULL,
                          WORDS_INIT("who provides the wallet; stands in "
                                        "certificates",
                                     "钱包提供方名称，写入证书")},
    [PROVIDER_COUNTRY] = {"provider", "country", YAO_SETTING_COUNTRY, true, 0,
                          0, "CN",
                          WORDS_INIT("two letters, ISO 3166-1",
                                     "国家代码，两个字母")},
    [PROVIDER_URL]     = {"provider", "url", YAO_SETTING_ADDRESS, true, 0, 0,
                          "http://wallet.localhost:8441",
                          WORDS_INIT("where it is on the network",
                                     "提供方的网络地址")},
    [PROVIDER_DEMO]    = {"provider", "demo", YAO_SETTING_YES_NO, false, 0, 0,
                          "no",
                          WORDS_INIT("yes: an address without TLS will do",
                                     "yes：允许不用 TLS 的地址")},
    [PROVIDER_CLIENT_ID] =
        {"provider", "client_id", YAO_SETTING_TEXT, false, 0, 0,
         "yaopai-wallet",
         WORDS_INIT("as which client issuers know these wallets, all of them "
                    "the same",
                    "签发机构所知的客户端标识，所有钱包相同")},
    [PROVIDER_STORE]  = {"provider", "store", YAO_SETTING_STORE, false, 0, 0,
                         "sqlite:store/provider.db",
                         WORDS_INIT("database of wallets (hashes) and sealed "
                                     "backups",
                                    "钱包（散列）与密封备份的数据库")},
    [PROVIDER_ROOT]   = {"provider", "root", YAO_SETTING_PATH, true, 0, 0,
                         "certificates/provider-root.pem",
                         WORDS_INIT("root certificate: issuers trust it",
                                    "根证书，供签发机构信任")},
    [PROVIDER_ROOT_KEY] = {"provider", "root_key", YAO_SETTING_KEY, false, 0, 0,
                           "file:keys/provider-root.pem",
                           WORDS_INIT("its key; needed for new attesters only, "
                                      "may be kept away",
                                      "根密钥，仅更换认证密钥时需要，可离线保存")},
    [PROVIDER_ATTESTER] = {"provider", "attester", YAO_SETTING_PATH, true, 0, 0,
                           "certificates/provider-attester.pem",
                           WORDS_INIT("certificate that signs attestations",
                                      "签发钱包证明的证书")},
    [PROVIDER_ATTESTER_KEY] = {"provider", "attester_key", YAO_SETTING_KEY,
                               true, 0, 0, "file:keys/provider-attester.pem",
                               WORDS_INIT("its key", "签名密钥")},
    [PROVIDER_PAGES] = {"provider", "pages", YAO_SETTING_PATH, false, 0, 0,
                        NULL,
                        WORDS_INIT("folder of the wallet page; absent: none",
                                   "钱包页面目录；缺省则无")},
    [PROVIDER_PAGE_CONFIG] =
        {"provider", "page_config", YAO_SETTING_PATH, false, 0, 0, "page.json",
         WORDS_INIT("what the page is told at /config.json: the authorities "
                    "and their trust roots",
                    "页面从 /config.json 得到的内容：签发机关及其信任根")},
    [PROVIDER_PAGE_STATEMENT] =
        {"provider", "page_statement", YAO_SETTING_PATH, false, 0, 0,
         "page-statement.json",
         WORDS_INIT("by which an authority vouches for the page (`audit publish "
                    "--page`); no such file: nobody does",
                    "签发机关为该页面出具的证明（audit publish --page）；"
                    "无此文件则无人担保")},

    [PROVIDER_INSTANCES_A_DAY] =
        {"limits", "instances_a_day", YAO_SETTING_NUMBER, false, 1, 100000000,
         "100000",
         WORDS_INIT("new wallets in one day, from all together",
                    "每日新注册钱包总数上限")},
    [PROVIDER_BACKUPS]   = {"limits", "backups", YAO_SETTING_NUMBER, false, 0,
                            100000000, "1000000",
                            WORDS_INIT("sealed backups that are kept",
                                       "保存的密封备份总数上限")},
    [PROVIDER_MAILBOXES] = {"limits", "mailboxes", YAO_SETTING_NUMBER, false, 1,
                            100000, "10000",
                            WORDS_INIT("relay mailboxes at once; 256 kB each "
                                       "at most",
                                       "同时存在的中继信箱上限，每个最多 256 kB")},
    [PROVIDER_MAILBOX_MB] = {"limits", "mailbox_megabytes", YAO_SETTING_NUMBER,
                             false, 1, 1048576, "128",
                             WORDS_INIT("memory of all mailboxes together",
                                        "全部中继信箱占用的内存上限")},

    [PROVIDER_LISTEN] = {"server", "listen", YAO_SETTING_PLACE, false, 0, 0,
                         "127.0.0.1:8441",
                         WORDS_INIT("HOST:PORT, unix:PATH or fd:N",
                                    "监听：主机:端口、unix:路径 或 fd:N")},
    [PROVIDER_ADMIN]  = {"server", "admin", YAO_SETTING_PLACE, false, 0, 0,
                         "unix:admin.sock",
                         WORDS_INIT("socket for supervision; none: nowhere",
                                    "管理套接字；none 表示不监听")},
    [PROVIDER_WORKERS] = {"server", "workers", YAO_SETTING_NUMBER, false, 1,
                          128, "16",
                          WORDS_INIT("threads that answer", "工作线程数")},
    [PROVIDER_CONNECTIONS] = {"server", "connections", YAO_SETTING_NUMBER,
                              false, 1, 100000, "1024",
                              WORDS_INIT("connections at once", "同时连接数")},
    [PROVIDER_PER_ADDRESS] = {"server", "per_address", YAO_SETTING_NUMBER,
                              false, 0, 100000, "0",
                              WORDS_INIT("connections of one address; 0: any, "
                                         "behind a proxy",
                                         "单一地址的连接数；0 为不限（代理之后）")},
};

static const yao_settings_table table = {rows, PROVIDER_SETTINGS};

yao_status provider_config_read(const char *folder, provider_config *ret,
                                yao_settings_trouble *trouble)
{
    return yao_settings_read(&table, folder, PROVIDER_FILE, ret->values,
                             trouble);
}

const char *provider_get(const provider_config *c, provider_setting setting)
{
    return c->values[setting].text;
}

long provider_number(const provider_config *c, provider_setting setting)
{
    return strtol(provider_get(c, setting), NULL, 10);
}

bool provider_yes(const provider_config *c, provider_setting setting)
{
    return strcmp(provider_get(c, setting), "yes") == 0;
}

yao_status provider_config_save(const char       *path,
                                const char *const values[PROVIDER_SETTINGS])
{
    return yao_settings_save(&table, path, values);
}
