/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/base.h"

/* RFC 3629 section 4: the second byte's range depends on the first, the rest
 * are 80..BF. LEN is 0 for a byte that begins nothing. */
static size_t sequence(uint8_t first, uint8_t *low, uint8_t *high)
{
    *low  = 0x80;
    *high = 0xbf;
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef) {
        if (first == 0xe0)
            *low = 0xa0;
        if (first == 0xed)
            *high = 0x9f;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (first == 0xf0)
            *low = 0x90;
        if (first == 0xf4)
            *high = 0x8f;
        return 4;
    }
    return 0;
}

static bool well_formed(const uint8_t *p, size_t len)
{
    uint8_t low, high;

    sequence(p[0], &low, &high);
    if (p[1] < low || p[1] > high)
        return false;
    for (size_t i = 2; i < len; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return false;

    return true;
}

/* The first byte from AT on that is not ASCII, eight looked at together: what
 * documents say is mostly names of elements. */
static size_t skip_ascii(yao_bytes input, size_t at)
{
    const uint8_t *p = input.ptr;

    while (input.len - at >= 8 &&
           ((p[at] | p[at + 1] | p[at + 2] | p[at + 3] | p[at + 4] |
             p[at + 5] | p[at + 6] | p[at + 7]) & 0x80) == 0)
        at += 8;
    while (at < input.len && p[at] < 0x80)
        at++;

    return at;
}

yao_status yao_text_check(yao_bytes input, yao_text *ret)
{
    size_t i = 0;

    while ((i = skip_ascii(input, i)) < input.len) {
        uint8_t low, high;
        size_t  len = sequence(input.ptr[i], &low, &high);

        if (len == 0 || len > input.len - i)
            return YAO_E_UTF8;
        if (len > 1 && !well_formed(input.ptr + i, len))
            return YAO_E_UTF8;
        i += len;
    }

    *ret = (yao_text){input.ptr, input.len};
    return YAO_OK;
}

size_t yao_text_count(yao_text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += (text.ptr[i] & 0xc0) != 0x80;

    return count;
}
