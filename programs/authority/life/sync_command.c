/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai person sync: changes of the bureau's register, from a file or fetched
 * page by page. Memory is that of one line, or of one page. */
#include "authority/commands.h"

#include "authority/intake.h"
#include "authority/enrol/command.h"
#include "authority/life/sync.h"
#include "authority/source.h"

#include "app/files.h"
#include "net/client.h"

#include <string.h>

/* One line: its tree, a portrait's pixels, a person's sealed parts, what is
 * read and put of documents. */
#define MEMORY (32u * 1024u * 1024u)

/* A page that is fetched, and where it is kept while its lines are applied. */
#define MOST_PAGE (4u * 1024u * 1024u)
#define PAGE_MEMORY (12u * 1024u * 1024u)

/* Where fetching goes on: a fact of the store. */
#define CURSOR YAO_TEXT("sync.cursor")

static const yao_words what = WORDS_INIT("person sync", "同步人员");

typedef struct syncing {
    const yao_invocation *call;
    enrol_world          *w;
    const char           *place; /* for messages */
    sync_source           source;
    yao_progress          progress;
    size_t                counts[SYNC_OUTCOMES];
    size_t                line;
    bool                  told;
    char                  next[204]; /* the last cursor */
    bool                  more;
} syncing;

/* ---- telling ---- */

static void tell_json(syncing *s, const sync_said *said)
{
    uint8_t    buffer[1024];
    yao_writer w     = yao_writer_open(buffer, sizeof buffer);
    bool       first = true;

    yao_put_text(&w, s->told ? ",\n{" : "\n{");
    yao_json_put_member_int(&w, &first, "line", (int64_t)s->line);
    yao_json_put_member(&w, &first, "field", said->field);
    yao_json_put_member(&w, &first, "code", yao_text_of(said->code));
    yao_put_byte(&w, '}');
    if (w.status == YAO_OK)
        fwrite(buffer, 1, w.len, stdout);
    s->told = true;
}

static void tell(syncing *s, const sync_said *said)
{
    if (said->outcome != SYNC_REFUSED)
        return;
    if (s->call->json) {
        tell_json(s, said);
        return;
    }
    yao_progress_end(&s->progress);
    fprintf(stderr, "yaopai: %s:%zu: ", s->place, s->line);
    intake_put_field(said->field);
    fprintf(stderr, "%s%s\n", said->field.len > 0 ? ": " : "", said->code);
}

static int tell_end(const syncing *s, yao_status status)
{
    const size_t *n = s->counts;

    if (s->call->json)
        printf("],\"applied\":%zu,\"same\":%zu,\"older\":%zu,\"refused\":%zu,"
               "\"status\":\"%s\"}\n",
               n[SYNC_APPLIED], n[SYNC_SAME], n[SYNC_OLDER], n[SYNC_REFUSED],
               yao_status_name(status));
    else
        yao_print(WORDS("%zu applied, %zu the same, %zu older, %zu refused\n",
                        "应用 %zu 行，相同 %zu 行，较旧 %zu 行，拒绝 %zu 行\n"),
                  n[SYNC_APPLIED], n[SYNC_SAME], n[SYNC_OLDER],
                  n[SYNC_REFUSED]);
    if (status != YAO_OK)
        return yao_fail(
            status, what, s->place, (yao_words){NULL, NULL},
            WORDS("what was applied stays; run it again from the beginning",
                  "已应用的保持不变；可从头重新运行"));
    if (n[SYNC_REFUSED] == 0)
        return 0;
    return yao_fail(YAO_E_MALFORMED, what, s->place,
                    WORDS("nothing of the refused lines was applied",
                          "被拒绝的行均未应用"),
                    WORDS("have them sent again with a higher version",
                          "请以更高的版本号重新发送这些行"));
}

/* ---- lines ---- */

static yao_status take_line(syncing *s, yao_bytes text)
{
    sync_said said = {.outcome = SYNC_REFUSED};

    s->w->e.now = yao_now();
    YAO_TRY(sync_apply(&s->w->e, &s->source, text, &said));
    s->counts[said.outcome]++;
    if (said.outcome == SYNC_CURSOR && said.next.len < sizeof s->next) {
        memcpy(s->next, said.next.ptr, said.next.len);
        s->next[said.next.len] = '\0';
        s->more                = said.more;
    }
    tell(s, &said);
    return YAO_OK;
}

/* ---- from a file ---- */

