/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verify_status.h"

#include <string.h>

#include "app/input.h"
#include "app/status_list.h"
#include "json/json.h"
#include "policy/policy.h"

static int bad(const char *name, const char *value, yao_status status,
               yao_words next)
{
    char what[64];

    snprintf(what, sizeof what, "verify: %s", name);
    return yao_fail(status, (yao_words){what, NULL}, value,
                    (yao_words){NULL, NULL}, next);
}

bool verify_status_is(yao_format format)
{
    return format == YAO_FORMAT_STATUS_LIST_JWT ||
           format == YAO_FORMAT_STATUS_LIST_CWT;
}

/* ---- options ---- */

/* Digits, and how many of them there were; 18 fit. */
static size_t take_digits(const char *text, uint64_t *ret)
{
    size_t   len    = 0;
    uint64_t number = 0;

    for (; text[len] >= '0' && text[len] <= '9' && len <= 18; len++)
        number = number * 10 + (uint64_t)(text[len] - '0');
    *ret = number;
    return len <= 18 ? len : 0;
}

/* "24h", "30min", "90s", "7d", or seconds. */
static yao_status parse_duration(const char *text, yao_time *ret)
{
    static const struct {
        const char *name;
        yao_time    seconds;
    } units[] = {{"", 1},       {"s", 1},   {"m", 60},
                 {"min", 60}, {"h", 3600}, {"d", YAO_TIME_DAY}};
    uint64_t number = 0;
    size_t   len    = take_digits(text, &number);

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (len == 0 || strcmp(text + len, units[i].name) != 0)
            continue;
        if (number == 0 ||
            number > (uint64_t)(YAO_TIME_MAX / units[i].seconds))
            return YAO_E_USAGE;
        *ret = (yao_time)number * units[i].seconds;
        return YAO_OK;
    }
    return YAO_E_USAGE;
}

static int take_age(const yao_invocation *call, yao_verify_options *o)
{
    const char *text = yao_argument(call, "status-max-age");

    if (text == NULL || parse_duration(text, &o->status_max_age) == YAO_OK)
        return 0;
    return bad("--status-max-age", text, YAO_E_USAGE,
               WORDS("write 90s, 30min, 24h or 7d",
                     "请写成 90s、30min、24h 或 7d"));
}

static int take_asked(verify_status *s, const yao_invocation *call,
                      yao_format format)
{
    const char *uri  = yao_argument(call, "uri");
    const char *text = yao_argument(call, "idx");

    if ((uri != NULL || text != NULL) && !verify_status_is(format))
        return bad(uri != NULL ? "--uri" : "--idx", NULL, YAO_E_USAGE,
                   WORDS("it asks a status list: add --format "
                         "status-list-jwt or status-list-cwt",
                         "此选项用于查询状态列表：请加 --format "
                         "status-list-jwt 或 status-list-cwt"));
    s->uri  = yao_text_of(uri);
    s->asks = text != NULL;
    if (text == NULL)
        return 0;

    size_t len = take_digits(text, &s->index);
    if (len != 0 && text[len] == '\0')
        return 0;
    return bad("--idx", text, YAO_E_USAGE,
               WORDS("write the idx that stands in the document",
                     "请写证件中的 idx 数值"));
}

static yao_status take_anchors(verify_status *s, const yao_anchors *given,
                               yao_arena                *arena,
                               const yao_verify_options *o)
{
    s->anchors = yao_arena_take_array(arena, o->anchor_count + given->count,
                                      sizeof *s->anchors);
    if (s->anchors == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < o->anchor_count; i++)
        if (o->anchors[i].role == YAO_ROLE_STATUS)
            s->anchors[s->anchor_count++] = o->anchors[i];
    for (size_t i = 0; i < given->count; i++) {
        s->anchors[s->anchor_count]        = given->list[i];
        s->anchors[s->anchor_count++].role = YAO_ROLE_STATUS;
    }
    return YAO_OK;
}

/* ---- lists at hand ---- */

static yao_statuslist_options asking(const verify_status      *s,
                                     const yao_verify_options *o)
{
    return (yao_statuslist_options){.anchors      = s->anchors,
                                    .anchor_count = s->anchor_count,
                                    .now          = o->now,
                                    .skew         = o->skew,
                                    .strict       = o->strict};
}

/* Why a list is of no use: the first row that says so. */
static const yao_report_row *reason_of(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if (row->outcome == YAO_OUTCOME_FAIL ||
            row->outcome == YAO_OUTCOME_UNKNOWN)
            return row;
    }
    return NULL;
}

static void tell_unused(const char *path, yao_status status,
                        const yao_report *report)
{
    const yao_report_row *row = reason_of(report);
    char                  what[320];

    snprintf(what, sizeof what, "%.200s%s%s", path, row != NULL ? ": " : "",
             row != NULL ? yao_check_name(row->check) : "");
    (void)bad("--status", what, status,
              WORDS("the list is not used; get a new one from where the "
                    "document says, and trust its root",
                    "未采用该列表；请从证件所写的地址重新获取，并用 --trust "
                    "给出其根证书"));
}

/* Adds a list to LISTS, or says why not; only a file that can't be read, or
 * no room, ends the command. */
static int add_list(const verify_status *s, const char *path,
                    const yao_verify_options *o, yao_arena *arena,
                    yao_status_list *lists, size_t *count)
{
    yao_statuslist_options asked  = asking(s, o);
    app_status_token       token  = {.options = &asked};
    yao_report            *report = yao_arena_take(arena, sizeof *report);

    yao_status status = report != NULL
                            ? yao_input_read(path, arena, &token.bytes)
                            : YAO_E_SPACE;
    if (status != YAO_OK)
        return bad("--status", path, status,
                   WORDS("give a status list token, JWT or CWT",
                         "请给出状态列表令牌文件（JWT 或 CWT）"));
    status = app_status_list_open(s->crypto, &token, arena, &lists[*count],
                                  report);
    if (status == YAO_E_SPACE)
        return bad("--status", path, status,
                   WORDS("give fewer lists at once", "请减少一次给出的列表"));
    if (status == YAO_OK)
        (*count)++;
    else
        tell_unused(path, status, report);
    return 0;
}

