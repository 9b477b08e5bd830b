/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai statuslist publish, show: what became of documents, for everybody.
 *
 * Each list is signed as a new version, which is committed before the files
 * are written: what others have seen is in the register. A list that would
 * take a revocation back is not signed, whether what it is compared with is
 * the register's last version or the file that lies where it is published:
 * the second knows more than a register that came from a backup.
 */

#include "authority/commands.h"
#include "authority/keeper/lists.h"

#include "app/files.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Two lists of the greatest size, their tokens, and what packing takes. */
#define MEMORY (48u * 1024u * 1024u)
#define MAX_TOKEN (1024u * 1024u)

static const yao_words publish_what =
    WORDS_INIT("statuslist publish", "发布状态列表");

/* ---- one list ---- */

typedef struct publishing {
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    keeper_signing        how;
    const char           *folder;
    yao_time              now;
    size_t                done;
    int64_t               number;  /* of the list at hand */
    int64_t               role;    /* the same */
} publishing;

/* DIR/7.jwt */
static yao_status token_path(const publishing *p, int64_t number,
                             const char *ending, char out[CONFIG_MAX_PATH])
{
    char name[40];

    snprintf(name, sizeof name, "%lld.%s", (long long)number, ending);
    return yao_path_join(p->folder, name, out, CONFIG_MAX_PATH);
}

/* Whoever may write to the folder must not have documents revoked: of what
 * lies there nothing is kept that this authority has not signed. */
static yao_status read_root(publishing *p, yao_bytes *ret)
{
    ca root = {.key = NULL};

    YAO_TRY(role_open_root(p->authority, p->role, &p->arena, &root));
    *ret = root.certificate.der;
    return YAO_OK;
}

/* The file knows more than a register that came from a backup. */
static yao_status compare_file(void *ctx, const store_status_list *list,
                               lists_content *content, yao_text uri,
                               size_t *missing)
{
    publishing  *p = ctx;
    char         path[CONFIG_MAX_PATH];
    lists_before before = {.uri = uri};
    yao_bytes    file   = {NULL, 0};

    YAO_TRY(token_path(p, list->number, "jwt", path));
    if (!yao_path_exists(path))
        return YAO_OK;
    if (p->how.keep_revoked)
        YAO_TRY(read_root(p, &before.root));
    YAO_TRY(yao_file_read(path, MAX_TOKEN, &file));
    before.token      = file;
    yao_status status = keeper_compare(&p->how, &before, content, missing);
    yao_file_free(&file);
    return status;
}

static yao_status write_files(const publishing         *p,
                              const store_status_token *token)
{
    char path[CONFIG_MAX_PATH];

    YAO_TRY(token_path(p, token->list, "cwt", path));
    YAO_TRY(yao_file_write(path, token->cwt, 0644, false));
    YAO_TRY(token_path(p, token->list, "jwt", path));
    return yao_file_write(path, token->jwt, 0644, false);
}

static void tell_list(const publishing *p, const keeper_signed *done)
{
    const lists_content      *content = &done->content;
    const store_status_token *token   = &done->token;

    if (p->call->json)
        printf("%s\n{\"list\":%lld,\"version\":%lld,\"revoked\":%zu,"
               "\"suspended\":%zu,\"kept\":%zu}",
               p->done > 0 ? "," : "", (long long)token->list,
               (long long)token->version, content->revoked, content->suspended,
               done->missing);
    else
        yao_print(WORDS("List %lld, version %lld: %zu revoked, %zu "
                        "suspended\n",
                        "列表 %lld，第 %lld 版：吊销 %zu，暂停 %zu\n"),
                  (long long)token->list, (long long)token->version,
                  content->revoked, content->suspended);
}

static yao_status publish_list(publishing *p, const store_status_list *list)
{
    keeper_signed done;

    p->number = list->number;
    p->role   = list->role;
    YAO_TRY(keeper_sign_list(&p->how, list, &done));
    YAO_TRY(write_files(p, &done.token));
    tell_list(p, &done);
    p->done++;
    return YAO_OK;
}

