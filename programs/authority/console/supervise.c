/* SPDX-License-Identifier: Apache-2.0 */
/* The service itself: kiosks, signers, lists, the log, numbers of many. */
#include "authority/audit/line.h"
#include "authority/audit/sequence.h"
#include "authority/audit/serve.h"
#include "authority/console/console.h"
#include "authority/enrol/kiosk.h"
#include "authority/keys/keys.h"
#include "store/counts.h"
#include "store/keeper.h"
#include "store/log.h"

enum { PAGE = 200, MOST_PAGE = 500, DAY = 86400 };

#define WATCHERS (APP_SUPERVISOR | APP_AUDITOR | APP_ADMINISTRATOR)

/* ---- kiosks ------------------------------------------------------------- */

static const char *kiosk_state(int64_t state)
{
    static const char *const words[] = {"none", "waiting", "paired", "removed"};

    return state >= 0 && state <= 3 ? words[state] : words[0];
}

static void put_kiosk(yao_writer *w, const void *item)
{
    const store_kiosk *k     = item;
    bool               first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", k->id);
    yao_json_put_member(w, &first, "name", k->name);
    yao_json_put_member(w, &first, "state", yao_text_of(kiosk_state(k->state)));
    yao_json_put_member_int(w, &first, "added", k->added);
    yao_json_put_member_int(w, &first, "changed", k->changed);
    yao_put_byte(w, '}');
}

static yao_status list_kiosks(app_call *call, app_reply *ret)
{
    store_kiosk *all;
    size_t       count;

    YAO_TRY(store_list_kiosks(server_authority(call)->store, call->arena, &all,
                              &count));
    return app_reply_list(
        ret, call,
        &(app_listed){"kiosks", all, count, sizeof *all, put_kiosk});
}

/* Who did it, beside the event of the kiosk itself. */
static yao_status note(const app_call *call, const char *kind, const char *what,
                       yao_bytes id)
{
    store_change       change = store_change_open(call->arena);
    const console_deed deed   = {.kind = kind, .what = what, .id = id};

    YAO_TRY(console_put_event(call, &change, &deed));
    return store_commit(server_authority(call)->store, &change);
}

static yao_status add(app_call *call, yao_bytes *id, char code[12])
{
    const console_member member = {"name", ENROL_MAX_KIOSK_NAME, false};
    const enrol          e      = enrol_of(call);
    const yao_json      *body;
    yao_text             name;

    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(console_read_text(call, body, &member, &name));
    YAO_TRY(enrol_add_kiosk(&e, name, id, code));
    return note(call, "console.kiosk", "add", *id);
}

static yao_status add_kiosk(app_call *call, app_reply *ret)
{
    char       code[12];
    yao_bytes  id;
    bool       first  = true;
    yao_status status = add(call, &id, code);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", id);
    yao_json_put_member(&w, &first, "code",
                        (yao_text){(const uint8_t *)code, sizeof code});
    yao_json_put_member_int(&w, &first, "expires_in", ENROL_PAIRING_SECONDS);
    yao_put_byte(&w, '}');
    status = app_reply_json(ret, call, 201, &w);
    yao_wipe(code, sizeof code);
    return status;
}

static yao_status remove_kiosk(app_call *call, app_reply *ret)
{
    const enrol e = enrol_of(call);
    yao_bytes   id;

    YAO_TRY(console_read_hex(call, call->parts[0], STORE_ID_LEN, &id));
    YAO_TRY(enrol_remove_kiosk(&e, id));
    YAO_TRY(note(call, "console.kiosk", "remove", id));
    return app_reply_empty(ret, 204);
}

/* ---- signers ------------------------------------------------------------ */

static void put_signer(yao_writer *w, const keys_entry *k, yao_time now)
{
    bool        first = true;
    const char *state = k->revoked != 0                    ? "revoked"
                        : k->ended != 0                    ? "replaced"
                        : k->certificate.not_after < now   ? "expired"
                                                           : "in-use";

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "role", yao_text_of(k->row->role));
    yao_json_put_member(w, &first, "kind", yao_text_of(k->row->kind));
    yao_json_put_member(w, &first, "state", yao_text_of(state));
    yao_json_put_member_hex(w, &first, "sha256",
                            (yao_bytes){k->hash, sizeof k->hash});
    yao_json_put_member_int(w, &first, "not_before", k->certificate.not_before);
    yao_json_put_member_int(w, &first, "not_after", k->certificate.not_after);
    yao_put_byte(w, '}');
}

