/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_ASCII_H
#define YAO_ASCII_H

/**
 * Letters of US-ASCII, without a locale: which kind one is, and comparing
 * names that may be written in small letters and capitals (schemes, headers,
 * media types).
 */

#include "yaopai/base.h"

static inline bool yao_ascii_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/** Small letters and capitals. */
static inline bool yao_ascii_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** What stands for itself in every part of an address: RFC 3986 section
 *  2.3. */
static inline bool yao_ascii_unreserved(uint8_t c)
{
    return yao_ascii_letter(c) || yao_ascii_digit(c) || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

/** A capital as a small letter; others as they are. */
static inline uint8_t yao_ascii_small(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/** The value of a digit of base 16, -1: it is none. */
static inline int yao_ascii_hex(uint8_t c)
{
    uint8_t small = yao_ascii_small(c);

    if (yao_ascii_digit(c))
        return c - '0';
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/** Does TEXT begin with WORD, which is in small letters? */
static inline bool yao_ascii_starts(yao_text text, const char *word)
{
    size_t i = 0;

    while (word[i] != '\0' && i < text.len &&
           yao_ascii_small(text.ptr[i]) == (uint8_t)word[i])
        i++;
    return word[i] == '\0';
}

/** Is TEXT the same as WORD, which is in small letters? */
static inline bool yao_ascii_is(yao_text text, const char *word)
{
    return yao_ascii_starts(text, word) && text.len == yao_text_of(word).len;
}

/** Is TYPE, of a header, the media type WORD, which is in small letters?
 *  Parameters may follow it (RFC 9110 section 8.3.1). */
static inline bool yao_ascii_media(yao_text type, const char *word)
{
    size_t len = yao_text_of(word).len;

    return yao_ascii_starts(type, word) &&
           (type.len == len || type.ptr[len] == ';' || type.ptr[len] == ' ');
}

/** Are they all digits? True for the empty text. */
static inline bool yao_ascii_digits(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!yao_ascii_digit(text.ptr[i]))
            return false;
    return true;
}

#endif
