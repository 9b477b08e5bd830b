/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor/cbor_float.h"
#include "cbor/cbor_head.h"

/*
 * Diagnostic notation, RFC 8949 section 8 with the extensions of RFC 8610
 * appendix G. The input was checked as a whole before the first letter is
 * written, so nothing here can fail but the writer; what recurses is bounded
 * by YAO_MAX_DEPTH, wrapped items included.
 */

typedef struct notation {
    yao_cbor_reader r;
    yao_writer     *w;
    size_t          depth;
    bool            indent;
} notation;

static void item(notation *n);

static void newline(notation *n)
{
    if (!n->indent)
        return;
    yao_put_byte(n->w, '\n');
    for (size_t i = 0; i < n->depth; i++)
        yao_put_text(n->w, "  ");
}

/* ---- leaves ---- */

/* Numbers up to 2^64 - 1, which yao_put_decimal() has no room for. */
static void put_unsigned(yao_writer *w, uint64_t number)
{
    uint8_t digits[20];
    size_t  len = 0;

    do {
        digits[sizeof digits - ++len] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);

    yao_put_bytes(w, (yao_bytes){digits + sizeof digits - len, len});
}

/* The head of the next leaf that is no string, which is taken. */
static yao_cbor_head get_leaf(notation *n)
{
    yao_cbor_head head = {0};
    yao_bytes     leaf = yao_cbor_get_any(&n->r);

    if (yao_cbor_read_head(leaf.ptr, leaf.len, &head) != YAO_OK)
        yao_cbor_fail(&n->r, YAO_E_MALFORMED);
    return head;
}

static void negative(notation *n)
{
    uint64_t value = get_leaf(n).value;

    yao_put_byte(n->w, '-');
    if (value == UINT64_MAX)
        yao_put_text(n->w, "18446744073709551616");
    else
        put_unsigned(n->w, value + 1);
}

/* Letters that people would not see as they are: controls, and what turns the
 * direction of the line (U+200E/F, U+202A..E, U+2066..9). */
static bool hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e ||
           code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* The code point at the front of TEXT, which is UTF-8, and its length. */
static uint32_t code_point(yao_text text, size_t *len)
{
    uint8_t  first = text.ptr[0];
    uint32_t code  = first;

    *len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (*len > 1)
        code = first & (0x7fu >> *len);
    for (size_t i = 1; i < *len; i++)
        code = code << 6 | (text.ptr[i] & 0x3f);

    return code;
}

/* The letter that stands behind a backslash for CODE (RFC 8259 section 7), or
 * 0. */
