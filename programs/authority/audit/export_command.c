/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai audit publish: leaves and heads now, and the tiles as files.
 * yaopai audit export: for an auditor all of it opened; for one person what is
 * about them.
 */
#include "app/files.h"
#include "authority/audit/folder.h"
#include "authority/audit/line.h"
#include "authority/audit/pages.h"
#include "authority/audit/person.h"
#include "authority/audit/sequence.h"
#include "authority/commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMORY (24u * 1024u * 1024u)
#define PAGE 256
#define TRIES 5

static const yao_words publish_what =
    WORDS_INIT("audit publish", "发布审计日志");
static const yao_words export_what = WORDS_INIT("audit export", "导出审计日志");

static int tell_failure(yao_status status, yao_words what, const char *where)
{
    switch (status) {
    case YAO_E_MISMATCH:
        return yao_fail(
            status, what, where,
            WORDS("the log is not what was signed of it: leaves are missing or "
                  "were changed",
                  "日志与已签名的不符：条目缺失或被改动"),
            WORDS("restore a newer backup; nothing is signed until then",
                  "请恢复较新的备份；在此之前不再签名"));
    case YAO_E_MISSING:
        return yao_fail(status, what, "log.key",
                        WORDS("the log has no key", "日志没有密钥"),
                        WORDS("make one, name it in authority.ini, and give "
                              "its public part to who verifies",
                              "请生成密钥，写入 authority.ini，"
                              "并将公钥交给核验方"));
    case YAO_E_LOCKED:
        return yao_fail(
            status, what, where,
            WORDS("another process leads the log", "另有进程在维护日志"),
            WORDS("it does this itself; try again if it does not",
                  "该进程会自行完成；如未完成请重试"));
    default:
        return yao_fail(status, what, where, (yao_words){NULL, NULL},
                        WORDS("is the folder writable, and are the keys "
                              "there?",
                              "目录可写吗？密钥在吗？"));
    }
}

/* Whoever leads meanwhile does the same: then we have nothing to do. */
static yao_status advance(const authority *a, yao_arena *arena, size_t *count)
{
    yao_status status = YAO_E_LOCKED;

    for (int i = 0; i < TRIES && status == YAO_E_LOCKED; i++)
        status = audit_advance(a, arena, 0, count);
    return status;
}

/* ---- publish ------------------------------------------------------------ */

static int publish(const authority *a, const yao_invocation *call,
                   yao_arena *arena)
{
    const char *folder = yao_argument(call, "output");
    size_t      count  = 0;
    int64_t     size   = 0;

    if (yao_given(call, "page"))
        return audit_publish_page(a, call, arena);
    yao_status status = advance(a, arena, &count);
    if (status == YAO_OK && folder != NULL)
        status = audit_write_folder(a, folder, arena, &size);
    else if (status == YAO_OK)
        status = store_count_log(a->store, &size);
    if (status != YAO_OK)
        return tell_failure(status, publish_what, folder);
    if (call->json)
        printf("{\"size\":%lld,\"new\":%zu}\n", (long long)size, count);
    else
        yao_print(WORDS("The log has %lld leaves, %zu of them new\n",
                        "日志共 %lld 个条目，其中新增 %zu 个\n"),
                  (long long)size, count);
    return 0;
}

static int run_with(const yao_invocation *call,
                    int (*work)(const authority *a, const yao_invocation *call,
                                yao_arena *arena))
{
    static authority a;
    yao_arena        arena = {NULL, 0, 0};

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    if (yao_memory_open(MEMORY, &arena) != YAO_OK)
        code = yao_fail_memory();
    else
        code = work(&a, call, &arena);
    arena.used = arena.cap; /* all of it was used at times */
    yao_memory_free(&arena);
    authority_close(&a);
    return code;
}

static int run_publish(const yao_invocation *call)
{
    if (yao_given(call, "statement") && !yao_given(call, "page"))
        return yao_fail(YAO_E_USAGE, publish_what, "--statement",
                        WORDS("no page was named", "未指明网页"),
                        WORDS("name its folder with --page",
                              "请用 --page 指明其目录"));
    if (yao_given(call, "page") && yao_given(call, "output"))
        return yao_fail(YAO_E_USAGE, publish_what, "--page",
                        WORDS("--output was given as well",
                              "同时给出了 --output"),
                        WORDS("vouch for the page first, then write the log",
                              "请先登记网页，再写出日志"));
    return run_with(call, publish);
}

/* ---- export, all -------------------------------------------------------- */

typedef struct exporting {
    const authority *a;
    yao_arena       *arena;
    FILE            *out;
    size_t           erased;
} exporting;

