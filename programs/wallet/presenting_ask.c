/* SPDX-License-Identifier: Apache-2.0 */

/* What the person is shown before anything leaves the wallet. What the other
 * side hears is the same whether somebody says no or has nothing (N218): so
 * the person is asked in both cases. */

#include "wallet/presenting.h"

#include <string.h>
#include <unistd.h>

#include "app/reason.h"
#include "app/value.h"
#include "wallet/titles.h"
#include "x509/reader.h"

/* ---- who, what for ------------------------------------------------------ */

static void say_line(yao_words label, yao_text text)
{
    if (text.len == 0)
        return;
    fputs(yao_say(label), stderr);
    yao_value_print(stderr, text);
    fputc('\n', stderr);
}

/* Scheme and host: whom the answer reaches. */
static yao_text origin_of(yao_text url)
{
    size_t slashes = 0, len = 0;

    while (len < url.len) {
        slashes += url.ptr[len] == '/';
        if (slashes == 3 || url.ptr[len] == '?')
            break;
        len++;
    }
    return (yao_text){url.ptr, len};
}

/* The reason that the request says, one of ours; {NULL, NULL}: none. */
static yao_words reason_of(const yao_presenting *s)
{
    const yao_vp_request *q     = s->request;
    yao_arena             arena = s->arena; /* the word is read and gone */
    yao_words             none  = {NULL, NULL};
    yao_text              word;

    for (size_t i = 0; i < q->info_count; i++)
        if (yao_text_equal(q->infos[i].format, YAO_TEXT(APP_REASON_FORMAT)) &&
            yao_json_string(q->infos[i].data, &arena, &word) == YAO_OK &&
            app_reason_is(word))
            return app_reason_words(word);
    return none;
}

/* What a profile asks afterwards may be asked by another one at once: a reason
 * says so as well. */
static void say_second(const yao_presenting *s)
{
    yao_words reason = reason_of(s);

    if (reason.en == NULL &&
        yao_vp_step_of(s->catalogue, s->profile, &s->request->query) < 2)
        return;
    fputs(yao_say(WORDS("  SECOND STEP: it asks for more than it was shown "
                        "before; you may say no\n",
                        "  第二步：对方请求此前未出示的内容，您可以拒绝\n")),
          stderr);
    if (reason.en != NULL)
        say_line(WORDS("  reason: ", "  理由："),
                 yao_text_of(yao_say(reason)));
}

static void say_purpose(const yao_presenting *s)
{
    const yao_profile     *p        = s->profile;
    const yao_trust_party *party    = s->request->party;
    yao_language           language = yao_language_get();
    uint64_t               days     = yao_presenting_days(s);

    say_line(WORDS("  purpose: ", "  用途："),
             yao_label_in(p->purpose, language));
    say_line(WORDS("  legal basis: ", "  法律依据："),
             party != NULL && party->legal_basis.len != 0
                 ? party->legal_basis
                 : yao_label_in(p->legal_basis, language));
    if (days > 0)
        fprintf(stderr,
                yao_say(WORDS("  kept for at most %u days\n",
                              "  最多保存 %u 天\n")),
                (unsigned)days);
    else
        fputs(yao_say(WORDS("  not kept\n", "  不保存\n")), stderr);
}

