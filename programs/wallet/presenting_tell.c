/* SPDX-License-Identifier: Apache-2.0 */

/* What became of it: for people, for programs, for the history. */

#include "app/value.h"
#include "json/json.h"
#include "wallet/presenting.h"
#include "wallet/titles.h"

/* ---- why not ------------------------------------------------------------ */

typedef struct place {
    yao_present_stage stage;
    yao_words         where, next;
} place;

static const place places[] = {
    {YAO_PRESENT_AT_LINK, WORDS_INIT("the link", "链接"),
     WORDS_INIT("ask who gave it to you for another; nothing was shown",
                "请向提供者索取新的链接；未出示任何内容")},
    {YAO_PRESENT_AT_REQUEST, WORDS_INIT("the request", "请求"),
     WORDS_INIT("do not show anything to who asks so; nothing was shown",
                "请勿向此请求方出示；未出示任何内容")},
    {YAO_PRESENT_AT_PERSON, WORDS_INIT("your consent", "您的确认"),
     WORDS_INIT("nothing was shown; the other side heard no more than that",
                "未出示任何内容；对方仅得知未获出示")},
    {YAO_PRESENT_AT_ANSWER, WORDS_INIT("making the answer", "生成应答"),
     WORDS_INIT("nothing was sent; try again", "未发送任何内容；请重试")},
    {YAO_PRESENT_AT_VERIFIER, WORDS_INIT("sending the answer", "发送应答"),
     WORDS_INIT("it may have arrived: ask the other side, and begin anew with "
                "a new link",
                "应答可能已送达：请向对方确认，并用新链接重新开始")},
};

static const place *place_of(const yao_presenting *s)
{
    yao_present_stage at = s->machine != NULL ? yao_present_where(s->machine)
                                              : YAO_PRESENT_AT_LINK;
    size_t            i  = 0;

    while (i + 1 < sizeof places / sizeof places[0] && places[i].stage != at)
        i++;
    return &places[i];
}

static yao_words why(const yao_presenting *s, yao_status status)
{
    if (s->why != YAO_OK)
        return s->said;
    switch (status) {
    case YAO_E_USAGE:
        return WORDS("--choose names what is not asked, or cannot be shown",
                     "--choose 指定了未被请求或无法出示的内容");
    case YAO_E_UNTRUSTED:
        return WORDS("it is of nobody whom the registrar knows",
                     "请求方未经登记机关认可");
    case YAO_E_NOT_AUTHORISED:
        return WORDS("who asks is not registered, or did not sign",
                     "请求方未登记或未签名");
    case YAO_E_SUSPENDED:
        return WORDS("who asks was suspended", "请求方已被暂停");
    case YAO_E_MISMATCH:
        return WORDS("it is not of whom it says, or not for this wallet",
                     "与所称的请求方或本次请求不符");
    case YAO_E_EXPIRED:
        return WORDS("it is over", "请求已过期");
    case YAO_E_REFUSED:
        return WORDS("it was refused", "被拒绝");
    case YAO_E_VALUE:
        return WORDS("it leads to an address that a wallet does not speak "
                     "with, or says what it may not",
                     "其地址或取值不可接受");
    case YAO_E_NET:
        return WORDS("the other side could not be reached, did not answer in "
                     "time, or its certificate is not believed",
                     "无法连接对方、对方未及时应答，或其证书不受信任");
    default:
        return (yao_words){NULL, NULL};
    }
}

/* Asked without right. */
static int tell_excess(const yao_presenting *s, yao_status status,
                       const place *at)
{
    yao_text what = yao_present_refusal(s->machine)->what;
    char     detail[YAO_DCQL_MAX_ID + 1];

    snprintf(detail, sizeof detail, "%.*s", (int)what.len,
             (const char *)what.ptr);
    return yao_fail(status, s->what, detail,
                    WORDS("it asks for what it did not register",
                          "对方请求了未登记的内容"),
                    at->next);
}

/* What the machine found, else what the other side said: both printable. */
static int tell_failure(const yao_presenting *s, yao_status status)
{
    const place *at      = place_of(s);
    yao_text     said    = {NULL, 0};
    const char  *refusal = "";
    char         detail[512];

    if (s->machine != NULL) {
        said    = yao_present_said(s->machine);
        refusal = yao_present_refusal(s->machine)->why;
    }
    if (refusal != NULL && refusal[0] != '\0')
        said = yao_text_of(refusal);
    snprintf(detail, sizeof detail, "(%s%s%.*s%s)", yao_say(at->where),
             said.len != 0 ? ", \"" : "", (int)said.len,
             said.len != 0 ? (const char *)said.ptr : "",
             said.len != 0 ? "\"" : "");
    if (s->machine != NULL && yao_present_refusal(s->machine)->what.len != 0)
        return tell_excess(s, status, at);
    return yao_fail(s->why != YAO_OK ? s->why : status, s->what, detail,
                    why(s, status), at->next);
}

