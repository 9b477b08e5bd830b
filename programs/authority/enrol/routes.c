/* SPDX-License-Identifier: Apache-2.0 */
/* One table for kiosks and one for telephones, of the same functions: which it
 * is, the route's door says. */
#include "authority/enrol/routes.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/kiosk.h"
#include "authority/enrol/limit.h"
#include "authority/enrol/terms.h"

#include "app/files.h"
#include "jose/jose.h"

#define MAX_CHOICE ENROL_MAX_OPTIONS

/* ---- what a call brings ---- */

enrol enrol_of(const app_call *call)
{
    return (enrol){.a         = server_authority(call),
                   .catalogue = server_catalogue(call),
                   .services  = enrol_services_of(call),
                   .arena     = call->arena,
                   .now       = call->now,
                   .demo      = server_demo(call)};
}

static bool is_kiosk(const app_call *call)
{
    return (call->route->needs & APP_WHO) == APP_KIOSK;
}

static int64_t kind_of(const app_call *call)
{
    return is_kiosk(call) ? ENROL_SESSION_KIOSK : ENROL_SESSION_SELF;
}

static yao_bytes owner_of(const app_call *call)
{
    const store_kiosk *kiosk = call->who;

    return is_kiosk(call) && kiosk != NULL ? kiosk->id : YAO_LIT("");
}

/* ---- answers ---- */

void enrol_put_both(yao_writer *w, bool *first, const char *name, yao_text en,
                    yao_text zh)
{
    bool inner = true;

    yao_json_put_name(w, first, name);
    yao_put_byte(w, '{');
    yao_json_put_member(w, &inner, "en", en);
    yao_json_put_member(w, &inner, "zh", zh);
    yao_put_byte(w, '}');
}

yao_status enrol_refuse(app_reply *ret, app_call *call, int status,
                        const char *word, yao_words message, int64_t seconds)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "error", yao_text_of(word));
    if (seconds > 0) {
        yao_json_put_member_int(&w, &first, "seconds", seconds);
    }
    enrol_put_both(&w, &first, "message", yao_text_of(message.en),
             yao_text_of(message.zh));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

yao_status enrol_tell(app_reply *ret, app_call *call, const enrol_tale *tales,
                      size_t count, yao_status status)
{
    for (size_t i = 0; i < count; i++)
        if (tales[i].status == status)
            return enrol_refuse(ret, call, tales[i].code, tales[i].word,
                                tales[i].message, 0);
    return status;
}

static const enrol_tale tales[] = {
    {YAO_E_NOT_FOUND, 404, "over",
     WORDS_INIT("The session is over: it took too long, or was ended. Begin "
                "again.",
                "会话已结束：超时或已退出。请重新开始。")},
    {YAO_E_NOT_AUTHORISED, 409, "step",
     WORDS_INIT("This can't be done now: another step is next. See which one "
                "the session is at.",
                "现在不能进行此步：顺序不符。请查看当前步骤。")},
    {YAO_E_EXISTS, 409, "twice",
     WORDS_INIT("The session was used in two places at once. Try again.",
                "同一会话同时被使用。请重试。")},
    {YAO_E_MISMATCH, 409, "terms",
     WORDS_INIT("Another text was accepted than the one that holds. Show the "
                "terms again.",
                "所接受的条款不是现行文本。请重新显示条款。")},
    {YAO_E_VALUE, 400, "value",
     WORDS_INIT("What was typed can't be right. Look at it and type it again.",
                "输入的内容不正确。请检查后重新输入。")},
    {YAO_E_MALFORMED, 400, "form",
     WORDS_INIT("What was sent has another form than this step takes. Correct "
                "it; see docs/api.",
                "提交的内容格式不符。请更正；见 docs/api。")},
    {YAO_E_MISSING, 400, "form",
     WORDS_INIT("Something is missing in what was sent. Add it; see docs/api.",
                "提交的内容不完整。请补充；见 docs/api。")},
    {YAO_E_NOT_ENTITLED, 409, "not_entitled",
     WORDS_INIT("You can't have one of these documents; the list says why.",
                "所选证件中有不符合条件的，原因见列表。")},
    {YAO_E_EXPIRED, 409, "late",
     WORDS_INIT("The camera took too long. Begin the comparison again.",
                "拍摄超时。请重新比对。")},
    {YAO_E_REFUSED, 403, "refused",
     WORDS_INIT("The officers could not confirm who you are. Ask at the "
                "counter.",
                "工作人员未能确认身份。请到柜台咨询。")},
};

