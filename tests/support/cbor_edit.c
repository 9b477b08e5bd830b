/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor_edit.h"

#include <stdio.h>

#include "cbor/cbor.h"

enum edit { EDIT_SET, EDIT_REMOVE, EDIT_ADD };

/* Where an entry lies: from its key on, and its value. */
typedef struct entry {
    const uint8_t *start;
    yao_bytes      value;
} entry;

static void lost(const char *path)
{
    fprintf(stderr, "cbor edit: nothing at %s\n", path);
    exit(99);
}

yao_bytes cbor_join(yao_bytes a, yao_bytes b)
{
    uint8_t *out = yao_arena_take(test_arena(), a.len + b.len + 1);

    if (out == NULL)
        lost("(no room)");
    if (a.len != 0)
        memcpy(out, a.ptr, a.len);
    if (b.len != 0)
        memcpy(out + a.len, b.ptr, b.len);
    return (yao_bytes){out, a.len + b.len};
}

static yao_bytes head_of(uint8_t major, uint64_t number)
{
    uint8_t   *out = yao_arena_take(test_arena(), 9);
    yao_writer w   = yao_writer_open(out, 9);

    yao_cbor_put_uint(&w, number);
    out[0] = (uint8_t)(out[0] | major << 5);
    return (yao_bytes){out, w.len};
}

yao_bytes cbor_of_bytes(yao_bytes content)
{
    return cbor_join(head_of(2, content.len), content);
}

yao_bytes cbor_of_text(const char *content)
{
    yao_text text = yao_text_of(content);

    return cbor_join(head_of(3, text.len), yao_text_bytes(text));
}

/* ---- walking ------------------------------------------------------------ */

/* Does the key at the front of R, which is taken, read like NAME? */
static bool take_key(yao_cbor_reader *r, const char *name, size_t len)
{
    char number[24];

    if (yao_cbor_peek(r) == YAO_CBOR_TEXT)
        return yao_bytes_equal(yao_text_bytes(yao_cbor_get_text(r)),
                               (yao_bytes){(const uint8_t *)name, len});
    if (yao_cbor_peek(r) != YAO_CBOR_UINT &&
        yao_cbor_peek(r) != YAO_CBOR_NINT) {
        yao_cbor_get_any(r);
        return false;
    }
    int written = snprintf(number, sizeof number, "%lld",
                           (long long)yao_cbor_get_int(r));
    return (size_t)written == len && memcmp(number, name, len) == 0;
}

/* How long a tag at the front is: that of a Sign1 stands before its array. */
static size_t tag_len(yao_bytes input)
{
    yao_cbor_reader r = yao_cbor_open_foreign(input);

    if (yao_cbor_peek(&r) == YAO_CBOR_TAG)
        yao_cbor_get_any_tag(&r);
    return r.status == YAO_OK ? r.offset : 0;
}

/* The entry NAME of the array or map that INPUT is. */
static bool find(yao_bytes input, const char *name, size_t len, entry *ret)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(input);

    if (tag_len(input) != 0)
        yao_cbor_get_any_tag(&r);
    bool            map   = yao_cbor_peek(&r) == YAO_CBOR_MAP;
    uint64_t        count = map ? yao_cbor_get_map(&r) : yao_cbor_get_items(&r);
    unsigned long   index = strtoul(name, NULL, 10);

    for (uint64_t i = 0; i < count && r.status == YAO_OK; i++) {
        const uint8_t *start = r.rest.ptr;
        bool           here  = map ? take_key(&r, name, len) : i == index;
        yao_bytes      value = yao_cbor_get_any(&r);

        if (here && r.status == YAO_OK) {
            *ret = (entry){start, value};
            return true;
        }
    }
    return false;
}

/* The content of a bstr, tagged or not. */
static bool open_bytes(yao_bytes input, yao_bytes *ret)
{
    yao_cbor_reader r = yao_cbor_open_foreign(input);

    if (yao_cbor_peek(&r) == YAO_CBOR_TAG)
        yao_cbor_get_any_tag(&r);
    *ret = yao_cbor_get_bytes(&r);
    return r.status == YAO_OK;
}