static yao_status read_portrait(void *ctx, yao_text name, yao_arena *arena,
                                people_entry *entry)
{
    const source *s = ctx;

    return intake_read_portrait(s->folder, name, arena, entry);
}

static yao_status read_lines(syncing *s, source *from)
{
    for (;;) {
        yao_bytes text;

        s->w->arena.used  = 0;
        yao_status status =
            source_next(from, &s->w->arena, &text, &s->line);
        if (status == YAO_E_NOT_FOUND)
            return YAO_OK;
        if (intake_is_lines_fault(status)) {
            s->counts[SYNC_REFUSED]++;
            tell(s, &(sync_said){.field = YAO_TEXT(""),
                                 .code  = yao_status_name(status)});
            continue;
        }
        YAO_TRY(status);
        YAO_TRY(take_line(s, text));
        yao_progress_step(&s->progress, from->reader.bytes);
    }
}

static yao_status sync_file(syncing *s)
{
    static source from;

    YAO_TRY(source_open(s->place, false, &s->w->arena, &from));
    s->source.portrait = read_portrait;
    s->source.ctx      = &from;
    s->progress.total  = from.size;
    yao_status status  = read_lines(s, &from);
    source_close(&from);
    return status;
}

/* ---- fetched ---- */

static yao_status take_page(syncing *s, yao_bytes page)
{
    size_t at = 0;

    while (at < page.len) {
        size_t end = at;
        while (end < page.len && page.ptr[end] != '\n')
            end++;
        s->line++;
        s->w->arena.used = 0;
        if (end > at)
            YAO_TRY(take_line(s, (yao_bytes){page.ptr + at, end - at}));
        at = end + 1;
        yao_progress_step(&s->progress, s->line);
    }
    return s->next[0] != '\0' ? YAO_OK : YAO_E_TRUNCATED; /* no cursor */
}

/* A page that leads to itself would never end. */
static yao_status keep_cursor(syncing *s)
{
    store       *kept   = s->w->a.store;
    store_change change = store_change_open(&s->w->arena);
    yao_bytes    next   = yao_text_bytes(yao_text_of(s->next)), before;

    yao_status status = store_get_fact(kept, CURSOR, &s->w->arena, &before);
    if (status == YAO_E_NOT_FOUND)
        store_put_fact(&change, CURSOR, next);
    else if (status == YAO_OK && !yao_bytes_equal(before, next))
        store_replace_fact(&change, CURSOR, before, next);
    else if (status != YAO_OK)
        return status;
    s->more = s->more && change.claims != NULL;
    return change.claims != NULL ? store_commit(kept, &change) : YAO_OK;
}