yao_status enrol_tell_step(app_reply *ret, app_call *call, yao_status status)
{
    return enrol_tell(ret, call, tales, sizeof tales / sizeof tales[0], status);
}

static yao_status tell_wait(app_reply *ret, app_call *call, int64_t seconds)
{
    return enrol_refuse(
        ret, call, 429, "wait",
        WORDS("This was tried too often. Wait, or ask an officer.",
              "尝试次数过多。请稍候，或请工作人员协助。"),
        seconds);
}

/* ---- a session in a call ---- */

static yao_status find_visit(app_call *call, const enrol *e, enrol_visit *ret)
{
    size_t   count = 0;
    yao_text token = net_header_find(call->http, "yaopai-session", &count);

    if (count != 1)
        return YAO_E_NOT_FOUND;
    return enrol_visit_find(e, kind_of(call), owner_of(call), token, ret);
}

void enrol_put_step(yao_writer *w, bool *first, const enrol_visit *v)
{
    yao_json_put_member(w, first, "step",
                        yao_text_of(enrol_step_word(v->state.step)));
    yao_json_put_member_int(w, first, "expires", v->session.expires);
    /* what the person says at the counter: officers find this case by it, not
     * another one about the same number */
    if (v->state.step == ENROL_AT_OFFICER)
        yao_json_put_member_hex(w, first, "case",
                                (yao_bytes){v->state.case_id, STORE_ID_LEN});
    /* without an engine no camera is begun for nothing */
    if (v->state.step == ENROL_AT_FACE)
        yao_json_put_member_bool(w, first, "camera",
                                 v->e->services->engine != NULL);
}

static yao_status reply_step(app_reply *ret, app_call *call,
                             const enrol_visit *v)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    enrol_put_step(&w, &first, v);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status reply_over(app_reply *ret, app_call *call)
{
    yao_writer w = yao_writer_in(call->arena);

    yao_put_text(&w, "{\"step\":\"over\"}");
    return app_reply_json(ret, call, 200, &w);
}

yao_status enrol_run(app_call *call, app_reply *ret, enrol_doing what)
{
    enrol           e = enrol_of(call);
    enrol_visit     v;
    const yao_json *body   = NULL;
    yao_status      status = YAO_OK;

    if ((call->route->needs & APP_JSON) != 0)
        status = app_body_json(call, &body);
    if (status == YAO_OK)
        status = find_visit(call, &e, &v);
    if (status != YAO_OK)
        return enrol_tell_step(ret, call, status);
    status = what(call, ret, &v, body);
    enrol_visit_close(&v);
    return status == YAO_OK ? YAO_OK : enrol_tell_step(ret, call, status);
}

/* ---- pairing ---- */

static yao_status pair_kiosk(app_call *call, app_reply *ret)
{
    enrol           e = enrol_of(call);
    const yao_json *body;
    yao_text        code;
    yao_public_key  key;
    yao_bytes       id;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    YAO_TRY(yao_jwk_read(yao_json_get(body, "key"), call->arena, &key));
    yao_status status = enrol_pair_kiosk(&e, code, &key, &id);
    if (status == YAO_E_NOT_FOUND)
        return enrol_refuse(
            ret, call, 403, "pairing",
            WORDS("No kiosk waits for this code: it is wrong, used, or older "
                  "than ten minutes. Get a new one with `yaopai kiosk add`.",
                  "没有终端等待此配对码：错误、已用或超过十分钟。请用 "
                  "`yaopai kiosk add` 重新取码。"),
            0);
    YAO_TRY(status);
    return app_reply_id(ret, call, 201, "kiosk", id);
}

