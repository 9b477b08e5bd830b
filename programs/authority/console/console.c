/* SPDX-License-Identifier: Apache-2.0 */
/* What routes share: questions, answers, events, limits. */
#include "authority/console/console.h"

#include "authority/enrol/limit.h"
#include "store/throttle.h"

#include <string.h>

/* ---- questions ---------------------------------------------------------- */

const console_operator *console_who(const app_call *call)
{
    return call->who;
}

yao_status console_read_hex(app_call *call, yao_text hex, size_t len,
                            yao_bytes *ret)
{
    uint8_t *bytes = yao_arena_take(call->arena, len);

    if (bytes == NULL)
        return YAO_E_SPACE;
    YAO_TRY(authority_read_id(hex, bytes, len));
    *ret = (yao_bytes){bytes, len};
    return YAO_OK;
}

static bool is_line(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return false;
    return true;
}

yao_status console_read_text(app_call *call, const yao_json *body,
                             const console_member *member, yao_text *ret)
{
    const yao_json *value = yao_json_get(body, member->name);

    if (value == NULL && member->optional) {
        *ret = YAO_TEXT("");
        return YAO_OK;
    }
    YAO_TRY(yao_json_string(value, call->arena, ret));
    if (ret->len == 0 && !member->optional)
        return YAO_E_MISSING;
    return ret->len <= member->most && is_line(*ret) ? YAO_OK : YAO_E_VALUE;
}

yao_status console_read_number(app_call *call, const char *name, int64_t most,
                               int64_t *ret)
{
    yao_text   text;
    int64_t    value  = 0;
    yao_status status = app_query_value(call, name, &text);

    if (status == YAO_E_MISSING)
        return YAO_OK;
    YAO_TRY(status);
    if (text.len == 0 || text.len > 18)
        return YAO_E_VALUE;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return YAO_E_VALUE;
        value = value * 10 + (text.ptr[i] - '0');
    }
    if (value > most)
        return YAO_E_VALUE;
    *ret = value;
    return YAO_OK;
}

/* ---- purposes ----------------------------------------------------------- */

static const char *purpose_of(yao_text word)
{
    static const char *const purposes[] = {
        "counter",    /* the person stands here */
        "telephone",  /* and has said who they are */
        "lost_device", "correction", "complaint", "enrolment", "guardian",
        "error",      /* something went wrong here */
        "misuse",     /* an anomaly is looked into */
        "court",      /* an order of a court or prosecutor */
        "law",        /* a duty by law, named in the case */
    };

    for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++)
        if (yao_text_equal(word, yao_text_of(purposes[i])))
            return purposes[i];
    return NULL;
}

yao_status console_read_purpose(app_call *call, const yao_json *body,
                                const char **ret)
{
    const console_member member = {"purpose", 32, false};
    yao_text             word;

    YAO_TRY(console_read_text(call, body, &member, &word));
    *ret = purpose_of(word);
    return *ret != NULL ? YAO_OK : YAO_E_VALUE;
}

/* ---- answers ------------------------------------------------------------ */

static const enrol_tale tales[] = {
    {YAO_E_LIMIT, 429, "too_many",
     WORDS_INIT("Too many in this hour by this operator. Wait for the next "
                "hour, or ask another operator; many at once take a case that "
                "two operators agree to.",
                "该操作员本小时次数已达上限。请等待下一小时或由他人办理；"
                "批量操作须由两名操作员以案件方式办理。")},
    {YAO_E_MISSING, 400, "missing",
     WORDS_INIT("Something is missing in what was sent; a look at a record "
                "needs a purpose. See docs/api.",
                "提交内容不完整；查看记录须说明目的。见 docs/api。")},
    {YAO_E_VALUE, 400, "value",
     WORDS_INIT("A value is none that is taken here. See docs/api for those "
                "that are.",
                "取值不被接受。可用的取值见 docs/api。")},
    {YAO_E_DUPLICATE, 409, "same_operator",
     WORDS_INIT("The same operator can't do both, nor act on their own "
                "account. Another one has to.",
                "同一操作员不得兼办，也不得办理涉及本人的事项。"
                "请由他人办理。")},
    {YAO_E_MISMATCH, 409, "state",
     WORDS_INIT("It is not in a state in which this can be done. Read it "
                "again.",
                "当前状态不能进行该操作。请重新读取。")},
    {YAO_E_EXISTS, 409, "conflict",
     WORDS_INIT("It is there already, or somebody else was first. Read it "
                "again.",
                "已存在，或他人已先行办理。请重新读取。")},
    {YAO_E_REFUSED, 409, "asker",
     WORDS_INIT("Who asked for it, or decided first, may not do so any more. "
                "Refuse it or give it back; then ask anew.",
                "原申请人或初审人已无此权限。请拒绝或退回后重新办理。")},
    {YAO_E_NOT_ENTITLED, 409, "not_entitled",
     WORDS_INIT("The record does not allow it. Look at the record.",
                "登记内容不允许该操作。请核对登记。")},
};

