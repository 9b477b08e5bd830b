/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of the documents that somebody has just shown to an officer, by
 * the authority's own record: asked with the officer's certificate, by the
 * numbers of what was shown and no others. What could not be asked is said to
 * be not checked, which is neither good nor bad.
 */
#include "desk/officer.h"
#include "desk/session.h"

#include "app/log.h"

enum { MOST_ROWS = 8 };

/* A document that was shown, with the number it is known by. */
typedef struct shown {
    const yao_definition *definition;
    yao_text              number, plate_kind;
} shown;

typedef struct looking {
    app_call          *call;
    const desk_trust  *trust;
    const yao_profile *profile;
    desk_reader        reader;
    yao_text           reason;
    const yao_json    *result;
    shown              list[MOST_ROWS];
    size_t             count;
} looking;

/* ---- what was shown ---- */

static bool find_value(const looking *l, const yao_json *document,
                       const char *name, yao_text *ret)
{
    const yao_json *list = yao_json_get(document, "attributes");

    for (const yao_json *a = list != NULL ? list->first : NULL; a != NULL;
         a                 = a->next)
        if (yao_json_is(yao_json_get(a, "name"), name))
            return yao_json_string(yao_json_get(a, "value"), l->call->arena,
                                   ret) == YAO_OK;
    return false;
}

static bool read_number(const looking *l, const yao_json *document, shown *s)
{
    if (yao_text_equal(s->definition->name, YAO_TEXT("vehicle_registration")))
        return find_value(l, document, "registration_number", &s->number) &&
               find_value(l, document, "registration_number_type",
                          &s->plate_kind);
    return find_value(l, document, "document_number", &s->number);
}

/* Of one that is not authentic nobody knows whose number it has. */
static void take_document(looking *l, const yao_json *document)
{
    shown    s = {.definition = NULL};
    yao_text type;
    bool     authentic = false;

    if (l->count == MOST_ROWS ||
        yao_json_bool(yao_json_get(document, "authentic"), &authentic) !=
            YAO_OK ||
        !authentic ||
        yao_json_string(yao_json_get(document, "type"), l->call->arena,
                        &type) != YAO_OK)
        return;
    s.definition = yao_document_by_type(&l->trust->bundle.catalogue, type);
    if (s.definition != NULL && read_number(l, document, &s))
        l->list[l->count++] = s;
}

static void take_shown(looking *l)
{
    const yao_json *came = yao_json_get(l->result, "presentations");

    for (const yao_json *p = came != NULL ? came->first : NULL; p != NULL;
         p                 = p->next) {
        const yao_json *documents = yao_json_get(p, "documents");

        for (const yao_json *d = documents != NULL ? documents->first : NULL;
             d != NULL; d      = d->next)
            take_document(l, d);
    }
}

/* ---- asking ---- */

static yao_status write_question(const looking *l, const shown *s,
                                 yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(l->call->arena);
    bool       first = true, inner = true;

    YAO_TRY(desk_put_claims(&w, &first, desk_of(l->call)->reader.serial_number,
                            desk_authority(l->trust), l->call->now));
    yao_json_put_member(&w, &first, "profile", l->profile->name);
    yao_json_put_member(&w, &first, "reason", l->reason);
    yao_json_put_name(&w, &first, "about");
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &inner, "document", s->definition->name);
    if (s->plate_kind.len > 0)
        yao_json_put_member(&w, &inner, "plate_kind", s->plate_kind);
    yao_json_put_member(&w, &inner, s->plate_kind.len > 0 ? "plate" : "number",
                        s->number);
    yao_put_text(&w, "}}");
    return yao_writer_keep(&w, l->call->arena, ret);
}

