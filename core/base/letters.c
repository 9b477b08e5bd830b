/* SPDX-License-Identifier: Apache-2.0 */
#include "base/letters.h"

#include "base/ascii.h"
#include "yaopai/writer.h"

static const char STANDARD[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char URL[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char BASE45[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/* Room for LEN bytes, taken at once instead of letter by letter. False when
 * there is none; RET is NULL when W only counts. */
static bool reserve(yao_writer *w, size_t len, uint8_t **ret)
{
    if (w->status == YAO_OK && len > w->cap - w->len)
        w->status = YAO_E_SPACE;
    if (w->status != YAO_OK)
        return false;

    *ret = w->ptr != NULL ? w->ptr + w->len : NULL;
    w->len += len;
    return true;
}

static void make_group(uint8_t *out, const char *alphabet, uint32_t bits,
                       size_t letters)
{
    for (size_t i = 0; i < letters; i++)
        out[i] = (uint8_t)alphabet[bits >> (18 - 6 * i) & 63];
}

/* The last one or two bytes. */
static void make_rest(uint8_t *out, const char *alphabet, yao_bytes rest,
                      bool padding)
{
    uint32_t bits = (uint32_t)rest.ptr[0] << 16;

    if (rest.len == 2)
        bits |= (uint32_t)rest.ptr[1] << 8;
    make_group(out, alphabet, bits, rest.len + 1);
    for (size_t i = rest.len + 1; padding && i < 4; i++)
        out[i] = '=';
}

static void put_base64(yao_writer *w, const char *alphabet, yao_bytes in,
                       bool padding)
{
    size_t   whole = in.len / 3, rest = in.len % 3;
    size_t   last = rest == 0 ? 0 : padding ? 4 : rest + 1;
    uint8_t *out;

    if (!reserve(w, 4 * whole + last, &out) || out == NULL)
        return;

    for (const uint8_t *p = in.ptr; whole > 0; whole--, p += 3, out += 4)
        make_group(out, alphabet,
                   (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2], 4);
    if (rest != 0)
        make_rest(out, alphabet, (yao_bytes){in.ptr + in.len - rest, rest},
                  padding);
}

void yao_put_base64url(yao_writer *w, yao_bytes in)
{
    put_base64(w, URL, in, false);
}

void yao_put_base64(yao_writer *w, yao_bytes in)
{
    put_base64(w, STANDARD, in, true);
}

/* Six bits of each letter, and which alphabets have it; 0: none. */
enum { OF_URL = 0x40, OF_STANDARD = 0x80, BOTH = 0xc0 };

/* clang-format off */
static const uint8_t LETTERS[256] = {
    ['A'] = BOTH | 0, ['B'] = BOTH | 1, ['C'] = BOTH | 2, ['D'] = BOTH | 3,
    ['E'] = BOTH | 4, ['F'] = BOTH | 5, ['G'] = BOTH | 6, ['H'] = BOTH | 7,
    ['I'] = BOTH | 8, ['J'] = BOTH | 9, ['K'] = BOTH | 10, ['L'] = BOTH | 11,
    ['M'] = BOTH | 12, ['N'] = BOTH | 13, ['O'] = BOTH | 14, ['P'] = BOTH | 15,
    ['Q'] = BOTH | 16, ['R'] = BOTH | 17, ['S'] = BOTH | 18, ['T'] = BOTH | 19,
    ['U'] = BOTH | 20, ['V'] = BOTH | 21, ['W'] = BOTH | 22, ['X'] = BOTH | 23,
    ['Y'] = BOTH | 24, ['Z'] = BOTH | 25, ['a'] = BOTH | 26, ['b'] = BOTH | 27,
    ['c'] = BOTH | 28, ['d'] = BOTH | 29, ['e'] = BOTH | 30, ['f'] = BOTH | 31,
    ['g'] = BOTH | 32, ['h'] = BOTH | 33, ['i'] = BOTH | 34, ['j'] = BOTH | 35,
    ['k'] = BOTH | 36, ['l'] = BOTH | 37, ['m'] = BOTH | 38, ['n'] = BOTH | 39,
    ['o'] = BOTH | 40, ['p'] = BOTH | 41, ['q'] = BOTH | 42, ['r'] = BOTH | 43,
    ['s'] = BOTH | 44, ['t'] = BOTH | 45, ['u'] = BOTH | 46, ['v'] = BOTH | 47,
    ['w'] = BOTH | 48, ['x'] = BOTH | 49, ['y'] = BOTH | 50, ['z'] = BOTH | 51,
    ['0'] = BOTH | 52, ['1'] = BOTH | 53, ['2'] = BOTH | 54, ['3'] = BOTH | 55,
    ['4'] = BOTH | 56, ['5'] = BOTH | 57, ['6'] = BOTH | 58, ['7'] = BOTH | 59,
    ['8'] = BOTH | 60, ['9'] = BOTH | 61,
    ['-'] = OF_URL | 62, ['_'] = OF_URL | 63,
    ['+'] = OF_STANDARD | 62, ['/'] = OF_STANDARD | 63,
};
/* clang-format on */

/* Four letters as 24 bits; false when one is foreign. */
static bool get_group(const uint8_t *in, uint8_t alphabet, uint32_t *ret)
{
    uint8_t a = LETTERS[in[0]], b = LETTERS[in[1]];
    uint8_t c = LETTERS[in[2]], d = LETTERS[in[3]];

    *ret = (uint32_t)(a & 63) << 18 | (uint32_t)(b & 63) << 12 |
           (uint32_t)(c & 63) << 6 | (uint32_t)(d & 63);
    return (a & b & c & d & alphabet) != 0;
}

/* The last two or three letters. RFC 4648 section 3.5: bits that encode
 * nothing must be zero, else one value would have several spellings, and
 * hashes over spellings would differ. */
static yao_status get_rest(yao_bytes rest, uint8_t alphabet, uint8_t *out)
{
    uint8_t  four[4] = {'A', 'A', 'A', 'A'}; /* A is zero */
    uint32_t bits;
    size_t   len = rest.len - 1;

    for (size_t i = 0; i < rest.len; i++)
        four[i] = rest.ptr[i];
    if (!get_group(four, alphabet, &bits) ||
        (bits & (0xffffffu >> (8 * len))) != 0)
        return YAO_E_BASE64;
    for (size_t i = 0; out != NULL && i < len; i++)
        out[i] = (uint8_t)(bits >> (16 - 8 * i));

    return YAO_OK;
}

static yao_status get_groups(yao_bytes in, uint8_t alphabet, uint8_t *out)
{
    uint32_t bits;

    for (; in.len >= 4; in.len -= 4, in.ptr += 4) {
        if (!get_group(in.ptr, alphabet, &bits))
            return YAO_E_BASE64;
        if (out == NULL)
            continue;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
        out += 3;
    }

    return in.len == 0 ? YAO_OK : get_rest(in, alphabet, out);
}

static yao_status get_base64(yao_bytes in, uint8_t alphabet, yao_writer *w)
{
    size_t   len = in.len / 4 * 3 + in.len % 4 * 3 / 4, before = w->len;
    uint8_t *out;

    if (in.len % 4 == 1)
        return YAO_E_BASE64;
    if (!reserve(w, len, &out))
        return w->status;

    yao_status status = get_groups(in, alphabet, out);
    if (status != YAO_OK)
        w->len = before;
    return status;
}

yao_status yao_get_base64url(yao_bytes in, yao_writer *w)
{
    return get_base64(in, OF_URL, w);
}

yao_status yao_letters_decode(yao_arena *arena, yao_bytes letters,
                              yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(yao_get_base64url(letters, &w));
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_letters_encode(yao_arena *arena, yao_bytes bytes, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  letters;

    yao_put_base64url(&w, bytes);
    YAO_TRY(yao_writer_keep(&w, arena, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

yao_status yao_get_base64(yao_bytes in, yao_writer *w)
{
    size_t padding = 0;

    if (in.len % 4 != 0)
        return YAO_E_BASE64;
    while (padding < 2 && in.len > padding &&
           in.ptr[in.len - 1 - padding] == '=')
        padding++;

    return get_base64((yao_bytes){in.ptr, in.len - padding}, OF_STANDARD, w);
}

void yao_put_hex(yao_writer *w, yao_bytes in)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < in.len; i++) {
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] >> 4]);
        yao_put_byte(w, (uint8_t)digits[in.ptr[i] & 15]);
    }
}

yao_status yao_get_hex(yao_bytes in, yao_writer *w)
{
    if (in.len % 2 != 0)
        return YAO_E_BASE64;
    for (size_t i = 0; i < in.len; i += 2) {
        int high = yao_ascii_hex(in.ptr[i]), low = yao_ascii_hex(in.ptr[i + 1]);
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

/* Where LETTER stands in BASE45: digits, capitals, and nine others. */
static int base45_value(uint8_t letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A' + 10;
    for (int i = 36; i < 45; i++)
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
