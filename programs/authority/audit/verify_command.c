/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai audit verify: is the log what it says it is, and what it was? */
#include "app/files.h"
#include "authority/audit/folder.h"
#include "authority/audit/ledger.h"
#include "authority/audit/verify_pages.h"
#include "authority/commands.h"
#include "net/client.h"

#include <string.h>

#define MEMORY (24u * 1024u * 1024u)
#define MAX_KEY_FILE 4096u
#define MAX_KEYS 4

static const yao_words what = WORDS_INIT("audit verify", "核验审计日志");

typedef struct verifying {
    const yao_invocation *call;
    yao_arena             arena;
    yao_openssl          *openssl;
    const yao_crypto     *crypto;
    authority            *authority; /* with --ledger, else NULL */
    net_client           *client;    /* with an address, else NULL */
    const char           *place;     /* what is verified */
    yao_tlog_key          keys[MAX_KEYS];
    size_t                key_count;
    audit_witness         witness;
    bool                  begun; /* the witness had no file yet */
    audit_result          result;
    bool                  with_pages;
    audit_pages_seen      pages;
} verifying;

/* ---- keys and witness ---------------------------------------------------- */

static yao_status read_key_lines(verifying *v, yao_bytes file)
{
    while (file.len > 0) {
        size_t    at   = yao_bytes_find(file, '\n');
        yao_bytes line = {file.ptr, at};

        file.ptr += at < file.len ? at + 1 : at;
        file.len -= at < file.len ? at + 1 : at;
        if (line.len == 0)
            continue;
        if (v->key_count == MAX_KEYS)
            return YAO_E_LIMIT;
        YAO_TRY(yao_tlog_key_read(v->crypto, line, &v->keys[v->key_count]));
        if (!yao_text_equal(v->keys[v->key_count++].name, v->keys[0].name))
            return YAO_E_MISMATCH;
    }
    return v->key_count > 0 ? YAO_OK : YAO_E_MISSING;
}

/* A key from the folder that is verified would say nothing. */
static yao_status read_keys(verifying *v, const char *path)
{
    yao_bytes file, kept;

    YAO_TRY(yao_file_read(path, MAX_KEY_FILE, &file));
    yao_status status = yao_arena_keep(&v->arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    return read_key_lines(v, kept);
}

static int open_keys(verifying *v)
{
    const char *path = yao_argument(v->call, "key");
    char        usual[CONFIG_MAX_PATH];

    if (path == NULL) {
        const char *folder = yao_argument(v->call, "ledger");
        if (folder == NULL)
            folder = v->call->directory;
        if (yao_path_join(folder, "certificates/log.txt", usual,
                          sizeof usual) != YAO_OK)
            return yao_fail_memory();
        path = usual;
    }
    yao_status status = read_keys(v, path);
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("the key of the log", "日志的公钥"), path,
                    (yao_words){NULL, NULL},
                    WORDS("give with --key the file that the authority gave "
                          "you, once and by another way than the log itself",
                          "请用 --key 指明签发机关另行交付的公钥文件"));
}

static yao_status read_witness(verifying *v, const char *path)
{
    yao_bytes file, kept;

    if (!yao_path_exists(path)) {
        v->begun = true;
        return audit_witness_new(&v->arena, v->keys[0].name, &v->witness);
    }
    YAO_TRY(yao_file_read(path, AUDIT_MAX_WITNESS, &file));
    yao_status status = yao_arena_keep(&v->arena, file, &kept);
    yao_file_free(&file);
    if (status == YAO_OK)
        status = audit_witness_read(&v->arena, kept, &v->witness);
    if (status == YAO_OK &&
        !yao_text_equal(v->witness.origin, v->keys[0].name))
        status = YAO_E_MISMATCH;
    return status;
}

