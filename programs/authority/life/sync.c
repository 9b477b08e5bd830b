/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/sync.h"

#include "authority/intake.h"
#include "authority/life/erase.h"
#include "authority/life/event.h"
#include "base/ascii.h"
#include "store/erase.h"

#include <string.h>

/* Of two who change the same at the same time one looks again; so often. */
#define AGAIN 8

/* Numbers that a JSON reader anywhere understands. */
#define MOST_VERSION ((INT64_C(1) << 53) - 1)

/* What is hashed: numbers beside those of seal.h and enrol.h. */
enum { LIFE_HASH_LINE = 96 };

/* A line at work. */
typedef struct line {
    const enrol       *e;
    const sync_source *source;
    sync_said         *said;
    yao_bytes          text;
    const yao_json    *json;
    yao_text           number;
    int64_t            version;
    life_subject       who;
    uint8_t            content[STORE_HASH_LEN];
    int64_t            before; /* the version that is there; 0: none */
} line;

/* ---- saying ---- */

static yao_status refuse(line *l, yao_text field, const char *code)
{
    *l->said = (sync_said){
        .outcome = SYNC_REFUSED, .field = field, .code = code};
    return YAO_OK;
}

static yao_status say(line *l, sync_outcome outcome, const char *code)
{
    *l->said = (sync_said){.outcome = outcome, .code = code};
    return YAO_OK;
}

/* ---- versions ---- */

/* Out: GO, when it is newer than what is there. */
static yao_status check_version(line *l, bool *go)
{
    store_version there;

    *go       = false;
    l->before = 0;
    yao_status status = store_get_version(l->e->a->store, l->who.lookup,
                                          l->e->arena, &there);
    if (status == YAO_OK) {
        l->before = there.version;
        if (l->version < there.version)
            return say(l, SYNC_OLDER, "older");
        if (l->version == there.version)
            return yao_bytes_equal(there.content,
                                   (yao_bytes){l->content, STORE_HASH_LEN})
                       ? say(l, SYNC_SAME, "same")
                       : refuse(l, YAO_TEXT("version"), "conflict");
    } else if (status != YAO_E_NOT_FOUND) {
        return status;
    }
    *go = true;
    return YAO_OK;
}

static void put_version(const line *l, store_change *change)
{
    store_put_version(change,
                      &(store_version){.person  = l->who.lookup,
                                       .version = l->version,
                                       .content = {l->content,
                                                   STORE_HASH_LEN}},
                      l->before);
}

/* ---- upsert ---- */

/* The first error of the record; what is only unusual is kept. */
static yao_status check_record(line *l, const yao_json *record, bool *good)
{
    yao_problems *problems = yao_arena_take(l->e->arena, sizeof *problems);

    *good = false;
    if (problems == NULL)
        return YAO_E_SPACE;
    if (record == NULL || record->kind != YAO_JSON_OBJECT)
        return refuse(l, YAO_TEXT("record"), "MISSING");
    yao_status status = yao_document_check_record(
        l->e->arena, l->e->catalogue, record, l->source->today, problems);
    *good = status == YAO_OK;
    if (status != YAO_E_VALUE)
        return status;
    for (size_t i = 0; i < problems->count; i++)
        if (problems->items[i].severity == YAO_ERROR)
            return refuse(l, problems->items[i].where,
                          yao_reason_name(problems->items[i].reason));
    return refuse(l, YAO_TEXT("record"), "VALUE");
}

static yao_status take_portrait(line *l, people_entry *entry, bool *good)
{
    const yao_json *member = yao_json_get(entry->record, "portrait");
    yao_text        name;

    *good = true;
    if (member == NULL)
        return YAO_OK;
    *good             = false;
    yao_status status = yao_json_string(member, l->e->arena, &name);
    if (status == YAO_OK && l->source->portrait == NULL)
        status = YAO_E_UNSUPPORTED;
    if (status == YAO_OK)
        status = l->source->portrait(l->source->ctx, name, l->e->arena, entry);
    *good = status == YAO_OK;
    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;
    return refuse(l, YAO_TEXT("portrait"), yao_status_name(status));
}

/* The member of the record that an element is made from: what stands before the
 * first dot; a vehicle's is that of all vehicles. */
static yao_text member_of(const yao_element *element)
{
    size_t len = 0;

    while (len < element->from.len && element->from.ptr[len] != '.')
        len++;
    yao_text name = {element->from.ptr, len};
    return yao_text_equal(name, YAO_TEXT("vehicle")) ? YAO_TEXT("vehicles")
                                                     : name;
}