static void say_who(const yao_presenting *s)
{
    const yao_vp_request *q = s->request;
    yao_text              officer;

    yao_value_print(stderr, yao_presenting_party(s));
    fputs(s->counter
              ? yao_say(WORDS(" asks across the counter", " 在柜台请求出示"))
              : yao_say(WORDS(" asks on line", " 在线请求出示")),
          stderr);
    if (s->profile != NULL) {
        fputs(yao_say(WORDS(" for: ", "：")), stderr);
        yao_value_print(stderr, yao_label_in(s->profile->title,
                                             yao_language_get()));
    }
    fputc('\n', stderr);
    if (q->party != NULL)
        say_line(WORDS("  registered as: ", "  登记代码："), q->party->code);
    if (q->stated)
        fputs(yao_say(WORDS("  so says the registrar in a statement that came "
                            "with the request\n",
                            "  依据随请求附上的登记机关声明\n")),
              stderr);
    if (q->is_signed && yao_reader_is_officer(&q->certificate, &officer))
        say_line(WORDS("  officer: ", "  警员编号："), officer);
    if (!q->is_signed)
        fputs(yao_say(WORDS("  NOBODY SIGNED THIS: whoever it is may keep and "
                            "pass on what you show\n",
                            "  该请求无人签名：对方身份不明，可能保存或转交所出"
                            "示内容\n")),
              stderr);
    say_line(WORDS("  the answer goes to: ", "  应答发往："),
             q->binding.dcapi ? q->binding.origin
                              : origin_of(q->binding.response_uri));
    if (s->profile != NULL) {
        say_purpose(s);
        say_second(s);
    }
}

/* ---- what --------------------------------------------------------------- */

static void say_claim(const yao_presenting *s, const yao_presenting_part *part,
                      size_t index)
{
    const yao_dcql_claim *claim =
        &s->request->query.credentials[part->credential].claims[index];
    const yao_element *e = yao_presenting_element(s, part, index);
    uint8_t            letters[512];
    yao_writer         w = yao_writer_open(letters, sizeof letters);

    fputs("    ", stderr);
    yao_presenting_put_path(&w, claim);
    if (e != NULL)
        yao_value_print(stderr, yao_wallet_label(e));
    else
        yao_value_print(stderr, (yao_text){letters, w.len});
    if (e == NULL || e->sensitive)
        fputs(yao_say(WORDS("  (sensitive)", "（敏感）")), stderr);
    if (claim->value_count != 0)
        fputs(yao_say(WORDS("  (compared with what they have)",
                            "（与对方已有的值比对）")),
              stderr);
    fputc('\n', stderr);
}

static void say_part(const yao_presenting *s, const yao_presenting_part *part)
{
    const yao_dcql_credential *c =
        &s->request->query.credentials[part->credential];

    fputs("  ", stderr);
    yao_value_print(stderr, yao_wallet_title(part->held->batch));
    if (part->held->batch->subject.len > 0) {
        fputs("  (", stderr);
        yao_value_print(stderr, part->held->batch->subject);
        fputc(')', stderr);
    }
    fprintf(stderr, "  [%.*s]", (int)c->id.len, (const char *)c->id.ptr);
    if (part->held->again)
        fputs(yao_say(WORDS("  (all copies were shown before: this one can "
                            "be recognised; get new ones)",
                            "（各份均已出示过，可能被关联；请重新领取）")),
              stderr);
    fputc('\n', stderr);
    for (size_t i = 0; i < c->claim_count; i++)
        if ((part->claims >> i & 1) != 0)
            say_claim(s, part, i);
    if (part->claims == 0)
        fputs(yao_say(WORDS("    that you hold it, and nothing else in it that "
                            "can be held back\n",
                            "    仅表明您持有该证件\n")),
              stderr);
    if (part->others != 0)
        fprintf(stderr,
                yao_say(WORDS("    (%zu more would do: --choose %.*s:WHOM)\n",
                              "    （另有 %zu 份可用：--choose %.*s:何人）\n")),
                part->others, (int)c->id.len, (const char *)c->id.ptr);
}

/* ---- yes and no --------------------------------------------------------- */

static bool at_terminal(const yao_presenting *s)
{
    return !yao_given(s->call, "yes") && isatty(STDIN_FILENO);
}

static bool says_yes(yao_words question)
{
    char answer[16];

    fputs(yao_say(question), stderr);
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (answer[0] == 'y' || answer[0] == 'Y' ||
            strncmp(answer, "是", strlen("是")) == 0);
}