static yao_status ask(const looking *l, const shown *s, net_answer *ret)
{
    desk_signing signing = {.key         = l->reader.key,
                            .type        = "yaopai-lookup+jwt",
                            .certificate = l->reader.certificate.der};
    desk_authority_call what = {.config    = &desk_of(l->call)->config,
                                .authority = desk_authority(l->trust),
                                .path      = "/officer/lookup"};

    YAO_TRY(write_question(l, s, &signing.payload));
    YAO_TRY(desk_sign(l->call->arena, &signing, &what.jws));
    return desk_ask_authority(&what, l->call->arena, ret);
}

/* ---- the row ---- */

static void put_unchecked(yao_writer *w, bool *first, const char *why)
{
    yao_json_put_member(w, first, "outcome", YAO_TEXT("unknown"));
    yao_json_put_member(w, first, "state", YAO_TEXT("not_checked"));
    yao_json_put_member(w, first, "why", yao_text_of(why));
}

static bool is_good(const yao_json *answer)
{
    const yao_json *flags = yao_json_get(answer, "flags");

    return yao_json_is(yao_json_get(answer, "state"), "valid") &&
           flags != NULL && flags->kind == YAO_JSON_ARRAY && flags->count == 0;
}

/* An answer of another shape is none. */
static bool is_answer(const yao_json *answer)
{
    static const char *const states[] = {"valid", "suspended", "not_issued",
                                         "none"};
    const yao_json *flags = yao_json_get(answer, "flags");
    const yao_json *as_of = yao_json_get(answer, "as_of");
    bool            known = false;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        known = known ||
                yao_json_is(yao_json_get(answer, "state"), states[i]);
    return known && flags != NULL && flags->kind == YAO_JSON_ARRAY &&
           as_of != NULL && as_of->kind == YAO_JSON_NUMBER;
}

static void put_answer(yao_writer *w, bool *first, const yao_json *answer)
{
    static const char *const members[] = {"state", "flags", "as_of"};

    yao_json_put_member(w, first, "outcome",
                        is_good(answer) ? YAO_TEXT("pass") : YAO_TEXT("fail"));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        yao_json_put_name(w, first, members[i]);
        yao_json_put_value(w, yao_json_get(answer, members[i]));
    }
}

/* The answer, or NULL and why there is none. */
static const yao_json *answer_of(const looking *l, const shown *s,
                                 const char **why)
{
    const yao_json *answer = NULL;
    net_answer      came   = {.status = 0};
    yao_status      status = ask(l, s, &came);

    *why = "unreachable";
    if (status != YAO_OK) {
        app_log_status(APP_LOG_WARN, "look-up-failed", "authority", status);
        return NULL;
    }
    if (came.status != 200) {
        *why = came.status == 429 ? "wait" : "refused";
        return NULL;
    }
    *why = "answer";
    if (yao_json_parse(l->call->arena, came.body, &answer) != YAO_OK ||
        !is_answer(answer))
        return NULL;
    return answer;
}

static yao_status write_row(const looking *l, const shown *s, yao_bytes *ret)
{
    const char     *why;
    const yao_json *answer = answer_of(l, s, &why);
    yao_writer      w      = yao_writer_in(l->call->arena);
    bool            first  = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "document", s->definition->name);
    if (answer != NULL)
        put_answer(&w, &first, answer);
    else
        put_unchecked(&w, &first, why);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, l->call->arena, ret);
}

/* ---- the result, with it ---- */

static yao_status write_record(const looking *l, const yao_bytes *rows,
                               yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(l->call->arena);
    bool       first = true, next = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "asked", l->call->now);
    yao_json_put_member(&w, &first, "officer", l->reader.officer);
    yao_json_put_name(&w, &first, "rows");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < l->count; i++) {
        yao_json_put_next(&w, &next);
        yao_put_bytes(&w, rows[i]);
    }
    yao_put_text(&w, "]}");
    return yao_writer_keep(&w, l->call->arena, ret);
}

