/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/config.h"

#include "app/files.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

typedef enum value_kind {
    TEXT,
    YES_NO,
    NUMBER,
    PATH,  /* of a file */
    KEY,   /* "file:PATH" or "pkcs11:..." */
    STORE, /* "sqlite:PATH" */
    COUNTRY,
    ADDRESS /* http:// or https:// */
} value_kind;

typedef struct setting_row {
    const char *section, *name;
    value_kind  kind;
    bool        required;
    long        least, most; /* of a NUMBER */
    const char *fallback;    /* when it is absent, and in a new file */
    yao_words   help;
} setting_row;

#define KEY_ROW(n)                                                             \
    {"register", "key_" #n, KEY, false, 0, 0, NULL, WORDS_INIT(NULL, NULL)}

static const setting_row settings[SETTING_COUNT] = {
    [SETTING_NAME] = {"authority", "name", TEXT, true, 0, 0, NULL,
                      WORDS_INIT("who issues; stands in certificates",
                                 "签发机关名称，写入证书")},
    [SETTING_COUNTRY] = {"authority", "country", COUNTRY, true, 0, 0, "CN",
                         WORDS_INIT("two letters, ISO 3166-1",
                                    "国家代码，两个字母")},
    [SETTING_URL] = {"authority", "url", ADDRESS, true, 0, 0,
                     "http://authority.localhost:8440",
                     WORDS_INIT("where the authority is on the network",
                                "机关的网络地址")},
    [SETTING_DEMO] = {"authority", "demo", YES_NO, false, 0, 0, "no",
                      WORDS_INIT("yes: documents say SPECIMEN, checks on "
                                 "where keys lie are left out",
                                 "yes：证件标注 SPECIMEN，不检查密钥位置")},
    [SETTING_COPIES] = {"authority", "copies", NUMBER, false, 1, 64, "8",
                        WORDS_INIT("copies of each document and format",
                                   "每种证件每种格式的副本数")},
    [SETTING_LEVEL] = {"authority", "level", NUMBER, false, 1, 4, "3",
                       WORDS_INIT("assurance level of documents issued at "
                                  "the counter (1 to 4)",
                                  "柜台签发的保证等级（1 至 4）")},

    [SETTING_STORE] = {"register", "store", STORE, true, 0, 0,
                       "sqlite:register/register.db",
                       WORDS_INIT("the database of people, ledger, parties",
                                  "人口、签发台账与依赖方的数据库")},
    [SETTING_LOOKUP_KEY] = {"register", "lookup_key", KEY, true, 0, 0,
                            "file:keys/register-lookup.key",
                            WORDS_INIT("32 random bytes; never changes; not "
                                       "in the database's folder",
                                       "检索密钥，32 字节，不更换，"
                                       "不放在数据库目录中")},
    [SETTING_EPOCH] = {"register", "epoch", NUMBER, false, 1, 8, "1",
                       WORDS_INIT("whose key wraps those of new people",
                                  "新登记人员所用的密钥期号")},
    [SETTING_KEY_1] = {"register", "key_1", KEY, false, 0, 0,
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
        {"population", "root", PATH, true, 0, 0,
         "certificates/population-root.pem",
         WORDS_INIT("root certificate for identity card, residence permit, "
                    "booklet",
                    "身份证、居住证、户口簿的根证书")},
    [SETTING_POPULATION_ROOT_KEY] =
        {"population", "root_key", KEY, false, 0, 0,
         "file:keys/population-root.pem",
         WORDS_INIT("its key; needed to make signers only, may be kept away",
                    "根密钥，仅签发签名证书时需要，可离线保存")},
    [SETTING_POPULATION_SIGNER] =
        {"population", "signer", PATH, true, 0, 0,
         "certificates/population-signer.pem",
         WORDS_INIT("certificate of the document signer", "签名证书")},
    [SETTING_POPULATION_SIGNER_KEY] =
        {"population", "signer_key", KEY, true, 0, 0,
         "file:keys/population-signer.pem",
         WORDS_INIT("its key", "签名密钥")},

    [SETTING_TRAFFIC_ROOT] = {"traffic", "root", PATH, true, 0, 0,
                              "certificates/traffic-root.pem",
                              WORDS_INIT("root certificate for licence and "
                                         "vehicle registration",
                                         "驾驶证、行驶证的根证书")},
    [SETTING_TRAFFIC_ROOT_KEY] = {"traffic", "root_key", KEY, false, 0, 0,
                                  "file:keys/traffic-root.pem",
                                  WORDS_INIT("its key", "根密钥")},
    [SETTING_TRAFFIC_SIGNER] = {"traffic", "signer", PATH, true, 0, 0,
                                "certificates/traffic-signer.pem",
                                WORDS_INIT("certificate of the document signer",
                                           "签名证书")},
    [SETTING_TRAFFIC_SIGNER_KEY] = {"traffic", "signer_key", KEY, true, 0, 0,
                                    "file:keys/traffic-signer.pem",
                                    WORDS_INIT("its key", "签名密钥")},

    [SETTING_READER_ROOT] = {"registrar", "root", PATH, true, 0, 0,
                             "certificates/reader-root.pem",
                             WORDS_INIT("root certificate of relying parties",
                                        "依赖方读取证书的根证书")},
    [SETTING_READER_ROOT_KEY] = {"registrar", "root_key", KEY, false, 0, 0,
                                 "file:keys/reader-root.pem",
                                 WORDS_INIT("its key; signs reader "
                                            "certificates",
                                            "根密钥，签发读取证书")},
};

/* ---- values -------------------------------------------------------------------- */

static bool is_number(const char *value, long *ret)
{
    char *end    = NULL;
    long  number = strtol(value, &end, 10);

    if (*value < '0' || *value > '9' || *end != '\0' || end - value > 9)
        return false;
    *ret = number;
    return true;
}

static bool begins(const char *value, const char *with)
{
    return strncmp(value, with, strlen(with)) == 0 &&
           value[strlen(with)] != '\0';
}

static bool is_country(const char *value)
{
    return strlen(value) == 2 && value[0] >= 'A' && value[0] <= 'Z' &&
           value[1] >= 'A' && value[1] <= 'Z';
}

static bool fits(const setting_row *s, const char *value)
{
    long number = 0;

    switch (s->kind) {
    case YES_NO:
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    case NUMBER:
        return is_number(value, &number) && number >= s->least &&
               number <= s->most;
    case KEY:
        return begins(value, "file:") || begins(value, "pkcs11:");
    case STORE:
        return begins(value, "sqlite:");
    case COUNTRY:
        return is_country(value);
    case ADDRESS:
        return begins(value, "https://") || begins(value, "http://");
    case TEXT:
    case PATH:
        break;
    }
    return value[0] != '\0';
}

/* How many letters stand before the path in a value of this kind; -1: it
 * holds no path. */
static int path_at(value_kind kind, const char *value)
{
    if (kind == PATH)
        return 0;
    if (kind == KEY && begins(value, "file:"))
        return (int)strlen("file:");
    if (kind == STORE)
        return (int)strlen("sqlite:");
    return -1;
}

/* VALUE with its path made complete. */
static yao_status complete(const setting_row *s, const char *folder,
                           const char *value, char out[CONFIG_MAX_VALUE])
{
    int at  = path_at(s->kind, value);
    int len = 0;

    if (at < 0 || value[at] == '/')
        len = snprintf(out, CONFIG_MAX_VALUE, "%s", value);
    else
        len = snprintf(out, CONFIG_MAX_VALUE, "%.*s%s/%s", at, value, folder,
                       value + at);
    return len < 0 || len >= CONFIG_MAX_VALUE ? YAO_E_VALUE : YAO_OK;
}

/* ---- reading -------------------------------------------------------------------- */

typedef struct parsing {
    const char     *folder;
    config         *config;
    config_trouble *trouble;
    bool            failed;
} parsing;

static int fail(parsing *p, const char *section, const char *name,
                yao_words why)
{
    if (!p->failed) {
        snprintf(p->trouble->setting, sizeof p->trouble->setting, "%s.%s",
                 section, name);
        p->trouble->why = why;
    }
    p->failed = true;
    return 0;
}

static int find(const char *section, const char *name)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings[i].section, section) == 0 &&
            strcmp(settings[i].name, name) == 0)
            return i;
    return -1;
}

