/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person's own part: what they have, freezing and a lost telephone (also
 * with number and code alone: who lost it has no session), notices, renewal,
 * export, cases.
 */
#include "authority/enrol/level.h"
#include "authority/enrol/routes.h"
#include "authority/life/export.h"
#include "authority/vci/offering.h"

#include "app/files.h"

#include <string.h>

/* Letters of a case's text; notices in one answer. */
#define MAX_TEXT 4000
#define MAX_NOTICES 200

/* ---- who ---- */

static const enrol_person *person_of(const app_call *call)
{
    return &((const enrol_visitor *)call->who)->person;
}

static life_subject subject_of(const enrol_person *who)
{
    return (life_subject){.holder = {who->holder, STORE_HASH_LEN},
                          .lookup = {who->lookup, STORE_HASH_LEN}};
}

/* By the session, where there is one. */
static yao_status find_session(app_call *call, app_reply *ret,
                               enrol_person *who, bool *done)
{
    yao_status status = enrol_session_door(call);

    if (status == YAO_OK) {
        *who = *person_of(call);
        return YAO_OK;
    }
    if (status != YAO_E_NOT_FOUND)
        return status;
    *done = true;
    return enrol_refuse(
        ret, call, 401, "login",
        WORDS("Nobody is logged in. Give number and access code.",
              "尚未登录。请提供号码与访问口令。"),
        0);
}

/* Who says so: with number and code in the body, or by a session. Out: BY. A
 * refusal is answered; DONE then. */
static yao_status authenticate(app_call *call, app_reply *ret, const enrol *e,
                               enrol_person *who, const char **by, bool *done)
{
    const yao_json *body;
    yao_text        number, code;
    int64_t         wait = 0;

    *done = false;
    YAO_TRY(app_body_json(call, &body));
    if (yao_json_get(body, "number") == NULL &&
        yao_json_get(body, "code") == NULL) {
        *by = "session";
        return find_session(call, ret, who, done);
    }
    *by = "code";
    YAO_TRY(
        yao_json_string(yao_json_get(body, "number"), call->arena, &number));
    YAO_TRY(yao_json_string(yao_json_get(body, "code"), call->arena, &code));
    yao_status status = enrol_log_in(e, number, code, who, &wait);
    if (status == YAO_OK)
        return YAO_OK;
    *done = true;
    return enrol_tell_login(ret, call, status, wait);
}

static void publish(const app_call *call)
{
    server_nudge_call(call, "lists");
    server_nudge_call(call, "log");
}

static yao_status reply_word(app_reply *ret, app_call *call, int status,
                             const char *name, const char *word)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, name, yao_text_of(word));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

/* ---- freezing ---- */

/* Who freezes with the code has no session, or does not trust those that there
 * are: somebody else may have the telephone in hand. */
static yao_status end_sessions(const enrol *e, const enrol_person *who,
                               const char *by)
{
    store_change change = store_change_open(e->arena);

    if (strcmp(by, "code") != 0)
        return YAO_OK;
    enrol_end_sessions(&change, who);
    return store_commit(e->a->store, &change);
}

/* Who asks twice has what they asked for. */
static yao_status freeze(app_call *call, app_reply *ret)
{
    enrol        e = enrol_of(call);
    enrol_person who;
    const char  *by;
    bool         done;

    YAO_TRY(authenticate(call, ret, &e, &who, &by, &done));
    if (done)
        return YAO_OK;
    life_subject subject = subject_of(&who);
    yao_status   status  = end_sessions(&e, &who, by);
    if (status == YAO_OK)
        status = life_freeze(&e, &subject, by);
    if (status == YAO_OK || status == YAO_E_EXISTS) {
        publish(call);
        status = reply_word(ret, call, 200, "state", "frozen");
    }
    yao_wipe(&who, sizeof who);
    return status;
}

/* A passkey is on the telephone that was lost, and opens with its lock: what
 * the owner froze, it does not give back. */
static yao_status tell_code_first(app_call *call, app_reply *ret)
{
    return enrol_refuse(
        ret, call, 403, "code",
        WORDS("A passkey alone does not unfreeze. Give number and access "
              "code; a kiosk gives a new code.",
              "仅凭通行密钥不能解冻。请提供号码与访问口令；可到终端重设"
              "口令。"),
        0);
}

