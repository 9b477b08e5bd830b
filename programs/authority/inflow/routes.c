/* SPDX-License-Identifier: Apache-2.0 */
/* The console's side: sending lines of people, ending, how far it is, the
 * report. That they are applied is asked by act.c's act.intake. */
#include "authority/inflow/inflow.h"

#include "app/cell.h"
#include "authority/console/act.h"

#include <string.h>

enum { LISTED = 50, PAGE = 200, MOST_PAGE = 500, TURN_MS = 700 };

#define SENIORS (APP_OFFICER | APP_SUPERVISOR)
#define WATCHERS (SENIORS | APP_AUDITOR)

static const enrol_tale tales[] = {
    {YAO_E_EXISTS, 409, "one_at_a_time",
     WORDS_INIT("Something you sent is not over yet. Wait for its end, or end "
                "it.",
                "您提交的上一批尚未结束。请等待其完成，或先结束它。")},
    {YAO_E_LIMIT, 413, "too_large",
     WORDS_INIT("More than 20000 lines or 16 MB. Send it in several files, or "
                "use `yaopai person import` on the machine.",
                "超过 20000 行或 16 MB。请分成多个文件，"
                "或在本机使用 yaopai person import。")},
};

static yao_status tell(app_reply *ret, app_call *call, yao_status status)
{
    for (size_t i = 0; i < sizeof tales / sizeof tales[0]; i++)
        if (tales[i].status == status)
            return enrol_tell(ret, call, tales, sizeof tales / sizeof tales[0],
                              status);
    return console_tell(ret, call, status);
}

static yao_bytes me(const app_call *call)
{
    return console_operator_id(console_who(call));
}

static yao_status get(app_call *call, store_intake *ret)
{
    yao_bytes id;

    YAO_TRY(console_read_hex(call, call->parts[0], STORE_ID_LEN, &id));
    return store_get_intake(server_authority(call)->store, id, call->arena,
                            ret);
}

/* ---- beginning ---------------------------------------------------------- */

static yao_status put_new(app_call *call, int64_t kind, yao_bytes *id)
{
    authority   *a       = server_authority(call);
    uint8_t     *wrapped = yao_arena_take(call->arena, SEAL_WRAPPED_LEN);
    uint8_t     *room    = yao_arena_take(call->arena, STORE_ID_LEN);
    store_change change  = store_change_open(call->arena);
    seal_person  key;

    if (wrapped == NULL || room == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_person_new(&key));
    memcpy(room, key.id, STORE_ID_LEN);
    yao_status status = seal_person_wrap(&a->keys, &key, wrapped);
    yao_wipe(&key, sizeof key);
    YAO_TRY(status);
    *id = (yao_bytes){room, STORE_ID_LEN};
    const store_intake made = {.id          = *id,
                               .kind        = kind,
                               .sender      = me(call),
                               .epoch       = a->keys.epoch,
                               .wrapped_key = {wrapped, SEAL_WRAPPED_LEN},
                               .opened      = call->now};
    store_put_intake(&change, &made);
    const console_deed deed = {.kind = "intake.open",
                               .what = inflow_kind_name(kind),
                               .id   = *id};
    YAO_TRY(console_put_event(call, &change, &deed));
    return store_commit(a->store, &change);
}

static yao_status begin(app_call *call, app_reply *ret)
{
    const console_member member = {"kind", 16, false};
    const yao_json      *body;
    yao_text             word;
    yao_bytes            id;

    YAO_TRY(app_body_json(call, &body));
    yao_status status = console_read_text(call, body, &member, &word);
    if (status == YAO_OK)
        status = inflow_kind(word) != 0 ? put_new(call, inflow_kind(word), &id)
                                        : YAO_E_VALUE;
    if (status != YAO_OK)
        return tell(ret, call, status);
    return app_reply_id(ret, call, 201, "id", id);
}

/* ---- parts -------------------------------------------------------------- */

static yao_status read_first(const app_call *call, int64_t *ret)
{
    yao_text text = call->parts[1];

    *ret = 0;
    if (text.len == 0 || text.len > 6)
        return YAO_E_NOT_FOUND;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return YAO_E_NOT_FOUND;
        *ret = *ret * 10 + (text.ptr[i] - '0');
    }
    return YAO_OK;
}

static yao_status put_part(app_call *call, const store_intake *what,
                           yao_bytes part)
{
    authority   *a      = server_authority(call);
    store_change change = store_change_open(call->arena);
    seal_person  key;
    yao_bytes    sealed;

    YAO_TRY(inflow_open_key(a, what, &key));
    yao_status status = seal_part(&key, INFLOW_PART_KIND(what->lines + 1), part,
                                  call->arena, &sealed);
    yao_wipe(&key, sizeof key);
    YAO_TRY(status);
    store_grow_intake(&change, what, sealed, inflow_count_lines(part),
                      (int64_t)part.len, call->now);
    return store_commit(a->store, &change);
}