yao_status console_tell(app_reply *ret, app_call *call, yao_status status)
{
    return enrol_tell(ret, call, tales, sizeof tales / sizeof tales[0], status);
}

/* ---- events ------------------------------------------------------------- */

yao_status console_put_event(const app_call *call, store_change *change,
                             const console_deed *deed)
{
    const console_operator *who   = console_who(call);
    yao_writer              w     = yao_writer_in(change->arena);
    bool                    first = true;
    yao_bytes               detail;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "by", who->name);
    yao_json_put_name(&w, &first, "roles");
    console_put_roles(&w, who->roles & call->route->roles);
    if (deed->purpose != NULL)
        yao_json_put_member(&w, &first, "purpose", yao_text_of(deed->purpose));
    if (deed->what != NULL)
        yao_json_put_member(&w, &first, "what", yao_text_of(deed->what));
    if (deed->id.len != 0)
        yao_json_put_member_hex(&w, &first, "id", deed->id);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, change->arena, &detail));
    return authority_put_event(change, change->arena, deed->kind, deed->subject,
                               (yao_text){detail.ptr, detail.len});
}

/* ---- limits ------------------------------------------------------------- */

enum { HOUR = 3600, HASH_HOUR = 96, HASH_OPERATOR = 97 };

static const struct {
    console_limit limit;
    int64_t       alarm, most;
    const char   *kind; /* of the case */
} limits[] = {
    {CONSOLE_LOOK_UPS, CONSOLE_LOOK_UPS_ALARM, CONSOLE_LOOK_UPS_MOST,
     "console.look_ups"},
    {CONSOLE_REVOCATIONS, CONSOLE_REVOCATIONS_MOST, CONSOLE_REVOCATIONS_MOST,
     "console.revocations"},
};

/* This operator in this hour. */
static yao_status hash_hour(const app_call *call, uint8_t out[STORE_HASH_LEN])
{
    const authority *a = server_authority(call);
    uint8_t          bytes[STORE_ID_LEN + 8];
    int64_t          hour = call->now / HOUR;

    memcpy(bytes, console_who(call)->id, STORE_ID_LEN);
    for (int i = 0; i < 8; i++)
        bytes[STORE_ID_LEN + i] = (uint8_t)((uint64_t)hour >> (8 * i));
    return seal_hash(a->crypto, &a->keys, HASH_HOUR,
                     (yao_bytes){bytes, sizeof bytes}, out);
}

/* The case says who, so that somebody else looks at it. */
static yao_status put_alarm(const app_call *call, store_change *change,
                            const char *kind)
{
    const authority *a       = server_authority(call);
    const enrol      e       = enrol_of(call);
    yao_bytes        id      = console_operator_id(console_who(call)), detail;
    uint8_t         *subject = yao_arena_take(change->arena, STORE_HASH_LEN);
    bool             first   = true;

    if (subject == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_hash(a->crypto, &a->keys, HASH_OPERATOR, id, subject));
    yao_writer w = yao_writer_in(change->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "operator", id);
    yao_json_put_member_int(&w, &first, "hour", call->now / HOUR * HOUR);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, change->arena, &detail));
    return enrol_put_case(&e, change, kind,
                          (yao_bytes){subject, STORE_HASH_LEN},
                          (yao_text){detail.ptr, detail.len});
}

static yao_status count_of(const app_call *call, store_change *change,
                           size_t at, yao_bytes subject)
{
    store_throttle t = {.tries = 0};
    yao_status     status =
        store_get_throttle(server_authority(call)->store,
                           (int64_t)limits[at].limit, subject, call->arena, &t);

    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    if (t.tries >= limits[at].most)
        return YAO_E_LIMIT;
    const store_throttle next = {.kind    = (int64_t)limits[at].limit,
                                 .subject = subject,
                                 .tries   = t.tries + 1,
                                 .until   = call->now,
                                 .expires = call->now + 2 * HOUR};
    store_put_throttle(change, &next, t.tries);
    return next.tries == limits[at].alarm
               ? put_alarm(call, change, limits[at].kind)
               : YAO_OK;
}

yao_status console_count(const app_call *call, store_change *change,
                         console_limit limit)
{
    uint8_t *subject = yao_arena_take(change->arena, STORE_HASH_LEN);

    if (subject == NULL)
        return YAO_E_SPACE;
    YAO_TRY(hash_hour(call, subject));
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (limits[i].limit == limit)
            return count_of(call, change, i,
                            (yao_bytes){subject, STORE_HASH_LEN});
    return YAO_E_USAGE;
}
