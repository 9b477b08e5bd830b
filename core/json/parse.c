/* SPDX-License-Identifier: Apache-2.0 */

/*
 * RFC 8259, one function a production. The parser keeps its first failure and
 * the place of it; whatever follows a failure takes nothing.
 *
 * Invariants: at <= len. depth <= YAO_MAX_DEPTH bounds the recursion. The free
 * nodes lie at the end of the arena, so that what is left of them is given
 * back when the text ends.
 */

#include "json/json.h"

/* Nodes are taken a handful at a time: one call a value would cost as much as
 * reading it. */
enum { HANDFUL = 16 };

/* Bytes of names that are compared because their marks agree. A text of ours
 * needs a thousandth of it; a text made so that every pair agrees would cost
 * seconds without this bound. */
enum { NAME_WORK = 1 << 20 };

typedef struct parser {
    const uint8_t *text;
    size_t         len;
    size_t         at;
    yao_status     status; /* sticky */
    yao_arena     *arena;
    yao_json      *free;
    size_t         free_count;
    size_t         node_count, most_nodes;
    size_t         name_work;
    int            depth;
} parser;

/* What a byte inside a string asks for. */
enum { PLAIN = 0, QUOTE, ESCAPE, CONTROL, HIGH };

#define ROW8(x)  x, x, x, x, x, x, x, x
#define ROW32(x) ROW8(x), ROW8(x), ROW8(x), ROW8(x)

static const uint8_t classes[256] = {
    ROW32(CONTROL),
    PLAIN, PLAIN, QUOTE, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, ROW8(PLAIN),
    ROW8(PLAIN), ROW8(PLAIN),
    ROW8(PLAIN), ROW8(PLAIN), ROW8(PLAIN), PLAIN, PLAIN, PLAIN, PLAIN, ESCAPE,
    PLAIN, PLAIN, PLAIN,
    ROW32(PLAIN),
    ROW32(HIGH), ROW32(HIGH), ROW32(HIGH), ROW32(HIGH),
};

static bool failed(const parser *p)
{
    return p->status != YAO_OK;
}

static void fail(parser *p, yao_status failure)
{
    if (p->status == YAO_OK)
        p->status = failure;
}

/* Something else was expected here: the text ended, or it is not JSON. */
static void unexpected(parser *p)
{
    fail(p, p->at == p->len ? YAO_E_TRUNCATED : YAO_E_MALFORMED);
}

/* The byte at hand, or 0, which begins nothing. */
static uint8_t peek(const parser *p)
{
    return p->at < p->len ? p->text[p->at] : 0;
}