static yao_status list_signers(app_call *call, app_reply *ret)
{
    keys_entry *keys;
    size_t      count;
    bool        first = true;

    YAO_TRY(keys_list(server_authority(call), call->arena, &keys, &count));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "{\"signers\":[");
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &first);
        put_signer(&w, &keys[i], call->now);
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

/* ---- what is signed for everybody --------------------------------------- */

static void put_list(yao_writer *w, const store_status_token *t, yao_time now)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &first, "number", t->list);
    yao_json_put_member_int(w, &first, "version", t->version);
    yao_json_put_member_int(w, &first, "signed", t->signed_at);
    yao_json_put_member_int(w, &first, "expires", t->expires);
    yao_json_put_member_int(w, &first, "age", now - t->signed_at);
    yao_put_byte(w, '}');
}

static void put_artefact(yao_writer *w, bool *first, const char *name,
                         const store_artefact *x, yao_time now)
{
    bool inner = true;

    yao_json_put_name(w, first, name);
    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &inner, "version", x->version);
    yao_json_put_member_int(w, &inner, "signed", x->signed_at);
    yao_json_put_member_int(w, &inner, "expires", x->expires);
    yao_json_put_member_int(w, &inner, "age", now - x->signed_at);
    yao_put_byte(w, '}');
}

/* Of all that the keeper signs, those that are there. */
static const char *const artefacts[] = {"bundle.cose", "vical.cbor",
                                        "parties.cose"};

enum { ARTEFACTS = sizeof artefacts / sizeof artefacts[0] };

static yao_status read_artefacts(app_call *call, store_artefact *found)
{
    for (size_t i = 0; i < ARTEFACTS; i++) {
        yao_status status = store_get_artefact_age(
            server_authority(call)->store, yao_text_of(artefacts[i]),
            call->arena, &found[i]);
        if (status == YAO_E_NOT_FOUND)
            found[i].version = 0;
        else
            YAO_TRY(status);
    }
    return YAO_OK;
}

static yao_status show_trust(app_call *call, app_reply *ret)
{
    store_artefact     *found = yao_arena_take_array(call->arena, ARTEFACTS,
                                                     sizeof *found);
    store_status_token *lists;
    size_t              count;
    bool                first = true, inner = true;

    if (found == NULL)
        return YAO_E_SPACE;
    YAO_TRY(read_artefacts(call, found));
    YAO_TRY(store_list_status_ages(server_authority(call)->store, call->arena,
                                   &lists, &count));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    for (size_t i = 0; i < ARTEFACTS; i++)
        if (found[i].version != 0)
            put_artefact(&w, &first, artefacts[i], &found[i], call->now);
    yao_json_put_name(&w, &first, "lists");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&w, &inner);
        put_list(&w, &lists[i], call->now);
    }
    yao_put_text(&w, "]}");
    return app_reply_json(ret, call, 200, &w);
}

static yao_status publish(app_call *call, app_reply *ret)
{
    YAO_TRY(note(call, "console.publish", NULL, YAO_LIT("")));
    server_nudge_call(call, "lists");
    server_nudge_call(call, "trust");
    return app_reply_empty(ret, 202);
}

/* ---- the log ------------------------------------------------------------ */

static yao_status show_checkpoint(app_call *call, app_reply *ret)
{
    audit_published head;
    bool            first = true;

    YAO_TRY(audit_get_published(server_authority(call), call->arena, &head));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "size", head.size);
    yao_json_put_member(&w, &first, "note",
                        (yao_text){head.note.ptr, head.note.len});
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

typedef struct page {
    int64_t   from, limit, size;
    yao_bytes lines;
} page;