static int open_witness(verifying *v)
{
    const char *path   = yao_argument(v->call, "witness");
    yao_status  status = path != NULL
                             ? read_witness(v, path)
                             : audit_witness_new(&v->arena, v->keys[0].name,
                                                 &v->witness);

    if (status == YAO_OK)
        return 0;
    return yao_fail(
        status, WORDS("the witness file", "见证文件"), path,
        status == YAO_E_MISMATCH
            ? WORDS("it is of another log", "它属于另一个日志")
            : (yao_words){NULL, NULL},
        WORDS("it is the memory of what was seen: restore it, do not begin a "
              "new one without asking why it is broken",
              "它记录此前所见：请恢复该文件，勿在查明原因前重新建立"));
}

/* ---- where the log lies ------------------------------------------------- */

typedef struct address {
    net_client *client;
    const char *url;
} address;

/* The longest bundle, as the files'. */
#define MAX_ANSWER (256u * 65537u)

static yao_status fetch_address(void *ctx, const char *path, yao_arena *arena,
                                yao_bytes *ret)
{
    const address *from = ctx;
    char           url[CONFIG_MAX_PATH + 128];
    net_answer     answer;

    snprintf(url, sizeof url, "%s/%s", from->url, path);
    const net_call call = {
        .method = "GET", .url = yao_text_of(url), .most = MAX_ANSWER};
    yao_status status = net_client_fetch(from->client, &call, arena, &answer);
    if (status == YAO_E_MALFORMED || status == YAO_E_NOT_AUTHORISED)
        status = YAO_E_NET;
    YAO_TRY(status);
    if (answer.status != 200)
        return YAO_E_NOT_FOUND;
    *ret = answer.body;
    return YAO_OK;
}

/* "https://host/log/" gives "https://host/log" and "https://host". */
static bool split_address(const char *given, char *url, char *origin,
                          size_t cap)
{
    const char *host = strstr(given, "://");
    size_t      len  = strlen(given);

    if (host == NULL || len >= cap)
        return false;
    while (len > 0 && given[len - 1] == '/')
        len--;
    snprintf(url, cap, "%.*s", (int)len, given);
    const char *slash = strchr(host + 3, '/');
    size_t until = slash != NULL ? (size_t)(slash - given) : strlen(given);
    snprintf(origin, cap, "%.*s", (int)until, given);
    return true;
}

static yao_status open_client(verifying *v, const char *origin)
{
    const net_client_options options = {.ca_file =
                                            yao_argument(v->call, "ca-file"),
                                        .loopback = true};

    YAO_TRY(net_client_open(&options, &v->client));
    return net_client_allow(v->client, origin);
}

static bool is_address(const char *place)
{
    return strncmp(place, "https://", 8) == 0 ||
           strncmp(place, "http://", 7) == 0;
}

/* ---- telling ------------------------------------------------------------ */

static int finding_code(audit_finding finding)
{
    switch (finding) {
    case AUDIT_RIGHT:
        return 0;
    case AUDIT_MISSING:
    case AUDIT_UNKNOWN:
        return 5;
    default:
        return 3;
    }
}

static yao_words finding_words(audit_finding finding)
{
    switch (finding) {
    case AUDIT_ROLLBACK:
        return WORDS("the log is shorter than what was seen of it before",
                     "日志比此前所见更短");
    case AUDIT_FORK:
        return WORDS("what was seen of it before is not its beginning: there "
                     "are two histories",
                     "此前所见并非其开头：存在两种历史");
    case AUDIT_HEAD_INVALID:
        return WORDS("its checkpoint is not signed by the log's key, or is "
                     "another log's",
                     "检查点不是该日志的密钥所签，或属于另一日志");
    case AUDIT_PAGE_HIDDEN:
        return WORDS("it vouches for a web page that it does not show, or shows "
                     "one that it does not vouch for",
                     "它为某个网页担保却未予公开，或公开了并未担保的网页");
    case AUDIT_CHANGED:
        return WORDS("its leaves are not those that were signed",
                     "其条目与签名时不同");
    default:
        return WORDS("a part of it cannot be had", "部分内容无法获取");
    }
}