static int take(void *ctx, const char *section, const char *name,
                const char *value)
{
    parsing *p = ctx;
    int      i = find(section, name);

    if (i < 0)
        return fail(p, section, name,
                    WORDS("there is no such setting", "没有这个设置项"));
    if (p->config->given[i])
        return fail(p, section, name, WORDS("it stands twice", "重复设置"));
    if (!fits(&settings[i], value) ||
        complete(&settings[i], p->folder, value, p->config->value[i]) !=
            YAO_OK)
        return fail(p, section, name,
                    WORDS("the value does not fit", "取值不合要求"));
    p->config->given[i] = true;
    return 1;
}

/* What is absent gets the meaning that the table says, except keys: a key that
 * nobody named is none. */
static int fill(parsing *p)
{
    for (int i = 0; i < SETTING_COUNT; i++) {
        const setting_row *s = &settings[i];
        if (p->config->given[i])
            continue;
        if (s->required)
            return fail(p, s->section, s->name,
                        WORDS("it is missing", "缺少该设置"));
        if (s->fallback != NULL && s->kind != KEY)
            snprintf(p->config->value[i], CONFIG_MAX_VALUE, "%s", s->fallback);
    }
    return 1;
}

yao_status config_parse(const char *folder, const char *text, config *ret,
                        config_trouble *trouble)
{
    config *c = calloc(1, sizeof *c);
    parsing p = {folder, c, trouble, false};

    if (c == NULL)
        return YAO_E_SPACE;
    *trouble   = (config_trouble){.line = 0};
    int        line   = ini_parse_string(text, take, &p);
    yao_status status = YAO_OK;
    if (p.failed) {
        trouble->line = line;
        status        = YAO_E_VALUE;
    } else if (line != 0) {
        trouble->line = line;
        trouble->why  = WORDS("a line that is neither [section] nor "
                              "name = value",
                              "该行既不是 [section] 也不是 name = value");
        status        = YAO_E_MALFORMED;
    } else if (!fill(&p)) {
        status = YAO_E_VALUE;
    }
    if (status == YAO_OK)
        *ret = *c;
    free(c);
    return status;
}

