/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor/cbor_head.h"

/*
 * One pass over any item, without recursion.
 *
 *  1. `at` never passes `end`; what lies before it is well-formed.
 *  2. levels[0..depth) are the arrays, maps and tags around `at`; a level is
 *     left as soon as nothing is missing in it.
 *  3. Equal keys in a map are impossible while each key sorts behind the one
 *     before it, which is how a deterministic writer orders them (RFC 8949
 *     section 4.2.1), or while no two have the same trait, which settles the
 *     small maps in schema order. Only where both failed the map is in doubt
 *     and gone through again when it ends, by sorting its keys: n log n
 *     comparisons, never n squared.
 *  4. No item is a proper prefix of another, so that two keys can be compared
 *     over the length of one.
 */

typedef struct level {
    const uint8_t *start;  /* of the first entry */
    const uint8_t *key;    /* the latest key; NULL: none yet */
    const uint8_t *before; /* the one before it; NULL: none */
    size_t         left;   /* items to come; of a map, keys and values */
    size_t         longer; /* as in walk, when the latest key began */
    uint64_t       traits; /* of the complete keys, one bit each */
    bool           map;
    bool           sorted; /* each complete key sorts behind its forerunner */
    bool           doubt;  /* two keys may be equal */
} level;

typedef struct walk {
    const uint8_t *at; /* on failure, where it was met */
    const uint8_t *end;
    size_t         items;
    size_t         longer; /* heads so far that were not the shortest */
    size_t         depth;
    size_t         most; /* levels there may be */
    bool           foreign;
    level          levels[YAO_MAX_DEPTH];
} walk;

/* Does A, an item of LEN bytes, sort before, with or after the item B? */
static int compare_items(const uint8_t *a, size_t len, const uint8_t *b)
{
    for (size_t i = 0; i < len; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;

    return 0;
}

/* ---- maps whose keys are in no order ---- */

/* The end of the item at P, in bytes that are known to be well-formed. */
static const uint8_t *skip(const uint8_t *p, const uint8_t *end)
{
    yao_cbor_head head;

    for (uint64_t left = 1; left > 0; left--) {
        if (yao_cbor_read_head(p, (size_t)(end - p), &head) != YAO_OK)
            return end;
        p += head.len;
        switch (head.major) {
        case YAO_MAJOR_BYTES:
        case YAO_MAJOR_TEXT:
            p += head.value;
            break;
        case YAO_MAJOR_ARRAY:
            left += head.value;
            break;
        case YAO_MAJOR_MAP:
            left += 2 * head.value;
            break;
        case YAO_MAJOR_TAG:
            left++;
            break;
        default:
            break;
        }
    }
    return p;
}

/* By meaning: numbers by value and strings by content, whatever their heads;
 * anything else by its bytes. */
static int compare_keys(const uint8_t *a, const uint8_t *b, const uint8_t *end)
{
    yao_cbor_head x, y;

    if (yao_cbor_read_head(a, (size_t)(end - a), &x) != YAO_OK ||
        yao_cbor_read_head(b, (size_t)(end - b), &y) != YAO_OK)
        return 0;
    if (x.major != y.major)
        return x.major < y.major ? -1 : 1;
    if (x.major > YAO_MAJOR_TEXT)
        return compare_items(a, (size_t)(skip(a, end) - a), b);
    if (x.value != y.value)
        return x.value < y.value ? -1 : 1;
    if (x.major < YAO_MAJOR_BYTES)
        return 0;

    return compare_items(a + x.len, (size_t)x.value, b + y.len);
}

/* Put KEY into its place among the COUNT sorted KEYS; false when it is one of
 * them. */
static bool insert(const uint8_t **keys, size_t count, const uint8_t *key,
                   const uint8_t *end)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int    order  = compare_keys(key, keys[middle], end);

        if (order == 0)
            return false;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    for (size_t i = count; i > low; i--)
        keys[i] = keys[i - 1];
    keys[low] = key;
    return true;
}

/* All keys of the map that began at START and ends at w->at are different. */
static yao_status check_keys(walk *w, const uint8_t *start)
{
    const uint8_t *keys[YAO_MAX_MAP_ENTRIES];
    size_t         count = 0;

    for (const uint8_t *p = start; p < w->at; count++) {
        if (!insert(keys, count, p, w->at)) {
            w->at = p;
            return YAO_E_DUPLICATE;
        }
        p = skip(skip(p, w->at), w->at);
    }
    return YAO_OK;
}

/* ---- the pass ---- */

/* Equal keys have equal traits; the reverse is likely but not certain. */
static uint64_t trait(const uint8_t *key, size_t len)
{
    return (uint64_t)1 << ((key[0] * 7u + key[len - 1]) & 63);
}