static void tell_json(const verifying *v, const audit_balance *b)
{
    const audit_result *r = &v->result;

    printf("{\"finding\":\"%s\",\"size\":%llu,\"witnessed\":%zu,"
           "\"begun\":%s",
           audit_finding_name(r->finding), (unsigned long long)r->head.size,
           v->witness.count, v->begun ? "true" : "false");
    if (r->finding != AUDIT_RIGHT)
        printf(",\"index\":%llu,\"path\":\"%s\",\"why\":\"%s\"",
               (unsigned long long)r->index, r->path,
               yao_status_name(r->why));
    if (b != NULL)
        printf(",\"ledger\":{\"balanced\":%s,\"deeds\":%zu,\"events\":%zu,"
               "\"entries\":%zu,\"waiting\":%zu,\"erased\":%zu,"
               "\"damaged\":%zu,\"first_damaged\":%lld,\"missing\":%zu,"
               "\"extra\":%zu,\"doubled\":%zu}",
               audit_balanced(b) ? "true" : "false", b->deeds, b->events,
               b->entries, b->waiting, b->erased, b->damaged,
               (long long)b->first_damaged, b->missing, b->extra, b->doubled);
    if (v->with_pages)
        audit_pages_print(&v->pages, true);
    puts("}");
}

static int tell_finding(const verifying *v)
{
    const audit_result *r = &v->result;
    char                where[192];

    if (r->finding == AUDIT_RIGHT) {
        yao_print(WORDS("The log is right: %llu leaves, %zu earlier heads are "
                        "its beginning\n",
                        "日志无误：%llu 个条目，此前的 %zu 个检查点均为其开头\n"),
                  (unsigned long long)r->head.size, v->witness.count);
        if (v->begun)
            yao_print(WORDS("There was no witness file: what was cut off "
                            "before this moment cannot be seen. If there "
                            "should be one, look for it.\n",
                            "此前没有见证文件：无法看出此刻之前是否被截短。"
                            "若应有该文件，请查找。\n"));
        return 0;
    }
    snprintf(where, sizeof where, "%s at %llu, %s",
             audit_finding_name(r->finding), (unsigned long long)r->index,
             r->path);
    (void)yao_fail(YAO_E_BAD_DIGEST, what, where, finding_words(r->finding),
                   r->finding == AUDIT_MISSING
                       ? WORDS("fetch it again; a log that keeps back a part "
                               "says nothing",
                               "请重新获取；缺少部分的日志不能说明问题")
                       : WORDS("keep what you have, also the witness file, and "
                               "tell the auditor",
                               "请保留现有内容与见证文件，并通知审计人员"));
    return finding_code(r->finding);
}

static int tell_balance(const audit_balance *b)
{
    char where[160];

    if (audit_balanced(b)) {
        yao_print(WORDS("Ledger and log agree: %zu deeds, %zu entries, %zu "
                        "wait, %zu erased\n",
                        "台账与日志一致：%zu 项，%zu 个条目，%zu 个待记，"
                        "%zu 个已抹除\n"),
                  b->deeds, b->entries, b->waiting, b->erased);
        return 0;
    }
    snprintf(where, sizeof where,
             "%zu missing, %zu extra, %zu doubled, %zu damaged (first %lld)",
             b->missing, b->extra, b->doubled, b->damaged,
             (long long)b->first_damaged);
    return yao_fail(YAO_E_MISMATCH, what, where,
                    WORDS("ledger and log do not agree", "台账与日志不一致"),
                    WORDS("keep the database as it is, and tell the auditor",
                          "请保留数据库现状，并通知审计人员"));
}

/* ---- running ------------------------------------------------------------ */

static int tell_failure(yao_status status, const char *where)
{
    return yao_fail(status, what, where, (yao_words){NULL, NULL},
                    WORDS("is there enough memory, and is the folder "
                          "readable?",
                          "内存足够吗？目录可读吗？"));
}