static yao_status export_entry(exporting *e, const store_log_entry *entry)
{
    yao_bytes line;
    bool      erased = false;

    YAO_TRY(audit_write_line(e->a, entry, e->arena, &line, &erased));
    e->erased += erased;
    return fwrite(line.ptr, 1, line.len, e->out) == line.len ? YAO_OK
                                                             : YAO_E_FILE;
}

static yao_status export_page(exporting *e, int64_t from, int64_t to)
{
    store_log_entry *entries;
    size_t           count, mark = e->arena->used;
    yao_status       status = store_list_log_entries(e->a->store, from, to,
                                                     e->arena, &entries,
                                                     &count);

    for (size_t i = 0; i < count && status == YAO_OK; i++) {
        size_t inner   = e->arena->used;
        status         = export_entry(e, &entries[i]);
        e->arena->used = inner;
    }
    e->arena->used = mark;
    return status;
}

static yao_status export_lines(exporting *e, int64_t size)
{
    for (int64_t from = 0; from < size; from += PAGE)
        YAO_TRY(export_page(e, from, from + PAGE < size ? from + PAGE : size));
    return YAO_OK;
}

/* Too long to be held in memory: written beside, then renamed. */
static yao_status export_entries(exporting *e, const char *folder, int64_t size)
{
    char path[CONFIG_MAX_PATH], part[CONFIG_MAX_PATH];

    YAO_TRY(yao_path_join(folder, "entries.jsonl", path, sizeof path));
    YAO_TRY(yao_path_join(folder, ".entries.part", part, sizeof part));
    mode_t before = umask(0077);
    e->out        = fopen(part, "wb");
    umask(before);
    if (e->out == NULL)
        return YAO_E_FILE;
    yao_status status = export_lines(e, size);
    if (fflush(e->out) != 0 || fsync(fileno(e->out)) != 0)
        status = status == YAO_OK ? YAO_E_FILE : status;
    if (fclose(e->out) != 0 && status == YAO_OK)
        status = YAO_E_FILE;
    if (status == YAO_OK && rename(part, path) != 0)
        status = YAO_E_FILE;
    if (status != YAO_OK)
        (void)remove(part);
    return status;
}

static yao_status note_export(const authority *a, yao_arena *arena)
{
    store_change change = store_change_open(arena);

    YAO_TRY(authority_put_event(
        &change, arena, "log.export", (yao_bytes){NULL, 0},
        YAO_TEXT("{\"by\":\"command line\",\"role\":\"auditor\"}")));
    return store_commit(a->store, &change);
}

static int export_all(const authority *a, const yao_invocation *call,
                      yao_arena *arena)
{
    const char *folder = yao_argument(call, "output");
    exporting   e      = {.a = a, .arena = arena};
    size_t      count  = 0;
    int64_t     size   = 0;

    yao_status status = note_export(a, arena);
    if (status == YAO_OK)
        status = advance(a, arena, &count);
    if (status == YAO_OK)
        status = audit_write_folder(a, folder, arena, &size);
    if (status == YAO_OK)
        status = export_entries(&e, folder, size);
    if (status != YAO_OK)
        return tell_failure(status, export_what, folder);
    if (call->json)
        printf("{\"size\":%lld,\"erased\":%zu}\n", (long long)size, e.erased);
    else
        yao_print(WORDS("%lld entries, %zu of them erased, in %s\n",
                        "%lld 个条目，其中 %zu 个已抹除，位于 %s\n"),
                  (long long)size, e.erased, folder);
    return 0;
}

/* ---- export, one person ------------------------------------------------- */

static int tell_nobody(yao_status status)
{
    if (status != YAO_E_NOT_FOUND)
        return tell_failure(status, export_what, NULL);
    return yao_fail(status, export_what, NULL,
                    WORDS("nobody of this number is in the register",
                          "登记库中没有该号码"),
                    WORDS("check the number; only the whole number finds",
                          "请核对号码；只能按完整号码查找"));
}

static int export_person(const authority *a, const yao_invocation *call,
                         yao_arena *arena)
{
    uint8_t        holder[STORE_HASH_LEN];
    audit_question question = {.subject = {holder, sizeof holder},
                               .limit   = AUDIT_MAX_ANSWER,
                               .by      = "command line"};
    size_t         count    = 0;
    long           from     = 0;
    yao_text       number;
    yao_bytes      json;

    if (!yao_number(call, "from", 0, LONG_MAX, 0, &from))
        return 1;
    question.from     = from;
    yao_status status = advance(a, arena, &count);
    if (status == YAO_OK)
        status = people_number(yao_text_of(yao_argument(call, "person")),
                               arena, &number);
    if (status == YAO_OK)
        status = seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                           yao_text_bytes(number), holder);
    if (status == YAO_OK)
        status = audit_list_person(a, &question, arena, &json);
    if (status != YAO_OK)
        return tell_nobody(status);
    fwrite(json.ptr, 1, json.len, stdout);
    fputc('\n', stdout);
    return 0;
}

