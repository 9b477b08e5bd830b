/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/csv.h"

#include "base/ascii.h"
#include "json/json.h"

#include <string.h>

#define MAX_STEPS 4 /* "vehicles.0.plate" has three */

csv_reader csv_open(FILE *in)
{
    return (csv_reader){in, 1, 0};
}

/* ---- bytes ---- */

static int next(csv_reader *r)
{
    int c = getc(r->in);

    if (c == EOF)
        return EOF;
    r->bytes++;
    r->line += c == '\n';
    return c;
}

static int peek(csv_reader *r)
{
    int c = getc(r->in);

    if (c != EOF)
        ungetc(c, r->in);
    return c;
}

static void skip_mark(csv_reader *r)
{
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};

    if (r->bytes > 0 || peek(r) != mark[0])
        return;
    for (size_t i = 0; i < sizeof mark && peek(r) == mark[i]; i++)
        (void)next(r);
}

/* ---- rows ---- */

/* A row as it is read: all fields' bytes one after another. */
typedef struct collecting {
    csv_reader *reader;
    uint8_t    *bytes;
    size_t      len;
    size_t      ends[CSV_MAX_FIELDS];
    size_t      count;
    yao_status  status; /* sticky: the row is read to its end all the same */
} collecting;

static void fail(collecting *k, yao_status status)
{
    if (k->status == YAO_OK)
        k->status = status;
}

static void keep(collecting *k, int c)
{
    if (k->len == CSV_MAX_ROW)
        fail(k, YAO_E_LIMIT);
    else
        k->bytes[k->len++] = (uint8_t)c;
}

static void end_field(collecting *k)
{
    if (k->count == CSV_MAX_FIELDS)
        fail(k, YAO_E_LIMIT);
    else
        k->ends[k->count++] = k->len;
}

/* After the opening quote. */
static void read_quoted(collecting *k)
{
    for (;;) {
        int c = next(k->reader);
        if (c == EOF) {
            fail(k, YAO_E_MALFORMED);
            return;
        }
        if (c != '"') {
            keep(k, c);
        } else if (peek(k->reader) == '"') {
            keep(k, next(k->reader));
        } else {
            return;
        }
    }
}

static bool ends_field(int c)
{
    return c == ',' || c == '\n' || c == EOF;
}

/* A CR belongs to the end of the line only before its LF. */
static int next_plain(csv_reader *r)
{
    int c = next(r);

    return c == '\r' && peek(r) == '\n' ? next(r) : c;
}

/* Gives what ended the field. */
static int read_field(collecting *k)
{
    int c = 0;

    if (peek(k->reader) == '"') {
        (void)next(k->reader);
        read_quoted(k);
        c = next_plain(k->reader);
        if (!ends_field(c))
            fail(k, YAO_E_MALFORMED);
        while (!ends_field(c))
            c = next_plain(k->reader);
    } else {
        for (c = next_plain(k->reader); !ends_field(c);
             c = next_plain(k->reader)) {
            if (c == '"')
                fail(k, YAO_E_MALFORMED);
            keep(k, c);
        }
    }
    end_field(k);
    return c;
}

static yao_status skip_empty_lines(csv_reader *r)
{
    skip_mark(r);
    while (peek(r) == '\n' || peek(r) == '\r')
        (void)next(r);
    if (peek(r) != EOF)
        return YAO_OK;
    return ferror(r->in) ? YAO_E_FILE : YAO_E_NOT_FOUND;
}

static yao_status finish(const collecting *k, csv_row *ret)
{
    size_t begin = 0;

    for (size_t i = 0; i < k->count; i++) {
        yao_bytes field = {k->bytes + begin, k->ends[i] - begin};
        YAO_TRY(yao_text_check(field, &ret->fields[i]));
        begin = k->ends[i];
    }
    ret->count = k->count;
    return YAO_OK;
}

yao_status csv_read_row(csv_reader *r, yao_arena *arena, csv_row *ret)
{
    collecting k = {.reader = r, .status = YAO_OK};

    ret->line = r->line;
    YAO_TRY(skip_empty_lines(r));
    ret->line = r->line;
    k.bytes   = yao_arena_take(arena, CSV_MAX_ROW);
    if (k.bytes == NULL)
        return YAO_E_SPACE;
    while (read_field(&k) == ',')
        continue;
    if (ferror(r->in))
        return YAO_E_FILE;
    YAO_TRY(k.status);
    return finish(&k, ret);
}

/* ---- names ---- */

/* The steps of a name, split at its dots. */
typedef struct path {
    yao_text steps[MAX_STEPS];
    size_t   count;
} path;

static yao_status split(yao_text name, path *ret)
{
    path   p     = {.count = 0};
    size_t begin = 0;

    for (size_t i = 0; i <= name.len; i++) {
        if (i < name.len && name.ptr[i] != '.')
            continue;
        if (i == begin || p.count == MAX_STEPS)
            return YAO_E_VALUE;
        p.steps[p.count++] = (yao_text){name.ptr + begin, i - begin};
        begin              = i + 1;
    }
    *ret = p;
    return YAO_OK;
}