static int save_witness(verifying *v)
{
    const char *path = yao_argument(v->call, "witness");
    yao_writer  w;
    yao_bytes   text;

    if (path == NULL || v->result.finding != AUDIT_RIGHT)
        return 0;
    audit_witness_add(&v->witness, &v->result.head);
    w = yao_writer_in(&v->arena);
    audit_witness_put(&w, &v->witness);
    yao_status status = yao_writer_keep(&w, &v->arena, &text);
    if (status == YAO_OK)
        status = yao_file_write(path, text, 0644, false);
    return status == YAO_OK ? 0 : tell_failure(status, path);
}

static yao_status look_at_pages(verifying *v, const audit_check *check)
{
    return v->with_pages && v->result.finding == AUDIT_RIGHT
               ? audit_verify_pages(check, &v->pages, &v->arena, &v->result)
               : YAO_OK;
}

static int verify(verifying *v, audit_source source)
{
    const audit_check check = {.each      = v->with_pages ? audit_pages_see
                                                          : NULL,
                               .ctx       = &v->pages,
                               .crypto    = v->crypto,
                               .source    = source,
                               .keys      = v->keys,
                               .key_count = v->key_count,
                               .witness   = &v->witness};
    audit_balance     balance;
    bool              ledger = v->authority != NULL;

    yao_status status = v->with_pages
                            ? audit_pages_seen_begin(&v->arena, &v->pages)
                            : YAO_OK;
    if (status == YAO_OK)
        status = audit_verify(&check, &v->arena, &v->result);
    if (status == YAO_OK)
        status = look_at_pages(v, &check);
    if (status == YAO_OK && ledger)
        status = audit_compare_ledger(v->authority, &v->arena, &balance);
    if (status != YAO_OK)
        return tell_failure(status, v->place);

    int code = finding_code(v->result.finding);
    if (v->call->json) {
        tell_json(v, ledger ? &balance : NULL);
        if (ledger && !audit_balanced(&balance))
            code = yao_worse_code(code, 3);
    } else {
        code = tell_finding(v);
        if (v->with_pages)
            audit_pages_print(&v->pages, false);
        if (ledger)
            code = yao_worse_code(code, tell_balance(&balance));
    }
    return yao_worse_code(code, save_witness(v));
}

static int verify_address(verifying *v)
{
    char    url[CONFIG_MAX_PATH], origin[CONFIG_MAX_PATH];
    address from = {.url = url};

    if (!split_address(v->place, url, origin, sizeof url))
        return tell_failure(YAO_E_USAGE, v->place);
    yao_status status = open_client(v, origin);
    if (status != YAO_OK)
        return yao_fail(status, what, v->place, (yao_words){NULL, NULL},
                        WORDS("give an https:// address, or http:// on this "
                              "machine",
                              "请给出 https:// 地址，或本机的 http:// 地址"));
    from.client = v->client;
    return verify(v, (audit_source){fetch_address, &from});
}

static int verify_place(verifying *v)
{
    int code = open_keys(v);

    if (code == 0)
        code = open_witness(v);
    if (code != 0)
        return code;
    if (v->place == NULL) {
        v->place = yao_argument(v->call, "ledger");
        return verify(v, audit_store_source(v->authority));
    }
    return is_address(v->place)
               ? verify_address(v)
               : verify(v, audit_folder_source(v->place));
}

/* The authority of --ledger, as though it were that of -C. */
static int open_ledger(verifying *v, authority *a)
{
    yao_invocation other = *v->call;

    if (yao_argument(v->call, "ledger") == NULL)
        return 0;
    other.directory = yao_argument(v->call, "ledger");
    int code        = authority_begin(&other, a);
    if (code == 0)
        v->authority = a;
    return code;
}

