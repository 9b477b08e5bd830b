/* SPDX-License-Identifier: Apache-2.0 */

/* RFC 8949 appendix A, as the CBOR group publishes it. */

#include "check.h"

#include "cbor/cbor.h"
#include "json/json.h"

static const yao_json *vectors(void)
{
    const yao_json *root = NULL;

    assert_status(yao_json_parse(test_arena(),
                                 test_vector("cbor-rfc8949/appendix_a.json"),
                                 &root),
                  YAO_OK);
    return root;
}

static yao_bytes text(const yao_json *value)
{
    yao_text text = {0};

    assert_status(yao_json_string(value, test_arena(), &text), YAO_OK);
    return yao_text_bytes(text);
}

static yao_bytes item(const yao_json *vector)
{
    yao_bytes  hex  = text(yao_json_get(vector, "hex"));
    yao_bytes  made = {0};
    yao_writer w    = yao_writer_in(test_arena());

    assert_status(yao_get_hex(hex, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &made), YAO_OK);
    return made;
}

static bool roundtrip(const yao_json *vector)
{
    bool truth = false;

    assert_status(yao_json_bool(yao_json_get(vector, "roundtrip"), &truth),
                  YAO_OK);
    return truth;
}

/* Indefinite lengths: what does not come out as it went in, floats aside. */
static bool indefinite(const yao_json *vector)
{
    return !roundtrip(vector) && item(vector).ptr[0] < 0xe0;
}

/* simple(24) in two bytes was allowed in RFC 7049 only. */
static bool outdated(const yao_json *vector)
{
    return yao_json_is(yao_json_get(vector, "hex"), "f818");
}

static void accepts(void **state)
{
    size_t accepted = 0, refused = 0;

    (void)state;
    if (!test_have_vectors())
        skip();
    for (const yao_json *v = vectors()->first; v != NULL; v = v->next) {
        bool       bad = indefinite(v) || outdated(v);
        yao_status got = yao_cbor_check(item(v), false, NULL);

        assert_status(got, bad ? YAO_E_MALFORMED : YAO_OK);
        accepted += !bad;
        refused += bad;
    }
    assert_int_equal(accepted, 70);
    assert_int_equal(refused, 12);
}

/* Read one item and write it again, for the kinds our writer has. */
static bool again(yao_cbor_reader *r, yao_writer *w)
{
    uint64_t count = 0;

    switch (yao_cbor_peek(r)) {
    case YAO_CBOR_UINT:
        yao_cbor_put_uint(w, yao_cbor_get_uint(r));
        return true;
    case YAO_CBOR_NINT:
        yao_cbor_put_int(w, yao_cbor_get_int(r));
        return true;
    case YAO_CBOR_BYTES:
        yao_cbor_put_bytes(w, yao_cbor_get_bytes(r));
        return true;
    case YAO_CBOR_TEXT:
        yao_cbor_put_text(w, yao_cbor_get_text(r));
        return true;
    case YAO_CBOR_ARRAY:
        count = yao_cbor_get_items(r);
        yao_cbor_put_array(w, count);
        break;
    case YAO_CBOR_MAP:
        count = yao_cbor_get_map(r);
        yao_cbor_put_map(w, count);
        count *= 2;
        break;
    case YAO_CBOR_TAG:
        yao_cbor_put_tag(w, yao_cbor_get_any_tag(r));
        count = 1;
        break;
    case YAO_CBOR_BOOL:
        yao_cbor_put_bool(w, yao_cbor_get_bool(r));
        return true;
    case YAO_CBOR_NULL:
        yao_cbor_get_null(r);
        yao_cbor_put_null(w);
        return true;
    case YAO_CBOR_OTHER:
    case YAO_CBOR_END:
        return false;
    }
    for (; count > 0; count--)
        if (!again(r, w))
            return false;
    return true;
}

static void writes(void **state)
{
    size_t same = 0;

    (void)state;
    if (!test_have_vectors())
        skip();
    for (const yao_json *v = vectors()->first; v != NULL; v = v->next) {
        yao_bytes       bytes = item(v);
        yao_cbor_reader r     = yao_cbor_open(bytes);
        uint8_t         room[64];
        yao_writer      w = yao_writer_open(room, sizeof room);

        if (!roundtrip(v) || !again(&r, &w) ||
            r.status != YAO_OK) /* -2^64 is skipped, never read */
            continue;
        assert_status(yao_cbor_close(&r), YAO_OK);
        assert_bytes(((yao_bytes){room, w.len}), bytes);
        same++;
    }
    assert_int_equal(same, 43);
}

/* What the vector's value is in our notation: its own `diagnostic`, or its
 * JSON. */
static yao_bytes expected(const yao_json *vector)
{
    static const char *const other[][2] = {
        /* what is wrapped is shown, which the vectors do not do */
        {"d818456449455446", "24(<<\"IETF\">>)"},
        /* a bignum is a tag for us */
        {"c249010000000000000000", "2(h'010000000000000000')"},
        {"c349010000000000000000", "3(h'010000000000000000')"},
        /* JSON has other words for these */
        {"f90001", "5.960464477539063e-8"},
        {"f90400", "0.00006103515625"},
        {"fb7e37e43c8800759c", "1.0e+300"},
        {"62c3bc", "\"\xc3\xbc\""},
        {"63e6b0b4", "\"\xe6\xb0\xb4\""},
        {"64f0908591", "\"\xf0\x90\x85\x91\""},
    };
    const yao_json *diagnostic = yao_json_get(vector, "diagnostic");
    yao_writer      w          = yao_writer_in(test_arena());
    yao_bytes       value      = {0};

    for (size_t i = 0; i < COUNT(other); i++)
        if (yao_json_is(yao_json_get(vector, "hex"), other[i][0]))
            return yao_text_bytes(yao_text_of(other[i][1]));

    if (diagnostic != NULL)
        return text(diagnostic);
    yao_json_put_value(&w, yao_json_get(vector, "decoded"));
    assert_status(yao_writer_keep(&w, test_arena(), &value), YAO_OK);
    return value;
}

/* Blanks may stand where they like. */
static yao_bytes squeezed(yao_bytes in)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {0};

    for (size_t i = 0; i < in.len; i++)
        if (strchr(" \n", in.ptr[i]) == NULL)
            yao_put_byte(&w, in.ptr[i]);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void notation(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    for (const yao_json *v = vectors()->first; v != NULL; v = v->next) {
        if (indefinite(v) || outdated(v))
            continue;

        yao_bytes  bytes = item(v), want = squeezed(expected(v)), got = {0};
        yao_writer w     = yao_writer_in(test_arena());

        assert_status(yao_cbor_diagnose(bytes, false, &w), YAO_OK);
        assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
        assert_bytes(squeezed(got), want);
    }
}

int main(void)
{
    test_add("8949 A", "accepts what is definite and current", accepts, NULL);
    test_add("8949 A", "gives the same bytes again", writes, NULL);
    test_add("8949 A", "gives its diagnostic notation", notation, NULL);
    return test_run("cbor/vectors");
}