static yao_status unfreeze_for(app_call *call, app_reply *ret, const enrol *e,
                               const enrol_person *who)
{
    const life_subject subject = subject_of(who);

    if (who->proof != ENROL_BY_CODE)
        return tell_code_first(call, ret);
    yao_status status = life_unfreeze(e, &subject);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    publish(call);
    return reply_word(ret, call, 200, "state", "open");
}

static yao_status unfreeze(app_call *call, app_reply *ret)
{
    enrol        e = enrol_of(call);
    enrol_person who;
    const char  *by;
    bool         done;

    YAO_TRY(authenticate(call, ret, &e, &who, &by, &done));
    if (done)
        return YAO_OK;
    yao_status status = unfreeze_for(call, ret, &e, &who);
    yao_wipe(&who, sizeof who);
    return status;
}

/* ---- a lost telephone ---- */

/* All devices that the code reaches; of a higher level a kiosk or an officer
 * ends them. Sessions too: somebody may have the telephone in hand. */
static yao_status lose(app_call *call, app_reply *ret)
{
    enrol        e = enrol_of(call);
    enrol_person who;
    const char  *by;
    bool         done;
    size_t       count = 0;
    yao_writer   w;

    YAO_TRY(authenticate(call, ret, &e, &who, &by, &done));
    if (done)
        return YAO_OK;
    yao_status status =
        enrol_end_devices(&e, (yao_bytes){who.holder, STORE_HASH_LEN},
                          who.code_level, &count);
    yao_wipe(&who, sizeof who);
    YAO_TRY(status);
    server_nudge_call(call, "enrol");
    publish(call);
    w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"devices_ended\":");
    yao_put_decimal(&w, (int64_t)count);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- what I have ---- */

typedef struct having {
    store_document *documents;
    size_t          document_count;
    store_bar      *bars;
    size_t          bar_count;
} having;

static bool is_frozen(const having *h)
{
    for (size_t i = 0; i < h->bar_count; i++)
        if (h->bars[i].kind == STORE_BAR_FREEZE && h->bars[i].ended == 0)
            return true;
    return false;
}

static void write_having(yao_writer *w, const enrol_person *who,
                         const having *h)
{
    bool first = true, none = true;

    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &first, "level", who->level);
    yao_json_put_member_bool(w, &first, "frozen", is_frozen(h));
    yao_json_put_name(w, &first, "documents");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < h->document_count; i++) {
        yao_json_put_next(w, &none);
        life_write_document(w, &h->documents[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, &first, "bars");
    yao_put_byte(w, '[');
    none = true;
    for (size_t i = 0; i < h->bar_count; i++) {
        if (h->bars[i].ended != 0)
            continue;
        yao_json_put_next(w, &none);
        life_write_bar(w, &h->bars[i]);
    }
    yao_put_text(w, "],\"devices\":\"/person/devices\"}");
}

static yao_status show_me(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    const yao_bytes     holder = {who->holder, STORE_HASH_LEN};
    having              h;
    yao_writer          w;

    YAO_TRY(store_list_documents(e.a->store, holder, call->arena, &h.documents,
                                 &h.document_count));
    YAO_TRY(store_list_bars(e.a->store, holder, call->arena, &h.bars,
                            &h.bar_count));
    w = yao_writer_in(call->arena);
    write_having(&w, who, &h);
    return app_reply_json(ret, call, 200, &w);
}

/* ---- notices ---- */

static yao_status list_notices(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    store_notice       *list;
    size_t              count;

    YAO_TRY(store_list_notices(e.a->store,
                               (yao_bytes){who->holder, STORE_HASH_LEN},
                               MAX_NOTICES, call->arena, &list, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"notices", list, count, sizeof *list, life_write_notice});
}

static yao_status see_notice(app_call *call, app_reply *ret)
{
    enrol               e      = enrol_of(call);
    const enrol_person *who    = person_of(call);
    store_change        change = store_change_open(call->arena);
    uint8_t             id[STORE_ID_LEN];

    YAO_TRY(authority_read_id(call->parts[0], id, sizeof id));
    store_see_notice(&change, (yao_bytes){id, sizeof id},
                     (yao_bytes){who->holder, STORE_HASH_LEN}, e.now);
    YAO_TRY(store_commit(e.a->store, &change));
    return app_reply_empty(ret, 204);
}

/* ---- renewal ---- */

/* The documents that are named, in the formats in which the person has them
 * had; whoever takes the offer logs in, as at the first time. */
static yao_status read_wanted(app_call *call, vci_offering *o)
{
    const yao_json *body, *list;

    YAO_TRY(app_body_json(call, &body));
    list = yao_json_get(body, "configurations");
    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return YAO_E_MISSING;
    if (list->count == 0 || list->count > YAO_VCI_MAX_OFFERED)
        return YAO_E_LIMIT;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(yao_json_string(i, call->arena, &o->ids[o->id_count++]));
    return YAO_OK;
}

static yao_status reply_offer(app_call *call, app_reply *ret,
                              const vci_offered *offered)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "offer", offered->link);
    yao_json_put_member_int(&w, &first, "seconds", offered->seconds);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

