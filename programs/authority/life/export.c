/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/export.h"

#include "authority/netcert/netcert.h"
#include "store/case.h"
#include "store/enrolment.h"
#include "store/erase.h"
#include "store/grant.h"
#include "store/netcert.h"
#include "store/person_passkey.h"

#include <string.h>

/* More of one kind than anybody has. */
#define MOST 10000

typedef struct exporting {
    const enrol  *e;
    people_person person;
    yao_bytes     holder;
    yao_writer    w;
    bool          first; /* of the outermost object */
} exporting;

/* What is read from the store lands in the arena, and a writer in an arena may
 * not have anything taken from it meanwhile: so the pieces are gathered first,
 * and written in one go. */
typedef struct gathered {
    yao_bytes        portrait, portrait_small;
    store_lookup    *lookups;
    size_t           lookup_count;
    store_document  *documents;
    size_t           document_count;
    store_enrolment *enrolments;
    size_t           enrolment_count;
    store_access_code code;
    bool              has_code;
    store_guardian   *guardians;
    size_t            guardian_count;
    store_bar        *bars;
    size_t            bar_count;
    store_notice     *notices;
    size_t            notice_count;
    store_case       *cases;
    yao_text         *texts; /* of the cases */
    size_t            case_count;
    store_netcert    *netcerts;
    yao_text         *numbers; /* of the net certificates */
    size_t            netcert_count;
    store_grant      *grants;
    size_t            grant_count;
    store_person_passkey *passkeys;
    size_t                passkey_count;
    store_version         version; /* 0: never synchronised */
} gathered;

/* ---- gathering ---- */

static yao_status gather_cases(exporting *x, gathered *g)
{
    const enrol *e = x->e;

    YAO_TRY(store_list_cases_of(e->a->store, x->holder, MOST, e->arena,
                                &g->cases, &g->case_count));
    g->texts =
        yao_arena_take_array(e->arena, g->case_count + 1, sizeof *g->texts);
    if (g->texts == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < g->case_count; i++)
        YAO_TRY(life_open_case(e, &x->person, &g->cases[i], &g->texts[i]));
    return YAO_OK;
}

