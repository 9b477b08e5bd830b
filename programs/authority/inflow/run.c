/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The job "inflow". Of what is running it takes line after line:
 *
 *     import  the change of the person, how far it is, what was wrong: one
 *     sync    sync_apply() commits for itself and knows what it did before;
 *             how far it is comes behind
 *
 * Whoever else goes on with the same, or ended it, takes the claim of the step;
 * this run stops then without having done anything.
 */
#include "authority/inflow/inflow.h"

#include "app/files.h"
#include "authority/life/sync.h"
#include "authority/source.h"

#include <string.h>

enum {
    MOST_SAID     = 2048,
    MOST_PROBLEMS = 8,
    STEP_MEMORY   = 8192,
    TIDY          = 8,
    READING       = 4096
};

/* For sync_apply(): as `person sync` has for a line. */
#define WORK_MEMORY ((size_t)32 * 1024 * 1024)

typedef struct run {
    authority         *a;
    yao_arena         *arena;
    store_intake       what;
    seal_person        key;
    store_intake_count count; /* as it is after the line at work */
    int64_t            until; /* yao_milliseconds() */

    yao_bytes plain; /* of the part at work */
    source    from;
    bool      over; /* nothing is behind in this part */

    uint8_t    said[MOST_SAID]; /* of the line at work: a JSON list */
    yao_writer telling;
    size_t     problems;

    intake   *in;   /* of an import */
    yao_arena work; /* of a sync */
} run;

/* ---- keys, events ------------------------------------------------------- */

yao_status inflow_open_key(const authority *a, const store_intake *what,
                           seal_person *ret)
{
    const store_person sealed = {.id          = what->id,
                                 .epoch       = what->epoch,
                                 .wrapped_key = what->wrapped_key};

    return seal_person_open(&a->keys, &sealed, ret);
}

yao_status inflow_put_event(store_change *change, const store_intake *what,
                            const char *kind, const char *why)
{
    yao_writer w     = yao_writer_in(change->arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", what->id);
    yao_json_put_member(&w, &first, "kind",
                        yao_text_of(inflow_kind_name(what->kind)));
    yao_json_put_member_int(&w, &first, "lines", what->lines);
    yao_json_put_member_int(&w, &first, "done", what->count.done);
    yao_json_put_member_int(&w, &first, "applied", what->count.applied);
    yao_json_put_member_int(&w, &first, "refused", what->count.refused);
    if (why[0] != '\0')
        yao_json_put_member(&w, &first, "why", yao_text_of(why));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, change->arena, &detail));
    return authority_put_event(change, change->arena, kind,
                               (yao_bytes){NULL, 0},
                               (yao_text){detail.ptr, detail.len});
}

/* ---- telling ------------------------------------------------------------ */

static void begin_line(run *r)
{
    r->telling  = yao_writer_open(r->said, sizeof r->said);
    r->problems = 0;
    r->count    = r->what.count;
}

/* What does not fit any more is one of many on this line. */
static void tell(run *r, yao_text field, const char *code)
{
    _Alignas(16) uint8_t room[128];
    yao_arena            arena = {room, sizeof room, 0};
    yao_writer           w     = r->telling;
    yao_text             name;
    bool                 first = true;

    if (r->problems == MOST_PROBLEMS ||
        inflow_field(field, &arena, &name) != YAO_OK)
        return;
    yao_put_byte(&w, r->problems == 0 ? '[' : ',');
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "field", name);
    yao_json_put_member(&w, &first, "code", yao_text_of(code));
    yao_put_byte(&w, '}');
    if (w.status != YAO_OK || w.len + 1 > sizeof r->said)
        return;
    r->telling = w;
    r->problems++;
}

static void tell_trouble(void *ctx, size_t line, const intake_trouble *what)
{
    (void)line;
    tell(ctx, what->field, what->code);
}

/* ---- steps -------------------------------------------------------------- */

/* With the change of LINE: that it was done, and what was wrong. */
static yao_status put_step(run *r, store_change *change, int64_t line)
{
    store_intake_count *count = yao_arena_take(change->arena, sizeof *count);
    yao_bytes           said;

    if (count == NULL)
        return YAO_E_SPACE;
    r->count.done = line;
    *count        = r->count;
    store_step_intake(change, r->what.id, count, r->what.count.done, yao_now());
    if (r->problems == 0)
        return YAO_OK;
    yao_put_byte(&r->telling, ']');
    YAO_TRY(yao_writer_close(&r->telling, &said));
    store_tell_intake(change, r->what.id, line,
                      (yao_text){said.ptr, said.len});
    return YAO_OK;
}

static yao_status commit(run *r, store_change *change)
{
    yao_status status = store_commit(r->a->store, change);

    if (status == YAO_OK)
        r->what.count = r->count;
    return status;
}

