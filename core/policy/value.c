/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/value.h"

#include "cbor/cbor.h"
#include "json/json.h"

/* What a value looks like depends on the reader, a program (JSON) or a
 * person; walking it does not. */
static void put_item(yao_writer *w, yao_cbor_reader *r, bool json,
                     int depth);

size_t yao_value_steering(yao_text text)
{
    const uint8_t *p = text.ptr;

    if (p[0] < 0x20 || p[0] == 0x7f)
        return 1;
    if (text.len >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
        return 2; /* U+0080..U+009F */
    if (text.len >= 2 && p[0] == 0xd8 && p[1] == 0x9c)
        return 2; /* U+061C */
    if (text.len < 3 || p[0] != 0xe2)
        return 0;
    if (p[1] == 0x80 && ((p[2] >= 0xa8 && p[2] <= 0xae) || p[2] == 0x8e ||
                         p[2] == 0x8f))
        return 3; /* U+2028..U+202E, U+200E, U+200F */

    return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0; /* U+2066.. */
}

void yao_value_put_text(yao_writer *w, yao_text text)
{
    while (text.len > 0) {
        size_t bad = yao_value_steering(text), step = bad > 0 ? bad : 1;

        yao_put_byte(w, bad > 0 ? '?' : text.ptr[0]);
        text.ptr += step;
        text.len -= step;
    }
}

static void put_text(yao_writer *w, yao_text text, bool json)
{
    if (json)
        yao_json_put_string(w, text);
    else
        yao_value_put_text(w, text);
}

static void put_bytes(yao_writer *w, yao_bytes bytes, bool json)
{
    if (json) {
        yao_put_byte(w, '"');
        yao_put_base64url(w, bytes);
        yao_put_byte(w, '"');
    } else {
        yao_put_byte(w, '(');
        yao_put_decimal(w, (int64_t)bytes.len);
        yao_put_text(w, " bytes)");
    }
}

static void put_uint(yao_writer *w, uint64_t number)
{
    if (number > INT64_MAX)
        yao_put_decimal(w, (int64_t)(number / 10));
    yao_put_decimal(w, (int64_t)(number > INT64_MAX ? number % 10 : number));
}

static void put_array(yao_writer *w, yao_cbor_reader *r, bool json,
                      int depth)
{
    uint64_t count = yao_cbor_get_items(r);

    yao_put_text(w, json ? "[" : "");
    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        if (i > 0)
            yao_put_text(w, json ? "," : ", ");
        put_item(w, r, json, depth + 1);
    }
    yao_put_text(w, json ? "]" : "");
}

/* A JSON name is a string: a number is quoted; whoever takes a list or a map
 * for a name is shown as bytes, see yao_value_put_json(). */
static void put_key(yao_writer *w, yao_cbor_reader *r, bool json,
                    int depth)
{
    yao_cbor_kind kind  = yao_cbor_peek(r);
    bool          quote = json && kind != YAO_CBOR_TEXT &&
                 kind != YAO_CBOR_BYTES;

    if (quote && kind != YAO_CBOR_UINT && kind != YAO_CBOR_NINT)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    if (quote)
        yao_put_byte(w, '"');
    put_item(w, r, json, depth + 1);
    if (quote)
        yao_put_byte(w, '"');
}

static void put_map(yao_writer *w, yao_cbor_reader *r, bool json,
                    int depth)
{
    uint64_t pairs = yao_cbor_get_map(r);

    yao_put_text(w, json ? "{" : "(");
    for (uint64_t i = 0; i < pairs && r->status == YAO_OK; i++) {
        if (i > 0)
            yao_put_text(w, json ? "," : ", ");
        put_key(w, r, json, depth);
        yao_put_text(w, json ? ":" : " ");
        put_item(w, r, json, depth + 1);
    }
    yao_put_text(w, json ? "}" : ")");
}

/* A reader that failed has nothing more to walk. */
static void put_item(yao_writer *w, yao_cbor_reader *r, bool json,
                     int depth)
{
    if (depth > YAO_MAX_DEPTH)
        yao_cbor_fail(r, YAO_E_LIMIT);
    switch (yao_cbor_peek(r)) {
    case YAO_CBOR_UINT:
        put_uint(w, yao_cbor_get_uint(r));
        break;
    case YAO_CBOR_NINT:
        yao_put_decimal(w, yao_cbor_get_int(r));
        break;
    case YAO_CBOR_BYTES:
        put_bytes(w, yao_cbor_get_bytes(r), json);
        break;
    case YAO_CBOR_TEXT:
        put_text(w, yao_cbor_get_text(r), json);
        break;
    case YAO_CBOR_ARRAY:
        put_array(w, r, json, depth);
        break;
    case YAO_CBOR_MAP:
        put_map(w, r, json, depth);
        break;
    case YAO_CBOR_TAG:
        yao_cbor_get_any_tag(r);
        put_item(w, r, json, depth + 1);
        break;
    case YAO_CBOR_BOOL:
        yao_put_text(w, yao_cbor_get_bool(r) ? "true" : "false");
        break;
    default:
        yao_cbor_get_any(r); /* null, floating point, simple values */
        yao_put_text(w, "null");
        break;
    }
}

static void put_value(yao_writer *w, yao_bytes cbor, bool json)
{
    yao_cbor_reader r = yao_cbor_open_foreign(cbor);

    put_item(w, &r, json, 0);
    yao_status status = yao_cbor_close(&r);
    if (status != YAO_OK)
        yao_writer_fail(w, status);
}

/* One odd value must not cost the reader the verdict. Whether it has a form is
 * tried without a room, so that too little of it is no oddity. */
void yao_value_put_json(yao_writer *w, yao_bytes cbor)
{
    yao_writer attempt = yao_writer_count();

    put_value(&attempt, cbor, true);
    if (attempt.status == YAO_OK)
        put_value(w, cbor, true);
    else
        put_bytes(w, cbor, true);
}

void yao_value_put_plain(yao_writer *w, yao_bytes cbor)
{
    put_value(w, cbor, false);
}

/* From U+3000 on, three bytes and more, letters are wide. */
int yao_value_columns(yao_text text)
{
    int wide = 0;

    for (size_t i = 0; i < text.len; i++)
        wide += text.ptr[i] >= 0xe3;
    return (int)yao_text_count(text) + wide;
}