static yao_status tell_barred(app_call *call, app_reply *ret)
{
    return enrol_refuse(
        ret, call, 409, "barred",
        WORDS("Your documents are frozen or held, so nothing is issued. "
              "Unfreeze them, or see your notices for the end of the hold.",
              "您的证件已冻结或被扣押，暂不签发。请先解冻，或在通知中查看"
              "扣押期限。"),
        0);
}

static yao_status renew(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    vci_offering       *o   = yao_arena_take(call->arena, sizeof *o);
    vci_offered         offered;
    uint64_t            bars = 0;

    if (o == NULL)
        return YAO_E_SPACE;
    YAO_TRY(store_count_bars_by(
        e.a->store, (yao_bytes){who->lookup, STORE_HASH_LEN}, &bars));
    if (bars > 0)
        return tell_barred(call, ret);
    *o = (vci_offering){.authority = e.a,
                        .arena     = call->arena,
                        .catalogue = e.catalogue,
                        .url       = server_url(call),
                        .now       = call->now,
                        .number    = {who->number, who->number_len},
                        .by_code   = true};
    YAO_TRY(read_wanted(call, o));
    YAO_TRY(vci_offering_make(o, &offered));
    return reply_offer(call, ret, &offered);
}

/* ---- all that is held ---- */

static yao_status export(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    yao_bytes           json;

    YAO_TRY(life_export(&e, (yao_bytes){who->lookup, STORE_HASH_LEN}, &json));
    YAO_TRY(app_reply_bytes(ret, 200, "application/json", json));
    YAO_TRY(app_reply_header(ret, "Content-Disposition",
                             YAO_TEXT("attachment; filename=\"yaopai.json\"")));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

/* ---- cases ---- */

static yao_status open_case(app_call *call, app_reply *ret, const char *kind)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    const yao_json     *body;
    yao_text            text;
    people_person       person;
    yao_bytes           id;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(yao_json_string(yao_json_get(body, "text"), call->arena, &text));
    if (text.len == 0 || text.len > MAX_TEXT)
        return enrol_refuse(
            ret, call, 400, "text",
            WORDS("Nothing was written, or too much. Write up to 4,000 bytes.",
                  "内容为空或过长。请填写不超过 4,000 字节。"),
            0);
    YAO_TRY(people_find_by(e.a, (yao_bytes){who->lookup, STORE_HASH_LEN},
                           call->arena, &person));
    yao_status status = life_put_case(&e, &person, kind, text, &id);
    people_close(&person);
    if (status == YAO_E_EXISTS)
        return enrol_refuse(
            ret, call, 409, "open",
            WORDS("A case of this kind is open. Wait for its decision; you "
                  "find it among your cases.",
                  "同类申请正在处理。请等待决定，可在我的申请中查看。"),
            0);
    YAO_TRY(status);
    return app_reply_id(ret, call, 201, "case", id);
}

static yao_status ask_correction(app_call *call, app_reply *ret)
{
    return open_case(call, ret, "person.correction");
}

static yao_status complain(app_call *call, app_reply *ret)
{
    return open_case(call, ret, "person.complaint");
}

static yao_status ask_erasure(app_call *call, app_reply *ret)
{
    return open_case(call, ret, "person.erase");
}

static void write_case(yao_writer *w, const void *item)
{
    const store_case        *k       = item;
    static const char *const words[] = {"none", "open", "decided", "closed"};
    bool                     first   = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", k->id);
    yao_json_put_member(w, &first, "kind", k->kind);
    yao_json_put_member(
        w, &first, "state",
        yao_text_of(words[k->state >= 1 && k->state <= 3 ? k->state : 0]));
    yao_json_put_member_int(w, &first, "opened", k->opened);
    if (k->state == STORE_CASE_CLOSED)
        yao_json_put_member(w, &first, "decision", k->decision);
    yao_put_byte(w, '}');
}

