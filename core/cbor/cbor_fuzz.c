/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two walks that share little agree about every input: the check, which is one
 * loop over levels, and the one below, which recurses through the reader's
 * calls, compares all pairs of keys and writes what it read. Then:
 *
 *   - strict and tolerant check fail alike, save for longer heads
 *   - what is accepted strictly is written again as the same bytes
 *   - what is accepted at all is written again as something accepted strictly
 *   - diagnostic notation exists for what is accepted, and only for that
 *   - what a call for one shape takes, the writer of that shape gives again
 */

#include "cbor/cbor.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROOM = 1024 * 1024 };

static uint8_t first[ROOM], second[ROOM], letters[64 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "cbor: %s\n", what);
        abort();
    }
}

typedef struct again {
    yao_cbor_reader r;
    yao_writer      w;
    size_t          items;
    size_t          depth;
} again;

static void item(again *a);

static void fail(again *a, yao_status why)
{
    yao_cbor_fail(&a->r, why);
}

/* Numbers too large for get_int(), floats and simple values. */
static void number(again *a)
{
    yao_bytes leaf  = yao_cbor_get_any(&a->r);
    uint64_t  value = 0;

    if (leaf.len == 0)
        return;
    for (size_t i = 1; i < leaf.len; i++)
        value = value << 8 | leaf.ptr[i];
    if (leaf.len == 1)
        value = leaf.ptr[0] & 0x1f;

    if (leaf.ptr[0] >> 5 == 0)
        yao_cbor_put_uint(&a->w, value);
    else if (leaf.ptr[0] >> 5 == 1 && value <= INT64_MAX)
        yao_cbor_put_int(&a->w, -1 - (int64_t)value);
    else
        yao_cbor_put_raw(&a->w, leaf);
}

static bool enter(again *a)
{
    if (a->r.status == YAO_OK && a->depth == YAO_MAX_DEPTH)
        fail(a, YAO_E_LIMIT);
    a->depth++;
    return a->r.status == YAO_OK;
}

static void array(again *a)
{
    uint64_t count = yao_cbor_get_items(&a->r);

    yao_cbor_put_array(&a->w, count);
    if (enter(a))
        for (uint64_t i = 0; i < count && a->r.status == YAO_OK; i++)
            item(a);
    a->depth--;
}

/* A key by its meaning: as written shortest, or as it stands when it is no
 * number and no string. */
static yao_bytes key(again *a)
{
    yao_cbor_kind  kind  = yao_cbor_peek(&a->r);
    const uint8_t *start = a->r.rest.ptr;
    size_t         mark  = a->w.len;

    item(a);
    if (a->r.status != YAO_OK)
        return (yao_bytes){0};
    if (kind <= YAO_CBOR_TEXT)
        return (yao_bytes){a->w.ptr + mark, a->w.len - mark};
    return (yao_bytes){start, (size_t)(a->r.rest.ptr - start)};
}

static void map(again *a)
{
    yao_bytes keys[YAO_MAX_MAP_ENTRIES];
    uint64_t  count = yao_cbor_get_map(&a->r);

    yao_cbor_put_map(&a->w, count);
    if (enter(a))
        for (uint64_t i = 0; i < count && a->r.status == YAO_OK; i++) {
            keys[i] = key(a);
            item(a);
        }
    a->depth--;
    if (a->r.status != YAO_OK)
        return;
    for (uint64_t i = 0; i < count; i++)
        for (uint64_t j = 0; j < i; j++)
            if (yao_bytes_equal(keys[i], keys[j]))
                fail(a, YAO_E_DUPLICATE);
}

static void tag(again *a)
{
    yao_cbor_put_tag(&a->w, yao_cbor_get_any_tag(&a->r));
    if (enter(a))
        item(a);
    a->depth--;
}

static void item(again *a)
{
    if (a->items++ == YAO_MAX_CBOR_ITEMS)
        fail(a, YAO_E_LIMIT);

    switch (yao_cbor_peek(&a->r)) {
    case YAO_CBOR_END:
        fail(a, YAO_E_TRUNCATED);
        return;
    case YAO_CBOR_UINT:
    case YAO_CBOR_NINT:
    case YAO_CBOR_OTHER:
        number(a);
        return;
    case YAO_CBOR_BYTES:
        yao_cbor_put_bytes(&a->w, yao_cbor_get_bytes(&a->r));
        return;
    case YAO_CBOR_TEXT:
        yao_cbor_put_text(&a->w, yao_cbor_get_text(&a->r));
        return;
    case YAO_CBOR_ARRAY:
        array(a);
        return;
    case YAO_CBOR_MAP:
        map(a);
        return;
    case YAO_CBOR_TAG:
        tag(a);
        return;
    case YAO_CBOR_BOOL:
        yao_cbor_put_bool(&a->w, yao_cbor_get_bool(&a->r));
        return;
    case YAO_CBOR_NULL:
        yao_cbor_get_null(&a->r);
        yao_cbor_put_null(&a->w);
        return;
    }
}

