/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A form that is read has no name twice, no control letters and no empty
 * value; written and read again it is the same form. An address that may stand
 * in metadata has a place for its metadata, or a query; each address is the
 * same place as itself.
 */

#include "oauth/dpop.h"
#include "oauth/form.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "form: %s\n", what);
        abort();
    }
}

static void check_text(yao_text text)
{
    yao_text same;

    demand(yao_text_check(yao_text_bytes(text), &same) == YAO_OK, "no UTF-8");
    for (size_t i = 0; i < text.len; i++)
        demand(text.ptr[i] >= 0x20 && text.ptr[i] != 0x7f, "a control letter");
}

static void put_field(yao_writer *w, bool *first, const yao_form_field *f)
{
    if (!*first)
        yao_put_byte(w, '&');
    *first = false;
    yao_form_put_escaped(w, f->name);
    yao_put_byte(w, '=');
    yao_form_put_escaped(w, f->value);
}

static void check_form(const yao_form *form, yao_arena *arena)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_form   again;
    yao_bytes  text;

    for (size_t i = 0; i < form->count; i++) {
        check_text(form->fields[i].name);
        check_text(form->fields[i].value);
        demand(form->fields[i].value.len != 0, "an empty value");
        for (size_t k = 0; k < i; k++)
            demand(!yao_text_equal(form->fields[i].name, form->fields[k].name),
                   "a name twice");
        put_field(&w, &first, &form->fields[i]);
    }
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "room");
    demand(yao_form_read(arena, text, &again) == YAO_OK, "cannot read again");
    demand(again.count == form->count, "another form");
    for (size_t i = 0; i < form->count; i++)
        demand(yao_text_equal(again.fields[i].name, form->fields[i].name) &&
                   yao_text_equal(again.fields[i].value, form->fields[i].value),
               "another field");
}

static void check_url(yao_text url, yao_arena *arena)
{
    yao_text place;

    if (!yao_oauth_is_url(url, true))
        return;
    yao_status status = yao_oauth_well_known(arena, url, "x", &place);
    demand(status == YAO_OK ||
               yao_bytes_find(yao_text_bytes(url), '?') != url.len,
           "no place for metadata");
    if (status == YAO_OK)
        demand(yao_oauth_is_url(place, true), "a place that is none");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena arena = {memory, sizeof memory, 0};
    yao_form  form;

    if (len > 32 * 1024)
        return 0;
    if (yao_form_read(&arena, (yao_bytes){data, len}, &form) == YAO_OK)
        check_form(&form, &arena);
    arena.used = 0;
    check_url((yao_text){data, len}, &arena);
    return 0;
}