static bool walk(yao_bytes input, const char *path, yao_bytes *ret)
{
    while (*path != '\0') {
        size_t len = strcspn(path, "/");
        entry  e   = {0};

        if (len == 1 && *path == '*') {
            if (!open_bytes(input, &e.value))
                return false;
        } else if (!find(input, path, len, &e)) {
            return false;
        }
        input = e.value;
        path += len + (path[len] == '/');
    }
    *ret = input;
    return true;
}

bool cbor_has(yao_bytes input, const char *path)
{
    yao_bytes at;

    return walk(input, path, &at);
}

yao_bytes cbor_at(yao_bytes input, const char *path)
{
    yao_bytes at = {NULL, 0};

    if (!walk(input, path, &at))
        lost(path);
    return at;
}

yao_bytes cbor_bytes_at(yao_bytes input, const char *path)
{
    yao_bytes content = {NULL, 0};

    if (!open_bytes(cbor_at(input, path), &content))
        lost(path);
    return content;
}

/* ---- editing ------------------------------------------------------------ */

/* INPUT with [FROM, TO) replaced by MIDDLE. */
static yao_bytes splice(yao_bytes input, const uint8_t *from, const uint8_t *to,
                        yao_bytes middle)
{
    yao_bytes head = {input.ptr, (size_t)(from - input.ptr)};
    yao_bytes tail = {to, (size_t)(input.ptr + input.len - to)};

    return cbor_join(cbor_join(head, middle), tail);
}

/* The container EDITED, which was INPUT, with CHANGE more entries in its
 * head. */
static yao_bytes recount(yao_bytes input, yao_bytes edited, int change)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(input);
    bool            map   = yao_cbor_peek(&r) == YAO_CBOR_MAP;
    uint64_t        count = map ? yao_cbor_get_map(&r) : yao_cbor_get_items(&r);

    if (r.status != YAO_OK)
        lost("(not a container)");
    count = change < 0 ? count - 1 : count + 1;
    edited.ptr += r.offset;
    edited.len -= r.offset;
    return cbor_join(head_of(map ? 5 : 4, count), edited);
}

static yao_bytes apply(yao_bytes input, const char *path, enum edit edit,
                       yao_bytes with);

static yao_bytes inside(yao_bytes input, const char *path, enum edit edit,
                        yao_bytes with)
{
    yao_bytes       content = {NULL, 0};
    yao_cbor_reader r       = yao_cbor_open_foreign(input);
    yao_bytes       tag     = {input.ptr, 0};

    if (!open_bytes(input, &content))
        lost(path);
    if (yao_cbor_peek(&r) == YAO_CBOR_TAG) {
        yao_cbor_get_any_tag(&r);
        tag.len = r.offset;
    }
    return cbor_join(tag, cbor_of_bytes(apply(content, path, edit, with)));
}

static yao_bytes apply(yao_bytes input, const char *path, enum edit edit,
                       yao_bytes with)
{
    size_t      len  = strcspn(path, "/");
    const char *rest = path + len + (path[len] == '/');
    entry       e    = {0};

    size_t      tag  = len == 1 && *path == '*' ? 0 : tag_len(input);

    if (tag != 0 && (*path != '\0' || edit == EDIT_ADD))
        return cbor_join((yao_bytes){input.ptr, tag},
                         apply((yao_bytes){input.ptr + tag, input.len - tag},
                               path, edit, with));
    if (*path == '\0' && edit == EDIT_ADD)
        return recount(input, cbor_join(input, with), 1);
    if (*path == '\0')
        return with;
    if (len == 1 && *path == '*')
        return inside(input, rest, edit, with);
    if (!find(input, path, len, &e))
        lost(path);
    if (*rest == '\0' && edit == EDIT_REMOVE)
        return recount(input,
                       splice(input, e.start, e.value.ptr + e.value.len,
                              (yao_bytes){NULL, 0}),
                       -1);
    return splice(input, e.value.ptr, e.value.ptr + e.value.len,
                  apply(e.value, rest, edit, with));
}

yao_bytes cbor_set(yao_bytes input, const char *path, yao_bytes item)
{
    return apply(input, path, EDIT_SET, item);
}

yao_bytes cbor_remove(yao_bytes input, const char *path)
{
    return apply(input, path, EDIT_REMOVE, (yao_bytes){NULL, 0});
}

yao_bytes cbor_add(yao_bytes input, const char *path, yao_bytes item)
{
    return apply(input, path, EDIT_ADD, item);
}
