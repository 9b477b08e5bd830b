/* SPDX-License-Identifier: Apache-2.0 */
#include "card/labels.h"

/* Prefixes of no letters stand last: everything begins with it. */
static const struct {
    yao_card_code code;
    const char   *prefix;
    size_t        max; /* bytes behind it */
} codes[] = {
    {YAO_CARD_CODE_CARD, "YP1:", YAO_MAX_CARD},
    {YAO_CARD_CODE_CHALLENGE, "YPQ1:", YAO_MAX_CARD},
    {YAO_CARD_CODE_PART, "YPA1:", YAO_MAX_CARD},
    {YAO_CARD_CODE_PRINTED, "", YAO_MAX_CODE_LETTERS / 3 * 2},
};

void yao_card_put_text(yao_writer *w, yao_card_code code, yao_bytes content)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        yao_bytes prefix = yao_text_bytes(yao_text_of(codes[i].prefix));

        if (codes[i].code != code || content.len == 0)
            continue;
        if (content.len > codes[i].max)
            yao_writer_fail(w, YAO_E_LIMIT);
        yao_put_bytes(w, prefix);
        yao_put_base45(w, content);
        return;
    }
    yao_writer_fail(w, YAO_E_USAGE);
}

/* RFC 1950 section 2.2: deflate, no dictionary, and the check of the head. */
static bool is_zlib(yao_bytes b)
{
    return b.len > 2 && (b.ptr[0] & 0x0f) == 8 && b.ptr[0] >> 4 <= 7 &&
           (b.ptr[1] & 0x20) == 0 && (b.ptr[0] * 256u + b.ptr[1]) % 31 == 0;
}

/* Two bytes are three letters, an odd one is two. */
static size_t letters_of(size_t bytes)
{
    return bytes / 2 * 3 + bytes % 2 * 2;
}

static yao_status read_behind(yao_bytes letters, size_t max, yao_card_code code,
                              yao_writer *w)
{
    size_t mark = w->len;

    if (letters.len > letters_of(max))
        return YAO_E_LIMIT;
    YAO_TRY(yao_get_base45(letters, w));
    if (w->len == mark)
        return YAO_E_MALFORMED;
    if (code == YAO_CARD_CODE_PRINTED && w->ptr != NULL &&
        !is_zlib((yao_bytes){w->ptr + mark, w->len - mark}))
        return YAO_E_MALFORMED;

    return YAO_OK;
}

static yao_bytes prefix_of(size_t i)
{
    return yao_text_bytes(yao_text_of(codes[i].prefix));
}

yao_status yao_card_get_text(yao_bytes letters, yao_writer *w,
                             yao_card_code *ret)
{
    size_t i = 0;

    while (!yao_bytes_starts(letters, prefix_of(i))) /* the last fits all */
        i++;
    yao_bytes rest = {letters.ptr + prefix_of(i).len,
                      letters.len - prefix_of(i).len};
    YAO_TRY(read_behind(rest, codes[i].max, codes[i].code, w));

    *ret = codes[i].code;
    return YAO_OK;
}

/* ---- zlib --------------------------------------------------------------- */

/* RFC 1950 section 8.2 */
static uint32_t adler32(yao_bytes content)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < content.len; i++) {
        a = (a + content.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

/* Bits that have not filled a byte yet; the first is the lowest. */
typedef struct bits {
    uint32_t held;
    unsigned count;
} bits;

/* COUNT bits of CODE, the highest first, as Huffman codes stand. */
static void put_code(yao_writer *w, bits *b, uint32_t code, unsigned count)
{
    while (count-- > 0) {
        b->held |= (code >> count & 1) << b->count;
        if (++b->count == 8) {
            yao_put_byte(w, (uint8_t)b->held);
            *b = (bits){0, 0};
        }
    }
}

/*
 * One block with fixed Huffman codes (RFC 1951 section 3.2.6), literals only:
 * hashes and signatures do not shrink. A stored block would be as good, and
 * shorter, but the JavaScript library of claim 169's authors fails on those.
 */
static void put_block(yao_writer *w, yao_bytes content)
{
    bits b = {0, 0};

    put_code(w, &b, 1, 1); /* the last block */
    put_code(w, &b, 2, 2); /* fixed codes: 01, the lowest bit first */
    for (size_t i = 0; i < content.len; i++) {
        uint32_t literal = content.ptr[i];

        if (literal < 144)
            put_code(w, &b, 0x30 + literal, 8);
        else
            put_code(w, &b, 0x190 + literal - 144, 9);
    }
    put_code(w, &b, 0, 7); /* the end */
    if (b.count > 0)
        put_code(w, &b, 0, 8 - b.count);
}

void yao_card_put_zlib(yao_writer *w, yao_bytes content)
{
    static const uint8_t head[] = {0x78, 0x01};

    if (content.len > YAO_MAX_CARD_WHOLE)
        yao_writer_fail(w, YAO_E_LIMIT); /* and nothing more is written */
    uint32_t      check  = adler32(content);
    const uint8_t tail[] = {(uint8_t)(check >> 24), (uint8_t)(check >> 16),
                            (uint8_t)(check >> 8), (uint8_t)check};

    yao_put_bytes(w, (yao_bytes){head, sizeof head});
    put_block(w, content);
    yao_put_bytes(w, (yao_bytes){tail, sizeof tail});
}

yao_inflate_wish yao_card_wish_inflate(yao_bytes zlib)
{
    return (yao_inflate_wish){.input = zlib, .max = YAO_MAX_CARD_WHOLE};
}

/* ---- wholes ------------------------------------------------------------- */

yao_card_kind_of_whole yao_card_kind_of(yao_bytes whole)
{
    yao_cbor_reader r = yao_cbor_open(whole);

    if (yao_cbor_peek(&r) == YAO_CBOR_TAG)
        return yao_cbor_get_any_tag(&r) == YAO_COSE_TAG_SIGN1 &&
                       yao_cbor_peek(&r) == YAO_CBOR_ARRAY
                   ? YAO_CARD_WHOLE_SIGNED
                   : YAO_CARD_WHOLE_UNKNOWN;

    uint64_t count = yao_cbor_get_items(&r); /* what is none has no first */
    switch (yao_cbor_peek(&r)) {
    case YAO_CBOR_BYTES:
        if (count == 3)
            return YAO_CARD_WHOLE_CARD;
        return count == 2 ? YAO_CARD_WHOLE_SEALED : YAO_CARD_WHOLE_UNKNOWN;
    case YAO_CBOR_UINT:
    case YAO_CBOR_NULL:
        return count == 2 ? YAO_CARD_WHOLE_MDOC : YAO_CARD_WHOLE_UNKNOWN;
    default:
        break;
    }

    return YAO_CARD_WHOLE_UNKNOWN;
}
