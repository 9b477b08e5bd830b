/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CBOR_HEAD_H
#define YAO_CBOR_HEAD_H

/**
 * The head of an item: what reader, check and notation have in common.
 * Private to this folder.
 */

#include "cbor/cbor.h"

/* RFC 8949 section 3.1: the major type is the top three bits. */
enum yao_cbor_major {
    YAO_MAJOR_UINT   = 0,
    YAO_MAJOR_NINT   = 1,
    YAO_MAJOR_BYTES  = 2,
    YAO_MAJOR_TEXT   = 3,
    YAO_MAJOR_ARRAY  = 4,
    YAO_MAJOR_MAP    = 5,
    YAO_MAJOR_TAG    = 6,
    YAO_MAJOR_SIMPLE = 7 /* and floating point */
};

#define YAO_CBOR_TAG_TDATE 0
#define YAO_CBOR_TAG_WRAPPED 24
#define YAO_CBOR_TAG_FULL_DATE 1004

typedef struct yao_cbor_head {
    uint64_t value; /* the argument; of a float its bits */
    uint8_t  major;
    uint8_t  info;   /* low five bits of the first byte */
    uint8_t  len;    /* of the head: 1, 2, 3, 5 or 9 bytes */
    bool     longer; /* a shorter head would have held the value */
} yao_cbor_head;

/* Arguments below these are held by a shorter head (section 4.2.1). */
static const uint64_t yao_cbor_least[4] = {24, 0x100, 0x10000, 0x100000000};

/* A head with an argument after its first byte. */
static inline yao_status yao_cbor_long_head(const uint8_t *p, size_t len,
                                            yao_cbor_head *ret)
{
    /* 28..30 are reserved, 31 would be an indefinite length or a break */
    if (ret->info > 27)
        return YAO_E_MALFORMED;

    size_t more = (size_t)1 << (ret->info - 24);
    if (more > len - 1)
        return YAO_E_TRUNCATED;

    uint64_t value = 0;
    for (size_t i = 1; i <= more; i++)
        value = value << 8 | p[i];

    ret->value = value;
    ret->len   = (uint8_t)(more + 1);
    if (ret->major != YAO_MAJOR_SIMPLE)
        ret->longer = value < yao_cbor_least[ret->info - 24];
    else if (ret->info == 24 && value < 32)
        return YAO_E_MALFORMED; /* section 3.3 */

    return YAO_OK;
}

/*
 * Read the head at P, of which LEN bytes are there.
 *
 * Errors  YAO_E_TRUNCATED  YAO_E_MALFORMED  reserved, indefinite, a simple
 *                                           value below 32 in two bytes
 */
static inline yao_status yao_cbor_read_head(const uint8_t *p, size_t len,
                                            yao_cbor_head *ret)
{
    if (len == 0)
        return YAO_E_TRUNCATED;

    ret->major  = p[0] >> 5;
    ret->info   = p[0] & 0x1f;
    ret->value  = ret->info;
    ret->len    = 1;
    ret->longer = false;

    return ret->info < 24 ? YAO_OK : yao_cbor_long_head(p, len, ret);
}

/* May an array (PER 1) or map (PER 2) of COUNT entries stand before LEN
 * bytes? Each item has at least one byte. */
static inline yao_status yao_cbor_check_count(uint64_t count, unsigned per,
                                              size_t len)
{
    uint64_t most = per == 1 ? YAO_MAX_CBOR_ITEMS : YAO_MAX_MAP_ENTRIES;

    if (count > len / per)
        return YAO_E_TRUNCATED;

    return count > most ? YAO_E_LIMIT : YAO_OK;
}

/*
 * Walk over the item at the front of INPUT to its end, checking all that
 * yao_cbor_get_any() promises.
 *
 * In      depth   how many levels enclose it already
 * Out     end     bytes of the item; on failure where it was met
 *         longer  set when a foreign item had a head longer than needed
 */
YAO_MUST_USE yao_status yao_cbor_walk(yao_bytes input, size_t depth,
                                      bool foreign, size_t *end, bool *longer);

#endif