static yao_status read_page(app_call *call, page *p)
{
    const yao_json *body;

    p->limit = PAGE;
    YAO_TRY(app_body_json(call, &body));
    const struct {
        const char *name;
        int64_t    *to;
    } members[] = {{"from", &p->from}, {"limit", &p->limit}};
    for (size_t i = 0; i < 2; i++) {
        yao_status status =
            yao_json_int(yao_json_get(body, members[i].name), members[i].to);
        if (status != YAO_OK && status != YAO_E_MISSING)
            return status;
    }
    return p->from >= 0 && p->limit > 0 && p->limit <= MOST_PAGE ? YAO_OK
                                                                 : YAO_E_VALUE;
}

/* Each line takes from the arena what it needs; the last says where it goes
 * on. All of them lie one behind the other when they are joined. */
static yao_status join_lines(app_call *call, const yao_bytes *lines,
                             size_t count, page *p)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    for (size_t i = 0; i < count; i++)
        yao_put_bytes(&w, lines[i]);
    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "next", p->from + (int64_t)count);
    yao_json_put_member_int(&w, &first, "size", p->size);
    yao_put_text(&w, "}\n");
    return yao_writer_keep(&w, call->arena, &p->lines);
}

static yao_status write_lines(app_call *call, page *p)
{
    const authority *a    = server_authority(call);
    int64_t          most = p->size - p->from;
    store_log_entry *entries;
    size_t           count = 0;
    bool             erased;

    if (most > p->limit)
        most = p->limit;
    if (most > 0)
        YAO_TRY(store_list_log_entries(a->store, p->from, p->from + most,
                                       call->arena, &entries, &count));
    yao_bytes *lines =
        yao_arena_take_array(call->arena, count + 1, sizeof *lines);
    if (lines == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        YAO_TRY(audit_write_line(a, &entries[i], call->arena, &lines[i],
                                 &erased));
    return join_lines(call, lines, count, p);
}

/* That it was exported is in the log before anything is shown. */
static yao_status export_page(app_call *call, page *p)
{
    audit_published head;

    YAO_TRY(read_page(call, p));
    YAO_TRY(audit_get_published(server_authority(call), call->arena, &head));
    p->size = head.size;
    YAO_TRY(note(call, "log.export", "page", YAO_LIT("")));
    return write_lines(call, p);
}

static yao_status export_log(app_call *call, app_reply *ret)
{
    page       p      = {.from = 0};
    yao_status status = export_page(call, &p);

    if (status != YAO_OK)
        return console_tell(ret, call, status);
    YAO_TRY(app_reply_bytes(ret, 200, "application/x-ndjson", p.lines));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

/* ---- counts ------------------------------------------------------------- */

typedef struct counts {
    store_document_count  *documents;
    store_enrolment_count *enrolments;
    store_queue_count     *queue;
    size_t                 document_count, enrolment_count, queue_count;
    uint64_t               people;
    int64_t                entries;
} counts;

static yao_status gather(app_call *call, yao_time since, counts *c)
{
    store     *s     = server_authority(call)->store;
    yao_arena *arena = call->arena;

    YAO_TRY(store_count_documents(s, since, arena, &c->documents,
                                  &c->document_count));
    YAO_TRY(store_count_enrolments(s, since, arena, &c->enrolments,
                                   &c->enrolment_count));
    YAO_TRY(store_count_queue(s, arena, &c->queue, &c->queue_count));
    YAO_TRY(store_count_persons(s, &c->people));
    return store_count_log(s, &c->entries);
}

static void put_documents(yao_writer *w, const counts *c)
{
    bool next = true;

    for (size_t i = 0; i < c->document_count; i++) {
        bool first = true;
        yao_json_put_next(w, &next);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "document", c->documents[i].name);
        yao_json_put_member(w, &first, "format", c->documents[i].format);
        yao_json_put_member_int(w, &first, "batches", c->documents[i].batches);
        yao_json_put_member_int(w, &first, "copies", c->documents[i].copies);
        yao_put_byte(w, '}');
    }
}

static void put_enrolments(yao_writer *w, const counts *c)
{
    static const char *const words[] = {"none", "notice", "offered", "active",
                                        "ended"};
    bool                     next    = true;

    for (size_t i = 0; i < c->enrolment_count; i++) {
        int64_t state = c->enrolments[i].state;
        bool    first = true;
        yao_json_put_next(w, &next);
        yao_put_byte(w, '{');
        yao_json_put_member(
            w, &first, "state",
            yao_text_of(words[state >= 0 && state <= 4 ? state : 0]));
        yao_json_put_member_int(w, &first, "level", c->enrolments[i].level);
        yao_json_put_member_int(w, &first, "count", c->enrolments[i].count);
        yao_put_byte(w, '}');
    }
}

static void put_queue(yao_writer *w, const counts *c, yao_time now)
{
    bool next = true;

    for (size_t i = 0; i < c->queue_count; i++) {
        bool first = true;
        yao_json_put_next(w, &next);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "kind", c->queue[i].kind);
        yao_json_put_member(w, &first, "state",
                            c->queue[i].state == STORE_CASE_OPEN
                                ? YAO_TEXT("open")
                                : YAO_TEXT("decided"));
        yao_json_put_member_int(w, &first, "count", c->queue[i].count);
        yao_json_put_member_int(w, &first, "oldest_age",
                                now - c->queue[i].oldest);
        yao_put_byte(w, '}');
    }
}

