/* SPDX-License-Identifier: Apache-2.0 */
/* Is a claim's value one of those that are asked for? (OpenID4VP 1.0 section
 * 6.3: "type and value of the claim both match exactly".) */
#include "vp/dcql_parts.h"
#include "cbor/cbor.h"

/* ---- JSON ---- */

static bool json_is(const yao_json *value, const yao_dcql_value *want)
{
    int64_t number;

    if (value->kind != want->kind)
        return false;
    switch (want->kind) {
    case YAO_JSON_STRING:
        return yao_json_is_text(value, want->text);
    case YAO_JSON_BOOL:
        return value->truth == want->truth;
    default: /* 1.0 is not the integer 1: two readers may differ */
        return yao_json_int(value, &number) == YAO_OK && number == want->number;
    }
}

bool yao_dcql_takes_json(const yao_dcql_claim *claim, const yao_json *value)
{
    for (size_t i = 0; i < claim->value_count; i++)
        if (json_is(value, &claim->values[i]))
            return true;
    return claim->value_count == 0;
}

/* ---- CBOR, as RFC 8949 section 6.1 has it in JSON ---- */

/* How a byte string is written: tags 21 to 23, 2 and 3. */
typedef enum letters { BASE64URL, BASE64, BASE16 } letters;

/* One value on its way into JSON. */
typedef struct passage {
    yao_cbor_reader r;
    letters         how;
    bool            negative; /* of a bignum: "~" before it */
} passage;

/* Tags 21 to 23 say how bytes are written, 3 puts a letter before them; "the
 * tag number is ignored" of all others. */
static void pass_tags(passage *p)
{
    while (yao_cbor_peek(&p->r) == YAO_CBOR_TAG) {
        uint64_t tag = yao_cbor_get_any_tag(&p->r);

        if (tag == 21 || tag == 2 || tag == 3)
            p->how = BASE64URL;
        else if (tag == 22)
            p->how = BASE64;
        else if (tag == 23)
            p->how = BASE16;
        p->negative = tag == 3;
    }
}

static void put_base16(yao_writer *w, yao_bytes in)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < in.len; i++) {
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] >> 4]);
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] & 15]);
    }
}

static void put_letters(yao_writer *w, letters how, yao_bytes in)
{
    if (how == BASE16)
        put_base16(w, in);
    else if (how == BASE64)
        yao_put_base64(w, in);
    else
        yao_put_base64url(w, in);
}

/* Is TEXT what BYTES look like? Three of them at a time, which are whole groups
 * of any of the three alphabets. */
static bool letters_are(letters how, yao_bytes bytes, yao_bytes text)
{
    while (bytes.len != 0) {
        uint8_t    room[6];
        yao_writer w = yao_writer_open(room, sizeof room);
        size_t     n = bytes.len < 3 ? bytes.len : 3;

        put_letters(&w, how, (yao_bytes){bytes.ptr, n});
        if (!yao_bytes_starts(text, (yao_bytes){room, w.len}))
            return false;
        text  = (yao_bytes){text.ptr + w.len, text.len - w.len};
        bytes = (yao_bytes){bytes.ptr + n, bytes.len - n};
    }
    return text.len == 0;
}

static bool bytes_are(passage *p, const yao_dcql_value *want)
{
    yao_bytes bytes = yao_cbor_get_bytes(&p->r);
    yao_bytes text  = yao_text_bytes(want->text);

    if (p->r.status != YAO_OK || want->kind != YAO_JSON_STRING)
        return false;
    if (p->negative) {
        if (!yao_bytes_starts(text, YAO_LIT("~")))
            return false;
        text = (yao_bytes){text.ptr + 1, text.len - 1};
    }
    return letters_are(p->how, bytes, text);
}

/* An integer beyond int64 fails the reader, and is none that can be asked
 * for. */
static bool cbor_is(yao_bytes value, const yao_dcql_value *want)
{
    passage p = {.r = yao_cbor_open_foreign(value), .how = BASE64URL};

    pass_tags(&p);
    switch (yao_cbor_peek(&p.r)) {
    case YAO_CBOR_UINT:
    case YAO_CBOR_NINT: {
        int64_t number = yao_cbor_get_int(&p.r);

        return p.r.status == YAO_OK && want->kind == YAO_JSON_NUMBER &&
               number == want->number;
    }
    case YAO_CBOR_TEXT: {
        yao_text text = yao_cbor_get_text(&p.r);

        return p.r.status == YAO_OK && want->kind == YAO_JSON_STRING &&
               yao_text_equal(text, want->text);
    }
    case YAO_CBOR_BOOL: {
        bool truth = yao_cbor_get_bool(&p.r);

        return p.r.status == YAO_OK && want->kind == YAO_JSON_BOOL &&
               truth == want->truth;
    }
    case YAO_CBOR_BYTES:
        return bytes_are(&p, want);
    default: /* arrays, maps, null, floating point: none that can be asked */
        return false;
    }
}

bool yao_dcql_takes_cbor(const yao_dcql_claim *claim, yao_bytes value)
{
    for (size_t i = 0; i < claim->value_count; i++)
        if (cbor_is(value, &claim->values[i]))
            return true;
    return claim->value_count == 0;
}
