/* SPDX-License-Identifier: Apache-2.0 */

/* What became of it: for people, for programs, for the history. */

#include "wallet/countering.h"

#include "json/json.h"

/* ---- why not ------------------------------------------------------------ */

/* Who asked was not answered, and the person was not asked: the other side
 * hears the same whatever it was. */
static yao_words why_unanswered(yao_status status)
{
    switch (status) {
    case YAO_E_MISSING:
        return WORDS("who asked did not say who it is",
                     "请求方未表明身份");
    case YAO_E_UNTRUSTED:
        return WORDS("who asked is nobody whom the registrar knows",
                     "请求方未经登记机关认可");
    case YAO_E_NOT_FOUND:
        return WORDS("who asked is not on the list of relying parties",
                     "请求方不在依赖方名单中");
    case YAO_E_SUSPENDED:
        return WORDS("who asked was suspended", "请求方已被暂停");
    case YAO_E_NOT_AUTHORISED:
        return WORDS("it asked for what it did not register",
                     "对方请求了未登记的内容");
    case YAO_E_BAD_SIGNATURE:
        return WORDS("who asked is not who it says: the request was signed by "
                     "another, or for another conversation",
                     "请求签名不符：由他人签署，或来自另一会话");
    default:
        return (yao_words){NULL, NULL};
    }
}

static yao_words why(const yao_countering *c, yao_status status)
{
    if (c->shared.why != YAO_OK)
        return c->shared.said;
    switch (status) {
    case YAO_E_EXPIRED:
        return c->consulted
                   ? WORDS("the other side said nothing more",
                           "对方未再应答")
                   : WORDS("nobody scanned the code in time",
                           "没有人及时扫描该二维码");
    case YAO_E_SECRET:
        return WORDS("what came was changed, repeated or out of order",
                     "收到的消息被改动、重复或乱序");
    case YAO_E_REFUSED:
        return WORDS("the other side could not read us", "对方无法读取应答");
    case YAO_E_USAGE:
        return WORDS("--choose names what is not asked, or cannot be shown",
                     "--choose 指定了未被请求或无法出示的内容");
    case YAO_E_NET:
    case YAO_E_LIMIT:
        return WORDS("the mailbox, or the other side, could not be reached",
                     "无法连接中继信箱或对方");
    default:
        return c->consulted ? (yao_words){NULL, NULL} : why_unanswered(status);
    }
}

static yao_words next(const yao_countering *c)
{
    if (c->sent)
        return WORDS("it may have arrived: ask at the counter",
                     "应答可能已送达：请向柜台确认");
    return WORDS("nothing was shown; begin anew with a new code",
                 "未出示任何内容；请用新的二维码重新开始");
}

/* Not being in a list, or unsigned, is no trouble of ours. */
static yao_status class_of(const yao_countering *c, yao_status status)
{
    if (c->shared.why != YAO_OK)
        return c->shared.why;
    if (!c->consulted && c->holder != NULL &&
        (status == YAO_E_NOT_FOUND || status == YAO_E_MISSING))
        return YAO_E_NOT_AUTHORISED;
    return status;
}

/* Whoever it was, as far as it is known. */
static yao_text asker_of(const yao_countering *c)
{
    size_t                  count = 0;
    const yao_holder_asked *asked =
        c->holder != NULL ? yao_holder_asked_for(c->holder, &count) : NULL;

    if (count == 0)
        return (yao_text){NULL, 0};
    if (asked[0].party != NULL)
        return asked[0].party->name;
    return asked[0].reader.certificate != NULL
               ? asked[0].reader.certificate->organisation
               : (yao_text){NULL, 0};
}

static int tell_failure(const yao_countering *c, yao_status status)
{
    yao_text who = asker_of(c);
    char     detail[256];

    if (who.len > 200)
        who.len = 0;
    snprintf(detail, sizeof detail, "(%.*s)", (int)who.len,
             (const char *)who.ptr);
    return yao_fail(class_of(c, status), c->shared.what,
                    who.len > 0 ? detail : NULL, why(c, status), next(c));
}

/* ---- what --------------------------------------------------------------- */

/* What was given to the way may be there, whatever came back. */
static const char *outcome_of(const yao_countering *c, yao_status status)
{
    if (status == YAO_OK && c->sent)
        return YAO_PRESENTING_TAKEN;
    return c->sent ? YAO_PRESENTING_SENT : YAO_PRESENTING_UNSENT;
}

static void put_documents(yao_writer *w, const yao_presenting *s)
{
    bool next_one = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; s->recorded && i < s->part_count; i++) {
        const yao_wallet_event *e = &s->wallet->events[s->first_event + i];
        bool                    first = true;

        yao_json_put_next(w, &next_one);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "document", e->document);
        yao_json_put_member(w, &first, "format", e->format);
        yao_json_put_member(w, &first, "elements", e->elements);
        yao_json_put_member_bool(w, &first, "again", s->parts[i].held->again);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void print_json(yao_countering *c, const char *outcome)
{
    const yao_presenting *s     = &c->shared;
    yao_writer            w     = yao_writer_in(&c->shared.arena);
    bool                  first = true;
    yao_bytes             out;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "outcome", yao_text_of(outcome));
    if (s->request != NULL)
        yao_json_put_member(&w, &first, "party", yao_presenting_party(s));
    if (s->profile != NULL)
        yao_json_put_member(&w, &first, "profile", s->profile->name);
    yao_json_put_name(&w, &first, "documents");
    put_documents(&w, s);
    yao_put_text(&w, "}\n");
    if (yao_writer_keep(&w, &c->shared.arena, &out) == YAO_OK)
        fwrite(out.ptr, 1, out.len, stdout);
}

int yao_countering_tell(yao_countering *c, yao_status status)
{
    yao_presenting *s       = &c->shared;
    const char     *outcome = "nothing";

    if (s->recorded) {
        outcome = outcome_of(c, status);
        if (yao_presenting_note(s, outcome) != YAO_OK)
            fprintf(stderr, "%s\n",
                    yao_say(WORDS("note: the history does not say what became "
                                  "of it",
                                  "提示：历史记录未能写入结果")));
    }
    if (s->call->json)
        print_json(c, outcome);
    else if (outcome[0] == 't')
        puts(yao_say(WORDS("Shown, and taken.", "已出示，对方已接收。")));
    if (status == YAO_OK && s->why == YAO_OK && s->recorded)
        return 0;
    return tell_failure(c, status == YAO_OK && s->why == YAO_OK ? YAO_E_EXPIRED
                                                                : status);
}
