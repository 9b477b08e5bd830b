/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person at the counter. Everything is asked with POST: whom it is about is
 * in the body, never in an address that a proxy writes down.
 */
#include "authority/console/find.h"

#include "authority/enrol/level.h"
#include "authority/issue.h"
#include "authority/life/export.h"
#include "authority/vci/offering.h"
#include "store/enrolment.h"

#include <string.h>

enum { ANY_LEVEL = 4, CODE = 12 };

#define SENIORS (APP_OFFICER | APP_SUPERVISOR)
#define COUNTER (APP_CLERK | SENIORS)


/* ---- a person, told ------------------------------------------------------ */

/* What a clerk needs to see who stands there; the others see the record. */
static void put_who(yao_writer *w, const yao_json *record)
{
    static const char *const names[] = {"number", "name", "birth_date", "sex",
                                        "nationality"};
    bool                     first   = true;

    yao_put_byte(w, '{');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const yao_json *value = yao_json_get(record, names[i]);
        if (value == NULL)
            continue;
        yao_json_put_name(w, &first, names[i]);
        yao_json_put_value(w, value);
    }
    yao_put_byte(w, '}');
}

static void put_device(yao_writer *w, const store_enrolment *e)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", e->id);
    yao_json_put_member(w, &first, "state",
                        yao_text_of(enrol_state_word(e->state)));
    yao_json_put_member_int(w, &first, "level", e->level);
    yao_json_put_member(w, &first, "level_word",
                        yao_text_of(enrol_level_word(e->level)));
    yao_json_put_member_int(w, &first, "factors", e->factors);
    yao_json_put_member_int(w, &first, "started", e->started);
    yao_json_put_member_int(w, &first, "changed", e->changed);
    yao_put_byte(w, '}');
}

/* Not who the other one is: that takes a look at them. */
static void put_guardian(yao_writer *w, const store_guardian *g,
                         yao_bytes holder)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "is",
                        yao_bytes_equal(g->child, holder)
                            ? YAO_TEXT("child")
                            : YAO_TEXT("guardian"));
    yao_json_put_member(w, &first, "reason", g->reason);
    yao_json_put_member_int(w, &first, "started", g->started);
    yao_json_put_member_int(w, &first, "ends",
                            g->ended != 0 ? g->ended : g->ends);
    yao_put_byte(w, '}');
}

typedef struct file {
    store_bar       *bars;
    size_t           bar_count;
    store_document  *documents;
    store_enrolment *devices;
    store_guardian  *guardians;
    size_t           document_count, device_count, guardian_count;
} file;

static yao_status gather(app_call *call, yao_bytes holder, file *f)
{
    store *s = server_authority(call)->store;

    YAO_TRY(store_list_documents(s, holder, call->arena, &f->documents,
                                 &f->document_count));
    YAO_TRY(store_list_enrolments(s, holder, call->arena, &f->devices,
                                  &f->device_count));
    YAO_TRY(store_list_bars(s, holder, call->arena, &f->bars, &f->bar_count));
    return store_list_guardians(s, holder, call->arena, &f->guardians,
                                &f->guardian_count);
}

