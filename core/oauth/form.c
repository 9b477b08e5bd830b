/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/form.h"

#include "base/ascii.h"
#include "oauth/parts.h"

static const char DIGITS[] = "0123456789ABCDEF";

/* Letters that stand for themselves: unreserved ones, and those that browsers
 * and libraries leave alone in a query. */
static bool plain(uint8_t b)
{
    static const char more[] = "!$'()*,/:;?@";

    if (yao_ascii_unreserved(b))
        return true;
    for (size_t i = 0; i < sizeof more - 1; i++)
        if (b == (uint8_t)more[i])
            return true;
    return false;
}

/* One letter at IN[*at], which moves on; -1: none that may stand there. */
static int next_byte(yao_bytes in, size_t *at)
{
    uint8_t b = in.ptr[(*at)++];

    if (b == '+')
        return ' ';
    if (b != '%')
        return plain(b) ? b : -1;
    if (in.len - *at < 2)
        return -1;

    int high = yao_ascii_hex(in.ptr[*at]), low = yao_ascii_hex(in.ptr[*at + 1]);
    *at += 2;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_escaped(yao_bytes in)
{
    return yao_bytes_find(in, '%') != in.len ||
           yao_bytes_find(in, '+') != in.len;
}

/* Unescape IN: a view where nothing was escaped. */
static yao_status read_letters(yao_arena *arena, yao_bytes in, yao_text *ret)
{
    uint8_t *out = NULL;
    size_t   len = 0;

    if (is_escaped(in)) {
        out = yao_arena_take(arena, in.len);
        if (out == NULL)
            return YAO_E_SPACE;
    }
    while (out == NULL && len < in.len && plain(in.ptr[len]))
        len++; /* nothing to be unescaped: most of a sealed answer */
    for (size_t at = len; at < in.len; len++) {
        int b = next_byte(in, &at);
        if (b < 0x20 || b == 0x7f)
            return YAO_E_MALFORMED;
        if (out != NULL)
            out[len] = (uint8_t)b;
    }

    return yao_text_check((yao_bytes){out != NULL ? out : in.ptr, len}, ret);
}

static yao_status read_field(yao_arena *arena, yao_bytes field,
                             yao_form_field *ret)
{
    size_t at = yao_bytes_find(field, '=');

    if (at == 0 || at == field.len)
        return YAO_E_MALFORMED;
    YAO_TRY(read_letters(arena, (yao_bytes){field.ptr, at}, &ret->name));
    return read_letters(
        arena, (yao_bytes){field.ptr + at + 1, field.len - at - 1},
        &ret->value);
}

static bool has_name(const yao_form_field *fields, size_t count, yao_text name)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(fields[i].name, name))
            return true;

    return false;
}

/* All fields, those without a value too. */
static yao_status read_fields(yao_arena *arena, yao_bytes input,
                              yao_form_field *fields, size_t *count)
{
    yao_bytes rest = input;

    *count = 0;
    for (bool more = input.len != 0; more; (*count)++) {
        size_t at = yao_bytes_find(rest, '&');

        more = at != rest.len;
        if (*count == YAO_OAUTH_MAX_FIELDS)
            return YAO_E_LIMIT;
        YAO_TRY(read_field(arena, (yao_bytes){rest.ptr, at}, &fields[*count]));
        if (has_name(fields, *count, fields[*count].name))
            return YAO_E_DUPLICATE;
        if (more)
            rest = (yao_bytes){rest.ptr + at + 1, rest.len - at - 1};
    }
    return YAO_OK;
}

yao_status yao_form_read(yao_arena *arena, yao_bytes input, yao_form *ret)
{
    yao_form_field fields[YAO_OAUTH_MAX_FIELDS];
    size_t         count, kept = 0;

    YAO_TRY(read_fields(arena, input, fields, &count));
    yao_form_field *out = yao_arena_take_array(arena, count + 1, sizeof *out);
    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        if (fields[i].value.len != 0)
            out[kept++] = fields[i];

    *ret = (yao_form){out, kept};
    return YAO_OK;
}

const yao_text *yao_form_get(const yao_form *form, const char *name)
{
    yao_text wanted = yao_text_of(name);

    for (size_t i = 0; i < form->count; i++)
        if (yao_text_equal(form->fields[i].name, wanted))
            return &form->fields[i].value;

    return NULL;
}

yao_text yao_form_text(const yao_form *form, const char *name)
{
    const yao_text *value = yao_form_get(form, name);

    return value != NULL ? *value : (yao_text){NULL, 0};
}

void yao_form_put_escaped(yao_writer *w, yao_text value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t b = value.ptr[i];
        if (yao_ascii_unreserved(b)) {
            yao_put_byte(w, b);
            continue;
        }
        yao_put_byte(w, '%');
        yao_put_byte(w, (uint8_t)DIGITS[b >> 4]);
        yao_put_byte(w, (uint8_t)DIGITS[b & 15]);
    }
}

void yao_form_put(yao_writer *w, bool *first, const char *name, yao_text value)
{
    if (value.len == 0)
        return;
    if (!*first)
        yao_put_byte(w, '&');
    *first = false;
    yao_put_text(w, name);
    yao_put_byte(w, '=');
    yao_form_put_escaped(w, value);
}
