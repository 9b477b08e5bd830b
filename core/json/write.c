/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

/* The letter after the backslash of a short escape, or 0. */
static uint8_t short_escape(uint8_t c)
{
    switch (c) {
    case '"':  return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default:   return 0;
    }
}

static void put_escape(yao_writer *w, uint8_t c)
{
    uint8_t letter = short_escape(c);

    yao_put_byte(w, '\\');
    if (letter != 0) {
        yao_put_byte(w, letter);
        return;
    }
    yao_put_text(w, "u00");
    yao_put_hex(w, (yao_bytes){&c, 1});
}

void yao_json_put_string(yao_writer *w, yao_text value)
{
    size_t start = 0;

    yao_put_byte(w, '"');
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        yao_put_bytes(w, (yao_bytes){value.ptr + start, i - start});
        put_escape(w, c);
        start = i + 1;
    }
    if (value.len > start)
        yao_put_bytes(w, (yao_bytes){value.ptr + start, value.len - start});
    yao_put_byte(w, '"');
}

void yao_json_put_int(yao_writer *w, int64_t value)
{
    yao_put_decimal(w, value);
}

void yao_json_put_bool(yao_writer *w, bool value)
{
    yao_put_text(w, value ? "true" : "false");
}

void yao_json_put_hex(yao_writer *w, yao_bytes value)
{
    yao_put_byte(w, '"');
    yao_put_hex(w, value);
    yao_put_byte(w, '"');
}

void yao_json_put_base64url(yao_writer *w, yao_bytes value)
{
    yao_put_byte(w, '"');
    yao_put_base64url(w, value);
    yao_put_byte(w, '"');
}

/* ---- members ---- */

void yao_json_put_next(yao_writer *w, bool *first)
{
    if (!*first)
        yao_put_byte(w, ',');
    *first = false;
}

void yao_json_put_name_text(yao_writer *w, bool *first, yao_text name)
{
    yao_json_put_next(w, first);
    yao_json_put_string(w, name);
    yao_put_byte(w, ':');
}

void yao_json_put_name(yao_writer *w, bool *first, const char *name)
{
    yao_json_put_name_text(w, first, yao_text_of(name));
}

void yao_json_put_member(yao_writer *w, bool *first, const char *name,
                         yao_text value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_string(w, value);
}

void yao_json_put_member_int(yao_writer *w, bool *first, const char *name,
                             int64_t value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_int(w, value);
}

void yao_json_put_member_bool(yao_writer *w, bool *first, const char *name,
                              bool value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_bool(w, value);
}

void yao_json_put_member_hex(yao_writer *w, bool *first, const char *name,
                             yao_bytes value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_hex(w, value);
}

void yao_json_put_member_base64url(yao_writer *w, bool *first, const char *name,
                                   yao_bytes value)
{
    yao_json_put_name(w, first, name);
    yao_json_put_base64url(w, value);
}

void yao_json_put_optional(yao_writer *w, bool *first, const char *name,
                           yao_text value)
{
    if (value.len > 0)
        yao_json_put_member(w, first, name, value);
}

/* ---- trees ---- */

/* Strings as they stood: the parser has checked them. */
static void put_raw_string(yao_writer *w, yao_text raw)
{
    yao_put_byte(w, '"');
    yao_put_bytes(w, yao_text_bytes(raw));
    yao_put_byte(w, '"');
}

static void put_children(yao_writer *w, const yao_json *value, int depth);

static void put_value(yao_writer *w, const yao_json *value, int depth)
{
    switch (value->kind) {
    case YAO_JSON_STRING:
        put_raw_string(w, value->raw);
        break;
    case YAO_JSON_ARRAY:
        yao_put_byte(w, '[');
        put_children(w, value, depth);
        yao_put_byte(w, ']');
        break;
    case YAO_JSON_OBJECT:
        yao_put_byte(w, '{');
        put_children(w, value, depth);
        yao_put_byte(w, '}');
        break;
    default:
        yao_put_bytes(w, yao_text_bytes(value->raw));
    }
}

static void put_children(yao_writer *w, const yao_json *value, int depth)
{
    bool first = true;

    if (depth == YAO_MAX_DEPTH) {
        yao_writer_fail(w, YAO_E_LIMIT);
        return;
    }
    for (const yao_json *c = value->first; c != NULL; c = c->next) {
        yao_json_put_next(w, &first);
        if (value->kind == YAO_JSON_OBJECT) {
            put_raw_string(w, c->name);
            yao_put_byte(w, ':');
        }
        put_value(w, c, depth + 1);
    }
}

void yao_json_put_value(yao_writer *w, const yao_json *value)
{
    put_value(w, value, 0);
}