static void put_file(yao_writer *w, bool *first, const file *f,
                     yao_bytes holder)
{
    bool inner = true;

    yao_json_put_name(w, first, "documents");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < f->document_count; i++) {
        yao_json_put_next(w, &inner);
        life_write_document(w, &f->documents[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, first, "devices");
    yao_put_byte(w, '[');
    inner = true;
    for (size_t i = 0; i < f->device_count; i++) {
        yao_json_put_next(w, &inner);
        put_device(w, &f->devices[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, first, "bars");
    yao_put_byte(w, '[');
    inner = true;
    for (size_t i = 0; i < f->bar_count; i++) {
        yao_json_put_next(w, &inner);
        life_write_bar(w, &f->bars[i]);
    }
    yao_put_byte(w, ']');
    yao_json_put_name(w, first, "guardians");
    yao_put_byte(w, '[');
    inner = true;
    for (size_t i = 0; i < f->guardian_count; i++) {
        yao_json_put_next(w, &inner);
        put_guardian(w, &f->guardians[i], holder);
    }
    yao_put_byte(w, ']');
}

static yao_status tell_person(app_call *call, const people_person *person,
                              app_reply *ret)
{
    yao_bytes holder = {person->holder, STORE_HASH_LEN};
    file     *f      = yao_arena_take(call->arena, sizeof *f);
    uint8_t   handle[STORE_HASH_LEN];
    bool      first = true;

    if (f == NULL)
        return YAO_E_SPACE;
    YAO_TRY(gather(call, holder, f));
    YAO_TRY(console_handle(call, person, handle));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "person",
                            (yao_bytes){handle, sizeof handle});
    yao_json_put_name(&w, &first, "who");
    put_who(&w, person->record);
    if ((console_who(call)->roles & SENIORS) != 0) {
        yao_json_put_name(&w, &first, "record");
        yao_json_put_value(&w, person->record);
    }
    yao_json_put_member_int(&w, &first, "registered",
                            person->stored.registered);
    put_file(&w, &first, f, holder);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- looking ------------------------------------------------------------- */

static yao_status look(app_call *call, console_look_wish *wish,
                       people_person *ret, const char **purpose)
{
    YAO_TRY(app_body_json(call, &wish->body));
    return console_look(call, wish, ret, purpose);
}

static yao_status find_person(app_call *call, app_reply *ret)
{
    console_look_wish wish = {.what = "record"};
    people_person     person;
    const char       *purpose;
    yao_status        status = look(call, &wish, &person, &purpose);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    status = tell_person(call, &person, ret);
    people_close(&person);
    return status;
}

static yao_status show_person(app_call *call, app_reply *ret)
{
    console_look_wish wish = {.member = "person", .what = "record"};
    people_person     person;
    const char       *purpose;
    yao_status        status = look(call, &wish, &person, &purpose);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    status = tell_person(call, &person, ret);
    people_close(&person);
    return status;
}

static yao_status show_portrait(app_call *call, app_reply *ret)
{
    console_look_wish wish = {.member = "person", .what = "portrait"};
    people_person     person;
    const char       *purpose;
    yao_bytes         jpeg;
    yao_status        status = look(call, &wish, &person, &purpose);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    status = people_portrait(server_authority(call), &person, STORE_PORTRAIT,
                             call->arena, &jpeg);
    people_close(&person);
    YAO_TRY(status);
    if (jpeg.len == 0)
        return YAO_E_NOT_FOUND;
    YAO_TRY(app_reply_bytes(ret, 200, "image/jpeg", jpeg));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

/* ---- offers -------------------------------------------------------------- */

static yao_status read_configurations(app_call *call, const yao_json *body,
                                      vci_offering *o)
{
    const yao_json *list = yao_json_get(body, "configurations");

    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0)
        return YAO_E_MISSING;
    if (list->count > YAO_VCI_MAX_OFFERED)
        return YAO_E_VALUE;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(yao_json_string(i, call->arena, &o->ids[o->id_count++]));
    return YAO_OK;
}

static yao_status read_vehicle(const yao_json *body, vci_offering *o)
{
    const yao_json *vehicle = yao_json_get(body, "vehicle");
    int64_t         which   = 0;

    if (vehicle != NULL)
        YAO_TRY(yao_json_int(vehicle, &which));
    if (which < 0 || which > VCI_MAX_VEHICLE)
        return YAO_E_VALUE;
    o->note.vehicle = (uint8_t)which;
    return YAO_OK;
}

static bool is_code(yao_text code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] < '0' || code.ptr[i] > '9')
            return false;
    return code.len >= 4;
}

/* The person types the code at the counter: a link alone is worth nothing. */
static yao_status read_offering(app_call *call, const yao_json *body,
                                vci_offering *o)
{
    const console_member member = {"tx_code", CODE, false};

    o->authority = server_authority(call);
    o->arena     = call->arena;
    o->catalogue = server_catalogue(call);
    o->url       = server_url(call);
    o->now       = call->now;
    YAO_TRY(read_configurations(call, body, o));
    YAO_TRY(read_vehicle(body, o));
    YAO_TRY(console_read_text(call, body, &member, &o->tx_code));
    return is_code(o->tx_code) ? YAO_OK : YAO_E_VALUE;
}

static yao_status tell_offer(app_call *call, const vci_offered *made,
                             app_reply *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "link", made->link);
    yao_json_put_member(&w, &first, "reference", made->reference);
    yao_json_put_member_int(&w, &first, "expires_in", made->seconds);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 201, &w);
}

