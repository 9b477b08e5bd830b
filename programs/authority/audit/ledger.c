/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deeds and events become traces, hashes of what both sides must say; the two
 * lists are sorted and must be the same.
 */
#include "authority/audit/ledger.h"

#include "authority/audit/entry.h"
#include "authority/audit/sequence.h"
#include "authority/issue.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 256

typedef struct trace {
    uint8_t bytes[YAO_SHA256_LEN];
} trace;

typedef struct traces {
    trace  *items;
    size_t count, cap;
} traces;

typedef struct comparing {
    const authority *a;
    yao_arena       *arena;
    audit_balance   *balance;
    traces            deeds, events, ids;
    yao_bytes        subject; /* of the owner at hand, in `known_subject` */
    uint8_t          known_subject[STORE_HASH_LEN];
    seal_person      owner;
    bool any, known;
} comparing;

static yao_status add_trace(traces *m, const trace *what)
{
    if (m->count == m->cap) {
        size_t cap   = m->cap == 0 ? 1024 : 2 * m->cap;
        trace  *items = realloc(m->items, cap * sizeof *items);

        if (items == NULL)
            return YAO_E_SPACE;
        m->items = items;
        m->cap   = cap;
    }
    m->items[m->count++] = *what;
    return YAO_OK;
}

/* What deed and event have in common. */
typedef struct common {
    store_deed_kind kind;
    yao_bytes       id;
    yao_bytes       format, profile;
    int64_t         number;
} common;

static yao_status add_common(comparing *c, traces *to, const common *what)
{
    char            text[32];
    trace            made;
    const yao_bytes parts[] = {{(const uint8_t *)text, 0},
                               what->id,
                               YAO_LIT("|"),
                               what->format,
                               YAO_LIT("|"),
                               what->profile};
    yao_bytes       all[6];

    snprintf(text, sizeof text, "%d|%lld|", (int)what->kind,
             (long long)what->number);
    memcpy(all, parts, sizeof all);
    all[0].len = strlen(text);
    YAO_TRY(c->a->crypto->hash(c->a->crypto->ctx, YAO_SHA256, all, 6,
                               made.bytes));
    return add_trace(to, &made);
}

/* ---- deeds -------------------------------------------------------------- */

static yao_status add_deed(void *ctx, const store_deed *deed)
{
    comparing   *c    = ctx;
    const common what = {deed->kind, deed->id, deed->format, deed->profile,
                         deed->number};

    c->balance->deeds++;
    return add_common(c, &c->deeds, &what);
}

static yao_status walk_deeds(comparing *c)
{
    for (int kind = STORE_DEED_BATCH; kind <= STORE_DEED_PERSON; kind++)
        YAO_TRY(store_walk_deeds(c->a->store, (store_deed_kind)kind, add_deed,
                                 c));
    return YAO_OK;
}

/* ---- events ------------------------------------------------------------- */

/* Bytes of a member that is hex digits; an empty RET when it is none. */
static yao_bytes hex_member(const yao_json *object, const char *name,
                            yao_arena *arena)
{
    yao_text   text;
    yao_writer w;
    yao_bytes  bytes;

    if (yao_json_string(yao_json_get(object, name), arena, &text) != YAO_OK)
        return (yao_bytes){NULL, 0};
    w = yao_writer_in(arena);
    if (yao_get_hex(yao_text_bytes(text), &w) != YAO_OK ||
        yao_writer_keep(&w, arena, &bytes) != YAO_OK)
        return (yao_bytes){NULL, 0};
    return bytes;
}

static yao_bytes text_member(const yao_json *object, const char *name,
                             yao_arena *arena)
{
    yao_text text;

    if (yao_json_string(yao_json_get(object, name), arena, &text) != YAO_OK)
        return (yao_bytes){NULL, 0};
    return yao_text_bytes(text);
}

static int64_t read_state(const yao_json *detail)
{
    for (int64_t state = STORE_VALID; state <= STORE_SUSPENDED; state++)
        if (yao_json_is(yao_json_get(detail, "state"),
                        issue_state_word(state)))
            return state;
    return -1;
}

