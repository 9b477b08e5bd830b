/* SPDX-License-Identifier: Apache-2.0 */
/* A person's net certificate and grants, and the parties' question, over
 * HTTP. */
#include "authority/netcert/question.h"

#include "authority/enrol/routes.h"
#include "authority/enrol/secret.h"

#include "app/files.h"

#include <string.h>

/* All answers of the check have this length. */
#define ANSWER_LEN 64

#define MAX_SHOWN (128u * 1024u)

/* ---- who calls ---- */

static const enrol_person *person_of(const app_call *call)
{
    return &((const enrol_visitor *)call->who)->person;
}

/* LEVEL: that of this session, or that of its access code. */
static netcert_holder holder_of(const app_call *call, bool by_code)
{
    const enrol_person *who = person_of(call);

    return (netcert_holder){.lookup = {who->lookup, STORE_HASH_LEN},
                            .holder = {who->holder, STORE_HASH_LEN},
                            .level  = by_code ? who->code_level : who->level};
}

/* ---- what went wrong ---- */

static const enrol_tale certificate_tales[] = {
    {YAO_E_NOT_FOUND, 409, "state",
     WORDS_INIT("There is no net certificate that is alive. Open one at a "
                "kiosk.",
                "没有有效的网证。请到终端开通。")},
    {YAO_E_EXISTS, 409, "state",
     WORDS_INIT("The net certificate is in a state in which this can't be "
                "done. Look at its state.",
                "网证当前状态不能进行此操作。请查看其状态。")},
    {YAO_E_NOT_ENTITLED, 403, "level",
     WORDS_INIT("This takes a higher level, or the identity card is not "
                "valid. Go to a kiosk with the card.",
                "核验等级不足，或身份证无效。请持身份证到终端办理。")},
    {YAO_E_NOT_AUTHORISED, 403, "level",
     WORDS_INIT("The access code is of a lower level than the certificate. Go "
                "to a kiosk.",
                "访问口令的等级低于网证。请到终端办理。")},
    {YAO_E_VALUE, 400, "weak_code",
     WORDS_INIT("Others would guess this code. Choose another one.",
                "此口令容易被猜到。请另选。")},
    {YAO_E_MALFORMED, 400, "form",
     WORDS_INIT("The code must be six digits. Type it again.",
                "口令应为六位数字。请重新输入。")},
};

static const enrol_tale grant_tales[] = {
    {YAO_E_NOT_AUTHORISED, 403, "level",
     WORDS_INIT("This takes the access code of a kiosk; a passkey or a code "
                "given by telephone is not enough. Log in with it, or go to a "
                "kiosk.",
                "须使用在终端设定的访问口令；通行密钥或远程设定的口令不够。"
                "请用该口令登录，或到终端办理。")},
    {YAO_E_NOT_FOUND, 404, "absent",
     WORDS_INIT("There is no such grant, or no such relying party that may "
                "ask. Look at the lists.",
                "没有此授权或依赖方。请查看列表。")},
    {YAO_E_VALUE, 400, "item",
     WORDS_INIT("The relying party is not registered to ask for this item. "
                "Choose one that it may ask for.",
                "该依赖方未登记查询此项。请选择其可查询的项目。")},
    {YAO_E_EXPIRED, 400, "ends",
     WORDS_INIT("The end must lie ahead, within 366 days. Choose another day.",
                "截止时间须在今后 366 天之内。请另选。")},
    {YAO_E_LIMIT, 409, "many",
     WORDS_INIT("There are too many grants. Grant anew one that is listed.",
                "授权过多。请更新已有授权。")},
};

static const enrol_tale check_tales[] = {
    {YAO_E_UNTRUSTED, 401, "request",
     WORDS_INIT("The request is not one of a registered party, for this "
                "address, of this minute and used once. Sign a new one.",
                "请求未通过验证：签名、对象、时间或唯一性不符。请重新签署。")},
    {YAO_E_REVOKED, 403, "suspended",
     WORDS_INIT("The party may not ask now. Ask the registrar.",
                "该依赖方已被暂停。请联系登记机关。")},
    {YAO_E_NOT_AUTHORISED, 403, "profile",
     WORDS_INIT("The party is not registered to ask this. Ask what its "
                "profile names.",
                "该依赖方未登记此项查询。请按登记用途查询。")},
    {YAO_E_REFUSED, 403, "presentation",
     WORDS_INIT("What was shown is not good for this request. Ask the holder "
                "again, with a new nonce.",
                "所出示的网证未通过核验。请用新的随机数重新请求。")},
};

#define TALES(t) t, sizeof t / sizeof t[0]

static yao_status tell_wait(app_reply *ret, app_call *call, int64_t wait)
{
    return enrol_refuse(ret, call, 429, "wait",
                        WORDS("This was tried too often. Wait, then try again.",
                              "尝试过于频繁。请稍候再试。"),
                        wait);
}

