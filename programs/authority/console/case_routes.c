/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue: which cases there are, who takes one, what is decided. A list
 * says of what kind a case is and how old, never of whom it is; opening one is
 * for a purpose, and an event about the person.
 */
#include "authority/console/act.h"
#include "authority/console/find.h"
#include "authority/enrol/officer.h"
#include "authority/life/export.h"
#include "authority/vci/waiting.h"

enum { PAGE = 100, MOST_PAGE = 500, TAKEN_SECONDS = 3600 };

#define SENIORS (APP_OFFICER | APP_SUPERVISOR)
#define ANYBODY_BUT_AUDITORS (CONSOLE_ANY_ROLE & ~APP_AUDITOR)

/* ---- which roles -------------------------------------------------------- */

/* By the beginning of a kind; the first that fits. */
static const struct rule {
    const char *kind;
    int         sees;
    bool        two;    /* one decides, another confirms: enrol_decide() */
    int         closes; /* alone; 0: nobody */
} rules[] = {
    {"enrol.officer", APP_CLERK | SENIORS, true, 0},
    {VCI_CASE, APP_CLERK | SENIORS, true, 0},
    {"enrol.", SENIORS, false, SENIORS},
    {"login.", SENIORS, false, SENIORS},
    {"party.", SENIORS | APP_REGISTRAR, false, SENIORS | APP_REGISTRAR},
    {"report.", APP_REGISTRAR | APP_SUPERVISOR, false,
     APP_REGISTRAR | APP_SUPERVISOR},
    {"person.", SENIORS, false, SENIORS}, /* what a person asked for */
    {"console.", APP_SUPERVISOR, false, APP_SUPERVISOR},
    {"operator.", APP_ADMINISTRATOR, false, 0},
    {CONSOLE_ACT, 0, false, 0}, /* as its row says */
    {"", APP_SUPERVISOR, false, APP_SUPERVISOR},
};

static const struct rule *rule_of(yao_text kind)
{
    const struct rule *rule = rules;

    while (!yao_bytes_starts(yao_text_bytes(kind),
                             yao_text_bytes(yao_text_of(rule->kind))))
        rule++;
    return rule;
}

/* Auditors see that there is a case, and change nothing. */
static bool may_see(const app_call *call, yao_text kind)
{
    const console_act *act  = console_find_act(kind);
    int                sees = act != NULL ? act->asks | act->confirms
                                          : rule_of(kind)->sees;

    return (console_who(call)->roles & (sees | APP_AUDITOR)) != 0;
}

/* ---- the list ----------------------------------------------------------- */

static void put_queued(yao_writer *w, const app_call *call,
                       const store_queued *q)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", q->id);
    yao_json_put_member(w, &first, "kind", q->kind);
    yao_json_put_member(w, &first, "state",
                        q->state == STORE_CASE_OPEN      ? YAO_TEXT("open")
                        : q->state == STORE_CASE_DECIDED ? YAO_TEXT("decided")
                                                         : YAO_TEXT("closed"));
    yao_json_put_member_int(w, &first, "opened", q->opened);
    yao_json_put_member_int(w, &first, "age", call->now - q->opened);
    if (q->taken_by.len != 0 && q->taken > call->now - TAKEN_SECONDS) {
        yao_json_put_member_hex(w, &first, "taken_by", q->taken_by);
        yao_json_put_member_int(w, &first, "taken", q->taken);
    }
    yao_put_byte(w, '}');
}

static yao_status read_state(app_call *call, int64_t *ret)
{
    static const char *const words[] = {"", "open", "decided", "closed"};
    yao_text                 text;
    yao_status               status = app_query_value(call, "state", &text);

    *ret = STORE_CASE_OPEN;
    if (status == YAO_E_MISSING)
        return YAO_OK;
    YAO_TRY(status);
    for (int64_t i = 1; i <= 3; i++)
        if (yao_text_equal(text, yao_text_of(words[i]))) {
            *ret = i;
            return YAO_OK;
        }
    return YAO_E_VALUE;
}