/* What an event says that was done; false: nothing that the ledger knows. */
static bool understand(comparing *c, yao_text kind, yao_bytes subject,
                       const yao_json *detail, common *ret)
{
    common what = {.id = hex_member(detail, "id", c->arena)};

    if (yao_text_equal(kind, YAO_TEXT("document.issue"))) {
        what.kind    = STORE_DEED_BATCH;
        what.format  = text_member(detail, "format", c->arena);
        what.profile = text_member(detail, "profile", c->arena);
        if (yao_json_int(yao_json_get(detail, "copies"), &what.number) !=
            YAO_OK)
            what.number = -1;
    } else if (yao_bytes_starts(yao_text_bytes(kind), YAO_LIT("document.")) &&
               yao_json_get(detail, "state") != NULL) {
        what.kind   = STORE_DEED_CHANGE;
        what.number = read_state(detail);
    } else if (yao_text_equal(kind, YAO_TEXT("person.import")) &&
               subject.len > 0) {
        what.kind = STORE_DEED_PERSON;
        what.id   = subject;
    } else {
        return false;
    }
    *ret = what;
    return true;
}

static yao_status add_id(comparing *c, yao_bytes id)
{
    trace made = {{0}};

    if (id.len > sizeof made.bytes)
        id.len = sizeof made.bytes;
    memcpy(made.bytes, id.ptr, id.len);
    return add_trace(&c->ids, &made);
}

static yao_status add_event(comparing *c, yao_text kind, yao_bytes subject,
                            const yao_json *detail)
{
    common what;

    if (!understand(c, kind, subject, detail, &what))
        return YAO_OK;
    c->balance->events++;
    return add_common(c, &c->events, &what);
}

/* ---- entries of the log ---- */

static yao_status find_owner(comparing *c, yao_bytes subject)
{
    if (c->any && yao_bytes_equal(subject, c->subject))
        return YAO_OK;
    c->any = false;
    if (subject.len > sizeof c->known_subject)
        return YAO_E_STORE;
    YAO_TRY(audit_find_owner(c->a, subject, c->arena, &c->owner,
                             &c->known));
    memcpy(c->known_subject, subject.ptr, subject.len);
    c->subject = (yao_bytes){c->known_subject, subject.len};
    c->any     = true;
    return YAO_OK;
}

static yao_status read_text(comparing *c, yao_text text)
{
    const yao_json *json;
    yao_text        kind;

    YAO_TRY(yao_json_parse(c->arena, yao_text_bytes(text), &json));
    YAO_TRY(yao_json_string(yao_json_get(json, "kind"), c->arena, &kind));
    YAO_TRY(add_id(c, hex_member(json, "id", c->arena)));
    return add_event(c, kind, hex_member(json, "subject", c->arena),
                     yao_json_get(json, "detail"));
}

static void note_damage(comparing *c, int64_t index)
{
    if (c->balance->damaged++ == 0)
        c->balance->first_damaged = index;
}

static yao_status add_entry(comparing *c, const store_log_entry *entry)
{
    audit_opened opened;

    c->balance->entries++;
    YAO_TRY(find_owner(c, entry->subject));
    if (entry->subject.len > 0 && !c->known) { /* the key is destroyed */
        c->balance->erased++;
        return YAO_OK;
    }
    yao_status status =
        audit_open(c->a->crypto, &c->owner, entry, c->arena, &opened);
    if (status == YAO_OK) {
        yao_wipe(opened.key, sizeof opened.key);
        status = read_text(c, opened.text);
    }
    switch (status) {
    case YAO_E_SPACE:
    case YAO_E_STORE:
    case YAO_E_CRYPTO:
    case YAO_OK:
        return status;
    case YAO_E_NOT_FOUND:
        c->balance->erased++;
        return YAO_OK;
    default:
        note_damage(c, entry->index);
        return YAO_OK;
    }
}

