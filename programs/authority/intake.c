/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/intake.h"

#include "app/files.h"
#include "image/image.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SLOT_MEMORY (384u * 1024u)

/* A record, its tree, the pixels of its portrait. */
#define WORK_MEMORY (24u * 1024u * 1024u)

/* ---- telling ---- */

static void tell_json(intake *in, size_t line, const intake_trouble *t)
{
    uint8_t    buffer[2048];
    yao_writer w     = yao_writer_open(buffer, sizeof buffer);
    bool       first = true;

    yao_put_text(&w, in->told ? ",\n{" : "\n{");
    yao_json_put_name(&w, &first, "line");
    yao_json_put_int(&w, (int64_t)line);
    yao_json_put_name(&w, &first, "field");
    yao_json_put_string(&w, t->field);
    yao_json_put_name(&w, &first, "severity");
    yao_json_put_string(&w, yao_text_of(yao_severity_name(t->severity)));
    yao_json_put_name(&w, &first, "code");
    yao_json_put_string(&w, yao_text_of(t->code));
    yao_json_put_name(&w, &first, "reason");
    yao_json_put_string(&w, yao_text_of(t->why));
    yao_put_byte(&w, '}');
    fwrite(buffer, 1, w.len, stdout);
    in->told = true;
}

void intake_put_field(yao_text field)
{
    for (size_t i = 0; i < field.len && i < 200; i++)
        fputc(field.ptr[i] < 0x20 || field.ptr[i] == 0x7f ? '?' : field.ptr[i],
              stderr);
}

static void tell(intake *in, size_t line, const intake_trouble *t)
{
    if (in->tell != NULL) {
        in->tell(in->ctx, line, t);
        return;
    }
    if (in->json) {
        tell_json(in, line, t);
        return;
    }
    yao_progress_end(&in->progress);
    fprintf(stderr, "yaopai: %s:%zu: ", in->path, line);
    intake_put_field(t->field);
    fprintf(stderr, "%s%s%s\n", t->field.len > 0 ? ": " : "",
            t->severity == YAO_WARNING ? yao_say(WORDS("unusual: ", "提示："))
                                       : "",
            t->why);
}

static void tell_problem(intake *in, const yao_problem *problem)
{
    char     why[256];
    yao_text text = yao_reason_text(problem->reason, yao_language_get());

    snprintf(why, sizeof why, "%.*s", (int)text.len, (const char *)text.ptr);
    tell(in, in->line,
         &(intake_trouble){problem->where, problem->severity,
                    yao_reason_name(problem->reason), why});
}

static void tell_problems(intake *in, const yao_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        bool error = problems->items[i].severity == YAO_ERROR;
        in->unusual += !error;
        if (error || in->warn)
            tell_problem(in, &problems->items[i]);
    }
}

/* ---- one line ---- */

bool intake_is_lines_fault(yao_status status)
{
    return status / 100 == 2 || status / 100 == 3 || status == YAO_E_LIMIT;
}

static yao_status refuse(intake *in, const char *field, yao_status status,
                         const char *why)
{
    const intake_trouble what = {
        yao_text_of(field), YAO_ERROR, yao_status_name(status),
        why != NULL ? why : yao_status_words(status)};

    tell(in, in->line, &what);
    return YAO_E_VALUE;
}

static const char *portrait_trouble(yao_status status)
{
    switch (status) {
    case YAO_E_MALFORMED:
        return yao_say(
            WORDS("not a JPEG, or a damaged one", "不是 JPEG，或已损坏"));
    case YAO_E_UNSUPPORTED:
        return yao_say(WORDS("a JPEG of an unusual kind; save it as baseline "
                             "in colour",
                             "JPEG 类型不支持，请另存为普通彩色"));
    case YAO_E_LIMIT:
        return yao_say(WORDS("not 200 x 240 to 1200 x 1600 pixels and 96 kB",
                             "应为 200×240 至 1200×1600 像素，不超过 96 kB"));
    case YAO_E_REFUSED:
        return yao_say(
            WORDS("files can't be named here", "此处不能引用文件"));
    default:
        return yao_status_words(status);
    }
}

yao_status intake_clean(yao_bytes jpeg, yao_arena *arena, people_entry *entry)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(image_clean_jpeg(jpeg, &image_portrait, &w));
    YAO_TRY(yao_writer_keep(&w, arena, &entry->portrait));

    uint8_t *small = yao_arena_take(arena, IMAGE_SMALL_BYTES);
    if (small == NULL)
        return YAO_E_SPACE;
    w = yao_writer_open(small, IMAGE_SMALL_BYTES);
    YAO_TRY(image_shrink_jpeg(entry->portrait, IMAGE_SMALL_BYTES, arena, &w));
    return yao_writer_close(&w, &entry->portrait_small);
}

static yao_status take_portrait(intake *in, people_entry *entry)
{
    const yao_json *member = yao_json_get(entry->record, "portrait");
    yao_text        name;

    if (member == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_string(member, &in->work, &name));
    yao_status status =
        in->portrait != NULL
            ? in->portrait(in->ctx, name, &in->work, entry)
            : YAO_E_REFUSED;
    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;
    return refuse(in, "portrait", status, portrait_trouble(status));
}