/* ---- begin, terms ---- */

static yao_status put_terms(yao_writer *w, const enrol_visit *v)
{
    bool     first = true;
    uint8_t  hash[YAO_SHA256_LEN];
    yao_text text;

    YAO_TRY(enrol_visit_terms(v, &text, hash));
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "version", YAO_TEXT(ENROL_TERMS_VERSION));
    yao_json_put_member_hex(w, &first, "sha256",
                            (yao_bytes){hash, sizeof hash});
    yao_json_put_member(w, &first, "text", text);
    yao_put_byte(w, '}');
    return YAO_OK;
}

static yao_status reply_begun(app_call *call, app_reply *ret,
                              const enrol_visit *v, yao_text token)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "session", token);
    enrol_put_step(&w, &first, v);
    yao_json_put_name(&w, &first, "terms");
    YAO_TRY(put_terms(&w, v));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

/* Of a telephone only; a proxy's own address says nothing. */
static yao_status count_peer(const app_call *call, const enrol *e,
                             int64_t *wait)
{
    yao_text peer = call->http->peer;
    uint8_t  hash[STORE_HASH_LEN];

    *wait = 0;
    if (is_kiosk(call) || peer.len == 0 ||
        yao_bytes_starts(yao_text_bytes(peer), YAO_LIT("127.")) ||
        yao_text_equal(peer, YAO_TEXT("::1")))
        return YAO_OK;
    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, ENROL_HASH_PEER,
                      yao_text_bytes(peer), hash));
    return enrol_try(e, ENROL_LIMIT_PEER, (yao_bytes){hash, sizeof hash}, wait);
}

static yao_status begin_session(app_call *call, app_reply *ret)
{
    enrol           e = enrol_of(call);
    const yao_json *body;
    yao_text        token;
    enrol_visit     v;
    int64_t         wait;

    YAO_TRY(app_body_json(call, &body));
    yao_status status = count_peer(call, &e, &wait);
    if (status == YAO_E_LIMIT)
        return tell_wait(ret, call, wait);
    YAO_TRY(status);
    YAO_TRY(enrol_begin(
        &e, kind_of(call), owner_of(call),
        yao_json_is(yao_json_get(body, "language"), "en") ? YAO_EN : YAO_ZH,
        &token));
    YAO_TRY(enrol_visit_find(&e, kind_of(call), owner_of(call), token, &v));
    status = reply_begun(call, ret, &v, token);
    enrol_visit_close(&v);
    return status;
}

static yao_status do_terms(app_call *call, app_reply *ret, enrol_visit *v,
                           const yao_json *body)
{
    bool       accept = false;
    yao_text   hex;
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(hash, sizeof hash);

    YAO_TRY(yao_json_bool(yao_json_get(body, "accept"), &accept));
    if (!accept) {
        YAO_TRY(enrol_leave(v));
        return reply_over(ret, call);
    }
    YAO_TRY(yao_json_string(yao_json_get(body, "sha256"), call->arena, &hex));
    if (yao_get_hex(yao_text_bytes(hex), &w) != YAO_OK)
        return YAO_E_MISMATCH;
    YAO_TRY(enrol_accept(v, (yao_bytes){hash, w.len}));
    return reply_step(ret, call, v);
}

static yao_status take_terms(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_terms);
}

/* ---- number, face, officer ---- */

static yao_status do_number(app_call *call, app_reply *ret, enrol_visit *v,
                            const yao_json *body)
{
    yao_text number, name = YAO_TEXT("");
    int64_t  wait;

    YAO_TRY(
        yao_json_string(yao_json_get(body, "number"), call->arena, &number));
    if (!is_kiosk(call))
        YAO_TRY(
            yao_json_string(yao_json_get(body, "name"), call->arena, &name));
    yao_status status = enrol_take_number(v, number, name, &wait);
    if (status == YAO_E_LIMIT)
        return tell_wait(ret, call, wait);
    YAO_TRY(status);
    return reply_step(ret, call, v);
}

