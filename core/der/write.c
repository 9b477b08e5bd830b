/* SPDX-License-Identifier: Apache-2.0 */
#include "der/der.h"

enum { MAX_LENGTH_LEN = 5 };

/* X.690 10.1: as few bytes as possible. */
static yao_bytes length_of(size_t len, uint8_t out[MAX_LENGTH_LEN])
{
    yao_writer w     = yao_writer_open(out, MAX_LENGTH_LEN);
    int        count = 1;

    if (len < 0x80) {
        yao_put_byte(&w, (uint8_t)len);
        return (yao_bytes){out, w.len};
    }
    while (count < 4 && len >> (8 * count) != 0)
        count++;
    yao_put_byte(&w, (uint8_t)(0x80 | count));
    while (count-- > 0)
        yao_put_byte(&w, (uint8_t)(len >> (8 * count)));

    return (yao_bytes){out, w.len};
}

size_t yao_der_begin(yao_writer *w, uint8_t tag)
{
    yao_put_byte(w, tag);
    return w->len;
}

void yao_der_end(yao_writer *w, size_t mark)
{
    uint8_t out[MAX_LENGTH_LEN];

    if (mark > w->len || w->len - mark > INT32_MAX) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_at(w, mark, length_of(w->len - mark, out));
}

void yao_der_put(yao_writer *w, uint8_t tag, yao_bytes content)
{
    size_t mark = yao_der_begin(w, tag);

    yao_put_bytes(w, content);
    yao_der_end(w, mark);
}

void yao_der_put_unsigned(yao_writer *w, yao_bytes big_endian)
{
    while (big_endian.len > 0 && big_endian.ptr[0] == 0) {
        big_endian.ptr++;
        big_endian.len--;
    }

    size_t mark = yao_der_begin(w, YAO_DER_INTEGER);
    if (big_endian.len == 0 || big_endian.ptr[0] >= 0x80)
        yao_put_byte(w, 0);
    yao_put_bytes(w, big_endian);
    yao_der_end(w, mark);
}

void yao_der_put_time(yao_writer *w, yao_time time)
{
    uint8_t text[20]; /* YYYY-MM-DDThh:mm:ssZ */

    if (time < 0 || time > YAO_TIME_MAX) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_time_format(time, text);

    bool   two  = yao_date_of_time(time).year < 2050;
    size_t mark = yao_der_begin(w, two ? YAO_DER_UTC_TIME : YAO_DER_TIME);
    for (size_t i = two ? 2 : 0; i < sizeof text; i++)
        if ((text[i] >= '0' && text[i] <= '9') || text[i] == 'Z')
            yao_put_byte(w, text[i]);
    yao_der_end(w, mark);
}

void yao_der_put_signature(yao_writer *w, yao_bytes raw)
{
    size_t half = raw.len / 2;

    if (raw.len == 0 || raw.len % 2 != 0) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }

    size_t mark = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_der_put_unsigned(w, (yao_bytes){raw.ptr, half});
    yao_der_put_unsigned(w, (yao_bytes){raw.ptr + half, half});
    yao_der_end(w, mark);
}
