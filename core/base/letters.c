/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/writer.h"

static const char STANDARD[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char URL[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char BASE45[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

static void put_group(yao_writer *w, const char *alphabet, uint32_t bits,
                      int letters)
{
    for (int i = 0; i < letters; i++)
        yao_put_byte(w, (uint8_t)alphabet[bits >> (18 - 6 * i) & 63]);
}

static void put_base64(yao_writer *w, const char *alphabet, yao_bytes in,
                       bool padding)
{
    size_t i = 0;

    for (; in.len - i >= 3; i += 3)
        put_group(w, alphabet,
                  (uint32_t)in.ptr[i] << 16 | (uint32_t)in.ptr[i + 1] << 8 |
                      in.ptr[i + 2],
                  4);
    if (in.len - i == 2)
        put_group(w, alphabet,
                  (uint32_t)in.ptr[i] << 16 | (uint32_t)in.ptr[i + 1] << 8, 3);
    else if (in.len - i == 1)
        put_group(w, alphabet, (uint32_t)in.ptr[i] << 16, 2);

    for (size_t k = in.len - i; padding && k % 3 != 0; k++)
        yao_put_byte(w, '=');
}

void yao_put_base64url(yao_writer *w, yao_bytes in)
{
    put_base64(w, URL, in, false);
}

void yao_put_base64(yao_writer *w, yao_bytes in)
{
    put_base64(w, STANDARD, in, true);
}

/* The six bits of a letter, or -1. LAST are the alphabet's letters 62, 63. */
static int six_bits(uint8_t letter, const char *last)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    if (letter == (uint8_t)last[0])
        return 62;

    return letter == (uint8_t)last[1] ? 63 : -1;
}

/* RFC 4648 section 3.5: bits that encode nothing must be zero, else one value
 * would have several spellings, and hashes over spellings would differ. */
static yao_status get_base64(yao_bytes in, const char *last, yao_writer *w)
{
    uint32_t bits  = 0;
    int      count = 0;

    if (in.len % 4 == 1)
        return YAO_E_BASE64;
    for (size_t i = 0; i < in.len; i++) {
        int value = six_bits(in.ptr[i], last);
        if (value < 0)
            return YAO_E_BASE64;
        bits = (bits << 6 | (uint32_t)value) & 0xfff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            yao_put_byte(w, (uint8_t)(bits >> count));
        }
    }
    if ((bits & ((1u << count) - 1)) != 0)
        return YAO_E_BASE64;

    return w->status;
}

yao_status yao_get_base64url(yao_bytes in, yao_writer *w)
{
    return get_base64(in, "-_", w);
}

yao_status yao_get_base64(yao_bytes in, yao_writer *w)
{
    size_t padding = 0;

    if (in.len % 4 != 0)
        return YAO_E_BASE64;
    while (padding < 2 && in.len > padding &&
           in.ptr[in.len - 1 - padding] == '=')
        padding++;

    return get_base64((yao_bytes){in.ptr, in.len - padding}, "+/", w);
}

void yao_put_hex(yao_writer *w, yao_bytes in)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < in.len; i++) {
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] >> 4]);
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] & 15]);
    }
}

static int nibble(uint8_t letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    if (letter >= 'A' && letter <= 'F')
        return letter - 'A' + 10;

    return -1;
}

yao_status yao_get_hex(yao_bytes in, yao_writer *w)
{
    if (in.len % 2 != 0)
        return YAO_E_BASE64;
    for (size_t i = 0; i < in.len; i += 2) {
        int high = nibble(in.ptr[i]), low = nibble(in.ptr[i + 1]);
        if (high < 0 || low < 0)
            return YAO_E_BASE64;
        yao_put_byte(w, (uint8_t)(high << 4 | low));
    }

    return w->status;
}

void yao_put_base45(yao_writer *w, yao_bytes in)
{
    for (size_t i = 0; i < in.len; i += 2) {
        bool     pair  = in.len - i >= 2;
        uint32_t value = pair ? (uint32_t)in.ptr[i] << 8 | in.ptr[i + 1]
                              : in.ptr[i];

        yao_put_byte(w, (uint8_t)BASE45[value % 45]);
        yao_put_byte(w, (uint8_t)BASE45[value / 45 % 45]);
        if (pair)
            yao_put_byte(w, (uint8_t)BASE45[value / 2025]);
    }
}

static int base45_value(uint8_t letter)
{
    for (int i = 0; i < 45; i++)
        if ((uint8_t)BASE45[i] == letter)
            return i;

    return -1;
}

yao_status yao_get_base45(yao_bytes in, yao_writer *w)
{
    if (in.len % 3 == 1)
        return YAO_E_BASE64;
    for (size_t i = 0; i < in.len; i += 3) {
        size_t   letters = in.len - i >= 3 ? 3 : 2;
        uint32_t value = 0, scale = 1;

        for (size_t k = 0; k < letters; k++, scale *= 45) {
            int digit = base45_value(in.ptr[i + k]);
            if (digit < 0)
                return YAO_E_BASE64;
            value += (uint32_t)digit * scale;
        }
        if (value > (letters == 3 ? 0xffffu : 0xffu))
            return YAO_E_BASE64;
        if (letters == 3)
            yao_put_byte(w, (uint8_t)(value >> 8));
        yao_put_byte(w, (uint8_t)value);
    }

    return w->status;
}