static yao_status take_number(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_number);
}

static yao_status do_challenge(app_call *call, app_reply *ret, enrol_visit *v,
                               const yao_json *body)
{
    face_challenge challenge;
    int            wait = 0;

    (void)body;
    yao_status status = enrol_challenge(v, &challenge, &wait);
    if (status == YAO_E_SUSPENDED)
        return tell_wait(ret, call, wait);
    if (status == YAO_E_LIMIT || status == YAO_E_UNSUPPORTED)
        return reply_step(ret, call, v); /* "officer" */
    YAO_TRY(status);
    yao_writer w = yao_writer_in(call->arena);
    face_challenge_write(&w, &challenge);
    return app_reply_json(ret, call, 200, &w);
}

static yao_status give_challenge(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_challenge);
}

static yao_status do_face(app_call *call, app_reply *ret, enrol_visit *v,
                          const yao_json *body)
{
    face_result result;
    yao_writer  w;
    bool        first = true;

    (void)body;
    YAO_TRY(enrol_take_face(v, call->http->body, &result));
    w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    enrol_put_step(&w, &first, v);
    yao_json_put_name(&w, &first, "face");
    face_result_write(&w, &result);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status take_face(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_face);
}

static yao_status do_ask(app_call *call, app_reply *ret, enrol_visit *v,
                         const yao_json *body)
{
    (void)body;
    YAO_TRY(enrol_ask_officer(v));
    return reply_step(ret, call, v);
}

static yao_status ask_officer(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_ask);
}

static yao_status do_show(app_call *call, app_reply *ret, enrol_visit *v,
                          const yao_json *body)
{
    (void)body;
    if (v->state.step == ENROL_AT_OFFICER)
        YAO_TRY(enrol_look_for_officer(v));
    return reply_step(ret, call, v);
}

static yao_status show_session(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_show);
}

/* A person who is slow with the keys: the page saw a touch. */
static yao_status do_stay(app_call *call, app_reply *ret, enrol_visit *v,
                          const yao_json *body)
{
    store_change change = store_change_open(call->arena);

    (void)body;
    YAO_TRY(enrol_go_on(v, &change));
    return reply_step(ret, call, v);
}

static yao_status stay(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_stay);
}

static yao_status do_leave(app_call *call, app_reply *ret, enrol_visit *v,
                           const yao_json *body)
{
    (void)body;
    YAO_TRY(enrol_leave(v));
    return reply_over(ret, call);
}

static yao_status leave_session(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_leave);
}

/* ---- choice ---- */

static yao_status do_lose(app_call *call, app_reply *ret, enrol_visit *v,
                          const yao_json *body)
{
    size_t     count = 0;
    bool       first = true;
    yao_writer w;

    (void)body;
    YAO_TRY(enrol_lose(v, &count));
    server_nudge_call(call, "enrol");
    w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    enrol_put_step(&w, &first, v);
    yao_json_put_member_int(&w, &first, "devices_ended", (int64_t)count);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status lose(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_lose);
}

static yao_status do_child(app_call *call, app_reply *ret, enrol_visit *v,
                           const yao_json *body)
{
    yao_text number;

    YAO_TRY(
        yao_json_string(yao_json_get(body, "number"), call->arena, &number));
    yao_status status = enrol_take_child(v, number);
    if (status == YAO_E_NOT_AUTHORISED)
        return enrol_refuse(
            ret, call, 403, "guardian",
            WORDS("The register does not show you as this child's guardian. "
                  "An officer can look at other papers.",
                  "登记库未显示您是该儿童的监护人。可请工作人员核对其他"
                  "证明。"),
            0);
    YAO_TRY(status);
    return reply_step(ret, call, v);
}

static yao_status take_child(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_child);
}