/* ---- the certificate ---- */

static yao_status show(app_call *call, app_reply *ret)
{
    enrol         e     = enrol_of(call);
    yao_writer    w     = yao_writer_in(call->arena);
    bool          first = true;
    store_netcert n;

    YAO_TRY(netcert_get(&e, holder_of(call, true).lookup, &n));
    w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "state");
    yao_json_put_string(
        &w, yao_text_of(netcert_state_word(netcert_state_at(&n, e.now))));
    if (n.state != 0) {
        yao_json_put_member_int(&w, &first, "level", n.level);
        yao_json_put_member_int(&w, &first, "opened", n.opened);
        yao_json_put_member_int(&w, &first, "expires", n.expires);
        yao_json_put_member_bool(&w, &first, "fetched", n.device.len > 0);
    }
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* The certificate, and an offer of it, in one change. */
static yao_status put_offered(const enrol *e, const netcert_holder *holder,
                              int64_t level, yao_text code, yao_text *link)
{
    const yao_text   name = YAO_TEXT(NETCERT_DOCUMENT);
    store_change     change = store_change_open(e->arena);
    const enrol_wish wish   = {.person         = holder->lookup,
                               .level          = level,
                               .documents      = &name,
                               .document_count = 1,
                               .code           = code,
                               .expires = e->now + ENROL_OFFER_SECONDS};

    YAO_TRY(netcert_put(e, &change, holder));
    YAO_TRY(e->services->offer(e, &change, &wish, link));
    return store_commit(e->a->store, &change);
}

static yao_status read_code(app_call *call, yao_text *ret)
{
    const enrol_person *who = person_of(call);
    const yao_json     *body;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, ret));
    return enrol_check_code(*ret, ENROL_TRANSACTION_DIGITS,
                            (yao_text){who->number, who->number_len});
}

static yao_status reply_offer(app_call *call, app_reply *ret, int status,
                              yao_text link)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "offer", link);
    yao_json_put_member_int(&w, &first, "expires",
                            call->now + ENROL_OFFER_SECONDS);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

/* AGAIN: there must be one that is alive; else there must be none. */
static yao_status offer(app_call *call, app_reply *ret, bool again)
{
    enrol          e      = enrol_of(call);
    netcert_holder holder = holder_of(call, again);
    store_netcert  old;
    yao_text       code, link;

    if (e.services == NULL)
        return YAO_E_SPACE;
    YAO_TRY(netcert_get(&e, holder.lookup, &old));
    bool alive =
        netcert_move(netcert_state_at(&old, e.now), NETCERT_SUPERSEDE) != 0;
    if (alive != again)
        return again ? YAO_E_NOT_FOUND : YAO_E_EXISTS;
    YAO_TRY(read_code(call, &code));
    YAO_TRY(put_offered(&e, &holder, person_of(call)->level, code, &link));
    server_nudge_call(call, "lists");
    return reply_offer(call, ret, again ? 200 : 201, link);
}

static yao_status open_one(app_call *call, app_reply *ret)
{
    return enrol_tell(ret, call, TALES(certificate_tales),
                      offer(call, ret, false));
}

static yao_status download(app_call *call, app_reply *ret)
{
    return enrol_tell(ret, call, TALES(certificate_tales),
                      offer(call, ret, true));
}

static yao_status act(app_call *call, app_reply *ret, netcert_act what)
{
    enrol                e      = enrol_of(call);
    const netcert_holder holder = holder_of(call, true);
    int64_t              wait;
    yao_status           status = netcert_do(&e, &holder, what, &wait);

    if (status == YAO_E_LIMIT)
        return tell_wait(ret, call, wait);
    if (status != YAO_OK)
        return enrol_tell(ret, call, TALES(certificate_tales), status);
    server_nudge_call(call, "lists");
    return app_reply_empty(ret, 204);
}

static yao_status freeze(app_call *call, app_reply *ret)
{
    return act(call, ret, NETCERT_FREEZE);
}

static yao_status unfreeze(app_call *call, app_reply *ret)
{
    return act(call, ret, NETCERT_UNFREEZE);
}

static yao_status deregister(app_call *call, app_reply *ret)
{
    return act(call, ret, NETCERT_DEREGISTER);
}

/* ---- grants ---- */

static const char *grant_state(const store_grant *g, yao_time now)
{
    if (g->withdrawn != 0)
        return "withdrawn";
    return g->ends <= now ? "ended" : "running";
}

/* The name a party goes by; one that is gone has its code. */
static yao_status find_name(const enrol *e, yao_text code, yao_text *ret)
{
    store_party party;
    yao_status  status =
        store_get_party(e->a->store, code, e->arena, &party);

    *ret = status == YAO_OK ? party.name : code;
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static void put_grant(yao_writer *w, const store_grant *g, yao_text name,
                      yao_time now)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", g->id);
    yao_json_put_member(w, &first, "party", g->party);
    yao_json_put_member(w, &first, "name", name);
    yao_json_put_member(w, &first, "item", g->item);
    yao_json_put_member_int(w, &first, "granted", g->granted);
    yao_json_put_member_int(w, &first, "ends", g->ends);
    yao_json_put_member(w, &first, "state", yao_text_of(grant_state(g, now)));
    yao_put_byte(w, '}');
}