static void skip_blanks(parser *p)
{
    if (peek(p) > ' ')
        return;
    while (p->at < p->len && !failed(p)) {
        uint8_t c = p->text[p->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        p->at++;
    }
}

static yao_text since(const parser *p, size_t start)
{
    return (yao_text){p->text + start, p->at - start};
}

static uint64_t eight(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* ---- nodes ---- */

static bool refill(parser *p)
{
    for (size_t count = HANDFUL; count > 0; count /= 2) {
        p->free = yao_arena_take_array(p->arena, count, sizeof *p->free);
        if (p->free != NULL) {
            p->free_count = count;
            return true;
        }
    }
    return false;
}

static yao_json *new_node(parser *p)
{
    if (p->node_count == p->most_nodes) {
        fail(p, YAO_E_LIMIT);
        return NULL;
    }
    if (p->free_count == 0 && !refill(p)) {
        fail(p, YAO_E_SPACE);
        return NULL;
    }
    p->node_count++;
    p->free_count--;
    return p->free++;
}

/* ---- strings ---- */

static uint32_t hex4(const uint8_t *p, bool *ok)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++) {
        uint8_t c = p[i];

        value <<= 4;
        if (c >= '0' && c <= '9')
            value |= (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value |= (uint32_t)((c | 0x20) - 'a' + 10);
        else
            *ok = false;
    }
    return value;
}

/* Four hex digits after \u. */
static uint32_t unit(parser *p)
{
    bool ok = true;

    for (size_t i = 0; i < 4; i++)
        if (p->at + i < p->len && p->text[p->at + i] == '"')
            ok = false; /* the string ended, the text may not have */
    if (ok && p->len - p->at < 4) {
        p->at = p->len;
        fail(p, YAO_E_TRUNCATED);
        return 0;
    }
    uint32_t value = ok ? hex4(p->text + p->at, &ok) : 0;
    if (!ok) {
        fail(p, YAO_E_MALFORMED);
        return 0;
    }
    p->at += 4;
    return value;
}

/* RFC 8259 section 7: above U+FFFF two escapes make one letter. A half alone
 * is no letter, and readers disagree about it (section 8.2): refused. */
static void unicode_escape(parser *p)
{
    uint32_t high = unit(p);

    if (failed(p) || high < 0xd800 || high > 0xdfff)
        return;
    if (high > 0xdbff || peek(p) != '\\') {
        fail(p, p->at == p->len ? YAO_E_TRUNCATED : YAO_E_UTF8);
        return;
    }
    p->at++;
    if (peek(p) != 'u') {
        fail(p, p->at == p->len ? YAO_E_TRUNCATED : YAO_E_UTF8);
        return;
    }
    p->at++;
    uint32_t low = unit(p);
    if (!failed(p) && (low < 0xdc00 || low > 0xdfff))
        fail(p, YAO_E_UTF8);
}

/* What follows a backslash. */
static void escape(parser *p)
{
    switch (peek(p)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        p->at++;
        return;
    case 'u':
        p->at++;
        unicode_escape(p);
        return;
    default:
        unexpected(p);
    }
}

static void check_utf8(parser *p, yao_text raw)
{
    yao_text checked;

    fail(p, yao_text_check(yao_text_bytes(raw), &checked));
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Does one of eight bytes ask for something? */
static bool any_special(uint64_t w)
{
    uint64_t quote = w ^ EACH('"'), slash = w ^ EACH('\\');
    uint64_t found = ((quote - EACH(1)) & ~quote) |
                     ((slash - EACH(1)) & ~slash) | (w - EACH(0x20)) | w;

    return (found & EACH(0x80)) != 0;
}

/* The place of the next byte that asks for something, or the end. */
static size_t next_special(const parser *p)
{
    size_t at = p->at;

    while (p->len - at >= 8 && !any_special(eight(p->text + at)))
        at += 8;
    while (at < p->len && classes[p->text[at]] == PLAIN)
        at++;
    return at;
}

/* The letters between quotes, as they stand. The opening quote is at hand. */
static yao_text string(parser *p, bool *escaped)
{
    size_t start = ++p->at;
    bool   high  = false;

    while (!failed(p)) {
        p->at = next_special(p);
        if (p->at == p->len) {
            fail(p, YAO_E_TRUNCATED);
            break;
        }
        int kind = classes[p->text[p->at]];
        if (kind == QUOTE)
            break;
        if (kind == CONTROL) {
            fail(p, YAO_E_MALFORMED);
            break;
        }
        p->at++;
        if (kind == ESCAPE) {
            *escaped = true;
            escape(p);
        } else {
            high = true;
        }
    }
    yao_text raw = since(p, start);
    if (high && !failed(p))
        check_utf8(p, raw);
    if (!failed(p))
        p->at++;
    return raw;
}

/* ---- numbers and words ---- */

static void digits(parser *p)
{
    size_t start = p->at;

    while (p->at < p->len && p->text[p->at] >= '0' && p->text[p->at] <= '9')
        p->at++;
    if (p->at == start)
        unexpected(p);
}

/* number = [ "-" ] int [ frac ] [ exp ] */
static void number(parser *p)
{
    if (peek(p) == '-')
        p->at++;
    if (peek(p) == '0')
        p->at++;
    else
        digits(p);
    if (!failed(p) && peek(p) == '.') {
        p->at++;
        digits(p);
    }
    if (!failed(p) && (peek(p) | 0x20) == 'e') {
        p->at++;
        if (peek(p) == '+' || peek(p) == '-')
            p->at++;
        digits(p);
    }
}

static void word(parser *p, const char *expected)
{
    for (; *expected != '\0'; expected++) {
        if (peek(p) != (uint8_t)*expected) {
            unexpected(p);
            return;
        }
        p->at++;
    }
}

/* ---- names ---- */

/* Which names an object may have already: one bit for many of them. */
typedef struct names {
    uint64_t bits[4];
    bool     escaped; /* one of them is: its bit says nothing */
} names;

/* Length, the first eight letters and the last eight tell names apart. */
static uint32_t mark_of(yao_text name)
{
    uint64_t mixed = 0;

    if (name.len >= 8)
        mixed = eight(name.ptr) ^ eight(name.ptr + name.len - 8) * 31;
    else
        for (size_t i = 0; i < name.len; i++)
            mixed = mixed << 8 | name.ptr[i];

    return (uint32_t)((mixed + name.len) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* Note the name of NODE. Can it be one that was noted before? */
static bool note(names *seen, const yao_json *node)
{
    uint32_t  place = node->name_mark >> 24;
    uint64_t *word  = &seen->bits[place / 64];
    uint64_t  bit   = UINT64_C(1) << place % 64;
    bool      known = seen->escaped || node->name_escaped || (*word & bit) != 0;

    *word |= bit;
    seen->escaped = seen->escaped || node->name_escaped;
    return known;
}

static bool same_name(parser *p, const yao_json *a, const yao_json *b)
{
    bool plain = !a->name_escaped && !b->name_escaped;

    if (plain && a->name_mark != b->name_mark)
        return false;
    p->name_work += a->name.len + b->name.len;
    return plain ? yao_text_equal(a->name, b->name) : yao_json_same_name(a, b);
}

/* RFC 8725 section 2.4: of a name that stands twice, two readers would take
 * different values. */
static void check_name(parser *p, const yao_json *object, names *seen,
                       const yao_json *member)
{
    if (object->count > YAO_MAX_MAP_ENTRIES) {
        fail(p, YAO_E_LIMIT);
        return;
    }
    if (!note(seen, member))
        return;
    for (const yao_json *m = object->first; m != member; m = m->next)
        if (same_name(p, m, member)) {
            fail(p, YAO_E_DUPLICATE);
            return;
        }
    if (p->name_work > NAME_WORK)
        fail(p, YAO_E_LIMIT);
}

/* ---- values ---- */

static void value(parser *p, yao_json *node);

static void descend(parser *p)
{
    p->at++;
    if (++p->depth > YAO_MAX_DEPTH)
        fail(p, YAO_E_LIMIT);
    skip_blanks(p);
}

/* A comma with another item behind it, or the end. */
static bool more(parser *p, uint8_t end)
{
    skip_blanks(p);
    if (failed(p))
        return false;
    if (peek(p) == end) {
        p->at++;
        p->depth--;
        return false;
    }
    if (peek(p) != ',') {
        unexpected(p);
        return false;
    }
    p->at++;
    skip_blanks(p);
    return true;
}

static void array(parser *p, yao_json *node)
{
    const yao_json **tail = &node->first;

    descend(p);
    if (!failed(p) && peek(p) == ']') {
        p->at++;
        p->depth--;
        return;
    }
    do {
        yao_json *item = failed(p) ? NULL : new_node(p);
        if (item == NULL)
            return;
        *tail = item;
        tail  = &item->next;
        node->count++;
        value(p, item);
    } while (more(p, ']'));
}

/* member = string name-separator value */
static void member(parser *p, const yao_json *object, names *seen,
                   yao_json *node)
{
    if (peek(p) != '"') {
        unexpected(p);
        return;
    }
    size_t start = p->at;
    node->name   = string(p, &node->name_escaped);
    if (failed(p))
        return;
    node->name_mark = mark_of(node->name);

    size_t end = p->at;
    p->at      = start; /* a repeated name is reported where it begins */
    check_name(p, object, seen, node);
    if (failed(p))
        return;
    p->at = end;
    skip_blanks(p);
    if (peek(p) != ':') {
        unexpected(p);
        return;
    }
    p->at++;
    skip_blanks(p);
    value(p, node);
}

static void object(parser *p, yao_json *node)
{
    const yao_json **tail = &node->first;
    names            seen = {{0}, false};

    descend(p);
    if (!failed(p) && peek(p) == '}') {
        p->at++;
        p->depth--;
        return;
    }
    do {
        yao_json *child = failed(p) ? NULL : new_node(p);
        if (child == NULL)
            return;
        *tail = child;
        tail  = &child->next;
        node->count++;
        member(p, node, &seen, child);
    } while (more(p, '}'));
}

static void literal(parser *p, yao_json *node, yao_json_kind kind,
                    const char *letters)
{
    node->kind  = kind;
    node->truth = letters[0] == 't';
    word(p, letters);
}

static void value(parser *p, yao_json *node)
{
    size_t start = p->at;

    switch (peek(p)) {
    case '"':
        node->kind = YAO_JSON_STRING;
        node->raw  = string(p, &node->escaped);
        return;
    case '{':
        node->kind = YAO_JSON_OBJECT;
        object(p, node);
        break;
    case '[':
        node->kind = YAO_JSON_ARRAY;
        array(p, node);
        break;
    case 't':
        literal(p, node, YAO_JSON_BOOL, "true");
        break;
    case 'f':
        literal(p, node, YAO_JSON_BOOL, "false");
        break;
    case 'n':
        literal(p, node, YAO_JSON_NULL, "null");
        break;
    default:
        node->kind = YAO_JSON_NUMBER;
        number(p);
    }
    node->raw = since(p, start);
}

static yao_status parse(yao_arena *arena, yao_bytes text, size_t most,
                        const yao_json **ret, size_t *offset)
{
    /* a body that is not there has no address either */
    parser    p    = {.text       = text.len != 0 ? text.ptr
                                                  : (const uint8_t *)"",
                      .len        = text.len,
                      .arena      = arena,
                      .most_nodes = most};
    size_t    mark = arena->used;
    yao_json *root = new_node(&p);

    if (root != NULL) {
        skip_blanks(&p);
        value(&p, root);
        skip_blanks(&p);
    }
    if (!failed(&p) && p.at < p.len)
        fail(&p, YAO_E_TRAILING);
    if (failed(&p)) {
        arena->used = mark;
        *offset     = p.at;
        return p.status;
    }
    arena->used -= p.free_count * sizeof *root;
    *ret = root;
    return YAO_OK;
}

yao_status yao_json_parse_at(yao_arena *arena, yao_bytes text,
                             const yao_json **ret, size_t *offset)
{
    return parse(arena, text, YAO_MAX_JSON_NODES, ret, offset);
}

yao_status yao_json_parse(yao_arena *arena, yao_bytes text,
                          const yao_json **ret)
{
    size_t offset;

    return parse(arena, text, YAO_MAX_JSON_NODES, ret, &offset);
}

yao_status yao_json_parse_metadata(yao_arena *arena, yao_bytes text,
                                   const yao_json **ret)
{
    size_t offset;

    return parse(arena, text, YAO_MAX_METADATA_NODES, ret, &offset);
}

yao_status yao_json_parse_object(yao_arena *arena, yao_bytes text,
                                 const yao_json **ret)
{
    const yao_json *object;

    YAO_TRY(yao_json_parse(arena, text, &object));
    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    *ret = object;
    return YAO_OK;
}
