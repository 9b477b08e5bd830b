/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what a page tells. */
#include "machine.h"

#include "crypto/algorithms.h"

enum { POINT = 65 };

void yao_told_fail(yao_told *t, yao_status status)
{
    if (t->status == YAO_OK)
        t->status = status;
}

static const yao_json *member(yao_told *t, const char *name)
{
    const yao_json *value =
        t->status == YAO_OK ? yao_json_get(t->object, name) : NULL;

    return value != NULL && value->kind == YAO_JSON_NULL ? NULL : value;
}

yao_text yao_told_text(yao_told *t, const char *name)
{
    const yao_json *value = member(t, name);
    yao_text        text  = {NULL, 0};

    if (value != NULL)
        yao_told_fail(t, yao_json_string(value, &page.memory, &text));
    return text;
}

bool yao_told_bool(yao_told *t, const char *name)
{
    const yao_json *value = member(t, name);
    bool            truth = false;

    if (value != NULL)
        yao_told_fail(t, yao_json_bool(value, &truth));
    return truth;
}

int64_t yao_told_int(yao_told *t, const char *name)
{
    const yao_json *value  = member(t, name);
    int64_t         number = 0;

    if (value != NULL)
        yao_told_fail(t, yao_json_int(value, &number));
    return number;
}

unsigned yao_told_word(yao_told *t, const char *name, const char *const *words)
{
    const yao_json *value = member(t, name);

    for (unsigned i = 0; value != NULL && words[i] != NULL; i++)
        if (yao_json_is(value, words[i]))
            return i;
    if (value != NULL)
        yao_told_fail(t, YAO_E_VALUE);
    return 0;
}

/* ---- bytes -------------------------------------------------------------- */

/* [pointer, length], all of it in what was taken. */
static yao_status read_place(const yao_json *value, yao_bytes *ret)
{
    size_t  base = (size_t)page.memory.base;
    int64_t at, len;

    if (value->kind != YAO_JSON_ARRAY || value->count != 2)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_int(value->first, &at));
    YAO_TRY(yao_json_int(value->first->next, &len));
    if (at < (int64_t)base || len < 0 ||
        at - (int64_t)base > (int64_t)page.memory.used ||
        len > (int64_t)page.memory.used - (at - (int64_t)base))
        return YAO_E_USAGE;
    *ret = (yao_bytes){(const uint8_t *)(size_t)at, (size_t)len};
    return YAO_OK;
}

yao_bytes yao_told_bytes(yao_told *t, const char *name)
{
    const yao_json *value = member(t, name);
    yao_bytes       bytes = {NULL, 0};

    if (value != NULL)
        yao_told_fail(t, read_place(value, &bytes));
    return bytes;
}

yao_bytes yao_told_base64url(yao_told *t, const char *name)
{
    yao_text   letters = yao_told_text(t, name);
    yao_writer w       = yao_writer_in(&page.memory);
    yao_bytes  bytes   = {NULL, 0};

    if (t->status != YAO_OK || letters.len == 0)
        return bytes;
    yao_told_fail(t, yao_get_base64url(yao_text_bytes(letters), &w));
    if (t->status == YAO_OK)
        yao_told_fail(t, yao_writer_keep(&w, &page.memory, &bytes));
    return bytes;
}

static yao_status read_point(yao_bytes point, yao_public_key *ret)
{
    if (point.len != POINT || point.ptr[0] != 4)
        return YAO_E_KEY;
    return yao_public_key_make(YAO_P256, (yao_bytes){point.ptr + 1, 32},
                               (yao_bytes){point.ptr + 33, 32}, ret);
}

yao_public_key yao_told_key(yao_told *t, const char *name)
{
    yao_bytes      point = yao_told_bytes(t, name);
    yao_public_key key   = {0};

    if (t->status == YAO_OK && point.len != 0)
        yao_told_fail(t, read_point(point, &key));
    return key;
}

const yao_public_key *yao_told_keys(yao_told *t, const char *name,
                                    size_t *count)
{
    yao_bytes       points = yao_told_bytes(t, name);
    yao_public_key *keys;

    *count = points.len / POINT;
    if (points.len % POINT != 0)
        yao_told_fail(t, YAO_E_KEY);
    keys = yao_told_room(t, *count, sizeof *keys);
    for (size_t i = 0; t->status == YAO_OK && i < *count; i++)
        yao_told_fail(t, read_point((yao_bytes){points.ptr + i * POINT, POINT},
                                    &keys[i]));
    return keys;
}

/* ---- several ------------------------------------------------------------ */

void *yao_told_room(yao_told *t, size_t count, size_t size)
{
    void *room = NULL;

    if (t->status != YAO_OK || count == 0)
        return NULL;
    room = yao_arena_take_array(&page.memory, count, size);
    if (room == NULL)
        yao_told_fail(t, YAO_E_SPACE);
    return room;
}

const yao_json *yao_told_array(yao_told *t, const char *name)
{
    const yao_json *value = member(t, name);

    if (value != NULL && value->kind != YAO_JSON_ARRAY) {
        yao_told_fail(t, YAO_E_MALFORMED);
        return NULL;
    }
    return value;
}

const yao_text *yao_told_texts(yao_told *t, const char *name, size_t *count)
{
    const yao_json *list  = yao_told_array(t, name);
    yao_text       *texts = NULL;
    size_t          i     = 0;

    *count = list != NULL ? list->count : 0;
    texts  = yao_told_room(t, *count, sizeof *texts);
    for (const yao_json *item = list != NULL ? list->first : NULL;
         t->status == YAO_OK && item != NULL; item = item->next)
        yao_told_fail(t, yao_json_string(item, &page.memory, &texts[i++]));
    return texts;
}

const yao_bytes *yao_told_list(yao_told *t, const char *name, size_t *count)
{
    const yao_json *list  = yao_told_array(t, name);
    yao_bytes      *items = NULL;
    size_t          i     = 0;

    *count = list != NULL ? list->count : 0;
    items  = yao_told_room(t, *count, sizeof *items);
    for (const yao_json *item = list != NULL ? list->first : NULL;
         t->status == YAO_OK && item != NULL; item = item->next)
        yao_told_fail(t, read_place(item, &items[i++]));
    return items;
}