static int take_lists(verify_status *s, const yao_invocation *call,
                      yao_arena *arena, yao_verify_options *o)
{
    size_t           count = o->list_count;
    yao_status_list *lists =
        yao_arena_take_array(arena, count + YAO_MAX_ARGUMENTS, sizeof *lists);
    const char      *path;

    if (lists == NULL)
        return yao_fail_memory();
    for (size_t i = 0; i < count; i++)
        lists[i] = o->lists[i];
    for (size_t i = 0; (path = yao_argument_at(call, "status", i)); i++) {
        int code = add_list(s, path, o, arena, lists, &count);
        if (code != 0)
            return code;
    }
    o->lists      = lists;
    o->list_count = count;
    return 0;
}

int verify_status_take(verify_status *ret, const yao_invocation *call,
                       const yao_anchors *given, yao_arena *arena,
                       yao_verify_options *options)
{
    int code = take_age(call, options);

    if (take_anchors(ret, given, arena, options) != YAO_OK)
        return yao_fail_memory();
    if (code == 0)
        code = take_asked(ret, call, options->format);
    if (code == 0)
        code = take_lists(ret, call, arena, options);
    return code;
}

/* ---- a list as a document ---- */

static void add(yao_result_document *d, yao_attribute *list, const char *name,
                yao_bytes json)
{
    list[d->attribute_count++] = (yao_attribute){
        .name = yao_text_of(name), .json = {json.ptr, json.len}};
}

static yao_status add_number(yao_result_document *d, yao_attribute *list,
                             const char *name, uint64_t number,
                             yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    yao_put_decimal(&w, (int64_t)number);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    add(d, list, name, text);
    return YAO_OK;
}

static yao_status add_uri(yao_result_document *d, yao_attribute *list,
                          yao_text uri, yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    yao_json_put_string(&w, uri);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    add(d, list, "sub", text);
    return YAO_OK;
}

/* What LIST says, as values of a document. */
static yao_status describe(const verify_status *s, const yao_status_list *list,
                           yao_arena *arena, yao_result_document *d)
{
    enum { MOST = 6 };
    yao_attribute *all   = yao_arena_take_array(arena, MOST, sizeof *all);
    uint8_t        value = 0;

    if (all == NULL)
        return YAO_E_SPACE;
    d->attributes  = all;
    d->valid_from  = list->issued_at;
    d->valid_until = list->expires;
    d->state_as_of = list->issued_at;
    YAO_TRY(add_uri(d, all, list->uri, arena));
    YAO_TRY(add_number(d, all, "bits", list->bits, arena));
    YAO_TRY(add_number(d, all, "entries", list->count, arena));
    if (list->ttl != 0)
        YAO_TRY(add_number(d, all, "ttl", (uint64_t)list->ttl, arena));
    if (!s->asks || yao_status_get(list, s->index, &value) != YAO_OK)
        return YAO_OK;

    d->state = yao_status_state_of(value);
    YAO_TRY(add_number(d, all, "idx", s->index, arena));
    return add_number(d, all, "value", value, arena);
}

static yao_result *result_of(yao_format format, yao_arena *arena)
{
    yao_result *r = yao_arena_take(arena, sizeof *r);

    if (r == NULL)
        return NULL;
    r->format         = format;
    r->document_count = 1;
    r->documents      = yao_arena_take(arena, sizeof *r->documents);
    if (r->documents == NULL)
        return NULL;
    *r->documents = (yao_result_document){
        .type = format == YAO_FORMAT_STATUS_LIST_JWT
                    ? YAO_TEXT("application/statuslist+jwt")
                    : YAO_TEXT("application/statuslist+cwt"),
        .valid_from  = YAO_TIME_NONE,
        .valid_until = YAO_TIME_NONE,
        .state_as_of = YAO_TIME_NONE,
        .state_until = YAO_TIME_NONE};
    return r;
}

yao_status verify_status_judge(const verify_status *s, yao_bytes input,
                               const yao_verify_options *options,
                               yao_arena *arena, yao_result **ret)
{
    yao_format             format = options->format;
    yao_statuslist_options asked  = asking(s, options);
    app_status_token       token  = {.bytes   = input,
                                     .options = &asked,
                                     .form    = YAO_STATUSLIST_JWT};
    yao_result            *r      = result_of(format, arena);
    yao_policy_case        of     = {.format = format, .document_count = 1};
    yao_status_list        list;

    if (r == NULL)
        return YAO_E_SPACE;
    if (format == YAO_FORMAT_STATUS_LIST_CWT)
        token.form = YAO_STATUSLIST_CWT;
    asked.uri   = s->uri;
    asked.asks  = s->asks;
    asked.index = s->index;

    yao_status status =
        app_status_list_open(s->crypto, &token, arena, &list, &r->report);
    if (r->report.count == 0 || status == YAO_E_SPACE)
        return status; /* it is none, or there is no room to look at it */
    if (status == YAO_OK)
        YAO_TRY(describe(s, &list, arena, r->documents));

    r->verdict   = yao_policy_verdict(&r->report, of, -1);
    r->authentic = yao_policy_authentic(&r->report, of, 0);
    r->documents->authentic = r->authentic;
    *ret                    = r;
    return YAO_OK;
}