static yao_status read_wish(app_call *call, store_queue_wish *wish)
{
    yao_status status = app_query_value(call, "kind", &wish->kind);

    if (status == YAO_E_MISSING)
        wish->kind = YAO_TEXT("");
    else
        YAO_TRY(status);
    wish->limit = PAGE;
    YAO_TRY(read_state(call, &wish->state));
    YAO_TRY(console_read_number(call, "since", YAO_TIME_MAX, &wish->since));
    return console_read_number(call, "limit", MOST_PAGE, &wish->limit);
}

static yao_status list(app_call *call, app_reply *ret)
{
    store_queue_wish wish = {.since = 0};
    store_queued    *all;
    size_t           count;
    bool             first  = true;
    yao_status       status = read_wish(call, &wish);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    YAO_TRY(store_list_queue(server_authority(call)->store, &wish, call->arena,
                             &all, &count));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"cases\":[");
    for (size_t i = 0; i < count; i++) {
        if (!may_see(call, all[i].kind))
            continue;
        yao_json_put_next(&w, &first);
        put_queued(&w, call, &all[i]);
    }
    yao_put_text(&w, "],\"full\":");
    yao_json_put_bool(&w, (int64_t)count == wish.limit);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- one case ----------------------------------------------------------- */

/* One that may not be seen is not there. */
static yao_status get_case(app_call *call, store_case *ret)
{
    yao_bytes id;

    YAO_TRY(console_read_hex(call, call->parts[0], STORE_ID_LEN, &id));
    YAO_TRY(store_get_case(server_authority(call)->store, id, call->arena,
                           ret));
    return may_see(call, ret->kind) ? YAO_OK : YAO_E_NOT_FOUND;
}

/* Who is alarmed about does not look into it; who offered a document is none of
 * the two who look at it. */
static bool is_about(const app_call *call, const store_case *c)
{
    const yao_json *detail;
    char            hex[2 * STORE_ID_LEN + 1] = "";
    yao_writer      w = yao_writer_open((uint8_t *)hex, sizeof hex - 1);

    yao_put_hex(&w, console_operator_id(console_who(call)));
    return yao_json_parse(call->arena, yao_text_bytes(c->detail), &detail) ==
               YAO_OK &&
           yao_json_is(yao_json_get(detail, "operator"), hex);
}

static yao_status take(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    store_case   c;

    YAO_TRY(get_case(call, &c));
    if (c.state == STORE_CASE_CLOSED)
        return console_tell(ret, call, YAO_E_MISMATCH);
    const console_deed deed = {.kind    = "case.take",
                               .subject = c.subject,
                               .id      = c.id};
    store_take_case(&change, c.id, console_operator_id(console_who(call)),
                    call->now, call->now - TAKEN_SECONDS);
    YAO_TRY(console_put_event(call, &change, &deed));
    yao_status status = store_commit(server_authority(call)->store, &change);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_empty(ret, 204);
}

/* Some kinds know a person by the ledger's hash, some by the number's. */
static yao_status find_subject(app_call *call, yao_bytes subject,
                               people_person *ret)
{
    const authority *a      = server_authority(call);
    yao_status       status = people_find_holder(a, subject, call->arena, ret);

    if (status == YAO_E_NOT_FOUND)
        status = people_find_by(a, subject, call->arena, ret);
    return status;
}

typedef struct opened {
    store_case    c;
    people_person person;
    bool          known;
    yao_text      text; /* what the person wrote */
} opened;