/* ---- lists that the register has forgotten ---- */

/* Beyond this a file name is a mistake, or somebody's joke. */
#define MAX_FORGOTTEN 256

static const yao_signing_role roles[] = {
    YAO_SIGNING_POPULATION, YAO_SIGNING_TRAFFIC, YAO_SIGNING_OTHER};

/* Read list NUMBER from its file, and find whose it is by who signed it. */
static yao_status read_forgotten(publishing *p, int64_t number, yao_bytes file,
                                 store_status_list *ret)
{
    yao_status_list list;
    lists_before    before = {
           .token = file, .now = p->now, .crypto = p->authority->crypto};
    yao_status status = YAO_E_UNTRUSTED;

    YAO_TRY(lists_uri(p->authority, number, &p->arena, &before.uri));
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        p->role = role_now(p->authority, roles[i]);
        YAO_TRY(read_root(p, &before.root));
        status = lists_read_before(&before, &p->arena, &list);
        if (status != YAO_E_UNTRUSTED && status != YAO_E_BAD_SIGNATURE)
            break;
    }
    YAO_TRY(status);
    *ret = (store_status_list){.number = number,
                               .role   = p->role,
                               .bits   = list.bits,
                               .size   = (int64_t)list.count,
                               .opened = p->now};
    return YAO_OK;
}

static yao_status adopt(publishing *p, int64_t number, store_status_list *ret)
{
    char         path[CONFIG_MAX_PATH];
    yao_bytes    file   = {NULL, 0};
    store_change change = store_change_open(&p->arena);

    *ret = (store_status_list){.number = 0};
    YAO_TRY(token_path(p, number, "jwt", path));
    if (!yao_path_exists(path))
        return YAO_OK;
    YAO_TRY(yao_file_read(path, MAX_TOKEN, &file));
    yao_status status = read_forgotten(p, number, file, ret);
    yao_file_free(&file);
    YAO_TRY(status);
    store_put_status_list(&change, ret);
    return store_commit(p->authority->store, &change);
}

/* The register came from a backup of before these lists were opened. Without
 * them their numbers would be given out anew, and whoever was revoked in one
 * would be valid in the other of its name. They are signed on as they are;
 * nothing new goes into them. */
static yao_status adopt_all(publishing *p, int64_t known, int64_t published)
{
    store_status_list *lists = yao_arena_take_array(
        &p->arena, MAX_FORGOTTEN, sizeof *lists);
    size_t count = 0;

    if (lists == NULL)
        return YAO_E_SPACE;
    if (published - known > MAX_FORGOTTEN)
        return YAO_E_LIMIT;
    for (int64_t n = known + 1; n <= published; n++) {
        size_t mark = p->arena.used;

        p->number = n;
        yao_status status = adopt(p, n, &lists[count]);
        p->arena.used     = mark;
        YAO_TRY(status);
        count += lists[count].number != 0;
    }
    for (size_t i = 0; i < count; i++) {
        store_change change = store_change_open(&p->arena);

        YAO_TRY(keeper_close_list(&p->how, &lists[i], &change));
        YAO_TRY(store_commit(p->authority->store, &change));
    }
    return YAO_OK;
}

/* ---- all lists ---- */

/* The highest N for which there is a file N.jwt. */
static yao_status highest_file(const char *folder, int64_t *ret)
{
    DIR                 *dir = opendir(folder);
    const struct dirent *entry;
    int64_t              highest = 0;

    if (dir == NULL)
        return YAO_E_FILE;
    while ((entry = readdir(dir)) != NULL) {
        char     *end    = NULL;
        long long number = strtoll(entry->d_name, &end, 10);
        if (end != entry->d_name && strcmp(end, ".jwt") == 0 &&
            number > highest)
            highest = number;
    }
    closedir(dir);
    *ret = highest;
    return YAO_OK;
}