/* What may be left out is left out, unless the person wants it. */
static yao_dcql_credentials ask_optional(const yao_presenting *s)
{
    const yao_dcql_query *query = &s->request->query;
    yao_dcql_credentials  extra = 0;

    for (size_t i = 0; at_terminal(s) && i < query->set_count; i++) {
        const yao_dcql_set *set    = &query->sets[i];
        size_t              option = s->matching.options[i];

        if (!set->optional || option == YAO_DCQL_NONE)
            continue;
        for (size_t c = 0; c < query->credential_count; c++)
            if ((set->options[option] >> c & 1) != 0)
                say_line(WORDS("  also asked, not required: ",
                               "  另请求（非必需）："),
                         query->credentials[c].id);
        if (says_yes(WORDS("Show it too? [y/N] ", "也出示？[y/N] ")))
            extra |= set->options[option];
    }
    return extra;
}

/* ---- asking ------------------------------------------------------------- */

static void refuse(yao_presenting *s, yao_present_event *e, yao_status why,
                   yao_words said)
{
    s->why  = why;
    s->said = said;
    e->kind = YAO_PRESENT_REFUSED;
}

static void refuse_unheld(yao_presenting *s, yao_present_event *e)
{
    say_who(s);
    if (at_terminal(s))
        (void)says_yes(WORDS("Nothing of what is asked can be shown. Press "
                             "Enter to say no. ",
                             "没有可出示的内容。按回车键回绝。"));
    refuse(s, e, YAO_E_NOT_FOUND,
           WORDS("the wallet does not hold what is asked, or it is over",
                 "钱包中没有所请求的证件，或已过期"));
}

static yao_status choose(yao_presenting *s)
{
    yao_dcql_credentials extra;
    yao_status           status;

    YAO_TRY(yao_presenting_hold(s));
    status = yao_presenting_choose(s, 0);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    extra = ask_optional(s);
    return extra != 0 ? yao_presenting_choose(s, extra) : status;
}

static bool agrees(yao_presenting *s)
{
    say_who(s);
    for (size_t i = 0; i < s->part_count; i++)
        say_part(s, &s->parts[i]);
    yao_presenting_say_agreed(s);
    yao_presenting_say_pseudonym(s);
    if (yao_given(s->call, "yes"))
        return true;
    return at_terminal(s) &&
           says_yes(WORDS("Show this? [y/N] ", "同意出示？[y/N] "));
}

void yao_presenting_ask(yao_presenting *s, yao_present_event *e)
{
    s->request = yao_present_request(s->machine);
    yao_presenting_consent(s, e);
}

void yao_presenting_consent(yao_presenting *s, yao_present_event *e)
{
    yao_status status;

    if (yao_presenting_check_asked(s) != YAO_OK) {
        s->profile = NULL;
        say_who(s);
        refuse(s, e, YAO_E_NOT_AUTHORISED,
               WORDS("it asks for what it did not register",
                     "对方请求了未登记的内容"));
        return;
    }
    if (yao_presenting_check_standing(s) != YAO_OK) {
        say_who(s);
        refuse(s, e, YAO_E_MISMATCH,
               WORDS("another asks than the code at the counter names, or for "
                     "something else",
                     "请求方或请求内容与柜台立牌码所示不符"));
        return;
    }
    status = choose(s);
    if (status == YAO_E_NOT_FOUND) {
        refuse_unheld(s, e);
        return;
    }
    if (status == YAO_OK && !agrees(s)) {
        refuse(s, e, YAO_E_REFUSED,
               WORDS("you did not agree", "您没有同意"));
        return;
    }
    if (status == YAO_OK)
        status = yao_presenting_agree(s);
    e->status      = status;
    e->kind        = YAO_PRESENT_CHOSEN;
    e->shown       = s->shown;
    e->shown_count = s->part_count;
    e->pseudonym   = s->pseudonym;
}