/* Do the first DEPTH steps agree? */
static bool shares(const path *a, const path *b, size_t depth)
{
    if (a->count < depth || b->count < depth)
        return false;
    for (size_t i = 0; i < depth; i++)
        if (!yao_text_equal(a->steps[i], b->steps[i]))
            return false;
    return true;
}

yao_status csv_read_head(csv_reader *r, yao_arena *arena, csv_row *ret)
{
    path a, b;

    YAO_TRY(csv_read_row(r, arena, ret));
    for (size_t i = 0; i < ret->count; i++) {
        YAO_TRY(split(ret->fields[i], &a));
        for (size_t j = 0; j < i; j++) {
            YAO_TRY(split(ret->fields[j], &b));
            size_t least = a.count < b.count ? a.count : b.count;
            if (shares(&a, &b, least))
                return a.count == b.count ? YAO_E_DUPLICATE : YAO_E_VALUE;
        }
    }
    return YAO_OK;
}

/* ---- values ---- */

static bool one_of(yao_text name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (yao_text_equal(name, yao_text_of(*list)))
            return true;
    return false;
}

static bool is_integer(yao_text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (t.ptr[i] < '0' || t.ptr[i] > '9')
            return false;
    return t.len > 0 && t.len < 16 && (t.len == 1 || t.ptr[0] != '0');
}

static void put_field(yao_writer *w, yao_text name, yao_text value)
{
    static const char *const numbers[] = {
        "sex",      "seats",  "gross_mass", "kerb_mass", "load_mass",
        "tow_mass", "length", "width",      "height",    NULL};
    static const char *const truths[] = {"long_term", "fingerprint", "shared",
                                         NULL};
    bool                     plain =
        (one_of(name, numbers) && is_integer(value)) ||
        (one_of(name, truths) && (yao_text_equal(value, YAO_TEXT("true")) ||
                                  yao_text_equal(value, YAO_TEXT("false"))));

    if (plain)
        yao_put_bytes(w, yao_text_bytes(value));
    else
        yao_json_put_string(w, value);
}

/* ---- objects ---- */

/* The fields of a row that are not empty, with their names split. */
typedef struct table {
    path     paths[CSV_MAX_FIELDS];
    yao_text values[CSV_MAX_FIELDS];
    size_t   count;
} table;

/* Is I the first field with this step below the first DEPTH ones of BASE? */
static bool leads(const table *t, size_t i, const path *base, size_t depth)
{
    if (!shares(&t->paths[i], base, depth) || t->paths[i].count <= depth)
        return false;
    for (size_t j = 0; j < i; j++)
        if (shares(&t->paths[j], &t->paths[i], depth + 1))
            return false;
    return true;
}

static void put_node(yao_writer *w, const table *t, size_t i, size_t depth);

static void put_object(yao_writer *w, const table *t, const path *base,
                       size_t depth)
{
    bool first = true;

    yao_put_byte(w, '{');
    for (size_t i = 0; i < t->count; i++)
        if (leads(t, i, base, depth)) {
            yao_json_put_name_text(w, &first, t->paths[i].steps[depth]);
            put_node(w, t, i, depth + 1);
        }
    yao_put_byte(w, '}');
}

/* Items in the order of their numbers, whatever the order of the columns. */
static void put_array(yao_writer *w, const table *t, const path *base,
                      size_t depth)
{
    size_t items = 0, written = 0;
    bool   first = true;

    for (size_t i = 0; i < t->count; i++)
        items += leads(t, i, base, depth);
    yao_put_byte(w, '[');
    for (size_t index = 0; index < items; index++) {
        uint8_t    digits[20];
        yao_writer number = yao_writer_open(digits, sizeof digits);
        yao_put_decimal(&number, (int64_t)index);
        for (size_t i = 0; i < t->count; i++)
            if (leads(t, i, base, depth) &&
                yao_text_equal(t->paths[i].steps[depth],
                               (yao_text){digits, number.len})) {
                yao_json_put_next(w, &first);
                put_node(w, t, i, depth + 1);
                written++;
            }
    }
    yao_put_byte(w, ']');
    if (written != items)
        yao_writer_fail(w, YAO_E_VALUE);
}

/* What stands at the first DEPTH steps of field I. Depth is at most MAX_STEPS,
 * so the recursion ends. */
static void put_node(yao_writer *w, const table *t, size_t i, size_t depth)
{
    const path *p = &t->paths[i];

    if (p->count == depth)
        put_field(w, p->steps[depth - 1], t->values[i]);
    else if (yao_ascii_digits(p->steps[depth]))
        put_array(w, t, p, depth);
    else
        put_object(w, t, p, depth);
}

yao_status csv_put_record(yao_writer *w, const csv_row *head,
                          const csv_row *row)
{
    static const path root = {.count = 0};
    table             t    = {.count = 0};

    if (row->count != head->count)
        return YAO_E_MISMATCH;
    for (size_t i = 0; i < row->count; i++) {
        if (row->fields[i].len == 0)
            continue;
        YAO_TRY(split(head->fields[i], &t.paths[t.count]));
        t.values[t.count++] = row->fields[i];
    }
    put_object(w, &t, &root, 0);
    return w->status;
}