/* "Bearer ..." of the file, without the line's end. */
static yao_status read_bearer(const authority *a, yao_arena *arena,
                              yao_text *ret)
{
    const char *path = config_get(&a->config, SETTING_SYNC_TOKEN);
    yao_bytes   file;
    yao_writer  w = yao_writer_in(arena);
    yao_bytes   kept;

    *ret = YAO_TEXT("");
    if (path[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_file_read(path, 1024, &file));
    size_t len = file.len;
    while (len > 0 && (file.ptr[len - 1] == '\n' || file.ptr[len - 1] == '\r'))
        len--;
    yao_put_text(&w, "Bearer ");
    yao_put_bytes(&w, (yao_bytes){file.ptr, len});
    yao_status status = yao_writer_keep(&w, arena, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

static yao_status make_address(const syncing *s, yao_arena *arena,
                               yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  cursor, kept;

    yao_status status =
        store_get_fact(s->w->a.store, CURSOR, arena, &cursor);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    w = yao_writer_in(arena);
    yao_put_text(&w, s->place);
    if (status == YAO_OK) {
        yao_put_text(&w, strchr(s->place, '?') != NULL ? "&after=" : "?after=");
        yao_put_bytes(&w, cursor);
    }
    YAO_TRY(yao_writer_keep(&w, arena, &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

static yao_status fetch_page(syncing *s, net_client *client, yao_arena *pages,
                             yao_bytes *ret)
{
    net_answer answer;
    yao_text   bearer;
    net_header headers[2] = {
        {YAO_TEXT("accept"), YAO_TEXT("application/jsonl")}};
    net_call   call = {.method       = "GET",
                       .headers      = headers,
                       .header_count = 1,
                       .most         = MOST_PAGE,
                       .timeout_ms   = 30000};

    pages->used = 0;
    YAO_TRY(make_address(s, pages, &call.url));
    YAO_TRY(read_bearer(&s->w->a, pages, &bearer));
    if (bearer.len != 0)
        headers[call.header_count++] =
            (net_header){YAO_TEXT("authorization"), bearer};
    YAO_TRY(net_client_fetch(client, &call, pages, &answer));
    if (answer.status != 200)
        return answer.status == 401 || answer.status == 403
                   ? YAO_E_NOT_AUTHORISED
                   : YAO_E_NET;
    *ret = answer.body;
    return YAO_OK;
}

static yao_status fetch_all(syncing *s, net_client *client, yao_arena *pages)
{
    do {
        yao_bytes page;

        s->next[0] = '\0';
        YAO_TRY(fetch_page(s, client, pages, &page));
        YAO_TRY(take_page(s, page));
        s->w->arena.used = 0;
        YAO_TRY(keep_cursor(s));
    } while (s->more);
    return YAO_OK;
}

static yao_status sync_url(syncing *s)
{
    const config *c      = &s->w->a.config;
    const char   *origin = config_get(c, SETTING_SYNC_ORIGIN);
    const char   *roots  = config_get(c, SETTING_SYNC_CA);
    net_client   *client = NULL;
    yao_arena     pages  = {NULL, 0, 0};

    if (origin[0] == '\0')
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(net_client_open(
        &(net_client_options){.ca_file  = roots[0] != '\0' ? roots : NULL,
                              .loopback = s->w->e.demo},
        &client));
    yao_status status = net_client_allow(client, origin);
    if (status == YAO_OK)
        status = yao_memory_open(PAGE_MEMORY, &pages);
    if (status == YAO_OK)
        status = fetch_all(s, client, &pages);
    yao_memory_free(&pages);
    net_client_close(client);
    return status;
}

/* ---- the command ---- */

static int run(const yao_invocation *call)
{
    static enrol_world w;
    const char       *url = yao_argument(call, "url");
    syncing           s   = {.call = call, .w = &w};

    if ((url != NULL) == (call->operand_count == 1))
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("it is not said from where", "没有指明来源"),
                        WORDS("give FILE (- is standard input) or --url",
                              "请给出 FILE（- 为标准输入）或 --url"));
    int code = enrol_command_begin(call, MEMORY, &w);
    if (code != 0)
        return code;
    s.place          = url != NULL ? url : call->operands[0];
    s.source.today   = yao_date_of_time(yao_now());
    s.progress.label = WORDS("applying", "正在应用");
    if (call->json)
        fputs("{\"problems\":[", stdout);
    yao_status status = url != NULL ? sync_url(&s) : sync_file(&s);
    yao_progress_end(&s.progress);
    code = tell_end(&s, status);
    enrol_command_end(&w);
    return code;
}

static const yao_option options[] = {
    {"url", "URL", 0,
     WORDS_INIT("fetch it there, below sync.origin, from where it was left",
                "从此地址获取（须在 sync.origin 之下），自上次位置继续")},
};

const yao_command yao_person_sync = {
    .noun    = "person",
    .verb    = "sync",
    .summary = WORDS_INIT("follow the bureau's register", "同步登记机关的变更"),
    .text    = WORDS_INIT(
        "Each line of FILE is a change: an upsert with the whole record, a "
           "delete, or an event (death, move_out, vehicle_stolen, vehicle_found, "
           "licence_points, licence_suspended, licence_restored, name_change, "
           "guardian_ended), with the person's number and a version that grows. "
           "What was applied before is passed over, so that a file can be read "
           "again after whatever failure; the same version with another content "
           "is refused.\n\n"
           "Events revoke or suspend documents, or mark them for renewal. A line "
           "that is refused is told with its number, field and reason, the others "
           "are applied; the exit code is 2 then.",
        "FILE 每行一项变更：upsert（整条记录）、delete 或事件（death、"
           "move_out、vehicle_stolen、vehicle_found、licence_points、"
           "licence_suspended、licence_restored、name_change、guardian_ended），"
           "含本人号码与递增的版本号。已应用的会跳过，失败后可从头重读；"
           "同一版本而内容不同则拒绝。\n\n"
           "事件会吊销、暂停证件或标记换发。被拒绝的行给出行号、字段与原因，"
           "其余照常应用，此时退出码为 2。"),
    .operands     = "FILE",
    .least        = 0,
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai person sync -C var/authority changes.jsonl",
    .json         = true,
    .run          = run,
};
