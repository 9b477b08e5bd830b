/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is accepted, written again from its tree, parses to an equal tree, and
 * never contains a name twice. A string, a number or a truth, taken out and
 * written by its own function, is the same again. What is refused took nothing
 * from the arena.
 */

#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "json: %s\n", what);
        abort();
    }
}

static yao_text letters(const yao_json *v, yao_arena *arena, bool name)
{
    yao_text text = {0};

    demand((name ? yao_json_name(v, arena, &text)
                 : yao_json_string(v, arena, &text)) == YAO_OK,
           "letters that parsed cannot be had");
    return text;
}

static void check_names(const yao_json *object, yao_arena *arena)
{
    for (const yao_json *a = object->first; a != NULL; a = a->next) {
        size_t   mark = arena->used;
        yao_text name = letters(a, arena, true);

        demand(yao_json_get_text(object, name) == a, "a name stands twice");
        arena->used = mark;
    }
}

/* The value of a leaf by its getter, written and read again. */
static void check_leaf(const yao_json *v, yao_arena *arena)
{
    const yao_json *again;
    yao_writer      w;
    yao_text        text = {0};
    yao_bytes       out;
    int64_t         number = 0, same = 1;
    bool            truth  = false;

    bool is_text   = yao_json_string(v, arena, &text) == YAO_OK;
    bool is_number = yao_json_int(v, &number) == YAO_OK;
    bool is_truth  = yao_json_bool(v, &truth) == YAO_OK;
    demand(is_text + is_number + is_truth <= 1, "two kinds at once");
    if (!is_text && !is_number && !is_truth)
        return;
    w = yao_writer_in(arena);
    if (is_text)
        yao_json_put_string(&w, text);
    else if (is_number)
        yao_json_put_int(&w, number);
    else
        yao_json_put_bool(&w, truth);
    demand(yao_writer_keep(&w, arena, &out) == YAO_OK, "cannot write a leaf");
    demand(yao_json_parse(arena, out, &again) == YAO_OK, "cannot read a leaf");
    if (is_text)
        demand(yao_json_is_text(again, text), "another string");
    else if (is_number)
        demand(yao_json_int(again, &same) == YAO_OK && same == number,
               "another number");
    else
        demand(again->kind == YAO_JSON_BOOL && again->truth == truth,
               "another truth");
}

static void compare(const yao_json *a, const yao_json *b, yao_arena *arena)
{
    size_t mark = arena->used;

    demand(a->kind == b->kind && a->count == b->count, "another shape");
    demand(yao_json_same_name(a, b), "another name");
    if (a->kind == YAO_JSON_STRING)
        demand(yao_text_equal(letters(a, arena, false),
                              letters(b, arena, false)),
               "another string");
    else if (a->kind <= YAO_JSON_NUMBER)
        demand(yao_text_equal(a->raw, b->raw), "another value");
    check_leaf(a, arena);
    arena->used = mark;

    const yao_json *x = a->first, *y = b->first;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        compare(x, y, arena);
    demand(x == NULL && y == NULL, "another number of children");
    if (a->kind == YAO_JSON_OBJECT)
        check_names(a, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena       arena = {memory, sizeof memory, 0};
    const yao_json *one, *two;
    yao_bytes       again;
    size_t          offset;

    if (yao_json_parse_at(&arena, (yao_bytes){data, len}, &one, &offset) !=
        YAO_OK) {
        demand(offset <= len, "the place lies behind the text");
        demand(arena.used == 0, "a refused text keeps memory");
        return 0;
    }
    yao_writer w = yao_writer_in(&arena);
    yao_json_put_value(&w, one);
    demand(yao_writer_keep(&w, &arena, &again) == YAO_OK, "cannot write");
    demand(yao_json_parse(&arena, again, &two) == YAO_OK, "cannot read again");
    compare(one, two, &arena);
    return 0;
}
