/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/png.h"

const yao_bytes png_signature = YAO_INIT("\x89PNG\r\n\x1a\n");

uint32_t png_get_number(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

void png_put_number(yao_writer *w, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        yao_put_byte(w, (uint8_t)(number >> shift));
}

/* PNG specification, third edition, annex D: the CRC of Ethernet. */
static uint32_t add_crc(uint32_t crc, yao_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.ptr[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return crc;
}

yao_status png_next(yao_bytes *rest, png_chunk *ret)
{
    if (rest->len < 12)
        return YAO_E_MALFORMED;

    size_t len = png_get_number(rest->ptr);
    if (len > rest->len - 12)
        return YAO_E_MALFORMED;
    ret->type = (yao_bytes){rest->ptr + 4, 4};
    ret->data = (yao_bytes){rest->ptr + 8, len};
    if ((add_crc(UINT32_MAX, (yao_bytes){rest->ptr + 4, 4 + len}) ^
         UINT32_MAX) != png_get_number(rest->ptr + 8 + len))
        return YAO_E_MALFORMED;
    rest->ptr += 12 + len;
    rest->len -= 12 + len;
    return YAO_OK;
}

bool png_is(const png_chunk *c, const char *type)
{
    return yao_bytes_equal(c->type, (yao_bytes){(const uint8_t *)type, 4});
}

void png_put_chunk(yao_writer *w, const char *type, yao_bytes a, yao_bytes b)
{
    yao_bytes name = {(const uint8_t *)type, 4};
    uint32_t  crc  = UINT32_MAX;

    crc = add_crc(add_crc(add_crc(crc, name), a), b);
    png_put_number(w, (uint32_t)(a.len + b.len));
    yao_put_bytes(w, name);
    yao_put_bytes(w, a);
    yao_put_bytes(w, b);
    png_put_number(w, crc ^ UINT32_MAX);
}