static int run_export(const yao_invocation *call)
{
    bool person = yao_given(call, "person");

    if (person == yao_given(call, "output"))
        return yao_fail(YAO_E_USAGE, export_what, NULL,
                        WORDS("either --output or --person",
                              "须给出 --output 或 --person 之一"),
                        WORDS("--output FOLDER is for an auditor, --person "
                              "NUMBER for that person",
                              "--output 目录供审计人员，--person 号码供本人"));
    return run_with(call, person ? export_person : export_all);
}

/* ---- tables ------------------------------------------------------------- */

static const yao_option publish_options[] = {
    {"output", "FOLDER", 0,
     WORDS_INIT("also write checkpoint, key and tiles, for a web server to "
                "serve at the authority's URL /log/",
                "同时写出检查点、公钥与分片，由网络服务器以机关地址加 /log/ "
                "提供")},
    {"page", "FOLDER", 0,
     WORDS_INIT("vouch for the web page in it, as tools/make-pages made it: "
                "note its name, a new version and its hash in the log",
                "登记该目录中由 tools/make-pages 生成的网页：将其名称、"
                "新版本号与散列记入日志")},
    {"statement", "FILE", 0,
     WORDS_INIT("with --page: write the proof that it is in the log, for the "
                "server that gives the page out",
                "与 --page 同用：写出其在日志中的证明，供提供该网页的服务器使用")},
};

const yao_command yao_audit_publish = {
    .noun    = "audit",
    .verb    = "publish",
    .summary = WORDS_INIT("bring the audit log up to date and sign it",
                          "更新审计日志并签发检查点"),
    .text    = WORDS_INIT(
        "Makes leaves of the events that wait and signs a new checkpoint. A "
           "server does this itself, within a second of each event.\n\n"
           "A log that is shorter than what was signed, or another, is not "
           "signed (exit code 3).\n\n"
           "With --page a web page is vouched for: browsers that have it then "
           "install nothing but what is in the log, and nothing older. What is in the "
           "log already is not written again; docs/formats/page-bundle.md.",
        "将待记事件写入日志并签发新的检查点。服务器运行时会在事件后一秒内"
           "自行完成。\n\n"
           "若日志比已签名的更短或不同，则不签发（退出码 3）。\n\n"
           "使用 --page 登记网页：此后已安装该网页的浏览器只接受日志中的版本，"
           "且不接受旧版本。日志中已有的不重复记录；"
           "见 docs/formats/page-bundle.md。"),
    .options      = publish_options,
    .option_count = sizeof publish_options / sizeof publish_options[0],
    .example = "  yaopai audit publish -C var/authority --output var/log",
    .json    = true,
    .run     = run_publish,
};

static const yao_option export_options[] = {
    {"output", "FOLDER", 0,
     WORDS_INIT("for an auditor: tiles, checkpoint, key, and entries.jsonl "
                "with all entries opened",
                "供审计人员：分片、检查点、公钥，"
                "以及含全部已打开条目的 entries.jsonl")},
    {"person", "NUMBER", 0,
     WORDS_INIT("for this person: what the log has of them, with proofs, as "
                "JSON; at most 200 entries",
                "供本人：日志中关于此人的条目及其证明（JSON），最多 200 条")},
    {"from", "INDEX", 0,
     WORDS_INIT("with --person: go on where `next` says",
                "与 --person 同用：从上次的 next 继续")},
};

const yao_command yao_audit_export = {
    .noun    = "audit",
    .verb    = "export",
    .summary = WORDS_INIT("open the audit log for an auditor or a person",
                          "为审计人员或本人导出审计日志"),
    .text    = WORDS_INIT(
        "Every export is noted in the log itself, before anything is shown. "
           "What was about a person who was erased can't be opened any more; its "
           "leaves stay, and the log still verifies.\n\n"
           "docs/formats/audit.md says how each line is checked against the "
           "checkpoint.",
        "每次导出都先记入日志，再显示。已抹除人员的条目无法再打开，"
           "但其叶节点仍在，日志仍可核验。\n\n"
           "逐行核验的方法见 docs/formats/audit.md。"),
    .options      = export_options,
    .option_count = sizeof export_options / sizeof export_options[0],
    .example = "  yaopai audit export -C var/authority --output var/audit",
    .json    = true,
    .run     = run_export,
};