/* Lists that were published and that the register has never heard of. */
static yao_status check_folder(publishing *p)
{
    int64_t published = 0, known = 0;

    YAO_TRY(highest_file(p->folder, &published));
    YAO_TRY(store_last_status_list(p->authority->store, &known));
    p->number = published;
    if (published <= known)
        return YAO_OK;
    return p->how.keep_revoked ? adopt_all(p, known, published)
                                              : YAO_E_MISMATCH;
}

/* One list that can't be signed keeps no revocation of the others back. */
static yao_status publish_all(publishing *p)
{
    store_status_list *lists;
    size_t             count;
    yao_status         first  = YAO_OK; /* failure, of list NUMBER */
    int64_t            number = 0;

    YAO_TRY(check_folder(p));
    YAO_TRY(store_list_status_lists(p->authority->store, &p->arena, &lists,
                                    &count));
    for (size_t i = 0; i < count; i++) {
        if (lists_over(&lists[i], p->now))
            continue;
        size_t     mark   = p->arena.used;
        yao_status status = publish_list(p, &lists[i]);
        p->arena.used     = mark;
        if (status != YAO_OK && first == YAO_OK) {
            first  = status;
            number = p->number;
        }
    }
    p->number = number;
    return first;
}

static int tell_rollback(const char *where)
{
    return yao_fail(
        YAO_E_MISMATCH, publish_what, where,
        WORDS("it would take back what was published as revoked: the register "
              "is older than the list",
              "将撤回已发布的吊销：登记库比列表旧"),
        WORDS("restore a newer backup; or, when there is none, sign with "
              "--keep-revoked",
              "请恢复较新的备份；没有备份时可用 --keep-revoked 签发"));
}

static int tell_failure(const publishing *p, yao_status status)
{
    char where[48];

    snprintf(where, sizeof where, "%lld.jwt", (long long)p->number);
    switch (status) {
    case YAO_E_MISMATCH:
        return tell_rollback(where);
    case YAO_E_UNTRUSTED:
    case YAO_E_BAD_SIGNATURE:
    case YAO_E_NOT_AUTHORISED:
        return yao_fail(
            status, publish_what, where,
            WORDS("the file is another authority's list",
                  "该文件是其他机关的列表"),
            WORDS("publish into a folder of its own", "请发布到单独的目录"));
    case YAO_E_NOT_YET_VALID:
        return yao_fail(
            status, publish_what, where,
            WORDS("it was signed in the future", "其签发时间在将来"),
            WORDS("set the clock right; when it is right now, and was wrong "
                  "then, sign with --clock-was-wrong",
                  "请校正时钟；如现在无误而当时有误，"
                  "请用 --clock-was-wrong 签发"));
    case YAO_E_EXISTS:
    case YAO_E_LOCKED:
        return yao_fail(
            status, publish_what, p->folder,
            WORDS("another process publishes it too", "另有进程正在发布"),
            WORDS("run one at a time", "请只运行一个"));
    default:
        return yao_fail(status, publish_what, p->folder,
                        (yao_words){NULL, NULL},
                        WORDS("is the folder writable, and are the keys "
                              "there?",
                              "目录可写吗？密钥在吗？"));
    }
}

static int publish(publishing *p)
{
    if (p->call->json)
        fputs("{\"lists\":[", stdout);
    int        lock   = -1;
    yao_status status = yao_folder_make(p->folder, 0755);
    if (status == YAO_OK)
        status = yao_lock_take(p->folder, ".publish.lock", &lock);
    if (status == YAO_OK)
        status = publish_all(p);
    yao_lock_give(lock);
    if (p->call->json)
        fputs("]}\n", stdout);
    if (status != YAO_OK)
        return tell_failure(p, status);
    if (p->done == 0 && !p->call->json)
        yao_print(WORDS("There is no status list: nothing was issued yet.\n",
                        "没有状态列表：尚未签发证件。\n"));
    return 0;
}