static yao_status look(looking *l, yao_bytes id, app_reply *ret)
{
    store_change change = store_change_open(l->call->arena);
    yao_bytes    rows[MOST_ROWS], record;

    take_shown(l);
    if (l->count == 0)
        return desk_refuse(l->call, ret, 409, "no_number");
    for (size_t i = 0; i < l->count; i++)
        YAO_TRY(write_row(l, &l->list[i], &rows[i]));
    YAO_TRY(write_record(l, rows, &record));
    YAO_TRY(desk_result_add(l->call, &change, id, "record", record));
    yao_status status = store_commit(desk_of(l->call)->store, &change);
    if (status == YAO_E_NOT_FOUND) /* it ended, or another one looked */
        return desk_refuse(l->call, ret, 409, "no_result");
    YAO_TRY(status);
    return desk_session_tell(l->call, ret);
}

/* ---- the route ---- */

static yao_status take_text(const looking *l, const yao_json *root,
                            const char *name, yao_text *ret)
{
    const yao_json *member = yao_json_get(root, name);

    *ret = YAO_TEXT("");
    return member == NULL ? YAO_OK
                          : yao_json_string(member, l->call->arena, ret);
}

/* The result of the path's session, when it is the caller's. */
static yao_status read_result(looking *l, yao_bytes id, store_enquiry *e)
{
    yao_bytes json;

    YAO_TRY(store_get_enquiry(desk_of(l->call)->store, id, l->call->now,
                              l->call->arena, e));
    if (!yao_bytes_equal(e->client, desk_client_id(l->call)))
        return YAO_E_NOT_FOUND;
    YAO_TRY(desk_result_get(l->call, id, &json));
    if (e->state != STORE_ENQUIRY_DONE)
        return YAO_E_NOT_FOUND;
    return yao_json_parse(l->call->arena, json, &l->result);
}

static yao_status look_as(looking *l, const store_enquiry *e,
                          const yao_json *body, app_reply *ret)
{
    yao_text token;

    l->profile =
        yao_profile_by_name(&l->trust->bundle.catalogue, e->profile);
    if (l->profile == NULL || !l->profile->live_state || !l->profile->officer)
        return desk_refuse(l->call, ret, 400, "no_look_up");
    if (take_text(l, body, "officer", &token) != YAO_OK ||
        take_text(l, body, "reason", &l->reason) != YAO_OK ||
        l->reason.len == 0)
        return desk_refuse(l->call, ret, 400, "invalid_request");
    yao_status status =
        desk_reader_find(l->call, l->profile, token, &l->reader);
    if (status == YAO_E_NOT_AUTHORISED)
        return desk_refuse(l->call, ret, 403, "officer_needed");
    YAO_TRY(status);
    status = look(l, e->id, ret);
    desk_reader_close(&l->reader);
    return status;
}

static yao_status look_by(app_call *call, const desk_trust *t, app_reply *ret)
{
    looking        *l = yao_arena_take(call->arena, sizeof *l);
    uint8_t         id[STORE_ID_LEN];
    const yao_json *body;
    store_enquiry   e;

    if (l == NULL)
        return YAO_E_SPACE;
    *l = (looking){.call = call, .trust = t};
    if (!desk_read_id(call->parts[0], id))
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(app_body_json(call, &body));
    yao_status status = read_result(l, (yao_bytes){id, STORE_ID_LEN}, &e);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    return look_as(l, &e, body, ret);
}

static yao_status post_lookup(app_call *call, app_reply *ret)
{
    desk       *d = desk_of(call);
    desk_trust *t = desk_trust_take(&d->trust);

    yao_status status = t != NULL && desk_trust_in_force(t, call->now)
                            ? look_by(call, t, ret)
                            : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    return status;
}

static const app_route routes[] = {
    {"POST", "/api/sessions/{id}/lookup", APP_PROGRAM | APP_JSON, post_lookup,
     0, 0},
};

const app_routes desk_lookup_table = {routes, sizeof routes / sizeof routes[0],
                                      1u << DESK_PUBLIC};