/* The part that begins with the line behind the last, of who began it. */
static yao_status take_part(app_call *call, store_intake *what)
{
    yao_bytes part = call->http->body;
    int64_t   first;

    YAO_TRY(read_first(call, &first));
    YAO_TRY(get(call, what));
    if (!yao_bytes_equal(what->sender, me(call)))
        return YAO_E_NOT_FOUND;
    if (what->state != STORE_INTAKE_RECEIVING || first != what->lines + 1)
        return YAO_E_MISMATCH;
    if (part.len == 0)
        return YAO_E_MISSING;
    if (what->lines + inflow_count_lines(part) > INFLOW_MOST_LINES ||
        what->bytes + (int64_t)part.len > INFLOW_MOST_BYTES)
        return YAO_E_LIMIT;
    YAO_TRY(put_part(call, what, part));
    what->lines += inflow_count_lines(part);
    what->bytes += (int64_t)part.len;
    return YAO_OK;
}

static yao_status receive(app_call *call, app_reply *ret)
{
    store_intake what;
    bool         first  = true;
    yao_status   status = take_part(call, &what);

    if (status != YAO_OK)
        return tell(ret, call, status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "lines", what.lines);
    yao_json_put_member_int(&w, &first, "bytes", what.bytes);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- ending ------------------------------------------------------------- */

/* Whoever sent it, at any time; a supervisor too. */
static yao_status put_end(app_call *call)
{
    store_intake what;
    store_change change = store_change_open(call->arena);

    YAO_TRY(get(call, &what));
    if (!yao_bytes_equal(what.sender, me(call)) &&
        (console_who(call)->roles & APP_SUPERVISOR) == 0)
        return YAO_E_NOT_AUTHORISED;
    const store_intake_end over = {what.id, STORE_INTAKE_RECEIVING,
                                   STORE_INTAKE_ENDED, YAO_TEXT("operator"), 0};
    store_end_intake(&change, &over, call->now);
    const console_deed deed = {.kind = "intake.end",
                               .what = inflow_kind_name(what.kind),
                               .id   = what.id};
    YAO_TRY(console_put_event(call, &change, &deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status end(app_call *call, app_reply *ret)
{
    yao_status status = put_end(call);

    if (status != YAO_OK)
        return tell(ret, call, status);
    return app_reply_empty(ret, 204);
}

/* ---- how far ------------------------------------------------------------ */

static void put_intake(yao_writer *w, const void *item)
{
    const store_intake *in    = item;
    bool                first = true;
    const struct {
        const char *name;
        int64_t     value;
    } numbers[] = {{"opened", in->opened},
                   {"changed", in->changed},
                   {"lines", in->lines},
                   {"bytes", in->bytes},
                   {"done", in->count.done},
                   {"applied", in->count.applied},
                   {"same", in->count.same},
                   {"older", in->count.older},
                   {"refused", in->count.refused}};

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", in->id);
    yao_json_put_member(w, &first, "kind",
                        yao_text_of(inflow_kind_name(in->kind)));
    yao_json_put_member(w, &first, "state",
                        yao_text_of(inflow_state_name(in->state)));
    yao_json_put_member_hex(w, &first, "sender", in->sender);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        yao_json_put_member_int(w, &first, numbers[i].name, numbers[i].value);
    if (in->why.len != 0)
        yao_json_put_member(w, &first, "why", in->why);
    yao_put_byte(w, '}');
}

static yao_status list(app_call *call, app_reply *ret)
{
    store_intake *all;
    size_t        count;

    YAO_TRY(store_list_intakes(server_authority(call)->store, LISTED,
                               call->arena, &all, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"intakes", all, count, sizeof *all, put_intake});
}

/* ---- the report --------------------------------------------------------- */

static yao_language language_of(const app_call *call)
{
    return app_wants_chinese(call) ? YAO_ZH : YAO_EN;
}

/* What is kept says field and code; people are told a sentence as well. */
typedef yao_status (*each_problem)(yao_writer *w, app_call *call, int64_t line,
                                   const yao_json *problem);

static yao_status walk_line(app_call *call, const store_intake_told *told,
                            yao_arena *room, yao_writer *w, each_problem each)
{
    const yao_json *list;

    YAO_TRY(yao_json_parse(room, yao_text_bytes(told->said), &list));
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(each(w, call, told->line, i));
    return YAO_OK;
}

/* Our own words: without escapes. */
static yao_text word_of(const yao_json *problem, const char *name)
{
    const yao_json *value = yao_json_get(problem, name);

    return value != NULL && value->kind == YAO_JSON_STRING ? value->raw
                                                           : YAO_TEXT("");
}

static yao_status put_problem(yao_writer *w, app_call *call, int64_t line,
                              const yao_json *problem)
{
    bool first = true;

    if (w->len > 0 && w->ptr[w->len - 1] == '}')
        yao_put_byte(w, ',');
    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &first, "line", line);
    yao_json_put_member(w, &first, "field", word_of(problem, "field"));
    yao_json_put_member(w, &first, "code", word_of(problem, "code"));
    yao_json_put_member(
        w, &first, "reason",
        inflow_why(word_of(problem, "code"), language_of(call)));
    yao_put_byte(w, '}');
    return w->status;
}

static yao_status put_row(yao_writer *w, app_call *call, int64_t line,
                          const yao_json *problem)
{
    yao_put_decimal(w, line);
    yao_put_byte(w, ',');
    app_put_cell(w, word_of(problem, "field"));
    yao_put_byte(w, ',');
    app_put_cell(w, word_of(problem, "code"));
    yao_put_byte(w, ',');
    app_put_cell(w,
                 inflow_why(word_of(problem, "code"), language_of(call)));
    yao_put_text(w, "\r\n");
    return w->status;
}

/* A page of it: what ends the answer says where it goes on. */
typedef struct report {
    store_told_wish    wish;
    store_intake_told *told;
    size_t             count;
} report;

static yao_status read_report(app_call *call, report *r)
{
    store_intake what;
    int64_t      limit = PAGE;

    r->wish = (store_told_wish){.after = 0};
    YAO_TRY(get(call, &what));
    YAO_TRY(console_read_number(call, "after", INFLOW_MOST_LINES,
                                &r->wish.after));
    YAO_TRY(console_read_number(call, "limit", MOST_PAGE, &limit));
    if (limit == 0)
        return YAO_E_VALUE;
    r->wish.id    = what.id;
    r->wish.limit = (size_t)limit;
    return store_list_told(server_authority(call)->store, &r->wish, call->arena,
                           &r->told, &r->count);
}

/* The writer takes the call's arena; trees lie elsewhere. */
static yao_status write_report(app_call *call, const report *r, yao_writer *w,
                               each_problem each)
{
    _Alignas(16) uint8_t memory[8192];

    for (size_t i = 0; i < r->count; i++) {
        yao_arena room = {memory, sizeof memory, 0};
        YAO_TRY(walk_line(call, &r->told[i], &room, w, each));
    }
    return YAO_OK;
}

static yao_status give_report(app_call *call, app_reply *ret)
{
    report     r;
    bool       first  = true;
    yao_status status = read_report(call, &r);

    if (status != YAO_OK)
        return tell(ret, call, status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    if (r.count == r.wish.limit)
        yao_json_put_member_int(&w, &first, "next", r.told[r.count - 1].line);
    yao_json_put_name(&w, &first, "problems");
    yao_put_byte(&w, '[');
    YAO_TRY(write_report(call, &r, &w, put_problem));
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

static yao_status give_table(app_call *call, app_reply *ret)
{
    report     r;
    yao_bytes  table;
    yao_status status = read_report(call, &r);

    if (status != YAO_OK)
        return tell(ret, call, status);
    yao_writer w = yao_writer_in(call->arena);
    if (r.wish.after == 0)
        yao_put_text(&w, "line,field,code,reason\r\n");
    YAO_TRY(write_report(call, &r, &w, put_row));
    YAO_TRY(yao_writer_keep(&w, call->arena, &table));
    YAO_TRY(app_reply_bytes(ret, 200, "text/csv; charset=utf-8", table));
    YAO_TRY(app_reply_header(
        ret, "Content-Disposition",
        YAO_TEXT("attachment; filename=\"yaopai-report.csv\"")));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

static yao_status ask(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.intake");
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"GET", "/api/intakes", APP_OPERATOR, list, WATCHERS, 0},
    {"POST", "/api/intakes", APP_OPERATOR | APP_JSON, begin, SENIORS, 256},
    {"POST", "/api/intakes/{id}/parts/{line}", APP_OPERATOR | APP_RAW, receive,
     SENIORS, INFLOW_PART},
    {"POST", "/api/intakes/{id}/end", APP_OPERATOR, end, SENIORS, 0},
    {"GET", "/api/intakes/{id}/report", APP_OPERATOR, give_report, WATCHERS, 0},
    {"GET", "/api/intakes/{id}/table", APP_OPERATOR, give_table, WATCHERS, 0},
    {"POST", "/api/acts/intake", APP_OPERATOR | APP_JSON, ask, SENIORS, 256},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

/* In slices: other jobs wait in the same thread. */
static yao_status run(authority_server *server, authority *a, yao_arena *arena,
                      int64_t fence)
{
    bool more;

    (void)fence; /* each step claims how far it was */
    YAO_TRY(inflow_run(a, arena, TURN_MS, &more));
    if (more)
        server_nudge(server, "inflow");
    return YAO_OK;
}

static const authority_job jobs[] = {
    {.name = "inflow", .every_s = 1, .leader = true, .run = run},
};

const authority_part authority_inflow_part = {.tables      = tables,
                                              .table_count = 1,
                                              .jobs        = jobs,
                                              .job_count   = 1};