static int run_publish(const yao_invocation *call)
{
    static authority a;
    publishing       p    = {.call = call, .authority = &a, .now = yao_now()};
    long             days = 0, hours = 0;

    p.folder = yao_argument(call, "output");
    if (!yao_number(call, "days", 1, 90, 7, &days) ||
        !yao_number(call, "ttl", 1, 24, 12, &hours))
        return 1;
    p.how    = (keeper_signing){
           .authority       = &a,
           .arena           = &p.arena,
           .now             = p.now,
           .lifetime        = days * YAO_TIME_DAY,
           .ttl             = hours * 3600,
           .keep_revoked    = yao_given(call, "keep-revoked"),
           .clock_was_wrong = yao_given(call, "clock-was-wrong"),
           .compare         = compare_file,
           .ctx             = &p};
    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    /* a register that was restored keeps what it has forgotten, for good */
    bool restored = false;
    if (authority_was_restored(&a, &restored) != YAO_OK ||
        yao_memory_open(MEMORY, &p.arena) != YAO_OK)
        code = yao_fail_memory();
    else {
        p.how.keep_revoked = p.how.keep_revoked || restored;
        code               = publish(&p);
    }
    yao_memory_free(&p.arena);
    authority_close(&a);
    return code;
}

/* ---- show ---- */

static void print_moment(yao_time time)
{
    uint8_t letters[20];

    yao_time_format(time, letters);
    printf("%.20s", (const char *)letters);
}

static void show_json(const store_status_list *list, const char *role,
                      const lists_content *c, const store_status_token *token)
{
    printf("{\"list\":%lld,\"role\":\"%s\",\"bits\":%lld,\"size\":%lld,"
           "\"allocated\":%lld,\"revoked\":%zu,\"suspended\":%zu,"
           "\"over\":%s,\"version\":%lld",
           (long long)list->number, role, (long long)list->bits,
           (long long)list->size, (long long)list->allocated, c->revoked,
           c->suspended, lists_over(list, yao_now()) ? "true" : "false",
           (long long)token->version);
    if (token->version > 0) {
        fputs(",\"signed\":\"", stdout);
        print_moment(token->signed_at);
        fputs("\",\"expires\":\"", stdout);
        print_moment(token->expires);
        fputs("\"", stdout);
    }
    fputs("}", stdout);
}

static void show_plain(const store_status_list *list, const char *role,
                       const lists_content *c, const store_status_token *token)
{
    yao_print(
        WORDS("%lld  %s, %lld bit: %lld of %lld taken, %zu revoked, %zu "
              "suspended; ",
              "%lld  %s，%lld 位：已用 %lld / %lld，吊销 %zu，暂停 %zu；"),
        (long long)list->number, role, (long long)list->bits,
        (long long)list->allocated, (long long)list->size, c->revoked,
        c->suspended);
    if (lists_over(list, yao_now()))
        yao_print(WORDS("all its copies are over; ", "其副本均已到期；"));
    if (token->version == 0) {
        yao_print(WORDS("not published yet\n", "尚未发布\n"));
        return;
    }
    yao_print(WORDS("version %lld of ", "第 %lld 版，签发于 "),
              (long long)token->version);
    print_moment(token->signed_at);
    yao_print(WORDS(", expires ", "，有效期至 "));
    print_moment(token->expires);
    fputc('\n', stdout);
}

static yao_status show_list(const authority *a, const store_status_list *list,
                            yao_arena *arena, bool json)
{
    const role_row    *role  = role_find(list->role);
    const char        *name  = role != NULL ? role->name : "?";
    store_status_token token = {.version = 0};
    lists_content      content;

    YAO_TRY(lists_read(a, list, arena, &content));
    yao_status status =
        store_get_status_token(a->store, list->number, arena, &token);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    if (json)
        show_json(list, name, &content, &token);
    else
        show_plain(list, name, &content, &token);
    return YAO_OK;
}