static void put_option(yao_writer *w, const void *item)
{
    const enrol_option *o     = item;
    bool                first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "name", o->definition->name);
    enrol_put_both(w, &first, "title", yao_label_in(o->definition->title, YAO_EN),
             yao_label_in(o->definition->title, YAO_ZH));
    yao_json_put_member_bool(w, &first, "entitled", o->entitled);
    if (!o->entitled) {
        yao_json_put_member(w, &first, "reason",
                            yao_text_of(yao_reason_name(o->reason)));
        enrol_put_both(w, &first, "why", yao_reason_text(o->reason, YAO_EN),
                 yao_reason_text(o->reason, YAO_ZH));
    }
    yao_put_byte(w, '}');
}

static yao_status do_list(app_call *call, app_reply *ret, enrol_visit *v,
                          const yao_json *body)
{
    enrol_option list[ENROL_MAX_OPTIONS];
    size_t       count;

    (void)body;
    YAO_TRY(enrol_list_options(v, list, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"documents", list, count, sizeof *list, put_option});
}

static yao_status list_options(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_list);
}

static yao_status do_choice(app_call *call, app_reply *ret, enrol_visit *v,
                            const yao_json *body)
{
    const yao_json *list    = yao_json_get(body, "documents");
    const yao_json *replace = yao_json_get(body, "replace");
    yao_text        names[MAX_CHOICE];
    size_t          count    = 0;
    bool            replaces = false;

    if (list == NULL || list->kind != YAO_JSON_ARRAY ||
        list->count > MAX_CHOICE)
        return YAO_E_MALFORMED;
    for (const yao_json *n = list->first; n != NULL; n = n->next)
        YAO_TRY(yao_json_string(n, call->arena, &names[count++]));
    if (replace != NULL)
        YAO_TRY(yao_json_bool(replace, &replaces));
    YAO_TRY(enrol_choose(v, names, count, replaces));
    return reply_step(ret, call, v);
}

static yao_status take_choice(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_choice);
}

/* ---- codes, offer ---- */

static void put_offer(yao_writer *w, const enrol_offer *offer)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "step", YAO_TEXT("over"));
    yao_json_put_member_int(w, &first, "level", offer->entered.level);
    if (offer->entered.entry == ENROL_ENTRY_NOTICE) {
        yao_json_put_member_int(w, &first, "notice_until",
                                offer->entered.until);
    } else {
        yao_json_put_member(w, &first, "offer", offer->text);
        yao_json_put_member_int(w, &first, "expires", offer->expires);
    }
    if (offer->given) {
        yao_json_put_member(
            w, &first, "access_code",
            (yao_text){(const uint8_t *)offer->access, sizeof offer->access});
    }
    yao_put_byte(w, '}');
}

static yao_status read_codes(app_call *call, const yao_json *body,
                             enrol_codes *ret)
{
    const yao_json *access = yao_json_get(body, "access_code");
    const yao_json *give   = yao_json_get(body, "give_access_code");

    YAO_TRY(yao_json_string(yao_json_get(body, "transaction_code"), call->arena,
                            &ret->transaction));
    if (access != NULL)
        YAO_TRY(yao_json_string(access, call->arena, &ret->access));
    if (give != NULL)
        YAO_TRY(yao_json_bool(give, &ret->give));
    return YAO_OK;
}

static yao_status do_offer(app_call *call, app_reply *ret, enrol_visit *v,
                           const yao_json *body)
{
    enrol_codes codes = {.give = false};
    enrol_offer offer;
    yao_writer  w;

    YAO_TRY(read_codes(call, body, &codes));
    yao_status status = enrol_finish(v, &codes, &offer);
    if (status == YAO_E_VALUE)
        return enrol_refuse(
            ret, call, 400, "weak_code",
            WORDS("Others would guess this code. Choose one without your "
                  "birthday, your number, runs or repeats.",
                  "此口令容易被猜到。请勿使用生日、号码、连号或重复数字。"),
            0);
    YAO_TRY(status);
    w = yao_writer_in(call->arena);
    put_offer(&w, &offer);
    yao_wipe(&offer, sizeof offer);
    return app_reply_json(ret, call, 200, &w);
}