static again walk(yao_bytes input, bool foreign, uint8_t *room)
{
    again a = {.r = foreign ? yao_cbor_open_foreign(input)
                            : yao_cbor_open(input),
               .w = yao_writer_open(room, ROOM)};

    item(&a);
    if (a.r.status == YAO_OK)
        fail(&a, yao_cbor_close(&a.r));
    return a;
}

static void notation(yao_bytes input, yao_status foreign)
{
    yao_writer w   = yao_writer_open(letters, sizeof letters);
    yao_status got = yao_cbor_diagnose(input, (input.len & 1) != 0, &w);
    yao_text   text;

    demand(got == foreign || (foreign == YAO_OK && got == YAO_E_SPACE),
           "notation and check disagree");
    if (got != YAO_OK)
        return;
    demand(yao_text_check((yao_bytes){letters, w.len}, &text) == YAO_OK,
           "the notation is no text");
    for (size_t i = 0; i < w.len; i++)
        demand(letters[i] >= ' ' || letters[i] == '\n',
               "the notation has control letters");
}

/* ---- each call for one shape, and its writer ---- */

static void again_int(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_put_int(w, yao_cbor_get_int(r));
}

static void again_array(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t count = r->rest.len == 0 ? 0 : r->rest.ptr[0] & 0x1f;

    yao_cbor_get_array(r, count);
    yao_cbor_put_array(w, count);
}

static void again_tag(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t tag = r->rest.len == 0 ? 0 : r->rest.ptr[0] & 0x1f;

    yao_cbor_get_tag(r, tag);
    yao_cbor_put_tag(w, tag);
}

static void again_wrapped(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_wrapped wrapped = yao_cbor_get_wrapped(r);
    size_t           mark    = yao_cbor_begin_wrapped(w);

    yao_cbor_put_raw(w, wrapped.inner);
    yao_cbor_end_bytes(w, mark);
    if (r->status == YAO_OK && !r->longer)
        demand(yao_bytes_equal(wrapped.whole, (yao_bytes){w->ptr, w->len}),
               "a wrapped item is not what lies around its content");
}

static void again_head(yao_cbor_reader *r, yao_writer *w)
{
    yao_bytes bytes = yao_cbor_get_bytes(r);

    yao_cbor_put_bytes_head(w, bytes.len);
    yao_cbor_put_raw(w, bytes);
}

static void again_tdate(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_put_tdate(w, yao_cbor_get_tdate(r));
}

static void again_full_date(yao_cbor_reader *r, yao_writer *w)
{
    yao_cbor_put_full_date(w, yao_cbor_get_full_date(r));
}

static void shapes(yao_bytes input, bool foreign)
{
    static void (*const calls[])(yao_cbor_reader *, yao_writer *) = {
        again_int,  again_array, again_tag,      again_wrapped,
        again_head, again_tdate, again_full_date};

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        yao_cbor_reader r =
            foreign ? yao_cbor_open_foreign(input) : yao_cbor_open(input);
        yao_writer w = yao_writer_open(first, ROOM);

        calls[i](&r, &w);
        demand(r.offset + r.rest.len == input.len, "the offset is wrong");
        demand(foreign || !r.longer, "a longer head was noted by a strict one");
        if (r.status != YAO_OK)
            continue;
        demand(w.status == YAO_OK, "what was read cannot be written");
        demand(r.longer == (w.len != r.offset), "written in another length");
        if (!r.longer)
            demand(yao_bytes_equal((yao_bytes){first, w.len},
                                   (yao_bytes){input.ptr, w.len}),
                   "one shape is written otherwise");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_bytes  input  = {data, len};
    bool       longer = false, shorter = true;
    yao_status foreign, strict, other;

    if (len > ROOM - 16)
        return 0;
    shapes(input, false);
    shapes(input, true);
    foreign = yao_cbor_check(input, true, &longer);
    strict  = yao_cbor_check(input, false, &shorter);

    again loose = walk(input, true, first);
    again tight = walk(input, false, second);
    demand(loose.r.status == foreign, "the tolerant walks disagree");
    demand(tight.r.status == strict, "the strict walks disagree");
    notation(input, foreign);
    if (foreign != YAO_OK) {
        demand(strict != YAO_OK, "only the strict check accepts");
        return 0;
    }

    demand(loose.r.longer == longer, "longer heads are noted by one walk only");
    demand(strict == (longer ? YAO_E_NOT_SHORTEST : YAO_OK),
           "strict and tolerant check disagree");
    yao_bytes written = {first, loose.w.len};
    if (!longer)
        demand(!shorter && yao_bytes_equal(written, input),
               "what was accepted strictly is written otherwise");
    other = yao_cbor_check(written, false, NULL);
    /* keys that differ by a head inside of them may be equal when written */
    demand(other == YAO_OK || (longer && other == YAO_E_DUPLICATE),
           "what was written is refused");
    return 0;
}
