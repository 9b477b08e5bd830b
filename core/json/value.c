/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

/* ---- letters of a string that the parser has checked ---- */

/* A string's bytes after unescaping, one at a time. */
typedef struct letters {
    yao_text rest;
    uint8_t  held[4]; /* of one escape, the next one last */
    int      held_count;
} letters;

static uint32_t hex_value(const uint8_t *p)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 4 |
                (uint32_t)(p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
    return value;
}

static void skip(letters *l, size_t len)
{
    l->rest.ptr += len;
    l->rest.len -= len;
}

static void hold(letters *l, uint32_t byte)
{
    l->held[l->held_count++] = (uint8_t)byte;
}

/* RFC 3629 section 3, last byte first. */
static void hold_code_point(letters *l, uint32_t c)
{
    static const uint8_t lead[] = {0x00, 0xc0, 0xe0, 0xf0};
    int                  more   = c < 0x80 ? 0 : c < 0x800 ? 1
                                             : c < 0x10000 ? 2
                                                           : 3;

    for (int i = 0; i < more; i++, c >>= 6)
        hold(l, 0x80 | (c & 0x3f));
    hold(l, lead[more] | c);
}

/* After a backslash. */
static void hold_escape(letters *l)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    uint8_t           c      = l->rest.ptr[0];

    skip(l, 1);
    for (size_t i = 0; i < sizeof from - 1; i++)
        if (c == (uint8_t)from[i]) {
            hold(l, (uint8_t)to[i]);
            return;
        }
    if (c != 'u') {
        hold(l, c);
        return;
    }
    uint32_t point = hex_value(l->rest.ptr);
    skip(l, 4);
    if (point >= 0xd800 && point <= 0xdbff) {
        point = 0x10000 + ((point & 0x3ff) << 10) +
                (hex_value(l->rest.ptr + 2) & 0x3ff);
        skip(l, 6);
    }
    hold_code_point(l, point);
}

/* The next byte, or -1. */
static int next(letters *l)
{
    if (l->held_count > 0)
        return l->held[--l->held_count];
    if (l->rest.len == 0)
        return -1;

    uint8_t c = l->rest.ptr[0];
    skip(l, 1);
    if (c != '\\')
        return c;
    hold_escape(l);
    return l->held[--l->held_count];
}

static bool same_letters(yao_text a, yao_text b)
{
    letters la = {.rest = a}, lb = {.rest = b};
    int     ca, cb;

    do {
        ca = next(&la);
        cb = next(&lb);
    } while (ca == cb && ca >= 0);
    return ca == cb;
}

/* Is RAW, unescaped, TEXT? TEXT is not escaped whatever it contains. */
static bool letters_are(yao_text raw, bool escaped, yao_text text)
{
    letters l = {.rest = raw};

    if (!escaped)
        return yao_text_equal(raw, text);
    for (size_t i = 0; i < text.len; i++)
        if (next(&l) != text.ptr[i])
            return false;
    return next(&l) < 0;
}

static yao_status unescape(yao_text raw, bool escaped, yao_arena *arena,
                           yao_text *ret)
{
    letters    l = {.rest = raw};
    yao_writer w;
    yao_bytes  bytes;

    if (!escaped) {
        *ret = raw;
        return YAO_OK;
    }
    w = yao_writer_in(arena);
    for (int c = next(&l); c >= 0; c = next(&l))
        yao_put_byte(&w, (uint8_t)c);
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));

    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* ---- looking into a tree ---- */

bool yao_json_same_name(const yao_json *a, const yao_json *b)
{
    if (!a->name_escaped)
        return letters_are(b->name, b->name_escaped, a->name);
    if (!b->name_escaped)
        return letters_are(a->name, true, b->name);

    return same_letters(a->name, b->name);
}

bool yao_json_named(const yao_json *value, yao_text name)
{
    if (value == NULL)
        return false;

    return letters_are(value->name, value->name_escaped, name);
}

const yao_json *yao_json_get_text(const yao_json *object, yao_text name)
{
    if (object == NULL || object->kind != YAO_JSON_OBJECT)
        return NULL;
    for (const yao_json *m = object->first; m != NULL; m = m->next)
        if (m->name_escaped ? yao_json_named(m, name)
                            : yao_text_equal(m->name, name))
            return m;

    return NULL;
}

const yao_json *yao_json_get(const yao_json *object, const char *name)
{
    return yao_json_get_text(object, yao_text_of(name));
}

bool yao_json_is_text(const yao_json *value, yao_text text)
{
    if (value == NULL || value->kind != YAO_JSON_STRING)
        return false;

    return letters_are(value->raw, value->escaped, text);
}

bool yao_json_is(const yao_json *value, const char *literal)
{
    return yao_json_is_text(value, yao_text_of(literal));
}

yao_status yao_json_string(const yao_json *value, yao_arena *arena,
                           yao_text *ret)
{
    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;

    return unescape(value->raw, value->escaped, arena, ret);
}

yao_status yao_json_name(const yao_json *value, yao_arena *arena, yao_text *ret)
{
    if (value == NULL)
        return YAO_E_MISSING;

    return unescape(value->name, value->name_escaped, arena, ret);
}

/* Numbers are exact: 1.0 and 1e3 are refused rather than rounded, since two
 * readers may round differently. -0 is 0. */
yao_status yao_json_int(const yao_json *value, int64_t *ret)
{
    int64_t number = 0;

    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind != YAO_JSON_NUMBER)
        return YAO_E_MALFORMED;

    bool   negative = value->raw.ptr[0] == '-';
    size_t start    = negative ? 1 : 0;
    for (size_t i = start; i < value->raw.len; i++)
        if (value->raw.ptr[i] < '0' || value->raw.ptr[i] > '9')
            return YAO_E_MALFORMED;

    for (size_t i = start; i < value->raw.len; i++) {
        int digit = value->raw.ptr[i] - '0';

        /* counted downwards, since there is one more below zero */
        if (number < INT64_MIN / 10 ||
            (number == INT64_MIN / 10 && digit > -(int)(INT64_MIN % 10)))
            return YAO_E_LIMIT;
        number = number * 10 - digit;
    }
    if (!negative && number == INT64_MIN)
        return YAO_E_LIMIT;

    *ret = negative ? number : -number;
    return YAO_OK;
}

yao_status yao_json_bool(const yao_json *value, bool *ret)
{
    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind != YAO_JSON_BOOL)
        return YAO_E_MALFORMED;

    *ret = value->truth;
    return YAO_OK;
}