static yao_status list_grants(app_call *call, app_reply *ret)
{
    enrol        e     = enrol_of(call);
    bool         first = true;
    store_grant *list;
    size_t       count;
    yao_text    *names;

    YAO_TRY(store_list_grants(e.a->store, holder_of(call, true).lookup,
                              NETCERT_MAX_GRANTS, call->arena, &list, &count));
    names = yao_arena_take_array(call->arena, count + 1, sizeof *names);
    if (names == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        YAO_TRY(find_name(&e, list[i].party, &names[i]));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"grants\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        put_grant(&w, &list[i], names[i], e.now);
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

static yao_status read_grant(app_call *call, store_grant *ret)
{
    const yao_json *body;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(
        yao_json_string(yao_json_get(body, "party"), call->arena, &ret->party));
    YAO_TRY(
        yao_json_string(yao_json_get(body, "item"), call->arena, &ret->item));
    return yao_json_int(yao_json_get(body, "ends"), &ret->ends);
}

static yao_status put_one(app_call *call, app_reply *ret)
{
    enrol                e      = enrol_of(call);
    const netcert_holder holder = holder_of(call, true);
    store_grant          grant  = {.granted = 0};
    yao_bytes            id     = {NULL, 0};

    YAO_TRY(read_grant(call, &grant));
    yao_status status = netcert_grant(&e, &holder, &grant, &id);
    if (status != YAO_OK)
        return enrol_tell(ret, call, TALES(grant_tales), status);
    return app_reply_id(ret, call, 201, "id", id);
}

static yao_status withdraw(app_call *call, app_reply *ret)
{
    enrol                e      = enrol_of(call);
    const netcert_holder holder = holder_of(call, true);
    uint8_t              id[STORE_ID_LEN];

    yao_status status = authority_read_id(call->parts[0], id, sizeof id);
    if (status == YAO_OK)
        status = netcert_withdraw(&e, &holder, (yao_bytes){id, sizeof id});
    if (status != YAO_OK)
        return enrol_tell(ret, call, TALES(grant_tales), status);
    return app_reply_empty(ret, 204);
}

/* ---- the check ---- */

static yao_status check(app_call *call, app_reply *ret)
{
    enrol          e = enrol_of(call);
    netcert_answer answer;
    int64_t        wait;
    yao_status     status =
        netcert_check(&e, server_url(call), call->http->body, &answer, &wait);

    if (status == YAO_E_LIMIT)
        return tell_wait(ret, call, wait);
    if (status != YAO_OK)
        return enrol_tell(ret, call, TALES(check_tales), status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"answer\":\"");
    yao_put_text(&w, netcert_answer_word(answer));
    yao_put_text(&w, "\"}");
    while (w.status == YAO_OK && w.len < ANSWER_LEN)
        yao_put_byte(&w, ' ');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- tables ---- */

static const app_route routes[] = {
    {"GET", "/person/netcert", APP_SESSION, show, 0, 0},
    {"POST", "/person/netcert", APP_SESSION | APP_JSON, open_one, 0, 256},
    {"DELETE", "/person/netcert", APP_SESSION, deregister, 0, 0},
    {"POST", "/person/netcert/download", APP_SESSION | APP_JSON, download, 0,
     256},
    {"POST", "/person/netcert/freeze", APP_SESSION, freeze, 0, 0},
    {"POST", "/person/netcert/unfreeze", APP_SESSION, unfreeze, 0, 0},
    {"GET", "/person/grants", APP_SESSION, list_grants, 0, 0},
    {"POST", "/person/grants", APP_SESSION | APP_JSON, put_one, 0, 1024},
    {"DELETE", "/person/grants/{id}", APP_SESSION, withdraw, 0, 0},
    {"GET", "/wallet/grants", APP_WALLET, list_grants, 0, 0},
    {"DELETE", "/wallet/grants/{id}", APP_WALLET, withdraw, 0, 0},
    {"POST", "/netcert/check", APP_ANY_WALLET | APP_JWT, check, 0, MAX_SHOWN},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

/* ---- the job ---- */

/* What two processes notice at once one of them notes. */
static yao_status expire(authority_server *server, authority *a,
                         yao_arena *arena, int64_t fence)
{
    enrol  e = {.a = a, .arena = arena, .now = yao_now()};
    size_t count;

    (void)server;
    (void)fence;
    return netcert_expire_due(&e, &count);
}

static const authority_job jobs[] = {{"netcert", 600, true, expire}};

const authority_part authority_netcert_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
};