/* What a clerk offers waits for two operators (misuse T5: one alone must not
 * make an identity); an officer sees the person. */
static yao_status offer(app_call *call, app_reply *ret)
{
    vci_offering     *o    = yao_arena_take(call->arena, sizeof *o);
    console_look_wish wish = {.member = "person", .what = "offer"};
    people_person     person;
    const char       *purpose;
    vci_offered       made;

    if (o == NULL)
        return YAO_E_SPACE;
    YAO_TRY(app_body_json(call, &wish.body));
    yao_status status = read_offering(call, wish.body, o);
    if (status == YAO_OK)
        status = console_look(call, &wish, &person, &purpose);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    o->note.officer = (console_who(call)->roles & SENIORS) == 0;
    memcpy(o->note.by, console_who(call)->id, STORE_ID_LEN);
    o->number       = person.number;
    status          = vci_offering_make(o, &made);
    people_close(&person);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    return tell_offer(call, &made, ret);
}

/* ---- documents ----------------------------------------------------------- */

typedef struct wanted {
    people_person    person;
    console_issuance issuance;
    yao_text         reason;
    const char      *purpose;
} wanted;

static yao_status read_wanted(app_call *call, const char *what, wanted *ret)
{
    const console_member id = {"id", 2 * STORE_ID_LEN, false};
    const console_member reason = {"reason", 32, false};
    console_look_wish    wish = {.member = "person", .what = what};
    yao_text             hex;

    YAO_TRY(app_body_json(call, &wish.body));
    YAO_TRY(console_read_text(call, wish.body, &id, &hex));
    YAO_TRY(console_read_text(call, wish.body, &reason, &ret->reason));
    YAO_TRY(console_look(call, &wish, &ret->person, &ret->purpose));
    yao_status status = console_find_issuance(
        call, hex, (yao_bytes){ret->person.holder, STORE_HASH_LEN},
        &ret->issuance);
    people_close(&ret->person);
    return status;
}