/* The parser keeps the letters of a container, too. */
static bool same_member(const yao_json *one, const yao_json *other,
                        yao_text name)
{
    const yao_json *a = yao_json_get_text(one, name);
    const yao_json *b = yao_json_get_text(other, name);

    if (a == NULL || b == NULL)
        return a == b;
    return yao_text_equal(a->raw, b->raw);
}

static bool shows_change(const yao_definition *d, const yao_json *before,
                         const yao_json *after)
{
    for (size_t i = 0; i < d->element_count; i++) {
        yao_text name = member_of(&d->elements[i]);
        if (name.len != 0 && !same_member(before, after, name))
            return true;
    }
    return false;
}

static yao_status tell_changed(const line *l, store_change *change,
                               const people_person *before,
                               const yao_json      *after)
{
    const store_bar all = {.holder = l->who.holder};
    store_document *list;
    size_t          count;

    YAO_TRY(store_list_barred(l->e->a->store, &all, l->e->now, l->e->arena,
                              &list, &count));
    for (size_t i = 0; i < count; i++) {
        const yao_definition *d =
            yao_document_by_name(l->e->catalogue, list[i].name);
        if (d != NULL && shows_change(d, before->record, after))
            YAO_TRY(life_put_notice(l->e, change,
                                    &(life_notice){.kind     = "reissue",
                                                   .holder   = l->who.holder,
                                                   .about    = list[i].issuance,
                                                   .document = list[i].name,
                                                   .reason   = "changed"}));
    }
    return YAO_OK;
}

static yao_status put_record(const line *l, store_change *change,
                             const people_entry *entry)
{
    const enrol   *e      = l->e;
    people_person *person = yao_arena_take(e->arena, sizeof *person);

    if (person == NULL) /* the change borrows of it */
        return YAO_E_SPACE;
    yao_status status = people_find_by(e->a, l->who.lookup, e->arena, person);
    if (status == YAO_E_NOT_FOUND)
        return people_put(e->a, change, e->arena, entry);
    YAO_TRY(status);
    status = people_replace(e->a, change, person, entry,
                            entry->portrait.len == 0);
    people_close(person);
    YAO_TRY(status);
    return tell_changed(l, change, person, entry->record);
}

static yao_status upsert(line *l, store_change *change, bool *good)
{
    people_entry entry = {.record = yao_json_get(l->json, "record")};
    yao_text     number;

    YAO_TRY(check_record(l, entry.record, good));
    if (!*good)
        return YAO_OK;
    YAO_TRY(yao_json_string(yao_json_get(entry.record, "number"), l->e->arena,
                            &number));
    YAO_TRY(people_number(number, l->e->arena, &number));
    *good = yao_text_equal(number, l->number);
    if (!*good)
        return refuse(l, YAO_TEXT("record.number"), "MISMATCH");
    YAO_TRY(take_portrait(l, &entry, good));
    if (!*good)
        return YAO_OK;
    return put_record(l, change, &entry);
}

/* ---- delete, event ---- */

/* Who is not there any more has only to stay so. */
static yao_status erase(line *l, store_change *change, bool *good)
{
    const life_erasing what = {
        .number = l->number, .reason = "register", .by = "sync"};
    people_person *person = yao_arena_take(l->e->arena, sizeof *person);
    life_erased    done;

    if (person == NULL)
        return YAO_E_SPACE;
    *good = true;
    yao_status status =
        people_find_by(l->e->a, l->who.lookup, l->e->arena, person);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    status = life_put_erasure(l->e, change, person, &what, &done);
    people_close(person);
    return status;
}

static yao_status happen(line *l, store_change *change, bool *good)
{
    life_event     event  = {.line = l->json};
    people_person *person = yao_arena_take(l->e->arena, sizeof *person);

    if (person == NULL)
        return YAO_E_SPACE;
    *good             = false;
    yao_status status = yao_json_string(yao_json_get(l->json, "event"),
                                        l->e->arena, &event.kind);
    if (status != YAO_OK)
        return status == YAO_E_SPACE ? status
                                     : refuse(l, YAO_TEXT("event"),
                                              yao_status_name(status));
    status = people_find_by(l->e->a, l->who.lookup, l->e->arena, person);
    if (status == YAO_E_NOT_FOUND)
        return refuse(l, YAO_TEXT("number"), "NOT_FOUND");
    YAO_TRY(status);
    event.person = person;
    status       = life_put_event(l->e, change, &event);
    people_close(person);
    *good = status == YAO_OK;
    return intake_is_lines_fault(status) || status == YAO_E_NOT_FOUND
               ? refuse(l, YAO_TEXT("event"), yao_status_name(status))
               : status;
}

