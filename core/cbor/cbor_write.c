/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor/cbor_head.h"

enum { HEAD = 9 }; /* bytes of the longest */

/* RFC 8949 section 4.2.1: the shortest head that holds VALUE. */
static yao_bytes format_head(uint8_t out[HEAD], enum yao_cbor_major major,
                             uint64_t value)
{
    unsigned size = 0; /* of the argument: none, 1, 2, 4, 8 bytes */

    while (size < 4 && value >= yao_cbor_least[size])
        size++;

    size_t   more = size == 0 ? 0 : (size_t)1 << (size - 1);
    unsigned info = size == 0 ? (unsigned)value : 23 + size;

    out[0] = (uint8_t)((unsigned)major << 5 | info);
    for (size_t i = more; i > 0; i--) {
        out[i] = (uint8_t)value;
        value >>= 8;
    }
    return (yao_bytes){out, more + 1};
}

static void put_head(yao_writer *w, enum yao_cbor_major major, uint64_t value)
{
    uint8_t head[HEAD];

    if (value < yao_cbor_least[0])
        yao_put_byte(w, (uint8_t)((unsigned)major << 5 | value));
    else
        yao_put_bytes(w, format_head(head, major, value));
}

void yao_cbor_put_uint(yao_writer *w, uint64_t value)
{
    put_head(w, YAO_MAJOR_UINT, value);
}

void yao_cbor_put_int(yao_writer *w, int64_t value)
{
    if (value < 0)
        put_head(w, YAO_MAJOR_NINT, (uint64_t)(-1 - value));
    else
        put_head(w, YAO_MAJOR_UINT, (uint64_t)value);
}

void yao_cbor_put_bytes(yao_writer *w, yao_bytes value)
{
    put_head(w, YAO_MAJOR_BYTES, value.len);
    yao_put_bytes(w, value);
}

void yao_cbor_put_text(yao_writer *w, yao_text value)
{
    put_head(w, YAO_MAJOR_TEXT, value.len);
    yao_put_bytes(w, yao_text_bytes(value));
}

void yao_cbor_put_string(yao_writer *w, const char *value)
{
    yao_cbor_put_text(w, yao_text_of(value));
}

void yao_cbor_put_bool(yao_writer *w, bool value)
{
    put_head(w, YAO_MAJOR_SIMPLE, value ? 21 : 20);
}

void yao_cbor_put_null(yao_writer *w)
{
    put_head(w, YAO_MAJOR_SIMPLE, 22);
}

void yao_cbor_put_array(yao_writer *w, uint64_t count)
{
    put_head(w, YAO_MAJOR_ARRAY, count);
}

void yao_cbor_put_map(yao_writer *w, uint64_t pairs)
{
    put_head(w, YAO_MAJOR_MAP, pairs);
}

void yao_cbor_put_tag(yao_writer *w, uint64_t tag)
{
    put_head(w, YAO_MAJOR_TAG, tag);
}

void yao_cbor_put_tdate(yao_writer *w, yao_time time)
{
    uint8_t letters[20];

    if (time < 0 || time > YAO_TIME_MAX) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_time_format(time, letters);
    yao_cbor_put_tag(w, YAO_CBOR_TAG_TDATE);
    yao_cbor_put_text(w, (yao_text){letters, sizeof letters});
}

void yao_cbor_put_full_date(yao_writer *w, yao_date day)
{
    uint8_t letters[10];

    if (!yao_date_exists(day.year, day.month, day.day)) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    yao_date_format(day, letters);
    yao_cbor_put_tag(w, YAO_CBOR_TAG_FULL_DATE);
    yao_cbor_put_text(w, (yao_text){letters, sizeof letters});
}

void yao_cbor_put_bytes_head(yao_writer *w, uint64_t len)
{
    put_head(w, YAO_MAJOR_BYTES, len);
}

void yao_cbor_put_raw(yao_writer *w, yao_bytes item)
{
    yao_put_bytes(w, item);
}

size_t yao_cbor_begin_bytes(yao_writer *w)
{
    return w->len;
}

size_t yao_cbor_begin_wrapped(yao_writer *w)
{
    yao_cbor_put_tag(w, YAO_CBOR_TAG_WRAPPED);
    return w->len;
}

void yao_cbor_end_bytes(yao_writer *w, size_t mark)
{
    uint8_t head[HEAD];

    if (mark > w->len) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_at(w, mark, format_head(head, YAO_MAJOR_BYTES, w->len - mark));
}