static yao_status show(const authority *a, const yao_invocation *call,
                       yao_arena *arena)
{
    store_status_list *lists;
    size_t             count;

    YAO_TRY(store_list_status_lists(a->store, arena, &lists, &count));
    if (call->json)
        fputs("{\"lists\":[", stdout);
    for (size_t i = 0; i < count; i++) {
        size_t mark = arena->used;
        if (call->json)
            fputs(i > 0 ? ",\n" : "\n", stdout);
        yao_status status = show_list(a, &lists[i], arena, call->json);
        arena->used       = mark;
        YAO_TRY(status);
    }
    if (call->json)
        fputs("]}\n", stdout);
    else if (count == 0)
        yao_print(WORDS("There is no status list: nothing was issued yet.\n",
                        "没有状态列表：尚未签发证件。\n"));
    return YAO_OK;
}

static int run_show(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena = {NULL, 0, 0};

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = yao_memory_open(MEMORY, &arena);
    if (status == YAO_OK)
        status = show(&a, call, &arena);
    yao_memory_free(&arena);
    authority_close(&a);
    return status == YAO_OK
               ? 0
               : yao_fail(status, WORDS("statuslist show", "显示状态列表"),
                          NULL, (yao_words){NULL, NULL},
                          (yao_words){NULL, NULL});
}

/* ---- tables ---- */

static const yao_option publish_options[] = {
    {"output", "FOLDER", YAO_OPTION_REQUIRED,
     WORDS_INIT("where the files go: N.jwt and N.cwt of each list N",
                "输出目录：每个列表 N 的 N.jwt 与 N.cwt")},
    {"days", "N", 0,
     WORDS_INIT("until the lists expire, 1 to 90 (default: 7): how long a "
                "checker without a network can go on",
                "列表有效天数，1 至 90，缺省 7：离线核验方可使用多久")},
    {"ttl", "HOURS", 0,
     WORDS_INIT("after which a checker with a network asks anew, 1 to 24 "
                "(default: 12)",
                "联网核验方多久后重新获取，1 至 24 小时，缺省 12")},
    {"keep-revoked", NULL, 0,
     WORDS_INIT("revoke also what was revoked in the lists before and the "
                "register has forgotten; to be given from then on",
                "登记库已遗失、但先前列表中已吊销的，仍作吊销；此后须一直给出")},
    {"clock-was-wrong", NULL, 0,
     WORDS_INIT("sign although a list was signed in the future before: the "
                "clock was wrong then, and is right now",
                "先前因时钟错误签发了将来的列表，现时钟已正确，仍予签发")},
};

const yao_command yao_statuslist_publish = {
    .noun    = "statuslist",
    .verb    = "publish",
    .summary = WORDS_INIT("sign the status lists", "签发状态列表"),
    .text    = WORDS_INIT(
        "Signs every status list as JWT and as CWT and writes the files, each "
           "all or nothing, for a web server to serve at the authority's URL "
           "/statuslists/N. Run it at least as often as the lists expire, and "
           "after every revocation. A list whose copies are all over is not "
           "signed any more.\n\n"
           "A list that would take back a revocation is not signed (exit code "
           "3): it is compared with the last version in the register, and with "
           "the file that is there already.",
        "将每个状态列表签发为 JWT 与 CWT 文件（逐个完整写入），"
           "由网络服务器以机关地址加 /statuslists/N 提供。"
           "每次吊销之后及到期之前均应运行。副本全部到期的列表不再签发。"
           "\n\n"
           "若会撤回已有的吊销则不签发（退出码 3）："
           "与登记库中的上一版及目录中已有的文件比较。"),
    .options      = publish_options,
    .option_count = sizeof publish_options / sizeof publish_options[0],
    .example      = "  yaopai statuslist publish -C var/authority "
                    "--output var/lists",
    .json         = true,
    .run          = run_publish,
};

const yao_command yao_statuslist_show = {
    .noun    = "statuslist",
    .verb    = "show",
    .summary = WORDS_INIT("tell how full and how new the status lists are",
                          "显示状态列表的用量与版本"),
    .example = "  yaopai statuslist show -C var/authority",
    .json    = true,
    .run     = run_show,
};