static yao_status gather_code(exporting *x, gathered *g)
{
    yao_status status = store_get_access_code(x->e->a->store, x->holder,
                                              x->e->arena, &g->code);

    g->has_code = status == YAO_OK;
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

/* Net certificates, what was granted with them, passkeys. */
static yao_status gather_means(exporting *x, yao_bytes lookup, gathered *g)
{
    const enrol *e = x->e;
    store       *s = e->a->store;

    YAO_TRY(store_list_netcerts(s, lookup, e->arena, &g->netcerts,
                                &g->netcert_count));
    g->numbers = yao_arena_take_array(e->arena, g->netcert_count + 1,
                                      sizeof *g->numbers);
    if (g->numbers == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < g->netcert_count; i++)
        YAO_TRY(netcert_unseal(&x->person.key, g->netcerts[i].sealed, e->arena,
                               &g->numbers[i]));
    YAO_TRY(store_list_grants(s, lookup, MOST, e->arena, &g->grants,
                              &g->grant_count));
    return store_list_person_passkeys(s, x->holder, e->arena, &g->passkeys,
                                      &g->passkey_count);
}

static yao_status gather_version(exporting *x, yao_bytes lookup, gathered *g)
{
    yao_status status = store_get_version(x->e->a->store, lookup, x->e->arena,
                                          &g->version);

    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static yao_status gather(exporting *x, yao_bytes lookup, gathered *g)
{
    const enrol *e = x->e;
    store       *s = e->a->store;

    memset(g, 0, sizeof *g);
    YAO_TRY(people_portrait(e->a, &x->person, STORE_PORTRAIT, e->arena,
                            &g->portrait));
    YAO_TRY(people_portrait(e->a, &x->person, STORE_PORTRAIT_SMALL, e->arena,
                            &g->portrait_small));
    YAO_TRY(store_list_lookups(s, x->person.stored.id, e->arena, &g->lookups,
                               &g->lookup_count));
    YAO_TRY(store_list_documents(s, x->holder, e->arena, &g->documents,
                                 &g->document_count));
    YAO_TRY(store_list_enrolments(s, x->holder, e->arena, &g->enrolments,
                                  &g->enrolment_count));
    YAO_TRY(store_list_guardians(s, x->holder, e->arena, &g->guardians,
                                 &g->guardian_count));
    YAO_TRY(store_list_bars(s, x->holder, e->arena, &g->bars, &g->bar_count));
    YAO_TRY(store_list_notices(s, x->holder, MOST, e->arena, &g->notices,
                               &g->notice_count));
    YAO_TRY(gather_code(x, g));
    YAO_TRY(gather_cases(x, g));
    YAO_TRY(gather_means(x, lookup, g));
    return gather_version(x, lookup, g);
}

/* ---- writing ---- */

static void put_portrait(exporting *x, const char *name, yao_bytes jpeg)
{
    if (jpeg.len == 0)
        return;
    yao_json_put_member_base64url(&x->w, &x->first, name, jpeg);
}

static void open_list(exporting *x, const char *name)
{
    yao_json_put_name(&x->w, &x->first, name);
    yao_put_byte(&x->w, '[');
}

static void put_lookups(exporting *x, const gathered *g)
{
    static const char *const words[] = {
        "none", "number", "document_number", "plate", "household",
        "name_and_birth", "ledger"};
    bool none = true;

    open_list(x, "looked_up_by");
    for (size_t i = 0; i < g->lookup_count; i++) {
        int kind = (int)g->lookups[i].kind;
        yao_json_put_next(&x->w, &none);
        yao_json_put_string(
            &x->w, yao_text_of(kind >= 1 && kind <= STORE_BY_HOLDER
                                   ? words[kind]
                                   : words[0]));
    }
    yao_put_byte(&x->w, ']');
}

static void put_documents(exporting *x, const gathered *g)
{
    bool none = true;

    open_list(x, "documents");
    for (size_t i = 0; i < g->document_count; i++) {
        yao_json_put_next(&x->w, &none);
        life_write_document(&x->w, &g->documents[i]);
    }
    yao_put_byte(&x->w, ']');
}

static void put_enrolment(exporting *x, const store_enrolment *d)
{
    yao_writer *w     = &x->w;
    bool        first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", d->id);
    yao_json_put_member_int(w, &first, "level", d->level);
    yao_json_put_member_int(w, &first, "factors", d->factors);
    yao_json_put_member_int(w, &first, "state", d->state);
    yao_json_put_member_bool(w, &first, "bound", d->device.len != 0);
    yao_json_put_member_int(w, &first, "started", d->started);
    yao_json_put_member_int(w, &first, "active_from", d->active_from);
    yao_put_byte(w, '}');
}

static void put_enrolments(exporting *x, const gathered *g)
{
    bool none = true;

    open_list(x, "devices");
    for (size_t i = 0; i < g->enrolment_count; i++) {
        yao_json_put_next(&x->w, &none);
        put_enrolment(x, &g->enrolments[i]);
    }
    yao_put_byte(&x->w, ']');
}

/* That there is a code; its verifier opens nothing, and is nobody's to see. */
static void put_code(exporting *x, const gathered *g)
{
    bool first = true;

    if (!g->has_code)
        return;
    yao_json_put_name(&x->w, &x->first, "access_code");
    yao_put_byte(&x->w, '{');
    yao_json_put_member_int(&x->w, &first, "level", g->code.level);
    yao_json_put_member_int(&x->w, &first, "changed", g->code.changed);
    yao_put_byte(&x->w, '}');
}

static void put_guardians(exporting *x, const gathered *g)
{
    yao_writer *w    = &x->w;
    bool        none = true;

    open_list(x, "guardianships");
    for (size_t i = 0; i < g->guardian_count; i++) {
        const store_guardian *k     = &g->guardians[i];
        bool                  first = true;
        yao_json_put_next(w, &none);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "as",
                            yao_bytes_equal(k->child, x->holder)
                                ? YAO_TEXT("child")
                                : YAO_TEXT("guardian"));
        yao_json_put_member_int(w, &first, "started", k->started);
        yao_json_put_member_int(w, &first, "ends", k->ends);
        yao_json_put_member_int(w, &first, "ended", k->ended);
        yao_json_put_member(w, &first, "reason", k->reason);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_bars(exporting *x, const gathered *g)
{
    bool none = true;

    open_list(x, "bars");
    for (size_t i = 0; i < g->bar_count; i++) {
        yao_json_put_next(&x->w, &none);
        life_write_bar(&x->w, &g->bars[i]);
    }
    yao_put_byte(&x->w, ']');
}

static void put_notices(exporting *x, const gathered *g)
{
    bool none = true;

    open_list(x, "notices");
    for (size_t i = 0; i < g->notice_count; i++) {
        yao_json_put_next(&x->w, &none);
        life_write_notice(&x->w, &g->notices[i]);
    }
    yao_put_byte(&x->w, ']');
}

static void put_cases(exporting *x, const gathered *g)
{
    yao_writer *w    = &x->w;
    bool        none = true;

    open_list(x, "cases");
    for (size_t i = 0; i < g->case_count; i++) {
        const store_case *k     = &g->cases[i];
        bool              first = true;
        yao_json_put_next(w, &none);
        yao_put_byte(w, '{');
        yao_json_put_member_hex(w, &first, "id", k->id);
        yao_json_put_member(w, &first, "kind", k->kind);
        yao_json_put_member_int(w, &first, "state", k->state);
        yao_json_put_member_int(w, &first, "opened", k->opened);
        yao_json_put_member(w, &first, "decision", k->decision);
        yao_json_put_member(w, &first, "text", g->texts[i]);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_netcerts(exporting *x, const gathered *g)
{
    yao_writer *w    = &x->w;
    bool        none = true;

    open_list(x, "net_certificates");
    for (size_t i = 0; i < g->netcert_count; i++) {
        const store_netcert *n     = &g->netcerts[i];
        bool                 first = true;
        yao_json_put_next(w, &none);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "number", g->numbers[i]);
        yao_json_put_member(w, &first, "state",
                            yao_text_of(netcert_state_word(n->state)));
        yao_json_put_member_int(w, &first, "level", n->level);
        yao_json_put_member_int(w, &first, "opened", n->opened);
        yao_json_put_member_int(w, &first, "expires", n->expires);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_grants(exporting *x, const gathered *g)
{
    yao_writer *w    = &x->w;
    bool        none = true;

    open_list(x, "grants");
    for (size_t i = 0; i < g->grant_count; i++) {
        const store_grant *k     = &g->grants[i];
        bool               first = true;
        yao_json_put_next(w, &none);
        yao_put_byte(w, '{');
        yao_json_put_member(w, &first, "party", k->party);
        yao_json_put_member(w, &first, "item", k->item);
        yao_json_put_member_int(w, &first, "granted", k->granted);
        yao_json_put_member_int(w, &first, "ends", k->ends);
        yao_json_put_member_int(w, &first, "withdrawn", k->withdrawn);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static void put_passkeys(exporting *x, const gathered *g)
{
    yao_writer *w    = &x->w;
    bool        none = true;

    open_list(x, "passkeys");
    for (size_t i = 0; i < g->passkey_count; i++) {
        const store_person_passkey *k     = &g->passkeys[i];
        bool                        first = true;
        yao_json_put_next(w, &none);
        yao_put_byte(w, '{');
        yao_json_put_member_hex(w, &first, "id", k->id);
        yao_json_put_member_int(w, &first, "level", k->level);
        yao_json_put_member_int(w, &first, "added", k->added);
        yao_json_put_member_int(w, &first, "used", k->used);
        yao_put_byte(w, '}');
    }
    yao_put_byte(w, ']');
}

static yao_status write_all(exporting *x, const gathered *g, yao_bytes *ret)
{
    yao_writer *w = &x->w;

    *w       = yao_writer_in(x->e->arena);
    x->first = true;
    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &x->first, "made", x->e->now);
    yao_json_put_member_int(w, &x->first, "registered",
                            x->person.stored.registered);
    yao_json_put_member_int(w, &x->first, "register_version",
                            g->version.version);
    yao_json_put_name(w, &x->first, "record");
    yao_put_bytes(w, x->person.text);
    put_portrait(x, "portrait", g->portrait);
    put_portrait(x, "portrait_small", g->portrait_small);
    put_lookups(x, g);
    put_documents(x, g);
    put_enrolments(x, g);
    put_code(x, g);
    put_guardians(x, g);
    put_bars(x, g);
    put_notices(x, g);
    put_cases(x, g);
    put_netcerts(x, g);
    put_grants(x, g);
    put_passkeys(x, g);
    yao_json_put_member(w, &x->first, "log", YAO_TEXT("/person/log"));
    yao_put_byte(w, '}');
    return yao_writer_keep(w, x->e->arena, ret);
}

static yao_status note(const exporting *x)
{
    store_change change = store_change_open(x->e->arena);

    YAO_TRY(authority_put_event(&change, x->e->arena, "person.export",
                                x->holder, YAO_TEXT("{\"by\":\"person\"}")));
    return store_commit(x->e->a->store, &change);
}

yao_status life_export(const enrol *e, yao_bytes lookup, yao_bytes *ret)
{
    exporting *x = yao_arena_take(e->arena, sizeof *x);
    gathered  *g = yao_arena_take(e->arena, sizeof *g);

    if (x == NULL || g == NULL)
        return YAO_E_SPACE;
    *x = (exporting){.e = e};
    YAO_TRY(people_find_by(e->a, lookup, e->arena, &x->person));
    x->holder         = (yao_bytes){x->person.holder, STORE_HASH_LEN};
    yao_status status = note(x);
    if (status == YAO_OK)
        status = gather(x, lookup, g);
    people_close(&x->person);
    YAO_TRY(status);
    return write_all(x, g, ret);
}
