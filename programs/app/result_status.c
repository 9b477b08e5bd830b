/* SPDX-License-Identifier: Apache-2.0 */
#include "app/result_status.h"

#include <stdio.h>
#include <string.h>

#include "app/bundle.h"
#include "app/value.h"
#include "json/json.h"

/* ---- for people ---- */

static yao_words state_words(yao_status_state state)
{
    switch (state) {
    case YAO_STATE_VALID:     return WORDS("valid", "有效");
    case YAO_STATE_INVALID:   return WORDS("REVOKED", "已吊销");
    case YAO_STATE_SUSPENDED: return WORDS("SUSPENDED", "已暂停");
    case YAO_STATE_OTHER:
        return WORDS("NOT VALID (a state that we do not know)",
                     "无效（未知状态）");
    default: return WORDS("not known", "未知");
    }
}

/* Why nobody knows, and what to do. */
static yao_words unknown_words(yao_status why)
{
    switch (why) {
    case YAO_E_NOT_FOUND:
        return WORDS("its list is not at hand; get it and give it with "
                     "--status:",
                     "手头没有其状态列表；请获取后用 --status 给出：");
    case YAO_E_NOT_AUTHORISED:
        return WORDS("the list at hand is signed under another root; get that "
                     "of the document's issuer:",
                     "手头的列表由另一根证书签发；请获取证件签发机关的列表：");
    case YAO_E_EXPIRED:
        return WORDS("the list at hand is too old; get a newer one:",
                     "手头的列表过旧；请重新获取：");
    case YAO_E_NOT_YET_VALID:
        return WORDS("the list at hand is from the future; look whether the "
                     "clock is right:",
                     "手头列表的签发时间在将来；请检查时钟：");
    case YAO_E_VALUE:
        return WORDS("the list at hand does not know this document; refuse "
                     "it:",
                     "手头的列表中没有此证件；请拒绝：");
    default:
        return (yao_words){NULL, NULL};
    }
}

/* "08:12 UTC", with the day when it is not today's. */
static void print_moment(yao_time moment, yao_time now)
{
    uint8_t letters[20];

    yao_time_format(moment, letters);
    if (moment / YAO_TIME_DAY != now / YAO_TIME_DAY)
        printf("%.10s ", (const char *)letters);
    printf("%.5s UTC", (const char *)letters + 11);
}

static void print_age(const yao_judged *judged, const yao_result_document *d)
{
    char age[32], limit[32];

    if (d->state_as_of == YAO_TIME_NONE || judged->now == 0)
        return;
    yao_time old = judged->now - d->state_as_of;
    fputs(yao_say(WORDS(", as of ", "，截至 ")), stdout);
    print_moment(d->state_as_of, judged->now);
    if (old >= 0)
        printf(yao_say(WORDS(", %s old", "，距今 %s")),
               app_age(old, age, sizeof age));
    if (judged->max_age != 0)
        printf(yao_say(WORDS(", your limit %s", "，您的时限 %s")),
               app_age(judged->max_age, limit, sizeof limit));
    else if (d->state_until != YAO_TIME_NONE)
        printf(yao_say(WORDS(", good for %s", "，有效时长 %s")),
               app_age(d->state_until - d->state_as_of, limit, sizeof limit));
}

void yao_status_print(const yao_judged *judged, const yao_result_document *d,
                      yao_status why)
{
    enum { LONGEST = 512 };
    yao_words next = unknown_words(why);

    if (d->state == YAO_STATE_NONE ||
        (d->state == YAO_STATE_UNKNOWN && d->status_uri.len == 0))
        return;
    printf("    %s: %s", yao_say(WORDS("status", "状态")),
           yao_say(state_words(d->state)));
    print_age(judged, d);
    putchar('\n');
    if (d->state != YAO_STATE_UNKNOWN || next.en == NULL)
        return;
    printf("      %s ", yao_say(next));
    yao_value_print(stdout, d->status_uri.len <= LONGEST ? d->status_uri
                                                         : YAO_TEXT("(...)"));
    putchar('\n');
}

/* ---- for programs ---- */

static void put_time(yao_writer *w, bool *first, const char *name,
                     yao_time time)
{
    uint8_t letters[20];

    if (time < 0 || time > YAO_TIME_MAX)
        return;
    yao_time_format(time, letters);
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, (yao_text){letters, sizeof letters});
}

void yao_status_put_json(yao_writer *w, bool *first, const yao_judged *judged,
                         const yao_result_document *d)
{
    bool inner = true;

    yao_json_put_name(w, first, "status");
    yao_put_byte(w, '{');
    yao_json_put_name(w, &inner, "state");
    yao_json_put_string(w, yao_text_of(yao_status_state_name(d->state)));
    if (d->state_as_of != YAO_TIME_NONE) {
        put_time(w, &inner, "as_of", d->state_as_of);
        put_time(w, &inner, "until", d->state_until);
        if (judged->now != 0) {
            yao_json_put_name(w, &inner, "age");
            yao_json_put_int(w, judged->now - d->state_as_of);
        }
    }
    yao_put_byte(w, '}');
}
