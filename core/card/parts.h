/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MAX_CARD_PARTS_H
#define YAO_MAX_CARD_PARTS_H

/**
 * What is too long for one QR code, as several that are shown in turn.
 *
 *   holder:  whole --split--> parts --put_part--> "YPA1:" codes, again and again
 *   checker: code --read_part--> part --collect--> the whole, when all are in
 *
 * docs/formats/card.md section 5.
 */

#include "card/card.h"
#include "yaopai/limits.h"
#include "yaopai/crypto.h"

#define YAO_CARD_TRANSFER 8

/** How a whole is cut. */
typedef struct yao_card_split {
    yao_bytes whole;
    size_t    size;  /* bytes of each part but the last */
    size_t    count;
    uint8_t   transfer[YAO_CARD_TRANSFER];
} yao_card_split;

/**
 * Cut WHOLE into parts of SIZE bytes.
 *
 * In      size  YAO_MIN_CARD_PART..YAO_MAX_CARD_PART
 * Out     ret   a view of WHOLE
 * Errors  YAO_E_USAGE  nothing to cut, or another size
 *         YAO_E_LIMIT  above YAO_MAX_CARD_WHOLE, or more than YAO_MAX_CARD_PARTS
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_card_split_whole(const yao_crypto *crypto,
                                             yao_bytes whole, size_t size,
                                             yao_card_split *ret);

/** Write part INDEX, below split->count: its bytes, not yet the letters of a
 *  code. Errors recorded in W: YAO_E_USAGE for another index, YAO_E_SPACE. */
void yao_card_put_part(yao_writer *w, const yao_card_split *split,
                       size_t index);

/** One part as it was read. */
typedef struct yao_card_part {
    yao_bytes transfer; /* YAO_CARD_TRANSFER bytes */
    size_t    index;    /* below count */
    size_t    count;    /* 1..YAO_MAX_CARD_PARTS */
    yao_bytes bytes;    /* 1..YAO_MAX_CARD_PART */
} yao_card_part;

/**
 * Read a part.
 *
 * Shape   [transfer: bstr .size 8, index: uint, count: uint, bytes: bstr]
 * Out     ret  views into INPUT
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING,
 *         YAO_E_NOT_SHORTEST  as the CBOR reader; an index that is not below
 *                      the count, nothing in it; all but the last shorter than
 *                      YAO_MIN_CARD_PART
 *         YAO_E_LIMIT  more or longer than parts may be
 */
YAO_MUST_USE yao_status yao_card_read_part(yao_bytes input, yao_card_part *ret);

/** Parts of one transfer as they come, in any order. Zero-initialise to begin,
 *  and to begin anew. */
typedef struct yao_card_collector {
    uint8_t  transfer[YAO_CARD_TRANSFER];
    size_t   count;   /* of parts; 0: none came */
    size_t   have;    /* how many of them came */
    size_t   size;    /* of each but the last; 0: only the last came */
    uint16_t lengths[YAO_MAX_CARD_PARTS]; /* 0: it did not come */
    uint8_t  room[YAO_MAX_CARD_PARTS][YAO_MAX_CARD_PART];
    uint8_t  whole[YAO_MAX_CARD_WHOLE]; /* put together when all are in */
} yao_card_collector;

/**
 * Take a part.
 *
 * Out     ret  the whole, a view into COLLECTOR, when it was the last that was
 *              missing; else empty
 * Errors  YAO_E_MISMATCH    of another transfer: nothing was taken. Who scans
 *                           begins anew with it, or goes on waiting
 *         YAO_E_DUPLICATE   other bytes under an index that is there already,
 *                           another count, a length that does not fit: what
 *                           was collected is worthless, begin anew
 *         YAO_E_BAD_DIGEST  all are in, and they are not what `transfer` says:
 *                           begin anew
 *         YAO_E_LIMIT       together above YAO_MAX_CARD_WHOLE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 */
YAO_MUST_USE yao_status yao_card_collect(yao_card_collector  *collector,
                                         const yao_crypto    *crypto,
                                         const yao_card_part *part,
                                         yao_bytes           *ret);

#endif