/* ---- one line ---- */

typedef yao_status (*doing)(line *l, store_change *change, bool *good);

static doing find_op(const yao_json *op)
{
    if (yao_json_is(op, "upsert"))
        return upsert;
    if (yao_json_is(op, "delete"))
        return erase;
    return yao_json_is(op, "event") ? happen : NULL;
}

/* Out: AGAIN, when others changed something meanwhile. */
static yao_status try_once(line *l, doing run, bool *again)
{
    store_change change = store_change_open(l->e->arena);
    bool         go, good;

    *again = false;
    YAO_TRY(check_version(l, &go));
    if (!go)
        return YAO_OK;
    yao_status status = run(l, &change, &good);
    if (intake_is_lines_fault(status))
        return refuse(l, YAO_TEXT(""), yao_status_name(status));
    YAO_TRY(status);
    if (!good)
        return YAO_OK;
    put_version(l, &change);
    status = store_commit(l->e->a->store, &change);
    if (status == YAO_OK)
        return say(l, SYNC_APPLIED, "applied");
    *again = status == YAO_E_NOT_FOUND ||
             (status == YAO_E_EXISTS &&
              change.lost_about == STORE_ABOUT_VERSION);
    if (status == YAO_E_EXISTS && !*again)
        return refuse(l, yao_text_of(people_lost_field(change.lost_about)),
                      "EXISTS");
    return *again ? YAO_OK : status;
}

static yao_status apply(line *l, doing run)
{
    bool again = true;

    for (int i = 0; i < AGAIN && again; i++) {
        size_t mark = l->e->arena->used;
        YAO_TRY(try_once(l, run, &again));
        if (again)
            l->e->arena->used = mark;
    }
    return again ? YAO_E_LOCKED : YAO_OK;
}

static yao_status read_cursor(line *l)
{
    yao_text next;
    bool     more = false;

    if (yao_json_string(yao_json_get(l->json, "next"), l->e->arena, &next) !=
            YAO_OK ||
        next.len == 0 || next.len > 200)
        return refuse(l, YAO_TEXT("next"), "MALFORMED");
    if (yao_json_bool(yao_json_get(l->json, "more"), &more) != YAO_OK)
        return refuse(l, YAO_TEXT("more"), "MALFORMED");
    for (size_t i = 0; i < next.len; i++)
        if (!yao_ascii_unreserved(next.ptr[i]))
            return refuse(l, YAO_TEXT("next"), "MALFORMED");
    *l->said =
        (sync_said){.outcome = SYNC_CURSOR, .next = next, .more = more};
    return YAO_OK;
}

/* What every line has. Out: GOOD. */
static yao_status read_head(line *l, bool *good)
{
    const enrol *e = l->e;

    *good             = false;
    yao_status status = yao_json_string(yao_json_get(l->json, "number"),
                                        e->arena, &l->number);
    if (status != YAO_OK || l->number.len == 0 || l->number.len > 64)
        return refuse(l, YAO_TEXT("number"), "MALFORMED");
    status = yao_json_int(yao_json_get(l->json, "version"), &l->version);
    if (status != YAO_OK || l->version < 1 || l->version > MOST_VERSION)
        return refuse(l, YAO_TEXT("version"), "MALFORMED");
    YAO_TRY(people_number(l->number, e->arena, &l->number));
    YAO_TRY(life_find_subject(e, l->number, &l->who));
    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, LIFE_HASH_LINE, l->text,
                      l->content));
    *good = true;
    return YAO_OK;
}

/* Blanks around a line are none of its bytes: an editor adds a return. */
static yao_bytes trimmed(yao_bytes text)
{
    while (text.len > 0 && (text.ptr[text.len - 1] == '\r' ||
                            text.ptr[text.len - 1] == ' '))
        text.len--;
    return text;
}

yao_status sync_apply(const enrol *e, const sync_source *source, yao_bytes text,
                      sync_said *ret)
{
    line l    = {.e = e, .source = source, .said = ret, .text = trimmed(text)};
    bool good = false;

    yao_status status = yao_json_parse(e->arena, l.text, &l.json);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        return refuse(&l, YAO_TEXT(""), yao_status_name(status));
    const yao_json *op = yao_json_get(l.json, "op");
    if (yao_json_is(op, "cursor"))
        return read_cursor(&l);
    doing run = find_op(op);
    if (run == NULL)
        return refuse(&l, YAO_TEXT("op"), "VALUE");
    YAO_TRY(read_head(&l, &good));
    return good ? apply(&l, run) : YAO_OK;
}