static yao_status turn_once(app_call *call, const wanted *v,
                            const console_turn *turn)
{
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {.kind    = "console.turn",
                                 .subject = v->issuance.batches[0].holder,
                                 .purpose = v->purpose,
                                 .what    = turn->verb,
                                 .id      = v->issuance.id};

    if (turn->to == STORE_REVOKED)
        YAO_TRY(console_count(call, &change, CONSOLE_REVOCATIONS));
    YAO_TRY(console_put_turn(call, &change, &v->issuance, turn));
    YAO_TRY(console_put_event(call, &change, &deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status turn(app_call *call, app_reply *ret, console_turn turning)
{
    wanted    *v      = yao_arena_take(call->arena, sizeof *v);
    yao_status status = v != NULL ? read_wanted(call, turning.verb, v)
                                  : YAO_E_SPACE;

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    turning.reason = v->reason;
    status         = turn_once(call, v, &turning);
    if (status == YAO_E_NOT_FOUND) /* somebody else was first */
        status = YAO_E_MISMATCH;
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    server_nudge_call(call, "lists");
    return app_reply_empty(ret, 204);
}

static yao_status revoke(app_call *call, app_reply *ret)
{
    return turn(call, ret, (console_turn){"revoke", STORE_REVOKED,
                                          YAO_TEXT("")});
}

static yao_status suspend(app_call *call, app_reply *ret)
{
    return turn(call, ret, (console_turn){"suspend", STORE_SUSPENDED,
                                          YAO_TEXT("")});
}

/* ---- devices ------------------------------------------------------------- */

static yao_status end_device_of(app_call *call, const console_deed *deed)
{
    const enrol           e      = enrol_of(call);
    store_change          change = store_change_open(call->arena);
    const store_enrolment which  = {
         .id = deed->id, .holder = deed->subject, .level = ANY_LEVEL};

    YAO_TRY(enrol_end_guarded(&e, &which));
    store_end_enrolment(&change, deed->id, deed->subject, ANY_LEVEL, call->now);
    enrol_put_lost(&change, deed->subject, ANY_LEVEL);
    YAO_TRY(console_put_event(call, &change, deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status read_device(app_call *call, console_deed *deed)
{
    const console_member id     = {"id", 2 * STORE_ID_LEN, false};
    console_look_wish    wish   = {.member = "person", .what = "devices"};
    uint8_t             *holder = yao_arena_take(call->arena, STORE_HASH_LEN);
    people_person        person;
    yao_text             hex;

    if (holder == NULL)
        return YAO_E_SPACE;
    YAO_TRY(app_body_json(call, &wish.body));
    YAO_TRY(console_read_text(call, wish.body, &id, &hex));
    YAO_TRY(console_read_hex(call, hex, STORE_ID_LEN, &deed->id));
    YAO_TRY(console_look(call, &wish, &person, &deed->purpose));
    for (size_t i = 0; i < STORE_HASH_LEN; i++)
        holder[i] = person.holder[i];
    deed->subject = (yao_bytes){holder, STORE_HASH_LEN};
    people_close(&person);
    return YAO_OK;
}

static yao_status end_device(app_call *call, app_reply *ret)
{
    console_deed deed   = {.kind = "enrolment.end", .what = "device"};
    yao_status   status = read_device(call, &deed);

    if (status == YAO_OK)
        status = end_device_of(call, &deed);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    server_nudge_call(call, "enrol"); /* its documents follow */
    return app_reply_empty(ret, 204);
}

/* ---- freezing ----------------------------------------------------------- */

static yao_status freeze_them(app_call *call, const people_person *person)
{
    const enrol        e      = enrol_of(call);
    uint8_t            handle[STORE_HASH_LEN];
    const life_subject who = {{person->holder, STORE_HASH_LEN},
                              {handle, sizeof handle}};
    store_change       change = store_change_open(call->arena);

    YAO_TRY(console_handle(call, person, handle));
    store_end_sessions_of(&change, who.holder);
    YAO_TRY(store_commit(e.a->store, &change));
    return life_freeze(&e, &who, "officer");
}

/* Who lost their telephone calls; unfreezing is the person's own. */
static yao_status freeze(app_call *call, app_reply *ret)
{
    console_look_wish wish = {.member = "person", .what = "freeze"};
    people_person     person;
    const char       *purpose;
    yao_status        status = look(call, &wish, &person, &purpose);

    if (status == YAO_OK) {
        status = freeze_them(call, &person);
        people_close(&person);
    }
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    server_nudge_call(call, "lists");
    return app_reply_empty(ret, 204);
}

/* ---- the table ----------------------------------------------------------- */

static const app_route routes[] = {
    {"POST", "/api/person/find", APP_OPERATOR | APP_JSON, find_person, COUNTER,
     2048},
    {"POST", "/api/person", APP_OPERATOR | APP_JSON, show_person, COUNTER,
     2048},
    {"POST", "/api/person/portrait", APP_OPERATOR | APP_JSON, show_portrait,
     COUNTER, 2048},
    {"POST", "/api/person/offer", APP_OPERATOR | APP_JSON, offer, COUNTER,
     4096},
    {"POST", "/api/person/document/revoke", APP_OPERATOR | APP_JSON, revoke,
     SENIORS, 2048},
    {"POST", "/api/person/document/suspend", APP_OPERATOR | APP_JSON, suspend,
     COUNTER, 2048},
    {"POST", "/api/person/freeze", APP_OPERATOR | APP_JSON, freeze, COUNTER,
     2048},
    {"POST", "/api/person/device/end", APP_OPERATOR | APP_JSON, end_device,
     SENIORS, 2048},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

const authority_part console_person_part = {.tables = tables, .table_count = 1};