static uint8_t escape(uint32_t code)
{
    switch (code) {
    case '"':
    case '\\':
        return (uint8_t)code;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

static void put_letter(yao_writer *w, uint32_t code, yao_bytes letter)
{
    if (escape(code) != 0) {
        yao_put_byte(w, '\\');
        yao_put_byte(w, escape(code));
    } else if (hidden(code)) {
        uint8_t unit[2] = {(uint8_t)(code >> 8), (uint8_t)code};

        yao_put_text(w, "\\u");
        yao_put_hex(w, (yao_bytes){unit, sizeof unit});
    } else {
        yao_put_bytes(w, letter);
    }
}

static void text(notation *n)
{
    yao_text rest = yao_cbor_get_text(&n->r);

    yao_put_byte(n->w, '"');
    while (rest.len > 0) {
        size_t   len;
        uint32_t code = code_point(rest, &len);

        put_letter(n->w, code, (yao_bytes){rest.ptr, len});
        rest.ptr += len;
        rest.len -= len;
    }
    yao_put_byte(n->w, '"');
}

static void bytes(notation *n)
{
    yao_put_text(n->w, "h'");
    yao_put_hex(n->w, yao_cbor_get_bytes(&n->r));
    yao_put_byte(n->w, '\'');
}

static void other(notation *n)
{
    /* by the length of the head: IEEE 754 half, single, double */
    static const yao_cbor_float_form forms[] = {
        [3] = {5, 10}, [5] = {8, 23}, [9] = {11, 52}};
    yao_cbor_head head = get_leaf(n);

    if (head.len > 2) {
        yao_cbor_put_float(n->w, &forms[head.len], head.value);
    } else if (head.value == 23) {
        yao_put_text(n->w, "undefined");
    } else {
        yao_put_text(n->w, "simple(");
        put_unsigned(n->w, head.value);
        yao_put_byte(n->w, ')');
    }
}

/* ---- what has items in it ---- */

static void items(notation *n, bool map)
{
    uint64_t count = map ? yao_cbor_get_map(&n->r) : yao_cbor_get_items(&n->r);

    yao_put_byte(n->w, map ? '{' : '[');
    n->depth++;
    for (uint64_t i = 0; i < count && n->w->status == YAO_OK; i++) {
        if (i > 0)
            yao_put_text(n->w, n->indent ? "," : ", ");
        newline(n);
        item(n);
        if (map) {
            yao_put_text(n->w, ": ");
            item(n);
        }
    }
    n->depth--;
    if (count > 0)
        newline(n);
    yao_put_byte(n->w, map ? '}' : ']');
}

/* The content of a tag 24, when it is what the tag says it is and not nested
 * too deep; otherwise it is shown as the bytes it is. */
static bool wrapped(notation *n)
{
    yao_cbor_reader outer  = n->r;
    yao_bytes       inner  = {0};
    size_t          end    = 0;
    bool            longer = false;

    if (yao_cbor_peek(&n->r) != YAO_CBOR_BYTES)
        return false;

    inner = yao_cbor_get_bytes(&n->r);
    if (yao_cbor_walk(inner, n->depth, true, &end, &longer) != YAO_OK ||
        end != inner.len) {
        n->r = outer;
        return false;
    }

    outer = n->r;
    n->r  = yao_cbor_open_foreign(inner);
    yao_put_text(n->w, "<<");
    item(n);
    yao_put_text(n->w, ">>");
    n->r = outer;
    return true;
}

static void tag(notation *n)
{
    uint64_t number = yao_cbor_get_any_tag(&n->r);

    put_unsigned(n->w, number);
    yao_put_byte(n->w, '(');
    n->depth++;
    if (number != YAO_CBOR_TAG_WRAPPED || !wrapped(n))
        item(n);
    n->depth--;
    yao_put_byte(n->w, ')');
}

static void item(notation *n)
{
    switch (yao_cbor_peek(&n->r)) {
    case YAO_CBOR_UINT:
        put_unsigned(n->w, yao_cbor_get_uint(&n->r));
        return;
    case YAO_CBOR_NINT:
        negative(n);
        return;
    case YAO_CBOR_BYTES:
        bytes(n);
        return;
    case YAO_CBOR_TEXT:
        text(n);
        return;
    case YAO_CBOR_ARRAY:
        items(n, false);
        return;
    case YAO_CBOR_MAP:
        items(n, true);
        return;
    case YAO_CBOR_TAG:
        tag(n);
        return;
    case YAO_CBOR_BOOL:
        yao_put_text(n->w, yao_cbor_get_bool(&n->r) ? "true" : "false");
        return;
    case YAO_CBOR_NULL:
        yao_cbor_get_null(&n->r);
        yao_put_text(n->w, "null");
        return;
    case YAO_CBOR_OTHER:
        other(n);
        return;
    case YAO_CBOR_END:
        return;
    }
}

yao_status yao_cbor_diagnose(yao_bytes input, bool indent, yao_writer *w)
{
    notation n = {.r = yao_cbor_open_foreign(input), .w = w, .indent = indent};

    YAO_TRY(yao_cbor_check(input, true, NULL));
    item(&n);

    return w->status != YAO_OK ? w->status : yao_cbor_close(&n.r);
}
