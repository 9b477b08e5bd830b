/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet of paper over HTTP: its words, its portrait, what its code says. The
 * kiosk's page draws and prints it. */
#include "authority/enrol/paper.h"
#include "authority/enrol/routes.h"

static void put_row(yao_writer *w, bool *first, const paper_row *row)
{
    bool inner = true;

    yao_put_text(w, *first ? "{" : ",{");
    enrol_put_both(w, &inner, "label", row->label.en, row->label.zh);
    yao_json_put_member(w, &inner, "value", row->value);
    yao_put_byte(w, '}');
    *first = false;
}

static void put_words(yao_writer *w, bool *first, const char *name,
                      paper_words words)
{
    enrol_put_both(w, first, name, words.en, words.zh);
}

static void put_lists(yao_writer *w, bool *first, const paper_sheet *s)
{
    bool inner = true;

    yao_json_put_name(w, first, "rows");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->row_count; i++)
        put_row(w, &inner, &s->rows[i]);
    yao_put_byte(w, ']');
    yao_json_put_name(w, first, "notes");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < s->note_count; i++) {
        bool none = true;
        yao_put_text(w, i == 0 ? "{" : ",{");
        yao_json_put_member(w, &none, "en", s->notes[i].en);
        yao_json_put_member(w, &none, "zh", s->notes[i].zh);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_sheet(yao_writer *w, const enrol_paper *p)
{
    const paper_sheet *s     = &p->sheet.paper;
    bool               first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "document", p->document);
    yao_json_put_member(w, &first, "profile", p->sheet.profile->name);
    put_words(w, &first, "title", s->title);
    put_words(w, &first, "purpose", s->purpose);
    put_words(w, &first, "reason", s->reason);
    put_words(w, &first, "basis", s->basis);
    put_words(w, &first, "foot", s->foot);
    yao_json_put_member(w, &first, "from", s->from);
    yao_json_put_member(w, &first, "until", s->until);
    yao_json_put_member(w, &first, "issuer", s->issuer);
    yao_json_put_member_bool(w, &first, "specimen", s->specimen);
    yao_json_put_member(w, &first, "code", p->sheet.letters);
    if (p->portrait.len != 0)
        yao_json_put_member_base64url(w, &first, "portrait", p->portrait);
    put_lists(w, &first, s);
    yao_put_byte(w, '}');
}

static yao_status tell_paper(app_reply *ret, app_call *call, yao_status status)
{
    static const enrol_tale own[] = {
        {YAO_E_LIMIT, 409, "sheets",
         WORDS_INIT("No more sheets are printed in this session. Begin again, "
                    "or ask at the counter.",
                    "本次办理的打印次数已用完。请重新开始，或到窗口办理。")},
        {YAO_E_REFUSED, 409, "higher",
         WORDS_INIT("A phone of yours was enrolled with more than was shown "
                    "here. Show that phone, or have an officer print.",
                    "您已有一部以更高级别登记的手机。请使用该手机，或到窗口"
                    "打印。")},
        {YAO_E_VALUE, 400, "value",
         WORDS_INIT("This document can't be printed for this purpose. Choose "
                    "another purpose.",
                    "该证件不能打印用于此用途。请选择其他用途。")},
        {YAO_E_NOT_ENTITLED, 409, "not_entitled",
         WORDS_INIT("There is no paper of this document for you now. Ask at "
                    "the counter.",
                    "目前无法为您打印该证件。请到窗口咨询。")},
    };

    yao_status told =
        enrol_tell(ret, call, own, sizeof own / sizeof own[0], status);
    return told == YAO_OK ? YAO_OK : enrol_tell_step(ret, call, status);
}

static yao_status do_paper(app_call *call, app_reply *ret, enrol_visit *v,
                           const yao_json *body)
{
    const yao_json  *choice = yao_json_get(body, "choice");
    enrol_paper_wish wish   = {.choice = YAO_TEXT("")};
    enrol_paper      paper;
    bool             first = true;

    YAO_TRY(yao_json_string(yao_json_get(body, "document"), call->arena,
                            &wish.document));
    YAO_TRY(yao_json_string(yao_json_get(body, "profile"), call->arena,
                            &wish.profile));
    if (choice != NULL)
        YAO_TRY(yao_json_string(choice, call->arena, &wish.choice));
    yao_status status = enrol_print(v, &wish, &paper);
    if (status != YAO_OK)
        return tell_paper(ret, call, status);

    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    enrol_put_step(&w, &first, v);
    yao_json_put_name(&w, &first, "sheet");
    put_sheet(&w, &paper);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

yao_status enrol_print_paper(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_paper);
}