static void put_array(yao_writer *w, bool *first, const char *name)
{
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '[');
}

/* Of this process, since it started. */
static void put_requests(yao_writer *w, bool *first, const app_metrics *m)
{
    app_metrics_total t;
    bool              inner = true;

    if (m == NULL)
        return;
    app_metrics_sum(m, &t);
    yao_json_put_name(w, first, "requests");
    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &inner, "count", (int64_t)t.count);
    yao_json_put_member_int(w, &inner, "refused", (int64_t)t.classes[4]);
    yao_json_put_member_int(w, &inner, "failed", (int64_t)t.classes[5]);
    yao_json_put_member_int(w, &inner, "half_us", t.half_us);
    yao_json_put_member_int(w, &inner, "most_us", t.most_us);
    yao_put_byte(w, '}');
}

static yao_status give_counts(app_call *call, app_reply *ret)
{
    counts  c     = {.people = 0};
    int64_t since = call->now - DAY;
    bool    first = true;

    yao_status status = console_read_number(call, "since", YAO_TIME_MAX,
                                            &since);
    if (status != YAO_OK)
        return console_tell(ret, call, status);
    YAO_TRY(gather(call, since, &c));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "since", since);
    yao_json_put_member_int(&w, &first, "people", (int64_t)c.people);
    yao_json_put_member_int(&w, &first, "log_entries", c.entries);
    put_array(&w, &first, "issued");
    put_documents(&w, &c);
    yao_put_byte(&w, ']');
    put_array(&w, &first, "enrolments");
    put_enrolments(&w, &c);
    yao_put_byte(&w, ']');
    put_array(&w, &first, "cases");
    put_queue(&w, &c, call->now);
    yao_put_byte(&w, ']');
    put_requests(&w, &first, server_metrics(call));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

/* ---- the table ---------------------------------------------------------- */

static const app_route routes[] = {
    {"GET", "/api/kiosks", APP_OPERATOR, list_kiosks, WATCHERS, 0},
    {"POST", "/api/kiosks", APP_OPERATOR | APP_JSON, add_kiosk,
     APP_ADMINISTRATOR, 1024},
    {"POST", "/api/kiosks/{id}/remove", APP_OPERATOR, remove_kiosk,
     APP_ADMINISTRATOR, 0},
    {"GET", "/api/signers", APP_OPERATOR, list_signers, WATCHERS, 0},
    {"GET", "/api/trust", APP_OPERATOR, show_trust, WATCHERS | APP_REGISTRAR,
     0},
    {"POST", "/api/trust/publish", APP_OPERATOR, publish,
     APP_SUPERVISOR | APP_ADMINISTRATOR, 0},
    {"GET", "/api/audit/checkpoint", APP_OPERATOR, show_checkpoint, WATCHERS,
     0},
    {"POST", "/api/audit/export", APP_OPERATOR | APP_JSON, export_log,
     APP_AUDITOR, 1024},
    {"GET", "/api/counts", APP_OPERATOR, give_counts, WATCHERS | APP_OFFICER,
     0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_CONSOLE},
};

const authority_part console_supervise_part = {.tables      = tables,
                                            .table_count = 1};
