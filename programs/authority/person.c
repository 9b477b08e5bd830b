/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai person show, person count. Every look at a record is an event for the
 * audit log, committed before anything is shown.
 */

#include "authority/commands.h"
#include "authority/people.h"

#include "app/files.h"
#include "app/value.h"
#include "document/document.h"

#include <inttypes.h>
#include <string.h>

#define MEMORY (4u * 1024u * 1024u)

static const yao_words show_what = WORDS_INIT("person show", "查看人员");

/* ---- words for a field ---- */

static const yao_element *find_in(const yao_definition *d, yao_text path)
{
    for (size_t i = 0; i < d->element_count; i++) {
        const yao_element *e = &d->elements[i];
        if (yao_text_equal(e->from, path) &&
            (e->derive == YAO_DERIVE_NONE || e->derive == YAO_DERIVE_EXPIRY ||
             e->derive == YAO_DERIVE_DOCUMENT_NUMBER))
            return e;
    }
    return NULL;
}

/* The element that is made of a path in the record; of several the identity
 * card's. */
static const yao_element *find_element(yao_text path)
{
    const yao_catalogue  *c = yao_catalogue_shipped();
    const yao_definition *d = yao_document_by_name(c, YAO_TEXT("resident_id"));
    const yao_element    *e = d != NULL ? find_in(d, path) : NULL;

    for (size_t i = 0; i < c->definition_count && e == NULL; i++)
        e = find_in(&c->definitions[i], path);
    return e;
}

static void print_text(yao_text text)
{
    uint8_t    buffer[2048];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    yao_value_put_text(&w, text);
    fwrite(buffer, 1, w.len < sizeof buffer ? w.len : sizeof buffer, stdout);
}

static void print_code(const yao_element *element, yao_text value)
{
    yao_code row;

    if (element != NULL && element->codes != NULL &&
        yao_code_find(element->codes, value, &row)) {
        fputs(" (", stdout);
        print_text(yao_label_in(row.label, yao_language_get()));
        fputs(")", stdout);
    }
}

/* ---- the record, a line a field ---- */

typedef struct showing {
    yao_arena *arena;
    yao_text   path; /* without the number of a vehicle */
} showing;

static yao_status join(const showing *s, const yao_json *member, yao_text *ret)
{
    yao_writer w = yao_writer_in(s->arena);
    yao_bytes  joined;
    yao_text   name;

    YAO_TRY(yao_json_name(member, s->arena, &name));
    if (yao_text_equal(name, YAO_TEXT("vehicles")))
        name = YAO_TEXT("vehicle"); /* as definitions call one of them */
    w = yao_writer_in(s->arena);
    yao_put_bytes(&w, yao_text_bytes(s->path));
    if (s->path.len > 0)
        yao_put_byte(&w, '.');
    yao_put_bytes(&w, yao_text_bytes(name));
    YAO_TRY(yao_writer_keep(&w, s->arena, &joined));
    *ret = (yao_text){joined.ptr, joined.len};
    return YAO_OK;
}

static yao_status print_field(const showing *s, const yao_json *value)
{
    const yao_element *element = find_element(s->path);
    yao_text           text    = value->raw;

    if (value->kind == YAO_JSON_STRING)
        YAO_TRY(yao_json_string(value, s->arena, &text));
    fputs("  ", stdout);
    print_text(s->path);
    if (element != NULL) {
        fputs("  ", stdout);
        print_text(yao_label_in(element->label, yao_language_get()));
    }
    fputs(": ", stdout);
    print_text(text);
    print_code(element, text);
    fputc('\n', stdout);
    return YAO_OK;
}

/* The parser bounds the depth, and so this. */
static yao_status print_tree(const showing *s, const yao_json *value)
{
    if (value->kind != YAO_JSON_OBJECT && value->kind != YAO_JSON_ARRAY)
        return print_field(s, value);
    for (const yao_json *m = value->first; m != NULL; m = m->next) {
        showing below = *s;
        if (value->kind == YAO_JSON_OBJECT)
            YAO_TRY(join(s, m, &below.path));
        YAO_TRY(print_tree(&below, m));
    }
    return YAO_OK;
}

/* ---- show ---- */