static yao_status add_page(comparing *c, int64_t from, size_t *count)
{
    store_log_entry *entries;

    YAO_TRY(store_list_log_entries(c->a->store, from, from + PAGE, c->arena,
                                   &entries, count));
    for (size_t i = 0; i < *count; i++) {
        size_t     mark   = c->arena->used;
        yao_status status = add_entry(c, &entries[i]);

        c->arena->used = mark;
        YAO_TRY(status);
    }
    return YAO_OK;
}

static yao_status walk_entries(comparing *c)
{
    size_t count = PAGE;

    for (int64_t from = 0; count == PAGE; from += PAGE) {
        size_t     mark   = c->arena->used;
        yao_status status = add_page(c, from, &count);

        c->arena->used = mark;
        YAO_TRY(status);
    }
    return YAO_OK;
}

/* ---- events that wait ---- */

static yao_status add_waiting(comparing *c, const store_event *event)
{
    const yao_json *detail = NULL;

    c->balance->waiting++;
    YAO_TRY(add_id(c, event->id));
    if (yao_json_parse(c->arena, yao_text_bytes(event->detail), &detail) !=
        YAO_OK)
        return YAO_OK;
    return add_event(c, event->kind, event->subject, detail);
}

static yao_status walk_waiting(comparing *c)
{
    store_event  last;
    uint8_t      id[STORE_ID_LEN];
    store_event *events;
    size_t       count = PAGE;

    for (bool first = true; count == PAGE; first = false) {
        size_t mark = c->arena->used;

        YAO_TRY(store_list_waiting(c->a->store, first ? NULL : &last, PAGE,
                                   c->arena, &events, &count));
        for (size_t i = 0; i < count; i++)
            YAO_TRY(add_waiting(c, &events[i]));
        if (count > 0) {
            memcpy(id, events[count - 1].id.ptr, sizeof id);
            last = (store_event){.id = {id, sizeof id},
                                 .at = events[count - 1].at};
        }
        c->arena->used = mark;
    }
    return YAO_OK;
}

/* ---- comparing ---------------------------------------------------------- */

static int order(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(trace));
}

static void sort(traces *m)
{
    if (m->count > 0)
        qsort(m->items, m->count, sizeof *m->items, order);
}

static void balance(comparing *c)
{
    audit_balance *b = c->balance;
    size_t         d = 0, e = 0;

    sort(&c->deeds);
    sort(&c->events);
    sort(&c->ids);
    while (d < c->deeds.count || e < c->events.count) {
        int which = d == c->deeds.count    ? 1
                    : e == c->events.count ? -1
                                           : order(&c->deeds.items[d],
                                                   &c->events.items[e]);
        b->missing += which < 0;
        b->extra += which > 0;
        d += which <= 0;
        e += which >= 0;
    }
    for (size_t i = 1; i < c->ids.count; i++)
        b->doubled += order(&c->ids.items[i - 1], &c->ids.items[i]) == 0;
}

/* The log is read first and the ledger last, so that what happens meanwhile
 * is missed on the side of events; then it would be told as missing: run it
 * when nothing is issued, or again. */
yao_status audit_compare_ledger(const authority *a, yao_arena *arena,
                                audit_balance *ret)
{
    audit_balance b = {.first_damaged = -1};
    comparing     c = {.a = a, .arena = arena, .balance = &b};

    yao_status status = walk_entries(&c);
    if (status == YAO_OK)
        status = walk_waiting(&c);
    if (status == YAO_OK)
        status = walk_deeds(&c);
    if (status == YAO_OK)
        balance(&c);
    free(c.deeds.items);
    free(c.events.items);
    free(c.ids.items);
    yao_wipe(&c.owner, sizeof c.owner);
    if (status == YAO_OK)
        *ret = b;
    return status;
}

bool audit_balanced(const audit_balance *b)
{
    return b->damaged == 0 && b->extra == 0 && b->doubled == 0 &&
           b->missing <= b->erased;
}