static yao_status list_cases(app_call *call, app_reply *ret)
{
    enrol               e   = enrol_of(call);
    const enrol_person *who = person_of(call);
    store_case         *list;
    size_t              count;

    YAO_TRY(store_list_cases_of(e.a->store,
                                (yao_bytes){who->holder, STORE_HASH_LEN},
                                MAX_NOTICES, call->arena, &list, &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"cases", list, count, sizeof *list, write_case});
}

/* ---- from a wallet's page ---- */

/* A device's key opens what it may see anyway: the whole record, or its end,
 * is for whoever knows the code as well. */
static yao_status export_by_code(app_call *call, app_reply *ret)
{
    return person_of(call)->proof == ENROL_BY_CODE ? export(call, ret)
                                                   : enrol_tell_code(ret, call);
}

static yao_status erase_by_code(app_call *call, app_reply *ret)
{
    return person_of(call)->proof == ENROL_BY_CODE ? ask_erasure(call, ret)
                                                   : enrol_tell_code(ret, call);
}

/* ---- tables ---- */

static const app_route routes[] = {
    {"GET", "/person", APP_SESSION, show_me, 0, 0},
    {"POST", "/person/freeze", APP_PAGE | APP_JSON, freeze, 0, 1024},
    {"POST", "/person/unfreeze", APP_PAGE | APP_JSON, unfreeze, 0, 1024},
    {"POST", "/person/lost", APP_PAGE | APP_JSON, lose, 0, 1024},
    /* by number and code only, from the page of any wallet */
    {"POST", "/wallet/freeze", APP_ANY_WALLET | APP_JSON, freeze, 0, 1024},
    {"POST", "/wallet/lost", APP_ANY_WALLET | APP_JSON, lose, 0, 1024},
    {"GET", "/person/notices", APP_SESSION, list_notices, 0, 0},
    {"POST", "/person/notices/{id}/seen", APP_SESSION, see_notice, 0, 0},
    {"POST", "/person/renewal", APP_SESSION | APP_JSON, renew, 0, 4096},
    {"GET", "/person/export", APP_SESSION, export, 0, 0},
    {"POST", "/person/correction", APP_SESSION | APP_JSON, ask_correction, 0,
     16384},
    {"POST", "/person/complaint", APP_SESSION | APP_JSON, complain, 0, 16384},
    {"POST", "/person/erasure", APP_SESSION | APP_JSON, ask_erasure, 0, 16384},
    {"GET", "/person/cases", APP_SESSION, list_cases, 0, 0},
    /* in the session of a wallet's page, or by number and code */
    {"GET", "/wallet/record", APP_WALLET, show_me, 0, 0},
    {"POST", "/wallet/unfreeze", APP_ANY_WALLET | APP_JSON, unfreeze, 0, 1024},
    {"GET", "/wallet/notices", APP_WALLET, list_notices, 0, 0},
    {"POST", "/wallet/notices/{id}/seen", APP_WALLET, see_notice, 0, 0},
    {"GET", "/wallet/export", APP_WALLET, export_by_code, 0, 0},
    {"POST", "/wallet/correction", APP_WALLET | APP_JSON, ask_correction, 0,
     16384},
    {"POST", "/wallet/complaint", APP_WALLET | APP_JSON, complain, 0, 16384},
    {"POST", "/wallet/erasure", APP_WALLET | APP_JSON, erase_by_code, 0, 16384},
    {"GET", "/wallet/cases", APP_WALLET, list_cases, 0, 0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

/* ---- jobs ---- */

/* What ends by itself, what came in between, what has to be renewed. Guardians
 * that end are the job "enrol"'s. */
static yao_status run_life(authority_server *server, authority *a,
                           yao_arena *arena, int64_t fence)
{
    enrol        e      = {.a         = a,
                           .catalogue = yao_catalogue_shipped(),
                           .arena     = arena,
                           .now       = yao_now()};
    store_change change = store_change_open(arena);
    size_t       ended = 0, mended = 0, told = 0;

    store_put_fence(&change, YAO_TEXT("life"), fence);
    YAO_TRY(store_commit(a->store, &change));
    YAO_TRY(life_end_due(&e, &ended));
    YAO_TRY(life_mend(&e, &mended));
    YAO_TRY(life_tell_renewals(&e, &told));
    if (ended + mended > 0)
        server_nudge(server, "lists");
    return YAO_OK;
}

static const authority_job jobs[] = {
    {.name = "life", .every_s = 15, .leader = true, .run = run_life},
};

const authority_part authority_life_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
};