static yao_status note_look(const authority *a, const people_person *person,
                            yao_arena *arena)
{
    store_change change = store_change_open(arena);

    YAO_TRY(authority_put_event(&change, arena, "person.show",
                                (yao_bytes){person->holder, STORE_HASH_LEN},
                                YAO_TEXT("{\"by\":\"command line\"}")));
    return store_commit(a->store, &change);
}

static yao_status write_portrait(const authority     *a,
                                 const people_person *person, const char *path,
                                 yao_arena *arena)
{
    yao_bytes portrait;

    if (path == NULL)
        return YAO_OK;
    YAO_TRY(people_portrait(a, person, STORE_PORTRAIT, arena, &portrait));
    if (portrait.len == 0)
        return YAO_E_MISSING;
    return yao_file_write(path, portrait, 0600, false);
}

static yao_status show(const authority *a, const yao_invocation *call,
                       yao_arena *arena)
{
    people_person person;
    showing       s = {arena, {NULL, 0}};

    YAO_TRY(people_find(a, yao_text_of(call->operands[0]), arena, &person));
    yao_status status = note_look(a, &person, arena);
    if (status == YAO_OK)
        status =
            write_portrait(a, &person, yao_argument(call, "portrait"), arena);
    if (status == YAO_OK && call->json) {
        fwrite(person.text.ptr, 1, person.text.len, stdout);
        fputc('\n', stdout);
    } else if (status == YAO_OK) {
        status = print_tree(&s, person.record);
    }
    people_close(&person);
    return status;
}

static int tell_show(yao_status status)
{
    switch (status) {
    case YAO_OK:
        return 0;
    case YAO_E_NOT_FOUND: /* the number is not repeated: it is personal */
        return yao_fail(status, show_what, NULL,
                        WORDS("nobody of this number is in the register",
                              "登记库中没有该号码"),
                        WORDS("check the number; only the whole number finds",
                              "请核对号码；只能按完整号码查找"));
    case YAO_E_MISSING:
        return yao_fail(
            status, show_what, "--portrait",
            WORDS("there is no portrait of this person", "此人没有照片"),
            WORDS("leave --portrait out", "请去掉 --portrait"));
    case YAO_E_SECRET:
        return yao_fail(
            status, show_what, NULL,
            WORDS("the row is not what was written", "数据行被改动"),
            WORDS("restore the register from a backup", "请从备份恢复登记库"));
    default:
        return yao_fail(status, show_what, NULL, (yao_words){NULL, NULL},
                        (yao_words){NULL, NULL});
    }
}

static int run_show(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena = {NULL, 0, 0};

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = yao_memory_open(MEMORY, &arena);
    if (status == YAO_OK)
        status = show(&a, call, &arena);
    arena.used = arena.cap; /* all of it was used at times */
    yao_memory_free(&arena);
    authority_close(&a);
    return tell_show(status);
}

/* ---- count ---- */

static int run_count(const yao_invocation *call)
{
    static authority a;
    uint64_t         count = 0;

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = store_count_persons(a.store, &count);
    authority_close(&a);
    if (status != YAO_OK)
        return yao_fail(status, WORDS("person count", "人员计数"), NULL,
                        (yao_words){NULL, NULL}, (yao_words){NULL, NULL});
    if (call->json)
        printf("{\"people\":%" PRIu64 "}\n", count);
    else
        printf("%" PRIu64 "\n", count);
    return 0;
}

static const yao_option show_options[] = {
    {"portrait", "FILE", 0,
     WORDS_INIT("also write the portrait, a JPEG", "同时写出照片（JPEG）")},
};

const yao_command yao_person_show = {
    .noun    = "person",
    .verb    = "show",
    .summary = WORDS_INIT("show the record of one person", "查看一个人的记录"),
    .text    = WORDS_INIT(
        "People are found by their whole number only; there is no list to "
           "browse. Each look is noted for the audit log before it is shown.",
        "只能按完整号码查找，不提供人员名单。"
           "每次查看都先记入审计日志，再显示。"),
    .operands     = "NUMBER",
    .least        = 1,
    .most         = 1,
    .options      = show_options,
    .option_count = sizeof show_options / sizeof show_options[0],
    .example      = "  yaopai person show 12011919880808901X",
    .json         = true,
    .run          = run_show,
};

const yao_command yao_person_count = {
    .noun    = "person",
    .verb    = "count",
    .summary = WORDS_INIT("how many people are registered", "登记人数"),
    .json    = true,
    .run     = run_count,
};