yao_status config_read(const char *folder, config *ret,
                       config_trouble *trouble)
{
    char      path[CONFIG_MAX_VALUE];
    yao_bytes file = {NULL, 0};

    YAO_TRY(yao_path_join(folder, CONFIG_FILE, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, 65536, &file));

    char      *text   = calloc(1, file.len + 1);
    yao_status status = text != NULL ? YAO_OK : YAO_E_SPACE;
    if (status == YAO_OK) {
        memcpy(text, file.ptr, file.len);
        status = config_parse(folder, text, ret, trouble);
    }
    free(text);
    yao_file_free(&file);
    return status;
}

/* ---- asking ---------------------------------------------------------------------- */

const char *config_get(const config *c, config_setting setting)
{
    return c->value[setting];
}

long config_number(const config *c, config_setting setting)
{
    return strtol(c->value[setting], NULL, 10);
}

bool config_yes(const config *c, config_setting setting)
{
    return strcmp(c->value[setting], "yes") == 0;
}

/* ---- writing ---------------------------------------------------------------------- */

void config_write(FILE *out, const char *const values[SETTING_COUNT])
{
    const char *section = "";

    fprintf(out, "; Yaopai: settings of an authority. Lines that begin with a "
                 "semicolon explain.\n");
    for (int i = 0; i < SETTING_COUNT; i++) {
        const setting_row *s     = &settings[i];
        const char    *value = values[i] != NULL ? values[i] : s->fallback;
        if (value == NULL)
            continue;
        if (strcmp(section, s->section) != 0)
            fprintf(out, "\n[%s]\n", s->section);
        section = s->section;
        if (s->help.en != NULL)
            fprintf(out, "; %s\n; %s\n", s->help.en, s->help.zh);
        fprintf(out, "%s = %s\n", s->name, value);
    }
}
