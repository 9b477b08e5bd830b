/* SPDX-License-Identifier: Apache-2.0 */
#include "card/parts.h"

#include "base/copy.h"
#include "card/labels.h"

/* ---- cutting ------------------------------------------------------------ */

static yao_status transfer_of(const yao_crypto *crypto, yao_bytes whole,
                              uint8_t out[YAO_CARD_TRANSFER])
{
    uint8_t digest[YAO_SHA256_LEN];

    YAO_TRY(yao_card_hash(crypto, whole, digest));
    for (size_t i = 0; i < YAO_CARD_TRANSFER; i++)
        out[i] = digest[i];
    return YAO_OK;
}

yao_status yao_card_split_whole(const yao_crypto *crypto, yao_bytes whole,
                                size_t size, yao_card_split *ret)
{
    yao_card_split split = {.whole = whole, .size = size};

    if (whole.len == 0 || size < YAO_MIN_CARD_PART || size > YAO_MAX_CARD_PART)
        return YAO_E_USAGE;
    split.count = (whole.len + size - 1) / size;
    if (whole.len > YAO_MAX_CARD_WHOLE || split.count > YAO_MAX_CARD_PARTS)
        return YAO_E_LIMIT;
    YAO_TRY(transfer_of(crypto, whole, split.transfer));

    *ret = split;
    return YAO_OK;
}

static void put_part(yao_writer *w, const yao_card_split *split, size_t index)
{
    size_t at   = index * split->size;
    size_t left = split->whole.len - at;

    yao_cbor_put_array(w, 4);
    yao_cbor_put_bytes(w, (yao_bytes){split->transfer, YAO_CARD_TRANSFER});
    yao_cbor_put_uint(w, index);
    yao_cbor_put_uint(w, split->count);
    yao_cbor_put_bytes(w, (yao_bytes){split->whole.ptr + at,
                                      left < split->size ? left : split->size});
}

void yao_card_put_part(yao_writer *w, const yao_card_split *split, size_t index)
{
    if (index < split->count)
        put_part(w, split, index);
    else
        yao_writer_fail(w, YAO_E_USAGE);
}

/* ---- reading ------------------------------------------------------------ */

yao_status yao_card_read_part(yao_bytes input, yao_card_part *ret)
{
    yao_cbor_reader r = yao_cbor_open(input);
    yao_card_part   part;

    yao_cbor_get_array(&r, 4);
    part.transfer  = yao_cbor_get_bytes(&r);
    uint64_t index = yao_cbor_get_uint(&r);
    uint64_t count = yao_cbor_get_uint(&r);
    part.bytes     = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));

    if (part.transfer.len != YAO_CARD_TRANSFER || index >= count ||
        part.bytes.len == 0)
        return YAO_E_MALFORMED;
    if (count > YAO_MAX_CARD_PARTS || part.bytes.len > YAO_MAX_CARD_PART)
        return YAO_E_LIMIT;
    if (index + 1 < count && part.bytes.len < YAO_MIN_CARD_PART)
        return YAO_E_MALFORMED;

    part.index = (size_t)index;
    part.count = (size_t)count;
    *ret       = part;
    return YAO_OK;
}

/* ---- collecting --------------------------------------------------------- */

static bool is_of(const yao_card_collector *c, const yao_card_part *part)
{
    return yao_bytes_equal((yao_bytes){c->transfer, YAO_CARD_TRANSFER},
                           part->transfer);
}

/* All but the last have one length, and the last is no longer. */
static bool fits(const yao_card_collector *c, const yao_card_part *part)
{
    size_t len  = part->bytes.len;
    bool   last = part->index + 1 == part->count;

    if (part->count != c->count)
        return false;
    if (!last && c->size != 0 && len != c->size)
        return false;

    size_t size = last ? c->size : len;
    size_t end  = last ? len : c->lengths[c->count - 1];
    return size == 0 || end <= size;
}

static bool is_there(const yao_card_collector *c, const yao_card_part *part)
{
    return c->lengths[part->index] != 0;
}

static bool is_same(const yao_card_collector *c, const yao_card_part *part)
{
    return yao_bytes_equal(
        (yao_bytes){c->room[part->index], c->lengths[part->index]},
        part->bytes);
}

static void keep(yao_card_collector *c, const yao_card_part *part)
{
    yao_copy(c->room[part->index], part->bytes);
    c->lengths[part->index] = (uint16_t)part->bytes.len;
    if (part->index + 1 < part->count)
        c->size = part->bytes.len;
    c->have++;
}

static yao_status put_together(yao_card_collector *c, const yao_crypto *crypto,
                               yao_bytes *ret)
{
    uint8_t transfer[YAO_CARD_TRANSFER];
    size_t  len = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (c->lengths[i] > sizeof c->whole - len)
            return YAO_E_LIMIT;
        yao_copy(c->whole + len, (yao_bytes){c->room[i], c->lengths[i]});
        len += c->lengths[i];
    }
    yao_bytes whole = {c->whole, len};
    YAO_TRY(transfer_of(crypto, whole, transfer));
    if (!yao_bytes_equal((yao_bytes){transfer, sizeof transfer},
                         (yao_bytes){c->transfer, sizeof c->transfer}))
        return YAO_E_BAD_DIGEST;

    *ret = whole;
    return YAO_OK;
}

yao_status yao_card_collect(yao_card_collector *c, const yao_crypto *crypto,
                            const yao_card_part *part, yao_bytes *ret)
{
    if (c->count == 0) {
        yao_copy(c->transfer, part->transfer);
        c->count = part->count;
    }
    if (!is_of(c, part))
        return YAO_E_MISMATCH;
    if (!fits(c, part) || (is_there(c, part) && !is_same(c, part)))
        return YAO_E_DUPLICATE;
    if (!is_there(c, part))
        keep(c, part);

    *ret = (yao_bytes){NULL, 0};
    return c->have < c->count ? YAO_OK : put_together(c, crypto, ret);
}