/* The latest key of TOP is complete: its value begins. */
static void end_key(const walk *w, level *top)
{
    size_t   len = (size_t)(w->at - top->key);
    uint64_t bit = trait(top->key, len);

    if (top->sorted && top->before != NULL)
        top->sorted = compare_items(top->key, len, top->before) > 0;
    if (!top->sorted && (top->traits & bit) != 0)
        top->doubt = true;
    if (w->longer != top->longer) /* bytes say nothing about such a key */
        top->doubt = true;

    top->traits |= bit;
}

/* An item begins in the innermost level. */
static void begin(const walk *w, level *top)
{
    if (top->map && (top->left & 1) != 0) {
        end_key(w, top);
    } else if (top->map) {
        top->before = top->key;
        top->key    = w->at;
        top->longer = w->longer;
    }
    top->left--;
}

static yao_status enter(walk *w, size_t items, bool map)
{
    if (w->depth == w->most)
        return YAO_E_LIMIT;

    w->levels[w->depth++] =
        (level){.start = w->at, .left = items, .map = map, .sorted = true};
    return YAO_OK;
}

/* The content of a string, an array, a map or a tag; w->at is behind HEAD. */
static yao_status content(walk *w, const yao_cbor_head *head)
{
    size_t    rest  = (size_t)(w->end - w->at);
    yao_bytes bytes = {w->at, (size_t)head->value};
    yao_text  text;

    switch (head->major) {
    case YAO_MAJOR_BYTES:
    case YAO_MAJOR_TEXT:
        if (head->value > rest)
            return YAO_E_TRUNCATED;
        if (head->major == YAO_MAJOR_TEXT)
            YAO_TRY(yao_text_check(bytes, &text));
        w->at += bytes.len;
        return YAO_OK;
    case YAO_MAJOR_ARRAY:
        YAO_TRY(yao_cbor_check_count(head->value, 1, rest));
        return enter(w, (size_t)head->value, false);
    case YAO_MAJOR_MAP:
        YAO_TRY(yao_cbor_check_count(head->value, 2, rest));
        return enter(w, 2 * (size_t)head->value, true);
    case YAO_MAJOR_TAG:
        return enter(w, 1, false);
    default:
        return YAO_OK;
    }
}

/* Take one head, and the content of a string. */
static yao_status step(walk *w)
{
    yao_cbor_head  head;
    const uint8_t *start = w->at;

    if (w->items++ == YAO_MAX_CBOR_ITEMS)
        return YAO_E_LIMIT;
    YAO_TRY(yao_cbor_read_head(w->at, (size_t)(w->end - w->at), &head));
    if (head.longer && !w->foreign)
        return YAO_E_NOT_SHORTEST;

    w->longer += head.longer;
    w->at += head.len;
    yao_status status = content(w, &head);
    if (status != YAO_OK)
        w->at = start;
    return status;
}

/* Leave the levels in which nothing is missing. */
static yao_status leave(walk *w)
{
    while (w->depth > 0 && w->levels[w->depth - 1].left == 0) {
        const level *top = &w->levels[w->depth - 1];

        if (top->doubt)
            YAO_TRY(check_keys(w, top->start));
        w->depth--;
    }
    return YAO_OK;
}

static yao_status run(walk *w)
{
    do {
        if (w->depth > 0)
            begin(w, &w->levels[w->depth - 1]);
        YAO_TRY(step(w));
        YAO_TRY(leave(w));
    } while (w->depth > 0);

    return YAO_OK;
}

yao_status yao_cbor_walk(yao_bytes input, size_t depth, bool foreign,
                         size_t *end, bool *longer)
{
    walk w;

    *end = 0;
    if (input.len == 0) /* and maybe no pointer */
        return YAO_E_TRUNCATED;

    /* the levels are filled in as they are entered */
    w.at      = input.ptr;
    w.end     = input.ptr + input.len;
    w.items   = 0;
    w.longer  = 0;
    w.depth   = 0;
    w.most    = depth < YAO_MAX_DEPTH ? YAO_MAX_DEPTH - depth : 0;
    w.foreign = foreign;

    yao_status status = run(&w);

    *end = (size_t)(w.at - input.ptr);
    if (w.longer > 0)
        *longer = true;
    return status;
}

yao_status yao_cbor_check(yao_bytes input, bool foreign, bool *longer)
{
    size_t end  = 0;
    bool   some = false;

    YAO_TRY(yao_cbor_walk(input, 0, foreign, &end, &some));
    if (end != input.len)
        return YAO_E_TRAILING;

    if (longer != NULL)
        *longer = some;
    return YAO_OK;
}