static yao_status make_offer(app_call *call, app_reply *ret)
{
    return enrol_run(call, ret, do_offer);
}

/* ---- doors ---- */

static yao_status kiosk_door(app_call *call)
{
    enrol        e     = enrol_of(call);
    store_kiosk *kiosk = yao_arena_take(call->arena, sizeof *kiosk);

    if (kiosk == NULL)
        return YAO_E_SPACE;
    YAO_TRY(enrol_check_kiosk(&e, call->http, kiosk));
    call->who = kiosk;
    return YAO_OK;
}

/* ---- tables ---- */

#define STEPS(base, who)                                                       \
    {"POST", base "/session", who | APP_JSON, begin_session, 0, 0},            \
        {"GET", base "/session", who, show_session, 0, 0},                     \
        {"DELETE", base "/session", who, leave_session, 0, 0},                 \
        {"POST", base "/session/terms", who | APP_JSON, take_terms, 0, 0},     \
        {"POST", base "/session/number", who | APP_JSON, take_number, 0, 0},   \
        {"POST", base "/session/challenge", who, give_challenge, 0, 0},        \
        {"POST", base "/session/face", who | APP_RAW, take_face, 0,            \
         FACE_BODY_BYTES},                                                     \
        {"POST", base "/session/officer", who, ask_officer, 0, 0},             \
        {"POST", base "/session/child", who | APP_JSON, take_child, 0, 0},     \
        {"GET", base "/session/documents", who, list_options, 0, 0},           \
        {"POST", base "/session/choice", who | APP_JSON, take_choice, 0, 0},   \
        {"POST", base "/session/offer", who | APP_JSON, make_offer, 0, 0}

static const app_route kiosk_routes[] = {
    {"POST", "/kiosk/pair", APP_PAGE | APP_JSON, pair_kiosk, 0, 0},
    STEPS("/kiosk", APP_KIOSK),
    {"POST", "/kiosk/session/lost", APP_KIOSK, lose, 0, 0},
    {"POST", "/kiosk/session/stay", APP_KIOSK, stay, 0, 0},
    {"POST", "/kiosk/session/paper", APP_KIOSK | APP_JSON, enrol_print_paper, 0,
     0},
};

static const app_route self_routes[] = {
    STEPS("/enrol", APP_PAGE),
};

static const app_routes tables[] = {
    {kiosk_routes, sizeof kiosk_routes / sizeof kiosk_routes[0],
     1u << SERVER_KIOSK},
    {self_routes, sizeof self_routes / sizeof self_routes[0],
     1u << SERVER_PUBLIC},
    {enrol_person_routes, ENROL_PERSON_ROUTES, 1u << SERVER_PUBLIC},
    {enrol_wallet_routes, ENROL_WALLET_ROUTES, 1u << SERVER_PUBLIC},
    {enrol_passkey_routes, ENROL_PASSKEY_ROUTES, 1u << SERVER_PUBLIC},
};

/* ---- jobs ---- */

/* One process sweeps at a time. */
static yao_status sweep(authority_server *server, authority *a,
                        yao_arena *arena, int64_t fence)
{
    enrol        e      = {.a = a, .arena = arena, .now = yao_now()};
    store_change change = store_change_open(arena);
    size_t       ended  = 0;

    store_put_fence(&change, YAO_TEXT("enrol"), fence);
    store_forget_sessions(&change, e.now);
    store_forget_throttles(&change, e.now);
    store_forget_once(&change, e.now);
    YAO_TRY(store_commit(a->store, &change));
    YAO_TRY(enrol_end_due_guarded(&e));
    YAO_TRY(enrol_revoke_ended(&e, &ended));
    if (ended > 0)
        server_nudge(server, "lists");
    return YAO_OK;
}

static const authority_job jobs[] = {{"enrol", 15, true, sweep}};

const authority_part authority_enrol_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
    .doors       = {.session = enrol_session_door,
                    .kiosk   = kiosk_door,
                    .wallet  = enrol_session_door},
};