static int run(const yao_invocation *call)
{
    static authority a;
    static verifying v;

    v       = (verifying){.call = call};
    v.place = call->operand_count > 0 ? call->operands[0] : NULL;
    v.with_pages = yao_given(call, "pages");
    if (v.place == NULL && yao_argument(call, "ledger") == NULL)
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("no log was named", "未指明日志"),
                        WORDS("name a folder or an address, or an authority "
                              "with --ledger",
                              "请指明目录或地址，或用 --ledger 指明签发机关"));
    if (yao_memory_open(MEMORY, &v.arena) != YAO_OK)
        return yao_fail_memory();
    v.openssl = yao_openssl_open();
    if (v.openssl == NULL) {
        yao_memory_free(&v.arena);
        return yao_fail_memory();
    }
    v.crypto = yao_openssl_crypto(v.openssl);
    int code = open_ledger(&v, &a);
    if (code == 0)
        code = verify_place(&v);
    if (v.authority != NULL)
        authority_close(v.authority);
    net_client_close(v.client);
    yao_openssl_close(v.openssl);
    v.arena.used = v.arena.cap; /* all of it was used at times */
    yao_memory_free(&v.arena);
    return code;
}

static const yao_option options[] = {
    {"key", "FILE", 0,
     WORDS_INIT("the key of the log, as certificates/log.txt of an authority; "
                "default: that of -C or --ledger",
                "日志公钥，即签发机关的 certificates/log.txt；"
                "缺省为 -C 或 --ledger 目录中的")},
    {"witness", "FILE", 0,
     WORDS_INIT("what was seen of the log before; compared, and written anew "
                "when all is right; begun when it is not there",
                "此前所见的记录：先比较，无误后更新；不存在时新建")},
    {"ledger", "FOLDER", 0,
     WORDS_INIT("compare the register of this authority with its log, deed by "
                "deed; without FOLDER or URL also verify the log in it",
                "逐项比较该签发机关的台账与日志；"
                "未给出目录或地址时同时核验其中的日志")},
    {"pages", NULL, 0,
     WORDS_INIT("list the web pages that the log vouches for (page, version, "
                "leaf, time, hash); one that is not shown to everybody is "
                "PAGE_HIDDEN",
                "列出日志所担保的网页（名称、版本、条目、时间、散列）；"
                "有未公开者则为 PAGE_HIDDEN")},
    {"ca-file", "FILE", 0,
     WORDS_INIT("roots for https, PEM; default: the system's",
                "https 的根证书，PEM，缺省用系统的")},
};

const yao_command yao_audit_verify = {
    .noun    = "audit",
    .verb    = "verify",
    .summary = WORDS_INIT("verify the audit log", "核验审计日志"),
    .text    = WORDS_INIT(
        "Computes the whole log anew from its leaves and compares tiles, root "
           "and signature; with --witness also that every head that was seen "
           "before is its beginning. It needs nothing secret: copied tiles are "
           "enough.\n\n"
           "Exit code 0: right. 3: LOG_ROLLBACK, LOG_FORK, HEAD_INVALID, "
           "LOG_CHANGED, PAGE_HIDDEN, or ledger and log do not agree. 5: a part "
           "cannot be had. 2: the key or the witness file is malformed.",
        "从各条目重新计算整个日志，比较分片、根与签名；"
           "给出 --witness 时还核验此前所见的检查点均为其开头。"
           "无需任何密钥，复制的分片即可。\n\n"
           "退出码 0：无误；3：LOG_ROLLBACK、LOG_FORK、HEAD_INVALID、"
           "LOG_CHANGED、PAGE_HIDDEN，或台账与日志不一致；5：部分内容无法获取；"
           "2：公钥或见证文件格式有误。"),
    .operands     = "FOLDER|URL",
    .least        = 0,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai audit verify https://authority.example/log \\\n"
                    "      --key log.txt --witness seen.txt",
    .json         = true,
    .run          = run,
};