/* ---- what --------------------------------------------------------------- */

/* What was posted may be there, whatever came back. */
static const char *outcome_of(const yao_presenting *s, yao_status status)
{
    if (status == YAO_OK)
        return YAO_PRESENTING_TAKEN;
    if (yao_present_where(s->machine) != YAO_PRESENT_AT_VERIFIER)
        return YAO_PRESENTING_UNSENT;
    return status == YAO_E_REFUSED ? YAO_PRESENTING_REFUSED
                                   : YAO_PRESENTING_SENT;
}

static void put_part(yao_writer *w, const yao_presenting *s, size_t index)
{
    const yao_presenting_part *part = &s->parts[index];
    const yao_wallet_event    *e    =
        &s->wallet->events[s->first_event + index];
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "id",
                        s->request->query.credentials[part->credential].id);
    yao_json_put_member(w, &first, "document", e->document);
    yao_json_put_member(w, &first, "format", e->format);
    yao_json_put_member(w, &first, "elements", e->elements);
    yao_json_put_member_bool(w, &first, "again", part->held->again);
    yao_put_byte(w, '}');
}

/* Kinds of transaction to which the person agreed. */
static void put_agreed(yao_writer *w, bool *first, const yao_presenting *s)
{
    bool next = true;

    if (!s->recorded || s->request->transaction_count == 0)
        return;
    yao_json_put_name(w, first, "agreed");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->request->transaction_count; i++) {
        yao_json_put_next(w, &next);
        yao_json_put_string(w, s->request->transactions[i].type);
    }
    yao_put_byte(w, ']');
}

static void put_json(yao_writer *w, const yao_presenting *s,
                     const char *outcome)
{
    yao_text redirect = yao_present_redirect(s->machine);
    bool     first    = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "outcome", yao_text_of(outcome));
    if (s->request != NULL)
        yao_json_put_member(w, &first, "party", yao_presenting_party(s));
    if (s->profile != NULL)
        yao_json_put_member(w, &first, "profile", s->profile->name);
    if (redirect.len != 0)
        yao_json_put_member(w, &first, "redirect_uri", redirect);
    yao_presenting_put_standing(w, &first, s);
    put_agreed(w, &first, s);
    if (s->recorded && s->pseudonym.len != 0)
        yao_json_put_member(w, &first, "pseudonym", s->pseudonym);
    yao_json_put_name(w, &first, "documents");
    yao_put_byte(w, '[');
    first = true;
    for (size_t i = 0; s->recorded && i < s->part_count; i++) {
        yao_json_put_next(w, &first);
        put_part(w, s, i);
    }
    yao_put_text(w, "]}\n");
}

static void print(yao_presenting *s, const char *outcome)
{
    yao_text   redirect = yao_present_redirect(s->machine);
    yao_writer w        = yao_writer_in(&s->arena);
    yao_bytes  out;

    if (s->call->json) {
        put_json(&w, s, outcome);
        if (yao_writer_keep(&w, &s->arena, &out) == YAO_OK)
            fwrite(out.ptr, 1, out.len, stdout);
        return;
    }
    if (s->options.data.len != 0)
        return; /* standard output has the answer */
    if (s->recorded && outcome[0] == 't')
        puts(yao_say(WORDS("Shown, and taken.", "已出示，对方已接收。")));
    if (s->standing != NULL && s->recorded && outcome[0] == 't') {
        yao_print(WORDS("Tell the clerk this number: %.*s\n",
                        "请告诉柜台人员此号码：%.*s\n"),
                  (int)s->number.len, (const char *)s->number.ptr);
        return; /* no browser began it */
    }
    if (redirect.len != 0) {
        fputs(yao_say(WORDS("Go on at: ", "请继续访问：")), stdout);
        yao_value_print(stdout, redirect);
        putchar('\n');
    }
}

int yao_presenting_tell(yao_presenting *s, yao_status status)
{
    const char *outcome = "nothing";

    if (s->recorded) {
        outcome = outcome_of(s, status);
        if (yao_presenting_note(s, outcome) != YAO_OK)
            fprintf(stderr, "%s\n",
                    yao_say(WORDS("note: the history does not say what became "
                                  "of it",
                                  "提示：历史记录未能写入结果")));
    }
    if (s->machine != NULL)
        print(s, outcome);
    return status == YAO_OK ? 0 : tell_failure(s, status);
}
