/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai trust publish: whom to believe, signed, for everybody and for
 * terminals without a network.
 *
 * The three lists share a version. It rises in the register before anything is
 * written: what a terminal has seen is never given out a second time. The
 * bundle that lies where the new one goes is looked at too, since it may know
 * more than a register that came from a backup.
 */

#include "authority/commands.h"
#include "authority/keeper/trust.h"

#include "app/files.h"
#include "app/pem.h"

#include <stdio.h>
#include <string.h>

/* The bundle, what was gathered for it, and once more as it is checked. */
#define MEMORY ((size_t)96 * 1024 * 1024)

/* How often it is signed behind another who did. */
#define TRIES 5

static const yao_words what = WORDS_INIT("trust publish", "发布信任列表");

typedef struct publishing {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    const char           *folder;
    keeper_trusting       how;
    keeper_trusted        made;
    char                  place[48];
} publishing;

/* ---- what lies there ---------------------------------------------------- */

/* What the bundle that lies there says; PLACE is what is being done. Nothing of
 * it is believed: it can only forbid. */
static yao_status look_at_published(
    publishing *p, const char *place,
    yao_status (*look)(publishing *p, const yao_trust_content *said))
{
    char                 path[CONFIG_MAX_PATH];
    yao_bytes            file;
    yao_trust_unverified u;
    size_t               mark = p->arena.used;

    snprintf(p->place, sizeof p->place, "%s", place);
    YAO_TRY(yao_path_join(p->folder, "bundle.cose", path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_OK;
    YAO_TRY(yao_file_read(path, YAO_MAX_TRUST_LIST, &file));
    yao_status status = yao_trust_parse(&p->arena, file, true, &u);
    if (status == YAO_OK)
        status = look(p, &u.said);
    yao_file_free(&file);
    p->arena.used = mark;
    return status;
}

/* Another authority's is not overwritten, and no version comes twice. */
static yao_status compare_version(publishing *p, const yao_trust_content *was)
{
    yao_text url = yao_text_of(config_get(&p->authority->config, SETTING_URL));

    if (was->issued_at > p->how.wish.now)
        return YAO_E_NOT_YET_VALID;
    if (!yao_text_equal(was->url, url))
        return YAO_E_NOT_AUTHORISED;
    if (was->version > KEEPER_MAX_VERSION)
        return YAO_E_LIMIT;
    p->how.least = was->version;
    return YAO_OK;
}

static yao_status compare_lists(publishing *p, const yao_trust_content *was)
{
    return keeper_compare_moments(&p->arena, was, &p->made.bundle);
}

static yao_status check(void *ctx, const yao_trust_content *bundle)
{
    publishing *p = ctx;

    p->made.bundle = *bundle;
    return look_at_published(p, "status lists", compare_lists);
}

/* ---- files --------------------------------------------------------------- */

/* The root goes along for those who were told its fingerprint. */
static yao_status write_root(publishing *p)
{
    char       path[CONFIG_MAX_PATH];
    ca         root = {.key = NULL};
    yao_bytes  pem;
    yao_writer w;

    YAO_TRY(ca_open(config_get(&p->authority->config, SETTING_TRUST_ROOT), NULL,
                    &p->arena, &root));
    w = yao_writer_in(&p->arena);
    yao_pem_put(&w, "CERTIFICATE", root.certificate.der);
    YAO_TRY(yao_writer_keep(&w, &p->arena, &pem));
    YAO_TRY(yao_path_join(p->folder, "trust-root.pem", path, sizeof path));
    return yao_file_write(path, pem, 0644, false);
}

static yao_status write_file(publishing *p, const char *name, yao_bytes list)
{
    char path[CONFIG_MAX_PATH];

    snprintf(p->place, sizeof p->place, "%s", name);
    YAO_TRY(yao_path_join(p->folder, name, path, sizeof path));
    return yao_file_write(path, list, 0644, false);
}

static yao_status write_files(publishing *p)
{
    YAO_TRY(write_root(p));
    for (size_t i = 0; i < p->made.statement_count; i++)
        YAO_TRY(write_file(p, p->made.statements[i].name,
                           p->made.statements[i].list));
    for (size_t i = 0; i < KEEPER_TRUST_FILES; i++)
        YAO_TRY(write_file(p, keeper_trust_names[i], p->made.lists[i]));
    return YAO_OK;
}

/* Behind a server that signed in between, once more. */
static yao_status sign(publishing *p)
{
    size_t     mark   = p->arena.used;
    yao_status status = YAO_E_EXISTS;

    for (int i = 0; i < TRIES && status == YAO_E_EXISTS; i++) {
        p->arena.used = mark;
        status        = keeper_sign_trust(&p->how, &p->made, p->place);
    }
    return status;
}

static yao_status publish(publishing *p)
{
    YAO_TRY(look_at_published(p, "bundle.cose", compare_version));
    YAO_TRY(sign(p));
    return write_files(p);
}

/* ---- telling ------------------------------------------------------------ */

static int tell_failure(const publishing *p, yao_status status)
{
    const char *place = p->place[0] != '\0' ? p->place : p->folder;

    switch (status) {
    case YAO_E_MISMATCH:
        if (strcmp(place, "status lists") == 0)
            return yao_fail(
                status, what, place,
                WORDS("they are older than those of the bundle that is there: "
                      "the register came from a backup",
                      "它们比现有信任包中的更旧：登记库来自备份"),
                WORDS("run `yaopai statuslist publish` first",
                      "请先运行 `yaopai statuslist publish`"));
        break;
    case YAO_E_MISSING:
    case YAO_E_EXPIRED:
        if (strncmp(place, "status list", 11) == 0)
            return yao_fail(status, what, place,
                            WORDS("it was not signed, or not for long enough",
                                  "它尚未签发，或已过期"),
                            WORDS("run `yaopai statuslist publish` first",
                                  "请先运行 `yaopai statuslist publish`"));
        break;
    case YAO_E_NOT_YET_VALID:
        return yao_fail(
            status, what, place,
            WORDS("it was signed in the future", "其签发时间在将来"),
            WORDS("set the clock right", "请校正时钟"));
    case YAO_E_NOT_AUTHORISED:
        return yao_fail(
            status, what, place,
            WORDS("the file is another authority's", "该文件属于其他机关"),
            WORDS("publish into a folder of its own", "请发布到单独的目录"));
    case YAO_E_EXISTS:
    case YAO_E_LOCKED:
        return yao_fail(
            status, what, p->folder,
            WORDS("another process publishes too", "另有进程正在发布"),
            WORDS("run one at a time", "请只运行一个"));
    default: break;
    }
    if (strcmp(place, "catalogue") == 0)
        return yao_fail(
            status, what, yao_argument(p->call, "catalogue"),
            (yao_words){NULL, NULL},
            WORDS("a document or profile in it is refused; see "
                  "docs/formats/catalogue.md",
                  "其中的证件或请求配置不合格；见 docs/formats/catalogue.md"));
    return yao_fail(status, what, place, (yao_words){NULL, NULL},
                    WORDS("is the folder writable, and are the keys there?",
                          "目录可写吗？密钥在吗？"));
}

static void tell_done(const publishing *p)
{
    const yao_trust_content *b = &p->made.bundle;
    uint8_t                  until[20];

    yao_time_format(b->expires, until);
    if (p->call->json) {
        printf("{\"version\":%llu,\"expires\":\"%.20s\",\"roots\":%zu,"
               "\"parties\":%zu,\"status_lists\":%zu}\n",
               (unsigned long long)b->version, (const char *)until,
               b->root_count, b->party_count, b->list_count);
        return;
    }
    yao_print(
        WORDS("Version %llu, until %.20s, in %s:\n"
              "  vical.cbor      issuers' roots, for any ISO reader\n"
              "  parties.cose    %zu relying parties, for everybody\n"
              "  bundle.cose     %zu roots, %zu status lists: for terminals "
              "and wallets\n"
              "  trust-root.pem  to be given by hand, once\n",
              "第 %llu 版，有效至 %.20s，位于 %s：\n"
              "  vical.cbor      签发机关根证书，供任何 ISO 读卡端使用\n"
              "  parties.cose    %zu 家依赖方，可公开\n"
              "  bundle.cose     %zu 张根证书、%zu 个状态列表，"
              "供终端与钱包使用\n"
              "  trust-root.pem  须由人工交付一次\n"),
        (unsigned long long)b->version, (const char *)until, p->folder,
        b->party_count, b->root_count, b->list_count);
}

static int run(const yao_invocation *call)
{
    static authority a;
    static publishing p;
    long              days = 0;
    int               lock = -1;

    p        = (publishing){.call = call, .authority = &a};
    p.folder = yao_argument(call, "output");
    p.how    = (keeper_trusting){.authority = &a,
                                 .arena     = &p.arena,
                                 .check     = check,
                                 .ctx       = &p};
    p.how.wish.catalogue = yao_argument(call, "catalogue");
    if (!yao_number(call, "days", 1, 30, 7, &days))
        return 1;
    p.how.wish.now     = yao_now();
    p.how.wish.expires = p.how.wish.now + days * YAO_TIME_DAY;

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = yao_memory_open(MEMORY, &p.arena);
    if (status == YAO_OK)
        status = yao_folder_make(p.folder, 0755);
    if (status == YAO_OK)
        status = yao_lock_take(p.folder, ".publish.lock", &lock);
    if (status == YAO_OK)
        status = publish(&p);
    yao_lock_give(lock);
    if (status == YAO_OK)
        tell_done(&p);
    else
        code = tell_failure(&p, status);
    yao_memory_free(&p.arena);
    authority_close(&a);
    return code;
}

static const yao_option options[] = {
    {"output", "FOLDER", YAO_OPTION_REQUIRED,
     WORDS_INIT("where the files go", "输出目录")},
    {"catalogue", "FOLDER", 0,
     WORDS_INIT("put documents/ and profiles/ of this folder into the bundle, "
                "for terminals that were built without them",
                "将此目录中的 documents/ 与 profiles/ 放入信任包，"
                "供未内置这些文件的终端使用")},
    {"days", "N", 0,
     WORDS_INIT("until the lists may not be used any more, 1 to 30 (default: "
                "7); a bundle ends with the first of its status lists",
                "列表可使用的天数，1 至 30，缺省 7；"
                "信任包随其中最早到期的状态列表到期")},
};

const yao_command yao_trust_publish = {
    .noun    = "trust",
    .verb    = "publish",
    .summary = WORDS_INIT("sign the lists of whom to believe",
                          "签发信任列表"),
    .text    = WORDS_INIT(
        "Writes, each all or nothing: the VICAL (roots of the issuing roles "
           "with the mdoc types that each may sign), the public list of relying "
           "parties, and the bundle with which a terminal or a wallet works off "
           "line: roots, document signers, relying parties, and the status lists "
           "as they were last published. All carry a version that rises.\n\n"
           "Terminals are given trust-root.pem, or its fingerprint, by hand and "
           "once; see --trust-anchor of verify.",
        "写出以下文件（逐个完整写入）：VICAL（各签发角色的根证书及其可签的 "
           "mdoc 类型）、公开的依赖方名单，以及供终端与钱包离线使用的信任包："
           "根证书、证件签名证书、依赖方与最近发布的状态列表。"
           "版本号逐次上升。\n\n"
           "trust-root.pem 或其指纹须由人工交给终端，仅此一次；"
           "见 verify 的 --trust-anchor。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai trust publish -C var/authority --output "
                    "var/trust",
    .json         = true,
    .run          = run,
};