static yao_status check_line(intake *in, yao_bytes text, people_entry *entry)
{
    yao_problems *problems = yao_arena_take(&in->work, sizeof *problems);

    if (problems == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_json_parse(&in->work, text, &entry->record);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        return refuse(in, "", status, NULL);
    status = yao_document_check_record(&in->work, yao_catalogue_shipped(),
                                       entry->record, in->today, problems);
    if (status == YAO_OK || status == YAO_E_VALUE)
        tell_problems(in, problems);
    return status;
}

yao_status intake_prepare(intake *in, intake_slot *slot)
{
    people_entry entry = {.record = NULL};
    yao_bytes    text;

    in->work.used    = 0;
    slot->arena.used = 0;
    slot->change     = store_change_open(&slot->arena);

    yao_status status = in->next(in->ctx, &in->work, &text, &in->line);
    if (status == YAO_E_NOT_FOUND)
        return status;
    slot->line = in->line;
    if (intake_is_lines_fault(status))
        return refuse(in, "", status, NULL);
    YAO_TRY(status);
    YAO_TRY(check_line(in, text, &entry));
    YAO_TRY(take_portrait(in, &entry));
    status = people_put(in->authority, &slot->change, &slot->arena, &entry);
    return intake_is_lines_fault(status) ? refuse(in, "", status, NULL)
                                         : status;
}

/* ---- each for itself ---- */

void intake_tell_lost(intake *in, const intake_slot *slot)
{
    in->line = slot->line;
    (void)refuse(
        in, people_lost_field(slot->change.lost_about), YAO_E_EXISTS,
        yao_say(WORDS("it is in the register already", "登记库中已经存在")));
}

/* Wait for what SLOT carries. */
static yao_status settle(intake *in, intake_slot *slot)
{
    if (!slot->busy)
        return YAO_OK;
    slot->busy = false;

    yao_status status = store_wait(in->authority->store, &slot->change);
    if (status == YAO_OK) {
        in->imported++;
        return YAO_OK;
    }
    if (status != YAO_E_EXISTS)
        return status;
    in->refused++;
    intake_tell_lost(in, slot);
    return YAO_OK;
}

static void step(intake *in)
{
    if (in->done != NULL)
        yao_progress_step(&in->progress, in->done(in->ctx));
}

static yao_status import_each(intake *in)
{
    for (size_t i = 0;; i++) {
        intake_slot *slot = &in->slots[i % INTAKE_SLOTS];
        YAO_TRY(settle(in, slot));

        yao_status status = intake_prepare(in, slot);
        step(in);
        if (status == YAO_E_NOT_FOUND)
            return YAO_OK;
        if (intake_is_lines_fault(status)) {
            in->refused++;
            continue;
        }
        YAO_TRY(status);
        slot->busy = true;
        store_submit(in->authority->store, &slot->change);
    }
}

static yao_status settle_all(intake *in)
{
    yao_status first = YAO_OK;

    for (size_t i = 0; i < INTAKE_SLOTS; i++) {
        yao_status status = settle(in, &in->slots[i]);
        if (first == YAO_OK)
            first = status;
    }
    return first;
}

/* ---- all or nothing ---- */

/* After a line that is refused the rest is only checked. */
static yao_status next_change(void *ctx, store_change **ret)
{
    intake      *in   = ctx;
    intake_slot *slot = &in->slots[0];

    for (;;) {
        yao_status status = intake_prepare(in, slot);
        step(in);
        if (status == YAO_E_NOT_FOUND)
            return in->refused > 0 ? YAO_E_VALUE : YAO_OK;
        if (intake_is_lines_fault(status)) {
            in->refused++;
            continue;
        }
        YAO_TRY(status);
        if (in->refused > 0)
            continue;
        in->imported++;
        *ret = &slot->change;
        return YAO_OK;
    }
}

static yao_status import_all(intake *in)
{
    yao_status status = store_commit_all(in->authority->store, next_change, in);

    if (status == YAO_OK)
        return YAO_OK;
    in->imported = 0;
    if (status == YAO_E_EXISTS) {
        in->refused++;
        intake_tell_lost(in, &in->slots[0]);
        return YAO_OK;
    }
    return status == YAO_E_VALUE && in->refused > 0 ? YAO_OK : status;
}

/* ---- the whole ---- */

static yao_status open_memory(intake *in)
{
    YAO_TRY(yao_memory_open(WORK_MEMORY, &in->work));
    for (size_t i = 0; i < INTAKE_SLOTS; i++)
        YAO_TRY(yao_memory_open(SLOT_MEMORY, &in->slots[i].arena));
    return YAO_OK;
}

yao_status intake_new(intake **ret)
{
    intake *in = calloc(1, sizeof *in);

    if (in == NULL || open_memory(in) != YAO_OK) {
        intake_free(in);
        return YAO_E_SPACE;
    }
    in->today = yao_date_of_time(yao_now());
    *ret      = in;
    return YAO_OK;
}

/* All of it: what was wound back is still there. */
static void wipe(yao_arena *arena)
{
    arena->used = arena->cap;
    yao_memory_free(arena);
}

void intake_free(intake *in)
{
    if (in == NULL)
        return;
    wipe(&in->work);
    for (size_t i = 0; i < INTAKE_SLOTS; i++)
        wipe(&in->slots[i].arena);
    free(in);
}

yao_status intake_run(intake *in)
{
    yao_status status = in->all ? import_all(in) : import_each(in);
    yao_status rest   = settle_all(in);

    yao_progress_end(&in->progress);
    return status != YAO_OK ? status : rest;
}

yao_status intake_read_portrait(const char *folder, yao_text name,
                                yao_arena *arena, people_entry *entry)
{
    char      file[1024], path[PATH_MAX];
    yao_bytes jpeg = {NULL, 0};

    if (name.len >= sizeof file)
        return YAO_E_FILE;
    memcpy(file, name.ptr, name.len);
    file[name.len] = '\0';
    YAO_TRY(yao_path_join(folder, file, path, sizeof path));
    YAO_TRY(yao_file_read(path, PEOPLE_MAX_PORTRAIT, &jpeg));
    yao_status status = intake_clean(jpeg, arena, entry);
    yao_file_free(&jpeg);
    return status;
}