/* A line that changes nothing else. */
static yao_status step(run *r, int64_t line)
{
    _Alignas(16) uint8_t room[STEP_MEMORY];
    yao_arena            arena  = {room, sizeof room, 0};
    store_change         change = store_change_open(&arena);

    YAO_TRY(put_step(r, &change, line));
    return commit(r, &change);
}

/* It is over. */
static yao_status end(run *r, store_intake_state to, const char *why)
{
    _Alignas(16) uint8_t   room[STEP_MEMORY];
    yao_arena              arena  = {room, sizeof room, 0};
    store_change           change = store_change_open(&arena);
    const store_intake_end over   = {r->what.id, STORE_INTAKE_RUNNING, to,
                                     yao_text_of(why), 0};

    store_end_intake(&change, &over, yao_now());
    YAO_TRY(inflow_put_event(
        &change, &r->what,
        to == STORE_INTAKE_DONE ? "intake.done" : "intake.end", why));
    return store_commit(r->a->store, &change);
}

/* ---- parts -------------------------------------------------------------- */

/* The part in which the next line is, from its beginning. */
static yao_status open_part(run *r)
{
    store_intake_part part;

    YAO_TRY(store_get_intake_part(r->a->store, r->what.id,
                                  r->what.count.done + 1, r->arena, &part));
    YAO_TRY(seal_open_part(&r->key, INFLOW_PART_KIND(part.first_line),
                           part.sealed, r->arena, &r->plain));
    void *bytes = (void *)(uintptr_t)r->plain.ptr;
    char *room  = yao_arena_take(r->arena, READING); /* is wiped with it */
    if (room == NULL)
        return YAO_E_SPACE;
    r->from = (source){.in = fmemopen(bytes, r->plain.len, "r")};
    if (r->from.in == NULL)
        return YAO_E_SPACE;
    (void)setvbuf(r->from.in, room, _IOFBF, READING);
    r->from.reader      = csv_open(r->from.in);
    r->from.reader.line = (size_t)part.first_line;
    return YAO_OK;
}

/* The next record that was not done yet. */
static yao_status next_record(void *ctx, yao_arena *arena, yao_bytes *ret,
                              size_t *line)
{
    run *r = ctx;

    for (;;) {
        size_t     mark   = arena->used;
        yao_status status = source_next(&r->from, arena, ret, line);
        r->over = status == YAO_E_NOT_FOUND;
        if (r->over || (int64_t)*line > r->what.count.done)
            return status;
        if (status != YAO_OK && !intake_is_lines_fault(status))
            return status;
        arena->used = mark;
    }
}

/* Behind the last record: empty lines are done, too. */
static int64_t last_line(const run *r)
{
    bool ended = r->plain.len > 0 && r->plain.ptr[r->plain.len - 1] == '\n';

    return (int64_t)r->from.reader.line - (ended ? 1 : 0);
}

/* ---- lines -------------------------------------------------------------- */

static yao_status refuse(run *r, int64_t line)
{
    r->count.refused++;
    return step(r, line);
}

static yao_status import_line(run *r)
{
    intake_slot *slot   = &r->in->slots[0];
    yao_status   status = intake_prepare(r->in, slot);
    int64_t      line   = (int64_t)slot->line;

    if (intake_is_lines_fault(status))
        return refuse(r, line);
    YAO_TRY(status);
    r->count.applied++;
    YAO_TRY(put_step(r, &slot->change, line));
    status = commit(r, &slot->change);
    if (status != YAO_E_EXISTS)
        return status;
    r->count.applied--;
    intake_tell_lost(r->in, slot);
    return refuse(r, line);
}

static yao_status sync_line(run *r)
{
    const sync_source from = {.today = yao_date_of_time(yao_now())};
    const enrol       e    = {.a         = r->a,
                              .catalogue = yao_catalogue_shipped(),
                              .arena     = &r->work,
                              .now       = yao_now()};
    sync_said         said = {.outcome = SYNC_REFUSED};
    yao_bytes         text;
    size_t            line = 0;

    r->work.used      = 0;
    yao_status status = next_record(r, &r->work, &text, &line);
    if (status == YAO_OK)
        status = sync_apply(&e, &from, text, &said);
    else if (intake_is_lines_fault(status)) {
        said.code = yao_status_name(status);
        status    = YAO_OK;
    }
    YAO_TRY(status);
    if (said.outcome == SYNC_REFUSED) {
        tell(r, said.field, said.code);
        return refuse(r, (int64_t)line);
    }
    r->count.applied += said.outcome == SYNC_APPLIED;
    r->count.same += said.outcome == SYNC_SAME;
    r->count.older += said.outcome == SYNC_OLDER;
    return step(r, (int64_t)line);
}

static yao_status run_part(run *r)
{
    r->over = false;
    while (yao_milliseconds() < r->until) {
        begin_line(r);
        yao_status status = r->in != NULL ? import_line(r) : sync_line(r);
        if (r->over)
            return YAO_OK;
        YAO_TRY(status);
    }
    return YAO_OK;
}