static yao_status note_opened(app_call *call, const opened *o,
                              const char *purpose)
{
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {
        .kind    = "case.read",
        .subject = o->known ? (yao_bytes){o->person.holder, STORE_HASH_LEN}
                            : YAO_LIT(""),
        .purpose = purpose,
        .id      = o->c.id};

    if (o->known)
        YAO_TRY(console_count(call, &change, CONSOLE_LOOK_UPS));
    YAO_TRY(console_put_event(call, &change, &deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status open_it(app_call *call, opened *o)
{
    const yao_json *body;
    const char     *purpose;

    YAO_TRY(get_case(call, &o->c));
    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_read_purpose(call, body, &purpose));
    if (o->c.subject.len != 0) {
        yao_status status = find_subject(call, o->c.subject, &o->person);
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
        o->known = status == YAO_OK;
    }
    YAO_TRY(note_opened(call, o, purpose));
    const enrol e = enrol_of(call);
    return o->known ? life_open_case(&e, &o->person, &o->c, &o->text) : YAO_OK;
}

static void put_decision(yao_writer *w, bool *first, const store_case *c)
{
    if (c->state == STORE_CASE_OPEN)
        return;
    yao_json_put_member(w, first, "decision", c->decision);
    if (c->decided_by.len != 0) {
        yao_json_put_member_hex(w, first, "decided_by", c->decided_by);
        yao_json_put_member_int(w, first, "decided_at", c->decided_at);
    }
    if (c->state == STORE_CASE_CLOSED) {
        yao_json_put_member_hex(w, first, "closed_by", c->confirmed_by);
        yao_json_put_member_int(w, first, "closed_at", c->confirmed_at);
    }
}

static yao_status put_person(app_call *call, yao_writer *w, bool *first,
                             const opened *o)
{
    uint8_t handle[STORE_HASH_LEN];

    if (!o->known)
        return YAO_OK;
    YAO_TRY(console_handle(call, &o->person, handle));
    yao_json_put_member_hex(w, first, "person",
                            (yao_bytes){handle, sizeof handle});
    if (o->text.len != 0)
        yao_json_put_member(w, first, "text", o->text);
    return YAO_OK;
}

static yao_status tell_case(app_call *call, const opened *o, app_reply *ret)
{
    const yao_json *detail;
    bool            first = true;

    YAO_TRY(yao_json_parse(call->arena, yao_text_bytes(o->c.detail), &detail));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", o->c.id);
    yao_json_put_member(&w, &first, "kind", o->c.kind);
    yao_json_put_member_int(&w, &first, "opened", o->c.opened);
    yao_json_put_name(&w, &first, "detail");
    yao_json_put_value(&w, detail);
    put_decision(&w, &first, &o->c);
    YAO_TRY(put_person(call, &w, &first, o));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static yao_status open_case(app_call *call, app_reply *ret)
{
    opened *o = yao_arena_take(call->arena, sizeof *o);

    if (o == NULL)
        return YAO_E_SPACE;
    yao_status status = open_it(call, o);
    if (status == YAO_OK)
        status = tell_case(call, o, ret);
    else
        status = console_tell(ret, call, status);
    people_close(&o->person);
    return status;
}

/* ---- by two: enrolments ------------------------------------------------- */

/* A case of another kind is never decided here. */
static yao_status get_of_two(app_call *call, store_case *ret)
{
    YAO_TRY(get_case(call, ret));
    return rule_of(ret->kind)->two ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status read_decision(app_call *call, yao_text *ret)
{
    const console_member member = {"decision", 16, false};
    const yao_json      *body;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_read_text(call, body, &member, ret));
    return yao_text_equal(*ret, YAO_TEXT("accept")) ||
                   yao_text_equal(*ret, YAO_TEXT("refuse"))
               ? YAO_OK
               : YAO_E_VALUE;
}

/* Roles are looked at here too; enrol_confirm() says EXISTS of the same. */
static yao_status tell_two(app_call *call, app_reply *ret, yao_status status)
{
    if (status == YAO_E_EXISTS)
        status = YAO_E_DUPLICATE;
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_empty(ret, 204);
}

static enrol_operator operator_of(const app_call *call)
{
    const console_operator *who = console_who(call);

    return (enrol_operator){console_operator_id(who), who->roles};
}

static yao_status decide(app_call *call, app_reply *ret)
{
    const enrol          e   = enrol_of(call);
    const enrol_operator who = operator_of(call);
    store_case           c;
    yao_text             decision;

    YAO_TRY(get_of_two(call, &c));
    yao_status status = read_decision(call, &decision);
    if (status == YAO_OK && is_about(call, &c))
        status = YAO_E_DUPLICATE;
    if (status == YAO_OK)
        status = enrol_decide(&e, &who, c.id, decision);
    if (status == YAO_E_NOT_FOUND) /* not open any more */
        status = YAO_E_MISMATCH;
    return tell_two(call, ret, status);
}

static yao_status confirm(app_call *call, app_reply *ret)
{
    const enrol          e   = enrol_of(call);
    const enrol_operator who = operator_of(call);
    store_case           c;
    yao_text             decision;

    YAO_TRY(get_of_two(call, &c));
    yao_status status = read_decision(call, &decision);
    if (status == YAO_OK && is_about(call, &c))
        status = YAO_E_DUPLICATE;
    if (status == YAO_OK)
        status = enrol_confirm(&e, &who, c.id, decision);
    return tell_two(call, ret, status);
}

static yao_status give_back(app_call *call, app_reply *ret)
{
    const enrol          e   = enrol_of(call);
    const enrol_operator who = operator_of(call);
    store_case           c;

    YAO_TRY(get_of_two(call, &c));
    return tell_two(call, ret, enrol_give_back(&e, &who, c.id));
}

/* ---- by one: what is looked into ---------------------------------------- */

static yao_status read_outcome(app_call *call, yao_text *ret)
{
    static const char *const words[] = {"seen", "explained", "passed_on",
                                        "followed", "unfounded"};
    const console_member     member = {"outcome", 16, false};
    const yao_json          *body;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_read_text(call, body, &member, ret));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (yao_text_equal(*ret, yao_text_of(words[i])))
            return YAO_OK;
    return YAO_E_VALUE;
}

static yao_status put_closed(app_call *call, const store_case *c,
                             yao_text outcome, const char *event)
{
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {.kind    = event,
                                 .subject = c->subject,
                                 .id      = c->id};

    store_close_case(&change, c->id, outcome,
                     console_operator_id(console_who(call)), call->now);
    YAO_TRY(console_put_event(call, &change, &deed));
    yao_status status = store_commit(server_authority(call)->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_E_MISMATCH : status;
}

static yao_status close_case(app_call *call, app_reply *ret)
{
    store_case c;
    yao_text   outcome;

    YAO_TRY(get_case(call, &c));
    if ((rule_of(c.kind)->closes & console_who(call)->roles) == 0)
        return YAO_E_NOT_AUTHORISED;
    yao_status status = read_outcome(call, &outcome);
    if (status == YAO_OK && is_about(call, &c))
        status = YAO_E_DUPLICATE;
    if (status == YAO_OK)
        status = put_closed(call, &c, outcome, "case.close");
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_empty(ret, 204);
}

/* ---- acts --------------------------------------------------------------- */

static yao_status get_act(app_call *call, store_case *c,
                          const console_act **act)
{
    YAO_TRY(get_case(call, c));
    *act = console_find_act(c->kind);
    if (*act == NULL)
        return YAO_E_NOT_FOUND;
    return c->state == STORE_CASE_DECIDED ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status put_confirmed(app_call *call, const console_act *act,
                                const store_case *c, console_done *done)
{
    yao_bytes          who    = console_operator_id(console_who(call));
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {.kind    = "case.confirm",
                                 .subject = c->subject,
                                 .what    = act->kind,
                                 .id      = c->id};
    const yao_json    *detail;

    if ((act->confirms & console_who(call)->roles) == 0)
        return YAO_E_NOT_AUTHORISED;
    if (yao_bytes_equal(who, c->decided_by))
        return YAO_E_DUPLICATE;
    YAO_TRY(yao_json_parse(call->arena, yao_text_bytes(c->detail), &detail));
    store_confirm_case(&change, c->id, YAO_TEXT("accept"), who, call->now);
    store_claim_operator(&change, c->decided_by, act->asks);
    YAO_TRY(act->put(call, &change, c, detail, done));
    YAO_TRY(console_put_event(call, &change, &deed));
    yao_status status = store_commit(server_authority(call)->store, &change);
    /* somebody else confirmed, or what it is about changed meanwhile */
    return status == YAO_E_NOT_AUTHORISED || status == YAO_E_NOT_FOUND
               ? YAO_E_MISMATCH
               : status;
}

static yao_status confirm_act(app_call *call, app_reply *ret)
{
    const console_act *act;
    console_done       done = {YAO_TEXT(""), YAO_TEXT("")};
    store_case         c;
    bool               first  = true;
    yao_status         status = get_act(call, &c, &act);

    if (status == YAO_OK)
        status = put_confirmed(call, act, &c, &done);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    server_nudge_call(call, "lists");
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    if (done.member.len != 0) {
        yao_json_put_name_text(&w, &first, done.member);
        yao_json_put_string(&w, done.value);
    }
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* Who asked may take it back. */
static yao_status refuse_act(app_call *call, app_reply *ret)
{
    const console_act *act;
    store_case         c;
    yao_status         status = get_act(call, &c, &act);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    bool own = yao_bytes_equal(console_operator_id(console_who(call)),
                               c.decided_by);
    if (!own && (act->confirms & console_who(call)->roles) == 0)
        return YAO_E_NOT_AUTHORISED;
    status = put_closed(call, &c, YAO_TEXT("refuse"), "case.refuse");
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return app_reply_empty(ret, 204);
}

static yao_status ask_bulk(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.bulk_revoke");
}

static yao_status ask_restore(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.restore");
}

static yao_status ask_guardian(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.guardian");
}

static yao_status ask_hold(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.hold");
}

static yao_status ask_erasure(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.erase");
}

static yao_status ask_rotation(app_call *call, app_reply *ret)
{
    return console_ask(call, ret, "act.rotate_signer");
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"GET", "/api/cases", APP_OPERATOR, list, CONSOLE_ANY_ROLE, 0},
    {"POST", "/api/cases/{id}/take", APP_OPERATOR, take, ANYBODY_BUT_AUDITORS,
     0},
    {"POST", "/api/cases/{id}/open", APP_OPERATOR | APP_JSON, open_case,
     ANYBODY_BUT_AUDITORS, 1024},
    {"POST", "/api/cases/{id}/decide", APP_OPERATOR | APP_JSON, decide,
     APP_CLERK | SENIORS, 1024},
    {"POST", "/api/cases/{id}/confirm", APP_OPERATOR | APP_JSON, confirm,
     SENIORS, 1024},
    {"POST", "/api/cases/{id}/return", APP_OPERATOR, give_back, SENIORS, 0},
    {"POST", "/api/cases/{id}/close", APP_OPERATOR | APP_JSON, close_case,
     SENIORS | APP_REGISTRAR, 1024},
    {"POST", "/api/acts/bulk-revoke", APP_OPERATOR | APP_JSON, ask_bulk,
     SENIORS, 16384},
    {"POST", "/api/acts/restore", APP_OPERATOR | APP_JSON, ask_restore, SENIORS,
     2048},
    {"POST", "/api/acts/guardian", APP_OPERATOR | APP_JSON, ask_guardian,
     SENIORS, 2048},
    {"POST", "/api/acts/hold", APP_OPERATOR | APP_JSON, ask_hold, SENIORS, 4096},
    {"POST", "/api/acts/erase", APP_OPERATOR | APP_JSON, ask_erasure, SENIORS,
     2048},
    {"POST", "/api/acts/rotate-signer", APP_OPERATOR | APP_JSON, ask_rotation,
     APP_ADMINISTRATOR, 1024},
    {"POST", "/api/acts/{id}/confirm", APP_OPERATOR, confirm_act,
     SENIORS | APP_REGISTRAR | APP_ADMINISTRATOR, 0},
    {"POST", "/api/acts/{id}/refuse", APP_OPERATOR, refuse_act,
     SENIORS | APP_REGISTRAR | APP_ADMINISTRATOR, 0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

const authority_part console_case_part = {.tables = tables, .table_count = 1};