static yao_status run_parts(run *r)
{
    size_t mark = r->arena->used;

    while (r->what.count.done < r->what.lines &&
           yao_milliseconds() < r->until) {
        r->arena->used = mark;
        YAO_TRY(open_part(r));
        yao_status status = run_part(r);
        int64_t    last   = last_line(r);
        source_close(&r->from);
        YAO_TRY(status);
        begin_line(r);
        if (r->over && last > r->what.count.done)
            YAO_TRY(step(r, last));
    }
    return YAO_OK;
}

/* ---- one intake --------------------------------------------------------- */

static yao_status open_work(run *r)
{
    if (r->what.kind == STORE_INTAKE_SYNC) {
        uint8_t *room = yao_arena_take(r->arena, WORK_MEMORY);
        r->work       = (yao_arena){room, WORK_MEMORY, 0};
        return room != NULL ? YAO_OK : YAO_E_SPACE;
    }
    YAO_TRY(intake_new(&r->in));
    r->in->authority = r->a;
    r->in->next      = next_record;
    r->in->tell      = tell_trouble;
    r->in->ctx       = r;
    return YAO_OK;
}

/* What no second try mends ends it plainly. */
static const char *final_trouble(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_FOUND: /* no key of that epoch, or no such part */
    case YAO_E_SECRET:
    case YAO_E_MALFORMED:
    case YAO_E_TRUNCATED:
        return "unreadable";
    case YAO_E_SPACE:
    case YAO_E_USAGE:
        return "failed";
    default:
        return NULL;
    }
}

static yao_status run_one(run *r)
{
    yao_status status = inflow_open_key(r->a, &r->what, &r->key);

    if (status == YAO_OK)
        status = open_work(r);
    if (status == YAO_OK)
        status = run_parts(r);
    intake_free(r->in);
    yao_wipe(&r->key, sizeof r->key);
    if (status == YAO_OK && r->what.count.done >= r->what.lines)
        status = end(r, STORE_INTAKE_DONE, "");
    if (status == YAO_E_MISMATCH)
        return YAO_OK; /* somebody else goes on with it, or ended it */
    const char *why = final_trouble(status);
    return why != NULL ? end(r, STORE_INTAKE_ENDED, why) : status;
}

/* ---- the others --------------------------------------------------------- */

/* What two agreed to meanwhile goes on. */
static yao_status put_late(store_change *change, const store_intake *what)
{
    const store_intake_end over = {what->id, STORE_INTAKE_RECEIVING,
                                   STORE_INTAKE_ENDED, YAO_TEXT("late"),
                                   STORE_INTAKE_RUNNING};

    store_end_intake(change, &over, yao_now());
    return inflow_put_event(change, what, "intake.end", "late");
}

static yao_status drop(authority *a, const store_intake *what,
                       yao_arena *arena)
{
    store_change change = store_change_open(arena);

    if (what->state >= STORE_INTAKE_DONE)
        store_forget_intake(&change, what->id);
    else
        YAO_TRY(put_late(&change, what));
    yao_status status = store_commit(a->store, &change);
    return status == YAO_E_MISMATCH ? YAO_OK : status;
}

static yao_status tidy(authority *a, yao_arena *arena)
{
    static const struct {
        store_intake_state state;
        int64_t            seconds;
    } rows[] = {{STORE_INTAKE_RECEIVING, INFLOW_WAITS},
                {STORE_INTAKE_WAITING, INFLOW_WAITS},
                {STORE_INTAKE_DONE, INFLOW_KEPT},
                {STORE_INTAKE_ENDED, INFLOW_KEPT}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const store_intake_wish wish = {
            rows[i].state, yao_now() - rows[i].seconds, TIDY};
        store_intake *found;
        size_t        count;
        YAO_TRY(store_list_intakes_of(a->store, &wish, arena, &found, &count));
        for (size_t k = 0; k < count; k++)
            YAO_TRY(drop(a, &found[k], arena));
    }
    return YAO_OK;
}

yao_status inflow_run(authority *a, yao_arena *arena, int64_t ms, bool *more)
{
    const store_intake_wish wish = {STORE_INTAKE_RUNNING, YAO_TIME_MAX, 1};
    run          *r              = yao_arena_take(arena, sizeof *r);
    store_intake *found;
    size_t        count;

    *more = false;
    if (r == NULL)
        return YAO_E_SPACE;
    YAO_TRY(store_list_intakes_of(a->store, &wish, arena, &found, &count));
    if (count == 0)
        return tidy(a, arena);
    *r = (run){.a     = a,
               .arena = arena,
               .what  = found[0],
               .until = yao_milliseconds() + ms};
    YAO_TRY(run_one(r));
    *more = true;
    return YAO_OK;
}
